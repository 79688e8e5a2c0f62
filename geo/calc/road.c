/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ways become a graph: every vertex is numbered by its longitude and latitude, bit for bit, in an
 * open hash; a vertex that occurs twice, or ends a way, is a node; the stretch between two nodes of
 * one way is an edge. Nodes are renumbered along a Hilbert curve and edges by their first node, so
 * that a search touches memory that lies together. O(points), plus O(nodes log nodes) for the sort.
 * It does not join what only crosses (bridges) or nearly touches. Rules are road-rules.c's.
 */
#include <math.h>
#include <string.h>

#include "geo/calc/road-graph.h"

#define NONE UINT32_MAX

/* Metres per second. Feet: 4.5 km/h, a patrol's pace with its eyes open, half on steps. E-bikes: 20
 * km/h where the rule of the road says 25 at most, slower among people, never on motorways. Cars:
 * about 0.7 of the usual limit of the class in a city (100, 70, 60, 50, 40, 30 km/h), which is what
 * junctions and traffic leave; they stay off ways for people. */
static const double class_kmh[GEO_N_ROAD_CLASSES][GEO_N_PROFILES] = {
    [GEO_ROAD_MOTORWAY] = {0, 0, 70},     [GEO_ROAD_TRUNK] = {4.5, 20, 50},
    [GEO_ROAD_PRIMARY] = {4.5, 20, 42},   [GEO_ROAD_SECONDARY] = {4.5, 20, 35},
    [GEO_ROAD_TERTIARY] = {4.5, 20, 28},  [GEO_ROAD_RESIDENTIAL] = {4.5, 18, 21},
    [GEO_ROAD_SERVICE] = {4.5, 15, 12},   [GEO_ROAD_TRACK] = {4.5, 12, 12},
    [GEO_ROAD_PEDESTRIAN] = {4.5, 10, 0}, [GEO_ROAD_CYCLEWAY] = {4.5, 18, 0},
    [GEO_ROAD_PATH] = {4.5, 8, 0},        [GEO_ROAD_STEPS] = {2.2, 0, 0},
};

/* Where a way is opened to wheels that its class shuts out: at walking pace among people. */
static const double opened_kmh[GEO_N_PROFILES] = {4.5, 10, 10};

/* A posted limit is not a mean: see the table above. */
#define POSTED_SHARE 0.7

double geo_roads_class_speed_mps(int class, GeoProfile profile)
{
    g_return_val_if_fail(class >= 0 && class < GEO_N_ROAD_CLASSES, 0);
    g_return_val_if_fail(profile < GEO_N_PROFILES, 0);
    return class_kmh[class][profile] / 3.6;
}

static double way_speed_mps(const GeoWay *way, GeoProfile profile)
{
    double by_class = geo_roads_class_speed_mps(way->class, profile);
    if (way->access[profile] == 0)
        return 0;
    if (by_class == 0)
        return way->access[profile] == 1 ? opened_kmh[profile] / 3.6 : 0;
    if (!(way->speed_kmh > 0))
        return by_class;
    double posted = way->speed_kmh * POSTED_SHARE / 3.6;
    return profile == GEO_PROFILE_CAR ? posted : MIN(by_class, way->speed_kmh / 3.6);
}

/* ---- vertices ---- */

typedef struct {
    const GeoWay *ways;
    const GeoLonLat *lonlat;
    const GeoXY *xy;
    size_t n_ways, n_points;
    uint32_t *vertex; /* of each point */
    uint32_t *uses;   /* of each vertex, 2 is enough */
    uint32_t *sample; /* of each vertex: a point that lies there */
    uint32_t n_vertices;
    uint32_t *node; /* of each vertex, NONE when it is none */
} Build;

static uint64_t mix(GeoLonLat p)
{
    uint64_t a, b;
    memcpy(&a, &p.lon, sizeof a);
    memcpy(&b, &p.lat, sizeof b);
    a = (a ^ (a >> 31)) * UINT64_C(0x9e3779b97f4a7c15) + b;
    a = (a ^ (a >> 29)) * UINT64_C(0xbf58476d1ce4e5b9);
    return a ^ (a >> 32);
}

