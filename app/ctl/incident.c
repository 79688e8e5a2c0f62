/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident: takes reports, does deeds on incidents, shows, lists and counts them. */
#include "app/ctl/incident.h"

#include <stdio.h>
#include <string.h>

#include "app/ctl/alike.h"
#include "app/ctl/city.h"
#include "app/ctl/incident-report.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/when.h"
#include "geo/model/coordtext.h"
#include "geo/model/error.h"
#include "geo/work/areas.h"
#include "geo/work/attendance.h"

typedef struct {
    const AppArgs *args;
    GeoStore *store;
    GeoAct act;
    AppIncidentView view;
} Call;

static const char *option(const Call *call, const char *name)
{
    return app_args_value(call->args, name, NULL);
}

static bool word_option(const Call *call, const char *name, const char *const *words, int *value,
                        GError **error)
{
    const char *word = option(call, name);
    if (!word)
        return true;
    *value = geo_kind_word(words, word);
    if (*value >= 0)
        return true;
    g_autofree char *known = g_strjoinv(", ", (char **)(void *)words);
    g_set_error(error, APP_USAGE, 0, "--%s '%s' is not known; known are: %s", name, word, known);
    return false;
}

/* ---- one case ---- */

/* What is shown of a case beside itself. */
typedef struct {
    bool log, taken;
    const GeoAlikes *alikes; /* of one that was taken; NULL: none */
} CaseMore;

static bool show_case(const Call *call, const GeoCase *one, const CaseMore *more, GError **error)
{
    bool asks = app_args_has(call->args, "caller") && app_args_has(call->args, "purpose");
    GeoAct reader = call->act;
    reader.purpose = option(call, "purpose");
    GError *wrong = NULL;
    g_autoptr(GeoReport) report =
        geo_store_read_report(call->store, &reader, one->id, asks, &wrong);
    if (wrong) {
        g_propagate_error(error, wrong);
        return false;
    }
    g_autoptr(GeoMessages) messages =
        geo_store_messages(call->store, &(GeoMessageQuery){.incident_id = one->id}, error);
    if (!messages)
        return false;
    if (!app_args_has(call->args, "json")) {
        if (more->log)
            app_incident_print_log(one, &call->view);
        else
            app_incident_print_case(one, report, messages, &call->view);
        return true;
    }
    JsonBuilder *json = app_report_new(more->log ? "incident log" : "incident show");
    app_incident_report_case(json, one, &call->view);
    if (more->log)
        app_incident_report_log(json, one, &call->view);
    else
        app_incident_report_how(json, report, messages, &call->view);
    if (more->taken)
        app_alike_report(json, more->alikes, call->view.zone);
    app_report_print(json);
    return true;
}

static GeoCase *named(const Call *call, GError **error)
{
    return geo_caseload_find(call->store, app_args_place(call->args, 2), error);
}

static bool show(const Call *call, GError **error)
{
    g_autoptr(GeoCase) one = named(call, error);
    return one && show_case(call, one, &(CaseMore){0}, error);
}

static bool show_log(const Call *call, GError **error)
{
    g_autoptr(GeoCase) one = named(call, error);
    return one && show_case(call, one, &(CaseMore){.log = true}, error);
}

/* ---- taking ---- */

/* "--place 117.283,31.861" says a place on the map, as it does to other subcommands: no words. */
static void place_words(const Call *call, const char **words, GeoLonLat *at)
{
    GeoCoordText read;
    if (at->lon != 0 || at->lat != 0 || !*words || !geo_coordtext_read(*words, &read) ||
        read.plain || !geo_coord_valid((GeoLonLat){read.first, read.second}))
        return;
    *at = (GeoLonLat){read.first, read.second};
    *words = NULL;
    app_lonlat_warn(call->store, *at);
}

static bool read_place(const Call *call, GeoLonLat *at, GError **error)
{
    if (app_args_n(call->args) == 2)
        return true; /* a place that is not known is no reason not to take it */
    if (app_args_n(call->args) == 3
            ? !app_lonlat_read("the place", app_args_place(call->args, 2), at, error)
            : !app_lonlat_places(call->args, 2, at, error))
        return false;
    app_lonlat_warn(call->store, *at);
    return true;
}

