/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/coverage.h"

#include <math.h>
#include <string.h>

#include "geo/calc/census.h"
#include "geo/work/fields.h"
#include "geo/work/survey.h"

#define STEP_AREAS 64 /* between questions for a cancel */

const char geo_coverage_denominator[] =
    "metres of public street (motorway to residential, pedestrian; no service ways, tunnels or "
    "private ground) and public squares";

static GeoSightOptions sight_of(const GeoCoverage *coverage)
{
    return (GeoSightOptions){
        .class = coverage->class, .px_per_m = coverage->px_per_m, .night = coverage->night};
}

static void count_cameras(GeoCoverage *coverage, const GeoSight *sight)
{
    GeoSightOptions options = sight_of(coverage);
    coverage->cameras = (int64_t)sight->n;
    coverage->without_cameras = sight->n == 0;
    for (size_t i = 0; i < sight->n; i++) {
        const GeoCamera *camera = (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, i);
        int64_t assumed;
        double reach = geo_sight_eye(camera, sight->eyes[i].at, &options, &assumed).range_m;
        coverage->by_state[camera->state]++;
        coverage->by_owner[camera->owner]++;
        coverage->of_owner[camera->owner].by_state[camera->state]++;
        if (camera->state != GEO_CAMERA_WORKING)
            continue;
        coverage->blind += reach <= 0 || sight->first[i] == sight->first[i + 1];
        coverage->aimless += reach <= 0 && (assumed & GEO_ASSUMED_HEADING) != 0;
        coverage->assumed_heading += (assumed & GEO_ASSUMED_HEADING) != 0;
        coverage->uncertain += sight->eyes[i].fov_deg < 360 &&
                               (camera->heading_err_deg > 0 || !isfinite(camera->heading_deg));
        coverage->assumed_fov += (assumed & GEO_ASSUMED_FOV) != 0;
        coverage->assumed_range += (assumed & GEO_ASSUMED_RANGE) != 0;
        coverage->assumed_pixels += (assumed & GEO_ASSUMED_PIXELS) != 0;
    }
}

static bool count_places(GeoCoverage *coverage, const GeoSurvey *survey, GeoStore *store,
                         const GeoCoverageOptions *options, GeoProgress *progress, GError **error)
{
    const GeoSight *sight = survey->sight;
    coverage->places = geo_places_load(store, sight->frame, error);
    if (!coverage->places)
        return false;
    geo_places_judge(coverage->places, sight->edges, survey->cover);
    coverage->with_classes = options->classes;
    int judged = options->px_per_m > 0 ? -1 : (int)options->class;
    if (options->classes && !geo_places_classify(coverage->places, sight, survey->cover, judged,
                                                 options->night, progress, error))
        return false;
    for (size_t i = 0; i < coverage->places->n; i++) {
        const GeoPlace *place = &coverage->places->all[i];
        GeoCoveragePlaces *kind = &coverage->of_kind[place->kind];
        coverage->mustsee++;
        coverage->mustsee_seen += place->seen;
        kind->places++;
        kind->seen += place->seen;
        if (place->class >= 0)
            kind->by_class[place->class]++;
    }
    return true;
}

double geo_coverage_working_rate(const GeoCoverageCameras *cameras)
{
    int64_t working = cameras->by_state[GEO_CAMERA_WORKING];
    int64_t built = working + cameras->by_state[GEO_CAMERA_FAULTY];
    return built > 0 ? (double)working / (double)built : NAN;
}

static int compare_areas(const void *pa, const void *pb)
{
    const GeoCoverageArea *a = pa, *b = pb;
    int by_code = g_strcmp0(a->code, b->code);
    return by_code ? by_code : g_strcmp0(a->name, b->name);
}

/* Cameras and places by the area they stand in. */
static void count_in_areas(GeoCoverage *coverage, const GeoSight *sight, GeoCoverageArea *areas)
{
    for (size_t i = 0; i < sight->n; i++) {
        const GeoCamera *camera = (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, i);
        int32_t area = geo_areas_find(coverage->level, sight->eyes[i].at);
        if (area >= 0)
            areas[area].cameras.by_state[camera->state]++;
    }
    for (size_t i = 0; i < coverage->places->n; i++) {
        const GeoPlace *place = &coverage->places->all[i];
        int32_t area = geo_areas_find(coverage->level, place->xy);
        if (area < 0)
            continue;
        areas[area].mustsee++;
        areas[area].mustsee_seen += place->seen;
    }
}

/* What is seen for sure, and what may be: covers like the survey's. */
typedef struct {
    GeoCover *sure, *possible; /* owned; NULL: not asked */
} Doubt;

static void doubt_clear(Doubt *doubt)
{
    geo_cover_free(doubt->sure);
    geo_cover_free(doubt->possible);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Doubt, doubt_clear)

static bool share_in_doubt(GeoCoverage *coverage, const GeoSurvey *survey, Doubt *doubt,
                           GeoProgress *progress, GError **error)
{
    const GeoSight *sight = survey->sight;
    GeoSightOptions options = sight_of(coverage);
    doubt->sure =
        geo_fields_cover(sight, &options, GEO_FIELDS_SURE, NULL, survey->cover, progress, error);
    doubt->possible = doubt->sure ? geo_fields_cover(sight, &options, GEO_FIELDS_POSSIBLE, NULL,
                                                     survey->cover, progress, error)
                                  : NULL;
    if (!doubt->possible)
        return false;
    coverage->sure = geo_ground_share(survey->ground, doubt->sure);
    coverage->possible = geo_ground_share(survey->ground, doubt->possible);
    coverage->with_doubt = true;
    for (size_t i = 0; i < coverage->places->n; i++) {
        GeoPlace *place = &coverage->places->all[i];
        place->unsure =
            !place->seen && geo_places_is_seen(sight->edges, doubt->possible, place->xy);
        coverage->of_kind[place->kind].unsure += place->unsure;
    }
    return true;
}

