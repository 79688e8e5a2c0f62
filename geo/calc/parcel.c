/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Point location by a raster. A cell that no border meets knows its area, and how many cells it is
 * from the nearest that one meets, so that room is told without looking at any edge. A cell that
 * borders meet lists for each area that has to do with it the edges in it, and whether the area
 * holds the cell's lower left corner: a point is told from the corner by counting the edges that a
 * way up the left side and then to the right crosses, which all are in the list. Edges and corners
 * are taken half-open as in geo/calc/inside.c, so both give the same answer on a border too. Areas
 * by rising number, so the first that holds the point is the lowest. */
#include "geo/calc/parcel.h"

#include <math.h>

/* Few cells stay in the processor's caches, which tells more than how many edges one has. */
#define CELLS_PER_AREA 20
#define LEAST_CELLS 1e5
#define MOST_CELLS 2e6
#define LEAST_CELL_M 10.0
/* The raster's lines keep off corners of grids of round numbers, where a rounding would decide. */
#define OFF_CELLS 1.6180339887498949
#define MIXED UINT32_C(0x80000000)
#define CORNER UINT32_MAX /* instead of an edge: the area holds the corner */
#define FAR 255

typedef struct {
    uint32_t cell, area, edge;
} Entry;

/* What a look needs of an edge in a cell. That the area holds the corner is an edge too, which
 * every way crosses: low.y is NAN, so that all else of it is false, and left_y lies below
 * everything. */
typedef struct {
    GeoXY low;
    double dx, dy; /* to the upper end; dy is not below 0 */
    double high_y; /* dy would lose what a sum rounds off */
    double left_y; /* where it crosses the cell's left side above the corner; INFINITY: nowhere */
    float per_m;   /* 1 / length, rather less */
    uint32_t area;
} Item;

struct GeoParcel {
    const GeoXY *points;
    const uint32_t *ring_point0, *ring0;
    size_t n_areas;
    GeoBox box;
    double cell_m, per_cell; /* 1 / cell_m */
    size_t columns, rows;
    uint32_t *cells; /* area + 1, 0: none; MIXED | number */
    uint8_t *far;    /* cells to the nearest mixed one; 0: it is one */
    uint32_t *item0; /* by number of a mixed cell, and one more */
    Item *items;
};

static double line_x(const GeoParcel *parcel, size_t column)
{
    return parcel->box.min_x + (double)column * parcel->cell_m;
}

static double line_y(const GeoParcel *parcel, size_t row)
{
    return parcel->box.min_y + (double)row * parcel->cell_m;
}

static size_t clamp_cell(double at, size_t n)
{
    return at <= 0 ? 0 : at >= (double)n ? n - 1 : (size_t)at;
}

/* A ring of free cells lies around everything, so that nothing outside needs a look. */
static void lay_raster(GeoParcel *parcel, double cell_m)
{
    GeoBox box = GEO_BOX_EMPTY;
    uint32_t first = parcel->ring_point0[parcel->ring0[0]];
    uint32_t end = parcel->ring_point0[parcel->ring0[parcel->n_areas]];
    for (uint32_t i = first; i < end; i++)
        geo_box_add(&box, parcel->points[i]);
    if (box.min_x > box.max_x)
        box = (GeoBox){0, 0, 0, 0};
    double width = box.max_x - box.min_x, height = box.max_y - box.min_y;
    double cells = fmax(CELLS_PER_AREA * (double)parcel->n_areas, end - first);
    if (cell_m <= 0)
        cell_m = fmax(LEAST_CELL_M, sqrt(width * height / CLAMP(cells, LEAST_CELLS, MOST_CELLS)));
    cell_m = fmax(cell_m, fmax(width, height) / MOST_CELLS);
    parcel->cell_m = cell_m;
    parcel->per_cell = 1 / cell_m;
    parcel->columns = (size_t)(width / cell_m) + 5;
    parcel->rows = (size_t)(height / cell_m) + 5;
    parcel->box = (GeoBox){box.min_x - OFF_CELLS * cell_m, box.min_y - OFF_CELLS * cell_m, 0, 0};
    parcel->box.max_x = line_x(parcel, parcel->columns);
    parcel->box.max_y = line_y(parcel, parcel->rows);
}

