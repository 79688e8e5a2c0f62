/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/ctl/moment.h"
#include "geo/calc/inside.h"
#include "geo/work/coverage.h"
#include "geo/work/fleet.h"
#include "geo/work/hotspot.h"
#include "maps/paint/grids.h"
#include "maps/paint/words.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define TRAIL_MS (INT64_C(30) * 60 * 1000)
#define OPEN_MS DAY_MS      /* older incidents that were never closed are not news */
#define TOP_GAPS 20         /* hatched in one picture */
#define FIELD_REACH_M 300.0 /* a camera outside may see into the picture */
#define FIELDS_ZOOM 12.9

struct AppScene {
    MapsScene maps;
    GeoStore *store; /* borrowed while loading */
    const AppSceneOptions *options;
    GeoProgress *progress;
    int64_t at_ms;
    bool night;
    GeoBounds bounds;
    int64_t counts[GEO_N_KINDS];
    GHashTable *levels;
    /* owners of what maps borrows */
    GeoBatch *base, *roads, *buildings, *areas, *overview, *incidents;
    GeoSight *sight;
    GeoCoverage *coverage;
    GeoCoverageGaps *gaps;
    GeoHotspot *hotspot;
    GeoFrame *frame;
    GeoFleet *fleet;
    GArray *fields, *gap_list, *units, *trail, *trail_first, *incident_list, *facts;
    MapsAreaCount *area_count;
    GStringChunk *text;
};

static const char *keep(AppScene *scene, char *text)
{
    const char *kept = g_string_chunk_insert(scene->text, text ? text : "");
    g_free(text);
    return kept;
}

static bool is_on(const AppScene *scene, MapsLayer layer)
{
    return (scene->options->layers & layer) != 0;
}

static bool is_city_view(const AppScene *scene)
{
    return scene->options->view.zoom <= MAPS_CITY_ZOOM;
}

/* ---- ground ---- */

static GeoBatch *load_in_view(AppScene *scene, GeoKind kind, const char *level, GError **error)
{
    GeoQuery query = {.bounds = &scene->bounds, .level = level};
    return geo_store_load(scene->store, kind, &query, error);
}

static bool load_ground(AppScene *scene, GError **error)
{
    double zoom = scene->options->view.zoom;
    if (!is_on(scene, MAPS_LAYER_BASE) && !is_on(scene, MAPS_LAYER_LABELS))
        return true;
    if (!(scene->base = load_in_view(scene, GEO_KIND_BASE, NULL, error)) ||
        !(scene->roads = load_in_view(scene, GEO_KIND_ROAD, NULL, error)))
        return false;
    if (zoom >= MAPS_BUILDINGS_ZOOM &&
        !(scene->buildings = load_in_view(scene, GEO_KIND_BUILDING, NULL, error)))
        return false;
    scene->maps.base = (MapsBase){scene->base, scene->roads, scene->buildings};
    return true;
}

static bool load_areas(AppScene *scene, GError **error)
{
    scene->areas = geo_batch_new(GEO_KIND_AREA);
    scene->maps.areas = scene->areas;
    GHashTableIter iter;
    gpointer level;
    g_hash_table_iter_init(&iter, scene->levels);
    while (g_hash_table_iter_next(&iter, &level, NULL)) {
        if (scene->options->view.zoom < maps_grids_zoom(maps_grids_tier(level)))
            continue;
        g_autoptr(GeoBatch) areas = load_in_view(scene, GEO_KIND_AREA, level, error);
        if (!areas)
            return false;
        for (guint i = 0; i < areas->rows->len; i++)
            geo_batch_copy_row(scene->areas, areas, i);
    }
    return true;
}

/* The level of the shares: communities where there are some, else the finest that is not grids. */
static const char *share_level(const AppScene *scene)
{
    GHashTableIter iter;
    gpointer level, n;
    const char *best = NULL;
    int most = 0;
    if (g_hash_table_contains(scene->levels, "community"))
        return "community";
    g_hash_table_iter_init(&iter, scene->levels);
    while (g_hash_table_iter_next(&iter, &level, &n))
        if (maps_grids_tier(level) != MAPS_TIER_GRID &&
            (GPOINTER_TO_INT(n) > most ||
             (GPOINTER_TO_INT(n) == most && best && strcmp(level, best) < 0))) {
            best = level;
            most = GPOINTER_TO_INT(n);
        }
    return best;
}