/* Street metres that each area of the groups sees in a cover; NAN without one; the caller's. */
static double *seen_by_area(const GeoSurvey *survey, const GeoCover *cover, const int32_t *group,
                            size_t n, double *street_m)
{
    double *seen_m = g_new(double, MAX(n, 1));
    if (cover)
        geo_ground_share_by(survey->ground, cover, group, n, street_m, seen_m);
    for (size_t i = 0; !cover && i < n; i++)
        seen_m[i] = NAN;
    return seen_m;
}

static bool share_by_area(GeoCoverage *coverage, const GeoSurvey *survey, const Doubt *doubt,
                          GeoProgress *progress, GError **error)
{
    size_t n = geo_areas_n(coverage->level);
    g_autofree int32_t *group = geo_areas_group(coverage->level, survey->ground);
    g_autofree double *street_m = g_new(double, n);
    g_autofree double *sure_m = seen_by_area(survey, doubt->sure, group, n, street_m);
    g_autofree double *possible_m = seen_by_area(survey, doubt->possible, group, n, street_m);
    g_autofree double *seen_m = seen_by_area(survey, survey->cover, group, n, street_m);
    GeoCensusOf of = {.ground = survey->ground, .cover = survey->cover};
    g_autoptr(GeoScan) scan = geo_census_scan(survey->cover);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (size_t i = 0; i < n; i++) {
        const GeoRow *row = &geo_areas_row(coverage->level, i)->row;
        size_t n_points;
        const GeoXY *xy = geo_areas_rings(coverage->level, i, first, &n_points);
        if (i % STEP_AREAS == 0 && !geo_progress_step(progress, (double)i / (double)n, error))
            return false;
        GeoCensus census = geo_census_take(
            &of, scan, xy, (const uint32_t *)(const void *)first->data, first->len, n_points);
        GeoCoverageArea area = {.code = row->code,
                                .name = row->name,
                                .street_m = street_m[i],
                                .seen_m = seen_m[i],
                                .sure_m = sure_m[i],
                                .possible_m = possible_m[i],
                                .ground_m2 = census.ground_m2,
                                .ground_seen_m2 = census.seen_m2,
                                .sole_m2 = census.sole_m2};
        g_array_append_val(coverage->areas, area);
    }
    count_in_areas(coverage, survey->sight, (GeoCoverageArea *)(void *)coverage->areas->data);
    g_array_sort(coverage->areas, compare_areas);
    return true;
}

static double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

GeoCoverage *geo_coverage_of_survey(GeoStore *store, const GeoSurvey *survey,
                                    const GeoCoverageOptions *options, GeoProgress *progress,
                                    GError **error)
{
    const GeoCoverageOptions plain = {0};
    options = options ? options : &plain;
    g_autoptr(GeoCoverage) coverage = g_new0(GeoCoverage, 1);
    coverage->class = options->class;
    coverage->px_per_m = options->px_per_m;
    coverage->night = options->night;
    coverage->areas = g_array_new(FALSE, FALSE, sizeof(GeoCoverageArea));
    gint64 begin = g_get_monotonic_time();
    if (options->level) {
        coverage->level = geo_areas_load(store, options->level, survey->sight->frame, error);
        if (!coverage->level)
            return NULL;
    }
    gint64 loaded = g_get_monotonic_time();
    geo_progress_begin(progress, "shares");
    count_cameras(coverage, survey->sight);
    if (!count_places(coverage, survey, store, options, progress, error) ||
        !geo_progress_step(progress, 0.5, error))
        return NULL;
    coverage->share = geo_ground_share(survey->ground, survey->cover);
    coverage->share_street = share_of(coverage->share.street_seen_m, coverage->share.street_m);
    coverage->share_ground = share_of(coverage->share.ground_seen_m2, coverage->share.ground_m2);
    coverage->without_streets = !(coverage->share.street_m > 0);
    g_auto(Doubt) doubt = {NULL, NULL};
    if (options->doubt && !share_in_doubt(coverage, survey, &doubt, progress, error))
        return NULL;
    if (coverage->level && !share_by_area(coverage, survey, &doubt, progress, error))
        return NULL;
    coverage->load_ms = survey->load_ms + (double)(loaded - begin) / 1000;
    coverage->work_ms = survey->work_ms + (double)(g_get_monotonic_time() - loaded) / 1000;
    return g_steal_pointer(&coverage);
}

GeoCoverage *geo_coverage_measure(GeoStore *store, const GeoCoverageOptions *options,
                                  GeoProgress *progress, GError **error)
{
    const GeoCoverageOptions plain = {0};
    g_autoptr(GeoSurvey) survey =
        geo_survey_load(store, options ? options : &plain, progress, error);
    return survey ? geo_coverage_of_survey(store, survey, options, progress, error) : NULL;
}

void geo_coverage_free(GeoCoverage *coverage)
{
    if (!coverage)
        return;
    g_array_unref(coverage->areas);
    geo_areas_free(coverage->level);
    geo_places_free(coverage->places);
    g_free(coverage);
}
