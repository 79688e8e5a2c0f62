/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/looks.h"

#include <math.h>

#include "maps/paint/fields.h"
#include "maps/paint/gaps.h"
#include "maps/paint/heat.h"
#include "maps/paint/incidents.h"
#include "maps/paint/style.h"
#include "maps/paint/units.h"

#define SYMBOL_PX 26

static const char sheet[] =
    "window.gridbeat, window.gridbeat headerbar { background: @gb_paper; color: @gb_ink; }"
    "window.gridbeat { font-family: Inter, 'Noto Sans CJK SC', sans-serif; font-size: 13px; }"
    "window.gridbeat headerbar { min-height: 44px; box-shadow: none;"
    "  border-bottom: 1px solid @gb_rim; }"
    "window.gridbeat.once { box-shadow: none; border-radius: 0; padding: 0; margin: 0; }"
    ".numeric { font-feature-settings: 'tnum'; }"
    ".side { background: @gb_paper; padding: 8px; }"
    ".side.left { border-right: 1px solid @gb_rim; }"
    ".side.right { border-left: 1px solid @gb_rim; }"
    ".strip { background: @gb_paper; border-top: 1px solid @gb_rim; padding: 0 12px;"
    "  font-size: 12px; min-height: 27px; }"
    ".strip > box > separator { margin: 7px 10px; background: @gb_rim; }"
    ".strip button { min-height: 20px; min-width: 20px; padding: 0 4px; }"
    ".timebar { min-height: 54px; font-size: 13px; }"
    ".timebar button { min-height: 30px; min-width: 30px; }"
    ".dot { min-width: 9px; min-height: 9px; border-radius: 5px; background: @gb_quiet; }"
    ".dot.live { background: @gb_live; }"
    ".dot.paused { background: #E69F00; }"
    ".dot.playback { background: #CC79A7; }"
    ".timebar.playback { background: alpha(#CC79A7, 0.22); }"
    "box.replay { background: #8E2F66; color: white; padding: 3px 10px; font-weight: 600; }"
    "box.replay .word { font-weight: 800; letter-spacing: 2px; margin-right: 8px; }"
    "box.replay label, box.replay image { color: white; }"
    "box.replay button { min-height: 28px; min-width: 30px; }"
    "box.replay button:not(.flat) { background: white; padding: 0 10px; }"
    "box.replay button:not(.flat) label { color: #6B1F4B; }"
    ".badge { border: 1px solid #CC79A7; border-radius: 4px; min-width: 20px; font-size: 11px;"
    "  font-weight: 700; padding: 1px 0; }"
    "columnview.plain, columnview.plain > listview { background: transparent; }"
    "columnview.plain > header > button label { color: @gb_quiet; opacity: 1; }"
    "columnview.plain > header > button { padding: 4px 6px; font-size: 11px; background: none;"
    "  color: @gb_quiet; opacity: 1; box-shadow: none; border: none; }"
    "columnview.plain > listview > row > cell { padding: 3px 6px; min-height: 22px; }"
    "columnview.plain > listview > row:selected { background: alpha(@accent_bg_color, 0.35);"
    "  color: @gb_ink; }"
    ".heading { font-weight: 600; color: @gb_quiet; font-size: 12px; margin: 6px 4px 2px 4px; }"
    ".heading-note, .quiet { color: @gb_quiet; font-size: 12px; }"
    ".card { background: @gb_card; border: 1px solid @gb_rim; border-radius: 8px;"
    "  padding: 4px 8px; box-shadow: none; }"
    ".card.alarm { border-color: #D55E00; }"
    ".card.first { background: @gb_first; }"
    ".strong { font-weight: 700; }"
    ".loud { color: @gb_loud; font-weight: 700; }"
    ".warn { color: @gb_warn; }"
    ".big { font-size: 17px; font-weight: 700; }"
    ".key { border: 1px solid @gb_quiet; border-radius: 4px; padding: 0 5px; font-size: 11px;"
    "  font-weight: 700; min-width: 10px; }"
    ".chip { background: @gb_rim; border-radius: 5px; padding: 1px 7px; font-size: 12px; }"
    ".live { color: @gb_live; }"
    ".hint { background: @gb_card; border: 1px solid @gb_rim; border-radius: 8px;"
    "  padding: 7px 14px; font-weight: 600; }"
    "list.plain, list.plain > row { background: transparent; }"
    "list.plain > row { padding: 2px 2px; border-radius: 6px; min-height: 28px; }"
    "list.plain > row:hover { background: alpha(@gb_ink, 0.06); }"
    "list.plain > row:selected { background: alpha(@accent_bg_color, 0.35); color: @gb_ink; }"
    "list.plain > row.fresh { background: @gb_fresh; }"
    ".side scale { min-height: 12px; padding: 0 4px; }"
    ".side scale slider { min-width: 11px; min-height: 11px; margin: -5px; }"
    ".side scale trough { min-height: 3px; }"
    "button.small { min-height: 24px; min-width: 24px; padding: 1px; }"
    ".workspaces button { padding: 2px 13px; min-height: 28px; }"
    ".workspaces button:checked { background: @accent_bg_color; color: @accent_fg_color; }"
    ".paused { box-shadow: inset 0 0 0 2px #E69F00; }"
    "license, .license { color: @gb_quiet; background: alpha(@gb_paper, 0.75); padding: 1px 6px;"
    "  font-size: 10.5px; }";

