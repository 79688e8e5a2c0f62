/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question as people say it: its characters and words, the numbers with what they count, and the
 * words for a relation ("opposite", "50 m north of", "at the corner"). Nothing is decided here: a
 * numeral may belong to a name, and a word of a relation too; whoever fits a name to the words
 * takes them first. */
#include <math.h>
#include <string.h>

#include "geo/work/finder-entry.h"

#define MAX_SYLLABLES 16 /* of a run of letters */
#define MOST_METRES 5000 /* from a place; who says more means something else */
#define NUMBER_WEIGHT 1.2f
#define COUNTER_WEIGHT 0.1f /* what follows a number: it tells little beside the name */
#define RELATION_WEIGHT 0.3f
#define UNKNOWN_WEIGHT 0.7f /* a character of no name here */

typedef enum { TO_MOVE, TO_CROSSING, TO_POLE, TO_STOP, TO_NOTHING } Role;

typedef struct {
    const char *text;
    Role role;
    int what; /* GeoFoundMove */
    double bearing_deg;
} Phrase;

/* Longer ones before those they begin with. */
static const Phrase phrases[] = {
    {"斜对面", TO_MOVE, GEO_MOVE_OPPOSITE, 0},
    {"正对面", TO_MOVE, GEO_MOVE_OPPOSITE, 0},
    {"马路对面", TO_MOVE, GEO_MOVE_OPPOSITE, 0},
    {"对面", TO_MOVE, GEO_MOVE_OPPOSITE, 0},
    {"对过", TO_MOVE, GEO_MOVE_OPPOSITE, 0},
    {"opposite", TO_MOVE, GEO_MOVE_OPPOSITE, 0},
    {"across from", TO_MOVE, GEO_MOVE_OPPOSITE, 0},
    {"后面", TO_MOVE, GEO_MOVE_BEHIND, 0},
    {"背后", TO_MOVE, GEO_MOVE_BEHIND, 0},
    {"后边", TO_MOVE, GEO_MOVE_BEHIND, 0},
    {"后头", TO_MOVE, GEO_MOVE_BEHIND, 0},
    {"背面", TO_MOVE, GEO_MOVE_BEHIND, 0},
    {"behind", TO_MOVE, GEO_MOVE_BEHIND, 0},
    {"旁边", TO_MOVE, GEO_MOVE_BESIDE, 0},
    {"边上", TO_MOVE, GEO_MOVE_BESIDE, 0},
    {"隔壁", TO_MOVE, GEO_MOVE_BESIDE, 0},
    {"附近", TO_MOVE, GEO_MOVE_BESIDE, 0},
    {"门口", TO_MOVE, GEO_MOVE_BESIDE, 0},
    {"next to", TO_MOVE, GEO_MOVE_BESIDE, 0},
    {"beside", TO_MOVE, GEO_MOVE_BESIDE, 0},
    {"near", TO_MOVE, GEO_MOVE_BESIDE, 0},
    {"十字路口", TO_CROSSING, 0, 0},
    {"丁字路口", TO_CROSSING, 0, 0},
    {"交叉路口", TO_CROSSING, 0, 0},
    {"交叉口", TO_CROSSING, 0, 0},
    {"交汇处", TO_CROSSING, 0, 0},
    {"交界处", TO_CROSSING, 0, 0},
    {"交叉", TO_CROSSING, 0, 0},
    {"交口", TO_CROSSING, 0, 0},
    {"路口", TO_CROSSING, 0, 0},
    {"街口", TO_CROSSING, 0, 0},
    {"道口", TO_CROSSING, 0, 0},
    {"巷口", TO_CROSSING, 0, 0},
    {"口", TO_CROSSING, 0, 0},
    {"corner of", TO_CROSSING, 0, 0},
    {"corner", TO_CROSSING, 0, 0},
    {"crossing of", TO_CROSSING, 0, 0},
    {"crossing", TO_CROSSING, 0, 0},
    {"intersection of", TO_CROSSING, 0, 0},
    {"intersection", TO_CROSSING, 0, 0},
    {"junction", TO_CROSSING, 0, 0},
    {"路灯杆", TO_POLE, 0, 0},
    {"灯杆", TO_POLE, 0, 0},
    {"路灯", TO_POLE, 0, 0},
    {"lamp pole", TO_POLE, 0, 0},
    {"公交站台", TO_STOP, 0, 0},
    {"公交车站", TO_STOP, 0, 0},
    {"公交站", TO_STOP, 0, 0},
    {"bus stop", TO_STOP, 0, 0},
    {"有人", TO_NOTHING, 0, 0},
    {"摄像头", TO_NOTHING, 0, 0},
    {"探头", TO_NOTHING, 0, 0},
    {"camera", TO_NOTHING, 0, 0},
    {"我们在", TO_NOTHING, 0, 0},
    {"我在", TO_NOTHING, 0, 0},
    {"就在", TO_NOTHING, 0, 0},
    {"位于", TO_NOTHING, 0, 0},
    {"这边", TO_NOTHING, 0, 0},
    {"那边", TO_NOTHING, 0, 0},
    {"这里", TO_NOTHING, 0, 0},
    {"那里", TO_NOTHING, 0, 0},
    {"这个", TO_NOTHING, 0, 0},
    {"那个", TO_NOTHING, 0, 0},
    {"安徽省", TO_NOTHING, 0, 0},
    {"合肥市", TO_NOTHING, 0, 0},
    {"处", TO_NOTHING, 0, 0},
    {"在", TO_NOTHING, 0, 0},
    {"的", TO_NOTHING, 0, 0},
    {"与", TO_NOTHING, 0, 0},
    {"和", TO_NOTHING, 0, 0},
    {"跟", TO_NOTHING, 0, 0},
    {"第", TO_NOTHING, 0, 0},
    {"the", TO_NOTHING, 0, 0},
    {"at", TO_NOTHING, 0, 0},
    {"on", TO_NOTHING, 0, 0},
    {"in", TO_NOTHING, 0, 0},
    {"of", TO_NOTHING, 0, 0},
    {"and", TO_NOTHING, 0, 0},
    {"to", TO_NOTHING, 0, 0},
    {"from", TO_NOTHING, 0, 0},
};

