/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search is one pass with strstr over all texts, folded once at load: for a city's 220,000 texts
 * of some 20 bytes a few milliseconds, and no index that must be kept. The best are held in order
 * in the caller's few places; the rest is dropped as it comes. */
#include "geo/work/finder.h"

#include <math.h>
#include <string.h>

#include "geo/work/finder-entry.h"

#define LONG_CODE 4       /* bytes: so much of a code may be found in its middle */
#define FAR_FROM_CITY 1.0 /* degrees: two bare numbers farther off are no place */

enum { SAME, BEGINS, WORD_BEGINS, HOLDS, N_RANKS, NOT = -1 };

const char *const geo_found_words[] = {"area",   "street",  "facility",    "base",
                                       "camera", "address", "coordinates", NULL};

typedef struct {
    const char *text; /* folded */
    char *short_code; /* "01401" of "014-01"; NULL */
    GeoLonLat near;
    double lon_scale;
} Wanted;

typedef struct {
    const GeoFinderEntry *entry;
    int rank;
    uint32_t level_n; /* areas of its level */
    double off2;      /* squared degrees */
} Candidate;

size_t geo_finder_size(const GeoFinder *finder)
{
    return finder->entries->len;
}

static const char *text_at(const GeoFinder *finder, uint32_t at)
{
    return at == GEO_FINDER_NO_TEXT ? NULL : finder->texts->str + at;
}

static int fit(const char *text, const char *wanted)
{
    const char *found = text ? strstr(text, wanted) : NULL;
    if (!found)
        return NOT;
    if (found == text)
        return found[strlen(wanted)] == '\0' ? SAME : BEGINS;
    for (; found; found = strstr(found + 1, wanted)) {
        guchar before = (guchar)found[-1];
        if (before < 0x80 && !g_ascii_isalnum(before))
            return WORD_BEGINS;
    }
    return HOLDS;
}

static int fit_code(const char *code, const Wanted *wanted, bool area)
{
    int rank = fit(code, wanted->text);
    if (rank > BEGINS && strlen(wanted->text) < LONG_CODE)
        rank = NOT;
    if (rank == NOT && area && code && wanted->short_code &&
        strlen(code) > strlen(wanted->short_code) && g_str_has_suffix(code, wanted->short_code))
        rank = BEGINS;
    return rank;
}

static int best_fit(const GeoFinder *finder, const GeoFinderEntry *entry, const Wanted *wanted)
{
    int by_name = fit(text_at(finder, entry->folded), wanted->text);
    if (by_name == SAME)
        return by_name;
    int by_code =
        fit_code(text_at(finder, entry->folded_code), wanted, entry->kind == GEO_FOUND_AREA);
    return by_name == NOT || (by_code != NOT && by_code < by_name) ? by_code : by_name;
}

/* "01401" of "014-01", the end of 34010401401401: the community's last three and the grid's two.
 * NULL for other texts. */
static char *dup_short_code(const char *text)
{
    size_t before = strspn(text, "0123456789");
    size_t after = text[before] == '-' ? strspn(text + before + 1, "0123456789") : 0;
    if (before == 0 || after == 0 || text[before + 1 + after] != '\0')
        return NULL;
    return g_strdup_printf("%.*s%s", (int)before, text, text + before + 1);
}

/* How far the entry's place, or its box, is from where the person looks. */
static double off2_of(const GeoFinder *finder, const GeoFinderEntry *entry, const Wanted *wanted)
{
    GeoLonLat p = entry->at;
    if (entry->box) {
        const GeoBounds *box = &g_array_index(finder->boxes, GeoBounds, entry->box - 1);
        p.lon = CLAMP(wanted->near.lon, box->west, box->east);
        p.lat = CLAMP(wanted->near.lat, box->south, box->north);
    }
    double x = (p.lon - wanted->near.lon) * wanted->lon_scale, y = p.lat - wanted->near.lat;
    return isfinite(x) && isfinite(y) ? x * x + y * y : 0;
}

static bool is_better(const Candidate *p, const Candidate *q)
{
    if (p->rank != q->rank)
        return p->rank < q->rank;
    if (p->entry->kind != q->entry->kind)
        return p->entry->kind < q->entry->kind;
    if (p->level_n != q->level_n)
        return p->level_n < q->level_n;
    if (p->off2 != q->off2)
        return p->off2 < q->off2;
    return p->entry->id < q->entry->id;
}

/* best holds at most max, in order. */
static void offer(GArray *best, size_t max, Candidate one)
{
    guint n = best->len;
    if (n == max && !is_better(&one, &g_array_index(best, Candidate, n - 1)))
        return;
    guint low = 0, high = n;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (is_better(&one, &g_array_index(best, Candidate, middle)))
            high = middle;
        else
            low = middle + 1;
    }
    g_array_insert_val(best, low, one);
    if (best->len > max)
        g_array_set_size(best, (guint)max);
}

