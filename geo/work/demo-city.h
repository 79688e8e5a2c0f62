/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the demo's steps hand to each other; for geo/work/demo*.c alone. */
#include "geo/calc/dice.h"
#include "geo/calc/plan.h"
#include "geo/calc/plot.h"
#include "geo/model/batch.h"
#include "geo/model/error.h"
#include "geo/model/frame.h"
#include "geo/model/progress.h"
#include "geo/work/demo.h"

/* What is built on a block. */
typedef enum {
    DEMO_FARM,
    DEMO_WATER,
    DEMO_BANK, /* between a river and the ways along it */
    DEMO_PARK,
    DEMO_SQUARE,
    DEMO_TOWN,
    DEMO_INDUSTRY,
    DEMO_URBAN,
    DEMO_NEW,
    DEMO_CAMPUS,
    DEMO_CORE,
    DEMO_OLD,
    DEMO_N_ZONES
} DemoZone;

/* One record of data/hefei/skeleton.txt. */
typedef enum {
    DEMO_LINE_ROAD,
    DEMO_LINE_RAIL,
    DEMO_LINE_RIVER,
    DEMO_LINE_WATER,
    DEMO_LINE_PARK,
    DEMO_LINE_SQUARE,
    DEMO_LINE_ZONE,
    DEMO_LINE_FRAME,
    DEMO_LINE_STREET, /* a seat */
    DEMO_LINE_PLACE
} DemoLineKind;

typedef struct {
    DemoLineKind kind;
    int class;      /* road or bank class, zone, facility class */
    double width_m; /* of rivers */
    char *name;     /* owned; a street's code, a place's name */
    bool closed;
    GArray *xy; /* GeoXY, owned: smoothed */
    GeoBox box;
} DemoLine;

typedef struct {
    char *code, *name, *street, *district; /* owned */
    char *street_code;
} DemoCommunity;

typedef struct {
    int district;       /* 0..3; -1: outside */
    uint32_t street;    /* in streets; GEO_PARTITION_NONE outside */
    uint32_t community; /* in communities */
    uint32_t grid;      /* in grids */
    bool keep;          /* in the asked part of the city */
    double people;
} DemoBlock;

typedef struct {
    uint32_t community;
    GeoXY seat;
    char code[16];
    double people;
} DemoGrid;

typedef struct {
    char *code, *name; /* owned */
    int district;
} DemoStreet;

/* A building with where it stands. */
typedef struct {
    GeoPlotBox box;
    uint32_t block;
} DemoHouse;

/* A block as a plot: its ring with what lies along its sides. */
typedef struct {
    GeoPlot plot;
    GArray *ids, *xy, *clear, *class; /* owned */
} DemoPlot;

/* One side of a kept block. */
typedef struct {
    GeoXY a, b;     /* anticlockwise round the block */
    double clear_m; /* from the middle of the street to the block's houses */
    int class;      /* GeoRoadClass; -1 */
    uint32_t line;
} DemoSide;

/* A place at a street: on the pavement of a block's side. */
typedef struct {
    GeoXY at;
    GeoXY out; /* unit vector to the street's middle */
    const DemoSide *side;
} DemoSpot;

typedef struct {
    GeoDemoOptions options;
    GeoProgress *progress;
    GeoFrame *frame;
    GPtrArray *lines;       /* DemoLine */
    GPtrArray *communities; /* DemoCommunity */
    GPtrArray *streets;     /* DemoStreet */
    GPtrArray *borders;     /* GArray of GeoXY: a ring for each district */
    uint8_t *district_at;   /* raster: 1 + district */
    int raster_w, raster_h;
    GeoBox box;
    GeoPlan *plan;
    GArray *blocks;         /* DemoBlock, beside plan->blocks */
    GArray *grids;          /* DemoGrid */
    uint32_t *next0, *next; /* neighbours of blocks */
    uint32_t first_made;    /* street numbers from here on are made ones */
    GStringChunk *text;
    GArray *houses;      /* DemoHouse */
    GArray *lanes;       /* GeoPlotLane of blocks; side UINT32_MAX: none */
    GArray *sides;       /* DemoSide of all kept blocks */
    uint32_t *side0;     /* n blocks + 1 */
    GPtrArray *own;      /* of each community: GArray of its kept blocks */
    GHashTable *names;   /* line number + 1 -> name of made streets */
    uint32_t first_lane; /* line number */
    GeoBatch *batches[GEO_N_KINDS];
} Demo;

