/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/allot.h"

#include "geo/calc/assign.h"
#include "geo/model/error.h"
#include "geo/store/cases.h"
#include "little-city.h"

#define MINUTE_MS INT64_C(60000)
#define CAR_MPS (21 / 3.6)

typedef struct {
    GeoStore *store;
    GeoFrame *frame;
    GeoNetwork *network;
    GeoFleet *fleet;
    GeoRecommend *recommend;
    GeoBatch *units;
    int n_units, n_cases;
} Case;

static Case begin(void)
{
    Case it = {.store = little_city(), .units = geo_batch_new(GEO_KIND_UNIT)};
    little_streets(it.store);
    return it;
}

static void add_unit(Case *it, const char *force, int kind, double x_m, double y_m)
{
    g_autofree char *code = g_strdup_printf("U%d", ++it->n_units);
    little_unit(it->units, code, kind, GEO_STATUS_AVAILABLE, x_m, y_m)->force = force;
}

static void settle(Case *it)
{
    g_autoptr(GArray) posts = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    for (guint i = 0; i < it->units->rows->len; i++) {
        GeoLonLat post;
        geo_batch_first(it->units, geo_batch_row(it->units, i), &post);
        g_array_append_val(posts, post);
    }
    little_import(it->store, g_steal_pointer(&it->units), 1);
    GeoAct act = geo_act_local(NULL, LITTLE_NOON);
    for (guint i = 0; i < posts->len; i++) {
        GeoFix fix = {.unit_id = 1 + (int64_t)i,
                      .at_ms = LITTLE_NOON,
                      .lon = g_array_index(posts, GeoLonLat, i).lon,
                      .lat = g_array_index(posts, GeoLonLat, i).lat,
                      .speed_mps = NAN,
                      .heading_deg = NAN,
                      .accuracy_m = NAN};
        g_assert_true(geo_store_ingest_fixes(it->store, &act, &fix, 1, NULL, NULL));
    }
}

static int64_t take(Case *it, const char *category, int64_t priority, double x_m, double y_m)
{
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_INCIDENT);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, LITTLE_NOON);
    GeoIncident *incident = geo_batch_add(batch);
    incident->row.id = 900 + ++it->n_cases;
    incident->at_ms = LITTLE_NOON - 10 * MINUTE_MS + it->n_cases;
    incident->category = category;
    incident->priority = priority;
    if (isfinite(x_m)) {
        GeoLonLat p = little_place(x_m, y_m);
        geo_batch_set_point(batch, p.lon, p.lat);
    }
    g_assert_true(geo_store_take_report(it->store, &act, batch, NULL, NULL, 0, NULL, &error));
    g_assert_no_error(error);
    return 900 + it->n_cases;
}

static GeoAllotment *allot(Case *it)
{
    g_autoptr(GError) error = NULL;
    GeoFleetOptions how = {.at_ms = LITTLE_NOON};
    it->frame = geo_frame_new(LITTLE_EPSG, &error);
    it->network = geo_network_load(it->store, it->frame, NULL, &error);
    it->fleet = geo_fleet_load(it->store, it->frame, it->network, &how, NULL, &error);
    g_assert_no_error(error);
    it->recommend = geo_recommend_new(it->store, it->fleet, it->network, it->frame, NULL, &error);
    g_assert_no_error(error);
    GeoAllotment *allotment = geo_allot(it->recommend, &(GeoAllotAsk){0}, NULL, &error);
    g_assert_no_error(error);
    return allotment;
}

static void end(Case *it)
{
    geo_recommend_free(it->recommend);
    geo_fleet_free(it->fleet);
    geo_network_free(it->network);
    geo_frame_free(it->frame);
    geo_store_close(it->store);
}

static const GeoAllotPlace *place(const GeoAllotment *allotment, guint i)
{
    g_assert_cmpuint(i, <, allotment->places->len);
    return &g_array_index(allotment->places, GeoAllotPlace, i);
}

