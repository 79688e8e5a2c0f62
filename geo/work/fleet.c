/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/fleet.h"

#include <math.h>
#include <stdlib.h>

#include "geo/calc/road-snap.h"
#include "geo/model/age.h"
#include "geo/work/dutyload.h"

#define DEFAULT_MAX_AGE_MS (INT64_C(10) * 60 * 1000)
/* How far back a stale fix is still worth showing as such; older is as good as none. */
#define STALE_WINDOW_MS (INT64_C(6) * 3600 * 1000)
/* A course is worth following from this speed on: slower, a receiver makes it up from its own
 * noise, and who goes so slowly walks or turns. */
#define HEADS_MPS 3.0
/* And so long: what is kept of an older fix has no course of its own (geo/store/day.h). */
#define HEADS_S 60.0
#define DUTY_MS (INT64_C(24) * 3600 * 1000) /* rosters known to a fleet that moves */
#define NEAR_MS GEO_DUTY_ROSTER_NEAR_MS     /* so far off they still say that there is a roster */

const char *const geo_left_words[] = {"usable",        "off_duty", "busy",
                                      "stale_fix",     "no_place", "off_road",
                                      "not_connected", "slower",   NULL};

struct GeoFleet {
    GeoBatch *batch; /* owns the texts */
    GeoFleetUnit *units;
    GeoSnap *snaps;
    uint8_t *profiles, *usable;
    int64_t *fix_ms; /* of each unit's position; 0: it stands at its post */
    size_t n;
    int64_t at_ms;
    double max_snap_m, max_age_s;
    GeoDutyClock *duty;        /* owned; of a day from the load on */
    bool moved;                /* positions or statuses are newer than snaps and index */
    GeoFrame *frame;           /* borrowed */
    const GeoNetwork *network; /* borrowed, may be NULL */
    GeoNear *near;
};

GeoProfile geo_fleet_profile(int unit_kind)
{
    switch (unit_kind) {
    case GEO_UNIT_EBIKE:
        return GEO_PROFILE_EBIKE;
    case GEO_UNIT_CAR:
    case GEO_UNIT_TEAM:
        return GEO_PROFILE_CAR;
    default:
        return GEO_PROFILE_FOOT;
    }
}

static GeoLeft why_left(const GeoFleetUnit *unit, GeoDutyState duty, double max_age_s)
{
    GeoStatusFlags flags = geo_status_flags((GeoUnitStatus)unit->status);
    if (duty < GEO_DUTY_STATE_BREAK || !flags.tracked)
        return GEO_LEFT_OFF_DUTY;
    if (duty == GEO_DUTY_STATE_BREAK || !flags.available)
        return GEO_LEFT_BUSY;
    if (!isfinite(unit->at.x) || !isfinite(unit->at.y))
        return GEO_LEFT_NO_PLACE;
    return unit->age_s > max_age_s ? GEO_LEFT_STALE : GEO_LEFT_NOT;
}

static void take_fix(GeoFleet *fleet, size_t i, const GeoFix *fix)
{
    GeoFleetUnit *unit = &fleet->units[i];
    fleet->fix_ms[i] = fix->at_ms;
    unit->lonlat = (GeoLonLat){fix->lon, fix->lat};
    unit->age_s = (double)(fleet->at_ms - fix->at_ms) / 1000;
    unit->heading_deg = fix->heading_deg;
    unit->speed_mps = fix->speed_mps;
    unit->accuracy_m = fix->accuracy_m;
}

