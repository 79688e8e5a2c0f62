/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "geo/model/error.h"

#define MAX_ENTRIES 20000
#define MAX_TOTAL_BYTES (UINT64_C(4) << 30)
#define RATIO_FROM_BYTES (UINT64_C(64) << 20) /* smaller ones harm nobody */
#define MAX_RATIO 500
#define END_BYTES 22
#define CENTRAL_BYTES 46
#define LOCAL_BYTES 30
#define CHUNK_BYTES (256 << 10)
#define ZSTD_MAX_WINDOW_LOG 27 /* 128 MB */

static uint32_t u16(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32(const uint8_t *p)
{
    return u16(p) | u16(p + 2) << 16;
}

static bool fail(GError **error, const char *why)
{
    g_set_error_literal(error, GEO_ERROR, GEO_ERROR_DATA, why);
    return false;
}

/* The end record, searched backwards over a possible comment; NULL when there is none. */
static const uint8_t *find_end(const uint8_t *bytes, size_t n)
{
    if (n < END_BYTES)
        return NULL;
    size_t lowest = n > END_BYTES + UINT16_MAX ? n - END_BYTES - UINT16_MAX : 0;
    for (size_t at = n - END_BYTES + 1; at-- > lowest;)
        if (u32(bytes + at) == 0x06054b50 && at + END_BYTES + u16(bytes + at + 20) <= n)
            return bytes + at;
    return NULL;
}

static bool check_name(const char *name, size_t n, GError **error)
{
    bool bad = n == 0 || memchr(name, '\0', n) || memchr(name, '\\', n) || name[0] == '/';
    for (size_t i = 0; i < n && !bad; i++)
        bad = (unsigned char)name[i] < 0x20;
    g_autofree char *text = g_strndup(name, n);
    g_auto(GStrv) words = g_strsplit(text, "/", -1);
    for (size_t i = 0; words[i] && !bad; i++)
        bad = !strcmp(words[i], "..");
    if (!bad)
        return true;
    g_autofree char *shown = g_strescape(text, NULL);
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "entry '%.80s' has a name that leaves the archive", shown);
    return false;
}

static bool is_bomb(uint64_t packed, uint64_t size)
{
    return size > RATIO_FROM_BYTES && size / MAX_RATIO > packed;
}

/* What the directory says of one entry, judged. */
static bool check_entry(const uint8_t *p, const GeoArchiveEntry *entry, size_t n, GError **error)
{
    uint32_t unix_mode = u32(p + 38) >> 16;
    const char *why = NULL;
    if (u16(p + 8) & 1)
        why = "is encrypted";
    else if (u16(p + 10) != 0 && u16(p + 10) != 8)
        why = "is packed by an unknown method";
    else if (p[5] == 3 && (unix_mode & 0170000) == 0120000)
        why = "is a symbolic link";
    else if (entry->packed == UINT32_MAX || entry->size == UINT32_MAX ||
             entry->offset == UINT32_MAX)
        why = "is in the zip64 form, which is not read";
    else if (entry->offset + LOCAL_BYTES + entry->packed > n)
        why = "reaches beyond the file's end: the archive is cut";
    else if (is_bomb(entry->packed, entry->size))
        why = "unpacks to more than 500 times its size";
    if (!why)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "entry '%.80s' %s", entry->name, why);
    return false;
}

static void clear_entry(gpointer entry)
{
    g_free(((GeoArchiveEntry *)entry)->name);
}

void geo_archive_entries_free(GArray *entries)
{
    if (entries)
        g_array_unref(entries);
}

