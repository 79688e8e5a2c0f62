/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places are found first and ranked by the unseen weight about them; only the best get fields
 * drawn, for a city has a hundred thousand corners. Cells are numbered as candidates meet them, in
 * tiles of the survey's raster, so that what nobody could see takes no room. */
#include "geo/work/candidates.h"

#include <math.h>
#include <string.h>

#include "geo/calc/scan.h"
#include "geo/model/error.h"
#include "geo/model/lens.h"
#include "geo/work/legal.h"

#define POLE_SIDE_M 4.5 /* from the middle of the street */
#define POLE_HEIGHT_M 5.0
#define WALL_HEIGHT_M 3.5
#define WALL_LEAST_M 6.0 /* shorter walls carry none */
#define WALL_OFF_M 0.2
#define TILT_DEG 12.0
#define SPREAD_M 40.0 /* about the field of one camera */
#define ABOUT_M 24.0  /* weight is asked so far about a place */
#define STEP 256      /* candidates between questions for a cancel */
#define NONE UINT32_MAX

typedef struct {
    GeoXY at;
    double heading_deg; /* NAN: any; of a wall its outward normal */
    double height_m, cost, worth;
    int mount, owner;
    bool mandatory;
    const char *name;
} Place;

typedef struct {
    GeoCandidates *answer;
    const GeoSurvey *survey;
    const GeoCandidatesOptions *options;
    GeoRisk *risk;
    GeoLegalBook *book; /* owned */
    GeoScan *scan;      /* owned */
    GHashTable *tiles;  /* tile -> uint32_t[cells], owned */
    GArray *places;     /* Place */
    GArray *stamp;      /* uint32_t of a cell: the candidate that met it last, + 1 */
    double cell_m2;
} Search;

static bool in_box(const GeoBox *box, GeoXY p)
{
    return !box ||
           (p.x >= box->min_x && p.x <= box->max_x && p.y >= box->min_y && p.y <= box->max_y);
}

/* ---- places ---- */

/* Unseen weight about the place, by a coarse look. */
static double worth_of(const Search *search, GeoXY p)
{
    double worth = 0;
    for (double dy = -ABOUT_M; dy <= ABOUT_M; dy += 6)
        for (double dx = -ABOUT_M; dx <= ABOUT_M; dx += 6) {
            GeoXY at = {p.x + dx, p.y + dy};
            if (in_box(search->options->box, at) && geo_ground_at(search->survey->ground, at) &&
                geo_cover_at(search->survey->cover, at) < search->options->cover)
                worth += geo_risk_at(at, search->risk);
        }
    return worth;
}

static void add_place(Search *search, Place place)
{
    uint32_t building;
    if (!in_box(search->options->box, place.at) ||
        geo_edges_buildings_at(search->survey->sight->edges, place.at, &building, 1) > 0)
        return;
    place.worth = worth_of(search, place.at);
    if (place.worth > 0 || place.mandatory)
        g_array_append_val(search->places, place);
}

/* On alternate sides, a step off the carriageway. */
static void add_poles(Search *search)
{
    size_t n;
    const GeoStretch *stretch = geo_ground_stretches(search->survey->ground, &n);
    double walked = 0;
    int side = 1;
    for (size_t i = 0; i < n; i++) {
        double dx = stretch[i].b.x - stretch[i].a.x, dy = stretch[i].b.y - stretch[i].a.y;
        double length = hypot(dx, dy);
        bool new_street = i == 0 || stretch[i].street != stretch[i - 1].street;
        walked = new_street ? search->options->spacing_m : walked + length;
        if (walked < search->options->spacing_m || length <= 0)
            continue;
        walked = 0;
        side = -side;
        Place pole = {.at = {stretch[i].a.x - side * POLE_SIDE_M * dy / length,
                             stretch[i].a.y + side * POLE_SIDE_M * dx / length},
                      .heading_deg = NAN,
                      .height_m = POLE_HEIGHT_M,
                      .mount = GEO_MOUNT_POLE,
                      .owner = GEO_OWNER_GOVERNMENT};
        add_place(search, pole);
    }
}

