/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A small town in a folder of its own, drawn in metres from its south-west corner, for the tests of
 * sight and coverage. */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>

#include "geo/model/error.h"
#include "geo/model/frame.h"
#include "geo/store/store.h"

typedef struct {
    char *folder;
    GeoStore *store;
    GeoFrame *frame;
    GeoXY origin;
    GeoBatch *rows[GEO_N_KINDS];
    int64_t next_id;
} Town;

static inline Town *town_new(void)
{
    GeoCity city = {.name = "town", .zone = "Asia/Shanghai", .epsg = 4548};
    Town *town = g_new0(Town, 1);
    g_autoptr(GError) error = NULL;
    town->folder = g_dir_make_tmp("gridbeat-town-XXXXXX", &error);
    g_assert_no_error(error);
    g_autofree char *path = g_build_filename(town->folder, "town.gridbeat", NULL);
    town->store = geo_store_create(path, &city, &error);
    g_assert_no_error(error);
    town->frame = geo_frame_new(city.epsg, NULL);
    town->origin = geo_frame_xy(town->frame, (GeoLonLat){117.25, 31.85});
    town->next_id = 1;
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        town->rows[kind] = geo_batch_new(kind);
    return town;
}

static inline void town_remove(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        town_remove(inner);
    }
    if (dir)
        g_dir_close(dir);
    g_remove(path);
}

static inline void town_free(Town *town)
{
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        geo_batch_free(town->rows[kind]);
    geo_store_close(town->store);
    geo_frame_free(town->frame);
    town_remove(town->folder);
    g_free(town->folder);
    g_free(town);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Town, town_free)

static inline GeoLonLat town_lonlat(Town *town, double x, double y)
{
    return geo_frame_lonlat(town->frame, (GeoXY){town->origin.x + x, town->origin.y + y});
}

static inline void *town_add(Town *town, GeoKind kind, const char *code)
{
    GeoRow *row = geo_batch_add(town->rows[kind]);
    row->id = town->next_id++;
    row->code = geo_batch_text(town->rows[kind], code);
    row->name = row->code;
    return row;
}

static inline void town_draw(Town *town, GeoKind kind, GeoShape shape, const GeoXY *points,
                             size_t n)
{
    GeoLonLat ring[16];
    for (size_t i = 0; i < n; i++)
        ring[i] = town_lonlat(town, points[i].x, points[i].y);
    geo_batch_part_from(town->rows[kind], shape, ring, n);
}

static inline void town_draw_box(Town *town, GeoKind kind, double west, double south, double east,
                                 double north)
{
    GeoXY ring[4] = {{west, south}, {east, south}, {east, north}, {west, north}};
    town_draw(town, kind, GEO_SHAPE_POLYGON, ring, 4);
}

static inline void town_add_house(Town *town, double west, double south, double east, double north)
{
    town_add(town, GEO_KIND_BUILDING, NULL);
    town_draw_box(town, GEO_KIND_BUILDING, west, south, east, north);
}

/* 90 degrees, 100 m, pixels enough for detect to the end of it. */
static inline void town_add_camera(Town *town, double x, double y, double heading_deg, int state)
{
    GeoCamera *camera = town_add(town, GEO_KIND_CAMERA, NULL);
    camera->state = state;
    camera->heading_deg = heading_deg;
    camera->fov_deg = 90;
    camera->range_m = 100;
    camera->night_range_m = 50;
    camera->width_px = 8000;
    camera->cameras = 1;
    town_draw(town, GEO_KIND_CAMERA, GEO_SHAPE_POINT, &(GeoXY){x, y}, 1);
}

static inline GeoRoad *town_add_road(Town *town, const char *name, GeoXY a, GeoXY b, int class)
{
    GeoRoad *road = town_add(town, GEO_KIND_ROAD, name);
    road->class = class;
    road->foot = road->ebike = road->car = 2;
    GeoXY line[2] = {a, b};
    town_draw(town, GEO_KIND_ROAD, GEO_SHAPE_LINE, line, 2);
    return (GeoRoad *)(void *)geo_batch_row(town->rows[GEO_KIND_ROAD],
                                            town->rows[GEO_KIND_ROAD]->rows->len - 1);
}

/* Puts all rows into the store, live. */
static inline void town_finish(Town *town)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, 1767225600000);
    GeoImport import = {.id = 999, .kind = "town", .source = "test", .at_ms = act.now_ms};
    geo_store_import_begin(town->store, &act, &import, &error);
    g_assert_no_error(error);
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        if (town->rows[kind]->rows->len > 0) {
            geo_store_import_put(town->store, &act, import.id, town->rows[kind], &error);
            g_assert_no_error(error);
        }
    geo_store_import_finish(town->store, &act, import.id, 0, &error);
    g_assert_no_error(error);
}
