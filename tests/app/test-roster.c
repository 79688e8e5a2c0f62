/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day of the rosters as the session gives it, and times as people write them. */
#include "app/session/session.h"
#include "app/session/shift-time.h"
#include "tests/geo/fresh-city.h"

#define LIMIT_S 30
#define HOUR INT64_C(3600000)
/* 2026-11-21 in Hefei */
#define DAY INT64_C(1795190400000)

typedef struct {
    FreshCity *city;
    AppSession *session;
    AppRoster *roster;
    char *refused;
    guint answers;
} Desk;

static gboolean never(gpointer data)
{
    g_error("nothing came within %d s", LIMIT_S);
    return G_SOURCE_REMOVE;
}

static void on_roster(GObject *source, GAsyncResult *result, gpointer data)
{
    Desk *desk = data;
    g_autoptr(GError) error = NULL;
    g_clear_pointer(&desk->roster, app_roster_free);
    g_clear_pointer(&desk->refused, g_free);
    desk->roster = app_session_roster_finish(APP_SESSION(source), result, &error);
    desk->refused = error ? g_strdup(error->message) : NULL;
    desk->answers++;
}

static const AppRoster *ask(Desk *desk, AppRosterAct act)
{
    guint before = desk->answers;
    guint limit = g_timeout_add_seconds(LIMIT_S, never, NULL);
    act.at_ms = DAY + HOUR;
    app_session_roster(desk->session, act, on_roster, desk);
    while (desk->answers == before)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(limit);
    return desk->roster;
}

static void begin(Desk *desk)
{
    desk->city = fresh_city_new("sqlite");
    GeoBatch *units = fresh_points(GEO_KIND_UNIT, 11, 3);
    for (guint i = 0; i < 3; i++)
        g_array_index(units->rows, GeoUnit, i).area = geo_batch_text(units, i < 2 ? "a" : "b");
    fresh_import(desk->city->store, 100, units);
    fresh_import(desk->city->store, 101,
                 fresh_roster(51, "unit-0", DAY - 2 * HOUR, DAY + 6 * HOUR));
    fresh_import(desk->city->store, 102,
                 fresh_roster(52, "unit-0", DAY + 30 * HOUR, DAY + 38 * HOUR));
    g_clear_pointer(&desk->city->store, geo_store_close);
    desk->session = app_session_new(desk->city->path, APP_SIGHT_USUAL);
}

static void end(Desk *desk)
{
    app_session_close(desk->session);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_clear_object(&desk->session);
    app_roster_free(desk->roster);
    g_free(desk->refused);
    fresh_city_free(desk->city);
}

static const AppRosterRow *row_at(const AppRoster *roster, guint i)
{
    return &g_array_index(roster->rows, AppRosterRow, i);
}

static GeoBatch *shift_of(int64_t id, int64_t version, const char *unit, int64_t from_h)
{
    GeoBatch *batch = fresh_roster(id, unit, DAY + from_h * HOUR, DAY + (from_h + 8) * HOUR);
    geo_batch_row(batch, 0)->version = version;
    return batch;
}

static void a_day_is_shown_by_area(void)
{
    Desk desk = {0};
    begin(&desk);
    const AppRoster *roster = ask(&desk, (AppRosterAct){.area = g_strdup("a")});
    g_assert_cmpint(roster->day_ms, ==, DAY);
    g_assert_cmpint(roster->end_ms, ==, DAY + 24 * HOUR);
    g_assert_cmpuint(roster->areas->len, ==, 2);
    g_assert_cmpuint(g_array_index(roster->areas, AppRosterArea, 0).shifts, ==, 1);
    g_assert_cmpuint(roster->rows->len, ==, 2); /* a shift over midnight, and who has none */
    g_assert_cmpint(row_at(roster, 0)->shift_id, ==, 51);
    g_assert_cmpint(row_at(roster, 1)->shift_id, ==, 0);
    g_assert_cmpstr(row_at(roster, 1)->unit, ==, "unit-1");
    end(&desk);
}

static void an_edit_is_on_disk_and_taken_back(void)
{
    Desk desk = {0};
    begin(&desk);
    AppRosterAct put = {
        .want = APP_ROSTER_PUT, .area = g_strdup("a"), .shift = shift_of(0, 0, "unit-1", 22)};
    const AppRoster *roster = ask(&desk, put);
    g_assert_nonnull(roster);
    int64_t id = roster->shift_id;
    g_assert_cmpint(roster->version, ==, 1);
    g_assert_nonnull(roster->said);
    g_assert_cmpint(row_at(roster, 1)->shift_id, ==, id);
    put = (AppRosterAct){
        .want = APP_ROSTER_PUT, .area = g_strdup("a"), .shift = shift_of(id, 0, "unit-1", 20)};
    g_assert_null(ask(&desk, put)); /* it was seen when it was not there */
    g_assert_nonnull(strstr(desk.refused, "has changed since"));
    put = (AppRosterAct){
        .want = APP_ROSTER_PUT, .area = g_strdup("a"), .shift = shift_of(id, 1, "unit-1", 20)};
    roster = ask(&desk, put);
    g_assert_cmpint(row_at(roster, 1)->from_ms, ==, DAY + 20 * HOUR);
    AppRosterAct remove = {
        .want = APP_ROSTER_REMOVE, .area = g_strdup("a"), .shift = shift_of(id, 2, "unit-1", 20)};
    roster = ask(&desk, remove);
    g_assert_cmpint(roster->version, ==, 0);
    g_assert_cmpint(row_at(roster, 1)->shift_id, ==, 0);
    end(&desk);
}

