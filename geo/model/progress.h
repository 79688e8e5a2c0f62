/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Progress and cancel of long work. The worker calls geo_progress_step(), anyone may cancel. */
#include <glib.h>
#include <stdbool.h>

typedef struct GeoProgress GeoProgress;

/* Called in the worker's thread; share is 0..1, or negative while the length is unknown. */
typedef void (*GeoProgressFunc)(const char *what, double share, void *user);

/* tell may be NULL: then only cancel works. */
GeoProgress *geo_progress_new(GeoProgressFunc tell, void *user);
void geo_progress_free(GeoProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoProgress, geo_progress_free)

/* Names the phase that begins now; what is borrowed until the next call. NULL progress is legal. */
void geo_progress_begin(GeoProgress *progress, const char *what);

/* Says how far the phase is and whether to go on: false, with GEO_ERROR_CANCELLED, after a cancel.
 * To be called at least every 50 ms of work. NULL progress goes on for ever. */
bool geo_progress_step(GeoProgress *progress, double share, GError **error);

/* From any thread. */
void geo_progress_cancel(GeoProgress *progress);
