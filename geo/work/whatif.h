/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A city's coverage held in memory while somebody plans: cameras come, turn, move and go, and
 * shares, counts and gaps follow at once. Nothing is written to the store. Belongs to one thread at
 * a time. */
#include "geo/work/coverage.h"
#include "geo/work/risk.h"
#include "geo/work/survey.h"

typedef struct GeoWhatIf GeoWhatIf;

typedef enum {
    GEO_WHATIF_KEPT, /* as the register has it */
    GEO_WHATIF_ADDED,
    GEO_WHATIF_EDITED,
    GEO_WHATIF_REMOVED,
} GeoWhatIfState;

/* Class, hour and cell as of options; level and within are not asked. About a second. */
GeoWhatIf *geo_whatif_load(GeoStore *store, const GeoCoverageOptions *options,
                           GeoProgress *progress, GError **error);
void geo_whatif_free(GeoWhatIf *whatif);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoWhatIf, geo_whatif_free)

/* ---- changes ---- */

/* The camera of this row.id stands at `at` and is as said; one that the register does not know is
 * added, and counts as working while its state is planned. Texts are copied. O(cells of both
 * fields). */
void geo_whatif_put(GeoWhatIf *whatif, const GeoCamera *camera, GeoLonLat at);
/* Unknown ids are left alone. */
void geo_whatif_remove(GeoWhatIf *whatif, int64_t id);
void geo_whatif_restore(GeoWhatIf *whatif, int64_t id); /* to what the register says */

/* ---- answers ---- */

typedef struct {
    int64_t id;
    GeoWhatIfState state;
    GeoCamera camera; /* texts are borrowed */
    GeoLonLat at;
} GeoWhatIfCamera;

/* As planned; false: unknown, or not placed. */
bool geo_whatif_camera(const GeoWhatIf *whatif, int64_t id, GeoWhatIfCamera *camera);

/* Cameras that differ from the register: GeoWhatIfCamera, in order of their first change; the
 * caller's. */
GArray *geo_whatif_changes(const GeoWhatIf *whatif);

GeoCoverShare geo_whatif_before(const GeoWhatIf *whatif);
GeoCoverShare geo_whatif_after(const GeoWhatIf *whatif);

/* The field as drawn, rings closed by themselves: GeoLonLat appended to points, uint32_t index of
 * each ring's first point to part_first. before: as in the register. */
void geo_whatif_field(GeoWhatIf *whatif, int64_t id, bool before, GArray *points,
                      GArray *part_first);

/* Metres of street that would be seen no more without this camera; for one that is removed or off
 * 0. */
double geo_whatif_sole_m(GeoWhatIf *whatif, int64_t id);

/* Metres of street that a camera like this would add at `at`; nothing is changed. */
double geo_whatif_try_m(GeoWhatIf *whatif, const GeoCamera *camera, GeoLonLat at);

/* The heading with the greatest gain there, of as many as `headings`, and that gain. The camera's
 * own id, if it stands already, is taken away for the question. */
double geo_whatif_best_heading(GeoWhatIf *whatif, const GeoCamera *camera, GeoLonLat at,
                               unsigned headings, double *gain_m);

/* Cameras that see the place now, and whether it is ground that counts, or lies in a building. */
typedef struct {
    unsigned seen_by;
    bool ground, in_building;
} GeoWhatIfPlace;
GeoWhatIfPlace geo_whatif_place(const GeoWhatIf *whatif, GeoLonLat at);

/* The name of the nearest street, borrowed; NULL: none within 100 m. */
const char *geo_whatif_street(const GeoWhatIf *whatif, GeoLonLat at);

typedef struct {
    double area_m2, weight;
    GeoLonLat at;
    const char *street; /* borrowed; NULL: none near */
} GeoWhatIfGap;

/* The top gaps now, heaviest first, into gaps; how many there are in all. O(all gaps) after a
 * change. */
size_t geo_whatif_gaps(GeoWhatIf *whatif, GeoWhatIfGap *gaps, size_t top, size_t *n);

/* The outline of gap i as geo_whatif_field() gives a field. */
void geo_whatif_gap_outline(GeoWhatIf *whatif, size_t i, GArray *points, GArray *part_first);

/* ---- what has changed, cell by cell ---- */

#define GEO_WHATIF_CELLS GEO_TILE_CELLS /* a side of a tile */

typedef enum {
    GEO_WHATIF_SAME,
    GEO_WHATIF_OPENED, /* seen now, and was not */
    GEO_WHATIF_LOST,
    GEO_WHATIF_MORE, /* by more cameras than before */
    GEO_WHATIF_FEWER,
    GEO_WHATIF_ON_GROUND = 8, /* a bit: of the ground that counts */
} GeoWhatIfCell;

typedef struct {
    int32_t x, y;    /* in tiles */
    uint32_t serial; /* rises with each change of the tile */
    GeoLonLat south_west, south_east, north_west;
} GeoWhatIfTile;

/* Tiles that a change has ever touched: GeoWhatIfTile, the caller's. */
GArray *geo_whatif_tiles(const GeoWhatIf *whatif);

/* GeoWhatIfCell by rows from the south; false when all of it is the same. */
bool geo_whatif_tile(const GeoWhatIf *whatif, int32_t x, int32_t y,
                     uint8_t cells[GEO_WHATIF_CELLS * GEO_WHATIF_CELLS]);

/* The survey behind it, borrowed: its cover is the planned one. */
const GeoSurvey *geo_whatif_survey(const GeoWhatIf *whatif);
