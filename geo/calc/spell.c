/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each cell of ground that a field ever touches has a place in flat arrays: how many see it now,
 * since when nobody did, the longest such spell. Places rise along the rows of a tile, so that the
 * ground within a span is one run of them; a field is walked once by the raster, and after that
 * each of its events is a few runs over flat arrays. Ground that no field touches has no place: its
 * spell is the window. */
#include "geo/calc/spell.h"

#include <math.h>
#include <string.h>

#include "geo/calc/scan.h"

#define NO_TILE UINT32_MAX

typedef struct {
    uint32_t place, n;
} Run;

typedef struct {
    uint32_t place;                  /* of its first cell */
    uint16_t before[GEO_TILE_CELLS]; /* ground cells of the rows south of each */
} Tile;

struct GeoSpell {
    const GeoGround *ground; /* borrowed */
    GeoScan *scan;           /* owned */
    size_t tiles_x, tiles_y;
    uint32_t *tile;  /* per tile of the raster: which of tiles; owned */
    GArray *tiles;   /* Tile, those that a field touches */
    uint16_t *count; /* per place; these three grow together; owned */
    int32_t *since_s, *longest_s;
    size_t n, room;
    GArray *runs;   /* Run, of all fields */
    GArray *field0; /* uint32_t: the first run of each field, and the end */
    int64_t from_ms;
    int32_t now_s;
};

GeoSpell *geo_spell_new(const GeoGround *ground, const GeoBox *box, int64_t from_ms)
{
    GeoSpell *spell = g_new0(GeoSpell, 1);
    uint32_t first = 0;
    spell->ground = ground;
    spell->scan = geo_scan_new(box, geo_ground_cell_m(ground));
    spell->tiles_x = ((size_t)geo_scan_columns(spell->scan) - 1) / GEO_TILE_CELLS + 1;
    spell->tiles_y = ((size_t)geo_scan_rows(spell->scan) - 1) / GEO_TILE_CELLS + 1;
    spell->tile = g_new(uint32_t, spell->tiles_x * spell->tiles_y);
    memset(spell->tile, 0xff, spell->tiles_x * spell->tiles_y * sizeof *spell->tile);
    spell->tiles = g_array_new(FALSE, FALSE, sizeof(Tile));
    spell->runs = g_array_new(FALSE, FALSE, sizeof(Run));
    spell->field0 = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_array_append_val(spell->field0, first);
    spell->from_ms = from_ms;
    return spell;
}

void geo_spell_free(GeoSpell *spell)
{
    if (!spell)
        return;
    geo_scan_free(spell->scan);
    g_free(spell->tile);
    g_array_unref(spell->tiles);
    g_free(spell->count);
    g_free(spell->since_s);
    g_free(spell->longest_s);
    g_array_unref(spell->runs);
    g_array_unref(spell->field0);
    g_free(spell);
}

/* Places for the ground of a tile, unseen since the window began. */
static void make_places(GeoSpell *spell, size_t at, const uint64_t *bits)
{
    Tile tile = {.place = (uint32_t)spell->n};
    size_t more = 0, n = spell->n;
    for (int row = 0; row < GEO_TILE_CELLS; row++) {
        tile.before[row] = (uint16_t)more;
        more += (size_t)__builtin_popcountll(bits[row]);
    }
    if (n + more > spell->room) {
        spell->room = MAX(n + more, spell->room + spell->room / 2);
        spell->count = g_renew(uint16_t, spell->count, spell->room);
        spell->since_s = g_renew(int32_t, spell->since_s, spell->room);
        spell->longest_s = g_renew(int32_t, spell->longest_s, spell->room);
    }
    memset(spell->count + n, 0, more * sizeof *spell->count);
    memset(spell->since_s + n, 0, more * sizeof *spell->since_s);
    memset(spell->longest_s + n, 0, more * sizeof *spell->longest_s);
    spell->tile[at] = spell->tiles->len;
    g_array_append_val(spell->tiles, tile);
    spell->n += more;
}

