/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Points and boxes, on the earth and in local metres, and the Chinese obfuscated datums at the
 * border. GeoLonLat is WGS 84 (CGCS2000 is the same within a metre); GeoXY is metres in the city's
 * frame. */
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    double lon, lat; /* degrees, WGS 84 */
} GeoLonLat;

typedef struct {
    double x, y; /* metres east, north */
} GeoXY;

typedef struct {
    double west, south, east, north; /* degrees; empty while west > east */
} GeoBounds;

typedef struct {
    double min_x, min_y, max_x, max_y; /* metres; empty while min_x > max_x */
} GeoBox;

#define GEO_BOUNDS_EMPTY ((GeoBounds){1e9, 1e9, -1e9, -1e9})
#define GEO_BOX_EMPTY ((GeoBox){1e300, 1e300, -1e300, -1e300})

void geo_bounds_add(GeoBounds *bounds, GeoLonLat p);
bool geo_bounds_empty(const GeoBounds *bounds);
bool geo_bounds_meet(const GeoBounds *a, const GeoBounds *b);
void geo_box_add(GeoBox *box, GeoXY p);

/* Finite and within +-180, +-90. */
bool geo_coord_valid(GeoLonLat p);

/* Great-circle distance on the mean sphere, metres; within 0.5 % of the ellipsoid. */
double geo_coord_distance_m(GeoLonLat a, GeoLonLat b);

/* GCJ-02 ("Mars") and BD-09, both only inside China's box; outside they are the identity.
 * The formula is the public one (seen in many map libraries); the inverse is a fixed point of 5
 * rounds, exact to a micrometre. Check point: WGS 84 (117.283042, 31.861191) is GCJ-02
 * (117.288563, 31.859195). */
GeoLonLat geo_coord_to_gcj02(GeoLonLat wgs);
GeoLonLat geo_coord_from_gcj02(GeoLonLat gcj);
GeoLonLat geo_coord_to_bd09(GeoLonLat wgs);
GeoLonLat geo_coord_from_bd09(GeoLonLat bd);
