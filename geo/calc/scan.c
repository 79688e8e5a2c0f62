/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scan conversion at cell middles: the rows that each border crosses are counted, the crossings
 * laid row by row into one array, sorted within the row (two, most often) and paired. A border
 * belongs to the row r when its lower end is at or below the middle of r and its upper end above.
 */
#include "geo/calc/scan.h"

#include <math.h>
#include <string.h>

struct GeoScan {
    GeoXY origin;
    double cell_m;
    int32_t columns, rows;
    uint32_t *begin; /* per row of the polygon, owned */
    int32_t *cross;  /* columns, owned */
    GeoSpan *spans;  /* owned */
    size_t begin_room, cross_room, span_room;
};

static int32_t cells_of(double metres, double cell_m)
{
    double n = ceil(metres / cell_m);
    return n >= 1 ? (int32_t)fmin(n, GEO_SCAN_MAX_CELLS) : 1;
}

GeoScan *geo_scan_new(const GeoBox *box, double cell_m)
{
    GeoScan *scan = g_new0(GeoScan, 1);
    bool empty = !(box->min_x <= box->max_x && box->min_y <= box->max_y);
    scan->cell_m = cell_m;
    scan->origin = empty ? (GeoXY){0, 0} : (GeoXY){box->min_x, box->min_y};
    scan->columns = empty ? 1 : cells_of(box->max_x - box->min_x, cell_m);
    scan->rows = empty ? 1 : cells_of(box->max_y - box->min_y, cell_m);
    return scan;
}

void geo_scan_free(GeoScan *scan)
{
    if (!scan)
        return;
    g_free(scan->begin);
    g_free(scan->cross);
    g_free(scan->spans);
    g_free(scan);
}

int32_t geo_scan_columns(const GeoScan *scan)
{
    return scan->columns;
}

int32_t geo_scan_rows(const GeoScan *scan)
{
    return scan->rows;
}

GeoXY geo_scan_origin(const GeoScan *scan)
{
    return scan->origin;
}

double geo_scan_cell_m(const GeoScan *scan)
{
    return scan->cell_m;
}

/* The first cell whose middle is at or beyond v (in cells), within 0 .. n. */
static inline int32_t first_cell(double v, int32_t n)
{
    double cell = ceil(v - 0.5);
    return cell <= 0 ? 0 : cell >= n ? n : (int32_t)cell;
}

typedef struct {
    double x0, y0, x1, y1; /* cells, y0 <= y1 */
    int32_t from, to;      /* rows */
} Border;

static inline Border border_of(const GeoScan *scan, GeoXY a, GeoXY b)
{
    double inverse = 1 / scan->cell_m;
    if (a.y > b.y) {
        GeoXY swap = a;
        a = b;
        b = swap;
    }
    Border border = {.x0 = (a.x - scan->origin.x) * inverse,
                     .y0 = (a.y - scan->origin.y) * inverse,
                     .x1 = (b.x - scan->origin.x) * inverse,
                     .y1 = (b.y - scan->origin.y) * inverse};
    border.from = first_cell(border.y0, scan->rows);
    border.to = first_cell(border.y1, scan->rows);
    return border;
}

static void sort_columns(int32_t *cross, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        int32_t value = cross[i];
        uint32_t k = i;
        for (; k > 0 && cross[k - 1] > value; k--)
            cross[k] = cross[k - 1];
        cross[k] = value;
    }
}

static void *grow(void *block, size_t *room, size_t need, size_t size)
{
    if (need <= *room)
        return block;
    *room = MAX(need, 2 * *room);
    return g_realloc_n(block, *room, size);
}

/* The rings of one polygon: point i is followed by the next of its ring. */
typedef struct {
    const GeoXY *points;
    size_t n;
    const uint32_t *part_first;
    size_t n_parts;
} Rings;

static size_t ring_end(const Rings *rings, size_t part)
{
    return rings->part_first && part + 1 < rings->n_parts ? rings->part_first[part + 1] : rings->n;
}

/* Counts crossings per row into begin[row + 1], from the row `bottom` on. */
static void count_crossings(const GeoScan *scan, const Rings *rings, int32_t bottom)
{
    size_t i = 0;
    for (size_t part = 0; part < rings->n_parts; part++) {
        size_t first = i, end = ring_end(rings, part);
        for (; i < end; i++) {
            GeoXY next = rings->points[i + 1 < end ? i + 1 : first];
            Border border = border_of(scan, rings->points[i], next);
            for (int32_t row = border.from; row < border.to; row++)
                scan->begin[row - bottom + 1]++;
        }
    }
}

static void lay_crossings(const GeoScan *scan, const Rings *rings, int32_t bottom)
{
    size_t i = 0;
    for (size_t part = 0; part < rings->n_parts; part++) {
        size_t first = i, end = ring_end(rings, part);
        for (; i < end; i++) {
            GeoXY next = rings->points[i + 1 < end ? i + 1 : first];
            Border border = border_of(scan, rings->points[i], next);
            if (border.from >= border.to)
                continue;
            double slope = (border.x1 - border.x0) / (border.y1 - border.y0);
            for (int32_t row = border.from; row < border.to; row++)
                scan->cross[scan->begin[row - bottom]++] =
                    first_cell(border.x0 + (row + 0.5 - border.y0) * slope, scan->columns);
        }
    }
}

