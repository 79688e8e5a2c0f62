/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What units leave uncovered: areas whose middle no other free unit reaches in time. An area is
 * judged by one place, its middle, so a large one may be half covered; which level is judged is
 * said. */
#include <math.h>

#include "geo/work/recommend-parts.h"

#define NEXT_S 900.0  /* who comes after is sought so far */
#define MOST_NEXT 24  /* areas for which it is sought, */
#define MOST_OF_ONE 4 /* of one loss: the most people first */

/* The finest level that a city may have. */
static const char *const levels[] = {"grid",    "beat",   "community", "neighbourhood",
                                     "village", "street", "town",      "district"};

static GeoRecommendMiddle middle_of(const GeoRecommend *recommend, size_t i)
{
    GeoRecommendMiddle middle = {.at = {NAN, NAN}};
    geo_areas_middle(recommend->areas, i, &middle.at);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++) {
        middle.snap[profile] = isfinite(middle.at.x)
                                   ? geo_network_snap(recommend->network, middle.at,
                                                      (GeoProfile)profile, GEO_NETWORK_PLACE_M)
                                   : (GeoSnap){.edge = -1};
        middle.linked |= middle.snap[profile].edge >= 0;
    }
    return middle;
}

static const char *finest_level(GHashTable *counts)
{
    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++)
        if (g_hash_table_lookup(counts, levels[i]))
            return levels[i];
    return NULL;
}

bool geo_recommend_load_areas(GeoRecommend *recommend, GeoStore *store, GError **error)
{
    int64_t counts[GEO_N_KINDS];
    g_autoptr(GHashTable) of_level = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!geo_store_count(store, counts, of_level, error))
        return false;
    const GeoRoads *roads = recommend->network->roads;
    for (size_t e = 0; e < recommend->network->facts.edges; e++)
        for (int profile = 0; profile < GEO_N_PROFILES; profile++)
            recommend->max_mps[profile] =
                fmax(recommend->max_mps[profile],
                     geo_roads_edge_speed_mps(roads, (int64_t)e, (GeoProfile)profile));
    recommend->level = finest_level(of_level);
    if (!recommend->level)
        return true;
    recommend->areas = geo_areas_load(store, recommend->level, recommend->frame, error);
    if (!recommend->areas)
        return false;
    size_t n = geo_areas_n(recommend->areas);
    recommend->middles = g_new0(GeoRecommendMiddle, n + 1);
    for (size_t i = 0; i < n; i++)
        recommend->middles[i] = middle_of(recommend, i);
    return true;
}

const GeoArea *geo_recommend_area(const GeoRecommend *recommend, uint32_t area)
{
    return geo_areas_row(recommend->areas, area);
}

const char *geo_recommend_level(const GeoRecommend *recommend)
{
    return recommend->level;
}

/* ---- losses ---- */

typedef struct {
    GeoRecommend *recommend;
    GArray *areas;       /* uint32_t: those that somebody of the rows may reach in time */
    GeoLeaves *leaves;   /* over areas */
    GeoLeave *left;      /* room for one question */
    GHashTable *soonest; /* area -> GArray of GeoNearHit */
} Round;

void geo_recommend_loss_clear(GeoRecommendLoss *loss)
{
    g_clear_pointer(&loss->holes, g_array_unref);
}

/* The unit and its crew. */
static void add_units(const GeoRecommendRow *row, GArray *away)
{
    g_array_append_val(away, row->unit);
    if (row->crew->len > 0)
        g_array_append_vals(away, row->crew->data, row->crew->len);
}

/* No unit goes faster than the fastest road of its kind, so who is farther by air is too far. */
static bool may_reach(const GeoRecommend *recommend, uint32_t unit, GeoXY at, double within_s)
{
    const GeoFleetUnit *one = geo_fleet_unit(recommend->fleet, unit);
    double reach_m = fmax(recommend->max_mps[geo_fleet_profile(one->kind)], 1.25) * within_s;
    return hypot(one->at.x - at.x, one->at.y - at.y) <= reach_m;
}

static double people_of(const GeoRecommend *recommend, uint32_t area)
{
    return (double)geo_areas_row(recommend->areas, area)->population;
}

