/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/layers-panel.h"

#include <math.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "maps/paint/fields.h"
#include "maps/paint/words.h"

struct _AppLayersPanel {
    AdwBin parent;
    const AppCity *city; /* borrowed */
    GtkToggleButton *eye[APP_N_LAYERS];
    GtkScale *slider[APP_N_LAYERS];
    GtkLabel *share[APP_N_LAYERS];
    GtkLabel *heat_low, *heat_high, *heat_note;
};

G_DEFINE_TYPE(AppLayersPanel, app_layers_panel, ADW_TYPE_BIN)

enum { SHOWN, OPACITY, N_SIGNALS };
static guint signals[N_SIGNALS];

static void *layer_key(AppLayer layer)
{
    return GINT_TO_POINTER((int)layer);
}

static AppLayer layer_of(gpointer widget)
{
    return (AppLayer)GPOINTER_TO_INT(g_object_get_data(G_OBJECT(widget), "layer"));
}

static void on_eye(GtkToggleButton *eye, AppLayersPanel *self)
{
    gboolean shown = gtk_toggle_button_get_active(eye);
    AppLayer layer = layer_of(eye);
    gtk_button_set_icon_name(GTK_BUTTON(eye),
                             shown ? "view-reveal-symbolic" : "view-conceal-symbolic");
    gtk_widget_set_sensitive(GTK_WIDGET(self->slider[layer]), shown);
    g_signal_emit(self, signals[SHOWN], 0, (int)layer, shown);
}

static void on_slide(GtkRange *slider, AppLayersPanel *self)
{
    AppLayer layer = layer_of(slider);
    double share = gtk_range_get_value(slider) / 100;
    g_autofree char *words = g_strdup_printf("%.0f %%", 100 * share);
    gtk_label_set_text(self->share[layer], words);
    g_signal_emit(self, signals[OPACITY], 0, (int)layer, share);
}

static GtkWidget *make_row(AppLayersPanel *self, AppLayer layer)
{
    const AppLayerLook *look = &app_layer_looks[layer];
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4), *eye = gtk_toggle_button_new();
    GtkWidget *name = app_looks_label(_(look->label), "strong", 0);
    GtkWidget *slider = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, 100, 5);
    GtkWidget *share = app_looks_label("", "quiet numeric", 1);
    g_autofree char *spoken = g_strdup_printf(_("opacity of %s"), _(look->label));
    self->eye[layer] = GTK_TOGGLE_BUTTON(eye);
    self->slider[layer] = GTK_SCALE(slider);
    self->share[layer] = GTK_LABEL(share);
    g_object_set_data(G_OBJECT(eye), "layer", layer_key(layer));
    g_object_set_data(G_OBJECT(slider), "layer", layer_key(layer));
    gtk_widget_add_css_class(eye, "flat");
    gtk_widget_add_css_class(eye, "small");
    gtk_accessible_update_property(GTK_ACCESSIBLE(eye), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(look->label), -1);
    gtk_accessible_update_property(GTK_ACCESSIBLE(slider), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                   -1);
    gtk_widget_set_hexpand(name, TRUE);
    gtk_widget_set_size_request(slider, 64, -1);
    gtk_label_set_width_chars(GTK_LABEL(share), 5);
    gtk_box_append(GTK_BOX(row), eye);
    gtk_box_append(GTK_BOX(row), name);
    gtk_box_append(GTK_BOX(row), slider);
    gtk_box_append(GTK_BOX(row), share);
    g_signal_connect_object(eye, "toggled", G_CALLBACK(on_eye), self, 0);
    g_signal_connect_object(slider, "value-changed", G_CALLBACK(on_slide), self, 0);
    return row;
}

/* ---- legends ---- */

static void add_item(GtkGrid *grid, int *n, int columns, GtkWidget *symbol, const char *words)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    GtkWidget *label = app_looks_label(words, "quiet", 0);
    gtk_widget_set_hexpand(box, TRUE);
    gtk_box_append(GTK_BOX(box), symbol);
    gtk_box_append(GTK_BOX(box), label);
    gtk_grid_attach(grid, box, *n % columns, *n / columns, 1, 1);
    ++*n;
}

static GtkGrid *new_grid(void)
{
    GtkWidget *grid = gtk_grid_new();
    gtk_grid_set_column_homogeneous(GTK_GRID(grid), TRUE);
    return GTK_GRID(grid);
}

