/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/recommend.h"

#include <math.h>
#include <string.h>

#include "geo/model/callsign.h"
#include "geo/model/error.h"
#include "geo/work/caseload.h"
#include "geo/work/plans.h"
#include "geo/work/recommend-parts.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define PAST_MS (30 * DAY_MS) /* how long incidents took is learnt from those */
#define FEWEST 10             /* past ones that say more than the plan */

static int by_job(const void *a, const void *b)
{
    const GeoRecommendJob *p = a, *q = b;
    return (p->unit_id > q->unit_id) - (p->unit_id < q->unit_id);
}

static bool load_jobs(GeoRecommend *recommend, GeoStore *store, GError **error)
{
    GeoCaseQuery query = {.open = true};
    GPtrArray *cases = geo_store_cases(store, &query, error);
    if (!cases)
        return false;
    g_clear_pointer(&recommend->cases, g_ptr_array_unref);
    recommend->cases = cases;
    g_ptr_array_set_size(recommend->lent, 0);
    g_array_set_size(recommend->jobs, 0);
    for (guint i = 0; i < cases->len; i++) {
        const GeoCase *one = g_ptr_array_index(cases, i);
        for (guint k = 0; k < one->units->len; k++) {
            const GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, k);
            GeoRecommendJob job = {.unit_id = unit->unit_id,
                                   .incident_id = one->id,
                                   .priority = one->priority,
                                   .sent_ms = geo_case_time(unit->times[0]),
                                   .stage = unit->stage,
                                   .of = one};
            if (unit->open)
                g_array_append_val(recommend->jobs, job);
        }
    }
    g_array_sort(recommend->jobs, by_job);
    return true;
}

const GeoRecommendJob *geo_recommend_job(const GeoRecommend *recommend, int64_t unit_id)
{
    GeoRecommendJob key = {.unit_id = unit_id};
    const GArray *jobs = recommend->jobs;
    return jobs->len ? bsearch(&key, jobs->data, jobs->len, sizeof key, by_job) : NULL;
}

int64_t geo_recommend_on(const GeoRecommend *recommend, uint32_t unit)
{
    const GeoRecommendJob *job =
        geo_recommend_job(recommend, geo_fleet_unit(recommend->fleet, unit)->id);
    return job ? job->incident_id : 0;
}

/* ---- how long incidents took ---- */

static int by_seconds(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

/* From arrival until the unit was free again. */
static void learn_case(GeoRecommend *recommend, const GeoCase *one)
{
    for (guint k = 0; k < one->units->len && one->category; k++) {
        const GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, k);
        int64_t there_ms =
            geo_case_time(unit->times[GEO_INCIDENT_ON_SCENE - GEO_INCIDENT_DISPATCHED]);
        int64_t free_ms =
            geo_case_time(unit->times[GEO_INCIDENT_CLEARED - GEO_INCIDENT_DISPATCHED]);
        if (there_ms == 0 || free_ms <= there_ms)
            continue;
        GArray *seconds = g_hash_table_lookup(recommend->handling, one->category);
        if (!seconds) {
            seconds = g_array_new(FALSE, FALSE, sizeof(double));
            g_hash_table_insert(recommend->handling, g_strdup(one->category), seconds);
        }
        double took_s = (double)(free_ms - there_ms) / 1000;
        g_array_append_val(seconds, took_s);
    }
}

static bool learn(GeoRecommend *recommend, GeoStore *store, GError **error)
{
    int64_t at_ms = geo_fleet_at_ms(recommend->fleet);
    g_hash_table_remove_all(recommend->handling);
    if (at_ms == 0)
        return true;
    GeoCaseQuery query = {.from_ms = at_ms - PAST_MS, .to_ms = at_ms};
    g_autoptr(GPtrArray) cases = geo_store_cases(store, &query, error);
    if (!cases)
        return false;
    for (guint i = 0; i < cases->len; i++)
        learn_case(recommend, g_ptr_array_index(cases, i));
    GHashTableIter iter;
    gpointer seconds;
    g_hash_table_iter_init(&iter, recommend->handling);
    while (g_hash_table_iter_next(&iter, NULL, &seconds))
        g_array_sort(seconds, by_seconds);
    return true;
}

/* ---- units ---- */

