/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Buildings in one block: rows of shops along its streets, slabs that face south in its middle,
 * towers, sheds, farmhouses. None overlaps another or comes nearer to a side of the block than that
 * side allows. Metres; pure and deterministic. */
#include <glib.h>

#include "geo/calc/dice.h"
#include "geo/model/coord.h"

typedef enum {
    GEO_PLOT_OLD,      /* shop rows, low slabs of five to seven floors, lanes */
    GEO_PLOT_CITY,     /* slabs of six to eighteen, towers at the great streets */
    GEO_PLOT_NEW,      /* compounds of high slabs and towers */
    GEO_PLOT_CAMPUS,   /* long halls, much ground */
    GEO_PLOT_INDUSTRY, /* sheds */
    GEO_PLOT_TOWN,     /* two to four floors */
    GEO_PLOT_VILLAGE,  /* a hamlet of houses by the track */
    GEO_PLOT_OFFICE,   /* towers on podiums */
} GeoPlotStyle;

typedef enum {
    GEO_PLOT_HOME,
    GEO_PLOT_SHOP,
    GEO_PLOT_TOWER_OFFICE,
    GEO_PLOT_SHED,
    GEO_PLOT_HALL,
    GEO_PLOT_HOUSE,
    GEO_PLOT_GATEHOUSE
} GeoPlotUse;

typedef struct {
    GeoXY at;              /* middle */
    double half_x, half_y; /* along its axis, across it */
    double angle_rad;      /* of the axis, anticlockwise from east */
    int floors;
    GeoPlotUse use;
    uint32_t side; /* of the ring that it stands at; UINT32_MAX: inside the block */
} GeoPlotBox;

typedef struct {
    const GeoXY *ring;     /* anticlockwise, not closed */
    const double *clear_m; /* of side i, from vertex i to i + 1 */
    const int *class;      /* GeoRoadClass of side i; -1: no street */
    uint32_t n;
    GeoPlotStyle style;
    double density; /* 1: as the style has it */
} GeoPlot;

/* A way into the block from one of its sides, kept free of buildings; false: none fits. */
typedef struct {
    uint32_t side;
    double share; /* of the side */
    GeoXY gate, end;
} GeoPlotLane;

bool geo_plot_lane(const GeoPlot *plot, GeoDice *dice, GeoPlotLane *lane);

/* Appends GeoPlotBox to boxes. lane may be NULL. O(b * (b + n)) for b buildings. */
void geo_plot_fill(const GeoPlot *plot, const GeoPlotLane *lane, GeoDice *dice, GArray *boxes);

/* The four corners, anticlockwise. */
void geo_plot_corners(const GeoPlotBox *box, GeoXY corners[4]);

/* The two overlap or lie nearer than gap_m. */
bool geo_plot_boxes_meet(const GeoPlotBox *a, const GeoPlotBox *b, double gap_m);
