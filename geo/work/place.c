/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/place.h"

#include <math.h>

#include "geo/model/error.h"
#include "geo/work/wayname.h"

#define MOST 20000
#define HEADINGS 8
#define SPACING_M 45.0
#define GAP_SHARE 0.005
#define STEPS 2000

/* ---- where ---- */

static bool find_area(GeoStore *store, const char *code, GeoBounds *bounds, GError **error)
{
    GeoQuery query = {.code = code};
    g_autoptr(GeoBatch) areas = geo_store_load(store, GEO_KIND_AREA, &query, error);
    if (!areas)
        return false;
    if (areas->rows->len == 0)
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "the city has no area '%s'", code);
    else
        *bounds = geo_batch_row_bounds(areas, geo_batch_row(areas, 0));
    return areas->rows->len > 0;
}

/* The box in metres that holds the bounds. */
static GeoBox box_of(GeoFrame *frame, const GeoBounds *b)
{
    GeoBox box = GEO_BOX_EMPTY;
    const GeoLonLat corners[4] = {
        {b->west, b->south}, {b->east, b->south}, {b->east, b->north}, {b->west, b->north}};
    for (int i = 0; i < 4; i++)
        geo_box_add(&box, geo_frame_xy(frame, corners[i]));
    return box;
}

/* ---- the choice ---- */

typedef struct {
    GArray *cost, *owner, *site; /* of the candidates */
    double budget[GEO_N_OWNERS];
} Money;

static void money_init(Money *money, const GeoCandidates *candidates,
                       const GeoPlaceOptions *options)
{
    money->cost = g_array_new(FALSE, FALSE, sizeof(double));
    money->owner = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    money->site = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < candidates->all->len; i++) {
        const GeoCandidate *one = &g_array_index(candidates->all, GeoCandidate, i);
        uint32_t owner = (uint32_t)one->camera.owner;
        g_array_append_val(money->cost, one->cost);
        g_array_append_val(money->owner, owner);
        g_array_append_val(money->site, one->site);
    }
    for (int k = 0; k < GEO_N_OWNERS; k++)
        money->budget[k] = options->budget[k] > 0   ? options->budget[k]
                           : options->budget[k] < 0 ? 0
                                                    : INFINITY;
}

static void money_clear(Money *money)
{
    g_array_unref(money->cost);
    g_array_unref(money->owner);
    g_array_unref(money->site);
}

static GeoSiteAnswer *choose(const GeoCandidates *candidates, const GeoPlaceOptions *options,
                             GeoProgress *progress, GError **error)
{
    Money money;
    money_init(&money, candidates, options);
    GeoSiteProblem problem = {.n = candidates->all->len,
                              .n_cells = candidates->weight->len,
                              .first = (const uint32_t *)(void *)candidates->first->data,
                              .cell = (const uint32_t *)(void *)candidates->cell->data,
                              .weight = (const double *)(void *)candidates->weight->data,
                              .seen = (const uint8_t *)candidates->seen->data,
                              .rule = (const uint8_t *)candidates->rule->data,
                              .cost = (const double *)(void *)money.cost->data,
                              .owner = (const uint32_t *)(void *)money.owner->data,
                              .budget = money.budget,
                              .site = (const uint32_t *)(void *)money.site->data,
                              .n_owners = GEO_N_OWNERS,
                              .n_sites = candidates->n_sites,
                              .budget_all = options->budget_all,
                              .count = options->count,
                              .cover = MAX(options->cover, 1)};
    GeoSiteOptions search = {.gap_share = options->gap_share > 0 ? options->gap_share : GAP_SHARE,
                             .steps = STEPS};
    geo_progress_begin(progress, "choice");
    GeoSiteAnswer *answer = geo_site_solve(&problem, &search, progress, error);
    money_clear(&money);
    return answer;
}

/* ---- the answer ---- */

static const char *keep(GeoPlacement *placement, const char *text)
{
    return text ? g_string_chunk_insert_const(placement->text, text) : NULL;
}

static void fill(GeoPlacement *placement, const GeoSurvey *survey, const GeoCandidates *candidates,
                 const GeoSiteAnswer *answer, unsigned cover)
{
    g_autoptr(GeoWayname) streets = geo_wayname_new(survey->ground, survey->roads);
    /* Each of the first `cover` views of a cell is worth its weight. */
    double whole = fmax(candidates->total * cover, 1e-300);
    double base = candidates->before * cover - answer->before; /* of cells that no candidate sees */
    for (size_t i = 0; i < answer->n; i++) {
        const GeoSitePick *from = &answer->picks[i];
        const GeoCandidate *one = &g_array_index(candidates->all, GeoCandidate, from->candidate);
        GeoPlacePick pick = {.camera = one->camera,
                             .at = geo_frame_lonlat(survey->sight->frame, one->at),
                             .gain = from->gain / whole,
                             .cost = from->cost,
                             .mandatory = from->mandatory,
                             .type = keep(placement, one->type),
                             .street = keep(placement, geo_wayname_find(streets, one->at))};
        g_array_append_val(placement->picks, pick);
    }
    placement->covered_before = (base + answer->before) / whole;
    placement->covered_after = (base + answer->after) / whole;
    placement->bound = (base + answer->bound) / whole;
    placement->gap_share = answer->gap_share;
    placement->candidates = candidates->all->len;
    placement->places = candidates->n_sites;
    placement->left_out = candidates->left_out;
    placement->refused = candidates->refused;
    placement->cells = candidates->weight->len;
    placement->groups = answer->groups;
}

