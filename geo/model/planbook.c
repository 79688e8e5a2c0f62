/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/planbook.h"

#include <math.h>
#include <string.h>

#include "geo/model/error.h"

#define DEFAULT_PLAN "default"
#define MAX_HANDLING_MIN (7 * 24 * 60.0)

static void clear_plan(gpointer data)
{
    GeoPlanbookPlan *plan = data;
    g_strfreev(plan->words);
    g_array_unref(plan->needs);
    g_array_unref(plan->steps);
}

GeoPlanbook *geo_planbook_new(void)
{
    GeoPlanbook *book = g_new0(GeoPlanbook, 1);
    book->plans = g_array_new(FALSE, FALSE, sizeof(GeoPlanbookPlan));
    g_array_set_clear_func(book->plans, clear_plan);
    book->skills = g_array_new(FALSE, FALSE, sizeof(GeoPlanbookName));
    book->text = g_string_chunk_new(4096);
    return book;
}

void geo_planbook_free(GeoPlanbook *book)
{
    if (!book)
        return;
    g_array_unref(book->plans);
    g_array_unref(book->skills);
    for (int i = 0; i < GEO_PLANBOOK_MAX_SKILLS; i++)
        g_strfreev(book->skill_words[i]);
    for (int i = 0; i < GEO_N_FORCES; i++)
        g_strfreev(book->force_words[i]);
    g_string_chunk_free(book->text);
    g_free(book);
}

/* ---- words ---- */

/* Full-width letters become plain ones; what parts words in codes is a blank. */
static char *fold(const char *text)
{
    g_autofree char *plain = text ? g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE) : NULL;
    char *folded = plain ? g_utf8_casefold(plain, -1) : g_strdup("");
    g_strdelimit(folded, "_-", ' ');
    return g_strstrip(folded);
}

/* NULL where there is no word at all. */
static char **split_words(const char *words)
{
    g_auto(GStrv) parts = g_strsplit(words ? words : "", "|", -1);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    for (char **part = parts; *part; part++) {
        char *word = fold(*part);
        if (*word)
            g_ptr_array_add(list, word);
        else
            g_free(word);
    }
    if (list->len == 0)
        return NULL;
    g_ptr_array_add(list, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
}

static bool is_code(const char *code)
{
    for (const char *c = code; c && *c; c++)
        if (!g_ascii_islower(*c) && !g_ascii_isdigit(*c) && *c != '_' && *c != '-')
            return false;
    return code && *code;
}

static bool refuse(GError **error, const char *words, const char *subject)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, words, subject ? subject : "");
    return false;
}

static const char *keep(GeoPlanbook *book, const char *text)
{
    return text && *text ? g_string_chunk_insert_const(book->text, text) : NULL;
}

/* A name in one tongue stands for the other, too. */
static GeoPlanbookName keep_name(GeoPlanbook *book, const GeoPlanbookName *name)
{
    GeoPlanbookName kept = {keep(book, name->code), keep(book, name->name),
                            keep(book, name->name_zh)};
    kept.name = kept.name ? kept.name : kept.name_zh ? kept.name_zh : kept.code;
    kept.name_zh = kept.name_zh ? kept.name_zh : kept.name;
    return kept;
}

/* ---- adding ---- */

static const char FORCES[] =
    "force '%s' is not known: write police, auxiliary, guard, volunteer or emergency";

static int find_force(const char *code)
{
    int force = code ? geo_kind_word(geo_force_words, code) : -1;
    return force == GEO_FORCE_UNKNOWN ? -1 : force;
}

bool geo_planbook_add_force(GeoPlanbook *book, const char *code, const char *words, GError **error)
{
    int force = find_force(code);
    if (force < 0)
        return refuse(error, FORCES, code);
    if (book->force_words[force])
        return refuse(error, "force '%s' is there twice: put all its words in one row", code);
    char **list = split_words(words);
    if (!list)
        return refuse(error, "force '%s' has no words: list what its agencies are called", code);
    book->force_words[force] = list;
    return true;
}

static int find_skill(const GeoPlanbook *book, const char *code)
{
    for (guint i = 0; i < book->skills->len; i++)
        if (!g_strcmp0(g_array_index(book->skills, GeoPlanbookName, i).code, code))
            return (int)i;
    return -1;
}