/* Row and, if there is one, fix to unit. */
static void fill_unit(GeoFleet *fleet, size_t i, const GeoFix *fix)
{
    const GeoUnit *row = (const GeoUnit *)(const void *)geo_batch_row(fleet->batch, i);
    GeoFleetUnit *unit = &fleet->units[i];
    *unit = (GeoFleetUnit){.id = row->row.id,
                           .code = row->row.code,
                           .name = row->row.name,
                           .row = row,
                           .kind = row->unit_kind,
                           .status = row->status,
                           .lonlat = {NAN, NAN},
                           .age_s = NAN,
                           .heading_deg = NAN,
                           .speed_mps = NAN,
                           .accuracy_m = NAN};
    geo_batch_first(fleet->batch, &row->row, &unit->lonlat);
    fleet->fix_ms[i] = 0;
    if (fix)
        take_fix(fleet, i, fix);
}

static void place_units(GeoFleet *fleet)
{
    g_autofree GeoLonLat *from = g_new(GeoLonLat, fleet->n + 1);
    g_autofree GeoXY *to = g_new(GeoXY, fleet->n + 1);
    for (size_t i = 0; i < fleet->n; i++)
        from[i] = fleet->units[i].lonlat;
    geo_frame_to_xy(fleet->frame, from, to, fleet->n);
    for (size_t i = 0; i < fleet->n; i++)
        fleet->units[i].at = geo_coord_valid(from[i]) ? to[i] : (GeoXY){NAN, NAN};
}

static void judge_unit(GeoFleet *fleet, size_t i)
{
    GeoFleetUnit *unit = &fleet->units[i];
    GeoDutyState duty = fleet->at_ms == 0
                            ? GEO_DUTY_STATE_ON
                            : geo_dutyclock_at(fleet->duty, (uint32_t)i, fleet->at_ms, NULL);
    /* Who is on duty is the duty clock's to say. A register that says "off", or has no column for
     * it, says what was when it was
     * written: a unit that reports is there. */
    if (duty == GEO_DUTY_STATE_ON && unit->status == GEO_STATUS_OFF && isfinite(unit->age_s))
        unit->status = GEO_STATUS_AVAILABLE;
    unit->left = why_left(unit, duty, fleet->max_age_s);
}

/* NAN: none that can be trusted. */
static double road_heading(const GeoFleetUnit *unit)
{
    bool heads = unit->speed_mps >= HEADS_MPS && unit->age_s <= HEADS_S;
    return heads ? unit->heading_deg : NAN;
}

GeoSnap geo_fleet_snap(const GeoFleet *fleet, size_t unit)
{
    GeoSnap snap = {.edge = -1};
    g_return_val_if_fail(fleet->network && unit < fleet->n, snap);
    uint8_t profile = (uint8_t)geo_fleet_profile(fleet->units[unit].kind);
    double heading_deg = road_heading(&fleet->units[unit]);
    GeoSnapAll one = {.at = &fleet->units[unit].at,
                      .profile = &profile,
                      .heading_deg = &heading_deg,
                      .n = 1,
                      .max_m = fleet->max_snap_m,
                      .island_m = GEO_NETWORK_ISLAND_M};
    geo_roads_snap_all(fleet->network->roads, &one, &snap);
    return snap;
}

static bool snap_units(GeoFleet *fleet, GeoProgress *progress, GError **error)
{
    if (!geo_progress_step(progress, 0, error))
        return false;
    g_autofree GeoXY *at = g_new(GeoXY, fleet->n + 1);
    g_autofree double *heading_deg = g_new(double, fleet->n + 1);
    for (size_t i = 0; i < fleet->n; i++) {
        judge_unit(fleet, i);
        heading_deg[i] = road_heading(&fleet->units[i]);
        at[i] = fleet->units[i].at;
        fleet->profiles[i] = (uint8_t)geo_fleet_profile(fleet->units[i].kind);
        fleet->usable[i] = fleet->units[i].left == GEO_LEFT_NOT;
        fleet->snaps[i].edge = -1;
    }
    if (!fleet->network)
        return true;
    GeoSnapAll all = {.at = at,
                      .profile = fleet->profiles,
                      .heading_deg = heading_deg,
                      .wanted = fleet->usable,
                      .n = fleet->n,
                      .max_m = fleet->max_snap_m,
                      .island_m = GEO_NETWORK_ISLAND_M};
    geo_roads_snap_all(fleet->network->roads, &all, fleet->snaps);
    for (size_t i = 0; i < fleet->n; i++)
        if (fleet->usable[i] && fleet->snaps[i].edge < 0) {
            fleet->units[i].left = GEO_LEFT_OFF_ROAD;
            fleet->usable[i] = 0;
        }
    return true;
}

