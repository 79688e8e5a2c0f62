/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo city at a fiftieth of its size: what must hold at any. */
#include <math.h>
#include <string.h>

#include "geo/calc/plan.h"
#include "geo/model/frame.h"
#include "geo/work/demo.h"
#include "geo/work/network.h"

#define SCALE 0.02

typedef struct {
    GeoBatch *rows[GEO_N_KINDS];
    GeoFrame *frame;
} City;

static City city; /* seed 1, made once */

static void make_rows(double scale, uint64_t seed, GeoBatch **rows)
{
    g_autoptr(GError) error = NULL;
    GeoDemoOptions options = {.scale = scale, .seed = seed};
    geo_demo_rows(&options, rows, NULL, &error);
    g_assert_no_error(error);
}

static void same_seed_gives_same_bytes(void)
{
    GeoBatch *again[GEO_N_KINDS] = {NULL}, *other[GEO_N_KINDS] = {NULL};
    make_rows(SCALE, 1, again);
    make_rows(SCALE, 2, other);
    for (int kind = 0; kind < GEO_N_KINDS; kind++) {
        if (kind > GEO_KIND_POPULATION && kind != GEO_KIND_NOLOOK)
            continue; /* for a city to bring */
        g_assert_cmpuint(city.rows[kind]->rows->len, >, 0);
        g_assert_true(geo_batch_equal(city.rows[kind], again[kind]));
        g_assert_true(kind == GEO_KIND_BASE || !geo_batch_equal(city.rows[kind], other[kind]));
    }
    geo_demo_free_rows(again);
    geo_demo_free_rows(other);
}

static void counts_follow_the_scale(void)
{
    GeoBatch *twice[GEO_N_KINDS] = {NULL};
    make_rows(2 * SCALE, 1, twice);
    g_assert_cmpuint(city.rows[GEO_KIND_CAMERA]->rows->len, ==, 240);
    g_assert_cmpuint(twice[GEO_KIND_CAMERA]->rows->len, ==, 480);
    g_assert_cmpuint(city.rows[GEO_KIND_UNIT]->rows->len, ==, 368);
    g_assert_cmpuint(twice[GEO_KIND_UNIT]->rows->len, ==, 736);
    g_assert_cmpuint(city.rows[GEO_KIND_INCIDENT]->rows->len, ==, 6000);
    g_assert_cmpuint(twice[GEO_KIND_INCIDENT]->rows->len, ==, 12000);
    g_assert_cmpuint(twice[GEO_KIND_BUILDING]->rows->len, >,
                     city.rows[GEO_KIND_BUILDING]->rows->len);
    geo_demo_free_rows(twice);
}

/* Square metres of a row: outer rings less holes, by the sign of each. */
static double row_area(const GeoBatch *batch, const GeoRow *row)
{
    double area = 0;
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *p = geo_batch_part(batch, row, k, &n);
        g_autofree GeoXY *xy = g_new(GeoXY, n);
        geo_frame_to_xy(city.frame, p, xy, n);
        area += geo_ring_area_m2(xy, n - 1);
    }
    return area;
}

static bool row_holds(const GeoBatch *batch, const GeoRow *row, GeoLonLat at)
{
    bool holds = false;
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *p = geo_batch_part(batch, row, k, &n);
        g_autofree GeoXY *ring = g_new(GeoXY, n);
        for (size_t i = 0; i < n; i++)
            ring[i] = (GeoXY){p[i].lon, p[i].lat};
        if (geo_ring_holds(ring, n - 1, (GeoXY){at.lon, at.lat}))
            holds = !holds;
    }
    return holds;
}

static double level_area(const char *level, const char *parent)
{
    const GeoBatch *areas = city.rows[GEO_KIND_AREA];
    double sum = 0;
    for (guint i = 0; i < areas->rows->len; i++) {
        const GeoArea *area = (const GeoArea *)geo_batch_row(areas, i);
        if (!strcmp(area->level, level) && g_str_has_prefix(area->row.code, parent))
            sum += row_area(areas, &area->row);
    }
    return sum;
}

static void areas_tile_their_district(void)
{
    const GeoBatch *areas = city.rows[GEO_KIND_AREA];
    unsigned communities = 0;
    for (guint i = 0; i < areas->rows->len; i++) {
        const GeoArea *area = (const GeoArea *)geo_batch_row(areas, i);
        communities += !strcmp(area->level, "community");
        if (!strcmp(area->level, "grid"))
            continue;
        const char *below = !strcmp(area->level, "district") ? "street"
                            : !strcmp(area->level, "street") ? "community"
                                                             : "grid";
        double whole = row_area(areas, &area->row), parts = level_area(below, area->row.code);
        g_assert_cmpfloat(whole, >, 1000);
        g_assert_cmpfloat(fabs(parts - whole), <, 0.001 * whole);
    }
    g_assert_cmpuint(communities, ==, 7);
}

