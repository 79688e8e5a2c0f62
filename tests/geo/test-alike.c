/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/alike.h"

#include <math.h>
#include <string.h>

#include "geo/store/cases.h"
#include "town.h"

#define NOON INT64_C(1767225600000)
#define MINUTE INT64_C(60000)

static const char *const categories[] = {"交通事故", "打架斗殴", "纠纷",  "噪音扰民", "盗窃电动车",
                                         "走失",     "求助",     "THEFT", "BATTERY",  "奇怪的事",
                                         "占道堵塞", "",         "火灾"};
static const char *const stories[] = {"两车相撞，有人受伤",
                                      "两辆车撞了，有人受伤，在路口",
                                      "楼上装修太吵",
                                      "two cars crashed at the corner",
                                      "cars crashed, one hurt",
                                      "",
                                      NULL};

typedef struct {
    GeoAlikeReport report;
    uint32_t words[GEO_ALIKE_MAX_WORDS];
} Random;

static void draw(Random *one)
{
    one->report = (GeoAlikeReport){
        .at = {g_test_rand_double_range(0, 3000), g_test_rand_double_range(0, 3000)},
        .placed = g_test_rand_int_range(0, 8) > 0,
        .at_ms = NOON + g_test_rand_int_range(-600, 600) * MINUTE,
        .category = categories[g_test_rand_int_range(0, G_N_ELEMENTS(categories))],
        .open = g_test_rand_int_range(0, 2),
        .phone = (uint64_t)g_test_rand_int_range(0, 3)};
    const char *story = stories[g_test_rand_int_range(0, G_N_ELEMENTS(stories))];
    one->report.n_words = geo_alike_words_of(story, one->words, GEO_ALIKE_MAX_WORDS);
    one->report.words = one->words;
}

static void the_order_does_not_matter(void)
{
    for (int round = 0; round < 20000; round++) {
        Random a, b;
        draw(&a);
        draw(&b);
        double road_m = round % 2 ? g_test_rand_double_range(0, 5000) : -1;
        GeoAlikeScore one = geo_alike_score(&a.report, &b.report, road_m);
        GeoAlikeScore two = geo_alike_score(&b.report, &a.report, road_m);
        g_assert_true(one.score == two.score);
        g_assert_true(one.within == two.within);
        g_assert_true(one.kind == two.kind);
        double sum = 0;
        for (int part = 0; part < GEO_ALIKE_N_PARTS; part++) {
            g_assert_true(isnan(one.share[part]) ? isnan(two.share[part])
                                                 : one.share[part] == two.share[part]);
            g_assert_true(isnan(one.share[part]) || (one.share[part] >= 0 && one.share[part] <= 1));
            sum += one.points[part];
        }
        g_assert_cmpfloat_with_epsilon(sum, one.score, 1e-12);
        g_assert_true(one.score >= 0 && one.score <= 1);
    }
}

/* Farther, longer ago, or by a longer road: never more alike. */
static void more_apart_is_never_more_alike(void)
{
    for (int round = 0; round < 20000; round++) {
        Random a, b;
        draw(&a);
        draw(&b);
        double road_m = g_test_rand_double_range(0, 3000);
        GeoAlikeScore before = geo_alike_score(&a.report, &b.report, road_m);
        GeoAlikeReport far = b.report;
        double by = g_test_rand_double_range(1, 3);
        far.at.x = a.report.at.x + (b.report.at.x - a.report.at.x) * by;
        far.at.y = a.report.at.y + (b.report.at.y - a.report.at.y) * by;
        GeoAlikeReport late = b.report;
        late.at_ms = a.report.at_ms + (int64_t)((double)(b.report.at_ms - a.report.at_ms) * by);
        g_assert_cmpfloat(geo_alike_score(&a.report, &far, road_m).score, <=, before.score + 1e-12);
        g_assert_cmpfloat(geo_alike_score(&a.report, &late, road_m).score, <=,
                          before.score + 1e-12);
        g_assert_cmpfloat(geo_alike_score(&a.report, &b.report, road_m * by).score, <=,
                          before.score + 1e-12);
    }
}

