/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Between the two files of a case: the fold (casefile.c) and the judge (casefile-judge.c). */
#include "geo/model/casefile.h"

/* Adds an event that was judged, and moves the case on. */
void geo_case_append(GeoCase *one, const GeoCaseEvent *event);
void geo_case_mark_undone(GeoCaseLog *log, int64_t deed_id);
