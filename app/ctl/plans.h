/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* plans: whom to send to which type of incident. */
#include "app/ctl/command.h"

extern const AppCommand app_plans_command;
