/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The city's store: domain operations over one of several back ends, and nothing of their SQL.
 *
 * Every write operation is one transaction. It takes an act, asks the rights table, does a command
 * id once (a retry succeeds again without a second effect), and ends with the entity's new version,
 * a row in the change log and a row in the audit. A store belongs to one thread; several processes
 * may open one city. */
#include <glib.h>
#include <stdbool.h>

#include "geo/model/act.h"
#include "geo/model/batch.h"
#include "geo/model/city.h"
#include "geo/model/cycle.h"
#include "geo/model/dutybook.h"
#include "geo/model/fix.h"

typedef struct GeoStore GeoStore;

typedef struct {
    bool read_only;      /* never writes, works on a read-only folder */
    bool any_filesystem; /* write on NFS or SMB all the same (locks there are not to be trusted) */
} GeoStoreOptions;

/* ---- open and close ---- */

/* Makes a new city folder NAME.gridbeat (mode 0700, files 0600); fails when the path exists. */
GeoStore *geo_store_create(const char *path, const GeoCity *city, GError **error);

/* Opens a city folder. A foreign or newer database is refused before any write and stays
 * byte-identical. On a network file system the store opens read-only and geo_store_warning() says
 * why. options may be NULL. */
GeoStore *geo_store_open(const char *path, const GeoStoreOptions *options, GError **error);

/* A city in memory with the same manners: the tests' twin. Cannot fail. */
GeoStore *geo_store_new_memory(const GeoCity *city);

void geo_store_close(GeoStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoStore, geo_store_close)

const GeoCity *geo_store_city(const GeoStore *store);
bool geo_store_is_read_only(const GeoStore *store);
const char *geo_store_warning(const GeoStore *store); /* NULL when there is nothing to say */

/* ---- imports: staged in small transactions, live by one row, undone as a whole ---- */

typedef struct {
    int64_t id;              /* made by the client: geo_act_new_id() */
    const char *kind;        /* "osm", "roads" ... */
    const char *source;      /* the file's base name, for people */
    const char *source_hash; /* of the file's bytes; NULL when not known */
    const char *state;       /* "staged", "live", "undone" */
    int64_t at_ms, rows, refused;
    const char *replaces; /* kinds whose earlier imports go when this one goes live:
                             "roads,buildings"; NULL */
    const char *note;     /* attribution and remarks */
} GeoImport;

bool geo_store_import_begin(GeoStore *store, const GeoAct *act, const GeoImport *import,
                            GError **error);

/* Adds rows (any kind, ids set by the caller) to a staged import, in transactions of at most 20 ms
 * each. Nobody sees them yet. */
bool geo_store_import_put(GeoStore *store, const GeoAct *act, int64_t import_id,
                          const GeoBatch *batch, GError **error);

/* One row flips the import live, and the imports it replaces to undone; their rows are swept later.
 */
bool geo_store_import_finish(GeoStore *store, const GeoAct *act, int64_t import_id, int64_t refused,
                             GError **error);
bool geo_store_import_undo(GeoStore *store, const GeoAct *act, int64_t import_id, GError **error);

/* Deletes rows of undone imports, and of staged ones whose process died, for about budget_ms; sets
 * left to whether there is more. Opening a city for writing calls it once. */
bool geo_store_sweep(GeoStore *store, int64_t now_ms, int budget_ms, bool *left, GError **error);

/* GeoImport rows, newest first; texts and array freed together by geo_imports_free(). */
GArray *geo_store_imports(GeoStore *store, GError **error);
void geo_imports_free(GArray *imports);

/* ---- reading: live rows only ---- */

typedef struct {
    const GeoBounds
        *bounds; /* only rows whose bounds meet it (R*Tree where the kind has one); NULL: all */
    int64_t from_ms, to_ms; /* incidents: from <= at < to; rosters: shifts that touch that span;
                               both 0: all times */
    const char *level;      /* areas of one level; NULL: all */
    const char *code;       /* rows with just this code; NULL: all */
    bool no_shapes;         /* leave the shapes of lines and polygons out */
    int64_t id;             /* the row of this id; 0: all */
    bool open;              /* incidents that are not over (geo_cycle_done) */
    bool logged;            /* incidents that something was done to since they came */
} GeoQuery;

/* Rows by id. query may be NULL: all. Free with geo_batch_free(). */
GeoBatch *geo_store_load(GeoStore *store, GeoKind kind, const GeoQuery *query, GError **error);

/* Number of live rows of each kind; level names and counts of areas as "level" -> count in levels
 * (may be NULL; char *, GINT_TO_POINTER, the caller's). */
bool geo_store_count(GeoStore *store, int64_t counts[GEO_N_KINDS], GHashTable *levels,
                     GError **error);

