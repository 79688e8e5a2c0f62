/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/recommend.h"

#include <string.h>

#include "geo/model/age.h"
#include "geo/model/error.h"
#include "geo/store/cases.h"
#include "little-city.h"

#define MINUTE_MS INT64_C(60000)
#define CAR_MPS (21 / 3.6) /* on the lattice's streets */

typedef struct {
    GeoStore *store;
    GeoFrame *frame;
    GeoNetwork *network;
    GeoFleet *fleet;
    GeoRecommend *recommend;
    GeoBatch *units, *areas, *rosters;
} Case;

static Case begin(void)
{
    Case it = {.store = little_city(),
               .units = geo_batch_new(GEO_KIND_UNIT),
               .areas = geo_batch_new(GEO_KIND_AREA),
               .rosters = geo_batch_new(GEO_KIND_ROSTER)};
    little_streets(it.store);
    return it;
}

static GeoUnit *add(Case *it, const char *code, int kind, const char *force, double x_m, double y_m)
{
    GeoUnit *unit = little_unit(it->units, code, kind, GEO_STATUS_AVAILABLE, x_m, y_m);
    unit->force = force;
    return unit;
}

static void add_area(Case *it, const char *code, const char *level, const char *parent, double x_m,
                     double y_m, double size_m, int64_t people)
{
    GeoArea *area = geo_batch_add(it->areas);
    area->row.code = code;
    area->level = level;
    area->parent = parent;
    area->population = people;
    GeoLonLat ring[] = {little_place(x_m, y_m), little_place(x_m + size_m, y_m),
                        little_place(x_m + size_m, y_m + size_m), little_place(x_m, y_m + size_m)};
    geo_batch_part_from(it->areas, GEO_SHAPE_POLYGON, ring, 4);
}

static void add_shift(Case *it, const char *code, int64_t from_min, int64_t to_min)
{
    GeoRoster *roster = geo_batch_add(it->rosters);
    roster->row.code = code;
    roster->from_ms = LITTLE_NOON + from_min * MINUTE_MS;
    roster->to_ms = LITTLE_NOON + to_min * MINUTE_MS;
}

/* What was added is in the city, and every unit has a position where its post is, some age_s old.
 */
static void settle(Case *it, int64_t age_s)
{
    guint n = it->units->rows->len;
    g_autofree GeoLonLat *posts = g_new(GeoLonLat, n + 1);
    g_autoptr(GArray) fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    for (guint i = 0; i < n; i++)
        if (geo_batch_first(it->units, geo_batch_row(it->units, i), &posts[i])) {
            GeoFix fix = {.unit_id = 1 + (int64_t)i,
                          .at_ms = LITTLE_NOON - age_s * 1000,
                          .lon = posts[i].lon,
                          .lat = posts[i].lat,
                          .speed_mps = NAN,
                          .heading_deg = NAN,
                          .accuracy_m = NAN};
            g_array_append_val(fixes, fix);
        }
    little_import(it->store, g_steal_pointer(&it->units), 1);
    little_import(it->store, g_steal_pointer(&it->areas), 5000);
    little_import(it->store, g_steal_pointer(&it->rosters), 7000);
    GeoAct act = geo_act_local(NULL, LITTLE_NOON);
    g_autoptr(GError) error = NULL;
    g_assert_true(geo_store_ingest_fixes(it->store, &act, (const GeoFix *)(void *)fixes->data,
                                         fixes->len, NULL, &error));
    g_assert_no_error(error);
}

static void load(Case *it, int64_t at_ms)
{
    g_autoptr(GError) error = NULL;
    GeoFleetOptions how = {.at_ms = at_ms};
    it->frame = geo_frame_new(LITTLE_EPSG, &error);
    it->network = geo_network_load(it->store, it->frame, NULL, &error);
    it->fleet = geo_fleet_load(it->store, it->frame, it->network, &how, NULL, &error);
    g_assert_no_error(error);
    it->recommend = geo_recommend_new(it->store, it->fleet, it->network, it->frame, NULL, &error);
    g_assert_no_error(error);
}

static void end(Case *it)
{
    geo_recommend_free(it->recommend);
    geo_fleet_free(it->fleet);
    geo_network_free(it->network);
    geo_frame_free(it->frame);
    geo_store_close(it->store);
}

static GeoRecommendation *ask(Case *it, double x_m, double y_m, const char *category,
                              int64_t priority, size_t k)
{
    GeoRecommendAsk question = {
        .place = little_place(x_m, y_m), .category = category, .priority = priority, .k = k};
    return geo_recommend_ask(it->recommend, &question);
}

static const GeoRecommendRow *row(const GArray *rows, guint i)
{
    g_assert_cmpuint(i, <, rows->len);
    return &g_array_index(rows, GeoRecommendRow, i);
}

static const char *code_of(const Case *it, uint32_t unit)
{
    return geo_fleet_unit(it->fleet, unit)->code;
}

static void is_row(const Case *it, const GArray *rows, guint i, const char *code)
{
    g_assert_cmpstr(code_of(it, row(rows, i)->unit), ==, code);
}

static bool says(const GeoRecommendRow *one, int what)
{
    return one->says >> what & 1;
}

static GeoWhyNot why_not(Case *it, const GeoRecommendation *answer, const char *word)
{
    g_autoptr(GError) error = NULL;
    uint32_t unit = 0;
    g_assert_true(geo_recommend_find(it->recommend, word, &unit, &error));
    g_assert_no_error(error);
    return geo_recommend_why_not(it->recommend, answer, unit);
}

