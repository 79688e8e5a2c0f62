/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/coverage.h"

#include <math.h>
#include <string.h>

#include "geo/work/wayname.h"
#include "tests/geo/scene.h"
#include "tests/geo/town.h"

/* A street of 400 m along y = 0, and beside it what must not count: a service way, a tunnel, a
 * closed road, a path. One camera at its western end looks east. */
static Town *street_town(void)
{
    Town *town = town_new();
    town_add_road(town, "Long Street", (GeoXY){0, 0}, (GeoXY){400, 0}, GEO_ROAD_RESIDENTIAL);
    town_add_road(town, "yard", (GeoXY){0, 20}, (GeoXY){50, 20}, GEO_ROAD_SERVICE);
    town_add_road(town, "path", (GeoXY){0, 25}, (GeoXY){50, 25}, GEO_ROAD_PATH);
    town_add_road(town, "tunnel", (GeoXY){0, 30}, (GeoXY){50, 30}, GEO_ROAD_PRIMARY)->layer = -1;
    GeoRoad *closed =
        town_add_road(town, "closed", (GeoXY){0, 40}, (GeoXY){50, 40}, GEO_ROAD_PRIMARY);
    closed->foot = closed->ebike = closed->car = 0;
    town_add_camera(town, 0, 0, 90, GEO_CAMERA_WORKING);
    return town;
}

static GeoCoverage *measure(Town *town, const GeoCoverageOptions *options)
{
    g_autoptr(GError) error = NULL;
    GeoCoverage *coverage = geo_coverage_measure(town->store, options, NULL, &error);
    g_assert_no_error(error);
    return coverage;
}

static void test_street(void)
{
    g_autoptr(Town) town = street_town();
    town_add_camera(town, 390, 0, 270, GEO_CAMERA_FAULTY);
    town_add_camera(town, 390, 0, 270, GEO_CAMERA_PLANNED);
    town_finish(town);
    g_autoptr(GeoCoverage) day = measure(town, NULL);
    g_assert_cmpfloat_with_epsilon(day->share.street_m, 400, 0.5);
    g_assert_cmpfloat_with_epsilon(day->share.street_seen_m, 100, 2);
    g_assert_cmpfloat_with_epsilon(day->share_street, 0.25, 0.006);
    g_assert_cmpfloat_with_epsilon(day->share.ground_m2, 400 * 8 + 50, 30);
    g_assert_cmpint(day->cameras, ==, 3);
    g_assert_cmpint(day->by_state[GEO_CAMERA_WORKING], ==, 1);
    g_assert_cmpint(day->by_state[GEO_CAMERA_FAULTY], ==, 1);
    g_assert_cmpint(day->by_state[GEO_CAMERA_PLANNED], ==, 1);
    g_assert_false(day->without_cameras || day->without_streets);
    GeoCoverageOptions night = {.night = true};
    g_autoptr(GeoCoverage) dark = measure(town, &night);
    g_assert_cmpfloat_with_epsilon(dark->share.street_seen_m, 50, 2);
    /* 8000 pixels over 2 d metres: 250 px/m end at 16 m. */
    GeoCoverageOptions identify = {.class = GEO_SIGHT_IDENTIFY};
    g_autoptr(GeoCoverage) close = measure(town, &identify);
    g_assert_cmpfloat_with_epsilon(close->share.street_seen_m, 16, 2);
    g_assert_cmpint(close->class, ==, GEO_SIGHT_IDENTIFY);
}

static void test_ground(void)
{
    g_autoptr(Town) town = street_town();
    GeoBase *square = town_add(town, GEO_KIND_BASE, "square");
    square->class = GEO_BASE_SQUARE;
    town_draw_box(town, GEO_KIND_BASE, 500, 0, 540, 50);
    GeoBase *barracks = town_add(town, GEO_KIND_BASE, "private");
    barracks->class = GEO_BASE_PRIVATE;
    town_draw_box(town, GEO_KIND_BASE, 300, -20, 500, 20);
    GeoBase *field = town_add(town, GEO_KIND_BASE, "field");
    field->class = GEO_BASE_FARMLAND;
    town_draw_box(town, GEO_KIND_BASE, 600, 0, 900, 300);
    town_add_house(town, 200, -10, 220, 10);
    town_finish(town);
    g_autoptr(GeoCoverage) coverage = measure(town, NULL);
    g_assert_cmpfloat_with_epsilon(coverage->share.street_m, 300 - 20, 3);
    g_assert_cmpfloat_with_epsilon(coverage->share.ground_m2, 280 * 8 + 25 + 40 * 50, 60);
}

