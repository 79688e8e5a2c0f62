/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Moments on the command line: ISO 8601, with a zone or in the city's. */
#include <glib.h>
#include <stdbool.h>

#include "app/ctl/args.h"

/* "2018-08-01", "2018-08-01T14:30", "2018-08-01T14:30:00+02:00" or "now" to Unix ms. at_ms is
 * touched only when the option is given and right; errors are of usage and name it. */
bool app_when_option(const AppArgs *args, const char *option, const char *zone, gint64 *at_ms,
                     GError **error);

/* ISO 8601 to the second, in the zone, with its offset. */
char *app_when_dup(gint64 at_ms, const char *zone);

gint64 app_when_now_ms(void);
