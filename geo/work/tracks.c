/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/tracks.h"

#include <math.h>

#include "geo/calc/inside.h"

/* Fixes farther apart do not tell the way between them. */
#define STRAIGHT_MS 60000
/* A unit on wheels comes so far in that time: fixes around a place are read from so far off. */
#define REACH_M 2000.0
#define MOST_RADIUS_M 5000.0
#define DEGREE_M 111319.49

/* ---- visits ---- */

static int by_first(const void *a, const void *b)
{
    const GeoTracksVisit *x = a, *y = b;
    if (x->first_ms != y->first_ms)
        return x->first_ms < y->first_ms ? -1 : 1;
    return (x->unit_id > y->unit_id) - (x->unit_id < y->unit_id);
}

/* fixes: by unit, then time, all inside. */
static GArray *make_visits(const GArray *fixes)
{
    GArray *visits = g_array_new(FALSE, FALSE, sizeof(GeoTracksVisit));
    for (guint i = 0; i < fixes->len; i++) {
        const GeoFix *fix = &g_array_index(fixes, GeoFix, i);
        GeoTracksVisit *last =
            visits->len ? &g_array_index(visits, GeoTracksVisit, visits->len - 1) : NULL;
        if (!last || last->unit_id != fix->unit_id ||
            fix->at_ms - last->last_ms > GEO_TRACKS_GAP_MS) {
            GeoTracksVisit visit = {fix->unit_id, fix->at_ms, fix->at_ms, 1, {fix->lon, fix->lat}};
            g_array_append_val(visits, visit);
        } else {
            last->last_ms = fix->at_ms;
            last->n++;
        }
    }
    g_array_sort(visits, by_first);
    return visits;
}

GArray *geo_tracks_in_box(GeoStore *store, const GeoAct *act, const GeoBounds *bounds,
                          int64_t from_ms, int64_t to_ms, GError **error)
{
    GeoTrackQuery query = {.from_ms = from_ms, .to_ms = to_ms, .bounds = bounds};
    g_autoptr(GArray) fixes = geo_store_read_tracks(store, act, &query, error);
    return fixes ? make_visits(fixes) : NULL;
}

/* Drops fixes outside the rings of the row: even-odd, in degrees, as straight as the map draws
 * them. */
static void keep_inside(GArray *fixes, const GeoBatch *batch, const GeoRow *row)
{
    g_autofree uint32_t *begins = g_new(uint32_t, (size_t)row->n_parts + 1);
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    uint32_t rings[2] = {0, row->n_parts};
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *part = geo_batch_part(batch, row, k, &n);
        begins[k] = points->len;
        for (size_t i = 0; i < n; i++) {
            GeoXY p = {part[i].lon, part[i].lat};
            g_array_append_val(points, p);
        }
    }
    begins[row->n_parts] = points->len;
    g_autoptr(GeoInside) inside =
        geo_inside_new((const GeoXY *)(const void *)points->data, begins, rings, 1);
    guint kept = 0;
    for (guint i = 0; i < fixes->len; i++) {
        const GeoFix fix = g_array_index(fixes, GeoFix, i);
        uint32_t area;
        if (geo_inside_find(inside, (GeoXY){fix.lon, fix.lat}, &area, 1) > 0)
            g_array_index(fixes, GeoFix, kept++) = fix;
    }
    g_array_set_size(fixes, kept);
}

GArray *geo_tracks_in_area(GeoStore *store, const GeoAct *act, const GeoBatch *batch,
                           const GeoRow *row, int64_t from_ms, int64_t to_ms, GError **error)
{
    GeoBounds bounds = geo_batch_row_bounds(batch, row);
    GeoTrackQuery query = {.from_ms = from_ms, .to_ms = to_ms, .bounds = &bounds};
    g_autoptr(GArray) fixes = geo_store_read_tracks(store, act, &query, error);
    if (!fixes)
        return NULL;
    keep_inside(fixes, batch, row);
    return make_visits(fixes);
}

/* ---- passers-by ---- */

typedef struct {
    GeoLonLat place;
    double m_per_lon;
} Near;

static GeoXY metres(const Near *near, const GeoFix *fix)
{
    return (GeoXY){(fix->lon - near->place.lon) * near->m_per_lon,
                   (fix->lat - near->place.lat) * DEGREE_M};
}

/* The point of the way from a to b that is nearest the place; alone: b is a. */
static GeoTracksPasser nearest_of(const Near *near, const GeoFix *a, const GeoFix *b)
{
    GeoXY p = metres(near, a), q = metres(near, b), d = {q.x - p.x, q.y - p.y};
    double square = d.x * d.x + d.y * d.y;
    double share = square > 0 ? CLAMP(-(p.x * d.x + p.y * d.y) / square, 0, 1) : 0;
    return (GeoTracksPasser){
        .unit_id = a->unit_id,
        .at_ms = a->at_ms + (int64_t)llround(share * (double)(b->at_ms - a->at_ms)),
        .at = {a->lon + share * (b->lon - a->lon), a->lat + share * (b->lat - a->lat)},
        .distance_m = hypot(p.x + share * d.x, p.y + share * d.y),
        .between = share > 0 && share < 1};
}

static int by_distance(const void *a, const void *b)
{
    const GeoTracksPasser *x = a, *y = b;
    if (x->distance_m != y->distance_m)
        return x->distance_m < y->distance_m ? -1 : 1;
    return (x->unit_id > y->unit_id) - (x->unit_id < y->unit_id);
}

/* Each unit's nearest; fixes: by unit, then time. */
static GArray *find_passers(const Near *near, const GArray *fixes, double radius_m)
{
    GArray *passers = g_array_new(FALSE, FALSE, sizeof(GeoTracksPasser));
    for (guint i = 0; i < fixes->len; i++) {
        const GeoFix *fix = &g_array_index(fixes, GeoFix, i);
        const GeoFix *next = i + 1 < fixes->len ? fix + 1 : fix;
        bool straight = next->unit_id == fix->unit_id && next->at_ms - fix->at_ms <= STRAIGHT_MS;
        GeoTracksPasser here = nearest_of(near, fix, straight ? next : fix);
        GeoTracksPasser *last =
            passers->len ? &g_array_index(passers, GeoTracksPasser, passers->len - 1) : NULL;
        if (here.distance_m > radius_m)
            continue;
        if (!last || last->unit_id != here.unit_id)
            g_array_append_val(passers, here);
        else if (here.distance_m < last->distance_m)
            *last = here;
    }
    g_array_sort(passers, by_distance);
    return passers;
}

GArray *geo_tracks_passers(GeoStore *store, const GeoAct *act, GeoLonLat place, double radius_m,
                           int64_t at_ms, int64_t window_ms, GError **error)
{
    g_return_val_if_fail(geo_coord_valid(place) && radius_m >= 0 && radius_m <= MOST_RADIUS_M,
                         NULL);
    Near near = {place, fmax(DEGREE_M * cos(place.lat * G_PI / 180), 1)};
    double lon = (radius_m + REACH_M) / near.m_per_lon, lat = (radius_m + REACH_M) / DEGREE_M;
    GeoBounds around = {place.lon - lon, place.lat - lat, place.lon + lon, place.lat + lat};
    GeoTrackQuery query = {
        .from_ms = at_ms - window_ms, .to_ms = at_ms + window_ms + 1, .bounds = &around};
    g_autoptr(GArray) fixes = geo_store_read_tracks(store, act, &query, error);
    return fixes ? find_passers(&near, fixes, radius_m) : NULL;
}
