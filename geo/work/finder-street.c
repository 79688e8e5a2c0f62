/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of streets with a name, in metres on a plane through the city's middle: off by less
 * than a thousandth over 50 km, while addresses are asked for within metres of a street. Pieces are
 * passed over by their boxes; there is no index. */
#include <math.h>

#include "geo/work/finder-entry.h"

#define SAME_CROSSING_M 60.0 /* the corners of one crossing of wide streets */

GeoXY geo_finder_xy(const GeoFinder *finder, GeoLonLat p)
{
    return (GeoXY){(p.lon - finder->origin.lon) * finder->m_per_lon,
                   (p.lat - finder->origin.lat) * finder->m_per_lat};
}

GeoLonLat geo_finder_lonlat(const GeoFinder *finder, GeoXY p)
{
    return (GeoLonLat){finder->origin.lon + p.x / finder->m_per_lon,
                       finder->origin.lat + p.y / finder->m_per_lat};
}

void geo_finder_add_piece(GeoFinder *finder, uint32_t name, const GeoLonLat *line, size_t n)
{
    GeoFinderPiece piece = {name, finder->points->len, (uint32_t)n, 1e30f, 1e30f, -1e30f, -1e30f};
    for (size_t i = 0; i < n; i++) {
        GeoXY p = geo_finder_xy(finder, line[i]);
        GeoFinderPoint point = {(float)p.x, (float)p.y};
        piece.west = fminf(piece.west, point.x);
        piece.east = fmaxf(piece.east, point.x);
        piece.south = fminf(piece.south, point.y);
        piece.north = fmaxf(piece.north, point.y);
        g_array_append_val(finder->points, point);
    }
    g_array_append_val(finder->pieces, piece);
}

static const GeoFinderPiece *pieces_of(const GeoFinder *finder, uint32_t name, uint32_t *n)
{
    const GeoFinderPiece *pieces = (const GeoFinderPiece *)(const void *)finder->pieces->data;
    *n = finder->pieces->len;
    if (name == GEO_FINDER_NONE)
        return pieces;
    const GeoFinderName *of = &g_array_index(finder->names, GeoFinderName, name);
    *n = of->n_piece;
    return pieces + of->piece0;
}

static GeoXY foot_on(GeoFinderPoint a, GeoFinderPoint b, GeoXY p)
{
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 : 0;
    t = CLAMP(t, 0, 1);
    return (GeoXY){a.x + t * dx, a.y + t * dy};
}

double geo_finder_off_street(const GeoFinder *finder, uint32_t name, GeoXY p, double max_m,
                             GeoXY *foot)
{
    uint32_t n;
    const GeoFinderPiece *pieces = pieces_of(finder, name, &n);
    double best = max_m, found = INFINITY;
    for (uint32_t i = 0; i < n; i++) {
        const GeoFinderPiece *piece = &pieces[i];
        if (p.x < piece->west - best || p.x > piece->east + best || p.y < piece->south - best ||
            p.y > piece->north + best)
            continue;
        const GeoFinderPoint *line = &g_array_index(finder->points, GeoFinderPoint, piece->point0);
        for (uint32_t k = 0; k + 1 < piece->n; k++) {
            GeoXY on = foot_on(line[k], line[k + 1], p);
            double off = hypot(on.x - p.x, on.y - p.y);
            if (off > best)
                continue;
            best = found = off;
            if (foot)
                *foot = on;
        }
    }
    return found;
}

/* How far two segments are apart, and the middle between their nearest places. */
static double apart(const GeoFinderPoint *a, const GeoFinderPoint *b, GeoXY *middle)
{
    double ux = a[1].x - a[0].x, uy = a[1].y - a[0].y;
    double vx = b[1].x - b[0].x, vy = b[1].y - b[0].y, cross = ux * vy - uy * vx;
    double wx = b[0].x - a[0].x, wy = b[0].y - a[0].y, best = INFINITY;
    if (cross != 0) {
        double s = (wx * vy - wy * vx) / cross, t = (wx * uy - wy * ux) / cross;
        if (s >= 0 && s <= 1 && t >= 0 && t <= 1) {
            *middle = (GeoXY){a[0].x + s * ux, a[0].y + s * uy};
            return 0;
        }
    }
    for (int k = 0; k < 4; k++) { /* an end of one and the other segment */
        const GeoFinderPoint *end = k < 2 ? &a[k] : &b[k - 2], *line = k < 2 ? b : a;
        GeoXY p = {end->x, end->y}, on = foot_on(line[0], line[1], p);
        double off = hypot(on.x - p.x, on.y - p.y);
        if (off >= best)
            continue;
        best = off;
        *middle = (GeoXY){(p.x + on.x) / 2, (p.y + on.y) / 2};
    }
    return best;
}

static void add_place(GArray *places, GeoXY p)
{
    for (guint i = 0; i < places->len; i++) {
        const GeoXY *known = &g_array_index(places, GeoXY, i);
        if (hypot(known->x - p.x, known->y - p.y) < SAME_CROSSING_M)
            return;
    }
    g_array_append_val(places, p);
}

/* Pairs of segments of two pieces: those that meet become places, the nearest miss is kept. */
static void cross_pieces(const GeoFinder *finder, const GeoFinderPiece *p, const GeoFinderPiece *q,
                         double *nearest, GeoXY *miss, GArray *places)
{
    const GeoFinderPoint *a = &g_array_index(finder->points, GeoFinderPoint, p->point0);
    const GeoFinderPoint *b = &g_array_index(finder->points, GeoFinderPoint, q->point0);
    for (uint32_t i = 0; i + 1 < p->n; i++)
        for (uint32_t k = 0; k + 1 < q->n; k++) {
            GeoXY at;
            double off = apart(a + i, b + k, &at);
            if (off < 0.5) /* floats; streets that share a vertex */
                add_place(places, at);
            if (off >= *nearest)
                continue;
            *nearest = off;
            *miss = at;
        }
}

void geo_finder_crossings(const GeoFinder *finder, uint32_t a, uint32_t b, double max_m,
                          GArray *places)
{
    uint32_t n_a, n_b;
    const GeoFinderPiece *first = pieces_of(finder, a, &n_a), *other = pieces_of(finder, b, &n_b);
    double nearest = max_m;
    float wide = (float)max_m;
    GeoXY miss = {0};
    g_array_set_size(places, 0);
    for (uint32_t i = 0; i < n_a; i++)
        for (uint32_t k = 0; k < n_b; k++)
            if (first[i].west - wide <= other[k].east && other[k].west - wide <= first[i].east &&
                first[i].south - wide <= other[k].north && other[k].south - wide <= first[i].north)
                cross_pieces(finder, &first[i], &other[k], &nearest, &miss, places);
    if (places->len == 0 && nearest < max_m)
        g_array_append_val(places, miss);
}
