/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Positions pushed by HTTP: the OsmAnd form and Traccar Client's JSON at "/", a Traccar server's
 * forward at "/traccar", OwnTracks at "/owntracks", an EMQX gateway's messages at "/emqx"; each is
 * answered 200 when it is on disk. "/health" tells how the feeds are, "/text?unit=KEY" sends its
 * body down to a terminal. Off loopback every request carries a code, as "Authorization: Bearer
 * CODE" or "?token=CODE": that of the device, or that of a gateway, which speaks for all. */
#include "app/feed/door.h"
#include "app/feed/jt808.h"
#include "app/feed/secret.h"
#include "app/feed/taking.h"

#define APP_FEED_GATEWAY "*" /* the name that a gateway's code is made for */

typedef struct AppFeedHttp AppFeedHttp;

typedef struct {
    uint32_t source;
    bool codes; /* every request carries one */
    GString *(*health)(gpointer user);
    /* As app_feed_jt808_text(); unit is a device's key or a unit's code. */
    bool (*text)(const char *unit, const char *text, bool urgent, AppFeedTextDone done,
                 gpointer done_user, gpointer user);
    gpointer user;
} AppFeedHttpOptions;

typedef struct {
    size_t connections;
    uint64_t requests, refused, wrong; /* refused: no code; wrong: not understood */
} AppFeedHttpCounts;

/* All it is given is borrowed. Call with context as the thread's default. */
AppFeedHttp *app_feed_http_new(GMainContext *context, AppFeedPorch *porch, AppFeedTaking *taking,
                               const AppFeedSecret *secret, const AppFeedHttpOptions *options);
void app_feed_http_free(AppFeedHttp *http);

/* ---- paths that others serve ---- */

typedef struct AppFeedHttpCall AppFeedHttpCall; /* one request, until its handler returns */
typedef void (*AppFeedHttpServe)(AppFeedHttpCall *call, gpointer user);

/* user must outlive http, or be asked nothing any more. */
void app_feed_http_serve(AppFeedHttp *http, const char *path, AppFeedHttpServe serve,
                         gpointer user);

bool app_feed_http_is(const AppFeedHttpCall *call, const char *method);
const char *app_feed_http_query(const AppFeedHttpCall *call, const char *name); /* NULL: none */
GBytes *app_feed_http_body(const AppFeedHttpCall *call);                        /* the caller's */

/* The request carries the code of key for that use, or a gateway's, or need not; else it is
 * answered 401. */
bool app_feed_http_may(AppFeedHttpCall *call, const char *use, const char *key);

/* At once. What begins with '{' is JSON. */
void app_feed_http_answer(AppFeedHttpCall *call, unsigned status, const char *text);

/* Later, by the number; a client that has gone is no matter. */
uint64_t app_feed_http_wait(AppFeedHttpCall *call);
void app_feed_http_answer_later(AppFeedHttp *http, uint64_t id, unsigned status, const char *text);

/* A connection from a door. */
void app_feed_http_enter(GSocket *socket, GIOStream *stream, gpointer http);

const AppFeedHttpCounts *app_feed_http_counts(const AppFeedHttp *http);
