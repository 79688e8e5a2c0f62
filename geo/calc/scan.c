/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scan conversion at cell middles: each row has room for a few columns where borders cross it; they
 * are sorted (two, most often) and paired. Where a row has more, crossings are counted first and
 * laid row by row into one array. A border belongs to the row r when its lower end is at or below
 * the middle of r and its upper end above. */
#include "geo/calc/scan.h"

#include <math.h>
#include <string.h>

#define SLOTS 7

/* The crossings of one row, while they are few. */
typedef struct {
    uint32_t n;
    int32_t cross[SLOTS]; /* columns */
} Row;

struct GeoScan {
    GeoXY origin;
    double cell_m;
    int32_t columns, rows;
    Row *line;       /* per row of the polygon, owned */
    uint32_t *begin; /* the same for the long way, owned */
    int32_t *cross;  /* columns, owned */
    GeoSpan *spans;  /* owned */
    size_t line_room, begin_room, cross_room, span_room;
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
    g_free(scan->line);
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
    double back = v - 0.5;
    if (!(back > 0))
        return 0;
    if (back > n - 1)
        return n;
    int32_t cell = (int32_t)back;
    return cell + (cell < back);
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
    return rings->part_first && part + 1 < rings->n_parts
               ? rings->part_first[part + 1] - rings->part_first[0]
               : rings->n;
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

typedef struct {
    double x, y; /* cells */
    int32_t row; /* the first at or above it */
} Corner;

static inline Corner corner_of(const GeoScan *scan, GeoXY p, double inverse)
{
    Corner corner = {(p.x - scan->origin.x) * inverse, (p.y - scan->origin.y) * inverse, 0};
    corner.row = first_cell(corner.y, scan->rows);
    return corner;
}

static inline uint32_t cross_row(Row *line, int32_t column)
{
    line->cross[MIN(line->n, SLOTS - 1)] = column;
    return ++line->n;
}

/* From its lower end up, so that two polygons with a common border meet in the same cells. Where
 * all of it lies within the raster, columns advance in 2^-32 of a cell, as far off as a nanometre:
 * less than what coordinates of a city are rounded by. */
static inline uint32_t lay_border(const GeoScan *scan, const Corner *low, const Corner *high,
                                  int32_t bottom)
{
    const double unit = 4294967296.0;
    double slope = (high->x - low->x) / (high->y - low->y);
    double x = low->x + (low->row + 0.5 - low->y) * slope;
    double last = low->x + (high->row - 0.5 - low->y) * slope;
    Row *line = scan->line + (low->row - bottom), *end = scan->line + (high->row - bottom);
    uint32_t most = 0;
    if (x >= 0 && last >= 0 && x <= scan->columns && last <= scan->columns) {
        int64_t at = (int64_t)((x - 0.5) * unit) + UINT32_MAX;
        int64_t step = line + 1 < end ? (int64_t)(slope * unit) : 0;
        for (; line < end; line++, at += step) {
            uint32_t n = cross_row(line, (int32_t)(at >> 32));
            most = n > most ? n : most;
        }
    }
    for (int32_t row = low->row; line < end; line++, row++) {
        double column = low->x + (row + 0.5 - low->y) * slope;
        uint32_t n = cross_row(line, first_cell(column, scan->columns));
        most = n > most ? n : most;
    }
    return most;
}

/* False when a row has more crossings than slots. */
static bool lay_lines(const GeoScan *scan, const Rings *rings, int32_t bottom)
{
    double inverse = 1 / scan->cell_m;
    uint32_t most = 0;
    size_t i = 0;
    for (size_t part = 0; part < rings->n_parts; part++) {
        size_t end = ring_end(rings, part);
        if (i >= end)
            continue;
        Corner from = corner_of(scan, rings->points[end - 1], inverse);
        for (; i < end; i++) {
            Corner to = corner_of(scan, rings->points[i], inverse);
            uint32_t n = 0;
            if (from.row < to.row)
                n = lay_border(scan, &from, &to, bottom);
            else if (to.row < from.row)
                n = lay_border(scan, &to, &from, bottom);
            most = MAX(most, n);
            from = to;
        }
    }
    return most <= SLOTS;
}

static bool row_range(const GeoScan *scan, const GeoXY *points, size_t n, int32_t *bottom,
                      int32_t *top)
{
    double low = INFINITY, high = -INFINITY, sum = 0;
    for (size_t i = 0; i < n; i++) {
        low = points[i].y < low ? points[i].y : low;
        high = points[i].y > high ? points[i].y : high;
        sum += points[i].x * 0 + points[i].y * 0;
    }
    if (n < 3 || sum != 0) /* not finite: 0 x infinity is not a number */
        return false;
    double inverse =
        1 / scan->cell_m; /* rounded as for the corners: no row of theirs lies beyond */
    *bottom = first_cell((low - scan->origin.y) * inverse, scan->rows);
    *top = first_cell((high - scan->origin.y) * inverse, scan->rows);
    return *bottom < *top;
}

static size_t pair_up(const int32_t *cross, uint32_t n, int32_t row, GeoSpan *spans)
{
    size_t n_spans = 0;
    for (uint32_t k = 0; k + 1 < n; k += 2)
        if (cross[k] < cross[k + 1])
            spans[n_spans++] = (GeoSpan){row, cross[k], cross[k + 1]};
    return n_spans;
}

static size_t spans_of_lines(GeoScan *scan, int32_t bottom, size_t rows)
{
    size_t n = 0;
    scan->spans = grow(scan->spans, &scan->span_room, rows * (SLOTS / 2) + 1, sizeof *scan->spans);
    for (size_t row = 0; row < rows; row++) {
        Row *line = &scan->line[row];
        if (line->n == 2) {
            int32_t a = line->cross[0], b = line->cross[1];
            scan->spans[n] = (GeoSpan){bottom + (int32_t)row, MIN(a, b), MAX(a, b)};
            n += a != b;
        } else {
            sort_columns(line->cross, line->n);
            n += pair_up(line->cross, line->n, bottom + (int32_t)row, scan->spans + n);
        }
    }
    return n;
}

/* However many crossings a row has. */
static size_t spans_the_long_way(GeoScan *scan, const Rings *rings, int32_t bottom, size_t rows)
{
    scan->begin = grow(scan->begin, &scan->begin_room, rows + 1, sizeof *scan->begin);
    memset(scan->begin, 0, (rows + 1) * sizeof *scan->begin);
    count_crossings(scan, rings, bottom);
    for (size_t row = 0; row < rows; row++)
        scan->begin[row + 1] += scan->begin[row];
    size_t crossings = scan->begin[rows], n = 0;
    scan->cross = grow(scan->cross, &scan->cross_room, crossings, sizeof *scan->cross);
    scan->spans = grow(scan->spans, &scan->span_room, crossings / 2 + 1, sizeof *scan->spans);
    lay_crossings(scan, rings, bottom);
    uint32_t begin = 0; /* begin[row] is now the row's end */
    for (size_t row = 0; row < rows; row++) {
        uint32_t count = scan->begin[row] - begin;
        sort_columns(scan->cross + begin, count);
        n += pair_up(scan->cross + begin, count, bottom + (int32_t)row, scan->spans + n);
        begin = scan->begin[row];
    }
    return n;
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
    scan->line = grow(scan->line, &scan->line_room, rows, sizeof *scan->line);
    for (size_t row = 0; row < rows; row++)
        scan->line[row].n = 0;
    *n_spans = lay_lines(scan, &rings, bottom) ? spans_of_lines(scan, bottom, rows)
                                               : spans_the_long_way(scan, &rings, bottom, rows);
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
