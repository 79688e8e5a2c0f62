/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/names.h"

#include <math.h>
#include <string.h>

#include "maps/paint/base.h"

#define JOIN_PX 1.5
#define SPANS 11

/* ---- roads ---- */

typedef struct {
    const char *name;
    int class;
    size_t first, n; /* in the points of the set */
    bool used;
} Line;

typedef struct {
    GArray *lines;  /* Line */
    GArray *points; /* MapsPoint */
} Lines;

static int by_class_and_name(gconstpointer a, gconstpointer b)
{
    const Line *one = a, *two = b;
    if (one->class != two->class)
        return one->class - two->class;
    return strcmp(one->name, two->name);
}

/* The stretches of a part that lie in the picture, or near it. */
static void add_part(Lines *lines, const MapsView *view, const char *name, int class,
                     const GeoLonLat *from, size_t n)
{
    MapsRect frame = {-20, -20, view->width + 20, view->height + 20};
    g_autofree MapsPoint *points = g_new(MapsPoint, n);
    maps_view_project(view, from, points, n);
    Line line = {name, class, lines->points->len, 0, false};
    for (size_t i = 0; i + 1 < n; i++) {
        MapsPoint a = points[i], b = points[i + 1];
        MapsRect step = {fmin(a.x, b.x), fmin(a.y, b.y), fmax(a.x, b.x), fmax(a.y, b.y)};
        bool seen = maps_rect_meet(&step, &frame);
        if (seen && line.n == 0) {
            g_array_append_val(lines->points, a);
            line.n = 1;
        }
        if (seen) {
            g_array_append_val(lines->points, b);
            line.n++;
        }
        if (line.n > 0 && (!seen || i + 2 == n)) {
            g_array_append_val(lines->lines, line);
            line = (Line){name, class, lines->points->len, 0, false};
        }
    }
}

/* Arterials first; lanes only where there is room for their names. */
static double name_zoom(GeoRoadClass class)
{
    double drawn = maps_base_road_zoom(class);
    if (class <= GEO_ROAD_SECONDARY)
        return fmax(drawn + 1, 12.5);
    return class == GEO_ROAD_TERTIARY ? 14.4 : fmax(drawn + 1, 15);
}

static void gather_roads(Lines *lines, const MapsView *view, const GeoBatch *roads)
{
    for (guint i = 0; i < roads->rows->len; i++) {
        const GeoRoad *road = &g_array_index(roads->rows, GeoRoad, i);
        if (!road->row.name || view->zoom < name_zoom((GeoRoadClass)road->class))
            continue;
        MapsRect rect = maps_path_row_rect(view, roads, &road->row);
        if (!maps_path_visible(view, &rect, 0))
            continue;
        for (uint32_t k = 0; k < road->row.n_parts; k++) {
            size_t n;
            const GeoLonLat *points = geo_batch_part(roads, &road->row, k, &n);
            add_part(lines, view, road->row.name, road->class, points, n);
        }
    }
}

static bool meets(MapsPoint a, MapsPoint b)
{
    return fabs(a.x - b.x) + fabs(a.y - b.y) < JOIN_PX;
}

/* The cosine between going from a to b and from b on to c. */
static double straightness(MapsPoint a, MapsPoint b, MapsPoint c)
{
    double ux = b.x - a.x, uy = b.y - a.y, vx = c.x - b.x, vy = c.y - b.y;
    double length = hypot(ux, uy) * hypot(vx, vy);
    return length > 0 ? (ux * vx + uy * vy) / length : 1;
}

/* Appends to chain the unused line of the group that goes on most straight from its end. */
static bool extend(Lines *lines, guint from, guint to, GArray *chain)
{
    MapsPoint end = g_array_index(chain, MapsPoint, chain->len - 1);
    MapsPoint before = g_array_index(chain, MapsPoint, chain->len - 2);
    Line *best = NULL;
    double best_cosine = 0.6;
    bool turned = false;
    for (guint i = from; i < to; i++) {
        Line *line = &g_array_index(lines->lines, Line, i);
        const MapsPoint *p = &g_array_index(lines->points, MapsPoint, line->first);
        for (int side = 0; side < 2 && !line->used; side++) {
            MapsPoint head = side ? p[line->n - 1] : p[0];
            MapsPoint next = side ? p[line->n - 2] : p[1];
            double cosine = meets(head, end) ? straightness(before, end, next) : -1;
            if (cosine > best_cosine) {
                best = line;
                best_cosine = cosine;
                turned = side;
            }
        }
    }
    if (!best)
        return false;
    best->used = true;
    const MapsPoint *p = &g_array_index(lines->points, MapsPoint, best->first);
    for (size_t i = 1; i < best->n; i++)
        g_array_append_val(chain, p[turned ? best->n - 1 - i : i]);
    return true;
}

