/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phones: one request after the other on a connection that stays open, each with a place of one
 * device (OsmAnd), or with all that the device has to say (Traccar Client). The reader of answers
 * knows what a server says to us: a status, a length, bytes to pass over; an answer without a
 * length counts, and ends the connection. */
#include <gio/gio.h>
#include <string.h>

#include "app/feed/sender-protocol.h"
#include "app/feed/sender-wire.h"
#include "geo/decode/say.h"
#include "geo/model/error.h"

#define DEFAULT_PORT 80
#define MAX_HEAD 8192
#define MAX_PLACES 50 /* in one request */
#define SWEEP_US G_USEC_PER_SEC

typedef struct {
    GString *head;   /* owned; of the answer, as far as it has come */
    size_t n_pass;   /* bytes of its body that are still to come */
    GArray *waiting; /* uint32_t devices with something to say, owned */
    uint32_t device; /* whose request is on its way */
    uint32_t token;  /* of it; 0: none is */
    int64_t asked_us;
    bool up, settled;
} Line;

typedef struct {
    AppFeedSenderCrew *crew; /* borrowed */
    AppFeedSenderWire *wire; /* owned, as all below */
    Line *lines;
    char *host, *path; /* path ends with '?' or '&' for OsmAnd */
    GString *out, *body;
    GHashTable *deaf; /* devices without signal */
    size_t n_lines, n_ready;
    uint32_t token;
    bool client;
    int64_t patience_us, now_us, swept_us;
    uint64_t stalled;
} Fleet;

static uint32_t line_of(const Fleet *fleet, uint32_t device)
{
    return device % (uint32_t)fleet->n_lines;
}

/* ---- requests ---- */

static void write_request(Fleet *fleet, const GeoHeard *heard, size_t n)
{
    g_string_truncate(fleet->out, 0);
    g_string_truncate(fleet->body, 0);
    if (!fleet->client) {
        geo_say_osmand(fleet->body, heard);
        g_string_append_printf(fleet->out, "GET %s%s HTTP/1.1\r\nHost: %s\r\n\r\n", fleet->path,
                               fleet->body->str, fleet->host);
        return;
    }
    geo_say_traccar_client(fleet->body, heard, n);
    g_string_append_printf(fleet->out,
                           "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
                           "Content-Length: %zu\r\n\r\n",
                           fleet->path, fleet->host, fleet->body->len);
    g_string_append_len(fleet->out, fleet->body->str, (gssize)fleet->body->len);
}

/* What the device could not say before goes first. */
static bool ask(Fleet *fleet, uint32_t line, uint32_t device)
{
    Line *one = &fleet->lines[line];
    GeoHeard heard[MAX_PLACES];
    size_t n = 0, most = fleet->client ? MAX_PLACES : 1;
    fleet->token = fleet->token == G_MAXUINT32 ? 1 : fleet->token + 1;
    for (int late = 1; late >= 0 && n == 0; late--)
        n = app_feed_sender_crew_take(fleet->crew, device, late, fleet->token, fleet->now_us, heard,
                                      most);
    if (n == 0)
        return false;
    one->device = device;
    one->token = fleet->token;
    one->asked_us = fleet->now_us;
    write_request(fleet, heard, n);
    app_feed_sender_wire_say(fleet->wire, line, (const uint8_t *)fleet->out->str, fleet->out->len);
    return true;
}

static bool has_signal(const Fleet *fleet, uint32_t device)
{
    return !g_hash_table_contains(fleet->deaf, GUINT_TO_POINTER(device));
}

static void ask_next(Fleet *fleet, uint32_t line)
{
    Line *one = &fleet->lines[line];
    while (one->up && one->token == 0 && one->waiting->len > 0) {
        uint32_t device = g_array_index(one->waiting, uint32_t, 0);
        g_array_remove_index(one->waiting, 0);
        if (has_signal(fleet, device))
            ask(fleet, line, device);
    }
}

static void queue(Fleet *fleet, uint32_t device)
{
    g_array_append_val(fleet->lines[line_of(fleet, device)].waiting, device);
}

/* ---- answers ---- */

