/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/servicebook.h"

#include <string.h>

#include "geo/model/error.h"

#define MAX_MINUTES (366 * 24 * 60)

static void clear_item(gpointer item)
{
    g_strfreev(((GeoServiceItem *)item)->words);
}

GeoServiceBook *geo_servicebook_new(void)
{
    GeoServiceBook *book = g_new0(GeoServiceBook, 1);
    book->departments = g_array_new(FALSE, FALSE, sizeof(GeoServiceName));
    book->groups = g_array_new(FALSE, FALSE, sizeof(GeoServiceName));
    book->items = g_array_new(FALSE, FALSE, sizeof(GeoServiceItem));
    g_array_set_clear_func(book->items, clear_item);
    book->order = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    book->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    book->text = g_string_chunk_new(4096);
    return book;
}

void geo_servicebook_free(GeoServiceBook *book)
{
    if (!book)
        return;
    g_array_unref(book->departments);
    g_array_unref(book->groups);
    g_array_unref(book->items);
    g_array_unref(book->order);
    g_hash_table_unref(book->by_name);
    g_string_chunk_free(book->text);
    g_free(book);
}

/* Full-width letters and digits of Chinese keyboards become the plain ones. */
static char *fold(const char *text)
{
    g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    return plain ? g_utf8_casefold(plain, -1) : NULL;
}

/* ---- adding ---- */

static bool refuse(GError **error, const char *words, const char *subject)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, words, subject ? subject : "");
    return false;
}

static bool is_code(const char *code)
{
    for (const char *c = code; c && *c; c++)
        if (!g_ascii_islower(*c) && !g_ascii_isdigit(*c) && *c != '-')
            return false;
    return code && *code;
}

static bool check_names(const GeoServiceName *name, GError **error)
{
    if (!is_code(name->code))
        return refuse(error,
                      "the code '%s' is not of small letters, digits and hyphens: write one as in "
                      "'street-lamp'",
                      name->code);
    if (!name->name || !*name->name || !name->name_zh || !*name->name_zh)
        return refuse(error, "'%s' lacks its name: give both name and name_zh", name->code);
    return true;
}

static int find_code(const GArray *names, const char *code)
{
    for (guint i = 0; code && i < names->len; i++)
        if (!strcmp(g_array_index(names, GeoServiceName, i).code, code))
            return (int)i;
    return -1;
}

static GeoServiceName keep_name(GeoServiceBook *book, const GeoServiceName *name)
{
    return (GeoServiceName){g_string_chunk_insert_const(book->text, name->code),
                            g_string_chunk_insert_const(book->text, name->name),
                            g_string_chunk_insert_const(book->text, name->name_zh)};
}

static bool add_name(GeoServiceBook *book, GArray *to, const GeoServiceName *name, GError **error)
{
    if (!check_names(name, error))
        return false;
    if (find_code(to, name->code) >= 0)
        return refuse(error, "the code '%s' is taken: give each its own", name->code);
    GeoServiceName kept = keep_name(book, name);
    g_array_append_val(to, kept);
    return true;
}

bool geo_servicebook_add_department(GeoServiceBook *book, const GeoServiceName *name,
                                    GError **error)
{
    return add_name(book, book->departments, name, error);
}

bool geo_servicebook_add_group(GeoServiceBook *book, const GeoServiceName *name, GError **error)
{
    return add_name(book, book->groups, name, error);
}

/* NULL when a part is empty: it would match everything. */
static char **keep_words(const char *words)
{
    g_auto(GStrv) parts = g_strsplit(words ? words : "", "|", -1);
    for (size_t i = 0; parts[i]; i++) {
        char *folded = fold(g_strstrip(parts[i]));
        g_free(parts[i]);
        parts[i] = folded ? folded : g_strdup("");
        g_auto(GStrv) all = g_strsplit(parts[i], "+", -1);
        for (size_t k = 0; k == 0 || all[k]; k++)
            if (!all[k] || !*all[k] || !strcmp(all[k], "*"))
                return NULL;
    }
    return g_steal_pointer(&parts);
}

