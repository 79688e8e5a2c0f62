/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each part is one query by spatial index around the place, then plain arithmetic. A camera sees
 * the place when it lies in the field that coverage draws for it at the least class: what is said
 * here and what the map shows are one computation. */
#include "geo/work/here.h"

#include <math.h>
#include <string.h>

#include "geo/work/who.h"

#define RADIUS_M 150.0
#define MAX_INCIDENTS 12
#define STREET_M 60.0
#define CAMERA_M 1500.0 /* farther than any camera of a street tells a person */
#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define DEG_M 111000.0

static GeoBounds around(GeoLonLat at, double radius_m)
{
    double lat = radius_m / DEG_M, lon = lat / fmax(cos(at.lat * G_PI / 180), 0.01);
    return (GeoBounds){at.lon - lon, at.lat - lat, at.lon + lon, at.lat + lat};
}

static const char *keep(GeoHere *here, const char *text)
{
    return text && *text ? g_string_chunk_insert(here->text, text) : NULL;
}

/* ---- areas ---- */

/* Even-odd over all rings of the row. */
static bool holds(const GeoBatch *batch, const GeoRow *row, GeoLonLat p)
{
    bool in = false;
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *ring = geo_batch_part(batch, row, k, &n);
        for (size_t i = 0; i + 1 < n; i++) {
            GeoLonLat a = ring[i], b = ring[i + 1];
            if ((a.lat > p.lat) != (b.lat > p.lat) &&
                p.lon < a.lon + (p.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
                in = !in;
        }
    }
    return in;
}

typedef struct {
    GeoHereArea area;
    double extent; /* square degrees of its box */
} Found;

static int by_extent(const void *a, const void *b)
{
    const Found *p = a, *q = b;
    if (p->extent != q->extent)
        return p->extent > q->extent ? -1 : 1;
    return g_strcmp0(p->area.code, q->area.code);
}

static bool find_areas(GeoHere *here, GeoStore *store, GError **error)
{
    GeoBounds spot = {here->at.lon, here->at.lat, here->at.lon, here->at.lat};
    GeoQuery query = {.bounds = &spot};
    g_autoptr(GeoBatch) areas = geo_store_load(store, GEO_KIND_AREA, &query, error);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Found));
    if (!areas)
        return false;
    for (guint i = 0; i < areas->rows->len; i++) {
        const GeoArea *area = &g_array_index(areas->rows, GeoArea, i);
        GeoBounds box = geo_batch_row_bounds(areas, &area->row);
        Found one = {
            {keep(here, area->level), keep(here, area->row.code), keep(here, area->row.name)},
            (box.east - box.west) * (box.north - box.south)};
        if (holds(areas, &area->row, here->at))
            g_array_append_val(found, one);
    }
    g_array_sort(found, by_extent);
    for (guint i = 0; i < found->len; i++)
        g_array_append_val(here->areas, g_array_index(found, Found, i).area);
    return true;
}

/* ---- cameras ---- */

static void add_camera(GeoHere *here, const GeoSight *sight, const GeoWhoSeer *seer)
{
    uint32_t i = seer->camera;
    const GeoCamera *camera = &g_array_index(sight->cameras->rows, GeoCamera, i);
    int64_t assumed = 0;
    geo_sight_reach_m(camera, GEO_SIGHT_DETECT, here->night, &assumed);
    GeoHereCamera seen = {
        .id = camera->row.id,
        .code = keep(here, camera->row.code),
        .name = keep(here, camera->row.name),
        .owner = camera->owner,
        .state = camera->state,
        .distance_m = seer->distance_m,
        .px_per_m = seer->px_per_m,
        .class = seer->class,
        .heading_deg = sight->eyes[i].fov_deg >= 360 ? NAN : camera->heading_deg,
        .assumed = (assumed & (GEO_ASSUMED_HEADING | GEO_ASSUMED_FOV | GEO_ASSUMED_RANGE)) != 0,
        .first = here->points->len,
        .n = sight->first[i + 1] - sight->first[i],
        .ring0 = here->rings->len,
        .n_rings = sight->ring0[i + 1] - sight->ring0[i]};
    geo_batch_first(sight->cameras, &camera->row, &seen.at);
    g_array_append_vals(here->points, sight->lonlat + sight->first[i], seen.n);
    for (uint32_t k = sight->ring0[i]; k < sight->ring0[i + 1]; k++) {
        uint32_t at = sight->ring[k] - sight->first[i];
        g_array_append_val(here->rings, at);
    }
    g_array_append_val(here->cameras, seen);
}

static bool find_cameras(GeoHere *here, GeoStore *store, GeoFrame *frame, GeoXY p,
                         GeoProgress *progress, GError **error)
{
    GeoBounds bounds = around(here->at, CAMERA_M);
    GeoSightOptions options = {.bounds = &bounds,
                               .class = GEO_SIGHT_DETECT,
                               .night = here->night,
                               .with_off = true,
                               .sees = &here->at,
                               .frame = frame};
    g_autoptr(GeoSight) sight = geo_sight_load(store, &options, progress, error);
    if (!sight)
        return false;
    g_autoptr(GeoWho) who = geo_who_new(sight);
    g_autofree GeoWhoSeer *seers = g_new(GeoWhoSeer, MAX(sight->n, 1));
    size_t n = geo_who_find(who, p, seers, sight->n);
    for (size_t i = 0; i < n; i++) {
        int state = g_array_index(sight->cameras->rows, GeoCamera, seers[i].camera).state;
        if (state == GEO_CAMERA_WORKING)
            add_camera(here, sight, &seers[i]);
        here->n_off += state == GEO_CAMERA_FAULTY;
    }
    return true;
}

