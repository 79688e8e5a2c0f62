/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Plans for types of incident: whom to send, how many, from how far, and what to think of. Beside
 * them which words make an agency's units a force's, and which words are a skill. Pure values: the
 * shipped book lies in data/plans, a city may have its own (geo/work/plans.h). */
#include <glib.h>
#include <stdbool.h>

#include "geo/model/force.h"
#include "geo/model/kind.h"

#define GEO_PLANBOOK_MAX_SKILLS 32
#define GEO_PLANBOOK_MAX_NUMBER 20 /* of units that all needs of a plan ask for */

typedef struct {
    uint32_t forces; /* GEO_FORCE_BIT()s, any of them; 0: any force, known or not */
    uint32_t skills; /* bits of the book's skills, all of them by each unit */
    int number;      /* at least */
    double radius_m; /* by road; INFINITY: no limit */
    int priority;    /* counts where the incident's is this or more urgent (a lower number) */
    bool township;   /* of the street, town or township of the place alone */
} GeoPlanbookNeed;

typedef struct {
    const char *code, *name, *name_zh;
} GeoPlanbookName;

typedef struct {
    const char *code, *name, *name_zh;
    double handling_min; /* from arrival until a unit is free again, expected */
    char **words;        /* of categories, folded; the book's; NULL-terminated */
    GArray *needs;       /* GeoPlanbookNeed, owned */
    GArray *steps;       /* GeoPlanbookName without code, owned */
} GeoPlanbookPlan;

typedef struct {
    GArray *plans;                               /* GeoPlanbookPlan, in the order of the file */
    GArray *skills;                              /* GeoPlanbookName: skill i is bit i */
    char **skill_words[GEO_PLANBOOK_MAX_SKILLS]; /* folded, the code first */
    char **force_words[GEO_N_FORCES];            /* folded; NULL: none said */
    GStringChunk *text;
} GeoPlanbook;

GeoPlanbook *geo_planbook_new(void);
void geo_planbook_free(GeoPlanbook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoPlanbook, geo_planbook_free)

/* Texts are copied; words are as in the file, parted by '|'. GEO_ERROR_DATA for what is empty,
 * taken or not known, with what to write instead; the book stays as it was. */
bool geo_planbook_add_force(GeoPlanbook *book, const char *force, const char *words,
                            GError **error);
bool geo_planbook_add_skill(GeoPlanbook *book, const GeoPlanbookName *skill, const char *words,
                            GError **error);
bool geo_planbook_add_plan(GeoPlanbook *book, const GeoPlanbookName *plan, const char *words,
                           double handling_min, GError **error);
/* forces and skills are codes parted by '|'; need's own are not read. */
bool geo_planbook_add_need(GeoPlanbook *book, const char *plan, const char *forces,
                           const char *skills, const GeoPlanbookNeed *need, GError **error);
bool geo_planbook_add_step(GeoPlanbook *book, const char *plan, const GeoPlanbookName *step,
                           GError **error);

/* Every plan needs somebody, and there is one called "default". */
bool geo_planbook_check(const GeoPlanbook *book, GError **error);

const GeoPlanbookPlan *geo_planbook_plan(const GeoPlanbook *book, size_t i);

/* By code; NULL: none. */
const GeoPlanbookPlan *geo_planbook_find(const GeoPlanbook *book, const char *code);

/* The plan for a category as the source calls it: the one whose longest word is in it, else
 * "default". category may be NULL. Never NULL of a checked book. */
const GeoPlanbookPlan *geo_planbook_for(const GeoPlanbook *book, const char *category);

/* What the unit's own column says, else the first force whose word its agency has; a team of no
 * other is an emergency team. */
GeoForce geo_planbook_force(const GeoPlanbook *book, const GeoUnit *unit);

/* Bits of the book's skills that the unit's list has ("first_aid;dog", "急救、警犬"). */
uint32_t geo_planbook_skills(const GeoPlanbook *book, const GeoUnit *unit);
