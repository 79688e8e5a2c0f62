/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/ground.h"

struct _MapsGround {
    ShumateMapSource parent;
};

G_DEFINE_TYPE(MapsGround, maps_ground, SHUMATE_TYPE_MAP_SOURCE)

static void maps_ground_class_init(MapsGroundClass *class)
{
}

static void maps_ground_init(MapsGround *ground)
{
    ShumateMapSource *source = SHUMATE_MAP_SOURCE(ground);
    shumate_map_source_set_id(source, "ground");
    shumate_map_source_set_min_zoom_level(source, 3);
    shumate_map_source_set_max_zoom_level(source, 20);
    shumate_map_source_set_tile_size(source, 256);
    shumate_map_source_set_projection(source, SHUMATE_MAP_PROJECTION_MERCATOR);
}

MapsGround *maps_ground_new(const char *licence)
{
    return g_object_new(MAPS_TYPE_GROUND, "license", licence, NULL);
}
