/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/mqtt.h"

#include <glib-unix.h>
#include <mosquitto.h>
#include <poll.h>
#include <string.h>

#include "geo/decode/emqx.h"
#include "geo/decode/owntracks.h"
#include "geo/decode/traccar.h"
#include "geo/model/error.h"

#define KEEPALIVE_S 30
#define TICK_MS 500
#define MAX_BACK_OFF_S 30
#define AT_ONCE 1024 /* packets before others have their turn */
#define MAX_MESSAGE 65536

struct AppFeedMqtt {
    GMainContext *context;
    AppFeedTaking *taking;
    uint32_t source;
    struct mosquitto *client; /* owned, as all below */
    char *host;
    int port;
    char **topics;
    GSource *socket, *ticker;
    int fd;
    GArray *heard;    /* GeoHeard, reused */
    GHashTable *sent; /* number of a publication -> uint64_t *, its tag, owned */
    AppFeedMqttManners manners;
    gint64 retry_us;
    unsigned back_off_s;
    AppFeedMqttCounts counts;
    char *trouble;
};

static void set_trouble(AppFeedMqtt *mqtt, const char *words)
{
    g_free(mqtt->trouble);
    mqtt->trouble = g_strdup(words);
}

/* ---- messages ---- */

static GeoHeardResult decode(const char *topic, const char *text, size_t n, GArray *heard)
{
    if (g_str_has_prefix(topic, "owntracks/"))
        return geo_owntracks_heard(topic, text, n, heard, NULL);
    if (g_str_has_prefix(topic, "jt808/"))
        return geo_emqx_heard(text, n, heard, NULL);
    return geo_traccar_heard(text, n, heard, NULL);
}

static void on_message(struct mosquitto *client, void *data, const struct mosquitto_message *said)
{
    AppFeedMqtt *mqtt = data;
    mqtt->counts.messages++;
    g_array_set_size(mqtt->heard, 0);
    if (said->payloadlen <= 0 || said->payloadlen > MAX_MESSAGE) {
        mqtt->counts.wrong++;
        return;
    }
    if (g_str_has_prefix(said->topic, APP_FEED_MQTT_RECEIPTS)) {
        if (mqtt->manners.receipt && !said->retain)
            mqtt->manners.receipt(said->topic + strlen(APP_FEED_MQTT_RECEIPTS), said->payload,
                                  (size_t)said->payloadlen, mqtt->manners.user);
        return;
    }
    GeoHeardResult result =
        decode(said->topic, said->payload, (size_t)said->payloadlen, mqtt->heard);
    if (result != GEO_HEARD_FINE && result != GEO_HEARD_OTHER)
        mqtt->counts.wrong++;
    /* What the broker kept for late comers is an old place, whatever its time says. */
    for (guint i = 0; said->retain && i < mqtt->heard->len; i++)
        g_array_index(mqtt->heard, GeoHeard, i).flags |= GEO_HEARD_LATE;
    if (mqtt->heard->len > 0)
        app_feed_taking_hear(mqtt->taking, mqtt->heard, mqtt->source, NULL);
}

static void on_publish(struct mosquitto *client, void *data, int number)
{
    AppFeedMqtt *mqtt = data;
    const uint64_t *tag = g_hash_table_lookup(mqtt->sent, GINT_TO_POINTER(number));
    if (tag && mqtt->manners.sent)
        mqtt->manners.sent(*tag, mqtt->manners.user);
    g_hash_table_remove(mqtt->sent, GINT_TO_POINTER(number));
}

/* ---- the connection ---- */

static void drop_source(GSource **source)
{
    if (*source) {
        g_source_destroy(*source);
        g_source_unref(*source);
        *source = NULL;
    }
}

static void on_connect(struct mosquitto *client, void *data, int code)
{
    AppFeedMqtt *mqtt = data;
    if (code != 0) {
        set_trouble(mqtt, mosquitto_connack_string(code));
        return;
    }
    mqtt->counts.connected = true;
    mqtt->counts.connections++;
    mqtt->back_off_s = 1;
    g_clear_pointer(&mqtt->trouble, g_free);
    for (guint i = 0; mqtt->topics[i]; i++)
        mosquitto_subscribe(client, NULL, mqtt->topics[i], 1);
    mosquitto_subscribe(client, NULL, APP_FEED_MQTT_RECEIPTS "#", 1);
}

static void lose(AppFeedMqtt *mqtt, int code)
{
    drop_source(&mqtt->socket);
    mqtt->fd = -1;
    if (mqtt->counts.connected || !mqtt->trouble)
        set_trouble(mqtt, code == MOSQ_ERR_SUCCESS ? "the broker closed the connection"
                                                   : mosquitto_strerror(code));
    mqtt->counts.connected = false;
    mqtt->retry_us = g_get_monotonic_time() + (gint64)mqtt->back_off_s * G_USEC_PER_SEC;
    mqtt->back_off_s = MIN(mqtt->back_off_s * 2, MAX_BACK_OFF_S);
}

