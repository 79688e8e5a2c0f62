/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unions by tile. Each tile holds the polygons that meet it, cut at its border, and what at least
 * one, two and three of them cover; a change dirties the tiles of that polygon alone, and a dirty
 * tile is made anew when somebody asks. Levels are gathered by halves: with A and B the levels of
 * either half, the whole has A1 + B1, A2 + B2 + A1 B1 and A3 + B3 + A2 B1 + A1 B2. Nothing here is
 * meant for each step of a pointer: geo/calc/cover.h is. */
#include "geo/calc/exact.h"

#include <math.h>

#include "geo/model/error.h"

#define CENTIMETRES 100.0
#define MAX_TILES 4e6    /* of one polygon */
#define UNION_AT_ONCE 32 /* polygons between questions for a cancel; some 2 ms */

typedef struct {
    int64_t id;
    GeoRegion *shape;       /* owned; metres from the origin */
    int32_t x0, y0, x1, y1; /* tiles */
} Field;

typedef struct {
    const Field *field;
    GeoRegion *clip; /* owned, but where it is the field's own shape */
    bool cut;        /* clip is made; it may be NULL for all that */
} Entry;

typedef struct {
    int32_t x, y;
    GArray *entries; /* Entry, owned */
    GeoRegion *level[GEO_EXACT_LEVELS];
    double area_m2[GEO_EXACT_LEVELS];
    unsigned ready; /* levels that are up to date */
} Tile;

struct GeoExact {
    GeoShaper *shaper; /* owned */
    GeoXY origin;
    double tile_m;
    GHashTable *tiles;  /* Tile by place, owned */
    GHashTable *fields; /* Field by id, owned */
};

/* ---- tiles ---- */

static guint hash_tile(gconstpointer key)
{
    const Tile *tile = key;
    return (guint)tile->x * 73856093u ^ (guint)tile->y * 19349663u;
}

static gboolean equal_tiles(gconstpointer a, gconstpointer b)
{
    const Tile *p = a, *q = b;
    return p->x == q->x && p->y == q->y;
}

static Tile *find_tile(const GeoExact *exact, int32_t x, int32_t y)
{
    Tile key = {.x = x, .y = y};
    return g_hash_table_lookup(exact->tiles, &key);
}

static Tile *make_tile(GeoExact *exact, int32_t x, int32_t y)
{
    Tile *tile = find_tile(exact, x, y);
    if (tile)
        return tile;
    tile = g_new0(Tile, 1);
    tile->x = x;
    tile->y = y;
    tile->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_hash_table_add(exact->tiles, tile);
    return tile;
}

static void soil(GeoExact *exact, Tile *tile)
{
    for (int k = 0; k < GEO_EXACT_LEVELS; k++) {
        geo_region_free(exact->shaper, tile->level[k]);
        tile->level[k] = NULL;
        tile->area_m2[k] = 0;
    }
    tile->ready = 0;
}

static void drop_clip(GeoExact *exact, const Entry *entry)
{
    if (entry->clip != entry->field->shape)
        geo_region_free(exact->shaper, entry->clip);
}

static void tile_free(GeoExact *exact, Tile *tile)
{
    soil(exact, tile);
    for (guint i = 0; i < tile->entries->len; i++)
        drop_clip(exact, &g_array_index(tile->entries, Entry, i));
    g_array_unref(tile->entries);
    g_free(tile);
}

static int compare_tiles(gconstpointer a, gconstpointer b)
{
    const Tile *p = *(const Tile *const *)a, *q = *(const Tile *const *)b;
    if (p->y != q->y)
        return p->y < q->y ? -1 : 1;
    return p->x < q->x ? -1 : p->x > q->x;
}

/* South to north, west to east, so that sums and files are the same each time. */
static GPtrArray *tiles_in_order(const GeoExact *exact)
{
    GPtrArray *tiles = g_ptr_array_new();
    GHashTableIter iter;
    gpointer tile;
    g_hash_table_iter_init(&iter, exact->tiles);
    while (g_hash_table_iter_next(&iter, &tile, NULL))
        g_ptr_array_add(tiles, tile);
    g_ptr_array_sort(tiles, compare_tiles);
    return tiles;
}

