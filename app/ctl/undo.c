/* SPDX-License-Identifier: GPL-3.0-or-later */
/* undo: an import goes as a whole. */
#include "app/ctl/undo.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "geo/work/import.h"

/* Nobody waits while the rows are swept; what is left after so long goes later. */
#define SWEEP_MS 60000

static bool undo(GeoStore *store, int64_t import_id, GError **error)
{
    GeoAct act = app_city_act();
    bool left;
    return geo_import_undo(store, &act, import_id, error) &&
           geo_store_sweep(store, act.now_ms, SWEEP_MS, &left, error);
}

static AppExit run(const AppArgs *args, GError **error)
{
    const char *word = app_args_place(args, 1);
    gint64 import_id;
    if (!g_ascii_string_to_signed(word, 10, 1, G_MAXINT64, &import_id, NULL)) {
        g_set_error(error, APP_USAGE, 0, "'%s' is not the number of an import; info lists them",
                    word);
        return APP_EXIT_USAGE;
    }
    g_autoptr(GeoStore) store = app_city_open(args, true, error);
    if (!store || !undo(store, import_id, error))
        return APP_EXIT_DATA;
    if (app_args_has(args, "json")) {
        JsonBuilder *report = app_report_new("undo");
        app_report_text(report, "import", word);
        app_report_print(report);
    } else {
        printf("import %s is undone: all of its rows are gone\n", word);
    }
    return APP_EXIT_OK;
}

const AppCommand app_undo_command = {
    .name = "undo",
    .places = "CITY IMPORT",
    .summary = "take back an import as a whole; info lists their numbers",
    .min_places = 2,
    .max_places = 2,
    .run = run,
};
