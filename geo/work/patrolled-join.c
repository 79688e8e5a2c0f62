/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cameras and patrols have in sight together, and where to go next. */
#include <math.h>
#include <string.h>

#include "geo/calc/sun.h"
#include "geo/work/patrolled-parts.h"

#define YEAR_MS (INT64_C(365) * 86400000)
#define HOUR_MS INT64_C(3600000)

const char geo_patrolled_joined_formula[] =
    "1 - (1 - share of the area's public street that a working camera sees, by day or night) x (1 "
    "- minutes with anybody in the area / minutes): of a street and a minute drawn by chance, how "
    "likely a camera sees it or a patroller is in the area, if the two do not know of each other";

/* ---- cameras ---- */

/* Shares by area; those without a code keep NAN. */
static bool measure_shares(GeoStore *store, const GeoPatrolledOptions *options,
                           const GeoPatrolled *patrolled, bool night, double *share,
                           double *street_m, GeoProgress *progress, GError **error)
{
    GeoCoverageOptions own = *options->cameras;
    own.night = night;
    own.level = patrolled->level;
    own.doubt = own.classes = false;
    g_autoptr(GeoCoverage) coverage = geo_coverage_measure(store, &own, progress, error);
    if (!coverage)
        return false;
    g_autoptr(GHashTable) by_code = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < coverage->areas->len; i++) {
        GeoCoverageArea *area = &g_array_index(coverage->areas, GeoCoverageArea, i);
        if (area->code)
            g_hash_table_insert(by_code, (gpointer)area->code, area);
    }
    for (size_t a = 0; a < patrolled->n_areas; a++) {
        const char *code = geo_batch_row(patrolled->areas, a)->code;
        const GeoCoverageArea *area = code ? g_hash_table_lookup(by_code, code) : NULL;
        street_m[a] = area ? area->street_m : 0;
        share[a] = street_m[a] > 0 ? area->seen_m / street_m[a] : NAN;
    }
    return true;
}

double geo_patrolled_joined(const GeoPatrolled *patrolled, size_t area, size_t hour)
{
    g_return_val_if_fail(patrolled->with_cameras, NAN);
    uint32_t length_s = geo_patrol_hour_length(patrolled->patrol, hour);
    double present = (double)geo_patrol_cells(patrolled->patrol, area)[hour].seen_s / length_s;
    double share = (patrolled->night[hour] ? patrolled->by_night : patrolled->by_day)[area];
    return 1 - (1 - share) * (1 - present);
}

bool geo_patrolled_join(GeoStore *store, const GeoPatrolledOptions *options,
                        GeoPatrolled *patrolled, GeoProgress *progress, GError **error)
{
    size_t n = patrolled->n_areas;
    gint64 begun_us = g_get_monotonic_time();
    patrolled->by_day = g_new(double, n);
    patrolled->by_night = g_new(double, n);
    patrolled->street_m = g_new(double, n);
    patrolled->night = g_new(bool, patrolled->n_hours);
    if (!measure_shares(store, options, patrolled, false, patrolled->by_day, patrolled->street_m,
                        progress, error) ||
        !measure_shares(store, options, patrolled, true, patrolled->by_night, patrolled->street_m,
                        progress, error))
        return false;
    GeoBounds bounds = geo_batch_bounds(patrolled->areas);
    GeoLonLat middle = {(bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2};
    patrolled->with_cameras = true;
    double joined = 0, whole = 0;
    for (size_t h = 0; h < patrolled->n_hours; h++) {
        int64_t hour_s = geo_patrol_hour_s(patrolled->patrol, h);
        uint32_t length_s = geo_patrol_hour_length(patrolled->patrol, h);
        patrolled->night[h] = !geo_sun_is_up(middle, hour_s * 1000 + HOUR_MS / 2);
        for (size_t a = 0; a < n; a++) {
            double metre_hours = patrolled->street_m[a] * length_s / 3600;
            if (metre_hours > 0)
                joined += geo_patrolled_joined(patrolled, a, h) * metre_hours;
            whole += metre_hours;
        }
    }
    geo_patrolled_fill_rate(&patrolled->space_time, geo_patrolled_joined_formula, joined / 1000,
                            whole / 1000, 0);
    patrolled->work_ms += (double)(g_get_monotonic_time() - begun_us) / 1000;
    return true;
}

/* ---- next ---- */

static int by_score(const void *a, const void *b)
{
    const GeoPatrolledNext *p = a, *q = b;
    if (p->score != q->score)
        return p->score < q->score ? 1 : -1;
    return (p->area > q->area) - (p->area < q->area);
}

static double area_km2(const GeoPatrolled *patrolled, size_t area)
{
    const GeoRow *row = geo_batch_row(patrolled->areas, area);
    double twice = 0;
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *part = geo_batch_part(patrolled->areas, row, k, &n);
        for (size_t i = 0; i + 1 < n; i++) {
            GeoXY p = geo_patrol_xy(patrolled->patrol, part[i]);
            GeoXY q = geo_patrol_xy(patrolled->patrol, part[i + 1]);
            twice += p.x * q.y - q.x * p.y;
        }
    }
    return fabs(twice) / 2e6;
}

