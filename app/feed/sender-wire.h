/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Many TCP connections to one address, numbered lines, through one epoll descriptor and without
 * threads: a GSource and a GSocket for each of eighteen thousand would cost more than what they
 * carry. They are opened a few at a time, and again, later and later, when they fail. Loopback or a
 * trusted network: in the clear. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct AppFeedSenderWire AppFeedSenderWire;

/* Called from app_feed_sender_wire_turn() alone. */
typedef struct {
    void (*up)(gpointer user, uint32_t line);
    void (*heard)(gpointer user, uint32_t line, const uint8_t *bytes, size_t n);
    void (*down)(gpointer user, uint32_t line); /* it had been up; it will be opened again */
} AppFeedSenderWireManners;

typedef struct {
    uint64_t opened;    /* connections made */
    uint64_t lost;      /* ended by the other side, or broken */
    uint64_t failed;    /* tries that made none */
    uint64_t unsettled; /* hung up for not having settled in time */
} AppFeedSenderWireCounts;

/* address: "127.0.0.1:8100", looked up here. Makes room for n_lines descriptors; fails, saying how
 * many there are, when the system does not give them. */
AppFeedSenderWire *app_feed_sender_wire_new(const char *address, uint16_t default_port,
                                            size_t n_lines, const AppFeedSenderWireManners *manners,
                                            gpointer user, GError **error);
void app_feed_sender_wire_free(AppFeedSenderWire *wire); /* calls nobody */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppFeedSenderWire, app_feed_sender_wire_free)

/* Lines are to be open or closed from the next turn on; new ones are closed. */
void app_feed_sender_wire_open(AppFeedSenderWire *wire, uint32_t line);
void app_feed_sender_wire_close(AppFeedSenderWire *wire, uint32_t line);

/* Closes it in the next turn, to be opened again after a while. */
void app_feed_sender_wire_hang_up(AppFeedSenderWire *wire, uint32_t line);

/* The other side has taken us in: makes room for the next line to be opened, of which only so many
 * may be unsettled. */
void app_feed_sender_wire_settle(AppFeedSenderWire *wire, uint32_t line);

/* Says it now or as soon as it is taken; what a line that goes down has not said is lost. */
void app_feed_sender_wire_say(AppFeedSenderWire *wire, uint32_t line, const uint8_t *bytes,
                              size_t n);

/* Does what can be done now, without waiting. */
void app_feed_sender_wire_turn(AppFeedSenderWire *wire);

const AppFeedSenderWireCounts *app_feed_sender_wire_counts(const AppFeedSenderWire *wire);
