/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Camera coverage over a synthetic city: 25,200 blocks of eight walls on 12 x 12 km (201,600
 * edges), 12,000 cameras of 30 to 150 m, all from one seed, one thread. A move is what an edit
 * costs: the old field taken from the counts, a new one cut and added; an exact move is what its
 * tiles of 200 m cost. Peers get the same cameras, walls and polygons: CGAL an arrangement of the
 * walls that reach into the square of the range around the eye (found before the clock starts),
 * GEOS a tree of all walls (made before). */
#include "geo/calc/cover.h"
#include "geo/calc/exact.h"
#include "tests/bench/bench.h"
#include "tests/bench/peers.h"
#include "tests/bench/shadows.h"

#define N_HOUSES 25200
#define N_CAMERAS 12000
#define SIDE_M 12000.0
#define BAND_M 256.0
#define ROUNDS 7
#define MOVES 4000
#define SAMPLE 400 /* cameras that the peers look through */
#define EXACT_MOVES 400

static double real(GRand *rand, double from, double to)
{
    return g_rand_double_range(rand, from, to);
}

/* Eight walls: a rectangle with a notch in one corner, turned a little, on a lattice with streets
 * between. */
static void add_house(GArray *edges, GRand *rand, GeoXY at, uint32_t building)
{
    double w = real(rand, 15, 45), h = real(rand, 12, 35), c = real(rand, 0.1, 0.4);
    double turn = real(rand, -0.3, 0.3);
    GeoXY ring[8] = {{0, 0},           {w, 0},     {w, h * (1 - c)},     {w * (1 - c), h * (1 - c)},
                     {w * (1 - c), h}, {w * c, h}, {w * c, h * (1 - c)}, {0, h * (1 - c)}};
    for (int i = 0; i < 8; i++) {
        GeoXY p = ring[i];
        ring[i] = (GeoXY){at.x + p.x * cos(turn) - p.y * sin(turn),
                          at.y + p.x * sin(turn) + p.y * cos(turn)};
    }
    for (int i = 0; i < 8; i++) {
        GeoEdge edge = {ring[i], ring[(i + 1) % 8], INFINITY, building};
        g_array_append_val(edges, edge);
    }
}

static GeoEdges *make_city(GRand *rand)
{
    g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    int columns = 168;
    double pitch_x = SIDE_M / columns, pitch_y = SIDE_M / (N_HOUSES / columns);
    for (uint32_t i = 0; i < N_HOUSES; i++) {
        GeoXY at = {(i % (uint32_t)columns + real(rand, 0.1, 0.4)) * pitch_x,
                    (i / (uint32_t)columns + real(rand, 0.1, 0.4)) * pitch_y};
        add_house(edges, rand, at, i);
    }
    return geo_edges_new((const GeoEdge *)(const void *)edges->data, edges->len);
}

static GeoEye make_eye(GRand *rand, const GeoEdges *edges)
{
    static const double fields[5] = {50, 70, 90, 110, 360};
    GeoEye eye = {.height_m = NAN};
    uint32_t building;
    do
        eye.at = (GeoXY){real(rand, 0, SIDE_M), real(rand, 0, SIDE_M)};
    while (geo_edges_buildings_at(edges, eye.at, &building, 1) > 0);
    eye.heading_deg = real(rand, 0, 360);
    eye.fov_deg = fields[g_rand_int_range(rand, 0, 5)];
    eye.range_m = real(rand, 30, 150);
    return eye;
}

static double now_us(void)
{
    return bench_now_us();
}

static double say(const char *task, const char *who, const char *unit, double *values, size_t n)
{
    return bench_say("coverage", task, who, unit, values, n);
}

static void say_ratio(const char *task, const char *who, double own, double peer)
{
    printf("%s: %s takes %.1f times as long as gridbeat\n", task, who, peer / own);
}

static void bench_views(const GeoEdges *edges, const GeoEye *eyes, GArray *points, uint32_t *first)
{
    double us[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        g_array_set_size(points, 0);
        double begin = now_us();
        for (int i = 0; i < N_CAMERAS; i++) {
            first[i] = points->len;
            geo_view_polygon(edges, &eyes[i], points);
        }
        first[N_CAMERAS] = points->len;
        us[round] = (now_us() - begin) / N_CAMERAS;
    }
    say("view", "gridbeat", "us", us, ROUNDS);
    printf("%d fields among %zu edges: %.1f corners each\n", N_CAMERAS, geo_edges_size(edges),
           (double)points->len / N_CAMERAS);
}

