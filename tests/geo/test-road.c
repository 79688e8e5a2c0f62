/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "road-twin.h"

#include <stdio.h>

static void ways_split_where_they_share_a_vertex(void)
{
    Town *town = town_new();
    town_way(town, GEO_ROAD_PRIMARY, 0);
    town_point(town, 0, 0);
    town_point(town, 100, 0);
    town_point(town, 150, 0); /* nobody else's: no node */
    town_point(town, 200, 0);
    town_way(town, GEO_ROAD_RESIDENTIAL, 1);
    town_point(town, 100, 0);
    town_point(town, 100, 80);
    town_way(town, GEO_ROAD_PATH, 0); /* crosses without a shared vertex: a bridge */
    town_point(town, 50, -50);
    town_point(town, 50, 50);
    g_autoptr(GeoRoads) roads = town_roads(town);
    GeoRoadFacts facts = geo_roads_facts(roads);
    g_assert_cmpuint(facts.nodes, ==, 6);
    g_assert_cmpuint(facts.edges, ==, 4);
    g_assert_cmpuint(facts.components, ==, 2);
    g_assert_cmpuint(facts.largest, ==, 4);
    g_assert_cmpfloat_with_epsilon(facts.length_m, 380, 1e-9);
    size_t with_three_points = 0;
    for (size_t e = 0; e < facts.edges; e++) {
        size_t n;
        double length;
        geo_roads_edge(roads, (int64_t)e, &n, &length);
        with_three_points += n == 3 && fabs(length - 100) < 1e-9;
    }
    g_assert_cmpuint(with_three_points, ==, 1);
    town_free(town);
}

static void broken_ways_are_skipped_and_counted(void)
{
    Town *town = town_new();
    town_way(town, GEO_ROAD_PRIMARY, 0); /* one point */
    town_point(town, 0, 0);
    town_way(town, GEO_ROAD_PRIMARY, 0); /* no length */
    town_point(town, 5, 5);
    town_point(town, 5, 5);
    town_way(town, GEO_ROAD_PRIMARY, 0); /* none at all */
    town_way(town, GEO_ROAD_PRIMARY, 0); /* cannot be projected */
    town_point(town, INFINITY, 5);
    town_point(town, 6, 5);
    town_way(town, GEO_ROAD_PRIMARY, 0); /* good, with a vertex twice in a row */
    town_point(town, 10, 0);
    town_point(town, 20, 0);
    town_point(town, 20, 0);
    town_point(town, 30, 0);
    g_autoptr(GeoRoads) roads = town_roads(town);
    GeoRoadFacts facts = geo_roads_facts(roads);
    g_assert_cmpuint(facts.skipped_ways, ==, 4);
    g_assert_cmpuint(facts.nodes, ==, 2);
    g_assert_cmpuint(facts.edges, ==, 1);
    town_free(town);
}

static void an_empty_city_has_no_answer_and_no_crash(void)
{
    g_autoptr(GeoRoads) roads = geo_roads_new(NULL, 0, NULL, NULL, 0);
    g_assert_cmpuint(geo_roads_facts(roads).nodes, ==, 0);
    GeoSnap snap = geo_roads_snap(roads, (GeoXY){1, 2}, GEO_PROFILE_CAR, 1e6);
    g_assert_cmpint(snap.edge, ==, -1);
    double travel_s, distance_m;
    g_assert_false(
        geo_roads_route(roads, GEO_PROFILE_CAR, &snap, &snap, &travel_s, &distance_m, NULL));
}

static void classes_shut_out_whom_they_should(void)
{
    g_assert_cmpfloat(geo_roads_class_speed_mps(GEO_ROAD_MOTORWAY, GEO_PROFILE_FOOT), ==, 0);
    g_assert_cmpfloat(geo_roads_class_speed_mps(GEO_ROAD_PEDESTRIAN, GEO_PROFILE_CAR), ==, 0);
    g_assert_cmpfloat(geo_roads_class_speed_mps(GEO_ROAD_STEPS, GEO_PROFILE_EBIKE), ==, 0);
    for (int class = 0; class < GEO_N_ROAD_CLASSES; class ++)
        g_assert_cmpfloat(geo_roads_class_speed_mps(class, GEO_PROFILE_FOOT), <=, 1.25);
}