static bool same(GeoLonLat a, GeoLonLat b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void number_vertices(Build *build)
{
    size_t room = 64;
    while (room < 2 * build->n_points)
        room *= 2;
    g_autofree uint32_t *table = g_new(uint32_t, room);
    memset(table, 0xff, room * sizeof *table);
    build->vertex = g_new(uint32_t, MAX(build->n_points, 1));
    build->sample = g_new(uint32_t, MAX(build->n_points, 1));
    for (size_t i = 0; i < build->n_points; i++) {
        size_t slot = mix(build->lonlat[i]) & (room - 1);
        while (table[slot] != NONE &&
               !same(build->lonlat[build->sample[table[slot]]], build->lonlat[i]))
            slot = (slot + 1) & (room - 1);
        if (table[slot] == NONE) {
            table[slot] = build->n_vertices;
            build->sample[build->n_vertices++] = (uint32_t)i;
        }
        build->vertex[i] = table[slot];
    }
}

/* The next point of the way that is another vertex than point i; the way's end when there is none.
 */
static uint32_t next_vertex(const Build *build, uint32_t i, uint32_t end)
{
    uint32_t j = i + 1;
    while (j < end && build->vertex[j] == build->vertex[i])
        j++;
    return j;
}

static bool usable_way(const Build *build, const GeoWay *way)
{
    uint32_t end = way->point0 + way->n_points;
    if (way->n_points < 2 || next_vertex(build, way->point0, end) == end)
        return false;
    for (uint32_t i = way->point0; i < end; i++)
        if (!isfinite(build->xy[i].x) || !isfinite(build->xy[i].y))
            return false;
    return true;
}

/* Ends count twice, so that "used twice" is the one rule of a node. */
static void count_uses(Build *build, GeoRoads *roads)
{
    build->uses = g_new0(uint32_t, build->n_vertices + 1);
    for (size_t w = 0; w < build->n_ways; w++) {
        const GeoWay *way = &build->ways[w];
        if (!usable_way(build, way)) {
            roads->facts.skipped_ways++;
            continue;
        }
        uint32_t end = way->point0 + way->n_points, last = way->point0;
        build->uses[build->vertex[way->point0]]++;
        for (uint32_t i = way->point0; i < end; i = next_vertex(build, i, end)) {
            build->uses[build->vertex[i]]++;
            last = i;
        }
        build->uses[build->vertex[last]]++;
    }
}

/* ---- nodes in Hilbert order ---- */

static uint32_t hilbert(uint32_t x, uint32_t y)
{
    uint32_t d = 0;
    for (uint32_t s = 1U << 15; s > 0; s /= 2) {
        uint32_t rx = (x & s) > 0, ry = (y & s) > 0;
        d += s * s * ((3 * rx) ^ ry);
        if (ry == 0) {
            if (rx == 1) {
                x = 65535 - x;
                y = 65535 - y;
            }
            uint32_t t = x;
            x = y;
            y = t;
        }
    }
    return d;
}

typedef struct {
    uint32_t key, vertex;
} Place;

static int by_key(const void *a, const void *b)
{
    const Place *p = a, *q = b;
    if (p->key != q->key)
        return p->key < q->key ? -1 : 1;
    return p->vertex < q->vertex ? -1 : p->vertex > q->vertex;
}

static void number_nodes(Build *build, GeoRoads *roads)
{
    roads->box = GEO_BOX_EMPTY;
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    for (uint32_t v = 0; v < build->n_vertices; v++)
        if (build->uses[v] >= 2) {
            geo_box_add(&roads->box, build->xy[build->sample[v]]);
            g_array_append_val(places, ((Place){0, v}));
        }
    double width = roads->box.max_x - roads->box.min_x,
           height = roads->box.max_y - roads->box.min_y;
    double scale = 65535 / MAX(MAX(width, height), 1);
    for (guint i = 0; i < places->len; i++) {
        Place *place = &g_array_index(places, Place, i);
        GeoXY p = build->xy[build->sample[place->vertex]];
        place->key = hilbert((uint32_t)((p.x - roads->box.min_x) * scale),
                             (uint32_t)((p.y - roads->box.min_y) * scale));
    }
    g_array_sort(places, by_key);
    build->node = g_new(uint32_t, build->n_vertices + 1);
    memset(build->node, 0xff, (build->n_vertices + 1) * sizeof *build->node);
    roads->n_nodes = places->len;
    roads->nodes = g_new(GeoXY, MAX(roads->n_nodes, 1));
    for (uint32_t i = 0; i < roads->n_nodes; i++) {
        uint32_t v = g_array_index(places, Place, i).vertex;
        build->node[v] = i;
        roads->nodes[i] = build->xy[build->sample[v]];
    }
}

/* ---- edges ---- */

typedef struct {
    uint32_t from, to, way, first, last; /* points */
} Stretch;

static int by_nodes(const void *a, const void *b)
{
    const Stretch *p = a, *q = b;
    if (p->from != q->from)
        return p->from < q->from ? -1 : 1;
    return p->first < q->first ? -1 : p->first > q->first;
}

static GArray *cut_ways(const Build *build)
{
    GArray *stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));
    for (size_t w = 0; w < build->n_ways; w++) {
        const GeoWay *way = &build->ways[w];
        if (!usable_way(build, way))
            continue;
        uint32_t end = way->point0 + way->n_points, first = way->point0;
        for (uint32_t i = next_vertex(build, first, end); i < end; i = next_vertex(build, i, end)) {
            if (build->node[build->vertex[i]] == NONE)
                continue;
            Stretch stretch = {build->node[build->vertex[first]], build->node[build->vertex[i]],
                               (uint32_t)w, first, i};
            g_array_append_val(stretches, stretch);
            first = i;
        }
    }
    g_array_sort(stretches, by_nodes);
    return stretches;
}

