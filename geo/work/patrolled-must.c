/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Must-visit points: the must-see places, each to be visited once in every window of local time
 * that lies wholly in the time asked. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/work/patrolled-parts.h"

#define RADIUS_M 50.0
#define LATE_S 3600
#define DAY_S 86400
#define MOST_WINDOWS 24

static const char default_windows[] = "06:30-14:30,14:30-22:30,22:30-06:30";
static const char formula_must[] =
    "visits in their window / (visits due - unknown); late ones are told apart";

typedef struct {
    int from_min, to_min; /* of the local day; to may lie in the next */
} Span;

static bool read_minutes(const char *text, int *minutes)
{
    unsigned hour, minute;
    char rest;
    if (strlen(text) != 5 || sscanf(text, "%2u:%2u%c", &hour, &minute, &rest) != 2 || hour > 24 ||
        minute > 59 || (hour == 24 && minute > 0))
        return false;
    *minutes = (int)(hour * 60 + minute);
    return true;
}

static int by_begin(const void *a, const void *b)
{
    return ((const Span *)a)->from_min - ((const Span *)b)->from_min;
}

/* Rising, apart from each other; the last one may end where the first begins a day later. */
static bool read_spans(const char *text, GArray *spans, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, ",", -1);
    bool fine = words[0] && g_strv_length(words) <= MOST_WINDOWS;
    for (int i = 0; fine && words[i]; i++) {
        g_auto(GStrv) ends = g_strsplit(g_strstrip(words[i]), "-", -1);
        Span span;
        fine = g_strv_length(ends) == 2 && read_minutes(ends[0], &span.from_min) &&
               read_minutes(ends[1], &span.to_min) && span.from_min < 24 * 60;
        if (fine && span.to_min <= span.from_min)
            span.to_min += 24 * 60;
        if (fine)
            g_array_append_val(spans, span);
    }
    g_array_sort(spans, by_begin);
    for (guint i = 0; fine && i < spans->len; i++) {
        const Span *span = &g_array_index(spans, Span, i);
        int next = i + 1 < spans->len ? span[1].from_min
                                      : g_array_index(spans, Span, 0).from_min + 24 * 60;
        fine = span->to_min <= next;
    }
    if (!fine)
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "windows '%s' are not as '08:00-10:00,22:00-02:00', apart from each other",
                    text);
    return fine;
}

/* ---- loading ---- */

static char *dup_windows(GeoStore *store, const GeoPatrolledOptions *options, GError **error)
{
    if (options->windows)
        return g_strdup(options->windows);
    g_autoptr(GError) problem = NULL;
    char *windows = geo_store_dup_setting(store, "patrol_windows", &problem);
    if (problem) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return NULL;
    }
    return windows ? windows : g_strdup(default_windows);
}

/* The moment of a local day's minute, also where the clocks change. */
static int64_t moment_s(GTimeZone *zone, GDateTime *day, int minutes)
{
    g_autoptr(GDateTime) at = g_date_time_add_days(day, minutes / (24 * 60));
    g_autoptr(GDateTime) local = g_date_time_new(
        zone, g_date_time_get_year(at), g_date_time_get_month(at), g_date_time_get_day_of_month(at),
        minutes % (24 * 60) / 60, minutes % 60, 0);
    return local ? g_date_time_to_unix(local) : g_date_time_to_unix(at) + minutes % (24 * 60) * 60;
}

/* All windows of the time asked, by time: point 0. */
static GArray *lay_windows(const GeoPatrolled *patrolled, const GArray *spans, const char *zone)
{
    GArray *windows = g_array_new(FALSE, FALSE, sizeof(GeoRoundsWindow));
    g_autoptr(GTimeZone) found = g_time_zone_new_identifier(zone);
    g_autoptr(GTimeZone) tz = found ? g_time_zone_ref(found) : g_time_zone_new_utc();
    int64_t from_s = patrolled->from_ms / 1000, to_s = patrolled->to_ms / 1000;
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(from_s - DAY_S);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, tz);
    g_autoptr(GDateTime) first =
        g_date_time_new(tz, g_date_time_get_year(local), g_date_time_get_month(local),
                        g_date_time_get_day_of_month(local), 12, 0, 0);
    int days = (int)((to_s - from_s) / DAY_S) + 3;
    for (int day = 0; day < days; day++) {
        g_autoptr(GDateTime) noon = g_date_time_add_days(first, day);
        for (guint i = 0; i < spans->len; i++) {
            const Span *span = &g_array_index(spans, Span, i);
            GeoRoundsWindow window = {0, moment_s(tz, noon, span->from_min),
                                      moment_s(tz, noon, span->to_min), 0};
            if (window.from_s >= from_s && window.to_s <= to_s && window.to_s > window.from_s)
                g_array_append_val(windows, window);
        }
    }
    for (guint i = 0; i < windows->len; i++) {
        GeoRoundsWindow *window = &g_array_index(windows, GeoRoundsWindow, i);
        int64_t next_s = i + 1 < windows->len ? window[1].from_s : INT64_MAX;
        window->late_s = MIN(window->to_s + LATE_S, MAX(next_s, window->to_s));
    }
    return windows;
}

