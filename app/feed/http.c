/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libsoup speaks HTTP; the connections come from our own door, so that they are counted, limited
 * and ended like all others: libsoup itself lets a client be as slow as it likes. */
#include "app/feed/http.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "geo/decode/emqx.h"
#include "geo/decode/osmand.h"
#include "geo/decode/owntracks.h"
#include "geo/decode/traccar.h"

#define MAX_BODY 65536
#define MAX_CONNECTIONS 20000
#define FIRST_MS 10000 /* for the first whole request */
#define IDLE_MS 75000  /* for every other */
#define SWEEP_MS 1000
#define USE "http"

/* A connection; libsoup owns what reads it. */
typedef struct {
    AppFeedHttp *http;
    GSocket *socket; /* references */
    GIOStream *stream;
    AppFeedGuest *guest;
    char *name;       /* remote address and port, owned */
    int64_t since_ms; /* of its beginning, or of its last whole request */
    bool proven;
} Caller;

/* A request that is answered later. */
typedef struct {
    AppFeedHttp *http;
    SoupServerMessage *message; /* a reference */
    uint64_t id;
} Waiting;

struct AppFeedHttp {
    GMainContext *context;
    AppFeedPorch *porch;
    AppFeedTaking *taking;
    const AppFeedSecret *secret;
    AppFeedHttpOptions options;
    SoupServer *server;  /* owned, as all below */
    GHashTable *callers; /* name, of the caller -> Caller, owned */
    GHashTable *waiting; /* uint64_t *, of it -> Waiting, owned */
    GArray *heard;       /* GeoHeard, reused */
    GSource *sweeper;
    uint64_t next_id;
    AppFeedHttpCounts counts;
};

static int64_t now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

/* ---- answers ---- */

static void answer(SoupServerMessage *message, guint status, const char *words)
{
    soup_server_message_set_status(message, status, NULL);
    if (words)
        soup_server_message_set_response(
            message, words[0] == '{' ? "application/json" : "text/plain; charset=utf-8",
            SOUP_MEMORY_COPY, words, strlen(words));
}

static void forget(SoupServerMessage *message, gpointer data)
{
    Waiting *waiting = data;
    g_hash_table_remove(waiting->http->waiting, &waiting->id);
}

static void waiting_free(gpointer data)
{
    Waiting *waiting = data;
    g_signal_handlers_disconnect_by_data(waiting->message, waiting);
    g_object_unref(waiting->message);
    g_free(waiting);
}

static Waiting *wait_with(AppFeedHttp *http, SoupServerMessage *message)
{
    Waiting *waiting = g_new0(Waiting, 1);
    waiting->http = http;
    waiting->message = g_object_ref(message);
    waiting->id = ++http->next_id;
    g_hash_table_insert(http->waiting, &waiting->id, waiting);
    /* The client may go away before its answer is known. */
    g_signal_connect(message, "finished", G_CALLBACK(forget), waiting);
    g_signal_connect(message, "disconnected", G_CALLBACK(forget), waiting);
    soup_server_message_pause(message);
    return waiting;
}

static void answer_waiting(AppFeedHttp *http, uint64_t id, guint status, const char *words)
{
    Waiting *waiting = g_hash_table_lookup(http->waiting, &id);
    if (!waiting)
        return;
    g_autoptr(SoupServerMessage) message = g_object_ref(waiting->message);
    g_hash_table_remove(http->waiting, &id);
    answer(message, status, words);
    soup_server_message_unpause(message);
}

static void on_kept(gpointer owner, uint64_t id, uint32_t tag)
{
    answer_waiting(owner, id, SOUP_STATUS_OK, NULL);
}

/* ---- who asks ---- */

static char *name_of(GSocketAddress *address)
{
    return g_socket_connectable_to_string(G_SOCKET_CONNECTABLE(address));
}

static Caller *caller_of(AppFeedHttp *http, SoupServerMessage *message)
{
    GSocketAddress *address = soup_server_message_get_remote_address(message);
    g_autofree char *name = address ? name_of(address) : NULL;
    return name ? g_hash_table_lookup(http->callers, name) : NULL;
}

static const char *query_value(GHashTable *query, const char *name)
{
    return query ? g_hash_table_lookup(query, name) : NULL;
}

