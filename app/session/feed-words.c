/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/feed-words.h"

#include <math.h>
#include <string.h>

#include "app/console/words.h"
#include "geo/decode/json.h"
#include "maps/paint/words.h"

#define FILE_NAME "feed-health.json"
#define DEAD_MS 5000
#define FAR_LESS 0.5 /* of the usual, where that is one a second or more */

typedef struct {
    char name[32];
    double per_s, usual_per_s, delay_p95_s, skew_s;
    GString *refusals; /* "off duty 12, replay 3" */
    double n_refused;
} Source;

typedef struct {
    double at_ms, per_s, usual_per_s, delay_s, no_roster;
    char trouble[200];
    GString *detail;
    double n_refused;
} Health;

static const char *reason_words(const char *word)
{
    static const struct {
        const char *word, *words;
    } reasons[] = {{"presence", N_("on a break")},      {"unknown", N_("unknown device")},
                   {"off-duty", N_("off duty")},        {"no-roster", N_("no roster")},
                   {"invalid", N_("no position")},      {"future", N_("from the future")},
                   {"too-old", N_("too old")},          {"too-fast", N_("impossible jump")},
                   {"outside", N_("outside the city")}, {"vague", N_("too vague")},
                   {"replay", N_("repeated")},          {"not-newer", N_("contradicts itself")},
                   {"too-often", N_("too often")}};
    for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
        if (!strcmp(reasons[i].word, word))
            return _(reasons[i].words);
    return NULL; /* live, late, sos: they are kept */
}

static void read_counts(GeoJson *json, Source *source)
{
    if (!geo_json_object(json))
        return;
    while (geo_json_member(json)) {
        char key[GEO_JSON_KEY_SIZE];
        g_strlcpy(key, json->key, sizeof key);
        double n = geo_json_number(json);
        const char *words = reason_words(key);
        if (!words || !(n > 0))
            continue;
        g_string_append_printf(source->refusals, "%s%s %.0f", source->refusals->len ? ", " : "",
                               words, n);
        source->n_refused += n;
    }
}

static void read_source(GeoJson *json, Source *source)
{
    if (!geo_json_object(json))
        return;
    while (geo_json_member(json)) {
        if (geo_json_is(json, "name"))
            geo_json_word(json, source->name, sizeof source->name);
        else if (geo_json_is(json, "per_s"))
            source->per_s = geo_json_number(json);
        else if (geo_json_is(json, "usual_per_s"))
            source->usual_per_s = geo_json_number(json);
        else if (geo_json_is(json, "delay_p95_s"))
            source->delay_p95_s = geo_json_number(json);
        else if (geo_json_is(json, "skew_s"))
            source->skew_s = geo_json_number(json);
        else if (geo_json_is(json, "counts"))
            read_counts(json, source);
        else
            geo_json_skip(json);
    }
}

static double known(double value)
{
    return isfinite(value) ? value : 0;
}

static void add_source(Health *health, const Source *source)
{
    g_autofree char *delay = isfinite(source->delay_p95_s)
                                 ? g_strdup_printf(_("delay %.1f s"), source->delay_p95_s)
                                 : g_strdup(_("nothing heard yet"));
    g_string_append_printf(health->detail, "%s: %.0f/s (%s %.0f), %s", source->name,
                           known(source->per_s), _("usual"), known(source->usual_per_s), delay);
    if (isfinite(source->skew_s) && source->skew_s > 2)
        g_string_append_printf(health->detail, _(", clocks %.0f s ahead"), source->skew_s);
    if (source->n_refused > 0)
        g_string_append_printf(health->detail, _("\n   refused: %s"), source->refusals->str);
    g_string_append_c(health->detail, '\n');
    health->per_s += known(source->per_s);
    health->usual_per_s += known(source->usual_per_s);
    health->delay_s = fmax(health->delay_s, known(source->delay_p95_s));
    health->n_refused += source->n_refused;
}