/* 429 and 5xx are of the moment: the same is said again. */
static void answer(Fleet *fleet, uint32_t line, int status)
{
    Line *one = &fleet->lines[line];
    uint32_t token = one->token;
    one->token = 0;
    if (!one->settled) {
        one->settled = true;
        app_feed_sender_wire_settle(fleet->wire, line);
    }
    if (status == 429 || status >= 500) {
        app_feed_sender_crew_unsay(fleet->crew, one->device, token);
        app_feed_sender_wire_hang_up(fleet->wire, line); /* and not before a while */
        queue(fleet, one->device);
        return;
    }
    app_feed_sender_crew_answer(fleet->crew, one->device, token,
                                status / 100 == 2 ? APP_FEED_SENDER_KEPT : APP_FEED_SENDER_REFUSED,
                                fleet->now_us);
    if (app_feed_sender_crew_has(fleet->crew, one->device, true) ||
        app_feed_sender_crew_has(fleet->crew, one->device, false))
        queue(fleet, one->device);
}

/* The value of a header line, or NULL. */
static const char *find_header(const char *head, const char *name)
{
    size_t n = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n"))
        if (!g_ascii_strncasecmp(line + 2, name, n) && line[2 + n] == ':')
            return line + 3 + n + strspn(line + 3 + n, " \t");
    return NULL;
}

/* One whole head. False: the line is to be hung up. */
static bool take_head(Fleet *fleet, uint32_t line)
{
    Line *one = &fleet->lines[line];
    const char *head = one->head->str;
    if (strncmp(head, "HTTP/1.", 7) || one->head->len < 12 || one->token == 0)
        return false;
    int status = (int)g_ascii_strtoll(head + 9, NULL, 10);
    const char *length = find_header(head, "Content-Length");
    const char *connection = find_header(head, "Connection");
    bool bodiless = status == 204 || status == 304;
    one->n_pass = length && !bodiless ? (size_t)g_ascii_strtoull(length, NULL, 10) : 0;
    bool ends = (!length && !bodiless) ||
                (connection && !g_ascii_strncasecmp(connection, "close", strlen("close")));
    g_string_truncate(one->head, 0);
    answer(fleet, line, status);
    return !ends;
}

static void on_heard(gpointer user, uint32_t line, const uint8_t *bytes, size_t n)
{
    Fleet *fleet = user;
    Line *one = &fleet->lines[line];
    fleet->now_us = g_get_monotonic_time();
    for (size_t i = 0; i < n; i++) {
        if (one->n_pass > 0) {
            size_t pass = MIN(one->n_pass, n - i);
            one->n_pass -= pass;
            i += pass - 1;
            continue;
        }
        g_string_append_c(one->head, (char)bytes[i]);
        bool whole = bytes[i] == '\n' && g_str_has_suffix(one->head->str, "\r\n\r\n");
        if ((whole && !take_head(fleet, line)) || one->head->len > MAX_HEAD) {
            app_feed_sender_wire_hang_up(fleet->wire, line);
            return;
        }
    }
    if (one->n_pass == 0)
        ask_next(fleet, line);
}

/* ---- the line ---- */

static void on_up(gpointer user, uint32_t line)
{
    Fleet *fleet = user;
    Line *one = &fleet->lines[line];
    fleet->now_us = g_get_monotonic_time();
    one->up = true;
    fleet->n_ready++;
    g_string_truncate(one->head, 0);
    one->n_pass = 0;
    ask_next(fleet, line);
}

/* It is opened again when there is something to say. */
static void on_down(gpointer user, uint32_t line)
{
    Fleet *fleet = user;
    Line *one = &fleet->lines[line];
    fleet->n_ready -= one->up;
    one->up = one->settled = false;
    if (one->token != 0) {
        app_feed_sender_crew_unsay(fleet->crew, one->device, one->token);
        queue(fleet, one->device);
    }
    one->token = 0;
    if (one->waiting->len == 0)
        app_feed_sender_wire_close(fleet->wire, line);
}

static const AppFeedSenderWireManners manners = {on_up, on_heard, on_down};

/* ---- the protocol ---- */

static void fleet_free(gpointer self)
{
    Fleet *fleet = self;
    if (!fleet)
        return;
    app_feed_sender_wire_free(fleet->wire);
    for (size_t i = 0; i < fleet->n_lines; i++) {
        g_string_free(fleet->lines[i].head, TRUE);
        g_array_unref(fleet->lines[i].waiting);
    }
    g_string_free(fleet->out, TRUE);
    g_string_free(fleet->body, TRUE);
    g_hash_table_unref(fleet->deaf);
    g_free(fleet->lines);
    g_free(fleet->host);
    g_free(fleet->path);
    g_free(fleet);
}

