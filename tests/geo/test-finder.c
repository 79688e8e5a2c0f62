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

static void an_id_is_found_however_it_is_typed(void)
{
    static const char *const texts[] = {"CAM-00142", "cam00142", "CAM142",
                                        "cam 142",   "Cam_0142", "ＣＡＭ－１４２"};
    g_autoptr(Town) town = small_town();
    GeoCamera *camera = add_point(town, GEO_KIND_CAMERA, NULL, "CAM-00142", 60, 50);
    camera->cameras = 1;
    camera = add_point(town, GEO_KIND_CAMERA, NULL, "CAM-01420", 60, 60);
    camera->cameras = 1;
    camera = add_point(town, GEO_KIND_CAMERA, "CAM-00900", "34010300001310000900", 70, 60);
    camera->cameras = 1;
    g_autoptr(GeoFinder) finder = load(town);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GArray) found = search(finder, texts[i], 1);
        g_test_message("%s", texts[i]);
        g_assert_cmpuint(found->len, ==, 1);
        g_assert_cmpstr(g_array_index(found, GeoFound, 0).code, ==, "CAM-00142");
        g_assert_cmpint(g_array_index(found, GeoFound, 0).rank, ==, 0);
    }
    assert_titles(finder, "cam 900", "CAM-00900"); /* its code is the national number */
    assert_titles(finder, "cam 143", "");
    assert_titles(finder, "ca 142", "");
    assert_titles(finder, "cam 0", "");
}

static void figures_outside_the_city_are_told(void)
{
    static const struct {
        const char *text, *says;
        double outside_km;
    } cases[] = {{"N31.852 E117.255", NULL, 0},
                 {"31°51'7.2\"N 117°15'18\"E", NULL, 0},
                 {"东经117.255 北纬31.852", NULL, 0},
                 {"31.852 117.255", "latitude first", 0},
                 {"116.39, 39.9", "OUTSIDE the city by", 890},
                 {"39.9, 116.39", "latitude first", 890}};
    g_autoptr(Town) town = small_town();
    g_autoptr(GeoFinder) finder = load(town);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) found = search(finder, cases[i].text, 5);
        g_test_message("%s", cases[i].text);
        g_assert_cmpuint(found->len, ==, 1);
        const GeoFound *spot = &g_array_index(found, GeoFound, 0);
        g_autofree char *reason = geo_found_dup_reason(spot);
        g_assert_true(!cases[i].says || strstr(reason, cases[i].says));
        g_assert_cmpint(!!(spot->why & GEO_WHY_OUTSIDE), ==, cases[i].outside_km > 0);
        g_assert_cmpfloat_with_epsilon(spot->outside_m, cases[i].outside_km * 1000, 10000);
        if (cases[i].outside_km > 0)
            continue;
        g_assert_cmpfloat_with_epsilon(spot->at.lon, 117.255, 1e-9);
        g_assert_cmpfloat_with_epsilon(spot->at.lat, 31.852, 1e-9);
    }
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

/* ---- as people say it ---- */

static void add_door(Town *town, int class, const char *road, const char *number,
                     const char *compound, const char *building, double x, double y)
{
    g_autofree char *code = g_strdup_printf("D%u", town->rows[GEO_KIND_ADDRESS]->rows->len);
    g_autofree char *name = g_strconcat(road ? road : compound, number ? number : building, NULL);
    GeoBatch *batch = town->rows[GEO_KIND_ADDRESS];
    GeoAddress *address = add_point(town, GEO_KIND_ADDRESS, name, code, x, y);
    address->class = class;
    address->road = geo_batch_text(batch, road);
    address->number = geo_batch_text(batch, number);
    address->compound = geo_batch_text(batch, compound);
    address->building = geo_batch_text(batch, building);
}

/* 徽州大道 runs north along x = 0, 长江路 east along y = 0; doors of 长江路 every 50 m 20 m north
 * of it, 2 to 20 but 8; a compound by either street, of one name. */
