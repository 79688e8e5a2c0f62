/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A place on the command line. */
#include <stdbool.h>

#include "app/ctl/args.h"
#include "geo/model/coord.h"
#include "geo/store/store.h"

/* One word: "117.28,31.86", longitude first, or as geo/model/coordtext.h reads it where letters say
 * which is which ("N31.86 E117.28"). what, "--place" say, is named by the error, one of usage, that
 * tells when the two only stand the wrong way round. place is touched only when it is right. */
bool app_lonlat_read(const char *what, const char *word, GeoLonLat *place, GError **error);

/* Of an option, which may be missing. */
bool app_lonlat_option(const AppArgs *args, const char *option, GeoLonLat *place, GError **error);

/* Two places LON LAT of the line, the first of them number i. */
bool app_lonlat_places(const AppArgs *args, unsigned i, GeoLonLat *place, GError **error);

/* Says on standard error that the place lies outside what the city has areas and roads of, and how
 * far; a store that cannot be read says so itself, later. */
void app_lonlat_warn(GeoStore *store, GeoLonLat place);
