/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Positions: a file for each UTC day (geo/store/day.h). Deleting a day is deleting its file. */
#include <glib/gstdio.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/gate.h"
#include "geo/store/sqlite.h"

/* How many of the newest days are looked into for what a crash left hot. */
#define NEWEST_DAYS 3

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *geo_sqlite_days(GeoSqlite *self)
{
    GPtrArray *days = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_build_filename(self->folder, GEO_SQLITE_TRACKS, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        if (geo_day_is_name(name))
            g_ptr_array_add(days, g_strdup(name));
    g_ptr_array_sort(days, by_name);
    return days;
}

/* ---- open days ---- */

static bool is_over(const GeoDay *day, int64_t now_ms)
{
    return now_ms >= geo_day_begin_ms(geo_day_name(day)) + GEO_DAY_MS;
}

/* A day that is let go and over leaves nothing hot. That it could not be sealed is no failure:
 * what is hot is on disk and is read as well. */
static void let_go(GeoDay *day)
{
    int64_t now_ms = g_get_real_time() / 1000;
    if (day && geo_day_writes(day) && geo_day_is_hot(day) && is_over(day, now_ms))
        geo_day_seal(day, now_ms, true, NULL);
    geo_day_close(day);
}

void geo_sqlite_close_days(GeoSqlite *self)
{
    for (size_t i = 0; i < GEO_SQLITE_OPEN_DAYS; i++)
        let_go(g_steal_pointer(&self->days[i]));
}

/* Moves day i to the front. */
static GeoDay *use_day(GeoSqlite *self, size_t i)
{
    GeoDay *day = self->days[i];
    memmove(self->days + 1, self->days, i * sizeof(GeoDay *));
    return self->days[0] = day;
}

/* The day of that name, borrowed; NULL with *found false, without error, when it is not there and
 * not to be made. */
static GeoDay *get_day(GeoSqlite *self, const char *name, bool write, bool *found, GError **error)
{
    const size_t last = GEO_SQLITE_OPEN_DAYS - 1;
    size_t i = 0;
    while (i < last && (!self->days[i] || strcmp(geo_day_name(self->days[i]), name) != 0))
        i++;
    GeoDay *day = self->days[i];
    *found = true;
    if (day && !strcmp(geo_day_name(day), name) && (geo_day_writes(day) || !write) &&
        geo_day_is_there(day))
        return use_day(self, i);
    g_autofree char *folder = g_build_filename(self->folder, GEO_SQLITE_TRACKS, NULL);
    GeoDay *opened = geo_day_open(folder, name, write, found, error);
    if (!opened)
        return NULL;
    let_go(day);
    self->days[i] = opened;
    return use_day(self, i);
}

/* ---- sealing ---- */

/* Failing is left to the next time: what is hot is safe. */
static void seal_due(GeoSqlite *self, int64_t now_ms)
{
    for (size_t i = 0; i < GEO_SQLITE_OPEN_DAYS; i++) {
        GeoDay *day = self->days[i];
        if (day && geo_day_writes(day) && geo_day_is_due(day, now_ms))
            geo_day_seal(day, now_ms, is_over(day, now_ms), NULL);
    }
}

static bool seal_old(GeoSqlite *self, const char *name, int64_t now_ms, GError **error)
{
    bool found;
    GeoDay *day = get_day(self, name, true, &found, error);
    if (!day)
        return !found;
    bool over = is_over(day, now_ms);
    return !geo_day_is_hot(day) || (!over && !geo_day_is_due(day, now_ms)) ||
           geo_day_seal(day, now_ms, over, error);
}

bool geo_sqlite_seal_days(GeoSqlite *self, int64_t now_ms, GError **error)
{
    g_autoptr(GPtrArray) days = geo_sqlite_days(self);
    bool ok = true;
    for (guint i = days->len - MIN(days->len, NEWEST_DAYS); ok && i < days->len; i++)
        ok = seal_old(self, g_ptr_array_index(days, i), now_ms, error);
    return ok;
}

/* ---- taking in ---- */

static bool look_for_changes(GeoSqlite *self, int64_t *seq, bool *changed, GError **error)
{
    static const char SQL_NEW[] = "SELECT coalesce(max(seq), ?1), coalesce(max(entity IN "
                                  "('import', 'unit', 'duty', 'admission', 'roster')), 0)"
                                  " FROM change_log WHERE seq > ?1";
    GeoStatement *statement = geo_db_statement(self->db, SQL_NEW, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, self->gate_seq);
    if (geo_db_step(self->db, statement, error) != GEO_DB_ROW)
        return false;
    *seq = geo_db_int(statement, 0);
    *changed = geo_db_int(statement, 1) != 0;
    geo_db_reset(statement);
    return true;
}

/* The gate of the units, rosters and acts of now: rebuilt only when one of them has changed since.
 * Each ingest is a row of the log too, so only what is new of it is looked through. */
static const GeoGate *current_gate(GeoSqlite *self, GError **error)
{
    int64_t seq;
    bool changed;
    if (!look_for_changes(self, &seq, &changed, error))
        return NULL;
    if (self->gate && !changed) {
        self->gate_seq = seq;
        return self->gate;
    }
    g_autoptr(GeoBatch) units = geo_sqlite_load(&self->base, GEO_KIND_UNIT, NULL, error);
    g_autoptr(GeoBatch) rosters =
        units ? geo_sqlite_load(&self->base, GEO_KIND_ROSTER, NULL, error) : NULL;
    g_autoptr(GeoDutyBook) book =
        rosters ? geo_sqlite_duty(&self->base, INT64_MIN, INT64_MAX, error) : NULL;
    if (!book)
        return NULL;
    geo_gate_free(self->gate);
    self->gate = geo_gate_new(units, rosters, book);
    self->gate_seq = seq;
    return self->gate;
}

static GArray *admit(GeoSqlite *self, const GeoAct *act, const GeoFix *fixes, size_t n,
                     GError **error)
{
    const GeoGate *gate = current_gate(self, error);
    if (!gate)
        return NULL;
    GArray *admitted = g_array_sized_new(FALSE, FALSE, sizeof(GeoFix), (guint)n);
    for (size_t i = 0; i < n; i++)
        if (geo_gate_admits(gate, &fixes[i], act->now_ms))
            g_array_append_val(admitted, fixes[i]);
    return admitted;
}

static bool is_done(GeoSqlite *self, const GeoAct *act, bool *done, GError **error)
{
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, done, &version, error))
        return false;
    if (!*done)
        geo_db_rollback(self->db);
    return true;
}