static void the_urgent_one_is_served_before_the_near_one(void)
{
    Case it = begin();
    add_unit(&it, "police", GEO_UNIT_CAR, 200, 0);
    add_unit(&it, "police", GEO_UNIT_CAR, 1800, 0);
    settle(&it);
    int64_t near = take(&it, "入室盗窃", 3, 0, 0);
    int64_t urgent = take(&it, "入室盗窃", 1, 600, 0);
    g_autoptr(GeoAllotment) allotment = allot(&it);
    g_assert_cmpuint(allotment->places->len, ==, 2);
    g_assert_cmpuint(allotment->served, ==, 2);
    const GeoAllotPlace *first = place(allotment, 0), *second = place(allotment, 1);
    g_assert_cmpint(first->incident_id, ==, urgent);
    g_assert_cmpint(second->incident_id, ==, near);
    g_assert_cmpuint(first->unit, ==, 0);
    g_assert_cmpuint(second->unit, ==, 1);
    g_assert_cmpfloat_with_epsilon(allotment->longest_s[0], 400 / CAR_MPS, 0.5);
    g_assert_cmpfloat_with_epsilon(allotment->longest_s[2], 1800 / CAR_MPS, 0.5);
    /* Told why the near one does not get its soonest. */
    g_assert_cmpuint(second->soonest, ==, 0);
    g_assert_cmpint(second->goes_to, ==, urgent);
    end(&it);
}

static void a_plan_gives_places_and_suitability(void)
{
    Case it = begin();
    add_unit(&it, "police", GEO_UNIT_CAR, 200, 0);
    add_unit(&it, "volunteer", GEO_UNIT_CAR, 0, 0);
    add_unit(&it, "guard", GEO_UNIT_CAR, 400, 0);
    settle(&it);
    take(&it, "抢劫", 1, 0, 0); /* two police, one of the others but no volunteer */
    take(&it, "求助", 4, 0, 0);
    take(&it, "求助", 4, NAN, NAN);
    g_autoptr(GeoAllotment) allotment = allot(&it);
    g_assert_cmpuint(allotment->cases->len, ==, 3);
    g_assert_cmpuint(allotment->unplaced, ==, 1);
    g_assert_cmpuint(allotment->places->len, ==, 4);
    g_assert_cmpuint(allotment->served, ==, 3);
    g_assert_true(place(allotment, 0)->served != place(allotment, 1)->served);
    g_assert_cmpuint(place(allotment, 2)->unit, ==, 2);
    g_assert_cmpuint(place(allotment, 3)->unit, ==, 1);
    g_assert_cmpfloat(allotment->longest_s[3], <, 1);
    end(&it);
}

/* ---- against all edges ---- */

/* By a route of its own; NAN: not within half an hour, or not whom the plan asks for. */
static double way_s(const Case *it, uint32_t i, GeoXY at)
{
    const GeoFleetUnit *unit = geo_fleet_unit(it->fleet, i);
    GeoProfile profile = geo_fleet_profile(unit->kind);
    GeoSnap from = geo_network_snap(it->network, unit->at, profile, 500);
    GeoSnap to = geo_network_snap(it->network, at, profile, 500);
    double travel_s, distance_m;
    GeoForce force = geo_planbook_force(geo_recommend_book(it->recommend), unit->row);
    bool comes =
        force <= GEO_FORCE_AUXILIARY &&
        geo_roads_route(it->network->roads, profile, &from, &to, &travel_s, &distance_m, NULL) &&
        travel_s <= 1800;
    return comes ? travel_s : NAN;
}

