/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* `gridbeatctl place`: where the next cameras do most. */
#include "app/ctl/command.h"

extern const AppCommand app_placement_command;
