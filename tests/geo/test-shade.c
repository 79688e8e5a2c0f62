/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields among buildings lower and higher than the camera, against a twin that follows the height
 * of each ray. */
#include "geo/calc/shade.h"

#include <string.h>

#include "tests/geo/scene.h"

/* Rings are snapped to whole centimetres and the rim's chords leave up to 0.1 m of the arc out. */
#define MARCH_M 0.02
#define BORDER_M 0.12
#define HOUSES 60
#define SIDE_M 160.0

static void raise_houses(GArray *town)
{
    double height[HOUSES];
    for (int i = 0; i < HOUSES; i++)
        height[i] = g_test_rand_int_range(0, 3) ? scene_real(1, 9) : INFINITY;
    for (guint i = 0; i < town->len; i++) {
        GeoEdge *edge = &g_array_index(town, GeoEdge, i);
        edge->height_m = (float)height[edge->building];
    }
}

/* Hidden by one house: the ray is lower than its roof somewhere over its footprint. It falls all
 * the way, so the end of each stretch inside is what counts. */
static bool hidden_by(const GArray *town, uint32_t house, const GeoEye *eye, GeoXY p)
{
    double t[32], height = 0;
    int n = 0;
    for (guint i = 0; i < town->len; i++) {
        const GeoEdge *e = &g_array_index(town, GeoEdge, i);
        if (e->building != house)
            continue;
        height = e->height_m;
        double dx = p.x - eye->at.x, dy = p.y - eye->at.y;
        double ex = e->b.x - e->a.x, ey = e->b.y - e->a.y;
        double cross = dx * ey - dy * ex;
        double along = ((e->a.x - eye->at.x) * ey - (e->a.y - eye->at.y) * ex) / cross;
        double share = ((e->a.x - eye->at.x) * dy - (e->a.y - eye->at.y) * dx) / cross;
        if (share >= 0 && share < 1 && along > 0 && along < 1 && n < 31)
            t[n++] = along;
    }
    if (scene_inside(town, house, p))
        t[n++] = 1;
    for (int i = 0; i < n; i++) {
        double at = t[i], before = at - 1e-7;
        GeoXY q = {eye->at.x + before * (p.x - eye->at.x), eye->at.y + before * (p.y - eye->at.y)};
        double ray = eye->height_m - at * (eye->height_m - eye->target_m);
        if (scene_inside(town, house, q) && (at >= 1 || ray < height))
            return true;
    }
    return false;
}

static bool in_field(const GeoEye *eye, GeoXY p)
{
    double dx = p.x - eye->at.x, dy = p.y - eye->at.y, rad = eye->heading_deg * G_PI / 180;
    double off = fabs(remainder(atan2(dx, dy) * 180 / G_PI - eye->heading_deg, 360));
    double depth = dx * sin(rad) + dy * cos(rad);
    return hypot(dx, dy) <= eye->range_m && off <= eye->fov_deg / 2 &&
           !(eye->near_m > 0 && depth < eye->near_m) && !(eye->depth_m > 0 && depth > eye->depth_m);
}

static bool sees(const GArray *town, const GeoEye *eye, GeoXY p)
{
    bool seen = in_field(eye, p);
    for (uint32_t house = 0; seen && house < HOUSES; house++)
        seen = !hidden_by(town, house, eye, p);
    return seen;
}

/* A footprint that the sight line meets at all, and how high it is. */
typedef struct {
    const GeoEdge *first;
    GeoBox box;
} House;

static size_t houses_between(const GArray *town, GeoXY a, GeoXY b, House *houses)
{
    size_t n = 0;
    for (guint i = 0; i < town->len; i++) {
        const GeoEdge *e = &g_array_index(town, GeoEdge, i);
        if (i == 0 || e[-1].building != e->building)
            houses[n++] = (House){e, GEO_BOX_EMPTY};
        geo_box_add(&houses[n - 1].box, e->a);
    }
    size_t kept = 0;
    for (size_t k = 0; k < n; k++) {
        const GeoBox *box = &houses[k].box;
        if (fmax(a.x, b.x) >= box->min_x && fmin(a.x, b.x) <= box->max_x &&
            fmax(a.y, b.y) >= box->min_y && fmin(a.y, b.y) <= box->max_y)
            houses[kept++] = houses[k];
    }
    return kept;
}

