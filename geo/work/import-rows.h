/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Within the import: rows as they grow, and their fate. For geo/work/import*.c only. */
#include "geo/store/datum.h"
#include "geo/store/profile.h"
#include "geo/store/source.h"
#include "geo/work/import.h"

struct GeoImportRead {
    GeoImportReport *report; /* owned */
    GHashTable *reasons;     /* "refused: text" or "note: text" -> GeoImportReason, borrowed */
    GeoBatch *batches[GEO_N_KINDS]; /* owned; NULL where there are no rows */
    GArray *lines[GEO_N_KINDS];     /* int64_t by row, owned */
    bool replace, strict;
    char *name, *zone, *note,
        *hash; /* of a city to be: name, zone or NULL, attribution; of the file */
};

/* What one pass over a source needs. */
typedef struct {
    GeoImportRead *read;
    GeoSource *source;
    GeoProfile *profile; /* owned; NULL: OSM as GDAL delivers it */
    GPtrArray *datums;   /* GeoDatum by layer, owned */
    GPtrArray *columns;  /* by layer: GHashTable of column -> index + 1, owned */
    GTimeZone *zone;     /* owned; NULL where the kind has no times */
    const char *kind_word;
    int kind; /* GeoKind; -1: whatever the tags say */
    bool must_see;
    bool osm_rules, osm_format;
    bool has_shapes;   /* some layer or column gives places */
    const char *level; /* option's; NULL */
    const char *time_pattern;
    int64_t now_ms;
    GHashTable *hstore; /* of the current row's other_tags: owned words */
    int64_t hstore_row; /* line + 1 of the row it was read from */
} GeoImportPass;

/* The value of a column of the row; NULL when absent or empty. */
const char *geo_import_value(GeoImportPass *pass, const GeoSourceRow *row, const char *column);

/* A row of the kind, remembered with its line. */
void *geo_import_add(GeoImportPass *pass, GeoKind kind, int64_t line);
/* Takes the last row of the kind back. */
void geo_import_drop_last(GeoImportPass *pass, GeoKind kind);

void geo_import_refuse(GeoImportRead *read, int64_t line, const char *why, const char *what);
void geo_import_note(GeoImportRead *read, int64_t line, const char *why, const char *what);

/* One row by the profile's columns, or by OSM's tags. Counts itself taken, passed or refused. */
void geo_import_fields_row(GeoImportPass *pass, GeoSourceRow *row);
void geo_import_tags_row(GeoImportPass *pass, GeoSourceRow *row);

/* The class of a highway's word; -1: no road. */
int geo_import_road_class(const char *highway);

/* Every vertex is a place on earth; else a reason and what was wrong (what has 160 bytes). */
const char *geo_import_check_points(const GeoLonLat *points, size_t n, char *what);

/* The row's parts become the shape of the last row of the kind: lines and rings as they are, a
 * point from anything. NULL, or the reason why it cannot. */
const char *geo_import_shape(GeoImportPass *pass, GeoKind kind, const GeoSourceRow *row,
                             GeoShape shape);

/* One point for the row's shape: itself, a line's middle vertex, a ring's centroid. */
bool geo_import_middle(const GeoSourceRow *row, GeoLonLat *middle);

/* What the source said of a camera besides its fields; NULL is nothing. */
typedef struct {
    const char *view, *direction, *direction_type, *ptz, *resolution, *megapixels;
    bool has_owner, has_lens;
} GeoImportCameraTexts;

/* Fills what is missing and marks it in assumed. */
void geo_import_camera(GeoImportPass *pass, GeoCamera *camera, const GeoImportCameraTexts *texts,
                       int64_t line);

/* Reasons by their number. */
void geo_import_sort(GeoImportReport *report);

/* After the last row: outliers go, duplicates are told, assumptions are counted. */
void geo_import_judge(GeoImportRead *read, bool whole_extract);