static bool row_range(const GeoScan *scan, const GeoXY *points, size_t n, int32_t *bottom,
                      int32_t *top)
{
    double low = INFINITY, high = -INFINITY, sum = 0;
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, points[i].y);
        high = fmax(high, points[i].y);
        sum += points[i].x * 0 + points[i].y * 0;
    }
    if (n < 3 || sum != 0) /* not finite: 0 x infinity is not a number */
        return false;
    *bottom = first_cell((low - scan->origin.y) / scan->cell_m, scan->rows);
    *top = first_cell((high - scan->origin.y) / scan->cell_m, scan->rows);
    return *bottom < *top;
}

const GeoSpan *geo_scan_polygon(GeoScan *scan, const GeoXY *points, size_t n_points,
                                const uint32_t *part_first, size_t n_parts, size_t *n_spans)
{
    int32_t bottom, top;
    *n_spans = 0;
    if (!row_range(scan, points, n_points, &bottom, &top))
        return scan->spans;
    Rings rings = {points, n_points, part_first, part_first ? n_parts : 1};
    size_t rows = (size_t)(top - bottom);
    scan->begin = grow(scan->begin, &scan->begin_room, rows + 1, sizeof *scan->begin);
    memset(scan->begin, 0, (rows + 1) * sizeof *scan->begin);
    count_crossings(scan, &rings, bottom);
    for (size_t row = 0; row < rows; row++)
        scan->begin[row + 1] += scan->begin[row];
    size_t crossings = scan->begin[rows], n = 0;
    scan->cross = grow(scan->cross, &scan->cross_room, crossings, sizeof *scan->cross);
    scan->spans = grow(scan->spans, &scan->span_room, crossings / 2 + 1, sizeof *scan->spans);
    lay_crossings(scan, &rings, bottom);
    uint32_t begin = 0; /* begin[row] is now the row's end */
    for (size_t row = 0; row < rows; row++) {
        int32_t *cross = scan->cross + begin;
        uint32_t count = scan->begin[row] - begin;
        begin = scan->begin[row];
        sort_columns(cross, count);
        for (uint32_t k = 0; k + 1 < count; k += 2)
            if (cross[k] < cross[k + 1])
                scan->spans[n++] = (GeoSpan){bottom + (int32_t)row, cross[k], cross[k + 1]};
    }
    *n_spans = n;
    return scan->spans;
}

/* Narrows [from, to] to where low <= slope x + offset <= high. */
static void narrow(double slope, double offset, double low, double high, double *from, double *to)
{
    if (slope == 0) {
        if (offset < low || offset > high)
            *to = -INFINITY;
        return;
    }
    double a = (low - offset) / slope, b = (high - offset) / slope;
    *from = fmax(*from, fmin(a, b));
    *to = fmin(*to, fmax(a, b));
}

const GeoSpan *geo_scan_capsule(GeoScan *scan, GeoXY a, GeoXY b, double half_m, size_t *n_spans)
{
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double o_y = scan->origin.y, cell = scan->cell_m;
    *n_spans = 0;
    if (!isfinite(length2) || !isfinite(a.x + a.y) || !(half_m > 0))
        return scan->spans;
    int32_t bottom = first_cell((fmin(a.y, b.y) - half_m - o_y) / cell, scan->rows);
    int32_t top = first_cell((fmax(a.y, b.y) + half_m - o_y) / cell, scan->rows);
    scan->spans =
        grow(scan->spans, &scan->span_room, (size_t)(top - bottom) + 1, sizeof *scan->spans);
    double reach = half_m * sqrt(length2);
    for (int32_t row = bottom; row < top; row++) {
        double y = o_y + (row + 0.5) * cell, ya = y - a.y, yb = y - b.y;
        double from = INFINITY, to = -INFINITY;
        if (fabs(ya) <= half_m) {
            double half = sqrt(half_m * half_m - ya * ya);
            from = a.x - half;
            to = a.x + half;
        }
        if (fabs(yb) <= half_m) {
            double half = sqrt(half_m * half_m - yb * yb);
            from = fmin(from, b.x - half);
            to = fmax(to, b.x + half);
        }
        double middle_from = -INFINITY, middle_to = INFINITY;
        narrow(dx, dy * ya - dx * a.x, 0, length2, &middle_from, &middle_to);
        narrow(-dy, dx * ya + dy * a.x, -reach, reach, &middle_from, &middle_to);
        if (length2 > 0 && middle_from <= middle_to) {
            from = fmin(from, middle_from);
            to = fmax(to, middle_to);
        }
        int32_t c0 = first_cell((from - scan->origin.x) / cell, scan->columns);
        int32_t c1 = first_cell((to - scan->origin.x) / cell, scan->columns);
        if (from <= to && c0 < c1)
            scan->spans[(*n_spans)++] = (GeoSpan){row, c0, c1};
    }
    return scan->spans;
}
