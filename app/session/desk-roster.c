/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rosters in the session's thread: each act is one operation of the store, then the day is read
 * again, so that what the page shows is what is on disk. */
#include <string.h>

#include "app/session/desk.h"
#include "geo/model/error.h"
#include "maps/paint/words.h"

void app_roster_act_clear(AppRosterAct *act)
{
    g_clear_pointer(&act->area, g_free);
    g_clear_pointer(&act->shift, geo_batch_free);
}

void app_roster_free(AppRoster *roster)
{
    if (!roster)
        return;
    g_array_unref(roster->areas);
    g_array_unref(roster->rows);
    g_string_chunk_free(roster->text);
    g_free(roster->said);
    g_free(roster);
}

static const char *keep(AppRoster *roster, const char *text)
{
    return text ? g_string_chunk_insert_const(roster->text, text) : NULL;
}

/* ---- reading ---- */

/* The day of the city's zone that holds the moment; one with a change of the clock is not of 24
 * hours. */
static void set_day(AppRoster *roster, const char *zone, int64_t at_ms)
{
    g_autoptr(GTimeZone) known = g_time_zone_new_identifier(zone);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) any = g_date_time_new_from_unix_utc(at_ms / 1000);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(any, known ? known : utc);
    int year, month, day;
    g_date_time_get_ymd(local, &year, &month, &day);
    g_autoptr(GDateTime) begin = g_date_time_new(known ? known : utc, year, month, day, 0, 0, 0);
    g_autoptr(GDateTime) end = g_date_time_add_days(begin, 1);
    roster->day_ms = g_date_time_to_unix(begin) * 1000;
    roster->end_ms = g_date_time_to_unix(end) * 1000;
}

static void list_areas(AppRoster *roster, const GeoAttendance *attendance, const char *chosen)
{
    for (guint i = 0; i < attendance->areas->len; i++) {
        const GeoAttendanceSum *sum = &g_array_index(attendance->areas, GeoAttendanceSum, i);
        AppRosterArea area = {.code = keep(roster, sum->code ? sum->code : ""),
                              .name = keep(roster, sum->name),
                              .now = *sum};
        area.now.code = area.now.name = NULL;
        if (g_strcmp0(area.code, chosen) == 0)
            roster->area = i;
        g_array_append_val(roster->areas, area);
    }
}

static AppRosterRow row_of(AppRoster *roster, const GeoAttendant *attendant)
{
    const GeoDutyEntry *sign = attendant->sign;
    return (AppRosterRow){.unit_id = attendant->unit->row.id,
                          .unit = keep(roster, attendant->unit->row.code),
                          .state = attendant->state,
                          .by = attendant->by,
                          .until_ms = attendant->until_ms,
                          .person = keep(roster, sign ? sign->person : NULL)};
}

/* Rows of the area's shifts, and how many each area has. */
static void list_shifts(AppRoster *roster, const GeoAttendance *attendance, const GeoBatch *shifts,
                        GHashTable *named)
{
    g_autoptr(GHashTable) by_code = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < attendance->rows->len; i++) {
        GeoAttendant *one = &g_array_index(attendance->rows, GeoAttendant, i);
        if (one->unit->row.code)
            g_hash_table_insert(by_code, (gpointer)one->unit->row.code, one);
    }
    for (guint i = 0; i < shifts->rows->len; i++) {
        const GeoRoster *shift = &g_array_index(shifts->rows, GeoRoster, i);
        const GeoAttendant *unit =
            shift->row.code ? g_hash_table_lookup(by_code, shift->row.code) : NULL;
        if (!unit)
            continue;
        g_array_index(roster->areas, AppRosterArea, unit->area).shifts++;
        if (unit->area != roster->area)
            continue;
        AppRosterRow row = row_of(roster, unit);
        row.shift_id = shift->row.id;
        row.version = shift->row.version;
        row.from_ms = shift->from_ms;
        row.to_ms = shift->to_ms;
        row.shift = keep(roster, shift->row.name);
        row.post = keep(roster, shift->post);
        row.beat = keep(roster, shift->area);
        g_array_append_val(roster->rows, row);
        g_hash_table_add(named, (gpointer)unit);
    }
}

static int by_time(const void *a, const void *b)
{
    const AppRosterRow *p = a, *q = b;
    bool p_none = p->shift_id == 0, q_none = q->shift_id == 0;
    if (p_none != q_none)
        return p_none - q_none;
    if (p->from_ms != q->from_ms)
        return p->from_ms < q->from_ms ? -1 : 1;
    int order = g_strcmp0(p->unit, q->unit);
    return order ? order : (p->unit_id > q->unit_id) - (p->unit_id < q->unit_id);
}

