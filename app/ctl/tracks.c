/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tracks CITY: one unit's way, or who was in a place or came by it; for a purpose, and written
 * down. */
#include "app/ctl/tracks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "geo/model/callsign.h"
#include "geo/model/error.h"
#include "geo/work/tracks.h"

#define DEFAULT_RADIUS_M 100.0
#define MINUTE_MS INT64_C(60000)

static const AppOption options[] = {
    {"unit", "UNIT", "this unit's way: its code, or its number"},
    {"box", "W,S,E,N", "who was in this box, in degrees"},
    {"area", "CODE", "who was in this area"},
    {"near", "LON,LAT", "who came by this place, the nearest first"},
    {"radius", "METRES", "how near, with --near (100)"},
    {"from", "TIME", "at or after"},
    {"to", "TIME", "before"},
    {"purpose", "REF", "why: incident:CODE, case:NUMBER or task:NUMBER; it is written down"},
    {NULL, NULL, NULL},
};

typedef enum { ASK_UNIT, ASK_BOX, ASK_AREA, ASK_NEAR, N_ASKS } Ask;
static const char *const ask_words[N_ASKS] = {"unit", "box", "area", "near"};

typedef struct {
    Ask ask;
    const char *word, *purpose;
    GeoBounds box;
    GeoLonLat place;
    double radius_m;
    gint64 from_ms, to_ms;
} Question;

typedef struct {
    GArray *rows;    /* GeoFix, GeoTracksVisit or GeoTracksPasser, by the question */
    GeoBatch *units; /* names */
    GHashTable *by_id;
    int64_t unit_id;
    double work_ms;
} Answer;

