/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From rows to eyes, by the formulas of geo/calc/optics. The field of a fixed rectilinear lens ends
 * at a straight line across its heading, where the pixels per metre of the class are no longer
 * there, begins where the lower edge of the picture meets the ground, and never goes beyond the
 * range that the register gives. A fisheye ends at an arc. A head that turns (PTZ, dome) reaches
 * all round with the density of its lens: it can look anywhere, though not everywhere at once, and
 * straight down too. Classes after IEC 62676-4:2014. */
#include "geo/work/sight.h"

#include <math.h>

#include "geo/calc/optics.h"

/* Where the register is silent (ours; each use is told as assumed). */
#define FIXED_FOV_DEG 70.0
#define TURNING_FOV_DEG 60.0
#define WIDTH_PX 1920
#define RANGE_M 60.0
#define NIGHT_SHARE 0.6 /* of the range by day */

#define ASPECT (16.0 / 9) /* of the picture, where its height is not known */

/* Whole degrees: clang takes no comparison of doubles here. */
_Static_assert((int)GEO_OPTICS_RECTILINEAR_DEG == (int)GEO_VIEW_ARC_DEG,
               "fields with straight borders");

#define STEP_CAMERAS 1024 /* between questions for a cancel; some 10 ms */

const char *const geo_sight_class_words[] = {"detect", "observe", "recognise", "identify", NULL};

double geo_sight_px_per_m(GeoSightClass class)
{
    static const double px_per_m[GEO_N_SIGHT_CLASSES] = {25, 62.5, 125, 250};
    return px_per_m[class];
}

static bool turns(const GeoCamera *camera)
{
    return camera->lens == GEO_LENS_PTZ || camera->lens == GEO_LENS_DOME;
}

/* The field that the polygon spans. */
static double field_deg(const GeoCamera *camera, int64_t *assumed)
{
    if (camera->lens != GEO_LENS_FIXED)
        return 360;
    if (camera->fov_deg > 0)
        return fmin(camera->fov_deg, 360);
    *assumed |= GEO_ASSUMED_FOV;
    return FIXED_FOV_DEG;
}

/* The field of the lens at one moment, which the pixels are spread over. */
static double lens_deg(const GeoCamera *camera, int64_t *assumed)
{
    if (!turns(camera))
        return field_deg(camera, assumed);
    if (camera->fov_deg > 0 && camera->fov_deg < GEO_OPTICS_RECTILINEAR_DEG)
        return camera->fov_deg;
    *assumed |= GEO_ASSUMED_FOV;
    return TURNING_FOV_DEG;
}

static double pixels_of(const GeoCamera *camera, int64_t *assumed)
{
    if (camera->width_px > 0)
        return (double)camera->width_px;
    *assumed |= GEO_ASSUMED_PIXELS;
    return WIDTH_PX;
}

/* As far as the register says that it shows anything. */
static double range_of(const GeoCamera *camera, bool night, int64_t *assumed)
{
    double range = camera->range_m;
    if (!(range >= 0)) {
        *assumed |= GEO_ASSUMED_RANGE;
        range = RANGE_M;
    }
    if (night && camera->night_range_m >= 0) {
        range = fmin(range, camera->night_range_m);
    } else if (night) {
        *assumed |= GEO_ASSUMED_RANGE;
        range *= NIGHT_SHARE;
    }
    return range;
}

/* Its density falls along straight lines across the heading, and it has a lower edge. */
static bool is_straight(const GeoCamera *camera, double field)
{
    return !turns(camera) && field < GEO_OPTICS_RECTILINEAR_DEG;
}

static double vertical_deg(const GeoCamera *camera, double field)
{
    return camera->vfov_deg > 0 ? camera->vfov_deg : geo_optics_vertical_deg(field, ASPECT);
}

/* Where on flat ground ahead the picture begins, and where it ends or tells too little. */
static void lay_on_ground(const GeoCamera *camera, double field, double depth_m, GeoEye *eye)
{
    double height = camera->height_m, tilt = camera->tilt_deg;
    eye->depth_m = geo_optics_ground_of_depth_m(depth_m, height, tilt);
    if (isfinite(height) && height > 0 && isfinite(tilt)) {
        double vertical = vertical_deg(camera, field);
        eye->near_m = geo_optics_near_m(height, tilt, vertical);
        eye->depth_m = fmin(eye->depth_m, geo_optics_far_m(height, tilt, vertical));
    }
    bool nothing = !(eye->depth_m > eye->near_m);
    eye->range_m = nothing ? 0 : fmin(eye->range_m, eye->depth_m / cos(field / 2 * G_PI / 180));
}

