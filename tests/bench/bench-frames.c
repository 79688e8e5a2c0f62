/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a frame of the window's map costs with every layer on: processor time of the layers' own
 * code on the main thread, and of the whole frame beside the floor, one new full-window texture a
 * frame through the same renderer. 1920 x 1080, all units of the city moving once a second, while
 * the view pans. bench-frames [CITY [PICTURE.png ZOOM]]; without a display it starts Xvfb. */
#include <math.h>
#include <unistd.h>

#include "bench.h"
#include "geo/work/coverage.h"
#include "geo/work/fleet.h"
#include "maps/gtk/frame.h"
#include "maps/gtk/ground.h"
#include "maps/gtk/incidents.h"
#include "maps/gtk/marks.h"
#include "maps/gtk/pictures.h"
#include "maps/gtk/tiles.h"
#include "maps/gtk/units.h"

#define NAME "frames"
#define WIDTH 1920
#define HEIGHT 1080
#define FRAMES 240
#define PAN_PX 6 /* a frame */
#define TRAIL_MS (INT64_C(30) * 60 * 1000)
#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define WAIT_S 120 /* for all layers to be complete */

typedef struct {
    GtkWindow *window;
    ShumateMap *map;
    ShumateViewport *viewport;
    MapsTiles *ground, *borders, *coverage;
    MapsPictures *heat, *gaps, *trails, *names;
    MapsUnitsLayer *units;
    MapsIncidentsLayer *incidents;
    MapsMarksLayer *marks;
    GArray *unit_list; /* MapsUnit */
    GArray *incident_list;
    MapsGaps gap_data;
    MapsUnits trail_data;
    GRand *random;
} Stage;

/* ---- the city ---- */

static void check(GError *error)
{
    if (!error)
        return;
    fprintf(stderr, "%s\n", error->message);
    exit(3);
}

static void load_fleet(Stage *stage, GeoStore *store, int64_t *at_ms)
{
    GError *error = NULL;
    GeoFrame *frame = geo_frame_new(geo_store_city(store)->epsg, &error);
    check(error);
    GeoFleetOptions options = {0};
    g_autoptr(GeoFleet) fleet = geo_fleet_load(store, frame, NULL, &options, NULL, &error);
    check(error);
    stage->unit_list = g_array_new(FALSE, TRUE, sizeof(MapsUnit));
    *at_ms = geo_fleet_at_ms(fleet);
    for (size_t i = 0; i < geo_fleet_n(fleet); i++) {
        const GeoFleetUnit *unit = geo_fleet_unit(fleet, i);
        MapsUnit shown = {unit->lonlat, unit->kind,        unit->status,
                          unit->age_s,  unit->heading_deg, unit->speed_mps};
        g_array_append_val(stage->unit_list, shown);
    }
    geo_frame_free(frame);
}

static void load_trails(Stage *stage, GeoStore *store, int64_t at_ms)
{
    GError *error = NULL;
    g_autoptr(GArray) fixes = geo_store_load_fixes(store, at_ms - TRAIL_MS, at_ms + 1, &error);
    check(error);
    GArray *points = g_array_new(FALSE, FALSE, sizeof(MapsTrailPoint));
    GArray *first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < fixes->len; i++) {
        const GeoFix *fix = &g_array_index(fixes, GeoFix, i);
        MapsTrailPoint point = {{fix->lon, fix->lat}, (float)(at_ms - fix->at_ms) / 1000};
        if (i == 0 || fix->unit_id != g_array_index(fixes, GeoFix, i - 1).unit_id)
            g_array_append_val(first, i);
        g_array_append_val(points, point);
    }
    guint end = points->len;
    g_array_append_val(first, end);
    g_array_ref(stage->unit_list); /* the trails' painter keeps looking at these */
    stage->trail_data = (MapsUnits){(const MapsUnit *)(void *)stage->unit_list->data,
                                    stage->unit_list->len,
                                    (const MapsTrailPoint *)(void *)points->data,
                                    (const uint32_t *)(void *)first->data,
                                    first->len - 1,
                                    (double)TRAIL_MS / 1000};
}

