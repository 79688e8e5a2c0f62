/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/survey.h"

#include "geo/work/survey.h"

#define SPAN_MS (INT64_C(28) * 24 * 3600 * 1000)

MapsGaps app_survey_maps(const GeoCoverageGaps *gaps, GArray *shown)
{
    for (guint i = 0; i < gaps->gaps->len; i++) {
        const GeoCoverageGap *gap = &g_array_index(gaps->gaps, GeoCoverageGap, i);
        MapsGap one = {i + 1, gap->at, gap->part0, gap->n_parts};
        g_array_append_val(shown, one);
    }
    return (MapsGaps){(const MapsGap *)(void *)shown->data,
                      (const uint32_t *)(void *)gaps->parts->data,
                      (const GeoLonLat *)(void *)gaps->points->data,
                      shown->len,
                      gaps->parts->len,
                      gaps->points->len};
}

static bool count_incidents(AppSurvey *survey, GeoStore *store, const AppCity *city, GError **error)
{
    GeoQuery query = {.from_ms = city->opened_ms - SPAN_MS, .to_ms = city->opened_ms + 1};
    MapsTier tier = survey->level ? maps_grids_tier(survey->level) : MAPS_N_TIERS;
    survey->happened = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    survey->counted = city->counts[GEO_KIND_INCIDENT] > 0;
    if (!survey->level || !survey->counted)
        return true;
    g_autoptr(GeoBatch) incidents = geo_store_load(store, GEO_KIND_INCIDENT, &query, error);
    for (guint i = 0; incidents && i < incidents->rows->len; i++) {
        GeoLonLat at;
        const GeoArea *area = geo_batch_first(incidents, geo_batch_row(incidents, i), &at)
                                  ? app_where_find_tier(city->where, at, tier)
                                  : NULL;
        if (!area || !area->row.code)
            continue;
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(survey->happened, area->row.code)) + 1;
        g_hash_table_insert(survey->happened, g_strdup(area->row.code), GUINT_TO_POINTER(n));
    }
    return incidents != NULL;
}

int64_t app_survey_incidents_28d(const AppSurvey *survey, const char *code)
{
    if (!survey->counted)
        return -1;
    return code ? (int64_t)GPOINTER_TO_UINT(g_hash_table_lookup(survey->happened, code)) : 0;
}

AppSurvey *app_survey_load(GeoStore *store, const AppCity *city, GeoProgress *progress,
                           GError **error)
{
    g_autoptr(AppSurvey) survey = g_atomic_rc_box_new0(AppSurvey);
    GeoCoverageOptions options = {
        .class = city->class, .night = city->night, .level = city->share_level};
    survey->level = g_intern_string(city->share_level);
    g_autoptr(GeoSurvey) fields = geo_survey_load(store, &options, progress, error);
    if (!fields)
        return NULL;
    survey->coverage = geo_coverage_of_survey(store, fields, &options, progress, error);
    if (!survey->coverage)
        return NULL;
    survey->gaps =
        geo_coverage_gaps_of_survey(store, fields, &options, APP_SURVEY_GAPS, progress, error);
    if (!survey->gaps || !count_incidents(survey, store, city, error))
        return NULL;
    survey->shown = g_array_new(FALSE, FALSE, sizeof(MapsGap));
    survey->maps = app_survey_maps(survey->gaps, survey->shown);
    return g_steal_pointer(&survey);
}

AppSurvey *app_survey_ref(AppSurvey *survey)
{
    return survey ? g_atomic_rc_box_acquire(survey) : NULL;
}

static void clear(gpointer data)
{
    AppSurvey *survey = data;
    geo_coverage_free(survey->coverage);
    geo_coverage_gaps_free(survey->gaps);
    if (survey->shown)
        g_array_unref(survey->shown);
    g_clear_pointer(&survey->happened, g_hash_table_unref);
}

void app_survey_unref(AppSurvey *survey)
{
    if (survey)
        g_atomic_rc_box_release_full(survey, clear);
}
