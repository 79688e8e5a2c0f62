/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Inside of the back end in memory: arrays and tables with the manners of a database. Private to
 * geo/store/memory*.c. A write checks all before it changes anything: that is its transaction. */
#include "geo/store/backend.h"
#include "geo/store/gate.h"

typedef struct {
    GeoBatch *rows; /* every row that was written; a replaced one stays behind, unplaced; owned */
    GHashTable *place; /* id -> 1 + its row in rows */
} GeoMemoryShelf;

/* A unit on an incident, now or once. */
typedef struct {
    int64_t incident_id, unit_id, to_ms; /* GEO_DUTY_OPEN: it is on it */
    GeoUnitStatus before;                /* it was sent from */
} GeoMemoryPart;

typedef struct GeoMemoryDeeds GeoMemoryDeeds; /* memory-deed.c */

typedef struct {
    GeoBackend base;
    GeoMemoryShelf shelves[GEO_N_KINDS];
    GArray *imports;       /* GeoImport, in order of begin; texts owned */
    GHashTable *settings;  /* name -> value, both owned */
    GHashTable *commands;  /* command id -> int64_t result, both owned */
    GArray *changes;       /* GeoChange */
    GArray *audit;         /* GeoAuditRow */
    GArray *parts;         /* GeoMemoryPart, in the order they were opened */
    GeoMemoryDeeds *deeds; /* owned */
    GeoDutyBook *book;     /* acts of duty, jobs (one for each of parts), admissions, devices */
    GHashTable *tracks;    /* unit id -> GArray of GeoFix by time, both owned */
} GeoMemory;

static inline GeoMemory *geo_memory_of(GeoBackend *backend)
{
    return (GeoMemory *)backend;
}

/* ---- memory.c ---- */

/* The command was done before; result is the version that it gave. */
bool geo_memory_was_done(GeoMemory *memory, const GeoAct *act, int64_t *result);

/* The change, audit and command rows of an operation that was done. */
void geo_memory_note(GeoMemory *memory, const GeoAct *act, GeoOp op, const char *entity,
                     int64_t entity_id, int64_t version);

/* A change alone: of a second entity that the same operation touched. */
void geo_memory_note_change(GeoMemory *memory, const GeoAct *act, const char *entity,
                            int64_t entity_id, int64_t version);

/* ---- memory-rows.c ---- */
void geo_memory_shelves_init(GeoMemory *memory);
void geo_memory_shelves_clear(GeoMemory *memory);

/* The row of that id, live or not, NULL when there is none; good until the shelf changes. */
GeoRow *geo_memory_row(GeoMemory *memory, GeoKind kind, int64_t id);

/* The live row of that id; GEO_ERROR_MISSING when there is none. */
GeoRow *geo_memory_live_row(GeoMemory *memory, GeoKind kind, int64_t id, GError **error);

bool geo_memory_is_live(const GeoMemory *memory, const GeoRow *row);

/* Adds row i of batch, or puts it in the place of the row of its id. */
void geo_memory_put_row(GeoMemory *memory, const GeoBatch *batch, guint i, int64_t import_id,
                        int64_t version);

void geo_memory_drop_row(GeoMemory *memory, GeoKind kind, int64_t id);

/* Forgets rows that are of an import and dead. */
void geo_memory_drop_import(GeoMemory *memory, int64_t import_id);

GeoBatch *geo_memory_load(GeoBackend *, GeoKind, const GeoQuery *, GError **);
bool geo_memory_count(GeoBackend *, int64_t counts[GEO_N_KINDS], GHashTable *levels, GError **);
bool geo_memory_bounds(GeoBackend *, GeoKind, GeoBounds *, GError **);

/* ---- memory-import.c ---- */
bool geo_memory_import_is_live(const GeoMemory *memory, int64_t import_id);
bool geo_memory_import_begin(GeoBackend *, const GeoAct *, const GeoImport *, GError **);
bool geo_memory_import_put(GeoBackend *, const GeoAct *, int64_t import_id, const GeoBatch *,
                           GError **);
