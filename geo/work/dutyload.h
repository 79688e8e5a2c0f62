/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The duty clock of a city's units, from what its store knows. */
#include "geo/model/dutyclock.h"
#include "geo/store/store.h"

/* Unit i of the clock is row i of units; areas are told apart by their codes. Rosters and acts that
 * touch from <= t < to: the clock knows nothing of other times. A city without any roster is always
 * on duty. What was signed goes to book (the caller's), unless that is NULL. O(rosters + units). */
GeoDutyClock *geo_dutyload_clock(GeoStore *store, const GeoBatch *units, int64_t from_ms,
                                 int64_t to_ms, GeoDutyBook **book, GError **error);
