/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roads closed by hand, turns and gates from the store to the route. Every claim about the store
 * holds for every back end. */
#include "geo/model/hours.h"
#include "geo/store/closures.h"
#include "geo/work/network.h"
#include "tests/geo/fresh-city.h"

#define HOUR INT64_C(3600000)
/* A Tuesday, 12:00 in the city. */
#define NOON INT64_C(1700020800000)

static const char *const backends[] = {"memory", "sqlite", NULL};

/* A ladder: the lower street 0-1-2, the upper one 3-4-5, rungs between. Codes "w0" ... */
static const double corners[][2] = {{117.000, 31.000}, {117.002, 31.000}, {117.004, 31.000},
                                    {117.000, 31.002}, {117.002, 31.002}, {117.004, 31.002}};
static const int streets[][2] = {{0, 1}, {1, 2}, {3, 4}, {4, 5}, {0, 3}, {1, 4}, {2, 5}};

static FreshCity *ladder(const char *backend)
{
    FreshCity *city = fresh_city_new(backend);
    GeoBatch *roads = geo_batch_new(GEO_KIND_ROAD);
    for (int i = 0; i < (int)G_N_ELEMENTS(streets); i++) {
        g_autofree char *code = g_strdup_printf("w%d", i);
        GeoRoad *road = fresh_row(roads, 1 + i, code);
        road->class = GEO_ROAD_RESIDENTIAL;
        road->foot = road->ebike = road->car = 2;
        geo_batch_begin(roads, GEO_SHAPE_LINE);
        for (int k = 0; k < 2; k++)
            geo_batch_point(roads, corners[streets[i][k]][0], corners[streets[i][k]][1]);
    }
    fresh_import(city->store, 100, roads);
    return city;
}

typedef struct {
    GeoFrame *frame;
    GeoNetwork *network;
} Net;

static Net open_net(FreshCity *city, int64_t at_ms)
{
    g_autoptr(GError) error = NULL;
    Net net = {.frame = geo_frame_new(4548, &error)};
    net.network = geo_network_load(city->store, net.frame, NULL, &error);
    g_assert_no_error(error);
    if (at_ms)
        g_assert_true(geo_network_set_now(net.network, city->store, at_ms, at_ms, &error));
    return net;
}

static void close_net(Net *net)
{
    geo_network_free(net->network);
    geo_frame_free(net->frame);
}

/* Metres by car from the middle of the street to that of another; NAN: there is no way. */
static double metres(const Net *net, int from, int to)
{
    GeoSnap ends[2];
    const int street[] = {from, to};
    double travel_s, distance_m;
    for (int i = 0; i < 2; i++) {
        const double *a = corners[streets[street[i]][0]], *b = corners[streets[street[i]][1]];
        GeoLonLat middle = {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2};
        ends[i] =
            geo_network_snap(net->network, geo_frame_xy(net->frame, middle), GEO_PROFILE_CAR, 50);
    }
    return geo_roads_route(net->network->roads, GEO_PROFILE_CAR, &ends[0], &ends[1], &travel_s,
                           &distance_m, NULL)
               ? distance_m
               : NAN;
}

/* Across the second street of the lower row. */
static GeoBatch *across(int64_t id, int64_t from_ms, int64_t to_ms)
{
    GeoBatch *batch = geo_batch_new(GEO_KIND_CLOSURE);
    GeoClosure *closure = fresh_row(batch, id, NULL);
    closure->from_ms = from_ms;
    closure->to_ms = to_ms;
    closure->car = 1;
    closure->reason = geo_batch_text(batch, "burst main");
    geo_batch_begin(batch, GEO_SHAPE_LINE);
    geo_batch_point(batch, 117.003, 30.9995);
    geo_batch_point(batch, 117.003, 31.0005);
    return batch;
}

