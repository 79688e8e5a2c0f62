/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fold of one case, without a store. */
#include "geo/model/casefile.h"

#define T0 INT64_C(1770000000000)

static GeoCase *new_case(void)
{
    g_autoptr(GeoBatch) rows = geo_batch_new(GEO_KIND_INCIDENT);
    GeoIncident *row = geo_batch_add(rows);
    row->row.id = 1;
    row->row.version = 1;
    row->row.code = geo_batch_text(rows, "N-1");
    row->at_ms = T0;
    row->priority = 3;
    GeoCaseLog *log = geo_caselog_new();
    GeoCaseEvent event = {.seq = 1,
                          .deed_id = 1,
                          .incident_id = 1,
                          .at_ms = T0,
                          .what = GEO_DEED_TAKE,
                          .from = -1,
                          .to = GEO_INCIDENT_RECEIVED,
                          .detail = {.priority = 3}};
    geo_caselog_add(log, &event);
    return geo_case_new(rows, 0, log);
}

/* Does it, and says the state after it. */
static const char *state_after(GeoCase *one, GeoDeedWhat what, GeoDeedDetail detail)
{
    g_autoptr(GError) error = NULL;
    GArray *events = one->log->events;
    GeoAct act = geo_act_local(NULL, T0 + (int64_t)events->len * 1000);
    GeoDeed deed = {.what = what, .incident_id = 1, .detail = detail};
    geo_case_do(one, &deed, &act, &error);
    g_assert_no_error(error);
    GeoCaseEvent *last = &g_array_index(events, GeoCaseEvent, events->len - 1);
    last->seq = last->deed_id = (int64_t)events->len;
    return geo_incident_state_words[one->state];
}

#define AFTER(deed, ...) state_after(one, GEO_DEED_##deed, (GeoDeedDetail){__VA_ARGS__})

static void clear_one(GeoCase *one)
{
    AFTER(ROUTE, .level = GEO_LEVEL_COMMUNITY, .department = "police");
    AFTER(DISPATCH, .unit_id = 11);
    AFTER(ARRIVE, .unit_id = 11);
    g_assert_cmpstr(AFTER(CLEAR, .unit_id = 11), ==, "cleared");
}

/* Who cleared at the level below has not accepted for who is sent by the level above. */
static void a_raised_case_begins_anew(void)
{
    g_autoptr(GeoCase) one = new_case();
    clear_one(one);
    g_assert_cmpstr(AFTER(RAISE, .reason = "more than one can do"), ==, "raised");
    g_assert_cmpstr(AFTER(DISPATCH, .unit_id = 12), ==, "dispatched");
    g_assert_cmpstr(AFTER(PREEMPT, .unit_id = 12), ==, "raised");
    AFTER(DISPATCH, .unit_id = 11);
    g_assert_cmpstr(AFTER(ACCEPT, .unit_id = 11), ==, "accepted");
    g_assert_cmpstr(AFTER(CLEAR, .unit_id = 11), ==, "cleared");
}

static void a_returned_case_begins_anew(void)
{
    g_autoptr(GeoCase) one = new_case();
    clear_one(one);
    AFTER(RAISE, .reason = "more than one can do");
    g_assert_cmpstr(AFTER(RETURN, .reason = "no, it is not"), ==, "classified");
    AFTER(HOLD, .reason = "until tomorrow", .until_ms = T0 + 86400000);
    g_assert_cmpstr(AFTER(DISPATCH, .unit_id = 12), ==, "dispatched");
    g_assert_cmpstr(AFTER(RELEASE, .unit_id = 12), ==, "classified");
}

/* With the raise taken back it is as cleared as it was. */
static void a_raise_taken_back_is_cleared(void)
{
    g_autoptr(GeoCase) one = new_case();
    clear_one(one);
    AFTER(RAISE, .reason = "more than one can do");
    g_assert_cmpstr(AFTER(UNDO, .other_id = (int64_t)one->log->events->len), ==, "cleared");
    g_assert_cmpuint(one->n_before, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/casefile/a-raised-case-begins-anew", a_raised_case_begins_anew);
    g_test_add_func("/casefile/a-returned-case-begins-anew", a_returned_case_begins_anew);
    g_test_add_func("/casefile/a-raise-taken-back-is-cleared", a_raise_taken_back_is_cleared);
    return g_test_run();
}
