/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/routing.h"

#include <math.h>
#include <string.h>

#include "geo/model/frame.h"
#include "geo/store/servicefile.h"
#include "geo/work/areas.h"

#define MAX_NESTED 64

struct GeoRouting {
    GeoServiceBook *book; /* owned, as all below */
    GeoFrame *frame;
    GeoAreas *areas;
    GHashTable *by_code; /* code, of the areas -> number + 1 */
};

static const struct {
    const char *level;
    GeoLevel tier;
} tiers[] = {
    {"grid", GEO_LEVEL_GRID},           {"beat", GEO_LEVEL_GRID},
    {"community", GEO_LEVEL_COMMUNITY}, {"neighbourhood", GEO_LEVEL_COMMUNITY},
    {"village", GEO_LEVEL_COMMUNITY},   {"street", GEO_LEVEL_STREET},
    {"town", GEO_LEVEL_STREET},         {"district", GEO_LEVEL_DISTRICT},
    {"precinct", GEO_LEVEL_DISTRICT},   {"county", GEO_LEVEL_DISTRICT},
};

/* ---- items ---- */

GeoServiceBook *geo_routing_services(GeoStore *store, GError **error)
{
    g_autoptr(GError) bad = NULL;
    g_autofree char *own = geo_store_dup_setting(store, GEO_ROUTING_SETTING, &bad);
    if (bad) {
        g_propagate_error(error, g_steal_pointer(&bad));
        return NULL;
    }
    if (!own || !*own)
        return geo_servicefile_shipped(error);
    return geo_servicefile_parse("the city's service items", own, strlen(own), error);
}

bool geo_routing_put_services(GeoStore *store, const GeoAct *act, const char *path, GError **error)
{
    if (!path)
        return geo_store_put_setting(store, act, GEO_ROUTING_SETTING, "", error);
    g_autofree char *text = geo_servicefile_dup_text(path, error);
    g_autoptr(GeoServiceBook) book =
        text ? geo_servicefile_parse(path, text, strlen(text), error) : NULL;
    return book && geo_store_put_setting(store, act, GEO_ROUTING_SETTING, text, error);
}

/* ---- places ---- */

static int tier_of(const char *level)
{
    for (size_t i = 0; level && i < G_N_ELEMENTS(tiers); i++)
        if (!strcmp(level, tiers[i].level))
            return tiers[i].tier;
    return -1;
}

GeoRouting *geo_routing_load(GeoStore *store, GError **error)
{
    g_autoptr(GeoRouting) routing = g_new0(GeoRouting, 1);
    routing->book = geo_routing_services(store, error);
    routing->frame = routing->book ? geo_frame_new(geo_store_city(store)->epsg, error) : NULL;
    routing->areas = routing->frame ? geo_areas_load(store, NULL, routing->frame, error) : NULL;
    if (!routing->areas)
        return NULL;
    routing->by_code = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < geo_areas_n(routing->areas); i++) {
        const GeoArea *area = geo_areas_row(routing->areas, i);
        if (area->row.code && tier_of(area->level) >= 0)
            g_hash_table_insert(routing->by_code, (gpointer)area->row.code,
                                GUINT_TO_POINTER(i + 1));
    }
    return g_steal_pointer(&routing);
}

void geo_routing_free(GeoRouting *routing)
{
    if (!routing)
        return;
    geo_servicebook_free(routing->book);
    geo_frame_free(routing->frame);
    geo_areas_free(routing->areas);
    g_clear_pointer(&routing->by_code, g_hash_table_unref);
    g_free(routing);
}

const GeoServiceBook *geo_routing_book(const GeoRouting *routing)
{
    return routing->book;
}

/* The area and its parents, where the level is not known yet. A ring of parents ends. */
static void add(const GeoRouting *routing, const GeoArea *area, GeoPlaceAreas *found)
{
    for (int i = 0; area && i < GEO_N_LEVELS; i++) {
        int tier = tier_of(area->level);
        if (tier >= 0 && area->row.code && !found->area[tier])
            found->area[tier] = area->row.code;
        guint parent = area->parent
                           ? GPOINTER_TO_UINT(g_hash_table_lookup(routing->by_code, area->parent))
                           : 0;
        area = parent ? geo_areas_row(routing->areas, parent - 1) : NULL;
    }
}

GeoPlaceAreas geo_routing_place(const GeoRouting *routing, GeoLonLat at)
{
    GeoPlaceAreas found = {{NULL}};
    uint32_t holding[MAX_NESTED];
    GeoXY p = {NAN, NAN};
    if (isfinite(at.lon) && isfinite(at.lat))
        p = geo_frame_xy(routing->frame, at);
    if (!isfinite(p.x) || !isfinite(p.y))
        return found;
    size_t n = MIN(geo_areas_find_all(routing->areas, p, holding, MAX_NESTED), MAX_NESTED);
    /* First what holds the place itself, then the parents, which are only what a list says. */
    for (size_t i = 0; i < n; i++) {
        const GeoArea *area = geo_areas_row(routing->areas, holding[i]);
        int tier = tier_of(area->level);
        if (tier >= 0 && area->row.code && !found.area[tier])
            found.area[tier] = area->row.code;
    }
    for (size_t i = 0; i < n; i++)
        add(routing, geo_areas_row(routing->areas, holding[i]), &found);
    return found;
}

GeoPlaceAreas geo_routing_area(const GeoRouting *routing, const char *code)
{
    GeoPlaceAreas found = {{NULL}};
    guint i = code ? GPOINTER_TO_UINT(g_hash_table_lookup(routing->by_code, code)) : 0;
    if (i > 0)
        add(routing, geo_areas_row(routing->areas, i - 1), &found);
    return found;
}
