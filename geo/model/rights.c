/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/rights.h"

#include <stdint.h>

const char *const geo_role_words[] = {"local",   "operator",   "dispatcher",
                                      "planner", "supervisor", "administrator",
                                      "auditor", "feed",       0};
const char *const geo_op_words[] = {"import",      "take incident", "step incident", "assign unit",
                                    "edit camera", "ingest fixes",  "backup",        "read audit",
                                    "export",      "plan",          "read track",    "purge tracks",
                                    "sign duty",   "raise SOS",     "edit roster",   "answer",
                                    "deliver",     "read caller",   "close road",    0};

#define MAY(op) (UINT32_C(1) << GEO_OP_##op)

static const uint32_t may[GEO_N_ROLES] = {
    [GEO_ROLE_LOCAL] = UINT32_MAX,
    [GEO_ROLE_OPERATOR] = MAY(TAKE_INCIDENT) | MAY(STEP_INCIDENT) | MAY(RAISE_SOS) | MAY(ANSWER),
    [GEO_ROLE_DISPATCHER] = MAY(TAKE_INCIDENT) | MAY(STEP_INCIDENT) | MAY(ASSIGN_UNIT) |
                            MAY(SIGN_DUTY) | MAY(RAISE_SOS) | MAY(ANSWER) | MAY(DELIVER) |
                            MAY(READ_CALLER) | MAY(CLOSE_ROAD),
    [GEO_ROLE_PLANNER] = MAY(EDIT_CAMERA) | MAY(IMPORT) | MAY(EXPORT) | MAY(PLAN) | MAY(CLOSE_ROAD),
    [GEO_ROLE_SUPERVISOR] = MAY(STEP_INCIDENT) | MAY(EXPORT) | MAY(READ_TRACK) | MAY(SIGN_DUTY) |
                            MAY(RAISE_SOS) | MAY(EDIT_ROSTER) | MAY(ANSWER) | MAY(CLOSE_ROAD),
    [GEO_ROLE_ADMINISTRATOR] =
        MAY(IMPORT) | MAY(BACKUP) | MAY(EXPORT) | MAY(PLAN) | MAY(PURGE_TRACKS) | MAY(EDIT_ROSTER),
    [GEO_ROLE_AUDITOR] = MAY(READ_AUDIT),
    [GEO_ROLE_FEED] =
        MAY(INGEST_FIXES) | MAY(RAISE_SOS) | MAY(TAKE_INCIDENT) | MAY(ANSWER) | MAY(DELIVER),
};

bool geo_rights_may(GeoRole role, GeoOp op)
{
    return role < GEO_N_ROLES && op < GEO_N_OPS && (may[role] >> op & 1) != 0;
}