GeoExact *geo_exact_new(GeoXY origin, double tile_m)
{
    g_return_val_if_fail(tile_m >= 1, NULL);
    GeoExact *exact = g_new0(GeoExact, 1);
    exact->shaper = geo_shaper_new(origin);
    exact->origin = origin;
    exact->tile_m = round(tile_m * CENTIMETRES) / CENTIMETRES;
    exact->tiles = g_hash_table_new(hash_tile, equal_tiles);
    exact->fields = g_hash_table_new(g_int64_hash, g_int64_equal);
    return exact;
}

void geo_exact_free(GeoExact *exact)
{
    if (!exact)
        return;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, exact->tiles);
    while (g_hash_table_iter_next(&iter, &value, NULL))
        tile_free(exact, value);
    g_hash_table_iter_init(&iter, exact->fields);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        geo_region_free(exact->shaper, ((Field *)value)->shape);
        g_free(value);
    }
    g_hash_table_unref(exact->tiles);
    g_hash_table_unref(exact->fields);
    geo_shaper_free(exact->shaper);
    g_free(exact);
}

/* ---- polygons come and go ---- */

void geo_exact_remove(GeoExact *exact, int64_t id)
{
    Field *field = g_hash_table_lookup(exact->fields, &id);
    if (!field)
        return;
    for (int32_t y = field->y0; y <= field->y1; y++)
        for (int32_t x = field->x0; x <= field->x1; x++) {
            Tile *tile = find_tile(exact, x, y);
            for (guint i = 0; i < tile->entries->len; i++) {
                const Entry *entry = &g_array_index(tile->entries, Entry, i);
                if (entry->field != field)
                    continue;
                drop_clip(exact, entry);
                g_array_remove_index_fast(tile->entries, i);
                break;
            }
            soil(exact, tile);
            if (tile->entries->len == 0) {
                g_hash_table_remove(exact->tiles, tile);
                tile_free(exact, tile);
            }
        }
    g_hash_table_remove(exact->fields, &id);
    geo_region_free(exact->shaper, field->shape);
    g_free(field);
}

/* Takes the shape, NULL too. */
static bool put_shape(GeoExact *exact, int64_t id, GeoRegion *shape, GError **error)
{
    GeoBox box = {0};
    if (!geo_shaper_sound(exact->shaper, error)) {
        geo_region_free(exact->shaper, shape);
        return false;
    }
    if (shape && !geo_region_box(exact->shaper, shape, &box)) {
        geo_region_free(exact->shaper, shape);
        shape = NULL;
    }
    double x0 = floor(box.min_x / exact->tile_m), y0 = floor(box.min_y / exact->tile_m);
    double x1 = fmax(ceil(box.max_x / exact->tile_m) - 1, x0);
    double y1 = fmax(ceil(box.max_y / exact->tile_m) - 1, y0);
    if ((x1 - x0 + 1) * (y1 - y0 + 1) > MAX_TILES) {
        geo_region_free(exact->shaper, shape);
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "cannot measure a polygon of %.0f x %.0f km",
                    (box.max_x - box.min_x) / 1000, (box.max_y - box.min_y) / 1000);
        return false;
    }
    geo_exact_remove(exact, id);
    if (!shape)
        return true;
    Field *field = g_new0(Field, 1);
    *field = (Field){id, shape, (int32_t)x0, (int32_t)y0, (int32_t)x1, (int32_t)y1};
    g_hash_table_insert(exact->fields, &field->id, field);
    for (int32_t y = field->y0; y <= field->y1; y++)
        for (int32_t x = field->x0; x <= field->x1; x++) {
            Tile *tile = make_tile(exact, x, y);
            Entry entry = {.field = field};
            g_array_append_val(tile->entries, entry);
            soil(exact, tile);
        }
    return true;
}

bool geo_exact_put(GeoExact *exact, int64_t id, const GeoXY *points, size_t n_points,
                   const uint32_t *part_first, size_t n_parts, GError **error)
{
    return put_shape(exact, id,
                     geo_region_of_rings(exact->shaper, points, n_points, part_first, n_parts),
                     error);
}

bool geo_exact_put_line(GeoExact *exact, int64_t id, const GeoXY *line, size_t n, double width_m,
                        GError **error)
{
    return put_shape(exact, id, geo_region_of_line(exact->shaper, line, n, width_m), error);
}

