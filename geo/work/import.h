/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* From a foreign file to rows of a city: read and judged wholly in memory first, so that a bad file
 * never touches the store; then written under one import id, staged, live or undone as a whole. */
#include "geo/model/progress.h"
#include "geo/store/store.h"

typedef struct {
    const char *crs;      /* "EPSG:4548", "gcj02", "bd09"; NULL: the profile's, else the file's */
    const char *profile;  /* name in data/profiles or a path; NULL: found by the columns */
    const char *encoding; /* of texts, "GB18030"; NULL: detected */
    const char *level;    /* of areas; NULL: the profile's, else "area" */
    const char *zone;     /* of times without an offset; NULL: the profile's, else the city's */
    const char *name;     /* of a city that this import makes; NULL: "city" */
    bool replace;         /* earlier imports of the same kind go when this one goes live */
    bool strict;          /* any refused row refuses the import */
    int64_t now_ms;       /* times more than a day later are impossible; 0: not asked */
} GeoImportOptions;

/* Rows with the same fate. */
typedef struct {
    char *text;    /* why */
    int64_t count; /* rows */
    GArray *lines; /* int64_t, the first of them: file lines of a CSV, else row numbers from 1 */
    char *first;   /* what was wrong with the first one, in words; may be NULL */
} GeoImportReason;

typedef struct {
    char *file, *kind, *format, *profile, *encoding, *crs, *zone; /* profile may be NULL */
    int64_t import_id;                                            /* 0 until written */
    int64_t read;   /* rows of the file: taken + passed + refused */
    int64_t taken;  /* brought at least one row to the city */
    int64_t passed; /* hold nothing of the kind asked for, and say so by a tag */
    int64_t refused;
    int64_t rows[GEO_N_KINDS]; /* what the taken rows became */
    GPtrArray *refusals;       /* GeoImportReason, most frequent first */
    GPtrArray *notes;          /* GeoImportReason: rows taken, with a remark */
    bool strict_failed;        /* strict, and rows were refused: nothing was written */
} GeoImportReport;

void geo_import_report_free(GeoImportReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoImportReport, geo_import_report_free)

/* "osm", "roads", ... "population": NULL-terminated, the words of the command line. */
extern const char *const geo_import_kinds[];

/* The one of them that is meant: "nolook" is as good as "nolooks". NULL: there is none. */
const char *geo_import_find_kind(const char *word);

typedef struct GeoImportRead GeoImportRead;

/* Reads and judges the whole file. city may be NULL when there is none yet. Fails with
 * GEO_ERROR_MISSING or GEO_ERROR_DATA: file, place, reason in one line. Memory: the rows, about 200
 * bytes each, and 16 bytes a vertex. */
GeoImportRead *geo_import_read(const char *path, const char *kind, const GeoImportOptions *options,
                               const GeoCity *city, GeoProgress *progress, GError **error);
void geo_import_read_free(GeoImportRead *read);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoImportRead, geo_import_read_free)

/* The report so far: borrowed, grows by geo_import_write(). */
const GeoImportReport *geo_import_read_report(const GeoImportRead *read);

/* The rows of one kind; borrowed, ids still 0. */
const GeoBatch *geo_import_read_rows(const GeoImportRead *read, GeoKind kind);

/* The city that these rows would make: zone and metric CRS chosen from where they lie. Fails when
 * no row has a place. */
bool geo_import_read_city(const GeoImportRead *read, GeoCity *city, GError **error);

/* Turns and barriers of an OpenStreetMap file against the roads of the city: what fits none goes
 * and is told. Writing does it too; a dry run asks for it. Does nothing for other reads. Fails
 * where the city, or store, has no roads, or
 * none of them fits one: the file is another city's. */
bool geo_import_fit_city(GeoImportRead *read, GeoStore *store, GError **error);

/* Staged, then live; undone when anything fails, when progress is cancelled, and when the options
 * were strict and rows were refused (true, strict_failed set). */
bool geo_import_write(GeoImportRead *read, GeoStore *store, const GeoAct *act,
                      GeoProgress *progress, GError **error);

/* The import goes, and of an OpenStreetMap file's roads their turns and barriers too: one operation
 * each. Fails as geo_store_import_undo(). */
bool geo_import_undo(GeoStore *store, const GeoAct *act, int64_t import_id, GError **error);

/* Read and write in one. report may be NULL; the caller's to free. */
bool geo_import_file(GeoStore *store, const GeoAct *act, const char *kind, const char *path,
                     const GeoImportOptions *options, GeoImportReport **report,
                     GeoProgress *progress, GError **error);