/* The bounds of all live rows of the kind. */
bool geo_store_bounds(GeoStore *store, GeoKind kind, GeoBounds *bounds, GError **error);

/* Settings of the city by name ("default_level" ...); dup. NULL without error when there is none.
 */
char *geo_store_dup_setting(GeoStore *store, const char *name, GError **error);
bool geo_store_put_setting(GeoStore *store, const GeoAct *act, const char *name, const char *value,
                           GError **error);

/* ---- incidents, units, cameras ---- */

/* All that can be done to incidents is in geo/store/cases.h; here its shortest forms. */

/* A new incident in state received: row 0 of a batch of incidents, id set by the caller. */
bool geo_store_take_incident(GeoStore *store, const GeoAct *act, const GeoBatch *incident,
                             GError **error);

/* The unit goes to the incident and is dispatched; refused while it is on another. */
bool geo_store_assign_unit(GeoStore *store, const GeoAct *act, int64_t incident_id, int64_t unit_id,
                           GError **error);
bool geo_store_release_unit(GeoStore *store, const GeoAct *act, int64_t unit_id, GError **error);

typedef struct {
    int64_t incident_id, unit_id;
} GeoAssignment;

/* Which units are on which incidents now: GeoAssignment array, by incident then unit. */
GArray *geo_store_assignments(GeoStore *store, GError **error);

/* Row 0 of a batch of cameras replaces the camera of that id; its row.version is what the caller
 * last saw. */
bool geo_store_edit_camera(GeoStore *store, const GeoAct *act, const GeoBatch *camera,
                           GError **error);

/* ---- duty: rosters and what people sign beside them ---- */

/* One act of duty, of one unit or of several: signs units ON (until to_ms; with person, device,
 * vehicle and crew as far as they are said, the device bound to the unit) or OFF (until the end of
 * the shift that it leaves; what it was signed on for and its break end then), begins a BREAK or a
 * WELFARE timer, raises an SOS. A swap is an OFF and an ON of another unit. entries' ids and actors
 * are not read. An SOS of a unit that is in one already is passed over. GEO_ERROR_DATA for what
 * cannot be (an end before the beginning, a unit twice), GEO_ERROR_MISSING for an unknown unit;
 * then nothing is signed. */
bool geo_store_sign(GeoStore *store, const GeoAct *act, const GeoDutyEntry *entries, size_t n,
                    GError **error);

/* Ends the unit's BREAK, WELFARE timer, SOS or ON at at_ms; GEO_ERROR_REFUSED when there is none.
 */
bool geo_store_end_duty(GeoStore *store, const GeoAct *act, int64_t unit_id, GeoDutyWhat what,
                        int64_t at_ms, GError **error);

/* Units of an area whose shifts nobody has told are heard from <= t < to, at most 31 days. */
bool geo_store_admit_area(GeoStore *store, const GeoAct *act, const char *area, int64_t from_ms,
                          int64_t to_ms, GError **error);

/* What calls itself key is the unit's device from now on, and no other's; unit_id 0: nobody's. */
bool geo_store_bind_device(GeoStore *store, const GeoAct *act, const char *key, int64_t unit_id,
                           GError **error);

/* Row 0 of a batch of rosters: a new shift (version 0), or what the shift of that id is to be
 * (version as the caller last saw it: GEO_ERROR_STALE), or remove: is no more. */
bool geo_store_edit_roster(GeoStore *store, const GeoAct *act, const GeoBatch *roster, bool remove,
                           GError **error);

/* All that touches from <= t < to, with jobs; devices that are bound at some time of it. */
GeoDutyBook *geo_store_duty(GeoStore *store, int64_t from_ms, int64_t to_ms, GError **error);

/* ---- scenarios: plans for the camera register, as rows of the kinds SCENARIO, STEP and PLANNED.
 * What one comes to is geo_scenario_fold()'s; geo_store_load() reads them. version is what the
 * caller last saw of the scenario: GEO_ERROR_STALE when another has changed it since,
 * GEO_ERROR_REFUSED when it is not open. new_version may be NULL. ---- */

/* Row 0 of a batch of scenarios: a new one (version 0; a name that another open one has is
 * refused), or name, note, budget and state of a known one. A dropped one may be opened again; a
 * merged one not. */
bool geo_store_put_scenario(GeoStore *store, const GeoAct *act, const GeoBatch *scenario,
                            int64_t *new_version, GError **error);

/* One step (row 0 of a batch of steps, id set, state done) with the cameras it changes (ids set,
 * step that id). Steps that were undone before are dropped. */
bool geo_store_add_step(GeoStore *store, const GeoAct *act, int64_t version, const GeoBatch *step,
                        const GeoBatch *planned, int64_t *new_version, GError **error);

