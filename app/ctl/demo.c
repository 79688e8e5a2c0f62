/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/demo.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/ctl/report.h"
#include "geo/model/error.h"
#include "geo/work/demo.h"

static const AppOption options[] = {
    {"scale", "S", "share of the 352 communities, from the old town outwards (1)"},
    {"seed", "N", "another seed makes another city of the same names (1)"},
    {"no-tracks", NULL, "leave out the half hour of positions before the demo's now"},
    {NULL, NULL, NULL},
};

typedef struct {
    gint64 began_us, phase_us;
    char phase[48];
} Teller;

static void end_phase(Teller *teller)
{
    if (*teller->phase)
        fprintf(stderr, "%s  %-22s %6.1f s\n", isatty(STDERR_FILENO) ? "\r" : "", teller->phase,
                (double)(g_get_monotonic_time() - teller->phase_us) / G_USEC_PER_SEC);
}

static void tell(const char *what, double share, void *user)
{
    Teller *teller = user;
    if (strcmp(teller->phase, what) != 0) {
        end_phase(teller);
        g_strlcpy(teller->phase, what, sizeof teller->phase);
        teller->phase_us = g_get_monotonic_time();
    }
    if (share > 0 && isatty(STDERR_FILENO))
        fprintf(stderr, "\r  %-22s %5.0f %%", what, share * 100);
}

static bool read_options(const AppArgs *args, GeoDemoOptions *demo, GError **error)
{
    gint64 seed = 1;
    demo->scale = 1;
    if (!app_args_number(args, "scale", &demo->scale, error) ||
        !app_args_integer(args, "seed", 0, G_MAXINT64, &seed, error))
        return false;
    if (!(demo->scale > 0 && demo->scale <= 1)) {
        g_set_error_literal(error, APP_USAGE, 0, "--scale is above 0 and at most 1");
        return false;
    }
    demo->seed = (uint64_t)seed;
    demo->no_tracks = app_args_has(args, "no-tracks");
    return true;
}

static bool make(const char *path, const GeoDemoOptions *demo, Teller *teller,
                 int64_t counts[GEO_N_KINDS], GError **error)
{
    GeoCity city = geo_demo_city();
    g_autoptr(GeoStore) store = geo_store_create(path, &city, error);
    g_autoptr(GeoProgress) progress = geo_progress_new(tell, teller);
    if (!store)
        return false;
    bool made = geo_demo_make(store, demo, progress, error);
    end_phase(teller);
    if (!made)
        g_prefix_error(error, "demo stopped half way, '%s' can be deleted: ", path);
    return made && geo_store_count(store, counts, NULL, error);
}

static AppExit run(const AppArgs *args, GError **error)
{
    GeoDemoOptions demo = {0};
    Teller teller = {.began_us = g_get_monotonic_time()};
    int64_t counts[GEO_N_KINDS];
    const char *path = app_args_place(args, 0);
    if (!read_options(args, &demo, error) || !make(path, &demo, &teller, counts, error))
        return APP_EXIT_DATA;
    double took_s = (double)(g_get_monotonic_time() - teller.began_us) / G_USEC_PER_SEC;
    if (app_args_has(args, "json")) {
        JsonBuilder *report = app_report_new("demo");
        for (int kind = 0; kind <= GEO_KIND_POPULATION; kind++)
            app_report_integer(report, geo_kind_info((GeoKind)kind)->plural, counts[kind]);
        app_report_integer(report, "now_ms", GEO_DEMO_NOW_MS);
        app_report_number(report, "work_ms", took_s * 1000, 0);
        app_report_print(report);
        return APP_EXIT_OK;
    }
    printf("%s: Hefei, synthetic streets and events, real names\n", path);
    printf("352 of the 371 communities of the four districts: without the reservoir township "
           "340103200 (9)\nand the development zone 340102401 (10), which are administered apart; "
           "scale %g of them\n",
           demo.scale);
    for (int kind = 0; kind <= GEO_KIND_POPULATION; kind++)
        printf("  %-12s %9" G_GINT64_FORMAT "\n", geo_kind_info((GeoKind)kind)->plural,
               counts[kind]);
    printf("its clock: 2026-11-21 23:14 in Hefei; made in %.1f s\n", took_s);
    return APP_EXIT_OK;
}

const AppCommand app_demo_command = {"demo",  "CITY", "make the demo city of Hefei", 1, 1,
                                     options, run};
