/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backup: the whole city in one file, while others work. */
#include "app/ctl/backup.h"

#include <glib/gstdio.h>
#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"

static AppExit run(const AppArgs *args, GError **error)
{
    const char *file = app_args_place(args, 1);
    GeoAct act = app_city_act();
    GStatBuf info;
    g_autoptr(GeoStore) store = app_city_open(args, true, error);
    if (!store || !geo_store_backup(store, &act, file, error))
        return APP_EXIT_DATA;
    gint64 bytes = g_stat(file, &info) == 0 ? info.st_size : 0;
    if (app_args_has(args, "json")) {
        JsonBuilder *report = app_report_new("backup");
        app_report_text(report, "file", file);
        app_report_integer(report, "bytes", bytes);
        app_report_print(report);
    } else {
        g_autofree char *size = g_format_size((guint64)bytes);
        printf("%s: %s, every part with its hash; `gridbeatctl restore %s NEW.gridbeat` makes the "
               "city again\n",
               file, size, file);
    }
    return APP_EXIT_OK;
}

const AppCommand app_backup_command = {
    .name = "backup",
    .places = "CITY FILE",
    .summary = "save a whole city, tracks included, into one new file",
    .min_places = 2,
    .max_places = 2,
    .run = run,
};
