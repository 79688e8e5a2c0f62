/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "geo/store/jsonscan.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    GeoJsonScan scan;
    g_autoptr(GError) error = NULL;
    bool ok = geo_jsonscan((const char *)bytes, n, &scan, &error);
    g_assert(ok == (error == NULL));
    return 0;
}
