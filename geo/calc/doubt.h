/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Whether an assignment of geo/calc/assign.h would be another if rows had more edges than were
 * looked up: edges are costly to find, and few of them matter. */
#include "geo/calc/assign.h"

/* The answer (column_of, longest_ms, after geo_assign_wishes() with the same rows, edges and loss)
 * is of edges that were cut: row r has all of its edges with time_ms <= seen_ms[r], and may have
 * more beyond; UINT32_MAX: it has no others. doubt[r] becomes 1 for the rows whose unknown edges
 * might better the answer, else 0; returns how many. None: the answer is the best by the same
 * wishes with all edges there are. O(rows * edges) at most, in practice a few times the edges. */
size_t geo_doubt_rows(const GeoAssignRow *rows, size_t n_rows, const GeoAssignEdge *edges,
                      size_t n_columns, const uint32_t *loss, const int32_t *column_of,
                      const uint32_t longest_ms[GEO_ASSIGN_PRIORITIES], const uint32_t *seen_ms,
                      uint8_t *doubt);
