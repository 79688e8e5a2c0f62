/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Coverage over a window of time: the words --window and --outages of `coverage`, and its answer.
 */
#include "app/ctl/command.h"
#include "geo/work/watch.h"

/* The answer to `coverage CITY --window FROM,TO`. */
AppExit app_watch_run(const AppArgs *args, GError **error);
