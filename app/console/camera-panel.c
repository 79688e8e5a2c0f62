/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/camera-panel.h"

#include <math.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "maps/paint/words.h"

/* Numbers that can be turned, each a member of the camera. */
typedef enum { HEADING, FIELD, TILT, HEIGHT, RANGE, NIGHT, PIXELS, PHASE, COST, N_NUMBERS } Number;

static const struct {
    const char *label; /* to be translated */
    const char *unit;
    double least, most, step;
} numbers[N_NUMBERS] = {
    [HEADING] = {N_("heading"), "°", 0, 359, 1},
    [FIELD] = {N_("field"), "°", 5, 360, 1},
    [TILT] = {N_("tilt"), "°", 0, 90, 1},
    [HEIGHT] = {N_("height"), "m", 1, 60, 0.5},
    [RANGE] = {N_("range by day"), "m", 5, 1000, 5},
    [NIGHT] = {N_("range by night"), "m", 0, 1000, 5},
    [PIXELS] = {N_("pixels across"), "px", 320, 12000, 160},
    [PHASE] = {N_("phase"), "", 1, 9, 1},
    [COST] = {N_("cost"), N_("yuan"), 0, 10000000, 500},
};

struct _AppCameraPanel {
    AdwBin parent;
    GtkWidget *camera, *spot; /* one of the two is to be seen */
    GtkLabel *kind, *title, *facts, *legal;
    GtkWidget *symbol;
    GtkDropDown *type, *owner, *lens, *state;
    AppPlan *plan;       /* borrowed; of the camera shown */
    gconstpointer types; /* what the dropdown lists; only compared */
    GtkSpinButton *number[N_NUMBERS];
    GtkWidget *restore, *remove;
    GtkLabel *place, *verdict, *offer;
    AppPlanCamera shown;
    double filled[N_NUMBERS]; /* what the spins stood at when the camera was shown */
    bool filling;             /* widgets are set, nobody turns them */
};

G_DEFINE_TYPE(AppCameraPanel, app_camera_panel, ADW_TYPE_BIN)

static guint edited_signal;

/* ---- from widgets to camera ---- */

/* What is not known stays so until somebody turns its spin. */
static bool touched(AppCameraPanel *self, int which)
{
    return gtk_spin_button_get_value(self->number[which]) != self->filled[which];
}

static void on_edited(AppCameraPanel *self)
{
    if (self->filling || self->shown.id == 0)
        return;
    AppPlanCamera wanted = self->shown;
    GeoCamera *camera = &wanted.camera;
    double *members[] = {[HEADING] = &camera->heading_deg,
                         [FIELD] = &camera->fov_deg,
                         [TILT] = &camera->tilt_deg,
                         [HEIGHT] = &camera->height_m,
                         [RANGE] = &camera->range_m,
                         [NIGHT] = &camera->night_range_m,
                         [COST] = &wanted.cost};
    for (int i = 0; i < N_NUMBERS; i++)
        if (i != PIXELS && i != PHASE && gtk_widget_get_sensitive(GTK_WIDGET(self->number[i])) &&
            touched(self, i))
            *members[i] = gtk_spin_button_get_value(self->number[i]);
    if (touched(self, PIXELS))
        camera->width_px = gtk_spin_button_get_value_as_int(self->number[PIXELS]);
    if (touched(self, PHASE))
        wanted.phase = gtk_spin_button_get_value_as_int(self->number[PHASE]);
    camera->owner = (int)gtk_drop_down_get_selected(self->owner);
    camera->lens = (int)gtk_drop_down_get_selected(self->lens);
    camera->state = (int)gtk_drop_down_get_selected(self->state);
    if (camera->heading_deg != self->shown.camera.heading_deg)
        camera->heading_err_deg = 0; /* a person has said where it looks */
    g_signal_emit(self, edited_signal, 0, &wanted);
}