/* Every unit to every incident, all edges at once. */
static void best_of_all(const Case *it, const GeoAllotment *allotment, const GeoXY *cases,
                        uint32_t longest_ms[GEO_ASSIGN_PRIORITIES], size_t *served, double *sum_s)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(GeoAssignRow));
    g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(GeoAssignEdge));
    for (guint p = 0; p < allotment->places->len; p++) {
        GeoXY at = cases[place(allotment, p)->incident_id - 901];
        GeoAssignRow row = {edges->len, 0, (int)place(allotment, p)->priority};
        for (uint32_t i = 0; i < geo_fleet_n(it->fleet); i++) {
            double travel_s = way_s(it, i, at);
            if (isnan(travel_s))
                continue;
            GeoAssignEdge edge = {i, (uint32_t)lround(travel_s * 1000)};
            g_array_append_val(edges, edge);
        }
        row.n = edges->len - row.first;
        g_array_append_val(rows, row);
    }
    g_autofree int32_t *column_of = g_new(int32_t, rows->len + 1);
    g_assert_true(geo_assign_wishes((const GeoAssignRow *)(void *)rows->data, rows->len,
                                    (const GeoAssignEdge *)(void *)edges->data,
                                    geo_fleet_n(it->fleet), NULL, column_of, longest_ms, NULL));
    for (guint p = 0; p < rows->len; p++) {
        const GeoAssignRow *row = &g_array_index(rows, GeoAssignRow, p);
        *served += column_of[p] != GEO_ASSIGN_NOBODY;
        for (uint32_t e = row->first; e < row->first + row->n; e++)
            if ((int32_t)g_array_index(edges, GeoAssignEdge, e).column == column_of[p])
                *sum_s += g_array_index(edges, GeoAssignEdge, e).time_ms / 1000.0;
    }
}

/* Nobody goes to a less urgent matter who could have come to one that goes without. How many such
 * pairs there were to look at. */
static size_t urgent_ones_come_first(const Case *it, const GeoAllotment *allotment,
                                     const GeoXY *cases)
{
    size_t n = 0;
    for (guint p = 0; p < allotment->places->len; p++)
        for (guint q = 0; q < allotment->places->len; q++) {
            const GeoAllotPlace *without = place(allotment, p), *less = place(allotment, q);
            if (without->served || !less->served || less->priority <= without->priority)
                continue;
            g_assert_true(isnan(way_s(it, less->unit, cases[without->incident_id - 901])));
            n++;
        }
    return n;
}

enum { MOST_CASES = 40 };

typedef struct {
    int least_units, most_units, n_cases;
    /* Those on foot begin in one corner, where nothing urgent is, and do not come to the other. */
    bool apart;
} Crowd;

static void draw_units(Case *it, const Crowd *crowd)
{
    static const char *const forces[] = {"police", "auxiliary", "guard"};
    int n_units = g_test_rand_int_range(crowd->least_units, crowd->most_units);
    for (int i = 0; i < n_units; i++) {
        int kind = g_test_rand_int_range(0, 3);
        double most_m = crowd->apart && kind == GEO_UNIT_FOOT ? 300 : 2000;
        add_unit(it, forces[g_test_rand_int_range(0, 3)], kind, g_test_rand_double_range(0, most_m),
                 g_test_rand_double_range(0, most_m));
    }
}

/* Crowded into corners, so that they compete. */
static void draw_cases(Case *it, const Crowd *crowd, GeoXY *cases)
{
    GeoFrame *frame = geo_frame_new(LITTLE_EPSG, NULL);
    for (int i = 0; i < crowd->n_cases; i++) {
        bool far = crowd->apart && i % 2, near = crowd->apart && !far;
        double least_m = far ? 1700 : 0, most_m = far ? 2000 : near ? 300 : 700;
        double x = g_test_rand_double_range(least_m, most_m);
        double y = g_test_rand_double_range(least_m, most_m);
        cases[i] = geo_frame_xy(frame, little_place(x, y));
        take(it, "盗窃", g_test_rand_int_range(near ? 3 : 1, 5), x, y);
    }
    geo_frame_free(frame);
}