static GtkWidget *units_legend(void)
{
    static const int statuses[] = {GEO_STATUS_AVAILABLE, GEO_STATUS_RESERVED, GEO_STATUS_EN_ROUTE,
                                   GEO_STATUS_ON_SCENE,  GEO_STATUS_BUSY,     GEO_STATUS_OUT};
    static const double ages[MAPS_N_AGES] = {1, 90, 300, 1800};
    static const char *const words[MAPS_N_AGES] = {N_("live"), N_("late"), N_("stale, min"),
                                                   N_("silent")};
    GtkGrid *grid = new_grid();
    int n = 0;
    for (int kind = 0; kind < GEO_N_UNIT_KINDS; kind++)
        add_item(grid, &n, 2, app_looks_unit(kind, GEO_STATUS_AVAILABLE, 1),
                 app_words_unit_kind(kind));
    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++)
        add_item(grid, &n, 2, app_looks_unit(GEO_UNIT_FOOT, statuses[i], 1),
                 app_words_status(statuses[i]));
    for (int i = 0; i < MAPS_N_AGES; i++)
        add_item(grid, &n, 2, app_looks_unit(GEO_UNIT_FOOT, GEO_STATUS_AVAILABLE, ages[i]),
                 _(words[i]));
    return GTK_WIDGET(grid);
}

static GtkWidget *incidents_legend(void)
{
    GtkGrid *grid = new_grid();
    int n = 0;
    for (int priority = 1; priority <= 4; priority++) {
        g_autofree char *words = g_strdup_printf(_("priority %d"), priority);
        add_item(grid, &n, 2, app_looks_incident(priority, GEO_INCIDENT_RECEIVED), words);
    }
    add_item(grid, &n, 2, app_looks_incident(2, GEO_INCIDENT_DISPATCHED), _("assigned"));
    add_item(grid, &n, 2, app_looks_incident(2, GEO_INCIDENT_ON_SCENE), _("on scene"));
    return GTK_WIDGET(grid);
}

static GtkWidget *fields_legend(const AppCity *city)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkGrid *levels = new_grid(), *owners = new_grid();
    static const char *const words[] = {N_("1×"), N_("2×"), N_("3× +")};
    g_autofree char *sight = g_strdup_printf(city->night ? _("%s, by night") : _("%s, by day"),
                                             app_words_class(city->class));
    int n = 0;
    for (int i = 0; i < 3; i++)
        add_item(levels, &n, 3, app_looks_cover(i), _(words[i]));
    n = 0;
    for (int owner = 0; owner < GEO_OWNER_UNKNOWN; owner++)
        add_item(owners, &n, 2, app_looks_camera(owner, GEO_CAMERA_WORKING),
                 app_words_owner(owner));
    add_item(owners, &n, 2, app_looks_camera(0, GEO_CAMERA_PLANNED), _("planned"));
    add_item(owners, &n, 2, app_looks_camera(0, GEO_CAMERA_FAULTY), _("faulty"));
    gtk_box_append(GTK_BOX(box), app_looks_label(sight, "quiet", 0));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(levels));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(owners));
    return box;
}

static GtkWidget *gaps_legend(void)
{
    GtkGrid *grid = new_grid();
    int n = 0;
    add_item(grid, &n, 1, app_looks_gap(), _("street no camera sees, rank"));
    return GTK_WIDGET(grid);
}

static GtkWidget *heat_legend(AppLayersPanel *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *ends = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *low = app_looks_label("", "quiet numeric", 0);
    GtkWidget *high = app_looks_label("", "quiet numeric", 1);
    GtkWidget *note = app_looks_label("", "quiet", 0);
    gtk_widget_set_hexpand(high, TRUE);
    gtk_label_set_wrap(GTK_LABEL(note), TRUE);
    gtk_label_set_ellipsize(GTK_LABEL(note), PANGO_ELLIPSIZE_NONE);
    gtk_box_append(GTK_BOX(ends), low);
    gtk_box_append(GTK_BOX(ends), high);
    gtk_box_append(GTK_BOX(box), app_looks_heat(220));
    gtk_box_append(GTK_BOX(box), ends);
    gtk_box_append(GTK_BOX(box), note);
    self->heat_low = GTK_LABEL(low);
    self->heat_high = GTK_LABEL(high);
    self->heat_note = GTK_LABEL(note);
    return box;
}

void app_layers_panel_set_heat(AppLayersPanel *self, const MapsHeatReport *heat)
{
    bool some = heat && heat->n > 0;
    if (!self->heat_note)
        return;
    g_autofree char *high =
        some ? g_strdup_printf("%s%.0f", heat->beyond ? "≥ " : "", heat->peak_per_km2) : NULL;
    g_autofree char *note =
        !some            ? g_strdup(_("no incidents here in the period"))
        : heat->days > 0 ? g_strdup_printf(_("incidents per km², %zu in %d days, kernel %.0f m"),
                                           heat->n, heat->days, heat->radius_m)
                         : g_strdup_printf(_("incidents per km², all %zu here, kernel %.0f m"),
                                           heat->n, heat->radius_m);
    gtk_label_set_text(self->heat_low, some ? "0" : "");
    gtk_label_set_text(self->heat_high, some ? high : "");
    gtk_label_set_text(self->heat_note, note);
}

