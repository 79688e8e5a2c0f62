/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planned against present, and the acts that change it. Both back ends. */
#include "geo/work/attendance.h"
#include "tests/geo/fresh-city.h"

#define HOUR INT64_C(3600000)
#define MIDNIGHT INT64_C(1700006400000) /* UTC */
#define N_UNITS 6

static const char *const backends[] = {"memory", "sqlite", NULL};

/* Units 11 .. 16: the first four of area "a", one of "b", one of none. Unit i of area a has shifts
 * from 22:00 + 4 i hours for eight hours, on five days. */
static FreshCity *rostered_city(const char *backend)
{
    FreshCity *city = fresh_city_new(backend);
    GeoBatch *units = fresh_points(GEO_KIND_UNIT, 11, N_UNITS);
    for (guint i = 0; i < N_UNITS - 1; i++)
        g_array_index(units->rows, GeoUnit, i).area = geo_batch_text(units, i < 4 ? "a" : "b");
    fresh_import(city->store, 100, units);
    GeoBatch *areas = geo_batch_new(GEO_KIND_AREA);
    ((GeoRow *)fresh_row(areas, 71, "town"))->name = geo_batch_text(areas, "Town");
    ((GeoArea *)fresh_row(areas, 72, "a"))->parent = geo_batch_text(areas, "town");
    fresh_import(city->store, 101, areas);
    GeoBatch *rosters = geo_batch_new(GEO_KIND_ROSTER);
    for (int i = 0; i < 4; i++)
        for (int day = -2; day <= 2; day++) {
            g_autofree char *code = g_strdup_printf("unit-%d", i);
            GeoRoster *shift = fresh_row(rosters, 200 + i * 10 + day, code);
            shift->from_ms = MIDNIGHT + (day * 24 - 2 + 4 * i) * HOUR;
            shift->to_ms = shift->from_ms + 8 * HOUR;
        }
    fresh_import(city->store, 102, rosters);
    return city;
}

static GeoAttendance *load(FreshCity *city, int64_t at_ms)
{
    g_autoptr(GError) error = NULL;
    GeoAttendance *attendance = geo_attendance_load(city->store, at_ms, &error);
    g_assert_no_error(error);
    return attendance;
}

static const GeoAttendant *row_of(const GeoAttendance *attendance, guint i)
{
    return &g_array_index(attendance->rows, GeoAttendant, i);
}

static void sign(FreshCity *city, const GeoDutyEntry *entries, size_t n)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, entries[0].from_ms);
    geo_store_sign(city->store, &act, entries, n, &error);
    g_assert_no_error(error);
}