typedef struct {
    double band, x;
    uint32_t camera;
} Turn;

static int compare_turns(const void *pa, const void *pb)
{
    const Turn *a = pa, *b = pb;
    if (a->band != b->band)
        return a->band < b->band ? -1 : 1;
    return (a->x > b->x) - (a->x < b->x);
}

/* Band by band, as the survey does it. */
static void count_all(GeoCover *cover, const GeoXY *points, const uint32_t *first)
{
    g_autofree Turn *turns = g_new(Turn, N_CAMERAS);
    for (uint32_t i = 0; i < N_CAMERAS; i++)
        turns[i] = (Turn){floor(points[first[i]].y / BAND_M), points[first[i]].x, i};
    qsort(turns, N_CAMERAS, sizeof *turns, compare_turns);
    for (int i = 0; i < N_CAMERAS; i++) {
        uint32_t k = turns[i].camera;
        geo_cover_add(cover, points + first[k], first[k + 1] - first[k]);
    }
}

static GeoCover *bench_cover(const GeoXY *points, const uint32_t *first, double *median_ms)
{
    const GeoBox box = {-200, -200, SIDE_M + 200, SIDE_M + 200};
    double ms[ROUNDS];
    GeoCover *cover = NULL;
    for (int round = 0; round < ROUNDS; round++) {
        geo_cover_free(cover);
        double begin = now_us();
        cover = geo_cover_new(&box, 1);
        count_all(cover, points, first);
        ms[round] = (now_us() - begin) / 1000;
    }
    *median_ms = say("union", "gridbeat", "ms", ms, ROUNDS);
    printf("counts of 1 m: %.0f m2 seen, %.0f m2 by two or more\n", geo_cover_area_m2(cover, 1),
           geo_cover_area_m2(cover, 2));
    return cover;
}

static void bench_moves(const GeoEdges *edges, GRand *rand, const GeoEye *eyes,
                        const GArray *points, const uint32_t *first, GeoCover *cover)
{
    g_autofree double *us = g_new(double, MOVES);
    g_autoptr(GArray) field = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    for (int i = 0; i < MOVES; i++) {
        GeoEye eye = eyes[i];
        eye.at.x += real(rand, -5, 5);
        eye.at.y += real(rand, -5, 5);
        eye.heading_deg += real(rand, -20, 20);
        double begin = now_us();
        geo_cover_remove(cover, &g_array_index(points, GeoXY, first[i]), first[i + 1] - first[i]);
        g_array_set_size(field, 0);
        geo_view_polygon(edges, &eye, field);
        geo_cover_add(cover, (const GeoXY *)(const void *)field->data, field->len);
        us[i] = now_us() - begin;
    }
    say("move", "gridbeat", "us", us, MOVES);
    double p99 = us[MOVES * 99 / 100]; /* sorted */
    say("move p99", "gridbeat", "us", &p99, 1);
}

/* ---- peers ---- */

typedef struct {
    double median, mean;
} Own;

/* The same cameras one by one, as the peers are timed; after a round that nobody times. */
static Own bench_sample(const GeoEdges *edges, const GeoEye *eyes)
{
    double us[SAMPLE], sum = 0;
    g_autoptr(GArray) field = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    for (int round = 0; round < 2; round++) {
        sum = 0;
        for (int i = 0; i < SAMPLE; i++) {
            g_array_set_size(field, 0);
            double begin = now_us();
            geo_view_polygon(edges, &eyes[i * (N_CAMERAS / SAMPLE)], field);
            us[i] = now_us() - begin;
            sum += us[i];
        }
    }
    return (Own){say("view sampled", "gridbeat", "us", us, SAMPLE), sum / SAMPLE};
}

#ifdef HAVE_CGAL
/* The walls that reach into the square around the eye, four numbers each. */
static GArray *walls_near(const GeoEdges *edges, const GeoEye *eye)
{
    GArray *near = g_array_new(FALSE, FALSE, sizeof(double));
    const GeoEdge *all = geo_edges_all(edges);
    double r = eye->range_m;
    for (size_t i = 0; i < geo_edges_size(edges); i++) {
        const GeoEdge *edge = &all[i];
        if (fmax(edge->a.x, edge->b.x) < eye->at.x - r ||
            fmin(edge->a.x, edge->b.x) > eye->at.x + r ||
            fmax(edge->a.y, edge->b.y) < eye->at.y - r ||
            fmin(edge->a.y, edge->b.y) > eye->at.y + r)
            continue;
        double four[4] = {edge->a.x, edge->a.y, edge->b.x, edge->b.y};
        g_array_append_vals(near, four, 4);
    }
    return near;
}
#endif

