/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/column.h"

#include <glib.h>
#include <string.h>

int app_column_width(const char *text, int places)
{
    int shown = 0;
    if (!g_utf8_validate(text, -1, NULL))
        return places;
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        gunichar letter = g_utf8_get_char(c);
        if (!g_unichar_iszerowidth(letter))
            shown += g_unichar_iswide(letter) ? 2 : 1;
    }
    return places + (int)strlen(text) - shown;
}
