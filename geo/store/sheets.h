/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Tables for a spreadsheet: a workbook of named sheets with numbers as numbers. */
#include <glib.h>
#include <stdbool.h>

typedef struct GeoSheets GeoSheets;

GeoSheets *geo_sheets_new(void);
void geo_sheets_free(GeoSheets *sheets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSheets, geo_sheets_free)

/* Begins a sheet; its columns until NULL: texts, and those whose name begins with '#' (left out)
 * numbers. Texts are copied here and below. */
void geo_sheets_add(GeoSheets *sheets, const char *name, const char *const *columns);

/* Cells of the last sheet, row after row; NULL and NAN leave one empty. */
void geo_sheets_text(GeoSheets *sheets, const char *text);
void geo_sheets_number(GeoSheets *sheets, double number);

/* Writes an .xlsx, or replaces one. GEO_ERROR_IO where that fails, and nothing is left half. */
bool geo_sheets_write(const GeoSheets *sheets, const char *path, GError **error);
