/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feed CITY: listens for positions until it is told to stop. */
#include "app/ctl/feed.h"

#include <glib-unix.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/language.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "app/feed/feed.h"
#include "app/feed/reports.h"

static const AppOption options[] = {
    {"jt808", "[HOST:]PORT", "listen for JT/T 808 terminals; 0 takes a free port"},
    {"http", "[HOST:]PORT", "listen for positions pushed by HTTP, /health and /text"},
    {"mqtt", "URL", "mqtt://127.0.0.1/owntracks/#, mqtts://user@broker/TOPIC,TOPIC"},
    {"certificate", "FILE", "PEM; listeners that are not on loopback need one"},
    {"key", "FILE", "PEM; its key, where that is not in the same file"},
    {"mqtt-password-file", "FILE", "whose first line is the broker's password"},
    {"mqtt-ca", "FILE", "PEM; whom to trust as broker (the system's list)"},
    {"lang", "LANG", "of what units are told: en or zh (the locale's)"},
    {"closed", NULL, "terminals that have no code yet are not given one"},
    {"code", "DEVICE",
     "print the codes of a device or of a source of reports ('*': a gateway's) and end"},
    {"minutes", "M", "end after so long (until Ctrl+C)"},
    {NULL, NULL, NULL},
};

typedef struct {
    GMainLoop *loop;
    const char *zone;
} Run;

static bool print_codes(const AppArgs *args, GError **error)
{
    const char *city = app_args_place(args, 0), *device = app_args_value(args, "code", "");
    g_autofree char *jt808 = app_feed_dup_code(city, "jt808", device, error);
    g_autofree char *http = jt808 ? app_feed_dup_code(city, "http", device, error) : NULL;
    g_autofree char *reports =
        http ? app_feed_dup_code(city, APP_FEED_REPORTS_USE, device, error) : NULL;
    if (!reports)
        return false;
    if (!app_args_has(args, "json")) {
        printf("JT/T 808: %s\nHTTP:     %s\nreports:  %s\n", jt808, http, reports);
        return true;
    }
    JsonBuilder *report = app_report_new("feed");
    app_report_text(report, "device", device);
    app_report_text(report, "jt808", jt808);
    app_report_text(report, "http", http);
    app_report_text(report, "reports", reports);
    app_report_print(report);
    return true;
}

static char *read_password(const AppArgs *args, GError **error)
{
    const char *file = app_args_value(args, "mqtt-password-file", NULL);
    char *password = NULL;
    if (file && g_file_get_contents(file, &password, NULL, error))
        password[strcspn(password, "\r\n")] = '\0';
    return password;
}

static void tell_alarm(const GeoAdmitSos *sos, gpointer data)
{
    const Run *run = data;
    g_autofree char *at = app_when_dup(sos->at_ms, run->zone);
    fprintf(stderr, "SOS: device %s at %s", sos->key, at);
    if (isfinite(sos->lon))
        fprintf(stderr, ", %.6f, %.6f", sos->lon, sos->lat);
    fputs(sos->unit_id ? "\n" : ", no unit of this city\n", stderr);
}

static gboolean stop(gpointer data)
{
    g_main_loop_quit(((Run *)data)->loop);
    return G_SOURCE_CONTINUE;
}

static void print_ports(const AppFeed *feed, const char *mqtt)
{
    if (app_feed_jt808_port(feed))
        fprintf(stderr, "JT/T 808 on port %u\n", app_feed_jt808_port(feed));
    if (app_feed_http_port(feed))
        fprintf(stderr, "HTTP on port %u\n", app_feed_http_port(feed));
    if (mqtt)
        fputs("MQTT from the broker\n", stderr);
}

