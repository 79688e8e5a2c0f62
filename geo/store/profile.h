/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A profile: a small text file (data/profiles/NAME.profile) that says which columns of a source
 * hold which of our fields. Format: data/profiles/README. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct GeoProfile GeoProfile;

/* By name in the data folder, or by path when it has a slash or ends in ".profile". */
GeoProfile *geo_profile_load(const char *name, GError **error);

/* From text, for tests; name is for messages. */
GeoProfile *geo_profile_parse(const char *name, const char *text, size_t n, GError **error);
void geo_profile_free(GeoProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoProfile, geo_profile_free)

/* The shipped profile of this kind whose named columns the source has: of several the one that
 * names most columns, then the first by name. NULL when none fits; no error. */
GeoProfile *geo_profile_find(const char *kind, const char *base, const char *const *columns,
                             size_t n);

const char *geo_profile_name(const GeoProfile *profile);
const char *geo_profile_text(const GeoProfile *profile, const char *key); /* [profile] key; NULL */

/* The columns for one of our fields, in order of preference: NULL-terminated, or NULL. */
const char *const *geo_profile_columns(const GeoProfile *profile, const char *field);

/* Our word for the source's value of a field; value itself when the profile has no map for the
 * field; NULL when it has one without this value and without "*". */
const char *geo_profile_value(const GeoProfile *profile, const char *field, const char *value);

/* What a field is when the source does not say; NULL. */
const char *geo_profile_fill(const GeoProfile *profile, const char *field);
