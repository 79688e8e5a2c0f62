/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* `gridbeatctl feed` and `gridbeatctl text`. */
#include "app/ctl/command.h"

extern const AppCommand app_feed_command;
