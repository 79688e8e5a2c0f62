/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "app/ctl/command.h"

extern const AppCommand app_closure_command;
