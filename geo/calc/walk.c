/* SPDX-License-Identifier: GPL-3.0-or-later */
/* At a node the walk takes one of the edges it may enter, straight on more likely than round a
 * corner, and back only where there is no other; now and then it pauses: walkers look, wheels wait
 * at lights. It has no goal and keeps to no beat. The generator is splitmix64 (Steele, Lea and
 * Flood 2014), one state per mover. */
#include "geo/calc/walk.h"

#include <math.h>

#include "geo/calc/road-graph.h"

/* Of each node passed, how often a pause, and its longest. */
static const double pause_share[GEO_N_PROFILES] = {0.04, 0.06, 0.10};
static const double pause_most_s[GEO_N_PROFILES] = {240, 90, 60};

#define MOST_EDGES 10000 /* a step: loops of no length must not hold the clock */

uint64_t geo_walk_next(uint64_t *random)
{
    uint64_t z = *random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

double geo_walk_share(uint64_t *random)
{
    return (double)(geo_walk_next(random) >> 11) * 0x1p-53;
}

GeoWalk geo_walk_new(const GeoRoads *roads, const GeoSnap *place, GeoProfile profile, uint64_t seed)
{
    GeoWalk walk = {
        .edge = place->edge, .offset_m = place->offset_m, .profile = profile, .random = seed};
    walk.pace = 0.8 + 0.35 * geo_walk_share(&walk.random);
    walk.backwards = geo_walk_share(&walk.random) < 0.5;
    if (walk.edge < 0)
        return walk;
    const GeoRoadEdge *edge = &roads->edges[walk.edge];
    if (!geo_road_may(edge, profile, walk.backwards))
        walk.backwards = !walk.backwards;
    if (!geo_road_may(edge, profile, walk.backwards))
        walk.edge = -1;
    return walk;
}

/* Direction of travel at an end of an edge, as a unit vector: leaving from it or arriving at it. */
static GeoXY direction(const GeoRoads *roads, uint32_t e, bool backwards, bool leaving)
{
    const GeoRoadEdge *edge = &roads->edges[e];
    uint32_t first = edge->point0, last = edge[1].point0 - 1;
    bool at_first = leaving != backwards;
    GeoXY a = roads->points[at_first ? first : last - 1];
    GeoXY b = roads->points[at_first ? first + 1 : last];
    double length = hypot(b.x - a.x, b.y - a.y), sign = backwards ? -1 : 1;
    if (length == 0)
        return (GeoXY){0, 0};
    return (GeoXY){sign * (b.x - a.x) / length, sign * (b.y - a.y) / length};
}

/* Straight on weighs 5, a right angle 1, a sharp turn back 0.2. */
static double weight_of(GeoXY from, GeoXY to)
{
    double along = from.x * to.x + from.y * to.y;
    return along > 0 ? 1 + 4 * along * along : 1 + 0.8 * along;
}

/* The next edge at the end of the present one; turns back where there is no other. */
static void turn(GeoWalk *walk, const GeoRoads *roads)
{
    uint32_t here = (uint32_t)walk->edge;
    uint32_t node = walk->backwards ? roads->edges[here].from : roads->edges[here].to;
    GeoXY from = direction(roads, here, walk->backwards, false);
    double sum = 0, all = 0;
    for (int pass = 0; pass < 2; pass++) {
        double drawn = pass ? geo_walk_share(&walk->random) * all : INFINITY;
        for (uint32_t i = roads->star0[node]; i < roads->star0[node + 1]; i++) {
            uint32_t e = roads->star[i];
            bool backwards = roads->edges[e].from != node;
            if (e == here || !geo_road_may(&roads->edges[e], walk->profile, backwards))
                continue;
            sum += weight_of(from, direction(roads, e, backwards, true));
            if (sum > drawn) {
                walk->edge = e;
                walk->backwards = backwards;
                walk->offset_m = backwards ? roads->edges[e].length_m : 0;
                return;
            }
        }
        all = sum;
        sum = 0;
        if (all == 0)
            break;
    }
    bool loop = roads->edges[here].from == roads->edges[here].to;
    if (loop && geo_road_may(&roads->edges[here], walk->profile, walk->backwards)) {
        walk->offset_m = walk->backwards ? roads->edges[here].length_m : 0;
    } else if (geo_road_may(&roads->edges[here], walk->profile, !walk->backwards)) {
        walk->backwards = !walk->backwards;
    } else {
        walk->standing = true; /* the end of a one-way that leads nowhere */
    }
}

void geo_walk_step(GeoWalk *walk, const GeoRoads *roads, double duration_s)
{
    if (walk->edge < 0)
        return;
    for (int n = 0; n < MOST_EDGES && duration_s > 0 && !walk->standing; n++) {
        if (walk->pause_s > 0) {
            double waited = MIN(walk->pause_s, duration_s);
            walk->pause_s -= waited;
            duration_s -= waited;
            continue;
        }
        const GeoRoadEdge *edge = &roads->edges[walk->edge];
        double ahead = walk->backwards ? walk->offset_m : edge->length_m - walk->offset_m;
        double pace_spm = edge->pace_spm[walk->profile] / walk->pace;
        double moved = MIN(ahead, duration_s / pace_spm);
        walk->offset_m += walk->backwards ? -moved : moved;
        duration_s -= moved * pace_spm;
        if (moved < ahead)
            return;
        turn(walk, roads);
        if (geo_walk_share(&walk->random) < pause_share[walk->profile])
            walk->pause_s = geo_walk_share(&walk->random) * pause_most_s[walk->profile];
    }
}

GeoXY geo_walk_place(const GeoWalk *walk, const GeoRoads *roads, double *heading_deg,
                     double *speed_mps)
{
    const GeoRoadEdge *edge = &roads->edges[walk->edge];
    double along = 0;
    uint32_t i = edge->point0, last = edge[1].point0 - 2;
    GeoXY a = roads->points[i], b = roads->points[i + 1];
    double length = hypot(b.x - a.x, b.y - a.y);
    while (i < last && along + length < walk->offset_m) {
        along += length;
        i++;
        a = b;
        b = roads->points[i + 1];
        length = hypot(b.x - a.x, b.y - a.y);
    }
    double share = length > 0 ? CLAMP((walk->offset_m - along) / length, 0, 1) : 0;
    double sign = walk->backwards ? -1 : 1;
    double heading = atan2(sign * (b.x - a.x), sign * (b.y - a.y)) * 180 / G_PI;
    *heading_deg = heading < 0 ? heading + 360 : heading;
    bool rests = walk->standing || walk->pause_s > 0;
    *speed_mps = rests ? 0 : walk->pace / edge->pace_spm[walk->profile];
    return (GeoXY){a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
}
