/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a found place says of itself: its title where it was made, why it was found, where its point
 * was moved to, and the words that played no part. */
#include <math.h>
#include <string.h>

#include "geo/work/finder-entry.h"

#define BEHIND_M 30.0
#define STEP_M 30.0        /* "north of it", without a distance */
#define OWN_STREET_M 120.0 /* a door from its own street's line */
#define ANY_STREET_M 250.0

const char *const geo_found_words[] = {"area",    "street",   "facility",    "base", "camera",
                                       "address", "crossing", "coordinates", NULL};
const char *const geo_why_words[] = {
    "same",   "begins",  "holds",  "sound",   "near-sound", "letters", "initials", "part",
    "number", "between", "past",   "in-area", "on-street",  "beside",  "crossing", "alias",
    "code",   "datum",   "turned", "outside", "excerpt",    NULL};
const char *const geo_move_words[] = {"none", "beside", "opposite", "behind", "towards", NULL};
const char *const geo_datum_words[] = {"WGS-84", "GCJ-02", "BD-09", NULL};

static const char *plain_title(const GeoFinder *finder, uint32_t at)
{
    const GeoFinderName *name = &g_array_index(finder->names, GeoFinderName, at);
    for (uint32_t i = 0; i < name->n_own; i++) {
        uint32_t e = g_array_index(finder->own, GeoFinderOwn, name->own0 + i).entry;
        const GeoFinderEntry *entry = &g_array_index(finder->entries, GeoFinderEntry, e);
        if (entry->kind == GEO_FOUND_STREET)
            return geo_finder_text(finder, entry->title);
    }
    return geo_finder_text(finder, name->text);
}

static void make_title(const GeoFinder *finder, const GeoFinderAnswer *answer, GeoFound *hit)
{
    const char *street = plain_title(finder, answer->name);
    bool chinese = (guchar)street[0] >= 0xe3;
    if (answer->other != GEO_FINDER_NONE)
        g_snprintf(hit->title, sizeof hit->title, "%.60s × %.60s", street,
                   plain_title(finder, answer->other));
    else
        g_snprintf(hit->title, sizeof hit->title, "%.100s%s%u%s", street, chinese ? "" : " ",
                   answer->number, chinese ? "号" : "");
    const char *end;
    if (!g_utf8_validate(hit->title, -1, &end)) /* cut within a character */
        hit->title[end - hit->title] = '\0';
}

static void list_unused(const GeoFinderAsk *ask, uint64_t used, GeoFound *hit)
{
    GString *text = g_string_new(NULL);
    uint32_t end = 0;
    for (unsigned i = 0; i < ask->n_units; i++) {
        const GeoFinderAskUnit *unit = &ask->units[i];
        if (used >> i & 1 || unit->filler)
            continue;
        if (text->len > 0 && unit->start != end)
            g_string_append_c(text, ' ');
        g_string_append_len(text, ask->text + unit->start, unit->end - unit->start);
        end = unit->end;
    }
    if (ask->n_units == GEO_FINDER_MAX_UNITS)
        g_string_append_printf(text, " %s", ask->text + ask->units[ask->n_units - 1].end);
    g_strlcpy(hit->unused, text->str, sizeof hit->unused);
    const char *cut;
    if (!g_utf8_validate(hit->unused, -1, &cut))
        hit->unused[cut - hit->unused] = '\0';
    g_string_free(text, TRUE);
}

static void step(GeoXY *p, double bearing_deg, double metres)
{
    p->x += metres * sin(bearing_deg * G_PI / 180);
    p->y += metres * cos(bearing_deg * G_PI / 180);
}

/* Across its street, or away from it: the street of its own number, else the nearest with a name.
 */
