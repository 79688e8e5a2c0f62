/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "app/ctl/patrol-report.h"
#include "app/ctl/when.h"

static void print_rate(const char *name, const GeoPatrolledRate *rate, const char *unit)
{
    printf("%-14s", name);
    if (isnan(rate->unknown_share))
        printf("  none: nothing was planned");
    else if (isnan(rate->share))
        printf("  no rate: %.0f %% of %.0f %s are unknown, more than %.0f %%",
               100 * rate->unknown_share, rate->whole, unit, 100 * GEO_PATROLLED_MOST_UNKNOWN);
    else
        printf("  %5.1f %%   %.0f of %.0f %s, %.0f (%.1f %%) unknown", 100 * rate->share,
               rate->part, rate->whole, unit, rate->unknown, 100 * rate->unknown_share);
    printf("\n                = %s\n", rate->formula);
}

static void print_where(const GeoRow *row)
{
    printf("%s%s%s\n", row->code ? row->code : "", row->code && row->name ? "  " : "",
           row->name ? row->name : "");
}

typedef struct {
    size_t area;
    guint64 seen_s;
    guint gap_s;
} Line;

static int by_seen(const void *a, const void *b)
{
    const Line *p = a, *q = b;
    if (p->seen_s != q->seen_s)
        return p->seen_s < q->seen_s ? -1 : 1;
    if (p->gap_s != q->gap_s)
        return p->gap_s < q->gap_s ? 1 : -1;
    return (p->area > q->area) - (p->area < q->area);
}

static void print_areas(const GeoPatrolled *patrolled, const AppPatrolReport *how)
{
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Line));
    for (size_t a = 0; a < patrolled->n_areas; a++) {
        Line line = {a, app_patrol_sum(patrolled, a).seen_s,
                     geo_patrol_area(patrolled->patrol, a).gap_s};
        g_array_append_val(lines, line);
    }
    g_array_sort(lines, by_seen);
    guint n = (guint)MIN((gint64)lines->len, how->top);
    printf("\nThe %u least seen of %zu areas of level %s:\n", n, patrolled->n_areas,
           patrolled->level);
    printf("%8s %8s %10s %12s %12s%s  %s\n", "visits", "units", "seen min", "unit min", "gap min",
           patrolled->with_cameras ? " space-time" : "", "area");
    for (guint i = 0; i < n; i++) {
        size_t a = g_array_index(lines, Line, i).area;
        AppPatrolSum sum = app_patrol_sum(patrolled, a);
        GeoPatrolArea whole = geo_patrol_area(patrolled->patrol, a);
        printf("%8" G_GUINT64_FORMAT " %8u %10.1f %12.1f %12.1f", sum.visits, whole.units,
               (double)sum.seen_s / 60, (double)sum.unit_s / 60, whole.gap_s / 60.0);
        if (patrolled->with_cameras && isnan(sum.joined))
            printf("  no street");
        else if (patrolled->with_cameras)
            printf("    %5.1f %%", 100 * sum.joined);
        printf("  ");
        print_where(geo_batch_row(patrolled->areas, a));
    }
}

static void print_points(const GeoPatrolled *patrolled, gint64 top)
{
    guint shown = 0, missing = 0;
    printf("\nMust-visit points, in %s each day:\n", patrolled->windows);
    for (guint i = 0; i < patrolled->points->len; i++) {
        const GeoPatrolledPoint *point = &g_array_index(patrolled->points, GeoPatrolledPoint, i);
        if (point->visited == point->due)
            continue;
        missing++;
        if (shown >= top)
            continue;
        shown++;
        printf("  %u of %u visited, %u late, %u unknown  %s  %s\n", point->visited, point->due,
               point->late, point->unknown, point->code ? point->code : "",
               point->name ? point->name : "");
    }
    printf("  %u of %u points have a visit missing\n", missing, patrolled->points->len);
}

static void print_next(const GeoPatrolled *patrolled)
{
    printf("\nNext places to go, by incidents to be expected since anybody was there (those of the "
           "year before\nat this time of day, one more a km2 and year, an hour, x hours since):\n");
    for (guint i = 0; i < patrolled->next->len; i++) {
        const GeoPatrolledNext *next = &g_array_index(patrolled->next, GeoPatrolledNext, i);
        printf("%5u  %8.4f = %.5f x %s%.2f h  ", i + 1, next->score, next->per_hour,
               next->at_least ? "at least " : "", next->since_h);
        print_where(geo_batch_row(patrolled->areas, next->area));
    }
}

void app_patrol_report_text(const GeoPatrolled *patrolled, const AppPatrolReport *how)
{
    GeoPatrolCounts counts = geo_patrol_counts(patrolled->patrol);
    g_autofree char *from = app_when_dup(patrolled->from_ms, how->zone);
    g_autofree char *to = app_when_dup(patrolled->to_ms, how->zone);
    printf("Patrols from %s to %s by %s\n", from, to, patrolled->level);
    printf("%" G_GUINT64_FORMAT " fixes; between two the way is told %" G_GUINT64_FORMAT
           " times, not %" G_GUINT64_FORMAT " times (%.0f s apart and more) and %" G_GUINT64_FORMAT
           " times (too fast)\n",
           counts.fixes, counts.links, counts.gaps, (double)how->asked->max_gap_ms / 1000,
           counts.leaps);
    if (patrolled->always)
        printf("The city has no rosters: everybody counts as on duty all the time.\n");
    print_rate("visibility", &patrolled->visibility, "grid-hours");
    print_rate("grid coverage", &patrolled->visited, "grids");
    print_rate("on post", &patrolled->on_post, "hours of duty");
    if (patrolled->points)
        print_rate("must-visit", &patrolled->must, "visits due");
    if (patrolled->with_cameras) {
        print_rate("space-time", &patrolled->space_time, "km of street x hours");
        printf("                cameras: %s\n", how->class_words);
    }
    print_areas(patrolled, how);
    if (patrolled->points)
        print_points(patrolled, how->top);
    if (patrolled->next)
        print_next(patrolled);
    printf("\n%.0f ms of work, %.0f ms of reading\n", patrolled->work_ms, patrolled->load_ms);
}
