/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* gaps CITY: public ground that no camera sees, the worst first. */
#include "app/ctl/command.h"

extern const AppCommand app_gaps_command;