size_t geo_exact_tiles(const GeoExact *exact, size_t *dirty)
{
    GHashTableIter iter;
    gpointer tile;
    size_t n = 0;
    g_hash_table_iter_init(&iter, exact->tiles);
    while (g_hash_table_iter_next(&iter, &tile, NULL))
        n += ((const Tile *)tile)->ready == 0;
    if (dirty)
        *dirty = n;
    return g_hash_table_size(exact->tiles);
}

/* ---- levels ---- */

static GeoRegion *square_of(GeoExact *exact, const Tile *tile)
{
    GeoBox box = {tile->x * exact->tile_m, tile->y * exact->tile_m, (tile->x + 1) * exact->tile_m,
                  (tile->y + 1) * exact->tile_m};
    return geo_region_of_box(exact->shaper, &box);
}

static void cut_entries(GeoExact *exact, Tile *tile)
{
    GeoRegion *square = NULL;
    for (guint i = 0; i < tile->entries->len; i++) {
        Entry *entry = &g_array_index(tile->entries, Entry, i);
        const Field *field = entry->field;
        if (entry->cut)
            continue;
        entry->cut = true;
        if (field->x0 == field->x1 && field->y0 == field->y1) {
            entry->clip = field->shape;
            continue;
        }
        square = square ? square : square_of(exact, tile);
        entry->clip = geo_region_and(exact->shaper, field->shape, square);
    }
    geo_region_free(exact->shaper, square);
}

typedef struct {
    GeoExact *exact;
    const GArray *entries;
    unsigned levels; /* wanted */
    GeoProgress *progress;
    double share;
    GError **error;
} Gathering;

typedef struct {
    GeoRegion *of[GEO_EXACT_LEVELS];
} Levels;

static Levels join_levels(const Gathering *work, Levels a, Levels b)
{
    GeoExact *exact = work->exact;
    Levels all = {{NULL}};
    if (work->levels > 2) {
        GeoRegion *crossed =
            geo_region_or(exact->shaper, geo_region_and(exact->shaper, a.of[1], b.of[0]),
                          geo_region_and(exact->shaper, a.of[0], b.of[1]));
        all.of[2] =
            geo_region_or(exact->shaper, geo_region_or(exact->shaper, a.of[2], b.of[2]), crossed);
    }
    if (work->levels > 1) {
        GeoRegion *both = geo_region_and(exact->shaper, a.of[0], b.of[0]);
        all.of[1] =
            geo_region_or(exact->shaper, geo_region_or(exact->shaper, a.of[1], b.of[1]), both);
    }
    all.of[0] = geo_region_or(exact->shaper, a.of[0], b.of[0]);
    return all;
}

/* False after a cancel. */
static bool gather(const Gathering *work, guint from, guint to, Levels *levels)
{
    GeoExact *exact = work->exact;
    *levels = (Levels){{NULL}};
    guint n = to - from;
    if (n == 1) {
        levels->of[0] =
            geo_region_copy(exact->shaper, g_array_index(work->entries, Entry, from).clip);
        return true;
    }
    if (!geo_progress_step(work->progress, work->share, work->error))
        return false;
    if (work->levels == 1 && n <= UNION_AT_ONCE) {
        g_autoptr(GPtrArray) shapes = g_ptr_array_new();
        for (guint i = from; i < to; i++)
            if (g_array_index(work->entries, Entry, i).clip)
                g_ptr_array_add(
                    shapes,
                    geo_region_copy(exact->shaper, g_array_index(work->entries, Entry, i).clip));
        levels->of[0] = geo_region_union(exact->shaper, shapes);
        return true;
    }
    Levels a, b = {{NULL}};
    bool whole = gather(work, from, from + n / 2, &a) && gather(work, from + n / 2, to, &b);
    if (whole)
        *levels = join_levels(work, a, b);
    for (int k = 0; k < GEO_EXACT_LEVELS && !whole; k++) {
        geo_region_free(exact->shaper, a.of[k]);
        geo_region_free(exact->shaper, b.of[k]);
    }
    return whole;
}

static bool refresh_tile(GeoExact *exact, Tile *tile, unsigned k, GeoProgress *progress,
                         double share, GError **error)
{
    if (tile->ready >= k)
        return true;
    Levels levels;
    cut_entries(exact, tile);
    Gathering work = {exact, tile->entries, k, progress, share, error};
    if (!gather(&work, 0, tile->entries->len, &levels))
        return false;
    soil(exact, tile);
    for (unsigned i = 0; i < k; i++) {
        tile->level[i] = levels.of[i];
        tile->area_m2[i] = geo_region_area_m2(exact->shaper, levels.of[i]);
    }
    if (!geo_shaper_sound(exact->shaper, error)) {
        soil(exact, tile);
        return false;
    }
    tile->ready = k;
    return true;
}

