/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Types of camera, and classes of density, that hold where a city has none of its own. */
#include "geo/model/batch.h"

/* Four common types: what they see is by their data sheets' usual figures; prices are round ones of
 * ours, in yuan with pole and line left out, to be replaced by the city's own (import lenses). A
 * new batch of LENS rows with ids from 1. */
GeoBatch *geo_lens_defaults(void);

/* IEC 62676-4:2014: detect, observe, recognise, identify. A new batch of DENSITY rows. */
GeoBatch *geo_density_defaults(void);

/* A camera of that type, planned; the rest (id, heading, owner, mount, height, tilt) is the
 * caller's. */
GeoCamera geo_lens_camera(const GeoLensType *type);
