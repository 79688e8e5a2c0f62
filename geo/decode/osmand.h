/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The OsmAnd form: "id=7&lat=31.8&lon=117.2&timestamp=...", as a query or as a form in the body
 * (traccar.org/osmand). */
#include "geo/model/heard.h"

typedef enum {
    GEO_OSMAND_KNOTS, /* what the form means unless a server was told otherwise */
    GEO_OSMAND_KMH,
    GEO_OSMAND_MPS,
} GeoOsmandSpeed;

/* text: the n bytes behind the '?', or the body. A fix without timestamp is of now_ms, and has none
 * where that is 0. Appends to heard (GeoHeard). tally may be NULL. O(n), no memory but heard's. */
GeoHeardResult geo_osmand_heard(const char *text, size_t n, GeoOsmandSpeed speed, int64_t now_ms,
                                GArray *heard, GeoHeardTally *tally);
