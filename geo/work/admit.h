/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* From what devices say to what is kept: finds the unit, asks the gate (geo/calc/intake.h) and
 * gathers what is to be written. No store and no sockets in here: a feed's writer thread reads the
 * muster and writes what was gathered. Belongs to one thread. */
#include "geo/calc/intake.h"
#include "geo/work/muster.h"

/* An emergency that was just raised: its place, where it has one, is among the kept fixes. */
typedef struct {
    int64_t unit_id; /* 0: of a device that nobody knows */
    int64_t at_ms;
    double lon, lat; /* NAN: without a place */
    char key[GEO_HEARD_KEY_SIZE];
} GeoAdmitSos;

/* Positions that an area's units sent while nobody had told its shifts. */
typedef struct {
    const char *area; /* code, good for ever; NULL: units of no area */
    uint64_t refused;
} GeoAdmitNoRoster;

typedef struct GeoAdmit GeoAdmit;

/* Takes its own reference. */
GeoAdmit *geo_admit_new(GeoMuster *muster, size_t n_sources);
void geo_admit_free(GeoAdmit *admit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoAdmit, geo_admit_free)

/* Rosters, units or devices have changed: markers and counts stay. */
void geo_admit_renew(GeoAdmit *admit, GeoMuster *muster);
GeoMuster *geo_admit_muster(const GeoAdmit *admit); /* borrowed */

/* Judges one position (heard->source and heard->heard_ms are set) and appends what is to be written
 * to kept (GeoFix), and the first word of an emergency to sos (GeoAdmitSos): not the next ones,
 * until the unit was heard without it. O(log of the unit's duty spans). */
GeoIntakeVerdict geo_admit_take(GeoAdmit *admit, GeoHeard *heard, GArray *kept, GArray *sos);

/* The marker: at_ms 0 when it has none. */
GeoFix geo_admit_marker(const GeoAdmit *admit, uint32_t unit);

/* As of now_ms; counts since the start. */
GeoIntakeHealth geo_admit_health(const GeoAdmit *admit, uint32_t source, int64_t now_ms);

/* GeoAdmitNoRoster, most first. */
GArray *geo_admit_no_roster(const GeoAdmit *admit);
