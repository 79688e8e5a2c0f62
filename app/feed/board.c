/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/board.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define TURN_BYTES 16384 /* of one line, before the others have theirs */
#define EVENTS 512
#define MAX_UNTAKEN (64 * 1024)
/* A terminal says 100 bytes a second, and after a dead zone a few batches of 1 KiB. */
#define BYTES_PER_S 32768
#define BURST_BYTES (256 * 1024)
#define SWEEP_MS 1000

struct AppFeedLine {
    AppFeedBoard *board;
    GSocket *socket;   /* a reference */
    GIOStream *stream; /* a reference; NULL: plain */
    int fd;
    const AppFeedManners *manners;
    gpointer owner;
    uint8_t *untaken; /* owned; NULL while there is nothing */
    size_t n_untaken;
    int64_t alive_ms, patience_ms; /* of the monotonic clock */
    int64_t allowance;             /* bytes it may still say before it has to wait */
    int64_t allowance_ms;          /* when that was counted */
    uint32_t index;                /* in the board's lines */
    uint32_t watched;              /* epoll's events */
    bool ending, waits;
};

struct AppFeedBoard {
    GSource *source, *sweeper; /* owned */
    int epoll;
    GPtrArray *lines;  /* AppFeedLine, owned */
    GPtrArray *ending; /* of lines */
    AppFeedBoardCounts counts;
    bool hold;
    uint8_t buffer[TURN_BYTES];
};

typedef struct {
    GSource base;
    AppFeedBoard *board;
} BoardSource;

static int64_t now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

/* ---- what epoll is asked ---- */

static void watch(AppFeedLine *line)
{
    uint32_t wanted = 0;
    if (!line->waits && !line->board->hold)
        wanted |= EPOLLIN | EPOLLRDHUP;
    if (line->n_untaken > 0)
        wanted |= EPOLLOUT;
    if (wanted == line->watched)
        return;
    struct epoll_event event = {.events = wanted, .data = {.ptr = line}};
    epoll_ctl(line->board->epoll, EPOLL_CTL_MOD, line->fd, &event);
    line->watched = wanted;
}

/* ---- ending ---- */

void app_feed_line_hang_up(AppFeedLine *line)
{
    if (line->ending)
        return;
    line->ending = true;
    g_ptr_array_add(line->board->ending, line);
}

static void line_free(AppFeedLine *line)
{
    epoll_ctl(line->board->epoll, EPOLL_CTL_DEL, line->fd, NULL);
    if (line->stream)
        g_io_stream_close(line->stream, NULL, NULL);
    g_socket_close(line->socket, NULL);
    g_clear_object(&line->stream);
    g_object_unref(line->socket);
    g_free(line->untaken);
    g_free(line);
}

static void end_line(AppFeedBoard *board, AppFeedLine *line)
{
    AppFeedLine *last = g_ptr_array_index(board->lines, board->lines->len - 1);
    last->index = line->index;
    g_ptr_array_remove_index_fast(board->lines, line->index);
    board->counts.closed++;
    board->counts.n_lines = board->lines->len;
    line->manners->ended(line, line->owner);
    line_free(line);
}

/* Ending one may end others, so the list is taken from its end until it is empty. */
static void end_lines(AppFeedBoard *board)
{
    while (board->ending->len > 0) {
        AppFeedLine *line = g_ptr_array_index(board->ending, board->ending->len - 1);
        g_ptr_array_set_size(board->ending, (gint)board->ending->len - 1);
        end_line(board, line);
    }
}

/* ---- bytes ---- */

/* Bytes read or written; 0: not now; -1: the line is dead or at its end. */
static gssize read_some(AppFeedLine *line)
{
    AppFeedBoard *board = line->board;
    if (!line->stream) {
        gssize n = recv(line->fd, board->buffer, sizeof board->buffer, MSG_DONTWAIT);
        if (n > 0)
            return n;
        return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
    }
    GInputStream *input = g_io_stream_get_input_stream(line->stream);
    g_autoptr(GError) error = NULL;
    gssize n = g_pollable_input_stream_read_nonblocking(
        G_POLLABLE_INPUT_STREAM(input), board->buffer, sizeof board->buffer, NULL, &error);
    if (n > 0)
        return n;
    return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ? 0 : -1;
}

