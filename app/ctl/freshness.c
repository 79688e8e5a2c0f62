/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/freshness.h"

#include <stdio.h>

#include "app/ctl/when.h"

#define OLD_MS (10 * 60 * G_GINT64_CONSTANT(1000)) /* as old as a single position may be */

static char *dup_span(gint64 ms)
{
    gint64 minutes = ms / 60000;
    if (minutes < 120)
        return g_strdup_printf("%" G_GINT64_FORMAT " minutes", minutes);
    return minutes < 48 * 60 ? g_strdup_printf("%" G_GINT64_FORMAT " hours", minutes / 60)
                             : g_strdup_printf("%" G_GINT64_FORMAT " days", minutes / 60 / 24);
}

void app_freshness_warn(const GeoFleet *fleet, gint64 asked_ms, const char *zone)
{
    gint64 at_ms = geo_fleet_at_ms(fleet), old_ms = app_when_now_ms() - at_ms;
    if (asked_ms || at_ms == 0 || old_ms <= OLD_MS)
        return;
    g_autofree char *at = app_when_dup(at_ms, zone), *span = dup_span(old_ms);
    fprintf(stderr,
            "gridbeatctl: warning: no position came in for %s: this is how it was at %s, not now\n",
            span, at);
}