bool geo_exact_refresh(GeoExact *exact, unsigned k, GeoProgress *progress, GError **error)
{
    g_return_val_if_fail(k >= 1 && k <= GEO_EXACT_LEVELS, false);
    GHashTableIter iter;
    gpointer tile;
    double done = 0, all = g_hash_table_size(exact->tiles);
    g_hash_table_iter_init(&iter, exact->tiles);
    while (g_hash_table_iter_next(&iter, &tile, NULL)) {
        double share = done++ / all;
        if (((Tile *)tile)->ready < k && (!geo_progress_step(progress, share, error) ||
                                          !refresh_tile(exact, tile, k, progress, share, error)))
            return false;
    }
    return true;
}

/* ---- questions ---- */

bool geo_exact_area(GeoExact *exact, unsigned k, double *area_m2, GeoProgress *progress,
                    GError **error)
{
    if (!geo_exact_refresh(exact, k, progress, error))
        return false;
    g_autoptr(GPtrArray) tiles = tiles_in_order(exact);
    *area_m2 = 0;
    for (guint i = 0; i < tiles->len; i++)
        *area_m2 += ((const Tile *)g_ptr_array_index(tiles, i))->area_m2[k - 1];
    return true;
}

static bool same_grid(const GeoExact *a, const GeoExact *b)
{
    return a->origin.x == b->origin.x && a->origin.y == b->origin.y && a->tile_m == b->tile_m;
}

/* Most tiles of a mask are full ones, and nothing is left to overlay there. */
static GeoRegion *masked(GeoExact *exact, const Tile *tile, unsigned k, const Tile *mask)
{
    double full = exact->tile_m * exact->tile_m;
    if (mask->area_m2[0] >= full)
        return geo_region_copy(exact->shaper, tile->level[k - 1]);
    return geo_region_and(exact->shaper, tile->level[k - 1], mask->level[0]);
}

bool geo_exact_area_within(GeoExact *exact, unsigned k, GeoExact *mask, double *area_m2,
                           GeoProgress *progress, GError **error)
{
    g_return_val_if_fail(k >= 1 && k <= GEO_EXACT_LEVELS && same_grid(exact, mask), false);
    g_autoptr(GPtrArray) masks = tiles_in_order(mask);
    double sum = 0;
    for (guint i = 0; i < masks->len; i++) {
        Tile *over = g_ptr_array_index(masks, i);
        Tile *tile = find_tile(exact, over->x, over->y);
        double share = i / (double)masks->len;
        if (!geo_progress_step(progress, share, error))
            return false;
        if (!tile)
            continue;
        if (!refresh_tile(exact, tile, k, progress, share, error) ||
            !refresh_tile(mask, over, 1, progress, share, error))
            return false;
        GeoRegion *part = masked(exact, tile, k, over);
        sum += geo_region_area_m2(exact->shaper, part);
        geo_region_free(exact->shaper, part);
        if (!geo_shaper_sound(exact->shaper, error))
            return false;
    }
    *area_m2 = sum;
    return true;
}

GeoExact *geo_exact_join(GeoExact *exact, unsigned k, GeoExactJoin how, GeoExact *other,
                         GeoProgress *progress, GError **error)
{
    g_return_val_if_fail(k >= 1 && k <= GEO_EXACT_LEVELS && same_grid(exact, other), NULL);
    g_autoptr(GeoExact) joined = geo_exact_new(exact->origin, exact->tile_m);
    g_autoptr(GPtrArray) tiles = tiles_in_order(exact);
    for (guint i = 0; i < tiles->len; i++) {
        Tile *tile = g_ptr_array_index(tiles, i);
        Tile *over = find_tile(other, tile->x, tile->y);
        double share = i / (double)tiles->len;
        if (!geo_progress_step(progress, share, error) ||
            !refresh_tile(exact, tile, k, progress, share, error) ||
            (over && !refresh_tile(other, over, 1, progress, share, error)))
            return NULL;
        GeoRegion *part = NULL;
        if (how == GEO_EXACT_MINUS)
            part =
                geo_region_minus(joined->shaper, tile->level[k - 1], over ? over->level[0] : NULL);
        else if (over)
            part = masked(joined, tile, k, over);
        if (!put_shape(joined, (int64_t)i, part, error))
            return NULL;
    }
    return g_steal_pointer(&joined);
}

