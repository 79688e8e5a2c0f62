/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text CITY UNIT WORDS: to the unit's terminal, through the feed that runs on this machine. */
#include "app/ctl/text.h"

#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/report.h"
#include "app/feed/feed.h"
#include "geo/model/error.h"

static const AppOption options[] = {
    {"urgent", NULL, "marked as urgent: terminals sound an alarm"},
    {NULL, NULL, NULL},
};

/* Where the city's feed listens for requests: 0 with an error when it does not. */
static gint64 find_port(const char *city, GError **error)
{
    g_autofree char *file = g_build_filename(city, APP_FEED_HEALTH_FILE, NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    gint64 port = 0;
    if (json_parser_load_from_file(parser, file, NULL)) {
        JsonNode *root = json_parser_get_root(parser);
        if (root && JSON_NODE_HOLDS_OBJECT(root))
            port =
                json_object_get_int_member_with_default(json_node_get_object(root), "http_port", 0);
    }
    if (port <= 0 || port > 65535)
        g_set_error(error, GEO_ERROR, GEO_ERROR_BUSY,
                    "no feed of '%s' takes texts: run gridbeatctl feed with --jt808 and --http",
                    city);
    return CLAMP(port, 0, 65535);
}

static guint post(gint64 port, const char *unit, const char *text, bool urgent, char **said,
                  GError **error)
{
    g_autoptr(SoupSession) session = soup_session_new_with_options("timeout", 30, NULL);
    g_autofree char *name = g_uri_escape_string(unit, NULL, FALSE);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%" G_GINT64_FORMAT "/text?unit=%s%s",
                                           port, name, urgent ? "&urgent=1" : "");
    g_autoptr(SoupMessage) message = soup_message_new("POST", url);
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    soup_message_set_request_body_from_bytes(message, "text/plain; charset=utf-8", body);
    g_autoptr(GBytes) answer = soup_session_send_and_read(session, message, NULL, error);
    if (!answer)
        return 0;
    *said = g_strndup(g_bytes_get_data(answer, NULL), g_bytes_get_size(answer));
    return soup_message_get_status(message);
}

static AppExit run(const AppArgs *args, GError **error)
{
    const char *unit = app_args_place(args, 1);
    g_autofree char *said = NULL;
    gint64 port = find_port(app_args_place(args, 0), error);
    if (port == 0)
        return APP_EXIT_BUSY;
    guint status =
        post(port, unit, app_args_place(args, 2), app_args_has(args, "urgent"), &said, error);
    if (status == 0)
        return APP_EXIT_DATA;
    bool sent = status == SOUP_STATUS_OK || status == SOUP_STATUS_GATEWAY_TIMEOUT;
    if (!sent) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_BUSY, "'%s': %s", unit, g_strchomp(said));
        return APP_EXIT_BUSY;
    }
    if (app_args_has(args, "json")) {
        JsonBuilder *report = app_report_new("text");
        app_report_text(report, "unit", unit);
        app_report_switch(report, "sent", TRUE);
        app_report_switch(report, "delivered", status == SOUP_STATUS_OK);
        app_report_print(report);
    } else {
        fputs(said, stdout);
    }
    return status == SOUP_STATUS_OK ? APP_EXIT_OK : APP_EXIT_FINDINGS;
}

const AppCommand app_text_command = {
    .name = "text",
    .places = "CITY UNIT WORDS",
    .summary = "send a text to a unit's JT/T 808 terminal",
    .min_places = 3,
    .max_places = 3,
    .options = options,
    .run = run,
};