static void people_lie_in_one_community(void)
{
    const GeoBatch *areas = city.rows[GEO_KIND_AREA], *people = city.rows[GEO_KIND_POPULATION];
    for (guint i = 0; i < people->rows->len; i++) {
        GeoLonLat at;
        unsigned in[2] = {0, 0};
        geo_batch_first(people, geo_batch_row(people, i), &at);
        for (guint k = 0; k < areas->rows->len; k++) {
            const GeoArea *area = (const GeoArea *)geo_batch_row(areas, k);
            if (!strcmp(area->level, "community"))
                in[0] += row_holds(areas, &area->row, at);
            else if (!strcmp(area->level, "grid"))
                in[1] += row_holds(areas, &area->row, at);
        }
        g_assert_cmpuint(in[0], ==, 1);
        g_assert_cmpuint(in[1], ==, 1);
    }
}

static void cameras_are_whole(void)
{
    const GeoBatch *cameras = city.rows[GEO_KIND_CAMERA];
    unsigned owners[GEO_N_OWNERS] = {0};
    g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < cameras->rows->len; i++) {
        const GeoCamera *camera = (const GeoCamera *)geo_batch_row(cameras, i);
        owners[camera->owner]++;
        g_assert_cmpuint(strlen(camera->row.code), ==, 20);
        g_assert_true(g_hash_table_add(codes, (gpointer)camera->row.code));
        g_assert_true(camera->heading_deg >= 0 && camera->heading_deg < 360);
        g_assert_true(camera->fov_deg > 20 && camera->fov_deg < 180);
        g_assert_true(camera->night_range_m > 0 && camera->night_range_m < camera->range_m);
        g_assert_cmpint(camera->assumed, ==, 0);
    }
    for (int owner = 0; owner < GEO_OWNER_UNKNOWN; owner++)
        g_assert_cmpuint(owners[owner] * 20, >, cameras->rows->len);
}

static void units_have_one_code_and_shifts(void)
{
    const GeoBatch *units = city.rows[GEO_KIND_UNIT], *rosters = city.rows[GEO_KIND_ROSTER];
    g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) on = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < rosters->rows->len; i++) {
        const GeoRoster *roster = (const GeoRoster *)geo_batch_row(rosters, i);
        if (roster->from_ms <= GEO_DEMO_NOW_MS && GEO_DEMO_NOW_MS < roster->to_ms)
            g_hash_table_add(on, (gpointer)roster->row.code);
    }
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoUnit *unit = (const GeoUnit *)geo_batch_row(units, i);
        g_assert_true(g_hash_table_add(codes, (gpointer)unit->row.code));
        g_assert_true((unit->status != GEO_STATUS_OFF) ==
                      g_hash_table_contains(on, unit->row.code));
    }
    double share = g_hash_table_size(on) / (double)units->rows->len;
    g_assert_true(share > 0.12 && share < 0.28);
}

static void incidents_end_at_the_demos_now(void)
{
    const GeoBatch *incidents = city.rows[GEO_KIND_INCIDENT];
    int64_t last = 0;
    for (guint i = 0; i < incidents->rows->len; i++) {
        const GeoIncident *incident = (const GeoIncident *)geo_batch_row(incidents, i);
        g_assert_cmpint(incident->at_ms, >=, last);
        g_assert_cmpint(incident->at_ms, <, GEO_DEMO_NOW_MS);
        last = incident->at_ms;
    }
    g_assert_cmpint(last, >, GEO_DEMO_NOW_MS - INT64_C(86400000));
}

