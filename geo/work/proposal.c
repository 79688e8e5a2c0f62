/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One survey is held in memory (geo/work/whatif.h) and changed act by act. Repairs and turns are
 * taken greedily by street metres; their gains only fall as others are taken, so the best of the
 * last known ones that still holds when asked anew is the best of all. What is bought is chosen on
 * the survey that they leave (geo/work/place.h). */
#include "geo/work/proposal.h"

#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/model/lens.h"
#include "geo/model/scenario.h"
#include "geo/work/fields.h"

#define HEADINGS 24
#define LEAST_M 5.0
#define ASKED_TURNS                                                                                \
    1500            /* cameras that see the least alone: the others lose more than they win        \
                     */
#define LINE_M 25.0 /* of street on the map, a piece */
#define SAME_PLACE_M 1.0

const char *const geo_proposal_words[] = {"repair", "turn", "buy", NULL};

typedef struct {
    GeoProposal *proposal;
    GeoStore *store;
    GeoWhatIf *whatif;
    GeoLegalBook *book;
    GeoProgress *progress;
    GError **error;
} Work;

static const GeoSurvey *survey_of(const Work *work)
{
    return geo_whatif_survey(work->whatif);
}

static const char *keep(GeoProposal *proposal, const char *text)
{
    return text ? g_string_chunk_insert_const(proposal->text, text) : NULL;
}

static bool in_box(const GeoBox *box, GeoXY p)
{
    return p.x >= box->min_x && p.x <= box->max_x && p.y >= box->min_y && p.y <= box->max_y;
}

/* ---- acts ---- */

/* Makes it so in memory, and notes what it brought. */
static void do_act(Work *work, GeoProposalAct *act)
{
    GeoProposal *proposal = work->proposal;
    double before = geo_whatif_after(work->whatif).street_seen_m;
    geo_whatif_put(work->whatif, &act->camera, act->at);
    act->gain_m = geo_whatif_after(work->whatif).street_seen_m - before;
    act->street = keep(proposal, geo_whatif_street(work->whatif, act->at));
    act->camera.row.code = keep(proposal, act->camera.row.code);
    act->camera.row.name = keep(proposal, act->camera.row.name);
    act->camera.place = keep(proposal, act->camera.place);
    g_autoptr(GeoLegal) legal =
        geo_legal_camera(work->book, &act->camera, act->at, proposal->options.place.night);
    act->dwellings = legal->dwellings;
    g_array_append_vals(proposal->acts, act, 1);
    GeoProposalPhase *phase = &g_array_index(proposal->phases, GeoProposalPhase, act->phase);
    phase->cost += act->cost;
    phase->upkeep += act->upkeep;
    phase->gain_m += act->gain_m;
    phase->acts++;
}

static void end_phase(Work *work, unsigned phase)
{
    g_array_index(work->proposal->phases, GeoProposalPhase, phase).after =
        geo_whatif_after(work->whatif);
}

/* ---- what is there ---- */

typedef struct {
    double gain_m;
    GeoProposalAct act;
} Wish;

static int by_gain(const void *pa, const void *pb)
{
    const Wish *a = pa, *b = pb;
    if (a->gain_m != b->gain_m)
        return a->gain_m > b->gain_m ? -1 : 1;
    return (a->act.camera.row.id > b->act.camera.row.id) -
           (a->act.camera.row.id < b->act.camera.row.id);
}

/* What the wish would bring now. Of a turn: the best heading, less what it sees alone today. */
static void ask_wish(Work *work, Wish *wish)
{
    GeoProposalAct *act = &wish->act;
    if (act->what == GEO_PROPOSAL_REPAIR) {
        wish->gain_m = geo_whatif_try_m(work->whatif, &act->camera, act->at);
        return;
    }
    double best_m, sole_m = geo_whatif_sole_m(work->whatif, act->camera.row.id);
    act->camera.heading_deg =
        geo_whatif_best_heading(work->whatif, &act->camera, act->at, HEADINGS, &best_m);
    act->camera.heading_err_deg = 0;
    wish->gain_m = best_m - sole_m;
}

static bool is_forbidden(Work *work, const GeoProposalAct *act)
{
    g_autoptr(GeoLegal) legal = geo_legal_camera(work->book, &act->camera, act->at, false);
    return legal->forbidden;
}

