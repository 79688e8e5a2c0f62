/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/legal.h"

#include <math.h>
#include <string.h>

#include "geo/calc/region.h"

#define STEP_M 0.25      /* along a wall, from look to look */
#define LEAST_WALL_M 0.5 /* less of a room's outline is a touch in passing */
#define LEAST_M2 0.25
#define LEAST_HOME_M 1.0
#define STOREY_M 3.0
#define STEP_CAMERAS 64 /* between questions for a cancel; some 10 ms */

struct GeoLegalBook {
    GeoBatch *rooms; /* owned */
    GeoXY *xy;       /* of the rooms' points, owned */
    GeoBox *box;     /* of each room, owned */
    const GeoSight *sight;
    double *outline_m; /* of each building, owned */
    double *floor_m2;  /* of one storey of each building, owned */
};

typedef struct {
    GeoXY at;
    const GeoXY *points;
    const uint32_t *first;
    size_t n_points, n_parts;
    GeoBox box;
} Field;

bool geo_legal_is_home(const char *use)
{
    static const char *const homes[] = {
        "住宅",       "农房",     "宿舍",    "公寓",     "residential",        "house",
        "apartments", "detached", "terrace", "bungalow", "semidetached_house", "farm",
        "dormitory",  "cabin",    NULL};
    return use && g_strv_contains(homes, use);
}

/* ---- the book ---- */

static double ring_m2(const GeoXY *ring, size_t n)
{
    double twice = 0;
    for (size_t i = 0; i + 1 < n; i++)
        twice += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) -
                 (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
    return twice / 2;
}

static void measure_homes(GeoLegalBook *book)
{
    const GeoBatch *buildings = book->sight->buildings;
    const GeoLonLat *all = (const GeoLonLat *)(const void *)buildings->points->data;
    guint n_rows = buildings->rows->len;
    book->outline_m = g_new0(double, MAX(n_rows, 1));
    book->floor_m2 = g_new0(double, MAX(n_rows, 1));
    for (guint i = 0; i < n_rows; i++) {
        const GeoBuilding *row = (const GeoBuilding *)(const void *)geo_batch_row(buildings, i);
        for (uint32_t k = 0; geo_legal_is_home(row->use) && k < row->row.n_parts; k++) {
            size_t n;
            const GeoLonLat *ring = geo_batch_part(buildings, &row->row, k, &n);
            const GeoXY *xy = book->sight->building_xy + (ring - all);
            for (size_t p = 0; p + 1 < n; p++)
                book->outline_m[i] += hypot(xy[p + 1].x - xy[p].x, xy[p + 1].y - xy[p].y);
            book->floor_m2[i] += ring_m2(xy, n);
        }
    }
}

GeoLegalBook *geo_legal_load(GeoStore *store, const GeoSight *sight, GError **error)
{
    g_autoptr(GeoLegalBook) book = g_new0(GeoLegalBook, 1);
    book->rooms = geo_store_load(store, GEO_KIND_NOLOOK, NULL, error);
    if (!book->rooms)
        return NULL;
    book->sight = sight;
    size_t n = book->rooms->points->len;
    const GeoLonLat *lonlat = (const GeoLonLat *)(const void *)book->rooms->points->data;
    book->xy = g_new(GeoXY, MAX(n, 1));
    geo_frame_to_xy(sight->frame, lonlat, book->xy, n);
    book->box = g_new(GeoBox, MAX(book->rooms->rows->len, 1));
    for (guint i = 0; i < book->rooms->rows->len; i++) {
        book->box[i] = GEO_BOX_EMPTY;
        for (uint32_t k = 0; k < geo_batch_row(book->rooms, i)->n_parts; k++) {
            size_t length;
            const GeoLonLat *ring =
                geo_batch_part(book->rooms, geo_batch_row(book->rooms, i), k, &length);
            for (size_t p = 0; p < length; p++)
                geo_box_add(&book->box[i], book->xy[ring - lonlat + (ptrdiff_t)p]);
        }
    }
    measure_homes(book);
    return g_steal_pointer(&book);
}

void geo_legal_book_free(GeoLegalBook *book)
{
    if (!book)
        return;
    if (book->rooms)
        geo_batch_free(book->rooms);
    g_free(book->xy);
    g_free(book->box);
    g_free(book->outline_m);
    g_free(book->floor_m2);
    g_free(book);
}

