/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search is one pass with strstr over all texts, folded once at load: for a city's 220,000 texts
 * of some 20 bytes a few milliseconds, and no index that must be kept. The best are held in order
 * in the caller's few places; the rest is dropped as it comes. What places are left go to what the
 * words may mean (finder-answer.c). */
#include "geo/work/finder.h"

#include <math.h>
#include <string.h>

#include "geo/model/coordtext.h"
#include "geo/work/finder-entry.h"

#define LONG_TEXT 64 /* bytes: more than most names have */
#define LONG_CODE 4  /* bytes: so much of a code may be found in its middle */
#define JUST_THAT 0.99
#define BESIDE_LITERAL 0.85 /* so well must the meaning fit where the text itself was found */
#define MAX_MEANT 200       /* places by their words, of one search */
#define EXCERPT 18 /* units of a long text that are read at once: more than an address has */
#define EXCERPT_STEP 9
#define MAX_EXCERPTS 7        /* 72 units, 50 ms for the worst of them; the rest is not read */
#define BEST_OF_EXCERPT 3     /* so many places of each */
#define LEAST_OF_EXCERPT 0.55 /* many words sound like some name */
#define FAR_FROM_CITY 1.0     /* degrees: two bare numbers farther off are no place */

enum { SAME, BEGINS, WORD_BEGINS, HOLDS, N_RANKS, NOT = -1 };

typedef struct {
    const char *text;   /* folded */
    size_t n;           /* its bytes */
    char *short_code;   /* "01401" of "014-01"; NULL */
    size_t n_letters;   /* of "cam 142", that may be written "CAM-00142" in the register; 0: none */
    const char *number; /* its "142" */
    GeoLonLat near;
    double lon_scale;
} Wanted;

typedef struct {
    const GeoFinderEntry *entry;
    int rank;
    bool by_code;
    uint32_t level_n; /* areas of its level */
    double off2;      /* squared degrees */
} Candidate;

size_t geo_finder_size(const GeoFinder *finder)
{
    return finder->entries->len;
}

size_t geo_finder_bytes(const GeoFinder *finder)
{
    const GArray *arrays[] = {finder->entries, finder->boxes, finder->names, finder->glyphs,
                              finder->spelt,   finder->posts, finder->keys,  finder->own,
                              finder->pieces,  finder->points};
    size_t sum = finder->texts->len + finder->areas->points->len * sizeof(GeoLonLat) +
                 finder->areas->rows->len * sizeof(GeoArea);
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        sum += (size_t)arrays[i]->len * g_array_get_element_size((GArray *)arrays[i]);
    return sum;
}

/* strstr looks through all of a long text before it sees how short the name is. */
static int fit(const char *text, const Wanted *wanted)
{
    if (!text || (wanted->n > LONG_TEXT && strnlen(text, wanted->n) < wanted->n))
        return NOT;
    const char *found = strstr(text, wanted->text);
    if (!found)
        return NOT;
    if (found == text)
        return found[wanted->n] == '\0' ? SAME : BEGINS;
    for (; found; found = strstr(found + 1, wanted->text)) {
        guchar before = (guchar)found[-1];
        if (before < 0x80 && !g_ascii_isalnum(before))
            return WORD_BEGINS;
    }
    return HOLDS;
}

static const char *skip_zeros(const char *number)
{
    while (number[0] == '0' && g_ascii_isdigit(number[1]))
        number++;
    return number;
}

/* Letters, a number, and at most a hyphen or a space between: where the number begins. NULL: it is
 * no such id. */
static const char *number_of_id(const char *text, size_t *n_letters)
{
    size_t n = 0;
    while (g_ascii_isalpha(text[n]))
        n++;
    const char *number = text + n + (n > 0 && strchr("- _", text[n]) != NULL && text[n] != '\0');
    size_t digits = strspn(number, "0123456789");
    if (n == 0 || digits == 0 || number[digits] != '\0')
        return NULL;
    *n_letters = n;
    return skip_zeros(number);
}

