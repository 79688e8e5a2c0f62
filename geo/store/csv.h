/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Comma-separated text, record by record with the file's true line numbers. GDAL's reader loses
 * those where a quoted field spans lines, so this one is our own. The separator (comma, semicolon,
 * tab, bar) is the one that parts the first line most. */
#include <glib.h>
#include <stdbool.h>

typedef struct GeoCsv GeoCsv;

/* Takes UTF-8 text, which it changes while reading; freed with it. Fails when there is no header.
 */
GeoCsv *geo_csv_new(char *text, size_t n, GError **error);
void geo_csv_free(GeoCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCsv, geo_csv_free)

/* Names of the columns, trimmed; borrowed. */
const char *const *geo_csv_columns(const GeoCsv *csv, size_t *n);

/* The next record: 1, 0 at the end, -1 with an error (a quote that never closes). fields are
 * borrowed until the next call; empty lines are passed over. */
int geo_csv_next(GeoCsv *csv, const char *const **fields, size_t *n, gint64 *line, GError **error);

void geo_csv_rewind(GeoCsv *csv);

/* 0..1: how much of the text has been read. */
double geo_csv_share(const GeoCsv *csv);
