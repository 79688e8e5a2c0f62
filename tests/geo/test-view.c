/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/view.h"

#include "geo/model/frame.h"
#include "geo/work/import.h"

#include "tests/geo/scene.h"

/* Nearer than this to the polygon's border either answer is right: the rim is cut into chords that
 * leave so much of the arc out, and a place on a wall's line is hidden or not by its last digit. */
#define BORDER_M 0.1

/* The plain twin: within the field, and no wall of a building that does not hold the eye is
 * crossed. */
static bool sees(const GArray *edges, const GeoEye *eye, const bool *glass, GeoXY p)
{
    double dx = p.x - eye->at.x, dy = p.y - eye->at.y;
    double off = fabs(remainder(atan2(dx, dy) * 180 / G_PI - eye->heading_deg, 360));
    if (hypot(dx, dy) > eye->range_m || off > eye->fov_deg / 2)
        return false;
    for (guint i = 0; i < edges->len; i++) {
        const GeoEdge *e = &g_array_index(edges, GeoEdge, i);
        if (glass && glass[e->building])
            continue;
        double ex = e->b.x - e->a.x, ey = e->b.y - e->a.y;
        double ax = e->a.x - eye->at.x, ay = e->a.y - eye->at.y;
        double from = ex * (eye->at.y - e->a.y) - ey * (eye->at.x - e->a.x);
        double to = ex * (p.y - e->a.y) - ey * (p.x - e->a.x);
        double a = dx * ay - dy * ax, b = dx * (e->b.y - eye->at.y) - dy * (e->b.x - eye->at.x);
        if (from * to < 0 && a * b <= 0)
            return false;
    }
    return true;
}

static double border_distance(const GArray *polygon, GeoXY p)
{
    double best = INFINITY;
    for (guint i = 0; i < polygon->len; i++)
        best = fmin(best, scene_distance(g_array_index(polygon, GeoXY, i),
                                         g_array_index(polygon, GeoXY, (i + 1) % polygon->len), p));
    return best;
}

static double signed_area(const GArray *polygon)
{
    double twice = 0;
    for (guint i = 0; i < polygon->len; i++) {
        GeoXY a = g_array_index(polygon, GeoXY, i);
        GeoXY b = g_array_index(polygon, GeoXY, (i + 1) % polygon->len);
        twice += a.x * b.y - a.y * b.x;
    }
    return twice / 2;
}

static bool holds(const GArray *polygon, GeoXY p)
{
    return scene_in_polygon((const GeoXY *)(const void *)polygon->data, polygon->len, p);
}

static GArray *view(const GeoEdges *edges, const GeoEye *eye)
{
    GArray *polygon = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    size_t n = geo_view_polygon(edges, eye, polygon);
    g_assert_cmpuint(n, ==, polygon->len);
    return polygon;
}

static bool near_wall(const GArray *edges, GeoXY p)
{
    for (guint i = 0; i < edges->len; i++) {
        const GeoEdge *e = &g_array_index(edges, GeoEdge, i);
        if (scene_distance(e->a, e->b, p) < 2 * GEO_VIEW_WALL_M)
            return true;
    }
    return false;
}

/* Of all lines so far: that differ from the twin within the border, and the farthest of them. */
static unsigned near_misses;
static double worst_m;

/* Sight lines to random places, to places just off walls and past corners; returns how many were
 * seen. */