/* The wishes of most gain first, asked anew as others are done. */
static bool do_wishes(Work *work, GArray *wishes, size_t most, double least_m)
{
    size_t done = 0;
    while (wishes->len > 0 && done < most) {
        Wish best = g_array_index(wishes, Wish, 0);
        ask_wish(work, &best);
        g_array_remove_index(wishes, 0);
        if (!geo_progress_step(work->progress, (double)done / (double)most, work->error))
            return false;
        if (best.gain_m < least_m)
            continue;
        if (wishes->len > 0 && best.gain_m < g_array_index(wishes, Wish, 0).gain_m) {
            guint at = 0; /* back in its place */
            while (at < wishes->len && g_array_index(wishes, Wish, at).gain_m >= best.gain_m)
                at++;
            g_array_insert_val(wishes, at, best);
            continue;
        }
        if (is_forbidden(work, &best.act)) {
            work->proposal->refused++;
            continue;
        }
        do_act(work, &best.act);
        done++;
    }
    return true;
}

static GeoProposalAct act_of(const Work *work, guint row, int what, bool *placed)
{
    const GeoSight *sight = survey_of(work)->sight;
    GeoProposalAct act = {.what = what,
                          .camera = g_array_index(sight->cameras->rows, GeoCamera, row)};
    act.heading_from_deg = act.camera.heading_deg;
    *placed = geo_batch_first(sight->cameras, &act.camera.row, &act.at) &&
              in_box(&work->proposal->box, geo_frame_xy(sight->frame, act.at));
    return act;
}

static bool repair(Work *work, double least_m)
{
    const GeoSight *sight = survey_of(work)->sight;
    g_autoptr(GArray) wishes = g_array_new(FALSE, FALSE, sizeof(Wish));
    geo_progress_begin(work->progress, "repairs");
    for (guint i = 0; i < sight->n; i++) {
        bool placed;
        Wish wish = {.act = act_of(work, i, GEO_PROPOSAL_REPAIR, &placed)};
        if (!placed || wish.act.camera.state != GEO_CAMERA_FAULTY)
            continue;
        work->proposal->faulty++;
        wish.act.camera.state = GEO_CAMERA_WORKING;
        ask_wish(work, &wish);
        if (wish.gain_m >= least_m)
            g_array_append_val(wishes, wish);
    }
    g_array_sort(wishes, by_gain);
    return do_wishes(work, wishes, SIZE_MAX, least_m);
}

/* Fixed cameras of a known heading, those first that alone see the least. */
static GArray *turnable(Work *work)
{
    const GeoSight *sight = survey_of(work)->sight;
    GArray *wishes = g_array_new(FALSE, FALSE, sizeof(Wish));
    for (guint i = 0; i < sight->n; i++) {
        bool placed;
        Wish wish = {.act = act_of(work, i, GEO_PROPOSAL_TURN, &placed)};
        const GeoCamera *camera = &wish.act.camera;
        if (!placed || camera->state != GEO_CAMERA_WORKING || camera->lens != GEO_LENS_FIXED ||
            sight->eyes[i].fov_deg >= 360 || !(sight->eyes[i].range_m > 0))
            continue;
        wish.gain_m = -geo_whatif_sole_m(work->whatif, camera->row.id);
        g_array_append_val(wishes, wish);
    }
    g_array_sort(wishes, by_gain);
    work->proposal->turnable = wishes->len;
    if (wishes->len > ASKED_TURNS)
        g_array_set_size(wishes, ASKED_TURNS);
    return wishes;
}

static bool turn(Work *work, size_t most, double least_m)
{
    if (most == 0)
        return true;
    geo_progress_begin(work->progress, "turns");
    g_autoptr(GArray) wishes = turnable(work);
    g_autoptr(GArray) good = g_array_new(FALSE, FALSE, sizeof(Wish));
    for (guint i = 0; i < wishes->len; i++) {
        Wish wish = g_array_index(wishes, Wish, i);
        if (!geo_progress_step(work->progress, (double)i / wishes->len, work->error))
            return false;
        ask_wish(work, &wish);
        if (wish.gain_m >= least_m)
            g_array_append_val(good, wish);
    }
    g_array_sort(good, by_gain);
    return do_wishes(work, good, most, least_m);
}

/* ---- what is bought ---- */

static double upkeep_of(const GeoBatch *types, const char *code)
{
    for (guint i = 0; i < types->rows->len; i++) {
        const GeoLensType *type = &g_array_index(types->rows, GeoLensType, i);
        if (code && g_strcmp0(type->row.code, code) == 0)
            return type->upkeep > 0 ? type->upkeep : 0;
    }
    return 0;
}

