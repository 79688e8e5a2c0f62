/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of these layers are no rows of the city: cameras keep their own columns with the field as
 * their shape, pieces borrow columns of a kind that has room for them, under names of their own. */
#include <math.h>
#include <stdlib.h>

#include "geo/calc/scan.h"
#include "geo/model/error.h"
#include "geo/work/fields.h"
#include "geo/work/official.h"
#include "geo/work/risk.h"

#define PATCH_M 8.0 /* a weight is asked once for each, as gaps do */

const char *const geo_official_words[] = {"fields", "covered", "gaps", NULL};

typedef struct {
    const char *field, *name;
} Column;

static GeoPublication *publication_new(GeoKind kind, const Column *columns)
{
    GeoPublication *publication = g_new0(GeoPublication, 1);
    publication->rows = geo_batch_new(kind);
    publication->fields = g_ptr_array_new();
    publication->names = g_ptr_array_new();
    for (;; columns++) {
        g_ptr_array_add(publication->fields, (gpointer)columns->field);
        g_ptr_array_add(publication->names, (gpointer)columns->name);
        if (!columns->field)
            return publication;
    }
}

static char *seen_as(const GeoCoverageOptions *options)
{
    return g_strdup_printf(
        "%s, %s", options->density ? options->density : geo_sight_class_words[options->class],
        options->night ? "night" : "day");
}

static void draw(GeoBatch *rows, GeoFrame *frame, const GeoXY *ring, size_t n)
{
    g_autofree GeoLonLat *points = g_new(GeoLonLat, n);
    geo_frame_to_lonlat(frame, ring, points, n);
    geo_batch_part_from(rows, GEO_SHAPE_POLYGON, points, n);
}

static GeoPublication *publish_fields(const GeoSurvey *survey, const GeoCoverageOptions *options)
{
    static const Column columns[] = {{"code", "code"},
                                     {"name", "name"},
                                     {"owner", "owner"},
                                     {"lens", "lens"},
                                     {"state", "state"},
                                     {"heading_deg", "heading_deg"},
                                     {"fov_deg", "fov_deg"},
                                     {"range_m", "reach_m"},
                                     {"assumed", "assumed"},
                                     {"place", "seen_as"},
                                     {NULL, NULL}};
    const GeoSight *sight = survey->sight;
    g_autofree char *words = seen_as(options);
    GeoPublication *publication = publication_new(GEO_KIND_CAMERA, columns);
    GeoBatch *rows = publication->rows;
    g_autoptr(GeoFields) fields = geo_fields_of(sight);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (size_t i = 0; i < sight->n; i++) {
        const GeoCamera *from = (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, i);
        size_t n_points = 0;
        const GeoXY *xy = geo_fields_rings(fields, i, first, &n_points);
        if (!xy)
            continue;
        GeoCamera *camera = geo_batch_add(rows);
        uint32_t part0 = camera->row.part0;
        *camera = *from;
        camera->row.part0 = part0;
        camera->row.n_parts = 0;
        camera->row.code = geo_batch_text(rows, from->row.code);
        camera->row.name = geo_batch_text(rows, from->row.name);
        camera->place = geo_batch_word(rows, words);
        camera->range_m = sight->eyes[i].range_m;
        for (guint k = 0; k < first->len; k++) {
            uint32_t from_point = g_array_index(first, uint32_t, k);
            size_t end = k + 1 < first->len ? g_array_index(first, uint32_t, k + 1) : n_points;
            draw(rows, sight->frame, xy + from_point, end - from_point);
        }
    }
    return publication;
}

static void draw_polygon(GeoBatch *rows, GeoFrame *frame, const GeoRegionRings *rings, guint i)
{
    uint32_t from = g_array_index(rings->polygon_first, uint32_t, i);
    uint32_t to = g_array_index(rings->polygon_first, uint32_t, i + 1);
    for (uint32_t r = from; r < to; r++) {
        uint32_t first = g_array_index(rings->ring_first, uint32_t, r);
        uint32_t end = g_array_index(rings->ring_first, uint32_t, r + 1);
        draw(rows, frame, &g_array_index(rings->points, GeoXY, first), end - first);
    }
}

static GeoPublication *publish_covered(const GeoSurvey *survey, const GeoCoverageOptions *options,
                                       GeoProgress *progress, GError **error)
{
    static const Column columns[] = {{"name", "seen_as"}, {"cost", "area_m2"}, {NULL, NULL}};
    const GeoSight *sight = survey->sight;
    g_autoptr(GeoExact) fields = geo_official_fields(survey, GEO_EXACT_TILE_M, progress, error);
    if (!fields)
        return NULL;
    g_autoptr(GeoRegionRings) rings = geo_exact_rings(fields, 1, true, 0, progress, error);
    if (!rings)
        return NULL;
    g_autofree char *words = seen_as(options);
    GeoPublication *publication = publication_new(GEO_KIND_SITE, columns);
    for (guint i = 0; i < rings->area_m2->len; i++) {
        GeoSite *row = geo_batch_add(publication->rows);
        row->row.name = geo_batch_word(publication->rows, words);
        row->cost = round(g_array_index(rings->area_m2, double, i) * 100) / 100;
        draw_polygon(publication->rows, sight->frame, rings, i);
    }
    return publication;
}

/* ---- gaps ---- */

typedef struct {
    double weight;
    guint polygon;
} Rank;

static int compare_ranks(const void *pa, const void *pb)
{
    const Rank *a = pa, *b = pb;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->polygon < b->polygon ? -1 : a->polygon > b->polygon;
}

