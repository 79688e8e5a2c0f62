/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums by tile of ground and by stretch of street. A change of the cover within a box takes the old
 * sums of the tiles and stretches there away and adds the new ones: all are whole cells or whole
 * micrometres, so nothing drifts however long the pointer moves. Stretches are listed by the tiles
 * that their box meets. */
#include "geo/calc/tally.h"

#include <math.h>
#include <string.h>

typedef struct {
    uint32_t on, seen, n; /* samples: on ground, of these seen, all */
    double length_m;
    int32_t group; /* -1: none */
    uint32_t turn; /* of the refresh that counted it last */
} Stretch;

struct GeoTally {
    const GeoGround *ground; /* borrowed */
    const GeoCover *cover;   /* borrowed */
    GeoXY origin;
    double cell_m;
    int64_t tiles_x, tiles_y;
    uint64_t cells[4];      /* ground; seen by at least 1, 2, 3 */
    uint16_t (*by_tile)[4]; /* tiles_x * tiles_y, owned; 64 x 64 cells fit */
    Stretch *stretch;       /* owned */
    size_t n_stretches;
    uint32_t *first; /* tiles + 1, owned: stretches of a tile in listed */
    uint32_t *listed;
    int64_t street_um, seen_um;
    int64_t *group_um; /* 2 a group: street, seen; owned */
    size_t n_groups;
    uint32_t turn;
};

typedef struct {
    int64_t x0, y0, x1, y1; /* tiles, inclusive; none when x0 > x1 */
} TileBox;

static TileBox tiles_of(const GeoTally *tally, const GeoBox *box)
{
    double side_m = tally->cell_m * GEO_TILE_CELLS;
    TileBox tiles = {
        (int64_t)fmax(floor((box->min_x - tally->origin.x) / side_m), 0),
        (int64_t)fmax(floor((box->min_y - tally->origin.y) / side_m), 0),
        (int64_t)fmin(floor((box->max_x - tally->origin.x) / side_m), (double)tally->tiles_x - 1),
        (int64_t)fmin(floor((box->max_y - tally->origin.y) / side_m), (double)tally->tiles_y - 1)};
    return tiles;
}

static void count_tile(GeoTally *tally, int64_t x, int64_t y)
{
    const uint64_t *bits = geo_ground_tile(tally->ground, x, y);
    uint16_t *sums = tally->by_tile[y * tally->tiles_x + x];
    if (!bits)
        return;
    uint64_t cells[4] = {0};
    geo_ground_count_tile(bits, geo_cover_tile(tally->cover, x, y), cells);
    for (int k = 0; k < 4; k++) {
        tally->cells[k] += cells[k] - sums[k];
        sums[k] = (uint16_t)cells[k];
    }
}

/* In whole micrometres, whose sums are exact. */
static int64_t length_um(const Stretch *stretch, uint32_t samples)
{
    return llround(stretch->length_m * samples / stretch->n * 1e6);
}

static void count_stretch(GeoTally *tally, uint32_t i)
{
    size_t n;
    Stretch *stretch = &tally->stretch[i];
    uint32_t seen = 0, on = 0;
    geo_ground_sample(tally->ground, tally->cover, &geo_ground_stretches(tally->ground, &n)[i], &on,
                      &seen);
    int64_t more_um = length_um(stretch, seen) - length_um(stretch, stretch->seen);
    tally->seen_um += more_um;
    if (stretch->group >= 0)
        tally->group_um[2 * stretch->group + 1] += more_um;
    stretch->on = on;
    stretch->seen = seen;
}

static TileBox tiles_of_stretch(const GeoTally *tally, const GeoStretch *stretch)
{
    GeoBox box = GEO_BOX_EMPTY;
    geo_box_add(&box, stretch->a);
    geo_box_add(&box, stretch->b);
    return tiles_of(tally, &box);
}

/* Counted, then placed: the arrays of a table in one pass each. */
static void list_stretches(GeoTally *tally, const GeoStretch *all)
{
    size_t tiles = (size_t)(tally->tiles_x * tally->tiles_y);
    tally->first = g_new0(uint32_t, tiles + 2);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < tally->n_stretches; i++) {
            TileBox box = tiles_of_stretch(tally, &all[i]);
            for (int64_t y = box.y0; y <= box.y1; y++)
                for (int64_t x = box.x0; x <= box.x1; x++) {
                    uint32_t *slot = &tally->first[y * tally->tiles_x + x + 1];
                    if (pass == 0)
                        slot[1]++;
                    else
                        tally->listed[(*slot)++] = (uint32_t)i;
                }
        }
        if (pass > 0)
            break;
        for (size_t k = 1; k < tiles + 2; k++)
            tally->first[k] += tally->first[k - 1];
        tally->listed = g_new(uint32_t, MAX(tally->first[tiles + 1], 1));
    }
}

