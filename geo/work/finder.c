/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All texts in one block, folded once; a search is one pass with strstr over it, which for a city's
 * 250,000 texts of some 20 bytes is a few milliseconds and needs no index that must be kept. */
#include "geo/work/finder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEP_ROWS 8192
#define NO_TEXT UINT32_MAX

typedef struct {
    uint32_t title, code, level; /* offsets in texts; NO_TEXT: none */
    uint32_t folded, folded_code;
    int64_t id;
    GeoLonLat at;
    GeoBounds bounds;
    GeoFoundKind kind;
} Entry;

struct GeoFinder {
    GArray *entries;   /* Entry */
    GString *texts;    /* with their zeros */
    GHashTable *words; /* text -> offset + 1, while loading: equal texts are kept once */
    GeoBounds bounds;
};

static uint32_t put_text(GeoFinder *finder, const char *text)
{
    if (!text || !*text)
        return NO_TEXT;
    uint32_t at = GPOINTER_TO_UINT(g_hash_table_lookup(finder->words, text));
    if (at == 0) {
        at = (uint32_t)finder->texts->len + 1;
        g_string_append_len(finder->texts, text, (gssize)strlen(text) + 1);
        g_hash_table_insert(finder->words, g_strdup(text), GUINT_TO_POINTER(at));
    }
    return at - 1;
}

/* Case and width do not matter: NFKC makes "１２" 12. */
static char *dup_folded(const char *text)
{
    g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    return plain ? g_utf8_casefold(plain, -1) : NULL;
}

static uint32_t put_folded(GeoFinder *finder, const char *text)
{
    g_autofree char *folded = text ? dup_folded(text) : NULL;
    return put_text(finder, folded);
}

static void put(GeoFinder *finder, GeoFoundKind kind, const GeoBatch *batch, const GeoRow *row,
                const char *name, const char *level)
{
    const char *title = name && *name ? name : row->code;
    Entry entry = {.id = row->id, .kind = kind, .bounds = GEO_BOUNDS_EMPTY};
    if (!title || !geo_batch_first(batch, row, &entry.at))
        return;
    if (row->shape != GEO_SHAPE_POINT) {
        GeoBounds box = geo_batch_row_bounds(batch, row);
        entry.at = (GeoLonLat){(box.west + box.east) / 2, (box.south + box.north) / 2};
        entry.bounds = kind == GEO_FOUND_AREA ? box : entry.bounds;
    }
    if (kind == GEO_FOUND_STREET) { /* the middle of its box may lie off it */
        size_t n;
        const GeoLonLat *line = geo_batch_part(batch, row, 0, &n);
        entry.at = line[n / 2];
    }
    geo_bounds_add(&finder->bounds, entry.at);
    entry.title = put_text(finder, title);
    entry.code = put_text(finder, row->code);
    entry.level = put_text(finder, level);
    entry.folded = put_folded(finder, title);
    entry.folded_code = title == row->code ? NO_TEXT : put_folded(finder, row->code);
    g_array_append_val(finder->entries, entry);
}

/* Pieces of one street within 2 km are one entry. */
static bool is_known_street(GHashTable *seen, const char *name, GeoLonLat p)
{
    g_autofree char *key =
        g_strdup_printf("%s %d %d", name, (int)floor(p.lon / 0.02), (int)floor(p.lat / 0.02));
    if (g_hash_table_contains(seen, key))
        return true;
    g_hash_table_add(seen, g_steal_pointer(&key));
    return false;
}

static bool wanted(GHashTable *streets, GeoKind kind, const GeoBatch *batch, const GeoRow *row)
{
    GeoLonLat p;
    if (kind != GEO_KIND_ROAD)
        return kind != GEO_KIND_BASE || row->name;
    return row->name && geo_batch_first(batch, row, &p) && !is_known_street(streets, row->name, p);
}

static bool load_kind(GeoFinder *finder, GeoStore *store, GeoKind kind, GeoFoundKind as,
                      GeoProgress *progress, GError **error)
{
    g_autoptr(GeoBatch) batch = geo_store_load(store, kind, NULL, error);
    g_autoptr(GHashTable) streets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; batch && i < batch->rows->len; i++) {
        const GeoRow *row = geo_batch_row(batch, i);
        const char *level =
            kind == GEO_KIND_AREA ? ((const GeoArea *)(const void *)row)->level : NULL;
        if (wanted(streets, kind, batch, row))
            put(finder, as, batch, row, row->name, level);
        if (i % STEP_ROWS == 0 &&
            !geo_progress_step(progress, (double)i / (double)batch->rows->len, error))
            return false;
    }
    return batch != NULL;
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
    finder->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    finder->texts = g_string_new(NULL);
    finder->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    finder->bounds = GEO_BOUNDS_EMPTY;
    geo_progress_begin(progress, "names and codes");
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (!load_kind(finder, store, kinds[i].kind, kinds[i].as, progress, error))
            return NULL;
    g_clear_pointer(&finder->words, g_hash_table_unref);
    return g_steal_pointer(&finder);
}

void geo_finder_free(GeoFinder *finder)
{
    if (!finder)
        return;
    g_array_unref(finder->entries);
    g_string_free(finder->texts, TRUE);
    g_clear_pointer(&finder->words, g_hash_table_unref);
    g_free(finder);
}