/* What was just taken may be a second call about the same matter: its likely ones, else NULL. No
 * answer is no reason to lose the report. */
static GeoAlikes *find_alikes(const Call *call, const GeoCase *one, const char *words)
{
    g_autoptr(GeoFrame) frame = geo_frame_new(geo_store_city(call->store)->epsg, NULL);
    GeoAlikeQuestion question = {.at = one->at,
                                 .placed = one->at.lon != 0 || one->at.lat != 0,
                                 .at_ms = one->created_ms,
                                 .category = one->category,
                                 .words = words,
                                 .not_id = one->id,
                                 .least = GEO_ALIKE_LIKELY,
                                 .max = 3};
    /* without a place a type alone is like every other of its kind */
    return frame && question.placed ? geo_alike_find(call->store, frame, &question, NULL) : NULL;
}

/* Said before a unit is sent twice. */
static void warn_alikes(const GeoCase *one, const GeoAlikes *alikes)
{
    for (guint i = 0; alikes && i < alikes->hits->len; i++) {
        const GeoAlikeHit *hit = &g_array_index(alikes->hits, GeoAlikeHit, i);
        g_autofree char *reason = geo_alike_dup_reason(hit);
        fprintf(stderr,
                "gridbeatctl: warning: %s may be the same as %s (%s, %s); if so: step %s merge "
                "--other %s\n",
                one->code, hit->code ? hit->code : "?", geo_incident_state_words[hit->state],
                reason, one->code, hit->code ? hit->code : "?");
    }
}

/* An area that is nowhere is one that nobody looks after. */
static bool knows_area(const Call *call, GError **error)
{
    const char *code = option(call, "area");
    return !code || geo_areas_know(call->store, code, error);
}

static bool take(const Call *call, GError **error)
{
    GeoCall report = {.code = option(call, "code"),
                      .place = option(call, "place"),
                      .area = option(call, "area"),
                      .item = option(call, "item"),
                      .category = option(call, "category"),
                      .unrouted = app_args_has(call->args, "unrouted"),
                      .report = {.source = app_args_value(call->args, "source", "phone"),
                                 .source_no = option(call, "number"),
                                 .words = option(call, "words"),
                                 .caller = option(call, "name"),
                                 .phone = option(call, "phone")}};
    if (!read_place(call, &report.at, error) || !knows_area(call, error) ||
        !app_args_integer(call->args, "priority", 1, 4, &report.priority, error) ||
        !app_when_option(call->args, "happened", call->view.zone, &report.at_ms, error))
        return false;
    place_words(call, &report.place, &report.at);
    g_autoptr(GeoRouting) routing = geo_routing_load(call->store, error);
    GeoCallTaken taken;
    if (!routing || !geo_caseload_take(call->store, routing, &call->act, &report, &taken, error))
        return false;
    g_autoptr(GeoCase) one = geo_store_case(call->store, taken.taken.incident_id, error);
    if (!one)
        return false;
    if (!app_args_has(call->args, "json"))
        printf("%s%s\n", taken.taken.already ? "it was here already: " : "taken: ", one->code);
    g_autoptr(GeoAlikes) alikes =
        taken.taken.already ? NULL : find_alikes(call, one, report.report.words);
    warn_alikes(one, alikes);
    return show_case(call, one, &(CaseMore){.taken = true, .alikes = alikes}, error);
}

/* ---- deeds ---- */

static bool read_detail(const Call *call, GeoDeedDetail *detail, GError **error)
{
    const char *unit = option(call, "unit");
    const char *zone = call->view.zone;
    detail->reason = option(call, "reason");
    detail->item = option(call, "item");
    detail->category = option(call, "category");
    detail->place = option(call, "place");
    detail->area = option(call, "area");
    detail->department = option(call, "department");
    gint64 lon_lat = app_args_has(call->args, "lon") + app_args_has(call->args, "lat");
    if (lon_lat == 1) {
        g_set_error_literal(error, APP_USAGE, 0, "--lon and --lat come together");
        return false;
    }
    bool ok = (!unit || geo_caseload_find_unit(call->store, unit, &detail->unit_id, error)) &&
              word_option(call, "level", geo_level_words, &detail->level, error) &&
              word_option(call, "ladder", geo_ladder_words, &detail->ladder, error) &&
              app_args_integer(call->args, "priority", 1, 4, &detail->priority, error) &&
              app_args_number(call->args, "lon", &detail->at.lon, error) &&
              app_args_number(call->args, "lat", &detail->at.lat, error) &&
              app_when_option(call->args, "until", zone, &detail->until_ms, error) &&
              app_when_option(call->args, "happened", zone, &detail->happened_ms, error);
    if (ok)
        place_words(call, &detail->place, &detail->at);
    /* "now" is this act's: a moment later would lie in time to come */
    if (ok && !g_strcmp0(option(call, "happened"), "now"))
        detail->happened_ms = call->act.now_ms;
    return ok;
}