static void set_rights(GeoRoadEdge *edge, const GeoWay *way)
{
    for (int profile = 0; profile < GEO_N_PROFILES; profile++) {
        double speed = way_speed_mps(way, (GeoProfile)profile);
        if (speed <= 0)
            continue;
        edge->pace_spm[profile] = 1 / speed;
        bool wheels = profile != GEO_PROFILE_FOOT;
        if (!wheels || way->oneway >= 0)
            edge->may[0] |= (uint8_t)(1U << profile);
        if (!wheels || way->oneway <= 0)
            edge->may[1] |= (uint8_t)(1U << profile);
    }
}

static void make_edges(const Build *build, GeoRoads *roads, const GArray *stretches)
{
    size_t n_points = 0;
    for (guint e = 0; e < stretches->len; e++) {
        const Stretch *stretch = &g_array_index(stretches, Stretch, e);
        n_points += stretch->last - stretch->first + 1;
    }
    roads->n_edges = stretches->len;
    roads->edges = g_new0(GeoRoadEdge, roads->n_edges + 1);
    roads->points = g_new(GeoXY, MAX(n_points, 1));
    uint32_t n = 0;
    for (uint32_t e = 0; e < roads->n_edges; e++) {
        const Stretch *stretch = &g_array_index(stretches, Stretch, e);
        GeoRoadEdge *edge = &roads->edges[e];
        edge->from = stretch->from;
        edge->to = stretch->to;
        edge->way = stretch->way;
        edge->point0 = n;
        edge->class = (uint8_t)build->ways[stretch->way].class;
        set_rights(edge, &build->ways[stretch->way]);
        memcpy(edge->open, edge->may, sizeof edge->open);
        for (uint32_t i = stretch->first; i <= stretch->last; i++) {
            roads->points[n++] = build->xy[i];
            if (i > stretch->first)
                edge->length_m +=
                    hypot(build->xy[i].x - build->xy[i - 1].x, build->xy[i].y - build->xy[i - 1].y);
        }
        roads->facts.length_m += edge->length_m;
    }
    roads->edges[roads->n_edges].point0 = n;
}

