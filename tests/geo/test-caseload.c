/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two hundred reports through seventeen departments and three tiers, by script: each script says by
 * hand what follows from each of its steps, an own ledger keeps that, and at the end every state,
 * clock and count of the city is held against it. */
#include "geo/work/caseload.h"
#include "tests/geo/fresh-city.h"

enum { REPORTS = 200, UNITS = 30, DEPARTMENTS = 17 };

static const char *const backends[] = {"memory", "sqlite", NULL};

/* What the script knows of its report. */
typedef struct {
    int64_t id, created_ms, state_ms, level_ms, held_ms;
    const GeoServiceItem *item;
    const char *department;
    int state, level, ladder, cycle, waiting;
    int64_t times[GEO_N_INCIDENT_STATES]; /* first of this cycle */
    int64_t arrived_ms, cleared_ms;       /* of units: first and last of this cycle */
    int raised, returned, reworked, preempted, satisfied;
    int holders;
    size_t changes; /* of state, as its source is told */
    bool sourced;
} Entry;

typedef struct {
    FreshCity *city;
    GeoRouting *routing;
    GeoAct act;
    Entry entries[REPORTS];
    int64_t next_unit;
} Office;

/* ---- the town ---- */

static void add_area(GeoBatch *batch, int64_t id, const char *level, const char *code,
                     const char *parent, double west, double side)
{
    GeoArea *area = fresh_row(batch, id, code);
    area->level = geo_batch_text(batch, level);
    area->parent = geo_batch_text(batch, parent);
    const GeoLonLat ring[] = {
        {west, 31}, {west + side, 31}, {west + side, 31 + side}, {west, 31 + side}};
    geo_batch_part_from(batch, GEO_SHAPE_POLYGON, ring, G_N_ELEMENTS(ring));
}

static Office *office_new(const char *backend)
{
    g_autoptr(GError) error = NULL;
    Office *office = g_new0(Office, 1);
    office->city = fresh_city_new(backend);
    GeoBatch *areas = geo_batch_new(GEO_KIND_AREA);
    add_area(areas, 501, "grid", "g1", "c1", 117, 0.01);
    add_area(areas, 502, "community", "c1", "s1", 117, 0.02);
    add_area(areas, 503, "street", "s1", "d1", 117, 0.03);
    add_area(areas, 504, "district", "d1", NULL, 117, 0.05);
    fresh_import(office->city->store, 100, areas);
    fresh_import(office->city->store, 101, fresh_points(GEO_KIND_UNIT, 11, UNITS));
    office->routing = geo_routing_load(office->city->store, &error);
    g_assert_no_error(error);
    office->act = geo_act_local(NULL, FRESH_NOW);
    return office;
}

static void office_free(Office *office)
{
    geo_routing_free(office->routing);
    fresh_city_free(office->city);
    g_free(office);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Office, office_free)

static void wait_some(Office *office)
{
    office->act.now_ms += g_test_rand_int_range(1, 400) * 1000;
}

/* ---- the ledger ---- */

static void enter(Office *office, Entry *entry, int state)
{
    if (entry->times[state] == 0)
        entry->times[state] = office->act.now_ms;
    if (entry->state != state) {
        entry->state = state;
        entry->state_ms = office->act.now_ms;
        entry->changes++;
    }
}