static double cross(GeoXY o, GeoXY a, GeoXY b)
{
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

static bool cross_each_other(GeoXY a, GeoXY b, GeoXY c, GeoXY d)
{
    return cross(a, b, c) * cross(a, b, d) < 0 && cross(c, d, a) * cross(c, d, b) < 0;
}

static GeoXY *row_xy(const GeoBatch *batch, const GeoRow *row, size_t *n)
{
    const GeoLonLat *p = geo_batch_part(batch, row, 0, n);
    GeoXY *xy = g_new(GeoXY, *n);
    geo_frame_to_xy(city.frame, p, xy, *n);
    return xy;
}

static void no_street_runs_through_a_house(void)
{
    const GeoBatch *roads = city.rows[GEO_KIND_ROAD], *houses = city.rows[GEO_KIND_BUILDING];
    g_autoptr(GArray) walls = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    for (guint i = 0; i < houses->rows->len; i++) {
        size_t n;
        g_autofree GeoXY *xy = row_xy(houses, geo_batch_row(houses, i), &n);
        g_assert_cmpuint(n, ==, 5);
        g_array_append_vals(walls, xy, 5);
    }
    const GeoXY *wall = (const GeoXY *)(void *)walls->data;
    for (guint i = 0; i < roads->rows->len; i++) {
        size_t n;
        g_autofree GeoXY *xy = row_xy(roads, geo_batch_row(roads, i), &n);
        for (size_t k = 0; k + 1 < n; k++)
            for (guint w = 0; w + 1 < walls->len; w++)
                g_assert_false(w % 5 < 4 &&
                               cross_each_other(xy[k], xy[k + 1], wall[w], wall[w + 1]));
    }
    for (guint a = 0; a < walls->len; a += 5)
        for (guint b = a + 5; b < walls->len; b += 5)
            for (int k = 0; k < 16; k++)
                g_assert_false(cross_each_other(wall[a + k / 4], wall[a + k / 4 + 1],
                                                wall[b + k % 4], wall[b + k % 4 + 1]));
}

/* A room is half of one house and reaches to its walls. */
static void rooms_lie_in_houses(void)
{
    const GeoBatch *rooms = city.rows[GEO_KIND_NOLOOK], *houses = city.rows[GEO_KIND_BUILDING];
    g_assert_cmpuint(rooms->rows->len, >, 0);
    for (guint i = 0; i < rooms->rows->len; i++) {
        const GeoRow *room = geo_batch_row(rooms, i);
        GeoBounds b = geo_batch_row_bounds(rooms, room);
        GeoLonLat middle = {(b.west + b.east) / 2, (b.south + b.north) / 2};
        guint n = 0;
        for (guint k = 0; k < houses->rows->len; k++) {
            const GeoRow *house = geo_batch_row(houses, k);
            if (!row_holds(houses, house, middle))
                continue;
            n++;
            g_assert_cmpfloat(fabs(row_area(rooms, room) / row_area(houses, house) - 0.5), <, 0.01);
        }
        g_assert_cmpuint(n, ==, 1);
    }
}

static void roads_hang_together(void)
{
    g_autoptr(GError) error = NULL;
    GeoCity facts = geo_demo_city();
    g_autoptr(GeoStore) store = geo_store_new_memory(&facts);
    GeoDemoOptions options = {.scale = SCALE, .seed = 1};
    geo_demo_make(store, &options, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GeoNetwork) network = geo_network_load(store, city.frame, NULL, &error);
    g_assert_no_error(error);
    GeoRoadFacts roads = geo_roads_facts(network->roads);
    g_assert_cmpuint(roads.largest * 100, >, roads.nodes * 95);
    g_assert_cmpuint(roads.turns, >, 0);
    g_assert_cmpuint(roads.barriers, >, 0);
    g_assert_cmpuint(network->lost_turns + roads.unfit_turns + roads.unfit_barriers, ==, 0);
    g_assert_cmpuint(network->unread_hours, ==, 0);
    g_autofree char *now = geo_store_dup_setting(store, "demo_now_ms", &error);
    g_assert_cmpint(g_ascii_strtoll(now, NULL, 10), ==, GEO_DEMO_NOW_MS);
    int64_t last = 0;
    g_assert_true(geo_store_last_fix_at(store, &last, &error));
    g_assert_cmpint(last, ==, GEO_DEMO_NOW_MS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    city.frame = geo_frame_new(4548, NULL);
    make_rows(SCALE, 1, city.rows);
    g_test_add_func("/demo/same-seed-gives-same-bytes", same_seed_gives_same_bytes);
    g_test_add_func("/demo/counts-follow-the-scale", counts_follow_the_scale);
    g_test_add_func("/demo/areas-tile-their-district", areas_tile_their_district);
    g_test_add_func("/demo/people-lie-in-one-community", people_lie_in_one_community);
    g_test_add_func("/demo/cameras-are-whole", cameras_are_whole);
    g_test_add_func("/demo/units-have-one-code-and-shifts", units_have_one_code_and_shifts);
    g_test_add_func("/demo/incidents-end-at-the-demos-now", incidents_end_at_the_demos_now);
    g_test_add_func("/demo/no-street-runs-through-a-house", no_street_runs_through_a_house);
    g_test_add_func("/demo/rooms-lie-in-houses", rooms_lie_in_houses);
    g_test_add_func("/demo/roads-hang-together", roads_hang_together);
    int failed = g_test_run();
    geo_demo_free_rows(city.rows);
    geo_frame_free(city.frame);
    return failed;
}
