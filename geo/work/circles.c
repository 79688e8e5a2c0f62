/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/circles.h"

#include <math.h>

#include "geo/model/casefile.h"
#include "geo/model/status.h"
#include "geo/store/cases.h"

#define PAST_MS (INT64_C(30) * 24 * 3600 * 1000) /* no unit is on an incident for longer */
#define FAR_S 1800.0
#define TRIED 12 /* units that could move up are tried for each hole, the soonest */

typedef GeoSnap Places[GEO_N_PROFILES];

typedef struct {
    const GeoCirclesOptions *options;
    GeoCircles *circles;
    Places *place;     /* of each area */
    double *soonest_s; /* of each area */
    uint32_t *unit;
    double *uncovered_min;
} Work;

static void place_areas(Work *work, const GeoNetwork *network)
{
    size_t n = geo_areas_n(work->circles->areas);
    work->place = g_new(Places, n + 1);
    for (size_t i = 0; i < n; i++) {
        GeoXY middle;
        for (int p = 0; p < GEO_N_PROFILES; p++)
            work->place[i][p] = (GeoSnap){.edge = -1};
        if (geo_areas_middle(work->circles->areas, i, &middle))
            geo_network_snap_each(network, middle, GEO_NETWORK_PLACE_M, work->place[i]);
    }
}

static bool is_linked(const Places place)
{
    return place[0].edge >= 0 || place[1].edge >= 0 || place[2].edge >= 0;
}

static bool look(const Work *work, GeoFleet *fleet, double most_s, double *soonest_s,
                 uint32_t *unit, GeoProgress *progress, GError **error)
{
    size_t n = geo_areas_n(work->circles->areas);
    geo_fleet_expect(fleet, 1, n);
    for (size_t i = 0; i < n; i++) {
        GeoNearHit hit;
        bool found = geo_fleet_within(fleet, work->place[i], most_s, 1, &hit) > 0;
        soonest_s[i] = found ? hit.travel_s : INFINITY;
        if (unit)
            unit[i] = found ? hit.unit : UINT32_MAX;
        if (i % 64 == 0 && !geo_progress_step(progress, (double)i / (double)n, error))
            return false;
    }
    return true;
}

/* ---- the time asked about ---- */

static bool anybody(const double *soonest_s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isfinite(soonest_s[i]))
            return true;
    return false;
}

/* A unit's part in an incident. */
typedef struct {
    int64_t unit_id, from_ms, to_ms;
} Job;

static GArray *load_jobs(GeoStore *store, const GeoCirclesOptions *options, GError **error)
{
    GeoCaseQuery query = {.from_ms = options->from_ms - PAST_MS, .to_ms = G_MAXINT64};
    g_autoptr(GPtrArray) cases = geo_store_cases(store, &query, error);
    if (!cases)
        return NULL;
    GArray *jobs = g_array_new(FALSE, FALSE, sizeof(Job));
    for (guint i = 0; i < cases->len; i++) {
        const GeoCase *one = g_ptr_array_index(cases, i);
        for (guint k = 0; k < one->units->len; k++) {
            const GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, k);
            int64_t cleared_ms = geo_case_time(unit->times[GEO_N_UNIT_STAGES - 1]);
            Job job = {unit->unit_id, geo_case_time(unit->times[0]),
                       unit->open     ? INT64_MAX
                       : unit->off_ms ? unit->off_ms
                                      : cleared_ms};
            if (job.to_ms > options->from_ms)
                g_array_append_val(jobs, job);
        }
    }
    return jobs;
}

/* The register says who is on an incident now; who was then is in the log. Of a unit that the log
 * does not know the register has to do. */
