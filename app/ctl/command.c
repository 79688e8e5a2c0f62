/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/command.h"

#include <stdio.h>
#include <string.h>

#include "app/ctl/alike.h"
#include "app/ctl/assign.h"
#include "app/ctl/backup.h"
#include "app/ctl/check.h"
#include "app/ctl/circles.h"
#include "app/ctl/closure.h"
#include "app/ctl/contain.h"
#include "app/ctl/coverage.h"
#include "app/ctl/demo.h"
#include "app/ctl/duplicates.h"
#include "app/ctl/duty.h"
#include "app/ctl/event.h"
#include "app/ctl/export.h"
#include "app/ctl/feed.h"
#include "app/ctl/find.h"
#include "app/ctl/gaps.h"
#include "app/ctl/health.h"
#include "app/ctl/heat.h"
#include "app/ctl/here.h"
#include "app/ctl/import.h"
#include "app/ctl/incident.h"
#include "app/ctl/info.h"
#include "app/ctl/intake.h"
#include "app/ctl/legal.h"
#include "app/ctl/nearest.h"
#include "app/ctl/outbox.h"
#include "app/ctl/patrol.h"
#include "app/ctl/picture.h"
#include "app/ctl/placement.h"
#include "app/ctl/plans.h"
#include "app/ctl/propose.h"
#include "app/ctl/purge.h"
#include "app/ctl/recommend.h"
#include "app/ctl/replay.h"
#include "app/ctl/restore.h"
#include "app/ctl/scenario.h"
#include "app/ctl/services.h"
#include "app/ctl/simulate.h"
#include "app/ctl/text.h"
#include "app/ctl/tracks.h"
#include "app/ctl/undo.h"
#include "app/ctl/who.h"
#include "geo/model/error.h"

GQuark app_usage_quark(void)
{
    return g_quark_from_static_string("app-usage-quark");
}

/* clang-format off */ /* one row a line, in the order of the help */
const AppCommand *const app_commands[] = {
    &app_demo_command,
    &app_info_command,
    &app_check_command,
    &app_backup_command,
    &app_restore_command,
    &app_import_command,
    &app_incident_command,
    &app_undo_command,
    &app_coverage_command,
    &app_gaps_command,
    &app_placement_command,
    &app_propose_command,
    &app_who_command,
    &app_legal_command,
    &app_duplicates_command,
    &app_nearest_command,
    &app_contain_command,
    &app_circles_command,
    &app_closure_command,
    &app_recommend_command,
    &app_assign_command,
    &app_event_command,
    &app_plans_command,
    &app_services_command,
    &app_intake_command,
    &app_outbox_command,
    &app_here_command,
    &app_find_command,
    &app_alike_command,
    &app_heat_command,
    &app_duty_command,
    &app_feed_command,
    &app_health_command,
    &app_replay_command,
    &app_text_command,
    &app_tracks_command,
    &app_patrol_command,
    &app_purge_command,
    &app_scenario_command,
    &app_simulate_command,
    &app_export_command,
    &app_picture_command,
    NULL,
};
/* clang-format on */

AppExit app_command_exit_of(const GError *error)
{
    if (error->domain == APP_USAGE)
        return APP_EXIT_USAGE;
    if (error->domain != GEO_ERROR)
        return APP_EXIT_DATA;
    switch (error->code) {
    case GEO_ERROR_REFUSED:
    case GEO_ERROR_STALE:
        return APP_EXIT_REFUSED;
    case GEO_ERROR_BUSY:
    case GEO_ERROR_CANCELLED:
        return APP_EXIT_BUSY;
    default:
        return APP_EXIT_DATA;
    }
}

static void print_commands(FILE *out)
{
    fprintf(out,
            "usage: gridbeatctl SUBCOMMAND ...\n\nsubcommands (each has --help and --json):\n");
    for (const AppCommand *const *command = app_commands; *command; command++)
        fprintf(out, "  %-10s %s\n", (*command)->name, (*command)->summary);
    fprintf(
        out,
        "\nCITY is a folder NAME.gridbeat. Exit codes: 0 ok, 1 findings, 2 usage, 3 data error,\n"
        "4 refused, 5 busy or unavailable.\n");
}

static void print_options(const AppOption *options)
{
    for (const AppOption *option = options; option && option->name; option++) {
        g_autofree char *word =
            g_strdup_printf("%s%s%s%s", option->name[1] ? "--" : "-", option->name,
                            option->value ? " " : "", option->value ? option->value : "");
        printf("  %-24s %s\n", word, option->help);
    }
}

static bool asks_time(const AppOption *options)
{
    for (const AppOption *option = options; option && option->name; option++)
        if (option->value && !strcmp(option->value, "TIME"))
            return true;
    return false;
}

static void print_help(const AppCommand *command)
{
    printf("usage: gridbeatctl %s %s [options]\n\n%s\n\noptions:\n", command->name, command->places,
           command->summary);
    print_options(command->options);
    print_options(app_common_options);
    if (command->notes)
        printf("\n%s", command->notes);
    if (asks_time(command->options))
        puts("\nTIME is 2026-11-21, 2026-11-21T23:14 by the city's clock, with an offset (+08:00), "
             "or "
             "now.");
}

/* Names and headings of foreign files may hold line ends and a terminal's commands. */
static void one_line(char *text)
{
    for (; *text; text++)
        if (g_ascii_iscntrl(*text))
            *text = '?';
}

static AppExit run_command(const AppCommand *command, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AppArgs) args = app_args_parse(command->options, argc, argv, &error);
    if (args && app_args_has(args, "help")) {
        print_help(command);
        return APP_EXIT_OK;
    }
    AppExit code = APP_EXIT_USAGE;
    if (args && app_args_n(args) < command->min_places)
        g_set_error(&error, APP_USAGE, 0, "too few words: gridbeatctl %s %s", command->name,
                    command->places);
    else if (args && app_args_n(args) > command->max_places)
        g_set_error(&error, APP_USAGE, 0, "'%s' is one word too many: gridbeatctl %s %s",
                    app_args_place(args, command->max_places), command->name, command->places);
    else if (args)
        code = command->run(args, &error);
    if (!error)
        return code;
    one_line(error->message);
    fprintf(stderr, "gridbeatctl %s: %s\n", command->name, error->message);
    return app_command_exit_of(error);
}

int app_command_main(int argc, char **argv)
{
    if (argc < 2) {
        print_commands(stderr);
        return APP_EXIT_USAGE;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help") || !strcmp(argv[1], "-h")) {
        print_commands(stdout);
        return APP_EXIT_OK;
    }
    if (!strcmp(argv[1], "--version")) {
        printf("gridbeatctl %s\n", GRIDBEAT_VERSION);
        return APP_EXIT_OK;
    }
    for (const AppCommand *const *command = app_commands; *command; command++)
        if (!strcmp((*command)->name, argv[1]))
            return run_command(*command, argc - 2, argv + 2);
    fprintf(stderr, "gridbeatctl: there is no subcommand '%s'\n", argv[1]);
    print_commands(stderr);
    return APP_EXIT_USAGE;
}
