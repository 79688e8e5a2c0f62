/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows to entries. Streets come in pieces of one name: those whose boxes, 500 m wider, touch are
 * one street; two streets of one name at two ends of a city stay two. O(pieces x streets) for each
 * name. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/work/finder-entry.h"

#define STEP_ROWS 8192
#define STREET_GAP_DEG 0.005 /* some 500 m */
#define SAME_PLACE_DEG 0.002
#define MAX_LEVELS 255

uint32_t geo_finder_put_text(GeoFinder *finder, const char *text)
{
    if (!text || !*text)
        return GEO_FINDER_NO_TEXT;
    uint32_t at = GPOINTER_TO_UINT(g_hash_table_lookup(finder->words, text));
    if (at == 0) {
        at = (uint32_t)finder->texts->len + 1;
        g_string_append_len(finder->texts, text, (gssize)strlen(text) + 1);
        g_hash_table_insert(finder->words, g_strdup(text), GUINT_TO_POINTER(at));
    }
    return at - 1;
}

/* The words of an address that traditional script writes otherwise, read as the simplified ones:
 * other characters are matched by their sound. All take three bytes. */
static void simplify(char *folded)
{
    static const char *const pairs[][2] = {{"號", "号"}, {"對", "对"}, {"後", "后"}, {"邊", "边"},
                                           {"與", "与"}, {"樓", "楼"}, {"棟", "栋"}, {"門", "门"},
                                           {"東", "东"}, {"頭", "头"}, {"側", "侧"}, {"過", "过"}};
    for (char *at = folded; *at; at = g_utf8_next_char(at))
        for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
            if (!strncmp(at, pairs[i][0], 3))
                memcpy(at, pairs[i][1], 3);
}

char *geo_finder_fold(const char *text)
{
    g_autofree char *plain = text ? g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE) : NULL;
    char *folded = plain ? g_utf8_casefold(plain, -1) : NULL;
    if (folded)
        simplify(folded);
    return folded;
}

static uint32_t put_folded(GeoFinder *finder, const char *text)
{
    g_autofree char *folded = geo_finder_fold(text);
    return geo_finder_put_text(finder, folded);
}

static uint8_t put_level(GeoFinder *finder, const char *level)
{
    uint32_t name = geo_finder_put_text(finder, level ? level : "area");
    guint i = 0;
    while (i < finder->levels->len && i + 1 < MAX_LEVELS &&
           g_array_index(finder->levels, GeoFinderLevel, i).name != name)
        i++;
    if (i == finder->levels->len)
        g_array_append_val(finder->levels, ((GeoFinderLevel){name, 0}));
    g_array_index(finder->levels, GeoFinderLevel, i).n++;
    return (uint8_t)i;
}

static GeoFinderEntry *add_entry(GeoFinder *finder, GeoFoundKind kind, const GeoRow *row,
                                 GeoLonLat at, const char *name)
{
    name = name && *name ? name : NULL;
    GeoFinderEntry entry = {.id = row->id, .kind = (uint8_t)kind, .at = at};
    entry.title = geo_finder_put_text(finder, name ? name : row->code);
    entry.code = geo_finder_put_text(finder, row->code);
    if (entry.title == GEO_FINDER_NO_TEXT)
        return NULL;
    entry.folded = put_folded(finder, name);
    entry.folded_code = put_folded(finder, row->code);
    geo_bounds_add(&finder->bounds, at);
    g_array_append_val(finder->entries, entry);
    return &g_array_index(finder->entries, GeoFinderEntry, finder->entries->len - 1);
}

static void set_box(GeoFinder *finder, GeoFinderEntry *entry, GeoBounds bounds, uint32_t row)
{
    g_array_append_val(finder->boxes, ((GeoFinderBox){bounds, row}));
    entry->box = finder->boxes->len;
}

/* The last entry goes under its own name in the index. */
static void add_own(GeoFinder *finder)
{
    uint32_t last = finder->entries->len - 1;
    const char *folded =
        geo_finder_text(finder, g_array_index(finder->entries, GeoFinderEntry, last).folded);
    g_autofree char *text = g_strdup(folded); /* the block of texts may move */
    if (text)
        geo_finder_add_own(finder, geo_finder_name(finder, text), last);
}

/* ---- areas ---- */

