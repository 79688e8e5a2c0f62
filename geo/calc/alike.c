/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The score is a weighted sum of shares: place 0.4, time 0.2, type 0.2, words 0.2. What is not
 * known of one of the two counts a quarter of its weight: it neither speaks for nor much against.
 * The same phone takes away part of what is missing to 1, the more the nearer in time; another
 * phone says nothing, since most matters are told by several people. Limits by kind are ours, from
 * how such matters spread: an accident is told within minutes from within sight of it, a missing
 * person for a day from all over a quarter. */
#include "geo/calc/alike.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE 60000
#define UNKNOWN_SHARE 0.25
#define SAME_KIND_SHARE 0.8
#define SAME_FAMILY_SHARE 0.5
#define PHONE_SHARE 0.6
#define MAX_REACHES 3
#define DETOUR 1.4 /* by road, of what it is by air, in a city: no sign of a wall between */

const char *const geo_alike_words[] = {"place", "time", "type", "words", "phone", NULL};

static const double weights[GEO_ALIKE_N_PARTS] = {0.4, 0.2, 0.2, 0.2, 0};

enum { OTHER, ROAD, TAKEN, QUARREL, LOST, HARM };

static const struct {
    GeoAlikeKind kind;
    const char *const needles[12];
} kinds[] = {
    {{"traffic", ROAD, 150, 60 * MINUTE},
     {"事故", "撞", "追尾", "accident", "collision", "crash", "traffic"}},
    {{"blocked", ROAD, 150, 180 * MINUTE},
     {"占道", "堵", "违停", "拥堵", "obstruct", "parking", "blocked"}},
    {{"fire", HARM, 400, 120 * MINUTE}, {"火", "烟", "燃", "爆炸", "fire", "arson", "smoke"}},
    {{"noise", QUARREL, 250, 240 * MINUTE}, {"噪", "扰民", "noise"}},
    {{"fight", QUARREL, 120, 60 * MINUTE}, {"打架", "斗殴", "殴打", "assault", "battery", "fight"}},
    {{"dispute", QUARREL, 120, 120 * MINUTE}, {"纠纷", "吵", "矛盾", "dispute", "quarrel"}},
    {{"robbery", TAKEN, 200, 120 * MINUTE}, {"抢", "robbery"}},
    {{"theft", TAKEN, 120, 12 * 60 * MINUTE},
     {"盗", "窃", "偷", "扒", "theft", "burglary", "stolen"}},
    {{"missing", LOST, 1500, 24 * 60 * MINUTE}, {"走失", "失踪", "走丢", "missing", "lost"}},
    {{"suspicious", QUARREL, 250, 60 * MINUTE}, {"可疑", "suspicious", "prowler"}},
    {{"help", OTHER, 100, 60 * MINUTE}, {"求助", "help", "assist"}},
};

static const GeoAlikeKind other = {"other", OTHER, 150, 120 * MINUTE};

const GeoAlikeKind *geo_alike_kind(const char *category)
{
    g_autofree char *folded = category ? g_utf8_casefold(category, -1) : NULL;
    for (size_t i = 0; folded && i < G_N_ELEMENTS(kinds); i++)
        for (const char *const *needle = kinds[i].needles; *needle; needle++)
            if (strstr(folded, *needle))
                return &kinds[i].kind;
    return &other;
}

/* ---- words ---- */

static int rising(const void *a, const void *b)
{
    uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;
    return (p > q) - (p < q);
}

/* FNV-1a, 32 bits. */
static uint32_t hash_of(const char *text, size_t n)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (guchar)text[i]) * 16777619u;
    return hash;
}

static bool is_han(gunichar c)
{
    return (c >= 0x3400 && c < 0xa000) || (c >= 0x20000 && c < 0x40000);
}

size_t geo_alike_words_of(const char *text, uint32_t *words, size_t max)
{
    g_autofree char *plain = text ? g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE) : NULL;
    g_autofree char *folded = plain ? g_utf8_casefold(plain, -1) : NULL;
    size_t n = 0, kept = 0;
    for (const char *p = folded ? folded : ""; *p && n < max;) {
        const char *next = g_utf8_next_char(p);
        gunichar c = g_utf8_get_char(p);
        if (is_han(c)) {
            if (is_han(g_utf8_get_char(next)))
                words[n++] = hash_of(p, (size_t)(g_utf8_next_char(next) - p));
        } else if (g_unichar_isalnum(c)) {
            while (*next && g_unichar_isalnum(g_utf8_get_char(next)) &&
                   !is_han(g_utf8_get_char(next)))
                next = g_utf8_next_char(next);
            words[n++] = hash_of(p, (size_t)(next - p));
        }
        p = next;
    }
    qsort(words, n, sizeof *words, rising);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || words[kept - 1] != words[i])
            words[kept++] = words[i];
    return kept;
}

