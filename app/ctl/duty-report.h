/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What duty has to say: the city, its areas, and units one by one. */
#include "app/ctl/args.h"
#include "geo/work/attendance.h"

typedef struct {
    const char *act; /* what was done before; NULL: nothing */
    const char *zone;
    GPtrArray *listed; /* GeoAttendant, borrowed: told one by one; NULL: areas are told */
    gint64 top;        /* areas that are told, those that lack most first; 0: the usual */
} AppDutyReport;

void app_duty_report(const AppArgs *args, const GeoAttendance *attendance,
                     const AppDutyReport *report);