static bool write_day(GeoSqlite *self, const GeoAct *act, const GeoFix *fixes, size_t n,
                      GError **error)
{
    bool found;
    g_autofree char *name = geo_day_dup_name(fixes[0].at_ms);
    GeoDay *day = get_day(self, name, true, &found, error);
    return day && geo_day_put(day, fixes, n, act->now_ms, error);
}

static int by_day(const void *a, const void *b)
{
    int64_t x = ((const GeoFix *)a)->at_ms / GEO_DAY_MS,
            y = ((const GeoFix *)b)->at_ms / GEO_DAY_MS;
    return (x > y) - (x < y);
}

/* Each day's fixes to its file, in the order they came. */
static bool write_days(GeoSqlite *self, const GeoAct *act, GArray *fixes, GError **error)
{
    GeoFix *all = (GeoFix *)(void *)fixes->data;
    bool rises = true;
    for (guint i = 1; i < fixes->len && rises; i++)
        rises = by_day(&all[i - 1], &all[i]) <= 0;
    if (!rises)
        g_array_sort(fixes, by_day); /* stable */
    for (guint i = 0; i < fixes->len;) {
        guint end = i;
        while (end < fixes->len && by_day(&all[i], &all[end]) == 0)
            end++;
        if (!write_day(self, act, all + i, end - i, error))
            return false;
        i = end;
    }
    return true;
}

/* The act is recorded after the fixes are on disk, so that the city's lock is never held while a
 * fleet is written: a retry after a crash in between writes the same fixes again, which readers see
 * once, because a unit's fix of one moment is one fix. */
