/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Packed files, unpacked by us with limits: zip by its central directory, gzip, zstd. Nothing is
 * written under a name that an archive chose. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    char *name; /* as in the archive, checked: relative, no "..", no control bytes */
    uint64_t packed, size;
    uint64_t offset; /* of the local header */
    uint32_t crc;
    bool deflated; /* else stored */
} GeoArchiveEntry;

/* The files of a zip: GeoArchiveEntry, free with geo_archive_entries_free(). Fails on damage, on
 * names that leave the archive, links, encryption, zip64, more than 20,000 entries, more than 4 GiB
 * in all, entries that overlap, and ratios that only bombs have. */
GArray *geo_archive_list(const uint8_t *bytes, size_t n, GError **error);
void geo_archive_entries_free(GArray *entries);

/* One entry into a new file (0600); stops at the size that the directory promised. */
bool geo_archive_extract(const uint8_t *bytes, size_t n, const GeoArchiveEntry *entry,
                         const char *path, GError **error);

/* The whole of a gzip or zstd file into a new file (0600), at most max_bytes and at most 500 times
 * the packed size (from 64 MB on). */
bool geo_archive_gunzip(const uint8_t *bytes, size_t n, const char *path, uint64_t max_bytes,
                        GError **error);
bool geo_archive_unzstd(const uint8_t *bytes, size_t n, const char *path, uint64_t max_bytes,
                        GError **error);
