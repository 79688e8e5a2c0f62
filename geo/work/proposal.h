/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What to do about a city's coverage, in the order of what it costs: repair and turn what is there,
 * then buy cameras, phase by phase; with what each act brings, how far from the best possible the
 * choice can be, and how it stands when weights or directions are not as assumed. Nothing is
 * written to the store. */
#include "geo/work/legal.h"
#include "geo/work/place.h"
#include "geo/work/whatif.h"

typedef struct {
    GeoPlaceOptions place; /* class, hour, where, count, budgets, weights of the new cameras */
    unsigned phases;       /* of buying; 0: 1 */
    size_t turns;          /* cameras to turn at the most */
    double least_m;        /* of street that a repair or a turn must bring; 0: 5 */
} GeoProposalOptions;

typedef enum { GEO_PROPOSAL_REPAIR, GEO_PROPOSAL_TURN, GEO_PROPOSAL_BUY } GeoProposalWhat;

extern const char *const geo_proposal_words[]; /* "repair" ...; NULL-terminated */

typedef struct {
    int what;         /* GeoProposalWhat */
    unsigned phase;   /* 0: before anything is bought */
    GeoCamera camera; /* as it is to be; texts borrowed from the proposal */
    GeoLonLat at;
    double heading_from_deg;   /* of a turn */
    double gain_m;             /* of street, after all acts before it */
    double cost, upkeep;       /* yuan, and yuan a year; 0 where nothing is bought */
    size_t dwellings;          /* that it faces */
    const char *street, *type; /* borrowed; may be NULL */
} GeoProposalAct;

typedef struct {
    double cost, upkeep, gain_m;
    size_t acts;
    GeoCoverShare after; /* of all up to it */
} GeoProposalPhase;

/* Under other weights than those asked for. */
typedef struct {
    bool known;                  /* the city has what this weighing needs */
    double before, bought, best; /* shares: before buying, by this choice, by the best one found for
                                    these weights */
    double common;               /* of the picks that both have, as a share */
} GeoProposalWeighing;

/* Under what is surely, and possibly, seen as headings may be off. */
typedef struct {
    double street_m, before_m, after_m;
} GeoProposalDoubt;

/* A stretch of street about its middle, for a map. */
typedef struct {
    GeoXY a, b;
    uint8_t before, after; /* somebody sees it */
} GeoProposalLine;

typedef struct {
    GeoProposalOptions options;
    GArray *acts;   /* GeoProposalAct, in order of doing; owned */
    GArray *phases; /* GeoProposalPhase, from 0; owned */
    GArray *lines;  /* GeoProposalLine; owned */
    GeoBox box;     /* asked about, metres */
    GeoCoverShare before;
    GeoPlacement *placement; /* of what is bought: bound and shares by weight; owned */
    GeoProposalWeighing weighing[GEO_N_RISKS];
    GeoProposalDoubt sure, possible;
    size_t faulty, turnable; /* cameras that were asked about */
    size_t refused;          /* repairs and turns that would look into a forbidden room */
    GStringChunk *text;      /* owned */
    double work_ms;
} GeoProposal;

/* Tens of seconds for a city. As geo_place_find(). */
GeoProposal *geo_proposal_make(GeoStore *store, const GeoProposalOptions *options,
                               GeoProgress *progress, GError **error);
void geo_proposal_free(GeoProposal *proposal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoProposal, geo_proposal_free)

/* PLANNED rows of it, the caller's: repairs and turns are phase 1, what is bought comes after. New
 * cameras get ids from first_id on. */
GeoBatch *geo_proposal_planned(const GeoProposal *proposal, int64_t first_id);
