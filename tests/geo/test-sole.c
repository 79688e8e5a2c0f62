/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/sole.h"

#include <stdlib.h>
#include <string.h>

#include "tests/geo/scene.h"

#define COLUMNS 300
#define ROWS 260
#define FIELDS 90
static const GeoBox box = {1000, 2000, 1000 + COLUMNS, 2000 + ROWS};

typedef struct {
    GeoXY xy[8]; /* a square and, for some, a hole of a square */
    uint32_t part_first[2];
    size_t n_parts;
} Field;

static void random_streets(GeoGround *ground)
{
    for (int i = 0; i < 14; i++) {
        GeoXY line[2] = {{scene_real(990, 1310), scene_real(1990, 2270)},
                         {scene_real(990, 1310), scene_real(1990, 2270)}};
        geo_ground_add_street(ground, line, 2, scene_real(3, 30), 0);
    }
}

static Field random_field(bool hole)
{
    GeoXY at = {scene_real(990, 1310), scene_real(1990, 2270)};
    double half = scene_real(5, 30), turn = scene_real(0, 1);
    Field field = {.part_first = {0, 4}, .n_parts = hole ? 2 : 1};
    for (int k = 0; k < 8; k++) {
        double reach = k < 4 ? half : half / 2, angle = turn + k * G_PI / 2;
        field.xy[k] = (GeoXY){at.x + reach * cos(angle), at.y + reach * sin(angle)};
    }
    return field;
}

/* The ring between a square and its hole, so that no count falls below 0 on the way. */
static void change(GeoCover *cover, const Field *field, bool add)
{
    if (add)
        geo_cover_add(cover, field->xy, 4);
    if (field->n_parts == 2)
        (add ? geo_cover_remove : geo_cover_add)(cover, field->xy + 4, 4);
    if (!add)
        geo_cover_remove(cover, field->xy, 4);
}

static int compare_numbers(const void *a, const void *b)
{
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

/* Sizes of the connected pieces of cells marked 1, sorted; their number. Wipes the marks. */
static int plain_pieces(uint8_t *cell, int *sizes)
{
    int n = 0;
    g_autofree int *stack = g_new(int, COLUMNS *ROWS);
    for (int start = 0; start < COLUMNS * ROWS; start++) {
        if (!cell[start])
            continue;
        int top = 0, size = 0;
        stack[top++] = start;
        cell[start] = 0;
        while (top > 0) {
            int at = stack[--top], x = at % COLUMNS, y = at / COLUMNS;
            const int next[4][2] = {{x + 1, y}, {x - 1, y}, {x, y + 1}, {x, y - 1}};
            size++;
            for (int k = 0; k < 4; k++) {
                int nx = next[k][0], ny = next[k][1];
                if (nx < 0 || ny < 0 || nx >= COLUMNS || ny >= ROWS || !cell[ny * COLUMNS + nx])
                    continue;
                cell[ny * COLUMNS + nx] = 0;
                stack[top++] = ny * COLUMNS + nx;
            }
        }
        sizes[n++] = size;
    }
    qsort(sizes, (size_t)n, sizeof *sizes, compare_numbers);
    return n;
}

static double slope(GeoXY p, void *user)
{
    (void)user;
    return (p.x - 1000) / 100;
}

/* Cells that go dark with the field: before and after its removal, cell by cell. */
static void check_pieces(GeoSole *sole, const GeoGround *ground, GeoCover *cover,
                         const Field *field, double ground_m2)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(GeoGap));
    geo_sole_pieces(sole, field->xy, field->part_first, field->n_parts, 4 * field->n_parts, 0,
                    slope, NULL, pieces);
    g_autofree uint8_t *cell = g_new0(uint8_t, COLUMNS * ROWS);
    for (int i = 0; i < COLUMNS * ROWS; i++) {
        GeoXY p = {1000.5 + i % COLUMNS, 2000.5 + i / COLUMNS};
        cell[i] = geo_ground_at(ground, p) && geo_cover_at(cover, p) == 1;
    }
    change(cover, field, false);
    double weight = 0, sum = 0, sum_weight = 0;
    for (int i = 0; i < COLUMNS * ROWS; i++) {
        int x = i % COLUMNS;
        cell[i] = cell[i] && geo_cover_at(cover, (GeoXY){1000.5 + x, 2000.5 + i / COLUMNS}) == 0;
        weight += cell[i] ? (x / 8 * 8 + 4) / 100.0 : 0;
    }
    change(cover, field, true);
    g_autofree int *wanted = g_new(int, COLUMNS *ROWS), *sizes = g_new(int, pieces->len + 1);
    int n = plain_pieces(cell, wanted);
    g_assert_cmpuint(pieces->len, ==, n);
    for (guint i = 0; i < pieces->len; i++) {
        const GeoGap *piece = &g_array_index(pieces, GeoGap, i);
        sizes[i] = (int)piece->area_m2;
        sum += piece->area_m2;
        sum_weight += piece->weight;
        g_assert_cmpint(geo_cover_at(cover, piece->at), ==, 1);
        g_assert_true(piece->at.x > piece->box.min_x && piece->at.x < piece->box.max_x);
        g_assert_true(piece->at.y > piece->box.min_y && piece->at.y < piece->box.max_y);
    }
    qsort(sizes, pieces->len, sizeof *sizes, compare_numbers);
    g_assert_cmpmem(sizes, pieces->len * sizeof *sizes, wanted, (gsize)n * sizeof *wanted);
    g_assert_cmpfloat(sum, ==, ground_m2);
    g_assert_cmpfloat_with_epsilon(sum_weight, weight, 1e-6);
}

