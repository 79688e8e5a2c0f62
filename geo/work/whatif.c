/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The survey's cover is changed in place: a field is taken out of the counts and its successor put
 * in, sums follow by tile (calc/tally) and gaps by block (calc/gaps). The counts of a tile are kept
 * as they were before its first change, so that every cell can be told apart from the register's.
 * The same walk over the same cells takes a field out again, so counts come back to the bit. */
#include "geo/work/whatif.h"

#include <math.h>
#include <string.h>

#include "geo/calc/gaps.h"
#include "geo/calc/tally.h"
#include "geo/work/wayname.h"

#define TILE_BYTES (GEO_WHATIF_CELLS * GEO_WHATIF_CELLS)

typedef struct {
    GArray *xy;    /* GeoXY */
    GArray *first; /* uint32_t: of each ring */
    GeoBox box;    /* empty: sees nothing */
} Field;

/* A camera that differs, or once did. */
typedef struct {
    GeoWhatIfCamera now;
    guint row;  /* of the register; G_MAXUINT: none */
    Field seen; /* what it has in the counts now */
} Entry;

typedef struct {
    uint32_t serial;
    uint8_t before[TILE_BYTES];
} Kept;

struct GeoWhatIf {
    GeoSurvey *survey;   /* owned */
    GeoRisk *risk;       /* owned */
    GeoTally *tally;     /* owned */
    GeoGaps *gaps;       /* owned */
    GeoWayname *streets; /* owned */
    GHashTable *row_of;  /* camera id -> row + 1; keys borrowed from the rows */
    GPtrArray *entries;  /* Entry, owned */
    GHashTable *tiles;   /* tile number -> Kept, owned */
    GArray *stale;       /* GeoBox: gaps are to be found anew there */
    GStringChunk *text;  /* of cameras that were put */
    GeoSightOptions sight;
    GeoCoverShare before;
    GeoXY origin;
    double tile_m;
    uint32_t serial;
};

/* ---- fields ---- */

static void field_init(Field *field)
{
    field->xy = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    field->first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    field->box = GEO_BOX_EMPTY;
}

static void field_clear(Field *field)
{
    g_array_unref(field->xy);
    g_array_unref(field->first);
}

static void field_draw(const GeoWhatIf *whatif, const GeoEye *eye, Field *field)
{
    g_array_set_size(field->xy, 0);
    g_array_set_size(field->first, 0);
    field->box = GEO_BOX_EMPTY;
    geo_view_rings(whatif->survey->sight->edges, eye, field->xy, field->first);
    for (guint i = 0; i < field->xy->len; i++)
        geo_box_add(&field->box, g_array_index(field->xy, GeoXY, i));
}

static GeoEye eye_of(const GeoWhatIf *whatif, const GeoCamera *camera, GeoXY at, bool added)
{
    GeoSightOptions options = whatif->sight;
    options.with_off = added && camera->state == GEO_CAMERA_PLANNED;
    return geo_sight_eye(camera, at, &options, NULL);
}

static void cover_field(GeoWhatIf *whatif, const Field *field, bool add)
{
    if (!field->xy || field->xy->len == 0)
        return;
    const GeoXY *xy = (const GeoXY *)(const void *)field->xy->data;
    (add ? geo_cover_add_rings : geo_cover_remove_rings)(
        whatif->survey->cover, xy, field->xy->len,
        (const uint32_t *)(const void *)field->first->data, field->first->len);
}

/* ---- tiles as they were ---- */

typedef struct {
    int32_t x0, y0, x1, y1;
} TileBox;

static TileBox tiles_of(const GeoWhatIf *whatif, const GeoBox *box)
{
    int64_t columns, rows;
    GeoXY origin;
    geo_cover_size(whatif->survey->cover, &columns, &rows, &origin);
    double last_x = (double)((columns - 1) / GEO_TILE_CELLS);
    double last_y = (double)((rows - 1) / GEO_TILE_CELLS);
    return (TileBox){(int32_t)fmax(floor((box->min_x - origin.x) / whatif->tile_m), 0),
                     (int32_t)fmax(floor((box->min_y - origin.y) / whatif->tile_m), 0),
                     (int32_t)fmin(floor((box->max_x - origin.x) / whatif->tile_m), last_x),
                     (int32_t)fmin(floor((box->max_y - origin.y) / whatif->tile_m), last_y)};
}

static int64_t tile_number(int32_t x, int32_t y)
{
    return (int64_t)y << 32 | (uint32_t)x;
}