static int by_code(const void *a, const void *b)
{
    const GeoPatrolledPoint *p = a, *q = b;
    int order = g_strcmp0(p->code, q->code);
    return order ? order : g_strcmp0(p->name, q->name);
}

static void collect_points(GeoPatrolled *patrolled)
{
    const GeoBatch *batch = patrolled->facilities;
    patrolled->points = g_array_new(FALSE, TRUE, sizeof(GeoPatrolledPoint));
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoFacility *facility = (const GeoFacility *)(const void *)geo_batch_row(batch, i);
        GeoPatrolledPoint point = {.code = facility->row.code, .name = facility->row.name};
        if (facility->must_see && geo_batch_first(batch, &facility->row, &point.at))
            g_array_append_val(patrolled->points, point);
    }
    g_array_sort(patrolled->points, by_code);
}

GeoRounds *geo_patrolled_must_load(GeoStore *store, const GeoPatrolledOptions *options,
                                   GeoPatrolled *patrolled, GArray *windows, GError **error)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(Span));
    patrolled->windows = dup_windows(store, options, error);
    if (!patrolled->windows || !read_spans(patrolled->windows, spans, error))
        return NULL;
    patrolled->facilities = geo_store_load(store, GEO_KIND_FACILITY, NULL, error);
    if (!patrolled->facilities)
        return NULL;
    collect_points(patrolled);
    g_autoptr(GArray) of_one = lay_windows(patrolled, spans, geo_store_city(store)->zone);
    guint n = patrolled->points->len;
    g_autofree GeoXY *xy = g_new(GeoXY, MAX(n, 1));
    for (guint i = 0; i < n; i++) {
        xy[i] = geo_patrol_xy(patrolled->patrol,
                              g_array_index(patrolled->points, GeoPatrolledPoint, i).at);
        for (guint w = 0; w < of_one->len; w++) {
            GeoRoundsWindow window = g_array_index(of_one, GeoRoundsWindow, w);
            window.point = i;
            g_array_append_val(windows, window);
        }
    }
    return geo_rounds_new(xy, n, options->radius_m > 0 ? options->radius_m : RADIUS_M,
                          (const GeoRoundsWindow *)(void *)windows->data, windows->len);
}

/* ---- judging ---- */

/* Most of those who were to be about are silent in the window's hours. */
static bool is_unknown(const GeoPatrolled *patrolled, int32_t area, const GeoRoundsWindow *window)
{
    uint64_t planned_s = 0, silent_s = 0;
    for (size_t h = 0; area >= 0 && h < patrolled->n_hours; h++) {
        int64_t hour_s = geo_patrol_hour_s(patrolled->patrol, h);
        if (hour_s >= window->to_s || hour_s + GEO_PATROL_HOUR_S <= window->from_s)
            continue;
        planned_s += patrolled->planned_s[(size_t)area * patrolled->n_hours + h];
        silent_s += patrolled->silent_s[(size_t)area * patrolled->n_hours + h];
    }
    return (double)silent_s > GEO_PATROLLED_MOST_UNKNOWN * (double)planned_s;
}

void geo_patrolled_must_judge(GeoPatrolled *patrolled, const GeoRounds *rounds,
                              const GArray *windows)
{
    double visited = 0, unknown = 0;
    for (guint i = 0; i < windows->len; i++) {
        const GeoRoundsWindow *window = &g_array_index(windows, GeoRoundsWindow, i);
        GeoPatrolledPoint *point =
            &g_array_index(patrolled->points, GeoPatrolledPoint, window->point);
        GeoRoundsVisit visit = geo_rounds_visit(rounds, i);
        point->due++;
        if (visit.first_s != GEO_ROUNDS_NEVER)
            point->visited++;
        else if (visit.late_s != GEO_ROUNDS_NEVER)
            point->late++;
        else if (is_unknown(patrolled, geo_patrol_find(patrolled->patrol, point->at), window))
            point->unknown++;
        visited += visit.first_s != GEO_ROUNDS_NEVER;
    }
    for (guint i = 0; i < patrolled->points->len; i++)
        unknown += g_array_index(patrolled->points, GeoPatrolledPoint, i).unknown;
    geo_patrolled_fill_rate(&patrolled->must, formula_must, visited, windows->len, unknown);
}
