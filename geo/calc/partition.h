/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Parts of a map of blocks, each grown from a seat along neighbours: districts into streets,
 * streets into communities, communities into grids. Pure and deterministic. */
#include <stdint.h>

#include "geo/model/coord.h"

#define GEO_PARTITION_NONE UINT32_MAX

typedef struct {
    uint32_t n;            /* blocks */
    const GeoXY *at;       /* a point of each */
    const double *weight;  /* what parts should share evenly */
    const uint32_t *next0; /* n + 1: where each block's neighbours begin in next */
    const uint32_t *next;
    const uint32_t *group; /* parts never leave their group; GEO_PARTITION_NONE: in no part */
} GeoPartitionMap;

/* Every block goes to the seat of its group that is nearest by way of neighbours; then, rounds
 * times, seats move to the block at their part's weighted middle and it is done again. seats (k
 * blocks, one part each, moved in place) lie in their groups, at most one on a block; part has room
 * for n. A group without a seat stays GEO_PARTITION_NONE. O(rounds * n log n). */
void geo_partition_grow(const GeoPartitionMap *map, uint32_t *seats, uint32_t k, int rounds,
                        uint32_t *part);

/* k seats for one group's blocks, far apart and where weight is (k-means++ with the seed); fewer
 * when it has fewer blocks: the number of seats. */
uint32_t geo_partition_seats(const GeoPartitionMap *map, const uint32_t *blocks, uint32_t n_blocks,
                             uint32_t k, uint64_t seed, uint32_t *seats);
