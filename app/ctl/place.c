/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where to look: first points of a kind are counted in squares of about a kilometre, and the middle
 * of the fullest square's own points is taken. */
#include "app/ctl/place.h"

#include <math.h>

#define STREET_ZOOM 15.6
#define CELL_DEG 0.012

/* The old town of Hefei: what the demo shows first. */
#define OLD_TOWN_LON 117.2868
#define OLD_TOWN_LAT 31.8618

typedef struct {
    int64_t n;
    double lon, lat; /* sums */
} Cell;

static gint64 cell_of(GeoLonLat p)
{
    return (gint64)floor(p.lat / CELL_DEG) * 1000000 + (gint64)floor(p.lon / CELL_DEG);
}

/* The mean of the fullest cell; false when no row has a place. */
static bool densest(const GeoBatch *batch, GeoLonLat *middle)
{
    g_autoptr(GHashTable) cells =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    const Cell *best = NULL;
    for (guint i = 0; i < batch->rows->len; i++) {
        GeoLonLat p;
        if (!geo_batch_first(batch, geo_batch_row(batch, i), &p))
            continue;
        gint64 key = cell_of(p);
        Cell *cell = g_hash_table_lookup(cells, &key);
        if (!cell) {
            cell = g_new0(Cell, 1);
            g_hash_table_insert(cells, g_memdup2(&key, sizeof key), cell);
        }
        cell->n++;
        cell->lon += p.lon;
        cell->lat += p.lat;
        if (!best || cell->n > best->n)
            best = cell;
    }
    if (best)
        *middle = (GeoLonLat){best->lon / (double)best->n, best->lat / (double)best->n};
    return best != NULL;
}

bool app_place_default(GeoStore *store, GeoLonLat *middle, double *zoom, GError **error)
{
    static const GeoKind kinds[] = {GEO_KIND_CAMERA, GEO_KIND_BUILDING, GEO_KIND_INCIDENT,
                                    GEO_KIND_ROAD, GEO_KIND_ADDRESS};
    GeoLonLat old_town = {OLD_TOWN_LON, OLD_TOWN_LAT};
    GeoBounds bounds;
    *zoom = STREET_ZOOM;
    if (geo_store_city(store)->synthetic) {
        if (!geo_store_bounds(store, GEO_KIND_ROAD, &bounds, error))
            return false;
        GeoBounds spot = {old_town.lon, old_town.lat, old_town.lon, old_town.lat};
        *middle = old_town;
        if (!geo_bounds_empty(&bounds) && geo_bounds_meet(&bounds, &spot))
            return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(GeoBatch) batch = geo_store_load(store, kinds[i], NULL, error);
        if (!batch)
            return false;
        if (densest(batch, middle))
            return true;
    }
    for (int kind = 0; kind < GEO_N_KINDS; kind++) {
        if (!geo_store_bounds(store, (GeoKind)kind, &bounds, error))
            return false;
        if (geo_bounds_empty(&bounds))
            continue;
        *middle = (GeoLonLat){(bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2};
        *zoom = CLAMP(log2(1000 / fmax(bounds.east - bounds.west, 1e-6) * 360 / 256), 3, 15);
        return true;
    }
    *middle = (GeoLonLat){0, 0};
    *zoom = 2;
    return true;
}
