/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers in a shown window, and the crews behind them. */
#include "../geo/fresh-city.h"
#include "maps/gtk/ground.h"
#include "maps/gtk/incidents.h"
#include "maps/gtk/marks.h"
#include "maps/gtk/pictures.h"
#include "maps/gtk/tiles.h"
#include "maps/gtk/units.h"

#define WIDTH 640
#define HEIGHT 480

static const GeoLonLat middle = {117.28, 31.86};

/* ---- a painter that waits until it is told to go on ---- */

static struct {
    GMutex lock;
    GCond changed;
    int painting, most, done, may_go;
} hall;

static bool paint_waiting(MapsJob *job, GError **error)
{
    g_mutex_lock(&hall.lock);
    hall.painting++;
    hall.most = MAX(hall.most, hall.painting);
    g_cond_broadcast(&hall.changed);
    while (hall.may_go == 0)
        g_cond_wait(&hall.changed, &hall.lock);
    hall.may_go--;
    hall.painting--;
    hall.done++;
    g_cond_broadcast(&hall.changed);
    g_mutex_unlock(&hall.lock);
    cairo_paint(job->cr);
    return true;
}

static void hall_open(void)
{
    g_mutex_lock(&hall.lock);
    hall.painting = hall.most = hall.done = hall.may_go = 0;
    g_mutex_unlock(&hall.lock);
}

static void hall_wait_painting(int n)
{
    g_mutex_lock(&hall.lock);
    while (hall.painting < n)
        g_cond_wait(&hall.changed, &hall.lock);
    g_mutex_unlock(&hall.lock);
}

static void hall_let(int n)
{
    g_mutex_lock(&hall.lock);
    hall.may_go += n;
    g_cond_broadcast(&hall.changed);
    g_mutex_unlock(&hall.lock);
}

static MapsSheet sheet_of(int x)
{
    MapsTile tile = {15, x, 100};
    return (MapsSheet){.tile = tile, .view = maps_tile_view(tile, 1, MAPS_STYLE_NIGHT)};
}

static void count_done(const MapsSheet *sheet, GArray *pieces, gpointer report, const GError *error,
                       gpointer user)
{
    g_assert_no_error(error);
    g_assert_cmpuint(pieces->len, >, 0);
    g_free(report);
    ++*(int *)user;
}

/* ---- crews ---- */

static void two_paint_at_once(void)
{
    g_autoptr(FreshCity) city = fresh_city_new("sqlite");
    int done = 0;
    hall_open();
    MapsCrew *crews[3];
    MapsSheet sheets[] = {sheet_of(1), sheet_of(2), sheet_of(3)};
    for (unsigned i = 0; i < 3; i++) {
        crews[i] = maps_crew_new(city->path, 2, i, 256, paint_waiting, count_done, &done);
        maps_crew_want(crews[i], sheets, 3);
    }
    hall_wait_painting(2);
    hall_let(9);
    while (done < 9)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(hall.most, ==, 2);
    for (int i = 0; i < 3; i++)
        maps_crew_free(crews[i]);
}

static void note_release(gpointer data)
{
    g_atomic_int_inc((int *)data);
}

static void data_lives_while_it_is_painted(void)
{
    g_autoptr(FreshCity) city = fresh_city_new("sqlite");
    int done = 0, first = 0, second = 0;
    MapsSheet sheet = sheet_of(1);
    hall_open();
    MapsCrew *crew =
        maps_crew_new(city->path, 1, MAPS_RANK_OVERLAY, 256, paint_waiting, count_done, &done);
    maps_crew_set_data(crew, &first, note_release);
    maps_crew_want(crew, &sheet, 1);
    hall_wait_painting(1);
    maps_crew_set_data(crew, &second, note_release);
    g_assert_cmpint(g_atomic_int_get(&first), ==, 0);
    hall_let(1);
    maps_crew_free(crew);
    g_assert_cmpint(first, ==, 1);
    g_assert_cmpint(second, ==, 1);
}

/* ---- a shown map ---- */

typedef struct {
    GtkWidget *window;
    ShumateMap *map;
    ShumateViewport *viewport;
} Stage;

static void stage_open(Stage *stage, double zoom)
{
    g_autoptr(ShumateMapSource) ground = SHUMATE_MAP_SOURCE(maps_ground_new(""));
    stage->window = gtk_window_new();
    stage->map = shumate_map_new();
    stage->viewport = shumate_map_get_viewport(stage->map);
    shumate_viewport_set_reference_map_source(stage->viewport, ground);
    shumate_viewport_set_zoom_level(stage->viewport, zoom);
    shumate_location_set_location(SHUMATE_LOCATION(stage->viewport), middle.lat, middle.lon);
    gtk_window_set_decorated(GTK_WINDOW(stage->window), FALSE);
    gtk_window_set_default_size(GTK_WINDOW(stage->window), WIDTH, HEIGHT);
    gtk_window_set_child(GTK_WINDOW(stage->window), GTK_WIDGET(stage->map));
}

