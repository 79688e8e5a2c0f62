/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "geo/calc/partition.h"
#include "geo/model/kind.h"
#include "geo/store/datadir.h"
#include "geo/work/demo-city.h"

#define STEP_M 90.0 /* of smoothed lines */
#define BORDER_STEP_M 110.0
#define BORDER_ROUNDS 10
#define STRAIGHT_M 0.8 /* a point this near the line of its neighbours says nothing */

static const char *const kinds[] = {"road", "rail",  "river",  "water", "park", "square",
                                    "zone", "frame", "street", "place", NULL};
static const char *const zones[] = {[DEMO_FARM] = "farm",
                                    [DEMO_WATER] = "-",
                                    [DEMO_BANK] = "--",
                                    [DEMO_PARK] = "green",
                                    [DEMO_SQUARE] = "---",
                                    [DEMO_TOWN] = "town",
                                    [DEMO_INDUSTRY] = "industrial",
                                    [DEMO_URBAN] = "urban",
                                    [DEMO_NEW] = "new",
                                    [DEMO_CAMPUS] = "campus",
                                    [DEMO_CORE] = "core",
                                    [DEMO_OLD] = "old",
                                    NULL};

static bool read_text(const char *name, char **text, char **path, GError **error)
{
    g_autoptr(GError) inner = NULL;
    *path = geo_datadir_find(name);
    if (!*path) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "data file '%s' is not installed", name);
        return false;
    }
    if (g_file_get_contents(*path, text, NULL, &inner))
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "%s", inner->message);
    return false;
}

/* ---- lines ---- */

static GeoXY spline(GeoXY a, GeoXY b, GeoXY c, GeoXY d, double t)
{
    double t2 = t * t, t3 = t2 * t;
    double wa = -t3 + 2 * t2 - t, wb = 3 * t3 - 5 * t2 + 2, wc = -3 * t3 + 4 * t2 + t, wd = t3 - t2;
    return (GeoXY){(wa * a.x + wb * b.x + wc * c.x + wd * d.x) / 2,
                   (wa * a.y + wb * b.y + wc * c.y + wd * d.y) / 2};
}

/* The tangent of a spline runs wild where a short span follows a long one: neighbours are drawn in
 * to the span's own length. */
static GeoXY draw_in(GeoXY from, GeoXY to, double length)
{
    double far = hypot(to.x - from.x, to.y - from.y);
    double share = far > length ? length / far : 1;
    return (GeoXY){from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share};
}

static GArray *smooth(const GArray *raw, bool closed)
{
    GArray *xy = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    const GeoXY *p = (const GeoXY *)(void *)raw->data;
    guint n = raw->len, spans = closed ? n : n - 1;
    for (guint i = 0; i < spans; i++) {
        GeoXY b = p[i], c = p[(i + 1) % n];
        double length = hypot(c.x - b.x, c.y - b.y);
        GeoXY a = closed || i > 0 ? p[(i + n - 1) % n] : b;
        GeoXY d = closed || i + 2 < n ? p[(i + 2) % n] : c;
        a = draw_in(b, a, length);
        d = draw_in(c, d, length);
        guint steps = MAX(1, (guint)ceil(length / STEP_M));
        for (guint k = 0; k < steps; k++) {
            GeoXY q = spline(a, b, c, d, (double)k / steps);
            g_array_append_val(xy, q);
        }
    }
    if (!closed)
        g_array_append_val(xy, p[n - 1]);
    for (guint i = 1; i + 1 < xy->len;) {
        const GeoXY *q = (const GeoXY *)(void *)xy->data;
        if (geo_ring_segment_m(q[i], q[i - 1], q[i + 1], NULL) < STRAIGHT_M)
            g_array_remove_index(xy, i);
        else
            i++;
    }
    return xy;
}

/* The line left_m to its left, by the bisectors of its corners. */
GArray *geo_demo_offset(const GArray *xy, bool closed, double left_m)
{
    GArray *moved = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    const GeoXY *p = (const GeoXY *)(void *)xy->data;
    guint n = xy->len;
    for (guint i = 0; i < n; i++) {
        GeoXY a = closed || i > 0 ? p[(i + n - 1) % n] : p[i];
        GeoXY c = closed || i + 1 < n ? p[(i + 1) % n] : p[i];
        double ax = p[i].x - a.x, ay = p[i].y - a.y, cx = c.x - p[i].x, cy = c.y - p[i].y;
        double la = fmax(hypot(ax, ay), 1e-9), lc = fmax(hypot(cx, cy), 1e-9);
        double nx = -(ay / la + cy / lc), ny = ax / la + cx / lc, ln = fmax(hypot(nx, ny), 0.6);
        double reach = fmin(2 / ln, 1.4) * left_m;
        GeoXY q = {p[i].x + nx / hypot(nx, ny) * reach, p[i].y + ny / hypot(nx, ny) * reach};
        if (hypot(nx, ny) > 1e-9)
            g_array_append_val(moved, q);
    }
    return moved;
}

