/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of departments and service items: the shipped one whole, what suggests an item, where
 * each of them goes, and what a broken list says. */
#include <string.h>

#include "geo/model/error.h"
#include "geo/model/servicebook.h"
#include "geo/store/servicefile.h"

static GeoServiceBook *shipped(void)
{
    g_autoptr(GError) error = NULL;
    GeoServiceBook *book = geo_servicefile_shipped(&error);
    g_assert_no_error(error);
    return book;
}

static void test_shipped(void)
{
    g_autoptr(GeoServiceBook) book = shipped();
    g_assert_cmpuint(book->departments->len, ==, 17);
    g_assert_cmpuint(book->items->len, ==, 189);
    guint per_department[17] = {0}, per_tier[GEO_N_LEVELS] = {0}, mediation = 0;
    for (guint i = 0; i < book->items->len; i++) {
        const GeoServiceItem *item = geo_servicebook_item(book, i);
        per_department[item->department]++;
        per_tier[item->tier]++;
        mediation += item->mediation;
        g_assert_cmpint(item->accept_min, <, item->report_min);
        g_assert_cmpint(item->arrive_min, <=, item->report_min);
        g_assert_true(item->priority > 1 || (item->accept_min <= 1 && item->arrive_min > 0));
        g_assert_true(geo_servicebook_find(book, item->code) == item);
        g_assert_true(geo_servicebook_find(book, item->name) == item);
        g_assert_true(geo_servicebook_find(book, item->name_zh) == item);
    }
    for (int i = 0; i < 17; i++)
        g_assert_cmpuint(per_department[i], >=, 8);
    for (int i = GEO_LEVEL_GRID; i < GEO_N_LEVELS; i++)
        g_assert_cmpuint(per_tier[i], >, 0);
    g_assert_cmpuint(mediation, ==, 11);
    g_assert_null(geo_servicebook_find(book, "no such thing"));
    g_assert_null(geo_servicebook_find(book, NULL));
    g_assert_true(geo_servicebook_find(book, "STREET lamp out") ==
                  geo_servicebook_find(book, "路灯不亮"));
}

/* ---- words ---- */

static const char *suggested(const GeoServiceBook *book, const char *narrative, GString *matched)
{
    const GeoServiceItem *item = geo_servicebook_suggest(book, narrative, matched);
    return item ? item->code : "-";
}

static void test_own_names_suggest(void)
{
    g_autoptr(GeoServiceBook) book = shipped();
    g_autoptr(GString) matched = g_string_new(NULL);
    for (guint i = 0; i < book->items->len; i++) {
        const GeoServiceItem *item = geo_servicebook_item(book, i);
        g_assert_cmpstr(suggested(book, item->name, matched), ==, item->code);
        g_assert_cmpuint(matched->len, >, 0);
        g_assert_cmpstr(suggested(book, item->name_zh, matched), ==, item->code);
        g_assert_cmpuint(matched->len, >, 0);
    }
}

static void test_narratives(void)
{
    static const struct {
        const char *narrative, *code, *matched;
    } cases[] = {
        {"Somebody stole... my e-bike was STOLEN from the shed", "ebike-theft",
         "e-bike+stolen, bike+stolen"},
        {"小区3号楼着火了，冒烟很大", "fire", "着火, 冒烟+楼"},
        {"楼上邻居太吵，半夜放音响", "noise", "太吵, 音响"},
        {"邻居因为漏水吵架，要求调解", "neighbour-dispute", "邻居+吵架"},
        {"The street lamps in front of No. 12 are dark", "street-lamp", "street lamp*"},
        {"路灯坏了三天", "street-lamp", "路灯"},
        {"有人落水，在南淝河", "water-rescue", "落水"},
        {"闻到很浓的煤气味", "gas-leak", "闻到+煤气"},
        {"公司拖欠工资两个月", "unpaid-wages", "拖欠工资"},
        {"井盖不见了", "manhole", "井盖"},
        {"ＫＮＩＦＥ fight outside the bar", "weapon", "knife"}, /* full width; the graver first */
        {"begun to rain", "-", ""},                              /* no gun in it */
        {"", "-", ""},
        {NULL, "-", ""},
    };
    g_autoptr(GeoServiceBook) book = shipped();
    g_autoptr(GString) matched = g_string_new("left over");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpstr(suggested(book, cases[i].narrative, matched), ==, cases[i].code);
        g_assert_cmpstr(matched->str, ==, cases[i].matched);
        g_assert_cmpstr(suggested(book, cases[i].narrative, NULL), ==, cases[i].code);
    }
}