static Town *spoken_town(void)
{
    Town *town = town_new();
    add_area(town, "district", "庐阳区", "340103", -500, -500, 1500);
    add_area(town, "district", "包河区", "340111", 1000, -500, 1500);
    town_add_road(town, "长江路", (GeoXY){-200, 0}, (GeoXY){900, 0}, GEO_ROAD_PRIMARY);
    town_add_road(town, "徽州大道", (GeoXY){0, -200}, (GeoXY){0, 900}, GEO_ROAD_PRIMARY);
    town_add_road(town, "金寨路", (GeoXY){1500, 100}, (GeoXY){1500, 900}, GEO_ROAD_PRIMARY);
    for (int number = 2; number <= 20; number += 2) {
        g_autofree char *text = g_strdup_printf("%d号", number);
        if (number != 8)
            add_door(town, GEO_ADDRESS_DOOR, "长江路", text, NULL, NULL, 25 * number, 20);
    }
    for (int k = 0; k < 2; k++)
        for (int building = 1; building <= 3; building++) {
            g_autofree char *text = g_strdup_printf("%d栋", building);
            add_door(town, GEO_ADDRESS_BUILDING, NULL, NULL, "幸福小区", text,
                     k ? 1450 : 100 + 10 * building, k ? 300 + 10 * building : 150);
        }
    GeoAddress *alias = add_point(town, GEO_KIND_ADDRESS, "合百", "L2", 300, 60);
    alias->class = GEO_ADDRESS_ALIAS;
    add_point(town, GEO_KIND_FACILITY, "百货大楼", "L1", 300, 60);
    return town;
}

typedef struct {
    const char *asked, *title; /* of the first; NULL: nothing is to be found */
    double x, y;
    uint32_t why; /* bits that must be there */
    const char *unused;
} Saying;

static void assert_saying(Town *town, const GeoFinder *finder, const Saying *saying)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GeoFound));
    geo_finder_search(finder, saying->asked, town_lonlat(town, 600, 300), 5, found);
    if (!saying->title) {
        g_assert_cmpuint(found->len, ==, 0);
        return;
    }
    g_assert_cmpuint(found->len, >, 0);
    const GeoFound *hit = &g_array_index(found, GeoFound, 0);
    GeoXY at = geo_frame_xy(town->frame, hit->at);
    g_assert_cmpstr(hit->title, ==, saying->title);
    g_assert_cmphex(hit->why & saying->why, ==, saying->why);
    g_assert_cmpstr(hit->unused, ==, saying->unused);
    g_assert_cmpfloat_with_epsilon(at.x - town->origin.x, saying->x, 1.5);
    g_assert_cmpfloat_with_epsilon(at.y - town->origin.y, saying->y, 1.5);
    g_assert_cmpfloat(hit->score, >, 0);
    g_assert_cmpfloat(hit->score, <=, 1);
    g_autofree char *reason = geo_found_dup_reason(hit);
    g_assert_cmpuint(strlen(reason), >, 3);
}

