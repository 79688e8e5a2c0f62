/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/whatif.h"

#include <string.h>

#include "geo/calc/gaps.h"
#include "tests/geo/town.h"

#define CAMERAS 12

/* Four streets and some houses; cameras are added by the caller. */
static Town *plain_town(void)
{
    Town *town = town_new();
    for (int i = 0; i < 3; i++) {
        town_add_road(town, "East Street", (GeoXY){0, i * 150}, (GeoXY){400, i * 150},
                      GEO_ROAD_PRIMARY);
        town_add_road(town, "North Street", (GeoXY){i * 200, -20}, (GeoXY){i * 200, 320},
                      GEO_ROAD_RESIDENTIAL);
    }
    for (int i = 0; i < 8; i++)
        town_add_house(town, 20 + 45 * i, 20 + 30 * (i % 3), 50 + 45 * i, 45 + 30 * (i % 3));
    return town;
}

typedef struct {
    int64_t id; /* 0: gone */
    double x, y, heading_deg;
    int state;
} Spot;

static void random_spot(Spot *spot)
{
    spot->x = g_test_rand_double_range(0, 400);
    spot->y = g_test_rand_double_range(0, 300);
    spot->heading_deg = g_test_rand_double_range(0, 360);
    spot->state = g_test_rand_int_range(0, 4) > 0 ? GEO_CAMERA_WORKING : GEO_CAMERA_FAULTY;
}

static GeoCamera camera_of(const Spot *spot)
{
    GeoCamera camera = {.row.id = spot->id,
                        .state = spot->state,
                        .heading_deg = spot->heading_deg,
                        .fov_deg = 90,
                        .range_m = 100,
                        .night_range_m = 50,
                        .height_m = NAN,
                        .tilt_deg = NAN,
                        .width_px = 8000,
                        .cameras = 1};
    return camera;
}

static GeoWhatIf *load(Town *town)
{
    g_autoptr(GError) error = NULL;
    GeoWhatIf *whatif = geo_whatif_load(town->store, NULL, NULL, &error);
    g_assert_no_error(error);
    return whatif;
}

/* A town whose register has just these cameras. */
static GeoCoverShare measured(const Spot *spots, guint n)
{
    g_autoptr(Town) town = plain_town();
    for (guint i = 0; i < n; i++)
        if (spots[i].id)
            town_add_camera(town, spots[i].x, spots[i].y, spots[i].heading_deg, spots[i].state);
    town_finish(town);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoCoverage) coverage = geo_coverage_measure(town->store, NULL, NULL, &error);
    g_assert_no_error(error);
    return coverage->share;
}

static void check_gaps(GeoWhatIf *whatif)
{
    const GeoSurvey *survey = geo_whatif_survey(whatif);
    GeoWhatIfGap gaps[8];
    size_t n, wanted;
    GeoRisk plain = {.box = survey->box};
    g_autoptr(GeoGaps) fresh = geo_gaps_find(survey->ground, survey->cover, GEO_COVERAGE_BLOCK_M,
                                             GEO_COVERAGE_GAP_M2, geo_risk_at, &plain, NULL, NULL);
    const GeoGap *all = geo_gaps_all(fresh, &wanted);
    g_assert_cmpuint(geo_whatif_gaps(whatif, gaps, 8, &n), ==, wanted);
    for (size_t i = 0; i < n; i++) {
        g_assert_cmpfloat(gaps[i].area_m2, ==, all[i].area_m2);
        g_assert_cmpfloat(gaps[i].weight, ==, all[i].weight);
        g_assert_nonnull(gaps[i].street);
    }
}

