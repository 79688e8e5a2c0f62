/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the panels show for given values, read from their widgets; skipped without a display. */
#include <math.h>
#include <string.h>

#include "app/console/areas-panel.h"
#include "app/console/gaps-panel.h"
#include "app/console/here-panel.h"
#include "app/console/looks.h"
#include "app/console/queue-panel.h"
#include "app/console/strip.h"
#include "app/console/thing-panel.h"
#include "app/console/time-bar.h"
#include "app/console/words.h"

#define SIDE_PX 352 /* what a panel has beside the map */
#define T0 INT64_C(1795273200000)

static GtkWidget *window;

/* ---- the tree ---- */

static void gather(GtkWidget *widget, GPtrArray *texts)
{
    if (!gtk_widget_get_visible(widget))
        return;
    if (GTK_IS_LABEL(widget))
        g_ptr_array_add(texts, (gpointer)gtk_label_get_text(GTK_LABEL(widget)));
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
         child = gtk_widget_get_next_sibling(child))
        gather(child, texts);
}

/* Every visible word, in order, a bar between labels. */
static char *dup_words(gpointer widget)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    gather(widget, texts);
    g_ptr_array_add(texts, NULL);
    return g_strjoinv("|", (char **)texts->pdata);
}

static void assert_says(gpointer widget, const char *words)
{
    g_autofree char *all = dup_words(widget);
    if (!strstr(all, words))
        g_error("'%s' is not in '%s'", words, all);
}

static void assert_silent(gpointer widget, const char *words)
{
    g_autofree char *all = dup_words(widget);
    if (strstr(all, words))
        g_error("'%s' is in '%s'", words, all);
}

static GtkWidget *find(GtkWidget *widget, GType type)
{
    if (G_TYPE_CHECK_INSTANCE_TYPE(widget, type))
        return widget;
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
         child = gtk_widget_get_next_sibling(child)) {
        GtkWidget *found = find(child, type);
        if (found)
            return found;
    }
    return NULL;
}

static GtkEventController *find_controller(GtkWidget *widget, GType type)
{
    g_autoptr(GListModel) all = gtk_widget_observe_controllers(widget);
    for (guint i = 0; i < g_list_model_get_n_items(all); i++) {
        g_autoptr(GtkEventController) one = g_list_model_get_item(all, i);
        if (G_TYPE_CHECK_INSTANCE_TYPE(one, type))
            return one;
    }
    return NULL;
}

static void put(gpointer widget)
{
    gtk_window_set_child(GTK_WINDOW(window), widget);
}

static int min_width(gpointer widget)
{
    int min, natural;
    gtk_widget_measure(widget, GTK_ORIENTATION_HORIZONTAL, -1, &min, &natural, NULL, NULL);
    return min;
}

static void keep(gpointer to, gint64 id)
{
    *(gint64 *)to = id;
}

/* ---- words ---- */

