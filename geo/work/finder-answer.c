/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places from names and numbers. One name of the question is its head: the street of a number, the
 * compound of a building, or a place itself. The others must lie by it (a street within 250 m, an
 * area around it, a place within 350 m) and then count as said of it. The score is the weight of
 * the words that found a part, of the weight of all. O(heads x places of that name x others), most
 * of them cut off by what they could reach at best. */
#include <math.h>
#include <string.h>

#include "geo/work/finder-entry.h"

#define MAX_SPANS 64
#define MAX_CROSSING 24 /* streets that are tried in pairs */
#define AT_STREET_M 250.0
#define BY_PLACE_M 350.0
#define CROSSING_M 60.0
#define NEAR_SHARE 0.03 /* of the score, for being where one looks */
#define NEAR_M 2000.0
#define LEAST_SCORE 0.3
#define SAME_DOOR_M 40.0
#define ONE_STREET_M 1500.0 /* two numbers farther apart are of two streets of one name */
#define LEAST_CODE 8        /* digits of a code within a sentence */
#define PAST_NUMBERS 40

typedef struct {
    const GeoFinder *finder;
    const GeoFinderAsk *ask;
    GeoXY near;
    GArray *spans; /* GeoFinderSpan */
    GArray *answers;
    guint max;
} Work;

/* An answer while it grows. */
typedef struct {
    GeoFinderAnswer answer;
    double gain;
} Try;

static const GeoFinderSpan *span_at(const Work *work, guint i)
{
    return &g_array_index(work->spans, GeoFinderSpan, i);
}

static const GeoFinderName *name_of(const Work *work, uint32_t name)
{
    return &g_array_index(work->finder->names, GeoFinderName, name);
}

static const GeoFinderEntry *entry_at(const Work *work, uint32_t entry)
{
    return &g_array_index(work->finder->entries, GeoFinderEntry, entry);
}

static GeoXY place_of(const Work *work, uint32_t entry)
{
    return geo_finder_xy(work->finder, entry_at(work, entry)->at);
}

static double apart(GeoXY a, GeoXY b)
{
    return hypot(a.x - b.x, a.y - b.y);
}

static double weight_of(const GeoFinderAsk *ask, uint64_t mask)
{
    double sum = 0;
    for (unsigned i = 0; i < ask->n_units; i++)
        if (mask >> i & 1 && !ask->units[i].filler)
            sum += ask->units[i].weight;
    return sum;
}

static void take(const Work *work, Try *one, uint64_t mask, double worth)
{
    one->gain += weight_of(work->ask, mask & ~one->answer.used) * worth;
    one->answer.used |= mask;
}

/* ---- what is said beside ---- */

static bool in_area(const Work *work, const GeoFinderEntry *entry, GeoLonLat p)
{
    const GeoFinderBox *box = &g_array_index(work->finder->boxes, GeoFinderBox, entry->box - 1);
    const GeoBounds *b = &box->bounds;
    return p.lon >= b->west && p.lon <= b->east && p.lat >= b->south && p.lat <= b->north &&
           geo_finder_holds(work->finder->areas, geo_batch_row(work->finder->areas, box->row), p);
}

/* How a place lies to one of the name: a GEO_WHY bit, 0: not by it. */
static uint32_t lies_by(const Work *work, uint32_t at, GeoXY p, GeoLonLat place)
{
    const GeoFinderName *name = name_of(work, at);
    for (uint32_t i = 0; i < name->n_own; i++) {
        uint32_t e = g_array_index(work->finder->own, GeoFinderOwn, name->own0 + i).entry;
        const GeoFinderEntry *entry = entry_at(work, e);
        if (entry->kind == GEO_FOUND_AREA) {
            if (in_area(work, entry, place))
                return GEO_WHY_IN_AREA;
        } else if (entry->kind != GEO_FOUND_STREET &&
                   apart(geo_finder_xy(work->finder, entry->at), p) <= BY_PLACE_M)
            return GEO_WHY_BESIDE;
    }
    if (name->n_piece &&
        geo_finder_off_street(work->finder, at, p, AT_STREET_M, NULL) <= AT_STREET_M)
        return GEO_WHY_ON_STREET;
    return 0;
}