/* Components by flooding the twin's vertices, direction and rights ignored. */
static size_t flood(const Town *town, size_t *largest)
{
    g_autofree bool *seen = g_new0(bool, town->xy->len + 1);
    g_autofree uint32_t *mark = g_new0(uint32_t, town->xy->len + 1);
    Twin *twin = twin_new(town, GEO_PROFILE_FOOT);
    for (guint i = 0; i < town->xy->len; i++)
        mark[i] = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (guint w = 0; w < town->ways->len; w++) {
            const GeoWay *way = &g_array_index(town->ways, GeoWay, w);
            for (uint32_t i = way->point0; i + 1 < way->point0 + way->n_points; i++) {
                uint32_t *a = &mark[twin->vertex[i]], *b = &mark[twin->vertex[i + 1]];
                changed |= *a != *b;
                *a = *b = MIN(*a, *b);
            }
        }
    }
    size_t n = 0;
    *largest = 0;
    for (guint w = 0; w < town->ways->len; w++) {
        const GeoWay *way = &g_array_index(town->ways, GeoWay, w);
        bool moves = false;
        for (uint32_t i = way->point0; i < way->point0 + way->n_points; i++)
            moves |= twin->vertex[i] != twin->vertex[way->point0];
        if (moves && !seen[mark[twin->vertex[way->point0]]]) {
            seen[mark[twin->vertex[way->point0]]] = true;
            n++;
        }
    }
    twin_free(twin);
    return n;
}

static void components_agree_with_flooding(void)
{
    for (int round = 0; round < 200; round++) {
        Town *town = town_random(g_test_rand_int_range(2, 9), g_test_rand_int_range(1, 12));
        g_autoptr(GeoRoads) roads = town_roads(town);
        GeoRoadFacts facts = geo_roads_facts(roads);
        size_t largest;
        g_assert_cmpuint(facts.components, ==, flood(town, &largest));
        double length = 0;
        for (size_t e = 0; e < facts.edges; e++) {
            uint32_t from, to, way;
            geo_roads_edge_ends(roads, (int64_t)e, &from, &to, &way);
            g_assert_cmpuint(geo_roads_node_component(roads, from), ==,
                             geo_roads_node_component(roads, to));
            double metres;
            size_t n;
            geo_roads_edge(roads, (int64_t)e, &n, &metres);
            length += metres;
        }
        double all = 0;
        for (guint w = 0; w < town->ways->len; w++) {
            const GeoWay *way = &g_array_index(town->ways, GeoWay, w);
            for (uint32_t i = way->point0; i + 1 < way->point0 + way->n_points; i++) {
                GeoXY a = g_array_index(town->xy, GeoXY, i);
                GeoXY b = g_array_index(town->xy, GeoXY, i + 1);
                all += hypot(a.x - b.x, a.y - b.y);
            }
        }
        g_assert_cmpfloat_with_epsilon(length, all, 1e-6);
        town_free(town);
    }
}

static GeoXY random_place(int side)
{
    return (GeoXY){g_test_rand_double_range(-150, side * 100 + 50),
                   g_test_rand_double_range(-150, side * 100 + 50)};
}

static void snapping_finds_the_nearest_usable_segment(void)
{
    for (int round = 0; round < 100; round++) {
        int side = g_test_rand_int_range(2, 30);
        Town *town = town_random(side, g_test_rand_int_range(1, 30));
        g_autoptr(GeoRoads) roads = town_roads(town);
        for (int i = 0; i < 60; i++) {
            GeoProfile profile = (GeoProfile)g_test_rand_int_range(0, GEO_N_PROFILES);
            double max_m = g_test_rand_double_range(10, 1500), off_m = 0;
            GeoXY p = random_place(side);
            Twin *twin = twin_new(town, profile);
            uint32_t node = twin_place(twin, p, max_m, &off_m);
            GeoSnap snap = geo_roads_snap(roads, p, profile, max_m);
            g_assert_true((node == UINT32_MAX) == (snap.edge < 0));
            if (snap.edge >= 0) {
                g_assert_cmpfloat_with_epsilon(snap.off_m, off_m, 1e-9);
                g_assert_cmpfloat_with_epsilon(hypot(snap.at.x - p.x, snap.at.y - p.y), off_m,
                                               1e-9);
            }
            twin_free(twin);
        }
        town_free(town);
    }
}

