/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/trackfile.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/ctl/city.h"
#include "app/ctl/when.h"
#include "geo/model/error.h"

static GeoProgress *running; /* what a signal cancels */

static void cancel(int signal_number)
{
    geo_progress_cancel(running);
}

static void tell(const char *what, double share, void *user)
{
    int *shown = user, percent = share < 0 ? -1 : (int)(100 * share);
    if (percent != *shown)
        fprintf(stderr, "\r%s %3d %%   ", what ? what : "", percent < 0 ? 0 : percent);
    *shown = percent;
}

GeoTrackFile *app_trackfile_read(const AppArgs *args, unsigned place, const char *zone,
                                 GeoProgress *progress, GError **error)
{
    GeoTrackFileOptions options = {.encoding = app_args_value(args, "encoding", NULL),
                                   .zone = app_args_value(args, "zone", zone),
                                   .unit = app_args_value(args, "unit", NULL)};
    return geo_trackfile_read(app_args_place(args, place), &options, progress, error);
}

/* ---- telling ---- */

/* What the gate kept: to the track at once, or as late. */
static int64_t admitted(const GeoTrackFileDone *done)
{
    return (int64_t)(done->by[GEO_INTAKE_LIVE] + done->by[GEO_INTAKE_LATE] +
                     done->by[GEO_INTAKE_SOS]);
}

/* Rows that are no position, and those the gate refused; what a replay has not come to is neither.
 */
static int64_t refused(const GeoTrackFileReport *report, const GeoTrackFileDone *done)
{
    int64_t n = -admitted(done);
    for (int i = 0; i < GEO_TRACKFILE_N_FLAWS; i++)
        n += report->flaws[i];
    for (int i = 0; i < GEO_N_INTAKES; i++)
        n += (int64_t)done->by[i];
    return n;
}

void app_trackfile_print(const GeoTrackFileReport *report, const GeoTrackFileDone *done,
                         const char *zone)
{
    g_autofree char *from = app_when_dup(report->from_ms, zone);
    g_autofree char *to = app_when_dup(report->to_ms, zone);
    printf("%s: %s, texts in %s, %" G_GINT64_FORMAT " rows", report->file, report->format,
           report->encoding, report->read);
    if (report->from_ms > 0)
        printf(" from %s to %s", from, to);
    printf("\n%zu positions written, %" G_GINT64_FORMAT " rows refused\n", done->kept,
           refused(report, done));
    for (int i = 0; i < GEO_TRACKFILE_N_FLAWS; i++)
        if (report->flaws[i] > 0)
            printf("  refused %" G_GINT64_FORMAT ": %s; first in line %" G_GINT64_FORMAT "\n",
                   report->flaws[i], geo_trackfile_flaws[i], report->first_flaw[i]);
    for (int i = GEO_INTAKE_PRESENCE; i < GEO_N_INTAKES; i++)
        if (done->by[i] > 0)
            printf("  refused %" G_GUINT64_FORMAT ": %s\n", done->by[i], geo_intake_words[i]);
    if (done->refused > 0)
        printf("  refused %zu: by the store\n", done->refused);
    if (done->unknown_units > 0)
        printf("  %zu units of the file are not the city's: import them first, or --make-units\n",
               done->unknown_units);
    if (report->out_of_order > 0)
        printf("  note %" G_GINT64_FORMAT ": earlier than the row before of the same unit\n",
               report->out_of_order);
    if (report->other_offset > 0)
        printf("  note %" G_GINT64_FORMAT
               ": another offset than the first row's (a clock change)\n",
               report->other_offset);
    if (report->skipped_hour > 0)
        printf("  note %" G_GINT64_FORMAT ": in an hour that the clocks skipped, taken as later\n",
               report->skipped_hour);
    if (report->without_speed > 0)
        printf("  note %" G_GINT64_FORMAT
               ": speed without a unit: left out; name the column speed_kmh or speed_mps\n",
               report->without_speed);
}

