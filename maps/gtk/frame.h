/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the layers cost the main thread: processor time of its own, not of the renderer. For the
 * bench; main thread only. */
#include <glib.h>

typedef enum {
    MAPS_FRAME_SNAPSHOT, /* laying out a frame */
    MAPS_FRAME_ASK,      /* finding out what a moved view needs */
    MAPS_FRAME_TICK,     /* taking new data */
    MAPS_N_FRAMES
} MapsFrame;

/* Around the work: what enter returned goes to leave. They do not nest. */
gint64 maps_frame_enter(void);
void maps_frame_leave(gint64 entered, MapsFrame what);

/* Nanoseconds spent so far. */
gint64 maps_frame_spent_ns(MapsFrame what);
