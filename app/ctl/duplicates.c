/* SPDX-License-Identifier: GPL-3.0-or-later */
/* duplicates CITY: cameras that the register holds twice, and pairs that see nearly the same
 * ground; of a plan, before it is built. */
#include "app/ctl/duplicates.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "app/ctl/sightline.h"
#include "geo/work/draft.h"
#include "geo/work/duplicates.h"

#define DEFAULT_TOP 50

typedef struct {
    const char *scenario;
    AppSightline line;
    double least_share, within_m;
    gint64 top;
    const GeoBatch *cameras; /* those compared */
    const bool *planned;     /* one to each of them; NULL without a plan */
    double load_ms;
} Answer;

static const GeoCamera *camera_of(const Answer *answer, uint32_t row)
{
    return (const GeoCamera *)(const void *)geo_batch_row(answer->cameras, row);
}

static const char *name_of(const GeoRow *row)
{
    return row->code ? row->code : row->name ? row->name : "-";
}

static void print_pair(const Answer *answer, const GeoDuplicate *pair)
{
    const GeoCamera *a = camera_of(answer, pair->a), *b = camera_of(answer, pair->b);
    printf("  %-22s %-22s %-10s %-10s %6.1f m  %5.1f %%  %s%s\n", name_of(&a->row),
           name_of(&b->row), geo_owner_words[a->owner], geo_owner_words[b->owner], pair->distance_m,
           100 * pair->share, pair->copy ? "entered twice" : "same ground",
           pair->unsure ? ", rests on assumptions" : "");
}

static void print_people(const Answer *answer, const GeoDuplicates *found)
{
    g_autofree char *hour = app_sightline_words(&answer->line);
    printf("%zu cameras compared%s%s: %s\n", found->checked,
           answer->scenario ? " with those of the plan " : "",
           answer->scenario ? answer->scenario : "", hour);
    printf("  entered twice     %6zu pairs within %g m and %.0f degrees\n"
           "  same ground       %6zu pairs with %.0f %% or more of what both see in common\n"
           "  of two owners     %6zu of these pairs\n"
           "  unsure            %6zu of these pairs, by what the register does not say\n",
           found->copies, answer->within_m, GEO_DUPLICATES_COPY_DEG,
           found->pairs->len - found->copies, 100 * answer->least_share, found->two_owners,
           found->unsure);
    if (found->blind > 0)
        printf("%zu cameras look nobody knows where: nothing is told of them.\n", found->blind);
    if (found->crowded > 0)
        printf("%zu cameras have more than %d others like them: some pairs are not measured.\n",
               found->crowded, GEO_DUPLICATES_MOST);
    for (guint i = 0; i < found->pairs->len && i < answer->top; i++)
        print_pair(answer, &g_array_index(found->pairs, GeoDuplicate, i));
    printf("%.0f ms of work, %.0f ms of loading\n", found->work_ms, answer->load_ms);
}

static void report_camera(JsonBuilder *report, const Answer *answer, const char *key, uint32_t row,
                          double area_m2)
{
    const GeoCamera *camera = camera_of(answer, row);
    GeoLonLat at = {0, 0};
    geo_batch_first(answer->cameras, &camera->row, &at);
    json_builder_set_member_name(report, key);
    json_builder_begin_object(report);
    app_report_text(report, "code", camera->row.code);
    app_report_text(report, "name", camera->row.name);
    app_report_text(report, "owner", geo_owner_words[camera->owner]);
    app_report_text(report, "state", geo_camera_state_words[camera->state]);
    app_report_number(report, "lon", at.lon, 7);
    app_report_number(report, "lat", at.lat, 7);
    app_report_number(report, "area_m2", area_m2, 1);
    app_report_switch(report, "of_plan", answer->planned && answer->planned[row]);
    json_builder_end_object(report);
}