typedef struct {
    const char *text;
    double bearing_deg;
} Way;

static const Way ways[] = {
    {"东北", 45},       {"东南", 135},       {"西北", 315},       {"西南", 225},
    {"东", 90},         {"南", 180},         {"西", 270},         {"北", 0},
    {"northeast", 45},  {"southeast", 135},  {"northwest", 315},  {"southwest", 225},
    {"north-east", 45}, {"south-east", 135}, {"north-west", 315}, {"south-west", 225},
    {"north", 0},       {"east", 90},        {"south", 180},      {"west", 270},
};

/* ---- units ---- */

static uint64_t mask_of(const GeoFinderAsk *ask, uint32_t start, uint32_t end)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < ask->n_units; i++)
        if (ask->units[i].start < end && ask->units[i].end > start)
            mask |= (uint64_t)1 << i;
    return mask;
}

static void add_unit(GeoFinderAsk *ask, GeoFinderAskUnit unit)
{
    if (ask->n_units < GEO_FINDER_MAX_UNITS)
        ask->units[ask->n_units++] = unit;
}

/* A run of letters as syllables, where it is pinyin; false: it stays a word. */
static bool add_syllables(GeoFinderAsk *ask, const GeoFinderUnit *run, GeoFinderReading reading)
{
    GeoSound sounds[MAX_SYLLABLES], others[MAX_SYLLABLES];
    const char *letters = ask->text + run->start;
    uint32_t at = run->start, size = run->end - run->start;
    size_t n = geo_sound_split(letters, size, GEO_SOUND_BY_CONSONANT, sounds, MAX_SYLLABLES);
    if (n == 0)
        return false;
    ask->has_syllables = true;
    geo_sound_split(letters, size, GEO_SOUND_BY_VOWEL, others, MAX_SYLLABLES);
    ask->cut_otherwise |= memcmp(sounds, others, n * sizeof *sounds) != 0;
    if (reading == GEO_FINDER_WORDS)
        return false;
    if (reading == GEO_FINDER_OTHER_SYLLABLES)
        memcpy(sounds, others, n * sizeof *sounds);
    for (size_t i = 0; i < n; i++) {
        GeoFinderAskUnit unit = {.start = at, .typed = true, .n_sounds = 1, .weight = 0.7f};
        at = unit.end = at + (uint32_t)strlen(geo_sound_text(sounds[i]));
        unit.sounds[0] = sounds[i];
        add_unit(ask, unit);
    }
    return true;
}