static const char *const colours[MAPS_N_STYLES] = {
    [MAPS_STYLE_NIGHT] =
        "@define-color gb_paper #141b22; @define-color gb_card #1b242d;"
        "@define-color gb_rim #2a3642; @define-color gb_ink #e4eaf0;"
        "@define-color gb_quiet #a2b0bd; @define-color gb_loud #ff8a3d;"
        "@define-color gb_warn #f0b64a; @define-color gb_first #1d3a63;"
        "@define-color gb_live #2fc795; @define-color gb_fresh #4a2313;"
        "@define-color window_bg_color #141b22; @define-color view_bg_color #1b242d;"
        "@define-color headerbar_bg_color #141b22; @define-color popover_bg_color #1b242d;"
        "@define-color accent_bg_color #2b6fce; @define-color accent_color #7db3f5;",
    [MAPS_STYLE_DAY] =
        "@define-color gb_paper #faf8f4; @define-color gb_card #ffffff;"
        "@define-color gb_rim #dcd6ca; @define-color gb_ink #20262c;"
        "@define-color gb_quiet #55606a; @define-color gb_loud #b34700;"
        "@define-color gb_warn #8a5a00; @define-color gb_first #dbe8fa;"
        "@define-color gb_live #00734f; @define-color gb_fresh #fbe3d3;"
        "@define-color window_bg_color #faf8f4; @define-color view_bg_color #ffffff;"
        "@define-color headerbar_bg_color #faf8f4; @define-color popover_bg_color #ffffff;"
        "@define-color accent_bg_color #2b6fce; @define-color accent_color #1c5db8;",
};

static MapsStyle shown_style;

MapsStyle app_looks_style(void)
{
    return shown_style;
}

void app_looks_set(MapsStyle style)
{
    static GtkCssProvider *provider; /* one for the process: the display holds it */
    g_autofree char *css = g_strconcat(colours[style], sheet, NULL);
    GdkDisplay *display = gdk_display_get_default();
    shown_style = style;
    adw_style_manager_set_color_scheme(adw_style_manager_get_default(),
                                       style == MAPS_STYLE_NIGHT ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                 : ADW_COLOR_SCHEME_FORCE_LIGHT);
    if (!provider) {
        provider = gtk_css_provider_new();
        gtk_style_context_add_provider_for_display(display, GTK_STYLE_PROVIDER(provider),
                                                   GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    }
    gtk_css_provider_load_from_data(provider, css, -1);
}

/* ---- symbols ---- */

typedef enum { UNIT, INCIDENT, CAMERA, COVER, GAP, HEAT, TRAIL, LINE } Look;

typedef struct {
    Look look;
    int a, b;
    double x;
} Symbol;

static void draw_cover(cairo_t *cr, int level, int width, int height)
{
    const MapsPalette *palette = maps_style_palette(shown_style);
    cairo_rectangle(cr, 3, height / 2.0 - 6, width - 6, 12);
    maps_style_set(cr, palette->cover[level], fmin(1, palette->cover_alpha[level] * 1.6));
    cairo_fill_preserve(cr);
    maps_style_set(cr, palette->field, 0.9);
    cairo_set_line_width(cr, 1);
    cairo_stroke(cr);
}

static void draw_gap(cairo_t *cr, const MapsView *view, int width, int height)
{
    cairo_rectangle(cr, 3, height / 2.0 - 6, width - 6, 12);
    maps_gaps_hatch(cr, view, 4, 1.4, 1);
}

static void draw_stroke(cairo_t *cr, MapsColor color, double width_px, int width, int height)
{
    maps_style_set(cr, color, 1);
    cairo_set_line_width(cr, width_px);
    cairo_move_to(cr, 3, height / 2.0);
    cairo_line_to(cr, width - 3, height / 2.0);
    cairo_stroke(cr);
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    const Symbol *symbol = data;
    const MapsPalette *palette = maps_style_palette(shown_style);
    MapsView view = {
        .zoom = 17, .width = width, .height = height, .scale = 1, .style = shown_style};
    MapsPoint middle = {width / 2.0, height / 2.0};
    MapsUnit unit = {
        .kind = symbol->a, .status = symbol->b, .age_s = symbol->x, .heading_deg = NAN};
    switch (symbol->look) {
    case UNIT:
        maps_paint_unit(cr, &view, middle, &unit);
        break;
    case INCIDENT:
        maps_paint_incident(cr, &view, middle, symbol->a, symbol->b);
        break;
    case CAMERA:
        maps_paint_camera(cr, &view, middle, symbol->a, symbol->b);
        break;
    case COVER:
        draw_cover(cr, symbol->a, width, height);
        break;
    case GAP:
        draw_gap(cr, &view, width, height);
        break;
    case HEAT:
        maps_paint_heat_bar(cr, &view, 1, height / 2.0 - 5, width - 2, 10);
        break;
    case TRAIL:
        draw_stroke(cr, palette->trail, 3, width, height);
        break;
    case LINE:
        draw_stroke(cr, palette->grid, symbol->x, width, height);
        break;
    }
}

static GtkWidget *new_symbol(Symbol symbol, int width_px)
{
    GtkWidget *area = gtk_drawing_area_new();
    gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(area), width_px);
    gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), SYMBOL_PX);
    gtk_widget_set_valign(area, GTK_ALIGN_CENTER);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw, g_memdup2(&symbol, sizeof symbol),
                                   g_free);
    return area;
}

