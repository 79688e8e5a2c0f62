/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/fleet.h"

#include "little-city.h"

typedef struct {
    GeoStore *store;
    GeoFrame *frame;
    GeoNetwork *network;
    GeoFleet *fleet;
} Case;

static void load(Case *it, const GeoFleetOptions *options)
{
    g_autoptr(GError) error = NULL;
    it->frame = geo_frame_new(LITTLE_EPSG, &error);
    it->network = geo_network_load(it->store, it->frame, NULL, &error);
    g_assert_no_error(error);
    it->fleet = geo_fleet_load(it->store, it->frame, it->network, options, NULL, &error);
    g_assert_no_error(error);
}

static void end(Case *it)
{
    geo_fleet_free(it->fleet);
    geo_network_free(it->network);
    geo_frame_free(it->frame);
    geo_store_close(it->store);
}

static const char *code_of(const Case *it, const GArray *hits, guint i)
{
    return geo_fleet_unit(it->fleet, g_array_index(hits, GeoFleetHit, i).unit)->code;
}

static GeoLeft left_of(const Case *it, const char *code)
{
    for (size_t i = 0; i < geo_fleet_n(it->fleet); i++)
        if (g_str_equal(geo_fleet_unit(it->fleet, i)->code, code))
            return geo_fleet_unit(it->fleet, i)->left;
    g_assert_not_reached();
}

static void a_city_without_units_has_an_empty_answer(void)
{
    Case it = {.store = little_city()};
    little_streets(it.store);
    load(&it, &(GeoFleetOptions){0});
    g_autoptr(GeoFleetAnswer) answer =
        geo_fleet_nearest(it.fleet, little_place(500, 500), 5, true, 20);
    g_assert_cmpuint(answer->hits->len, ==, 0);
    g_assert_cmpuint(answer->left_out->len, ==, 0);
    end(&it);
}

static void the_network_is_the_lattice(void)
{
    Case it = {.store = little_city()};
    little_streets(it.store);
    load(&it, &(GeoFleetOptions){0});
    /* A street's end meets another street everywhere but nowhere alone: all crossings are nodes. */
    g_assert_cmpuint(it.network->facts.nodes, ==, LITTLE_SIDE * LITTLE_SIDE);
    g_assert_cmpuint(it.network->facts.edges, ==, 2 * LITTLE_SIDE * (LITTLE_SIDE - 1));
    g_assert_cmpuint(it.network->facts.components, ==, 1);
    g_assert_cmpint(geo_network_road(it.network, 0)->class, ==, GEO_ROAD_RESIDENTIAL);
    end(&it);
}

static void each_left_out_unit_has_its_reason(void)
{
    Case it = {.store = little_city()};
    little_streets(it.store);
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    little_unit(units, "FREE-FAR", GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, 1000, 0);
    little_unit(units, "BUSY", GEO_UNIT_FOOT, GEO_STATUS_HANDLING, 400, 0);
    little_unit(units, "OFF", GEO_UNIT_FOOT, GEO_STATUS_OFF, 400, 0);
    little_unit(units, "NOWHERE", GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, NAN, NAN);
    little_unit(units, "FIELD", GEO_UNIT_CAR, GEO_STATUS_AVAILABLE, -1500, 0);
    little_unit(units, "STALE", GEO_UNIT_CAR, GEO_STATUS_AVAILABLE, 0, 0);
    little_unit(units, "CAR", GEO_UNIT_CAR, GEO_STATUS_CLEARED, 600, 0);
    little_import(it.store, units, 1);
    little_fix(it.store, 6, LITTLE_NOON - 20 * 60000, 400, 10);
    little_fix(it.store, 7, LITTLE_NOON - 5000, 1000, 0);
    little_fix(it.store, 2, LITTLE_NOON, 420, 0);
    load(&it, &(GeoFleetOptions){.at_ms = LITTLE_NOON});
    g_assert_cmpint(left_of(&it, "FREE-FAR"), ==, GEO_LEFT_NOT);
    g_assert_cmpint(left_of(&it, "BUSY"), ==, GEO_LEFT_BUSY);
    g_assert_cmpint(left_of(&it, "OFF"), ==, GEO_LEFT_OFF_DUTY);
    g_assert_cmpint(left_of(&it, "NOWHERE"), ==, GEO_LEFT_NO_PLACE);
    g_assert_cmpint(left_of(&it, "FIELD"), ==, GEO_LEFT_OFF_ROAD);
    g_assert_cmpint(left_of(&it, "STALE"), ==, GEO_LEFT_STALE);
    g_autoptr(GeoFleetAnswer) answer =
        geo_fleet_nearest(it.fleet, little_place(400, 0), 1, true, 20);
    g_assert_cmpuint(answer->hits->len, ==, 1);
    g_assert_cmpstr(code_of(&it, answer->hits, 0), ==, "CAR");
    const GeoFleetHit *hit = &g_array_index(answer->hits, GeoFleetHit, 0);
    g_assert_cmpfloat_with_epsilon(hit->distance_m, 600, 0.5);
    g_assert_cmpfloat_with_epsilon(hit->travel_s, 600 / (21 / 3.6), 0.5);
    g_assert_cmpfloat_with_epsilon(geo_fleet_unit(it.fleet, hit->unit)->age_s, 5, 1e-9);
    /* The walker at its post is as near by air but no nearer: not listed. Off duty without a fix is
     * nobody's business. */
    g_assert_cmpuint(answer->left_out->len, ==, 2);
    g_assert_cmpstr(code_of(&it, answer->left_out, 0), ==, "STALE");
    g_assert_cmpstr(code_of(&it, answer->left_out, 1), ==, "BUSY");
    g_assert_cmpuint(answer->n_left[GEO_LEFT_NOT], ==, 2);
    g_assert_cmpuint(answer->n_left[GEO_LEFT_OFF_DUTY], ==, 1);
    end(&it);
}

