/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A list of departments and service items as comma-separated text, one row each:
 *     what,code,name,name_zh,group,department,tier,priority,accept_min,arrive_min,report_min,
 *     mediation,words
 * what is department, group or item; departments and groups have a code and their names alone and
 * come first. tier is grid, community, street, district or city; mediation yes or no; words suggest
 * the item: "street lamp*|路灯" (the star: the word may go on; "a+b": both). */
#include "geo/model/servicebook.h"

/* GEO_ERROR_DATA names the file, the line and the remedy. name is for messages. */
GeoServiceBook *geo_servicefile_parse(const char *name, const char *text, size_t n, GError **error);

/* A list's text as UTF-8; the caller's. */
char *geo_servicefile_dup_text(const char *path, GError **error);

/* The shipped list: 17 departments, 189 items. */
GeoServiceBook *geo_servicefile_shipped(GError **error);