static void stage_show(Stage *stage, gpointer layer)
{
    shumate_map_add_layer(stage->map, SHUMATE_LAYER(layer));
    gtk_window_present(GTK_WINDOW(stage->window));
    while (gtk_widget_get_width(GTK_WIDGET(layer)) == 0)
        g_main_context_iteration(NULL, TRUE);
}

static void stage_close(Stage *stage)
{
    gtk_window_destroy(GTK_WINDOW(stage->window));
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

static GeoLonLat at(double zoom, double x, double y)
{
    MapsView view = {middle, zoom, WIDTH, HEIGHT, 1, MAPS_STYLE_NIGHT, "en"};
    return maps_view_unproject(&view, (MapsPoint){x, y});
}

static void a_unit_is_found_under_the_pointer(void)
{
    Stage stage;
    int released = 0;
    MapsUnit units[] = {{at(16, 100, 100), GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, 3, NAN, 0},
                        {at(16, 300, 200), GEO_UNIT_CAR, GEO_STATUS_OFF, 3, NAN, 0},
                        {at(16, 400, 300), GEO_UNIT_EBIKE, GEO_STATUS_EN_ROUTE, 3, 90, 5}};
    stage_open(&stage, 16);
    MapsUnitsLayer *layer = maps_units_layer_new(stage.viewport, MAPS_STYLE_NIGHT, "en");
    maps_units_layer_set_units(layer, units, G_N_ELEMENTS(units), &released, note_release);
    stage_show(&stage, layer);
    g_assert_cmpint(maps_units_layer_pick(layer, 101, 98), ==, 0);
    g_assert_cmpint(maps_units_layer_pick(layer, 402, 303), ==, 2);
    g_assert_cmpint(maps_units_layer_pick(layer, 300, 200), ==, -1); /* off duty: not drawn */
    g_assert_cmpint(maps_units_layer_pick(layer, 200, 100), ==, -1);
    g_assert_false(maps_units_layer_crowded(layer));
    shumate_viewport_set_zoom_level(stage.viewport, 12);
    g_assert_true(maps_units_layer_crowded(layer));
    g_assert_cmpint(maps_units_layer_pick(layer, WIDTH / 2.0, HEIGHT / 2.0), ==, -1);
    maps_units_layer_set_units(layer, NULL, 0, NULL, NULL);
    g_assert_cmpint(released, ==, 1);
    stage_close(&stage);
    g_assert_cmpint(released, ==, 1);
}

static void an_incident_is_found_under_the_pointer(void)
{
    Stage stage;
    int released = 0;
    MapsIncident incidents[] = {{at(16, 100, 100), 1, GEO_INCIDENT_RECEIVED, "theft"},
                                {{NAN, NAN}, 2, GEO_INCIDENT_RECEIVED, "nowhere"},
                                {at(16, 500, 400), 4, GEO_INCIDENT_ON_SCENE, NULL}};
    stage_open(&stage, 16);
    MapsIncidentsLayer *layer = maps_incidents_layer_new(stage.viewport, MAPS_STYLE_NIGHT, "en");
    maps_incidents_layer_set_incidents(layer, incidents, 3, &released, note_release);
    stage_show(&stage, layer);
    g_assert_cmpint(maps_incidents_layer_pick(layer, 104, 96), ==, 0);
    g_assert_cmpint(maps_incidents_layer_pick(layer, 500, 402), ==, 2);
    g_assert_cmpint(maps_incidents_layer_pick(layer, 300, 200), ==, -1);
    maps_incidents_layer_select(layer, 2);
    shumate_viewport_set_zoom_level(stage.viewport, 11); /* only the selected one is drawn there */
    double x = WIDTH / 2.0 + 180 / 32.0, y = HEIGHT / 2.0 + 160 / 32.0;
    g_assert_cmpint(maps_incidents_layer_pick(layer, x, y), ==, 2);
    maps_incidents_layer_select(layer, -1);
    g_assert_cmpint(maps_incidents_layer_pick(layer, x, y), ==, -1);
    stage_close(&stage);
    g_assert_cmpint(released, ==, 1);
}

/* ---- painted layers ---- */

static int n_painted; /* atomic */

static bool paint_report(MapsJob *job, GError **error)
{
    const double *data = job->data;
    g_atomic_int_inc(&n_painted);
    cairo_paint(job->cr);
    job->report = g_memdup2(data, sizeof *data);
    return true;
}

static double *number(double x)
{
    return g_memdup2(&x, sizeof x);
}

static void a_hidden_layer_asks_for_nothing(void)
{
    static const MapsTilesPainter painter = {
        .name = "test", .rank = MAPS_RANK_OVERLAY, .n_threads = 1, .paint = paint_report};
    g_autoptr(FreshCity) city = fresh_city_new("sqlite");
    Stage stage;
    stage_open(&stage, 16);
    n_painted = 0;
    MapsTiles *shown = maps_tiles_new(stage.viewport, city->path, MAPS_STYLE_NIGHT,
                                      &maps_tiles_ground, NULL, NULL);
    MapsTiles *layer =
        maps_tiles_new(stage.viewport, city->path, MAPS_STYLE_NIGHT, &painter, number(1), g_free);
    gtk_widget_set_visible(GTK_WIDGET(layer), FALSE);
    shumate_map_add_layer(stage.map, SHUMATE_LAYER(layer));
    stage_show(&stage, shown);
    while (!maps_tiles_complete(shown))
        g_main_context_iteration(NULL, TRUE);
    g_assert_true(maps_tiles_complete(layer));
    g_assert_cmpint(g_atomic_int_get(&n_painted), ==, 0);
    gtk_widget_set_visible(GTK_WIDGET(layer), TRUE);
    while (!maps_tiles_complete(layer) || maps_tiles_arrived(layer) == 0)
        g_main_context_iteration(NULL, TRUE);
    guint64 arrived = maps_tiles_arrived(layer);
    /* One that is no longer wanted when it is done does not arrive. */
    g_assert_cmpint(g_atomic_int_get(&n_painted), >=, (int)arrived);
    maps_tiles_set_data(layer, number(2), g_free);
    while (!maps_tiles_complete(layer))
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(maps_tiles_arrived(layer), ==, 2 * arrived);
    stage_close(&stage);
}

static void a_picture_brings_its_report(void)
{
    static const MapsPicturesPainter painter = {
        .name = "test", .rank = MAPS_RANK_OVERLAY, .margin_share = 0.25, .paint = paint_report};
    g_autoptr(FreshCity) city = fresh_city_new("sqlite");
    Stage stage;
    stage_open(&stage, 16);
    MapsPictures *layer = maps_pictures_new(stage.viewport, city->path, MAPS_STYLE_NIGHT, "en",
                                            &painter, number(7), g_free);
    stage_show(&stage, layer);
    while (!maps_pictures_complete(layer))
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpfloat(*(const double *)maps_pictures_report(layer), ==, 7);
    maps_pictures_set_data(layer, number(8), g_free);
    g_assert_false(maps_pictures_complete(layer));
    g_assert_cmpfloat(*(const double *)maps_pictures_report(layer), ==, 7);
    while (!maps_pictures_complete(layer))
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpfloat(*(const double *)maps_pictures_report(layer), ==, 8);
    stage_close(&stage);
}

static void marks_outlive_what_they_were_set_from(void)
{
    Stage stage;
    stage_open(&stage, 16);
    MapsMarksLayer *layer = maps_marks_layer_new(stage.viewport, MAPS_STYLE_NIGHT, "en");
    GeoLonLat *field = g_new(GeoLonLat, 3);
    char *letter = g_strdup("A"), *text = g_strdup("EB-214");
    for (int i = 0; i < 3; i++)
        field[i] = at(16, 100 + 50 * (i % 2), 100 + 50 * i);
    maps_marks_layer_set_route(layer, field, 3);
    maps_marks_layer_set_witnesses(layer, &(MapsWitness){field[0], letter, field, 3}, 1);
    maps_marks_layer_set_badges(layer, &(MapsBadge){field[1], 1, text}, 1);
    memset(field, 0, 3 * sizeof *field);
    memset(letter, 'x', 1);
    g_free(field);
    g_free(letter);
    g_free(text);
    stage_show(&stage, layer);
    GtkSnapshot *snapshot = gtk_snapshot_new();
    GTK_WIDGET_GET_CLASS(layer)->snapshot(GTK_WIDGET(layer), snapshot);
    GskRenderNode *node = gtk_snapshot_free_to_node(snapshot);
    graphene_rect_t bounds;
    g_assert_nonnull(node);
    gsk_render_node_get_bounds(node, &bounds);
    g_assert_cmpfloat(bounds.origin.x, <=, 100);
    g_assert_cmpfloat(bounds.origin.x + bounds.size.width, >=, 150);
    gsk_render_node_unref(node);
    maps_marks_layer_clear(layer);
    snapshot = gtk_snapshot_new();
    GTK_WIDGET_GET_CLASS(layer)->snapshot(GTK_WIDGET(layer), snapshot);
    g_assert_null(gtk_snapshot_free_to_node(snapshot));
    stage_close(&stage);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK); /* GTK warns of a missing session bus */
    if (!gtk_init_check())
        return 77;
    g_test_add_func("/crew/two-paint-at-once", two_paint_at_once);
    g_test_add_func("/crew/data-lives-while-it-is-painted", data_lives_while_it_is_painted);
    g_test_add_func("/units-layer/a-unit-is-found-under-the-pointer",
                    a_unit_is_found_under_the_pointer);
    g_test_add_func("/incidents-layer/an-incident-is-found-under-the-pointer",
                    an_incident_is_found_under_the_pointer);
    g_test_add_func("/tiles/a-hidden-layer-asks-for-nothing", a_hidden_layer_asks_for_nothing);
    g_test_add_func("/pictures/a-picture-brings-its-report", a_picture_brings_its_report);
    g_test_add_func("/marks-layer/marks-outlive-what-they-were-set-from",
                    marks_outlive_what_they_were_set_from);
    return g_test_run();
}