GeoTally *geo_tally_new(const GeoGround *ground, const GeoCover *cover)
{
    GeoTally *tally = g_new0(GeoTally, 1);
    int64_t columns, rows;
    tally->ground = ground;
    tally->cover = cover;
    tally->cell_m = geo_cover_cell_m(cover);
    geo_cover_size(cover, &columns, &rows, &tally->origin);
    tally->tiles_x = (columns - 1) / GEO_TILE_CELLS + 1;
    tally->tiles_y = (rows - 1) / GEO_TILE_CELLS + 1;
    tally->by_tile = g_malloc0((size_t)(tally->tiles_x * tally->tiles_y) * sizeof *tally->by_tile);
    const GeoStretch *all = geo_ground_stretches(ground, &tally->n_stretches);
    tally->stretch = g_new0(Stretch, MAX(tally->n_stretches, 1));
    list_stretches(tally, all);
    for (int64_t y = 0; y < tally->tiles_y; y++)
        for (int64_t x = 0; x < tally->tiles_x; x++)
            count_tile(tally, x, y);
    for (size_t i = 0; i < tally->n_stretches; i++) {
        Stretch *stretch = &tally->stretch[i];
        stretch->length_m = hypot(all[i].b.x - all[i].a.x, all[i].b.y - all[i].a.y);
        stretch->n = (uint32_t)geo_ground_samples(&all[i]);
        stretch->group = -1;
        count_stretch(tally, (uint32_t)i);
        tally->street_um += length_um(stretch, stretch->on);
    }
    return tally;
}

void geo_tally_free(GeoTally *tally)
{
    if (!tally)
        return;
    g_free(tally->by_tile);
    g_free(tally->stretch);
    g_free(tally->first);
    g_free(tally->listed);
    g_free(tally->group_um);
    g_free(tally);
}

void geo_tally_refresh(GeoTally *tally, const GeoBox *box)
{
    if (!(box->min_x <= box->max_x))
        return;
    TileBox tiles = tiles_of(tally, box);
    tally->turn++;
    for (int64_t y = tiles.y0; y <= tiles.y1; y++)
        for (int64_t x = tiles.x0; x <= tiles.x1; x++) {
            count_tile(tally, x, y);
            const uint32_t *first = &tally->first[y * tally->tiles_x + x];
            for (uint32_t k = first[0]; k < first[1]; k++) {
                uint32_t i = tally->listed[k];
                if (tally->stretch[i].turn == tally->turn)
                    continue;
                tally->stretch[i].turn = tally->turn;
                count_stretch(tally, i);
            }
        }
}

GeoCoverShare geo_tally_share(const GeoTally *tally)
{
    double cell_m2 = tally->cell_m * tally->cell_m;
    const uint64_t *cells = tally->cells;
    return (GeoCoverShare){.street_m = (double)tally->street_um / 1e6,
                           .street_seen_m = (double)tally->seen_um / 1e6,
                           .ground_m2 = (double)cells[0] * cell_m2,
                           .ground_seen_m2 = (double)cells[1] * cell_m2,
                           .seen_k_m2 = {(double)(cells[1] - cells[2]) * cell_m2,
                                         (double)(cells[2] - cells[3]) * cell_m2,
                                         (double)cells[3] * cell_m2}};
}

void geo_tally_set_groups(GeoTally *tally, const int32_t *group, size_t n_groups)
{
    g_free(tally->group_um);
    tally->group_um = g_new0(int64_t, MAX(2 * n_groups, 1));
    tally->n_groups = n_groups;
    for (size_t i = 0; i < tally->n_stretches; i++) {
        Stretch *stretch = &tally->stretch[i];
        stretch->group = group[i] >= 0 && (size_t)group[i] < n_groups ? group[i] : -1;
        if (stretch->group < 0)
            continue;
        tally->group_um[2 * stretch->group] += length_um(stretch, stretch->on);
        tally->group_um[2 * stretch->group + 1] += length_um(stretch, stretch->seen);
    }
}

void geo_tally_group(const GeoTally *tally, size_t i, double *street_m, double *seen_m)
{
    g_return_if_fail(i < tally->n_groups);
    *street_m = (double)tally->group_um[2 * i] / 1e6;
    *seen_m = (double)tally->group_um[2 * i + 1] / 1e6;
}
