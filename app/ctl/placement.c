/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/placement.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "app/ctl/sightline.h"
#include "geo/model/error.h"
#include "geo/model/lens.h"
#include "geo/model/scenario.h"
#include "geo/work/draft.h"
#include "geo/work/place.h"
#include "geo/work/whatif.h"

#define DEFAULT_COUNT 20
#define WHY_HEADINGS 24

typedef struct {
    GeoPlaceOptions options;
    AppSightline line;
    GeoBounds within;
    const char *scenario;
    bool json, why;
    GeoLonLat why_at;
} Question;

static bool usage(GError **error, const char *option, const char *value, const char *wanted)
{
    g_set_error(error, APP_USAGE, 0, "--%s '%s' is not %s", option, value, wanted);
    return false;
}

/* So many numbers with commas between. */
static bool read_numbers(const char *text, double *numbers, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        char *end;
        numbers[i] = g_ascii_strtod(text, &end);
        if (end == text || *end != (i + 1 < n ? ',' : '\0') || !isfinite(numbers[i]))
            return false;
        text = end + 1;
    }
    return true;
}

static bool read_within(const AppArgs *args, GeoPlaceOptions *options, GeoBounds *bounds,
                        GError **error)
{
    const char *within = app_args_value(args, "within", NULL);
    double b[4];
    options->area = app_args_value(args, "area", NULL);
    if (!within)
        return true;
    if (!read_numbers(within, b, 4) || b[0] >= b[2] || b[1] >= b[3])
        return usage(error, "within", within, "west,south,east,north in degrees");
    *bounds = (GeoBounds){b[0], b[1], b[2], b[3]};
    options->within = bounds;
    return true;
}

static bool read_why(const AppArgs *args, Question *question, GError **error)
{
    const char *why = app_args_value(args, "why", NULL);
    double at[2];
    if (!why)
        return true;
    if (!read_numbers(why, at, 2) || !geo_coord_valid((GeoLonLat){at[0], at[1]}))
        return usage(error, "why", why, "longitude,latitude in degrees");
    question->why = true;
    question->why_at = (GeoLonLat){at[0], at[1]};
    return true;
}

/* "government=50000,unit=20000"; owners that are not named get nothing then. */
static bool read_budget(const char *text, GeoPlaceOptions *options, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    double sum;
    if (read_numbers(text, &sum, 1) && sum > 0) {
        options->budget_all = sum;
        return true;
    }
    for (int k = 0; k < GEO_N_OWNERS; k++)
        options->budget[k] = -1;
    for (char **part = parts; *part; part++) {
        char *equals = strchr(*part, '=');
        if (!equals)
            return usage(error, "budget", text, "yuan, or owner=yuan with commas between");
        *equals = '\0';
        int owner = geo_kind_word(geo_owner_words, *part);
        if (owner < 0 || !read_numbers(equals + 1, &options->budget[owner], 1))
            return usage(error, "budget", text, "yuan, or owner=yuan with commas between");
    }
    return true;
}

bool app_placement_read(const AppArgs *args, GeoPlaceOptions *options, GeoBounds *within,
                        GError **error)
{
    gint64 count = DEFAULT_COUNT, cover = 1, candidates = 0;
    const char *weigh = app_args_value(args, "weigh", geo_risk_words[GEO_RISK_INCIDENTS]);
    const char *budget = app_args_value(args, "budget", NULL);
    int risk = geo_kind_word(geo_risk_words, weigh);
    options->lens = app_args_value(args, "lens", NULL);
    options->sites_only = app_args_has(args, "sites");
    if (!app_args_integer(args, "count", 1, 5000, &count, error) ||
        !app_args_integer(args, "cover", 1, GEO_SITE_MAX_COVER, &cover, error) ||
        !app_args_integer(args, "candidates", 1, 200000, &candidates, error) ||
        !app_args_number(args, "gap", &options->gap_share, error) ||
        !read_within(args, options, within, error))
        return false;
    if (risk < 0)
        return usage(error, "weigh", weigh, "one of incidents, hour, population, equal");
    options->weigh = (GeoRiskOf)risk;
    options->count = (size_t)count;
    options->cover = (unsigned)cover;
    options->candidates = (size_t)candidates;
    return !budget || read_budget(budget, options, error);
}

static bool read_question(const AppArgs *args, Question *question, GError **error)
{
    question->json = app_args_has(args, "json");
    question->scenario = app_args_value(args, "scenario", NULL);
    return app_placement_read(args, &question->options, &question->within, error) &&
           read_why(args, question, error);
}

