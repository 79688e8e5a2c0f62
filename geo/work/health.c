/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/health.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/work/dutyload.h"

#define HOUR_MS INT64_C(3600000)
#define LAST_MS (2 * HOUR_MS)

static int by_double(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

double geo_health_usual_share(const GeoQuietArea *areas, size_t n)
{
    g_autofree double *shares = g_new(double, n + 1);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (areas[i].on_duty >= GEO_QUIET_LEAST)
            shares[m++] = (double)areas[i].silent / areas[i].on_duty;
    if (m == 0)
        return (double)NAN;
    qsort(shares, m, sizeof *shares, by_double);
    return shares[(m - 1) / 2];
}

/* ---- areas ---- */

typedef struct {
    GeoHealth *health;
    GHashTable *parents; /* code -> parent code, of all levels, borrowed from the batch */
    GHashTable *numbers; /* code of the level -> number + 1 */
} Places;

static void add_areas(Places *places, const GeoBatch *all, const char *level)
{
    for (guint i = 0; i < all->rows->len; i++) {
        const GeoArea *area = &g_array_index(all->rows, GeoArea, i);
        if (!area->row.code)
            continue;
        if (area->parent)
            g_hash_table_insert(places->parents, (gpointer)area->row.code, (gpointer)area->parent);
        if (g_strcmp0(area->level, level) != 0)
            continue;
        GeoHealth *health = places->health;
        GeoHealthArea one = {
            .code = g_string_chunk_insert(health->text, area->row.code),
            .name = area->row.name ? g_string_chunk_insert(health->text, area->row.name) : NULL};
        g_array_append_val(health->areas, one);
        g_hash_table_insert(places->numbers, (gpointer)area->row.code,
                            GUINT_TO_POINTER(health->areas->len));
    }
}

/* The area of the level that a unit's area is, or lies in; NULL. Chains are short; a loop in them
 * ends. */
static GeoHealthArea *area_of(const Places *places, const char *code)
{
    for (int i = 0; code && i < 16; i++) {
        guint number = GPOINTER_TO_UINT(g_hash_table_lookup(places->numbers, code));
        if (number > 0)
            return &g_array_index(places->health->areas, GeoHealthArea, number - 1);
        code = g_hash_table_lookup(places->parents, code);
    }
    return NULL;
}

/* ---- units ---- */

static void count_units(const Places *places, const GeoBatch *units, const GeoDutyClock *duty,
                        GHashTable *last_ms, int64_t at_ms)
{
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoUnit *unit = &g_array_index(units->rows, GeoUnit, i);
        GeoHealthArea *area = area_of(places, unit->area);
        if (!area || geo_dutyclock_at(duty, i, at_ms, NULL) != GEO_DUTY_STATE_ON)
            continue;
        const int64_t *fix_ms = g_hash_table_lookup(last_ms, &unit->row.id);
        area->on_duty++;
        area->by_age[geo_age_of(unit->unit_kind, fix_ms ? *fix_ms : 0, at_ms)]++;
    }
}

static const GeoHealthArea *find_area(const GeoHealth *health, const char *code)
{
    for (guint i = 0; health && i < health->areas->len; i++) {
        const GeoHealthArea *area = &g_array_index(health->areas, GeoHealthArea, i);
        if (!strcmp(area->code, code))
            return area;
    }
    return NULL;
}

static void judge(GeoHealth *health, const GeoHealth *before)
{
    guint n = health->areas->len;
    g_autofree GeoQuietArea *quiet = g_new0(GeoQuietArea, n + 1);
    for (guint i = 0; i < n; i++) {
        const GeoHealthArea *area = &g_array_index(health->areas, GeoHealthArea, i);
        const GeoHealthArea *last = find_area(before, area->code);
        quiet[i] = (GeoQuietArea){.on_duty = area->on_duty,
                                  .silent = area->by_age[GEO_AGE_SILENT],
                                  .alarm = last && last->quiet.alarm};
    }
    health->usual_share = geo_health_usual_share(quiet, n);
    geo_quiet_judge(quiet, n, health->usual_share);
    for (guint i = 0; i < n; i++) {
        GeoHealthArea *area = &g_array_index(health->areas, GeoHealthArea, i);
        const GeoHealthArea *last = find_area(before, area->code);
        area->quiet = quiet[i];
        if (quiet[i].alarm)
            area->since_ms = last && last->since_ms ? last->since_ms : health->at_ms;
    }
}

static int by_code(const void *a, const void *b)
{
    return strcmp(((const GeoHealthArea *)a)->code, ((const GeoHealthArea *)b)->code);
}

GeoHealth *geo_health_load(GeoStore *store, const char *level, int64_t at_ms,
                           const GeoHealth *before, GError **error)
{
    GeoQuery no_shapes = {.no_shapes = true};
    g_autoptr(GeoBatch) areas = geo_store_load(store, GEO_KIND_AREA, &no_shapes, error);
    g_autoptr(GeoBatch) units =
        areas ? geo_store_load(store, GEO_KIND_UNIT, &no_shapes, error) : NULL;
    g_autoptr(GArray) fixes = units ? geo_store_last_fixes(store, at_ms, LAST_MS, error) : NULL;
    g_autoptr(GeoDutyClock) duty =
        fixes ? geo_dutyload_clock(store, units, at_ms - HOUR_MS, at_ms + HOUR_MS, NULL, error)
              : NULL;
    if (!duty)
        return NULL;
    g_autoptr(GHashTable) parents = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) last_ms = g_hash_table_new(g_int64_hash, g_int64_equal);
    GeoHealth *health = g_new0(GeoHealth, 1);
    health->at_ms = at_ms;
    health->areas = g_array_new(FALSE, FALSE, sizeof(GeoHealthArea));
    health->text = g_string_chunk_new(4096);
    Places places = {health, parents, numbers};
    add_areas(&places, areas, level);
    for (guint i = 0; i < fixes->len; i++) {
        GeoFix *fix = &g_array_index(fixes, GeoFix, i);
        g_hash_table_insert(last_ms, &fix->unit_id, &fix->at_ms);
    }
    count_units(&places, units, duty, last_ms, at_ms);
    g_array_sort(health->areas, by_code);
    judge(health, before);
    return health;
}

void geo_health_free(GeoHealth *health)
{
    if (!health)
        return;
    g_array_unref(health->areas);
    g_string_chunk_free(health->text);
    g_free(health);
}
