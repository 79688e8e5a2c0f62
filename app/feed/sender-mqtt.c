/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gateways: some clients of a broker, each publishing for its share of the devices what EMQX's
 * JT/T 808 gateway or OwnTracks phones would. What a broker has not confirmed the library says
 * again when it is connected anew. */
#include <errno.h>
#include <gio/gio.h>
#include <mosquitto.h>
#include <poll.h>
#include <string.h>

#include "app/feed/sender-protocol.h"
#include "geo/decode/say.h"
#include "geo/model/error.h"

#define DEFAULT_PORT 1883
#define DEFAULT_CLIENTS 8
#define MAX_CLIENTS 256
#define KEEPALIVE_S 30
#define MISC_US (G_USEC_PER_SEC / 10)
#define RETRY_US G_USEC_PER_SEC
#define MAX_PLACES 50 /* in one message */
/* Messages under way of one client: with each answer the library looks through all of them. */
#define MAX_UNDER_WAY 256
#define MAX_ROUNDS 16 /* of reading and writing in one turn */

typedef struct Fleet Fleet;

typedef struct {
    Fleet *fleet;
    struct mosquitto *mosquitto; /* owned, as waiting */
    GHashTable *waiting; /* message number -> device; what its fixes' token is, is the number */
    GQueue queue;        /* devices that have something to say, when there is room for it */
    bool up;
    int64_t tried_us;
} Client;

struct Fleet {
    AppFeedSenderCrew *crew; /* borrowed */
    Client *clients;         /* owned, as all below */
    struct pollfd *polls;
    char *host, *user, *password;
    GHashTable *deaf; /* devices without signal */
    GString *topic, *text;
    size_t n_clients, n_ready;
    int port, qos;
    bool owntracks;
    int64_t now_us, tended_us;
    uint64_t opened, lost, failed;
};

static Client *client_of(Fleet *fleet, uint32_t device)
{
    return &fleet->clients[device % fleet->n_clients];
}

static bool has_signal(const Fleet *fleet, uint32_t device)
{
    return !g_hash_table_contains(fleet->deaf, GUINT_TO_POINTER(device));
}

/* ---- messages ---- */

static void write_message(Fleet *fleet, const GeoHeard *heard, size_t n, bool late)
{
    g_string_truncate(fleet->text, 0);
    if (fleet->owntracks) {
        g_string_printf(fleet->topic, "owntracks/%s", heard->key);
        geo_say_owntracks(fleet->text, heard);
    } else {
        g_string_printf(fleet->topic, "jt808/%s/%s/up", heard->key, heard->key);
        geo_say_emqx(fleet->text, heard, n, late);
    }
}

/* The library tells a message's number only when it has it: until then the fixes go as this. */
#define UNNUMBERED G_MAXUINT32

static void number(Fleet *fleet, uint32_t device, uint32_t token)
{
    AppFeedSenderDevice *one = &fleet->crew->devices[device];
    for (uint32_t i = 0; i < one->n; i++)
        if (one->said[i].token == UNNUMBERED)
            one->said[i].token = token;
}

static bool say_one(Fleet *fleet, uint32_t device, bool late)
{
    Client *client = client_of(fleet, device);
    GeoHeard heard[MAX_PLACES];
    int mid = 0;
    size_t n = app_feed_sender_crew_take(fleet->crew, device, late, UNNUMBERED, fleet->now_us,
                                         heard, fleet->owntracks || !late ? 1 : MAX_PLACES);
    if (n == 0)
        return false;
    write_message(fleet, heard, n, late);
    int problem = mosquitto_publish(client->mosquitto, &mid, fleet->topic->str,
                                    (int)fleet->text->len, fleet->text->str, fleet->qos, false);
    if (problem != MOSQ_ERR_SUCCESS) {
        app_feed_sender_crew_unsay(fleet->crew, device, UNNUMBERED);
        return false;
    }
    number(fleet, device, (uint32_t)mid);
    if (fleet->qos == 0)
        app_feed_sender_crew_answer(fleet->crew, device, (uint32_t)mid, APP_FEED_SENDER_SILENT,
                                    fleet->now_us);
    else
        g_hash_table_insert(client->waiting, GINT_TO_POINTER(mid), GUINT_TO_POINTER(device));
    return true;
}

static bool has_room(const Client *client)
{
    return g_hash_table_size(client->waiting) < MAX_UNDER_WAY;
}

