/* SPDX-License-Identifier: GPL-3.0-or-later */
/* import: a foreign file into a city, told row by row. */
#include "app/ctl/import.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "app/ctl/trackfile.h"
#include "geo/model/error.h"
#include "geo/work/import.h"

#define SWEEP_MS 10000

static GeoProgress *running; /* what a signal cancels */

static void cancel(int signal_number)
{
    (void)signal_number;
    geo_progress_cancel(running);
}

static void tell(const char *what, double share, void *user)
{
    int *shown = user;
    int percent = share < 0 ? -1 : (int)(100 * share);
    if (percent == *shown)
        return;
    *shown = percent;
    if (percent < 0)
        fprintf(stderr, "\r%s ...      ", what);
    else
        fprintf(stderr, "\r%s %3d %%   ", what, percent);
}

static void put_reasons(JsonBuilder *json, const char *key, const GPtrArray *reasons)
{
    json_builder_set_member_name(json, key);
    json_builder_begin_array(json);
    for (guint i = 0; i < reasons->len; i++) {
        const GeoImportReason *reason = g_ptr_array_index(reasons, i);
        json_builder_begin_object(json);
        app_report_text(json, "reason", reason->text);
        app_report_integer(json, "rows", reason->count);
        app_report_text(json, "first", reason->first);
        json_builder_set_member_name(json, "lines");
        json_builder_begin_array(json);
        for (guint k = 0; k < reason->lines->len; k++)
            json_builder_add_int_value(json, g_array_index(reason->lines, int64_t, k));
        json_builder_end_array(json);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void put_rows(JsonBuilder *json, const GeoImportReport *report)
{
    json_builder_set_member_name(json, "rows");
    json_builder_begin_object(json);
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        if (report->rows[kind] > 0)
            app_report_integer(json, geo_kind_info((GeoKind)kind)->plural, report->rows[kind]);
    json_builder_end_object(json);
}

static void put_city(JsonBuilder *json, const GeoCity *city, bool made)
{
    json_builder_set_member_name(json, "city");
    json_builder_begin_object(json);
    app_report_text(json, "name", city->name);
    app_report_text(json, "zone", city->zone);
    app_report_integer(json, "epsg", city->epsg);
    app_report_switch(json, "made", made);
    json_builder_end_object(json);
}

static void print_json(const GeoImportReport *report, const GeoCity *city, bool made, bool dry_run,
                       double work_ms)
{
    JsonBuilder *json = app_report_new("import");
    app_report_text(json, "file", report->file);
    app_report_text(json, "kind", report->kind);
    app_report_text(json, "format", report->format);
    app_report_text(json, "profile", report->profile);
    app_report_text(json, "encoding", report->encoding);
    app_report_text(json, "crs", report->crs);
    app_report_text(json, "zone", report->zone);
    app_report_switch(json, "dry_run", dry_run);
    /* as text: the number is larger than JSON's readers keep exact */
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, report->import_id);
    app_report_text(json, "import_id", report->import_id > 0 ? id : NULL);
    app_report_integer(json, "read", report->read);
    app_report_integer(json, "taken", report->taken);
    app_report_integer(json, "passed", report->passed);
    app_report_integer(json, "refused", report->refused);
    put_rows(json, report);
    put_reasons(json, "refusals", report->refusals);
    put_reasons(json, "notes", report->notes);
    if (city)
        put_city(json, city, made);
    app_report_number(json, "work_ms", work_ms, 1);
    app_report_print(json);
}

/* What the numbers of rows are: a file of OpenStreetMap has ids and no lines to look up. */
static const char *row_word(const GeoImportReport *report)
{
    return g_str_has_prefix(report->format, "OSM") ? "id" : "line";
}

static void print_reasons(const char *what, const char *row, const GPtrArray *reasons)
{
    for (guint i = 0; i < reasons->len; i++) {
        const GeoImportReason *reason = g_ptr_array_index(reasons, i);
        printf("  %s %" G_GINT64_FORMAT ": %s; %s", what, reason->count, reason->text, row);
        for (guint k = 0; k < reason->lines->len; k++)
            printf(" %" G_GINT64_FORMAT, g_array_index(reason->lines, int64_t, k));
        printf("%s%s%s%s\n", reason->count > reason->lines->len ? " ..." : "",
               reason->first ? " (first: " : "", reason->first ? reason->first : "",
               reason->first ? ")" : "");
    }
}

static void print_text(const GeoImportReport *report, const GeoCity *city, bool made, bool dry_run)
{
    printf("%s: %s, texts in %s, coordinates in %s", report->file, report->format, report->encoding,
           report->crs);
    if (report->profile)
        printf(", profile %s", report->profile);
    if (report->zone)
        printf(", times of %s", report->zone);
    printf("\n%" G_GINT64_FORMAT " rows read, %" G_GINT64_FORMAT " taken, %" G_GINT64_FORMAT
           " with nothing of this kind, %" G_GINT64_FORMAT " refused\n",
           report->read, report->taken, report->passed, report->refused);
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        if (report->rows[kind] > 0)
            printf("  %s %" G_GINT64_FORMAT "\n", geo_kind_info((GeoKind)kind)->plural,
                   report->rows[kind]);
    print_reasons("refused", row_word(report), report->refusals);
    print_reasons("note", row_word(report), report->notes);
    if (city && made)
        printf("%s city '%s': time zone %s, metres in EPSG:%d (both are fixed from now on)\n",
               dry_run ? "would make" : "made", city->name, city->zone, city->epsg);
    if (report->strict_failed)
        printf("nothing was taken: rows were refused and the import is strict\n");
    else if (dry_run)
        printf("nothing was written: a dry run\n");
}

static char *city_name(const AppArgs *args)
{
    const char *asked = app_args_value(args, "name", NULL);
    if (asked)
        return g_strdup(asked);
    g_autofree char *base = g_path_get_basename(app_args_place(args, 0));
    char *dot = g_strrstr(base, ".gridbeat");
    if (dot)
        *dot = '\0';
    return g_steal_pointer(&base);
}

typedef struct {
    const char *path; /* of the city */
    bool exists, dry_run;
    GeoStore *store; /* NULL until it is needed */
    GeoCity city;
    bool has_city;
} Target;

static bool open_city(Target *target, const AppArgs *args, GError **error)
{
    target->path = app_args_place(args, 0);
    target->dry_run = app_args_has(args, "dry-run");
    target->exists = g_file_test(target->path, G_FILE_TEST_EXISTS);
    if (!target->exists)
        return true;
    target->store = app_city_open(args, !target->dry_run, error);
    if (!target->store)
        return false;
    target->city = *geo_store_city(target->store);
    target->has_city = true;
    return true;
}

static bool write_rows(Target *target, GeoImportRead *rows, GeoProgress *progress, GError **error)
{
    const GeoImportReport *report = geo_import_read_report(rows);
    if (!target->exists) {
        target->has_city = geo_import_read_city(rows, &target->city, error);
        if (!target->has_city)
            return false;
    }
    /* writing asks the same of a city that is there */
    if ((target->dry_run || !target->exists) && !geo_import_fit_city(rows, target->store, error))
        return false;
    if (target->dry_run)
        return true;
    if (!target->exists && !report->strict_failed)
        target->store = geo_store_create(target->path, &target->city, error);
    if (!target->store)
        return report->strict_failed;
    GeoAct act = app_city_act();
    if (!geo_import_write(rows, target->store, &act, progress, error))
        return false;
    /* opening had no time for all that killed or replaced imports left: nobody waits for it here */
    bool left;
    geo_store_sweep(target->store, act.now_ms, SWEEP_MS, &left, NULL);
    return true;
}

static GeoImportRead *read_rows(const AppArgs *args, const Target *target, GeoProgress *progress,
                                GError **error)
{
    g_autofree char *name = city_name(args);
    GeoImportOptions options = {
        .crs = app_args_value(args, "crs", NULL),
        .profile = app_args_value(args, "profile", NULL),
        .encoding = app_args_value(args, "encoding", NULL),
        .level = app_args_value(args, "level", NULL),
        .zone = app_args_value(args, "zone", NULL),
        .name = name,
        .replace = app_args_has(args, "replace"),
        .strict = app_args_has(args, "strict"),
        .now_ms = g_get_real_time() / 1000,
    };
    return geo_import_read(app_args_place(args, 2), app_args_place(args, 1), &options,
                           target->has_city ? &target->city : NULL, progress, error);
}

static bool check_kind(const char *kind, GError **error)
{
    if (geo_import_find_kind(kind))
        return true;
    g_autofree char *known = g_strjoinv(" ", (GStrv)geo_import_kinds);
    g_set_error(error, APP_USAGE, 0, "there is no kind '%s'; known are: %s tracks", kind, known);
    return false;
}

/* A file of which nothing can be taken is bad input; its rows are told by a dry run. */
static bool check_taken(const GeoImportReport *report, bool dry_run, GError **error)
{
    if (dry_run || report->strict_failed || report->taken > 0 || report->refused == 0)
        return true;
    const GeoImportReason *reason = g_ptr_array_index(report->refusals, 0);
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "cannot read '%s', %s %" G_GINT64_FORMAT ": %s; all %" G_GINT64_FORMAT
                " rows are refused, --dry-run lists them",
                report->file, row_word(report), g_array_index(reason->lines, int64_t, 0),
                reason->first ? reason->first : reason->text, report->refused);
    return false;
}

