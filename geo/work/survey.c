/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/survey.h"

#include <math.h>
#include <stdlib.h>

#include "geo/work/fields.h"

#define DEFAULT_CELL_M 1.0
#define BAND_M 256.0 /* cameras are added band by band, so that tiles stay in the cache */
#define STEP 512     /* polygons or streets between questions for a cancel */

/* From wall to wall: carriageway and pavements (ours, for city streets; a dual carriageway is two
 * ways of half of it each). */
static const double street_width_m[GEO_N_ROAD_CLASSES] = {
    [GEO_ROAD_MOTORWAY] = 14,  [GEO_ROAD_TRUNK] = 14,    [GEO_ROAD_PRIMARY] = 16,
    [GEO_ROAD_SECONDARY] = 14, [GEO_ROAD_TERTIARY] = 12, [GEO_ROAD_RESIDENTIAL] = 8,
    [GEO_ROAD_PEDESTRIAN] = 8,
};

bool geo_survey_is_street(const GeoRoad *road)
{
    bool closed = road->foot == 0 && road->ebike == 0 && road->car == 0;
    return street_width_m[road->class] > 0 && road->layer >= 0 && !closed;
}

double geo_survey_street_m(const GeoRoad *road)
{
    return geo_survey_is_street(road) ? street_width_m[road->class] : 0;
}

static const GeoLonLat *points_of(const GeoBatch *batch)
{
    return (const GeoLonLat *)(const void *)batch->points->data;
}

/* Points of a batch in metres; the caller's. */
static GeoXY *project(const GeoSight *sight, const GeoBatch *batch)
{
    GeoXY *xy = g_new(GeoXY, MAX(batch->points->len, 1));
    geo_frame_to_xy(sight->frame, points_of(batch), xy, batch->points->len);
    return xy;
}

static void box_add_finite(GeoBox *box, const GeoXY *xy, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isfinite(xy[i].x) && isfinite(xy[i].y))
            geo_box_add(box, xy[i]);
}

/* All rings of a row as one even-odd polygon. */
typedef void (*RingsFunc)(GeoGround *ground, const GeoXY *points, const uint32_t *part_first,
                          size_t n_parts, size_t n_points);

static void with_rings(GeoGround *ground, const GeoBatch *batch, const GeoRow *row, const GeoXY *xy,
                       GArray *first, RingsFunc take)
{
    if (row->shape != GEO_SHAPE_POLYGON || row->n_parts == 0)
        return;
    size_t n, total = 0;
    const GeoLonLat *begin = geo_batch_part(batch, row, 0, &n);
    g_array_set_size(first, 0);
    for (uint32_t k = 0; k < row->n_parts; k++) {
        uint32_t at = (uint32_t)total;
        geo_batch_part(batch, row, k, &n);
        g_array_append_val(first, at);
        total += n;
    }
    take(ground, xy + (begin - points_of(batch)), (const uint32_t *)(const void *)first->data,
         first->len, total);
}

static void add_streets(GeoSurvey *survey, const GeoXY *xy)
{
    for (guint i = 0; i < survey->roads->rows->len; i++) {
        const GeoRoad *road = (const GeoRoad *)(const void *)geo_batch_row(survey->roads, i);
        for (uint32_t k = 0; geo_survey_is_street(road) && k < road->row.n_parts; k++) {
            size_t n;
            const GeoLonLat *line = geo_batch_part(survey->roads, &road->row, k, &n);
            geo_ground_add_street(survey->ground, xy + (line - points_of(survey->roads)), n,
                                  street_width_m[road->class], i);
        }
    }
}

static void add_base(GeoSurvey *survey, const GeoXY *xy, int class, GArray *first, RingsFunc take)
{
    for (guint i = 0; i < survey->base->rows->len; i++) {
        const GeoBase *base = (const GeoBase *)(const void *)geo_batch_row(survey->base, i);
        if (base->class == class)
            with_rings(survey->ground, survey->base, &base->row, xy, first, take);
    }
}