static bool parse_point(const Demo *demo, const char *word, GArray *xy)
{
    char *end;
    GeoLonLat p;
    p.lon = g_ascii_strtod(word, &end);
    if (*end != ',')
        return false;
    p.lat = g_ascii_strtod(end + 1, &end);
    if (*end || !geo_coord_valid(p))
        return false;
    GeoXY q = geo_frame_xy(demo->frame, p);
    g_array_append_val(xy, q);
    return true;
}

static void line_free(gpointer data)
{
    DemoLine *line = data;
    g_free(line->name);
    if (line->xy)
        g_array_unref(line->xy);
    g_free(line);
}

/* The words before the points, by kind; the number of words used, 0 when they are wrong. */
static guint parse_head(DemoLine *line, char **word, guint n)
{
    static const guint heads[] = {3, 2, 4, 2, 2, 2, 2, 1, 2, 3};
    guint head = heads[line->kind];
    if (n <= head)
        return 0;
    const char *class = NULL, *const *words = NULL;
    if (line->kind == DEMO_LINE_ROAD)
        class = word[1], words = geo_road_class_words;
    else if (line->kind == DEMO_LINE_RIVER)
        class = word[2], words = geo_road_class_words;
    else if (line->kind == DEMO_LINE_ZONE)
        class = word[1], words = zones;
    else if (line->kind == DEMO_LINE_PLACE)
        class = g_str_equal(word[1], "landmark") ? "other" : word[1], words = geo_facility_words;
    line->class = class ? geo_kind_word(words, class) : 0;
    line->width_m = line->kind == DEMO_LINE_RIVER ? g_ascii_strtod(word[1], NULL) : 0;
    line->name = g_strdup(word[head - 1]);
    return line->class < 0 ? 0 : head;
}

static bool parse_line(Demo *demo, const char *text)
{
    g_auto(GStrv) word = g_strsplit(text, " ", -1);
    guint n = g_strv_length(word);
    int kind = geo_kind_word(kinds, word[0]);
    if (kind < 0)
        return false;
    DemoLine *line = g_new0(DemoLine, 1);
    g_ptr_array_add(demo->lines, line);
    line->kind = (DemoLineKind)kind;
    g_autoptr(GArray) raw = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    guint head = parse_head(line, word, n);
    line->closed = kind == DEMO_LINE_WATER || kind == DEMO_LINE_PARK || kind == DEMO_LINE_SQUARE ||
                   kind == DEMO_LINE_ZONE;
    for (guint i = head; head > 0 && i < n; i++) {
        if (g_str_equal(word[i], "+"))
            line->closed = true;
        else if (*word[i] && !parse_point(demo, word[i], raw))
            return false;
    }
    if (head == 0 || raw->len == 0)
        return false;
    bool soft = raw->len > 2 && (kind <= DEMO_LINE_WATER);
    line->xy = soft ? smooth(raw, line->closed) : g_array_ref(raw);
    if (line->closed && kind != DEMO_LINE_ROAD &&
        geo_ring_area_m2((const GeoXY *)(void *)line->xy->data, line->xy->len) < 0)
        for (guint i = 0; i < line->xy->len / 2; i++) {
            GeoXY *p = (GeoXY *)(void *)line->xy->data, held = p[i];
            p[i] = p[line->xy->len - 1 - i];
            p[line->xy->len - 1 - i] = held;
        }
    line->box = GEO_BOX_EMPTY;
    for (guint i = 0; i < line->xy->len; i++)
        geo_box_add(&line->box, g_array_index(line->xy, GeoXY, i));
    return true;
}

