/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A place on the command line, as one word. */
#include <stdbool.h>

#include "app/ctl/args.h"
#include "geo/model/coord.h"

/* "117.28,31.86" of an option; place is touched only when it is given and right. An error of usage
 * names the option. */
bool app_lonlat_option(const AppArgs *args, const char *option, GeoLonLat *place, GError **error);
