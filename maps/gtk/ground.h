/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A map source without pictures: it tells libshumate's viewport, scale bar and licence the
 * projection and whose data the map is made of. */
#include <shumate/shumate.h>

#define MAPS_TYPE_GROUND maps_ground_get_type()
G_DECLARE_FINAL_TYPE(MapsGround, maps_ground, MAPS, GROUND, ShumateMapSource)

MapsGround *maps_ground_new(const char *licence);
