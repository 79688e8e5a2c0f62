/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The program's own icon. */
#include <adwaita.h>

#define APP_EMBLEM "io.github.gridbeat.Gridbeat"

/* Lets windows and pages of that display show APP_EMBLEM, from the source tree until it is
 * installed, and makes it the icon of each window to come. */
void app_emblem_add(GdkDisplay *display);
