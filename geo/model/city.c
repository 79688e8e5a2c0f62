/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/city.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define ZONE_TABLE "/usr/share/zoneinfo/zone1970.tab"

/* A coarse outline of the mainland: the south-east and north-east coasts keep Taiwan, Korea and
 * Japan out. */
static bool in_mainland(GeoLonLat p)
{
    if (p.lon < 73.5 || p.lon > 135.1 || p.lat < 18 || p.lat > 53.6)
        return false;
    if (p.lat < 28 && p.lon > 119.8 + (p.lat - 24) * 0.55)
        return false; /* Taiwan and the strait */
    return !(p.lon > 124.2 && p.lat < 39.8) && !(p.lon > 126.5 && p.lat < 41.5) &&
           !(p.lon > 131.3 && p.lat < 44.8);
}

int geo_city_choose_epsg(const GeoBounds *bounds)
{
    GeoLonLat mid = {(bounds->west + bounds->east) / 2, (bounds->south + bounds->north) / 2};
    if (in_mainland(mid)) {
        int zone = (int)lround((mid.lon - 75) / 3);
        return 4534 + CLAMP(zone, 0, 20);
    }
    int utm = CLAMP((int)floor((mid.lon + 180) / 6) + 1, 1, 60);
    return (mid.lat < 0 ? 32700 : 32600) + utm;
}

/* One coordinate of ISO 6709 as the table has it: +DDMM, +DDDMM, with SS where six or seven digits.
 */
static double parse_iso6709(const char *text, char **end)
{
    double sign = *text == '-' ? -1 : 1;
    const char *digits = text + 1;
    size_t n = strspn(digits, "0123456789");
    long value = strtol(digits, end, 10);
    bool seconds = n >= 6;
    long deg = seconds ? value / 10000 : value / 100;
    long min = seconds ? value / 100 % 100 : value % 100;
    return sign * ((double)deg + (double)min / 60 + (seconds ? (double)(value % 100) / 3600 : 0));
}

void geo_city_choose_zone(const GeoBounds *bounds, char *zone)
{
    GeoLonLat mid = {(bounds->west + bounds->east) / 2, (bounds->south + bounds->north) / 2};
    g_autofree char *table = NULL;
    g_strlcpy(zone, "UTC", GEO_CITY_TEXT);
    if (!g_file_get_contents(ZONE_TABLE, &table, NULL, NULL))
        return;
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    double best_m = INFINITY;
    for (char **line = lines; *line; line++) {
        if (**line == '#')
            continue;
        g_auto(GStrv) cells = g_strsplit(*line, "\t", 4);
        if (g_strv_length(cells) < 3)
            continue;
        char *rest;
        GeoLonLat p;
        p.lat = parse_iso6709(cells[1], &rest);
        p.lon = parse_iso6709(rest, &rest);
        double m = geo_coord_distance_m(mid, p);
        if (m < best_m) {
            best_m = m;
            g_strlcpy(zone, cells[2], GEO_CITY_TEXT);
        }
    }
}
