/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points lie in a uniform grid by the square of their radius; a run asks the cells under it, and of
 * each point there the seconds in which the run is within the radius, by the quadratic of a
 * straight and even way. What counts is where somebody was at whole seconds, so that the answer is
 * that of looking at each of them. */
#include "geo/calc/rounds.h"

#include <math.h>
#include <string.h>

#define CELL_M 200.0
#define MAX_SIDE 2000.0

struct GeoRounds {
    GeoXY *points; /* owned, as all below */
    size_t n_points;
    double radius_m;
    GeoRoundsWindow *windows;
    GeoRoundsVisit *visits;
    size_t n_windows;
    uint32_t *window0; /* by point, and one more */
    GeoBox box;
    double cell_m;
    size_t columns, rows;
    uint32_t *cell0, *near; /* points by cell */
};

static size_t clamp_cell(double at, size_t n)
{
    return at <= 0 ? 0 : at >= (double)n ? n - 1 : (size_t)at;
}

typedef struct {
    size_t column0, column1, row0, row1;
} Cells;

static Cells cells_of(const GeoRounds *rounds, double x0, double y0, double x1, double y1)
{
    return (Cells){clamp_cell((x0 - rounds->box.min_x) / rounds->cell_m, rounds->columns),
                   clamp_cell((x1 - rounds->box.min_x) / rounds->cell_m, rounds->columns),
                   clamp_cell((y0 - rounds->box.min_y) / rounds->cell_m, rounds->rows),
                   clamp_cell((y1 - rounds->box.min_y) / rounds->cell_m, rounds->rows)};
}

/* Counts (near NULL) or enters each point in the cells that its circle may meet. */
static void enter_points(const GeoRounds *rounds, uint32_t *count, uint32_t *near)
{
    double r = rounds->radius_m;
    for (size_t i = 0; i < rounds->n_points; i++) {
        GeoXY p = rounds->points[i];
        Cells cells = cells_of(rounds, p.x - r, p.y - r, p.x + r, p.y + r);
        for (size_t row = cells.row0; row <= cells.row1; row++)
            for (size_t column = cells.column0; column <= cells.column1; column++) {
                size_t cell = row * rounds->columns + column;
                if (near)
                    near[count[cell]++] = (uint32_t)i;
                else
                    count[cell + 1]++;
            }
    }
}

static void lay_grid(GeoRounds *rounds)
{
    double r = rounds->radius_m;
    rounds->box = GEO_BOX_EMPTY;
    for (size_t i = 0; i < rounds->n_points; i++) {
        geo_box_add(&rounds->box, (GeoXY){rounds->points[i].x - r, rounds->points[i].y - r});
        geo_box_add(&rounds->box, (GeoXY){rounds->points[i].x + r, rounds->points[i].y + r});
    }
    double width = fmax(rounds->box.max_x - rounds->box.min_x, 0);
    double height = fmax(rounds->box.max_y - rounds->box.min_y, 0);
    rounds->cell_m = fmax(CELL_M, fmax(width, height) / MAX_SIDE);
    rounds->columns = (size_t)(width / rounds->cell_m) + 1;
    rounds->rows = (size_t)(height / rounds->cell_m) + 1;
    size_t n_cells = rounds->columns * rounds->rows;
    rounds->cell0 = g_new0(uint32_t, n_cells + 1);
    enter_points(rounds, rounds->cell0, NULL);
    for (size_t c = 0; c < n_cells; c++)
        rounds->cell0[c + 1] += rounds->cell0[c];
    rounds->near = g_new(uint32_t, MAX(rounds->cell0[n_cells], 1));
    g_autofree uint32_t *next = g_memdup2(rounds->cell0, (n_cells + 1) * sizeof *next);
    enter_points(rounds, next, rounds->near);
}

