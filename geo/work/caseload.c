/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/caseload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/model/callsign.h"
#include "geo/model/error.h"

#define AHEAD_MS INT64_C(600000)        /* clocks of other systems go wrong by minutes */
#define OLDEST_MS INT64_C(946684800000) /* the year 2000: before it is a typing error */
#define WHY_LETTERS 32                  /* of up to four bytes each */

const char *const geo_case_tally_words[] = {"level", "department", "state", "item", 0};

/* ---- one by its number ---- */

static bool id_of(const char *word, int64_t *id)
{
    char *end;
    *id = g_ascii_strtoll(word, &end, 10);
    return *word && *end == '\0' && *id > 0;
}

static GPtrArray *cases_of(GeoStore *store, const char *code, int64_t id, GError **error)
{
    GeoCaseQuery query = {.code = code, .incident_id = id, .max = 1};
    return geo_store_cases(store, &query, error);
}

GeoCase *geo_caseload_find(GeoStore *store, const char *word, GError **error)
{
    int64_t id;
    g_autofree char *plain = geo_callsign_dup_plain(word);
    g_autoptr(GPtrArray) found = cases_of(store, word, 0, error);
    if (found && found->len == 0 && plain && strcmp(plain, word) != 0) {
        g_ptr_array_unref(found);
        found = cases_of(store, plain, 0, error);
    }
    if (found && found->len == 0 && id_of(plain ? plain : word, &id)) {
        g_ptr_array_unref(found);
        found = cases_of(store, NULL, id, error);
    }
    if (!found)
        return NULL;
    if (found->len)
        return g_ptr_array_steal_index(found, 0);
    g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                "there is no incident '%s': incident CITY list says which are open", word);
    return NULL;
}

bool geo_caseload_find_unit(GeoStore *store, const char *word, int64_t *unit_id, GError **error)
{
    g_autoptr(GeoBatch) units = geo_store_load(store, GEO_KIND_UNIT, NULL, error);
    const GeoUnit *unit = units ? geo_callsign_find_unit(units, word, error) : NULL;
    *unit_id = unit ? unit->row.id : 0;
    return unit != NULL;
}

/* ---- the way in ---- */

static bool is_place(GeoLonLat at)
{
    return isfinite(at.lon) && isfinite(at.lat) && (at.lon != 0 || at.lat != 0);
}

static GeoPlaceAreas areas_of(const GeoRouting *routing, GeoLonLat at, const char *area)
{
    if (is_place(at))
        return geo_routing_place(routing, at);
    return area ? geo_routing_area(routing, area) : (GeoPlaceAreas){{0}};
}

static bool choose_item(const GeoRouting *routing, const GeoCall *call, GeoCallTaken *taken,
                        GError **error)
{
    const GeoServiceBook *book = geo_routing_book(routing);
    if (call->item) {
        taken->item = geo_servicebook_find(book, call->item);
        if (!taken->item)
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "there is no service item '%s': services lists them", call->item);
        return taken->item != NULL;
    }
    if (call->category)
        taken->item = geo_servicebook_find(book, call->category);
    if (!taken->item && call->report.words) {
        g_autoptr(GString) matched = g_string_new(NULL);
        taken->item = geo_servicebook_suggest(book, call->report.words, matched);
        taken->suggested = taken->item != NULL;
        g_autofree char *words =
            g_utf8_substring(matched->str, 0, MIN(WHY_LETTERS, g_utf8_strlen(matched->str, -1)));
        if (taken->suggested)
            g_snprintf(taken->why, sizeof taken->why, "suggested by: %s", words);
    }
    return true;
}

static GeoBatch *new_incident(const GeoCall *call, int64_t id, int64_t now_ms)
{
    GeoBatch *batch = geo_batch_new(GEO_KIND_INCIDENT);
    GeoIncident *row = geo_batch_add(batch);
    row->row.id = id;
    row->row.code = geo_batch_text(batch, call->code);
    row->at_ms = call->at_ms ? call->at_ms : now_ms;
    row->category = geo_batch_text(batch, call->category);
    row->priority = call->priority;
    row->place = geo_batch_text(batch, call->place);
    row->area = geo_batch_text(batch, call->area);
    if (is_place(call->at))
        geo_batch_set_point(batch, call->at.lon, call->at.lat);
    return batch;
}

