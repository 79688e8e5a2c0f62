/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/planfile.h"
#include "geo/store/servicefile.h"
#include "geo/work/plans.h"
#include "tests/geo/fresh-city.h"

#define HEAD "what,plan,words,force,skills,number,from,radius_m,priority,minutes,name,name_zh\n"
#define SKILL "skill,,k9|警犬,,dog,,,,,,Dog,警犬\n"
#define DEFAULT "plan,default,,,,,,,,25,Any,一般\nneed,default,,,,1,,,,,,\n"

static GeoPlanbook *parse(const char *text, GError **error)
{
    return geo_planfile_parse("p.csv", text, strlen(text), error);
}

static GeoPlanbook *shipped(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = geo_planfile_dup_shipped(&error);
    g_assert_no_error(error);
    GeoPlanbook *book = parse(text, &error);
    g_assert_no_error(error);
    return book;
}

static void every_category_of_the_demo_has_its_own_plan(void)
{
    static const char *const pairs[][2] = {{"入室盗窃", "burglary"},
                                           {"入室抢劫", "robbery"},
                                           {"撬盗机动车", "vehicle-theft"},
                                           {"盗窃电动车", "burglary"},
                                           {"扒窃", "burglary"},
                                           {"家庭纠纷", "dispute"},
                                           {"打架斗殴", "fight"},
                                           {"噪音扰民", "noise"},
                                           {"求助", "help"},
                                           {"交通事故", "accident"},
                                           {"走失", "missing"},
                                           {"可疑情况", "suspicious"},
                                           {"占道堵塞", "obstruction"},
                                           {"建筑火灾", "fire"},
                                           {"人群聚集", "crowd"},
                                           {"MOTOR VEHICLE THEFT", "vehicle-theft"},
                                           {"ＢＡＴＴＥＲＹ", "weapon"},
                                           {"fire-lane", "obstruction"},
                                           {"路灯不亮", "default"},
                                           {"", "default"}};
    g_autoptr(GeoPlanbook) book = shipped();
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        g_assert_cmpstr(geo_planbook_for(book, pairs[i][0])->code, ==, pairs[i][1]);
    g_assert_cmpstr(geo_planbook_for(book, NULL)->code, ==, "default");
}

static void an_item_has_one_plan_in_both_tongues(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoPlanbook) book = shipped();
    g_autoptr(GeoServiceBook) services = geo_servicefile_shipped(&error);
    g_assert_no_error(error);
    size_t own = 0;
    for (guint i = 0; i < services->items->len; i++) {
        const GeoServiceItem *item = geo_servicebook_item(services, i);
        const GeoPlanbookPlan *plan = geo_planbook_for(book, item->name);
        if (plan != geo_planbook_for(book, item->name_zh))
            g_error("%s: %s is not %s", item->code, plan->code,
                    geo_planbook_for(book, item->name_zh)->code);
        own += strcmp(plan->code, "default") != 0;
        /* What is most urgent is nobody's leftover. */
        if (item->priority == 1)
            g_assert_cmpstr(plan->code, !=, "default");
    }
    g_assert_cmpuint(own, >, 50);
}

static void a_crowd_asks_for_the_townships_four_teams(void)
{
    g_autoptr(GeoPlanbook) book = shipped();
    const GeoPlanbookPlan *plan = geo_planbook_find(book, "crowd");
    bool found = false;
    for (guint i = 0; i < plan->needs->len; i++) {
        const GeoPlanbookNeed *need = &g_array_index(plan->needs, GeoPlanbookNeed, i);
        found |= need->township && need->number == 4 &&
                 need->forces == GEO_FORCE_BIT(GEO_FORCE_EMERGENCY) && isinf(need->radius_m);
    }
    g_assert_true(found);
    g_assert_cmpuint(plan->steps->len, >, 0);
    g_assert_cmpfloat(plan->handling_min, ==, 120);
}