/* ---- cameras ---- */

static void fill_fields(AppScene *scene)
{
    const GeoSight *sight = scene->sight;
    scene->fields = g_array_sized_new(FALSE, TRUE, sizeof(MapsField), (guint)sight->n);
    for (size_t i = 0; i < sight->n; i++) {
        const GeoCamera *camera = &g_array_index(sight->cameras->rows, GeoCamera, i);
        MapsField field = {.owner = camera->owner,
                           .state = camera->state,
                           .heading_deg = camera->heading_deg,
                           .first = sight->first[i],
                           .n = sight->first[i + 1] - sight->first[i],
                           .ring0 = sight->ring0[i],
                           .n_rings = sight->ring0[i + 1] - sight->ring0[i]};
        if (geo_batch_first(sight->cameras, &camera->row, &field.at))
            g_array_append_val(scene->fields, field);
    }
    scene->maps.fields = (MapsFields){(const MapsField *)(void *)scene->fields->data,
                                      scene->fields->len, sight->lonlat, sight->ring};
}

static bool load_fields(AppScene *scene, GError **error)
{
    double reach = FIELD_REACH_M / 111000;
    GeoBounds wide = {scene->bounds.west - reach, scene->bounds.south - reach,
                      scene->bounds.east + reach, scene->bounds.north + reach};
    GeoSightOptions options = {.bounds = &wide,
                               .class = scene->options->line.class,
                               .px_per_m = scene->options->line.px_per_m,
                               .night = scene->night,
                               .with_off = true};
    if (!is_on(scene, MAPS_LAYER_FIELDS) || scene->maps.no_cameras ||
        scene->options->view.zoom < FIELDS_ZOOM)
        return true;
    scene->sight = geo_sight_load(scene->store, &options, scene->progress, error);
    if (!scene->sight)
        return false;
    fill_fields(scene);
    return true;
}

static bool load_gaps(AppScene *scene, GError **error)
{
    const GeoBounds view = maps_view_bounds(&scene->options->view);
    GeoCoverageOptions options = {.class = scene->options->line.class,
                                  .px_per_m = scene->options->line.px_per_m,
                                  .night = scene->night,
                                  .within = &view};
    if (!is_on(scene, MAPS_LAYER_GAPS) || scene->maps.no_cameras || is_city_view(scene))
        return true;
    scene->gaps = geo_coverage_find_gaps(scene->store, &options, TOP_GAPS, scene->progress, error);
    if (!scene->gaps)
        return false;
    scene->gap_list = g_array_new(FALSE, TRUE, sizeof(MapsGap));
    for (guint i = 0; i < scene->gaps->gaps->len; i++) {
        const GeoCoverageGap *gap = &g_array_index(scene->gaps->gaps, GeoCoverageGap, i);
        MapsGap shown = {i + 1, gap->at, gap->part0, gap->n_parts};
        g_array_append_val(scene->gap_list, shown);
    }
    scene->maps.gaps = (MapsGaps){(const MapsGap *)(void *)scene->gap_list->data,
                                  (const uint32_t *)(void *)scene->gaps->parts->data,
                                  (const GeoLonLat *)(void *)scene->gaps->points->data,
                                  scene->gap_list->len,
                                  scene->gaps->parts->len,
                                  scene->gaps->points->len};
    return true;
}

static const char *sight_words(AppScene *scene)
{
    static const char *const by_night[] = {N_("detect, by night"), N_("observe, by night"),
                                           N_("recognise, by night"), N_("identify, by night")};
    static const char *const by_day[] = {N_("detect, by day"), N_("observe, by day"),
                                         N_("recognise, by day"), N_("identify, by day")};
    const AppSightline *line = &scene->options->line;
    if (line->px_per_m > 0)
        return keep(
            scene, g_strdup_printf(scene->night ? _("%s, by night") : _("%s, by day"), line->code));
    return _((scene->night ? by_night : by_day)[line->class]);
}

