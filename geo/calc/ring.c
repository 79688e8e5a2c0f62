/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "geo/calc/plan.h"

double geo_ring_area_m2(const GeoXY *ring, size_t n)
{
    double twice = 0;
    for (size_t i = 0, j = n - 1; i < n; j = i++)
        twice += (ring[j].x - ring[0].x) * (ring[i].y - ring[0].y) -
                 (ring[i].x - ring[0].x) * (ring[j].y - ring[0].y);
    return twice / 2;
}

bool geo_ring_holds(const GeoXY *ring, size_t n, GeoXY p)
{
    bool holds = false;
    for (size_t i = 0, j = n - 1; i < n; j = i++)
        if ((ring[i].y > p.y) != (ring[j].y > p.y) &&
            p.x < (ring[j].x - ring[i].x) * (p.y - ring[i].y) / (ring[j].y - ring[i].y) + ring[i].x)
            holds = !holds;
    return holds;
}

/* The middle of the longest inner stretch of the line at height y. */
static double widest_at(const GeoXY *ring, size_t n, double y, GeoXY *middle)
{
    double best = 0;
    for (size_t i = 0, j = n - 1; i < n; j = i++) {
        if ((ring[i].y > y) == (ring[j].y > y))
            continue;
        double x = (ring[j].x - ring[i].x) * (y - ring[i].y) / (ring[j].y - ring[i].y) + ring[i].x;
        double next = INFINITY;
        for (size_t k = 0, l = n - 1; k < n; l = k++) {
            if (k == i || (ring[k].y > y) == (ring[l].y > y))
                continue;
            double other =
                (ring[l].x - ring[k].x) * (y - ring[k].y) / (ring[l].y - ring[k].y) + ring[k].x;
            if (other > x && other < next)
                next = other;
        }
        GeoXY p = {(x + next) / 2, y};
        if (isfinite(next) && next - x > best && geo_ring_holds(ring, n, p)) {
            best = next - x;
            *middle = p;
        }
    }
    return best;
}

GeoXY geo_ring_middle(const GeoXY *ring, size_t n)
{
    double twice = 0, x = 0, y = 0, low = INFINITY, high = -INFINITY;
    for (size_t i = 0, j = n - 1; i < n; j = i++) {
        double xi = ring[i].x - ring[0].x, yi = ring[i].y - ring[0].y;
        double xj = ring[j].x - ring[0].x, yj = ring[j].y - ring[0].y;
        double cross = xj * yi - xi * yj;
        twice += cross;
        x += (xi + xj) * cross;
        y += (yi + yj) * cross;
        low = fmin(low, ring[i].y);
        high = fmax(high, ring[i].y);
    }
    GeoXY middle = {ring[0].x + x / (3 * twice), ring[0].y + y / (3 * twice)};
    if (twice != 0 && geo_ring_holds(ring, n, middle))
        return middle;
    middle = ring[0];
    double best = 0;
    for (int k = 1; k < 8; k++) {
        GeoXY p = middle;
        double wide = widest_at(ring, n, low + (high - low) * k / 8.0 + 1e-6, &p);
        if (wide > best) {
            best = wide;
            middle = p;
        }
    }
    return middle;
}

double geo_ring_segment_m(GeoXY p, GeoXY a, GeoXY b, GeoXY *foot)
{
    double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
    double t = square > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / square : 0;
    t = fmin(1, fmax(0, t));
    GeoXY q = {a.x + t * dx, a.y + t * dy};
    if (foot)
        *foot = q;
    return hypot(p.x - q.x, p.y - q.y);
}