static void a_slower_walker_is_named_with_its_time(void)
{
    Case it = {.store = little_city()};
    little_streets(it.store);
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    little_unit(units, "WALKER", GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, 400, 0);
    little_unit(units, "CAR", GEO_UNIT_CAR, GEO_STATUS_AVAILABLE, 1000, 0);
    little_import(it.store, units, 1);
    load(&it, &(GeoFleetOptions){0});
    g_autoptr(GeoFleetAnswer) road = geo_fleet_nearest(it.fleet, little_place(0, 0), 1, true, 20);
    g_assert_cmpstr(code_of(&it, road->hits, 0), ==, "CAR");
    g_assert_true(isnan(geo_fleet_unit(it.fleet, 0)->age_s)); /* at its post: no age */
    g_assert_cmpuint(road->left_out->len, ==, 1);
    const GeoFleetHit *walker = &g_array_index(road->left_out, GeoFleetHit, 0);
    g_assert_cmpint(walker->left, ==, GEO_LEFT_SLOWER);
    g_assert_cmpfloat_with_epsilon(walker->travel_s, 400 / 1.25, 0.5);
    g_autoptr(GeoFleetAnswer) air = geo_fleet_nearest(it.fleet, little_place(0, 0), 1, false, 20);
    g_assert_cmpstr(code_of(&it, air->hits, 0), ==, "WALKER");
    end(&it);
}

static void an_island_is_not_connected(void)
{
    Case it = {.store = little_city()};
    little_streets(it.store);
    GeoBatch *island = geo_batch_new(GEO_KIND_ROAD);
    GeoRoad *road = geo_batch_add(island);
    road->class = GEO_ROAD_RESIDENTIAL;
    road->foot = road->ebike = road->car = 2;
    geo_batch_begin(island, GEO_SHAPE_LINE);
    GeoLonLat a = little_place(-400, 0), b = little_place(-400, 100);
    geo_batch_point(island, a.lon, a.lat);
    geo_batch_point(island, b.lon, b.lat);
    little_import(it.store, island, 2000);
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    little_unit(units, "ISLANDER", GEO_UNIT_CAR, GEO_STATUS_AVAILABLE, -400, 50);
    little_unit(units, "CAR", GEO_UNIT_CAR, GEO_STATUS_AVAILABLE, 1900, 1900);
    little_import(it.store, units, 1);
    load(&it, &(GeoFleetOptions){0});
    g_autoptr(GeoFleetAnswer) answer = geo_fleet_nearest(it.fleet, little_place(0, 0), 1, true, 20);
    g_assert_cmpstr(code_of(&it, answer->hits, 0), ==, "CAR");
    g_assert_cmpint(g_array_index(answer->left_out, GeoFleetHit, 0).left, ==, GEO_LEFT_NOT_LINKED);
    end(&it);
}