static void make_stars(GeoRoads *roads)
{
    roads->star0 = g_new0(uint32_t, (size_t)roads->n_nodes + 2);
    for (uint32_t e = 0; e < roads->n_edges; e++) {
        const GeoRoadEdge *edge = &roads->edges[e];
        roads->star0[edge->from + 1]++;
        if (edge->to != edge->from)
            roads->star0[edge->to + 1]++;
    }
    for (uint32_t v = 0; v < roads->n_nodes; v++)
        roads->star0[v + 1] += roads->star0[v];
    roads->star = g_new(uint32_t, MAX(roads->star0[roads->n_nodes], 1));
    g_autofree uint32_t *next =
        g_memdup2(roads->star0, (roads->n_nodes + (size_t)1) * sizeof *next);
    for (uint32_t e = 0; e < roads->n_edges; e++) {
        const GeoRoadEdge *edge = &roads->edges[e];
        roads->star[next[edge->from]++] = e;
        if (edge->to != edge->from)
            roads->star[next[edge->to]++] = e;
    }
}

/* ---- places of rules ---- */

static guint hash_place(gconstpointer place)
{
    return (guint)mix(*(const GeoLonLat *)place);
}

static gboolean same_place(gconstpointer a, gconstpointer b)
{
    return same(*(const GeoLonLat *)a, *(const GeoLonLat *)b);
}

/* Vertices that rules name, by place: 1 + vertex, or 0 while none was found. */
static GHashTable *find_vertices(const Build *build, const GeoTurnRule *turns, size_t n_turns,
                                 const GeoBarrier *barriers, size_t n_barriers)
{
    GHashTable *found = g_hash_table_new(hash_place, same_place);
    for (size_t i = 0; i < n_turns; i++)
        g_hash_table_insert(found, (gpointer)&turns[i].via, GUINT_TO_POINTER(0));
    for (size_t i = 0; i < n_barriers; i++)
        g_hash_table_insert(found, (gpointer)&barriers[i].at, GUINT_TO_POINTER(0));
    if (g_hash_table_size(found) == 0)
        return found;
    for (uint32_t v = 0; v < build->n_vertices; v++) {
        gpointer key;
        if (g_hash_table_lookup_extended(found, &build->lonlat[build->sample[v]], &key, NULL))
            g_hash_table_insert(found, key, GUINT_TO_POINTER(v + 1));
    }
    return found;
}

static uint32_t node_at(const Build *build, GHashTable *found, const GeoLonLat *at)
{
    guint vertex = GPOINTER_TO_UINT(g_hash_table_lookup(found, at));
    return vertex ? build->node[vertex - 1] : NONE;
}

/* A barrier in the middle of a way makes a node of its vertex. */
static void count_barriers(Build *build, GHashTable *found, const GeoBarrier *barriers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        guint vertex = GPOINTER_TO_UINT(g_hash_table_lookup(found, &barriers[i].at));
        if (vertex && build->uses[vertex - 1])
            build->uses[vertex - 1]++;
    }
}

static void resolve(const Build *build, GeoRoads *roads, GHashTable *found,
                    const GeoTurnRule *turns, size_t n_turns, const GeoBarrier *barriers,
                    size_t n_barriers)
{
    g_autofree uint32_t *turn_node = g_new(uint32_t, n_turns + 1);
    g_autofree uint32_t *barrier_node = g_new(uint32_t, n_barriers + 1);
    for (size_t i = 0; i < n_turns; i++)
        turn_node[i] = node_at(build, found, &turns[i].via);
    for (size_t i = 0; i < n_barriers; i++)
        barrier_node[i] = node_at(build, found, &barriers[i].at);
    geo_roads_set_rules(roads, turns, turn_node, n_turns, barriers, barrier_node, n_barriers);
}