bool geo_planbook_add_skill(GeoPlanbook *book, const GeoPlanbookName *skill, const char *words,
                            GError **error)
{
    if (!is_code(skill->code))
        return refuse(error, "skill '%s' is no code: write small letters, digits, '_' and '-'",
                      skill->code);
    if (find_skill(book, skill->code) >= 0)
        return refuse(error, "skill '%s' is there twice: put all its words in one row",
                      skill->code);
    if (book->skills->len == GEO_PLANBOOK_MAX_SKILLS)
        return refuse(error, "skill '%s' is one too many: a book has at most 32", skill->code);
    g_autofree char *all = g_strconcat(skill->code, "|", words, NULL);
    GeoPlanbookName kept = keep_name(book, skill);
    book->skill_words[book->skills->len] = split_words(all);
    g_array_append_val(book->skills, kept);
    return true;
}

bool geo_planbook_add_plan(GeoPlanbook *book, const GeoPlanbookName *name, const char *words,
                           double handling_min, GError **error)
{
    if (!is_code(name->code))
        return refuse(error, "plan '%s' is no code: write small letters, digits, '_' and '-'",
                      name->code);
    if (geo_planbook_find(book, name->code))
        return refuse(error, "plan '%s' is there twice: give the second another code", name->code);
    if (!(handling_min > 0 && handling_min <= MAX_HANDLING_MIN))
        return refuse(
            error, "plan '%s' has no time for handling: write minutes, above 0 and at most 10080",
            name->code);
    bool is_default = !strcmp(name->code, DEFAULT_PLAN);
    char **list = split_words(words);
    if (!list && !is_default)
        return refuse(error, "plan '%s' has no words: list those of its categories", name->code);
    GeoPlanbookName kept = keep_name(book, name);
    GeoPlanbookPlan plan = {.code = kept.code,
                            .name = kept.name,
                            .name_zh = kept.name_zh,
                            .handling_min = handling_min,
                            .words = list ? list : g_new0(char *, 1),
                            .needs = g_array_new(FALSE, FALSE, sizeof(GeoPlanbookNeed)),
                            .steps = g_array_new(FALSE, FALSE, sizeof(GeoPlanbookName))};
    g_array_append_val(book->plans, plan);
    return true;
}

static GeoPlanbookPlan *plan_of(const GeoPlanbook *book, const char *code, GError **error)
{
    const GeoPlanbookPlan *plan = geo_planbook_find(book, code);
    if (!plan)
        refuse(error, "plan '%s' is not known: list it above as a row 'plan'", code);
    return (GeoPlanbookPlan *)plan;
}

static bool read_forces(const char *words, uint32_t *forces, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(words ? words : "", "|", -1);
    for (char **part = parts; *part; part++) {
        const char *word = g_strstrip(*part);
        int force = find_force(word);
        if (force < 0 && *word)
            return refuse(error, FORCES, word);
        if (force >= 0)
            *forces |= GEO_FORCE_BIT(force);
    }
    return true;
}

static bool read_skills(const GeoPlanbook *book, const char *words, uint32_t *skills,
                        GError **error)
{
    g_auto(GStrv) parts = g_strsplit(words ? words : "", "|", -1);
    for (char **part = parts; *part; part++) {
        const char *word = g_strstrip(*part);
        int skill = find_skill(book, word);
        if (skill < 0 && *word)
            return refuse(error, "skill '%s' is not known: list it above as a row 'skill'", word);
        if (skill >= 0)
            *skills |= UINT32_C(1) << skill;
    }
    return true;
}

bool geo_planbook_add_need(GeoPlanbook *book, const char *code, const char *forces,
                           const char *skills, const GeoPlanbookNeed *need, GError **error)
{
    GeoPlanbookPlan *plan = plan_of(book, code, error);
    GeoPlanbookNeed kept = *need;
    kept.forces = kept.skills = 0;
    if (!plan || !read_forces(forces, &kept.forces, error) ||
        !read_skills(book, skills, &kept.skills, error))
        return false;
    int all = need->number;
    for (guint i = 0; i < plan->needs->len; i++)
        all += g_array_index(plan->needs, GeoPlanbookNeed, i).number;
    if (need->number < 1 || all > GEO_PLANBOOK_MAX_NUMBER)
        return refuse(error, "number of plan '%s' is out of range: write 1 or more, 20 in a plan",
                      code);
    if (!(need->radius_m > 0))
        return refuse(error, "radius_m of plan '%s' is out of range: write metres, or nothing",
                      code);
    if (need->priority < 1 || need->priority > 4)
        return refuse(error, "priority of plan '%s' is out of range: write 1 to 4, or nothing",
                      code);
    g_array_append_val(plan->needs, kept);
    return true;
}

