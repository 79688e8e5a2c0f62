/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/cycle.h"

const char *const geo_incident_state_words[] = {
    "received",  "classified", "dispatched", "accepted",  "en_route",    "on_scene", "handling",
    "cleared",   "reported",   "reviewed",   "closed",    "called_back", "held",     "transferred",
    "duplicate", "void",       "reopened",   "scheduled", "raised",      0};

bool geo_cycle_done(GeoIncidentState state)
{
    return state == GEO_INCIDENT_CLOSED || state == GEO_INCIDENT_CALLED_BACK ||
           state == GEO_INCIDENT_DUPLICATE || state == GEO_INCIDENT_VOID ||
           state == GEO_INCIDENT_TRANSFERRED;
}

bool geo_cycle_waits(GeoIncidentState state)
{
    return state == GEO_INCIDENT_RECEIVED || state == GEO_INCIDENT_CLASSIFIED ||
           state == GEO_INCIDENT_REOPENED || state == GEO_INCIDENT_RAISED;
}
