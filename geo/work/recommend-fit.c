/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who could come, and who of them is to go. Arrival is a span: since its last fix a unit may have
 * gone anywhere within its reach (geo/model/age.h), toward the place or away from it, at the pace
 * of its own way there. Its middle, nowhere before now, is what units are ranked by: a fresh fix
 * goes before an old one that looks a little nearer, and no unit is ranked sooner than its way
 * takes, so a search by road that has reached a time has seen all that can be ranked before it. */
#include <math.h>
#include <string.h>

#include "geo/model/age.h"
#include "geo/work/recommend-parts.h"

#define FIRST_FETCH 64
#define MOST_FETCH 4096
#define MOST_NEARBY 5
#define MOST_TAKEN 3
#define MOST_ROUTES 12 /* of units on other incidents, nearest by air first */
#define ROUGH_S 60.0   /* a span that is worth saying */
#define SLOWEST_MPS 1.0

const char *const geo_recommend_says[] = {
    "fits", "chosen", "duty_ends", "old_fix", "at_post", "leaves_post", "cleared",
    "crew", "apart",  "leaves",    "observe", "taken",   "arrived",     NULL};

#define SAY(what) (UINT32_C(1) << GEO_SAY_##what)

static const GeoPlanbookNeed *need_of(const GeoRecommendation *answer, guint i)
{
    return &g_array_index(answer->plan->needs, GeoPlanbookNeed, i);
}

uint32_t geo_recommend_fits(const GeoRecommend *recommend, const GeoRecommendation *answer,
                            uint32_t unit)
{
    const GeoRecommendUnit *known = &recommend->units[unit];
    uint32_t fits = 0;
    for (guint i = 0; i < answer->plan->needs->len; i++) {
        const GeoPlanbookNeed *need = need_of(answer, i);
        bool force = need->forces == 0 || !recommend->forces ||
                     (need->forces & GEO_FORCE_BIT(known->force)) != 0;
        bool skilled = !recommend->skills || (known->skills & need->skills) == need->skills;
        bool home =
            !need->township || (answer->township && !g_strcmp0(answer->township, known->township));
        bool counts = answer->ask.priority <= need->priority;
        if (force && home && counts && skilled)
            fits |= UINT32_C(1) << i;
    }
    return fits;
}

uint32_t geo_recommend_may(const GeoRecommend *recommend, const GeoRecommendation *answer,
                           uint32_t unit, double distance_m)
{
    uint32_t may = geo_recommend_fits(recommend, answer, unit);
    for (guint i = 0; i < answer->plan->needs->len; i++)
        if (distance_m > need_of(answer, i)->radius_m)
            may &= ~(UINT32_C(1) << i);
    return may;
}

bool geo_recommend_way(const GeoRecommend *recommend, const GeoRecommendation *answer,
                       uint32_t unit, double *travel_s, double *distance_m)
{
    GeoProfile profile = geo_fleet_profile(geo_fleet_unit(recommend->fleet, unit)->kind);
    GeoSnap from = geo_fleet_snap(recommend->fleet, unit);
    return from.edge >= 0 && answer->place[profile].edge >= 0 &&
           geo_roads_route(recommend->network->roads, profile, &from, &answer->place[profile],
                           travel_s, distance_m, NULL);
}

GeoRecommendCandidate geo_recommend_candidate(const GeoRecommend *recommend,
                                              const GeoRecommendation *answer, uint32_t unit,
                                              double travel_s, double distance_m)
{
    int64_t at_ms = geo_fleet_at_ms(recommend->fleet);
    GeoFleetArrival arrival =
        geo_fleet_arrival(recommend->fleet, unit, travel_s, distance_m, recommend->heard);
    GeoRecommendCandidate candidate = {.unit = unit,
                                       .travel_s = travel_s,
                                       .distance_m = distance_m,
                                       .earliest_s = arrival.earliest_s,
                                       .latest_s = arrival.latest_s,
                                       .duty_left_s = INFINITY};
    candidate.expected_s = (candidate.earliest_s + candidate.latest_s) / 2;
    int64_t until_ms = geo_fleet_duty_until(recommend->fleet, unit);
    if (until_ms != GEO_DUTY_OPEN)
        candidate.duty_left_s = (double)(until_ms - at_ms) / 1000;
    /* Who is relieved before it could be there is not sent. */
    if (candidate.duty_left_s > candidate.expected_s)
        candidate.may = geo_recommend_may(recommend, answer, unit, distance_m);
    return candidate;
}