static bool load_coverage(AppScene *scene, GError **error)
{
    const char *level = share_level(scene);
    GeoQuery query = {.level = level};
    GeoCoverageOptions options = {.class = scene->options->line.class,
                                  .px_per_m = scene->options->line.px_per_m,
                                  .night = scene->night,
                                  .level = level};
    if (!is_on(scene, MAPS_LAYER_LEGEND) && !is_city_view(scene))
        return true;
    if (level) {
        scene->overview = geo_store_load(scene->store, GEO_KIND_AREA, &query, error);
        if (!scene->overview)
            return false;
        scene->area_count = g_new0(MapsAreaCount, scene->overview->rows->len + 1);
        for (guint i = 0; i < scene->overview->rows->len; i++)
            scene->area_count[i].share = NAN;
        if (scene->overview->points->len > 0)
            scene->maps.overview = scene->overview;
        scene->maps.area_count = scene->area_count;
    }
    if (scene->maps.no_cameras || scene->counts[GEO_KIND_ROAD] == 0)
        return true;
    scene->coverage = geo_coverage_measure(scene->store, &options, scene->progress, error);
    if (!scene->coverage)
        return false;
    g_autoptr(GHashTable) by_code = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < scene->coverage->areas->len; i++) {
        GeoCoverageArea *area = &g_array_index(scene->coverage->areas, GeoCoverageArea, i);
        if (area->code)
            g_hash_table_insert(by_code, (gpointer)area->code, area);
    }
    for (guint i = 0; scene->overview && i < scene->overview->rows->len; i++) {
        const char *code = geo_batch_row(scene->overview, i)->code;
        const GeoCoverageArea *area = code ? g_hash_table_lookup(by_code, code) : NULL;
        if (area && area->street_m > 0)
            scene->area_count[i].share = area->seen_m / area->street_m;
    }
    g_autofree double *shares = g_new(double, scene->overview ? scene->overview->rows->len : 1);
    for (guint i = 0; scene->overview && i < scene->overview->rows->len; i++)
        shares[i] = scene->area_count[i].share;
    scene->maps.share_end =
        maps_grids_share_end(shares, scene->overview ? scene->overview->rows->len : 0);
    return true;
}

/* ---- heat, incidents ---- */

static bool load_heat(AppScene *scene, GError **error)
{
    int days;
    if (!is_on(scene, MAPS_LAYER_HEAT) || scene->maps.no_incidents)
        return true;
    scene->hotspot = geo_hotspot_load_recent(scene->store, scene->bounds, scene->at_ms, &days,
                                             scene->progress, error);
    if (!scene->hotspot)
        return false;
    const GeoHotspot *hotspot = scene->hotspot;
    double end = geo_hotspot_ramp_end(hotspot);
    g_autofree char *to = app_moment_dup_date(scene->at_ms, geo_store_city(scene->store)->zone);
    char *period = days == 0 ? g_strdup_printf(_("all to %s"), to)
                             : g_strdup_printf(_("%d days to %s"), days, to);
    scene->maps.heat = (MapsHeat){.bounds = hotspot->bounds,
                                  .columns = hotspot->columns,
                                  .rows = hotspot->rows,
                                  .per_km2 = hotspot->density,
                                  .peak_per_km2 = end,
                                  .beyond = end < hotspot->peak,
                                  .radius_m = hotspot->radius_m,
                                  .n = hotspot->n,
                                  .period = keep(scene, period)};
    return true;
}

static bool load_incidents(AppScene *scene, GError **error)
{
    GeoQuery query = {
        .bounds = &scene->bounds, .from_ms = scene->at_ms - OPEN_MS, .to_ms = scene->at_ms + 1};
    scene->incident_list = g_array_new(FALSE, TRUE, sizeof(MapsIncident));
    if (!is_on(scene, MAPS_LAYER_INCIDENTS) || scene->maps.no_incidents)
        return true;
    scene->incidents = geo_store_load(scene->store, GEO_KIND_INCIDENT, &query, error);
    if (!scene->incidents)
        return false;
    for (guint i = 0; i < scene->incidents->rows->len; i++) {
        const GeoIncident *row = &g_array_index(scene->incidents->rows, GeoIncident, i);
        MapsIncident incident = {.priority = row->priority, .state = row->state};
        if (geo_cycle_done((GeoIncidentState)row->state) ||
            !geo_batch_first(scene->incidents, &row->row, &incident.at))
            continue;
        incident.name = row->row.name ? row->row.name : row->category;
        g_array_append_val(scene->incident_list, incident);
    }
    scene->maps.incidents = (MapsIncidents){
        (const MapsIncident *)(void *)scene->incident_list->data, scene->incident_list->len};
    return true;
}

/* ---- units ---- */