static void words_of_spans(void)
{
    static const struct {
        double s;
        const char *span, *age;
    } cases[] = {{7, "0:07", "7 s"},          {84.4, "1:24", "84 s"}, {3599, "59:59", "60 min"},
                 {3661, "1:01:01", "61 min"}, {-3, "0:00", "0 s"},    {NAN, "–", "never"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *span = app_words_dup_span(cases[i].s);
        g_autofree char *age = app_words_dup_age(cases[i].s);
        g_assert_cmpstr(span, ==, cases[i].span);
        g_assert_cmpstr(age, ==, cases[i].age);
    }
}

static void words_of_measures(void)
{
    g_autofree char *near = app_words_dup_metres(395.2), *far = app_words_dup_metres(1234);
    g_autofree char *area = app_words_dup_area(4543.4), *share = app_words_dup_share(0.3794);
    g_autofree char *unknown = app_words_dup_share(NAN);
    g_assert_cmpstr(near, ==, "395 m");
    g_assert_cmpstr(far, ==, "1.2 km");
    g_assert_cmpstr(area, ==, "4,543 m²");
    g_assert_cmpstr(share, ==, "37.9 %");
    g_assert_cmpstr(unknown, ==, "–");
}

static void words_of_times_are_local(void)
{
    g_autofree char *there = app_words_dup_time(T0, "Asia/Shanghai");
    g_autofree char *utc = app_words_dup_time(T0, "UTC");
    g_assert_cmpstr(there, !=, utc);
    g_assert_cmpuint(strlen(there), ==, 8);
}

/* ---- queue ---- */

static AppNow *new_now(size_t n, int64_t at_ms)
{
    AppNow *now = g_new0(AppNow, 1);
    g_atomic_ref_count_init(&now->refs);
    now->at_ms = at_ms;
    now->zone = "Asia/Shanghai";
    now->text = g_string_chunk_new(64);
    now->queue = g_new0(AppIncident, MAX(n, 1));
    now->n_queue = n;
    for (size_t i = 0; i < n; i++) {
        g_autofree char *name = g_strdup_printf("kind %zu", i);
        g_autofree char *number = g_strdup_printf("04%02zu", i);
        now->queue[i] = (AppIncident){.id = (int64_t)i + 1,
                                      .at_ms = T0,
                                      .name = g_string_chunk_insert(now->text, name),
                                      .number = g_string_chunk_insert(now->text, number),
                                      .place = "Huaihe Rd",
                                      .priority = 2,
                                      .state = GEO_INCIDENT_RECEIVED,
                                      .at = {117.28, 31.86}};
    }
    return now;
}

static void show_queue(AppQueuePanel *panel, size_t n, double after_s)
{
    g_autoptr(AppNow) now = new_now(n, T0 + (int64_t)(1000 * after_s));
    app_queue_panel_set_now(panel, now);
}

static void queue_tells_clock_and_delay(void)
{
    AppQueuePanel *panel = app_queue_panel_new();
    put(panel);
    show_queue(panel, 2, 7);
    assert_says(panel, "#0400 kind 0");
    assert_says(panel, "0:07");
    GtkWidget *list = find(GTK_WIDGET(panel), GTK_TYPE_LIST_BOX);
    GtkListBoxRow *row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(list), 0);
    show_queue(panel, 2, 61);
    assert_says(panel, "1:01");
    /* in place: the row is the same widget */
    g_assert_true(row == gtk_list_box_get_row_at_index(GTK_LIST_BOX(list), 0));
    show_queue(panel, 0, 62);
    assert_says(panel, "No open incidents");
}

static void queue_holds_still_under_the_pointer(void)
{
    AppQueuePanel *panel = app_queue_panel_new();
    put(panel);
    show_queue(panel, 2, 1);
    GtkWidget *list = find(GTK_WIDGET(panel), GTK_TYPE_LIST_BOX);
    GtkEventController *motion = find_controller(list, GTK_TYPE_EVENT_CONTROLLER_MOTION);
    g_assert_nonnull(motion);
    g_signal_emit_by_name(motion, "enter", 1.0, 1.0);
    show_queue(panel, 5, 2);
    assert_silent(panel, "#0404");
    assert_says(panel, "3 new: show");
    g_signal_emit_by_name(motion, "leave");
    assert_says(panel, "#0404");
    assert_silent(panel, "new: show");
}

static void queue_holds_still_under_the_keyboard(void)
{
    AppQueuePanel *panel = app_queue_panel_new();
    gint64 chosen = 0;
    put(panel);
    show_queue(panel, 2, 1);
    g_signal_connect_swapped(panel, "chosen", G_CALLBACK(keep), &chosen);
    GtkWidget *list = find(GTK_WIDGET(panel), GTK_TYPE_LIST_BOX);
    GtkListBoxRow *row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(list), 1);
    GtkEventController *focus = find_controller(list, GTK_TYPE_EVENT_CONTROLLER_FOCUS);
    g_assert_nonnull(focus);
    g_signal_emit_by_name(focus, "enter");
    show_queue(panel, 3, 2);
    assert_silent(panel, "#0402");
    g_signal_emit_by_name(row, "activate");
    g_assert_cmpint(chosen, ==, 2);
    g_signal_emit_by_name(focus, "leave");
    assert_says(panel, "#0402");
}

