/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who was where, against slow plain looks at every fix. */
#include <math.h>

#include "geo/model/trackcode.h"
#include "geo/work/tracks.h"
#include "tests/geo/fresh-city.h"

#define N_UNITS 30
#define N_FIXES 60
#define DEGREE_M 111319.49

typedef struct {
    FreshCity *city;
    GeoFix fixes[N_UNITS][N_FIXES]; /* as kept, by time */
    GeoAct act;
} Case;

static double kept(double degrees)
{
    return geo_trackcode_degrees(geo_trackcode_cell(degrees));
}

/* Walks with gaps, some of minutes. */
static void begin(Case *it)
{
    g_autoptr(GError) error = NULL;
    size_t refused;
    it->city = fresh_city_new("sqlite");
    it->act = geo_act_local(NULL, FRESH_NOW);
    it->act.purpose = "case:117";
    fresh_import(it->city->store, 101, fresh_points(GEO_KIND_UNIT, 11, N_UNITS));
    for (int u = 0; u < N_UNITS; u++) {
        double lon = g_test_rand_double_range(117, 117.01),
               lat = g_test_rand_double_range(31, 31.01);
        int64_t at_ms = FRESH_NOW - 7200000;
        for (int i = 0; i < N_FIXES; i++) {
            at_ms += g_test_rand_int_range(0, 10) ? 10000 : g_test_rand_int_range(1, 700) * 1000;
            lon += g_test_rand_double_range(-2e-4, 2e-4);
            lat += g_test_rand_double_range(-2e-4, 2e-4);
            it->fixes[u][i] =
                (GeoFix){.unit_id = 11 + u, .at_ms = at_ms, .lon = kept(lon), .lat = kept(lat)};
        }
        g_assert_true(geo_store_ingest_fixes(it->city->store, &it->act, it->fixes[u], N_FIXES,
                                             &refused, &error));
        g_assert_cmpuint(refused, ==, 0);
    }
}

static void end(Case *it)
{
    fresh_city_free(it->city);
}

/* ---- visits ---- */

/* Even-odd, edge by edge. */
static bool plain_inside(const GeoLonLat *ring, size_t n, GeoLonLat p)
{
    bool inside = false;
    for (size_t i = 0, j = n - 1; i < n; j = i++)
        if ((ring[i].lat > p.lat) != (ring[j].lat > p.lat) &&
            p.lon <
                (ring[j].lon - ring[i].lon) * (p.lat - ring[i].lat) / (ring[j].lat - ring[i].lat) +
                    ring[i].lon)
            inside = !inside;
    return inside;
}

static void assert_visits(const Case *it, const GArray *visits, const GeoLonLat *ring, size_t n,
                          int64_t from_ms, int64_t to_ms)
{
    guint seen = 0;
    for (int u = 0; u < N_UNITS; u++) {
        int64_t last_ms = 0;
        for (int i = 0; i < N_FIXES; i++) {
            const GeoFix *fix = &it->fixes[u][i];
            if (fix->at_ms < from_ms || fix->at_ms >= to_ms ||
                !plain_inside(ring, n, (GeoLonLat){fix->lon, fix->lat}))
                continue;
            seen += fix->at_ms - last_ms > GEO_TRACKS_GAP_MS;
            last_ms = fix->at_ms;
            guint found = 0;
            for (guint v = 0; v < visits->len; v++) {
                const GeoTracksVisit *visit = &g_array_index(visits, GeoTracksVisit, v);
                found += visit->unit_id == fix->unit_id && visit->first_ms <= fix->at_ms &&
                         fix->at_ms <= visit->last_ms;
            }
            g_assert_cmpuint(found, ==, 1);
        }
    }
    g_assert_cmpuint(visits->len, ==, seen);
    for (guint v = 1; v < visits->len; v++)
        g_assert_cmpint(g_array_index(visits, GeoTracksVisit, v - 1).first_ms, <=,
                        g_array_index(visits, GeoTracksVisit, v).first_ms);
}