/* ---- entries: edges by the cells that they meet ---- */

static void enter_edge(const GeoParcel *parcel, uint32_t area, uint32_t edge, GArray *entries)
{
    GeoXY a = parcel->points[edge], b = parcel->points[edge + 1];
    if (a.y > b.y) {
        GeoXY t = a;
        a = b;
        b = t;
    }
    double cell_m = parcel->cell_m, slack = cell_m * 1e-6; /* one cell too many does no harm */
    size_t row0 = clamp_cell((a.y - slack - parcel->box.min_y) / cell_m, parcel->rows);
    size_t row1 = clamp_cell((b.y + slack - parcel->box.min_y) / cell_m, parcel->rows);
    for (size_t row = row0; row <= row1; row++) {
        double low = CLAMP(line_y(parcel, row) - slack, a.y, b.y);
        double high = CLAMP(line_y(parcel, row + 1) + slack, a.y, b.y);
        double dy = b.y - a.y, x0 = a.x, x1 = b.x;
        if (dy > 0) {
            x0 = a.x + (low - a.y) / dy * (b.x - a.x);
            x1 = a.x + (high - a.y) / dy * (b.x - a.x);
        }
        double west = fmin(x0, x1) - slack, east = fmax(x0, x1) + slack;
        size_t column0 = clamp_cell((west - parcel->box.min_x) / cell_m, parcel->columns);
        size_t column1 = clamp_cell((east - parcel->box.min_x) / cell_m, parcel->columns);
        for (size_t column = column0; column <= column1; column++) {
            Entry entry = {(uint32_t)(row * parcel->columns + column), area, edge};
            g_array_append_val(entries, entry);
        }
    }
}

typedef void (*EdgeFunc)(const GeoParcel *parcel, uint32_t area, uint32_t edge, GArray *to);

static void each_edge(const GeoParcel *parcel, uint32_t area, EdgeFunc func, GArray *to)
{
    for (uint32_t r = parcel->ring0[area]; r < parcel->ring0[area + 1]; r++)
        for (uint32_t i = parcel->ring_point0[r]; i + 1 < parcel->ring_point0[r + 1]; i++)
            func(parcel, area, i, to);
}

/* ---- corners: which areas hold them ---- */

typedef struct {
    uint32_t row;
    double x;
} Crossing;

/* Where the edge crosses the rows' lower lines. */
static void cross_rows(const GeoParcel *parcel, uint32_t area, uint32_t edge, GArray *crossings)
{
    GeoXY a = parcel->points[edge], b = parcel->points[edge + 1];
    if (a.y > b.y) {
        GeoXY t = a;
        a = b;
        b = t;
    }
    size_t row = clamp_cell((a.y - parcel->box.min_y) / parcel->cell_m, parcel->rows);
    for (; row < parcel->rows && line_y(parcel, row) < b.y; row++) {
        double y = line_y(parcel, row);
        if (a.y > y)
            continue;
        Crossing crossing = {(uint32_t)row, a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y)};
        g_array_append_val(crossings, crossing);
    }
}

static int by_row(const void *a, const void *b)
{
    const Crossing *p = a, *q = b;
    if (p->row != q->row)
        return p->row < q->row ? -1 : 1;
    return (p->x > q->x) - (p->x < q->x);
}

/* The first column whose left line is at or right of x: there the crossing lies behind. */
static size_t column_from(const GeoParcel *parcel, double x)
{
    size_t column = clamp_cell((x - parcel->box.min_x) / parcel->cell_m, parcel->columns);
    column -= column > 0;
    while (column < parcel->columns && line_x(parcel, column) < x)
        column++;
    return column;
}

/* Cells whose corner the area holds: free ones become its own where no lower area has them, mixed
 * ones get an entry. */
