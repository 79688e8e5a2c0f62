/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The index of names. A name is a row of glyphs: Chinese characters, words and numbers. Addresses
 * with a number stand under the name of their street or compound, so that the 98,000 doors of a
 * city are but its 7,000 street names here. How much a glyph tells goes by how few names have it:
 * the "road" of most streets tells little. */
#include <math.h>
#include <string.h>

#include "geo/work/finder-entry.h"

#define LEAST_WEIGHT 0.2f
#define CITY_SHARE 0.1f /* of a weight, within the city's own name */

static bool is_han(gunichar c)
{
    return (c >= 0x3400 && c < 0xa000) || (c >= 0x20000 && c < 0x40000);
}

bool geo_finder_unit(const char *text, uint32_t *at, GeoFinderUnit *unit)
{
    const char *p = text + *at;
    gunichar c = 0;
    for (; *p; p = g_utf8_next_char(p)) {
        c = g_utf8_get_char(p);
        if (is_han(c) || g_unichar_isalnum(c))
            break;
    }
    if (!*p)
        return false;
    *unit = (GeoFinderUnit){is_han(c) ? c : 0, (uint32_t)(p - text), 0, false};
    bool digits = unit->digits = !unit->han && g_unichar_isdigit(c);
    do {
        p = g_utf8_next_char(p);
        c = *p ? g_utf8_get_char(p) : 0;
    } while (!unit->han && c && g_unichar_isalnum(c) && !is_han(c) &&
             (bool)g_unichar_isdigit(c) == digits);
    unit->end = *at = (uint32_t)(p - text);
    return true;
}

/* ---- while loading ---- */

void geo_finder_names_begin(GeoFinder *finder)
{
    finder->names = g_array_new(FALSE, FALSE, sizeof(GeoFinderName));
    finder->glyphs = g_array_new(FALSE, FALSE, sizeof(GeoFinderGlyph));
    finder->spelt = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    finder->keys = g_array_new(FALSE, FALSE, sizeof(GeoFinderKey));
    finder->own = g_array_new(FALSE, FALSE, sizeof(GeoFinderOwn));
    finder->pieces = g_array_new(FALSE, FALSE, sizeof(GeoFinderPiece));
    finder->points = g_array_new(FALSE, FALSE, sizeof(GeoFinderPoint));
    finder->by_text = g_hash_table_new(NULL, NULL);
    finder->by_han = g_hash_table_new(NULL, NULL);
    finder->by_word = g_hash_table_new(NULL, NULL);
}

static uint32_t letter_bit(char letter)
{
    return letter >= 'a' && letter <= 'z' ? 1u << (letter - 'a') : 0;
}

static uint32_t glyph_of(GeoFinder *finder, const char *text, const GeoFinderUnit *unit)
{
    GeoFinderGlyph glyph = {.han = unit->han, .text = GEO_FINDER_NO_TEXT, .digits = unit->digits};
    GHashTable *table = unit->han ? finder->by_han : finder->by_word;
    gpointer key = GUINT_TO_POINTER(unit->han);
    if (!unit->han) {
        uint32_t start = unit->start;
        while (unit->digits && start + 1 < unit->end && text[start] == '0')
            start++;
        g_autofree char *word = g_strndup(text + start, unit->end - start);
        glyph.text = geo_finder_put_text(finder, word);
        key = GUINT_TO_POINTER(glyph.text + 1);
        glyph.letters = letter_bit(word[0]);
    }
    uint32_t known = GPOINTER_TO_UINT(g_hash_table_lookup(table, key));
    if (known)
        return known - 1;
    glyph.n_sounds = (uint8_t)geo_sound_of(unit->han, glyph.sounds);
    for (int i = 0; i < glyph.n_sounds; i++)
        glyph.letters |= letter_bit(geo_sound_text(glyph.sounds[i])[0]);
    g_array_append_val(finder->glyphs, glyph);
    g_hash_table_insert(table, key, GUINT_TO_POINTER(finder->glyphs->len));
    return finder->glyphs->len - 1;
}

/* Bytes of the city's name before more of a name: "合肥" of "合肥火车站". */
static uint32_t city_prefix(const GeoFinder *finder, const char *folded)
{
    for (char **word = finder->city; *word; word++) {
        size_t n = strlen(*word);
        bool whole = n > 0 && strlen(folded) > n + 3 && !g_ascii_isalnum(folded[n]);
        if (whole && g_str_has_prefix(folded, *word))
            return (uint32_t)n;
    }
    return 0;
}