/* Dice's coefficient of two sorted sets. */
static double words_share(const GeoAlikeReport *a, const GeoAlikeReport *b)
{
    size_t i = 0, k = 0, both = 0;
    if (a->n_words == 0 || b->n_words == 0)
        return NAN;
    while (i < a->n_words && k < b->n_words) {
        both += a->words[i] == b->words[k];
        uint32_t p = a->words[i], q = b->words[k];
        i += p <= q;
        k += q <= p;
    }
    return 2 * (double)both / (double)(a->n_words + b->n_words);
}

/* ---- the other parts ---- */

static double type_share(const GeoAlikeReport *a, const GeoAlikeReport *b, const GeoAlikeKind *p,
                         const GeoAlikeKind *q)
{
    if (!a->category || !b->category || !*a->category || !*b->category)
        return NAN;
    if (g_ascii_strcasecmp(a->category, b->category) == 0)
        return 1;
    if (p == q)
        return p == &other ? 0 : SAME_KIND_SHARE;
    return p->family == q->family && p->family != OTHER ? SAME_FAMILY_SHARE : 0;
}

static double place_share(double air_m, double road_m, double reach_m)
{
    double far = road_m < 0 ? air_m : fmax(air_m, road_m / DETOUR);
    return exp2(-(far / reach_m) * (far / reach_m));
}

/* The wider limits of two that may be one matter under two names, else the narrower: nobody looks
 * for a brawl a mile around because a child is missing. Of two as wide the one whose word comes
 * first, so that the order of the reports does not matter; a type that was not said is the other's.
 */
static const GeoAlikeKind *limits_of(const GeoAlikeReport *a, const GeoAlikeReport *b,
                                     const GeoAlikeKind *p, const GeoAlikeKind *q, double type)
{
    if (isnan(type))
        return a->category && *a->category ? p : b->category && *b->category ? q : &other;
    double wide = p->reach_m * (double)p->window_ms - q->reach_m * (double)q->window_ms;
    if (wide == 0)
        return strcmp(p->word, q->word) <= 0 ? p : q;
    return (wide > 0) == (type > 0) ? p : q;
}

GeoAlikeScore geo_alike_score(const GeoAlikeReport *a, const GeoAlikeReport *b, double road_m)
{
    const GeoAlikeKind *p = geo_alike_kind(a->category), *q = geo_alike_kind(b->category);
    double type = type_share(a, b, p, q);
    GeoAlikeScore score = {.kind = limits_of(a, b, p, q, type), .distance_m = NAN};
    score.apart_ms = fabs((double)(a->at_ms - b->at_ms));
    if (a->placed && b->placed)
        score.distance_m = hypot(a->at.x - b->at.x, a->at.y - b->at.y);
    score.within = !(score.distance_m > MAX_REACHES * score.kind->reach_m) &&
                   (a->open || b->open || score.apart_ms <= (double)score.kind->window_ms);
    score.share[GEO_ALIKE_PLACE] =
        isnan(score.distance_m) ? NAN : place_share(score.distance_m, road_m, score.kind->reach_m);
    score.share[GEO_ALIKE_TIME] = fmax(0, 1 - score.apart_ms / (double)score.kind->window_ms);
    score.share[GEO_ALIKE_TYPE] = type;
    score.share[GEO_ALIKE_WORDS] = words_share(a, b);
    score.share[GEO_ALIKE_PHONE] = a->phone && b->phone ? a->phone == b->phone : NAN;
    for (int part = 0; part < GEO_ALIKE_N_PARTS; part++) {
        double share = score.share[part];
        score.points[part] = weights[part] * (isnan(share) ? UNKNOWN_SHARE : share);
        score.score += score.points[part];
    }
    if (score.share[GEO_ALIKE_PHONE] == 1) {
        score.points[GEO_ALIKE_PHONE] =
            (1 - score.score) * PHONE_SHARE * score.share[GEO_ALIKE_TIME];
        score.score += score.points[GEO_ALIKE_PHONE];
    }
    return score;
}