const GeoBatch *geo_legal_rooms(const GeoLegalBook *book)
{
    return book->rooms;
}

/* ---- a field ---- */

static Field field_of(GeoXY at, const GeoXY *points, size_t n_points, const uint32_t *part_first,
                      size_t n_parts)
{
    Field field = {at, points, part_first, n_points, n_parts, GEO_BOX_EMPTY};
    geo_box_add(&field.box, at);
    for (size_t i = 0; i < n_points; i++)
        geo_box_add(&field.box, points[i]);
    return field;
}

static bool spans(GeoXY a, GeoXY b, GeoXY p)
{
    return (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x);
}

/* Even-odd over all rings, closed or not. */
static bool holds(const Field *field, GeoXY p)
{
    bool in = false;
    if (p.x < field->box.min_x || p.x > field->box.max_x || p.y < field->box.min_y ||
        p.y > field->box.max_y)
        return false;
    for (size_t k = 0; k < field->n_parts; k++) {
        size_t from = field->first[k];
        size_t to = k + 1 < field->n_parts ? field->first[k + 1] : field->n_points;
        for (size_t i = from; i < to; i++)
            in ^= spans(field->points[i], field->points[i + 1 < to ? i + 1 : from], p);
    }
    return in;
}

static bool meet(const GeoBox *a, const GeoBox *b, double margin_m)
{
    return a->min_x <= b->max_x + margin_m && b->min_x <= a->max_x + margin_m &&
           a->min_y <= b->max_y + margin_m && b->min_y <= a->max_y + margin_m;
}

/* Metres of the wall from a to b that the field comes to, on either side of it; nearest_m falls to
 * the nearest of them. */
static double faced_m(const Field *field, GeoXY a, GeoXY b, double *nearest_m)
{
    double length = hypot(b.x - a.x, b.y - a.y), faced = 0;
    size_t n = (size_t)fmax(ceil(length / STEP_M), 1);
    GeoXY off = {length > 0 ? GEO_LEGAL_WALL_M * (b.y - a.y) / length : 0,
                 length > 0 ? -GEO_LEGAL_WALL_M * (b.x - a.x) / length : 0};
    for (size_t i = 0; i < n && length > 0; i++) {
        double t = ((double)i + 0.5) / (double)n;
        GeoXY p = {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
        if (!holds(field, (GeoXY){p.x + off.x, p.y + off.y}) &&
            !holds(field, (GeoXY){p.x - off.x, p.y - off.y}))
            continue;
        faced += length / (double)n;
        *nearest_m = fmin(*nearest_m, hypot(p.x - field->at.x, p.y - field->at.y));
    }
    return faced;
}

/* ---- rooms ---- */

/* The room's points, ring by ring, for the caller's arrays. */
static const GeoXY *room_rings(const GeoLegalBook *book, guint i, GArray *part_first, size_t *n)
{
    const GeoRow *row = geo_batch_row(book->rooms, i);
    const GeoLonLat *all = (const GeoLonLat *)(const void *)book->rooms->points->data;
    const GeoXY *xy = NULL;
    g_array_set_size(part_first, 0);
    *n = 0;
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t length;
        const GeoLonLat *ring = geo_batch_part(book->rooms, row, k, &length);
        uint32_t first = (uint32_t)*n;
        xy = xy ? xy : book->xy + (ring - all);
        g_array_append_val(part_first, first);
        *n += length;
    }
    return xy;
}

static double common_m2(const Field *field, const GeoXY *xy, size_t n, const GArray *part_first)
{
    GeoShaper *shaper = geo_shaper_new(field->at);
    GeoRegion *seen =
        geo_region_of_rings(shaper, field->points, field->n_points, field->first, field->n_parts);
    GeoRegion *room = geo_region_of_rings(
        shaper, xy, n, (const uint32_t *)(const void *)part_first->data, part_first->len);
    GeoRegion *both = geo_region_and(shaper, seen, room);
    double m2 = geo_region_area_m2(shaper, both);
    geo_region_free(shaper, both);
    geo_region_free(shaper, room);
    geo_region_free(shaper, seen);
    geo_shaper_free(shaper);
    return m2;
}