/* "Changjiang Middle Road": what stands on the signs in English, for 长江中路. */
static const struct {
    const char *english, *pinyin;
} signs[] = {
    {"road", "lu"},      {"rd", "lu"},       {"street", "jie"},    {"st", "jie"},
    {"avenue", "dadao"}, {"ave", "dadao"},   {"lane", "xiang"},    {"middle", "zhong"},
    {"mid", "zhong"},    {"north", "bei"},   {"south", "nan"},     {"east", "dong"},
    {"west", "xi"},      {"bridge", "qiao"}, {"park", "gongyuan"},
};

/* The word's units share its letters. */
static bool add_sign(GeoFinderAsk *ask, const GeoFinderUnit *run)
{
    GeoSound sounds[MAX_SYLLABLES];
    uint32_t size = run->end - run->start;
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        const char *english = signs[i].english, *pinyin = signs[i].pinyin;
        if (strlen(english) != size || strncmp(ask->text + run->start, english, size) != 0)
            continue;
        size_t n =
            geo_sound_split(pinyin, strlen(pinyin), GEO_SOUND_BY_CONSONANT, sounds, MAX_SYLLABLES);
        for (size_t k = 0; k < n; k++) {
            GeoFinderAskUnit unit = {.start = run->start + (uint32_t)(k * size / n),
                                     .end = run->start + (uint32_t)((k + 1) * size / n),
                                     .typed = true,
                                     .n_sounds = 1,
                                     .weight = 0.7f};
            unit.sounds[0] = sounds[k];
            add_unit(ask, unit);
        }
        return n > 0;
    }
    return false;
}

static bool is_letters(const char *text, const GeoFinderUnit *run)
{
    for (uint32_t i = run->start; i < run->end; i++)
        if (!g_ascii_isalpha(text[i]))
            return false;
    return !run->han && run->end - run->start > 1;
}

static void read_units(GeoFinderAsk *ask, GeoFinderReading reading)
{
    uint32_t at = 0;
    GeoFinderUnit run;
    while (ask->n_units < GEO_FINDER_MAX_UNITS && geo_finder_unit(ask->text, &at, &run)) {
        if (is_letters(ask->text, &run) && reading != GEO_FINDER_WORDS && add_sign(ask, &run))
            continue;
        if (is_letters(ask->text, &run) && add_syllables(ask, &run, reading))
            continue;
        GeoFinderAskUnit unit = {.han = run.han,
                                 .start = run.start,
                                 .end = run.end,
                                 .digits = run.digits,
                                 .weight = run.digits ? NUMBER_WEIGHT : UNKNOWN_WEIGHT};
        unit.n_sounds = (uint8_t)geo_sound_of(run.han, unit.sounds);
        add_unit(ask, unit);
    }
}

/* ---- phrases ---- */

