/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cameras of the four classes of builder, where such builders put them: on poles at corners and
 * along streets, over shop fronts, at the doors of units and the gates of compounds. Which places
 * get one is drawn by weight; nothing is fitted to a share of coverage. */
#include <math.h>

#include "geo/calc/partition.h"
#include "geo/model/kind.h"
#include "geo/work/demo-city.h"

#define FULL 12000.0

typedef struct {
    GeoXY at;
    GeoXY look;
    double key; /* smaller is drawn first */
    uint32_t block, line;
    bool corner;
} Place;

static const double quota[] = {[GEO_OWNER_GOVERNMENT] = 0.46,
                               [GEO_OWNER_UNIT] = 0.14,
                               [GEO_OWNER_SHOP] = 0.22,
                               [GEO_OWNER_COMPOUND] = 0.18};

/* Efraimidis and Spirakis 2006: the k smallest of -log(u) / w are a weighted draw without
 * return. */
static double draw_key(GeoDice *dice, double weight)
{
    return -log(1 - geo_dice_share(dice)) / weight;
}

static double zone_weight(const Demo *demo, uint32_t block)
{
    static const double weights[DEMO_N_ZONES] = {
        [DEMO_FARM] = 0.04,  [DEMO_BANK] = 0.1,     [DEMO_PARK] = 0.15, [DEMO_SQUARE] = 3,
        [DEMO_TOWN] = 0.4,   [DEMO_INDUSTRY] = 0.5, [DEMO_URBAN] = 0.7, [DEMO_NEW] = 0.75,
        [DEMO_CAMPUS] = 0.7, [DEMO_CORE] = 1.4,     [DEMO_OLD] = 2.6};
    return weights[demo_plan_block(demo, block)->zone];
}

static GeoXY turn(GeoXY d, double deg)
{
    double c = cos(deg * G_PI / 180), s = sin(deg * G_PI / 180);
    return (GeoXY){d.x * c - d.y * s, d.x * s + d.y * c};
}

static GeoXY along(const DemoSide *side)
{
    double dx = side->b.x - side->a.x, dy = side->b.y - side->a.y, length = hypot(dx, dy);
    return (GeoXY){dx / length, dy / length};
}

/* Poles stand a step inside the pavement's edge, where no house comes. They look along the street,
 * a little towards its middle: to the right when the street runs on along the block's side. */
static void list_poles(const Demo *demo, uint32_t block, GeoDice *dice, GArray *places)
{
    static const double class_weight[GEO_N_ROAD_CLASSES] = {
        [GEO_ROAD_TRUNK] = 2.2,    [GEO_ROAD_PRIMARY] = 2.6,      [GEO_ROAD_SECONDARY] = 2,
        [GEO_ROAD_TERTIARY] = 1.2, [GEO_ROAD_RESIDENTIAL] = 0.45, [GEO_ROAD_PEDESTRIAN] = 5};
    uint32_t first = demo->side0[block], end = demo->side0[block + 1];
    for (uint32_t i = first; i < end; i++) {
        const DemoSide *side = &g_array_index(demo->sides, DemoSide, i);
        const DemoSide *next = &g_array_index(demo->sides, DemoSide, i + 1 < end ? i + 1 : first);
        double length = hypot(side->b.x - side->a.x, side->b.y - side->a.y);
        if (!geo_demo_is_street(side->class) || length < 30)
            continue;
        double weight = zone_weight(demo, block) * class_weight[side->class];
        bool corner = next->line != side->line && next->class >= 0;
        double back = fmin(0.4, (next->clear_m > 0 ? next->clear_m : 6) / length);
        DemoSpot spot =
            geo_demo_spot_at(side, corner ? 1 - back : geo_dice_between(dice, 0.3, 0.7), 1.5);
        GeoXY d = along(side);
        GeoXY ahead = turn(d, -geo_dice_between(dice, 4, 14));
        GeoXY behind = turn((GeoXY){-d.x, -d.y}, geo_dice_between(dice, 4, 14));
        Place place = {spot.at,
                       corner || geo_dice_share(dice) < 0.5 ? behind : ahead,
                       draw_key(dice, weight * (corner         ? 1.6
                                                : length > 120 ? 0.9
                                                               : 0.3)),
                       block,
                       side->line,
                       corner};
        g_array_append_val(places, place);
        if (corner && length > 90) {
            place.at = geo_demo_spot_at(side, back, 1.5).at;
            place.look = ahead;
            place.key = draw_key(dice, weight * 1.1);
            g_array_append_val(places, place);
        }
    }
}

