/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/sightline.h"

#include <math.h>

#include "app/ctl/command.h"
#include "geo/work/who.h"

#define SAME_PX_PER_M 1e-6

static const GeoDensity *density_of(const GeoBatch *rows, guint i)
{
    const GeoDensity *row = (const GeoDensity *)(const void *)geo_batch_row(rows, i);
    return row->row.code && isfinite(row->px_per_m) && row->px_per_m > 0 ? row : NULL;
}

static const GeoDensity *find_density(const GeoBatch *rows, const char *word)
{
    for (guint i = 0; i < rows->rows->len; i++) {
        const GeoDensity *row = density_of(rows, i);
        if (row && g_str_equal(row->row.code, word))
            return row;
    }
    return NULL;
}

static void refuse(const GeoBatch *rows, const char *word, GError **error)
{
    g_autoptr(GString) known = g_string_new(geo_sight_class_words[0]);
    for (int i = 1; i < GEO_N_SIGHT_CLASSES; i++)
        g_string_append_printf(known, ", %s", geo_sight_class_words[i]);
    for (guint i = 0; i < rows->rows->len; i++) {
        const GeoDensity *row = density_of(rows, i);
        if (row && geo_kind_word(geo_sight_class_words, row->row.code) < 0)
            g_string_append_printf(known, ", %s", row->row.code);
    }
    g_set_error(error, APP_USAGE, 0, "--class '%s' is none of %s", word, known->str);
}

bool app_sightline_read(const AppArgs *args, GeoStore *store, AppSightline *line, GError **error)
{
    const char *word = app_args_value(args, "class", geo_sight_class_words[GEO_SIGHT_DETECT]);
    g_autoptr(GeoBatch) rows = geo_store_load(store, GEO_KIND_DENSITY, NULL, error);
    if (!rows)
        return false;
    const GeoDensity *row = find_density(rows, word);
    int class =
        row ? (int)geo_who_class(row->px_per_m) : geo_kind_word(geo_sight_class_words, word);
    if (class < 0) {
        refuse(rows, word, error);
        return false;
    }
    *line = (AppSightline){
        .code = word, .class = (GeoSightClass) class, .night = app_args_has(args, "night")};
    /* A row that says what the class says is the class: counted once, not twice. */
    if (row && fabs(row->px_per_m - geo_sight_px_per_m(line->class)) > SAME_PX_PER_M)
        line->px_per_m = row->px_per_m;
    return true;
}

void app_sightline_ask(const AppSightline *line, GeoCoverageOptions *options)
{
    options->class = line->class;
    options->px_per_m = line->px_per_m;
    options->density = line->code;
    options->night = line->night;
}

double app_sightline_px_per_m(const AppSightline *line)
{
    return line->px_per_m > 0 ? line->px_per_m : geo_sight_px_per_m(line->class);
}

char *app_sightline_words(const AppSightline *line)
{
    return g_strdup_printf("%s (%g px/m), %s", line->code, app_sightline_px_per_m(line),
                           line->night ? "at night" : "by day");
}

void app_sightline_report(JsonBuilder *report, const AppSightline *line)
{
    app_report_text(report, "class", line->code);
    app_report_number(report, "px_per_m", app_sightline_px_per_m(line), 3);
}