static int by_people(gconstpointer a, gconstpointer b, gpointer data)
{
    const GeoRecommendHole *p = a, *q = b;
    double more = people_of(data, q->area) - people_of(data, p->area);
    return more != 0 ? (more > 0) - (more < 0) : (p->area > q->area) - (p->area < q->area);
}

/* The soonest to an area, whoever is away: sought once for all rows. NULL: enough are sought. */
static const GArray *soonest_to(Round *round, uint32_t area)
{
    GArray *hits = g_hash_table_lookup(round->soonest, GUINT_TO_POINTER(area));
    if (hits || g_hash_table_size(round->soonest) == MOST_NEXT)
        return hits;
    size_t k = round->leaves->depth;
    hits = g_array_new(FALSE, FALSE, sizeof(GeoNearHit));
    g_array_set_size(hits, (guint)k);
    size_t n = geo_fleet_within(round->recommend->fleet, round->recommend->middles[area].snap,
                                NEXT_S, k, (GeoNearHit *)(void *)hits->data);
    g_array_set_size(hits, (guint)n);
    g_hash_table_insert(round->soonest, GUINT_TO_POINTER(area), hits);
    return hits;
}

/* Who comes to the hole when those are away. */
static void seek_next(Round *round, const GArray *away, GeoRecommendHole *hole)
{
    const GArray *hits = soonest_to(round, hole->area);
    if (!hits)
        return;
    hole->next_s = INFINITY;
    for (guint i = 0; i < hits->len && hole->next == UINT32_MAX; i++) {
        const GeoNearHit *hit = &g_array_index(hits, GeoNearHit, i);
        bool goes = false;
        for (guint k = 0; k < away->len; k++)
            goes |= g_array_index(away, uint32_t, k) == hit->unit;
        if (goes)
            continue;
        hole->next = hit->unit;
        hole->next_s = hit->travel_s;
    }
}

static void lose(Round *round, const GArray *away, GeoRecommendLoss *loss)
{
    loss->holes = g_array_new(FALSE, FALSE, sizeof(GeoRecommendHole));
    if (!round->leaves || away->len == 0)
        return;
    size_t n = geo_leaves_of(round->leaves, (const uint32_t *)(const void *)away->data, away->len,
                             round->left);
    for (size_t i = 0; i < n; i++) {
        GeoRecommendHole hole = {.area =
                                     g_array_index(round->areas, uint32_t, round->left[i].place),
                                 .next = UINT32_MAX,
                                 .was_s = round->left[i].was_s,
                                 .next_s = NAN};
        loss->people += people_of(round->recommend, hole.area);
        g_array_append_val(loss->holes, hole);
    }
    g_array_sort_with_data(loss->holes, by_people, round->recommend);
    for (guint i = 0; i < loss->holes->len && i < MOST_OF_ONE; i++)
        seek_next(round, away, &g_array_index(loss->holes, GeoRecommendHole, i));
}

/* Everybody of the rows, chosen or not. */
static GArray *all_away(const GeoRecommendation *answer, bool chosen_only)
{
    GArray *away = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < answer->rows->len; i++) {
        const GeoRecommendRow *row = &g_array_index(answer->rows, GeoRecommendRow, i);
        if (!chosen_only || row->need >= 0)
            add_units(row, away);
    }
    return away;
}

