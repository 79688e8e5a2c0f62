/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check: is the city's folder sound? */
#include "app/ctl/check.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "geo/work/network.h"

static void print_json(const GPtrArray *findings)
{
    JsonBuilder *report = app_report_new("check");
    json_builder_set_member_name(report, "findings");
    json_builder_begin_array(report);
    for (guint i = 0; i < findings->len; i++)
        json_builder_add_string_value(report, g_ptr_array_index(findings, i));
    json_builder_end_array(report);
    app_report_print(report);
}

static void add_lost(GPtrArray *findings, const char *what, const char *kind, size_t lost,
                     size_t fit)
{
    if (lost > 0)
        g_ptr_array_add(findings,
                        g_strdup_printf("%zu of %zu %s fit no road and bind nobody: the roads came "
                                        "later, or by other codes; import them again, after the "
                                        "roads: import CITY %s FILE",
                                        lost, lost + fit, what, kind));
}

/* Rules name roads by code and place: they are lost when other roads come in. */
static bool check_rules(GeoStore *store, GPtrArray *findings, GError **error)
{
    g_autoptr(GeoFrame) frame = geo_frame_new(geo_store_city(store)->epsg, error);
    g_autoptr(GeoNetwork) network = frame ? geo_network_load(store, frame, NULL, error) : NULL;
    if (!network)
        return false;
    const GeoRoadFacts *facts = &network->facts;
    add_lost(findings, "turn rules", "turns", network->lost_turns + facts->unfit_turns,
             facts->turns);
    add_lost(findings, "barriers", "barriers", facts->unfit_barriers, facts->barriers);
    return true;
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    g_autoptr(GPtrArray) findings = store ? geo_store_check(store, error) : NULL;
    if (!findings || !check_rules(store, findings, error))
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(findings);
    for (guint i = 0; i < findings->len && !app_args_has(args, "json"); i++)
        puts(g_ptr_array_index(findings, i));
    if (findings->len == 0 && !app_args_has(args, "json"))
        puts("sound: database, spatial indexes, imports, incident states, day files and road rules "
             "agree");
    return findings->len ? APP_EXIT_FINDINGS : APP_EXIT_OK;
}

const AppCommand app_check_command = {
    .name = "check",
    .places = "CITY",
    .summary = "look for damage and disagreement in a city; exit 1 when there is any",
    .min_places = 1,
    .max_places = 1,
    .run = run,
};