static void visits_are_those_of_each_fix_looked_at(void)
{
    Case it;
    begin(&it);
    guint visits_in_all = 0;
    for (int round = 0; round < 60; round++) {
        g_autoptr(GError) error = NULL;
        GeoLonLat ring[6];
        double lon = g_test_rand_double_range(117, 117.01),
               lat = g_test_rand_double_range(31, 31.01);
        for (int i = 0; i < 5; i++) {
            double turn = i * 2 * G_PI / 5, r = g_test_rand_double_range(0.0005, 0.004);
            ring[i] = (GeoLonLat){lon + r * cos(turn), lat + r * sin(turn)};
        }
        ring[5] = ring[0];
        int64_t from_ms = FRESH_NOW - g_test_rand_int_range(0, 7200) * INT64_C(1000);
        int64_t to_ms = from_ms + 3600000;
        g_autoptr(GeoBatch) areas = geo_batch_new(GEO_KIND_AREA);
        geo_batch_add(areas);
        geo_batch_part_from(areas, GEO_SHAPE_POLYGON, ring, 6);
        g_autoptr(GArray) visits = geo_tracks_in_area(
            it.city->store, &it.act, areas, geo_batch_row(areas, 0), from_ms, to_ms, &error);
        g_assert_no_error(error);
        assert_visits(&it, visits, ring, 6, from_ms, to_ms);
        visits_in_all += visits->len;
        GeoBounds box = {lon, lat, lon + 0.002, lat + 0.001};
        GeoLonLat corners[5] = {{box.west, box.south},
                                {box.east, box.south},
                                {box.east, box.north},
                                {box.west, box.north},
                                {box.west, box.south}};
        g_autoptr(GArray) boxed =
            geo_tracks_in_box(it.city->store, &it.act, &box, from_ms, to_ms, &error);
        assert_visits(&it, boxed, corners, 5, from_ms, to_ms);
    }
    g_assert_cmpuint(visits_in_all, >, 50);
    end(&it);
}

/* ---- passers-by ---- */

static double distance_m(GeoLonLat place, double lon, double lat)
{
    return hypot((lon - place.lon) * DEGREE_M * cos(place.lat * G_PI / 180),
                 (lat - place.lat) * DEGREE_M);
}

/* The least distance of a unit's way, looked at in steps of a hundredth between fixes. */
static double plain_least(const Case *it, int u, GeoLonLat place, int64_t from_ms, int64_t to_ms)
{
    double least = INFINITY;
    for (int i = 0; i < N_FIXES; i++) {
        const GeoFix *a = &it->fixes[u][i], *b = i + 1 < N_FIXES ? a + 1 : a;
        if (a->at_ms < from_ms || a->at_ms > to_ms)
            continue;
        bool straight = b->at_ms <= to_ms && b->at_ms - a->at_ms <= 60000;
        for (int step = 0; step <= (straight ? 100 : 0); step++)
            least = fmin(least, distance_m(place, a->lon + step / 100.0 * (b->lon - a->lon),
                                           a->lat + step / 100.0 * (b->lat - a->lat)));
    }
    return least;
}

static void the_nearest_of_each_way_is_found(void)
{
    Case it;
    begin(&it);
    guint n = 0, between = 0;
    for (int round = 0; round < 60; round++) {
        g_autoptr(GError) error = NULL;
        GeoLonLat place = {g_test_rand_double_range(117, 117.01),
                           g_test_rand_double_range(31, 31.01)};
        int64_t at_ms = FRESH_NOW - g_test_rand_int_range(0, 7200) * INT64_C(1000);
        int64_t window_ms = g_test_rand_int_range(1, 60) * INT64_C(60000);
        double radius_m = g_test_rand_double_range(20, 400);
        g_autoptr(GArray) passers =
            geo_tracks_passers(it.city->store, &it.act, place, radius_m, at_ms, window_ms, &error);
        g_assert_no_error(error);
        for (int u = 0; u < N_UNITS; u++) {
            double least = plain_least(&it, u, place, at_ms - window_ms, at_ms + window_ms);
            const GeoTracksPasser *found = NULL;
            for (guint i = 0; i < passers->len; i++)
                if (g_array_index(passers, GeoTracksPasser, i).unit_id == 11 + u)
                    found = &g_array_index(passers, GeoTracksPasser, i);
            if (found) {
                g_assert_cmpfloat(found->distance_m, <=, least + 1e-9);
                g_assert_cmpfloat(found->distance_m, >, least - 1);
                g_assert_cmpfloat(distance_m(place, found->at.lon, found->at.lat), <=,
                                  found->distance_m + 1e-6);
                between += found->between;
            } else {
                g_assert_cmpfloat(least, >, radius_m);
            }
        }
        for (guint i = 1; i < passers->len; i++)
            g_assert_cmpfloat(g_array_index(passers, GeoTracksPasser, i - 1).distance_m, <=,
                              g_array_index(passers, GeoTracksPasser, i).distance_m);
        n += passers->len;
    }
    g_assert_cmpuint(n, >, 60);
    g_assert_cmpuint(between, >, 4);
    end(&it);
}

static void each_question_needs_a_purpose(void)
{
    Case it;
    begin(&it);
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    GeoBounds box = {117, 31, 117.01, 31.01};
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_tracks_in_box(it.city->store, &act, &box, 0, FRESH_NOW, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    g_assert_null(geo_tracks_passers(it.city->store, &act, (GeoLonLat){117, 31}, 100, FRESH_NOW,
                                     1000, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    end(&it);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/passers/visits-are-those-of-each-fix-looked-at",
                    visits_are_those_of_each_fix_looked_at);
    g_test_add_func("/passers/the-nearest-of-each-way-is-found", the_nearest_of_each_way_is_found);
    g_test_add_func("/passers/each-question-needs-a-purpose", each_question_needs_a_purpose);
    return g_test_run();
}
