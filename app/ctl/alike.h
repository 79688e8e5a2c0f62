/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* alike CITY: incidents that a new report may be about. */
#include "app/ctl/command.h"
#include "app/ctl/report.h"
#include "geo/work/alike.h"

extern const AppCommand app_alike_command;

/* Member "alike" of an open object: an array, best first, times in zone. alikes NULL: empty. */
void app_alike_report(JsonBuilder *report, const GeoAlikes *alikes, const char *zone);