static unsigned check_lines(const GArray *town, const GeoEye *eye, const bool *glass,
                            const GArray *polygon, unsigned n)
{
    unsigned seen = 0;
    for (unsigned i = 0; i < n; i++) {
        double turn = scene_real(0, 2 * G_PI), far = eye->range_m * 1.1 * sqrt(scene_real(0, 1));
        GeoXY p = {eye->at.x + far * sin(turn), eye->at.y + far * cos(turn)};
        if (i % 4 == 0 && town->len > 0) {
            const GeoEdge *e =
                &g_array_index(town, GeoEdge, (guint)g_test_rand_int_range(0, (gint32)town->len));
            double past = scene_real(0.5, 1.5);
            p = (GeoXY){eye->at.x + past * (e->a.x - eye->at.x) + scene_real(-1, 1),
                        eye->at.y + past * (e->a.y - eye->at.y) + scene_real(-1, 1)};
        }
        bool truth = sees(town, eye, glass, p);
        seen += truth;
        if (truth != holds(polygon, p)) {
            double off = border_distance(polygon, p);
            near_misses++;
            worst_m = fmax(worst_m, off);
            if (off > BORDER_M)
                g_error("eye (%.6f, %.6f) heading %.3f fov %.3f range %.3f: place (%.6f, %.6f) is "
                        "%s, %.3f m from the border",
                        eye->at.x, eye->at.y, eye->heading_deg, eye->fov_deg, eye->range_m, p.x,
                        p.y, truth ? "free to see but not in the polygon" : "hidden but in it",
                        off);
        }
    }
    return seen;
}

static void test_sight_lines(void)
{
    unsigned lines = 0, seen = 0, glass_eyes = 0, wanted = g_test_slow() ? 1000000 : 100000;
    near_misses = 0;
    worst_m = 0;
    while (lines < wanted) {
        double side = scene_real(150, 700);
        uint32_t n = (uint32_t)g_test_rand_int_range(0, 150);
        g_autoptr(GArray) town = scene_town(n, side);
        g_autoptr(GeoEdges) edges = scene_edges(town);
        for (int k = 0; k < 10; k++) {
            GeoEye eye = {.at = {scene_real(0, side), scene_real(0, side)},
                          .heading_deg = scene_real(-360, 720),
                          .fov_deg = k % 5 == 0 ? 360 : scene_real(1, 359),
                          .range_m = scene_real(1, 250),
                          .height_m = NAN};
            if (near_wall(town, eye.at))
                continue;
            bool glass[150] = {false};
            for (uint32_t b = 0; b < n; b++) {
                glass[b] = scene_inside(town, b, eye.at);
                glass_eyes += glass[b];
            }
            g_autoptr(GArray) polygon = view(edges, &eye);
            seen += check_lines(town, &eye, glass, polygon, 55);
            lines += 55;
            g_assert_cmpfloat(signed_area(polygon), >, 0);
            for (guint i = 0; i < polygon->len; i++) {
                GeoXY p = g_array_index(polygon, GeoXY, i);
                g_assert_cmpfloat(hypot(p.x - eye.at.x, p.y - eye.at.y), <=, eye.range_m + 1e-6);
            }
        }
    }
    g_test_message("%u sight lines, %u free, %u eyes behind glass; %u differ from all walls, none "
                   "farther than %.4f m from the border",
                   lines, seen, glass_eyes, near_misses, worst_m);
    g_assert_cmpuint(seen, >, lines / 20);
    g_assert_cmpuint(glass_eyes, >, 50);
}

static void test_free_field(void)
{
    g_autoptr(GeoEdges) none = geo_edges_new(NULL, 0);
    for (double fov = 0.5; fov <= 360; fov += 0.5) {
        GeoEye eye = {{1000, 2000}, 77, fov, 80, NAN};
        g_autoptr(GArray) polygon = view(none, &eye);
        double sector = fov / 360 * G_PI * 80 * 80;
        g_assert_cmpfloat(signed_area(polygon), <=, sector + 1e-6);
        g_assert_cmpfloat(signed_area(polygon), >=, sector * (1 - 0.1 / 80 * 4 / 3) - 1e-6);
    }
}

