/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/site.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/model/coord.h"
#include "geo/model/error.h"

/* A problem that owns its arrays. */
typedef struct {
    GeoSiteProblem problem;
    GArray *first, *cell;
    double *weight, *cost, *budget, share[GEO_SITE_MAX_COVER];
    uint8_t *seen, *rule;
    uint32_t *owner, *site;
} Case;

static void case_clear(Case *c)
{
    g_array_unref(c->first);
    g_array_unref(c->cell);
    g_free(c->weight);
    g_free(c->cost);
    g_free(c->budget);
    g_free(c->seen);
    g_free(c->rule);
    g_free(c->owner);
    g_free(c->site);
}

static double real(double from, double to)
{
    return g_test_rand_double_range(from, to);
}

/* Candidates and cells in a square, each candidate sees what lies within its reach. */
static void case_round(Case *c, size_t n, size_t n_cells, double reach, bool whole)
{
    *c = (Case){0};
    g_autofree GeoXY *cells = g_new(GeoXY, n_cells);
    c->first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    c->cell = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    c->weight = g_new(double, n_cells);
    for (size_t i = 0; i < n_cells; i++) {
        cells[i] = (GeoXY){real(0, 1), real(0, 1)};
        c->weight[i] = whole ? g_test_rand_int_range(0, 20) : real(0, 3);
    }
    for (size_t j = 0; j <= n; j++) {
        uint32_t at = c->cell->len;
        g_array_append_val(c->first, at);
        GeoXY p = {real(0, 1), real(0, 1)};
        for (uint32_t i = 0; j < n && i < n_cells; i++)
            if (hypot(p.x - cells[i].x, p.y - cells[i].y) < reach)
                g_array_append_val(c->cell, i);
    }
    c->problem = (GeoSiteProblem){.n = n, .n_cells = n_cells, .count = 3};
}

static void case_link(Case *c)
{
    c->problem.first = (const uint32_t *)(const void *)c->first->data;
    c->problem.cell = (const uint32_t *)(const void *)c->cell->data;
    c->problem.weight = c->weight;
    c->problem.cost = c->cost;
    c->problem.budget = c->budget;
    c->problem.share = c->problem.cover > 0 ? c->share : NULL;
    c->problem.seen = c->seen;
    c->problem.rule = c->rule;
    c->problem.owner = c->owner;
    c->problem.site = c->site;
}

static void add_money(Case *c)
{
    c->cost = g_new(double, c->problem.n);
    c->owner = g_new(uint32_t, c->problem.n);
    c->budget = g_new(double, 2);
    c->problem.n_owners = 2;
    for (size_t j = 0; j < c->problem.n; j++) {
        c->cost[j] = g_test_rand_int_range(1, 9);
        c->owner[j] = (uint32_t)g_test_rand_int_range(0, 2);
    }
    c->budget[0] = g_test_rand_int_range(4, 14);
    c->budget[1] = g_test_rand_int_range(0, 2) ? INFINITY : g_test_rand_int_range(4, 14);
    c->problem.budget_all = g_test_rand_int_range(0, 2) ? g_test_rand_int_range(8, 20) : 0;
}

/* Rules of all sorts, by the bits of which. */
static void add_rules(Case *c, unsigned which)
{
    GeoSiteProblem *problem = &c->problem;
    if (which & 1)
        add_money(c);
    if (which & 2) {
        c->site = g_new(uint32_t, problem->n);
        problem->n_sites = problem->n / 2;
        for (size_t j = 0; j < problem->n; j++)
            c->site[j] = (uint32_t)(j / 2 % problem->n_sites);
    }
    if (which & 4) {
        c->rule = g_new0(uint8_t, problem->n);
        c->rule[g_test_rand_int_range(0, (gint32)problem->n)] = GEO_SITE_FORBIDDEN;
        c->rule[g_test_rand_int_range(0, (gint32)problem->n)] = GEO_SITE_MANDATORY;
    }
    if (which & 8) {
        problem->cover = (unsigned)g_test_rand_int_range(1, 4);
        c->share[0] = 1;
        for (unsigned d = 1; d < problem->cover; d++)
            c->share[d] = c->share[d - 1] * (g_test_rand_int_range(0, 2) ? 1 : 0.5);
    }
    if (which & 16) {
        c->seen = g_new(uint8_t, problem->n_cells);
        for (size_t i = 0; i < problem->n_cells; i++)
            c->seen[i] = (uint8_t)g_test_rand_int_range(0, 3);
    }
}

