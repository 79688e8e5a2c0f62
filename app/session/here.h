/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The answer to "what about this place": codes, cameras, history, and who comes first by road. */
#include "geo/work/fleet.h"
#include "geo/work/here.h"

typedef struct {
    int64_t id;
    const char *code; /* call sign, or the id in words; never NULL */
    int kind, status; /* GeoUnitKind, GeoUnitStatus */
    GeoLonLat at;
    double travel_s, distance_m, air_m, age_s; /* NAN where not known */
    GeoLeft left;                              /* of those not offered: why */
} AppComer;

typedef struct {
    GeoHere *place;      /* owned */
    int64_t at_ms;       /* of the answer */
    int64_t incident_id; /* asked for; 0: a place */
    bool by_road;        /* false: the city has no roads, nearness is by air */
    GArray *comers;      /* AppComer, soonest first, at most five */
    GArray *left_out;    /* AppComer nearer by air and not offered, nearest first */
    size_t n_left[GEO_N_LEFT], n_fleet;
    GArray *route;  /* GeoLonLat of the first comer's way, from it to the place; may be empty */
    double work_ms; /* of the search by road */
    GStringChunk *text;
} AppHere;

void app_here_free(AppHere *here);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppHere, app_here_free)
