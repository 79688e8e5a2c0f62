/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/moment.h"

#include <string.h>

#include "geo/work/timetext.h"
#include "maps/paint/words.h"

static bool newest_incident(GeoStore *store, int64_t *at_ms, GError **error)
{
    GeoQuery query = {.no_shapes = true};
    g_autoptr(GeoBatch) incidents = geo_store_load(store, GEO_KIND_INCIDENT, &query, error);
    if (!incidents)
        return false;
    for (guint i = 0; i < incidents->rows->len; i++)
        *at_ms = MAX(*at_ms, g_array_index(incidents->rows, GeoIncident, i).at_ms);
    return true;
}

bool app_moment_of_city(GeoStore *store, int64_t now_ms, int64_t *at_ms, GError **error)
{
    int64_t newest = 0;
    if (!geo_store_last_fix_at(store, &newest, error))
        return false;
    if (newest == 0) {
        g_autoptr(GError) problem = NULL;
        g_autofree char *text = geo_store_dup_setting(store, "demo_now_ms", &problem);
        if (problem) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return false;
        }
        newest = text ? g_ascii_strtoll(text, NULL, 10) : 0;
    }
    if (newest == 0 && !newest_incident(store, &newest, error))
        return false;
    *at_ms = newest > 0 ? newest : now_ms;
    return true;
}

static GTimeZone *zone_of(const char *zone)
{
    GTimeZone *found = g_time_zone_new_identifier(zone);
    return found ? found : g_time_zone_new_utc();
}

bool app_moment_parse(const char *text, const char *zone, int64_t *at_ms)
{
    g_autoptr(GTimeZone) local = zone_of(zone);
    /* a Chinese keyboard writes digits, dashes and colons of full width */
    g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    int64_t parsed;
    GeoTimetext read = plain ? geo_timetext_parse(plain, NULL, local, &parsed) : GEO_TIMETEXT_WRONG;
    if (read != GEO_TIMETEXT_FINE && read != GEO_TIMETEXT_SKIPPED)
        return false;
    *at_ms = parsed;
    return true;
}

static GDateTime *local_time(int64_t at_ms, const char *zone)
{
    g_autoptr(GTimeZone) local = zone_of(zone);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    return utc ? g_date_time_to_timezone(utc, local) : NULL;
}

char *app_moment_dup_clock(int64_t at_ms, const char *zone)
{
    static const char *const days[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                       N_("Fri"), N_("Sat"), N_("Sun")};
    g_autoptr(GDateTime) time = local_time(at_ms, zone);
    if (!time)
        return g_strdup("");
    g_autofree char *date = g_date_time_format(time, "%Y-%m-%d");
    g_autofree char *clock = g_date_time_format(time, "%H:%M:%S");
    return g_strdup_printf("%s %s  %s", date, _(days[g_date_time_get_day_of_week(time) - 1]),
                           clock);
}

char *app_moment_dup_date(int64_t at_ms, const char *zone)
{
    g_autoptr(GDateTime) time = local_time(at_ms, zone);
    return time ? g_date_time_format(time, "%Y-%m-%d") : g_strdup("");
}

bool app_moment_is_night(int64_t at_ms, const char *zone)
{
    g_autoptr(GDateTime) time = local_time(at_ms, zone);
    int hour = time ? g_date_time_get_hour(time) : 12;
    return hour >= 18 || hour < 6;
}

char *app_moment_dup_count(int64_t n)
{
    g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, n);
    GString *text = g_string_new(NULL);
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
            g_string_append_c(text, ',');
        g_string_append_c(text, digits[i]);
    }
    return g_string_free(text, FALSE);
}