/* What became of the positions of each source, for who does not read --json. */
static void print_sums(const char *health)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_data(parser, health, -1, NULL))
        return;
    JsonObject *root = json_node_get_object(json_parser_get_root(parser));
    JsonArray *sources = json_object_get_array_member(root, "sources");
    for (guint i = 0; i < json_array_get_length(sources); i++) {
        JsonObject *source = json_array_get_object_element(sources, i);
        JsonObject *counts = json_object_get_object_member(source, "counts");
        g_autoptr(GList) words = json_object_get_members(counts);
        const char *comma = "";
        fprintf(stderr, "%s: ", json_object_get_string_member(source, "name"));
        for (GList *word = words; word; word = word->next) {
            gint64 n = json_object_get_int_member(counts, word->data);
            if (n == 0)
                continue;
            fprintf(stderr, "%s%" G_GINT64_FORMAT " %s", comma, n, (const char *)word->data);
            comma = ", ";
        }
        fputs(*comma ? "\n" : "no position\n", stderr);
    }
}

static bool listen_until_told(const AppArgs *args, const AppFeedOptions *feeds, const char *zone,
                              double minutes, GError **error)
{
    bool json = app_args_has(args, "json");
    g_autoptr(AppFeed) feed =
        app_feed_new(app_args_place(args, 0), feeds, g_main_context_default(), error);
    if (!feed)
        return false;
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    Run run = {loop, zone};
    app_feed_set_alarm(feed, tell_alarm, &run);
    guint interrupted = g_unix_signal_add(SIGINT, stop, &run);
    guint ended = g_unix_signal_add(SIGTERM, stop, &run);
    guint over = isnan(minutes) ? 0 : g_timeout_add((guint)(minutes * 60000), stop, &run);
    print_ports(feed, feeds->mqtt);
    g_main_loop_run(loop);
    g_source_remove(interrupted);
    g_source_remove(ended);
    if (over)
        g_source_remove(over);
    GString *health = app_feed_health(feed);
    if (json)
        fputs(health->str, stdout);
    else
        print_sums(health->str);
    g_string_free(health, TRUE);
    return true;
}

static AppExit run(const AppArgs *args, GError **error)
{
    double minutes = NAN;
    app_language_set(app_args_value(args, "lang", NULL));
    AppFeedOptions feeds = {.jt808 = app_args_value(args, "jt808", NULL),
                            .http = app_args_value(args, "http", NULL),
                            .mqtt = app_args_value(args, "mqtt", NULL),
                            .certificate = app_args_value(args, "certificate", NULL),
                            .key = app_args_value(args, "key", NULL),
                            .mqtt_ca = app_args_value(args, "mqtt-ca", NULL),
                            .closed = app_args_has(args, "closed")};
    if (!app_args_number(args, "minutes", &minutes, error))
        return APP_EXIT_USAGE;
    if (minutes <= 0 || minutes > 50000) {
        g_set_error_literal(error, APP_USAGE, 0, "--minutes takes a positive number up to 50000");
        return APP_EXIT_USAGE;
    }
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    g_autofree char *zone = g_strdup(geo_store_city(store)->zone);
    g_clear_pointer(&store, geo_store_close);
    if (app_args_has(args, "code"))
        return print_codes(args, error) ? APP_EXIT_OK : APP_EXIT_DATA;
    if (!feeds.jt808 && !feeds.http && !feeds.mqtt) {
        g_set_error_literal(error, APP_USAGE, 0,
                            "nothing to listen to: give --jt808 7611, --http 5055 or --mqtt "
                            "mqtt://127.0.0.1/owntracks/#");
        return APP_EXIT_USAGE;
    }
    g_autoptr(GError) problem = NULL;
    g_autofree char *password = read_password(args, &problem);
    if (problem) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return APP_EXIT_DATA;
    }
    feeds.mqtt_password = password;
    return listen_until_told(args, &feeds, zone, minutes, error) ? APP_EXIT_OK : APP_EXIT_DATA;
}

const AppCommand app_feed_command = {
    .name = "feed",
    .places = "CITY",
    .summary = "listen for positions of the city's units and keep them",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