static void say_all(Fleet *fleet, uint32_t device)
{
    Client *client = client_of(fleet, device);
    if (!client->up || !has_signal(fleet, device))
        return;
    for (int late = 1; late >= 0; late--)
        while (app_feed_sender_crew_has(fleet->crew, device, late)) {
            if (!has_room(client)) {
                g_queue_push_tail(&client->queue, GUINT_TO_POINTER(device));
                return;
            }
            if (!say_one(fleet, device, late))
                break;
        }
}

static void say_queue(Client *client)
{
    while (client->queue.length > 0 && has_room(client))
        say_all(client->fleet, GPOINTER_TO_UINT(g_queue_pop_head(&client->queue)));
}

/* ---- the library's word ---- */

static void on_publish(struct mosquitto *mosquitto, void *data, int mid)
{
    Client *client = data;
    gpointer device;
    if (!g_hash_table_steal_extended(client->waiting, GINT_TO_POINTER(mid), NULL, &device))
        return;
    app_feed_sender_crew_answer(client->fleet->crew, GPOINTER_TO_UINT(device), (uint32_t)mid,
                                APP_FEED_SENDER_KEPT, g_get_monotonic_time());
    say_queue(client);
}

static void on_connect(struct mosquitto *mosquitto, void *data, int code)
{
    Client *client = data;
    Fleet *fleet = client->fleet;
    if (code != 0) {
        fleet->failed++;
        return;
    }
    client->up = true;
    fleet->n_ready++;
    fleet->opened++;
    uint32_t first = (uint32_t)(client - fleet->clients);
    for (size_t device = first; device < fleet->crew->n; device += fleet->n_clients)
        say_all(fleet, (uint32_t)device);
}

static void on_disconnect(struct mosquitto *mosquitto, void *data, int code)
{
    Client *client = data;
    if (!client->up)
        return;
    client->up = false;
    client->fleet->n_ready--;
    client->fleet->lost++;
}

/* ---- turns ---- */

static void tend(Fleet *fleet)
{
    for (size_t i = 0; i < fleet->n_clients; i++) {
        Client *client = &fleet->clients[i];
        if (mosquitto_socket(client->mosquitto) >= 0) {
            mosquitto_loop_misc(client->mosquitto);
        } else if (fleet->now_us - client->tried_us >= RETRY_US) {
            client->tried_us = fleet->now_us;
            if (mosquitto_reconnect(client->mosquitto) != MOSQ_ERR_SUCCESS)
                fleet->failed++;
        }
    }
}

/* One round of what can be read and written; false when there is nothing. */
static bool exchange(Fleet *fleet)
{
    for (size_t i = 0; i < fleet->n_clients; i++) {
        struct mosquitto *mosquitto = fleet->clients[i].mosquitto;
        bool writes = mosquitto_want_write(mosquitto);
        fleet->polls[i] = (struct pollfd){.fd = mosquitto_socket(mosquitto),
                                          .events = (short)(writes ? POLLIN | POLLOUT : POLLIN)};
    }
    if (poll(fleet->polls, fleet->n_clients, 0) <= 0)
        return false;
    for (size_t i = 0; i < fleet->n_clients; i++) {
        struct mosquitto *mosquitto = fleet->clients[i].mosquitto;
        if (fleet->polls[i].revents & POLLOUT)
            mosquitto_loop_write(mosquitto, 1);
        if (fleet->polls[i].revents & (POLLIN | POLLERR | POLLHUP))
            mosquitto_loop_read(mosquitto, 1);
    }
    return true;
}

static void fleet_turn(gpointer self, int64_t now_us)
{
    Fleet *fleet = self;
    fleet->now_us = now_us;
    if (now_us - fleet->tended_us >= MISC_US) {
        fleet->tended_us = now_us;
        tend(fleet);
    }
    for (int round = 0; round < MAX_ROUNDS && exchange(fleet);)
        round++;
}

/* ---- the protocol ---- */

static void fleet_free(gpointer self)
{
    Fleet *fleet = self;
    if (!fleet)
        return;
    for (size_t i = 0; i < fleet->n_clients; i++) {
        mosquitto_disconnect(fleet->clients[i].mosquitto);
        mosquitto_destroy(fleet->clients[i].mosquitto);
        g_hash_table_unref(fleet->clients[i].waiting);
        g_queue_clear(&fleet->clients[i].queue);
    }
    g_string_free(fleet->topic, TRUE);
    g_string_free(fleet->text, TRUE);
    g_hash_table_unref(fleet->deaf);
    g_free(fleet->clients);
    g_free(fleet->polls);
    g_free(fleet->host);
    g_free(fleet->user);
    g_free(fleet->password);
    g_free(fleet);
    mosquitto_lib_cleanup();
}

