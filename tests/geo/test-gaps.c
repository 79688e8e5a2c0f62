/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/gaps.h"

#include <string.h>

#include "geo/model/error.h"
#include "tests/geo/scene.h"

#define COLUMNS 400
#define ROWS 300
static const GeoBox box = {1000, 2000, 1000 + COLUMNS, 2000 + ROWS};

static double slope_weight(GeoXY p, void *user)
{
    return fmax(0, (p.x - 1100) * 0.01) + (p.y > 2150);
}

/* The plain twin's weight of a cell: that of the middle of its patch. */
static double cell_weight(GeoWeightFunc weight, int x, int y)
{
    GeoXY middle = {1000 + x / 8 * 8 + 4, 2000 + y / 8 * 8 + 4};
    return weight ? weight(middle, NULL) : 1;
}

typedef struct {
    double area_m2, weight;
    int n_label;
} Plain;

static bool unseen(const GeoGround *ground, const GeoCover *cover, int x, int y)
{
    GeoXY p = {1000 + x + 0.5, 2000 + y + 0.5};
    return geo_ground_at(ground, p) && geo_cover_at(cover, p) == 0;
}

/* Flood fill within blocks of side cells; label[cell] from 1 on. */
static GArray *plain_pieces(const GeoGround *ground, const GeoCover *cover, int side,
                            GeoWeightFunc weight, int *label)
{
    GArray *pieces = g_array_new(FALSE, FALSE, sizeof(Plain));
    g_autofree int *stack = g_new(int, COLUMNS *ROWS);
    for (int start = 0; start < COLUMNS * ROWS; start++) {
        if (label[start] || !unseen(ground, cover, start % COLUMNS, start / COLUMNS))
            continue;
        Plain piece = {.n_label = (int)pieces->len + 1};
        int n = 0;
        stack[n++] = start;
        label[start] = piece.n_label;
        while (n > 0) {
            int cell = stack[--n], x = cell % COLUMNS, y = cell / COLUMNS;
            piece.area_m2 += 1;
            piece.weight += cell_weight(weight, x, y);
            const int next[4][2] = {{x + 1, y}, {x - 1, y}, {x, y + 1}, {x, y - 1}};
            for (int k = 0; k < 4; k++) {
                int nx = next[k][0], ny = next[k][1];
                if (nx < 0 || ny < 0 || nx >= COLUMNS || ny >= ROWS || nx / side != x / side ||
                    ny / side != y / side || label[ny * COLUMNS + nx] ||
                    !unseen(ground, cover, nx, ny))
                    continue;
                label[ny * COLUMNS + nx] = piece.n_label;
                stack[n++] = ny * COLUMNS + nx;
            }
        }
        g_array_append_val(pieces, piece);
    }
    return pieces;
}

static void random_city(GeoGround *ground, GeoCover *cover)
{
    for (int i = 0; i < 10; i++) {
        GeoXY line[2] = {{scene_real(990, 1410), scene_real(1990, 2310)},
                         {scene_real(990, 1410), scene_real(1990, 2310)}};
        geo_ground_add_street(ground, line, 2, scene_real(3, 30), 0);
    }
    for (int i = 0; i < 120; i++) {
        GeoXY tri[3];
        GeoXY at = {scene_real(1000, 1400), scene_real(2000, 2300)};
        for (int k = 0; k < 3; k++)
            tri[k] = (GeoXY){at.x + scene_real(-12, 12), at.y + scene_real(-12, 12)};
        if (i % 4)
            geo_cover_add(cover, tri, 3);
        else
            geo_ground_cut(ground, tri, NULL, 1, 3);
    }
}

/* The outline holds just the cells of the label. */
static void check_outline(const GeoGaps *gaps, size_t i, const int *label, int wanted)
{
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    geo_gaps_outline(gaps, i, points, first);
    g_assert_cmpuint(first->len, >, 0);
    g_autofree uint8_t *inside = g_new0(uint8_t, COLUMNS * ROWS);
    double area = 0;
    for (guint part = 0; part < first->len; part++) {
        uint32_t begin = g_array_index(first, uint32_t, part);
        uint32_t end =
            part + 1 < first->len ? g_array_index(first, uint32_t, part + 1) : points->len;
        const GeoXY *ring = &g_array_index(points, GeoXY, begin);
        g_assert_cmpuint(end - begin, >=, 5);
        g_assert_true(ring[0].x == ring[end - begin - 1].x && ring[0].y == ring[end - begin - 1].y);
        for (uint32_t k = 0; k + 1 < end - begin; k++) {
            g_assert_true((ring[k].x == ring[k + 1].x) != (ring[k].y == ring[k + 1].y));
            area += (ring[k].x * ring[k + 1].y - ring[k].y * ring[k + 1].x) / 2;
        }
        for (int cell = 0; cell < COLUMNS * ROWS; cell++)
            inside[cell] ^= scene_in_polygon(
                ring, end - begin - 1, (GeoXY){1000.5 + cell % COLUMNS, 2000.5 + cell / COLUMNS});
    }
    for (int cell = 0; cell < COLUMNS * ROWS; cell++)
        g_assert_true(inside[cell] == (label[cell] == wanted));
    size_t n;
    g_assert_cmpfloat_with_epsilon(area, geo_gaps_all(gaps, &n)[i].area_m2, 1e-6);
}

