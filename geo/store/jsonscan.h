/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A look over a JSON text before a library parses it: grammar and numbers in
 * "coordinates", with the line of the first fault, and depth. */
#include <glib.h>
#include <stdbool.h>

typedef struct {
    char type[32];   /* the root object's "type"; "" when it has none */
    bool linked_crs; /* a "crs" of type "link": reading it would go to the network */
} GeoJsonScan;

/* UTF-8 text. Fails with GEO_ERROR_DATA: "line 3: ',' or '}' expected", or when brackets nest
 * deeper than 64. O(n), no memory. */
bool geo_jsonscan(const char *text, size_t n, GeoJsonScan *scan, GError **error);
