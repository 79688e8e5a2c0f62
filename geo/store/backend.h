/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a back end of the store does. Private to geo/store: the front (store.c) asks rights and
 * checks arguments once for all of them, then calls one of these. Meanings, errors and ownership as
 * in store.h. A write operation here is one transaction and begins with asking whether the act's
 * command id was done already: then it succeeds again without effect. */
#include "geo/store/deeds.h"
#include "geo/store/store.h"

typedef struct {
    const char *name;
    void (*close)(GeoBackend *backend);
    bool (*import_begin)(GeoBackend *, const GeoAct *, const GeoImport *, GError **);
    bool (*import_put)(GeoBackend *, const GeoAct *, int64_t import_id, const GeoBatch *,
                       GError **);
    bool (*import_finish)(GeoBackend *, const GeoAct *, int64_t import_id, int64_t refused,
                          GError **);
    bool (*import_undo)(GeoBackend *, const GeoAct *, int64_t import_id, GError **);
    bool (*sweep)(GeoBackend *, int64_t now_ms, int budget_ms, bool *left, GError **);
    GArray *(*imports)(GeoBackend *, GError **);
    GeoBatch *(*load)(GeoBackend *, GeoKind, const GeoQuery *, GError **);
    bool (*count)(GeoBackend *, int64_t counts[GEO_N_KINDS], GHashTable *levels, GError **);
    bool (*bounds)(GeoBackend *, GeoKind, GeoBounds *, GError **);
    char *(*dup_setting)(GeoBackend *, const char *name, GError **);
    bool (*put_setting)(GeoBackend *, const GeoAct *, const char *name, const char *value,
                        GError **);
    const GeoDeedOps *deeds;
    GArray *(*assignments)(GeoBackend *, GError **);
    bool (*edit_camera)(GeoBackend *, const GeoAct *, const GeoBatch *, GError **);
    bool (*sign)(GeoBackend *, const GeoAct *, GeoOp, const GeoDutyEntry *, size_t n, GError **);
    bool (*end_duty)(GeoBackend *, const GeoAct *, GeoOp, int64_t unit_id, GeoDutyWhat,
                     int64_t at_ms, GError **);
    bool (*admit_area)(GeoBackend *, const GeoAct *, const char *area, int64_t from_ms,
                       int64_t to_ms, GError **);
    bool (*bind_device)(GeoBackend *, const GeoAct *, const char *key, int64_t unit_id, GError **);
    bool (*edit_roster)(GeoBackend *, const GeoAct *, const GeoBatch *, bool remove, GError **);
    bool (*put_closure)(GeoBackend *, const GeoAct *, const GeoBatch *, GError **);
    bool (*lift_closure)(GeoBackend *, const GeoAct *, int64_t id, GError **);
    GeoDutyBook *(*duty)(GeoBackend *, int64_t from_ms, int64_t to_ms, GError **);
    bool (*put_scenario)(GeoBackend *, const GeoAct *, const GeoBatch *, int64_t *new_version,
                         GError **);
    bool (*add_step)(GeoBackend *, const GeoAct *, int64_t version, const GeoBatch *step,
                     const GeoBatch *planned, int64_t *new_version, GError **);
    bool (*undo_step)(GeoBackend *, const GeoAct *, int64_t scenario_id, int64_t version, bool redo,
                      int64_t *new_version, GError **);
    bool (*merge_scenario)(GeoBackend *, const GeoAct *, int64_t scenario_id, int64_t version,
                           const GeoBatch *planned, int64_t phase, bool whole, bool force,
                           int64_t *conflict, int64_t *new_version, GError **);
    bool (*ingest_fixes)(GeoBackend *, const GeoAct *, const GeoFix *, size_t n, size_t *refused,
                         GError **);
    GArray *(*last_fixes)(GeoBackend *, int64_t at_ms, int64_t max_age_ms, GError **);
    GArray *(*load_fixes)(GeoBackend *, const GeoTrackQuery *, GError **);
    bool (*last_fix_at)(GeoBackend *, int64_t *at_ms, GError **);
    bool (*purge_tracks)(GeoBackend *, const GeoAct *, int64_t before_ms, size_t *n_days,
                         GError **);
    /* *served: the unit is or was assigned to the incident. */
    bool (*has_served)(GeoBackend *, int64_t incident_id, int64_t unit_id, bool *served, GError **);
    /* One audit row, on disk when it returns: of a read, which changes nothing. */
    bool (*note_read)(GeoBackend *, const GeoAct *, GeoOp, const char *entity, int64_t entity_id,
                      const char *detail, GError **);
    GArray *(*changes_since)(GeoBackend *, int64_t since, GError **);
    GArray *(*audit_since)(GeoBackend *, int64_t since, GError **);
    GPtrArray *(*check)(GeoBackend *, GError **);
    bool (*backup)(GeoBackend *, const GeoAct *, const char *file, GError **);
} GeoBackendOps;

/* First member of every back end's own struct. */
struct GeoBackend {
    const GeoBackendOps *ops;
    GeoCity city;
    bool read_only;
    char *warning; /* owned; NULL: nothing to say */
};

/* ---- deeds.c: the same for every back end ---- */
bool geo_deeds_do(GeoBackend *, const GeoAct *, const GeoDeed *deeds, size_t n, GeoDeedDone *done,
                  GError **);
bool geo_deeds_take(GeoBackend *, const GeoAct *, GeoBatch *incident, const GeoReport *,
                    const GeoDeed *then, size_t n_then, GeoTaken *taken, GError **);
/* Takes a unit off an incident that is no more: its import was undone. */
bool geo_deeds_free_unit(GeoBackend *, const GeoAct *, int64_t unit_id, GError **);
GPtrArray *geo_deeds_cases(GeoBackend *, const GeoCaseQuery *, GError **);

/* The front's gate, in store.c: right and read-only. */
bool geo_store_may(GeoStore *store, const GeoAct *act, GeoOp op, GError **error);
bool geo_store_check_rows(const GeoBatch *batch, GError **error);
GeoBackend *geo_store_backend(GeoStore *store);

GeoBackend *geo_backend_sqlite_create(const char *path, const GeoCity *city, GError **error);
GeoBackend *geo_backend_sqlite_open(const char *path, const GeoStoreOptions *options,
                                    GError **error);
bool geo_backend_sqlite_restore(const char *file, const char *path, GError **error);
GeoBackend *geo_backend_memory_new(const GeoCity *city);