/* ---- what happened ---- */

static int by_newest(const void *a, const void *b)
{
    const GeoHereIncident *p = a, *q = b;
    if (p->at_ms != q->at_ms)
        return p->at_ms > q->at_ms ? -1 : 1;
    return (p->id > q->id) - (p->id < q->id);
}

static bool find_incidents(GeoHere *here, GeoStore *store, GeoFrame *frame, GeoXY p,
                           const GeoHereOptions *options, GError **error)
{
    GeoBounds bounds = around(here->at, here->radius_m);
    GeoQuery query = {.bounds = &bounds};
    g_autoptr(GeoBatch) rows = geo_store_load(store, GEO_KIND_INCIDENT, &query, error);
    if (!rows)
        return false;
    for (guint i = 0; i < rows->rows->len; i++) {
        const GeoIncident *row = &g_array_index(rows->rows, GeoIncident, i);
        GeoLonLat at;
        if (row->at_ms > options->at_ms || row->row.id == options->incident_id ||
            !geo_batch_first(rows, &row->row, &at))
            continue;
        GeoXY xy = geo_frame_xy(frame, at);
        const char *name = row->row.name ? row->row.name : row->category;
        GeoHereIncident one = {row->row.id,   row->at_ms, keep(here, name),
                               row->priority, row->state, hypot(xy.x - p.x, xy.y - p.y)};
        if (one.distance_m > here->radius_m)
            continue;
        here->n_incidents_28d += row->at_ms > options->at_ms - 28 * DAY_MS;
        here->n_incidents_year += row->at_ms > options->at_ms - 365 * DAY_MS;
        g_array_append_val(here->incidents, one);
    }
    g_array_sort(here->incidents, by_newest);
    guint max = (guint)(options->max_incidents ? options->max_incidents : MAX_INCIDENTS);
    if (here->incidents->len > max)
        g_array_set_size(here->incidents, max);
    return true;
}

/* ---- street ---- */

static double to_stretch_m(GeoXY p, GeoXY a, GeoXY b)
{
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 : 0;
    t = CLAMP(t, 0, 1);
    return hypot(a.x + t * dx - p.x, a.y + t * dy - p.y);
}

static bool find_street(GeoHere *here, GeoStore *store, GeoFrame *frame, GeoXY p, GError **error)
{
    GeoBounds bounds = around(here->at, STREET_M);
    GeoQuery query = {.bounds = &bounds};
    g_autoptr(GeoBatch) roads = geo_store_load(store, GEO_KIND_ROAD, &query, error);
    if (!roads)
        return false;
    g_autofree GeoXY *xy = g_new(GeoXY, roads->points->len + 1);
    const GeoLonLat *points = (const GeoLonLat *)(const void *)roads->points->data;
    geo_frame_to_xy(frame, points, xy, roads->points->len);
    double best_m = STREET_M;
    for (guint i = 0; i < roads->rows->len; i++) {
        const GeoRow *row = geo_batch_row(roads, i);
        for (uint32_t k = 0; row->name && k < row->n_parts; k++) {
            size_t n;
            const GeoXY *line = xy + (geo_batch_part(roads, row, k, &n) - points);
            for (size_t j = 0; j + 1 < n; j++) {
                double off_m = to_stretch_m(p, line[j], line[j + 1]);
                if (off_m >= best_m)
                    continue;
                best_m = off_m;
                here->street = keep(here, row->name);
            }
        }
    }
    return true;
}

GeoHere *geo_here_load(GeoStore *store, GeoFrame *frame, GeoLonLat at,
                       const GeoHereOptions *options, GeoProgress *progress, GError **error)
{
    gint64 begun_us = g_get_monotonic_time();
    g_autoptr(GeoHere) here = g_new0(GeoHere, 1);
    here->at = at;
    here->night = options->night;
    here->radius_m = options->radius_m > 0 ? options->radius_m : RADIUS_M;
    here->areas = g_array_new(FALSE, FALSE, sizeof(GeoHereArea));
    here->cameras = g_array_new(FALSE, FALSE, sizeof(GeoHereCamera));
    here->points = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    here->rings = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    here->incidents = g_array_new(FALSE, FALSE, sizeof(GeoHereIncident));
    here->text = g_string_chunk_new(512);
    GeoXY p = geo_frame_xy(frame, at);
    if (!find_areas(here, store, error) || !find_cameras(here, store, frame, p, progress, error) ||
        !find_incidents(here, store, frame, p, options, error) ||
        !find_street(here, store, frame, p, error))
        return NULL;
    here->work_ms = (double)(g_get_monotonic_time() - begun_us) / 1000;
    return g_steal_pointer(&here);
}

void geo_here_free(GeoHere *here)
{
    if (!here)
        return;
    g_array_unref(here->areas);
    g_array_unref(here->cameras);
    g_array_unref(here->points);
    g_array_unref(here->rings);
    g_array_unref(here->incidents);
    g_string_chunk_free(here->text);
    g_free(here);
}
