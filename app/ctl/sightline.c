/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/sightline.h"

#include "app/ctl/command.h"

bool app_sightline_read(const AppArgs *args, GeoSightClass *class, bool *night, GError **error)
{
    const char *word = app_args_value(args, "class", geo_sight_class_words[GEO_SIGHT_DETECT]);
    int found = geo_kind_word(geo_sight_class_words, word);
    if (found < 0) {
        g_set_error(error, APP_USAGE, 0,
                    "--class '%s' is none of detect, observe, recognise, identify", word);
        return false;
    }
    *class = (GeoSightClass)found;
    *night = app_args_has(args, "night");
    return true;
}

char *app_sightline_words(GeoSightClass class, bool night)
{
    return g_strdup_printf("%s (%g px/m), %s", geo_sight_class_words[class],
                           geo_sight_px_per_m(class), night ? "at night" : "by day");
}