static GeoEye open_eye(const GeoCamera *camera, GeoXY at, double px_per_m, bool night,
                       int64_t *assumed)
{
    *assumed = camera->assumed;
    double field = field_deg(camera, assumed), lens = lens_deg(camera, assumed);
    GeoEye eye = {.at = at,
                  .heading_deg = camera->heading_deg,
                  .fov_deg = field,
                  .height_m = camera->height_m};
    bool aimless = !isfinite(camera->heading_deg) || camera->heading_err_deg >= 180;
    if (field < 360 && aimless) {
        *assumed |= GEO_ASSUMED_HEADING;
        return eye; /* a field drawn to some side would be a claim without ground */
    }
    double depth_m = geo_optics_depth_m(pixels_of(camera, assumed), lens, px_per_m);
    eye.range_m = range_of(camera, night, assumed);
    if (is_straight(camera, field))
        lay_on_ground(camera, field, depth_m, &eye);
    else
        eye.range_m = fmin(eye.range_m, depth_m);
    return eye;
}

double geo_sight_density_px_per_m(const GeoCamera *camera, GeoXY at, GeoXY place)
{
    int64_t assumed = 0;
    double dx = place.x - at.x, dy = place.y - at.y, depth_m = hypot(dx, dy);
    double lens = lens_deg(camera, &assumed), heading = camera->heading_deg * G_PI / 180;
    if (is_straight(camera, field_deg(camera, &assumed)) && isfinite(heading))
        depth_m = geo_optics_depth_of_ground_m(dx * sin(heading) + dy * cos(heading),
                                               camera->height_m, camera->tilt_deg);
    return geo_optics_px_per_m(pixels_of(camera, &assumed), lens, fmax(depth_m, 0.1));
}

double geo_sight_reach_m(const GeoCamera *camera, GeoSightClass class, bool night, int64_t *assumed)
{
    int64_t bits;
    GeoEye eye = open_eye(camera, (GeoXY){0, 0}, geo_sight_px_per_m(class), night, &bits);
    if (assumed)
        *assumed = bits;
    return camera->state == GEO_CAMERA_WORKING ? geo_view_ahead_m(&eye) : 0;
}

GeoEye geo_sight_eye(const GeoCamera *camera, GeoXY at, const GeoSightOptions *options,
                     int64_t *assumed)
{
    int64_t bits;
    bool on = options->with_off || camera->state == GEO_CAMERA_WORKING;
    double density = options->px_per_m > 0 ? options->px_per_m : geo_sight_px_per_m(options->class);
    GeoEye eye = open_eye(camera, at, density, options->night, &bits);
    if (!on || !isfinite(at.x) || !isfinite(at.y))
        eye.range_m = 0;
    if (assumed)
        *assumed = bits;
    return eye;
}

static const GeoLonLat *points_of(const GeoBatch *batch)
{
    return (const GeoLonLat *)(const void *)batch->points->data;
}

/* One eye a camera; the farthest reach in reach_m. */
static void open_eyes(GeoSight *sight, const GeoSightOptions *options, double *reach_m)
{
    sight->n = sight->cameras->rows->len;
    sight->eyes = g_new0(GeoEye, MAX(sight->n, 1));
    *reach_m = 0;
    GeoXY seen = options->sees ? geo_frame_xy(sight->frame, *options->sees) : (GeoXY){0, 0};
    for (size_t i = 0; i < sight->n; i++) {
        const GeoCamera *camera = (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, i);
        GeoEye *eye = &sight->eyes[i];
        GeoLonLat at;
        bool placed = geo_batch_first(sight->cameras, &camera->row, &at);
        GeoXY xy = placed ? geo_frame_xy(sight->frame, at) : (GeoXY){NAN, NAN};
        *eye = geo_sight_eye(camera, xy, options, NULL);
        if (options->sees && !(hypot(eye->at.x - seen.x, eye->at.y - seen.y) <= eye->range_m))
            eye->range_m = 0;
        *reach_m = fmax(*reach_m, eye->range_m);
    }
}

/* bounds and reach_m around them; generous towards the poles. */
static GeoBounds widen(const GeoBounds *bounds, double reach_m)
{
    double lat = reach_m / 110000;
    double lon = lat / fmax(cos(fmax(fabs(bounds->south), fabs(bounds->north)) * G_PI / 180), 0.01);
    return (GeoBounds){bounds->west - lon, bounds->south - lat, bounds->east + lon,
                       bounds->north + lat};
}

static bool load_walls(GeoSight *sight, GeoStore *store, const GeoSightOptions *options,
                       double reach_m, GError **error)
{
    const GeoBounds *bounds = options->bounds;
    GeoBounds spot;
    if (options->sees) { /* eyes lie up to one reach off, what they see another behind them */
        spot = (GeoBounds){options->sees->lon, options->sees->lat, options->sees->lon,
                           options->sees->lat};
        bounds = &spot;
        reach_m *= 2;
    }
    GeoBounds around = bounds ? widen(bounds, reach_m) : GEO_BOUNDS_EMPTY;
    GeoQuery query = {.bounds = bounds ? &around : NULL};
    sight->buildings = geo_store_load(store, GEO_KIND_BUILDING, &query, error);
    if (!sight->buildings)
        return false;
    size_t n_points = sight->buildings->points->len;
    sight->building_xy = g_new(GeoXY, MAX(n_points, 1));
    geo_frame_to_xy(sight->frame, points_of(sight->buildings), sight->building_xy, n_points);
    return true;
}