/* The first entry is "another": of no type. */
static void on_type(AppCameraPanel *self)
{
    guint chosen = gtk_drop_down_get_selected(self->type);
    if (self->filling || self->shown.id == 0 || chosen == 0 || chosen == GTK_INVALID_LIST_POSITION)
        return;
    AppPlanCamera wanted = self->shown;
    app_plan_set_type(self->plan, &wanted, chosen - 1);
    g_signal_emit(self, edited_signal, 0, &wanted);
}

/* ---- from camera to widgets ---- */

static void list_types(AppCameraPanel *self, AppPlan *plan)
{
    const GeoBatch *types = app_plan_types(plan);
    self->plan = plan;
    if (types == self->types)
        return;
    self->types = types;
    g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
    gtk_string_list_append(names, _("another"));
    for (guint i = 0; i < types->rows->len; i++) {
        const GeoRow *row = geo_batch_row(types, i);
        gtk_string_list_append(names, row->name ? row->name : row->code ? row->code : "–");
    }
    gtk_drop_down_set_model(self->type, G_LIST_MODEL(names));
}

static void set_number(AppCameraPanel *self, Number which, double value)
{
    GtkSpinButton *spin = self->number[which];
    if (isfinite(value) && fabs(gtk_spin_button_get_value(spin) - value) > 1e-6)
        gtk_spin_button_set_value(spin, value);
}

static void set_choice(GtkDropDown *choice, int value)
{
    if ((int)gtk_drop_down_get_selected(choice) != value)
        gtk_drop_down_set_selected(choice, (guint)value);
}

static void fill(AppCameraPanel *self, AppPlan *plan, const AppPlanCamera *camera)
{
    const GeoCamera *row = &camera->camera;
    bool gone = camera->state == GEO_WHATIF_REMOVED;
    bool round = row->lens != GEO_LENS_FIXED || row->fov_deg >= 360;
    self->filling = true;
    list_types(self, plan);
    set_choice(self->type, app_plan_type_of(plan, row) + 1);
    set_number(self, HEADING, row->heading_deg);
    set_number(self, FIELD, row->fov_deg);
    set_number(self, TILT, row->tilt_deg);
    set_number(self, HEIGHT, row->height_m);
    set_number(self, RANGE, row->range_m);
    set_number(self, NIGHT, row->night_range_m);
    set_number(self, PIXELS, (double)row->width_px);
    set_number(self, PHASE, camera->phase);
    set_number(self, COST, camera->cost);
    set_choice(self->owner, row->owner);
    set_choice(self->lens, row->lens);
    set_choice(self->state, row->state);
    for (int i = 0; i < N_NUMBERS; i++)
        gtk_widget_set_sensitive(GTK_WIDGET(self->number[i]), !gone && !(i == HEADING && round));
    for (int i = 0; i < N_NUMBERS; i++)
        self->filled[i] = gtk_spin_button_get_value(self->number[i]);
    gtk_widget_set_sensitive(GTK_WIDGET(self->type), !gone);
    gtk_widget_set_sensitive(GTK_WIDGET(self->owner), !gone);
    gtk_widget_set_sensitive(GTK_WIDGET(self->lens), !gone);
    gtk_widget_set_sensitive(GTK_WIDGET(self->state), !gone);
    self->filling = false;
}

static const char *kind_word(GeoWhatIfState state)
{
    switch (state) {
    case GEO_WHATIF_ADDED:
        return _("New camera, planned");
    case GEO_WHATIF_EDITED:
        return _("Camera, changed by the plan");
    case GEO_WHATIF_REMOVED:
        return _("Camera, gone by the plan");
    default:
        return _("Camera, as the register has it");
    }
}

