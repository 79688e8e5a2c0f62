/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text through every decoder of fixes in text. What is broken leaves nothing behind; what is
 * given is on the earth or says that it is not. */
#include <stdint.h>
#include <string.h>

#include "geo/decode/emqx.h"
#include "geo/decode/json.h"
#include "geo/decode/osmand.h"
#include "geo/decode/owntracks.h"
#include "geo/decode/traccar.h"

static void check(GeoHeardResult result, GArray *heard, GeoHeardTally *tally, size_t n)
{
    g_assert((result == GEO_HEARD_FINE) == (heard->len > 0));
    g_assert(tally->heard == heard->len && heard->len <= n / 2 + 1);
    for (guint i = 0; i < heard->len; i++) {
        const GeoHeard *one = &g_array_index(heard, GeoHeard, i);
        bool placed = one->fix.lon >= -180 && one->fix.lon <= 180 && one->fix.lat >= -90 &&
                      one->fix.lat <= 90;
        g_assert(placed || !(one->flags & GEO_HEARD_VALID));
        g_assert((one->fix.at_ms == 0) == !!(one->flags & GEO_HEARD_UNTIMED));
        g_assert(!(one->flags & GEO_HEARD_UNTIMED) || !(one->flags & GEO_HEARD_VALID));
        g_assert(!(one->fix.speed_mps < 0) && !(one->fix.heading_deg < 0));
        g_assert(!(one->fix.heading_deg >= 360) && !(one->fix.accuracy_m < 0));
        g_assert(one->key[0] && memchr(one->key, 0, sizeof one->key) &&
                 g_utf8_validate(one->key, -1, NULL));
    }
    g_array_set_size(heard, 0);
    *tally = (GeoHeardTally){0};
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *text = (const char *)bytes;
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    GeoHeardTally tally = {0};
    GeoJson json;
    geo_json_init(&json, text, n);
    geo_json_skip(&json);
    bool whole = geo_json_end(&json);
    GeoHeardResult owntracks = geo_owntracks_heard("owntracks/a/b", text, n, heard, &tally);
    check(owntracks, heard, &tally, n);
    GeoHeardResult forward = geo_traccar_heard(text, n, heard, &tally);
    check(forward, heard, &tally, n);
    GeoHeardResult client = geo_traccar_client_heard(text, n, heard, &tally);
    check(client, heard, &tally, n);
    GeoHeardResult emqx = geo_emqx_heard(text, n, heard, &tally);
    check(emqx, heard, &tally, n);
    /* All of them read to the end before they say anything of it. */
    g_assert((owntracks == GEO_HEARD_BROKEN) == !whole);
    g_assert((forward == GEO_HEARD_BROKEN) == !whole);
    g_assert((emqx == GEO_HEARD_BROKEN) == !whole);
    g_assert(whole || client == GEO_HEARD_BROKEN);
    check(geo_owntracks_heard(NULL, text, n, heard, &tally), heard, &tally, n);
    check(geo_osmand_heard(text, n, GEO_OSMAND_KNOTS, n % 2 ? 0 : 1700000000000, heard, &tally),
          heard, &tally, n);
    return 0;
}