static double line_length(const GArray *line)
{
    double length = 0;
    for (guint i = 0; i + 1 < line->len; i++) {
        GeoXY a = g_array_index(line, GeoXY, i), b = g_array_index(line, GeoXY, i + 1);
        length += hypot(a.x - b.x, a.y - b.y);
    }
    return length;
}

static void check_route(const Town *town, const GeoRoads *roads, int side)
{
    GeoProfile profile = (GeoProfile)g_test_rand_int_range(0, GEO_N_PROFILES);
    GeoXY p = random_place(side), q = random_place(side);
    if (g_test_rand_int_range(0, 4) == 0)
        q = (GeoXY){p.x + g_test_rand_double_range(-20, 20),
                    p.y + g_test_rand_double_range(-20, 20)};
    Twin *twin = twin_new(town, profile);
    double off_p = 0, off_q = 0, travel_s = 0, distance_m = 0;
    uint32_t from = twin_place(twin, p, 1e4, &off_p), to = twin_place(twin, q, 1e4, &off_q);
    GeoSnap a = geo_roads_snap(roads, p, profile, 1e4), b = geo_roads_snap(roads, q, profile, 1e4);
    g_autoptr(GArray) line = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    bool found = geo_roads_route(roads, profile, &a, &b, &travel_s, &distance_m, line);
    if (from == UINT32_MAX) {
        g_assert_false(found);
    } else {
        g_autofree double *seconds = twin_from(twin, from);
        g_assert_true(found == isfinite(seconds[to]));
        if (found) {
            g_assert_cmpfloat_with_epsilon(travel_s, seconds[to] + (off_p + off_q) / 1.25, 1e-6);
            g_assert_cmpfloat_with_epsilon(line_length(line), distance_m - off_p - off_q, 1e-6);
            GeoXY first = g_array_index(line, GeoXY, 0);
            GeoXY last = g_array_index(line, GeoXY, line->len - 1);
            g_assert_cmpfloat_with_epsilon(hypot(first.x - a.at.x, first.y - a.at.y), 0, 1e-6);
            g_assert_cmpfloat_with_epsilon(hypot(last.x - b.at.x, last.y - b.at.y), 0, 1e-6);
        }
    }
    twin_free(twin);
}

static void routes_are_as_fast_as_the_twin_says(void)
{
    for (int round = 0; round < 300; round++) {
        int side = g_test_rand_int_range(2, 8);
        Town *town = town_random(side, g_test_rand_int_range(1, 25));
        g_autoptr(GeoRoads) roads = town_roads(town);
        for (int i = 0; i < 10; i++)
            check_route(town, roads, side);
        town_free(town);
    }
}

static void the_main_part_is_left_and_reached_by_all_of_it(void)
{
    for (int round = 0; round < 60; round++) {
        int side = g_test_rand_int_range(2, 7);
        Town *town = town_random(side, g_test_rand_int_range(1, 15));
        g_autoptr(GeoRoads) roads = town_roads(town);
        GeoProfile profile = (GeoProfile)g_test_rand_int_range(0, GEO_N_PROFILES);
        for (int i = 0; i < 20; i++) {
            GeoSnap a = geo_roads_snap_main(roads, random_place(side), profile, 1e4);
            GeoSnap b = geo_roads_snap_main(roads, random_place(side), profile, 1e4);
            double travel_s, distance_m;
            g_assert_true((a.edge < 0) == (b.edge < 0));
            if (a.edge >= 0)
                g_assert_true(
                    geo_roads_route(roads, profile, &a, &b, &travel_s, &distance_m, NULL));
        }
        town_free(town);
    }
}

/* A published instance: arcs with lengths and no places. Each becomes a one-way of two segments
 * whose apex makes it as long as it says, at 1 m/s. */