static void on_disconnect(struct mosquitto *client, void *data, int code)
{
    lose(data, code);
}

static bool has_more(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    return fd >= 0 && poll(&one, 1, 0) > 0;
}

static gboolean on_ready(gint fd, GIOCondition condition, gpointer data)
{
    AppFeedMqtt *mqtt = data;
    int code = MOSQ_ERR_SUCCESS;
    for (int i = 0; i < AT_ONCE && code == MOSQ_ERR_SUCCESS && has_more(mqtt->fd); i++)
        code = mosquitto_loop_read(mqtt->client, 1);
    if (code == MOSQ_ERR_SUCCESS && mosquitto_want_write(mqtt->client))
        code = mosquitto_loop_write(mqtt->client, 1);
    if (code != MOSQ_ERR_SUCCESS && mqtt->fd >= 0)
        lose(mqtt, code);
    return mqtt->fd >= 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void listen_to(AppFeedMqtt *mqtt)
{
    drop_source(&mqtt->socket);
    mqtt->fd = mosquitto_socket(mqtt->client);
    if (mqtt->fd < 0)
        return;
    mqtt->socket = g_unix_fd_source_new(mqtt->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
    g_source_set_callback(mqtt->socket, G_SOURCE_FUNC(on_ready), mqtt, NULL);
    g_source_attach(mqtt->socket, mqtt->context);
}

static void connect_now(AppFeedMqtt *mqtt)
{
    mqtt->retry_us = G_MAXINT64;
    int code = mosquitto_connect_async(mqtt->client, mqtt->host, mqtt->port, KEEPALIVE_S);
    if (code != MOSQ_ERR_SUCCESS) {
        lose(mqtt, code);
        return;
    }
    listen_to(mqtt);
}

static gboolean tick(gpointer data)
{
    AppFeedMqtt *mqtt = data;
    if (g_get_monotonic_time() >= mqtt->retry_us)
        connect_now(mqtt);
    /* While nothing can be written the broker keeps what it has. */
    bool full = app_feed_keeper_is_full(mqtt->taking->keeper);
    if (full)
        drop_source(&mqtt->socket);
    else if (mqtt->fd >= 0 && !mqtt->socket)
        listen_to(mqtt);
    if (mqtt->fd < 0)
        return G_SOURCE_CONTINUE;
    int code = mosquitto_loop_misc(mqtt->client);
    if (code == MOSQ_ERR_SUCCESS && mosquitto_want_write(mqtt->client))
        code = mosquitto_loop_write(mqtt->client, 1);
    if (code != MOSQ_ERR_SUCCESS && mqtt->fd >= 0)
        lose(mqtt, code);
    return G_SOURCE_CONTINUE;
}

/* ---- what the url says ---- */

static bool is_loopback(const char *host)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
    return !strcmp(host, "localhost") || (address && g_inet_address_get_is_loopback(address));
}

static bool wrong_url(const char *url, const char *why, GError **error)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "'%s' %s: write mqtt://127.0.0.1:1883/owntracks/# or "
                "mqtts://user@broker:8883/TOPIC,TOPIC",
                url, why);
    return false;
}

static bool read_topics(AppFeedMqtt *mqtt, const char *url, const char *path, GError **error)
{
    mqtt->topics = g_strsplit(path + (*path == '/'), ",", -1);
    if (!mqtt->topics[0])
        return wrong_url(url, "names no topic", error);
    for (guint i = 0; mqtt->topics[i]; i++)
        if (mosquitto_sub_topic_check(mqtt->topics[i]) != MOSQ_ERR_SUCCESS || !*mqtt->topics[i])
            return wrong_url(url, "names a topic that is none", error);
    return true;
}

/* '#' is a topic's word here and no fragment, so the url is cut by hand at its path. */
static bool read_url(AppFeedMqtt *mqtt, const char *url, char **user, bool *tls, GError **error)
{
    const char *slashes = strstr(url, "://"), *path = slashes ? strchr(slashes + 3, '/') : NULL;
    g_autofree char *head = g_strndup(url, path ? (gsize)(path - url) : strlen(url));
    g_autofree char *scheme = NULL;
    if (!slashes || !g_uri_split_with_user(head, G_URI_FLAGS_NONE, &scheme, user, NULL, NULL,
                                           &mqtt->host, &mqtt->port, NULL, NULL, NULL, NULL))
        return wrong_url(url, "is no address of a broker", error);
    *tls = !strcmp(scheme, "mqtts");
    if ((!*tls && strcmp(scheme, "mqtt") != 0) || !mqtt->host || !*mqtt->host)
        return wrong_url(url, "is no address of a broker", error);
    if (mqtt->port < 0)
        mqtt->port = *tls ? 8883 : 1883;
    if (!*tls && !is_loopback(mqtt->host)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "'%s' is not on this machine: positions cross a network only under TLS, write "
                    "mqtts://",
                    url);
        return false;
    }
    return read_topics(mqtt, url, path ? path : "", error);
}