GtkWidget *app_looks_unit(int kind, int status, double age_s)
{
    return new_symbol((Symbol){UNIT, kind, status, age_s}, SYMBOL_PX);
}

GtkWidget *app_looks_incident(int64_t priority, int state)
{
    return new_symbol((Symbol){INCIDENT, (int)priority, state, 0}, SYMBOL_PX);
}

GtkWidget *app_looks_camera(int owner, int state)
{
    return new_symbol((Symbol){CAMERA, owner, state, 0}, SYMBOL_PX);
}

GtkWidget *app_looks_cover(int level)
{
    return new_symbol((Symbol){COVER, level, 0, 0}, SYMBOL_PX);
}

GtkWidget *app_looks_gap(void)
{
    return new_symbol((Symbol){GAP, 0, 0, 0}, SYMBOL_PX);
}

GtkWidget *app_looks_heat(int width_px)
{
    return new_symbol((Symbol){HEAT, 0, 0, 0}, width_px);
}

GtkWidget *app_looks_trail(void)
{
    return new_symbol((Symbol){TRAIL, 0, 0, 0}, SYMBOL_PX);
}

GtkWidget *app_looks_line(double width_px)
{
    return new_symbol((Symbol){LINE, 0, 0, width_px}, SYMBOL_PX);
}

/* ---- words ---- */

GtkWidget *app_looks_label(const char *text, const char *css, double xalign)
{
    GtkWidget *label = gtk_label_new(text);
    g_auto(GStrv) classes = g_strsplit(css ? css : "", " ", -1);
    for (char **class = classes; *class; class ++)
        if (**class)
            gtk_widget_add_css_class(label, *class);
    gtk_label_set_xalign(GTK_LABEL(label), (float)xalign);
    if (gtk_widget_has_css_class(label, "key"))
        gtk_widget_set_valign(label, GTK_ALIGN_CENTER);
    /* One letter of a key is narrower than the dots that would stand for it. */
    if (!gtk_widget_has_css_class(label, "key")) {
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
        gtk_label_set_width_chars(GTK_LABEL(label), 2);
    }
    return label;
}

GtkWidget *app_looks_heading(const char *text, GtkLabel **right)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *title = app_looks_label(text, "heading", 0);
    GtkWidget *note = app_looks_label("", "heading-note numeric", 1);
    gtk_widget_set_hexpand(title, TRUE);
    gtk_box_append(GTK_BOX(box), title);
    gtk_box_append(GTK_BOX(box), note);
    if (right)
        *right = GTK_LABEL(note);
    return box;
}

void app_looks_set_text(GtkLabel *label, const char *text)
{
    if (g_strcmp0(gtk_label_get_text(label), text ? text : "") != 0)
        gtk_label_set_text(label, text ? text : "");
}

void app_looks_name(gpointer widget, const char *name)
{
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void app_looks_clear(GtkWidget *box)
{
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(box)))
        gtk_box_remove(GTK_BOX(box), child);
}
