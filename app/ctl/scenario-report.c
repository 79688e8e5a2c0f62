/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/scenario-report.h"

#include <math.h>
#include <stdio.h>

#include "app/ctl/report.h"
#include "geo/work/draft.h"

static char *dup_time(const GeoStore *store, int64_t at_ms)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(geo_store_city(store)->zone);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    g_autoptr(GDateTime) local = zone ? g_date_time_to_timezone(utc, zone) : g_date_time_ref(utc);
    return g_date_time_format(local, "%Y-%m-%dT%H:%M:%S%:z");
}

/* Ids have 62 bits, more than readers of JSON keep. */
static void report_id(JsonBuilder *report, const char *key, int64_t id)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, id);
    app_report_text(report, key, text);
}

static void report_head(JsonBuilder *report, const GeoStore *store, const GeoDraft *draft)
{
    const GeoScenario *head = draft->head;
    g_autofree char *at = dup_time(store, head->at_ms);
    report_id(report, "id", head->row.id);
    app_report_text(report, "name", head->row.name);
    app_report_text(report, "note", head->note);
    app_report_text(report, "state", geo_scenario_state_words[head->state]);
    app_report_integer(report, "version", head->row.version);
    app_report_integer(report, "merged_phase", head->merged_phase);
    app_report_number(report, "budget", head->budget, 2);
    app_report_number(report, "cost", draft->cost, 2);
    app_report_integer(report, "changes", draft->difference->rows->len);
    app_report_integer(report, "done", (gint64)draft->n_done);
    app_report_integer(report, "undone", (gint64)draft->n_undone);
    app_report_text(report, "at", at);
    app_report_text(report, "by", head->actor);
}

static void report_steps(JsonBuilder *report, const GeoStore *store, const GeoDraft *draft)
{
    json_builder_set_member_name(report, "steps");
    json_builder_begin_array(report);
    for (guint i = 0; i < draft->steps->rows->len; i++) {
        const GeoStep *step = &g_array_index(draft->steps->rows, GeoStep, i);
        g_autofree char *at = dup_time(store, step->at_ms);
        json_builder_begin_object(report);
        app_report_text(report, "name", step->row.name);
        app_report_text(report, "state", geo_step_state_words[step->state]);
        app_report_text(report, "at", at);
        app_report_text(report, "by", step->actor);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_changes(JsonBuilder *report, const GeoDraft *draft)
{
    json_builder_set_member_name(report, "cameras");
    json_builder_begin_array(report);
    for (guint i = 0; i < draft->difference->rows->len; i++) {
        const GeoPlanned *one = &g_array_index(draft->difference->rows, GeoPlanned, i);
        GeoLonLat at = {NAN, NAN};
        geo_batch_first(draft->difference, &one->camera.row, &at);
        json_builder_begin_object(report);
        report_id(report, "id", one->camera_id);
        app_report_text(report, "code", one->camera.row.code);
        app_report_text(report, "name", one->camera.row.name);
        app_report_text(report, "what", geo_planned_words[one->what]);
        app_report_integer(report, "phase", one->phase);
        app_report_number(report, "cost", one->cost, 2);
        app_report_number(report, "lon", at.lon, 7);
        app_report_number(report, "lat", at.lat, 7);
        app_report_number(report, "heading_deg", one->camera.heading_deg, 1);
        app_report_number(report, "fov_deg", one->camera.fov_deg, 1);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_conflicts(JsonBuilder *report, const GArray *conflicts)
{
    json_builder_set_member_name(report, "conflicts");
    json_builder_begin_array(report);
    for (guint i = 0; i < conflicts->len; i++) {
        const GeoDraftConflict *one = &g_array_index(conflicts, GeoDraftConflict, i);
        json_builder_begin_object(report);
        report_id(report, "camera", one->camera_id);
        app_report_integer(report, "planned_on", one->planned_on);
        app_report_integer(report, "is", one->is);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void print_head(const GeoDraft *draft)
{
    const GeoScenario *head = draft->head;
    printf("%s: %s, %u cameras changed by %zu steps", head->row.name,
           geo_scenario_state_words[head->state], draft->difference->rows->len, draft->n_done);
    if (draft->n_undone > 0)
        printf(" (%zu undone)", draft->n_undone);
    printf(", cost %.0f yuan", draft->cost);
    if (isfinite(head->budget))
        printf(" of %.0f", head->budget);
    if (head->merged_phase > 0)
        printf(", merged up to phase %" G_GINT64_FORMAT, head->merged_phase);
    printf("%s%s\n", head->note ? "; " : "", head->note ? head->note : "");
}

static void print_all(const GeoStore *store, const GeoDraft *draft, const GArray *conflicts)
{
    print_head(draft);
    for (guint i = 0; i < draft->steps->rows->len; i++) {
        const GeoStep *step = &g_array_index(draft->steps->rows, GeoStep, i);
        g_autofree char *at = dup_time(store, step->at_ms);
        printf("  step %s  %-7s %s\n", at, geo_step_state_words[step->state],
               step->row.name ? step->row.name : "");
    }
    for (guint i = 0; i < draft->difference->rows->len; i++) {
        const GeoPlanned *one = &g_array_index(draft->difference->rows, GeoPlanned, i);
        const GeoRow *row = &one->camera.row;
        printf("  %-6s phase %" G_GINT64_FORMAT "  %s %s", geo_planned_words[one->what], one->phase,
               row->code ? row->code : "", row->name ? row->name : "");
        if (isfinite(one->cost))
            printf("  %.0f yuan", one->cost);
        putchar('\n');
    }
    if (conflicts->len > 0)
        printf("  %u of them have changed in the register since: merge asks --choose\n",
               conflicts->len);
}

bool app_scenario_report(const AppArgs *args, GeoStore *store, const char *verb, const char *name,
                         GError **error)
{
    g_autoptr(GeoDraft) draft = geo_draft_find(store, name, error);
    g_autoptr(GArray) conflicts = draft ? geo_draft_conflicts(store, draft, 0, error) : NULL;
    if (!conflicts)
        return false;
    if (!app_args_has(args, "json")) {
        print_all(store, draft, conflicts);
        return true;
    }
    JsonBuilder *report = app_report_new("scenario");
    app_report_text(report, "verb", verb);
    report_head(report, store, draft);
    report_steps(report, store, draft);
    report_changes(report, draft);
    report_conflicts(report, conflicts);
    app_report_print(report);
    return true;
}

bool app_scenario_report_list(const AppArgs *args, GeoStore *store, GError **error)
{
    g_autoptr(GeoBatch) heads = geo_store_load(store, GEO_KIND_SCENARIO, NULL, error);
    g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func((GDestroyNotify)geo_draft_free);
    for (guint i = 0; heads && i < heads->rows->len; i++) {
        GeoDraft *draft = geo_draft_load(store, geo_batch_row(heads, i)->id, error);
        if (!draft)
            return false;
        g_ptr_array_add(drafts, draft);
    }
    if (!heads)
        return false;
    if (!app_args_has(args, "json")) {
        for (guint i = 0; i < drafts->len; i++)
            print_head(g_ptr_array_index(drafts, i));
        if (drafts->len == 0)
            printf("no scenarios; scenario CITY new NAME makes one\n");
        return true;
    }
    JsonBuilder *report = app_report_new("scenario");
    app_report_text(report, "verb", "list");
    json_builder_set_member_name(report, "scenarios");
    json_builder_begin_array(report);
    for (guint i = 0; i < drafts->len; i++) {
        json_builder_begin_object(report);
        report_head(report, store, g_ptr_array_index(drafts, i));
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_print(report);
    return true;
}