/* The rules, asked plainly. */
static bool keeps_rules(const GeoSiteProblem *problem, const uint32_t *picks, size_t n)
{
    double spent[2] = {0}, all = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t j = picks[i];
        if (problem->rule && problem->rule[j] == GEO_SITE_FORBIDDEN)
            return false;
        for (size_t k = 0; k < i; k++)
            if (picks[k] == j || (problem->site && problem->site[picks[k]] == problem->site[j]))
                return false;
        if (problem->cost) {
            spent[problem->owner ? problem->owner[j] : 0] += problem->cost[j];
            all += problem->cost[j];
        }
    }
    for (uint32_t j = 0; problem->rule && j < problem->n; j++) {
        bool picked = problem->rule[j] != GEO_SITE_MANDATORY;
        for (size_t i = 0; i < n; i++)
            picked = picked || picks[i] == j;
        if (!picked)
            return false;
    }
    for (size_t o = 0; problem->budget && o < problem->n_owners; o++)
        if (spent[o] > problem->budget[o])
            return false;
    return n <= problem->count && !(problem->budget_all > 0 && all > problem->budget_all);
}

/* Tries every choice; -1 when none keeps the rules. */
static double exhaust(const GeoSiteProblem *problem, uint32_t *picks, size_t n, uint32_t from)
{
    double best = keeps_rules(problem, picks, n) ? geo_site_value(problem, picks, n) : -1;
    if (n == problem->count)
        return best;
    for (uint32_t j = from; j < problem->n; j++) {
        picks[n] = j;
        best = fmax(best, exhaust(problem, picks, n + 1, j + 1));
    }
    return best;
}

static void assert_near(double a, double b)
{
    g_assert_cmpfloat_with_epsilon(a, b, 1e-8 * (1 + fabs(b)));
}

static void assert_answer_holds(const GeoSiteProblem *problem, const GeoSiteAnswer *answer)
{
    g_autofree uint32_t *picks = g_new(uint32_t, answer->n + 1);
    double sum = answer->before;
    for (size_t i = 0; i < answer->n; i++) {
        picks[i] = answer->picks[i].candidate;
        sum += answer->picks[i].gain;
        if (i > 0 && !answer->picks[i - 1].mandatory)
            g_assert_cmpfloat(answer->picks[i].gain, <=, answer->picks[i - 1].gain + 1e-9);
    }
    g_assert_true(keeps_rules(problem, picks, answer->n));
    assert_near(answer->before, geo_site_value(problem, NULL, 0));
    assert_near(answer->after, geo_site_value(problem, picks, answer->n));
    assert_near(sum, answer->after);
    g_assert_cmpfloat(answer->greedy, <=, answer->after);
    g_assert_cmpfloat(answer->after, <=, answer->bound);
    g_assert_cmpfloat(answer->bound, <=, answer->total * (1 + 1e-9) + 1e-9);
}

static const GeoSiteOptions to_the_end = {.nodes = 100000};

static void equals_exhaustive_search(void)
{
    int rounds = g_test_slow() ? 4000 : 400;
    for (int round = 0; round < rounds; round++) {
        Case c;
        size_t n = (size_t)g_test_rand_int_range(4, 13);
        case_round(&c, n, (size_t)g_test_rand_int_range(1, 60), real(0.1, 0.5), round % 2);
        c.problem.count = (size_t)g_test_rand_int_range(1, 5);
        add_rules(&c, (unsigned)round % 32);
        case_link(&c);
        uint32_t picks[8];
        g_autoptr(GError) error = NULL;
        double best = exhaust(&c.problem, picks, 0, 0);
        g_autoptr(GeoSiteAnswer) answer = geo_site_solve(&c.problem, &to_the_end, NULL, &error);
        if (best < 0) {
            g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
        } else {
            g_assert_no_error(error);
            assert_answer_holds(&c.problem, answer);
            assert_near(answer->after, best);
            g_assert_cmpfloat(answer->bound, >=, best * (1 - 1e-12));
            g_assert_cmpfloat(answer->gap_share, <=, 1e-6);
        }
        case_clear(&c);
    }
}

