/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The SQLite back end's own struct and the steps its files share. Private to geo/store. */
#include "geo/store/backend.h"
#include "geo/store/day.h"
#include "geo/store/db.h"
#include "geo/store/gate.h"

#define GEO_SQLITE_APPLICATION_ID 1196573012 /* "GRBT" */
#define GEO_SQLITE_USER_VERSION 8
#define GEO_SQLITE_CITY "city.sqlite"
#define GEO_SQLITE_TRACKS "tracks"
/* Today, yesterday with its late fixes, and one that is looked into. */
#define GEO_SQLITE_OPEN_DAYS 3

typedef struct {
    GeoBackend base;
    GeoDb *db;
    int version; /* schema of the file: older than ours while it is open for reading only */
    char *folder;
    GHashTable *locks; /* int64_t *, owned -> fd: files held locked while an import is staged */
    GeoDay *days[GEO_SQLITE_OPEN_DAYS]; /* open files of tracks/, the one used last first; owned */
    GeoGate
        *gate; /* of units and rosters at the change log's row gate_seq; NULL until fixes come */
    int64_t gate_seq;              /* all up to there is known */
    char *sql_insert[GEO_N_KINDS]; /* built from the field table at open, owned */
    char *sql_index[GEO_N_KINDS];  /* NULL for kinds without R*Tree */
} GeoSqlite;

/* The kind has a spatial index, in a file of that schema. */
bool geo_sqlite_indexed(GeoKind kind, int version);

/* All tables, layers and views of a new city, and the city itself, in one transaction. */
bool geo_sqlite_make(GeoDb *db, const GeoCity *city, GError **error);

/* Brings an older file to our schema in one transaction that begins with a copy of it beside it,
 * whose name is then in copy (owned); untouched where another was faster. */
bool geo_sqlite_migrate(GeoDb *db, char **copy, GError **error);

/* A consistent copy of a database, new file. */
bool geo_sqlite_copy(GeoDb *db, const char *file, GError **error);

/* Opens the write transaction of an act. *done: its command id was carried out before; then nothing
 * is open and *version is what it left. */
bool geo_sqlite_begin_act(GeoSqlite *self, const GeoAct *act, bool *done, int64_t *version,
                          GError **error);

/* One change_log row; for a second entity that the same act touched. */
bool geo_sqlite_log_change(GeoSqlite *self, const GeoAct *act, const char *entity, int64_t id,
                           int64_t version, GError **error);

/* Change log, audit, command, commit. On failure everything is rolled back. */
bool geo_sqlite_end_act(GeoSqlite *self, const GeoAct *act, GeoOp op, const char *entity,
                        int64_t entity_id, int64_t version, const char *detail, GError **error);

/* Rolls back; for `return geo_sqlite_fail(self);` */
bool geo_sqlite_fail(GeoSqlite *self);

/* Rows by the field table. */
void geo_sqlite_rows_init(GeoSqlite *self);
void geo_sqlite_rows_clear(GeoSqlite *self);
bool geo_sqlite_insert_row(GeoSqlite *self, const GeoBatch *batch, size_t i, int64_t import_id,
                           GByteArray *blob, GError **error);
bool geo_sqlite_delete_row(GeoSqlite *self, GeoKind kind, int64_t id, GError **error);
GeoBatch *geo_sqlite_load(GeoBackend *backend, GeoKind kind, const GeoQuery *query, GError **error);
/* The same within a transaction that is open. */
GeoBatch *geo_sqlite_load_rows(GeoSqlite *self, GeoKind kind, const GeoQuery *query,
                               GError **error);
/* What load runs, for the tests of its plan. */
char *geo_sqlite_dup_load_sql(GeoKind kind, int version, const GeoQuery *query);
const char *geo_sqlite_messages_sql(const GeoMessageQuery *query);
const char *geo_sqlite_outbox_sql(bool of_source);
bool geo_sqlite_count(GeoBackend *backend, int64_t counts[GEO_N_KINDS], GHashTable *levels,
                      GError **error);
bool geo_sqlite_bounds(GeoBackend *backend, GeoKind kind, GeoBounds *bounds, GError **error);

/* Imports. */
bool geo_sqlite_import_begin(GeoBackend *, const GeoAct *, const GeoImport *, GError **);
bool geo_sqlite_import_put(GeoBackend *, const GeoAct *, int64_t import_id, const GeoBatch *,
                           GError **);
bool geo_sqlite_import_finish(GeoBackend *, const GeoAct *, int64_t import_id, int64_t refused,
                              GError **);