/* The code that came with the request: borrowed from it, NULL without one. */
static const char *code_of(SoupServerMessage *message, GHashTable *query)
{
    const char *header = soup_message_headers_get_one(
        soup_server_message_get_request_headers(message), "Authorization");
    if (header && g_ascii_strncasecmp(header, "Bearer ", 7) == 0)
        return header + 7;
    return query_value(query, "token");
}

static bool is_code(const AppFeedHttp *http, const char *key, const char *code)
{
    return code && app_feed_secret_is_code(http->secret, USE, key, code, strlen(code));
}

static bool may_ask(const AppFeedHttp *http, SoupServerMessage *message, GHashTable *query)
{
    return !http->options.codes || is_code(http, APP_FEED_GATEWAY, code_of(message, query));
}

/* Every device that the request names has given its code, or a gateway speaks for all of them. */
static bool may_say(const AppFeedHttp *http, SoupServerMessage *message, GHashTable *query)
{
    const char *code = code_of(message, query);
    if (may_ask(http, message, query))
        return true;
    for (guint i = 0; i < http->heard->len; i++)
        if (!is_code(http, g_array_index(http->heard, GeoHeard, i).key, code))
            return false;
    return http->heard->len > 0;
}

static void prove(AppFeedHttp *http, SoupServerMessage *message)
{
    Caller *caller = caller_of(http, message);
    if (!caller)
        return;
    caller->proven = true;
    app_feed_porch_leave(http->porch, g_steal_pointer(&caller->guest));
}

/* ---- positions ---- */

static GeoHeardResult decode(AppFeedHttp *http, const char *path, const char *query,
                             const char *body, size_t n)
{
    int64_t now = g_get_real_time() / 1000;
    if (!strcmp(path, "/traccar"))
        return geo_traccar_heard(body, n, http->heard, NULL);
    if (!strcmp(path, "/owntracks"))
        return geo_owntracks_heard(NULL, body, n, http->heard, NULL);
    if (!strcmp(path, "/emqx"))
        return geo_emqx_heard(body, n, http->heard, NULL);
    if (n > 0 && body[0] == '{')
        return geo_traccar_client_heard(body, n, http->heard, NULL);
    if (n > 0)
        return geo_osmand_heard(body, n, GEO_OSMAND_KNOTS, now, http->heard, NULL);
    return geo_osmand_heard(query ? query : "", query ? strlen(query) : 0, GEO_OSMAND_KNOTS, now,
                            http->heard, NULL);
}

/* For who sets up a phone and tries it with a browser. */
static const char *what_lacks(GeoHeardResult result)
{
    switch (result) {
    case GEO_HEARD_NO_KEY:
        return "say whose position it is, as in /?id=UNIT&lat=31.86&lon=117.28";
    case GEO_HEARD_NO_PLACE:
        return "lat and lon are needed, in degrees, as in /?id=UNIT&lat=31.86&lon=117.28";
    case GEO_HEARD_NO_TIME:
        return "its time cannot be read: seconds since 1970, or as 2026-11-21T15:14:00Z";
    default:
        return "this is no position; one is sent as /?id=UNIT&lat=31.86&lon=117.28";
    }
}

static void hear_places(AppFeedHttp *http, SoupServerMessage *message, const char *path,
                        GHashTable *query)
{
    SoupMessageBody *body = soup_server_message_get_request_body(message);
    g_autoptr(GBytes) bytes = soup_message_body_flatten(body);
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    g_array_set_size(http->heard, 0);
    GeoHeardResult result =
        decode(http, path, g_uri_get_query(soup_server_message_get_uri(message)), text, n);
    bool known = false;
    if (http->heard->len > 0 && !may_say(http, message, query)) {
        http->counts.refused++;
        answer(message, SOUP_STATUS_UNAUTHORIZED, "this device's code is missing or wrong\n");
        return;
    }
    if (result != GEO_HEARD_FINE && result != GEO_HEARD_OTHER) {
        http->counts.wrong++;
        g_autofree char *words =
            g_strdup_printf("%s: %s\n", geo_heard_word(result), what_lacks(result));
        answer(message, SOUP_STATUS_BAD_REQUEST, words);
        return;
    }
    if (app_feed_keeper_is_full(http->taking->keeper)) {
        answer(message, SOUP_STATUS_SERVICE_UNAVAILABLE,
               "positions cannot be written: try again\n");
        return;
    }
    app_feed_taking_hear(http->taking, http->heard, http->options.source, &known);
    if (http->heard->len > 0 && !known) {
        answer(message, SOUP_STATUS_NOT_FOUND, "no unit of this city has that name\n");
        return;
    }
    prove(http, message);
    Waiting *waiting = wait_with(http, message);
    app_feed_keeper_promise(http->taking->keeper, on_kept, http, waiting->id, 0);
}