static int by_unit(const void *a, const void *b)
{
    const GeoFix *p = a, *q = b;
    return (p->unit_id > q->unit_id) - (p->unit_id < q->unit_id);
}

static void index_units(GeoFleet *fleet)
{
    g_autofree GeoXY *at = g_new(GeoXY, fleet->n + 1);
    for (size_t i = 0; i < fleet->n; i++)
        at[i] = fleet->units[i].at;
    if (fleet->near) {
        geo_near_put(fleet->near, at, fleet->network ? fleet->snaps : NULL, fleet->usable);
        return;
    }
    fleet->near = geo_near_new(fleet->network ? fleet->network->roads : NULL, at,
                               fleet->network ? fleet->snaps : NULL, fleet->profiles, fleet->usable,
                               fleet->n);
}

static GeoFleet *new_fleet(GeoBatch *batch, GeoFrame *frame, const GeoNetwork *network)
{
    GeoFleet *fleet = g_new0(GeoFleet, 1);
    fleet->batch = batch;
    fleet->n = batch->rows->len;
    fleet->units = g_new0(GeoFleetUnit, fleet->n + 1);
    fleet->snaps = g_new0(GeoSnap, fleet->n + 1);
    fleet->profiles = g_new0(uint8_t, fleet->n + 1);
    fleet->usable = g_new0(uint8_t, fleet->n + 1);
    fleet->fix_ms = g_new0(int64_t, fleet->n + 1);
    fleet->frame = frame;
    fleet->network = network;
    return fleet;
}

bool geo_fleet_renew_duty(GeoFleet *fleet, GeoStore *store, GError **error)
{
    GeoDutyClock *duty =
        geo_dutyload_clock(store, fleet->batch, fleet->at_ms - STALE_WINDOW_MS - NEAR_MS,
                           fleet->at_ms + DUTY_MS + NEAR_MS, NULL, error);
    if (!duty)
        return false;
    geo_dutyclock_free(fleet->duty);
    fleet->duty = duty;
    for (size_t i = 0; fleet->near && i < fleet->n; i++) /* while it loads they come later */
        judge_unit(fleet, i);
    fleet->moved = true;
    return true;
}

GeoFleet *geo_fleet_load(GeoStore *store, GeoFrame *frame, const GeoNetwork *network,
                         const GeoFleetOptions *options, GeoProgress *progress, GError **error)
{
    geo_progress_begin(progress, "units");
    int64_t at_ms = options->at_ms;
    if (at_ms == 0 && !geo_store_last_fix_at(store, &at_ms, error))
        return NULL;
    GeoBatch *batch = geo_store_load(store, GEO_KIND_UNIT, NULL, error);
    if (!batch)
        return NULL;
    g_autoptr(GeoFleet) fleet = new_fleet(batch, frame, network);
    fleet->at_ms = at_ms;
    fleet->max_snap_m = options->max_snap_m > 0 ? options->max_snap_m : GEO_NETWORK_PLACE_M;
    int64_t max_age_ms = options->max_age_ms > 0 ? options->max_age_ms : DEFAULT_MAX_AGE_MS;
    g_autoptr(GArray) fixes =
        options->at_posts
            ? g_array_new(FALSE, FALSE, sizeof(GeoFix))
            : geo_store_last_fixes(store, at_ms, MAX(max_age_ms, STALE_WINDOW_MS), error);
    if (!fixes)
        return NULL;
    fleet->max_age_s = (double)max_age_ms / 1000;
    if (!geo_fleet_renew_duty(fleet, store, error))
        return NULL;
    g_array_sort(fixes, by_unit);
    for (size_t i = 0; i < fleet->n; i++) {
        GeoFix key = {.unit_id = geo_batch_row(batch, i)->id};
        const GeoFix *fix =
            fixes->len ? bsearch(&key, fixes->data, fixes->len, sizeof key, by_unit) : NULL;
        fill_unit(fleet, i, fix);
        if (options->at_posts && fleet->units[i].status != GEO_STATUS_OUT)
            fleet->units[i].status = GEO_STATUS_AVAILABLE;
    }
    place_units(fleet);
    if (!snap_units(fleet, progress, error))
        return NULL;
    index_units(fleet);
    return g_steal_pointer(&fleet);
}