static void touch_tiles(GeoWhatIf *whatif, const GeoBox *box)
{
    if (!(box->min_x <= box->max_x))
        return;
    TileBox tiles = tiles_of(whatif, box);
    whatif->serial++;
    for (int32_t y = tiles.y0; y <= tiles.y1; y++)
        for (int32_t x = tiles.x0; x <= tiles.x1; x++) {
            int64_t number = tile_number(x, y);
            Kept *kept = g_hash_table_lookup(whatif->tiles, &number);
            if (!kept) {
                const uint8_t *counts = geo_cover_tile(whatif->survey->cover, x, y);
                kept = g_new0(Kept, 1);
                if (counts)
                    memcpy(kept->before, counts, TILE_BYTES);
                g_hash_table_insert(whatif->tiles, g_memdup2(&number, sizeof number), kept);
            }
            kept->serial = whatif->serial;
        }
}

/* Takes one field out and puts another in; either may be empty. */
static void exchange(GeoWhatIf *whatif, const Field *out, const Field *in)
{
    cover_field(whatif, out, false);
    cover_field(whatif, in, true);
    geo_tally_refresh(whatif->tally, &out->box);
    geo_tally_refresh(whatif->tally, &in->box);
}

static const Field nothing = {.box = {INFINITY, INFINITY, -INFINITY, -INFINITY}};

/* ---- entries ---- */

static Entry *find_entry(const GeoWhatIf *whatif, int64_t id)
{
    for (guint i = 0; i < whatif->entries->len; i++) {
        Entry *entry = whatif->entries->pdata[i];
        if (entry->now.id == id)
            return entry;
    }
    return NULL;
}

static bool find_row(const GeoWhatIf *whatif, int64_t id, guint *row)
{
    gpointer found = g_hash_table_lookup(whatif->row_of, &id);
    *row = GPOINTER_TO_UINT(found) - 1;
    return found != NULL;
}

static const GeoCamera *registered(const GeoWhatIf *whatif, guint row)
{
    return &g_array_index(whatif->survey->sight->cameras->rows, GeoCamera, row);
}

static void set_registered(const GeoWhatIf *whatif, Entry *entry)
{
    const GeoCamera *camera = registered(whatif, entry->row);
    entry->now = (GeoWhatIfCamera){.id = camera->row.id, .camera = *camera};
    entry->now.at = (GeoLonLat){NAN, NAN};
    geo_batch_first(whatif->survey->sight->cameras, &camera->row, &entry->now.at);
}

/* The entry of a camera, as it stands; a new one is added without a field. */
static Entry *open_entry(GeoWhatIf *whatif, int64_t id)
{
    Entry *entry = find_entry(whatif, id);
    if (entry)
        return entry;
    entry = g_new0(Entry, 1);
    field_init(&entry->seen);
    if (find_row(whatif, id, &entry->row)) {
        set_registered(whatif, entry);
        field_draw(whatif, &whatif->survey->sight->eyes[entry->row], &entry->seen);
    } else {
        entry->row = G_MAXUINT;
        entry->now = (GeoWhatIfCamera){.id = id, .state = GEO_WHATIF_REMOVED};
    }
    g_ptr_array_add(whatif->entries, entry);
    return entry;
}

static void entry_free(gpointer data)
{
    Entry *entry = data;
    field_clear(&entry->seen);
    g_free(entry);
}

static void show(GeoWhatIf *whatif, Entry *entry, const GeoEye *eye)
{
    Field next;
    field_init(&next);
    if (eye)
        field_draw(whatif, eye, &next);
    touch_tiles(whatif, &entry->seen.box);
    touch_tiles(whatif, &next.box);
    exchange(whatif, &entry->seen, &next);
    g_array_append_val(whatif->stale, entry->seen.box);
    g_array_append_val(whatif->stale, next.box);
    field_clear(&entry->seen);
    entry->seen = next;
}

static const char *keep(GeoWhatIf *whatif, const char *text)
{
    return text ? g_string_chunk_insert_const(whatif->text, text) : NULL;
}

void geo_whatif_put(GeoWhatIf *whatif, const GeoCamera *camera, GeoLonLat at)
{
    Entry *entry = open_entry(whatif, camera->row.id);
    bool added = entry->row == G_MAXUINT;
    GeoCamera copy = *camera;
    copy.row.code = keep(whatif, camera->row.code);
    copy.row.name = keep(whatif, camera->row.name);
    copy.place = keep(whatif, camera->place);
    entry->now =
        (GeoWhatIfCamera){camera->row.id, added ? GEO_WHATIF_ADDED : GEO_WHATIF_EDITED, copy, at};
    GeoEye eye = eye_of(whatif, &copy, geo_frame_xy(whatif->survey->sight->frame, at), added);
    show(whatif, entry, &eye);
}

