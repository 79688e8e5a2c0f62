/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* OwnTracks' JSON (owntracks.org/booklet/tech/json): the "location" messages of a phone. */
#include "geo/model/heard.h"

/* topic: where it came in by MQTT; "owntracks/USER/DEVICE" is the device "USER/DEVICE", any other
 * topic is taken whole. NULL, for HTTP: the message's own "topic", or else its "tid", names it,
 * which anybody can write: only behind a login. Appends to heard (GeoHeard). Messages of another
 * type than location are OTHER. tally may be NULL. O(n), no memory but heard's. */
GeoHeardResult geo_owntracks_heard(const char *topic, const char *text, size_t n, GArray *heard,
                                   GeoHeardTally *tally);