/* "yes", "no" or "unreached" of a call-back; the state whose time is corrected; by position. */
static bool read_value(const Call *call, GeoDeed *deed, GError **error)
{
    int value = 1;
    switch (deed->what) {
    case GEO_DEED_CALL_BACK:
        if (!word_option(call, "satisfied", app_incident_answers, &value, error))
            return false;
        deed->detail.value = value - 1;
        return true;
    case GEO_DEED_CORRECT:
        value = -1;
        if (!word_option(call, "time", geo_incident_state_words, &value, error))
            return false;
        deed->detail.value = value;
        return true;
    case GEO_DEED_ARRIVE:
        deed->detail.value = app_args_has(call->args, "by-position");
        return true;
    default:
        return true;
    }
}

static bool read_other(const Call *call, GeoDeed *deed, GError **error)
{
    const char *other = option(call, "other");
    if (deed->what == GEO_DEED_UNDO)
        return app_args_integer(call->args, "deed", 1, G_MAXINT64, &deed->detail.other_id, error);
    if (!other)
        return true;
    g_autoptr(GeoCase) main = geo_caseload_find(call->store, other, error);
    deed->detail.other_id = main ? main->id : 0;
    return main != NULL;
}

/* A department that nobody is would hold it for ever. */
static bool knows_department(const Call *call, const GeoDeed *deed, GError **error)
{
    const char *code = deed->detail.department;
    if (!code)
        return true;
    g_autoptr(GeoServiceBook) book = geo_routing_services(call->store, error);
    if (!book)
        return false;
    if (geo_servicebook_department(book, code) >= 0)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "there is no department '%s': services CITY lists them", code);
    return false;
}

/* An item that nobody offers has no targets. One that is said by a name is kept by its code, and
 * the matter is called by it unless it is called otherwise. */
static bool knows_item(const Call *call, GeoDeed *deed, GError **error)
{
    GeoDeedDetail *detail = &deed->detail;
    const GeoServiceItem *item =
        detail->item ? geo_servicebook_find(call->view.services, detail->item) : NULL;
    if (detail->item && !item) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "there is no service item '%s': services CITY lists them", detail->item);
        return false;
    }
    if (item) {
        detail->item = item->code;
        detail->category = detail->category ? detail->category : item->name_zh;
    }
    return true;
}

/* Another item does not move the case to whom it is for, nor make it more urgent by itself. */
static void warn_item(const Call *call, const GeoCase *one, const GeoDeedDetail *detail)
{
    const GeoServiceBook *book = call->view.services;
    const GeoServiceItem *item = detail->item ? geo_servicebook_find(book, detail->item) : NULL;
    const GeoCaseHolder *holder = geo_case_holder(one);
    if (!item)
        return;
    const char *department = geo_servicebook_department_of(book, item)->code;
    if (holder && g_strcmp0(holder->department, department) != 0)
        fprintf(stderr,
                "gridbeatctl: warning: %s stays with %s, and %s is for %s: step %s route --level "
                "%s --department %s\n",
                one->code, holder->department ? holder->department : "nobody", item->code,
                department, one->code, geo_level_words[item->tier], department);
    if (item->priority < one->priority)
        fprintf(stderr,
                "gridbeatctl: warning: %s stays at priority %d, and %s has %d: step %s classify "
                "--priority %d\n",
                one->code, (int)one->priority, item->code, item->priority, one->code,
                item->priority);
}

/* A level up, or the level that a route names, at the case's own place: the area need not be typed.
 */
