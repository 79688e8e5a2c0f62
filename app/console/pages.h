/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the window says where there is no map to be shown. */
#include <adwaita.h>

/* Pages "welcome", "hollow", "trouble", "loading" are added to stack, the cities opened last to the
 * first of them; the trouble page. */
AdwStatusPage *app_pages_add(GtkStack *stack, GtkWidget *recent);

/* What to do about an error of opening a city. */
const char *app_pages_advice(const GError *error);
