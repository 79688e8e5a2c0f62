/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/network.h"

#include <math.h>

#define NO_WAY UINT32_MAX
#define FAR_M 20000.0 /* so far a road that is open is looked for */

/* Lines of the roads as ways of the graph; first: of each row its first way, and one more. */
static GArray *list_ways(GeoNetwork *network, GArray *first)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(GeoWay));
    const GeoBatch *ways = network->ways;
    const GeoLonLat *lonlat = (const GeoLonLat *)(const void *)ways->points->data;
    for (guint i = 0; i < ways->rows->len; i++) {
        const GeoRoad *road = (const GeoRoad *)(const void *)geo_batch_row(ways, i);
        g_array_append_val(first, list->len);
        for (uint32_t k = 0; road->row.shape == GEO_SHAPE_LINE && k < road->row.n_parts; k++) {
            size_t n;
            const GeoLonLat *points = geo_batch_part(ways, &road->row, k, &n);
            GeoWay way = {.point0 = (uint32_t)(points - lonlat),
                          .n_points = (uint32_t)n,
                          .class = road->class,
                          .oneway = (int)road->oneway,
                          .speed_kmh = road->speed_kmh,
                          .access = {(int)road->foot, (int)road->ebike, (int)road->car}};
            g_array_append_val(list, way);
            g_array_append_val(network->rows, i);
        }
    }
    g_array_append_val(first, list->len);
    return list;
}

/* ---- rules ---- */

typedef struct {
    const GeoNetwork *network;
    const GArray *list, *first;
    GHashTable *codes; /* code -> row + 1, borrowed */
} Ways;

static bool has_vertex(const Ways *ways, const GeoWay *way, GeoLonLat p)
{
    const GeoLonLat *points = (const GeoLonLat *)(const void *)ways->network->ways->points->data;
    for (uint32_t i = way->point0; i < way->point0 + way->n_points; i++)
        if (points[i].lon == p.lon && points[i].lat == p.lat)
            return true;
    return false;
}

/* The line of that road that has the vertex, or its first where none has; NO_WAY: no such road. */
static uint32_t find_way(const Ways *ways, const char *code, GeoLonLat via)
{
    gsize row = code ? GPOINTER_TO_SIZE(g_hash_table_lookup(ways->codes, code)) : 0;
    if (row == 0)
        return NO_WAY;
    uint32_t begin = g_array_index(ways->first, guint, row - 1);
    uint32_t end = g_array_index(ways->first, guint, row);
    for (uint32_t way = begin; way < end; way++)
        if (has_vertex(ways, &g_array_index(ways->list, GeoWay, way), via))
            return way;
    return begin < end ? begin : NO_WAY;
}

static uint8_t bits_of(const int64_t *values, int64_t value)
{
    uint8_t bits = 0;
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        bits |= (uint8_t)((values[profile] == value) << profile);
    return bits;
}

static GHashTable *index_codes(const GeoBatch *roads)
{
    GHashTable *codes = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < roads->rows->len; i++) {
        const GeoRow *row = geo_batch_row(roads, i);
        if (row->code)
            g_hash_table_insert(codes, (gpointer)row->code, GSIZE_TO_POINTER((gsize)i + 1));
    }
    return codes;
}

static GArray *list_turns(GeoNetwork *network, const Ways *ways, const GeoBatch *turns)
{
    GArray *rules = g_array_new(FALSE, FALSE, sizeof(GeoTurnRule));
    for (guint i = 0; turns && i < turns->rows->len; i++) {
        const GeoTurn *turn = &g_array_index(turns->rows, GeoTurn, i);
        GeoTurnRule rule = {.via_way = UINT32_MAX,
                            .what = turn->what == GEO_TURN_SORT_ONLY ? GEO_TURN_ONLY : GEO_TURN_NO};
        const int64_t binds[GEO_N_PROFILES] = {turn->foot, turn->ebike, turn->car};
        bool known = geo_batch_first(turns, &turn->row, &rule.via);
        rule.profiles = bits_of(binds, 1);
        if (turn->hours && !geo_hours_read(turn->hours, &rule.hours))
            network->unread_hours++;
        rule.from_way = known ? find_way(ways, turn->from_way, rule.via) : NO_WAY;
        rule.to_way = known ? find_way(ways, turn->to_way, rule.via) : NO_WAY;
        if (turn->via_way)
            rule.via_way = known ? find_way(ways, turn->via_way, rule.via) : NO_WAY;
        known &= rule.from_way != NO_WAY && rule.to_way != NO_WAY &&
                 (!turn->via_way || rule.via_way != NO_WAY);
        network->lost_turns += !known;
        if (known)
            g_array_append_val(rules, rule);
    }
    return rules;
}