/* The wall looks on public ground not farther than a street's width. */
static bool faces_ground(const Search *search, GeoXY at, double nx, double ny)
{
    for (double off = 2; off <= 14; off += 3) {
        GeoXY p = {at.x + off * nx, at.y + off * ny};
        if (geo_ground_at(search->survey->ground, p))
            return true;
    }
    return false;
}

static void add_walls(Search *search)
{
    const GeoEdges *edges = search->survey->sight->edges;
    const GeoEdge *all = geo_edges_all(edges);
    for (size_t i = 0; i < geo_edges_size(edges); i++) {
        double dx = all[i].b.x - all[i].a.x, dy = all[i].b.y - all[i].a.y;
        double length = hypot(dx, dy);
        if (length < WALL_LEAST_M)
            continue;
        double nx = dy / length, ny = -dx / length; /* the inside is on the left */
        GeoXY at = {(all[i].a.x + all[i].b.x) / 2 + WALL_OFF_M * nx,
                    (all[i].a.y + all[i].b.y) / 2 + WALL_OFF_M * ny};
        double deg = atan2(nx, ny) * 180 / G_PI;
        Place wall = {.at = at,
                      .heading_deg = deg < 0 ? deg + 360 : deg,
                      .height_m = WALL_HEIGHT_M,
                      .mount = GEO_MOUNT_WALL,
                      .owner = GEO_OWNER_UNIT};
        if (in_box(search->options->box, at) && faces_ground(search, at, nx, ny))
            add_place(search, wall);
    }
}

static void add_sites(Search *search)
{
    const GeoBatch *sites = search->answer->sites;
    for (guint i = 0; i < sites->rows->len; i++) {
        const GeoSite *site = &g_array_index(sites->rows, GeoSite, i);
        GeoLonLat at;
        if (!geo_batch_first(sites, &site->row, &at))
            continue;
        Place place = {.at = geo_frame_xy(search->survey->sight->frame, at),
                       .heading_deg = site->heading_deg,
                       .height_m = isfinite(site->height_m) ? site->height_m : POLE_HEIGHT_M,
                       .cost = isfinite(site->cost) ? site->cost : 0,
                       .mount = site->mount,
                       .owner = site->owner,
                       .mandatory = site->mandatory != 0,
                       .name = site->row.code ? site->row.code : site->row.name};
        add_place(search, place);
    }
}

static int by_worth(const void *pa, const void *pb)
{
    const Place *a = pa, *b = pb;
    if (a->mandatory != b->mandatory)
        return a->mandatory ? -1 : 1;
    if (a->worth != b->worth)
        return a->worth > b->worth ? -1 : 1;
    return a->at.y != b->at.y ? (a->at.y < b->at.y ? -1 : 1)
                              : (a->at.x > b->at.x) - (a->at.x < b->at.x);
}

/* Places that crowd in one spot see much the same: the second best of a square counts half, the
 * third a third, so that as many places as are drawn reach over more of the ground. */
static void spread_places(GArray *places)
{
    g_autoptr(GHashTable) met = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_array_sort(places, by_worth);
    for (guint i = 0; i < places->len; i++) {
        Place *place = &g_array_index(places, Place, i);
        gint64 square =
            ((gint64)floor(place->at.y / SPREAD_M) << 32) + (gint64)floor(place->at.x / SPREAD_M);
        guint better = GPOINTER_TO_UINT(g_hash_table_lookup(met, &square)) + 1;
        g_hash_table_replace(met, g_memdup2(&square, sizeof square), GUINT_TO_POINTER(better));
        place->worth /= better;
    }
    g_array_sort(places, by_worth);
}

/* ---- cells ---- */