/* Nothing is more like a report than itself, and the same phone never speaks against. */
static void itself_is_the_most_alike(void)
{
    for (int round = 0; round < 5000; round++) {
        Random a, b;
        draw(&a);
        draw(&b);
        b.report.category = a.report.category;
        GeoAlikeReport with = b.report, without = b.report, self = a.report;
        double itself = geo_alike_score(&self, &self, 0).score;
        with.phone = self.phone = 7;
        without.phone = 0;
        g_assert_cmpfloat(geo_alike_score(&a.report, &without, -1).score, <=, itself + 1e-12);
        g_assert_cmpfloat(geo_alike_score(&self, &with, -1).score, >=,
                          geo_alike_score(&self, &without, -1).score);
    }
}

static void kinds_are_known_by_their_words(void)
{
    static const char *const pairs[][2] = {{"交通事故", "traffic"}, {"THEFT", "theft"},
                                           {"盗窃电动车", "theft"}, {"走失", "missing"},
                                           {"Battery", "fight"},    {"打架斗殴", "fight"},
                                           {"噪音扰民", "noise"},   {"奇怪", "other"}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        g_assert_cmpstr(geo_alike_kind(pairs[i][0])->word, ==, pairs[i][1]);
    g_assert_cmpstr(geo_alike_kind(NULL)->word, ==, "other");
    uint32_t a[8], b[8];
    g_assert_cmpuint(geo_alike_words_of("两车相撞 ABC 12", a, 8), ==, 5);
    g_assert_cmpuint(geo_alike_words_of("ＡＢＣ １２ 两车相撞", b, 8), ==, 5);
    g_assert_cmpmem(a, 20, b, 20);
    g_assert_cmpuint(geo_alike_words_of("一二三四五六七八九十一二三", a, 3), ==, 3);
}

/* ---- with a store ---- */

static void add_incident(Town *town, double x, double y, int64_t at_ms, const char *category,
                         const char *place, int state)
{
    g_autofree char *code = g_strdup_printf("N-%u", town->rows[GEO_KIND_INCIDENT]->rows->len + 1);
    GeoIncident *incident = town_add(town, GEO_KIND_INCIDENT, code);
    incident->at_ms = at_ms;
    incident->category = geo_batch_text(town->rows[GEO_KIND_INCIDENT], category);
    incident->place = geo_batch_text(town->rows[GEO_KIND_INCIDENT], place);
    incident->priority = 3;
    incident->state = state;
    town_draw(town, GEO_KIND_INCIDENT, GEO_SHAPE_POINT, &(GeoXY){x, y}, 1);
}

/* The plain way: every incident against the question, by the kernel. */
static double plain_best(Town *town, const GeoAlikeQuestion *question, double *second)
{
    const GeoBatch *batch = town->rows[GEO_KIND_INCIDENT];
    uint32_t words[GEO_ALIKE_MAX_WORDS], others[GEO_ALIKE_MAX_WORDS];
    GeoAlikeReport a = {.at = geo_frame_xy(town->frame, question->at),
                        .placed = true,
                        .at_ms = question->at_ms,
                        .category = question->category,
                        .words = words};
    a.n_words = geo_alike_words_of(question->words, words, GEO_ALIKE_MAX_WORDS);
    double best = 0;
    *second = 0;
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoIncident *incident = &g_array_index(batch->rows, GeoIncident, i);
        GeoLonLat p;
        geo_batch_first(batch, &incident->row, &p);
        GeoAlikeReport b = {.at = geo_frame_xy(town->frame, p),
                            .placed = true,
                            .at_ms = incident->at_ms,
                            .open = !geo_cycle_done(incident->state),
                            .category = incident->category,
                            .words = others};
        b.n_words = geo_alike_words_of(incident->place, others, GEO_ALIKE_MAX_WORDS);
        GeoAlikeScore score = geo_alike_score(&a, &b, -1);
        if (!score.within || incident->state == GEO_INCIDENT_VOID)
            continue;
        *second = fmax(*second, fmin(best, score.score));
        best = fmax(best, score.score);
    }
    return best;
}

