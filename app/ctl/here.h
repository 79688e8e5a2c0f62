/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* here CITY LON LAT: the areas of a place, who sees it, what happened there. */
#include "app/ctl/command.h"

extern const AppCommand app_here_command;
