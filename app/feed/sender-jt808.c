/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminals: each registers, authenticates with the code it was given, says its places one by one
 * as it has them, and in batches what it could not say before. Texts that come down are
 * acknowledged. */
#include "app/feed/sender-protocol.h"
#include "app/feed/sender-wire.h"
#include "geo/decode/jt808-terminal.h"
#include "geo/decode/jt808-write.h"

#define DEFAULT_PORT 8100
#define HEARTBEAT_US (60 * G_USEC_PER_SEC)
#define SWEEP_US G_USEC_PER_SEC
#define CODE_SIZE 256

typedef enum { DOWN, REGISTERS, PROVES, SPEAKS } State;

typedef struct {
    GeoJt808Stream *stream; /* owned, as code */
    GeoJt808Peer peer;
    char *code;
    State state;
    uint16_t serial;      /* of the next frame */
    uint32_t batch_token; /* of the batch that is on its way; one at a time. 0: none */
    int64_t said_us;      /* the last frame */
    bool no_signal;
} Terminal;

typedef struct {
    AppFeedSenderCrew *crew; /* borrowed */
    AppFeedSenderWire *wire; /* owned, as all below */
    Terminal *terminals;
    GByteArray *out;
    size_t n_ready, n_wanted;
    int64_t patience_us, now_us, swept_us;
    uint64_t stalled, turned_away;
} Fleet;

static uint32_t token_of(uint16_t serial)
{
    return 0x10000u | serial;
}

static GByteArray *begin_out(Fleet *fleet)
{
    g_byte_array_set_size(fleet->out, 0);
    return fleet->out;
}

static void say(Fleet *fleet, uint32_t device, unsigned serials)
{
    Terminal *terminal = &fleet->terminals[device];
    terminal->serial = (uint16_t)(terminal->serial + serials);
    terminal->said_us = fleet->now_us;
    app_feed_sender_wire_say(fleet->wire, device, fleet->out->data, fleet->out->len);
}

/* ---- introduction ---- */

static void prove(Fleet *fleet, uint32_t device)
{
    Terminal *terminal = &fleet->terminals[device];
    terminal->state = PROVES;
    say(fleet, device,
        geo_jt808_terminal_auth(begin_out(fleet), &terminal->peer, terminal->serial, terminal->code,
                                "", GRIDBEAT_VERSION));
}

static void introduce(Fleet *fleet, uint32_t device)
{
    Terminal *terminal = &fleet->terminals[device];
    const GeoJt808Register registration = {
        .maker = "GRIDB", .model = "gridbeatctl simulate", .terminal = "SIM"};
    if (terminal->code) {
        prove(fleet, device);
        return;
    }
    terminal->state = REGISTERS;
    say(fleet, device,
        geo_jt808_terminal_register(begin_out(fleet), &terminal->peer, terminal->serial,
                                    &registration));
}

static void turn_away(Fleet *fleet, uint32_t device)
{
    fleet->turned_away++;
    g_clear_pointer(&fleet->terminals[device].code, g_free);
    app_feed_sender_wire_hang_up(fleet->wire, device);
}

static void hear_registered(Fleet *fleet, uint32_t device, const GeoJt808Frame *frame)
{
    Terminal *terminal = &fleet->terminals[device];
    char code[CODE_SIZE];
    uint16_t serial;
    uint8_t result;
    if (terminal->state != REGISTERS ||
        !geo_jt808_terminal_registered(frame, &serial, &result, code, sizeof code))
        return;
    if (result != GEO_JT808_WELCOME) {
        turn_away(fleet, device);
        return;
    }
    g_free(terminal->code);
    terminal->code = g_strdup(code);
    prove(fleet, device);
}

/* ---- places ---- */

static void say_batch(Fleet *fleet, uint32_t device)
{
    Terminal *terminal = &fleet->terminals[device];
    GeoHeard heard[GEO_JT808_BATCH_PLACES];
    uint32_t token = token_of(terminal->serial);
    if (terminal->batch_token != 0)
        return;
    size_t n = app_feed_sender_crew_take(fleet->crew, device, true, token, fleet->now_us, heard,
                                         G_N_ELEMENTS(heard));
    if (n == 0)
        return;
    terminal->batch_token = token;
    say(fleet, device,
        geo_jt808_terminal_batch(begin_out(fleet), &terminal->peer, terminal->serial, true, heard,
                                 n));
}