/* ---- the set ---- */

static void the_soonest_set_meets_the_plan(void)
{
    Case it = begin();
    add(&it, "VOL", GEO_UNIT_CAR, "volunteer", 50, 0);
    add(&it, "G1", GEO_UNIT_CAR, "guard", 200, 0);
    add(&it, "G2", GEO_UNIT_CAR, "guard", 300, 0);
    add(&it, "P1", GEO_UNIT_CAR, "police", 500, 0);
    add(&it, "P2", GEO_UNIT_CAR, "police", 900, 0);
    add(&it, "P3", GEO_UNIT_CAR, "police", 1200, 0);
    settle(&it, 0);
    load(&it, LITTLE_NOON);
    /* Two police and one of the others. */
    g_autoptr(GeoRecommendation) answer = ask(&it, 0, 0, "街头抢劫", 1, 3);
    g_assert_cmpstr(answer->plan->code, ==, "robbery");
    g_assert_cmpuint(answer->rows->len, ==, 4); /* the three soonest, and whom the set needs */
    is_row(&it, answer->rows, 0, "G1");
    is_row(&it, answer->rows, 1, "G2");
    is_row(&it, answer->rows, 2, "P1");
    is_row(&it, answer->rows, 3, "P2");
    g_assert_true(row(answer->rows, 0)->need >= 0 && row(answer->rows, 1)->need < 0);
    g_assert_true(says(row(answer->rows, 3), GEO_SAY_CHOSEN));
    g_assert_cmpuint(answer->n_set, ==, 3);
    g_assert_cmpuint(answer->missing->len, ==, 0);
    g_assert_cmpfloat_with_epsilon(row(answer->rows, 2)->travel_s, 500 / CAR_MPS, 0.5);
    g_assert_cmpuint(answer->nearby->len, ==, 1);
    is_row(&it, answer->nearby, 0, "VOL");
    g_assert_true(says(row(answer->nearby, 0), GEO_SAY_OBSERVE));
    g_assert_cmpfloat(answer->handling_s, ==, 3600);
    g_assert_cmpuint(answer->handling_n, ==, 0);
    end(&it);
}

static void what_is_missing_names_who_can_be_called_in(void)
{
    Case it = begin();
    add_area(&it, "T1", "town", NULL, -100, -100, 1000, 900);
    add_area(&it, "T2", "town", NULL, 900, -100, 1000, 900);
    for (int i = 0; i < 4; i++) {
        static const char *const codes[] = {"TEAM-1", "TEAM-2", "TEAM-3", "TEAM-4"};
        GeoUnit *team = add(&it, codes[i], GEO_UNIT_TEAM, "emergency", 100 + i * 200, 0);
        team->area = "T1";
        add_shift(&it, codes[i], i == 0 ? -60 : 400, i == 0 ? 300 : 800);
    }
    add(&it, "OTHER", GEO_UNIT_TEAM, "emergency", 300, 0)->area = "T2";
    add(&it, "P1", GEO_UNIT_CAR, "police", 400, 0)->area = "T1";
    add_shift(&it, "OTHER", -60, 300);
    add_shift(&it, "P1", -60, 300);
    settle(&it, 0);
    load(&it, LITTLE_NOON);
    g_autoptr(GeoRecommendation) answer = ask(&it, 200, 200, "人群聚集", 3, 5);
    g_assert_cmpstr(answer->township, ==, "T1");
    g_assert_cmpuint(answer->n_set, ==, 2);
    bool found = false;
    for (guint i = 0; i < answer->missing->len; i++) {
        const GeoRecommendMissing *missing =
            &g_array_index(answer->missing, GeoRecommendMissing, i);
        if (!g_array_index(answer->plan->needs, GeoPlanbookNeed, missing->need).township)
            continue;
        found = true;
        g_assert_cmpint(missing->wanted, ==, 4);
        g_assert_cmpint(missing->found, ==, 1);
        g_assert_cmpuint(missing->fits, ==, 4);
        g_assert_cmpuint(missing->reserve->len, ==, 3);
        g_assert_cmpstr(code_of(&it, g_array_index(missing->reserve, uint32_t, 0)), ==, "TEAM-2");
    }
    g_assert_true(found);
    is_row(&it, answer->nearby, 0, "OTHER");
    g_assert_cmpint(why_not(&it, answer, "OTHER").reason, ==, GEO_WHYNOT_TOWNSHIP);
    end(&it);
}

/* ---- arrival ---- */

static void an_old_position_gives_a_span(void)
{
    Case it = begin();
    add(&it, "OLD", GEO_UNIT_CAR, "police", 1000, 0);
    settle(&it, 60);
    load(&it, LITTLE_NOON);
    g_autoptr(GeoRecommendation) answer = ask(&it, 0, 0, "盗窃", 2, 3);
    const GeoRecommendRow *old = row(answer->rows, 0);
    double spread_s = geo_age_reach_m(GEO_UNIT_CAR, NAN, 60) / CAR_MPS;
    g_assert_cmpfloat_with_epsilon(old->travel_s, 1000 / CAR_MPS, 0.5);
    g_assert_cmpfloat_with_epsilon(old->latest_s, old->travel_s + spread_s, 0.5);
    g_assert_cmpfloat_with_epsilon(old->earliest_s, fmax(old->travel_s - spread_s, 0), 0.5);
    g_assert_cmpfloat_with_epsilon(old->expected_s, (old->earliest_s + old->latest_s) / 2, 1e-9);
    g_assert_true(says(old, GEO_SAY_OLD_FIX));
    end(&it);
}

