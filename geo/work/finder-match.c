/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names fitted to the words of a question. For each of its units the glyphs that are or sound like
 * it are marked; names that hold enough of them are then aligned with the question, all of the name
 * against any stretch of it, by dynamic programming: what is missing of the name lowers how
 * complete it is, what stands between costs. Initials ("cjzl") are compared with each name's
 * letters. */
#include <math.h>
#include <string.h>

#include "geo/work/finder-entry.h"

#define LEAST_COMPLETE 0.5f
#define LEAST_COMMON 0.45f /* of a name's weight must be marked before it is aligned */
#define GAP_COST 0.25f     /* of a unit of the question inside a name */
#define SWAP_COST 0.15f    /* of two units changed about */
#define MAX_GLYPHS 24      /* of a name; longer ones are cut */
#define LETTERS_OF_INITIALS 9

enum { SAME = 100, TYPED = 94, LIKE = 92, ABBREVIATED = 90, BEGINS = 84, NEAR = 78, MISTYPED = 74 };

/* ---- units like glyphs ---- */

static bool shares(const GeoFinderAskUnit *unit, const GeoFinderGlyph *glyph, bool near)
{
    for (int i = 0; i < unit->n_sounds; i++)
        for (int k = 0; k < glyph->n_sounds; k++) {
            GeoSound a = unit->sounds[i], b = glyph->sounds[k];
            if (near ? geo_sound_near(a) == geo_sound_near(b) : a == b)
                return true;
        }
    return false;
}

/* One letter more, less, other, or two changed about. */
static bool one_edit(const char *a, size_t n, const char *b, size_t m)
{
    size_t head = 0, tail = 0;
    while (head < n && head < m && a[head] == b[head])
        head++;
    while (tail < n - head && tail < m - head && a[n - 1 - tail] == b[m - 1 - tail])
        tail++;
    size_t p = n - head - tail, q = m - head - tail;
    return (p <= 1 && q <= 1) ||
           (p == 2 && q == 2 && a[head] == b[head + 1] && a[head + 1] == b[head]);
}

