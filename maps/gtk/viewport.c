/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/viewport.h"

MapsView maps_viewport_view(ShumateLayer *layer, MapsStyle style, const char *lang)
{
    ShumateViewport *viewport = shumate_layer_get_viewport(layer);
    ShumateLocation *middle = SHUMATE_LOCATION(viewport);
    double scale = gtk_widget_get_scale_factor(GTK_WIDGET(layer));
    return (MapsView){
        .middle = {shumate_location_get_longitude(middle), shumate_location_get_latitude(middle)},
        .zoom = shumate_viewport_get_zoom_level(viewport),
        .width = gtk_widget_get_width(GTK_WIDGET(layer)) * scale,
        .height = gtk_widget_get_height(GTK_WIDGET(layer)) * scale,
        .scale = scale,
        .style = style,
        .lang = lang};
}
