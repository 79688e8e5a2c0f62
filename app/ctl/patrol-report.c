/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/patrol-report.h"

#include <math.h>

#include "app/ctl/report.h"
#include "app/ctl/when.h"

AppPatrolSum app_patrol_sum(const GeoPatrolled *patrolled, size_t area)
{
    const GeoPatrolCell *cells = geo_patrol_cells(patrolled->patrol, area);
    AppPatrolSum sum = {.joined = patrolled->with_cameras ? 0 : NAN};
    double length_s = (double)(patrolled->to_ms - patrolled->from_ms) / 1000;
    for (size_t h = 0; h < patrolled->n_hours; h++) {
        sum.visits += cells[h].visits;
        sum.unit_s += cells[h].unit_s;
        sum.seen_s += cells[h].seen_s;
        sum.hours_seen += cells[h].seen_s >= GEO_PATROLLED_SEEN_S;
        sum.hours_planned +=
            patrolled->planned_s[area * patrolled->n_hours + h] >= GEO_PATROLLED_SEEN_S;
        if (patrolled->with_cameras)
            sum.joined += geo_patrolled_joined(patrolled, area, h) *
                          geo_patrol_hour_length(patrolled->patrol, h) / length_s;
    }
    return sum;
}

static void report_moment(JsonBuilder *report, const char *key, gint64 at_ms, const char *zone)
{
    g_autofree char *text = app_when_dup(at_ms, zone);
    app_report_text(report, key, text);
}

static void report_last(JsonBuilder *report, gint64 last_s, const char *zone)
{
    if (last_s == INT64_MIN)
        app_report_text(report, "last_seen", NULL);
    else
        report_moment(report, "last_seen", last_s * 1000, zone);
}

static void report_rate(JsonBuilder *report, const char *name, const GeoPatrolledRate *rate)
{
    json_builder_set_member_name(report, name);
    json_builder_begin_object(report);
    app_report_number(report, "share", rate->share, 4);
    app_report_number(report, "part", rate->part, 3);
    app_report_number(report, "whole", rate->whole, 3);
    app_report_number(report, "unknown", rate->unknown, 3);
    app_report_number(report, "unknown_share", rate->unknown_share, 4);
    app_report_text(report, "formula", rate->formula);
    json_builder_end_object(report);
}

