/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the base map shows beside streets and houses. */
#include "geo/calc/partition.h"
#include "geo/model/kind.h"
#include "geo/work/demo-city.h"

static GeoBase *add_row(Demo *demo, int class, const char *name)
{
    GeoBatch *batch = demo->batches[GEO_KIND_BASE];
    GeoBase *base = geo_batch_add(batch);
    base->row.id = geo_demo_id(batch);
    base->row.name = geo_batch_word(batch, name);
    base->class = class;
    return base;
}

static void add_blocks(Demo *demo, int class, const GArray *blocks)
{
    if (blocks->len == 0)
        return;
    add_row(demo, class, NULL);
    geo_demo_outline(demo, demo->batches[GEO_KIND_BASE], (const uint32_t *)(void *)blocks->data,
                     blocks->len);
}

static int land_use(int zone)
{
    switch (zone) {
    case DEMO_FARM:
        return GEO_BASE_FARMLAND;
    case DEMO_INDUSTRY:
        return GEO_BASE_INDUSTRIAL;
    case DEMO_BANK:
    case DEMO_PARK:
        return GEO_BASE_GREEN;
    default:
        return geo_demo_is_built(zone) ? GEO_BASE_RESIDENTIAL : -1;
    }
}

/* Land use by street or town; the last list is what lies beyond the districts. */
static void add_land(Demo *demo, int class)
{
    uint32_t n = demo->streets->len + 1;
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (uint32_t i = 0; i < n; i++)
        g_ptr_array_add(lists, g_array_new(FALSE, FALSE, sizeof(uint32_t)));
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        const DemoBlock *block = demo_block(demo, i);
        bool beyond = block->street == GEO_PARTITION_NONE;
        if (land_use(demo_plan_block(demo, i)->zone) != class ||
            !(block->keep || demo->options.scale >= 1))
            continue;
        g_array_append_val((GArray *)g_ptr_array_index(lists, beyond ? n - 1 : block->street), i);
    }
    for (uint32_t i = 0; i < n; i++)
        add_blocks(demo, class, g_ptr_array_index(lists, i));
}

static void add_line(Demo *demo, const DemoLine *line)
{
    static const int classes[] = {[DEMO_LINE_RAIL] = GEO_BASE_RAIL,
                                  [DEMO_LINE_RIVER] = GEO_BASE_RIVER,
                                  [DEMO_LINE_WATER] = GEO_BASE_WATER,
                                  [DEMO_LINE_PARK] = GEO_BASE_GREEN,
                                  [DEMO_LINE_SQUARE] = GEO_BASE_SQUARE};
    GeoBatch *batch = demo->batches[GEO_KIND_BASE];
    GeoBase *base = add_row(demo, classes[line->kind], line->name);
    if (line->kind == DEMO_LINE_RIVER)
        base->width_m = line->width_m;
    if (line->kind == DEMO_LINE_RAIL)
        base->width_m = 9;
    geo_batch_begin(batch, line->closed ? GEO_SHAPE_POLYGON : GEO_SHAPE_LINE);
    for (guint i = 0; i < line->xy->len + line->closed; i++) {
        GeoLonLat p = geo_demo_lonlat(demo, g_array_index(line->xy, GeoXY, i % line->xy->len));
        geo_batch_point(batch, p.lon, p.lat);
    }
}

static bool meets_city(const Demo *demo, const DemoLine *line)
{
    if (demo->options.scale >= 1)
        return true;
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        GeoXY p = demo_plan_block(demo, i)->inside;
        if (demo_block(demo, i)->keep && p.x > line->box.min_x - 300 &&
            p.x < line->box.max_x + 300 && p.y > line->box.min_y - 300 &&
            p.y < line->box.max_y + 300)
            return true;
    }
    return false;
}

void geo_demo_base(Demo *demo)
{
    static const DemoLineKind order[] = {DEMO_LINE_PARK, DEMO_LINE_WATER, DEMO_LINE_RIVER,
                                         DEMO_LINE_SQUARE, DEMO_LINE_RAIL};
    static const int land[] = {GEO_BASE_FARMLAND, GEO_BASE_RESIDENTIAL, GEO_BASE_INDUSTRIAL,
                               GEO_BASE_GREEN};
    for (size_t i = 0; i < G_N_ELEMENTS(land); i++)
        add_land(demo, land[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
        for (uint32_t k = 0; k < demo->lines->len; k++) {
            const DemoLine *line = demo_line(demo, k);
            if (line->kind == order[i] && meets_city(demo, line))
                add_line(demo, line);
        }
}