int geo_recommend_by_expected(const void *a, const void *b)
{
    const GeoRecommendCandidate *p = a, *q = b;
    if (p->expected_s != q->expected_s)
        return p->expected_s < q->expected_s ? -1 : 1;
    if (p->latest_s != q->latest_s)
        return p->latest_s < q->latest_s ? -1 : 1;
    return (p->unit > q->unit) - (p->unit < q->unit);
}

/* ---- the set ---- */

GeoRecommendWanted geo_recommend_wanted(const GeoRecommend *recommend, GeoRecommendation *answer)
{
    GeoRecommendWanted wanted = {.n_needs = answer->plan->needs->len};
    g_autoptr(GArray) there = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < recommend->jobs->len && answer->ask.incident_id != 0; i++) {
        const GeoRecommendJob *job = &g_array_index(recommend->jobs, GeoRecommendJob, i);
        int64_t unit = job->incident_id == answer->ask.incident_id
                           ? geo_fleet_find(recommend->fleet, job->unit_id)
                           : -1;
        uint32_t fits = unit >= 0 ? geo_recommend_fits(recommend, answer, (uint32_t)unit) : 0;
        answer->n_there += unit >= 0;
        if (fits)
            g_array_append_val(there, fits);
    }
    for (guint i = 0; i < wanted.n_needs; i++) {
        const GeoPlanbookNeed *need = need_of(answer, i);
        wanted.number[i] = answer->ask.priority <= need->priority ? need->number : 0;
    }
    g_autofree int *serves = g_new(int, there->len + 1);
    geo_squad_pick((const uint32_t *)(const void *)there->data, there->len, wanted.number,
                   wanted.n_needs, serves);
    for (guint i = 0; i < there->len; i++)
        if (serves[i] >= 0)
            wanted.number[serves[i]]--;
    for (guint i = 0; i < wanted.n_needs; i++)
        wanted.all += wanted.number[i];
    return wanted;
}

/* Chooses among the candidates in their order; serves[i] is candidate i's need or -1. */
static size_t choose(const GArray *candidates, const GeoRecommendWanted *wanted, int *serves)
{
    g_autofree uint32_t *may = g_new(uint32_t, candidates->len + 1);
    for (guint i = 0; i < candidates->len; i++)
        may[i] = g_array_index(candidates, GeoRecommendCandidate, i).may;
    return geo_squad_pick(may, candidates->len, wanted->number, wanted->n_needs, serves);
}

/* What could be had at most if everybody who is free were near: more need not be sought. */
typedef struct {
    size_t fits, set;
} Possible;

static Possible most_possible(const GeoRecommend *recommend, const GeoRecommendation *answer,
                              const GeoRecommendWanted *wanted)
{
    size_t n = geo_fleet_n(recommend->fleet);
    g_autofree uint32_t *may = g_new(uint32_t, n + 1);
    g_autofree int *serves = g_new(int, n + 1);
    Possible possible = {0};
    for (uint32_t i = 0; i < n; i++) {
        may[i] = geo_fleet_unit(recommend->fleet, i)->left == GEO_LEFT_NOT
                     ? geo_recommend_fits(recommend, answer, i)
                     : 0;
        possible.fits += may[i] != 0;
    }
    possible.set = geo_squad_pick(may, n, wanted->number, wanted->n_needs, serves);
    return possible;
}

/* Nobody beyond that time can serve any of the needs: all of them have a radius. */
static double last_s(const GeoRecommendation *answer)
{
    double radius_m = 0;
    for (guint i = 0; i < answer->plan->needs->len; i++)
        radius_m = fmax(radius_m, need_of(answer, i)->radius_m);
    return fmin(radius_m / SLOWEST_MPS, GEO_RECOMMEND_FAR_S);
}

/* The k-th that fits and the whole set are known for certain: nobody who comes later than seen_s
 * can be ranked before them. */
