/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a list of service items: it is refused with words, or every item of it is found,
 * routed and asked for its words. */
#include <stdint.h>
#include <string.h>

#include "geo/store/servicefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoServiceBook) book = geo_servicefile_parse("fuzz", (const char *)bytes, n, &error);
    g_assert(!book == !!error);
    for (guint i = 0; book && i < book->items->len; i++) {
        const GeoServiceItem *item = geo_servicebook_item(book, i);
        g_assert(geo_servicebook_find(book, item->code) == item);
        g_assert(geo_servicebook_route(book, item, NULL).tier == GEO_LEVEL_CITY);
        g_assert(item->words[0] && item->words[0][0]);
        geo_servicebook_suggest(book, item->name, NULL);
    }
    return 0;
}
