/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Who and what a playback shows: the city's units, and the incidents of its span. Never changed
 * once made; shared by reference between threads. */
#include "geo/store/store.h"

typedef struct {
    gatomicrefcount refs;
    size_t n;
    int64_t *ids;        /* rising */
    GeoBatch *units;     /* their rows in that order */
    GeoBatch *incidents; /* of the span, by the time they were received */
    int64_t from_ms, to_ms;
} AppCast;

AppCast *app_cast_load(GeoStore *store, int64_t from_ms, int64_t to_ms, GError **error);
AppCast *app_cast_ref(AppCast *cast);
void app_cast_unref(gpointer cast); /* NULL is legal */

/* Rows of incidents with from < at <= to: the first, and their number. O(log n). */
guint app_cast_incidents(const AppCast *cast, int64_t from_ms, int64_t to_ms, guint *n);
