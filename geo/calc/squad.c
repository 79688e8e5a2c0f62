/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of units that can serve distinct places of needs are the independent sets of a transversal
 * matroid, so taking units as they arrive and keeping each that still fits, with those before it
 * moved to other needs where that makes room (an augmenting path), gives the best set of all:
 * Edmonds, "Matroids and the greedy algorithm", 1971. Who serves which need is one of the possible
 * ways. */
#include "geo/calc/squad.h"

#include <glib.h>

typedef struct {
    const uint32_t *may;
    GArray *slot_need; /* int: the need of each place */
    size_t *slot_unit; /* SIZE_MAX: free */
    uint8_t *seen;     /* places of this path */
} Squad;

/* Finds unit a place, others may have to move. Depth and width are the number of places. */
static bool place(Squad *squad, size_t unit)
{
    for (guint slot = 0; slot < squad->slot_need->len; slot++) {
        int need = g_array_index(squad->slot_need, int, slot);
        if (squad->seen[slot] || !(squad->may[unit] >> need & 1))
            continue;
        squad->seen[slot] = 1;
        if (squad->slot_unit[slot] != SIZE_MAX && !place(squad, squad->slot_unit[slot]))
            continue;
        squad->slot_unit[slot] = unit;
        return true;
    }
    return false;
}

size_t geo_squad_pick(const uint32_t *may, size_t n_units, const int *number, size_t n_needs,
                      int *need_of)
{
    g_return_val_if_fail(n_needs <= GEO_SQUAD_MAX_NEEDS, 0);
    Squad squad = {.may = may, .slot_need = g_array_new(FALSE, FALSE, sizeof(int))};
    for (int need = 0; need < (int)n_needs; need++)
        for (int i = 0; i < number[need]; i++)
            g_array_append_val(squad.slot_need, need);
    guint n_slots = squad.slot_need->len;
    squad.slot_unit = g_new(size_t, n_slots + 1);
    squad.seen = g_new(uint8_t, n_slots + 1);
    for (guint slot = 0; slot < n_slots; slot++)
        squad.slot_unit[slot] = SIZE_MAX;
    size_t n = 0;
    for (size_t unit = 0; unit < n_units; unit++) {
        need_of[unit] = -1;
        if (n == n_slots || may[unit] == 0)
            continue;
        for (guint slot = 0; slot < n_slots; slot++)
            squad.seen[slot] = 0;
        n += place(&squad, unit);
    }
    for (guint slot = 0; slot < n_slots; slot++)
        if (squad.slot_unit[slot] != SIZE_MAX)
            need_of[squad.slot_unit[slot]] = g_array_index(squad.slot_need, int, slot);
    g_array_unref(squad.slot_need);
    g_free(squad.slot_unit);
    g_free(squad.seen);
    return n;
}
