/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two desks over one city act at random, each with what it last saw. Whatever they do: a unit is on
 * one incident, every step is one of the life cycle's, a less urgent incident never takes a unit
 * without a reason, and the log, read again by a plain replay that knows nothing of
 * geo/model/casefile, gives the states and units that the city shows. */
#include "tests/geo/fresh-city.h"

enum { INCIDENTS = 8, UNITS = 6, ROUNDS = 4, ACTS = 1200 };

typedef struct {
    GeoStore *store;
    int64_t seen[INCIDENTS + 1]; /* versions, as the desk last saw them */
} Seat;

typedef struct {
    FreshCity *city;
    Seat seats[2];
    int64_t now_ms;
    guint done, refused, stale, undone, preempted;
} Room;

static GeoDeed random_deed(Room *room, Seat *seat)
{
    /* Many of the usual ones, some of all. */
    static const GeoDeedWhat usual[] = {
        GEO_DEED_DISPATCH, GEO_DEED_DISPATCH, GEO_DEED_DISPATCH, GEO_DEED_ACCEPT, GEO_DEED_GO,
        GEO_DEED_ARRIVE,   GEO_DEED_HANDLE,   GEO_DEED_CLEAR,    GEO_DEED_CLEAR,  GEO_DEED_RELEASE,
        GEO_DEED_UNDO,     GEO_DEED_UNDO,     GEO_DEED_REPORT,   GEO_DEED_REVIEW, GEO_DEED_CLOSE,
        GEO_DEED_REOPEN,   GEO_DEED_CLASSIFY, GEO_DEED_ROUTE,    GEO_DEED_RAISE};
    int64_t incident = g_test_rand_int_range(1, INCIDENTS + 1);
    GeoDeed deed = {.incident_id = incident,
                    .version = g_test_rand_int_range(0, 4) ? 0 : seat->seen[incident],
                    .preempt = g_test_rand_bit(),
                    .override = g_test_rand_int_range(0, 6) == 0};
    deed.what = g_test_rand_int_range(0, 4) ? usual[g_test_rand_int_range(0, G_N_ELEMENTS(usual))]
                                            : (GeoDeedWhat)g_test_rand_int_range(0, GEO_N_DEEDS);
    GeoDeedDetail *detail = &deed.detail;
    if (g_test_rand_int_range(0, 5))
        detail->unit_id = g_test_rand_int_range(11, 11 + UNITS);
    if (deed.what == GEO_DEED_MERGE)
        detail->other_id = g_test_rand_int_range(1, INCIDENTS + 1);
    if (g_test_rand_int_range(0, 4))
        detail->reason = "because";
    detail->category = g_test_rand_bit() ? "theft" : "noise";
    detail->department = "police";
    detail->level = deed.what == GEO_DEED_ROUTE ? g_test_rand_int_range(1, GEO_N_LEVELS) : 0;
    detail->priority = deed.what == GEO_DEED_CLASSIFY ? g_test_rand_int_range(0, 5) : 0;
    detail->until_ms = room->now_ms + g_test_rand_int_range(-3, 100) * 1000;
    detail->value = g_test_rand_int_range(-1, 2);
    return deed;
}

static void look(Seat *seat)
{
    g_autoptr(GeoBatch) rows = fresh_load(seat->store, GEO_KIND_INCIDENT, NULL);
    for (guint i = 0; i < rows->rows->len; i++) {
        const GeoRow *row = geo_batch_row(rows, i);
        seat->seen[row->id] = row->version;
    }
}

static void act(Room *room)
{
    g_autoptr(GError) error = NULL;
    Seat *seat = &room->seats[g_test_rand_bit()];
    GeoAct by = geo_act_local(NULL, room->now_ms);
    GeoDeed deeds[2] = {random_deed(room, seat), random_deed(room, seat)};
    size_t n = g_test_rand_int_range(0, 8) ? 1 : 2;
    room->now_ms += g_test_rand_int_range(0, 30000);
    by.now_ms = room->now_ms;
    if (geo_store_do(seat->store, &by, deeds, n, NULL, &error)) {
        room->done++;
        room->undone += deeds[0].what == GEO_DEED_UNDO;
    } else if (g_error_matches(error, GEO_ERROR, GEO_ERROR_STALE))
        room->stale++;
    else {
        g_assert_true(error->domain == GEO_ERROR);
        g_assert_true(error->code == GEO_ERROR_REFUSED || error->code == GEO_ERROR_DATA ||
                      error->code == GEO_ERROR_MISSING);
        room->refused++;
    }
    if (g_test_rand_int_range(0, 5) == 0)
        look(seat);
}

