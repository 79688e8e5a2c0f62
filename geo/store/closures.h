/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Roads closed by hand for a time. geo_store_load(GEO_KIND_CLOSURE) reads them, lifted ones too. */
#include "geo/store/store.h"

/* Row 0 of a batch of closures: id, from and to, reason, at least one profile, and a line or a
 * point with a radius. Who and when are the act's. GEO_ERROR_DATA for what cannot be. */
bool geo_store_put_closure(GeoStore *store, const GeoAct *act, const GeoBatch *closure,
                           GError **error);

/* It closes nothing any more; it stays to be read. GEO_ERROR_MISSING, or GEO_ERROR_REFUSED when it
 * is lifted already. */
bool geo_store_lift_closure(GeoStore *store, const GeoAct *act, int64_t id, GError **error);
