/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The exact search behind geo/calc/site. */
#include "geo/calc/site-model.h"

/* Gets a set of picks that all keep the rules; may fill it up; returns what it reaches. */
typedef double (*GeoSiteKeep)(GeoSiteSet *set, void *user);

/* Searches what is open under the bound's fates, at most *nodes nodes; then bound->bound is what
 * nothing can exceed, and *nodes how many were seen. False on cancel. */
bool geo_site_branch(GeoSiteBound *bound, double *known, double gap_share, unsigned *nodes,
                     GeoSiteKeep keep, void *user, GeoProgress *progress, GError **error);