void geo_fleet_free(GeoFleet *fleet)
{
    if (!fleet)
        return;
    geo_batch_free(fleet->batch);
    g_free(fleet->units);
    g_free(fleet->snaps);
    g_free(fleet->profiles);
    g_free(fleet->usable);
    g_free(fleet->fix_ms);
    geo_dutyclock_free(fleet->duty);
    geo_near_free(fleet->near);
    g_free(fleet);
}

/* ---- moving ---- */

static int by_id(const void *a, const void *b)
{
    int64_t id = *(const int64_t *)a, other = ((const GeoFleetUnit *)b)->id;
    return (id > other) - (id < other);
}

static GeoFleetUnit *find_unit(const GeoFleet *fleet, int64_t id)
{
    return fleet->n ? bsearch(&id, fleet->units, fleet->n, sizeof *fleet->units, by_id) : NULL;
}

/* The newer fix of each unit named; the metres of those that moved. */
static void take_fixes(GeoFleet *fleet, const GeoFix *fixes, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        GeoFleetUnit *unit = find_unit(fleet, fixes[k].unit_id);
        if (!unit || fixes[k].at_ms > fleet->at_ms ||
            fixes[k].at_ms < fleet->fix_ms[unit - fleet->units] ||
            geo_dutyclock_at(fleet->duty, (uint32_t)(unit - fleet->units), fixes[k].at_ms, NULL) !=
                GEO_DUTY_STATE_ON)
            continue;
        take_fix(fleet, (size_t)(unit - fleet->units), &fixes[k]);
        unit->at = geo_frame_xy(fleet->frame, unit->lonlat);
    }
}

/* What has not been heard of for hours is at its post, for all we know. */
static void forget_old(GeoFleet *fleet, size_t i)
{
    GeoFleetUnit *unit = &fleet->units[i];
    if (fleet->fix_ms[i] == 0 || fleet->at_ms - fleet->fix_ms[i] <= STALE_WINDOW_MS)
        return;
    int status = unit->status;
    fill_unit(fleet, i, NULL);
    unit->status = status;
    unit->at = geo_coord_valid(unit->lonlat) ? geo_frame_xy(fleet->frame, unit->lonlat)
                                             : (GeoXY){NAN, NAN};
}

void geo_fleet_move(GeoFleet *fleet, const GeoFix *fixes, size_t n, int64_t at_ms)
{
    g_return_if_fail(at_ms >= fleet->at_ms);
    fleet->at_ms = at_ms;
    take_fixes(fleet, fixes, n);
    for (size_t i = 0; i < fleet->n; i++) {
        forget_old(fleet, i);
        if (fleet->fix_ms[i] != 0)
            fleet->units[i].age_s = (double)(at_ms - fleet->fix_ms[i]) / 1000;
        judge_unit(fleet, i);
    }
    fleet->moved = true;
}

void geo_fleet_set_status(GeoFleet *fleet, int64_t unit_id, GeoUnitStatus status)
{
    GeoFleetUnit *unit = find_unit(fleet, unit_id);
    if (!unit || unit->status == (int)status)
        return;
    unit->status = (int)status;
    judge_unit(fleet, (size_t)(unit - fleet->units));
    fleet->moved = true;
}