/* The same letters and number, whatever stands between and however many zeros. */
static bool is_same_id(const char *code, const Wanted *wanted)
{
    size_t n = wanted->n_letters;
    if (n == 0 || !code || *code != *wanted->text || strncmp(code, wanted->text, n) != 0)
        return false;
    size_t n_letters = 0;
    const char *number = number_of_id(code, &n_letters);
    return number && n_letters == n && strcmp(number, wanted->number) == 0;
}

static int fit_code(const char *code, const Wanted *wanted, bool area)
{
    if (is_same_id(code, wanted))
        return SAME;
    int rank = fit(code, wanted);
    if (rank > BEGINS && wanted->n < LONG_CODE)
        rank = NOT;
    if (rank == NOT && area && code && wanted->short_code &&
        strlen(code) > strlen(wanted->short_code) && g_str_has_suffix(code, wanted->short_code))
        rank = BEGINS;
    return rank;
}

static int best_fit(const GeoFinder *finder, const GeoFinderEntry *entry, const Wanted *wanted,
                    bool *is_code)
{
    *is_code = false;
    const char *name = geo_finder_text(finder, entry->folded);
    int by_name = is_same_id(name, wanted) ? SAME : fit(name, wanted);
    if (by_name == SAME)
        return by_name;
    int by_code = fit_code(geo_finder_text(finder, entry->folded_code), wanted,
                           entry->kind == GEO_FOUND_AREA);
    *is_code = by_code != NOT && (by_name == NOT || by_code < by_name);
    return *is_code ? by_code : by_name;
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
        const GeoBounds *box = &g_array_index(finder->boxes, GeoFinderBox, entry->box - 1).bounds;
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

/* Takes a datum's name out of the text; the rest are figures or no coordinates. */
static bool take_datum(char *text, GeoFoundDatum *datum)
{
    static const struct {
        const char *word;
        GeoFoundDatum datum;
    } words[] = {
        {"cgcs2000", GEO_DATUM_WGS84}, {"wgs-84", GEO_DATUM_WGS84}, {"wgs84", GEO_DATUM_WGS84},
        {"gps", GEO_DATUM_WGS84},      {"gcj-02", GEO_DATUM_GCJ02}, {"gcj02", GEO_DATUM_GCJ02},
        {"火星", GEO_DATUM_GCJ02},     {"高德", GEO_DATUM_GCJ02},   {"腾讯", GEO_DATUM_GCJ02},
        {"bd-09", GEO_DATUM_BD09},     {"bd09", GEO_DATUM_BD09},    {"百度", GEO_DATUM_BD09},
        {"天地图", GEO_DATUM_WGS84},   {"坐标", GEO_N_DATUMS},      {"经纬度", GEO_N_DATUMS}};
    bool named = false;
    *datum = GEO_DATUM_WGS84;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        char *hit = strstr(text, words[i].word);
        for (; hit; hit = strstr(hit, words[i].word)) {
            memset(hit, ' ', strlen(words[i].word));
            if (words[i].datum == GEO_N_DATUMS)
                continue;
            *datum = words[i].datum;
            named = true;
        }
    }
    return named;
}

/* From the city's bounds. */
static double outside_m(const GeoFinder *finder, GeoLonLat p)
{
    GeoBounds b = finder->bounds;
    if (geo_bounds_empty(&b))
        return 0;
    GeoLonLat edge = {CLAMP(p.lon, b.west, b.east), CLAMP(p.lat, b.south, b.north)};
    return geo_coord_distance_m(p, edge);
}

static GeoLonLat to_wgs84(GeoLonLat p, GeoFoundDatum datum)
{
    return datum == GEO_DATUM_GCJ02  ? geo_coord_from_gcj02(p)
           : datum == GEO_DATUM_BD09 ? geo_coord_from_bd09(p)
                                     : p;
}

/* "117.28, 31.86"; or, where only that lies in the city, "31.86 117.28"; "gcj02:117.28,31.86"; with
 * directions, degrees, minutes and seconds. */
