/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How the feed that runs beside this window is, from what it writes of itself once a second, in
 * words for people. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    char *line;   /* "feed 1,840/s, delay 0.9 s" */
    char *detail; /* each source, each reason of refusal with its count; lines */
    bool fails;   /* it has stopped, cannot write, or brings far less than usual */
} AppFeedWords;

/* Of a city's folder, at now_ms by the wall's clock; NULL when no feed has run since it was last
 * ended in order. */
AppFeedWords *app_feed_words_read(const char *city, int64_t now_ms);
void app_feed_words_free(AppFeedWords *words);