static double ms_since(gint64 begin)
{
    return (double)(g_get_monotonic_time() - begin) / 1000;
}

bool geo_place_box(GeoStore *store, GeoFrame *frame, const GeoPlaceOptions *options, GeoBox *box,
                   GError **error)
{
    GeoBounds bounds;
    const GeoBounds *within = options->within;
    if (options->area) {
        if (!find_area(store, options->area, &bounds, error))
            return false;
        within = &bounds;
    }
    if (within)
        *box = box_of(frame, within);
    return true;
}

static bool find(GeoPlacement *placement, GeoStore *store, const GeoSurvey *survey,
                 const GeoPlaceOptions *options, GeoProgress *progress, GError **error)
{
    gint64 begin = g_get_monotonic_time();
    GeoBox box = survey->box;
    if (!geo_place_box(store, survey->sight->frame, options, &box, error))
        return false;
    g_autoptr(GeoRisk) risk = geo_risk_load_of(store, survey->sight->frame, options->weigh,
                                               options->night, &survey->box, progress, error);
    if (!risk)
        return false;
    placement->load_ms += ms_since(begin);
    placement->weigh = options->weigh;
    placement->without_weight = risk->columns == 0 && options->weigh != GEO_RISK_EQUAL;
    begin = g_get_monotonic_time();
    GeoCandidatesOptions ask = {.box = &box,
                                .class = options->class,
                                .px_per_m = options->px_per_m,
                                .night = options->night,
                                .headings = HEADINGS,
                                .spacing_m = SPACING_M,
                                .poles = !options->sites_only,
                                .walls = !options->sites_only,
                                .sites = true,
                                .lens = options->lens,
                                .most = options->candidates ? options->candidates : MOST,
                                .cover = MAX(options->cover, 1)};
    g_autoptr(GeoCandidates) candidates =
        geo_candidates_find(store, survey, risk, &ask, progress, error);
    if (!candidates)
        return false;
    placement->fields_ms = ms_since(begin);
    begin = g_get_monotonic_time();
    g_autoptr(GeoSiteAnswer) answer = choose(candidates, options, progress, error);
    if (!answer)
        return false;
    placement->search_ms = ms_since(begin);
    fill(placement, survey, candidates, answer, MAX(options->cover, 1));
    return true;
}

GeoPlacement *geo_place_find_on(GeoStore *store, const GeoSurvey *survey,
                                const GeoPlaceOptions *options, GeoProgress *progress,
                                GError **error)
{
    g_return_val_if_fail(options && options->cover <= GEO_SITE_MAX_COVER, NULL);
    g_autoptr(GeoPlacement) placement = g_new0(GeoPlacement, 1);
    placement->picks = g_array_new(FALSE, FALSE, sizeof(GeoPlacePick));
    placement->text = g_string_chunk_new(1024);
    if (!find(placement, store, survey, options, progress, error))
        return NULL;
    return g_steal_pointer(&placement);
}

GeoPlacement *geo_place_find(GeoStore *store, const GeoPlaceOptions *options, GeoProgress *progress,
                             GError **error)
{
    gint64 begin = g_get_monotonic_time();
    GeoCoverageOptions coverage = {.class = options->class,
                                   .px_per_m = options->px_per_m,
                                   .night = options->night,
                                   .cell_m = GEO_PLACE_CELL_M};
    GeoBox box;
    if (options->area) { /* before the long work */
        g_autoptr(GeoFrame) frame = geo_frame_new(geo_store_city(store)->epsg, error);
        if (!frame || !geo_place_box(store, frame, options, &box, error))
            return NULL;
    }
    g_autoptr(GeoSurvey) survey = geo_survey_load(store, &coverage, progress, error);
    double load_ms = ms_since(begin);
    GeoPlacement *placement =
        survey ? geo_place_find_on(store, survey, options, progress, error) : NULL;
    if (placement)
        placement->load_ms += load_ms;
    return placement;
}

void geo_placement_free(GeoPlacement *placement)
{
    if (!placement)
        return;
    g_array_unref(placement->picks);
    g_string_chunk_free(placement->text);
    g_free(placement);
}