static void on_places(SoupServer *server, SoupServerMessage *message, const char *path,
                      GHashTable *query, gpointer data)
{
    AppFeedHttp *http = data;
    const char *method = soup_server_message_get_method(message);
    static const char *const paths[] = {"/", "/traccar", "/owntracks", "/emqx", NULL};
    http->counts.requests++;
    if (!g_strv_contains(paths, path))
        answer(message, SOUP_STATUS_NOT_FOUND, "no such path\n");
    else if (strcmp(method, "GET") != 0 && strcmp(method, "POST") != 0)
        answer(message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL);
    else
        hear_places(http, message, path, query);
}

/* ---- health and texts ---- */

static bool is_allowed(AppFeedHttp *http, SoupServerMessage *message, const char *method,
                       GHashTable *query)
{
    http->counts.requests++;
    if (!may_ask(http, message, query)) {
        http->counts.refused++;
        answer(message, SOUP_STATUS_UNAUTHORIZED, "the gateway's code is missing or wrong\n");
        return false;
    }
    if (strcmp(soup_server_message_get_method(message), method) != 0) {
        answer(message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL);
        return false;
    }
    prove(http, message);
    return true;
}

static void on_health(SoupServer *server, SoupServerMessage *message, const char *path,
                      GHashTable *query, gpointer data)
{
    AppFeedHttp *http = data;
    if (!is_allowed(http, message, "GET", query))
        return;
    GString *health = http->options.health(http->options.user);
    soup_server_message_set_status(message, SOUP_STATUS_OK, NULL);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_COPY, health->str,
                                     health->len);
    g_string_free(health, TRUE);
}

typedef struct {
    AppFeedHttp *http;
    uint64_t id;
} TextAsk;

static void on_text_done(bool delivered, gpointer user)
{
    g_autofree TextAsk *ask = user;
    answer_waiting(ask->http, ask->id, delivered ? SOUP_STATUS_OK : SOUP_STATUS_GATEWAY_TIMEOUT,
                   delivered ? "delivered\n" : "sent, but the terminal has not confirmed it\n");
}

static void on_text(SoupServer *server, SoupServerMessage *message, const char *path,
                    GHashTable *query, gpointer data)
{
    AppFeedHttp *http = data;
    const char *unit = query_value(query, "unit");
    if (!is_allowed(http, message, "POST", query))
        return;
    g_autoptr(GBytes) bytes =
        soup_message_body_flatten(soup_server_message_get_request_body(message));
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    if (!unit || !*text) {
        answer(message, SOUP_STATUS_BAD_REQUEST, "POST /text?unit=KEY with the text as body\n");
        return;
    }
    TextAsk *ask = g_new0(TextAsk, 1);
    Waiting *waiting = wait_with(http, message);
    ask->http = http;
    ask->id = waiting->id;
    if (http->options.text(unit, text, query_value(query, "urgent") != NULL, on_text_done, ask,
                           http->options.user))
        return;
    answer_waiting(http, ask->id, SOUP_STATUS_CONFLICT,
                   "not sent: the unit has no terminal connected, or the text is longer than "
                   "1,024 bytes of GBK\n");
    g_free(ask);
}

/* ---- paths that others serve ---- */

struct AppFeedHttpCall {
    AppFeedHttp *http;
    SoupServerMessage *message;
    GHashTable *query;
};

typedef struct {
    AppFeedHttp *http;
    char *path; /* owned */
    AppFeedHttpServe serve;
    gpointer user;
} Served;

static void served_free(gpointer data)
{
    g_free(((Served *)data)->path);
    g_free(data);
}

