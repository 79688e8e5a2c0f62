/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buildings and an eye of any numbers: the field is made of finite rings within its range, and is
 * nothing or has an area. The first byte chooses how the numbers are read: as they are, with NAN
 * and infinity among them, or on a coarse lattice, where walls meet, touch and lie on one line. */
#include <math.h>
#include <string.h>

#include "geo/calc/view.h"

typedef struct {
    const uint8_t *at, *end;
    bool raw;
} Bytes;

static double number(Bytes *bytes)
{
    double value = 0;
    if (!bytes->raw)
        return bytes->at < bytes->end ? (*bytes->at++ - 128) / 2.0 : 0;
    size_t n = MIN((size_t)(bytes->end - bytes->at), sizeof value);
    memcpy(&value, bytes->at, n);
    bytes->at += n;
    return value;
}

static GeoEdges *read_edges(Bytes *bytes)
{
    g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    for (uint32_t building = 0; bytes->end - bytes->at > 2 && building < 20; building++) {
        unsigned corners = 1 + *bytes->at++ % 7;
        float height_m = *bytes->at % 4 == 0 ? INFINITY : (float)(*bytes->at % 16);
        bytes->at++;
        GeoXY ring[8];
        for (unsigned i = 0; i < corners; i++) {
            double x = number(bytes), y = number(bytes);
            ring[i] = (GeoXY){x, y};
        }
        for (unsigned i = 0; i < corners; i++) {
            GeoEdge edge = {ring[i], ring[(i + 1) % corners], height_m, building};
            if (isfinite(edge.a.x + edge.a.y + edge.b.x + edge.b.y) &&
                fmax(fmax(fabs(edge.a.x), fabs(edge.a.y)), fmax(fabs(edge.b.x), fabs(edge.b.y))) <
                    1e8)
                g_array_append_val(edges, edge);
        }
    }
    return geo_edges_new((const GeoEdge *)(const void *)edges->data, edges->len);
}

static double check_rings(const GeoEye *eye, const GArray *points, const GArray *parts)
{
    /* An eye on a wall stands in front of it; strips are cut at whole centimetres. */
    double twice = 0, far = MIN(eye->range_m, GEO_VIEW_MAX_RANGE_M) + GEO_VIEW_WALL_M + 0.01;
    g_assert((points->len == 0) == (parts->len == 0));
    for (guint r = 0; r < parts->len; r++) {
        uint32_t from = g_array_index(parts, uint32_t, r);
        uint32_t to = r + 1 < parts->len ? g_array_index(parts, uint32_t, r + 1) : points->len;
        g_assert(from + 3 <= to && to <= points->len);
        for (uint32_t i = from; i < to; i++) {
            GeoXY a = g_array_index(points, GeoXY, i);
            GeoXY b = g_array_index(points, GeoXY, i + 1 < to ? i + 1 : from);
            double ax = a.x - eye->at.x, ay = a.y - eye->at.y;
            g_assert(isfinite(a.x) && isfinite(a.y));
            g_assert(hypot(ax, ay) <= far + 1e-9 * hypot(eye->at.x, eye->at.y));
            twice += ax * (b.y - eye->at.y) - ay * (b.x - eye->at.x);
        }
    }
    return twice / 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 1)
        return 0;
    Bytes bytes = {data + 1, data + n, data[0] % 4 == 0};
    GeoEye eye = {.at = {number(&bytes), number(&bytes)}};
    eye.heading_deg = number(&bytes) * 3;
    eye.fov_deg = data[0] % 3 == 0 ? 360 : fabs(number(&bytes)) * 4;
    eye.range_m = fabs(number(&bytes)) * 4;
    eye.height_m = data[0] % 5 == 0 ? NAN : fabs(number(&bytes));
    eye.near_m = data[0] % 7 == 0 ? number(&bytes) : 0;
    eye.depth_m = data[0] % 11 == 0 ? number(&bytes) : 0;
    eye.target_m = data[0] % 13 == 0 ? number(&bytes) : 0;
    if (bytes.raw && !(fabs(eye.at.x) < 1e8 && fabs(eye.at.y) < 1e8))
        eye.at = (GeoXY){0, 0}; /* far outside any metric frame */
    g_autoptr(GeoEdges) edges = read_edges(&bytes);
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    size_t flat = geo_view_polygon(edges, &eye, points);
    g_assert(flat == points->len);
    g_array_set_size(points, 0);
    geo_view_rings(edges, &eye, points, parts);
    g_assert(check_rings(&eye, points, parts) >= -1e-3);
    return 0;
}
