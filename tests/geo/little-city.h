/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A little city in a store for tests: a lattice of streets at Hefei, with what the test adds. */
#include <glib/gstdio.h>
#include <math.h>

#include "geo/model/frame.h"
#include "geo/store/store.h"

#define LITTLE_EPSG 4548
#define LITTLE_NOON INT64_C(1700000000000)
#define LITTLE_SIDE 11 /* streets each way */
#define LITTLE_STEP_M 200.0

static const GeoXY little_corner = {526000, 3526000};

/* One frame for the run: making one costs PROJ 20 ms. */
static GeoFrame *little_frame;

static inline GeoLonLat little_place(double x_m, double y_m)
{
    if (!little_frame)
        little_frame = geo_frame_new(LITTLE_EPSG, NULL);
    return geo_frame_lonlat(little_frame, (GeoXY){little_corner.x + x_m, little_corner.y + y_m});
}

/* Imports a batch live; ids that are 0 are numbered from first_id. Takes the batch. */
static inline void little_import(GeoStore *store, GeoBatch *batch, int64_t first_id)
{
    GeoAct act = geo_act_local(NULL, LITTLE_NOON);
    GeoImport import = {.id = first_id + 1000000,
                        .kind = geo_kind_info(batch->kind)->plural,
                        .source = "test",
                        .at_ms = LITTLE_NOON};
    for (guint i = 0; i < batch->rows->len; i++)
        if (geo_batch_row(batch, i)->id == 0)
            geo_batch_row(batch, i)->id = first_id + (int64_t)i;
    g_autoptr(GError) error = NULL;
    g_assert_true(geo_store_import_begin(store, &act, &import, &error));
    g_assert_true(geo_store_import_put(store, &act, import.id, batch, &error));
    g_assert_true(geo_store_import_finish(store, &act, import.id, 0, &error));
    geo_batch_free(batch);
}

/* A lattice of residential streets, LITTLE_STEP_M apart, all two-way. */
static inline void little_streets(GeoStore *store)
{
    GeoLonLat crossing[LITTLE_SIDE][LITTLE_SIDE];
    for (int r = 0; r < LITTLE_SIDE; r++)
        for (int c = 0; c < LITTLE_SIDE; c++)
            crossing[r][c] = little_place(c * LITTLE_STEP_M, r * LITTLE_STEP_M);
    GeoBatch *batch = geo_batch_new(GEO_KIND_ROAD);
    for (int line = 0; line < 2 * LITTLE_SIDE; line++) {
        GeoRoad *road = geo_batch_add(batch);
        road->class = GEO_ROAD_RESIDENTIAL;
        road->foot = road->ebike = road->car = 2;
        geo_batch_begin(batch, GEO_SHAPE_LINE);
        for (int i = 0; i < LITTLE_SIDE; i++) {
            GeoLonLat p = line < LITTLE_SIDE ? crossing[line][i] : crossing[i][line - LITTLE_SIDE];
            geo_batch_point(batch, p.lon, p.lat);
        }
    }
    little_import(store, batch, 1000);
}

/* Where the cities of this run lie; made by the first, removed by little_run(). */
static char *little_folder;

static inline GeoStore *little_city(void)
{
    static int n;
    g_autoptr(GError) error = NULL;
    GeoCity city = {.name = "Little", .zone = "Asia/Shanghai", .epsg = LITTLE_EPSG};
    if (!little_folder)
        little_folder = g_dir_make_tmp("gridbeat-little-XXXXXX", &error);
    g_autofree char *name = g_strdup_printf("little-%d.gridbeat", n++);
    g_autofree char *path = g_build_filename(little_folder, name, NULL);
    GeoStore *store = geo_store_create(path, &city, &error);
    g_assert_no_error(error);
    return store;
}

static void little_remove(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        little_remove(inner);
    }
    g_remove(path);
}

static inline int little_run(void)
{
    int failed = g_test_run();
    if (little_folder)
        little_remove(little_folder);
    g_clear_pointer(&little_folder, g_free);
    g_clear_pointer(&little_frame, geo_frame_free);
    return failed;
}

static inline GeoUnit *little_unit(GeoBatch *batch, const char *code, int kind, int status,
                                   double x_m, double y_m)
{
    GeoUnit *unit = geo_batch_add(batch);
    unit->row.code = geo_batch_text(batch, code);
    unit->unit_kind = kind;
    unit->status = status;
    if (isfinite(x_m)) {
        GeoLonLat post = little_place(x_m, y_m);
        geo_batch_set_point(batch, post.lon, post.lat);
    }
    return unit;
}

/* speed_mps and heading_deg may be NAN. */
static inline void little_drive(GeoStore *store, int64_t unit_id, int64_t at_ms, double x_m,
                                double y_m, double speed_mps, double heading_deg)
{
    GeoLonLat p = little_place(x_m, y_m);
    GeoFix fix = {.unit_id = unit_id,
                  .at_ms = at_ms,
                  .lon = p.lon,
                  .lat = p.lat,
                  .speed_mps = (float)speed_mps,
                  .heading_deg = (float)heading_deg,
                  .accuracy_m = NAN};
    GeoAct act = geo_act_local(NULL, LITTLE_NOON);
    size_t refused = 0;
    g_autoptr(GError) error = NULL;
    g_assert_true(geo_store_ingest_fixes(store, &act, &fix, 1, &refused, &error));
    g_assert_cmpuint(refused, ==, 0);
}

static inline void little_fix(GeoStore *store, int64_t unit_id, int64_t at_ms, double x_m,
                              double y_m)
{
    little_drive(store, unit_id, at_ms, x_m, y_m, NAN, NAN);
}

/* South of the lattice and joined to it at both ends: one carriageway leads east at y = -300, the
 * other west at y = -284. */
static inline void little_dual(GeoStore *store)
{
    static const struct {
        GeoXY a, b, c;
        int64_t oneway;
    } ways[] = {{{0, -300}, {500, -300}, {1000, -300}, 1},
                {{0, -284}, {500, -284}, {1000, -284}, -1},
                {{0, -300}, {0, -284}, {0, 0}, 0},
                {{1000, -300}, {1000, -284}, {1000, 0}, 0}};
    GeoBatch *batch = geo_batch_new(GEO_KIND_ROAD);
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        GeoRoad *road = geo_batch_add(batch);
        road->class = GEO_ROAD_RESIDENTIAL;
        road->foot = road->ebike = road->car = 2;
        road->oneway = ways[i].oneway;
        GeoLonLat line[] = {little_place(ways[i].a.x, ways[i].a.y),
                            little_place(ways[i].b.x, ways[i].b.y),
                            little_place(ways[i].c.x, ways[i].c.y)};
        geo_batch_part_from(batch, GEO_SHAPE_LINE, line, 3);
    }
    little_import(store, batch, 3000);
}