static void test_loss(void)
{
    for (int round = 0; round < 4; round++) {
        g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
        g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
        random_streets(ground);
        Field field[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
            field[i] = random_field(i % 3 == 0);
            change(cover, &field[i], true);
        }
        g_autoptr(GeoSole) sole = geo_sole_new(ground, cover);
        GeoCoverShare whole = geo_ground_share(ground, cover);
        double lost = 0;
        for (int i = 0; i < FIELDS; i++) {
            double street_m, ground_m2;
            geo_sole_measure(sole, field[i].xy, field[i].part_first, field[i].n_parts,
                             4 * field[i].n_parts, &street_m, &ground_m2);
            change(cover, &field[i], false);
            GeoCoverShare without = geo_ground_share(ground, cover);
            change(cover, &field[i], true);
            g_assert_cmpfloat(ground_m2, ==, whole.ground_seen_m2 - without.ground_seen_m2);
            g_assert_cmpfloat_with_epsilon(street_m, whole.street_seen_m - without.street_seen_m,
                                           1e-3);
            lost += ground_m2;
            if (i % 9 == 0)
                check_pieces(sole, ground, cover, &field[i], ground_m2);
        }
        g_assert_cmpfloat(lost, ==, whole.seen_k_m2[0]); /* each such cell is just one's */
    }
}

static void test_small(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    GeoXY yard[4] = {{1010, 2010}, {1016, 2010}, {1016, 2013}, {1010, 2013}};
    GeoXY plaza[4] = {{1030, 2010}, {1060, 2010}, {1060, 2040}, {1030, 2040}};
    GeoXY view[4] = {{1000, 2000}, {1100, 2000}, {1100, 2100}, {1000, 2100}};
    geo_ground_add_square(ground, yard, NULL, 1, 4);
    geo_ground_add_square(ground, plaza, NULL, 1, 4);
    geo_cover_add(cover, view, 4);
    g_autoptr(GeoSole) sole = geo_sole_new(ground, cover);
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(GeoGap));
    geo_sole_pieces(sole, view, NULL, 1, 4, 19, NULL, NULL, pieces);
    g_assert_cmpuint(pieces->len, ==, 1);
    g_assert_cmpfloat(g_array_index(pieces, GeoGap, 0).area_m2, ==, 900);
    g_assert_cmpfloat(g_array_index(pieces, GeoGap, 0).weight, ==, 900);
    geo_sole_pieces(sole, view, NULL, 1, 4, 18, NULL, NULL, pieces);
    g_assert_cmpuint(pieces->len, ==, 3);
    geo_sole_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sole/equals-what-removal-loses", test_loss);
    g_test_add_func("/sole/small-pieces-are-left-out", test_small);
    return g_test_run();
}
