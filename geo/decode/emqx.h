/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What EMQX's JT/T 808 gateway publishes of a terminal: the standard's fields by name, in the
 * standard's units ("JT/T 808 Gateway Data Exchange Format", docs.emqx.com). */
#include "geo/model/heard.h"

/* Locations (512), replies to a location query (513) and batches (1796); other messages are OTHER.
 * Appends to heard (GeoHeard); what is no location in a batch is counted in tally->items. tally may
 * be NULL. O(n), no memory but heard's. */
GeoHeardResult geo_emqx_heard(const char *text, size_t n, GArray *heard, GeoHeardTally *tally);
