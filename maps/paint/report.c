/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/report.h"

#include <cairo-pdf.h>
#include <math.h>

#include "maps/paint/panel.h"
#include "maps/paint/text.h"

#define PAGE_W 595.0
#define PAGE_H 842.0
#define MARGIN 42.0
#define BOTTOM (PAGE_H - 46)
#define WIDTH (PAGE_W - 2 * MARGIN)
#define BODY 9.0
#define ROW 14.5
#define DOTS_PER_PT 3.0 /* of a map's streets, drawn as a picture: thousands of lines */

struct MapsReport {
    cairo_surface_t *surface;
    cairo_t *cr;
    MapsView view; /* style and language only */
    PangoContext *context;
    const MapsPalette *palette;
    char *header;
    double y;
    unsigned page;
};

static void begin_page(MapsReport *report)
{
    report->page++;
    report->y = MARGIN;
    if (report->page > 1) {
        maps_text_line(report->cr, report->context, &report->view, report->header, 8,
                       MAPS_TEXT_PLAIN, report->palette->text_quiet, 0, MARGIN, 28);
        report->y = MARGIN + 8;
    }
}

static void end_page(MapsReport *report)
{
    g_autofree char *number = g_strdup_printf("%u", report->page);
    maps_text_line(report->cr, report->context, &report->view, number, 8, MAPS_TEXT_PLAIN,
                   report->palette->text_quiet, 1, PAGE_W - MARGIN, PAGE_H - 26);
    cairo_show_page(report->cr);
}

static void need(MapsReport *report, double height)
{
    if (report->y + height <= BOTTOM)
        return;
    end_page(report);
    begin_page(report);
}

MapsReport *maps_report_new(const char *path, const char *header, const char *lang)
{
    MapsReport *report = g_new0(MapsReport, 1);
    report->surface = cairo_pdf_surface_create(path, PAGE_W, PAGE_H);
    report->cr = cairo_create(report->surface);
    report->view = (MapsView){.width = PAGE_W, .height = PAGE_H, .scale = 1};
    report->view.style = MAPS_STYLE_DAY;
    report->view.lang = lang;
    report->context = maps_text_context(&report->view);
    report->palette = maps_style_palette(MAPS_STYLE_DAY);
    report->header = g_strdup(header);
    begin_page(report);
    return report;
}

