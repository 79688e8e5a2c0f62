/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/jt808.h"

#include <string.h>

#include "geo/decode/jt808-parts.h"
#include "geo/decode/jt808-write.h"

#define PROVE_MS 10000
#define IDLE_MS 180000
#define MAX_STRIKES 16 /* faults and unproven messages in a row */
#define PARTS_WAIT_MS 5000
#define TEXT_WAIT_MS 15000
#define SWEEP_MS 1000
#define USE "jt808"

typedef struct {
    AppFeedJt808 *room;
    AppFeedLine *line; /* the board's */
    AppFeedGuest *guest;
    GeoJt808Stream *stream; /* owned, as all below */
    GeoJt808Parts *parts;   /* NULL until a message comes in parts */
    uint64_t id;
    GeoJt808Peer peer;
    char key[21];    /* "" until it is known */
    uint16_t serial; /* of the next frame down */
    unsigned strikes;
    bool proven;
} Terminal;

/* A text that waits for the terminal's word. */
typedef struct {
    uint64_t terminal;
    uint16_t serial;
    int64_t until_ms;
    AppFeedTextDone done;
    gpointer user;
} Text;

/* A question whose answer is not known. */
typedef struct {
    uint64_t terminal, tag;
    uint16_t serial;
} Asked;

#define MAX_ASKED 4096 /* older questions are forgotten: their answer counts as a key's */

struct AppFeedJt808 {
    GMainContext *context;
    AppFeedBoard *board;
    AppFeedPorch *porch;
    AppFeedTaking *taking;
    const AppFeedSecret *secret;
    AppFeedJt808Options options;
    GHashTable *by_id;  /* uint64_t *, of the terminal -> Terminal */
    GHashTable *by_key; /* char *, of the terminal -> Terminal; proven ones */
    GArray *texts;      /* Text */
    GArray *asked;      /* Asked, the newest last */
    void (*chose)(const AppFeedChoice *choice, gpointer user);
    gpointer chose_user;
    GArray *heard;   /* GeoHeard, reused */
    GByteArray *out; /* reused */
    GSource *sweeper;
    uint64_t next_id;
    AppFeedJt808Counts counts;
};

static bool hear_bytes(AppFeedLine *line, const uint8_t *bytes, size_t n, gpointer owner);
static void end_terminal(AppFeedLine *line, gpointer owner);

static const AppFeedManners manners = {hear_bytes, end_terminal};

static int64_t now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

/* ---- down ---- */

static GByteArray *begin_out(AppFeedJt808 *room)
{
    g_byte_array_set_size(room->out, 0);
    return room->out;
}

static void say(Terminal *terminal, unsigned serials)
{
    const GByteArray *out = terminal->room->out;
    terminal->serial = (uint16_t)(terminal->serial + serials);
    app_feed_line_say(terminal->line, out->data, out->len);
}

static void ack(Terminal *terminal, uint16_t id, uint16_t serial, GeoJt808Result result)
{
    GeoJt808Frame to = {.peer = terminal->peer, .id = id, .serial = serial};
    say(terminal, geo_jt808_write_ack(begin_out(terminal->room), &to, terminal->serial, result));
}

/* What was promised for a place: it is on disk. The terminal may be gone. */
static void on_kept(gpointer owner, uint64_t id, uint32_t tag)
{
    AppFeedJt808 *room = owner;
    Terminal *terminal = g_hash_table_lookup(room->by_id, &id);
    if (terminal)
        ack(terminal, (uint16_t)(tag >> 16), (uint16_t)tag, GEO_JT808_DONE);
}

/* ---- proving ---- */

static void strike(Terminal *terminal)
{
    if (++terminal->strikes >= MAX_STRIKES)
        app_feed_line_hang_up(terminal->line);
}

static bool is_known(const AppFeedJt808 *room, const char *key)
{
    return geo_muster_find(geo_admit_muster(room->taking->admit), key) >= 0;
}

