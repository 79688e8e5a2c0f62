/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/city.h"

#include <stdio.h>

GeoStore *app_city_open(const AppArgs *args, bool write, GError **error)
{
    GeoStoreOptions options = {.read_only = !write,
                               .any_filesystem = app_args_has(args, "any-filesystem")};
    GeoStore *store = geo_store_open(app_args_place(args, 0), &options, error);
    if (store && geo_store_warning(store))
        fprintf(stderr, "gridbeatctl: note: %s\n", geo_store_warning(store));
    return store;
}

GeoAct app_city_act(void)
{
    return geo_act_local(NULL, g_get_real_time() / 1000);
}
