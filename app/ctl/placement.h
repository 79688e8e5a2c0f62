/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* `gridbeatctl place`: where the next cameras do most. */
#include "app/ctl/command.h"
#include "geo/work/place.h"

extern const AppCommand app_placement_command;

/* --count, --within, --area, --weigh, --cover, --lens, --sites, --budget, --candidates and --gap;
 * within is the caller's and outlives options. */
bool app_placement_read(const AppArgs *args, GeoPlaceOptions *options, GeoBounds *within,
                        GError **error);

/* The rows of help for them. */
#define APP_PLACEMENT_OPTIONS                                                                      \
    {"count", "N", "cameras at most (20)"}, {"within", "W,S,E,N", "only there, in degrees"},       \
        {"area", "CODE", "only within the bounds of this area"},                                   \
        {"weigh", "WHAT", "incidents (default), hour, population or equal"},                       \
        {"cover", "K", "ground is to be seen by so many (1)"},                                     \
        {"lens", "CODE", "this type of camera only"},                                              \
        {"sites", NULL, "only at the city's own sites (import CITY sites FILE)"},                  \
        {"budget", "YUAN", "of all, or by who builds: government=50000,unit=20000"},               \
        {"candidates", "N", "drawn at the most (20000)"},                                          \
    {                                                                                              \
        "gap", "SHARE", "good enough: stop when so little can be missing (0.005)"                  \
    }