static void say_places(Fleet *fleet, uint32_t device)
{
    Terminal *terminal = &fleet->terminals[device];
    GeoHeard heard;
    while (app_feed_sender_crew_take(fleet->crew, device, false, token_of(terminal->serial),
                                     fleet->now_us, &heard, 1) > 0)
        say(fleet, device,
            geo_jt808_write_location(begin_out(fleet), &terminal->peer, terminal->serial, &heard));
    if (app_feed_sender_crew_has(fleet->crew, device, true))
        say_batch(fleet, device);
}

static void hear_ack(Fleet *fleet, uint32_t device, const GeoJt808Frame *frame)
{
    Terminal *terminal = &fleet->terminals[device];
    GeoJt808Ack ack;
    if (!geo_jt808_ack(frame, &ack))
        return;
    if (ack.id == GEO_JT808_AUTH && terminal->state == PROVES) {
        if (ack.result != GEO_JT808_DONE) {
            turn_away(fleet, device);
            return;
        }
        terminal->state = SPEAKS;
        fleet->n_ready++;
        app_feed_sender_wire_settle(fleet->wire, device);
        say_places(fleet, device);
    } else if (ack.id == GEO_JT808_LOCATION || ack.id == GEO_JT808_BATCH) {
        app_feed_sender_crew_answer(fleet->crew, device, token_of(ack.serial),
                                    ack.result == GEO_JT808_DONE ? APP_FEED_SENDER_KEPT
                                                                 : APP_FEED_SENDER_REFUSED,
                                    fleet->now_us);
        if (terminal->batch_token == token_of(ack.serial))
            terminal->batch_token = 0;
        if (app_feed_sender_crew_has(fleet->crew, device, true))
            say_batch(fleet, device);
    } else if (ack.id == GEO_JT808_REGISTER) { /* not even read */
        turn_away(fleet, device);
    }
}

static void hear_frame(Fleet *fleet, uint32_t device, const GeoJt808Frame *frame)
{
    Terminal *terminal = &fleet->terminals[device];
    switch (frame->id) {
    case GEO_JT808_REGISTERED:
        hear_registered(fleet, device, frame);
        break;
    case GEO_JT808_PLATFORM_ACK:
        hear_ack(fleet, device, frame);
        break;
    default:
        say(fleet, device,
            geo_jt808_terminal_ack(begin_out(fleet), &terminal->peer, terminal->serial, frame,
                                   frame->id == GEO_JT808_TEXT ? GEO_JT808_DONE
                                                               : GEO_JT808_UNSUPPORTED));
    }
}

/* ---- the line ---- */

static void on_up(gpointer user, uint32_t device)
{
    Fleet *fleet = user;
    Terminal *terminal = &fleet->terminals[device];
    fleet->now_us = g_get_monotonic_time();
    geo_jt808_stream_free(terminal->stream);
    terminal->stream = geo_jt808_stream_new();
    introduce(fleet, device);
}

static void on_heard(gpointer user, uint32_t device, const uint8_t *bytes, size_t n)
{
    Fleet *fleet = user;
    GeoJt808Frame frame;
    GeoJt808Fault fault;
    fleet->now_us = g_get_monotonic_time();
    for (;;) {
        switch (
            geo_jt808_stream_next(fleet->terminals[device].stream, &bytes, &n, &frame, &fault)) {
        case GEO_JT808_FRAME:
            hear_frame(fleet, device, &frame);
            break;
        case GEO_JT808_DROPPED:
            break;
        case GEO_JT808_CLOSE:
            app_feed_sender_wire_hang_up(fleet->wire, device);
            return;
        case GEO_JT808_MORE:
            return;
        }
    }
}

