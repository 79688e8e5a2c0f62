/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/frame.h"

#include <proj.h>

#include "geo/model/error.h"

struct GeoFrame {
    PJ_CONTEXT *context;
    PJ *pj; /* degrees to metres, both normalised to east first */
    int epsg;
};

/* Both axes of the target are in metres; degrees or feet would make every distance wrong. */
static bool is_metric(PJ_CONTEXT *context, PJ *pj)
{
    PJ *target = proj_get_target_crs(context, pj);
    PJ *axes = target ? proj_crs_get_coordinate_system(context, target) : NULL;
    double factor = 0;
    bool metric =
        axes &&
        proj_cs_get_axis_info(context, axes, 0, NULL, NULL, NULL, &factor, NULL, NULL, NULL) &&
        factor == 1 && proj_cs_get_type(context, axes) == PJ_CS_TYPE_CARTESIAN;
    proj_destroy(axes);
    proj_destroy(target);
    return metric;
}

GeoFrame *geo_frame_new(int epsg, GError **error)
{
    g_autofree char *target = g_strdup_printf("EPSG:%d", epsg);
    PJ_CONTEXT *context = proj_context_create();
    proj_log_level(context, PJ_LOG_NONE);
    PJ *raw = proj_create_crs_to_crs(context, "EPSG:4326", target, NULL);
    PJ *pj = raw ? proj_normalize_for_visualization(context, raw) : NULL;
    bool metric = raw && is_metric(context, raw);
    proj_destroy(raw);
    if (!pj || !metric) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "'%s' is not a CRS in metres that PROJ knows",
                    target);
        proj_destroy(pj);
        proj_context_destroy(context);
        return NULL;
    }
    GeoFrame *frame = g_new0(GeoFrame, 1);
    *frame = (GeoFrame){context, pj, epsg};
    return frame;
}

void geo_frame_free(GeoFrame *frame)
{
    if (!frame)
        return;
    proj_destroy(frame->pj);
    proj_context_destroy(frame->context);
    g_free(frame);
}

int geo_frame_epsg(const GeoFrame *frame)
{
    return frame->epsg;
}

/* GeoLonLat, GeoXY and PROJ's arrays are all pairs of doubles, so one strided call moves n points.
 */
static void move(GeoFrame *frame, PJ_DIRECTION direction, double *pairs, size_t n)
{
    if (n > 0)
        proj_trans_generic(frame->pj, direction, pairs, 2 * sizeof(double), n, pairs + 1,
                           2 * sizeof(double), n, NULL, 0, 0, NULL, 0, 0);
}

void geo_frame_to_xy(GeoFrame *frame, const GeoLonLat *from, GeoXY *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (GeoXY){from[i].lon, from[i].lat};
    move(frame, PJ_FWD, &to->x, n);
}

void geo_frame_to_lonlat(GeoFrame *frame, const GeoXY *from, GeoLonLat *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (GeoLonLat){from[i].x, from[i].y};
    move(frame, PJ_INV, &to->lon, n);
}

GeoXY geo_frame_xy(GeoFrame *frame, GeoLonLat p)
{
    GeoXY q;
    geo_frame_to_xy(frame, &p, &q, 1);
    return q;
}

GeoLonLat geo_frame_lonlat(GeoFrame *frame, GeoXY p)
{
    GeoLonLat q;
    geo_frame_to_lonlat(frame, &p, &q, 1);
    return q;
}
