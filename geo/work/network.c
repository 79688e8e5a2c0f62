/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/network.h"

GeoNetwork *geo_network_new(GeoBatch *ways, GeoFrame *frame)
{
    g_return_val_if_fail(ways->kind == GEO_KIND_ROAD, NULL);
    GeoNetwork *network = g_new0(GeoNetwork, 1);
    network->ways = ways;
    network->rows = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(GeoWay));
    const GeoLonLat *lonlat = (const GeoLonLat *)(const void *)ways->points->data;
    for (guint i = 0; i < ways->rows->len; i++) {
        const GeoRoad *road = (const GeoRoad *)(const void *)geo_batch_row(ways, i);
        if (road->row.shape != GEO_SHAPE_LINE)
            continue;
        for (uint32_t k = 0; k < road->row.n_parts; k++) {
            size_t n;
            const GeoLonLat *points = geo_batch_part(ways, &road->row, k, &n);
            GeoWay way = {.point0 = (uint32_t)(points - lonlat),
                          .n_points = (uint32_t)n,
                          .class = road->class,
                          .oneway = (int)road->oneway,
                          .speed_kmh = road->speed_kmh,
                          .access = {(int)road->foot, (int)road->ebike, (int)road->car}};
            g_array_append_val(list, way);
            g_array_append_val(network->rows, i);
        }
    }
    size_t n_points = ways->points->len;
    g_autofree GeoXY *xy = g_new(GeoXY, MAX(n_points, 1));
    geo_frame_to_xy(frame, lonlat, xy, n_points);
    network->roads =
        geo_roads_new((const GeoWay *)(const void *)list->data, list->len, lonlat, xy, n_points);
    network->facts = geo_roads_facts(network->roads);
    return network;
}

GeoNetwork *geo_network_load(GeoStore *store, GeoFrame *frame, GeoProgress *progress,
                             GError **error)
{
    geo_progress_begin(progress, "roads");
    GeoBatch *ways = geo_store_load(store, GEO_KIND_ROAD, NULL, error);
    if (!ways)
        return NULL;
    if (!geo_progress_step(progress, 0.5, error)) {
        geo_batch_free(ways);
        return NULL;
    }
    return geo_network_new(ways, frame);
}

void geo_network_free(GeoNetwork *network)
{
    if (!network)
        return;
    geo_batch_free(network->ways);
    g_array_unref(network->rows);
    geo_roads_free(network->roads);
    g_free(network);
}

const GeoRoad *geo_network_road(const GeoNetwork *network, int64_t edge)
{
    uint32_t from, to, way = 0;
    geo_roads_edge_ends(network->roads, edge, &from, &to, &way);
    uint32_t row = g_array_index(network->rows, uint32_t, way);
    return (const GeoRoad *)(const void *)geo_batch_row(network->ways, row);
}

/* Rather the profile's main part than an island. */
static GeoSnap leave_island(const GeoNetwork *network, GeoXY p, GeoProfile profile, double max_m,
                            GeoSnap nearest)
{
    if (nearest.edge < 0 || geo_roads_edge_is_main(network->roads, nearest.edge, profile))
        return nearest;
    double reach_m = MIN(max_m, nearest.off_m + GEO_NETWORK_ISLAND_M);
    GeoSnap main = geo_roads_snap_main(network->roads, p, profile, reach_m);
    return main.edge >= 0 ? main : nearest;
}

GeoSnap geo_network_snap(const GeoNetwork *network, GeoXY p, GeoProfile profile, double max_m)
{
    return leave_island(network, p, profile, max_m,
                        geo_roads_snap(network->roads, p, profile, max_m));
}

void geo_network_snap_each(const GeoNetwork *network, GeoXY p, double max_m,
                           GeoSnap place[GEO_N_PROFILES])
{
    geo_roads_snap_each(network->roads, p, max_m, place);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        place[profile] = leave_island(network, p, (GeoProfile)profile, max_m, place[profile]);
}
