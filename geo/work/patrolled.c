/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/patrolled.h"

#include <string.h>

#include "geo/model/error.h"
#include "geo/work/patrolled-parts.h"

#define PIECE_MS (INT64_C(15) * 60 * 1000)
#define TAKE_FIXES 200000 /* between two looks at cancel: 50 ms and less */
#define MAX_DAYS 400
#define MAX_CELLS 20e6 /* areas x hours: 28 bytes each */
#define DAY_MS INT64_C(86400000)

void geo_patrolled_free(GeoPatrolled *patrolled)
{
    if (!patrolled)
        return;
    g_free(patrolled->level);
    geo_batch_free(patrolled->areas);
    geo_patrol_free(patrolled->patrol);
    g_free(patrolled->planned_s);
    g_free(patrolled->silent_s);
    g_free(patrolled->posts);
    g_free(patrolled->windows);
    if (patrolled->points)
        g_array_unref(patrolled->points);
    geo_batch_free(patrolled->facilities);
    g_free(patrolled->night);
    g_free(patrolled->by_day);
    g_free(patrolled->by_night);
    g_free(patrolled->street_m);
    if (patrolled->next)
        g_array_unref(patrolled->next);
    g_free(patrolled);
}

/* ---- areas ---- */

/* The level with most areas: the finest. */
static char *dup_finest(GeoStore *store, GError **error)
{
    int64_t counts[GEO_N_KINDS];
    g_autoptr(GHashTable) levels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!geo_store_count(store, counts, levels, error))
        return NULL;
    GHashTableIter iter;
    gpointer name, n;
    const char *finest = NULL;
    int most = 0;
    g_hash_table_iter_init(&iter, levels);
    while (g_hash_table_iter_next(&iter, &name, &n))
        if (GPOINTER_TO_INT(n) > most ||
            (GPOINTER_TO_INT(n) == most && g_strcmp0(name, finest) < 0)) {
            finest = name;
            most = GPOINTER_TO_INT(n);
        }
    if (!finest)
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_MISSING,
                            "the city has no areas to count patrols in: import areas first");
    return g_strdup(finest);
}

static char *dup_level(GeoStore *store, const char *asked, GError **error)
{
    if (asked)
        return g_strdup(asked);
    g_autoptr(GError) problem = NULL;
    char *level = geo_store_dup_setting(store, "default_level", &problem);
    if (problem) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return NULL;
    }
    return level ? level : dup_finest(store, error);
}

static bool load_areas(GeoStore *store, const char *asked, GeoPatrolled *patrolled, GError **error)
{
    patrolled->level = dup_level(store, asked, error);
    if (!patrolled->level)
        return false;
    GeoQuery query = {.level = patrolled->level};
    patrolled->areas = geo_store_load(store, GEO_KIND_AREA, &query, error);
    if (!patrolled->areas)
        return false;
    patrolled->n_areas = patrolled->areas->rows->len;
    if (patrolled->n_areas > 0)
        return true;
    g_autofree char *finest = dup_finest(store, error);
    if (finest)
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                    "the city has no areas of level '%s'; it has '%s'", patrolled->level, finest);
    return false;
}

static GeoPatrol *make_patrol(const GeoPatrolledOptions *options, const GeoPatrolled *patrolled,
                              const GeoPatrolledDuty *duty, const char *zone)
{
    const GeoBatch *batch = patrolled->areas;
    uint32_t n_parts = batch->parts->len;
    g_autofree uint32_t *parts = g_new(uint32_t, (size_t)n_parts + 1);
    g_autofree uint32_t *rings = g_new(uint32_t, patrolled->n_areas + 1);
    if (n_parts > 0)
        memcpy(parts, batch->parts->data, n_parts * sizeof *parts);
    parts[n_parts] = batch->points->len;
    for (size_t i = 0; i < patrolled->n_areas; i++)
        rings[i] = geo_batch_row(batch, i)->part0;
    rings[patrolled->n_areas] = n_parts;
    g_autoptr(GTimeZone) tz = g_time_zone_new_identifier(zone);
    int64_t from_s = patrolled->from_ms / 1000;
    int64_t offset_s = tz ? g_time_zone_get_offset(
                                tz, g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, from_s))
                          : 0;
    GeoPatrolOptions own = {.from_s = from_s,
                            .to_s = patrolled->to_ms / 1000,
                            .hour0_s = -offset_s,
                            .max_gap_ms = options->max_gap_ms,
                            .max_speed_mps = options->max_speed_mps,
                            .away_s = options->away_s,
                            .silence_s = options->silence_s};
    GeoPatrolHomes homes = {duty->first->len - 1, (const uint32_t *)(void *)duty->first->data,
                            (const uint32_t *)(void *)duty->areas->data};
    return geo_patrol_new(&own, (const GeoLonLat *)(void *)batch->points->data, parts, rings,
                          patrolled->n_areas, &homes,
                          (const GeoPatrolDuty *)(void *)duty->duty->data, duty->duty->len);
}

/* ---- tracks ---- */