static void test_wall_mounted(void)
{
    GeoXY ring[4] = {{0, 0}, {20, 0}, {20, 10}, {0, 10}};
    g_autoptr(GArray) house = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    scene_ring(house, ring, 4, 0);
    g_autoptr(GeoEdges) edges = scene_edges(house);
    double offs[5] = {-0.02, -1e-6, 0, 1e-9, 0.2};
    for (int k = 0; k < 5; k++) {
        /* On the south wall, all round and looking south. */
        GeoEye dome = {{8, -offs[k]}, 0, 360, 50, NAN};
        GeoEye south = {{8, -offs[k]}, 180, 90, 50, NAN};
        g_autoptr(GArray) all = view(edges, &dome);
        g_autoptr(GArray) front = view(edges, &south);
        g_assert_cmpfloat_with_epsilon(signed_area(all), G_PI * 50 * 50 / 2, 70);
        g_assert_cmpfloat_with_epsilon(signed_area(front), G_PI * 50 * 50 / 4, 10);
        for (int i = 0; i < 500; i++) {
            GeoXY inside = {scene_real(0.2, 19.8), scene_real(0.2, 9.8)};
            GeoXY behind = {scene_real(-5, 25), scene_real(10.2, 30)};
            GeoXY ahead = {scene_real(0, 16), scene_real(-30, -9)};
            g_assert_false(holds(all, inside) || holds(front, inside));
            g_assert_false(holds(all, behind) || holds(front, behind));
            g_assert_true(holds(all, ahead) && holds(front, ahead));
        }
    }
}

static void test_corner_mounted(void)
{
    GeoXY ring[4] = {{0, 0}, {20, 0}, {20, 10}, {0, 10}};
    g_autoptr(GArray) house = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    scene_ring(house, ring, 4, 0);
    g_autoptr(GeoEdges) edges = scene_edges(house);
    GeoEye eye = {{0, 0}, 0, 360, 50, NAN};
    g_autoptr(GArray) polygon = view(edges, &eye);
    g_assert_cmpfloat_with_epsilon(signed_area(polygon), G_PI * 50 * 50 * 3 / 4, 40);
    for (int i = 0; i < 500; i++) {
        GeoXY p = {scene_real(-30, 30), scene_real(-30, 30)};
        bool behind = p.x > 0 && p.y > 0;
        if (fabs(p.x) > 0.2 && fabs(p.y) > 0.2)
            g_assert_true(holds(polygon, p) != behind);
    }
}

static void test_between_walls(void)
{
    GeoXY west[4] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    GeoXY east[4] = {{10, 0}, {20, 0}, {20, 10}, {10, 10}};
    GeoXY far[4] = {{30, -50}, {31, -50}, {31, 50}, {30, 50}};
    g_autoptr(GArray) row = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    scene_ring(row, west, 4, 0);
    scene_ring(row, east, 4, 1);
    scene_ring(row, far, 4, 2);
    g_autoptr(GeoEdges) edges = scene_edges(row);
    GeoEye eye = {{10, 5}, 90, 60, 100, NAN};
    g_autoptr(GArray) polygon = view(edges, &eye);
    g_assert_true(holds(polygon, (GeoXY){29, 5}));
    g_assert_false(holds(polygon, (GeoXY){32, 5}));
}

static void test_inside(void)
{
    GeoXY ring[4] = {{0, 0}, {20, 0}, {20, 10}, {0, 10}};
    GeoXY next[4] = {{40, 0}, {60, 0}, {60, 10}, {40, 10}};
    g_autoptr(GArray) houses = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    scene_ring(houses, ring, 4, 0);
    scene_ring(houses, ring, 4, 1); /* the same footprint twice */
    scene_ring(houses, next, 4, 2);
    g_autoptr(GeoEdges) edges = scene_edges(houses);
    GeoEye eye = {{10, 5}, 90, 40, 100, NAN};
    g_autoptr(GArray) polygon = view(edges, &eye);
    g_assert_true(holds(polygon, (GeoXY){39, 5}));
    g_assert_false(holds(polygon, (GeoXY){41, 5}));
}

