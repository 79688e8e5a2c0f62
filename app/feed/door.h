/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A listening socket. On loopback it is plain; anywhere else it opens with a certificate only, so
 * that no position ever crosses a network in the clear. */
#include <gio/gio.h>
#include <stdbool.h>

#include "app/feed/porch.h"

typedef struct AppFeedDoor AppFeedDoor;

/* A connection is there, its TLS handshake done: socket is always there, stream is NULL when plain.
 * Both are borrowed. */
typedef void (*AppFeedEnter)(GSocket *socket, GIOStream *stream, gpointer user);

typedef struct {
    guint64 accepted, failed; /* failed: TLS, or no descriptor left */
} AppFeedDoorCounts;

/* "8100", "127.0.0.1:8100", "[::1]:8100" or "0.0.0.0:8100"; port 0 takes any free one. */
GSocketAddress *app_feed_door_address(const char *text, GError **error);
bool app_feed_door_is_loopback(GSocketAddress *address);

/* certificate may be NULL on loopback. enter is called from context. Connections whose handshake
 * is under way stand on the porch. */
AppFeedDoor *app_feed_door_open(GMainContext *context, GSocketAddress *address,
                                GTlsCertificate *certificate, AppFeedPorch *porch,
                                AppFeedEnter enter, gpointer user, GError **error);
void app_feed_door_close(AppFeedDoor *door);

guint16 app_feed_door_port(const AppFeedDoor *door);
const AppFeedDoorCounts *app_feed_door_counts(const AppFeedDoor *door);