static void a_fresh_one_goes_before_an_old_one_that_looks_nearer(void)
{
    Case it = begin();
    add(&it, "OLD", GEO_UNIT_CAR, "police", 100, 0);
    add(&it, "FRESH", GEO_UNIT_CAR, "police", 600, 0);
    add(&it, "SILENT", GEO_UNIT_CAR, "police", 50, 0);
    settle(&it, 300);
    little_fix(it.store, 2, LITTLE_NOON, 600, 0);
    load(&it, LITTLE_NOON);
    g_autoptr(GeoRecommendation) answer = ask(&it, 0, 0, "盗窃", 2, 3);
    is_row(&it, answer->rows, 0, "FRESH");
    g_assert_false(says(row(answer->rows, 0), GEO_SAY_OLD_FIX));
    g_assert_cmpfloat_with_epsilon(row(answer->rows, 0)->earliest_s, row(answer->rows, 0)->latest_s,
                                   0.01);
    g_assert_cmpfloat(row(answer->rows, 1)->earliest_s, ==, 0);
    g_assert_cmpfloat(row(answer->rows, 1)->travel_s, <, row(answer->rows, 0)->travel_s);
    end(&it);
}

static void duty_that_ends_too_soon_is_said_or_excludes(void)
{
    Case it = begin();
    add(&it, "SHORT", GEO_UNIT_CAR, "police", 100, 0);
    add(&it, "GONE", GEO_UNIT_CAR, "police", 1000, 0);
    add(&it, "LONG", GEO_UNIT_CAR, "police", 400, 0);
    add(&it, "OFF", GEO_UNIT_CAR, "police", 100, 0);
    add_shift(&it, "SHORT", -60, 20);
    add_shift(&it, "GONE", -60, 1);
    add_shift(&it, "LONG", -60, 300);
    add_shift(&it, "OFF", -120, -30);
    settle(&it, 0);
    load(&it, LITTLE_NOON);
    g_autoptr(GeoRecommendation) answer = ask(&it, 0, 0, "盗窃", 2, 5);
    g_assert_cmpuint(answer->rows->len, ==, 2);
    is_row(&it, answer->rows, 0, "SHORT");
    g_assert_true(says(row(answer->rows, 0), GEO_SAY_DUTY_ENDS));
    g_assert_cmpfloat(row(answer->rows, 0)->duty_left_s, ==, 20 * 60);
    g_assert_false(says(row(answer->rows, 1), GEO_SAY_DUTY_ENDS));
    GeoWhyNot gone = why_not(&it, answer, "GONE"), off = why_not(&it, answer, "OFF");
    g_assert_cmpint(gone.reason, ==, GEO_WHYNOT_DUTY_ENDS);
    g_assert_cmpint(gone.until_ms, ==, LITTLE_NOON + MINUTE_MS);
    g_assert_cmpint(off.reason, ==, GEO_WHYNOT_OFF_DUTY);
    g_assert_cmpint(off.since_ms, ==, LITTLE_NOON - 30 * MINUTE_MS);
    end(&it);
}

static void sign_on(Case *it, int64_t unit_id, const char *vehicle)
{
    GeoAct act = geo_act_local(NULL, LITTLE_NOON);
    GeoDutyEntry on = {.unit_id = unit_id,
                       .what = GEO_DUTY_ON,
                       .from_ms = LITTLE_NOON - MINUTE_MS,
                       .to_ms = GEO_DUTY_OPEN,
                       .vehicle = vehicle};
    g_autoptr(GError) error = NULL;
    g_assert_true(geo_store_sign(it->store, &act, &on, 1, &error));
}

static void a_crew_goes_as_one(void)
{
    Case it = begin();
    add(&it, "A", GEO_UNIT_CAR, "police", 200, 0);
    add(&it, "B", GEO_UNIT_CAR, "police", 600, 0);
    add(&it, "C", GEO_UNIT_CAR, "police", 800, 0);
    settle(&it, 0);
    sign_on(&it, 1, "V7");
    sign_on(&it, 2, "V7");
    load(&it, LITTLE_NOON);
    g_autoptr(GeoRecommendation) answer = ask(&it, 0, 0, "抢劫", 1, 5);
    g_assert_cmpuint(answer->rows->len, ==, 2);
    const GeoRecommendRow *crew = row(answer->rows, 0);
    g_assert_cmpstr(code_of(&it, crew->unit), ==, "A");
    g_assert_true(says(crew, GEO_SAY_CREW));
    g_assert_cmpuint(crew->crew->len, ==, 1);
    g_assert_cmpstr(code_of(&it, g_array_index(crew->crew, uint32_t, 0)), ==, "B");
    /* It is there when the last of it is. */
    g_assert_cmpfloat_with_epsilon(crew->expected_s, 600 / CAR_MPS, 0.5);
    is_row(&it, answer->rows, 1, "C");
    g_assert_cmpint(why_not(&it, answer, "B").reason, ==, GEO_WHYNOT_OFFERED);
    end(&it);
}

