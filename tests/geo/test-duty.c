/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract of duty in the store: what is signed, who is heard by it, whose device is whose.
 * Every claim holds for every back end. */
#include "geo/work/dutyload.h"
#include "geo/work/muster.h"
#include "tests/geo/fresh-city.h"

#define HOUR INT64_C(3600000)
/* A UTC midnight, and an hour of the evening before it: shifts lie across both. */
#define MIDNIGHT INT64_C(1700006400000)

static const char *const backends[] = {"memory", "sqlite", NULL};

/* Units 11, 12, 13 of area "a" and 14 of "b". unit-0 (11) has a shift from 22:00 to 02:00 UTC. */
static FreshCity *rostered_city(const char *backend)
{
    FreshCity *city = fresh_city_new(backend);
    GeoBatch *units = fresh_points(GEO_KIND_UNIT, 11, 4);
    for (guint i = 0; i < 4; i++)
        g_array_index(units->rows, GeoUnit, i).area = geo_batch_text(units, i < 3 ? "a" : "b");
    fresh_import(city->store, 100, units);
    GeoBatch *rosters = geo_batch_new(GEO_KIND_ROSTER);
    GeoRoster *shift = fresh_row(rosters, 51, "unit-0");
    shift->from_ms = MIDNIGHT - 2 * HOUR;
    shift->to_ms = MIDNIGHT + 2 * HOUR;
    fresh_import(city->store, 101, rosters);
    return city;
}

static GeoDutyState state_of(GeoStore *store, uint32_t unit, int64_t at_ms, GeoDutyBy *by)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) units = fresh_load(store, GEO_KIND_UNIT, NULL);
    g_autoptr(GeoDutyClock) clock =
        geo_dutyload_clock(store, units, MIDNIGHT - 48 * HOUR, MIDNIGHT + 48 * HOUR, NULL, &error);
    g_assert_no_error(error);
    return geo_dutyclock_at(clock, unit, at_ms, by);
}

/* A fix at that time is kept. */
static bool is_kept(GeoStore *store, int64_t unit_id, int64_t at_ms)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, MIDNIGHT + 40 * HOUR);
    GeoFix fix = {unit_id, at_ms, 117.1, 31.1, NAN, NAN, NAN};
    size_t refused = 0;
    geo_store_ingest_fixes(store, &act, &fix, 1, &refused, &error);
    g_assert_no_error(error);
    return refused == 0;
}

static GeoDutyEntry entry_of(int64_t unit_id, GeoDutyWhat what, int64_t from_ms, int64_t to_ms)
{
    return (GeoDutyEntry){.unit_id = unit_id, .what = what, .from_ms = from_ms, .to_ms = to_ms};
}

static void sign(GeoStore *store, GeoDutyEntry entry)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, entry.from_ms);
    geo_store_sign(store, &act, &entry, 1, &error);
    g_assert_no_error(error);
}

static void end(GeoStore *store, int64_t unit_id, GeoDutyWhat what, int64_t at_ms)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, at_ms);
    geo_store_end_duty(store, &act, unit_id, what, at_ms, &error);
    g_assert_no_error(error);
}

static void a_shift_goes_over_midnight_and_the_day_file(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    g_autoptr(GError) error = NULL;
    for (int64_t at = MIDNIGHT - 3 * HOUR; at <= MIDNIGHT + 3 * HOUR; at += HOUR / 4) {
        bool on = at >= MIDNIGHT - 2 * HOUR && at < MIDNIGHT + 2 * HOUR;
        g_assert_cmpint(state_of(city->store, 0, at, NULL) == GEO_DUTY_STATE_ON, ==, on);
        g_assert_cmpint(is_kept(city->store, 11, at), ==, on);
    }
    g_autoptr(GArray) fixes =
        geo_store_load_fixes(city->store, MIDNIGHT - 3 * HOUR, MIDNIGHT + 3 * HOUR, &error);
    g_assert_cmpuint(fixes->len, ==, 16); /* of two UTC days */
}

