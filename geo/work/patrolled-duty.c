/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who was to be where: the duty clock's states of each unit, each with the area that its shift or
 * the unit itself names. That area may be coarser than the level asked (a car of a street, asked by
 * grid) or finer: parents tell which areas of the level make it up. */
#include <string.h>

#include "geo/work/dutyload.h"
#include "geo/work/patrolled-parts.h"

#define MAX_ANCESTORS 16

typedef struct {
    GeoBatch *areas;      /* of every level */
    GHashTable *by_code;  /* code -> GeoArea */
    GHashTable *of_level; /* code -> index in the level + 1 */
    GHashTable *members;  /* code -> GArray of uint32_t, owned */
    GHashTable *homes;    /* code -> number of its home + 1 */
    GeoPatrolledDuty *duty;
} Homes;

static void homes_clear(Homes *homes)
{
    g_clear_pointer(&homes->areas, geo_batch_free);
    g_clear_pointer(&homes->by_code, g_hash_table_unref);
    g_clear_pointer(&homes->of_level, g_hash_table_unref);
    g_clear_pointer(&homes->members, g_hash_table_unref);
    g_clear_pointer(&homes->homes, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Homes, homes_clear)

void geo_patrolled_duty_clear(GeoPatrolledDuty *duty)
{
    g_clear_pointer(&duty->duty, g_array_unref);
    g_clear_pointer(&duty->first, g_array_unref);
    g_clear_pointer(&duty->areas, g_array_unref);
}

static void unref_array(gpointer array)
{
    g_array_unref(array);
}

/* Area i of the level belongs to itself and to all that it lies in. */
static void enter_member(Homes *homes, const char *code, uint32_t area)
{
    for (int step = 0; code && step < MAX_ANCESTORS; step++) {
        GArray *members = g_hash_table_lookup(homes->members, code);
        if (!members) {
            members = g_array_new(FALSE, FALSE, sizeof(uint32_t));
            g_hash_table_insert(homes->members, (gpointer)code, members);
        }
        if (members->len == 0 || g_array_index(members, uint32_t, members->len - 1) != area)
            g_array_append_val(members, area);
        const GeoArea *row = g_hash_table_lookup(homes->by_code, code);
        code = row ? row->parent : NULL;
    }
}

static bool homes_load(GeoStore *store, const GeoPatrolled *patrolled, Homes *homes, GError **error)
{
    GeoQuery query = {.no_shapes = true};
    homes->areas = geo_store_load(store, GEO_KIND_AREA, &query, error);
    if (!homes->areas)
        return false;
    homes->by_code = g_hash_table_new(g_str_hash, g_str_equal);
    homes->of_level = g_hash_table_new(g_str_hash, g_str_equal);
    homes->members = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, unref_array);
    homes->homes = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < homes->areas->rows->len; i++) {
        const GeoRow *row = geo_batch_row(homes->areas, i);
        if (row->code)
            g_hash_table_insert(homes->by_code, (gpointer)row->code, (gpointer)row);
    }
    for (guint i = 0; i < patrolled->n_areas; i++) {
        const char *code = geo_batch_row(patrolled->areas, i)->code;
        if (!code)
            continue;
        g_hash_table_insert(homes->of_level, (gpointer)code, GUINT_TO_POINTER(i + 1));
        enter_member(homes, code, i);
    }
    return true;
}

static int32_t add_home(Homes *homes, const char *code, const uint32_t *areas, guint n)
{
    g_array_append_vals(homes->duty->areas, areas, n);
    g_array_append_val(homes->duty->first, homes->duty->areas->len);
    int32_t home = (int32_t)homes->duty->first->len - 2;
    g_hash_table_insert(homes->homes, (gpointer)code, GINT_TO_POINTER(home + 1));
    return home;
}

/* -1: no area of the level has to do with it. */
static int32_t home_of(Homes *homes, const char *code)
{
    int known = code ? GPOINTER_TO_INT(g_hash_table_lookup(homes->homes, code)) : 0;
    if (known > 0 || !code)
        return known - 1;
    const GArray *members = g_hash_table_lookup(homes->members, code);
    if (members)
        return add_home(homes, code, (const uint32_t *)(void *)members->data, members->len);
    const char *above = code;
    for (int step = 0; above && step < MAX_ANCESTORS; step++) {
        guint index = GPOINTER_TO_UINT(g_hash_table_lookup(homes->of_level, above));
        if (index > 0) {
            uint32_t area = index - 1;
            return add_home(homes, code, &area, 1);
        }
        const GeoArea *row = g_hash_table_lookup(homes->by_code, above);
        above = row ? row->parent : NULL;
    }
    return -1;
}

/* ---- shifts ---- */

static int by_code(gconstpointer a, gconstpointer b)
{
    const GeoRoster *p = *(const GeoRoster *const *)a, *q = *(const GeoRoster *const *)b;
    int order = g_strcmp0(p->row.code, q->row.code);
    return order ? order : (p->from_ms > q->from_ms) - (p->from_ms < q->from_ms);
}

/* Rosters that name an area, by unit and time; rosters outlives it. */
static GPtrArray *sort_shifts(const GeoBatch *rosters)
{
    GPtrArray *shifts = g_ptr_array_new();
    for (guint i = 0; i < rosters->rows->len; i++) {
        const GeoRoster *roster = (const GeoRoster *)(const void *)geo_batch_row(rosters, i);
        if (roster->row.code && roster->area)
            g_ptr_array_add(shifts, (gpointer)roster);
    }
    g_ptr_array_sort(shifts, by_code);
    return shifts;
}