static bool is_word_of(const char *text, uint32_t start, uint32_t end)
{
    if (!g_ascii_isalpha(text[start]))
        return true;
    return (start == 0 || !g_ascii_isalpha(text[start - 1])) && !g_ascii_isalpha(text[end]);
}

static void take_phrase(GeoFinderAsk *ask, const Phrase *phrase, uint64_t mask)
{
    if (phrase->role == TO_MOVE && ask->move_mask == 0) {
        ask->move = (GeoFoundMove)phrase->what;
        ask->move_mask = mask;
    } else if (phrase->role == TO_CROSSING)
        ask->crossing_mask |= mask;
    else if (phrase->role == TO_POLE)
        ask->pole_mask |= mask;
    else if (phrase->role == TO_STOP)
        ask->stop_mask |= mask;
    for (unsigned i = 0; i < ask->n_units && phrase->role == TO_NOTHING; i++)
        if (mask >> i & 1)
            ask->units[i].filler = true;
}

static void read_phrases(GeoFinderAsk *ask)
{
    uint64_t taken = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(phrases); i++) {
        const char *text = phrases[i].text, *hit = strstr(ask->text, text);
        for (; hit; hit = strstr(hit + 1, text)) {
            uint32_t start = (uint32_t)(hit - ask->text), end = start + (uint32_t)strlen(text);
            uint64_t mask = mask_of(ask, start, end);
            if (mask == 0 || mask & taken || !is_word_of(ask->text, start, end))
                continue;
            taken |= mask;
            take_phrase(ask, &phrases[i], mask);
        }
    }
}

/* What makes a direction of a compass word: "北侧", "以北", "north of". 0: nothing does. */
static uint32_t direction_end(const char *text, uint32_t start, uint32_t end, uint32_t *begin)
{
    static const char *const behind[] = {"方向", "侧", "边", "面", "方", " of"};
    static const char *const before[] = {"以", "往", "向", "朝"};
    *begin = start;
    for (size_t i = 0; i < G_N_ELEMENTS(before); i++) {
        uint32_t n = (uint32_t)strlen(before[i]);
        if (start >= n && memcmp(text + start - n, before[i], n) == 0)
            *begin = start - n;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(behind); i++)
        if (g_str_has_prefix(text + end, behind[i]))
            return end + (uint32_t)strlen(behind[i]);
    return *begin < start ? end : 0;
}

/* "北50米": the compass word alone, right before the metres. */
static bool metres_follow(const GeoFinderAsk *ask, uint32_t end)
{
    uint64_t last = end > 0 ? mask_of(ask, end - 1, end) : 0;
    return ask->metres_mask != 0 && last << 1 & ask->metres_mask;
}

static void read_direction(GeoFinderAsk *ask)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ways) && ask->move_mask == 0; i++) {
        const char *hit = strstr(ask->text, ways[i].text);
        for (; hit && ask->move_mask == 0; hit = strstr(hit + 1, ways[i].text)) {
            uint32_t start = (uint32_t)(hit - ask->text), begin;
            uint32_t end = start + (uint32_t)strlen(ways[i].text);
            uint32_t stop = direction_end(ask->text, start, end, &begin);
            if (!is_word_of(ask->text, start, end) || (!stop && !metres_follow(ask, end)))
                continue;
            ask->move = GEO_MOVE_TOWARDS;
            ask->bearing_deg = ways[i].bearing_deg;
            ask->move_mask = mask_of(ask, begin, stop ? stop : end);
        }
    }
    if (ask->move_mask)
        ask->move_mask |= ask->metres_mask;
}

/* ---- numbers ---- */

static int digit_of(uint32_t han)
{
    static const char *const digits[] = {"零〇", "一幺壹", "二两贰", "三叁", "四肆",
                                         "五伍", "六陆",   "七柒拐", "八捌", "九玖勾"};
    for (int i = 0; i < 10; i++)
        if (han && g_utf8_strchr(digits[i], -1, han))
            return i;
    return -1;
}

