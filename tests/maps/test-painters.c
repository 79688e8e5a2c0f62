/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What painters put where, told by pixels: no fonts are involved but in the whole scene, which is
 * only compared with itself. */
#include <math.h>
#include <string.h>

#include "maps/paint/grids.h"
#include "maps/paint/legend.h"
#include "maps/paint/panel.h"
#include "maps/paint/scene.h"
#include "maps/paint/style.h"

#define SIDE 400

static const MapsView view = {{117.28, 31.86}, 16, SIDE, SIDE, 1, MAPS_STYLE_NIGHT, "en"};

typedef struct {
    cairo_surface_t *surface;
    cairo_t *cr;
} Sheet;

static Sheet sheet_new(const MapsView *v)
{
    Sheet sheet;
    sheet.surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)v->width, (int)v->height);
    sheet.cr = cairo_create(sheet.surface);
    maps_style_set(sheet.cr, maps_style_palette(v->style)->land, 1);
    cairo_paint(sheet.cr);
    return sheet;
}

static void sheet_clear(Sheet *sheet)
{
    g_assert_cmpint(cairo_status(sheet->cr), ==, CAIRO_STATUS_SUCCESS);
    cairo_destroy(sheet->cr);
    cairo_surface_destroy(sheet->surface);
}

static MapsColor pixel(const Sheet *sheet, double x, double y)
{
    cairo_surface_flush(sheet->surface);
    const unsigned char *data = cairo_image_surface_get_data(sheet->surface);
    uint32_t v;
    memcpy(&v, data + (int)y * cairo_image_surface_get_stride(sheet->surface) + (int)x * 4, 4);
    return (MapsColor){(v >> 16 & 255) / 255.0, (v >> 8 & 255) / 255.0, (v & 255) / 255.0};
}

static double apart(MapsColor a, MapsColor b)
{
    return fmax(fabs(a.r - b.r), fmax(fabs(a.g - b.g), fabs(a.b - b.b)));
}

#define assert_color(sheet, x, y, want) g_assert_cmpfloat(apart(pixel(sheet, x, y), want), <, 0.02)
#define assert_not_color(sheet, x, y, want)                                                        \
    g_assert_cmpfloat(apart(pixel(sheet, x, y), want), >, 0.03)

/* The box of all pixels that differ from the land. */
static MapsRect painted(const Sheet *sheet, const MapsView *v)
{
    MapsColor land = maps_style_palette(v->style)->land;
    MapsRect box = {1e9, 1e9, -1e9, -1e9};
    for (int y = 0; y < v->height; y++)
        for (int x = 0; x < v->width; x++)
            if (apart(pixel(sheet, x, y), land) > 0.02) {
                box.left = fmin(box.left, x);
                box.right = fmax(box.right, x + 1);
                box.top = fmin(box.top, y);
                box.bottom = fmax(box.bottom, y + 1);
            }
    return box;
}

static GeoLonLat at(double x, double y)
{
    return maps_view_unproject(&view, (MapsPoint){x, y});
}

static void add_ring(GeoBatch *batch, const double (*xy)[2], size_t n, GeoShape shape)
{
    geo_batch_begin(batch, shape);
    for (size_t i = 0; i < n; i++) {
        GeoLonLat p = at(xy[i][0], xy[i][1]);
        geo_batch_point(batch, p.lon, p.lat);
    }
}

static const double square[][2] = {{100, 100}, {100, 300}, {300, 300}, {300, 100}, {100, 100}};
static const double hole[][2] = {{180, 180}, {220, 180}, {220, 220}, {180, 220}, {180, 180}};

