/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/survey.h"

static void set_maps(AppSurvey *survey)
{
    const GeoCoverageGaps *gaps = survey->gaps;
    survey->shown = g_array_sized_new(FALSE, FALSE, sizeof(MapsGap), gaps->gaps->len);
    for (guint i = 0; i < gaps->gaps->len; i++) {
        const GeoCoverageGap *gap = &g_array_index(gaps->gaps, GeoCoverageGap, i);
        MapsGap shown = {i + 1, gap->at, gap->part0, gap->n_parts};
        g_array_append_val(survey->shown, shown);
    }
    survey->maps = (MapsGaps){(const MapsGap *)(void *)survey->shown->data,
                              (const uint32_t *)(void *)gaps->parts->data,
                              (const GeoLonLat *)(void *)gaps->points->data,
                              survey->shown->len,
                              gaps->parts->len,
                              gaps->points->len};
}

AppSurvey *app_survey_load(GeoStore *store, GeoSightClass class, bool night, const char *level,
                           GeoProgress *progress, GError **error)
{
    g_autoptr(AppSurvey) survey = g_atomic_rc_box_new0(AppSurvey);
    GeoCoverageOptions options = {.class = class, .night = night, .level = level};
    survey->level = g_intern_string(level);
    survey->coverage = geo_coverage_measure(store, &options, progress, error);
    if (!survey->coverage)
        return NULL;
    survey->gaps = geo_coverage_find_gaps(store, &options, APP_SURVEY_GAPS, progress, error);
    if (!survey->gaps)
        return NULL;
    set_maps(survey);
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
}

void app_survey_unref(AppSurvey *survey)
{
    if (survey)
        g_atomic_rc_box_release_full(survey, clear);
}