static int by_number(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

/* A place inside: the middle of the widest stretch inside along the parallel through the middle.
 * The box's own middle may lie in the neighbour. */
static GeoLonLat inner_place(const GeoBatch *batch, const GeoRow *row)
{
    GeoBounds box = geo_batch_row_bounds(batch, row);
    double lat = (box.south + box.north) / 2, widest = -1;
    GeoLonLat place = {(box.west + box.east) / 2, lat};
    g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(double));
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *ring = geo_batch_part(batch, row, k, &n);
        for (size_t i = 0; i + 1 < n; i++) {
            GeoLonLat a = ring[i], b = ring[i + 1];
            if ((a.lat > lat) == (b.lat > lat))
                continue;
            double lon = a.lon + (lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon);
            g_array_append_val(cuts, lon);
        }
    }
    g_array_sort(cuts, by_number);
    for (guint i = 0; i + 1 < cuts->len; i += 2) {
        double west = g_array_index(cuts, double, i), east = g_array_index(cuts, double, i + 1);
        if (east - west <= widest)
            continue;
        widest = east - west;
        place.lon = (west + east) / 2;
    }
    return place;
}

static void add_area(GeoFinder *finder, const GeoBatch *batch, uint32_t i)
{
    const GeoArea *area = &g_array_index(batch->rows, GeoArea, i);
    GeoFinderEntry *entry = area->row.n_parts
                                ? add_entry(finder, GEO_FOUND_AREA, &area->row,
                                            inner_place(batch, &area->row), area->row.name)
                                : NULL;
    if (!entry)
        return;
    entry->level = put_level(finder, area->level);
    set_box(finder, entry, geo_batch_row_bounds(batch, &area->row), i);
    add_own(finder);
}

/* ---- streets ---- */

typedef struct {
    uint32_t name; /* offset of the folded name */
    guint row;
    GeoBounds box;
} Piece;

static int by_name(const void *a, const void *b)
{
    const Piece *p = a, *q = b;
    if (p->name != q->name)
        return p->name < q->name ? -1 : 1;
    return (p->row > q->row) - (p->row < q->row);
}

static void join(GeoBounds *box, const GeoBounds *more)
{
    geo_bounds_add(box, (GeoLonLat){more->west, more->south});
    geo_bounds_add(box, (GeoLonLat){more->east, more->north});
}

/* The boxes of the streets that n pieces of one name make. */
static void join_pieces(const Piece *pieces, guint n, GArray *streets)
{
    g_array_set_size(streets, 0);
    for (guint i = 0; i < n; i++) {
        GeoBounds box = pieces[i].box;
        for (guint k = 0; k < streets->len; k++) {
            const GeoBounds *street = &g_array_index(streets, GeoBounds, k);
            GeoBounds wide = {street->west - STREET_GAP_DEG, street->south - STREET_GAP_DEG,
                              street->east + STREET_GAP_DEG, street->north + STREET_GAP_DEG};
            if (!geo_bounds_meet(&wide, &box))
                continue;
            join(&box, street);
            g_array_remove_index_fast(streets, k);
            k = UINT_MAX; /* grown: those before may touch it now */
        }
        g_array_append_val(streets, box);
    }
}

static double apart2(GeoLonLat a, GeoLonLat b)
{
    double x = (a.lon - b.lon) * cos(b.lat * G_PI / 180), y = a.lat - b.lat;
    return x * x + y * y;
}

/* The street's row and point nearest to the middle of its box. */
static void add_street(GeoFinder *finder, const GeoBatch *batch, const Piece *pieces, guint n,
                       GeoBounds box)
{
    GeoLonLat middle = {(box.west + box.east) / 2, (box.south + box.north) / 2}, at = middle;
    const GeoRow *nearest = NULL;
    double best = INFINITY;
    for (guint i = 0; i < n; i++) {
        const GeoRow *row = geo_batch_row(batch, pieces[i].row);
        for (uint32_t k = 0; geo_bounds_meet(&box, &pieces[i].box) && k < row->n_parts; k++) {
            size_t n_points;
            const GeoLonLat *line = geo_batch_part(batch, row, k, &n_points);
            for (size_t p = 0; p < n_points; p++) {
                double off = apart2(line[p], middle);
                if (off >= best)
                    continue;
                best = off;
                at = line[p];
                nearest = row;
            }
        }
    }
    GeoFinderEntry *entry =
        nearest ? add_entry(finder, GEO_FOUND_STREET, nearest, at, nearest->name) : NULL;
    if (!entry)
        return;
    set_box(finder, entry, box, 0);
    add_own(finder);
}

static void add_lines(GeoFinder *finder, const GeoBatch *batch, const Piece *pieces, guint n)
{
    g_autofree char *text = g_strdup(geo_finder_text(finder, pieces->name));
    uint32_t name = geo_finder_name(finder, text);
    for (guint i = 0; i < n && name != GEO_FINDER_NONE; i++) {
        const GeoRow *row = geo_batch_row(batch, pieces[i].row);
        for (uint32_t k = 0; k < row->n_parts; k++) {
            size_t n_points;
            const GeoLonLat *line = geo_batch_part(batch, row, k, &n_points);
            geo_finder_add_piece(finder, name, line, n_points);
        }
    }
}

