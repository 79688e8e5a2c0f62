/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GSettings gives the schema, its checks and the choice of a back end; the values are held here, so
 * that a missing schema costs memory of the next run and nothing else. Each batch of changes opens
 * the back end anew in the writing thread: what another window wrote meanwhile is kept, but for the
 * keys of the batch. */
#define G_SETTINGS_ENABLE_BACKEND
#include "app/console/settings.h"

#include <gio/gsettingsbackend.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define SCHEMA_ID "io.github.gridbeat.Gridbeat"
#define SCHEMA_PATH "/io/github/gridbeat/Gridbeat/"
#define GATHER_MS 500
#define MAX_PLACES 30

typedef enum {
    STYLE,
    LANGUAGE,
    WORKSPACE,
    LEFT_PANEL,
    RIGHT_PANEL,
    LAYERS,
    WINDOW,
    RECENT,
    PLACES,
    OPENING_ZOOM,
    REDUCED_MOTION,
    RUNNING,
    N_KEYS
} Key;

static const struct {
    const char *name, *initial;
} keys[N_KEYS] = {
    [STYLE] = {"style", "'night'"},
    [LANGUAGE] = {"language", "'auto'"},
    [WORKSPACE] = {"workspace", "'operate'"},
    [LEFT_PANEL] = {"left-panel", "true"},
    [RIGHT_PANEL] = {"right-panel", "true"},
    [LAYERS] = {"layers", "@a{s(bd)} {}"},
    [WINDOW] = {"window", "(1280, 800, false)"},
    [RECENT] = {"recent", "@as []"},
    [PLACES] = {"places", "@a{s(ddd)} {}"},
    [OPENING_ZOOM] = {"opening-zoom", "0.0"},
    [REDUCED_MOTION] = {"reduced-motion", "false"},
    [RUNNING] = {"running", "0"},
};

struct _AppSettings {
    GObject parent;
    GVariant *values[N_KEYS]; /* owned */
    guint changed;            /* keys not yet given to the writer, a bit each */
    GThreadPool *writer;      /* one thread; NULL: nothing is kept */
    guint gathering;          /* source; 0: none */
};

G_DEFINE_TYPE(AppSettings, app_settings, G_TYPE_OBJECT)

static guint changed_signal;

/* ---- the back end ---- */

static GSettingsSchema *find_schema(void)
{
    GSettingsSchemaSource *installed = g_settings_schema_source_get_default();
    /* Beside the build until it is installed, as the catalogues are. */
    static const char *const dirs[] = {GRIDBEAT_BUILD_DATA, GRIDBEAT_DATA "/../glib-2.0/schemas"};
    for (gsize i = 0; i < G_N_ELEMENTS(dirs); i++) {
        g_autoptr(GSettingsSchemaSource) source =
            g_settings_schema_source_new_from_directory(dirs[i], installed, TRUE, NULL);
        GSettingsSchema *schema =
            source ? g_settings_schema_source_lookup(source, SCHEMA_ID, TRUE) : NULL;
        if (schema)
            return schema;
    }
    return installed ? g_settings_schema_source_lookup(installed, SCHEMA_ID, TRUE) : NULL;
}

/* NULL: the schema is missing. */
static GSettings *open_settings(void)
{
    g_autoptr(GSettingsSchema) schema = find_schema();
    g_autoptr(GSettingsBackend) backend = NULL;
    if (!schema)
        return NULL;
    if (!g_getenv("GSETTINGS_BACKEND")) {
        g_autofree char *file =
            g_build_filename(g_get_user_config_dir(), "gridbeat", "settings.ini", NULL);
        backend = g_keyfile_settings_backend_new(file, SCHEMA_PATH, "gridbeat");
    }
    return g_settings_new_full(schema, backend, NULL);
}

static bool knows(GSettings *settings, const char *key)
{
    g_autoptr(GSettingsSchema) schema = NULL;
    g_object_get(settings, "settings-schema", &schema, NULL);
    return g_settings_schema_has_key(schema, key);
}

static void write_batch(gpointer data, gpointer unused)
{
    g_autoptr(GVariant) batch = data;
    /* Its watch on the file calls back in this context, which nothing runs. */
    g_autoptr(GMainContext) context = g_main_context_new();
    g_main_context_push_thread_default(context);
    g_autoptr(GSettings) settings = open_settings();
    GVariantIter each;
    const char *key;
    GVariant *value;
    bool refused = !settings;
    if (settings)
        g_settings_delay(settings);
    g_variant_iter_init(&each, batch);
    while (settings && g_variant_iter_loop(&each, "{&sv}", &key, &value))
        refused |= knows(settings, key) && !g_settings_set_value(settings, key, value);
    if (settings)
        g_settings_apply(settings);
    if (refused)
        g_info("the settings could not be written");
    g_clear_object(&settings);
    g_main_context_pop_thread_default(context);
}

