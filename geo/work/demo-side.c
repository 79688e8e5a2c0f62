/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pavements of the kept city: where gates, cameras, posts and events are put. */
#include <math.h>

#include "geo/calc/partition.h"
#include "geo/model/kind.h"
#include "geo/work/demo-city.h"

bool geo_demo_is_street(int class)
{
    return (class >= GEO_ROAD_TRUNK && class <= GEO_ROAD_RESIDENTIAL) ||
           class == GEO_ROAD_PEDESTRIAN;
}

void geo_demo_sides(Demo *demo)
{
    uint32_t n = demo->blocks->len;
    demo->sides = g_array_new(FALSE, FALSE, sizeof(DemoSide));
    demo->side0 = g_new0(uint32_t, n + 1);
    demo->own = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (uint32_t c = 0; c < demo->communities->len; c++)
        g_ptr_array_add(demo->own, g_array_new(FALSE, FALSE, sizeof(uint32_t)));
    for (uint32_t i = 0; i < n; i++) {
        demo->side0[i] = demo->sides->len;
        if (!demo_block(demo, i)->keep)
            continue;
        g_array_append_val((GArray *)g_ptr_array_index(demo->own, demo_block(demo, i)->community),
                           i);
        DemoPlot plot = geo_demo_plot(demo, i);
        const uint32_t *v = (const uint32_t *)(void *)plot.ids->data;
        for (uint32_t k = 0; k < plot.plot.n; k++) {
            uint32_t next = (k + 1) % plot.plot.n;
            DemoSide side = {plot.plot.ring[k], plot.plot.ring[next], plot.plot.clear_m[k],
                             plot.plot.class[k], geo_plan_edge(demo->plan, v[k], v[next]) -> line};
            g_array_append_val(demo->sides, side);
        }
        geo_demo_plot_clear(&plot);
    }
    demo->side0[n] = demo->sides->len;
}

DemoSpot geo_demo_spot_at(const DemoSide *side, double share, double in_m)
{
    double dx = side->b.x - side->a.x, dy = side->b.y - side->a.y, length = hypot(dx, dy);
    GeoXY in = {-dy / length, dx / length};
    double off = side->clear_m - in_m;
    return (DemoSpot){{side->a.x + dx * share + in.x * off, side->a.y + dy * share + in.y * off},
                      {-in.x, -in.y},
                      side};
}

bool geo_demo_spot(const Demo *demo, uint32_t block, GeoDice *dice, DemoSpot *spot)
{
    static const double draw[GEO_N_ROAD_CLASSES] = {
        [GEO_ROAD_TRUNK] = 0.8,    [GEO_ROAD_PRIMARY] = 2,     [GEO_ROAD_SECONDARY] = 1.8,
        [GEO_ROAD_TERTIARY] = 1.4, [GEO_ROAD_RESIDENTIAL] = 1, [GEO_ROAD_SERVICE] = 0.6,
        [GEO_ROAD_TRACK] = 0.2,    [GEO_ROAD_PEDESTRIAN] = 5,  [GEO_ROAD_PATH] = 0.3};
    uint32_t first = demo->side0[block], n = demo->side0[block + 1] - first;
    double total = 0;
    for (int pass = 0; pass < 2; pass++) {
        double at = pass ? geo_dice_share(dice) * total : 0;
        for (uint32_t i = first; i < first + n; i++) {
            const DemoSide *side = &g_array_index(demo->sides, DemoSide, i);
            double length = hypot(side->b.x - side->a.x, side->b.y - side->a.y);
            double weight = side->class < 0 || length < 8 ? 0 : length * draw[side->class];
            if (!pass)
                total += weight;
            else if (weight > 0 && (at -= weight) < 0) {
                *spot = geo_demo_spot_at(side, geo_dice_between(dice, 0.1, 0.9),
                                         geo_dice_between(dice, 1, fmin(side->clear_m, 6)));
                return true;
            }
        }
        if (total <= 0)
            return false;
    }
    return false;
}

uint32_t geo_demo_pick_block(const Demo *demo, uint32_t community, GeoDice *dice)
{
    const GArray *own = g_ptr_array_index(demo->own, community);
    double total = 0;
    for (guint i = 0; i < own->len; i++)
        total += demo_block(demo, g_array_index(own, uint32_t, i))->people + 0.01;
    double at = geo_dice_share(dice) * total;
    for (guint i = 0; i < own->len; i++) {
        uint32_t block = g_array_index(own, uint32_t, i);
        at -= demo_block(demo, block)->people + 0.01;
        if (at < 0 || i + 1 == own->len)
            return block;
    }
    return GEO_PARTITION_NONE;
}

uint32_t geo_demo_block_at(const Demo *demo, GeoXY p, double far_m)
{
    uint32_t best = GEO_PARTITION_NONE;
    double best_m = far_m;
    g_autoptr(GArray) xy = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        GeoXY q = demo_plan_block(demo, i)->inside;
        if (!demo_block(demo, i)->keep || hypot(p.x - q.x, p.y - q.y) > far_m + 400)
            continue;
        g_array_set_size(xy, 0);
        double off = INFINITY;
        for (uint32_t k = demo->side0[i]; k < demo->side0[i + 1]; k++) {
            const DemoSide *side = &g_array_index(demo->sides, DemoSide, k);
            g_array_append_val(xy, side->a);
            off = fmin(off, geo_ring_segment_m(p, side->a, side->b, NULL));
        }
        if (geo_ring_holds((const GeoXY *)(void *)xy->data, xy->len, p))
            return i;
        if (off < best_m) {
            best_m = off;
            best = i;
        }
    }
    return best;
}

bool geo_demo_keeps_street(const Demo *demo, uint32_t street)
{
    for (uint32_t i = 0; i < demo->blocks->len; i++)
        if (demo_block(demo, i)->keep && demo_block(demo, i)->street == street)
            return true;
    return false;
}

double geo_demo_heading_deg(GeoXY direction)
{
    double deg = atan2(direction.x, direction.y) * 180 / G_PI;
    deg = round((deg < 0 ? deg + 360 : deg) * 10) / 10;
    return deg >= 360 ? deg - 360 : deg;
}