static bool read_coordinates(const GeoFinder *finder, const char *folded, GeoFound *spot)
{
    g_autofree char *text = g_strdup(folded);
    bool named = take_datum(text, &spot->datum);
    GeoCoordText read;
    if (!geo_coordtext_read(text, &read))
        return false;
    GeoLonLat way = {read.first, read.second}, other = {read.second, read.first};
    bool turned = !read.axes && ((!near_city(finder, way, 0) && near_city(finder, other, 0)) ||
                                 !geo_coord_valid(way));
    spot->at = turned ? other : way;
    if (!geo_coord_valid(spot->at) || !(named || !read.plain || strpbrk(text, ",;") ||
                                        near_city(finder, spot->at, FAR_FROM_CITY)))
        return false;
    spot->at = to_wgs84(spot->at, spot->datum);
    spot->outside_m = outside_m(finder, spot->at);
    spot->kind = GEO_FOUND_COORDINATES;
    spot->bounds = GEO_BOUNDS_EMPTY;
    spot->score = 1;
    spot->why =
        GEO_WHY_DATUM | (turned ? GEO_WHY_TURNED : 0) | (spot->outside_m > 0 ? GEO_WHY_OUTSIDE : 0);
    return true;
}

/* ---- the answer ---- */

bool geo_finder_holds(const GeoBatch *batch, const GeoRow *row, GeoLonLat p)
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
    for (guint i = 0; i < finder->districts->len; i++) {
        uint32_t at = g_array_index(finder->districts, uint32_t, i);
        const GeoRow *row = geo_batch_row(finder->areas, at);
        if (geo_finder_holds(finder->areas, row, p))
            return row->name ? row->name : row->code;
    }
    return NULL;
}

/* Cut between characters. */
static void set_title(GeoFound *hit, const char *text)
{
    size_t n = strlen(text);
    while (n >= sizeof hit->title || ((guchar)text[n] & 0xc0) == 0x80)
        n--;
    memcpy(hit->title, text, n);
    hit->title[n] = '\0';
}

static GeoFound hit_of(const GeoFinder *finder, const GeoFinderEntry *entry)
{
    GeoFound hit = {.kind = (GeoFoundKind)entry->kind,
                    .code = geo_finder_text(finder, entry->code),
                    .id = entry->id,
                    .at = entry->at,
                    .bounds = GEO_BOUNDS_EMPTY};
    uint32_t level_n = UINT32_MAX;
    set_title(&hit, geo_finder_text(finder, entry->title));
    if (entry->box)
        hit.bounds = g_array_index(finder->boxes, GeoFinderBox, entry->box - 1).bounds;
    if (entry->kind == GEO_FOUND_AREA) {
        const GeoFinderLevel *level = &g_array_index(finder->levels, GeoFinderLevel, entry->level);
        hit.level = geo_finder_text(finder, level->name);
        level_n = level->n;
    }
    if (level_n > finder->districts->len)
        hit.district = district_of(finder, entry->at);
    return hit;
}

static bool is_told(const GArray *found, const GeoFound *hit)
{
    for (guint i = 0; i < found->len; i++) {
        const GeoFound *other = &g_array_index(found, GeoFound, i);
        if (hit->id && other->kind == hit->kind && other->id == hit->id)
            return true;
    }
    return false;
}

static bool is_full_of_same(const GArray *best, size_t max)
{
    return best->len == max && g_array_index(best, Candidate, max - 1).rank == SAME;
}

/* Those of ranks from to. */
static void add_literal(const GeoFinder *finder, const GArray *best, int from, int to, size_t max,
                        GArray *found)
{
    static const double scores[N_RANKS] = {1, 0.9, 0.8, 0.7};
    static const uint32_t whys[N_RANKS] = {GEO_WHY_SAME, GEO_WHY_BEGINS, GEO_WHY_HOLDS,
                                           GEO_WHY_HOLDS};
    for (guint i = 0; i < best->len && found->len < max; i++) {
        const Candidate *one = &g_array_index(best, Candidate, i);
        if (one->rank < from || one->rank > to)
            continue;
        GeoFound hit = hit_of(finder, one->entry);
        if (is_told(found, &hit))
            continue;
        hit.rank = one->rank;
        hit.score = scores[one->rank];
        hit.why = whys[one->rank] | (one->by_code ? GEO_WHY_CODE : 0) |
                  (geo_finder_is_alias(one->entry) ? GEO_WHY_ALIAS : 0);
        g_array_append_val(found, hit);
    }
}

