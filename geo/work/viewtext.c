/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/viewtext.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "geo/model/kind.h"

static const char *skip_space(const char *text)
{
    while (g_ascii_isspace(*text))
        text++;
    return text;
}

/* An unsigned number with at most 9 digits before and behind the point. */
static const char *take_number(const char *text, double *value)
{
    char digits[24];
    size_t n = strspn(text, "0123456789");
    if (n == 0 || n > 9)
        return NULL;
    size_t length = n;
    if (text[n] == '.') {
        size_t fraction = strspn(text + n + 1, "0123456789");
        length += 1 + MIN(fraction, 9);
        n += 1 + fraction;
    }
    memcpy(digits, text, length);
    digits[length] = '\0';
    *value = g_ascii_strtod(digits, NULL);
    return text + n;
}

bool geo_viewtext_field(const char *text, double *fov_deg, int *lens)
{
    static const char *const units[] = {"도", "°", "度", "deg"};
    text = skip_space(text);
    if (g_str_has_prefix(text, "회전")) {
        *fov_deg = 360;
        *lens = GEO_LENS_PTZ;
        return true;
    }
    double number;
    const char *rest = take_number(text, &number);
    if (rest && number >= 1 && number <= 360) {
        bool unit = *skip_space(rest) == '\0';
        for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
            unit |= g_str_has_prefix(rest, units[i]);
        if (unit) {
            *fov_deg = number;
            *lens = number >= 360 ? GEO_LENS_DOME : GEO_LENS_FIXED;
            return true;
        }
    }
    if (strstr(text, "고정")) {
        *lens = GEO_LENS_FIXED;
        return true;
    }
    return false;
}

static bool read_compass(const char *text, size_t n, double *heading_deg, double *err_deg)
{
    static const char *const winds[] = {"N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE",
                                        "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"};
    for (size_t i = 0; i < G_N_ELEMENTS(winds); i++)
        if (strlen(winds[i]) == n && !g_ascii_strncasecmp(text, winds[i], n)) {
            *heading_deg = 22.5 * (double)i;
            *err_deg = n == 3 ? 11.25 : 22.5;
            return true;
        }
    return false;
}

bool geo_viewtext_direction(const char *text, double *heading_deg, double *err_deg, double *fov_deg)
{
    text = skip_space(text);
    size_t letters = strcspn(text, ";, \t");
    if (read_compass(text, letters, heading_deg, err_deg))
        return true;
    double from, to;
    bool negative = *text == '-';
    const char *rest = take_number(text + negative, &from);
    if (!rest || from > 360)
        return false;
    if (negative)
        from = -from;
    if (*rest == '-' && !negative) {
        const char *end = take_number(rest + 1, &to);
        if (!end || to > 360 || !strchr(";, \t", *end))
            return false;
        double width = fmod(to - from + 360, 360);
        *fov_deg = width > 0 ? width : 360;
        *heading_deg = fmod(from + *fov_deg / 2, 360);
        *err_deg = 0;
        return true;
    }
    if (!strchr(";, \t", *rest) && !g_str_has_prefix(rest, "°"))
        return false;
    *heading_deg = fmod(from + 360, 360);
    *err_deg = 0;
    return true;
}

int geo_viewtext_width_px(const char *text)
{
    static const struct {
        const char *word;
        int width_px;
    } words[] = {{"8k", 7680},    {"4k", 3840},   {"2160p", 3840}, {"1440p", 2560},
                 {"1080p", 1920}, {"960p", 1280}, {"720p", 1280},  {"d1", 704},
                 {"4cif", 704},   {"cif", 352},   {"2k", 2560}};
    double width, height;
    text = skip_space(text);
    const char *rest = take_number(text, &width);
    if (rest && (*rest == 'x' || *rest == 'X' || *rest == '*') && take_number(rest + 1, &height))
        return width >= 100 && width <= 20000 ? (int)width : 0;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (!g_ascii_strncasecmp(text, words[i].word, strlen(words[i].word)))
            return words[i].width_px;
    return 0;
}
