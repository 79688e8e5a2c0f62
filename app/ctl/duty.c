/* SPDX-License-Identifier: GPL-3.0-or-later */
/* duty: who is on duty, why and until when, planned against present; and the acts that change it.
 */
#include "app/ctl/duty.h"

#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/duty-report.h"
#include "app/ctl/when.h"
#include "geo/model/error.h"
#include "geo/store/cases.h"

typedef struct {
    GeoStore *store;
    const AppArgs *args;
    const GeoAttendance *attendance; /* before the act */
    GeoAct act;
    gint64 from_ms, until_ms;         /* 0: not said */
    const char *word, *second;        /* after the verb */
    const GeoAttendant *unit, *other; /* of word and second, where the verb names units */
} Call;

/* ---- acts ---- */

static bool sign(const Call *call, GeoDutyEntry *entries, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++)
        entries[i].reason = app_args_value(call->args, "reason", NULL);
    return geo_store_sign(call->store, &call->act, entries, n, error);
}

/* Who comes, with what. */
static void bind(const Call *call, GeoDutyEntry *on)
{
    on->person = app_args_value(call->args, "person", NULL);
    on->device = app_args_value(call->args, "device", NULL);
    on->vehicle = app_args_value(call->args, "vehicle", NULL);
    on->crew = app_args_value(call->args, "crew", NULL);
}

static GeoDutyEntry entry_of(const Call *call, GeoDutyWhat what)
{
    return (GeoDutyEntry){.unit_id = call->unit->unit->row.id,
                          .what = what,
                          .from_ms = call->attendance->at_ms,
                          .to_ms = call->until_ms ? call->until_ms : GEO_DUTY_OPEN};
}

static bool sign_on(const Call *call, GError **error)
{
    GeoDutyEntry on = entry_of(call, GEO_DUTY_ON);
    bind(call, &on);
    return sign(call, &on, 1, error);
}

static bool sign_off(const Call *call, GError **error)
{
    GeoDutyEntry off;
    return geo_attendance_off(call->attendance, call->unit, call->until_ms, &off, error) &&
           sign(call, &off, 1, error);
}

static bool swap(const Call *call, GError **error)
{
    GeoDutyEntry both[2];
    if (!geo_attendance_swap(call->attendance, call->unit, call->other, call->until_ms, both,
                             error))
        return false;
    bind(call, &both[1]);
    return sign(call, both, 2, error);
}

static bool take_break(const Call *call, GError **error)
{
    GeoDutyEntry rest;
    return geo_attendance_break(call->attendance, call->unit, call->until_ms, &rest, error) &&
           sign(call, &rest, 1, error);
}

static bool begin_welfare(const Call *call, GError **error)
{
    GeoDutyEntry timer = entry_of(call, GEO_DUTY_WELFARE);
    return sign(call, &timer, 1, error);
}

static bool raise_sos(const Call *call, GError **error)
{
    GeoDutyEntry sos = entry_of(call, GEO_DUTY_SOS);
    sos.to_ms = GEO_DUTY_OPEN; /* until somebody ends it, not a clock */
    return sign(call, &sos, 1, error);
}

static bool end(const Call *call, GeoDutyWhat what, GError **error)
{
    return geo_store_end_duty(call->store, &call->act, call->unit->unit->row.id, what,
                              call->attendance->at_ms, error);
}

static bool end_break(const Call *call, GError **error)
{
    return end(call, GEO_DUTY_BREAK, error);
}

static bool end_welfare(const Call *call, GError **error)
{
    return end(call, GEO_DUTY_WELFARE, error);
}

static bool end_sos(const Call *call, GError **error)
{
    return end(call, GEO_DUTY_SOS, error);
}

/* The unit's device tells its person. */
static bool tell_seen(const Call *call, GError **error)
{
    return geo_store_tell_seen(call->store, &call->act, call->unit->unit->row.id, error);
}

static bool admit(const Call *call, GError **error)
{
    for (guint i = 0; i < call->attendance->areas->len; i++) {
        const GeoAttendanceSum *sum = &g_array_index(call->attendance->areas, GeoAttendanceSum, i);
        if (g_strcmp0(sum->code, call->word))
            continue;
        if (!geo_store_admit_area(call->store, &call->act, call->word, call->attendance->at_ms,
                                  call->until_ms, error))
            return false;
        if (sum->no_roster == 0)
            fprintf(stderr,
                    "gridbeatctl: warning: all units of '%s' have a roster, which counts: duty on "
                    "UNIT or shift UNIT brings one on duty, admit does not\n",
                    call->word);
        return true;
    }
    g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                "no unit is of an area '%s': duty lists the areas that can be admitted",
                call->word);
    return false;
}