static void refresh(GeoFleet *fleet)
{
    if (!fleet->moved)
        return;
    snap_units(fleet, NULL, NULL);
    index_units(fleet);
    fleet->moved = false;
}

size_t geo_fleet_n(const GeoFleet *fleet)
{
    return fleet->n;
}

const GeoFleetUnit *geo_fleet_unit(const GeoFleet *fleet, size_t i)
{
    g_return_val_if_fail(i < fleet->n, NULL);
    return &fleet->units[i];
}

int64_t geo_fleet_at_ms(const GeoFleet *fleet)
{
    return fleet->at_ms;
}

/* ---- the question ---- */

static int by_air(const void *a, const void *b)
{
    const GeoFleetHit *p = a, *q = b;
    if (p->air_m != q->air_m)
        return p->air_m < q->air_m ? -1 : 1;
    return (p->unit > q->unit) - (p->unit < q->unit);
}

static double air_m(const GeoFleet *fleet, size_t unit, GeoXY p)
{
    return hypot(fleet->units[unit].at.x - p.x, fleet->units[unit].at.y - p.y);
}

/* A usable unit that is not among the hits: too slow, or without a way? */
static void explain(const GeoFleet *fleet, const GeoFleetAnswer *answer, GeoFleetHit *hit)
{
    const GeoSnap *from = &fleet->snaps[hit->unit];
    GeoProfile profile = (GeoProfile)fleet->profiles[hit->unit];
    const GeoSnap *to = &answer->place[profile];
    const GeoRoads *roads = fleet->network->roads;
    hit->left = GEO_LEFT_NOT_LINKED;
    if (to->edge < 0)
        return;
    uint32_t a, b, end;
    geo_roads_edge_ends(roads, from->edge, &a, &end, NULL);
    geo_roads_edge_ends(roads, to->edge, &b, &end, NULL);
    /* Components first: a search that finds nothing looks at all that it can reach. */
    if (geo_roads_node_component(roads, a) != geo_roads_node_component(roads, b))
        return;
    if (geo_roads_route(roads, profile, from, to, &hit->travel_s, &hit->distance_m, NULL))
        hit->left = GEO_LEFT_SLOWER;
}

static void leave_out(const GeoFleet *fleet, GeoFleetAnswer *answer, GeoXY p, double far_m,
                      bool by_road, size_t max_left)
{
    g_autofree uint8_t *offered = g_new0(uint8_t, fleet->n + 1);
    for (guint i = 0; i < answer->hits->len; i++)
        offered[g_array_index(answer->hits, GeoFleetHit, i).unit] = 1;
    for (size_t i = 0; i < fleet->n; i++) {
        const GeoFleetUnit *unit = &fleet->units[i];
        answer->n_left[unit->left]++;
        GeoFleetHit hit = {.unit = (uint32_t)i,
                           .travel_s = NAN,
                           .distance_m = NAN,
                           .air_m = air_m(fleet, i, p),
                           .left = unit->left};
        bool hidden = unit->left == GEO_LEFT_OFF_DUTY && isnan(unit->age_s);
        bool lost = unit->left == GEO_LEFT_NOT && !by_road;
        if (!offered[i] && !hidden && !lost && hit.air_m < far_m)
            g_array_append_val(answer->left_out, hit);
    }
    g_array_sort(answer->left_out, by_air);
    if (answer->left_out->len > max_left)
        g_array_set_size(answer->left_out, (guint)max_left);
    for (guint i = 0; i < answer->left_out->len; i++) {
        GeoFleetHit *hit = &g_array_index(answer->left_out, GeoFleetHit, i);
        if (hit->left != GEO_LEFT_NOT)
            continue;
        explain(fleet, answer, hit);
        answer->n_left[hit->left]++;
    }
}