/* ---- here ---- */

static AppHere *new_here(bool full)
{
    AppHere *here = g_new0(AppHere, 1);
    GeoHere *place = here->place = g_new0(GeoHere, 1);
    here->text = g_string_chunk_new(64);
    here->by_road = full;
    here->at_ms = T0;
    here->comers = g_array_new(FALSE, TRUE, sizeof(AppComer));
    here->left_out = g_array_new(FALSE, TRUE, sizeof(AppComer));
    here->route = g_array_new(FALSE, TRUE, sizeof(GeoLonLat));
    place->areas = g_array_new(FALSE, TRUE, sizeof(GeoHereArea));
    place->cameras = g_array_new(FALSE, TRUE, sizeof(GeoHereCamera));
    place->points = g_array_new(FALSE, TRUE, sizeof(GeoLonLat));
    place->rings = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    place->incidents = g_array_new(FALSE, TRUE, sizeof(GeoHereIncident));
    place->text = g_string_chunk_new(64);
    place->radius_m = 150;
    if (!full)
        return here;
    const AppComer comers[] = {{.id = 7,
                                .code = "EB-214",
                                .kind = GEO_UNIT_EBIKE,
                                .status = GEO_STATUS_AVAILABLE,
                                .travel_s = 84,
                                .distance_m = 395,
                                .air_m = 300,
                                .age_s = 3},
                               {.id = 8,
                                .code = "C-042",
                                .kind = GEO_UNIT_CAR,
                                .status = GEO_STATUS_AVAILABLE,
                                .travel_s = 114,
                                .distance_m = 662,
                                .air_m = 400,
                                .age_s = 4}};
    const AppComer left[] = {{.id = 9,
                              .code = "C-031",
                              .kind = GEO_UNIT_CAR,
                              .status = GEO_STATUS_BUSY,
                              .air_m = 168,
                              .travel_s = NAN,
                              .distance_m = NAN,
                              .left = GEO_LEFT_BUSY},
                             {.id = 10,
                              .code = "F-00667",
                              .kind = GEO_UNIT_FOOT,
                              .status = GEO_STATUS_AVAILABLE,
                              .air_m = 207,
                              .travel_s = 237,
                              .distance_m = 310,
                              .left = GEO_LEFT_SLOWER},
                             {.id = 11,
                              .code = "EB-219",
                              .kind = GEO_UNIT_EBIKE,
                              .status = GEO_STATUS_AVAILABLE,
                              .air_m = 244,
                              .travel_s = NAN,
                              .distance_m = NAN,
                              .left = GEO_LEFT_STALE}};
    const GeoHereCamera cameras[] = {{.id = 412,
                                      .code = "CAM-0412",
                                      .owner = GEO_OWNER_COMPOUND,
                                      .distance_m = 51,
                                      .px_per_m = 65,
                                      .class = GEO_SIGHT_OBSERVE}};
    const GeoHereIncident past[] = {
        {.id = 1, .at_ms = T0 - 1000, .name = "Theft", .priority = 2, .distance_m = 40}};
    const GeoHereArea areas[] = {{"district", "340103", "Luyang"},
                                 {"grid", "34010300600103", "Xianqiao 03"}};
    g_array_append_vals(here->comers, comers, G_N_ELEMENTS(comers));
    g_array_append_vals(here->left_out, left, G_N_ELEMENTS(left));
    g_array_append_vals(place->cameras, cameras, G_N_ELEMENTS(cameras));
    g_array_append_vals(place->incidents, past, G_N_ELEMENTS(past));
    g_array_append_vals(place->areas, areas, G_N_ELEMENTS(areas));
    place->n_off = 1;
    place->n_incidents_28d = 22;
    place->n_incidents_year = 248;
    return here;
}

static const AppIncident incident = {.id = 417,
                                     .at_ms = T0,
                                     .name = "E-bike theft",
                                     .number = "0417",
                                     .place = "Huaihe Rd",
                                     .priority = 2,
                                     .state = GEO_INCIDENT_RECEIVED};