static bool bind_device(const Call *call, GError **error)
{
    return geo_store_bind_device(call->store, &call->act, call->word, call->other->unit->row.id,
                                 error);
}

static bool free_device(const Call *call, GError **error)
{
    return geo_store_bind_device(call->store, &call->act, call->word, 0, error);
}

/* ---- shifts ---- */

static bool add_shift(const Call *call, GError **error)
{
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_ROSTER);
    GeoRoster *shift = geo_batch_add(batch);
    const GeoRow *unit = &call->unit->unit->row;
    shift->row.id = geo_act_new_id(call->act.now_ms);
    shift->row.version = 0; /* it is new */
    shift->row.code = unit->code ? geo_batch_text(batch, unit->code) : NULL;
    shift->row.name = app_args_value(call->args, "name", NULL);
    shift->from_ms = call->from_ms;
    shift->to_ms = call->until_ms;
    shift->post = app_args_value(call->args, "post", NULL);
    shift->area = app_args_value(call->args, "beat", NULL);
    return geo_store_edit_roster(call->store, &call->act, batch, false, error);
}

/* The shift of the unit that covers the moment; two at once are removed one by one. */
static bool remove_shift(const Call *call, GError **error)
{
    int64_t at_ms = call->attendance->at_ms;
    const char *code = call->unit->unit->row.code;
    GeoQuery query = {.code = code, .from_ms = at_ms, .to_ms = at_ms + 1};
    g_autoptr(GeoBatch) shifts =
        code ? geo_store_load(call->store, GEO_KIND_ROSTER, &query, error) : NULL;
    if (code && !shifts)
        return false;
    if (!shifts || shifts->rows->len == 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                    "no shift of '%s' covers that time: --at says which", call->word);
        return false;
    }
    g_autoptr(GeoBatch) first = geo_batch_new(GEO_KIND_ROSTER);
    geo_batch_copy_row(first, shifts, 0);
    return geo_store_edit_roster(call->store, &call->act, first, true, error);
}

/* ---- the call ---- */

typedef struct {
    const char *name;
    bool (*run)(const Call *call, GError **error); /* NULL: only reads */
    unsigned places;                               /* CITY VERB ..., just so many */
    bool unit, other;                              /* the words after it are units */
    bool until, from;                              /* must be said */
    const char *wants;
} Verb;

static const Verb verbs[] = {
    {"list", NULL, 2, false, false, false, false, ""},
    {"on", sign_on, 3, true, false, false, false, "UNIT"},
    {"off", sign_off, 3, true, false, false, false, "UNIT"},
    {"swap", swap, 4, true, true, false, false, "UNIT OTHER"},
    {"break", take_break, 3, true, false, false, false, "UNIT"},
    {"resume", end_break, 3, true, false, false, false, "UNIT"},
    {"welfare", begin_welfare, 3, true, false, true, false, "UNIT --until TIME"},
    {"welfare-end", end_welfare, 3, true, false, false, false, "UNIT"},
    {"sos", raise_sos, 3, true, false, false, false, "UNIT"},
    {"sos-end", end_sos, 3, true, false, false, false, "UNIT"},
    {"sos-seen", tell_seen, 3, true, false, false, false, "UNIT"},
    {"admit", admit, 3, false, false, true, false, "AREA --until TIME"},
    {"bind", bind_device, 4, false, true, false, false, "DEVICE UNIT"},
    {"free", free_device, 3, false, false, false, false, "DEVICE"},
    {"shift", add_shift, 3, true, false, true, true, "UNIT --from TIME --until TIME"},
    {"unshift", remove_shift, 3, true, false, false, false, "UNIT"},
};

static const Verb *find_verb(const AppArgs *args, GError **error)
{
    const char *word = app_args_place(args, 1) ? app_args_place(args, 1) : "list";
    g_autoptr(GString) known = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
        g_string_append_printf(known, " %s", verbs[i].name);
        if (strcmp(verbs[i].name, word) != 0)
            continue;
        bool right = app_args_n(args) == verbs[i].places || !verbs[i].run;
        if (right && (!verbs[i].until || app_args_has(args, "until")) &&
            (!verbs[i].from || app_args_has(args, "from")))
            return &verbs[i];
        g_set_error(error, APP_USAGE, 0, "write: duty CITY %s %s", word, verbs[i].wants);
        return NULL;
    }
    g_set_error(error, APP_USAGE, 0, "duty has no '%s'; known are:%s", word, known->str);
    return NULL;
}

