/* SPDX-License-Identifier: GPL-3.0-or-later */
/* patrol CITY: how long and how often somebody was in each area, the rates that follow, and where
 * to go next. Of places, not of people. */
#include "app/ctl/patrol.h"

#include <math.h>

#include "app/ctl/city.h"
#include "app/ctl/patrol-report.h"
#include "app/ctl/sightline.h"
#include "app/ctl/when.h"

static const AppOption options[] = {
    {"from", "TIME", "at or after"},
    {"to", "TIME", "before"},
    {"by", "LEVEL", "areas of this level (the city's own, or the finest)"},
    {"hours", NULL, "each area hour by hour too (--json)"},
    {"gap", "SECONDS", "fixes so far apart do not tell the way between them (60)"},
    {"speed", "MPS", "nor do two that ask for more metres a second (50)"},
    {"away", "MINUTES", "who comes back after less has not left (10)"},
    {"must", NULL, "must-see places as points to visit in windows of time"},
    {"windows", "SPANS", "of each day, local: 06:30-14:30,14:30-22:30,22:30-06:30"},
    {"radius", "METRES", "how near such a visit comes (50)"},
    {"cameras", NULL, "join what cameras see: coverage in space and time"},
    {"class", "CLASS", APP_SIGHTLINE_HELP},
    {"next", "N", "the N areas to go to next, by risk and time since the last visit"},
    {"top", "N", "so many areas for people, the least seen first (20)"},
    {NULL, NULL, NULL},
};

static bool fail_usage(GError **error, const char *text)
{
    g_set_error_literal(error, APP_USAGE, 0, text);
    return false;
}

static bool read_numbers(const AppArgs *args, GeoPatrolledOptions *asked, GError **error)
{
    double gap_s = 60, away_min = 10;
    gint64 next = 0;
    asked->max_speed_mps = 50;
    asked->radius_m = 50;
    if (!app_args_number(args, "gap", &gap_s, error) ||
        !app_args_number(args, "speed", &asked->max_speed_mps, error) ||
        !app_args_number(args, "away", &away_min, error) ||
        !app_args_number(args, "radius", &asked->radius_m, error) ||
        !app_args_integer(args, "next", 1, 1000000, &next, error))
        return false;
    if (!(gap_s > 0 && gap_s <= 3600 && away_min > 0 && away_min <= 1440 &&
          asked->max_speed_mps > 0 && asked->radius_m > 0 && asked->radius_m <= 5000))
        return fail_usage(error, "--gap is up to 3600 s, --away up to 1440 minutes, --radius up to "
                                 "5000 m, and all of them and --speed above 0");
    asked->max_gap_ms = (int64_t)llround(gap_s * 1000);
    asked->away_s = (int64_t)llround(away_min * 60);
    asked->away_s = MAX(asked->away_s, 1);
    asked->next = (size_t)next;
    return true;
}

static bool read_question(const AppArgs *args, const char *zone, GeoPatrolledOptions *asked,
                          GError **error)
{
    asked->from_ms = asked->to_ms = -1;
    asked->level = app_args_value(args, "by", NULL);
    asked->windows = app_args_value(args, "windows", NULL);
    asked->must = app_args_has(args, "must") || asked->windows || app_args_has(args, "radius");
    if (!read_numbers(args, asked, error) ||
        !app_when_option(args, "from", zone, &asked->from_ms, error) ||
        !app_when_option(args, "to", zone, &asked->to_ms, error))
        return false;
    if (asked->from_ms < 0 || asked->to_ms < 0)
        return fail_usage(error, "--from and --to are needed");
    return asked->to_ms > asked->from_ms || fail_usage(error, "--to is not after --from");
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    const char *zone = geo_store_city(store)->zone;
    GeoPatrolledOptions asked = {0};
    AppSightline line;
    gint64 top = 20;
    if (!read_question(args, zone, &asked, error) ||
        !app_args_integer(args, "top", 1, 1000000, &top, error) ||
        !app_sightline_read(args, store, &line, error))
        return APP_EXIT_USAGE;
    GeoCoverageOptions cameras = {0};
    app_sightline_ask(&line, &cameras);
    if (app_args_has(args, "cameras"))
        asked.cameras = &cameras;
    g_autoptr(GeoPatrolled) patrolled = geo_patrolled_measure(store, &asked, NULL, error);
    if (!patrolled)
        return APP_EXIT_DATA;
    g_autofree char *words = g_strdup_printf("%s (%.4g px/m), by day and by night", line.code,
                                             app_sightline_px_per_m(&line));
    AppPatrolReport how = {&asked, zone, asked.cameras ? words : NULL, app_args_has(args, "hours"),
                           top};
    if (app_args_has(args, "json"))
        app_patrol_report_json(patrolled, &how);
    else
        app_patrol_report_text(patrolled, &how);
    return APP_EXIT_OK;
}

const AppCommand app_patrol_command = {
    .name = "patrol",
    .places = "CITY",
    .summary = "how often and how long somebody was in each area, and where to go next",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