/* The ground of a span within one tile column: one run, as its places follow each other. */
static void add_word(GeoSpell *spell, const GeoSpan *span, int32_t tile_x)
{
    int32_t tile_y = span->row / GEO_TILE_CELLS, row = span->row % GEO_TILE_CELLS;
    const uint64_t *bits = geo_ground_tile(spell->ground, tile_x, tile_y);
    if (!bits || bits[row] == 0)
        return;
    int32_t west = tile_x * GEO_TILE_CELLS;
    int32_t from = MAX(span->from - west, 0), to = MIN(span->to - west, GEO_TILE_CELLS);
    uint64_t mask = UINT64_MAX >> (GEO_TILE_CELLS - (to - from)) << from;
    uint64_t below = from > 0 ? UINT64_MAX >> (GEO_TILE_CELLS - from) : 0;
    uint32_t n = (uint32_t)__builtin_popcountll(bits[row] & mask);
    if (n == 0)
        return;
    size_t at = (size_t)tile_y * spell->tiles_x + (size_t)tile_x;
    if (spell->tile[at] == NO_TILE)
        make_places(spell, at, bits);
    const Tile *tile = &g_array_index(spell->tiles, Tile, spell->tile[at]);
    uint32_t place =
        tile->place + tile->before[row] + (uint32_t)__builtin_popcountll(bits[row] & below);
    uint32_t begin = g_array_index(spell->field0, uint32_t, spell->field0->len - 1);
    Run *last =
        spell->runs->len > begin ? &g_array_index(spell->runs, Run, spell->runs->len - 1) : NULL;
    if (last && last->place + last->n == place) {
        last->n += n;
    } else {
        Run run = {place, n};
        g_array_append_val(spell->runs, run);
    }
}

uint32_t geo_spell_add(GeoSpell *spell, const GeoXY *points, const uint32_t *part_first,
                       size_t n_parts, size_t n_points)
{
    size_t n;
    const GeoSpan *spans = geo_scan_polygon(spell->scan, points, n_points, part_first, n_parts, &n);
    for (size_t i = 0; i < n; i++)
        for (int32_t x = spans[i].from / GEO_TILE_CELLS; x * GEO_TILE_CELLS < spans[i].to; x++)
            add_word(spell, &spans[i], x);
    uint32_t end = spell->runs->len;
    g_array_append_val(spell->field0, end);
    return spell->field0->len - 2;
}

static const Run *runs_of(GeoSpell *spell, uint32_t field, int64_t at_ms, size_t *n)
{
    int32_t now_s = (int32_t)((at_ms - spell->from_ms) / 1000);
    g_return_val_if_fail(field + 1 < spell->field0->len && now_s >= spell->now_s, NULL);
    spell->now_s = now_s;
    uint32_t first = g_array_index(spell->field0, uint32_t, field);
    *n = g_array_index(spell->field0, uint32_t, field + 1) - first;
    return (const Run *)(const void *)spell->runs->data + first;
}

void geo_spell_open(GeoSpell *spell, uint32_t field, int64_t at_ms)
{
    size_t n = 0;
    const Run *runs = runs_of(spell, field, at_ms, &n);
    int32_t now_s = spell->now_s;
    for (size_t i = 0; i < n; i++)
        for (uint32_t p = runs[i].place; p < runs[i].place + runs[i].n; p++) {
            if (spell->count[p] == 0)
                spell->longest_s[p] = MAX(spell->longest_s[p], now_s - spell->since_s[p]);
            spell->count[p] = (uint16_t)(spell->count[p] + (spell->count[p] != UINT16_MAX));
        }
}

void geo_spell_shut(GeoSpell *spell, uint32_t field, int64_t at_ms)
{
    size_t n = 0;
    const Run *runs = runs_of(spell, field, at_ms, &n);
    int32_t now_s = spell->now_s;
    for (size_t i = 0; i < n; i++)
        for (uint32_t p = runs[i].place; p < runs[i].place + runs[i].n; p++) {
            uint16_t count = spell->count[p];
            spell->count[p] = (uint16_t)(count - (count != 0 && count != UINT16_MAX));
            if (spell->count[p] == 0)
                spell->since_s[p] = now_s;
        }
}

