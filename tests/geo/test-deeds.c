/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract of deeds in the store: what may be done to incidents, by whom, how it is taken back,
 * and who is told. Every claim holds for every back end. */
#include "geo/model/casefile.h"
#include "tests/geo/fresh-city.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)

static const char *const backends[] = {"memory", "sqlite", NULL};

typedef struct {
    FreshCity *city;
    GeoStore *store;
    GeoAct act;
} Desk;

/* Units 11 to 16, a free desk. */
static Desk *desk_new(const char *backend)
{
    Desk *desk = g_new0(Desk, 1);
    desk->city = fresh_city_new(backend);
    desk->store = desk->city->store;
    desk->act = geo_act_local(NULL, FRESH_NOW);
    fresh_import(desk->store, 100, fresh_points(GEO_KIND_UNIT, 11, 6));
    return desk;
}

static void desk_free(Desk *desk)
{
    fresh_city_free(desk->city);
    g_free(desk);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

static void take(Desk *desk, int64_t id, int64_t priority)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) call = fresh_points(GEO_KIND_INCIDENT, id, 1);
    GeoIncident *row = &g_array_index(call->rows, GeoIncident, 0);
    g_autofree char *code = g_strdup_printf("N-%d", (int)id);
    row->row.code = geo_batch_text(call, code);
    row->priority = priority;
    row->at_ms = desk->act.now_ms;
    geo_store_take_report(desk->store, &desk->act, call, NULL, NULL, 0, NULL, &error);
    g_assert_no_error(error);
}

static GeoDeed deed_of(GeoDeedWhat what, int64_t incident_id, int64_t unit_id, const char *reason)
{
    return (GeoDeed){
        .what = what, .incident_id = incident_id, .detail = {.unit_id = unit_id, .reason = reason}};
}

static int64_t must(Desk *desk, GeoDeed deed)
{
    g_autoptr(GError) error = NULL;
    GeoDeedDone done = {0};
    geo_store_do(desk->store, &desk->act, &deed, 1, &done, &error);
    g_assert_no_error(error);
    desk->act.now_ms += SECOND;
    return done.deed_id;
}

static void must_not(Desk *desk, GeoDeed deed, int code, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(geo_store_do(desk->store, &desk->act, &deed, 1, NULL, &error));
    g_assert_error(error, GEO_ERROR, code);
    if (!strstr(error->message, words))
        g_test_fail_printf("'%s' is not in '%s'", words, error->message);
}

static GeoCase *case_of(Desk *desk, int64_t id)
{
    g_autoptr(GError) error = NULL;
    GeoCase *one = geo_store_case(desk->store, id, &error);
    g_assert_no_error(error);
    g_assert_false(one->torn);
    return one;
}

static int state_of(Desk *desk, int64_t id)
{
    g_autoptr(GeoCase) one = case_of(desk, id);
    return one->state;
}

static int status_of(Desk *desk, int64_t unit_id)
{
    g_autoptr(GeoBatch) units = fresh_load(desk->store, GEO_KIND_UNIT, &(GeoQuery){.id = unit_id});
    g_assert_cmpuint(units->rows->len, ==, 1);
    return g_array_index(units->rows, GeoUnit, 0).status;
}

/* The words of what a unit was told, oldest first. */
static char *told(Desk *desk, int64_t unit_id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoMessages) messages =
        geo_store_messages(desk->store, &(GeoMessageQuery){.unit_id = unit_id}, &error);
    g_assert_no_error(error);
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < messages->rows->len; i++)
        g_string_append_printf(
            words, "%s%s", i ? " " : "",
            geo_message_words[g_array_index(messages->rows, GeoMessage, i).what]);
    return g_string_free(words, FALSE);
}

static void a_second_unit_resets_nothing(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 2);
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    must(desk, deed_of(GEO_DEED_ARRIVE, 1, 11, NULL));
    g_assert_cmpint(state_of(desk, 1), ==, GEO_INCIDENT_ON_SCENE);
    int64_t arrived = 0;
    {
        g_autoptr(GeoCase) one = case_of(desk, 1);
        arrived = one->times[GEO_INCIDENT_ON_SCENE].recorded_ms;
    }
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 12, NULL));
    g_assert_cmpint(state_of(desk, 1), ==, GEO_INCIDENT_ON_SCENE);
    must(desk, deed_of(GEO_DEED_CLEAR, 1, 11, NULL));
    g_assert_cmpint(state_of(desk, 1), ==, GEO_INCIDENT_ON_SCENE);
    g_assert_cmpint(status_of(desk, 11), ==, GEO_STATUS_AVAILABLE);
    must(desk, deed_of(GEO_DEED_CLEAR, 1, 12, NULL));
    g_autoptr(GeoCase) one = case_of(desk, 1);
    g_assert_cmpint(one->state, ==, GEO_INCIDENT_CLEARED);
    g_assert_cmpint(one->times[GEO_INCIDENT_ON_SCENE].recorded_ms, ==, arrived);
    g_assert_cmpint(one->created_ms, ==, FRESH_NOW);
}

