/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/lonlat.h"

#include "app/ctl/command.h"

bool app_lonlat_option(const AppArgs *args, const char *option, GeoLonLat *place, GError **error)
{
    const char *text = app_args_value(args, option, NULL);
    char *comma = NULL, *end = NULL;
    if (!text)
        return true;
    GeoLonLat p = {g_ascii_strtod(text, &comma), 0};
    if (comma != text && *comma == ',')
        p.lat = g_ascii_strtod(comma + 1, &end);
    if (!end || end == comma + 1 || *end != '\0' || !geo_coord_valid(p)) {
        g_set_error(error, APP_USAGE, 0, "--%s is LON,LAT in degrees, not '%s'", option, text);
        return false;
    }
    *place = p;
    return true;
}
