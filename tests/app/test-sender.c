/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated devices against a small server of this test on loopback, which answers as a feed does,
 * or closes, stalls and refuses. What arrives is read by the decoders of geo/decode. */
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/feed/sender.h"
#include "geo/decode/jt808-write.h"
#include "geo/decode/osmand.h"
#include "geo/decode/traccar.h"

#define N 12
#define ROUNDS 8
#define BASE_MS INT64_C(1790000000000)
#define MAX_LINES 64
#define PATIENCE_US (20 * G_USEC_PER_SEC)

typedef enum {
    SOUND,
    SILENT,    /* takes all and answers no place */
    FAILING,   /* answers that it could not keep it */
    CLOSING,   /* hangs up at the second message of a connection with a place */
    REFUSING,  /* registers nobody */
    RAVING,    /* bytes that are no frame before each answer */
    TEXTING,   /* sends a text down with the first answer */
    BUSY,      /* HTTP 503, twice for each place */
    PIECEWISE, /* each answer byte by byte */
    ENDLESS,   /* answers without a length, and closes */
} Manner;

typedef struct {
    int fd;
    GeoJt808Stream *stream;
    GString *text;
    unsigned n_places;
    uint16_t serial;
} Peer;

typedef struct {
    GThread *thread;
    int listener;
    guint16 port;
    bool http;
    gint manner, stop;          /* atomic */
    gint texts_taken, accepted; /* likewise */
    GMutex lock;
    GArray *heard; /* GeoHeard, under the lock */
    Peer peers[MAX_LINES];
    size_t n_peers;
    unsigned n_busy;
} Server;

/* ---- the server ---- */

static void say(Peer *peer, const void *bytes, size_t n)
{
    g_assert_cmpint(send(peer->fd, bytes, n, MSG_NOSIGNAL), ==, (ssize_t)n);
}

static void keep(Server *server, GArray *heard)
{
    g_mutex_lock(&server->lock);
    g_array_append_vals(server->heard, heard->data, heard->len);
    g_mutex_unlock(&server->lock);
}

/* False: hang up. */
static bool answer_frame(Server *server, Peer *peer, const GeoJt808Frame *frame)
{
    Manner manner = (Manner)g_atomic_int_get(&server->manner);
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    GeoJt808Ack ack;
    GeoJt808Auth auth;
    GeoJt808Register registration;
    GeoJt808Result result = GEO_JT808_DONE;
    switch (frame->id) {
    case GEO_JT808_REGISTER:
        g_assert_true(geo_jt808_register(frame, &registration));
        geo_jt808_write_registered(out, frame, peer->serial++,
                                   manner == REFUSING ? GEO_JT808_NO_TERMINAL : GEO_JT808_WELCOME,
                                   frame->key);
        break;
    case GEO_JT808_AUTH:
        g_assert_true(geo_jt808_auth(frame, &auth));
        g_assert_cmpmem(auth.code, auth.n_code, frame->key, strlen(frame->key));
        geo_jt808_write_ack(out, frame, peer->serial++, GEO_JT808_DONE);
        break;
    case GEO_JT808_ACK:
        g_assert_true(geo_jt808_ack(frame, &ack));
        g_assert_cmpint(ack.id, ==, GEO_JT808_TEXT);
        g_assert_cmpint(ack.result, ==, GEO_JT808_DONE);
        g_atomic_int_inc(&server->texts_taken);
        break;
    case GEO_JT808_LOCATION:
    case GEO_JT808_BATCH:
        g_assert_cmpint(geo_jt808_heard(frame, heard, NULL), ==, GEO_HEARD_FINE);
        if (manner == SILENT)
            return true;
        if (manner == CLOSING && ++peer->n_places == 2)
            return false;
        if (manner == RAVING)
            g_byte_array_append(out, (const uint8_t *)"\x7e\x01\x02 no frame \x7e", 13);
        if (manner == TEXTING)
            geo_jt808_write_text(out, &frame->peer, peer->serial++, GEO_JT808_TEXT_SCREEN, 1, "来");
        if (manner == FAILING)
            result = GEO_JT808_FAILED;
        else
            keep(server, heard);
        geo_jt808_write_ack(out, frame, peer->serial++, result);
        break;
    default:
        g_assert_not_reached();
    }
    say(peer, out->data, out->len);
    return true;
}