static GArray *list_barriers(GeoNetwork *network, const GeoBatch *barriers)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(GeoBarrier));
    for (guint i = 0; barriers && i < barriers->rows->len; i++) {
        const GeoObstacle *row = &g_array_index(barriers->rows, GeoObstacle, i);
        const int64_t passes[GEO_N_PROFILES] = {row->foot, row->ebike, row->car};
        GeoBarrier barrier = {.never = bits_of(passes, 0), .gated = bits_of(passes, 2)};
        if (row->hours && !geo_hours_read(row->hours, &barrier.hours))
            network->unread_hours++;
        if (geo_batch_first(barriers, &row->row, &barrier.at))
            g_array_append_val(list, barrier);
    }
    return list;
}

GeoNetwork *geo_network_new_ruled(GeoBatch *ways, const GeoBatch *turns, const GeoBatch *barriers,
                                  GeoFrame *frame)
{
    g_return_val_if_fail(ways->kind == GEO_KIND_ROAD, NULL);
    GeoNetwork *network = g_new0(GeoNetwork, 1);
    network->ways = ways;
    network->frame = frame;
    network->rows = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) list = list_ways(network, first);
    g_autoptr(GHashTable) codes = index_codes(ways);
    Ways known = {network, list, first, codes};
    g_autoptr(GArray) rules = list_turns(network, &known, turns);
    g_autoptr(GArray) obstacles = list_barriers(network, barriers);
    const GeoLonLat *lonlat = (const GeoLonLat *)(const void *)ways->points->data;
    size_t n_points = ways->points->len;
    g_autofree GeoXY *xy = g_new(GeoXY, MAX(n_points, 1));
    geo_frame_to_xy(frame, lonlat, xy, n_points);
    network->roads =
        geo_roads_new_ruled((const GeoWay *)(const void *)list->data, list->len, lonlat, xy,
                            n_points, (const GeoTurnRule *)(const void *)rules->data, rules->len,
                            (const GeoBarrier *)(const void *)obstacles->data, obstacles->len);
    network->facts = geo_roads_facts(network->roads);
    return network;
}

GeoNetwork *geo_network_new(GeoBatch *ways, GeoFrame *frame)
{
    return geo_network_new_ruled(ways, NULL, NULL, frame);
}

GeoNetwork *geo_network_load(GeoStore *store, GeoFrame *frame, GeoProgress *progress,
                             GError **error)
{
    geo_progress_begin(progress, "roads");
    g_autoptr(GeoBatch) turns = geo_store_load(store, GEO_KIND_TURN, NULL, error);
    g_autoptr(GeoBatch) barriers =
        turns ? geo_store_load(store, GEO_KIND_BARRIER, NULL, error) : NULL;
    g_autoptr(GeoBatch) ways = barriers ? geo_store_load(store, GEO_KIND_ROAD, NULL, error) : NULL;
    if (!ways || !geo_progress_step(progress, 0.5, error))
        return NULL;
    return geo_network_new_ruled(g_steal_pointer(&ways), turns, barriers, frame);
}

/* ---- closures ---- */

bool geo_network_in_force(const GeoClosure *closure, int64_t at_ms)
{
    return closure->from_ms <= at_ms && (closure->to_ms == 0 || at_ms < closure->to_ms) &&
           (closure->lifted_ms == 0 || at_ms < closure->lifted_ms);
}

static double stretch_m(GeoXY a, GeoXY b, GeoXY p)
{
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double share = length2 > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 : 0;
    share = CLAMP(share, 0, 1);
    return hypot(p.x - a.x - share * dx, p.y - a.y - share * dy);
}