bool geo_memory_import_finish(GeoBackend *, const GeoAct *, int64_t import_id, int64_t refused,
                              GError **);
bool geo_memory_import_undo(GeoBackend *, const GeoAct *, int64_t import_id, GError **);
bool geo_memory_sweep(GeoBackend *, int64_t now_ms, int budget_ms, bool *left, GError **);
GArray *geo_memory_imports(GeoBackend *, GError **);

/* ---- memory-incident.c ---- */
GArray *geo_memory_assignments(GeoBackend *, GError **error);
bool geo_memory_has_served(GeoBackend *, int64_t incident_id, int64_t unit_id, bool *served,
                           GError **);
bool geo_memory_edit_camera(GeoBackend *, const GeoAct *, const GeoBatch *, GError **);

/* ---- memory-deed.c ---- */
extern const GeoDeedOps geo_memory_deed_ops;
GeoMemoryDeeds *geo_memory_deeds_new(void);
void geo_memory_deeds_free(GeoMemoryDeeds *deeds);
/* What the unit is on now; NULL: nothing. Good until the next is opened. */
GeoMemoryPart *geo_memory_part(const GeoMemory *memory, int64_t unit_id);

/* ---- memory-duty.c ---- */
bool geo_memory_sign(GeoBackend *, const GeoAct *, GeoOp, const GeoDutyEntry *, size_t n,
                     GError **);
bool geo_memory_end_duty(GeoBackend *, const GeoAct *, GeoOp, int64_t unit_id, GeoDutyWhat,
                         int64_t at_ms, GError **);
bool geo_memory_admit_area(GeoBackend *, const GeoAct *, const char *area, int64_t from_ms,
                           int64_t to_ms, GError **);
bool geo_memory_bind_device(GeoBackend *, const GeoAct *, const char *key, int64_t unit_id,
                            GError **);
bool geo_memory_put_closure(GeoBackend *, const GeoAct *, const GeoBatch *, GError **);
bool geo_memory_lift_closure(GeoBackend *, const GeoAct *, int64_t id, GError **);
bool geo_memory_edit_roster(GeoBackend *, const GeoAct *, const GeoBatch *, bool remove, GError **);
GeoDutyBook *geo_memory_duty(GeoBackend *, int64_t from_ms, int64_t to_ms, GError **);

/* ---- memory-scenario.c ---- */
bool geo_memory_put_scenario(GeoBackend *, const GeoAct *, const GeoBatch *, int64_t *new_version,
                             GError **);
bool geo_memory_add_step(GeoBackend *, const GeoAct *, int64_t version, const GeoBatch *step,
                         const GeoBatch *planned, int64_t *new_version, GError **);
bool geo_memory_undo_step(GeoBackend *, const GeoAct *, int64_t scenario_id, int64_t version,
                          bool redo, int64_t *new_version, GError **);
bool geo_memory_merge_scenario(GeoBackend *, const GeoAct *, int64_t scenario_id, int64_t version,
                               const GeoBatch *planned, int64_t phase, bool whole, bool force,
                               int64_t *conflict, int64_t *new_version, GError **);

/* ---- memory-tracks.c ---- */
bool geo_memory_ingest_fixes(GeoBackend *, const GeoAct *, const GeoFix *, size_t n,
                             size_t *refused, GError **);
GArray *geo_memory_last_fixes(GeoBackend *, int64_t at_ms, int64_t max_age_ms, GError **);
GArray *geo_memory_load_fixes(GeoBackend *, const GeoTrackQuery *, GError **);
bool geo_memory_last_fix_at(GeoBackend *, int64_t *at_ms, GError **);
bool geo_memory_purge_tracks(GeoBackend *, const GeoAct *, int64_t before_ms, size_t *n_days,
                             GError **);