/* Its last member is farther than all that are looked up; another of it is on a break. */
static void a_crew_waits_for_who_is_far(void)
{
    Case it = begin();
    add(&it, "A", GEO_UNIT_CAR, "police", 200, 0);
    add(&it, "FAR", GEO_UNIT_CAR, "police", 1400, 0);
    add(&it, "REST", GEO_UNIT_CAR, "police", 200, 0)->status = GEO_STATUS_BREAK;
    add(&it, "OUT", GEO_UNIT_CAR, "police", 200, 0)->status = GEO_STATUS_OUT;
    for (int i = 0; i < 80; i++) {
        g_autofree char *code = g_strdup_printf("P%02d", i);
        add(&it, code, GEO_UNIT_CAR, "police", 300 + 10 * i, 0);
    }
    settle(&it, 0);
    for (int64_t unit = 1; unit <= 4; unit++)
        sign_on(&it, unit, "V7");
    load(&it, LITTLE_NOON);
    g_autoptr(GeoRecommendation) answer = ask(&it, 0, 0, "抢劫", 1, 5);
    g_assert_cmpuint(answer->rows->len, ==, 5);
    is_row(&it, answer->rows, 0, "P00"); /* A is nearer, but not alone */
    g_autoptr(GeoRecommendation) all = ask(&it, 0, 0, "抢劫", 1, 90);
    const GeoRecommendRow *crew = row(all->rows, all->rows->len - 1);
    g_assert_cmpstr(code_of(&it, crew->unit), ==, "A");
    g_assert_cmpfloat_with_epsilon(crew->expected_s, 1400 / CAR_MPS, 0.5);
    g_assert_cmpuint(crew->crew->len, ==, 1);
    g_assert_true(says(crew, GEO_SAY_APART));
    g_assert_cmpuint(crew->apart->len, ==, 2);
    g_assert_cmpstr(code_of(&it, g_array_index(crew->apart, uint32_t, 0)), ==, "REST");
    g_assert_cmpstr(code_of(&it, g_array_index(crew->apart, uint32_t, 1)), ==, "OUT");
    end(&it);
}

/* ---- what is left ---- */

static void what_the_first_leaves_and_the_second_does_not(void)
{
    Case it = begin();
    add(&it, "NEAR", GEO_UNIT_CAR, "police", 300, 0);
    add(&it, "NEXT", GEO_UNIT_CAR, "police", 700, 0);
    add(&it, "TWIN", GEO_UNIT_CAR, "guard", 1900, 0); /* nobody asks for it, but it covers */
    add_area(&it, "WEST", "grid", NULL, -100, -100, 200, 500);
    add_area(&it, "EAST", "grid", NULL, 1300, -100, 200, 80);
    settle(&it, 0);
    load(&it, LITTLE_NOON);
    GeoRecommendAsk question = {.place = little_place(400, 0),
                                .category = "盗窃",
                                .priority = 2,
                                .k = 2,
                                .within_s = 600 / CAR_MPS};
    g_autoptr(GeoRecommendation) answer = geo_recommend_ask(it.recommend, &question);
    is_row(&it, answer->rows, 0, "NEAR");
    const GeoRecommendLoss *loss = &row(answer->rows, 0)->loss;
    g_assert_true(says(row(answer->rows, 0), GEO_SAY_LEAVES));
    g_assert_cmpuint(loss->holes->len, ==, 1);
    const GeoRecommendHole *hole = &g_array_index(loss->holes, GeoRecommendHole, 0);
    g_assert_cmpstr(geo_recommend_area(it.recommend, hole->area)->row.code, ==, "WEST");
    g_assert_cmpstr(code_of(&it, hole->next), ==, "NEXT");
    g_assert_cmpfloat_with_epsilon(hole->was_s, 300 / CAR_MPS, 1);
    g_assert_cmpfloat_with_epsilon(hole->next_s, 700 / CAR_MPS, 1);
    g_assert_cmpfloat(loss->people, ==, 500);
    /* There and handling: the plan's 45 minutes. */
    g_assert_cmpfloat_with_epsilon(loss->away_s, 100 / CAR_MPS + 45 * 60, 0.5);
    g_assert_cmpint(answer->alternative, ==, 1);
    g_assert_cmpfloat_with_epsilon(answer->later_s, 200 / CAR_MPS, 0.5);
    g_assert_cmpuint(row(answer->rows, 1)->loss.holes->len, ==, 0);
    g_assert_cmpuint(answer->loss.holes->len, ==, 1); /* of the set, which is the first alone */
    g_assert_cmpuint(answer->n_areas, ==, 2);
    g_assert_cmpuint(answer->n_judged, ==, 2);
    end(&it);
}

static void those_who_go_together_leave_more_than_each(void)
{
    Case it = begin();
    add(&it, "P1", GEO_UNIT_CAR, "police", 100, 0);
    add(&it, "P2", GEO_UNIT_CAR, "police", 0, 100);
    add_area(&it, "HERE", "grid", NULL, -100, -100, 200, 500);
    settle(&it, 0);
    load(&it, LITTLE_NOON);
    g_autoptr(GeoRecommendation) answer = ask(&it, 1000, 1000, "抢劫", 1, 5);
    g_assert_cmpuint(answer->n_set, ==, 2);
    g_assert_cmpuint(row(answer->rows, 0)->loss.holes->len, ==, 0);
    g_assert_cmpuint(row(answer->rows, 1)->loss.holes->len, ==, 0);
    g_assert_cmpuint(answer->loss.holes->len, ==, 1);
    const GeoRecommendHole *hole = &g_array_index(answer->loss.holes, GeoRecommendHole, 0);
    g_assert_true(hole->next == UINT32_MAX && isinf(hole->next_s));
    end(&it);
}

/* ---- incidents ---- */

