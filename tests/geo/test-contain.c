/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closing the roads around a place: the cut against every smaller choice of posts, his and the
 * units' times against relaxation and single routes, and what stays open against a walk. */
#include <math.h>

#include "geo/calc/contain.h"

enum { SIDE = 7, MAX_WAYS = 2 * SIDE * SIDE, MAX_UNITS = 40, MAX_NODES = SIDE * SIDE };

typedef struct {
    GeoWay ways[MAX_WAYS];
    GeoLonLat lonlat[2 * MAX_WAYS];
    GeoXY xy[2 * MAX_WAYS];
    size_t n_ways, n_units;
    GeoRoads *roads;
    GeoNear *near;
    GeoXY at[MAX_UNITS];
    GeoSnap snap[MAX_UNITS];
    uint8_t profile[MAX_UNITS], usable[MAX_UNITS];
    GeoContainAsk ask;
} Town;

static void add_way(Town *town, int x0, int y0, int x1, int y1)
{
    uint32_t at = (uint32_t)(2 * town->n_ways);
    town->ways[town->n_ways++] = (GeoWay){.point0 = at,
                                          .n_points = 2,
                                          .class = GEO_ROAD_RESIDENTIAL,
                                          .oneway = g_test_rand_int_range(0, 6) ? 0 : 1,
                                          .speed_kmh = NAN,
                                          .access = {2, 2, 2}};
    int ends[2][2] = {{x0, y0}, {x1, y1}};
    for (uint32_t i = 0; i < 2; i++) {
        town->xy[at + i] = (GeoXY){ends[i][0] * 130 + ends[i][1] * 11, ends[i][1] * 120};
        town->lonlat[at + i] = (GeoLonLat){117 + ends[i][0] * 0.001, 31 + ends[i][1] * 0.001};
    }
}

static Town *town_new(size_t n_units)
{
    Town *town = g_new0(Town, 1);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            if (x + 1 < SIDE && g_test_rand_int_range(0, 8))
                add_way(town, x, y, x + 1, y);
            if (y + 1 < SIDE && g_test_rand_int_range(0, 8))
                add_way(town, x, y, x, y + 1);
        }
    town->roads = geo_roads_new(town->ways, town->n_ways, town->lonlat, town->xy, 2 * town->n_ways);
    town->n_units = n_units;
    for (size_t i = 0; i < n_units; i++) {
        town->at[i] = (GeoXY){g_test_rand_double() * 130 * SIDE, g_test_rand_double() * 120 * SIDE};
        town->profile[i] = (uint8_t)g_test_rand_int_range(0, GEO_N_PROFILES);
        town->usable[i] = g_test_rand_int_range(0, 6) > 0;
        town->snap[i] = geo_roads_snap(town->roads, town->at[i], (GeoProfile)town->profile[i], 500);
    }
    town->near =
        geo_near_new(town->roads, town->at, town->snap, town->profile, town->usable, n_units);
    GeoXY p = {130 * SIDE / 2.0 + g_test_rand_double() * 80, 120 * SIDE / 2.0};
    town->ask = (GeoContainAsk){.profile = GEO_PROFILE_CAR,
                                .any_way = g_test_rand_bit(),
                                .elapsed_s = g_test_rand_int_range(0, 30),
                                .horizon_s = g_test_rand_int_range(20, 60),
                                .margin_s = 5};
    town->ask.place = geo_roads_snap(town->roads, p, GEO_PROFILE_CAR, 500);
    return town;
}

static void town_free(Town *town)
{
    geo_near_free(town->near);
    geo_roads_free(town->roads);
    g_free(town);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Town, town_free)

static GeoContained *contain(Town *town)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoContain) engine = geo_contain_new(town->roads);
    GeoContainUnits units = {town->snap, town->profile, town->usable, town->n_units, town->near};
    GeoContained *contained = geo_contain_find(engine, &town->ask, &units, NULL, &error);
    g_assert_no_error(error);
    return contained;
}

/* ---- the plain view ---- */

typedef struct {
    size_t n_nodes, n_edges;
    double he[MAX_NODES];
    bool may_hold[MAX_NODES];
} Plain;

static bool he_may(const Town *town, int64_t e, bool back)
{
    return geo_roads_may(town->roads, e, GEO_PROFILE_CAR, back) ||
           (town->ask.any_way && geo_roads_may(town->roads, e, GEO_PROFILE_CAR, !back));
}

