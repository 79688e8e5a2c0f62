/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What an OpenStreetMap file forbids on its roads: restrictions of turns and barriers, of which
 * GDAL gives no members and no nodes of ways. For geo/work/import*.c only. */
#include "geo/store/osm.h"
#include "geo/work/import-rows.h"

/* Whom a rule binds: the routing's profiles, in their order. */
enum { GEO_RULE_FOOT, GEO_RULE_EBIKE, GEO_RULE_CAR, GEO_N_RULED };

/* Why something of the file became no rule. Refused: it is wrong; else it concerns nobody here. */
typedef enum {
    GEO_RULE_FINE,
    GEO_RULE_NOBODY,    /* it hinders none of our profiles */
    GEO_RULE_NO_ROAD,   /* of no road in the file */
    GEO_RULE_LONG,      /* over more than one way */
    GEO_RULE_CONDITION, /* its condition is not read */
    GEO_RULE_WORD,      /* malformed, from here on */
    GEO_RULE_MEMBERS,
    GEO_RULE_GOES_ON,
    GEO_RULE_APART,
    GEO_N_RULE_FATES
} GeoRuleFate;

#define GEO_TURN_ENDS 16 /* ways from or into which one restriction may lead */

/* A restriction as its tags and members say it; ways and nodes by their ids. */
typedef struct {
    int64_t id;
    uint8_t no, only;  /* bits of profiles that it binds as the one or the other */
    const char *hours; /* borrowed; NULL: always */
    int64_t from[GEO_TURN_ENDS], to[GEO_TURN_ENDS], via_way, via_node; /* via: 0 is none */
    size_t n_from, n_to;
} GeoTurnDraft;

/* hours of what is read lie in texts. */
GeoRuleFate geo_import_turn(const GeoOsmThing *relation, GStringChunk *texts, GeoTurnDraft *draft);

/* A node that hinders; the row's own id and place are not set. class and hours lie in texts.
 * unknown: its word is not one that we know; unread: its hours are not. */
typedef struct {
    int64_t pass[GEO_N_RULED]; /* 0 never, 1 do, 2 while it is open */
    const char *class, *hours;
    bool unknown, unread;
} GeoBarrierDraft;

GeoRuleFate geo_import_barrier(const GeoOsmThing *node, GStringChunk *texts,
                               GeoBarrierDraft *draft);

/* Who passes what stands there when nothing more is said; has_hours: what opens lets them through
 * while it is open. False for a word that is not known, or NULL. */
bool geo_import_barrier_usual(const char *class, bool has_hours, int64_t pass[GEO_N_RULED]);

/* The pass over the source's file: rows of turns and barriers, those asked for. */
bool geo_import_rules(GeoImportPass *pass, GeoProgress *progress, GError **error);

/* Rules of the read that name no road of these, or no vertex of it, go and are told; the others get
 * that vertex to the bit. roads may be NULL: none. O(vertices). */
void geo_import_fit(GeoImportRead *read, const GeoBatch *roads);
