/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units are looked up by road, and only the nearest of each incident: more are fetched for those
 * incidents for which geo/calc/doubt.h cannot rule out that a farther unit would better the answer,
 * and it is solved again, until it is the best of all units that there are. Where more wait than
 * can go, nearly every unit is in question for every incident: then all are fetched at once. */
#include "geo/work/allot.h"

#include <math.h>
#include <string.h>

#include "geo/calc/doubt.h"
#include "geo/model/error.h"
#include "geo/work/recommend-parts.h"

#define MOST_PLACES 1000
#define FIRST_FETCH 24
#define WIDEN 3

typedef struct {
    GeoRecommendation *base; /* owned */
    GeoRecommendWanted wanted;
    GArray *candidates; /* GeoRecommendCandidate; owned; NULL: not fetched */
    double seen_s;      /* all that come within are among them */
    size_t fetched;
} Waiting;

typedef struct {
    GeoRecommend *recommend;
    GeoAllotment *allotment;
    GArray *waiting; /* Waiting, by case */
    double *people;  /* by unit: covered by it alone */
    uint32_t *loss;
    uint32_t *lead; /* of each unit: the first member of its crew, which is the crew's column */
    size_t n_units;
    GArray *rows, *edges; /* of the last round */
    GArray *of;           /* uint32_t: candidate of an edge in its case */
    int32_t *column_of;
    uint32_t longest_ms[GEO_ASSIGN_PRIORITIES];
} Round;

static void clear_waiting(gpointer data)
{
    Waiting *one = data;
    geo_recommendation_free(one->base);
    if (one->candidates)
        g_array_unref(one->candidates);
}

static GeoAllotCase *case_of(const GeoAllotment *allotment, guint i)
{
    return &g_array_index(allotment->cases, GeoAllotCase, i);
}

static Waiting *waiting_of(const Round *round, guint i)
{
    return &g_array_index(round->waiting, Waiting, i);
}

/* ---- what waits ---- */

static int by_urgency(gconstpointer a, gconstpointer b)
{
    const GeoCase *p = *(GeoCase *const *)a, *q = *(GeoCase *const *)b;
    if (p->priority != q->priority)
        return p->priority < q->priority ? -1 : 1;
    if (p->created_ms != q->created_ms)
        return p->created_ms < q->created_ms ? -1 : 1;
    return (p->id > q->id) - (p->id < q->id);
}

static bool on_road(const GeoRecommendation *base)
{
    bool on = false;
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        on |= base->place[profile].edge >= 0;
    return on;
}

static void add_places(Round *round, GeoAllotCase *one, const GeoRecommendWanted *wanted)
{
    GArray *places = round->allotment->places;
    one->first = places->len;
    for (uint32_t need = 0; need < wanted->n_needs; need++)
        for (int i = 0; i < wanted->number[need]; i++) {
            GeoAllotPlace place = {.incident_id = one->incident_id,
                                   .priority = one->priority,
                                   .need = need,
                                   .soonest = UINT32_MAX,
                                   .soonest_s = NAN};
            g_array_append_val(places, place);
        }
    one->n = places->len - one->first;
}

static void add_case(Round *round, const GeoCase *of)
{
    GeoAllotment *allotment = round->allotment;
    bool placed = of->at.lon != 0 || of->at.lat != 0;
    GeoRecommendAsk ask = {.incident_id = of->id,
                           .place = of->at,
                           .category = of->category,
                           .item = of->item,
                           .priority = of->priority};
    Waiting waiting = {.base = geo_recommend_begin(round->recommend, &ask)};
    waiting.wanted = geo_recommend_wanted(round->recommend, waiting.base);
    GeoAllotCase one = {.incident_id = of->id,
                        .version = of->version,
                        .priority = waiting.base->ask.priority,
                        .code = of->code,
                        .category = of->category,
                        .plan = waiting.base->plan,
                        .placed = placed && on_road(waiting.base)};
    if (one.placed && allotment->places->len + (guint)waiting.wanted.all > MOST_PLACES) {
        allotment->left_over++;
        clear_waiting(&waiting);
        return;
    }
    if (one.placed)
        add_places(round, &one, &waiting.wanted);
    allotment->unplaced += !one.placed;
    g_array_append_val(allotment->cases, one);
    g_array_append_val(round->waiting, waiting);
}

