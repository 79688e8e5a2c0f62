/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What each unit status means for the machine: the word may change, the meaning stays here. */
#include <stdbool.h>

#include "geo/model/kind.h"

typedef struct {
    bool available; /* may be sent to an incident now */
    bool arrived;   /* is at the place it was sent to */
    bool tracked;   /* on duty: its positions are kept and its silence means something */
} GeoStatusFlags;

GeoStatusFlags geo_status_flags(GeoUnitStatus status);
