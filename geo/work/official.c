/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same ground and the same fields as a survey's, as polygons in tiles instead of cells. */
#include "geo/work/official.h"

#include "geo/work/fields.h"

#define STEP 64 /* polygons between questions for a cancel */

typedef struct {
    GeoExact *exact;
    GArray *first; /* uint32_t, room to work in */
    GeoProgress *progress;
    GError **error;
} Laying;

static const GeoLonLat *points_of(const GeoBatch *batch)
{
    return (const GeoLonLat *)(const void *)batch->points->data;
}

static GeoXY *project(const GeoSurvey *survey, const GeoBatch *batch)
{
    GeoXY *xy = g_new(GeoXY, MAX(batch->points->len, 1));
    geo_frame_to_xy(survey->sight->frame, points_of(batch), xy, batch->points->len);
    return xy;
}

/* All rings of a row as one even-odd polygon. */
static bool put_row(Laying *laying, int64_t id, const GeoBatch *batch, const GeoRow *row,
                    const GeoXY *xy)
{
    if (row->shape != GEO_SHAPE_POLYGON || row->n_parts == 0)
        return true;
    size_t n, total = 0;
    const GeoLonLat *begin = geo_batch_part(batch, row, 0, &n);
    g_array_set_size(laying->first, 0);
    for (uint32_t k = 0; k < row->n_parts; k++) {
        uint32_t at = (uint32_t)total;
        geo_batch_part(batch, row, k, &n);
        g_array_append_val(laying->first, at);
        total += n;
    }
    return geo_exact_put(laying->exact, id, xy + (begin - points_of(batch)), total,
                         (const uint32_t *)(const void *)laying->first->data, laying->first->len,
                         laying->error);
}

static bool ask(const Laying *laying, guint i, guint n)
{
    return i % STEP != 0 || geo_progress_step(laying->progress, (double)i / n, laying->error);
}

static GeoXY origin_of(const GeoSurvey *survey)
{
    bool empty = !(survey->box.min_x <= survey->box.max_x);
    return empty ? (GeoXY){0, 0} : (GeoXY){survey->box.min_x, survey->box.min_y};
}

GeoExact *geo_official_fields(const GeoSurvey *survey, double tile_m, GeoProgress *progress,
                              GError **error)
{
    g_autoptr(GeoFields) fields = geo_fields_of(survey->sight);
    g_autoptr(GeoExact) exact = geo_exact_new(origin_of(survey), tile_m);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    Laying laying = {exact, first, progress, error};
    geo_progress_begin(progress, "fields, exactly");
    for (guint i = 0; i < fields->n; i++) {
        size_t n = 0;
        const GeoXY *xy = geo_fields_rings(fields, i, first, &n);
        if (!ask(&laying, i, (guint)fields->n) ||
            (xy && !geo_exact_put(exact, i, xy, n, (const uint32_t *)(const void *)first->data,
                                  first->len, error)))
            return NULL;
    }
    return g_steal_pointer(&exact);
}

static bool put_streets(Laying *laying, const GeoSurvey *survey, int64_t *id)
{
    const GeoBatch *roads = survey->roads;
    g_autofree GeoXY *xy = project(survey, roads);
    for (guint i = 0; i < roads->rows->len; i++) {
        const GeoRoad *road = (const GeoRoad *)(const void *)geo_batch_row(roads, i);
        double width_m = geo_survey_street_m(road);
        if (!ask(laying, i, roads->rows->len))
            return false;
        for (uint32_t k = 0; width_m > 0 && k < road->row.n_parts; k++) {
            size_t n;
            const GeoLonLat *line = geo_batch_part(roads, &road->row, k, &n);
            if (!geo_exact_put_line(laying->exact, (*id)++, xy + (line - points_of(roads)), n,
                                    width_m, laying->error))
                return false;
        }
    }
    return true;
}

static bool put_base(Laying *laying, const GeoSurvey *survey, int class, int64_t *id)
{
    g_autofree GeoXY *xy = project(survey, survey->base);
    for (guint i = 0; i < survey->base->rows->len; i++) {
        const GeoBase *base = (const GeoBase *)(const void *)geo_batch_row(survey->base, i);
        if (!ask(laying, i, survey->base->rows->len) ||
            (base->class == class && !put_row(laying, (*id)++, survey->base, &base->row, xy)))
            return false;
    }
    return true;
}

static bool put_buildings(Laying *laying, const GeoSurvey *survey, int64_t *id)
{
    const GeoBatch *buildings = survey->sight->buildings;
    for (guint i = 0; i < buildings->rows->len; i++)
        if (!ask(laying, i, buildings->rows->len) ||
            !put_row(laying, (*id)++, buildings, geo_batch_row(buildings, i),
                     survey->sight->building_xy))
            return false;
    return true;
}