static void here_tells_who_comes_and_why(void)
{
    AppHerePanel *panel = app_here_panel_new("Asia/Shanghai");
    g_autoptr(AppHere) here = new_here(true);
    put(panel);
    app_here_panel_wait(panel, &incident, (GeoLonLat){117.28, 31.86});
    assert_says(panel, "E-bike theft");
    assert_silent(panel, "EB-214");
    app_here_panel_show(panel, here, &incident);
    assert_says(panel, "Dispatch EB-214");
    assert_says(panel, "first to arrive");
    assert_says(panel, "30 s later");
    assert_says(panel, "1:24");
    assert_says(panel, "C-031 168 m, busy");
    assert_says(panel, "slower by road (3:57)");
    assert_says(panel, "CAM-0412");
    assert_says(panel, "65 px/m");
    assert_says(panel, "22 in 28 days");
    app_here_panel_tick(panel, &incident, T0 + 65000);
    assert_says(panel, "1:05");
}

/* A wrapped line never asks for more than a panel has. */
static void here_keeps_the_focus_from_answer_to_answer(void)
{
    AppHerePanel *panel = app_here_panel_new("Asia/Shanghai");
    g_autoptr(AppHere) here = new_here(true);
    AppIncident sent = incident;
    sent.state = GEO_INCIDENT_DISPATCHED;
    sent.units = "EB-214";
    sent.may_undo = true;
    g_autoptr(GSimpleActionGroup) acts = g_simple_action_group_new();
    g_autoptr(GSimpleAction) dispatch = g_simple_action_new("dispatch", G_VARIANT_TYPE_INT32);
    g_autoptr(GSimpleAction) undo = g_simple_action_new("undo", NULL);
    g_action_map_add_action(G_ACTION_MAP(acts), G_ACTION(dispatch));
    g_action_map_add_action(G_ACTION_MAP(acts), G_ACTION(undo));
    gtk_widget_insert_action_group(GTK_WIDGET(panel), "win", G_ACTION_GROUP(acts));
    put(panel);
    app_here_panel_show(panel, here, &incident);
    GtkWidget *row = find(GTK_WIDGET(panel), GTK_TYPE_LIST_BOX_ROW);
    g_assert_true(gtk_widget_grab_focus(row));
    app_here_panel_show(panel, here, &incident);
    row = find(GTK_WIDGET(panel), GTK_TYPE_LIST_BOX_ROW);
    g_assert_true(gtk_root_get_focus(GTK_ROOT(window)) == row);
    g_assert_true(gtk_widget_grab_focus(find(GTK_WIDGET(panel), GTK_TYPE_BUTTON)));
    app_here_panel_show(panel, here, &sent); /* the same key may not take back what it did */
    assert_says(panel, "Take back");
    g_assert_true(gtk_root_get_focus(GTK_ROOT(window)) != find(GTK_WIDGET(panel), GTK_TYPE_BUTTON));
    sent.may_undo = false;
    app_here_panel_tick(panel, &sent, T0);
    assert_silent(panel, "Take back");
    put(NULL);
}

static void here_fits_beside_the_map(void)
{
    AppHerePanel *panel = app_here_panel_new("Asia/Shanghai");
    g_autoptr(AppHere) here = new_here(true);
    put(panel);
    app_here_panel_show(panel, here, &incident);
    g_assert_cmpint(min_width(panel), <=, SIDE_PX);
}

static void here_says_what_is_missing(void)
{
    AppHerePanel *panel = app_here_panel_new("Asia/Shanghai");
    g_autoptr(AppHere) here = new_here(false);
    put(panel);
    app_here_panel_show(panel, here, NULL);
    assert_says(panel, "by air: the city has no roads");
    assert_says(panel, "No units in this city");
    assert_says(panel, "No working camera sees this place");
    assert_says(panel, "In no area of this city.");
}

/* ---- strip and time ---- */