static int by_worth(const void *pa, const void *pb)
{
    const GeoPlacePick *a = *(const GeoPlacePick *const *)pa, *b = *(const GeoPlacePick *const *)pb;
    double x = a->gain / fmax(a->cost, 1), y = b->gain / fmax(b->cost, 1);
    if (a->mandatory != b->mandatory)
        return a->mandatory ? -1 : 1;
    return x != y ? (x > y ? -1 : 1) : (a > b) - (a < b);
}

/* Most gain for the money first; phases of about the same cost. */
static void buy(Work *work, const GeoBatch *types)
{
    GeoProposal *proposal = work->proposal;
    const GArray *picks = proposal->placement->picks;
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    double total = 0, spent = 0;
    unsigned phase = 1;
    for (guint i = 0; i < picks->len; i++) {
        g_ptr_array_add(order, &g_array_index(picks, GeoPlacePick, i));
        total += g_array_index(picks, GeoPlacePick, i).cost;
    }
    if (order->len > 0)
        qsort(order->pdata, order->len, sizeof *order->pdata, by_worth);
    for (guint i = 0; i < order->len; i++) {
        const GeoPlacePick *pick = order->pdata[i];
        double full = total > 0 ? total * phase / proposal->options.phases
                                : (double)order->len * phase / proposal->options.phases;
        if (phase < proposal->options.phases && (total > 0 ? spent : (double)i) >= full)
            end_phase(work, phase++);
        GeoProposalAct act = {.what = GEO_PROPOSAL_BUY,
                              .phase = phase,
                              .camera = pick->camera,
                              .at = pick->at,
                              .cost = pick->cost,
                              .upkeep = upkeep_of(types, pick->type),
                              .type = keep(proposal, pick->type)};
        act.heading_from_deg = NAN;
        act.camera.row.id = -(int64_t)i - 1; /* none of the register's */
        spent += pick->cost;
        do_act(work, &act);
    }
    for (; phase <= proposal->options.phases; phase++)
        end_phase(work, phase);
}

/* ---- how it stands when things are otherwise ---- */

static double common_share(const Work *work, const GeoPlacement *a, const GeoPlacement *b)
{
    GeoFrame *frame = survey_of(work)->sight->frame;
    size_t common = 0;
    for (guint i = 0; i < a->picks->len; i++) {
        GeoXY p = geo_frame_xy(frame, g_array_index(a->picks, GeoPlacePick, i).at);
        for (guint k = 0; k < b->picks->len; k++) {
            GeoXY q = geo_frame_xy(frame, g_array_index(b->picks, GeoPlacePick, k).at);
            if (hypot(p.x - q.x, p.y - q.y) < SAME_PLACE_M) {
                common++;
                break;
            }
        }
    }
    return a->picks->len > 0 ? (double)common / a->picks->len : 1;
}

/* The best for other weights on what repairs and turns leave, before anything is bought. */
static bool weigh_otherwise(Work *work, GeoPlacement *others[GEO_N_RISKS])
{
    for (int of = 0; of < GEO_N_RISKS; of++) {
        GeoPlaceOptions options = work->proposal->options.place;
        g_autoptr(GError) missing = NULL;
        if (of == (int)options.weigh)
            continue;
        options.weigh = (GeoRiskOf)of;
        others[of] =
            geo_place_find_on(work->store, survey_of(work), &options, work->progress, &missing);
        if (others[of] && others[of]->without_weight)
            g_clear_pointer(&others[of], geo_placement_free);
        if (missing && !g_error_matches(missing, GEO_ERROR, GEO_ERROR_MISSING)) {
            g_propagate_error(work->error, g_steal_pointer(&missing));
            return false;
        }
    }
    return true;
}

static bool compare_weights(Work *work, GeoPlacement *others[GEO_N_RISKS])
{
    GeoProposal *proposal = work->proposal;
    const GeoPlaceOptions *place = &proposal->options.place;
    const GeoSurvey *survey = survey_of(work);
    for (int of = 0; of < GEO_N_RISKS; of++) {
        const GeoPlacement *best = of == (int)place->weigh ? proposal->placement : others[of];
        GeoProposalWeighing *row = &proposal->weighing[of];
        double total, seen;
        if (!best)
            continue;
        g_autoptr(GeoRisk) risk =
            geo_risk_load_of(work->store, survey->sight->frame, (GeoRiskOf)of, place->night,
                             &survey->box, work->progress, work->error);
        if (!risk)
            return false;
        geo_survey_weigh(survey, risk, &proposal->box, MAX(place->cover, 1), &total, &seen);
        row->known = true;
        row->before = best->covered_before;
        row->bought = total > 0 ? seen / total : 0;
        row->best = fmax(best->covered_after, row->bought);
        row->common = common_share(work, proposal->placement, best);
    }
    return true;
}