/* Bow ties and doubled rings hide from every side, as the twin says. */
static void test_crooked(void)
{
    for (int round = 0; round < 60; round++) {
        g_autoptr(GArray) town = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
        for (uint32_t b = 0; b < 20; b++) {
            GeoXY ring[5];
            double x = scene_real(0, 150), y = scene_real(0, 150);
            for (int i = 0; i < 5; i++)
                ring[i] = (GeoXY){x + scene_real(0, 20), y + scene_real(0, 20)};
            scene_ring(town, ring, 5, b);
            if (b % 4 == 0)
                scene_ring(town, ring, 5, b);
        }
        g_autoptr(GeoEdges) edges = scene_edges(town);
        GeoEye eye = {{scene_real(0, 150), scene_real(0, 150)}, 30, 360, 120, NAN};
        if (near_wall(town, eye.at))
            continue;
        bool glass[20];
        for (uint32_t b = 0; b < 20; b++)
            glass[b] = scene_inside(town, b, eye.at);
        g_autoptr(GArray) polygon = view(edges, &eye);
        check_lines(town, &eye, glass, polygon, 100);
    }
}

/* The walls of a real country in metres; NULL, and the test skipped, where the file is not. */
static GArray *real_walls(void)
{
    const char *shared = g_getenv("GRIDBEAT_SHARED");
    g_autofree char *path =
        g_build_filename(shared ? shared : "", "data/osm/liechtenstein.osm.pbf", NULL);
    if (!shared || !g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_test_skip("no ../shared/data/osm here");
        return NULL;
    }
    g_autoptr(GError) error = NULL;
    GeoImportOptions options = {0};
    GeoImportRead *read = geo_import_read(path, "osm", &options, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GeoFrame) frame = geo_frame_new(32632, &error);
    g_assert_no_error(error);
    const GeoBatch *batch = geo_import_read_rows(read, GEO_KIND_BUILDING);
    GArray *walls = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoRow *row = geo_batch_row(batch, i);
        for (uint32_t k = 0; k < row->n_parts; k++) {
            size_t n;
            const GeoLonLat *ring = geo_batch_part(batch, row, k, &n);
            for (size_t p = 0; p + 1 < n; p++) {
                GeoEdge edge = {geo_frame_xy(frame, ring[p]), geo_frame_xy(frame, ring[p + 1]), 3,
                                i};
                g_array_append_val(walls, edge);
            }
        }
    }
    geo_import_read_free(read);
    return walls;
}

/* Walls near enough to matter: those whose middle lies within far_m. */
static GArray *walls_around(const GArray *walls, GeoXY p, double far_m)
{
    GArray *near = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    for (guint i = 0; i < walls->len; i++) {
        GeoEdge e = g_array_index(walls, GeoEdge, i);
        if (hypot((e.a.x + e.b.x) / 2 - p.x, (e.a.y + e.b.y) / 2 - p.y) < far_m)
            g_array_append_val(near, e);
    }
    return near;
}

/* Cameras on real walls, looking away from them. */
static void test_real_walls(void)
{
    g_autoptr(GArray) walls = real_walls();
    if (!walls)
        return;
    g_autoptr(GeoEdges) edges = scene_edges(walls);
    unsigned cameras = 0;
    for (int k = 0; k < 300; k++) {
        const GeoEdge *wall =
            &g_array_index(walls, GeoEdge, (guint)g_test_rand_int_range(0, (gint32)walls->len));
        double dx = wall->b.x - wall->a.x, dy = wall->b.y - wall->a.y, length = hypot(dx, dy);
        GeoXY out = {dy / length, -dx / length};
        GeoEye eye = {.at = {(wall->a.x + wall->b.x) / 2 + 0.2 * out.x,
                             (wall->a.y + wall->b.y) / 2 + 0.2 * out.y},
                      .heading_deg = atan2(out.x, out.y) * 180 / G_PI,
                      .fov_deg = scene_real(60, 200),
                      .range_m = scene_real(30, 120),
                      .height_m = NAN};
        uint32_t held;
        g_autoptr(GArray) near = walls_around(walls, eye.at, 600);
        if (near_wall(near, eye.at) || geo_edges_buildings_at(edges, eye.at, &held, 1) > 0)
            continue;
        g_autoptr(GArray) polygon = view(edges, &eye);
        check_lines(near, &eye, NULL, polygon, 60);
        GeoXY behind = {eye.at.x - 0.5 * out.x, eye.at.y - 0.5 * out.y};
        g_assert_false(holds(polygon, behind));
        cameras++;
    }
    g_test_message("%u walls, %u cameras", walls->len, cameras);
    g_assert_cmpuint(cameras, >, 200);
}