static void load_gaps(Stage *stage, GeoStore *store)
{
    GError *error = NULL;
    GeoCoverageOptions options = {.class = GEO_SIGHT_OBSERVE, .night = true};
    GeoCoverageGaps *gaps = geo_coverage_find_gaps(store, &options, 500, NULL, &error);
    check(error);
    GArray *list = g_array_new(FALSE, FALSE, sizeof(MapsGap));
    for (guint i = 0; i < gaps->gaps->len; i++) {
        const GeoCoverageGap *gap = &g_array_index(gaps->gaps, GeoCoverageGap, i);
        MapsGap shown = {i + 1, gap->at, gap->part0, gap->n_parts};
        g_array_append_val(list, shown);
    }
    stage->gap_data = (MapsGaps){(const MapsGap *)(void *)list->data,
                                 (const uint32_t *)(void *)gaps->parts->data,
                                 (const GeoLonLat *)(void *)gaps->points->data,
                                 list->len,
                                 gaps->parts->len,
                                 gaps->points->len};
}

static void load_incidents(Stage *stage, GeoStore *store, int64_t at_ms)
{
    GError *error = NULL;
    GeoQuery query = {.from_ms = at_ms - DAY_MS, .to_ms = at_ms + 1};
    GeoBatch *rows = geo_store_load(store, GEO_KIND_INCIDENT, &query, &error);
    check(error);
    stage->incident_list = g_array_new(FALSE, TRUE, sizeof(MapsIncident));
    for (guint i = 0; i < rows->rows->len; i++) {
        const GeoIncident *row = &g_array_index(rows->rows, GeoIncident, i);
        MapsIncident incident = {
            .priority = row->priority, .state = row->state, .name = row->category};
        if (!geo_cycle_done((GeoIncidentState)row->state) &&
            geo_batch_first(rows, &row->row, &incident.at))
            g_array_append_val(stage->incident_list, incident);
    }
}

/* ---- the stage ---- */

static void add_layers(Stage *stage, const char *city, int64_t at_ms)
{
    ShumateViewport *viewport = stage->viewport;
    MapsStyle style = MAPS_STYLE_NIGHT;
    MapsCoverageLook look = {GEO_SIGHT_OBSERVE, true};
    MapsHeatData heat = {at_ms};
    stage->ground = maps_tiles_new(viewport, city, style, &maps_tiles_ground, NULL, NULL);
    stage->coverage = maps_tiles_new(viewport, city, style, &maps_tiles_coverage,
                                     g_memdup2(&look, sizeof look), g_free);
    stage->heat = maps_pictures_new(viewport, city, style, "en", &maps_pictures_heat,
                                    g_memdup2(&heat, sizeof heat), g_free);
    stage->gaps =
        maps_pictures_new(viewport, city, style, "en", &maps_pictures_gaps, &stage->gap_data, NULL);
    stage->borders = maps_tiles_new(viewport, city, style, &maps_tiles_borders, NULL, NULL);
    stage->trails = maps_pictures_new(viewport, city, style, "en", &maps_pictures_trails,
                                      &stage->trail_data, NULL);
    stage->names = maps_pictures_new(viewport, city, style, "en", &maps_pictures_names, NULL, NULL);
    stage->units = maps_units_layer_new(viewport, style, "en");
    stage->marks = maps_marks_layer_new(viewport, style, "en");
    stage->incidents = maps_incidents_layer_new(viewport, style, "en");
    gpointer layers[] = {stage->ground,  stage->coverage, stage->heat,  stage->gaps,
                         stage->borders, stage->trails,   stage->names, stage->marks,
                         stage->units,   stage->incidents};
    for (size_t i = 0; i < G_N_ELEMENTS(layers); i++)
        shumate_map_add_layer(stage->map, SHUMATE_LAYER(layers[i]));
}

static gboolean on_late(gpointer late)
{
    *(bool *)late = true;
    return G_SOURCE_REMOVE;
}

/* Runs the main loop until all layers are complete. */
static void settle(Stage *stage)
{
    bool late = false;
    guint alarm = g_timeout_add_seconds(WAIT_S, on_late, &late);
    MapsTiles *tiles[] = {stage->ground, stage->coverage, stage->borders};
    MapsPictures *pictures[] = {stage->heat, stage->gaps, stage->trails, stage->names};
    for (bool complete = false; !complete && !late;) {
        complete = true;
        g_main_context_iteration(NULL, TRUE);
        for (size_t i = 0; i < G_N_ELEMENTS(tiles); i++)
            complete &= maps_tiles_complete(tiles[i]);
        for (size_t i = 0; i < G_N_ELEMENTS(pictures); i++)
            complete &= maps_pictures_complete(pictures[i]);
    }
    if (late)
        printf("not all layers were complete after %d s\n", WAIT_S);
    else
        g_source_remove(alarm);
}

