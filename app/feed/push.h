/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Tells other systems what became of their reports: posts the outbox's rows to the addresses that
 * the city has (geo/work/pushlist.h), each source's in order. Rows are confirmed when the other
 * side has answered 2xx, so that none is lost; one may come twice, with the same seq. */
#include "app/feed/clerk.h"
#include "app/feed/secret.h"

typedef struct AppFeedPush AppFeedPush;

/* All is borrowed. Each post carries the source's code for the use "outbox". */
AppFeedPush *app_feed_push_new(GMainContext *context, AppFeedClerk *clerk,
                               const AppFeedSecret *secret);
void app_feed_push_close(AppFeedPush *push); /* before the clerk ends */
void app_feed_push_free(AppFeedPush *push);  /* after it */
