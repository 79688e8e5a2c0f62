/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* find CITY TEXT: places by name, code or coordinates. */
#include "app/ctl/command.h"

extern const AppCommand app_find_command;
