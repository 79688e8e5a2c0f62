/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A message to a unit in the words that its device gets. */
#include <glib.h>

#include "geo/store/cases.h"

/* For a screen and a voice, at most 1,024 bytes of GBK; in the language of the process. */
char *app_feed_order_words(const GeoMessage *message);

/* The short question behind it: does the unit go? */
char *app_feed_order_question(const GeoMessage *message);

/* For programs: {"id", "what", "number", "type", "place", "lon", "lat", "priority", "text"}. */
char *app_feed_order_json(const GeoMessage *message);