/* Streets seen surely, or at best, before and after: the register's fields by doubt without those
 * that are turned, and the acts' own as they are planned. */
static bool doubt_directions(Work *work, GeoFieldsDoubt doubt, GeoProposalDoubt *answer)
{
    const GeoSurvey *survey = survey_of(work);
    const GeoSight *sight = survey->sight;
    const GeoPlaceOptions *place = &work->proposal->options.place;
    GeoSightOptions options = {
        .class = place->class, .px_per_m = place->px_per_m, .night = place->night};
    g_autoptr(GeoFields) fields =
        geo_fields_draw(sight, &options, doubt, NULL, work->progress, work->error);
    g_autofree uint8_t *turned = g_new0(uint8_t, MAX(sight->n, 1));
    g_autoptr(GHashTable) rows = g_hash_table_new(g_int64_hash, g_int64_equal);
    if (!fields)
        return false;
    g_autoptr(GeoCover) cover =
        geo_fields_count(fields, NULL, survey->cover, work->progress, work->error);
    if (!cover)
        return false;
    answer->street_m = geo_ground_share(survey->ground, cover).street_m;
    answer->before_m = geo_ground_share(survey->ground, cover).street_seen_m;
    for (guint i = 0; i < sight->n; i++)
        g_hash_table_insert(rows, &g_array_index(sight->cameras->rows, GeoCamera, i).row.id,
                            GUINT_TO_POINTER(i + 1));
    g_autoptr(GArray) lonlat = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint k = 0; k < work->proposal->acts->len; k++) {
        const GeoProposalAct *act = &g_array_index(work->proposal->acts, GeoProposalAct, k);
        guint row = GPOINTER_TO_UINT(g_hash_table_lookup(rows, &act->camera.row.id));
        if (row > 0 && act->what == GEO_PROPOSAL_TURN)
            geo_fields_change(fields, row - 1, cover, false);
        g_array_set_size(lonlat, 0);
        g_array_set_size(parts, 0);
        geo_whatif_field(work->whatif, act->camera.row.id, false, lonlat, parts);
        g_autofree GeoXY *xy = g_new(GeoXY, MAX(lonlat->len, 1));
        geo_frame_to_xy(sight->frame, (const GeoLonLat *)(const void *)lonlat->data, xy,
                        lonlat->len);
        if (parts->len > 0)
            geo_cover_add_rings(cover, xy, lonlat->len, (const uint32_t *)(const void *)parts->data,
                                parts->len);
    }
    answer->after_m = geo_ground_share(survey->ground, cover).street_seen_m;
    return true;
}

/* ---- streets for a map ---- */

static void cut_lines(Work *work)
{
    size_t n;
    const GeoSurvey *survey = survey_of(work);
    const GeoStretch *stretches = geo_ground_stretches(survey->ground, &n);
    for (size_t i = 0; i < n; i++) {
        GeoXY a = stretches[i].a, b = stretches[i].b;
        size_t pieces = (size_t)fmax(ceil(hypot(b.x - a.x, b.y - a.y) / LINE_M), 1);
        for (size_t k = 0; k < pieces; k++) {
            double t = (double)k / (double)pieces, u = (double)(k + 1) / (double)pieces;
            GeoProposalLine line = {{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)},
                                    {a.x + u * (b.x - a.x), a.y + u * (b.y - a.y)},
                                    0,
                                    0};
            GeoXY middle = {(line.a.x + line.b.x) / 2, (line.a.y + line.b.y) / 2};
            line.before = geo_cover_at(survey->cover, middle) > 0;
            if (in_box(&work->proposal->box, middle))
                g_array_append_val(work->proposal->lines, line);
        }
    }
}

static void end_lines(Work *work)
{
    for (guint i = 0; i < work->proposal->lines->len; i++) {
        GeoProposalLine *line = &g_array_index(work->proposal->lines, GeoProposalLine, i);
        GeoXY middle = {(line->a.x + line->b.x) / 2, (line->a.y + line->b.y) / 2};
        line->after = geo_cover_at(survey_of(work)->cover, middle) > 0;
    }
}

/* ---- all ---- */

