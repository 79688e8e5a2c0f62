/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/trackcode.h"
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
    little_fix(it.store, 7, LITTLE_NOON - 5000, 998, 0);
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
    g_assert_cmpfloat_with_epsilon(hit->distance_m, 598, 0.9); /* a cell's half */
    g_assert_cmpfloat_with_epsilon(hit->travel_s, 598 / (21 / 3.6), 0.5);
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

/* Signed off is off, at rest is busy, signed on is there again: as soon as it is told. */
static void acts_of_duty_say_it_too(void)
{
    Case it = {.store = little_city()};
    g_autoptr(GError) error = NULL;
    little_streets(it.store);
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    little_unit(units, "A", GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, 0, 0);
    little_import(it.store, units, 1);
    load(&it, &(GeoFleetOptions){.at_ms = LITTLE_NOON});
    static const struct {
        GeoDutyWhat what;
        GeoLeft left;
    } acts[] = {{GEO_DUTY_OFF, GEO_LEFT_OFF_DUTY},
                {GEO_DUTY_ON, GEO_LEFT_NOT},
                {GEO_DUTY_BREAK, GEO_LEFT_BUSY},
                {GEO_DUTY_SOS, GEO_LEFT_NOT}};
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        GeoAct act = geo_act_local(NULL, LITTLE_NOON);
        GeoDutyEntry entry = {.unit_id = 1,
                              .what = acts[i].what,
                              .from_ms = LITTLE_NOON,
                              .to_ms = LITTLE_NOON + 3600000};
        g_assert_true(geo_store_sign(it.store, &act, &entry, 1, &error));
        g_assert_true(geo_fleet_renew_duty(it.fleet, it.store, &error));
        g_assert_cmpint(geo_fleet_unit(it.fleet, 0)->left, ==, acts[i].left);
    }
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
        g_assert_cmpfloat_with_epsilon(a->at.x - little_corner.x, x_m[i], 0.26);
        g_assert_true(a->age_s == age_s[i] || (isnan(a->age_s) && isnan(age_s[i])));
        const GeoFleetUnit *b = geo_fleet_unit(it.fleet, 1);
        g_assert_cmpfloat_with_epsilon(b->at.x - little_corner.x, i < 2 ? 400 : 0, 0.26);
        geo_fleet_free(it.fleet);
        geo_network_free(it.network);
        geo_frame_free(it.frame);
    }
    it.fleet = NULL;
    it.network = NULL;
    it.frame = NULL;
    end(&it);
}

#define MINUTE_MS INT64_C(60000)
#define N_MOVING 24

/* Units of all kinds; every third is on no roster, every other third for some hours only. */
static GeoStore *moving_city(void)
{
    static const int statuses[] = {GEO_STATUS_AVAILABLE, GEO_STATUS_CLEARED, GEO_STATUS_HANDLING};
    GeoStore *store = little_city();
    little_streets(store);
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT), *rosters = geo_batch_new(GEO_KIND_ROSTER);
    for (int i = 0; i < N_MOVING; i++) {
        g_autofree char *code = g_strdup_printf("U%02d", i);
        bool posted = i % 5 != 0;
        little_unit(units, code, i % GEO_N_UNIT_KINDS, statuses[i % 7 % 3],
                    posted ? g_test_rand_double_range(0, 2000) : NAN,
                    g_test_rand_double_range(0, 2000));
        if (i % 3 == 2)
            continue;
        GeoRoster *roster = geo_batch_add(rosters);
        roster->row.code = geo_batch_text(rosters, code);
        roster->from_ms = LITTLE_NOON - 60 * MINUTE_MS;
        roster->to_ms = LITTLE_NOON + (i % 3 ? g_test_rand_int_range(60, 900) : 1400) * MINUTE_MS;
    }
    little_import(store, units, 1);
    little_import(store, rosters, 500);
    return store;
}

/* Fixes of some units since the last move, a few late ones among them; as many as are on duty go
 * into the store. */