/* Without the exact search: the bound must hold nevertheless, at any number of steps. */
static void bound_is_never_below_the_best(void)
{
    for (int round = 0; round < 200; round++) {
        Case c;
        case_round(&c, 12, 80, real(0.1, 0.4), false);
        c.problem.count = (size_t)g_test_rand_int_range(2, 5);
        add_rules(&c, (unsigned)round % 32 & ~4u);
        case_link(&c);
        uint32_t picks[8];
        GeoSiteOptions short_run = {.steps = (unsigned)g_test_rand_int_range(1, 30)};
        double best = exhaust(&c.problem, picks, 0, 0);
        g_autoptr(GeoSiteAnswer) answer = geo_site_solve(&c.problem, &short_run, NULL, NULL);
        assert_answer_holds(&c.problem, answer);
        g_assert_cmpfloat(answer->bound, >=, best * (1 - 1e-12));
        case_clear(&c);
    }
}

/* Greedy without haste: all candidates looked at for each pick. */
static double plain_greedy(const GeoSiteProblem *problem)
{
    g_autofree uint32_t *picks = g_new(uint32_t, problem->count);
    double value = geo_site_value(problem, NULL, 0);
    for (size_t n = 0; n < problem->count; n++) {
        double best = value;
        for (uint32_t j = 0; j < problem->n; j++) {
            uint32_t keep = picks[n];
            picks[n] = j;
            double now = geo_site_value(problem, picks, n + 1);
            if (now > best)
                best = now;
            else
                picks[n] = keep;
        }
        if (best <= value)
            break;
        value = best;
    }
    return value;
}

static void is_never_worse_than_greedy(void)
{
    for (int round = 0; round < 20; round++) {
        Case c;
        case_round(&c, 60, 400, real(0.05, 0.2), true);
        c.problem.count = 8;
        case_link(&c);
        g_autoptr(GeoSiteAnswer) answer = geo_site_solve(&c.problem, NULL, NULL, NULL);
        assert_answer_holds(&c.problem, answer);
        assert_near(answer->greedy, plain_greedy(&c.problem));
        case_clear(&c);
    }
}

/* As many groups as there are different rows of "who sees it, and how often already". */
static void groups_are_what_differs(void)
{
    for (int round = 0; round < 50; round++) {
        Case c;
        case_round(&c, 9, 300, 0.3, true);
        c.problem.count = 9;
        c.problem.cover = 2;
        c.share[0] = c.share[1] = 1;
        c.seen = g_new0(uint8_t, 300);
        for (size_t i = 0; i < 300; i++)
            c.seen[i] = (uint8_t)g_test_rand_int_range(0, 3);
        case_link(&c);
        g_autoptr(GHashTable) rows = g_hash_table_new(NULL, NULL);
        for (uint32_t i = 0; i < 300; i++) {
            guint key = 0;
            for (uint32_t j = 0; j < 9; j++)
                for (uint32_t e = c.problem.first[j]; e < c.problem.first[j + 1]; e++)
                    key |= c.problem.cell[e] == i ? 1u << j : 0;
            if (key && c.seen[i] < 2 && c.weight[i] > 0)
                g_hash_table_add(rows, GUINT_TO_POINTER(key << 2 | c.seen[i]));
        }
        g_autoptr(GeoSiteAnswer) answer = geo_site_solve(&c.problem, NULL, NULL, NULL);
        g_assert_cmpuint(answer->groups, ==, g_hash_table_size(rows));
        case_clear(&c);
    }
}