static void begin_round(Round *round, GeoRecommendation *answer)
{
    GeoRecommend *recommend = round->recommend;
    round->areas = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    answer->n_areas = recommend->areas ? geo_areas_n(recommend->areas) : 0;
    g_autoptr(GArray) all = all_away(answer, false), set = all_away(answer, true);
    for (uint32_t area = 0; area < answer->n_areas; area++) {
        const GeoRecommendMiddle *middle = &recommend->middles[area];
        bool near = false;
        answer->n_judged += middle->linked;
        for (guint i = 0; i < all->len && middle->linked && !near; i++)
            near = may_reach(recommend, g_array_index(all, uint32_t, i), middle->at,
                             answer->ask.within_s);
        if (near)
            g_array_append_val(round->areas, area);
    }
    if (round->areas->len == 0)
        return;
    guint most = set->len;
    for (guint i = 0; i < answer->rows->len; i++)
        most = MAX(most, 1 + g_array_index(answer->rows, GeoRecommendRow, i).crew->len);
    g_autofree GeoSnap *snaps = g_new(GeoSnap, (size_t)round->areas->len * GEO_N_PROFILES);
    for (guint i = 0; i < round->areas->len; i++)
        for (int profile = 0; profile < GEO_N_PROFILES; profile++)
            snaps[i * GEO_N_PROFILES + profile] =
                recommend->middles[g_array_index(round->areas, uint32_t, i)].snap[profile];
    round->leaves =
        geo_fleet_leaves(recommend->fleet, (const GeoSnap(*)[GEO_N_PROFILES])(const void *)snaps,
                         round->areas->len, answer->ask.within_s, most + 1);
    round->left = g_new(GeoLeave, round->areas->len);
}

void geo_recommend_leave(GeoRecommend *recommend, GeoRecommendation *answer)
{
    Round round = {.recommend = recommend,
                   .soonest =
                       g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref)};
    double last_s = 0;
    begin_round(&round, answer);
    g_autoptr(GArray) set = all_away(answer, true);
    lose(&round, set, &answer->loss);
    for (guint i = 0; i < answer->rows->len; i++) {
        GeoRecommendRow *row = &g_array_index(answer->rows, GeoRecommendRow, i);
        g_autoptr(GArray) away = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        add_units(row, away);
        lose(&round, away, &row->loss);
        last_s = row->need >= 0 ? fmax(last_s, row->loss.away_s) : last_s;
    }
    answer->loss.away_s = last_s;
    GArray *others[] = {answer->nearby, answer->taken};
    for (size_t k = 0; k < G_N_ELEMENTS(others); k++)
        for (guint i = 0; i < others[k]->len; i++)
            g_array_index(others[k], GeoRecommendRow, i).loss.holes =
                g_array_new(FALSE, FALSE, sizeof(GeoRecommendHole));
    geo_leaves_free(round.leaves);
    g_hash_table_unref(round.soonest);
    g_array_unref(round.areas);
    g_free(round.left);
}

/* ---- of everybody ---- */

/* Areas that one crew alone reaches are its; a unit without one is a crew of its own. */
static bool is_one_crew(const GeoRecommend *recommend, uint32_t a, uint32_t b)
{
    return a == b || (recommend->units[a].crew != GEO_RECOMMEND_NO_CREW &&
                      recommend->units[a].crew == recommend->units[b].crew);
}

double *geo_recommend_alone(GeoRecommend *recommend, double within_s)
{
    double *people = g_new0(double, geo_fleet_n(recommend->fleet) + 1);
    size_t n = recommend->areas ? geo_areas_n(recommend->areas) : 0, depth = 2;
    double all = 0;
    g_autofree uint32_t *size = g_new0(uint32_t, recommend->n_crews + 1);
    for (size_t i = 0; i < geo_fleet_n(recommend->fleet); i++) {
        uint32_t crew = recommend->units[i].crew;
        if (crew != GEO_RECOMMEND_NO_CREW)
            depth = MAX(depth, ++size[crew] + 1u);
    }
    for (uint32_t i = 0; i < n; i++)
        all += people_of(recommend, i);
    g_autofree GeoNearHit *hits = g_new(GeoNearHit, depth);
    if (n > 0)
        geo_fleet_expect(recommend->fleet, depth, n);
    for (uint32_t i = 0; i < n; i++) {
        const GeoRecommendMiddle *middle = &recommend->middles[i];
        size_t k = middle->linked
                       ? geo_fleet_within(recommend->fleet, middle->snap, within_s, depth, hits)
                       : 0;
        bool alone = k > 0 && k < depth;
        for (size_t h = 1; h < k; h++)
            alone = alone && is_one_crew(recommend, hits[0].unit, hits[h].unit);
        for (size_t h = 0; alone && h < k; h++)
            people[hits[h].unit] += all > 0 ? people_of(recommend, i) : 1;
    }
    return people;
}
