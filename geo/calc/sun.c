/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day's solar noon first; then each edge by the hour angle at which the sun stands at the edge's
 * height, its declination and the equation of time taken anew at the edge itself, three rounds
 * (NOAA's own page takes one or two). */
#include "geo/calc/sun.h"

#include <math.h>

#define DAY_MS 86400000.0
#define MINUTE_MS 60000.0
#define ROUNDS 3

static double sin_deg(double deg)
{
    return sin(deg * G_PI / 180);
}

static double cos_deg(double deg)
{
    return cos(deg * G_PI / 180);
}

typedef struct {
    double declination_deg;
    double equation_min; /* apparent less mean solar time */
} Sun;

static Sun sun_at(double at_ms)
{
    /* 2440587.5 is the Julian day of 1970-01-01; centuries from 2000-01-01 12:00. */
    double century = (at_ms / DAY_MS + 2440587.5 - 2451545) / 36525;
    double longitude = fmod(280.46646 + century * (36000.76983 + century * 0.0003032), 360);
    double anomaly = 357.52911 + century * (35999.05029 - 0.0001537 * century);
    double eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century);
    double centre = sin_deg(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century)) +
                    sin_deg(2 * anomaly) * (0.019993 - 0.000101 * century) +
                    sin_deg(3 * anomaly) * 0.000289;
    double node = 125.04 - 1934.136 * century;
    double apparent = longitude + centre - 0.00569 - 0.00478 * sin_deg(node);
    double seconds = 21.448 - century * (46.815 + century * (0.00059 - century * 0.001813));
    double tilt = 23 + (26 + seconds / 60) / 60 + 0.00256 * cos_deg(node);
    double half = tan(tilt / 2 * G_PI / 180), y = half * half;
    double equation = y * sin_deg(2 * longitude) - 2 * eccentricity * sin_deg(anomaly) +
                      4 * eccentricity * y * sin_deg(anomaly) * cos_deg(2 * longitude) -
                      0.5 * y * y * sin_deg(4 * longitude) -
                      1.25 * eccentricity * eccentricity * sin_deg(2 * anomaly);
    return (Sun){asin(sin_deg(tilt) * sin_deg(apparent)) * 180 / G_PI, 4 * equation * 180 / G_PI};
}

double geo_sun_height_deg(GeoLonLat at, int64_t at_ms)
{
    Sun sun = sun_at((double)at_ms);
    double minutes = fmod((double)at_ms, DAY_MS) / MINUTE_MS + sun.equation_min + 4 * at.lon;
    double hour_angle = minutes / 4 - 180;
    double sine = sin_deg(at.lat) * sin_deg(sun.declination_deg) +
                  cos_deg(at.lat) * cos_deg(sun.declination_deg) * cos_deg(hour_angle);
    return asin(CLAMP(sine, -1, 1)) * 180 / G_PI;
}

bool geo_sun_is_up(GeoLonLat at, int64_t at_ms)
{
    return geo_sun_height_deg(at, at_ms) > GEO_SUN_EDGE_DEG;
}

/* The edge of solar day `day` (1970-01-01 is 0) before or after its noon; NAN: none. */
static double edge_ms(GeoLonLat at, int64_t day, bool rises)
{
    double noon_ms = ((double)day + 0.5 - at.lon / 360) * DAY_MS, edge = noon_ms;
    for (int round = 0; round < ROUNDS; round++) {
        Sun sun = sun_at(edge);
        double cosine =
            (sin_deg(GEO_SUN_EDGE_DEG) - sin_deg(at.lat) * sin_deg(sun.declination_deg)) /
            (cos_deg(at.lat) * cos_deg(sun.declination_deg));
        if (!(fabs(cosine) <= 1))
            return NAN;
        double half_day_min = 4 * acos(cosine) * 180 / G_PI;
        edge = noon_ms + (-sun.equation_min + (rises ? -half_day_min : half_day_min)) * MINUTE_MS;
    }
    return edge;
}

GArray *geo_sun_changes(GeoLonLat at, int64_t from_ms, int64_t to_ms)
{
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(GeoSunChange));
    /* An edge lies within half a day of its noon, and that within half a day of its UTC day's. */
    int64_t first = (int64_t)floor((double)from_ms / DAY_MS) - 2;
    int64_t last = (int64_t)floor((double)to_ms / DAY_MS) + 2;
    for (int64_t day = first; day <= last; day++)
        for (int k = 0; k < 2; k++) {
            double edge = edge_ms(at, day, k == 0);
            GeoSunChange change = {isnan(edge) ? 0 : (int64_t)edge, k == 0};
            if (!isnan(edge) && change.at_ms > from_ms && change.at_ms <= to_ms)
                g_array_append_val(changes, change);
        }
    return changes;
}
