/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a city's intake knows: the departments, the service items with their targets, and by which
 * level an item is handled first. Pure values: the shipped list lies in data/services, a city may
 * have its own (geo/work/routing.h). Codes are our own plain words and of no standard. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "geo/model/deed.h"

typedef struct {
    const char *code, *name, *name_zh;
} GeoServiceName;

typedef struct {
    const char *code, *name, *name_zh;
    uint32_t department, group;             /* numbers in the book */
    GeoLevel tier;                          /* that handles it first */
    int priority;                           /* 1 highest .. 4 */
    int accept_min, arrive_min, report_min; /* targets; arrive 0: nobody has to go there */
    bool mediation;                         /* goes village, town, county instead */
    char **words; /* that suggest it, folded; "a+b": both; the book's; NULL-terminated */
} GeoServiceItem;

typedef struct {
    GArray *departments, *groups; /* GeoServiceName */
    GArray *items;                /* GeoServiceItem, in the order of the file */
    GArray *order;                /* uint32_t: items by priority, then as in the file */
    GHashTable *by_name;          /* folded code or name -> number + 1; the book's own */
    GStringChunk *text;
} GeoServiceBook;

GeoServiceBook *geo_servicebook_new(void);
void geo_servicebook_free(GeoServiceBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoServiceBook, geo_servicebook_free)

/* All texts are copied. GEO_ERROR_DATA for what is empty or taken, with what to write instead. */
bool geo_servicebook_add_department(GeoServiceBook *book, const GeoServiceName *name,
                                    GError **error);
bool geo_servicebook_add_group(GeoServiceBook *book, const GeoServiceName *name, GError **error);

/* words are as in the file, parted by '|'; item->words is not read. */
bool geo_servicebook_add_item(GeoServiceBook *book, const GeoServiceItem *item, const char *words,
                              GError **error);

/* The numbers of a department and a group by code; -1: none. */
int geo_servicebook_department(const GeoServiceBook *book, const char *code);
int geo_servicebook_group(const GeoServiceBook *book, const char *code);

const GeoServiceItem *geo_servicebook_item(const GeoServiceBook *book, size_t i);
const GeoServiceName *geo_servicebook_department_of(const GeoServiceBook *book,
                                                    const GeoServiceItem *item);

/* The item with that code or one of its two names, whatever the case; NULL: none. */
const GeoServiceItem *geo_servicebook_find(const GeoServiceBook *book, const char *name);

/* The first item whose words are in the narrative, by priority and then the order of the file;
 * NULL: none. matched (may be NULL) gets the words that were found, as written in the book, parted
 * by
 * ", ". It only suggests: a type that somebody has chosen stands. O(words * narrative). */
const GeoServiceItem *geo_servicebook_suggest(const GeoServiceBook *book, const char *narrative,
                                              GString *matched);

/* The areas that hold a place, by code; NULL where none is known. */
typedef struct {
    const char *area[GEO_N_LEVELS]; /* of the city: not read */
} GeoPlaceAreas;

typedef struct {
    const GeoServiceItem *item;
    const GeoServiceName *department;
    GeoLevel tier;
    const char *area; /* of the place's; NULL: the whole city */
} GeoRoute;

/* Where a report of the item at the place goes. A level without an area there is passed over, so
 * that without any place at all the city has it. areas may be NULL. */
GeoRoute geo_servicebook_route(const GeoServiceBook *book, const GeoServiceItem *item,
                               const GeoPlaceAreas *areas);

/* One level up, or down. False, with the route as it was, at the end of the ladder: grid,
 * community, district and city (and the street, of items that begin there), or for mediation
 * community, street and district. */
bool geo_route_raise(GeoRoute *route, const GeoPlaceAreas *areas);
bool geo_route_lower(GeoRoute *route, const GeoPlaceAreas *areas);