/* Looks at one room; false: it is not met. */
static bool look_at_room(const GeoLegalBook *book, const Field *field, guint i, GArray *part_first,
                         GeoLegalRoom *met)
{
    size_t n;
    if (!meet(&field->box, &book->box[i], GEO_LEGAL_WALL_M))
        return false;
    const GeoXY *xy = room_rings(book, i, part_first, &n);
    const GeoNolook *row = (const GeoNolook *)(const void *)geo_batch_row(book->rooms, i);
    *met = (GeoLegalRoom){.room = i, .forbidden = row->class != GEO_NOLOOK_SECRET};
    Field room = field_of(xy ? xy[0] : field->at, xy, n,
                          (const uint32_t *)(const void *)part_first->data, part_first->len);
    bool stands_in = holds(&room, field->at);
    met->distance_m = INFINITY;
    for (guint k = 0; k < part_first->len; k++) {
        size_t from = g_array_index(part_first, uint32_t, k);
        size_t to = k + 1 < part_first->len ? g_array_index(part_first, uint32_t, k + 1) : n;
        for (size_t p = from; p + 1 < to; p++)
            met->wall_m += faced_m(field, xy[p], xy[p + 1], &met->distance_m);
    }
    if (field->n_parts > 0)
        met->m2 = common_m2(field, xy, n, part_first);
    if (stands_in || !isfinite(met->distance_m))
        met->distance_m = 0;
    return stands_in || met->wall_m >= LEAST_WALL_M || met->m2 >= LEAST_M2;
}

static int by_weight(const void *pa, const void *pb)
{
    const GeoLegalRoom *a = pa, *b = pb;
    if (a->forbidden != b->forbidden)
        return a->forbidden ? -1 : 1;
    if (a->distance_m != b->distance_m)
        return a->distance_m < b->distance_m ? -1 : 1;
    return (a->room > b->room) - (a->room < b->room);
}

bool geo_legal_meets_room(const GeoLegalBook *book, GeoXY at, const GeoXY *points, size_t n_points,
                          const uint32_t *part_first, size_t n_parts)
{
    Field field = field_of(at, points, n_points, part_first, n_parts);
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GeoLegalRoom met;
    for (guint i = 0; i < book->rooms->rows->len; i++)
        if (look_at_room(book, &field, i, parts, &met))
            return true;
    return false;
}

/* ---- homes ---- */

static size_t dwellings_behind(const GeoLegalBook *book, uint32_t building, double wall_m)
{
    const GeoBuilding *row =
        (const GeoBuilding *)(const void *)geo_batch_row(book->sight->buildings, building);
    double floors = row->floors > 0     ? (double)row->floors
                    : row->height_m > 0 ? fmax(floor(row->height_m / STOREY_M), 1)
                                        : 1;
    double dwellings = floors * fmax(fabs(book->floor_m2[building]) / GEO_LEGAL_DWELLING_M2, 1);
    double share = fmin(wall_m / fmax(book->outline_m[building], wall_m), 1);
    return (size_t)fmax(round(dwellings * share), 1);
}

/* Walls of homes in the cells that the field's box meets; pieces of one building add up. */
static void count_homes(const GeoLegalBook *book, const Field *field, GeoLegal *legal)
{
    const GeoEdgeGrid *grid = geo_edges_grid(book->sight->edges);
    g_autoptr(GHashTable) faced = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    if (geo_edges_size(book->sight->edges) == 0 || field->n_parts == 0)
        return;
    int64_t c0 = (int64_t)floor((field->box.min_x - grid->origin.x) / grid->cell_m);
    int64_t c1 = (int64_t)floor((field->box.max_x - grid->origin.x) / grid->cell_m);
    int64_t r0 = (int64_t)floor((field->box.min_y - grid->origin.y) / grid->cell_m);
    int64_t r1 = (int64_t)floor((field->box.max_y - grid->origin.y) / grid->cell_m);
    for (int64_t r = MAX(r0, 0); r <= MIN(r1, grid->rows - 1); r++)
        for (int64_t c = MAX(c0, 0); c <= MIN(c1, grid->columns - 1); c++) {
            size_t cell = (size_t)(r * grid->columns + c);
            for (uint32_t k = grid->first[cell]; k < grid->first[cell + 1]; k++) {
                const GeoEdgePiece *piece = &grid->piece[k];
                double nearest_m = INFINITY;
                if (!(book->outline_m[piece->building] > 0))
                    continue;
                double wall_m = faced_m(field, piece->a, piece->b, &nearest_m);
                if (!(wall_m > 0))
                    continue;
                double *sum = g_hash_table_lookup(faced, GUINT_TO_POINTER(piece->building));
                if (!sum)
                    g_hash_table_insert(faced, GUINT_TO_POINTER(piece->building),
                                        sum = g_new0(double, 1));
                *sum += wall_m;
            }
        }
    GHashTableIter iter;
    void *building, *sum;
    g_hash_table_iter_init(&iter, faced);
    while (g_hash_table_iter_next(&iter, &building, &sum)) {
        double wall_m = *(double *)sum;
        if (wall_m < LEAST_HOME_M)
            continue;
        legal->homes++;
        legal->wall_m += wall_m;
        legal->dwellings += dwellings_behind(book, GPOINTER_TO_UINT(building), wall_m);
    }
}