/* The entry at *at of the directory into entries; *at moves behind it. */
static bool take_entry(const uint8_t *bytes, size_t n, size_t *at, GArray *entries, GError **error)
{
    const uint8_t *p = bytes + *at;
    if (n - *at < CENTRAL_BYTES || u32(p) != 0x02014b50)
        return fail(error, "the archive's directory is damaged");
    size_t n_name = u16(p + 28), length = CENTRAL_BYTES + n_name + u16(p + 30) + u16(p + 32);
    if (n - *at < length)
        return fail(error, "the archive's directory is damaged");
    if (!check_name((const char *)p + CENTRAL_BYTES, n_name, error))
        return false;
    GeoArchiveEntry entry = {
        .name = g_strndup((const char *)p + CENTRAL_BYTES, n_name),
        .packed = u32(p + 20),
        .size = u32(p + 24),
        .offset = u32(p + 42),
        .crc = u32(p + 16),
        .deflated = u16(p + 10) == 8,
    };
    bool folder = p[CENTRAL_BYTES + n_name - 1] == '/';
    bool ok = check_entry(p, &entry, n, error);
    if (ok && !folder)
        g_array_append_val(entries, entry);
    else
        g_free(entry.name);
    *at += length;
    return ok;
}

GArray *geo_archive_list(const uint8_t *bytes, size_t n, GError **error)
{
    const uint8_t *end = find_end(bytes, n);
    if (!end) {
        fail(error, "no zip directory at its end: the archive is cut or is none");
        return NULL;
    }
    size_t n_entries = u16(end + 10), at = u32(end + 16);
    if (n_entries > MAX_ENTRIES || u16(end + 4) != 0 || at > (size_t)(end - bytes)) {
        fail(error, n_entries > MAX_ENTRIES ? "more than 20,000 entries"
                                            : "the archive's directory is damaged");
        return NULL;
    }
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(GeoArchiveEntry));
    g_array_set_clear_func(entries, clear_entry);
    uint64_t packed = 0, size = 0;
    for (size_t k = 0; k < n_entries; k++)
        if (!take_entry(bytes, n, &at, entries, error))
            return NULL;
    for (guint k = 0; k < entries->len; k++) {
        packed += g_array_index(entries, GeoArchiveEntry, k).packed;
        size += g_array_index(entries, GeoArchiveEntry, k).size;
    }
    const char *why = packed > n               ? "entries overlap each other"
                      : size > MAX_TOTAL_BYTES ? "unpacks to more than 4 GiB"
                      : is_bomb(packed, size)  ? "unpacks to more than 500 times its size"
                                               : NULL;
    if (why) {
        fail(error, why);
        return NULL;
    }
    return g_steal_pointer(&entries);
}

typedef struct {
    int fd;
    uint64_t written, limit;
    const char *over; /* what to say at the limit */
    uint32_t crc;
} Output;

static bool output_open(Output *output, const char *path, GError **error)
{
    output->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    output->crc = (uint32_t)crc32(0, NULL, 0);
    if (output->fd >= 0)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot make a temporary file: %s",
                g_strerror(errno));
    return false;
}

static bool output_put(Output *output, const uint8_t *bytes, size_t n, GError **error)
{
    output->written += n;
    if (output->written > output->limit)
        return fail(error, output->over);
    output->crc = (uint32_t)crc32(output->crc, bytes, (uInt)n);
    while (n > 0) {
        ssize_t done = write(output->fd, bytes, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot unpack to a temporary file: %s",
                        g_strerror(errno));
            return false;
        }
        bytes += done;
        n -= (size_t)done;
    }
    return true;
}

/* window_bits: zlib's, negative for a raw stream, 15 + 16 for gzip with several members. */
static bool inflate_all(const uint8_t *bytes, size_t n, int window_bits, Output *output,
                        GError **error)
{
    z_stream stream = {0};
    if (inflateInit2(&stream, window_bits) != Z_OK)
        return fail(error, "out of memory while unpacking");
    g_autofree uint8_t *chunk = g_malloc(CHUNK_BYTES);
    size_t left = n;
    stream.next_in = (Bytef *)bytes;
    int state = Z_OK;
    bool ok = true;
    while (ok) {
        stream.avail_in = (uInt)MIN(left, (size_t)1 << 30);
        size_t given = stream.avail_in;
        stream.next_out = chunk;
        stream.avail_out = CHUNK_BYTES;
        state = inflate(&stream, Z_NO_FLUSH);
        left -= given - stream.avail_in;
        ok = (state == Z_OK || state == Z_STREAM_END) &&
             output_put(output, chunk, CHUNK_BYTES - stream.avail_out, error);
        if (state != Z_STREAM_END)
            continue;
        if (window_bits < 0 || left == 0 || inflateReset(&stream) != Z_OK)
            break;
    }
    inflateEnd(&stream);
    if (ok && state == Z_STREAM_END)
        return true;
    if (error && !*error)
        fail(error, state == Z_BUF_ERROR ? "packed data are cut short" : "packed data are damaged");
    return false;
}