/* ---- the plain replay ---- */

/* What follows what, as one reads it on paper: deed, states before, state after ("=" stays, "*" by
 * who is at work). */
static const struct {
    const char *deed, *from, *to;
} paper[] = {
    {"classify", "received reopened", "classified"},
    {"classify", "*", "="},
    {"move", "*", "="},
    {"route", "*", "="},
    {"note", "*", "="},
    {"correct", "*", "="},
    {"raise", "*", "raised"},
    {"return", "*", "classified"},
    {"dispatch", "*", "*"},
    {"accept", "received classified reopened raised dispatched accepted en_route on_scene handling",
     "*"},
    {"go", "dispatched accepted en_route on_scene handling", "*"},
    {"arrive", "dispatched accepted en_route on_scene handling", "*"},
    {"handle", "dispatched accepted en_route on_scene handling", "*"},
    {"clear", "dispatched accepted en_route on_scene handling", "*"},
    {"release", "dispatched accepted en_route on_scene handling", "*"},
    {"preempt", "dispatched accepted en_route on_scene handling", "*"},
    {"report", "cleared handling accepted", "reported"},
    {"rework", "reported reviewed", "handling"},
    {"review", "reported", "reviewed"},
    {"close", "reviewed received classified reopened raised held", "closed"},
    {"call_back", "closed", "called_back"},
    {"hold", "received classified reopened raised", "held"},
    {"schedule", "received classified reopened raised", "scheduled"},
    {"wake", "held scheduled", "*"},
    {"transfer", "*", "transferred"},
    {"merge", "*", "duplicate"},
    {"void", "*", "void"},
    {"reopen", "cleared reported reviewed closed called_back transferred duplicate void",
     "reopened"},
};

static bool is_word_of(const char *words, const char *word)
{
    g_auto(GStrv) list = g_strsplit(words, " ", -1);
    return !strcmp(words, "*") || g_strv_contains((const char *const *)list, word);
}

static void assert_on_paper(const GeoCaseEvent *event)
{
    const char *from = event->from < 0 ? "" : geo_incident_state_words[event->from];
    const char *to = geo_incident_state_words[event->to];
    for (size_t i = 0; i < G_N_ELEMENTS(paper); i++)
        if (!strcmp(paper[i].deed, geo_deed_words[event->what]) &&
            is_word_of(paper[i].from, from) &&
            (!strcmp(paper[i].to, "*") || !strcmp(paper[i].to, to) ||
             (!strcmp(paper[i].to, "=") && !strcmp(from, to))))
            return;
    if (event->what != GEO_DEED_TAKE && event->what != GEO_DEED_UNDO &&
        event->what != GEO_DEED_STEP)
        g_error("%s from %s to %s is not on paper", geo_deed_words[event->what], from, to);
}

typedef struct {
    int on[UNITS]; /* stage of each unit; 0: not on it */
    bool cleared;  /* one has, since it was last in the queue by a raise, return, reopen */
    int body;      /* stage of the department; 0: it has not begun */
    int parked;    /* state before it was parked; -1: it is not */
    int waiting, state;
} Replay;

static int at_work(const Replay *replay)
{
    int top = replay->body;
    bool any = false;
    for (int u = 0; u < UNITS; u++) {
        any |= replay->on[u] != 0;
        top = MAX(top, replay->on[u]);
    }
    if (!any)
        return replay->body      ? replay->body
               : replay->cleared ? GEO_INCIDENT_CLEARED
                                 : replay->waiting;
    return replay->cleared ? MAX(top, MIN(replay->state, GEO_INCIDENT_HANDLING)) : top;
}

static void replay_unit(Replay *replay, const GeoCaseEvent *event)
{
    static const int stages[GEO_N_DEEDS] = {[GEO_DEED_DISPATCH] = GEO_INCIDENT_DISPATCHED,
                                            [GEO_DEED_ACCEPT] = GEO_INCIDENT_ACCEPTED,
                                            [GEO_DEED_GO] = GEO_INCIDENT_EN_ROUTE,
                                            [GEO_DEED_ARRIVE] = GEO_INCIDENT_ON_SCENE,
                                            [GEO_DEED_HANDLE] = GEO_INCIDENT_HANDLING};
    if (replay->parked >= 0) {
        replay->waiting = replay->parked;
        replay->parked = -1;
    }
    int64_t unit = event->detail.unit_id;
    if (unit == 0) {
        replay->body = event->what == GEO_DEED_CLEAR ? 0 : stages[event->what];
        replay->state = event->what == GEO_DEED_CLEAR ? GEO_INCIDENT_CLEARED : replay->body;
        return;
    }
    if (event->what == GEO_DEED_ARRIVE && event->detail.value == 1)
        return;
    replay->on[unit - 11] = stages[event->what];
    replay->cleared |= event->what == GEO_DEED_CLEAR;
    replay->state = at_work(replay);
}