static void read_all(AppSettings *self)
{
    g_autoptr(GSettings) settings = open_settings();
    if (!settings) {
        g_warning("the schema %s is not installed: settings are not kept", SCHEMA_ID);
        return;
    }
    for (int key = 0; key < N_KEYS; key++)
        if (knows(settings, keys[key].name)) {
            g_autoptr(GVariant) value = g_settings_get_value(settings, keys[key].name);
            if (g_variant_is_of_type(value, g_variant_get_type(self->values[key]))) {
                g_variant_unref(self->values[key]);
                self->values[key] = g_steal_pointer(&value);
            }
        }
    self->writer = g_thread_pool_new(write_batch, NULL, 1, FALSE, NULL);
}

/* ---- values ---- */

static gboolean give_batch(gpointer data)
{
    AppSettings *self = data;
    GVariantBuilder batch;
    g_variant_builder_init(&batch, G_VARIANT_TYPE_VARDICT);
    for (int key = 0; key < N_KEYS; key++)
        if (self->changed & (1u << key))
            g_variant_builder_add(&batch, "{sv}", keys[key].name, self->values[key]);
    self->gathering = 0;
    self->changed = 0;
    g_thread_pool_push(self->writer, g_variant_ref_sink(g_variant_builder_end(&batch)), NULL);
    return G_SOURCE_REMOVE;
}

static void give_now(AppSettings *self)
{
    g_clear_handle_id(&self->gathering, g_source_remove);
    if (self->writer && self->changed)
        give_batch(self);
}

/* Takes a floating value. */
static void put(AppSettings *self, Key key, GVariant *value)
{
    g_variant_ref_sink(value);
    if (g_variant_equal(value, self->values[key])) {
        g_variant_unref(value);
        return;
    }
    g_variant_unref(self->values[key]);
    self->values[key] = value;
    self->changed |= 1u << key;
    if (self->writer && !self->gathering)
        self->gathering = g_timeout_add(GATHER_MS, give_batch, self);
    g_signal_emit(self, changed_signal, g_quark_from_static_string(keys[key].name), keys[key].name);
}

/* An entry of a dictionary by its string, and of what the rest is made; n is at most most. */
static void put_entry(AppSettings *self, Key key, const char *name, GVariant *entry, gsize most)
{
    g_autoptr(GVariant) old = g_variant_ref(self->values[key]);
    gsize n = g_variant_n_children(old), skip = n + 1 > most ? n + 1 - most : 0;
    GVariantBuilder all;
    g_variant_builder_init(&all, g_variant_get_type(old));
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GVariant) child = g_variant_get_child_value(old, i);
        const char *other = NULL;
        g_variant_get_child(child, 0, "&s", &other);
        if (strcmp(other, name) == 0)
            continue;
        if (skip > 0)
            skip--;
        else
            g_variant_builder_add_value(&all, child);
    }
    g_variant_builder_add(&all, "{s*}", name, entry);
    put(self, key, g_variant_builder_end(&all));
}

static bool flag(AppSettings *self, Key key)
{
    return g_variant_get_boolean(self->values[key]);
}

static const char *text(AppSettings *self, Key key)
{
    return g_variant_get_string(self->values[key], NULL);
}

MapsStyle app_settings_style(AppSettings *self)
{
    return strcmp(text(self, STYLE), "day") == 0 ? MAPS_STYLE_DAY : MAPS_STYLE_NIGHT;
}

void app_settings_set_style(AppSettings *self, MapsStyle style)
{
    put(self, STYLE, g_variant_new_string(style == MAPS_STYLE_DAY ? "day" : "night"));
}

const char *app_settings_language(AppSettings *self)
{
    const char *lang = text(self, LANGUAGE);
    return strcmp(lang, "auto") == 0 ? NULL : lang;
}

void app_settings_set_language(AppSettings *self, const char *lang)
{
    put(self, LANGUAGE, g_variant_new_string(lang ? lang : "auto"));
}

const char *app_settings_workspace(AppSettings *self)
{
    return text(self, WORKSPACE);
}

void app_settings_set_workspace(AppSettings *self, const char *name)
{
    put(self, WORKSPACE, g_variant_new_string(name));
}

bool app_settings_left_panel(AppSettings *self)
{
    return flag(self, LEFT_PANEL);
}

void app_settings_set_left_panel(AppSettings *self, bool shown)
{
    put(self, LEFT_PANEL, g_variant_new_boolean(shown));
}

bool app_settings_right_panel(AppSettings *self)
{
    return flag(self, RIGHT_PANEL);
}

void app_settings_set_right_panel(AppSettings *self, bool shown)
{
    put(self, RIGHT_PANEL, g_variant_new_boolean(shown));
}

bool app_settings_reduced_motion(AppSettings *self)
{
    return flag(self, REDUCED_MOTION);
}

void app_settings_set_reduced_motion(AppSettings *self, bool reduced)
{
    put(self, REDUCED_MOTION, g_variant_new_boolean(reduced));
}

