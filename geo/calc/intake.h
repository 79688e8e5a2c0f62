/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The gate that every position passes before it is drawn or written: a known unit, on duty,
 * plausible, newer, not a replay. A state machine over arrays by unit number, without clock, store
 * and sockets. It says what becomes of each position and counts that by reason and source; an SOS
 * passes whatever else is wrong, and no position moves a unit's marker back in time. */
#include "geo/model/coord.h"
#include "geo/model/dutyclock.h"
#include "geo/model/heard.h"

typedef enum {
    GEO_INTAKE_LIVE,     /* to the track, and the marker moves */
    GEO_INTAKE_LATE,     /* to the track alone: older than the marker, or from a device's memory */
    GEO_INTAKE_SOS,      /* raise the alarm; what of it can be written is what the fix then holds */
    GEO_INTAKE_PRESENCE, /* on a break: it was heard, where is dropped */
    GEO_INTAKE_UNKNOWN,  /* refused from here on */
    GEO_INTAKE_OFF_DUTY,
    GEO_INTAKE_NO_ROSTER,
    GEO_INTAKE_INVALID,   /* the device has no position, or names none on the earth, or 0, 0 */
    GEO_INTAKE_FUTURE,    /* more than a minute ahead of the receiver's clock */
    GEO_INTAKE_TOO_OLD,   /* older than any track is still taken */
    GEO_INTAKE_TOO_FAST,  /* says it, or would have to be from where it just was */
    GEO_INTAKE_OUTSIDE,   /* not in or near the city */
    GEO_INTAKE_VAGUE,     /* its accuracy is worse than of use */
    GEO_INTAKE_REPLAY,    /* same unit, time and place as one before */
    GEO_INTAKE_NOT_NEWER, /* same unit and time as one before, at another place */
    GEO_INTAKE_TOO_OFTEN, /* less than the least gap after the marker's */
    GEO_N_INTAKES
} GeoIntakeVerdict;

extern const char *const geo_intake_words[]; /* "live", "late", "sos" ... */

typedef struct {
    GeoBounds bounds;      /* of the city with its margin; empty: everywhere */
    int64_t max_ahead_ms;  /* 0: a minute */
    int64_t max_age_ms;    /* 0: 48 hours */
    int64_t min_gap_ms;    /* 0: 200 ms */
    double max_accuracy_m; /* 0: 1000 */
    double max_speed_mps;  /* 0: 70, that is 252 km/h */
} GeoIntakeOptions;

/* What a source (a feed, a listener) has sent, and how well. */
typedef struct {
    uint64_t n[GEO_N_INTAKES];
    int64_t last_heard_ms;           /* 0: never */
    double per_s, usual_per_s;       /* of the last 10 s, and of about the last 10 minutes */
    double delay_p50_s, delay_p95_s; /* of the newest 256 from fix to us; NAN: none */
    double skew_s; /* median over these, by which the devices' clocks run ahead; what they take to
                      send is in it, so that behind is normal and ahead is a wrong clock */
} GeoIntakeHealth;

typedef struct GeoIntake GeoIntake;

/* duty is borrowed until the next geo_intake_set_duty(); it has n_units. */
GeoIntake *geo_intake_new(const GeoIntakeOptions *options, const GeoDutyClock *duty, size_t n_units,
                          size_t n_sources);
void geo_intake_free(GeoIntake *intake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoIntake, geo_intake_free)

/* Rosters or acts have changed; the units have not. */
void geo_intake_set_duty(GeoIntake *intake, const GeoDutyClock *duty);

/* What a unit's marker showed when the program was last running. */
void geo_intake_prime(GeoIntake *intake, uint32_t unit, const GeoFix *fix);

/* Judges one position. unit: its number, or -1 when nobody knows the device. heard->source is below
 * n_sources, heard->heard_ms is the receiver's now. The fix of an SOS is mended so that it can be
 * kept: a time that cannot be is the receiver's, a speed that cannot be is unknown; a place that
 * is none stays NAN. O(log of the unit's duty spans); allocates nothing. */
GeoIntakeVerdict geo_intake_take(GeoIntake *intake, int64_t unit, GeoHeard *heard);

/* Whether the verdict's fix is to be written: LIVE and LATE always, SOS of a known unit with a
 * place. */
bool geo_intake_keeps(GeoIntakeVerdict verdict, int64_t unit, const GeoHeard *heard);

/* The marker: at_ms 0 when it has none. */
GeoFix geo_intake_marker(const GeoIntake *intake, uint32_t unit);

/* When anything was last heard of the unit on duty, breaks included; 0: never. */
int64_t geo_intake_heard_ms(const GeoIntake *intake, uint32_t unit);

/* As of now_ms. O(256 log 256). */
GeoIntakeHealth geo_intake_health(const GeoIntake *intake, uint32_t source, int64_t now_ms);

/* Over all sources. */
void geo_intake_counts(const GeoIntake *intake, uint64_t n[GEO_N_INTAKES]);
