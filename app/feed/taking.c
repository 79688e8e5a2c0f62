/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/taking.h"

size_t app_feed_taking_hear(AppFeedTaking *taking, GArray *heard, uint32_t source, bool *known)
{
    GArray *fixes = app_feed_keeper_fixes(taking->keeper);
    GArray *sos = app_feed_keeper_sos(taking->keeper);
    guint n_fixes = fixes->len, n_sos = sos->len;
    int64_t now_ms = g_get_real_time() / 1000;
    for (guint i = 0; i < heard->len; i++) {
        GeoHeard *one = &g_array_index(heard, GeoHeard, i);
        one->heard_ms = now_ms;
        one->source = source;
        GeoIntakeVerdict verdict = geo_admit_take(taking->admit, one, fixes, sos);
        if (taking->heard && verdict != GEO_INTAKE_UNKNOWN && one->fix.unit_id != 0)
            taking->heard(one, taking->heard_user);
        if (known && verdict != GEO_INTAKE_UNKNOWN && one->fix.unit_id != 0)
            *known = true;
    }
    for (guint i = n_sos; i < sos->len; i++)
        taking->alarmed(&g_array_index(sos, GeoAdmitSos, i), taking->user);
    return fixes->len - n_fixes;
}