static size_t first_deeds(const GeoCall *call, const GeoCallTaken *taken, GeoDeed deeds[2])
{
    const GeoServiceItem *item = taken->item;
    size_t n = 0;
    if (!item)
        return 0;
    deeds[n++] = (GeoDeed){.what = GEO_DEED_CLASSIFY,
                           .detail = {.item = item->code,
                                      .category = call->category ? call->category : item->name_zh,
                                      .priority = call->priority ? call->priority : item->priority,
                                      .reason = taken->suggested ? taken->why : NULL}};
    if (taken->route.department)
        deeds[n++] = (GeoDeed){
            .what = GEO_DEED_ROUTE,
            .detail = {.level = (int)taken->route.tier,
                       .ladder = item->mediation ? GEO_LADDER_MEDIATION : GEO_LADDER_SERVICE,
                       .area = taken->route.area,
                       .department = taken->route.department->code}};
    return n;
}

bool geo_caseload_take(GeoStore *store, const GeoRouting *routing, const GeoAct *act,
                       const GeoCall *call, GeoCallTaken *taken, GError **error)
{
    int64_t id = geo_act_new_id(act->now_ms);
    *taken = (GeoCallTaken){0};
    if (call->at_ms && (call->at_ms < OLDEST_MS || call->at_ms > act->now_ms + AHEAD_MS)) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_DATA,
                            "a report came in neither before 2000 nor in time to come: say when "
                            "it happened");
        return false;
    }
    if (!choose_item(routing, call, taken, error))
        return false;
    if (taken->item && !call->unrouted) {
        GeoPlaceAreas areas = areas_of(routing, call->at, call->area);
        taken->route = geo_servicebook_route(geo_routing_book(routing), taken->item, &areas);
    }
    GeoDeed deeds[2];
    size_t n = first_deeds(call, taken, deeds);
    g_autoptr(GeoBatch) incident = new_incident(call, id, act->now_ms);
    return geo_store_take_report(store, act, incident, &call->report, deeds, n, &taken->taken,
                                 error);
}

bool geo_caseload_raise(const GeoRouting *routing, const GeoCase *one, GeoDeedDetail *detail)
{
    const GeoCaseHolder *holder = geo_case_holder(one);
    if (!holder)
        return false;
    GeoLevel above = geo_ladder_above((GeoLadder)holder->ladder, (GeoLevel)holder->level);
    GeoPlaceAreas areas = areas_of(routing, one->at, holder->area ? holder->area : one->area);
    if (above == GEO_LEVEL_NONE)
        return false;
    detail->level = (int)above;
    detail->ladder = holder->ladder;
    if (!detail->area && above < GEO_LEVEL_CITY)
        detail->area = areas.area[above];
    return true;
}

const char *geo_caseload_area(const GeoRouting *routing, const GeoCase *one, GeoLevel level)
{
    const GeoCaseHolder *holder = geo_case_holder(one);
    GeoPlaceAreas areas =
        areas_of(routing, one->at, holder && holder->area ? holder->area : one->area);
    return level < GEO_LEVEL_CITY ? areas.area[level] : NULL;
}

/* ---- lists ---- */

static bool passes(const GeoCase *one, const GeoCaseloadFilter *filter, int64_t now_ms)
{
    const GeoCaseHolder *holder = geo_case_holder(one);
    if (filter->state >= 0 && one->state != filter->state)
        return false;
    if (filter->level >= 0 && (holder ? holder->level : GEO_LEVEL_NONE) != filter->level)
        return false;
    if (filter->department && (!holder || g_strcmp0(holder->department, filter->department) != 0))
        return false;
    if (filter->due && (one->wake_ms == 0 || one->wake_ms > now_ms))
        return false;
    GeoCaseClocks clocks = geo_case_clocks(one, now_ms);
    return !filter->unaccepted ||
           (clocks.unaccepted && clocks.in_state_ms >= GEO_CASE_UNACCEPTED_MS);
}

static int by_urgency(const void *a, const void *b)
{
    const GeoCase *p = *(GeoCase *const *)a, *q = *(GeoCase *const *)b;
    if (p->priority != q->priority)
        return p->priority < q->priority ? -1 : 1;
    if (p->created_ms != q->created_ms)
        return p->created_ms < q->created_ms ? -1 : 1;
    return (p->id > q->id) - (p->id < q->id);
}

static int newest_first(const void *a, const void *b)
{
    const GeoCase *p = *(GeoCase *const *)a, *q = *(GeoCase *const *)b;
    if (p->created_ms != q->created_ms)
        return p->created_ms > q->created_ms ? -1 : 1;
    return (p->id < q->id) - (p->id > q->id);
}