static void on_down(gpointer user, uint32_t device)
{
    Fleet *fleet = user;
    Terminal *terminal = &fleet->terminals[device];
    fleet->n_ready -= terminal->state == SPEAKS;
    terminal->state = DOWN;
    terminal->batch_token = 0;
    g_clear_pointer(&terminal->stream, geo_jt808_stream_free);
    app_feed_sender_crew_unsay(fleet->crew, device, 0);
}

static const AppFeedSenderWireManners manners = {on_up, on_heard, on_down};

/* ---- the protocol ---- */

static void fleet_free(gpointer self)
{
    Fleet *fleet = self;
    if (!fleet)
        return;
    app_feed_sender_wire_free(fleet->wire);
    for (size_t i = 0; i < fleet->crew->n; i++) {
        geo_jt808_stream_free(fleet->terminals[i].stream);
        g_free(fleet->terminals[i].code);
    }
    g_byte_array_unref(fleet->out);
    g_free(fleet->terminals);
    g_free(fleet);
}

static gpointer fleet_open(const AppFeedSenderOptions *options, AppFeedSenderCrew *crew,
                           GError **error)
{
    Fleet *fleet = g_new0(Fleet, 1);
    fleet->crew = crew;
    fleet->out = g_byte_array_new();
    fleet->terminals = g_new0(Terminal, crew->n);
    fleet->patience_us = (int64_t)(options->patience_s * G_USEC_PER_SEC);
    fleet->n_wanted = crew->n;
    fleet->wire =
        app_feed_sender_wire_new(options->address, DEFAULT_PORT, crew->n, &manners, fleet, error);
    if (!fleet->wire) {
        fleet_free(fleet);
        return NULL;
    }
    for (size_t i = 0; i < crew->n; i++) {
        geo_jt808_peer(crew->devices[i].key, !options->is_2013, &fleet->terminals[i].peer);
        app_feed_sender_wire_open(fleet->wire, (uint32_t)i);
    }
    return fleet;
}

static bool fleet_hears(gpointer self, uint32_t device)
{
    return ((Fleet *)self)->terminals[device].state == SPEAKS;
}

static void fleet_say(gpointer self, uint32_t device, int64_t now_us)
{
    Fleet *fleet = self;
    fleet->now_us = now_us;
    if (fleet->terminals[device].state == SPEAKS)
        say_places(fleet, device);
}

static void fleet_signal(gpointer self, uint32_t device, bool found)
{
    Fleet *fleet = self;
    if (fleet->terminals[device].no_signal == !found)
        return;
    fleet->terminals[device].no_signal = !found;
    fleet->n_wanted += found ? 1u : -1u;
    if (found)
        app_feed_sender_wire_open(fleet->wire, device);
    else
        app_feed_sender_wire_close(fleet->wire, device);
}

static void sweep(Fleet *fleet)
{
    for (size_t i = 0; i < fleet->crew->n; i++) {
        Terminal *terminal = &fleet->terminals[i];
        if (terminal->state != SPEAKS)
            continue;
        int64_t waiting_us = app_feed_sender_crew_waiting_us(fleet->crew, (uint32_t)i);
        if (waiting_us != 0 && fleet->now_us - waiting_us > fleet->patience_us) {
            fleet->stalled++;
            app_feed_sender_wire_hang_up(fleet->wire, (uint32_t)i);
        } else if (fleet->now_us - terminal->said_us > HEARTBEAT_US) {
            say(fleet, (uint32_t)i,
                geo_jt808_terminal_heartbeat(begin_out(fleet), &terminal->peer, terminal->serial));
        }
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
    report->connections = fleet->crew->n;
    report->ready = fleet->n_ready;
    report->opened = counts->opened;
    report->lost = counts->lost;
    report->failed = counts->failed;
    report->stalled = fleet->stalled + counts->unsettled;
    report->turned_away = fleet->turned_away;
    return fleet->n_wanted;
}

const AppFeedSenderProtocol app_feed_sender_jt808 = {
    fleet_open, fleet_free, fleet_hears, fleet_say, fleet_signal, fleet_turn, fleet_report,
};
