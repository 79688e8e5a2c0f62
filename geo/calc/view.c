/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The field is cut into sectors of at most 100 degrees. In a sector a place is told by t = left /
 * forward and w = 1 / forward: straight walls are straight in (t, w) too, t rises anticlockwise
 * with the direction, and of two walls in one direction the one with the greater w is nearer. So
 * what can be seen is the upper envelope of segments over t, made by merging halves bottom-up:
 * O(e log e), no arc tangents, no event queue, and walls that cross each other need no care. The
 * chords of the rim are segments like the walls. Walls come from the cells that the sector touches;
 * those of a sound footprint that turn their back are left out, for something of the same footprint
 * stands before them. The same envelope in (angle, distance) is text-book matter (Sharir and
 * Agarwal, Davenport-Schinzel Sequences, 1995). Heights are not looked at. */
#include "geo/calc/view.h"

#include <math.h>
#include <string.h>

#include "geo/calc/shade.h"

#define MAX_SECTOR_DEG 100.0
#define MIN_FIELD_DEG 0.01
#define RIM_SAGITTA_M 0.1
#define LEAST_SPAN 1e-9   /* a hundredth of a millimetre at the farthest */
#define MIN_SPAN 1e-12    /* in t: a wall seen end on */
#define SAME_POINT_M 1e-4 /* corners nearer than this are one */
#define MAX_GLASS 64
#define DEPTH UINT32_MAX /* the line of depth_m */
#define RIM (DEPTH - 1)  /* rim chords count down from here */

/* A straight piece over [t0, t1): w(t) = w0 + slope (t - t0). */
typedef struct {
    double t0, t1, w0, slope;
    uint32_t edge;
} Span;

typedef struct {
    Span *spans; /* owned */
    size_t n, room;
} Spans;

typedef struct {
    GeoXY at, forward;
    double t_max, cos_half, sin_half, range_m;
    double off_cos, off_sin, depth_m; /* how far the heading lies to the left; INFINITY: no depth */
    const uint32_t *glass;            /* buildings that hide nothing */
    size_t n_glass;
    float height_m; /* lower buildings are left to the shades; -INFINITY: none is */
    GArray *low;    /* uint32_t: these, borrowed */
} Sector;

static void spans_grow(Spans *spans, size_t room)
{
    spans->room = room;
    spans->spans = g_renew(Span, spans->spans, room);
}

static void spans_add(Spans *spans, double t0, double t1, double w0, double slope, uint32_t edge)
{
    if (t1 <= t0)
        return;
    Span *last = spans->n > 0 ? &spans->spans[spans->n - 1] : NULL;
    if (last && last->edge == edge && last->t1 == t0) {
        last->t1 = t1;
        return;
    }
    if (spans->n == spans->room)
        spans_grow(spans, MAX(2 * spans->room, 64));
    spans->spans[spans->n++] = (Span){t0, t1, w0, slope, edge};
}

static inline double height_at(const Span *span, double t)
{
    return span->w0 + span->slope * (t - span->t0);
}

/* The part of a span over [from, to]. */
static inline void spans_add_part(Spans *spans, const Span *span, double from, double to)
{
    spans_add(spans, from, to, height_at(span, from), span->slope, span->edge);
}

/* Over [from, to] both have a value: the greater one, in two parts where they cross. */
static void add_greater(Spans *out, const Span *a, const Span *b, double from, double to)
{
    double before = height_at(a, from) - height_at(b, from);
    double after = height_at(a, to) - height_at(b, to);
    if (before >= 0 && after >= 0) {
        spans_add_part(out, a, from, to);
    } else if (before <= 0 && after <= 0) {
        spans_add_part(out, b, from, to);
    } else {
        double cross = from + (to - from) * before / (before - after);
        cross = CLAMP(cross, from, to);
        spans_add_part(out, before > 0 ? a : b, from, cross);
        spans_add_part(out, before > 0 ? b : a, cross, to);
    }
}