uint32_t geo_finder_name(GeoFinder *finder, const char *folded)
{
    uint32_t at = 0, text = geo_finder_put_text(finder, folded);
    GeoFinderUnit unit;
    if (text == GEO_FINDER_NO_TEXT)
        return GEO_FINDER_NONE;
    gpointer key = GUINT_TO_POINTER(text + 1);
    uint32_t known = GPOINTER_TO_UINT(g_hash_table_lookup(finder->by_text, key));
    if (known)
        return known - 1;
    GeoFinderName name = {.text = text, .glyph0 = finder->spelt->len};
    uint32_t city = city_prefix(finder, folded);
    while (geo_finder_unit(folded, &at, &unit)) {
        name.n_city += unit.end <= city;
        uint32_t glyph = glyph_of(finder, folded, &unit);
        g_array_append_val(finder->spelt, glyph);
    }
    name.n_glyphs = finder->spelt->len - name.glyph0;
    if (name.n_glyphs == 0)
        return GEO_FINDER_NONE;
    g_array_append_val(finder->names, name);
    g_hash_table_insert(finder->by_text, key, GUINT_TO_POINTER(finder->names->len));
    return finder->names->len - 1;
}

void geo_finder_add_own(GeoFinder *finder, uint32_t name, uint32_t entry)
{
    if (name != GEO_FINDER_NONE)
        g_array_append_val(finder->own, ((GeoFinderOwn){name, entry}));
}

static bool number_in(const char *text, uint32_t *number)
{
    const char *digit = text ? strpbrk(text, "0123456789") : NULL;
    guint64 value = digit ? g_ascii_strtoull(digit, NULL, 10) : 0;
    *number = (uint32_t)value;
    return digit && value > 0 && value < UINT32_MAX;
}

static bool add_key(GeoFinder *finder, const char *of, GeoFinderGroup group, const char *text,
                    uint32_t entry)
{
    uint32_t number;
    if (!of || !number_in(text, &number))
        return false;
    g_autofree char *folded = geo_finder_fold(of);
    uint32_t name = folded ? geo_finder_name(finder, folded) : GEO_FINDER_NONE;
    if (name == GEO_FINDER_NONE)
        return false;
    g_array_append_val(finder->keys, ((GeoFinderKey){name, group, number, entry}));
    return true;
}

void geo_finder_add_address(GeoFinder *finder, const GeoAddress *address, uint32_t entry)
{
    const char *name = address->row.name;
    bool keyed = false, of_street = name && address->road && g_str_has_prefix(name, address->road);
    const char *rest = of_street ? name + strlen(address->road) : NULL;
    if (address->building)
        keyed = add_key(finder, address->compound, GEO_FINDER_BUILDING, address->building, entry);
    if (!keyed && address->number)
        keyed = add_key(finder, address->road, GEO_FINDER_DOOR, address->number, entry);
    else if (!keyed && (address->class == GEO_ADDRESS_POLE || address->class == GEO_ADDRESS_STOP))
        keyed = add_key(finder, address->road,
                        address->class == GEO_ADDRESS_POLE ? GEO_FINDER_POLE : GEO_FINDER_STOP,
                        rest, entry);
    if (keyed && (!name || of_street || address->building))
        return;
    const GeoFinderEntry *of = &g_array_index(finder->entries, GeoFinderEntry, entry);
    const char *folded = geo_finder_text(finder, of->folded);
    if (folded) {
        g_autofree char *text = g_strdup(folded); /* the block may move */
        geo_finder_add_own(finder, geo_finder_name(finder, text), entry);
    }
}

/* ---- at the end ---- */

static int by_key(const void *a, const void *b)
{
    const GeoFinderKey *p = a, *q = b;
    if (p->name != q->name)
        return p->name < q->name ? -1 : 1;
    if (p->group != q->group)
        return p->group < q->group ? -1 : 1;
    if (p->number != q->number)
        return p->number < q->number ? -1 : 1;
    return (p->entry > q->entry) - (p->entry < q->entry);
}

static int by_own(const void *a, const void *b)
{
    const GeoFinderOwn *p = a, *q = b;
    if (p->name != q->name)
        return p->name < q->name ? -1 : 1;
    return (p->entry > q->entry) - (p->entry < q->entry);
}

static int by_piece(const void *a, const void *b)
{
    const GeoFinderPiece *p = a, *q = b;
    if (p->name != q->name)
        return p->name < q->name ? -1 : 1;
    return (p->point0 > q->point0) - (p->point0 < q->point0);
}

