/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Whose people a unit's are, as plans name them; UNKNOWN is asked for by no plan. */
#include <stdint.h>

typedef enum {
    GEO_FORCE_POLICE,
    GEO_FORCE_AUXILIARY,
    GEO_FORCE_GUARD,
    GEO_FORCE_VOLUNTEER,
    GEO_FORCE_EMERGENCY, /* an emergency team of a street, town or township */
    GEO_FORCE_UNKNOWN,
    GEO_N_FORCES
} GeoForce;

extern const char *const geo_force_words[]; /* "police", "auxiliary" ... */

#define GEO_FORCE_BIT(force) (UINT32_C(1) << (force))