static void add_cases(Round *round)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (guint i = 0; i < round->recommend->cases->len; i++) {
        GeoCase *one = g_ptr_array_index(round->recommend->cases, i);
        if (geo_cycle_waits((GeoIncidentState)one->state) && geo_case_n_units(one) == 0)
            g_ptr_array_add(list, one);
    }
    g_ptr_array_sort(list, by_urgency);
    for (guint i = 0; i < list->len; i++)
        add_case(round, g_ptr_array_index(list, i));
}

/* ---- who could go ---- */

static void lead_crews(Round *round)
{
    const GeoRecommend *recommend = round->recommend;
    round->lead = g_new(uint32_t, round->n_units + 1);
    g_autofree uint32_t *first = g_new(uint32_t, recommend->n_crews + 1);
    memset(first, 0xff, (recommend->n_crews + 1) * sizeof *first);
    for (uint32_t i = 0; i < round->n_units; i++) {
        uint32_t crew = recommend->units[i].crew;
        if (crew != GEO_RECOMMEND_NO_CREW && first[crew] == UINT32_MAX)
            first[crew] = i;
        round->lead[i] = crew != GEO_RECOMMEND_NO_CREW ? first[crew] : i;
    }
}

static void know_losses(Round *round, double within_s)
{
    round->people = geo_recommend_alone(round->recommend, within_s);
    round->loss = g_new(uint32_t, round->n_units + 1);
    for (size_t i = 0; i < round->n_units; i++)
        round->loss[i] = (uint32_t)fmin(round->people[i], GEO_ASSIGN_MAX_LOSS);
}

static void fetch(Round *round, Waiting *one, size_t k)
{
    if (one->candidates)
        g_array_unref(one->candidates);
    one->candidates = geo_recommend_fetch(round->recommend, one->base, k, &one->seen_s);
    one->fetched = k;
}

/* ---- the question ---- */

static uint32_t in_ms(double seconds)
{
    return (uint32_t)lround(fmin(seconds, 4e6) * 1000);
}

static void add_edges(Round *round, const Waiting *one, GeoAllotPlace *place)
{
    GeoAssignRow row = {.first = round->edges->len, .priority = (int)place->priority};
    place->fits = 0;
    for (guint i = 0; i < one->candidates->len; i++) {
        const GeoRecommendCandidate *candidate =
            &g_array_index(one->candidates, GeoRecommendCandidate, i);
        if (!(candidate->may >> place->need & 1))
            continue;
        GeoAssignEdge edge = {round->lead[candidate->unit], in_ms(candidate->expected_s)};
        if (place->fits++ == 0) {
            place->soonest = candidate->unit;
            place->soonest_s = candidate->expected_s;
        }
        g_array_append_val(round->edges, edge);
        g_array_append_val(round->of, i);
    }
    row.n = round->edges->len - row.first;
    g_array_append_val(round->rows, row);
}

static bool solve(Round *round, GeoProgress *progress)
{
    GeoAllotment *allotment = round->allotment;
    g_array_set_size(round->rows, 0);
    g_array_set_size(round->edges, 0);
    g_array_set_size(round->of, 0);
    for (guint c = 0; c < allotment->cases->len; c++)
        for (guint i = 0; i < case_of(allotment, c)->n; i++)
            add_edges(
                round, waiting_of(round, c),
                &g_array_index(allotment->places, GeoAllotPlace, case_of(allotment, c)->first + i));
    g_free(round->column_of);
    round->column_of = g_new(int32_t, round->rows->len + 1);
    return geo_assign_wishes(
        (const GeoAssignRow *)(const void *)round->rows->data, round->rows->len,
        (const GeoAssignEdge *)(const void *)round->edges->data, round->n_units, round->loss,
        round->column_of, round->longest_ms, progress);
}

/* Cases with a row in doubt; wider has room for all cases. Returns how many. */
static size_t find_doubt(Round *round, uint8_t *wider)
{
    const GeoAllotment *allotment = round->allotment;
    guint n_rows = round->rows->len;
    g_autofree uint32_t *seen_ms = g_new(uint32_t, n_rows + 1);
    g_autofree uint8_t *doubt = g_new0(uint8_t, n_rows + 1);
    for (guint c = 0; c < allotment->cases->len; c++) {
        const GeoAllotCase *one = case_of(allotment, c);
        double seen_s = waiting_of(round, c)->seen_s;
        /* Times are rounded, so the last millisecond is not known for certain. */
        for (guint i = 0; i < one->n; i++)
            seen_ms[one->first + i] =
                isinf(seen_s) ? UINT32_MAX : in_ms(seen_s) - (in_ms(seen_s) > 0);
    }
    geo_doubt_rows((const GeoAssignRow *)(const void *)round->rows->data, n_rows,
                   (const GeoAssignEdge *)(const void *)round->edges->data, round->n_units,
                   round->loss, round->column_of, round->longest_ms, seen_ms, doubt);
    size_t n = 0;
    for (guint c = 0; c < allotment->cases->len; c++) {
        const GeoAllotCase *one = case_of(allotment, c);
        wider[c] = 0;
        for (guint i = 0; i < one->n; i++)
            wider[c] |= doubt[one->first + i];
        n += wider[c];
    }
    return n;
}

