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
    const int64_t after[] = {NOON - 1, NOON + 1, NOON + HOUR / 2 - 1, NOON + HOUR / 2, NOON + HOUR};
    const bool was_closed[] = {false, true, true, false, false}; /* it was so until it was lifted */
    for (size_t i = 0; i < G_N_ELEMENTS(after); i++) {
        g_assert_true(geo_network_set_now(net.network, city->store, after[i], after[i], &error));
        g_assert_cmpint(metres(&net, 0, 6) > direct + 100, ==, was_closed[i]);
    }
    g_assert_false(geo_store_lift_closure(city->store, &act, 50, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    g_assert_false(geo_store_lift_closure(city->store, &act, 51, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    close_net(&net);
}

/* A fix is always a little older than what is drawn now, and in a copied city much older. */
static void one_newer_than_any_fix_is_minded(gconstpointer backend)
{
    g_autoptr(FreshCity) city = ladder(backend);
    g_autoptr(GError) error = NULL;
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    fresh_row(units, 11, "C-1");
    fresh_import(city->store, 101, units);
    GeoAct act = geo_act_local(NULL, NOON);
    GeoFix fix = {11, NOON - HOUR, 117.001, 31.000, NAN, 90, NAN};
    size_t refused;
    g_assert_true(geo_store_ingest_fixes(city->store, &act, &fix, 1, &refused, &error));
    Net net = open_net(city, 0);
    g_assert_true(geo_network_set_now(net.network, city->store, 0, NOON, &error));
    double direct = metres(&net, 0, 6);
    g_autoptr(GeoBatch) closure = across(50, NOON, NOON + HOUR);
    g_assert_true(geo_store_put_closure(city->store, &act, closure, &error));
    g_assert_true(geo_network_set_now(net.network, city->store, 0, NOON, &error));
    g_assert_cmpfloat(metres(&net, 0, 6), >, direct + 100);
    /* Who asks about a moment has that moment's. */
    g_assert_true(geo_network_set_now(net.network, city->store, NOON - HOUR, NOON, &error));
    g_assert_cmpfloat_with_epsilon(metres(&net, 0, 6), direct, 1e-6);
    g_assert_true(geo_network_set_now(net.network, city->store, 0, NOON + HOUR, &error));
    g_assert_cmpfloat_with_epsilon(metres(&net, 0, 6), direct, 1e-6);
    g_assert_true(geo_network_set_now(net.network, city->store, 0, NOON, &error));
    g_assert_true(geo_store_lift_closure(city->store, &act, 50, &error));
    g_assert_true(geo_network_set_now(net.network, city->store, 0, NOON, &error));
    g_assert_cmpfloat_with_epsilon(metres(&net, 0, 6), direct, 1e-6);
    close_net(&net);
}

static void a_place_without_a_road_says_why(gconstpointer backend)
{
    g_autoptr(FreshCity) city = ladder(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, NOON);
    g_autoptr(GeoBatch) closure = across(50, NOON, NOON + HOUR);
    GeoLonLat on = {NAN, NAN};
    g_assert_true(geo_batch_first(closure, geo_batch_row(closure, 0), &on));
    g_assert_true(geo_store_put_closure(city->store, &act, closure, &error));
    Net net = open_net(city, NOON);
    g_autofree char *closed =
        geo_network_dup_no_road(net.network, geo_frame_xy(net.frame, on), 500);
    g_assert_nonnull(strstr(closed, "(closure 50)"));
    g_assert_nonnull(strstr(closed, "the nearest that is open is"));
    on.lat += 0.2;
    g_autofree char *none = geo_network_dup_no_road(net.network, geo_frame_xy(net.frame, on), 500);
    g_assert_nonnull(strstr(none, "no road within 500 m"));
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

/* The week as a row of minutes: what a reader with paper would mark. */
#define WEEK (7 * 1440)

static void mark(bool *week, int day, int from, int to)
{
    for (int m = from; m < (to <= from ? to + 1440 : to); m++)
        week[(day * 1440 + m) % WEEK] = true;
}

static void assert_week(const char *text, const bool *week)
{
    GeoHours hours;
    g_test_message("%s", text);
    g_assert_true(geo_hours_read(text, &hours));
    for (int m = 0; m < WEEK; m++)
        g_assert_cmpint(geo_hours_hold(&hours, m), ==, week[m]);
}

static void hours_are_read_or_told(void)
{
    static const struct {
        const char *text;
        int from_day, to_day, from, to; /* one span; from_day -1: never */
    } cases[] = {{"06:00-23:00", 0, 6, 360, 1380},
                 {"22:30-5:15", 0, 6, 1350, 315},
                 {"24/7", 0, 6, 0, 1440},
                 {"00:00-24:00", 0, 6, 0, 1440},
                 {"Mo-Su 06:00-22:00", 0, 6, 360, 1320},
                 {"Mo-Fr 07:00-09:00 open", 0, 4, 420, 540},
                 {"Mo,Tu,We 07:00-09:00; PH off", 0, 2, 420, 540},
                 {"PH,Sa 22:00-26:00", 5, 5, 1320, 120},
                 {"Mo-Su 08:00-10:00; We-Su off;", 0, 1, 480, 600},
                 {"off", -1, 0, 0, 0}};
    static const char *const wrong[] = {
        "",
        "06:00",
        "25:00-26:00",
        "sunrise-sunset",
        "Apr-Sep 06:00-22:00",
        "Mo-Fr",
        "Mo- 6:00-7:00",
        "6:00-7:00,",
        "06:00+",
        "Xx 06:00-07:00",
        "6:60-7:00",
        "Mo[1] 6:00-7:00",
        "06:00-07:00 \"by call\"",
        "6:00-49:00",
        "24:00-6:00",
        "1:00-2:00,3:00-4:00,5:00-6:00,7:00-8:00,9:00-10:00,11:00-12:00,13:00-14:00,"
        "15:00-16:00,17:00-18:00,19:00-20:00,21:00-22:00,22:10-22:20,23:00-23:10"};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool week[WEEK] = {false};
        for (int day = cases[i].from_day; day >= 0 && day <= cases[i].to_day; day++)
            mark(week, day, cases[i].from, cases[i].to);
        assert_week(cases[i].text, week);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        GeoHours hours = {.n = 9};
        g_assert_false(geo_hours_read(wrong[i], &hours));
        g_assert_cmpuint(hours.n, ==, 9);
    }
    GeoHours hours;
    g_assert_true(geo_hours_read("Mo-Su 00:00-24:00", &hours) && geo_hours_always(&hours));
    g_assert_true(geo_hours_read("Mo-Sa 24/7", &hours) && !geo_hours_always(&hours));
    g_assert_true(geo_hours_always(&(GeoHours){0}) && geo_hours_hold(&(GeoHours){0}, 77));
}

/* Seeded rules with days, spans, additions and replacements against the marked week. */
static void hours_agree_with_a_marked_week(void)
{
    static const char *const names[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
    for (int round = 0; round < 500; round++) {
        bool week[WEEK] = {false}, by_day[7][WEEK] = {{false}};
        g_autoptr(GString) text = g_string_new(NULL);
        for (int rule = 0, n = g_test_rand_int_range(1, 4); rule < n; rule++) {
            int first = g_test_rand_int_range(0, 7), last = g_test_rand_int_range(0, 7);
            bool adds = rule > 0 && g_test_rand_bit(), off = !adds && g_test_rand_int() % 5 == 0;
            g_string_append(text, rule == 0 ? "" : adds ? ", " : "; ");
            if (first == last)
                g_string_append_printf(text, "%s ", names[first]);
            else
                g_string_append_printf(text, "%s-%s ", names[first], names[last]);
            int n_spans = off ? 0 : g_test_rand_int_range(1, 4), from[3], to[3];
            g_string_append(text, off ? "off" : "");
            for (int k = 0; k < n_spans; k++) {
                from[k] = g_test_rand_int_range(0, 1440);
                to[k] = g_test_rand_int_range(0, 1441);
                g_string_append_printf(text, "%s%02d:%02d-%02d:%02d", k ? "," : "", from[k] / 60,
                                       from[k] % 60, to[k] / 60, to[k] % 60);
            }
            for (int day = first;; day = (day + 1) % 7) {
                if (!adds)
                    memset(by_day[day], 0, sizeof by_day[day]);
                for (int k = 0; k < n_spans; k++)
                    mark(by_day[day], day, from[k], to[k]);
                if (day == last)
                    break;
            }
            /* "off, Mo ..." adds to a rule without spans: nobody writes it */
            if (off)
                n = rule + 1;
        }
        for (int day = 0; day < 7; day++)
            for (int m = 0; m < WEEK; m++)
                week[m] |= by_day[day][m];
        assert_week(text->str, week);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        GTestDataFunc test;
    } tests[] = {{"a-closure-holds-for-its-time", a_closure_holds_for_its_time},
                 {"one-newer-than-any-fix-is-minded", one_newer_than_any_fix_is_minded},
                 {"a-place-without-a-road-says-why", a_place_without_a_road_says_why},
                 {"what-cannot-be-is-refused", what_cannot_be_is_refused},
                 {"a-forbidden-turn-is-not-driven", a_forbidden_turn_is_not_driven},
                 {"a-gate-opens-by-the-hour", a_gate_opens_by_the_hour}};
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hours/are-read-or-told", hours_are_read_or_told);
    g_test_add_func("/hours/agree-with-a-marked-week", hours_agree_with_a_marked_week);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        for (size_t b = 0; backends[b]; b++) {
            g_autofree char *path = g_strdup_printf("/closures/%s/%s", backends[b], tests[i].path);
            g_test_add_data_func(path, backends[b], tests[i].test);
        }
    return g_test_run();
}
