/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/hotspot.h"

#include "little-city.h"

static GeoStore *city_of_two_clusters(void)
{
    GeoStore *store = little_city();
    GeoBatch *incidents = geo_batch_new(GEO_KIND_INCIDENT);
    for (int i = 0; i < 300; i++) {
        GeoIncident *incident = geo_batch_add(incidents);
        bool big = i < 200;
        incident->at_ms = LITTLE_NOON + i;
        incident->category = geo_batch_word(incidents, "theft");
        GeoLonLat p = little_place((big ? 500 : 5000) + i % 10, (big ? 700 : 3000) + i % 7);
        if (i % 50 != 49)
            geo_batch_set_point(incidents, p.lon, p.lat);
    }
    little_import(store, incidents, 1);
    return store;
}

static void the_peak_is_where_the_incidents_are(void)
{
    g_autoptr(GeoStore) store = city_of_two_clusters();
    GeoHotspotOptions options = {.bounds = GEO_BOUNDS_EMPTY, .radius_m = 200};
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoHotspot) hotspot = geo_hotspot_load(store, &options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(hotspot->n, ==, 294);
    g_assert_cmpuint(hotspot->n_unplaced, ==, 6);
    GeoHotspotCell cells[5];
    g_assert_cmpuint(geo_hotspot_top(hotspot, cells, 5), ==, 2);
    g_assert_cmpfloat(geo_coord_distance_m(cells[0].at, little_place(505, 703)), <, 60);
    g_assert_cmpfloat(geo_coord_distance_m(cells[1].at, little_place(5005, 3003)), <, 60);
    /* 196 events on one spot: the kernel's peak times their number. */
    g_assert_cmpfloat(hotspot->peak, >, 0.9 * 196 * 3 / (G_PI * 0.04));
    g_assert_cmpfloat(hotspot->peak, <=, 196 * 3 / (G_PI * 0.04));
    g_assert_cmpfloat(hotspot->peak, ==, cells[0].density);
}

static void the_field_sums_to_the_incidents(void)
{
    g_autoptr(GeoStore) store = city_of_two_clusters();
    GeoHotspotOptions options = {.bounds = GEO_BOUNDS_EMPTY, .radius_m = 300};
    g_autoptr(GeoHotspot) hotspot = geo_hotspot_load(store, &options, NULL, NULL);
    double sum = 0;
    for (size_t i = 0; i < hotspot->columns * hotspot->rows; i++)
        sum += hotspot->density[i];
    GeoLonLat a = {hotspot->bounds.west, (hotspot->bounds.south + hotspot->bounds.north) / 2};
    GeoLonLat b = {hotspot->bounds.east, a.lat};
    GeoLonLat c = {a.lon, hotspot->bounds.south}, d = {a.lon, hotspot->bounds.north};
    double km2 = geo_coord_distance_m(a, b) * geo_coord_distance_m(c, d) / 1e6;
    double n = sum * km2 / (double)(hotspot->columns * hotspot->rows);
    g_assert_cmpfloat_with_epsilon(n, 294, 294 * 0.01);
}

static void a_period_and_bounds_choose(void)
{
    g_autoptr(GeoStore) store = city_of_two_clusters();
    GeoHotspotOptions options = {
        .bounds = GEO_BOUNDS_EMPTY, .from_ms = LITTLE_NOON + 200, .to_ms = LITTLE_NOON + 300};
    g_autoptr(GeoHotspot) late = geo_hotspot_load(store, &options, NULL, NULL);
    g_assert_cmpuint(late->n, ==, 98);
    g_assert_cmpfloat(geo_coord_distance_m(late->peak_at, little_place(5005, 3003)), <, 100);
    GeoLonLat low = little_place(0, 0), high = little_place(1000, 1000);
    options = (GeoHotspotOptions){.bounds = {low.lon, low.lat, high.lon, high.lat},
                                  .columns = 64,
                                  .rows = 32,
                                  .radius_m = 250};
    g_autoptr(GeoHotspot) part = geo_hotspot_load(store, &options, NULL, NULL);
    g_assert_cmpuint(part->n, ==, 196);
    g_assert_cmpuint(part->columns, ==, 64);
    g_assert_cmpuint(part->rows, ==, 32);
}

static void no_incidents_no_peak(void)
{
    g_autoptr(GeoStore) store = little_city();
    GeoHotspotOptions options = {.bounds = GEO_BOUNDS_EMPTY};
    g_autoptr(GeoHotspot) hotspot = geo_hotspot_load(store, &options, NULL, NULL);
    GeoHotspotCell cell;
    g_assert_cmpuint(hotspot->n, ==, 0);
    g_assert_cmpfloat(hotspot->peak, ==, 0);
    g_assert_cmpuint(geo_hotspot_top(hotspot, &cell, 1), ==, 0);
}

static void a_quiet_month_shows_the_year_before(void)
{
    static const struct {
        int64_t days_later;
        int said;
    } cases[] = {{10, 28}, {100, 365}, {1000, 0}};
    g_autoptr(GeoStore) store = city_of_two_clusters();
    GeoLonLat low = little_place(-1000, -1000), high = little_place(6000, 4000);
    GeoBounds all = {low.lon, low.lat, high.lon, high.lat};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int days = -1;
        int64_t at_ms = LITTLE_NOON + cases[i].days_later * 24 * 3600 * 1000;
        g_autoptr(GeoHotspot) hotspot =
            geo_hotspot_load_recent(store, all, at_ms, &days, NULL, NULL);
        g_assert_cmpint(days, ==, cases[i].said);
        g_assert_cmpuint(hotspot->n, ==, 294);
    }
}

static void the_ramp_ends_below_one_hot_cell(void)
{
    double density[1000];
    for (int i = 0; i < 1000; i++)
        density[i] = i == 500 ? 900 : 100 + i % 20;
    GeoHotspot hotspot = {.columns = 100, .rows = 10, .density = density, .peak = 900};
    g_assert_cmpfloat(geo_hotspot_ramp_end(&hotspot), ==, 120);
    hotspot.peak = 0;
    for (int i = 0; i < 1000; i++)
        density[i] = 0;
    g_assert_cmpfloat(geo_hotspot_ramp_end(&hotspot), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hotspot/the-peak-is-where-the-incidents-are",
                    the_peak_is_where_the_incidents_are);
    g_test_add_func("/hotspot/the-field-sums-to-the-incidents", the_field_sums_to_the_incidents);
    g_test_add_func("/hotspot/a-period-and-bounds-choose", a_period_and_bounds_choose);
    g_test_add_func("/hotspot/no-incidents-no-peak", no_incidents_no_peak);
    g_test_add_func("/hotspot/a-quiet-month-shows-the-year-before",
                    a_quiet_month_shows_the_year_before);
    g_test_add_func("/hotspot/the-ramp-ends-below-one-hot-cell", the_ramp_ends_below_one_hot_cell);
    return little_run();
}
