/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A whole picture: what its layers hold, which are on, and the words of its frame. Everything is
 * borrowed. */
#include "maps/paint/base.h"
#include "maps/paint/fields.h"
#include "maps/paint/gaps.h"
#include "maps/paint/heat.h"
#include "maps/paint/incidents.h"
#include "maps/paint/labels.h"
#include "maps/paint/units.h"

typedef enum {
    MAPS_LAYER_BASE = 1 << 0,
    MAPS_LAYER_GRIDS = 1 << 1,
    MAPS_LAYER_FIELDS = 1 << 2,
    MAPS_LAYER_GAPS = 1 << 3,
    MAPS_LAYER_HEAT = 1 << 4,
    MAPS_LAYER_UNITS = 1 << 5,
    MAPS_LAYER_INCIDENTS = 1 << 6,
    MAPS_LAYER_LABELS = 1 << 7,
    MAPS_LAYER_LEGEND = 1 << 8,
    MAPS_LAYER_ALL = (1 << 9) - 1,
} MapsLayer;

/* The words of the layers, in the order of their bits; NULL-terminated. */
extern const char *const maps_layer_words[];

/* At this zoom and below, areas carry shares and counts instead of symbols. */
#define MAPS_CITY_ZOOM 12.0

typedef struct {
    const char *label, *value;
} MapsFact;

typedef struct {
    double share;    /* of its streets seen, 0..1; NAN: not known */
    unsigned units;  /* on duty */
    unsigned events; /* incidents of the heat's period */
} MapsAreaCount;

typedef struct {
    unsigned layers; /* MapsLayer bits */
    MapsBase base;
    const GeoBatch *areas;           /* all levels in sight; NULL: none */
    const GeoBatch *overview;        /* communities of the whole city, for shares; NULL: none */
    const MapsAreaCount *area_count; /* one per row of overview; NULL: none */
    double share_end;                /* 0..1, where the ramp of shares ends; 0: 1 */
    MapsFields fields;
    MapsGaps gaps;
    MapsHeat heat;
    MapsUnits units;
    MapsIncidents incidents;
    bool no_cameras, no_units, no_incidents, no_areas; /* in the whole city */
    const char *sight;       /* what the fields mean: "observe, by night" */
    const char *title;       /* city */
    const char *note;        /* beside the title */
    const char *clock;       /* local time of the picture */
    const char *attribution; /* of the base data */
    const MapsFact *facts;
    size_t n_facts;
} MapsScene;

/* All layers that are on, in their order; the frame with the legend when it is on. */
void maps_paint_scene(cairo_t *cr, const MapsView *view, const MapsScene *scene);