static gssize write_some(AppFeedLine *line, const uint8_t *bytes, size_t n)
{
    if (!line->stream) {
        gssize done = send(line->fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (done >= 0)
            return done;
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    }
    GOutputStream *output = g_io_stream_get_output_stream(line->stream);
    g_autoptr(GError) error = NULL;
    gssize done = g_pollable_output_stream_write_nonblocking(G_POLLABLE_OUTPUT_STREAM(output),
                                                             bytes, n, NULL, &error);
    if (done >= 0)
        return done;
    return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ? 0 : -1;
}

static void keep_untaken(AppFeedLine *line, const uint8_t *bytes, size_t n)
{
    if (line->n_untaken + n > MAX_UNTAKEN) {
        line->board->counts.deaf++;
        app_feed_line_hang_up(line);
        return;
    }
    line->untaken = g_realloc(line->untaken, line->n_untaken + n);
    memcpy(line->untaken + line->n_untaken, bytes, n);
    line->n_untaken += n;
    watch(line);
}

void app_feed_line_say(AppFeedLine *line, const uint8_t *bytes, size_t n)
{
    gssize done = 0;
    if (line->ending || n == 0)
        return;
    if (line->n_untaken == 0)
        done = write_some(line, bytes, n);
    if (done < 0)
        app_feed_line_hang_up(line);
    else if ((size_t)done < n)
        keep_untaken(line, bytes + done, n - (size_t)done);
}

static void say_untaken(AppFeedLine *line)
{
    gssize done = write_some(line, line->untaken, line->n_untaken);
    if (done < 0) {
        app_feed_line_hang_up(line);
        return;
    }
    line->n_untaken -= (size_t)done;
    memmove(line->untaken, line->untaken + done, line->n_untaken);
    if (line->n_untaken == 0)
        g_clear_pointer(&line->untaken, g_free);
    watch(line);
}

/* False when the line has said more than it may and has to wait. */
static bool spend(AppFeedLine *line, gssize n, int64_t now)
{
    int64_t earned = (now - line->allowance_ms) * BYTES_PER_S / 1000;
    if (earned > 0) {
        line->allowance = MIN(line->allowance + earned, BURST_BYTES);
        line->allowance_ms = now;
    }
    line->allowance -= n;
    return line->allowance > 0;
}

static void hear(AppFeedLine *line)
{
    gssize n = read_some(line);
    if (n < 0) {
        app_feed_line_hang_up(line);
        return;
    }
    if (n == 0)
        return;
    int64_t now = now_ms();
    if (!spend(line, n, now)) {
        line->waits = true;
        line->board->counts.slowed++;
        watch(line);
    }
    if (!line->manners->heard(line, line->board->buffer, (size_t)n, line->owner))
        app_feed_line_hang_up(line);
    /* What TLS has already unpacked never shows on the descriptor. */
    else if (line->stream && !line->waits && !line->ending &&
             g_pollable_input_stream_is_readable(
                 G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(line->stream))))
        hear(line);
}

/* ---- turns ---- */