static void bench_cgal(const GeoEdges *edges, const GeoEye *eyes, Own own)
{
#ifdef HAVE_CGAL
    double us[SAMPLE], sum = 0;
    for (int i = 0; i < SAMPLE; i++) {
        const GeoEye *eye = &eyes[i * (N_CAMERAS / SAMPLE)];
        g_autoptr(GArray) near = walls_near(edges, eye);
        double begin = now_us();
        size_t corners = peer_cgal_view((const double *)(const void *)near->data, near->len / 4,
                                        eye->at.x, eye->at.y, eye->range_m);
        us[i] = now_us() - begin;
        sum += us[i];
        if (corners < 3)
            printf("CGAL saw nothing from camera %d\n", i);
    }
    say_ratio("view", "CGAL (mean of its cameras)", own.mean, sum / SAMPLE);
    say_ratio("view", "CGAL (median)", own.median,
              say("view", peer_cgal_version(), "us", us, SAMPLE));
#else
    printf("view: no CGAL here (package libcgal-dev): not compared\n");
#endif
}

static double area_of(const GeoXY *ring, size_t n)
{
    double m2 = 0;
    for (size_t i = 0, j = n - 1; i < n; j = i++)
        m2 += ((ring[j].x - ring[0].x) * (ring[i].y - ring[0].y) -
               (ring[i].x - ring[0].x) * (ring[j].y - ring[0].y)) /
              2;
    return m2;
}

static void bench_shadows(GEOSContextHandle_t geos, const GeoEdges *edges, const GeoEye *eyes,
                          const GeoXY *points, const uint32_t *first, Own own)
{
    const GeoEdge *all = geo_edges_all(edges);
    GEOSSTRtree *tree = shadows_tree(geos, all, geo_edges_size(edges));
    double us[SAMPLE], sum = 0;
    int differ = 0;
    shadows_view(geos, tree, all, &eyes[0]); /* the first question sorts the tree */
    for (int i = 0; i < SAMPLE; i++) {
        int k = i * (N_CAMERAS / SAMPLE);
        double begin = now_us(), m2 = shadows_view(geos, tree, all, &eyes[k]);
        us[i] = now_us() - begin;
        sum += us[i];
        double own_m2 = area_of(points + first[k], first[k + 1] - first[k]);
        differ += fabs(m2 - own_m2) > 0.02 * own_m2 + 1;
    }
    printf("shadows: areas of %d of %d cameras differ by more than 2 %%\n", differ, SAMPLE);
    say_ratio("view shadows", "GEOS (mean of its cameras)", own.mean, sum / SAMPLE);
    say_ratio("view shadows", "GEOS (median)", own.median,
              say("view shadows", "GEOS " GEOS_VERSION, "us", us, SAMPLE));
    GEOSSTRtree_destroy_r(geos, tree);
}

/* The valid polygons, made before the clock starts. */
static double bench_geos_union(GEOSContextHandle_t geos, const GeoXY *points, const uint32_t *first,
                               double own_ms)
{
    double ms[3], m2 = 0;
    for (int round = 0; round < 3; round++) {
        g_autofree GEOSGeometry **fields = g_new(GEOSGeometry *, N_CAMERAS);
        for (int i = 0; i < N_CAMERAS; i++) {
            GEOSGeometry *raw = shadows_polygon(geos, points + first[i], first[i + 1] - first[i]);
            fields[i] = GEOSMakeValid_r(geos, raw);
            GEOSGeom_destroy_r(geos, raw);
        }
        GEOSGeometry *all =
            GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, fields, N_CAMERAS);
        double begin = now_us();
        GEOSGeometry *whole = GEOSUnaryUnion_r(geos, all);
        ms[round] = (now_us() - begin) / 1000;
        GEOSArea_r(geos, whole, &m2);
        GEOSGeom_destroy_r(geos, whole);
        GEOSGeom_destroy_r(geos, all);
    }
    say_ratio("union", "GEOSUnaryUnion", own_ms, say("union", "GEOS " GEOS_VERSION, "ms", ms, 3));
    return m2;
}

