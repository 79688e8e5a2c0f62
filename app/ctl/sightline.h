/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The class and hour of a camera question, read from the command line and said to people. */
#include "app/ctl/args.h"
#include "geo/work/sight.h"

/* --class and --night. */
bool app_sightline_read(const AppArgs *args, GeoSightClass *class, bool *night, GError **error);

/* "detect (25 px/m), by day"; the caller's. */
char *app_sightline_words(GeoSightClass class, bool night);