static void add_streets_to_box(GeoSurvey *survey, const GeoXY *xy)
{
    for (guint i = 0; i < survey->roads->rows->len; i++) {
        const GeoRoad *road = (const GeoRoad *)(const void *)geo_batch_row(survey->roads, i);
        for (uint32_t k = 0; geo_survey_is_street(road) && k < road->row.n_parts; k++) {
            size_t n;
            const GeoLonLat *line = geo_batch_part(survey->roads, &road->row, k, &n);
            box_add_finite(&survey->box, xy + (line - points_of(survey->roads)), n);
        }
    }
}

static void add_squares_to_box(GeoSurvey *survey, const GeoXY *xy)
{
    for (guint i = 0; i < survey->base->rows->len; i++) {
        const GeoBase *base = (const GeoBase *)(const void *)geo_batch_row(survey->base, i);
        for (uint32_t k = 0; base->class == GEO_BASE_SQUARE && k < base->row.n_parts; k++) {
            size_t n;
            const GeoLonLat *ring = geo_batch_part(survey->base, &base->row, k, &n);
            box_add_finite(&survey->box, xy + (ring - points_of(survey->base)), n);
        }
    }
}

/* Streets and squares, without private land and buildings. */
static bool lay_ground(GeoSurvey *survey, double cell_m, GeoProgress *progress, GError **error)
{
    const GeoSight *sight = survey->sight;
    g_autofree GeoXY *roads = project(sight, survey->roads);
    g_autofree GeoXY *base = project(sight, survey->base);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    survey->box = GEO_BOX_EMPTY;
    add_streets_to_box(survey, roads);
    add_squares_to_box(survey, base);
    box_add_finite(&survey->box, sight->xy, sight->first[sight->n]);
    if (survey->box.min_x <= survey->box.max_x) /* half the widest street, and whole cells */
        survey->box = (GeoBox){floor(survey->box.min_x) - 16, floor(survey->box.min_y) - 16,
                               ceil(survey->box.max_x) + 16, ceil(survey->box.max_y) + 16};
    survey->ground = geo_ground_new(&survey->box, cell_m);
    survey->cover = geo_cover_new(&survey->box, cell_m);
    add_streets(survey, roads);
    add_base(survey, base, GEO_BASE_SQUARE, first, geo_ground_add_square);
    add_base(survey, base, GEO_BASE_PRIVATE, first, geo_ground_cut);
    for (guint i = 0; i < sight->buildings->rows->len; i++) {
        if (i % STEP == 0 &&
            !geo_progress_step(progress, (double)i / sight->buildings->rows->len, error))
            return false;
        with_rings(survey->ground, sight->buildings, geo_batch_row(sight->buildings, i),
                   sight->building_xy, first, geo_ground_cut);
    }
    return true;
}

typedef struct {
    double band, x;
    uint32_t camera;
} Turn;

static int compare_turns(const void *pa, const void *pb)
{
    const Turn *a = pa, *b = pb;
    if (a->band != b->band)
        return a->band < b->band ? -1 : 1;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return a->camera < b->camera ? -1 : a->camera > b->camera;
}

static bool count_eyes(GeoSurvey *survey, GeoProgress *progress, GError **error)
{
    const GeoSight *sight = survey->sight;
    g_autofree Turn *turns = g_new(Turn, MAX(sight->n, 1));
    size_t n = 0;
    for (uint32_t i = 0; i < sight->n; i++)
        if (sight->first[i] < sight->first[i + 1]) {
            GeoXY at = sight->eyes[i].at;
            turns[n++] = (Turn){floor(at.y / BAND_M), at.x, i};
        }
    qsort(turns, n, sizeof *turns, compare_turns);
    for (size_t i = 0; i < n; i++) {
        if (i % STEP == 0 && !geo_progress_step(progress, (double)i / (double)n, error))
            return false;
        uint32_t k = turns[i].camera, first = sight->first[k];
        geo_cover_add_rings(survey->cover, sight->xy + first, sight->first[k + 1] - first,
                            sight->ring + sight->ring0[k], sight->ring0[k + 1] - sight->ring0[k]);
    }
    return true;
}

