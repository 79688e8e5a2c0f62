/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Which encoding a text is in, and the text in UTF-8. */
#include <glib.h>
#include <stdbool.h>

/* The iconv name of the likely encoding of some text's beginning: by byte order mark, by zeros in
 * every second byte, by being valid UTF-8, else by which pairs of bytes it uses: GB18030, CP949 or
 * CP1252. whole: nothing follows, so a cut character at the end is an error. Never NULL. O(n). */
const char *geo_encoding_guess(const char *bytes, size_t n, bool whole);

/* The bytes as UTF-8 without a byte order mark. encoding NULL: guessed; used tells which. Fails
 * with GEO_ERROR_DATA naming the line of the first byte that is not of the encoding. The caller's.
 */
char *geo_encoding_to_utf8(const char *bytes, size_t n, const char *encoding, const char **used,
                           size_t *n_utf8, GError **error);