static bool near_view(const AppScene *scene, double lon, double lat)
{
    return lon >= scene->bounds.west && lon <= scene->bounds.east && lat >= scene->bounds.south &&
           lat <= scene->bounds.north;
}

/* A unit's trail, where any of it is in sight; whose it is, is not kept. */
static void add_trail(AppScene *scene, const GeoFix *fixes, guint n)
{
    bool seen = false;
    for (guint i = 0; i < n; i++)
        seen |= near_view(scene, fixes[i].lon, fixes[i].lat);
    for (guint i = 0; seen && i < n; i++) {
        MapsTrailPoint point = {{fixes[i].lon, fixes[i].lat},
                                (float)(scene->at_ms - fixes[i].at_ms) / 1000};
        g_array_append_val(scene->trail, point);
    }
    uint32_t end = scene->trail->len;
    if (seen)
        g_array_append_val(scene->trail_first, end);
}

static bool load_trails(AppScene *scene, GError **error)
{
    g_autoptr(GArray) fixes =
        geo_store_load_fixes(scene->store, scene->at_ms - TRAIL_MS, scene->at_ms + 1, error);
    if (!fixes)
        return false;
    uint32_t zero = 0;
    g_array_append_val(scene->trail_first, zero);
    for (guint i = 0, j; i < fixes->len; i = j) {
        const GeoFix *first = &g_array_index(fixes, GeoFix, i);
        for (j = i + 1; j < fixes->len; j++)
            if (g_array_index(fixes, GeoFix, j).unit_id != first->unit_id)
                break;
        add_trail(scene, first, j - i);
    }
    scene->maps.units.trail = (const MapsTrailPoint *)(void *)scene->trail->data;
    scene->maps.units.trail_first = (const uint32_t *)(void *)scene->trail_first->data;
    scene->maps.units.n_trails = scene->trail_first->len - 1;
    scene->maps.units.trail_s = scene->trail->len > 0 ? (double)TRAIL_MS / 1000 : 0;
    return true;
}

static bool load_units(AppScene *scene, GError **error)
{
    GeoFleetOptions options = {.at_ms = scene->at_ms};
    if (!is_on(scene, MAPS_LAYER_UNITS) || scene->maps.no_units)
        return true;
    scene->frame = geo_frame_new(geo_store_city(scene->store)->epsg, error);
    if (!scene->frame)
        return false;
    scene->fleet =
        geo_fleet_load(scene->store, scene->frame, NULL, &options, scene->progress, error);
    if (!scene->fleet)
        return false;
    for (size_t i = 0; i < geo_fleet_n(scene->fleet); i++) {
        const GeoFleetUnit *unit = geo_fleet_unit(scene->fleet, i);
        bool off = unit->left == GEO_LEFT_OFF_DUTY || unit->left == GEO_LEFT_NO_PLACE;
        MapsUnit shown = {unit->lonlat, unit->kind,        off ? GEO_STATUS_OFF : unit->status,
                          unit->age_s,  unit->heading_deg, unit->speed_mps};
        g_array_append_val(scene->units, shown);
    }
    scene->maps.units.units = (const MapsUnit *)(void *)scene->units->data;
    scene->maps.units.n = scene->units->len;
    return load_trails(scene, error);
}

/* Units on duty in each area of the overview. */
static void count_units(AppScene *scene)
{
    const GeoBatch *areas = scene->overview;
    if (!areas || areas->rows->len == 0)
        return;
    g_autofree GeoXY *points = g_new(GeoXY, areas->points->len + 1);
    for (guint i = 0; i < areas->points->len; i++) {
        const GeoLonLat *p = &g_array_index(areas->points, GeoLonLat, i);
        points[i] = (GeoXY){p->lon * 1e5, p->lat * 1e5}; /* about metres, which the grid expects */
    }
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_array_append_vals(parts, areas->parts->data, areas->parts->len);
    uint32_t end = areas->points->len;
    g_array_append_val(parts, end);
    g_autofree uint32_t *rings = g_new(uint32_t, areas->rows->len + 1);
    for (guint i = 0; i < areas->rows->len; i++)
        rings[i] = geo_batch_row(areas, i)->part0;
    rings[areas->rows->len] = areas->parts->len;
    g_autoptr(GeoInside) inside =
        geo_inside_new(points, (const uint32_t *)(void *)parts->data, rings, areas->rows->len);
    for (guint i = 0; i < scene->units->len; i++) {
        const MapsUnit *unit = &g_array_index(scene->units, MapsUnit, i);
        uint32_t area;
        GeoXY p = {unit->at.lon * 1e5, unit->at.lat * 1e5};
        if (unit->status != GEO_STATUS_OFF && unit->status != GEO_STATUS_OUT &&
            geo_inside_find(inside, p, &area, 1) > 0)
            scene->area_count[area].units++;
    }
}

