/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/cycle.h"

#include <stdint.h>

const char *const geo_incident_state_words[] = {
    "received",  "classified", "dispatched", "accepted",  "en_route",    "on_scene", "handling",
    "cleared",   "reported",   "reviewed",   "closed",    "called_back", "held",     "transferred",
    "duplicate", "void",       "reopened",   "scheduled", "raised",      0};

#define TO(state) (UINT32_C(1) << GEO_INCIDENT_##state)
/* Open incidents may be parked, handed over, merged or voided at any time. */
#define SIDE (TO(HELD) | TO(TRANSFERRED) | TO(DUPLICATE) | TO(VOID) | TO(RAISED))

static const uint32_t next[GEO_N_INCIDENT_STATES] = {
    [GEO_INCIDENT_RECEIVED] = TO(CLASSIFIED) | TO(DISPATCHED) | TO(CLOSED) | TO(SCHEDULED) | SIDE,
    [GEO_INCIDENT_CLASSIFIED] = TO(DISPATCHED) | TO(CLOSED) | TO(SCHEDULED) | SIDE,
    [GEO_INCIDENT_DISPATCHED] = TO(ACCEPTED) | TO(EN_ROUTE) | TO(ON_SCENE) | TO(RECEIVED) | SIDE,
    [GEO_INCIDENT_ACCEPTED] = TO(EN_ROUTE) | TO(ON_SCENE) | TO(RECEIVED) | SIDE,
    [GEO_INCIDENT_EN_ROUTE] = TO(ON_SCENE) | TO(CLEARED) | TO(RECEIVED) | SIDE,
    [GEO_INCIDENT_ON_SCENE] = TO(HANDLING) | TO(CLEARED) | SIDE,
    [GEO_INCIDENT_HANDLING] = TO(CLEARED) | SIDE,
    [GEO_INCIDENT_CLEARED] = TO(REPORTED) | TO(REOPENED) | SIDE,
    [GEO_INCIDENT_REPORTED] = TO(REVIEWED) | TO(REOPENED) | TO(HANDLING),
    [GEO_INCIDENT_REVIEWED] = TO(CLOSED) | TO(REPORTED) | TO(REOPENED),
    [GEO_INCIDENT_CLOSED] = TO(CALLED_BACK) | TO(REOPENED),
    [GEO_INCIDENT_CALLED_BACK] = TO(REOPENED),
    [GEO_INCIDENT_HELD] = TO(RECEIVED) | TO(CLASSIFIED) | TO(DISPATCHED) | TO(CLOSED) | SIDE,
    [GEO_INCIDENT_TRANSFERRED] = TO(REOPENED),
    [GEO_INCIDENT_DUPLICATE] = TO(REOPENED),
    [GEO_INCIDENT_VOID] = TO(REOPENED),
    [GEO_INCIDENT_REOPENED] = TO(CLASSIFIED) | TO(DISPATCHED) | TO(CLOSED) | SIDE,
    [GEO_INCIDENT_SCHEDULED] = TO(RECEIVED) | TO(DISPATCHED) | SIDE,
    [GEO_INCIDENT_RAISED] = TO(RECEIVED) | TO(CLASSIFIED) | TO(DISPATCHED) | TO(CLOSED) | SIDE,
};

bool geo_cycle_may(GeoIncidentState from, GeoIncidentState to)
{
    return from < GEO_N_INCIDENT_STATES && to < GEO_N_INCIDENT_STATES && from != to &&
           (next[from] >> to & 1) != 0;
}

bool geo_cycle_done(GeoIncidentState state)
{
    uint32_t done = TO(CLOSED) | TO(CALLED_BACK) | TO(DUPLICATE) | TO(VOID) | TO(TRANSFERRED);
    return state < GEO_N_INCIDENT_STATES && (done >> state & 1) != 0;
}