GeoRounds *geo_rounds_new(const GeoXY *points, size_t n_points, double radius_m,
                          const GeoRoundsWindow *windows, size_t n_windows)
{
    g_return_val_if_fail(radius_m >= 0, NULL);
    GeoRounds *rounds = g_new0(GeoRounds, 1);
    rounds->points = g_memdup2(points, n_points * sizeof *points);
    rounds->n_points = n_points;
    rounds->radius_m = radius_m;
    rounds->windows = g_new0(GeoRoundsWindow, MAX(n_windows, 1));
    rounds->visits = g_new(GeoRoundsVisit, MAX(n_windows, 1));
    rounds->n_windows = n_windows;
    rounds->window0 = g_new0(uint32_t, n_points + 1);
    for (size_t i = 0; i < n_windows; i++) {
        g_assert(windows[i].point < n_points);
        rounds->windows[i] = windows[i];
        rounds->visits[i] = (GeoRoundsVisit){GEO_ROUNDS_NEVER, GEO_ROUNDS_NEVER};
        rounds->window0[windows[i].point + 1]++;
    }
    for (size_t p = 0; p < n_points; p++)
        rounds->window0[p + 1] += rounds->window0[p];
    lay_grid(rounds);
    return rounds;
}

void geo_rounds_free(GeoRounds *rounds)
{
    if (!rounds)
        return;
    g_free(rounds->points);
    g_free(rounds->windows);
    g_free(rounds->visits);
    g_free(rounds->window0);
    g_free(rounds->cell0);
    g_free(rounds->near);
    g_free(rounds);
}

/* Somebody is at the point in seconds first .. last. */
static void enter_visit(GeoRounds *rounds, uint32_t point, int64_t first_s, int64_t last_s)
{
    for (uint32_t i = rounds->window0[point]; i < rounds->window0[point + 1]; i++) {
        const GeoRoundsWindow *window = &rounds->windows[i];
        GeoRoundsVisit *visit = &rounds->visits[i];
        int64_t in = MAX(first_s, window->from_s), late = MAX(first_s, window->to_s);
        if (in <= last_s && in < window->to_s)
            visit->first_s = MIN(visit->first_s, in);
        if (late <= last_s && late < window->late_s)
            visit->late_s = MIN(visit->late_s, late);
    }
}

/* The seconds of the run within the radius of a point; false: none. */
static bool seconds_near(const GeoRounds *rounds, uint32_t point, GeoXY at, GeoXY step, uint32_t n,
                         int64_t *first, int64_t *last)
{
    double x = at.x - rounds->points[point].x, y = at.y - rounds->points[point].y;
    double a = step.x * step.x + step.y * step.y, b = x * step.x + y * step.y;
    double c = x * x + y * y - rounds->radius_m * rounds->radius_m;
    *first = 0;
    *last = (int64_t)n - 1;
    if (a <= 0)
        return c <= 0;
    double root = b * b - a * c;
    if (root < 0)
        return false;
    double low = (-b - sqrt(root)) / a, high = (-b + sqrt(root)) / a;
    if (high < 0 || low > (double)n)
        return false;
    *first = MAX(*first, (int64_t)ceil(fmax(low, 0)));
    *last = MIN(*last, (int64_t)floor(fmin(high, (double)n)));
    return *first <= *last;
}

void geo_rounds_run(int64_t unit_id, int64_t from_s, GeoXY at, GeoXY step, uint32_t n, void *user)
{
    GeoRounds *rounds = user;
    const GeoBox *box = &rounds->box;
    double end_x = at.x + step.x * ((double)n - 1), end_y = at.y + step.y * ((double)n - 1);
    double x0 = fmin(at.x, end_x), x1 = fmax(at.x, end_x);
    double y0 = fmin(at.y, end_y), y1 = fmax(at.y, end_y);
    if (n == 0 || !(x1 >= box->min_x && x0 <= box->max_x && y1 >= box->min_y && y0 <= box->max_y))
        return;
    Cells cells = cells_of(rounds, x0, y0, x1, y1);
    for (size_t row = cells.row0; row <= cells.row1; row++)
        for (size_t column = cells.column0; column <= cells.column1; column++) {
            size_t cell = row * rounds->columns + column;
            for (uint32_t i = rounds->cell0[cell]; i < rounds->cell0[cell + 1]; i++) {
                int64_t first, last;
                if (seconds_near(rounds, rounds->near[i], at, step, n, &first, &last))
                    enter_visit(rounds, rounds->near[i], from_s + first, from_s + last);
            }
        }
}

GeoRoundsVisit geo_rounds_visit(const GeoRounds *rounds, size_t i)
{
    return rounds->visits[i];
}
