/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Placement is greedy: a label is put at its best free place or not at all. Boxes live in a hash of
 * 64 px cells, so a test of one box costs what lies near it. A line's label is tested as a row of
 * small squares along it, since one upright box around a slanting name would empty the map. */
#include "maps/paint/labels.h"

#include <math.h>

#include "maps/paint/text.h"

#define CELL_PX 64.0
#define REPEAT_PX 520.0
#define SAME_NAME_PX 260.0
#define BLOCKED G_MAXUINT

typedef struct {
    PangoLayout *layout; /* owned */
    MapsPoint middle;
    double angle; /* radians, clockwise on the picture */
    MapsLabelLook look;
} Piece;

typedef struct {
    MapsPoint at;
    guint name; /* hash of its text */
} Placed;

struct MapsLabels {
    MapsView view;
    PangoContext *context;
    GArray *pieces;    /* Piece */
    GArray *boxes;     /* MapsLabelBox, of labels alone */
    GArray *all;       /* MapsLabelBox, blocked places too */
    GArray *placed;    /* Placed, of lines */
    GHashTable *cells; /* cell -> GArray of guint, index in all */
    unsigned n_labels;
};

typedef struct {
    double size_px, halo_px, gap_px; /* gap: to other labels */
    MapsTextLook text;
} Look;

static const Look looks[MAPS_N_LABELS] = {
    [MAPS_LABEL_DISTRICT] = {19, 3, 10, MAPS_TEXT_BOLD},
    [MAPS_LABEL_STREET] = {14, 2.4, 6, MAPS_TEXT_BOLD},
    [MAPS_LABEL_COMMUNITY] = {12.5, 2.2, 5, MAPS_TEXT_BOLD},
    [MAPS_LABEL_ROAD_MAJOR] = {11.5, 2.2, 3, MAPS_TEXT_MEDIUM},
    [MAPS_LABEL_ROAD_MINOR] = {10.5, 2, 13, MAPS_TEXT_PLAIN},
    [MAPS_LABEL_WATER] = {11.5, 2, 4, MAPS_TEXT_ITALIC},
    [MAPS_LABEL_GREEN] = {11, 2, 4, MAPS_TEXT_ITALIC},
    [MAPS_LABEL_PLACE] = {10.5, 2, 4, MAPS_TEXT_PLAIN},
    [MAPS_LABEL_CODE] = {10, 1.8, 6, MAPS_TEXT_PLAIN},
    [MAPS_LABEL_SHARE] = {11.5, 2, 2, MAPS_TEXT_BOLD},
    [MAPS_LABEL_UNIT] = {10.5, 2.2, 2, MAPS_TEXT_MEDIUM},
    [MAPS_LABEL_INCIDENT] = {11.5, 2.4, 2, MAPS_TEXT_BOLD},
};

static void clear_piece(gpointer piece)
{
    g_object_unref(((Piece *)piece)->layout);
}

MapsLabels *maps_labels_new(const MapsView *view)
{
    MapsLabels *labels = g_new0(MapsLabels, 1);
    labels->view = *view;
    labels->context = maps_text_context(view);
    labels->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    g_array_set_clear_func(labels->pieces, clear_piece);
    labels->boxes = g_array_new(FALSE, FALSE, sizeof(MapsLabelBox));
    labels->all = g_array_new(FALSE, FALSE, sizeof(MapsLabelBox));
    labels->placed = g_array_new(FALSE, FALSE, sizeof(Placed));
    labels->cells =
        g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)(void (*)(void))g_array_unref);
    return labels;
}

void maps_labels_free(MapsLabels *labels)
{
    if (!labels)
        return;
    g_array_unref(labels->pieces);
    g_array_unref(labels->boxes);
    g_array_unref(labels->all);
    g_array_unref(labels->placed);
    g_hash_table_unref(labels->cells);
    g_object_unref(labels->context);
    g_free(labels);
}

/* ---- collision ---- */

static gpointer cell_key(int x, int y)
{
    return GINT_TO_POINTER((y + 512) * 4096 + x + 512);
}

static void cells_of(const MapsRect *rect, int *x0, int *y0, int *x1, int *y1)
{
    *x0 = (int)floor(rect->left / CELL_PX);
    *y0 = (int)floor(rect->top / CELL_PX);
    *x1 = (int)floor(rect->right / CELL_PX);
    *y1 = (int)floor(rect->bottom / CELL_PX);
}

