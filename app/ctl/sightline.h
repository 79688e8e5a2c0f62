/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The class and hour of a camera question, read from the command line and said to people. */
#include "app/ctl/args.h"
#include "app/ctl/report.h"
#include "geo/store/store.h"
#include "geo/work/coverage.h"

/* What --class takes, for the options of a subcommand. */
#define APP_SIGHTLINE_HELP                                                                         \
    "detect (default), observe, recognise, identify, or the code of a density of the city's own"

typedef struct {
    const char *code; /* of the class or of the city's row; borrowed from the words of the call */
    GeoSightClass class; /* the highest that the density is enough for */
    double px_per_m;     /* of the city's row; 0: that of class */
    bool night;
} AppSightline;

/* --class and --night. A density row of the city goes before the class of its name. Fails with
 * APP_USAGE and all that is known when the city has no such row, and as the store does. */
bool app_sightline_read(const AppArgs *args, GeoStore *store, AppSightline *line, GError **error);

/* Its part of what a survey is asked. */
void app_sightline_ask(const AppSightline *line, GeoCoverageOptions *options);

/* "detect (25 px/m), by day"; the caller's. */
char *app_sightline_words(const AppSightline *line);

double app_sightline_px_per_m(const AppSightline *line);

/* class and px_per_m. */
void app_sightline_report(JsonBuilder *report, const AppSightline *line);
