/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Where every protocol ends: what was heard goes through the gate to the group that is being
 * gathered. */
#include "app/feed/keeper.h"

typedef struct {
    GeoAdmit *admit; /* owned by the feed, as all here */
    AppFeedKeeper *keeper;
    void (*alarmed)(const GeoAdmitSos *sos, gpointer user); /* an emergency was raised */
    void (*heard)(const GeoHeard *one, gpointer user);      /* of a known unit; may be NULL */
    gpointer user, heard_user;
} AppFeedTaking;

/* GeoHeard of one source, of now; *known (may be NULL) says whether any was of a known unit.
 * Returns how many are to be kept: the promise to say so is the caller's to make, after this. */
size_t app_feed_taking_hear(AppFeedTaking *taking, GArray *heard, uint32_t source, bool *known);
