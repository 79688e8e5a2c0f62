/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands on a way, and who passes: the thing itself says what is usual (as in the published
 * profiles of the field's routers), its access tags say what holds here. A gate's "private" lets
 * patrols in, as a private road does. A lock keeps out all but those whom a tag of their own lets
 * in. General access opens what can be opened, it moves no bollard. */
#include <string.h>

#include "geo/model/hours.h"
#include "geo/model/kind.h"
#include "geo/work/import-rules.h"

typedef struct {
    const char *word;
    uint8_t passes; /* bits of profiles */
    bool opens;
} Sort;

#define F (1 << GEO_RULE_FOOT)
#define E (1 << GEO_RULE_EBIKE)
#define C (1 << GEO_RULE_CAR)

static const Sort sorts[] = {
    {"gate", F | E | C, true},
    {"lift_gate", F | E | C, true},
    {"swing_gate", F | E | C, true},
    {"sliding_gate", F | E | C, true},
    {"sliding_beam", F | E | C, true},
    {"hampshire_gate", F | E | C, true},
    {"bump_gate", F | E | C, true},
    {"wicket_gate", F | E, true},
    {"sally_port", F | E | C, true},
    {"door", F | E, true},
    {"chain", F | E, true},
    {"rope", F | E, true},
    {"entrance", F | E | C, false},
    {"no", F | E | C, false},
    {"toll_booth", F | E | C, false},
    {"border_control", F | E | C, false},
    {"checkpoint", F | E | C, false},
    {"cattle_grid", F | E | C, false},
    {"height_restrictor", F | E | C, false},
    {"width_restrictor", F | E | C, false},
    {"arch", F | E | C, false},
    {"coupure", F | E | C, false},
    {"spikes", F | E | C, false},
    {"kerb", F | E | C, false},
    {"bollard", F | E, false},
    {"block", F | E, false},
    {"jersey_barrier", F | E, false},
    {"planter", F | E, false},
    {"log", F | E, false},
    {"debris", F | E, false},
    {"bus_trap", F | E, false},
    {"sump_buster", F | E, false},
    {"cycle_barrier", F | E, false},
    {"motorcycle_barrier", F | E, false},
    {"horse_stile", F, false},
    {"kissing_gate", F, false},
    {"stile", F, false},
    {"turnstile", F, false},
    {"full-height_turnstile", F, false},
    {"yes", 0, false},
    {"fence", 0, false},
    {"wall", 0, false},
    {"city_wall", 0, false},
    {"retaining_wall", 0, false},
    {"guard_rail", 0, false},
    {"cable_barrier", 0, false},
    {"hedge", 0, false},
    {"ditch", 0, false},
};
#undef F
#undef E
#undef C

bool geo_import_barrier_usual(const char *class, bool has_hours, int64_t pass[GEO_N_RULED])
{
    for (size_t i = 0; class && i < G_N_ELEMENTS(sorts); i++) {
        if (g_ascii_strcasecmp(class, sorts[i].word))
            continue;
        for (int profile = 0; profile < GEO_N_RULED; profile++) {
            bool passes = sorts[i].passes >> profile & 1;
            pass[profile] = !passes ? 0 : has_hours && sorts[i].opens ? 2 : 1;
        }
        return true;
    }
    return false;
}

/* From the profile's own word to the one for all, which comes last. */
static const char *const keys[GEO_N_RULED][5] = {
    [GEO_RULE_FOOT] = {"foot", "access", NULL},
    [GEO_RULE_EBIKE] = {"bicycle", "vehicle", "access", NULL},
    [GEO_RULE_CAR] = {"motorcar", "motor_vehicle", "vehicle", "access", NULL},
};

static bool is_yes(const char *value)
{
    static const char *const words[] = {"yes",      "designated",  "permissive",
                                        "official", "destination", NULL};
    return value && g_strv_contains(words, value);
}

static int64_t pass_of(const GeoOsmThing *node, int profile, bool passes, bool opens, bool locked)
{
    const char *value = NULL;
    size_t k = 0;
    for (; keys[profile][k] && !value; k++)
        value = geo_osm_tag(node, keys[profile][k]);
    bool general = value && !keys[profile][k];
    if (value && !strcmp(value, "no"))
        return 0;
    if (is_yes(value) && !general)
        return 1;
    return (passes || (is_yes(value) && opens)) && !locked;
}

/* "no @ (23:00-06:00)" says when it is shut: what is open is the rest of the day. Of a week's days
 * the rest is not said in so few words, so it is not read. */
static const char *open_hours(const char *condition, GStringChunk *texts)
{
    const char *at = strchr(condition, '@');
    if (!at || strchr(at + 1, '@'))
        return NULL;
    g_autofree char *word = g_strstrip(g_strndup(condition, (gsize)(at - condition)));
    g_autofree char *when = g_strstrip(g_strdup(at + 1));
    size_t n = strlen(when);
    GeoHours hours;
    if (n > 1 && when[0] == '(' && when[n - 1] == ')') {
        memmove(when, when + 1, n - 2);
        when[n - 2] = '\0';
    }
    if (!geo_hours_read(when, &hours) || geo_hours_always(&hours))
        return NULL;
    if (is_yes(word))
        return g_string_chunk_insert_const(texts, when);
    if (strcmp(word, "no") || hours.n != 1 || hours.span[0].days != 0x7f)
        return NULL;
    int from = hours.span[0].to_min, to = hours.span[0].from_min;
    char rest[16];
    g_snprintf(rest, sizeof rest, "%02d:%02d-%02d:%02d", from / 60 % 24, from % 60, to / 60,
               to % 60);
    return g_string_chunk_insert_const(texts, rest);
}

static const char *condition_of(const GeoOsmThing *node, int profile)
{
    for (size_t k = 0; keys[profile][k]; k++) {
        g_autofree char *key = g_strconcat(keys[profile][k], ":conditional", NULL);
        const char *value = geo_osm_tag(node, key);
        if (value)
            return value;
    }
    return NULL;
}

/* Hours of the gate itself bind all who pass it, a condition those whom it names. One node keeps
 * one span: of several conditions the first that is read. */
static void set_hours(const GeoOsmThing *node, GStringChunk *texts, GeoBarrierDraft *draft)
{
    const char *all = geo_osm_tag(node, "opening_hours");
    GeoHours hours;
    if (all && geo_hours_read(all, &hours)) {
        draft->hours = geo_hours_always(&hours) ? NULL : g_string_chunk_insert_const(texts, all);
        for (int profile = 0; profile < GEO_N_RULED && draft->hours; profile++)
            draft->pass[profile] = draft->pass[profile] ? 2 : 0;
        return;
    }
    draft->unread = all != NULL;
    for (int profile = 0; profile < GEO_N_RULED; profile++) {
        const char *condition = condition_of(node, profile);
        const char *span = condition ? open_hours(condition, texts) : NULL;
        draft->unread |= condition && (!span || (draft->hours && span != draft->hours));
        if (!span || (draft->hours && span != draft->hours))
            continue;
        draft->hours = span;
        draft->pass[profile] = 2;
    }
}

GeoRuleFate geo_import_barrier(const GeoOsmThing *node, GStringChunk *texts, GeoBarrierDraft *draft)
{
    const char *word = geo_osm_tag(node, "barrier"), *lock = geo_osm_tag(node, "locked");
    const char *bollard = geo_osm_tag(node, "bollard"), *kerb = geo_osm_tag(node, "kerb");
    uint8_t passes = 1 << GEO_RULE_FOOT | 1 << GEO_RULE_EBIKE;
    bool opens = false;
    *draft = (GeoBarrierDraft){.unknown = true};
    if (!word || !*word)
        return GEO_RULE_NOBODY;
    for (size_t i = 0; i < G_N_ELEMENTS(sorts) && draft->unknown; i++)
        if (!strcmp(sorts[i].word, word)) {
            passes = sorts[i].passes;
            opens = sorts[i].opens;
            draft->unknown = false;
        }
    if (bollard && !strcmp(word, "bollard") && !strcmp(bollard, "rising"))
        passes |= 1 << GEO_RULE_CAR;
    if (kerb && !strcmp(word, "kerb") && !strcmp(kerb, "raised"))
        passes &= (uint8_t) ~(1 << GEO_RULE_CAR);
    bool locked = opens && lock && !strcmp(lock, "yes");
    for (int profile = 0; profile < GEO_N_RULED; profile++)
        draft->pass[profile] = pass_of(node, profile, passes >> profile & 1, opens, locked);
    set_hours(node, texts, draft);
    draft->class = g_string_chunk_insert_const(texts, word);
    for (int profile = 0; profile < GEO_N_RULED; profile++)
        if (draft->pass[profile] != 1)
            return GEO_RULE_FINE;
    return GEO_RULE_NOBODY;
}
