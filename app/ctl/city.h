/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The city that a subcommand works on: its first word. */
#include "app/ctl/args.h"
#include "geo/store/store.h"

/* Opens it, for reading only unless write; what there is to warn of goes to standard error. */
GeoStore *app_city_open(const AppArgs *args, bool write, GError **error);

/* The local operator's act, now. */
GeoAct app_city_act(void);
