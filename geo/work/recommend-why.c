/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a unit is not offered, and who comes next when one does not answer. */
#include <math.h>

#include "geo/model/error.h"
#include "geo/work/recommend-parts.h"

#define ONE_MINUTE_MS INT64_C(60000)

const char *const geo_whynot_words[] = {"offered",     "there",       "off_duty", "break",
                                        "busy",        "stale_fix",   "no_place", "off_road",
                                        "wrong_force", "lacks_skill", "township", "not_connected",
                                        "too_far",     "duty_ends",   "slower",   NULL};

/* ---- why not ---- */

static const GeoPlanbookNeed *need_of(const GeoRecommendation *answer, guint i)
{
    return &g_array_index(answer->plan->needs, GeoPlanbookNeed, i);
}

/* What the unit's state says, before any place is asked. */
static bool judge_state(const GeoRecommend *recommend, const GeoRecommendation *answer,
                        GeoWhyNot *why)
{
    static const GeoWhyNotReason reasons[GEO_N_LEFT] = {[GEO_LEFT_OFF_DUTY] = GEO_WHYNOT_OFF_DUTY,
                                                        [GEO_LEFT_BUSY] = GEO_WHYNOT_BUSY,
                                                        [GEO_LEFT_STALE] = GEO_WHYNOT_STALE,
                                                        [GEO_LEFT_NO_PLACE] = GEO_WHYNOT_NO_PLACE,
                                                        [GEO_LEFT_OFF_ROAD] = GEO_WHYNOT_OFF_ROAD};
    const GeoFleetUnit *unit = geo_fleet_unit(recommend->fleet, why->unit);
    const GeoRecommendJob *job = geo_recommend_job(recommend, unit->id);
    why->age_s = unit->age_s;
    why->incident_id = job ? job->incident_id : 0;
    if (job && job->incident_id == answer->ask.incident_id) {
        why->reason = GEO_WHYNOT_THERE;
        return true;
    }
    if (unit->left == GEO_LEFT_NOT)
        return false;
    GeoFleetDuty duty = geo_fleet_duty(recommend->fleet, why->unit);
    why->reason = reasons[unit->left];
    why->since_ms = duty.since_ms;
    why->until_ms = duty.until_ms == GEO_DUTY_OPEN ? 0 : duty.until_ms;
    if (unit->left == GEO_LEFT_BUSY &&
        (duty.state == GEO_DUTY_STATE_BREAK || unit->status == GEO_STATUS_BREAK))
        why->reason = GEO_WHYNOT_BREAK;
    return true;
}

/* What the plan says: the need that comes nearest to being met tells what is missing. */
static bool judge_plan(const GeoRecommend *recommend, const GeoRecommendation *answer,
                       GeoWhyNot *why)
{
    const GeoRecommendUnit *known = &recommend->units[why->unit];
    if (geo_recommend_fits(recommend, answer, why->unit))
        return false;
    why->reason = GEO_WHYNOT_FORCE;
    for (guint i = 0; i < answer->plan->needs->len; i++) {
        const GeoPlanbookNeed *need = need_of(answer, i);
        bool force = need->forces == 0 || !recommend->forces ||
                     (need->forces & GEO_FORCE_BIT(known->force)) != 0;
        uint32_t lacks = recommend->skills ? need->skills & ~known->skills : 0;
        if (!force || answer->ask.priority > need->priority)
            continue;
        if (lacks == 0) {
            why->reason = GEO_WHYNOT_TOWNSHIP;
            why->lacks = 0;
            return true;
        }
        if (why->reason == GEO_WHYNOT_FORCE ||
            __builtin_popcount(lacks) < __builtin_popcount(why->lacks))
            why->lacks = lacks;
        why->reason = GEO_WHYNOT_SKILLS;
    }
    return true;
}

/* Rank among the rows; 0: not there. A member of a crew has its crew's. */
static unsigned rank_of(const GeoRecommendation *answer, uint32_t unit)
{
    for (guint i = 0; i < answer->rows->len; i++) {
        const GeoRecommendRow *row = &g_array_index(answer->rows, GeoRecommendRow, i);
        if (row->unit == unit)
            return i + 1;
        for (guint k = 0; k < row->crew->len; k++)
            if (g_array_index(row->crew, uint32_t, k) == unit)
                return i + 1;
    }
    return 0;
}