static bool is_enough(const GeoRecommendation *answer, const GArray *candidates,
                      const GeoRecommendWanted *wanted, Possible possible, double seen_s)
{
    size_t fits = 0;
    guint certain = 0;
    while (certain < candidates->len) {
        const GeoRecommendCandidate *one =
            &g_array_index(candidates, GeoRecommendCandidate, certain);
        if (one->expected_s > seen_s)
            break;
        fits += one->may != 0;
        certain++;
    }
    if (fits < MIN(answer->ask.k, possible.fits))
        return false;
    g_autoptr(GArray) sure = g_array_new(FALSE, FALSE, sizeof(GeoRecommendCandidate));
    g_array_append_vals(sure, candidates->data, certain);
    g_autofree int *serves = g_new(int, certain + 1);
    return choose(sure, wanted, serves) >= possible.set;
}

GArray *geo_recommend_fetch(GeoRecommend *recommend, const GeoRecommendation *answer, size_t k,
                            double *seen_s)
{
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(GeoRecommendCandidate));
    g_autofree GeoNearHit *hits = g_new(GeoNearHit, k + 1);
    size_t n = geo_fleet_within(recommend->fleet, answer->place, last_s(answer), k, hits);
    for (size_t i = 0; i < n; i++) {
        GeoRecommendCandidate one = geo_recommend_candidate(recommend, answer, hits[i].unit,
                                                            hits[i].travel_s, hits[i].distance_m);
        g_array_append_val(candidates, one);
    }
    g_array_sort(candidates, geo_recommend_by_expected);
    geo_recommend_join_crews(recommend, answer, candidates);
    *seen_s = n < k ? INFINITY : n > 0 ? hits[n - 1].travel_s : 0;
    return candidates;
}

/* As many candidates as are needed. */
static GArray *fetch_enough(GeoRecommend *recommend, const GeoRecommendation *answer,
                            const GeoRecommendWanted *wanted)
{
    Possible possible = most_possible(recommend, answer, wanted);
    for (size_t k = MAX(FIRST_FETCH, 4 * answer->ask.k);; k *= 8) {
        double seen_s;
        GArray *candidates = geo_recommend_fetch(recommend, answer, k, &seen_s);
        if (isinf(seen_s) || 8 * k > MOST_FETCH ||
            is_enough(answer, candidates, wanted, possible, seen_s))
            return candidates;
        g_array_unref(candidates);
    }
}

/* ---- rows ---- */

static GeoRecommendRow *add_row(const GeoRecommend *recommend, const GeoRecommendation *answer,
                                GArray *rows, const GeoRecommendCandidate *one, int need)
{
    const GeoFleetUnit *unit = geo_fleet_unit(recommend->fleet, one->unit);
    const GeoRecommendUnit *known = &recommend->units[one->unit];
    GeoRecommendRow row = {.unit = one->unit,
                           .force = known->force,
                           .skills = known->skills,
                           .may = one->may,
                           .travel_s = one->travel_s,
                           .distance_m = one->distance_m,
                           .earliest_s = one->earliest_s,
                           .expected_s = one->expected_s,
                           .latest_s = one->latest_s,
                           .duty_left_s = one->duty_left_s,
                           .need = need,
                           .crew = geo_recommend_crew_of(recommend, one->unit, true),
                           .apart = geo_recommend_crew_of(recommend, one->unit, false)};
    row.loss.away_s = one->expected_s + answer->handling_s;
    row.says = (one->may ? SAY(FITS) : SAY(OBSERVE)) | (need >= 0 ? SAY(CHOSEN) : 0) |
               (one->duty_left_s < row.loss.away_s ? SAY(DUTY_ENDS) : 0) |
               (row.crew->len > 0 ? SAY(CREW) : 0) | (row.apart->len > 0 ? SAY(APART) : 0) |
               (unit->status == GEO_STATUS_FIXED_POST ? SAY(LEAVES_POST) : 0) |
               (unit->status == GEO_STATUS_CLEARED ? SAY(CLEARED) : 0);
    if (isnan(unit->age_s))
        row.says |= SAY(AT_POST);
    else if (one->latest_s - one->earliest_s >= ROUGH_S)
        row.says |= SAY(OLD_FIX);
    g_array_append_val(rows, row);
    return &g_array_index(rows, GeoRecommendRow, rows->len - 1);
}