/* Where the shifts of a unit begin. */
static guint first_shift(const GPtrArray *shifts, const char *code)
{
    guint low = 0, high = shifts->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const GeoRoster *roster = g_ptr_array_index(shifts, middle);
        if (g_strcmp0(roster->row.code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Ends the span where the area that is named changes. */
static void cut_by_shift(const GPtrArray *shifts, const GeoUnit *unit, int64_t at_ms,
                         int64_t *to_ms, const char **area)
{
    *area = unit->area;
    for (guint i = unit->row.code ? first_shift(shifts, unit->row.code) : shifts->len;
         i < shifts->len; i++) {
        const GeoRoster *roster = g_ptr_array_index(shifts, i);
        if (strcmp(roster->row.code, unit->row.code) != 0)
            return;
        if (roster->from_ms <= at_ms && roster->to_ms > at_ms) {
            *area = roster->area;
            *to_ms = MIN(*to_ms, roster->to_ms);
        } else if (roster->from_ms > at_ms) {
            *to_ms = MIN(*to_ms, roster->from_ms);
            return;
        }
    }
}

/* Whether a job covers the moment; ends the span where that changes. entries: of the unit, by time.
 */
static bool cut_by_job(const GeoDutyEntry *entries, size_t n, int64_t at_ms, int64_t *to_ms)
{
    int64_t job_to_ms = at_ms;
    for (size_t i = 0; i < n; i++) {
        if (entries[i].what != GEO_DUTY_INCIDENT && entries[i].what != GEO_DUTY_SOS)
            continue;
        if (entries[i].from_ms > at_ms)
            *to_ms = MIN(*to_ms, MAX(entries[i].from_ms, job_to_ms));
        else if (entries[i].to_ms > at_ms)
            job_to_ms = MAX(job_to_ms, entries[i].to_ms);
    }
    if (job_to_ms > at_ms)
        *to_ms = MIN(*to_ms, job_to_ms);
    return job_to_ms > at_ms;
}

/* The entries of a unit, of a book's that are by unit and time. */
static const GeoDutyEntry *entries_of(const GeoDutyBook *book, int64_t unit_id, size_t *n)
{
    guint low = 0, high = book->entries->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(book->entries, GeoDutyEntry, middle).unit_id < unit_id)
            low = middle + 1;
        else
            high = middle;
    }
    guint end = low;
    while (end < book->entries->len &&
           g_array_index(book->entries, GeoDutyEntry, end).unit_id == unit_id)
        end++;
    *n = end - low;
    return (const GeoDutyEntry *)(void *)book->entries->data + low;
}

static void add_spans(const GeoPatrolled *patrolled, const GeoDutyClock *clock,
                      const GeoDutyBook *book, const GPtrArray *shifts, const GeoUnit *unit,
                      uint32_t number, Homes *homes)
{
    size_t n_entries;
    const GeoDutyEntry *entries = entries_of(book, unit->row.id, &n_entries);
    for (int64_t at_ms = patrolled->from_ms; at_ms < patrolled->to_ms;) {
        GeoDutyState state = geo_dutyclock_at(clock, number, at_ms, NULL);
        int64_t to_ms = geo_dutyclock_until(clock, number, at_ms);
        const char *area;
        to_ms = MIN(to_ms, patrolled->to_ms);
        cut_by_shift(shifts, unit, at_ms, &to_ms, &area);
        bool job = cut_by_job(entries, n_entries, at_ms, &to_ms);
        int32_t what = job                             ? GEO_PATROL_INCIDENT
                       : state == GEO_DUTY_STATE_BREAK ? GEO_PATROL_BREAK
                                                       : GEO_PATROL_POST;
        GeoPatrolDuty span = {unit->row.id, (at_ms + 999) / 1000, (to_ms + 999) / 1000, -1, what};
        if ((state == GEO_DUTY_STATE_ON || state == GEO_DUTY_STATE_BREAK) &&
            span.to_s > span.from_s) {
            span.home = home_of(homes, area);
            g_array_append_val(homes->duty->duty, span);
        }
        at_ms = to_ms > at_ms ? to_ms : patrolled->to_ms;
    }
}

bool geo_patrolled_duty_load(GeoStore *store, const GeoPatrolled *patrolled, GeoPatrolledDuty *duty,
                             GError **error)
{
    uint32_t none = 0;
    duty->duty = g_array_new(FALSE, FALSE, sizeof(GeoPatrolDuty));
    duty->first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    duty->areas = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_array_append_val(duty->first, none);
    g_auto(Homes) homes = {.duty = duty};
    GeoQuery query = {.from_ms = patrolled->from_ms, .to_ms = patrolled->to_ms};
    g_autoptr(GeoBatch) units = geo_store_load(store, GEO_KIND_UNIT, NULL, error);
    if (!units)
        return false;
    g_autoptr(GeoBatch) rosters = geo_store_load(store, GEO_KIND_ROSTER, &query, error);
    if (!rosters || !homes_load(store, patrolled, &homes, error))
        return false;
    g_autoptr(GeoDutyBook) book = NULL;
    g_autoptr(GeoDutyClock) clock =
        geo_dutyload_clock(store, units, patrolled->from_ms, patrolled->to_ms, &book, error);
    if (!clock)
        return false;
    duty->always = geo_dutyclock_is_always(clock);
    g_autoptr(GPtrArray) shifts = sort_shifts(rosters);
    for (guint i = 0; i < units->rows->len; i++)
        add_spans(patrolled, clock, book, shifts,
                  (const GeoUnit *)(const void *)geo_batch_row(units, i), i, &homes);
    return true;
}
