/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/event-report.h"

#include <math.h>
#include <stdio.h>

#include "app/ctl/report.h"
#include "app/ctl/when.h"

#define MOST 6 /* of each list on the sheet */
#define MOST_JSON 40

static const char *code_of(const AppEventSaid *said, uint32_t unit)
{
    const GeoFleetUnit *one = geo_fleet_unit(said->fleet, unit);
    return one->code ? one->code : one->name ? one->name : "without a code";
}

static const char *or_dash(const char *text)
{
    return text && *text ? text : "-";
}

/* What there is to think of, in words; the caller's. */
static char *dup_risk(const AppEventSaid *said, int risk)
{
    const GeoEvent *event = said->event;
    g_autofree char *when = NULL;
    int missing = 0;
    double people = 0;
    switch (risk) {
    case GEO_EVENT_UNSEEN:
        return g_strdup_printf("%zu of %zu points are seen by no working camera: post somebody, or "
                               "ask for a mobile one",
                               event->points - event->seen, event->points);
    case GEO_EVENT_CAMERA_OFF:
        return g_strdup_printf("%zu faulty cameras would see it: have them repaired before",
                               event->n_off);
    case GEO_EVENT_MISSING:
        for (guint i = 0; i < event->send->missing->len; i++) {
            const GeoRecommendMissing *one =
                &g_array_index(event->send->missing, GeoRecommendMissing, i);
            missing += one->wanted - one->found;
        }
        return g_strdup_printf("%d units that the plan asks for are not on duty: call them in",
                               missing);
    case GEO_EVENT_UNCOVERED:
        for (guint i = 0; i < event->holes->len; i++)
            people += g_array_index(event->holes, GeoEventHole, i).people;
        return g_strdup_printf("%u areas (%.0f people) lose their cover meanwhile: move others up",
                               event->holes->len, people);
    case GEO_EVENT_RELIEF:
        when = app_when_dup(event->first_relief_ms, said->zone);
        return g_strdup_printf("%zu of the units are relieved before its end, the first at %s: "
                               "hand over on the spot",
                               event->n_relieved, when);
    case GEO_EVENT_HISTORY:
        return g_strdup_printf("%zu incidents there within a year, %zu of them in its hours",
                               event->n_past, event->n_past_hours);
    case GEO_EVENT_HOSPITAL:
        return g_strdup("no hospital within 3 km: an ambulance on the spot");
    case GEO_EVENT_NIGHT:
        return g_strdup("part of it is after dark: light, and cameras by their reach at night");
    default:
        return g_strdup("no road for cars within 500 m: ways on foot, and where cars wait");
    }
}

/* ---- JSON ---- */

static void report_cover(JsonBuilder *report, const char *key, const GeoEventCover *cover)
{
    json_builder_set_member_name(report, key);
    json_builder_begin_object(report);
    app_report_number(report, "share", cover->share, 4);
    app_report_number(report, "median_s", cover->median_s, 1);
    app_report_number(report, "p90_s", cover->p90_s, 1);
    app_report_integer(report, "covered", (gint64)cover->covered);
    json_builder_end_object(report);
}