static int local_hour(GTimeZone *zone, int64_t at_ms)
{
    int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, at_ms / 1000);
    int64_t local_s = at_ms / 1000 + g_time_zone_get_offset(zone, interval);
    return (int)((local_s % 86400 + 86400) % 86400 / 3600);
}

/* Incidents of the year before, in the hour of the day that the time ends at or one beside it. */
static bool count_incidents(GeoStore *store, const GeoPatrolled *patrolled, double *count,
                            GError **error)
{
    GeoQuery query = {.from_ms = patrolled->to_ms - YEAR_MS, .to_ms = patrolled->to_ms};
    g_autoptr(GeoBatch) incidents = geo_store_load(store, GEO_KIND_INCIDENT, &query, error);
    if (!incidents)
        return false;
    g_autoptr(GTimeZone) found = g_time_zone_new_identifier(geo_store_city(store)->zone);
    g_autoptr(GTimeZone) zone = found ? g_time_zone_ref(found) : g_time_zone_new_utc();
    int hour = local_hour(zone, patrolled->to_ms);
    for (guint i = 0; i < incidents->rows->len; i++) {
        const GeoIncident *incident =
            (const GeoIncident *)(const void *)geo_batch_row(incidents, i);
        int apart = abs(local_hour(zone, incident->at_ms) - hour);
        GeoLonLat at;
        if ((apart > 1 && apart < 23) || !geo_batch_first(incidents, &incident->row, &at))
            continue;
        int32_t area = geo_patrol_find(patrolled->patrol, at);
        if (area >= 0)
            count[area]++;
    }
    return true;
}

bool geo_patrolled_rank(GeoStore *store, const GeoPatrolledOptions *options,
                        GeoPatrolled *patrolled, GError **error)
{
    gint64 begun_us = g_get_monotonic_time();
    g_autofree double *count = g_new0(double, patrolled->n_areas);
    if (!count_incidents(store, patrolled, count, error))
        return false;
    patrolled->next = g_array_new(FALSE, FALSE, sizeof(GeoPatrolledNext));
    for (size_t a = 0; a < patrolled->n_areas; a++) {
        GeoPatrolArea whole = geo_patrol_area(patrolled->patrol, a);
        bool never = whole.last_s == INT64_MIN;
        int64_t since_s = never ? (patrolled->to_ms - patrolled->from_ms) / 1000
                                : patrolled->to_ms / 1000 - whole.last_s - 1;
        GeoPatrolledNext next = {
            .area = (uint32_t)a,
            /* One more a square kilometre and year, so that quiet places still rank by size. */
            .per_hour = (count[a] + area_km2(patrolled, a)) / (365 * 3),
            .since_h = (double)since_s / 3600,
            .at_least = never};
        next.score = next.per_hour * next.since_h;
        g_array_append_val(patrolled->next, next);
    }
    g_array_sort(patrolled->next, by_score);
    g_array_set_size(patrolled->next, (guint)MIN(options->next, patrolled->n_areas));
    patrolled->work_ms += (double)(g_get_monotonic_time() - begun_us) / 1000;
    return true;
}