GeoRoads *geo_roads_new_ruled(const GeoWay *ways, size_t n_ways, const GeoLonLat *lonlat,
                              const GeoXY *xy, size_t n_points, const GeoTurnRule *turns,
                              size_t n_turns, const GeoBarrier *barriers, size_t n_barriers)
{
    g_return_val_if_fail(n_points < NONE / 4 && n_ways < NONE, NULL);
    GeoRoads *roads = g_new0(GeoRoads, 1);
    Build build = {
        .ways = ways, .lonlat = lonlat, .xy = xy, .n_ways = n_ways, .n_points = n_points};
    roads->minute = -1;
    number_vertices(&build);
    count_uses(&build, roads);
    g_autoptr(GHashTable) found = find_vertices(&build, turns, n_turns, barriers, n_barriers);
    count_barriers(&build, found, barriers, n_barriers);
    number_nodes(&build, roads);
    g_autoptr(GArray) stretches = cut_ways(&build);
    make_edges(&build, roads, stretches);
    make_stars(roads);
    resolve(&build, roads, found, turns, n_turns, barriers, n_barriers);
    g_free(build.vertex);
    g_free(build.sample);
    g_free(build.uses);
    g_free(build.node);
    geo_roads_index(roads);
    roads->facts.nodes = roads->n_nodes;
    roads->facts.edges = roads->n_edges;
    geo_roads_renew_arcs(roads);
    geo_roads_mark_parts(roads);
    return roads;
}

GeoRoads *geo_roads_new(const GeoWay *ways, size_t n_ways, const GeoLonLat *lonlat, const GeoXY *xy,
                        size_t n_points)
{
    return geo_roads_new_ruled(ways, n_ways, lonlat, xy, n_points, NULL, 0, NULL, 0);
}

void geo_roads_free(GeoRoads *roads)
{
    if (!roads)
        return;
    g_free(roads->nodes);
    g_free(roads->edges);
    g_free(roads->points);
    g_free(roads->star0);
    g_free(roads->star);
    g_free(roads->component);
    g_free(roads->cell0);
    g_free(roads->items);
    g_free(roads->owner);
    g_free(roads->bans);
    g_free(roads->ban_hours);
    g_free(roads->posts);
    g_free(roads->post_gate);
    g_free(roads->next_ban);
    g_free(roads->ban0);
    g_free(roads->gates);
    g_free(roads->gate0);
    g_free(roads->ruled);
    g_free(roads->base_spm);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        geo_arcs_free(roads->arcs[profile]);
    g_free(roads);
}

/* ---- reading ---- */

GeoRoadFacts geo_roads_facts(const GeoRoads *roads)
{
    return roads->facts;
}

const GeoXY *geo_roads_edge(const GeoRoads *roads, int64_t edge, size_t *n, double *length_m)
{
    g_return_val_if_fail(edge >= 0 && edge < roads->n_edges, NULL);
    const GeoRoadEdge *it = &roads->edges[edge];
    *n = it[1].point0 - it->point0;
    if (length_m)
        *length_m = it->length_m;
    return roads->points + it->point0;
}

void geo_roads_edge_ends(const GeoRoads *roads, int64_t edge, uint32_t *from, uint32_t *to,
                         uint32_t *way)
{
    g_return_if_fail(edge >= 0 && edge < roads->n_edges);
    *from = roads->edges[edge].from;
    *to = roads->edges[edge].to;
    if (way)
        *way = roads->edges[edge].way;
}

bool geo_roads_may(const GeoRoads *roads, int64_t edge, GeoProfile profile, bool backwards)
{
    g_return_val_if_fail(edge >= 0 && edge < roads->n_edges, false);
    return geo_road_may(&roads->edges[edge], profile, backwards);
}

double geo_roads_edge_speed_mps(const GeoRoads *roads, int64_t edge, GeoProfile profile)
{
    g_return_val_if_fail(edge >= 0 && edge < roads->n_edges, 0);
    double pace = roads->edges[edge].pace_spm[profile];
    return pace > 0 ? 1 / pace : 0;
}

bool geo_roads_edge_is_main(const GeoRoads *roads, int64_t edge, GeoProfile profile)
{
    g_return_val_if_fail(edge >= 0 && edge < roads->n_edges, false);
    return roads->edges[edge].main >> profile & 1;
}

const uint32_t *geo_roads_node_edges(const GeoRoads *roads, uint32_t node, size_t *n)
{
    g_return_val_if_fail(node < roads->n_nodes, NULL);
    *n = roads->star0[node + 1] - roads->star0[node];
    return roads->star + roads->star0[node];
}

uint32_t geo_roads_node_component(const GeoRoads *roads, uint32_t node)
{
    g_return_val_if_fail(node < roads->n_nodes, 0);
    return roads->component[node];
}
