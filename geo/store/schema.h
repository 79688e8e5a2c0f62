/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The scripts of data/schema, built in. */

extern const char geo_schema_001[];    /* a city */
extern const char geo_schema_002[];    /* lenses, sites, rooms not to be seen, scenarios */
extern const char geo_schema_003[];    /* acts of duty, admissions, devices */
extern const char geo_schema_004[];    /* forces and skills of units */
extern const char geo_schema_005[];    /* deeds, reports, messages */
extern const char geo_schema_006[];    /* turns, barriers, closures */
extern const char geo_schema_007[];    /* hours of turns */
extern const char geo_schema_008[];    /* an index of what was merged */
extern const char geo_schema_tracks[]; /* a day of positions */
extern const char geo_schema_views[];  /* runs after the layers are registered */