void geo_whatif_remove(GeoWhatIf *whatif, int64_t id)
{
    guint row;
    if (!find_entry(whatif, id) && !find_row(whatif, id, &row))
        return;
    Entry *entry = open_entry(whatif, id);
    if (entry->row == G_MAXUINT) { /* it was never anywhere else */
        geo_whatif_restore(whatif, id);
        return;
    }
    entry->now.state = GEO_WHATIF_REMOVED;
    show(whatif, entry, NULL);
}

void geo_whatif_restore(GeoWhatIf *whatif, int64_t id)
{
    Entry *entry = find_entry(whatif, id);
    if (!entry)
        return;
    if (entry->row != G_MAXUINT) {
        set_registered(whatif, entry);
        show(whatif, entry, &whatif->survey->sight->eyes[entry->row]);
    } else {
        show(whatif, entry, NULL);
    }
    g_ptr_array_remove(whatif->entries, entry);
}

/* ---- answers ---- */

bool geo_whatif_camera(const GeoWhatIf *whatif, int64_t id, GeoWhatIfCamera *camera)
{
    const Entry *entry = find_entry(whatif, id);
    guint row;
    if (entry) {
        *camera = entry->now;
        return true;
    }
    if (!find_row(whatif, id, &row))
        return false;
    Entry plain = {.row = row};
    set_registered(whatif, &plain);
    *camera = plain.now;
    return isfinite(camera->at.lon);
}

GArray *geo_whatif_changes(const GeoWhatIf *whatif)
{
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(GeoWhatIfCamera));
    for (guint i = 0; i < whatif->entries->len; i++)
        g_array_append_val(changes, ((Entry *)whatif->entries->pdata[i])->now);
    return changes;
}

GeoCoverShare geo_whatif_before(const GeoWhatIf *whatif)
{
    return whatif->before;
}

GeoCoverShare geo_whatif_after(const GeoWhatIf *whatif)
{
    return geo_tally_share(whatif->tally);
}

static void append_lonlat(GeoWhatIf *whatif, const GArray *xy, const GArray *first, GArray *points,
                          GArray *part_first)
{
    guint base = points->len;
    for (guint i = 0; i < first->len; i++) {
        uint32_t at = base + g_array_index(first, uint32_t, i);
        g_array_append_val(part_first, at);
    }
    g_array_set_size(points, base + xy->len);
    if (xy->len > 0)
        geo_frame_to_lonlat(whatif->survey->sight->frame, (const GeoXY *)(const void *)xy->data,
                            &g_array_index(points, GeoLonLat, base), xy->len);
}

/* The field of the register; false: it knows no such camera. */
static bool draw_registered(const GeoWhatIf *whatif, int64_t id, Field *field)
{
    guint row;
    if (!find_row(whatif, id, &row))
        return false;
    field_draw(whatif, &whatif->survey->sight->eyes[row], field);
    return true;
}

void geo_whatif_field(GeoWhatIf *whatif, int64_t id, bool before, GArray *points,
                      GArray *part_first)
{
    const Entry *entry = find_entry(whatif, id);
    if (entry && !before) {
        append_lonlat(whatif, entry->seen.xy, entry->seen.first, points, part_first);
        return;
    }
    Field field;
    field_init(&field);
    if (draw_registered(whatif, id, &field))
        append_lonlat(whatif, field.xy, field.first, points, part_first);
    field_clear(&field);
}

static double seen_m(const GeoWhatIf *whatif)
{
    return geo_tally_share(whatif->tally).street_seen_m;
}

double geo_whatif_sole_m(GeoWhatIf *whatif, int64_t id)
{
    const Entry *entry = find_entry(whatif, id);
    double with_m = seen_m(whatif);
    Field own;
    field_init(&own);
    if (!entry)
        draw_registered(whatif, id, &own);
    const Field *field = entry ? &entry->seen : &own;
    exchange(whatif, field, &nothing);
    double sole_m = with_m - seen_m(whatif);
    exchange(whatif, &nothing, field);
    field_clear(&own);
    return sole_m;
}

