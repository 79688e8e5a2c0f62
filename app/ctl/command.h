/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A subcommand of gridbeatctl: one file each, one row in the table of command.c. */
#include <glib.h>

#include "app/ctl/args.h"

/* Errors of usage; their code is 0. */
#define APP_USAGE (app_usage_quark())
GQuark app_usage_quark(void);

/* The contract's exit codes. */
typedef enum {
    APP_EXIT_OK = 0,
    APP_EXIT_FINDINGS = 1,
    APP_EXIT_USAGE = 2,
    APP_EXIT_DATA = 3,
    APP_EXIT_REFUSED = 4,
    APP_EXIT_BUSY = 5,
} AppExit;

typedef struct {
    const char *name;
    const char *places;  /* "CITY LON LAT" */
    const char *summary; /* one line */
    unsigned min_places, max_places;
    const AppOption *options; /* ends with a NULL name; may be NULL */
    /* Returns APP_EXIT_OK or APP_EXIT_FINDINGS, or any code with error set: then the code follows
     * from the error. */
    AppExit (*run)(const AppArgs *args, GError **error);
    const char *notes; /* lines behind the options; may be NULL */
} AppCommand;

/* NULL-terminated. */
extern const AppCommand *const app_commands[];

AppExit app_command_exit_of(const GError *error);
int app_command_main(int argc, char **argv);
