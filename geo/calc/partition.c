/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted Lloyd rounds over the shortest paths of a neighbour graph (Dijkstra from all seats at
 * once), so that parts are connected by construction and follow the streets that bound blocks. Not
 * balanced exactly: real communities are not either. */
#include "geo/calc/partition.h"

#include <glib.h>
#include <math.h>

#include "geo/calc/dice.h"

typedef struct {
    double cost;
    uint32_t block, part;
} Entry;

static bool before(const Entry *a, const Entry *b)
{
    return a->cost < b->cost || (a->cost == b->cost && a->block < b->block);
}

static void heap_push(GArray *heap, Entry entry)
{
    g_array_append_val(heap, entry);
    Entry *e = (Entry *)(void *)heap->data;
    for (uint32_t i = heap->len - 1; i > 0 && before(&e[i], &e[(i - 1) / 2]); i = (i - 1) / 2) {
        Entry held = e[i];
        e[i] = e[(i - 1) / 2];
        e[(i - 1) / 2] = held;
    }
}

static Entry heap_pop(GArray *heap)
{
    Entry *e = (Entry *)(void *)heap->data;
    Entry top = e[0];
    e[0] = e[heap->len - 1];
    g_array_set_size(heap, heap->len - 1);
    for (uint32_t i = 0;;) {
        uint32_t least = i;
        for (uint32_t child = 2 * i + 1; child <= 2 * i + 2 && child < heap->len; child++)
            if (before(&e[child], &e[least]))
                least = child;
        if (least == i)
            return top;
        Entry held = e[i];
        e[i] = e[least];
        e[least] = held;
        i = least;
    }
}

static double apart_m(const GeoPartitionMap *map, uint32_t a, uint32_t b)
{
    return hypot(map->at[a].x - map->at[b].x, map->at[a].y - map->at[b].y);
}

static void grow_once(const GeoPartitionMap *map, const uint32_t *seats, uint32_t k, uint32_t *part)
{
    g_autoptr(GArray) heap = g_array_new(FALSE, FALSE, sizeof(Entry));
    for (uint32_t i = 0; i < map->n; i++)
        part[i] = GEO_PARTITION_NONE;
    for (uint32_t s = 0; s < k; s++)
        heap_push(heap, (Entry){0, seats[s], s});
    while (heap->len > 0) {
        Entry entry = heap_pop(heap);
        if (part[entry.block] != GEO_PARTITION_NONE)
            continue;
        part[entry.block] = entry.part;
        for (uint32_t e = map->next0[entry.block]; e < map->next0[entry.block + 1]; e++) {
            uint32_t next = map->next[e];
            if (part[next] == GEO_PARTITION_NONE && map->group[next] == map->group[entry.block])
                heap_push(heap,
                          (Entry){entry.cost + apart_m(map, entry.block, next), next, entry.part});
        }
    }
}

/* Blocks that no neighbour leads to go to the nearest seat of their group. */
static void take_strays(const GeoPartitionMap *map, const uint32_t *seats, uint32_t k,
                        uint32_t *part)
{
    for (uint32_t i = 0; i < map->n; i++) {
        if (part[i] != GEO_PARTITION_NONE || map->group[i] == GEO_PARTITION_NONE)
            continue;
        double best = INFINITY;
        for (uint32_t s = 0; s < k; s++)
            if (map->group[seats[s]] == map->group[i] && apart_m(map, seats[s], i) < best) {
                best = apart_m(map, seats[s], i);
                part[i] = s;
            }
    }
}

/* Each seat to the block of its part that lies nearest the part's middle. */
static void move_seats(const GeoPartitionMap *map, uint32_t *seats, uint32_t k,
                       const uint32_t *part)
{
    g_autofree double *sums = g_new0(double, 3 * (size_t)k);
    g_autofree double *best = g_new(double, k);
    for (uint32_t i = 0; i < map->n; i++) {
        if (part[i] == GEO_PARTITION_NONE)
            continue;
        double *sum = &sums[3 * (size_t)part[i]], weight = map->weight[i] + 1e-6;
        sum[0] += weight;
        sum[1] += weight * map->at[i].x;
        sum[2] += weight * map->at[i].y;
    }
    for (uint32_t s = 0; s < k; s++)
        best[s] = INFINITY;
    for (uint32_t i = 0; i < map->n; i++) {
        if (part[i] == GEO_PARTITION_NONE)
            continue;
        const double *sum = &sums[3 * (size_t)part[i]];
        double off = hypot(map->at[i].x - sum[1] / sum[0], map->at[i].y - sum[2] / sum[0]);
        if (off < best[part[i]]) {
            best[part[i]] = off;
            seats[part[i]] = i;
        }
    }
}

void geo_partition_grow(const GeoPartitionMap *map, uint32_t *seats, uint32_t k, int rounds,
                        uint32_t *part)
{
    grow_once(map, seats, k, part);
    for (int round = 0; round < rounds; round++) {
        move_seats(map, seats, k, part);
        grow_once(map, seats, k, part);
    }
    take_strays(map, seats, k, part);
}

uint32_t geo_partition_seats(const GeoPartitionMap *map, const uint32_t *blocks, uint32_t n_blocks,
                             uint32_t k, uint64_t seed, uint32_t *seats)
{
    GeoDice dice = geo_dice_new(seed, 2);
    g_autofree double *chance = g_new(double, n_blocks);
    g_autofree double *off = g_new(double, n_blocks);
    k = MIN(k, n_blocks);
    for (uint32_t i = 0; i < n_blocks; i++)
        off[i] = INFINITY, chance[i] = map->weight[blocks[i]] + 1e-6;
    for (uint32_t s = 0; s < k; s++) {
        seats[s] = blocks[geo_dice_pick(&dice, chance, n_blocks)];
        for (uint32_t i = 0; i < n_blocks; i++) {
            off[i] = fmin(off[i], apart_m(map, blocks[i], seats[s]));
            chance[i] = off[i] * off[i] * (map->weight[blocks[i]] + 1e-6);
        }
    }
    return k;
}