static int64_t take(Case *it, int64_t id, double x_m, double y_m, const char *category,
                    int64_t priority, int64_t at_ms)
{
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_INCIDENT);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, at_ms);
    GeoIncident *incident = geo_batch_add(batch);
    GeoLonLat p = little_place(x_m, y_m);
    g_autofree char *code = g_strdup_printf("C%" G_GINT64_FORMAT, id);
    incident->row.id = id;
    incident->row.code = geo_batch_text(batch, code);
    incident->at_ms = at_ms;
    incident->category = category;
    incident->priority = priority;
    geo_batch_set_point(batch, p.lon, p.lat);
    g_assert_true(geo_store_take_report(it->store, &act, batch, NULL, NULL, 0, NULL, &error));
    g_assert_no_error(error);
    return id;
}

static void act_on(Case *it, GeoDeedWhat what, int64_t incident_id, int64_t unit_id, int64_t at_ms)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, at_ms);
    GeoDeed deed = {.what = what, .incident_id = incident_id, .detail = {.unit_id = unit_id}};
    geo_store_do(it->store, &act, &deed, 1, NULL, &error);
    g_assert_no_error(error);
}

static void one_on_a_less_urgent_incident_is_named_with_it(void)
{
    Case it = begin();
    add(&it, "BUSY", GEO_UNIT_CAR, "police", 100, 0);
    add(&it, "THERE", GEO_UNIT_CAR, "police", 150, 0);
    add(&it, "FREE", GEO_UNIT_CAR, "police", 1500, 0);
    settle(&it, 0);
    take(&it, 901, 1000, 1000, "噪音扰民", 3, LITTLE_NOON - 5 * MINUTE_MS);
    act_on(&it, GEO_DEED_DISPATCH, 901, 1, LITTLE_NOON - 4 * MINUTE_MS);
    take(&it, 902, 150, 0, "求助", 3, LITTLE_NOON - 5 * MINUTE_MS);
    act_on(&it, GEO_DEED_DISPATCH, 902, 2, LITTLE_NOON - 4 * MINUTE_MS);
    act_on(&it, GEO_DEED_ARRIVE, 902, 2, LITTLE_NOON - 3 * MINUTE_MS);
    load(&it, LITTLE_NOON);
    g_autoptr(GeoRecommendation) more = ask(&it, 0, 0, "盗窃", 2, 5);
    is_row(&it, more->rows, 0, "FREE");
    g_assert_cmpuint(more->taken->len, ==, 1); /* one step: not whom people have before them */
    is_row(&it, more->taken, 0, "BUSY");
    const GeoRecommendRow *taken = row(more->taken, 0);
    g_assert_true(says(taken, GEO_SAY_TAKEN) && !says(taken, GEO_SAY_ARRIVED));
    g_assert_cmpint(taken->from_incident, ==, 901);
    g_assert_cmpint(taken->from_priority, ==, 3);
    g_assert_cmpfloat_with_epsilon(taken->gain_s, 1400 / CAR_MPS, 1);
    g_autoptr(GeoRecommendation) most = ask(&it, 0, 0, "盗窃", 1, 5);
    g_assert_cmpuint(most->taken->len, ==, 2);
    g_assert_true(says(row(most->taken, 1), GEO_SAY_ARRIVED));
    g_autoptr(GeoRecommendation) same = ask(&it, 0, 0, "盗窃", 3, 5);
    g_assert_cmpuint(same->taken->len, ==, 0);
    GeoWhyNot busy = why_not(&it, same, "BUSY");
    g_assert_cmpint(busy.reason, ==, GEO_WHYNOT_BUSY);
    g_assert_cmpint(busy.incident_id, ==, 901);
    end(&it);
}

/* Free or busy, offered or asked for: from the carriageway that it drives on. */
static void who_drives_is_on_its_side_of_the_road(void)
{
    Case it = begin();
    little_dual(it.store);
    add(&it, "BUSY", GEO_UNIT_CAR, "police", 300, -296);
    add(&it, "DRIVES", GEO_UNIT_CAR, "police", 900, -296);
    add(&it, "STANDS", GEO_UNIT_CAR, "police", 0, 2000);
    settle(&it, 30);
    little_drive(it.store, 1, LITTLE_NOON, 300, -296, 10, 270);
    little_drive(it.store, 2, LITTLE_NOON, 900, -296, 10, 270);
    take(&it, 901, 1000, 1000, "噪音扰民", 4, LITTLE_NOON - 5 * MINUTE_MS);
    act_on(&it, GEO_DEED_DISPATCH, 901, 1, LITTLE_NOON - 4 * MINUTE_MS);
    load(&it, LITTLE_NOON);
    g_autoptr(GeoRecommendation) near = ask(&it, 0, -200, "盗窃", 2, 1);
    is_row(&it, near->rows, 0, "DRIVES");
    g_assert_cmpfloat_with_epsilon(row(near->rows, 0)->distance_m, 900 + 84 + 12, 3);
    g_assert_cmpuint(near->taken->len, ==, 1);
    is_row(&it, near->taken, 0, "BUSY");
    g_assert_cmpfloat_with_epsilon(row(near->taken, 0)->distance_m, 300 + 84 + 12, 3);
    g_autoptr(GeoRecommendation) far = ask(&it, 0, 1200, "盗窃", 3, 1);
    is_row(&it, far->rows, 0, "STANDS");
    GeoWhyNot why = why_not(&it, far, "DRIVES");
    g_assert_cmpint(why.reason, ==, GEO_WHYNOT_SLOWER);
    g_assert_cmpfloat_with_epsilon(why.distance_m, 900 + 1484 + 12, 3);
    end(&it);
}