static void test_levels(void)
{
    g_autoptr(Town) town = street_town();
    const char *codes[3] = {"02", "01", "03"};
    for (int i = 0; i < 3; i++) {
        GeoArea *area = town_add(town, GEO_KIND_AREA, codes[i]);
        area->level = geo_batch_word(town->rows[GEO_KIND_AREA], "district");
        town_draw_box(town, GEO_KIND_AREA, 200 - 200 * i, -100, 400 - 200 * i, 100);
    }
    town_finish(town);
    GeoCoverageOptions options = {.level = "district"};
    g_autoptr(GeoCoverage) coverage = measure(town, &options);
    g_assert_cmpuint(coverage->areas->len, ==, 3);
    const GeoCoverageArea *area = (const GeoCoverageArea *)(const void *)coverage->areas->data;
    g_assert_cmpstr(area[0].code, ==, "01");
    g_assert_cmpfloat_with_epsilon(area[0].street_m, 200, 1);
    g_assert_cmpfloat_with_epsilon(area[0].seen_m, 100, 2);
    g_assert_cmpstr(area[1].code, ==, "02");
    g_assert_cmpfloat_with_epsilon(area[1].street_m, 200, 1);
    g_assert_cmpfloat(area[1].seen_m, ==, 0);
    g_assert_cmpfloat(area[2].street_m, ==, 0);
    g_autoptr(GError) error = NULL;
    options.level = "beat";
    g_assert_null(geo_coverage_measure(town->store, &options, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, "'beat'"));
    g_assert_nonnull(strstr(error->message, "district"));
}

static void test_places(void)
{
    g_autoptr(Town) town = street_town();
    const GeoXY at[5] = {{50, 0}, {300, 0}, {60, 40}, {60, -60}, {70, 5}};
    town_add_house(town, 50, 35, 70, 45); /* a school that the camera looks at from outside */
    for (int i = 0; i < 5; i++) {
        GeoFacility *place = town_add(town, GEO_KIND_FACILITY, NULL);
        place->must_see = i < 4;
        town_draw(town, GEO_KIND_FACILITY, GEO_SHAPE_POINT, &at[i], 1);
    }
    town_finish(town);
    g_autoptr(GeoCoverage) coverage = measure(town, NULL);
    g_assert_cmpint(coverage->mustsee, ==, 4);
    g_assert_cmpint(coverage->mustsee_seen, ==, 2); /* on the street, and the school's front */
}