static void answer_register(Terminal *terminal, const GeoJt808Frame *frame)
{
    AppFeedJt808 *room = terminal->room;
    GeoJt808Register registration;
    char code[APP_FEED_CODE_SIZE];
    GeoJt808Registration result = GEO_JT808_WELCOME;
    if (!geo_jt808_register(frame, &registration)) {
        ack(terminal, frame->id, frame->serial, GEO_JT808_WRONG);
        strike(terminal);
        return;
    }
    if (room->options.closed || !is_known(room, frame->key))
        result = GEO_JT808_NO_TERMINAL;
    if (result != GEO_JT808_WELCOME) {
        room->counts.refused++;
        strike(terminal);
    }
    app_feed_secret_code(room->secret, USE, frame->key, code);
    say(terminal, geo_jt808_write_registered(begin_out(room), frame, terminal->serial, result,
                                             result == GEO_JT808_WELCOME ? code : NULL));
}

/* The same terminal over again: its older connection is one that it has lost. */
static void replace(AppFeedJt808 *room, const char *key)
{
    Terminal *older = g_hash_table_lookup(room->by_key, key);
    if (!older)
        return;
    g_hash_table_remove(room->by_key, key);
    room->counts.replaced++;
    app_feed_line_hang_up(older->line);
}

static void prove(Terminal *terminal, const char *key)
{
    AppFeedJt808 *room = terminal->room;
    g_strlcpy(terminal->key, key, sizeof terminal->key);
    app_feed_porch_leave(room->porch, g_steal_pointer(&terminal->guest));
    replace(room, key);
    terminal->proven = true;
    app_feed_line_alive(terminal->line, room->options.idle_ms);
    g_hash_table_insert(room->by_key, terminal->key, terminal);
    room->counts.terminals = g_hash_table_size(room->by_key);
}

static void answer_auth(Terminal *terminal, const GeoJt808Frame *frame)
{
    AppFeedJt808 *room = terminal->room;
    GeoJt808Auth auth;
    bool ok = geo_jt808_auth(frame, &auth) && is_known(room, frame->key) &&
              app_feed_secret_is_code(room->secret, USE, frame->key, auth.code, auth.n_code);
    if (ok && !terminal->proven)
        prove(terminal, frame->key);
    if (!ok) {
        room->counts.refused++;
        strike(terminal);
    }
    ack(terminal, frame->id, frame->serial, ok ? GEO_JT808_DONE : GEO_JT808_FAILED);
}

/* ---- up ---- */

static void hear_places(Terminal *terminal, const GeoJt808Frame *frame)
{
    AppFeedJt808 *room = terminal->room;
    g_array_set_size(room->heard, 0);
    GeoHeardResult result = geo_jt808_heard(frame, room->heard, NULL);
    if (result == GEO_HEARD_BROKEN) {
        ack(terminal, frame->id, frame->serial, GEO_JT808_WRONG);
        strike(terminal);
        return;
    }
    app_feed_taking_hear(room->taking, room->heard, room->options.source, NULL);
    app_feed_keeper_promise(room->taking->keeper, on_kept, room, terminal->id,
                            (uint32_t)frame->id << 16 | frame->serial);
}

static void hear_ack(Terminal *terminal, const GeoJt808Frame *frame)
{
    AppFeedJt808 *room = terminal->room;
    GeoJt808Ack said;
    if (!geo_jt808_ack(frame, &said) || said.id != GEO_JT808_TEXT)
        return;
    for (guint i = 0; i < room->texts->len; i++) {
        Text text = g_array_index(room->texts, Text, i);
        if (text.terminal != terminal->id || text.serial != said.serial)
            continue;
        g_array_remove_index_fast(room->texts, i);
        room->counts.texts_delivered += said.result == 0;
        text.done(said.result == 0, text.user);
        return;
    }
}

static uint64_t tag_of(AppFeedJt808 *room, const Terminal *terminal, const GeoJt808Choice *said)
{
    for (guint i = 0; said->is_answer && i < room->asked->len; i++) {
        Asked asked = g_array_index(room->asked, Asked, i);
        if (asked.terminal != terminal->id || asked.serial != said->serial)
            continue;
        g_array_remove_index(room->asked, i);
        return asked.tag;
    }
    return 0;
}