static bool has_door_by(const Work *work, uint32_t at, uint32_t number, GeoXY p)
{
    const GeoFinderName *name = name_of(work, at);
    const GeoFinderKey *keys = &g_array_index(work->finder->keys, GeoFinderKey, name->key0);
    for (uint32_t i = 0; i < name->n_keys; i++)
        if (keys[i].group == GEO_FINDER_DOOR && keys[i].number == number &&
            apart(place_of(work, keys[i].entry), p) <= BY_PLACE_M)
            return true;
    return false;
}

/* "长江路100号 幸福小区3号楼": the door by the compound. */
static void take_door(const Work *work, Try *one, uint32_t street)
{
    for (unsigned i = 0; i < work->ask->n_numbers; i++) {
        const GeoFinderNumber *number = &work->ask->numbers[i];
        if (!(number->mask & one->answer.used) && number->kind <= GEO_FINDER_HOUSE &&
            has_door_by(work, street, number->value, one->answer.at))
            take(work, one, number->mask, 1);
    }
}

static void take_others(const Work *work, Try *one)
{
    GeoLonLat place = geo_finder_lonlat(work->finder, one->answer.at);
    const GeoFinderAsk *ask = work->ask;
    if (ask->move_mask && !(ask->move_mask & one->answer.used)) {
        take(work, one, ask->move_mask, 1);
        one->answer.moves = true;
    }
    for (guint i = 0; i < work->spans->len; i++) {
        const GeoFinderSpan *span = span_at(work, i);
        if (span->mask & one->answer.used || span->name == one->answer.name)
            continue;
        uint32_t why = lies_by(work, span->name, one->answer.at, place);
        if (why == 0)
            continue;
        take(work, one, span->mask, span->likeness * (0.5 + 0.5 * span->complete));
        one->answer.why |= why;
        if (why == GEO_WHY_ON_STREET)
            take_door(work, one, span->name);
    }
}

/* ---- keeping the best ---- */

static bool is_same(const GeoFinderAnswer *a, const GeoFinderAnswer *b)
{
    if (a->entry != GEO_FINDER_NONE || b->entry != GEO_FINDER_NONE)
        return a->entry == b->entry;
    return apart(a->at, b->at) < SAME_DOOR_M;
}

static bool is_better(const GeoFinderAnswer *a, const GeoFinderAnswer *b)
{
    return a->order != b->order ? a->order > b->order : a->entry < b->entry;
}

static double worst_order(const Work *work)
{
    guint n = work->answers->len;
    return n < work->max ? 0 : g_array_index(work->answers, GeoFinderAnswer, n - 1).order;
}

static void keep(Work *work, const GeoFinderAnswer *answer)
{
    GArray *answers = work->answers;
    for (guint i = 0; i < answers->len; i++) {
        const GeoFinderAnswer *known = &g_array_index(answers, GeoFinderAnswer, i);
        if (!is_same(known, answer))
            continue;
        if (!is_better(answer, known))
            return;
        g_array_remove_index(answers, i);
        break;
    }
    guint at = answers->len;
    while (at > 0 && is_better(answer, &g_array_index(answers, GeoFinderAnswer, at - 1)))
        at--;
    if (at >= work->max)
        return;
    g_array_insert_val(answers, at, *answer);
    if (answers->len > work->max)
        g_array_set_size(answers, work->max);
}

/* Others are only looked at where the try can still be among the best. */
static void finish(Work *work, Try *one)
{
    double all = work->ask->weight;
    double near = NEAR_SHARE / (1 + apart(one->answer.at, work->near) / NEAR_M);
    double left = all - weight_of(work->ask, one->answer.used);
    if (all <= 0 || (one->gain + left) / all + near < fmax(worst_order(work), LEAST_SCORE))
        return;
    take_others(work, one);
    one->answer.score = CLAMP(one->gain / all, 0, 1);
    one->answer.order = one->answer.score + near;
    if (one->answer.score >= LEAST_SCORE)
        keep(work, &one->answer);
}