static uint32_t *tile_of(Search *search, int32_t tile_x, int32_t tile_y)
{
    int64_t key = (int64_t)tile_y << 32 | (uint32_t)tile_x;
    uint32_t *tile = g_hash_table_lookup(search->tiles, &key);
    if (tile)
        return tile;
    tile = g_new(uint32_t, GEO_TILE_CELLS * GEO_TILE_CELLS);
    memset(tile, 0xff, GEO_TILE_CELLS * GEO_TILE_CELLS * sizeof *tile);
    g_hash_table_insert(search->tiles, g_memdup2(&key, sizeof key), tile);
    return tile;
}

static GeoXY middle_of(const Search *search, int32_t column, int32_t row)
{
    GeoXY o = geo_scan_origin(search->scan);
    double m = geo_scan_cell_m(search->scan);
    return (GeoXY){o.x + (column + 0.5) * m, o.y + (row + 0.5) * m};
}

/* The number of a cell that is asked for, a new one where it was not met before; NONE. */
static uint32_t number_of(Search *search, int32_t column, int32_t row)
{
    GeoCandidates *answer = search->answer;
    uint32_t *slot = &tile_of(
        search, column / GEO_TILE_CELLS,
        row / GEO_TILE_CELLS)[row % GEO_TILE_CELLS * GEO_TILE_CELLS + column % GEO_TILE_CELLS];
    if (*slot != NONE)
        return *slot;
    GeoXY p = middle_of(search, column, row);
    uint8_t seen = geo_cover_at(search->survey->cover, p);
    if (seen >= search->options->cover || !in_box(search->options->box, p) ||
        !geo_ground_at(search->survey->ground, p))
        return NONE;
    double weight = geo_risk_at(p, search->risk) * search->cell_m2;
    uint32_t none = 0;
    *slot = answer->weight->len;
    g_array_append_val(answer->weight, weight);
    g_array_append_val(answer->seen, seen);
    g_array_append_val(search->stamp, none);
    return *slot;
}

/* The cells of a field; false: it looks where it must not. */
static bool add_cells(Search *search, const GArray *points, const GArray *parts)
{
    GeoCandidates *answer = search->answer;
    size_t n;
    guint begin = answer->cell->len;
    uint32_t me = answer->all->len + 1;
    const GeoSpan *spans =
        geo_scan_polygon(search->scan, (const GeoXY *)(const void *)points->data, points->len,
                         (const uint32_t *)(const void *)parts->data, parts->len, &n);
    for (size_t i = 0; i < n; i++)
        for (int32_t column = spans[i].from; column < spans[i].to; column++) {
            uint32_t cell = number_of(search, column, spans[i].row);
            if (cell == NONE || g_array_index(search->stamp, uint32_t, cell) == me)
                continue;
            g_array_index(search->stamp, uint32_t, cell) = me;
            g_array_append_val(answer->cell, cell);
        }
    return answer->cell->len > begin;
}

/* ---- candidates ---- */

static void add_candidate(Search *search, const Place *place, uint32_t site,
                          const GeoLensType *type, double heading_deg, GArray *points,
                          GArray *parts)
{
    GeoCandidates *answer = search->answer;
    GeoSightOptions sight = {.class = search->options->class,
                             .px_per_m = search->options->px_per_m,
                             .night = search->options->night,
                             .with_off = true};
    GeoCandidate candidate = {.camera = geo_lens_camera(type),
                              .at = place->at,
                              .site = site,
                              .cost = type->price + place->cost,
                              .type = type->row.code,
                              .place = place->name};
    candidate.camera.heading_deg = heading_deg;
    candidate.camera.height_m = place->height_m;
    candidate.camera.tilt_deg = TILT_DEG;
    candidate.camera.mount = place->mount;
    candidate.camera.owner = place->owner;
    GeoEye eye = geo_sight_eye(&candidate.camera, place->at, &sight, NULL);
    g_array_set_size(points, 0);
    g_array_set_size(parts, 0);
    size_t n = geo_view_rings(search->survey->sight->edges, &eye, points, parts);
    if (geo_legal_meets_room(search->book, place->at, (const GeoXY *)(const void *)points->data, n,
                             (const uint32_t *)(const void *)parts->data, parts->len)) {
        answer->refused++;
        return;
    }
    if (n == 0 || !add_cells(search, points, parts))
        return;
    uint8_t rule = GEO_SITE_FREE;
    g_array_append_val(answer->all, candidate);
    g_array_append_val(answer->first, answer->cell->len);
    g_array_append_val(answer->rule, rule);
}