static bool is_short_for(const char *a, size_t n, const char *b)
{
    static const char *const pairs[][2] = {
        {"st", "street"},      {"ave", "avenue"},  {"av", "avenue"}, {"rd", "road"},
        {"blvd", "boulevard"}, {"dr", "drive"},    {"ct", "court"},  {"pl", "place"},
        {"ln", "lane"},        {"hwy", "highway"}, {"sq", "square"}, {"pkwy", "parkway"},
        {"n", "north"},        {"s", "south"},     {"e", "east"},    {"w", "west"},
        {"str", "strasse"}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (strlen(pairs[i][0]) == n && memcmp(pairs[i][0], a, n) == 0 &&
            strcmp(pairs[i][1], b) == 0)
            return true;
    return false;
}

static int like_word(const char *asked, size_t n, bool digits, const char *word)
{
    size_t m = strlen(word);
    while (digits && n > 1 && *asked == '0')
        asked++, n--;
    if (n == m && memcmp(asked, word, n) == 0)
        return SAME;
    if (digits || g_ascii_isdigit(*word))
        return 0;
    if (is_short_for(asked, n, word))
        return ABBREVIATED;
    if (n >= 3 && n < m && memcmp(asked, word, n) == 0)
        return BEGINS;
    return n >= 4 && m >= 4 && one_edit(asked, n, word, m) ? MISTYPED : 0;
}

static int likeness(const GeoFinder *finder, const GeoFinderAsk *ask, const GeoFinderAskUnit *unit,
                    const GeoFinderGlyph *glyph)
{
    if (unit->typed)
        return shares(unit, glyph, false) ? TYPED : shares(unit, glyph, true) ? NEAR : 0;
    if (!unit->han)
        return glyph->han ? 0
                          : like_word(ask->text + unit->start, unit->end - unit->start,
                                      unit->digits, geo_finder_text(finder, glyph->text));
    if (unit->han == glyph->han)
        return SAME;
    return shares(unit, glyph, false) ? LIKE : shares(unit, glyph, true) ? NEAR : 0;
}

/* ---- the work of one question ---- */

typedef struct {
    const GeoFinder *finder;
    const GeoFinderAsk *ask;
    uint8_t *alike;  /* [unit * glyphs + glyph], 0..100 */
    float *marked;   /* by name */
    GArray *touched; /* uint32_t: names marked at all */
    GArray *spans;   /* GeoFinderSpan */
    guint max;
} Match;

static const GeoFinderGlyph *glyph_at(const Match *match, uint32_t g)
{
    return &g_array_index(match->finder->glyphs, GeoFinderGlyph, g);
}

/* What of each name may be said at most: each of its glyphs twice (天天超市), however often the
 * question has the like of it. */
static void mark(Match *match)
{
    const GeoFinder *finder = match->finder;
    guint n = finder->glyphs->len;
    for (guint g = 0; g < n; g++) {
        const GeoFinderGlyph *glyph = glyph_at(match, g);
        int best = 0, second = 0;
        for (unsigned u = 0; u < match->ask->n_units; u++) {
            int alike = likeness(finder, match->ask, &match->ask->units[u], glyph);
            match->alike[(size_t)u * n + g] = (uint8_t)alike;
            second = MAX(second, MIN(best, alike));
            best = MAX(best, alike);
        }
        float more = glyph->weight * (float)(best + second) / SAME;
        for (uint32_t k = 0; best && k < glyph->n_names; k++) {
            uint32_t name = g_array_index(finder->posts, uint32_t, glyph->name0 + k);
            if (match->marked[name] == 0)
                g_array_append_val(match->touched, name);
            match->marked[name] += more;
        }
    }
}

static bool is_better(const GeoFinderSpan *a, const GeoFinderSpan *b)
{
    float p = a->value * a->complete, q = b->value * b->complete;
    return p != q ? p > q : a->name < b->name;
}

/* Spans are held in order; the worst falls out. */
static void keep(Match *match, const GeoFinderSpan *span)
{
    GArray *spans = match->spans;
    guint at = spans->len;
    while (at > 0 && is_better(span, &g_array_index(spans, GeoFinderSpan, at - 1)))
        at--;
    if (at >= match->max)
        return;
    g_array_insert_val(spans, at, *span);
    if (spans->len > match->max)
        g_array_set_size(spans, match->max);
}

typedef struct {
    float score, said, like; /* said: weight of what was matched */
    uint64_t mask;
    uint8_t worst; /* likeness of the worst unit */
    bool typed, swapped;
} Cell;

static Cell matched(const Match *match, Cell from, unsigned u, uint32_t g)
{
    int alike = match->alike[(size_t)u * match->finder->glyphs->len + g];
    if (alike == 0)
        return (Cell){.score = -INFINITY};
    float weight = glyph_at(match, g)->weight;
    from.score += weight * (float)alike / SAME;
    from.like += weight * (float)alike / SAME;
    from.said += weight;
    from.worst = MIN(from.worst, (uint8_t)alike);
    from.typed |= match->ask->units[u].typed;
    from.mask |= (uint64_t)1 << u;
    return from;
}

/* The name's units at glyph[-1] and glyph[0], said the other way about. */
static Cell swapped(const Match *match, Cell from, unsigned u, const uint32_t *glyph)
{
    Cell cell = matched(match, from, u - 1, glyph[0]);
    if (isfinite(cell.score))
        cell = matched(match, cell, u, glyph[-1]);
    cell.score -= SWAP_COST;
    cell.like -= SWAP_COST;
    cell.swapped = true;
    return cell;
}

/* The best alignment of a name, all of it against any stretch of the question. */
static Cell align(const Match *match, const GeoFinderName *name)
{
    static const Cell start = {.worst = SAME};
    Cell rows[3][GEO_FINDER_MAX_UNITS + 1], best = start;
    unsigned n = match->ask->n_units;
    const uint32_t *glyphs = &g_array_index(match->finder->spelt, uint32_t, name->glyph0);
    for (unsigned u = 0; u <= n; u++)
        rows[0][u] = start;
    for (uint32_t i = 0; i < MIN(name->n_glyphs, MAX_GLYPHS); i++) {
        const Cell *above = rows[i % 3], *higher = rows[(i + 2) % 3];
        Cell *row = rows[(i + 1) % 3];
        row[0] = start;
        for (unsigned u = 0; u < n; u++) {
            Cell one = above[u + 1], two = matched(match, above[u], u, glyphs[i]);
            Cell skip = row[u];
            skip.score -= skip.mask ? GAP_COST : 0;
            if (two.score > one.score)
                one = two;
            if (i > 0 && u > 0) { /* two changed about */
                two = swapped(match, higher[u - 1], u, glyphs + i);
                one = two.score > one.score ? two : one;
            }
            row[u + 1] = skip.score > one.score ? skip : one;
            if (row[u + 1].score > best.score)
                best = row[u + 1];
        }
    }
    return best;
}

static uint32_t why_of(const Cell *cell, float complete)
{
    uint32_t why = complete < 0.999f || cell->swapped ? GEO_WHY_PART : 0;
    if (cell->typed)
        why |= GEO_WHY_LETTERS;
    else if (cell->worst == LIKE)
        why |= GEO_WHY_SOUND;
    if (cell->worst == NEAR)
        why |= GEO_WHY_NEAR_SOUND;
    if (cell->worst < SAME && cell->worst != LIKE && cell->worst != NEAR && !cell->typed)
        why |= GEO_WHY_PART;
    return why ? why : GEO_WHY_SAME;
}

/* "一百二十三号" is no 合百: a name may end in a number's first characters, not begin within it. */
static bool begins_in_number(const GeoFinderAsk *ask, uint64_t mask)
{
    uint64_t first = mask & -mask;
    for (unsigned i = 0; i < ask->n_numbers; i++) {
        uint64_t number = ask->numbers[i].mask;
        if (number & first && first != (number & -number) &&
            (ask->numbers[i].kind == GEO_FINDER_HOUSE || ask->numbers[i].kind == GEO_FINDER_BLOCK))
            return true;
    }
    return false;
}

static void fit_names(Match *match)
{
    for (guint i = 0; i < match->touched->len; i++) {
        uint32_t at = g_array_index(match->touched, uint32_t, i);
        const GeoFinderName *name = &g_array_index(match->finder->names, GeoFinderName, at);
        if (match->marked[at] < LEAST_COMMON * name->weight)
            continue;
        Cell cell = align(match, name);
        float complete = name->weight > 0 ? cell.said / name->weight : 0;
        if (cell.said <= 0 || complete < LEAST_COMPLETE || begins_in_number(match->ask, cell.mask))
            continue;
        GeoFinderSpan span = {at,
                              cell.mask,
                              MIN(complete, 1),
                              cell.like / cell.said,
                              cell.score,
                              why_of(&cell, complete)};
        keep(match, &span);
    }
}

/* ---- initials ---- */

/* Weight of the name's units that n letters begin, all of these in order; 0: they do not. The first
 * must begin the first. */
static float initials(const Match *match, const GeoFinderName *name, const char *letters, size_t n)
{
    const uint32_t *glyphs = &g_array_index(match->finder->spelt, uint32_t, name->glyph0);
    float said = 0;
    size_t k = 0;
    for (uint32_t i = 0; i < name->n_glyphs && k < n; i++) {
        const GeoFinderGlyph *glyph = glyph_at(match, glyphs[i]);
        if (glyph->letters & 1u << (letters[k] - 'a')) {
            said += glyph->weight;
            k++;
        } else if (i == 0)
            return 0;
    }
    return k == n ? said : 0;
}

static void fit_initials(Match *match, unsigned u)
{
    const GeoFinderAskUnit *unit = &match->ask->units[u];
    const char *letters = match->ask->text + unit->start;
    size_t n = unit->end - unit->start;
    for (uint32_t at = 0; at < match->finder->names->len; at++) {
        const GeoFinderName *name = &g_array_index(match->finder->names, GeoFinderName, at);
        if (name->n_glyphs < n || name->n_glyphs > n + 2)
            continue;
        float said = initials(match, name, letters, n);
        float complete = name->weight > 0 ? said / name->weight : 0;
        if (said <= 0 || complete < LEAST_COMPLETE || (n == 2 && complete < 0.99f))
            continue;
        GeoFinderSpan span = {
            at,   (uint64_t)1 << u, complete,
            0.8f, 0.8f * said,      GEO_WHY_INITIALS | (complete < 0.999f ? GEO_WHY_PART : 0)};
        keep(match, &span);
    }
}

static bool can_be_initials(const GeoFinderAsk *ask, const GeoFinderAskUnit *unit)
{
    uint32_t n = unit->end - unit->start;
    if (unit->han || unit->digits || unit->typed || n < 2 || n > LETTERS_OF_INITIALS)
        return false;
    for (uint32_t i = unit->start; i < unit->end; i++)
        if (ask->text[i] < 'a' || ask->text[i] > 'z')
            return false;
    return true;
}

GArray *geo_finder_match(const GeoFinder *finder, const GeoFinderAsk *ask, guint max)
{
    Match match = {finder, ask, NULL, NULL, NULL, NULL, max};
    g_autofree uint8_t *alike = match.alike =
        g_malloc((size_t)ask->n_units * finder->glyphs->len + 1);
    g_autofree float *marked = match.marked = g_new0(float, finder->names->len + 1);
    g_autoptr(GArray) touched = match.touched = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    match.spans = g_array_new(FALSE, FALSE, sizeof(GeoFinderSpan));
    mark(&match);
    fit_names(&match);
    for (unsigned u = 0; u < ask->n_units; u++)
        if (can_be_initials(ask, &ask->units[u]))
            fit_initials(&match, u);
    return match.spans;
}
