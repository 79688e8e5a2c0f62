/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/dutybook.h"

GeoDutyBook *geo_dutybook_new(void)
{
    GeoDutyBook *book = g_new0(GeoDutyBook, 1);
    book->entries = g_array_new(FALSE, FALSE, sizeof(GeoDutyEntry));
    book->admissions = g_array_new(FALSE, FALSE, sizeof(GeoDutyAdmitted));
    book->devices = g_array_new(FALSE, FALSE, sizeof(GeoDutyDevice));
    book->text = g_string_chunk_new(4096);
    return book;
}

void geo_dutybook_free(GeoDutyBook *book)
{
    if (!book)
        return;
    g_array_unref(book->entries);
    g_array_unref(book->admissions);
    g_array_unref(book->devices);
    g_string_chunk_free(book->text);
    g_free(book);
}

const char *geo_dutybook_text(GeoDutyBook *book, const char *text)
{
    return text && *text ? g_string_chunk_insert_const(book->text, text) : NULL;
}

static int by_unit_and_time(const void *a, const void *b)
{
    const GeoDutyEntry *p = a, *q = b;
    if (p->unit_id != q->unit_id)
        return p->unit_id < q->unit_id ? -1 : 1;
    return (p->from_ms > q->from_ms) - (p->from_ms < q->from_ms);
}

void geo_dutybook_sort(GeoDutyBook *book)
{
    g_array_sort(book->entries, by_unit_and_time);
}

/* ---- the clock ---- */

/* Numbers of areas by code, and of each unit's area: of none, above every number. */
static GHashTable *number_areas(const GeoBatch *units, uint32_t *area_of)
{
    GHashTable *numbers = g_hash_table_new(g_str_hash, g_str_equal); /* code -> number + 1 */
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoUnit *unit = &g_array_index(units->rows, GeoUnit, i);
        guint number = unit->area ? GPOINTER_TO_UINT(g_hash_table_lookup(numbers, unit->area)) : 0;
        if (unit->area && number == 0) {
            number = g_hash_table_size(numbers) + 1;
            g_hash_table_insert(numbers, (gpointer)unit->area, GUINT_TO_POINTER(number));
        }
        area_of[i] = number - 1;
    }
    return numbers;
}

static void add_shifts(const GeoBatch *units, const GeoBatch *rosters, GArray *spans)
{
    g_autoptr(GHashTable) by_code = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoRow *row = geo_batch_row(units, i);
        if (row->code)
            g_hash_table_insert(by_code, (gpointer)row->code, GUINT_TO_POINTER(i + 1));
    }
    for (guint i = 0; i < rosters->rows->len; i++) {
        const GeoRoster *roster = &g_array_index(rosters->rows, GeoRoster, i);
        guint unit =
            roster->row.code ? GPOINTER_TO_UINT(g_hash_table_lookup(by_code, roster->row.code)) : 0;
        /* A shift of nobody we know still says that the city has rosters: unit - 1 is no unit. */
        GeoDutySpan span = {unit - 1, GEO_DUTY_SHIFT, roster->from_ms, roster->to_ms, 0};
        g_array_append_val(spans, span);
    }
}

static void add_entries(const GeoDutyBook *book, const GeoBatch *units, GArray *spans)
{
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < units->rows->len && book->entries->len > 0; i++)
        g_hash_table_insert(by_id, &geo_batch_row(units, i)->id, GUINT_TO_POINTER(i + 1));
    for (guint i = 0; i < book->entries->len; i++) {
        const GeoDutyEntry *entry = &g_array_index(book->entries, GeoDutyEntry, i);
        guint unit = GPOINTER_TO_UINT(g_hash_table_lookup(by_id, &entry->unit_id));
        GeoDutySpan span = {unit - 1, entry->what, entry->from_ms, entry->to_ms, entry->id};
        if (unit > 0)
            g_array_append_val(spans, span);
    }
}

static GArray *admissions_of(const GeoDutyBook *book, GHashTable *numbers)
{
    GArray *admissions = g_array_new(FALSE, FALSE, sizeof(GeoDutyAdmission));
    for (guint i = 0; i < book->admissions->len; i++) {
        const GeoDutyAdmitted *one = &g_array_index(book->admissions, GeoDutyAdmitted, i);
        guint number = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, one->area));
        GeoDutyAdmission admission = {number - 1, one->from_ms, one->to_ms};
        if (number > 0)
            g_array_append_val(admissions, admission);
    }
    return admissions;
}

GeoDutyClock *geo_dutybook_clock(const GeoDutyBook *book, const GeoBatch *units,
                                 const GeoBatch *rosters, bool rosters_elsewhere)
{
    guint n = units->rows->len;
    g_autofree uint32_t *area_of = g_new0(uint32_t, n + 1);
    g_autoptr(GHashTable) numbers = number_areas(units, area_of);
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(GeoDutySpan));
    g_autoptr(GArray) admissions = admissions_of(book, numbers);
    add_shifts(units, rosters, spans);
    if (rosters_elsewhere) {
        GeoDutySpan elsewhere = {UINT32_MAX, GEO_DUTY_SHIFT, 0, 1, 0};
        g_array_append_val(spans, elsewhere);
    }
    add_entries(book, units, spans);
    return geo_dutyclock_new(area_of, n, g_hash_table_size(numbers),
                             (const GeoDutySpan *)(void *)spans->data, spans->len,
                             (const GeoDutyAdmission *)(void *)admissions->data, admissions->len);
}