/* Takes fixes a few units at a time; a unit is never cut. */
static bool take(GeoPatrol *patrol, const GArray *fixes, double share, GeoProgress *progress,
                 GError **error)
{
    const GeoFix *all = (const GeoFix *)(void *)fixes->data;
    for (size_t i = 0; i < fixes->len;) {
        size_t end = MIN(i + TAKE_FIXES, fixes->len);
        while (end < fixes->len && all[end].unit_id == all[end - 1].unit_id)
            end++;
        geo_patrol_take(patrol, all + i, end - i);
        i = end;
        if (!geo_progress_step(progress, share, error))
            return false;
    }
    return true;
}

static bool read_tracks(GeoStore *store, const GeoPatrolledOptions *options,
                        GeoPatrolled *patrolled, GeoProgress *progress, GError **error)
{
    int64_t slack_ms = options->max_gap_ms > 0 ? options->max_gap_ms : 60000;
    int64_t begin_ms = patrolled->from_ms - slack_ms, end_ms = patrolled->to_ms + slack_ms;
    geo_progress_begin(progress, "reading tracks");
    for (int64_t at_ms = begin_ms; at_ms < end_ms; at_ms += PIECE_MS) {
        double share = (double)(at_ms - begin_ms) / (double)(end_ms - begin_ms);
        gint64 begun_us = g_get_monotonic_time();
        g_autoptr(GArray) fixes =
            geo_store_load_fixes(store, at_ms, MIN(at_ms + PIECE_MS, end_ms), error);
        gint64 read_us = g_get_monotonic_time();
        if (!fixes || !take(patrolled->patrol, fixes, share, progress, error))
            return false;
        geo_patrol_settle(patrolled->patrol, (at_ms + PIECE_MS) / 1000);
        patrolled->load_ms += (double)(read_us - begun_us) / 1000;
        patrolled->work_ms += (double)(g_get_monotonic_time() - read_us) / 1000;
        if (!geo_progress_step(progress, share, error))
            return false;
    }
    geo_patrol_settle(patrolled->patrol, INT64_MAX);
    return true;
}

/* ---- all ---- */

static bool check_size(const GeoPatrolled *patrolled, GError **error)
{
    double hours = (double)(patrolled->to_ms - patrolled->from_ms) / 3600000 + 1;
    if (hours * (double)patrolled->n_areas <= MAX_CELLS)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "%zu areas of level '%s' for %.0f hours are too many: ask for a shorter time or a "
                "coarser level",
                patrolled->n_areas, patrolled->level, hours);
    return false;
}

static bool check_time(const GeoPatrolledOptions *options, GError **error)
{
    if (options->to_ms / 1000 > options->from_ms / 1000 &&
        options->to_ms - options->from_ms <= MAX_DAYS * DAY_MS)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "the time asked is not longer than nothing and at most %d days", MAX_DAYS);
    return false;
}

static bool measure(GeoStore *store, const GeoPatrolledOptions *options, GeoPatrolled *patrolled,
                    GeoProgress *progress, GError **error)
{
    g_auto(GeoPatrolledDuty) duty = {0};
    g_autoptr(GArray) windows = g_array_new(FALSE, FALSE, sizeof(GeoRoundsWindow));
    g_autoptr(GeoRounds) rounds = NULL;
    geo_progress_begin(progress, "loading areas and rosters");
    gint64 begun_us = g_get_monotonic_time();
    if (!load_areas(store, options->level, patrolled, error) || !check_size(patrolled, error) ||
        !geo_patrolled_duty_load(store, patrolled, &duty, error))
        return false;
    patrolled->always = duty.always;
    patrolled->patrol = make_patrol(options, patrolled, &duty, geo_store_city(store)->zone);
    patrolled->n_hours = geo_patrol_hours(patrolled->patrol);
    if (options->must) {
        rounds = geo_patrolled_must_load(store, options, patrolled, windows, error);
        if (!rounds)
            return false;
        geo_patrol_set_watcher(patrolled->patrol, geo_rounds_run, rounds);
    }
    patrolled->load_ms += (double)(g_get_monotonic_time() - begun_us) / 1000;
    if (!read_tracks(store, options, patrolled, progress, error))
        return false;
    geo_patrol_set_watcher(patrolled->patrol, NULL, NULL);
    geo_patrolled_rate(patrolled, &duty);
    if (options->must)
        geo_patrolled_must_judge(patrolled, rounds, windows);
    return (!options->cameras || geo_patrolled_join(store, options, patrolled, progress, error)) &&
           (options->next == 0 || geo_patrolled_rank(store, options, patrolled, error));
}

GeoPatrolled *geo_patrolled_measure(GeoStore *store, const GeoPatrolledOptions *options,
                                    GeoProgress *progress, GError **error)
{
    if (!check_time(options, error))
        return NULL;
    g_autoptr(GeoPatrolled) patrolled = g_new0(GeoPatrolled, 1);
    patrolled->from_ms = options->from_ms / 1000 * 1000;
    patrolled->to_ms = options->to_ms / 1000 * 1000;
    if (!measure(store, options, patrolled, progress, error))
        return NULL;
    return g_steal_pointer(&patrolled);
}