/* The upper envelope of two envelopes, appended to out. */
static void merge(const Span *a, size_t n_a, const Span *b, size_t n_b, Spans *out)
{
    const Span *a_end = a + n_a, *b_end = b + n_b;
    double t = -INFINITY;
    while (a < a_end || b < b_end) {
        double a0 = a < a_end ? fmax(a->t0, t) : INFINITY,
               b0 = b < b_end ? fmax(b->t0, t) : INFINITY;
        double from = fmin(a0, b0);
        if (a0 > b0) {
            t = fmin(b->t1, a0);
            spans_add_part(out, b, from, t);
        } else if (b0 > a0) {
            t = fmin(a->t1, b0);
            spans_add_part(out, a, from, t);
        } else {
            t = fmin(a->t1, b->t1);
            if (t > from)
                add_greater(out, a, b, from, t);
        }
        if (a < a_end && a->t1 <= t)
            a++;
        if (b < b_end && b->t1 <= t)
            b++;
    }
}

/* Replaces any number of single spans by their envelope; other is scratch. */
static void spans_envelope(Spans *spans, Spans *other)
{
    size_t lists = spans->n;
    g_autofree size_t *end = g_new(size_t, MAX(lists, 1));
    for (size_t i = 0; i < lists; i++)
        end[i] = i + 1;
    while (lists > 1) {
        size_t made = 0, begin = 0;
        other->n = 0;
        for (size_t i = 0; i < lists; i += 2) {
            size_t middle = end[i], stop = i + 1 < lists ? end[i + 1] : middle;
            /* Spans of different lists must not run together where one list ends. */
            Spans tail = {other->spans + other->n, 0, 0};
            tail.room = other->room - other->n;
            size_t need = 4 * (stop - begin) + 4;
            if (tail.room < need) {
                spans_grow(other, 2 * other->room + need);
                tail = (Spans){other->spans + other->n, 0, other->room - other->n};
            }
            merge(spans->spans + begin, middle - begin, spans->spans + middle, stop - middle,
                  &tail);
            other->n += tail.n;
            end[made++] = other->n;
            begin = stop;
        }
        lists = made;
        Spans swap = *spans;
        *spans = *other;
        *other = swap;
    }
}

/* Cuts the segment to the sector's cone |l| <= t_max f, f > 0; false: nothing is left. */
static bool clip_to_cone(double t_max, double *fa, double *la, double *fb, double *lb)
{
    for (int side = 0; side < 2; side++) {
        double sign = side ? -1 : 1;
        double da = t_max * *fa - sign * *la, db = t_max * *fb - sign * *lb;
        if (da <= 0 && db <= 0)
            return false;
        if (da >= 0 && db >= 0)
            continue;
        double share = da / (da - db), f = *fa + share * (*fb - *fa);
        double l = sign * t_max * f;
        if (da < 0)
            *fa = f, *la = l;
        else
            *fb = f, *lb = l;
    }
    return *fa > 0 && *fb > 0;
}

static bool is_glass(const Sector *sector, uint32_t building)
{
    for (size_t i = 0; i < sector->n_glass; i++)
        if (sector->glass[i] == building)
            return true;
    return false;
}

static void note_low(const Sector *sector, uint32_t building)
{
    for (guint i = 0; i < sector->low->len; i++)
        if (g_array_index(sector->low, uint32_t, i) == building)
            return;
    g_array_append_val(sector->low, building);
}

