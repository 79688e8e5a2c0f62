/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/city.h"

#include <math.h>

#include "app/ctl/moment.h"
#include "app/ctl/place.h"

#define WHOLE_PX 900.0 /* a window shows so much of the whole */

void app_city_free(AppCity *city)
{
    if (!city)
        return;
    app_where_free(city->where);
    geo_batch_free(city->cameras);
    g_free(city->path);
    g_free(city);
}

/* Where everything can be seen at once. */
static bool find_whole(AppCity *city, GeoStore *store, GError **error)
{
    GeoBounds all = GEO_BOUNDS_EMPTY;
    static const GeoKind kinds[] = {GEO_KIND_AREA, GEO_KIND_ROAD, GEO_KIND_BUILDING,
                                    GEO_KIND_CAMERA, GEO_KIND_INCIDENT};
    city->whole_middle = city->middle;
    city->whole_zoom = city->zoom;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds) && geo_bounds_empty(&all); i++)
        if (!geo_store_bounds(store, kinds[i], &all, error))
            return false;
    if (geo_bounds_empty(&all))
        return true;
    city->whole_middle = (GeoLonLat){(all.west + all.east) / 2, (all.south + all.north) / 2};
    double wide = fmax(all.east - all.west, 1.2 * (all.north - all.south));
    city->whole_zoom = log2(WHOLE_PX * 360 / 256 / fmax(wide, 1e-4));
    return true;
}

/* Communities where there are some, else the most numerous level that is not grids. */
static const char *share_level(const GeoBatch *areas)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    const char *best = NULL;
    guint most = 0;
    for (guint i = 0; i < areas->rows->len; i++) {
        const char *level = g_array_index(areas->rows, GeoArea, i).level;
        guint n = level ? GPOINTER_TO_UINT(g_hash_table_lookup(counts, level)) + 1 : 0;
        if (!level || maps_grids_tier(level) == MAPS_TIER_GRID)
            continue;
        g_hash_table_insert(counts, (gpointer)level, GUINT_TO_POINTER(n));
        if (n > most && (!best || g_strcmp0(best, "community") != 0)) {
            best = level;
            most = n;
        }
        if (g_str_equal(level, "community"))
            best = level;
    }
    return g_intern_string(best);
}

AppCity *app_city_read(GeoStore *store, const char *path, AppSightWish sight, GError **error)
{
    g_autoptr(AppCity) city = g_new0(AppCity, 1);
    city->path = g_strdup(path);
    city->city = *geo_store_city(store);
    if (!geo_store_count(store, city->counts, NULL, error) ||
        !app_place_default(store, &city->middle, &city->zoom, error))
        return NULL;
    city->empty = true;
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        city->empty &= kind == GEO_KIND_ROSTER || city->counts[kind] == 0;
    GeoBatch *areas = geo_store_load(store, GEO_KIND_AREA, NULL, error);
    if (!areas)
        return NULL;
    city->where = app_where_new(areas);
    city->cameras = geo_store_load(store, GEO_KIND_CAMERA, NULL, error);
    if (!city->cameras ||
        !app_moment_of_city(store, g_get_real_time() / 1000, &city->opened_ms, error))
        return NULL;
    if (!find_whole(city, store, error))
        return NULL;
    city->share_level = share_level(areas);
    city->class = sight.class >= 0 ? (GeoSightClass)sight.class : GEO_SIGHT_OBSERVE;
    city->night =
        sight.night >= 0 ? sight.night > 0 : app_moment_is_night(city->opened_ms, city->city.zone);
    return g_steal_pointer(&city);
}