static void report_units(const AppEventSaid *said, JsonBuilder *report)
{
    const GeoRecommendation *send = said->event->send;
    json_builder_set_member_name(report, "units");
    json_builder_begin_array(report);
    for (guint i = 0; i < send->rows->len; i++) {
        const GeoRecommendRow *row = &g_array_index(send->rows, GeoRecommendRow, i);
        if (row->need < 0)
            continue;
        json_builder_begin_object(report);
        app_report_text(report, "id", code_of(said, row->unit));
        app_report_text(report, "force", geo_force_words[row->force]);
        app_report_number(report, "travel_s", row->travel_s, 1);
        app_report_number(report, "duty_left_s", row->duty_left_s, 0);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    int missing = 0;
    for (guint i = 0; i < send->missing->len; i++) {
        const GeoRecommendMissing *one = &g_array_index(send->missing, GeoRecommendMissing, i);
        missing += one->wanted - one->found;
    }
    app_report_integer(report, "missing", missing);
}

static void report_forces(const AppEventSaid *said, JsonBuilder *report)
{
    json_builder_set_member_name(report, "on_duty");
    json_builder_begin_array(report);
    for (int force = 0; force < GEO_N_FORCES; force++) {
        json_builder_begin_object(report);
        app_report_text(report, "force", geo_force_words[force]);
        app_report_integer(report, "units", (gint64)said->event->on_duty[force]);
        app_report_integer(report, "near", (gint64)said->event->near[force]);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_cameras(const GeoEvent *event, JsonBuilder *report)
{
    json_builder_set_member_name(report, "cameras");
    json_builder_begin_array(report);
    for (guint i = 0; i < event->cameras->len && i < MOST_JSON; i++) {
        const GeoEventCamera *camera = &g_array_index(event->cameras, GeoEventCamera, i);
        json_builder_begin_object(report);
        app_report_text(report, "code", camera->code);
        app_report_text(report, "name", camera->name);
        app_report_text(report, "owner", geo_owner_words[camera->owner]);
        app_report_integer(report, "points", (gint64)camera->points);
        app_report_number(report, "px_per_m", camera->px_per_m, 0);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_around(const GeoEvent *event, JsonBuilder *report)
{
    json_builder_set_member_name(report, "facilities");
    json_builder_begin_array(report);
    for (guint i = 0; i < event->facilities->len && i < MOST_JSON; i++) {
        const GeoEventFacility *one = &g_array_index(event->facilities, GeoEventFacility, i);
        json_builder_begin_object(report);
        app_report_text(report, "name", one->name);
        app_report_text(report, "class", geo_facility_words[one->class]);
        app_report_number(report, "distance_m", one->distance_m, 0);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    json_builder_set_member_name(report, "past");
    json_builder_begin_array(report);
    for (guint i = 0; i < event->past->len && i < MOST_JSON; i++) {
        const GeoEventPast *one = &g_array_index(event->past, GeoEventPast, i);
        json_builder_begin_object(report);
        app_report_text(report, "category", one->category);
        app_report_integer(report, "year", (gint64)one->n);
        app_report_integer(report, "same_hours", (gint64)one->same_hours);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_holes(const GeoEvent *event, JsonBuilder *report)
{
    json_builder_set_member_name(report, "uncovered");
    json_builder_begin_array(report);
    for (guint i = 0; i < event->holes->len && i < MOST_JSON; i++) {
        const GeoEventHole *hole = &g_array_index(event->holes, GeoEventHole, i);
        json_builder_begin_object(report);
        app_report_text(report, "area", hole->code);
        app_report_text(report, "name", hole->name);
        app_report_number(report, "people", hole->people, 0);
        app_report_number(report, "before_s", hole->before_s, 1);
        app_report_number(report, "during_s", hole->during_s, 1);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_checklist(const AppEventSaid *said, JsonBuilder *report)
{
    const GeoPlanbookPlan *plan = said->event->send->plan;
    json_builder_set_member_name(report, "checklist");
    json_builder_begin_array(report);
    for (int risk = 0; risk < GEO_N_EVENT_RISKS; risk++) {
        if (!(said->event->risks >> risk & 1))
            continue;
        g_autofree char *text = dup_risk(said, risk);
        json_builder_begin_object(report);
        app_report_text(report, "kind", geo_event_risk_words[risk]);
        app_report_text(report, "text", text);
        json_builder_end_object(report);
    }
    for (guint i = 0; i < plan->steps->len; i++) {
        const GeoPlanbookName *step = &g_array_index(plan->steps, GeoPlanbookName, i);
        json_builder_begin_object(report);
        app_report_text(report, "kind", "duty");
        app_report_text(report, "text", step->name);
        app_report_text(report, "text_zh", step->name_zh);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

void app_event_print_json(const AppEventSaid *said)
{
    const GeoEvent *event = said->event;
    JsonBuilder *report = app_report_new("event");
    g_autofree char *from = app_when_dup(event->ask.from_ms, said->zone);
    g_autofree char *to = app_when_dup(event->ask.to_ms, said->zone);
    app_report_text(report, "name", event->ask.name);
    app_report_text(report, "from", from);
    app_report_text(report, "to", to);
    app_report_number(report, "lon", event->ask.place.lon, 7);
    app_report_number(report, "lat", event->ask.place.lat, 7);
    app_report_number(report, "radius_m", event->ask.radius_m, 0);
    app_report_text(report, "street", event->street);
    app_report_text(report, "township", event->send->township);
    app_report_text(report, "plan", event->send->plan->code);
    app_report_switch(report, "night", event->night);
    report_units(said, report);
    report_forces(said, report);
    json_builder_set_member_name(report, "seen");
    json_builder_begin_object(report);
    app_report_integer(report, "points", (gint64)event->points);
    app_report_integer(report, "seen", (gint64)event->seen);
    app_report_integer(report, "cameras", event->cameras->len);
    app_report_integer(report, "faulty", (gint64)event->n_off);
    json_builder_end_object(report);
    report_cameras(event, report);
    report_around(event, report);
    json_builder_set_member_name(report, "cover");
    json_builder_begin_object(report);
    app_report_text(report, "level", geo_recommend_level(said->recommend));
    app_report_integer(report, "areas", (gint64)event->n_around);
    app_report_number(report, "people", event->people_around, 0);
    app_report_number(report, "within_s", event->ask.within_s, 0);
    report_cover(report, "before", &event->before);
    report_cover(report, "during", &event->during);
    json_builder_end_object(report);
    report_holes(event, report);
    report_checklist(said, report);
    app_report_number(report, "work_ms", said->work_ms, 1);
    app_report_number(report, "load_ms", said->load_ms, 1);
    app_report_print(report);
}

/* ---- the sheet ---- */

static void print_head(const AppEventSaid *said)
{
    const GeoEvent *event = said->event;
    g_autofree char *from = app_when_dup(event->ask.from_ms, said->zone);
    g_autofree char *to = app_when_dup(event->ask.to_ms, said->zone);
    printf("%s\n%s to %s, %.5f %.5f, %.0f m around\n",
           event->ask.name ? event->ask.name : "A coming matter", from, to, event->ask.place.lon,
           event->ask.place.lat, event->ask.radius_m);
    for (guint i = 0; i < event->areas->len; i++)
        printf("%s%s", i ? ", " : "", g_array_index(event->areas, const char *, i));
    printf("%s%s\n", event->areas->len && event->street ? ", " : "",
           event->street ? event->street : "");
    printf("plan %s: %s / %s\n\n", event->send->plan->code, event->send->plan->name,
           event->send->plan->name_zh);
}

static void print_units(const AppEventSaid *said)
{
    const GeoEvent *event = said->event;
    printf("Who is there (of those on duty at its beginning, from their posts)\n");
    for (guint i = 0; i < event->send->rows->len; i++) {
        const GeoRecommendRow *row = &g_array_index(event->send->rows, GeoRecommendRow, i);
        if (row->need >= 0)
            printf("  %-12s %-10s %4.0f s, %.0f m\n", code_of(said, row->unit),
                   geo_force_words[row->force], row->travel_s, row->distance_m);
    }
    printf("  on duty / within 5 minutes:");
    for (int force = 0; force < GEO_N_FORCES; force++)
        if (event->on_duty[force] > 0)
            printf(" %s %zu/%zu", geo_force_words[force], event->on_duty[force],
                   event->near[force]);
    printf("\n\n");
}

static void print_sight(const GeoEvent *event)
{
    printf("Who sees it: %zu of %zu points, %u working cameras, %zu faulty, by %s\n", event->seen,
           event->points, event->cameras->len, event->n_off, event->night ? "night" : "day");
    for (guint i = 0; i < event->cameras->len && i < MOST; i++) {
        const GeoEventCamera *camera = &g_array_index(event->cameras, GeoEventCamera, i);
        printf("  %-22s %-10s %zu points, %.0f px/m\n", or_dash(camera->code),
               geo_owner_words[camera->owner], camera->points, camera->px_per_m);
    }
    printf("\nAround it\n");
    for (guint i = 0; i < event->facilities->len && i < MOST; i++) {
        const GeoEventFacility *one = &g_array_index(event->facilities, GeoEventFacility, i);
        printf("  %5.0f m  %-10s %s\n", one->distance_m, geo_facility_words[one->class],
               or_dash(one->name));
    }
    printf("  within a year %zu incidents, %zu in its hours:", event->n_past, event->n_past_hours);
    for (guint i = 0; i < event->past->len && i < MOST; i++) {
        const GeoEventPast *one = &g_array_index(event->past, GeoEventPast, i);
        printf(" %s %zu (%zu)", or_dash(one->category), one->n, one->same_hours);
    }
    printf("\n\n");
}

static void print_cover_line(const char *when, const GeoEventCover *cover)
{
    g_autofree char *median = isnan(cover->median_s) ? g_strdup("over 15 min")
                                                     : g_strdup_printf("%.0f s", cover->median_s);
    g_autofree char *p90 =
        isnan(cover->p90_s) ? g_strdup("over 15 min") : g_strdup_printf("%.0f s", cover->p90_s);
    printf("  %s: %.1f %% of the people, %zu areas; half within %s, nine in ten within %s\n", when,
           100 * cover->share, cover->covered, median, p90);
}

static void print_cover(const AppEventSaid *said)
{
    const GeoEvent *event = said->event;
    const char *level = geo_recommend_level(said->recommend);
    if (event->n_around == 0)
        return;
    printf("Cover within %.0f s, of %zu %s areas (%.0f people) within 3 km\n", event->ask.within_s,
           event->n_around, level, event->people_around);
    print_cover_line("before", &event->before);
    print_cover_line("during", &event->during);
    for (guint i = 0; i < event->holes->len && i < MOST; i++) {
        const GeoEventHole *hole = &g_array_index(event->holes, GeoEventHole, i);
        printf("  %s: %.0f s before", or_dash(hole->code), hole->before_s);
        if (isfinite(hole->during_s))
            printf(", %.0f s meanwhile\n", hole->during_s);
        else
            printf(", nobody within 15 minutes meanwhile\n");
    }
    printf("\n");
}

void app_event_print_text(const AppEventSaid *said)
{
    const GeoPlanbookPlan *plan = said->event->send->plan;
    print_head(said);
    print_units(said);
    print_sight(said->event);
    print_cover(said);
    printf("To think of\n");
    for (int risk = 0; risk < GEO_N_EVENT_RISKS; risk++) {
        if (!(said->event->risks >> risk & 1))
            continue;
        g_autofree char *text = dup_risk(said, risk);
        printf("[ ] %s\n", text);
    }
    for (guint i = 0; i < plan->steps->len; i++) {
        const GeoPlanbookName *step = &g_array_index(plan->steps, GeoPlanbookName, i);
        printf("[ ] %s%s%s\n", step->name, step->name_zh ? " / " : "",
               step->name_zh ? step->name_zh : "");
    }
    printf("\nwork %.0f ms, loading %.0f ms\n", said->work_ms, said->load_ms);
}
