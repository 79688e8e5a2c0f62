/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates of what was planned. A grid-hour is planned when those who are to be there have at least
 * ten minutes of duty in it, or when the city has no rosters at all; what was planned and not done
 * is unknown rather than missing while more than a fifth of that duty is silent. */
#include <math.h>

#include "geo/work/patrolled-parts.h"

static const char formula_visibility[] =
    "grid-hours with at least 10 min of presence / (planned grid-hours - unknown)";
static const char formula_visited[] = "grids visited / (grids planned - unknown)";
static const char formula_on_post[] =
    "(present in the own area + on an incident + on an allowed break) / (rostered - unknown), in "
    "hours of duty";

void geo_patrolled_fill_rate(GeoPatrolledRate *rate, const char *formula, double part, double whole,
                             double unknown)
{
    *rate = (GeoPatrolledRate){formula, part, whole, unknown, NAN, NAN};
    if (whole <= 0)
        return;
    rate->unknown_share = unknown / whole;
    if (rate->unknown_share <= GEO_PATROLLED_MOST_UNKNOWN && whole > unknown)
        rate->share = part / (whole - unknown);
}

static uint32_t silent_of(const GeoPatrolPost *post)
{
    return post->rostered_s - post->incident_s - post->break_s - post->told_s;
}

/* What each area and hour was promised, by every home that it is part of. Without rosters those who
 * have no home may be anywhere, so their silence counts everywhere. */
static void sum_planned(GeoPatrolled *patrolled, const GeoPatrolledDuty *duty)
{
    size_t n_hours = patrolled->n_hours, n_homes = duty->first->len - 1;
    patrolled->planned_s = g_new0(uint32_t, patrolled->n_areas * n_hours);
    patrolled->silent_s = g_new0(uint32_t, patrolled->n_areas * n_hours);
    for (size_t home = 0; home < n_homes; home++) {
        const GeoPatrolPost *posts = geo_patrol_posts(patrolled->patrol, home);
        uint32_t end = g_array_index(duty->first, uint32_t, home + 1);
        for (uint32_t i = g_array_index(duty->first, uint32_t, home); i < end; i++)
            for (size_t h = 0; h < n_hours; h++) {
                size_t at = g_array_index(duty->areas, uint32_t, i) * n_hours + h;
                patrolled->planned_s[at] +=
                    posts[h].rostered_s - posts[h].incident_s - posts[h].break_s;
                patrolled->silent_s[at] += silent_of(&posts[h]);
            }
    }
    const GeoPatrolPost *posts = geo_patrol_posts(patrolled->patrol, n_homes);
    for (size_t at = 0; patrolled->always && at < patrolled->n_areas * n_hours; at++) {
        const GeoPatrolPost *post = &posts[at % n_hours];
        patrolled->planned_s[at] += post->rostered_s - post->incident_s - post->break_s;
        patrolled->silent_s[at] += silent_of(post);
    }
}

static bool is_silent(uint64_t planned_s, uint64_t silent_s)
{
    return (double)silent_s > GEO_PATROLLED_MOST_UNKNOWN * (double)planned_s;
}

/* Grid-hours and grids. */
static void rate_areas(GeoPatrolled *patrolled)
{
    double seen = 0, planned = 0, unknown = 0, visited = 0, areas = 0, areas_unknown = 0;
    for (size_t a = 0; a < patrolled->n_areas; a++) {
        const GeoPatrolCell *cells = geo_patrol_cells(patrolled->patrol, a);
        uint64_t planned_s = 0, silent_s = 0;
        uint32_t hours = 0, visits = 0;
        for (size_t h = 0; h < patrolled->n_hours; h++) {
            size_t at = a * patrolled->n_hours + h;
            uint32_t length_s = geo_patrol_hour_length(patrolled->patrol, h);
            visits += cells[h].visits;
            if (length_s < GEO_PATROLLED_SEEN_S ||
                (!patrolled->always && patrolled->planned_s[at] < GEO_PATROLLED_SEEN_S))
                continue;
            bool is_seen = cells[h].seen_s >= GEO_PATROLLED_SEEN_S;
            hours++;
            seen += is_seen;
            unknown += !is_seen && is_silent(patrolled->planned_s[at], patrolled->silent_s[at]);
            planned_s += patrolled->planned_s[at];
            silent_s += patrolled->silent_s[at];
        }
        planned += hours;
        areas += hours > 0;
        visited += hours > 0 && visits > 0;
        areas_unknown += hours > 0 && visits == 0 && is_silent(planned_s, silent_s);
    }
    geo_patrolled_fill_rate(&patrolled->visibility, formula_visibility, seen, planned, unknown);
    geo_patrolled_fill_rate(&patrolled->visited, formula_visited, visited, areas, areas_unknown);
}

static void add_post(GeoPatrolledPost *sum, const GeoPatrolPost *post)
{
    sum->rostered_s += post->rostered_s;
    sum->incident_s += post->incident_s;
    sum->break_s += post->break_s;
    sum->present_s += post->present_s;
    sum->unknown_s += silent_of(post);
}

GeoPatrolledRate geo_patrolled_post_rate(const GeoPatrolledPost *post)
{
    GeoPatrolledRate rate;
    double part = (double)(post->present_s + post->incident_s + post->break_s);
    geo_patrolled_fill_rate(&rate, formula_on_post, part / 3600, (double)post->rostered_s / 3600,
                            (double)post->unknown_s / 3600);
    return rate;
}

static void rate_posts(GeoPatrolled *patrolled, const GeoPatrolledDuty *duty)
{
    GeoPatrolledPost whole = {0};
    size_t n_homes = duty->first->len - 1;
    patrolled->posts = g_new0(GeoPatrolledPost, MAX(patrolled->n_areas, 1));
    for (size_t home = 0; home <= n_homes; home++) {
        GeoPatrolledPost *own = NULL;
        uint32_t first = g_array_index(duty->first, uint32_t, home);
        if (home < n_homes && g_array_index(duty->first, uint32_t, home + 1) == first + 1)
            own = &patrolled->posts[g_array_index(duty->areas, uint32_t, first)];
        for (size_t h = 0; h < patrolled->n_hours; h++) {
            const GeoPatrolPost *post = &geo_patrol_posts(patrolled->patrol, home)[h];
            add_post(&whole, post);
            if (own)
                add_post(own, post);
        }
    }
    patrolled->on_post = geo_patrolled_post_rate(&whole);
}

void geo_patrolled_rate(GeoPatrolled *patrolled, const GeoPatrolledDuty *duty)
{
    sum_planned(patrolled, duty);
    rate_areas(patrolled);
    rate_posts(patrolled, duty);
}