/* ---- facts ---- */

static void add_fact(AppScene *scene, const char *label, char *value)
{
    MapsFact fact = {label, keep(scene, value)};
    g_array_append_val(scene->facts, fact);
}

static void add_unit_facts(AppScene *scene)
{
    int64_t on_duty = 0, by_age[MAPS_N_AGES] = {0};
    for (guint i = 0; i < scene->units->len; i++) {
        const MapsUnit *unit = &g_array_index(scene->units, MapsUnit, i);
        if (unit->status == GEO_STATUS_OFF || unit->status == GEO_STATUS_OUT)
            continue;
        on_duty++;
        by_age[maps_units_age(unit->kind, unit->age_s)]++;
    }
    g_autofree char *n = app_moment_dup_count(on_duty);
    g_autofree char *all = app_moment_dup_count(scene->units->len);
    g_autofree char *live = app_moment_dup_count(by_age[MAPS_AGE_LIVE]);
    g_autofree char *late = app_moment_dup_count(by_age[MAPS_AGE_LATE]);
    g_autofree char *stale = app_moment_dup_count(by_age[MAPS_AGE_STALE]);
    g_autofree char *silent = app_moment_dup_count(by_age[MAPS_AGE_SILENT]);
    add_fact(scene, _("on duty"), g_strdup_printf(_("%s of %s"), n, all));
    add_fact(scene, _("live, late, stale, silent"),
             g_strdup_printf("%s \u00b7 %s \u00b7 %s \u00b7 %s", live, late, stale, silent));
}

static void add_camera_facts(AppScene *scene)
{
    const GeoCoverage *coverage = scene->coverage;
    g_autofree char *up = app_moment_dup_count(coverage->by_state[GEO_CAMERA_WORKING]);
    g_autofree char *all = app_moment_dup_count(coverage->cameras);
    g_autofree char *km = app_moment_dup_count((int64_t)llround(coverage->share.street_m / 1000));
    add_fact(scene, _("cameras working"), g_strdup_printf(_("%s of %s"), up, all));
    if (isfinite(coverage->share_street))
        add_fact(scene, _("streets seen"),
                 g_strdup_printf(_("%.1f %% of %s km of public street (%s)"),
                                 100 * coverage->share_street, km, scene->maps.sight));
    if (coverage->mustsee > 0)
        add_fact(
            scene, _("must-see places seen"),
            g_strdup_printf(_("%d of %d"), (int)coverage->mustsee_seen, (int)coverage->mustsee));
}

static void add_facts(AppScene *scene)
{
    if (scene->units->len > 0)
        add_unit_facts(scene);
    if (scene->coverage)
        add_camera_facts(scene);
    if (scene->gaps && scene->gaps->gaps->len > 0) {
        const GeoCoverageGap *gap = &g_array_index(scene->gaps->gaps, GeoCoverageGap, 0);
        g_autofree char *area = app_moment_dup_count((int64_t)llround(gap->area_m2));
        add_fact(scene, _("worst gap here"),
                 gap->street ? g_strdup_printf("%s, %s m\u00b2", gap->street, area)
                             : g_strdup_printf("%s m\u00b2", area));
    }
    if (is_on(scene, MAPS_LAYER_INCIDENTS) && !scene->maps.no_incidents && !is_city_view(scene))
        add_fact(scene, _("open incidents here"), g_strdup_printf("%u", scene->incident_list->len));
    static const struct {
        GeoKind kind;
        const char *label;
    } rest[] = {{GEO_KIND_CAMERA, N_("cameras")},
                {GEO_KIND_INCIDENT, N_("incidents")},
                {GEO_KIND_ROAD, N_("roads")},
                {GEO_KIND_BUILDING, N_("buildings")}};
    for (size_t i = 0; i < G_N_ELEMENTS(rest) && !scene->coverage; i++)
        if (scene->counts[rest[i].kind] > 0)
            add_fact(scene, _(rest[i].label), app_moment_dup_count(scene->counts[rest[i].kind]));
    scene->maps.facts = (const MapsFact *)(void *)scene->facts->data;
    scene->maps.n_facts = scene->facts->len;
}

