/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/dispatch-city.h"

#include <math.h>

#include "geo/work/demo.h"
#include "geo/work/import.h"

/* ---- where the roads come from ---- */

static GeoBatch *dup_roads(const GeoBatch *rows)
{
    GeoBatch *roads = geo_batch_new(GEO_KIND_ROAD);
    for (guint i = 0; i < rows->rows->len; i++)
        geo_batch_copy_row(roads, rows, i);
    return roads;
}

static GeoBatch *read_chicago(GeoCity *city, GError **error)
{
    const char *shared = g_getenv("GRIDBEAT_SHARED");
    g_autofree char *path = g_build_filename(shared ? shared : "../shared", "data", "chicago",
                                             "chicago_osm2014_roads.shp.zip", NULL);
    g_autoptr(GeoImportRead) read =
        geo_import_read(path, "roads", &(GeoImportOptions){0}, NULL, NULL, error);
    if (!read || !geo_import_read_city(read, city, error))
        return NULL;
    return dup_roads(geo_import_read_rows(read, GEO_KIND_ROAD));
}

static GeoBatch *make_demo(GeoCity *city, GError **error)
{
    GeoBatch *rows[GEO_N_KINDS] = {NULL};
    *city = geo_demo_city();
    if (!geo_demo_rows(&(GeoDemoOptions){.scale = 1, .no_tracks = true}, rows, NULL, error))
        return NULL;
    GeoBatch *roads = dup_roads(rows[GEO_KIND_ROAD]);
    geo_demo_free_rows(rows);
    return roads;
}

static GeoBatch *load_folder(const char *path, GeoCity *city, GError **error)
{
    GeoStore *store = geo_store_open(path, &(GeoStoreOptions){.read_only = true}, error);
    if (!store)
        return NULL;
    city->epsg = geo_store_city(store)->epsg;
    GeoBatch *roads = geo_store_load(store, GEO_KIND_ROAD, NULL, error);
    geo_store_close(store);
    return roads;
}

/* ---- the city ---- */

static void list_ways(DispatchCity *city)
{
    const GeoBatch *rows = city->network->ways;
    const GeoLonLat *lonlat = (const GeoLonLat *)(const void *)rows->points->data;
    city->ways = g_array_new(FALSE, FALSE, sizeof(GeoWay));
    for (guint i = 0; i < rows->rows->len; i++) {
        const GeoRoad *road = (const GeoRoad *)(const void *)geo_batch_row(rows, i);
        for (uint32_t k = 0; road->row.shape == GEO_SHAPE_LINE && k < road->row.n_parts; k++) {
            size_t n;
            const GeoLonLat *points = geo_batch_part(rows, &road->row, k, &n);
            GeoWay way = {.point0 = (uint32_t)(points - lonlat),
                          .n_points = (uint32_t)n,
                          .class = road->class,
                          .oneway = (int)road->oneway,
                          .speed_kmh = road->speed_kmh,
                          .access = {(int)road->foot, (int)road->ebike, (int)road->car}};
            g_array_append_val(city->ways, way);
        }
    }
    city->xy = g_new(GeoXY, rows->points->len + 1);
    geo_frame_to_xy(city->frame, lonlat, city->xy, rows->points->len);
}

DispatchCity *dispatch_city_open(const char *what, const char *mark, char **why)
{
    g_autoptr(GError) error = NULL;
    GeoCity facts = {0};
    bool chicago = !strcmp(what, "chicago"), demo = !strcmp(what, "demo");
    GeoBatch *roads = chicago ? read_chicago(&facts, &error)
                      : demo  ? make_demo(&facts, &error)
                              : load_folder(what, &facts, &error);
    GeoFrame *frame = roads ? geo_frame_new(facts.epsg, &error) : NULL;
    if (!frame) {
        geo_batch_free(roads);
        *why = g_strdup(error->message);
        return NULL;
    }
    DispatchCity *city = g_new0(DispatchCity, 1);
    city->name = g_path_get_basename(what);
    city->mark = g_strdup(mark);
    city->frame = frame;
    city->network = geo_network_new(roads, frame);
    list_ways(city);
    return city;
}

void dispatch_city_free(DispatchCity *city)
{
    g_array_unref(city->ways);
    geo_network_free(city->network);
    geo_frame_free(city->frame);
    g_free(city->xy);
    g_free(city->name);
    g_free(city->mark);
    g_free(city);
}

