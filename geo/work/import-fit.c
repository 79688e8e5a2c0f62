/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of roads against the roads: a rule names ways by their codes and a vertex by its place,
 * which is compared on OpenStreetMap's grid and then taken from the road to the bit, as the graph
 * wants it. */
#include <math.h>
#include <string.h>

#include "geo/work/import-rules.h"

#define GRID_PER_DEGREE 1e7

typedef struct {
    const GeoBatch *roads;
    GHashTable *codes;  /* code -> row + 1, borrowed */
    GHashTable *places; /* int64_t, owned -> index of points + 1, 0 until a road has it */
} Fit;

static int64_t place_key(GeoLonLat p)
{
    return llround(p.lon * GRID_PER_DEGREE) * INT64_C(4000000000) +
           llround(p.lat * GRID_PER_DEGREE);
}

static void want_places(Fit *fit, const GeoBatch *rules)
{
    for (guint i = 0; rules && i < rules->rows->len; i++) {
        GeoLonLat p;
        if (!geo_batch_first(rules, geo_batch_row(rules, i), &p))
            continue;
        int64_t key = place_key(p);
        g_hash_table_insert(fit->places, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(0));
    }
}

static void index_roads(Fit *fit)
{
    const GeoBatch *roads = fit->roads;
    for (guint i = 0; roads && i < roads->rows->len; i++) {
        const GeoRow *row = geo_batch_row(roads, i);
        if (row->code)
            g_hash_table_insert(fit->codes, (gpointer)row->code, GUINT_TO_POINTER(i + 1));
    }
    for (guint i = 0; roads && i < roads->points->len; i++) {
        int64_t key = place_key(g_array_index(roads->points, GeoLonLat, i));
        gpointer own;
        if (g_hash_table_lookup_extended(fit->places, &key, &own, NULL))
            g_hash_table_insert(fit->places, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(i + 1));
    }
}

/* The road of a way, whose code may be written as other sources do: w12, way/12, 12. */
static guint find_road(const Fit *fit, const char *code)
{
    g_autofree char *long_code = g_strconcat("way/", code + 1, NULL);
    const char *const spellings[] = {code, long_code, code + 1};
    guint row = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(spellings) && row == 0; i++)
        row = GPOINTER_TO_UINT(g_hash_table_lookup(fit->codes, spellings[i]));
    return row;
}

static bool has_vertex(const Fit *fit, const GeoRow *road, GeoLonLat at)
{
    for (uint32_t k = 0; k < road->n_parts; k++) {
        size_t n;
        const GeoLonLat *points = geo_batch_part(fit->roads, road, k, &n);
        for (size_t i = 0; i < n; i++)
            if (place_key(points[i]) == place_key(at))
                return true;
    }
    return false;
}

/* The ways of the turn by the roads' own codes; false when one is missing, or does not meet at. */
static bool fit_turn(const Fit *fit, GeoBatch *turns, GeoTurn *turn, GeoLonLat at)
{
    const char **codes[] = {&turn->from_way, &turn->via_way, &turn->to_way};
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (!*codes[i])
            continue;
        guint road = find_road(fit, *codes[i]);
        const GeoRow *row = road ? geo_batch_row(fit->roads, road - 1) : NULL;
        bool meets = row && (has_vertex(fit, row, at) || (i == 2 && turn->via_way));
        if (!meets)
            return false;
        if (strcmp(row->code, *codes[i]))
            *codes[i] = geo_batch_word(turns, row->code);
    }
    return true;
}

static bool fit_row(const Fit *fit, GeoBatch *batch, guint i)
{
    GeoRow *row = geo_batch_row(batch, i);
    GeoLonLat at;
    if (!geo_batch_first(batch, row, &at))
        return false;
    int64_t key = place_key(at);
    guint vertex = GPOINTER_TO_UINT(g_hash_table_lookup(fit->places, &key));
    if (!vertex ||
        (batch->kind == GEO_KIND_TURN && !fit_turn(fit, batch, (GeoTurn *)(void *)row, at)))
        return false;
    guint point = g_array_index(batch->parts, uint32_t, row->part0);
    g_array_index(batch->points, GeoLonLat, point) =
        g_array_index(fit->roads->points, GeoLonLat, vertex - 1);
    return true;
}

/* The batch without what fits nowhere. Rows of one restriction have one line. */
static void keep_fitting(const Fit *fit, GeoImportRead *read, GeoKind kind)
{
    GeoBatch *batch = read->batches[kind];
    g_autoptr(GeoBatch) kept = geo_batch_new(kind);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < batch->rows->len;) {
        int64_t line = g_array_index(read->lines[kind], int64_t, i);
        guint before = kept->rows->len;
        const char *code = geo_batch_row(batch, i)->code;
        for (; i < batch->rows->len && g_array_index(read->lines[kind], int64_t, i) == line; i++)
            if (fit_row(fit, batch, i)) {
                geo_batch_copy_row(kept, batch, i);
                g_array_append_val(lines, line);
            }
        if (kept->rows->len > before)
            continue;
        geo_import_note(read, line, "rule fits no road of the city: not taken", code);
        read->report->taken--;
        read->report->passed++;
    }
    g_array_unref(read->lines[kind]);
    read->lines[kind] = g_steal_pointer(&lines);
    geo_batch_free(batch);
    read->batches[kind] = g_steal_pointer(&kept);
    read->report->rows[kind] = read->batches[kind]->rows->len;
}

void geo_import_fit(GeoImportRead *read, const GeoBatch *roads)
{
    static const GeoKind kinds[] = {GEO_KIND_TURN, GEO_KIND_BARRIER};
    Fit fit = {.roads = roads};
    fit.codes = g_hash_table_new(g_str_hash, g_str_equal);
    fit.places = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        want_places(&fit, read->batches[kinds[i]]);
    index_roads(&fit);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (read->batches[kinds[i]])
            keep_fitting(&fit, read, kinds[i]);
    g_hash_table_unref(fit.codes);
    g_hash_table_unref(fit.places);
}