static Try begin(const Work *work, const GeoFinderSpan *span)
{
    Try one = {.answer = {.entry = GEO_FINDER_NONE,
                          .name = span->name,
                          .other = GEO_FINDER_NONE,
                          .why = span->why}};
    take(work, &one, span->mask, span->likeness * (0.5 + 0.5 * span->complete));
    return one;
}

/* ---- numbers of a street or compound ---- */

static double worth_of(GeoFinderNumberKind kind, uint32_t group)
{
    if (kind == GEO_FINDER_METRES || kind == GEO_FINDER_ROOM)
        return 0;
    if (group == GEO_FINDER_BUILDING)
        return kind == GEO_FINDER_BLOCK ? 1 : 0.9;
    return kind == GEO_FINDER_BLOCK ? 0.7 : 1;
}

/* What stands behind the number in an entry's name: "超市". Folded, borrowed, "" for nothing. */
static const char *tail_of(const Work *work, const GeoFinderKey *key)
{
    static const char *const counters[] = {"号楼", "号", "栋", "幢", "座", "#"};
    const char *head = geo_finder_text(work->finder, name_of(work, key->name)->text);
    const char *text = geo_finder_text(work->finder, entry_at(work, key->entry)->folded);
    if (!text || !g_str_has_prefix(text, head))
        return "";
    const char *digits = strpbrk(text + strlen(head), "0123456789");
    if (!digits)
        return "";
    text = digits + strspn(digits, "0123456789");
    for (size_t i = 0; i < G_N_ELEMENTS(counters); i++)
        if (g_str_has_prefix(text, counters[i]))
            return text + strlen(counters[i]);
    return text;
}

static uint64_t mask_of_text(const GeoFinderAsk *ask, const char *text)
{
    const char *hit = *text ? strstr(ask->text, text) : NULL;
    uint64_t mask = 0;
    if (!hit)
        return 0;
    uint32_t start = (uint32_t)(hit - ask->text), end = start + (uint32_t)strlen(text);
    for (unsigned i = 0; i < ask->n_units; i++)
        if (ask->units[i].start < end && ask->units[i].end > start)
            mask |= (uint64_t)1 << i;
    return mask;
}

static void try_key(Work *work, const GeoFinderSpan *span, const GeoFinderNumber *number,
                    const GeoFinderKey *key, bool plain_known)
{
    const GeoFinderAsk *ask = work->ask;
    const char *tail = tail_of(work, key);
    uint64_t said = mask_of_text(ask, tail) & ~(span->mask | number->mask);
    if (*tail && !said && plain_known)
        return;
    Try one = begin(work, span);
    take(work, &one, number->mask,
         worth_of(number->kind, key->group) * (*tail && !said ? 0.95 : 1));
    take(work, &one, said, 1);
    if (key->group == GEO_FINDER_POLE)
        take(work, &one, ask->pole_mask & ~one.answer.used, 1);
    if (key->group == GEO_FINDER_STOP)
        take(work, &one, ask->stop_mask & ~one.answer.used, 1);
    one.answer.entry = key->entry;
    one.answer.number = key->number;
    one.answer.at = place_of(work, key->entry);
    one.answer.why |= GEO_WHY_NUMBER;
    finish(work, &one);
}

