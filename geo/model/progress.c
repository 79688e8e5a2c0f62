/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/progress.h"

#include "geo/model/error.h"

struct GeoProgress {
    GeoProgressFunc tell;
    void *user;
    const char *what;
    gint cancelled; /* atomic */
};

GeoProgress *geo_progress_new(GeoProgressFunc tell, void *user)
{
    GeoProgress *progress = g_new0(GeoProgress, 1);
    progress->tell = tell;
    progress->user = user;
    progress->what = "";
    return progress;
}

void geo_progress_free(GeoProgress *progress)
{
    g_free(progress);
}

void geo_progress_begin(GeoProgress *progress, const char *what)
{
    if (!progress)
        return;
    progress->what = what;
    if (progress->tell)
        progress->tell(what, 0, progress->user);
}

bool geo_progress_step(GeoProgress *progress, double share, GError **error)
{
    if (!progress)
        return true;
    if (g_atomic_int_get(&progress->cancelled)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_CANCELLED, "%s: cancelled", progress->what);
        return false;
    }
    if (progress->tell)
        progress->tell(progress->what, share, progress->user);
    return true;
}

void geo_progress_cancel(GeoProgress *progress)
{
    g_atomic_int_set(&progress->cancelled, 1);
}
