/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The feeds of a city: listeners and clients that bring its units' positions in, the gate and the
 * writer behind them, and how they are. One at a time for a city. Runs in one GMainContext, which
 * is the calling thread's default, with one writer thread. */
#include <gio/gio.h>
#include <stdbool.h>

#include "geo/work/admit.h"

typedef struct {
    const char *jt808, *http;      /* addresses to listen on: "8100", "0.0.0.0:8100"; NULL: not */
    const char *mqtt;              /* url of a broker; NULL: none */
    const char *certificate, *key; /* PEM files for listeners that are not on loopback; NULL */
    const char *mqtt_password, *mqtt_ca;
    bool closed; /* terminals that have no code yet get none */
} AppFeedOptions;

typedef struct AppFeed AppFeed;

/* GEO_ERROR_BUSY when another process feeds the city. */
AppFeed *app_feed_new(const char *path, const AppFeedOptions *options, GMainContext *context,
                      GError **error);
/* Ends the connections and writes what is gathered. */
void app_feed_free(AppFeed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppFeed, app_feed_free)

/* The ports that are listened on; 0: not. */
guint16 app_feed_jt808_port(const AppFeed *feed);
guint16 app_feed_http_port(const AppFeed *feed);

/* What the feed writes once a second to the city's feed-health.json, for whoever shows it. */
GString *app_feed_health(AppFeed *feed);
#define APP_FEED_HEALTH_FILE "feed-health.json"

/* Called from the context when a unit, or a device that nobody knows, raises an emergency. */
void app_feed_set_alarm(AppFeed *feed, void (*alarmed)(const GeoAdmitSos *sos, gpointer user),
                        gpointer user);

/* The code that a device gives with HTTP ("http") or JT/T 808 ("jt808"); key "*" is a gateway's.
 * Makes the city's key where there is none. The caller frees. */
char *app_feed_dup_code(const char *path, const char *use, const char *key, GError **error);