static void on_served(SoupServer *server, SoupServerMessage *message, const char *path,
                      GHashTable *query, gpointer data)
{
    const Served *served = data;
    AppFeedHttpCall call = {served->http, message, query};
    served->http->counts.requests++;
    if (strcmp(path, served->path) != 0)
        answer(message, SOUP_STATUS_NOT_FOUND, "no such path\n");
    else
        served->serve(&call, served->user);
}

/* Before the body comes. libsoup asks the path that has a handler alone: each needs its own. */
static void on_headers(SoupServer *server, SoupServerMessage *message, const char *path,
                       GHashTable *query, gpointer data)
{
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    SoupEncoding encoding = soup_message_headers_get_encoding(headers);
    bool is_long = encoding == SOUP_ENCODING_CONTENT_LENGTH &&
                   soup_message_headers_get_content_length(headers) > MAX_BODY;
    if (!is_long && encoding != SOUP_ENCODING_CHUNKED)
        return;
    ((AppFeedHttp *)data)->counts.wrong++;
    answer(message, is_long ? SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE : SOUP_STATUS_LENGTH_REQUIRED,
           NULL);
    soup_message_headers_replace(soup_server_message_get_response_headers(message), "Connection",
                                 "close");
    /* libsoup reads the rest before it answers, and need not keep it. */
    soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
}

void app_feed_http_serve(AppFeedHttp *http, const char *path, AppFeedHttpServe serve, gpointer user)
{
    Served served = {http, g_strdup(path), serve, user};
    soup_server_add_handler(http->server, path, on_served, g_memdup2(&served, sizeof served),
                            served_free);
    soup_server_add_early_handler(http->server, path, on_headers, http, NULL);
}

bool app_feed_http_is(const AppFeedHttpCall *call, const char *method)
{
    return !strcmp(soup_server_message_get_method(call->message), method);
}

const char *app_feed_http_query(const AppFeedHttpCall *call, const char *name)
{
    return query_value(call->query, name);
}

GBytes *app_feed_http_body(const AppFeedHttpCall *call)
{
    return soup_message_body_flatten(soup_server_message_get_request_body(call->message));
}

bool app_feed_http_may(AppFeedHttpCall *call, const char *use, const char *key)
{
    AppFeedHttp *http = call->http;
    const char *code = code_of(call->message, call->query);
    if (may_ask(http, call->message, call->query) ||
        (code && app_feed_secret_is_code(http->secret, use, key, code, strlen(code)))) {
        prove(http, call->message);
        return true;
    }
    http->counts.refused++;
    answer(call->message, SOUP_STATUS_UNAUTHORIZED, "the code is missing or wrong\n");
    return false;
}

void app_feed_http_answer(AppFeedHttpCall *call, unsigned status, const char *text)
{
    answer(call->message, status, text);
}

uint64_t app_feed_http_wait(AppFeedHttpCall *call)
{
    return wait_with(call->http, call->message)->id;
}

void app_feed_http_answer_later(AppFeedHttp *http, uint64_t id, unsigned status, const char *text)
{
    answer_waiting(http, id, status, text);
}

static void on_request_end(SoupServer *server, SoupServerMessage *message, gpointer data)
{
    Caller *caller = caller_of(data, message);
    if (caller)
        caller->since_ms = now_ms();
}

/* ---- connections ---- */

static void caller_free(gpointer data)
{
    Caller *caller = data;
    app_feed_porch_leave(caller->http->porch, caller->guest);
    g_object_unref(caller->socket);
    g_object_unref(caller->stream);
    g_free(caller->name);
    g_free(caller);
}

/* libsoup sees the end of it and lets go. */
static void hang_up(Caller *caller)
{
    g_socket_shutdown(caller->socket, TRUE, TRUE, NULL);
}

static void send_away(gpointer owner)
{
    Caller *caller = owner;
    caller->guest = NULL;
    hang_up(caller);
}

void app_feed_http_enter(GSocket *socket, GIOStream *stream, gpointer data)
{
    AppFeedHttp *http = data;
    g_autoptr(GSocketAddress) from = g_socket_get_remote_address(socket, NULL);
    g_autoptr(GSocketAddress) to = g_socket_get_local_address(socket, NULL);
    if (!from || !to || g_hash_table_size(http->callers) >= MAX_CONNECTIONS) {
        g_socket_close(socket, NULL);
        return;
    }
    Caller *caller = g_new0(Caller, 1);
    caller->http = http;
    caller->socket = g_object_ref(socket);
    caller->stream = stream ? g_object_ref(stream)
                            : G_IO_STREAM(g_socket_connection_factory_create_connection(socket));
    caller->name = name_of(from);
    caller->since_ms = now_ms();
    g_hash_table_replace(http->callers, caller->name, caller);
    caller->guest = app_feed_porch_enter(http->porch, from, send_away, caller);
    http->counts.connections = g_hash_table_size(http->callers);
    soup_server_accept_iostream(http->server, caller->stream, to, from, NULL);
}

