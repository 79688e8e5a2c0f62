/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/text.h"

/* Inter has no Chinese; fontconfig then takes the next family, and the language tag picks the
 * mainland's glyph forms. */
#define FAMILIES "Inter, Noto Sans CJK SC, Noto Sans, sans-serif"

PangoContext *maps_text_context(const MapsView *view)
{
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    const char *lang = view->lang ? view->lang : "en";
    /* Names are Chinese in an English picture too: its Chinese glyphs are the mainland's. */
    pango_context_set_language(
        context, pango_language_from_string(g_str_has_prefix(lang, "zh") ? "zh-cn" : lang));
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    return context;
}

PangoLayout *maps_text_layout(PangoContext *context, const MapsView *view, const char *text,
                              double size_px, MapsTextLook look)
{
    PangoLayout *layout = pango_layout_new(context);
    PangoFontDescription *font = pango_font_description_from_string(FAMILIES);
    pango_font_description_set_absolute_size(font, size_px * view->scale * PANGO_SCALE);
    if (look & MAPS_TEXT_BOLD)
        pango_font_description_set_weight(font, PANGO_WEIGHT_SEMIBOLD);
    else if (look & MAPS_TEXT_MEDIUM)
        pango_font_description_set_weight(font, PANGO_WEIGHT_MEDIUM);
    if (look & MAPS_TEXT_ITALIC && !maps_text_is_cjk(text))
        pango_font_description_set_style(font, PANGO_STYLE_ITALIC);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    PangoAttrList *attrs = pango_attr_list_new();
    pango_attr_list_insert(attrs, pango_attr_font_features_new("tnum=1"));
    pango_layout_set_attributes(layout, attrs);
    pango_attr_list_unref(attrs);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

void maps_text_size(PangoLayout *layout, double *width, double *height)
{
    int w, h;
    pango_layout_get_size(layout, &w, &h);
    *width = (double)w / PANGO_SCALE;
    *height = (double)h / PANGO_SCALE;
}

void maps_text_show(cairo_t *cr, PangoLayout *layout, double x, double y, MapsColor color,
                    MapsColor halo, double halo_px)
{
    cairo_move_to(cr, x, y);
    if (halo_px > 0) {
        pango_cairo_layout_path(cr, layout);
        maps_style_set(cr, halo, 0.85);
        cairo_set_line_width(cr, 2 * halo_px);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_stroke(cr);
        cairo_move_to(cr, x, y);
    }
    maps_style_set(cr, color, 1);
    pango_cairo_show_layout(cr, layout);
    cairo_new_path(cr);
}

double maps_text_line(cairo_t *cr, PangoContext *context, const MapsView *view, const char *text,
                      double size_px, MapsTextLook look, MapsColor color, double align, double x,
                      double y)
{
    g_autoptr(PangoLayout) layout = maps_text_layout(context, view, text, size_px, look);
    double width, height;
    maps_text_size(layout, &width, &height);
    maps_text_show(cr, layout, x - align * width, y - height / 2, color, color, 0);
    return width;
}

bool maps_text_is_cjk(const char *text)
{
    for (const char *p = text; p && *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if ((c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
            (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF))
            return true;
    }
    return false;
}
