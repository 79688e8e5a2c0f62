/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How the feeds are, as one JSON object: per source what comes, against what usually comes, how
 * late, and what was refused for which reason; connections, the writer, areas without roster,
 * emergencies. */
#include "app/feed/board.h"
#include "app/feed/http.h"
#include "app/feed/jt808.h"
#include "app/feed/keeper.h"
#include "app/feed/mqtt.h"

#define APP_FEED_HEALTH_ALARMS 20

typedef struct {
    int64_t now_ms;
    const GeoAdmit *admit;
    AppFeedKept kept;
    const AppFeedBoardCounts *board;
    const AppFeedJt808Counts *jt808; /* NULL: not listened to, as the next two */
    const AppFeedHttpCounts *http;
    const AppFeedMqttCounts *mqtt;
    uint16_t jt808_port, http_port; /* that are listened on; 0: none */
    uint32_t source_of_jt808, source_of_http, source_of_mqtt;
    const GArray *alarms; /* GeoAdmitSos, newest last */
    guint n_porch;
    uint64_t sent_away;
} AppFeedState;

GString *app_feed_health_write(const AppFeedState *state);
