/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The router against a textbook Dijkstra on whole networks, and on roads that fall into thousands
 * of pieces: it says that there is no way, and never makes one. */
#include "road-twin.h"
#include "route-twin.h"

#include <glib/gstdio.h>

#include "geo/calc/near.h"
#include "geo/work/import.h"
#include "geo/work/network.h"

#define UTM_16N 32616
#define HEFEI 4548

/* A network as the router has it and as the twin has it. */
typedef struct {
    GeoFrame *frame;
    GeoNetwork *network;
    GArray *ways; /* GeoWay */
    GeoXY *xy;
    RouteTwin *twin;
    RouteTwinSearch *search;
} Pair;

static GeoWay way_of(const GeoBatch *rows, const GeoRoad *road, uint32_t part)
{
    size_t n;
    const GeoLonLat *points = geo_batch_part(rows, &road->row, part, &n);
    return (GeoWay){.point0 = (uint32_t)(points - (const GeoLonLat *)(void *)rows->points->data),
                    .n_points = (uint32_t)n,
                    .class = road->class,
                    .oneway = (int)road->oneway,
                    .speed_kmh = road->speed_kmh,
                    .access = {(int)road->foot, (int)road->ebike, (int)road->car}};
}

/* Takes the rows. */
static Pair *pair_new(GeoBatch *rows, int epsg)
{
    Pair *pair = g_new0(Pair, 1);
    pair->frame = geo_frame_new(epsg, NULL);
    pair->network = geo_network_new(rows, pair->frame);
    pair->ways = g_array_new(FALSE, FALSE, sizeof(GeoWay));
    for (guint i = 0; i < rows->rows->len; i++) {
        const GeoRoad *road = (const GeoRoad *)(const void *)geo_batch_row(rows, i);
        for (uint32_t k = 0; road->row.shape == GEO_SHAPE_LINE && k < road->row.n_parts; k++) {
            GeoWay way = way_of(rows, road, k);
            g_array_append_val(pair->ways, way);
        }
    }
    const GeoLonLat *lonlat = (const GeoLonLat *)(const void *)rows->points->data;
    pair->xy = g_new(GeoXY, rows->points->len + 1);
    geo_frame_to_xy(pair->frame, lonlat, pair->xy, rows->points->len);
    pair->twin = route_twin_new((const GeoWay *)(const void *)pair->ways->data, pair->ways->len,
                                lonlat, pair->xy, rows->points->len);
    pair->search = route_twin_search_new(pair->twin);
    return pair;
}

static void pair_free(Pair *pair)
{
    route_twin_search_free(pair->search);
    route_twin_free(pair->twin);
    g_array_unref(pair->ways);
    g_free(pair->xy);
    geo_network_free(pair->network);
    geo_frame_free(pair->frame);
    g_free(pair);
}

static GeoXY random_place(const GeoRoads *roads, double off_m)
{
    size_t n;
    int64_t edge = g_test_rand_int_range(0, (gint32)geo_roads_facts(roads).edges);
    const GeoXY *points = geo_roads_edge(roads, edge, &n, NULL);
    size_t i = (size_t)g_test_rand_int_range(0, (gint32)n - 1);
    double share = g_test_rand_double_range(0, 1);
    return (GeoXY){points[i].x + share * (points[i + 1].x - points[i].x) +
                       g_test_rand_double_range(-off_m, off_m),
                   points[i].y + share * (points[i + 1].y - points[i].y) +
                       g_test_rand_double_range(-off_m, off_m)};
}

/* The route to a place, against the twin's search from the same one; whether there is any. */
static bool check_route(const GeoRoads *roads, const RouteTwinSearch *search, const GeoSnap *from,
                        const GeoSnap *to)
{
    double travel_s = INFINITY, distance_m;
    bool found = geo_roads_route(roads, search->profile, from, to, &travel_s, &distance_m, NULL);
    double twin_s = route_twin_to(search, route_twin_place(search->twin, roads, to));
    g_assert_true(found == isfinite(twin_s));
    if (found)
        g_assert_cmpfloat_with_epsilon(travel_s, twin_s + (from->off_m + to->off_m) / 1.25, 1e-6);
    return found;
}

