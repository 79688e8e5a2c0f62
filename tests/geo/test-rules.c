/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "geo/model/act.h"
#include "geo/model/cycle.h"
#include "geo/model/kind.h"
#include "geo/model/rights.h"

static void roles_keep_to_their_room(void)
{
    g_assert_true(geo_rights_may(GEO_ROLE_LOCAL, GEO_OP_IMPORT));
    g_assert_false(geo_rights_may(GEO_ROLE_PLANNER, GEO_OP_STEP_INCIDENT));
    g_assert_false(geo_rights_may(GEO_ROLE_ADMINISTRATOR, GEO_OP_TAKE_INCIDENT));
    for (int op = 0; op < GEO_N_OPS; op++)
        g_assert_cmpint(geo_rights_may(GEO_ROLE_AUDITOR, op), ==, op == GEO_OP_READ_AUDIT);
}

static void words_are_complete(void)
{
    for (int i = 0; i < GEO_N_INCIDENT_STATES; i++)
        g_assert_nonnull(geo_incident_state_words[i]);
    for (int i = 0; i < GEO_N_OPS; i++)
        g_assert_nonnull(geo_op_words[i]);
    for (int kind = 0; kind < GEO_N_KINDS; kind++) {
        g_assert_cmpint(geo_kind_find(geo_kind_info(kind)->name), ==, kind);
        g_assert_cmpint(geo_kind_find(geo_kind_info(kind)->plural), ==, kind);
    }
    g_assert_cmpint(geo_kind_word(geo_unit_status_words, "sos"), ==, GEO_STATUS_SOS);
    g_assert_cmpint(geo_kind_word(geo_address_class_words, "place"), ==, GEO_ADDRESS_PLACE);
    g_assert_cmpint(geo_kind_word(geo_road_class_words, "steps"), ==, GEO_ROAD_STEPS);
}

static void ids_rise_and_are_positive(void)
{
    int64_t now_ms = INT64_C(1795000000000);
    int64_t a = geo_act_new_id(now_ms), b = geo_act_new_id(now_ms + 1);
    g_assert_cmpint(a, >, 0);
    g_assert_cmpint(b, >, a);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rights/roles-keep-to-their-room", roles_keep_to_their_room);
    g_test_add_func("/kind/words-are-complete", words_are_complete);
    g_test_add_func("/act/ids-rise-and-are-positive", ids_rise_and_are_positive);
    return g_test_run();
}
