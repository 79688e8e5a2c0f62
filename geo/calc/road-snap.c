/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest edge to a point: every segment lies in the cells of a uniform grid that it crosses, row
 * by row; the search looks at cells ring by ring and stops when the next ring is farther than what
 * it has. A cell holds its segments in single precision, enough to pass by what is surely farther;
 * what remains is measured in double. With a heading an edge costs its distance and a penalty for
 * the angle; as the penalty is never negative the same rings bound it. O(cells within the answer's
 * cost). */
#include "geo/calc/road-snap.h"

#include <float.h>
#include <math.h>

#include "geo/calc/road-graph.h"

#define CELL_M 100.0
#define MAX_CELLS 4e6 /* a country keeps its grid within 16 MB: cells grow instead */

/* Within so much of an edge one is on it, on no side of it. */
#define ON_IT_M 0.01

typedef void (*CellFunc)(GeoRoads *roads, uint32_t cell, uint32_t segment, uint32_t *count);

static void count_cell(GeoRoads *roads, uint32_t cell, uint32_t segment, uint32_t *count)
{
    count[cell + 1]++;
}

static void fill_cell(GeoRoads *roads, uint32_t cell, uint32_t segment, uint32_t *count)
{
    const GeoRoadEdge *edge = &roads->edges[roads->owner[segment]];
    GeoXY a = roads->points[segment], b = roads->points[segment + 1];
    roads->items[count[cell]++] = (GeoRoadCellItem){.ax = (float)(a.x - roads->box.min_x),
                                                    .ay = (float)(a.y - roads->box.min_y),
                                                    .bx = (float)(b.x - roads->box.min_x),
                                                    .by = (float)(b.y - roads->box.min_y),
                                                    .segment = segment,
                                                    .may = (uint8_t)(edge->may[0] | edge->may[1])};
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
    roads->items = g_new(GeoRoadCellItem, MAX(roads->cell0[n_cells], 1));
    g_autofree uint32_t *next = g_memdup2(roads->cell0, (n_cells + 1) * sizeof *next);
    each_segment(roads, fill_cell, next);
}

typedef struct {
    const GeoRoads *roads;
    GeoXY p;
    float px, py, slack_m; /* p from the grid's corner; what single precision may be wrong by */
    uint8_t wanted;        /* profile bit */
    bool only_main, heads;
    double head_x, head_y; /* unit vector */
    double max_m, cost;    /* cost: of the best so far, bounds the search */
    double off_m;          /* of the best */
    int64_t segment;       /* of the best, -1 none */
    double share;          /* along it */
    float pass_by;         /* square of the distance from which on a segment surely loses */
} Search;

static void set_cost(Search *search, double cost)
{
    search->cost = cost;
    float reach = (float)cost * (1 + FLT_EPSILON) + search->slack_m;
    search->pass_by = reach * reach;
}

static double penalty(const Search *search, const GeoRoadEdge *edge, double dx, double dy)
{
    double along = (dx * search->head_x + dy * search->head_y) / sqrt(dx * dx + dy * dy);
    double best = -1;
    if (edge->may[0] & search->wanted)
        best = MAX(best, along);
    if (edge->may[1] & search->wanted)
        best = MAX(best, -along);
    return GEO_SNAP_AGAINST_M * (1 - best) / 2;
}

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
    /* A vertex given twice in a row has no direction; its neighbours have. */
    if (off > search->max_m || (search->heads && square == 0))
        return;
    double cost = off + (search->heads ? penalty(search, edge, dx, dy) : 0);
    /* Of equal ones the lowest: at a crossing several edges are equally near. */
    if (cost < search->cost || (cost == search->cost && s < search->segment)) {
        set_cost(search, cost);
        search->off_m = off;
        search->segment = s;
        search->share = share;
    }
}

/* Whether the segment is surely farther than the best; single precision. */
static bool surely_farther(const Search *search, const GeoRoadCellItem *item)
{
    float dx = item->bx - item->ax, dy = item->by - item->ay;
    float px = search->px - item->ax, py = search->py - item->ay;
    float square = dx * dx + dy * dy, along = px * dx + py * dy;
    float share = square > 0 ? CLAMP(along / square, 0, 1) : 0;
    float off_x = px - share * dx, off_y = py - share * dy;
    return off_x * off_x + off_y * off_y > search->pass_by;
}

