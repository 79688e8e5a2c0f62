/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two questions of the store, by time: what came about then, and what is still open. Place is left
 * to the kernel: a day of a city holds hundreds of incidents, a square of 2 km in its middle after
 * two years 15,000, and asking the index of places too took sixty times as long. The windows are
 * wide enough for any pair with the question's kind; the pair's own limits decide. Roads are asked
 * for the best by air only. */
#include "geo/work/alike.h"

#include <math.h>
#include <stdlib.h>

#include "geo/store/cases.h"

#define DEFAULT_MAX 10
#define OPEN_MS (INT64_C(7) * 86400000)
#define WIDEST_MS (INT64_C(24) * 3600000)
#define USUAL_MS (INT64_C(12) * 3600000)
#define MAX_ROADS 16   /* routes that are looked for */
#define MAX_STORIES 64 /* reports whose words are read */
#define SNAP_M 200.0

typedef struct {
    GeoStore *store;
    GeoFrame *frame;
    const GeoAlikeQuestion *question;
    GeoAlikeReport report;
    GeoAlikes *alikes;
    GHashTable *known; /* ids that were looked at */
} Search;

static const char *keep_text(Search *search, const char *text)
{
    return text ? g_string_chunk_insert_const(search->alikes->text, text) : NULL;
}

static uint64_t phone_of(const Search *search, int64_t id)
{
    for (size_t i = 0; i < search->question->n_phones; i++)
        if (search->question->phones[i].incident_id == id)
            return search->question->phones[i].hash;
    return 0;
}

/* What is known of it in words; a name that is but its number says nothing. */
static char *dup_told(const char *story, const GeoRow *row, const char *place)
{
    bool named = row->name && g_strcmp0(row->name, row->code) != 0;
    return g_strjoin(" ", story ? story : "", named ? row->name : "", place ? place : "", NULL);
}

static void compare(Search *search, const GeoBatch *batch, const GeoIncident *incident)
{
    const GeoAlikeQuestion *question = search->question;
    GeoAlikeHit hit = {.id = incident->row.id, .at_ms = incident->at_ms, .state = incident->state};
    if (hit.id == question->not_id || incident->state == GEO_INCIDENT_VOID ||
        incident->state == GEO_INCIDENT_DUPLICATE ||
        !g_hash_table_add(search->known, g_memdup2(&hit.id, sizeof hit.id)))
        return;
    uint32_t words[GEO_ALIKE_MAX_WORDS];
    g_autofree char *told = dup_told(NULL, &incident->row, incident->place);
    GeoAlikeReport other = {.at_ms = incident->at_ms,
                            .open = !geo_cycle_done(incident->state),
                            .category = incident->category,
                            .words = words,
                            .phone = phone_of(search, hit.id)};
    other.n_words = geo_alike_words_of(told, words, GEO_ALIKE_MAX_WORDS);
    hit.placed = other.placed = geo_batch_first(batch, &incident->row, &hit.at);
    if (hit.placed)
        other.at = geo_frame_xy(search->frame, hit.at);
    hit.road_m = NAN;
    hit.score = geo_alike_score(&search->report, &other, -1);
    if (!hit.score.within && hit.score.share[GEO_ALIKE_PHONE] != 1)
        return;
    search->alikes->compared++;
    hit.code = keep_text(search, incident->row.code);
    hit.name = keep_text(search, incident->row.name);
    hit.category = keep_text(search, incident->category);
    hit.place = keep_text(search, incident->place);
    hit.area = keep_text(search, incident->area);
    g_array_append_val(search->alikes->hits, hit);
}

static bool look(Search *search, const GeoQuery *query, GError **error)
{
    g_autoptr(GeoBatch) batch = geo_store_load(search->store, GEO_KIND_INCIDENT, query, error);
    for (guint i = 0; batch && i < batch->rows->len; i++)
        compare(search, batch, &g_array_index(batch->rows, GeoIncident, i));
    return batch != NULL;
}

/* What came about then, and what is open. */
static bool look_about(Search *search, GError **error)
{
    const GeoAlikeQuestion *question = search->question;
    bool wide = !search->report.category || !*search->report.category ||
                geo_alike_kind(search->report.category)->window_ms > USUAL_MS;
    int64_t window_ms = wide ? WIDEST_MS : USUAL_MS;
    GeoQuery query = {.from_ms = question->at_ms - window_ms,
                      .to_ms = question->at_ms + window_ms + 1};
    if (!look(search, &query, error))
        return false;
    query.open = true;
    query.from_ms = question->at_ms - OPEN_MS;
    return look(search, &query, error);
}

static int by_score(const void *a, const void *b)
{
    const GeoAlikeHit *p = a, *q = b;
    if (p->score.score != q->score.score)
        return p->score.score > q->score.score ? -1 : 1;
    if (p->at_ms != q->at_ms)
        return p->at_ms > q->at_ms ? -1 : 1;
    return (p->id > q->id) - (p->id < q->id);
}

/* ---- the best once more, with what was told and by road ---- */