/* A word as a regular expression. */
static char *pattern_of(const char *word)
{
    size_t n = strlen(word);
    bool open = word[n - 1] == '*';
    g_autofree char *plain = g_strndup(word, open ? n - 1 : n);
    g_autofree char *escaped = g_regex_escape_string(plain, -1);
    bool begins = g_ascii_isalnum(plain[0]);
    bool ends = !open && g_ascii_isalnum(plain[strlen(plain) - 1]);
    return g_strdup_printf("%s%s%s", begins ? "(?<![a-z0-9_])" : "", escaped,
                           ends ? "(?![a-z0-9_])" : "");
}

static bool plain_holds(const char *text, const char *words)
{
    g_auto(GStrv) all = g_strsplit(words, "+", -1);
    for (size_t i = 0; all[i]; i++) {
        g_autofree char *pattern = pattern_of(all[i]);
        if (!g_regex_match_simple(pattern, text, G_REGEX_OPTIMIZE, 0))
            return false;
    }
    return true;
}

/* As callers say it, without the name of the item. */
static void test_everyday_words(void)
{
    static const char *const cases[][2] = {{"家里老人不见了", "missing-person"},
                                           {"小偷偷东西", "pickpocketing"},
                                           {"翻墙入室", "burglary"},
                                           {"邻居家暴", "fight"},
                                           {"醉汉躺路边", "help"},
                                           {"酒后闹事", "fight"},
                                           {"半夜打麻将", "noise"},
                                           {"工厂机器扰民", "factory-noise"},
                                           {"有人高空抛物", "facade"},
                                           {"电动车进电梯", "indoor-charging"},
                                           {"小区污水冒出来", "sewer"},
                                           {"污水直排进河", "water-pollution"},
                                           {"有人聚众赌博", "crowd"},
                                           {"茶楼里赌博", "suspicious"},
                                           {"两车相撞，有人受伤", "crash-injury"},
                                           {"老人被车撞了", "crash-injury"},
                                           {"两车相撞", "crash"},
                                           {"车撞树上了", "crash"},
                                           {"手机被人抢走了", "robbery"},
                                           {"我家被偷了", "burglary"},
                                           {"我家电动车被偷", "ebike-theft"},
                                           {"抢修面包车", "-"},
                                           {"隔壁噪音大", "noise"},
                                           {"工厂噪音大", "factory-noise"},
                                           {"半夜工地噪音", "night-site-noise"},
                                           {"烟囱冒烟", "waste-gas"},
                                           {"对面浓烟滚滚", "fire"},
                                           {"路口有摊贩", "vendor"},
                                           {"老人昏倒在路边", "medical-emergency"}};
    g_autoptr(GeoServiceBook) book = shipped();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(suggested(book, cases[i][0], NULL), ==, cases[i][1]);
}

static const GeoServiceItem *plain_suggest(const GeoServiceBook *book, const char *text)
{
    for (int priority = 1; priority <= 4; priority++)
        for (guint i = 0; i < book->items->len; i++) {
            const GeoServiceItem *item = geo_servicebook_item(book, i);
            for (char **word = item->words; item->priority == priority && *word; word++)
                if (plain_holds(text, *word))
                    return item;
        }
    return NULL;
}

/* Sentences of pieces of the list's own words, whole and cut. */
static void test_suggest_like_plain_one(void)
{
    g_autoptr(GeoServiceBook) book = shipped();
    for (int round = 0; round < (g_test_slow() ? 400 : 40); round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int k = g_test_rand_int_range(0, 4); k >= 0; k--) {
            const GeoServiceItem *item = geo_servicebook_item(
                book, (size_t)g_test_rand_int_range(0, (gint32)book->items->len));
            int n = (int)g_strv_length(item->words);
            const char *word = item->words[g_test_rand_int_range(0, n)];
            glong letters = g_utf8_strlen(word, -1);
            glong cut = g_test_rand_int_range(1, (gint32)letters + 1);
            g_autofree char *piece = g_utf8_substring(word, 0, cut);
            g_string_append(text, piece);
            g_string_append(text, g_test_rand_bit() ? " " : g_test_rand_bit() ? "s" : "");
        }
        g_strdelimit(text->str, "+*", ' ');
        const GeoServiceItem *want = plain_suggest(book, text->str);
        g_assert_true(geo_servicebook_suggest(book, text->str, NULL) == want);
    }
}