static void the_store_gives_what_all_pairs_give(void)
{
    g_autoptr(Town) town = town_new();
    static const int states[] = {GEO_INCIDENT_RECEIVED, GEO_INCIDENT_CLOSED, GEO_INCIDENT_VOID,
                                 GEO_INCIDENT_HANDLING};
    for (int i = 0; i < 600; i++)
        add_incident(town, g_test_rand_double_range(0, 4000), g_test_rand_double_range(0, 4000),
                     NOON + g_test_rand_int_range(-700, 700) * MINUTE,
                     categories[g_test_rand_int_range(0, 9)], stories[g_test_rand_int_range(0, 5)],
                     states[g_test_rand_int_range(0, 4)]);
    town_finish(town);
    for (int round = 0; round < 60; round++) {
        g_autoptr(GError) error = NULL;
        GeoAlikeQuestion question = {.at = town_lonlat(town, g_test_rand_double_range(0, 4000),
                                                       g_test_rand_double_range(0, 4000)),
                                     .placed = true,
                                     .at_ms = NOON + g_test_rand_int_range(100, 700) * MINUTE,
                                     .category = categories[g_test_rand_int_range(0, 9)],
                                     .words = stories[g_test_rand_int_range(0, 5)],
                                     .least = 0.001,
                                     .max = 50};
        g_autoptr(GeoAlikes) alikes = geo_alike_find(town->store, town->frame, &question, &error);
        g_assert_no_error(error);
        double second, best = plain_best(town, &question, &second);
        if (alikes->hits->len == 0) {
            g_assert_cmpfloat(best, ==, 0);
            continue;
        }
        for (guint i = 0; i < alikes->hits->len; i++) {
            const GeoAlikeHit *hit = &g_array_index(alikes->hits, GeoAlikeHit, i);
            g_assert_cmpint(hit->state, !=, GEO_INCIDENT_VOID);
            g_assert_true(i == 0 || hit->score.score <= hit[-1].score.score);
        }
        double first = g_array_index(alikes->hits, GeoAlikeHit, 0).score.score;
        g_assert_cmpfloat_with_epsilon(first, best, 1e-6);
        if (alikes->hits->len > 1)
            g_assert_cmpfloat_with_epsilon(g_array_index(alikes->hits, GeoAlikeHit, 1).score.score,
                                           second, 1e-6);
    }
}

static void a_second_call_finds_the_first(void)
{
    g_autoptr(Town) town = town_new();
    g_autoptr(GError) error = NULL;
    add_incident(town, 100, 100, NOON, "交通事故", "长江路6号门口两车相撞", GEO_INCIDENT_RECEIVED);
    add_incident(town, 130, 100, NOON - 3 * 24 * 60 * MINUTE, "交通事故", "长江路",
                 GEO_INCIDENT_CLOSED);
    add_incident(town, 2900, 100, NOON, "交通事故", "长江路6号门口两车相撞", GEO_INCIDENT_RECEIVED);
    add_incident(town, 110, 90, NOON, "交通事故", "长江路6号", GEO_INCIDENT_DUPLICATE);
    town_finish(town);
    GeoAlikeQuestion question = {.at = town_lonlat(town, 160, 110),
                                 .placed = true,
                                 .at_ms = NOON + 5 * MINUTE,
                                 .category = "交通事故",
                                 .words = "两车相撞，长江路",
                                 .phone = 17};
    g_autoptr(GeoAlikes) alikes = geo_alike_find(town->store, town->frame, &question, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(alikes->hits->len, ==, 1);
    const GeoAlikeHit *hit = &g_array_index(alikes->hits, GeoAlikeHit, 0);
    g_assert_cmpstr(hit->code, ==, "N-1");
    g_assert_cmpfloat(hit->score.score, >, GEO_ALIKE_LIKELY);
    g_assert_cmpfloat_with_epsilon(hit->score.distance_m, hypot(60, 10), 0.1);
    g_autofree char *reason = geo_alike_dup_reason(hit);
    g_assert_nonnull(strstr(reason, "the same type"));
    g_assert_null(strstr(reason, "phone"));
    GeoAlikePhone phone = {hit->id, 17};
    question.phones = &phone;
    question.n_phones = 1;
    double before = hit->score.score;
    g_autoptr(GeoAlikes) again = geo_alike_find(town->store, town->frame, &question, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(g_array_index(again->hits, GeoAlikeHit, 0).score.score, >, before);
    question.not_id = hit->id;
    g_autoptr(GeoAlikes) none = geo_alike_find(town->store, town->frame, &question, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(none->hits->len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/alike/the-order-does-not-matter", the_order_does_not_matter);
    g_test_add_func("/alike/more-apart-is-never-more-alike", more_apart_is_never_more_alike);
    g_test_add_func("/alike/itself-is-the-most-alike", itself_is_the_most_alike);
    g_test_add_func("/alike/kinds-are-known-by-their-words", kinds_are_known_by_their_words);
    g_test_add_func("/alike/the-store-gives-what-all-pairs-give",
                    the_store_gives_what_all_pairs_give);
    g_test_add_func("/alike/a-second-call-finds-the-first", a_second_call_finds_the_first);
    return g_test_run();
}
