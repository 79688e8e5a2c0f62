/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/style.h"

#include <math.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void known_ratios(void)
{
    MapsColor black = {0, 0, 0}, white = {1, 1, 1},
              grey = {0x76 / 255.0, 0x76 / 255.0, 0x76 / 255.0};
    g_assert_cmpfloat_with_epsilon(maps_style_contrast(black, white), 21, 1e-9);
    g_assert_cmpfloat_with_epsilon(maps_style_contrast(white, grey), 4.54, 0.01);
    g_assert_cmpfloat_with_epsilon(maps_style_contrast(grey, grey), 1, 1e-9);
}

static void words_are_legible(void)
{
    for (int style = 0; style < MAPS_N_STYLES; style++) {
        const MapsPalette *p = maps_style_palette((MapsStyle)style);
        const MapsColor words[] = {p->text, p->text_strong, p->text_quiet, p->text_water,
                                   p->text_green};
        const MapsColor grounds[] = {p->halo,        p->land,           p->paper,    p->water,
                                     p->green,       p->square,         p->farmland, p->industrial,
                                     p->residential, p->private_ground, p->building, p->panel};
        for (size_t i = 0; i < N(words); i++)
            for (size_t k = 0; k < N(grounds); k++) {
                double ratio = maps_style_contrast(words[i], grounds[k]);
                if (ratio < 4.5)
                    g_test_message("style %d, words %zu on ground %zu: %.2f", style, i, k, ratio);
                g_assert_cmpfloat(ratio, >=, 4.5);
            }
    }
}

/* A symbol stands off by its fill or by the rim around it; hollow ones by their line on the panel
 * colour that fills them. */
static void symbols_stand_off_both_grounds(void)
{
    for (int style = 0; style < MAPS_N_STYLES; style++) {
        const MapsPalette *p = maps_style_palette((MapsStyle)style);
        const MapsColor grounds[] = {p->land,
                                     p->paper,
                                     p->water,
                                     p->green,
                                     p->road[GEO_ROAD_TERTIARY],
                                     p->road[GEO_ROAD_PRIMARY]};
        for (size_t k = 0; k < N(grounds); k++)
            g_assert_cmpfloat(maps_style_contrast(p->rim, grounds[k]), >=, 3);
        const MapsColor lines[] = {p->gap, p->field, p->trail, p->district, p->grid};
        for (size_t i = 0; i < N(lines); i++) {
            double ratio = maps_style_contrast(lines[i], p->land);
            if (ratio < 3)
                g_test_message("style %d, line %zu: %.2f", style, i, ratio);
            g_assert_cmpfloat(ratio, >=, 3);
        }
        for (int i = 0; i < GEO_N_OWNERS; i++)
            g_assert_cmpfloat(maps_style_contrast(p->camera[i], p->land), >=, 3);
    }
}

static void ramps_only_rise(void)
{
    for (int i = 1; i <= 50; i++) {
        double night = maps_style_luminance(maps_style_heat(MAPS_STYLE_NIGHT, i / 50.0)) -
                       maps_style_luminance(maps_style_heat(MAPS_STYLE_NIGHT, (i - 1) / 50.0));
        double day = maps_style_luminance(maps_style_heat(MAPS_STYLE_DAY, i / 50.0)) -
                     maps_style_luminance(maps_style_heat(MAPS_STYLE_DAY, (i - 1) / 50.0));
        double share = maps_style_luminance(maps_style_share(MAPS_STYLE_NIGHT, i / 50.0)) -
                       maps_style_luminance(maps_style_share(MAPS_STYLE_NIGHT, (i - 1) / 50.0));
        g_assert_cmpfloat(night, >, 0);
        g_assert_cmpfloat(day, <, 0);
        g_assert_cmpfloat(share, >, 0);
    }
}

static void statuses_differ(void)
{
    static const GeoUnitStatus statuses[] = {GEO_STATUS_AVAILABLE, GEO_STATUS_RESERVED,
                                             GEO_STATUS_EN_ROUTE,  GEO_STATUS_ON_SCENE,
                                             GEO_STATUS_BUSY,      GEO_STATUS_SOS};
    const MapsPalette *p = maps_style_palette(MAPS_STYLE_NIGHT);
    for (size_t i = 0; i < N(statuses); i++)
        for (size_t k = 0; k < i; k++) {
            MapsColor a = maps_style_status(p, statuses[i]), b = maps_style_status(p, statuses[k]);
            g_assert_cmpfloat(fabs(a.r - b.r) + fabs(a.g - b.g) + fabs(a.b - b.b), >, 0.2);
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/style/known-ratios", known_ratios);
    g_test_add_func("/style/words-are-legible", words_are_legible);
    g_test_add_func("/style/symbols-stand-off-both-grounds", symbols_stand_off_both_grounds);
    g_test_add_func("/style/ramps-only-rise", ramps_only_rise);
    g_test_add_func("/style/statuses-differ", statuses_differ);
    return g_test_run();
}