static void answer_clear(Answer *answer)
{
    g_clear_pointer(&answer->rows, g_array_unref);
    g_clear_pointer(&answer->by_id, g_hash_table_unref);
    g_clear_pointer(&answer->units, geo_batch_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

/* ---- the question ---- */

static bool read_numbers(const char *option, const char *word, double *numbers, guint n,
                         GError **error)
{
    g_auto(GStrv) parts = g_strsplit(word, ",", -1);
    bool fine = g_strv_length(parts) == n;
    for (guint i = 0; i < n && fine; i++) {
        char *end;
        numbers[i] = g_ascii_strtod(parts[i], &end);
        fine = end != parts[i] && !*end && isfinite(numbers[i]);
    }
    if (!fine)
        g_set_error(error, APP_USAGE, 0, "--%s '%s' is not %u numbers with commas between", option,
                    word, n);
    return fine;
}

static bool fail_usage(GError **error, const char *text)
{
    g_set_error_literal(error, APP_USAGE, 0, text);
    return false;
}

static bool read_ask(const AppArgs *args, Question *question, GError **error)
{
    int n = 0;
    for (Ask ask = 0; ask < N_ASKS; ask++)
        if (app_args_has(args, ask_words[ask])) {
            question->ask = ask;
            question->word = app_args_value(args, ask_words[ask], "");
            n++;
        }
    return n == 1 || fail_usage(error, "one of --unit, --box, --area and --near is needed");
}

static bool read_place(Question *question, GError **error)
{
    double numbers[4];
    if (question->ask == ASK_BOX) {
        if (!read_numbers("box", question->word, numbers, 4, error))
            return false;
        question->box = (GeoBounds){numbers[0], numbers[1], numbers[2], numbers[3]};
        GeoLonLat corners[2] = {{numbers[0], numbers[1]}, {numbers[2], numbers[3]}};
        return (geo_coord_valid(corners[0]) && geo_coord_valid(corners[1]) &&
                !geo_bounds_empty(&question->box) && numbers[1] <= numbers[3]) ||
               fail_usage(error, "--box is west, south, east, north: longitude first");
    }
    if (question->ask != ASK_NEAR)
        return true;
    return app_lonlat_read("--near", question->word, &question->place, error);
}

static bool read_question(const AppArgs *args, const char *zone, Question *question, GError **error)
{
    *question = (Question){.radius_m = DEFAULT_RADIUS_M,
                           .from_ms = -1,
                           .to_ms = -1,
                           .purpose = app_args_value(args, "purpose", NULL)};
    if (!read_ask(args, question, error) || !read_place(question, error) ||
        !app_args_number(args, "radius", &question->radius_m, error) ||
        !app_when_option(args, "from", zone, &question->from_ms, error) ||
        !app_when_option(args, "to", zone, &question->to_ms, error))
        return false;
    if (question->from_ms < 0 || question->to_ms < 0)
        return fail_usage(error, "--from and --to are needed");
    if (question->to_ms < question->from_ms)
        return fail_usage(error, "--to is before --from");
    return (question->radius_m > 0 && question->radius_m <= 5000) ||
           fail_usage(error, "--radius is not from 0 to 5000 metres");
}

/* ---- the answer ---- */

static bool load_units(GeoStore *store, Answer *answer, GError **error)
{
    answer->units = geo_store_load(store, GEO_KIND_UNIT, NULL, error);
    answer->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; answer->units && i < answer->units->rows->len; i++) {
        GeoRow *row = geo_batch_row(answer->units, i);
        g_hash_table_insert(answer->by_id, &row->id, row);
    }
    return answer->units != NULL;
}

static bool find_unit(const Question *question, Answer *answer, GError **error)
{
    const GeoUnit *unit = geo_callsign_find_unit(answer->units, question->word, error);
    answer->unit_id = unit ? unit->row.id : 0;
    return unit != NULL;
}

static GArray *in_area(GeoStore *store, const GeoAct *act, const Question *question, GError **error)
{
    g_autoptr(GeoBatch) areas =
        geo_store_load(store, GEO_KIND_AREA, &(GeoQuery){.code = question->word}, error);
    if (!areas)
        return NULL;
    if (areas->rows->len == 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no area '%s'", question->word);
        return NULL;
    }
    return geo_tracks_in_area(store, act, areas, geo_batch_row(areas, 0), question->from_ms,
                              question->to_ms, error);
}

static bool ask_store(GeoStore *store, const Question *question, Answer *answer, GError **error)
{
    GeoAct act = app_city_act();
    act.purpose = question->purpose;
    if (!load_units(store, answer, error) ||
        (question->ask == ASK_UNIT && !find_unit(question, answer, error)))
        return false;
    gint64 begun_us = g_get_monotonic_time();
    gint64 half_ms = (question->to_ms - question->from_ms) / 2;
    GeoTrackQuery query = {question->from_ms, question->to_ms, answer->unit_id, NULL};
    switch (question->ask) {
    case ASK_UNIT:
        answer->rows = geo_store_read_tracks(store, &act, &query, error);
        break;
    case ASK_BOX:
        answer->rows = geo_tracks_in_box(store, &act, &question->box, question->from_ms,
                                         question->to_ms, error);
        break;
    case ASK_AREA:
        answer->rows = in_area(store, &act, question, error);
        break;
    default:
        answer->rows = geo_tracks_passers(store, &act, question->place, question->radius_m,
                                          question->from_ms + half_ms, half_ms, error);
    }
    answer->work_ms = (double)(g_get_monotonic_time() - begun_us) / 1000;
    return answer->rows != NULL;
}

/* ---- telling ---- */

static char *dup_unit(const Answer *answer, int64_t unit_id)
{
    const GeoRow *row = g_hash_table_lookup(answer->by_id, &unit_id);
    return row && row->code ? g_strdup(row->code) : g_strdup_printf("%" G_GINT64_FORMAT, unit_id);
}

static void report_moment(JsonBuilder *report, const char *key, int64_t at_ms, const char *zone)
{
    g_autofree char *text = app_when_dup(at_ms, zone);
    app_report_text(report, key, text);
}

static void report_row(JsonBuilder *report, const Question *question, const Answer *answer, guint i,
                       const char *zone)
{
    if (question->ask == ASK_UNIT) {
        const GeoFix *fix = &g_array_index(answer->rows, GeoFix, i);
        report_moment(report, "at", fix->at_ms, zone);
        app_report_number(report, "lon", fix->lon, 6);
        app_report_number(report, "lat", fix->lat, 6);
        app_report_number(report, "accuracy_m", (double)fix->accuracy_m, 0);
    } else if (question->ask == ASK_NEAR) {
        const GeoTracksPasser *passer = &g_array_index(answer->rows, GeoTracksPasser, i);
        g_autofree char *unit = dup_unit(answer, passer->unit_id);
        app_report_text(report, "unit", unit);
        report_moment(report, "at", passer->at_ms, zone);
        app_report_number(report, "distance_m", passer->distance_m, 1);
        app_report_number(report, "lon", passer->at.lon, 6);
        app_report_number(report, "lat", passer->at.lat, 6);
        app_report_switch(report, "between_fixes", passer->between);
    } else {
        const GeoTracksVisit *visit = &g_array_index(answer->rows, GeoTracksVisit, i);
        g_autofree char *unit = dup_unit(answer, visit->unit_id);
        app_report_text(report, "unit", unit);
        report_moment(report, "first", visit->first_ms, zone);
        report_moment(report, "last", visit->last_ms, zone);
        app_report_integer(report, "fixes", (gint64)visit->n);
        app_report_number(report, "lon", visit->first.lon, 6);
        app_report_number(report, "lat", visit->first.lat, 6);
    }
}

static void print_json(const Question *question, const Answer *answer, const char *zone)
{
    static const char *const names[N_ASKS] = {"track", "visits", "visits", "passers"};
    JsonBuilder *report = app_report_new("tracks");
    app_report_text(report, "asked", ask_words[question->ask]);
    app_report_text(report, ask_words[question->ask], question->word);
    report_moment(report, "from", question->from_ms, zone);
    report_moment(report, "to", question->to_ms, zone);
    app_report_text(report, "purpose", question->purpose);
    json_builder_set_member_name(report, names[question->ask]);
    json_builder_begin_array(report);
    for (guint i = 0; i < answer->rows->len; i++) {
        json_builder_begin_object(report);
        report_row(report, question, answer, i, zone);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_number(report, "work_ms", answer->work_ms, 3);
    app_report_print(report);
}

static void print_row(const Question *question, const Answer *answer, guint i, const char *zone)
{
    if (question->ask == ASK_UNIT) {
        const GeoFix *fix = &g_array_index(answer->rows, GeoFix, i);
        g_autofree char *at = app_when_dup(fix->at_ms, zone);
        printf("%s  %.6f %.6f\n", at, fix->lon, fix->lat);
    } else if (question->ask == ASK_NEAR) {
        const GeoTracksPasser *passer = &g_array_index(answer->rows, GeoTracksPasser, i);
        g_autofree char *unit = dup_unit(answer, passer->unit_id);
        g_autofree char *at = app_when_dup(passer->at_ms, zone);
        printf("%-16s %s  %6.1f m%s\n", unit, at, passer->distance_m,
               passer->between ? "  between two fixes" : "");
    } else {
        const GeoTracksVisit *visit = &g_array_index(answer->rows, GeoTracksVisit, i);
        g_autofree char *unit = dup_unit(answer, visit->unit_id);
        g_autofree char *first = app_when_dup(visit->first_ms, zone);
        g_autofree char *last = app_when_dup(visit->last_ms, zone);
        printf("%-16s %s to %s  %zu fixes\n", unit, first, last, visit->n);
    }
}

static void print_text(const Question *question, const Answer *answer, const char *zone)
{
    static const char *const words[N_ASKS] = {"fixes", "visits", "visits", "passers-by"};
    for (guint i = 0; i < answer->rows->len; i++)
        print_row(question, answer, i, zone);
    printf("%u %s in %.1f ms; the read is in the audit, for '%s'\n", answer->rows->len,
           words[question->ask], answer->work_ms, question->purpose);
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, true, error);
    if (!store)
        return APP_EXIT_DATA;
    const char *zone = geo_store_city(store)->zone;
    Question question;
    g_auto(Answer) answer = {0};
    if (!read_question(args, zone, &question, error))
        return APP_EXIT_USAGE;
    if (!ask_store(store, &question, &answer, error))
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(&question, &answer, zone);
    else
        print_text(&question, &answer, zone);
    return APP_EXIT_OK;
}

const AppCommand app_tracks_command = {
    .name = "tracks",
    .places = "CITY",
    .summary = "where a unit was, or who was in a place: for a purpose, written down",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