static bool read_class(const AppArgs *args, GeoStore *store, Question *question, GError **error)
{
    if (!app_sightline_read(args, store, &question->line, error))
        return false;
    question->options.class = question->line.class;
    question->options.px_per_m = question->line.px_per_m;
    question->options.night = question->line.night;
    return true;
}

/* ---- the answer ---- */

static void report_pick(JsonBuilder *report, guint rank, const GeoPlacePick *pick)
{
    json_builder_begin_object(report);
    app_report_integer(report, "rank", rank);
    app_report_number(report, "lon", pick->at.lon, 7);
    app_report_number(report, "lat", pick->at.lat, 7);
    app_report_number(report, "heading_deg", pick->camera.heading_deg, 1);
    app_report_number(report, "gain", pick->gain, 8);
    app_report_number(report, "cost", pick->cost, 0);
    app_report_text(report, "type", pick->type);
    app_report_text(report, "mount", geo_mount_words[pick->camera.mount]);
    app_report_text(report, "owner", geo_owner_words[pick->camera.owner]);
    app_report_switch(report, "mandatory", pick->mandatory);
    app_report_text(report, "street", pick->street);
    json_builder_end_object(report);
}

static void report_placement(const GeoPlacement *placement, const Question *question)
{
    JsonBuilder *report = app_report_new("place");
    app_sightline_report(report, &question->line);
    app_report_switch(report, "night", question->options.night);
    app_report_text(report, "weigh", geo_risk_words[placement->weigh]);
    json_builder_set_member_name(report, "picks");
    json_builder_begin_array(report);
    for (guint i = 0; i < placement->picks->len; i++)
        report_pick(report, i + 1, &g_array_index(placement->picks, GeoPlacePick, i));
    json_builder_end_array(report);
    app_report_number(report, "covered_before", placement->covered_before, 8);
    app_report_number(report, "covered_after", placement->covered_after, 8);
    app_report_number(report, "bound", placement->bound, 8);
    app_report_number(report, "gap_share", placement->gap_share, 8);
    app_report_integer(report, "candidates", (gint64)placement->candidates);
    app_report_integer(report, "places", (gint64)placement->places);
    app_report_integer(report, "left_out", (gint64)placement->left_out);
    app_report_integer(report, "refused", (gint64)placement->refused);
    app_report_integer(report, "cells", (gint64)placement->cells);
    app_report_integer(report, "groups", (gint64)placement->groups);
    app_report_number(report, "load_ms", placement->load_ms, 1);
    app_report_number(report, "fields_ms", placement->fields_ms, 1);
    app_report_number(report, "work_ms", placement->search_ms, 1);
    app_report_print(report);
}

static void print_placement(const GeoPlacement *placement, const Question *question)
{
    double cost = 0;
    g_autofree char *hour = app_sightline_words(&question->line);
    printf("%u cameras chosen from %zu candidates at %zu places: %s\n", placement->picks->len,
           placement->candidates, placement->places, hour);
    if (placement->left_out > 0)
        printf("%zu more places, of less unseen weight, were not drawn (--candidates)\n",
               placement->left_out);
    if (placement->refused > 0)
        printf("%zu candidates would look into a room that is not to be seen: left out\n",
               placement->refused);
    printf("%5s %12s %11s %8s %-8s %-8s %-11s %9s %9s  %s\n", "rank", "lon", "lat", "heading",
           "type", "mount", "owner", "gain", "yuan", "street");
    for (guint i = 0; i < placement->picks->len; i++) {
        const GeoPlacePick *pick = &g_array_index(placement->picks, GeoPlacePick, i);
        printf("%5u %12.6f %11.6f %7.0f° %-8s %-8s %-11s %7.4f %% %8.0f  %s%s\n", i + 1,
               pick->at.lon, pick->at.lat, pick->camera.heading_deg, pick->type ? pick->type : "-",
               geo_mount_words[pick->camera.mount], geo_owner_words[pick->camera.owner],
               100 * pick->gain, pick->cost, pick->street ? pick->street : "-",
               pick->mandatory ? " (must be)" : "");
        cost += pick->cost;
    }
    printf("\nCovered, by %s%s: %.4f %% before, %.4f %% after, for %.0f yuan\n",
           geo_risk_words[placement->weigh],
           placement->without_weight ? " (there are none: by size)" : "",
           100 * placement->covered_before, 100 * placement->covered_after, cost);
    printf("No choice among these candidates covers more than %.4f %%: at most %.2f %% of what can "
           "be gained is missing here\n",
           100 * placement->bound, 100 * placement->gap_share);
    printf("%.0f ms choosing, %.0f ms drawing candidates, %.0f ms loading\n", placement->search_ms,
           placement->fields_ms, placement->load_ms);
}