bool geo_sqlite_ingest_fixes(GeoBackend *backend, const GeoAct *act, const GeoFix *fixes, size_t n,
                             size_t *refused, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done = false;
    int64_t version;
    g_autoptr(GArray) admitted = admit(self, act, fixes, n, error);
    if (!admitted || (act->command_id && !is_done(self, act, &done, error)))
        return false;
    if (!done && !write_days(self, act, admitted, error))
        return false;
    if (!done && !geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (!done &&
        !geo_sqlite_end_act(self, act, GEO_OP_INGEST_FIXES, "fixes", act->now_ms, 1, NULL, error))
        return false;
    if (refused)
        *refused = n - admitted->len;
    seal_due(self, act->now_ms);
    return true;
}

/* ---- reading ---- */

static int by_unit_and_time(const void *a, const void *b)
{
    const GeoFix *x = a, *y = b;
    if (x->unit_id != y->unit_id)
        return x->unit_id < y->unit_id ? -1 : 1;
    return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

/* By unit, then time; one fix a unit and moment: retries and overlapping feeds bring the same
 * again. */
static void tidy(GArray *fixes)
{
    GeoFix *all = (GeoFix *)(void *)fixes->data;
    bool rises = true;
    for (guint i = 1; i < fixes->len && rises; i++)
        rises = by_unit_and_time(&all[i - 1], &all[i]) < 0;
    if (rises)
        return;
    g_array_sort(fixes, by_unit_and_time); /* stable */
    guint kept = 0;
    for (guint i = 0; i < fixes->len; i++)
        if (kept == 0 || by_unit_and_time(&all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
    g_array_set_size(fixes, kept);
}

/* Names of the days that touch from <= at <= to. */
static GPtrArray *days_between(GeoSqlite *self, int64_t from_ms, int64_t to_ms)
{
    g_autofree char *first = geo_day_dup_name(from_ms);
    g_autofree char *last = geo_day_dup_name(to_ms);
    GPtrArray *days = geo_sqlite_days(self);
    for (guint i = days->len; i-- > 0;) {
        const char *name = g_ptr_array_index(days, i);
        if (strcmp(name, first) < 0 || strcmp(name, last) > 0)
            g_ptr_array_remove_index(days, i);
    }
    return days;
}

GArray *geo_sqlite_load_fixes(GeoBackend *backend, const GeoTrackQuery *query, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    GeoTrackBox box;
    GeoDayQuery asked = {.from_ms = query->from_ms,
                         .to_ms = query->to_ms,
                         .unit_id = query->unit_id > 0 ? &query->unit_id : NULL,
                         .box = query->bounds ? &box : NULL};
    if (query->bounds)
        box = geo_trackcode_box(query->bounds);
    g_autoptr(GArray) fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    g_autoptr(GPtrArray) days = days_between(self, query->from_ms, query->to_ms);
    for (guint i = 0; i < days->len; i++) {
        bool found;
        GeoDay *day = get_day(self, g_ptr_array_index(days, i), false, &found, error);
        if (day ? !geo_day_read(day, &asked, fixes, error) : found)
            return NULL;
    }
    tidy(fixes);
    return g_steal_pointer(&fixes);
}

GArray *geo_sqlite_last_fixes(GeoBackend *backend, int64_t at_ms, int64_t max_age_ms,
                              GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    int64_t from_ms = at_ms - max_age_ms;
    g_autoptr(GArray) fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    g_autoptr(GHashTable) newest = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GPtrArray) days = days_between(self, from_ms, at_ms);
    for (guint i = days->len; i-- > 0;) {
        bool found;
        GeoDay *day = get_day(self, g_ptr_array_index(days, i), false, &found, error);
        if (day ? !geo_day_last(day, from_ms, at_ms, newest, fixes, error) : found)
            return NULL;
    }
    g_array_sort(fixes, by_unit_and_time);
    return g_steal_pointer(&fixes);
}

bool geo_sqlite_last_fix_at(GeoBackend *backend, int64_t *at_ms, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    g_autoptr(GPtrArray) days = geo_sqlite_days(self);
    int64_t newest = 0;
    for (guint i = days->len; i-- > 0 && newest == 0;) {
        bool found;
        GeoDay *day = get_day(self, g_ptr_array_index(days, i), false, &found, error);
        if (day ? !geo_day_newest(day, &newest, error) : found)
            return false;
    }
    *at_ms = newest;
    return true;
}

/* ---- purging ---- */

static void delete_day(const char *folder, const char *name)
{
    static const char *const ends[] = {"-wal", "-shm", ""};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(folder, "/", name, ends[i], NULL);
        g_unlink(file);
    }
}

/* Those that end at or before before_ms: YYYY-MM-DD,YYYY-MM-DD ... */
static GPtrArray *days_before(GeoSqlite *self, int64_t before_ms, GString *text)
{
    GPtrArray *days = geo_sqlite_days(self);
    for (guint i = days->len; i-- > 0;)
        if (geo_day_begin_ms(g_ptr_array_index(days, i)) + GEO_DAY_MS > before_ms)
            g_ptr_array_remove_index(days, i);
    for (guint i = 0; i < days->len; i++)
        g_string_append_printf(text, "%s%.10s", i ? "," : "",
                               (const char *)g_ptr_array_index(days, i));
    return days;
}

/* What is going to be deleted is written down first: a purge without its audit row there is not. A
 * retry goes on with what is left. */
bool geo_sqlite_purge_tracks(GeoBackend *backend, const GeoAct *act, int64_t before_ms,
                             size_t *n_days, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    g_autofree char *folder = g_build_filename(self->folder, GEO_SQLITE_TRACKS, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GPtrArray) days = days_before(self, before_ms, text);
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error) ||
        (!done && !geo_sqlite_end_act(self, act, GEO_OP_PURGE_TRACKS, "tracks", act->now_ms, 1,
                                      text->str, error)))
        return false;
    for (size_t i = 0; i < GEO_SQLITE_OPEN_DAYS; i++)
        g_clear_pointer(&self->days[i], geo_day_close);
    for (guint i = 0; i < days->len; i++) {
        delete_day(folder, g_ptr_array_index(days, i));
        g_autofree char *path = g_build_filename(folder, g_ptr_array_index(days, i), NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS)) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot delete '%s'", path);
            return false;
        }
    }
    *n_days = days->len;
    return true;
}