static bool fill_area(const Call *call, const GeoCase *one, GeoDeed *deed, GError **error)
{
    bool raises = deed->what == GEO_DEED_RAISE;
    bool routes = deed->what == GEO_DEED_ROUTE && deed->detail.level != GEO_LEVEL_NONE;
    if (deed->detail.area || (!raises && !routes))
        return true;
    g_autoptr(GeoRouting) routing = geo_routing_load(call->store, error);
    if (!routing)
        return false;
    GeoDeedDetail above = deed->detail;
    if (routes)
        above.area = geo_caseload_area(routing, one, (GeoLevel)deed->detail.level);
    else
        geo_caseload_raise(routing, one, &above);
    deed->detail.area = above.area ? g_intern_string(above.area) : NULL;
    return true;
}

/* At the desk a dispatch without a unit is a unit forgotten, unless somebody is named who sends. */
static bool knows_who_goes(const GeoDeed *deed, GError **error)
{
    if (deed->what != GEO_DEED_DISPATCH || deed->detail.unit_id || deed->detail.department)
        return true;
    g_set_error_literal(error, APP_USAGE, 0,
                        "who is sent? --unit UNIT (recommend CITY INCIDENT says who is near), or "
                        "--department CODE where a department sends somebody itself");
    return false;
}

/* Whoever holds a case that was moved goes on holding it until a person says otherwise. */
static void warn_moved(const Call *call, const GeoDeed *deed, const GeoCase *one)
{
    const GeoCaseHolder *holder = geo_case_holder(one);
    if (deed->what != GEO_DEED_MOVE || !holder || !holder->area)
        return;
    g_autoptr(GeoRouting) routing = geo_routing_load(call->store, NULL);
    const char *area = routing ? geo_caseload_area(routing, one, (GeoLevel)holder->level) : NULL;
    if (area && strcmp(area, holder->area) != 0)
        fprintf(stderr,
                "gridbeatctl: warning: %s now lies in %s and is still with %s; to hand it over: "
                "step %s route --level %s\n",
                one->code, area, holder->area, one->code, geo_level_words[holder->level]);
}

/* Who is on duty is the duty clock's to say: a status may say available of somebody whose shift is
 * over, or off of somebody who has signed on or is heard. Asked before the deed: who is sent is on
 * duty from then on. True where there is nothing to warn of. */
static bool ask_duty(const Call *call, GeoDeed *deed)
{
    if (deed->what != GEO_DEED_DISPATCH || !deed->detail.unit_id)
        return true;
    g_autoptr(GeoAttendance) attendance = geo_attendance_load(call->store, call->act.now_ms, NULL);
    const GeoAttendant *one =
        attendance ? geo_attendance_of(attendance, deed->detail.unit_id) : NULL;
    bool on = one && one->state == GEO_DUTY_STATE_ON;
    deed->on_duty = on && (one->by != GEO_DUTY_BY_DEFAULT || one->heard_ms);
    return on || !one;
}

/* Said with another deed they would change nothing, or what nobody meant. */
static bool fits_deed(const Call *call, GeoDeedWhat what, GError **error)
{
    static const struct {
        const char *option;
        GeoDeedWhat deed, or_deed;
    } own[] = {{"satisfied", GEO_DEED_CALL_BACK, GEO_DEED_CALL_BACK},
               {"time", GEO_DEED_CORRECT, GEO_DEED_CORRECT},
               {"by-position", GEO_DEED_ARRIVE, GEO_DEED_ARRIVE},
               {"preempt", GEO_DEED_DISPATCH, GEO_DEED_DISPATCH},
               {"override", GEO_DEED_DISPATCH, GEO_DEED_DISPATCH},
               {"until", GEO_DEED_HOLD, GEO_DEED_SCHEDULE},
               {"other", GEO_DEED_MERGE, GEO_DEED_MERGE},
               {"deed", GEO_DEED_UNDO, GEO_DEED_UNDO},
               {"ladder", GEO_DEED_ROUTE, GEO_DEED_ROUTE}};
    for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
        if (app_args_has(call->args, own[i].option) && what != own[i].deed &&
            what != own[i].or_deed) {
            g_set_error(error, APP_USAGE, 0, "--%s goes with %s, not with %s", own[i].option,
                        geo_deed_words[own[i].deed], geo_deed_words[what]);
            return false;
        }
    return true;
}

