/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One position of one unit, as every feed delivers it. */
#include <stdint.h>

typedef struct {
    int64_t unit_id;
    int64_t at_ms; /* of the fix, UTC */
    double lon, lat;
    float speed_mps;   /* NAN when unknown */
    float heading_deg; /* NAN when unknown or standing */
    float accuracy_m;  /* NAN when unknown */
} GeoFix;