static void begin(const Town *town, double *time)
{
    uint32_t from, to;
    size_t n;
    double length;
    const GeoSnap *place = &town->ask.place;
    geo_roads_edge_ends(town->roads, place->edge, &from, &to, NULL);
    geo_roads_edge(town->roads, place->edge, &n, &length);
    double speed = geo_roads_edge_speed_mps(town->roads, place->edge, GEO_PROFILE_CAR);
    double gap = place->off_m / 1.25;
    if (he_may(town, place->edge, false) || place->offset_m >= length)
        time[to] = MIN(time[to], gap + (length - place->offset_m) / speed);
    if (he_may(town, place->edge, true) || place->offset_m <= 0)
        time[from] = MIN(time[from], gap + place->offset_m / speed);
}

/* From nodes within the horizon alone, around held ones. */
static void relax(const Town *town, const Plain *plain, double until, const bool *held,
                  double *time)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t e = 0; e < plain->n_edges; e++)
            for (int back = 0; back < 2; back++) {
                uint32_t ends[2];
                size_t n;
                double length;
                geo_roads_edge_ends(town->roads, (int64_t)e, &ends[0], &ends[1], NULL);
                geo_roads_edge(town->roads, (int64_t)e, &n, &length);
                double speed = geo_roads_edge_speed_mps(town->roads, (int64_t)e, GEO_PROFILE_CAR);
                uint32_t from = ends[back], to = ends[!back];
                if (!he_may(town, (int64_t)e, back) || (held && (held[from] || held[to])) ||
                    !(time[from] <= until) || time[from] + length / speed >= time[to] - 1e-9)
                    continue;
                time[to] = time[from] + length / speed;
                more = true;
            }
    }
}

static bool unit_holds(const Town *town, size_t unit, uint32_t node, double he)
{
    double time_s, metres;
    GeoProfile profile = (GeoProfile)town->profile[unit];
    GeoSnap at = geo_roads_at_node(town->roads, node, profile);
    return town->usable[unit] &&
           geo_roads_route(town->roads, profile, &town->snap[unit], &at, &time_s, &metres, NULL) &&
           town->ask.elapsed_s + time_s + town->ask.margin_s <= he;
}

static bool somebody_holds(const Town *town, uint32_t node, double he)
{
    for (size_t i = 0; i < town->n_units; i++)
        if (unit_holds(town, i, node, he))
            return true;
    return false;
}

static Plain plain_of(const Town *town)
{
    GeoRoadFacts facts = geo_roads_facts(town->roads);
    Plain plain = {.n_nodes = facts.nodes, .n_edges = facts.edges};
    double until = town->ask.elapsed_s + town->ask.horizon_s;
    for (size_t i = 0; i < plain.n_nodes; i++)
        plain.he[i] = INFINITY;
    begin(town, plain.he);
    relax(town, &plain, until, NULL, plain.he);
    for (uint32_t i = 0; i < plain.n_nodes; i++)
        plain.may_hold[i] = isfinite(plain.he[i]) && somebody_holds(town, i, plain.he[i]);
    return plain;
}

/* Ways out when these are held. */
static size_t open_with(const Town *town, const Plain *plain, const bool *held)
{
    double until = town->ask.elapsed_s + town->ask.horizon_s, time[MAX_NODES];
    size_t open = 0;
    for (size_t i = 0; i < plain->n_nodes; i++)
        time[i] = INFINITY;
    begin(town, time);
    for (size_t i = 0; i < plain->n_nodes; i++)
        if (held[i])
            time[i] = INFINITY;
    /* he stays within the same ring: who goes round arrives later, and it is no way out then */
    for (bool more = true; more;) {
        more = false;
        for (size_t e = 0; e < plain->n_edges; e++)
            for (int back = 0; back < 2; back++) {
                uint32_t ends[2];
                geo_roads_edge_ends(town->roads, (int64_t)e, &ends[0], &ends[1], NULL);
                uint32_t from = ends[back], to = ends[!back];
                if (he_may(town, (int64_t)e, back) && isfinite(time[from]) && !held[to] &&
                    plain->he[from] <= until && !isfinite(time[to])) {
                    time[to] = 1;
                    more = true;
                }
            }
    }
    for (size_t i = 0; i < plain->n_nodes; i++)
        open += isfinite(time[i]) && plain->he[i] > until;
    return open;
}

