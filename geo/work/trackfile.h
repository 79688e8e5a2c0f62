/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Positions of units from a file: CSV, XLSX, GeoJSON points or a GPX track, packed or not
 * (geo/store/source.h), judged by the same gate as a live feed (geo/calc/intake.h) as if each had
 * been heard at its own time. Rows may come in any order. */
#include "geo/calc/intake.h"
#include "geo/model/progress.h"
#include "geo/store/store.h"

typedef struct {
    const char *encoding; /* of texts; NULL: detected */
    const char *zone;     /* of times without an offset; NULL: the city's, else UTC */
    const char *unit;     /* whose all rows are; NULL: a column says, of a GPX its name does */
} GeoTrackFileOptions;

/* Why a row of the file is no position, and what was odd about one that is. */
typedef enum {
    GEO_TRACKFILE_NO_UNIT,
    GEO_TRACKFILE_NO_TIME,
    GEO_TRACKFILE_NO_PLACE,
    GEO_TRACKFILE_N_FLAWS,
} GeoTrackFileFlaw;

extern const char *const geo_trackfile_flaws[]; /* "no-unit", "no-time", "no-place" */

typedef struct {
    char *file, *format, *encoding; /* base name; owned */
    int64_t read;                   /* rows */
    int64_t flaws[GEO_TRACKFILE_N_FLAWS];
    int64_t first_flaw[GEO_TRACKFILE_N_FLAWS]; /* line of the first; 0: none */
    int64_t out_of_order; /* rows earlier than the one before them of their unit */
    int64_t
        other_offset; /* rows whose clock stands otherwise than the first one's: a clock change */
    int64_t local_times;    /* rows whose time has no offset: they are of the zone */
    int64_t skipped_hour;   /* local times that the zone's clocks skipped: taken an hour later */
    int64_t without_speed;  /* rows whose speed has no unit in its column's name: left out */
    int64_t from_ms, to_ms; /* of the first and the last position; 0: none */
    GeoBounds bounds;
} GeoTrackFileReport;

typedef struct GeoTrackFile GeoTrackFile;

/* Reads the whole file: about 60 bytes of memory a row. GEO_ERROR_DATA when no column can be the
 * unit, the time or the place: says which names are known. */
GeoTrackFile *geo_trackfile_read(const char *path, const GeoTrackFileOptions *options,
                                 GeoProgress *progress, GError **error);
void geo_trackfile_free(GeoTrackFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoTrackFile, geo_trackfile_free)

const GeoTrackFileReport *geo_trackfile_report(const GeoTrackFile *file);
size_t geo_trackfile_n_units(const GeoTrackFile *file);
const char *geo_trackfile_unit(const GeoTrackFile *file, size_t i);

/* Units that the city does not know by these names become units of it, as one import. *made: how
 * many. */
bool geo_trackfile_make_units(const GeoTrackFile *file, GeoStore *store, const GeoAct *act,
                              size_t *made, GError **error);

typedef struct {
    uint64_t by[GEO_N_INTAKES]; /* what the gate said */
    size_t unknown_units;
    size_t kept, refused; /* fixes on disk; refused by the store after all */
} GeoTrackFileDone;

/* All of it to the day files; dry_run: only judged. */
bool geo_trackfile_import(const GeoTrackFile *file, GeoStore *store, bool dry_run,
                          const GeoAct *act, GeoTrackFileDone *done, GeoProgress *progress,
                          GError **error);

/* ---- in the order of time, for a replay ---- */

typedef struct GeoTrackPlay GeoTrackPlay;

/* Rows with from <= at < to of the file's own time; shift_ms is added to every time. */
GeoTrackPlay *geo_trackplay_new(const GeoTrackFile *file, GeoStore *store, int64_t from_ms,
                                int64_t to_ms, int64_t shift_ms, GError **error);
void geo_trackplay_free(GeoTrackPlay *play);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoTrackPlay, geo_trackplay_free)

/* When the next position is due (shifted); false: there is none left. */
bool geo_trackplay_next(const GeoTrackPlay *play, int64_t *at_ms);

/* Judges all that are due by at_ms; returns how many wait to be written in n_waiting. */
bool geo_trackplay_step(GeoTrackPlay *play, int64_t at_ms, size_t *n_waiting, GError **error);
/* Puts them on disk; store NULL: forgets them. */
bool geo_trackplay_write(GeoTrackPlay *play, GeoStore *store, const GeoAct *act, GError **error);
const GeoTrackFileDone *geo_trackplay_done(const GeoTrackPlay *play);
