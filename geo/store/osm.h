/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The things of an OpenStreetMap file as they are: nodes, ways with their nodes, relations with
 * their members. Reads .osm (XML) and .osm.pbf (raw and zlib blobs, dense and plain nodes), for
 * what GDAL does not hand out. Both are read as a stream with bounded memory and may be hostile. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "geo/model/coord.h"
#include "geo/model/progress.h"

typedef enum { GEO_OSM_NODE, GEO_OSM_WAY, GEO_OSM_RELATION, GEO_N_OSM_SORTS } GeoOsmSort;

typedef struct {
    const char *key, *value;
} GeoOsmTag;

typedef struct {
    int sort; /* GeoOsmSort */
    int64_t id;
    const char *role;
} GeoOsmMember;

typedef struct {
    GeoOsmSort sort;
    int64_t id;
    GeoLonLat at;          /* of a node, on the file's grid of 1e-7 degrees */
    const GeoOsmTag *tags; /* texts are UTF-8 */
    size_t n_tags;
    const int64_t *nodes; /* of a way */
    size_t n_nodes;
    const GeoOsmMember *members; /* of a relation */
    size_t n_members;
} GeoOsmThing;

/* false stops the reading with the error that it set. What thing points to is borrowed. */
typedef bool (*GeoOsmTake)(const GeoOsmThing *thing, void *user, GError **error);

/* Gives every thing of the sorts asked for (bits, 1 << GeoOsmSort) to take, in the file's order.
 * Fails with GEO_ERROR_DATA on damage, with what take had set, and when progress is cancelled. */
bool geo_osm_read(const char *path, unsigned sorts, GeoOsmTake take, void *user,
                  GeoProgress *progress, GError **error);

/* The same from memory; pbf: else XML. */
bool geo_osm_read_bytes(const uint8_t *bytes, size_t n, bool pbf, unsigned sorts, GeoOsmTake take,
                        void *user, GeoProgress *progress, GError **error);

/* The value of the key; NULL: there is none. */
const char *geo_osm_tag(const GeoOsmThing *thing, const char *key);

/* Halves of geo_osm_read_bytes(): osm-pbf.c, osm-xml.c. */
bool geo_osm_read_pbf(const uint8_t *bytes, size_t n, unsigned sorts, GeoOsmTake take, void *user,
                      GeoProgress *progress, GError **error);
bool geo_osm_read_xml(const uint8_t *bytes, size_t n, unsigned sorts, GeoOsmTake take, void *user,
                      GeoProgress *progress, GError **error);

/* A coordinate on the grid that the files are written on, as GDAL's lines have it. */
double geo_osm_on_grid(double degrees);
