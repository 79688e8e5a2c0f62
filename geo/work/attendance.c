/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Duty is read for a while before and after the moment: an area's roster counts for three days
 * around a shift, so what is told to change within four days needs the shifts of seven. */
#include "geo/work/attendance.h"

#include <string.h>

#include "geo/model/callsign.h"
#include "geo/work/dutyload.h"

#define BEFORE_MS (GEO_ATTENDANCE_AHEAD_MS)
#define AFTER_MS (GEO_ATTENDANCE_AHEAD_MS + GEO_DUTY_ROSTER_NEAR_MS)
#define HEARD_MS (INT64_C(2) * 3600 * 1000)
#define FRESH_MS (INT64_C(10) * 60 * 1000)

void geo_attendance_free(GeoAttendance *attendance)
{
    if (!attendance)
        return;
    g_clear_pointer(&attendance->rows, g_array_unref);
    g_clear_pointer(&attendance->areas, g_array_unref);
    g_clear_pointer(&attendance->by_place, g_hash_table_unref);
    geo_batch_free(attendance->units);
    geo_batch_free(attendance->places);
    geo_dutybook_free(attendance->book);
    geo_dutyclock_free(attendance->clock);
    g_free(attendance);
}

static bool load(GeoAttendance *attendance, GeoStore *store, GError **error)
{
    GeoQuery query = {.no_shapes = true};
    int64_t at_ms = attendance->at_ms;
    attendance->units = geo_store_load(store, GEO_KIND_UNIT, &query, error);
    attendance->places =
        attendance->units ? geo_store_load(store, GEO_KIND_AREA, &query, error) : NULL;
    attendance->clock = attendance->places
                            ? geo_dutyload_clock(store, attendance->units, at_ms - BEFORE_MS,
                                                 at_ms + AFTER_MS, &attendance->book, error)
                            : NULL;
    return attendance->clock != NULL;
}

/* ---- areas ---- */

static int by_code(const void *a, const void *b)
{
    const char *p = ((const GeoAttendanceSum *)a)->code, *q = ((const GeoAttendanceSum *)b)->code;
    return p && q ? strcmp(p, q) : (p == NULL) - (q == NULL);
}

static void list_areas(GeoAttendance *attendance)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    bool any_of_none = false;
    attendance->by_place = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < attendance->places->rows->len; i++) {
        GeoRow *row = geo_batch_row(attendance->places, i);
        if (row->code)
            g_hash_table_insert(attendance->by_place, (gpointer)row->code, row);
    }
    attendance->areas = g_array_new(FALSE, FALSE, sizeof(GeoAttendanceSum));
    for (guint i = 0; i < attendance->units->rows->len; i++) {
        GeoAttendanceSum sum = {g_array_index(attendance->units->rows, GeoUnit, i).area};
        if (sum.code ? !g_hash_table_add(seen, (gpointer)sum.code) : any_of_none)
            continue;
        const GeoRow *place = sum.code ? g_hash_table_lookup(attendance->by_place, sum.code) : NULL;
        any_of_none = any_of_none || !sum.code;
        sum.name = place ? place->name : NULL;
        g_array_append_val(attendance->areas, sum);
    }
    g_array_sort(attendance->areas, by_code);
}

static GHashTable *number_areas(const GeoAttendance *attendance)
{
    GHashTable *numbers = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < attendance->areas->len; i++) {
        const char *code = g_array_index(attendance->areas, GeoAttendanceSum, i).code;
        g_hash_table_insert(numbers, (gpointer)(code ? code : ""), GUINT_TO_POINTER(i));
    }
    return numbers;
}

bool geo_attendance_lies_in(const GeoAttendance *attendance, const GeoAttendant *attendant,
                            const char *area)
{
    const char *code = attendant->unit->area;
    /* An area that lies in itself ends the search too. */
    for (int depth = 0; code && depth < 16; depth++) {
        if (!strcmp(code, area))
            return true;
        const GeoArea *place = g_hash_table_lookup(attendance->by_place, code);
        code = place ? place->parent : NULL;
    }
    return false;
}

/* ---- units ---- */

static int64_t within(const GeoAttendance *attendance, int64_t until_ms)
{
    return until_ms <= attendance->at_ms + GEO_ATTENDANCE_AHEAD_MS ? until_ms : GEO_DUTY_OPEN;
}

