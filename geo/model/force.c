/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/force.h"

const char *const geo_force_words[] = {"police",    "auxiliary", "guard", "volunteer",
                                       "emergency", "unknown",   0};
