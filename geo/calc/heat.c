/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernel density of incidents with the quartic kernel 3 / (pi h2) (1 - r2 / h2)2.
 *
 * Two ways to the same field, the cheaper is taken. Where the radius is few cells wide each event
 * is stamped onto the cells it reaches, exactly: n (radius / cell)2. Where it is many, events are
 * put on a coarse lattice of radius / 16 by bicubic weights, each lattice point that got any is
 * stamped with the sampled kernel, and the field is read off between lattice points by the same
 * bicubic weights; they keep the second moment, so the error stays below 0.2 % of one event's peak.
 * That costs lattice points * 800, however many events there are. No edge correction: beyond the
 * city's border nothing happens, and the field says so. */
#include "geo/calc/heat.h"

#include <math.h>

#define LATTICE 16 /* lattice steps in a radius */
#define MARGIN 3   /* lattice steps around what a radius reaches, for the weights */
#define M2_PER_KM2 1e6
#define STEP_WORK 2000000.0 /* cell visits between two questions to progress, about 5 ms */

typedef struct {
    double x0, y0, dx, dy; /* middle of the first cell; size of a cell */
    size_t columns, rows;
    double *density;
} Cells;

static Cells cells_of(const GeoBox *box, size_t columns, size_t rows, double *density)
{
    double dx = (box->max_x - box->min_x) / (double)columns;
    double dy = (box->max_y - box->min_y) / (double)rows;
    return (Cells){box->min_x + dx / 2, box->min_y + dy / 2, dx, dy, columns, rows, density};
}

static double peak_of_one(double radius_m)
{
    return 3 / (G_PI * radius_m * radius_m) * M2_PER_KM2;
}

/* The indices whose middles lie within reach of at; false when there are none. */
static bool span(double at, double reach, double first, double size, size_t n, size_t *from,
                 size_t *to)
{
    double low = ceil((at - reach - first) / size), high = floor((at + reach - first) / size);
    if (!(high >= 0) || !(low < (double)n) || low > high)
        return false;
    *from = low > 0 ? (size_t)low : 0;
    *to = high < (double)n ? (size_t)high : n - 1;
    return true;
}

/* ---- exact, event by event ---- */

static void stamp(const Cells *cells, GeoXY p, double weight, double radius_m)
{
    size_t row0, row1, from, to;
    if (!span(p.y, radius_m, cells->y0, cells->dy, cells->rows, &row0, &row1))
        return;
    double scale = 1 / (radius_m * radius_m);
    for (size_t row = row0; row <= row1; row++) {
        double dy = cells->y0 + (double)row * cells->dy - p.y;
        double rest = 1 - dy * dy * scale;
        if (rest <= 0 ||
            !span(p.x, radius_m * sqrt(rest), cells->x0, cells->dx, cells->columns, &from, &to))
            continue;
        double *density = cells->density + row * cells->columns + from;
        double first = cells->x0 + (double)from * cells->dx - p.x;
        int n = (int)(to - from) + 1; /* int: what the vector unit turns into doubles */
        for (int i = 0; i < n; i++) {
            double dx = first + i * cells->dx, t = rest - dx * dx * scale;
            density[i] += weight * t * t;
        }
    }
}

static bool stamp_all(const GeoXY *points, const double *weight, size_t n, const Cells *cells,
                      double radius_m, GeoProgress *progress, GError **error)
{
    double each = 1 + G_PI * radius_m * radius_m / (cells->dx * cells->dy), done = 0;
    double peak = peak_of_one(radius_m);
    for (size_t i = 0; i < n; i++) {
        stamp(cells, points[i], peak * (weight ? weight[i] : 1), radius_m);
        done += each;
        if (done > STEP_WORK) {
            done = 0;
            if (!geo_progress_step(progress, (double)i / (double)n, error))
                return false;
        }
    }
    return true;
}

/* ---- by the lattice ---- */

typedef struct {
    double x0, y0, step; /* place of the first lattice point */
    size_t columns, rows;
    float *mass;  /* of events, by bicubic weights */
    float *field; /* mass stamped with the kernel */
} Lattice;

/* Catmull-Rom: weights of the points -1, 0, 1, 2 for a place t between 0 and 1. */
static void bicubic(double t, double w[4])
{
    w[0] = ((2 - t) * t - 1) * t / 2;
    w[1] = ((3 * t - 5) * t * t + 2) / 2;
    w[2] = ((4 - 3 * t) * t + 1) * t / 2;
    w[3] = (t - 1) * t * t / 2;
}

static Lattice lattice_over(const GeoBox *box, double radius_m)
{
    double step = radius_m / LATTICE, margin = radius_m + MARGIN * step;
    Lattice lattice = {.x0 = box->min_x - margin, .y0 = box->min_y - margin, .step = step};
    lattice.columns = (size_t)ceil((box->max_x - box->min_x + 2 * margin) / step) + 1;
    lattice.rows = (size_t)ceil((box->max_y - box->min_y + 2 * margin) / step) + 1;
    return lattice;
}

static void put_events(Lattice *lattice, const GeoXY *points, const double *weight, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double fx = (points[i].x - lattice->x0) / lattice->step;
        double fy = (points[i].y - lattice->y0) / lattice->step;
        if (!(fx >= 1 && fy >= 1 && fx < (double)lattice->columns - 2 &&
              fy < (double)lattice->rows - 2))
            continue;
        size_t column = (size_t)fx, row = (size_t)fy;
        double wx[4], wy[4];
        bicubic(fx - (double)column, wx);
        bicubic(fy - (double)row, wy);
        for (size_t r = 0; r < 4; r++)
            for (size_t c = 0; c < 4; c++)
                lattice->mass[(row + r - 1) * lattice->columns + column + c - 1] +=
                    (float)(wx[c] * wy[r] * (weight ? weight[i] : 1));
    }
}

