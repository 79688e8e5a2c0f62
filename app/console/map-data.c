/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/map-data.h"

#include <math.h>

#include "app/session/survey.h"
#include "app/session/trails.h"

static bool placed(const AppIncident *incident)
{
    return isfinite(incident->at.lon);
}

AppIncidentSet *app_incident_set_new(AppNow *now)
{
    AppIncidentSet *set = g_new0(AppIncidentSet, 1);
    set->now = app_now_ref(now);
    set->shown = g_new0(MapsIncident, now->n_queue + 1);
    set->id = g_new0(int64_t, now->n_queue + 1);
    for (size_t i = 0; i < now->n_queue; i++) {
        const AppIncident *one = &now->queue[i];
        if (!placed(one))
            continue;
        set->id[set->n] = one->id;
        set->shown[set->n++] = (MapsIncident){one->at, one->priority, one->state, one->name};
    }
    return set;
}

void app_incident_set_free(gpointer data)
{
    AppIncidentSet *set = data;
    app_now_unref(set->now);
    g_free(set->shown);
    g_free(set->id);
    g_free(set);
}

bool app_incident_set_shows(const AppIncidentSet *set, const AppNow *now)
{
    size_t n = 0;
    for (size_t i = 0; i < now->n_queue; i++) {
        const AppIncident *one = &now->queue[i];
        if (!placed(one))
            continue;
        if (n >= set->n || set->id[n] != one->id || set->shown[n].state != one->state ||
            set->shown[n].priority != one->priority)
            return false;
        n++;
    }
    return n == set->n;
}

typedef struct {
    MapsUnits maps; /* first: what the painter sees */
    AppNow *now;    /* owns the rest */
} TrailSet;

gpointer app_trail_set_new(AppNow *now)
{
    TrailSet *set = g_new0(TrailSet, 1);
    set->now = app_now_ref(now);
    set->maps.units = now->units; /* where they crowd there are no trails */
    set->maps.n = now->n_units;
    if (!now->trails)
        return set;
    set->maps.trail = now->trails->points;
    set->maps.trail_first = now->trails->first;
    set->maps.n_trails = now->trails->n;
    set->maps.trail_s = (double)APP_TRAIL_MS / 1000;
    return set;
}

void app_trail_set_free(gpointer data)
{
    TrailSet *set = data;
    app_now_unref(set->now);
    g_free(set);
}

typedef struct {
    MapsGaps maps; /* first: painters take it as such */
    MapsGap *shown;
    uint32_t *parts;
    GeoLonLat *points;
} GapSet;

gpointer app_gap_set_new(const GeoCoverageGaps *gaps)
{
    g_autoptr(GArray) shown = g_array_new(FALSE, FALSE, sizeof(MapsGap));
    GapSet *set = g_new0(GapSet, 1);
    set->maps = app_survey_maps(gaps, shown);
    set->shown = g_memdup2(shown->data, shown->len * sizeof *set->shown);
    set->parts = g_memdup2(gaps->parts->data, gaps->parts->len * sizeof *set->parts);
    set->points = g_memdup2(gaps->points->data, gaps->points->len * sizeof *set->points);
    set->maps.gaps = set->shown;
    set->maps.parts = set->parts;
    set->maps.points = set->points;
    return set;
}

void app_gap_set_free(gpointer data)
{
    GapSet *set = data;
    g_free(set->shown);
    g_free(set->parts);
    g_free(set->points);
    g_free(set);
}