bool geo_archive_extract(const uint8_t *bytes, size_t n, const GeoArchiveEntry *entry,
                         const char *path, GError **error)
{
    const uint8_t *local = bytes + entry->offset;
    if (n - entry->offset < LOCAL_BYTES || u32(local) != 0x04034b50)
        return fail(error, "the archive is damaged: an entry is not where its directory says");
    size_t begin = LOCAL_BYTES + u16(local + 26) + u16(local + 28);
    if (begin + entry->packed > n - entry->offset)
        return fail(error, "the archive is cut: an entry reaches beyond its end");
    Output output = {.limit = entry->size, .over = "an entry is longer than its directory says"};
    if (!output_open(&output, path, error))
        return false;
    GError *bad = NULL;
    bool ok = entry->deflated ? inflate_all(local + begin, entry->packed, -MAX_WBITS, &output, &bad)
                              : output_put(&output, local + begin, entry->packed, &bad);
    if (ok && (output.written != entry->size || output.crc != entry->crc))
        ok = fail(&bad, "an entry's bytes are not those that its checksum was made of");
    close(output.fd);
    if (bad)
        g_propagate_error(error, bad);
    return ok;
}

static Output bounded(size_t n, uint64_t max_bytes)
{
    uint64_t by_ratio = MAX((uint64_t)n * MAX_RATIO, RATIO_FROM_BYTES);
    return (Output){
        .limit = MIN(by_ratio, max_bytes),
        .over = by_ratio < max_bytes ? "unpacks to more than 500 times its size"
                                     : "unpacks to more than is read of one file",
    };
}

bool geo_archive_gunzip(const uint8_t *bytes, size_t n, const char *path, uint64_t max_bytes,
                        GError **error)
{
    Output output = bounded(n, max_bytes);
    if (!output_open(&output, path, error))
        return false;
    GError *bad = NULL;
    bool ok = inflate_all(bytes, n, MAX_WBITS + 16, &output, &bad);
    close(output.fd);
    if (bad)
        g_propagate_error(error, bad);
    return ok;
}

bool geo_archive_unzstd(const uint8_t *bytes, size_t n, const char *path, uint64_t max_bytes,
                        GError **error)
{
    Output output = bounded(n, max_bytes);
    if (!output_open(&output, path, error))
        return false;
    ZSTD_DCtx *context = ZSTD_createDCtx();
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZSTD_MAX_WINDOW_LOG);
    g_autofree uint8_t *chunk = g_malloc(CHUNK_BYTES);
    ZSTD_inBuffer in = {bytes, n, 0};
    size_t state = 1;
    bool ok = true;
    while (ok && in.pos < in.size) {
        ZSTD_outBuffer out = {chunk, CHUNK_BYTES, 0};
        state = ZSTD_decompressStream(context, &out, &in);
        ok = ZSTD_isError(state) ? fail(error, "packed data are damaged")
                                 : output_put(&output, chunk, out.pos, error);
    }
    while (ok && state != 0) { /* what the context still holds */
        ZSTD_outBuffer out = {chunk, CHUNK_BYTES, 0};
        state = ZSTD_decompressStream(context, &out, &in);
        if (ZSTD_isError(state) || (state != 0 && out.pos == 0))
            ok = fail(error, "packed data are cut short");
        else
            ok = output_put(&output, chunk, out.pos, error);
    }
    ZSTD_freeDCtx(context);
    close(output.fd);
    return ok;
}