GeoFleetAnswer *geo_fleet_nearest(GeoFleet *fleet, GeoLonLat p, size_t k, bool by_road,
                                  size_t max_left)
{
    g_return_val_if_fail(!by_road || fleet->network, NULL);
    refresh(fleet);
    GeoFleetAnswer *answer = g_new0(GeoFleetAnswer, 1);
    answer->hits = g_array_new(FALSE, FALSE, sizeof(GeoFleetHit));
    answer->left_out = g_array_new(FALSE, FALSE, sizeof(GeoFleetHit));
    GeoXY at = geo_frame_xy(fleet->frame, p);
    k = MIN(k, fleet->n);
    g_autofree GeoNearHit *hits = g_new(GeoNearHit, k + 1);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        answer->place[profile] = (GeoSnap){.edge = -1};
    if (by_road)
        geo_network_snap_each(fleet->network, at, fleet->max_snap_m, answer->place);
    size_t n = by_road ? geo_near_by_road(fleet->near, answer->place, k, hits)
                       : geo_near_by_air(fleet->near, at, k, hits);
    /* A place off every road has no answer by road, and then nobody is left out of it. */
    bool asked = !by_road;
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        asked |= answer->place[profile].edge >= 0;
    double far_m = asked && (n < k || k == 0) ? INFINITY : 0;
    for (size_t i = 0; i < n; i++) {
        GeoFleetHit hit = {.unit = hits[i].unit,
                           .travel_s = hits[i].travel_s,
                           .distance_m = hits[i].distance_m,
                           .air_m = air_m(fleet, hits[i].unit, at)};
        far_m = MAX(far_m, hit.air_m);
        g_array_append_val(answer->hits, hit);
    }
    leave_out(fleet, answer, at, far_m, by_road, max_left);
    return answer;
}

void geo_fleet_answer_free(GeoFleetAnswer *answer)
{
    if (!answer)
        return;
    g_array_unref(answer->hits);
    g_array_unref(answer->left_out);
    g_free(answer);
}

bool geo_fleet_route(const GeoFleet *fleet, const GeoFleetAnswer *answer, guint hit, GArray *lonlat)
{
    g_return_val_if_fail(hit < answer->hits->len, false);
    if (!fleet->network)
        return false;
    uint32_t unit = g_array_index(answer->hits, GeoFleetHit, hit).unit;
    GeoProfile profile = (GeoProfile)fleet->profiles[unit];
    g_autoptr(GArray) line = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    double travel_s, distance_m;
    if (answer->place[profile].edge < 0 ||
        !geo_roads_route(fleet->network->roads, profile, &fleet->snaps[unit],
                         &answer->place[profile], &travel_s, &distance_m, line))
        return false;
    guint first = lonlat->len;
    g_array_set_size(lonlat, first + line->len);
    geo_frame_to_lonlat(fleet->frame, (const GeoXY *)(const void *)line->data,
                        &g_array_index(lonlat, GeoLonLat, first), line->len);
    return true;
}

bool geo_fleet_heard(const GeoFleet *fleet)
{
    for (size_t i = 0; i < fleet->n; i++)
        if (isfinite(fleet->units[i].age_s))
            return true;
    return false;
}

GeoFleetArrival geo_fleet_arrival(const GeoFleet *fleet, uint32_t unit, double travel_s,
                                  double distance_m, bool heard)
{
    const GeoFleetUnit *one = &fleet->units[unit];
    double reach_m = geo_age_reach_m(one->kind, one->accuracy_m, one->age_s);
    if (isnan(one->age_s) && heard)
        reach_m = GEO_AGE_FARTHEST_M; /* the others report, it does not: it may be anywhere */
    double mps =
        travel_s > 1 && distance_m > 1
            ? distance_m / travel_s
            : geo_roads_class_speed_mps(GEO_ROAD_RESIDENTIAL, geo_fleet_profile(one->kind));
    double spread_s = mps > 0 ? reach_m / mps : 0;
    return (GeoFleetArrival){isnan(travel_s) ? NAN : fmax(travel_s - spread_s, 0),
                             travel_s + spread_s};
}