static void nothing_to_do_is_no_fault(void)
{
    Case c;
    case_round(&c, 5, 20, 0.3, true);
    case_link(&c);
    GeoSiteProblem none = {.first = c.problem.first, .weight = c.weight, .n_cells = 20, .count = 3};
    g_autoptr(GeoSiteAnswer) empty = geo_site_solve(&none, &to_the_end, NULL, NULL);
    g_assert_cmpuint(empty->n, ==, 0);
    assert_near(empty->gap_share, 0);
    c.problem.count = 0;
    g_autoptr(GeoSiteAnswer) no_count = geo_site_solve(&c.problem, &to_the_end, NULL, NULL);
    g_assert_cmpuint(no_count->n, ==, 0);
    assert_near(no_count->bound, no_count->before);
    memset(c.weight, 0, 20 * sizeof *c.weight);
    c.problem.count = 3;
    g_autoptr(GeoSiteAnswer) light = geo_site_solve(&c.problem, &to_the_end, NULL, NULL);
    g_assert_cmpuint(light->n, ==, 0);
    case_clear(&c);
}

static void mandatory_places_that_clash_are_named(void)
{
    Case c;
    case_round(&c, 5, 20, 0.3, true);
    c.rule = g_new0(uint8_t, 5);
    c.rule[1] = c.rule[3] = GEO_SITE_MANDATORY;
    c.problem.count = 1;
    case_link(&c);
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_site_solve(&c.problem, NULL, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    g_assert_nonnull(strstr(error->message, "candidate 4"));
    case_clear(&c);
}

static void same_input_same_answer(void)
{
    Case c;
    case_round(&c, 200, 3000, 0.1, false);
    c.problem.count = 20;
    case_link(&c);
    g_autoptr(GeoSiteAnswer) a = geo_site_solve(&c.problem, NULL, NULL, NULL);
    g_autoptr(GeoSiteAnswer) b = geo_site_solve(&c.problem, NULL, NULL, NULL);
    g_assert_cmpuint(a->n, ==, b->n);
    g_assert_cmpmem(a->picks, a->n * sizeof *a->picks, b->picks, b->n * sizeof *b->picks);
    g_assert_true(a->bound == b->bound);
    case_clear(&c);
}

static void cancel_ends_it(void)
{
    Case c;
    case_round(&c, 200, 3000, 0.1, false);
    c.problem.count = 20;
    case_link(&c);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    geo_progress_cancel(progress);
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_site_solve(&c.problem, NULL, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
    case_clear(&c);
}

/* ---- other programs ---- */

/* The problem in CPLEX's LP format, cell by cell, nothing aggregated; one view a cell. */
static void write_lp(const GeoSiteProblem *problem, const char *path)
{
    g_autoptr(GString) lp = g_string_new("Maximize\n obj: 0 x0\n");
    g_autofree GString **rows = g_new0(GString *, problem->n_cells);
    for (uint32_t j = 0; j < problem->n; j++)
        for (uint32_t e = problem->first[j]; e < problem->first[j + 1]; e++) {
            GString **row = &rows[problem->cell[e]];
            *row = *row ? *row : g_string_new(NULL);
            g_string_append_printf(*row, " - x%u\n", j);
        }
    for (size_t i = 0; i < problem->n_cells; i++)
        if (rows[i] && problem->weight[i] > 0)
            g_string_append_printf(lp, " + %.17g z%zu\n", problem->weight[i], i);
    g_string_append(lp, "Subject To\n count:");
    for (uint32_t j = 0; j < problem->n; j++)
        g_string_append_printf(lp, " + x%u\n", j);
    g_string_append_printf(lp, " <= %zu\n", problem->count);
    for (size_t o = 0; problem->budget && o < problem->n_owners; o++) {
        g_string_append_printf(lp, " budget%zu:", o);
        for (uint32_t j = 0; j < problem->n; j++)
            if (!problem->owner || problem->owner[j] == o)
                g_string_append_printf(lp, " + %.17g x%u\n", problem->cost[j], j);
        g_string_append_printf(lp, " <= %.17g\n", problem->budget[o]);
    }
    for (size_t i = 0; i < problem->n_cells; i++)
        if (rows[i]) {
            g_string_append_printf(lp, " c%zu: z%zu\n%s <= 0\n", i, i, rows[i]->str);
            g_string_free(rows[i], TRUE);
        }
    g_string_append(lp, "Bounds\n");
    for (size_t i = 0; i < problem->n_cells; i++)
        g_string_append_printf(lp, " 0 <= z%zu <= 1\n", i);
    g_string_append(lp, "Binary\n");
    for (uint32_t j = 0; j < problem->n; j++)
        g_string_append_printf(lp, " x%u\n", j);
    g_string_append(lp, "End\n");
    g_assert_true(g_file_set_contents(path, lp->str, (gssize)lp->len, NULL));
}

/* The number behind the first of these words in the text. */
static bool number_after(const char *text, const char *word, double *number)
{
    const char *at = strstr(text, word);
    if (at)
        *number = g_ascii_strtod(at + strlen(word) + strspn(at + strlen(word), " \t="), NULL);
    return at != NULL;
}

/* What the program says is the best; false when it is not installed. */
static bool ask(const char *program, const GeoSiteProblem *problem, double *best)
{
    g_autofree char *found = g_find_program_in_path(program);
    if (!found)
        return false;
    g_autofree char *dir = g_dir_make_tmp("gridbeat-site-XXXXXX", NULL);
    g_autofree char *lp = g_build_filename(dir, "site.lp", NULL);
    g_autofree char *out = g_build_filename(dir, "site.txt", NULL), *text = NULL;
    write_lp(problem, lp);
    const char *cbc[] = {found, lp,      "ratioGap", "0", "allowableGap",
                         "0",   "solve", "solution", out, NULL};
    const char *glpk[] = {found, "--lp", lp, "--cuts", "-o", out, NULL};
    bool is_cbc = strcmp(program, "cbc") == 0;
    g_assert_true(g_spawn_sync(NULL, (char **)(is_cbc ? cbc : glpk), NULL,
                               G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                               NULL, NULL, NULL, NULL));
    g_assert_true(g_file_get_contents(out, &text, NULL, NULL));
    if (is_cbc) {
        g_assert_true(g_str_has_prefix(text, "Optimal"));
        g_assert_true(number_after(text, "objective value", best));
        *best = fabs(*best); /* cbc minimises the opposite */
    } else {
        g_assert_nonnull(strstr(text, "INTEGER OPTIMAL"));
        g_assert_true(number_after(text, "obj =", best));
    }
    g_unlink(lp);
    g_unlink(out);
    g_rmdir(dir);
    return true;
}

static void equals(const char *program)
{
    for (int round = 0; round < 4; round++) {
        Case c;
        case_round(&c, 80, 400, round % 2 ? 0.1 : 0.16, true);
        c.problem.count = 10;
        if (round >= 2) {
            add_money(&c);
            c.problem.budget_all = 0;
            c.budget[0] = c.budget[1] = 20;
        }
        case_link(&c);
        double best;
        g_autoptr(GeoSiteAnswer) answer = geo_site_solve(&c.problem, &to_the_end, NULL, NULL);
        assert_answer_holds(&c.problem, answer);
        if (ask(program, &c.problem, &best)) {
            g_test_message("%s %.6f, ours %.6f with %u steps, %u nodes", program, best,
                           answer->after, answer->steps, answer->nodes);
            g_assert_cmpfloat_with_epsilon(answer->after, best, 1e-6 * best);
            g_assert_cmpfloat_with_epsilon(answer->bound, best, 1e-6 * best);
        } else {
            g_test_skip("not installed: Debian packages coinor-cbc and glpk-utils");
        }
        case_clear(&c);
    }
}

static void equals_cbc(void)
{
    equals("cbc");
}

static void equals_glpk(void)
{
    equals("glpsol");
}

/* Cordeau, Furini, Ljubic 2019: places on a square of 30, here with the radii and budgets of their
 * maximal covering runs; a place costs one, or what the file says. */
static bool load_cordeau(Case *c, double radius)
{
    const char *shared = g_getenv("GRIDBEAT_SHARED");
    g_autofree char *path =
        shared ? g_build_filename(shared, "data/bench/mclp_cordeau_n100_m1000.dat", NULL) : NULL;
    g_autofree char *text = NULL;
    if (!path || !g_file_get_contents(path, &text, NULL, NULL)) {
        g_test_skip("no shared data: mclp_cordeau_n100_m1000.dat");
        return false;
    }
    GeoXY place[100], client[1000];
    *c = (Case){0};
    c->weight = g_new0(double, 1000);
    c->cost = g_new0(double, 100);
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        char what;
        unsigned i;
        double x, y, number;
        if (sscanf(*line, "%c %u %lf %lf %lf", &what, &i, &x, &y, &number) != 5)
            continue;
        g_assert_cmpuint(i, <, what == 'F' ? 100 : 1000);
        *(what == 'F' ? &place[i] : &client[i]) = (GeoXY){x, y};
        *(what == 'F' ? &c->cost[i] : &c->weight[i]) = number;
    }
    g_strfreev(lines);
    c->first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    c->cell = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t j = 0; j <= 100; j++) {
        uint32_t at = c->cell->len;
        g_array_append_val(c->first, at);
        for (uint32_t i = 0; j < 100 && i < 1000; i++)
            if (hypot(place[j].x - client[i].x, place[j].y - client[i].y) <= radius)
                g_array_append_val(c->cell, i);
    }
    c->problem = (GeoSiteProblem){.n = 100, .n_cells = 1000, .count = 100, .n_owners = 1};
    c->budget = g_new(double, 1);
    return true;
}

