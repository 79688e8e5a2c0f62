/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/thing-panel.h"

#include <math.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "maps/paint/words.h"

struct _AppThingPanel {
    AdwBin parent;
    const AppCity *city; /* borrowed */
    GtkWidget *box, *rows, *symbol;
    GPtrArray *values; /* GtkLabel of the rows in order, borrowed */
    char *shown;       /* which thing; its rows are filled in place */
    guint at;          /* the next row */
};

G_DEFINE_TYPE(AppThingPanel, app_thing_panel, ADW_TYPE_BIN)

/* ---- rows ---- */

/* A unit's symbol changes with its status and age. */
static void put_symbol(AppThingPanel *self, GtkWidget *head, GtkWidget *symbol)
{
    if (self->symbol)
        gtk_box_remove(GTK_BOX(head), self->symbol);
    gtk_box_prepend(GTK_BOX(head), symbol);
    self->symbol = symbol;
}

/* True when the thing is new and its rows are to be made. Names are not unique, ids are: things of
 * one name have rows of their own. */
static bool begin(AppThingPanel *self, const char *kind, int64_t id, const char *title,
                  GtkWidget *symbol)
{
    g_autofree char *key = g_strdup_printf("%s %" G_GINT64_FORMAT, kind, id);
    self->at = 0;
    if (g_strcmp0(key, self->shown) == 0) {
        put_symbol(self, gtk_widget_get_parent(self->symbol), symbol);
        return false;
    }
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    g_free(self->shown);
    self->shown = g_steal_pointer(&key);
    app_looks_clear(self->box);
    g_ptr_array_set_size(self->values, 0);
    self->rows = gtk_grid_new();
    gtk_grid_set_column_spacing(GTK_GRID(self->rows), 10);
    gtk_grid_set_row_spacing(GTK_GRID(self->rows), 3);
    gtk_widget_add_css_class(card, "card");
    self->symbol = NULL;
    put_symbol(self, head, symbol);
    gtk_box_append(GTK_BOX(head), app_looks_label(title, "big numeric", 0));
    gtk_box_append(GTK_BOX(card), head);
    gtk_box_append(GTK_BOX(card), self->rows);
    gtk_box_append(GTK_BOX(self->box), app_looks_heading(kind, NULL));
    gtk_box_append(GTK_BOX(self->box), card);
    return true;
}

static void row(AppThingPanel *self, const char *name, const char *value)
{
    if (self->at == self->values->len) {
        GtkWidget *key = app_looks_label(name, "quiet", 0);
        GtkWidget *label = app_looks_label(value, "numeric", 0);
        gtk_label_set_wrap(GTK_LABEL(label), TRUE);
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
        gtk_label_set_selectable(GTK_LABEL(label), FALSE);
        gtk_widget_set_valign(key, GTK_ALIGN_START);
        gtk_widget_set_hexpand(label, TRUE);
        gtk_grid_attach(GTK_GRID(self->rows), key, 0, (int)self->at, 1, 1);
        gtk_grid_attach(GTK_GRID(self->rows), label, 1, (int)self->at, 1, 1);
        g_ptr_array_add(self->values, label);
    }
    GtkLabel *label = self->values->pdata[self->at++];
    if (g_strcmp0(gtk_label_get_text(label), value) != 0)
        gtk_label_set_text(label, value);
    g_autofree char *spoken = g_strdup_printf("%s: %s", name, value);
    gtk_accessible_update_property(GTK_ACCESSIBLE(label), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                   -1);
}

static void row_take(AppThingPanel *self, const char *name, char *value)
{
    g_autofree char *taken = value;
    row(self, name, taken);
}

static void note(AppThingPanel *self, const char *words)
{
    GtkWidget *label = app_looks_label(words, "quiet", 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
    gtk_box_append(GTK_BOX(self->box), label);
}

static void place_rows(AppThingPanel *self, GeoLonLat at)
{
    const GeoArea *area = app_where_find(self->city->where, at);
    row_take(self, _("position"), g_strdup_printf("%.5f, %.5f", at.lon, at.lat));
    row_take(self, _("lies in"),
             area ? g_strdup_printf("%s %s", area->row.code ? area->row.code : "",
                                    area->row.name ? area->row.name : "")
                  : g_strdup("–"));
}

/* ---- things ---- */

void app_thing_panel_show_unit(AppThingPanel *self, const AppUnit *who, const MapsUnit *unit)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, who->id);
    g_autofree char *age = app_words_dup_age(unit->age_s);
    bool made = begin(self, _("Unit"), who->id, who->code ? who->code : id,
                      app_looks_unit(unit->kind, unit->status, unit->age_s));
    row(self, _("kind"), app_words_unit_kind(unit->kind));
    row(self, _("status"), app_words_status(unit->status));
    row_take(
        self, _("position is"),
        isnan(unit->age_s)
            ? g_strdup(_("its post: never heard"))
            : g_strdup_printf(_("%s, %s old"), app_words_age_class(unit->kind, unit->age_s), age));
    row_take(self, _("moves"),
             isfinite(unit->speed_mps) && unit->speed_mps > 0.3
                 ? g_strdup_printf(_("%.0f km/h towards %.0f°"), unit->speed_mps * 3.6,
                                   isfinite(unit->heading_deg) ? unit->heading_deg : 0)
                 : g_strdup(_("stands")));
    place_rows(self, unit->at);
    if (made)
        note(self, _("Naming a patroller or following one back in time asks for a purpose, and is "
                     "logged."));
}