static AppRoster *read_day(AppDesk *desk, const AppRosterAct *act, GError **error)
{
    int64_t now_ms = app_desk_act(desk).now_ms;
    g_autoptr(GeoAttendance) attendance = geo_attendance_load(desk->store, now_ms, error);
    if (!attendance)
        return NULL;
    g_autoptr(AppRoster) roster = g_new0(AppRoster, 1);
    g_autoptr(GHashTable) named = g_hash_table_new(NULL, NULL);
    roster->text = g_string_chunk_new(4096);
    roster->areas = g_array_new(FALSE, FALSE, sizeof(AppRosterArea));
    roster->rows = g_array_new(FALSE, FALSE, sizeof(AppRosterRow));
    roster->now_ms = now_ms;
    roster->zone = keep(roster, desk->city->zone);
    roster->all = attendance->all;
    roster->always = attendance->always;
    set_day(roster, desk->city->zone, act->at_ms ? act->at_ms : now_ms);
    GeoQuery query = {.from_ms = roster->day_ms, .to_ms = roster->end_ms};
    g_autoptr(GeoBatch) shifts = geo_store_load(desk->store, GEO_KIND_ROSTER, &query, error);
    if (!shifts)
        return NULL;
    list_areas(roster, attendance, act->area);
    list_shifts(roster, attendance, shifts, named);
    for (guint i = 0; i < attendance->rows->len; i++) {
        const GeoAttendant *unit = &g_array_index(attendance->rows, GeoAttendant, i);
        if (unit->area != roster->area || g_hash_table_contains(named, unit))
            continue;
        AppRosterRow row = row_of(roster, unit);
        g_array_append_val(roster->rows, row);
    }
    g_array_sort(roster->rows, by_time);
    return g_steal_pointer(&roster);
}

/* ---- acts ---- */

static bool sign_span(AppDesk *desk, const AppRosterAct *wanted, const GeoAttendance *attendance,
                      const GeoAttendant *unit, GError **error)
{
    GeoAct act = app_desk_act(desk);
    GeoDutyEntry entry = {.unit_id = wanted->unit_id,
                          .what = GEO_DUTY_ON,
                          .from_ms = attendance->at_ms,
                          .to_ms = attendance->at_ms + APP_ROSTER_ON_MS};
    if ((wanted->want == APP_ROSTER_OFF &&
         !geo_attendance_off(attendance, unit, 0, &entry, error)) ||
        (wanted->want == APP_ROSTER_BREAK &&
         !geo_attendance_break(attendance, unit, 0, &entry, error)))
        return false;
    act.now_ms = attendance->at_ms;
    return geo_store_sign(desk->store, &act, &entry, 1, error);
}

static char *sign_unit(AppDesk *desk, const AppRosterAct *wanted, GError **error)
{
    static const char *const words[] = {[APP_ROSTER_ON] = N_("%s is signed on for 12 hours"),
                                        [APP_ROSTER_OFF] = N_("%s is signed off"),
                                        [APP_ROSTER_BREAK] = N_("%s is on a break"),
                                        [APP_ROSTER_RESUME] = N_("%s is back from its break")};
    GeoAct act = app_desk_act(desk);
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, wanted->unit_id);
    g_autoptr(GeoAttendance) attendance = geo_attendance_load(desk->store, act.now_ms, error);
    if (!attendance)
        return NULL;
    const GeoAttendant *unit = geo_attendance_of(attendance, wanted->unit_id);
    if (!unit) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no unit '%s'", id);
        return NULL;
    }
    bool done = wanted->want == APP_ROSTER_RESUME
                    ? geo_store_end_duty(desk->store, &act, wanted->unit_id, GEO_DUTY_BREAK,
                                         act.now_ms, error)
                    : sign_span(desk, wanted, attendance, unit, error);
    const char *code = unit->unit->row.code ? unit->unit->row.code : id;
    /* The format is one of those above, and the catalogue's check knows its %s. */
    return done ? g_strdup_printf(_(words[wanted->want]), code) : NULL;
}

static char *edit_shift(AppDesk *desk, AppRosterAct *wanted, GError **error)
{
    GeoAct act = app_desk_act(desk);
    bool remove = wanted->want == APP_ROSTER_REMOVE;
    GeoRow *row = geo_batch_row(wanted->shift, 0);
    if (row->id == 0)
        row->id = geo_act_new_id(act.now_ms);
    if (!geo_store_edit_roster(desk->store, &act, wanted->shift, remove, error))
        return NULL;
    return g_strdup_printf(remove              ? _("A shift of %s is removed")
                           : row->version == 0 ? _("A shift of %s is added")
                                               : _("A shift of %s is changed"),
                           row->code ? row->code : "");
}

static char *admit(AppDesk *desk, const AppRosterAct *wanted, GError **error)
{
    GeoAct act = app_desk_act(desk);
    return geo_store_admit_area(desk->store, &act, wanted->area, act.now_ms,
                                act.now_ms + APP_ROSTER_ON_MS, error)
               ? g_strdup_printf(_("Area %s is let in for 12 hours"), wanted->area)
               : NULL;
}

AppRoster *app_desk_roster(AppDesk *desk, AppRosterAct *wanted, GError **error)
{
    g_autofree char *said = NULL;
    bool edits = wanted->want == APP_ROSTER_PUT || wanted->want == APP_ROSTER_REMOVE;
    if (edits)
        said = edit_shift(desk, wanted, error);
    else if (wanted->want == APP_ROSTER_ADMIT)
        said = admit(desk, wanted, error);
    else if (wanted->want != APP_ROSTER_LOOK)
        said = sign_unit(desk, wanted, error);
    if (wanted->want != APP_ROSTER_LOOK && !said)
        return NULL;
    AppRoster *roster = read_day(desk, wanted, error);
    if (roster && edits) {
        const GeoRow *row = geo_batch_row(wanted->shift, 0);
        roster->shift_id = row->id;
        roster->version = wanted->want == APP_ROSTER_REMOVE ? 0 : row->version + 1;
    }
    if (roster)
        roster->said = g_steal_pointer(&said);
    return roster;
}
