/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The words of one subcommand's call: places and options. A negative number is a place, not an
 * option. */
#include <glib.h>
#include <stdbool.h>

typedef struct {
    const char *name;  /* "crs" for --crs; "k" for -k */
    const char *value; /* word for its value in the help, NULL for a switch */
    const char *help;
} AppOption;

/* What every subcommand takes; ends with a NULL name. */
extern const AppOption app_common_options[];

typedef struct AppArgs AppArgs;

/* options ends with a NULL name; the common ones are always there. Fails with a text that says
 * what is wrong and what is known. */
AppArgs *app_args_parse(const AppOption *options, int argc, char **argv, GError **error);
void app_args_free(AppArgs *args);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppArgs, app_args_free)

unsigned app_args_n(const AppArgs *args);
const char *app_args_place(const AppArgs *args, unsigned i); /* NULL beyond the last */
bool app_args_has(const AppArgs *args, const char *option);
const char *app_args_value(const AppArgs *args, const char *option, const char *otherwise);

/* Numbers; false with an error that names the word. Values are touched only when given and right.
 */
bool app_args_place_number(const AppArgs *args, unsigned i, const char *what, double *value,
                           GError **error);
bool app_args_number(const AppArgs *args, const char *option, double *value, GError **error);
bool app_args_integer(const AppArgs *args, const char *option, gint64 min, gint64 max,
                      gint64 *value, GError **error);