static void replay_event(Replay *replay, const GeoCaseEvent *event)
{
    bool waited = replay->state == replay->waiting;
    switch (event->what) {
    case GEO_DEED_CLASSIFY:
        if (replay->waiting == GEO_INCIDENT_RECEIVED || replay->waiting == GEO_INCIDENT_REOPENED)
            replay->waiting = GEO_INCIDENT_CLASSIFIED;
        if (replay->parked == GEO_INCIDENT_RECEIVED || replay->parked == GEO_INCIDENT_REOPENED)
            replay->parked = GEO_INCIDENT_CLASSIFIED;
        if (waited)
            replay->state = replay->waiting;
        return;
    case GEO_DEED_DISPATCH:
    case GEO_DEED_ACCEPT:
    case GEO_DEED_GO:
    case GEO_DEED_ARRIVE:
    case GEO_DEED_HANDLE:
    case GEO_DEED_CLEAR:
    case GEO_DEED_RELEASE:
    case GEO_DEED_PREEMPT:
        replay_unit(replay, event);
        return;
    case GEO_DEED_HOLD:
    case GEO_DEED_SCHEDULE:
        replay->parked = replay->state;
        replay->state = event->to;
        return;
    case GEO_DEED_WAKE:
        replay->state = replay->waiting = replay->parked;
        replay->parked = -1;
        return;
    case GEO_DEED_RAISE:
    case GEO_DEED_RETURN:
        replay->waiting = event->to;
        replay->cleared = false;
        break;
    case GEO_DEED_REOPEN:
        replay->waiting = GEO_INCIDENT_REOPENED;
        replay->cleared = false;
        break;
    case GEO_DEED_ROUTE:
    case GEO_DEED_MOVE:
    case GEO_DEED_NOTE:
    case GEO_DEED_CORRECT:
        return;
    default:
        break;
    }
    replay->body = event->what == GEO_DEED_REWORK ? GEO_INCIDENT_HANDLING : 0;
    replay->parked = -1;
    replay->state = event->to;
}

/* Events that are taken back are left out, and everything is read from the beginning. */
static Replay replay_log(const GArray *events)
{
    Replay replay = {.state = GEO_INCIDENT_RECEIVED, .parked = -1};
    for (guint i = 0; i < events->len; i++) {
        const GeoCaseEvent *event = &g_array_index(events, GeoCaseEvent, i);
        bool gone = event->what == GEO_DEED_UNDO || event->what == GEO_DEED_TAKE;
        for (guint k = i + 1; k < events->len; k++) {
            const GeoCaseEvent *later = &g_array_index(events, GeoCaseEvent, k);
            gone |= later->what == GEO_DEED_UNDO && later->detail.other_id == event->deed_id;
        }
        if (!gone)
            replay_event(&replay, event);
    }
    return replay;
}

/* ---- what must hold ---- */

static void check_case(Room *room, const GeoCase *one, GHashTable *on)
{
    g_assert_false(one->torn);
    Replay replay = replay_log(one->log->events);
    for (guint i = 0; one->state != replay.state && i < one->log->events->len; i++) {
        const GeoCaseEvent *event = &g_array_index(one->log->events, GeoCaseEvent, i);
        g_test_message("%d: %s unit %d, from %d to %d%s", (int)event->seq,
                       geo_deed_words[event->what], (int)event->detail.unit_id, event->from,
                       event->to, event->undone ? ", undone" : "");
    }
    g_assert_cmpstr(geo_incident_state_words[one->state], ==,
                    geo_incident_state_words[replay.state]);
    for (guint i = 0; i < one->log->events->len; i++)
        assert_on_paper(&g_array_index(one->log->events, GeoCaseEvent, i));
    for (int64_t unit = 11; unit < 11 + UNITS; unit++) {
        const GeoCaseUnit *part = geo_case_unit(one, unit);
        g_assert_cmpint(part ? part->stage : 0, ==, replay.on[unit - 11]);
        if (part) /* on one alone */
            g_assert_true(g_hash_table_insert(on, g_memdup2(&unit, sizeof unit),
                                              g_memdup2(&one->id, sizeof one->id)));
    }
}

