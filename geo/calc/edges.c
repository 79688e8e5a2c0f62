/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walls are cut at the borders of a uniform grid and counting-sorted into its cells, row by row, so
 * that a query reads short contiguous runs and meets no wall twice. Neighbouring pieces share their
 * cut point to the bit, and the grid's origin is a multiple of its cell, so borders are exact
 * numbers and even-odd counting is, too. A footprint whose rings cross or touch themselves or lie
 * the wrong way round is marked not sound; only sound ones may be culled from behind. Building: two
 * passes over the edges, plus the test of soundness, quadratic within one footprint. */
#include "geo/calc/edges.h"

#include <math.h>
#include <string.h>

#define CELL_M 25.0
#define MAX_CELLS (1 << 24)
#define MAX_COORDINATE_M 1e7
#define MAX_SOUND_EDGES 4096 /* a footprint of more is taken for not sound: slower, never wrong */
#define MAX_STACKED 64       /* footprints that a ray may be within at once */

struct GeoEdges {
    GeoEdge *edges; /* owned */
    size_t n;
    GeoEdgeGrid grid;
    uint32_t *first;     /* owned */
    GeoEdgePiece *piece; /* owned */
    double widest_m;     /* of one building, west to east */
};

static bool usable(const GeoEdge *edge)
{
    const double *c = &edge->a.x;
    double worst = fmax(fmax(fabs(c[0]), fabs(c[1])), fmax(fabs(c[2]), fabs(c[3])));
    bool finite = isfinite(c[0]) && isfinite(c[1]) && isfinite(c[2]) && isfinite(c[3]);
    return finite && worst <= MAX_COORDINATE_M && (c[0] != c[2] || c[1] != c[3]);
}

static double side_of(GeoXY a, GeoXY b, GeoXY p)
{
    return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

static bool same(GeoXY a, GeoXY b)
{
    return a.x == b.x && a.y == b.y;
}

/* Two edges of one footprint meet elsewhere than in an end that both have. */
static bool entangled(const GeoEdge *e, const GeoEdge *f)
{
    if (fmax(e->a.x, e->b.x) < fmin(f->a.x, f->b.x) ||
        fmax(f->a.x, f->b.x) < fmin(e->a.x, e->b.x) ||
        fmax(e->a.y, e->b.y) < fmin(f->a.y, f->b.y) || fmax(f->a.y, f->b.y) < fmin(e->a.y, e->b.y))
        return false;
    double fa = side_of(e->a, e->b, f->a), fb = side_of(e->a, e->b, f->b);
    double ea = side_of(f->a, f->b, e->a), eb = side_of(f->a, f->b, e->b);
    if (fa * fb > 0 || ea * eb > 0)
        return false;
    bool e_ends_f = same(e->b, f->a) || same(e->b, f->b),
         e_begins_f = same(e->a, f->a) || same(e->a, f->b);
    if (!e_ends_f && !e_begins_f)
        return true;
    if (fa != 0 || fb != 0)
        return false;
    GeoXY at = e_ends_f ? e->b : e->a, e_far = e_ends_f ? e->a : e->b;
    GeoXY f_far = same(at, f->a) ? f->b : f->a;
    return (e_far.x - at.x) * (f_far.x - at.x) + (e_far.y - at.y) * (f_far.y - at.y) > 0;
}

static bool crosses_ray(GeoXY a, GeoXY b, GeoXY p)
{
    if ((a.y > p.y) == (b.y > p.y))
        return false;
    return a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) > p.x;
}

/* The inside of the footprint lies on the left of edge i, and on no other side of it. */
static bool inside_on_left(const GeoEdge *edges, size_t n, size_t i)
{
    GeoXY a = edges[i].a, b = edges[i].b;
    double dx = b.x - a.x, dy = b.y - a.y, length = hypot(dx, dy);
    double step = fmin(1e-3, 0.01 * length) / length;
    GeoXY left = {(a.x + b.x) / 2 - dy * step, (a.y + b.y) / 2 + dx * step};
    GeoXY right = {(a.x + b.x) / 2 + dy * step, (a.y + b.y) / 2 - dx * step};
    bool is_left = false, is_right = false;
    for (size_t k = 0; k < n; k++) {
        is_left ^= crosses_ray(edges[k].a, edges[k].b, left);
        is_right ^= crosses_ray(edges[k].a, edges[k].b, right);
    }
    return is_left && !is_right;
}