/* Between s0, over the footprint, and s1, no longer over it: where the ray leaves it. */
static double leaves_at(const GArray *town, uint32_t building, const GeoEye *eye, GeoXY p,
                        double s0, double s1)
{
    for (int i = 0; i < 30; i++) {
        double t = (s0 + s1) / 2;
        GeoXY q = {eye->at.x + t * (p.x - eye->at.x), eye->at.y + t * (p.y - eye->at.y)};
        if (scene_inside(town, building, q))
            s0 = t;
        else
            s1 = t;
    }
    return s0;
}

/* The same by walking along the ray in steps, over each footprint to where the ray leaves
 * it: there it is lowest over it, and the shade of a roof is many times as long as an error there.
 */
static bool sees_marching(const GArray *town, const GeoEye *eye, GeoXY p, double step_m)
{
    double far = hypot(p.x - eye->at.x, p.y - eye->at.y), step = step_m / fmax(far, step_m);
    double drop = eye->height_m - eye->target_m;
    House houses[HOUSES];
    if (!in_field(eye, p))
        return false;
    size_t n = houses_between(town, eye->at, p, houses);
    for (size_t k = 0; k < n; k++) {
        const GeoEdge *e = houses[k].first;
        const GeoBox *box = &houses[k].box;
        bool over = false;
        for (double t = 0; t <= 1 + step; t += step) {
            double u = fmin(t, 1);
            GeoXY q = {eye->at.x + u * (p.x - eye->at.x), eye->at.y + u * (p.y - eye->at.y)};
            bool now = q.x >= box->min_x && q.x <= box->max_x && q.y >= box->min_y &&
                       q.y <= box->max_y && scene_inside(town, e->building, q);
            if (now && (u >= 1 || eye->height_m - u * drop < e->height_m))
                return false;
            if (over && !now &&
                eye->height_m - leaves_at(town, e->building, eye, p, u - step, u) * drop <
                    e->height_m)
                return false;
            over = now;
        }
    }
    return true;
}

typedef struct {
    GArray *points, *parts;
} Rings;

static bool holds(const Rings *rings, GeoXY p)
{
    bool inside = false;
    for (guint r = 0; r < rings->parts->len; r++) {
        uint32_t from = g_array_index(rings->parts, uint32_t, r);
        uint32_t to = r + 1 < rings->parts->len ? g_array_index(rings->parts, uint32_t, r + 1)
                                                : rings->points->len;
        inside ^= scene_in_polygon(&g_array_index(rings->points, GeoXY, from), to - from, p);
    }
    return inside;
}

static double border_distance(const Rings *rings, GeoXY p)
{
    double best = INFINITY;
    for (guint r = 0; r < rings->parts->len; r++) {
        uint32_t from = g_array_index(rings->parts, uint32_t, r);
        uint32_t to = r + 1 < rings->parts->len ? g_array_index(rings->parts, uint32_t, r + 1)
                                                : rings->points->len;
        for (uint32_t i = from; i < to; i++) {
            uint32_t next = i + 1 < to ? i + 1 : from;
            best = fmin(best, scene_distance(g_array_index(rings->points, GeoXY, i),
                                             g_array_index(rings->points, GeoXY, next), p));
        }
    }
    return best;
}

static GeoEye random_eye(const GArray *town)
{
    GeoEye eye;
    uint32_t house;
    bool inside;
    do {
        eye = (GeoEye){.at = {scene_real(0, SIDE_M), scene_real(0, SIDE_M)},
                       .heading_deg = scene_real(0, 360),
                       .fov_deg = g_test_rand_bit() ? scene_real(20, 120) : 360,
                       .range_m = scene_real(20, 90),
                       .height_m = scene_real(3, 10),
                       .target_m = g_test_rand_bit() ? 0 : scene_real(0, 1.7)};
        if (eye.fov_deg < 120) {
            eye.near_m = g_test_rand_bit() ? scene_real(1, 9) : 0;
            eye.depth_m = g_test_rand_bit() ? scene_real(15, 60) : 0;
        }
        inside = false;
        for (house = 0; house < HOUSES; house++)
            inside |= scene_inside(town, house, eye.at);
        for (guint i = 0; i < town->len; i++) {
            const GeoEdge *e = &g_array_index(town, GeoEdge, i);
            inside |= scene_distance(e->a, e->b, eye.at) < 3 * GEO_VIEW_WALL_M;
        }
    } while (inside);
    return eye;
}