static bool read_skeleton(Demo *demo, GError **error)
{
    g_autofree char *text = NULL, *path = NULL;
    if (!read_text("hefei/skeleton.txt", &text, &path, error))
        return false;
    demo->lines = g_ptr_array_new_with_free_func(line_free);
    g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
    for (guint i = 0; rows[i]; i++)
        if (*rows[i] && *rows[i] != '#' && !parse_line(demo, rows[i])) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "cannot read '%s', line %u: not a record of the skeleton", path, i + 1);
            return false;
        }
    for (guint i = 0; i < demo->lines->len; i++)
        if (demo_line(demo, i)->kind == DEMO_LINE_FRAME)
            demo->box = demo_line(demo, i)->box;
    return true;
}

/* ---- districts, as a raster of who owns a place ---- */

static void fill_raster(Demo *demo, const GeoXY *ring, size_t n, uint8_t value)
{
    g_autofree double *xs = g_new(double, n);
    for (int row = 0; row < demo->raster_h; row++) {
        double y = demo->box.min_y + (row + 0.5) * DEMO_RASTER_M;
        size_t m = 0;
        for (size_t i = 0, j = n - 1; i < n; j = i++)
            if ((ring[i].y > y) != (ring[j].y > y)) {
                double x =
                    (ring[j].x - ring[i].x) * (y - ring[i].y) / (ring[j].y - ring[i].y) + ring[i].x;
                size_t k = m++;
                for (; k > 0 && xs[k - 1] > x; k--)
                    xs[k] = xs[k - 1];
                xs[k] = x;
            }
        for (size_t i = 0; i + 1 < m; i += 2) {
            int from = (int)ceil((xs[i] - demo->box.min_x) / DEMO_RASTER_M - 0.5);
            int to = (int)floor((xs[i + 1] - demo->box.min_x) / DEMO_RASTER_M - 0.5);
            for (int col = MAX(from, 0); col <= MIN(to, demo->raster_w - 1); col++)
                demo->district_at[(size_t)row * demo->raster_w + col] = value;
        }
    }
}

int geo_demo_district_at(const Demo *demo, GeoXY p)
{
    int col = (int)floor((p.x - demo->box.min_x) / DEMO_RASTER_M);
    int row = (int)floor((p.y - demo->box.min_y) / DEMO_RASTER_M);
    if (col < 0 || row < 0 || col >= demo->raster_w || row >= demo->raster_h)
        return -1;
    return demo->district_at[(size_t)row * demo->raster_w + col] - 1;
}

/* The published outlines are rounded to a lattice of about 200 m and go in steps. Points of at most
 * BORDER_STEP_M apart, averaged with their neighbours: the same line whichever way it is walked, so
 * that both sides of a border stay one line but near where three meet. */
static void smooth_ring(GArray *ring)
{
    g_autoptr(GArray) dense = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    for (guint i = 0; i < ring->len; i++) {
        GeoXY a = g_array_index(ring, GeoXY, i),
              b = g_array_index(ring, GeoXY, (i + 1) % ring->len);
        int n = (int)ceil(hypot(b.x - a.x, b.y - a.y) / BORDER_STEP_M);
        for (int k = 0; k < n; k++) {
            GeoXY p = {a.x + (b.x - a.x) * k / n, a.y + (b.y - a.y) * k / n};
            g_array_append_val(dense, p);
        }
    }
    guint n = dense->len;
    g_array_set_size(ring, n);
    GeoXY *from = (GeoXY *)(void *)dense->data, *to = (GeoXY *)(void *)ring->data;
    for (int round = 0; round < BORDER_ROUNDS; round++) {
        for (guint i = 0; i < n; i++) {
            GeoXY a = from[(i + n - 1) % n], b = from[i], c = from[(i + 1) % n];
            to[i] = (GeoXY){(a.x + c.x) / 4 + b.x / 2, (a.y + c.y) / 4 + b.y / 2};
        }
        GeoXY *swap = from;
        from = to;
        to = swap;
    }
    memmove(ring->data, from, n * sizeof(GeoXY));
}

