/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/act.h"

#include <glib.h>

#define EPOCH_2020_MS INT64_C(1577836800000)
#define RANDOM_BITS 22

GeoAct geo_act_local(const char *command_id, int64_t now_ms)
{
    return (GeoAct){
        .actor = "local", .role = GEO_ROLE_LOCAL, .command_id = command_id, .now_ms = now_ms};
}

int64_t geo_act_new_id(int64_t now_ms)
{
    int64_t since = MAX(now_ms - EPOCH_2020_MS, 0) & ((INT64_C(1) << 41) - 1);
    return since << RANDOM_BITS | (int64_t)(g_random_int() >> (32 - RANDOM_BITS));
}

int64_t geo_act_id_ms(int64_t id)
{
    return (id >> RANDOM_BITS) + EPOCH_2020_MS;
}
