/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/publish.h"

#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/model/frame.h"

#define CELL_M 500.0
#define MIN_COUNT 5

const char *const geo_audience_words[] = {"internal", "partner", "public", NULL};

typedef struct {
    int64_t column, row;
    int64_t count;
} Cell;

void geo_publication_free(GeoPublication *publication)
{
    if (!publication)
        return;
    geo_batch_free(publication->rows);
    g_ptr_array_unref(publication->fields);
    g_ptr_array_unref(publication->names);
    g_free(publication);
}

/* Where rooms are that nobody may look into, and what is planned where, is for the city alone. */
static bool may_have(GeoAudience audience, GeoKind kind)
{
    bool inner = kind == GEO_KIND_ROSTER || kind == GEO_KIND_NOLOOK || geo_kind_info(kind)->inward;
    if (audience == GEO_AUDIENCE_PARTNER)
        return !inner;
    if (audience == GEO_AUDIENCE_PUBLIC)
        return !inner && kind != GEO_KIND_UNIT && kind != GEO_KIND_CAMERA && kind != GEO_KIND_SITE;
    return true;
}

static bool hides(GeoAudience audience, GeoKind kind, const char *field)
{
    static const char *const of_units[] = {"code", "name", "radio", NULL};
    if (audience == GEO_AUDIENCE_INTERNAL)
        return false;
    if (kind == GEO_KIND_UNIT)
        return g_strv_contains(of_units, field);
    return audience == GEO_AUDIENCE_PUBLIC && kind == GEO_KIND_FACILITY &&
           !strcmp(field, "must_see");
}

static GeoPublication *publication_new(void)
{
    GeoPublication *publication = g_new0(GeoPublication, 1);
    publication->fields = g_ptr_array_new();
    publication->names = g_ptr_array_new();
    return publication;
}

static void add_field(GeoPublication *publication, const char *field, const char *name)
{
    g_ptr_array_add(publication->fields, (gpointer)field);
    g_ptr_array_add(publication->names, (gpointer)name);
}

static guint hash_cell(gconstpointer key)
{
    const Cell *cell = key;
    return (guint)(cell->column * 73856093 ^ cell->row * 19349663);
}

static gboolean equal_cells(gconstpointer a, gconstpointer b)
{
    const Cell *x = a, *y = b;
    return x->column == y->column && x->row == y->row;
}

static int compare_cells(gconstpointer a, gconstpointer b)
{
    const Cell *x = *(const Cell *const *)a, *y = *(const Cell *const *)b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static GHashTable *count_cells(const GeoBatch *incidents, GeoFrame *frame)
{
    GHashTable *cells = g_hash_table_new_full(hash_cell, equal_cells, g_free, NULL);
    for (guint i = 0; i < incidents->rows->len; i++) {
        GeoLonLat p;
        if (!geo_batch_first(incidents, geo_batch_row(incidents, i), &p))
            continue;
        GeoXY xy = geo_frame_xy(frame, p);
        if (!isfinite(xy.x) || !isfinite(xy.y))
            continue;
        Cell key = {(int64_t)floor(xy.x / CELL_M), (int64_t)floor(xy.y / CELL_M), 0};
        Cell *cell = g_hash_table_lookup(cells, &key);
        if (!cell) {
            cell = g_memdup2(&key, sizeof key);
            g_hash_table_add(cells, cell);
        }
        cell->count++;
    }
    return cells;
}

static void add_cell(GeoBatch *squares, const Cell *cell, GeoFrame *frame)
{
    GeoArea *area = geo_batch_add(squares);
    double west = (double)cell->column * CELL_M, south = (double)cell->row * CELL_M;
    const GeoXY corners[] = {{west, south},
                             {west + CELL_M, south},
                             {west + CELL_M, south + CELL_M},
                             {west, south + CELL_M}};
    GeoLonLat ring[G_N_ELEMENTS(corners)];
    geo_frame_to_lonlat(frame, corners, ring, G_N_ELEMENTS(corners));
    area->level = geo_batch_word(squares, "square 500 m");
    area->population = cell->count;
    geo_batch_part_from(squares, GEO_SHAPE_POLYGON, ring, G_N_ELEMENTS(corners));
}

/* Counts of squares; where fewer than five lie together nothing is told. */
static GeoPublication *publish_counts(GeoStore *store, GError **error)
{
    g_autoptr(GeoFrame) frame = geo_frame_new(geo_store_city(store)->epsg, error);
    g_autoptr(GeoBatch) incidents =
        frame ? geo_store_load(store, GEO_KIND_INCIDENT, NULL, error) : NULL;
    if (!incidents)
        return NULL;
    g_autoptr(GHashTable) cells = count_cells(incidents, frame);
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, cells);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(order, key);
    g_ptr_array_sort(order, compare_cells);
    GeoPublication *publication = publication_new();
    publication->rows = geo_batch_new(GEO_KIND_AREA);
    publication->held_back = incidents->rows->len;
    for (guint i = 0; i < order->len; i++) {
        const Cell *cell = g_ptr_array_index(order, i);
        if (cell->count < MIN_COUNT)
            continue;
        add_cell(publication->rows, cell, frame);
        publication->held_back -= cell->count;
    }
    add_field(publication, "level", "level");
    add_field(publication, "population", "incidents");
    add_field(publication, NULL, NULL);
    return publication;
}

/* Points with very few people are homes. */
static void hold_back_few(GeoPublication *publication)
{
    GeoBatch *kept = geo_batch_new(GEO_KIND_POPULATION);
    for (guint i = 0; i < publication->rows->rows->len; i++) {
        const GeoPopulation *row = (const GeoPopulation *)geo_batch_row(publication->rows, i);
        if (row->people >= MIN_COUNT)
            geo_batch_copy_row(kept, publication->rows, i);
        else
            publication->held_back++;
    }
    geo_batch_free(publication->rows);
    publication->rows = kept;
}

GeoPublication *geo_publish_layer(GeoStore *store, GeoKind kind, const char *level,
                                  GeoAudience audience, GError **error)
{
    const GeoKindInfo *info = geo_kind_info(kind);
    if (!may_have(audience, kind)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "%s are not for the audience '%s'",
                    info->plural, geo_audience_words[audience]);
        return NULL;
    }
    if (audience == GEO_AUDIENCE_PUBLIC && kind == GEO_KIND_INCIDENT)
        return publish_counts(store, error);
    GeoQuery query = {.level = level};
    GeoBatch *rows = geo_store_load(store, kind, &query, error);
    if (!rows)
        return NULL;
    GeoPublication *publication = publication_new();
    publication->rows = rows;
    for (size_t i = 0; i < info->n_fields; i++)
        if (!hides(audience, kind, info->fields[i].name))
            add_field(publication, info->fields[i].name, info->fields[i].name);
    add_field(publication, NULL, NULL);
    if (audience == GEO_AUDIENCE_PUBLIC && kind == GEO_KIND_POPULATION)
        hold_back_few(publication);
    return publication;
}