static void strip_says_what_is_not_known_yet(void)
{
    AppStrip *strip = app_strip_new();
    put(strip);
    assert_says(strip, "on duty …");
    assert_says(strip, "streets seen …");
    g_autoptr(AppNow) now = new_now(0, T0);
    now->n_fleet = 18397;
    now->n_on_duty = 3412;
    now->n_age[MAPS_AGE_LIVE] = 3076;
    app_strip_set_now(strip, now);
    app_strip_set_cameras(strip, 11734, 12000);
    app_strip_set_seen(strip, 0.379, "observe, by night");
    app_strip_set_gap(strip, "Huaihe Rd", 4543);
    assert_says(strip, "on duty 3,412 of 18,397: live 3,076");
    assert_says(strip, "cameras 11,734 of 12,000 up");
    assert_says(strip, "streets seen 37.9 % (observe, by night)");
    assert_says(strip, "worst gap: Huaihe Rd, 4,543 m²");
    assert_silent(strip, "alerts");
    app_strip_set_cameras(strip, 0, 0);
    assert_says(strip, "no cameras in this city yet");
    g_assert_cmpint(min_width(strip), <=, 1366);
}

static void time_bar_names_the_time(void)
{
    AppTimeBar *bar = app_time_bar_new();
    gint64 pause = -1;
    put(bar);
    app_time_bar_set_can_simulate(bar, true);
    app_time_bar_set_time(bar, &(AppNow){.time = APP_TIME_SIMULATION, .at_ms = T0, .zone = "UTC"});
    assert_says(bar, "LIVE simulation");
    unsigned counts[APP_DAY_BINS] = {3, 0, 4};
    app_time_bar_set_counts(bar, counts, T0);
    assert_says(bar, "24 h: 7 incidents");
    g_signal_connect_swapped(bar, "pause", G_CALLBACK(keep), &pause);
    g_signal_emit_by_name(find(GTK_WIDGET(bar), GTK_TYPE_BUTTON), "clicked");
    g_assert_cmpint(pause, ==, 1);
    app_time_bar_set_time(bar, &(AppNow){.time = APP_TIME_PAUSED, .at_ms = T0, .zone = "UTC"});
    assert_says(bar, "PAUSED");
    app_time_bar_set_time(bar, &(AppNow){.time = APP_TIME_STILL, .at_ms = T0, .zone = "UTC"});
    assert_says(bar, "STILL, data to");
    app_time_bar_set_time(
        bar, &(AppNow){.time = APP_TIME_PLAYBACK, .at_ms = T0, .zone = "UTC", .speed = -60});
    assert_says(bar, "PLAYBACK");
}

/* ---- gaps and areas ---- */

static void keep_index(gpointer to, guint index)
{
    *(guint *)to = index;
}

static void gaps_are_ranked(void)
{
    AppGapsPanel *panel = app_gaps_panel_new();
    const GeoCoverageGap two[] = {
        {.area_m2 = 4543, .weight = 3.2, .code = "031-01", .street = "Huaihe Rd"},
        {.area_m2 = 800, .weight = 1, .code = "031-02"}};
    g_autoptr(GArray) list = g_array_new(FALSE, TRUE, sizeof(GeoCoverageGap));
    g_array_append_vals(list, two, 2);
    GeoCoverageGaps gaps = {.found = 1234, .gaps = list};
    guint chosen = 99;
    put(panel);
    assert_says(panel, "being measured");
    app_gaps_panel_set(panel, &gaps, NULL);
    assert_says(panel, "2 of 1,234");
    assert_says(panel, "1|Huaihe Rd");
    assert_says(panel, "2|031-02");
    g_signal_connect_swapped(panel, "chosen", G_CALLBACK(keep_index), &chosen);
    GtkWidget *rows = find(GTK_WIDGET(panel), GTK_TYPE_LIST_BOX);
    g_signal_emit_by_name(gtk_list_box_get_row_at_index(GTK_LIST_BOX(rows), 1), "activate");
    g_assert_cmpuint(chosen, ==, 1);
    g_assert_cmpint(min_width(panel), <=, 260);
}

