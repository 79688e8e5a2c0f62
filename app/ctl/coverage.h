/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* coverage CITY: share of public street that the cameras see. */
#include "app/ctl/command.h"

extern const AppCommand app_coverage_command;
