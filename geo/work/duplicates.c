/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes of fields are swept from west to east. What two boxes have in common bounds what the fields
 * have, and so the share: only pairs whose bound is high enough are laid over each other by GEOS.
 * Copies pass by where they stand and look. Fields count once however many cameras see them, so
 * that one camera which three others together make needless is not found here: that is
 * geo/calc/sole.h. */
#include "geo/work/duplicates.h"

#include <math.h>

#include "geo/calc/region.h"

#define STEP_FIELDS 64    /* between questions for a cancel; some 10 ms */
#define STEP_OVERLAYS 32  /* some 5 ms */
#define STEP_LOOKS 500000 /* at boxes; some 5 ms */
#define UNSURE (GEO_ASSUMED_HEADING | GEO_ASSUMED_FOV | GEO_ASSUMED_RANGE)

typedef struct {
    GeoEye eye;
    GeoRegion *field;  /* owned by the work */
    GeoBox box;        /* of it, from the origin */
    double west, east; /* of it and the camera */
    double m2;
    uint32_t camera;
    bool unsure, asked;
} Seer;

typedef struct {
    GeoShaper *shaper;
    GeoXY origin;
    GArray *seers;        /* Seer, westernmost first */
    const Seer **kept;    /* those that may meet one farther east; room for all */
    size_t n_kept, looks; /* looks: at boxes, since the last question for a cancel */
    double least_share, within_m;
    GeoDuplicates *found;
} Work;

static void clear_work(Work *work)
{
    for (guint i = 0; i < work->seers->len; i++)
        geo_region_free(work->shaper, g_array_index(work->seers, Seer, i).field);
    g_array_unref(work->seers);
    geo_shaper_free(work->shaper);
}

static int from_west(const void *pa, const void *pb)
{
    const Seer *a = pa, *b = pb;
    if (a->west != b->west)
        return a->west < b->west ? -1 : 1;
    return (a->camera > b->camera) - (a->camera < b->camera);
}

/* ---- fields ---- */

/* Adds the camera; false: nothing is known of where it looks. One that walls leave no field, or
 * only ground under its picture, may still be entered twice. */
static bool add_seer(Work *work, const GeoSight *sight, const GeoCamera *camera, GeoLonLat at,
                     const GeoSightOptions *asked, GArray *points, GArray *parts, Seer *seer)
{
    int64_t assumed = 0;
    seer->eye = geo_sight_eye(camera, geo_frame_xy(sight->frame, at), asked, &assumed);
    seer->unsure = (assumed & UNSURE) != 0;
    if (!(seer->eye.range_m > 0))
        return false;
    GeoXY stand = {seer->eye.at.x - work->origin.x, seer->eye.at.y - work->origin.y};
    g_array_set_size(points, 0);
    g_array_set_size(parts, 0);
    if (geo_view_rings(sight->edges, &seer->eye, points, parts) > 0)
        seer->field = geo_region_of_rings(work->shaper, (const GeoXY *)(const void *)points->data,
                                          points->len, (const uint32_t *)(const void *)parts->data,
                                          parts->len);
    seer->m2 = geo_region_area_m2(work->shaper, seer->field);
    seer->box = (GeoBox){stand.x, stand.y, stand.x, stand.y};
    if (seer->field)
        geo_region_box(work->shaper, seer->field, &seer->box);
    seer->west = fmin(seer->box.min_x, stand.x);
    seer->east = fmax(seer->box.max_x, stand.x);
    g_array_append_val(work->seers, *seer);
    return true;
}

static bool draw_fields(Work *work, const GeoSight *sight, const GeoBatch *cameras,
                        const GeoDuplicatesOptions *options, GeoProgress *progress, GError **error)
{
    GeoSightOptions asked = {.class = options->class,
                             .px_per_m = options->px_per_m,
                             .night = options->night,
                             .with_off = true};
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    geo_progress_begin(progress, "fields");
    for (guint i = 0; i < cameras->rows->len; i++) {
        const GeoCamera *camera = (const GeoCamera *)(const void *)geo_batch_row(cameras, i);
        Seer seer = {.camera = i, .asked = !options->asked || options->asked[i]};
        GeoLonLat at;
        if (i % STEP_FIELDS == 0 &&
            !geo_progress_step(progress, (double)i / cameras->rows->len, error))
            return false;
        if (!geo_batch_first(cameras, &camera->row, &at) ||
            !add_seer(work, sight, camera, at, &asked, points, parts, &seer))
            work->found->blind++;
    }
    work->found->checked = work->seers->len;
    g_array_sort(work->seers, from_west);
    return true;
}