static char *dup_facts(AppPlan *plan, const AppPlanCamera *camera)
{
    bool night;
    GeoSightClass class = app_plan_class(plan, &night);
    GeoSightOptions options = {.class = class, .night = night, .with_off = true};
    GeoEye eye = geo_sight_eye(&camera->camera, (GeoXY){0, 0}, &options, NULL);
    g_autofree char *reach = app_words_dup_metres(geo_view_ahead_m(&eye));
    if (camera->state == GEO_WHATIF_REMOVED)
        return g_strdup(_("It is taken away by the plan. Restore brings it back."));
    g_autofree char *sole =
        app_words_dup_metres(geo_whatif_sole_m(app_plan_whatif(plan), camera->id));
    bool inside = geo_whatif_place(app_plan_whatif(plan), camera->at).in_building;
    g_autofree char *facts =
        g_strdup_printf(_("%s of street seen by it alone. It can %s as far as %s, %s."), sole,
                        app_words_class(class), reach, night ? _("by night") : _("by day"));
    return inside ? g_strdup_printf("%s\n%s", facts,
                                    _("It stands inside a building: move it to a wall or a pole."))
                  : g_steal_pointer(&facts);
}

/* Regulation 799's rooms that the field meets, and the homes that it faces. */
static char *dup_legal(AppPlan *plan, const GeoLegal *legal)
{
    g_autofree char *homes = g_strdup_printf(_("Dwellings that it faces: %zu."), legal->dwellings);
    if (legal->rooms->len == 0)
        return g_strdup_printf(_("It looks into no forbidden room. %s"), homes);
    const GeoLegalRoom *met = &g_array_index(legal->rooms, GeoLegalRoom, 0);
    const GeoNolook *room = app_plan_room(plan, met);
    g_autofree char *far = app_words_dup_metres(met->distance_m);
    g_autofree char *wall = app_words_dup_metres(met->wall_m);
    const char *name = room->row.name ? room->row.name : room->row.code ? room->row.code : "–";
    const char *words = met->forbidden
                            ? _("Forbidden: it looks at %s of the wall of a %s (%s), %s off. %s")
                            : _("Consent is due: it looks at %s of a %s (%s), %s off. %s");
    return g_strdup_printf(words, wall, app_words_nolook(room->class), name, far, homes);
}

static void show_legal(AppCameraPanel *self, AppPlan *plan, const AppPlanCamera *camera)
{
    g_autoptr(GeoLegal) legal =
        camera->state == GEO_WHATIF_REMOVED ? NULL : app_plan_legal(plan, camera);
    g_autofree char *words = legal ? dup_legal(plan, legal) : NULL;
    app_looks_set_text(self->legal, words ? words : "");
    gtk_widget_set_visible(GTK_WIDGET(self->legal), words != NULL);
    if (legal && legal->rooms->len > 0)
        gtk_widget_add_css_class(GTK_WIDGET(self->legal), "warn");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(self->legal), "warn");
}

void app_camera_panel_show(AppCameraPanel *self, AppPlan *plan, const AppPlanCamera *camera)
{
    g_autofree char *facts = dup_facts(plan, camera);
    const GeoCamera *row = &camera->camera;
    self->shown = *camera;
    fill(self, plan, camera);
    app_looks_set_text(self->kind, kind_word(camera->state));
    app_looks_set_text(self->title, row->row.name   ? row->row.name
                                    : row->row.code ? row->row.code
                                                    : _("New camera"));
    app_looks_set_text(self->facts, facts);
    show_legal(self, plan, camera);
    gtk_widget_set_visible(self->restore, camera->state == GEO_WHATIF_EDITED ||
                                              camera->state == GEO_WHATIF_REMOVED);
    gtk_widget_set_visible(self->remove, camera->state != GEO_WHATIF_REMOVED);
    gtk_widget_set_visible(self->spot, FALSE);
    gtk_widget_set_visible(self->camera, TRUE);
}

/* ---- a place ---- */