static GeoXY random_place(const GeoEye *eye)
{
    double turn = scene_real(0, 2 * G_PI), far = eye->range_m * 1.05 * sqrt(scene_real(0, 1));
    return (GeoXY){eye->at.x + far * sin(turn), eye->at.y + far * cos(turn)};
}

static void check(const GArray *town, const GeoEdges *edges, const GeoEye *eye, unsigned lines,
                  bool march, unsigned *seen)
{
    Rings rings = {g_array_new(FALSE, FALSE, sizeof(GeoXY)),
                   g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    geo_view_rings(edges, eye, rings.points, rings.parts);
    for (unsigned i = 0; i < lines; i++) {
        GeoXY p = random_place(eye);
        bool truth = march ? sees_marching(town, eye, p, MARCH_M) : sees(town, eye, p);
        *seen += truth;
        if (truth == holds(&rings, p))
            continue;
        double off = border_distance(&rings, p);
        /* A corner cut within a step is missed, and a roof little lower than the eye throws that
         * far: asked again in finer steps. */
        if (march && off > BORDER_M && sees_marching(town, eye, p, MARCH_M / 100) != truth)
            continue;
        if (off > BORDER_M)
            g_error(
                "eye (%.4f, %.4f) height %.2f target %.2f heading %.2f fov %.2f range %.2f near "
                "%.2f depth %.2f: place (%.4f, %.4f) is %s, %.3f m from the border",
                eye->at.x, eye->at.y, eye->height_m, eye->target_m, eye->heading_deg, eye->fov_deg,
                eye->range_m, eye->near_m, eye->depth_m, p.x, p.y,
                truth ? "seen but not in the field" : "hidden but in it", off);
    }
    g_array_unref(rings.points);
    g_array_unref(rings.parts);
}

static GArray *apart_town(void)
{
    /* On a lattice, so that no two houses overlap: the twin counts each by itself. */
    GArray *town = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    for (uint32_t i = 0; i < HOUSES; i++)
        scene_house(town, (GeoXY){i % 8 * 20 + scene_real(0, 3), i / 8 * 20 + scene_real(0, 3)}, i);
    raise_houses(town);
    return town;
}

static void test_rays(void)
{
    unsigned seen = 0, rounds = g_test_slow() ? 2000 : 40, lines = 500;
    for (unsigned i = 0; i < rounds; i++) {
        g_autoptr(GArray) town = apart_town();
        g_autoptr(GeoEdges) edges = scene_edges(town);
        GeoEye eye = random_eye(town);
        check(town, edges, &eye, lines, false, &seen);
    }
    g_test_message("%u sight lines, %u free", rounds * lines, seen);
    g_assert_cmpuint(seen, >, rounds * lines / 20);
}

static void test_marching(void)
{
    unsigned seen = 0, rounds = g_test_slow() ? 2000 : 6, lines = g_test_slow() ? 500 : 60;
    for (unsigned i = 0; i < rounds; i++) {
        g_autoptr(GArray) town = apart_town();
        g_autoptr(GeoEdges) edges = scene_edges(town);
        GeoEye eye = random_eye(town);
        check(town, edges, &eye, lines, true, &seen);
    }
    g_test_message("%u sight lines marched along, %u free", rounds * lines, seen);
    g_assert_cmpuint(seen, >, 10);
}

/* A wall of 2 m, 10 m before a camera at 4 m: its shade ends 20 m away, by (4 - 0) / (4 - 2). */
static void test_strip(void)
{
    g_autoptr(GArray) town = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    GeoXY box[4] = {{9, -5}, {10, -5}, {10, 5}, {9, 5}};
    scene_ring(town, box, 4, 0);
    for (guint i = 0; i < 4; i++)
        g_array_index(town, GeoEdge, i).height_m = 2;
    g_autoptr(GeoEdges) edges = scene_edges(town);
    GeoEye eye = {.heading_deg = 90, .fov_deg = 40, .range_m = 60, .height_m = 4};
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    geo_view_rings(edges, &eye, points, parts);
    Rings rings = {points, parts};
    g_assert_true(holds(&rings, (GeoXY){8.9, 0}));
    g_assert_false(holds(&rings, (GeoXY){9.5, 0}));
    g_assert_false(holds(&rings, (GeoXY){19.9, 0}));
    g_assert_true(holds(&rings, (GeoXY){20.1, 0}));
    g_assert_true(holds(&rings, (GeoXY){59, 0}));
    eye.height_m = 2; /* no higher than the wall: all behind it is hidden */
    g_array_set_size(points, 0);
    g_array_set_size(parts, 0);
    geo_view_rings(edges, &eye, points, parts);
    g_assert_false(holds(&rings, (GeoXY){59, 0}));
    eye.height_m = 4;
    eye.near_m = 5;
    g_array_set_size(points, 0);
    g_array_set_size(parts, 0);
    geo_view_rings(edges, &eye, points, parts);
    g_assert_false(holds(&rings, (GeoXY){4.9, 0}));
    g_assert_true(holds(&rings, (GeoXY){5.1, 0}));
}

/* Whatever is asked, something defined comes back. */
static void test_degenerate(void)
{
    g_autoptr(GArray) town = apart_town();
    GeoXY bow[4] = {{60, 60}, {80, 80}, {80, 60}, {60, 80}}; /* crosses itself */
    scene_ring(town, bow, 4, HOUSES);
    scene_ring(town, bow, 4, HOUSES + 1); /* and once more */
    for (guint i = town->len - 8; i < town->len; i++)
        g_array_index(town, GeoEdge, i).height_m = 2;
    g_autoptr(GeoEdges) edges = scene_edges(town);
    g_autoptr(GeoEdges) none = geo_edges_new(NULL, 0);
    const double odd[] = {0, -1, NAN, INFINITY, 1e-9, 1e9, 360, 5};
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (int i = 0; i < 4000; i++) {
        const GeoEdge *wall =
            &g_array_index(town, GeoEdge, (guint)g_test_rand_int_range(0, (gint32)town->len));
        double along = g_test_rand_int_range(0, 3) / 2.0;
        GeoEye eye = {.at = {wall->a.x + along * (wall->b.x - wall->a.x),
                             wall->a.y + along * (wall->b.y - wall->a.y)},
                      .heading_deg = scene_real(0, 360),
                      .fov_deg = 90,
                      .range_m = 50,
                      .height_m = scene_real(1, 9)};
        double *members[] = {&eye.heading_deg, &eye.fov_deg, &eye.range_m, &eye.height_m,
                             &eye.near_m,      &eye.depth_m, &eye.target_m};
        if (i % 2)
            *members[g_test_rand_int_range(0, 7)] =
                odd[g_test_rand_int_range(0, G_N_ELEMENTS(odd))];
        g_array_set_size(points, 0);
        g_array_set_size(parts, 0);
        size_t n = geo_view_rings(i % 5 ? edges : none, &eye, points, parts);
        g_assert_cmpuint(n, ==, points->len);
        g_assert_true((n == 0) == (parts->len == 0));
        for (guint k = 0; k < points->len; k++) {
            GeoXY p = g_array_index(points, GeoXY, k);
            g_assert_true(isfinite(p.x) && isfinite(p.y));
            g_assert_cmpfloat(hypot(p.x - eye.at.x, p.y - eye.at.y), <=,
                              fmin(eye.range_m, GEO_VIEW_MAX_RANGE_M) + 0.2);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shade/a-low-wall-hides-a-strip", test_strip);
    g_test_add_func("/shade/rays-agree-with-heights-along-them", test_rays);
    g_test_add_func("/shade/and-with-a-march-along-them", test_marching);
    g_test_add_func("/shade/degenerate-eyes-and-footprints", test_degenerate);
    return g_test_run();
}
