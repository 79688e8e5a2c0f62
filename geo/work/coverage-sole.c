/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground that hangs on one camera: pieces of each field where the count is 1. */
#include <stdlib.h>

#include "geo/calc/sole.h"
#include "geo/work/areas.h"
#include "geo/work/coverage.h"
#include "geo/work/fields.h"
#include "geo/work/survey.h"
#include "geo/work/wayname.h"

#define STEP_CAMERAS 256 /* between questions for a cancel */

typedef struct {
    GeoGap gap;
    uint32_t camera;
} Piece;

static int compare_pieces(const void *pa, const void *pb)
{
    const Piece *a = pa, *b = pb;
    if (a->gap.weight != b->gap.weight)
        return a->gap.weight > b->gap.weight ? -1 : 1;
    if (a->gap.area_m2 != b->gap.area_m2)
        return a->gap.area_m2 > b->gap.area_m2 ? -1 : 1;
    if (a->camera != b->camera)
        return a->camera < b->camera ? -1 : 1;
    if (a->gap.at.y != b->gap.at.y)
        return a->gap.at.y < b->gap.at.y ? -1 : 1;
    return a->gap.at.x < b->gap.at.x ? -1 : a->gap.at.x > b->gap.at.x;
}

/* Piece array of all cameras, ranked; NULL after a cancel. */
static GArray *find_pieces(const GeoSurvey *survey, GeoRisk *risk, GeoProgress *progress,
                           GError **error)
{
    g_autoptr(GeoFields) fields = geo_fields_of(survey->sight);
    g_autoptr(GeoSole) sole = geo_sole_new(survey->ground, survey->cover);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GeoGap));
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    for (uint32_t i = 0; i < fields->n; i++) {
        size_t n_points;
        const GeoXY *xy = geo_fields_rings(fields, i, first, &n_points);
        if (i % STEP_CAMERAS == 0 &&
            !geo_progress_step(progress, (double)i / (double)fields->n, error))
            return NULL;
        if (!xy)
            continue;
        g_array_set_size(found, 0);
        geo_sole_pieces(sole, xy, (const uint32_t *)(const void *)first->data, first->len, n_points,
                        GEO_COVERAGE_GAP_M2, geo_risk_at, risk, found);
        for (guint k = 0; k < found->len; k++) {
            Piece piece = {g_array_index(found, GeoGap, k), i};
            g_array_append_val(pieces, piece);
        }
    }
    g_array_sort(pieces, compare_pieces);
    return g_steal_pointer(&pieces);
}

static const char *keep(GeoCoverageSoles *answer, const char *text)
{
    return text ? g_string_chunk_insert_const(answer->text, text) : NULL;
}

static void take_pieces(GeoCoverageSoles *answer, const GeoSurvey *survey, const GeoAreas *areas,
                        const GArray *pieces, size_t top)
{
    const GeoSight *sight = survey->sight;
    g_autoptr(GeoWayname) streets = geo_wayname_new(survey->ground, survey->roads);
    answer->found = pieces->len;
    for (guint i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);
        answer->area_m2 += piece->gap.area_m2;
        if (i >= top)
            continue;
        const GeoCamera *camera =
            (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, piece->camera);
        GeoCoverageSole one = {
            .area_m2 = piece->gap.area_m2,
            .weight = piece->gap.weight,
            .at = geo_frame_lonlat(sight->frame, piece->gap.at),
            .code = keep(answer, geo_areas_code(areas, piece->gap.at)),
            .street = keep(answer, geo_wayname_find(streets, piece->gap.at)),
            .camera = keep(answer, camera->row.code),
            .camera_name = keep(answer, camera->row.name),
            .owner = camera->owner,
        };
        g_array_append_val(answer->pieces, one);
    }
}

GeoCoverageSoles *geo_coverage_find_soles(GeoStore *store, const GeoCoverageOptions *options,
                                          size_t top, GeoProgress *progress, GError **error)
{
    g_autoptr(GeoCoverageSoles) answer = g_new0(GeoCoverageSoles, 1);
    answer->class = options->class;
    answer->px_per_m = options->px_per_m;
    answer->night = options->night;
    answer->weigh = options->weigh;
    answer->pieces = g_array_new(FALSE, FALSE, sizeof(GeoCoverageSole));
    answer->text = g_string_chunk_new(1024);
    g_autoptr(GeoSurvey) survey = geo_survey_load(store, options, progress, error);
    if (!survey)
        return NULL;
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GeoRisk) risk = geo_risk_load_of(store, survey->sight->frame, options->weigh,
                                               options->night, &survey->box, progress, error);
    g_autoptr(GeoAreas) areas =
        risk ? geo_areas_load(store, NULL, survey->sight->frame, error) : NULL;
    if (!areas)
        return NULL;
    answer->without_cameras = survey->sight->n == 0;
    answer->without_weight = risk->of != GEO_RISK_EQUAL && risk->found <= 0;
    geo_progress_begin(progress, "ground seen by one");
    g_autoptr(GArray) pieces = find_pieces(survey, risk, progress, error);
    if (!pieces)
        return NULL;
    take_pieces(answer, survey, areas, pieces, top);
    answer->load_ms = survey->load_ms + risk->load_ms;
    answer->work_ms =
        survey->work_ms + (double)(g_get_monotonic_time() - begin) / 1000 - risk->load_ms;
    return g_steal_pointer(&answer);
}

void geo_coverage_soles_free(GeoCoverageSoles *soles)
{
    if (!soles)
        return;
    g_array_unref(soles->pieces);
    g_string_chunk_free(soles->text);
    g_free(soles);
}