/* Random acts on a register of some; the shares are those of a city that was built so. */
static void test_equals_measured(void)
{
    Spot spots[CAMERAS] = {0};
    g_autoptr(Town) town = plain_town();
    for (int i = 0; i < CAMERAS / 2; i++) {
        random_spot(&spots[i]);
        spots[i].id = town->next_id;
        town_add_camera(town, spots[i].x, spots[i].y, spots[i].heading_deg, spots[i].state);
    }
    Spot first[CAMERAS];
    memcpy(first, spots, sizeof first);
    town_finish(town);
    g_autoptr(GeoWhatIf) whatif = load(town);
    for (int round = 0; round < 60; round++) {
        int i = g_test_rand_int_range(0, CAMERAS);
        int act = g_test_rand_int_range(0, 6);
        int64_t id = i < CAMERAS / 2 ? first[i].id : 100000 + i;
        if (act == 0) {
            geo_whatif_remove(whatif, id);
            spots[i].id = 0;
        } else if (act == 1) {
            geo_whatif_restore(whatif, id);
            spots[i] = first[i];
        } else {
            random_spot(&spots[i]);
            spots[i].id = id;
            GeoCamera camera = camera_of(&spots[i]);
            geo_whatif_put(whatif, &camera, town_lonlat(town, spots[i].x, spots[i].y));
        }
        if (round % 10)
            continue;
        GeoCoverShare now = geo_whatif_after(whatif), right = measured(spots, CAMERAS);
        /* A coordinate that went to degrees and back is off by micrometres. */
        g_assert_cmpfloat_with_epsilon(now.street_m, right.street_m, 1e-3);
        g_assert_cmpfloat_with_epsilon(now.street_seen_m, right.street_seen_m, 1.5);
        g_assert_cmpfloat_with_epsilon(now.ground_seen_m2, right.ground_seen_m2, 8);
        check_gaps(whatif);
    }
    for (int i = 0; i < CAMERAS; i++)
        geo_whatif_restore(whatif, i < CAMERAS / 2 ? first[i].id : 100000 + i);
    GeoCoverShare before = geo_whatif_before(whatif), after = geo_whatif_after(whatif);
    g_assert_cmpmem(&before, sizeof before, &after, sizeof after);
    g_autoptr(GArray) changes = geo_whatif_changes(whatif);
    g_assert_cmpuint(changes->len, ==, 0);
    g_autoptr(GArray) tiles = geo_whatif_tiles(whatif);
    uint8_t cells[GEO_WHATIF_CELLS * GEO_WHATIF_CELLS];
    g_assert_cmpuint(tiles->len, >, 0);
    for (guint i = 0; i < tiles->len; i++) {
        const GeoWhatIfTile *tile = &g_array_index(tiles, GeoWhatIfTile, i);
        g_assert_false(geo_whatif_tile(whatif, tile->x, tile->y, cells));
    }
}

static void count_cells(GeoWhatIf *whatif, unsigned count[8])
{
    g_autoptr(GArray) tiles = geo_whatif_tiles(whatif);
    uint8_t cells[GEO_WHATIF_CELLS * GEO_WHATIF_CELLS];
    memset(count, 0, 8 * sizeof *count);
    for (guint i = 0; i < tiles->len; i++) {
        const GeoWhatIfTile *tile = &g_array_index(tiles, GeoWhatIfTile, i);
        geo_whatif_tile(whatif, tile->x, tile->y, cells);
        for (gsize k = 0; k < sizeof cells; k++)
            count[cells[k] & 7]++;
    }
}