/* Words over as many lines as they need, from x on. */
static void show_words(MapsReport *report, const char *text, double size, MapsTextLook look,
                       MapsColor color)
{
    PangoLayout *layout = maps_text_layout(report->context, &report->view, text, size, look);
    double width, height;
    pango_layout_set_width(layout, (int)(WIDTH * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_spacing(layout, 2 * PANGO_SCALE);
    maps_text_size(layout, &width, &height);
    need(report, height);
    maps_text_show(report->cr, layout, MARGIN, report->y, color, color, 0);
    report->y += height;
    g_object_unref(layout);
}

void maps_report_title(MapsReport *report, const char *title, const char *under)
{
    show_words(report, title, 22, MAPS_TEXT_BOLD, report->palette->text_strong);
    report->y += 4;
    show_words(report, under, 10, MAPS_TEXT_PLAIN, report->palette->text_quiet);
    report->y += 10;
}

void maps_report_heading(MapsReport *report, const char *text)
{
    need(report, 60); /* never alone at the foot of a page */
    report->y += 12;
    show_words(report, text, 13, MAPS_TEXT_BOLD, report->palette->text_strong);
    report->y += 4;
}

void maps_report_words(MapsReport *report, const char *text)
{
    show_words(report, text, BODY, MAPS_TEXT_PLAIN, report->palette->text);
    report->y += 5;
}

/* ---- tables ---- */

static void show_cell(MapsReport *report, const char *text, const MapsReportColumn *column,
                      double x, MapsTextLook look, MapsColor color)
{
    double width = column->share * WIDTH - 6, wide, high;
    PangoLayout *layout = maps_text_layout(report->context, &report->view, text, BODY - 0.5, look);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_alignment(layout, column->right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    maps_text_size(layout, &wide, &high);
    maps_text_show(report->cr, layout, x + 3, report->y + (ROW - high) / 2, color, color, 0);
    g_object_unref(layout);
}

static void show_row(MapsReport *report, const MapsReportColumn *columns, size_t n,
                     const char *const *cells, bool head)
{
    double x = MARGIN;
    for (size_t i = 0; i < n; i++) {
        const char *text = head ? columns[i].head : cells[i];
        if (text)
            show_cell(report, text, &columns[i], x, head ? MAPS_TEXT_BOLD : MAPS_TEXT_PLAIN,
                      head ? report->palette->text_strong : report->palette->text);
        x += columns[i].share * WIDTH;
    }
    report->y += ROW;
    maps_style_set(report->cr, report->palette->panel_rim, 1);
    cairo_set_line_width(report->cr, head ? 0.8 : 0.3);
    cairo_move_to(report->cr, MARGIN, report->y);
    cairo_line_to(report->cr, MARGIN + WIDTH, report->y);
    cairo_stroke(report->cr);
}

void maps_report_table(MapsReport *report, const MapsReportColumn *columns, size_t n_columns,
                       const char *const *cells, size_t n_rows)
{
    need(report, 3 * ROW);
    show_row(report, columns, n_columns, NULL, true);
    for (size_t i = 0; i < n_rows; i++) {
        if (report->y + ROW > BOTTOM) {
            end_page(report);
            begin_page(report);
            show_row(report, columns, n_columns, NULL, true);
        }
        show_row(report, columns, n_columns, cells + i * n_columns, false);
    }
    report->y += 8;
}

/* ---- maps ---- */

static MapsColor ink_color(const MapsReport *report, unsigned ink)
{
    static const MapsColor unseen = {0.78, 0.76, 0.73}, opened = {0.84, 0.30, 0.0};
    return ink == MAPS_REPORT_SEEN     ? report->palette->cover[1]
           : ink == MAPS_REPORT_OPENED ? opened
                                       : unseen;
}

/* Streets of one map as a picture, the inks that matter over the others. */
static cairo_surface_t *draw_streets(const MapsReport *report, const MapsReportMap *map,
                                     const GeoBox *box, double width, double height)
{
    int columns = (int)(width * DOTS_PER_PT), rows = (int)(height * DOTS_PER_PT);
    cairo_surface_t *picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows);
    cairo_t *cr = cairo_create(picture);
    double scale = columns / (box->max_x - box->min_x);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    for (unsigned ink = 0; ink < 3; ink++) {
        double wide = fmax(scale * 9, ink == MAPS_REPORT_UNSEEN ? 1.2 : 2.8);
        maps_style_set(cr, ink_color(report, ink), 1);
        cairo_set_line_width(cr, wide);
        for (size_t i = 0; i < map->n_lines; i++) {
            const MapsReportLine *line = &map->lines[i];
            if (line->ink != ink)
                continue;
            cairo_move_to(cr, (line->a.x - box->min_x) * scale, (box->max_y - line->a.y) * scale);
            cairo_line_to(cr, (line->b.x - box->min_x) * scale, (box->max_y - line->b.y) * scale);
            cairo_stroke(cr);
        }
    }
    cairo_destroy(cr);
    return picture;
}

static void show_marks(MapsReport *report, const MapsReportMap *map, const GeoBox *box, double x,
                       double width)
{
    double scale = width / (box->max_x - box->min_x);
    for (size_t i = 0; i < map->n_marks; i++) {
        double at_x = x + (map->marks[i].x - box->min_x) * scale;
        double at_y = report->y + (box->max_y - map->marks[i].y) * scale;
        bool told = map->n_marks <= 60; /* more numbers would cover the map */
        g_autofree char *number = g_strdup_printf("%zu", i + 1);
        maps_style_set(report->cr, report->palette->text_strong, 0.85);
        cairo_arc(report->cr, at_x, at_y, told ? 4.2 : 1.6, 0, 2 * G_PI);
        cairo_fill(report->cr);
        if (told)
            maps_text_line(report->cr, report->context, &report->view, number, 4.6, MAPS_TEXT_BOLD,
                           report->palette->panel, 0.5, at_x, at_y);
    }
}

static void show_map(MapsReport *report, const MapsReportMap *map, const GeoBox *box, double x,
                     double width, double height)
{
    cairo_surface_t *picture = draw_streets(report, map, box, width, height);
    cairo_save(report->cr);
    cairo_rectangle(report->cr, x, report->y, width, height);
    cairo_clip(report->cr);
    cairo_translate(report->cr, x, report->y);
    cairo_scale(report->cr, 1 / DOTS_PER_PT, 1 / DOTS_PER_PT);
    cairo_set_source_surface(report->cr, picture, 0, 0);
    cairo_paint(report->cr);
    cairo_identity_matrix(report->cr);
    cairo_new_path(report->cr);
    show_marks(report, map, box, x, width);
    cairo_restore(report->cr);
    maps_style_set(report->cr, report->palette->panel_rim, 1);
    cairo_set_line_width(report->cr, 0.6);
    cairo_rectangle(report->cr, x, report->y, width, height);
    cairo_stroke(report->cr);
    cairo_surface_destroy(picture);
}

/* A scale bar to the left and what the inks mean behind it, on one line. */
static void show_legend(MapsReport *report, const GeoBox *box, double width,
                        const char *const inks[3])
{
    double m_per_pt = (box->max_x - box->min_x) / width;
    double length_m = maps_scalebar_length_m(90 * m_per_pt), x = MARGIN, y = report->y + 10;
    g_autofree char *words = length_m >= 1000 ? g_strdup_printf("%.0f km", length_m / 1000)
                                              : g_strdup_printf("%.0f m", length_m);
    maps_style_set(report->cr, report->palette->text, 1);
    cairo_set_line_width(report->cr, 1.2);
    cairo_move_to(report->cr, x, y);
    cairo_line_to(report->cr, x + length_m / m_per_pt, y);
    cairo_stroke(report->cr);
    x += length_m / m_per_pt + 5;
    x += maps_text_line(report->cr, report->context, &report->view, words, 8, MAPS_TEXT_PLAIN,
                        report->palette->text, 0, x, y) +
         20;
    for (unsigned ink = 0; ink < 3; ink++) {
        maps_style_set(report->cr, ink_color(report, ink), 1);
        cairo_set_line_width(report->cr, 3);
        cairo_move_to(report->cr, x, y);
        cairo_line_to(report->cr, x + 18, y);
        cairo_stroke(report->cr);
        x += 23;
        x += maps_text_line(report->cr, report->context, &report->view, inks[ink], 8,
                            MAPS_TEXT_PLAIN, report->palette->text, 0, x, y) +
             16;
    }
    report->y += 22;
}

void maps_report_maps(MapsReport *report, const MapsReportMap *maps, size_t n, const GeoBox *box,
                      const char *const inks[3])
{
    double gap = 12, width = (WIDTH - gap * (double)(n - 1)) / (double)n;
    double shape = (box->max_y - box->min_y) / fmax(box->max_x - box->min_x, 1);
    double height = fmin(width * shape, 420);
    GeoBox shown = *box;
    if (width * shape > height) { /* higher than the page allows: with margins to both sides */
        double half = (box->max_y - box->min_y) * width / height / 2;
        double middle = (box->min_x + box->max_x) / 2;
        shown.min_x = middle - half;
        shown.max_x = middle + half;
    }
    need(report, height + 40);
    for (size_t i = 0; i < n; i++)
        maps_text_line(report->cr, report->context, &report->view, maps[i].caption, BODY,
                       MAPS_TEXT_BOLD, report->palette->text_strong, 0,
                       MARGIN + (width + gap) * (double)i, report->y + 6);
    report->y += 16;
    for (size_t i = 0; i < n; i++)
        show_map(report, &maps[i], &shown, MARGIN + (width + gap) * (double)i, width, height);
    report->y += height;
    show_legend(report, &shown, width, inks);
}

cairo_status_t maps_report_end(MapsReport *report)
{
    end_page(report);
    cairo_destroy(report->cr);
    cairo_surface_finish(report->surface);
    cairo_status_t status = cairo_surface_status(report->surface);
    cairo_surface_destroy(report->surface);
    g_object_unref(report->context);
    g_free(report->header);
    g_free(report);
    return status;
}
