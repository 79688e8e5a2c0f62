/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Names in screen space that never lie on each other: first come, first served, so add in order of
 * weight, then paint. One set per picture. */
#include <cairo.h>
#include <stdbool.h>

#include "maps/paint/path.h"
#include "maps/paint/view.h"

typedef enum {
    MAPS_LABEL_DISTRICT,
    MAPS_LABEL_STREET, /* the administrative tier between district and community */
    MAPS_LABEL_COMMUNITY,
    MAPS_LABEL_ROAD_MAJOR,
    MAPS_LABEL_ROAD_MINOR,
    MAPS_LABEL_WATER,
    MAPS_LABEL_GREEN,
    MAPS_LABEL_PLACE, /* a facility */
    MAPS_LABEL_CODE,  /* of a grid */
    MAPS_LABEL_SHARE, /* a number in an area */
    MAPS_LABEL_UNIT,
    MAPS_LABEL_INCIDENT,
    MAPS_N_LABELS
} MapsLabelLook;

typedef struct MapsLabels MapsLabels;

/* Copies what it needs of view; view->lang is borrowed. */
MapsLabels *maps_labels_new(const MapsView *view);
void maps_labels_free(MapsLabels *labels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MapsLabels, maps_labels_free)

/* No label may touch rect from now on. */
void maps_labels_block(MapsLabels *labels, MapsRect rect);

/* Puts text with its middle at p, or leaves it out (false) where it would touch another, a blocked
 * place or the picture's border. */
bool maps_labels_add_point(MapsLabels *labels, MapsLabelLook look, const char *text, MapsPoint p);

/* Beside a symbol of radius_px at p: right, left, above or below, whichever is free first. */
bool maps_labels_add_beside(MapsLabels *labels, MapsLabelLook look, const char *text, MapsPoint p,
                            double radius_px);

/* Along a line, about every 520 px, where it runs straight enough. Chinese stands upright on steep
 * lines. Returns how many were put. */
unsigned maps_labels_add_line(MapsLabels *labels, MapsLabelLook look, const char *text,
                              const MapsPoint *points, size_t n);

void maps_labels_paint(cairo_t *cr, const MapsLabels *labels);

/* The boxes of all labels put so far, one or more each (label is its number): for tests. */
typedef struct {
    MapsRect rect;
    unsigned label;
} MapsLabelBox;
const MapsLabelBox *maps_labels_boxes(const MapsLabels *labels, size_t *n);
unsigned maps_labels_size(const MapsLabels *labels);