static void test_nothing(void)
{
    g_autoptr(GArray) town = scene_town(30, 200);
    g_autoptr(GeoEdges) edges = scene_edges(town);
    GeoEye eyes[] = {
        {{50, 50}, 0, 0, 50, NAN},        {{50, 50}, 0, -10, 50, NAN},
        {{50, 50}, 0, NAN, 50, NAN},      {{50, 50}, 0, 90, 0, NAN},
        {{50, 50}, 0, 90, -5, NAN},       {{50, 50}, 0, 90, NAN, NAN},
        {{50, 50}, NAN, 90, 50, NAN},     {{NAN, 50}, 0, 90, 50, NAN},
        {{50, INFINITY}, 0, 90, 50, NAN}, {{50, 50}, 0, 1e-3, 50, NAN},
        {{50, 50}, 0, 90, 1e-4, NAN},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(eyes); i++) {
        g_autoptr(GArray) polygon = view(edges, &eyes[i]);
        g_assert_cmpuint(polygon->len, ==, 0);
    }
}

static void test_extremes(void)
{
    g_autoptr(GeoEdges) none = geo_edges_new(NULL, 0);
    GeoEye huge = {{0, 0}, 0, 360, INFINITY, NAN};
    g_autoptr(GArray) whole = view(none, &huge);
    double area = G_PI * GEO_VIEW_MAX_RANGE_M * GEO_VIEW_MAX_RANGE_M;
    g_assert_cmpfloat_with_epsilon(signed_area(whole) / area, 1, 1e-4);
    GeoEye tiny = {{0, 0}, NAN, 400, 0.05, NAN};
    g_autoptr(GArray) dot = view(none, &tiny);
    g_assert_cmpfloat(signed_area(dot), >, 0);
    /* A whole town in range, and the eye on a corner where many walls end. */
    g_autoptr(GArray) town = scene_town(2000, 2000);
    g_autoptr(GeoEdges) edges = scene_edges(town);
    GeoEye far = {g_array_index(town, GeoEdge, 7).a, 10, 300, 1e9, NAN};
    g_autoptr(GArray) polygon = view(edges, &far);
    g_assert_cmpuint(polygon->len, >, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/view/sight-lines-agree-with-all-walls", test_sight_lines);
    g_test_add_func("/view/a-free-field-is-its-sector", test_free_field);
    g_test_add_func("/view/a-camera-on-a-wall-sees-no-inside", test_wall_mounted);
    g_test_add_func("/view/a-camera-on-a-corner-sees-three-quarters", test_corner_mounted);
    g_test_add_func("/view/between-two-walls-both-are-glass", test_between_walls);
    g_test_add_func("/view/inside-a-building-it-is-glass", test_inside);
    g_test_add_func("/view/crossing-and-doubled-footprints-hide-from-both-sides", test_crooked);
    g_test_add_func("/view/cameras-on-real-walls-agree-with-all-walls", test_real_walls);
    g_test_add_func("/view/no-field-no-polygon", test_nothing);
    g_test_add_func("/view/extremes-are-defined", test_extremes);
    return g_test_run();
}