static void add_wall(const Sector *sector, const GeoEdgePiece *piece, Spans *out)
{
    double ax = piece->a.x - sector->at.x, ay = piece->a.y - sector->at.y;
    double bx = piece->b.x - sector->at.x, by = piece->b.y - sector->at.y;
    double cross = ax * by - ay * bx; /* above 0: the eye is on the left */
    if (cross == 0 || (cross > 0 && piece->sound))
        return;
    double dx = bx - ax, dy = by - ay;
    if (cross * cross > sector->range_m * sector->range_m * (dx * dx + dy * dy))
        return;
    double ux = sector->forward.x, uy = sector->forward.y;
    double fa = ax * ux + ay * uy, la = ay * ux - ax * uy;
    double fb = bx * ux + by * uy, lb = by * ux - bx * uy;
    if (fmin(fa, fb) >= sector->range_m || !clip_to_cone(sector->t_max, &fa, &la, &fb, &lb))
        return;
    if (sector->n_glass > 0 && is_glass(sector, piece->building))
        return;
    if (piece->height_m < sector->height_m) {
        note_low(sector, piece->building);
        return;
    }
    double wa = 1 / fa, wb = 1 / fb, ta = la * wa, tb = lb * wb;
    if (ta > tb) {
        double t = ta, w = wa;
        ta = tb, wa = wb, tb = t, wb = w;
    }
    ta = fmax(ta, -sector->t_max);
    tb = fmin(tb, sector->t_max);
    if (tb - ta >= MIN_SPAN)
        spans_add(out, ta, tb, wa, (wb - wa) / (tb - ta), piece->edge);
}

static GeoBox sector_box(const Sector *sector)
{
    GeoXY at = sector->at, u = sector->forward;
    double r = sector->range_m, c = sector->cos_half, s = sector->sin_half;
    GeoBox box = {at.x, at.y, at.x, at.y};
    for (int sign = -1; sign <= 1; sign += 2)
        geo_box_add(&box, (GeoXY){at.x + r * (u.x * c - sign * u.y * s),
                                  at.y + r * (u.y * c + sign * u.x * s)});
    if (u.x >= c)
        box.max_x = at.x + r;
    if (-u.x >= c)
        box.min_x = at.x - r;
    if (u.y >= c)
        box.max_y = at.y + r;
    if (-u.y >= c)
        box.min_y = at.y - r;
    return box;
}

/* Walls of all cells that the sector may touch. */
static void add_walls(const Sector *sector, const GeoEdgeGrid *grid, Spans *out)
{
    GeoBox box = sector_box(sector);
    GeoXY o = grid->origin;
    double cell_m = grid->cell_m, reach = cell_m * 0.70711;
    double range2 = (sector->range_m + reach) * (sector->range_m + reach);
    double left = fmax(floor((box.min_x - o.x) / cell_m), 0);
    double right = fmin(floor((box.max_x - o.x) / cell_m), grid->columns - 1);
    double bottom = fmax(floor((box.min_y - o.y) / cell_m), 0);
    double top = fmin(floor((box.max_y - o.y) / cell_m), grid->rows - 1);
    for (double row = bottom; row <= top; row++) {
        const uint32_t *first = grid->first + (size_t)row * (size_t)grid->columns;
        double cy = o.y + (row + 0.5) * cell_m - sector->at.y;
        for (double column = left; column <= right; column++) {
            size_t c = (size_t)column;
            if (first[c] == first[c + 1])
                continue;
            double cx = o.x + (column + 0.5) * cell_m - sector->at.x;
            double f = cx * sector->forward.x + cy * sector->forward.y;
            double l = fabs(cy * sector->forward.x - cx * sector->forward.y);
            if (cx * cx + cy * cy > range2 || f < -reach ||
                l * sector->cos_half - f * sector->sin_half > reach)
                continue;
            for (uint32_t i = first[c]; i < first[c + 1]; i++)
                add_wall(sector, &grid->piece[i], out);
        }
    }
}