static void add_streets(GeoFinder *finder, const GeoBatch *batch)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    g_autoptr(GArray) streets = g_array_new(FALSE, FALSE, sizeof(GeoBounds));
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoRow *row = geo_batch_row(batch, i);
        Piece piece = {put_folded(finder, row->name), i, geo_batch_row_bounds(batch, row)};
        if (piece.name != GEO_FINDER_NO_TEXT && !geo_bounds_empty(&piece.box))
            g_array_append_val(pieces, piece);
    }
    g_array_sort(pieces, by_name);
    for (guint i = 0, n; i < pieces->len; i += n) {
        const Piece *first = &g_array_index(pieces, Piece, i);
        for (n = 1; i + n < pieces->len && first[n].name == first->name;)
            n++;
        join_pieces(first, n, streets);
        add_lines(finder, batch, first, n);
        for (guint k = 0; k < streets->len; k++)
            add_street(finder, batch, first, n, g_array_index(streets, GeoBounds, k));
    }
}

/* ---- the others ---- */

/* Addresses repeat the names of facilities at the same place: one line is enough. */
static bool is_known(const GeoFinder *finder, GHashTable *facilities, const GeoRow *row,
                     GeoLonLat at)
{
    g_autofree char *folded = geo_finder_fold(row->name);
    guint text = folded ? GPOINTER_TO_UINT(g_hash_table_lookup(finder->words, folded)) : 0;
    guint i = text ? GPOINTER_TO_UINT(g_hash_table_lookup(facilities, GUINT_TO_POINTER(text))) : 0;
    return i && apart2(g_array_index(finder->entries, GeoFinderEntry, i - 1).at, at) <
                    SAME_PLACE_DEG * SAME_PLACE_DEG;
}

/* A door without a name of its own is called by its street and number. */
static char *dup_door(const GeoAddress *address)
{
    if (address->row.name || !address->road || !address->number)
        return g_strdup(address->row.name);
    return g_strdup_printf("%s %s", address->road, address->number);
}

/* A name that is but a number of the register: nobody says it. */
static bool is_code(const char *name)
{
    return !name || strcspn(name, "0123456789") < strlen(name);
}

static void add_row(GeoFinder *finder, GeoFoundKind kind, const GeoBatch *batch, const GeoRow *row,
                    GHashTable *facilities)
{
    const GeoAddress *address =
        kind == GEO_FOUND_ADDRESS ? (const GeoAddress *)(const void *)row : NULL;
    GeoLonLat at;
    if (!geo_batch_first(batch, row, &at) || (kind == GEO_FOUND_BASE && !row->name) ||
        (kind == GEO_FOUND_ADDRESS && is_known(finder, facilities, row, at)))
        return;
    if (row->shape == GEO_SHAPE_POLYGON)
        at = inner_place(batch, row);
    g_autofree char *name = address ? dup_door(address) : g_strdup(row->name);
    GeoFinderEntry *entry = add_entry(finder, kind, row, at, name);
    if (entry && address) {
        entry->class = (uint8_t)address->class;
        geo_finder_add_address(finder, address, finder->entries->len - 1);
    } else if (entry && (kind != GEO_FOUND_CAMERA || !is_code(row->name)))
        add_own(finder);
    if (entry && kind == GEO_FOUND_FACILITY && entry->folded != GEO_FINDER_NO_TEXT)
        g_hash_table_insert(facilities, GUINT_TO_POINTER(entry->folded + 1),
                            GUINT_TO_POINTER(finder->entries->len));
}

/* Metres about the middle of the areas; of a city without them, about its streets. */
static bool set_plane(GeoFinder *finder, GeoStore *store, GError **error)
{
    static const GeoKind kinds[] = {GEO_KIND_AREA, GEO_KIND_ROAD, GEO_KIND_ADDRESS};
    GeoBounds b = GEO_BOUNDS_EMPTY;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && geo_bounds_empty(&b); i++)
        if (!geo_store_bounds(store, kinds[i], &b, error))
            return false;
    if (!geo_bounds_empty(&b))
        finder->origin = (GeoLonLat){(b.west + b.east) / 2, (b.south + b.north) / 2};
    double lat = finder->origin.lat * G_PI / 180; /* of the ellipsoid, WGS 84 */
    finder->m_per_lat = 111132.95 - 559.85 * cos(2 * lat) + 1.175 * cos(4 * lat);
    finder->m_per_lon = 111412.88 * cos(lat) - 93.5 * cos(3 * lat) + 0.118 * cos(5 * lat);
    return true;
}

