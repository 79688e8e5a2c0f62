/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What recommend says, in words and as JSON. */
#include "geo/store/cases.h"
#include "geo/work/recommend.h"

typedef struct {
    GeoStore *store; /* where the numbers of other incidents are */
    const GeoRecommend *recommend;
    const GeoFleet *fleet;
    const GeoRecommendation *answer;
    const GeoWhyNot *why_not; /* NULL: not asked */
    const char *incident;     /* as it was named; NULL: a place */
    const char *zone;
    const char *no_road; /* what to say where the place has none */
    double work_ms, load_ms;
} AppRecommendSaid;

void app_recommend_print_json(const AppRecommendSaid *said);
void app_recommend_print_text(const AppRecommendSaid *said);

/* GeoUnaccepted array. */
void app_recommend_print_unaccepted(GeoStore *store, const GeoFleet *fleet, const GArray *list,
                                    int64_t now_ms, const char *zone, bool json);
