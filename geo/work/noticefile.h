/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Reports of another system as a table: CSV or XLSX, one row each. Columns are called as the
 * fields of geo/model/notice.h, or in Chinese; others are passed over. */
#include <glib.h>

#include "geo/model/notice.h"

typedef struct GeoNoticeFile GeoNoticeFile;

/* encoding NULL: detected. GEO_ERROR_DATA when no column holds the source's own number. */
GeoNoticeFile *geo_noticefile_open(const char *path, const char *encoding, GError **error);
void geo_noticefile_free(GeoNoticeFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoNoticeFile, geo_noticefile_free)

/* The next row with its line: 1, 0 at the end, -1 with an error. */
int geo_noticefile_next(GeoNoticeFile *file, GeoNotice *notice, GError **error);
