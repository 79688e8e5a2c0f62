/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The longest time within a window that nobody saw a cell of ground: fields open and shut in order
 * of time, cameras by hour and outage, or a patroller who passes. */
#include "geo/calc/ground.h"

typedef struct GeoSpell GeoSpell;

/* Nobody sees anything from at_ms (Unix ms) on. box is that of ground, which is borrowed until it
 * is freed. */
GeoSpell *geo_spell_new(const GeoGround *ground, const GeoBox *box, int64_t from_ms);
void geo_spell_free(GeoSpell *spell);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSpell, geo_spell_free)

/* Makes a field known, rings as geo_scan_polygon() takes them, at any time; its number. A
 * patroller's visit is a field that opens and shuts once. O(rows x corners + cells / 64). */
uint32_t geo_spell_add(GeoSpell *spell, const GeoXY *points, const uint32_t *part_first,
                       size_t n_parts, size_t n_points);

/* Somebody sees the field from at_ms on, and no more from at_ms on: time never goes back, to whole
 * seconds. A field may be open several times over (65,535 a cell), and is shut as often as it was
 * opened. O(ground cells of the field). */
void geo_spell_open(GeoSpell *spell, uint32_t field, int64_t at_ms);
void geo_spell_shut(GeoSpell *spell, uint32_t field, int64_t at_ms);

/* The window ends: spells that last end with it. Nothing opens or shuts after that. O(cells). */
void geo_spell_finish(GeoSpell *spell, int64_t to_ms);

/* After the end: the longest spell there, in seconds; -1 where is no ground. */
int32_t geo_spell_longest_s(const GeoSpell *spell, GeoXY p);

/* After the end: metres of street (sampled as ground.h does) and square metres of ground whose
 * longest spell is at most limit_s[k], into street_m[k] and ground_m2[k]. O(cells + street metres).
 */
void geo_spell_shares(const GeoSpell *spell, const int32_t *limit_s, size_t n, double *street_m,
                      double *ground_m2);
