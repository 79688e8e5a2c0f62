/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/plans.h"

#include <string.h>

#include "geo/store/planfile.h"

char *geo_plans_dup_text(GeoStore *store, bool *own, GError **error)
{
    g_autoptr(GError) bad = NULL;
    char *text = geo_store_dup_setting(store, GEO_PLANS_SETTING, &bad);
    if (bad) {
        g_propagate_error(error, g_steal_pointer(&bad));
        return NULL;
    }
    if (own)
        *own = text && *text;
    if (text && *text)
        return text;
    g_free(text);
    return geo_planfile_dup_shipped(error);
}

GeoPlanbook *geo_plans_load(GeoStore *store, GError **error)
{
    bool own;
    g_autofree char *text = geo_plans_dup_text(store, &own, error);
    return text ? geo_planfile_parse(own ? "the city's plans" : "plans.csv", text, strlen(text),
                                     error)
                : NULL;
}

bool geo_plans_put(GeoStore *store, const GeoAct *act, const char *path, GError **error)
{
    if (!path)
        return geo_store_put_setting(store, act, GEO_PLANS_SETTING, "", error);
    g_autofree char *text = geo_planfile_dup_text(path, error);
    g_autoptr(GeoPlanbook) book = text ? geo_planfile_parse(path, text, strlen(text), error) : NULL;
    return book && geo_store_put_setting(store, act, GEO_PLANS_SETTING, text, error);
}
