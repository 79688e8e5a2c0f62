/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a camera's field must not show, and how many homes it faces: rooms that are not to be seen
 * (Regulation 799 of the State Council, in force since 2025-04-01), and dwellings as a number,
 * never who lives there. */
#include "geo/work/sight.h"

/* A room's outline counts as looked at where the field comes within this of it: its windows lie in
 * the wall that ends the field. */
#define GEO_LEGAL_WALL_M 0.3

/* A dwelling to each so many square metres of floor of a home: assumed, as no register of
 * dwellings is asked. */
#define GEO_LEGAL_DWELLING_M2 100.0

typedef struct GeoLegalBook GeoLegalBook;

typedef struct {
    uint32_t room;     /* row of geo_legal_rooms() */
    double m2;         /* of it within the field */
    double wall_m;     /* of its outline that the field comes to */
    double distance_m; /* of the nearest part of that from the camera; 0: it stands in the room */
    bool forbidden;    /* else consent is asked for: places that keep secrets */
} GeoLegalRoom;

typedef struct {
    GArray *rooms;    /* GeoLegalRoom, forbidden ones first, then the nearest; owned */
    bool forbidden;   /* one of them is */
    size_t homes;     /* residential buildings of which a metre of wall or more is faced */
    size_t dwellings; /* in them, behind these walls */
    double wall_m;    /* of residential walls that the field comes to */
} GeoLegal;

/* The sight's buildings, edges and frame are borrowed until the book is freed. */
GeoLegalBook *geo_legal_load(GeoStore *store, const GeoSight *sight, GError **error);
void geo_legal_book_free(GeoLegalBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoLegalBook, geo_legal_book_free)

const GeoBatch *geo_legal_rooms(const GeoLegalBook *book); /* GeoNolook rows, borrowed */

/* The field of a camera at `at` as rings in metres, as geo_view_rings() gives them, without rings
 * nothing but where it stands. Some 0.1 ms. */
GeoLegal *geo_legal_check(const GeoLegalBook *book, GeoXY at, const GeoXY *points, size_t n_points,
                          const uint32_t *part_first, size_t n_parts);
void geo_legal_free(GeoLegal *legal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoLegal, geo_legal_free)

/* Whether any room, of whatever class, is looked into; without the dwellings. */
bool geo_legal_meets_room(const GeoLegalBook *book, GeoXY at, const GeoXY *points, size_t n_points,
                          const uint32_t *part_first, size_t n_parts);

/* Of a camera of the register or a plan, as far as it detects, as if it worked. */
GeoLegal *geo_legal_camera(const GeoLegalBook *book, const GeoCamera *camera, GeoLonLat at,
                           bool night);

/* ---- many cameras ---- */

typedef struct {
    uint32_t camera; /* row of the batch */
    GeoLonLat at;
    GeoLegal *legal; /* owned by the list */
} GeoLegalCamera;

typedef struct {
    GArray *cameras;  /* GeoLegalCamera, those that meet a room, and the one asked for; owned */
    size_t checked;   /* cameras with a place and a known field */
    size_t forbidden; /* cameras that look into a room that is forbidden */
    size_t consent;   /* that look only where consent is asked for */
    size_t facing;    /* cameras that face homes */
    size_t dwellings; /* faced by all of them; one that two face counts twice */
} GeoLegalList;

/* GeoCamera rows, of the register or planned, as far as they detect, faulty and planned ones as if
 * they worked. code: that camera alone, NULL: all. Fails only by cancel. Some 0.2 ms a camera. */
GeoLegalList *geo_legal_list(const GeoLegalBook *book, const GeoBatch *cameras, const char *code,
                             bool night, GeoProgress *progress, GError **error);
void geo_legal_list_free(GeoLegalList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoLegalList, geo_legal_list_free)

/* Whether a building of that use is a home; NULL is not. */
bool geo_legal_is_home(const char *use);