/* How many of the routes there are none of. */
static size_t check_routes(const GeoRoads *roads, RouteTwinSearch *search, size_t n_from,
                           size_t n_to)
{
    size_t none = 0;
    for (size_t i = 0; i < n_from; i++) {
        GeoProfile profile = (GeoProfile)(i % GEO_N_PROFILES);
        GeoSnap from = geo_roads_snap(roads, random_place(roads, 40), profile, 500);
        RouteTwinPlace place = route_twin_place(search->twin, roads, &from);
        if (route_twin_is_unsure(search->twin, place))
            continue;
        route_twin_from(search, profile, place);
        for (size_t k = 0; k < n_to; k++) {
            GeoSnap to = geo_roads_snap(roads, random_place(roads, 40), profile, 500);
            if (!route_twin_is_unsure(search->twin, route_twin_place(search->twin, roads, &to)))
                none += !check_route(roads, search, &from, &to);
        }
    }
    return none;
}

typedef struct {
    const GeoWay *ways;
    size_t n_ways;
    const GeoLonLat *lonlat;
    const GeoXY *xy;
    size_t n_points;
} Given;

/* The same under rules drawn for it, a few in a hundred crossings. */
static size_t check_ruled(const Given *given, size_t n_rules, size_t n_barriers, size_t n_from,
                          size_t n_to)
{
    g_autofree GeoTurnRule *rules = g_new0(GeoTurnRule, n_rules);
    g_autofree GeoBarrier *barriers = g_new0(GeoBarrier, n_barriers);
    g_autofree uint32_t *barrier_way = g_new(uint32_t, n_barriers);
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)g_test_rand_int());
    RouteTwin *twin =
        route_twin_new(given->ways, given->n_ways, given->lonlat, given->xy, given->n_points);
    route_twin_draw_rules(twin, given->lonlat, random, rules, n_rules, barriers, barrier_way,
                          n_barriers);
    route_twin_rule(twin, given->ways, given->lonlat, rules, n_rules, barriers, barrier_way,
                    n_barriers);
    g_autoptr(GeoRoads) roads =
        geo_roads_new_ruled(given->ways, given->n_ways, given->lonlat, given->xy, given->n_points,
                            rules, n_rules, barriers, n_barriers);
    g_assert_cmpuint(geo_roads_facts(roads).turns, ==, n_rules);
    g_assert_cmpuint(geo_roads_facts(roads).barriers, ==, n_barriers);
    RouteTwinSearch *search = route_twin_search_new(twin);
    size_t none = check_routes(roads, search, n_from, n_to);
    route_twin_search_free(search);
    route_twin_free(twin);
    return none;
}

static void wide_towns_under_rules_agree_too(void)
{
    for (int round = 0; round < 40; round++) {
        Town *town = town_random(30, g_test_rand_int_range(50, 900));
        check_ruled(&(Given){(const GeoWay *)(const void *)town->ways->data, town->ways->len,
                             (const GeoLonLat *)(const void *)town->lonlat->data,
                             (const GeoXY *)(const void *)town->xy->data, town->xy->len},
                    (size_t)g_test_rand_int_range(10, 400), (size_t)g_test_rand_int_range(1, 60), 6,
                    50);
        town_free(town);
    }
}

static void wide_towns_agree_with_the_textbook(void)
{
    size_t none = 0, n = 0;
    for (int round = 0; round < 40; round++) {
        Town *town = town_random(30, g_test_rand_int_range(50, 900));
        g_autoptr(GeoRoads) roads = town_roads(town);
        RouteTwin *twin =
            route_twin_new((const GeoWay *)(const void *)town->ways->data, town->ways->len,
                           (const GeoLonLat *)(const void *)town->lonlat->data,
                           (const GeoXY *)(const void *)town->xy->data, town->xy->len);
        RouteTwinSearch *search = route_twin_search_new(twin);
        none += check_routes(roads, search, 6, 50);
        n += 300;
        route_twin_search_free(search);
        route_twin_free(twin);
        town_free(town);
    }
    g_assert_cmpuint(none, >, 0);
    g_assert_cmpuint(none, <, n);
}