static bool hear_frames(Server *server, Peer *peer, const uint8_t *bytes, size_t n)
{
    for (;;) {
        GeoJt808Frame frame;
        GeoJt808Fault fault;
        GeoJt808Event event = geo_jt808_stream_next(peer->stream, &bytes, &n, &frame, &fault);
        if (event == GEO_JT808_MORE)
            return true;
        g_assert_cmpint(event, ==, GEO_JT808_FRAME);
        if (!answer_frame(server, peer, &frame))
            return false;
    }
}

static bool answer_request(Server *server, Peer *peer, GArray *heard)
{
    static const char fine[] = "HTTP/1.1 200 OK\r\nServer: test\r\ncontent-length: 5\r\n\r\nfine\n";
    static const char busy[] = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
    static const char wrong[] = "HTTP/1.1 400 Wrong\r\nContent-Length: 0\r\n\r\n";
    static const char endless[] = "HTTP/1.0 200 OK\r\n\r\nfine";
    switch ((Manner)g_atomic_int_get(&server->manner)) {
    case SILENT:
        return true;
    case CLOSING:
        if (++peer->n_places == 2)
            return false;
        break;
    case FAILING:
        say(peer, wrong, strlen(wrong));
        return true;
    case BUSY:
        if (++server->n_busy % 3 != 0) {
            say(peer, busy, strlen(busy));
            return true;
        }
        break;
    case PIECEWISE:
        keep(server, heard);
        for (size_t i = 0; i < strlen(fine); i++)
            say(peer, fine + i, 1);
        return true;
    case ENDLESS:
        keep(server, heard);
        say(peer, endless, strlen(endless));
        return false;
    default:
        break;
    }
    keep(server, heard);
    say(peer, fine, strlen(fine));
    return true;
}

/* One request at a time is all that our phones have under way. */
static bool hear_request(Server *server, Peer *peer, const uint8_t *bytes, size_t n)
{
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    g_string_append_len(peer->text, (const char *)bytes, (gssize)n);
    const char *end = strstr(peer->text->str, "\r\n\r\n");
    if (!end)
        return true;
    const char *length = strstr(peer->text->str, "Content-Length: ");
    size_t n_body = length ? (size_t)g_ascii_strtoull(length + 16, NULL, 10) : 0;
    if (strlen(end + 4) < n_body)
        return true;
    g_assert_cmpuint(strlen(end + 4), ==, n_body);
    GeoHeardResult result;
    if (g_str_has_prefix(peer->text->str, "GET /here?token=7&")) {
        const char *query = peer->text->str + strlen("GET /here?");
        result = geo_osmand_heard(query, strcspn(query, " "), GEO_OSMAND_KNOTS, 0, heard, NULL);
    } else {
        g_assert_true(g_str_has_prefix(peer->text->str, "POST /here?token=7 HTTP/1.1\r\n"));
        result = geo_traccar_client_heard(end + 4, n_body, heard, NULL);
    }
    g_assert_cmpint(result, ==, GEO_HEARD_FINE);
    g_string_truncate(peer->text, 0);
    return answer_request(server, peer, heard);
}

static void end_peer(Server *server, size_t i)
{
    close(server->peers[i].fd);
    geo_jt808_stream_free(server->peers[i].stream);
    g_string_free(server->peers[i].text, TRUE);
    server->peers[i] = server->peers[--server->n_peers];
}

