/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/feed/courier.h"
#include "app/feed/feed-health.h"
#include "app/feed/http.h"
#include "app/feed/jt808.h"
#include "app/feed/mqtt.h"
#include "app/feed/push.h"
#include "app/feed/reports.h"
#include "geo/model/error.h"

#define LOCK_FILE "feed.lock"
#define KEY_FILE "feed.key"
#define PORCH_ROOM 4096
#define PORCH_ROOM_PER_ADDRESS 256
#define DESCRIPTORS 65536

enum { SOURCE_JT808, SOURCE_HTTP, SOURCE_MQTT, N_SOURCES };

struct AppFeed {
    GMainContext *context;
    char *path;
    int lock;
    AppFeedSecret secret;
    AppFeedTaking taking; /* owns admit and keeper */
    AppFeedPorch *porch;
    AppFeedBoard *board;
    AppFeedJt808 *jt808;
    AppFeedHttp *http;
    AppFeedMqtt *mqtt;
    AppFeedDoor *jt808_door, *http_door;
    AppFeedClerk *clerk;
    AppFeedCourier *courier;
    AppFeedReports *reports;
    AppFeedPush *push;
    GSource *ticker;
    GArray *alarms; /* GeoAdmitSos, the newest last */
    void (*alarmed)(const GeoAdmitSos *sos, gpointer user);
    gpointer user;
};

/* ---- health ---- */

GString *app_feed_health(AppFeed *feed)
{
    AppFeedState state = {.now_ms = g_get_real_time() / 1000,
                          .admit = feed->taking.admit,
                          .kept = app_feed_keeper_report(feed->taking.keeper),
                          .board = app_feed_board_counts(feed->board),
                          .alarms = feed->alarms,
                          .n_porch = app_feed_porch_n(feed->porch),
                          .sent_away = app_feed_porch_sent_away(feed->porch)};
    AppFeedMqttCounts mqtt;
    if (feed->jt808)
        state.jt808 = app_feed_jt808_counts(feed->jt808);
    if (feed->http)
        state.http = app_feed_http_counts(feed->http);
    if (feed->mqtt) {
        mqtt = app_feed_mqtt_counts(feed->mqtt);
        state.mqtt = &mqtt;
    }
    state.jt808_port = app_feed_jt808_port(feed);
    state.http_port = app_feed_http_port(feed);
    state.source_of_jt808 = SOURCE_JT808;
    state.source_of_http = SOURCE_HTTP;
    state.source_of_mqtt = SOURCE_MQTT;
    return app_feed_health_write(&state);
}

static GString *health_for_http(gpointer data)
{
    return app_feed_health(data);
}

static gboolean tick(gpointer data)
{
    AppFeed *feed = data;
    app_feed_board_hold(feed->board, app_feed_keeper_is_full(feed->taking.keeper));
    GString *health = app_feed_health(feed);
    g_autofree char *file = g_build_filename(feed->path, APP_FEED_HEALTH_FILE, NULL);
    /* Readers see a whole file or the one before; that it survives a power cut is nobody's need. */
    g_file_set_contents_full(file, health->str, (gssize)health->len, G_FILE_SET_CONTENTS_CONSISTENT,
                             0600, NULL);
    g_string_free(health, TRUE);
    return G_SOURCE_CONTINUE;
}

/* ---- what its parts tell ---- */

static void on_mustered(GeoMuster *muster, gpointer data)
{
    AppFeed *feed = data;
    geo_admit_renew(feed->taking.admit, muster);
    geo_muster_unref(muster);
}

static void on_alarm(const GeoAdmitSos *sos, gpointer data)
{
    AppFeed *feed = data;
    if (feed->alarms->len >= APP_FEED_HEALTH_ALARMS)
        g_array_remove_index(feed->alarms, 0);
    g_array_append_val(feed->alarms, *sos);
    if (feed->alarmed)
        feed->alarmed(sos, feed->user);
}

static bool send_text(const char *unit, const char *text, bool urgent, AppFeedTextDone done,
                      gpointer done_user, gpointer data)
{
    AppFeed *feed = data;
    return feed->jt808 && app_feed_jt808_text(feed->jt808, unit, text, urgent, done, done_user);
}

