/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/door.h"

#include <stdlib.h>
#include <string.h>

#include "geo/model/error.h"

#define BACKLOG 4096
#define AT_ONCE 64 /* connections taken before others have their turn */
#define HANDSHAKE_S 10
#define NO_ROOM_MS 100 /* wait when there is no descriptor left */

struct AppFeedDoor {
    GMainContext *context;
    GSocket *socket; /* owned, as all below */
    GSource *source, *wait;
    GTlsCertificate *certificate; /* NULL: plain */
    AppFeedPorch *porch;          /* borrowed */
    GHashTable *knocking;         /* Knock *: handshakes under way */
    AppFeedEnter enter;
    gpointer user;
    AppFeedDoorCounts counts;
};

/* A TLS handshake. It outlives its door when that closes in between. */
typedef struct {
    AppFeedDoor *door; /* NULL when it is closed */
    AppFeedGuest *guest;
    GSocket *socket;
    GCancellable *cancellable;
    GSource *deadline;
} Knock;

GSocketAddress *app_feed_door_address(const char *text, GError **error)
{
    const char *colon = strrchr(text, ':'), *digits = colon ? colon + 1 : text;
    g_autofree char *host = colon ? g_strndup(text, (gsize)(colon - text)) : g_strdup("127.0.0.1");
    size_t n = strlen(host);
    if (n > 2 && host[0] == '[' && host[n - 1] == ']') {
        memmove(host, host + 1, n - 2);
        host[n - 2] = '\0';
    }
    guint64 port;
    g_autoptr(GInetAddress) inet = g_inet_address_new_from_string(host);
    if (!inet || !g_ascii_string_to_unsigned(digits, 10, 0, 65535, &port, NULL)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s' is no address to listen on: write 8100, 127.0.0.1:8100 or 0.0.0.0:8100",
                    text);
        return NULL;
    }
    return g_inet_socket_address_new(inet, (guint16)port);
}

bool app_feed_door_is_loopback(GSocketAddress *address)
{
    return G_IS_INET_SOCKET_ADDRESS(address) &&
           g_inet_address_get_is_loopback(
               g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address)));
}

static void knock_free(Knock *knock)
{
    if (knock->door) {
        app_feed_porch_leave(knock->door->porch, knock->guest);
        g_hash_table_remove(knock->door->knocking, knock);
    }
    g_source_destroy(knock->deadline);
    g_source_unref(knock->deadline);
    g_object_unref(knock->socket);
    g_object_unref(knock->cancellable);
    g_free(knock);
}

static gboolean give_up(gpointer data)
{
    g_cancellable_cancel(((Knock *)data)->cancellable);
    return G_SOURCE_REMOVE;
}

/* Sent away by the porch, where it is no guest any more. */
static void send_away(gpointer data)
{
    Knock *knock = data;
    knock->guest = NULL;
    g_cancellable_cancel(knock->cancellable);
}

static void on_handshake(GObject *tls, GAsyncResult *result, gpointer data)
{
    Knock *knock = data;
    AppFeedDoor *door = knock->door;
    bool ok = g_tls_connection_handshake_finish(G_TLS_CONNECTION(tls), result, NULL);
    if (ok && door && !g_cancellable_is_cancelled(knock->cancellable)) {
        app_feed_porch_leave(door->porch, g_steal_pointer(&knock->guest));
        door->enter(knock->socket, G_IO_STREAM(tls), door->user);
    } else if (door) {
        door->counts.failed++;
    }
    knock_free(knock);
    g_object_unref(tls);
}

static void shake_hands(AppFeedDoor *door, GSocket *socket)
{
    g_autoptr(GSocketConnection) plain = g_socket_connection_factory_create_connection(socket);
    g_autoptr(GSocketAddress) from = g_socket_get_remote_address(socket, NULL);
    GIOStream *tls = g_tls_server_connection_new(G_IO_STREAM(plain), door->certificate, NULL);
    if (!tls) {
        door->counts.failed++;
        return;
    }
    Knock *knock = g_new0(Knock, 1);
    knock->door = door;
    knock->socket = g_object_ref(socket);
    knock->cancellable = g_cancellable_new();
    knock->deadline = g_timeout_source_new_seconds(HANDSHAKE_S);
    g_source_set_callback(knock->deadline, give_up, knock, NULL);
    g_source_attach(knock->deadline, door->context);
    g_hash_table_add(door->knocking, knock);
    knock->guest = app_feed_porch_enter(door->porch, from, send_away, knock);
    g_tls_connection_handshake_async(G_TLS_CONNECTION(tls), G_PRIORITY_DEFAULT, knock->cancellable,
                                     on_handshake, knock);
}

