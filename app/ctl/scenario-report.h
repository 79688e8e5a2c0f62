/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What scenario says. */
#include "app/ctl/args.h"
#include "geo/store/store.h"

/* All scenarios, on standard output; as JSON by --json. */
bool app_scenario_report_list(const AppArgs *args, GeoStore *store, GError **error);

/* One scenario: steps, what it changes, where the register has changed since. */
bool app_scenario_report(const AppArgs *args, GeoStore *store, const char *verb, const char *name,
                         GError **error);