/* ---- coordinates ---- */

static bool near_city(const GeoFinder *finder, GeoLonLat p, double by_deg)
{
    GeoBounds b = finder->bounds;
    return !geo_bounds_empty(&b) && p.lon >= b.west - by_deg && p.lon <= b.east + by_deg &&
           p.lat >= b.south - by_deg && p.lat <= b.north + by_deg;
}

/* "117.28, 31.86"; or, where only that lies in the city, "31.86 117.28". */
static bool read_coordinates(const GeoFinder *finder, const char *text, GeoLonLat *p)
{
    char *end = NULL;
    double a = g_ascii_strtod(text, &end);
    const char *rest = end + strspn(end, " ,;\t");
    if (end == text || rest == end) /* "014-01" is a code */
        return false;
    double b = g_ascii_strtod(rest, &end);
    if (end == rest || end[strspn(end, " ")] != '\0')
        return false;
    GeoLonLat way = {a, b}, other = {b, a};
    bool turned = !near_city(finder, way, 0) && near_city(finder, other, 0);
    *p = turned ? other : way;
    return geo_coord_valid(*p) && (strpbrk(text, ".,;") || near_city(finder, *p, FAR_FROM_CITY));
}

/* ---- the answer ---- */

static bool holds(const GeoBatch *batch, const GeoRow *row, GeoLonLat p)
{
    bool in = false;
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *ring = geo_batch_part(batch, row, k, &n);
        for (size_t i = 0; i + 1 < n; i++) {
            GeoLonLat a = ring[i], b = ring[i + 1];
            if ((a.lat > p.lat) != (b.lat > p.lat) &&
                p.lon < a.lon + (p.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
                in = !in;
        }
    }
    return in;
}

static const char *district_of(const GeoFinder *finder, GeoLonLat p)
{
    for (guint i = 0; finder->districts && i < finder->districts->rows->len; i++) {
        const GeoRow *row = geo_batch_row(finder->districts, i);
        if (holds(finder->districts, row, p))
            return row->name ? row->name : row->code;
    }
    return NULL;
}

static GeoFound hit_of(const GeoFinder *finder, const Candidate *one)
{
    const GeoFinderEntry *entry = one->entry;
    bool area = entry->kind == GEO_FOUND_AREA;
    GeoFound hit = {.kind = (GeoFoundKind)entry->kind,
                    .title = text_at(finder, entry->title),
                    .code = text_at(finder, entry->code),
                    .id = entry->id,
                    .at = entry->at,
                    .bounds = GEO_BOUNDS_EMPTY,
                    .rank = one->rank};
    if (entry->box)
        hit.bounds = g_array_index(finder->boxes, GeoBounds, entry->box - 1);
    if (area)
        hit.level =
            text_at(finder, g_array_index(finder->levels, GeoFinderLevel, entry->level).name);
    if (!area || one->level_n > finder->n_districts)
        hit.district = district_of(finder, entry->at);
    return hit;
}

void geo_finder_search(const GeoFinder *finder, const char *text, GeoLonLat near, size_t max,
                       GArray *found)
{
    g_array_set_size(found, 0);
    g_autofree char *folded = geo_finder_fold(text);
    if (!folded || !*g_strstrip(folded) || max == 0)
        return;
    g_autofree char *short_code = dup_short_code(folded);
    Wanted wanted = {folded, short_code, near, cos(near.lat * G_PI / 180)};
    GeoFound spot = {.kind = GEO_FOUND_COORDINATES, .title = "", .bounds = GEO_BOUNDS_EMPTY};
    if (read_coordinates(finder, folded, &spot.at)) {
        spot.district = district_of(finder, spot.at);
        g_array_append_val(found, spot);
    }
    g_autoptr(GArray) best = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (guint i = 0; i < finder->entries->len; i++) {
        const GeoFinderEntry *entry = &g_array_index(finder->entries, GeoFinderEntry, i);
        Candidate one = {entry, best_fit(finder, entry, &wanted), 0, 0};
        if (one.rank == NOT)
            continue;
        if (entry->kind == GEO_FOUND_AREA)
            one.level_n = g_array_index(finder->levels, GeoFinderLevel, entry->level).n;
        one.off2 = off2_of(finder, entry, &wanted);
        offer(best, max, one);
    }
    for (guint i = 0; i < best->len && found->len < max; i++) {
        GeoFound hit = hit_of(finder, &g_array_index(best, Candidate, i));
        g_array_append_val(found, hit);
    }
}
