/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Incidents of the last 24 hours by quarter hour. */
#include "geo/store/store.h"

#define APP_DAY_BINS 96

typedef struct {
    unsigned by[APP_DAY_BINS];
    int64_t end_ms; /* of the last bin */
} AppDay;

/* Up to the end of the quarter hour that holds until_ms; g_free(). */
AppDay *app_day_count(GeoStore *store, int64_t until_ms, GError **error);