static void accept_peer(Server *server)
{
    int fd = accept(server->listener, NULL, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpuint(server->n_peers, <, MAX_LINES);
    g_atomic_int_inc(&server->accepted);
    server->peers[server->n_peers++] =
        (Peer){.fd = fd, .stream = geo_jt808_stream_new(), .text = g_string_new(NULL)};
}

static gpointer serve(gpointer data)
{
    Server *server = data;
    while (!g_atomic_int_get(&server->stop)) {
        struct pollfd polls[MAX_LINES + 1];
        size_t n = server->n_peers;
        for (size_t i = 0; i < n; i++)
            polls[i] = (struct pollfd){.fd = server->peers[i].fd, .events = POLLIN};
        polls[n] = (struct pollfd){.fd = server->listener, .events = POLLIN};
        poll(polls, n + 1, 10);
        for (size_t i = n; i-- > 0;) {
            uint8_t bytes[4096];
            if (!polls[i].revents)
                continue;
            Peer *peer = &server->peers[i];
            ssize_t got = recv(peer->fd, bytes, sizeof bytes, 0);
            if (got <= 0 || !(server->http ? hear_request(server, peer, bytes, (size_t)got)
                                           : hear_frames(server, peer, bytes, (size_t)got)))
                end_peer(server, i);
        }
        if (polls[n].revents)
            accept_peer(server);
    }
    return NULL;
}

static Server *server_new(bool http, Manner manner)
{
    Server *server = g_new0(Server, 1);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof address;
    server->http = http;
    server->manner = manner;
    g_mutex_init(&server->lock);
    server->heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(server->listener, (struct sockaddr *)&address, n), ==, 0);
    g_assert_cmpint(listen(server->listener, 64), ==, 0);
    g_assert_cmpint(getsockname(server->listener, (struct sockaddr *)&address, &n), ==, 0);
    server->port = ntohs(address.sin_port);
    server->thread = g_thread_new("server", serve, server);
    return server;
}

static void server_free(Server *server)
{
    g_atomic_int_set(&server->stop, 1);
    g_thread_join(server->thread);
    while (server->n_peers > 0)
        end_peer(server, 0);
    close(server->listener);
    g_array_unref(server->heard);
    g_mutex_clear(&server->lock);
    g_free(server);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Server, server_free)

/* ---- the devices ---- */

static AppFeedSender *sender_new(const Server *server, AppFeedSenderOptions options)
{
    static const char *const codes[] = {"9001", "HF-77", NULL};
    AppFeedSenderUnit units[N];
    g_autofree char *address = g_strdup_printf(
        server->http ? "http://127.0.0.1:%u/here?token=7" : "127.0.0.1:%u", server->port);
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < N; i++)
        units[i] = (AppFeedSenderUnit){i + 1, i < 3 ? codes[i] : NULL};
    options.address = address;
    AppFeedSender *sender = app_feed_sender_new(&options, units, N, &error);
    g_assert_no_error(error);
    return sender;
}

/* What device i says of itself: the protocol decides whether its code can be said. */
static void key_of(const Server *server, int i, char key[16])
{
    geo_jt808_phone_of(i + 1, key);
    if (i == 0 || (i == 1 && server->http))
        g_strlcpy(key, i == 0 ? "9001" : "HF-77", 16);
}

static GeoFix fix_of(int device, int round)
{
    return (GeoFix){.unit_id = device + 1,
                    .at_ms = BASE_MS + round * 1000 + device * 7,
                    .lon = 117.2 + device / 1e3,
                    .lat = 31.8 + round / 1e3,
                    .speed_mps = 2,
                    .heading_deg = 90,
                    .accuracy_m = 5};
}

static void give_all(AppFeedSender *sender)
{
    int64_t now_us = g_get_monotonic_time();
    for (int round = 0; round < ROUNDS; round++)
        for (uint32_t device = 0; device < N; device++) {
            GeoFix fix = fix_of((int)device, round);
            app_feed_sender_give(sender, device, &fix, now_us + round * 20000 + device * 1000);
        }
}

/* Turns until the condition of the report holds. */
#define UNTIL(sender, condition)                                                                   \
    do {                                                                                           \
        int64_t until_us = g_get_monotonic_time() + PATIENCE_US;                                   \
        AppFeedSenderReport now G_GNUC_UNUSED = app_feed_sender_report(sender);                    \
        while (!(condition)) {                                                                     \
            g_assert_cmpint(g_get_monotonic_time(), <, until_us);                                  \
            app_feed_sender_turn(sender, g_get_monotonic_time() + 10000);                          \
            now = app_feed_sender_report(sender);                                                  \
        }                                                                                          \
    } while (0)

static void send_all(AppFeedSender *sender)
{
    UNTIL(sender, app_feed_sender_is_ready(sender));
    give_all(sender);
    UNTIL(sender, app_feed_sender_is_done(sender) && now.fixes.given == N * ROUNDS);
}