static void judge_way(const GeoRecommend *recommend, const GeoRecommendation *answer,
                      GeoWhyNot *why)
{
    GeoRecommendCandidate one =
        geo_recommend_candidate(recommend, answer, why->unit, why->travel_s, why->distance_m);
    uint32_t fits = geo_recommend_fits(recommend, answer, why->unit);
    why->expected_s = one.expected_s;
    if (!geo_recommend_may(recommend, answer, why->unit, why->distance_m)) {
        why->reason = GEO_WHYNOT_FAR;
        why->radius_m = 0;
        for (guint i = 0; i < answer->plan->needs->len; i++)
            if (fits >> i & 1)
                why->radius_m = fmax(why->radius_m, need_of(answer, i)->radius_m);
        return;
    }
    if (!one.may) {
        why->reason = GEO_WHYNOT_DUTY_ENDS;
        why->until_ms = geo_fleet_at_ms(recommend->fleet) + (int64_t)(one.duty_left_s * 1000);
        return;
    }
    why->reason = GEO_WHYNOT_SLOWER;
    why->rank = answer->rows->len;
    double last_s = why->rank > 0
                        ? g_array_index(answer->rows, GeoRecommendRow, why->rank - 1).expected_s
                        : NAN;
    why->later_s = one.expected_s - last_s;
}

GeoWhyNot geo_recommend_why_not(GeoRecommend *recommend, const GeoRecommendation *answer,
                                uint32_t unit)
{
    GeoWhyNot why = {.unit = unit,
                     .travel_s = NAN,
                     .expected_s = NAN,
                     .distance_m = NAN,
                     .later_s = NAN,
                     .age_s = NAN,
                     .radius_m = NAN};
    why.rank = rank_of(answer, unit);
    if (why.rank > 0) {
        const GeoRecommendRow *row = &g_array_index(answer->rows, GeoRecommendRow, why.rank - 1);
        why.reason = GEO_WHYNOT_OFFERED;
        why.travel_s = row->travel_s;
        why.expected_s = row->expected_s;
        why.distance_m = row->distance_m;
        why.age_s = geo_fleet_unit(recommend->fleet, unit)->age_s;
        return why;
    }
    if (judge_state(recommend, answer, &why) || judge_plan(recommend, answer, &why))
        return why;
    if (geo_recommend_way(recommend, answer, unit, &why.travel_s, &why.distance_m))
        judge_way(recommend, answer, &why);
    else
        why.reason = GEO_WHYNOT_NOT_LINKED;
    return why;
}

/* ---- the unaccepted ---- */

static bool is_promised(const GArray *list, int64_t unit_id)
{
    for (guint i = 0; i < list->len; i++)
        if (g_array_index(list, GeoUnaccepted, i).next_unit_id == unit_id)
            return true;
    return false;
}

/* The soonest that can do the same and is not named for another already. */
static void seek_next(GeoRecommend *recommend, const GeoRecommendJob *job, const GArray *list,
                      GeoUnaccepted *one)
{
    const GeoCase *of = job->of;
    int64_t unit = geo_fleet_find(recommend->fleet, job->unit_id);
    if (unit < 0 || (of->at.lon == 0 && of->at.lat == 0))
        return;
    GeoRecommendAsk ask = {.incident_id = of->id,
                           .place = of->at,
                           .category = of->category,
                           .item = of->item,
                           .priority = of->priority,
                           .k = 8};
    g_autoptr(GeoRecommendation) answer = geo_recommend_ask(recommend, &ask);
    uint32_t same = geo_recommend_fits(recommend, answer, (uint32_t)unit);
    for (guint i = 0; i < answer->rows->len; i++) {
        const GeoRecommendRow *row = &g_array_index(answer->rows, GeoRecommendRow, i);
        int64_t id = geo_fleet_unit(recommend->fleet, row->unit)->id;
        if ((same && !(row->may & same)) || is_promised(list, id))
            continue;
        one->next_unit_id = id;
        one->expected_s = row->expected_s;
        return;
    }
}

static int by_waiting(const void *a, const void *b)
{
    const GeoUnaccepted *p = a, *q = b;
    if (p->waiting_ms != q->waiting_ms)
        return p->waiting_ms > q->waiting_ms ? -1 : 1;
    return (p->unit_id > q->unit_id) - (p->unit_id < q->unit_id);
}

GArray *geo_recommend_unaccepted(GeoRecommend *recommend, int64_t now_ms, int64_t after_ms)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(GeoUnaccepted));
    int64_t at_ms = now_ms > 0 ? now_ms : geo_fleet_at_ms(recommend->fleet);
    after_ms = after_ms > 0 ? after_ms : ONE_MINUTE_MS;
    for (guint i = 0; i < recommend->jobs->len; i++) {
        const GeoRecommendJob *job = &g_array_index(recommend->jobs, GeoRecommendJob, i);
        GeoUnaccepted one = {.incident_id = job->incident_id,
                             .unit_id = job->unit_id,
                             .waiting_ms = at_ms - job->sent_ms,
                             .expected_s = NAN};
        if (job->stage != GEO_INCIDENT_DISPATCHED || job->sent_ms == 0 || one.waiting_ms < after_ms)
            continue;
        seek_next(recommend, job, list, &one);
        g_array_append_val(list, one);
    }
    g_array_sort(list, by_waiting);
    return list;
}
