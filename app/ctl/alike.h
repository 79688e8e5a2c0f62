/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* alike CITY: incidents that a new report may be about. */
#include "app/ctl/command.h"

extern const AppCommand app_alike_command;
