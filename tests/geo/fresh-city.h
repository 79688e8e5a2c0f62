/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A new city of any back end for tests, its folder, and rows to fill it with. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/cases.h"

#define FRESH_NOW INT64_C(1700000000000)

static const GeoCity fresh_city_facts = {
    .name = "Test", .zone = "Asia/Shanghai", .epsg = 4548, .note = "made by a test"};

typedef struct {
    GeoStore *store;
    char *folder; /* around city.gridbeat; NULL in memory */
    char *path;
} FreshCity;

static inline FreshCity *fresh_city_new(const char *backend)
{
    g_autoptr(GError) error = NULL;
    FreshCity *city = g_new0(FreshCity, 1);
    if (!strcmp(backend, "memory")) {
        city->store = geo_store_new_memory(&fresh_city_facts);
        return city;
    }
    city->folder = g_dir_make_tmp("gridbeat-XXXXXX", &error);
    g_assert_no_error(error);
    city->path = g_build_filename(city->folder, "city.gridbeat", NULL);
    city->store = geo_store_create(city->path, &fresh_city_facts, &error);
    g_assert_no_error(error);
    return city;
}

static inline void fresh_remove(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        if (g_unlink(inside) != 0)
            fresh_remove(inside);
    }
    g_rmdir(path);
}

static inline void fresh_city_free(FreshCity *city)
{
    geo_store_close(city->store);
    if (city->folder)
        fresh_remove(city->folder);
    g_free(city->folder);
    g_free(city->path);
    g_free(city);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FreshCity, fresh_city_free)

/* A row with an id and a code; the batch's rows move when the next is added. */
static inline void *fresh_row(GeoBatch *batch, int64_t id, const char *code)
{
    GeoRow *row = geo_batch_add(batch);
    row->id = id;
    row->code = geo_batch_text(batch, code);
    return row;
}

static inline GeoBatch *fresh_points(GeoKind kind, int64_t first_id, guint n)
{
    GeoBatch *batch = geo_batch_new(kind);
    for (guint i = 0; i < n; i++) {
        g_autofree char *code = g_strdup_printf("%s-%u", geo_kind_info(kind)->name, i);
        fresh_row(batch, first_id + i, code);
        geo_batch_set_point(batch, 117.0 + 0.01 * i, 31.0 + 0.01 * i);
        if (kind == GEO_KIND_UNIT)
            g_array_index(batch->rows, GeoUnit, i).status = GEO_STATUS_AVAILABLE;
    }
    return batch;
}

static inline GeoBatch *fresh_roster(int64_t id, const char *code, int64_t from_ms, int64_t to_ms)
{
    GeoBatch *batch = geo_batch_new(GEO_KIND_ROSTER);
    GeoRoster *roster = fresh_row(batch, id, code);
    roster->from_ms = from_ms;
    roster->to_ms = to_ms;
    return batch;
}

/* Begins and fills an import; finish makes it live. */
static inline void fresh_stage(GeoStore *store, int64_t import_id, const char *replaces,
                               const GeoBatch *batch)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    GeoImport import = {.id = import_id,
                        .kind = geo_kind_info(batch->kind)->plural,
                        .source = "rows.csv",
                        .replaces = replaces,
                        .note = "a note"};
    g_assert_true(geo_store_import_begin(store, &act, &import, &error));
    g_assert_true(geo_store_import_put(store, &act, import_id, batch, &error));
    g_assert_no_error(error);
}

static inline void fresh_finish(GeoStore *store, int64_t import_id)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    geo_store_import_finish(store, &act, import_id, 3, &error);
    g_assert_no_error(error);
}

/* The batch made live by an import of its own, and freed. */
static inline void fresh_import(GeoStore *store, int64_t import_id, GeoBatch *batch)
{
    fresh_stage(store, import_id, NULL, batch);
    fresh_finish(store, import_id);
    geo_batch_free(batch);
}

static inline GeoBatch *fresh_load(GeoStore *store, GeoKind kind, const GeoQuery *query)
{
    g_autoptr(GError) error = NULL;
    GeoBatch *batch = geo_store_load(store, kind, query, &error);
    g_assert_no_error(error);
    return batch;
}

static inline guint fresh_count(GeoStore *store, GeoKind kind, const GeoQuery *query)
{
    g_autoptr(GeoBatch) batch = fresh_load(store, kind, query);
    return batch->rows->len;
}

/* One deed on an incident. new_version may be NULL. */
static inline bool fresh_do(GeoStore *store, const GeoAct *act, GeoDeed deed, int64_t *new_version,
                            GError **error)
{
    GeoDeedDone done = {0};
    bool ok = geo_store_do(store, act, &deed, 1, &done, error);
    if (ok && new_version)
        *new_version = done.version;
    return ok;
}

static inline GeoDeed fresh_classify(int64_t incident_id, int64_t version)
{
    return (GeoDeed){.what = GEO_DEED_CLASSIFY,
                     .incident_id = incident_id,
                     .version = version,
                     .detail = {.category = "theft", .reason = "why"}};
}