/* Does it, and the script says what state follows. */
static int64_t step(Office *office, Entry *entry, GeoDeedWhat what, GeoDeedDetail detail, int state)
{
    g_autoptr(GError) error = NULL;
    wait_some(office);
    GeoDeed deed = {.what = what, .incident_id = entry->id, .detail = detail};
    GeoDeedDone done = {0};
    geo_store_do(office->city->store, &office->act, &deed, 1, &done, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(geo_incident_state_words[done.state], ==, geo_incident_state_words[state]);
    enter(office, entry, state);
    return done.deed_id;
}

static int64_t plain(Office *office, Entry *entry, GeoDeedWhat what, const char *reason, int state)
{
    return step(office, entry, what, (GeoDeedDetail){.reason = reason}, state);
}

static int64_t free_unit(Office *office)
{
    return 11 + office->next_unit++ % UNITS;
}

static int64_t by_unit(Office *office, Entry *entry, GeoDeedWhat what, int64_t unit, int state)
{
    int64_t deed = step(office, entry, what, (GeoDeedDetail){.unit_id = unit}, state);
    if (what == GEO_DEED_ARRIVE && entry->arrived_ms == 0)
        entry->arrived_ms = office->act.now_ms;
    if (what == GEO_DEED_CLEAR)
        entry->cleared_ms = office->act.now_ms;
    return deed;
}

static void go_up(Office *office, Entry *entry)
{
    static const int above[2][GEO_N_LEVELS] = {
        {[GEO_LEVEL_GRID] = GEO_LEVEL_COMMUNITY,
         [GEO_LEVEL_COMMUNITY] = GEO_LEVEL_DISTRICT,
         [GEO_LEVEL_STREET] = GEO_LEVEL_DISTRICT,
         [GEO_LEVEL_DISTRICT] = GEO_LEVEL_CITY},
        {[GEO_LEVEL_COMMUNITY] = GEO_LEVEL_STREET, [GEO_LEVEL_STREET] = GEO_LEVEL_DISTRICT}};
    if (!above[entry->ladder][entry->level])
        return;
    plain(office, entry, GEO_DEED_RAISE, "beyond our means", GEO_INCIDENT_RAISED);
    entry->level = above[entry->ladder][entry->level];
    entry->level_ms = office->act.now_ms;
    entry->waiting = GEO_INCIDENT_RAISED;
    entry->raised++;
    entry->holders++;
}

/* ---- scripts ---- */

static void finish(Office *office, Entry *entry, int answer)
{
    plain(office, entry, GEO_DEED_REPORT, "done", GEO_INCIDENT_REPORTED);
    plain(office, entry, GEO_DEED_REVIEW, NULL, GEO_INCIDENT_REVIEWED);
    plain(office, entry, GEO_DEED_CLOSE, NULL, GEO_INCIDENT_CLOSED);
    step(office, entry, GEO_DEED_CALL_BACK, (GeoDeedDetail){.value = answer},
         GEO_INCIDENT_CALLED_BACK);
    entry->satisfied = answer;
}

static void department_works(Office *office, Entry *entry)
{
    plain(office, entry, GEO_DEED_ACCEPT, NULL, GEO_INCIDENT_ACCEPTED);
    plain(office, entry, GEO_DEED_HANDLE, NULL, GEO_INCIDENT_HANDLING);
    plain(office, entry, GEO_DEED_CLEAR, NULL, GEO_INCIDENT_CLEARED);
}

static void one_unit(Office *office, Entry *entry)
{
    int64_t unit = free_unit(office);
    by_unit(office, entry, GEO_DEED_DISPATCH, unit, GEO_INCIDENT_DISPATCHED);
    by_unit(office, entry, GEO_DEED_ACCEPT, unit, GEO_INCIDENT_ACCEPTED);
    by_unit(office, entry, GEO_DEED_GO, unit, GEO_INCIDENT_EN_ROUTE);
    by_unit(office, entry, GEO_DEED_ARRIVE, unit, GEO_INCIDENT_ON_SCENE);
    by_unit(office, entry, GEO_DEED_HANDLE, unit, GEO_INCIDENT_HANDLING);
    by_unit(office, entry, GEO_DEED_CLEAR, unit, GEO_INCIDENT_CLEARED);
}

static void two_units(Office *office, Entry *entry)
{
    int64_t first = free_unit(office), second = free_unit(office);
    by_unit(office, entry, GEO_DEED_DISPATCH, first, GEO_INCIDENT_DISPATCHED);
    by_unit(office, entry, GEO_DEED_ARRIVE, first, GEO_INCIDENT_ON_SCENE);
    by_unit(office, entry, GEO_DEED_DISPATCH, second, GEO_INCIDENT_ON_SCENE);
    by_unit(office, entry, GEO_DEED_CLEAR, first, GEO_INCIDENT_ON_SCENE);
    by_unit(office, entry, GEO_DEED_ARRIVE, second, GEO_INCIDENT_ON_SCENE);
    by_unit(office, entry, GEO_DEED_CLEAR, second, GEO_INCIDENT_CLEARED);
}

/* ---- what becomes of report i ---- */

static void run_script(Office *office, Entry *entry, int i)
{
    static const int answers[] = {1, 1, -1, 0};
    int answer = answers[i % 4];
    switch (i % 16) {
    case 0:
        department_works(office, entry);
        finish(office, entry, answer);
        return;
    case 1:
        one_unit(office, entry);
        finish(office, entry, answer);
        return;
    case 2:
        two_units(office, entry);
        finish(office, entry, answer);
        return;
    case 3: /* raised once while it is handled, settled there */
        plain(office, entry, GEO_DEED_ACCEPT, NULL, GEO_INCIDENT_ACCEPTED);
        plain(office, entry, GEO_DEED_HANDLE, NULL, GEO_INCIDENT_HANDLING);
        go_up(office, entry);
        if (entry->raised)
            department_works(office, entry);
        else /* the highest has it already */
            plain(office, entry, GEO_DEED_CLEAR, NULL, GEO_INCIDENT_CLEARED);
        finish(office, entry, answer);
        return;
    case 4: /* to the top */
        for (int k = 0; k < 4; k++)
            go_up(office, entry);
        department_works(office, entry);
        finish(office, entry, answer);
        return;
    case 5: /* raised, and sent back */
        go_up(office, entry);
        plain(office, entry, GEO_DEED_RETURN, "the lower level can do this",
              GEO_INCIDENT_CLASSIFIED);
        entry->returned++;
        entry->holders--;
        entry->waiting = GEO_INCIDENT_CLASSIFIED;
        return; /* who holds it now, and since when, is filled in by the caller: it waits */
    case 6:
        department_works(office, entry);
        plain(office, entry, GEO_DEED_REPORT, "half done", GEO_INCIDENT_REPORTED);
        plain(office, entry, GEO_DEED_REWORK, "the other half?", GEO_INCIDENT_HANDLING);
        entry->reworked++;
        plain(office, entry, GEO_DEED_CLEAR, NULL, GEO_INCIDENT_CLEARED);
        finish(office, entry, answer);
        return;
    case 7: {
        int64_t until_ms = office->act.now_ms + 3600000;
        step(office, entry, GEO_DEED_HOLD,
             (GeoDeedDetail){.reason = "until the shop opens", .until_ms = until_ms},
             GEO_INCIDENT_HELD);
        int64_t from_ms = office->act.now_ms;
        plain(office, entry, GEO_DEED_WAKE, NULL, entry->waiting);
        entry->held_ms = office->act.now_ms - from_ms;
        one_unit(office, entry);
        finish(office, entry, answer);
        return;
    }
    case 8: {
        int64_t until_ms = office->act.now_ms + 86400000;
        step(office, entry, GEO_DEED_SCHEDULE, (GeoDeedDetail){.until_ms = until_ms},
             GEO_INCIDENT_SCHEDULED);
        return; /* still to come */
    }
    case 9:
        step(office, entry, GEO_DEED_MERGE, (GeoDeedDetail){.other_id = office->entries[0].id},
             GEO_INCIDENT_DUPLICATE);
        return;
    case 10:
        plain(office, entry, GEO_DEED_VOID, "a test call", GEO_INCIDENT_VOID);
        return;
    case 11:
        plain(office, entry, GEO_DEED_TRANSFER, "to the county, 5623", GEO_INCIDENT_TRANSFERRED);
        return;
    case 12:
        plain(office, entry, GEO_DEED_CLOSE, "advice was enough", GEO_INCIDENT_CLOSED);
        return;
    case 13: /* opened again: the old times are of the first cycle */
        one_unit(office, entry);
        plain(office, entry, GEO_DEED_REPORT, "done", GEO_INCIDENT_REPORTED);
        memset(entry->times, 0, sizeof entry->times);
        plain(office, entry, GEO_DEED_REOPEN, "it goes on", GEO_INCIDENT_REOPENED);
        entry->times[GEO_INCIDENT_REOPENED] = office->act.now_ms;
        entry->arrived_ms = entry->cleared_ms = 0;
        entry->cycle++;
        one_unit(office, entry);
        finish(office, entry, answer);
        return;
    case 14: { /* a dispatch that was a mistake leaves no trace in clocks and states */
        Entry before = *entry;
        int64_t deed =
            by_unit(office, entry, GEO_DEED_DISPATCH, free_unit(office), GEO_INCIDENT_DISPATCHED);
        g_autoptr(GError) error = NULL;
        office->act.now_ms += 20000;
        GeoDeed undo = {
            .what = GEO_DEED_UNDO, .incident_id = entry->id, .detail = {.other_id = deed}};
        geo_store_do(office->city->store, &office->act, &undo, 1, NULL, &error);
        g_assert_no_error(error);
        *entry = before;
        entry->changes += 2; /* its source heard of both */
        one_unit(office, entry);
        finish(office, entry, answer);
        return;
    }
    default: { /* on its way, and not there yet */
        int64_t unit = free_unit(office);
        by_unit(office, entry, GEO_DEED_DISPATCH, unit, GEO_INCIDENT_DISPATCHED);
        by_unit(office, entry, GEO_DEED_RELEASE, unit, entry->waiting);
        return;
    }
    }
}

/* ---- taking ---- */

/* The k-th item of a department, round and round. */
static const GeoServiceItem *item_of(const GeoServiceBook *book, uint32_t department, guint k)
{
    guint n = 0;
    for (guint i = 0; i < book->items->len; i++)
        n += geo_servicebook_item(book, i)->department == department;
    g_assert_cmpuint(n, >, 0);
    for (guint i = 0, at = 0; i < book->items->len; i++) {
        const GeoServiceItem *item = geo_servicebook_item(book, i);
        if (item->department == department && at++ == k % n)
            return item;
    }
    return NULL;
}

static void take(Office *office, Entry *entry, int i)
{
    g_autoptr(GError) error = NULL;
    const GeoServiceBook *book = geo_routing_book(office->routing);
    g_autofree char *number = g_strdup_printf("R%03d", i);
    GeoCallTaken taken;
    entry->item = item_of(book, (uint32_t)i % DEPARTMENTS, (guint)i / DEPARTMENTS);
    entry->sourced = i % 4 == 0;
    GeoCall call = {.at = {117.005, 31.005},
                    .item = entry->item->code,
                    .report = {.source = entry->sourced ? "12345" : "phone",
                               .source_no = entry->sourced ? number : NULL,
                               .words = "as told",
                               .caller = "A",
                               .phone = "13900000000"}};
    wait_some(office);
    for (int again = 0; again < (entry->sourced ? 2 : 1); again++) {
        geo_caseload_take(office->city->store, office->routing, &office->act, &call, &taken,
                          &error);
        g_assert_no_error(error);
        g_assert_cmpint(taken.taken.already, ==, again == 1);
    }
    entry->id = taken.taken.incident_id;
    entry->department = geo_servicebook_department_of(book, entry->item)->code;
    entry->ladder = entry->item->mediation ? GEO_LADDER_MEDIATION : GEO_LADDER_SERVICE;
    entry->level = (int)entry->item->tier;
    entry->created_ms = entry->level_ms = entry->state_ms = office->act.now_ms;
    entry->state = entry->waiting = GEO_INCIDENT_CLASSIFIED;
    entry->times[GEO_INCIDENT_RECEIVED] = entry->times[GEO_INCIDENT_CLASSIFIED] =
        office->act.now_ms;
    entry->changes = 2; /* received, classified */
    entry->cycle = entry->holders = 1;
    entry->satisfied = 2;
}

/* ---- the reckoning ---- */

static int64_t span(int64_t from_ms, int64_t to_ms)
{
    return from_ms && to_ms ? to_ms - from_ms : GEO_CLOCK_NONE;
}

static bool is_over(const Entry *entry)
{
    return geo_cycle_done((GeoIncidentState)entry->state);
}

static void check_clocks(const Office *office, const Entry *entry, const GeoCase *one)
{
    int64_t now_ms = office->act.now_ms, end_ms = is_over(entry) ? entry->state_ms : now_ms;
    const int64_t *times = entry->times;
    GeoCaseClocks clocks = geo_case_clocks(one, now_ms);
    int64_t accepted_ms = times[GEO_INCIDENT_ACCEPTED];
    for (int s = GEO_INCIDENT_EN_ROUTE; accepted_ms == 0 && s <= GEO_INCIDENT_CLEARED; s++)
        accepted_ms = times[s];
    int64_t sent_ms = times[GEO_INCIDENT_DISPATCHED];
    g_assert_cmpint(clocks.age_ms, ==, end_ms - entry->created_ms);
    g_assert_cmpint(clocks.in_state_ms, ==, now_ms - entry->state_ms);
    g_assert_cmpint(clocks.level_ms, ==, end_ms - entry->level_ms);
    g_assert_cmpint(clocks.held_ms, ==,
                    entry->held_ms +
                        (entry->state == GEO_INCIDENT_SCHEDULED ? now_ms - entry->state_ms : 0));
    g_assert_cmpint(clocks.queue_ms, ==, (sent_ms ? sent_ms : end_ms) - entry->created_ms);
    g_assert_cmpint(clocks.accept_ms, ==,
                    accepted_ms                               ? span(sent_ms, accepted_ms)
                    : entry->state == GEO_INCIDENT_DISPATCHED ? span(sent_ms, now_ms)
                                                              : GEO_CLOCK_NONE);
    g_assert_cmpint(clocks.turnout_ms, ==, span(sent_ms, times[GEO_INCIDENT_EN_ROUTE]));
    g_assert_cmpint(clocks.response_ms, ==, span(entry->created_ms, entry->arrived_ms));
    g_assert_cmpint(clocks.scene_ms, ==, span(entry->arrived_ms, entry->cleared_ms));
    g_assert_cmpint(clocks.report_ms, ==,
                    span(times[GEO_INCIDENT_CLEARED], times[GEO_INCIDENT_REPORTED]));
}

/* Each target from the times alone: 0 is what has not happened. */
static void check_targets(const Office *office, const Entry *entry, const GeoCase *one)
{
    int64_t now_ms = office->act.now_ms, end_ms = is_over(entry) ? entry->state_ms : now_ms;
    int64_t accepted_ms = entry->times[GEO_INCIDENT_ACCEPTED];
    for (int s = GEO_INCIDENT_EN_ROUTE; accepted_ms == 0 && s <= GEO_INCIDENT_CLEARED; s++)
        accepted_ms = entry->times[s];
    const struct {
        const char *what;
        int min;
        int64_t at_ms;
    } expected[] = {{"accepted", entry->item->accept_min, accepted_ms},
                    {"there", entry->item->arrive_min, entry->arrived_ms},
                    {"reported", entry->item->report_min, entry->times[GEO_INCIDENT_REPORTED]}};
    GeoCaseTarget targets[GEO_N_CASE_TARGETS];
    size_t n = geo_case_targets(one, entry->item, now_ms, targets), k = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        if (expected[i].min == 0)
            continue;
        int64_t took_ms = (expected[i].at_ms ? expected[i].at_ms : end_ms) - entry->created_ms;
        g_assert_cmpuint(k, <, n);
        g_assert_cmpstr(targets[k].what, ==, expected[i].what);
        g_assert_cmpint(targets[k].min, ==, expected[i].min);
        g_assert_cmpint(targets[k].took_ms, ==, took_ms);
        g_assert_cmpint(targets[k].done, ==, expected[i].at_ms != 0);
        g_assert_cmpint(targets[k].late, ==, took_ms > expected[i].min * INT64_C(60000));
        k++;
    }
    g_assert_cmpuint(k, ==, n);
}

