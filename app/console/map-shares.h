/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The whole city by community: how much of its streets the cameras see, as a choropleth where
 * fields would be smaller than a pixel. */
#include "app/session/survey.h"
#include "maps/gtk/pictures.h"

/* data: AppSurvey, or none. Nothing is painted nearer than MAPS_CITY_ZOOM. */
extern const MapsPicturesPainter app_map_shares;