/* The roads of a file, or NULL where it is not there. */
static GeoBatch *read_roads(const char *path)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoImportRead) read =
        geo_import_read(path, "roads", &(GeoImportOptions){0}, NULL, NULL, &error);
    g_assert_no_error(error);
    const GeoBatch *rows = geo_import_read_rows(read, GEO_KIND_ROAD);
    GeoBatch *ways = geo_batch_new(GEO_KIND_ROAD);
    for (guint i = 0; i < rows->rows->len; i++)
        geo_batch_copy_row(ways, rows, i);
    return ways;
}

static GeoBatch *read_shared(const char *folder, const char *file)
{
    const char *shared = g_getenv("GRIDBEAT_SHARED");
    g_autofree char *path = g_build_filename(shared ? shared : "", "data", folder, file, NULL);
    GeoBatch *ways = shared ? read_roads(path) : NULL;
    if (!ways) {
        g_autofree char *why = g_strdup_printf("no %s beside the project", file);
        g_test_skip(why);
    }
    return ways;
}

static void chicago_agrees_with_the_textbook(void)
{
    GeoBatch *ways = read_shared("chicago", "chicago_osm2014_roads.shp.zip");
    if (!ways)
        return;
    Pair *pair = pair_new(ways, UTM_16N);
    check_routes(pair->network->roads, pair->search, 6, 60);
    check_ruled(&(Given){(const GeoWay *)(const void *)pair->ways->data, pair->ways->len,
                         (const GeoLonLat *)(const void *)ways->points->data, pair->xy,
                         ways->points->len},
                20000, 2000, 6, 60);
    pair_free(pair);
}

/* ---- pieces ---- */

enum { PIECES = 15000, COLUMNS = 125 };

/* Each piece lies over its neighbours and shares no vertex with them: some end a hand's breadth
 * from another's end, most cross as bridges do. Two or three ways a piece, some of them one-way. */
static void write_piece(GString *text, int piece)
{
    double lon = 117.2 + piece % COLUMNS * 0.001, lat = 31.8 + piece / COLUMNS * 0.001;
    lon += piece % 3 * 1e-7;
    for (int way = 0; way < 2 + piece % 2; way++) {
        double dx = g_test_rand_double_range(0.0002, 0.0016);
        double dy = g_test_rand_double_range(-0.0008, 0.0008);
        g_string_append_printf(
            text,
            "%s{\"type\":\"Feature\",\"properties\":{\"name\":\"%d\",\"highway\":\"%s\","
            "\"oneway\":\"%s\"},\"geometry\":{\"type\":\"LineString\",\"coordinates\":"
            "[[%.9f,%.9f],[%.9f,%.9f]]}}\n",
            text->len > 100 ? "," : "", piece, piece % 4 ? "residential" : "primary",
            g_test_rand_int_range(0, 5) ? "no" : "yes", lon, lat, lon + dx, lat + dy);
    }
}

