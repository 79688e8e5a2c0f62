/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/city.h"

#include "app/ctl/place.h"

void app_city_free(AppCity *city)
{
    if (!city)
        return;
    app_where_free(city->where);
    g_free(city->path);
    g_free(city);
}

static bool is_empty(GeoStore *store, bool *empty, GError **error)
{
    int64_t counts[GEO_N_KINDS];
    if (!geo_store_count(store, counts, NULL, error))
        return false;
    *empty = true;
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        *empty &= kind == GEO_KIND_ROSTER || counts[kind] == 0;
    return true;
}

static AppCity *load(const char *path, GError **error)
{
    GeoStoreOptions reading = {.read_only = true};
    g_autoptr(GeoStore) store = geo_store_open(path, &reading, error);
    if (!store)
        return NULL;
    g_autoptr(AppCity) city = g_new0(AppCity, 1);
    city->path = g_strdup(path);
    city->city = *geo_store_city(store);
    if (!is_empty(store, &city->empty, error) ||
        !app_place_default(store, &city->middle, &city->zoom, error))
        return NULL;
    GeoBatch *areas = geo_store_load(store, GEO_KIND_AREA, NULL, error);
    if (!areas)
        return NULL;
    city->where = app_where_new(areas);
    return g_steal_pointer(&city);
}

static void free_city(gpointer city)
{
    app_city_free(city);
}

static void in_thread(GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
    GError *error = NULL;
    AppCity *city = load(path, &error);
    if (city)
        g_task_return_pointer(task, city, free_city);
    else
        g_task_return_error(task, error);
}

void app_city_load(const char *path, GCancellable *cancellable, GAsyncReadyCallback done,
                   gpointer user)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, done, user);
    g_task_set_task_data(task, g_strdup(path), g_free);
    g_task_run_in_thread(task, in_thread);
}

AppCity *app_city_load_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