static void areas_are_summed(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, MIDNIGHT + 3 * HOUR);
    GeoFix fixes[] = {{11, MIDNIGHT + 3 * HOUR - 1000, 117.1, 31.1, NAN, NAN, NAN},
                      {12, MIDNIGHT + 3 * HOUR - 900000, 117.1, 31.1, NAN, NAN, NAN}};
    size_t refused;
    g_assert_true(geo_store_ingest_fixes(city->store, &act, fixes, 2, &refused, &error));
    g_assert_cmpuint(refused, ==, 0);
    GeoDutyEntry on = {.unit_id = 14,
                       .what = GEO_DUTY_ON,
                       .from_ms = MIDNIGHT,
                       .to_ms = GEO_DUTY_OPEN,
                       .crew = "Li, Wang"};
    sign(city, &on, 1);
    g_autoptr(GeoAttendance) now = load(city, MIDNIGHT + 3 * HOUR);
    g_assert_cmpuint(now->areas->len, ==, 3);
    const GeoAttendanceSum *a = &g_array_index(now->areas, GeoAttendanceSum, 0);
    g_assert_cmpstr(a->code, ==, "a");
    g_assert_cmpuint(a->units, ==, 4);
    g_assert_cmpuint(a->planned, ==, 2);
    g_assert_cmpuint(a->on, ==, 3);
    g_assert_cmpuint(a->extra, ==, 1);
    g_assert_cmpuint(a->heard, ==, 1);
    g_assert_null(g_array_index(now->areas, GeoAttendanceSum, 2).code);
    g_assert_cmpuint(now->all.no_roster, ==, 2);
    g_assert_cmpstr(row_of(now, 3)->sign->crew, ==, "Li, Wang");
    g_assert_cmpint(row_of(now, 1)->heard_ms, ==, fixes[1].at_ms);
    g_assert_cmpint(row_of(now, 0)->until_ms, ==, MIDNIGHT + 6 * HOUR);
    g_assert_true(geo_attendance_lies_in(now, row_of(now, 0), "town"));
    g_assert_false(geo_attendance_lies_in(now, row_of(now, 4), "town"));
    g_assert_true(geo_attendance_find(now, "unit-2", &error) == row_of(now, 2));
    g_assert_true(geo_attendance_find(now, "13", &error) == row_of(now, 2));
    g_assert_null(geo_attendance_find(now, "unit-9", &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
}

/* Whoever leaves early comes back with the next shift, without being signed on. */
static void the_next_shift_begins_by_itself(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    g_autoptr(GError) error = NULL;
    GeoDutyEntry entries[2];
    g_autoptr(GeoAttendance) first = load(city, MIDNIGHT + HOUR);
    g_assert_true(
        geo_attendance_swap(first, row_of(first, 0), row_of(first, 3), 0, entries, &error));
    sign(city, entries, 2);
    g_assert_cmpint(entries[1].to_ms, ==, MIDNIGHT + 6 * HOUR);
    g_autoptr(GeoAttendance) second = load(city, MIDNIGHT + 3 * HOUR / 2);
    g_assert_cmpuint(second->all.on, ==, first->all.on);
    g_assert_cmpint(row_of(second, 0)->state, ==, GEO_DUTY_STATE_OFF);
    g_assert_cmpint(row_of(second, 3)->until_ms, ==, MIDNIGHT + 6 * HOUR);
    g_assert_false(geo_attendance_off(second, row_of(second, 0), 0, entries, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_autoptr(GeoAttendance) next = load(city, MIDNIGHT + 23 * HOUR);
    g_assert_cmpint(row_of(next, 0)->state, ==, GEO_DUTY_STATE_ON);
    g_assert_cmpint(row_of(next, 0)->by, ==, GEO_DUTY_BY_SHIFT);
}

/* Signed on without an end, off, and the shift of the next day is as planned. */
static void off_ends_what_was_signed(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    g_autoptr(GError) error = NULL;
    GeoDutyEntry on = {
        .unit_id = 11, .what = GEO_DUTY_ON, .from_ms = MIDNIGHT, .to_ms = GEO_DUTY_OPEN};
    GeoDutyEntry off, rest;
    on.device = "D7";
    sign(city, &on, 1);
    g_autoptr(GeoAttendance) late = load(city, MIDNIGHT + 9 * HOUR);
    g_assert_cmpint(row_of(late, 0)->state, ==, GEO_DUTY_STATE_ON);
    g_assert_true(geo_attendance_break(late, row_of(late, 0), 0, &rest, &error));
    sign(city, &rest, 1);
    g_autoptr(GeoAttendance) tea = load(city, MIDNIGHT + 10 * HOUR);
    g_assert_cmpint(row_of(tea, 0)->state, ==, GEO_DUTY_STATE_BREAK);
    g_assert_true(geo_attendance_off(tea, row_of(tea, 0), 0, &off, &error));
    sign(city, &off, 1);
    for (int hour = 10; hour < 40; hour++) {
        g_autoptr(GeoAttendance) now = load(city, MIDNIGHT + hour * HOUR);
        g_assert_cmpint(row_of(now, 0)->state == GEO_DUTY_STATE_ON, ==, row_of(now, 0)->planned);
    }
}

/* ---- random acts against a twin that looks at every row for every question ---- */

static bool plain_on(const GeoDutyBook *book, const GeoBatch *rosters, const GeoRow *unit,
                     int64_t at_ms, bool *planned)
{
    const GeoDutyEntry *sign = NULL;
    bool held = false, rests = false;
    *planned = false;
    for (guint i = 0; i < rosters->rows->len; i++) {
        const GeoRoster *shift = &g_array_index(rosters->rows, GeoRoster, i);
        *planned |= !g_strcmp0(shift->row.code, unit->code) && shift->from_ms <= at_ms &&
                    at_ms < shift->to_ms;
    }
    for (guint i = 0; i < book->entries->len; i++) {
        const GeoDutyEntry *entry = &g_array_index(book->entries, GeoDutyEntry, i);
        if (entry->unit_id != unit->id || at_ms < entry->from_ms || at_ms >= entry->to_ms)
            continue;
        rests |= entry->what == GEO_DUTY_BREAK;
        held |= entry->what == GEO_DUTY_WELFARE;
        if (entry->what >= GEO_DUTY_ON && (!sign || entry->id > sign->id))
            sign = entry;
    }
    return held || (!rests && (sign ? sign->what == GEO_DUTY_ON : *planned));
}

static void act_at_random(FreshCity *city, const GeoAttendance *now)
{
    const GeoAttendant *unit = row_of(now, (guint)g_test_rand_int_range(0, N_UNITS));
    const GeoAttendant *other = row_of(now, (guint)g_test_rand_int_range(0, N_UNITS));
    int64_t to_ms = g_test_rand_bit() ? now->at_ms + g_test_rand_int_range(1, 12) * HOUR : 0;
    GeoDutyEntry entries[2] = {{.unit_id = unit->unit->row.id,
                                .what = GEO_DUTY_ON,
                                .from_ms = now->at_ms,
                                .to_ms = to_ms ? to_ms : GEO_DUTY_OPEN}};
    switch (g_test_rand_int_range(0, 5)) {
    case 0:
        if (geo_attendance_off(now, unit, to_ms, entries, NULL))
            sign(city, entries, 1);
        return;
    case 1:
        if (geo_attendance_swap(now, unit, other, to_ms, entries, NULL))
            sign(city, entries, 2);
        return;
    case 2:
        if (geo_attendance_break(now, unit, to_ms, entries, NULL))
            sign(city, entries, 1);
        return;
    case 3:
        entries[0].what = GEO_DUTY_WELFARE;
        entries[0].to_ms = now->at_ms + HOUR;
        break;
    default:
        break;
    }
    sign(city, entries, 1);
}

static void agrees_with_a_plain_count(gconstpointer backend)
{
    g_autoptr(FreshCity) city = rostered_city(backend);
    for (int hour = -24; hour < 48; hour++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoAttendance) before = load(city, MIDNIGHT + hour * HOUR + HOUR / 2);
        act_at_random(city, before);
        g_autoptr(GeoAttendance) now = load(city, before->at_ms);
        g_autoptr(GeoBatch) rosters = fresh_load(city->store, GEO_KIND_ROSTER, NULL);
        g_autoptr(GeoDutyBook) book = geo_store_duty(city->store, 0, GEO_DUTY_OPEN, &error);
        g_assert_no_error(error);
        unsigned n_on = 0, n_planned = 0;
        for (guint i = 0; i < N_UNITS; i++) {
            bool planned;
            const GeoAttendant *row = row_of(now, i);
            bool on = plain_on(book, rosters, &row->unit->row, now->at_ms, &planned);
            g_assert_cmpint(on, ==, row->state == GEO_DUTY_STATE_ON);
            g_assert_cmpint(planned, ==, row->planned);
            n_on += on;
            n_planned += planned;
        }
        const GeoAttendanceSum *all = &now->all;
        g_assert_cmpuint(all->on, ==, n_on);
        g_assert_cmpuint(all->planned, ==, n_planned);
        g_assert_cmpuint(all->on + all->on_break + all->missing, ==, all->planned + all->extra);
    }
}

static void add(const char *name, void (*test)(gconstpointer))
{
    for (int i = 0; backends[i]; i++) {
        g_autofree char *path = g_strdup_printf("/attendance/%s/%s", backends[i], name);
        g_test_add_data_func(path, backends[i], test);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("areas-are-summed", areas_are_summed);
    add("the-next-shift-begins-by-itself", the_next_shift_begins_by_itself);
    add("off-ends-what-was-signed", off_ends_what_was_signed);
    add("agrees-with-a-plain-count", agrees_with_a_plain_count);
    return g_test_run();
}