bool geo_sqlite_import_undo(GeoBackend *, const GeoAct *, int64_t import_id, GError **);
bool geo_sqlite_sweep(GeoBackend *, int64_t now_ms, int budget_ms, bool *left, GError **);
GArray *geo_sqlite_imports(GeoBackend *, GError **);

/* Incidents, units, cameras. */
extern const GeoDeedOps geo_sqlite_deeds;
GArray *geo_sqlite_assignments(GeoBackend *, GError **error);
bool geo_sqlite_has_served(GeoBackend *, int64_t incident_id, int64_t unit_id, bool *served,
                           GError **);
bool geo_sqlite_edit_camera(GeoBackend *, const GeoAct *, const GeoBatch *, GError **);

/* Version of a live unit, and the incident that it is on, 0 when it is free; GEO_ERROR_MISSING. */
bool geo_sqlite_find_unit(GeoSqlite *self, int64_t id, int64_t *version, int64_t *incident_id,
                          GError **error);
/* Its status, and one version more. */
bool geo_sqlite_set_unit(GeoSqlite *self, int64_t id, GeoUnitStatus status, GError **error);

/* Version and import of a live camera; GEO_ERROR_MISSING. */
bool geo_sqlite_find_camera(GeoSqlite *self, int64_t id, int64_t *version, int64_t *import_id,
                            GError **error);

/* Duty. */
bool geo_sqlite_sign(GeoBackend *, const GeoAct *, GeoOp, const GeoDutyEntry *, size_t n,
                     GError **);
bool geo_sqlite_end_duty(GeoBackend *, const GeoAct *, GeoOp, int64_t unit_id, GeoDutyWhat,
                         int64_t at_ms, GError **);
bool geo_sqlite_admit_area(GeoBackend *, const GeoAct *, const char *area, int64_t from_ms,
                           int64_t to_ms, GError **);
bool geo_sqlite_bind_device(GeoBackend *, const GeoAct *, const char *key, int64_t unit_id,
                            GError **);
bool geo_sqlite_put_closure(GeoBackend *, const GeoAct *, const GeoBatch *, GError **);
bool geo_sqlite_lift_closure(GeoBackend *, const GeoAct *, int64_t id, GError **);
bool geo_sqlite_edit_roster(GeoBackend *, const GeoAct *, const GeoBatch *, bool remove, GError **);
GeoDutyBook *geo_sqlite_duty(GeoBackend *, int64_t from_ms, int64_t to_ms, GError **);

/* Scenarios. */
bool geo_sqlite_put_scenario(GeoBackend *, const GeoAct *, const GeoBatch *, int64_t *new_version,
                             GError **);
bool geo_sqlite_add_step(GeoBackend *, const GeoAct *, int64_t version, const GeoBatch *step,
                         const GeoBatch *planned, int64_t *new_version, GError **);
bool geo_sqlite_undo_step(GeoBackend *, const GeoAct *, int64_t scenario_id, int64_t version,
                          bool redo, int64_t *new_version, GError **);
bool geo_sqlite_merge_scenario(GeoBackend *, const GeoAct *, int64_t scenario_id, int64_t version,
                               const GeoBatch *planned, int64_t phase, bool whole, bool force,
                               int64_t *conflict, int64_t *new_version, GError **);

/* Positions. */
bool geo_sqlite_ingest_fixes(GeoBackend *, const GeoAct *, const GeoFix *, size_t n,
                             size_t *refused, GError **);
GArray *geo_sqlite_last_fixes(GeoBackend *, int64_t at_ms, int64_t max_age_ms, GError **);
GArray *geo_sqlite_load_fixes(GeoBackend *, const GeoTrackQuery *, GError **);
bool geo_sqlite_last_fix_at(GeoBackend *, int64_t *at_ms, GError **);
bool geo_sqlite_purge_tracks(GeoBackend *, const GeoAct *, int64_t before_ms, size_t *n_days,
                             GError **);
/* File names in tracks/, sorted: char *. */
GPtrArray *geo_sqlite_days(GeoSqlite *self);
/* Seals what the last days left hot. */
bool geo_sqlite_seal_days(GeoSqlite *self, int64_t now_ms, GError **error);
void geo_sqlite_close_days(GeoSqlite *self);

/* Keeping. */
GPtrArray *geo_sqlite_check(GeoBackend *, GError **);
bool geo_sqlite_backup(GeoBackend *, const GeoAct *, const char *file, GError **);

/* True when a file begins as a SQLite database of ours that this program can read; else an error
 * that says what it is and what to do. Reads 100 bytes and changes nothing. */
bool geo_sqlite_probe(const char *path, int64_t application_id, int64_t newest, GError **error);
