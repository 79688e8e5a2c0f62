/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One symbol of the map, small, for lists and legends; in the style that is on. */
#include <gtk/gtk.h>

typedef enum {
    APP_SWATCH_UNIT,     /* kind, status, age_s */
    APP_SWATCH_INCIDENT, /* priority, state */
    APP_SWATCH_CAMERA,   /* owner, state */
    APP_SWATCH_COVER,    /* seen by 1, 2, 3 and more */
    APP_SWATCH_GAP,
    APP_SWATCH_TRAIL,
    APP_SWATCH_TIER, /* MapsTier */
    APP_SWATCH_HEAT, /* the ramp, as wide as it may be */
} AppSwatchForm;

typedef struct {
    AppSwatchForm form;
    int a, b;
    double age_s;
} AppSwatchLook;

#define APP_TYPE_SWATCH app_swatch_get_type()
G_DECLARE_FINAL_TYPE(AppSwatch, app_swatch, APP, SWATCH, GtkWidget)

GtkWidget *app_swatch_new(AppSwatchLook look);
void app_swatch_set(AppSwatch *swatch, AppSwatchLook look); /* redraws only when it differs */
