/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/datadir.h"

char *geo_datadir_find(const char *name)
{
    const char *places[] = {g_getenv("GRIDBEAT_DATA_DIR"), GRIDBEAT_DATA, GRIDBEAT_SOURCE_DATA};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        if (!places[i] || !*places[i])
            continue;
        g_autofree char *path = g_build_filename(places[i], name, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
    }
    return NULL;
}
