/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/recommend-report.h"

#include <math.h>
#include <stdio.h>

#include "app/ctl/column.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"

#define MOST_HOLES 20 /* listed of one unit; the numbers count all */
#define MOST_TOLD 3   /* of them in words */
#define BESIDE_M 300  /* members of a crew that are no farther are in one vehicle */

static const char *code_of(const AppRecommendSaid *said, uint32_t unit)
{
    const GeoFleetUnit *one = geo_fleet_unit(said->fleet, unit);
    return one->code ? one->code : one->name ? one->name : "without a code";
}

/* By which people call an incident, else its id; the caller's. */
static char *dup_number(GeoStore *store, int64_t incident_id)
{
    g_autoptr(GeoCase) one = geo_store_case(store, incident_id, NULL);
    return one && one->code ? g_strdup(one->code)
                            : g_strdup_printf("%" G_GINT64_FORMAT, incident_id);
}

/* ---- words ---- */

static char *dup_forces(uint32_t forces)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int force = 0; force < GEO_N_FORCES; force++)
        if (forces & GEO_FORCE_BIT(force))
            g_string_append_printf(text, "%s%s", text->len ? "|" : "", geo_force_words[force]);
    return g_strdup(text->len ? text->str : "anybody");
}

static char *dup_skills(const AppRecommendSaid *said, uint32_t skills)
{
    const GArray *list = geo_recommend_book(said->recommend)->skills;
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++)
        if (skills >> i & 1)
            g_string_append_printf(text, "%s%s", text->len ? ", " : "",
                                   g_array_index(list, GeoPlanbookName, i).code);
    return g_strdup(text->str);
}

/* "2 police with riot_gear within 3000 m" */
static char *dup_need(const AppRecommendSaid *said, guint i)
{
    const GeoPlanbookNeed *need = &g_array_index(said->answer->plan->needs, GeoPlanbookNeed, i);
    g_autofree char *forces = dup_forces(need->forces), *skills = dup_skills(said, need->skills);
    g_autofree char *radius =
        isfinite(need->radius_m) ? g_strdup_printf(" within %.0f m", need->radius_m) : NULL;
    return g_strdup_printf("%d %s%s%s%s%s", need->number, forces, *skills ? " with " : "", skills,
                           need->township ? " of the township" : "", radius ? radius : "");
}

static char *dup_crew(const AppRecommendSaid *said, const GArray *crew)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < crew->len; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "",
                               code_of(said, g_array_index(crew, uint32_t, i)));
    return g_strdup(text->str);
}