static void reverse(GArray *chain)
{
    for (guint i = 0, j = chain->len - 1; i < j; i++, j--) {
        MapsPoint p = g_array_index(chain, MapsPoint, i);
        g_array_index(chain, MapsPoint, i) = g_array_index(chain, MapsPoint, j);
        g_array_index(chain, MapsPoint, j) = p;
    }
}

static void label_group(MapsLabels *labels, Lines *lines, guint from, guint to)
{
    g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(MapsPoint));
    for (guint i = from; i < to; i++) {
        Line *line = &g_array_index(lines->lines, Line, i);
        if (line->used)
            continue;
        line->used = true;
        g_array_set_size(chain, 0);
        g_array_append_vals(chain, &g_array_index(lines->points, MapsPoint, line->first),
                            (guint)line->n);
        for (int side = 0; side < 2; side++) {
            while (extend(lines, from, to, chain))
                ;
            reverse(chain);
        }
        MapsLabelLook look =
            line->class <= GEO_ROAD_SECONDARY ? MAPS_LABEL_ROAD_MAJOR : MAPS_LABEL_ROAD_MINOR;
        maps_labels_add_line(labels, look, line->name, (const MapsPoint *)(void *)chain->data,
                             chain->len);
    }
}

void maps_names_roads(MapsLabels *labels, const MapsView *view, const GeoBatch *roads)
{
    Lines lines = {g_array_new(FALSE, FALSE, sizeof(Line)),
                   g_array_new(FALSE, FALSE, sizeof(MapsPoint))};
    gather_roads(&lines, view, roads);
    g_array_sort(lines.lines, by_class_and_name);
    for (guint i = 0, j; i < lines.lines->len; i = j) {
        const Line *first = &g_array_index(lines.lines, Line, i);
        for (j = i + 1; j < lines.lines->len; j++)
            if (by_class_and_name(first, &g_array_index(lines.lines, Line, j)))
                break;
        label_group(labels, &lines, i, j);
    }
    g_array_unref(lines.lines);
    g_array_unref(lines.points);
}

/* ---- areas ---- */

static int by_number(gconstpointer a, gconstpointer b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return one < two ? -1 : one > two;
}

/* Where the polygon's border crosses a line of the picture, sorted. */
static void crossings(const MapsView *view, const GeoBatch *batch, const GeoRow *row, double y,
                      GArray *xs)
{
    g_array_set_size(xs, 0);
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *ring = geo_batch_part(batch, row, k, &n);
        MapsPoint a = {0, 0};
        for (size_t i = 0; i < n; i++) {
            MapsPoint b = maps_view_point(view, ring[i]);
            if (i > 0 && (a.y <= y) != (b.y <= y)) {
                double x = a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);
                g_array_append_val(xs, x);
            }
            a = b;
        }
    }
    g_array_sort(xs, by_number);
}

bool maps_names_middle(const MapsView *view, const GeoBatch *batch, const GeoRow *row,
                       MapsPoint *middle, double *span_px)
{
    MapsRect rect = maps_path_row_rect(view, batch, row);
    if (!maps_path_visible(view, &rect, 0))
        return false;
    double top = fmax(rect.top, 0), bottom = fmin(rect.bottom, view->height);
    g_autoptr(GArray) xs = g_array_new(FALSE, FALSE, sizeof(double));
    double best = 0;
    for (int i = 0; i < SPANS; i++) {
        double t = (i + 0.5) / SPANS, y = top + (bottom - top) * t;
        crossings(view, batch, row, y, xs);
        for (guint k = 0; k + 1 < xs->len; k += 2) {
            double left = fmax(g_array_index(xs, double, k), 0);
            double right = fmin(g_array_index(xs, double, k + 1), view->width);
            /* A span near the middle beats one that is a little wider at the edge. */
            double score = (right - left) * (1 - 1.2 * fabs(t - 0.5));
            if (score > best) {
                best = score;
                *middle = (MapsPoint){(left + right) / 2, y};
                *span_px = right - left;
            }
        }
    }
    return best > 0;
}

