/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A restriction of OpenStreetMap: its tags say what it forbids to whom, its members where. People
 * on foot are bound by what names them alone; an e-bike is a bicycle, a patrol car a motorcar on no
 * emergency run. What binds lorries, buses or taxis binds none of ours. */
#include <string.h>

#include "geo/model/hours.h"
#include "geo/work/import-rules.h"

static bool known_word(const char *value, bool *only)
{
    static const char *const words[] = {"no_left_turn",
                                        "no_right_turn",
                                        "no_straight_on",
                                        "no_u_turn",
                                        "no_entry",
                                        "no_exit",
                                        "only_left_turn",
                                        "only_right_turn",
                                        "only_straight_on",
                                        "only_u_turn",
                                        NULL};
    *only = g_str_has_prefix(value, "only_");
    return g_strv_contains(words, value);
}

static const char *const modes[GEO_N_RULED][4] = {
    [GEO_RULE_FOOT] = {"foot", NULL},
    [GEO_RULE_EBIKE] = {"bicycle", "vehicle", "", NULL},
    [GEO_RULE_CAR] = {"motorcar", "motor_vehicle", "vehicle", ""},
};

static const char *value_for(const GeoOsmThing *relation, const char *mode, const char *ending)
{
    g_autofree char *key = g_strconcat("restriction", *mode ? ":" : "", mode, ending, NULL);
    return geo_osm_tag(relation, key);
}

static bool is_excepted(const GeoOsmThing *relation, int profile)
{
    const char *text = geo_osm_tag(relation, "except");
    g_auto(GStrv) words = g_strsplit_set(text ? text : "", ";, ", -1);
    for (size_t i = 0; i < G_N_ELEMENTS(modes[profile]) && modes[profile][i]; i++)
        if (*modes[profile][i] && g_strv_contains((const char *const *)words, modes[profile][i]))
            return true;
    return false;
}

/* "no_left_turn @ (07:00-09:00)": the word, and its hours into texts. */
static bool read_condition(const char *text, GStringChunk *texts, char word[32], const char **hours)
{
    const char *at = strchr(text, '@');
    GeoHours week;
    if (!at || strchr(at + 1, '@') || at - text >= 32)
        return false;
    g_strlcpy(word, text, (gsize)(at - text) + 1);
    g_strstrip(word);
    g_autofree char *when = g_strstrip(g_strdup(at + 1));
    size_t n = strlen(when);
    if (n > 1 && when[0] == '(' && when[n - 1] == ')') {
        memmove(when, when + 1, n - 2);
        when[n - 2] = '\0';
    }
    g_strstrip(when);
    if (!geo_hours_read(when, &week))
        return false;
    *hours = geo_hours_always(&week) ? NULL : g_string_chunk_insert_const(texts, when);
    return true;
}

/* What the relation says to the profile: NULL is nothing. word has room for 32. */
static GeoRuleFate rule_for(const GeoOsmThing *relation, int profile, const char *only_mode,
                            GStringChunk *texts, char word[32], const char **hours)
{
    for (size_t i = 0; i < G_N_ELEMENTS(modes[profile]) && modes[profile][i]; i++) {
        const char *mode = modes[profile][i];
        const char *value = value_for(relation, mode, "");
        const char *condition = value_for(relation, mode, ":conditional");
        if (only_mode && *mode && strcmp(mode, only_mode))
            continue;
        if (value) {
            g_strlcpy(word, value, 32);
            return GEO_RULE_FINE;
        }
        if (condition)
            return read_condition(condition, texts, word, hours) ? GEO_RULE_FINE
                                                                 : GEO_RULE_CONDITION;
    }
    return GEO_RULE_NOBODY;
}

/* "type=restriction:bicycle", the older way to write it, binds those alone. */
static bool mode_is(const char *only_mode, int profile)
{
    for (size_t i = 0; i < G_N_ELEMENTS(modes[profile]) && modes[profile][i]; i++)
        if (!only_mode || !strcmp(modes[profile][i], only_mode))
            return true;
    return false;
}

static GeoRuleFate read_words(const GeoOsmThing *relation, GStringChunk *texts, GeoTurnDraft *draft)
{
    const char *type = geo_osm_tag(relation, "type");
    const char *only_mode = type && g_str_has_prefix(type, "restriction:") ? type + 12 : NULL;
    GeoRuleFate worst = GEO_RULE_NOBODY;
    for (int profile = 0; profile < GEO_N_RULED; profile++) {
        char word[32];
        const char *hours = NULL;
        bool only;
        if (!mode_is(only_mode, profile) || is_excepted(relation, profile))
            continue;
        GeoRuleFate fate = rule_for(relation, profile, only_mode, texts, word, &hours);
        if (fate == GEO_RULE_FINE && !strcmp(word, "none"))
            continue;
        if (fate == GEO_RULE_FINE && !known_word(word, &only))
            fate = strcmp(word, "no_right_turn_on_red") ? GEO_RULE_WORD : GEO_RULE_NOBODY;
        worst = MAX(worst, fate);
        if (fate != GEO_RULE_FINE)
            continue;
        if ((draft->no | draft->only) && hours != draft->hours)
            return GEO_RULE_CONDITION; /* one rule has one time */
        *(only ? &draft->only : &draft->no) |= (uint8_t)(1 << profile);
        draft->hours = hours;
    }
    return draft->no || draft->only ? GEO_RULE_FINE : worst;
}

static bool add_end(int64_t *ends, size_t *n, int64_t id)
{
    if (*n == GEO_TURN_ENDS)
        return false;
    ends[(*n)++] = id;
    return true;
}

static GeoRuleFate read_members(const GeoOsmThing *relation, GeoTurnDraft *draft)
{
    size_t n_ways = 0, n_nodes = 0;
    for (size_t i = 0; i < relation->n_members; i++) {
        const GeoOsmMember *member = &relation->members[i];
        bool from = !strcmp(member->role, "from"), to = !strcmp(member->role, "to");
        bool fine = true;
        if (from || to)
            fine = member->sort == GEO_OSM_WAY &&
                   (from ? add_end(draft->from, &draft->n_from, member->id)
                         : add_end(draft->to, &draft->n_to, member->id));
        else if (!strcmp(member->role, "via") && member->sort == GEO_OSM_WAY)
            draft->via_way = ++n_ways ? member->id : 0;
        else if (!strcmp(member->role, "via"))
            draft->via_node = ++n_nodes ? member->id : 0;
        if (!fine)
            return GEO_RULE_MEMBERS;
    }
    if (draft->n_from == 0 || draft->n_to == 0 || n_nodes > 1 || (n_nodes > 0) == (n_ways > 0) ||
        (draft->only && draft->n_from * draft->n_to > 1))
        return GEO_RULE_MEMBERS;
    return n_ways > 1 ? GEO_RULE_LONG : GEO_RULE_FINE;
}

GeoRuleFate geo_import_turn(const GeoOsmThing *relation, GStringChunk *texts, GeoTurnDraft *draft)
{
    *draft = (GeoTurnDraft){.id = relation->id};
    GeoRuleFate fate = read_words(relation, texts, draft);
    return fate == GEO_RULE_FINE ? read_members(relation, draft) : fate;
}