/* ---- for those who ask more than once ---- */

size_t geo_fleet_within(GeoFleet *fleet, const GeoSnap place[GEO_N_PROFILES], double most_s,
                        size_t k, GeoNearHit *hits)
{
    g_return_val_if_fail(fleet->network, 0);
    refresh(fleet);
    return geo_near_within(fleet->near, place, most_s, k, hits);
}

void geo_fleet_expect(GeoFleet *fleet, size_t k, size_t questions)
{
    if (!fleet->network)
        return;
    refresh(fleet);
    geo_near_expect(fleet->near, k, questions);
}

GeoContainUnits geo_fleet_contain_units(GeoFleet *fleet)
{
    g_return_val_if_fail(fleet->network, (GeoContainUnits){0});
    refresh(fleet);
    return (GeoContainUnits){fleet->snaps, fleet->profiles, fleet->usable, fleet->n, fleet->near};
}

GeoLeaves *geo_fleet_leaves(GeoFleet *fleet, const GeoSnap (*place)[GEO_N_PROFILES], size_t n,
                            double within_s, size_t depth)
{
    g_return_val_if_fail(fleet->network, NULL);
    refresh(fleet);
    return geo_leaves_new(fleet->near, place, n, within_s, depth);
}

/* Off is off, whether or not anybody has told the area's shifts. */
static bool is_same(GeoDutyState a, GeoDutyState b)
{
    return a == b || (a < GEO_DUTY_STATE_BREAK && b < GEO_DUTY_STATE_BREAK);
}

int64_t geo_fleet_duty_until(const GeoFleet *fleet, size_t i)
{
    g_return_val_if_fail(i < fleet->n, GEO_DUTY_OPEN);
    if (fleet->at_ms == 0)
        return GEO_DUTY_OPEN;
    uint32_t unit = (uint32_t)i;
    GeoDutyState state = geo_dutyclock_at(fleet->duty, unit, fleet->at_ms, NULL);
    int64_t until_ms = geo_dutyclock_until(fleet->duty, unit, fleet->at_ms);
    while (until_ms != GEO_DUTY_OPEN &&
           is_same(state, geo_dutyclock_at(fleet->duty, unit, until_ms, NULL)))
        until_ms = geo_dutyclock_until(fleet->duty, unit, until_ms);
    return until_ms;
}

GeoFleetDuty geo_fleet_duty(const GeoFleet *fleet, size_t i)
{
    g_return_val_if_fail(i < fleet->n, (GeoFleetDuty){0});
    uint32_t unit = (uint32_t)i;
    const GeoDutyClock *clock = fleet->duty;
    GeoFleetDuty duty = {
        .state = GEO_DUTY_STATE_ON, .by = GEO_DUTY_BY_DEFAULT, .until_ms = GEO_DUTY_OPEN};
    if (fleet->at_ms == 0)
        return duty;
    duty.state = geo_dutyclock_at(clock, unit, fleet->at_ms, &duty.by);
    duty.until_ms = geo_fleet_duty_until(fleet, i);
    int64_t at_ms = fleet->at_ms - NEAR_MS, next_ms;
    while ((next_ms = geo_dutyclock_until(clock, unit, at_ms)) <= fleet->at_ms) {
        if (!is_same(geo_dutyclock_at(clock, unit, at_ms, NULL),
                     geo_dutyclock_at(clock, unit, next_ms, NULL)))
            duty.since_ms = next_ms;
        at_ms = next_ms;
    }
    return duty;
}

int64_t geo_fleet_find(const GeoFleet *fleet, int64_t id)
{
    const GeoFleetUnit *unit = find_unit(fleet, id);
    return unit ? unit - fleet->units : -1;
}
