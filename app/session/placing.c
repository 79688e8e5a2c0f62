/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/placing.h"

#include "geo/model/act.h"
#include "geo/model/scenario.h"
#include "geo/work/proposal.h"
#include "maps/paint/words.h"

#define PHASES 3
#define TURNS 20

void app_placed_free(gpointer data)
{
    AppPlaced *placed = data;
    geo_batch_free(placed->planned);
    g_free(placed->words);
    g_free(placed);
}

gpointer app_placed_find(GeoStore *store, gpointer data, GeoProgress *progress, GError **error)
{
    AppPlacing *placing = data;
    placing->options.within = &placing->bounds;
    g_autoptr(GeoPlacement) placement = geo_place_find(store, &placing->options, progress, error);
    if (!placement)
        return NULL;
    AppPlaced *placed = g_new0(AppPlaced, 1);
    placed->step = "place";
    placed->planned = geo_batch_new(GEO_KIND_PLANNED);
    int64_t id = geo_act_new_id(g_get_real_time() / 1000);
    double cost = 0;
    for (guint i = 0; i < placement->picks->len; i++) {
        const GeoPlacePick *pick = &g_array_index(placement->picks, GeoPlacePick, i);
        GeoCamera camera = pick->camera;
        camera.row.id = id + i;
        geo_scenario_add_planned(placed->planned, &camera, pick->at, GEO_PLANNED_ADD)->cost =
            pick->cost;
        cost += pick->cost;
    }
    placed->words = g_strdup_printf(
        _("%u cameras for %.0f yuan: of the weight in sight %.1f %% is covered, before %.1f %%; no "
          "choice of so many covers more than %.1f %%."),
        placement->picks->len, cost, 100 * placement->covered_after,
        100 * placement->covered_before, 100 * placement->bound);
    return placed;
}

gpointer app_placed_propose(GeoStore *store, gpointer data, GeoProgress *progress, GError **error)
{
    AppPlacing *placing = data;
    placing->options.within = &placing->bounds;
    GeoProposalOptions options = {.place = placing->options, .phases = PHASES, .turns = TURNS};
    g_autoptr(GeoProposal) proposal = geo_proposal_make(store, &options, progress, error);
    if (!proposal)
        return NULL;
    AppPlaced *placed = g_new0(AppPlaced, 1);
    placed->step = "propose";
    placed->planned = geo_proposal_planned(proposal, geo_act_new_id(g_get_real_time() / 1000));
    const GeoProposalPhase *first = &g_array_index(proposal->phases, GeoProposalPhase, 0);
    double bought_m = 0, cost = 0;
    for (guint k = 1; k < proposal->phases->len; k++) {
        bought_m += g_array_index(proposal->phases, GeoProposalPhase, k).gain_m;
        cost += g_array_index(proposal->phases, GeoProposalPhase, k).cost;
    }
    placed->words = g_strdup_printf(
        _("%zu repairs and turns bring %.0f m of street, new cameras %.0f m more for %.0f yuan; no "
          "choice of so many covers more than %.1f %% of the weight in sight, this one %.1f %%."),
        first->acts, first->gain_m, bought_m, cost, 100 * proposal->placement->bound,
        100 * proposal->placement->covered_after);
    return placed;
}