static void set_frame(AppScene *scene)
{
    const GeoCity *city = geo_store_city(scene->store);
    scene->maps.title = city->name;
    scene->maps.note = city->synthetic ? _("synthetic streets and events, real names") : NULL;
    scene->maps.attribution = *city->note       ? city->note
                              : city->synthetic ? _("Synthetic streets and events, real names")
                                                : NULL;
    scene->maps.clock = keep(scene, app_moment_dup_clock(scene->at_ms, city->zone));
    scene->maps.sight = sight_words(scene);
}

/* ---- all of it ---- */

static GeoBounds grown(GeoBounds bounds, double share)
{
    double dx = (bounds.east - bounds.west) * share, dy = (bounds.north - bounds.south) * share;
    return (GeoBounds){bounds.west - dx, bounds.south - dy, bounds.east + dx, bounds.north + dy};
}

static AppScene *scene_new(GeoStore *store, const AppSceneOptions *options, GeoProgress *progress)
{
    AppScene *scene = g_new0(AppScene, 1);
    scene->store = store;
    scene->options = options;
    scene->progress = progress;
    scene->maps.layers = options->layers;
    scene->bounds = grown(maps_view_bounds(&options->view), 0.04);
    scene->levels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    scene->units = g_array_new(FALSE, TRUE, sizeof(MapsUnit));
    scene->trail = g_array_new(FALSE, TRUE, sizeof(MapsTrailPoint));
    scene->trail_first = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    scene->facts = g_array_new(FALSE, TRUE, sizeof(MapsFact));
    scene->text = g_string_chunk_new(1024);
    return scene;
}

AppScene *app_scene_load(GeoStore *store, const AppSceneOptions *options, GeoProgress *progress,
                         GError **error)
{
    g_autoptr(AppScene) scene = scene_new(store, options, progress);
    if (!geo_store_count(store, scene->counts, scene->levels, error))
        return NULL;
    scene->maps.no_cameras = scene->counts[GEO_KIND_CAMERA] == 0;
    scene->maps.no_units = scene->counts[GEO_KIND_UNIT] == 0;
    scene->maps.no_incidents = scene->counts[GEO_KIND_INCIDENT] == 0;
    scene->maps.no_areas = scene->counts[GEO_KIND_AREA] == 0;
    scene->at_ms = options->at_ms;
    if (scene->at_ms == 0 &&
        !app_moment_of_city(store, g_get_real_time() / 1000, &scene->at_ms, error))
        return NULL;
    scene->night = options->night >= 0
                       ? options->night
                       : app_moment_is_night(scene->at_ms, geo_store_city(store)->zone);
    set_frame(scene);
    if (!load_ground(scene, error) || !load_areas(scene, error) || !load_fields(scene, error) ||
        !load_gaps(scene, error) || !load_coverage(scene, error) || !load_heat(scene, error) ||
        !load_incidents(scene, error) || !load_units(scene, error))
        return NULL;
    count_units(scene);
    add_facts(scene);
    return g_steal_pointer(&scene);
}

void app_scene_free(AppScene *scene)
{
    if (!scene)
        return;
    GeoBatch *batches[] = {scene->base,  scene->roads,    scene->buildings,
                           scene->areas, scene->overview, scene->incidents};
    for (size_t i = 0; i < G_N_ELEMENTS(batches); i++)
        geo_batch_free(batches[i]);
    GArray *arrays[] = {scene->fields,      scene->gap_list,      scene->units, scene->trail,
                        scene->trail_first, scene->incident_list, scene->facts};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        if (arrays[i])
            g_array_unref(arrays[i]);
    geo_sight_free(scene->sight);
    geo_coverage_free(scene->coverage);
    geo_coverage_gaps_free(scene->gaps);
    geo_hotspot_free(scene->hotspot);
    geo_fleet_free(scene->fleet);
    geo_frame_free(scene->frame);
    g_hash_table_unref(scene->levels);
    g_string_chunk_free(scene->text);
    g_free(scene->area_count);
    g_free(scene);
}

const MapsScene *app_scene_maps(const AppScene *scene)
{
    return &scene->maps;
}

int64_t app_scene_at_ms(const AppScene *scene)
{
    return scene->at_ms;
}
