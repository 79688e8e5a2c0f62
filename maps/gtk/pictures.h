/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A layer in screen space: one picture of what is in sight, painted in a thread once the view
 * rests, moved and scaled with the map until then. Names, heat, gaps and trails are such. */
#include <shumate/shumate.h>

#include "maps/gtk/crew.h"
#include "maps/paint/gaps.h"
#include "maps/paint/path.h"
#include "maps/paint/units.h"

/* What is painted; lives for ever. */
typedef struct {
    const char *name;
    unsigned rank;
    unsigned rest_ms;    /* without a move until it is painted */
    double margin_share; /* of the view, on each side: what a pan brings into sight at once */
    double least_zoom;   /* below it there is nothing to paint */
    MapsSheetPaint paint;
} MapsPicturesPainter;

extern const MapsPicturesPainter maps_pictures_names;  /* data: MapsKeepOff, or none */
extern const MapsPicturesPainter maps_pictures_heat;   /* data: MapsHeatData; none: no heat */
extern const MapsPicturesPainter maps_pictures_gaps;   /* data: MapsGaps of the whole city */
extern const MapsPicturesPainter maps_pictures_trails; /* data: MapsUnits with trails */

/* Where no name may stand: about places, px of an unscaled screen. For MapsGaps, MapsUnits and this
 * the data handed over may be a greater struct that begins with it and owns the arrays. */
typedef struct {
    const GeoLonLat *at;
    const MapsRect *around; /* one per place, relative to it */
    size_t n;
} MapsKeepOff;

typedef struct {
    int64_t at_ms; /* heat is of the time before it */
} MapsHeatData;

/* The heat's report: what a legend says. */
typedef struct {
    double peak_per_km2; /* the ramp's end; 0: no incidents */
    bool beyond;         /* something lies above */
    double radius_m;
    size_t n; /* incidents counted */
    int days; /* before to_ms; 0: all that there are */
    int64_t to_ms;
} MapsHeatReport;

/* The gaps' report. */
typedef struct {
    size_t n; /* painted */
} MapsGapsReport;

#define MAPS_TYPE_PICTURES maps_pictures_get_type()
G_DECLARE_FINAL_TYPE(MapsPictures, maps_pictures, MAPS, PICTURES, ShumateLayer)

/* lang as in MapsView, it lives for ever. Signals: "settled" when the picture of the view in sight
 * has come (its report too), "trouble" (const char *) when it could not be painted.
 * gtk_widget_set_visible() turns the layer on and off: a hidden one asks for nothing and counts as
 * complete. data as in maps_crew_set_data(): the layer's from now on. */
MapsPictures *maps_pictures_new(ShumateViewport *viewport, const char *city, MapsStyle style,
                                const char *lang, const MapsPicturesPainter *painter, gpointer data,
                                GDestroyNotify release);

void maps_pictures_set_style(MapsPictures *pictures, MapsStyle style);

/* Takes other data and paints anew; the old picture stays in sight until then. */
void maps_pictures_set_data(MapsPictures *pictures, gpointer data, GDestroyNotify release);

/* The city has changed. */
void maps_pictures_renew(MapsPictures *pictures);

/* 0..1 */
void maps_pictures_set_opacity(MapsPictures *pictures, double opacity);

bool maps_pictures_complete(MapsPictures *pictures);

/* What the painter said of the picture shown (MapsHeatReport, MapsGapsReport), borrowed until the
 * next "settled"; NULL when it said nothing. */
gconstpointer maps_pictures_report(MapsPictures *pictures);
