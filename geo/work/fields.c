/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/fields.h"

#include <math.h>
#include <stdlib.h>

#define STEP_CAMERAS 512 /* between questions for a cancel; some 5 ms */
#define BAND_M 256.0     /* cameras are counted band by band, so that tiles stay in the cache */

typedef struct {
    GArray *xy;   /* GeoXY */
    GArray *ring; /* uint32_t */
    uint32_t *ring0;
} Drawing;

/* A ring, closed here. */
static void add_ring(Drawing *drawing, const GeoXY *points, size_t n)
{
    if (n < 3)
        return;
    g_array_append_val(drawing->ring, drawing->xy->len);
    g_array_append_vals(drawing->xy, points, (guint)n);
    g_array_append_val(drawing->xy, points[0]);
}

static void drawing_begin(Drawing *drawing, size_t n)
{
    drawing->xy = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    drawing->ring = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    drawing->ring0 = g_new0(uint32_t, n + 1);
}

static GeoFields *drawing_end(Drawing *drawing, size_t n)
{
    GeoFields *fields = g_new0(GeoFields, 1);
    fields->n = n;
    g_array_append_val(drawing->ring, drawing->xy->len);
    fields->ring0 = drawing->ring0;
    fields->ring = (uint32_t *)(void *)g_array_free(drawing->ring, FALSE);
    fields->xy = (GeoXY *)(void *)g_array_free(drawing->xy, FALSE);
    return fields;
}

GeoFields *geo_fields_of(const GeoSight *sight)
{
    Drawing drawing;
    drawing_begin(&drawing, sight->n);
    for (size_t i = 0; i < sight->n; i++) {
        drawing.ring0[i] = drawing.ring->len;
        for (uint32_t k = sight->ring0[i]; k < sight->ring0[i + 1]; k++)
            add_ring(&drawing, sight->xy + sight->ring[k], sight->ring[k + 1] - sight->ring[k]);
    }
    drawing.ring0[sight->n] = drawing.ring->len;
    return drawing_end(&drawing, sight->n);
}

/* Straight borders turn with the heading, so that arcs take their place: what is seen for sure lies
 * within the arcs that touch them ahead, what may be seen within those through their corners. */
static void turn_both_ways(GeoEye *eye, GeoFieldsDoubt doubt, double off_deg)
{
    double corner = cos(fmin(eye->fov_deg, GEO_VIEW_ARC_DEG) / 2 * G_PI / 180);
    if (doubt == GEO_FIELDS_SURE) {
        eye->range_m = geo_view_ahead_m(eye);
        eye->near_m /= corner;
    } else {
        eye->near_m = 0;
    }
    eye->depth_m = 0;
    eye->fov_deg += (doubt == GEO_FIELDS_POSSIBLE ? 2 : -2) * off_deg;
    eye->fov_deg = CLAMP(eye->fov_deg, 0, 360);
}

/* The heading is off by up to the error either way: what is seen for sure is the field less the
 * error on both sides, what may be seen is the field and the error on both sides. */
static GeoEye doubted_eye(const GeoCamera *camera, GeoXY at, const GeoSightOptions *options,
                          GeoFieldsDoubt doubt)
{
    GeoCamera known = *camera;
    bool aimless = !isfinite(camera->heading_deg) || camera->heading_err_deg >= 180;
    double off_deg = camera->heading_err_deg > 0 ? camera->heading_err_deg : 0;
    if (doubt == GEO_FIELDS_POSSIBLE && aimless) {
        known.heading_deg = known.heading_err_deg = 0;
        off_deg = 180;
    }
    GeoEye eye = geo_sight_eye(&known, at, options, NULL);
    if (doubt == GEO_FIELDS_STATED || eye.fov_deg >= 360)
        return eye;
    if (doubt == GEO_FIELDS_POSSIBLE && (camera->assumed & (GEO_ASSUMED_TILT | GEO_ASSUMED_HEIGHT)))
        eye.near_m = 0;
    if (off_deg > 0)
        turn_both_ways(&eye, doubt, off_deg);
    return eye;
}