static uint32_t scale_of(uint32_t han)
{
    return han == 0x5341 ? 10 : han == 0x767e ? 100 : han == 0x5343 ? 1000 : 0; /* 十 百 千 */
}

/* "一百二十三", "一二三", "三十五", "百零五", "一百二" (120). */
static uint32_t spoken_value(const GeoFinderAskUnit *units, unsigned n)
{
    uint32_t sum = 0, last = 0, scale = 0;
    bool plain = true, zero = false;
    for (unsigned i = 0; i < n; i++)
        plain &= scale_of(units[i].han) == 0;
    for (unsigned i = 0; i < n; i++) {
        int digit = digit_of(units[i].han);
        if (plain) {
            sum = sum < 100000000 ? sum * 10 + (uint32_t)digit : sum;
            continue;
        }
        if (digit >= 0) {
            zero = digit == 0;
            last = (uint32_t)digit;
            if (i + 1 == n && !zero && scale > 10 && i > 0 && scale_of(units[i - 1].han))
                return sum + last * scale / 10;
            continue;
        }
        scale = scale_of(units[i].han);
        sum += (last || (i > 0 && !zero) ? last : 1) * scale;
        last = 0;
    }
    return sum + last;
}

typedef struct {
    const char *text;
    GeoFinderNumberKind kind;
} Counter;

static const Counter counters[] = {
    {"号楼", GEO_FINDER_BLOCK},    {"号栋", GEO_FINDER_BLOCK},   {"号院", GEO_FINDER_HOUSE},
    {"栋", GEO_FINDER_BLOCK},      {"幢", GEO_FINDER_BLOCK},     {"座", GEO_FINDER_BLOCK},
    {"#楼", GEO_FINDER_BLOCK},     {"haolou", GEO_FINDER_BLOCK}, {"dong", GEO_FINDER_BLOCK},
    {"号", GEO_FINDER_HOUSE},      {"弄", GEO_FINDER_HOUSE},     {"hao", GEO_FINDER_HOUSE},
    {"单元", GEO_FINDER_ROOM},     {"室", GEO_FINDER_ROOM},      {"层", GEO_FINDER_ROOM},
    {"辆", GEO_FINDER_ROOM},       {"个", GEO_FINDER_ROOM},      {"人", GEO_FINDER_ROOM},
    {"名", GEO_FINDER_ROOM},       {"岁", GEO_FINDER_ROOM},      {"点", GEO_FINDER_ROOM},
    {"次", GEO_FINDER_ROOM},       {"小时", GEO_FINDER_ROOM},    {"楼", GEO_FINDER_BLOCK},
    {"米", GEO_FINDER_METRES},     {"公尺", GEO_FINDER_METRES},  {"metres", GEO_FINDER_METRES},
    {"meters", GEO_FINDER_METRES}, {"m", GEO_FINDER_METRES},
};

static void add_number(GeoFinderAsk *ask, unsigned first, unsigned end, uint32_t value)
{
    uint32_t at = ask->units[end - 1].end, stop = at;
    while (ask->text[at] == ' ')
        at++;
    GeoFinderNumber number = {0, value, GEO_FINDER_BARE};
    for (size_t i = 0; i < G_N_ELEMENTS(counters); i++) {
        uint32_t n = (uint32_t)strlen(counters[i].text);
        if (strncmp(ask->text + at, counters[i].text, n) != 0 || !is_word_of(ask->text, at, at + n))
            continue;
        number.kind = counters[i].kind;
        stop = at + n;
        break;
    }
    number.mask = mask_of(ask, ask->units[first].start, stop);
    for (unsigned i = first; i < ask->n_units; i++) {
        if (!(number.mask >> i & 1))
            continue;
        ask->units[i].weight = i >= end ? COUNTER_WEIGHT : NUMBER_WEIGHT / (float)(end - first);
        if (number.kind == GEO_FINDER_ROOM)
            ask->units[i].weight = COUNTER_WEIGHT;
    }
    if (number.kind == GEO_FINDER_METRES && ask->metres_mask == 0 && value <= MOST_METRES) {
        ask->metres_mask = number.mask;
        ask->metres = value;
    } else if (ask->n_numbers < GEO_FINDER_MAX_NUMBERS)
        ask->numbers[ask->n_numbers++] = number;
}

