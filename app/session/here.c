/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/here.h"

void app_here_free(AppHere *here)
{
    if (!here)
        return;
    geo_here_free(here->place);
    g_clear_pointer(&here->comers, g_array_unref);
    g_clear_pointer(&here->left_out, g_array_unref);
    g_clear_pointer(&here->route, g_array_unref);
    g_string_chunk_free(here->text);
    g_free(here);
}
