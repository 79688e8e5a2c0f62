/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/finder.h"

#include <string.h>

#include "town.h"

static GeoFinder *load(Town *town)
{
    g_autoptr(GError) error = NULL;
    town_finish(town);
    GeoFinder *finder = geo_finder_load(town->store, NULL, &error);
    g_assert_no_error(error);
    return finder;
}

static void *add_point(Town *town, GeoKind kind, const char *name, const char *code, double x,
                       double y)
{
    GeoRow *row = town_add(town, kind, code);
    row->name = geo_batch_text(town->rows[kind], name);
    town_draw(town, kind, GEO_SHAPE_POINT, &(GeoXY){x, y}, 1);
    return geo_batch_row(town->rows[kind], town->rows[kind]->rows->len - 1);
}

static void add_area(Town *town, const char *level, const char *name, const char *code, double west,
                     double south, double side)
{
    GeoArea *area = town_add(town, GEO_KIND_AREA, code);
    area->level = geo_batch_word(town->rows[GEO_KIND_AREA], level);
    area->row.name = geo_batch_text(town->rows[GEO_KIND_AREA], name);
    town_draw_box(town, GEO_KIND_AREA, west, south, west + side, south + side);
}

/* Two districts side by side, a community and a grid in the western, and one thing of each kind. */
static Town *small_town(void)
{
    Town *town = town_new();
    add_area(town, "grid", "Lake community grid 01", "34010401401401", 0, 0, 200);
    for (int i = 0; i < 3; i++) /* the level of most areas is the smallest */
        add_area(town, "grid", "other", "other", 600 + 100 * i, 600, 100);
    add_area(town, "community", "Lake community", "340104014014", 0, 0, 500);
    add_area(town, "community", "Hill community", "340104014015", 500, 0, 400);
    add_area(town, "community", "蜀山社区", "340104014016", 0, 500, 400);
    add_area(town, "district", "Lake", "340104", 0, 0, 1000);
    add_area(town, "district", "蜀山区", "340111", 1000, 0, 1000);
    town_add_road(town, "长江中路", (GeoXY){0, 100}, (GeoXY){300, 100}, GEO_ROAD_PRIMARY);
    town_add_road(town, "长江中路", (GeoXY){300, 100}, (GeoXY){900, 100}, GEO_ROAD_PRIMARY);
    town_add_road(town, "长江中路", (GeoXY){9000, 100}, (GeoXY){9500, 100}, GEO_ROAD_PRIMARY);
    add_point(town, GEO_KIND_FACILITY, "South Lake School", "F1", 400, 400);
    add_point(town, GEO_KIND_FACILITY, "Blakelake Market", "F2", 410, 400);
    add_point(town, GEO_KIND_ADDRESS, "South Lake School", "A1", 405, 400);
    add_point(town, GEO_KIND_ADDRESS, "South Lake School", "A2", 1500, 400);
    GeoCamera *camera = add_point(town, GEO_KIND_CAMERA, NULL, "34010400001310000017", 50, 50);
    camera->cameras = 1;
    town_add(town, GEO_KIND_BASE, "B1");
    town_draw_box(town, GEO_KIND_BASE, 1200, 200, 1300, 300);
    GeoUnit *unit = add_point(town, GEO_KIND_UNIT, "Lakeman", "PATROL-7", 10, 10);
    unit->status = GEO_STATUS_AVAILABLE;
    return town;
}

static GArray *search(const GeoFinder *finder, const char *text, size_t max)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(GeoFound));
    geo_finder_search(finder, text, (GeoLonLat){117.25, 31.85}, max, found);
    return found;
}

/* The titles found, with bars between. */
static char *dup_titles(const GeoFinder *finder, const char *text)
{
    g_autoptr(GArray) found = search(finder, text, 20);
    GString *titles = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++)
        g_string_append_printf(titles, "%s%s", i ? "|" : "",
                               g_array_index(found, GeoFound, i).title);
    return g_string_free(titles, FALSE);
}

static void assert_titles(const GeoFinder *finder, const char *text, const char *wanted)
{
    g_autofree char *titles = dup_titles(finder, text);
    g_assert_cmpstr(titles, ==, wanted);
}

static void the_same_comes_before_the_like(void)
{
    g_autoptr(Town) town = small_town();
    g_autoptr(GeoFinder) finder = load(town);
    assert_titles(finder, "lake",
                  "Lake|Lake community|Lake community grid 01|South Lake School|South Lake School|"
                  "Blakelake Market");
    assert_titles(finder, " ＬＡＫＥ ", /* full width */
                  "Lake|Lake community|Lake community grid 01|South Lake School|South Lake School|"
                  "Blakelake Market");
    assert_titles(finder, "蜀山", "蜀山区|蜀山社区");
    assert_titles(finder, "山社", "蜀山社区");
    assert_titles(finder, "no such place", "");
    assert_titles(finder, "  ", "");
    g_autoptr(GArray) one = search(finder, "lake", 1);
    g_assert_cmpuint(one->len, ==, 1);
    g_assert_cmpint(g_array_index(one, GeoFound, 0).rank, ==, 0);
}