static void bench_clipper_union(const GeoXY *points, const uint32_t *first, double own_ms)
{
#ifdef HAVE_CLIPPER
    double ms[3];
    for (int round = 0; round < 3; round++) {
        double begin = now_us();
        double m2 = peer_clipper_union(&points->x, first, N_CAMERAS);
        ms[round] = (now_us() - begin) / 1000;
        if (round == 0)
            printf("Clipper: %.0f m2 seen\n", m2);
    }
    say_ratio("union", "Clipper", own_ms, say("union", peer_clipper_version(), "ms", ms, 3));
#else
    printf("union: no Clipper here (package libpolyclipping-dev): not compared\n");
#endif
}

/* ---- exact tiles ---- */

static void bench_agree(const GeoCover *cover, GeoExact *exact, double geos_m2)
{
    for (unsigned k = 1; k <= GEO_EXACT_LEVELS; k++) {
        double m2, raster = geo_cover_area_m2(cover, (uint8_t)k);
        if (!geo_exact_area(exact, k, &m2, NULL, NULL))
            return;
        double percent = 100 * fabs(raster - m2) / m2;
        printf("seen by %u: tiles %.1f m2, raster %.0f m2\n", k, m2, raster);
        g_autofree char *task = k == 1 ? g_strdup("agree") : g_strdup_printf("agree by %u", k);
        say(task, "gridbeat", "%", &percent, 1);
        if (k == 1)
            printf("GEOSUnaryUnion of the whole: %.1f m2\n", geos_m2);
    }
}

static void bench_exact(const GeoEdges *edges, GRand *rand, const GeoEye *eyes, const GeoXY *points,
                        const uint32_t *first, const GeoCover *cover, double geos_m2)
{
    g_autoptr(GeoExact) exact = geo_exact_new((GeoXY){-200, -200}, GEO_EXACT_TILE_M);
    double begin = now_us();
    for (int i = 0; i < N_CAMERAS; i++)
        geo_exact_put(exact, i, points + first[i], first[i + 1] - first[i], NULL, 1, NULL);
    geo_exact_refresh(exact, 1, NULL, NULL);
    double ms = (now_us() - begin) / 1000, us[EXACT_MOVES];
    say("exact", "gridbeat", "ms", &ms, 1);
    bench_agree(cover, exact, geos_m2);
    g_autoptr(GArray) field = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    geo_exact_refresh(exact, 1, NULL, NULL);
    for (int i = 0; i < EXACT_MOVES; i++) {
        int k = i * (N_CAMERAS / EXACT_MOVES);
        GeoEye eye = eyes[k];
        eye.at.x += real(rand, -5, 5);
        eye.at.y += real(rand, -5, 5);
        g_array_set_size(field, 0);
        begin = now_us();
        geo_view_polygon(edges, &eye, field);
        geo_exact_put(exact, k, (const GeoXY *)(const void *)field->data, field->len, NULL, 1,
                      NULL);
        geo_exact_refresh(exact, 1, NULL, NULL);
        us[i] = (now_us() - begin) / 1000;
    }
    say("exact move", "gridbeat", "ms", us, EXACT_MOVES);
}

int main(void)
{
    GRand *rand = g_rand_new_with_seed(20260101);
    double build[3];
    GeoEdges *edges = NULL;
    for (int i = 0; i < 3; i++) {
        geo_edges_free(edges);
        g_rand_set_seed(rand, 20260101);
        double begin = now_us();
        edges = make_city(rand);
        build[i] = (now_us() - begin) / 1000;
    }
    say("grid", "gridbeat", "ms", build, 3);
    GeoEye *eyes = g_new(GeoEye, N_CAMERAS);
    for (int i = 0; i < N_CAMERAS; i++)
        eyes[i] = make_eye(rand, edges);
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autofree uint32_t *first = g_new(uint32_t, N_CAMERAS + 1);
    GEOSContextHandle_t geos = GEOS_init_r();
    double union_ms;
    bench_views(edges, eyes, points, first);
    Own own = bench_sample(edges, eyes);
    const GeoXY *xy = (const GeoXY *)(const void *)points->data;
    bench_cgal(edges, eyes, own);
    bench_shadows(geos, edges, eyes, xy, first, own);
    GeoCover *cover = bench_cover(xy, first, &union_ms);
    double geos_m2 = bench_geos_union(geos, xy, first, union_ms);
    bench_clipper_union(xy, first, union_ms);
    bench_exact(edges, rand, eyes, xy, first, cover, geos_m2);
    bench_moves(edges, rand, eyes, points, first, cover);
    bench_machine("coverage");
    GEOS_finish_r(geos);
    geo_cover_free(cover);
    geo_edges_free(edges);
    g_free(eyes);
    g_rand_free(rand);
    return 0;
}