static void base_shows_what_lies_where(void)
{
    const MapsPalette *p = maps_style_palette(MAPS_STYLE_NIGHT);
    g_autoptr(GeoBatch) base = geo_batch_new(GEO_KIND_BASE);
    g_autoptr(GeoBatch) roads = geo_batch_new(GEO_KIND_ROAD);
    g_autoptr(GeoBatch) buildings = geo_batch_new(GEO_KIND_BUILDING);
    static const double street[][2] = {{0, 50}, {400, 50}}, bridge[][2] = {{50, 0}, {50, 400}};
    static const double house[][2] = {{330, 330}, {330, 380}, {380, 380}, {380, 330}, {330, 330}};
    GeoBase *lake = geo_batch_add(base);
    lake->class = GEO_BASE_WATER;
    add_ring(base, square, 5, GEO_SHAPE_POLYGON);
    add_ring(base, hole, 5, GEO_SHAPE_POLYGON);
    GeoRoad *road = geo_batch_add(roads);
    road->class = GEO_ROAD_PRIMARY;
    add_ring(roads, street, 2, GEO_SHAPE_LINE);
    road = geo_batch_add(roads);
    road->class = GEO_ROAD_TERTIARY;
    road->layer = 1;
    add_ring(roads, bridge, 2, GEO_SHAPE_LINE);
    geo_batch_add(buildings);
    add_ring(buildings, house, 5, GEO_SHAPE_POLYGON);
    Sheet sheet = sheet_new(&view);
    MapsBase all = {base, roads, buildings};
    maps_paint_base(sheet.cr, &view, &all);
    assert_color(&sheet, 140, 140, p->water);
    assert_color(&sheet, 200, 200, p->land); /* an island */
    assert_color(&sheet, 350, 300, p->land);
    assert_color(&sheet, 200, 50, p->road[GEO_ROAD_PRIMARY]);
    assert_color(&sheet, 50, 50, p->road[GEO_ROAD_TERTIARY]); /* above the greater street */
    assert_color(&sheet, 355, 355, p->building);
    sheet_clear(&sheet);
    MapsView far = view; /* footprints go first, then the tertiary */
    far.zoom = 10;
    g_assert_cmpfloat(maps_base_road_px(&far, GEO_ROAD_RESIDENTIAL), ==, 0);
    g_assert_cmpfloat(maps_base_road_px(&far, GEO_ROAD_PRIMARY), >, 0);
    g_assert_cmpfloat(maps_base_road_px(&view, GEO_ROAD_PRIMARY), >,
                      maps_base_road_px(&view, GEO_ROAD_RESIDENTIAL));
}

/* Three overlapping squares: each step of k is its own, deeper colour. */
static void cover_counts_overlaps(void)
{
    GeoLonLat points[12];
    MapsField fields[4];
    for (int i = 0; i < 3; i++) {
        double x = 60 + 60.0 * i;
        const double ring[4][2] = {{x, 100}, {x, 200}, {x + 180, 200}, {x + 180, 100}};
        for (int k = 0; k < 4; k++)
            points[4 * i + k] = at(ring[k][0], ring[k][1]);
        fields[i] = (MapsField){points[4 * i], 0, GEO_CAMERA_WORKING, 0, (uint32_t)(4 * i), 4};
    }
    fields[3] = fields[0];
    fields[3].state = GEO_CAMERA_FAULTY; /* sees nothing now */
    MapsFields all = {fields, 4, points};
    const MapsPalette *p = maps_style_palette(MAPS_STYLE_NIGHT);
    Sheet sheet = sheet_new(&view);
    maps_paint_cover(sheet.cr, &view, &all);
    static const double xs[] = {90, 150, 210};
    for (int k = 0; k < 3; k++)
        assert_color(&sheet, xs[k], 150, maps_style_mix(p->land, p->cover[k], p->cover_alpha[k]));
    assert_color(&sheet, 30, 150, p->land);
    assert_color(&sheet, 210, 250, p->land);
    sheet_clear(&sheet);
}

static void gap_is_hatched_within_its_border(void)
{
    GeoLonLat points[5];
    for (int i = 0; i < 5; i++)
        points[i] = at(square[i][0], square[i][1]);
    uint32_t part = 0;
    MapsGap gap = {1, at(200, 200), 0, 1};
    MapsGaps gaps = {&gap, &part, points, 1, 1, 5};
    Sheet sheet = sheet_new(&view);
    maps_paint_gaps(sheet.cr, &view, &gaps);
    MapsRect box = painted(&sheet, &view);
    g_assert_cmpfloat(box.left, >=, 98);
    g_assert_cmpfloat(box.top, >=, 98);
    g_assert_cmpfloat(box.right, <=, 302);
    g_assert_cmpfloat(box.bottom, <=, 302);
    double least = 1, most = 0;
    for (int i = 0; i < 40; i++) { /* stripes: light and dark by turns */
        double l = maps_style_luminance(pixel(&sheet, 150 + i, 150));
        least = fmin(least, l);
        most = fmax(most, l);
    }
    g_assert_cmpfloat(most, >, 2.5 * least);
    sheet_clear(&sheet);
}

