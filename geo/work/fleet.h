/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The fleet at one moment, in arrays: who is where, since when, free or not; and who comes first to
 * a place, with the reasons why nearer ones are not offered. */
#include "geo/calc/contain.h"
#include "geo/calc/leaves.h"
#include "geo/calc/near.h"
#include "geo/model/dutyclock.h"
#include "geo/model/status.h"
#include "geo/work/network.h"

/* Why a unit is not offered. */
typedef enum {
    GEO_LEFT_NOT,        /* it is usable */
    GEO_LEFT_OFF_DUTY,   /* by roster and what was signed, or its status is off or out of service */
    GEO_LEFT_BUSY,       /* its status does not count as available, or it is on a break */
    GEO_LEFT_STALE,      /* the last fix is older than max_age_ms */
    GEO_LEFT_NO_PLACE,   /* neither fix nor post */
    GEO_LEFT_OFF_ROAD,   /* no road that it may use within reach */
    GEO_LEFT_NOT_LINKED, /* no way by road to the place */
    GEO_LEFT_SLOWER,     /* nearer by air, later by road: one-ways, detour, slower vehicle */
    GEO_N_LEFT
} GeoLeft;

extern const char *const geo_left_words[]; /* "usable", "off_duty", "busy" ... */

typedef struct {
    int64_t id;
    const char *code, *name; /* borrowed from the fleet; may be NULL */
    const GeoUnit *row;      /* as the store had it at the load; borrowed from the fleet */
    int kind;                /* GeoUnitKind */
    int status;              /* GeoUnitStatus */
    GeoLonLat lonlat;
    GeoXY at;
    double age_s;      /* of the fix; NAN: no fix, the place is its post */
    float heading_deg; /* NAN when unknown or standing */
    float speed_mps;
    float accuracy_m; /* of the fix; NAN when unknown */
    GeoLeft left;     /* before any place is asked: why it cannot be sent at all */
} GeoFleetUnit;

typedef struct {
    int64_t at_ms;
    int64_t max_age_ms; /* a fix older than this is not a place; 0: 10 minutes */
    bool at_posts;     /* of a time to come: whoever is on duty then stands at its post and is free,
                          unless it is out of service; no position is asked */
    double max_snap_m; /* farther off the road than this is off the road; 0: 500 */
} GeoFleetOptions;

typedef struct GeoFleet GeoFleet;

/* Units, their last fixes and the rosters of the moment. network may be NULL: then only nearness by
 * air. It is borrowed. at_ms 0 is the time of the city's newest fix; where there is none, every
 * unit stands at its post and no roster is asked. */
GeoFleet *geo_fleet_load(GeoStore *store, GeoFrame *frame, const GeoNetwork *network,
                         const GeoFleetOptions *options, GeoProgress *progress, GError **error);
void geo_fleet_free(GeoFleet *fleet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoFleet, geo_fleet_free)

size_t geo_fleet_n(const GeoFleet *fleet);
const GeoFleetUnit *geo_fleet_unit(const GeoFleet *fleet, size_t i); /* by id, rising */
int64_t geo_fleet_at_ms(const GeoFleet *fleet);

/* Time goes on to at_ms, units named by fixes stand where these say (an older fix than the known
 * one, one later than at_ms and one from outside rostered duty are passed over). The next answer
 * equals that of a fleet loaded anew, for a day from the load on: rosters after that are not known,
 * and none where the load found no moment. Snaps and index follow with the next question, about 30
 * ms for a city. */
void geo_fleet_move(GeoFleet *fleet, const GeoFix *fixes, size_t n, int64_t at_ms);
void geo_fleet_set_status(GeoFleet *fleet, int64_t unit_id, GeoUnitStatus status);

/* Shifts, acts of duty or jobs have changed in the store: they are read anew, for a day from the
 * fleet's time on. O(units + rosters). */
bool geo_fleet_renew_duty(GeoFleet *fleet, GeoStore *store, GError **error);

/* The speed profile of a unit kind; a team comes by car. */
GeoProfile geo_fleet_profile(int unit_kind);