/* ---- rings ---- */

/* A block of 2^level tiles a side from tile x, y on: its pieces, joined over the borders within.
 * Only what meets such a border is overlaid again. */
static bool merge_block(GeoExact *exact, unsigned k, int64_t x, int64_t y, unsigned level,
                        GPtrArray *pieces, GeoProgress *progress, GError **error)
{
    if (level == 0) {
        const Tile *tile = find_tile(exact, (int32_t)x, (int32_t)y);
        if (tile && tile->level[k - 1])
            geo_region_split(exact->shaper, tile->level[k - 1], pieces);
        return true;
    }
    int64_t half = (int64_t)1 << (level - 1);
    guint begin = pieces->len;
    for (int i = 0; i < 4; i++)
        if (!merge_block(exact, k, x + (i & 1) * half, y + (i >> 1) * half, level - 1, pieces,
                         progress, error))
            return false;
    double seam_x = (double)(x + half) * exact->tile_m, seam_y = (double)(y + half) * exact->tile_m;
    g_autoptr(GPtrArray) touching = g_ptr_array_new();
    for (guint i = begin; i < pieces->len;) {
        GeoBox box;
        GeoRegion *piece = g_ptr_array_index(pieces, i);
        bool known = geo_region_box(exact->shaper, piece, &box);
        if (known && ((box.min_x <= seam_x && box.max_x >= seam_x) ||
                      (box.min_y <= seam_y && box.max_y >= seam_y))) {
            g_ptr_array_add(touching, piece);
            g_ptr_array_remove_index(pieces, i);
        } else {
            i++;
        }
    }
    GeoRegion *joined = geo_region_union(exact->shaper, touching);
    if (joined)
        geo_region_split(exact->shaper, joined, pieces);
    geo_region_free(exact->shaper, joined);
    return geo_progress_step(progress, -1, error);
}

static bool merge_all(GeoExact *exact, unsigned k, GPtrArray *tiles, GPtrArray *pieces,
                      GeoProgress *progress, GError **error)
{
    int64_t x0 = INT32_MAX, y0 = INT32_MAX, x1 = INT32_MIN, y1 = INT32_MIN;
    for (guint i = 0; i < tiles->len; i++) {
        const Tile *tile = g_ptr_array_index(tiles, i);
        x0 = MIN(x0, tile->x);
        y0 = MIN(y0, tile->y);
        x1 = MAX(x1, tile->x);
        y1 = MAX(y1, tile->y);
    }
    unsigned level = 0;
    while (tiles->len > 0 && (int64_t)1 << level <= MAX(x1 - x0, y1 - y0))
        level++;
    return tiles->len == 0 || merge_block(exact, k, x0, y0, level, pieces, progress, error);
}

GeoRegionRings *geo_exact_rings(GeoExact *exact, unsigned k, bool merged, double min_m2,
                                GeoProgress *progress, GError **error)
{
    if (!geo_exact_refresh(exact, k, progress, error))
        return NULL;
    g_autoptr(GPtrArray) tiles = tiles_in_order(exact);
    g_autoptr(GPtrArray) pieces = g_ptr_array_new();
    bool whole = true;
    if (merged)
        whole = merge_all(exact, k, tiles, pieces, progress, error);
    for (guint i = 0; i < tiles->len && !merged; i++) {
        const Tile *tile = g_ptr_array_index(tiles, i);
        if (tile->level[k - 1])
            geo_region_split(exact->shaper, tile->level[k - 1], pieces);
    }
    g_autoptr(GeoRegionRings) rings = geo_region_rings_new();
    for (guint i = 0; i < pieces->len; i++) {
        if (whole)
            geo_region_rings_add(rings, exact->shaper, g_ptr_array_index(pieces, i), min_m2);
        geo_region_free(exact->shaper, g_ptr_array_index(pieces, i));
    }
    geo_region_rings_end(rings);
    return whole && geo_shaper_sound(exact->shaper, error) ? g_steal_pointer(&rings) : NULL;
}