static void check_case(const Office *office, const Entry *entry, const GeoCase *one)
{
    const GeoCaseHolder *holder = geo_case_holder(one);
    g_assert_false(one->torn);
    g_assert_cmpstr(geo_incident_state_words[one->state], ==,
                    geo_incident_state_words[entry->state]);
    g_assert_cmpstr(holder->department, ==, entry->department);
    g_assert_cmpstr(geo_level_words[holder->level], ==, geo_level_words[entry->level]);
    g_assert_cmpint(holder->ladder, ==, entry->ladder);
    g_assert_cmpuint(one->holders->len, ==, entry->holders);
    g_assert_cmpint(one->raised, ==, entry->raised);
    g_assert_cmpint(one->returned, ==, entry->returned);
    g_assert_cmpint(one->reworked, ==, entry->reworked);
    g_assert_cmpint(one->cycle, ==, entry->cycle);
    g_assert_cmpint(one->satisfied, ==, entry->satisfied);
    check_clocks(office, entry, one);
    check_targets(office, entry, one);
}

/* Over, or somebody can say why not: it waits for who holds it, was sent back with a reason, or is
 * still to come. */
static void check_explained(const Entry *entry, const GeoCase *one)
{
    if (is_over(entry))
        return;
    const GeoCaseEvent *last =
        &g_array_index(one->log->events, GeoCaseEvent, one->log->events->len - 1);
    bool parked = one->wake_ms != 0;
    bool waits = geo_cycle_waits((GeoIncidentState)one->state) && geo_case_holder(one);
    g_assert_true(parked || waits);
    g_assert_true(last->what == GEO_DEED_RELEASE || last->what == GEO_DEED_SCHEDULE ||
                  last->detail.reason != NULL);
}