/* One more than there are, where all are asked: an answer cut at the last would be in doubt. */
static size_t first_fetch(const Round *round)
{
    size_t n_free = 0;
    for (size_t i = 0; i < round->n_units; i++)
        n_free += geo_fleet_unit(round->recommend->fleet, i)->left == GEO_LEFT_NOT;
    return round->allotment->places->len > n_free ? n_free + 1 : FIRST_FETCH;
}

static bool fetch_wider(Round *round, const uint8_t *wider, GeoProgress *progress, GError **error)
{
    guint n_cases = round->allotment->cases->len;
    size_t first = first_fetch(round);
    for (guint c = 0; c < n_cases; c++) {
        Waiting *one = waiting_of(round, c);
        if (wider[c] && case_of(round->allotment, c)->n > 0)
            fetch(round, one, one->fetched > 0 ? one->fetched * WIDEN : first);
        if (!geo_progress_step(progress, (double)c / n_cases, error))
            return false;
    }
    return true;
}

/* Fetches, solves, and fetches more where somebody not yet known might do better. */
static bool settle(Round *round, GeoProgress *progress, GError **error)
{
    GeoAllotment *allotment = round->allotment;
    guint n_cases = allotment->cases->len;
    g_autofree uint8_t *wider = g_new(uint8_t, n_cases + 1);
    memset(wider, 1, n_cases + 1);
    for (size_t n = 1; n > 0; allotment->rounds++) {
        gint64 begun_us = g_get_monotonic_time();
        if (!fetch_wider(round, wider, progress, error))
            return false;
        gint64 fetched_us = g_get_monotonic_time();
        allotment->fetch_ms += (double)(fetched_us - begun_us) / 1000;
        if (!solve(round, progress)) {
            geo_progress_step(progress, 1, error);
            return false;
        }
        n = find_doubt(round, wider);
        allotment->solve_ms += (double)(g_get_monotonic_time() - fetched_us) / 1000;
    }
    return true;
}

/* ---- the answer ---- */

static void serve(Round *round, const Waiting *one, guint row, GeoAllotPlace *place)
{
    const GeoAssignRow *of = &g_array_index(round->rows, GeoAssignRow, row);
    for (uint32_t e = of->first; e < of->first + of->n; e++) {
        if ((int32_t)g_array_index(round->edges, GeoAssignEdge, e).column != round->column_of[row])
            continue;
        const GeoRecommendCandidate *candidate = &g_array_index(
            one->candidates, GeoRecommendCandidate, g_array_index(round->of, uint32_t, e));
        place->served = true;
        place->unit = candidate->unit;
        place->travel_s = candidate->travel_s;
        place->distance_m = candidate->distance_m;
        place->earliest_s = candidate->earliest_s;
        place->expected_s = candidate->expected_s;
        place->latest_s = candidate->latest_s;
        place->people = round->people[candidate->unit];
    }
}

static void tell(Round *round)
{
    GeoAllotment *allotment = round->allotment;
    g_autofree int64_t *goes_to = g_new0(int64_t, round->n_units + 1);
    for (guint c = 0; c < allotment->cases->len; c++)
        for (guint i = 0; i < case_of(allotment, c)->n; i++) {
            guint row = case_of(allotment, c)->first + i;
            GeoAllotPlace *place = &g_array_index(allotment->places, GeoAllotPlace, row);
            if (round->column_of[row] == GEO_ASSIGN_NOBODY)
                continue;
            serve(round, waiting_of(round, c), row, place);
            goes_to[round->column_of[row]] = place->incident_id;
            allotment->served++;
            allotment->people += place->people;
        }
    for (guint row = 0; row < allotment->places->len; row++) {
        GeoAllotPlace *place = &g_array_index(allotment->places, GeoAllotPlace, row);
        if (place->soonest != UINT32_MAX)
            place->goes_to = goes_to[round->lead[place->soonest]];
    }
    for (int i = 0; i < GEO_ASSIGN_PRIORITIES; i++)
        allotment->longest_s[i] = round->longest_ms[i] / 1000.0;
}

