/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fleet at any moment, against a plain scan of all fixes; gaps stay gaps; windows come and go
 * without a change of what is shown. */
#include <stdlib.h>

#include "geo/model/trackcode.h"
#include "geo/work/playback.h"
#include "tests/geo/fresh-city.h"

#define MINUTE INT64_C(60000)
#define BEGIN (FRESH_NOW / GEO_PLAYER_WINDOW_MS * GEO_PLAYER_WINDOW_MS)
#define N_UNITS 9
#define HOUR_MIN 40

/* Walks with pauses of silence, jumps and doubled times of report; by unit, then time. */
static GArray *random_fixes(void)
{
    GArray *fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    for (int u = 0; u < N_UNITS; u++) {
        double lon = 117.2, lat = 31.8;
        for (int64_t at = BEGIN - 20 * MINUTE + g_test_rand_int_range(0, 60000);
             at < BEGIN + HOUR_MIN * MINUTE; at += g_test_rand_int_range(2, 40) * 1000) {
            int luck = g_test_rand_int_range(0, 40);
            if (luck == 0)
                at += g_test_rand_int_range(1, 14) * MINUTE;
            bool jumps = luck == 1;
            lon += g_test_rand_double_range(-1, 1) * (jumps ? 0.2 : 2e-4);
            lat += g_test_rand_double_range(-1, 1) * (jumps ? 0.2 : 2e-4);
            if (u == 4 && at > BEGIN + 3 * MINUTE)
                break;
            GeoFix fix = {11 + 2 * u,
                          at,
                          geo_trackcode_degrees(geo_trackcode_cell(lon)),
                          geo_trackcode_degrees(geo_trackcode_cell(lat)),
                          NAN,
                          NAN,
                          NAN};
            g_array_append_val(fixes, fix);
        }
    }
    return fixes;
}

/* The plain twin: no windows, no cursors, great circles. */
static GeoPlayPlace plain_at(const GArray *fixes, int64_t unit_id, int64_t at_ms)
{
    const GeoFix *a = NULL, *b = NULL;
    for (guint i = 0; i < fixes->len; i++) {
        const GeoFix *fix = &g_array_index(fixes, GeoFix, i);
        if (fix->unit_id != unit_id)
            continue;
        if (fix->at_ms <= at_ms && (!a || fix->at_ms > a->at_ms))
            a = fix;
        if (fix->at_ms > at_ms && (!b || fix->at_ms < b->at_ms))
            b = fix;
    }
    if (!a || at_ms - a->at_ms > GEO_PLAYER_SHOWN_MS)
        return (GeoPlayPlace){.lon = (double)NAN};
    GeoPlayPlace place = {.lon = a->lon, .lat = a->lat, .fix_ms = a->at_ms};
    place.how = at_ms - a->at_ms <= 60000 ? GEO_PLAY_AT : GEO_PLAY_GAP;
    if (!b || b->at_ms - a->at_ms > 60000)
        return place;
    double s = (double)(b->at_ms - a->at_ms) / 1000;
    double m = geo_coord_distance_m((GeoLonLat){a->lon, a->lat}, (GeoLonLat){b->lon, b->lat});
    place.how = m <= GEO_PLAY_MAX_MPS * s ? GEO_PLAY_BETWEEN : GEO_PLAY_GAP;
    if (place.how == GEO_PLAY_BETWEEN) {
        double share = (double)(at_ms - a->at_ms) / 1000 / s;
        place.lon += share * (b->lon - a->lon);
        place.lat += share * (b->lat - a->lat);
    }
    return place;
}

static void check_place(const GeoPlayPlace *is, const GeoPlayPlace *wanted)
{
    /* After the last window that is known a next fix may be unknown; a gap then looks like a stay.
     */
    g_assert_cmpint(is->how == GEO_PLAY_NOWHERE, ==, isnan(wanted->lon));
    if (is->how == GEO_PLAY_NOWHERE)
        return;
    g_assert_cmpint(is->how, ==, wanted->how);
    g_assert_cmpint(is->fix_ms, ==, wanted->fix_ms);
    g_assert_cmpfloat_with_epsilon(is->lon, wanted->lon, 1e-9);
    g_assert_cmpfloat_with_epsilon(is->lat, wanted->lat, 1e-9);
}