/* Over the middle of a house's street front. */
static void list_fronts(const Demo *demo, GeoDice *dice, GArray *shops, GArray *units)
{
    for (guint i = 0; i < demo->houses->len; i++) {
        const DemoHouse *house = &g_array_index(demo->houses, DemoHouse, i);
        const GeoPlotBox *box = &house->box;
        bool unit = box->use == GEO_PLOT_HALL || box->use == GEO_PLOT_TOWER_OFFICE ||
                    box->use == GEO_PLOT_SHED;
        if (!unit && (box->use != GEO_PLOT_SHOP || box->side == UINT32_MAX))
            continue;
        double c = cos(box->angle_rad), s = sin(box->angle_rad);
        GeoXY out = {s, -c}; /* rows stand left of their side, so the street is on the right */
        double reach = box->half_y + 0.3, slide = geo_dice_between(dice, -0.7, 0.7) * box->half_x;
        double slant = geo_dice_between(dice, -50, 50);
        Place place = {
            {box->at.x + out.x * reach + c * slide, box->at.y + out.y * reach + s * slide},
            turn(out, slant),
            0,
            house->block,
            UINT32_MAX,
            false};
        place.key = draw_key(dice, zone_weight(demo, house->block) * (unit ? 3 : 1));
        g_array_append_val(unit ? units : shops, place);
    }
}

/* The street side of the block that runs nearest to p; NULL: none. */
static const DemoSide *nearest_side(const Demo *demo, uint32_t block, GeoXY p)
{
    const DemoSide *best = NULL;
    double best_m = INFINITY;
    for (uint32_t i = demo->side0[block]; i < demo->side0[block + 1]; i++) {
        const DemoSide *side = &g_array_index(demo->sides, DemoSide, i);
        double off = geo_ring_segment_m(p, side->a, side->b, NULL);
        if (side->class >= 0 && off < best_m &&
            hypot(side->b.x - side->a.x, side->b.y - side->a.y) > 8) {
            best_m = off;
            best = side;
        }
    }
    return best;
}

/* At the gates of facilities, one to each hand. */
static void list_doors(const Demo *demo, GeoDice *dice, GArray *units)
{
    const GeoBatch *batch = demo->batches[GEO_KIND_FACILITY];
    for (guint i = 0; i < batch->rows->len; i++) {
        GeoLonLat p;
        geo_batch_first(batch, geo_batch_row(batch, i), &p);
        GeoXY at = geo_frame_xy(demo->frame, p);
        uint32_t block = geo_demo_block_at(demo, at, 60);
        const DemoSide *side = block == GEO_PARTITION_NONE ? NULL : nearest_side(demo, block, at);
        for (int k = 0; side && k < 2; k++) {
            GeoXY d = along(side);
            GeoXY look =
                turn(k ? d : (GeoXY){-d.x, -d.y}, (k ? -1 : 1) * geo_dice_between(dice, 10, 50));
            double length = hypot(side->b.x - side->a.x, side->b.y - side->a.y), foot_share;
            foot_share = ((at.x - side->a.x) * d.x + (at.y - side->a.y) * d.y) / length;
            DemoSpot spot = geo_demo_spot_at(side, CLAMP(foot_share, 0.05, 0.95), 0.5);
            Place place = {spot.at, look, draw_key(dice, 2.5), block, side->line, false};
            g_array_append_val(units, place);
        }
    }
}

static void list_gates(const Demo *demo, GeoDice *dice, GArray *places)
{
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        const GeoPlotLane *lane = &g_array_index(demo->lanes, GeoPlotLane, i);
        if (lane->side == UINT32_MAX)
            continue;
        double dx = lane->end.x - lane->gate.x, dy = lane->end.y - lane->gate.y;
        double length = hypot(dx, dy);
        GeoXY in = {dx / length, dy / length};
        for (int k = 0; k < 2; k++) {
            double at = k ? 14 : fmin(length - 2, 13), aside = k ? 3 : -3;
            Place place = {
                {lane->gate.x + in.x * at - in.y * aside, lane->gate.y + in.y * at + in.x * aside},
                turn(k ? (GeoXY){-in.x, -in.y} : in, geo_dice_between(dice, -20, 20)),
                draw_key(dice, zone_weight(demo, i) + 0.4),
                i,
                UINT32_MAX,
                false};
            g_array_append_val(places, place);
        }
    }
}

