/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Islands of the road network, held against spreading labels from edge to edge. */
#include "geo/calc/islands.h"

#include "road-twin.h"

enum { MOST_BARRIERS = 12 };

typedef struct {
    GeoBarrier list[MOST_BARRIERS];
    GeoXY at[MOST_BARRIERS];
    size_t n;
} Barriers;

static Barriers random_barriers(const Town *town)
{
    Barriers barriers = {.n = (size_t)g_test_rand_int_range(0, MOST_BARRIERS + 1)};
    for (size_t i = 0; i < barriers.n; i++) {
        guint point = (guint)g_test_rand_int_range(0, (gint32)town->xy->len);
        barriers.at[i] = g_array_index(town->xy, GeoXY, point);
        barriers.list[i] = (GeoBarrier){.at = g_array_index(town->lonlat, GeoLonLat, point),
                                        .never = (uint8_t)g_test_rand_int_range(0, 8),
                                        .gated = (uint8_t)g_test_rand_int_range(0, 8),
                                        .hours = {1, {{0x7f, 7 * 60, 22 * 60}}}};
    }
    return barriers;
}

static bool passes(const Barriers *barriers, GeoXY node, GeoProfile profile, bool gates_shut)
{
    for (size_t i = 0; i < barriers->n; i++) {
        const GeoBarrier *it = &barriers->list[i];
        unsigned bits = it->never | (gates_shut ? it->gated : 0U);
        if (barriers->at[i].x == node.x && barriers->at[i].y == node.y && bits >> profile & 1)
            return false;
    }
    return true;
}

static bool may(const GeoRoads *roads, size_t e, GeoProfile profile, const bool *closed)
{
    return !closed[e] && (geo_roads_may(roads, (int64_t)e, profile, false) ||
                          geo_roads_may(roads, (int64_t)e, profile, true));
}

/* The least edge that each can be reached from; by looking at all pairs until nothing changes. */
static size_t *spread(const GeoRoads *roads, GeoProfile profile, const Barriers *barriers,
                      bool gates_shut, const bool *closed)
{
    size_t n = geo_roads_facts(roads).edges;
    size_t *mark = g_new(size_t, n + 1);
    for (size_t e = 0; e < n; e++)
        mark[e] = e;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t e = 0; e < n; e++)
            for (size_t f = 0; f < e; f++) {
                if (!may(roads, e, profile, closed) || !may(roads, f, profile, closed))
                    continue;
                size_t n_e, n_f;
                const GeoXY *a = geo_roads_edge(roads, (int64_t)e, &n_e, NULL);
                const GeoXY *b = geo_roads_edge(roads, (int64_t)f, &n_f, NULL);
                GeoXY ends[2] = {a[0], a[n_e - 1]}, others[2] = {b[0], b[n_f - 1]};
                bool meet = false;
                for (int i = 0; i < 4; i++)
                    meet |= ends[i / 2].x == others[i % 2].x && ends[i / 2].y == others[i % 2].y &&
                            passes(barriers, ends[i / 2], profile, gates_shut);
                if (!meet || mark[e] == mark[f])
                    continue;
                mark[e] = mark[f] = MIN(mark[e], mark[f]);
                changed = true;
            }
    }
    return mark;
}

static void check_list(const GeoRoads *roads, const GeoIslands *islands)
{
    size_t n = geo_islands_count(islands), n_edges = geo_roads_facts(roads).edges;
    for (size_t i = 0; i < n; i++) {
        const GeoIsland *island = geo_islands_get(islands, i);
        size_t edges = 0;
        double length_m = 0, longest_m = 0, each_m;
        for (size_t e = 0; e < n_edges; e++) {
            if (geo_islands_of(islands, (int64_t)e) != i)
                continue;
            geo_roads_edge(roads, (int64_t)e, &(size_t){0}, &each_m);
            edges++;
            length_m += each_m;
            longest_m = MAX(longest_m, each_m);
        }
        g_assert_cmpuint(island->edges, ==, edges);
        g_assert_cmpfloat_with_epsilon(island->length_m, length_m, 1e-9);
        geo_roads_edge(roads, island->longest, &(size_t){0}, &each_m);
        g_assert_cmpfloat(each_m, ==, longest_m);
        g_assert_cmpuint(geo_islands_of(islands, island->longest), ==, i);
        GeoSnap on_it = geo_roads_snap(roads, island->at, GEO_PROFILE_FOOT, 1e9);
        if (on_it.edge >= 0 && on_it.edge == island->longest)
            g_assert_cmpfloat(on_it.off_m, <, 1e-9);
        if (i > 0)
            g_assert_cmpfloat(geo_islands_get(islands, i - 1)->length_m, >=, island->length_m);
    }
}

static void islands_are_what_labels_spread_over(void)
{
    size_t more_than_one = 0;
    for (int round = 0; round < 200; round++) {
        Town *town = town_random(g_test_rand_int_range(2, 7), g_test_rand_int_range(1, 14));
        Barriers barriers = random_barriers(town);
        g_autoptr(GeoRoads) roads =
            geo_roads_new_ruled((const GeoWay *)(const void *)town->ways->data, town->ways->len,
                                (const GeoLonLat *)(const void *)town->lonlat->data,
                                (const GeoXY *)(const void *)town->xy->data, town->xy->len, NULL, 0,
                                barriers.list, barriers.n);
        bool shut = round % 2;
        geo_roads_set_time(roads, shut ? 3 * 60 : 12 * 60, NULL);
        GeoProfile profile = (GeoProfile)g_test_rand_int_range(0, GEO_N_PROFILES);
        size_t n = geo_roads_facts(roads).edges;
        g_autofree bool *closed = g_new0(bool, n + 1);
        for (size_t e = 0; e < n; e++)
            if ((closed[e] = g_test_rand_int_range(0, 10) == 0))
                geo_roads_close(roads, (int64_t)e, 7, true);
        geo_roads_apply_closures(roads);
        g_autoptr(GeoIslands) islands = geo_islands_new(roads, profile);
        g_autofree size_t *mark = spread(roads, profile, &barriers, shut, closed);
        for (size_t e = 0; e < n; e++) {
            uint32_t number = geo_islands_of(islands, (int64_t)e);
            g_assert_true((number == GEO_ISLANDS_NONE) == !may(roads, e, profile, closed));
            for (size_t f = 0; f < e && number != GEO_ISLANDS_NONE; f++)
                g_assert_true((geo_islands_of(islands, (int64_t)f) == number) ==
                              (mark[e] == mark[f]));
        }
        check_list(roads, islands);
        more_than_one += geo_islands_count(islands) > 1;
        town_free(town);
    }
    g_assert_cmpuint(more_than_one, >, 50);
}

static void an_empty_city_has_no_islands(void)
{
    g_autoptr(GeoRoads) roads = geo_roads_new(NULL, 0, NULL, NULL, 0);
    g_autoptr(GeoIslands) islands = geo_islands_new(roads, GEO_PROFILE_CAR);
    g_assert_cmpuint(geo_islands_count(islands), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/islands/are-what-labels-spread-over", islands_are_what_labels_spread_over);
    g_test_add_func("/islands/an-empty-city-has-none", an_empty_city_has_no_islands);
    return g_test_run();
}
