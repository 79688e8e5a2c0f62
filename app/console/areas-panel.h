/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The areas of one level as a table that sorts by any column. */
#include <adwaita.h>
#include <stdbool.h>

typedef struct {
    int64_t id;
    const char *code, *name; /* may be NULL */
    double share;            /* of its streets seen, 0..1; NAN: not known */
    int64_t cameras;
    int64_t units, incidents_28d; /* -1: not known */
} AppAreaLine;

#define APP_TYPE_AREAS_PANEL app_areas_panel_get_type()
G_DECLARE_FINAL_TYPE(AppAreasPanel, app_areas_panel, APP, AREAS_PANEL, AdwBin)

/* Signal "chosen" (gint64 id). */
AppAreasPanel *app_areas_panel_new(void);

/* level in the store's word ("community"); sight says what the share means. Copied. */
void app_areas_panel_set(AppAreasPanel *panel, const char *level, const char *sight,
                         const AppAreaLine *lines, size_t n);