static GeoBatch *make_pieces(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("gridbeat-pieces-XXXXXX", &error);
    g_assert_no_error(error);
    g_autofree char *path = g_build_filename(folder, "pieces.geojson", NULL);
    g_autoptr(GString) text = g_string_new("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (int piece = 0; piece < PIECES; piece++)
        write_piece(text, piece);
    g_string_append(text, "]}\n");
    g_file_set_contents(path, text->str, (gssize)text->len, &error);
    g_assert_no_error(error);
    GeoBatch *ways = read_roads(path);
    g_unlink(path);
    g_rmdir(folder);
    return ways;
}

static int piece_of(const Pair *pair, const GeoSnap *snap)
{
    return atoi(geo_network_road(pair->network, snap->edge)->row.name);
}

/* Places of one piece and its neighbours: no route leaves it, and those inside it are right. */
static void no_route_leaves_its_piece(const Pair *pair)
{
    const GeoRoads *roads = pair->network->roads;
    size_t found = 0, none = 0;
    for (int i = 0; i < 60; i++) {
        GeoProfile profile = (GeoProfile)(i % GEO_N_PROFILES);
        GeoXY p = random_place(roads, 1);
        GeoSnap from = geo_roads_snap(roads, p, profile, 500);
        route_twin_from(pair->search, profile, route_twin_place(pair->twin, roads, &from));
        for (int k = 0; k < 200; k++) {
            double reach_m = k % 2 ? 60 : 5000;
            GeoXY q = {p.x + g_test_rand_double_range(-reach_m, reach_m),
                       p.y + g_test_rand_double_range(-reach_m, reach_m)};
            GeoSnap to = geo_roads_snap(roads, q, profile, 500);
            if (to.edge < 0)
                continue;
            bool any = check_route(roads, pair->search, &from, &to);
            g_assert_true(!any || piece_of(pair, &from) == piece_of(pair, &to));
            found += any;
            none += !any;
        }
    }
    g_assert_cmpuint(found, >, 100);
    g_assert_cmpuint(none, >, 1000);
}

/* A unit on each third piece: a place on another has none, however near it stands. */
static void nobody_comes_from_another_piece(const Pair *pair)
{
    const GeoRoads *roads = pair->network->roads;
    g_autoptr(GArray) snaps = g_array_new(FALSE, TRUE, sizeof(GeoSnap));
    g_autoptr(GArray) places = g_array_new(FALSE, TRUE, sizeof(GeoXY));
    for (int64_t edge = 0; edge < (int64_t)pair->network->facts.edges; edge++) {
        double length_m;
        size_t n;
        const GeoXY *points = geo_roads_edge(roads, edge, &n, &length_m);
        GeoSnap snap = {.edge = edge, .offset_m = length_m / 2, .at = points[0]};
        if (piece_of(pair, &snap) % 3 != 0)
            continue;
        g_array_append_val(snaps, snap);
        g_array_append_val(places, snap.at);
    }
    g_autofree uint8_t *profiles = g_new0(uint8_t, snaps->len); /* on foot: both ways everywhere */
    g_autofree uint8_t *usable = g_malloc(snaps->len);
    memset(usable, 1, snaps->len);
    g_autoptr(GeoNear) near =
        geo_near_new(roads, (const GeoXY *)(const void *)places->data,
                     (const GeoSnap *)(const void *)snaps->data, profiles, usable, snaps->len);
    for (int i = 0; i < 20000; i++) {
        GeoSnap place[GEO_N_PROFILES] = {{.edge = -1}, {.edge = -1}, {.edge = -1}};
        GeoNearHit hits[5];
        place[0] = geo_roads_snap(roads, random_place(roads, 5), GEO_PROFILE_FOOT, 500);
        int piece = piece_of(pair, &place[0]);
        size_t n = geo_near_by_road(near, place, 5, hits);
        g_assert_cmpuint(n, ==, piece % 3 ? 0 : 2 + (size_t)(piece % 2));
        for (size_t k = 0; k < n; k++)
            g_assert_cmpint(piece_of(pair, &g_array_index(snaps, GeoSnap, hits[k].unit)), ==,
                            piece);
    }
}

static void fifteen_thousand_pieces_stay_apart(void)
{
    Pair *pair = pair_new(make_pieces(), HEFEI);
    g_assert_cmpuint(pair->network->facts.components, ==, PIECES);
    g_assert_cmpuint(pair->network->facts.largest, ==, 4);
    g_assert_cmpuint(pair->network->facts.edges, ==, PIECES / 2 * 5);
    no_route_leaves_its_piece(pair);
    nobody_comes_from_another_piece(pair);
    pair_free(pair);
}

/* A real campus whose paths hardly touch each other, an empty line among them. */
static void a_real_campus_of_pieces_agrees(void)
{
    GeoBatch *ways = read_shared("hefei", "hfut_roads.geojson");
    if (!ways)
        return;
    Pair *pair = pair_new(ways, HEFEI);
    g_assert_cmpuint(pair->network->facts.components, >, 1);
    size_t none = check_routes(pair->network->roads, pair->search, 60, 60);
    g_test_message("%zu parts; %zu of 3600 routes without a way", pair->network->facts.components,
                   none);
    g_assert_cmpuint(none, >, 0);
    pair_free(pair);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/routes/wide-towns-agree-with-the-textbook",
                    wide_towns_agree_with_the_textbook);
    g_test_add_func("/routes/wide-towns-under-rules-agree-too", wide_towns_under_rules_agree_too);
    g_test_add_func("/routes/chicago-agrees-with-the-textbook", chicago_agrees_with_the_textbook);
    g_test_add_func("/routes/fifteen-thousand-pieces-stay-apart",
                    fifteen_thousand_pieces_stay_apart);
    g_test_add_func("/routes/a-real-campus-of-pieces-agrees", a_real_campus_of_pieces_agrees);
    return g_test_run();
}