static void report_hours(JsonBuilder *report, const GeoPatrolled *patrolled, size_t area,
                         const char *zone)
{
    const GeoPatrolCell *cells = geo_patrol_cells(patrolled->patrol, area);
    json_builder_set_member_name(report, "hours");
    json_builder_begin_array(report);
    for (size_t h = 0; h < patrolled->n_hours; h++) {
        size_t at = area * patrolled->n_hours + h;
        json_builder_begin_object(report);
        report_moment(report, "hour", geo_patrol_hour_s(patrolled->patrol, h) * 1000, zone);
        app_report_integer(report, "visits", cells[h].visits);
        app_report_integer(report, "units", cells[h].units);
        app_report_integer(report, "unit_s", cells[h].unit_s);
        app_report_integer(report, "seen_s", cells[h].seen_s);
        app_report_integer(report, "longest_gap_s", cells[h].gap_s);
        app_report_integer(report, "planned_s", patrolled->planned_s[at]);
        app_report_integer(report, "unknown_s", patrolled->silent_s[at]);
        app_report_number(report, "space_time",
                          patrolled->with_cameras ? geo_patrolled_joined(patrolled, area, h) : NAN,
                          4);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_post(JsonBuilder *report, const GeoPatrolledPost *post)
{
    GeoPatrolledRate rate = geo_patrolled_post_rate(post);
    json_builder_set_member_name(report, "on_post");
    json_builder_begin_object(report);
    app_report_number(report, "share", rate.share, 4);
    app_report_integer(report, "rostered_s", (gint64)post->rostered_s);
    app_report_integer(report, "present_s", (gint64)post->present_s);
    app_report_integer(report, "incident_s", (gint64)post->incident_s);
    app_report_integer(report, "break_s", (gint64)post->break_s);
    app_report_integer(report, "unknown_s", (gint64)post->unknown_s);
    json_builder_end_object(report);
}

static void report_area(JsonBuilder *report, const GeoPatrolled *patrolled, size_t area,
                        const AppPatrolReport *how)
{
    const GeoRow *row = geo_batch_row(patrolled->areas, area);
    GeoPatrolArea whole = geo_patrol_area(patrolled->patrol, area);
    AppPatrolSum sum = app_patrol_sum(patrolled, area);
    json_builder_begin_object(report);
    app_report_text(report, "code", row->code);
    app_report_text(report, "name", row->name);
    app_report_integer(report, "visits", (gint64)sum.visits);
    app_report_integer(report, "units", whole.units);
    app_report_integer(report, "unit_s", (gint64)sum.unit_s);
    app_report_integer(report, "seen_s", (gint64)sum.seen_s);
    app_report_integer(report, "longest_gap_s", whole.gap_s);
    app_report_integer(report, "hours_seen", sum.hours_seen);
    app_report_integer(report, "hours_planned", sum.hours_planned);
    report_last(report, whole.last_s, how->zone);
    report_post(report, &patrolled->posts[area]);
    if (patrolled->with_cameras) {
        app_report_number(report, "cameras_day", patrolled->by_day[area], 4);
        app_report_number(report, "cameras_night", patrolled->by_night[area], 4);
        app_report_number(report, "space_time", sum.joined, 4);
    }
    if (how->hours)
        report_hours(report, patrolled, area, how->zone);
    json_builder_end_object(report);
}

static void report_points(JsonBuilder *report, const GeoPatrolled *patrolled)
{
    app_report_text(report, "windows", patrolled->windows);
    json_builder_set_member_name(report, "points");
    json_builder_begin_array(report);
    for (guint i = 0; i < patrolled->points->len; i++) {
        const GeoPatrolledPoint *point = &g_array_index(patrolled->points, GeoPatrolledPoint, i);
        json_builder_begin_object(report);
        app_report_text(report, "code", point->code);
        app_report_text(report, "name", point->name);
        app_report_number(report, "lon", point->at.lon, 6);
        app_report_number(report, "lat", point->at.lat, 6);
        app_report_integer(report, "due", point->due);
        app_report_integer(report, "visited", point->visited);
        app_report_integer(report, "late", point->late);
        app_report_integer(report, "unknown", point->unknown);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_next(JsonBuilder *report, const GeoPatrolled *patrolled)
{
    json_builder_set_member_name(report, "next");
    json_builder_begin_array(report);
    for (guint i = 0; i < patrolled->next->len; i++) {
        const GeoPatrolledNext *next = &g_array_index(patrolled->next, GeoPatrolledNext, i);
        const GeoRow *row = geo_batch_row(patrolled->areas, next->area);
        json_builder_begin_object(report);
        app_report_integer(report, "rank", i + 1);
        app_report_text(report, "code", row->code);
        app_report_text(report, "name", row->name);
        app_report_number(report, "score", next->score, 6);
        app_report_number(report, "incidents_per_hour", next->per_hour, 6);
        app_report_number(report, "since_h", next->since_h, 3);
        app_report_switch(report, "at_least", next->at_least);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_rates(JsonBuilder *report, const GeoPatrolled *patrolled)
{
    json_builder_set_member_name(report, "rates");
    json_builder_begin_object(report);
    report_rate(report, "visibility", &patrolled->visibility);
    report_rate(report, "grid_coverage", &patrolled->visited);
    report_rate(report, "on_post", &patrolled->on_post);
    if (patrolled->points)
        report_rate(report, "must_visit", &patrolled->must);
    if (patrolled->with_cameras)
        report_rate(report, "space_time", &patrolled->space_time);
    json_builder_end_object(report);
}

void app_patrol_report_json(const GeoPatrolled *patrolled, const AppPatrolReport *how)
{
    GeoPatrolCounts counts = geo_patrol_counts(patrolled->patrol);
    JsonBuilder *report = app_report_new("patrol");
    report_moment(report, "from", patrolled->from_ms, how->zone);
    report_moment(report, "to", patrolled->to_ms, how->zone);
    app_report_text(report, "level", patrolled->level);
    app_report_switch(report, "without_rosters", patrolled->always);
    app_report_integer(report, "fixes", (gint64)counts.fixes);
    app_report_integer(report, "links", (gint64)counts.links);
    app_report_integer(report, "too_far_apart", (gint64)counts.gaps);
    app_report_integer(report, "too_fast", (gint64)counts.leaps);
    report_rates(report, patrolled);
    json_builder_set_member_name(report, "areas");
    json_builder_begin_array(report);
    for (size_t a = 0; a < patrolled->n_areas; a++)
        report_area(report, patrolled, a, how);
    json_builder_end_array(report);
    if (patrolled->points)
        report_points(report, patrolled);
    if (patrolled->next)
        report_next(report, patrolled);
    app_report_number(report, "load_ms", patrolled->load_ms, 1);
    app_report_number(report, "work_ms", patrolled->work_ms, 3);
    app_report_print(report);
}
