/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* `simulate` over real connections: the moved units' positions go to a feed as their devices would
 * send them, and what it acknowledged is looked for in its city afterwards. */
#include <signal.h>

#include "app/ctl/args.h"
#include "app/ctl/command.h"
#include "geo/work/simulate.h"

/* --jt808, --http or --mqtt is there. */
bool app_sending_is_asked(const AppArgs *args);

/* Its options are right; *interval_s: seconds between two positions of a device. False: usage. */
bool app_sending_read(const AppArgs *args, gint64 *interval_s, GError **error);

/* Moves and sends from now until minutes are over (NAN: until *stopped), then prints. at_ms: what
 * the devices' clocks show when it begins; 0: the time. */
AppExit app_sending_run(const AppArgs *args, GeoStore *store, GeoSimulate *simulate, double minutes,
                        int64_t at_ms, const volatile sig_atomic_t *stopped, GError **error);