/* A house number that was said in full is meant before one that begins with it: "4" is not "40". */
static bool is_just_that(const GeoFound *hit)
{
    return hit->score >= JUST_THAT && hit->why & GEO_WHY_NUMBER;
}

/* The next best answer of the question's readings. -1: none left. */
static int better_reading(GArray *const answers[GEO_FINDER_N_READINGS],
                          const guint next[GEO_FINDER_N_READINGS])
{
    int best = -1;
    for (int i = 0; i < GEO_FINDER_N_READINGS; i++)
        if (answers[i] && next[i] < answers[i]->len &&
            (best < 0 || g_array_index(answers[i], GeoFinderAnswer, next[i]).order >
                             g_array_index(answers[best], GeoFinderAnswer, next[best]).order))
            best = i;
    return best;
}

/* What the words may mean, best first. */
static void list_meant(const GeoFinder *finder, const char *folded, GeoLonLat near, guint max,
                       GArray *meant)
{
    GeoFinderAsk asks[GEO_FINDER_N_READINGS];
    GArray *answers[GEO_FINDER_N_READINGS] = {NULL};
    guint next[GEO_FINDER_N_READINGS] = {0};
    GeoXY from = geo_finder_xy(finder, near);
    for (int k = 0; k < GEO_FINDER_N_READINGS; k++) {
        geo_finder_ask(finder, folded, (GeoFinderReading)k, &asks[k]);
        if (k == GEO_FINDER_WORDS || (k == GEO_FINDER_SYLLABLES && asks[0].has_syllables) ||
            (k == GEO_FINDER_OTHER_SYLLABLES && asks[0].cut_otherwise))
            answers[k] = geo_finder_answer(finder, &asks[k], from, max);
    }
    for (int k; (k = better_reading(answers, next)) >= 0;) {
        const GeoFinderAnswer *answer = &g_array_index(answers[k], GeoFinderAnswer, next[k]++);
        GeoFound hit = {.bounds = GEO_BOUNDS_EMPTY};
        if (answer->entry != GEO_FINDER_NONE)
            hit = hit_of(finder, &g_array_index(finder->entries, GeoFinderEntry, answer->entry));
        geo_finder_tell(finder, &asks[k], answer, &hit);
        if (answer->entry == GEO_FINDER_NONE || hit.move >= GEO_MOVE_OPPOSITE)
            hit.district = district_of(finder, hit.at);
        if (!is_told(meant, &hit))
            g_array_append_val(meant, hit);
    }
    for (int k = 0; k < GEO_FINDER_N_READINGS; k++)
        g_clear_pointer(&answers[k], g_array_unref);
}

static int by_score(const void *a, const void *b)
{
    double p = ((const GeoFound *)a)->score, q = ((const GeoFound *)b)->score;
    return (p < q) - (p > q);
}

/* The same place, whether it has an id or was made: in two excerpts it may be said alike. */
static GeoFound *told_before(GArray *meant, const GeoFound *hit)
{
    for (guint i = 0; i < meant->len; i++) {
        GeoFound *other = &g_array_index(meant, GeoFound, i);
        if (other->kind == hit->kind && other->id == hit->id &&
            (hit->id || strcmp(other->title, hit->title) == 0))
            return other;
    }
    return NULL;
}

/* Where the units of a text begin, and the end of the last; but the first MAX_EXCERPTS' worth. */
static GArray *dup_starts(const char *folded)
{
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GeoFinderUnit unit = {0};
    uint32_t at = 0;
    while (starts->len < EXCERPT + EXCERPT_STEP * (MAX_EXCERPTS - 1) &&
           geo_finder_unit(folded, &at, &unit))
        g_array_append_val(starts, unit.start);
    g_array_append_val(starts, unit.end);
    return starts;
}