static void judge(GeoAttendance *attendance)
{
    guint n = attendance->units->rows->len;
    g_autoptr(GHashTable) numbers = number_areas(attendance);
    attendance->always = geo_dutyclock_is_always(attendance->clock);
    attendance->rows = g_array_sized_new(FALSE, FALSE, sizeof(GeoAttendant), n);
    for (guint i = 0; i < n; i++) {
        GeoAttendant row = {.unit = &g_array_index(attendance->units->rows, GeoUnit, i)};
        const char *area = row.unit->area ? row.unit->area : "";
        int64_t at_ms = attendance->at_ms;
        row.area = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, area));
        row.state = geo_dutyclock_at(attendance->clock, i, at_ms, &row.by);
        row.planned = geo_dutyclock_planned(attendance->clock, i, at_ms);
        row.until_ms = within(attendance, geo_dutyclock_until(attendance->clock, i, at_ms));
        row.planned_until_ms =
            within(attendance, geo_dutyclock_planned_until(attendance->clock, i, at_ms));
        g_array_append_val(attendance->rows, row);
    }
}

static GHashTable *number_units(const GeoAttendance *attendance)
{
    GHashTable *numbers = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < attendance->rows->len; i++) {
        GeoAttendant *row = &g_array_index(attendance->rows, GeoAttendant, i);
        g_hash_table_insert(numbers, (gpointer)&row->unit->row.id, row);
    }
    return numbers;
}

/* Of those that cover the moment the last one signed stands. */
static void take_signs(GeoAttendance *attendance, GHashTable *numbers)
{
    for (guint i = 0; i < attendance->book->entries->len; i++) {
        const GeoDutyEntry *entry = &g_array_index(attendance->book->entries, GeoDutyEntry, i);
        GeoAttendant *row = g_hash_table_lookup(numbers, &entry->unit_id);
        bool covers = entry->from_ms <= attendance->at_ms && attendance->at_ms < entry->to_ms;
        if (row && covers && (entry->what == GEO_DUTY_ON || entry->what == GEO_DUTY_OFF) &&
            (!row->sign || row->sign->id < entry->id))
            row->sign = entry;
    }
}

static bool take_fixes(GeoAttendance *attendance, GeoStore *store, GHashTable *numbers,
                       GError **error)
{
    g_autoptr(GArray) fixes = geo_store_last_fixes(store, attendance->at_ms, HEARD_MS, error);
    for (guint i = 0; fixes && i < fixes->len; i++) {
        const GeoFix *fix = &g_array_index(fixes, GeoFix, i);
        GeoAttendant *row = g_hash_table_lookup(numbers, &fix->unit_id);
        if (row)
            row->heard_ms = fix->at_ms;
    }
    return fixes != NULL;
}

static void add(GeoAttendanceSum *sum, const GeoAttendant *row, int64_t at_ms)
{
    bool on = row->state == GEO_DUTY_STATE_ON, rests = row->state == GEO_DUTY_STATE_BREAK;
    sum->units++;
    sum->planned += row->planned;
    sum->on += on;
    sum->on_break += rests;
    sum->missing += row->planned && !on && !rests;
    sum->extra += !row->planned && (on || rests);
    sum->no_roster += row->state == GEO_DUTY_STATE_NO_ROSTER;
    sum->heard += on && row->heard_ms > 0 && row->heard_ms >= at_ms - FRESH_MS;
}

GeoAttendance *geo_attendance_load(GeoStore *store, int64_t at_ms, GError **error)
{
    g_autoptr(GeoAttendance) attendance = g_new0(GeoAttendance, 1);
    attendance->at_ms = at_ms;
    if (!load(attendance, store, error))
        return NULL;
    list_areas(attendance);
    judge(attendance);
    g_autoptr(GHashTable) numbers = number_units(attendance);
    take_signs(attendance, numbers);
    if (!take_fixes(attendance, store, numbers, error))
        return NULL;
    for (guint i = 0; i < attendance->rows->len; i++) {
        const GeoAttendant *row = &g_array_index(attendance->rows, GeoAttendant, i);
        add(&g_array_index(attendance->areas, GeoAttendanceSum, row->area), row, at_ms);
        add(&attendance->all, row, at_ms);
    }
    return g_steal_pointer(&attendance);
}

const GeoAttendant *geo_attendance_find(const GeoAttendance *attendance, const char *word,
                                        GError **error)
{
    const GeoUnit *unit = geo_callsign_find_unit(attendance->units, word, error);
    return unit ? geo_attendance_of(attendance, unit->row.id) : NULL;
}

const GeoAttendant *geo_attendance_of(const GeoAttendance *attendance, int64_t unit_id)
{
    for (guint i = 0; i < attendance->rows->len; i++) {
        const GeoAttendant *row = &g_array_index(attendance->rows, GeoAttendant, i);
        if (row->unit->row.id == unit_id)
            return row;
    }
    return NULL;
}