static gboolean take_turn(AppFeedBoard *board)
{
    struct epoll_event events[EVENTS];
    int n = epoll_wait(board->epoll, events, EVENTS, 0);
    for (int i = 0; i < n; i++) {
        AppFeedLine *line = events[i].data.ptr;
        if (!line->ending && events[i].events & EPOLLOUT)
            say_untaken(line);
        if (!line->ending && events[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
            hear(line);
        /* Gone while nobody wants to hear it. */
        if (!line->ending && events[i].events & (EPOLLHUP | EPOLLERR) && !(line->watched & EPOLLIN))
            app_feed_line_hang_up(line);
    }
    end_lines(board);
    return G_SOURCE_CONTINUE;
}

static gboolean sweep(gpointer data)
{
    AppFeedBoard *board = data;
    int64_t now = now_ms();
    for (guint i = 0; i < board->lines->len; i++) {
        AppFeedLine *line = g_ptr_array_index(board->lines, i);
        if (line->waits && spend(line, 0, now)) {
            line->waits = false;
            watch(line);
        }
        if (!line->ending && !board->hold && now - line->alive_ms > line->patience_ms) {
            board->counts.silent++;
            app_feed_line_hang_up(line);
        }
    }
    end_lines(board);
    return G_SOURCE_CONTINUE;
}

/* Lines that were hung up outside of a turn end in the next. */
static gboolean prepare(GSource *source, gint *timeout)
{
    *timeout = -1;
    return ((BoardSource *)source)->board->ending->len > 0;
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    return take_turn(((BoardSource *)source)->board);
}

static GSourceFuncs source_funcs = {.prepare = prepare, .dispatch = dispatch};

AppFeedBoard *app_feed_board_new(GMainContext *context)
{
    AppFeedBoard *board = g_new0(AppFeedBoard, 1);
    board->epoll = epoll_create1(EPOLL_CLOEXEC);
    g_return_val_if_fail(board->epoll >= 0, NULL);
    board->lines = g_ptr_array_new();
    board->ending = g_ptr_array_new();
    board->source = g_source_new(&source_funcs, sizeof(BoardSource));
    ((BoardSource *)board->source)->board = board;
    g_source_add_unix_fd(board->source, board->epoll, G_IO_IN);
    g_source_attach(board->source, context);
    board->sweeper = g_timeout_source_new(SWEEP_MS);
    g_source_set_callback(board->sweeper, sweep, board, NULL);
    g_source_attach(board->sweeper, context);
    return board;
}

void app_feed_board_free(AppFeedBoard *board)
{
    if (!board)
        return;
    for (guint i = 0; i < board->lines->len; i++)
        app_feed_line_hang_up(g_ptr_array_index(board->lines, i));
    end_lines(board);
    g_source_destroy(board->source);
    g_source_destroy(board->sweeper);
    g_source_unref(board->source);
    g_source_unref(board->sweeper);
    g_ptr_array_unref(board->lines);
    g_ptr_array_unref(board->ending);
    close(board->epoll);
    g_free(board);
}

AppFeedLine *app_feed_board_add(AppFeedBoard *board, GSocket *socket, GIOStream *stream,
                                int64_t patience_ms, const AppFeedManners *manners, gpointer owner)
{
    AppFeedLine *line = g_new0(AppFeedLine, 1);
    line->board = board;
    line->socket = g_object_ref(socket);
    line->stream = stream ? g_object_ref(stream) : NULL;
    line->fd = g_socket_get_fd(socket);
    line->manners = manners;
    line->owner = owner;
    line->alive_ms = line->allowance_ms = now_ms();
    line->patience_ms = patience_ms;
    line->allowance = BURST_BYTES;
    line->index = board->lines->len;
    line->watched = board->hold ? 0 : EPOLLIN | EPOLLRDHUP;
    g_ptr_array_add(board->lines, line);
    board->counts.opened++;
    board->counts.n_lines = board->lines->len;
    struct epoll_event event = {.events = line->watched, .data = {.ptr = line}};
    epoll_ctl(board->epoll, EPOLL_CTL_ADD, line->fd, &event);
    return line;
}

void app_feed_line_alive(AppFeedLine *line, int64_t patience_ms)
{
    line->alive_ms = now_ms();
    line->patience_ms = patience_ms;
}

void app_feed_board_hold(AppFeedBoard *board, bool hold)
{
    if (board->hold == hold)
        return;
    board->hold = hold;
    int64_t now = now_ms();
    for (guint i = 0; i < board->lines->len; i++) {
        AppFeedLine *line = g_ptr_array_index(board->lines, i);
        line->alive_ms = now; /* it was us who did not listen */
        watch(line);
    }
}

const AppFeedBoardCounts *app_feed_board_counts(const AppFeedBoard *board)
{
    return &board->counts;
}