/* Mean weight over its cells of 1 m, times the exact area. */
static double weigh(GeoScan *scan, const GeoRegionRings *rings, guint i, GeoRisk *risk)
{
    uint32_t from = g_array_index(rings->polygon_first, uint32_t, i);
    uint32_t to = g_array_index(rings->polygon_first, uint32_t, i + 1);
    uint32_t begin = g_array_index(rings->ring_first, uint32_t, from);
    uint32_t end = g_array_index(rings->ring_first, uint32_t, to);
    const uint32_t *first = &g_array_index(rings->ring_first, uint32_t, from);
    const GeoXY *points = &g_array_index(rings->points, GeoXY, begin);
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t r = 0; r < to - from; r++) {
        uint32_t at = first[r] - begin;
        g_array_append_val(parts, at);
    }
    size_t n;
    const GeoSpan *spans = geo_scan_polygon(
        scan, points, end - begin, (const uint32_t *)(const void *)parts->data, parts->len, &n);
    GeoXY origin = geo_scan_origin(scan);
    double cells = 0, sum = 0;
    for (size_t s = 0; s < n; s++)
        for (int32_t x = spans[s].from; x < spans[s].to;) {
            int32_t next = MIN(spans[s].to, (x / (int32_t)PATCH_M + 1) * (int32_t)PATCH_M);
            GeoXY middle = {origin.x + (floor(x / PATCH_M) + 0.5) * PATCH_M,
                            origin.y + (floor(spans[s].row / PATCH_M) + 0.5) * PATCH_M};
            sum += (next - x) * geo_risk_at(middle, risk);
            cells += next - x;
            x = next;
        }
    double m2 = g_array_index(rings->area_m2, double, i);
    return m2 * (cells > 0 ? sum / cells : geo_risk_at(points[0], risk));
}

static GeoPublication *rank_gaps(const GeoSurvey *survey, const GeoRegionRings *rings,
                                 const GeoCoverageOptions *options, const GeoAreas *areas,
                                 GeoRisk *risk)
{
    static const Column columns[] = {{"mandatory", "rank"},  {"code", "area"},
                                     {"name", "unseen_as"},  {"cost", "area_m2"},
                                     {"height_m", "weight"}, {NULL, NULL}};
    guint n = rings->area_m2->len;
    g_autofree Rank *ranks = g_new(Rank, n + 1);
    g_autoptr(GeoScan) scan = geo_scan_new(&survey->box, 1);
    for (guint i = 0; i < n; i++)
        ranks[i] = (Rank){weigh(scan, rings, i, risk), i};
    qsort(ranks, n, sizeof *ranks, compare_ranks);
    g_autofree char *words = seen_as(options);
    GeoPublication *publication = publication_new(GEO_KIND_SITE, columns);
    GeoBatch *rows = publication->rows;
    for (guint i = 0; i < n; i++) {
        guint k = ranks[i].polygon;
        uint32_t ring = g_array_index(rings->polygon_first, uint32_t, k);
        uint32_t point = g_array_index(rings->ring_first, uint32_t, ring);
        GeoXY at = g_array_index(rings->points, GeoXY, point);
        GeoSite *row = geo_batch_add(rows);
        row->mandatory = i + 1;
        row->row.code = geo_batch_word(rows, geo_areas_code(areas, at));
        row->row.name = geo_batch_word(rows, words);
        row->cost = round(g_array_index(rings->area_m2, double, k) * 100) / 100;
        row->height_m = ranks[i].weight;
        draw_polygon(rows, survey->sight->frame, rings, k);
    }
    return publication;
}

static GeoPublication *publish_gaps(GeoStore *store, const GeoSurvey *survey,
                                    const GeoCoverageOptions *options, GeoProgress *progress,
                                    GError **error)
{
    g_autoptr(GeoAreas) areas = geo_areas_load(store, NULL, survey->sight->frame, error);
    if (!areas)
        return NULL;
    g_autoptr(GeoRisk) risk =
        geo_risk_load(store, survey->sight->frame, &survey->box, progress, error);
    g_autoptr(GeoOfficialTiles) tiles =
        risk ? geo_official_tiles(survey, GEO_COVERAGE_BLOCK_M, progress, error) : NULL;
    if (!tiles)
        return NULL;
    geo_progress_begin(progress, "gaps, exactly");
    g_autoptr(GeoExact) unseen =
        geo_exact_join(tiles->ground, 1, GEO_EXACT_MINUS, tiles->fields, progress, error);
    g_autoptr(GeoRegionRings) rings =
        unseen ? geo_exact_rings(unseen, 1, false, GEO_COVERAGE_GAP_M2, progress, error) : NULL;
    return rings ? rank_gaps(survey, rings, options, areas, risk) : NULL;
}

GeoPublication *geo_official_publish(GeoStore *store, GeoOfficialLayer layer,
                                     const GeoCoverageOptions *options, GeoAudience audience,
                                     GeoProgress *progress, GError **error)
{
    const GeoCoverageOptions plain = {0};
    options = options ? options : &plain;
    if (audience == GEO_AUDIENCE_PUBLIC && layer == GEO_OFFICIAL_FIELDS) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "%s are not for the audience '%s'",
                    geo_official_words[layer], geo_audience_words[audience]);
        return NULL;
    }
    g_autoptr(GeoSurvey) survey = geo_survey_load(store, options, progress, error);
    if (!survey)
        return NULL;
    switch (layer) {
    case GEO_OFFICIAL_FIELDS:
        return publish_fields(survey, options);
    case GEO_OFFICIAL_COVERED:
        return publish_covered(survey, options, progress, error);
    default:
        return publish_gaps(store, survey, options, progress, error);
    }
}
