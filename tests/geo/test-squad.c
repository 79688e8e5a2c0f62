/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/squad.h"

#include <glib.h>

enum { MOST_UNITS = 8, MOST_NEEDS = 3 };

typedef struct {
    uint32_t may[MOST_UNITS];
    int number[MOST_NEEDS];
    size_t n_units, n_needs;
} Question;

static Question random_question(void)
{
    Question question = {.n_units = (size_t)g_test_rand_int_range(0, MOST_UNITS + 1),
                         .n_needs = (size_t)g_test_rand_int_range(1, MOST_NEEDS + 1)};
    for (size_t i = 0; i < question.n_units; i++)
        question.may[i] = (uint32_t)g_test_rand_int_range(0, 1 << question.n_needs);
    for (size_t i = 0; i < question.n_needs; i++)
        question.number[i] = g_test_rand_int_range(0, 4);
    return question;
}

/* The units whose bits are in chosen can all be given a need of their own: every way is tried. */
static bool fits(const Question *question, uint32_t chosen, int *room)
{
    if (chosen == 0)
        return true;
    size_t unit = (size_t)__builtin_ctz(chosen);
    for (size_t need = 0; need < question->n_needs; need++) {
        if (!(question->may[unit] >> need & 1) || room[need] == 0)
            continue;
        room[need]--;
        bool ok = fits(question, chosen & (chosen - 1), room);
        room[need]++;
        if (ok)
            return true;
    }
    return false;
}

static void no_other_set_is_larger_or_sooner(void)
{
    for (int round = 0; round < 3000; round++) {
        Question question = random_question();
        int need_of[MOST_UNITS], room[MOST_NEEDS], used[MOST_NEEDS] = {0};
        size_t n = geo_squad_pick(question.may, question.n_units, question.number, question.n_needs,
                                  need_of);
        uint32_t chosen = 0;
        for (size_t i = 0; i < question.n_units; i++)
            if (need_of[i] >= 0) {
                g_assert_true(question.may[i] >> need_of[i] & 1);
                used[need_of[i]]++;
                chosen |= UINT32_C(1) << i;
            }
        for (size_t i = 0; i < question.n_needs; i++)
            g_assert_cmpint(used[i], <=, question.number[i]);
        g_assert_cmpint(__builtin_popcount(chosen), ==, n);
        for (uint32_t other = 0; other < UINT32_C(1) << question.n_units; other++) {
            for (int i = 0; i < MOST_NEEDS; i++)
                room[i] = question.number[i];
            if (!fits(&question, other, room))
                continue;
            g_assert_cmpint(__builtin_popcount(other), <=, n);
            if (__builtin_popcount(other) == (int)n)
                /* Sets of one size, the last arrival first: the greater number is the later one. */
                g_assert_cmpuint(chosen, <=, other);
        }
    }
}

static void one_that_can_do_both_makes_room(void)
{
    /* The first could serve either need, the second only the first one. */
    const uint32_t may[] = {3, 1, 2};
    const int number[] = {1, 1};
    int need_of[3];
    g_assert_cmpuint(geo_squad_pick(may, 3, number, 2, need_of), ==, 2);
    g_assert_cmpint(need_of[0], ==, 1);
    g_assert_cmpint(need_of[1], ==, 0);
    g_assert_cmpint(need_of[2], ==, -1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/squad/no-other-set-is-larger-or-sooner", no_other_set_is_larger_or_sooner);
    g_test_add_func("/squad/one-that-can-do-both-makes-room", one_that_can_do_both_makes_room);
    return g_test_run();
}