/* Every fix arrived, once or more often, as it was; returns how many came as late ones. */
static unsigned assert_all_heard(Server *server)
{
    unsigned n_late = 0;
    for (int device = 0; device < N; device++)
        for (int round = 0; round < ROUNDS; round++) {
            GeoFix said = fix_of(device, round);
            char key[16];
            bool found = false;
            key_of(server, device, key);
            for (guint i = 0; i < server->heard->len; i++) {
                const GeoHeard *heard = &g_array_index(server->heard, GeoHeard, i);
                if (strcmp(heard->key, key) || heard->fix.at_ms != said.at_ms / 1000 * 1000)
                    continue;
                found = true;
                n_late += !!(heard->flags & GEO_HEARD_LATE);
                g_assert_cmpfloat_with_epsilon(heard->fix.lon, said.lon, 1e-6);
                g_assert_cmpfloat_with_epsilon(heard->fix.lat, said.lat, 1e-6);
                g_assert_cmpfloat_with_epsilon(heard->fix.speed_mps, 2, 0.02);
                g_assert_true(heard->flags & GEO_HEARD_VALID);
            }
            g_assert_true(found);
        }
    return n_late;
}

static void assert_all_acknowledged(AppFeedSender *sender)
{
    AppFeedSenderReport report = app_feed_sender_report(sender);
    g_assert_cmpuint(report.fixes.given, ==, N * ROUNDS);
    g_assert_cmpuint(report.fixes.said, ==, N * ROUNDS);
    g_assert_cmpuint(report.fixes.acknowledged, ==, N * ROUNDS);
    g_assert_cmpuint(app_feed_sender_ledger_n(app_feed_sender_ledger(sender)), ==, N * ROUNDS);
    g_assert_cmpuint(report.waiting, ==, 0);
    g_assert_cmpuint(report.fixes.refused, ==, 0);
}

/* ---- terminals ---- */

static void terminals_are_heard(void)
{
    for (int is_2013 = 0; is_2013 < 2; is_2013++) {
        g_autoptr(Server) server = server_new(false, SOUND);
        g_autoptr(AppFeedSender) sender =
            sender_new(server, (AppFeedSenderOptions){.is_2013 = is_2013});
        send_all(sender);
        assert_all_acknowledged(sender);
        AppFeedSenderReport report = app_feed_sender_report(sender);
        g_assert_cmpuint(report.opened, ==, N);
        g_assert_cmpuint(report.ready, ==, N);
        g_assert_cmpuint(report.lost + report.failed + report.fixes.again, ==, 0);
        g_assert_cmpfloat(report.reply_p50_s, >, 0);
        g_assert_cmpfloat(report.reply_p50_s, <=, report.reply_p99_s);
        g_assert_cmpfloat(report.reply_p99_s, <=, report.reply_max_s);
        g_assert_cmpuint(server->heard->len, ==, N * ROUNDS);
        g_assert_cmpuint(assert_all_heard(server), ==, 0);
        g_assert_cmpint(g_atomic_int_get(&server->accepted), ==, N);
    }
}

static void a_closing_server_is_survived(void)
{
    g_autoptr(Server) server = server_new(false, CLOSING);
    g_autoptr(AppFeedSender) sender = sender_new(server, (AppFeedSenderOptions){0});
    send_all(sender);
    assert_all_acknowledged(sender);
    AppFeedSenderReport report = app_feed_sender_report(sender);
    g_assert_cmpuint(report.lost, >=, N);
    g_assert_cmpuint(report.fixes.again, >, 0);
    g_assert_cmpuint(report.fixes.late, >=, report.fixes.again / 2);
    g_assert_cmpuint(assert_all_heard(server), >, 0);
}

static void a_stalling_server_is_left(void)
{
    g_autoptr(Server) server = server_new(false, SILENT);
    g_autoptr(AppFeedSender) sender = sender_new(server, (AppFeedSenderOptions){.patience_s = 0.3});
    UNTIL(sender, app_feed_sender_is_ready(sender));
    give_all(sender);
    UNTIL(sender, now.stalled >= N);
    g_assert_cmpuint(app_feed_sender_report(sender).fixes.acknowledged, ==, 0);
    g_atomic_int_set(&server->manner, SOUND);
    UNTIL(sender, app_feed_sender_is_done(sender));
    assert_all_acknowledged(sender);
    g_assert_cmpuint(assert_all_heard(server), ==, N * ROUNDS);
    /* What was said late is no measure of how fast the server answers. */
    g_assert_true(isnan(app_feed_sender_report(sender).reply_max_s));
}