static void go(Stage *stage, GeoLonLat middle, double zoom)
{
    shumate_viewport_set_zoom_level(stage->viewport, zoom);
    shumate_location_set_location(SHUMATE_LOCATION(stage->viewport), middle.lat, middle.lon);
}

/* ---- the pan ---- */

static void free_array(gpointer array)
{
    g_array_unref(array);
}

/* Every unit a second on: about as far as it goes in that time, along its heading. */
static void tick_units(Stage *stage)
{
    GArray *units = g_array_copy(stage->unit_list);
    for (guint i = 0; i < units->len; i++) {
        MapsUnit *unit = &g_array_index(units, MapsUnit, i);
        if (g_rand_double(stage->random) < 0.1)
            unit->heading_deg = g_rand_double_range(stage->random, 0, 360);
        double step = (isfinite(unit->speed_mps) ? unit->speed_mps : 1) / 111000;
        double a = (isfinite(unit->heading_deg) ? unit->heading_deg : 0) * G_PI / 180;
        unit->at.lon += step * sin(a);
        unit->at.lat += step * cos(a);
    }
    g_array_unref(stage->unit_list);
    stage->unit_list = g_array_ref(units);
    maps_units_layer_set_units(stage->units, (const MapsUnit *)(void *)units->data, units->len,
                               units, free_array);
}

typedef struct {
    Stage *stage;
    GtkPicture *floor; /* not NULL: a new texture each frame in place of the map */
    guint frame;
    double angle;
    gint64 own_ns, cpu_ns, wall_us;
    gint64 ticked_us;
    double own[FRAMES], cpu[FRAMES], wall[FRAMES], tick[FRAMES];
    guint n_ticks;
} Pan;

static gint64 own_now(void)
{
    return maps_frame_spent_ns(MAPS_FRAME_SNAPSHOT) + maps_frame_spent_ns(MAPS_FRAME_ASK);
}

static void step(Pan *pan)
{
    Stage *stage = pan->stage;
    ShumateLocation *at = SHUMATE_LOCATION(stage->viewport);
    MapsView view = {
        .middle = {shumate_location_get_longitude(at), shumate_location_get_latitude(at)},
        .zoom = shumate_viewport_get_zoom_level(stage->viewport),
        .scale = 1};
    GeoLonLat to =
        maps_view_unproject(&view, (MapsPoint){PAN_PX * cos(pan->angle), PAN_PX * sin(pan->angle)});
    pan->angle += 2 * G_PI / FRAMES;
    shumate_location_set_location(at, to.lat, to.lon);
}

static void flip(Pan *pan)
{
    gsize size = (gsize)WIDTH * HEIGHT * 4;
    guchar *data = g_malloc(size);
    memset(data, (int)(pan->frame & 255), size);
    g_autoptr(GBytes) bytes = g_bytes_new_take(data, size);
    g_autoptr(GdkTexture) texture =
        gdk_memory_texture_new(WIDTH, HEIGHT, GDK_MEMORY_DEFAULT, bytes, (gsize)WIDTH * 4);
    gtk_picture_set_paintable(pan->floor, GDK_PAINTABLE(texture));
}

static gboolean on_frame(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
    Pan *pan = data;
    gint64 own = own_now(), cpu = maps_frame_enter(), wall = g_get_monotonic_time();
    if (pan->frame > 0 && pan->frame <= FRAMES) { /* what the frame before cost */
        guint i = pan->frame - 1;
        pan->own[i] = (double)(own - pan->own_ns) / 1e6;
        pan->cpu[i] = (double)(cpu - pan->cpu_ns) / 1e6;
        pan->wall[i] = (double)(wall - pan->wall_us) / 1e3;
    }
    if (pan->frame++ >= FRAMES)
        return G_SOURCE_REMOVE;
    if (!pan->floor && wall - pan->ticked_us >= 1000000) {
        gint64 before = maps_frame_spent_ns(MAPS_FRAME_TICK);
        tick_units(pan->stage);
        pan->tick[pan->n_ticks++] = (double)(maps_frame_spent_ns(MAPS_FRAME_TICK) - before) / 1e6;
        pan->ticked_us = wall;
    }
    pan->own_ns = own_now();
    pan->cpu_ns = maps_frame_enter();
    pan->wall_us = wall;
    if (pan->floor)
        flip(pan);
    else
        step(pan);
    return G_SOURCE_CONTINUE;
}

static void run(Pan *pan, GtkWidget *widget)
{
    gtk_widget_add_tick_callback(widget, on_frame, pan, NULL);
    while (pan->frame <= FRAMES)
        g_main_context_iteration(NULL, TRUE);
}

