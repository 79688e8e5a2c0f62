/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Positions from an MQTT broker: a client of it that comes back by itself. By topic:
 * "owntracks/..." is OwnTracks, "jt808/..." an EMQX JT/T 808 gateway, all others a Traccar server's
 * forward. The library acknowledges a message of QoS 1 before it gives it to us, so what came in
 * since the last group was put on disk, a tenth of a second and what one takes, is lost when the
 * power fails. */
#include <gio/gio.h>
#include <stdbool.h>

#include "app/feed/taking.h"

/* Orders go to the topic "gridbeat/orders/KEY", of the key that the unit's device says its places
 * by, with QoS 1; what its person says comes from "gridbeat/receipts/KEY" (geo/decode/receipt.h).
 * Who may write there is for the broker's list of rights to say. */
#define APP_FEED_MQTT_ORDERS "gridbeat/orders/"
#define APP_FEED_MQTT_RECEIPTS "gridbeat/receipts/"

#define APP_FEED_MQTT_LOSS_MS 1000 /* the most that a failure of the power can cost */

typedef struct AppFeedMqtt AppFeedMqtt;

typedef struct {
    bool connected;
    uint64_t messages, wrong, connections; /* wrong: not understood */
    const char *trouble;                   /* why it is not connected, borrowed; NULL: it is */
} AppFeedMqttCounts;

/* url: "mqtt://host[:1883]/TOPIC[,TOPIC]" on loopback, "mqtts://[user@]host[:8883]/TOPIC" anywhere;
 * password may be NULL; ca is a file of certificates to trust, NULL: the system's. Fails when the
 * url cannot be used; that the broker is not there is only told in the counts. */
AppFeedMqtt *app_feed_mqtt_new(GMainContext *context, const char *url, const char *password,
                               const char *ca, AppFeedTaking *taking, uint32_t source,
                               GError **error);
void app_feed_mqtt_free(AppFeedMqtt *mqtt);

typedef struct {
    void (*sent)(uint64_t tag, gpointer user); /* the broker has it */
    void (*receipt)(const char *key, const char *text, size_t n, gpointer user);
    gpointer user;
} AppFeedMqttManners;

void app_feed_mqtt_set_manners(AppFeedMqtt *mqtt, const AppFeedMqttManners *manners);

/* An order to that device. False when the broker is not connected or the key can be in no topic. */
bool app_feed_mqtt_order(AppFeedMqtt *mqtt, const char *key, const char *text, uint64_t tag);

AppFeedMqttCounts app_feed_mqtt_counts(const AppFeedMqtt *mqtt);