static void a_swap_is_one_act(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local("swap-1", MIDNIGHT);
    GeoDutyEntry swap[] = {entry_of(11, GEO_DUTY_OFF, MIDNIGHT, MIDNIGHT + 2 * HOUR),
                           entry_of(12, GEO_DUTY_ON, MIDNIGHT, MIDNIGHT + 2 * HOUR)};
    swap[1].person = "0412";
    swap[1].device = "13900000012";
    swap[1].reason = "ill";
    GeoDutyEntry broken[] = {swap[0], entry_of(99, GEO_DUTY_ON, MIDNIGHT, MIDNIGHT + HOUR)};
    g_assert_false(geo_store_sign(city->store, &act, broken, 2, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_clear_error(&error);
    g_assert_cmpint(state_of(city->store, 0, MIDNIGHT + 1, NULL), ==, GEO_DUTY_STATE_ON);
    for (int i = 0; i < 3; i++) { /* a retry signs once */
        g_assert_true(geo_store_sign(city->store, &act, swap, 2, &error));
        g_assert_no_error(error);
    }
    g_autoptr(GeoDutyBook) book = geo_store_duty(city->store, MIDNIGHT, MIDNIGHT + HOUR, &error);
    g_assert_cmpuint(book->entries->len, ==, 2);
    g_assert_cmpstr(g_array_index(book->entries, GeoDutyEntry, 1).person, ==, "0412");
    g_assert_cmpstr(g_array_index(book->entries, GeoDutyEntry, 1).actor, ==, act.actor);
    g_assert_cmpuint(book->devices->len, ==, 1);
    GeoDutyBy by;
    g_assert_cmpint(state_of(city->store, 0, MIDNIGHT + 1, &by), ==, GEO_DUTY_STATE_OFF);
    g_assert_cmpint(by, ==, GEO_DUTY_BY_SIGN);
    g_assert_cmpint(state_of(city->store, 1, MIDNIGHT + 1, &by), ==, GEO_DUTY_STATE_ON);
    g_assert_false(is_kept(city->store, 11, MIDNIGHT + 1));
    g_assert_true(is_kept(city->store, 12, MIDNIGHT + 1));
    g_autoptr(GeoMuster) muster = geo_muster_load(city->store, MIDNIGHT + HOUR, &error);
    g_assert_cmpint(geo_muster_find(muster, "13900000012"), ==, 1);
    g_autoptr(GeoMuster) later = geo_muster_load(city->store, MIDNIGHT + 3 * HOUR, &error);
    g_assert_cmpint(geo_muster_find(later, "13900000012"), ==, -1);
}

static void who_is_off_and_in_need_is_written_down(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    g_autoptr(GError) error = NULL;
    const int64_t at = MIDNIGHT + 5 * HOUR;
    GeoAct feed = geo_act_local(NULL, at);
    feed.role = GEO_ROLE_FEED;
    GeoDutyEntry sos = entry_of(11, GEO_DUTY_SOS, at, GEO_DUTY_OPEN);
    GeoDutyEntry on = entry_of(12, GEO_DUTY_ON, at, GEO_DUTY_OPEN);
    g_assert_false(is_kept(city->store, 11, at));
    g_assert_false(geo_store_sign(city->store, &feed, &on, 1, &error)); /* feeds sign nobody on */
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    g_assert_true(geo_store_sign(city->store, &feed, &sos, 1, &error));
    g_assert_true(geo_store_sign(city->store, &feed, &sos, 1, &error)); /* the button again */
    g_assert_no_error(error);
    g_assert_true(is_kept(city->store, 11, at + HOUR));
    g_autoptr(GeoBatch) units = fresh_load(city->store, GEO_KIND_UNIT, NULL);
    g_assert_cmpint(g_array_index(units->rows, GeoUnit, 0).status, ==, GEO_STATUS_SOS);
    end(city->store, 11, GEO_DUTY_SOS, at + 2 * HOUR);
    g_autoptr(GeoBatch) after = fresh_load(city->store, GEO_KIND_UNIT, NULL);
    g_assert_cmpint(g_array_index(after->rows, GeoUnit, 0).status, ==, GEO_STATUS_AVAILABLE);
    g_assert_false(is_kept(city->store, 11, at + 3 * HOUR));
    g_autoptr(GeoDutyBook) book = geo_store_duty(city->store, at, at + 4 * HOUR, &error);
    g_assert_cmpuint(book->entries->len, ==, 1);
    GeoAct act = geo_act_local(NULL, at + 3 * HOUR);
    g_assert_false(geo_store_end_duty(city->store, &act, 11, GEO_DUTY_SOS, at + 3 * HOUR, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
}

static void a_job_holds_its_unit_and_a_break_hides_its_place(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    g_autoptr(GError) error = NULL;
    fresh_import(city->store, 102, fresh_points(GEO_KIND_INCIDENT, 1, 1));
    GeoAct act = geo_act_local(NULL, MIDNIGHT + HOUR);
    GeoDutyBy by;
    sign(city->store, entry_of(11, GEO_DUTY_BREAK, MIDNIGHT, MIDNIGHT + HOUR / 2));
    g_assert_cmpint(state_of(city->store, 0, MIDNIGHT + 1, NULL), ==, GEO_DUTY_STATE_BREAK);
    g_assert_false(is_kept(city->store, 11, MIDNIGHT + 1));
    g_assert_true(geo_store_assign_unit(city->store, &act, 1, 11, &error));
    g_assert_cmpint(state_of(city->store, 0, MIDNIGHT + 9 * HOUR, &by), ==, GEO_DUTY_STATE_ON);
    g_assert_cmpint(by, ==, GEO_DUTY_BY_INCIDENT);
    act.now_ms = MIDNIGHT + 4 * HOUR;
    g_assert_true(geo_store_release_unit(city->store, &act, 11, &error));
    g_assert_cmpint(state_of(city->store, 0, MIDNIGHT + 9 * HOUR, NULL), ==, GEO_DUTY_STATE_OFF);
    g_assert_true(is_kept(city->store, 11, MIDNIGHT + 3 * HOUR));
    sign(city->store, entry_of(11, GEO_DUTY_WELFARE, MIDNIGHT + 5 * HOUR, MIDNIGHT + 6 * HOUR));
    g_assert_cmpint(state_of(city->store, 0, MIDNIGHT + 5 * HOUR, &by), ==, GEO_DUTY_STATE_ON);
    g_assert_cmpint(by, ==, GEO_DUTY_BY_WELFARE);
}

static void an_area_without_roster_is_admitted_for_a_time(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, MIDNIGHT);
    g_assert_cmpint(state_of(city->store, 3, MIDNIGHT, NULL), ==, GEO_DUTY_STATE_NO_ROSTER);
    g_assert_false(is_kept(city->store, 14, MIDNIGHT));
    g_assert_true(geo_store_admit_area(city->store, &act, "b", MIDNIGHT, MIDNIGHT + HOUR, &error));
    g_assert_true(is_kept(city->store, 14, MIDNIGHT));
    g_assert_false(is_kept(city->store, 14, MIDNIGHT + HOUR));
    g_assert_cmpint(state_of(city->store, 1, MIDNIGHT, NULL), ==, GEO_DUTY_STATE_OFF);
    g_assert_false(
        geo_store_admit_area(city->store, &act, "b", MIDNIGHT, MIDNIGHT + 999 * HOUR, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    g_clear_error(&error);
    act.role = GEO_ROLE_PLANNER;
    g_assert_false(geo_store_admit_area(city->store, &act, "b", MIDNIGHT, MIDNIGHT + HOUR, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
}

static void a_device_is_one_units(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, MIDNIGHT);
    g_assert_true(geo_store_bind_device(city->store, &act, "unit-3", 11, &error));
    act.now_ms += HOUR;
    g_assert_true(geo_store_bind_device(city->store, &act, "unit-3", 12, &error));
    g_autoptr(GeoMuster) first = geo_muster_load(city->store, MIDNIGHT + HOUR / 2, &error);
    g_autoptr(GeoMuster) second = geo_muster_load(city->store, MIDNIGHT + HOUR, &error);
    g_assert_cmpint(geo_muster_find(first, "unit-3"), ==, 0); /* before its own code */
    g_assert_cmpint(geo_muster_find(second, "unit-3"), ==, 1);
    act.now_ms += HOUR;
    g_assert_true(geo_store_bind_device(city->store, &act, "unit-3", 0, &error));
    g_autoptr(GeoMuster) third = geo_muster_load(city->store, MIDNIGHT + 2 * HOUR, &error);
    g_assert_cmpint(geo_muster_find(third, "unit-3"), ==, 3);
}

static void a_shift_is_edited_by_who_saw_it(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, MIDNIGHT);
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_ROSTER);
    GeoRoster *shift = fresh_row(batch, 52, "unit-1");
    shift->row.version = 0;
    shift->from_ms = MIDNIGHT;
    shift->to_ms = MIDNIGHT + HOUR;
    geo_store_edit_roster(city->store, &act, batch, false, &error);
    g_assert_no_error(error);
    g_assert_true(is_kept(city->store, 12, MIDNIGHT));
    g_assert_false(geo_store_edit_roster(city->store, &act, batch, false, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_STALE);
    g_clear_error(&error);
    shift->row.version = 1;
    shift->to_ms = MIDNIGHT + 3 * HOUR;
    g_assert_true(geo_store_edit_roster(city->store, &act, batch, false, &error));
    g_assert_true(is_kept(city->store, 12, MIDNIGHT + 2 * HOUR));
    shift->row.version = 2;
    g_assert_true(geo_store_edit_roster(city->store, &act, batch, true, &error));
    g_assert_false(is_kept(city->store, 12, MIDNIGHT + 2 * HOUR));
    g_assert_false(geo_store_edit_roster(city->store, &act, batch, true, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_clear_error(&error);
    /* One that an import brought, too. */
    g_autoptr(GeoBatch) all = fresh_load(city->store, GEO_KIND_ROSTER, NULL);
    g_assert_cmpuint(all->rows->len, ==, 1);
    g_array_index(all->rows, GeoRoster, 0).to_ms = MIDNIGHT + 4 * HOUR;
    g_assert_true(geo_store_edit_roster(city->store, &act, all, false, &error));
    g_assert_true(is_kept(city->store, 11, MIDNIGHT + 3 * HOUR));
}

static void what_cannot_be_is_refused(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    GeoAct act = geo_act_local(NULL, MIDNIGHT);
    GeoDutyEntry wrong[] = {
        entry_of(11, GEO_DUTY_SHIFT, MIDNIGHT, MIDNIGHT + 1),
        entry_of(11, GEO_DUTY_INCIDENT, MIDNIGHT, MIDNIGHT + 1),
        entry_of(11, GEO_DUTY_ON, MIDNIGHT, MIDNIGHT),
        entry_of(11, GEO_DUTY_ON, -1, MIDNIGHT),
        entry_of(11, GEO_DUTY_ON, MIDNIGHT, MIDNIGHT + 1),
    };
    wrong[4].person = "\xff";
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(geo_store_sign(city->store, &act, &wrong[i], 1, &error));
        g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    }
    g_autoptr(GError) error = NULL;
    GeoDutyEntry twice[] = {entry_of(11, GEO_DUTY_OFF, MIDNIGHT, MIDNIGHT + 1),
                            entry_of(11, GEO_DUTY_ON, MIDNIGHT, MIDNIGHT + 1)};
    g_assert_false(geo_store_sign(city->store, &act, twice, 2, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    g_clear_error(&error);
    g_assert_false(geo_store_sign(city->store, &act, twice, 0, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
}

/* Random acts: both back ends know the same of every unit at every hour. */
static void back_ends_agree(void)
{
    g_autoptr(FreshCity) memory = rostered_city("memory");
    g_autoptr(FreshCity) sqlite = rostered_city("sqlite");
    GeoStore *stores[] = {memory->store, sqlite->store};
    static const GeoDutyWhat acts[] = {GEO_DUTY_ON, GEO_DUTY_OFF, GEO_DUTY_BREAK, GEO_DUTY_WELFARE,
                                       GEO_DUTY_SOS};
    for (int i = 0; i < 60; i++) {
        int64_t from = MIDNIGHT + g_test_rand_int_range(-40, 40) * HOUR / 2;
        GeoDutyEntry entry =
            entry_of(g_test_rand_int_range(11, 15), acts[g_test_rand_int_range(0, 5)], from,
                     g_test_rand_int_range(0, 4) ? from + g_test_rand_int_range(1, 20) * HOUR / 2
                                                 : GEO_DUTY_OPEN);
        bool ends = g_test_rand_int_range(0, 4) == 0;
        GeoAct act = geo_act_local(NULL, from);
        bool done[2];
        for (int s = 0; s < 2; s++) {
            g_autoptr(GError) error = NULL;
            done[s] = ends ? geo_store_end_duty(stores[s], &act, entry.unit_id,
                                                (GeoDutyWhat)entry.what, from, &error)
                           : geo_store_sign(stores[s], &act, &entry, 1, &error);
        }
        g_assert_cmpint(done[0], ==, done[1]);
    }
    for (uint32_t unit = 0; unit < 4; unit++)
        for (int64_t at = MIDNIGHT - 20 * HOUR; at < MIDNIGHT + 20 * HOUR; at += HOUR / 2) {
            GeoDutyBy by[2];
            GeoDutyState a = state_of(stores[0], unit, at, &by[0]);
            g_assert_cmpint(a, ==, state_of(stores[1], unit, at, &by[1]));
            g_assert_cmpint(by[0], ==, by[1]);
            g_assert_cmpint(is_kept(stores[1], 11 + unit, at), ==, a == GEO_DUTY_STATE_ON);
        }
}

static void add(const char *name, void (*test)(gconstpointer))
{
    for (int i = 0; backends[i]; i++) {
        g_autofree char *path = g_strdup_printf("/duty/%s/%s", backends[i], name);
        g_test_add_data_func(path, backends[i], test);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("a-shift-goes-over-midnight-and-the-day-file", a_shift_goes_over_midnight_and_the_day_file);
    add("a-swap-is-one-act", a_swap_is_one_act);
    add("who-is-off-and-in-need-is-written-down", who_is_off_and_in_need_is_written_down);
    add("a-job-holds-its-unit-and-a-break-hides-its-place",
        a_job_holds_its_unit_and_a_break_hides_its_place);
    add("an-area-without-roster-is-admitted-for-a-time",
        an_area_without_roster_is_admitted_for_a_time);
    add("a-device-is-one-units", a_device_is_one_units);
    add("a-shift-is-edited-by-who-saw-it", a_shift_is_edited_by_who_saw_it);
    add("what-cannot-be-is-refused", what_cannot_be_is_refused);
    g_test_add_func("/duty/back-ends-agree", back_ends_agree);
    return g_test_run();
}
