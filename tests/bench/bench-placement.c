/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the next cameras do most, on two named instances cut from the demo city (seed 0, whole):
 * hefei-8000, 12 x 12 km around the old town with 8,000 candidates and 300 cameras to place, and
 * hefei-20000, the whole city with 20,000 and 200. Candidates are poles each 45 m in 8 headings and
 * walls, with all fixed types; ground is cells of 2 m by their incidents, as far as the 12,000
 * cameras do not see it; one camera a place. The fields of the candidates are timed apart. The peer
 * gets the same instance, cells already put together to groups, as a model in a file. */
#include <glib/gstdio.h>

#include "geo/calc/site-model.h"
#include "geo/work/candidates.h"
#include "geo/work/demo.h"
#include "tests/bench/bench.h"

#define NAME "placement"
#define ROUNDS 7
#define CELL_M 2.0
#define PEER_S 240

typedef struct {
    const char *name, *task;
    size_t n, count, draw; /* candidates, picks; a place is drawn whole */
    double half_m;         /* half the side of its square around the old town's middle; 0: all */
} Instance;

static const Instance instances[] = {
    {"hefei-8000", "p300", 8000, 300, 8100, 6000},
    {"hefei-20000", "p200", 20000, 200, 20100, 0},
};
static const GeoLonLat middle = {117.2838, 31.8612};

static void must(bool good, GError *error)
{
    if (!good)
        g_error("%s", error ? error->message : "failed");
}

static GeoStore *make_city(void)
{
    GError *error = NULL;
    GeoCity city = geo_demo_city();
    GeoStore *store = geo_store_new_memory(&city);
    GeoDemoOptions options = {.scale = 1, .no_tracks = true};
    must(geo_demo_make(store, &options, NULL, &error), error);
    return store;
}

static GeoCandidates *cut(GeoStore *store, const GeoSurvey *survey, GeoRisk *risk,
                          const Instance *instance)
{
    GError *error = NULL;
    GeoBox box = survey->box;
    GeoXY at = geo_frame_xy(survey->sight->frame, middle);
    double half = instance->half_m;
    if (half > 0)
        box = (GeoBox){at.x - half, at.y - half, at.x + half, at.y + half};
    GeoCandidatesOptions options = {.box = &box,
                                    .headings = 8,
                                    .spacing_m = 45,
                                    .poles = true,
                                    .walls = true,
                                    .most = instance->draw,
                                    .cover = 1};
    double begin = bench_now_us();
    GeoCandidates *candidates = geo_candidates_find(store, survey, risk, &options, NULL, &error);
    must(candidates != NULL, error);
    double ms = (bench_now_us() - begin) / 1000;
    char task[64];
    g_snprintf(task, sizeof task, "fields %s", instance->task);
    bench_say(NAME, task, "gridbeat", "ms", &ms, 1);
    return candidates;
}

/* The first of them, places of the most weight before others. */
static GeoSiteProblem problem_of(const GeoCandidates *candidates, const Instance *instance,
                                 GArray *sites)
{
    if (candidates->all->len < instance->n)
        g_error("%s has %u candidates only", instance->name, candidates->all->len);
    for (guint i = 0; i < candidates->all->len; i++)
        g_array_append_val(sites, g_array_index(candidates->all, GeoCandidate, i).site);
    return (GeoSiteProblem){.n = instance->n,
                            .n_cells = candidates->weight->len,
                            .first = (const uint32_t *)(void *)candidates->first->data,
                            .cell = (const uint32_t *)(void *)candidates->cell->data,
                            .weight = (const double *)(void *)candidates->weight->data,
                            .seen = (const uint8_t *)candidates->seen->data,
                            .rule = (const uint8_t *)candidates->rule->data,
                            .site = (const uint32_t *)(void *)sites->data,
                            .n_sites = candidates->n_sites,
                            .count = instance->count};
}

/* ---- the peer ---- */

/* In CPLEX's LP format: a group is seen when one of its candidates is picked. */
static void write_lp(const GeoSiteModel *model, const char *path)
{
    g_autoptr(GString) lp = g_string_new("Maximize\n obj: 0 x0\n");
    for (size_t g = 0; g < model->n_groups; g++)
        g_string_append_printf(lp, " + %.12g z%zu\n", model->weight[g], g);
    g_string_append(lp, "Subject To\n count:");
    for (size_t j = 0; j < model->n; j++)
        g_string_append_printf(lp, "%s + x%zu", j % 16 == 15 ? "\n" : "", j);
    g_string_append_printf(lp, " <= %zu\n", model->count);
    for (size_t g = 0; g < model->n_groups; g++) {
        g_string_append_printf(lp, " c%zu: z%zu", g, g);
        for (uint32_t e = model->back_first[g]; e < model->back_first[g + 1]; e++)
            g_string_append_printf(lp, " - x%u%s", model->back[e], e % 16 == 15 ? "\n" : "");
        g_string_append(lp, " <= 0\n");
    }
    g_autofree GString **rows = g_new0(GString *, model->n_sites);
    for (size_t j = 0; j < model->n; j++) {
        GString **row = &rows[model->site[j]];
        *row = *row ? *row : g_string_new(NULL);
        g_string_append_printf(*row, " + x%zu", j);
    }
    for (size_t s = 0; s < model->n_sites; s++)
        if (rows[s]) {
            g_string_append_printf(lp, " s%zu:%s <= 1\n", s, rows[s]->str);
            g_string_free(rows[s], TRUE);
        }
    g_string_append(lp, "Bounds\n");
    for (size_t g = 0; g < model->n_groups; g++)
        g_string_append_printf(lp, " 0 <= z%zu <= 1\n", g);
    g_string_append(lp, "Binary\n");
    for (size_t j = 0; j < model->n; j++)
        g_string_append_printf(lp, " x%zu\n", j);
    g_string_append(lp, "End\n");
    g_assert_true(g_file_set_contents(path, lp->str, (gssize)lp->len, NULL));
}

