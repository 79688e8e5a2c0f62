/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A zip's directory, and each small entry of it unpacked. */
#include <glib/gstdio.h>

#include "geo/store/archive.h"

#define SMALL_BYTES (1 << 20)
#define FEW_ENTRIES 4

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static char *folder;
    if (!folder)
        folder = g_dir_make_tmp("gridbeat-fuzz-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "entry", NULL);
    GArray *entries = geo_archive_list(bytes, n, NULL);
    for (guint i = 0; entries && i < MIN(entries->len, FEW_ENTRIES); i++) {
        const GeoArchiveEntry *entry = &g_array_index(entries, GeoArchiveEntry, i);
        g_autoptr(GError) error = NULL;
        if (entry->size <= SMALL_BYTES)
            geo_archive_extract(bytes, n, entry, path, &error);
        g_unlink(path);
    }
    geo_archive_entries_free(entries);
    g_autoptr(GError) bad = NULL;
    geo_archive_gunzip(bytes, n, path, SMALL_BYTES, &bad);
    g_unlink(path);
    g_clear_error(&bad);
    geo_archive_unzstd(bytes, n, path, SMALL_BYTES, &bad);
    g_unlink(path);
    return 0;
}
