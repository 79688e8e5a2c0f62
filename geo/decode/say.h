/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One fix as phones and gateways say it: the other way of osmand.h, traccar.h, owntracks.h and
 * emqx.h, for simulated devices. Each appends to out and cannot fail; heard has a key, a place and
 * a time. What is NAN is left out. Coordinates to 1e-7 degrees. */
#include "geo/model/heard.h"

/* The OsmAnd form without a '?' before it: "id=7&lat=...". Time to the millisecond, speed in knots.
 * An SOS goes as alarm=sos; without VALID as valid=false. */
void geo_say_osmand(GString *out, const GeoHeard *heard);

/* Traccar Client 9's JSON of n fixes of one device: an object when it is one, else an array. */
void geo_say_traccar_client(GString *out, const GeoHeard *heard, size_t n);

/* OwnTracks' "location"; the key goes into the topic, which is the caller's. Time to the second,
 * speed to 1 km/h, heading to a degree, accuracy to a metre, as the app does. */
void geo_say_owntracks(GString *out, const GeoHeard *heard);

/* EMQX's JT/T 808 gateway: a location (512) or, when n is above 1 or late is set, a batch (1796),
 * late ones as of the blind-area memory. The key is digits. Time to the second. */
void geo_say_emqx(GString *out, const GeoHeard *heard, size_t n, bool late);