static bool make_acts(Work *work)
{
    GeoProposal *proposal = work->proposal;
    GeoPlacement *others[GEO_N_RISKS] = {NULL};
    double least_m = proposal->options.least_m;
    g_autoptr(GeoBatch) types = geo_store_load(work->store, GEO_KIND_LENS, NULL, work->error);
    if (!types)
        return false;
    g_autoptr(GeoBatch) usual = geo_lens_defaults();
    bool done = repair(work, least_m) && turn(work, proposal->options.turns, least_m);
    if (done) {
        end_phase(work, 0);
        proposal->placement = geo_place_find_on(
            work->store, survey_of(work), &proposal->options.place, work->progress, work->error);
        done = proposal->placement && weigh_otherwise(work, others);
    }
    if (done) {
        buy(work, types->rows->len > 0 ? types : usual);
        done = compare_weights(work, others) &&
               doubt_directions(work, GEO_FIELDS_SURE, &proposal->sure) &&
               doubt_directions(work, GEO_FIELDS_POSSIBLE, &proposal->possible);
    }
    for (int of = 0; of < GEO_N_RISKS; of++)
        geo_placement_free(others[of]);
    return done;
}

static bool make(Work *work)
{
    GeoProposal *proposal = work->proposal;
    const GeoPlaceOptions *place = &proposal->options.place;
    GeoCoverageOptions coverage = {.class = place->class,
                                   .px_per_m = place->px_per_m,
                                   .night = place->night,
                                   .cell_m = GEO_PLACE_CELL_M};
    work->whatif = geo_whatif_load(work->store, &coverage, work->progress, work->error);
    if (!work->whatif)
        return false;
    const GeoSurvey *survey = survey_of(work);
    proposal->box = survey->box;
    if (!geo_place_box(work->store, survey->sight->frame, place, &proposal->box, work->error))
        return false;
    work->book = geo_legal_load(work->store, survey->sight, work->error);
    if (!work->book)
        return false;
    proposal->before = geo_whatif_before(work->whatif);
    cut_lines(work);
    if (!make_acts(work))
        return false;
    end_lines(work);
    return true;
}

GeoProposal *geo_proposal_make(GeoStore *store, const GeoProposalOptions *options,
                               GeoProgress *progress, GError **error)
{
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GeoProposal) proposal = g_new0(GeoProposal, 1);
    Work work = {.proposal = proposal, .store = store, .progress = progress, .error = error};
    proposal->options = *options;
    proposal->options.phases = MAX(options->phases, 1);
    proposal->options.least_m = options->least_m > 0 ? options->least_m : LEAST_M;
    proposal->acts = g_array_new(FALSE, FALSE, sizeof(GeoProposalAct));
    proposal->phases = g_array_new(FALSE, TRUE, sizeof(GeoProposalPhase));
    proposal->lines = g_array_new(FALSE, FALSE, sizeof(GeoProposalLine));
    proposal->text = g_string_chunk_new(4096);
    g_array_set_size(proposal->phases, proposal->options.phases + 1);
    bool done = make(&work);
    geo_legal_book_free(work.book);
    geo_whatif_free(work.whatif);
    proposal->work_ms = (double)(g_get_monotonic_time() - begin) / 1000;
    return done ? g_steal_pointer(&proposal) : NULL;
}

void geo_proposal_free(GeoProposal *proposal)
{
    if (!proposal)
        return;
    g_array_unref(proposal->acts);
    g_array_unref(proposal->phases);
    g_array_unref(proposal->lines);
    geo_placement_free(proposal->placement);
    g_string_chunk_free(proposal->text);
    g_free(proposal);
}

GeoBatch *geo_proposal_planned(const GeoProposal *proposal, int64_t first_id)
{
    GeoBatch *planned = geo_batch_new(GEO_KIND_PLANNED);
    bool free_acts =
        proposal->acts->len > 0 && g_array_index(proposal->acts, GeoProposalAct, 0).phase == 0;
    for (guint i = 0; i < proposal->acts->len; i++) {
        const GeoProposalAct *act = &g_array_index(proposal->acts, GeoProposalAct, i);
        GeoCamera camera = act->camera;
        bool bought = act->what == GEO_PROPOSAL_BUY;
        if (bought)
            camera.row.id = first_id++;
        GeoPlanned *row = geo_scenario_add_planned(planned, &camera, act->at,
                                                   bought ? GEO_PLANNED_ADD : GEO_PLANNED_EDIT);
        row->phase = (int64_t)act->phase + (free_acts ? 1 : 0);
        row->cost = act->cost;
    }
    return planned;
}