static void who_is_there_counts(void)
{
    Case it = begin();
    add(&it, "P1", GEO_UNIT_CAR, "police", 100, 0);
    add(&it, "P2", GEO_UNIT_CAR, "police", 200, 0);
    add(&it, "P3", GEO_UNIT_CAR, "police", 300, 0);
    settle(&it, 0);
    take(&it, 901, 0, 0, "抢劫", 1, LITTLE_NOON - 5 * MINUTE_MS);
    act_on(&it, GEO_DEED_DISPATCH, 901, 1, LITTLE_NOON - 4 * MINUTE_MS);
    load(&it, LITTLE_NOON);
    g_autoptr(GError) error = NULL;
    GeoRecommendAsk question = {.k = 5};
    g_assert_true(geo_recommend_read(it.recommend, it.store, "C901", &question, &error));
    g_assert_cmpint(question.incident_id, ==, 901);
    g_autoptr(GeoRecommendation) answer = geo_recommend_ask(it.recommend, &question);
    g_assert_cmpuint(answer->n_there, ==, 1);
    g_assert_cmpuint(answer->n_set, ==, 1); /* the second of two police */
    is_row(&it, answer->rows, 0, "P2");
    g_assert_cmpint(row(answer->rows, 1)->need, ==, -1);
    g_assert_cmpint(why_not(&it, answer, "P1").reason, ==, GEO_WHYNOT_THERE);
    g_assert_false(geo_recommend_read(it.recommend, it.store, "C777", &question, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    end(&it);
}

static void how_long_it_takes_is_learnt(void)
{
    Case it = begin();
    add(&it, "P1", GEO_UNIT_CAR, "police", 100, 0);
    settle(&it, 0);
    for (int i = 0; i < 11; i++) {
        int64_t at_ms = LITTLE_NOON - (20 - i) * 120 * MINUTE_MS;
        take(&it, 100 + i, 0, 0, "盗窃电动车", 2, at_ms);
        act_on(&it, GEO_DEED_DISPATCH, 100 + i, 1, at_ms + MINUTE_MS);
        act_on(&it, GEO_DEED_ARRIVE, 100 + i, 1, at_ms + 5 * MINUTE_MS);
        act_on(&it, GEO_DEED_CLEAR, 100 + i, 1, at_ms + (15 + i) * MINUTE_MS);
    }
    load(&it, LITTLE_NOON);
    g_autoptr(GeoRecommendation) answer = ask(&it, 0, 0, "盗窃电动车", 2, 5);
    g_assert_cmpuint(answer->handling_n, ==, 11);
    g_assert_cmpfloat(answer->handling_s, ==, 15 * 60);
    g_autoptr(GeoRecommendation) other = ask(&it, 0, 0, "入室盗窃", 2, 5);
    g_assert_cmpfloat(other->handling_s, ==, 45 * 60);
    g_assert_cmpuint(other->handling_n, ==, 0);
    end(&it);
}

static void the_unaccepted_come_back_with_the_next(void)
{
    Case it = begin();
    add(&it, "SILENT", GEO_UNIT_CAR, "police", 100, 0);
    add(&it, "ANSWERS", GEO_UNIT_CAR, "police", 150, 0);
    add(&it, "MUTE", GEO_UNIT_CAR, "police", 200, 0);
    add(&it, "GUARD", GEO_UNIT_CAR, "guard", 250, 0);
    add(&it, "N1", GEO_UNIT_CAR, "police", 600, 0);
    add(&it, "N2", GEO_UNIT_CAR, "police", 900, 0);
    settle(&it, 0);
    for (int i = 0; i < 3; i++) {
        take(&it, 901 + i, 0, 0, "盗窃", 2, LITTLE_NOON - 5 * MINUTE_MS);
        act_on(&it, GEO_DEED_DISPATCH, 901 + i, 1 + i, LITTLE_NOON - (3 - i) * 45000);
    }
    act_on(&it, GEO_DEED_ACCEPT, 902, 2, LITTLE_NOON - 60000);
    load(&it, LITTLE_NOON);
    g_autoptr(GArray) list = geo_recommend_unaccepted(it.recommend, 0, 0);
    g_assert_cmpuint(list->len, ==, 1); /* MUTE was sent 45 s ago */
    const GeoUnaccepted *one = &g_array_index(list, GeoUnaccepted, 0);
    g_assert_cmpint(one->incident_id, ==, 901);
    g_assert_cmpint(one->unit_id, ==, 1);
    g_assert_cmpint(one->waiting_ms, ==, 135000);
    g_assert_cmpint(one->next_unit_id, ==, 5);
    g_assert_cmpfloat_with_epsilon(one->expected_s, 600 / CAR_MPS, 0.5);
    g_autoptr(GArray) sooner = geo_recommend_unaccepted(it.recommend, 0, 30000);
    g_assert_cmpuint(sooner->len, ==, 2);
    /* Nobody is named twice. */
    g_assert_cmpint(g_array_index(sooner, GeoUnaccepted, 1).next_unit_id, ==, 6);
    /* The clock goes on where no position comes in. */
    g_autoptr(GArray) later =
        geo_recommend_unaccepted(it.recommend, LITTLE_NOON + 15 * MINUTE_MS, 0);
    g_assert_cmpuint(later->len, ==, 2);
    g_assert_cmpint(g_array_index(later, GeoUnaccepted, 0).waiting_ms, ==, 135000 + 15 * MINUTE_MS);
    end(&it);
}

/* ---- why not ---- */

static void each_unit_has_its_first_reason(void)
{
    Case it = begin();
    add(&it, "P1", GEO_UNIT_CAR, "police", 200, 0)->skills = "riot gear";
    add(&it, "P2", GEO_UNIT_CAR, "police", 900, 0)->skills = "盾牌";
    add(&it, "P3", GEO_UNIT_CAR, "police", 1000, 0);
    add(&it, "PLAIN-AUX", GEO_UNIT_EBIKE, "auxiliary", 100, 0);
    add(&it, "VOL-3012", GEO_UNIT_CAR, "volunteer", 100, 0);
    add(&it, "STALE", GEO_UNIT_CAR, "police", 100, 0);
    add(&it, "FIELD", GEO_UNIT_CAR, "police", -1500, 0);
    add(&it, "NOWHERE", GEO_UNIT_CAR, "police", NAN, NAN);
    add(&it, "ESCORT", GEO_UNIT_CAR, "police", 100, 0)->status = GEO_STATUS_ESCORT;
    add(&it, "P4", GEO_UNIT_CAR, "police", 1800, 1800);
    settle(&it, 15 * 60);
    for (int64_t id = 1; id <= 10; id++)
        if (id != 6 && id != 8) {
            static const double x[] = {200, 900, 1000, 100, 100, 0, -1500, 0, 100, 1800};
            little_fix(it.store, id, LITTLE_NOON, x[id - 1], id == 10 ? 1800 : 0);
        }
    load(&it, LITTLE_NOON);
    /* At priority 3: two police, and one with riot gear. */
    g_autoptr(GeoRecommendation) answer = ask(&it, 0, 0, "持械伤人", 3, 3);
    g_assert_cmpint(why_not(&it, answer, "P1").reason, ==, GEO_WHYNOT_OFFERED);
    g_assert_cmpuint(why_not(&it, answer, "P1").rank, ==, 1);
    GeoWhyNot aux = why_not(&it, answer, "PLAIN-AUX");
    g_assert_cmpint(aux.reason, ==, GEO_WHYNOT_SKILLS);
    g_assert_cmpint(__builtin_popcount(aux.lacks), ==, 1);
    g_assert_cmpint(why_not(&it, answer, "3012").reason, ==, GEO_WHYNOT_FORCE);
    GeoWhyNot stale = why_not(&it, answer, "STALE");
    g_assert_cmpint(stale.reason, ==, GEO_WHYNOT_STALE);
    g_assert_cmpfloat_with_epsilon(stale.age_s, 900, 0.01);
    g_assert_cmpint(why_not(&it, answer, "FIELD").reason, ==, GEO_WHYNOT_OFF_ROAD);
    g_assert_cmpint(why_not(&it, answer, "NOWHERE").reason, ==, GEO_WHYNOT_NO_PLACE);
    g_assert_cmpint(why_not(&it, answer, "ESCORT").reason, ==, GEO_WHYNOT_BUSY);
    GeoWhyNot slower = why_not(&it, answer, "10");
    g_assert_cmpint(slower.reason, ==, GEO_WHYNOT_SLOWER);
    g_assert_cmpuint(slower.rank, ==, answer->rows->len);
    g_assert_cmpfloat_with_epsilon(slower.later_s, 2600 / CAR_MPS, 1);
    end(&it);
}

static void a_unit_is_found_by_any_of_its_names(void)
{
    Case it = begin();
    add(&it, "C-3012", GEO_UNIT_CAR, "police", 200, 0)->row.name = "Swift";
    add(&it, "F-3012", GEO_UNIT_CAR, "police", 200, 0);
    add(&it, "12", GEO_UNIT_CAR, "police", 200, 0);
    settle(&it, 0);
    load(&it, LITTLE_NOON);
    static const char *const words[] = {"C-3012", "Swift", "1", "-3012", "12", "nobody"};
    static const int expected[] = {0, 0, 0, -2, 2, -1},
                     codes[] = {GEO_ERROR_DATA, GEO_ERROR_MISSING};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(GError) error = NULL;
        uint32_t unit = 99;
        bool found = geo_recommend_find(it.recommend, words[i], &unit, &error);
        if (expected[i] >= 0)
            g_assert_true(found && unit == (uint32_t)expected[i]);
        else
            g_assert_true(!found && g_error_matches(error, GEO_ERROR, codes[expected[i] + 2]));
    }
    end(&it);
}

/* ---- against one route per unit ---- */

typedef struct {
    uint32_t unit;
    double expected_s;
} Plain;

static int by_plain(const void *a, const void *b)
{
    const Plain *p = a, *q = b;
    return p->expected_s != q->expected_s
               ? (p->expected_s > q->expected_s) - (p->expected_s < q->expected_s)
               : (p->unit > q->unit) - (p->unit < q->unit);
}

/* All free units of the plan's forces by a route of their own, sorted: no search, no index. */
static GArray *plain_rows(const Case *it, GeoXY place, uint32_t forces)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Plain));
    for (uint32_t i = 0; i < geo_fleet_n(it->fleet); i++) {
        const GeoFleetUnit *unit = geo_fleet_unit(it->fleet, i);
        GeoForce force = geo_planbook_force(geo_recommend_book(it->recommend), unit->row);
        GeoProfile profile = geo_fleet_profile(unit->kind);
        GeoSnap from = geo_network_snap(it->network, unit->at, profile, 500);
        GeoSnap to = geo_network_snap(it->network, place, profile, 500);
        double travel_s, distance_m;
        if (unit->left != GEO_LEFT_NOT || !(forces & GEO_FORCE_BIT(force)) ||
            !geo_roads_route(it->network->roads, profile, &from, &to, &travel_s, &distance_m, NULL))
            continue;
        double spread_s =
            geo_age_reach_m(unit->kind, unit->accuracy_m, unit->age_s) * travel_s / distance_m;
        Plain one = {i, (fmax(travel_s - spread_s, 0) + travel_s + spread_s) / 2};
        if (travel_s <= 1800)
            g_array_append_val(list, one);
    }
    g_array_sort(list, by_plain);
    return list;
}

