/* SPDX-License-Identifier: GPL-3.0-or-later */
/* info: what a city holds. */
#include "app/ctl/info.h"

#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "geo/calc/islands.h"
#include "geo/work/network.h"

typedef struct {
    int64_t counts[GEO_N_KINDS];
    GHashTable *levels;   /* char *, owned -> count */
    int64_t areas, grids; /* areas of the level that the city works by; unit grids */
    const char *level;    /* that level's name, borrowed from levels; NULL without areas */
    GeoRoadFacts roads;
    size_t lost_turns, unread_hours; /* of the network */
    GeoBounds bounds;
    int64_t last_fix_ms;
    GArray *imports; /* GeoImport */
    GArray *islands; /* Island: what cars do not get to from the rest, longest first */
    double islands_m;
} Facts;

typedef struct {
    size_t edges;
    double length_m;
    GeoLonLat at;
} Island;

static void clear_facts(Facts *facts)
{
    g_clear_pointer(&facts->levels, g_hash_table_unref);
    g_clear_pointer(&facts->imports, geo_imports_free);
    g_clear_pointer(&facts->islands, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Facts, clear_facts)

/* The city works by its finest level below the grids: the one with most areas. */
static void choose_level(Facts *facts)
{
    GHashTableIter iter;
    gpointer name, count;
    g_hash_table_iter_init(&iter, facts->levels);
    while (g_hash_table_iter_next(&iter, &name, &count)) {
        int64_t n = GPOINTER_TO_INT(count);
        if (!strcmp(name, "grid")) {
            facts->grids = n;
        } else if (n > facts->areas || (n == facts->areas && strcmp(name, facts->level) < 0)) {
            facts->areas = n;
            facts->level = name;
        }
    }
}

/* Number 0 is the mainland. */
static void list_islands(Facts *facts, const GeoRoads *roads, GeoFrame *frame)
{
    g_autoptr(GeoIslands) islands = geo_islands_new(roads, GEO_PROFILE_CAR);
    facts->islands = g_array_new(FALSE, FALSE, sizeof(Island));
    for (size_t i = 1; i < geo_islands_count(islands); i++) {
        const GeoIsland *it = geo_islands_get(islands, i);
        Island island = {it->edges, it->length_m, geo_frame_lonlat(frame, it->at)};
        g_array_append_val(facts->islands, island);
        facts->islands_m += it->length_m;
    }
}

static bool load_roads(GeoStore *store, Facts *facts, GError **error)
{
    g_autoptr(GeoFrame) frame = geo_frame_new(geo_store_city(store)->epsg, error);
    g_autoptr(GeoNetwork) network = frame ? geo_network_load(store, frame, NULL, error) : NULL;
    if (!network)
        return false;
    facts->roads = network->facts;
    facts->lost_turns = network->lost_turns + network->facts.unfit_turns;
    facts->unread_hours = network->unread_hours;
    list_islands(facts, network->roads, frame);
    return true;
}

/* Steps and planned cameras are the insides of scenarios. */
static bool is_told(GeoKind kind)
{
    return !geo_kind_info(kind)->inward || kind == GEO_KIND_SCENARIO || kind == GEO_KIND_CLOSURE;
}

static bool load_bounds(GeoStore *store, GeoBounds *bounds, GError **error)
{
    *bounds = GEO_BOUNDS_EMPTY;
    for (GeoKind kind = 0; kind < GEO_N_KINDS; kind++) {
        GeoBounds one;
        if (geo_kind_info(kind)->inward)
            continue;
        if (!geo_store_bounds(store, kind, &one, error))
            return false;
        if (geo_bounds_empty(&one))
            continue;
        geo_bounds_add(bounds, (GeoLonLat){one.west, one.south});
        geo_bounds_add(bounds, (GeoLonLat){one.east, one.north});
    }
    return true;
}

static bool load_facts(GeoStore *store, Facts *facts, GError **error)
{
    facts->levels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!geo_store_count(store, facts->counts, facts->levels, error) ||
        !load_roads(store, facts, error) || !load_bounds(store, &facts->bounds, error) ||
        !geo_store_last_fix_at(store, &facts->last_fix_ms, error))
        return false;
    facts->imports = geo_store_imports(store, error);
    choose_level(facts);
    return facts->imports != NULL;
}

static char *dup_time(int64_t at_ms, const char *zone)
{
    g_autoptr(GTimeZone) tz = g_time_zone_new_identifier(zone);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    g_autoptr(GDateTime) local = tz ? g_date_time_to_timezone(utc, tz) : g_date_time_ref(utc);
    return g_date_time_format(local, "%Y-%m-%dT%H:%M:%S%:z");
}