static void a_closure_holds_for_its_time(gconstpointer backend)
{
    g_autoptr(FreshCity) city = ladder(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local("close-1", NOON);
    g_autoptr(GeoBatch) closure = across(50, NOON, NOON + HOUR);
    for (int i = 0; i < 2; i++) /* a retry closes once */
        g_assert_true(geo_store_put_closure(city->store, &act, closure, &error));
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CLOSURE, NULL), ==, 1);
    const int64_t moments[] = {NOON - 1, NOON, NOON + HOUR - 1, NOON + HOUR};
    const bool closed[] = {false, true, true, false};
    Net net = open_net(city, 0);
    double direct = metres(&net, 0, 6);
    for (size_t i = 0; i < G_N_ELEMENTS(moments); i++) {
        g_assert_true(
            geo_network_set_now(net.network, city->store, moments[i], moments[i], &error));
        double now = metres(&net, 0, 6);
        if (closed[i])
            g_assert_cmpfloat(now, >, direct + 100);
        else
            g_assert_cmpfloat_with_epsilon(now, direct, 1e-6);
    }
    act = geo_act_local(NULL, NOON + HOUR / 2);
    g_assert_true(geo_store_lift_closure(city->store, &act, 50, &error));
    g_assert_true(geo_network_set_now(net.network, city->store, NOON + 1, NOON + 1, &error));
    g_assert_cmpfloat_with_epsilon(metres(&net, 0, 6), direct, 1e-6);
    g_assert_false(geo_store_lift_closure(city->store, &act, 50, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    g_assert_false(geo_store_lift_closure(city->store, &act, 51, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    close_net(&net);
}

static void what_cannot_be_is_refused(gconstpointer backend)
{
    g_autoptr(FreshCity) city = ladder(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, NOON);
    g_autoptr(GeoBatch) backwards = across(50, NOON, NOON - 1);
    g_assert_false(geo_store_put_closure(city->store, &act, backwards, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    g_clear_error(&error);
    g_autoptr(GeoBatch) nobody = across(51, NOON, 0);
    g_array_index(nobody->rows, GeoClosure, 0).car = 0;
    g_assert_false(geo_store_put_closure(city->store, &act, nobody, &error));
    g_clear_error(&error);
    act.role = GEO_ROLE_AUDITOR;
    g_autoptr(GeoBatch) fine = across(52, NOON, 0);
    g_assert_false(geo_store_put_closure(city->store, &act, fine, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    act.role = GEO_ROLE_DISPATCHER;
    g_assert_true(geo_store_put_closure(city->store, &act, fine, &error));
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CLOSURE, NULL), ==, 1);
}

static void a_forbidden_turn_is_not_driven(gconstpointer backend)
{
    g_autoptr(FreshCity) city = ladder(backend);
    Net before = open_net(city, 0);
    double direct = metres(&before, 0, 1);
    close_net(&before);
    GeoBatch *turns = geo_batch_new(GEO_KIND_TURN);
    GeoTurn *turn = fresh_row(turns, 70, "r1");
    turn->what = GEO_TURN_SORT_NO;
    turn->from_way = "w0";
    turn->to_way = "w1";
    turn->car = 1;
    geo_batch_set_point(turns, corners[1][0], corners[1][1]);
    GeoTurn *lost = fresh_row(turns, 71, "r2");
    lost->what = GEO_TURN_SORT_NO;
    lost->from_way = "w0";
    lost->to_way = "elsewhere";
    lost->car = 1;
    geo_batch_set_point(turns, corners[1][0], corners[1][1]);
    fresh_import(city->store, 101, turns);
    Net net = open_net(city, 0);
    g_assert_cmpuint(net.network->facts.turns, ==, 1);
    g_assert_cmpuint(net.network->lost_turns, ==, 1);
    g_assert_cmpfloat(metres(&net, 0, 1), >, direct + 100);
    g_assert_cmpfloat_with_epsilon(metres(&net, 1, 0), direct, 1e-6);
    close_net(&net);
}

static void a_gate_opens_by_the_hour(gconstpointer backend)
{
    g_autoptr(FreshCity) city = ladder(backend);
    g_autoptr(GError) error = NULL;
    GeoBatch *gates = geo_batch_new(GEO_KIND_BARRIER);
    GeoObstacle *gate = fresh_row(gates, 80, "g");
    gate->foot = gate->ebike = 1;
    gate->car = 2;
    gate->hours = "06:00-22:00";
    geo_batch_set_point(gates, corners[1][0], corners[1][1]);
    fresh_import(city->store, 101, gates);
    Net net = open_net(city, NOON);
    g_assert_cmpuint(net.network->facts.barriers, ==, 1);
    double open = metres(&net, 0, 1);
    g_assert_true(geo_network_set_now(net.network, city->store, NOON + 11 * HOUR, NOON, &error));
    g_assert_cmpfloat(metres(&net, 0, 1), >, open + 100);
    g_assert_true(geo_network_set_now(net.network, city->store, NOON + 19 * HOUR, NOON, &error));
    g_assert_cmpfloat_with_epsilon(metres(&net, 0, 1), open, 1e-6);
    close_net(&net);
}

static void hours_are_read_or_told(void)
{
    static const struct {
        const char *text;
        bool ok;
        uint16_t open, close;
    } cases[] = {
        {"06:00-23:00", true, 360, 1380}, {"22:30-5:15", true, 1350, 315}, {"24/7", false, 0, 0},
        {"06:00", false, 0, 0},           {"25:00-26:00", false, 0, 0},    {"", false, 0, 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint16_t open = 9, close = 9;
        bool ok = geo_hours_read(cases[i].text, &open, &close);
        if (!strcmp(cases[i].text, "24/7"))
            continue; /* either way of saying always */
        g_assert_cmpint(ok, ==, cases[i].ok);
        if (ok) {
            g_assert_cmpint(open, ==, cases[i].open);
            g_assert_cmpint(close, ==, cases[i].close);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        GTestDataFunc test;
    } tests[] = {{"a-closure-holds-for-its-time", a_closure_holds_for_its_time},
                 {"what-cannot-be-is-refused", what_cannot_be_is_refused},
                 {"a-forbidden-turn-is-not-driven", a_forbidden_turn_is_not_driven},
                 {"a-gate-opens-by-the-hour", a_gate_opens_by_the_hour}};
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hours/are-read-or-told", hours_are_read_or_told);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        for (size_t b = 0; backends[b]; b++) {
            g_autofree char *path = g_strdup_printf("/closures/%s/%s", backends[b], tests[i].path);
            g_test_add_data_func(path, backends[b], tests[i].test);
        }
    return g_test_run();
}