static bool check_item(const GeoServiceBook *book, const GeoServiceItem *item, GError **error)
{
    GeoServiceName name = {item->code, item->name, item->name_zh};
    const int minutes[] = {item->accept_min, item->arrive_min, item->report_min};
    if (!check_names(&name, error))
        return false;
    if (item->department >= book->departments->len || item->group >= book->groups->len)
        return refuse(error, "'%s' names no department or group of the file: list those first",
                      item->code);
    if (item->priority < 1 || item->priority > 4)
        return refuse(error, "the priority of '%s' is not 1, 2, 3 or 4", item->code);
    for (size_t i = 0; i < G_N_ELEMENTS(minutes); i++)
        if (minutes[i] < 0 || minutes[i] > MAX_MINUTES)
            return refuse(error, "a target of '%s' is not 0 to 527,040 minutes", item->code);
    if (item->accept_min == 0 || item->report_min == 0)
        return refuse(error, "'%s' needs targets to accept and to report, at least 1 minute",
                      item->code);
    if (item->mediation && (item->tier == GEO_LEVEL_GRID || item->tier == GEO_LEVEL_CITY))
        return refuse(error,
                      "mediation of '%s' begins at a level it has not: write community, street or "
                      "district",
                      item->code);
    return true;
}

/* By priority, behind those that came before it. */
static void put_in_order(GeoServiceBook *book, uint32_t i)
{
    guint at = book->order->len;
    while (at > 0 &&
           geo_servicebook_item(book, g_array_index(book->order, uint32_t, at - 1))->priority >
               geo_servicebook_item(book, i)->priority)
        at--;
    g_array_insert_val(book->order, at, i);
}

