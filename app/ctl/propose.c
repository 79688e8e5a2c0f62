/* SPDX-License-Identifier: GPL-3.0-or-later */
/* propose CITY: repairs and turns first, then cameras in phases, with what each brings and how far
 * the choice can be from the best. */
#include "app/ctl/propose.h"

#include <math.h>
#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/language.h"
#include "app/ctl/placement.h"
#include "app/ctl/propose-files.h"
#include "app/ctl/report.h"
#include "app/ctl/sightline.h"
#include "geo/work/draft.h"
#include "geo/work/proposal.h"

#define DEFAULT_PHASES 3
#define DEFAULT_TURNS 20
#define PRINTED 12 /* acts of a phase, for people */

typedef struct {
    GeoProposalOptions options;
    GeoBounds within;
    AppSightline line;
    const char *scenario, *pdf, *xlsx, *lang;
} Question;

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

/* ---- for people ---- */

static void print_act(const GeoProposalAct *act)
{
    printf("  %-7s %12.6f %11.6f ", geo_proposal_words[act->what], act->at.lon, act->at.lat);
    if (act->what == GEO_PROPOSAL_TURN)
        printf("%4.0f° to %3.0f° ", act->heading_from_deg, act->camera.heading_deg);
    else
        printf("%12.0f° ", act->camera.heading_deg);
    printf("%-11s %8.1f m %8.0f yuan %6.1f m a 10,000 yuan %4zu dwellings  %s %s\n",
           geo_owner_words[act->camera.owner], act->gain_m, act->cost,
           act->cost > 0 ? act->gain_m / act->cost * 10000 : 0.0, act->dwellings,
           act->camera.row.code ? act->camera.row.code
           : act->type          ? act->type
                                : "",
           act->street ? act->street : "");
}

static void print_phase(const GeoProposal *proposal, unsigned number)
{
    const GeoProposalPhase *phase = &g_array_index(proposal->phases, GeoProposalPhase, number);
    guint printed = 0;
    if (number == 0)
        printf(
            "\nWithout buying anything: %zu acts on cameras that are there (%zu faulty ones, %zu "
            "that could turn were asked; %zu would look into a forbidden room and are left out)\n",
            phase->acts, proposal->faulty, proposal->turnable, proposal->refused);
    else
        printf("\nPhase %u: %zu cameras, %.0f yuan, upkeep %.0f yuan a year, %.1f m of street a "
               "10,000 yuan\n",
               number, phase->acts, phase->cost, phase->upkeep,
               phase->cost > 0 ? phase->gain_m / phase->cost * 10000 : 0.0);
    for (guint i = 0; i < proposal->acts->len; i++) {
        const GeoProposalAct *act = &g_array_index(proposal->acts, GeoProposalAct, i);
        if (act->phase == number && printed++ < PRINTED)
            print_act(act);
    }
    if (printed > PRINTED)
        printf("  and %u more (--json, --pdf, --xlsx list all)\n", printed - PRINTED);
    printf("  streets seen after it: %.3f %% (%+.0f m)\n",
           100 * share(phase->after.street_seen_m, phase->after.street_m), phase->gain_m);
}

static void print_weighings(const GeoProposal *proposal)
{
    printf("\nIf other weights were right (of the ground asked about, before buying, with this "
           "choice, with the best one for them; places both have):\n");
    for (int of = 0; of < GEO_N_RISKS; of++) {
        const GeoProposalWeighing *row = &proposal->weighing[of];
        if (!row->known)
            printf("  %-11s the city has nothing to weigh by so\n", geo_risk_words[of]);
        else
            printf("  %-11s %7.3f %%  %7.3f %%  %7.3f %%  %5.1f %%%s\n", geo_risk_words[of],
                   100 * row->before, 100 * row->bought, 100 * row->best, 100 * row->common,
                   of == (int)proposal->options.place.weigh ? "  (asked for)" : "");
    }
}

static void print_people(const GeoProposal *proposal, const Question *question)
{
    const GeoPlacement *placement = proposal->placement;
    g_autofree char *hour = app_sightline_words(&question->line);
    printf("Proposal: %s\n100 %% is %.1f km of public street: %s\n", hour,
           proposal->before.street_m / 1000, geo_coverage_denominator);
    printf("Streets seen today: %.3f %%\n",
           100 * share(proposal->before.street_seen_m, proposal->before.street_m));
    for (unsigned k = 0; k <= proposal->options.phases; k++)
        print_phase(proposal, k);
    printf(
        "\nNo choice of %zu cameras among the %zu that were examined covers more than %.3f %% of "
        "the ground asked about (by %s); this one covers %.3f %%, before it %.3f %%: at most "
        "%.2f %% of what could be gained is missing.\n",
        proposal->options.place.count, placement->candidates, 100 * placement->bound,
        geo_risk_words[placement->weigh], 100 * placement->covered_after,
        100 * placement->covered_before, 100 * placement->gap_share);
    print_weighings(proposal);
    printf("\nIf headings are off as far as the register says they may be: surely seen %.3f %% "
           "before and %.3f %% after, possibly %.3f %% and %.3f %%.\n",
           100 * share(proposal->sure.before_m, proposal->sure.street_m),
           100 * share(proposal->sure.after_m, proposal->sure.street_m),
           100 * share(proposal->possible.before_m, proposal->possible.street_m),
           100 * share(proposal->possible.after_m, proposal->possible.street_m));
    printf("Rooms that are not to be seen: no new camera looks into one; %zu candidates were left "
           "out for it.\n%.1f s of work\n",
           placement->refused, proposal->work_ms / 1000);
}

