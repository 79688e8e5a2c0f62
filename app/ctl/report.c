/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/report.h"

#include <math.h>
#include <stdio.h>

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

void app_report_print(JsonBuilder *report)
{
    json_builder_end_object(report);
    JsonNode *root = json_builder_get_root(report);
    g_autofree char *text = json_to_string(root, TRUE);
    puts(text);
    json_node_unref(root);
    g_object_unref(report);
}