/* ---- routes ---- */

static const GeoPlaceAreas whole_place = {{NULL, "G1", "C1", "S1", "D1", "unread"}};

static void test_all_items_route(void)
{
    g_autoptr(GeoServiceBook) book = shipped();
    for (guint i = 0; i < book->items->len; i++) {
        const GeoServiceItem *item = geo_servicebook_item(book, i);
        GeoRoute route = geo_servicebook_route(book, item, &whole_place);
        g_assert_true(route.item == item && route.tier == item->tier);
        g_assert_true(route.department == geo_servicebook_department_of(book, item));
        g_assert_cmpstr(route.area, ==,
                        item->tier == GEO_LEVEL_CITY ? NULL : whole_place.area[item->tier]);
        /* Up to the top and down again by the same rungs. */
        GeoRoute climbed[GEO_N_LEVELS] = {route};
        int n = 0;
        while (n + 1 < GEO_N_LEVELS &&
               (climbed[n + 1] = climbed[n], geo_route_raise(&climbed[n + 1], &whole_place)))
            n++;
        g_assert_cmpint(climbed[n].tier, ==, item->mediation ? GEO_LEVEL_DISTRICT : GEO_LEVEL_CITY);
        GeoRoute down = climbed[n];
        for (int k = n; k > 0; k--) {
            g_assert_true(geo_route_lower(&down, &whole_place));
            g_assert_cmpint(down.tier, ==, climbed[k - 1].tier);
            g_assert_cmpstr(down.area, ==, climbed[k - 1].area);
        }
        /* Nowhere: the whole city has it. */
        route = geo_servicebook_route(book, item, NULL);
        g_assert_cmpint(route.tier, ==, GEO_LEVEL_CITY);
        g_assert_null(route.area);
    }
}

static void climb(const char *code, const GeoLevel *rungs, size_t n)
{
    g_autoptr(GeoServiceBook) book = shipped();
    GeoRoute route = geo_servicebook_route(book, geo_servicebook_find(book, code), &whole_place);
    for (size_t i = 0; i < n; i++) {
        g_assert_cmpint(route.tier, ==, rungs[i]);
        g_assert_true(geo_route_raise(&route, &whole_place) == (i + 1 < n));
    }
    g_assert_cmpint(route.tier, ==, rungs[n - 1]); /* as it was, at the top */
}

static void test_ladders(void)
{
    static const GeoLevel plain[] = {GEO_LEVEL_GRID, GEO_LEVEL_COMMUNITY, GEO_LEVEL_DISTRICT,
                                     GEO_LEVEL_CITY};
    static const GeoLevel mediation[] = {GEO_LEVEL_COMMUNITY, GEO_LEVEL_STREET, GEO_LEVEL_DISTRICT};
    static const GeoLevel from_street[] = {GEO_LEVEL_STREET, GEO_LEVEL_DISTRICT, GEO_LEVEL_CITY};
    climb("vendor", plain, G_N_ELEMENTS(plain));
    climb("neighbour-dispute", mediation, G_N_ELEMENTS(mediation));
    climb("dangerous-house", from_street, G_N_ELEMENTS(from_street));
}

static void test_levels_without_area_are_passed(void)
{
    static const GeoPlaceAreas no_community = {{NULL, "G1", NULL, "S1", "D1", NULL}};
    static const GeoPlaceAreas district_alone = {{NULL, NULL, NULL, NULL, "D1", NULL}};
    g_autoptr(GeoServiceBook) book = shipped();
    const GeoServiceItem *vendor = geo_servicebook_find(book, "vendor");
    GeoRoute route = geo_servicebook_route(book, vendor, &no_community);
    g_assert_true(geo_route_raise(&route, &no_community));
    g_assert_cmpstr(route.area, ==, "D1");
    g_assert_true(geo_route_lower(&route, &no_community));
    g_assert_cmpstr(route.area, ==, "G1");
    g_assert_false(geo_route_lower(&route, &no_community));
    route = geo_servicebook_route(book, vendor, &district_alone);
    g_assert_cmpint(route.tier, ==, GEO_LEVEL_DISTRICT);
    g_assert_false(geo_route_lower(&route, &district_alone));
}

/* ---- broken lists ---- */

#define HEAD                                                                                       \
    "what,code,name,name_zh,group,department,tier,priority,accept_min,arrive_min,report_min,"      \
    "mediation,words\n"
#define NAMES "department,d,D,部,,,,,,,,,\ngroup,g,G,组,,,,,,,,,\n"