static size_t draw_fixes(GeoStore *store, int64_t from_ms, int64_t at_ms, GeoFix *fixes)
{
    size_t n = 0, refused;
    for (int64_t id = 1; id <= N_MOVING; id++) {
        if (g_test_rand_int_range(0, 3) == 0)
            continue;
        GeoLonLat p =
            little_place(g_test_rand_double_range(-50, 2050), g_test_rand_double_range(-50, 2050));
        int64_t late_ms = g_test_rand_int_range(0, 5) ? 0 : 15 * MINUTE_MS;
        fixes[n++] =
            (GeoFix){.unit_id = id,
                     .at_ms = from_ms - late_ms + id +
                              (int64_t)(g_test_rand_double() * (double)(at_ms - from_ms - id)),
                     .lon = geo_trackcode_degrees(geo_trackcode_cell(p.lon)), /* as it is kept */
                     .lat = geo_trackcode_degrees(geo_trackcode_cell(p.lat)),
                     .speed_mps = (float)g_test_rand_double_range(0, 9),
                     .heading_deg = (float)g_test_rand_double_range(0, 360),
                     .accuracy_m = 5};
    }
    GeoAct act = geo_act_local(NULL, at_ms);
    g_autoptr(GError) error = NULL;
    g_assert_true(geo_store_ingest_fixes(store, &act, fixes, n, &refused, &error));
    g_assert_no_error(error);
    return n;
}

static void assert_same(double a, double b)
{
    g_assert_true(a == b || (isnan(a) && isnan(b)));
}

static void assert_same_hits(const GArray *a, const GArray *b)
{
    g_assert_cmpuint(a->len, ==, b->len);
    for (guint i = 0; i < a->len; i++) {
        const GeoFleetHit *p = &g_array_index(a, GeoFleetHit, i);
        const GeoFleetHit *q = &g_array_index(b, GeoFleetHit, i);
        g_assert_cmpuint(p->unit, ==, q->unit);
        g_assert_cmpint(p->left, ==, q->left);
        assert_same(p->travel_s, q->travel_s);
        assert_same(p->distance_m, q->distance_m);
        assert_same(p->air_m, q->air_m);
    }
}

static size_t assert_same_fleets(const Case *it, GeoFleet *fresh)
{
    GeoLonLat place =
        little_place(g_test_rand_double_range(0, 2000), g_test_rand_double_range(0, 2000));
    g_autoptr(GeoFleetAnswer) a = geo_fleet_nearest(it->fleet, place, 5, true, 20);
    g_autoptr(GeoFleetAnswer) b = geo_fleet_nearest(fresh, place, 5, true, 20);
    assert_same_hits(a->hits, b->hits);
    assert_same_hits(a->left_out, b->left_out);
    g_assert_cmpmem(a->n_left, sizeof a->n_left, b->n_left, sizeof b->n_left);
    for (size_t i = 0; i < geo_fleet_n(fresh); i++) {
        const GeoFleetUnit *p = geo_fleet_unit(it->fleet, i), *q = geo_fleet_unit(fresh, i);
        g_assert_cmpint(p->id, ==, q->id);
        g_assert_cmpint(p->left, ==, q->left);
        assert_same(p->lonlat.lon, q->lonlat.lon);
        assert_same(p->at.y, q->at.y);
        assert_same(p->age_s, q->age_s);
        if (p->age_s > 60)
            continue; /* sealed by now, it may be: speed and heading follow from the track then */
        assert_same((double)p->heading_deg, (double)q->heading_deg);
        assert_same((double)p->speed_mps, (double)q->speed_mps);
    }
    return a->hits->len;
}

static void a_moved_fleet_answers_as_one_loaded_anew(void)
{
    Case it = {.store = moving_city()};
    int64_t at_ms = LITTLE_NOON;
    load(&it, &(GeoFleetOptions){.at_ms = at_ms});
    size_t hits = 0;
    for (int step = 0; step < 25; step++) {
        GeoFix fixes[N_MOVING];
        /* mostly seconds, at times hours: fixes grow stale and are forgotten, shifts end */
        int64_t from_ms = at_ms;
        at_ms += step % 8 == 7 ? 400 * MINUTE_MS : g_test_rand_int_range(1, 600) * 1000;
        bool silent = step % 8 == 7;
        size_t n = silent ? 0 : draw_fixes(it.store, from_ms, at_ms, fixes);
        geo_fleet_move(it.fleet, fixes, n, at_ms);
        if (step % 3 == 1)
            continue; /* two moves, one question */
        g_autoptr(GError) error = NULL;
        GeoFleetOptions options = {.at_ms = at_ms};
        g_autoptr(GeoFleet) fresh =
            geo_fleet_load(it.store, it.frame, it.network, &options, NULL, &error);
        g_assert_no_error(error);
        hits += assert_same_fleets(&it, fresh);
    }
    g_assert_cmpuint(hits, >, 20);
    end(&it);
}