static double own_weight(const GeoCandidates *answer, guint i)
{
    double sum = 0;
    for (uint32_t k = g_array_index(answer->first, uint32_t, i);
         k < g_array_index(answer->first, uint32_t, i + 1); k++)
        sum += g_array_index(answer->weight, double, g_array_index(answer->cell, uint32_t, k));
    return sum;
}

/* Of a place where a camera must stand, the candidate that sees most is the one. */
static void make_mandatory(GeoCandidates *answer, guint from)
{
    guint best = from;
    for (guint i = from; i < answer->all->len; i++) {
        g_array_index(answer->rule, uint8_t, i) = GEO_SITE_FORBIDDEN;
        if (own_weight(answer, i) > own_weight(answer, best))
            best = i;
    }
    if (best < answer->all->len)
        g_array_index(answer->rule, uint8_t, best) = GEO_SITE_MANDATORY;
}

static bool is_wanted(const GeoCandidatesOptions *options, const GeoLensType *type)
{
    return options->lens ? g_strcmp0(options->lens, type->row.code) == 0
                         : type->lens == GEO_LENS_FIXED;
}

/* All ways to look from one place. */
static void add_looks(Search *search, const Place *place, uint32_t site, GArray *points,
                      GArray *parts)
{
    static const double turns[] = {0, -40, 40};
    bool wall = place->mount == GEO_MOUNT_WALL && isfinite(place->heading_deg);
    const GeoBatch *types = search->answer->types;
    for (guint t = 0; t < types->rows->len; t++) {
        const GeoLensType *type = &g_array_index(types->rows, GeoLensType, t);
        bool round = type->lens != GEO_LENS_FIXED || type->fov_deg >= 360;
        unsigned n = round                          ? 1
                     : wall                         ? G_N_ELEMENTS(turns)
                     : isfinite(place->heading_deg) ? 1
                                                    : search->options->headings;
        for (unsigned h = 0; is_wanted(search->options, type) && h < n; h++) {
            double heading = wall ? fmod(place->heading_deg + turns[h] + 360, 360)
                             : isfinite(place->heading_deg) ? place->heading_deg
                                                            : 360.0 * h / n;
            add_candidate(search, place, site, type, heading, points, parts);
        }
    }
}

static size_t looks_of(const Search *search)
{
    size_t types = 0;
    for (guint t = 0; t < search->answer->types->rows->len; t++)
        types +=
            is_wanted(search->options, &g_array_index(search->answer->types->rows, GeoLensType, t));
    return types * search->options->headings;
}

static bool draw_all(Search *search, GeoProgress *progress, GError **error)
{
    GeoCandidates *answer = search->answer;
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t begin = 0;
    size_t looks = MAX(looks_of(search), 1), most = search->options->most, n_drawn = 0;
    spread_places(search->places);
    g_array_append_val(answer->first, begin);
    for (guint i = 0; i < search->places->len; i++) {
        const Place *place = &g_array_index(search->places, Place, i);
        guint from = answer->all->len;
        double done = fmax((double)i / search->places->len, (double)from / (double)most);
        if (i % STEP == 0 && !geo_progress_step(progress, done, error))
            return false;
        if (i > 0 && !place->mandatory && from + looks > most)
            break;
        n_drawn++;
        add_looks(search, place, i, points, parts);
        if (place->mandatory)
            make_mandatory(answer, from);
    }
    answer->n_sites = n_drawn;
    answer->left_out = search->places->len - n_drawn;
    return true;
}