static void fill_area(GeoParcel *parcel, uint32_t area, GArray *crossings, GArray *entries)
{
    g_array_set_size(crossings, 0);
    each_edge(parcel, area, cross_rows, crossings);
    g_array_sort(crossings, by_row);
    for (guint i = 0; i + 1 < crossings->len; i += 2) {
        const Crossing *in = &g_array_index(crossings, Crossing, i), *out = in + 1;
        size_t end = column_from(parcel, out->x);
        for (size_t column = column_from(parcel, in->x); column < end; column++) {
            size_t cell = in->row * parcel->columns + column;
            if (parcel->cells[cell] == MIXED) {
                Entry entry = {(uint32_t)cell, area, CORNER};
                g_array_append_val(entries, entry);
            } else if (parcel->cells[cell] == 0) {
                parcel->cells[cell] = area + 1;
            }
        }
    }
}

/* ---- building ---- */

static Item make_item(const GeoParcel *parcel, const Entry *entry)
{
    if (entry->edge == CORNER)
        return (Item){.low = {0, NAN}, .left_y = -INFINITY, .area = entry->area};
    GeoXY low = parcel->points[entry->edge], high = parcel->points[entry->edge + 1];
    if (low.y > high.y || (low.y == high.y && low.x > high.x)) {
        GeoXY t = low; /* both users of a border compute the same bits */
        low = high;
        high = t;
    }
    Item item = {low, high.x - low.x, high.y - low.y, high.y, INFINITY, 0, entry->area};
    double corner_x = line_x(parcel, entry->cell % parcel->columns);
    double corner_y = line_y(parcel, entry->cell / parcel->columns);
    if ((low.x > corner_x) != (high.x > corner_x)) {
        double y = high.x == corner_x ? high.y : low.y + (corner_x - low.x) * item.dy / item.dx;
        item.left_y = y > corner_y ? y : INFINITY;
    }
    double length = hypot(item.dx, item.dy);
    item.per_m = length > 0 ? (float)(0.999999 / length) : 0;
    return item;
}

/* Numbers the mixed cells and sorts the entries to them, corners and edges of an area together: a
 * stable counting sort of lists that are by area. */
static void sort_entries(GeoParcel *parcel, const GArray *corners, const GArray *edges)
{
    size_t n_cells = parcel->columns * parcel->rows;
    uint32_t n_mixed = 0;
    for (size_t c = 0; c < n_cells; c++)
        if (parcel->cells[c] == MIXED)
            parcel->cells[c] = MIXED | n_mixed++;
    parcel->item0 = g_new0(uint32_t, (size_t)n_mixed + 2);
    const GArray *lists[2] = {corners, edges};
    for (int l = 0; l < 2; l++)
        for (guint i = 0; i < lists[l]->len; i++)
            parcel->item0[(parcel->cells[g_array_index(lists[l], Entry, i).cell] & ~MIXED) + 2]++;
    for (uint32_t m = 0; m < n_mixed; m++)
        parcel->item0[m + 2] += parcel->item0[m + 1];
    parcel->items = g_new(Item, MAX(corners->len + edges->len, 1));
    guint at[2] = {0, 0};
    while (at[0] < corners->len || at[1] < edges->len) {
        const Entry *corner = at[0] < corners->len ? &g_array_index(corners, Entry, at[0]) : NULL;
        const Entry *edge = at[1] < edges->len ? &g_array_index(edges, Entry, at[1]) : NULL;
        int l = !corner || (edge && edge->area < corner->area);
        const Entry *entry = l ? edge : corner;
        at[l]++;
        uint32_t mixed = parcel->cells[entry->cell] & ~MIXED;
        parcel->items[parcel->item0[mixed + 1]++] = make_item(parcel, entry);
    }
}

static void lower(uint8_t *far, size_t cell, size_t neighbour)
{
    if (far[neighbour] < far[cell])
        far[cell] = far[neighbour] + 1 > FAR ? FAR : (uint8_t)(far[neighbour] + 1);
}

