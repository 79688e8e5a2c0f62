/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/frame.h"

#include <time.h>

static gint64 spent_ns[MAPS_N_FRAMES];

gint64 maps_frame_enter(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (gint64)now.tv_sec * 1000000000 + now.tv_nsec;
}

void maps_frame_leave(gint64 entered, MapsFrame what)
{
    spent_ns[what] += maps_frame_enter() - entered;
}

gint64 maps_frame_spent_ns(MapsFrame what)
{
    return spent_ns[what];
}
