/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Houses on every kept block, in the manner of its zone. A whole city's suburbs go on beyond the
 * districts' borders: houses stand there too, but nobody patrols them. */
#include <math.h>

#include "geo/work/demo-city.h"

#define FLOOR_M 3.0
#define HALL_FLOOR_M 3.9
#define SHED_M 9.0

static const char *const uses[] = {
    [GEO_PLOT_HOME] = "住宅",     [GEO_PLOT_SHOP] = "商铺",   [GEO_PLOT_TOWER_OFFICE] = "写字楼",
    [GEO_PLOT_SHED] = "厂房",     [GEO_PLOT_HALL] = "教学楼", [GEO_PLOT_HOUSE] = "农房",
    [GEO_PLOT_GATEHOUSE] = "门卫"};

/* Whether the block is built on, and how. Some blocks stay open ground. */
static bool style_for(const Demo *demo, uint32_t i, GeoDice *dice, GeoPlotStyle *style)
{
    static const int styles[DEMO_N_ZONES] = {
        [DEMO_FARM] = GEO_PLOT_VILLAGE,      [DEMO_TOWN] = GEO_PLOT_TOWN,
        [DEMO_INDUSTRY] = GEO_PLOT_INDUSTRY, [DEMO_URBAN] = GEO_PLOT_CITY,
        [DEMO_NEW] = GEO_PLOT_NEW,           [DEMO_CAMPUS] = GEO_PLOT_CAMPUS,
        [DEMO_CORE] = GEO_PLOT_CITY,         [DEMO_OLD] = GEO_PLOT_OLD};
    int zone = demo_plan_block(demo, i)->zone;
    double chance = geo_dice_share(dice);
    if (zone != DEMO_FARM && !geo_demo_is_built(zone))
        return false;
    *style = (GeoPlotStyle)styles[zone];
    if (zone == DEMO_FARM)
        return chance < 0.62;
    if (zone == DEMO_URBAN && chance < 0.2)
        *style = GEO_PLOT_NEW;
    else if ((zone == DEMO_CORE || zone == DEMO_NEW || zone == DEMO_URBAN) && chance > 0.93)
        *style = GEO_PLOT_OFFICE;
    else if (zone == DEMO_OLD && chance > 0.95)
        *style = GEO_PLOT_OFFICE;
    else if (zone == DEMO_CORE && chance < 0.25)
        *style = GEO_PLOT_OLD;
    else if ((zone == DEMO_URBAN || zone == DEMO_NEW) && chance > 0.86)
        return false;
    return true;
}

static double height_of(const GeoPlotBox *box)
{
    if (box->use == GEO_PLOT_SHED)
        return SHED_M * box->floors;
    bool tall = box->use == GEO_PLOT_HALL || box->use == GEO_PLOT_TOWER_OFFICE;
    return box->floors * (tall ? HALL_FLOOR_M : FLOOR_M) + 1.2;
}

static void add_row(Demo *demo, const GeoPlotBox *box)
{
    GeoBatch *batch = demo->batches[GEO_KIND_BUILDING];
    GeoBuilding *building = geo_batch_add(batch);
    GeoXY corners[4];
    building->row.id = geo_demo_id(batch);
    building->floors = box->floors;
    building->height_m = round(height_of(box) * 10) / 10;
    building->use = geo_batch_word(batch, uses[box->use]);
    geo_plot_corners(box, corners);
    geo_batch_begin(batch, GEO_SHAPE_POLYGON);
    for (int i = 0; i < 5; i++) {
        GeoLonLat p = geo_demo_lonlat(demo, corners[i % 4]);
        geo_batch_point(batch, p.lon, p.lat);
    }
}

void geo_demo_buildings(Demo *demo)
{
    g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(GeoPlotBox));
    demo->houses = g_array_new(FALSE, FALSE, sizeof(DemoHouse));
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        GeoDice dice = geo_dice_new(demo->options.seed, 1000000 + i);
        GeoPlotStyle style;
        bool keep = demo_block(demo, i)->keep;
        bool beyond = demo->options.scale >= 1 && geo_demo_is_built(demo_plan_block(demo, i)->zone);
        if (!(keep || beyond) || !style_for(demo, i, &dice, &style))
            continue;
        const GeoPlotLane *lane = &g_array_index(demo->lanes, GeoPlotLane, i);
        DemoPlot plot = geo_demo_plot(demo, i);
        plot.plot.style = style;
        g_array_set_size(boxes, 0);
        geo_plot_fill(&plot.plot, lane->side == UINT32_MAX ? NULL : lane, &dice, boxes);
        for (guint k = 0; k < boxes->len; k++) {
            DemoHouse house = {g_array_index(boxes, GeoPlotBox, k), i};
            if (keep)
                g_array_append_val(demo->houses, house);
            add_row(demo, &house.box);
        }
        geo_demo_plot_clear(&plot);
    }
}