static gboolean sweep(gpointer data)
{
    AppFeedHttp *http = data;
    int64_t now = now_ms();
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, http->callers);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        Caller *caller = value;
        if (g_io_stream_is_closed(caller->stream) || g_socket_is_closed(caller->socket))
            g_hash_table_iter_remove(&iter);
        else if (now - caller->since_ms > (caller->proven ? IDLE_MS : FIRST_MS))
            hang_up(caller);
    }
    http->counts.connections = g_hash_table_size(http->callers);
    return G_SOURCE_CONTINUE;
}

/* libsoup 3.2 keeps a connection open after an answer only while it listens somewhere itself. So it
 * gets a socket that nobody can find: its name is gone before it listens. */
static void listen_nowhere(SoupServer *server)
{
    g_autofree char *folder = g_dir_make_tmp("gridbeat-XXXXXX", NULL);
    g_autofree char *name = folder ? g_build_filename(folder, "nobody", NULL) : NULL;
    g_autoptr(GSocketAddress) address = name ? g_unix_socket_address_new(name) : NULL;
    g_autoptr(GSocket) socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    bool bound = socket && address && g_socket_bind(socket, address, FALSE, NULL);
    if (name)
        g_unlink(name);
    if (folder)
        g_rmdir(folder);
    /* Where that fails, every request makes a connection of its own: slower, and all right. */
    if (bound && g_socket_listen(socket, NULL))
        soup_server_listen_socket(server, socket, 0, NULL);
}

AppFeedHttp *app_feed_http_new(GMainContext *context, AppFeedPorch *porch, AppFeedTaking *taking,
                               const AppFeedSecret *secret, const AppFeedHttpOptions *options)
{
    AppFeedHttp *http = g_new0(AppFeedHttp, 1);
    http->context = context;
    http->porch = porch;
    http->taking = taking;
    http->secret = secret;
    http->options = *options;
    http->callers = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, caller_free);
    http->waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, waiting_free);
    http->heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    http->server = g_object_new(SOUP_TYPE_SERVER, "server-header", "gridbeat ", NULL);
    listen_nowhere(http->server);
    soup_server_add_early_handler(http->server, NULL, on_headers, http, NULL);
    soup_server_add_handler(http->server, NULL, on_places, http, NULL);
    soup_server_add_handler(http->server, "/health", on_health, http, NULL);
    soup_server_add_handler(http->server, "/text", on_text, http, NULL);
    soup_server_add_early_handler(http->server, "/health", on_headers, http, NULL);
    soup_server_add_early_handler(http->server, "/text", on_headers, http, NULL);
    g_signal_connect(http->server, "request-finished", G_CALLBACK(on_request_end), http);
    g_signal_connect(http->server, "request-aborted", G_CALLBACK(on_request_end), http);
    http->sweeper = g_timeout_source_new(SWEEP_MS);
    g_source_set_callback(http->sweeper, sweep, http, NULL);
    g_source_attach(http->sweeper, context);
    return http;
}

void app_feed_http_free(AppFeedHttp *http)
{
    if (!http)
        return;
    GHashTableIter iter;
    gpointer name, caller;
    g_hash_table_remove_all(http->waiting);
    g_hash_table_iter_init(&iter, http->callers);
    while (g_hash_table_iter_next(&iter, &name, &caller))
        hang_up(caller);
    soup_server_disconnect(http->server);
    g_source_destroy(http->sweeper);
    g_source_unref(http->sweeper);
    g_hash_table_unref(http->callers);
    g_hash_table_unref(http->waiting);
    g_array_unref(http->heard);
    g_object_unref(http->server);
    g_free(http);
}

const AppFeedHttpCounts *app_feed_http_counts(const AppFeedHttp *http)
{
    return &http->counts;
}
