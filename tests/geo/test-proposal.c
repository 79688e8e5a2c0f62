/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/proposal.h"

#include "tests/geo/town.h"

/* Four streets, houses, faulty cameras on the streets and working ones that look away from them. */
static Town *faulty_town(void)
{
    Town *town = town_new();
    for (int i = 0; i < 4; i++) {
        double at = 60 + 120 * i;
        g_autofree char *name = g_strdup_printf("Street %d", i);
        town_add_road(town, name, (GeoXY){0, at}, (GeoXY){500, at}, GEO_ROAD_RESIDENTIAL);
        town_add_house(town, 100, at + 15, 140, at + 60);
        town_add_house(town, 300, at + 15, 380, at + 60);
    }
    town_add_camera(town, 20, 60, 90, GEO_CAMERA_FAULTY);
    town_add_camera(town, 20, 180, 90, GEO_CAMERA_FAULTY);
    town_add_camera(town, 200, 310, 0, GEO_CAMERA_WORKING); /* the street lies behind it */
    town_finish(town);
    return town;
}

static GeoProposal *propose(Town *town, const GeoProposalOptions *options)
{
    g_autoptr(GError) error = NULL;
    GeoProposal *proposal = geo_proposal_make(town->store, options, NULL, &error);
    g_assert_no_error(error);
    return proposal;
}

static const GeoProposalAct *act_at(const GeoProposal *proposal, guint i)
{
    return &g_array_index(proposal->acts, GeoProposalAct, i);
}

static void cheap_first(void)
{
    g_autoptr(Town) town = faulty_town();
    GeoProposalOptions options = {.turns = 5, .phases = 2};
    options.place = (GeoPlaceOptions){.count = 3, .weigh = GEO_RISK_EQUAL, .candidates = 1500};
    g_autoptr(GeoProposal) proposal = propose(town, &options);
    size_t repairs = 0, turns = 0, bought = 0;
    double cost = 0, seen = proposal->before.street_seen_m;
    unsigned phase = 0;
    for (guint i = 0; i < proposal->acts->len; i++) {
        const GeoProposalAct *act = act_at(proposal, i);
        repairs += act->what == GEO_PROPOSAL_REPAIR;
        turns += act->what == GEO_PROPOSAL_TURN;
        bought += act->what == GEO_PROPOSAL_BUY;
        g_assert_cmpfloat(act->gain_m, >=, act->what == GEO_PROPOSAL_BUY ? 0 : 5);
        g_assert_cmpuint(act->phase, >=, phase);
        g_assert_cmpint(act->phase > 0, ==, act->what == GEO_PROPOSAL_BUY);
        g_assert_cmpint(act->cost > 0, ==, act->what == GEO_PROPOSAL_BUY);
        phase = act->phase;
        cost += act->cost;
        seen += act->gain_m;
    }
    g_assert_cmpuint(repairs, ==, 2);
    g_assert_cmpuint(turns, ==, 1);
    g_assert_cmpuint(bought, ==, 3);
    double sum = 0, gain = 0;
    for (guint k = 0; k < proposal->phases->len; k++) {
        const GeoProposalPhase *of = &g_array_index(proposal->phases, GeoProposalPhase, k);
        sum += of->cost;
        gain += of->gain_m;
        if (k > 0)
            g_assert_cmpfloat(of->after.street_seen_m, >=, of[-1].after.street_seen_m);
        g_assert_cmpfloat_with_epsilon(of->after.street_seen_m,
                                       proposal->before.street_seen_m + gain, 1e-6);
    }
    g_assert_cmpuint(proposal->phases->len, ==, 3);
    g_assert_cmpfloat_with_epsilon(sum, cost, 1e-6);
    g_assert_cmpfloat_with_epsilon(proposal->before.street_seen_m + gain, seen, 1e-6);
    g_assert_cmpfloat(proposal->placement->covered_after, <=, proposal->placement->bound + 1e-12);
    g_assert_cmpfloat(proposal->sure.after_m, <=, proposal->possible.after_m);
    g_assert_true(proposal->weighing[GEO_RISK_EQUAL].known);
    g_assert_cmpfloat_with_epsilon(proposal->weighing[GEO_RISK_EQUAL].bought,
                                   proposal->placement->covered_after, 1e-6);
    g_assert_false(proposal->weighing[GEO_RISK_POPULATION].known);
}

/* A plan of it, put into the register, sees what was promised. */
static void kept_as_promised(void)
{
    g_autoptr(Town) town = faulty_town();
    GeoProposalOptions options = {.turns = 5};
    options.place = (GeoPlaceOptions){.count = 2, .weigh = GEO_RISK_EQUAL, .candidates = 1500};
    g_autoptr(GeoProposal) proposal = propose(town, &options);
    g_autoptr(GeoBatch) planned = geo_proposal_planned(proposal, 5000);
    g_assert_cmpuint(planned->rows->len, ==, proposal->acts->len);
    g_autoptr(GError) error = NULL;
    GeoCoverageOptions coverage = {.cell_m = GEO_PLACE_CELL_M};
    g_autoptr(GeoWhatIf) whatif = geo_whatif_load(town->store, &coverage, NULL, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < planned->rows->len; i++) {
        const GeoPlanned *row = &g_array_index(planned->rows, GeoPlanned, i);
        GeoCamera camera = row->camera;
        GeoLonLat at;
        camera.row.id = row->camera_id;
        g_assert_true(geo_batch_first(planned, &row->camera.row, &at));
        geo_whatif_put(whatif, &camera, at);
    }
    const GeoProposalPhase *last =
        &g_array_index(proposal->phases, GeoProposalPhase, proposal->phases->len - 1);
    g_assert_cmpfloat_with_epsilon(geo_whatif_after(whatif).street_seen_m,
                                   last->after.street_seen_m, 1e-6);
}

static void budget_and_cancel(void)
{
    g_autoptr(Town) town = faulty_town();
    GeoProposalOptions options = {0};
    options.place = (GeoPlaceOptions){
        .count = 5, .weigh = GEO_RISK_EQUAL, .candidates = 1000, .budget_all = 7000};
    g_autoptr(GeoProposal) proposal = propose(town, &options);
    double cost = 0;
    for (guint i = 0; i < proposal->acts->len; i++)
        cost += act_at(proposal, i)->cost;
    g_assert_cmpfloat(cost, >, 0);
    g_assert_cmpfloat(cost, <=, 7000);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    g_autoptr(GError) error = NULL;
    geo_progress_cancel(progress);
    g_assert_null(geo_proposal_make(town->store, &options, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proposal/cheap-first", cheap_first);
    g_test_add_func("/proposal/kept-as-promised", kept_as_promised);
    g_test_add_func("/proposal/budget-and-cancel", budget_and_cancel);
    return g_test_run();
}