static void test_empty(void)
{
    g_autoptr(Town) bare = town_new();
    g_autoptr(GeoCoverage) nothing = measure(bare, NULL);
    g_assert_true(nothing->without_cameras && nothing->without_streets);
    g_assert_true(isnan(nothing->share_street));
    g_autoptr(Town) blind = town_new();
    town_add_road(blind, "Dark Lane", (GeoXY){0, 0}, (GeoXY){100, 0}, GEO_ROAD_TERTIARY);
    town_finish(blind);
    g_autoptr(GeoCoverage) dark = measure(blind, NULL);
    g_assert_true(dark->without_cameras && !dark->without_streets);
    g_assert_cmpfloat(dark->share_street, ==, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoCoverageGaps) gaps = geo_coverage_find_gaps(bare->store, NULL, 5, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(gaps->found, ==, 0);
}

static void test_gaps(void)
{
    g_autoptr(Town) town = street_town();
    town_add_road(town, "Night Lane", (GeoXY){0, 300}, (GeoXY){100, 300}, GEO_ROAD_TERTIARY);
    for (int i = 0; i < 200; i++) {
        GeoIncident *incident = town_add(town, GEO_KIND_INCIDENT, NULL);
        incident->at_ms = 1767000000000;
        GeoXY p = {40 + i % 20, 300 + i / 20};
        town_draw(town, GEO_KIND_INCIDENT, GEO_SHAPE_POINT, &p, 1);
    }
    GeoArea *small = town_add(town, GEO_KIND_AREA, "small");
    small->level = "grid";
    town_draw_box(town, GEO_KIND_AREA, 0, 250, 100, 350);
    GeoArea *large = town_add(town, GEO_KIND_AREA, "large");
    large->level = "district";
    town_draw_box(town, GEO_KIND_AREA, -500, -500, 900, 900);
    town_finish(town);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoCoverageGaps) gaps = geo_coverage_find_gaps(town->store, NULL, 100, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(gaps->found, ==, gaps->gaps->len);
    g_assert_cmpuint(gaps->found, >=, 3);
    /* 12 m x 100 m and its ends, and the 300 unseen metres of the long street. */
    g_assert_cmpfloat_with_epsilon(gaps->area_m2, 1200 + 113 + 300 * 8 + 25, 60);
    const GeoCoverageGap *worst = &g_array_index(gaps->gaps, GeoCoverageGap, 0);
    g_assert_cmpstr(worst->street, ==, "Night Lane");
    g_assert_cmpstr(worst->code, ==, "small");
    const GeoCoverageGap *last = &g_array_index(gaps->gaps, GeoCoverageGap, gaps->gaps->len - 1);
    g_assert_cmpstr(last->street, ==, "Long Street");
    g_assert_cmpstr(last->code, ==, "large");
    /* About 200 incidents within 150 m: 3 / (pi h2) of them on each square metre in the middle. */
    double density = 200 * 3 / (G_PI * 150 * 150), sum = 0;
    for (guint i = 0; i < gaps->gaps->len; i++) {
        const GeoCoverageGap *gap = &g_array_index(gaps->gaps, GeoCoverageGap, i);
        g_assert_true(i == 0 || gap[-1].weight >= gap->weight);
        g_assert_cmpfloat(gap->at.lon, >=, gap->bounds.west);
        g_assert_cmpfloat(gap->at.lat, <=, gap->bounds.north);
        g_assert_cmpuint(gap->n_parts, >=, 1);
        sum += gap->weight;
    }
    g_assert_cmpfloat(sum, <, density * 1313);
    g_assert_cmpfloat(sum, >, density * 1313 * 0.7);
    g_autoptr(GeoCoverageGaps) two = geo_coverage_find_gaps(town->store, NULL, 2, NULL, &error);
    g_assert_cmpuint(two->gaps->len, ==, 2);
    g_assert_cmpuint(two->found, ==, gaps->found);
}

/* Against every stretch of every named street. */
static void test_names(void)
{
    GeoBox box = {0, 0, 3000, 2000};
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    g_autoptr(GeoBatch) roads = geo_batch_new(GEO_KIND_ROAD);
    for (uint32_t i = 0; i < 60; i++) {
        g_autofree char *name = g_strdup_printf("street %u", i);
        GeoRow *row = geo_batch_add(roads);
        row->name = i % 4 ? geo_batch_text(roads, name) : NULL;
        GeoXY line[2] = {{g_test_rand_double_range(0, 3000), g_test_rand_double_range(0, 2000)}};
        line[1] = (GeoXY){line[0].x + g_test_rand_double_range(-300, 300),
                          line[0].y + g_test_rand_double_range(-300, 300)};
        geo_ground_add_street(ground, line, 2, 8, i);
    }
    g_autoptr(GeoWayname) names = geo_wayname_new(ground, roads);
    size_t n, found = 0;
    const GeoStretch *stretches = geo_ground_stretches(ground, &n);
    for (int k = 0; k < 2000; k++) {
        GeoXY p = {g_test_rand_double_range(-300, 3300), g_test_rand_double_range(-300, 2300)};
        double nearest = 100;
        const char *wanted = NULL;
        for (size_t i = 0; i < n; i++) {
            const char *name = geo_batch_row(roads, stretches[i].street)->name;
            double distance = scene_distance(stretches[i].a, stretches[i].b, p);
            if (name && distance < nearest) {
                nearest = distance;
                wanted = name;
            }
        }
        g_assert_cmpstr(geo_wayname_find(names, p), ==, wanted);
        found += wanted != NULL;
    }
    g_assert_cmpuint(found, >, 200);
    g_autoptr(GeoGround) bare = geo_ground_new(&box, 1);
    g_autoptr(GeoWayname) none = geo_wayname_new(bare, roads);
    g_assert_null(geo_wayname_find(none, (GeoXY){0, 0}));
}

static GeoCamera *last_camera(Town *town)
{
    GeoBatch *rows = town->rows[GEO_KIND_CAMERA];
    return (GeoCamera *)(void *)geo_batch_row(rows, rows->rows->len - 1);
}

/* Cameras over a square, of this field and heading error. */
static Town *square_town(double fov_deg, double err_deg)
{
    Town *town = town_new();
    GeoBase *square = town_add(town, GEO_KIND_BASE, "square");
    square->class = GEO_BASE_SQUARE;
    town_draw_box(town, GEO_KIND_BASE, -150, -150, 350, 150);
    town_add_road(town, "Long Street", (GeoXY){-150, 0}, (GeoXY){350, 0}, GEO_ROAD_RESIDENTIAL);
    for (int i = 0; i < 5; i++) {
        town_add_camera(town, 40 * i, 10 * i, 50 * i, GEO_CAMERA_WORKING);
        last_camera(town)->fov_deg = fov_deg;
        last_camera(town)->heading_err_deg = err_deg;
        last_camera(town)->width_px = 100000; /* the range ends the field, not the lens */
    }
    town_finish(town);
    return town;
}

/* Headings off by 20 degrees: sure is what fields of 40 degrees less see, possible of 40 more. */
static void test_doubt(void)
{
    g_autoptr(Town) town = square_town(90, 20);
    g_autoptr(Town) narrow = square_town(50, 0);
    g_autoptr(Town) wide = square_town(130, 0);
    GeoCoverageOptions options = {.doubt = true};
    g_autoptr(GeoCoverage) coverage = measure(town, &options);
    g_autoptr(GeoCoverage) sure = measure(narrow, NULL);
    g_autoptr(GeoCoverage) possible = measure(wide, NULL);
    g_autoptr(GeoCoverage) exact = measure(narrow, &options);
    g_assert_true(coverage->with_doubt && !sure->with_doubt);
    g_assert_cmpint(coverage->uncertain, ==, 5);
    g_assert_cmpint(exact->uncertain, ==, 0);
    g_assert_cmpfloat(coverage->sure.ground_seen_m2, ==, sure->share.ground_seen_m2);
    g_assert_cmpfloat(coverage->sure.street_seen_m, ==, sure->share.street_seen_m);
    g_assert_cmpfloat(coverage->possible.ground_seen_m2, ==, possible->share.ground_seen_m2);
    g_assert_cmpfloat(exact->sure.ground_seen_m2, ==, exact->share.ground_seen_m2);
    g_assert_cmpfloat(exact->possible.ground_seen_m2, ==, exact->share.ground_seen_m2);
    g_assert_cmpfloat(coverage->sure.ground_seen_m2, <, coverage->share.ground_seen_m2);
    /* What the possible see of each gap, and no more of it. */
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoCoverageGaps) gaps =
        geo_coverage_find_gaps(town->store, &options, 1000, NULL, &error);
    g_assert_no_error(error);
    double unsure_m2 = 0;
    for (guint i = 0; i < gaps->gaps->len; i++)
        unsure_m2 += g_array_index(gaps->gaps, GeoCoverageGap, i).unsure_m2;
    g_assert_cmpfloat_with_epsilon(
        unsure_m2, possible->share.ground_seen_m2 - coverage->share.ground_seen_m2, 100);
    g_assert_cmpfloat(unsure_m2, >, 1000);
}