/* Those that a person does. */
static char *dup_deeds(void)
{
    g_autoptr(GString) words = g_string_new(NULL);
    for (int what = GEO_DEED_CLASSIFY; what < GEO_DEED_STEP; what++)
        if (what != GEO_DEED_PREEMPT)
            g_string_append_printf(words, "%s%s", words->len ? ", " : "", geo_deed_words[what]);
    return g_strdup(words->str);
}

static bool step(const Call *call, GError **error)
{
    g_autoptr(GeoCase) one = named(call, error);
    int what = geo_kind_word(geo_deed_words, app_args_place(call->args, 3));
    if (!one)
        return false;
    if (what < 0) {
        g_autofree char *known = dup_deeds();
        g_set_error(error, APP_USAGE, 0, "there is no deed '%s'; known are: %s",
                    app_args_place(call->args, 3), known);
        return false;
    }
    GeoDeed deed = {.what = (GeoDeedWhat)what,
                    .incident_id = one->id,
                    .preempt = app_args_has(call->args, "preempt"),
                    .override = app_args_has(call->args, "override")};
    gint64 version = 0;
    if (!fits_deed(call, deed.what, error) || !read_detail(call, &deed.detail, error) ||
        !read_value(call, &deed, error) || !read_other(call, &deed, error) ||
        !fill_area(call, one, &deed, error) || !knows_area(call, error) ||
        !knows_item(call, &deed, error) || !knows_department(call, &deed, error) ||
        !knows_who_goes(&deed, error) ||
        !app_args_integer(call->args, "version", 1, G_MAXINT64, &version, error))
        return false;
    deed.version = version;
    bool fine = ask_duty(call, &deed);
    if (!geo_store_do(call->store, &call->act, &deed, 1, NULL, error))
        return false;
    if (!fine)
        fprintf(stderr, "gridbeatctl: warning: %s was sent and was not on duty: call to be sure\n",
                option(call, "unit"));
    g_autoptr(GeoCase) after = geo_store_case(call->store, one->id, error);
    if (!after)
        return false;
    warn_moved(call, &deed, after);
    warn_item(call, after, &deed.detail);
    return show_case(call, after, &(CaseMore){0}, error);
}

/* ---- many ---- */

static bool read_filter(const Call *call, GeoCaseloadFilter *filter, GError **error)
{
    const char *zone = call->view.zone;
    gint64 from_ms = 0, to_ms = 0, max = 0;
    *filter = (GeoCaseloadFilter){.state = -1,
                                  .level = -1,
                                  .department = option(call, "department"),
                                  .unaccepted = app_args_has(call->args, "unaccepted"),
                                  .due = app_args_has(call->args, "due")};
    if (!word_option(call, "state", geo_incident_state_words, &filter->state, error) ||
        !word_option(call, "level", geo_level_words, &filter->level, error) ||
        !app_when_option(call->args, "from", zone, &from_ms, error) ||
        !app_when_option(call->args, "to", zone, &to_ms, error) ||
        !app_args_integer(call->args, "max", 1, 1000000, &max, error))
        return false;
    filter->query.open = !app_args_has(call->args, "all");
    filter->query.from_ms = from_ms;
    filter->query.to_ms = to_ms ? to_ms : from_ms ? G_MAXINT64 : 0;
    filter->query.max = (size_t)max;
    return true;
}

static bool list(const Call *call, GError **error)
{
    GeoCaseloadFilter filter;
    int by = -1;
    if (!read_filter(call, &filter, error) ||
        !word_option(call, "by", geo_case_tally_words, &by, error))
        return false;
    g_autoptr(GPtrArray) cases = geo_caseload_list(call->store, &filter, call->view.now_ms, error);
    if (!cases)
        return false;
    g_autoptr(GeoCaseTally) tally = by >= 0 ? geo_caseload_tally(cases, (GeoCaseTallyBy)by) : NULL;
    if (!app_args_has(call->args, "json")) {
        if (tally)
            app_incident_print_tally(tally, geo_case_tally_words[by]);
        else
            app_incident_print_list(cases, &call->view);
        return true;
    }
    JsonBuilder *json = app_report_new("incident list");
    app_report_integer(json, "n", cases->len);
    if (tally)
        app_incident_report_tally(json, tally);
    else {
        json_builder_set_member_name(json, "incidents");
        json_builder_begin_array(json);
        for (guint i = 0; i < cases->len; i++) {
            json_builder_begin_object(json);
            app_incident_report_case(json, g_ptr_array_index(cases, i), &call->view);
            json_builder_end_object(json);
        }
        json_builder_end_array(json);
    }
    app_report_print(json);
    return true;
}