static void test_pieces(void)
{
    for (int round = 0; round < 6; round++) {
        g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
        g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
        random_city(ground, cover);
        g_autoptr(GeoCover) other = geo_cover_new(&box, 1);
        g_autoptr(GeoGround) more = geo_ground_new(&box, 1);
        random_city(more, other);
        int side = round % 2 ? 64 : 128;
        GeoWeightFunc weight = round % 3 ? slope_weight : NULL;
        g_autofree int *label = g_new0(int, COLUMNS *ROWS);
        g_autoptr(GArray) plain = plain_pieces(ground, cover, side, weight, label);
        g_autoptr(GeoGaps) gaps = geo_gaps_find(ground, cover, side, 0, weight, NULL, NULL, NULL);
        size_t n;
        const GeoGap *all = geo_gaps_all(gaps, &n);
        g_assert_cmpuint(n, ==, plain->len);
        g_autofree double *overlaps_m2 = g_new(double, n + 1);
        geo_gaps_overlap(gaps, other, overlaps_m2);
        for (size_t i = 0; i < n; i++) {
            int x = (int)floor(all[i].at.x - 1000), y = (int)floor(all[i].at.y - 2000);
            int which = label[y * COLUMNS + x];
            g_assert_cmpint(which, >, 0);
            Plain *piece = &g_array_index(plain, Plain, which - 1);
            g_assert_cmpfloat(all[i].area_m2, ==, piece->area_m2);
            g_assert_cmpfloat_with_epsilon(all[i].weight, piece->weight,
                                           1e-9 * (1 + piece->weight));
            g_assert_true(i == 0 || all[i - 1].weight >= all[i].weight);
            piece->area_m2 = -1; /* each just once */
            double overlap_m2 = 0;
            for (int cell = 0; cell < COLUMNS * ROWS; cell++)
                overlap_m2 += label[cell] == which &&
                              geo_cover_at(other, (GeoXY){1000.5 + cell % COLUMNS,
                                                          2000.5 + cell / COLUMNS}) > 0;
            g_assert_cmpfloat(overlaps_m2[i], ==, overlap_m2);
            if (i < 3)
                check_outline(gaps, i, label, which);
        }
    }
}

/* After each change near a place: what a search from the start finds. */
static void test_refresh(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    random_city(ground, cover);
    g_autoptr(GeoGaps) kept = geo_gaps_find(ground, cover, 64, 5, slope_weight, NULL, NULL, NULL);
    for (int round = 0; round < 60; round++) {
        GeoXY at = {scene_real(950, 1450), scene_real(1950, 2350)}, tri[3];
        GeoBox changed = GEO_BOX_EMPTY;
        for (int k = 0; k < 3; k++) {
            tri[k] = (GeoXY){at.x + scene_real(-40, 40), at.y + scene_real(-40, 40)};
            geo_box_add(&changed, tri[k]);
        }
        geo_cover_add(cover, tri, 3);
        geo_gaps_refresh(kept, &changed, slope_weight, NULL);
        g_autoptr(GeoGaps) fresh =
            geo_gaps_find(ground, cover, 64, 5, slope_weight, NULL, NULL, NULL);
        size_t n, wanted;
        const GeoGap *all = geo_gaps_all(kept, &n), *right = geo_gaps_all(fresh, &wanted);
        g_assert_cmpuint(n, ==, wanted);
        for (size_t i = 0; i < n; i++)
            g_assert_true(all[i].weight == right[i].weight && all[i].at.x == right[i].at.x &&
                          all[i].at.y == right[i].at.y && all[i].area_m2 == right[i].area_m2);
    }
}

static void test_small(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    GeoXY yard[4] = {{1010, 2010}, {1016, 2010}, {1016, 2013}, {1010, 2013}};
    GeoXY plaza[4] = {{1200, 2200}, {1230, 2200}, {1230, 2230}, {1200, 2230}};
    geo_ground_add_square(ground, yard, NULL, 1, 4);
    geo_ground_add_square(ground, plaza, NULL, 1, 4);
    size_t n;
    g_autoptr(GeoGaps) big = geo_gaps_find(ground, cover, 128, 19, NULL, NULL, NULL, NULL);
    const GeoGap *all = geo_gaps_all(big, &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpfloat(all[0].area_m2, ==, 900);
    g_assert_cmpfloat(all[0].box.min_x, ==, 1200);
    g_assert_cmpfloat(all[0].box.max_y, ==, 2230);
    g_autoptr(GeoGaps) both = geo_gaps_find(ground, cover, 128, 18, NULL, NULL, NULL, NULL);
    geo_gaps_all(both, &n);
    g_assert_cmpuint(n, ==, 2);
    geo_cover_add(cover, plaza, 4);
    g_autoptr(GeoGaps) seen = geo_gaps_find(ground, cover, 128, 19, NULL, NULL, NULL, NULL);
    geo_gaps_all(seen, &n);
    g_assert_cmpuint(n, ==, 0);
}

static void test_cancel(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    g_autoptr(GError) error = NULL;
    geo_progress_cancel(progress);
    g_assert_null(geo_gaps_find(ground, cover, 128, 0, NULL, NULL, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
    geo_gaps_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gaps/pieces-and-outlines-equal-flood-fill", test_pieces);
    g_test_add_func("/gaps/a-refresh-finds-what-a-search-finds", test_refresh);
    g_test_add_func("/gaps/small-and-seen-ones-are-left-out", test_small);
    g_test_add_func("/gaps/cancel-stops", test_cancel);
    return g_test_run();
}
