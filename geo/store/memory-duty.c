/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/error.h"
#include "geo/store/memory.h"

/* ---- signing ---- */

static bool is_in_sos(const GeoMemory *memory, int64_t unit_id)
{
    for (guint i = 0; i < memory->book->entries->len; i++) {
        const GeoDutyEntry *entry = &g_array_index(memory->book->entries, GeoDutyEntry, i);
        if (entry->unit_id == unit_id && entry->what == GEO_DUTY_SOS &&
            entry->to_ms == GEO_DUTY_OPEN)
            return true;
    }
    return false;
}

static void bind_device(GeoMemory *memory, const char *key, int64_t unit_id, int64_t from_ms,
                        int64_t to_ms)
{
    GeoDutyBook *book = memory->book;
    for (guint i = 0; i < book->devices->len; i++) {
        GeoDutyDevice *one = &g_array_index(book->devices, GeoDutyDevice, i);
        if (!g_strcmp0(one->key, key) && one->to_ms > from_ms)
            one->to_ms = MAX(from_ms, one->from_ms);
    }
    GeoDutyDevice device = {geo_dutybook_text(book, key), unit_id, from_ms, to_ms};
    if (unit_id)
        g_array_append_val(book->devices, device);
}

static void set_status(GeoMemory *memory, const GeoAct *act, int64_t unit_id, GeoUnitStatus status)
{
    GeoRow *unit = geo_memory_live_row(memory, GEO_KIND_UNIT, unit_id, NULL);
    ((GeoUnit *)unit)->status = status;
    unit->version++;
    geo_memory_note_change(memory, act, "unit", unit_id, unit->version);
}

static bool end_entries(GeoMemory *memory, int64_t unit_id, GeoDutyWhat what, int64_t at_ms)
{
    bool any = false;
    for (guint i = 0; i < memory->book->entries->len; i++) {
        GeoDutyEntry *entry = &g_array_index(memory->book->entries, GeoDutyEntry, i);
        if (entry->unit_id != unit_id || entry->what != (uint32_t)what || entry->id == 0 ||
            entry->from_ms > at_ms || entry->to_ms <= at_ms)
            continue;
        entry->to_ms = at_ms;
        any = true;
    }
    return any;
}

static void free_devices(GeoMemory *memory, int64_t unit_id, int64_t at_ms)
{
    for (guint i = 0; i < memory->book->devices->len; i++) {
        GeoDutyDevice *one = &g_array_index(memory->book->devices, GeoDutyDevice, i);
        if (one->unit_id == unit_id && one->from_ms <= at_ms && one->to_ms > at_ms &&
            one->to_ms != GEO_DUTY_OPEN)
            one->to_ms = at_ms;
    }
}

/* Who signs off leaves what it was signed on for, and its break. */
static void leave(GeoMemory *memory, int64_t unit_id, int64_t at_ms)
{
    end_entries(memory, unit_id, GEO_DUTY_ON, at_ms);
    end_entries(memory, unit_id, GEO_DUTY_BREAK, at_ms);
    free_devices(memory, unit_id, at_ms);
}

static void sign_one(GeoMemory *memory, const GeoAct *act, const GeoDutyEntry *entry)
{
    GeoDutyBook *book = memory->book;
    if (entry->what == GEO_DUTY_SOS && is_in_sos(memory, entry->unit_id))
        return;
    if (entry->what == GEO_DUTY_OFF)
        leave(memory, entry->unit_id, entry->from_ms);
    GeoDutyEntry kept = *entry;
    kept.id = (int64_t)book->entries->len + 1;
    kept.person = geo_dutybook_text(book, entry->person);
    kept.device = geo_dutybook_text(book, entry->device);
    kept.vehicle = geo_dutybook_text(book, entry->vehicle);
    kept.crew = geo_dutybook_text(book, entry->crew);
    kept.reason = geo_dutybook_text(book, entry->reason);
    kept.actor = geo_dutybook_text(book, act->actor);
    g_array_append_val(book->entries, kept);
    geo_memory_note_change(memory, act, "duty", entry->unit_id, 1);
    if (entry->what == GEO_DUTY_SOS)
        set_status(memory, act, entry->unit_id, GEO_STATUS_SOS);
    if (entry->what == GEO_DUTY_ON && kept.device)
        bind_device(memory, kept.device, entry->unit_id, entry->from_ms, entry->to_ms);
}

bool geo_memory_sign(GeoBackend *backend, const GeoAct *act, GeoOp op, const GeoDutyEntry *entries,
                     size_t n, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    for (size_t i = 0; i < n; i++)
        if (!geo_memory_live_row(memory, GEO_KIND_UNIT, entries[i].unit_id, error))
            return false;
    for (size_t i = 0; i < n; i++)
        sign_one(memory, act, &entries[i]);
    geo_memory_note(memory, act, op, "duty", entries[0].unit_id, 1);
    return true;
}