/* ---- the call ---- */

/* What each verb reads: an option that it does not is one that somebody believes to be heard. */
static const char *const list_reads[] = {"all", "state", "unaccepted", "due",        "from", "to",
                                         "max", "by",    "level",      "department", NULL};
static const char *const take_reads[] = {"words", "item",     "category", "priority", "place",
                                         "area",  "code",     "source",   "number",   "name",
                                         "phone", "unrouted", "happened", NULL};
static const char *const show_reads[] = {"caller", "purpose", NULL};
static const char *const log_reads[] = {NULL};
static const char *const step_reads[] = {
    "item",      "category", "priority",    "place",      "area",     "unit",    "reason", "until",
    "happened",  "other",    "deed",        "department", "level",    "ladder",  "lon",    "lat",
    "satisfied", "time",     "by-position", "preempt",    "override", "version", NULL};

static const struct {
    const char *name, *wants;
    bool (*run)(const Call *call, GError **error);
    unsigned places, or_places;
    bool writes;
    const char *const *reads;
} verbs[] = {
    {"list", "", list, 2, 1, false, list_reads},
    {"take", "[LON LAT]", take, 4, 2, true, take_reads},
    {"show", "INCIDENT", show, 3, 3, false, show_reads},
    {"log", "INCIDENT", show_log, 3, 3, false, log_reads},
    {"step", "INCIDENT DEED", step, 4, 4, true, step_reads},
};

static const AppOption options[] = {
    {"words", "TEXT", "take: what was told; the service item is suggested by it"},
    {"item", "ITEM", "take, step: service item, by code or name"},
    {"category", "TEXT", "take, step: what it is called"},
    {"priority", "N", "take, step: 1 (highest) to 4"},
    {"place", "TEXT", "take, step: where, in words, or LON,LAT"},
    {"area", "CODE", "take, step: code of an area"},
    {"code", "TEXT", "take: its number (the city's next; they rise, with gaps)"},
    {"source", "NAME", "take: where it comes from (phone)"},
    {"number", "TEXT", "take: its number there; the same one is taken once"},
    {"name", "TEXT", "take: who calls"},
    {"phone", "TEXT", "take: and from where"},
    {"unrouted", NULL, "take: to no department yet"},
    {"unit", "UNIT", "step: by code, radio number or number"},
    {"reason", "TEXT", "step: why; of report the result"},
    {"until", "TIME", "step hold, schedule: until when"},
    {"happened", "TIME", "take, step: when it happened, if not now"},
    {"other", "INCIDENT", "step merge: what it is a duplicate of"},
    {"deed", "N", "step undo: the deed (your last one, within 60 s); log shows their numbers"},
    {"department", "CODE", "step route, dispatch: to whom; list: with whom"},
    {"level", "LEVEL", "step route: grid, community, street, district or city; list: at which"},
    {"ladder", "NAME", "step route: service or mediation (service)"},
    {"lon", "LON", "step move: where"},
    {"lat", "LAT", "step move: where"},
    {"satisfied", "ANSWER", "step call_back: yes, no or unreached (unreached)"},
    {"time", "STATE", "step correct: of which state; --happened is the right one"},
    {"by-position", NULL, "step arrive: seen by its position alone"},
    {"preempt", NULL, "step dispatch: take the unit off a less urgent incident"},
    {"override", NULL, "step dispatch: against priority or status, with a reason"},
    {"version", "N", "step: only if it still is as last seen"},
    {"all", NULL, "list: those that are over, too"},
    {"state", "STATE", "list: in this state"},
    {"unaccepted", NULL, "list: dispatched a minute ago and accepted by nobody"},
    {"due", NULL, "list: held or scheduled until now"},
    {"from", "TIME", "list: received from then on"},
    {"to", "TIME", "list: received before"},
    {"max", "N", "list: the newest so many"},
    {"by", "WHAT", "list: count by level, department, state or item"},
    {"caller", NULL, "show: who called, with --purpose; written down"},
    {"purpose", "TEXT", "show: why that is asked"},
    {NULL, NULL, NULL},
};

