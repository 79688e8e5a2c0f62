/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Who does what, as whom, where, why and when: every write operation of the store takes one. */
#include <stdint.h>

#include "geo/model/rights.h"

typedef struct {
    const char *actor; /* account or program, never empty */
    GeoRole role;
    const char *area;    /* code of the area that the actor answers for; NULL is the whole city */
    const char *purpose; /* link to incident, shift or task; NULL where none is asked */
    const char *command_id; /* made by the client, unique; a retry with the same id is done once.
                               NULL: none */
    int64_t now_ms;         /* Unix time, UTC */
} GeoAct;

/* The one local operator of a seat without accounts: all rights, all areas. */
GeoAct geo_act_local(const char *command_id, int64_t now_ms);

/* A new id for an entity: 41 bits of ms since 2020, 22 random bits; positive, rises with time. */
int64_t geo_act_new_id(int64_t now_ms);

/* The time that an id was made for. */
int64_t geo_act_id_ms(int64_t id);
