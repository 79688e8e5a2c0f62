/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A scenario read from the store, and what is done to it as a whole: joining another one to it,
 * setting phases, merging it into the register. Each is one act of the store (geo/store/store.h).
 */
#include "geo/model/scenario.h"
#include "geo/store/store.h"

typedef struct {
    GeoBatch *heads; /* SCENARIO, one row; owned, like the others */
    const GeoScenario *head;
    GeoBatch *steps;      /* STEP, by id: every step, the undone and dropped too */
    GeoBatch *planned;    /* PLANNED of these steps, by id */
    GeoBatch *difference; /* PLANNED: what the register does not have yet, a line a camera */
    size_t n_done, n_undone;
    double cost; /* yuan of the difference, as far as known */
} GeoDraft;

/* A camera that two sides have changed. */
typedef struct {
    int64_t camera_id;
    int64_t planned_on; /* the register's version that the plan began from; 0: none */
    int64_t is;         /* the register's now (0: gone), or what the other scenario began from */
} GeoDraftConflict;

/* What is to win where both sides have changed a camera. NONE refuses the whole. */
typedef enum { GEO_DRAFT_NONE, GEO_DRAFT_MINE, GEO_DRAFT_THEIRS } GeoDraftChoice;

/* By the name it has; one that is not dropped goes before. GEO_ERROR_MISSING. O(all steps). */
GeoDraft *geo_draft_find(GeoStore *store, const char *name, GError **error);
/* The same, and a new one where there is none of the name. */
GeoDraft *geo_draft_find_or_make(GeoStore *store, const GeoAct *act, const char *name,
                                 GError **error);
GeoDraft *geo_draft_load(GeoStore *store, int64_t scenario_id, GError **error);
void geo_draft_free(GeoDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoDraft, geo_draft_free)

/* An id above those of all rows: steps are undone by the order of their ids, and two of them may
 * fall into one millisecond. */
int64_t geo_draft_new_id(const GeoBatch *rows, int64_t now_ms);

/* Appends one step of the planned cameras (their ids and step are set here, and
 * their phase is raised above those that are merged). Steps and planned rows
 * of the draft are not read again: load it anew. */
bool geo_draft_add_step(GeoStore *store, const GeoAct *act, const GeoDraft *draft, const char *name,
                        GeoBatch *planned, int64_t *new_version, GError **error);

/* The given phase for cameras of the difference, as one step. GEO_ERROR_MISSING: not in it. */
bool geo_draft_set_phase(GeoStore *store, const GeoAct *act, const GeoDraft *draft,
                         const int64_t *camera_ids, size_t n, int64_t phase, int64_t *new_version,
                         GError **error);

/* Cameras of the difference, up to phase (0: all), that the register has changed since they were
 * planned: GeoDraftConflict array, by camera, the caller's. */
GArray *geo_draft_conflicts(GeoStore *store, const GeoDraft *draft, int64_t phase, GError **error);

/* Cameras that both scenarios change, and not to the same: GeoDraftConflict array, by camera. */
GArray *geo_draft_clashes(const GeoDraft *mine, const GeoDraft *theirs);

/* Brings the difference of theirs into mine as one step. Where they clash: NONE is
 * GEO_ERROR_REFUSED, MINE leaves mine, THEIRS takes theirs. Nothing to bring: succeeds without a
 * step and *new_version is mine's. */
bool geo_draft_join(GeoStore *store, const GeoAct *act, const GeoDraft *mine,
                    const GeoDraft *theirs, GeoDraftChoice choice, int64_t *new_version,
                    GError **error);

/* Puts phases up to phase (0: all) into the register. Where it has changed since: NONE is
 * GEO_ERROR_STALE and nothing is done, MINE lets the plan win, THEIRS leaves those cameras as the
 * register has them. *n_merged: cameras that were changed. */
bool geo_draft_merge(GeoStore *store, const GeoAct *act, const GeoDraft *draft, int64_t phase,
                     GeoDraftChoice choice, size_t *n_merged, int64_t *new_version, GError **error);