static void what_is_refused_is_not_said_again(void)
{
    g_autoptr(Server) server = server_new(false, FAILING);
    g_autoptr(AppFeedSender) sender = sender_new(server, (AppFeedSenderOptions){0});
    send_all(sender);
    AppFeedSenderReport report = app_feed_sender_report(sender);
    g_assert_cmpuint(report.fixes.refused, ==, N * ROUNDS);
    g_assert_cmpuint(report.fixes.acknowledged + report.fixes.again, ==, 0);
    g_assert_cmpuint(app_feed_sender_ledger_n(app_feed_sender_ledger(sender)), ==, 0);
}

static void strangers_are_turned_away(void)
{
    g_autoptr(Server) server = server_new(false, REFUSING);
    g_autoptr(AppFeedSender) sender = sender_new(server, (AppFeedSenderOptions){0});
    give_all(sender);
    UNTIL(sender, now.turned_away >= N && now.fixes.given == N * ROUNDS);
    AppFeedSenderReport report = app_feed_sender_report(sender);
    g_assert_cmpuint(report.ready + report.fixes.said, ==, 0);
    g_assert_cmpuint(report.waiting, ==, N * ROUNDS);
    g_assert_false(app_feed_sender_is_ready(sender));
    /* Let in at last, they say all that they have. */
    g_atomic_int_set(&server->manner, SOUND);
    UNTIL(sender, app_feed_sender_is_done(sender));
    assert_all_acknowledged(sender);
}

static void noise_between_answers_is_passed_over(void)
{
    g_autoptr(Server) server = server_new(false, RAVING);
    g_autoptr(AppFeedSender) sender = sender_new(server, (AppFeedSenderOptions){0});
    send_all(sender);
    assert_all_acknowledged(sender);
}

static void texts_are_taken(void)
{
    g_autoptr(Server) server = server_new(false, TEXTING);
    g_autoptr(AppFeedSender) sender = sender_new(server, (AppFeedSenderOptions){0});
    send_all(sender);
    assert_all_acknowledged(sender);
    UNTIL(sender, now.devices && g_atomic_int_get(&server->texts_taken) == N * ROUNDS);
}

static void nobody_there_is_told(void)
{
    g_autoptr(Server) server = server_new(false, SOUND);
    close(server->listener);
    server->listener = -1;
    g_autoptr(AppFeedSender) sender = sender_new(server, (AppFeedSenderOptions){0});
    UNTIL(sender, now.failed >= N);
    AppFeedSenderReport report = app_feed_sender_report(sender);
    g_assert_cmpuint(report.opened + report.ready, ==, 0);
}

static void lost_signal_is_made_good(void)
{
    for (int http = 0; http < 2; http++) {
        g_autoptr(Server) server = server_new(http, SOUND);
        g_autoptr(AppFeedSender) sender =
            sender_new(server, (AppFeedSenderOptions){.shape = http ? APP_FEED_SENDER_OSMAND
                                                                    : APP_FEED_SENDER_JT808,
                                                      .lost_share = 1,
                                                      .lost_s = 1.5,
                                                      .lost_every_s = 2});
        give_all(sender);
        UNTIL(sender, now.out_of_signal >= N && now.fixes.given == N * ROUNDS);
        app_feed_sender_finish(sender);
        UNTIL(sender, app_feed_sender_is_done(sender));
        assert_all_acknowledged(sender);
        g_assert_cmpuint(app_feed_sender_report(sender).fixes.late, >, 0);
        unsigned n_late = assert_all_heard(server);
        if (!http) /* the OsmAnd form has no word for it */
            g_assert_cmpuint(n_late, >, 0);
    }
}

static void an_address_that_is_none_is_refused(void)
{
    static const struct {
        AppFeedSenderShape shape;
        const char *address;
    } wrong[] = {
        {APP_FEED_SENDER_JT808, "127.0.0.1:99999"},    {APP_FEED_SENDER_OSMAND, "127.0.0.1:80"},
        {APP_FEED_SENDER_OSMAND, "https://127.0.0.1"}, {APP_FEED_SENDER_EMQX, "http://127.0.0.1"},
        {APP_FEED_SENDER_EMQX, "mqtt://127.0.0.1:1"},
    };
    const AppFeedSenderUnit unit = {1, NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        AppFeedSenderOptions options = {.shape = wrong[i].shape, .address = wrong[i].address};
        g_autoptr(GError) error = NULL;
        g_assert_null(app_feed_sender_new(&options, &unit, 1, &error));
        g_assert_nonnull(error);
    }
}

