/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Routes against the textbook twin of tests/geo/route-twin.h, on all processors. */
#include "tests/bench/dispatch-city.h"

typedef struct {
    size_t n, without_way, different;
    double seconds;
} DispatchProof;

/* n routes between places near the roads: each source with a hundred goals, half of them within 3
 * km, the rest anywhere; all profiles; islands and yards included. The first differences are
 * printed. */
DispatchProof dispatch_routes_prove(const DispatchCity *city, size_t n, guint32 seed);