static GeoFinderName *name_at(GeoFinder *finder, uint32_t name)
{
    return &g_array_index(finder->names, GeoFinderName, name);
}

/* Sorted rows get their first and number in each name. */
static void set_ranges(GeoFinder *finder)
{
    for (guint i = finder->keys->len; i-- > 0;) {
        GeoFinderName *name = name_at(finder, g_array_index(finder->keys, GeoFinderKey, i).name);
        name->key0 = i;
        name->n_keys++;
    }
    for (guint i = finder->own->len; i-- > 0;) {
        GeoFinderName *name = name_at(finder, g_array_index(finder->own, GeoFinderOwn, i).name);
        name->own0 = i;
        name->n_own++;
    }
    for (guint i = finder->pieces->len; i-- > 0;) {
        GeoFinderName *name =
            name_at(finder, g_array_index(finder->pieces, GeoFinderPiece, i).name);
        name->piece0 = i;
        name->n_piece++;
    }
}

/* glyph -> names, each name once. */
static void make_posts(GeoFinder *finder)
{
    guint n_glyphs = finder->glyphs->len, n_names = finder->names->len;
    g_autofree uint32_t *last = g_new(uint32_t, n_glyphs + 1);
    for (int pass = 0; pass < 2; pass++) {
        memset(last, 0xff, sizeof *last * n_glyphs);
        for (uint32_t i = 0; i < n_names; i++) {
            const GeoFinderName *name = name_at(finder, i);
            for (uint32_t k = 0; k < name->n_glyphs; k++) {
                uint32_t g = g_array_index(finder->spelt, uint32_t, name->glyph0 + k);
                GeoFinderGlyph *glyph = &g_array_index(finder->glyphs, GeoFinderGlyph, g);
                if (last[g] == i)
                    continue;
                last[g] = i;
                if (pass == 1)
                    g_array_index(finder->posts, uint32_t, glyph->name0 + glyph->n_names) = i;
                glyph->n_names++;
            }
        }
        uint32_t sum = 0;
        for (guint g = 0; pass == 0 && g < n_glyphs; g++) {
            GeoFinderGlyph *glyph = &g_array_index(finder->glyphs, GeoFinderGlyph, g);
            glyph->name0 = sum;
            sum += glyph->n_names;
            glyph->n_names = 0;
        }
        if (pass == 0)
            g_array_set_size(finder->posts, sum);
    }
}

static void set_weights(GeoFinder *finder)
{
    double all = log((double)finder->names->len + 1);
    for (guint g = 0; g < finder->glyphs->len; g++) {
        GeoFinderGlyph *glyph = &g_array_index(finder->glyphs, GeoFinderGlyph, g);
        double share = all > 0 ? log((double)glyph->n_names) / all : 0;
        glyph->weight = fmaxf(LEAST_WEIGHT, 1 - (float)(share * share));
    }
    for (uint32_t i = 0; i < finder->names->len; i++) {
        GeoFinderName *name = name_at(finder, i);
        for (uint32_t k = 0; k < name->n_glyphs; k++) {
            uint32_t g = g_array_index(finder->spelt, uint32_t, name->glyph0 + k);
            float weight = g_array_index(finder->glyphs, GeoFinderGlyph, g).weight;
            name->weight += k < name->n_city ? weight * CITY_SHARE : weight;
        }
    }
}

void geo_finder_names_end(GeoFinder *finder)
{
    finder->posts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_array_sort(finder->keys, by_key);
    g_array_sort(finder->own, by_own);
    g_array_sort(finder->pieces, by_piece);
    set_ranges(finder);
    make_posts(finder);
    set_weights(finder);
    g_clear_pointer(&finder->by_text, g_hash_table_unref);
    g_clear_pointer(&finder->by_han, g_hash_table_unref);
    g_clear_pointer(&finder->by_word, g_hash_table_unref);
}

void geo_finder_names_clear(GeoFinder *finder)
{
    GArray **arrays[] = {&finder->names, &finder->glyphs, &finder->spelt,  &finder->posts,
                         &finder->keys,  &finder->own,    &finder->pieces, &finder->points};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_clear_pointer(arrays[i], g_array_unref);
    g_clear_pointer(&finder->by_text, g_hash_table_unref);
    g_clear_pointer(&finder->by_han, g_hash_table_unref);
    g_clear_pointer(&finder->by_word, g_hash_table_unref);
}
