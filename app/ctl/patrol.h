/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The subcommand patrol. */
#include "app/ctl/command.h"

extern const AppCommand app_patrol_command;