static void hear_choice(Terminal *terminal, const GeoJt808Frame *frame)
{
    AppFeedJt808 *room = terminal->room;
    const GeoMuster *muster = geo_admit_muster(room->taking->admit);
    int64_t unit = geo_muster_find(muster, terminal->key);
    GeoJt808Choice said;
    if (!geo_jt808_choice(frame, &said)) {
        ack(terminal, frame->id, frame->serial, GEO_JT808_WRONG);
        strike(terminal);
        return;
    }
    if (unit < 0 || !room->chose) {
        ack(terminal, frame->id, frame->serial, GEO_JT808_UNSUPPORTED);
        return;
    }
    AppFeedChoice choice = {.unit_id = geo_muster_id(muster, (uint32_t)unit),
                            .tag = tag_of(room, terminal, &said),
                            .choice = said.choice,
                            .terminal = terminal->id,
                            .id = frame->id,
                            .serial = frame->serial};
    room->chose(&choice, room->chose_user);
}

/* A whole message of a terminal that has proven itself. */
static void hear_message(Terminal *terminal, const GeoJt808Frame *frame)
{
    switch (frame->id) {
    case GEO_JT808_LOCATION:
    case GEO_JT808_LOCATION_REPLY:
    case GEO_JT808_BATCH:
        hear_places(terminal, frame);
        break;
    case GEO_JT808_ACK:
        hear_ack(terminal, frame);
        break;
    case GEO_JT808_EVENT:
    case GEO_JT808_ANSWER:
        hear_choice(terminal, frame);
        break;
    case GEO_JT808_ASK_TIME:
        say(terminal, geo_jt808_write_time(begin_out(terminal->room), frame, terminal->serial,
                                           g_get_real_time() / 1000));
        break;
    case GEO_JT808_HEARTBEAT:
        ack(terminal, frame->id, frame->serial, GEO_JT808_DONE);
        break;
    case GEO_JT808_LOGOUT:
        ack(terminal, frame->id, frame->serial, GEO_JT808_DONE);
        app_feed_line_hang_up(terminal->line);
        break;
    default:
        ack(terminal, frame->id, frame->serial, GEO_JT808_UNSUPPORTED);
    }
}

static void hear_part(Terminal *terminal, const GeoJt808Frame *frame)
{
    GeoJt808Frame whole;
    if (!terminal->parts)
        terminal->parts = geo_jt808_parts_new();
    switch (geo_jt808_parts_add(terminal->parts, frame, now_ms(), &whole)) {
    case GEO_JT808_WHOLE:
        hear_message(terminal, &whole);
        break;
    case GEO_JT808_REFUSED:
        ack(terminal, frame->id, frame->serial, GEO_JT808_UNSUPPORTED);
        strike(terminal);
        break;
    default:
        ack(terminal, frame->id, frame->serial, GEO_JT808_DONE);
    }
}

static void hear_stranger(Terminal *terminal, const GeoJt808Frame *frame)
{
    if (frame->id == GEO_JT808_REGISTER) {
        answer_register(terminal, frame);
    } else if (frame->id == GEO_JT808_AUTH) {
        answer_auth(terminal, frame);
    } else {
        terminal->room->counts.unproven++;
        ack(terminal, frame->id, frame->serial, GEO_JT808_FAILED);
        strike(terminal);
    }
}

static void hear_frame(Terminal *terminal, const GeoJt808Frame *frame)
{
    AppFeedJt808 *room = terminal->room;
    room->counts.frames++;
    terminal->peer = frame->peer;
    if (!terminal->proven || frame->id == GEO_JT808_REGISTER || frame->id == GEO_JT808_AUTH) {
        hear_stranger(terminal, frame);
        return;
    }
    if (strcmp(frame->key, terminal->key) != 0) { /* a terminal speaks for itself alone */
        room->counts.unproven++;
        ack(terminal, frame->id, frame->serial, GEO_JT808_FAILED);
        strike(terminal);
        return;
    }
    terminal->strikes = 0;
    app_feed_line_alive(terminal->line, room->options.idle_ms);
    if (frame->n_parts > 1)
        hear_part(terminal, frame);
    else
        hear_message(terminal, frame);
}

static bool hear_bytes(AppFeedLine *line, const uint8_t *bytes, size_t n, gpointer owner)
{
    Terminal *terminal = owner;
    AppFeedJt808Counts *counts = &terminal->room->counts;
    for (;;) {
        GeoJt808Frame frame;
        GeoJt808Fault fault = GEO_JT808_SOUND;
        switch (geo_jt808_stream_next(terminal->stream, &bytes, &n, &frame, &fault)) {
        case GEO_JT808_MORE:
            return true;
        case GEO_JT808_FRAME:
            hear_frame(terminal, &frame);
            break;
        case GEO_JT808_DROPPED:
            counts->dropped++;
            counts->faults[fault]++;
            strike(terminal);
            break;
        case GEO_JT808_CLOSE:
            counts->dropped++;
            counts->faults[fault]++;
            return false;
        }
        if (terminal->strikes >= MAX_STRIKES)
            return false;
    }
}