static void cordeau_equals_cbc(void)
{
    static const double radii[] = {3.25, 3.5, 3.75, 4};
    static const double budgets[] = {10, 15, 20};
    for (size_t r = 0; r < G_N_ELEMENTS(radii); r++)
        for (size_t b = 0; b < 2 * G_N_ELEMENTS(budgets); b++) {
            Case c;
            /* CBC takes seconds for each: one by number and one by cost, unless all are wanted. */
            if (!g_test_slow() && (b != r + 1 || r % 2 == 0))
                continue;
            if (!load_cordeau(&c, radii[r]))
                return;
            bool by_cost = b >= G_N_ELEMENTS(budgets);
            c.budget[0] = budgets[b % G_N_ELEMENTS(budgets)] * (by_cost ? 20 : 1);
            for (size_t j = 0; !by_cost && j < 100; j++)
                c.cost[j] = 1;
            case_link(&c);
            double best;
            g_autoptr(GeoSiteAnswer) answer = geo_site_solve(&c.problem, &to_the_end, NULL, NULL);
            g_assert_cmpfloat(answer->gap_share, <=, 1e-9);
            if (ask("cbc", &c.problem, &best)) {
                g_test_message("radius %g, budget %g: cbc %.3f, ours %.3f, %u steps, %u nodes",
                               radii[r], c.budget[0], best, answer->after, answer->steps,
                               answer->nodes);
                assert_near(answer->after, best);
            }
            case_clear(&c);
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/site/equals-exhaustive-search", equals_exhaustive_search);
    g_test_add_func("/site/bound-is-never-below-the-best", bound_is_never_below_the_best);
    g_test_add_func("/site/is-never-worse-than-greedy", is_never_worse_than_greedy);
    g_test_add_func("/site/groups-are-what-differs", groups_are_what_differs);
    g_test_add_func("/site/nothing-to-do-is-no-fault", nothing_to_do_is_no_fault);
    g_test_add_func("/site/mandatory-places-that-clash-are-named",
                    mandatory_places_that_clash_are_named);
    g_test_add_func("/site/same-input-same-answer", same_input_same_answer);
    g_test_add_func("/site/cancel-ends-it", cancel_ends_it);
    g_test_add_func("/site/equals-cbc", equals_cbc);
    g_test_add_func("/site/equals-glpk", equals_glpk);
    g_test_add_func("/site/cordeau-equals-cbc", cordeau_equals_cbc);
    return g_test_run();
}
