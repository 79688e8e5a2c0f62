/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/outage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/calc/gaps.h"
#include "geo/calc/sole.h"
#include "geo/model/error.h"
#include "geo/work/areas.h"
#include "geo/work/fields.h"
#include "geo/work/places.h"
#include "geo/work/risk.h"
#include "geo/work/wayname.h"

#define STEP_CAMERAS 512 /* between questions for a cancel */

static const GeoCamera *camera_of(const GeoSight *sight, size_t i)
{
    return (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, i);
}

static const char *kept(GeoOutage *outage, const char *text)
{
    return text ? g_string_chunk_insert_const(outage->text, text) : NULL;
}

/* fails[i] of the cameras that stop working; the caller's. NULL with error for an unknown code. */
static uint8_t *choose(GeoOutage *outage, const GeoSight *sight, const GeoOutageOptions *options,
                       GError **error)
{
    g_autofree uint8_t *fails = g_new0(uint8_t, MAX(sight->n, 1));
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    for (const char *const *code = options->codes; code && *code; code++)
        g_hash_table_insert(wanted, (char *)*code, GINT_TO_POINTER(0));
    for (size_t i = 0; i < sight->n; i++) {
        const GeoCamera *camera = camera_of(sight, i);
        bool named = camera->row.code && g_hash_table_contains(wanted, camera->row.code);
        if (named)
            g_hash_table_insert(wanted, (char *)camera->row.code, GINT_TO_POINTER(1));
        if (!named && camera->owner != options->owner)
            continue;
        fails[i] = camera->state == GEO_CAMERA_WORKING;
        outage->out += fails[i];
        outage->off += named && !fails[i];
    }
    for (const char *const *code = options->codes; code && *code; code++)
        if (!GPOINTER_TO_INT(g_hash_table_lookup(wanted, *code))) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                        "no camera of the city has the code '%s'", *code);
            return NULL;
        }
    return g_steal_pointer(&fails);
}

static int64_t count_places(GeoPlaces *places, const GeoSurvey *survey, const GeoCover *cover)
{
    int64_t seen = 0;
    geo_places_judge(places, survey->sight->edges, cover);
    for (size_t i = 0; i < places->n; i++)
        seen += places->all[i].seen;
    return seen;
}

/* dark: the counts without the cameras that fail. */
static bool list_gaps(GeoOutage *outage, GeoStore *store, const GeoSurvey *survey,
                      const GeoCover *dark, size_t top, GeoProgress *progress, GError **error)
{
    g_autoptr(GeoGround) lit = geo_ground_seen_by(survey->ground, survey->cover, 1, false);
    g_autoptr(GeoRisk) risk =
        geo_risk_load(store, survey->sight->frame, &survey->box, progress, error);
    g_autoptr(GeoAreas) areas =
        risk ? geo_areas_load(store, NULL, survey->sight->frame, error) : NULL;
    if (!areas)
        return false;
    outage->load_ms += risk->load_ms;
    g_autoptr(GeoGaps) gaps = geo_gaps_find(lit, dark, GEO_COVERAGE_BLOCK_M, GEO_COVERAGE_GAP_M2,
                                            geo_risk_at, risk, progress, error);
    if (!gaps)
        return false;
    g_autoptr(GeoWayname) streets = geo_wayname_new(survey->ground, survey->roads);
    const GeoGap *all = geo_gaps_all(gaps, &outage->found);
    for (size_t i = 0; i < MIN(outage->found, top); i++) {
        const char *code = geo_areas_code(areas, all[i].at);
        const char *street = geo_wayname_find(streets, all[i].at);
        GeoOutageGap gap = {all[i].area_m2, all[i].weight,
                            geo_frame_lonlat(survey->sight->frame, all[i].at), kept(outage, code),
                            kept(outage, street)};
        g_array_append_val(outage->gaps, gap);
    }
    return true;
}

typedef struct {
    size_t i;
    double street_m, ground_m2;
} Missed;

static int compare_missed(const void *pa, const void *pb)
{
    const Missed *a = pa, *b = pb;
    if (a->street_m != b->street_m)
        return a->street_m > b->street_m ? -1 : 1;
    if (a->ground_m2 != b->ground_m2)
        return a->ground_m2 > b->ground_m2 ? -1 : 1;
    return a->i < b->i ? -1 : a->i > b->i;
}