GeoFields *geo_fields_draw(const GeoSight *sight, const GeoSightOptions *options,
                           GeoFieldsDoubt doubt, const uint8_t *wanted, GeoProgress *progress,
                           GError **error)
{
    Drawing drawing;
    drawing_begin(&drawing, sight->n);
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) rings = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool more = true;
    for (size_t i = 0; i < sight->n && more; i++) {
        drawing.ring0[i] = drawing.ring->len;
        if (i % STEP_CAMERAS == 0)
            more = geo_progress_step(progress, (double)i / (double)sight->n, error);
        if (wanted && !wanted[i])
            continue;
        const GeoCamera *camera = (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, i);
        GeoEye eye = doubted_eye(camera, sight->eyes[i].at, options, doubt);
        g_array_set_size(points, 0);
        g_array_set_size(rings, 0);
        geo_view_rings(sight->edges, &eye, points, rings);
        g_array_append_val(rings, points->len);
        const uint32_t *ring = (const uint32_t *)(const void *)rings->data;
        for (guint k = 0; k + 1 < rings->len; k++)
            add_ring(&drawing, &g_array_index(points, GeoXY, ring[k]), ring[k + 1] - ring[k]);
    }
    drawing.ring0[sight->n] = drawing.ring->len;
    g_autoptr(GeoFields) fields = drawing_end(&drawing, sight->n);
    return more ? g_steal_pointer(&fields) : NULL;
}

void geo_fields_free(GeoFields *fields)
{
    if (!fields)
        return;
    g_free(fields->ring0);
    g_free(fields->ring);
    g_free(fields->xy);
    g_free(fields);
}

bool geo_fields_empty(const GeoFields *fields, size_t i)
{
    return fields->ring0[i] == fields->ring0[i + 1];
}

const GeoXY *geo_fields_rings(const GeoFields *fields, size_t i, GArray *part_first,
                              size_t *n_points)
{
    g_array_set_size(part_first, 0);
    if (geo_fields_empty(fields, i))
        return NULL;
    uint32_t first = fields->ring[fields->ring0[i]];
    for (uint32_t k = fields->ring0[i]; k < fields->ring0[i + 1]; k++) {
        uint32_t at = fields->ring[k] - first;
        g_array_append_val(part_first, at);
    }
    *n_points = fields->ring[fields->ring0[i + 1]] - first;
    return fields->xy + first;
}

void geo_fields_change(const GeoFields *fields, size_t i, GeoCover *cover, bool add)
{
    if (geo_fields_empty(fields, i))
        return;
    const uint32_t *ring = fields->ring + fields->ring0[i];
    uint32_t n_rings = fields->ring0[i + 1] - fields->ring0[i];
    (add ? geo_cover_add_rings : geo_cover_remove_rings)(cover, fields->xy + ring[0],
                                                         ring[n_rings] - ring[0], ring, n_rings);
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

static GeoCover *empty_cover(const GeoCover *like)
{
    int64_t columns, rows;
    GeoXY origin;
    geo_cover_size(like, &columns, &rows, &origin);
    double cell_m = geo_cover_cell_m(like);
    /* To the middle of the last cells, so that rounding makes neither more nor fewer. */
    GeoBox box = {origin.x, origin.y, origin.x + ((double)columns - 0.5) * cell_m,
                  origin.y + ((double)rows - 0.5) * cell_m};
    return geo_cover_new(&box, cell_m);
}

GeoCover *geo_fields_count(const GeoFields *fields, const uint8_t *without, const GeoCover *like,
                           GeoProgress *progress, GError **error)
{
    g_autoptr(GeoCover) cover = empty_cover(like);
    g_autofree Turn *turns = g_new(Turn, MAX(fields->n, 1));
    size_t n = 0;
    for (uint32_t i = 0; i < fields->n; i++)
        if (!geo_fields_empty(fields, i) && !(without && without[i])) {
            GeoXY at = fields->xy[fields->ring[fields->ring0[i]]];
            turns[n++] = (Turn){floor(at.y / BAND_M), at.x, i};
        }
    qsort(turns, n, sizeof *turns, compare_turns);
    for (size_t i = 0; i < n; i++) {
        if (i % STEP_CAMERAS == 0 && !geo_progress_step(progress, (double)i / (double)n, error))
            return NULL;
        geo_fields_change(fields, turns[i].camera, cover, true);
    }
    return g_steal_pointer(&cover);
}

GeoCover *geo_fields_cover(const GeoSight *sight, const GeoSightOptions *options,
                           GeoFieldsDoubt doubt, const uint8_t *wanted, const GeoCover *like,
                           GeoProgress *progress, GError **error)
{
    g_autoptr(GeoFields) fields = geo_fields_draw(sight, options, doubt, wanted, progress, error);
    if (!fields)
        return NULL;
    return geo_fields_count(fields, NULL, like, progress, error);
}