/* ---- connections ---- */

/* Its texts will not be confirmed any more. */
static void end_texts(AppFeedJt808 *room, uint64_t terminal)
{
    for (guint i = room->texts->len; i-- > 0;) {
        Text text = g_array_index(room->texts, Text, i);
        if (text.terminal != terminal)
            continue;
        g_array_remove_index_fast(room->texts, i);
        text.done(false, text.user);
    }
}

static void end_terminal(AppFeedLine *line, gpointer owner)
{
    Terminal *terminal = owner;
    AppFeedJt808 *room = terminal->room;
    end_texts(room, terminal->id);
    app_feed_porch_leave(room->porch, terminal->guest);
    if (terminal->proven && g_hash_table_lookup(room->by_key, terminal->key) == terminal)
        g_hash_table_remove(room->by_key, terminal->key);
    room->counts.terminals = g_hash_table_size(room->by_key);
    g_hash_table_remove(room->by_id, &terminal->id);
    geo_jt808_stream_free(terminal->stream);
    geo_jt808_parts_free(terminal->parts);
    g_free(terminal);
}

static void send_away(gpointer owner)
{
    Terminal *terminal = owner;
    terminal->guest = NULL;
    app_feed_line_hang_up(terminal->line);
}

void app_feed_jt808_enter(GSocket *socket, GIOStream *stream, gpointer jt808)
{
    AppFeedJt808 *room = jt808;
    g_autoptr(GSocketAddress) from = g_socket_get_remote_address(socket, NULL);
    Terminal *terminal = g_new0(Terminal, 1);
    terminal->room = room;
    terminal->id = ++room->next_id;
    terminal->stream = geo_jt808_stream_new();
    g_hash_table_insert(room->by_id, &terminal->id, terminal);
    terminal->line =
        app_feed_board_add(room->board, socket, stream, room->options.prove_ms, &manners, terminal);
    terminal->guest = app_feed_porch_enter(room->porch, from, send_away, terminal);
}

static void ask_again(Terminal *terminal, int64_t now)
{
    GeoJt808Gap gap;
    while (terminal->parts && geo_jt808_parts_stalled(terminal->parts, now, PARTS_WAIT_MS, &gap))
        say(terminal, geo_jt808_write_resend(begin_out(terminal->room), &gap.peer, terminal->serial,
                                             gap.first_serial, gap.missing, gap.n_missing));
}

static gboolean sweep(gpointer data)
{
    AppFeedJt808 *room = data;
    int64_t now = now_ms();
    GHashTableIter iter;
    gpointer key, terminal;
    g_hash_table_iter_init(&iter, room->by_key);
    while (g_hash_table_iter_next(&iter, &key, &terminal))
        ask_again(terminal, now);
    for (guint i = room->texts->len; i-- > 0;) {
        Text text = g_array_index(room->texts, Text, i);
        if (now < text.until_ms)
            continue;
        g_array_remove_index_fast(room->texts, i);
        text.done(false, text.user);
    }
    return G_SOURCE_CONTINUE;
}

AppFeedJt808 *app_feed_jt808_new(GMainContext *context, AppFeedBoard *board, AppFeedPorch *porch,
                                 AppFeedTaking *taking, const AppFeedSecret *secret,
                                 const AppFeedJt808Options *options)
{
    AppFeedJt808 *room = g_new0(AppFeedJt808, 1);
    room->context = context;
    room->board = board;
    room->porch = porch;
    room->taking = taking;
    room->secret = secret;
    room->options = *options;
    if (room->options.prove_ms == 0)
        room->options.prove_ms = PROVE_MS;
    if (room->options.idle_ms == 0)
        room->options.idle_ms = IDLE_MS;
    room->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
    room->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    room->texts = g_array_new(FALSE, FALSE, sizeof(Text));
    room->asked = g_array_new(FALSE, FALSE, sizeof(Asked));
    room->heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    room->out = g_byte_array_new();
    room->sweeper = g_timeout_source_new(SWEEP_MS);
    g_source_set_callback(room->sweeper, sweep, room, NULL);
    g_source_attach(room->sweeper, context);
    return room;
}