static void a_fix_from_outside_duty_or_the_future_moves_nobody(void)
{
    Case it = {.store = moving_city()};
    load(&it, &(GeoFleetOptions){.at_ms = LITTLE_NOON});
    GeoLonLat was[2] = {geo_fleet_unit(it.fleet, 2)->lonlat, geo_fleet_unit(it.fleet, 1)->lonlat};
    GeoLonLat p = little_place(777, 0);
    GeoFix fixes[2] = {{.unit_id = 3, .at_ms = LITTLE_NOON + 500, .lon = p.lon, .lat = p.lat},
                       {.unit_id = 2, .at_ms = LITTLE_NOON + 5000, .lon = p.lon, .lat = p.lat}};
    geo_fleet_move(it.fleet, fixes, 2, LITTLE_NOON + 1000);
    g_assert_cmpmem(&was[0], sizeof p, &geo_fleet_unit(it.fleet, 2)->lonlat, sizeof p);
    g_assert_cmpmem(&was[1], sizeof p, &geo_fleet_unit(it.fleet, 1)->lonlat, sizeof p);
    g_assert_true(isnan(geo_fleet_unit(it.fleet, 1)->age_s));
    end(&it);
}

static void a_status_set_counts_at_once(void)
{
    Case it = {.store = little_city()};
    little_streets(it.store);
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    little_unit(units, "NEAR", GEO_UNIT_CAR, GEO_STATUS_AVAILABLE, 0, 0);
    little_unit(units, "FAR", GEO_UNIT_CAR, GEO_STATUS_AVAILABLE, 1000, 0);
    little_import(it.store, units, 1);
    load(&it, &(GeoFleetOptions){0});
    static const GeoUnitStatus statuses[] = {GEO_STATUS_AVAILABLE, GEO_STATUS_DISPATCHED,
                                             GEO_STATUS_CLEARED};
    for (int i = 0; i < 3; i++) {
        geo_fleet_set_status(it.fleet, 1, statuses[i]);
        g_autoptr(GeoFleetAnswer) answer =
            geo_fleet_nearest(it.fleet, little_place(10, 0), 1, true, 5);
        g_assert_cmpstr(code_of(&it, answer->hits, 0), ==, i == 1 ? "FAR" : "NEAR");
        g_assert_cmpint(left_of(&it, "NEAR"), ==, i == 1 ? GEO_LEFT_BUSY : GEO_LEFT_NOT);
    }
    end(&it);
}