static void raise_walls(GeoSight *sight)
{
    const GeoBatch *batch = sight->buildings;
    g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoBuilding *building = (const GeoBuilding *)(const void *)geo_batch_row(batch, i);
        for (uint32_t k = 0; k < building->row.n_parts; k++) {
            size_t n;
            const GeoLonLat *ring = geo_batch_part(batch, &building->row, k, &n);
            const GeoXY *xy = sight->building_xy + (ring - points_of(batch));
            GeoEdge edge = {.building = i};
            edge.height_m = building->height_m > 0 ? (float)building->height_m : INFINITY;
            for (size_t p = 0; p + 1 < n; p++) {
                edge.a = xy[p];
                edge.b = xy[p + 1];
                g_array_append_val(edges, edge);
            }
        }
    }
    sight->edges = geo_edges_new((const GeoEdge *)(const void *)edges->data, edges->len);
}

static bool draw_fields(GeoSight *sight, GeoProgress *progress, GError **error)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    GArray *rings = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    sight->first = g_new0(uint32_t, sight->n + 1);
    sight->ring0 = g_new0(uint32_t, sight->n + 1);
    bool more = true;
    for (size_t i = 0; i < sight->n && more; i++) {
        sight->first[i] = points->len;
        sight->ring0[i] = rings->len;
        geo_view_rings(sight->edges, &sight->eyes[i], points, rings);
        if (i % STEP_CAMERAS == 0)
            more = geo_progress_step(progress, (double)i / (double)sight->n, error);
    }
    sight->first[sight->n] = points->len;
    sight->ring0[sight->n] = rings->len;
    g_array_append_val(rings, sight->first[sight->n]);
    sight->xy = (GeoXY *)(void *)g_array_free(points, FALSE);
    sight->ring = (uint32_t *)(void *)g_array_free(rings, FALSE);
    return more;
}

static bool load_all(GeoSight *sight, GeoStore *store, const GeoSightOptions *options,
                     GeoProgress *progress, GError **error)
{
    gint64 begin = g_get_monotonic_time();
    GeoQuery query = {.bounds = options->bounds};
    double reach_m;
    geo_progress_begin(progress, "cameras and buildings");
    sight->borrowed = options->frame != NULL;
    sight->frame =
        options->frame ? options->frame : geo_frame_new(geo_store_city(store)->epsg, error);
    if (!sight->frame)
        return false;
    sight->cameras = geo_store_load(store, GEO_KIND_CAMERA, &query, error);
    if (!sight->cameras)
        return false;
    open_eyes(sight, options, &reach_m);
    if (!geo_progress_step(progress, 0.2, error) ||
        !load_walls(sight, store, options, reach_m, error))
        return false;
    gint64 loaded = g_get_monotonic_time();
    geo_progress_begin(progress, "fields of view");
    raise_walls(sight);
    if (!draw_fields(sight, progress, error))
        return false;
    gint64 drawn = g_get_monotonic_time();
    uint32_t n_points = sight->first[sight->n];
    if (!options->metres_only) {
        sight->lonlat = g_new(GeoLonLat, MAX(n_points, 1));
        geo_frame_to_lonlat(sight->frame, sight->xy, sight->lonlat, n_points);
    }
    sight->work_ms = (double)(drawn - loaded) / 1000;
    sight->load_ms = (double)(g_get_monotonic_time() - begin) / 1000 - sight->work_ms;
    return true;
}

GeoSight *geo_sight_load(GeoStore *store, const GeoSightOptions *options, GeoProgress *progress,
                         GError **error)
{
    const GeoSightOptions plain = {0};
    g_autoptr(GeoSight) sight = g_new0(GeoSight, 1);
    if (!load_all(sight, store, options ? options : &plain, progress, error))
        return NULL;
    return g_steal_pointer(&sight);
}

void geo_sight_free(GeoSight *sight)
{
    if (!sight)
        return;
    if (!sight->borrowed)
        geo_frame_free(sight->frame);
    geo_batch_free(sight->cameras);
    geo_batch_free(sight->buildings);
    g_free(sight->building_xy);
    geo_edges_free(sight->edges);
    g_free(sight->eyes);
    g_free(sight->first);
    g_free(sight->ring);
    g_free(sight->ring0);
    g_free(sight->xy);
    g_free(sight->lonlat);
    g_free(sight);
}