double app_settings_opening_zoom(AppSettings *self)
{
    return g_variant_get_double(self->values[OPENING_ZOOM]);
}

void app_settings_set_opening_zoom(AppSettings *self, double zoom)
{
    put(self, OPENING_ZOOM, g_variant_new_double(CLAMP(zoom, 0, 19)));
}

void app_settings_window(AppSettings *self, int *width, int *height, bool *maximised)
{
    gboolean whole;
    g_variant_get(self->values[WINDOW], "(iib)", width, height, &whole);
    *maximised = whole;
}

void app_settings_set_window(AppSettings *self, int width, int height, bool maximised)
{
    put(self, WINDOW, g_variant_new("(iib)", width, height, (gboolean)maximised));
}

bool app_settings_layer(AppSettings *self, const char *layer, bool *shown, double *opacity)
{
    gboolean on;
    double share;
    if (!g_variant_lookup(self->values[LAYERS], layer, "(bd)", &on, &share))
        return false;
    *shown = on;
    *opacity = CLAMP(share, 0, 1);
    return true;
}

void app_settings_set_layer(AppSettings *self, const char *layer, bool shown, double opacity)
{
    put_entry(self, LAYERS, layer, g_variant_new("(bd)", (gboolean)shown, opacity), G_MAXINT);
}

/* ---- cities ---- */

/* NULL: cannot be remembered. */
static char *dup_full(const char *path)
{
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    return g_utf8_validate(full, -1, NULL) ? g_steal_pointer(&full) : NULL;
}

char **app_settings_dup_recent(AppSettings *self)
{
    return g_variant_dup_strv(self->values[RECENT], NULL);
}

/* The list without path, behind first if there is one. */
static void put_recent(AppSettings *self, const char *first, const char *path)
{
    g_autofree const char **old = g_variant_get_strv(self->values[RECENT], NULL);
    const char *now[APP_SETTINGS_RECENT];
    gssize n = 0;
    if (first)
        now[n++] = first;
    for (gsize i = 0; old[i] && n < APP_SETTINGS_RECENT; i++)
        if (strcmp(old[i], path) != 0)
            now[n++] = old[i];
    put(self, RECENT, g_variant_new_strv(now, n));
}

void app_settings_add_recent(AppSettings *self, const char *path)
{
    g_autofree char *full = dup_full(path);
    if (full)
        put_recent(self, full, full);
}

void app_settings_remove_recent(AppSettings *self, const char *path)
{
    g_autofree char *full = dup_full(path);
    if (full)
        put_recent(self, NULL, full);
}

bool app_settings_place(AppSettings *self, const char *path, GeoLonLat *middle, double *zoom)
{
    g_autofree char *full = dup_full(path);
    return full &&
           g_variant_lookup(self->values[PLACES], full, "(ddd)", &middle->lon, &middle->lat, zoom);
}

void app_settings_set_place(AppSettings *self, const char *path, GeoLonLat middle, double zoom)
{
    g_autofree char *full = dup_full(path);
    if (full)
        put_entry(self, PLACES, full, g_variant_new("(ddd)", middle.lon, middle.lat, zoom),
                  MAX_PLACES);
}

/* ---- the mark of a run ---- */

/* Whether pid is another process of this program. */
static bool alive(int pid)
{
    g_autofree char *file = g_strdup_printf("/proc/%d/comm", pid);
    g_autofree char *its = NULL, *ours = NULL;
    return pid > 0 && pid != getpid() && g_file_get_contents(file, &its, NULL, NULL) &&
           g_file_get_contents("/proc/self/comm", &ours, NULL, NULL) && strcmp(its, ours) == 0;
}

bool app_settings_begin(AppSettings *self)
{
    int before = g_variant_get_int32(self->values[RUNNING]);
    put(self, RUNNING, g_variant_new_int32(getpid()));
    give_now(self);
    return before > 0 && !alive(before);
}

void app_settings_end(AppSettings *self)
{
    put(self, RUNNING, g_variant_new_int32(0));
    give_now(self);
}

/* ---- life ---- */

AppSettings *app_settings_new(bool keep)
{
    AppSettings *self = g_object_new(APP_TYPE_SETTINGS, NULL);
    if (keep)
        read_all(self);
    return self;
}

static void finalize(GObject *object)
{
    AppSettings *self = APP_SETTINGS(object);
    give_now(self);
    if (self->writer)
        g_thread_pool_free(self->writer, FALSE, TRUE);
    for (int key = 0; key < N_KEYS; key++)
        g_variant_unref(self->values[key]);
    G_OBJECT_CLASS(app_settings_parent_class)->finalize(object);
}

static void app_settings_class_init(AppSettingsClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    changed_signal =
        g_signal_new("changed", APP_TYPE_SETTINGS, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL,
                     NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void app_settings_init(AppSettings *self)
{
    for (int key = 0; key < N_KEYS; key++)
        self->values[key] = g_variant_ref_sink(g_variant_new_parsed(keys[key].initial));
}