static void add_rim(const Sector *sector, double half_rad, Spans *out)
{
    double r = sector->range_m;
    double step = r > RIM_SAGITTA_M ? 2 * acos(1 - RIM_SAGITTA_M / r) : half_rad;
    unsigned n = (unsigned)fmax(ceil(2 * half_rad / step), 2);
    double c = sector->cos_half, s = -sector->sin_half;
    double turn_c = cos(2 * half_rad / n), turn_s = sin(2 * half_rad / n);
    double t0 = -sector->t_max, w0 = 1 / (r * c);
    for (unsigned i = 1; i <= n; i++) {
        double next_c = c * turn_c - s * turn_s;
        s = s * turn_c + c * turn_s;
        c = next_c;
        double t1 = i < n ? s / c : sector->t_max;
        double w1 = i < n ? 1 / (r * c) : 1 / (r * sector->cos_half);
        spans_add(out, t0, t1, w0, (w1 - w0) / (t1 - t0), RIM - i);
        t0 = t1;
        w0 = w1;
    }
}

/* The line across the heading: forward cos + left sin = depth. */
static void add_depth(const Sector *sector, Spans *rim, Spans *other)
{
    if (!isfinite(sector->depth_m))
        return;
    double slope = sector->off_sin / sector->depth_m, w = sector->off_cos / sector->depth_m;
    Span line = {-sector->t_max, sector->t_max, w - slope * sector->t_max, slope, DEPTH};
    other->n = 0;
    merge(rim->spans, rim->n, &line, 1, other);
    Spans swap = *rim;
    *rim = *other;
    *other = swap;
}

static void add_corner(const Sector *sector, double t, double w, GArray *points, guint begin)
{
    double f = 1 / w, l = t * f;
    GeoXY p = {sector->at.x + f * sector->forward.x - l * sector->forward.y,
               sector->at.y + f * sector->forward.y + l * sector->forward.x};
    if (points->len > begin) {
        const GeoXY *last = &g_array_index(points, GeoXY, points->len - 1);
        if (fabs(last->x - p.x) < SAME_POINT_M && fabs(last->y - p.y) < SAME_POINT_M)
            return;
    }
    g_array_append_val(points, p);
}

typedef struct {
    Spans walls, rim, seen, other;
} Scratch;

static void view_sector(const GeoEdges *edges, const Sector *sector, double half_rad,
                        Scratch *scratch, GArray *points, guint begin)
{
    scratch->walls.n = scratch->rim.n = scratch->seen.n = 0;
    if (geo_edges_size(edges) > 0)
        add_walls(sector, geo_edges_grid(edges), &scratch->walls);
    add_rim(sector, half_rad, &scratch->rim);
    add_depth(sector, &scratch->rim, &scratch->other);
    spans_envelope(&scratch->walls, &scratch->other);
    merge(scratch->walls.spans, scratch->walls.n, scratch->rim.spans, scratch->rim.n,
          &scratch->seen);
    for (size_t i = 0; i < scratch->seen.n; i++) {
        const Span *span = &scratch->seen.spans[i];
        if (span->t1 - span->t0 < LEAST_SPAN)
            continue; /* what rounding left between a wall and the border of the field */
        add_corner(sector, span->t0, span->w0, points, begin);
        add_corner(sector, span->t1, height_at(span, span->t1), points, begin);
    }
}

static double wall_distance(const GeoEdgePiece *piece, GeoXY p)
{
    double dx = piece->b.x - piece->a.x, dy = piece->b.y - piece->a.y;
    double share = ((p.x - piece->a.x) * dx + (p.y - piece->a.y) * dy) / (dx * dx + dy * dy);
    share = CLAMP(share, 0, 1);
    return hypot(p.x - piece->a.x - share * dx, p.y - piece->a.y - share * dy);
}

/* Where the eye stands: in front of the walls that it touches. Between walls that face each other
 * it stays, and their buildings are glass. */
