/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The feed's key, made once for a city and readable by its owner alone. A device's code is made
 * from it and from the device's name, so that no list of codes lies anywhere. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define APP_FEED_SECRET_SIZE 32
#define APP_FEED_CODE_SIZE 25 /* 24 hexadecimal digits and the NUL */

typedef struct {
    unsigned char bytes[APP_FEED_SECRET_SIZE];
} AppFeedSecret;

/* Reads file, or makes it (mode 0600). */
bool app_feed_secret_read(const char *file, AppFeedSecret *secret, GError **error);

/* The code of a device, for one use ("jt808", "http"): HMAC-SHA-256, cut to 96 bits. */
void app_feed_secret_code(const AppFeedSecret *secret, const char *use, const char *key,
                          char code[APP_FEED_CODE_SIZE]);

/* Takes the same time wherever they differ. */
bool app_feed_secret_is_code(const AppFeedSecret *secret, const char *use, const char *key,
                             const void *said, size_t n);