/* ---- JSON ---- */

static void report_levels(JsonBuilder *report, const Facts *facts)
{
    g_autoptr(GList) names =
        g_list_sort(g_hash_table_get_keys(facts->levels), (GCompareFunc)strcmp);
    json_builder_set_member_name(report, "area_levels");
    json_builder_begin_object(report);
    for (GList *name = names; name; name = name->next)
        app_report_integer(report, name->data,
                           GPOINTER_TO_INT(g_hash_table_lookup(facts->levels, name->data)));
    json_builder_end_object(report);
}

/* So many are named; the rest are in the sums. */
#define MOST_ISLANDS 10

static void report_islands(JsonBuilder *report, const Facts *facts)
{
    json_builder_set_member_name(report, "car_islands");
    json_builder_begin_object(report);
    app_report_integer(report, "count", facts->islands->len);
    app_report_number(report, "length_km", facts->islands_m / 1000, 3);
    json_builder_set_member_name(report, "longest");
    json_builder_begin_array(report);
    for (guint i = 0; i < MIN(facts->islands->len, MOST_ISLANDS); i++) {
        const Island *island = &g_array_index(facts->islands, Island, i);
        json_builder_begin_object(report);
        app_report_integer(report, "edges", (gint64)island->edges);
        app_report_number(report, "length_km", island->length_m / 1000, 3);
        app_report_number(report, "lon", island->at.lon, 6);
        app_report_number(report, "lat", island->at.lat, 6);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    json_builder_end_object(report);
}

static void report_roads(JsonBuilder *report, const Facts *facts)
{
    const GeoRoadFacts *roads = &facts->roads;
    json_builder_set_member_name(report, "roads");
    json_builder_begin_object(report);
    app_report_integer(report, "nodes", (gint64)roads->nodes);
    app_report_integer(report, "edges", (gint64)roads->edges);
    app_report_integer(report, "components", (gint64)roads->components);
    app_report_integer(report, "largest", (gint64)roads->largest);
    app_report_number(report, "length_km", roads->length_m / 1000, 1);
    json_builder_set_member_name(report, "rules");
    json_builder_begin_object(report);
    app_report_integer(report, "turns", (gint64)roads->turns);
    app_report_integer(report, "lost_turns", (gint64)facts->lost_turns);
    app_report_integer(report, "barriers", (gint64)roads->barriers);
    app_report_integer(report, "lost_barriers", (gint64)roads->unfit_barriers);
    app_report_integer(report, "unread_hours", (gint64)facts->unread_hours);
    json_builder_end_object(report);
    report_islands(report, facts);
    json_builder_end_object(report);
}

static void report_imports(JsonBuilder *report, const Facts *facts, const char *zone)
{
    json_builder_set_member_name(report, "imports");
    json_builder_begin_array(report);
    for (guint i = 0; i < facts->imports->len; i++) {
        const GeoImport *import = &g_array_index(facts->imports, GeoImport, i);
        g_autofree char *at = dup_time(import->at_ms, zone);
        /* As text: 62 bits do not survive a reader whose numbers are doubles. */
        g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, import->id);
        json_builder_begin_object(report);
        app_report_text(report, "id", id);
        app_report_text(report, "kind", import->kind);
        app_report_text(report, "source", import->source);
        app_report_text(report, "state", import->state);
        app_report_text(report, "at", at);
        app_report_integer(report, "rows", import->rows);
        app_report_integer(report, "refused", import->refused);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_bounds(JsonBuilder *report, const GeoBounds *bounds)
{
    const double sides[] = {bounds->west, bounds->south, bounds->east, bounds->north};
    json_builder_set_member_name(report, "bounds");
    json_builder_begin_array(report);
    for (size_t i = 0; i < G_N_ELEMENTS(sides) && !geo_bounds_empty(bounds); i++)
        json_builder_add_double_value(report, sides[i]);
    json_builder_end_array(report);
}

static void print_json(GeoStore *store, const Facts *facts)
{
    const GeoCity *city = geo_store_city(store);
    g_autofree char *last_fix =
        facts->last_fix_ms ? dup_time(facts->last_fix_ms, city->zone) : NULL;
    JsonBuilder *report = app_report_new("info");
    app_report_text(report, "name", city->name);
    app_report_text(report, "zone", city->zone);
    app_report_integer(report, "epsg", city->epsg);
    app_report_switch(report, "synthetic", city->synthetic);
    app_report_text(report, "note", city->note);
    report_bounds(report, &facts->bounds);
    app_report_integer(report, "areas", facts->areas);
    app_report_text(report, "areas_level", facts->level);
    report_levels(report, facts);
    app_report_integer(report, "grids", facts->grids);
    for (GeoKind kind = 0; kind < GEO_N_KINDS; kind++)
        if (kind != GEO_KIND_AREA && kind != GEO_KIND_ROAD && is_told(kind))
            app_report_integer(report, geo_kind_info(kind)->plural, facts->counts[kind]);
    report_roads(report, facts);
    app_report_text(report, "last_fix", last_fix);
    report_imports(report, facts, city->zone);
    app_report_print(report);
}

/* ---- for people ---- */

static void print_count(const char *what, int64_t n, const char *more)
{
    printf("  %-12s %9" G_GINT64_FORMAT "%s%s\n", what, n, more ? "  " : "", more ? more : "");
}

static void print_islands(const Facts *facts)
{
    if (facts->islands->len == 0)
        return;
    printf("  cut off for cars %6u  parts of the roads, %.1f km; longest first:\n",
           facts->islands->len, facts->islands_m / 1000);
    for (guint i = 0; i < MIN(facts->islands->len, MOST_ISLANDS); i++) {
        const Island *island = &g_array_index(facts->islands, Island, i);
        printf("    %zu edges, %.0f m, at %.6f, %.6f\n", island->edges, island->length_m,
               island->at.lon, island->at.lat);
    }
    if (facts->islands->len > MOST_ISLANDS)
        printf("    and %u shorter ones\n", facts->islands->len - MOST_ISLANDS);
}

static void print_rules(const Facts *facts)
{
    const GeoRoadFacts *roads = &facts->roads;
    size_t lost = facts->lost_turns + roads->unfit_barriers;
    if (roads->turns + roads->barriers + lost == 0)
        return;
    printf(
        "  road rules   turns in force %zu, lost %zu; barriers in force %zu, lost %zu; hours not "
        "read %zu%s\n",
        roads->turns, facts->lost_turns, roads->barriers, roads->unfit_barriers,
        facts->unread_hours, lost ? "; 'check' says what to do about the lost" : "");
}

static void print_text(GeoStore *store, const Facts *facts)
{
    const GeoCity *city = geo_store_city(store);
    g_autofree char *net =
        g_strdup_printf("nodes %zu, edges %zu, components %zu, largest %zu, %.0f km",
                        facts->roads.nodes, facts->roads.edges, facts->roads.components,
                        facts->roads.largest, facts->roads.length_m / 1000);
    printf("%s%s: time zone %s, metric frame EPSG:%d\n", city->name,
           city->synthetic ? " (synthetic)" : "", city->zone, city->epsg);
    if (*city->note)
        printf("  %s\n", city->note);
    g_autofree char *level = facts->level ? g_strdup_printf("of level %s", facts->level) : NULL;
    print_count("areas", facts->areas, level);
    print_count("grids", facts->grids, NULL);
    for (GeoKind kind = GEO_KIND_BUILDING; kind < GEO_N_KINDS; kind++)
        if (is_told(kind) && (kind <= GEO_KIND_POPULATION || facts->counts[kind] > 0))
            print_count(kind == GEO_KIND_ROAD ? "ways" : geo_kind_info(kind)->plural,
                        facts->counts[kind], kind == GEO_KIND_ROAD ? net : NULL);
    print_rules(facts);
    print_islands(facts);
    if (facts->last_fix_ms) {
        g_autofree char *at = dup_time(facts->last_fix_ms, city->zone);
        printf("  last position %s\n", at);
    }
    for (guint i = 0; i < facts->imports->len; i++) {
        const GeoImport *import = &g_array_index(facts->imports, GeoImport, i);
        g_autofree char *at = dup_time(import->at_ms, city->zone);
        printf("  import %s  %-11s %-7s %8" G_GINT64_FORMAT " rows, %" G_GINT64_FORMAT
               " refused  %s  (%" G_GINT64_FORMAT ")\n",
               at, import->kind, import->state, import->rows, import->refused, import->source,
               import->id);
    }
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_auto(Facts) facts = {0};
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store || !load_facts(store, &facts, error))
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(store, &facts);
    else
        print_text(store, &facts);
    return APP_EXIT_OK;
}

const AppCommand app_info_command = {
    .name = "info",
    .places = "CITY",
    .summary = "say what a city holds",
    .min_places = 1,
    .max_places = 1,
    .run = run,
};