/* Of the cameras that dark counts. */
static bool rank_cameras(GeoOutage *outage, const GeoSurvey *survey, const GeoFields *fields,
                         const GeoCover *dark, const uint8_t *fails, size_t top,
                         GeoProgress *progress, GError **error)
{
    const GeoSight *sight = survey->sight;
    g_autoptr(GeoSole) sole = geo_sole_new(survey->ground, dark);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autofree Missed *missed = g_new(Missed, MAX(sight->n, 1));
    size_t n = 0;
    geo_progress_begin(progress, "cameras most missed");
    for (size_t i = 0; i < sight->n; i++) {
        size_t n_points;
        const GeoXY *xy = fails[i] ? NULL : geo_fields_rings(fields, i, first, &n_points);
        if (i % STEP_CAMERAS == 0 &&
            !geo_progress_step(progress, (double)i / (double)sight->n, error))
            return false;
        if (!xy)
            continue;
        Missed *one = &missed[n++];
        one->i = i;
        geo_sole_measure(sole, xy, (const uint32_t *)(const void *)first->data, first->len,
                         n_points, &one->street_m, &one->ground_m2);
    }
    qsort(missed, n, sizeof *missed, compare_missed);
    for (size_t k = 0; k < MIN(n, top) && missed[k].ground_m2 + missed[k].street_m > 0; k++) {
        const GeoCamera *camera = camera_of(sight, missed[k].i);
        GeoOutageCamera one = {kept(outage, camera->row.code),
                               kept(outage, camera->row.name),
                               camera->owner,
                               {NAN, NAN},
                               missed[k].street_m,
                               missed[k].ground_m2};
        geo_batch_first(sight->cameras, &camera->row, &one.at);
        g_array_append_val(outage->missed, one);
    }
    return true;
}

/* Everything that is asked about the time after. */
static bool look_dark(GeoOutage *outage, GeoStore *store, const GeoSurvey *survey,
                      const GeoFields *fields, const uint8_t *fails, GeoPlaces *places, size_t top,
                      GeoProgress *progress, GError **error)
{
    geo_progress_begin(progress, "fields that are left");
    g_autoptr(GeoCover) dark = geo_fields_count(fields, fails, survey->cover, progress, error);
    if (!dark)
        return false;
    outage->after = geo_ground_share(survey->ground, dark);
    outage->opened_m2 = outage->before.ground_seen_m2 - outage->after.ground_seen_m2;
    outage->mustsee_after = count_places(places, survey, dark);
    if (outage->out > 0 && !list_gaps(outage, store, survey, dark, top, progress, error))
        return false;
    return rank_cameras(outage, survey, fields, dark, fails, top, progress, error);
}

GeoOutage *geo_outage_measure(GeoStore *store, const GeoSurvey *survey,
                              const GeoCoverageOptions *coverage, const GeoOutageOptions *options,
                              GeoProgress *progress, GError **error)
{
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GeoOutage) outage = g_new0(GeoOutage, 1);
    outage->class = coverage->class;
    outage->px_per_m = coverage->px_per_m;
    outage->night = coverage->night;
    outage->gaps = g_array_new(FALSE, FALSE, sizeof(GeoOutageGap));
    outage->missed = g_array_new(FALSE, FALSE, sizeof(GeoOutageCamera));
    outage->text = g_string_chunk_new(1024);
    g_autofree uint8_t *fails = choose(outage, survey->sight, options, error);
    if (!fails)
        return NULL;
    g_autoptr(GeoPlaces) places = geo_places_load(store, survey->sight->frame, error);
    if (!places)
        return NULL;
    g_autoptr(GeoFields) fields = geo_fields_of(survey->sight);
    outage->before = geo_ground_share(survey->ground, survey->cover);
    outage->mustsee = (int64_t)places->n;
    outage->mustsee_before = count_places(places, survey, survey->cover);
    if (!look_dark(outage, store, survey, fields, fails, places, options->top, progress, error))
        return NULL;
    outage->work_ms = (double)(g_get_monotonic_time() - begin) / 1000 - outage->load_ms;
    return g_steal_pointer(&outage);
}

void geo_outage_free(GeoOutage *outage)
{
    if (!outage)
        return;
    g_array_unref(outage->gaps);
    g_array_unref(outage->missed);
    g_string_chunk_free(outage->text);
    g_free(outage);
}