static gboolean on_knock(GSocket *listening, GIOCondition condition, gpointer data);

static void listen_again(AppFeedDoor *door)
{
    door->source = g_socket_create_source(door->socket, G_IO_IN, NULL);
    g_source_set_callback(door->source, G_SOURCE_FUNC(on_knock), door, NULL);
    g_source_attach(door->source, door->context);
}

static void drop_source(GSource **source)
{
    if (*source) {
        g_source_destroy(*source);
        g_source_unref(*source);
        *source = NULL;
    }
}

static gboolean after_wait(gpointer data)
{
    AppFeedDoor *door = data;
    drop_source(&door->wait);
    listen_again(door);
    return G_SOURCE_REMOVE;
}

/* No descriptor is left: to be asked again at once would only burn time. */
static void wait_for_room(AppFeedDoor *door)
{
    door->counts.failed++;
    drop_source(&door->source);
    door->wait = g_timeout_source_new(NO_ROOM_MS);
    g_source_set_callback(door->wait, after_wait, door, NULL);
    g_source_attach(door->wait, door->context);
}

static gboolean on_knock(GSocket *listening, GIOCondition condition, gpointer data)
{
    AppFeedDoor *door = data;
    for (int i = 0; i < AT_ONCE; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GSocket) socket = g_socket_accept(listening, NULL, &error);
        if (!socket) {
            if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES)) {
                wait_for_room(door);
                return G_SOURCE_REMOVE;
            }
            return G_SOURCE_CONTINUE;
        }
        door->counts.accepted++;
        g_socket_set_blocking(socket, FALSE);
        g_socket_set_keepalive(socket, TRUE);
        if (door->certificate)
            shake_hands(door, socket);
        else
            door->enter(socket, NULL, door->user);
    }
    return G_SOURCE_CONTINUE;
}

static GSocket *listen_at(GSocketAddress *address, GError **error)
{
    g_autoptr(GSocket) socket = g_socket_new(g_socket_address_get_family(address),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
    if (!socket)
        return NULL;
    g_socket_set_blocking(socket, FALSE);
    g_socket_set_listen_backlog(socket, BACKLOG);
    if (!g_socket_bind(socket, address, TRUE, error) || !g_socket_listen(socket, error))
        return NULL;
    return g_steal_pointer(&socket);
}

AppFeedDoor *app_feed_door_open(GMainContext *context, GSocketAddress *address,
                                GTlsCertificate *certificate, AppFeedPorch *porch,
                                AppFeedEnter enter, gpointer user, GError **error)
{
    g_autofree char *name = g_socket_connectable_to_string(G_SOCKET_CONNECTABLE(address));
    if (!certificate && !app_feed_door_is_loopback(address)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "%s is not loopback: positions cross a network only under TLS; name a "
                    "certificate and its key",
                    name);
        return NULL;
    }
    g_autoptr(GSocket) socket = listen_at(address, error);
    if (!socket) {
        g_prefix_error(error, "cannot listen on %s: ", name);
        return NULL;
    }
    AppFeedDoor *door = g_new0(AppFeedDoor, 1);
    door->context = g_main_context_ref(context);
    door->socket = g_steal_pointer(&socket);
    door->certificate = certificate ? g_object_ref(certificate) : NULL;
    door->porch = porch;
    door->knocking = g_hash_table_new(NULL, NULL);
    door->enter = enter;
    door->user = user;
    listen_again(door);
    return door;
}

void app_feed_door_close(AppFeedDoor *door)
{
    if (!door)
        return;
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, door->knocking);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        Knock *knock = key;
        app_feed_porch_leave(door->porch, g_steal_pointer(&knock->guest));
        knock->door = NULL;
        g_cancellable_cancel(knock->cancellable);
    }
    g_hash_table_unref(door->knocking);
    drop_source(&door->source);
    drop_source(&door->wait);
    g_socket_close(door->socket, NULL);
    g_object_unref(door->socket);
    g_clear_object(&door->certificate);
    g_main_context_unref(door->context);
    g_free(door);
}

guint16 app_feed_door_port(const AppFeedDoor *door)
{
    g_autoptr(GSocketAddress) address = g_socket_get_local_address(door->socket, NULL);
    return address ? g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address)) : 0;
}

const AppFeedDoorCounts *app_feed_door_counts(const AppFeedDoor *door)
{
    return &door->counts;
}