/* ---- all ---- */

static bool load_rows(Search *search, GeoStore *store, GError **error)
{
    GeoCandidates *answer = search->answer;
    answer->sites = geo_store_load(store, GEO_KIND_SITE, NULL, error);
    answer->types = answer->sites ? geo_store_load(store, GEO_KIND_LENS, NULL, error) : NULL;
    search->book = answer->types ? geo_legal_load(store, search->survey->sight, error) : NULL;
    if (!search->book)
        return false;
    if (answer->types->rows->len == 0) {
        geo_batch_free(answer->types);
        answer->types = geo_lens_defaults();
    }
    if (looks_of(search) > 0)
        return true;
    g_autoptr(GString) known = g_string_new(NULL);
    for (guint i = 0; i < answer->types->rows->len; i++)
        g_string_append_printf(known, " %s", geo_batch_row(answer->types, i)->code);
    g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                "there is no type of camera '%s'; known are:%s",
                search->options->lens ? search->options->lens : "fixed", known->str);
    return false;
}

static bool find_all(Search *search, GeoStore *store, GeoProgress *progress, GError **error)
{
    geo_progress_begin(progress, "places");
    if (!load_rows(search, store, error) || !geo_progress_step(progress, 0, error))
        return false;
    if (search->options->poles)
        add_poles(search);
    if (search->options->walls)
        add_walls(search);
    if (search->options->sites)
        add_sites(search);
    if (search->places->len == 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                    "there is no place for a camera there: no unseen street, or no sites; ask for "
                    "another area, or import sites");
        return false;
    }
    geo_progress_begin(progress, "fields of candidates");
    if (!draw_all(search, progress, error))
        return false;
    geo_survey_weigh(search->survey, search->risk, search->options->box, search->options->cover,
                     &search->answer->total, &search->answer->before);
    return true;
}

GeoCandidates *geo_candidates_find(GeoStore *store, const GeoSurvey *survey, GeoRisk *risk,
                                   const GeoCandidatesOptions *options, GeoProgress *progress,
                                   GError **error)
{
    GeoCandidates *answer = g_new0(GeoCandidates, 1);
    answer->all = g_array_new(FALSE, FALSE, sizeof(GeoCandidate));
    answer->first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    answer->cell = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    answer->weight = g_array_new(FALSE, FALSE, sizeof(double));
    answer->seen = g_array_new(FALSE, FALSE, sizeof(uint8_t));
    answer->rule = g_array_new(FALSE, FALSE, sizeof(uint8_t));
    double cell_m = geo_ground_cell_m(survey->ground);
    Search search = {.answer = answer,
                     .survey = survey,
                     .options = options,
                     .risk = risk,
                     .cell_m2 = cell_m * cell_m};
    search.scan = geo_scan_new(&survey->box, cell_m);
    search.tiles = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    search.places = g_array_new(FALSE, FALSE, sizeof(Place));
    search.stamp = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool done = find_all(&search, store, progress, error);
    geo_scan_free(search.scan);
    geo_legal_book_free(search.book);
    g_hash_table_unref(search.tiles);
    g_array_unref(search.places);
    g_array_unref(search.stamp);
    if (done)
        return answer;
    geo_candidates_free(answer);
    return NULL;
}

void geo_candidates_free(GeoCandidates *answer)
{
    if (!answer)
        return;
    GArray *all[] = {answer->all,    answer->first, answer->cell,
                     answer->weight, answer->seen,  answer->rule};
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        g_array_unref(all[i]);
    geo_batch_free(answer->types);
    geo_batch_free(answer->sites);
    g_free(answer);
}