void app_trackfile_put(JsonBuilder *json, const GeoTrackFileReport *report,
                       const GeoTrackFileDone *done, const char *zone)
{
    g_autofree char *from = app_when_dup(report->from_ms, zone);
    g_autofree char *to = app_when_dup(report->to_ms, zone);
    app_report_text(json, "file", report->file);
    app_report_text(json, "format", report->format);
    app_report_text(json, "encoding", report->encoding);
    app_report_text(json, "from", report->from_ms ? from : NULL);
    app_report_text(json, "to", report->from_ms ? to : NULL);
    app_report_integer(json, "read", report->read);
    app_report_integer(json, "written", (gint64)done->kept);
    app_report_integer(json, "refused", refused(report, done));
    json_builder_set_member_name(json, "flaws");
    json_builder_begin_object(json);
    for (int i = 0; i < GEO_TRACKFILE_N_FLAWS; i++)
        app_report_integer(json, geo_trackfile_flaws[i], report->flaws[i]);
    json_builder_end_object(json);
    json_builder_set_member_name(json, "gate");
    json_builder_begin_object(json);
    for (int i = 0; i < GEO_N_INTAKES; i++)
        app_report_integer(json, geo_intake_words[i], (gint64)done->by[i]);
    json_builder_end_object(json);
    app_report_integer(json, "refused_by_store", (gint64)done->refused);
    app_report_integer(json, "unknown_units", (gint64)done->unknown_units);
    app_report_integer(json, "out_of_order", report->out_of_order);
    app_report_integer(json, "other_offset", report->other_offset);
    app_report_integer(json, "skipped_hour", report->skipped_hour);
    app_report_integer(json, "without_speed", report->without_speed);
}

/* ---- the import ---- */

typedef struct {
    size_t made_units;
    bool made_city, strict_failed;
    char zone[GEO_CITY_TEXT];
    GeoTrackFileDone done;
} Outcome;

/* A city that is not there yet lies where the file's positions lie. */
static bool choose_city(const AppArgs *args, const GeoTrackFile *file, GeoCity *city,
                        GError **error)
{
    const char *path = app_args_place(args, 0);
    const GeoTrackFileReport *report = geo_trackfile_report(file);
    if (!app_args_has(args, "make-units") || geo_bounds_empty(&report->bounds)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                    "there is no city '%s': --make-units makes it of this file's units", path);
        return false;
    }
    g_autofree char *base = g_path_get_basename(path);
    char *dot = g_strrstr(base, ".gridbeat");
    if (dot)
        *dot = '\0';
    *city = (GeoCity){.epsg = geo_city_choose_epsg(&report->bounds)};
    g_strlcpy(city->name, app_args_value(args, "name", base), sizeof city->name);
    geo_city_choose_zone(&report->bounds, city->zone);
    if (app_args_has(args, "zone"))
        g_strlcpy(city->zone, app_args_value(args, "zone", ""), sizeof city->zone);
    return true;
}

/* The zone of the city that is there; NULL without one. Times without an offset are of it. */
static char *dup_zone(const AppArgs *args, GError **error)
{
    if (!g_file_test(app_args_place(args, 0), G_FILE_TEST_EXISTS))
        return NULL;
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    return store ? g_strdup(geo_store_city(store)->zone) : NULL;
}

/* Times without an offset are of a new city's zone, which the places tell: so they are read again
 * where that is not the zone they were read in. */
static GeoTrackFile *read_file(const AppArgs *args, const char *city_zone, GeoProgress *progress,
                               GError **error)
{
    g_autoptr(GeoTrackFile) file = app_trackfile_read(args, 2, city_zone, progress, error);
    if (!file || city_zone || app_args_has(args, "zone"))
        return g_steal_pointer(&file);
    const GeoTrackFileReport *report = geo_trackfile_report(file);
    if (report->local_times == 0 || geo_bounds_empty(&report->bounds))
        return g_steal_pointer(&file);
    char zone[GEO_CITY_TEXT];
    geo_city_choose_zone(&report->bounds, zone);
    return app_trackfile_read(args, 2, zone, progress, error);
}

/* Judged without a trace; whether anything is to be written after that. */
static bool judge(const AppArgs *args, const GeoTrackFile *file, GeoStore *store, Outcome *outcome,
                  bool *goes_on, GeoProgress *progress, GError **error)
{
    GeoAct act = app_city_act();
    if (!geo_trackfile_import(file, store, true, &act, &outcome->done, progress, error))
        return false;
    /* Units that are going to be made are not unknown. */
    uint64_t unknown = app_args_has(args, "make-units") ? outcome->done.by[GEO_INTAKE_UNKNOWN] : 0;
    int64_t n = refused(geo_trackfile_report(file), &outcome->done) - (int64_t)unknown;
    outcome->strict_failed = app_args_has(args, "strict") && n > 0;
    *goes_on = !outcome->strict_failed && !app_args_has(args, "dry-run");
    return true;
}

static bool write_to(const AppArgs *args, const GeoTrackFile *file, GeoStore *store,
                     Outcome *outcome, GeoProgress *progress, GError **error)
{
    GeoAct act = app_city_act();
    return (!app_args_has(args, "make-units") ||
            geo_trackfile_make_units(file, store, &act, &outcome->made_units, error)) &&
           geo_trackfile_import(file, store, false, &act, &outcome->done, progress, error);
}

