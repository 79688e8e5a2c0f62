/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which areas and which streets have most that nobody sees. */
#include <math.h>
#include <string.h>

#include "geo/calc/census.h"
#include "geo/work/areas.h"
#include "geo/work/coverage.h"
#include "geo/work/survey.h"

#define STEP_AREAS 64 /* between questions for a cancel */

typedef struct {
    const GeoSurvey *survey;
    const GeoCover *possible; /* NULL: doubt is not asked */
    GeoRisk *risk;
    GeoProgress *progress;
} Ranker;

/* Street metres of each group: all, unseen, and unseen that may be seen. */
static void share_streets(const Ranker *ranker, const int32_t *group, size_t n,
                          GeoCoverageRow *rows)
{
    const GeoSurvey *survey = ranker->survey;
    g_autofree double *street_m = g_new(double, MAX(n, 1)), *seen_m = g_new(double, MAX(n, 1));
    geo_ground_share_by(survey->ground, survey->cover, group, n, street_m, seen_m);
    for (size_t i = 0; i < n; i++) {
        rows[i].street_m = street_m[i];
        rows[i].unseen_m = street_m[i] - seen_m[i];
    }
    if (!ranker->possible)
        return;
    geo_ground_share_by(survey->ground, ranker->possible, group, n, street_m, seen_m);
    for (size_t i = 0; i < n; i++)
        rows[i].unsure_m = fmax(seen_m[i] - (rows[i].street_m - rows[i].unseen_m), 0);
}

static bool rank_areas(const Ranker *ranker, const GeoAreas *areas, GeoCoverageRow *rows,
                       GError **error)
{
    const GeoSurvey *survey = ranker->survey;
    size_t n = geo_areas_n(areas);
    g_autofree int32_t *group = geo_areas_group(areas, survey->ground);
    share_streets(ranker, group, n, rows);
    GeoCensusOf of = {survey->ground, survey->cover, ranker->possible, geo_risk_at, ranker->risk};
    g_autoptr(GeoScan) scan = geo_census_scan(survey->cover);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (size_t i = 0; i < n; i++) {
        size_t n_points;
        const GeoXY *xy = geo_areas_rings(areas, i, first, &n_points);
        if (i % STEP_AREAS == 0 &&
            !geo_progress_step(ranker->progress, (double)i / (double)n, error))
            return false;
        GeoCensus census = geo_census_take(
            &of, scan, xy, (const uint32_t *)(const void *)first->data, first->len, n_points);
        rows[i].code = geo_areas_row(areas, i)->row.code;
        rows[i].name = geo_areas_row(areas, i)->row.name;
        rows[i].ground_m2 = census.ground_m2;
        rows[i].unseen_m2 = census.ground_m2 - census.seen_m2;
        rows[i].unsure_m2 = census.possible_m2;
        /* Metres of street are what areas are compared by, unless something weighs. */
        rows[i].weight = ranker->risk->of == GEO_RISK_EQUAL ? rows[i].unseen_m : census.weight;
    }
    return true;
}

/* Streets of one name are one group; group 0 are those without a name. The names by group. */
static GPtrArray *group_streets(const GeoSurvey *survey, int32_t *group)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *names = g_ptr_array_new();
    g_ptr_array_add(names, NULL);
    size_t n;
    const GeoStretch *stretch = geo_ground_stretches(survey->ground, &n);
    for (size_t i = 0; i < n; i++) {
        const char *name = geo_batch_row(survey->roads, stretch[i].street)->name;
        gpointer at = NULL;
        if (name && !g_hash_table_lookup_extended(known, name, NULL, &at)) {
            at = GUINT_TO_POINTER(names->len);
            g_hash_table_insert(known, (char *)name, at);
            g_ptr_array_add(names, (char *)name);
        }
        group[i] = (int32_t)GPOINTER_TO_UINT(at);
    }
    return names;
}

/* Unseen metres of a stretch by the weight of its middle. */
static void weigh_streets(const Ranker *ranker, const int32_t *group, GeoCoverageRow *rows)
{
    const GeoSurvey *survey = ranker->survey;
    size_t n;
    const GeoStretch *stretch = geo_ground_stretches(survey->ground, &n);
    for (size_t i = 0; i < n; i++) {
        GeoXY a = stretch[i].a, b = stretch[i].b;
        uint32_t on, seen;
        geo_ground_sample(survey->ground, survey->cover, &stretch[i], &on, &seen);
        double unseen_m =
            hypot(b.x - a.x, b.y - a.y) * (on - seen) / (double)geo_ground_samples(&stretch[i]);
        GeoXY middle = {(a.x + b.x) / 2, (a.y + b.y) / 2};
        rows[group[i]].weight += unseen_m * geo_risk_at(middle, ranker->risk);
    }
}