typedef struct {
    FreshCity *city;
    GArray *fixes;
    int64_t units[N_UNITS];
} Show;

static Show new_show(const char *backend)
{
    Show show = {fresh_city_new(backend), random_fixes(), {0}};
    g_autoptr(GError) error = NULL;
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    for (int u = 0; u < N_UNITS; u++) {
        fresh_row(units, 11 + 2 * u, NULL);
        show.units[u] = 11 + 2 * u;
    }
    fresh_import(show.city->store, 100, units);
    GeoAct act = geo_act_local(NULL, BEGIN + 60 * MINUTE);
    geo_store_ingest_fixes(show.city->store, &act, (const GeoFix *)(void *)show.fixes->data,
                           show.fixes->len, NULL, &error);
    g_assert_no_error(error);
    return show;
}

static void drop_show(Show show)
{
    fresh_city_free(show.city);
    g_array_unref(show.fixes);
}

/* As the window's thread does: until nothing more is wanted. */
static void read_all(const Show *show, GeoPlayer *player, int64_t at_ms, double speed)
{
    int64_t wanted;
    for (int i = 0; i < 10 && geo_player_wants(player, at_ms, speed, &wanted); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoPlayWindow) earlier = geo_player_earlier(player, wanted);
        GeoPlayWindow *window =
            geo_player_read(show->city->store, show->units, N_UNITS, wanted, earlier, &error);
        g_assert_no_error(error);
        geo_player_put(player, window, at_ms);
    }
}

static void check_moment(const Show *show, GeoPlayer *player, int64_t at_ms)
{
    GeoPlayPlace places[N_UNITS];
    g_assert_true(geo_player_at(player, at_ms, places));
    for (int u = 0; u < N_UNITS; u++) {
        GeoPlayPlace wanted = plain_at(show->fixes, show->units[u], at_ms);
        check_place(&places[u], &wanted);
    }
}

static void jumps_agree_with_a_scan(gconstpointer backend)
{
    Show show = new_show(backend);
    g_autoptr(GeoPlayer) player = geo_player_new(show.units, N_UNITS);
    GeoPlayPlace places[N_UNITS];
    g_assert_false(geo_player_at(player, BEGIN, places));
    for (int i = 0; i < 300; i++) {
        int64_t at = BEGIN + g_test_rand_int_range(0, (int)((HOUR_MIN - 6) * MINUTE));
        read_all(&show, player, at, g_test_rand_bit() ? 600 : -600);
        read_all(&show, player, at, 1); /* the window after it, for what lies across the border */
        check_moment(&show, player, at);
    }
    drop_show(show);
}

static void backward_is_forward_reversed(void)
{
    Show show = new_show("memory");
    g_autoptr(GeoPlayer) there = geo_player_new(show.units, N_UNITS);
    for (int64_t at = BEGIN; at < BEGIN + 30 * MINUTE; at += 7300) {
        read_all(&show, there, at, 60);
        check_moment(&show, there, at);
    }
    for (int64_t at = BEGIN + 30 * MINUTE; at > BEGIN; at -= 7300) {
        read_all(&show, there, at, -60);
        read_all(&show, there, at, 1);
        check_moment(&show, there, at);
    }
    g_assert_cmpuint(geo_player_bytes(there), <, 1000000);
    drop_show(show);
}

