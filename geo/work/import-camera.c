/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a camera's row says and what must be assumed. The 20-digit codes are GB/T 28181: digits 9
 * and 10 are the industry, which we map to the four builder classes; DirectionType is where the
 * camera looks to, in winds of 45 degrees. Assumed figures: a 4 mm lens on a 1/2.8 inch sensor sees
 * 85 degrees; a street camera has 1920 pixels; poles carry 6 m high, walls 4 m. The range is where
 * "detect" of IEC 62676-4 ends (25 px/m), within 15 .. 120 m. */
#include <math.h>
#include <string.h>

#include "geo/calc/optics.h"
#include "geo/work/import-rows.h"
#include "geo/work/viewtext.h"

#define ASSUMED_FOV_DEG 85.0
#define ASSUMED_WIDTH_PX 1920
#define ASSUMED_TILT_DEG 10.0
#define POLE_HEIGHT_M 6.0
#define WALL_HEIGHT_M 4.0
#define OTHER_HEIGHT_M 5.0
#define DETECT_PX_PER_M 25.0
#define TURNING_LENS_DEG 60.0 /* what a camera that turns sees at once */
#define MIN_RANGE_M 15.0
#define MAX_RANGE_M 120.0
#define NIGHT_SHARE 0.6 /* of the range, by built-in infrared light */
#define CODE_DIGITS 20
#define WIND_ERR_DEG 22.5

/* GB/T 28181 industry 00 road, 01 compound, 02 and 40..44 unit, 45 shop; -1 for the others. */
static int owner_of_code(const char *code)
{
    if (!code || strlen(code) != CODE_DIGITS || strspn(code, "0123456789") != CODE_DIGITS)
        return -1;
    int industry = (code[8] - '0') * 10 + (code[9] - '0');
    switch (industry) {
    case 0:
        return GEO_OWNER_GOVERNMENT;
    case 1:
        return GEO_OWNER_COMPOUND;
    case 2:
    case 40:
    case 41:
    case 42:
    case 43:
    case 44:
        return GEO_OWNER_UNIT;
    case 45:
        return GEO_OWNER_SHOP;
    default:
        return -1;
    }
}

static void take_owner(GeoCamera *camera, const GeoImportCameraTexts *texts)
{
    if (texts->has_owner)
        return;
    int owner = owner_of_code(camera->row.code);
    camera->owner = owner >= 0 ? owner : GEO_OWNER_UNKNOWN;
    camera->assumed |= GEO_ASSUMED_OWNER;
}

static void take_direction(GeoImportPass *pass, GeoCamera *camera,
                           const GeoImportCameraTexts *texts, int64_t line)
{
    static const double winds_deg[] = {90, 270, 180, 0, 135, 45, 225, 315};
    if (texts->direction_type && strlen(texts->direction_type) == 1 &&
        texts->direction_type[0] >= '1' && texts->direction_type[0] <= '8') {
        camera->heading_deg = winds_deg[texts->direction_type[0] - '1'];
        camera->heading_err_deg = WIND_ERR_DEG;
    }
    double heading_deg, err_deg, fov_deg = NAN;
    if (!texts->direction)
        return;
    if (!geo_viewtext_direction(texts->direction, &heading_deg, &err_deg, &fov_deg)) {
        geo_import_note(pass->read, line, "direction not understood", texts->direction);
        return;
    }
    camera->heading_deg = heading_deg;
    camera->heading_err_deg = err_deg;
    if (isfinite(fov_deg) && !isfinite(camera->fov_deg))
        camera->fov_deg = fov_deg;
}

static void take_field(GeoImportPass *pass, GeoCamera *camera, const GeoImportCameraTexts *texts,
                       int64_t line, bool *has_lens)
{
    double fov_deg = NAN;
    int lens = -1;
    if (texts->view && !geo_viewtext_field(texts->view, &fov_deg, &lens))
        geo_import_note(pass->read, line, "field of view not understood", texts->view);
    if (isfinite(fov_deg) && !isfinite(camera->fov_deg))
        camera->fov_deg = fov_deg;
    if (lens >= 0 && !*has_lens) {
        camera->lens = lens;
        *has_lens = true;
    }
    /* GB/T 28181 PTZType: 1 dome, 2 half dome, 3 fixed, 4 and 5 remote, 6 stitched */
    static const int ptz_lens[] = {GEO_LENS_PTZ, GEO_LENS_DOME, GEO_LENS_FIXED,
                                   GEO_LENS_PTZ, GEO_LENS_PTZ,  GEO_LENS_PANORAMA};
    if (texts->ptz && strlen(texts->ptz) == 1 && texts->ptz[0] >= '1' && texts->ptz[0] <= '6' &&
        !*has_lens) {
        camera->lens = ptz_lens[texts->ptz[0] - '1'];
        *has_lens = true;
    }
}