/* An end of a way at a crossing with rules. */
typedef struct {
    uint32_t vertex; /* of the plan */
    guint road;      /* row */
    GeoXY out;       /* from the crossing along the way */
} DemoArm;

#define DEMO_RASTER_M 60.0

static inline DemoLine *demo_line(const Demo *demo, uint32_t i)
{
    return g_ptr_array_index(demo->lines, i);
}

static inline GeoPlanBlock *demo_plan_block(const Demo *demo, uint32_t i)
{
    return &g_array_index(demo->plan->blocks, GeoPlanBlock, i);
}

static inline DemoBlock *demo_block(const Demo *demo, uint32_t i)
{
    return &g_array_index(demo->blocks, DemoBlock, i);
}

/* demo-skeleton.c */
bool geo_demo_read(Demo *demo, GError **error);
int geo_demo_district_at(const Demo *demo, GeoXY p); /* -1 outside */
GArray *geo_demo_offset(const GArray *xy, bool closed, double left_m);

/* demo-plan.c */
void geo_demo_plan(Demo *demo);
double geo_demo_river_m(const Demo *demo, GeoXY p,
                        const DemoLine **nearest); /* less half its width */
bool geo_demo_is_built(int zone);

/* demo-area.c */
bool geo_demo_areas(Demo *demo, GError **error);
/* Rings around blocks: outer rings anticlockwise, each with its holes behind it, as parts of the
 * batch's last row. */
void geo_demo_outline(Demo *demo, GeoBatch *batch, const uint32_t *blocks, uint32_t n);

/* demo-lane.c */
void geo_demo_lanes(Demo *demo);
DemoPlot geo_demo_plot(const Demo *demo, uint32_t block);
void geo_demo_plot_clear(DemoPlot *plot);
void geo_demo_name_streets(Demo *demo);
const char *geo_demo_line_name(const Demo *demo, uint32_t line); /* of plan->lines; NULL */

/* demo-road.c */
void geo_demo_roads(Demo *demo);

/* demo-building.c */
void geo_demo_buildings(Demo *demo);

/* demo-base.c */
void geo_demo_base(Demo *demo);

/* demo-side.c */
void geo_demo_sides(Demo *demo);
bool geo_demo_is_street(int class);
/* A random place at a street of the block, longer and greater streets more often; false: it has no
 * street. */
bool geo_demo_spot(const Demo *demo, uint32_t block, GeoDice *dice, DemoSpot *spot);
/* The place at share of the side, in_m inside the street's clear line. */
DemoSpot geo_demo_spot_at(const DemoSide *side, double share, double in_m);
/* A kept block of the community, by its people; a built one when there is one. */
uint32_t geo_demo_pick_block(const Demo *demo, uint32_t community, GeoDice *dice);
/* The kept block that holds p, or the nearest within far_m; GEO_PARTITION_NONE. */
uint32_t geo_demo_block_at(const Demo *demo, GeoXY p, double far_m);
bool geo_demo_keeps_street(const Demo *demo, uint32_t street);
double geo_demo_heading_deg(GeoXY direction);

/* demo-place.c, demo-address.c, demo-camera.c, demo-unit.c, demo-incident.c */
void geo_demo_places(Demo *demo);
void geo_demo_addresses(Demo *demo);
void geo_demo_cameras(Demo *demo);
void geo_demo_units(Demo *demo);
void geo_demo_incidents(Demo *demo);

/* demo-room.c */
void geo_demo_rooms(Demo *demo);

/* Shared by the steps. */
GeoLonLat geo_demo_lonlat(const Demo *demo, GeoXY p); /* rounded to 1e-7 degrees, same everywhere */
int64_t geo_demo_id(const GeoBatch *batch);           /* of the row that was added last */
uint64_t geo_demo_count(const Demo *demo, double full); /* at the demo's scale, at least 1 */

/* Left turns may be forbidden at that crossing: ways end there. */
bool geo_demo_is_ruled(const Demo *demo, uint32_t vertex);
/* Turns of crossings by what meets there; sorts arms. */
void geo_demo_turns(Demo *demo, GArray *arms);
/* A row of a gate in a lane, or of a bollard between two crossings; false: none stands there. */
bool geo_demo_gate(Demo *demo, GeoXY street, GeoXY end, GeoXY *at);
bool geo_demo_bollard(Demo *demo, GeoXY a, GeoXY b, GeoXY *at);
