/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A queue of numbered things by rising key: a 4-ary heap in one array. A thing may be in it several
 * times; the reader skips what it has already taken (cheaper than moving entries when keys fall).
 * 4-ary: half the levels of a binary heap, and the four children share a cache line. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    double key;
    uint32_t id;
} GeoHeapItem;

typedef struct {
    GeoHeapItem *items;
    size_t n, room;
} GeoHeap;

static inline void geo_heap_clear(GeoHeap *heap)
{
    g_free(heap->items);
    *heap = (GeoHeap){0};
}

/* Equal keys leave by rising id, so that results do not hang on the order of insertion. */
static inline bool geo_heap_before(GeoHeapItem a, GeoHeapItem b)
{
    return a.key < b.key || (a.key == b.key && a.id < b.id);
}

static inline void geo_heap_push(GeoHeap *heap, double key, uint32_t id)
{
    if (heap->n == heap->room) {
        heap->room = heap->room ? 2 * heap->room : 256;
        heap->items = g_renew(GeoHeapItem, heap->items, heap->room);
    }
    GeoHeapItem item = {key, id};
    size_t i = heap->n++;
    while (i > 0) {
        size_t parent = (i - 1) / 4;
        if (!geo_heap_before(item, heap->items[parent]))
            break;
        heap->items[i] = heap->items[parent];
        i = parent;
    }
    heap->items[i] = item;
}

/* The least; the heap must not be empty. */
static inline GeoHeapItem geo_heap_pop(GeoHeap *heap)
{
    GeoHeapItem *items = heap->items, least = items[0], last = items[--heap->n];
    size_t n = heap->n, i = 0;
    for (;;) {
        size_t child = 4 * i + 1, end = MIN(child + 4, n);
        if (child >= n)
            break;
        size_t best = child;
        for (size_t c = child + 1; c < end; c++)
            if (geo_heap_before(items[c], items[best]))
                best = c;
        if (!geo_heap_before(items[best], last))
            break;
        items[i] = items[best];
        i = best;
    }
    items[i] = last;
    return least;
}
