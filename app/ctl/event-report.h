/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The sheet of a coming matter, in words and as JSON. */
#include "geo/work/event.h"

typedef struct {
    const GeoEvent *event;
    const GeoRecommend *recommend;
    const GeoFleet *fleet;
    const char *zone;
    double work_ms, load_ms;
} AppEventSaid;

void app_event_print_json(const AppEventSaid *said);
void app_event_print_text(const AppEventSaid *said);