static void rows_are_those_of_one_route_per_unit(void)
{
    static const char *const forces[] = {"police", "auxiliary", "guard", "volunteer", "emergency"};
    for (int round = 0; round < 6; round++) {
        Case it = begin();
        for (int i = 0; i < 120; i++) {
            g_autofree char *code = g_strdup_printf("U%03d", i);
            add(&it, code, g_test_rand_int_range(0, GEO_N_UNIT_KINDS),
                forces[g_test_rand_int_range(0, 5)], g_test_rand_double_range(0, 2000),
                g_test_rand_double_range(0, 2000));
        }
        settle(&it, 200);
        for (int64_t id = 1; id <= 120; id++)
            if (id % 3)
                little_fix(it.store, id, LITTLE_NOON - g_test_rand_int_range(0, 180) * 1000,
                           g_test_rand_double_range(0, 2000), g_test_rand_double_range(0, 2000));
        load(&it, LITTLE_NOON);
        for (int i = 0; i < 10; i++) {
            double x = g_test_rand_double_range(0, 2000), y = g_test_rand_double_range(0, 2000);
            g_autoptr(GeoRecommendation) answer = ask(&it, x, y, "盗窃", 2, 12);
            uint32_t asked = GEO_FORCE_BIT(GEO_FORCE_POLICE) | GEO_FORCE_BIT(GEO_FORCE_AUXILIARY);
            g_autoptr(GArray) plain =
                plain_rows(&it, geo_frame_xy(it.frame, little_place(x, y)), asked);
            g_assert_cmpuint(answer->rows->len, ==, MIN(12, plain->len));
            for (guint k = 0; k < answer->rows->len; k++)
                g_assert_cmpfloat_with_epsilon(row(answer->rows, k)->expected_s,
                                               g_array_index(plain, Plain, k).expected_s, 1e-3);
        }
        end(&it);
    }
}