static void taken_back_is_as_before(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 2);
    must(desk, (GeoDeed){GEO_DEED_CLASSIFY, 1, 0, {.category = "theft"}, false, false});
    g_autoptr(GeoCase) before = case_of(desk, 1);
    int64_t deed = must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    desk->act.now_ms += 50 * SECOND;
    must(desk, (GeoDeed){GEO_DEED_UNDO, 1, 0, {.other_id = deed}, false, false});
    g_autoptr(GeoCase) after = case_of(desk, 1);
    g_assert_cmpint(after->state, ==, before->state);
    g_assert_cmpint(after->state_ms, ==, before->state_ms); /* the clock was never reset */
    g_assert_cmpuint(after->log->events->len, ==, before->log->events->len + 2);
    g_assert_cmpuint(geo_case_n_units(after), ==, 0);
    g_assert_cmpint(status_of(desk, 11), ==, GEO_STATUS_AVAILABLE);
    g_autofree char *words = told(desk, 11);
    g_assert_cmpstr(words, ==, "dispatch undo");
    must_not(desk, (GeoDeed){GEO_DEED_UNDO, 1, 0, {.other_id = deed}, false, false},
             GEO_ERROR_REFUSED, "last deed");
    deed = must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    desk->act.now_ms += 60 * SECOND;
    must_not(desk, (GeoDeed){GEO_DEED_UNDO, 1, 0, {.other_id = deed}, false, false},
             GEO_ERROR_REFUSED, "60 s");
}

static void a_classification_taken_back_gives_the_old_words(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 2);
    GeoDeed better = {GEO_DEED_CLASSIFY,
                      1,
                      0,
                      {.category = "robbery", .priority = 1, .item = "P-3"},
                      false,
                      false};
    must(desk, better);
    must(desk,
         (GeoDeed){GEO_DEED_MOVE, 1, 0, {.place = "gate 2", .at = {117.5, 31.5}}, false, false});
    must(desk, (GeoDeed){GEO_DEED_UNDO, 1, 0, {0}, false, false});
    must(desk, (GeoDeed){GEO_DEED_UNDO, 1, 0, {0}, false, false});
    g_autoptr(GeoCase) one = case_of(desk, 1);
    g_assert_null(one->category);
    g_assert_null(one->item);
    g_assert_null(one->place);
    g_assert_cmpint(one->priority, ==, 2);
    g_assert_cmpfloat(one->at.lon, ==, 117.0);
    g_assert_cmpint(one->state, ==, GEO_INCIDENT_RECEIVED);
    g_autoptr(GeoBatch) rows = fresh_load(desk->store, GEO_KIND_INCIDENT, NULL);
    GeoLonLat at;
    g_assert_true(geo_batch_first(rows, geo_batch_row(rows, 0), &at));
    g_assert_cmpfloat(at.lon, ==, 117.0);
    g_assert_cmpint(g_array_index(rows->rows, GeoIncident, 0).priority, ==, 2);
}

static void the_more_urgent_takes_a_unit_and_the_other_waits_again(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    desk->act.now_ms += 5 * MINUTE;
    take(desk, 2, 1);
    take(desk, 3, 1);
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    must_not(desk, deed_of(GEO_DEED_DISPATCH, 2, 11, NULL), GEO_ERROR_REFUSED, "N-1");
    GeoDeed preempt = deed_of(GEO_DEED_DISPATCH, 2, 11, NULL);
    preempt.preempt = true;
    int64_t deed = must(desk, preempt);
    g_autoptr(GeoCase) left = case_of(desk, 1);
    g_assert_cmpint(left->state, ==, GEO_INCIDENT_RECEIVED);
    g_assert_cmpint(left->preempted, ==, 1);
    g_assert_cmpint(left->created_ms, ==, FRESH_NOW);
    g_autofree char *words = told(desk, 11);
    g_assert_cmpstr(words, ==, "dispatch preempt dispatch");
    must(desk, (GeoDeed){GEO_DEED_UNDO, 2, 0, {.other_id = deed}, false, false});
    g_assert_cmpint(state_of(desk, 1), ==, GEO_INCIDENT_DISPATCHED);
    g_assert_cmpint(state_of(desk, 2), ==, GEO_INCIDENT_RECEIVED);
    must(desk, preempt);
    preempt.incident_id = 3;
    must_not(desk, preempt, GEO_ERROR_REFUSED, "more urgent");
    preempt.override = true;
    must_not(desk, preempt, GEO_ERROR_REFUSED, "reason");
    preempt.detail.reason = "officer down";
    must(desk, preempt);
    g_autoptr(GArray) on = geo_store_assignments(desk->store, NULL);
    g_assert_cmpuint(on->len, ==, 1);
    g_assert_cmpint(g_array_index(on, GeoAssignment, 0).incident_id, ==, 3);
}

