/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The one JSON object of a --json call: "schema" first, then what the subcommand adds, then
 * printed. */
#include <json-glib/json-glib.h>

/* A builder inside an open object with "schema": 1 and "command": name. */
JsonBuilder *app_report_new(const char *command);

/* "key": value in an open object. Numbers are rounded to decimals; NAN and infinity become null. */
void app_report_number(JsonBuilder *report, const char *key, double value, int decimals);
void app_report_integer(JsonBuilder *report, const char *key, gint64 value);
void app_report_text(JsonBuilder *report, const char *key,
                     const char *value); /* NULL becomes null */
void app_report_switch(JsonBuilder *report, const char *key, gboolean value);

/* Closes the object and prints it on standard output. Takes the builder. */
void app_report_print(JsonBuilder *report);