/* One camera looks along a street; what it alone sees is lost with it, and a try gains the same. */
static void test_sole_and_try(void)
{
    g_autoptr(Town) town = plain_town();
    town_add_camera(town, 5, 0, 90, GEO_CAMERA_WORKING);
    town_finish(town);
    int64_t id = town->next_id - 1;
    g_autoptr(GeoWhatIf) whatif = load(town);
    double all_m = geo_whatif_before(whatif).street_seen_m;
    unsigned count[8];
    g_assert_cmpfloat(all_m, >, 80);
    g_assert_cmpfloat_with_epsilon(geo_whatif_sole_m(whatif, id), all_m, 1e-6);
    GeoLonLat at = town_lonlat(town, 5, 0);
    Spot spot = {.id = 77, .heading_deg = 90, .state = GEO_CAMERA_PLANNED};
    GeoCamera twin = camera_of(&spot);
    g_assert_cmpfloat(geo_whatif_try_m(whatif, &twin, at), ==, 0);
    geo_whatif_remove(whatif, id);
    count_cells(whatif, count);
    g_assert_cmpuint(count[GEO_WHATIF_LOST], >, 5000);
    g_assert_cmpuint(count[GEO_WHATIF_OPENED] + count[GEO_WHATIF_MORE], ==, 0);
    g_assert_cmpfloat(geo_whatif_after(whatif).street_seen_m, ==, 0);
    g_assert_cmpfloat_with_epsilon(geo_whatif_try_m(whatif, &twin, at), all_m, 1.5);
    geo_whatif_restore(whatif, id);
    geo_whatif_put(whatif, &twin, at); /* planned counts as if it were built */
    count_cells(whatif, count);
    g_assert_cmpuint(count[GEO_WHATIF_MORE], >, 5000);
    g_assert_cmpuint(count[GEO_WHATIF_LOST], ==, 0);
    g_assert_cmpfloat(geo_whatif_sole_m(whatif, id), ==, 0);
    GeoWhatIfPlace place = geo_whatif_place(whatif, town_lonlat(town, 60, 0));
    g_assert_true(place.seen_by == 2 && place.ground && !place.in_building);
    place = geo_whatif_place(whatif, town_lonlat(town, 30, 30));
    g_assert_true(place.in_building && !place.ground);
}

/* The best of the headings is the best of all tries. */
static void test_best_heading(void)
{
    g_autoptr(Town) town = plain_town();
    town_add_camera(town, 100, 150, 90, GEO_CAMERA_WORKING);
    town_finish(town);
    g_autoptr(GeoWhatIf) whatif = load(town);
    for (int round = 0; round < 10; round++) {
        Spot spot = {.id = 77};
        random_spot(&spot);
        spot.state = GEO_CAMERA_PLANNED;
        GeoCamera camera = camera_of(&spot);
        GeoLonLat at = town_lonlat(town, spot.x, spot.y);
        double gain, best = geo_whatif_best_heading(whatif, &camera, at, 16, &gain), most = 0;
        for (int i = 0; i < 16; i++) {
            camera.heading_deg = i * 22.5;
            most = fmax(most, geo_whatif_try_m(whatif, &camera, at));
        }
        g_assert_cmpfloat(gain, ==, most);
        camera.heading_deg = best;
        g_assert_cmpfloat(geo_whatif_try_m(whatif, &camera, at), ==, most);
    }
}

static void test_field(void)
{
    g_autoptr(Town) town = plain_town();
    town_add_camera(town, 5, 0, 90, GEO_CAMERA_WORKING);
    town_finish(town);
    int64_t id = town->next_id - 1;
    g_autoptr(GeoWhatIf) whatif = load(town);
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    geo_whatif_field(whatif, id, true, points, first);
    g_assert_cmpuint(first->len, >=, 1);
    guint n = points->len;
    geo_whatif_remove(whatif, id);
    geo_whatif_field(whatif, id, false, points, first);
    g_assert_cmpuint(points->len, ==, n);
    GeoWhatIfCamera camera;
    g_assert_true(geo_whatif_camera(whatif, id, &camera));
    g_assert_cmpint(camera.state, ==, GEO_WHATIF_REMOVED);
    g_assert_false(geo_whatif_camera(whatif, 4711, &camera));
    geo_whatif_remove(whatif, 4711);
    geo_whatif_restore(whatif, 4711);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/whatif/equals-a-city-built-so", test_equals_measured);
    g_test_add_func("/whatif/sole-and-try", test_sole_and_try);
    g_test_add_func("/whatif/best-heading-is-the-best-try", test_best_heading);
    g_test_add_func("/whatif/fields-and-unknown-cameras", test_field);
    return g_test_run();
}