static void heat_glows_where_it_is(void)
{
    enum { N = 21 };
    static double cells[N * N];
    GeoBounds bounds = maps_view_bounds(&view);
    cells[15 * N + 5] = 40; /* rows run from the south: left, above the middle */
    MapsHeat heat = {bounds, N, N, cells, 40, false, 150, 100, NULL};
    MapsColor land = maps_style_palette(MAPS_STYLE_NIGHT)->land;
    Sheet sheet = sheet_new(&view);
    maps_paint_heat(sheet.cr, &view, &heat);
    double x = (5 + 0.5) * SIDE / N, y = SIDE - (15 + 0.5) * SIDE / N;
    assert_not_color(&sheet, x, y, land);
    assert_color(&sheet, SIDE - x, y, land);
    assert_color(&sheet, x, SIDE - y, land);
    MapsColor want = maps_style_mix(land, maps_style_heat(MAPS_STYLE_NIGHT, 1), 0.35);
    g_assert_cmpfloat(apart(pixel(&sheet, x, y), want), <, 0.03);
    sheet_clear(&sheet);
    MapsView city = view;
    city.zoom = 11;
    for (int i = 0; i <= 20; i++) {
        g_assert_cmpfloat(maps_heat_alpha(&view, i / 20.0), <=, 0.35);
        g_assert_cmpfloat(maps_heat_alpha(&city, i / 20.0), <=, 0.65);
    }
}

static void units_differ_by_age_and_kind(void)
{
    const MapsPalette *p = maps_style_palette(MAPS_STYLE_NIGHT);
    static const double ages[] = {5, 90, 300, 1200};
    MapsPoint middle = {200, 200};
    for (int kind = 0; kind < GEO_N_UNIT_KINDS; kind++)
        for (int age = 0; age < MAPS_N_AGES; age++) {
            MapsUnit unit = {at(200, 200), kind, GEO_STATUS_EN_ROUTE, ages[age], 90, 3};
            g_assert_cmpint(maps_units_age(kind, ages[age]), ==, age);
            Sheet sheet = sheet_new(&view);
            maps_paint_unit(sheet.cr, &view, middle, &unit);
            MapsRect box = painted(&sheet, &view);
            g_assert_cmpfloat(box.right - box.left, <, 36);
            g_assert_cmpfloat(box.bottom - box.top, <, 30);
            g_assert_true(box.left < 200 && box.right > 200);
            /* Off the cross and the inner ring, live is full and stale hollow. */
            if (age <= MAPS_AGE_LATE && kind != GEO_UNIT_TEAM)
                assert_color(&sheet, 202, 201, p->en_route);
            if (age == MAPS_AGE_STALE && kind != GEO_UNIT_TEAM)
                assert_color(&sheet, 202, 201, p->panel);
            /* The heading tick points east only where the heading is fresh. */
            g_assert_true((box.right - 200 > 200 - box.left + 2) == (age <= MAPS_AGE_LATE));
            sheet_clear(&sheet);
        }
    g_assert_cmpint(maps_units_age(GEO_UNIT_CAR, NAN), ==, MAPS_AGE_SILENT);
}

static void trails_fade_with_age(void)
{
    MapsTrailPoint trail[61];
    for (int i = 0; i <= 60; i++)
        trail[i] = (MapsTrailPoint){at(20 + 6 * i, 200), (float)(1800 - 30 * i)};
    uint32_t first[] = {0, 61};
    MapsUnits units = {NULL, 0, trail, first, 1, 1800};
    Sheet sheet = sheet_new(&view);
    maps_paint_trails(sheet.cr, &view, &units);
    double old = maps_style_luminance(pixel(&sheet, 60, 200));
    double middle = maps_style_luminance(pixel(&sheet, 200, 200));
    double young = maps_style_luminance(pixel(&sheet, 360, 200));
    double bare = maps_style_luminance(maps_style_palette(MAPS_STYLE_NIGHT)->land);
    g_assert_cmpfloat(old, <, middle);
    g_assert_cmpfloat(middle, <, young);
    for (int x = 40; x < 370; x++) /* no holes where the bands meet */
        g_assert_cmpfloat(maps_style_luminance(pixel(&sheet, x, 200)), >, bare);
    sheet_clear(&sheet);
}

