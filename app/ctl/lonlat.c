/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/lonlat.h"

#include <stdio.h>

#include "app/ctl/command.h"
#include "geo/model/coordtext.h"

#define OUTSIDE_M 1000.0 /* a report from just beyond the border is nothing to be told of */

/* "31.861 117.283 is no place: longitude first, then latitude". */
static bool check(const char *what, GeoLonLat p, GError **error)
{
    if (geo_coord_valid(p))
        return true;
    bool turned = geo_coord_valid((GeoLonLat){p.lat, p.lon});
    g_set_error(error, APP_USAGE, 0,
                "%s%s%.10g %.10g is no place: longitude first, then latitude%s", what ? what : "",
                what ? " " : "", p.lon, p.lat, turned ? "; they stand the other way round" : "");
    return false;
}

bool app_lonlat_read(const char *what, const char *word, GeoLonLat *place, GError **error)
{
    GeoCoordText read;
    if (!geo_coordtext_read(word, &read)) {
        g_set_error(error, APP_USAGE, 0,
                    "%s is LON,LAT in degrees, as 117.283,31.861 or N31.861E117.283, not '%s'",
                    what, word);
        return false;
    }
    GeoLonLat p = {read.first, read.second};
    if (!check(what, p, error))
        return false;
    *place = p;
    return true;
}

bool app_lonlat_option(const AppArgs *args, const char *option, GeoLonLat *place, GError **error)
{
    const char *word = app_args_value(args, option, NULL);
    g_autofree char *what = g_strconcat("--", option, NULL);
    return !word || app_lonlat_read(what, word, place, error);
}

bool app_lonlat_places(const AppArgs *args, unsigned i, GeoLonLat *place, GError **error)
{
    GeoLonLat p;
    if (!app_args_place_number(args, i, "LON", &p.lon, error) ||
        !app_args_place_number(args, i + 1, "LAT", &p.lat, error) || !check(NULL, p, error))
        return false;
    *place = p;
    return true;
}

void app_lonlat_warn(GeoStore *store, GeoLonLat place)
{
    GeoBounds all = GEO_BOUNDS_EMPTY;
    static const GeoKind kinds[] = {GEO_KIND_AREA, GEO_KIND_ROAD};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        GeoBounds one = GEO_BOUNDS_EMPTY;
        if (!geo_store_bounds(store, kinds[i], &one, NULL) || geo_bounds_empty(&one))
            continue;
        geo_bounds_add(&all, (GeoLonLat){one.west, one.south});
        geo_bounds_add(&all, (GeoLonLat){one.east, one.north});
    }
    if (geo_bounds_empty(&all))
        return;
    GeoLonLat edge = {CLAMP(place.lon, all.west, all.east), CLAMP(place.lat, all.south, all.north)};
    double off_m = geo_coord_distance_m(place, edge);
    if (off_m > OUTSIDE_M)
        fprintf(stderr,
                "gridbeatctl: warning: %.6f,%.6f lies %.*f km outside the city, which reaches from "
                "%.3f,%.3f to %.3f,%.3f\n",
                place.lon, place.lat, off_m < 1e4, off_m / 1000, all.west, all.south, all.east,
                all.north);
}