static void know_units(GeoRecommend *recommend)
{
    recommend->forces = recommend->skills = false;
    recommend->heard = geo_fleet_heard(recommend->fleet);
    for (size_t i = 0; i < geo_fleet_n(recommend->fleet); i++) {
        const GeoUnit *row = geo_fleet_unit(recommend->fleet, i)->row;
        GeoPlaceAreas home = geo_routing_area(recommend->routing, row->area);
        recommend->units[i].force = geo_planbook_force(recommend->book, row);
        recommend->units[i].skills = geo_planbook_skills(recommend->book, row);
        recommend->units[i].township = home.area[GEO_LEVEL_STREET];
        recommend->forces |= recommend->units[i].force != GEO_FORCE_UNKNOWN;
        recommend->skills |= recommend->units[i].skills != 0;
    }
}

bool geo_recommend_renew(GeoRecommend *recommend, GeoStore *store, GError **error)
{
    GeoPlanbook *book = geo_plans_load(store, error);
    if (!book)
        return false;
    geo_planbook_free(recommend->book);
    recommend->book = book;
    know_units(recommend);
    return geo_recommend_load_crews(recommend, store, error) &&
           load_jobs(recommend, store, error) && learn(recommend, store, error);
}

GeoRecommend *geo_recommend_new(GeoStore *store, GeoFleet *fleet, const GeoNetwork *network,
                                GeoFrame *frame, GeoProgress *progress, GError **error)
{
    g_autoptr(GeoRecommend) recommend = g_new0(GeoRecommend, 1);
    geo_progress_begin(progress, "plans and areas");
    recommend->fleet = fleet;
    recommend->network = network;
    recommend->frame = frame;
    recommend->units = g_new0(GeoRecommendUnit, geo_fleet_n(fleet) + 1);
    recommend->lent = g_ptr_array_new_with_free_func((GDestroyNotify)geo_case_free);
    recommend->jobs = g_array_new(FALSE, FALSE, sizeof(GeoRecommendJob));
    recommend->handling =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    recommend->routing = geo_routing_load(store, error);
    if (!recommend->routing || !geo_progress_step(progress, 0.3, error) ||
        !geo_recommend_load_areas(recommend, store, error) ||
        !geo_progress_step(progress, 0.6, error) || !geo_recommend_renew(recommend, store, error))
        return NULL;
    return g_steal_pointer(&recommend);
}

void geo_recommend_free(GeoRecommend *recommend)
{
    if (!recommend)
        return;
    geo_planbook_free(recommend->book);
    geo_routing_free(recommend->routing);
    geo_areas_free(recommend->areas);
    g_free(recommend->middles);
    g_free(recommend->units);
    g_free(recommend->crew0);
    g_free(recommend->members);
    g_clear_pointer(&recommend->cases, g_ptr_array_unref);
    g_ptr_array_unref(recommend->lent);
    g_array_unref(recommend->jobs);
    g_hash_table_unref(recommend->handling);
    g_free(recommend);
}

const GeoPlanbook *geo_recommend_book(const GeoRecommend *recommend)
{
    return recommend->book;
}

/* ---- the question ---- */

/* Past ones of the same category when there are enough, else the plan's. */
static void expect_handling(const GeoRecommend *recommend, GeoRecommendation *answer)
{
    const char *category = answer->ask.category;
    const GArray *past = category ? g_hash_table_lookup(recommend->handling, category) : NULL;
    answer->handling_s = answer->plan->handling_min * 60;
    if (!past || past->len < FEWEST)
        return;
    answer->handling_n = past->len;
    answer->handling_s = (g_array_index(past, double, past->len / 2) +
                          g_array_index(past, double, (past->len - 1) / 2)) /
                         2;
}

/* What it is called says more than its service item; one of the two may say nothing. */
static const GeoPlanbookPlan *choose_plan(const GeoPlanbook *book, const GeoRecommendAsk *ask)
{
    const GeoPlanbookPlan *other = geo_planbook_for(book, NULL);
    const GeoPlanbookPlan *plan = geo_planbook_for(book, ask->category);
    return plan == other && ask->item ? geo_planbook_for(book, ask->item) : plan;
}

static void clear_row(gpointer data)
{
    GeoRecommendRow *row = data;
    g_clear_pointer(&row->crew, g_array_unref);
    g_clear_pointer(&row->apart, g_array_unref);
    geo_recommend_loss_clear(&row->loss);
}

static void clear_missing(gpointer data)
{
    g_array_unref(((GeoRecommendMissing *)data)->reserve);
}

