/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <string.h>

#include "geo/store/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    size_t n_utf8 = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        geo_encoding_to_utf8((const char *)bytes, n, NULL, NULL, &n_utf8, &error);
    g_assert((text == NULL) == (error != NULL));
    for (size_t i = 0; text && i < n_utf8; i += strlen(text + i) + 1)
        g_assert(g_utf8_validate(text + i, -1, NULL));
    geo_encoding_guess((const char *)bytes, n, false);
    return 0;
}