static int by_key(gconstpointer a, gconstpointer b)
{
    const Place *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

typedef struct {
    double fov[2], range[2], night, height[2], tilt[2];
    int industry;
} Gear;

static const Gear gears[] = {
    [GEO_OWNER_GOVERNMENT] = {{34, 62}, {70, 160}, 0.62, {5.5, 7.5}, {6, 14}, 0},
    [GEO_OWNER_UNIT] = {{70, 96}, {30, 60}, 0.5, {3.2, 4.5}, {12, 22}, 2},
    [GEO_OWNER_SHOP] = {{74, 104}, {18, 40}, 0.5, {2.8, 3.8}, {14, 26}, 45},
    [GEO_OWNER_COMPOUND] = {{66, 92}, {28, 55}, 0.55, {3.2, 4.8}, {10, 20}, 1}};

static void equip(GeoCamera *camera, int owner, bool corner, GeoDice *dice)
{
    static const int64_t widths[] = {1280, 1920, 1920, 1920, 2560, 2560, 3840};
    const Gear *gear = &gears[owner];
    double fate = geo_dice_share(dice), kind = geo_dice_share(dice);
    camera->owner = owner;
    camera->lens = GEO_LENS_FIXED;
    camera->mount = owner == GEO_OWNER_GOVERNMENT ? GEO_MOUNT_POLE
                    : owner == GEO_OWNER_COMPOUND ? GEO_MOUNT_OTHER
                                                  : GEO_MOUNT_WALL;
    camera->state = fate < 0.03    ? GEO_CAMERA_FAULTY
                    : fate < 0.042 ? GEO_CAMERA_PLANNED
                                   : GEO_CAMERA_WORKING;
    camera->fov_deg = round(geo_dice_between(dice, gear->fov[0], gear->fov[1]));
    camera->range_m = round(geo_dice_between(dice, gear->range[0], gear->range[1]));
    camera->night_range_m = round(camera->range_m * gear->night * geo_dice_between(dice, 0.8, 1.2));
    camera->height_m = round(geo_dice_between(dice, gear->height[0], gear->height[1]) * 10) / 10;
    camera->tilt_deg = round(geo_dice_between(dice, gear->tilt[0], gear->tilt[1]));
    camera->heading_err_deg = owner == GEO_OWNER_GOVERNMENT ? 3 : 8;
    camera->width_px = widths[owner == GEO_OWNER_GOVERNMENT ? 1 + geo_dice_below(dice, 6)
                                                            : geo_dice_below(dice, 5)];
    camera->cameras = 1;
    if (owner == GEO_OWNER_GOVERNMENT && corner && kind < 0.09)
        camera->lens = GEO_LENS_PTZ;
    else if (owner != GEO_OWNER_GOVERNMENT && kind < 0.12)
        camera->lens = GEO_LENS_DOME;
}

static void add_camera(Demo *demo, const Place *place, int owner, GeoDice *dice)
{
    GeoBatch *batch = demo->batches[GEO_KIND_CAMERA];
    const DemoBlock *block = demo_block(demo, place->block);
    const DemoGrid *grid = &g_array_index(demo->grids, DemoGrid, block->grid);
    GeoCamera *camera = geo_batch_add(batch);
    camera->row.id = geo_demo_id(batch);
    equip(camera, owner, place->corner, dice);
    g_autofree char *code =
        g_strdup_printf("%.6s00%02d%03d0%06u", grid->code, gears[owner].industry,
                        camera->lens == GEO_LENS_PTZ ? 131 : 132, batch->rows->len);
    g_autofree char *name = g_strdup_printf("CAM-%05u", batch->rows->len);
    camera->row.code = geo_batch_text(batch, code);
    camera->row.name = geo_batch_text(batch, name);
    camera->heading_deg = geo_demo_heading_deg(place->look);
    if (place->line != UINT32_MAX)
        camera->place = geo_batch_word(batch, geo_demo_line_name(demo, place->line));
    GeoLonLat p = geo_demo_lonlat(demo, place->at);
    geo_batch_set_point(batch, p.lon, p.lat);
}

void geo_demo_cameras(Demo *demo)
{
    GeoDice dice = geo_dice_new(demo->options.seed, 30);
    GArray *places[GEO_OWNER_UNKNOWN];
    for (int owner = 0; owner < GEO_OWNER_UNKNOWN; owner++)
        places[owner] = g_array_new(FALSE, FALSE, sizeof(Place));
    for (uint32_t i = 0; i < demo->blocks->len; i++)
        if (demo_block(demo, i)->keep)
            list_poles(demo, i, &dice, places[GEO_OWNER_GOVERNMENT]);
    list_fronts(demo, &dice, places[GEO_OWNER_SHOP], places[GEO_OWNER_UNIT]);
    list_doors(demo, &dice, places[GEO_OWNER_UNIT]);
    list_gates(demo, &dice, places[GEO_OWNER_COMPOUND]);
    uint64_t all = geo_demo_count(demo, FULL), made = 0;
    for (int owner = GEO_OWNER_UNKNOWN; owner-- > 0;) {
        uint64_t n = owner == 0 ? all - made : (uint64_t)round((double)all * quota[owner]);
        n = MIN(n, places[owner]->len);
        g_array_sort(places[owner], by_key);
        for (uint64_t i = 0; i < n; i++)
            add_camera(demo, &g_array_index(places[owner], Place, i), owner, &dice);
        made += n;
        g_array_unref(places[owner]);
    }
}