size_t geo_finder_size(const GeoFinder *finder)
{
    return finder->entries->len;
}

/* ---- searching ---- */

static const char *text_at(const GeoFinder *finder, uint32_t at)
{
    return at == NO_TEXT ? NULL : finder->texts->str + at;
}

/* 0 the same, 1 begins with it, 2 holds it, -1 not at all. */
static int fit(const char *text, const char *wanted)
{
    const char *found = text ? strstr(text, wanted) : NULL;
    if (!found)
        return -1;
    return found > text ? 2 : found[strlen(wanted)] == '\0' ? 0 : 1;
}

/* "014-01" is the end of 34010401401401 without the three digits of street before it: the last
 * three of its community, and its own two. */
static int fit_short(const char *code, const char *wanted)
{
    size_t length = code ? strlen(code) : 0, dash = strcspn(wanted, "-");
    if (length < 5 || wanted[dash] != '-' || strlen(wanted) > 15)
        return -1;
    g_autofree char *joined = g_strdup_printf("%.*s%s", (int)dash, wanted, wanted + dash + 1);
    return g_str_has_suffix(code, joined) ? 1 : -1;
}

static int best_fit(const GeoFinder *finder, const Entry *entry, const char *wanted)
{
    int rank = fit(text_at(finder, entry->folded), wanted);
    const char *code = text_at(finder, entry->folded_code);
    int by_code = fit(code, wanted);
    if (by_code < 0 && entry->kind == GEO_FOUND_AREA)
        by_code = fit_short(code ? code : text_at(finder, entry->folded), wanted);
    return rank < 0 || (by_code >= 0 && by_code < rank) ? by_code : rank;
}

typedef struct {
    const Entry *entry;
    int rank;
    double off; /* squared degrees */
} Candidate;

static int by_merit(gconstpointer a, gconstpointer b)
{
    const Candidate *p = a, *q = b;
    if (p->rank != q->rank)
        return p->rank - q->rank;
    if (p->entry->kind != q->entry->kind)
        return (int)p->entry->kind - (int)q->entry->kind;
    if (p->off != q->off)
        return p->off < q->off ? -1 : 1;
    return (p->entry->id > q->entry->id) - (p->entry->id < q->entry->id);
}

/* "117.28, 31.86" or, where only that lies in the city, "31.86 117.28". */
static bool read_coordinates(const GeoFinder *finder, const char *text, GeoLonLat *p)
{
    char *end = NULL;
    double a = g_ascii_strtod(text, &end);
    if (end == text)
        return false;
    const char *rest = end + strspn(end, " ,\t");
    if (rest == end) /* "014-01" is a code */
        return false;
    double b = g_ascii_strtod(rest, &end);
    if (end == rest || end[strspn(end, " ")] != '\0')
        return false;
    GeoLonLat way = {a, b}, other = {b, a};
    GeoBounds spot = {b, a, b, a};
    bool turned = !geo_bounds_empty(&finder->bounds) && geo_bounds_meet(&finder->bounds, &spot);
    *p = turned ? other : way;
    return geo_coord_valid(*p);
}

/* A long street has an entry every 2 km: the nearest is enough. */
static bool is_told(const GArray *found, const char *title, GeoFoundKind kind)
{
    for (guint i = 0; kind == GEO_FOUND_STREET && i < found->len; i++) {
        const GeoFound *one = &g_array_index(found, GeoFound, i);
        if (one->kind == kind && one->title == title) /* equal texts are kept once */
            return true;
    }
    return false;
}

void geo_finder_search(const GeoFinder *finder, const char *text, GeoLonLat near, size_t max,
                       GArray *found)
{
    g_autofree char *trimmed = g_strstrip(g_strdup(text));
    g_autofree char *folded = dup_folded(trimmed);
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    GeoFound spot = {.kind = GEO_FOUND_COORDINATES, .title = "", .bounds = GEO_BOUNDS_EMPTY};
    g_array_set_size(found, 0);
    if (!folded || !*folded || max == 0)
        return;
    if (read_coordinates(finder, folded, &spot.at))
        g_array_append_val(found, spot);
    for (guint i = 0; i < finder->entries->len; i++) {
        const Entry *entry = &g_array_index(finder->entries, Entry, i);
        int rank = best_fit(finder, entry, folded);
        double dx = (entry->at.lon - near.lon) * 0.85, dy = entry->at.lat - near.lat;
        Candidate one = {entry, rank, dx * dx + dy * dy};
        if (rank >= 0)
            g_array_append_val(candidates, one);
    }
    g_array_sort(candidates, by_merit);
    for (guint i = 0; i < candidates->len && found->len < max; i++) {
        const Candidate *one = &g_array_index(candidates, Candidate, i);
        GeoFound hit = {one->entry->kind,
                        text_at(finder, one->entry->title),
                        text_at(finder, one->entry->code),
                        text_at(finder, one->entry->level),
                        one->entry->id,
                        one->entry->at,
                        one->entry->bounds,
                        one->rank};
        if (!is_told(found, hit.title, hit.kind))
            g_array_append_val(found, hit);
    }
}