static GeoAlikeReport report_of(Search *search, const GeoAlikeHit *hit, uint32_t *words,
                                const char *told)
{
    GeoAlikeReport other = {.at_ms = hit->at_ms,
                            .open = !geo_cycle_done(hit->state),
                            .category = hit->category,
                            .placed = hit->placed,
                            .words = words,
                            .phone = phone_of(search, hit->id)};
    if (hit->placed)
        other.at = geo_frame_xy(search->frame, hit->at);
    other.n_words = geo_alike_words_of(told, words, GEO_ALIKE_MAX_WORDS);
    return other;
}

static double road_between(const GeoNetwork *network, GeoXY a, GeoXY b)
{
    GeoSnap from = geo_network_snap(network, a, GEO_PROFILE_FOOT, SNAP_M);
    GeoSnap to = geo_network_snap(network, b, GEO_PROFILE_FOOT, SNAP_M);
    double travel_s, distance_m;
    if (from.edge < 0 || to.edge < 0 ||
        !geo_roads_route(network->roads, GEO_PROFILE_FOOT, &from, &to, &travel_s, &distance_m,
                         NULL))
        return -1;
    return distance_m;
}

static bool look_closer(Search *search, GError **error)
{
    const GeoAlikeQuestion *question = search->question;
    GArray *hits = search->alikes->hits;
    GeoAct act = geo_act_local(NULL, question->at_ms);
    for (guint i = 0; i < MIN(hits->len, MAX_STORIES); i++) {
        GeoAlikeHit *hit = &g_array_index(hits, GeoAlikeHit, i);
        GError *problem = NULL;
        g_autoptr(GeoReport) story =
            geo_store_read_report(search->store, &act, hit->id, false, &problem);
        if (problem) {
            g_propagate_error(error, problem);
            return false;
        }
        GeoRow row = {.code = hit->code, .name = hit->name};
        g_autofree char *told = dup_told(story ? story->words : NULL, &row, hit->place);
        uint32_t words[GEO_ALIKE_MAX_WORDS];
        GeoAlikeReport other = report_of(search, hit, words, told);
        double road_m = -1;
        if (question->network && other.placed && question->placed && i < MAX_ROADS)
            road_m = road_between(question->network, search->report.at, other.at);
        hit->road_m = road_m < 0 ? NAN : road_m;
        hit->score = geo_alike_score(&search->report, &other, road_m);
    }
    return true;
}

static void cut(GArray *hits, double least, size_t max)
{
    guint n = 0;
    while (n < hits->len && n < max && g_array_index(hits, GeoAlikeHit, n).score.score >= least)
        n++;
    g_array_set_size(hits, n);
}

GeoAlikes *geo_alike_find(GeoStore *store, GeoFrame *frame, const GeoAlikeQuestion *question,
                          GError **error)
{
    gint64 begun_us = g_get_monotonic_time();
    uint32_t words[GEO_ALIKE_MAX_WORDS];
    g_autoptr(GeoAlikes) alikes = g_new0(GeoAlikes, 1);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    alikes->hits = g_array_new(FALSE, FALSE, sizeof(GeoAlikeHit));
    alikes->text = g_string_chunk_new(1024);
    Search search = {
        .store = store, .frame = frame, .question = question, .alikes = alikes, .known = known};
    search.report = (GeoAlikeReport){.placed = question->placed,
                                     .at_ms = question->at_ms,
                                     .category = question->category,
                                     .words = words,
                                     .phone = question->phone};
    search.report.n_words = geo_alike_words_of(question->words, words, GEO_ALIKE_MAX_WORDS);
    if (question->placed)
        search.report.at = geo_frame_xy(frame, question->at);
    if (!look_about(&search, error))
        return NULL;
    g_array_sort(alikes->hits, by_score);
    if (!look_closer(&search, error))
        return NULL;
    g_array_sort(alikes->hits, by_score);
    cut(alikes->hits, question->least > 0 ? question->least : GEO_ALIKE_LEAST,
        question->max > 0 ? question->max : DEFAULT_MAX);
    alikes->work_ms = (double)(g_get_monotonic_time() - begun_us) / 1000;
    return g_steal_pointer(&alikes);
}

void geo_alikes_free(GeoAlikes *alikes)
{
    if (!alikes)
        return;
    g_array_unref(alikes->hits);
    g_string_chunk_free(alikes->text);
    g_free(alikes);
}

char *geo_alike_dup_reason(const GeoAlikeHit *hit)
{
    const GeoAlikeScore *score = &hit->score;
    GString *text = g_string_new(NULL);
    double type = score->share[GEO_ALIKE_TYPE], words = score->share[GEO_ALIKE_WORDS];
    if (isnan(score->distance_m))
        g_string_append(text, "one has no place");
    else if (isnan(hit->road_m))
        g_string_append_printf(text, "%.0f m apart", score->distance_m);
    else
        g_string_append_printf(text, "%.0f m apart, %.0f by road", score->distance_m, hit->road_m);
    g_string_append_printf(text, ", %.0f min between", score->apart_ms / 60000);
    g_string_append_printf(text, ", %s",
                           isnan(type)  ? "type not said"
                           : type == 1  ? "the same type"
                           : type > 0.5 ? "a like type"
                           : type > 0   ? "a type of the same family"
                                        : "another type");
    if (!isnan(words))
        g_string_append_printf(text, ", %.0f %% of words shared", 100 * words);
    if (score->share[GEO_ALIKE_PHONE] == 1)
        g_string_append(text, ", the same phone");
    return g_string_free(text, FALSE);
}
