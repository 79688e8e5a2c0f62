/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest edge to a point: every segment lies in the cells of a uniform grid that it crosses, row
 * by row; the search looks at cells ring by ring and stops when the next ring is farther than what
 * it has. O(cells within the answer's distance). */
#include <math.h>

#include "geo/calc/road-graph.h"

#define CELL_M 100.0
#define MAX_CELLS 4e6 /* a country keeps its grid within 16 MB: cells grow instead */

typedef void (*CellFunc)(GeoRoads *roads, uint32_t cell, uint32_t segment, uint32_t *count);

static void count_cell(GeoRoads *roads, uint32_t cell, uint32_t segment, uint32_t *count)
{
    count[cell + 1]++;
}

static void fill_cell(GeoRoads *roads, uint32_t cell, uint32_t segment, uint32_t *count)
{
    roads->segment[count[cell]++] = segment;
}

static int64_t clamp(double cell, uint32_t n)
{
    return cell < 0 ? 0 : cell >= n ? (int64_t)n - 1 : (int64_t)cell;
}

/* Calls for each cell that the segment from point s to s + 1 crosses. */
static void cross_cells(GeoRoads *roads, uint32_t s, CellFunc call, uint32_t *count)
{
    GeoXY a = roads->points[s], b = roads->points[s + 1];
    if (a.y > b.y) {
        GeoXY t = a;
        a = b;
        b = t;
    }
    double cell = roads->cell_m;
    int64_t row0 = clamp((a.y - roads->box.min_y) / cell, roads->rows);
    int64_t row1 = clamp((b.y - roads->box.min_y) / cell, roads->rows);
    double slope = b.y > a.y ? (b.x - a.x) / (b.y - a.y) : 0;
    for (int64_t row = row0; row <= row1; row++) {
        double y0 = roads->box.min_y + (double)row * cell;
        double x0 = row == row0 ? a.x : a.x + (y0 - a.y) * slope;
        double x1 = row == row1 ? b.x : a.x + (y0 + cell - a.y) * slope;
        int64_t c0 = clamp((MIN(x0, x1) - roads->box.min_x) / cell, roads->columns);
        int64_t c1 = clamp((MAX(x0, x1) - roads->box.min_x) / cell, roads->columns);
        for (int64_t c = c0; c <= c1; c++)
            call(roads, (uint32_t)(row * roads->columns + c), s, count);
    }
}

static void each_segment(GeoRoads *roads, CellFunc call, uint32_t *count)
{
    for (uint32_t e = 0; e < roads->n_edges; e++)
        for (uint32_t s = roads->edges[e].point0; s + 1 < roads->edges[e + 1].point0; s++)
            cross_cells(roads, s, call, count);
}

void geo_roads_index(GeoRoads *roads)
{
    uint32_t n_points = roads->edges[roads->n_edges].point0;
    roads->owner = g_new(uint32_t, MAX(n_points, 1));
    roads->box = GEO_BOX_EMPTY;
    for (uint32_t e = 0; e < roads->n_edges; e++)
        for (uint32_t i = roads->edges[e].point0; i < roads->edges[e + 1].point0; i++) {
            roads->owner[i] = e;
            geo_box_add(&roads->box, roads->points[i]);
        }
    double width = roads->n_edges ? roads->box.max_x - roads->box.min_x : 0;
    double height = roads->n_edges ? roads->box.max_y - roads->box.min_y : 0;
    roads->cell_m = MAX(CELL_M, sqrt(width * height / MAX_CELLS));
    roads->columns = (uint32_t)(width / roads->cell_m) + 1;
    roads->rows = (uint32_t)(height / roads->cell_m) + 1;
    size_t n_cells = (size_t)roads->columns * roads->rows;
    roads->cell0 = g_new0(uint32_t, n_cells + 1);
    each_segment(roads, count_cell, roads->cell0);
    for (size_t c = 0; c < n_cells; c++)
        roads->cell0[c + 1] += roads->cell0[c];
    roads->segment = g_new(uint32_t, MAX(roads->cell0[n_cells], 1));
    g_autofree uint32_t *next = g_memdup2(roads->cell0, (n_cells + 1) * sizeof *next);
    each_segment(roads, fill_cell, next);
}

typedef struct {
    const GeoRoads *roads;
    GeoXY p;
    uint8_t wanted; /* profile bit */
    bool only_main;
    double best_m;
    int64_t segment; /* of the best, -1 none */
    double share;    /* along it */
} Search;

static void try_segment(Search *search, uint32_t s)
{
    const GeoRoads *roads = search->roads;
    const GeoRoadEdge *edge = &roads->edges[roads->owner[s]];
    uint8_t bits = search->only_main ? edge->main : (uint8_t)(edge->may[0] | edge->may[1]);
    if (!(bits & search->wanted))
        return;
    GeoXY a = roads->points[s], b = roads->points[s + 1];
    double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
    double share = square > 0 ? ((search->p.x - a.x) * dx + (search->p.y - a.y) * dy) / square : 0;
    share = CLAMP(share, 0, 1);
    double off = hypot(a.x + share * dx - search->p.x, a.y + share * dy - search->p.y);
    /* Of equal ones the lowest: at a crossing several edges are equally near. */
    if (off < search->best_m || (off == search->best_m && s < search->segment)) {
        search->best_m = off;
        search->segment = s;
        search->share = share;
    }
}

static void try_cell(Search *search, int64_t column, int64_t row)
{
    const GeoRoads *roads = search->roads;
    if (column < 0 || row < 0 || column >= roads->columns || row >= roads->rows)
        return;
    size_t cell = (size_t)row * roads->columns + (size_t)column;
    for (uint32_t i = roads->cell0[cell]; i < roads->cell0[cell + 1]; i++)
        try_segment(search, roads->segment[i]);
}

static void try_ring(Search *search, int64_t column, int64_t row, int64_t ring)
{
    for (int64_t c = column - ring; c <= column + ring; c++) {
        try_cell(search, c, row - ring);
        if (ring > 0)
            try_cell(search, c, row + ring);
    }
    for (int64_t r = row - ring + 1; r < row + ring; r++) {
        try_cell(search, column - ring, r);
        try_cell(search, column + ring, r);
    }
}

static GeoSnap finish_snap(const Search *search)
{
    const GeoRoads *roads = search->roads;
    if (search->segment < 0)
        return (GeoSnap){.edge = -1, .at = search->p};
    uint32_t s = (uint32_t)search->segment, e = roads->owner[s];
    GeoSnap snap = {.edge = e, .off_m = search->best_m};
    for (uint32_t i = roads->edges[e].point0; i <= s; i++) {
        GeoXY a = roads->points[i], b = roads->points[i + 1];
        double length = hypot(b.x - a.x, b.y - a.y);
        snap.offset_m += i == s ? length * search->share : length;
        if (i == s)
            snap.at = (GeoXY){a.x + search->share * (b.x - a.x), a.y + search->share * (b.y - a.y)};
    }
    snap.offset_m = MIN(snap.offset_m, roads->edges[e].length_m);
    return snap;
}

static GeoSnap snap_to(const GeoRoads *roads, GeoXY p, GeoProfile profile, double max_m, bool main)
{
    Search search = {.roads = roads,
                     .p = p,
                     .wanted = (uint8_t)(1U << profile),
                     .only_main = main,
                     .best_m = nextafter(max_m, INFINITY),
                     .segment = -1};
    if (roads->n_edges == 0 || !isfinite(p.x) || !isfinite(p.y))
        return finish_snap(&search);
    double cell = roads->cell_m;
    double fx = (p.x - roads->box.min_x) / cell, fy = (p.y - roads->box.min_y) / cell;
    /* Nothing lies outside the box: a far point begins with the ring that reaches it. */
    double out = MAX(MAX(-fx, fx - roads->columns), MAX(-fy, fy - roads->rows));
    int64_t first = out > 1 ? (int64_t)MIN(out, 1e9) - 1 : 0;
    int64_t far = first + (int64_t)MAX(roads->columns, roads->rows) + 2;
    if (out * cell > max_m)
        return finish_snap(&search);
    /* Ring r holds all within (r + inset) cells of p, inset the way to p's own cell border. */
    double inset = MIN(MIN(fx - floor(fx), ceil(fx) - fx), MIN(fy - floor(fy), ceil(fy) - fy));
    for (int64_t ring = first; ring <= far; ring++) {
        if (((double)ring - 1 + inset) * cell > search.best_m)
            break;
        try_ring(&search, (int64_t)floor(fx), (int64_t)floor(fy), ring);
    }
    return finish_snap(&search);
}

GeoSnap geo_roads_snap(const GeoRoads *roads, GeoXY p, GeoProfile profile, double max_m)
{
    return snap_to(roads, p, profile, max_m, false);
}

GeoSnap geo_roads_snap_main(const GeoRoads *roads, GeoXY p, GeoProfile profile, double max_m)
{
    return snap_to(roads, p, profile, max_m, true);
}
