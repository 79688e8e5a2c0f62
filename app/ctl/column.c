/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/column.h"

#include <glib.h>
#include <stdbool.h>
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

char *app_column_dup_line(const char *text)
{
    if (!text)
        return NULL;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_sized_new(strlen(valid));
    for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
        gunichar letter = g_utf8_get_char(c);
        GUnicodeType type = g_unichar_type(letter);
        bool blank = type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
                     type == G_UNICODE_PARAGRAPH_SEPARATOR;
        g_string_append_unichar(line, blank ? ' ' : letter);
    }
    return g_string_free(line, FALSE);
}