static void a_units_force_is_told_or_read_from_its_agency(void)
{
    g_autoptr(GeoPlanbook) book = shipped();
    GeoUnit unit = {.agency = "三孝口派出所"};
    g_assert_cmpint(geo_planbook_force(book, &unit), ==, GEO_FORCE_POLICE);
    unit.force = "guard";
    g_assert_cmpint(geo_planbook_force(book, &unit), ==, GEO_FORCE_GUARD);
    unit.force = "navy"; /* not known: as if it had said nothing */
    unit.agency = "步行街街道应急分队";
    g_assert_cmpint(geo_planbook_force(book, &unit), ==, GEO_FORCE_EMERGENCY);
    unit.agency = "Something Else";
    g_assert_cmpint(geo_planbook_force(book, &unit), ==, GEO_FORCE_UNKNOWN);
    unit.unit_kind = GEO_UNIT_TEAM;
    g_assert_cmpint(geo_planbook_force(book, &unit), ==, GEO_FORCE_EMERGENCY);
}

static void skills_are_words_in_both_tongues(void)
{
    g_autoptr(GeoPlanbook) book = shipped();
    GeoUnit both = {.skills = "First-Aid; K9"}, chinese = {.skills = "急救、警犬"};
    GeoUnit other = {.skills = "first aid kit,juggling"}, none = {0};
    uint32_t bits = geo_planbook_skills(book, &both);
    g_assert_cmpint(__builtin_popcount(bits), ==, 2);
    g_assert_cmphex(geo_planbook_skills(book, &chinese), ==, bits);
    g_assert_cmphex(geo_planbook_skills(book, &other), ==, 0);
    g_assert_cmphex(geo_planbook_skills(book, &none), ==, 0);
}

/* Each wrong row says its line, what is wrong and what to write. */
static void a_wrong_row_names_its_line_and_remedy(void)
{
    static const char *const wrong[][3] = {
        {"need,default,,polise,,1,,,,,,\n", "force 'polise'", "write police"},
        {"need,default,,,cat,1,,,,,,\n", "skill 'cat'", "list it above"},
        {"need,theft,,,,1,,,,,,\n", "plan 'theft'", "list it above"},
        {"need,default,,,,0,,,,,,\n", "number", "write 1 or more"},
        {"need,default,,,,25,,,,,,\n", "number", "20 in a plan"},
        {"need,default,,,,two,,,,,,\n", "number 'two'", "write digits"},
        {"need,default,,,,1.5,,,,,,\n", "number '1.5'", "write digits"},
        {"need,default,,,,1,,-5,,,,\n", "radius_m", "write metres"},
        {"need,default,,,,1,,,9,,,\n", "priority", "write 1 to 4"},
        {"need,default,,,,1,moon,,,,,\n", "from 'moon'", "write township"},
        {"plan,Big Theft,a,,,,,,,5,,\n", "is no code", "write small letters"},
        {"plan,default,a,,,,,,,5,,\n", "there twice", "another code"},
        {"plan,theft,a,,,,,,,,,\n", "no time for handling", "write minutes"},
        {"plan,theft,|,,,,,,,5,,\n", "no words", "list those"},
        {"step,default,,,,,,,,,,\n", "says nothing", "write it"},
        {"skill,,k9,,dog,,,,,,,\n", "skill 'dog' is there twice", "one row"},
        {"force,,a,unknown,,,,,,,,\n", "force 'unknown'", "write police"},
        {"plna,theft,a,,,,,,,5,,\n", "what 'plna'", "write force"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat(HEAD SKILL DEFAULT, wrong[i][0], NULL);
        g_assert_null(parse(text, &error));
        g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, "p.csv"));
        g_assert_nonnull(strstr(error->message, "line 5"));
        g_assert_nonnull(strstr(error->message, wrong[i][1]));
        g_assert_nonnull(strstr(error->message, wrong[i][2]));
    }
}

