/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Playing back a fleet from the city's day files: windows of tracks are read where the player is
 * and where it is going to be, and forgotten where it has been. The reading is done by one thread,
 * with a store of its own (geo_playback_read()); the player asks for moments and never waits.
 * Nobody is named: who is at a place is a number of the player's own list of units. */
#include "geo/calc/playback.h"
#include "geo/model/progress.h"
#include "geo/store/store.h"

/* One window: windows begin at multiples of it. */
#define GEO_PLAYER_WINDOW_MS (INT64_C(5) * 60 * 1000)
/* A fix is shown for so long after its time. */
#define GEO_PLAYER_SHOWN_MS (INT64_C(15) * 60 * 1000)

/* The window that holds at_ms. earlier is the one right before it, or NULL: then the newest fixes
 * before it are looked for. units are rising ids. */
GeoPlayWindow *geo_player_read(GeoStore *store, const int64_t *units, size_t n_units, int64_t at_ms,
                               const GeoPlayWindow *earlier, GError **error);

typedef struct GeoPlayer GeoPlayer;

/* units: rising ids, copied. Belongs to one thread. */
GeoPlayer *geo_player_new(const int64_t *units, size_t n_units);
void geo_player_free(GeoPlayer *player);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoPlayer, geo_player_free)

/* Which window is to be read next when the player stands at at_ms and time runs at speed (negative:
 * backwards; 0: it waits); false: none. First the one that holds at_ms, then those that come. */
bool geo_player_wants(const GeoPlayer *player, int64_t at_ms, double speed, int64_t *window_ms);

/* The window right before that one, if it is known: what geo_player_read() takes as earlier. A
 * reference; NULL. */
GeoPlayWindow *geo_player_earlier(const GeoPlayer *player, int64_t window_ms);

/* Takes the window; those farthest from at_ms are forgotten. */
void geo_player_put(GeoPlayer *player, GeoPlayWindow *window, int64_t at_ms);

/* Where everybody is; false, with places untouched, while the window is not there. */
bool geo_player_at(GeoPlayer *player, int64_t at_ms, GeoPlayPlace *places);

/* Each unit's points of the last span_ms before at_ms, oldest first, cut at gaps, at least apart_ms
 * from each other: visit is called with runs of points. Windows that are not there are passed over.
 */
typedef void (*GeoPlayerRun)(size_t unit, const GeoLonLat *points, const int64_t *at_ms, size_t n,
                             void *user);
void geo_player_trails(const GeoPlayer *player, int64_t at_ms, int64_t span_ms, int64_t apart_ms,
                       GeoPlayerRun visit, void *user);

/* Bytes that the windows hold. */
size_t geo_player_bytes(const GeoPlayer *player);