static bool read_rome(const char *folder, Town *town)
{
    g_autofree char *path = g_build_filename(folder, "data", "bench", "rome99.gr", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return false;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        unsigned from, to, metres;
        if (sscanf(*line, "a %u %u %u", &from, &to, &metres) != 3)
            continue;
        GeoWay *way = town_way(town, GEO_ROAD_PRIMARY, 1);
        way->speed_kmh = 3.6 / 0.7;
        double width = (double)to * 1e-3 - (double)from * 1e-3;
        double height = sqrt(MAX((double)metres * metres - width * width, 0)) / 2;
        town_point(town, (double)from * 1e-3, 0);
        town_point(town, ((double)from + (double)to) * 5e-4, height);
        g_array_index(town->lonlat, GeoLonLat, town->lonlat->len - 1) =
            (GeoLonLat){(double)(line - lines), 50};
        town_point(town, (double)to * 1e-3, 0);
    }
    return true;
}

static void rome99_has_its_published_distances(void)
{
    const char *folder = g_getenv("GRIDBEAT_SHARED");
    Town *town = town_new();
    if (!folder || !read_rome(folder, town)) {
        g_test_skip("no rome99.gr beside the project");
        town_free(town);
        return;
    }
    g_autoptr(GeoRoads) roads = town_roads(town);
    g_assert_cmpuint(town->ways->len, ==, 4444);
    g_autofree char *path = g_build_filename(folder, "data", "bench", "rome99_truth.csv", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    /* An edge that begins at the node is the node, at offset 0. */
    g_autoptr(GHashTable) begins = g_hash_table_new(NULL, NULL);
    for (size_t e = 0; e < geo_roads_facts(roads).edges; e++) {
        size_t n;
        const GeoXY *points = geo_roads_edge(roads, (int64_t)e, &n, NULL);
        g_hash_table_insert(begins, GINT_TO_POINTER((int)lround(points[0].x * 1e3)),
                            GSIZE_TO_POINTER(2 * e + 1));
        g_hash_table_insert(begins, GINT_TO_POINTER((int)lround(points[n - 1].x * 1e3)),
                            GSIZE_TO_POINTER(2 * e + 2));
    }
    size_t checked = 0, none = 0;
    for (char **line = lines + 1; *line && **line; line++) {
        unsigned from, to;
        char word[32];
        g_assert_cmpint(sscanf(*line, "%u,%u,%31s", &from, &to, word), ==, 3);
        GeoSnap place[2];
        for (int i = 0; i < 2; i++) {
            size_t end =
                GPOINTER_TO_SIZE(g_hash_table_lookup(begins, GUINT_TO_POINTER(i ? to : from)));
            place[i] = (GeoSnap){.edge = end ? (int64_t)(end - 1) / 2 : -1};
            if (end && end % 2 == 0)
                geo_roads_edge(roads, place[i].edge, &(size_t){0}, &place[i].offset_m);
        }
        double travel_s = INFINITY, distance_m;
        bool found = geo_roads_route(roads, GEO_PROFILE_CAR, &place[0], &place[1], &travel_s,
                                     &distance_m, NULL);
        g_assert_true(found == (strcmp(word, "inf") != 0));
        if (found)
            g_assert_cmpfloat_with_epsilon(travel_s, g_ascii_strtod(word, NULL), 1e-3);
        checked++;
        none += !found;
    }
    g_test_message("%zu distances, %zu of them without a way", checked, none);
    g_assert_cmpuint(checked, ==, 1000);
    town_free(town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/road/ways-split-where-they-share-a-vertex",
                    ways_split_where_they_share_a_vertex);
    g_test_add_func("/road/broken-ways-are-skipped-and-counted",
                    broken_ways_are_skipped_and_counted);
    g_test_add_func("/road/an-empty-city-has-no-answer-and-no-crash",
                    an_empty_city_has_no_answer_and_no_crash);
    g_test_add_func("/road/classes-shut-out-whom-they-should", classes_shut_out_whom_they_should);
    g_test_add_func("/road/components-agree-with-flooding", components_agree_with_flooding);
    g_test_add_func("/road/snapping-finds-the-nearest-usable-segment",
                    snapping_finds_the_nearest_usable_segment);
    g_test_add_func("/road/routes-are-as-fast-as-the-twin-says",
                    routes_are_as_fast_as_the_twin_says);
    g_test_add_func("/road/the-main-part-is-left-and-reached-by-all-of-it",
                    the_main_part_is_left_and_reached_by_all_of_it);
    g_test_add_func("/road/rome99-has-its-published-distances", rome99_has_its_published_distances);
    return g_test_run();
}
