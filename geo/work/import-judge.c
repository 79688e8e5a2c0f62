/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be said of rows only when all have been read: which lie far from the bulk, which codes
 * and places come twice, how much was assumed. Far is over 300 km and over six times the median
 * distance from the median position, so that a whole country's districts are not outliers of
 * themselves. */
#include <math.h>
#include <string.h>

#include "geo/work/import-rows.h"

#define FAR_M 300e3
#define FAR_MEDIANS 6
#define MIN_BULK 8 /* rows below which nothing is an outlier */
#define WHAT_BYTES 160

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_doubles);
    return values[n / 2];
}

static bool bulk_of(const GeoBatch *batch, GeoLonLat *middle, double *far_m)
{
    g_autofree double *lon = g_new(double, batch->rows->len);
    g_autofree double *lat = g_new(double, batch->rows->len);
    size_t n = 0;
    GeoLonLat p;
    for (guint i = 0; i < batch->rows->len; i++)
        if (geo_batch_first(batch, geo_batch_row(batch, i), &p)) {
            lon[n] = p.lon;
            lat[n++] = p.lat;
        }
    if (n < MIN_BULK)
        return false;
    *middle = (GeoLonLat){median(lon, n), median(lat, n)};
    n = 0;
    for (guint i = 0; i < batch->rows->len; i++)
        if (geo_batch_first(batch, geo_batch_row(batch, i), &p))
            lon[n++] = geo_coord_distance_m(*middle, p);
    *far_m = MAX(FAR_M, FAR_MEDIANS * median(lon, n));
    return true;
}

/* The batch without its outliers, which are refused. */
static void drop_outliers(GeoImportRead *read, GeoKind kind)
{
    GeoBatch *batch = read->batches[kind];
    GeoLonLat middle, p;
    double far_m;
    if (!bulk_of(batch, &middle, &far_m))
        return;
    g_autoptr(GeoBatch) kept = NULL;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < batch->rows->len; i++) {
        int64_t line = g_array_index(read->lines[kind], int64_t, i);
        bool placed = geo_batch_first(batch, geo_batch_row(batch, i), &p);
        double away_m = placed ? geo_coord_distance_m(middle, p) : 0;
        if (away_m > far_m && !kept) {
            kept = geo_batch_new(kind);
            for (guint k = 0; k < i; k++)
                geo_batch_copy_row(kept, batch, k);
            g_array_append_vals(lines, read->lines[kind]->data, i);
        }
        if (away_m > far_m) {
            char what[WHAT_BYTES];
            g_snprintf(what, sizeof what, "longitude %.7g, latitude %.7g is %.0f km away", p.lon,
                       p.lat, away_m / 1000);
            geo_import_refuse(read, line, "position lies outside, far from the other rows", what);
            read->report->taken--;
            continue;
        }
        if (!kept)
            continue;
        geo_batch_copy_row(kept, batch, i);
        g_array_append_val(lines, line);
    }
    if (!kept)
        return;
    geo_batch_free(batch);
    read->batches[kind] = g_steal_pointer(&kept);
    g_array_unref(read->lines[kind]);
    read->lines[kind] = g_steal_pointer(&lines);
}

static void tell_double_codes(GeoImportRead *read, GeoKind kind)
{
    GeoBatch *batch = read->batches[kind];
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < batch->rows->len; i++) {
        const char *code = geo_batch_row(batch, i)->code;
        if (!code || g_hash_table_add(seen, (gpointer)code))
            continue;
        char what[WHAT_BYTES];
        g_snprintf(what, sizeof what, "'%.80s'", code);
        geo_import_note(read, g_array_index(read->lines[kind], int64_t, i),
                        "code has come before (taken all the same)", what);
    }
}

static guint hash_place(gconstpointer key)
{
    const GeoLonLat *p = key;
    return g_double_hash(&p->lon) * 31 + g_double_hash(&p->lat);
}

static gboolean equal_places(gconstpointer a, gconstpointer b)
{
    const GeoLonLat *p = a, *q = b;
    return p->lon == q->lon && p->lat == q->lat;
}

static void tell_double_places(GeoImportRead *read, GeoKind kind)
{
    GeoBatch *batch = read->batches[kind];
    g_autoptr(GHashTable) seen = g_hash_table_new(hash_place, equal_places);
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoRow *row = geo_batch_row(batch, i);
        size_t n;
        if (row->n_parts == 0)
            continue;
        const GeoLonLat *point = geo_batch_part(batch, row, 0, &n);
        if (!g_hash_table_add(seen, (gpointer)point))
            geo_import_note(read, g_array_index(read->lines[kind], int64_t, i),
                            "position is the same as an earlier row's (taken all the same)", NULL);
    }
}

static void count_assumed(GeoImportRead *read)
{
    static const char *const words[] = {"heading",    "field of view", "range", "height",
                                        "resolution", "owner",         "tilt"};
    GeoBatch *batch = read->batches[GEO_KIND_CAMERA];
    for (guint i = 0; batch && i < batch->rows->len; i++) {
        const GeoCamera *camera = (const GeoCamera *)geo_batch_row(batch, i);
        for (size_t bit = 0; bit < G_N_ELEMENTS(words); bit++) {
            if (!(camera->assumed >> bit & 1))
                continue;
            char note[64];
            g_snprintf(note, sizeof note, "camera %s not given: assumed", words[bit]);
            geo_import_note(read, g_array_index(read->lines[GEO_KIND_CAMERA], int64_t, i), note,
                            NULL);
        }
    }
}

static int compare_reasons(gconstpointer a, gconstpointer b)
{
    const GeoImportReason *x = *(const GeoImportReason *const *)a;
    const GeoImportReason *y = *(const GeoImportReason *const *)b;
    int64_t more = y->count - x->count;
    return more != 0 ? (more > 0 ? 1 : -1) : strcmp(x->text, y->text);
}

void geo_import_sort(GeoImportReport *report)
{
    g_ptr_array_sort(report->refusals, compare_reasons);
    g_ptr_array_sort(report->notes, compare_reasons);
}

void geo_import_judge(GeoImportRead *read, bool whole_extract)
{
    static const bool coded[GEO_N_KINDS] = {
        [GEO_KIND_AREA] = true,    [GEO_KIND_CAMERA] = true,   [GEO_KIND_UNIT] = true,
        [GEO_KIND_ROAD] = true,    [GEO_KIND_FACILITY] = true, [GEO_KIND_BUILDING] = true,
        [GEO_KIND_DENSITY] = true, [GEO_KIND_LENS] = true,     [GEO_KIND_SITE] = true,
        [GEO_KIND_NOLOOK] = true,  [GEO_KIND_BARRIER] = true};
    static const bool placed[GEO_N_KINDS] = {[GEO_KIND_CAMERA] = true,
                                             [GEO_KIND_FACILITY] = true,
                                             [GEO_KIND_POPULATION] = true,
                                             [GEO_KIND_SITE] = true};
    for (int kind = 0; kind < GEO_N_KINDS; kind++) {
        if (!read->batches[kind])
            continue;
        if (!whole_extract)
            drop_outliers(read, (GeoKind)kind);
        if (coded[kind] && !whole_extract)
            tell_double_codes(read, (GeoKind)kind);
        if (placed[kind] && !whole_extract)
            tell_double_places(read, (GeoKind)kind);
        read->report->rows[kind] = read->batches[kind]->rows->len;
    }
    count_assumed(read);
    geo_import_sort(read->report);
}