static bool take_names(GeoServiceBook *book, const GeoServiceItem *item, GError **error)
{
    const char *const names[] = {item->code, item->name, item->name_zh};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *folded = fold(names[i]);
        if (!folded)
            return refuse(error, "a name of '%s' is not UTF-8", item->code);
        guint found = GPOINTER_TO_UINT(g_hash_table_lookup(book->by_name, folded));
        if (found != 0 && found != book->items->len + 1)
            return refuse(error, "another item is called '%s' already: give each its own name",
                          names[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        g_hash_table_insert(book->by_name, fold(names[i]), GUINT_TO_POINTER(book->items->len + 1));
    return true;
}

bool geo_servicebook_add_item(GeoServiceBook *book, const GeoServiceItem *item, const char *words,
                              GError **error)
{
    if (!check_item(book, item, error))
        return false;
    g_auto(GStrv) kept_words = keep_words(words && *words ? words : item->name);
    if (!kept_words)
        return refuse(error, "the words of '%s' have an empty one: take out the extra '|' or '+'",
                      item->code);
    if (!take_names(book, item, error))
        return false;
    GeoServiceItem kept = *item;
    kept.code = g_string_chunk_insert_const(book->text, item->code);
    kept.name = g_string_chunk_insert_const(book->text, item->name);
    kept.name_zh = g_string_chunk_insert_const(book->text, item->name_zh);
    kept.words = g_steal_pointer(&kept_words);
    g_array_append_val(book->items, kept);
    put_in_order(book, book->items->len - 1);
    return true;
}

/* ---- asking ---- */

int geo_servicebook_department(const GeoServiceBook *book, const char *code)
{
    return find_code(book->departments, code);
}

int geo_servicebook_group(const GeoServiceBook *book, const char *code)
{
    return find_code(book->groups, code);
}

const GeoServiceItem *geo_servicebook_item(const GeoServiceBook *book, size_t i)
{
    return &g_array_index(book->items, GeoServiceItem, i);
}

const GeoServiceName *geo_servicebook_department_of(const GeoServiceBook *book,
                                                    const GeoServiceItem *item)
{
    return &g_array_index(book->departments, GeoServiceName, item->department);
}

const GeoServiceItem *geo_servicebook_find(const GeoServiceBook *book, const char *name)
{
    g_autofree char *folded = name ? fold(name) : NULL;
    guint found = folded ? GPOINTER_TO_UINT(g_hash_table_lookup(book->by_name, folded)) : 0;
    return found ? geo_servicebook_item(book, found - 1) : NULL;
}

static bool is_letter(const char *text, const char *at)
{
    return at >= text && (g_ascii_isalnum(*at) || *at == '_');
}

/* Latin words are found whole, or their beginning where they end in '*'; Chinese ones anywhere. */
static bool holds(const char *text, const char *word, size_t n)
{
    bool open = word[n - 1] == '*';
    size_t length = open ? n - 1 : n;
    for (const char *at = text; *at; at++) {
        if (strncmp(at, word, length) != 0)
            continue;
        bool begins = !g_ascii_isalnum(word[0]) || !is_letter(text, at - 1);
        bool ends = open || !g_ascii_isalnum(word[length - 1]) || !is_letter(text, at + length);
        if (begins && ends)
            return true;
    }
    return false;
}

static bool holds_all(const char *text, const char *words)
{
    for (;;) {
        size_t n = strcspn(words, "+");
        if (!holds(text, words, n))
            return false;
        if (!words[n])
            return true;
        words += n + 1;
    }
}

const GeoServiceItem *geo_servicebook_suggest(const GeoServiceBook *book, const char *narrative,
                                              GString *matched)
{
    g_autofree char *text = narrative ? fold(narrative) : NULL;
    const GeoServiceItem *found = NULL;
    if (matched)
        g_string_truncate(matched, 0);
    for (guint i = 0; text && !found && i < book->order->len; i++) {
        const GeoServiceItem *item =
            geo_servicebook_item(book, g_array_index(book->order, uint32_t, i));
        for (char **word = item->words; *word; word++) {
            if (!holds_all(text, *word))
                continue;
            found = item;
            if (!matched)
                break;
            g_string_append_printf(matched, "%s%s", matched->len ? ", " : "", *word);
        }
    }
    return found;
}

/* ---- routing ---- */

static bool is_rung(const GeoServiceItem *item, GeoLevel tier)
{
    if (item->mediation)
        return tier >= GEO_LEVEL_COMMUNITY && tier <= GEO_LEVEL_DISTRICT;
    return tier != GEO_LEVEL_STREET || item->tier == GEO_LEVEL_STREET;
}

static bool stand_at(GeoRoute *route, const GeoPlaceAreas *areas, GeoLevel tier)
{
    const char *area = tier == GEO_LEVEL_CITY || !areas ? NULL : areas->area[tier];
    if (!is_rung(route->item, tier) || (!area && tier != GEO_LEVEL_CITY))
        return false;
    route->tier = tier;
    route->area = area;
    return true;
}

bool geo_route_raise(GeoRoute *route, const GeoPlaceAreas *areas)
{
    for (int tier = (int)route->tier + 1; tier < GEO_N_LEVELS; tier++)
        if (stand_at(route, areas, (GeoLevel)tier))
            return true;
    return false;
}

bool geo_route_lower(GeoRoute *route, const GeoPlaceAreas *areas)
{
    for (int tier = (int)route->tier - 1; tier > GEO_LEVEL_NONE; tier--)
        if (stand_at(route, areas, (GeoLevel)tier))
            return true;
    return false;
}

GeoRoute geo_servicebook_route(const GeoServiceBook *book, const GeoServiceItem *item,
                               const GeoPlaceAreas *areas)
{
    GeoRoute route = {item, geo_servicebook_department_of(book, item), item->tier, NULL};
    if (!stand_at(&route, areas, item->tier) && !geo_route_raise(&route, areas))
        route.tier = GEO_LEVEL_CITY;
    return route;
}