static void move(const GeoFinder *finder, const GeoFinderAsk *ask, const GeoFinderAnswer *answer,
                 GeoFound *hit)
{
    GeoXY p = answer->at, foot = p;
    hit->move = ask->move;
    if (ask->move == GEO_MOVE_BESIDE)
        return;
    if (ask->move == GEO_MOVE_TOWARDS) {
        hit->bearing_deg = ask->bearing_deg;
        hit->moved_m = ask->metres > 0 ? ask->metres : STEP_M;
    } else {
        double off = geo_finder_off_street(finder, answer->name, p, OWN_STREET_M, &foot);
        if (!isfinite(off))
            off = geo_finder_off_street(finder, GEO_FINDER_NONE, p, ANY_STREET_M, &foot);
        if (!isfinite(off) || off < 1) { /* no street to be on the other side of */
            hit->move = GEO_MOVE_BESIDE;
            return;
        }
        double towards = atan2(foot.x - p.x, foot.y - p.y) * 180 / G_PI;
        bool across = ask->move == GEO_MOVE_OPPOSITE;
        hit->bearing_deg = fmod(towards + (across ? 360 : 540), 360);
        hit->moved_m = across ? 2 * off : BEHIND_M;
    }
    step(&p, hit->bearing_deg, hit->moved_m);
    hit->at = geo_finder_lonlat(finder, p);
}

void geo_finder_tell(const GeoFinder *finder, const GeoFinderAsk *ask,
                     const GeoFinderAnswer *answer, GeoFound *hit)
{
    if (answer->entry == GEO_FINDER_NONE) {
        bool crossing = answer->other != GEO_FINDER_NONE;
        hit->kind = crossing ? GEO_FOUND_CROSSING : GEO_FOUND_ADDRESS;
        hit->at = geo_finder_lonlat(finder, answer->at);
        hit->estimated = !crossing;
        make_title(finder, answer, hit);
    }
    hit->rank = 4;
    hit->score = answer->score;
    hit->why = answer->why;
    memcpy(hit->between, answer->between, sizeof hit->between);
    if (answer->moves)
        move(finder, ask, answer, hit);
    list_unused(ask, answer->used, hit);
}

/* ---- in words ---- */

static void add_reason(GString *text, const char *words)
{
    g_string_append_printf(text, "%s%s", text->len ? ", " : "", words);
}

static const char *compass(double bearing_deg)
{
    static const char *const names[] = {"north", "north-east", "east", "south-east",
                                        "south", "south-west", "west", "north-west"};
    return names[(int)floor(bearing_deg / 45 + 0.5) % 8];
}

static void add_move(GString *text, const GeoFound *found)
{
    if (found->move == GEO_MOVE_BESIDE)
        g_string_append(text, "; by it, not moved");
    else if (found->move != GEO_MOVE_NONE)
        g_string_append_printf(text, "; moved %.0f m %s%s", found->moved_m,
                               compass(found->bearing_deg),
                               found->move == GEO_MOVE_OPPOSITE ? ", across the street"
                               : found->move == GEO_MOVE_BEHIND ? ", away from the street"
                                                                : "");
}

char *geo_found_dup_reason(const GeoFound *found)
{
    static const char *const words[GEO_N_WHY] = {"same words",
                                                 "begins so",
                                                 "holds the words",
                                                 "sounds the same",
                                                 "sounds nearly the same",
                                                 "pinyin in letters",
                                                 "initials",
                                                 "some of the name",
                                                 "same number",
                                                 NULL,
                                                 NULL,
                                                 "in the area named",
                                                 "at the street named",
                                                 "by the place named",
                                                 "where the two meet",
                                                 "another name of it",
                                                 "by its code",
                                                 NULL,
                                                 NULL,
                                                 NULL,
                                                 "in a part of the long text"};
    GString *text = g_string_new(NULL);
    for (int bit = 0; bit < GEO_N_WHY; bit++)
        if (found->why >> bit & 1 && words[bit])
            add_reason(text, words[bit]);
    if (found->why & GEO_WHY_DATUM)
        g_string_append_printf(text, "taken as %s", geo_datum_words[found->datum]);
    if (found->why & GEO_WHY_TURNED)
        add_reason(text, "read with the latitude first");
    if (found->why & GEO_WHY_OUTSIDE)
        g_string_append_printf(text, ", OUTSIDE the city by %.*f km", found->outside_m < 1e4,
                               found->outside_m / 1000);
    if (found->why & GEO_WHY_BETWEEN)
        g_string_append_printf(text, ", number estimated between %u and %u", found->between[0],
                               found->between[1]);
    if (found->why & GEO_WHY_PAST)
        g_string_append_printf(text, ", number not known: at %u, the nearest", found->between[0]);
    add_move(text, found);
    if (*found->unused)
        g_string_append_printf(text, "; not used: %s", found->unused);
    return g_string_free(text, FALSE);
}