static char *dup_verdict(const AppCameraSpot *spot)
{
    GString *words = g_string_new(NULL);
    if (spot->place.in_building)
        g_string_append(words, _("This is inside a building: a camera here would look through its "
                                 "walls. Choose a place on a wall or a pole."));
    else if (spot->place.seen_by > 0)
        g_string_append_printf(words, _("This place is seen by %u cameras already."),
                               spot->place.seen_by);
    else
        g_string_append(words, spot->place.ground ? _("Nobody sees this place now.")
                                                  : _("Nobody sees this place now; it is not "
                                                      "public ground and does not count."));
    return g_string_free(words, FALSE);
}

static char *dup_offer(const AppCameraSpot *spot)
{
    g_autofree char *gain = app_words_dup_metres(spot->gain_m);
    g_autofree char *worst =
        isfinite(spot->worst_gain_m) ? app_words_dup_metres(spot->worst_gain_m) : NULL;
    if (spot->gain_m < 1)
        return g_strdup(_("Why not here: a usual camera would add no metre of street, whichever "
                          "way it looks."));
    if (worst && spot->gain_m < spot->worst_gain_m)
        return g_strdup_printf(_("Why not here: a usual camera, looking towards %.0f°, would add "
                                 "%s of street; the least of the plan's new ones adds %s."),
                               spot->heading_deg, gain, worst);
    return g_strdup_printf(_("A usual camera, looking towards %.0f°, would add %s of street."),
                           spot->heading_deg, gain);
}

void app_camera_panel_show_spot(AppCameraPanel *self, const AppCameraSpot *spot)
{
    g_autofree char *verdict = dup_verdict(spot), *offer = dup_offer(spot);
    g_autofree char *place = spot->street
                                 ? g_strdup(spot->street)
                                 : g_strdup_printf("%.5f, %.5f", spot->at.lon, spot->at.lat);
    self->shown.id = 0;
    app_looks_set_text(self->place, place);
    app_looks_set_text(self->verdict, verdict);
    app_looks_set_text(self->offer, offer);
    gtk_widget_set_visible(self->camera, FALSE);
    gtk_widget_set_visible(self->spot, TRUE);
}

/* ---- making ---- */

static GtkLabel *add_words(GtkWidget *box, const char *css)
{
    GtkWidget *label = app_looks_label("", css, 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
    gtk_box_append(GTK_BOX(box), label);
    return GTK_LABEL(label);
}

static GtkWidget *add_button(GtkWidget *box, const char *words, const char *action, const char *tip)
{
    GtkWidget *button = gtk_button_new_with_label(words);
    gtk_actionable_set_detailed_action_name(GTK_ACTIONABLE(button), action);
    gtk_widget_set_tooltip_text(button, tip);
    gtk_widget_set_hexpand(button, TRUE);
    gtk_box_append(GTK_BOX(box), button);
    return button;
}

static void attach(GtkWidget *grid, int row, const char *label, GtkWidget *widget, const char *unit)
{
    GtkWidget *name = app_looks_label(label, "quiet", 0);
    gtk_widget_set_hexpand(widget, TRUE);
    gtk_grid_attach(GTK_GRID(grid), name, 0, row, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), widget, 1, row, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), app_looks_label(unit, "quiet", 0), 2, row, 1, 1);
    app_looks_name(widget, label);
}

static GtkDropDown *make_choice(AppCameraPanel *self, const char *(*word)(int), int n)
{
    const char *words[9] = {NULL};
    for (int i = 0; i < n && i < 8; i++)
        words[i] = word(i);
    GtkWidget *choice = gtk_drop_down_new_from_strings(words);
    g_signal_connect_object(choice, "notify::selected", G_CALLBACK(on_edited), self,
                            G_CONNECT_SWAPPED);
    return GTK_DROP_DOWN(choice);
}