static bool is_within(const GeoRoads *roads, int64_t edge, GeoXY p, double radius_m)
{
    size_t n;
    const GeoXY *points = geo_roads_edge(roads, edge, &n, NULL);
    for (size_t i = 0; i + 1 < n; i++)
        if (stretch_m(points[i], points[i + 1], p) <= radius_m)
            return true;
    return false;
}

/* Every edge that the closure meets, to the profiles; how many. */
static size_t close_edges(GeoNetwork *network, const GeoBatch *closures, guint i, uint8_t profiles,
                          bool closed)
{
    const GeoClosure *row = &g_array_index(closures->rows, GeoClosure, i);
    size_t n = 0, found = 0;
    if (row->row.n_parts == 0)
        return 0;
    const GeoLonLat *lonlat = geo_batch_part(closures, &row->row, 0, &n);
    g_autofree GeoXY *xy = g_new(GeoXY, MAX(n, 1));
    geo_frame_to_xy(network->frame, lonlat, xy, n);
    if (row->row.shape == GEO_SHAPE_LINE)
        return geo_roads_close_line(network->roads, xy, n, profiles, closed);
    for (int64_t edge = 0; edge < (int64_t)network->facts.edges; edge++)
        if (is_within(network->roads, edge, xy[0], row->radius_m)) {
            geo_roads_close(network->roads, edge, profiles, closed);
            found++;
        }
    return found;
}

static uint8_t profiles_of(const GeoBatch *closures, guint i)
{
    const GeoClosure *row = &g_array_index(closures->rows, GeoClosure, i);
    const int64_t closed[GEO_N_PROFILES] = {row->foot, row->ebike, row->car};
    return bits_of(closed, 1);
}

size_t geo_network_closes(GeoNetwork *network, const GeoBatch *closures, guint row)
{
    return close_edges(network, closures, row, 0, true);
}

static int minute_of_week(int64_t at_ms, const char *zone)
{
    g_autoptr(GTimeZone) tz = g_time_zone_new_identifier(zone);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    g_autoptr(GDateTime) local = tz && utc ? g_date_time_to_timezone(utc, tz) : NULL;
    if (!local)
        return -1;
    return (g_date_time_get_day_of_week(local) - 1) * 1440 + g_date_time_get_hour(local) * 60 +
           g_date_time_get_minute(local);
}

bool geo_network_set_now(GeoNetwork *network, GeoStore *store, int64_t at_ms, int64_t else_ms,
                         GError **error)
{
    bool asked = at_ms != 0;
    if (!asked && !geo_store_last_fix_at(store, &at_ms, error))
        return false;
    int minute = at_ms ? minute_of_week(at_ms, geo_store_city(store)->zone) : -1;
    /* The newest fix is older than a closure drawn just now, which is to be minded all the same. */
    int64_t also_ms = asked ? at_ms : else_ms;
    at_ms = at_ms ? at_ms : else_ms;
    g_autoptr(GeoBatch) closures = geo_store_load(store, GEO_KIND_CLOSURE, NULL, error);
    if (!closures)
        return false;
    for (guint i = 0; network->closed && i < network->closed->rows->len; i++)
        close_edges(network, network->closed, i, profiles_of(network->closed, i), false);
    geo_batch_free(network->closed);
    network->closed = geo_batch_new(GEO_KIND_CLOSURE);
    for (guint i = 0; i < closures->rows->len; i++) {
        const GeoClosure *row = &g_array_index(closures->rows, GeoClosure, i);
        bool gone = !asked && row->lifted_ms != 0 && row->lifted_ms <= else_ms;
        if (gone || (!geo_network_in_force(row, at_ms) && !geo_network_in_force(row, also_ms)))
            continue;
        geo_batch_copy_row(network->closed, closures, i);
        close_edges(network, closures, i, profiles_of(closures, i), true);
    }
    geo_roads_set_time(network->roads, minute, NULL);
    return true;
}