static bool is_sound(const GeoEdge *edges, size_t n)
{
    if (n < 3 || n > MAX_SOUND_EDGES)
        return false;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = i + 1; k < n; k++)
            if (entangled(&edges[i], &edges[k]))
                return false;
        if (!inside_on_left(edges, n, i))
            return false;
    }
    return true;
}

/* Runs of one building: whether each is sound, and the widest. */
static bool *judge_buildings(GeoEdges *edges)
{
    bool *sound = g_new0(bool, MAX(edges->n, 1));
    for (size_t i = 0, end; i < edges->n; i = end) {
        double west = INFINITY, east = -INFINITY;
        for (end = i; end < edges->n && edges->edges[end].building == edges->edges[i].building;
             end++) {
            west = fmin(west, fmin(edges->edges[end].a.x, edges->edges[end].b.x));
            east = fmax(east, fmax(edges->edges[end].a.x, edges->edges[end].b.x));
        }
        edges->widest_m = fmax(edges->widest_m, east - west);
        bool run_sound = is_sound(edges->edges + i, end - i);
        for (size_t k = i; k < end; k++)
            sound[k] = run_sound;
    }
    return sound;
}

static void lay_grid(GeoEdges *edges)
{
    GeoBox box = GEO_BOX_EMPTY;
    for (size_t i = 0; i < edges->n; i++) {
        geo_box_add(&box, edges->edges[i].a);
        geo_box_add(&box, edges->edges[i].b);
    }
    GeoEdgeGrid *grid = &edges->grid;
    for (double cell = CELL_M;; cell *= 2) {
        double west = floor(box.min_x / cell), south = floor(box.min_y / cell);
        double columns = floor(box.max_x / cell) - west + 1;
        double rows = floor(box.max_y / cell) - south + 1;
        if (columns * rows > MAX_CELLS)
            continue;
        grid->cell_m = cell;
        grid->origin = (GeoXY){west * cell, south * cell};
        grid->columns = (int)columns;
        grid->rows = (int)rows;
        return;
    }
}

/* Where the edge next leaves its cell along one axis: the border's number and the share of the
 * edge's length there; share is above 1 when it leaves no more. */
typedef struct {
    double border, step, last; /* in cells from the origin */
    double from, delta;        /* of the edge, in metres from the origin */
    double share;
} Axis;

static void axis_aim(Axis *axis, double cell_m)
{
    bool more = axis->step > 0 ? axis->border < axis->last : axis->border > axis->last;
    axis->share = more ? (axis->border * cell_m - axis->from) / axis->delta : 2;
}

static Axis axis_begin(double from, double to, double cell_m)
{
    Axis axis = {.from = from, .delta = to - from, .step = to > from ? 1 : -1};
    double a = from / cell_m, b = to / cell_m;
    axis.border = axis.step > 0 ? floor(a) + 1 : ceil(a) - 1;
    axis.last = b;
    axis_aim(&axis, cell_m);
    return axis;
}

/* Cuts one edge at the grid's borders. With piece NULL only counts into first[cell + 1]; else
 * writes each piece where first[cell] points and moves that on. */
static void cut_edge(GeoEdges *edges, size_t i, bool sound, GeoEdgePiece *piece)
{
    const GeoEdgeGrid *grid = &edges->grid;
    const GeoEdge *edge = &edges->edges[i];
    double cell_m = grid->cell_m;
    GeoXY o = grid->origin, at = edge->a;
    Axis x = axis_begin(edge->a.x - o.x, edge->b.x - o.x, cell_m);
    Axis y = axis_begin(edge->a.y - o.y, edge->b.y - o.y, cell_m);
    for (bool last = false; !last;) {
        GeoXY to = edge->b;
        last = x.share > 1 && y.share > 1;
        double share = fmin(x.share, y.share);
        bool cut_x = x.share == share, cut_y = y.share == share;
        if (!last) {
            to.x = cut_x ? o.x + x.border * cell_m : edge->a.x + share * x.delta;
            to.y = cut_y ? o.y + y.border * cell_m : edge->a.y + share * y.delta;
        }
        if (!last && cut_x) {
            x.border += x.step;
            axis_aim(&x, cell_m);
        }
        if (!last && cut_y) {
            y.border += y.step;
            axis_aim(&y, cell_m);
        }
        if (same(at, to))
            continue;
        int column = CLAMP((int)(((at.x + to.x) / 2 - o.x) / cell_m), 0, grid->columns - 1);
        int row = CLAMP((int)(((at.y + to.y) / 2 - o.y) / cell_m), 0, grid->rows - 1);
        size_t cell = (size_t)row * (size_t)grid->columns + (size_t)column;
        if (piece)
            piece[edges->first[cell]++] =
                (GeoEdgePiece){at, to, (uint32_t)i, edge->building, edge->height_m, sound};
        else
            edges->first[cell + 1]++;
        at = to;
    }
}