static void remember(MapsLabels *labels, MapsRect rect, unsigned label)
{
    MapsLabelBox box = {rect, label};
    guint index = labels->all->len;
    g_array_append_val(labels->all, box);
    if (label != BLOCKED)
        g_array_append_val(labels->boxes, box);
    int x0, y0, x1, y1;
    cells_of(&rect, &x0, &y0, &x1, &y1);
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++) {
            GArray *cell = g_hash_table_lookup(labels->cells, cell_key(x, y));
            if (!cell) {
                cell = g_array_new(FALSE, FALSE, sizeof(guint));
                g_hash_table_insert(labels->cells, cell_key(x, y), cell);
            }
            g_array_append_val(cell, index);
        }
}

static bool is_free(const MapsLabels *labels, MapsRect rect, double gap_px)
{
    MapsRect wide = {rect.left - gap_px, rect.top - gap_px, rect.right + gap_px,
                     rect.bottom + gap_px};
    if (rect.left < 2 || rect.top < 2 || rect.right > labels->view.width - 2 ||
        rect.bottom > labels->view.height - 2)
        return false;
    int x0, y0, x1, y1;
    cells_of(&wide, &x0, &y0, &x1, &y1);
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++) {
            const GArray *cell = g_hash_table_lookup(labels->cells, cell_key(x, y));
            for (guint i = 0; cell && i < cell->len; i++) {
                const MapsLabelBox *other =
                    &g_array_index(labels->all, MapsLabelBox, g_array_index(cell, guint, i));
                if (maps_rect_meet(other->label == BLOCKED ? &rect : &wide, &other->rect))
                    return false;
            }
        }
    return true;
}

void maps_labels_block(MapsLabels *labels, MapsRect rect)
{
    rect.left = fmax(rect.left, 0);
    rect.top = fmax(rect.top, 0);
    rect.right = fmin(rect.right, labels->view.width);
    rect.bottom = fmin(rect.bottom, labels->view.height);
    if (rect.left <= rect.right && rect.top <= rect.bottom)
        remember(labels, rect, BLOCKED);
}

/* ---- points ---- */

static void put_piece(MapsLabels *labels, PangoLayout *layout, MapsPoint middle, double angle,
                      MapsLabelLook look)
{
    Piece piece = {g_object_ref(layout), middle, angle, look};
    g_array_append_val(labels->pieces, piece);
}

static bool put_point(MapsLabels *labels, MapsLabelLook look, PangoLayout *layout, MapsPoint p)
{
    double width, height;
    maps_text_size(layout, &width, &height);
    MapsRect rect = {p.x - width / 2, p.y - height / 2, p.x + width / 2, p.y + height / 2};
    if (!is_free(labels, rect, looks[look].gap_px * labels->view.scale))
        return false;
    remember(labels, rect, labels->n_labels++);
    put_piece(labels, layout, p, 0, look);
    return true;
}

bool maps_labels_add_point(MapsLabels *labels, MapsLabelLook look, const char *text, MapsPoint p)
{
    if (!text || !*text || p.x < 0 || p.y < 0 || p.x > labels->view.width ||
        p.y > labels->view.height)
        return false;
    g_autoptr(PangoLayout) layout = maps_text_layout(labels->context, &labels->view, text,
                                                     looks[look].size_px, looks[look].text);
    return put_point(labels, look, layout, p);
}

bool maps_labels_add_beside(MapsLabels *labels, MapsLabelLook look, const char *text, MapsPoint p,
                            double radius_px)
{
    if (!text || !*text)
        return false;
    g_autoptr(PangoLayout) layout = maps_text_layout(labels->context, &labels->view, text,
                                                     looks[look].size_px, looks[look].text);
    double width, height, gap = radius_px + 3 * labels->view.scale;
    maps_text_size(layout, &width, &height);
    const MapsPoint places[] = {{p.x + gap + width / 2, p.y},
                                {p.x - gap - width / 2, p.y},
                                {p.x, p.y - gap - height / 2},
                                {p.x, p.y + gap + height / 2}};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        if (put_point(labels, look, layout, places[i]))
            return true;
    return false;
}