static void rosters_say_who_is_on_duty(void)
{
    Case it = {.store = little_city()};
    little_streets(it.store);
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    little_unit(units, "DAY", GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, 0, 0);
    little_unit(units, "NIGHT", GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, 0, 0);
    little_import(it.store, units, 1);
    GeoBatch *rosters = geo_batch_new(GEO_KIND_ROSTER);
    static const int64_t hour_ms = 3600000;
    for (int i = 0; i < 2; i++) {
        GeoRoster *roster = geo_batch_add(rosters);
        roster->row.code = geo_batch_text(rosters, i ? "NIGHT" : "DAY");
        roster->from_ms = LITTLE_NOON + (i ? 4 : -4) * hour_ms;
        roster->to_ms = roster->from_ms + 8 * hour_ms;
    }
    little_import(it.store, rosters, 50);
    for (int i = 0; i < 2; i++) {
        load(&it, &(GeoFleetOptions){.at_ms = LITTLE_NOON + (i ? 6 : 0) * hour_ms});
        g_assert_cmpint(left_of(&it, i ? "NIGHT" : "DAY"), ==, GEO_LEFT_NOT);
        g_assert_cmpint(left_of(&it, i ? "DAY" : "NIGHT"), ==, GEO_LEFT_OFF_DUTY);
        geo_fleet_free(it.fleet);
        geo_network_free(it.network);
        geo_frame_free(it.frame);
    }
    it.fleet = NULL;
    it.network = NULL;
    it.frame = NULL;
    end(&it);
}

static void the_past_shows_where_units_were(void)
{
    Case it = {.store = little_city()};
    little_streets(it.store);
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    little_unit(units, "A", GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, 0, 0);
    little_unit(units, "B", GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, 0, 0);
    little_import(it.store, units, 1);
    little_fix(it.store, 1, LITTLE_NOON - 60000, 200, 0);
    little_fix(it.store, 2, LITTLE_NOON - 60000, 400, 0);
    little_fix(it.store, 1, LITTLE_NOON, 600, 0);
    /* now, before A's second fix, and before all: from newest fixes, from the log, at the post */
    static const double seconds_ago[] = {0, 30, 90}, age_s[] = {0, 30, NAN}, x_m[] = {600, 200, 0};
    for (int i = 0; i < 3; i++) {
        load(&it, &(GeoFleetOptions){.at_ms = LITTLE_NOON - (int64_t)seconds_ago[i] * 1000});
        const GeoFleetUnit *a = geo_fleet_unit(it.fleet, 0);
        g_assert_cmpfloat_with_epsilon(a->at.x - little_corner.x, x_m[i], 0.01);
        g_assert_true(a->age_s == age_s[i] || (isnan(a->age_s) && isnan(age_s[i])));
        const GeoFleetUnit *b = geo_fleet_unit(it.fleet, 1);
        g_assert_cmpfloat_with_epsilon(b->at.x - little_corner.x, i < 2 ? 400 : 0, 0.01);
        geo_fleet_free(it.fleet);
        geo_network_free(it.network);
        geo_frame_free(it.frame);
    }
    it.fleet = NULL;
    it.network = NULL;
    it.frame = NULL;
    end(&it);
}

static void flags_are_there_for_every_status(void)
{
    int available = 0;
    for (int status = 0; status < GEO_N_STATUSES; status++) {
        GeoStatusFlags flags = geo_status_flags((GeoUnitStatus)status);
        available += flags.available;
        if (flags.available)
            g_assert_true(flags.tracked && !flags.arrived);
    }
    g_assert_cmpint(available, ==, 3);
    g_assert_false(geo_status_flags((GeoUnitStatus)99).available);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fleet/a-city-without-units-has-an-empty-answer",
                    a_city_without_units_has_an_empty_answer);
    g_test_add_func("/fleet/the-network-is-the-lattice", the_network_is_the_lattice);
    g_test_add_func("/fleet/each-left-out-unit-has-its-reason", each_left_out_unit_has_its_reason);
    g_test_add_func("/fleet/a-slower-walker-is-named-with-its-time",
                    a_slower_walker_is_named_with_its_time);
    g_test_add_func("/fleet/an-island-is-not-connected", an_island_is_not_connected);
    g_test_add_func("/fleet/rosters-say-who-is-on-duty", rosters_say_who_is_on_duty);
    g_test_add_func("/fleet/the-past-shows-where-units-were", the_past_shows_where_units_were);
    g_test_add_func("/fleet/flags-are-there-for-every-status", flags_are_there_for_every_status);
    return little_run();
}