static void set_back(GeoFleet *fleet, const GArray *jobs, int64_t at_ms)
{
    g_autoptr(GHashTable) busy = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GHashTable) known = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < jobs->len; i++) {
        Job *job = &g_array_index(jobs, Job, i);
        g_hash_table_add(known, &job->unit_id);
        if (job->from_ms <= at_ms && at_ms < job->to_ms)
            g_hash_table_add(busy, &job->unit_id);
    }
    for (size_t i = 0; i < geo_fleet_n(fleet); i++) {
        const GeoFleetUnit *unit = geo_fleet_unit(fleet, i);
        bool was = g_hash_table_contains(busy, &unit->id);
        bool is = (unit->status >= GEO_STATUS_DISPATCHED && unit->status <= GEO_STATUS_HANDLING) ||
                  unit->status == GEO_STATUS_CLEARED;
        if (was && geo_status_flags((GeoUnitStatus)unit->status).available)
            geo_fleet_set_status(fleet, unit->id, GEO_STATUS_DISPATCHED);
        else if (is && !was && g_hash_table_contains(known, &unit->id))
            geo_fleet_set_status(fleet, unit->id, GEO_STATUS_AVAILABLE);
    }
}

static bool look_back(Work *work, GeoStore *store, GeoFrame *frame, const GeoNetwork *network,
                      GeoProgress *progress, GError **error)
{
    const GeoCirclesOptions *options = work->options;
    size_t n = geo_areas_n(work->circles->areas);
    double limit_s = options->within_s[options->judged];
    g_autofree double *then_s = g_new(double, n + 1);
    g_autoptr(GArray) jobs = load_jobs(store, options, error);
    for (int64_t at_ms = options->from_ms; jobs && at_ms < options->to_ms;
         at_ms += options->every_ms) {
        GeoFleetOptions when = {.at_ms = at_ms};
        g_autoptr(GeoFleet) fleet = geo_fleet_load(store, frame, network, &when, progress, error);
        if (fleet)
            set_back(fleet, jobs, at_ms);
        if (!fleet || !look(work, fleet, limit_s, then_s, NULL, progress, error))
            return false;
        if (!anybody(then_s, n)) { /* no position is known of then: that is not absence */
            work->circles->unknown_looks++;
            continue;
        }
        double minutes = (double)MIN(options->every_ms, options->to_ms - at_ms) / 60000;
        for (size_t i = 0; i < n; i++)
            work->uncovered_min[i] += then_s[i] <= limit_s ? 0 : minutes;
        work->circles->looks++;
    }
    return jobs != NULL;
}

/* ---- moving up ---- */

static bool is_taken(const GeoCircles *circles, uint32_t unit)
{
    for (guint i = 0; i < circles->moves->len; i++)
        if (g_array_index(circles->moves, GeoCirclesMove, i).unit == unit)
            return true;
    return false;
}

/* With those who move already: it opens no area that is none yet. */
static bool opens_none(const GeoCircles *circles, const GeoLeaves *leaves, uint32_t unit)
{
    g_autoptr(GArray) away = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autofree GeoLeave *left = g_new(GeoLeave, leaves->n + 1);
    for (guint i = 0; i < circles->moves->len; i++)
        g_array_append_val(away, g_array_index(circles->moves, GeoCirclesMove, i).unit);
    g_array_append_val(away, unit);
    return geo_leaves_of(leaves, (const uint32_t *)(void *)away->data, away->len, left) == 0;
}

static void suggest(Work *work, GeoFleet *fleet)
{
    GeoCircles *circles = work->circles;
    double limit_s = work->options->within_s[work->options->judged];
    size_t depth = work->options->moves + 1;
    GeoLeaves *leaves = NULL;
    for (guint i = 0; i < circles->all->len && circles->moves->len < work->options->moves; i++) {
        const GeoCirclesArea *hole = &g_array_index(circles->all, GeoCirclesArea, i);
        GeoNearHit hits[TRIED];
        if (!hole->linked)
            continue;
        if (hole->soonest_s <= limit_s)
            break;
        if (!leaves)
            leaves = geo_fleet_leaves(fleet, (const GeoSnap(*)[GEO_N_PROFILES])work->place,
                                      geo_areas_n(circles->areas), limit_s, depth);
        size_t n = geo_fleet_within(fleet, work->place[hole->area], FAR_S, TRIED, hits);
        for (size_t k = 0; k < n; k++) {
            if (is_taken(circles, hits[k].unit) || !opens_none(circles, leaves, hits[k].unit))
                continue;
            GeoCirclesMove move = {hole->area, hits[k].unit, hits[k].travel_s};
            g_array_append_val(circles->moves, move);
            break;
        }
    }
    geo_leaves_free(leaves);
}