bool geo_memory_end_duty(GeoBackend *backend, const GeoAct *act, GeoOp op, int64_t unit_id,
                         GeoDutyWhat what, int64_t at_ms, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    if (!geo_memory_live_row(memory, GEO_KIND_UNIT, unit_id, error))
        return false;
    if (!end_entries(memory, unit_id, what, at_ms)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "unit %" G_GINT64_FORMAT " has no %s that could be ended then", unit_id,
                    geo_duty_words[what]);
        return false;
    }
    if (what == GEO_DUTY_SOS) {
        GeoUnitStatus status;
        if (!geo_deeds_unit_status(backend, unit_id, &status, error))
            return false;
        set_status(memory, act, unit_id, status);
    }
    if (what == GEO_DUTY_ON)
        free_devices(memory, unit_id, at_ms);
    geo_memory_note(memory, act, op, "duty", unit_id, 2);
    return true;
}

/* ---- admissions, devices, shifts ---- */

bool geo_memory_admit_area(GeoBackend *backend, const GeoAct *act, const char *area,
                           int64_t from_ms, int64_t to_ms, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    GeoDutyAdmitted one = {geo_dutybook_text(memory->book, area), from_ms, to_ms};
    g_array_append_val(memory->book->admissions, one);
    geo_memory_note(memory, act, GEO_OP_SIGN_DUTY, "admission", act->now_ms, 1);
    return true;
}

bool geo_memory_bind_device(GeoBackend *backend, const GeoAct *act, const char *key,
                            int64_t unit_id, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    if (unit_id && !geo_memory_live_row(memory, GEO_KIND_UNIT, unit_id, error))
        return false;
    bind_device(memory, key, unit_id, act->now_ms, GEO_DUTY_OPEN);
    geo_memory_note(memory, act, GEO_OP_SIGN_DUTY, "device", unit_id, 1);
    return true;
}

bool geo_memory_edit_roster(GeoBackend *backend, const GeoAct *act, const GeoBatch *roster,
                            bool remove, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    const GeoRow *edited = geo_batch_row(roster, 0);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    const GeoRow *row = geo_memory_live_row(memory, GEO_KIND_ROSTER, edited->id, NULL);
    int64_t version = row ? row->version : 0, import_id = row ? row->import_id : 0;
    if (!row && (edited->version != 0 || remove)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no shift %" G_GINT64_FORMAT,
                    edited->id);
        return false;
    }
    if (version != edited->version) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_STALE,
                    "shift %" G_GINT64_FORMAT " has changed since (version %" G_GINT64_FORMAT
                    ", you saw %" G_GINT64_FORMAT "): look again",
                    edited->id, version, edited->version);
        return false;
    }
    if (remove)
        geo_memory_drop_row(memory, GEO_KIND_ROSTER, edited->id);
    else
        geo_memory_put_row(memory, roster, 0, import_id, version + 1);
    geo_memory_note(memory, act, GEO_OP_EDIT_ROSTER, "roster", edited->id, version + 1);
    return true;
}

/* ---- reading ---- */

GeoDutyBook *geo_memory_duty(GeoBackend *backend, int64_t from_ms, int64_t to_ms, GError **error)
{
    const GeoDutyBook *all = geo_memory_of(backend)->book;
    GeoDutyBook *book = geo_dutybook_new();
    for (guint i = 0; i < all->entries->len; i++) {
        GeoDutyEntry one = g_array_index(all->entries, GeoDutyEntry, i);
        const char **const texts[] = {&one.person, &one.device, &one.vehicle,
                                      &one.crew,   &one.reason, &one.actor};
        for (size_t t = 0; t < G_N_ELEMENTS(texts); t++)
            *texts[t] = geo_dutybook_text(book, *texts[t]);
        if (one.from_ms < to_ms && one.to_ms > from_ms)
            g_array_append_val(book->entries, one);
    }
    geo_dutybook_sort(book);
    for (guint i = 0; i < all->admissions->len; i++) {
        GeoDutyAdmitted one = g_array_index(all->admissions, GeoDutyAdmitted, i);
        one.area = geo_dutybook_text(book, one.area);
        if (one.from_ms < to_ms && one.to_ms > from_ms)
            g_array_append_val(book->admissions, one);
    }
    for (guint i = 0; i < all->devices->len; i++) {
        GeoDutyDevice one = g_array_index(all->devices, GeoDutyDevice, i);
        one.key = geo_dutybook_text(book, one.key);
        if (one.from_ms < to_ms && one.to_ms > from_ms)
            g_array_append_val(book->devices, one);
    }
    return book;
}