/* CBC told to stop at the same gap, and after PEER_S in any case. */
static void bench_cbc(const GeoSiteModel *model, const Instance *instance, const GeoSiteAnswer *own,
                      double own_s)
{
    g_autofree char *cbc = g_find_program_in_path("cbc");
    if (!cbc) {
        printf("%s: no CBC here (package coinor-cbc): not compared\n", instance->task);
        return;
    }
    g_autofree char *dir = g_dir_make_tmp("gridbeat-placement-XXXXXX", NULL), *text = NULL;
    g_autofree char *lp = g_build_filename(dir, "site.lp", NULL);
    g_autofree char *out = g_build_filename(dir, "site.txt", NULL);
    char limit[16];
    g_snprintf(limit, sizeof limit, "%d", PEER_S);
    write_lp(model, lp);
    const char *words[] = {cbc,   lp,      "ratioGap", "0.01", "sec",
                           limit, "solve", "solution", out,    NULL};
    double begin = bench_now_us();
    g_assert_true(g_spawn_sync(NULL, (char **)words, NULL,
                               G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                               NULL, NULL, NULL, NULL));
    double s = (bench_now_us() - begin) / 1e6;
    bench_say(NAME, instance->task, "CBC", "s", &s, 1);
    const char *at = g_file_get_contents(out, &text, NULL, NULL) ? strstr(text, "value") : NULL;
    if (at)
        printf("  CBC: %.*s; ours adds %.6f; ratio of times %.0f\n", (int)strcspn(text, "\n"), text,
               own->after - model->base, s / own_s);
    g_unlink(lp);
    g_unlink(out);
    g_rmdir(dir);
}

/* ---- our own ---- */

static void bench_instance(GeoStore *store, const GeoSurvey *survey, GeoRisk *risk,
                           const Instance *instance)
{
    g_autoptr(GeoCandidates) candidates = cut(store, survey, risk, instance);
    g_autoptr(GArray) sites = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GeoSiteProblem problem = problem_of(candidates, instance, sites);
    GeoSiteOptions options = {.gap_share = 0.01};
    g_autoptr(GeoSiteAnswer) answer = NULL;
    GError *error = NULL;
    double s[ROUNDS], groups_ms[ROUNDS];
    g_autoptr(GeoSiteModel) model = NULL;
    for (int i = 0; i < ROUNDS; i++) {
        g_clear_pointer(&answer, geo_site_answer_free);
        double begin = bench_now_us();
        answer = geo_site_solve(&problem, &options, NULL, &error);
        s[i] = (bench_now_us() - begin) / 1e6;
        must(answer != NULL, error);
        g_clear_pointer(&model, geo_site_model_free);
        begin = bench_now_us();
        model = geo_site_model_new(&problem, NULL, &error);
        groups_ms[i] = (bench_now_us() - begin) / 1000;
    }
    printf("%s: %zu candidates at %zu places (%zu useful), %zu cells in %zu groups, %zu entries; "
           "%zu to pick\n",
           instance->name, problem.n, problem.n_sites, answer->useful, problem.n_cells,
           answer->groups, (size_t)problem.first[problem.n], problem.count);
    double median = bench_say(NAME, instance->task, "gridbeat", "s", s, ROUNDS);
    char task[64];
    g_snprintf(task, sizeof task, "groups %s", instance->task);
    bench_say(NAME, task, "gridbeat", "ms", groups_ms, ROUNDS);
    double gap = answer->gap_share;
    g_snprintf(task, sizeof task, "gap %s", instance->task);
    bench_say(NAME, task, "gridbeat", "share", &gap, 1);
    double open = answer->total - answer->before; /* not seen by the cameras there are */
    printf("  gap %.4f %%; of the weight that is not seen yet greedy sees %.4f %%, the answer %.4f "
           "%%, nothing more than %.4f %%; %u steps\n",
           100 * gap, 100 * (answer->greedy - answer->before) / open,
           100 * (answer->after - answer->before) / open,
           100 * (answer->bound - answer->before) / open, answer->steps);
    if (answer->after < answer->greedy)
        g_error("worse than greedy");
    bench_cbc(model, instance, answer, median);
}

int main(void)
{
    GError *error = NULL;
    GeoStore *store = make_city();
    GeoCoverageOptions options = {.cell_m = CELL_M};
    g_autoptr(GeoSurvey) survey = geo_survey_load(store, &options, NULL, &error);
    must(survey != NULL, error);
    g_autoptr(GeoRisk) risk = geo_risk_load_of(store, survey->sight->frame, GEO_RISK_INCIDENTS,
                                               false, &survey->box, NULL, &error);
    must(risk != NULL, error);
    for (size_t i = 0; i < G_N_ELEMENTS(instances); i++)
        bench_instance(store, survey, risk, &instances[i]);
    geo_store_close(store);
    bench_machine(NAME);
    return 0;
}
