/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Coverage to the square metre: the word --exact of `coverage`, and its answer. */
#include "app/ctl/command.h"
#include "geo/work/official.h"

/* The answer to `coverage CITY --exact`. */
AppExit app_exact_run(const AppArgs *args, GeoCoverageOptions *options, GError **error);
