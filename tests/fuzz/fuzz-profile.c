/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "geo/store/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strndup((const char *)bytes, n);
    g_autoptr(GeoProfile) profile = geo_profile_parse("fuzz", text, n, &error);
    if (profile) {
        geo_profile_columns(profile, "name");
        geo_profile_value(profile, "owner", "x");
        geo_profile_fill(profile, "mount");
    }
    return 0;
}