static AppExit run(const AppArgs *args, GError **error)
{
    const char *word = app_args_n(args) > 1 ? app_args_place(args, 1) : "list";
    size_t v = 0;
    while (v < G_N_ELEMENTS(verbs) && strcmp(verbs[v].name, word) != 0)
        v++;
    if (v == G_N_ELEMENTS(verbs)) {
        g_set_error(error, APP_USAGE, 0,
                    "incident has no '%s'; known are: list, take, show, log, "
                    "step",
                    word);
        return APP_EXIT_USAGE;
    }
    bool one_word = verbs[v].run == take && app_args_n(args) == 3; /* LON,LAT */
    if (app_args_n(args) != verbs[v].places && app_args_n(args) != verbs[v].or_places &&
        !one_word) {
        g_set_error(error, APP_USAGE, 0, "write: incident CITY %s %s", word, verbs[v].wants);
        return APP_EXIT_USAGE;
    }
    for (const AppOption *one = options; one->name; one++)
        if (app_args_has(args, one->name) && !g_strv_contains(verbs[v].reads, one->name)) {
            g_set_error(error, APP_USAGE, 0, "--%s says nothing to incident %s: it is for %s",
                        one->name, verbs[v].name, one->help);
            return APP_EXIT_USAGE;
        }
    /* Who called is told for a purpose, and that is written down. */
    bool writes = verbs[v].writes || app_args_has(args, "caller");
    g_autoptr(GeoStore) store = app_city_open(args, writes, error);
    if (!store)
        return APP_EXIT_DATA;
    g_autoptr(GHashTable) units = app_incident_units(store, error);
    g_autoptr(GeoServiceBook) services = units ? geo_routing_services(store, error) : NULL;
    if (!services)
        return APP_EXIT_DATA;
    Call call = {.args = args, .store = store, .act = app_city_act()};
    call.view =
        (AppIncidentView){geo_store_city(store)->zone, call.act.now_ms, units, store, services};
    if (app_args_has(args, "caller") && !app_args_has(args, "purpose")) {
        g_set_error_literal(error, APP_USAGE, 0,
                            "--caller needs --purpose: who asks for a caller says why");
        return APP_EXIT_USAGE;
    }
    return verbs[v].run(&call, error) ? APP_EXIT_OK : APP_EXIT_DATA;
}

static const char deeds[] =
    "deeds, in the order of a day (what else each wants; all take --reason):\n"
    "  classify     --item, --category or --priority\n"
    "  move         --lon and --lat, --place or --area\n"
    "  route        --level and --department or --area\n"
    "  raise        one level up; --reason\n"
    "  return       to who held it before; --reason\n"
    "  dispatch     --unit, once for each; --preempt or --override, --reason\n"
    "  accept       --unit; so go, arrive, handle, clear of the same unit\n"
    "  release      --unit: taken off before it has cleared; --reason\n"
    "  report       --reason: the result in words\n"
    "  review       or rework --reason: not content, back to work\n"
    "  close        call_back --satisfied after it\n"
    "  hold         --reason, --until; schedule --until; wake: from either\n"
    "  transfer     to somebody outside; --reason\n"
    "  merge        --other: is the same as that one\n"
    "  void         --reason; never deleted. reopen --reason: a new cycle\n"
    "  correct      --time STATE, --happened TIME, --unit, --reason\n"
    "  note         --reason: the words\n"
    "  undo         within 60 s: your last deed, or --deed\n";

const AppCommand app_incident_command = {
    .name = "incident",
    .places = "CITY [list | take [LON LAT] | show INCIDENT | log INCIDENT | step INCIDENT DEED]",
    .summary = "take reports, route, dispatch and close them; each deed can be taken back",
    .min_places = 1,
    .max_places = 4,
    .options = options,
    .notes = deeds,
    .run = run,
};
