/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The names of the map: which to say at which zoom, and where. They are added to a set of labels.
 */
#include "geo/model/batch.h"
#include "maps/paint/grids.h"
#include "maps/paint/labels.h"

/* Roads by name along their line; ways that meet under one name are joined first. */
void maps_names_roads(MapsLabels *labels, const MapsView *view, const GeoBatch *roads);

/* Areas of a tier in their middle, or in the middle of what is seen of them; by code where they
 * have no name, and grids always. */
void maps_names_areas(MapsLabels *labels, const MapsView *view, const GeoBatch *areas,
                      MapsTier tier, MapsLabelLook look);

/* The tiers above grids, one or two at a time: the greater gives way to the smaller as the view
 * comes nearer, unless there is none. */
void maps_names_tiers(MapsLabels *labels, const MapsView *view, const GeoBatch *areas);

/* Water, green and squares of enough size; rivers along their line. */
void maps_names_base(MapsLabels *labels, const MapsView *view, const GeoBatch *base);

/* A place inside the part of a polygon that lies in the picture, about the middle of its widest
 * span; false when nothing of it is seen. span_px: how wide it is there. */
bool maps_names_middle(const MapsView *view, const GeoBatch *batch, const GeoRow *row,
                       MapsPoint *middle, double *span_px);

/* The short form of a grid's code: "014-01" of 34010401401401; the caller frees. */
char *maps_names_dup_code(const char *code);