/* The first key of the name in [first, end) that is not before the group's number. */
static uint32_t first_key(const GeoFinderKey *keys, uint32_t n, uint32_t group, uint32_t number)
{
    uint32_t low = 0, high = n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (keys[middle].group < group ||
            (keys[middle].group == group && keys[middle].number < number))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The nearest known number below (step -1) or above on the same side; NULL. */
static const GeoFinderKey *neighbour(const GeoFinderKey *keys, uint32_t n, uint32_t from,
                                     uint32_t number, int step)
{
    for (int64_t i = step < 0 ? (int64_t)from - 1 : from; i >= 0 && i < n; i += step) {
        if (keys[i].group != GEO_FINDER_DOOR)
            break;
        if (keys[i].number % 2 == number % 2)
            return &keys[i];
    }
    return NULL;
}

static void try_between(Work *work, const GeoFinderSpan *span, const GeoFinderNumber *number,
                        const GeoFinderKey *keys, uint32_t n, uint32_t from)
{
    const GeoFinderKey *below = neighbour(keys, n, from, number->value, -1);
    const GeoFinderKey *above = neighbour(keys, n, from, number->value, 1);
    const GeoFinderKey *one_side = below ? below : above;
    if (!one_side)
        return;
    Try one = begin(work, span);
    one.answer.number = number->value;
    GeoXY p = place_of(work, one_side->entry);
    if (below && above && apart(p, place_of(work, above->entry)) <= ONE_STREET_M) {
        GeoXY q = place_of(work, above->entry);
        double t =
            (double)(number->value - below->number) / (double)(above->number - below->number);
        one.answer.at = (GeoXY){p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)};
        one.answer.between[0] = below->number;
        one.answer.between[1] = above->number;
        one.answer.why |= GEO_WHY_BETWEEN;
        take(work, &one, number->mask, 0.95 * worth_of(number->kind, GEO_FINDER_DOOR));
    } else {
        uint32_t past = MAX(number->value, one_side->number) - MIN(number->value, one_side->number);
        if (past > PAST_NUMBERS)
            return;
        one.answer.at = p;
        one.answer.between[0] = one.answer.between[1] = one_side->number;
        one.answer.why |= GEO_WHY_PAST;
        take(work, &one, number->mask, 0.6 * worth_of(number->kind, GEO_FINDER_DOOR));
    }
    finish(work, &one);
}

static uint32_t group_wanted(const GeoFinderAsk *ask, const GeoFinderSpan *span, uint32_t group)
{
    if (ask->pole_mask & ~span->mask)
        return group == GEO_FINDER_POLE;
    if (ask->stop_mask & ~span->mask)
        return group == GEO_FINDER_STOP;
    return group == GEO_FINDER_DOOR || group == GEO_FINDER_BUILDING;
}

static void try_number(Work *work, const GeoFinderSpan *span, const GeoFinderNumber *number)
{
    const GeoFinderName *name = name_of(work, span->name);
    const GeoFinderKey *keys = &g_array_index(work->finder->keys, GeoFinderKey, name->key0);
    for (uint32_t group = 0; group < GEO_FINDER_N_GROUPS; group++) {
        if (!group_wanted(work->ask, span, group))
            continue;
        uint32_t from = first_key(keys, name->n_keys, group, number->value), i;
        bool plain = false;
        for (i = from;
             i < name->n_keys && keys[i].group == group && keys[i].number == number->value; i++)
            plain |= *tail_of(work, &keys[i]) == '\0';
        for (uint32_t k = from; k < i; k++)
            try_key(work, span, number, &keys[k], plain);
        if (i == from && group == GEO_FINDER_DOOR)
            try_between(work, span, number, keys, name->n_keys, from);
    }
}

/* ---- heads ---- */

static void try_head(Work *work, const GeoFinderSpan *span)
{
    const GeoFinderName *name = name_of(work, span->name);
    for (unsigned i = 0; i < work->ask->n_numbers && name->n_keys; i++) {
        const GeoFinderNumber *number = &work->ask->numbers[i];
        if (!(number->mask & span->mask) && worth_of(number->kind, GEO_FINDER_DOOR) > 0)
            try_number(work, span, number);
    }
    for (uint32_t i = 0; i < name->n_own; i++) {
        Try one = begin(work, span);
        one.answer.entry = g_array_index(work->finder->own, GeoFinderOwn, name->own0 + i).entry;
        one.answer.at = place_of(work, one.answer.entry);
        const GeoFinderEntry *entry = entry_at(work, one.answer.entry);
        if (geo_finder_is_alias(entry))
            one.answer.why |= GEO_WHY_ALIAS;
        if (entry->kind == GEO_FOUND_ADDRESS && entry->class == GEO_ADDRESS_STOP)
            take(work, &one, work->ask->stop_mask & ~span->mask, 1);
        finish(work, &one);
    }
}

/* A long number in a sentence may be a camera's or a grid's. O(entries), only where there is one.
 */
