/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Those who have knocked and not yet proven who they are. There is room for so many, and for so
 * many from one address; when it is full, whoever has stood there longest goes. So a flood of
 * connections pushes out itself: a device that proves itself at once never meets it. */
#include <gio/gio.h>
#include <stdint.h>

typedef struct AppFeedPorch AppFeedPorch;
typedef struct AppFeedGuest AppFeedGuest;

AppFeedPorch *app_feed_porch_new(guint room, guint room_per_address);
void app_feed_porch_free(AppFeedPorch *porch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppFeedPorch, app_feed_porch_free)

/* send_away(owner) is called when there is no room any more, the guest being gone then. O(1). */
AppFeedGuest *app_feed_porch_enter(AppFeedPorch *porch, GSocketAddress *from,
                                   void (*send_away)(gpointer owner), gpointer owner);

/* It has proven itself, or gone. NULL is allowed. */
void app_feed_porch_leave(AppFeedPorch *porch, AppFeedGuest *guest);

guint app_feed_porch_n(const AppFeedPorch *porch);
uint64_t app_feed_porch_sent_away(const AppFeedPorch *porch);
