/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A thread with a store of its own, for what feeds ask of the city beside positions: reports that
 * come in, what units and other systems are told. Works off jobs in their order and answers each
 * from the main loop. */
#include <gio/gio.h>

#include "geo/store/store.h"

typedef struct AppFeedClerk AppFeedClerk;

/* In the thread; of the job's own data nothing is touched by others meanwhile. */
typedef void (*AppFeedWork)(GeoStore *store, gpointer job);
/* From the main loop, when it is done; the job is the callee's again. */
typedef void (*AppFeedDone)(gpointer job);

/* Opens the city in the thread, which is waited for. */
AppFeedClerk *app_feed_clerk_new(const char *path, GMainContext *context, GError **error);

/* Finishes what it was given, and answers it. */
void app_feed_clerk_free(AppFeedClerk *clerk);

void app_feed_clerk_give(AppFeedClerk *clerk, AppFeedWork work, AppFeedDone done, gpointer job);

/* Jobs that are not done yet: who asks too much is told to come later. */
guint app_feed_clerk_n(const AppFeedClerk *clerk);

/* What the feed does is done as "feed", at this moment. */
GeoAct app_feed_clerk_act(void);
