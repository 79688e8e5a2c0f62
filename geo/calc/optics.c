/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/optics.h"

#include <glib.h>
#include <math.h>

static double rad(double deg)
{
    return deg * G_PI / 180;
}

double geo_optics_field_deg(double focal_mm, double sensor_mm)
{
    return 2 * atan(sensor_mm / (2 * focal_mm)) * 180 / G_PI;
}

double geo_optics_focal_mm(double field_deg, double sensor_mm)
{
    return sensor_mm / (2 * tan(rad(field_deg) / 2));
}

double geo_optics_vertical_deg(double field_deg, double aspect)
{
    if (field_deg >= GEO_OPTICS_RECTILINEAR_DEG)
        return field_deg / aspect;
    return 2 * atan(tan(rad(field_deg) / 2) / aspect) * 180 / G_PI;
}

double geo_optics_picture_m(double field_deg)
{
    return field_deg < GEO_OPTICS_RECTILINEAR_DEG ? 2 * tan(rad(field_deg) / 2) : rad(field_deg);
}

double geo_optics_px_per_m(double width_px, double field_deg, double depth_m)
{
    return width_px / (depth_m * geo_optics_picture_m(field_deg));
}

double geo_optics_depth_m(double width_px, double field_deg, double px_per_m)
{
    return width_px / (px_per_m * geo_optics_picture_m(field_deg));
}

double geo_optics_depth_of_ground_m(double ahead_m, double height_m, double tilt_deg)
{
    if (!isfinite(height_m) || !isfinite(tilt_deg))
        return ahead_m;
    return ahead_m * cos(rad(tilt_deg)) + height_m * sin(rad(tilt_deg));
}

double geo_optics_ground_of_depth_m(double depth_m, double height_m, double tilt_deg)
{
    if (!isfinite(height_m) || !isfinite(tilt_deg) || fabs(tilt_deg) >= 89.9)
        return depth_m;
    return (depth_m - height_m * sin(rad(tilt_deg))) / cos(rad(tilt_deg));
}

double geo_optics_near_m(double height_m, double tilt_deg, double vertical_deg)
{
    double down = tilt_deg + vertical_deg / 2;
    return down <= 0 ? INFINITY : down >= 90 ? 0 : height_m / tan(rad(down));
}

double geo_optics_far_m(double height_m, double tilt_deg, double vertical_deg)
{
    double down = tilt_deg - vertical_deg / 2;
    return down <= 0 ? INFINITY : down >= 90 ? 0 : height_m / tan(rad(down));
}