static char *dup_reach(const GeoCamera *camera, bool night)
{
    GString *words = g_string_new(NULL);
    for (int class = 0; class < GEO_N_SIGHT_CLASSES; class ++)
        g_string_append_printf(words, "%s%s %.0f m", class ? " · " : "", app_words_class(class),
                               geo_sight_reach_m(camera, (GeoSightClass) class, night, NULL));
    return g_string_free(words, FALSE);
}

static char *dup_assumed(int64_t assumed)
{
    static const char *const words[] = {N_("heading"), N_("field"), N_("range"), N_("height"),
                                        N_("pixels"),  N_("owner"), N_("tilt")};
    GString *all = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (assumed >> i & 1)
            g_string_append_printf(all, "%s%s", all->len ? ", " : "", _(words[i]));
    return g_string_free(all, FALSE);
}

static char *dup_heading(const GeoCamera *camera)
{
    if (camera->lens != GEO_LENS_FIXED || camera->fov_deg >= 360)
        return g_strdup(_("all round"));
    if (!isfinite(camera->heading_deg) || camera->heading_err_deg >= 180)
        return g_strdup(_("unknown: it counts as seeing nothing"));
    return g_strdup_printf("%.0f° ± %.1f°, %s %.0f°", camera->heading_deg, camera->heading_err_deg,
                           _("field"), isfinite(camera->fov_deg) ? camera->fov_deg : 0);
}

void app_thing_panel_show_camera(AppThingPanel *self, const GeoCamera *camera, GeoLonLat at)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, camera->row.id);
    const char *title = camera->row.name   ? camera->row.name
                        : camera->row.code ? camera->row.code
                                           : id;
    if (!begin(self, _("Camera"), camera->row.id, title,
               app_looks_camera(camera->owner, camera->state)))
        return;
    row(self, _("code"), camera->row.code ? camera->row.code : "–");
    row(self, _("built by"), app_words_owner(camera->owner));
    row(self, _("state"), app_words_camera_state(camera->state));
    row(self, _("lens"), app_words_lens(camera->lens));
    row_take(self, _("looks"), dup_heading(camera));
    row_take(self, _("by day"), dup_reach(camera, false));
    row_take(self, _("by night"), dup_reach(camera, true));
    row_take(self, _("mounted"),
             isfinite(camera->height_m) ? g_strdup_printf("%.1f m", camera->height_m)
                                        : g_strdup("–"));
    if (camera->place)
        row(self, _("place"), camera->place);
    if (camera->assumed)
        row_take(self, _("assumed"), dup_assumed(camera->assumed));
    place_rows(self, at);
}

static const GeoCoverageArea *coverage_of(const AppSurvey *survey, const char *code)
{
    for (guint i = 0; survey && code && i < survey->coverage->areas->len; i++) {
        const GeoCoverageArea *area = &g_array_index(survey->coverage->areas, GeoCoverageArea, i);
        if (g_strcmp0(area->code, code) == 0)
            return area;
    }
    return NULL;
}

void app_thing_panel_show_area(AppThingPanel *self, const GeoArea *area, const AppSurvey *survey)
{
    const GeoCoverageArea *seen = coverage_of(survey, area->row.code);
    const char *name = area->row.name ? area->row.name : area->row.code;
    begin(self, _("Area"), area->row.id, name ? name : "–", app_looks_line(2));
    row(self, _("level"), app_words_level(area->level));
    row(self, _("code"), area->row.code ? area->row.code : "–");
    if (area->parent)
        row(self, _("within"), area->parent);
    if (area->population > 0)
        row_take(self, _("people"), g_strdup_printf("%" G_GINT64_FORMAT, area->population));
    if (seen && seen->street_m > 0) {
        g_autofree char *share = app_words_dup_share(seen->seen_m / seen->street_m);
        row_take(self, _("streets seen"),
                 g_strdup_printf(_("%s of %.1f km (%s, %s)"), share, seen->street_m / 1000,
                                 app_words_class(self->city->class),
                                 self->city->night ? _("by night") : _("by day")));
    }
}

/* ---- life ---- */

AppThingPanel *app_thing_panel_new(const AppCity *city)
{
    AppThingPanel *self = g_object_new(APP_TYPE_THING_PANEL, NULL);
    self->city = city;
    self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
    adw_bin_set_child(ADW_BIN(self), self->box);
    return self;
}

static void finalize(GObject *object)
{
    AppThingPanel *self = APP_THING_PANEL(object);
    g_ptr_array_unref(self->values);
    g_free(self->shown);
    G_OBJECT_CLASS(app_thing_panel_parent_class)->finalize(object);
}

static void app_thing_panel_class_init(AppThingPanelClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
}

static void app_thing_panel_init(AppThingPanel *self)
{
    self->values = g_ptr_array_new();
}