static void bench_pan(Stage *stage, const char *where)
{
    g_autofree Pan *pan = g_new0(Pan, 1);
    g_autofree char *own = g_strdup_printf("own cpu%s", where);
    g_autofree char *panned = g_strdup_printf("pan%s", where);
    g_autofree char *ticked = g_strdup_printf("tick%s", where);
    g_autofree char *frame = g_strdup_printf("frame to frame%s", where);
    pan->stage = stage;
    guint64 before = maps_tiles_arrived(stage->ground);
    run(pan, GTK_WIDGET(stage->map));
    guint64 arrived = maps_tiles_arrived(stage->ground) - before;
    bench_say(NAME, own, "gridbeat", "ms", pan->own, FRAMES);
    bench_say(NAME, panned, "gridbeat", "ms", pan->cpu, FRAMES);
    bench_say(NAME, frame, "gridbeat", "ms", pan->wall, FRAMES);
    if (pan->n_ticks > 0)
        bench_say(NAME, ticked, "gridbeat", "ms", pan->tick, pan->n_ticks);
    printf("%-24s base tiles that came during the pan: %u\n", "", (unsigned)arrived);
    printf("BENCH|%s|tiles while panning%s|gridbeat|tiles|%u|%u|%u|1\n", NAME, where,
           (unsigned)arrived, (unsigned)arrived, (unsigned)arrived);
}

static void bench_floor(void)
{
    g_autofree Pan *pan = g_new0(Pan, 1);
    GtkWidget *window = gtk_window_new();
    pan->floor = GTK_PICTURE(gtk_picture_new());
    gtk_window_set_decorated(GTK_WINDOW(window), FALSE);
    gtk_window_set_default_size(GTK_WINDOW(window), WIDTH, HEIGHT);
    gtk_window_set_child(GTK_WINDOW(window), GTK_WIDGET(pan->floor));
    gtk_window_present(GTK_WINDOW(window));
    run(pan, GTK_WIDGET(pan->floor));
    bench_say(NAME, "floor", "gridbeat", "ms", pan->cpu, FRAMES);
    bench_say(NAME, "floor frame to frame", "gridbeat", "ms", pan->wall, FRAMES);
    gtk_window_destroy(GTK_WINDOW(window));
}

/* ---- all of it ---- */

static void show_an_answer(Stage *stage, GeoLonLat p)
{
    GeoLonLat route[] = {
        {p.lon - 0.008, p.lat + 0.003}, {p.lon - 0.004, p.lat + 0.003}, {p.lon - 0.004, p.lat}, p};
    MapsBadge badges[] = {{route[0], 1, "EB-214  1:24"}, {{p.lon + 0.006, p.lat + 0.004}, 2, NULL}};
    GeoLonLat field[] = {{p.lon + 0.001, p.lat}, {p.lon, p.lat + 0.0004}, {p.lon, p.lat - 0.0004}};
    MapsWitness witness = {field[0], "A", field, G_N_ELEMENTS(field)};
    maps_marks_layer_set_asked(stage->marks, p);
    maps_marks_layer_set_route(stage->marks, route, G_N_ELEMENTS(route));
    maps_marks_layer_set_badges(stage->marks, badges, G_N_ELEMENTS(badges));
    maps_marks_layer_set_witnesses(stage->marks, &witness, 1);
}

static gboolean count_frame(GtkWidget *widget, GdkFrameClock *clock, gpointer frames)
{
    return ++*(guint *)frames < 3;
}

static void save(Stage *stage, const char *file)
{
    guint frames = 0; /* what has just settled is drawn in the next one */
    gtk_widget_queue_draw(GTK_WIDGET(stage->map));
    gtk_widget_add_tick_callback(GTK_WIDGET(stage->map), count_frame, &frames, NULL);
    while (frames < 3)
        g_main_context_iteration(NULL, TRUE);
    g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(GTK_WIDGET(stage->map));
    GtkSnapshot *snapshot = gtk_snapshot_new();
    gdk_paintable_snapshot(paintable, snapshot, WIDTH, HEIGHT);
    GskRenderNode *node = gtk_snapshot_free_to_node(snapshot);
    g_autoptr(GdkTexture) texture =
        gsk_renderer_render_texture(gtk_native_get_renderer(GTK_NATIVE(stage->window)), node,
                                    &GRAPHENE_RECT_INIT(0, 0, WIDTH, HEIGHT));
    gsk_render_node_unref(node);
    if (!gdk_texture_save_to_png(texture, file))
        fprintf(stderr, "cannot write '%s'\n", file);
}

