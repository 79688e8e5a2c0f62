/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/secret.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "geo/model/error.h"

static bool make(const char *file, GError **error)
{
    char bytes[APP_FEED_SECRET_SIZE];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot make a key for '%s': %s", file,
                    g_strerror(errno));
        return false;
    }
    return g_file_set_contents_full(file, bytes, sizeof bytes,
                                    G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                    0600, error);
}

bool app_feed_secret_read(const char *file, AppFeedSecret *secret, GError **error)
{
    g_autofree char *content = NULL;
    gsize n = 0;
    if (!g_file_test(file, G_FILE_TEST_EXISTS) && !make(file, error))
        return false;
    if (!g_file_get_contents(file, &content, &n, error))
        return false;
    if (n != APP_FEED_SECRET_SIZE) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s' is no key of %d bytes: remove it to have a new one made; devices then "
                    "have to register again",
                    file, APP_FEED_SECRET_SIZE);
        return false;
    }
    memcpy(secret->bytes, content, n);
    return true;
}

void app_feed_secret_code(const AppFeedSecret *secret, const char *use, const char *key,
                          char code[APP_FEED_CODE_SIZE])
{
    g_autofree char *text = g_strdup_printf("%s %s", use, key);
    g_autofree char *mac =
        g_compute_hmac_for_string(G_CHECKSUM_SHA256, secret->bytes, sizeof secret->bytes, text, -1);
    g_strlcpy(code, mac, APP_FEED_CODE_SIZE);
}

bool app_feed_secret_is_code(const AppFeedSecret *secret, const char *use, const char *key,
                             const void *said, size_t n)
{
    char code[APP_FEED_CODE_SIZE];
    const unsigned char *bytes = said;
    unsigned differ = n != APP_FEED_CODE_SIZE - 1;
    app_feed_secret_code(secret, use, key, code);
    for (size_t i = 0; i < APP_FEED_CODE_SIZE - 1; i++)
        differ |= (unsigned)code[i] ^ (i < n ? bytes[i] : 0u);
    return differ == 0;
}