typedef const char *(*KeyOf)(const Entry *entry);

static const char *level_key(const Entry *entry)
{
    return geo_level_words[entry->level];
}

static const char *department_key(const Entry *entry)
{
    return entry->department;
}

static const char *state_key(const Entry *entry)
{
    return geo_incident_state_words[entry->state];
}

static const char *item_key(const Entry *entry)
{
    return entry->item->code;
}

static void check_row(const Office *office, const GeoCaseTallyRow *row, KeyOf key)
{
    GeoCaseTallyRow own = {.key = row->key};
    for (int i = 0; i < REPORTS; i++) {
        const Entry *entry = &office->entries[i];
        if (key && strcmp(key(entry), row->key) != 0)
            continue;
        own.taken++;
        own.open += !is_over(entry);
        own.over += is_over(entry);
        own.closed += entry->state == GEO_INCIDENT_CLOSED;
        own.called_back += entry->state == GEO_INCIDENT_CALLED_BACK;
        own.void_ += entry->state == GEO_INCIDENT_VOID;
        own.duplicate += entry->state == GEO_INCIDENT_DUPLICATE;
        own.transferred += entry->state == GEO_INCIDENT_TRANSFERRED;
        own.raised += entry->raised;
        own.returned += entry->returned;
        own.reworked += entry->reworked;
        own.reopened += entry->cycle - 1;
        own.satisfied += entry->satisfied == 1;
        own.unsatisfied += entry->satisfied == -1;
    }
    g_assert_cmpint(row->taken, ==, own.taken);
    g_assert_cmpint(row->open, ==, own.open);
    g_assert_cmpint(row->over, ==, own.over);
    g_assert_cmpint(row->closed, ==, own.closed);
    g_assert_cmpint(row->called_back, ==, own.called_back);
    g_assert_cmpint(row->void_ + row->duplicate + row->transferred, ==,
                    own.void_ + own.duplicate + own.transferred);
    g_assert_cmpint(row->raised, ==, own.raised);
    g_assert_cmpint(row->returned, ==, own.returned);
    g_assert_cmpint(row->reworked, ==, own.reworked);
    g_assert_cmpint(row->reopened, ==, own.reopened);
    g_assert_cmpint(row->satisfied, ==, own.satisfied);
    g_assert_cmpint(row->unsatisfied, ==, own.unsatisfied);
    g_assert_cmpint(row->taken, ==, row->open + row->over);
    g_assert_cmpint(row->open, ==, row->waiting + row->at_work + row->parked + row->after);
    g_assert_cmpint(row->over, ==,
                    row->closed + row->called_back + row->void_ + row->duplicate +
                        row->transferred);
}