/* A twin in memory is judged first, with its units; the folder is made when all is well. */
static bool import_into_new(const AppArgs *args, const GeoTrackFile *file, Outcome *outcome,
                            GeoProgress *progress, GError **error)
{
    GeoCity city;
    GeoAct act = app_city_act();
    bool goes_on;
    if (!choose_city(args, file, &city, error))
        return false;
    g_strlcpy(outcome->zone, city.zone, sizeof outcome->zone);
    g_autoptr(GeoStore) twin = geo_store_new_memory(&city);
    if (!geo_trackfile_make_units(file, twin, &act, &outcome->made_units, error) ||
        !judge(args, file, twin, outcome, &goes_on, progress, error))
        return false;
    if (!goes_on)
        return true;
    g_autoptr(GeoStore) store = geo_store_create(app_args_place(args, 0), &city, error);
    outcome->made_city = store != NULL;
    return store && write_to(args, file, store, outcome, progress, error);
}

static bool import_into_known(const AppArgs *args, const GeoTrackFile *file, Outcome *outcome,
                              GeoProgress *progress, GError **error)
{
    bool dry_run = app_args_has(args, "dry-run"), goes_on = true;
    g_autoptr(GeoStore) store = app_city_open(args, !dry_run, error);
    if (!store)
        return false;
    g_strlcpy(outcome->zone, geo_store_city(store)->zone, sizeof outcome->zone);
    if ((dry_run || app_args_has(args, "strict")) &&
        !judge(args, file, store, outcome, &goes_on, progress, error))
        return false;
    return !goes_on || write_to(args, file, store, outcome, progress, error);
}

static void print(const AppArgs *args, const GeoTrackFile *file, const char *zone,
                  const Outcome *outcome, double work_ms)
{
    const GeoTrackFileReport *report = geo_trackfile_report(file);
    if (app_args_has(args, "json")) {
        JsonBuilder *json = app_report_new("import");
        app_report_text(json, "kind", "tracks");
        app_report_switch(json, "dry_run", app_args_has(args, "dry-run"));
        app_trackfile_put(json, report, &outcome->done, zone);
        app_report_integer(json, "made_units", (gint64)outcome->made_units);
        app_report_switch(json, "made_city", outcome->made_city);
        app_report_number(json, "work_ms", work_ms, 1);
        app_report_print(json);
        return;
    }
    app_trackfile_print(report, &outcome->done, zone);
    if (outcome->made_units > 0 && !app_args_has(args, "dry-run"))
        printf("%zu units made of the file's names\n", outcome->made_units);
    if (outcome->made_city)
        printf("made the city, time zone %s\n", zone);
    if (outcome->strict_failed)
        printf("nothing was taken: rows were refused and the import is strict\n");
    else if (app_args_has(args, "dry-run"))
        printf("nothing was written: a dry run\n");
}

AppExit app_trackfile_import(const AppArgs *args, GError **error)
{
    int shown = -2;
    Outcome outcome = {0};
    g_autoptr(GError) problem = NULL;
    g_autofree char *known_zone = dup_zone(args, &problem);
    if (problem) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return APP_EXIT_DATA;
    }
    g_autoptr(GeoProgress) progress = geo_progress_new(isatty(STDERR_FILENO) ? tell : NULL, &shown);
    running = progress;
    signal(SIGINT, cancel);
    signal(SIGTERM, cancel);
    gint64 begun_us = g_get_monotonic_time();
    geo_progress_begin(progress, "reading positions");
    g_autoptr(GeoTrackFile) file = read_file(args, known_zone, progress, error);
    geo_progress_begin(progress, "writing positions");
    bool ok = file && (known_zone ? import_into_known(args, file, &outcome, progress, error)
                                  : import_into_new(args, file, &outcome, progress, error));
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (shown > -2)
        fprintf(stderr, "\r                              \r");
    if (!ok)
        return APP_EXIT_DATA;
    print(args, file, outcome.zone, &outcome, (double)(g_get_monotonic_time() - begun_us) / 1000);
    /* Rows, and none that could be kept: whoever calls from a script is to see it. */
    const GeoTrackFileReport *report = geo_trackfile_report(file);
    bool nothing =
        report->read > 0 && admitted(&outcome.done) == 0 && outcome.done.by[GEO_INTAKE_REPLAY] == 0;
    return outcome.strict_failed || nothing ? APP_EXIT_FINDINGS : APP_EXIT_OK;
}