static void sort_into_cells(GeoEdges *edges, const bool *sound)
{
    size_t cells = (size_t)edges->grid.columns * (size_t)edges->grid.rows;
    edges->first = g_new0(uint32_t, cells + 1);
    for (size_t i = 0; i < edges->n; i++)
        cut_edge(edges, i, sound[i], NULL);
    for (size_t c = 0; c < cells; c++)
        edges->first[c + 1] += edges->first[c];
    edges->piece = g_new(GeoEdgePiece, MAX(edges->first[cells], 1));
    for (size_t i = 0; i < edges->n; i++)
        cut_edge(edges, i, sound[i], edges->piece);
    memmove(edges->first + 1, edges->first, cells * sizeof *edges->first);
    edges->first[0] = 0;
    edges->grid.first = edges->first;
    edges->grid.piece = edges->piece;
}

GeoEdges *geo_edges_new(const GeoEdge *edges, size_t n)
{
    GeoEdges *all = g_new0(GeoEdges, 1);
    all->edges = g_new(GeoEdge, MAX(n, 1));
    for (size_t i = 0; i < n; i++) {
        GeoEdge edge = edges[i];
        edge.a = geo_edges_snap(edge.a);
        edge.b = geo_edges_snap(edge.b);
        if (usable(&edge))
            all->edges[all->n++] = edge;
    }
    if (all->n == 0)
        return all;
    lay_grid(all);
    g_autofree bool *sound = judge_buildings(all);
    sort_into_cells(all, sound);
    return all;
}

void geo_edges_free(GeoEdges *edges)
{
    if (!edges)
        return;
    g_free(edges->edges);
    g_free(edges->first);
    g_free(edges->piece);
    g_free(edges);
}

size_t geo_edges_size(const GeoEdges *edges)
{
    return edges->n;
}

const GeoEdge *geo_edges_all(const GeoEdges *edges)
{
    return edges->edges;
}

const GeoEdgeGrid *geo_edges_grid(const GeoEdges *edges)
{
    return &edges->grid;
}

/* Puts the building in when it is not there, takes it out when it is. */
static size_t toggle(uint32_t *held, size_t n, uint32_t building)
{
    for (size_t i = 0; i < n; i++)
        if (held[i] == building) {
            held[i] = held[n - 1];
            return n - 1;
        }
    if (n < MAX_STACKED)
        held[n++] = building;
    return n;
}

/* Pieces of the row's cells between two columns. */
static size_t row_pieces(const GeoEdgeGrid *grid, double row, double from, double to, size_t *end)
{
    size_t base = (size_t)row * (size_t)grid->columns;
    *end = grid->first[base + (size_t)fmin(to, grid->columns - 1) + 1];
    return grid->first[base + (size_t)fmax(from, 0)];
}

/* Eastwards of p a building that does not hold it may be cut by the end of the ray; such a one has
 * no wall westwards of p. */
size_t geo_edges_buildings_at(const GeoEdges *edges, GeoXY p, uint32_t *buildings, size_t max)
{
    const GeoEdgeGrid *grid = &edges->grid;
    double row = floor((p.y - grid->origin.y) / grid->cell_m);
    double column = floor((p.x - grid->origin.x) / grid->cell_m);
    if (edges->n == 0 || !(row >= 0 && row < grid->rows && column >= 0 && column < grid->columns))
        return 0;
    uint32_t held[MAX_STACKED];
    double reach = edges->widest_m;
    double east = floor((p.x + reach - grid->origin.x) / grid->cell_m);
    double west = floor((p.x - reach - grid->origin.x) / grid->cell_m);
    size_t n = 0, found = 0, end;
    for (size_t i = row_pieces(grid, row, column, east, &end); i < end; i++)
        if (crosses_ray(grid->piece[i].a, grid->piece[i].b, p))
            n = toggle(held, n, grid->piece[i].building);
    for (size_t k = 0; k < n && found < max; k++) {
        bool odd = false;
        for (size_t i = row_pieces(grid, row, west, column, &end); i < end; i++) {
            const GeoEdgePiece *piece = &grid->piece[i];
            odd ^= piece->building == held[k] && (piece->a.y > p.y) != (piece->b.y > p.y) &&
                   !crosses_ray(piece->a, piece->b, p);
        }
        if (odd)
            buildings[found++] = held[k];
    }
    return found;
}
