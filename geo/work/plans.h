/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A city's book of plans: a setting of the city holds its own; without one the shipped book stands.
 */
#include "geo/model/planbook.h"
#include "geo/store/store.h"

/* The name of the setting; its value is the book as text (geo/store/planfile.h). */
#define GEO_PLANS_SETTING "plans"

/* The text in force, as it was put; the caller's. own (may be NULL): it is the city's. */
char *geo_plans_dup_text(GeoStore *store, bool *own, GError **error);

GeoPlanbook *geo_plans_load(GeoStore *store, GError **error);

/* Makes a file's book the city's own, NULL the shipped one again. A book that cannot be read
 * changes nothing. */
bool geo_plans_put(GeoStore *store, const GeoAct *act, const char *path, GError **error);