/* Some n of the crossings from `from` on, beside those held, leave no more than most open. */
static bool can_close(const Town *town, const Plain *plain, bool *held, uint32_t from, size_t n,
                      size_t most)
{
    if (open_with(town, plain, held) <= most)
        return true;
    for (uint32_t i = from; n > 0 && i < plain->n_nodes; i++) {
        if (!plain->may_hold[i])
            continue;
        held[i] = true;
        bool can = can_close(town, plain, held, i + 1, n - 1, most);
        held[i] = false;
        if (can)
            return true;
    }
    return false;
}

static void check_posts(const Town *town, const Plain *plain, const GeoContained *contained)
{
    bool held[MAX_NODES] = {false}, taken[MAX_UNITS] = {false};
    for (guint i = 0; i < contained->posts->len; i++) {
        const GeoContainPost *post = &g_array_index(contained->posts, GeoContainPost, i);
        double time_s, metres;
        GeoProfile profile = (GeoProfile)town->profile[post->unit];
        GeoSnap at = geo_roads_at_node(town->roads, post->node, profile);
        g_assert_true(geo_roads_route(town->roads, profile, &town->snap[post->unit], &at, &time_s,
                                      &metres, NULL));
        g_assert_cmpfloat_with_epsilon(post->unit_s, time_s, 2e-3);
        g_assert_cmpfloat_with_epsilon(post->he_s, plain->he[post->node], 1e-6);
        g_assert_cmpfloat(post->spare_s, >=, town->ask.margin_s - 2e-3);
        g_assert_true(town->usable[post->unit] && !taken[post->unit]);
        taken[post->unit] = held[post->node] = true;
    }
    g_assert_cmpuint(open_with(town, plain, held), ==, contained->open->len);
    g_assert_cmpint(contained->closed, ==, contained->open->len == 0);
}

static void the_cut_is_the_least(void)
{
    size_t closed = 0, opened = 0, tried = 0;
    for (int round = 0; round < 150; round++) {
        g_autoptr(Town) town = town_new((size_t)g_test_rand_int_range(0, MAX_UNITS));
        if (town->ask.place.edge < 0)
            continue;
        g_autoptr(GeoContained) contained = contain(town);
        Plain plain = plain_of(town);
        size_t within = 0, beyond = 0;
        double until = town->ask.elapsed_s + town->ask.horizon_s;
        for (size_t i = 0; i < plain.n_nodes; i++) {
            within += plain.he[i] <= until;
            beyond += isfinite(plain.he[i]) && plain.he[i] > until;
        }
        g_assert_cmpuint(contained->n_within, ==, within);
        g_assert_cmpuint(contained->n_exits, ==, beyond);
        check_posts(town, &plain, contained);
        g_assert_cmpuint(contained->open->len, >=, contained->bound_open);
        contained->closed ? closed++ : opened++;
        bool held[MAX_NODES] = {false};
        if (contained->bound > 0 && contained->bound <= 4) {
            g_assert_true(
                can_close(town, &plain, held, 0, contained->bound, contained->bound_open));
            g_assert_false(
                can_close(town, &plain, held, 0, contained->bound - 1, contained->bound_open));
            tried++;
        }
        if (contained->bound_open > 0) { /* all that can be held leaves so many open */
            for (size_t i = 0; i < plain.n_nodes; i++)
                held[i] = plain.may_hold[i];
            g_assert_cmpuint(open_with(town, &plain, held), ==, contained->bound_open);
        }
    }
    g_test_message("%zu closed, %zu with ways open, %zu cuts tried against all smaller", closed,
                   opened, tried);
    g_assert_cmpuint(closed, >, 5);
    g_assert_cmpuint(opened, >, 5);
    g_assert_cmpuint(tried, >, 20);
}

/* ---- few units: every choice of posts that have a unit each ---- */

typedef struct {
    const Town *town;
    const Plain *plain;
    uint32_t nodes[MAX_NODES]; /* that somebody holds in time */
    size_t n_nodes;
    uint64_t who[MAX_NODES]; /* of each of these: the units that do, a bit each */
    bool held[MAX_NODES];
    int post_of[MAX_UNITS]; /* place in nodes, -1 */
    size_t best_open, best_posts;
} Choice;

