/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain trial and check: candidates come in a fixed order (street fronts, then rows from north to
 * south), each is kept when it stands clear of the sides and of what stands already, by the
 * separating-axis test on boxes. Spacing of slabs follows their height, as daylight rules make
 * Chinese compounds look. No candidate is moved to fit: what does not fit is left out. */
#include "geo/calc/plot.h"

#include <math.h>

#include "geo/calc/plan.h"
#include "geo/model/kind.h"

#define INNER UINT32_MAX

typedef struct {
    const GeoPlot *plot;
    GeoDice *dice;
    GArray *boxes;
    guint first; /* of this block in boxes */
    GeoPlotBox lane;
    bool has_lane;
} Fill;

void geo_plot_corners(const GeoPlotBox *box, GeoXY corners[4])
{
    double c = cos(box->angle_rad), s = sin(box->angle_rad);
    static const int sign[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    for (int i = 0; i < 4; i++) {
        double x = sign[i][0] * box->half_x, y = sign[i][1] * box->half_y;
        corners[i] = (GeoXY){box->at.x + x * c - y * s, box->at.y + x * s + y * c};
    }
}

static bool split_by_axis(const GeoPlotBox *a, const GeoPlotBox *b, double angle, double gap_m)
{
    double c = cos(angle), s = sin(angle);
    double apart = fabs((b->at.x - a->at.x) * c + (b->at.y - a->at.y) * s);
    double reach =
        a->half_x * fabs(cos(a->angle_rad - angle)) + a->half_y * fabs(sin(a->angle_rad - angle)) +
        b->half_x * fabs(cos(b->angle_rad - angle)) + b->half_y * fabs(sin(b->angle_rad - angle));
    return apart >= reach + gap_m;
}

bool geo_plot_boxes_meet(const GeoPlotBox *a, const GeoPlotBox *b, double gap_m)
{
    double far = hypot(a->half_x, a->half_y) + hypot(b->half_x, b->half_y) + gap_m;
    if (hypot(a->at.x - b->at.x, a->at.y - b->at.y) >= far)
        return false;
    return !split_by_axis(a, b, a->angle_rad, gap_m) &&
           !split_by_axis(a, b, a->angle_rad + G_PI_2, gap_m) &&
           !split_by_axis(a, b, b->angle_rad, gap_m) &&
           !split_by_axis(a, b, b->angle_rad + G_PI_2, gap_m);
}

static double turn(GeoXY o, GeoXY a, GeoXY b)
{
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

static double segments_apart(GeoXY a, GeoXY b, GeoXY c, GeoXY d)
{
    if (turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0)
        return 0;
    return fmin(fmin(geo_ring_segment_m(a, c, d, NULL), geo_ring_segment_m(b, c, d, NULL)),
                fmin(geo_ring_segment_m(c, a, b, NULL), geo_ring_segment_m(d, a, b, NULL)));
}

/* Inside the block, and as far from each side as it asks. */
static bool stands_clear(const GeoPlot *plot, const GeoPlotBox *box)
{
    GeoXY corner[4];
    if (!geo_ring_holds(plot->ring, plot->n, box->at))
        return false;
    geo_plot_corners(box, corner);
    double radius = hypot(box->half_x, box->half_y);
    for (uint32_t i = 0; i < plot->n; i++) {
        GeoXY a = plot->ring[i], b = plot->ring[(i + 1) % plot->n];
        double clear = plot->clear_m[i] - 0.01, off = geo_ring_segment_m(box->at, a, b, NULL);
        if (off < clear)
            return false;
        if (off > clear + radius)
            continue;
        for (int k = 0; k < 4; k++)
            if (segments_apart(corner[k], corner[(k + 1) % 4], a, b) < clear)
                return false;
    }
    return true;
}

static bool place(Fill *fill, const GeoPlotBox *box, double gap_m)
{
    if (!stands_clear(fill->plot, box))
        return false;
    if (fill->has_lane && geo_plot_boxes_meet(box, &fill->lane, 1))
        return false;
    for (guint i = fill->first; i < fill->boxes->len; i++)
        if (geo_plot_boxes_meet(box, &g_array_index(fill->boxes, GeoPlotBox, i), gap_m))
            return false;
    g_array_append_val(fill->boxes, *box);
    return true;
}

static bool is_street(int class)
{
    return class >= 0 && class != GEO_ROAD_MOTORWAY && class != GEO_ROAD_PATH &&
           class != GEO_ROAD_TRACK;
}

typedef struct {
    double depth[2], width[2], gap[2];
    int floors[2];
    double skip; /* share of fronts left open */
} Front;

/* A row of houses along one side, from its first end to its other. */
static void line_side(Fill *fill, uint32_t side, const Front *front)
{
    const GeoPlot *plot = fill->plot;
    GeoXY a = plot->ring[side], b = plot->ring[(side + 1) % plot->n];
    double length = hypot(b.x - a.x, b.y - a.y), angle = atan2(b.y - a.y, b.x - a.x);
    double c = cos(angle), s = sin(angle);
    double at = geo_dice_between(fill->dice, 2, 8);
    int floors = (int)geo_dice_between(fill->dice, front->floors[0], front->floors[1] + 1);
    while (at < length) {
        double width = geo_dice_between(fill->dice, front->width[0], front->width[1]);
        double depth = geo_dice_between(fill->dice, front->depth[0], front->depth[1]);
        double off = plot->clear_m[side] + depth / 2 + 0.05;
        double along = at + width / 2;
        GeoPlotBox box = {{a.x + c * along - s * off, a.y + s * along + c * off},
                          width / 2,
                          depth / 2,
                          angle,
                          floors,
                          GEO_PLOT_SHOP,
                          side};
        if (geo_dice_share(fill->dice) < 0.3)
            floors = (int)geo_dice_between(fill->dice, front->floors[0], front->floors[1] + 1);
        bool kept = geo_dice_share(fill->dice) >= front->skip && place(fill, &box, 2.5);
        at += kept ? width + geo_dice_between(fill->dice, front->gap[0], front->gap[1]) : 7;
    }
}

static void line_streets(Fill *fill, const Front *front, double least_m)
{
    const GeoPlot *plot = fill->plot;
    for (uint32_t i = 0; i < plot->n; i++) {
        GeoXY a = plot->ring[i], b = plot->ring[(i + 1) % plot->n];
        if (is_street(plot->class[i]) && hypot(b.x - a.x, b.y - a.y) >= least_m)
            line_side(fill, i, front);
    }
}

/* The direction of the longest side, turned to within 45 degrees of east. */
static double grain(const GeoPlot *plot)
{
    double longest = 0, angle = 0;
    for (uint32_t i = 0; i < plot->n; i++) {
        GeoXY a = plot->ring[i], b = plot->ring[(i + 1) % plot->n];
        double length = hypot(b.x - a.x, b.y - a.y);
        if (length > longest) {
            longest = length;
            angle = atan2(b.y - a.y, b.x - a.x);
        }
    }
    while (angle > G_PI_4)
        angle -= G_PI_2;
    while (angle < -G_PI_4)
        angle += G_PI_2;
    return angle;
}

typedef struct {
    double width[2], depth[2];
    int floors[2];
    double sun;   /* free ground south of a slab, per metre of its height */
    double gap_m; /* between neighbours in a row */
    double tower; /* share of rows made of towers */
    double open;  /* share left out */
    GeoPlotUse use;
} Rows;

/* One row at height y of the turned frame; the depth it took. */
static double fill_row(Fill *fill, const Rows *rows, double angle, double y, double x0, double x1)
{
    GeoDice *dice = fill->dice;
    double c = cos(angle), s = sin(angle);
    bool towers = geo_dice_share(dice) < rows->tower;
    int floors = (int)geo_dice_between(dice, rows->floors[0], rows->floors[1] + 1);
    double width = geo_dice_between(dice, rows->width[0], rows->width[1]);
    double depth = geo_dice_between(dice, rows->depth[0], rows->depth[1]);
    if (towers) {
        floors += floors / 2 + 6;
        width = geo_dice_between(dice, 24, 34);
        depth = geo_dice_between(dice, 17, 22);
    }
    for (double x = x0 + geo_dice_between(dice, 0, width / 3); x < x1;) {
        double px = x + width / 2, py = y;
        GeoPlotBox box = {{c * px - s * py, s * px + c * py},
                          width / 2,
                          depth / 2,
                          angle,
                          floors,
                          rows->use,
                          INNER};
        bool kept = geo_dice_share(dice) >= rows->open && place(fill, &box, 4);
        x += kept ? width + rows->gap_m + (towers ? 14 : 0) : 6;
    }
    double free_m = fmin(42, fmax(6, rows->sun * 3 * floors));
    return depth + (towers ? free_m * 0.6 : free_m);
}

static void fill_rows(Fill *fill, const Rows *rows, double angle)
{
    const GeoPlot *plot = fill->plot;
    double c = cos(angle), s = sin(angle);
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    for (uint32_t i = 0; i < plot->n; i++) {
        double x = c * plot->ring[i].x + s * plot->ring[i].y;
        double y = -s * plot->ring[i].x + c * plot->ring[i].y;
        x0 = fmin(x0, x), x1 = fmax(x1, x), y0 = fmin(y0, y), y1 = fmax(y1, y);
    }
    for (double y = y1 - geo_dice_between(fill->dice, 8, 20); y > y0;)
        y -= fill_row(fill, rows, angle, y, x0, x1);
}

static void fill_village(Fill *fill)
{
    const GeoPlot *plot = fill->plot;
    uint32_t side = geo_dice_below(fill->dice, plot->n);
    for (uint32_t k = 0; k < plot->n && plot->class[side] < 0; k++)
        side = (side + 1) % plot->n;
    if (plot->class[side] < 0)
        return;
    GeoXY a = plot->ring[side], b = plot->ring[(side + 1) % plot->n];
    double angle = atan2(b.y - a.y, b.x - a.x), length = hypot(b.x - a.x, b.y - a.y);
    double c = cos(angle), s = sin(angle), start = length * geo_dice_between(fill->dice, 0.1, 0.5);
    int rows = 2 + (int)geo_dice_below(fill->dice, 5);
    double reach = geo_dice_between(fill->dice, 60, 190);
    for (int row = 0; row < rows; row++)
        for (double x = start; x < start + reach;) {
            double width = geo_dice_between(fill->dice, 9, 15);
            double off = plot->clear_m[side] + 7 + row * 20.0 + geo_dice_between(fill->dice, 0, 4);
            GeoPlotBox box = {{a.x + c * x - s * off, a.y + s * x + c * off},
                              width / 2,
                              geo_dice_between(fill->dice, 4, 5.5),
                              angle,
                              1 + (int)geo_dice_below(fill->dice, 3),
                              GEO_PLOT_HOUSE,
                              row == 0 ? side : INNER};
            if (geo_dice_share(fill->dice) > 0.2)
                place(fill, &box, 2);
            x += width + geo_dice_between(fill->dice, 3, 9);
        }
}

static const Front fronts[] = {
    [GEO_PLOT_OLD] = {{9, 13}, {12, 34}, {0.5, 6}, {2, 7}, 0.06},
    [GEO_PLOT_CITY] = {{10, 14}, {18, 46}, {3, 12}, {2, 7}, 0.14},
    [GEO_PLOT_NEW] = {{10, 13}, {28, 70}, {8, 26}, {2, 3}, 0.45},
    [GEO_PLOT_CAMPUS] = {{14, 18}, {40, 80}, {20, 50}, {4, 6}, 0.7},
    [GEO_PLOT_INDUSTRY] = {{12, 18}, {30, 60}, {15, 40}, {2, 5}, 0.7},
    [GEO_PLOT_TOWN] = {{9, 12}, {10, 24}, {0.5, 6}, {2, 5}, 0.08},
    [GEO_PLOT_OFFICE] = {{18, 26}, {30, 70}, {8, 20}, {3, 6}, 0.2},
};

static const Rows rows_of[] = {
    [GEO_PLOT_OLD] = {{26, 52}, {10, 12}, {4, 7}, 0.55, 5, 0.05, 0.05, GEO_PLOT_HOME},
    [GEO_PLOT_CITY] = {{34, 62}, {11, 13}, {5, 11}, 0.62, 8, 0.12, 0.06, GEO_PLOT_HOME},
    [GEO_PLOT_NEW] = {{36, 58}, {12, 15}, {11, 26}, 0.62, 14, 0.35, 0.05, GEO_PLOT_HOME},
    [GEO_PLOT_CAMPUS] = {{50, 90}, {15, 20}, {4, 7}, 1.1, 25, 0.03, 0.25, GEO_PLOT_HALL},
    [GEO_PLOT_INDUSTRY] = {{60, 130}, {28, 60}, {1, 2}, 3, 16, 0, 0.08, GEO_PLOT_SHED},
    [GEO_PLOT_TOWN] = {{16, 34}, {9, 11}, {2, 5}, 0.7, 5, 0, 0.1, GEO_PLOT_HOME},
    [GEO_PLOT_OFFICE] = {{30, 42}, {26, 34}, {16, 34}, 0.35, 24, 0.3, 0.05, GEO_PLOT_TOWER_OFFICE},
};

void geo_plot_fill(const GeoPlot *plot, const GeoPlotLane *lane, GeoDice *dice, GArray *boxes)
{
    Fill fill = {plot, dice, boxes, boxes->len, {{0, 0}}, lane != NULL};
    if (lane) {
        double dx = lane->end.x - lane->gate.x, dy = lane->end.y - lane->gate.y;
        fill.lane =
            (GeoPlotBox){{(lane->gate.x + lane->end.x) / 2, (lane->gate.y + lane->end.y) / 2},
                         hypot(dx, dy) / 2,
                         3.5,
                         atan2(dy, dx),
                         0,
                         GEO_PLOT_HOME,
                         INNER};
    }
    if (plot->style == GEO_PLOT_VILLAGE) {
        fill_village(&fill);
        return;
    }
    line_streets(&fill, &fronts[plot->style], plot->style == GEO_PLOT_OLD ? 18 : 30);
    fill_rows(&fill, &rows_of[plot->style], grain(plot));
}

bool geo_plot_lane(const GeoPlot *plot, GeoDice *dice, GeoPlotLane *lane)
{
    double best = 0;
    GeoXY middle = geo_ring_middle(plot->ring, plot->n);
    for (uint32_t i = 0; i < plot->n; i++) {
        GeoXY a = plot->ring[i], b = plot->ring[(i + 1) % plot->n];
        double length = hypot(b.x - a.x, b.y - a.y);
        if (length <= best || !is_street(plot->class[i]) || plot->class[i] <= GEO_ROAD_TRUNK)
            continue;
        best = length;
        lane->side = i;
    }
    if (best < 60)
        return false;
    GeoXY a = plot->ring[lane->side], b = plot->ring[(lane->side + 1) % plot->n];
    lane->share = geo_dice_between(dice, 0.4, 0.6);
    lane->gate = (GeoXY){a.x + (b.x - a.x) * lane->share, a.y + (b.y - a.y) * lane->share};
    double nx = -(b.y - a.y) / best, ny = (b.x - a.x) / best;
    double depth = (middle.x - lane->gate.x) * nx + (middle.y - lane->gate.y) * ny;
    depth *= geo_dice_between(dice, 0.9, 1.4);
    lane->end = (GeoXY){lane->gate.x + nx * depth, lane->gate.y + ny * depth};
    for (uint32_t i = 0; i < plot->n; i++) {
        GeoXY u = plot->ring[i], v = plot->ring[(i + 1) % plot->n];
        if (i != lane->side && segments_apart(lane->gate, lane->end, u, v) < 14)
            return false;
    }
    return depth > 25 && geo_ring_holds(plot->ring, plot->n, lane->end);
}
