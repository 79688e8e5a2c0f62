/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Camera coverage over a synthetic city: 25,200 blocks of eight walls on 12 x 12 km (201,600
 * edges), 12,000 cameras of 30 to 150 m, all from one seed, one thread. A move is what an edit
 * costs: the old field taken from the counts, a new one cut and added. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "geo/calc/cover.h"
#include "geo/calc/view.h"

#define N_HOUSES 25200
#define N_CAMERAS 12000
#define SIDE_M 12000.0
#define BAND_M 256.0
#define ROUNDS 7
#define MOVES 4000

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

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void print_figure(const char *task, const char *unit, double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    printf("BENCH|coverage|%s|gridbeat|%s|%.2f|%.2f|%.2f|%zu\n", task, unit, values[n / 2],
           values[0], values[n - 1], n);
}

static double now_us(void)
{
    return (double)g_get_monotonic_time();
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
    print_figure("view", "us", us, ROUNDS);
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

static GeoCover *bench_cover(const GeoXY *points, const uint32_t *first)
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
    print_figure("union", "ms", ms, ROUNDS);
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
    print_figure("move", "us", us, MOVES);
    printf("BENCH|coverage|move p99|gridbeat|us|%.2f|%.2f|%.2f|%d\n", us[MOVES * 99 / 100], us[0],
           us[MOVES - 1], MOVES);
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
    print_figure("grid", "ms", build, 3);
    GeoEye *eyes = g_new(GeoEye, N_CAMERAS);
    for (int i = 0; i < N_CAMERAS; i++)
        eyes[i] = make_eye(rand, edges);
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autofree uint32_t *first = g_new(uint32_t, N_CAMERAS + 1);
    bench_views(edges, eyes, points, first);
    GeoCover *cover = bench_cover((const GeoXY *)(const void *)points->data, first);
    bench_moves(edges, rand, eyes, points, first, cover);
    struct utsname name;
    uname(&name);
    printf("BENCH|coverage|machine|%s %s %s, %u cores\n", name.sysname, name.release, name.machine,
           g_get_num_processors());
    geo_cover_free(cover);
    geo_edges_free(edges);
    g_free(eyes);
    g_rand_free(rand);
    return 0;
}