static void sayings_are_understood(void)
{
    static const Saying sayings[] = {
        {"长江路6号", "长江路6号", 150, 20, GEO_WHY_SAME, ""},
        {"6号长江路", "长江路6号", 150, 20, GEO_WHY_SAME | GEO_WHY_NUMBER, ""},
        {"长江路6", "长江路6号", 150, 20, GEO_WHY_NUMBER, ""},
        {"长江路十二号", "长江路12号", 300, 20, GEO_WHY_NUMBER, ""},
        {"长江路幺二号", "长江路12号", 300, 20, GEO_WHY_NUMBER, ""},
        {"昌江路6号", "长江路6号", 150, 20, GEO_WHY_SOUND, ""},
        {"仓江路6号", "长江路6号", 150, 20, GEO_WHY_NEAR_SOUND, ""},
        {"zhangjianglu 6", "长江路6号", 150, 20, GEO_WHY_LETTERS, ""}, /* 长 is zhang too */
        {"cjl6号", "长江路6号", 150, 20, GEO_WHY_INITIALS, ""},
        {"江长路6号", "长江路6号", 150, 20, GEO_WHY_PART, ""},
        {"长江路8号", "长江路8号", 200, 20, GEO_WHY_BETWEEN, ""},
        {"长江路26号", "长江路26号", 500, 20, GEO_WHY_PAST, ""},
        {"长江路6号对面", "长江路6号", 150, -20, GEO_WHY_NUMBER, ""},
        {"长江路6号后面", "长江路6号", 150, 50, GEO_WHY_NUMBER, ""},
        {"长江路6号旁边", "长江路6号", 150, 20, GEO_WHY_NUMBER, ""},
        {"長江路6號對面", "长江路6号", 150, -20, GEO_WHY_SOUND, ""},
        {"長江路6號後面", "长江路6号", 150, 50, GEO_WHY_SOUND, ""},
        {"長江路與徽州大道交口", "长江路 × 徽州大道", 0, 0, GEO_WHY_CROSSING, ""},
        {"opposite 长江路6号", "长江路6号", 150, -20, GEO_WHY_NUMBER, ""},
        {"长江路6号北侧五十米", "长江路6号", 150, 70, GEO_WHY_NUMBER, ""},
        {"50 m east of 长江路6号", "长江路6号", 200, 20, GEO_WHY_NUMBER, ""},
        {"长江路6号往西南100米", "长江路6号", 79.3, -50.7, GEO_WHY_NUMBER, ""},
        {"3号楼 幸福小区 长江路", "幸福小区3栋", 130, 150, GEO_WHY_ON_STREET, ""},
        {"金寨路幸福小区二幢", "幸福小区2栋", 1450, 320, GEO_WHY_ON_STREET, ""},
        {"包河区幸福小区1栋", "幸福小区1栋", 1450, 310, GEO_WHY_IN_AREA, ""},
        {"长江路与徽州大道交口", "长江路 × 徽州大道", 0, 0, GEO_WHY_CROSSING, ""},
        {"徽州大道长江路口", "徽州大道 × 长江路", 0, 0, GEO_WHY_CROSSING, ""},
        {"corner of 长江路 and 徽州大道", "长江路 × 徽州大道", 0, 0, GEO_WHY_CROSSING, ""},
        {"合百", "合百", 300, 60, GEO_WHY_ALIAS, ""},
        {"长江路6号紫色飞碟", "长江路6号", 150, 20, GEO_WHY_NUMBER, "紫色飞碟"},
        {"town 长江路6号", "长江路6号", 150, 20, GEO_WHY_NUMBER, ""}, /* the city's own name */
        {"townhall 长江路6号", "长江路6号", 150, 20, GEO_WHY_NUMBER, "townhall"},
        {"Changjiang Road 6", "长江路6号", 150, 20, GEO_WHY_LETTERS, ""},
        {"6 chang jiang rd", "长江路6号", 150, 20, GEO_WHY_LETTERS, ""},
        {"Huizhou Avenue and Changjiang Road", "徽州大道 × 长江路", 0, 0, GEO_WHY_CROSSING, ""},
        {"长江路6号北4000000米", "长江路6号", 150, 20, GEO_WHY_NUMBER, "北4000000米"},
        {"34号", NULL, 0, 0, 0, ""},
        {"对面50米", NULL, 0, 0, 0, ""},
    };
    g_autoptr(Town) town = spoken_town();
    g_autoptr(GeoFinder) finder = load(town);
    for (size_t i = 0; i < G_N_ELEMENTS(sayings); i++) {
        g_test_message("%s", sayings[i].asked);
        assert_saying(town, finder, &sayings[i]);
    }
}