static GArray *new_rows(void)
{
    GArray *rows = g_array_new(FALSE, TRUE, sizeof(GeoRecommendRow));
    g_array_set_clear_func(rows, clear_row);
    return rows;
}

GeoRecommendation *geo_recommend_begin(GeoRecommend *recommend, const GeoRecommendAsk *ask)
{
    GeoRecommendation *answer = g_new0(GeoRecommendation, 1);
    answer->ask = *ask;
    GeoRecommendAsk *own = &answer->ask;
    own->priority = own->priority >= 1 && own->priority <= 4 ? own->priority : 3;
    own->k = own->k > 0 ? own->k : 5;
    own->within_s = own->within_s > 0 ? own->within_s : 180;
    own->gain_s = own->gain_s > 0 ? own->gain_s : 60;
    answer->plan = choose_plan(recommend->book, ask);
    answer->township = geo_routing_place(recommend->routing, ask->place).area[GEO_LEVEL_STREET];
    expect_handling(recommend, answer);
    answer->rows = new_rows();
    answer->nearby = new_rows();
    answer->taken = new_rows();
    answer->missing = g_array_new(FALSE, TRUE, sizeof(GeoRecommendMissing));
    g_array_set_clear_func(answer->missing, clear_missing);
    answer->alternative = -1;
    answer->forces = recommend->forces;
    answer->skills = recommend->skills;
    GeoXY at = geo_frame_xy(recommend->frame, ask->place);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        answer->place[profile] =
            geo_network_snap(recommend->network, at, (GeoProfile)profile, GEO_NETWORK_PLACE_M);
    return answer;
}

void geo_recommendation_free(GeoRecommendation *answer)
{
    if (!answer)
        return;
    g_array_unref(answer->rows);
    g_array_unref(answer->nearby);
    g_array_unref(answer->taken);
    g_array_unref(answer->missing);
    geo_recommend_loss_clear(&answer->loss);
    g_free(answer);
}

/* ---- naming ---- */

bool geo_recommend_read(GeoRecommend *recommend, GeoStore *store, const char *incident,
                        GeoRecommendAsk *ask, GError **error)
{
    GeoCase *one = geo_caseload_find(store, incident, error);
    if (!one)
        return false;
    g_ptr_array_add(recommend->lent, one); /* its texts are lent */
    if (one->at.lon == 0 && one->at.lat == 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "incident '%s' has no place yet: give it one, or ask by a place", incident);
        return false;
    }
    ask->incident_id = one->id;
    ask->place = one->at;
    ask->category = one->category;
    ask->item = one->item;
    ask->priority = one->priority;
    return true;
}

static bool is_named(const GeoFleetUnit *unit, const char *word, int64_t id)
{
    return !g_strcmp0(unit->code, word) || !g_strcmp0(unit->name, word) || (id && unit->id == id);
}

/* How many units the word names wholly, and how many by the end of a code; the first of each. */
static void count_named(const GeoRecommend *recommend, const char *word, size_t n[2],
                        size_t first[2])
{
    gint64 id = 0;
    g_ascii_string_to_signed(word, 10, 1, INT64_MAX, &id, NULL);
    for (size_t i = 0; i < geo_fleet_n(recommend->fleet); i++) {
        const GeoFleetUnit *one = geo_fleet_unit(recommend->fleet, i);
        bool whole = is_named(one, word, id);
        if (!whole && !(one->code && *word && g_str_has_suffix(one->code, word)))
            continue;
        if (n[!whole]++ == 0)
            first[!whole] = i;
    }
}

bool geo_recommend_find(const GeoRecommend *recommend, const char *word, uint32_t *unit,
                        GError **error)
{
    size_t n[2] = {0}, first[2] = {0};
    g_autofree char *plain = geo_callsign_dup_plain(word);
    count_named(recommend, word, n, first);
    if (n[0] + n[1] == 0 && plain)
        count_named(recommend, plain, n, first);
    int how = n[0] > 0 ? 0 : 1; /* the whole name stands before the end of a code */
    if (n[how] == 1) {
        *unit = (uint32_t)first[how];
        return true;
    }
    if (n[how] == 0)
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                    "there is no unit '%s': give its code, name or number", word);
    else
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s' may be any of %zu units, one is %s: give the whole code", word, n[how],
                    geo_fleet_unit(recommend->fleet, first[how])->code);
    return false;
}
