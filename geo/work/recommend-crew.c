/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crews: who came in one vehicle goes in it. */
#include <math.h>
#include <string.h>

#include "geo/work/recommend-parts.h"

static void list_members(GeoRecommend *recommend)
{
    size_t n = geo_fleet_n(recommend->fleet);
    recommend->crew0 = g_renew(uint32_t, recommend->crew0, recommend->n_crews + 1);
    recommend->members = g_renew(uint32_t, recommend->members, n + 1);
    uint32_t *crew0 = recommend->crew0, at = 0;
    memset(crew0, 0, (recommend->n_crews + 1) * sizeof *crew0);
    for (size_t i = 0; i < n; i++)
        if (recommend->units[i].crew != GEO_RECOMMEND_NO_CREW)
            crew0[recommend->units[i].crew]++;
    for (uint32_t c = 0; c <= recommend->n_crews; c++) { /* counts become ends, then begins */
        at += c < recommend->n_crews ? crew0[c] : 0;
        crew0[c] = at;
    }
    for (uint32_t i = (uint32_t)n; i-- > 0;)
        if (recommend->units[i].crew != GEO_RECOMMEND_NO_CREW)
            recommend->members[--crew0[recommend->units[i].crew]] = i;
}

bool geo_recommend_load_crews(GeoRecommend *recommend, GeoStore *store, GError **error)
{
    int64_t at_ms = geo_fleet_at_ms(recommend->fleet);
    for (size_t i = 0; i < geo_fleet_n(recommend->fleet); i++)
        recommend->units[i].crew = GEO_RECOMMEND_NO_CREW;
    recommend->n_crews = 0;
    g_autoptr(GeoDutyBook) book = at_ms ? geo_store_duty(store, at_ms, at_ms + 1, error) : NULL;
    if (at_ms && !book)
        return false;
    g_autoptr(GHashTable) vehicles = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; book && i < book->entries->len; i++) {
        const GeoDutyEntry *entry = &g_array_index(book->entries, GeoDutyEntry, i);
        int64_t unit = geo_fleet_find(recommend->fleet, entry->unit_id);
        if (entry->what != GEO_DUTY_ON || !entry->vehicle || unit < 0 || entry->from_ms > at_ms ||
            entry->to_ms <= at_ms)
            continue;
        gpointer number = g_hash_table_lookup(vehicles, entry->vehicle);
        if (!number) {
            number = GUINT_TO_POINTER(++recommend->n_crews);
            g_hash_table_insert(vehicles, (gpointer)entry->vehicle, number);
        }
        recommend->units[unit].crew = GPOINTER_TO_UINT(number) - 1;
    }
    list_members(recommend);
    return true;
}

GArray *geo_recommend_crew_of(const GeoRecommend *recommend, uint32_t unit, bool free)
{
    GArray *others = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t crew = recommend->units[unit].crew;
    if (crew == GEO_RECOMMEND_NO_CREW)
        return others;
    for (uint32_t k = recommend->crew0[crew]; k < recommend->crew0[crew + 1]; k++) {
        uint32_t other = recommend->members[k];
        bool is_free = geo_fleet_unit(recommend->fleet, other)->left == GEO_LEFT_NOT;
        if (other != unit && is_free == free)
            g_array_append_val(others, other);
    }
    return others;
}

static void take_in(GeoRecommendCandidate *lead, const GeoRecommendCandidate *one)
{
    lead->may |= one->may;
    lead->earliest_s = fmax(lead->earliest_s, one->earliest_s);
    lead->expected_s = fmax(lead->expected_s, one->expected_s);
    lead->latest_s = fmax(lead->latest_s, one->latest_s);
    lead->duty_left_s = fmin(lead->duty_left_s, one->duty_left_s);
}

/* The members that were not looked up with the others, as they are too far away. */
static void take_in_far(const GeoRecommend *recommend, const GeoRecommendation *answer,
                        const GHashTable *known, GeoRecommendCandidate *lead)
{
    g_autoptr(GArray) others = geo_recommend_crew_of(recommend, lead->unit, true);
    for (guint i = 0; i < others->len; i++) {
        uint32_t unit = g_array_index(others, uint32_t, i);
        double travel_s, distance_m;
        if (g_hash_table_contains((GHashTable *)known, GUINT_TO_POINTER(unit + 1)) ||
            !geo_recommend_way(recommend, answer, unit, &travel_s, &distance_m))
            continue;
        GeoRecommendCandidate one =
            geo_recommend_candidate(recommend, answer, unit, travel_s, distance_m);
        take_in(lead, &one);
    }
}

void geo_recommend_join_crews(const GeoRecommend *recommend, const GeoRecommendation *answer,
                              GArray *candidates)
{
    if (recommend->n_crews == 0)
        return;
    g_autofree uint32_t *first = g_new(uint32_t, recommend->n_crews + 1);
    g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL); /* unit + 1, of crews */
    memset(first, 0xff, (recommend->n_crews + 1) * sizeof *first);
    guint kept = 0;
    for (guint i = 0; i < candidates->len; i++) {
        GeoRecommendCandidate *one = &g_array_index(candidates, GeoRecommendCandidate, i);
        uint32_t crew = recommend->units[one->unit].crew;
        if (crew != GEO_RECOMMEND_NO_CREW)
            g_hash_table_add(known, GUINT_TO_POINTER(one->unit + 1));
        if (crew != GEO_RECOMMEND_NO_CREW && first[crew] != UINT32_MAX) {
            take_in(&g_array_index(candidates, GeoRecommendCandidate, first[crew]), one);
            continue;
        }
        if (crew != GEO_RECOMMEND_NO_CREW)
            first[crew] = kept;
        g_array_index(candidates, GeoRecommendCandidate, kept++) = *one;
    }
    g_array_set_size(candidates, kept);
    for (guint i = 0; i < kept; i++)
        take_in_far(recommend, answer, known, &g_array_index(candidates, GeoRecommendCandidate, i));
    g_array_sort(candidates, geo_recommend_by_expected);
}