/* By area, and before a place that only a turned camera would see. */
static void test_doubt_parts(void)
{
    g_autoptr(Town) town = town_new();
    town_add_road(town, "Long Street", (GeoXY){-100, 0}, (GeoXY){100, 0}, GEO_ROAD_RESIDENTIAL);
    town_add_camera(town, 0, -1, 0, GEO_CAMERA_WORKING); /* north, 45 degrees to either side */
    last_camera(town)->heading_err_deg = 60;
    const char *codes[2] = {"01", "02"};
    const GeoXY at[3] = {{60, 10}, {0, 60}, {0, -80}};
    for (int i = 0; i < 2; i++) {
        GeoArea *area = town_add(town, GEO_KIND_AREA, codes[i]);
        area->level = geo_batch_word(town->rows[GEO_KIND_AREA], "district");
        town_draw_box(town, GEO_KIND_AREA, i ? 0 : -100, -100, i ? 100 : 0, 100);
    }
    for (int i = 0; i < 3; i++) {
        GeoFacility *place = town_add(town, GEO_KIND_FACILITY, NULL);
        place->must_see = 1;
        place->class = GEO_FACILITY_SCHOOL;
        town_draw(town, GEO_KIND_FACILITY, GEO_SHAPE_POINT, &at[i], 1);
    }
    town_finish(town);
    GeoCoverageOptions options = {.doubt = true, .level = "district"};
    g_autoptr(GeoCoverage) coverage = measure(town, &options);
    double sure_m = 0, possible_m = 0;
    for (guint i = 0; i < 2; i++) {
        const GeoCoverageArea *area = &g_array_index(coverage->areas, GeoCoverageArea, i);
        g_assert_cmpfloat(area->sure_m, <=, area->seen_m);
        g_assert_cmpfloat(area->possible_m, >, 90);
        sure_m += area->sure_m;
        possible_m += area->possible_m;
    }
    g_assert_cmpfloat_with_epsilon(sure_m, coverage->sure.street_seen_m, 1e-6);
    g_assert_cmpfloat_with_epsilon(possible_m, coverage->possible.street_seen_m, 1e-6);
    g_assert_cmpint(coverage->mustsee_seen, ==, 1);
    g_assert_cmpint(coverage->of_kind[GEO_FACILITY_SCHOOL].unsure, ==, 1);
    for (size_t i = 0; i < 3; i++) {
        const GeoPlace *place = &coverage->places->all[i];
        double x = place->xy.x - town->origin.x, y = place->xy.y - town->origin.y;
        g_assert_true(place->unsure == (x > 30));
        g_assert_true(place->seen == (y > 30));
    }
}

