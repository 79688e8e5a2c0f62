/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <string.h>

#include "geo/store/blob.h"

/* What is read is written again as it was: any blob that is taken is one that we could have
 * written. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_BASE);
    geo_batch_add(batch);
    if (!geo_blob_read(bytes, n, batch)) {
        g_assert(batch->parts->len == 0 && batch->points->len == 0);
        return 0;
    }
    g_autoptr(GByteArray) again = g_byte_array_new();
    g_autoptr(GeoBatch) twin = geo_batch_new(GEO_KIND_BASE);
    geo_blob_write(again, batch, geo_batch_row(batch, 0));
    geo_batch_add(twin);
    g_assert(again->len == 0 || geo_blob_read(again->data, again->len, twin));
    return 0;
}