/* ---- phones ---- */

static void phones_are_heard(void)
{
    static const size_t connections[] = {0, 1, 5};
    for (int shape = APP_FEED_SENDER_OSMAND; shape <= APP_FEED_SENDER_TRACCAR_CLIENT; shape++)
        for (size_t i = 0; i < G_N_ELEMENTS(connections); i++) {
            g_autoptr(Server) server = server_new(true, SOUND);
            g_autoptr(AppFeedSender) sender =
                sender_new(server, (AppFeedSenderOptions){.shape = (AppFeedSenderShape)shape,
                                                          .connections = connections[i]});
            send_all(sender);
            assert_all_acknowledged(sender);
            g_assert_cmpuint(server->heard->len, ==, N * ROUNDS);
            assert_all_heard(server);
            /* The connections stay open. */
            g_assert_cmpint(g_atomic_int_get(&server->accepted), ==,
                            connections[i] ? (gint)connections[i] : N);
        }
}

static void any_server_is_understood(void)
{
    static const Manner manners[] = {CLOSING, BUSY, PIECEWISE, ENDLESS};
    for (size_t i = 0; i < G_N_ELEMENTS(manners); i++) {
        g_autoptr(Server) server = server_new(true, manners[i]);
        g_autoptr(AppFeedSender) sender = sender_new(
            server, (AppFeedSenderOptions){.shape = i % 2 ? APP_FEED_SENDER_OSMAND
                                                          : APP_FEED_SENDER_TRACCAR_CLIENT});
        send_all(sender);
        assert_all_acknowledged(sender);
        assert_all_heard(server);
        AppFeedSenderReport report = app_feed_sender_report(sender);
        g_assert_cmpint(report.fixes.again > 0, ==, manners[i] == CLOSING || manners[i] == BUSY);
    }
    g_autoptr(Server) server = server_new(true, FAILING);
    g_autoptr(AppFeedSender) sender =
        sender_new(server, (AppFeedSenderOptions){.shape = APP_FEED_SENDER_OSMAND});
    send_all(sender);
    g_assert_cmpuint(app_feed_sender_report(sender).fixes.refused, ==, N * ROUNDS);
}

/* ---- the ledger ---- */

static void put_unit(GeoStore *store, int64_t id)
{
    GeoAct act = geo_act_local(NULL, BASE_MS);
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_UNIT);
    GeoImport import = {.id = id, .kind = "units", .source = "test", .at_ms = BASE_MS};
    g_autoptr(GError) error = NULL;
    for (int64_t i = 0; i < 200; i++) {
        GeoUnit *unit = geo_batch_add(batch);
        unit->row.id = id + i;
        geo_batch_set_point(batch, 117.2, 31.8);
    }
    g_assert_true(geo_store_import_begin(store, &act, &import, &error));
    g_assert_true(geo_store_import_put(store, &act, id, batch, &error));
    g_assert_true(geo_store_import_finish(store, &act, id, 0, &error));
}

