/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/roll.h"

struct GeoRoll {
    GHashTable *slots; /* int64_t *, owned -> slot + 1 */
    GArray *ids;       /* int64_t */
    GArray *next;      /* uint32_t: who was asked for after this one the last time */
    uint32_t last;
};

GeoRoll *geo_roll_new(void)
{
    GeoRoll *roll = g_new0(GeoRoll, 1);
    roll->slots = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    roll->ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    roll->next = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return roll;
}

void geo_roll_free(GeoRoll *roll)
{
    if (!roll)
        return;
    g_hash_table_unref(roll->slots);
    g_array_unref(roll->ids);
    g_array_unref(roll->next);
    g_free(roll);
}

uint32_t geo_roll_n(const GeoRoll *roll)
{
    return roll->ids->len;
}

int64_t geo_roll_id(const GeoRoll *roll, uint32_t slot)
{
    return g_array_index(roll->ids, int64_t, slot);
}

uint32_t geo_roll_find(const GeoRoll *roll, int64_t id)
{
    gpointer found = g_hash_table_lookup(roll->slots, &id);
    return found ? GPOINTER_TO_UINT(found) - 1 : GEO_ROLL_NONE;
}

static uint32_t add(GeoRoll *roll, int64_t id)
{
    uint32_t slot = roll->ids->len;
    g_array_append_val(roll->ids, id);
    g_array_append_val(roll->next, slot);
    g_hash_table_insert(roll->slots, g_memdup2(&id, sizeof id), GUINT_TO_POINTER(slot + 1));
    return slot;
}

uint32_t geo_roll_add(GeoRoll *roll, int64_t id)
{
    bool any = roll->ids->len > 0;
    if (any) {
        uint32_t guess = g_array_index(roll->next, uint32_t, roll->last);
        if (g_array_index(roll->ids, int64_t, guess) == id)
            return roll->last = guess;
    }
    uint32_t slot = geo_roll_find(roll, id);
    if (slot == GEO_ROLL_NONE)
        slot = add(roll, id);
    if (any)
        g_array_index(roll->next, uint32_t, roll->last) = slot;
    return roll->last = slot;
}