/* ---- all of it ---- */

static int worst_first(const void *a, const void *b, void *areas)
{
    const GeoCirclesArea *p = a, *q = b;
    if (p->linked != q->linked)
        return p->linked ? -1 : 1;
    if (p->soonest_s != q->soonest_s)
        return p->soonest_s > q->soonest_s ? -1 : 1;
    int64_t m = geo_areas_row(areas, p->area)->population;
    int64_t n = geo_areas_row(areas, q->area)->population;
    return m != n ? (m > n ? -1 : 1) : (p->area > q->area) - (p->area < q->area);
}

static void sum_up(Work *work)
{
    GeoCircles *circles = work->circles;
    const GeoCirclesOptions *options = work->options;
    for (uint32_t i = 0; i < geo_areas_n(circles->areas); i++) {
        GeoCirclesArea area = {i, is_linked(work->place[i]), work->soonest_s[i], work->unit[i],
                               options->to_ms ? work->uncovered_min[i] : NAN};
        int64_t people = geo_areas_row(circles->areas, i)->population;
        g_array_append_val(circles->all, area);
        circles->linked += area.linked;
        circles->all_people += people;
        for (size_t k = 0; k < options->n; k++)
            if (area.soonest_s <= options->within_s[k]) {
                circles->within[k]++;
                circles->people[k] += people;
            }
    }
    g_array_sort_with_data(circles->all, worst_first, circles->areas);
}

static bool run(Work *work, GeoStore *store, GeoFrame *frame, const GeoNetwork *network,
                GeoFleet *fleet, GeoProgress *progress, GError **error)
{
    size_t n = geo_areas_n(work->circles->areas);
    place_areas(work, network);
    work->soonest_s = g_new(double, n + 1);
    work->unit = g_new(uint32_t, n + 1);
    work->uncovered_min = g_new0(double, n + 1);
    int64_t begun_us = g_get_monotonic_time();
    if (!look(work, fleet, FAR_S, work->soonest_s, work->unit, progress, error))
        return false;
    work->circles->work_ms = (double)(g_get_monotonic_time() - begun_us) / 1000;
    if (work->options->to_ms && !look_back(work, store, frame, network, progress, error))
        return false;
    sum_up(work);
    suggest(work, fleet);
    return true;
}

GeoCircles *geo_circles_find(GeoStore *store, GeoFrame *frame, const GeoNetwork *network,
                             GeoFleet *fleet, const GeoCirclesOptions *options,
                             GeoProgress *progress, GError **error)
{
    g_return_val_if_fail(options->n > 0 && options->n <= GEO_CIRCLES_MAX &&
                             options->judged < options->n &&
                             (!options->to_ms || options->every_ms > 0),
                         NULL);
    g_autoptr(GeoCircles) circles = g_new0(GeoCircles, 1);
    circles->areas = geo_areas_load(store, options->level, frame, error);
    if (!circles->areas)
        return NULL;
    circles->all = g_array_new(FALSE, FALSE, sizeof(GeoCirclesArea));
    circles->moves = g_array_new(FALSE, FALSE, sizeof(GeoCirclesMove));
    Work work = {.options = options, .circles = circles};
    bool ok = run(&work, store, frame, network, fleet, progress, error);
    g_free(work.place);
    g_free(work.soonest_s);
    g_free(work.unit);
    g_free(work.uncovered_min);
    return ok ? g_steal_pointer(&circles) : NULL;
}

void geo_circles_free(GeoCircles *circles)
{
    if (!circles)
        return;
    geo_areas_free(circles->areas);
    g_clear_pointer(&circles->all, g_array_unref);
    g_clear_pointer(&circles->moves, g_array_unref);
    g_free(circles);
}