static void check_tally(const Office *office, const GPtrArray *cases, GeoCaseTallyBy by, KeyOf key,
                        bool say)
{
    g_autoptr(GeoCaseTally) tally = geo_caseload_tally(cases, by);
    int64_t taken = 0;
    for (guint i = 0; i < tally->rows->len; i++) {
        const GeoCaseTallyRow *row = &g_array_index(tally->rows, GeoCaseTallyRow, i);
        check_row(office, row, key);
        taken += row->taken;
        if (say)
            g_test_message("%-14s %3d taken, %2d open, %3d over, %2d raised, %2d returned, %2d "
                           "reworked",
                           row->key, (int)row->taken, (int)row->open, (int)row->over,
                           (int)row->raised, (int)row->returned, (int)row->reworked);
    }
    check_row(office, &tally->all, NULL);
    g_assert_cmpint(taken, ==, REPORTS);
    if (by == GEO_CASE_TALLY_DEPARTMENT)
        g_assert_cmpuint(tally->rows->len, ==, DEPARTMENTS);
    if (by == GEO_CASE_TALLY_LEVEL)
        g_assert_cmpuint(tally->rows->len, >=, 3);
}

static void check_outbox(Office *office)
{
    g_autoptr(GError) error = NULL;
    GeoStore *store = office->city->store;
    g_autoptr(GeoOutbox) outbox = geo_store_outbox(store, "12345", 0, &error);
    size_t changes = 0;
    for (int i = 0; i < REPORTS; i++)
        changes += office->entries[i].sourced ? office->entries[i].changes : 0;
    g_assert_cmpuint(outbox->rows->len, ==, changes);
    int64_t last = g_array_index(outbox->rows, GeoOutboxRow, changes - 1).seq;
    g_assert_true(geo_store_confirm_outbox(store, &office->act, "12345", last, &error));
    g_autoptr(GeoOutbox) rest = geo_store_outbox(store, NULL, 0, &error);
    g_assert_cmpuint(rest->rows->len, ==, 0);
}

