/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/coord.h"

#include <math.h>

#define EARTH_RADIUS_M 6371008.8
/* Krassovsky 1940, the ellipsoid that the GCJ-02 shift is written with. */
#define GCJ_A 6378245.0
#define GCJ_EE 0.00669342162296594323
#define INVERSE_ROUNDS 5

void geo_bounds_add(GeoBounds *bounds, GeoLonLat p)
{
    bounds->west = fmin(bounds->west, p.lon);
    bounds->east = fmax(bounds->east, p.lon);
    bounds->south = fmin(bounds->south, p.lat);
    bounds->north = fmax(bounds->north, p.lat);
}

bool geo_bounds_empty(const GeoBounds *bounds)
{
    return bounds->west > bounds->east;
}

bool geo_bounds_meet(const GeoBounds *a, const GeoBounds *b)
{
    return a->west <= b->east && b->west <= a->east && a->south <= b->north && b->south <= a->north;
}

void geo_box_add(GeoBox *box, GeoXY p)
{
    box->min_x = fmin(box->min_x, p.x);
    box->max_x = fmax(box->max_x, p.x);
    box->min_y = fmin(box->min_y, p.y);
    box->max_y = fmax(box->max_y, p.y);
}

bool geo_coord_valid(GeoLonLat p)
{
    return isfinite(p.lon) && isfinite(p.lat) && fabs(p.lon) <= 180 && fabs(p.lat) <= 90;
}

double geo_coord_distance_m(GeoLonLat a, GeoLonLat b)
{
    double rad = M_PI / 180;
    double sin_lat = sin((b.lat - a.lat) * rad / 2);
    double sin_lon = sin((b.lon - a.lon) * rad / 2);
    double h = sin_lat * sin_lat + cos(a.lat * rad) * cos(b.lat * rad) * sin_lon * sin_lon;
    return 2 * EARTH_RADIUS_M * asin(fmin(1, sqrt(h)));
}

static bool in_china(GeoLonLat p)
{
    return p.lon > 72.004 && p.lon < 137.8347 && p.lat > 0.8293 && p.lat < 55.8271;
}

static double wave(double x, double a, double b, double rate_a, double rate_b)
{
    return (a * sin(x * rate_a) + b * sin(x * rate_b)) * 2 / 3;
}

/* The shift of GCJ-02 at p, in degrees. */
static GeoLonLat gcj_shift(GeoLonLat p)
{
    double x = p.lon - 105, y = p.lat - 35;
    double common = wave(x, 20, 20, 6 * M_PI, 2 * M_PI);
    double dlat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x)) + common +
                  wave(y, 20, 40, M_PI, M_PI / 3) + wave(y, 160, 320, M_PI / 12, M_PI / 30);
    double dlon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x)) + common +
                  wave(x, 20, 40, M_PI, M_PI / 3) + wave(x, 150, 300, M_PI / 12, M_PI / 30);
    double lat_rad = p.lat * M_PI / 180;
    double magic = 1 - GCJ_EE * sin(lat_rad) * sin(lat_rad);
    double root = sqrt(magic);
    dlat = dlat * 180 / ((GCJ_A * (1 - GCJ_EE)) / (magic * root) * M_PI);
    dlon = dlon * 180 / (GCJ_A / root * cos(lat_rad) * M_PI);
    return (GeoLonLat){dlon, dlat};
}

GeoLonLat geo_coord_to_gcj02(GeoLonLat wgs)
{
    if (!in_china(wgs))
        return wgs;
    GeoLonLat d = gcj_shift(wgs);
    return (GeoLonLat){wgs.lon + d.lon, wgs.lat + d.lat};
}

GeoLonLat geo_coord_from_gcj02(GeoLonLat gcj)
{
    GeoLonLat p = gcj;
    for (int i = 0; i < INVERSE_ROUNDS; i++) {
        GeoLonLat q = geo_coord_to_gcj02(p);
        p.lon += gcj.lon - q.lon;
        p.lat += gcj.lat - q.lat;
    }
    return p;
}

static GeoLonLat bd_from_gcj(GeoLonLat gcj)
{
    double k = M_PI * 3000 / 180;
    double z = hypot(gcj.lon, gcj.lat) + 0.00002 * sin(gcj.lat * k);
    double theta = atan2(gcj.lat, gcj.lon) + 0.000003 * cos(gcj.lon * k);
    return (GeoLonLat){z * cos(theta) + 0.0065, z * sin(theta) + 0.006};
}

GeoLonLat geo_coord_to_bd09(GeoLonLat wgs)
{
    return in_china(wgs) ? bd_from_gcj(geo_coord_to_gcj02(wgs)) : wgs;
}

GeoLonLat geo_coord_from_bd09(GeoLonLat bd)
{
    if (!in_china(bd))
        return bd;
    GeoLonLat gcj = {bd.lon - 0.0065, bd.lat - 0.006};
    for (int i = 0; i < INVERSE_ROUNDS; i++) {
        GeoLonLat q = bd_from_gcj(gcj);
        gcj.lon += bd.lon - q.lon;
        gcj.lat += bd.lat - q.lat;
    }
    return geo_coord_from_gcj02(gcj);
}