static AppExit run(const AppArgs *args, GError **error)
{
    if (!strcmp(app_args_place(args, 1), "tracks"))
        return app_trackfile_import(args, error);
    Target target = {0};
    int shown = -2;
    if (!check_kind(app_args_place(args, 1), error) || !open_city(&target, args, error))
        return APP_EXIT_DATA;
    g_autoptr(GeoStore) store = NULL;
    bool seen = isatty(STDERR_FILENO);
    g_autoptr(GeoProgress) progress = geo_progress_new(seen ? tell : NULL, &shown);
    running = progress;
    signal(SIGINT, cancel);
    signal(SIGTERM, cancel);
    gint64 begin_us = g_get_monotonic_time();
    g_autoptr(GeoImportRead) rows = read_rows(args, &target, progress, error);
    bool ok = rows && check_taken(geo_import_read_report(rows), target.dry_run, error) &&
              write_rows(&target, rows, progress, error);
    double work_ms = (double)(g_get_monotonic_time() - begin_us) / 1000;
    store = target.store;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (shown > -2)
        fprintf(stderr, "\r                              \r");
    if (!ok)
        return APP_EXIT_DATA;
    const GeoImportReport *report = geo_import_read_report(rows);
    const GeoCity *city = target.has_city ? &target.city : NULL;
    if (app_args_has(args, "json"))
        print_json(report, city, !target.exists, target.dry_run, work_ms);
    else
        print_text(report, city, !target.exists, target.dry_run);
    return report->strict_failed ? APP_EXIT_FINDINGS : APP_EXIT_OK;
}

static const AppOption options[] = {
    {"crs", "CRS", "of the file's coordinates: EPSG:4548, gcj02, bd09 ..."},
    {"profile", "NAME", "of data/profiles, or a path: which columns mean what"},
    {"encoding", "NAME", "of the file's texts: GB18030, CP949 ..."},
    {"level", "WORD", "of areas: district, street, community, beat, grid ..."},
    {"zone", "TZ", "of times without an offset, and of a new city: Asia/Shanghai"},
    {"name", "TEXT", "of a new city"},
    {"dry-run", NULL, "read and judge, write nothing"},
    {"replace", NULL, "earlier imports of this kind go"},
    {"unit", "UNIT", "of tracks: whose the file is, where no column says it"},
    {"make-units", NULL, "of tracks: units that the city does not know become its own"},
    {"strict", NULL, "any refused row refuses the import (exit 1)"},
    {NULL, NULL, NULL},
};

const AppCommand app_import_command = {
    .name = "import",
    .places = "CITY KIND FILE",
    .summary = "take a foreign file into a city; the first import makes the city",
    .min_places = 3,
    .max_places = 3,
    .options = options,
    .run = run,
};