static void two_hundred_reports(gconstpointer backend)
{
    g_autoptr(Office) office = office_new(backend);
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < REPORTS; i++) {
        Entry *entry = &office->entries[i];
        take(office, entry, i);
        int level = entry->level;
        int64_t since_ms = entry->level_ms;
        if (i % 16 == 5 && entry->item->tier == GEO_LEVEL_CITY) {
            one_unit(office, entry); /* nobody is above: it is done instead */
            finish(office, entry, 1);
            continue;
        }
        run_script(office, entry, i);
        if (entry->returned) {
            entry->level = level; /* it is where it was before, on the same clock as before */
            entry->level_ms = since_ms;
        }
    }
    wait_some(office);
    GeoCaseQuery all = {0};
    g_autoptr(GPtrArray) cases = geo_store_cases(office->city->store, &all, &error);
    g_assert_cmpuint(cases->len, ==, REPORTS);
    for (int i = 0; i < REPORTS; i++) {
        g_autoptr(GeoCase) one = geo_store_case(office->city->store, office->entries[i].id, &error);
        g_assert_no_error(error);
        check_case(office, &office->entries[i], one);
        check_explained(&office->entries[i], one);
    }
    check_tally(office, cases, GEO_CASE_TALLY_LEVEL, level_key, true);
    check_tally(office, cases, GEO_CASE_TALLY_DEPARTMENT, department_key, true);
    check_tally(office, cases, GEO_CASE_TALLY_STATE, state_key, false);
    check_tally(office, cases, GEO_CASE_TALLY_ITEM, item_key, false);
    check_outbox(office);
    g_autoptr(GPtrArray) findings = geo_store_check(office->city->store, &error);
    g_assert_cmpuint(findings->len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t b = 0; backends[b]; b++) {
        g_autofree char *path = g_strdup_printf("/caseload/%s/two-hundred-reports", backends[b]);
        g_test_add_data_func(path, backends[b], two_hundred_reports);
    }
    return g_test_run();
}