/* ---- lines ---- */

typedef struct {
    const MapsPoint *points;
    const double *along; /* length up to each point, px */
    size_t n;
} Run;

static MapsPoint run_at(const Run *run, double s)
{
    size_t low = 0, high = run->n - 1;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (run->along[middle] <= s)
            low = middle;
        else
            high = middle;
    }
    double length = run->along[high] - run->along[low];
    double t = length > 0 ? (s - run->along[low]) / length : 0;
    MapsPoint a = run->points[low], b = run->points[high];
    return (MapsPoint){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}

/* How far the run from s to s + length leaves its chord, at most. */
static double bend_px(const Run *run, double s, double length)
{
    MapsPoint a = run_at(run, s), b = run_at(run, s + length);
    double dx = b.x - a.x, dy = b.y - a.y, chord = hypot(dx, dy), worst = 0;
    if (chord < 0.9 * length)
        return INFINITY;
    for (int i = 1; i < 8; i++) {
        MapsPoint p = run_at(run, s + length * i / 8);
        worst = fmax(worst, fabs((p.x - a.x) * dy - (p.y - a.y) * dx) / chord);
    }
    return worst;
}

static bool near_same_name(const MapsLabels *labels, guint name, MapsPoint p)
{
    for (guint i = 0; i < labels->placed->len; i++) {
        const Placed *other = &g_array_index(labels->placed, Placed, i);
        if (other->name == name &&
            hypot(other->at.x - p.x, other->at.y - p.y) < SAME_NAME_PX * labels->view.scale)
            return true;
    }
    return false;
}

typedef struct {
    const char *text;
    PangoLayout *whole;
    double width, height;
    bool cjk;
    MapsLabelLook look;
    guint name;
} LineText;