static void check_run(size_t unit, const GeoLonLat *points, const int64_t *at_ms, size_t n,
                      void *user)
{
    Show *show = user;
    g_assert_cmpuint(n, >=, 2);
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (guint k = 0; k < show->fixes->len && !found; k++) {
            const GeoFix *fix = &g_array_index(show->fixes, GeoFix, k);
            found = fix->unit_id == show->units[unit] && fix->at_ms == at_ms[i] &&
                    fabs(fix->lon - points[i].lon) < 1e-9;
        }
        g_assert_true(found);
        if (i > 0)
            g_assert_cmpint(at_ms[i] - at_ms[i - 1], >=, 20000);
    }
    for (size_t i = 1; i < n; i++) /* no gap lies within a run */
        for (guint k = 1; k < show->fixes->len; k++) {
            const GeoFix *fix = &g_array_index(show->fixes, GeoFix, k);
            if (fix->unit_id == show->units[unit] && fix[-1].unit_id == fix->unit_id &&
                fix[-1].at_ms >= at_ms[i - 1] && fix->at_ms <= at_ms[i])
                g_assert_cmpint(fix->at_ms - fix[-1].at_ms, <=, GEO_PLAY_GAP_MS);
        }
}

static void trails_are_cut_at_gaps(void)
{
    Show show = new_show("memory");
    g_autoptr(GeoPlayer) player = geo_player_new(show.units, N_UNITS);
    for (int64_t at = BEGIN; at < BEGIN + 30 * MINUTE; at += 5 * MINUTE)
        read_all(&show, player, at, 600);
    geo_player_trails(player, BEGIN + 30 * MINUTE, 20 * MINUTE, 20000, check_run, &show);
    drop_show(show);
}

static void headings_and_speeds_follow_the_way(void)
{
    const int64_t units[] = {1};
    GeoFix fixes[] = {{1, BEGIN, 117.2, 31.8, NAN, NAN, NAN},
                      {1, BEGIN + 10000, 117.2, 31.8 + 13 / 111195.0, NAN, NAN, NAN},
                      {1, BEGIN + 20000, 117.2 - 0.0002, 31.8 + 13 / 111195.0, NAN, NAN, NAN},
                      {1, BEGIN + 30000, 117.2 - 0.0002, 31.8 + 13 / 111195.0, NAN, NAN, NAN}};
    g_autoptr(GeoPlayWindow) window =
        geo_playwindow_new(units, 1, BEGIN, BEGIN + MINUTE, NULL, 0, fixes, G_N_ELEMENTS(fixes));
    g_autoptr(GeoPlayback) playback = geo_playback_new(1);
    GeoPlayPlace place;
    geo_playback_at(playback, window, NULL, BEGIN + 5000, &place);
    g_assert_cmpfloat_with_epsilon(place.speed_mps, 1.3, 0.1);
    g_assert_cmpfloat_with_epsilon(place.heading_deg, 0, 1e-3);
    geo_playback_at(playback, window, NULL, BEGIN + 15000, &place);
    g_assert_cmpfloat_with_epsilon(place.heading_deg, 270, 1e-3);
    geo_playback_at(playback, window, NULL, BEGIN + 25000, &place);
    g_assert_cmpint(place.how, ==, GEO_PLAY_BETWEEN);
    g_assert_true(isnan(place.heading_deg)); /* it stands */
    geo_playback_at(playback, window, NULL, BEGIN + 45000, &place);
    g_assert_cmpint(place.how, ==, GEO_PLAY_AT);
    g_assert_cmpint(place.fix_ms, ==, BEGIN + 30000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/playback/memory/jumps-agree-with-a-scan", "memory",
                         jumps_agree_with_a_scan);
    g_test_add_data_func("/playback/sqlite/jumps-agree-with-a-scan", "sqlite",
                         jumps_agree_with_a_scan);
    g_test_add_func("/playback/backward-is-forward-reversed", backward_is_forward_reversed);
    g_test_add_func("/playback/trails-are-cut-at-gaps", trails_are_cut_at_gaps);
    g_test_add_func("/playback/headings-and-speeds-follow-the-way",
                    headings_and_speeds_follow_the_way);
    return g_test_run();
}