static void codes_are_found_by_their_beginning_and_short_form(void)
{
    g_autoptr(Town) town = small_town();
    g_autoptr(GeoFinder) finder = load(town);
    assert_titles(finder, "340104014014", "Lake community|Lake community grid 01");
    assert_titles(finder, "014-01", "Lake community grid 01");
    assert_titles(finder, "014-02", "");
    assert_titles(finder, "3401040000131000001", "34010400001310000017");
    assert_titles(finder, "10000017", "34010400001310000017"); /* the end of a long code */
    assert_titles(finder, "017", "");
    g_autoptr(GArray) found = search(finder, "014-01", 5);
    const GeoFound *grid = &g_array_index(found, GeoFound, 0);
    g_assert_cmpstr(grid->level, ==, "grid");
    g_assert_cmpstr(grid->code, ==, "34010401401401");
    g_assert_cmpstr(grid->district, ==, "Lake");
    g_assert_false(geo_bounds_empty(&grid->bounds));
}

static void a_street_is_one_entry_and_lies_on_itself(void)
{
    g_autoptr(Town) town = small_town();
    g_autoptr(GeoFinder) finder = load(town);
    g_autoptr(GArray) found = search(finder, "长江", 20);
    g_assert_cmpuint(found->len, ==, 2); /* two pieces are one, the far one is another */
    const GeoFound *near = &g_array_index(found, GeoFound, 0);
    GeoXY at = geo_frame_xy(town->frame, near->at);
    g_assert_cmpfloat_with_epsilon(at.x - town->origin.x, 300, 0.1);
    g_assert_cmpfloat_with_epsilon(at.y - town->origin.y, 100, 0.1);
    g_assert_cmpstr(near->district, ==, "Lake");
    g_assert_null(g_array_index(found, GeoFound, 1).district);
    g_assert_cmpfloat_with_epsilon(
        geo_frame_xy(town->frame, (GeoLonLat){near->bounds.east, near->bounds.north}).x -
            town->origin.x,
        900, 1);
}

static void an_address_like_a_facility_is_told_once(void)
{
    g_autoptr(Town) town = small_town();
    g_autoptr(GeoFinder) finder = load(town);
    g_autoptr(GArray) found = search(finder, "south lake school", 20);
    g_assert_cmpuint(found->len, ==, 2);
    g_assert_cmpint(g_array_index(found, GeoFound, 0).kind, ==, GEO_FOUND_FACILITY);
    g_assert_cmpstr(g_array_index(found, GeoFound, 1).code, ==, "A2"); /* elsewhere: another */
    g_assert_cmpstr(g_array_index(found, GeoFound, 1).district, ==, "蜀山区");
}

static void people_are_not_found(void)
{
    g_autoptr(Town) town = small_town();
    g_autoptr(GeoFinder) finder = load(town);
    assert_titles(finder, "Lakeman", "");
    assert_titles(finder, "PATROL-7", "");
}

static void coordinates_are_a_place(void)
{
    g_autoptr(Town) town = small_town();
    g_autoptr(GeoFinder) finder = load(town);
    static const char *const texts[] = {"117.255, 31.852", "31.852 117.255",
                                        "１１７．２５５，31.852"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GArray) found = search(finder, texts[i], 5);
        g_assert_cmpuint(found->len, ==, 1);
        const GeoFound *spot = &g_array_index(found, GeoFound, 0);
        g_assert_cmpint(spot->kind, ==, GEO_FOUND_COORDINATES);
        g_assert_cmpfloat_with_epsilon(spot->at.lon, 117.255, 1e-9);
        g_assert_cmpfloat_with_epsilon(spot->at.lat, 31.852, 1e-9);
        g_assert_cmpstr(spot->district, ==, "Lake");
    }
    assert_titles(finder, "12 14", "");     /* numbers, not near the city */
    assert_titles(finder, "200.5, 99", ""); /* nowhere */
}

static void an_empty_city_finds_nothing(void)
{
    g_autoptr(Town) town = town_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoFinder) finder = geo_finder_load(town->store, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(geo_finder_size(finder), ==, 0);
    assert_titles(finder, "lake", "");
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    geo_progress_cancel(progress);
    g_autoptr(Town) full = small_town();
    town_finish(full);
    g_assert_null(geo_finder_load(full->store, progress, &error));
    g_assert_nonnull(error);
}

/* ---- against a plain sort of everything ---- */

typedef struct {
    const char *title;
    int rank, kind;
    double off_m;
    int64_t id;
} Plain;

