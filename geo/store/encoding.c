/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guessing is by the pairs of bytes that texts of each country really use. Words in GB18030 lie
 * almost wholly in the plane of GB 2312 (both bytes from A1), as Korean ones lie in KS X 1001; of
 * those, Korean syllables begin with B0..C8 only, while Chinese characters spread to F7. Where most
 * high bytes stand alone between letters it is Windows-1252. A guess: a few words in capitals of
 * another code page can fool it, hence the override. */
#include "geo/store/encoding.h"

#include <string.h>

#include "geo/model/error.h"

#define PLANE_SHARE 0.7    /* of pairs that lie in the plane of GB 2312 or KS X 1001 */
#define SYLLABLE_SHARE 0.9 /* of those that begin as Korean syllables do */
#define ZERO_SHARE 0.02    /* of bytes at one parity that are zero in UTF-16: its line ends are */

typedef struct {
    size_t high;      /* bytes from 80 */
    size_t pairs;     /* high byte with a trail byte of GBK */
    size_t plane;     /* pairs with both bytes from A1 */
    size_t syllables; /* of those, lead B0..C8 */
} Pairs;

static Pairs count_pairs(const unsigned char *bytes, size_t n)
{
    Pairs pairs = {0};
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] < 0x80)
            continue;
        pairs.high++;
        if (i + 1 >= n || bytes[i] == 0x80 || bytes[i] == 0xff || bytes[i + 1] < 0x40 ||
            bytes[i + 1] == 0x7f)
            continue;
        pairs.pairs++;
        if (bytes[i] >= 0xa1 && bytes[i + 1] >= 0xa1) {
            pairs.plane++;
            pairs.syllables += bytes[i] >= 0xb0 && bytes[i] <= 0xc8;
        }
        i++;
    }
    return pairs;
}

/* Korean uses the row A3 (full-width forms) and punctuation in A1 as Chinese does; leads B0.. only
 * tell them apart. */
static size_t count_ideographs(const unsigned char *bytes, size_t n)
{
    size_t found = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        if (bytes[i] < 0x80)
            continue;
        found += bytes[i] >= 0xb0 && bytes[i + 1] >= 0xa1;
        i++;
    }
    return found;
}

static const char *guess_utf16(const unsigned char *bytes, size_t n)
{
    size_t zeros[2] = {0};
    for (size_t i = 0; i < n; i++)
        zeros[i % 2] += bytes[i] == 0;
    double half = (double)n / 2;
    if (n >= 4 && (double)zeros[1] > ZERO_SHARE * half && zeros[0] < zeros[1] / 4 + 1)
        return "UTF-16LE";
    if (n >= 4 && (double)zeros[0] > ZERO_SHARE * half && zeros[1] < zeros[0] / 4 + 1)
        return "UTF-16BE";
    return NULL;
}

static bool valid_utf8(const char *bytes, size_t n, bool whole)
{
    const char *end;
    if (g_utf8_validate_len(bytes, n, &end))
        return true;
    /* a beginning may be cut within its last character */
    size_t left = n - (size_t)(end - bytes);
    return !whole && left < 4 && g_utf8_get_char_validated(end, (gssize)left) == (gunichar)-2;
}

const char *geo_encoding_guess(const char *bytes, size_t n, bool whole)
{
    const unsigned char *raw = (const unsigned char *)bytes;
    if (n >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
        return "UTF-8";
    if (n >= 2 && raw[0] == 0xff && raw[1] == 0xfe)
        return "UTF-16LE";
    if (n >= 2 && raw[0] == 0xfe && raw[1] == 0xff)
        return "UTF-16BE";
    const char *wide = guess_utf16(raw, n);
    if (wide)
        return wide;
    if (valid_utf8(bytes, n, whole))
        return "UTF-8";
    Pairs pairs = count_pairs(raw, n);
    double covered = 2 * (double)pairs.pairs; /* high bytes that a pair may explain */
    if (pairs.pairs == 0 || (double)pairs.plane < PLANE_SHARE * (double)pairs.pairs ||
        covered < (double)pairs.high)
        return "CP1252";
    size_t ideographs = count_ideographs(raw, n);
    return ideographs > 0 && (double)pairs.syllables >= SYLLABLE_SHARE * (double)ideographs
               ? "CP949"
               : "GB18030";
}

static size_t mark_length(const char *bytes, size_t n)
{
    if (n >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
        return 3;
    if (n >= 2 && (!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2)))
        return 2;
    return 0;
}

static size_t line_of(const char *bytes, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += bytes[i] == '\n';
    return line;
}

/* The first byte that no character of Unicode begins with, else NULL. iconv lets code points
 * through that lie beyond it; a zero byte is one more character here, which the readers refuse. */
static const char *find_stray(const char *text, size_t n)
{
    const char *at = text, *end = text + n;
    while (!g_utf8_validate_len(at, (size_t)(end - at), &at)) {
        if (*at != '\0')
            return at;
        at++;
    }
    return NULL;
}

static void fail_as_text(size_t line, const char *from, GError **error)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "line %zu: not a text in %s; name its encoding with --encoding", line, from);
}

char *geo_encoding_to_utf8(const char *bytes, size_t n, const char *encoding, const char **used,
                           size_t *n_utf8, GError **error)
{
    const char *from = encoding ? encoding : geo_encoding_guess(bytes, n, true);
    size_t skip = mark_length(bytes, n);
    if (skip == 3 && g_ascii_strcasecmp(from, "UTF-8") && g_ascii_strcasecmp(from, "UTF8"))
        skip = 0;
    if (skip == 2 && g_ascii_strncasecmp(from, "UTF-16", 6))
        skip = 0;
    if (!g_ascii_strncasecmp(from, "UTF-16", 6) && n % 2 == 1) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "line %zu: ends within a character of %s: the file is cut", line_of(bytes, n),
                    from);
        return NULL;
    }
    gsize n_read = 0, n_written = 0;
    g_autoptr(GError) bad = NULL;
    char *text =
        g_convert(bytes + skip, (gssize)(n - skip), "UTF-8", from, &n_read, &n_written, &bad);
    if (!text && g_error_matches(bad, G_CONVERT_ERROR, G_CONVERT_ERROR_NO_CONVERSION)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "there is no encoding '%s'", from);
        return NULL;
    }
    if (!text) {
        fail_as_text(line_of(bytes, skip + (size_t)n_read), from, error);
        return NULL;
    }
    const char *stray = find_stray(text, (size_t)n_written);
    if (stray) {
        fail_as_text(line_of(text, (size_t)(stray - text)), from, error);
        g_free(text);
        return NULL;
    }
    if (used)
        *used = from;
    *n_utf8 = n_written;
    return text;
}