static void crowds_become_counts(void)
{
    g_autofree MapsUnit *units = g_new0(MapsUnit, 500);
    for (int i = 0; i < 500; i++) {
        units[i] =
            (MapsUnit){at(g_test_rand_double_range(0, SIDE), g_test_rand_double_range(0, SIDE)),
                       GEO_UNIT_FOOT,
                       GEO_STATUS_AVAILABLE,
                       3,
                       NAN,
                       0};
    }
    MapsUnits few = {units, 5, NULL, NULL, 0, 0}, many = {units, 500, NULL, NULL, 0, 0};
    g_assert_false(maps_units_crowded(&view, &few));
    g_assert_true(maps_units_crowded(&view, &many));
    for (int i = 0; i < 500; i++)
        units[i].status = GEO_STATUS_OFF; /* not on duty: not on the map */
    g_assert_false(maps_units_crowded(&view, &many));
}

static void incidents_grow_with_priority(void)
{
    double last = 1e9;
    for (int64_t priority = 1; priority <= 4; priority++) {
        Sheet sheet = sheet_new(&view);
        maps_paint_incident(sheet.cr, &view, (MapsPoint){200, 200}, priority,
                            GEO_INCIDENT_RECEIVED);
        MapsRect box = painted(&sheet, &view);
        g_assert_cmpfloat(box.bottom - box.top, <, last);
        last = box.bottom - box.top;
        sheet_clear(&sheet);
    }
    const MapsPalette *p = maps_style_palette(MAPS_STYLE_NIGHT);
    Sheet done = sheet_new(&view), fresh = sheet_new(&view);
    maps_paint_incident(done.cr, &view, (MapsPoint){200, 200}, 1, GEO_INCIDENT_CLOSED);
    maps_paint_incident(fresh.cr, &view, (MapsPoint){200, 200}, 1, GEO_INCIDENT_RECEIVED);
    assert_color(&fresh, 193, 203, p->incident[0]);
    assert_color(&done, 193, 203, p->panel);
    sheet_clear(&done);
    sheet_clear(&fresh);
}

static void tiers_are_told_by_level(void)
{
    g_assert_cmpint(maps_grids_tier("district"), ==, MAPS_TIER_DISTRICT);
    g_assert_cmpint(maps_grids_tier("street"), ==, MAPS_TIER_STREET);
    g_assert_cmpint(maps_grids_tier("community"), ==, MAPS_TIER_COMMUNITY);
    g_assert_cmpint(maps_grids_tier("beat"), ==, MAPS_TIER_COMMUNITY);
    g_assert_cmpint(maps_grids_tier("grid"), ==, MAPS_TIER_GRID);
    g_assert_cmpint(maps_grids_tier(NULL), ==, MAPS_TIER_COMMUNITY);
    g_autoptr(GeoBatch) areas = geo_batch_new(GEO_KIND_AREA);
    GeoArea *area = geo_batch_add(areas);
    area->level = "grid";
    add_ring(areas, square, 5, GEO_SHAPE_POLYGON);
    double share = 1;
    MapsColor land = maps_style_palette(MAPS_STYLE_NIGHT)->land;
    Sheet sheet = sheet_new(&view);
    maps_paint_grids(sheet.cr, &view, areas);
    assert_color(&sheet, 200, 200, land);
    assert_not_color(&sheet, 100, 200, land);
    maps_paint_shares(sheet.cr, &view, areas, &share);
    assert_not_color(&sheet, 200, 200, land);
    assert_color(&sheet, 50, 200, land);
    sheet_clear(&sheet);
}

/* ---- frame ---- */

static MapsScene full_scene(const MapsFact *facts, size_t n_facts)
{
    static const double cells[] = {1, 2, 3, 4};
    return (MapsScene){
        .layers = MAPS_LAYER_ALL,
        .heat = {{117.27, 31.85, 117.29, 31.87}, 2, 2, cells, 4, false, 150, 12, "28 days"},
        .units = {.trail_s = 1800},
        .sight = "observe, by night",
        .title = "Hefei demo",
        .note = "synthetic streets and events, real names",
        .clock = "2026-11-21 Sat  23:14:00",
        .attribution = "Synthetic streets and events, real names",
        .facts = facts,
        .n_facts = n_facts};
}