/* Streets and squares, without private land and buildings. */
static GeoExact *lay_ground(const GeoSurvey *survey, GeoXY origin, double tile_m, Laying *laying)
{
    int64_t id = 0;
    g_autoptr(GeoExact) open = geo_exact_new(origin, tile_m);
    g_autoptr(GeoExact) closed = geo_exact_new(origin, tile_m);
    laying->exact = open;
    geo_progress_begin(laying->progress, "streets and squares, exactly");
    if (!put_streets(laying, survey, &id) || !put_base(laying, survey, GEO_BASE_SQUARE, &id))
        return NULL;
    laying->exact = closed;
    geo_progress_begin(laying->progress, "buildings, exactly");
    if (!put_base(laying, survey, GEO_BASE_PRIVATE, &id) || !put_buildings(laying, survey, &id))
        return NULL;
    geo_progress_begin(laying->progress, "public ground, exactly");
    return geo_exact_join(open, 1, GEO_EXACT_MINUS, closed, laying->progress, laying->error);
}

GeoOfficialTiles *geo_official_tiles(const GeoSurvey *survey, double tile_m, GeoProgress *progress,
                                     GError **error)
{
    g_autoptr(GeoOfficialTiles) tiles = g_new0(GeoOfficialTiles, 1);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    tiles->origin = origin_of(survey);
    tiles->fields = geo_official_fields(survey, tile_m, progress, error);
    if (!tiles->fields)
        return NULL;
    Laying laying = {NULL, first, progress, error};
    tiles->ground = lay_ground(survey, tiles->origin, tile_m, &laying);
    return tiles->ground ? g_steal_pointer(&tiles) : NULL;
}

void geo_official_tiles_free(GeoOfficialTiles *tiles)
{
    if (!tiles)
        return;
    geo_exact_free(tiles->fields);
    geo_exact_free(tiles->ground);
    g_free(tiles);
}

static bool measure_areas(GeoOfficial *official, GeoOfficialTiles *tiles, GeoExact *seen,
                          GeoProgress *progress, GError **error)
{
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    size_t n = geo_areas_n(official->level);
    for (size_t i = 0; i < n; i++) {
        size_t n_points;
        const GeoXY *xy = geo_areas_rings(official->level, i, first, &n_points);
        const GeoArea *row = geo_areas_row(official->level, i);
        GeoOfficialArea area = {.code = row->row.code, .name = row->row.name};
        g_autoptr(GeoExact) mask = geo_exact_new(tiles->origin, GEO_EXACT_TILE_M);
        geo_progress_begin(progress, "areas, exactly");
        if (!geo_exact_put(mask, 1, xy, n_points, (const uint32_t *)(const void *)first->data,
                           first->len, error) ||
            !geo_exact_area_within(tiles->ground, 1, mask, &area.ground_m2, progress, error) ||
            !geo_exact_area_within(seen, 1, mask, &area.seen_m2, progress, error))
            return false;
        g_array_append_val(official->areas, area);
    }
    return true;
}

static bool measure(GeoOfficial *official, GeoOfficialTiles *tiles, GeoProgress *progress,
                    GError **error)
{
    geo_progress_begin(progress, "areas, exactly");
    if (!geo_exact_refresh(tiles->fields, GEO_EXACT_LEVELS, progress, error) ||
        !geo_exact_area(tiles->ground, 1, &official->ground_m2, progress, error))
        return false;
    for (unsigned k = 1; k <= GEO_EXACT_LEVELS; k++) {
        g_autoptr(GeoExact) seen =
            geo_exact_join(tiles->fields, k, GEO_EXACT_AND, tiles->ground, progress, error);
        if (!seen || !geo_exact_area(seen, 1, &official->seen_m2[k - 1], progress, error) ||
            !geo_exact_area(tiles->fields, k, &official->field_m2[k - 1], progress, error))
            return false;
        if (k == 1 && official->level && !measure_areas(official, tiles, seen, progress, error))
            return false;
    }
    return true;
}

GeoOfficial *geo_official_measure(GeoStore *store, const GeoCoverageOptions *options,
                                  GeoProgress *progress, GError **error)
{
    const GeoCoverageOptions plain = {0};
    options = options ? options : &plain;
    g_autoptr(GeoSurvey) survey = geo_survey_load(store, options, progress, error);
    if (!survey)
        return NULL;
    g_autoptr(GeoOfficial) official = g_new0(GeoOfficial, 1);
    official->class = options->class;
    official->px_per_m = options->px_per_m;
    official->night = options->night;
    official->areas = g_array_new(FALSE, FALSE, sizeof(GeoOfficialArea));
    official->load_ms = survey->load_ms;
    if (options->level &&
        !(official->level = geo_areas_load(store, options->level, survey->sight->frame, error)))
        return NULL;
    gint64 begin = g_get_monotonic_time();
    official->raster_m2 = geo_ground_share(survey->ground, survey->cover).ground_seen_m2;
    g_autoptr(GeoOfficialTiles) tiles =
        geo_official_tiles(survey, GEO_EXACT_TILE_M, progress, error);
    if (!tiles || !measure(official, tiles, progress, error))
        return NULL;
    official->work_ms = survey->work_ms + (double)(g_get_monotonic_time() - begin) / 1000;
    return g_steal_pointer(&official);
}

void geo_official_free(GeoOfficial *official)
{
    if (!official)
        return;
    g_array_unref(official->areas);
    geo_areas_free(official->level);
    g_free(official);
}