/* The units that are told one by one; NULL: none was asked for. */
static bool choose_units(const Call *call, const GeoAttendance *attendance, GPtrArray **listed,
                         GError **error)
{
    const char *unit = app_args_value(call->args, "unit", NULL);
    const char *area = app_args_value(call->args, "area", NULL);
    const GeoAttendant *acted[] = {call->unit, call->other};
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(acted); i++)
        if (acted[i])
            g_ptr_array_add(list,
                            &g_array_index(attendance->rows, GeoAttendant,
                                           (guint)(acted[i] - (const GeoAttendant *)(const void *)
                                                                  call->attendance->rows->data)));
    if (unit) {
        const GeoAttendant *found = geo_attendance_find(attendance, unit, error);
        if (!found)
            return false;
        g_ptr_array_add(list, (gpointer)found);
    }
    for (guint i = 0; area && i < attendance->rows->len; i++) {
        GeoAttendant *row = &g_array_index(attendance->rows, GeoAttendant, i);
        if (geo_attendance_lies_in(attendance, row, area))
            g_ptr_array_add(list, row);
    }
    if (area && list->len == 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                    "no unit is of an area '%s': duty lists the areas that have units", area);
        return false;
    }
    *listed = list->len > 0 ? g_steal_pointer(&list) : NULL;
    return true;
}

static bool act_on(Call *call, const Verb *verb, GError **error)
{
    call->word = app_args_place(call->args, 2);
    call->second = app_args_place(call->args, 3);
    if (verb->unit && !(call->unit = geo_attendance_find(call->attendance, call->word, error)))
        return false;
    if (verb->other && !(call->other = geo_attendance_find(call->attendance, call->second, error)))
        return false;
    return !verb->run || verb->run(call, error);
}

static AppExit run(const AppArgs *args, GError **error)
{
    const Verb *verb = find_verb(args, error);
    if (!verb)
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, verb->run != NULL, error);
    if (!store)
        return APP_EXIT_DATA;
    const char *zone = geo_store_city(store)->zone;
    Call call = {.store = store, .args = args, .act = app_city_act()};
    AppDutyReport report = {.act = verb->run ? verb->name : NULL, .zone = zone};
    gint64 at_ms = call.act.now_ms;
    if (!app_when_option(args, "at", zone, &at_ms, error) ||
        !app_when_option(args, "from", zone, &call.from_ms, error) ||
        !app_when_option(args, "until", zone, &call.until_ms, error) ||
        !app_args_integer(args, "top", 1, 1000000, &report.top, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoAttendance) before = geo_attendance_load(store, at_ms, error);
    call.attendance = before;
    if (!before || !act_on(&call, verb, error))
        return APP_EXIT_DATA;
    g_autoptr(GeoAttendance) after = verb->run ? geo_attendance_load(store, at_ms, error) : NULL;
    if (verb->run && !after)
        return APP_EXIT_DATA;
    g_autoptr(GPtrArray) listed = NULL;
    if (!choose_units(&call, after ? after : before, &listed, error))
        return APP_EXIT_DATA;
    report.listed = listed;
    app_duty_report(args, after ? after : before, &report);
    return APP_EXIT_OK;
}

static const AppOption options[] = {
    {"unit", "UNIT", "list: this one, by its code or number"},
    {"area", "CODE", "list: the units of this area, one by one"},
    {"top", "N", "list: so many areas, those that lack most first"},
    {"at", "TIME", "the moment of the list or of the act (now)"},
    {"from", "TIME", "shift: when it begins"},
    {"until", "TIME", "on, off, break, welfare, admit, shift: how long; else until the shift ends"},
    {"person", "TEXT", "on, swap: who comes"},
    {"device", "TEXT", "on, swap: what its device calls itself"},
    {"vehicle", "TEXT", "on, swap: with which vehicle"},
    {"crew", "TEXT", "on, swap: and who else"},
    {"name", "TEXT", "shift: what it is called"},
    {"post", "TEXT", "shift: where, or as what"},
    {"beat", "TEXT", "shift: which beat"},
    {"reason", "TEXT", "why, for the log"},
    {NULL, NULL, NULL},
};

const AppCommand app_duty_command = {
    .name = "duty",
    .places = "CITY [list | on UNIT | off UNIT | swap UNIT OTHER | break UNIT | resume UNIT |\n"
              "  welfare UNIT | welfare-end UNIT | sos UNIT | sos-seen UNIT | sos-end UNIT |\n"
              "  admit AREA | bind DEVICE UNIT | free DEVICE | shift UNIT | unshift UNIT]",
    .summary = "who is on duty, why and until when; sign on, off, swap, break",
    .min_places = 1,
    .max_places = 4,
    .options = options,
    .run = run,
};
