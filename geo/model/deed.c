/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/deed.h"

const char *const geo_deed_words[] = {
    "take",   "classify", "move",      "route", "raise",    "return",  "dispatch", "accept",
    "go",     "arrive",   "handle",    "clear", "release",  "preempt", "report",   "rework",
    "review", "close",    "call_back", "hold",  "schedule", "wake",    "transfer", "merge",
    "void",   "reopen",   "correct",   "note",  "undo",     "step",    0};
const char *const geo_level_words[] = {"none", "grid", "community", "street", "district",
                                       "city", 0};
const char *const geo_ladder_words[] = {"service", "mediation", 0};

#define IN(state) (UINT32_C(1) << GEO_INCIDENT_##state)
/* Nobody is at work on it. */
#define QUEUE (IN(RECEIVED) | IN(CLASSIFIED) | IN(REOPENED) | IN(RAISED))
#define WORK (IN(DISPATCHED) | IN(ACCEPTED) | IN(EN_ROUTE) | IN(ON_SCENE) | IN(HANDLING))
#define PARKED (IN(HELD) | IN(SCHEDULED))
#define AFTER (IN(CLEARED) | IN(REPORTED) | IN(REVIEWED))
#define OVER (IN(CLOSED) | IN(CALLED_BACK) | IN(TRANSFERRED) | IN(DUPLICATE) | IN(VOID))
#define OPEN (QUEUE | WORK | PARKED | AFTER)
#define STATE(state) GEO_INCIDENT_##state
#define STAYS (-1)

/* A later stage may be told early: who is on scene need not have told that he went. */
#define BEFORE_ACCEPTED IN(DISPATCHED)
#define BEFORE_EN_ROUTE (BEFORE_ACCEPTED | IN(ACCEPTED))
#define BEFORE_ON_SCENE (BEFORE_EN_ROUTE | IN(EN_ROUTE))
#define BEFORE_HANDLING (BEFORE_ON_SCENE | IN(ON_SCENE))
#define ON_IT (BEFORE_HANDLING | IN(HANDLING))

