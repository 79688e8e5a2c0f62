/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A book of plans as comma-separated text, one row each:
 *     what,plan,words,force,skills,number,from,radius_m,priority,minutes,name,name_zh
 * what is force (its words in names of agencies), skill (its words in lists of units), plan (words
 * of categories, minutes of handling), need (of a plan: force and skills, number, from township or
 * anywhere, radius_m by road, priority: for incidents of this or a more urgent one) or step (of a
 * plan's list of what to think of). Several words are parted by '|'. */
#include "geo/model/planbook.h"

/* GEO_ERROR_DATA names the file, and the line and the remedy of each row that is wrong (of the
 * first five). name is for messages. */
GeoPlanbook *geo_planfile_parse(const char *name, const char *text, size_t n, GError **error);

/* The text of a file as UTF-8; the caller's. */
char *geo_planfile_dup_text(const char *path, GError **error);

/* The text of the shipped book; the caller's. */
char *geo_planfile_dup_shipped(GError **error);
