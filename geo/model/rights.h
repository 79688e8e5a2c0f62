/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What each role may do: one pure table, asked once at the front of every store operation. */
#include <stdbool.h>

typedef enum {
    GEO_ROLE_LOCAL, /* one seat without accounts: everything */
    GEO_ROLE_OPERATOR,
    GEO_ROLE_DISPATCHER,
    GEO_ROLE_PLANNER,
    GEO_ROLE_SUPERVISOR,
    GEO_ROLE_ADMINISTRATOR,
    GEO_ROLE_AUDITOR,
    GEO_ROLE_FEED, /* a program that brings positions */
    GEO_N_ROLES
} GeoRole;

typedef enum {
    GEO_OP_IMPORT, /* begin, put, finish, undo */
    GEO_OP_TAKE_INCIDENT,
    GEO_OP_STEP_INCIDENT,
    GEO_OP_ASSIGN_UNIT, /* and release */
    GEO_OP_EDIT_CAMERA,
    GEO_OP_INGEST_FIXES,
    GEO_OP_BACKUP, /* and restore */
    GEO_OP_READ_AUDIT,
    GEO_OP_EXPORT,
    GEO_OP_PLAN,         /* scenarios; merging one asks for EDIT_CAMERA too */
    GEO_OP_READ_TRACK,   /* who was where: a unit's track, or who was in a place */
    GEO_OP_PURGE_TRACKS, /* days whose time to be kept is over */
    GEO_OP_SIGN_DUTY, /* on, off, swap, break, welfare; end an SOS; admit an area; bind a device */
    GEO_OP_RAISE_SOS,
    GEO_OP_EDIT_ROSTER,
    GEO_OP_ANSWER,      /* what a unit or department tells of its own part: accepted ... cleared */
    GEO_OP_DELIVER,     /* what became of a message; what another system has been told */
    GEO_OP_READ_CALLER, /* name and number of who reported */
    GEO_OP_CLOSE_ROAD,  /* and open it again */
    GEO_N_OPS
} GeoOp;

extern const char *const geo_role_words[];
extern const char *const geo_op_words[];

bool geo_rights_may(GeoRole role, GeoOp op);
