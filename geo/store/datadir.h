/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Where the program's own data files lie: $GRIDBEAT_DATA_DIR, else where they were installed, else
 * the source tree. */
#include <glib.h>

/* The path of a data file, "profiles/osm.profile"; NULL when no place has it. The caller's. */
char *geo_datadir_find(const char *name);