/* Takes the last done step back, or brings the first undone one again; GEO_ERROR_REFUSED: there is
 * none. */
bool geo_store_undo_step(GeoStore *store, const GeoAct *act, int64_t scenario_id, int64_t version,
                         bool redo, int64_t *new_version, GError **error);

/* Puts planned cameras (of a fold, those up to phase) into the register, all or none: added ones
 * come, edited ones are replaced, removed ones go. One that the register has changed since it was
 * planned is GEO_ERROR_STALE and its id is in conflict, unless force. whole: the scenario is merged
 * then, else its phases up to phase are. */
bool geo_store_merge_scenario(GeoStore *store, const GeoAct *act, int64_t scenario_id,
                              int64_t version, const GeoBatch *planned, int64_t phase, bool whole,
                              bool force, int64_t *conflict, int64_t *new_version, GError **error);

/* ---- positions ---- */

/* Fixes of known units to the day files of tracks/ (each to the UTC day of its own time, late ones
 * too), on disk when it returns; the last position of a unit never goes back in time. Fixes of
 * unknown units, of units that are off duty (neither a roster nor an incident covers at_ms; a
 * city without any roster is always on duty) and of an implausible place or time are counted in
 * refused and not stored. What is kept: times to the millisecond, places to half a metre (the
 * middle of a cell of geo/model/trackcode.h), and of a unit and moment the fix that came first
 * (where a feed contradicts itself, a question for a place finds the other one too). After about 15
 * minutes fixes are sealed into small pieces and have no speed and heading of their own any more
 * (NAN), and the worst accuracy of their piece. */
bool geo_store_ingest_fixes(GeoStore *store, const GeoAct *act, const GeoFix *fixes, size_t n,
                            size_t *refused, GError **error);

/* The newest fix of every unit at or before at_ms, and not older than max_age_ms: GeoFix array, one
 * per unit. Speed and heading of a sealed one are told from the fix before it. */
GArray *geo_store_last_fixes(GeoStore *store, int64_t at_ms, int64_t max_age_ms, GError **error);

/* All fixes with from <= at < to, by unit then time: for anonymous trails of the whole fleet. */
GArray *geo_store_load_fixes(GeoStore *store, int64_t from_ms, int64_t to_ms, GError **error);

/* The same of a place alone, for a map's view. */
GArray *geo_store_load_fixes_in(GeoStore *store, const GeoBounds *bounds, int64_t from_ms,
                                int64_t to_ms, GError **error);

typedef struct {
    int64_t from_ms, to_ms;  /* from <= at < to */
    int64_t unit_id;         /* 0: all units */
    const GeoBounds *bounds; /* NULL: everywhere */
} GeoTrackQuery;

/* Who was where: GeoFix array, by unit then time. The act's purpose must cover what is asked
 * (GEO_ERROR_REFUSED: see geo/store/purpose.h), and the read is in the audit, on disk, before
 * anything is read; a city that is open for reading only is refused for that. */
GArray *geo_store_read_tracks(GeoStore *store, const GeoAct *act, const GeoTrackQuery *query,
                              GError **error);

/* The time of the newest fix of the city; 0 when there is none. */
bool geo_store_last_fix_at(GeoStore *store, int64_t *at_ms, GError **error);

/* Deletes all fixes of the UTC days that end at or before before_ms, which is past; the audit says
 * which days. *n_days (may be NULL): how many days that were. */
bool geo_store_purge_tracks(GeoStore *store, const GeoAct *act, int64_t before_ms, size_t *n_days,
                            GError **error);

/* ---- following, audit, keeping ---- */

typedef struct {
    int64_t seq;
    int64_t at_ms;
    char entity[16]; /* "incident", "camera", "import" ... */
    int64_t entity_id;
    int64_t version;
} GeoChange;

/* Changes with seq > since, oldest first: GeoChange array. Cheap when there are none. */
GArray *geo_store_changes_since(GeoStore *store, int64_t since, GError **error);

typedef struct {
    int64_t seq, at_ms, entity_id;
    char actor[32], role[16], op[24], entity[16];
} GeoAuditRow;

GArray *geo_store_audit_since(GeoStore *store, int64_t since, GError **error);

/* Integrity, foreign keys, spatial indexes, orphans of imports: one text per finding; none: empty.
 */
GPtrArray *geo_store_check(GeoStore *store, GError **error);

/* A consistent copy of the whole city, tracks included, into one file, while others write. */
bool geo_store_backup(GeoStore *store, const GeoAct *act, const char *file, GError **error);

/* Makes the city folder path from such a file; refuses an existing path and a damaged file. */
bool geo_store_restore(const char *file, const char *path, GError **error);
