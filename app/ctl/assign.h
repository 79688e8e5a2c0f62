/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* assign: who goes where when many incidents wait. */
#include "app/ctl/command.h"

extern const AppCommand app_assign_command;