void maps_names_areas(MapsLabels *labels, const MapsView *view, const GeoBatch *areas,
                      MapsTier tier, MapsLabelLook look)
{
    for (guint i = 0; i < areas->rows->len; i++) {
        const GeoArea *area = &g_array_index(areas->rows, GeoArea, i);
        if (maps_grids_tier(area->level) != tier)
            continue;
        MapsPoint middle;
        double span_px;
        if (!maps_names_middle(view, areas, &area->row, &middle, &span_px))
            continue;
        bool by_code = look == MAPS_LABEL_CODE || !area->row.name;
        g_autofree char *code = by_code ? maps_names_dup_code(area->row.code) : NULL;
        if (span_px > 36 * view->scale)
            maps_labels_add_point(labels, by_code ? MAPS_LABEL_CODE : look,
                                  by_code ? code : area->row.name, middle);
    }
}

static bool has_tier(const GeoBatch *areas, MapsTier tier)
{
    for (guint i = 0; i < areas->rows->len; i++)
        if (maps_grids_tier(g_array_index(areas->rows, GeoArea, i).level) == tier)
            return true;
    return false;
}

void maps_names_tiers(MapsLabels *labels, const MapsView *view, const GeoBatch *areas)
{
    bool streets = has_tier(areas, MAPS_TIER_STREET);
    bool communities = has_tier(areas, MAPS_TIER_COMMUNITY);
    if (view->zoom < 12.6 || (!streets && !communities))
        maps_names_areas(labels, view, areas, MAPS_TIER_DISTRICT, MAPS_LABEL_DISTRICT);
    if (view->zoom >= 11.6 && (view->zoom < 14.2 || !communities))
        maps_names_areas(labels, view, areas, MAPS_TIER_STREET, MAPS_LABEL_STREET);
    if (view->zoom >= 13.2 || !streets)
        maps_names_areas(labels, view, areas, MAPS_TIER_COMMUNITY, MAPS_LABEL_COMMUNITY);
}

void maps_names_base(MapsLabels *labels, const MapsView *view, const GeoBatch *base)
{
    Lines lines = {g_array_new(FALSE, FALSE, sizeof(Line)),
                   g_array_new(FALSE, FALSE, sizeof(MapsPoint))};
    for (guint i = 0; i < base->rows->len; i++) {
        const GeoBase *row = &g_array_index(base->rows, GeoBase, i);
        bool water = row->class == GEO_BASE_WATER || row->class == GEO_BASE_RIVER;
        if (!row->row.name || row->class == GEO_BASE_RAIL || row->class == GEO_BASE_FARMLAND)
            continue;
        MapsLabelLook look = water ? MAPS_LABEL_WATER : MAPS_LABEL_GREEN;
        MapsPoint middle;
        double span_px;
        MapsRect rect = maps_path_row_rect(view, base, &row->row);
        if (row->row.shape == GEO_SHAPE_LINE && maps_path_visible(view, &rect, 0)) {
            size_t n;
            const GeoLonLat *points = geo_batch_part(base, &row->row, 0, &n);
            add_part(&lines, view, row->row.name, 0, points, n);
        } else if (row->row.shape == GEO_SHAPE_POLYGON &&
                   maps_names_middle(view, base, &row->row, &middle, &span_px) &&
                   span_px > 60 * view->scale) {
            maps_labels_add_point(labels, look, row->row.name, middle);
        }
    }
    for (guint i = 0; i < lines.lines->len; i++) {
        const Line *line = &g_array_index(lines.lines, Line, i);
        maps_labels_add_line(labels, MAPS_LABEL_WATER, line->name,
                             &g_array_index(lines.points, MapsPoint, line->first), line->n);
    }
    g_array_unref(lines.lines);
    g_array_unref(lines.points);
}

char *maps_names_dup_code(const char *code)
{
    if (!code)
        return NULL;
    size_t n = strlen(code), digits = strspn(code, "0123456789");
    /* 6 + 3 + 3 + 2 or + 3 digits (CJ/T 213 and its kin): the community's number and the grid's. */
    if (digits == n && (n == 14 || n == 15))
        return g_strdup_printf("%.3s-%s", code + 9, code + 12);
    return g_strdup(n > 9 ? code + n - 9 : code);
}