static void a_car_is_on_the_side_that_it_drives_on(void)
{
    static const struct {
        int kind;
        int64_t age_s;
        double speed_mps, heading_deg, y_m;
    } cases[] = {{GEO_UNIT_CAR, 0, 10, 270, -284},   {GEO_UNIT_CAR, 60, 3, 270, -284},
                 {GEO_UNIT_CAR, 0, 10, 90, -300},    {GEO_UNIT_CAR, 0, 2.9, 270, -300},
                 {GEO_UNIT_CAR, 61, 10, 270, -300},  {GEO_UNIT_CAR, 0, NAN, 270, -300},
                 {GEO_UNIT_CAR, 0, 10, NAN, -300},   {GEO_UNIT_EBIKE, 0, 6, 270, -284},
                 {GEO_UNIT_FOOT, 0, 3.5, 270, -300}, {GEO_UNIT_CAR, -1, NAN, NAN, -300}};
    Case it = {.store = little_city()};
    little_streets(it.store);
    little_dual(it.store);
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        little_unit(units, "U", cases[i].kind, GEO_STATUS_AVAILABLE, 700, -296);
    little_import(it.store, units, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        if (cases[i].age_s >= 0)
            little_drive(it.store, 1 + (int64_t)i, LITTLE_NOON - cases[i].age_s * 1000, 700, -296,
                         cases[i].speed_mps, cases[i].heading_deg);
    load(&it, &(GeoFleetOptions){.at_ms = LITTLE_NOON});
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpfloat_with_epsilon(geo_fleet_snap(it.fleet, i).at.y,
                                       little_corner.y + cases[i].y_m, 0.01);
    /* Those who drive west come straight; who is taken to drive east goes round. */
    g_autoptr(GeoFleetAnswer) answer =
        geo_fleet_nearest(it.fleet, little_place(0, -100), G_N_ELEMENTS(cases), true, 0);
    g_assert_cmpuint(answer->hits->len, ==, G_N_ELEMENTS(cases));
    for (guint i = 0; i < answer->hits->len; i++) {
        const GeoFleetHit *hit = &g_array_index(answer->hits, GeoFleetHit, i);
        bool round = cases[hit->unit].kind != GEO_UNIT_FOOT && cases[hit->unit].y_m < -290;
        double way_m = round ? 300 + 16 + 1000 + 184 : 700 + 200;
        g_assert_cmpfloat_with_epsilon(hit->distance_m, way_m, 20); /* the gaps to the road */
    }
    end(&it);
}

static double length_m(const Case *it, const GArray *line)
{
    double length = 0;
    for (guint i = 1; i < line->len; i++) {
        GeoXY a = geo_frame_xy(it->frame, g_array_index(line, GeoLonLat, i - 1));
        GeoXY b = geo_frame_xy(it->frame, g_array_index(line, GeoLonLat, i));
        length += hypot(b.x - a.x, b.y - a.y);
    }
    return length;
}

static void the_way_of_a_hit_is_as_long_as_told(void)
{
    Case it = {.store = moving_city()};
    load(&it, &(GeoFleetOptions){.at_ms = LITTLE_NOON});
    g_autoptr(GArray) line = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    GeoLonLat place = little_place(730, 600); /* on a street: no gap to walk at this end */
    g_autoptr(GeoFleetAnswer) answer = geo_fleet_nearest(it.fleet, place, 8, true, 0);
    g_assert_cmpuint(answer->hits->len, >, 2);
    for (guint i = 0; i < answer->hits->len; i++) {
        const GeoFleetHit *hit = &g_array_index(answer->hits, GeoFleetHit, i);
        const GeoFleetUnit *unit = geo_fleet_unit(it.fleet, hit->unit);
        g_array_set_size(line, 0);
        g_assert_true(geo_fleet_route(it.fleet, answer, i, line));
        g_assert_cmpuint(line->len, >, 0);
        GeoXY first = geo_frame_xy(it.frame, g_array_index(line, GeoLonLat, 0));
        GeoXY last = geo_frame_xy(it.frame, g_array_index(line, GeoLonLat, line->len - 1));
        GeoXY to = geo_frame_xy(it.frame, place);
        double gap_m = hypot(first.x - unit->at.x, first.y - unit->at.y);
        g_assert_cmpfloat(gap_m, <, LITTLE_STEP_M);
        g_assert_cmpfloat(hypot(last.x - to.x, last.y - to.y), <, 1);
        double way_m = length_m(&it, line);
        g_assert_cmpfloat(fabs(way_m + gap_m - hit->distance_m), <, 1);
        /* by its kind's speed, the gap to the road on foot */
        double speed_mps =
            geo_roads_class_speed_mps(GEO_ROAD_RESIDENTIAL, geo_fleet_profile(unit->kind));
        g_assert_cmpfloat(fabs(way_m / speed_mps + gap_m / 1.25 - hit->travel_s), <, 1);
    }
    g_autoptr(GeoFleetAnswer) air = geo_fleet_nearest(it.fleet, place, 3, false, 0);
    g_assert_false(geo_fleet_route(it.fleet, air, 0, line));
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
    g_test_add_func("/fleet/acts-of-duty-say-it-too", acts_of_duty_say_it_too);
    g_test_add_func("/fleet/the-past-shows-where-units-were", the_past_shows_where_units_were);
    g_test_add_func("/fleet/a-moved-fleet-answers-as-one-loaded-anew",
                    a_moved_fleet_answers_as_one_loaded_anew);
    g_test_add_func("/fleet/a-fix-from-outside-duty-or-the-future-moves-nobody",
                    a_fix_from_outside_duty_or_the_future_moves_nobody);
    g_test_add_func("/fleet/a-status-set-counts-at-once", a_status_set_counts_at_once);
    g_test_add_func("/fleet/a-car-is-on-the-side-that-it-drives-on",
                    a_car_is_on_the_side_that_it_drives_on);
    g_test_add_func("/fleet/the-way-of-a-hit-is-as-long-as-told",
                    the_way_of_a_hit_is_as_long_as_told);
    g_test_add_func("/fleet/flags-are-there-for-every-status", flags_are_there_for_every_status);
    return little_run();
}