static GtkWidget *grids_legend(void)
{
    static const double widths[] = {2, 1.2, 0.8, 0.5};
    static const char *const words[] = {N_("district"), N_("street"), N_("community"), N_("grid")};
    GtkGrid *grid = new_grid();
    int n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(widths); i++)
        add_item(grid, &n, 2, app_looks_line(widths[i]), _(words[i]));
    return GTK_WIDGET(grid);
}

/* What the city has not, and how it gets there; NULL when it has it. */
static const char *what_is_missing(const AppCity *city, AppLayer layer)
{
    const int64_t *n = city->counts;
    switch (layer) {
    case APP_LAYER_UNITS:
    case APP_LAYER_TRAILS:
        return n[GEO_KIND_UNIT] ? NULL
                                : _("No units in this city: gridbeatctl import CITY units FILE.");
    case APP_LAYER_INCIDENTS:
    case APP_LAYER_HEAT:
        return n[GEO_KIND_INCIDENT]
                   ? NULL
                   : _("No incidents in this city: gridbeatctl import CITY incidents FILE.");
    case APP_LAYER_FIELDS:
        return n[GEO_KIND_CAMERA]
                   ? NULL
                   : _("No cameras in this city: gridbeatctl import CITY cameras FILE.");
    case APP_LAYER_GAPS:
        return n[GEO_KIND_CAMERA] && n[GEO_KIND_ROAD] ? NULL : _("Gaps need cameras and streets.");
    case APP_LAYER_GRIDS:
        return n[GEO_KIND_AREA] ? NULL
                                : _("No areas in this city: gridbeatctl import CITY areas FILE.");
    default:
        return NULL;
    }
}

static GtkWidget *make_legend(AppLayersPanel *self, AppLayer layer)
{
    switch (layer) {
    case APP_LAYER_UNITS:
        return units_legend();
    case APP_LAYER_INCIDENTS:
        return incidents_legend();
    case APP_LAYER_FIELDS:
        return fields_legend(self->city);
    case APP_LAYER_GAPS:
        return gaps_legend();
    case APP_LAYER_HEAT:
        return heat_legend(self);
    case APP_LAYER_GRIDS:
        return grids_legend();
    default:
        return NULL;
    }
}

static GtkWidget *make_layer(AppLayersPanel *self, AppLayer layer)
{
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    const char *missing = what_is_missing(self->city, layer);
    gtk_widget_add_css_class(card, "card");
    gtk_box_append(GTK_BOX(card), make_row(self, layer));
    if (missing) {
        GtkWidget *label = app_looks_label(missing, "quiet", 0);
        gtk_label_set_wrap(GTK_LABEL(label), TRUE);
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
        gtk_box_append(GTK_BOX(card), label);
        return card;
    }
    GtkWidget *legend = make_legend(self, layer);
    if (legend)
        gtk_box_append(GTK_BOX(card), legend);
    return card;
}

AppLayersPanel *app_layers_panel_new(const AppCity *city)
{
    AppLayersPanel *self = g_object_new(APP_TYPE_LAYERS_PANEL, NULL);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    GtkLabel *right;
    self->city = city;
    gtk_box_append(GTK_BOX(box), app_looks_heading(_("Layers"), &right));
    gtk_label_set_text(right, _("opacity"));
    for (int layer = 0; layer < APP_N_LAYERS; layer++)
        gtk_box_append(GTK_BOX(box), make_layer(self, (AppLayer)layer));
    for (int layer = 0; layer < APP_N_LAYERS; layer++)
        app_layers_panel_set(self, (AppLayer)layer, true, app_layer_looks[layer].opacity);
    adw_bin_set_child(ADW_BIN(self), box);
    return self;
}

void app_layers_panel_set(AppLayersPanel *self, AppLayer layer, bool shown, double opacity)
{
    gtk_toggle_button_set_active(self->eye[layer], shown);
    gtk_button_set_icon_name(GTK_BUTTON(self->eye[layer]),
                             shown ? "view-reveal-symbolic" : "view-conceal-symbolic");
    gtk_range_set_value(GTK_RANGE(self->slider[layer]), 100 * opacity);
}

bool app_layers_panel_get(AppLayersPanel *self, AppLayer layer, double *opacity)
{
    *opacity = gtk_range_get_value(GTK_RANGE(self->slider[layer])) / 100;
    return gtk_toggle_button_get_active(self->eye[layer]);
}

static void app_layers_panel_class_init(AppLayersPanelClass *class)
{
    signals[SHOWN] = g_signal_new("shown", APP_TYPE_LAYERS_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_BOOLEAN);
    signals[OPACITY] = g_signal_new("opacity", APP_TYPE_LAYERS_PANEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_DOUBLE);
}

static void app_layers_panel_init(AppLayersPanel *self)
{
}