static GtkWidget *make_grid(AppCameraPanel *self)
{
    GtkWidget *grid = gtk_grid_new();
    gtk_grid_set_column_spacing(GTK_GRID(grid), 8);
    gtk_grid_set_row_spacing(GTK_GRID(grid), 3);
    self->type = GTK_DROP_DOWN(gtk_drop_down_new_from_strings((const char *[]){"–", NULL}));
    g_signal_connect_object(self->type, "notify::selected", G_CALLBACK(on_type), self,
                            G_CONNECT_SWAPPED);
    self->owner = make_choice(self, app_words_owner, GEO_N_OWNERS);
    self->lens = make_choice(self, app_words_lens, GEO_N_LENSES);
    self->state = make_choice(self, app_words_camera_state, GEO_N_CAMERA_STATES);
    attach(grid, 0, _("type"), GTK_WIDGET(self->type), "");
    attach(grid, 1, _("built by"), GTK_WIDGET(self->owner), "");
    attach(grid, 2, _("lens"), GTK_WIDGET(self->lens), "");
    attach(grid, 3, _("state"), GTK_WIDGET(self->state), "");
    for (int i = 0; i < N_NUMBERS; i++) {
        GtkWidget *spin =
            gtk_spin_button_new_with_range(numbers[i].least, numbers[i].most, numbers[i].step);
        self->number[i] = GTK_SPIN_BUTTON(spin);
        gtk_spin_button_set_digits(self->number[i], i == HEIGHT ? 1 : 0);
        gtk_spin_button_set_wrap(self->number[i], i == HEADING);
        gtk_editable_set_width_chars(GTK_EDITABLE(spin), 7);
        attach(grid, 4 + i, _(numbers[i].label), spin, *numbers[i].unit ? _(numbers[i].unit) : "");
        g_signal_connect_object(spin, "value-changed", G_CALLBACK(on_edited), self,
                                G_CONNECT_SWAPPED);
    }
    return grid;
}

static GtkWidget *make_camera(AppCameraPanel *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 5);
    GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *heading = app_looks_heading("", NULL);
    self->kind = GTK_LABEL(gtk_widget_get_first_child(heading));
    gtk_widget_add_css_class(card, "card");
    self->title = add_words(card, "big");
    self->facts = add_words(card, "quiet numeric");
    self->legal = add_words(card, "quiet numeric");
    gtk_box_append(GTK_BOX(card), make_grid(self));
    add_button(buttons, _("Turn it best"), "win.plan-aim",
               _("The heading with the greatest gain (H)"));
    self->remove = add_button(buttons, _("Take away"), "win.plan-remove", _("Take away (Delete)"));
    self->restore = add_button(buttons, _("Restore"), "win.plan-restore",
                               _("As the register has it (Shift+Delete)"));
    gtk_widget_set_margin_bottom(buttons, 4);
    gtk_box_append(GTK_BOX(card), buttons);
    gtk_box_append(GTK_BOX(box), heading);
    gtk_box_append(GTK_BOX(box), card);
    return box;
}

static GtkWidget *make_spot(AppCameraPanel *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 5);
    gtk_widget_add_css_class(card, "card");
    self->place = add_words(card, "big");
    self->verdict = add_words(card, NULL);
    self->offer = add_words(card, "numeric");
    GtkWidget *add = add_button(card, _("Add a camera here"), "win.plan-add-here",
                                _("Shift and a click does the same"));
    gtk_widget_add_css_class(add, "suggested-action");
    gtk_widget_set_margin_bottom(add, 4);
    gtk_box_append(GTK_BOX(box), app_looks_heading(_("A camera here?"), NULL));
    gtk_box_append(GTK_BOX(box), card);
    return box;
}

AppCameraPanel *app_camera_panel_new(void)
{
    return g_object_new(APP_TYPE_CAMERA_PANEL, NULL);
}

static void app_camera_panel_class_init(AppCameraPanelClass *class)
{
    edited_signal = g_signal_new("edited", APP_TYPE_CAMERA_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void app_camera_panel_init(AppCameraPanel *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    self->filling = true;
    self->camera = make_camera(self);
    self->spot = make_spot(self);
    self->filling = false;
    gtk_box_append(GTK_BOX(box), self->camera);
    gtk_box_append(GTK_BOX(box), self->spot);
    adw_bin_set_child(ADW_BIN(self), box);
}
