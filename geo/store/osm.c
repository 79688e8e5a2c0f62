/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/osm.h"

#include <math.h>
#include <string.h>

#include "geo/model/error.h"

#define GRID_PER_DEGREE 1e7

const char *geo_osm_tag(const GeoOsmThing *thing, const char *key)
{
    for (size_t i = 0; i < thing->n_tags; i++)
        if (!strcmp(thing->tags[i].key, key))
            return thing->tags[i].value;
    return NULL;
}

double geo_osm_on_grid(double degrees)
{
    return floor(degrees * GRID_PER_DEGREE + 0.5) / GRID_PER_DEGREE;
}

bool geo_osm_read_bytes(const uint8_t *bytes, size_t n, bool pbf, unsigned sorts, GeoOsmTake take,
                        void *user, GeoProgress *progress, GError **error)
{
    return (pbf ? geo_osm_read_pbf : geo_osm_read_xml)(bytes, n, sorts, take, user, progress,
                                                       error);
}

/* A PBF begins with the length of a small header, so with two zero bytes; XML never does. */
bool geo_osm_read(const char *path, unsigned sorts, GeoOsmTake take, void *user,
                  GeoProgress *progress, GError **error)
{
    g_autoptr(GError) bad = NULL;
    GMappedFile *map = g_mapped_file_new(path, FALSE, &bad);
    if (!map) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "%s", bad->message);
        return false;
    }
    const uint8_t *bytes = (const uint8_t *)g_mapped_file_get_contents(map);
    size_t n = g_mapped_file_get_length(map);
    bool pbf = n > 4 && bytes[0] == 0 && bytes[1] == 0;
    bool ok = geo_osm_read_bytes(bytes, n, pbf, sorts, take, user, progress, error);
    g_mapped_file_unref(map);
    return ok;
}