/* The same, with how far they are from it where that is not beside it. */
static char *dup_with(const AppRecommendSaid *said, const GeoRecommendRow *row)
{
    g_autoptr(GString) text = g_string_new(NULL);
    GeoLonLat at = geo_fleet_unit(said->fleet, row->unit)->lonlat;
    for (guint i = 0; i < row->crew->len; i++) {
        uint32_t unit = g_array_index(row->crew, uint32_t, i);
        double off_m = geo_coord_distance_m(at, geo_fleet_unit(said->fleet, unit)->lonlat);
        g_string_append_printf(text, "%s%s", i ? ", " : "", code_of(said, unit));
        if (off_m > BESIDE_M)
            g_string_append_printf(text, " (%.0f m away from it)", off_m);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Who of the crew is not free, and why: "F-3 is on N-12, F-4 is not free (stale)". */
static char *dup_apart(const AppRecommendSaid *said, const GArray *apart)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < apart->len; i++) {
        uint32_t unit = g_array_index(apart, uint32_t, i);
        int64_t incident_id = geo_recommend_on(said->recommend, unit);
        g_autofree char *number = incident_id ? dup_number(said->store, incident_id) : NULL;
        g_string_append_printf(text, "%s%s is ", i ? ", " : "", code_of(said, unit));
        if (number)
            g_string_append_printf(text, "on %s", number);
        else
            g_string_append_printf(text, "not free (%s)",
                                   geo_left_words[geo_fleet_unit(said->fleet, unit)->left]);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *dup_loss(const AppRecommendSaid *said, const GeoRecommendLoss *loss)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *level = geo_recommend_level(said->recommend);
    g_autofree char *people =
        loss->people > 0 ? g_strdup_printf(" (%.0f people)", loss->people) : NULL;
    g_string_append_printf(text,
                           "leaves %u %s area%s%s uncovered for about %.0f min:", loss->holes->len,
                           level ? level : "", loss->holes->len > 1 ? "s" : "",
                           people ? people : "", loss->away_s / 60);
    for (guint i = 0; i < loss->holes->len && i < MOST_TOLD; i++) {
        const GeoRecommendHole *hole = &g_array_index(loss->holes, GeoRecommendHole, i);
        const GeoArea *area = geo_recommend_area(said->recommend, hole->area);
        const char *name = area->row.code ? area->row.code : area->row.name;
        g_string_append_printf(text, "%s %s", i ? "," : "", name ? name : "without a code");
        if (hole->next != UINT32_MAX)
            g_string_append_printf(text, " (%.0f s, then %s in %.0f s)", hole->was_s,
                                   code_of(said, hole->next), hole->next_s);
        else if (isinf(hole->next_s))
            g_string_append_printf(text, " (%.0f s, then nobody within 15 min)", hole->was_s);
    }
    if (loss->holes->len > MOST_TOLD)
        g_string_append(text, " ...");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *dup_fits(const AppRecommendSaid *said, const GeoRecommendRow *row)
{
    g_autoptr(GString) text = g_string_new("the plan asks for ");
    guint n = 0;
    for (guint i = 0; i < said->answer->plan->needs->len; i++)
        if (row->may >> i & 1) {
            g_autofree char *need = dup_need(said, i);
            g_string_append_printf(text, "%s%s", n++ ? "; " : "", need);
        }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *dup_taken(const AppRecommendSaid *said, const GeoRecommendRow *row)
{
    g_autofree char *number = dup_number(said->store, row->from_incident);
    g_autofree char *gain = isfinite(row->gain_s) ? g_strdup_printf("%.0f s sooner", row->gain_s)
                                                  : g_strdup("nobody free could do it");
    return g_strdup_printf("would leave incident %s of priority %" G_GINT64_FORMAT
                           ", which waits again: %s",
                           number, row->from_priority, gain);
}

/* One reason of a row in words; the caller's. */
static char *dup_say(const AppRecommendSaid *said, const GeoRecommendRow *row, int say)
{
    const GeoFleetUnit *unit = geo_fleet_unit(said->fleet, row->unit);
    g_autofree char *part = NULL;
    switch (say) {
    case GEO_SAY_FITS:
        return dup_fits(said, row);
    case GEO_SAY_CHOSEN:
        part = dup_need(said, (guint)row->need);
        return g_strdup_printf("goes for: %s", part);
    case GEO_SAY_DUTY_ENDS:
        return g_strdup_printf("its duty ends in %.0f min, before it would be done",
                               row->duty_left_s / 60);
    case GEO_SAY_OLD_FIX:
        return g_strdup_printf("its position is %.0f s old: it comes in %.0f to %.0f s",
                               unit->age_s, row->earliest_s, row->latest_s);
    case GEO_SAY_AT_POST:
        return g_strdup("no position known: reckoned from its post");
    case GEO_SAY_LEAVES_POST:
        return g_strdup("leaves its fixed post");
    case GEO_SAY_CLEARED:
        return g_strdup("free, the result of its last incident is still to be said");
    case GEO_SAY_CREW:
        part = dup_with(said, row);
        return g_strdup_printf("a crew, there when its last member is: with %s", part);
    case GEO_SAY_APART:
        part = dup_apart(said, row->apart);
        return g_strdup_printf("crew split: %s; the rest would go without", part);
    case GEO_SAY_LEAVES:
        return dup_loss(said, &row->loss);
    case GEO_SAY_OBSERVE:
        return g_strdup("nearby, observe only: the plan does not ask for it");
    case GEO_SAY_TAKEN:
        return dup_taken(said, row);
    default:
        return g_strdup("is at that incident already");
    }
}

static char *dup_when(const AppRecommendSaid *said, int64_t at_ms)
{
    return at_ms ? app_when_dup(at_ms, said->zone) : g_strdup("a time that is not known");
}

static char *dup_duty(const AppRecommendSaid *said, const GeoWhyNot *why, const char *what)
{
    g_autofree char *since = why->since_ms ? app_when_dup(why->since_ms, said->zone) : NULL;
    g_autofree char *until = why->until_ms ? app_when_dup(why->until_ms, said->zone) : NULL;
    return g_strdup_printf("%s%s%s%s%s", what, since ? " since " : "", since ? since : "",
                           until ? ", until " : "", until ? until : "");
}

static char *dup_busy(const AppRecommendSaid *said, const GeoWhyNot *why)
{
    const char *status = geo_unit_status_words[geo_fleet_unit(said->fleet, why->unit)->status];
    if (!why->incident_id)
        return g_strdup_printf("its status is %s", status);
    g_autofree char *number = dup_number(said->store, why->incident_id);
    return g_strdup_printf("%s, on incident %s", status, number);
}

static char *dup_slower(const GeoWhyNot *why)
{
    return why->rank > 0
               ? g_strdup_printf("comes in %.0f s, %.0f s after number %u", why->expected_s,
                                 why->later_s, why->rank)
               : g_strdup_printf("comes in %.0f s, later than is sought", why->expected_s);
}

/* The caller's. */
static char *dup_why(const AppRecommendSaid *said, const GeoWhyNot *why)
{
    const GeoFleetUnit *unit = geo_fleet_unit(said->fleet, why->unit);
    const char *force =
        geo_force_words[geo_planbook_force(geo_recommend_book(said->recommend), unit->row)];
    g_autofree char *part = NULL;
    switch (why->reason) {
    case GEO_WHYNOT_OFFERED:
        return g_strdup_printf("it is number %u of the list: comes in %.0f s", why->rank,
                               why->expected_s);
    case GEO_WHYNOT_THERE:
        return g_strdup("it is on this incident already");
    case GEO_WHYNOT_OFF_DUTY:
        return dup_duty(said, why, "off duty");
    case GEO_WHYNOT_BREAK:
        return dup_duty(said, why, "on a break");
    case GEO_WHYNOT_BUSY:
        return dup_busy(said, why);
    case GEO_WHYNOT_STALE:
        return g_strdup_printf("its position is %.0f s old: where it is now is not known",
                               why->age_s);
    case GEO_WHYNOT_NO_PLACE:
        return g_strdup("neither a position nor a post is known");
    case GEO_WHYNOT_OFF_ROAD:
        return g_strdup("no road that it may use within 500 m of it");
    case GEO_WHYNOT_FORCE:
        return g_strdup_printf("the plan does not ask for %s", force);
    case GEO_WHYNOT_SKILLS:
        part = dup_skills(said, why->lacks);
        return g_strdup_printf("lacks what the plan asks for: %s", part);
    case GEO_WHYNOT_TOWNSHIP:
        return g_strdup("of another street or town than the plan asks for");
    case GEO_WHYNOT_NOT_LINKED:
        return g_strdup("no way by road to the place");
    case GEO_WHYNOT_FAR:
        return g_strdup_printf("%.0f m by road, the plan asks for at most %.0f m", why->distance_m,
                               why->radius_m);
    case GEO_WHYNOT_DUTY_ENDS:
        part = dup_when(said, why->until_ms);
        return g_strdup_printf("comes in %.0f s, and its duty ends before: %s", why->expected_s,
                               part);
    default:
        return dup_slower(why);
    }
}

static const char *note_on(const AppRecommendSaid *said)
{
    bool on_road = false;
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        on_road |= said->answer->place[profile].edge >= 0;
    if (geo_fleet_n(said->fleet) == 0)
        return "the city has no units: import units, or try simulate --units N --place-only";
    if (!on_road)
        return said->no_road;
    if (said->answer->rows->len == 0)
        return "nobody that the plan asks for is free within half an hour: see what is missing";
    if (!said->answer->forces)
        return "no unit says whose it is, so forces are not judged: import units with a column "
               "force";
    if (!said->answer->skills)
        return "no unit says what it can do, so skills are not judged: import units with a column "
               "skills";
    return geo_recommend_level(said->recommend) ? NULL
                                                : "no areas to judge what is left uncovered: "
                                                  "import areas";
}

/* ---- JSON ---- */

static void report_codes(const AppRecommendSaid *said, JsonBuilder *report, const char *key,
                         const GArray *units)
{
    json_builder_set_member_name(report, key);
    json_builder_begin_array(report);
    for (guint i = 0; i < units->len; i++)
        json_builder_add_string_value(report, code_of(said, g_array_index(units, uint32_t, i)));
    json_builder_end_array(report);
}

static void report_loss(const AppRecommendSaid *said, JsonBuilder *report,
                        const GeoRecommendLoss *loss)
{
    json_builder_set_member_name(report, "leaves_uncovered");
    json_builder_begin_array(report);
    for (guint i = 0; i < loss->holes->len && i < MOST_HOLES; i++) {
        const GeoRecommendHole *hole = &g_array_index(loss->holes, GeoRecommendHole, i);
        const GeoArea *area = geo_recommend_area(said->recommend, hole->area);
        json_builder_begin_object(report);
        app_report_text(report, "area", area->row.code);
        app_report_text(report, "name", area->row.name);
        app_report_integer(report, "people", area->population);
        app_report_number(report, "was_s", hole->was_s, 1);
        app_report_text(report, "next",
                        hole->next != UINT32_MAX ? code_of(said, hole->next) : NULL);
        app_report_number(report, "next_s", hole->next_s, 1);
        app_report_switch(report, "next_sought", !isnan(hole->next_s));
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_integer(report, "uncovered_areas", loss->holes->len);
    app_report_number(report, "uncovered_people", loss->people, 0);
    app_report_number(report, "away_s", loss->away_s, 0);
}

static void report_reasons(const AppRecommendSaid *said, JsonBuilder *report,
                           const GeoRecommendRow *row)
{
    json_builder_set_member_name(report, "reasons");
    json_builder_begin_array(report);
    for (int say = 0; say < GEO_N_SAYS; say++) {
        if (!(row->says >> say & 1))
            continue;
        g_autofree char *text = dup_say(said, row, say);
        json_builder_begin_object(report);
        app_report_text(report, "code", geo_recommend_says[say]);
        app_report_text(report, "text", text);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_row(const AppRecommendSaid *said, JsonBuilder *report,
                       const GeoRecommendRow *row, guint rank)
{
    const GeoFleetUnit *unit = geo_fleet_unit(said->fleet, row->unit);
    g_autofree char *skills = dup_skills(said, row->skills);
    json_builder_begin_object(report);
    app_report_text(report, "id", code_of(said, row->unit));
    if (rank > 0)
        app_report_integer(report, "rank", rank);
    app_report_text(report, "name", unit->name);
    app_report_text(report, "kind", geo_unit_kind_words[unit->kind]);
    app_report_text(report, "force", geo_force_words[row->force]);
    app_report_text(report, "skills", skills);
    app_report_text(report, "status", geo_unit_status_words[unit->status]);
    app_report_switch(report, "chosen", row->need >= 0);
    app_report_number(report, "travel_s", row->travel_s, 1);
    app_report_number(report, "distance_m", row->distance_m, 1);
    json_builder_set_member_name(report, "arrival");
    json_builder_begin_object(report);
    app_report_number(report, "earliest_s", row->earliest_s, 1);
    app_report_number(report, "expected_s", row->expected_s, 1);
    app_report_number(report, "latest_s", row->latest_s, 1);
    json_builder_end_object(report);
    app_report_number(report, "age_s", unit->age_s, 0);
    app_report_number(report, "accuracy_m", (double)unit->accuracy_m, 1);
    app_report_number(report, "duty_left_s", row->duty_left_s, 0);
    if (row->from_incident) {
        app_report_integer(report, "from_incident", row->from_incident);
        app_report_integer(report, "from_priority", row->from_priority);
        app_report_number(report, "gain_s", row->gain_s, 1);
    }
    report_codes(said, report, "crew", row->crew);
    report_codes(said, report, "apart", row->apart);
    report_reasons(said, report, row);
    report_loss(said, report, &row->loss);
    app_report_number(report, "lon", unit->lonlat.lon, 6);
    app_report_number(report, "lat", unit->lonlat.lat, 6);
    json_builder_end_object(report);
}

static void report_rows(const AppRecommendSaid *said, JsonBuilder *report, const char *key,
                        const GArray *rows, bool ranked)
{
    json_builder_set_member_name(report, key);
    json_builder_begin_array(report);
    for (guint i = 0; i < rows->len; i++)
        report_row(said, report, &g_array_index(rows, GeoRecommendRow, i), ranked ? i + 1 : 0);
    json_builder_end_array(report);
}

static void report_plan(const AppRecommendSaid *said, JsonBuilder *report)
{
    const GeoRecommendation *answer = said->answer;
    json_builder_set_member_name(report, "plan");
    json_builder_begin_object(report);
    app_report_text(report, "code", answer->plan->code);
    app_report_text(report, "name", answer->plan->name);
    app_report_text(report, "name_zh", answer->plan->name_zh);
    app_report_number(report, "handling_s", answer->handling_s, 0);
    app_report_integer(report, "handling_of", (gint64)answer->handling_n);
    json_builder_set_member_name(report, "steps");
    json_builder_begin_array(report);
    for (guint i = 0; i < answer->plan->steps->len; i++) {
        const GeoPlanbookName *step = &g_array_index(answer->plan->steps, GeoPlanbookName, i);
        json_builder_begin_object(report);
        app_report_text(report, "name", step->name);
        app_report_text(report, "name_zh", step->name_zh);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    json_builder_end_object(report);
}

static void report_set(const AppRecommendSaid *said, JsonBuilder *report)
{
    const GeoRecommendation *answer = said->answer;
    json_builder_set_member_name(report, "set");
    json_builder_begin_object(report);
    app_report_integer(report, "chosen", (gint64)answer->n_set);
    app_report_integer(report, "there", (gint64)answer->n_there);
    report_loss(said, report, &answer->loss);
    json_builder_end_object(report);
    json_builder_set_member_name(report, "missing");
    json_builder_begin_array(report);
    for (guint i = 0; i < answer->missing->len; i++) {
        const GeoRecommendMissing *missing =
            &g_array_index(answer->missing, GeoRecommendMissing, i);
        g_autofree char *need = dup_need(said, missing->need);
        json_builder_begin_object(report);
        app_report_text(report, "need", need);
        app_report_integer(report, "wanted", missing->wanted);
        app_report_integer(report, "found", missing->found);
        app_report_integer(report, "fits", (gint64)missing->fits);
        report_codes(said, report, "reserve", missing->reserve);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_alternative(const AppRecommendSaid *said, JsonBuilder *report)
{
    const GeoRecommendation *answer = said->answer;
    json_builder_set_member_name(report, "alternative");
    if (answer->alternative < 0) {
        json_builder_add_null_value(report);
        return;
    }
    const GeoRecommendRow *row = &g_array_index(answer->rows, GeoRecommendRow, answer->alternative);
    json_builder_begin_object(report);
    app_report_text(report, "id", code_of(said, row->unit));
    app_report_integer(report, "rank", answer->alternative + 1);
    app_report_number(report, "later_s", answer->later_s, 1);
    json_builder_end_object(report);
}

static void report_why(const AppRecommendSaid *said, JsonBuilder *report)
{
    const GeoWhyNot *why = said->why_not;
    g_autofree char *text = dup_why(said, why), *lacks = dup_skills(said, why->lacks);
    g_autofree char *since = why->since_ms ? app_when_dup(why->since_ms, said->zone) : NULL;
    g_autofree char *until = why->until_ms ? app_when_dup(why->until_ms, said->zone) : NULL;
    json_builder_set_member_name(report, "why_not");
    json_builder_begin_object(report);
    app_report_text(report, "id", code_of(said, why->unit));
    app_report_text(report, "reason", geo_whynot_words[why->reason]);
    app_report_text(report, "text", text);
    app_report_integer(report, "rank", why->rank);
    app_report_number(report, "travel_s", why->travel_s, 1);
    app_report_number(report, "expected_s", why->expected_s, 1);
    app_report_number(report, "distance_m", why->distance_m, 1);
    app_report_number(report, "later_s", why->later_s, 1);
    app_report_number(report, "age_s", why->age_s, 0);
    app_report_text(report, "since", since);
    app_report_text(report, "until", until);
    app_report_text(report, "lacks", *lacks ? lacks : NULL);
    app_report_integer(report, "incident", why->incident_id);
    json_builder_end_object(report);
}

void app_recommend_print_json(const AppRecommendSaid *said)
{
    const GeoRecommendation *answer = said->answer;
    JsonBuilder *report = app_report_new("recommend");
    int64_t at_ms = geo_fleet_at_ms(said->fleet);
    g_autofree char *at = at_ms ? app_when_dup(at_ms, said->zone) : NULL;
    app_report_text(report, "at", at);
    app_report_text(report, "incident", said->incident);
    app_report_number(report, "lon", answer->ask.place.lon, 7);
    app_report_number(report, "lat", answer->ask.place.lat, 7);
    app_report_text(report, "category", answer->ask.category);
    app_report_integer(report, "priority", answer->ask.priority);
    app_report_text(report, "township", answer->township);
    report_plan(said, report);
    report_rows(said, report, "units", answer->rows, true);
    report_set(said, report);
    report_alternative(said, report);
    report_rows(said, report, "nearby", answer->nearby, false);
    report_rows(said, report, "take_from", answer->taken, false);
    if (said->why_not)
        report_why(said, report);
    app_report_switch(report, "forces_judged", answer->forces);
    app_report_switch(report, "skills_judged", answer->skills);
    json_builder_set_member_name(report, "coverage");
    json_builder_begin_object(report);
    app_report_text(report, "level", geo_recommend_level(said->recommend));
    app_report_number(report, "within_s", answer->ask.within_s, 0);
    app_report_integer(report, "areas", (gint64)answer->n_areas);
    app_report_integer(report, "judged", (gint64)answer->n_judged);
    json_builder_end_object(report);
    app_report_text(report, "note", note_on(said));
    app_report_number(report, "work_ms", said->work_ms, 3);
    app_report_number(report, "load_ms", said->load_ms, 1);
    app_report_print(report);
}

/* ---- text ---- */

static void print_row(const AppRecommendSaid *said, const GeoRecommendRow *row, guint rank)
{
    const GeoFleetUnit *unit = geo_fleet_unit(said->fleet, row->unit);
    g_autofree char *number =
        rank ? g_strdup_printf("%2u%s", rank, row->need >= 0 ? "*" : " ") : g_strdup(" - ");
    printf("%s %-*s %-6s %-10s in %4.0f s (%.0f to %.0f)  %6.0f m  %s\n", number,
           APP_COLUMN(code_of(said, row->unit), 12), geo_unit_kind_words[unit->kind],
           geo_force_words[row->force], row->expected_s, row->earliest_s, row->latest_s,
           row->distance_m, geo_unit_status_words[unit->status]);
    for (int say = 0; say < GEO_N_SAYS; say++) {
        if (!(row->says >> say & 1) || (say == GEO_SAY_FITS && row->need >= 0))
            continue;
        g_autofree char *text = dup_say(said, row, say);
        printf("      %s\n", text);
    }
}

static void print_rows(const AppRecommendSaid *said, const GArray *rows, const char *head)
{
    if (rows->len > 0)
        printf("%s\n", head);
    for (guint i = 0; i < rows->len; i++)
        print_row(said, &g_array_index(rows, GeoRecommendRow, i), 0);
}

static void print_missing(const AppRecommendSaid *said)
{
    for (guint i = 0; i < said->answer->missing->len; i++) {
        const GeoRecommendMissing *missing =
            &g_array_index(said->answer->missing, GeoRecommendMissing, i);
        g_autofree char *need = dup_need(said, missing->need);
        g_autofree char *reserve = dup_crew(said, missing->reserve);
        printf("missing: %s: found %d of %d; the city has %zu, on duty or not%s%s\n", need,
               missing->found, missing->wanted, missing->fits,
               *reserve ? "; can be called in: " : "", reserve);
    }
}

void app_recommend_print_text(const AppRecommendSaid *said)
{
    const GeoRecommendation *answer = said->answer;
    int64_t at_ms = geo_fleet_at_ms(said->fleet);
    g_autofree char *at = at_ms ? app_when_dup(at_ms, said->zone) : NULL;
    printf("%s%s\nplan %s: %s / %s, priority %" G_GINT64_FORMAT ", handling about %.0f min (%s)\n",
           at ? "at " : "",
           at ? at : "no position came in yet: units are taken to be at their posts",
           answer->plan->code, answer->plan->name,
           answer->plan->name_zh ? answer->plan->name_zh : "-", answer->ask.priority,
           answer->handling_s / 60, answer->handling_n ? "the median of past ones" : "by the plan");
    g_autofree char *what = app_column_dup_line(answer->ask.category);
    if (what && answer->plan == geo_planbook_for(geo_recommend_book(said->recommend), NULL))
        printf(
            "no plan of its own for '%s': this is the one for any other; plans CITY lists them\n",
            what);
    for (guint i = 0; i < answer->rows->len; i++)
        print_row(said, &g_array_index(answer->rows, GeoRecommendRow, i), i + 1);
    print_missing(said);
    if (answer->n_set > 0)
        puts("* go by the plan; the others could go for what the plan asks");
    if (answer->n_set > 1 && answer->loss.holes->len > 0) {
        g_autofree char *loss = dup_loss(said, &answer->loss);
        printf("all marked * together: %s\n", loss);
    }
    if (answer->alternative >= 0)
        printf(
            "number %d, %s, comes %.0f s later and leaves no hole\n", answer->alternative + 1,
            code_of(said, g_array_index(answer->rows, GeoRecommendRow, answer->alternative).unit),
            answer->later_s);
    print_rows(said, answer->taken, "on less urgent incidents, and sooner:");
    print_rows(said, answer->nearby, "nearby:");
    if (said->why_not) {
        g_autofree char *why = dup_why(said, said->why_not);
        printf("why not %s: %s\n", code_of(said, said->why_not->unit), why);
    }
    for (guint i = 0; i < answer->plan->steps->len; i++) {
        const GeoPlanbookName *step = &g_array_index(answer->plan->steps, GeoPlanbookName, i);
        printf("[ ] %s%s%s\n", step->name, step->name_zh ? " / " : "",
               step->name_zh ? step->name_zh : "");
    }
    if (note_on(said))
        printf("%s\n", note_on(said));
    printf("work %.1f ms, loading %.0f ms\n", said->work_ms, said->load_ms);
}

/* ---- the unaccepted ---- */

static const char *code_by_id(const GeoFleet *fleet, int64_t id)
{
    int64_t unit = id ? geo_fleet_find(fleet, id) : -1;
    return unit >= 0 ? geo_fleet_unit(fleet, (size_t)unit)->code : NULL;
}

void app_recommend_print_unaccepted(GeoStore *store, const GeoFleet *fleet, const GArray *list,
                                    int64_t now_ms, const char *zone, bool json)
{
    g_autofree char *at = app_when_dup(now_ms, zone);
    JsonBuilder *report = json ? app_report_new("recommend") : NULL;
    if (json) {
        app_report_text(report, "at", at);
        json_builder_set_member_name(report, "unaccepted");
        json_builder_begin_array(report);
    } else {
        printf("at %s: %u sent and not accepted\n", at, list->len);
    }
    for (guint i = 0; i < list->len; i++) {
        const GeoUnaccepted *one = &g_array_index(list, GeoUnaccepted, i);
        const char *unit = code_by_id(fleet, one->unit_id);
        const char *next = code_by_id(fleet, one->next_unit_id);
        if (!json) {
            g_autofree char *number = dup_number(store, one->incident_id);
            printf("incident %s  %s, sent %.0f s ago; next %s", number, unit ? unit : "?",
                   (double)one->waiting_ms / 1000, next ? next : "nobody");
            if (next)
                printf(" in %.0f s", one->expected_s);
            printf("\n");
            continue;
        }
        json_builder_begin_object(report);
        app_report_integer(report, "incident", one->incident_id);
        app_report_text(report, "id", unit);
        app_report_number(report, "waiting_s", (double)one->waiting_ms / 1000, 0);
        app_report_text(report, "next", next);
        app_report_number(report, "expected_s", one->expected_s, 1);
        json_builder_end_object(report);
    }
    if (json) {
        json_builder_end_array(report);
        app_report_print(report);
    }
}