static void fill_rows(GeoRecommend *recommend, GeoRecommendation *answer, const GArray *candidates,
                      const int *serves)
{
    size_t fits = 0;
    double worst_s = 0;
    for (guint i = 0; i < candidates->len; i++) {
        const GeoRecommendCandidate *one = &g_array_index(candidates, GeoRecommendCandidate, i);
        bool among = one->may != 0 && fits++ < answer->ask.k;
        if (!among && serves[i] < 0)
            continue;
        add_row(recommend, answer, answer->rows, one, serves[i]);
        worst_s = fmax(worst_s, one->expected_s);
        answer->n_set += serves[i] >= 0;
    }
    for (guint i = 0; i < candidates->len && answer->nearby->len < MOST_NEARBY; i++) {
        const GeoRecommendCandidate *one = &g_array_index(candidates, GeoRecommendCandidate, i);
        bool sooner = answer->rows->len == 0 || one->expected_s < worst_s;
        if (one->may == 0 && sooner && !geo_recommend_fits(recommend, answer, one->unit))
            add_row(recommend, answer, answer->nearby, one, -1);
    }
}

/* ---- what is missing ---- */

static void add_missing(const GeoRecommend *recommend, GeoRecommendation *answer, uint32_t need,
                        int wanted, int found)
{
    GeoRecommendMissing missing = {.need = need,
                                   .wanted = wanted,
                                   .found = found,
                                   .reserve = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    for (uint32_t i = 0; i < geo_fleet_n(recommend->fleet); i++) {
        if (!(geo_recommend_fits(recommend, answer, i) >> need & 1))
            continue;
        missing.fits++;
        /* Those of the township can be called in; a list of the whole city's would be no help. */
        bool home = answer->township && !g_strcmp0(recommend->units[i].township, answer->township);
        if (home && missing.reserve->len < 5 &&
            geo_fleet_unit(recommend->fleet, i)->left == GEO_LEFT_OFF_DUTY)
            g_array_append_val(missing.reserve, i);
    }
    g_array_append_val(answer->missing, missing);
}

static void find_missing(const GeoRecommend *recommend, GeoRecommendation *answer,
                         const GeoRecommendWanted *wanted)
{
    for (uint32_t need = 0; need < wanted->n_needs; need++) {
        int found = 0;
        for (guint i = 0; i < answer->rows->len; i++)
            found += g_array_index(answer->rows, GeoRecommendRow, i).need == (int)need;
        if (found < wanted->number[need]) {
            int there = need_of(answer, need)->number - wanted->number[need];
            add_missing(recommend, answer, need, need_of(answer, need)->number, there + found);
        }
    }
}

/* ---- those on less urgent incidents ---- */

typedef struct {
    const GeoRecommendJob *job;
    uint32_t unit;
    double air_m;
} Taken;

static int by_air(const void *a, const void *b)
{
    double p = ((const Taken *)a)->air_m, q = ((const Taken *)b)->air_m;
    return (p > q) - (p < q);
}

/* Strictly less urgent; whom people have in front of them already, only for something two steps
 * more urgent. An escort or a unit in need is never taken. */
static bool may_be_taken(const GeoRecommendation *answer, const GeoRecommendJob *job,
                         const GeoFleetUnit *unit, double max_age_s)
{
    int64_t steps = job->priority - answer->ask.priority;
    bool arrived = job->stage == GEO_INCIDENT_ON_SCENE || job->stage == GEO_INCIDENT_HANDLING;
    return job->incident_id != answer->ask.incident_id && unit->left == GEO_LEFT_BUSY &&
           unit->status != GEO_STATUS_ESCORT && unit->status != GEO_STATUS_SOS &&
           unit->status != GEO_STATUS_BREAK && job->stage != GEO_INCIDENT_CLEARED &&
           steps >= (arrived ? 2 : 1) && isfinite(unit->at.x) && unit->age_s <= max_age_s;
}

static void take_one(GeoRecommend *recommend, GeoRecommendation *answer, const Taken *taken)
{
    double travel_s, distance_m;
    if (!geo_recommend_way(recommend, answer, taken->unit, &travel_s, &distance_m))
        return;
    GeoRecommendCandidate one =
        geo_recommend_candidate(recommend, answer, taken->unit, travel_s, distance_m);
    double first_s = INFINITY;
    for (guint i = 0; i < answer->rows->len; i++) {
        const GeoRecommendRow *row = &g_array_index(answer->rows, GeoRecommendRow, i);
        if (row->may & one.may)
            first_s = fmin(first_s, row->expected_s);
    }
    if (!one.may || first_s - one.expected_s < answer->ask.gain_s)
        return;
    GeoRecommendRow *row = add_row(recommend, answer, answer->taken, &one, -1);
    row->says |= SAY(TAKEN) | (taken->job->stage >= GEO_INCIDENT_ON_SCENE ? SAY(ARRIVED) : 0);
    row->from_incident = taken->job->incident_id;
    row->from_priority = taken->job->priority;
    row->gain_s = first_s - one.expected_s;
}

static int by_arrival(const void *a, const void *b)
{
    double p = ((const GeoRecommendRow *)a)->expected_s;
    double q = ((const GeoRecommendRow *)b)->expected_s;
    return (p > q) - (p < q);
}

static void find_taken(GeoRecommend *recommend, GeoRecommendation *answer)
{
    static const double max_age_s = 600;
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Taken));
    GeoXY at = geo_frame_xy(recommend->frame, answer->ask.place);
    for (guint i = 0; i < recommend->jobs->len; i++) {
        const GeoRecommendJob *job = &g_array_index(recommend->jobs, GeoRecommendJob, i);
        int64_t number = geo_fleet_find(recommend->fleet, job->unit_id);
        if (number < 0)
            continue;
        const GeoFleetUnit *unit = geo_fleet_unit(recommend->fleet, (size_t)number);
        Taken taken = {job, (uint32_t)number, hypot(unit->at.x - at.x, unit->at.y - at.y)};
        if (may_be_taken(answer, job, unit, max_age_s) &&
            geo_recommend_fits(recommend, answer, taken.unit))
            g_array_append_val(list, taken);
    }
    g_array_sort(list, by_air);
    for (guint i = 0; i < list->len && i < MOST_ROUTES; i++)
        take_one(recommend, answer, &g_array_index(list, Taken, i));
    g_array_sort(answer->taken, by_arrival);
    if (answer->taken->len > MOST_TAKEN)
        g_array_set_size(answer->taken, MOST_TAKEN);
}