static void take_pixels(GeoCamera *camera, const GeoImportCameraTexts *texts)
{
    if (camera->width_px <= 0 && texts->resolution)
        camera->width_px = geo_viewtext_width_px(texts->resolution);
    if (camera->width_px <= 0 && texts->megapixels) {
        double number = g_ascii_strtod(texts->megapixels, NULL);
        double pixels = number >= 30 ? number * 1e4 : number * 1e6; /* 200: ten thousands */
        if (number > 0 && pixels <= 1e9)
            camera->width_px = (int64_t)round(sqrt(pixels * 16 / 9) / 8) * 8;
    }
    if (camera->width_px <= 0) {
        camera->width_px = ASSUMED_WIDTH_PX;
        camera->assumed |= GEO_ASSUMED_PIXELS;
    }
}

/* A rectilinear lens sees what its sensor's width is at its focal length. */
static void take_lens(GeoCamera *camera)
{
    bool known = isfinite(camera->focal_mm) && camera->focal_mm > 0 &&
                 isfinite(camera->sensor_mm) && camera->sensor_mm > 0;
    bool rectilinear = camera->lens == GEO_LENS_FIXED || camera->lens == GEO_LENS_DOME;
    if (known && rectilinear && !isfinite(camera->fov_deg))
        camera->fov_deg = geo_optics_field_deg(camera->focal_mm, camera->sensor_mm);
}

static void assume_optics(GeoCamera *camera, bool has_lens)
{
    bool turns = camera->lens == GEO_LENS_PTZ;
    if (!isfinite(camera->fov_deg) || camera->fov_deg <= 0 || camera->fov_deg > 360) {
        camera->fov_deg = has_lens && camera->lens != GEO_LENS_FIXED ? 360 : ASSUMED_FOV_DEG;
        camera->assumed |= GEO_ASSUMED_FOV;
    }
    if (isfinite(camera->heading_deg)) {
        camera->heading_deg = fmod(fmod(camera->heading_deg, 360) + 360, 360);
        if (!isfinite(camera->heading_err_deg))
            camera->heading_err_deg = 0;
    } else {
        bool round_view = camera->fov_deg >= 360; /* then any heading is the right one */
        camera->heading_deg = 0;
        camera->heading_err_deg = round_view ? 0 : 180;
        camera->assumed |= round_view ? 0 : GEO_ASSUMED_HEADING;
    }
    if (!isfinite(camera->height_m) || camera->height_m <= 0) {
        camera->height_m = camera->mount == GEO_MOUNT_POLE   ? POLE_HEIGHT_M
                           : camera->mount == GEO_MOUNT_WALL ? WALL_HEIGHT_M
                                                             : OTHER_HEIGHT_M;
        camera->assumed |= GEO_ASSUMED_HEIGHT;
    }
    if (!isfinite(camera->tilt_deg)) {
        camera->tilt_deg = ASSUMED_TILT_DEG;
        camera->assumed |= GEO_ASSUMED_TILT;
    }
    if (!isfinite(camera->range_m) || camera->range_m <= 0) {
        double lens_deg = turns ? TURNING_LENS_DEG : MIN(camera->fov_deg, 170);
        double reach_m = geo_optics_depth_m((double)camera->width_px, lens_deg, DETECT_PX_PER_M);
        camera->range_m = CLAMP(round(reach_m), MIN_RANGE_M, MAX_RANGE_M);
        camera->assumed |= GEO_ASSUMED_RANGE;
    }
    if (!isfinite(camera->night_range_m) || camera->night_range_m < 0)
        camera->night_range_m = camera->range_m * NIGHT_SHARE;
}

void geo_import_camera(GeoImportPass *pass, GeoCamera *camera, const GeoImportCameraTexts *texts,
                       int64_t line)
{
    bool has_lens = texts->has_lens;
    take_owner(camera, texts);
    take_field(pass, camera, texts, line, &has_lens);
    take_direction(pass, camera, texts, line);
    take_pixels(camera, texts);
    take_lens(camera);
    camera->cameras = MAX(camera->cameras, 1);
    assume_optics(camera, has_lens);
}