static GArray *rank_streets(const Ranker *ranker)
{
    size_t n;
    geo_ground_stretches(ranker->survey->ground, &n);
    g_autofree int32_t *group = g_new(int32_t, MAX(n, 1));
    g_autoptr(GPtrArray) names = group_streets(ranker->survey, group);
    GArray *rows = g_array_sized_new(FALSE, TRUE, sizeof(GeoCoverageRow), names->len);
    g_array_set_size(rows, names->len);
    GeoCoverageRow *all = (GeoCoverageRow *)(void *)rows->data;
    share_streets(ranker, group, names->len, all);
    weigh_streets(ranker, group, all);
    for (guint i = 0; i < names->len; i++) {
        all[i].name = g_ptr_array_index(names, i);
        all[i].ground_m2 = all[i].unseen_m2 = all[i].unsure_m2 = NAN;
    }
    return rows;
}

static int compare_rows(const void *pa, const void *pb)
{
    const GeoCoverageRow *a = pa, *b = pb;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->unseen_m != b->unseen_m)
        return a->unseen_m > b->unseen_m ? -1 : 1;
    int by_code = g_strcmp0(a->code, b->code);
    return by_code ? by_code : g_strcmp0(a->name, b->name);
}

/* Sums over all rows, the heaviest to the answer with texts of its own. */
static void take_rows(GeoCoverageRanking *answer, GArray *rows, size_t top)
{
    g_array_sort(rows, compare_rows);
    for (guint i = 0; i < rows->len; i++) {
        GeoCoverageRow row = g_array_index(rows, GeoCoverageRow, i);
        answer->street_m += row.street_m;
        answer->unseen_m += row.unseen_m;
        answer->unsure_m += row.unsure_m;
        if (!(row.unseen_m > 0) && !(row.unseen_m2 > 0))
            continue;
        answer->found++;
        if (answer->rows->len >= top)
            continue;
        row.code = row.code ? g_string_chunk_insert_const(answer->text, row.code) : NULL;
        row.name = row.name ? g_string_chunk_insert_const(answer->text, row.name) : NULL;
        g_array_append_val(answer->rows, row);
    }
}

static bool rank(GeoCoverageRanking *answer, const Ranker *ranker, const GeoAreas *areas,
                 size_t top, GError **error)
{
    g_autoptr(GArray) rows = NULL;
    geo_progress_begin(ranker->progress, "gaps by area");
    if (areas) {
        rows = g_array_new(FALSE, TRUE, sizeof(GeoCoverageRow));
        g_array_set_size(rows, (guint)geo_areas_n(areas));
        if (!rank_areas(ranker, areas, (GeoCoverageRow *)(void *)rows->data, error))
            return false;
    } else {
        rows = rank_streets(ranker);
    }
    take_rows(answer, rows, top);
    return true;
}

GeoCoverageRanking *geo_coverage_rank(GeoStore *store, const GeoCoverageOptions *options,
                                      size_t top, GeoProgress *progress, GError **error)
{
    g_autoptr(GeoCoverageRanking) answer = g_new0(GeoCoverageRanking, 1);
    answer->class = options->class;
    answer->px_per_m = options->px_per_m;
    answer->night = options->night;
    answer->weigh = options->weigh;
    answer->with_doubt = options->doubt;
    answer->rows = g_array_new(FALSE, FALSE, sizeof(GeoCoverageRow));
    answer->text = g_string_chunk_new(1024);
    g_autoptr(GeoSurvey) survey = geo_survey_load(store, options, progress, error);
    if (!survey)
        return NULL;
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GeoRisk) risk = geo_risk_load_of(store, survey->sight->frame, options->weigh,
                                               options->night, &survey->box, progress, error);
    g_autoptr(GeoAreas) areas = NULL;
    if (!risk || (options->level &&
                  !(areas = geo_areas_load(store, options->level, survey->sight->frame, error))))
        return NULL;
    g_autoptr(GeoCover) possible = NULL;
    if (options->doubt && !(possible = geo_survey_possible(survey, options, progress, error)))
        return NULL;
    answer->without_cameras = survey->sight->n == 0;
    answer->without_weight = risk->of != GEO_RISK_EQUAL && risk->found <= 0;
    Ranker ranker = {survey, possible, risk, progress};
    if (!rank(answer, &ranker, areas, top, error))
        return NULL;
    answer->load_ms = survey->load_ms + risk->load_ms;
    answer->work_ms =
        survey->work_ms + (double)(g_get_monotonic_time() - begin) / 1000 - risk->load_ms;
    return g_steal_pointer(&answer);
}

void geo_coverage_ranking_free(GeoCoverageRanking *ranking)
{
    if (!ranking)
        return;
    g_array_unref(ranking->rows);
    g_string_chunk_free(ranking->text);
    g_free(ranking);
}