static void legend_fits_or_stays_away(void)
{
    MapsScene scene = full_scene(NULL, 0);
    for (double scale = 1; scale <= 2; scale++) {
        double last = 0;
        for (double height = 20; height < 1400; height += 20) {
            MapsView v = view;
            v.scale = scale;
            MapsRect room = {12, 40, 1200, 40 + height};
            MapsRect rect = maps_paint_legend(NULL, &v, &scene, room);
            bool shown = rect.left <= rect.right;
            if (shown) {
                g_assert_cmpfloat(rect.bottom, <=, room.bottom);
                g_assert_cmpfloat(rect.right, <=, room.right);
                g_assert_cmpfloat(rect.bottom - rect.top, >=, last); /* more room, more said */
                last = rect.bottom - rect.top;
            }
        }
        g_assert_cmpfloat(last, >, 200);
    }
    MapsRect narrow = maps_paint_legend(NULL, &view, &scene, (MapsRect){0, 0, 100, 1000});
    g_assert_true(narrow.left > narrow.right);
}

static void facts_take_as_many_lines_as_they_need(void)
{
    static const MapsFact facts[] = {{"on duty", "3,412 of 18,397"},
                                     {"live, late, stale, silent", "3,076 · 214 · 87 · 35"},
                                     {"cameras working", "11,734 of 12,000"},
                                     {"streets seen", "37.9 % of 3,210 km of public street"}};
    MapsScene scene = full_scene(facts, 4);
    double last = 1e9;
    for (int width = 300; width <= 1500; width += 300) {
        MapsView v = view;
        v.width = width;
        Sheet sheet = sheet_new(&v);
        MapsRect rect = maps_paint_facts(sheet.cr, &v, &scene);
        g_assert_cmpfloat(rect.bottom - rect.top, <=, last);
        g_assert_cmpfloat(rect.bottom, ==, v.height);
        last = rect.bottom - rect.top;
        sheet_clear(&sheet);
    }
}

static void scale_bar_is_round_and_true(void)
{
    for (int i = 0; i < 1000; i++) {
        double most = pow(10, g_test_rand_double_range(-1, 6)), m = maps_scalebar_length_m(most);
        double lead = m / pow(10, floor(log10(m) + 1e-9));
        g_assert_cmpfloat(m, <=, most * (1 + 1e-12));
        g_assert_cmpfloat(m, >=, most * 0.49);
        g_assert_true(fabs(lead - 1) < 1e-6 || fabs(lead - 2) < 1e-6 || fabs(lead - 3) < 1e-6 ||
                      fabs(lead - 5) < 1e-6);
    }
}

static void same_scene_same_picture(void)
{
    MapsScene scene = full_scene(NULL, 0);
    MapsView v = view;
    v.width = 700;
    v.height = 500;
    for (int style = 0; style < MAPS_N_STYLES; style++) {
        v.style = (MapsStyle)style;
        Sheet a = sheet_new(&v), b = sheet_new(&v);
        maps_paint_scene(a.cr, &v, &scene);
        maps_paint_scene(b.cr, &v, &scene);
        cairo_surface_flush(a.surface);
        cairo_surface_flush(b.surface);
        size_t bytes = (size_t)cairo_image_surface_get_stride(a.surface) * 500;
        g_assert_cmpint(memcmp(cairo_image_surface_get_data(a.surface),
                               cairo_image_surface_get_data(b.surface), bytes),
                        ==, 0);
        sheet_clear(&a);
        sheet_clear(&b);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/shows-what-lies-where", base_shows_what_lies_where);
    g_test_add_func("/fields/cover-counts-overlaps", cover_counts_overlaps);
    g_test_add_func("/gaps/hatched-within-border", gap_is_hatched_within_its_border);
    g_test_add_func("/heat/glows-where-it-is", heat_glows_where_it_is);
    g_test_add_func("/units/differ-by-age-and-kind", units_differ_by_age_and_kind);
    g_test_add_func("/units/trails-fade-with-age", trails_fade_with_age);
    g_test_add_func("/units/crowds-become-counts", crowds_become_counts);
    g_test_add_func("/incidents/grow-with-priority", incidents_grow_with_priority);
    g_test_add_func("/grids/tiers-are-told-by-level", tiers_are_told_by_level);
    g_test_add_func("/legend/fits-or-stays-away", legend_fits_or_stays_away);
    g_test_add_func("/panel/facts-take-lines-as-needed", facts_take_as_many_lines_as_they_need);
    g_test_add_func("/panel/scale-bar-is-round", scale_bar_is_round_and_true);
    g_test_add_func("/scene/same-scene-same-picture", same_scene_same_picture);
    return g_test_run();
}