static void print_json(const Answer *answer, const GeoDuplicates *found)
{
    JsonBuilder *report = app_report_new("duplicates");
    app_report_text(report, "scenario", answer->scenario);
    app_sightline_report(report, &answer->line);
    app_report_switch(report, "night", answer->line.night);
    app_report_number(report, "overlap", answer->least_share, 4);
    app_report_number(report, "within_m", answer->within_m, 2);
    app_report_integer(report, "checked", (gint64)found->checked);
    app_report_integer(report, "without_direction", (gint64)found->blind);
    app_report_integer(report, "found", found->pairs->len);
    app_report_integer(report, "entered_twice", (gint64)found->copies);
    app_report_integer(report, "two_owners", (gint64)found->two_owners);
    app_report_integer(report, "unsure", (gint64)found->unsure);
    app_report_integer(report, "crowded", (gint64)found->crowded);
    json_builder_set_member_name(report, "pairs");
    json_builder_begin_array(report);
    for (guint i = 0; i < found->pairs->len && i < answer->top; i++) {
        const GeoDuplicate *pair = &g_array_index(found->pairs, GeoDuplicate, i);
        json_builder_begin_object(report);
        report_camera(report, answer, "a", pair->a, pair->a_m2);
        report_camera(report, answer, "b", pair->b, pair->b_m2);
        app_report_number(report, "distance_m", pair->distance_m, 2);
        app_report_number(report, "share", pair->share, 4);
        app_report_number(report, "common_m2", pair->common_m2, 1);
        app_report_switch(report, "entered_twice", pair->copy);
        app_report_switch(report, "unsure", pair->unsure);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_number(report, "load_ms", answer->load_ms, 1);
    app_report_number(report, "work_ms", found->work_ms, 1);
    app_report_print(report);
}

/* The register as the plan leaves it, with which of its cameras the plan adds or changes (bool, one
 * to each). */
static GeoBatch *cameras_with(const GeoDraft *draft, const GeoBatch *standing, GArray *planned)
{
    GeoBatch *cameras = geo_batch_new(GEO_KIND_CAMERA);
    g_autoptr(GHashTable) changed = g_hash_table_new(g_int64_hash, g_int64_equal);
    const GArray *rows = draft->difference->rows;
    const bool yes = true, no = false;
    for (guint i = 0; i < rows->len; i++)
        g_hash_table_add(changed, &g_array_index(rows, GeoPlanned, i).camera_id);
    for (guint i = 0; i < standing->rows->len; i++)
        if (!g_hash_table_contains(changed, &geo_batch_row(standing, i)->id)) {
            geo_batch_copy_row(cameras, standing, i);
            g_array_append_val(planned, no);
        }
    for (guint i = 0; i < rows->len; i++) {
        int what = g_array_index(rows, GeoPlanned, i).what;
        if (what != GEO_PLANNED_ADD && what != GEO_PLANNED_EDIT)
            continue;
        geo_scenario_add_camera(cameras, draft->difference, i);
        g_array_append_val(planned, yes);
    }
    return cameras;
}

static bool read_number(const AppArgs *args, const char *option, double min, double max,
                        double *value, GError **error)
{
    if (!app_args_number(args, option, value, error))
        return false;
    if (*value >= min && *value <= max)
        return true;
    g_set_error(error, APP_USAGE, 0, "--%s takes a number from %g to %g, not '%s'", option, min,
                max, app_args_value(args, option, ""));
    return false;
}

static AppExit run(const AppArgs *args, GError **error)
{
    Answer answer = {.scenario = app_args_value(args, "scenario", NULL),
                     .least_share = GEO_DUPLICATES_SHARE,
                     .within_m = GEO_DUPLICATES_WITHIN_M,
                     .top = DEFAULT_TOP};
    if (!app_args_integer(args, "top", 1, 1000000, &answer.top, error) ||
        !read_number(args, "overlap", 0.05, 1, &answer.least_share, error) ||
        !read_number(args, "within", 0.01, 100, &answer.within_m, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store || !app_sightline_read(args, store, &answer.line, error))
        return APP_EXIT_DATA;
    gint64 begin = g_get_monotonic_time();
    GeoSightOptions options = {.with_off = true, .metres_only = true};
    g_autoptr(GeoSight) sight = geo_sight_load(store, &options, NULL, error);
    g_autoptr(GeoDraft) draft =
        sight && answer.scenario ? geo_draft_find(store, answer.scenario, error) : NULL;
    if (!sight || (answer.scenario && !draft))
        return APP_EXIT_DATA;
    g_autoptr(GArray) planned = g_array_new(FALSE, FALSE, sizeof(bool));
    g_autoptr(GeoBatch) with_plan = draft ? cameras_with(draft, sight->cameras, planned) : NULL;
    answer.cameras = draft ? with_plan : sight->cameras;
    answer.planned = draft ? (const bool *)(const void *)planned->data : NULL;
    answer.load_ms = (double)(g_get_monotonic_time() - begin) / 1000;
    GeoDuplicatesOptions asked = {.class = answer.line.class,
                                  .px_per_m = answer.line.px_per_m,
                                  .night = answer.line.night,
                                  .least_share = answer.least_share,
                                  .within_m = answer.within_m,
                                  .asked = answer.planned};
    g_autoptr(GeoDuplicates) found =
        geo_duplicates_find(sight, answer.cameras, &asked, NULL, error);
    if (!found)
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(&answer, found);
    else
        print_people(&answer, found);
    return found->pairs->len > 0 ? APP_EXIT_FINDINGS : APP_EXIT_OK;
}

static const AppOption options[] = {
    {"scenario", "NAME",
     "pairs with a camera that this plan adds or changes, as it leaves the "
     "register"},
    {"within", "M", "two entries of one camera stand at most so far apart (1)"},
    {"overlap", "SHARE", "ground in common of what both see, from 0.05 to 1 (0.7)"},
    {"class", "WORD", APP_SIGHTLINE_HELP},
    {"night", NULL, "by the reach at night"},
    {"top", "N", "list this many (50)"},
    {NULL, NULL, NULL}};

const AppCommand app_duplicates_command = {
    .name = "duplicates",
    .places = "CITY",
    .summary = "cameras entered twice, and pairs that see the same ground",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