static const GeoDeedRule rules[GEO_N_DEEDS] = {
    [GEO_DEED_TAKE] = {0, 0, STATE(RECEIVED), GEO_OP_TAKE_INCIDENT, false, false, false},
    [GEO_DEED_CLASSIFY] = {OPEN, 0, STAYS, GEO_OP_STEP_INCIDENT, false, true, false},
    [GEO_DEED_MOVE] = {OPEN, 0, STAYS, GEO_OP_STEP_INCIDENT, false, true, false},
    [GEO_DEED_ROUTE] = {OPEN & ~AFTER, 0, STAYS, GEO_OP_STEP_INCIDENT, false, true, false},
    [GEO_DEED_RAISE] = {(OPEN & ~AFTER) | IN(CLEARED), 0, STATE(RAISED), GEO_OP_STEP_INCIDENT, true,
                        true, true},
    [GEO_DEED_RETURN] = {QUEUE | WORK, 0, STATE(CLASSIFIED), GEO_OP_STEP_INCIDENT, true, true,
                         true},
    [GEO_DEED_DISPATCH] = {QUEUE | WORK | PARKED, 0, STAYS, GEO_OP_ASSIGN_UNIT, false, true, false},
    [GEO_DEED_ACCEPT] = {QUEUE | WORK, BEFORE_ACCEPTED, STAYS, GEO_OP_ANSWER, false, true, false},
    [GEO_DEED_GO] = {WORK, BEFORE_EN_ROUTE, STAYS, GEO_OP_ANSWER, false, true, false},
    [GEO_DEED_ARRIVE] = {WORK, BEFORE_ON_SCENE, STAYS, GEO_OP_ANSWER, false, true, false},
    [GEO_DEED_HANDLE] = {WORK, BEFORE_HANDLING, STAYS, GEO_OP_ANSWER, false, true, false},
    [GEO_DEED_CLEAR] = {WORK, ON_IT, STAYS, GEO_OP_ANSWER, false, true, false},
    [GEO_DEED_RELEASE] = {WORK, ON_IT, STAYS, GEO_OP_ASSIGN_UNIT, false, true, false},
    [GEO_DEED_PREEMPT] = {WORK, ON_IT, STAYS, GEO_OP_ASSIGN_UNIT, false, true, false},
    [GEO_DEED_REPORT] = {IN(CLEARED) | IN(HANDLING) | IN(ACCEPTED), 0, STATE(REPORTED),
                         GEO_OP_STEP_INCIDENT, false, true, true},
    [GEO_DEED_REWORK] = {IN(REPORTED) | IN(REVIEWED), 0, STATE(HANDLING), GEO_OP_STEP_INCIDENT,
                         true, true, true},
    [GEO_DEED_REVIEW] = {IN(REPORTED), 0, STATE(REVIEWED), GEO_OP_STEP_INCIDENT, false, true, true},
    [GEO_DEED_CLOSE] = {IN(REVIEWED) | QUEUE | IN(HELD), 0, STATE(CLOSED), GEO_OP_STEP_INCIDENT,
                        false, true, true},
    [GEO_DEED_CALL_BACK] = {IN(CLOSED), 0, STATE(CALLED_BACK), GEO_OP_STEP_INCIDENT, false, true,
                            true},
    [GEO_DEED_HOLD] = {QUEUE, 0, STATE(HELD), GEO_OP_STEP_INCIDENT, true, true, true},
    [GEO_DEED_SCHEDULE] = {QUEUE, 0, STATE(SCHEDULED), GEO_OP_STEP_INCIDENT, false, true, true},
    [GEO_DEED_WAKE] = {PARKED, 0, STAYS, GEO_OP_STEP_INCIDENT, false, true, true},
    [GEO_DEED_TRANSFER] = {OPEN & ~AFTER, 0, STATE(TRANSFERRED), GEO_OP_STEP_INCIDENT, true, true,
                           true},
    [GEO_DEED_MERGE] = {OPEN & ~AFTER, 0, STATE(DUPLICATE), GEO_OP_STEP_INCIDENT, false, true,
                        true},
    [GEO_DEED_VOID] = {OPEN & ~AFTER, 0, STATE(VOID), GEO_OP_STEP_INCIDENT, true, true, true},
    [GEO_DEED_REOPEN] = {AFTER | OVER, 0, STATE(REOPENED), GEO_OP_STEP_INCIDENT, true, true, true},
    [GEO_DEED_CORRECT] = {OPEN | OVER, 0, STAYS, GEO_OP_STEP_INCIDENT, true, true, false},
    [GEO_DEED_NOTE] = {OPEN | OVER, 0, STAYS, GEO_OP_STEP_INCIDENT, true, false, false},
    [GEO_DEED_UNDO] = {OPEN | OVER, 0, STAYS, GEO_OP_STEP_INCIDENT, false, false, false},
    [GEO_DEED_STEP] = {0, 0, STAYS, GEO_OP_STEP_INCIDENT, false, false, false},
};

const GeoDeedRule *geo_deed_rule(GeoDeedWhat what)
{
    return &rules[what < GEO_N_DEEDS ? what : GEO_DEED_STEP];
}

int geo_deed_stage(GeoDeedWhat what)
{
    static const struct {
        GeoDeedWhat what;
        GeoIncidentState stage;
    } stages[] = {{GEO_DEED_DISPATCH, STATE(DISPATCHED)}, {GEO_DEED_ACCEPT, STATE(ACCEPTED)},
                  {GEO_DEED_GO, STATE(EN_ROUTE)},         {GEO_DEED_ARRIVE, STATE(ON_SCENE)},
                  {GEO_DEED_HANDLE, STATE(HANDLING)},     {GEO_DEED_CLEAR, STATE(CLEARED)}};
    for (unsigned i = 0; i < sizeof stages / sizeof *stages; i++)
        if (stages[i].what == what)
            return (int)stages[i].stage;
    return -1;
}

GeoLevel geo_ladder_above(GeoLadder ladder, GeoLevel level)
{
    static const GeoLevel rungs[GEO_N_LADDERS][4] = {
        {GEO_LEVEL_GRID, GEO_LEVEL_COMMUNITY, GEO_LEVEL_DISTRICT, GEO_LEVEL_CITY},
        {GEO_LEVEL_COMMUNITY, GEO_LEVEL_STREET, GEO_LEVEL_DISTRICT, GEO_LEVEL_NONE}};
    for (int i = 0; i < 4; i++)
        if (rungs[ladder][i] > level)
            return rungs[ladder][i];
    return GEO_LEVEL_NONE;
}