/* Parallel streets have no corner, and a place said of another street is not by it. */
static void what_does_not_fit_is_told(void)
{
    g_autoptr(Town) town = spoken_town();
    g_autoptr(GeoFinder) finder = load(town);
    g_autoptr(GArray) found = search(finder, "金寨路徽州大道交口", 5);
    for (guint i = 0; i < found->len; i++)
        g_assert_cmpint(g_array_index(found, GeoFound, i).kind, !=, GEO_FOUND_CROSSING);
    g_assert_cmpuint(found->len, >, 0);
    g_assert_cmpstr(g_array_index(found, GeoFound, 0).unused, !=, "");
    g_autoptr(GArray) door = search(finder, "金寨路长江路6号", 5);
    g_assert_cmpstr(g_array_index(door, GeoFound, 0).title, ==, "长江路6号");
    g_assert_cmpstr(g_array_index(door, GeoFound, 0).unused, ==, "金寨路");
}

static void coordinates_name_their_datum(void)
{
    g_autoptr(Town) town = spoken_town();
    g_autoptr(GeoFinder) finder = load(town);
    GeoLonLat p = {117.255, 31.852};
    const struct {
        const char *form;
        GeoLonLat at;
        GeoFoundDatum datum;
    } cases[] = {{"%.7f,%.7f", p, GEO_DATUM_WGS84},
                 {"WGS-84: %.7f %.7f", p, GEO_DATUM_WGS84},
                 {"gcj02:%.7f,%.7f", geo_coord_to_gcj02(p), GEO_DATUM_GCJ02},
                 {"%.7f,%.7f GCJ-02", geo_coord_to_gcj02(p), GEO_DATUM_GCJ02},
                 {"百度坐标：%.7f，%.7f", geo_coord_to_bd09(p), GEO_DATUM_BD09},
                 {"BD-09 %.7f %.7f", geo_coord_to_bd09(p), GEO_DATUM_BD09}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char text[80];
        const char *cut = strstr(cases[i].form, "%.7f");
        const char *between = cut + 4, *second = strstr(between, "%.7f");
        g_snprintf(text, sizeof text, "%.*s%.7f%.*s%.7f%s", (int)(cut - cases[i].form),
                   cases[i].form, cases[i].at.lon, (int)(second - between), between,
                   cases[i].at.lat, second + 4);
        g_autoptr(GArray) found = search(finder, text, 5);
        g_assert_cmpuint(found->len, ==, 1);
        const GeoFound *hit = &g_array_index(found, GeoFound, 0);
        g_assert_cmpint(hit->datum, ==, cases[i].datum);
        g_assert_cmpfloat(geo_coord_distance_m(hit->at, p), <, 0.5);
        g_autofree char *reason = geo_found_dup_reason(hit);
        g_assert_nonnull(strstr(reason, geo_datum_words[hit->datum]));
    }
}

/* The 百 of a spoken number is no beginning of the alias 合百; at the name's own end it may be. */
static void a_name_does_not_begin_within_a_number(void)
{
    g_autoptr(Town) town = spoken_town();
    g_autoptr(GeoFinder) finder = load(town);
    g_autoptr(GArray) found = search(finder, "长江路一百二十三号", 20);
    for (guint i = 0; i < found->len; i++)
        g_assert_cmpstr(g_array_index(found, GeoFound, i).title, !=, "合百");
    g_autoptr(GArray) alias = search(finder, "合百一号门", 20);
    g_assert_cmpuint(alias->len, >, 0);
    g_assert_cmpstr(g_array_index(alias, GeoFound, 0).title, ==, "合百");
}

