/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One SQLite connection with SpatiaLite, hardened: cached statements, errors as GError, no ATTACH,
 * no schema change outside a migration. Private to geo/store; belongs to one thread. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct GeoDb GeoDb;
typedef struct GeoStatement GeoStatement; /* owned by its GeoDb */

/* READ_ALONE: nobody writes the file while it is open, so it needs no lock and no file beside it.
 */
typedef enum { GEO_DB_READ, GEO_DB_READ_ALONE, GEO_DB_WRITE, GEO_DB_CREATE } GeoDbMode;
typedef enum { GEO_DB_ROW, GEO_DB_DONE, GEO_DB_FAILED } GeoDbStep;

/* Reading beside writers needs the -shm file; where the folder cannot be written and no log waits,
 * there are no writers. */
bool geo_db_nobody_writes(const char *path);

/* spatial: with SpatiaLite's functions. CREATE fails when the file exists; new files are mode 0600.
 */
GeoDb *geo_db_open(const char *path, GeoDbMode mode, bool spatial, GError **error);
void geo_db_close(GeoDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoDb, geo_db_close)

/* SQLite's locks are the process's, and closing a file drops them all, whoever opened it: another
 * process then takes itself for the last one and removes the log that is being written. So nobody
 * opens a database's file by hand while this process has it open. Between enter and leave no
 * connection of this process begins. */
void geo_db_enter_files(void);
bool geo_db_has_file(const char *path); /* within enter and leave */
void geo_db_leave_files(void);

const char *geo_db_path(const GeoDb *db);

/* Lets the schema change until it is called with false: migrations only. */
void geo_db_set_migrating(GeoDb *db, bool migrating);

/* Runs a script of constant text. */
bool geo_db_run(GeoDb *db, const char *script, GError **error);

/* BEGIN IMMEDIATE; GEO_ERROR_BUSY after 5 s of waiting. A failed commit is rolled back. */
bool geo_db_begin(GeoDb *db, GError **error);
/* The same for one of many chunks: lets other writers that wait go first. */
bool geo_db_begin_bulk(GeoDb *db, GError **error);
bool geo_db_begin_read(GeoDb *db, GError **error);
bool geo_db_commit(GeoDb *db, GError **error);
void geo_db_rollback(GeoDb *db);

/* Folds the log back into the file when it has grown by so many pages, holding no writer
 * up. */
void geo_db_checkpoint(GeoDb *db, int pages);

/* A statement from the cache, reset and with nothing bound. sql is constant or built from the field
 * table. */
GeoStatement *geo_db_statement(GeoDb *db, const char *sql, GError **error);
void geo_db_bind_int(GeoStatement *statement, int i, int64_t value);
void geo_db_bind_real(GeoStatement *statement, int i, double value); /* NAN: NULL */
/* Texts and blobs are borrowed until the statement is stepped to its end or reset. NULL: NULL. */
void geo_db_bind_text(GeoStatement *statement, int i, const char *value);
void geo_db_bind_blob(GeoStatement *statement, int i, const void *bytes, size_t n);
GeoDbStep geo_db_step(GeoDb *db, GeoStatement *statement, GError **error);
/* Steps to the end and resets; false on failure. Rows are not looked at. */
bool geo_db_finish(GeoDb *db, GeoStatement *statement, GError **error);
void geo_db_reset(GeoStatement *statement);

int64_t geo_db_int(GeoStatement *statement, int column);
double geo_db_real(GeoStatement *statement, int column);      /* NULL: NAN */
const char *geo_db_text(GeoStatement *statement, int column); /* borrowed until the next step */
const void *geo_db_blob(GeoStatement *statement, int column, size_t *n);

int64_t geo_db_changes(GeoDb *db);

/* First column of the first row of a constant query; otherwise when there is no row. */
bool geo_db_scalar(GeoDb *db, const char *sql, int64_t otherwise, int64_t *value, GError **error);

/* Copies the whole database, as it is at this moment, into an open one while others write. */
bool geo_db_copy(GeoDb *from, GeoDb *to, GError **error);