static void an_undo_never_takes_a_unit_from_another(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 2);
    take(desk, 2, 2);
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    int64_t deed = must(desk, deed_of(GEO_DEED_RELEASE, 1, 11, NULL));
    must_not(desk, (GeoDeed){GEO_DEED_UNDO, 2, 0, {.other_id = deed}, false, false},
             GEO_ERROR_REFUSED, "of another incident");
    must(desk, deed_of(GEO_DEED_DISPATCH, 2, 11, NULL));
    must_not(desk, (GeoDeed){GEO_DEED_UNDO, 1, 0, {.other_id = deed}, false, false},
             GEO_ERROR_REFUSED, "another incident");
    must(desk, deed_of(GEO_DEED_RELEASE, 2, 11, NULL));
    must(desk, (GeoDeed){GEO_DEED_UNDO, 1, 0, {.other_id = deed}, false, false});
    g_assert_cmpint(status_of(desk, 11), ==, GEO_STATUS_DISPATCHED);
    g_assert_cmpint(state_of(desk, 1), ==, GEO_INCIDENT_DISPATCHED);
}

static void several_deeds_are_one_act(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    g_autoptr(GError) error = NULL;
    take(desk, 1, 2);
    take(desk, 2, 2);
    GeoDeed both[] = {deed_of(GEO_DEED_DISPATCH, 1, 11, NULL),
                      deed_of(GEO_DEED_DISPATCH, 2, 11, NULL)};
    g_assert_false(geo_store_do(desk->store, &desk->act, both, 2, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    g_assert_cmpint(state_of(desk, 1), ==, GEO_INCIDENT_RECEIVED);
    both[1].detail.unit_id = 12;
    GeoDeedDone done[2];
    g_assert_true(geo_store_do(desk->store, &desk->act, both, 2, done, &error));
    g_assert_cmpint(done[0].deed_id, ==, done[1].deed_id);
    must(desk, (GeoDeed){GEO_DEED_UNDO, 2, 0, {.other_id = done[0].deed_id}, false, false});
    g_assert_cmpint(state_of(desk, 1), ==, GEO_INCIDENT_RECEIVED);
    g_assert_cmpint(state_of(desk, 2), ==, GEO_INCIDENT_RECEIVED);
}

static void a_case_goes_up_and_comes_back(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    must_not(desk, deed_of(GEO_DEED_RAISE, 1, 0, "too big"), GEO_ERROR_REFUSED, "route it first");
    GeoDeed route = {GEO_DEED_ROUTE,
                     1,
                     0,
                     {.level = GEO_LEVEL_COMMUNITY,
                      .ladder = GEO_LADDER_MEDIATION,
                      .area = "340102001001",
                      .department = "justice"},
                     false,
                     false};
    must(desk, route);
    must(desk, deed_of(GEO_DEED_ACCEPT, 1, 0, NULL));
    must(desk, deed_of(GEO_DEED_HANDLE, 1, 0, NULL));
    must_not(desk, deed_of(GEO_DEED_RAISE, 1, 0, NULL), GEO_ERROR_DATA, "reason");
    desk->act.now_ms += MINUTE;
    GeoDeed raise = deed_of(GEO_DEED_RAISE, 1, 0, "the parties do not agree");
    raise.detail.area = "340102001";
    must(desk, raise);
    {
        g_autoptr(GeoCase) one = case_of(desk, 1);
        g_assert_cmpint(one->state, ==, GEO_INCIDENT_RAISED);
        g_assert_cmpint(geo_case_holder(one)->level, ==, GEO_LEVEL_STREET);
        g_assert_cmpint(geo_case_holder(one)->since_ms, >, one->created_ms + MINUTE);
        g_assert_cmpstr(geo_case_holder(one)->department, ==, "justice");
    }
    must(desk, deed_of(GEO_DEED_ACCEPT, 1, 0, NULL));
    must(desk, deed_of(GEO_DEED_RETURN, 1, 0, "belongs to the village"));
    {
        g_autoptr(GeoCase) one = case_of(desk, 1);
        g_assert_cmpint(one->state, ==, GEO_INCIDENT_CLASSIFIED);
        g_assert_cmpint(geo_case_holder(one)->level, ==, GEO_LEVEL_COMMUNITY);
        g_assert_cmpint(one->returned, ==, 1);
    }
    must(desk, raise);
    must(desk, raise);
    must_not(desk, raise, GEO_ERROR_REFUSED, "highest level");
    must(desk, deed_of(GEO_DEED_ACCEPT, 1, 0, NULL));
    must(desk, deed_of(GEO_DEED_CLEAR, 1, 0, NULL));
    must(desk, deed_of(GEO_DEED_REPORT, 1, 0, "agreed"));
    must(desk, deed_of(GEO_DEED_REWORK, 1, 0, "no signature"));
    must(desk, deed_of(GEO_DEED_REPORT, 1, 0, "agreed and signed"));
    must(desk, deed_of(GEO_DEED_REVIEW, 1, 0, NULL));
    must(desk, deed_of(GEO_DEED_CLOSE, 1, 0, NULL));
    must(desk, (GeoDeed){GEO_DEED_CALL_BACK, 1, 0, {.value = 1}, false, false});
    g_autoptr(GeoCase) one = case_of(desk, 1);
    g_assert_cmpint(one->state, ==, GEO_INCIDENT_CALLED_BACK);
    g_assert_cmpint(one->reworked, ==, 1);
    g_assert_cmpint(one->raised, ==, 3);
    g_assert_cmpint(one->satisfied, ==, 1);
    g_assert_cmpstr(one->result, ==, "agreed and signed");
}

static void what_is_parked_wakes_and_its_clock_goes_on(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    must_not(desk, deed_of(GEO_DEED_HOLD, 1, 0, "no car"), GEO_ERROR_DATA, "until when");
    GeoDeed hold = deed_of(GEO_DEED_HOLD, 1, 0, "no car");
    hold.detail.until_ms = desk->act.now_ms + 10 * MINUTE;
    must(desk, hold);
    desk->act.now_ms += 10 * MINUTE;
    must(desk, deed_of(GEO_DEED_WAKE, 1, 0, NULL));
    g_autoptr(GeoCase) one = case_of(desk, 1);
    g_assert_cmpint(one->state, ==, GEO_INCIDENT_RECEIVED);
    g_assert_cmpint(one->held_ms, ==, 10 * MINUTE + SECOND);
    g_assert_cmpint(one->created_ms, ==, FRESH_NOW);
}

static void opened_again_keeps_the_old_times(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    must_not(desk, deed_of(GEO_DEED_CLOSE, 1, 0, NULL), GEO_ERROR_DATA, "reason");
    must(desk, deed_of(GEO_DEED_CLOSE, 1, 0, "advice given"));
    must_not(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL), GEO_ERROR_REFUSED, "reopen");
    must(desk, deed_of(GEO_DEED_REOPEN, 1, 0, "called again"));
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    g_autoptr(GeoCase) one = case_of(desk, 1);
    g_assert_cmpint(one->cycle, ==, 2);
    g_assert_cmpint(one->created_ms, ==, FRESH_NOW);
    g_assert_cmpint(one->times[GEO_INCIDENT_CLOSED].recorded_ms, ==, 0);
    g_assert_cmpint(g_array_index(one->log->events, GeoCaseEvent, 1).to, ==, GEO_INCIDENT_CLOSED);
}

static void a_correction_stands_beside_the_time(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    desk->act.now_ms += 8 * MINUTE;
    int64_t pressed = desk->act.now_ms;
    must(desk, deed_of(GEO_DEED_ARRIVE, 1, 11, NULL));
    GeoDeed correct = deed_of(GEO_DEED_CORRECT, 1, 11, "pressed late");
    correct.detail.value = GEO_INCIDENT_ON_SCENE;
    correct.detail.happened_ms = pressed - 3 * MINUTE;
    must(desk, correct);
    correct.detail.value = GEO_INCIDENT_CLEARED;
    must_not(desk, correct, GEO_ERROR_REFUSED, "no time of cleared");
    g_autoptr(GeoCase) one = case_of(desk, 1);
    GeoCaseTime time =
        geo_case_unit(one, 11)->times[GEO_INCIDENT_ON_SCENE - GEO_INCIDENT_DISPATCHED];
    g_assert_cmpint(time.recorded_ms, ==, pressed);
    g_assert_cmpint(geo_case_time(time), ==, pressed - 3 * MINUTE);
}

static void arrival_by_position_forces_nothing(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    GeoDeed seen = deed_of(GEO_DEED_ARRIVE, 1, 11, NULL);
    seen.detail.value = 1;
    must(desk, seen);
    must_not(desk, seen, GEO_ERROR_REFUSED, "already");
    g_autoptr(GeoCase) one = case_of(desk, 1);
    g_assert_cmpint(one->state, ==, GEO_INCIDENT_DISPATCHED);
    g_assert_cmpint(geo_case_unit(one, 11)->arrived_gps_ms, >, 0);
}

static void nothing_that_is_over_or_unfit_is_sent(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    take(desk, 2, 3);
    GeoDutyEntry sos = {
        .unit_id = 12, .what = GEO_DUTY_SOS, .from_ms = desk->act.now_ms, .to_ms = GEO_DUTY_OPEN};
    g_assert_true(geo_store_sign(desk->store, &desk->act, &sos, 1, NULL));
    must_not(desk, deed_of(GEO_DEED_DISPATCH, 1, 12, NULL), GEO_ERROR_REFUSED, "sos");
    must(desk, (GeoDeed){GEO_DEED_MERGE, 2, 0, {.other_id = 1}, false, false});
    must_not(desk, (GeoDeed){GEO_DEED_MERGE, 1, 0, {.other_id = 2}, false, false},
             GEO_ERROR_REFUSED, "duplicate itself");
    must_not(desk, deed_of(GEO_DEED_DISPATCH, 2, 11, NULL), GEO_ERROR_REFUSED, "duplicate");
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    must_not(desk, deed_of(GEO_DEED_VOID, 1, 0, "test"), GEO_ERROR_REFUSED, "units are on it");
    GeoDeed stale = deed_of(GEO_DEED_RELEASE, 1, 11, NULL);
    stale.version = 1;
    must_not(desk, stale, GEO_ERROR_STALE, "look again");
}

static void after_an_emergency_the_unit_shows_where_it_is(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    GeoDutyEntry sos = {
        .unit_id = 11, .what = GEO_DUTY_SOS, .from_ms = desk->act.now_ms, .to_ms = GEO_DUTY_OPEN};
    g_assert_true(geo_store_sign(desk->store, &desk->act, &sos, 1, NULL));
    must(desk, deed_of(GEO_DEED_ARRIVE, 1, 11, NULL));
    g_assert_cmpint(status_of(desk, 11), ==, GEO_STATUS_SOS);
    g_assert_true(
        geo_store_end_duty(desk->store, &desk->act, 11, GEO_DUTY_SOS, desk->act.now_ms + 1, NULL));
    g_assert_cmpint(status_of(desk, 11), ==, GEO_STATUS_ON_SCENE);
}

static GeoMessageState order_state(const Desk *desk, int64_t incident_id)
{
    g_autoptr(GeoMessages) all =
        geo_store_messages(desk->store, &(GeoMessageQuery){.incident_id = incident_id}, NULL);
    return g_array_index(all->rows, GeoMessage, 0).state;
}

static void an_acceptance_taken_back_is_none(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    int64_t accept = must(desk, deed_of(GEO_DEED_ACCEPT, 1, 11, NULL));
    g_assert_cmpint(order_state(desk, 1), ==, GEO_MESSAGE_ACCEPTED);
    must(desk, (GeoDeed){GEO_DEED_UNDO, 1, 0, {.other_id = accept}, false, false});
    g_assert_cmpint(order_state(desk, 1), ==, GEO_MESSAGE_QUEUED);
    must_not(desk, deed_of(GEO_DEED_ACCEPT, 1, 12, NULL), GEO_ERROR_REFUSED, "unit unit-1 is not");
    must(desk, deed_of(GEO_DEED_ACCEPT, 1, 11, NULL));
    g_assert_cmpint(order_state(desk, 1), ==, GEO_MESSAGE_ACCEPTED);
    must(desk, deed_of(GEO_DEED_ARRIVE, 1, 11, NULL));
    GeoDeed early = {GEO_DEED_CORRECT,
                     1,
                     0,
                     {.unit_id = 11,
                      .value = GEO_INCIDENT_ON_SCENE,
                      .happened_ms = FRESH_NOW - 3600 * SECOND,
                      .reason = "typed wrong"}};
    must_not(desk, early, GEO_ERROR_REFUSED, "before it was dispatched");
}

static void a_message_goes_only_forward(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    g_autoptr(GError) error = NULL;
    take(desk, 1, 3);
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    g_autoptr(GeoMessages) open =
        geo_store_messages(desk->store, &(GeoMessageQuery){.open = true}, &error);
    g_assert_cmpuint(open->rows->len, ==, 1);
    const GeoMessage *message = &g_array_index(open->rows, GeoMessage, 0);
    g_assert_cmpstr(message->code, ==, "N-1");
    g_assert_cmpstr(message->unit_code, ==, "unit-0");
    g_assert_cmpfloat(message->at.lon, ==, 117.0);
    const GeoMessageState way[] = {GEO_MESSAGE_NO_CHANNEL, GEO_MESSAGE_QUEUED, GEO_MESSAGE_SENT,
                                   GEO_MESSAGE_SENT, GEO_MESSAGE_DELIVERED};
    for (size_t i = 0; i < G_N_ELEMENTS(way); i++)
        g_assert_true(geo_store_mark_message(desk->store, &desk->act, message->id, way[i], "jt808",
                                             NULL, &error));
    g_assert_false(geo_store_mark_message(desk->store, &desk->act, message->id, GEO_MESSAGE_SENT,
                                          NULL, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    must(desk, deed_of(GEO_DEED_ACCEPT, 1, 11, NULL));
    g_autoptr(GeoMessages) all =
        geo_store_messages(desk->store, &(GeoMessageQuery){.incident_id = 1}, &error);
    message = &g_array_index(all->rows, GeoMessage, 0);
    g_assert_cmpint(message->state, ==, GEO_MESSAGE_ACCEPTED);
    g_assert_cmpint(message->tries, ==, 2);
    g_assert_cmpint(message->delivered_ms, >, 0);
    g_assert_cmpint(message->accepted_ms, >, 0);
    g_assert_false(geo_store_tell_seen(desk->store, &desk->act, 11, NULL));
}

static void a_report_comes_once_and_its_source_hears_of_it(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    g_autoptr(GError) error = NULL;
    GeoReport report = {.source = "12345",
                        .source_no = "A-77",
                        .caller = "Wang",
                        .phone = "13912345678",
                        .words = "noise at night"};
    GeoDeed then[] = {{GEO_DEED_CLASSIFY, 0, 0, {.item = "env-04"}, false, false},
                      {GEO_DEED_ROUTE,
                       0,
                       0,
                       {.level = GEO_LEVEL_GRID, .department = "environment"},
                       false,
                       false}};
    for (int i = 0; i < 3; i++) {
        g_autoptr(GeoBatch) call = fresh_points(GEO_KIND_INCIDENT, 50 + i, 1);
        GeoTaken taken;
        g_assert_true(
            geo_store_take_report(desk->store, &desk->act, call, &report, then, 2, &taken, &error));
        g_assert_cmpint(taken.incident_id, ==, 50);
        g_assert_cmpint(taken.already, ==, i > 0);
    }
    g_assert_cmpuint(fresh_count(desk->store, GEO_KIND_INCIDENT, NULL), ==, 1);
    must_not(desk, (GeoDeed){GEO_DEED_UNDO, 50, 0, {.other_id = 1}, false, false},
             GEO_ERROR_REFUSED, "came in");
    g_autoptr(GeoReport) masked = geo_store_read_report(desk->store, &desk->act, 50, false, &error);
    g_assert_cmpstr(masked->caller, ==, "*");
    g_assert_cmpstr(masked->phone, ==, "***78");
    g_assert_cmpstr(masked->words, ==, "noise at night");
    g_assert_null(geo_store_read_report(desk->store, &desk->act, 50, true, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    GeoAct asks = desk->act;
    asks.purpose = "incident:N-50";
    g_autoptr(GeoReport) bare = geo_store_read_report(desk->store, &asks, 50, true, &error);
    g_assert_cmpstr(bare->phone, ==, "13912345678");
    g_autoptr(GeoOutbox) outbox = geo_store_outbox(desk->store, "12345", 0, &error);
    g_assert_cmpuint(outbox->rows->len, ==, 2); /* received, classified; a route is no new state */
    g_assert_cmpint(g_array_index(outbox->rows, GeoOutboxRow, 1).to, ==, GEO_INCIDENT_CLASSIFIED);
    int64_t seq = g_array_index(outbox->rows, GeoOutboxRow, 1).seq;
    g_assert_true(geo_store_confirm_outbox(desk->store, &desk->act, "12345", seq, &error));
    g_assert_true(geo_store_confirm_outbox(desk->store, &desk->act, "12345", 1, &error));
    must(desk, deed_of(GEO_DEED_DISPATCH, 50, 11, NULL));
    g_autoptr(GeoOutbox) rest = geo_store_outbox(desk->store, NULL, 0, &error);
    g_assert_cmpuint(rest->rows->len, ==, 1);
    g_assert_cmpstr(g_array_index(rest->rows, GeoOutboxRow, 0).source_no, ==, "A-77");
}

static void report_of(Desk *desk, int64_t id, const char *source, const char *source_no)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) call = fresh_points(GEO_KIND_INCIDENT, id, 1);
    ((GeoRow *)geo_batch_row(call, 0))->code = NULL;
    GeoReport report = {.source = source, .source_no = source_no};
    geo_store_take_report(desk->store, &desk->act, call, &report, NULL, 0, NULL, &error);
    g_assert_no_error(error);
}

/* "NUMBER:STATE" of every row, with "->INTO" where the report is a duplicate. */
static char *heard_by(Desk *desk, const char *source, size_t max)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoOutbox) outbox = geo_store_outbox(desk->store, source, max, &error);
    g_assert_no_error(error);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < outbox->rows->len; i++) {
        const GeoOutboxRow *row = &g_array_index(outbox->rows, GeoOutboxRow, i);
        g_string_append_printf(text, "%s%s:%s", i ? " " : "", row->source_no,
                               geo_incident_state_words[row->to]);
        if (row->into)
            g_string_append_printf(text, "->%s", row->into);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void merge(Desk *desk, int64_t id, int64_t into)
{
    must(desk, (GeoDeed){GEO_DEED_MERGE, id, 0, {.other_id = into}, false, false});
}

static void heard(Desk *desk, const char *source, size_t max, const char *wanted)
{
    g_autofree char *words = heard_by(desk, source, max);
    g_assert_cmpstr(words, ==, wanted);
}

/* Of what it is a duplicate, and what becomes of that: to every source, and to none twice. */
static void a_duplicate_follows_what_it_is_one_of(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    report_of(desk, 50, "one", "A");
    report_of(desk, 51, "two", "B");
    report_of(desk, 52, "two", "C");
    report_of(desk, 53, "two", "D");
    g_autoptr(GeoCase) one = case_of(desk, 50);
    g_autoptr(GeoCase) other = case_of(desk, 52);
    const char *main = one->code, *between = other->code;
    merge(desk, 51, 52);
    merge(desk, 53, 50);
    must(desk, (GeoDeed){GEO_DEED_UNDO, 53, 0, {0}, false, false}); /* D was not the same */
    merge(desk, 52, 50);                                            /* B and C are */
    g_autoptr(GeoOutbox) told = geo_store_outbox(desk->store, "two", 0, NULL);
    int64_t seq = g_array_index(told->rows, GeoOutboxRow, told->rows->len - 1).seq;
    g_autofree char *all = g_strdup_printf(
        "B:received C:received D:received B:duplicate->%s D:duplicate->%s D:received "
        "B:duplicate->%s C:duplicate->%s",
        between, main, main, main);
    heard(desk, "two", 0, all);
    heard(desk, "one", 0, "A:received");
    g_assert_true(geo_store_confirm_outbox(desk->store, &desk->act, "two", seq, NULL));
    must(desk, deed_of(GEO_DEED_CLOSE, 50, 0, "done"));
    g_autofree char *final = g_strdup_printf("B:closed->%s C:closed->%s", main, main);
    heard(desk, "two", 0, final);
    heard(desk, "two", 1, final); /* one seq is confirmed as a whole */
    heard(desk, "one", 0, "A:received A:closed");
    g_autoptr(GeoOutbox) rows = geo_store_outbox(desk->store, NULL, 0, NULL);
    g_assert_cmpuint(rows->rows->len, ==, 4);
    for (guint i = 2; i < rows->rows->len; i++)
        g_assert_cmpint(g_array_index(rows->rows, GeoOutboxRow, i).into_state, ==,
                        GEO_INCIDENT_CLOSED);
}

static void a_unit_hears_what_is_another_now(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    must(desk,
         (GeoDeed){GEO_DEED_MOVE, 1, 0, {.place = "gate 2", .at = {117.5, 31.5}}, false, false});
    must(desk, (GeoDeed){GEO_DEED_UNDO, 1, 0, {0}, false, false});
    must(desk, (GeoDeed){GEO_DEED_CLASSIFY, 1, 0, {.category = "fire"}, false, false});
    must(desk, (GeoDeed){GEO_DEED_CLASSIFY, 1, 0, {.item = "P-3"}, false, false});
    must(desk, deed_of(GEO_DEED_NOTE, 1, 0, "called again"));
    g_autofree char *words = told(desk, 11);
    g_assert_cmpstr(words, ==, "dispatch change change change");
}

static void time_held_is_kept_when_it_ends(gconstpointer backend)
{
    static const GeoDeedWhat ends[] = {GEO_DEED_CLOSE, GEO_DEED_VOID, GEO_DEED_TRANSFER,
                                       GEO_DEED_MERGE};
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 9, 3);
    for (int i = 0; i < (int)G_N_ELEMENTS(ends); i++) {
        take(desk, i + 1, 3);
        GeoDeed hold = deed_of(GEO_DEED_HOLD, i + 1, 0, "waits for the owner");
        hold.detail.until_ms = desk->act.now_ms + 60 * MINUTE;
        must(desk, hold);
        desk->act.now_ms += 10 * MINUTE - SECOND;
        GeoDeed end = deed_of(ends[i], i + 1, 0, "no more to do");
        end.detail.other_id = ends[i] == GEO_DEED_MERGE ? 9 : 0;
        must(desk, end);
        g_autoptr(GeoCase) one = case_of(desk, i + 1);
        g_assert_cmpint(one->held_ms, ==, 10 * MINUTE);
        g_assert_cmpint(one->wake_ms, ==, 0);
    }
}

static void no_source_confirms_what_it_was_not_told(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) call = fresh_points(GEO_KIND_INCIDENT, 50, 1);
    GeoReport report = {.source = "12345", .source_no = "A-77"};
    g_assert_true(
        geo_store_take_report(desk->store, &desk->act, call, &report, NULL, 0, NULL, &error));
    g_assert_false(geo_store_confirm_outbox(desk->store, &desk->act, "12345", 1000000, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    g_assert_false(geo_store_confirm_outbox(desk->store, &desk->act, "12345", -1, NULL));
    must(desk, deed_of(GEO_DEED_DISPATCH, 50, 11, NULL));
    g_autoptr(GeoOutbox) outbox = geo_store_outbox(desk->store, "12345", 0, &error);
    g_assert_cmpuint(outbox->rows->len, ==, 2);
}

static void nobody_takes_back_anothers_deed_unawares(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    GeoDeed undo = {GEO_DEED_UNDO, 1, 0, {0}, false, false};
    desk->act.actor = "wang";
    int64_t deed = must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    desk->act.actor = "li";
    must_not(desk, undo, GEO_ERROR_REFUSED, "wang");
    undo.detail.other_id = deed;
    desk->act.role = GEO_ROLE_OPERATOR; /* may not dispatch, nor take a dispatch back */
    must_not(desk, undo, GEO_ERROR_REFUSED, "assign unit");
    desk->act.role = GEO_ROLE_DISPATCHER;
    must(desk, undo);
    g_assert_cmpint(state_of(desk, 1), ==, GEO_INCIDENT_RECEIVED);
}

static void a_clock_set_back_turns_no_log(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    desk->act.now_ms -= 60 * MINUTE;
    must(desk, deed_of(GEO_DEED_ACCEPT, 1, 11, NULL));
    must(desk, deed_of(GEO_DEED_CLEAR, 1, 11, NULL));
    g_autoptr(GeoCase) one = case_of(desk, 1);
    for (guint i = 1; i < one->log->events->len; i++)
        g_assert_cmpint(g_array_index(one->log->events, GeoCaseEvent, i).at_ms, >=,
                        g_array_index(one->log->events, GeoCaseEvent, i - 1).at_ms);
}

static void a_number_is_of_one_incident(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    g_autoptr(GError) error = NULL;
    take(desk, 1, 3);
    g_autoptr(GeoBatch) same = fresh_points(GEO_KIND_INCIDENT, 2, 1);
    GeoIncident *row = &g_array_index(same->rows, GeoIncident, 0);
    row->row.code = geo_batch_text(same, "N-1");
    row->at_ms = desk->act.now_ms;
    g_assert_false(
        geo_store_take_report(desk->store, &desk->act, same, NULL, NULL, 0, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_assert_nonnull(strstr(error->message, "N-1"));
    g_clear_error(&error);
    take(desk, 3, 3); /* as if an import had brought the next number */
    GeoTaken taken;
    row->row.code = NULL;
    row->row.id = 4;
    must(desk, deed_of(GEO_DEED_NOTE, 1, 0, "called again"));
    take(desk, 5, 3);
    g_assert_true(
        geo_store_take_report(desk->store, &desk->act, same, NULL, NULL, 0, &taken, &error));
    g_assert_cmpstr(taken.code, !=, "N-5"); /* the fifth event's */
    GeoCaseQuery query = {.code = taken.code};
    g_autoptr(GPtrArray) found = geo_store_cases(desk->store, &query, &error);
    g_assert_cmpuint(found->len, ==, 1);
}

static void a_route_to_who_holds_it_starts_no_clock(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    GeoDeed route = {GEO_DEED_ROUTE,
                     1,
                     0,
                     {.level = GEO_LEVEL_GRID, .area = "340102", .department = "police"},
                     false,
                     false};
    must(desk, route);
    must_not(desk, route, GEO_ERROR_REFUSED, "holds it already");
    route.detail.area = NULL; /* the same, said shorter */
    must_not(desk, route, GEO_ERROR_REFUSED, "holds it already");
    route.detail.department = "housing";
    must(desk, route);
    g_autoptr(GeoCase) one = case_of(desk, 1);
    g_assert_cmpuint(one->holders->len, ==, 2);
}

static void a_role_does_only_its_deeds(gconstpointer backend)
{
    g_autoptr(Desk) desk = desk_new(backend);
    take(desk, 1, 3);
    desk->act.role = GEO_ROLE_FEED;
    must_not(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL), GEO_ERROR_REFUSED, "assign unit");
    desk->act.role = GEO_ROLE_OPERATOR;
    must_not(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL), GEO_ERROR_REFUSED, "assign unit");
    desk->act.role = GEO_ROLE_DISPATCHER;
    must(desk, deed_of(GEO_DEED_DISPATCH, 1, 11, NULL));
    desk->act.role = GEO_ROLE_FEED;
    must(desk, deed_of(GEO_DEED_ACCEPT, 1, 11, NULL));
    desk->act.role = GEO_ROLE_PLANNER;
    must_not(desk, deed_of(GEO_DEED_CLEAR, 1, 11, NULL), GEO_ERROR_REFUSED, "answer");
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        GTestDataFunc test;
    } tests[] = {
        {"a-second-unit-resets-nothing", a_second_unit_resets_nothing},
        {"taken-back-is-as-before", taken_back_is_as_before},
        {"a-classification-taken-back-gives-the-old-words",
         a_classification_taken_back_gives_the_old_words},
        {"the-more-urgent-takes-a-unit-and-the-other-waits-again",
         the_more_urgent_takes_a_unit_and_the_other_waits_again},
        {"an-undo-never-takes-a-unit-from-another", an_undo_never_takes_a_unit_from_another},
        {"several-deeds-are-one-act", several_deeds_are_one_act},
        {"a-case-goes-up-and-comes-back", a_case_goes_up_and_comes_back},
        {"what-is-parked-wakes-and-its-clock-goes-on", what_is_parked_wakes_and_its_clock_goes_on},
        {"opened-again-keeps-the-old-times", opened_again_keeps_the_old_times},
        {"a-correction-stands-beside-the-time", a_correction_stands_beside_the_time},
        {"arrival-by-position-forces-nothing", arrival_by_position_forces_nothing},
        {"nothing-that-is-over-or-unfit-is-sent", nothing_that_is_over_or_unfit_is_sent},
        {"after-an-emergency-the-unit-shows-where-it-is",
         after_an_emergency_the_unit_shows_where_it_is},
        {"an-acceptance-taken-back-is-none", an_acceptance_taken_back_is_none},
        {"a-message-goes-only-forward", a_message_goes_only_forward},
        {"a-report-comes-once-and-its-source-hears-of-it",
         a_report_comes_once_and_its_source_hears_of_it},
        {"a-duplicate-follows-what-it-is-one-of", a_duplicate_follows_what_it_is_one_of},
        {"a-unit-hears-what-is-another-now", a_unit_hears_what_is_another_now},
        {"time-held-is-kept-when-it-ends", time_held_is_kept_when_it_ends},
        {"no-source-confirms-what-it-was-not-told", no_source_confirms_what_it_was_not_told},
        {"nobody-takes-back-anothers-deed-unawares", nobody_takes_back_anothers_deed_unawares},
        {"a-clock-set-back-turns-no-log", a_clock_set_back_turns_no_log},
        {"a-number-is-of-one-incident", a_number_is_of_one_incident},
        {"a-route-to-who-holds-it-starts-no-clock", a_route_to_who_holds_it_starts_no_clock},
        {"a-role-does-only-its-deeds", a_role_does_only_its_deeds},
    };
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        for (size_t b = 0; backends[b]; b++) {
            g_autofree char *path = g_strdup_printf("/deeds/%s/%s", backends[b], tests[i].path);
            g_test_add_data_func(path, backends[b], tests[i].test);
        }
    return g_test_run();
}
