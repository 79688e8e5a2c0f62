/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Routes against the textbook twin of tests/geo/route-twin.h, on all processors. */
#include "tests/bench/dispatch-city.h"

typedef struct {
    size_t n, turns, barriers, without_way, different;
    double seconds;
} DispatchProof;

/* n routes between places near the roads: each source with a hundred goals, half of them within 3
 * km, the rest anywhere; all profiles; islands and yards included. ruled: with 20,000 turns of this
 * city forbidden or made the only one, and 2,000 barriers; places at the very vertex of a rule are
 * left out. The first differences are printed. */
DispatchProof dispatch_routes_prove(const DispatchCity *city, bool ruled, size_t n, guint32 seed);