/* Cells to the nearest mixed one, as a king goes: two sweeps. */
static void measure_far(GeoParcel *parcel)
{
    size_t columns = parcel->columns, rows = parcel->rows;
    uint8_t *far = parcel->far;
    for (size_t cell = 0; cell < columns * rows; cell++)
        far[cell] = parcel->cells[cell] & MIXED ? 0 : FAR;
    for (size_t cell = 0; cell < columns * rows; cell++) {
        size_t column = cell % columns;
        if (column > 0)
            lower(far, cell, cell - 1);
        if (cell >= columns) {
            lower(far, cell, cell - columns);
            if (column > 0)
                lower(far, cell, cell - columns - 1);
            if (column + 1 < columns)
                lower(far, cell, cell - columns + 1);
        }
    }
    for (size_t cell = columns * rows; cell-- > 0;) {
        size_t column = cell % columns;
        if (column + 1 < columns)
            lower(far, cell, cell + 1);
        if (cell + columns < columns * rows) {
            lower(far, cell, cell + columns);
            if (column > 0)
                lower(far, cell, cell + columns - 1);
            if (column + 1 < columns)
                lower(far, cell, cell + columns + 1);
        }
    }
}

GeoParcel *geo_parcel_new(const GeoXY *points, const uint32_t *ring_point0, const uint32_t *ring0,
                          size_t n_areas, double cell_m)
{
    GeoParcel *parcel = g_new0(GeoParcel, 1);
    parcel->points = points;
    parcel->ring_point0 = ring_point0;
    parcel->ring0 = ring0;
    parcel->n_areas = n_areas;
    lay_raster(parcel, cell_m);
    size_t n_cells = parcel->columns * parcel->rows;
    parcel->cells = g_new0(uint32_t, n_cells);
    parcel->far = g_new(uint8_t, n_cells);
    g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_autoptr(GArray) corners = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_autoptr(GArray) crossings = g_array_new(FALSE, FALSE, sizeof(Crossing));
    for (size_t a = 0; a < n_areas; a++)
        each_edge(parcel, (uint32_t)a, enter_edge, edges);
    for (guint i = 0; i < edges->len; i++)
        parcel->cells[g_array_index(edges, Entry, i).cell] = MIXED;
    for (size_t a = 0; a < n_areas; a++)
        fill_area(parcel, (uint32_t)a, crossings, corners);
    sort_entries(parcel, corners, edges);
    measure_far(parcel);
    return parcel;
}

void geo_parcel_free(GeoParcel *parcel)
{
    if (!parcel)
        return;
    g_free(parcel->cells);
    g_free(parcel->far);
    g_free(parcel->item0);
    g_free(parcel->items);
    g_free(parcel);
}

/* ---- asking ---- */

/* The way from the corner up to p's height and then right to p crosses the edge an odd number of
 * times, or the area holds the corner. off: how far p is from the edge's line, times its length.
 * Without branches: whether an edge is crossed is anybody's guess. */
static inline bool turns(const Item *item, GeoXY corner, GeoXY p, double *off)
{
    double across = item->dx * (p.y - item->low.y);
    double to_p = (p.x - item->low.x) * item->dy, to_corner = (corner.x - item->low.x) * item->dy;
    *off = across - to_p;
    bool spans = (item->low.y <= p.y) & (item->high_y > p.y);
    return (spans & (across > to_corner) & !(across > to_p)) ^ (item->left_y <= p.y);
}

typedef struct {
    GeoXY corner; /* of the cell that holds the point */
    size_t cell;
    double west, east, south, north; /* from the point to the cell's sides */
} Spot;

/* False: beyond the raster. */
static inline bool find_spot(const GeoParcel *parcel, GeoXY p, Spot *spot)
{
    const GeoBox *box = &parcel->box;
    if (!(p.x >= box->min_x && p.x < box->max_x && p.y >= box->min_y && p.y < box->max_y))
        return false;
    size_t column = clamp_cell((p.x - box->min_x) * parcel->per_cell, parcel->columns);
    size_t row = clamp_cell((p.y - box->min_y) * parcel->per_cell, parcel->rows);
    spot->corner = (GeoXY){line_x(parcel, column), line_y(parcel, row)};
    spot->cell = row * parcel->columns + column;
    spot->west = p.x - spot->corner.x;
    spot->south = p.y - spot->corner.y;
    spot->east = parcel->cell_m - spot->west;
    spot->north = parcel->cell_m - spot->south;
    return true;
}

