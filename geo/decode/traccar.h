/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Two JSON shapes of Traccar, which differ in the unit of speed: what a Traccar server forwards
 * (forward.type json, kafka, mqtt; knots), and what Traccar Client 9 and later sends (metres a
 * second). traccar.org/forward, traccar.org/osmand. */
#include "geo/model/heard.h"

/* {"position": {...}, "device": {"uniqueId": ...}}. An outdated position (the last one repeated) is
 * not VALID; one from the device's archive is LATE; the alarm "sos" is SOS. Appends to heard
 * (GeoHeard). tally may be NULL. O(n), no memory but heard's. */
GeoHeardResult geo_traccar_heard(const char *text, size_t n, GArray *heard, GeoHeardTally *tally);

/* {"location": {...} or [{...}], "device_id": ...}. Places that the phone was told to pretend
 * ("mock") are not VALID. Of an array, what can be used is taken and the rest counted in
 * tally->items. */
GeoHeardResult geo_traccar_client_heard(const char *text, size_t n, GArray *heard,
                                        GeoHeardTally *tally);