/* ---- for programs ---- */

static void report_acts(JsonBuilder *report, const GeoProposal *proposal, unsigned number)
{
    json_builder_set_member_name(report, "acts");
    json_builder_begin_array(report);
    for (guint i = 0; i < proposal->acts->len; i++) {
        const GeoProposalAct *act = &g_array_index(proposal->acts, GeoProposalAct, i);
        if (act->phase != number)
            continue;
        json_builder_begin_object(report);
        app_report_text(report, "what", geo_proposal_words[act->what]);
        app_report_text(report, "code", act->camera.row.code);
        app_report_number(report, "lon", act->at.lon, 7);
        app_report_number(report, "lat", act->at.lat, 7);
        app_report_number(report, "heading_deg", act->camera.heading_deg, 1);
        app_report_number(report, "heading_from_deg", act->heading_from_deg, 1);
        app_report_text(report, "owner", geo_owner_words[act->camera.owner]);
        app_report_text(report, "type", act->type);
        app_report_text(report, "street", act->street);
        app_report_number(report, "gain_m", act->gain_m, 1);
        app_report_number(report, "cost", act->cost, 0);
        app_report_number(report, "upkeep", act->upkeep, 0);
        app_report_number(report, "gain_m_per_10000",
                          act->cost > 0 ? act->gain_m / act->cost * 10000 : NAN, 2);
        app_report_integer(report, "dwellings", (gint64)act->dwellings);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_phases(JsonBuilder *report, const GeoProposal *proposal)
{
    json_builder_set_member_name(report, "phases");
    json_builder_begin_array(report);
    for (guint k = 0; k < proposal->phases->len; k++) {
        const GeoProposalPhase *phase = &g_array_index(proposal->phases, GeoProposalPhase, k);
        json_builder_begin_object(report);
        app_report_integer(report, "phase", k);
        app_report_number(report, "cost", phase->cost, 0);
        app_report_number(report, "upkeep", phase->upkeep, 0);
        app_report_number(report, "gain_m", phase->gain_m, 1);
        app_report_number(report, "street_seen_m", phase->after.street_seen_m, 1);
        app_report_number(report, "share", share(phase->after.street_seen_m, phase->after.street_m),
                          6);
        report_acts(report, proposal, k);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_doubts(JsonBuilder *report, const GeoProposal *proposal)
{
    json_builder_set_member_name(report, "weights");
    json_builder_begin_array(report);
    for (int of = 0; of < GEO_N_RISKS; of++) {
        const GeoProposalWeighing *row = &proposal->weighing[of];
        json_builder_begin_object(report);
        app_report_text(report, "weigh", geo_risk_words[of]);
        app_report_switch(report, "known", row->known);
        app_report_number(report, "before", row->known ? row->before : NAN, 6);
        app_report_number(report, "after", row->known ? row->bought : NAN, 6);
        app_report_number(report, "best", row->known ? row->best : NAN, 6);
        app_report_number(report, "common", row->known ? row->common : NAN, 4);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    const GeoProposalDoubt *sure = &proposal->sure, *possible = &proposal->possible;
    app_report_number(report, "sure_before", share(sure->before_m, sure->street_m), 6);
    app_report_number(report, "sure_after", share(sure->after_m, sure->street_m), 6);
    app_report_number(report, "possible_before", share(possible->before_m, possible->street_m), 6);
    app_report_number(report, "possible_after", share(possible->after_m, possible->street_m), 6);
}

static void print_json(const GeoProposal *proposal, const Question *question)
{
    const GeoPlacement *placement = proposal->placement;
    JsonBuilder *report = app_report_new("propose");
    app_sightline_report(report, &question->line);
    app_report_switch(report, "night", question->line.night);
    app_report_text(report, "weigh", geo_risk_words[placement->weigh]);
    app_report_text(report, "denominator", geo_coverage_denominator);
    app_report_number(report, "street_m", proposal->before.street_m, 1);
    app_report_number(report, "street_seen_m", proposal->before.street_seen_m, 1);
    app_report_integer(report, "faulty", (gint64)proposal->faulty);
    app_report_integer(report, "turnable", (gint64)proposal->turnable);
    app_report_integer(report, "refused", (gint64)proposal->refused);
    report_phases(report, proposal);
    app_report_number(report, "covered_before", placement->covered_before, 8);
    app_report_number(report, "covered_after", placement->covered_after, 8);
    app_report_number(report, "bound", placement->bound, 8);
    app_report_number(report, "gap_share", placement->gap_share, 8);
    app_report_integer(report, "candidates", (gint64)placement->candidates);
    app_report_integer(report, "refused", (gint64)placement->refused);
    report_doubts(report, proposal);
    app_report_number(report, "work_ms", proposal->work_ms, 1);
    app_report_print(report);
}

/* ---- the act ---- */

static bool keep(GeoStore *store, const GeoProposal *proposal, const char *name, GError **error)
{
    GeoAct act = geo_act_local(NULL, g_get_real_time() / 1000);
    g_autoptr(GeoDraft) draft = geo_draft_find_or_make(store, &act, name, error);
    g_autoptr(GeoBatch) planned = geo_proposal_planned(proposal, geo_act_new_id(act.now_ms));
    return draft && geo_draft_add_step(store, &act, draft, "propose", planned, NULL, error);
}

static bool write_files(GeoStore *store, const GeoProposal *proposal, const Question *question,
                        GError **error)
{
    const GeoCity *city = geo_store_city(store);
    ProposeFacts facts = {.city = city->name,
                          .class_code = question->line.code,
                          .note = city->note,
                          .px_per_m = app_sightline_px_per_m(&question->line),
                          .epsg = city->epsg,
                          .night = question->line.night};
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(city->zone);
    g_autoptr(GDateTime) now = zone ? g_date_time_new_now(zone) : g_date_time_new_now_utc();
    g_autofree char *made = g_date_time_format(now, "%Y-%m-%d %H:%M");
    g_strlcpy(facts.made, made, sizeof facts.made);
    facts.lang = app_language_set(question->lang);
    return (!question->pdf || app_propose_write_pdf(proposal, &facts, question->pdf, error)) &&
           (!question->xlsx || app_propose_write_xlsx(proposal, &facts, question->xlsx, error));
}

static bool read_question(const AppArgs *args, Question *question, GError **error)
{
    gint64 phases = DEFAULT_PHASES, turns = DEFAULT_TURNS;
    GeoProposalOptions *options = &question->options;
    if (!app_placement_read(args, &options->place, &question->within, error) ||
        !app_args_integer(args, "phases", 1, 10, &phases, error) ||
        !app_args_integer(args, "turns", 0, 1000, &turns, error))
        return false;
    options->phases = (unsigned)phases;
    options->turns = (size_t)turns;
    question->scenario = app_args_value(args, "scenario", NULL);
    question->pdf = app_args_value(args, "pdf", NULL);
    question->xlsx = app_args_value(args, "xlsx", NULL);
    question->lang = app_args_value(args, "lang", NULL);
    if (!question->lang || g_str_equal(question->lang, "en") || g_str_equal(question->lang, "zh"))
        return true;
    g_set_error(error, APP_USAGE, 0, "--lang '%s' is not en or zh", question->lang);
    return false;
}

static AppExit run(const AppArgs *args, GError **error)
{
    Question question = {0};
    if (!read_question(args, &question, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, question.scenario != NULL, error);
    if (!store || !app_sightline_read(args, store, &question.line, error))
        return APP_EXIT_DATA;
    GeoPlaceOptions *place = &question.options.place;
    place->class = question.line.class;
    place->px_per_m = question.line.px_per_m;
    place->night = question.line.night;
    g_autoptr(GeoProposal) proposal = geo_proposal_make(store, &question.options, NULL, error);
    if (!proposal || !write_files(store, proposal, &question, error) ||
        (question.scenario && !keep(store, proposal, question.scenario, error)))
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(proposal, &question);
    else
        print_people(proposal, &question);
    return APP_EXIT_OK;
}

static const AppOption options[] = {
    {"class", "CLASS", APP_SIGHTLINE_HELP},
    {"night", NULL, "by the reach at night"},
    APP_PLACEMENT_OPTIONS,
    {"phases", "N", "of buying, of about the same cost (3)"},
    {"turns", "N", "cameras to turn at the most (20)"},
    {"pdf", "FILE", "a report with maps and tables"},
    {"xlsx", "FILE", "the same as a workbook"},
    {"lang", "NAME", "of these files: en or zh (default: as the locale says)"},
    {"scenario", "NAME", "also write it into this plan, a new one where there is none"},
    {NULL, NULL, NULL}};

const AppCommand app_propose_command = {
    .name = "propose",
    .places = "CITY",
    .summary = "what to repair, turn and buy, in phases, with a proven bound",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