static bool read_address(Fleet *fleet, const char *address, GError **error)
{
    g_autofree char *scheme = NULL;
    if (!g_uri_split_with_user(address, G_URI_FLAGS_HAS_PASSWORD, &scheme, &fleet->user,
                               &fleet->password, NULL, &fleet->host, &fleet->port, NULL, NULL, NULL,
                               error))
        return false;
    if (g_strcmp0(scheme, "mqtt") || !fleet->host || !*fleet->host) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s' is no address of the form mqtt://USER:PASSWORD@HOST:PORT (it is sent in "
                    "the clear: to this machine, or through a tunnel)",
                    address);
        return false;
    }
    if (fleet->port <= 0)
        fleet->port = DEFAULT_PORT;
    return true;
}

static bool add_client(Fleet *fleet, GError **error)
{
    Client *client = &fleet->clients[fleet->n_clients];
    client->fleet = fleet;
    client->mosquitto = mosquitto_new(NULL, true, client);
    if (!client->mosquitto) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot make an MQTT client: %s",
                    g_strerror(errno));
        return false;
    }
    client->waiting = g_hash_table_new(NULL, NULL);
    fleet->n_clients++;
    mosquitto_connect_callback_set(client->mosquitto, on_connect);
    mosquitto_disconnect_callback_set(client->mosquitto, on_disconnect);
    mosquitto_publish_callback_set(client->mosquitto, on_publish);
    mosquitto_int_option(client->mosquitto, MOSQ_OPT_SEND_MAXIMUM, MAX_UNDER_WAY);
    mosquitto_int_option(client->mosquitto, MOSQ_OPT_TCP_NODELAY, 1);
    if (fleet->user)
        mosquitto_username_pw_set(client->mosquitto, fleet->user, fleet->password);
    int problem = mosquitto_connect(client->mosquitto, fleet->host, fleet->port, KEEPALIVE_S);
    if (problem == MOSQ_ERR_SUCCESS)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot reach the broker at %s:%d: %s", fleet->host,
                fleet->port,
                problem == MOSQ_ERR_ERRNO ? g_strerror(errno) : mosquitto_strerror(problem));
    return false;
}

static gpointer fleet_open(const AppFeedSenderOptions *options, AppFeedSenderCrew *crew,
                           GError **error)
{
    Fleet *fleet = g_new0(Fleet, 1);
    size_t n = options->connections ? options->connections : DEFAULT_CLIENTS;
    n = MIN(MIN(n, MAX_CLIENTS), crew->n);
    mosquitto_lib_init();
    fleet->crew = crew;
    fleet->qos = options->qos;
    fleet->owntracks = options->shape == APP_FEED_SENDER_OWNTRACKS;
    fleet->topic = g_string_new(NULL);
    fleet->text = g_string_new(NULL);
    fleet->deaf = g_hash_table_new(NULL, NULL);
    fleet->clients = g_new0(Client, n);
    fleet->polls = g_new0(struct pollfd, n);
    bool ok = read_address(fleet, options->address, error);
    while (ok && fleet->n_clients < n)
        ok = add_client(fleet, error);
    if (ok)
        return fleet;
    fleet_free(fleet);
    return NULL;
}

static bool fleet_hears(gpointer self, uint32_t device)
{
    return client_of(self, device)->up && has_signal(self, device);
}

static void fleet_say(gpointer self, uint32_t device, int64_t now_us)
{
    Fleet *fleet = self;
    fleet->now_us = now_us;
    say_all(fleet, device);
}

static void fleet_signal(gpointer self, uint32_t device, bool found)
{
    Fleet *fleet = self;
    if (!found) {
        g_hash_table_add(fleet->deaf, GUINT_TO_POINTER(device));
        return;
    }
    g_hash_table_remove(fleet->deaf, GUINT_TO_POINTER(device));
    say_all(fleet, device);
}

static size_t fleet_report(gpointer self, AppFeedSenderReport *report)
{
    const Fleet *fleet = self;
    report->connections = fleet->n_clients;
    report->ready = fleet->n_ready;
    report->opened = fleet->opened;
    report->lost = fleet->lost;
    report->failed = fleet->failed;
    return fleet->n_clients;
}

const AppFeedSenderProtocol app_feed_sender_mqtt = {
    fleet_open, fleet_free, fleet_hears, fleet_say, fleet_signal, fleet_turn, fleet_report,
};
