/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A camera sees the place when it lies in the field that coverage draws for it: what is said here
 * and what the map shows are one computation. */
#include "geo/work/who.h"

#include <math.h>
#include <stdlib.h>

#include "geo/calc/inside.h"
#include "geo/work/fields.h"

#define FEW_SEERS 256 /* of one place that need no memory of their own */

struct GeoWho {
    const GeoSight *sight; /* borrowed */
    GeoFields *fields;     /* owned */
    GeoInside *inside;     /* owned */
};

GeoWho *geo_who_new(const GeoSight *sight)
{
    GeoWho *who = g_new0(GeoWho, 1);
    who->sight = sight;
    who->fields = geo_fields_of(sight);
    who->inside = geo_inside_new(who->fields->xy, who->fields->ring, who->fields->ring0, sight->n);
    return who;
}

void geo_who_free(GeoWho *who)
{
    if (!who)
        return;
    geo_inside_free(who->inside);
    geo_fields_free(who->fields);
    g_free(who);
}

GeoSightClass geo_who_class(double px_per_m)
{
    int class = GEO_SIGHT_DETECT;
    while (class + 1 < GEO_N_SIGHT_CLASSES &&
           px_per_m >= geo_sight_px_per_m((GeoSightClass)(class + 1)))
        class ++;
    return (GeoSightClass) class;
}

/* Rows of the sight are by id. */
static int by_density(const void *pa, const void *pb)
{
    const GeoWhoSeer *a = pa, *b = pb;
    if (a->px_per_m != b->px_per_m)
        return a->px_per_m > b->px_per_m ? -1 : 1;
    return a->camera < b->camera ? -1 : a->camera > b->camera;
}

size_t geo_who_find(const GeoWho *who, GeoXY p, GeoWhoSeer *seers, size_t max)
{
    uint32_t few[FEW_SEERS];
    GeoWhoSeer few_seers[FEW_SEERS];
    g_autofree uint32_t *more = NULL;
    g_autofree GeoWhoSeer *more_seers = NULL;
    uint32_t *found = few;
    GeoWhoSeer *all = few_seers;
    size_t n = geo_inside_find(who->inside, p, found, FEW_SEERS);
    if (n > FEW_SEERS) {
        found = more = g_new(uint32_t, n);
        all = more_seers = g_new(GeoWhoSeer, n);
        geo_inside_find(who->inside, p, found, n);
    }
    for (size_t i = 0; i < n; i++) {
        const GeoSight *sight = who->sight;
        const GeoCamera *camera =
            (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, found[i]);
        GeoXY at = sight->eyes[found[i]].at;
        double distance_m = hypot(at.x - p.x, at.y - p.y);
        double px_per_m = geo_sight_density_px_per_m(camera, at, p);
        all[i] = (GeoWhoSeer){found[i], distance_m, px_per_m, geo_who_class(px_per_m)};
    }
    qsort(all, n, sizeof *all, by_density);
    for (size_t i = 0; i < MIN(n, max); i++)
        seers[i] = all[i];
    return n;
}
