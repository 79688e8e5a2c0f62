/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The window's style sheet, and symbols of the map as widgets: the same painters draw both. */
#include <adwaita.h>

#include "maps/paint/view.h"

/* Colours of the style for all widgets of the display. */
void app_looks_set(MapsStyle style);
MapsStyle app_looks_style(void);

/* Symbols of size_px, in the style at the time they are drawn. */
GtkWidget *app_looks_unit(int kind, int status, double age_s);
GtkWidget *app_looks_incident(int64_t priority, int state);
GtkWidget *app_looks_camera(int owner, int state);
GtkWidget *app_looks_cover(int level); /* 0..2: seen by 1, 2, 3 and more */
GtkWidget *app_looks_gap(void);
GtkWidget *app_looks_heat(int width_px);
GtkWidget *app_looks_trail(void);
GtkWidget *app_looks_line(double width_px); /* a border of the grids */

/* A label: css classes by spaces, or NULL; xalign 0 left, 1 right; ellipsized at its end. */
GtkWidget *app_looks_label(const char *text, const char *css, double xalign);
/* A heading with quiet words at its right, which are returned in right (may be NULL). */
GtkWidget *app_looks_heading(const char *text, GtkLabel **right);
/* Sets text only where it differs, so that an unchanged label costs nothing. */
void app_looks_set_text(GtkLabel *label, const char *text);
/* The name by which a screen reader or a driver knows a widget. */
void app_looks_name(gpointer widget, const char *name);
void app_looks_clear(GtkWidget *box); /* removes all children of a box */