static GeoXY stand(const GeoEdges *edges, GeoXY at, uint32_t *glass, size_t *n_glass)
{
    const GeoEdgeGrid *grid = geo_edges_grid(edges);
    uint32_t met[16];
    GeoXY sum = {0, 0};
    size_t n = 0;
    double left = floor((at.x - GEO_VIEW_WALL_M - grid->origin.x) / grid->cell_m);
    double right = floor((at.x + GEO_VIEW_WALL_M - grid->origin.x) / grid->cell_m);
    double bottom = floor((at.y - GEO_VIEW_WALL_M - grid->origin.y) / grid->cell_m);
    double top = floor((at.y + GEO_VIEW_WALL_M - grid->origin.y) / grid->cell_m);
    for (double row = fmax(bottom, 0); row <= fmin(top, grid->rows - 1); row++)
        for (double column = fmax(left, 0); column <= fmin(right, grid->columns - 1); column++) {
            size_t cell = (size_t)row * (size_t)grid->columns + (size_t)column;
            for (uint32_t i = grid->first[cell]; i < grid->first[cell + 1]; i++) {
                const GeoEdgePiece *piece = &grid->piece[i];
                bool known = !piece->sound || n == G_N_ELEMENTS(met);
                for (size_t k = 0; k < n; k++)
                    known |= met[k] == piece->edge;
                if (known || wall_distance(piece, at) > GEO_VIEW_WALL_M)
                    continue;
                const GeoEdge *edge = &geo_edges_all(edges)[piece->edge];
                double dx = edge->b.x - edge->a.x, dy = edge->b.y - edge->a.y;
                double length = hypot(dx, dy);
                sum.x += dy / length;
                sum.y -= dx / length;
                met[n++] = piece->edge;
            }
        }
    double length = hypot(sum.x, sum.y);
    if (n > 0 && length >= 0.1) {
        at.x += sum.x / length * GEO_VIEW_WALL_M;
        at.y += sum.y / length * GEO_VIEW_WALL_M;
    } else {
        for (size_t k = 0; k < n; k++)
            glass[(*n_glass)++] = geo_edges_all(edges)[met[k]].building;
    }
    return at;
}

static Sector sector_new(const GeoEye *eye, double off_deg, double half_rad)
{
    double off = off_deg * G_PI / 180, middle = eye->heading_deg * G_PI / 180 - off;
    Sector sector = {.at = eye->at, .forward = {sin(middle), cos(middle)}, .range_m = eye->range_m};
    sector.off_cos = cos(off);
    sector.off_sin = -sin(off);
    sector.depth_m = eye->depth_m;
    sector.cos_half = cos(half_rad);
    sector.sin_half = sin(half_rad);
    sector.t_max = sector.sin_half / sector.cos_half;
    return sector;
}

static void close_round(GArray *points, guint begin)
{
    if (points->len < begin + 2)
        return;
    GeoXY first = g_array_index(points, GeoXY, begin);
    GeoXY last = g_array_index(points, GeoXY, points->len - 1);
    if (fabs(first.x - last.x) < SAME_POINT_M && fabs(first.y - last.y) < SAME_POINT_M)
        g_array_set_size(points, points->len - 1);
}

/* The eye with its numbers in range; false: it sees nothing. */
static bool usable(GeoEye *eye)
{
    bool round = eye->fov_deg >= 360 - MIN_FIELD_DEG;
    if (!(eye->fov_deg >= MIN_FIELD_DEG) || !(eye->range_m > 0.001) || !isfinite(eye->at.x) ||
        !isfinite(eye->at.y) || (!round && !isfinite(eye->heading_deg)))
        return false;
    if (round)
        eye->fov_deg = 360;
    eye->at = geo_edges_snap(eye->at);
    eye->heading_deg = isfinite(eye->heading_deg) ? fmod(eye->heading_deg, 360) : 0;
    eye->range_m = fmin(eye->range_m, GEO_VIEW_MAX_RANGE_M);
    if (!(eye->depth_m > 0) || eye->fov_deg >= GEO_VIEW_ARC_DEG)
        eye->depth_m = INFINITY;
    return true;
}

/* The star that walls leave, of all buildings, or of those as high as the eye with the lower ones
 * listed in low. The eye comes back as it stands. */
