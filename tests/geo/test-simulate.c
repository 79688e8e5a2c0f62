/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/trackcode.h"
#include "geo/work/simulate.h"

#include <string.h>

#include "geo/model/error.h"
#include "geo/work/network.h"
#include "little-city.h"

static GeoSimulateOptions half_an_hour(size_t n_units, uint64_t seed)
{
    return (GeoSimulateOptions){.n_units = n_units,
                                .from_ms = LITTLE_NOON,
                                .to_ms = LITTLE_NOON + 30 * 60000,
                                .step_s = 30,
                                .seed = seed,
                                .share_late = NAN,
                                .share_silent = NAN};
}

static GeoSimulateReport run(GeoStore *store, GeoSimulateOptions options)
{
    GeoAct act = geo_act_local(NULL, options.to_ms);
    GeoSimulateReport report = {0};
    g_autoptr(GError) error = NULL;
    bool whole = geo_simulate_run(store, &act, &options, &report, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(whole);
    return report;
}

static GArray *all_fixes(GeoStore *store)
{
    g_autoptr(GError) error = NULL;
    GArray *fixes = geo_store_load_fixes(store, LITTLE_NOON - 1, LITTLE_NOON + 3600000, &error);
    g_assert_no_error(error);
    return fixes;
}

static void a_city_without_roads_says_so(void)
{
    g_autoptr(GeoStore) store = little_city();
    GeoSimulateOptions options = half_an_hour(5, 1);
    GeoAct act = geo_act_local(NULL, LITTLE_NOON);
    g_autoptr(GError) error = NULL;
    g_assert_false(geo_simulate_run(store, &act, &options, NULL, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, "roads"));
}

static void a_city_without_units_says_so_and_makes_them_when_asked(void)
{
    g_autoptr(GeoStore) store = little_city();
    little_streets(store);
    GeoSimulateOptions options = half_an_hour(0, 1);
    GeoAct act = geo_act_local(NULL, LITTLE_NOON);
    g_autoptr(GError) error = NULL;
    g_assert_false(geo_simulate_run(store, &act, &options, NULL, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    options = half_an_hour(40, 1);
    options.place_only = true;
    GeoSimulateReport report = run(store, options);
    g_assert_cmpuint(report.made, ==, 40);
    g_assert_cmpuint(report.units, ==, 40);
    g_assert_cmpuint(report.ticks, ==, 1);
    g_assert_cmpuint(report.refused, ==, 0);
    g_assert_cmpuint(report.fixes, ==, 40);
    options.n_units = 60; /* more of the same, not others */
    report = run(store, options);
    g_assert_cmpuint(report.made, ==, 20);
    int64_t counts[GEO_N_KINDS] = {0};
    g_assert_true(geo_store_count(store, counts, NULL, NULL));
    g_assert_cmpint(counts[GEO_KIND_UNIT], ==, 60);
}

static void units_stay_on_the_streets_at_their_speed(void)
{
    g_autoptr(GeoStore) store = little_city();
    little_streets(store);
    GeoSimulateReport report = run(store, half_an_hour(50, 3));
    g_assert_cmpuint(report.ticks, ==, 61);
    g_autoptr(GArray) fixes = all_fixes(store);
    g_assert_cmpuint(fixes->len, ==, report.fixes);
    g_assert_cmpuint(fixes->len, >, 50 * 61 * 9 / 10);
    g_autoptr(GeoFrame) frame = geo_frame_new(LITTLE_EPSG, NULL);
    g_autoptr(GeoNetwork) network = geo_network_load(store, frame, NULL, NULL);
    double moved_m = 0;
    for (guint i = 0; i < fixes->len; i++) {
        const GeoFix *fix = &g_array_index(fixes, GeoFix, i);
        GeoXY at = geo_frame_xy(frame, (GeoLonLat){fix->lon, fix->lat});
        GeoSnap snap = geo_roads_snap(network->roads, at, GEO_PROFILE_FOOT, 100);
        g_assert_true(snap.edge >= 0 && snap.off_m < 20); /* the receiver's error */
        const GeoFix *before = i ? &g_array_index(fixes, GeoFix, i - 1) : NULL;
        if (!before || before->unit_id != fix->unit_id)
            continue;
        GeoXY was = geo_frame_xy(frame, (GeoLonLat){before->lon, before->lat});
        double metres = hypot(at.x - was.x, at.y - was.y);
        double seconds = (double)(fix->at_ms - before->at_ms) / 1000;
        g_assert_cmpfloat(metres, <=, seconds * 21 / 3.6 * 1.15 + 36);
        moved_m += metres;
    }
    g_assert_cmpfloat(moved_m, >, 50 * 500); /* they do walk */
}

static void the_same_seed_walks_the_same_ways(void)
{
    GArray *fixes[3];
    for (int i = 0; i < 3; i++) {
        g_autoptr(GeoStore) store = little_city();
        little_streets(store);
        run(store, half_an_hour(30, i == 2 ? 8 : 7));
        fixes[i] = all_fixes(store);
    }
    g_assert_cmpuint(fixes[0]->len, ==, fixes[1]->len);
    size_t different = fixes[0]->len != fixes[2]->len;
    for (guint i = 0; i < fixes[0]->len; i++) {
        const GeoFix *a = &g_array_index(fixes[0], GeoFix, i);
        const GeoFix *b = &g_array_index(fixes[1], GeoFix, i);
        g_assert_cmpint(a->unit_id, ==, b->unit_id);
        g_assert_true(a->at_ms == b->at_ms && a->lon == b->lon && a->lat == b->lat);
        if (i < fixes[2]->len)
            different += g_array_index(fixes[2], GeoFix, i).lon != a->lon;
    }
    g_assert_cmpuint(different, >, 0);
    for (int i = 0; i < 3; i++)
        g_array_unref(fixes[i]);
}

/* What a console does: units move every second, devices report every tenth. */
static void moves_lend_what_a_write_stores(void)
{
    g_autoptr(GeoStore) store = little_city();
    little_streets(store);
    GeoSimulateOptions options = half_an_hour(20, 3);
    GeoAct act = geo_act_local(NULL, LITTLE_NOON + 3600000);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoSimulate) simulate = geo_simulate_new(store, &act, &options, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GArray) written = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    size_t moved = 0;
    for (int second = 0; second <= 30; second++) {
        const GeoFix *fixes;
        size_t n;
        geo_simulate_move(simulate, LITTLE_NOON + second * 1000, &fixes, &n);
        moved += n;
        g_assert_cmpint(fixes[0].at_ms, ==, LITTLE_NOON + second * 1000);
        if (second % 10 != 0)
            continue;
        g_array_append_vals(written, fixes, (guint)n);
        g_assert_true(geo_simulate_write(simulate, &act, &error));
        g_assert_true(geo_simulate_write(simulate, &act, &error)); /* nothing is written twice */
    }
    g_autoptr(GArray) stored = all_fixes(store);
    g_assert_cmpuint(moved, >, 5 * stored->len);
    g_assert_cmpuint(stored->len, ==, written->len);
    g_assert_cmpuint(geo_simulate_report(simulate)->fixes, ==, written->len);
    for (guint i = 0; i < written->len; i++) {
        const GeoFix *wrote = &g_array_index(written, GeoFix, i), *read = NULL;
        for (guint k = 0; k < stored->len && !read; k++) {
            const GeoFix *fix = &g_array_index(stored, GeoFix, k);
            read = fix->unit_id == wrote->unit_id && fix->at_ms == wrote->at_ms ? fix : NULL;
        }
        g_assert_nonnull(read);
        g_assert_cmpfloat_with_epsilon(read->lon, wrote->lon,
                                       0.501 / GEO_TRACKCODE_CELLS_PER_DEGREE);
        g_assert_cmpfloat_with_epsilon(read->lat, wrote->lat,
                                       0.501 / GEO_TRACKCODE_CELLS_PER_DEGREE);
    }
}

static void only_the_rostered_fleet_moves(void)
{
    g_autoptr(GeoStore) store = little_city();
    little_streets(store);
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    little_unit(units, "ON", GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, 0, 0);
    little_unit(units, "OFF", GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, 0, 0);
    little_unit(units, "SICK", GEO_UNIT_FOOT, GEO_STATUS_OUT, 0, 0);
    little_import(store, units, 1);
    GeoBatch *rosters = geo_batch_new(GEO_KIND_ROSTER);
    for (int i = 0; i < 2; i++) { /* half the span only */
        GeoRoster *roster = geo_batch_add(rosters);
        roster->row.code = geo_batch_text(rosters, i ? "ON" : "SICK");
        roster->from_ms = LITTLE_NOON - 3600000;
        roster->to_ms = LITTLE_NOON + 15 * 60000;
    }
    little_import(store, rosters, 50);
    GeoSimulateOptions options = half_an_hour(0, 1);
    options.share_late = options.share_silent = 0;
    GeoSimulateReport report = run(store, options);
    g_assert_cmpuint(report.units, ==, 1);
    g_assert_cmpuint(report.fixes, ==, 30);
    g_assert_cmpuint(report.refused, ==, 0);
}

static void late_and_silent_units_leave_gaps(void)
{
    g_autoptr(GeoStore) store = little_city();
    little_streets(store);
    GeoSimulateOptions options = half_an_hour(20, 1);
    options.share_late = 1;
    GeoSimulateReport report = run(store, options);
    g_assert_cmpuint(report.fixes, >=, 20 * 15);
    g_assert_cmpuint(report.fixes, <=, 20 * 16);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/simulate/a-city-without-roads-says-so", a_city_without_roads_says_so);
    g_test_add_func("/simulate/a-city-without-units-says-so-and-makes-them-when-asked",
                    a_city_without_units_says_so_and_makes_them_when_asked);
    g_test_add_func("/simulate/units-stay-on-the-streets-at-their-speed",
                    units_stay_on_the_streets_at_their_speed);
    g_test_add_func("/simulate/the-same-seed-walks-the-same-ways",
                    the_same_seed_walks_the_same_ways);
    g_test_add_func("/simulate/moves-lend-what-a-write-stores", moves_lend_what_a_write_stores);
    g_test_add_func("/simulate/only-the-rostered-fleet-moves", only_the_rostered_fleet_moves);
    g_test_add_func("/simulate/late-and-silent-units-leave-gaps", late_and_silent_units_leave_gaps);
    return little_run();
}
