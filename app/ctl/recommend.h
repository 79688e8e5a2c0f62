/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* recommend: whom to send to an incident, why, and what that leaves uncovered. */
#include "app/ctl/command.h"

extern const AppCommand app_recommend_command;