double geo_whatif_try_m(GeoWhatIf *whatif, const GeoCamera *camera, GeoLonLat at)
{
    GeoEye eye = eye_of(whatif, camera, geo_frame_xy(whatif->survey->sight->frame, at), true);
    double without_m = seen_m(whatif);
    Field field;
    field_init(&field);
    field_draw(whatif, &eye, &field);
    exchange(whatif, &nothing, &field);
    double gain_m = seen_m(whatif) - without_m;
    exchange(whatif, &field, &nothing);
    field_clear(&field);
    return gain_m;
}

double geo_whatif_best_heading(GeoWhatIf *whatif, const GeoCamera *camera, GeoLonLat at,
                               unsigned headings, double *gain_m)
{
    const Entry *entry = find_entry(whatif, camera->row.id);
    Field own;
    field_init(&own);
    if (!entry)
        draw_registered(whatif, camera->row.id, &own);
    const Field *field = entry ? &entry->seen : &own;
    double best = 0;
    GeoCamera turned = *camera;
    turned.heading_err_deg = 0;
    *gain_m = -1;
    exchange(whatif, field, &nothing);
    for (unsigned i = 0; i < headings; i++) {
        turned.heading_deg = 360.0 * i / headings;
        double gain = geo_whatif_try_m(whatif, &turned, at);
        if (gain > *gain_m) {
            *gain_m = gain;
            best = turned.heading_deg;
        }
    }
    exchange(whatif, &nothing, field);
    field_clear(&own);
    return best;
}

GeoWhatIfPlace geo_whatif_place(const GeoWhatIf *whatif, GeoLonLat at)
{
    const GeoSurvey *survey = whatif->survey;
    GeoXY p = geo_frame_xy(survey->sight->frame, at);
    uint32_t building;
    return (GeoWhatIfPlace){.seen_by = geo_cover_at(survey->cover, p),
                            .ground = geo_ground_at(survey->ground, p),
                            .in_building =
                                geo_edges_buildings_at(survey->sight->edges, p, &building, 1) > 0};
}

const char *geo_whatif_street(const GeoWhatIf *whatif, GeoLonLat at)
{
    return geo_wayname_find(whatif->streets, geo_frame_xy(whatif->survey->sight->frame, at));
}

/* ---- gaps ---- */

static void refresh_gaps(GeoWhatIf *whatif)
{
    for (guint i = 0; i < whatif->stale->len; i++)
        geo_gaps_refresh(whatif->gaps, &g_array_index(whatif->stale, GeoBox, i), geo_risk_at,
                         whatif->risk);
    g_array_set_size(whatif->stale, 0);
}

size_t geo_whatif_gaps(GeoWhatIf *whatif, GeoWhatIfGap *gaps, size_t top, size_t *n)
{
    size_t found;
    refresh_gaps(whatif);
    const GeoGap *all = geo_gaps_all(whatif->gaps, &found);
    *n = MIN(found, top);
    for (size_t i = 0; i < *n; i++)
        gaps[i] = (GeoWhatIfGap){all[i].area_m2, all[i].weight,
                                 geo_frame_lonlat(whatif->survey->sight->frame, all[i].at),
                                 geo_wayname_find(whatif->streets, all[i].at)};
    return found;
}

void geo_whatif_gap_outline(GeoWhatIf *whatif, size_t i, GArray *points, GArray *part_first)
{
    g_autoptr(GArray) xy = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    refresh_gaps(whatif);
    geo_gaps_outline(whatif->gaps, i, xy, first);
    append_lonlat(whatif, xy, first, points, part_first);
}

/* ---- cells ---- */

GArray *geo_whatif_tiles(const GeoWhatIf *whatif)
{
    GArray *tiles = g_array_new(FALSE, FALSE, sizeof(GeoWhatIfTile));
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, whatif->tiles);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        int64_t number = *(int64_t *)key;
        GeoWhatIfTile tile = {.x = (int32_t)(uint32_t)number,
                              .y = (int32_t)(number >> 32),
                              .serial = ((const Kept *)value)->serial};
        double side = whatif->tile_m;
        GeoXY at = {whatif->origin.x + tile.x * side, whatif->origin.y + tile.y * side};
        GeoXY corner[3] = {at, {at.x + side, at.y}, {at.x, at.y + side}};
        GeoLonLat lonlat[3];
        geo_frame_to_lonlat(whatif->survey->sight->frame, corner, lonlat, 3);
        tile.south_west = lonlat[0];
        tile.south_east = lonlat[1];
        tile.north_west = lonlat[2];
        g_array_append_val(tiles, tile);
    }
    return tiles;
}