/* http://HOST:PORT/PATH?QUERY, whose query goes with every request (a token). */
static bool read_address(Fleet *fleet, const char *address, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(address, G_URI_FLAGS_ENCODED, error);
    if (!uri)
        return false;
    if (strcmp(g_uri_get_scheme(uri), "http") || !g_uri_get_host(uri) || !*g_uri_get_host(uri)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s' is no address of the form http://HOST:PORT/ (it is sent in the clear: to "
                    "this machine, or through a tunnel)",
                    address);
        return false;
    }
    int port = g_uri_get_port(uri) > 0 ? g_uri_get_port(uri) : DEFAULT_PORT;
    const char *path = g_uri_get_path(uri), *query = g_uri_get_query(uri);
    bool is_v6 = strchr(g_uri_get_host(uri), ':');
    fleet->host = g_strdup_printf(is_v6 ? "[%s]:%d" : "%s:%d", g_uri_get_host(uri), port);
    fleet->path = g_strconcat(*path ? path : "/", query || !fleet->client ? "?" : "",
                              query ? query : "", query && !fleet->client ? "&" : "", NULL);
    return true;
}

static gpointer fleet_open(const AppFeedSenderOptions *options, AppFeedSenderCrew *crew,
                           GError **error)
{
    Fleet *fleet = g_new0(Fleet, 1);
    size_t n_lines = options->connections ? MIN(options->connections, crew->n) : crew->n;
    fleet->crew = crew;
    fleet->client = options->shape == APP_FEED_SENDER_TRACCAR_CLIENT;
    fleet->out = g_string_new(NULL);
    fleet->body = g_string_new(NULL);
    fleet->deaf = g_hash_table_new(NULL, NULL);
    fleet->patience_us = (int64_t)(options->patience_s * G_USEC_PER_SEC);
    if (read_address(fleet, options->address, error))
        fleet->wire =
            app_feed_sender_wire_new(fleet->host, DEFAULT_PORT, n_lines, &manners, fleet, error);
    if (!fleet->wire) {
        fleet_free(fleet);
        return NULL;
    }
    fleet->n_lines = n_lines;
    fleet->lines = g_new0(Line, n_lines);
    for (size_t i = 0; i < n_lines; i++) {
        fleet->lines[i].head = g_string_new(NULL);
        fleet->lines[i].waiting = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    }
    return fleet;
}

/* A phone connects when it has something to say. */
static bool fleet_hears(gpointer self, uint32_t device)
{
    return has_signal(self, device);
}

static void fleet_say(gpointer self, uint32_t device, int64_t now_us)
{
    Fleet *fleet = self;
    uint32_t line = line_of(fleet, device);
    fleet->now_us = now_us;
    if (fleet->crew->devices[device].n == 0)
        return;
    queue(fleet, device);
    app_feed_sender_wire_open(fleet->wire, line);
    ask_next(fleet, line);
}

static void fleet_signal(gpointer self, uint32_t device, bool found)
{
    Fleet *fleet = self;
    if (found) {
        g_hash_table_remove(fleet->deaf, GUINT_TO_POINTER(device));
        fleet_say(fleet, device, g_get_monotonic_time());
        return;
    }
    g_hash_table_add(fleet->deaf, GUINT_TO_POINTER(device));
    if (fleet->n_lines == fleet->crew->n)
        app_feed_sender_wire_close(fleet->wire, device);
}

static void sweep(Fleet *fleet)
{
    for (size_t i = 0; i < fleet->n_lines; i++) {
        const Line *one = &fleet->lines[i];
        if (one->token == 0 || fleet->now_us - one->asked_us <= fleet->patience_us)
            continue;
        fleet->stalled++;
        app_feed_sender_wire_hang_up(fleet->wire, (uint32_t)i);
    }
}

static void fleet_turn(gpointer self, int64_t now_us)
{
    Fleet *fleet = self;
    fleet->now_us = now_us;
    if (now_us - fleet->swept_us >= SWEEP_US) {
        fleet->swept_us = now_us;
        sweep(fleet);
    }
    app_feed_sender_wire_turn(fleet->wire);
}

static size_t fleet_report(gpointer self, AppFeedSenderReport *report)
{
    const Fleet *fleet = self;
    const AppFeedSenderWireCounts *counts = app_feed_sender_wire_counts(fleet->wire);
    report->connections = fleet->n_lines;
    report->ready = fleet->n_ready;
    report->opened = counts->opened;
    report->lost = counts->lost;
    report->failed = counts->failed;
    report->stalled = fleet->stalled + counts->unsettled;
    return 0;
}

const AppFeedSenderProtocol app_feed_sender_http = {
    fleet_open, fleet_free, fleet_hears, fleet_say, fleet_signal, fleet_turn, fleet_report,
};