typedef struct {
    uint32_t unit;
    double travel_s;   /* NAN in left_out where it cannot come */
    double distance_m; /* by road, or by air when asked by air; NAN like travel_s */
    double air_m;
    GeoLeft left; /* in left_out: why */
} GeoFleetHit;

/* When a unit that is travel_s and distance_m away may be there: it may be anywhere within its
 * reach since its last fix (geo/model/age.h). */
typedef struct {
    double earliest_s, latest_s;
} GeoFleetArrival;

/* Some unit has a position: then one without may be anywhere, else all are at their posts. O(n). */
bool geo_fleet_heard(const GeoFleet *fleet);

/* heard: of the fleet. NAN where travel_s is. */
GeoFleetArrival geo_fleet_arrival(const GeoFleet *fleet, uint32_t unit, double travel_s,
                                  double distance_m, bool heard);

typedef struct {
    GArray *hits;     /* GeoFleetHit, soonest first */
    GArray *left_out; /* GeoFleetHit of units nearer by air than the farthest hit, nearest first, at
                         most the number asked. Off-duty units only with a fresh fix: where the
                         others are is not known and not our business. */
    size_t n_left[GEO_N_LEFT]; /* by reason: of the whole fleet, but SLOWER and NOT_LINKED only of
                                  left_out; [GEO_LEFT_NOT] are those that could be sent */
    GeoSnap place[GEO_N_PROFILES]; /* where the place meets the road, by road only */
} GeoFleetAnswer;

/* The k units that come first to p. by_road needs a network. max_left bounds left_out. */
GeoFleetAnswer *geo_fleet_nearest(GeoFleet *fleet, GeoLonLat p, size_t k, bool by_road,
                                  size_t max_left);
void geo_fleet_answer_free(GeoFleetAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoFleetAnswer, geo_fleet_answer_free)

/* Where a unit is on the roads, be it free or not: on the side that it drives on, where its last
 * fix is fresh and says that it drives. Needs a network. Some microseconds. */
GeoSnap geo_fleet_snap(const GeoFleet *fleet, size_t unit);

/* The k soonest at a place that is snapped already, within most_s: the bare search, without reasons
 * and air. hits has room for k. Needs a network. */
size_t geo_fleet_within(GeoFleet *fleet, const GeoSnap place[GEO_N_PROFILES], double most_s,
                        size_t k, GeoNearHit *hits);

/* So many such searches come now, before the fleet is moved: where units are few it readies the
 * roads for them (geo_near_expect). */
void geo_fleet_expect(GeoFleet *fleet, size_t k, size_t questions);

/* The usable units as geo/calc/contain.h asks for them, as of now; borrowed until the fleet is
 * moved next. Needs a network. */
GeoContainUnits geo_fleet_contain_units(GeoFleet *fleet);

/* What units leave uncovered when they go (geo/calc/leaves.h); place is only read. */
GeoLeaves *geo_fleet_leaves(GeoFleet *fleet, const GeoSnap (*place)[GEO_N_PROFILES], size_t n,
                            double within_s, size_t depth);

typedef struct {
    GeoDutyState state;
    GeoDutyBy by;
    int64_t since_ms; /* in this state since; 0: longer than is known (three days) */
    int64_t until_ms; /* GEO_DUTY_OPEN: for as long as is known (four days) */
} GeoFleetDuty;

/* What the duty clock says of unit i at the fleet's moment. */
GeoFleetDuty geo_fleet_duty(const GeoFleet *fleet, size_t i);
int64_t geo_fleet_duty_until(const GeoFleet *fleet, size_t i); /* its until_ms alone: quicker */

/* The unit of that id; -1: there is none. */
int64_t geo_fleet_find(const GeoFleet *fleet, int64_t id);

/* The way of a hit from the unit to the place, appended to lonlat (GeoLonLat); false when the
 * answer was by air. */
bool geo_fleet_route(const GeoFleet *fleet, const GeoFleetAnswer *answer, guint hit,
                     GArray *lonlat);
