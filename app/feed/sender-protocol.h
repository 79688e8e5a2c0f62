/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a protocol of the sender does. Private to app/feed/sender*. */
#include "app/feed/sender-crew.h"

typedef struct {
    /* crew and options are borrowed. Connections begin with the first turn. */
    gpointer (*open)(const AppFeedSenderOptions *options, AppFeedSenderCrew *crew, GError **error);
    void (*free)(gpointer self);
    /* The device could say something at once. */
    bool (*hears)(gpointer self, uint32_t device);
    /* It has something to say: now, or when it can. */
    void (*say)(gpointer self, uint32_t device, int64_t now_us);
    /* It has lost its signal, or found it again. */
    void (*signal)(gpointer self, uint32_t device, bool found);
    /* Sockets and patience; does not wait. */
    void (*turn)(gpointer self, int64_t now_us);
    /* The connections' part of the report; ready is at least wanted when all can speak. */
    size_t (*report)(gpointer self, AppFeedSenderReport *report);
} AppFeedSenderProtocol;

extern const AppFeedSenderProtocol app_feed_sender_jt808;
extern const AppFeedSenderProtocol app_feed_sender_http; /* by options->shape */
extern const AppFeedSenderProtocol app_feed_sender_mqtt; /* likewise */
