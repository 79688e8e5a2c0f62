/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The switchboard: any number of lines (TCP connections) that are listened to through one epoll
 * descriptor, which is one source of a GMainContext: eighteen thousand sources of their own would
 * cost a poll() over all of them each time one speaks. Every line has limits: bytes at a time and
 * in a second, bytes not yet taken by the other side, and how long it may stay silent. */
#include <gio/gio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct AppFeedBoard AppFeedBoard;
typedef struct AppFeedLine AppFeedLine;

typedef struct {
    /* Bytes came, at most 16 KiB at a time. False: hang up. */
    bool (*heard)(AppFeedLine *line, const uint8_t *bytes, size_t n, gpointer owner);
    /* The line is gone after this; the owner is to let go of itself. */
    void (*ended)(AppFeedLine *line, gpointer owner);
} AppFeedManners;

/* What the board has seen of its lines. */
typedef struct {
    uint64_t opened, closed;
    uint64_t silent; /* hung up for having said nothing in time */
    uint64_t deaf;   /* for not taking what was said to them */
    uint64_t slowed; /* times a line was made to wait for saying too much */
    size_t n_lines;
} AppFeedBoardCounts;

AppFeedBoard *app_feed_board_new(GMainContext *context);
void app_feed_board_free(AppFeedBoard *board); /* hangs up every line */

/* A connected socket, or a stream on top of one (TLS, its handshake done); the board takes a
 * reference. The line is hung up patience_ms after app_feed_line_alive() was last called: bytes
 * alone keep nothing open. */
AppFeedLine *app_feed_board_add(AppFeedBoard *board, GSocket *socket, GIOStream *stream,
                                int64_t patience_ms, const AppFeedManners *manners, gpointer owner);

/* Says bytes, now or as soon as the other side takes them; a line that leaves 64 KiB untaken is
 * hung up. */
void app_feed_line_say(AppFeedLine *line, const uint8_t *bytes, size_t n);

/* Soon: `ended` is called before control goes back to the main loop, never within this call. */
void app_feed_line_hang_up(AppFeedLine *line);

/* It has said something of sense: its patience begins anew, and is this from now on. */
void app_feed_line_alive(AppFeedLine *line, int64_t patience_ms);

/* Nothing is read from any line while held back: the sockets' buffers fill and senders wait. */
void app_feed_board_hold(AppFeedBoard *board, bool hold);

const AppFeedBoardCounts *app_feed_board_counts(const AppFeedBoard *board);