GPtrArray *geo_caseload_list(GeoStore *store, const GeoCaseloadFilter *filter, int64_t now_ms,
                             GError **error)
{
    GeoCaseQuery query = filter->query;
    query.max = 0; /* the newest of those that pass, not those that pass of the newest */
    g_autoptr(GPtrArray) all = geo_store_cases(store, &query, error);
    if (!all)
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)geo_case_free);
    for (guint i = 0; i < all->len; i++)
        if (passes(g_ptr_array_index(all, i), filter, now_ms)) {
            g_ptr_array_add(list, g_ptr_array_index(all, i));
            g_ptr_array_index(all, i) = NULL; /* the list's now */
        }
    if (filter->query.max && list->len > filter->query.max) {
        g_ptr_array_sort(list, newest_first);
        g_ptr_array_set_size(list, (gint)filter->query.max);
    }
    g_ptr_array_sort(list, by_urgency);
    return list;
}

/* ---- tables ---- */

static const char *key_of(const GeoCase *one, GeoCaseTallyBy by)
{
    const GeoCaseHolder *holder = geo_case_holder(one);
    const char *key = NULL;
    switch (by) {
    case GEO_CASE_TALLY_LEVEL:
        key = holder ? geo_level_words[holder->level] : NULL;
        break;
    case GEO_CASE_TALLY_DEPARTMENT:
        key = holder ? holder->department : NULL;
        break;
    case GEO_CASE_TALLY_STATE:
        key = geo_incident_state_words[one->state];
        break;
    default:
        key = one->item;
    }
    return key ? key : "";
}

static void count_open(GeoCaseTallyRow *row, const GeoCase *one)
{
    row->open++;
    if (geo_cycle_waits((GeoIncidentState)one->state))
        row->waiting++;
    else if (one->state == GEO_INCIDENT_HELD || one->state == GEO_INCIDENT_SCHEDULED)
        row->parked++;
    else if (one->state >= GEO_INCIDENT_CLEARED)
        row->after++;
    else
        row->at_work++;
}

static void count_case(GeoCaseTallyRow *row, const GeoCase *one)
{
    row->taken++;
    if (geo_cycle_done((GeoIncidentState)one->state)) {
        row->over++;
        row->closed += one->state == GEO_INCIDENT_CLOSED;
        row->called_back += one->state == GEO_INCIDENT_CALLED_BACK;
        row->void_ += one->state == GEO_INCIDENT_VOID;
        row->duplicate += one->state == GEO_INCIDENT_DUPLICATE;
        row->transferred += one->state == GEO_INCIDENT_TRANSFERRED;
    } else
        count_open(row, one);
    row->raised += one->raised;
    row->returned += one->returned;
    row->reworked += one->reworked;
    row->preempted += one->preempted;
    row->reopened += one->cycle - 1;
    row->satisfied += one->satisfied == 1;
    row->unsatisfied += one->satisfied == -1;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const GeoCaseTallyRow *)a)->key, ((const GeoCaseTallyRow *)b)->key);
}

GeoCaseTally *geo_caseload_tally(const GPtrArray *cases, GeoCaseTallyBy by)
{
    GeoCaseTally *tally = g_new0(GeoCaseTally, 1);
    tally->rows = g_array_new(FALSE, TRUE, sizeof(GeoCaseTallyRow));
    tally->text = g_string_chunk_new(256);
    tally->all.key = "";
    g_autoptr(GHashTable) at = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < cases->len; i++) {
        const GeoCase *one = g_ptr_array_index(cases, i);
        const char *key = key_of(one, by);
        gpointer place = g_hash_table_lookup(at, key);
        if (!place) {
            GeoCaseTallyRow row = {.key = g_string_chunk_insert(tally->text, key)};
            g_array_append_val(tally->rows, row);
            place = GUINT_TO_POINTER(tally->rows->len);
            g_hash_table_insert(at, (gpointer)row.key, place);
        }
        count_case(&g_array_index(tally->rows, GeoCaseTallyRow, GPOINTER_TO_UINT(place) - 1), one);
        count_case(&tally->all, one);
    }
    g_array_sort(tally->rows, by_key);
    return tally;
}

void geo_case_tally_free(GeoCaseTally *tally)
{
    if (!tally)
        return;
    g_array_unref(tally->rows);
    g_string_chunk_free(tally->text);
    g_free(tally);
}