GeoXY dispatch_city_draw(const DispatchCity *city, GRand *random, double off_m)
{
    const GeoRoads *roads = city->network->roads;
    for (;;) {
        /* Edges are taken as they come, and kept by their length: those of 200 m always. */
        int64_t edge = g_rand_int_range(random, 0, (gint32)city->network->facts.edges);
        size_t n;
        double length_m, share = g_rand_double(random);
        const GeoXY *points = geo_roads_edge(roads, edge, &n, &length_m);
        if (length_m < 200 * g_rand_double(random))
            continue;
        size_t i = (size_t)g_rand_int_range(random, 0, (gint32)n - 1);
        GeoXY a = points[i], b = points[i + 1];
        return (GeoXY){a.x + share * (b.x - a.x) + g_rand_double_range(random, -off_m, off_m),
                       a.y + share * (b.y - a.y) + g_rand_double_range(random, -off_m, off_m)};
    }
}

/* ---- the graph in plain numbers ---- */

GeoSnap dispatch_graph_snap(const DispatchCity *city, GeoProfile profile, uint32_t node)
{
    const GeoRoads *roads = city->network->roads;
    size_t n, n_points;
    const uint32_t *edges = geo_roads_node_edges(roads, node, &n);
    for (size_t i = 0; i < n; i++) {
        uint32_t from, to, way;
        double length_m;
        if (!geo_roads_edge_is_main(roads, edges[i], profile))
            continue;
        geo_roads_edge_ends(roads, edges[i], &from, &to, &way);
        const GeoXY *points = geo_roads_edge(roads, edges[i], &n_points, &length_m);
        bool first = from == node;
        return (GeoSnap){.edge = edges[i],
                         .offset_m = first ? 0 : length_m,
                         .at = points[first ? 0 : n_points - 1]};
    }
    return (GeoSnap){.edge = -1};
}

static uint32_t draw_node(const DispatchCity *city, GeoProfile profile, GRand *random)
{
    for (;;) {
        uint32_t from, to, way;
        GeoSnap snap = geo_roads_snap_main(city->network->roads,
                                           dispatch_city_draw(city, random, 0), profile, 500);
        if (snap.edge < 0)
            continue;
        geo_roads_edge_ends(city->network->roads, snap.edge, &from, &to, &way);
        return g_rand_boolean(random) ? from : to;
    }
}

static void copy_edges(DispatchGraph *graph, const GeoRoads *roads, GeoProfile profile)
{
    for (uint32_t e = 0; e < graph->n_edges; e++) {
        uint32_t way;
        size_t n;
        double length_m, speed_mps = geo_roads_edge_speed_mps(roads, e, profile);
        const GeoXY *points = geo_roads_edge(roads, e, &n, &length_m);
        geo_roads_edge_ends(roads, e, &graph->from[e], &graph->to[e], &way);
        graph->node[graph->from[e]] = points[0];
        graph->node[graph->to[e]] = points[n - 1];
        graph->ahead[e] = geo_roads_may(roads, e, profile, false);
        graph->back[e] = geo_roads_may(roads, e, profile, true);
        graph->cost_s[e] = speed_mps > 0 ? length_m / speed_mps : 0;
        graph->fastest_mps = MAX(graph->fastest_mps, speed_mps);
    }
}

DispatchGraph *dispatch_graph_new(const DispatchCity *city, GeoProfile profile, uint32_t n_units,
                                  uint32_t n_places, GRand *random)
{
    DispatchGraph *graph = g_new0(DispatchGraph, 1);
    graph->n_nodes = (uint32_t)city->network->facts.nodes;
    graph->n_edges = (uint32_t)city->network->facts.edges;
    graph->from = g_new(uint32_t, graph->n_edges);
    graph->to = g_new(uint32_t, graph->n_edges);
    graph->cost_s = g_new(double, graph->n_edges);
    graph->ahead = g_new(uint8_t, graph->n_edges);
    graph->back = g_new(uint8_t, graph->n_edges);
    graph->node = g_new0(GeoXY, graph->n_nodes);
    copy_edges(graph, city->network->roads, profile);
    graph->n_units = n_units;
    graph->unit_node = g_new(uint32_t, n_units);
    for (uint32_t i = 0; i < n_units; i++)
        graph->unit_node[i] = draw_node(city, profile, random);
    graph->n_places = n_places;
    graph->place_node = g_new(uint32_t, n_places);
    for (uint32_t i = 0; i < n_places; i++)
        graph->place_node[i] = draw_node(city, profile, random);
    return graph;
}

void dispatch_graph_free(DispatchGraph *graph)
{
    g_free(graph->from);
    g_free(graph->to);
    g_free(graph->cost_s);
    g_free(graph->ahead);
    g_free(graph->back);
    g_free(graph->node);
    g_free(graph->unit_node);
    g_free(graph->place_node);
    g_free(graph);
}
