/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/report.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

JsonBuilder *app_report_new(const char *command)
{
    JsonBuilder *report = json_builder_new();
    json_builder_begin_object(report);
    app_report_integer(report, "schema", 1);
    app_report_text(report, "command", command);
    return report;
}

void app_report_number(JsonBuilder *report, const char *key, double value, int decimals)
{
    json_builder_set_member_name(report, key);
    double unit = pow(10, decimals);
    if (isfinite(value))
        json_builder_add_double_value(report, round(value * unit) / unit);
    else
        json_builder_add_null_value(report);
}

void app_report_integer(JsonBuilder *report, const char *key, gint64 value)
{
    json_builder_set_member_name(report, key);
    json_builder_add_int_value(report, value);
}

void app_report_text(JsonBuilder *report, const char *key, const char *value)
{
    json_builder_set_member_name(report, key);
    if (value)
        json_builder_add_string_value(report, value);
    else
        json_builder_add_null_value(report);
}

void app_report_switch(JsonBuilder *report, const char *key, gboolean value)
{
    json_builder_set_member_name(report, key);
    json_builder_add_boolean_value(report, value);
}

/* JSON-GLib writes 17 digits, 63.742381000000002 for 63.742381: what was rounded is written as it
 * was rounded. */
static void append_number(GString *out, const char *number, size_t n)
{
    g_autofree char *word = g_strndup(number, n);
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double value = g_ascii_strtod(word, NULL);
    bool whole = !strpbrk(word, ".eE");
    g_string_append(out, whole ? word : g_ascii_formatd(text, sizeof text, "%.15g", value));
}

static char *dup_short_numbers(const char *json)
{
    GString *out = g_string_new(NULL);
    bool quoted = false;
    while (*json) {
        size_t n = quoted ? 0 : strspn(json, "-+.0123456789eE");
        if (n > 0 && (*json == '-' || g_ascii_isdigit(*json))) {
            append_number(out, json, n);
            json += n;
            continue;
        }
        if (quoted && *json == '\\' && json[1])
            g_string_append_c(out, *json++);
        else if (*json == '"')
            quoted = !quoted;
        g_string_append_c(out, *json++);
    }
    return g_string_free(out, FALSE);
}

void app_report_print(JsonBuilder *report)
{
    json_builder_end_object(report);
    JsonNode *root = json_builder_get_root(report);
    g_autofree char *json = json_to_string(root, TRUE);
    g_autofree char *text = dup_short_numbers(json);
    puts(text);
    json_node_unref(root);
    g_object_unref(report);
}