static void read_sources(GeoJson *json, Health *health)
{
    if (!geo_json_array(json))
        return;
    while (geo_json_element(json)) {
        Source source = {
            .delay_p95_s = (double)NAN, .skew_s = (double)NAN, .refusals = g_string_new(NULL)};
        read_source(json, &source);
        add_source(health, &source);
        g_string_free(source.refusals, TRUE);
    }
}

/* {"area": ..., "refused": n}: which areas have no roster. */
static void read_no_roster(GeoJson *json, Health *health)
{
    if (!geo_json_array(json))
        return;
    while (geo_json_element(json)) {
        char area[64] = "";
        double n = 0;
        if (!geo_json_object(json))
            continue;
        while (geo_json_member(json)) {
            if (geo_json_is(json, "area"))
                geo_json_word(json, area, sizeof area);
            else if (geo_json_is(json, "refused"))
                n = geo_json_number(json);
            else
                geo_json_skip(json);
        }
        g_string_append_printf(health->detail, _("no roster in %s: %.0f positions refused\n"),
                               *area ? area : _("no area"), known(n));
        health->no_roster += known(n);
    }
}

static void read_kept(GeoJson *json, Health *health)
{
    if (!geo_json_object(json))
        return;
    while (geo_json_member(json))
        if (geo_json_is(json, "trouble"))
            geo_json_word(json, health->trouble, sizeof health->trouble);
        else
            geo_json_skip(json);
}

static bool read_health(const char *text, size_t n, Health *health)
{
    GeoJson json;
    geo_json_init(&json, text, n);
    if (geo_json_object(&json))
        while (geo_json_member(&json)) {
            if (geo_json_is(&json, "at"))
                health->at_ms = geo_json_number(&json);
            else if (geo_json_is(&json, "sources"))
                read_sources(&json, health);
            else if (geo_json_is(&json, "no_roster"))
                read_no_roster(&json, health);
            else if (geo_json_is(&json, "kept"))
                read_kept(&json, health);
            else
                geo_json_skip(&json);
        }
    return geo_json_end(&json) && isfinite(health->at_ms);
}

static char *dup_line(const Health *health, int64_t age_ms)
{
    g_autofree char *rate = app_words_dup_count(llround(health->per_s));
    g_autofree char *refused = app_words_dup_count((int64_t)health->no_roster);
    if (age_ms > DEAD_MS)
        return g_strdup_printf(_("FEED STOPPED %.0f s ago"), (double)age_ms / 1000);
    if (*health->trouble)
        return g_strdup(_("FEED CANNOT WRITE: positions wait"));
    if (health->no_roster > 0)
        return g_strdup_printf(_("feed %s/s · no roster: %s refused"), rate, refused);
    return g_strdup_printf(_("feed %s/s · delay %.1f s"), rate, health->delay_s);
}

AppFeedWords *app_feed_words_read(const char *city, int64_t now_ms)
{
    g_autofree char *file = g_build_filename(city, FILE_NAME, NULL);
    g_autofree char *text = NULL;
    gsize n;
    Health health = {.detail = g_string_new(NULL)};
    AppFeedWords *words = NULL;
    if (g_file_get_contents(file, &text, &n, NULL) && read_health(text, n, &health)) {
        int64_t age_ms = now_ms - (int64_t)health.at_ms;
        words = g_new0(AppFeedWords, 1);
        words->line = dup_line(&health, age_ms);
        if (*health.trouble)
            g_string_append_printf(health.detail, "%s\n", health.trouble);
        words->detail = g_strchomp(g_strdup(health.detail->str));
        words->fails = age_ms > DEAD_MS || *health.trouble ||
                       (health.usual_per_s >= 1 && health.per_s < FAR_LESS * health.usual_per_s);
    }
    g_string_free(health.detail, TRUE);
    return words;
}

void app_feed_words_free(AppFeedWords *words)
{
    if (!words)
        return;
    g_free(words->line);
    g_free(words->detail);
    g_free(words);
}