static void read_numbers(GeoFinderAsk *ask)
{
    for (unsigned i = 0, end; i < ask->n_units; i = end) {
        const GeoFinderAskUnit *unit = &ask->units[i];
        end = i + 1;
        if (unit->digits) {
            guint64 value = g_ascii_strtoull(ask->text + unit->start, NULL, 10);
            if (value < UINT32_MAX)
                add_number(ask, i, end, (uint32_t)value);
            continue;
        }
        if (digit_of(unit->han) < 0 && scale_of(unit->han) == 0)
            continue;
        while (end < ask->n_units && ask->units[end].start == ask->units[end - 1].end &&
               (digit_of(ask->units[end].han) >= 0 || scale_of(ask->units[end].han)))
            end++;
        add_number(ask, i, end, spoken_value(unit, end - i));
    }
}

static bool is_word(const GeoFinder *finder, const GeoFinderAsk *ask, const GeoFinderAskUnit *unit,
                    const GeoFinderGlyph *glyph)
{
    const char *word = geo_finder_text(finder, glyph->text);
    uint32_t n = unit->end - unit->start;
    return strncmp(word, ask->text + unit->start, n) == 0 && word[n] == '\0';
}

/* A character's weight is that of names here; it is a numeral's where one may be meant. */
static void weigh(const GeoFinder *finder, GeoFinderAsk *ask)
{
    for (unsigned i = 0; i < ask->n_units; i++) {
        GeoFinderAskUnit *unit = &ask->units[i];
        if (unit->digits || unit->typed)
            continue;
        for (guint g = 0; g < finder->glyphs->len; g++) {
            const GeoFinderGlyph *glyph = &g_array_index(finder->glyphs, GeoFinderGlyph, g);
            if (glyph->han == unit->han && (unit->han || is_word(finder, ask, unit, glyph)))
                unit->weight = glyph->weight;
        }
    }
}

static void leave_out_city(const GeoFinder *finder, GeoFinderAsk *ask)
{
    for (char **word = finder->city; *word; word++) {
        const char *hit = **word ? strstr(ask->text, *word) : NULL;
        if (!hit)
            continue;
        uint32_t start = (uint32_t)(hit - ask->text), end = start + (uint32_t)strlen(*word);
        uint64_t mask = is_word_of(ask->text, start, end) ? mask_of(ask, start, end) : 0;
        for (unsigned i = 0; i < ask->n_units; i++)
            if (mask >> i & 1)
                ask->units[i].filler = true;
    }
}

/* Words of a relation count little: what they are about was to be found. */
static void weigh_relations(GeoFinderAsk *ask)
{
    uint64_t mask = ask->move_mask | ask->crossing_mask | ask->pole_mask | ask->stop_mask;
    for (unsigned i = 0; i < ask->n_units; i++)
        if (mask >> i & 1)
            ask->units[i].weight = fminf(ask->units[i].weight, RELATION_WEIGHT);
}

void geo_finder_ask(const GeoFinder *finder, const char *folded, GeoFinderReading reading,
                    GeoFinderAsk *ask)
{
    *ask = (GeoFinderAsk){.text = folded};
    read_units(ask, reading);
    weigh(finder, ask);
    read_numbers(ask);
    read_phrases(ask);
    leave_out_city(finder, ask);
    read_direction(ask);
    weigh_relations(ask);
    for (unsigned i = 0; i < ask->n_units; i++)
        ask->weight += ask->units[i].filler ? 0 : ask->units[i].weight;
}
