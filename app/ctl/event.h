/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* event: one sheet for a coming matter. */
#include "app/ctl/command.h"

extern const AppCommand app_event_command;
