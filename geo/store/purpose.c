/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/purpose.h"

#include <string.h>

#include "geo/model/error.h"

#define HOUR_MS (INT64_C(60) * 60 * 1000)
#define BEFORE_MS (2 * HOUR_MS)
#define AFTER_MS (24 * HOUR_MS)
/* Shorter is no number of a case. */
#define SHORTEST 3

static bool refuse(GError **error, const char *format, const char *what) G_GNUC_PRINTF(2, 0);

static bool refuse(GError **error, const char *format, const char *what)
{
    g_autofree char *text = g_strdup_printf(format, what);
    g_set_error_literal(error, GEO_ERROR, GEO_ERROR_REFUSED, text);
    return false;
}

static bool covers(GeoBackend *backend, const GeoIncident *incident, const GeoTrackQuery *query,
                   bool *in_time, bool *served, GError **error)
{
    *in_time =
        query->from_ms >= incident->at_ms - BEFORE_MS && query->to_ms <= incident->at_ms + AFTER_MS;
    *served = true;
    return query->unit_id <= 0 ||
           backend->ops->has_served(backend, incident->row.id, query->unit_id, served, error);
}

static bool check_incident(GeoBackend *backend, const char *code, const GeoTrackQuery *query,
                           GError **error)
{
    g_autoptr(GeoBatch) found =
        backend->ops->load(backend, GEO_KIND_INCIDENT, &(GeoQuery){.code = code}, error);
    if (!found)
        return false;
    if (found->rows->len == 0)
        return refuse(error, "the purpose names incident '%s', which there is not", code);
    bool any_in_time = false;
    for (guint i = 0; i < found->rows->len; i++) {
        bool in_time, served;
        if (!covers(backend, (const GeoIncident *)(const void *)geo_batch_row(found, i), query,
                    &in_time, &served, error))
            return false;
        if (in_time && served)
            return true;
        any_in_time |= in_time;
    }
    return refuse(error,
                  any_in_time ? "the unit was never on incident '%s'"
                              : "incident '%s' does not cover that time: from 2 hours before it to "
                                "24 hours after",
                  code);
}

bool geo_purpose_check(GeoBackend *backend, const GeoAct *act, const GeoTrackQuery *query,
                       GError **error)
{
    const char *purpose = act->purpose ? act->purpose : "";
    const char *colon = strchr(purpose, ':');
    const char *reference = colon ? colon + 1 : "";
    if (g_str_has_prefix(purpose, "incident:") && *reference)
        return check_incident(backend, reference, query, error);
    if ((g_str_has_prefix(purpose, "case:") || g_str_has_prefix(purpose, "task:")) &&
        g_utf8_validate(reference, -1, NULL) && g_utf8_strlen(reference, -1) >= SHORTEST)
        return true;
    return refuse(error,
                  "'%s' is no purpose to read who was where: incident:CODE, case:NUMBER or "
                  "task:NUMBER is, a number of " G_STRINGIFY(SHORTEST) " characters or more",
                  purpose);
}

static char *dup_time(int64_t at_ms)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at_ms / 1000);
    return time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ")
                : g_strdup_printf("%" G_GINT64_FORMAT, at_ms);
}

char *geo_purpose_dup_detail(const GeoTrackQuery *query)
{
    g_autofree char *from = dup_time(query->from_ms);
    g_autofree char *to = dup_time(query->to_ms);
    const GeoBounds *box = query->bounds;
    if (!box)
        return g_strdup_printf("%s/%s", from, to);
    return g_strdup_printf("%s/%s %.5f,%.5f,%.5f,%.5f", from, to, box->west, box->south, box->east,
                           box->north);
}