GeoLegal *geo_legal_check(const GeoLegalBook *book, GeoXY at, const GeoXY *points, size_t n_points,
                          const uint32_t *part_first, size_t n_parts)
{
    Field field = field_of(at, points, n_points, part_first, n_parts);
    GeoLegal *legal = g_new0(GeoLegal, 1);
    legal->rooms = g_array_new(FALSE, FALSE, sizeof(GeoLegalRoom));
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GeoLegalRoom met;
    for (guint i = 0; i < book->rooms->rows->len; i++)
        if (look_at_room(book, &field, i, parts, &met)) {
            g_array_append_val(legal->rooms, met);
            legal->forbidden |= met.forbidden;
        }
    g_array_sort(legal->rooms, by_weight);
    count_homes(book, &field, legal);
    return legal;
}

void geo_legal_free(GeoLegal *legal)
{
    if (!legal)
        return;
    g_array_unref(legal->rooms);
    g_free(legal);
}

GeoLegal *geo_legal_camera(const GeoLegalBook *book, const GeoCamera *camera, GeoLonLat at,
                           bool night)
{
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GeoSightOptions options = {.night = night, .with_off = true};
    GeoXY stand = geo_frame_xy(book->sight->frame, at);
    GeoEye eye = geo_sight_eye(camera, stand, &options, NULL);
    geo_view_rings(book->sight->edges, &eye, points, parts);
    return geo_legal_check(book, stand, (const GeoXY *)(const void *)points->data, points->len,
                           (const uint32_t *)(const void *)parts->data, parts->len);
}

/* ---- many cameras ---- */

GeoLegalList *geo_legal_list(const GeoLegalBook *book, const GeoBatch *cameras, const char *code,
                             bool night, GeoProgress *progress, GError **error)
{
    g_autoptr(GeoLegalList) list = g_new0(GeoLegalList, 1);
    list->cameras = g_array_new(FALSE, FALSE, sizeof(GeoLegalCamera));
    geo_progress_begin(progress, "fields and rooms");
    for (guint i = 0; i < cameras->rows->len; i++) {
        const GeoCamera *camera = (const GeoCamera *)(const void *)geo_batch_row(cameras, i);
        GeoLegalCamera met = {.camera = i};
        if (i % STEP_CAMERAS == 0 &&
            !geo_progress_step(progress, (double)i / cameras->rows->len, error))
            return NULL;
        if ((code && g_strcmp0(code, camera->row.code) != 0) ||
            !geo_batch_first(cameras, &camera->row, &met.at))
            continue;
        met.legal = geo_legal_camera(book, camera, met.at, night);
        list->checked++;
        list->forbidden += met.legal->forbidden;
        list->consent += !met.legal->forbidden && met.legal->rooms->len > 0;
        list->facing += met.legal->homes > 0;
        list->dwellings += met.legal->dwellings;
        if (met.legal->rooms->len > 0 || code)
            g_array_append_val(list->cameras, met);
        else
            geo_legal_free(met.legal);
    }
    return g_steal_pointer(&list);
}

void geo_legal_list_free(GeoLegalList *list)
{
    if (!list)
        return;
    for (guint i = 0; i < list->cameras->len; i++)
        geo_legal_free(g_array_index(list->cameras, GeoLegalCamera, i).legal);
    g_array_unref(list->cameras);
    g_free(list);
}