/* Squares along the chord from a to b, as boxes of one label; false when one is taken. */
static bool chord_free(const MapsLabels *labels, MapsPoint a, MapsPoint b, double height,
                       double gap_px, GArray *rects)
{
    double length = hypot(b.x - a.x, b.y - a.y);
    unsigned n = (unsigned)fmax(2, ceil(length / fmax(height * 0.7, 1)));
    for (unsigned i = 0; i <= n; i++) {
        double t = (double)i / n, half = height / 2;
        MapsPoint p = {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
        MapsRect rect = {p.x - half, p.y - half, p.x + half, p.y + half};
        if (!is_free(labels, rect, gap_px))
            return false;
        g_array_append_val(rects, rect);
    }
    return true;
}

static double reading_angle(MapsPoint a, MapsPoint b)
{
    double angle = atan2(b.y - a.y, b.x - a.x);
    if (angle > M_PI / 2)
        angle -= M_PI;
    else if (angle < -M_PI / 2)
        angle += M_PI;
    return angle;
}

/* Letters of a Chinese name one by one, upright or nearly so, read rightwards or downwards. */
static void put_letters(MapsLabels *labels, const LineText *text, MapsPoint a, MapsPoint b)
{
    double angle = reading_angle(a, b);
    bool steep = fabs(angle) > 50 * M_PI / 180;
    bool backwards = steep ? b.y < a.y : b.x < a.x;
    double turn = !steep ? angle : angle > 0 ? angle - M_PI / 2 : angle + M_PI / 2;
    glong n = g_utf8_strlen(text->text, -1);
    const char *letter = text->text;
    for (glong i = 0; i < n; i++, letter = g_utf8_next_char(letter)) {
        g_autofree char *one = g_strndup(letter, (gsize)(g_utf8_next_char(letter) - letter));
        double t = ((double)i + 0.5) / (double)n;
        if (backwards)
            t = 1 - t;
        MapsPoint p = {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
        g_autoptr(PangoLayout) layout = maps_text_layout(
            labels->context, &labels->view, one, looks[text->look].size_px, looks[text->look].text);
        put_piece(labels, layout, p, turn, text->look);
    }
}

static bool try_line(MapsLabels *labels, const LineText *text, const Run *run, double s)
{
    MapsPoint middle = run_at(run, s + text->width / 2);
    if (bend_px(run, s, text->width) > 0.28 * text->height ||
        near_same_name(labels, text->name, middle))
        return false;
    MapsPoint a = run_at(run, s), b = run_at(run, s + text->width);
    g_autoptr(GArray) rects = g_array_new(FALSE, FALSE, sizeof(MapsRect));
    if (!chord_free(labels, a, b, text->height, looks[text->look].gap_px * labels->view.scale,
                    rects))
        return false;
    unsigned label = labels->n_labels++;
    for (guint i = 0; i < rects->len; i++)
        remember(labels, g_array_index(rects, MapsRect, i), label);
    Placed placed = {middle, text->name};
    g_array_append_val(labels->placed, placed);
    if (text->cjk)
        put_letters(labels, text, a, b);
    else
        put_piece(labels, text->whole, (MapsPoint){(a.x + b.x) / 2, (a.y + b.y) / 2},
                  reading_angle(a, b), text->look);
    return true;
}

/* Tries places around the middle of the stretch from s0 to s1. */
static bool try_stretch(MapsLabels *labels, const LineText *text, const Run *run, double s0,
                        double s1)
{
    double room = s1 - s0 - text->width;
    static const double places[] = {0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9, 0.02, 0.98};
    for (size_t i = 0; room >= 0 && i < G_N_ELEMENTS(places); i++)
        if (try_line(labels, text, run, s0 + room * places[i]))
            return true;
    return false;
}

unsigned maps_labels_add_line(MapsLabels *labels, MapsLabelLook look, const char *text,
                              const MapsPoint *points, size_t n)
{
    if (!text || !*text || n < 2)
        return 0;
    g_autofree double *along = g_new(double, n);
    along[0] = 0;
    for (size_t i = 1; i < n; i++)
        along[i] =
            along[i - 1] + hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
    g_autoptr(PangoLayout) layout = maps_text_layout(labels->context, &labels->view, text,
                                                     looks[look].size_px, looks[look].text);
    LineText line = {text, layout, 0, 0, maps_text_is_cjk(text), look, g_str_hash(text)};
    maps_text_size(layout, &line.width, &line.height);
    if (line.cjk) /* letters stand a little apart along a road */
        line.width *= 1.18;
    Run run = {points, along, n};
    unsigned put = 0,
             stretches = (unsigned)fmax(1, along[n - 1] / (REPEAT_PX * labels->view.scale));
    for (unsigned i = 0; i < stretches && line.width + 8 < along[n - 1]; i++)
        put += try_stretch(labels, &line, &run, along[n - 1] * i / stretches,
                           along[n - 1] * (i + 1) / stretches);
    return put;
}

/* ---- paint ---- */

static MapsColor look_color(const MapsPalette *palette, MapsLabelLook look)
{
    switch (look) {
    case MAPS_LABEL_DISTRICT:
    case MAPS_LABEL_STREET:
    case MAPS_LABEL_COMMUNITY:
    case MAPS_LABEL_SHARE:
    case MAPS_LABEL_UNIT:
    case MAPS_LABEL_INCIDENT:
        return palette->text_strong;
    case MAPS_LABEL_WATER:
        return palette->text_water;
    case MAPS_LABEL_GREEN:
        return palette->text_green;
    case MAPS_LABEL_ROAD_MAJOR:
        return palette->text;
    default:
        return palette->text_quiet;
    }
}

void maps_labels_paint(cairo_t *cr, const MapsLabels *labels)
{
    const MapsPalette *palette = maps_style_palette(labels->view.style);
    for (guint i = 0; i < labels->pieces->len; i++) {
        const Piece *piece = &g_array_index(labels->pieces, Piece, i);
        double width, height;
        maps_text_size(piece->layout, &width, &height);
        cairo_save(cr);
        cairo_translate(cr, piece->middle.x, piece->middle.y);
        cairo_rotate(cr, piece->angle);
        maps_text_show(cr, piece->layout, -width / 2, -height / 2, look_color(palette, piece->look),
                       palette->halo, looks[piece->look].halo_px * labels->view.scale * 0.75);
        cairo_restore(cr);
    }
}

const MapsLabelBox *maps_labels_boxes(const MapsLabels *labels, size_t *n)
{
    *n = labels->boxes->len;
    return (const MapsLabelBox *)(const void *)labels->boxes->data;
}

unsigned maps_labels_size(const MapsLabels *labels)
{
    return labels->n_labels;
}