/* ---- opening ---- */

static bool take_lock(AppFeed *feed, GError **error)
{
    g_autofree char *file = g_build_filename(feed->path, LOCK_FILE, NULL);
    feed->lock = g_open(file, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (feed->lock < 0) {
        g_set_error(error, GEO_ERROR, errno == ENOENT ? GEO_ERROR_MISSING : GEO_ERROR_IO,
                    "cannot open '%s': %s", file, g_strerror(errno));
        return false;
    }
    if (flock(feed->lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_BUSY, "'%s' is fed by another process already",
                feed->path);
    return false;
}

/* Each terminal is a descriptor; the usual limit is 1,024. */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    struct rlimit more = {MAX(DESCRIPTORS, limit.rlim_cur), MAX(DESCRIPTORS, limit.rlim_max)};
    if (setrlimit(RLIMIT_NOFILE, &more) == 0) /* as root */
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static AppFeedDoor *open_door(AppFeed *feed, const char *text, GTlsCertificate *certificate,
                              AppFeedEnter enter, gpointer user, GError **error)
{
    g_autoptr(GSocketAddress) address = app_feed_door_address(text, error);
    if (!address)
        return NULL;
    /* On loopback TLS protects nothing and is in the way of the gateways that run there. */
    bool plain = app_feed_door_is_loopback(address);
    return app_feed_door_open(feed->context, address, plain ? NULL : certificate, feed->porch,
                              enter, user, error);
}

static bool open_jt808(AppFeed *feed, const AppFeedOptions *options, GTlsCertificate *certificate,
                       GError **error)
{
    AppFeedJt808Options how = {.source = SOURCE_JT808, .closed = options->closed};
    feed->jt808 = app_feed_jt808_new(feed->context, feed->board, feed->porch, &feed->taking,
                                     &feed->secret, &how);
    feed->jt808_door =
        open_door(feed, options->jt808, certificate, app_feed_jt808_enter, feed->jt808, error);
    return feed->jt808_door != NULL;
}

static bool open_http(AppFeed *feed, const AppFeedOptions *options, GTlsCertificate *certificate,
                      GError **error)
{
    g_autoptr(GSocketAddress) address = app_feed_door_address(options->http, error);
    if (!address)
        return false;
    AppFeedHttpOptions how = {.source = SOURCE_HTTP,
                              .codes = !app_feed_door_is_loopback(address),
                              .health = health_for_http,
                              .text = send_text,
                              .user = feed};
    feed->http = app_feed_http_new(feed->context, feed->porch, &feed->taking, &feed->secret, &how);
    feed->http_door =
        open_door(feed, options->http, certificate, app_feed_http_enter, feed->http, error);
    return feed->http_door != NULL;
}

static bool read_certificate(const AppFeedOptions *options, GTlsCertificate **certificate,
                             GError **error)
{
    if (!options->certificate)
        return true;
    *certificate = g_tls_certificate_new_from_files(
        options->certificate, options->key ? options->key : options->certificate, error);
    if (!*certificate)
        g_prefix_error(error, "cannot use the certificate '%s': ", options->certificate);
    return *certificate != NULL;
}

static bool open_all(AppFeed *feed, const AppFeedOptions *options, GError **error)
{
    g_autoptr(GTlsCertificate) certificate = NULL;
    g_autoptr(GeoMuster) muster = NULL;
    g_autofree char *key = g_build_filename(feed->path, KEY_FILE, NULL);
    AppFeedKeeperManners manners = {on_mustered, feed};
    if (!read_certificate(options, &certificate, error) || !take_lock(feed, error) ||
        !app_feed_secret_read(key, &feed->secret, error))
        return false;
    feed->taking.keeper = app_feed_keeper_new(feed->path, feed->context, &manners, &muster, error);
    if (!feed->taking.keeper)
        return false;
    feed->taking.admit = geo_admit_new(muster, N_SOURCES);
    feed->taking.alarmed = on_alarm;
    feed->taking.user = feed;
    feed->porch = app_feed_porch_new(PORCH_ROOM, PORCH_ROOM_PER_ADDRESS);
    feed->board = app_feed_board_new(feed->context);
    if ((options->jt808 && !open_jt808(feed, options, certificate, error)) ||
        (options->http && !open_http(feed, options, certificate, error)))
        return false;
    if (options->mqtt)
        feed->mqtt = app_feed_mqtt_new(feed->context, options->mqtt, options->mqtt_password,
                                       options->mqtt_ca, &feed->taking, SOURCE_MQTT, error);
    if (options->mqtt && !feed->mqtt)
        return false;
    feed->clerk = app_feed_clerk_new(feed->path, feed->context, error);
    if (!feed->clerk)
        return false;
    feed->courier = app_feed_courier_new(feed->context, feed->clerk, &feed->taking, feed->jt808,
                                         feed->mqtt, feed->http, SOURCE_MQTT, SOURCE_HTTP);
    if (feed->http)
        feed->reports = app_feed_reports_new(feed->http, feed->clerk);
    feed->push = app_feed_push_new(feed->context, feed->clerk, &feed->secret);
    return true;
}

AppFeed *app_feed_new(const char *path, const AppFeedOptions *options, GMainContext *context,
                      GError **error)
{
    AppFeed *feed = g_new0(AppFeed, 1);
    feed->context = g_main_context_ref(context);
    feed->path = g_strdup(path);
    feed->lock = -1;
    feed->alarms = g_array_new(FALSE, FALSE, sizeof(GeoAdmitSos));
    raise_descriptors();
    if (!open_all(feed, options, error)) {
        app_feed_free(feed);
        return NULL;
    }
    feed->ticker = g_timeout_source_new_seconds(1);
    g_source_set_callback(feed->ticker, tick, feed, NULL);
    g_source_attach(feed->ticker, context);
    tick(feed);
    return feed;
}

void app_feed_free(AppFeed *feed)
{
    if (!feed)
        return;
    g_autofree char *file = g_build_filename(feed->path, APP_FEED_HEALTH_FILE, NULL);
    if (feed->ticker) {
        g_source_destroy(feed->ticker);
        g_source_unref(feed->ticker);
        g_unlink(file);
    }
    /* First nobody new, then what was gathered and its answers, then the connections. */
    app_feed_door_close(feed->jt808_door);
    app_feed_door_close(feed->http_door);
    app_feed_courier_close(feed->courier);
    app_feed_push_close(feed->push);
    app_feed_clerk_free(feed->clerk); /* answers whom it was asked by */
    app_feed_mqtt_free(feed->mqtt);
    app_feed_keeper_free(feed->taking.keeper);
    app_feed_board_free(feed->board);
    app_feed_jt808_free(
        feed->jt808); /* tells of texts that wait, which requests by HTTP asked for */
    app_feed_http_free(feed->http);
    app_feed_courier_free(feed->courier);
    app_feed_reports_free(feed->reports);
    app_feed_push_free(feed->push);
    app_feed_porch_free(feed->porch);
    geo_admit_free(feed->taking.admit);
    g_array_unref(feed->alarms);
    if (feed->lock >= 0)
        close(feed->lock);
    g_main_context_unref(feed->context);
    g_free(feed->path);
    g_free(feed);
}

guint16 app_feed_jt808_port(const AppFeed *feed)
{
    return feed->jt808_door ? app_feed_door_port(feed->jt808_door) : 0;
}

guint16 app_feed_http_port(const AppFeed *feed)
{
    return feed->http_door ? app_feed_door_port(feed->http_door) : 0;
}

void app_feed_set_alarm(AppFeed *feed, void (*alarmed)(const GeoAdmitSos *sos, gpointer user),
                        gpointer user)
{
    feed->alarmed = alarmed;
    feed->user = user;
}

char *app_feed_dup_code(const char *path, const char *use, const char *key, GError **error)
{
    g_autofree char *file = g_build_filename(path, KEY_FILE, NULL);
    AppFeedSecret secret;
    char code[APP_FEED_CODE_SIZE];
    if (!app_feed_secret_read(file, &secret, error))
        return NULL;
    app_feed_secret_code(&secret, use, key, code);
    return g_strdup(code);
}
