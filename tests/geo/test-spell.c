/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/spell.h"

#include "tests/geo/scene.h"

#define COLUMNS 220
#define ROWS 190
#define FIELDS 40
#define EVENTS 400
#define FROM_MS INT64_C(1767225600000)
static const GeoBox box = {1000, 2000, 1000 + COLUMNS, 2000 + ROWS};

typedef struct {
    GeoXY xy[6]; /* two triangles, even-odd */
    uint32_t part_first[2];
    uint32_t number;
    int open;
} Field;

static void random_field(GeoSpell *spell, Field *field)
{
    GeoXY at = {scene_real(990, 1230), scene_real(1990, 2200)};
    for (int k = 0; k < 6; k++) {
        double reach = k < 3 ? 40 : 12;
        field->xy[k] = (GeoXY){at.x + scene_real(-reach, reach), at.y + scene_real(-reach, reach)};
    }
    field->part_first[0] = 0;
    field->part_first[1] = 3;
    field->number = geo_spell_add(spell, field->xy, field->part_first, 2, 6);
    field->open = 0;
}

/* Second by second is too slow; event by event for each cell is plain enough. */
typedef struct {
    int count;
    int32_t since_s, longest_s;
} Cell;

static void plain_event(Cell *cells, const Field *field, int32_t now_s, int step)
{
    for (int i = 0; i < COLUMNS * ROWS; i++) {
        GeoXY p = {1000.5 + i % COLUMNS, 2000.5 + i / COLUMNS};
        if (scene_in_polygon(field->xy, 3, p) == scene_in_polygon(field->xy + 3, 3, p))
            continue;
        if (step > 0 && cells[i].count == 0)
            cells[i].longest_s = MAX(cells[i].longest_s, now_s - cells[i].since_s);
        cells[i].count += step;
        if (step < 0 && cells[i].count == 0)
            cells[i].since_s = now_s;
    }
}

static void random_events(GeoSpell *spell, Cell *cells)
{
    Field field[FIELDS];
    for (int i = 0; i < FIELDS; i++)
        random_field(spell, &field[i]);
    int32_t now_s = 0;
    for (int event = 0; event < EVENTS; event++) {
        Field *one = &field[g_test_rand_int_range(0, FIELDS)];
        if (event == EVENTS / 2) /* one that is known late */
            random_field(spell, one);
        now_s += g_test_rand_int_range(0, 900);
        int64_t at_ms = FROM_MS + now_s * INT64_C(1000) + g_test_rand_int_range(0, 1000);
        bool opens = one->open == 0 || (one->open < 3 && g_test_rand_bit());
        (opens ? geo_spell_open : geo_spell_shut)(spell, one->number, at_ms);
        one->open += opens ? 1 : -1;
        plain_event(cells, one, now_s, opens ? 1 : -1);
    }
    now_s += 5000;
    geo_spell_finish(spell, FROM_MS + now_s * INT64_C(1000));
    for (int i = 0; i < COLUMNS * ROWS; i++)
        if (cells[i].count == 0)
            cells[i].longest_s = MAX(cells[i].longest_s, now_s - cells[i].since_s);
}

static void test_plain(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    for (int i = 0; i < 12; i++) {
        GeoXY line[2] = {{scene_real(990, 1230), scene_real(1990, 2200)},
                         {scene_real(990, 1230), scene_real(1990, 2200)}};
        geo_ground_add_street(ground, line, 2, scene_real(3, 30), 0);
    }
    g_autoptr(GeoSpell) spell = geo_spell_new(ground, &box, FROM_MS);
    g_autofree Cell *cells = g_new0(Cell, COLUMNS * ROWS);
    random_events(spell, cells);
    const int32_t limit_s[4] = {0, 3600, 40000, INT32_MAX};
    double street_m[4], ground_m2[4], plain_m2[4] = {0};
    for (int i = 0; i < COLUMNS * ROWS; i++) {
        GeoXY p = {1000.5 + i % COLUMNS, 2000.5 + i / COLUMNS};
        bool is_ground = geo_ground_at(ground, p);
        g_assert_cmpint(geo_spell_longest_s(spell, p), ==, is_ground ? cells[i].longest_s : -1);
        for (int k = 0; is_ground && k < 4; k++)
            plain_m2[k] += cells[i].longest_s <= limit_s[k];
    }
    geo_spell_shares(spell, limit_s, 4, street_m, ground_m2);
    for (int k = 0; k < 4; k++) {
        g_assert_cmpfloat(ground_m2[k], ==, plain_m2[k]);
        g_assert_true(k == 0 || street_m[k] >= street_m[k - 1]);
    }
    g_autoptr(GeoCover) nobody = geo_cover_new(&box, 1);
    g_assert_cmpfloat_with_epsilon(street_m[3], geo_ground_share(ground, nobody).street_m, 1e-6);
    g_assert_cmpint(geo_spell_longest_s(spell, (GeoXY){0, 0}), ==, -1);
}

/* A visit of no length parts the time before from the time after. */
static void test_visit(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    GeoXY yard[4] = {{1010, 2010}, {1050, 2010}, {1050, 2020}, {1010, 2020}};
    GeoXY round_by[4] = {{1000, 2000}, {1030, 2000}, {1030, 2050}, {1000, 2050}};
    geo_ground_add_square(ground, yard, NULL, 1, 4);
    g_autoptr(GeoSpell) spell = geo_spell_new(ground, &box, FROM_MS);
    uint32_t visit = geo_spell_add(spell, round_by, NULL, 1, 4);
    geo_spell_open(spell, visit, FROM_MS + 3600000);
    geo_spell_shut(spell, visit, FROM_MS + 3600000);
    geo_spell_finish(spell, FROM_MS + 10000000);
    g_assert_cmpint(geo_spell_longest_s(spell, (GeoXY){1015, 2015}), ==, 6400);
    g_assert_cmpint(geo_spell_longest_s(spell, (GeoXY){1040, 2015}), ==, 10000);
    const int32_t limit_s[2] = {6400, 9999};
    double street_m[2], ground_m2[2];
    geo_spell_shares(spell, limit_s, 2, street_m, ground_m2);
    g_assert_cmpfloat(ground_m2[0], ==, 200);
    g_assert_cmpfloat(ground_m2[1], ==, 200);
    geo_spell_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spell/equals-following-every-cell", test_plain);
    g_test_add_func("/spell/a-visit-of-no-length-ends-a-spell", test_visit);
    return g_test_run();
}