static int plain_rank(const char *title, const char *wanted)
{
    g_autofree char *lower = g_ascii_strdown(title, -1);
    if (!strcmp(lower, wanted))
        return 0;
    if (g_str_has_prefix(lower, wanted))
        return 1;
    g_auto(GStrv) words = g_strsplit_set(lower, " -", -1);
    for (char **word = words; *word; word++) { /* wanted is one word here */
        if (g_str_has_prefix(*word, wanted))
            return 2;
    }
    return strstr(lower, wanted) ? 3 : -1;
}

static int by_merit(const void *a, const void *b)
{
    const Plain *p = a, *q = b;
    if (p->rank != q->rank)
        return p->rank - q->rank;
    if (p->kind != q->kind)
        return p->kind - q->kind;
    return (p->off_m > q->off_m) - (p->off_m < q->off_m);
}

static char *dup_random_title(void)
{
    static const char *const parts[] = {"oak", "Oak", " ",  "-",    "river",
                                        "st",  "1",   "12", "长江", "k"};
    GString *title = g_string_new(parts[g_test_rand_int_range(0, 2)]);
    for (int n = g_test_rand_int_range(0, 5); n > 0; n--)
        g_string_append(title, parts[g_test_rand_int_range(0, G_N_ELEMENTS(parts))]);
    return g_string_free(g_string_append(title, "r"), FALSE);
}

static GArray *plain_search(Town *town, const char *wanted, GeoXY near)
{
    static const GeoKind kinds[] = {GEO_KIND_FACILITY, GEO_KIND_ADDRESS};
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Plain));
    for (int k = 0; k < 2; k++) {
        const GeoBatch *rows = town->rows[kinds[k]];
        for (guint i = 0; i < rows->rows->len; i++) {
            const GeoRow *row = geo_batch_row(rows, i);
            GeoLonLat at;
            geo_batch_first(rows, row, &at);
            GeoXY p = geo_frame_xy(town->frame, at);
            Plain one = {row->name, plain_rank(row->name, wanted), k,
                         hypot(p.x - near.x, p.y - near.y), row->id};
            if (one.rank >= 0)
                g_array_append_val(all, one);
        }
    }
    g_array_sort(all, by_merit);
    return all;
}

static void a_search_is_the_head_of_a_plain_sort(void)
{
    g_autoptr(Town) town = town_new();
    for (int i = 0; i < 1500; i++) {
        g_autofree char *name = dup_random_title(), *code = g_strdup_printf("#%d", i);
        bool facility = i % 3 == 0; /* far from any address, so that none is told but once */
        add_point(town, facility ? GEO_KIND_FACILITY : GEO_KIND_ADDRESS, name, code,
                  g_test_rand_double_range(0, 3000),
                  g_test_rand_double_range(0, 3000) + (facility ? 5000 : 0));
    }
    g_autoptr(GeoFinder) finder = load(town);
    g_assert_cmpuint(geo_finder_size(finder), ==, 1500);
    static const char *const wanted[] = {"oak", "oakr", "r", "st", "12", "1r", "长江", "江", "kr"};
    for (size_t w = 0; w < G_N_ELEMENTS(wanted); w++) {
        GeoXY near = {town->origin.x + g_test_rand_double_range(0, 3000),
                      town->origin.y + g_test_rand_double_range(0, 6000)};
        g_autoptr(GArray) all = plain_search(town, wanted[w], near);
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GeoFound));
        geo_finder_search(finder, wanted[w], geo_frame_lonlat(town->frame, near), 40, found);
        g_assert_cmpuint(found->len, ==, MIN(all->len, 40));
        for (guint i = 0; i < found->len; i++) {
            const GeoFound *hit = &g_array_index(found, GeoFound, i);
            const Plain *plain = &g_array_index(all, Plain, i);
            g_assert_cmpint(hit->rank, ==, plain->rank);
            g_assert_cmpint(hit->kind == GEO_FOUND_ADDRESS, ==, plain->kind);
            GeoXY p = geo_frame_xy(town->frame, hit->at); /* degrees bend: 0.1 % of nearness */
            g_assert_cmpfloat(fabs(hypot(p.x - near.x, p.y - near.y) - plain->off_m), <,
                              5 + plain->off_m / 100);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/finder/the-same-comes-before-the-like", the_same_comes_before_the_like);
    g_test_add_func("/finder/codes-are-found-by-their-beginning-and-short-form",
                    codes_are_found_by_their_beginning_and_short_form);
    g_test_add_func("/finder/a-street-is-one-entry-and-lies-on-itself",
                    a_street_is_one_entry_and_lies_on_itself);
    g_test_add_func("/finder/an-address-like-a-facility-is-told-once",
                    an_address_like_a_facility_is_told_once);
    g_test_add_func("/finder/people-are-not-found", people_are_not_found);
    g_test_add_func("/finder/coordinates-are-a-place", coordinates_are_a_place);
    g_test_add_func("/finder/an-empty-city-finds-nothing", an_empty_city_finds_nothing);
    g_test_add_func("/finder/a-search-is-the-head-of-a-plain-sort",
                    a_search_is_the_head_of_a_plain_sort);
    return g_test_run();
}
