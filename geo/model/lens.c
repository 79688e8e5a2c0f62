/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/lens.h"

#include <math.h>

GeoBatch *geo_lens_defaults(void)
{
    static const struct {
        const char *code, *name;
        int lens;
        double fov_deg, vfov_deg, focal_mm, sensor_mm;
        int64_t width_px;
        double range_m, night_range_m, price, upkeep;
    } types[] = {
        {"B4-4K", "4K bullet, 4 mm", GEO_LENS_FIXED, 84, 45, 4, 7.2, 3840, 60, 40, 2800, 300},
        {"B6-4K", "4K bullet, 6 mm", GEO_LENS_FIXED, 62, 34, 6, 7.2, 3840, 80, 50, 3000, 300},
        {"B12-4K", "4K bullet, 12 mm", GEO_LENS_FIXED, 33, 19, 12, 7.2, 3840, 120, 60, 3400, 300},
        {"D-PTZ", "PTZ dome, 25x", GEO_LENS_PTZ, 57, 33, 5, 5.4, 1920, 150, 100, 9800, 900},
    };
    GeoBatch *batch = geo_batch_new(GEO_KIND_LENS);
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        GeoLensType *type = geo_batch_add(batch);
        type->row.id = (int64_t)i + 1;
        type->row.code = types[i].code;
        type->row.name = types[i].name;
        type->lens = types[i].lens;
        type->fov_deg = types[i].fov_deg;
        type->vfov_deg = types[i].vfov_deg;
        type->focal_mm = types[i].focal_mm;
        type->sensor_mm = types[i].sensor_mm;
        type->width_px = types[i].width_px;
        type->range_m = types[i].range_m;
        type->night_range_m = types[i].night_range_m;
        type->price = types[i].price;
        type->upkeep = types[i].upkeep;
    }
    return batch;
}

GeoBatch *geo_density_defaults(void)
{
    static const struct {
        const char *code;
        double px_per_m;
    } classes[] = {{"detect", 25}, {"observe", 62.5}, {"recognise", 125}, {"identify", 250}};
    GeoBatch *batch = geo_batch_new(GEO_KIND_DENSITY);
    for (gsize i = 0; i < G_N_ELEMENTS(classes); i++) {
        GeoDensity *density = geo_batch_add(batch);
        density->row.id = (int64_t)i + 1;
        density->row.code = density->row.name = classes[i].code;
        density->px_per_m = classes[i].px_per_m;
        density->norm = "IEC 62676-4:2014";
    }
    return batch;
}

GeoCamera geo_lens_camera(const GeoLensType *type)
{
    return (GeoCamera){.lens = type->lens,
                       .state = GEO_CAMERA_PLANNED,
                       .heading_deg = 0,
                       .fov_deg = type->fov_deg,
                       .range_m = type->range_m,
                       .night_range_m = type->night_range_m,
                       .height_m = NAN,
                       .tilt_deg = NAN,
                       .width_px = type->width_px,
                       .cameras = 1,
                       .focal_mm = type->focal_mm,
                       .sensor_mm = type->sensor_mm,
                       .vfov_deg = type->vfov_deg};
}
