/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/coverage.h"

#include <math.h>
#include <string.h>

#include "geo/calc/inside.h"
#include "geo/model/error.h"
#include "geo/work/survey.h"

#define PLACE_RADIUS_M 10.0 /* of the ground before a must-see place */
#define MAX_PLACE_RADIUS_M 80.0
#define PLACE_STEP_M 2.0

const char geo_coverage_denominator[] =
    "metres of public street (motorway to residential, pedestrian; no service ways, tunnels or "
    "private ground) and public squares";

static void count_cameras(GeoCoverage *coverage, const GeoSight *sight)
{
    coverage->cameras = (int64_t)sight->n;
    coverage->without_cameras = sight->n == 0;
    for (size_t i = 0; i < sight->n; i++) {
        const GeoCamera *camera = (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, i);
        int64_t assumed;
        double reach = geo_sight_reach_m(camera, coverage->class, coverage->night, &assumed);
        coverage->by_state[camera->state]++;
        coverage->by_owner[camera->owner]++;
        if (camera->state != GEO_CAMERA_WORKING)
            continue;
        coverage->blind += reach <= 0 || sight->first[i] == sight->first[i + 1];
        coverage->aimless += reach <= 0 && (assumed & GEO_ASSUMED_HEADING) != 0;
        coverage->assumed_heading += (assumed & GEO_ASSUMED_HEADING) != 0;
        coverage->assumed_fov += (assumed & GEO_ASSUMED_FOV) != 0;
        coverage->assumed_range += (assumed & GEO_ASSUMED_RANGE) != 0;
        coverage->assumed_pixels += (assumed & GEO_ASSUMED_PIXELS) != 0;
    }
}

/* Open ground within radius_m of p, and how much of it is seen, in samples. */
static void look_around(const GeoSurvey *survey, GeoXY p, double radius_m, unsigned *open,
                        unsigned *seen)
{
    *open = *seen = 0;
    for (double dy = -radius_m; dy <= radius_m; dy += PLACE_STEP_M)
        for (double dx = -radius_m; dx <= radius_m; dx += PLACE_STEP_M) {
            GeoXY at = {p.x + dx, p.y + dy};
            uint32_t building;
            if (dx * dx + dy * dy > radius_m * radius_m ||
                geo_edges_buildings_at(survey->sight->edges, at, &building, 1) > 0)
                continue;
            *open += 1;
            *seen += geo_cover_at(survey->cover, at) > 0;
        }
}

/* At least half of the open ground within 10 m; a place deep within a building is judged by the
 * first ring around it that has any. */
static bool place_seen(const GeoSurvey *survey, GeoXY p)
{
    unsigned open = 0, seen = 0;
    for (double radius = PLACE_RADIUS_M; open == 0 && radius <= MAX_PLACE_RADIUS_M; radius *= 2)
        look_around(survey, p, radius, &open, &seen);
    return open > 0 && 2 * seen >= open;
}

static bool count_places(GeoCoverage *coverage, const GeoSurvey *survey, GeoStore *store,
                         GError **error)
{
    g_autoptr(GeoBatch) places = geo_store_load(store, GEO_KIND_FACILITY, NULL, error);
    if (!places)
        return false;
    for (guint i = 0; i < places->rows->len; i++) {
        const GeoFacility *place = (const GeoFacility *)(const void *)geo_batch_row(places, i);
        GeoLonLat at;
        if (!place->must_see || !geo_batch_first(places, &place->row, &at))
            continue;
        coverage->mustsee++;
        coverage->mustsee_seen += place_seen(survey, geo_frame_xy(survey->sight->frame, at));
    }
    return true;
}

static bool load_areas(GeoCoverage *coverage, GeoStore *store, const char *level, GError **error)
{
    GeoQuery query = {.level = level};
    coverage->batch = geo_store_load(store, GEO_KIND_AREA, &query, error);
    if (!coverage->batch)
        return false;
    if (coverage->batch->rows->len > 0)
        return true;
    int64_t counts[GEO_N_KINDS];
    g_autoptr(GHashTable) levels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!geo_store_count(store, counts, levels, error))
        return false;
    g_autoptr(GString) known = g_string_new(NULL);
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(levels), (GCompareFunc)strcmp);
    for (const GList *name = names; name; name = name->next)
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", (char *)name->data);
    g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "the city has no areas of level '%s'; %s%s",
                level, known->len > 0 ? "it has " : "it has none at all", known->str);
    return false;
}

