/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A whole fleet at any moment of its past, forward, backward and by jumps. Tracks lie in windows of
 * some minutes, flat arrays of 12 bytes a fix; a cursor a unit makes the next picture cost a few
 * comparisons. Between two fixes a place is told only where they are at most a minute apart and
 * somebody could have gone from one to the other; anything else is a gap and stays one: the unit
 * stands where it was last, with its age. */
#include <glib.h>
#include <stdbool.h>

#include "geo/model/coord.h"
#include "geo/model/fix.h"

/* The longest time between two fixes that a way is told across. */
#define GEO_PLAY_GAP_MS 60000
/* And the fastest anybody goes between them: 250 km/h. */
#define GEO_PLAY_MAX_MPS 70.0

typedef struct {
    int32_t x, y;     /* cells of geo/model/trackcode.h */
    int32_t after_ms; /* since the window's beginning; before it: negative */
} GeoPlayPoint;

/* Never changed once made: may be read from any thread. */
typedef struct GeoPlayWindow GeoPlayWindow;

/* Of units (ids, rising) the fixes with from <= at < to, by unit then time, and for each unit the
 * newest fix before from, as far as one is worth showing (in any order). Fixes of other units are
 * passed over. to - from is below 24 days. O(fixes + before log units). */
GeoPlayWindow *geo_playwindow_new(const int64_t *units, size_t n_units, int64_t from_ms,
                                  int64_t to_ms, const GeoFix *before, size_t n_before,
                                  const GeoFix *fixes, size_t n_fixes);
GeoPlayWindow *geo_playwindow_ref(GeoPlayWindow *window);
void geo_playwindow_unref(GeoPlayWindow *window);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoPlayWindow, geo_playwindow_unref)

int64_t geo_playwindow_from_ms(const GeoPlayWindow *window);
int64_t geo_playwindow_to_ms(const GeoPlayWindow *window);
size_t geo_playwindow_n_units(const GeoPlayWindow *window);
size_t geo_playwindow_bytes(const GeoPlayWindow *window);
/* A unit's points within the window, borrowed. */
const GeoPlayPoint *geo_playwindow_points(const GeoPlayWindow *window, size_t unit, size_t *n);

/* The newest fix of each unit at the window's end, those before it too: what the window after it
 * takes as `before`. Appended to fixes (GeoFix, without speed, heading and accuracy). */
void geo_playwindow_last(const GeoPlayWindow *window, const int64_t *units, GArray *fixes);

typedef enum {
    GEO_PLAY_NOWHERE, /* no fix that is worth showing */
    GEO_PLAY_AT,      /* where its newest fix says, which is at most a minute old */
    GEO_PLAY_BETWEEN, /* on the way to the next one */
    GEO_PLAY_GAP,     /* where its newest fix says, which is older (fix_ms), or the next, within a
                         minute of it, is where nobody could have gone */
} GeoPlayHow;

typedef struct {
    double lon, lat;
    int64_t fix_ms;    /* of the newest fix at or before the moment; 0: none */
    float speed_mps;   /* between two fixes; NAN otherwise */
    float heading_deg; /* likewise, and NAN while standing */
    uint32_t how;      /* GeoPlayHow */
} GeoPlayPlace;

typedef struct GeoPlayback GeoPlayback;

GeoPlayback *geo_playback_new(size_t n_units);
void geo_playback_free(GeoPlayback *playback);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoPlayback, geo_playback_free)

/* Where everybody is at at_ms, which lies in window; next is the window that follows it, or NULL
 * when it is not known. places has room for all units. O(units) for a step, O(units log fixes) for
 * a jump. Allocates nothing. */
void geo_playback_at(GeoPlayback *playback, const GeoPlayWindow *window, const GeoPlayWindow *next,
                     int64_t at_ms, GeoPlayPlace *places);