static void check_preempts(Room *room, const GPtrArray *cases)
{
    for (guint i = 0; i < cases->len; i++) {
        const GeoCase *one = g_ptr_array_index(cases, i);
        for (guint k = 0; k < one->log->events->len; k++) {
            const GeoCaseEvent *event = &g_array_index(one->log->events, GeoCaseEvent, k);
            if (event->what != GEO_DEED_PREEMPT)
                continue;
            room->preempted++;
            g_assert_cmpint(event->detail.other_id, !=, 0);
        }
    }
}

static void check_room(Room *room)
{
    g_autoptr(GError) error = NULL;
    GeoCaseQuery all = {0};
    GeoStore *store = room->seats[g_test_rand_bit()].store;
    g_autoptr(GPtrArray) cases = geo_store_cases(store, &all, &error);
    g_assert_no_error(error);
    g_autoptr(GHashTable) on = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    g_autoptr(GeoBatch) rows = fresh_load(store, GEO_KIND_INCIDENT, NULL);
    g_assert_cmpuint(cases->len, ==, rows->rows->len);
    for (guint i = 0; i < cases->len; i++) {
        const GeoCase *one = g_ptr_array_index(cases, i);
        check_case(room, one, on);
        g_assert_cmpint(one->state, ==, g_array_index(rows->rows, GeoIncident, i).state);
    }
    g_autoptr(GArray) assigned = geo_store_assignments(store, &error);
    g_assert_cmpuint(assigned->len, ==, g_hash_table_size(on));
    for (guint i = 0; i < assigned->len; i++) {
        const GeoAssignment *one = &g_array_index(assigned, GeoAssignment, i);
        g_assert_cmpint(*(int64_t *)g_hash_table_lookup(on, &one->unit_id), ==, one->incident_id);
    }
    g_autoptr(GeoBatch) units = fresh_load(store, GEO_KIND_UNIT, NULL);
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoUnit *unit = &g_array_index(units->rows, GeoUnit, i);
        bool busy = g_hash_table_contains(on, &unit->row.id);
        g_assert_cmpint(unit->status == GEO_STATUS_AVAILABLE, ==, !busy);
    }
    check_preempts(room, cases);
}

static void open_room(Room *room, const char *backend)
{
    g_autoptr(GError) error = NULL;
    GeoAct by = geo_act_local(NULL, FRESH_NOW);
    *room = (Room){.city = fresh_city_new(backend), .now_ms = FRESH_NOW};
    GeoStore *store = room->city->store;
    fresh_import(store, 100, fresh_points(GEO_KIND_UNIT, 11, UNITS));
    for (int64_t id = 1; id <= INCIDENTS; id++) {
        g_autoptr(GeoBatch) call = fresh_points(GEO_KIND_INCIDENT, id, 1);
        g_array_index(call->rows, GeoIncident, 0).priority = 1 + id % 4;
        g_array_index(call->rows, GeoIncident, 0).at_ms = FRESH_NOW;
        geo_batch_row(call, 0)->code = NULL; /* each has its own */
        g_assert_true(geo_store_take_incident(store, &by, call, &error));
    }
    room->seats[0].store = room->seats[1].store = store;
    if (room->city->path) {
        room->seats[1].store = geo_store_open(room->city->path, NULL, &error);
        g_assert_no_error(error);
    }
    look(&room->seats[0]);
    look(&room->seats[1]);
}

static void close_room(Room *room)
{
    if (room->seats[1].store != room->city->store)
        geo_store_close(room->seats[1].store);
    fresh_city_free(room->city);
}

static void two_desks_never_lie(gconstpointer backend)
{
    guint done = 0, undone = 0, preempted = 0, stale = 0;
    for (int round = 0; round < ROUNDS; round++) {
        Room room;
        open_room(&room, backend);
        for (int i = 0; i < ACTS; i++) {
            act(&room);
            if (i % 25 == 24)
                check_room(&room);
        }
        check_room(&room);
        g_autoptr(GPtrArray) findings = geo_store_check(room.city->store, NULL);
        g_assert_cmpuint(findings->len, ==, 0);
        done += room.done;
        undone += room.undone;
        stale += room.stale;
        preempted += room.preempted;
        close_room(&room);
    }
    g_test_message("%u deeds done, %u taken back, %u stale, %u pre-empts seen", done, undone, stale,
                   preempted);
    g_assert_cmpuint(done, >, ROUNDS * ACTS / 10);
    g_assert_cmpuint(undone, >, 0);
    g_assert_cmpuint(preempted, >, 0);
    g_assert_cmpuint(stale, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/desks/memory/two-desks-never-lie", "memory", two_desks_never_lie);
    g_test_add_data_func("/desks/sqlite/two-desks-never-lie", "sqlite", two_desks_never_lie);
    return g_test_run();
}