/* A report as it was told names its place in a few of many words: they are read in stretches. */
static void list_excerpts(const GeoFinder *finder, const char *folded, const GArray *starts,
                          GeoLonLat near, guint max, GArray *meant)
{
    guint n = starts->len - 1;
    g_array_set_size(meant, 0);
    g_autoptr(GArray) part = g_array_new(FALSE, FALSE, sizeof(GeoFound));
    for (guint at = 0; at == 0 || at + EXCERPT - EXCERPT_STEP < n; at += EXCERPT_STEP) {
        guint from = MIN(at, n - EXCERPT); /* the last is as long as the others */
        uint32_t start = g_array_index(starts, uint32_t, from);
        uint32_t end = g_array_index(starts, uint32_t, from + EXCERPT);
        g_autofree char *text = g_strndup(folded + start, end - start);
        g_array_set_size(part, 0);
        list_meant(finder, text, near, MIN(max, BEST_OF_EXCERPT), part);
        for (guint i = 0; i < part->len; i++) {
            GeoFound hit = g_array_index(part, GeoFound, i);
            GeoFound *before = told_before(meant, &hit);
            hit.why |= GEO_WHY_EXCERPT;
            if (before && before->score < hit.score)
                *before = hit;
            else if (!before && (hit.score >= LEAST_OF_EXCERPT || hit.why & GEO_WHY_SAME))
                g_array_append_val(meant, hit);
        }
    }
    g_array_sort(meant, by_score);
    if (meant->len > max)
        g_array_set_size(meant, max);
}

/* All of a text where it is short; of a long one its parts where they tell more. */
static void list_sense(const GeoFinder *finder, const char *folded, GeoLonLat near, guint max,
                       GArray *meant)
{
    g_autoptr(GArray) starts = dup_starts(folded);
    guint n = starts->len - 1;
    if (n <= GEO_FINDER_MAX_UNITS)
        list_meant(finder, folded, near, max, meant);
    if (n > GEO_FINDER_MAX_UNITS || (n > EXCERPT && meant->len == 0))
        list_excerpts(finder, folded, starts, near, max, meant);
}

static void add_meant(const GArray *meant, bool just_that, double least, size_t max, GArray *found)
{
    for (guint i = 0; i < meant->len && found->len < max; i++) {
        const GeoFound *hit = &g_array_index(meant, GeoFound, i);
        if (hit->score >= least && is_just_that(hit) == just_that && !is_told(found, hit))
            g_array_append_vals(found, hit, 1);
    }
}

void geo_finder_search(const GeoFinder *finder, const char *text, GeoLonLat near, size_t max,
                       GArray *found)
{
    g_array_set_size(found, 0);
    g_autofree char *folded = geo_finder_fold(text);
    if (!folded || !*g_strstrip(folded) || max == 0)
        return;
    g_autofree char *short_code = dup_short_code(folded);
    Wanted wanted = {.text = folded,
                     .n = strlen(folded),
                     .short_code = short_code,
                     .near = near,
                     .lon_scale = cos(near.lat * G_PI / 180)};
    wanted.number = number_of_id(folded, &wanted.n_letters);
    GeoFound spot = {0};
    bool figures = read_coordinates(finder, folded, &spot);
    if (figures) {
        spot.district = district_of(finder, spot.at);
        g_array_append_val(found, spot);
    }
    g_autoptr(GArray) best = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (guint i = 0; i < finder->entries->len; i++) {
        const GeoFinderEntry *entry = &g_array_index(finder->entries, GeoFinderEntry, i);
        Candidate one = {.entry = entry};
        one.rank = best_fit(finder, entry, &wanted, &one.by_code);
        if (one.rank == NOT)
            continue;
        if (entry->kind == GEO_FOUND_AREA)
            one.level_n = g_array_index(finder->levels, GeoFinderLevel, entry->level).n;
        one.off2 = off2_of(finder, entry, &wanted);
        offer(best, max, one);
    }
    g_autoptr(GArray) meant = g_array_new(FALSE, FALSE, sizeof(GeoFound));
    if (!figures && (best->len == 0 || !is_full_of_same(best, max)))
        list_sense(finder, folded, near, (guint)MIN(max, MAX_MEANT), meant);
    add_literal(finder, best, SAME, SAME, max, found);
    add_meant(meant, true, 0, max, found);
    add_literal(finder, best, BEGINS, HOLDS, max, found);
    add_meant(meant, false, best->len > 0 ? BESIDE_LITERAL : 0, max, found);
}