static void test_own_list(void)
{
    static const char text[] = "\xef\xbb\xbf" HEAD NAMES "item,a,A,甲,g,d,grid,3,1,0,2,no,\n"
                               "item,b,B,乙,g,d,street,1,1,2,3,yes,\"x+y|z*\"\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoServiceBook) book = geo_servicefile_parse("own.csv", text, strlen(text), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(book->items->len, ==, 2);
    g_assert_cmpstr(suggested(book, "a zoo", NULL), ==, "b"); /* priority before the file's order */
    g_assert_cmpstr(suggested(book, "a", NULL), ==, "a");     /* without words its own name */
}

static void test_broken_lists(void)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "'own.csv'"},
        {"code,name\n", "line 1: there is no column 'what'"},
        {HEAD "thing,d,D,部,,,,,,,,,\n", "line 2: what 'thing' is not known: write department"},
        {HEAD "department,D,D,部,,,,,,,,,\n", "line 2: the code 'D' is not of small letters"},
        {HEAD "department,d,D,,,,,,,,,,\n", "line 2: 'd' lacks its name"},
        {HEAD NAMES "department,d,E,局,,,,,,,,,\n", "line 4: the code 'd' is taken"},
        {HEAD NAMES "item,a,A,甲,g,x,grid,3,1,0,2,no,\n", "line 4: department 'x' is not known"},
        {HEAD NAMES "item,a,A,甲,x,d,grid,3,1,0,2,no,\n", "line 4: group 'x' is not known"},
        {HEAD NAMES "item,a,A,甲,g,d,ward,3,1,0,2,no,\n",
         "line 4: tier 'ward' is not known: write"},
        {HEAD NAMES "item,a,A,甲,g,d,grid,5,1,0,2,no,\n", "line 4: the priority of 'a' is not 1"},
        {HEAD NAMES "item,a,A,甲,g,d,grid,x,1,0,2,no,\n", "line 4: priority 'x' is not a whole"},
        {HEAD NAMES "item,a,A,甲,g,d,grid,3,0,0,2,no,\n", "line 4: 'a' needs targets"},
        {HEAD NAMES "item,a,A,甲,g,d,grid,3,1,0,9999999,no,\n", "line 4: a target of 'a'"},
        {HEAD NAMES "item,a,A,甲,g,d,grid,3,1,0,2,maybe,\n", "line 4: mediation 'maybe'"},
        {HEAD NAMES "item,a,A,甲,g,d,grid,3,1,0,2,yes,\n", "line 4: mediation of 'a' begins"},
        {HEAD NAMES "item,a,A,甲,g,d,grid,3,1,0,2,no,x||y\n", "line 4: the words of 'a' have an"},
        {HEAD NAMES "item,a,A,甲,g,d,grid,3,1,0,2,no,x+\n", "line 4: the words of 'a' have an"},
        {HEAD NAMES "item,a,A,甲,g,d,grid,3,1,0,2,no,*\n", "line 4: the words of 'a' have an"},
        {HEAD NAMES "item,a,A,甲,g,d,grid,3,1,0,2,no,\nitem,b,a,乙,g,d,grid,3,1,0,2,no,\n",
         "line 5: another item is called 'a' already"},
        {HEAD NAMES, "lists no item"},
        {HEAD NAMES "item,\"a,A,甲", "'own.csv'"},
        {HEAD "department", "line 2: the code ''"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoServiceBook) book =
            geo_servicefile_parse("own.csv", cases[i].text, strlen(cases[i].text), &error);
        g_assert_null(book);
        g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
        if (!strstr(error->message, cases[i].words))
            g_error("case %zu says: %s", i, error->message);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/service/shipped-list-is-whole", test_shipped);
    g_test_add_func("/service/own-names-suggest-the-item", test_own_names_suggest);
    g_test_add_func("/service/narratives-suggest", test_narratives);
    g_test_add_func("/service/everyday-words-suggest", test_everyday_words);
    g_test_add_func("/service/suggests-like-the-plain-one", test_suggest_like_plain_one);
    g_test_add_func("/service/all-items-route", test_all_items_route);
    g_test_add_func("/service/ladders-of-plain-and-mediation", test_ladders);
    g_test_add_func("/service/levels-without-area-are-passed", test_levels_without_area_are_passed);
    g_test_add_func("/service/own-list", test_own_list);
    g_test_add_func("/service/broken-lists-say-the-line", test_broken_lists);
    return g_test_run();
}
