/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A strict reader of one JSON text (RFC 8259), asked for what is wanted and passing over the rest:
 * no tree, no memory, depth at most 64. A value of another kind than the one asked for is passed
 * over and reads as unknown; a fault in the grammar ends every loop, and geo_json_end() says so.
 *
 *     geo_json_init(&json, text, n);
 *     if (geo_json_object(&json))
 *         while (geo_json_member(&json))
 *             if (geo_json_is(&json, "lat")) lat = geo_json_number(&json);
 *             else geo_json_skip(&json);
 *     if (!geo_json_end(&json)) ...the text is no JSON: use nothing of it
 *
 * Each member and element must be read or skipped, by exactly one call. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GEO_JSON_KEY_SIZE 24 /* with the NUL; longer keys read as "" */

typedef struct {
    const char *text;
    size_t n, at;
    unsigned depth;
    uint64_t is_object;          /* bit d - 1: the bracket at depth d is an object */
    bool fresh;                  /* the bracket was opened and nothing read in it yet */
    bool bad;                    /* the grammar is broken */
    char key[GEO_JSON_KEY_SIZE]; /* of the member that geo_json_member() found, unescaped */
} GeoJson;

/* text is borrowed and needs no NUL. Text that is not UTF-8 is bad from the start. */
void geo_json_init(GeoJson *json, const char *text, size_t n);

/* Enters the value when it is an object, or an array; else passes over it and says false. */
bool geo_json_object(GeoJson *json);
bool geo_json_array(GeoJson *json);

/* The next member of the object, or element of the array; false at its end, which is passed. */
bool geo_json_member(GeoJson *json);
bool geo_json_element(GeoJson *json);

bool geo_json_is(const GeoJson *json, const char *key);

/* NAN unless the value is a number that a double holds. */
double geo_json_number(GeoJson *json);

/* 1 true, 0 false, -1 something else. */
int geo_json_truth(GeoJson *json);

/* A string's text, or a number's as it is written, NUL-terminated; returns its length. 0, with "",
 * when it is something else, empty, does not fit or holds a NUL. */
size_t geo_json_word(GeoJson *json, char *word, size_t size);

void geo_json_skip(GeoJson *json);

/* Whether one whole value was read and nothing but blanks follows. */
bool geo_json_end(GeoJson *json);