void geo_spell_finish(GeoSpell *spell, int64_t to_ms)
{
    spell->now_s = MAX((int32_t)((to_ms - spell->from_ms) / 1000), spell->now_s);
    for (size_t p = 0; p < spell->n; p++)
        if (spell->count[p] == 0)
            spell->longest_s[p] = MAX(spell->longest_s[p], spell->now_s - spell->since_s[p]);
}

int32_t geo_spell_longest_s(const GeoSpell *spell, GeoXY p)
{
    if (!geo_ground_at(spell->ground, p))
        return -1;
    GeoXY origin = geo_scan_origin(spell->scan);
    double cell_m = geo_scan_cell_m(spell->scan);
    size_t column = (size_t)((p.x - origin.x) / cell_m), row = (size_t)((p.y - origin.y) / cell_m);
    size_t tile_x = column / GEO_TILE_CELLS, tile_y = row / GEO_TILE_CELLS;
    uint32_t known = spell->tile[tile_y * spell->tiles_x + tile_x];
    if (known == NO_TILE)
        return spell->now_s;
    const Tile *tile = &g_array_index(spell->tiles, Tile, known);
    const uint64_t *bits = geo_ground_tile(spell->ground, (int64_t)tile_x, (int64_t)tile_y);
    uint64_t west = bits[row % GEO_TILE_CELLS] & ((UINT64_C(1) << column % GEO_TILE_CELLS) - 1);
    return spell->longest_s[tile->place + tile->before[row % GEO_TILE_CELLS] +
                            (uint32_t)__builtin_popcountll(west)];
}

/* Ground of all tiles that no field touches: its spell is the window. */
static double untouched_m2(const GeoSpell *spell)
{
    size_t cells = 0;
    for (size_t at = 0; at < spell->tiles_x * spell->tiles_y; at++) {
        const uint64_t *bits = spell->tile[at] == NO_TILE
                                   ? geo_ground_tile(spell->ground, (int64_t)(at % spell->tiles_x),
                                                     (int64_t)(at / spell->tiles_x))
                                   : NULL;
        for (int row = 0; bits && row < GEO_TILE_CELLS; row++)
            cells += (size_t)__builtin_popcountll(bits[row]);
    }
    return (double)cells * geo_scan_cell_m(spell->scan) * geo_scan_cell_m(spell->scan);
}

void geo_spell_shares(const GeoSpell *spell, const int32_t *limit_s, size_t n, double *street_m,
                      double *ground_m2)
{
    double cell_m = geo_scan_cell_m(spell->scan);
    size_t n_stretches;
    const GeoStretch *all = geo_ground_stretches(spell->ground, &n_stretches);
    memset(street_m, 0, n * sizeof *street_m);
    double rest_m2 = untouched_m2(spell);
    for (size_t k = 0; k < n; k++) {
        size_t within = 0;
        for (size_t p = 0; p < spell->n; p++)
            within += spell->longest_s[p] <= limit_s[k];
        ground_m2[k] =
            (double)within * cell_m * cell_m + (spell->now_s <= limit_s[k] ? rest_m2 : 0);
    }
    for (size_t s = 0; s < n_stretches; s++) {
        double dx = all[s].b.x - all[s].a.x, dy = all[s].b.y - all[s].a.y;
        long samples = geo_ground_samples(&all[s]);
        double metres = hypot(dx, dy) / (double)samples;
        for (long i = 0; i < samples; i++) {
            double share = ((double)i + 0.5) / (double)samples;
            int32_t longest_s = geo_spell_longest_s(
                spell, (GeoXY){all[s].a.x + share * dx, all[s].a.y + share * dy});
            for (size_t k = 0; longest_s >= 0 && k < n; k++)
                street_m[k] += longest_s <= limit_s[k] ? metres : 0;
        }
    }
}