/* A report as it was told, longer than a question can be: its place is found at either end. */
static void a_long_report_names_its_place(void)
{
    static const char told[] = "我刚才看到有两辆小轿车撞到一起了还有一个骑电动车的老人倒在地上"
                               "流了很多血情况看起来比较严重你们赶快派人过来看一下";
    g_autoptr(Town) town = spoken_town();
    g_autoptr(GeoFinder) finder = load(town);
    for (int way = 0; way < 2; way++) {
        g_autofree char *text = g_strconcat(way ? "在长江路与徽州大道交叉口，" : told,
                                            way ? told : "，位置就在长江路与徽州大道交叉口", NULL);
        g_autoptr(GArray) found = search(finder, text, 5);
        g_assert_cmpuint(found->len, >, 0);
        const GeoFound *hit = &g_array_index(found, GeoFound, 0);
        g_autofree char *reason = geo_found_dup_reason(hit);
        g_assert_cmpstr(hit->title, ==, "长江路 × 徽州大道");
        g_assert_true(hit->why & GEO_WHY_EXCERPT);
        g_assert_nonnull(strstr(reason, "in a part of the long text"));
        for (guint i = 1; i < found->len; i++)
            g_assert_cmpfloat(g_array_index(found, GeoFound, i).score, <=, hit->score);
    }
    assert_titles(finder, told, "");
    g_autofree char *block = g_strconcat(told, "，我住在幸福小区3号楼", NULL);
    g_autoptr(GArray) home = search(finder, block, 5);
    g_assert_cmpuint(home->len, >, 0);
    g_assert_cmpstr(g_array_index(home, GeoFound, 0).title, ==, "幸福小区3栋");
}

/* Any text at all: no crash, scores in order of being told, within bounds. */
static void any_text_is_borne(void)
{
    static const char *const parts[] = {"长江路", "6号",   "对面", "徽州", "cjl", "zhonglu", "北",
                                        "50米",   "十",    "口",   "，",   "'",   "é",       "号楼",
                                        "一百",   "00000", "#",    "与",   " ",   "ＡＢ",    "幸"};
    g_autoptr(Town) town = spoken_town();
    g_autoptr(GeoFinder) finder = load(town);
    for (int round = 0; round < 3000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int n = g_test_rand_int_range(0, round % 100 == 0 ? 90 : 9); n > 0; n--)
            g_string_append(text, parts[g_test_rand_int_range(0, G_N_ELEMENTS(parts))]);
        g_autoptr(GArray) found = search(finder, text->str, 7);
        g_assert_cmpuint(found->len, <=, 7);
        for (guint i = 0; i < found->len; i++) {
            const GeoFound *hit = &g_array_index(found, GeoFound, i);
            g_assert_true(geo_coord_valid(hit->at));
            g_assert_true(hit->score > 0 && hit->score <= 1);
            g_assert_true(g_utf8_validate(hit->title, -1, NULL));
            g_assert_true(g_utf8_validate(hit->unused, -1, NULL));
        }
    }
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
    g_test_add_func("/finder/an-id-is-found-however-it-is-typed",
                    an_id_is_found_however_it_is_typed);
    g_test_add_func("/finder/figures-outside-the-city-are-told", figures_outside_the_city_are_told);
    g_test_add_func("/finder/a-street-is-one-entry-and-lies-on-itself",
                    a_street_is_one_entry_and_lies_on_itself);
    g_test_add_func("/finder/an-address-like-a-facility-is-told-once",
                    an_address_like_a_facility_is_told_once);
    g_test_add_func("/finder/people-are-not-found", people_are_not_found);
    g_test_add_func("/finder/coordinates-are-a-place", coordinates_are_a_place);
    g_test_add_func("/finder/an-empty-city-finds-nothing", an_empty_city_finds_nothing);
    g_test_add_func("/finder/sayings-are-understood", sayings_are_understood);
    g_test_add_func("/finder/what-does-not-fit-is-told", what_does_not_fit_is_told);
    g_test_add_func("/finder/coordinates-name-their-datum", coordinates_name_their_datum);
    g_test_add_func("/finder/a-name-does-not-begin-within-a-number",
                    a_name_does_not_begin_within_a_number);
    g_test_add_func("/finder/a-long-report-names-its-place", a_long_report_names_its_place);
    g_test_add_func("/finder/any-text-is-borne", any_text_is_borne);
    g_test_add_func("/finder/a-search-is-the-head-of-a-plain-sort",
                    a_search_is_the_head_of_a_plain_sort);
    return g_test_run();
}