/* The area of each stretch by its middle; -1: in none. The first of overlapping ones. */
static int32_t *group_stretches(const GeoCoverage *coverage, const GeoSurvey *survey)
{
    const GeoBatch *batch = coverage->batch;
    size_t n_points = batch->points->len, n;
    g_autofree GeoXY *xy = g_new(GeoXY, MAX(n_points, 1));
    geo_frame_to_xy(survey->sight->frame, (const GeoLonLat *)(const void *)batch->points->data, xy,
                    n_points);
    g_autofree uint32_t *part = g_new(uint32_t, batch->parts->len + 1);
    if (batch->parts->len > 0)
        memcpy(part, batch->parts->data, batch->parts->len * sizeof *part);
    part[batch->parts->len] = (uint32_t)n_points;
    g_autofree uint32_t *area = g_new(uint32_t, batch->rows->len + 1);
    for (guint i = 0; i < batch->rows->len; i++)
        area[i] = geo_batch_row(batch, i)->part0;
    area[batch->rows->len] = batch->parts->len;
    g_autoptr(GeoInside) inside = geo_inside_new(xy, part, area, batch->rows->len);
    const GeoStretch *stretch = geo_ground_stretches(survey->ground, &n);
    int32_t *group = g_new(int32_t, MAX(n, 1));
    for (size_t i = 0; i < n; i++) {
        GeoXY middle = {(stretch[i].a.x + stretch[i].b.x) / 2,
                        (stretch[i].a.y + stretch[i].b.y) / 2};
        uint32_t found;
        group[i] = geo_inside_find(inside, middle, &found, 1) > 0 ? (int32_t)found : -1;
    }
    return group;
}

static int compare_areas(const void *pa, const void *pb)
{
    const GeoCoverageArea *a = pa, *b = pb;
    int by_code = g_strcmp0(a->code, b->code);
    return by_code ? by_code : g_strcmp0(a->name, b->name);
}

static void share_by_area(GeoCoverage *coverage, const GeoSurvey *survey)
{
    size_t n = coverage->batch->rows->len;
    g_autofree int32_t *group = group_stretches(coverage, survey);
    g_autofree double *street_m = g_new(double, n), *seen_m = g_new(double, n);
    geo_ground_share_by(survey->ground, survey->cover, group, n, street_m, seen_m);
    for (size_t i = 0; i < n; i++) {
        const GeoRow *row = geo_batch_row(coverage->batch, i);
        GeoCoverageArea area = {row->code, row->name, street_m[i], seen_m[i]};
        g_array_append_val(coverage->areas, area);
    }
    g_array_sort(coverage->areas, compare_areas);
}

static double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

GeoCoverage *geo_coverage_measure(GeoStore *store, const GeoCoverageOptions *options,
                                  GeoProgress *progress, GError **error)
{
    const GeoCoverageOptions plain = {0};
    options = options ? options : &plain;
    g_autoptr(GeoCoverage) coverage = g_new0(GeoCoverage, 1);
    coverage->class = options->class;
    coverage->night = options->night;
    coverage->areas = g_array_new(FALSE, FALSE, sizeof(GeoCoverageArea));
    if (options->level && !load_areas(coverage, store, options->level, error))
        return NULL;
    g_autoptr(GeoSurvey) survey = geo_survey_load(store, options, progress, error);
    if (!survey)
        return NULL;
    gint64 begin = g_get_monotonic_time();
    geo_progress_begin(progress, "shares");
    count_cameras(coverage, survey->sight);
    if (!count_places(coverage, survey, store, error) || !geo_progress_step(progress, 0.5, error))
        return NULL;
    coverage->share = geo_ground_share(survey->ground, survey->cover);
    coverage->share_street = share_of(coverage->share.street_seen_m, coverage->share.street_m);
    coverage->share_ground = share_of(coverage->share.ground_seen_m2, coverage->share.ground_m2);
    coverage->without_streets = !(coverage->share.street_m > 0);
    if (options->level)
        share_by_area(coverage, survey);
    coverage->load_ms = survey->load_ms;
    coverage->work_ms = survey->work_ms + (double)(g_get_monotonic_time() - begin) / 1000;
    return g_steal_pointer(&coverage);
}

void geo_coverage_free(GeoCoverage *coverage)
{
    if (!coverage)
        return;
    g_array_unref(coverage->areas);
    geo_batch_free(coverage->batch);
    g_free(coverage);
}
