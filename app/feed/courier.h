/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Carries what units are told to their devices: by the JT/T 808 terminal that is connected, by MQTT
 * or by HTTP to the device that was heard there last. Each step is told apart and kept in the
 * store: sent, delivered (the device says so), accepted (its person does); no channel: somebody
 * takes the radio. What a device has not confirmed is sent again, after a restart too; what it has
 * confirmed never. */
#include "app/feed/clerk.h"
#include "app/feed/http.h"
#include "app/feed/jt808.h"
#include "app/feed/mqtt.h"

typedef struct AppFeedCourier AppFeedCourier;

/* All is borrowed; jt808, mqtt and http may be NULL. */
AppFeedCourier *app_feed_courier_new(GMainContext *context, AppFeedClerk *clerk,
                                     AppFeedTaking *taking, AppFeedJt808 *jt808, AppFeedMqtt *mqtt,
                                     AppFeedHttp *http, uint32_t source_of_mqtt,
                                     uint32_t source_of_http);

/* Begins nothing any more: call before the clerk ends, and free it after everything it was given.
 */
void app_feed_courier_close(AppFeedCourier *courier);
void app_feed_courier_free(AppFeedCourier *courier);
