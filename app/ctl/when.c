/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/when.h"

#include <string.h>

#include "app/ctl/command.h"
#include "app/ctl/moment.h"

#define USEC_PER_MS 1000

gint64 app_when_now_ms(void)
{
    return g_get_real_time() / USEC_PER_MS;
}

bool app_when_option(const AppArgs *args, const char *option, const char *zone, gint64 *at_ms,
                     GError **error)
{
    const char *word = app_args_value(args, option, NULL);
    if (!word)
        return true;
    if (!strcmp(word, "now")) {
        *at_ms = app_when_now_ms();
        return true;
    }
    int64_t parsed;
    if (!app_moment_parse(word, zone, &parsed)) {
        g_set_error(error, APP_USAGE, 0,
                    "--%s '%s' is not a time: write 2018-08-01, 2018-08-01T14:30 or "
                    "2018-08-01T14:30:00+02:00",
                    option, word);
        return false;
    }
    *at_ms = parsed;
    return true;
}

char *app_when_dup(gint64 at_ms, const char *zone)
{
    g_autoptr(GTimeZone) of_city = g_time_zone_new_identifier(zone);
    if (!of_city)
        of_city = g_time_zone_new_utc();
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    g_autoptr(GDateTime) local = utc ? g_date_time_to_timezone(utc, of_city) : NULL;
    return local ? g_date_time_format(local, "%Y-%m-%dT%H:%M:%S%:z") : g_strdup("unknown");
}
