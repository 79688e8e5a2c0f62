/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A scenario of the store as the Plan workspace works with it, and what may be asked of it. */
#include "geo/store/store.h"

typedef struct {
    int64_t id;
    char *name; /* owned */
} AppScenarioHead;

typedef struct {
    int64_t id; /* 0: the city has no open one */
    char *name;
    int64_t merged_phase;
    GeoBatch *planned; /* what it comes to, geo_scenario_fold(); owned */
    bool can_undo, can_redo;
    GArray *others; /* AppScenarioHead: the open ones, newest first, this one too */
    char *said;     /* what was done, for people; NULL: nothing to say */
} AppScenario;

void app_scenario_free(AppScenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppScenario, app_scenario_free)

typedef enum {
    APP_SCENARIO_OPEN, /* id 0: the newest that is open */
    APP_SCENARIO_NEW,
    APP_SCENARIO_STEP, /* id 0: in a new one */
    APP_SCENARIO_UNDO,
    APP_SCENARIO_REDO,
    APP_SCENARIO_RENAME,
    APP_SCENARIO_JOIN, /* the changes of `other` come in; what both change stays as it is here */
    APP_SCENARIO_MERGE,
    APP_SCENARIO_DROP,
} AppScenarioWant;

typedef struct {
    AppScenarioWant want;
    int64_t id, other;
    char *name;        /* of a new scenario or of a step; NULL: a usual one; owned */
    GeoBatch *planned; /* of a step; ids are set by who does it; owned */
    int64_t phase;     /* of a merge: up to this one */
    bool force;        /* the plan wins over what the register has changed since */
} AppScenarioAct;

void app_scenario_act_clear(AppScenarioAct *act);