static void all_wrong_rows_are_named_at_once(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(parse(HEAD DEFAULT "need,a,,,,1,,,,,,\nneed,b,,,,1,,,,,,\n", &error));
    g_assert_nonnull(strstr(error->message, "line 4"));
    g_assert_nonnull(strstr(error->message, "line 5"));
}

static void a_book_without_an_end_is_refused(void)
{
    g_autoptr(GError) no_default = NULL, no_need = NULL, no_column = NULL, urgent = NULL;
    g_assert_null(parse(HEAD "plan,theft,a,,,,,,,5,,\nneed,theft,,,,1,,,,,,\n", &no_default));
    g_assert_nonnull(strstr(no_default->message, "'default'"));
    g_assert_null(parse(HEAD DEFAULT "plan,theft,a,,,,,,,5,,\n", &no_need));
    g_assert_nonnull(strstr(no_need->message, "plan 'theft' needs nobody"));
    g_assert_null(parse("what,plan\n", &no_column));
    g_assert_nonnull(strstr(no_column->message, "no column 'words'"));
    g_assert_null(parse(HEAD DEFAULT "plan,t,a,,,,,,,5,,\nneed,t,,,,1,,,1,,,\n", &urgent));
    g_assert_nonnull(strstr(urgent->message, "every priority"));
}

static void a_city_keeps_its_own_book(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, 1700000000000);
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "gridbeat-planbook-XXXXXX", NULL);
    close(g_mkstemp(path));
    g_assert_true(g_file_set_contents(path, HEAD SKILL DEFAULT, -1, NULL));
    g_assert_true(geo_plans_put(city->store, &act, path, &error));
    g_assert_no_error(error);
    g_autoptr(GeoPlanbook) own = geo_plans_load(city->store, &error);
    g_assert_cmpuint(own->plans->len, ==, 1);
    g_assert_true(g_file_set_contents(path, HEAD, -1, NULL));
    g_assert_false(geo_plans_put(city->store, &act, path, &error));
    g_assert_nonnull(strstr(error->message, "no plan 'default'"));
    g_clear_error(&error);
    bool is_own = false;
    g_autofree char *kept = geo_plans_dup_text(city->store, &is_own, &error);
    g_assert_true(is_own);
    g_assert_cmpstr(kept, ==, HEAD SKILL DEFAULT);
    g_assert_true(geo_plans_put(city->store, &act, NULL, &error));
    g_autoptr(GeoPlanbook) again = geo_plans_load(city->store, &error);
    g_assert_cmpuint(again->plans->len, >, 10);
    g_remove(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/planbook/every-category-of-the-demo-has-its-own-plan",
                    every_category_of_the_demo_has_its_own_plan);
    g_test_add_func("/planbook/an-item-has-one-plan-in-both-tongues",
                    an_item_has_one_plan_in_both_tongues);
    g_test_add_func("/planbook/a-crowd-asks-for-the-townships-four-teams",
                    a_crowd_asks_for_the_townships_four_teams);
    g_test_add_func("/planbook/a-units-force-is-told-or-read-from-its-agency",
                    a_units_force_is_told_or_read_from_its_agency);
    g_test_add_func("/planbook/skills-are-words-in-both-tongues", skills_are_words_in_both_tongues);
    g_test_add_func("/planbook/a-wrong-row-names-its-line-and-remedy",
                    a_wrong_row_names_its_line_and_remedy);
    g_test_add_func("/planbook/all-wrong-rows-are-named-at-once", all_wrong_rows_are_named_at_once);
    g_test_add_func("/planbook/a-book-without-an-end-is-refused", a_book_without_an_end_is_refused);
    g_test_add_data_func("/planbook/memory/a-city-keeps-its-own-book", "memory",
                         a_city_keeps_its_own_book);
    g_test_add_data_func("/planbook/sqlite/a-city-keeps-its-own-book", "sqlite",
                         a_city_keeps_its_own_book);
    return g_test_run();
}
