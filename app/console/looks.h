/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How the console looks: one style sheet for night and day, its colours those of the map. */
#include <adwaita.h>

#include "maps/paint/style.h"

/* Gives the default display the style sheet and keeps its colours with the style manager's dark or
 * light; once is enough, more does nothing. */
void app_looks_load(void);

/* The style that is on: night when the style manager is dark. */
MapsStyle app_looks_style(void);

/* A label of those classes (a blank between them; may be NULL), left, one line, ellipsized. */
GtkWidget *app_looks_label(const char *text, const char *classes);

/* Sets text only where it differs, so that an unchanged label costs nothing. */
void app_looks_set_text(GtkLabel *label, const char *text);

/* A heading of a section with quiet words on its right; words goes to the label in right (may be
 * NULL). */
GtkWidget *app_looks_head(const char *title, GtkLabel **right);

/* The name by which a reader or a driver knows a widget. */
void app_looks_name(gpointer widget, const char *name);
