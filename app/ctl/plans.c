/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/plans.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "geo/model/error.h"
#include "geo/work/plans.h"

/* "police|auxiliary"; "any" for no bit at all. */
static char *dup_forces(uint32_t forces)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int force = 0; force < GEO_N_FORCES; force++)
        if (forces & GEO_FORCE_BIT(force))
            g_string_append_printf(text, "%s%s", text->len ? "|" : "", geo_force_words[force]);
    return g_strdup(text->len ? text->str : "any");
}

static char *dup_skills(const GeoPlanbook *book, uint32_t skills)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < book->skills->len; i++)
        if (skills >> i & 1)
            g_string_append_printf(text, "%s%s", text->len ? "|" : "",
                                   g_array_index(book->skills, GeoPlanbookName, i).code);
    return g_strdup(text->str);
}

static void report_need(JsonBuilder *report, const GeoPlanbook *book, const GeoPlanbookNeed *need)
{
    g_autofree char *forces = dup_forces(need->forces), *skills = dup_skills(book, need->skills);
    json_builder_begin_object(report);
    app_report_integer(report, "number", need->number);
    app_report_text(report, "forces", forces);
    app_report_text(report, "skills", *skills ? skills : NULL);
    app_report_number(report, "radius_m", need->radius_m, 0);
    app_report_text(report, "from", need->township ? "township" : NULL);
    app_report_integer(report, "priority", need->priority);
    json_builder_end_object(report);
}

static void report_plan(JsonBuilder *report, const GeoPlanbook *book, const GeoPlanbookPlan *plan)
{
    g_autofree char *words = g_strjoinv("|", plan->words);
    json_builder_begin_object(report);
    app_report_text(report, "code", plan->code);
    app_report_text(report, "name", plan->name);
    app_report_text(report, "name_zh", plan->name_zh);
    app_report_text(report, "words", words);
    app_report_number(report, "handling_min", plan->handling_min, 1);
    json_builder_set_member_name(report, "needs");
    json_builder_begin_array(report);
    for (guint i = 0; i < plan->needs->len; i++)
        report_need(report, book, &g_array_index(plan->needs, GeoPlanbookNeed, i));
    json_builder_end_array(report);
    json_builder_set_member_name(report, "steps");
    json_builder_begin_array(report);
    for (guint i = 0; i < plan->steps->len; i++) {
        const GeoPlanbookName *step = &g_array_index(plan->steps, GeoPlanbookName, i);
        json_builder_begin_object(report);
        app_report_text(report, "name", step->name);
        app_report_text(report, "name_zh", step->name_zh);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    json_builder_end_object(report);
}

static void print_plan(const GeoPlanbook *book, const GeoPlanbookPlan *plan)
{
    g_autofree char *words = g_strjoinv(" | ", plan->words);
    printf("%-14s %s / %s, %.0f min%s%s\n", plan->code, plan->name, plan->name_zh,
           plan->handling_min, *words ? "; of: " : "", words);
    for (guint i = 0; i < plan->needs->len; i++) {
        const GeoPlanbookNeed *need = &g_array_index(plan->needs, GeoPlanbookNeed, i);
        g_autofree char *forces = dup_forces(need->forces),
                        *skills = dup_skills(book, need->skills);
        printf("    send %d %s%s%s%s", need->number, forces, *skills ? " with " : "", skills,
               need->township ? " of the township" : "");
        if (isfinite(need->radius_m))
            printf(" within %.0f m", need->radius_m);
        if (need->priority < 4)
            printf(", from priority %d up", need->priority);
        printf("\n");
    }
    for (guint i = 0; i < plan->steps->len; i++) {
        const GeoPlanbookName *step = &g_array_index(plan->steps, GeoPlanbookName, i);
        printf("    - %s / %s\n", step->name, step->name_zh);
    }
}

static void print_all(const AppArgs *args, const GeoPlanbook *book, bool own,
                      const GeoPlanbookPlan *only)
{
    bool json = app_args_has(args, "json");
    JsonBuilder *report = json ? app_report_new("plans") : NULL;
    if (json) {
        app_report_text(report, "source", own ? "city" : "shipped");
        json_builder_set_member_name(report, "plans");
        json_builder_begin_array(report);
    } else {
        printf("%u plans, %s\n", book->plans->len,
               own ? "the city's own" : "as shipped: 'plans CITY text' prints them to be edited");
    }
    for (guint i = 0; i < book->plans->len; i++) {
        const GeoPlanbookPlan *plan = geo_planbook_plan(book, i);
        if (only && plan != only)
            continue;
        if (json)
            report_plan(report, book, plan);
        else
            print_plan(book, plan);
    }
    if (json) {
        json_builder_end_array(report);
        app_report_print(report);
    }
}

static bool show(const AppArgs *args, GeoStore *store, GError **error)
{
    bool own = false;
    g_autofree char *text = geo_plans_dup_text(store, &own, error);
    g_autoptr(GeoPlanbook) book = text ? geo_plans_load(store, error) : NULL;
    if (!book)
        return false;
    const char *code = app_args_place(args, 2);
    const GeoPlanbookPlan *only = code ? geo_planbook_find(book, code) : NULL;
    if (code && !only) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                    "there is no plan '%s': plans CITY lists them", code);
        return false;
    }
    print_all(args, book, own, only);
    return true;
}

static AppExit run(const AppArgs *args, GError **error)
{
    const char *verb = app_args_place(args, 1), *word = app_args_place(args, 2);
    static const char *const verbs[] = {"list", "show", "text", "put", "reset", NULL};
    if (verb && !g_strv_contains(verbs, verb)) {
        g_set_error(error, APP_USAGE, 0, "'%s' is not list, show, text, put or reset", verb);
        return APP_EXIT_USAGE;
    }
    bool put = !g_strcmp0(verb, "put"), write = put || !g_strcmp0(verb, "reset");
    if ((put || !g_strcmp0(verb, "show")) != (word != NULL)) {
        g_set_error(error, APP_USAGE, 0, word ? "'%s' is one word too many" : "%s what?",
                    word ? word : verb);
        return APP_EXIT_USAGE;
    }
    g_autoptr(GeoStore) store = app_city_open(args, write, error);
    GeoAct act = app_city_act();
    if (!store || (write && !geo_plans_put(store, &act, put ? word : NULL, error)))
        return APP_EXIT_DATA;
    if (!g_strcmp0(verb, "text")) {
        g_autofree char *text = geo_plans_dup_text(store, NULL, error);
        if (text)
            fputs(text, stdout);
        return text ? APP_EXIT_OK : APP_EXIT_DATA;
    }
    if (!put)
        return show(args, store, error) ? APP_EXIT_OK : APP_EXIT_DATA;
    g_autoptr(GeoPlanbook) book = geo_plans_load(store, error);
    if (!book)
        return APP_EXIT_DATA;
    print_all(args, book, true, NULL);
    return APP_EXIT_OK;
}

const AppCommand app_plans_command = {
    .name = "plans",
    .places = "CITY [list | show CODE | text | put FILE | reset]",
    .summary = "whom to send to which type of incident, and how many",
    .min_places = 1,
    .max_places = 3,
    .options = NULL,
    .run = run,
};