static uint8_t judge(uint8_t before, uint8_t after)
{
    if (before == after)
        return GEO_WHATIF_SAME;
    if (before == 0)
        return GEO_WHATIF_OPENED;
    if (after == 0)
        return GEO_WHATIF_LOST;
    return after > before ? GEO_WHATIF_MORE : GEO_WHATIF_FEWER;
}

bool geo_whatif_tile(const GeoWhatIf *whatif, int32_t x, int32_t y, uint8_t cells[TILE_BYTES])
{
    int64_t number = tile_number(x, y);
    const Kept *kept = g_hash_table_lookup(whatif->tiles, &number);
    const uint8_t *after = geo_cover_tile(whatif->survey->cover, x, y);
    const uint64_t *ground = geo_ground_tile(whatif->survey->ground, x, y);
    bool differs = false;
    memset(cells, 0, TILE_BYTES);
    for (int i = 0; kept && i < TILE_BYTES; i++) {
        cells[i] = judge(kept->before[i], after ? after[i] : 0);
        differs |= cells[i] != GEO_WHATIF_SAME;
        if (cells[i] && ground && (ground[i / GEO_WHATIF_CELLS] >> (i % GEO_WHATIF_CELLS) & 1))
            cells[i] |= GEO_WHATIF_ON_GROUND;
    }
    return differs;
}

const GeoSurvey *geo_whatif_survey(const GeoWhatIf *whatif)
{
    return whatif->survey;
}

/* ---- life ---- */

static void index_cameras(GeoWhatIf *whatif)
{
    const GeoBatch *cameras = whatif->survey->sight->cameras;
    whatif->row_of = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < cameras->rows->len; i++)
        g_hash_table_insert(whatif->row_of, &geo_batch_row(cameras, i)->id,
                            GUINT_TO_POINTER(i + 1));
}

static bool load_all(GeoWhatIf *whatif, GeoStore *store, const GeoCoverageOptions *options,
                     GeoProgress *progress, GError **error)
{
    int64_t columns, rows;
    whatif->sight = (GeoSightOptions){
        .class = options->class, .px_per_m = options->px_per_m, .night = options->night};
    whatif->survey = geo_survey_load(store, options, progress, error);
    if (!whatif->survey)
        return false;
    const GeoSurvey *survey = whatif->survey;
    whatif->risk = geo_risk_load(store, survey->sight->frame, &survey->box, progress, error);
    if (!whatif->risk)
        return false;
    geo_progress_begin(progress, "gaps");
    whatif->gaps = geo_gaps_find(survey->ground, survey->cover, GEO_COVERAGE_BLOCK_M,
                                 GEO_COVERAGE_GAP_M2, geo_risk_at, whatif->risk, progress, error);
    if (!whatif->gaps)
        return false;
    whatif->tally = geo_tally_new(survey->ground, survey->cover);
    whatif->before = geo_tally_share(whatif->tally);
    whatif->streets = geo_wayname_new(survey->ground, survey->roads);
    geo_cover_size(survey->cover, &columns, &rows, &whatif->origin);
    whatif->tile_m = geo_cover_cell_m(survey->cover) * GEO_TILE_CELLS;
    index_cameras(whatif);
    return true;
}

GeoWhatIf *geo_whatif_load(GeoStore *store, const GeoCoverageOptions *options,
                           GeoProgress *progress, GError **error)
{
    const GeoCoverageOptions plain = {0};
    g_autoptr(GeoWhatIf) whatif = g_new0(GeoWhatIf, 1);
    whatif->entries = g_ptr_array_new_with_free_func(entry_free);
    whatif->tiles = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    whatif->stale = g_array_new(FALSE, FALSE, sizeof(GeoBox));
    whatif->text = g_string_chunk_new(1024);
    if (!load_all(whatif, store, options ? options : &plain, progress, error))
        return NULL;
    return g_steal_pointer(&whatif);
}

void geo_whatif_free(GeoWhatIf *whatif)
{
    if (!whatif)
        return;
    g_ptr_array_unref(whatif->entries);
    g_hash_table_unref(whatif->tiles);
    g_array_unref(whatif->stale);
    g_string_chunk_free(whatif->text);
    g_clear_pointer(&whatif->row_of, g_hash_table_unref);
    geo_wayname_free(whatif->streets);
    geo_gaps_free(whatif->gaps);
    geo_tally_free(whatif->tally);
    geo_risk_free(whatif->risk);
    geo_survey_free(whatif->survey);
    g_free(whatif);
}
