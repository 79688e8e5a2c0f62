/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* `gridbeatctl propose`: what to repair, turn and buy. */
#include "app/ctl/command.h"

extern const AppCommand app_propose_command;
