/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The states of an incident, in the order of its way. Which deed leads from one to another is
 * geo/model/deed.h. */
#include <stdbool.h>

typedef enum {
    GEO_INCIDENT_RECEIVED,
    GEO_INCIDENT_CLASSIFIED,
    GEO_INCIDENT_DISPATCHED,
    GEO_INCIDENT_ACCEPTED,
    GEO_INCIDENT_EN_ROUTE,
    GEO_INCIDENT_ON_SCENE,
    GEO_INCIDENT_HANDLING,
    GEO_INCIDENT_CLEARED,
    GEO_INCIDENT_REPORTED,
    GEO_INCIDENT_REVIEWED,
    GEO_INCIDENT_CLOSED,
    GEO_INCIDENT_CALLED_BACK,
    GEO_INCIDENT_HELD,
    GEO_INCIDENT_TRANSFERRED,
    GEO_INCIDENT_DUPLICATE,
    GEO_INCIDENT_VOID,
    GEO_INCIDENT_REOPENED,
    GEO_INCIDENT_SCHEDULED,
    GEO_INCIDENT_RAISED,
    GEO_N_INCIDENT_STATES
} GeoIncidentState;

extern const char *const geo_incident_state_words[];

/* Nothing is left to do: closed, called back, duplicate, void, transferred. */
bool geo_cycle_done(GeoIncidentState state);

/* Nobody is at work on it, and it is not parked: it can be given to a unit. */
bool geo_cycle_waits(GeoIncidentState state);