/* ---- all of it ---- */

/* Row 0 leaves a hole: the first that can do the same and leaves none. */
static void find_alternative(GeoRecommendation *answer)
{
    if (answer->rows->len < 2)
        return;
    const GeoRecommendRow *first = &g_array_index(answer->rows, GeoRecommendRow, 0);
    uint32_t same = first->need >= 0 ? UINT32_C(1) << first->need : first->may;
    for (guint i = 1; i < answer->rows->len && first->loss.holes->len > 0; i++) {
        const GeoRecommendRow *row = &g_array_index(answer->rows, GeoRecommendRow, i);
        if (!(row->may & same) || row->loss.holes->len > 0)
            continue;
        answer->alternative = (int)i;
        answer->later_s = row->expected_s - first->expected_s;
        return;
    }
}

GeoRecommendation *geo_recommend_ask(GeoRecommend *recommend, const GeoRecommendAsk *ask)
{
    GeoRecommendation *answer = geo_recommend_begin(recommend, ask);
    GeoRecommendWanted wanted = geo_recommend_wanted(recommend, answer);
    g_autoptr(GArray) candidates = fetch_enough(recommend, answer, &wanted);
    g_autofree int *serves = g_new(int, candidates->len + 1);
    choose(candidates, &wanted, serves);
    fill_rows(recommend, answer, candidates, serves);
    find_missing(recommend, answer, &wanted);
    find_taken(recommend, answer);
    geo_recommend_leave(recommend, answer);
    for (guint i = 0; i < answer->rows->len; i++) {
        GeoRecommendRow *row = &g_array_index(answer->rows, GeoRecommendRow, i);
        row->says |= row->loss.holes->len > 0 ? SAY(LEAVES) : 0;
    }
    find_alternative(answer);
    return answer;
}
