/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/places.h"

#include <math.h>
#include <stdlib.h>

#include "geo/work/fields.h"

#define RADIUS_M 10.0 /* of the ground before a place */
#define MAX_RADIUS_M 80.0
#define STEP_M 2.0

static int compare(const void *pa, const void *pb)
{
    const GeoPlace *a = pa, *b = pb;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    int by_name = g_strcmp0(a->name, b->name);
    if (by_name)
        return by_name;
    int by_code = g_strcmp0(a->code, b->code);
    return by_code ? by_code : a->at.lon < b->at.lon ? -1 : a->at.lon > b->at.lon;
}

GeoPlaces *geo_places_load(GeoStore *store, GeoFrame *frame, GError **error)
{
    g_autoptr(GeoPlaces) places = g_new0(GeoPlaces, 1);
    places->rows = geo_store_load(store, GEO_KIND_FACILITY, NULL, error);
    if (!places->rows)
        return NULL;
    places->all = g_new0(GeoPlace, MAX(places->rows->rows->len, 1));
    for (guint i = 0; i < places->rows->rows->len; i++) {
        const GeoFacility *row = (const GeoFacility *)(const void *)geo_batch_row(places->rows, i);
        GeoLonLat at;
        if (!row->must_see || !geo_batch_first(places->rows, &row->row, &at))
            continue;
        places->all[places->n++] = (GeoPlace){.code = row->row.code,
                                              .name = row->row.name,
                                              .kind = row->class,
                                              .at = at,
                                              .xy = geo_frame_xy(frame, at),
                                              .class = -1};
    }
    qsort(places->all, places->n, sizeof *places->all, compare);
    return g_steal_pointer(&places);
}

void geo_places_free(GeoPlaces *places)
{
    if (!places)
        return;
    geo_batch_free(places->rows);
    g_free(places->all);
    g_free(places);
}

/* Open ground within radius_m of p, and how much of it is seen, in samples. */
static void look_around(const GeoEdges *edges, const GeoCover *cover, GeoXY p, double radius_m,
                        unsigned *open, unsigned *seen)
{
    *open = *seen = 0;
    for (double dy = -radius_m; dy <= radius_m; dy += STEP_M)
        for (double dx = -radius_m; dx <= radius_m; dx += STEP_M) {
            GeoXY at = {p.x + dx, p.y + dy};
            uint32_t building;
            if (dx * dx + dy * dy > radius_m * radius_m ||
                geo_edges_buildings_at(edges, at, &building, 1) > 0)
                continue;
            *open += 1;
            *seen += geo_cover_at(cover, at) > 0;
        }
}

bool geo_places_is_seen(const GeoEdges *edges, const GeoCover *cover, GeoXY p)
{
    unsigned open = 0, seen = 0;
    for (double radius = RADIUS_M; open == 0 && radius <= MAX_RADIUS_M; radius *= 2)
        look_around(edges, cover, p, radius, &open, &seen);
    return open > 0 && 2 * seen >= open;
}

void geo_places_judge(GeoPlaces *places, const GeoEdges *edges, const GeoCover *cover)
{
    for (size_t i = 0; i < places->n; i++)
        places->all[i].seen = geo_places_is_seen(edges, cover, places->all[i].xy);
}

static int compare_east(const void *pa, const void *pb)
{
    const double *a = pa, *b = pb; /* x, y */
    return a[0] < b[0] ? -1 : a[0] > b[0];
}

/* Cameras whose reach at detect may touch the ground before a place; the caller's. */
static uint8_t *choose_cameras(const GeoPlaces *places, const GeoSight *sight, bool night)
{
    GeoSightOptions options = {.class = GEO_SIGHT_DETECT, .night = night};
    uint8_t *wanted = g_new0(uint8_t, MAX(sight->n, 1));
    g_autofree double *east = g_new(double, 2 * places->n + 1);
    for (size_t i = 0; i < places->n; i++) {
        east[2 * i] = places->all[i].xy.x;
        east[2 * i + 1] = places->all[i].xy.y;
    }
    qsort(east, places->n, 2 * sizeof *east, compare_east);
    for (size_t i = 0; i < sight->n; i++) {
        const GeoCamera *camera = (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, i);
        GeoXY at = sight->eyes[i].at;
        double reach = geo_sight_eye(camera, at, &options, NULL).range_m + MAX_RADIUS_M;
        size_t low = 0, high = places->n;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (east[2 * middle] < at.x - reach)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < places->n && east[2 * low] <= at.x + reach && !wanted[i]; low++)
            wanted[i] = hypot(east[2 * low] - at.x, east[2 * low + 1] - at.y) <= reach;
    }
    return wanted;
}

bool geo_places_classify(GeoPlaces *places, const GeoSight *sight, const GeoCover *cover,
                         int judged, bool night, GeoProgress *progress, GError **error)
{
    g_autofree uint8_t *wanted = choose_cameras(places, sight, night);
    for (int class = 0; class < GEO_N_SIGHT_CLASSES && places->n > 0; class ++) {
        GeoSightOptions options = {.class = (GeoSightClass) class, .night = night};
        g_autoptr(GeoCover) drawn = NULL;
        if (class != judged) {
            drawn = geo_fields_cover(sight, &options, GEO_FIELDS_STATED, wanted, cover, progress,
                                     error);
            if (!drawn)
                return false;
        }
        for (size_t i = 0; i < places->n; i++)
            if (geo_places_is_seen(sight->edges, drawn ? drawn : cover, places->all[i].xy))
                places->all[i].class = class;
    }
    return true;
}