static void try_codes(Work *work)
{
    const GeoFinderAsk *ask = work->ask;
    for (unsigned u = 0; u < ask->n_units; u++) {
        uint32_t start = ask->units[u].start, end = ask->units[u].end;
        if (!ask->units[u].digits || end - start < LEAST_CODE)
            continue;
        g_autofree char *code = g_strndup(ask->text + start, end - start);
        for (uint32_t e = 0; e < work->finder->entries->len; e++) {
            const char *text = geo_finder_text(work->finder, entry_at(work, e)->folded_code);
            if (!text || !g_str_has_prefix(text, code))
                continue;
            Try one = {.answer = {.entry = e,
                                  .name = GEO_FINDER_NONE,
                                  .other = GEO_FINDER_NONE,
                                  .why = GEO_WHY_CODE,
                                  .at = place_of(work, e)}};
            one.answer.why |= strlen(text) == end - start ? GEO_WHY_SAME : GEO_WHY_BEGINS;
            take(work, &one, (uint64_t)1 << u, strlen(text) == end - start ? 1 : 0.8);
            finish(work, &one);
        }
    }
}

static void try_crossing(Work *work, const GeoFinderSpan *a, const GeoFinderSpan *b, GArray *places)
{
    geo_finder_crossings(work->finder, a->name, b->name, CROSSING_M, places);
    for (guint i = 0; i < places->len; i++) {
        Try one = begin(work, a);
        take(work, &one, b->mask, b->likeness * (0.5 + 0.5 * b->complete));
        take(work, &one, work->ask->crossing_mask & ~one.answer.used, 1);
        one.answer.other = b->name;
        one.answer.at = g_array_index(places, GeoXY, i);
        one.answer.why |= b->why | GEO_WHY_CROSSING;
        finish(work, &one);
    }
}

/* Around all lines of a street. */
static GeoBox box_of(const Work *work, uint32_t name)
{
    const GeoFinderName *of = name_of(work, name);
    GeoBox box = GEO_BOX_EMPTY;
    for (uint32_t i = 0; i < of->n_piece; i++) {
        const GeoFinderPiece *piece =
            &g_array_index(work->finder->pieces, GeoFinderPiece, of->piece0 + i);
        geo_box_add(&box, (GeoXY){piece->west, piece->south});
        geo_box_add(&box, (GeoXY){piece->east, piece->north});
    }
    return box;
}

static bool boxes_meet(const GeoBox *a, const GeoBox *b)
{
    return a->min_x - CROSSING_M <= b->max_x && b->min_x - CROSSING_M <= a->max_x &&
           a->min_y - CROSSING_M <= b->max_y && b->min_y - CROSSING_M <= a->max_y;
}

static void try_crossings(Work *work)
{
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    guint streets[MAX_CROSSING], n = 0;
    GeoBox boxes[MAX_CROSSING];
    for (guint i = 0; i < work->spans->len && n < MAX_CROSSING; i++)
        if (name_of(work, span_at(work, i)->name)->n_piece) {
            boxes[n] = box_of(work, span_at(work, i)->name);
            streets[n++] = i;
        }
    for (guint i = 0; i < n; i++)
        for (guint k = i + 1; k < n; k++) {
            const GeoFinderSpan *a = span_at(work, streets[i]), *b = span_at(work, streets[k]);
            if (a->mask & b->mask || !boxes_meet(&boxes[i], &boxes[k]))
                continue;
            uint64_t first = a->mask & -a->mask, other = b->mask & -b->mask; /* as they were said */
            try_crossing(work, first < other ? a : b, first < other ? b : a, places);
        }
}

GArray *geo_finder_answer(const GeoFinder *finder, const GeoFinderAsk *ask, GeoXY near, guint max)
{
    GArray *answers = g_array_new(FALSE, FALSE, sizeof(GeoFinderAnswer));
    g_autoptr(GArray) spans = geo_finder_match(finder, ask, MAX_SPANS);
    Work work = {finder, ask, near, spans, answers, max};
    try_codes(&work);
    try_crossings(&work);
    for (guint i = 0; i < spans->len; i++)
        try_head(&work, span_at(&work, i));
    return answers;
}