/* Adds to the places that go without, and to the pairs of urgent_ones_come_first(). */
static void against_all(const Crowd *crowd, size_t *without, size_t *pairs)
{
    Case it = begin();
    GeoXY cases[MOST_CASES];
    draw_units(&it, crowd);
    settle(&it);
    draw_cases(&it, crowd, cases);
    g_autoptr(GeoAllotment) allotment = allot(&it);
    uint32_t longest_ms[GEO_ASSIGN_PRIORITIES];
    size_t served = 0;
    double sum_s = 0, found_s = 0;
    best_of_all(&it, allotment, cases, longest_ms, &served, &sum_s);
    for (guint i = 0; i < allotment->places->len; i++)
        found_s += place(allotment, i)->served ? place(allotment, i)->expected_s : 0;
    g_assert_cmpuint(allotment->served, ==, served);
    for (int p = 0; p < GEO_ASSIGN_PRIORITIES; p++)
        g_assert_cmpfloat_with_epsilon(allotment->longest_s[p], longest_ms[p] / 1000.0, 0.01);
    g_assert_cmpfloat_with_epsilon(found_s, sum_s, 0.1);
    *without += allotment->places->len - served;
    *pairs += urgent_ones_come_first(&it, allotment, cases);
    end(&it);
}

static void it_is_the_best_of_all_units_there_are(void)
{
    size_t without = 0, pairs = 0;
    for (int round = 0; round < 5; round++)
        against_all(&(Crowd){10, 90, 24, false}, &without, &pairs);
}

static void where_more_wait_than_can_go_the_urgent_are_served(void)
{
    size_t without = 0, pairs = 0;
    for (int round = 0; round < 8; round++)
        against_all(&(Crowd){2, 30, MOST_CASES, round % 2}, &without, &pairs);
    g_assert_cmpuint(without, >, 40);
    g_assert_cmpuint(pairs, >, 0);
}

static void doing_it_sends_them_and_refuses_what_has_changed(void)
{
    Case it = begin();
    add_unit(&it, "police", GEO_UNIT_CAR, 200, 0);
    add_unit(&it, "police", GEO_UNIT_CAR, 1800, 0);
    settle(&it);
    int64_t first = take(&it, "入室盗窃", 2, 0, 0), second = take(&it, "入室盗窃", 2, 1900, 0);
    g_autoptr(GeoAllotment) allotment = allot(&it);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, LITTLE_NOON);
    GeoDeed note = {.what = GEO_DEED_NOTE, .incident_id = second, .detail = {.reason = "seen"}};
    g_assert_true(geo_store_do(it.store, &act, &note, 1, NULL, &error));
    GArray *done = geo_allot_do(it.recommend, allotment, it.store, &act);
    g_assert_cmpuint(done->len, ==, 2);
    for (guint i = 0; i < 2; i++) {
        const GeoAllotDone *one = &g_array_index(done, GeoAllotDone, i);
        g_assert_cmpuint(one->sent, ==, one->incident_id == first ? 1 : 0);
        g_assert_true((one->refused == NULL) == (one->incident_id == first));
    }
    geo_allot_done_free(done);
    g_autoptr(GeoCase) sent = geo_store_case(it.store, first, &error);
    g_assert_cmpint(sent->state, ==, GEO_INCIDENT_DISPATCHED);
    g_assert_nonnull(geo_case_unit(sent, 1));
    end(&it);
}

static void nobody_waiting_is_an_empty_answer(void)
{
    Case it = begin();
    add_unit(&it, "police", GEO_UNIT_CAR, 200, 0);
    settle(&it);
    g_autoptr(GeoAllotment) allotment = allot(&it);
    g_assert_cmpuint(allotment->cases->len, ==, 0);
    g_assert_cmpuint(allotment->served, ==, 0);
    end(&it);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/allot/the-urgent-one-is-served-before-the-near-one",
                    the_urgent_one_is_served_before_the_near_one);
    g_test_add_func("/allot/a-plan-gives-places-and-suitability",
                    a_plan_gives_places_and_suitability);
    g_test_add_func("/allot/it-is-the-best-of-all-units-there-are",
                    it_is_the_best_of_all_units_there_are);
    g_test_add_func("/allot/where-more-wait-than-can-go-the-urgent-are-served",
                    where_more_wait_than_can_go_the_urgent_are_served);
    g_test_add_func("/allot/doing-it-sends-them-and-refuses-what-has-changed",
                    doing_it_sends_them_and_refuses_what_has_changed);
    g_test_add_func("/allot/nobody-waiting-is-an-empty-answer", nobody_waiting_is_an_empty_answer);
    return little_run();
}