static double from_closure_m(const GeoNetwork *network, guint i, GeoXY p)
{
    const GeoClosure *row = &g_array_index(network->closed->rows, GeoClosure, i);
    double nearest_m = INFINITY;
    size_t n = 0;
    if (row->row.n_parts == 0)
        return nearest_m;
    const GeoLonLat *lonlat = geo_batch_part(network->closed, &row->row, 0, &n);
    g_autofree GeoXY *xy = g_new(GeoXY, MAX(n, 1));
    geo_frame_to_xy(network->frame, lonlat, xy, n);
    for (size_t k = 0; k < n; k++)
        nearest_m = fmin(nearest_m, stretch_m(xy[k], xy[MIN(k + 1, n - 1)], p));
    return row->row.shape == GEO_SHAPE_LINE ? nearest_m : nearest_m - row->radius_m;
}

/* The nearest road that anybody may take, at any distance: ", the nearest that is open ...". */
static char *dup_nearest_open(const GeoNetwork *network, GeoXY p)
{
    GeoSnap nearest = {.edge = -1}, each[GEO_N_PROFILES];
    geo_roads_snap_each(network->roads, p, FAR_M, each);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        if (each[profile].edge >= 0 && (nearest.edge < 0 || each[profile].off_m < nearest.off_m))
            nearest = each[profile];
    if (nearest.edge < 0)
        return g_strdup_printf("no road within %.0f km is open", FAR_M / 1000);
    const char *name = geo_network_road(network, nearest.edge)->row.name;
    return g_strdup_printf("the nearest that is open is %.0f m away%s%s", nearest.off_m,
                           name ? ": " : "", name ? name : "");
}

char *geo_network_dup_no_road(const GeoNetwork *network, GeoXY p, double within_m)
{
    const GeoClosure *nearest = NULL;
    double nearest_m = within_m;
    for (guint i = 0; network->closed && i < network->closed->rows->len; i++) {
        double off_m = from_closure_m(network, i, p);
        if (!(off_m <= nearest_m))
            continue;
        nearest_m = off_m;
        nearest = &g_array_index(network->closed->rows, GeoClosure, i);
    }
    if (!nearest)
        return g_strdup_printf("no road within %.0f m of the place: check that longitude comes "
                               "first",
                               within_m);
    g_autofree char *open = dup_nearest_open(network, p);
    return g_strdup_printf("the roads within %.0f m of the place are closed: %s (closure "
                           "%" G_GINT64_FORMAT "); %s",
                           within_m, nearest->reason ? nearest->reason : "no reason given",
                           nearest->row.id, open);
}

void geo_network_free(GeoNetwork *network)
{
    if (!network)
        return;
    geo_batch_free(network->ways);
    geo_batch_free(network->closed);
    g_array_unref(network->rows);
    geo_roads_free(network->roads);
    g_free(network);
}

const GeoRoad *geo_network_road(const GeoNetwork *network, int64_t edge)
{
    uint32_t from, to, way = 0;
    geo_roads_edge_ends(network->roads, edge, &from, &to, &way);
    uint32_t row = g_array_index(network->rows, uint32_t, way);
    return (const GeoRoad *)(const void *)geo_batch_row(network->ways, row);
}

/* Rather the profile's main part than an island. */
static GeoSnap leave_island(const GeoNetwork *network, GeoXY p, GeoProfile profile, double max_m,
                            GeoSnap nearest)
{
    if (nearest.edge < 0 || geo_roads_edge_is_main(network->roads, nearest.edge, profile))
        return nearest;
    double reach_m = MIN(max_m, nearest.off_m + GEO_NETWORK_ISLAND_M);
    GeoSnap main = geo_roads_snap_main(network->roads, p, profile, reach_m);
    return main.edge >= 0 ? main : nearest;
}

GeoSnap geo_network_snap(const GeoNetwork *network, GeoXY p, GeoProfile profile, double max_m)
{
    return leave_island(network, p, profile, max_m,
                        geo_roads_snap(network->roads, p, profile, max_m));
}

void geo_network_snap_each(const GeoNetwork *network, GeoXY p, double max_m,
                           GeoSnap place[GEO_N_PROFILES])
{
    geo_roads_snap_each(network->roads, p, max_m, place);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        place[profile] = leave_island(network, p, (GeoProfile)profile, max_m, place[profile]);
}
