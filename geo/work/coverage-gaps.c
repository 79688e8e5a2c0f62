/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pieces of ground nobody sees, in people's words: the area and the street they lie in. */
#include <math.h>
#include <string.h>

#include "geo/calc/gaps.h"
#include "geo/work/coverage.h"
#include "geo/work/risk.h"
#include "geo/work/survey.h"
#include "geo/work/wayname.h"

#define STEP_GAPS 16

static void add_outline(GeoCoverageGaps *answer, const GeoSurvey *survey, const GeoGaps *gaps,
                        size_t i, GeoCoverageGap *gap)
{
    g_autoptr(GArray) xy = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    geo_gaps_outline(gaps, i, xy, first);
    uint32_t base = answer->points->len;
    gap->part0 = answer->parts->len;
    gap->n_parts = first->len;
    gap->bounds = GEO_BOUNDS_EMPTY;
    for (guint k = 0; k < first->len; k++) {
        uint32_t at = base + g_array_index(first, uint32_t, k);
        g_array_append_val(answer->parts, at);
    }
    g_array_set_size(answer->points, base + xy->len);
    GeoLonLat *points = &g_array_index(answer->points, GeoLonLat, base);
    geo_frame_to_lonlat(survey->sight->frame, (const GeoXY *)(const void *)xy->data, points,
                        xy->len);
    for (guint k = 0; k < xy->len; k++)
        geo_bounds_add(&gap->bounds, points[k]);
}

static const char *keep(GeoCoverageGaps *answer, const char *text)
{
    return text ? g_string_chunk_insert_const(answer->text, text) : NULL;
}

static bool lies_in(const GeoBounds *bounds, GeoLonLat p)
{
    return p.lon >= bounds->west && p.lon <= bounds->east && p.lat >= bounds->south &&
           p.lat <= bounds->north;
}

static bool is_unsure(double unsure_m2, double area_m2)
{
    return unsure_m2 > 0 && unsure_m2 >= GEO_COVERAGE_UNSURE * area_m2;
}

/* What is possibly seen of each gap; the caller's. */
static double *weigh_doubt(GeoCoverageGaps *answer, const GeoGaps *gaps, const GeoCover *possible)
{
    size_t n;
    const GeoGap *all = geo_gaps_all(gaps, &n);
    double *unsure_m2 = g_new0(double, MAX(n, 1));
    if (possible)
        geo_gaps_overlap(gaps, possible, unsure_m2);
    for (size_t i = 0; i < n; i++) {
        answer->area_m2 += all[i].area_m2;
        answer->unsure_m2 += unsure_m2[i];
        answer->found_unsure += is_unsure(unsure_m2[i], all[i].area_m2);
    }
    return unsure_m2;
}

static bool fill(GeoCoverageGaps *answer, GeoStore *store, const GeoSurvey *survey,
                 const GeoGaps *gaps, const GeoCover *possible, const GeoBounds *within, size_t top,
                 GeoProgress *progress, GError **error)
{
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GeoAreas) areas = geo_areas_load(store, NULL, survey->sight->frame, error);
    if (!areas)
        return false;
    answer->load_ms += (double)(g_get_monotonic_time() - begin) / 1000;
    g_autoptr(GeoWayname) streets = geo_wayname_new(survey->ground, survey->roads);
    const GeoGap *all = geo_gaps_all(gaps, &answer->found);
    g_autofree double *unsure_m2 = weigh_doubt(answer, gaps, possible);
    for (size_t i = 0; i < answer->found && answer->gaps->len < top; i++) {
        if (i % STEP_GAPS == 0 &&
            !geo_progress_step(progress, (double)i / (double)answer->found, error))
            return false;
        GeoCoverageGap gap = {.area_m2 = all[i].area_m2,
                              .weight = all[i].weight,
                              .unsure_m2 = unsure_m2[i],
                              .unsure = is_unsure(unsure_m2[i], all[i].area_m2)};
        gap.at = geo_frame_lonlat(survey->sight->frame, all[i].at);
        if (within && !lies_in(within, gap.at))
            continue;
        gap.code = keep(answer, geo_areas_code(areas, all[i].at));
        gap.street = keep(answer, geo_wayname_find(streets, all[i].at));
        add_outline(answer, survey, gaps, i, &gap);
        g_array_append_val(answer->gaps, gap);
    }
    return true;
}

GeoCoverageGaps *geo_coverage_gaps_of_survey(GeoStore *store, const GeoSurvey *survey,
                                             const GeoCoverageOptions *options, size_t top,
                                             GeoProgress *progress, GError **error)
{
    const GeoCoverageOptions plain = {0};
    options = options ? options : &plain;
    g_autoptr(GeoCoverageGaps) answer = g_new0(GeoCoverageGaps, 1);
    answer->class = options->class;
    answer->px_per_m = options->px_per_m;
    answer->night = options->night;
    answer->weigh = options->weigh;
    answer->with_doubt = options->doubt;
    answer->gaps = g_array_new(FALSE, FALSE, sizeof(GeoCoverageGap));
    answer->parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    answer->points = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    answer->text = g_string_chunk_new(1024);
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GeoRisk) risk = geo_risk_load_of(store, survey->sight->frame, options->weigh,
                                               options->night, &survey->box, progress, error);
    if (!risk)
        return NULL;
    answer->load_ms += risk->load_ms;
    answer->without_cameras = survey->sight->n == 0;
    answer->without_weight = risk->of != GEO_RISK_EQUAL && risk->found <= 0;
    g_autoptr(GeoCover) possible = NULL;
    if (options->doubt && !(possible = geo_survey_possible(survey, options, progress, error)))
        return NULL;
    geo_progress_begin(progress, "gaps");
    g_autoptr(GeoGaps) gaps =
        geo_gaps_find(survey->ground, survey->cover, GEO_COVERAGE_BLOCK_M, GEO_COVERAGE_GAP_M2,
                      geo_risk_at, risk, progress, error);
    if (!gaps ||
        !fill(answer, store, survey, gaps, possible, options->within, top, progress, error))
        return NULL;
    answer->work_ms =
        survey->work_ms + (double)(g_get_monotonic_time() - begin) / 1000 - answer->load_ms;
    answer->load_ms += survey->load_ms;
    return g_steal_pointer(&answer);
}

GeoCoverageGaps *geo_coverage_find_gaps(GeoStore *store, const GeoCoverageOptions *options,
                                        size_t top, GeoProgress *progress, GError **error)
{
    const GeoCoverageOptions plain = {0};
    options = options ? options : &plain;
    g_autoptr(GeoSurvey) survey = geo_survey_load(store, options, progress, error);
    return survey ? geo_coverage_gaps_of_survey(store, survey, options, top, progress, error)
                  : NULL;
}

void geo_coverage_gaps_free(GeoCoverageGaps *gaps)
{
    if (!gaps)
        return;
    g_array_unref(gaps->gaps);
    g_array_unref(gaps->parts);
    g_array_unref(gaps->points);
    g_string_chunk_free(gaps->text);
    g_free(gaps);
}
