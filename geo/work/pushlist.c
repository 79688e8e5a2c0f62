/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/pushlist.h"

#include <string.h>

#include "geo/model/error.h"
#include "geo/model/notice.h"

#define SETTING "outbox_push"

static void clear(gpointer data)
{
    GeoPush *push = data;
    g_free(push->source);
    g_free(push->url);
}

GArray *geo_pushlist_load(GeoStore *store, GError **error)
{
    g_autoptr(GError) bad = NULL;
    g_autofree char *text = geo_store_dup_setting(store, SETTING, &bad);
    if (bad) {
        g_propagate_error(error, g_steal_pointer(&bad));
        return NULL;
    }
    GArray *list = g_array_new(FALSE, FALSE, sizeof(GeoPush));
    g_array_set_clear_func(list, clear);
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        char *blank = strchr(lines[i], ' ');
        if (!blank)
            continue;
        GeoPush push = {g_strndup(lines[i], (gsize)(blank - lines[i])), g_strdup(blank + 1)};
        g_array_append_val(list, push);
    }
    return list;
}

static bool is_loopback(const char *host)
{
    return !strcmp(host, "localhost") || !strcmp(host, "::1") || !strcmp(host, "127.0.0.1");
}

static bool check_url(const char *url, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    const char *scheme = uri ? g_uri_get_scheme(uri) : "", *host = uri ? g_uri_get_host(uri) : NULL;
    if ((strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0) || !host || !*host ||
        strpbrk(url, " \r\n")) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s' is no address to push to: write https://host/path", url);
        return false;
    }
    if (!strcmp(scheme, "https") || is_loopback(host))
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                "'%s' is not on this machine: reports cross a network only under TLS, write "
                "https://",
                url);
    return false;
}

bool geo_pushlist_put(GeoStore *store, const GeoAct *act, const char *source, const char *url,
                      GError **error)
{
    if (!geo_notice_is_source(source)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s' is no name of a source: small letters, digits, '-', '.' and '_'", source);
        return false;
    }
    if (url && !check_url(url, error))
        return false;
    g_autoptr(GArray) list = geo_pushlist_load(store, error);
    if (!list)
        return false;
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++) {
        const GeoPush *push = &g_array_index(list, GeoPush, i);
        if (strcmp(push->source, source) != 0)
            g_string_append_printf(text, "%s %s\n", push->source, push->url);
    }
    if (url)
        g_string_append_printf(text, "%s %s\n", source, url);
    return geo_store_put_setting(store, act, SETTING, text->str, error);
}