/* ---- into a scenario ---- */

static bool keep_picks(GeoStore *store, const GeoPlacement *placement, const char *name,
                       GError **error)
{
    GeoAct act = geo_act_local(NULL, g_get_real_time() / 1000);
    g_autoptr(GeoDraft) draft = geo_draft_find_or_make(store, &act, name, error);
    g_autoptr(GeoBatch) planned = geo_batch_new(GEO_KIND_PLANNED);
    if (!draft)
        return false;
    int64_t id = geo_act_new_id(act.now_ms);
    for (guint i = 0; i < placement->picks->len; i++) {
        const GeoPlacePick *pick = &g_array_index(placement->picks, GeoPlacePick, i);
        GeoCamera camera = pick->camera;
        camera.row.id = id + i;
        geo_scenario_add_planned(planned, &camera, pick->at, GEO_PLANNED_ADD)->cost = pick->cost;
    }
    return geo_draft_add_step(store, &act, draft, "place", planned, NULL, error);
}

/* ---- why not here? ---- */

static bool answer_why(GeoStore *store, const Question *question, GError **error)
{
    GeoCoverageOptions options = {0};
    app_sightline_ask(&question->line, &options);
    g_autoptr(GeoWhatIf) whatif = geo_whatif_load(store, &options, NULL, error);
    if (!whatif)
        return false;
    g_autoptr(GeoBatch) types = geo_lens_defaults();
    GeoWhatIfPlace place = geo_whatif_place(whatif, question->why_at);
    const GeoLensType *best_type = NULL;
    double best = -1, heading = 0;
    for (guint i = 0; i < types->rows->len; i++) {
        const GeoLensType *type = &g_array_index(types->rows, GeoLensType, i);
        GeoCamera camera = geo_lens_camera(type);
        double gain,
            deg = geo_whatif_best_heading(whatif, &camera, question->why_at, WHY_HEADINGS, &gain);
        if (gain > best)
            best = gain, heading = deg, best_type = type;
    }
    if (question->json) {
        JsonBuilder *report = app_report_new("place");
        app_report_integer(report, "seen_by", place.seen_by);
        app_report_switch(report, "ground", place.ground);
        app_report_switch(report, "in_building", place.in_building);
        app_report_text(report, "type", best_type->row.code);
        app_report_number(report, "heading_deg", heading, 1);
        app_report_number(report, "gain_m", best, 1);
        app_report_text(report, "street", geo_whatif_street(whatif, question->why_at));
        app_report_print(report);
        return true;
    }
    if (place.in_building)
        printf("inside a building: a camera here would look through its walls\n");
    printf("%u cameras see this place now%s\n", place.seen_by,
           place.ground ? "" : "; it is not public ground");
    printf("the best camera here (%s, towards %.0f°) would add %.0f m of street\n",
           best_type->row.name, heading, best);
    return true;
}

static AppExit run(const AppArgs *args, GError **error)
{
    Question question = {0};
    if (!read_question(args, &question, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, question.scenario != NULL, error);
    if (!store)
        return APP_EXIT_DATA;
    if (!read_class(args, store, &question, error))
        return APP_EXIT_USAGE;
    if (question.why)
        return answer_why(store, &question, error) ? APP_EXIT_OK : APP_EXIT_DATA;
    g_autoptr(GeoPlacement) placement = geo_place_find(store, &question.options, NULL, error);
    if (!placement ||
        (question.scenario && !keep_picks(store, placement, question.scenario, error)))
        return APP_EXIT_DATA;
    if (question.json)
        report_placement(placement, &question);
    else
        print_placement(placement, &question);
    return APP_EXIT_OK;
}

static const AppOption options[] = {
    {"class", "CLASS", APP_SIGHTLINE_HELP},
    {"night", NULL, "by the reach at night"},
    APP_PLACEMENT_OPTIONS,
    {"scenario", "NAME", "also write the choice into this plan, a new one where there is none"},
    {"why", "LON,LAT", "no choice: what a camera there would do, and why not"},
    {NULL, NULL, NULL}};

const AppCommand app_placement_command = {
    .name = "place",
    .places = "CITY",
    .summary = "where the next cameras do most, with a proven bound",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