void app_feed_jt808_free(AppFeedJt808 *room)
{
    if (!room)
        return;
    for (guint i = 0; i < room->texts->len; i++) {
        Text text = g_array_index(room->texts, Text, i);
        text.done(false, text.user);
    }
    g_source_destroy(room->sweeper);
    g_source_unref(room->sweeper);
    g_hash_table_unref(room->by_key);
    g_hash_table_unref(room->by_id);
    g_array_unref(room->texts);
    g_array_unref(room->asked);
    g_array_unref(room->heard);
    g_byte_array_unref(room->out);
    g_free(room);
}

static Terminal *terminal_of(AppFeedJt808 *room, int64_t unit)
{
    const GeoMuster *muster = geo_admit_muster(room->taking->admit);
    GHashTableIter iter;
    gpointer key, terminal;
    g_hash_table_iter_init(&iter, room->by_key);
    while (unit >= 0 && g_hash_table_iter_next(&iter, &key, &terminal))
        if (geo_muster_find(muster, key) == unit)
            return terminal;
    return NULL;
}

static bool send_text(Terminal *terminal, const char *text, bool urgent, AppFeedTextDone done,
                      gpointer user)
{
    if (!terminal)
        return false;
    AppFeedJt808 *room = terminal->room;
    unsigned flags = GEO_JT808_TEXT_SCREEN | GEO_JT808_TEXT_SPOKEN |
                     (urgent ? (unsigned)GEO_JT808_TEXT_URGENT : 0u);
    unsigned serials =
        geo_jt808_write_text(begin_out(room), &terminal->peer, terminal->serial, flags, 1, text);
    if (serials == 0)
        return false;
    Text one = {terminal->id, terminal->serial, now_ms() + TEXT_WAIT_MS, done, user};
    g_array_append_val(room->texts, one);
    room->counts.texts++;
    say(terminal, serials);
    return true;
}

bool app_feed_jt808_text(AppFeedJt808 *room, const char *name, const char *text, bool urgent,
                         AppFeedTextDone done, gpointer user)
{
    int64_t unit = geo_muster_find(geo_admit_muster(room->taking->admit), name);
    return send_text(terminal_of(room, unit), text, urgent, done, user);
}

bool app_feed_jt808_order(AppFeedJt808 *room, int64_t unit_id, const char *text, bool urgent,
                          AppFeedTextDone done, gpointer user)
{
    int64_t unit = geo_muster_number(geo_admit_muster(room->taking->admit), unit_id);
    return send_text(terminal_of(room, unit), text, urgent, done, user);
}

bool app_feed_jt808_ask(AppFeedJt808 *room, int64_t unit_id, const char *question,
                        const char *const *answers, size_t n, uint64_t tag)
{
    int64_t unit = geo_muster_number(geo_admit_muster(room->taking->admit), unit_id);
    Terminal *terminal = terminal_of(room, unit);
    if (!terminal)
        return false;
    unsigned serials = geo_jt808_write_question(begin_out(room), &terminal->peer, terminal->serial,
                                                GEO_JT808_TEXT_SCREEN | GEO_JT808_TEXT_SPOKEN,
                                                question, answers, n);
    if (serials == 0)
        return false;
    Asked asked = {terminal->id, tag, terminal->serial};
    if (room->asked->len >= MAX_ASKED)
        g_array_remove_index(room->asked, 0);
    g_array_append_val(room->asked, asked);
    say(terminal, serials);
    return true;
}

void app_feed_jt808_set_chose(AppFeedJt808 *room,
                              void (*chose)(const AppFeedChoice *choice, gpointer user),
                              gpointer user)
{
    room->chose = chose;
    room->chose_user = user;
}

void app_feed_jt808_reply(AppFeedJt808 *room, const AppFeedChoice *choice, bool done)
{
    Terminal *terminal = g_hash_table_lookup(room->by_id, &choice->terminal);
    if (terminal)
        ack(terminal, choice->id, choice->serial, done ? GEO_JT808_DONE : GEO_JT808_FAILED);
}

const AppFeedJt808Counts *app_feed_jt808_counts(const AppFeedJt808 *room)
{
    return &room->counts;
}