/* Kuhn's matching: a unit for this post, others moved on as needed. */
static bool find_unit(Choice *choice, int post, uint64_t *tried)
{
    for (size_t i = 0; i < choice->town->n_units; i++) {
        uint64_t bit = UINT64_C(1) << i;
        if (!(choice->who[post] & bit) || (*tried & bit))
            continue;
        *tried |= bit;
        if (choice->post_of[i] < 0 || find_unit(choice, choice->post_of[i], tried)) {
            choice->post_of[i] = post;
            return true;
        }
    }
    return false;
}

static void choose(Choice *choice, size_t from, size_t n_held)
{
    size_t open = open_with(choice->town, choice->plain, choice->held);
    if (open < choice->best_open || (open == choice->best_open && n_held < choice->best_posts)) {
        choice->best_open = open;
        choice->best_posts = n_held;
    }
    for (size_t i = from; i < choice->n_nodes; i++) {
        int before[MAX_UNITS];
        uint64_t tried = 0;
        memcpy(before, choice->post_of, sizeof before);
        if (!find_unit(choice, (int)i, &tried))
            continue;
        choice->held[choice->nodes[i]] = true;
        choose(choice, i + 1, n_held + 1);
        choice->held[choice->nodes[i]] = false;
        memcpy(choice->post_of, before, sizeof before);
    }
}

static Choice best_choice(const Town *town, const Plain *plain)
{
    Choice choice = {.town = town, .plain = plain, .best_open = SIZE_MAX};
    for (size_t i = 0; i < MAX_UNITS; i++)
        choice.post_of[i] = -1;
    for (uint32_t i = 0; i < plain->n_nodes; i++) {
        if (!plain->may_hold[i])
            continue;
        for (size_t u = 0; u < town->n_units; u++)
            choice.who[choice.n_nodes] |= (uint64_t)unit_holds(town, u, i, plain->he[i]) << u;
        choice.nodes[choice.n_nodes++] = i;
    }
    if (choice.n_nodes <= 16)
        choose(&choice, 0, 0);
    return choice;
}

static void few_units_come_near_the_best(void)
{
    size_t tried = 0, as_good = 0, fewest = 0, open = 0, best_open = 0;
    for (int round = 0; round < 300; round++) {
        g_autoptr(Town) town = town_new((size_t)g_test_rand_int_range(2, 9));
        if (town->ask.place.edge < 0)
            continue;
        g_autoptr(GeoContained) contained = contain(town);
        Plain plain = plain_of(town);
        check_posts(town, &plain, contained);
        Choice choice = best_choice(town, &plain);
        if (choice.n_nodes > 16 || (contained->open->len == contained->bound_open &&
                                    contained->posts->len == contained->bound))
            continue; /* no choice to make */
        g_assert_cmpuint(contained->open->len, >=, choice.best_open);
        tried++;
        open += contained->open->len;
        best_open += choice.best_open;
        as_good += contained->open->len == choice.best_open;
        fewest +=
            contained->open->len == choice.best_open && contained->posts->len == choice.best_posts;
    }
    g_test_message("%zu with too few units for the cut: %zu leave as few ways open as any choice, "
                   "%zu with as few posts; %zu ways open, %zu at best",
                   tried, as_good, fewest, open, best_open);
    g_assert_cmpuint(tried, >, 10);
    g_assert_cmpuint(10 * as_good, >=, 8 * tried);
}

static void nobody_to_send_leaves_every_way_open(void)
{
    g_autoptr(Town) town = town_new(0);
    g_autoptr(GeoContained) contained = contain(town);
    g_assert_cmpuint(contained->posts->len, ==, 0);
    g_assert_cmpuint(contained->open->len, ==, contained->n_exits);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoContain) engine = geo_contain_new(town->roads);
    GeoContainUnits units = {town->snap, town->profile, town->usable, 0, town->near};
    town->ask.place.edge = -1;
    g_assert_null(geo_contain_find(engine, &town->ask, &units, NULL, &error));
    g_assert_nonnull(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/contain/the-cut-is-the-least", the_cut_is_the_least);
    g_test_add_func("/contain/few-units-come-near-the-best", few_units_come_near_the_best);
    g_test_add_func("/contain/nobody-to-send-leaves-every-way-open",
                    nobody_to_send_leaves_every_way_open);
    return g_test_run();
}