/* Nobody knows where it looks: surely nothing, possibly all round. */
static void test_aimless(void)
{
    g_autoptr(Town) town = town_new();
    GeoBase *square = town_add(town, GEO_KIND_BASE, "square");
    square->class = GEO_BASE_SQUARE;
    town_draw_box(town, GEO_KIND_BASE, -150, -150, 150, 150);
    town_add_camera(town, 0, 0, 90, GEO_CAMERA_WORKING);
    last_camera(town)->heading_deg = NAN;
    last_camera(town)->heading_err_deg = 180;
    town_finish(town);
    GeoCoverageOptions options = {.doubt = true};
    g_autoptr(GeoCoverage) coverage = measure(town, &options);
    g_assert_cmpfloat(coverage->share.ground_seen_m2, ==, 0);
    g_assert_cmpfloat(coverage->sure.ground_seen_m2, ==, 0);
    g_assert_cmpfloat_with_epsilon(coverage->possible.ground_seen_m2, G_PI * 100 * 100, 200);
    g_assert_cmpint(coverage->uncertain, ==, 1);
}

/* Four squares of 20 m, 500 m apart. A camera south-west of each looks north over 90 degrees, so
 * that the square, 53 to 76 degrees off, is unseen; only what is known of the heading differs. */
static void test_verdicts(void)
{
    static const struct {
        double heading_deg, err_deg;
        bool unsure;
    } spots[4] = {{0, 3, false}, {0, 45, true}, {NAN, 180, true}, {180, 22.5, false}};
    g_autoptr(Town) town = town_new();
    for (int i = 0; i < 4; i++) {
        GeoBase *square = town_add(town, GEO_KIND_BASE, "square");
        square->class = GEO_BASE_SQUARE;
        town_draw_box(town, GEO_KIND_BASE, 500 * i + 50, 18, 500 * i + 70, 38);
        town_add_camera(town, 500 * i, 0, spots[i].heading_deg, GEO_CAMERA_WORKING);
        last_camera(town)->heading_err_deg = spots[i].err_deg;
        last_camera(town)->assumed = isfinite(spots[i].heading_deg) ? 0 : GEO_ASSUMED_HEADING;
    }
    town_finish(town);
    g_autoptr(GError) error = NULL;
    GeoCoverageOptions options = {.doubt = true, .weigh = GEO_RISK_EQUAL};
    g_autoptr(GeoCoverageGaps) gaps =
        geo_coverage_find_gaps(town->store, &options, 100, NULL, &error);
    g_assert_no_error(error);
    size_t unsure = 0;
    double unsure_m2 = 0;
    for (guint k = 0; k < gaps->gaps->len; k++) {
        const GeoCoverageGap *gap = &g_array_index(gaps->gaps, GeoCoverageGap, k);
        GeoXY at = geo_frame_xy(town->frame, gap->at);
        int i = (int)floor((at.x - town->origin.x) / 500);
        g_assert_true(gap->unsure == spots[i].unsure);
        g_assert_cmpfloat_with_epsilon(gap->unsure_m2, spots[i].unsure ? gap->area_m2 : 0, 1e-9);
        unsure += gap->unsure;
        unsure_m2 += gap->unsure_m2;
    }
    g_assert_cmpfloat_with_epsilon(gaps->area_m2, 4 * 20 * 20, 80);
    g_assert_cmpuint(unsure, >=, 2);
    g_assert_cmpuint(gaps->found_unsure, ==, unsure);
    g_assert_cmpfloat_with_epsilon(gaps->unsure_m2, unsure_m2, 1e-6);
    /* Who does not ask for doubt is told none. */
    options.doubt = false;
    g_autoptr(GeoCoverageGaps) plain =
        geo_coverage_find_gaps(town->store, &options, 100, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(plain->found, ==, gaps->found);
    g_assert_cmpuint(plain->found_unsure, ==, 0);
    g_assert_false(plain->with_doubt);
}

/* A gap that is possibly seen in part is unsure from half of it on. */
static void test_half(void)
{
    for (int wide = 0; wide < 2; wide++) {
        g_autoptr(Town) town = town_new();
        GeoBase *square = town_add(town, GEO_KIND_BASE, "square");
        square->class = GEO_BASE_SQUARE;
        /* East of the camera, 70 m from south to north. */
        town_draw_box(town, GEO_KIND_BASE, 50, wide ? -20 : -50, 60, wide ? 50 : 20);
        town_add_camera(town, 0, 0, 0, GEO_CAMERA_WORKING);
        last_camera(town)->heading_err_deg = 45; /* possibly all north of the line eastward */
        town_finish(town);
        g_autoptr(GError) error = NULL;
        GeoCoverageOptions options = {.doubt = true, .weigh = GEO_RISK_EQUAL};
        g_autoptr(GeoCoverageGaps) gaps =
            geo_coverage_find_gaps(town->store, &options, 1, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(gaps->found, ==, 1);
        const GeoCoverageGap *gap = &g_array_index(gaps->gaps, GeoCoverageGap, 0);
        g_assert_cmpfloat_with_epsilon(gap->unsure_m2 / gap->area_m2, wide ? 5.0 / 7 : 2.0 / 7,
                                       0.03);
        g_assert_true(gap->unsure == (wide == 1));
    }
}

static void test_rates(void)
{
    g_autoptr(Town) town = street_town();
    for (int i = 0; i < 9; i++) {
        town_add_camera(town, 10 * i, 5, 90, i % 3);
        last_camera(town)->owner = GEO_OWNER_SHOP;
    }
    const char *codes[2] = {"01", "02"};
    for (int i = 0; i < 2; i++) {
        GeoArea *area = town_add(town, GEO_KIND_AREA, codes[i]);
        area->level = geo_batch_word(town->rows[GEO_KIND_AREA], "district");
        town_draw_box(town, GEO_KIND_AREA, 35 - 100 * i, -100, 135 - 100 * i, 100);
    }
    town_finish(town);
    GeoCoverageOptions options = {.level = "district"};
    g_autoptr(GeoCoverage) coverage = measure(town, &options);
    g_assert_cmpfloat(geo_coverage_working_rate(&coverage->of_owner[GEO_OWNER_SHOP]), ==, 0.5);
    g_assert_cmpfloat(geo_coverage_working_rate(&coverage->of_owner[GEO_OWNER_GOVERNMENT]), ==, 1);
    g_assert_true(isnan(geo_coverage_working_rate(&coverage->of_owner[GEO_OWNER_COMPOUND])));
    const GeoCoverageArea *area = (const GeoCoverageArea *)(const void *)coverage->areas->data;
    const int64_t *east = area[0].cameras.by_state, *west = area[1].cameras.by_state;
    g_assert_cmpint(east[GEO_CAMERA_WORKING], ==, 1); /* at 40 .. 80: states 1 2 0 1 2 */
    g_assert_cmpint(east[GEO_CAMERA_FAULTY], ==, 2);
    g_assert_cmpint(west[GEO_CAMERA_WORKING], ==, 3); /* 0 .. 30: 0 1 2 0, and the first one */
    g_assert_cmpint(west[GEO_CAMERA_PLANNED], ==, 1);
    double ground_m2 = area[0].ground_m2 + area[1].ground_m2;
    g_assert_cmpfloat_with_epsilon(ground_m2, 135 * 8 + 25, 20);
    g_assert_cmpfloat(area[0].ground_seen_m2, <=, area[0].ground_m2);
}

/* Houses apart, each with a must-see front at another distance from a camera of 8000 pixels. */
static void test_classes(void)
{
    g_autoptr(Town) town = town_new();
    const double at[5] = {8, 24, 50, 88, 140}; /* 16, 32, 64 and 100 m end the classes */
    town_add_camera(town, 0, 0, 90, GEO_CAMERA_WORKING);
    for (int i = 0; i < 5; i++) {
        GeoFacility *place = town_add(town, GEO_KIND_FACILITY, NULL);
        place->must_see = 1;
        place->class = i % 2 ? GEO_FACILITY_SCHOOL : GEO_FACILITY_STATION;
        town_draw(town, GEO_KIND_FACILITY, GEO_SHAPE_POINT, &(GeoXY){at[i], 0}, 1);
    }
    town_finish(town);
    GeoCoverageOptions options = {.classes = true};
    g_autoptr(GeoCoverage) coverage = measure(town, &options);
    const GeoCoveragePlaces *school = &coverage->of_kind[GEO_FACILITY_SCHOOL];
    const GeoCoveragePlaces *station = &coverage->of_kind[GEO_FACILITY_STATION];
    g_assert_cmpint(coverage->mustsee_seen, ==, 4);
    g_assert_cmpint(school->places, ==, 2);
    g_assert_cmpint(school->by_class[GEO_SIGHT_RECOGNISE], ==, 1);
    g_assert_cmpint(school->by_class[GEO_SIGHT_DETECT], ==, 1);
    g_assert_cmpint(station->places, ==, 3);
    g_assert_cmpint(station->by_class[GEO_SIGHT_IDENTIFY], ==, 1);
    g_assert_cmpint(station->by_class[GEO_SIGHT_OBSERVE], ==, 1);
    for (size_t i = 0; i < coverage->places->n; i++)
        g_assert_true(coverage->places->all[i].seen == (coverage->places->all[i].class >= 0));
    options.class = GEO_SIGHT_OBSERVE;
    g_autoptr(GeoCoverage) observe = measure(town, &options);
    g_assert_cmpint(observe->mustsee_seen, ==, 3);
}

static void test_cancel(void)
{
    g_autoptr(Town) town = street_town();
    town_finish(town);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    g_autoptr(GError) error = NULL, second = NULL;
    geo_progress_cancel(progress);
    g_assert_null(geo_coverage_measure(town->store, NULL, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
    g_assert_null(geo_coverage_find_gaps(town->store, NULL, 5, progress, &second));
    g_assert_error(second, GEO_ERROR, GEO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/coverage/street-metres-by-class-and-hour", test_street);
    g_test_add_func("/coverage/squares-in-private-land-and-houses-out", test_ground);
    g_test_add_func("/coverage/by-areas-of-a-level", test_levels);
    g_test_add_func("/coverage/must-see-places-by-the-ground-before-them", test_places);
    g_test_add_func("/coverage/empty-cities-are-no-errors", test_empty);
    g_test_add_func("/coverage/gaps-rank-by-incidents-then-area", test_gaps);
    g_test_add_func("/coverage/nearest-street-equals-asking-all", test_names);
    g_test_add_func("/coverage/doubt-is-narrower-and-wider-fields", test_doubt);
    g_test_add_func("/coverage/doubt-by-area-and-place", test_doubt_parts);
    g_test_add_func("/coverage/gaps-that-hang-on-headings-are-unsure", test_verdicts);
    g_test_add_func("/coverage/gaps-are-unsure-from-half-on", test_half);
    g_test_add_func("/coverage/an-unknown-heading-may-see-all-round", test_aimless);
    g_test_add_func("/coverage/working-rates-by-owner-and-area", test_rates);
    g_test_add_func("/coverage/places-by-their-highest-class", test_classes);
    g_test_add_func("/coverage/cancel-stops", test_cancel);
    return g_test_run();
}