static void places_off_the_roads_and_empty_cities_have_empty_answers(void)
{
    Case it = begin();
    settle(&it, 0);
    load(&it, 0);
    g_autoptr(GeoRecommendation) nobody = ask(&it, 0, 0, NULL, 0, 0);
    g_assert_cmpuint(nobody->rows->len, ==, 0);
    g_assert_cmpstr(nobody->plan->code, ==, "default");
    g_assert_cmpint(nobody->ask.priority, ==, 3);
    g_assert_cmpuint(nobody->missing->len, ==, 1);
    g_autoptr(GeoRecommendation) off = ask(&it, -90000, 0, "盗窃", 2, 5);
    g_assert_cmpuint(off->rows->len, ==, 0);
    end(&it);
}

#define TEST(name, function) g_test_add_func("/recommend/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("the-soonest-set-meets-the-plan", the_soonest_set_meets_the_plan);
    TEST("what-is-missing-names-who-can-be-called-in", what_is_missing_names_who_can_be_called_in);
    TEST("an-old-position-gives-a-span", an_old_position_gives_a_span);
    TEST("a-fresh-one-goes-before-an-old-one-that-looks-nearer",
         a_fresh_one_goes_before_an_old_one_that_looks_nearer);
    TEST("duty-that-ends-too-soon-is-said-or-excludes",
         duty_that_ends_too_soon_is_said_or_excludes);
    TEST("a-crew-goes-as-one", a_crew_goes_as_one);
    TEST("a-crew-waits-for-who-is-far", a_crew_waits_for_who_is_far);
    TEST("what-the-first-leaves-and-the-second-does-not",
         what_the_first_leaves_and_the_second_does_not);
    TEST("those-who-go-together-leave-more-than-each", those_who_go_together_leave_more_than_each);
    TEST("one-on-a-less-urgent-incident-is-named-with-it",
         one_on_a_less_urgent_incident_is_named_with_it);
    TEST("who-drives-is-on-its-side-of-the-road", who_drives_is_on_its_side_of_the_road);
    TEST("who-is-there-counts", who_is_there_counts);
    TEST("how-long-it-takes-is-learnt", how_long_it_takes_is_learnt);
    TEST("the-unaccepted-come-back-with-the-next", the_unaccepted_come_back_with_the_next);
    TEST("each-unit-has-its-first-reason", each_unit_has_its_first_reason);
    TEST("a-unit-is-found-by-any-of-its-names", a_unit_is_found_by_any_of_its_names);
    TEST("rows-are-those-of-one-route-per-unit", rows_are_those_of_one_route_per_unit);
    TEST("places-off-the-roads-and-empty-cities-have-empty-answers",
         places_off_the_roads_and_empty_cities_have_empty_answers);
    return little_run();
}