static bool read_districts(Demo *demo, GError **error)
{
    g_autofree char *text = NULL, *path = NULL;
    if (!read_text("hefei/districts.txt", &text, &path, error))
        return false;
    demo->raster_w = (int)ceil((demo->box.max_x - demo->box.min_x) / DEMO_RASTER_M);
    demo->raster_h = (int)ceil((demo->box.max_y - demo->box.min_y) / DEMO_RASTER_M);
    demo->borders = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    demo->district_at = g_new0(uint8_t, (size_t)demo->raster_w * demo->raster_h);
    g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
    uint8_t n = 0;
    for (guint i = 0; rows[i]; i++) {
        if (!*rows[i] || *rows[i] == '#')
            continue;
        g_auto(GStrv) word = g_strsplit(rows[i], " ", -1);
        g_autoptr(GArray) ring = g_array_new(FALSE, FALSE, sizeof(GeoXY));
        for (guint k = 2; word[0] && word[1] && word[k]; k++) {
            char *end = NULL;
            GeoLonLat gcj;
            gcj.lon = g_ascii_strtod(word[k], &end);
            gcj.lat = *end == ',' ? g_ascii_strtod(end + 1, &end) : 0;
            if (*end || !geo_coord_valid(gcj))
                break;
            GeoXY p = geo_frame_xy(demo->frame, geo_coord_from_gcj02(gcj));
            g_array_append_val(ring, p);
        }
        if (ring->len < 4 || n >= 4) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "cannot read '%s', line %u: not an outline", path, i + 1);
            return false;
        }
        smooth_ring(ring);
        fill_raster(demo, (const GeoXY *)(void *)ring->data, ring->len, ++n);
        g_ptr_array_add(demo->borders, g_steal_pointer(&ring));
    }
    return true;
}

/* ---- names and codes ---- */

static void community_free(gpointer data)
{
    DemoCommunity *community = data;
    g_free(community->code);
    g_free(community->name);
    g_free(community->street);
    g_free(community->district);
    g_free(community->street_code);
    g_free(community);
}

static void street_free(gpointer data)
{
    DemoStreet *street = data;
    g_free(street->code);
    g_free(street->name);
    g_free(street);
}

/* What people call it: "逍遥津社区" for its residents' committee, "龚湾村" for a villagers'. */
static char *short_name(const char *name)
{
    static const char *const ends[][2] = {{"社区居民委员会", "社区"}, {"社区居委会", "社区"},
                                          {"社区委员会", "社区"},     {"村民委员会", "村"},
                                          {"居民委员会", "社区"},     {"村委会", "村"},
                                          {"居委会", "社区"}};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        if (g_str_has_suffix(name, ends[i][0])) {
            g_autofree char *stem = g_strndup(name, strlen(name) - strlen(ends[i][0]));
            bool twice = g_str_has_suffix(stem, ends[i][1]);
            return g_strconcat(stem, twice ? "" : ends[i][1], NULL);
        }
    return g_strdup(name);
}

static int district_of(const char *code)
{
    static const char *const codes[] = {"340102", "340103", "340104", "340111"};
    for (int i = 0; i < 4; i++)
        if (g_str_has_prefix(code, codes[i]))
            return i;
    return -1;
}

static bool read_communities(Demo *demo, GError **error)
{
    g_autofree char *text = NULL, *path = NULL;
    if (!read_text("hefei/communities.csv", &text, &path, error))
        return false;
    demo->communities = g_ptr_array_new_with_free_func(community_free);
    demo->streets = g_ptr_array_new_with_free_func(street_free);
    g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
    for (guint i = 1; rows[0] && rows[i]; i++) {
        if (!*rows[i])
            continue;
        g_auto(GStrv) cell = g_strsplit(rows[i], ",", -1);
        if (g_strv_length(cell) != 4 || strlen(cell[0]) != 12 || district_of(cell[0]) < 0) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "cannot read '%s', line %u: not a community", path, i + 1);
            return false;
        }
        DemoCommunity *community = g_new0(DemoCommunity, 1);
        community->code = g_strdup(cell[0]);
        community->name = short_name(cell[1]);
        community->street = g_strdup(cell[2]);
        community->district = g_strdup(cell[3]);
        community->street_code = g_strndup(cell[0], 9);
        g_ptr_array_add(demo->communities, community);
        DemoStreet *last =
            demo->streets->len ? g_ptr_array_index(demo->streets, demo->streets->len - 1) : NULL;
        if (last && g_str_equal(last->code, community->street_code))
            continue;
        DemoStreet *street = g_new0(DemoStreet, 1);
        street->code = g_strdup(community->street_code);
        street->name = g_strdup(cell[2]);
        street->district = district_of(cell[0]);
        g_ptr_array_add(demo->streets, street);
    }
    return true;
}

bool geo_demo_read(Demo *demo, GError **error)
{
    demo->frame = geo_frame_new(4548, error);
    return demo->frame && read_skeleton(demo, error) && read_districts(demo, error) &&
           read_communities(demo, error);
}