static void open_stage(Stage *stage, const char *city, GeoLonLat middle)
{
    int64_t at_ms;
    GError *error = NULL;
    GeoStoreOptions reading = {.read_only = true};
    GeoStore *store = geo_store_open(city, &reading, &error);
    check(error);
    load_fleet(stage, store, &at_ms);
    load_trails(stage, store, at_ms);
    load_gaps(stage, store);
    load_incidents(stage, store, at_ms);
    geo_store_close(store);
    double begun = bench_now_us();
    stage->map = shumate_map_new();
    stage->viewport = shumate_map_get_viewport(stage->map);
    g_autoptr(ShumateMapSource) ground = SHUMATE_MAP_SOURCE(maps_ground_new(""));
    shumate_viewport_set_reference_map_source(stage->viewport, ground);
    add_layers(stage, city, at_ms);
    tick_units(stage);
    maps_incidents_layer_set_incidents(stage->incidents,
                                       (const MapsIncident *)(void *)stage->incident_list->data,
                                       stage->incident_list->len, NULL, NULL);
    show_an_answer(stage, middle);
    go(stage, middle, 15);
    stage->window = GTK_WINDOW(gtk_window_new());
    gtk_window_set_decorated(stage->window, FALSE);
    gtk_window_set_default_size(stage->window, WIDTH, HEIGHT);
    gtk_window_set_child(stage->window, GTK_WIDGET(stage->map));
    gtk_window_present(stage->window);
    while (!maps_tiles_complete(stage->ground))
        g_main_context_iteration(NULL, TRUE);
    double start = (bench_now_us() - begun) / 1e6;
    settle(stage);
    double all = (bench_now_us() - begun) / 1e6;
    bench_say(NAME, "start", "gridbeat", "s", &start, 1);
    bench_say(NAME, "start all layers", "gridbeat", "s", &all, 1);
}

/* The demo city where ./run keeps it. */
static char *find_city(void)
{
    const char *cities = g_getenv("GRIDBEAT_CITIES");
    return cities ? g_build_filename(cities, "hefei.gridbeat", NULL)
                  : g_build_filename(g_get_user_data_dir(), "gridbeat", "hefei.gridbeat", NULL);
}

/* Once more, under Xvfb; without it there is nothing to measure. */
static int start_display(char **argv)
{
    char screen[] = "-screen 0 1920x1080x24", server[] = "xvfb-run", any[] = "-a", with[] = "-s";
    char *args[] = {server,
                    any,
                    with,
                    screen,
                    argv[0],
                    argv[1],
                    argv[1] ? argv[2] : NULL,
                    argv[1] && argv[2] ? argv[3] : NULL,
                    NULL};
    if (g_getenv("GRIDBEAT_BENCH_DISPLAY")) {
        printf("no display, and none from Xvfb: frames are not measured\n");
        return 0;
    }
    g_setenv("GRIDBEAT_BENCH_DISPLAY", "own", TRUE);
    g_setenv("GDK_BACKEND", "x11", TRUE);
    g_setenv("GDK_DEBUG", "gl-disable", TRUE); /* software GL would be measured, not the layers */
    g_setenv("GSK_RENDERER", "cairo", TRUE);
    execvp(args[0], args);
    printf("xvfb-run is not installed: frames are not measured\n");
    return 0;
}

int main(int argc, char **argv)
{
    if (!gtk_init_check())
        return start_display(argv);
    g_autofree char *city = argc > 1 ? g_strdup(argv[1]) : find_city();
    if (!g_file_test(city, G_FILE_TEST_IS_DIR)) {
        printf("there is no city '%s': make it by ./run, or name one\n", city);
        return 0;
    }
    Stage stage = {.random = g_rand_new_with_seed(17)};
    GeoLonLat old_town = {117.2835, 31.8625};
    printf("%s, %d x %d px, every layer on, units move once a second\n", city, WIDTH, HEIGHT);
    open_stage(&stage, city, old_town);
    printf("%u units, %u open incidents\n", stage.unit_list->len, stage.incident_list->len);
    if (argc > 3) {
        go(&stage, old_town, g_ascii_strtod(argv[3], NULL));
        settle(&stage);
        save(&stage, argv[2]);
        return 0;
    }
    bench_pan(&stage, "");
    go(&stage, old_town, 12.2);
    settle(&stage);
    bench_pan(&stage, " over the city");
    gtk_window_destroy(stage.window);
    bench_floor();
    bench_machine(NAME);
    return 0;
}