GeoAllotment *geo_allot(GeoRecommend *recommend, const GeoAllotAsk *ask, GeoProgress *progress,
                        GError **error)
{
    Round round = {.recommend = recommend,
                   .allotment = g_new0(GeoAllotment, 1),
                   .waiting = g_array_new(FALSE, FALSE, sizeof(Waiting)),
                   .n_units = geo_fleet_n(recommend->fleet),
                   .rows = g_array_new(FALSE, FALSE, sizeof(GeoAssignRow)),
                   .edges = g_array_new(FALSE, FALSE, sizeof(GeoAssignEdge)),
                   .of = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    GeoAllotment *allotment = round.allotment;
    geo_progress_begin(progress, "waiting incidents");
    allotment->cases = g_array_new(FALSE, TRUE, sizeof(GeoAllotCase));
    allotment->places = g_array_new(FALSE, TRUE, sizeof(GeoAllotPlace));
    g_array_set_clear_func(round.waiting, clear_waiting);
    lead_crews(&round);
    know_losses(&round, ask->within_s > 0 ? ask->within_s : 180);
    add_cases(&round);
    bool ok = settle(&round, progress, error);
    if (ok)
        tell(&round);
    else
        g_clear_pointer(&allotment, geo_allotment_free);
    g_array_unref(round.waiting);
    g_array_unref(round.rows);
    g_array_unref(round.edges);
    g_array_unref(round.of);
    g_free(round.people);
    g_free(round.loss);
    g_free(round.lead);
    g_free(round.column_of);
    return allotment;
}

void geo_allotment_free(GeoAllotment *allotment)
{
    if (!allotment)
        return;
    g_array_unref(allotment->cases);
    g_array_unref(allotment->places);
    g_free(allotment);
}

/* ---- doing it ---- */

/* The unit of a place and whoever rides with it. */
static void add_deeds(const GeoRecommend *recommend, const GeoAllotCase *one,
                      const GeoAllotPlace *place, GArray *deeds)
{
    const GeoRecommendUnit *lead = &recommend->units[place->unit];
    for (uint32_t i = 0; i < geo_fleet_n(recommend->fleet); i++) {
        const GeoFleetUnit *unit = geo_fleet_unit(recommend->fleet, i);
        bool rides = lead->crew != GEO_RECOMMEND_NO_CREW &&
                     recommend->units[i].crew == lead->crew && unit->left == GEO_LEFT_NOT;
        if (i != place->unit && !rides)
            continue;
        GeoDeed deed = {.what = GEO_DEED_DISPATCH,
                        .incident_id = one->incident_id,
                        .version = deeds->len == 0 ? one->version : 0,
                        .detail = {.unit_id = unit->id},
                        .on_duty = true};
        g_array_append_val(deeds, deed);
    }
}

static void clear_done(gpointer data)
{
    g_free(((GeoAllotDone *)data)->refused);
}

GArray *geo_allot_do(const GeoRecommend *recommend, const GeoAllotment *allotment, GeoStore *store,
                     const GeoAct *act)
{
    GArray *list = g_array_new(FALSE, TRUE, sizeof(GeoAllotDone));
    g_array_set_clear_func(list, clear_done);
    GeoAct each = *act;
    each.command_id = NULL; /* many acts: one id would make all but the first a retry */
    for (guint c = 0; c < allotment->cases->len; c++) {
        const GeoAllotCase *one = case_of(allotment, c);
        g_autoptr(GArray) deeds = g_array_new(FALSE, TRUE, sizeof(GeoDeed));
        for (guint i = 0; i < one->n; i++) {
            const GeoAllotPlace *place =
                &g_array_index(allotment->places, GeoAllotPlace, one->first + i);
            if (place->served)
                add_deeds(recommend, one, place, deeds);
        }
        if (deeds->len == 0)
            continue;
        g_autoptr(GError) refused = NULL;
        bool ok = geo_store_do(store, &each, (const GeoDeed *)(const void *)deeds->data, deeds->len,
                               NULL, &refused);
        GeoAllotDone done = {.incident_id = one->incident_id,
                             .sent = ok ? deeds->len : 0,
                             .refused = ok ? NULL : g_strdup(refused->message)};
        g_array_append_val(list, done);
    }
    return list;
}

void geo_allot_done_free(GArray *done)
{
    if (done)
        g_array_unref(done);
}
