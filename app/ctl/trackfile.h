/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* `import CITY tracks FILE`, which import.c hands over, and what it shares with `replay`. */
#include "app/ctl/command.h"
#include "app/ctl/report.h"
#include "geo/work/trackfile.h"

AppExit app_trackfile_import(const AppArgs *args, GError **error);

/* Reads FILE (place number place) with the options --encoding, --zone and --unit. */
GeoTrackFile *app_trackfile_read(const AppArgs *args, unsigned place, const char *zone,
                                 GeoProgress *progress, GError **error);

/* The file's own findings, and what the gate said. */
void app_trackfile_print(const GeoTrackFileReport *report, const GeoTrackFileDone *done,
                         const char *zone);
void app_trackfile_put(JsonBuilder *json, const GeoTrackFileReport *report,
                       const GeoTrackFileDone *done, const char *zone);