static size_t view_star(const GeoEdges *edges, GeoEye *wanted, GArray *points, GArray *low)
{
    GeoEye eye = *wanted;
    uint32_t glass[MAX_GLASS + 16];
    size_t n_glass = 0;
    if (geo_edges_size(edges) > 0) {
        eye.at = stand(edges, eye.at, glass, &n_glass);
        n_glass += geo_edges_buildings_at(edges, eye.at, glass + n_glass, MAX_GLASS);
    }
    unsigned n_sectors = (unsigned)ceil(eye.fov_deg / MAX_SECTOR_DEG);
    double width = eye.fov_deg / n_sectors, half_rad = width / 2 * G_PI / 180;
    guint begin = points->len;
    if (eye.fov_deg < 360)
        g_array_append_val(points, eye.at);
    Scratch scratch = {0};
    spans_grow(&scratch.walls, 64); /* never NULL, as sums with it are not defined */
    spans_grow(&scratch.other, 64);
    for (unsigned i = 0; i < n_sectors; i++) {
        /* From the right end of the field to its left: anticlockwise. */
        Sector sector = sector_new(&eye, (i + 0.5) * width - eye.fov_deg / 2, half_rad);
        sector.glass = glass;
        sector.n_glass = n_glass;
        sector.height_m = low ? (float)eye.height_m : -INFINITY;
        sector.low = low;
        view_sector(edges, &sector, half_rad, &scratch, points, begin);
    }
    g_free(scratch.walls.spans);
    g_free(scratch.rim.spans);
    g_free(scratch.seen.spans);
    g_free(scratch.other.spans);
    close_round(points, begin);
    *wanted = eye;
    return points->len - begin;
}

size_t geo_view_polygon(const GeoEdges *edges, const GeoEye *given, GArray *points)
{
    GeoEye eye = *given;
    return usable(&eye) ? view_star(edges, &eye, points, NULL) : 0;
}

/* Leaves what lies beyond near_m along the heading: a ring cut by a line stays one ring, with edges
 * to and fro on the line where it would fall apart, which enclose nothing. */
static void cut_near(const GeoEye *eye, GArray *points, guint begin)
{
    double rad = eye->heading_deg * G_PI / 180, ux = sin(rad), uy = cos(rad);
    guint n = points->len - begin;
    g_autofree GeoXY *ring = g_memdup2(&g_array_index(points, GeoXY, begin), n * sizeof *ring);
    g_array_set_size(points, begin);
    for (guint i = 0; i < n; i++) {
        GeoXY a = ring[i], b = ring[(i + 1) % n];
        double fa = (a.x - eye->at.x) * ux + (a.y - eye->at.y) * uy - eye->near_m;
        double fb = (b.x - eye->at.x) * ux + (b.y - eye->at.y) * uy - eye->near_m;
        if (fa >= 0)
            g_array_append_val(points, a);
        if ((fa >= 0) != (fb >= 0)) {
            double t = fa / (fa - fb);
            GeoXY c = {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
            g_array_append_val(points, c);
        }
    }
    if (points->len < begin + 3)
        g_array_set_size(points, begin);
}

size_t geo_view_rings(const GeoEdges *edges, const GeoEye *given, GArray *points,
                      GArray *part_first)
{
    GeoEye eye = *given;
    uint32_t begin = points->len;
    if (!usable(&eye))
        return 0;
    bool heights = isfinite(eye.height_m) && eye.height_m > eye.target_m;
    g_autoptr(GArray) low = heights ? g_array_new(FALSE, FALSE, sizeof(uint32_t)) : NULL;
    view_star(edges, &eye, points, low);
    if (eye.near_m > 0 && eye.fov_deg < GEO_VIEW_ARC_DEG && points->len > begin)
        cut_near(&eye, points, begin);
    if (points->len == begin)
        return 0;
    if (low && low->len > 0)
        geo_shade_cut(edges, &eye, (const uint32_t *)(const void *)low->data, low->len, points,
                      part_first, begin);
    else
        g_array_append_val(part_first, begin);
    return points->len - begin;
}