static void a_unit_signs_on_rests_and_leaves(void)
{
    Desk desk = {0};
    begin(&desk);
    static const struct {
        AppRosterWant want;
        GeoDutyState state;
    } acts[] = {{APP_ROSTER_ON, GEO_DUTY_STATE_ON},
                {APP_ROSTER_BREAK, GEO_DUTY_STATE_BREAK},
                {APP_ROSTER_RESUME, GEO_DUTY_STATE_ON},
                {APP_ROSTER_OFF, GEO_DUTY_STATE_OFF},
                {APP_ROSTER_ADMIT, GEO_DUTY_STATE_ON}};
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        const AppRoster *roster =
            ask(&desk, (AppRosterAct){.want = acts[i].want, .unit_id = 13, .area = g_strdup("b")});
        g_assert_cmpstr(desk.refused, ==, NULL);
        g_assert_nonnull(roster->said);
        g_assert_cmpuint(roster->area, ==, 1);
        roster = ask(&desk, (AppRosterAct){.area = g_strdup("b")});
        /* Signed off it is off for a millisecond, then nobody has told its shifts. */
        GeoDutyState state = row_at(roster, 0)->state;
        g_assert_cmpint(state == GEO_DUTY_STATE_NO_ROSTER ? GEO_DUTY_STATE_OFF : state, ==,
                        acts[i].state);
    }
    g_assert_null(ask(&desk, (AppRosterAct){.want = APP_ROSTER_RESUME, .unit_id = 13}));
    g_assert_nonnull(desk.refused);
    end(&desk);
}

static void times_are_read_as_people_write_them(void)
{
    static const struct {
        const char *from, *to;
        int64_t from_m, to_m; /* minutes of the day; from -1: refused */
    } said[] = {{"22:00", "06:00", 1320, 1800},
                {"7:30", "1530", 450, 930},
                {"０", "1", -1, 0},
                {"22：00 ", " 6:00 +1", 1320, 1800},
                {"8", "8", 480, 1920},
                {"16:00", "24:00", 960, 1440},
                {"20:00 −1", "4:00", -240, 240},
                {"20:00 -1", "19:00", -240, 1140},
                {"0:00", "0:00 +3", 0, 4320},
                {"10:00", "9:00 +0", -1, 0},
                {"25:00", "26:00", -1, 0},
                {"10:60", "11:00", -1, 0},
                {"", "9:00", -1, 0},
                {"9:00", "17:00 +99", -1, 0},
                {"9:0", "17:00", -1, 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
        int64_t from_ms, to_ms;
        bool right = app_shift_time_span(said[i].from, said[i].to, DAY + 5 * HOUR, "Asia/Shanghai",
                                         &from_ms, &to_ms);
        g_assert_cmpint(right, ==, said[i].from_m != -1);
        if (!right)
            continue;
        g_assert_cmpint((from_ms - DAY) / 60000, ==, said[i].from_m);
        g_assert_cmpint((to_ms - DAY) / 60000, ==, said[i].to_m);
    }
}

/* What is shown is read as what it was, also on days when the clock changes. */
static void times_come_back(void)
{
    static const char *const zones[] = {"Asia/Shanghai", "America/Chicago", "UTC"};
    for (int i = 0; i < 2000; i++) {
        const char *zone = zones[i % 3];
        int64_t day_ms = DAY + g_test_rand_int_range(-400, 400) * 24 * HOUR;
        int64_t at_ms = day_ms + g_test_rand_int_range(-2880, 2880) * INT64_C(60000), read_ms;
        bool says_day;
        g_autofree char *text = app_shift_time_dup(at_ms, day_ms, zone);
        g_assert_true(app_shift_time_read(text, day_ms, zone, &read_ms, &says_day));
        /* An hour that comes twice is one of the two. */
        g_assert_true(read_ms == at_ms || ABS(read_ms - at_ms) == HOUR);
        g_autofree char *again = app_shift_time_dup(read_ms, day_ms, zone);
        g_assert_cmpstr(again, ==, text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/roster/a-day-is-shown-by-area", a_day_is_shown_by_area);
    g_test_add_func("/roster/an-edit-is-on-disk-and-taken-back", an_edit_is_on_disk_and_taken_back);
    g_test_add_func("/roster/a-unit-signs-on-rests-and-leaves", a_unit_signs_on_rests_and_leaves);
    g_test_add_func("/roster/times-are-read-as-people-write-them",
                    times_are_read_as_people_write_them);
    g_test_add_func("/roster/times-come-back", times_come_back);
    return g_test_run();
}
