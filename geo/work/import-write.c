/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that have been read and judged go to the store: staged in slices, then live at once. */
#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/work/import-rows.h"

#define SLICE_ROWS 2000 /* put at once */
#define NEAR_CITY_M 300e3

/* Where the city lies by what it holds; false while it holds nothing. */
static bool city_middle(GeoStore *store, GeoLonLat *middle, bool *any, GError **error)
{
    static const GeoKind kinds[] = {GEO_KIND_ROAD, GEO_KIND_BUILDING, GEO_KIND_AREA,
                                    GEO_KIND_CAMERA, GEO_KIND_INCIDENT};
    *any = false;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && !*any; i++) {
        GeoBounds bounds;
        if (!geo_store_bounds(store, kinds[i], &bounds, error))
            return false;
        *any = !geo_bounds_empty(&bounds);
        *middle = (GeoLonLat){(bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2};
    }
    return true;
}

/* A layer that would lie in the city if its axes were swapped, and far away as it is, is refused.
 */
static bool check_near_city(GeoImportRead *read, GeoStore *store, GError **error)
{
    GeoLonLat city, p;
    bool any;
    if (!city_middle(store, &city, &any, error))
        return false;
    for (int kind = 0; any && kind < GEO_N_KINDS; kind++) {
        GeoBatch *batch = read->batches[kind];
        if (!batch || batch->rows->len == 0 ||
            !geo_batch_first(batch, geo_batch_row(batch, batch->rows->len / 2), &p))
            continue;
        double as_is_m = geo_coord_distance_m(city, p);
        double swapped_m = geo_coord_distance_m(city, (GeoLonLat){p.lat, p.lon});
        if (as_is_m > NEAR_CITY_M && fabs(p.lon) <= 90 && swapped_m <= NEAR_CITY_M) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "cannot take '%s', line %" G_GINT64_FORMAT
                        ": longitude and latitude are swapped: %.6g, %.6g is %.0f km from the city",
                        read->report->file,
                        g_array_index(read->lines[kind], int64_t, batch->rows->len / 2), p.lon,
                        p.lat, as_is_m / 1000);
            return false;
        }
        if (as_is_m > NEAR_CITY_M)
            geo_import_note(read, 0, "these rows lie more than 300 km from the city", NULL);
    }
    return true;
}

/* ---- writing ---- */

/* One kind's rows in slices, with ids from *id on. */
static bool put_kind(GeoImportRead *read, GeoStore *store, const GeoAct *act, GeoKind kind,
                     int64_t import_id, int64_t *id, int64_t total, GeoProgress *progress,
                     GError **error)
{
    const GeoBatch *all = read->batches[kind];
    for (guint first = 0; first < all->rows->len; first += SLICE_ROWS) {
        g_autoptr(GeoBatch) slice = geo_batch_new(kind);
        guint end = MIN(first + SLICE_ROWS, all->rows->len);
        for (guint i = first; i < end; i++) {
            GeoRow *row = geo_batch_copy_row(slice, all, i);
            row->id = ++*id;
            row->import_id = import_id;
        }
        if (!geo_store_import_put(store, act, import_id, slice, error) ||
            !geo_progress_step(progress, (double)(*id - import_id) / (double)MAX(total, 1), error))
            return false;
    }
    return true;
}

static bool put_all(GeoImportRead *read, GeoStore *store, const GeoAct *act, int64_t import_id,
                    GeoProgress *progress, GError **error)
{
    int64_t id = import_id, total = 0;
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        total += read->report->rows[kind];
    geo_progress_begin(progress, "writing");
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        if (read->batches[kind] &&
            !put_kind(read, store, act, (GeoKind)kind, import_id, &id, total, progress, error))
            return false;
    return geo_store_import_finish(store, act, import_id, read->report->refused, error);
}

bool geo_import_write(GeoImportRead *read, GeoStore *store, const GeoAct *act,
                      GeoProgress *progress, GError **error)
{
    GeoImportReport *report = read->report;
    if (report->strict_failed)
        return true;
    if (!check_near_city(read, store, error))
        return false;
    GeoAct own = *act;
    own.command_id = NULL; /* of many operations; the import's own id makes it one */
    GeoImport import = {
        .id = geo_act_new_id(act->now_ms),
        .kind = report->kind,
        .source = report->file,
        .source_hash = read->hash,
        .at_ms = act->now_ms,
        .replaces = read->replace || !strcmp(report->format, "OSM") ? report->kind : NULL,
        .note = read->note,
    };
    if (!geo_store_import_begin(store, &own, &import, error))
        return false;
    if (put_all(read, store, &own, import.id, progress, error)) {
        report->import_id = import.id;
        return true;
    }
    geo_store_import_undo(store, &own, import.id, NULL);
    return false;
}

bool geo_import_file(GeoStore *store, const GeoAct *act, const char *kind, const char *path,
                     const GeoImportOptions *options, GeoImportReport **report,
                     GeoProgress *progress, GError **error)
{
    g_autoptr(GeoImportRead) read =
        geo_import_read(path, kind, options, geo_store_city(store), progress, error);
    if (!read || !geo_import_write(read, store, act, progress, error))
        return false;
    if (report)
        *report = g_steal_pointer(&read->report);
    return true;
}