static bool add_kind(GeoFinder *finder, GeoStore *store, GeoKind kind, GeoFoundKind as,
                     GHashTable *facilities, GeoProgress *progress, GError **error)
{
    g_autoptr(GeoBatch) batch = geo_store_load(store, kind, NULL, error);
    if (batch && kind == GEO_KIND_ROAD)
        add_streets(finder, batch);
    for (guint i = 0; batch && kind != GEO_KIND_ROAD && i < batch->rows->len; i++) {
        if (kind == GEO_KIND_AREA)
            add_area(finder, batch, i);
        else
            add_row(finder, as, batch, geo_batch_row(batch, i), facilities);
        if (i % STEP_ROWS == 0 &&
            !geo_progress_step(progress, (double)i / (double)batch->rows->len, error))
            return false;
    }
    if (kind == GEO_KIND_AREA)
        finder->areas = g_steal_pointer(&batch);
    return finder->areas != NULL && (kind == GEO_KIND_AREA || batch != NULL);
}

/* The greatest level of more than one area tells where a hit lies. */
static void choose_districts(GeoFinder *finder)
{
    const GeoFinderLevel *best = NULL;
    for (guint i = 0; i < finder->levels->len; i++) {
        const GeoFinderLevel *level = &g_array_index(finder->levels, GeoFinderLevel, i);
        if (level->n > 1 && (!best || level->n < best->n))
            best = level;
    }
    finder->districts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; best && i < finder->areas->rows->len; i++) {
        const GeoArea *area = &g_array_index(finder->areas->rows, GeoArea, i);
        if (g_strcmp0(area->level ? area->level : "area", finder->texts->str + best->name) == 0)
            g_array_append_val(finder->districts, i);
    }
}

/* What grew by doubling is cut to size. */
static void trim(GeoFinder *finder)
{
    GArray *exact = g_array_sized_new(FALSE, FALSE, sizeof(GeoFinderEntry), finder->entries->len);
    g_array_append_vals(exact, finder->entries->data, finder->entries->len);
    g_array_unref(finder->entries);
    finder->entries = exact;
    GString *texts = g_string_sized_new(finder->texts->len + 1);
    g_string_append_len(texts, finder->texts->str, (gssize)finder->texts->len);
    g_string_free(finder->texts, TRUE);
    finder->texts = texts;
    g_clear_pointer(&finder->words, g_hash_table_unref);
}

GeoFinder *geo_finder_load(GeoStore *store, GeoProgress *progress, GError **error)
{
    static const struct {
        GeoKind kind;
        GeoFoundKind as;
    } kinds[] = {{GEO_KIND_AREA, GEO_FOUND_AREA},         {GEO_KIND_ROAD, GEO_FOUND_STREET},
                 {GEO_KIND_FACILITY, GEO_FOUND_FACILITY}, {GEO_KIND_BASE, GEO_FOUND_BASE},
                 {GEO_KIND_CAMERA, GEO_FOUND_CAMERA},     {GEO_KIND_ADDRESS, GEO_FOUND_ADDRESS}};
    g_autoptr(GeoFinder) finder = g_new0(GeoFinder, 1);
    g_autoptr(GHashTable) facilities = g_hash_table_new(NULL, NULL);
    finder->entries = g_array_new(FALSE, FALSE, sizeof(GeoFinderEntry));
    finder->boxes = g_array_new(FALSE, FALSE, sizeof(GeoFinderBox));
    finder->levels = g_array_new(FALSE, FALSE, sizeof(GeoFinderLevel));
    finder->texts = g_string_new(NULL);
    finder->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    finder->bounds = GEO_BOUNDS_EMPTY;
    geo_finder_names_begin(finder);
    g_autofree char *city = geo_finder_fold(geo_store_city(store)->name);
    finder->city = g_strsplit_set(city ? city : "", " ,", -1);
    geo_progress_begin(progress, "names and codes");
    if (!set_plane(finder, store, error))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (!add_kind(finder, store, kinds[i].kind, kinds[i].as, facilities, progress, error))
            return NULL;
    geo_finder_names_end(finder);
    trim(finder);
    choose_districts(finder);
    return g_steal_pointer(&finder);
}

void geo_finder_free(GeoFinder *finder)
{
    if (!finder)
        return;
    g_array_unref(finder->entries);
    g_array_unref(finder->boxes);
    g_array_unref(finder->levels);
    g_string_free(finder->texts, TRUE);
    g_clear_pointer(&finder->words, g_hash_table_unref);
    geo_batch_free(finder->areas);
    g_clear_pointer(&finder->districts, g_array_unref);
    geo_finder_names_clear(finder);
    g_strfreev(finder->city);
    g_free(finder);
}
