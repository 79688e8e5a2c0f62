/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The life cycle of an incident as a table: which state may follow which. Pure; asked at the
 * store's front. States after the command-room practice of a three-tier platform; a later step may
 * be taken early (classified may follow dispatched), an earlier one never silently. */
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

/* The state may follow the other by an act of a person. */
bool geo_cycle_may(GeoIncidentState from, GeoIncidentState to);

/* Nothing is left to do: closed, called back, duplicate, void, transferred. */
bool geo_cycle_done(GeoIncidentState state);