static void areas_sort_by_share_at_first(void)
{
    AppAreasPanel *panel = app_areas_panel_new();
    const AppAreaLine lines[] = {{11, "a", "Alpha", 0.5, 3, -1, -1},
                                 {12, "b", "Beta", 0.2, 9, -1, -1},
                                 {13, "c", "Gamma", NAN, 0, -1, -1}};
    gint64 chosen = 0;
    app_areas_panel_set(panel, "community", "observe, by night", lines, G_N_ELEMENTS(lines));
    g_signal_connect_swapped(panel, "chosen", G_CALLBACK(keep), &chosen);
    put(panel);
    GtkColumnView *view = GTK_COLUMN_VIEW(find(GTK_WIDGET(panel), GTK_TYPE_COLUMN_VIEW));
    static const gint64 order[] = {13, 12, 11};
    for (guint i = 0; i < 3; i++) {
        g_signal_emit_by_name(view, "activate", i);
        g_assert_cmpint(chosen, ==, order[i]);
    }
    assert_says(panel, "3 areas: community");
    g_assert_cmpint(min_width(panel), <=, 260);
}

/* ---- things ---- */

static void things_of_one_name_are_told_apart(void)
{
    AppWhere *where = app_where_new(geo_batch_new(GEO_KIND_AREA));
    AppCity city = {.where = where};
    AppThingPanel *panel = app_thing_panel_new(&city);
    GeoCamera east = {.row = {.id = 1, .code = "K-1", .name = "East gate"}}, west = east;
    west.row.id = 2;
    west.row.code = "K-2";
    put(panel);
    app_thing_panel_show_camera(panel, &east, (GeoLonLat){117.28, 31.86});
    assert_says(panel, "K-1");
    app_thing_panel_show_camera(panel, &west, (GeoLonLat){117.29, 31.86});
    assert_says(panel, "K-2");
    GeoArea street = {.row = {.id = 3, .code = "340103006", .name = "Old town"},
                      .level = "street",
                      .parent = "340103",
                      .population = 71000};
    GeoArea village = {.row = {.id = 4, .code = "340103006001", .name = "Old town"},
                       .level = "community",
                       .population = 4100};
    app_thing_panel_show_area(panel, &street, NULL);
    assert_says(panel, "within|340103|people|71000");
    app_thing_panel_show_area(panel, &village, NULL);
    assert_says(panel, "340103006001|people|4100");
    assert_silent(panel, "within");
    put(NULL);
    app_where_free(where);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!gtk_init_check()) {
        g_print("1..0 # SKIP no display\n");
        return 0;
    }
    adw_init();
    app_looks_set(MAPS_STYLE_NIGHT);
    window = gtk_window_new();
    g_object_ref(window);
    g_test_add_func("/words/spans", words_of_spans);
    g_test_add_func("/words/measures", words_of_measures);
    g_test_add_func("/words/times-are-local", words_of_times_are_local);
    g_test_add_func("/queue/tells-clock-and-delay", queue_tells_clock_and_delay);
    g_test_add_func("/queue/holds-still-under-the-pointer", queue_holds_still_under_the_pointer);
    g_test_add_func("/queue/holds-still-under-the-keyboard", queue_holds_still_under_the_keyboard);
    g_test_add_func("/here/tells-who-comes-and-why", here_tells_who_comes_and_why);
    g_test_add_func("/here/keeps-the-focus-from-answer-to-answer",
                    here_keeps_the_focus_from_answer_to_answer);
    g_test_add_func("/here/fits-beside-the-map", here_fits_beside_the_map);
    g_test_add_func("/here/says-what-is-missing", here_says_what_is_missing);
    g_test_add_func("/strip/says-what-is-not-known-yet", strip_says_what_is_not_known_yet);
    g_test_add_func("/time-bar/names-the-time", time_bar_names_the_time);
    g_test_add_func("/gaps/are-ranked", gaps_are_ranked);
    g_test_add_func("/things/of-one-name-are-told-apart", things_of_one_name_are_told_apart);
    g_test_add_func("/areas/sort-by-share-at-first", areas_sort_by_share_at_first);
    int code = g_test_run();
    gtk_window_destroy(GTK_WINDOW(window));
    g_object_unref(window);
    return code;
}
