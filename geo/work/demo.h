/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The demo city of Hefei: real outlines, names and codes, a hand-drawn skeleton of its great
 * streets and waters, and everything else generated. Which 352 communities: of the 371 of the four
 * urban districts those of the reservoir township 340103200 (9) and of the development zone
 * 340102401 (10), which are administered apart, are left out. Same seed and scale, same rows to the
 * byte, whenever and wherever it is made: the city lives at its own fixed time. */
#include "geo/model/progress.h"
#include "geo/store/store.h"

/* 2026-11-21 23:14:00 in Hefei: the demo's own now, kept as the setting "demo_now_ms". */
#define GEO_DEMO_NOW_MS INT64_C(1795274040000)

typedef struct {
    double
        scale; /* share of the 352 communities, those nearest the old town's middle; 0 < s <= 1 */
    uint64_t seed;  /* 0 is a seed as good as any */
    bool no_tracks; /* leave out the half hour of positions */
} GeoDemoOptions;

/* The city's own facts: name, zone, metric CRS, note. */
GeoCity geo_demo_city(void);

/* All rows in memory, one batch a kind, without positions; freed by geo_demo_free_rows(). Fails
 * when a data file is missing or damaged. */
bool geo_demo_rows(const GeoDemoOptions *options, GeoBatch *batches[GEO_N_KINDS],
                   GeoProgress *progress, GError **error);
void geo_demo_free_rows(GeoBatch *batches[GEO_N_KINDS]);

/* Makes the city in an empty store, import by import. About two minutes at scale 1. */
bool geo_demo_make(GeoStore *store, const GeoDemoOptions *options, GeoProgress *progress,
                   GError **error);