static bool prepare_client(AppFeedMqtt *mqtt, const char *user, const char *password, bool tls,
                           const char *ca, GError **error)
{
    /* The broker keeps for a known client what came while it was away. */
    g_autofree char *name = g_strdup_printf("gridbeat-%s", g_get_host_name());
    mqtt->client = mosquitto_new(name, false, mqtt);
    int code = mqtt->client ? MOSQ_ERR_SUCCESS : MOSQ_ERR_NOMEM;
    if (code == MOSQ_ERR_SUCCESS && (user || password))
        code = mosquitto_username_pw_set(mqtt->client, user ? user : "gridbeat", password);
    if (code == MOSQ_ERR_SUCCESS && tls)
        code = mosquitto_tls_set(mqtt->client, ca, ca ? NULL : "/etc/ssl/certs", NULL, NULL, NULL);
    if (code != MOSQ_ERR_SUCCESS) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot prepare for MQTT: %s",
                    mosquitto_strerror(code));
        return false;
    }
    mosquitto_connect_callback_set(mqtt->client, on_connect);
    mosquitto_disconnect_callback_set(mqtt->client, on_disconnect);
    mosquitto_message_callback_set(mqtt->client, on_message);
    mosquitto_publish_callback_set(mqtt->client, on_publish);
    return true;
}

AppFeedMqtt *app_feed_mqtt_new(GMainContext *context, const char *url, const char *password,
                               const char *ca, AppFeedTaking *taking, uint32_t source,
                               GError **error)
{
    static gsize ready = 0;
    if (g_once_init_enter(&ready)) {
        mosquitto_lib_init();
        g_once_init_leave(&ready, 1);
    }
    g_autofree char *user = NULL;
    bool tls;
    AppFeedMqtt *mqtt = g_new0(AppFeedMqtt, 1);
    mqtt->context = context;
    mqtt->taking = taking;
    mqtt->source = source;
    mqtt->fd = -1;
    mqtt->back_off_s = 1;
    mqtt->heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    mqtt->sent = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    if (!read_url(mqtt, url, &user, &tls, error) ||
        !prepare_client(mqtt, user, password, tls, ca, error)) {
        app_feed_mqtt_free(mqtt);
        return NULL;
    }
    mqtt->ticker = g_timeout_source_new(TICK_MS);
    g_source_set_callback(mqtt->ticker, tick, mqtt, NULL);
    g_source_attach(mqtt->ticker, context);
    connect_now(mqtt);
    return mqtt;
}

void app_feed_mqtt_free(AppFeedMqtt *mqtt)
{
    if (!mqtt)
        return;
    drop_source(&mqtt->socket);
    drop_source(&mqtt->ticker);
    if (mqtt->client) {
        mosquitto_disconnect_callback_set(mqtt->client, NULL);
        mosquitto_disconnect(mqtt->client);
        mosquitto_destroy(mqtt->client);
    }
    g_array_unref(mqtt->heard);
    g_hash_table_unref(mqtt->sent);
    g_strfreev(mqtt->topics);
    g_free(mqtt->host);
    g_free(mqtt->trouble);
    g_free(mqtt);
}

void app_feed_mqtt_set_manners(AppFeedMqtt *mqtt, const AppFeedMqttManners *manners)
{
    mqtt->manners = *manners;
}

bool app_feed_mqtt_order(AppFeedMqtt *mqtt, const char *key, const char *text, uint64_t tag)
{
    g_autofree char *topic = g_strconcat(APP_FEED_MQTT_ORDERS, key, NULL);
    int number = 0;
    if (!mqtt->counts.connected || mosquitto_pub_topic_check(topic) != MOSQ_ERR_SUCCESS)
        return false;
    /* Not retained: whoever comes later is told by the city, if it is still to go there. */
    if (mosquitto_publish(mqtt->client, &number, topic, (int)strlen(text), text, 1, false) !=
        MOSQ_ERR_SUCCESS)
        return false;
    g_hash_table_insert(mqtt->sent, GINT_TO_POINTER(number), g_memdup2(&tag, sizeof tag));
    if (mosquitto_want_write(mqtt->client))
        mosquitto_loop_write(mqtt->client, 1);
    return true;
}

AppFeedMqttCounts app_feed_mqtt_counts(const AppFeedMqtt *mqtt)
{
    AppFeedMqttCounts counts = mqtt->counts;
    counts.trouble = mqtt->trouble;
    return counts;
}
