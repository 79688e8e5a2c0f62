/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/caseclock.h"

static int64_t time_of(const GeoCase *one, GeoIncidentState state)
{
    return geo_case_time(one->times[state]);
}

static int64_t span(int64_t from_ms, int64_t to_ms)
{
    return from_ms && to_ms ? MAX(to_ms - from_ms, 0) : GEO_CLOCK_NONE;
}

static void sooner(int64_t *first_ms, int64_t at_ms)
{
    if (at_ms && (*first_ms == 0 || at_ms < *first_ms))
        *first_ms = at_ms;
}

/* First and last of its units, of this cycle. */
typedef struct {
    int64_t arrived_ms, arrived_gps_ms, cleared_ms;
} Scene;

static Scene scene_of(const GeoCase *one)
{
    Scene scene = {0};
    for (guint i = 0; i < one->units->len; i++) {
        const GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, i);
        if (unit->cycle != one->cycle)
            continue;
        sooner(&scene.arrived_ms,
               geo_case_time(unit->times[GEO_INCIDENT_ON_SCENE - GEO_INCIDENT_DISPATCHED]));
        sooner(&scene.arrived_gps_ms, unit->arrived_gps_ms);
        scene.cleared_ms =
            MAX(scene.cleared_ms,
                geo_case_time(unit->times[GEO_INCIDENT_CLEARED - GEO_INCIDENT_DISPATCHED]));
    }
    return scene;
}

/* Who goes or arrives has accepted. */
static int64_t accepted_at(const GeoCase *one)
{
    int64_t at_ms = time_of(one, GEO_INCIDENT_ACCEPTED);
    if (at_ms == 0)
        for (int state = GEO_INCIDENT_EN_ROUTE; state <= GEO_INCIDENT_CLEARED; state++)
            sooner(&at_ms, time_of(one, (GeoIncidentState)state));
    return at_ms;
}

GeoCaseClocks geo_case_clocks(const GeoCase *one, int64_t now_ms)
{
    bool over = geo_cycle_done((GeoIncidentState)one->state);
    int64_t end_ms = over ? one->state_ms : now_ms;
    int64_t sent_ms = time_of(one, GEO_INCIDENT_DISPATCHED);
    int64_t accepted_ms = accepted_at(one);
    bool unaccepted = one->state == GEO_INCIDENT_DISPATCHED;
    const GeoCaseHolder *holder = geo_case_holder(one);
    Scene scene = scene_of(one);
    GeoCaseClocks clocks = {
        .age_ms = MAX(end_ms - one->created_ms, 0),
        .in_state_ms = MAX(now_ms - one->state_ms, 0),
        .level_ms = holder ? MAX(end_ms - holder->since_ms, 0) : GEO_CLOCK_NONE,
        .held_ms = one->held_ms + (one->wake_ms ? MAX(now_ms - one->state_ms, 0) : 0),
        .queue_ms = span(one->created_ms, sent_ms ? sent_ms : end_ms),
        .accept_ms = accepted_ms || unaccepted ? span(sent_ms, accepted_ms ? accepted_ms : now_ms)
                                               : GEO_CLOCK_NONE,
        .turnout_ms = span(sent_ms, time_of(one, GEO_INCIDENT_EN_ROUTE)),
        .response_ms = span(one->created_ms, scene.arrived_ms),
        .response_gps_ms = span(one->created_ms, scene.arrived_gps_ms),
        .scene_ms = span(scene.arrived_ms, scene.cleared_ms),
        .report_ms = span(time_of(one, GEO_INCIDENT_CLEARED), time_of(one, GEO_INCIDENT_REPORTED)),
        .unaccepted = unaccepted,
    };
    return clocks;
}

size_t geo_case_targets(const GeoCase *one, const GeoServiceItem *item, int64_t now_ms,
                        GeoCaseTarget targets[GEO_N_CASE_TARGETS])
{
    if (!item)
        return 0;
    GeoCaseClocks clocks = geo_case_clocks(one, now_ms);
    const GeoCaseTarget all[GEO_N_CASE_TARGETS] = {
        {"accepted", item->accept_min, span(one->created_ms, accepted_at(one)), false, false},
        {"there", item->arrive_min, clocks.response_ms, false, false},
        {"reported", item->report_min, span(one->created_ms, time_of(one, GEO_INCIDENT_REPORTED)),
         false, false}};
    size_t n = 0;
    for (size_t i = 0; i < GEO_N_CASE_TARGETS; i++) {
        GeoCaseTarget target = all[i];
        if (target.min <= 0)
            continue;
        target.done = target.took_ms >= 0;
        target.took_ms = target.done ? target.took_ms : clocks.age_ms;
        target.late = target.took_ms > (int64_t)target.min * 60000;
        targets[n++] = target;
    }
    return n;
}

typedef struct {
    int64_t below_ms[4];
    const char *words[5];
} Bands;

const char *geo_case_band(GeoBandKind kind, int64_t span_ms)
{
    enum { S = 1000, MIN_MS = 60 * S, HOUR_MS = 60 * MIN_MS };
    static const Bands bands[GEO_N_BAND_KINDS] = {
        {{30 * S, 60 * S, 120 * S, 180 * S},
         {"0-30 s", "30-60 s", "60-120 s", "120-180 s", ">180 s"}},
        {{5 * MIN_MS, 10 * MIN_MS, 15 * MIN_MS, 30 * MIN_MS},
         {"0-5 min", "5-10 min", "10-15 min", "15-30 min", ">30 min"}},
        {{30 * MIN_MS, 60 * MIN_MS, 2 * HOUR_MS, 4 * HOUR_MS},
         {"0-30 min", "30-60 min", "1-2 h", "2-4 h", ">4 h"}}};
    int i = 0;
    if (span_ms < 0)
        return "";
    while (i < 4 && span_ms > bands[kind].below_ms[i])
        i++;
    return bands[kind].words[i];
}