static void try_cell(Search *search, int64_t column, int64_t row)
{
    const GeoRoads *roads = search->roads;
    if (column < 0 || row < 0 || column >= roads->columns || row >= roads->rows)
        return;
    float cell = (float)roads->cell_m, x = (float)column * cell, y = (float)row * cell;
    float off_x = MAX(MAX(x - search->px, search->px - x - cell), 0);
    float off_y = MAX(MAX(y - search->py, search->py - y - cell), 0);
    if (off_x * off_x + off_y * off_y > search->pass_by)
        return;
    size_t at = (size_t)row * roads->columns + (size_t)column;
    for (uint32_t i = roads->cell0[at]; i < roads->cell0[at + 1]; i++) {
        const GeoRoadCellItem *item = &roads->items[i];
        if (item->may & search->wanted && !surely_farther(search, item))
            try_segment(search, item->segment);
    }
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

static double cross(GeoXY o, GeoXY a, GeoXY b)
{
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

/* Beside a bend the nearest point is the vertex, and p lies on the outer side, which either
 * segment alone may tell wrongly. */
static int side_of(const Search *search, const GeoRoadEdge *edge, uint32_t s)
{
    const GeoXY *points = search->roads->points;
    if (search->off_m <= ON_IT_M)
        return 0;
    double turn = 0;
    if (search->share >= 1 && s + 2 < edge[1].point0)
        turn = -cross(points[s], points[s + 1], points[s + 2]);
    else if (search->share <= 0 && s > edge->point0)
        turn = -cross(points[s - 1], points[s], points[s + 1]);
    if (turn == 0)
        turn = cross(points[s], points[s + 1], search->p);
    return turn > 0 ? -1 : turn < 0;
}

static GeoSnap finish_snap(const Search *search)
{
    const GeoRoads *roads = search->roads;
    if (search->segment < 0)
        return (GeoSnap){.edge = -1, .at = search->p};
    uint32_t s = (uint32_t)search->segment, e = roads->owner[s];
    GeoSnap snap = {
        .edge = e, .off_m = search->off_m, .side = side_of(search, &roads->edges[e], s)};
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

static Search new_search(const GeoRoads *roads, GeoXY p, GeoProfile profile, double heading_deg,
                         double max_m)
{
    Search search = {.roads = roads,
                     .p = p,
                     .px = (float)(p.x - roads->box.min_x),
                     .py = (float)(p.y - roads->box.min_y),
                     .wanted = (uint8_t)(1U << profile),
                     .heads = isfinite(heading_deg),
                     .max_m = max_m,
                     .segment = -1};
    if (search.heads) {
        search.head_x = sin(heading_deg * G_PI / 180);
        search.head_y = cos(heading_deg * G_PI / 180);
    }
    /* Some roundings of numbers as large as the farthest of corner and p. */
    double largest = roads->cell_m * MAX(roads->columns, roads->rows) +
                     MAX(fabs(p.x - roads->box.min_x), fabs(p.y - roads->box.min_y));
    search.slack_m = (float)(largest * 8 * FLT_EPSILON);
    set_cost(&search, nextafter(max_m + (search.heads ? GEO_SNAP_AGAINST_M : 0), INFINITY));
    return search;
}

static void run_search(Search *search)
{
    const GeoRoads *roads = search->roads;
    GeoXY p = search->p;
    if (roads->n_edges == 0 || !isfinite(p.x) || !isfinite(p.y))
        return;
    double cell = roads->cell_m;
    double fx = (p.x - roads->box.min_x) / cell, fy = (p.y - roads->box.min_y) / cell;
    /* Nothing lies outside the box: a far point begins with the ring that reaches it. */
    double out = MAX(MAX(-fx, fx - roads->columns), MAX(-fy, fy - roads->rows));
    int64_t first = out > 1 ? (int64_t)MIN(out, 1e9) - 1 : 0;
    int64_t far = first + (int64_t)MAX(roads->columns, roads->rows) + 2;
    if (out * cell > search->max_m)
        return;
    /* Ring r holds all within (r + inset) cells of p, inset the way to p's own cell border. */
    double inset = MIN(MIN(fx - floor(fx), ceil(fx) - fx), MIN(fy - floor(fy), ceil(fy) - fy));
    for (int64_t ring = first; ring <= far; ring++) {
        double reach_m = ((double)ring - 1 + inset) * cell;
        if (reach_m > search->cost || reach_m > search->max_m)
            break;
        try_ring(search, (int64_t)floor(fx), (int64_t)floor(fy), ring);
    }
}

GeoSnap geo_roads_snap_heading(const GeoRoads *roads, GeoXY p, GeoProfile profile,
                               double heading_deg, double max_m)
{
    Search search = new_search(roads, p, profile, heading_deg, max_m);
    run_search(&search);
    return finish_snap(&search);
}

GeoSnap geo_roads_snap(const GeoRoads *roads, GeoXY p, GeoProfile profile, double max_m)
{
    return geo_roads_snap_heading(roads, p, profile, NAN, max_m);
}

GeoSnap geo_roads_snap_main(const GeoRoads *roads, GeoXY p, GeoProfile profile, double max_m)
{
    Search search = new_search(roads, p, profile, NAN, max_m);
    search.only_main = true;
    run_search(&search);
    return finish_snap(&search);
}

/* What is nearest of all is nearest for those who may use it. */
void geo_roads_snap_each(const GeoRoads *roads, GeoXY p, double max_m,
                         GeoSnap place[GEO_N_PROFILES])
{
    Search search = new_search(roads, p, GEO_PROFILE_FOOT, NAN, max_m);
    search.wanted = (1U << GEO_N_PROFILES) - 1;
    run_search(&search);
    GeoSnap nearest = finish_snap(&search);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++) {
        const GeoRoadEdge *edge = nearest.edge >= 0 ? &roads->edges[nearest.edge] : NULL;
        bool may = !edge || (edge->may[0] | edge->may[1]) >> profile & 1;
        place[profile] = may ? nearest : geo_roads_snap(roads, p, (GeoProfile)profile, max_m);
    }
}

/* ---- a fleet at once ---- */

static GeoSnap snap_one(const GeoRoads *roads, const GeoSnapAll *all, size_t i)
{
    GeoProfile profile = (GeoProfile)all->profile[i];
    double heading = all->heading_deg ? all->heading_deg[i] : NAN;
    Search search = new_search(roads, all->at[i], profile, heading, all->max_m);
    run_search(&search);
    GeoSnap snap = finish_snap(&search);
    if (snap.edge < 0 || all->island_m <= 0 || roads->edges[snap.edge].main >> profile & 1)
        return snap;
    search = new_search(roads, all->at[i], profile, heading,
                        MIN(all->max_m, snap.off_m + all->island_m));
    search.only_main = true;
    run_search(&search);
    return search.segment >= 0 ? finish_snap(&search) : snap;
}

/* Cell of a place; those outside go with the border. */
static uint32_t cell_of(const GeoRoads *roads, GeoXY p)
{
    if (!isfinite(p.x) || !isfinite(p.y))
        return 0;
    int64_t column = clamp((p.x - roads->box.min_x) / roads->cell_m, roads->columns);
    int64_t row = clamp((p.y - roads->box.min_y) / roads->cell_m, roads->rows);
    return (uint32_t)(row * roads->columns + column);
}

#define SORT_BITS 10

/* Places by the high bits of their cell: rows of the grid, near enough. One counting sort. */
static uint32_t *sort_places(const GeoRoads *roads, const GeoSnapAll *all)
{
    uint32_t start[(1 << SORT_BITS) + 1] = {0};
    uint64_t n_cells = (uint64_t)roads->columns * roads->rows;
    g_autofree uint16_t *key = g_new(uint16_t, MAX(all->n, 1));
    for (size_t i = 0; i < all->n; i++) {
        key[i] = (uint16_t)(((uint64_t)cell_of(roads, all->at[i]) << SORT_BITS) / n_cells);
        start[key[i] + 1]++;
    }
    for (int k = 0; k < 1 << SORT_BITS; k++)
        start[k + 1] += start[k];
    uint32_t *order = g_new(uint32_t, MAX(all->n, 1));
    for (size_t i = 0; i < all->n; i++)
        order[start[key[i]]++] = (uint32_t)i;
    return order;
}

void geo_roads_snap_all(const GeoRoads *roads, const GeoSnapAll *all, GeoSnap *snaps)
{
    g_return_if_fail(all->n < UINT32_MAX);
    g_autofree uint32_t *order = sort_places(roads, all);
    for (size_t k = 0; k < all->n; k++) {
        size_t i = order[k];
        if (all->wanted && !all->wanted[i])
            snaps[i] = (GeoSnap){.edge = -1, .at = all->at[i]};
        else
            snaps[i] = snap_one(roads, all, i);
    }
}