/* Adds the kernel around one lattice point, clipped to the lattice. */
static void spread(Lattice *lattice, size_t column, size_t row, float mass,
                   const float kernel[2 * LATTICE + 1][2 * LATTICE + 1])
{
    size_t from = column > LATTICE ? column - LATTICE : 0;
    size_t to = MIN(column + LATTICE, lattice->columns - 1);
    size_t row0 = row > LATTICE ? row - LATTICE : 0;
    size_t row1 = MIN(row + LATTICE, lattice->rows - 1);
    for (size_t r = row0; r <= row1; r++) {
        const float *line = kernel[r + LATTICE - row] + LATTICE - column + from;
        float *field = lattice->field + r * lattice->columns + from;
        for (size_t c = 0; c <= to - from; c++)
            field[c] += mass * line[c];
    }
}

static bool spread_all(Lattice *lattice, double radius_m, GeoProgress *progress, GError **error)
{
    float kernel[2 * LATTICE + 1][2 * LATTICE + 1];
    for (int r = -LATTICE; r <= LATTICE; r++)
        for (int c = -LATTICE; c <= LATTICE; c++) {
            double t = MAX(1 - (double)(r * r + c * c) / (LATTICE * LATTICE), 0);
            kernel[r + LATTICE][c + LATTICE] = (float)(peak_of_one(radius_m) * t * t);
        }
    for (size_t row = 0; row < lattice->rows; row++) {
        for (size_t column = 0; column < lattice->columns; column++) {
            float mass = lattice->mass[row * lattice->columns + column];
            if (mass != 0)
                spread(lattice, column, row, mass, kernel);
        }
        if (!geo_progress_step(progress, (double)row / (double)lattice->rows, error))
            return false;
    }
    return true;
}

/* Reads the field at the cells' middles: along rows of the lattice first, once per cell row. */
static void read_cells(const Lattice *lattice, const Cells *cells)
{
    g_autofree double *line = g_new(double, lattice->columns);
    for (size_t r = 0; r < cells->rows; r++) {
        double fy = (cells->y0 + (double)r * cells->dy - lattice->y0) / lattice->step, w[4];
        size_t row = (size_t)fy;
        bicubic(fy - (double)row, w);
        const float *field = lattice->field + (row - 1) * lattice->columns;
        for (size_t c = 0; c < lattice->columns; c++)
            line[c] = w[0] * field[c] + w[1] * field[c + lattice->columns] +
                      w[2] * field[c + 2 * lattice->columns] +
                      w[3] * field[c + 3 * lattice->columns];
        for (size_t c = 0; c < cells->columns; c++) {
            double fx = (cells->x0 + (double)c * cells->dx - lattice->x0) / lattice->step;
            size_t column = (size_t)fx;
            bicubic(fx - (double)column, w);
            const double *at = line + column - 1;
            /* The weights ring a little where the field ends: no density is below nothing. */
            cells->density[r * cells->columns + c] =
                MAX(w[0] * at[0] + w[1] * at[1] + w[2] * at[2] + w[3] * at[3], 0);
        }
    }
}

bool geo_heat_grid(const GeoXY *points, const double *weight, size_t n, const GeoBox *box,
                   size_t columns, size_t rows, double radius_m, double *density,
                   GeoProgress *progress, GError **error)
{
    g_return_val_if_fail(columns > 0 && rows > 0 && radius_m > 0, false);
    g_return_val_if_fail(box->max_x > box->min_x && box->max_y > box->min_y, false);
    Cells cells = cells_of(box, columns, rows, density);
    for (size_t i = 0; i < columns * rows; i++)
        density[i] = 0;
    Lattice lattice = lattice_over(box, radius_m);
    double n_lattice = (double)lattice.columns * (double)lattice.rows;
    double by_stamps = (double)n * G_PI * radius_m * radius_m / (cells.dx * cells.dy);
    double touched = MIN(n_lattice, 16 * (double)n);
    /* A visit of the lattice is a multiply and an add on floats: a twentieth of a stamped cell, as
     * measured.
     */
    double by_lattice = 0.05 * touched * (2 * LATTICE + 1) * (2 * LATTICE + 1) + 4 * n_lattice +
                        8 * (double)columns * (double)rows + 16 * (double)n;
    if (by_stamps <= by_lattice)
        return stamp_all(points, weight, n, &cells, radius_m, progress, error);
    lattice.mass = g_new0(float, lattice.columns *lattice.rows);
    lattice.field = g_new0(float, lattice.columns *lattice.rows);
    put_events(&lattice, points, weight, n);
    bool whole = spread_all(&lattice, radius_m, progress, error);
    if (whole)
        read_cells(&lattice, &cells);
    g_free(lattice.mass);
    g_free(lattice.field);
    return whole;
}

void geo_heat_exact(const GeoXY *points, const double *weight, size_t n, const GeoBox *box,
                    size_t columns, size_t rows, double radius_m, double *density)
{
    Cells cells = cells_of(box, columns, rows, density);
    for (size_t row = 0; row < rows; row++)
        for (size_t column = 0; column < columns; column++) {
            double sum = 0;
            for (size_t i = 0; i < n; i++) {
                double dx = cells.x0 + (double)column * cells.dx - points[i].x;
                double dy = cells.y0 + (double)row * cells.dy - points[i].y;
                double t = 1 - (dx * dx + dy * dy) / (radius_m * radius_m);
                sum += t > 0 ? (weight ? weight[i] : 1) * t * t : 0;
            }
            density[row * columns + column] = sum * peak_of_one(radius_m);
        }
}