bool geo_planbook_add_step(GeoPlanbook *book, const char *code, const GeoPlanbookName *step,
                           GError **error)
{
    GeoPlanbookPlan *plan = plan_of(book, code, error);
    if (!plan)
        return false;
    GeoPlanbookName said = {NULL, step->name, step->name_zh};
    GeoPlanbookName kept = keep_name(book, &said);
    if (!kept.name)
        return refuse(error, "a step of plan '%s' says nothing: write it as its name", code);
    g_array_append_val(plan->steps, kept);
    return true;
}

bool geo_planbook_check(const GeoPlanbook *book, GError **error)
{
    for (guint i = 0; i < book->plans->len; i++) {
        const GeoPlanbookPlan *plan = geo_planbook_plan(book, i);
        bool always = false;
        for (guint k = 0; k < plan->needs->len; k++)
            always |= g_array_index(plan->needs, GeoPlanbookNeed, k).priority == 4;
        if (!always)
            return refuse(error,
                          "plan '%s' needs nobody: give it a row 'need' that counts for every "
                          "priority",
                          plan->code);
    }
    if (!geo_planbook_find(book, DEFAULT_PLAN))
        return refuse(error, "there is no plan '%s' for all other incidents: add one",
                      DEFAULT_PLAN);
    return true;
}

/* ---- asking ---- */

const GeoPlanbookPlan *geo_planbook_plan(const GeoPlanbook *book, size_t i)
{
    return &g_array_index(book->plans, GeoPlanbookPlan, i);
}

const GeoPlanbookPlan *geo_planbook_find(const GeoPlanbook *book, const char *code)
{
    for (guint i = 0; i < book->plans->len; i++)
        if (!g_strcmp0(geo_planbook_plan(book, i)->code, code))
            return geo_planbook_plan(book, i);
    return NULL;
}

const GeoPlanbookPlan *geo_planbook_for(const GeoPlanbook *book, const char *category)
{
    g_autofree char *folded = fold(category);
    const GeoPlanbookPlan *found = NULL;
    size_t longest = 0;
    for (guint i = 0; i < book->plans->len; i++) {
        const GeoPlanbookPlan *plan = geo_planbook_plan(book, i);
        for (char **word = plan->words; *word; word++)
            if (strlen(*word) > longest && strstr(folded, *word)) {
                longest = strlen(*word);
                found = plan;
            }
    }
    return found ? found : geo_planbook_find(book, DEFAULT_PLAN);
}

GeoForce geo_planbook_force(const GeoPlanbook *book, const GeoUnit *unit)
{
    int said = find_force(unit->force);
    if (said >= 0)
        return (GeoForce)said;
    g_autofree char *agency = fold(unit->agency);
    for (int force = 0; force < GEO_N_FORCES; force++)
        for (char **word = book->force_words[force]; word && *word; word++)
            if (strstr(agency, *word))
                return (GeoForce)force;
    return unit->unit_kind == GEO_UNIT_TEAM ? GEO_FORCE_EMERGENCY : GEO_FORCE_UNKNOWN;
}

uint32_t geo_planbook_skills(const GeoPlanbook *book, const GeoUnit *unit)
{
    uint32_t skills = 0;
    if (!unit->skills)
        return 0;
    /* A list of a Chinese sheet is parted by its own comma. */
    g_auto(GStrv) wide = g_strsplit(unit->skills, "、", -1);
    g_autofree char *plain = g_strjoinv(";", wide);
    g_auto(GStrv) parts = g_strsplit_set(plain, ";,|", -1);
    for (char **part = parts; *part; part++) {
        g_autofree char *word = fold(*part);
        for (guint i = 0; i < book->skills->len && *word; i++)
            if (g_strv_contains((const char *const *)book->skill_words[i], word))
                skills |= UINT32_C(1) << i;
    }
    return skills;
}