static bool load_all(GeoSurvey *survey, GeoStore *store, const GeoCoverageOptions *options,
                     GeoProgress *progress, GError **error)
{
    GeoSightOptions sight = {.class = options->class,
                             .px_per_m = options->px_per_m,
                             .night = options->night,
                             .metres_only = true};
    survey->sight = geo_sight_load(store, &sight, progress, error);
    if (!survey->sight)
        return false;
    gint64 begin = g_get_monotonic_time();
    geo_progress_begin(progress, "streets and squares");
    survey->roads = geo_store_load(store, GEO_KIND_ROAD, NULL, error);
    if (!survey->roads || !geo_progress_step(progress, 0.5, error))
        return false;
    survey->base = geo_store_load(store, GEO_KIND_BASE, NULL, error);
    if (!survey->base)
        return false;
    gint64 loaded = g_get_monotonic_time();
    geo_progress_begin(progress, "public ground");
    double cell_m = options->cell_m > 0 ? options->cell_m : DEFAULT_CELL_M;
    if (!lay_ground(survey, cell_m, progress, error))
        return false;
    geo_progress_begin(progress, "counts of eyes");
    if (!count_eyes(survey, progress, error))
        return false;
    survey->load_ms = survey->sight->load_ms + (double)(loaded - begin) / 1000;
    survey->work_ms = survey->sight->work_ms + (double)(g_get_monotonic_time() - loaded) / 1000;
    return true;
}

GeoSurvey *geo_survey_load(GeoStore *store, const GeoCoverageOptions *options,
                           GeoProgress *progress, GError **error)
{
    g_autoptr(GeoSurvey) survey = g_new0(GeoSurvey, 1);
    if (!load_all(survey, store, options, progress, error))
        return NULL;
    return g_steal_pointer(&survey);
}

GeoCover *geo_survey_possible(const GeoSurvey *survey, const GeoCoverageOptions *options,
                              GeoProgress *progress, GError **error)
{
    GeoSightOptions sight = {
        .class = options->class, .px_per_m = options->px_per_m, .night = options->night};
    geo_progress_begin(progress, "fields in doubt");
    return geo_fields_cover(survey->sight, &sight, GEO_FIELDS_POSSIBLE, NULL, survey->cover,
                            progress, error);
}

void geo_survey_free(GeoSurvey *survey)
{
    if (!survey)
        return;
    geo_sight_free(survey->sight);
    geo_batch_free(survey->roads);
    geo_batch_free(survey->base);
    geo_ground_free(survey->ground);
    geo_cover_free(survey->cover);
    g_free(survey);
}

static bool in_box(const GeoBox *box, GeoXY p)
{
    return !box ||
           (p.x >= box->min_x && p.x <= box->max_x && p.y >= box->min_y && p.y <= box->max_y);
}

void geo_survey_weigh(const GeoSurvey *survey, GeoRisk *risk, const GeoBox *box, unsigned cover,
                      double *total, double *seen)
{
    int64_t columns, rows;
    GeoXY origin;
    double cell_m = geo_ground_cell_m(survey->ground);
    *total = *seen = 0;
    geo_cover_size(survey->cover, &columns, &rows, &origin);
    for (int64_t y = 0; y * GEO_TILE_CELLS < rows; y++)
        for (int64_t x = 0; x * GEO_TILE_CELLS < columns; x++) {
            const uint64_t *bits = geo_ground_tile(survey->ground, x, y);
            const uint8_t *counts = geo_cover_tile(survey->cover, x, y);
            for (int i = 0; bits && i < GEO_TILE_CELLS * GEO_TILE_CELLS; i++) {
                if (!(bits[i / GEO_TILE_CELLS] >> (i % GEO_TILE_CELLS) & 1))
                    continue;
                double column = (double)(x * GEO_TILE_CELLS + i % GEO_TILE_CELLS) + 0.5;
                double row = (double)(y * GEO_TILE_CELLS + i / GEO_TILE_CELLS) + 0.5;
                GeoXY p = {origin.x + column * cell_m, origin.y + row * cell_m};
                if (!in_box(box, p))
                    continue;
                double weight = geo_risk_at(p, risk) * cell_m * cell_m;
                *total += weight;
                *seen += weight * (counts ? MIN(counts[i], cover) : 0) / cover;
            }
        }
}