/* ---- pairs ---- */

static double between_deg(double a_deg, double b_deg)
{
    return fabs(remainder(a_deg - b_deg, 360));
}

static bool is_copy(const GeoEye *a, const GeoEye *b, double within_m)
{
    if (hypot(a->at.x - b->at.x, a->at.y - b->at.y) > within_m ||
        fabs(a->fov_deg - b->fov_deg) > GEO_DUPLICATES_COPY_DEG)
        return false;
    return (a->fov_deg >= 360 && b->fov_deg >= 360) ||
           between_deg(a->heading_deg, b->heading_deg) <= GEO_DUPLICATES_COPY_DEG;
}

static bool number_equal(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool eye_equal(const GeoEye *a, const GeoEye *b)
{
    return a->at.x == b->at.x && a->at.y == b->at.y && a->heading_deg == b->heading_deg &&
           a->fov_deg == b->fov_deg && a->range_m == b->range_m &&
           number_equal(a->height_m, b->height_m) && number_equal(a->near_m, b->near_m) &&
           number_equal(a->depth_m, b->depth_m) && number_equal(a->target_m, b->target_m);
}

static double share_of(double common_m2, const Seer *a, const Seer *b)
{
    double either_m2 = a->m2 + b->m2 - common_m2;
    return either_m2 > 0 ? common_m2 / either_m2 : 0;
}

/* What the boxes allow at the most. */
static double share_bound(const Seer *a, const Seer *b)
{
    double wide = fmin(a->box.max_x, b->box.max_x) - fmax(a->box.min_x, b->box.min_x);
    double high = fmin(a->box.max_y, b->box.max_y) - fmax(a->box.min_y, b->box.min_y);
    if (wide <= 0 || high <= 0)
        return 0;
    return share_of(fmin(wide * high, fmin(a->m2, b->m2)), a, b);
}

static double common_m2(Work *work, const Seer *a, const Seer *b)
{
    if (eye_equal(&a->eye, &b->eye))
        return a->m2;
    GeoRegion *both = geo_region_and(work->shaper, a->field, b->field);
    double m2 = geo_region_area_m2(work->shaper, both);
    geo_region_free(work->shaper, both);
    return fmin(m2, fmin(a->m2, b->m2));
}

static void compare(Work *work, const GeoBatch *cameras, const Seer *a, const Seer *b)
{
    GeoDuplicate pair = {.copy = is_copy(&a->eye, &b->eye, work->within_m),
                         .unsure = a->unsure || b->unsure};
    pair.common_m2 = common_m2(work, a, b);
    pair.share = share_of(pair.common_m2, a, b);
    if (!pair.copy && pair.share < work->least_share)
        return;
    const Seer *first = a->camera < b->camera ? a : b, *second = first == a ? b : a;
    pair.a = first->camera;
    pair.b = second->camera;
    pair.a_m2 = first->m2;
    pair.b_m2 = second->m2;
    pair.distance_m = hypot(a->eye.at.x - b->eye.at.x, a->eye.at.y - b->eye.at.y);
    g_array_append_val(work->found->pairs, pair);
    int owner_a = ((const GeoCamera *)(const void *)geo_batch_row(cameras, pair.a))->owner;
    int owner_b = ((const GeoCamera *)(const void *)geo_batch_row(cameras, pair.b))->owner;
    work->found->copies += pair.copy;
    work->found->unsure += pair.unsure;
    work->found->two_owners +=
        owner_a != owner_b && owner_a != GEO_OWNER_UNKNOWN && owner_b != GEO_OWNER_UNKNOWN;
}

/* The camera against those before it that are not yet passed. Copies may see no common ground (one
 * ends where the other's picture begins), so it goes by where cameras stand, too. */
static bool sweep_one(Work *work, const GeoBatch *cameras, guint i, GeoProgress *progress,
                      GError **error)
{
    const Seer *one = &g_array_index(work->seers, Seer, i);
    double share = (double)i / work->seers->len;
    size_t n = 0, measured = 0;
    work->looks += work->n_kept;
    if (work->looks > STEP_LOOKS && !geo_progress_step(progress, share, error))
        return false;
    if (work->looks > STEP_LOOKS)
        work->looks = 0;
    for (size_t k = 0; k < work->n_kept; k++) {
        const Seer *other = work->kept[k];
        if (other->east + work->within_m < one->west)
            continue;
        work->kept[n++] = other;
        if ((!one->asked && !other->asked) || (share_bound(one, other) < work->least_share &&
                                               !is_copy(&one->eye, &other->eye, work->within_m)))
            continue;
        if (measured == GEO_DUPLICATES_MOST) {
            work->found->crowded++;
            measured++;
        }
        if (measured > GEO_DUPLICATES_MOST)
            continue;
        compare(work, cameras, one, other);
        if (++measured % STEP_OVERLAYS == 0 && !geo_progress_step(progress, share, error))
            return false;
    }
    work->n_kept = n;
    work->kept[work->n_kept++] = one;
    return true;
}

static bool sweep(Work *work, const GeoBatch *cameras, GeoProgress *progress, GError **error)
{
    g_autofree const Seer **kept = g_new(const Seer *, MAX(work->seers->len, 1));
    work->kept = kept;
    geo_progress_begin(progress, "pairs of cameras");
    for (guint i = 0; i < work->seers->len; i++) {
        if (i % STEP_OVERLAYS == 0 &&
            !geo_progress_step(progress, (double)i / work->seers->len, error))
            return false;
        if (!sweep_one(work, cameras, i, progress, error))
            return false;
    }
    return geo_shaper_sound(work->shaper, error);
}

static int by_likeness(const void *pa, const void *pb)
{
    const GeoDuplicate *a = pa, *b = pb;
    if (a->copy != b->copy)
        return a->copy ? -1 : 1;
    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static GeoXY origin_of(const GeoSight *sight, const GeoBatch *cameras)
{
    GeoLonLat at;
    for (guint i = 0; i < cameras->rows->len; i++)
        if (geo_batch_first(cameras, geo_batch_row(cameras, i), &at))
            return geo_frame_xy(sight->frame, at);
    return (GeoXY){0, 0};
}

GeoDuplicates *geo_duplicates_find(const GeoSight *sight, const GeoBatch *cameras,
                                   const GeoDuplicatesOptions *options, GeoProgress *progress,
                                   GError **error)
{
    GeoDuplicatesOptions all = {.class = GEO_SIGHT_DETECT};
    options = options ? options : &all;
    g_return_val_if_fail(
        options->least_share >= 0 && options->least_share <= 1 && options->within_m >= 0, NULL);
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GeoDuplicates) found = g_new0(GeoDuplicates, 1);
    found->pairs = g_array_new(FALSE, FALSE, sizeof(GeoDuplicate));
    GeoXY origin = origin_of(sight, cameras);
    Work work = {.shaper = geo_shaper_new(origin),
                 .origin = origin,
                 .seers = g_array_new(FALSE, FALSE, sizeof(Seer)),
                 .least_share =
                     options->least_share > 0 ? options->least_share : GEO_DUPLICATES_SHARE,
                 .within_m = options->within_m > 0 ? options->within_m : GEO_DUPLICATES_WITHIN_M,
                 .found = found};
    bool done = draw_fields(&work, sight, cameras, options, progress, error) &&
                sweep(&work, cameras, progress, error);
    clear_work(&work);
    if (!done)
        return NULL;
    g_array_sort(found->pairs, by_likeness);
    found->work_ms = (double)(g_get_monotonic_time() - begin) / 1000;
    return g_steal_pointer(&found);
}

void geo_duplicates_free(GeoDuplicates *duplicates)
{
    if (!duplicates)
        return;
    g_array_unref(duplicates->pairs);
    g_free(duplicates);
}