/* Against a plain table of what was acknowledged and what was stored. */
static void what_is_missing_is_found(void)
{
    static bool acknowledged[200][150], stored[200][150];
    GeoCity city = {.name = "c", .zone = "UTC", .epsg = 4548};
    g_autoptr(GeoStore) store = geo_store_new_memory(&city);
    g_autoptr(AppFeedSenderLedger) ledger = app_feed_sender_ledger_new(200);
    g_autoptr(GArray) fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    int64_t ids[200];
    uint64_t n[4] = {0}; /* acknowledged, stored, missing, stored without an answer */
    put_unit(store, 5000);
    for (int device = 0; device < 200; device++) {
        ids[device] = 5000 + device;
        for (int second = 0; second < 150; second++) {
            GeoFix fix = fix_of(device, second);
            fix.unit_id = ids[device];
            fix.lat = 31.8;
            fix.lon = 117.2;
            bool said = g_test_rand_int_range(0, 10) > 0, kept = g_test_rand_int_range(0, 10) > 0;
            acknowledged[device][second] = said;
            stored[device][second] = kept;
            if (kept)
                g_array_append_val(fixes, fix);
            if (said) {
                g_assert_true(app_feed_sender_ledger_add(ledger, (uint32_t)device, fix.at_ms));
                g_assert_false(app_feed_sender_ledger_add(ledger, (uint32_t)device, fix.at_ms));
            }
            n[0] += said;
            n[1] += kept;
            n[2] += said && !kept;
            n[3] += kept && !said;
        }
    }
    GeoAct act = geo_act_local(NULL, BASE_MS + 200000);
    g_autoptr(GError) error = NULL;
    size_t refused = 0;
    g_assert_true(geo_store_ingest_fixes(store, &act, (const GeoFix *)(const void *)fixes->data,
                                         fixes->len, &refused, &error));
    g_assert_cmpuint(refused, ==, 0);
    AppFeedSenderCheck check;
    g_assert_true(app_feed_sender_ledger_check(ledger, store, ids, &check, &error));
    g_assert_cmpuint(check.acknowledged, ==, n[0]);
    g_assert_cmpuint(check.stored, ==, n[1]);
    g_assert_cmpuint(check.missing, ==, n[2]);
    g_assert_cmpuint(check.unanswered_stored, ==, n[3]);
    int64_t second = (check.missing_ms - BASE_MS) / 1000, device = check.missing_unit - 5000;
    g_assert_true(acknowledged[device][second] && !stored[device][second]);
    for (int before = 0; before < second; before++)
        for (int i = 0; i < 200; i++)
            g_assert_false(acknowledged[i][before] && !stored[i][before]);
    g_assert_false(app_feed_sender_ledger_add(ledger, 0, BASE_MS - 7200000));
    g_assert_false(app_feed_sender_ledger_add(ledger, 200, BASE_MS));
}

static int compare_times(gconstpointer a, gconstpointer b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void times_are_within_two_percent(void)
{
    static const double shares[] = {0.01, 0.5, 0.9, 0.99, 0.999};
    g_autoptr(AppFeedSenderLedger) ledger = app_feed_sender_ledger_new(1);
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_assert_true(isnan(app_feed_sender_ledger_quantile(ledger, 0.5)));
    for (int i = 0; i < 20000; i++) {
        int64_t us = (int64_t)exp(g_test_rand_double_range(0, 18));
        g_array_append_val(times, us);
        app_feed_sender_ledger_time(ledger, us);
    }
    g_array_sort(times, compare_times);
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++) {
        guint at = (guint)ceil(shares[i] * times->len) - 1;
        double exact_s = (double)g_array_index(times, int64_t, at) / 1e6;
        double found_s = app_feed_sender_ledger_quantile(ledger, shares[i]);
        g_assert_cmpfloat(found_s, >=, exact_s);
        g_assert_cmpfloat(found_s, <=, exact_s * 1.02 + 1e-6);
    }
    g_assert_cmpfloat(app_feed_sender_ledger_quantile(ledger, 1), ==,
                      (double)g_array_index(times, int64_t, times->len - 1) / 1e6);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sender/terminals-are-heard", terminals_are_heard);
    g_test_add_func("/sender/a-closing-server-is-survived", a_closing_server_is_survived);
    g_test_add_func("/sender/a-stalling-server-is-left", a_stalling_server_is_left);
    g_test_add_func("/sender/refused-is-not-said-again", what_is_refused_is_not_said_again);
    g_test_add_func("/sender/strangers-are-turned-away", strangers_are_turned_away);
    g_test_add_func("/sender/noise-is-passed-over", noise_between_answers_is_passed_over);
    g_test_add_func("/sender/texts-are-taken", texts_are_taken);
    g_test_add_func("/sender/nobody-there-is-told", nobody_there_is_told);
    g_test_add_func("/sender/lost-signal-is-made-good", lost_signal_is_made_good);
    g_test_add_func("/sender/wrong-addresses-are-refused", an_address_that_is_none_is_refused);
    g_test_add_func("/sender/phones-are-heard", phones_are_heard);
    g_test_add_func("/sender/any-server-is-understood", any_server_is_understood);
    g_test_add_func("/sender/what-is-missing-is-found", what_is_missing_is_found);
    g_test_add_func("/sender/times-are-within-two-percent", times_are_within_two_percent);
    return g_test_run();
}
