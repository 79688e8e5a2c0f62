/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Why somebody's track may be read. Private to geo/store; asked at the store's front for every back
 * end. */
#include "geo/store/backend.h"

/* The act names a purpose that covers what is asked: "incident:CODE", a live incident that the unit
 * was on (a question for no unit needs none), from 2 hours before it to 24 hours after; or "case:"
 * or "task:" with a number of the office's own, which is written down as it is. Else
 * GEO_ERROR_REFUSED. */
bool geo_purpose_check(GeoBackend *backend, const GeoAct *act, const GeoTrackQuery *query,
                       GError **error);

/* What the audit says of the read: span and, where there is one, box; owned. */
char *geo_purpose_dup_detail(const GeoTrackQuery *query);
