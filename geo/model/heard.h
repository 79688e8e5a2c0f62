/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a device said of itself, in one shape for every feed and before anybody knows whose device
 * it is: decoders end here, the gate begins here. Units are ours already (UTC milliseconds, degrees
 * of WGS 84, metres a second); what the device did not say, or said out of range, is NAN or 0. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/fix.h"

#define GEO_HEARD_KEY_SIZE 64 /* with the NUL */

enum {
    GEO_HEARD_VALID = 1 << 0,   /* the device knows where it is, and the place is on the earth */
    GEO_HEARD_LATE = 1 << 1,    /* from its memory: goes to the track, moves no marker */
    GEO_HEARD_SOS = 1 << 2,     /* the emergency button; stands whatever else is wrong */
    GEO_HEARD_UNTIMED = 1 << 3, /* no time that can be read: fix.at_ms is 0 */
};

typedef struct {
    GeoFix fix;       /* unit_id is 0 until the gate finds it; lon and lat NAN when off the earth */
    int64_t heard_ms; /* by the receiver's clock, UTC: the receiver fills it, decoders leave 0 */
    uint32_t flags;   /* GEO_HEARD_* */
    uint32_t source;  /* the receiver's number of the feed; decoders leave 0 */
    char key[GEO_HEARD_KEY_SIZE]; /* the device's own name in that feed, UTF-8 */
} GeoHeard;

/* Why a message gave no fix. An enum and not a GError, for a hostile client makes any number of
 * them and each is only counted. */
typedef enum {
    GEO_HEARD_FINE,     /* it gave at least one GeoHeard */
    GEO_HEARD_OTHER,    /* a message of the format, about something else than a place */
    GEO_HEARD_BROKEN,   /* not in the format */
    GEO_HEARD_NO_KEY,   /* no device named, or a name that cannot be one */
    GEO_HEARD_NO_PLACE, /* no longitude and latitude on the earth */
    GEO_HEARD_NO_TIME,  /* no time of the fix */
} GeoHeardResult;

/* What decoders saw over many messages; add one to the next by using it again. */
typedef struct {
    uint64_t heard;   /* GeoHeard given */
    uint64_t invalid; /* of these, without GEO_HEARD_VALID */
    uint64_t items;   /* parts of a batch that were no fix */
    uint64_t tails;   /* messages that ended in bytes of no meaning, or said a wrong count */
} GeoHeardTally;

/* A short word for counters and logs, never NULL. */
const char *geo_heard_word(GeoHeardResult result);

/* Empty: no key, no place, no time, flags 0. */
void geo_heard_init(GeoHeard *heard);

/* False, with the key left as it was, when the n bytes are not 1 to 63 bytes of UTF-8 without
 * control characters. */
bool geo_heard_set_key(GeoHeard *heard, const char *key, size_t n);

/* Degrees. False, with NAN in both, when that is not on the earth. VALID is the decoder's to set.
 */
bool geo_heard_set_place(GeoHeard *heard, double lon, double lat);

/* Metres a second, degrees clockwise from north, metres. Negative, not finite or above 360 degrees
 * means unknown; 0 degrees while standing is what devices say for want of a heading. */
void geo_heard_set_motion(GeoHeard *heard, double speed_mps, double heading_deg, double accuracy_m);

/* at_ms 0 sets UNTIMED. */
void geo_heard_set_time(GeoHeard *heard, int64_t at_ms);

/* Appends one to heard (GeoHeard) when it has a key, a place and a time, and tells what it lacks
 * when not. An emergency needs the key alone: it is appended without VALID. */
GeoHeardResult geo_heard_append(GArray *heard, const GeoHeard *one, GeoHeardTally *tally);