/* Metres to the nearest cell that a border meets, and beyond the raster to the raster. */
static double room_of(const GeoParcel *parcel, const Spot *spot)
{
    double across = MIN(spot->west, spot->east), along = MIN(spot->south, spot->north);
    double room = MIN(across, along);
    return MAX(room, 0) + (double)(parcel->far[spot->cell] - 1) * parcel->cell_m;
}

static double room_beyond(const GeoParcel *parcel, GeoXY p)
{
    const GeoBox *box = &parcel->box;
    double dx = fmax(box->min_x - p.x, p.x - box->max_x);
    double dy = fmax(box->min_y - p.y, p.y - box->max_y);
    return fmax(dx, dy) > 0 ? fmax(dx, dy) : 0;
}

int32_t geo_parcel_find(const GeoParcel *parcel, GeoXY p, double *room_m)
{
    Spot spot;
    if (!find_spot(parcel, p, &spot)) {
        *room_m = room_beyond(parcel, p);
        return -1;
    }
    uint32_t value = parcel->cells[spot.cell];
    if (!(value & MIXED)) {
        *room_m = room_of(parcel, &spot);
        return (int32_t)value - 1;
    }
    double room = MAX(MIN(MIN(spot.west, spot.east), MIN(spot.south, spot.north)), 0);
    int32_t found = -1;
    uint32_t i = parcel->item0[value & ~MIXED], end = parcel->item0[(value & ~MIXED) + 1];
    while (i < end && found < 0) {
        uint32_t area = parcel->items[i].area;
        bool in = false;
        for (; i < end && parcel->items[i].area == area; i++) {
            double off;
            in ^= turns(&parcel->items[i], spot.corner, p, &off);
            off = fabs(off) * (double)parcel->items[i].per_m;
            room = off < room ? off : room;
        }
        if (in)
            found = (int32_t)area;
    }
    *room_m = room;
    return found;
}

/* Steps until the way from p leaves the cell. */
static double steps_within(const Spot *spot, GeoXY step)
{
    double steps = INFINITY;
    if (step.x != 0)
        steps = (step.x > 0 ? spot->east : spot->west) / fabs(step.x);
    if (step.y != 0) {
        double along = (step.y > 0 ? spot->north : spot->south) / fabs(step.y);
        steps = MIN(steps, along);
    }
    return MAX(steps, 0);
}

int32_t geo_parcel_follow(const GeoParcel *parcel, GeoXY p, GeoXY step, double *steps)
{
    Spot spot;
    double reach = MAX(fabs(step.x), fabs(step.y));
    bool within = find_spot(parcel, p, &spot);
    if (!within || !(parcel->cells[spot.cell] & MIXED)) {
        double room = within ? room_of(parcel, &spot) : room_beyond(parcel, p);
        *steps = reach > 0 ? room * 0.999999 / reach : INFINITY;
        return within ? (int32_t)parcel->cells[spot.cell] - 1 : -1;
    }
    uint32_t mixed = parcel->cells[spot.cell] & ~MIXED;
    double most = steps_within(&spot, step);
    most = MIN(most, 1e9);
    int32_t found = -1;
    uint32_t i = parcel->item0[mixed], end = parcel->item0[mixed + 1];
    while (i < end && found < 0) {
        uint32_t area = parcel->items[i].area;
        bool in = false;
        for (; i < end && parcel->items[i].area == area; i++) {
            const Item *item = &parcel->items[i];
            double off;
            in ^= turns(item, spot.corner, p, &off);
            /* And by how much more with a step. */
            double more = item->dx * step.y - step.x * item->dy;
            if (off * (off + most * more) <= 0)
                most = more != 0 ? fmax(-off / more, 0) : 0;
        }
        if (in)
            found = (int32_t)area;
    }
    *steps = most * 0.999999;
    return found;
}
