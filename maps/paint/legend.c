/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list is built once as rows with a detail level each; levels are left out from the finest on
 * until the rest fits. */
#include "maps/paint/legend.h"

#include <math.h>

#include "maps/paint/grids.h"
#include "maps/paint/panel.h"
#include "maps/paint/style.h"
#include "maps/paint/text.h"
#include "maps/paint/words.h"

#define WIDTH_PX 236.0
#define PAD_PX 11.0
#define ROW_PX 19.5
#define HEAD_PX 25.0

typedef enum {
    SWATCH_NONE,
    SWATCH_UNIT,   /* a unit kind, available */
    SWATCH_STATUS, /* a status, on foot */
    SWATCH_AGE,    /* an age */
    SWATCH_TRAIL,
    SWATCH_INCIDENT, /* a priority, waiting */
    SWATCH_STATE,    /* an incident state, priority 2 */
    SWATCH_CAMERA,   /* an owner */
    SWATCH_CAMERA_STATE,
    SWATCH_FIELD,
    SWATCH_COVER, /* k - 1 */
    SWATCH_GAP,
    SWATCH_TIER,
    SWATCH_CLUSTER,
} Swatch;

typedef enum { ROW_HEAD, ROW_ITEM, ROW_NOTE, ROW_HEAT, ROW_SHARE } RowType;

typedef struct {
    RowType type;
    Swatch swatch;
    int arg;
    int detail; /* 0: always; 2: first to go */
    unsigned columns;
    char *text;  /* owned */
    char *right; /* of a head, owned */
} Row;

static void clear_row(gpointer row)
{
    g_free(((Row *)row)->text);
    g_free(((Row *)row)->right);
}

static void head(GArray *rows, const char *text, const char *right)
{
    Row row = {ROW_HEAD, SWATCH_NONE, 0, 0, 1, g_strdup(text), g_strdup(right)};
    g_array_append_val(rows, row);
}

static void item(GArray *rows, Swatch swatch, int arg, int detail, unsigned columns,
                 const char *text)
{
    Row row = {ROW_ITEM, swatch, arg, detail, columns, g_strdup(text), NULL};
    g_array_append_val(rows, row);
}

static void note(GArray *rows, int detail, const char *text)
{
    Row row = {ROW_NOTE, SWATCH_NONE, 0, detail, 1, g_strdup(text), NULL};
    g_array_append_val(rows, row);
}

static void unit_rows(GArray *rows, const MapsView *view, const MapsScene *scene)
{
    static const struct {
        int kind;
        const char *text;
    } kinds[] = {{GEO_UNIT_FOOT, N_("foot")},
                 {GEO_UNIT_EBIKE, N_("e-bike")},
                 {GEO_UNIT_CAR, N_("car")},
                 {GEO_UNIT_TEAM, N_("team")}};
    static const struct {
        int status;
        const char *text;
    } statuses[] = {{GEO_STATUS_AVAILABLE, N_("available")},
                    {GEO_STATUS_RESERVED, N_("reserved")},
                    {GEO_STATUS_EN_ROUTE, N_("en route")},
                    {GEO_STATUS_ON_SCENE, N_("on scene")},
                    {GEO_STATUS_BUSY, N_("busy, break")}};
    static const char *const ages[] = {N_("live"), N_("late"), N_("stale, min"), N_("silent")};
    head(rows, _("Units"), NULL);
    if (scene->no_units) {
        note(rows, 0, _("no units in this city yet"));
        return;
    }
    bool crowded = maps_units_crowded(view, &scene->units);
    if (crowded)
        item(rows, SWATCH_CLUSTER, 0, 0, 1, _("units on duty, by status"));
    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && !crowded; i++)
        item(rows, SWATCH_UNIT, kinds[i].kind, 0, 2, _(kinds[i].text));
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
        item(rows, SWATCH_STATUS, statuses[i].status, 1, 2, _(statuses[i].text));
    if (scene->units.trail_s > 0 && !crowded) {
        g_autofree char *text = g_strdup_printf(_("trail, %.0f min"), scene->units.trail_s / 60);
        item(rows, SWATCH_TRAIL, 0, 0, 2, text);
    }
    for (int i = 0; i < MAPS_N_AGES && !crowded; i++)
        item(rows, SWATCH_AGE, i, 2, 2, _(ages[i]));
}

static void incident_rows(GArray *rows, const MapsScene *scene)
{
    head(rows, _("Incidents"), scene->no_incidents ? NULL : _("open"));
    if (scene->no_incidents) {
        note(rows, 0, _("no incidents in this city yet"));
        return;
    }
    for (int i = 1; i <= 4; i++) {
        g_autofree char *text = g_strdup_printf(_("priority %d"), i);
        item(rows, SWATCH_INCIDENT, i, 1, 2, text);
    }
    item(rows, SWATCH_STATE, GEO_INCIDENT_RECEIVED, 0, 2, _("waiting"));
    item(rows, SWATCH_STATE, GEO_INCIDENT_DISPATCHED, 0, 2, _("assigned"));
    item(rows, SWATCH_STATE, GEO_INCIDENT_ON_SCENE, 2, 2, _("on scene"));
    item(rows, SWATCH_STATE, GEO_INCIDENT_CLEARED, 2, 2, _("cleared"));
}

static void camera_rows(GArray *rows, const MapsView *view, const MapsScene *scene)
{
    head(rows, _("Cameras, seen by"), scene->no_cameras ? NULL : scene->sight);
    if (scene->no_cameras) {
        note(rows, 0, _("no cameras in this city yet"));
        return;
    }
    item(rows, SWATCH_COVER, 0, 0, 3, _("1\u00d7"));
    item(rows, SWATCH_COVER, 1, 0, 3, _("2\u00d7"));
    item(rows, SWATCH_COVER, 2, 0, 3, _("3\u00d7 +"));
    if (view->zoom < MAPS_CAMERA_ZOOM)
        return;
    static const char *const owners[] = {N_("public area"), N_("unit interior"), N_("shop front"),
                                         N_("compound")};
    for (int i = 0; i < 4; i++) {
        g_autofree char *text = view->zoom >= 17
                                    ? g_strdup_printf("%s %s", maps_fields_letter(i), _(owners[i]))
                                    : g_strdup(_(owners[i]));
        item(rows, SWATCH_CAMERA, i, 1, 2, text);
    }
    item(rows, SWATCH_CAMERA_STATE, GEO_CAMERA_PLANNED, 2, 2, _("planned"));
    item(rows, SWATCH_CAMERA_STATE, GEO_CAMERA_FAULTY, 2, 2, _("faulty"));
}

static void heat_rows(GArray *rows, const MapsScene *scene)
{
    head(rows, _("Incident heat"), scene->no_incidents ? NULL : scene->heat.period);
    if (scene->no_incidents || !(scene->heat.peak_per_km2 > 0)) {
        note(rows, 0,
             scene->no_incidents ? _("no incidents in this city yet")
                                 : _("no incidents here in the period"));
        return;
    }
    Row bar = {ROW_HEAT, SWATCH_NONE, 0, 0, 1, NULL, NULL};
    g_array_append_val(rows, bar);
    g_autofree char *text =
        g_strdup_printf(_("incidents per km\u00b2, kernel %.0f m"), scene->heat.radius_m);
    note(rows, 0, text);
    if (scene->heat.n < MAPS_HEAT_FEW) {
        g_autofree char *few =
            g_strdup_printf(_("hatched: only %u incidents"), (unsigned)scene->heat.n);
        note(rows, 0, few);
    }
}

/* The word of the first level that is of the tier; NULL without one. */
static const char *tier_word(const GeoBatch *areas, MapsTier tier)
{
    static const char *const known[] = {N_("district"), N_("county"),   N_("street"),
                                        N_("town"),     N_("precinct"), N_("community"),
                                        N_("village"),  N_("beat"),     N_("municipality"),
                                        N_("grid"),     N_("area")};
    for (guint i = 0; i < areas->rows->len; i++) {
        const char *level = g_array_index(areas->rows, GeoArea, i).level;
        if (maps_grids_tier(level) != tier)
            continue;
        for (size_t k = 0; k < G_N_ELEMENTS(known); k++)
            if (!g_strcmp0(level, known[k]))
                return _(known[k]);
        return level ? level : _("area");
    }
    return NULL;
}

static void grid_rows(GArray *rows, const MapsView *view, const MapsScene *scene)
{
    const char *words[MAPS_N_TIERS] = {NULL};
    bool any = false;
    for (int tier = 0; tier < MAPS_N_TIERS && scene->areas; tier++) {
        if (view->zoom >= maps_grids_zoom((MapsTier)tier))
            words[tier] = tier_word(scene->areas, (MapsTier)tier);
        any |= words[tier] != NULL;
    }
    if (any || scene->no_areas)
        head(rows, _("Grids"), NULL);
    if (scene->no_areas)
        note(rows, 0, _("no areas in this city yet"));
    for (int tier = 0; tier < MAPS_N_TIERS; tier++)
        if (words[tier])
            item(rows, SWATCH_TIER, tier, 1, 2, words[tier]);
}

static GArray *rows_of(const MapsView *view, const MapsScene *scene)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_array_set_clear_func(rows, clear_row);
    bool city = view->zoom <= MAPS_CITY_ZOOM && scene->overview && scene->area_count;
    if (city) {
        head(rows, _("Streets seen"), scene->sight);
        Row ramp = {ROW_SHARE, SWATCH_NONE, 0, 0, 1, NULL, NULL};
        g_array_append_val(rows, ramp);
        note(rows, 1, _("numbers: share seen, units on duty"));
    }
    if (scene->layers & MAPS_LAYER_UNITS && !city)
        unit_rows(rows, view, scene);
    if (scene->layers & MAPS_LAYER_INCIDENTS && !city)
        incident_rows(rows, scene);
    if (scene->layers & MAPS_LAYER_FIELDS && !city)
        camera_rows(rows, view, scene);
    if (scene->layers & MAPS_LAYER_GAPS && !scene->no_cameras && scene->gaps.n > 0) {
        g_autofree char *text = g_strdup_printf(_("worst %u in view"), (unsigned)scene->gaps.n);
        head(rows, _("Gaps"), text);
        item(rows, SWATCH_GAP, 0, 0, 1, _("street no camera sees, rank"));
    }
    if (scene->layers & MAPS_LAYER_HEAT)
        heat_rows(rows, scene);
    if (scene->layers & MAPS_LAYER_GRIDS)
        grid_rows(rows, view, scene);
    return rows;
}

/* ---- layout and drawing ---- */

typedef struct {
    cairo_t *cr; /* NULL: measure */
    const MapsView *view;
    const MapsScene *scene;
    PangoContext *context;
    double x, y, width;
    unsigned column, columns; /* of the running line of items */
} Pen;

static void line_swatch(const Pen *pen, MapsPoint p, MapsColor color, double width_px, double alpha)
{
    double s = pen->view->scale;
    cairo_move_to(pen->cr, p.x - 8 * s, p.y);
    cairo_line_to(pen->cr, p.x + 8 * s, p.y);
    maps_style_set(pen->cr, color, alpha);
    cairo_set_line_width(pen->cr, width_px * s);
    cairo_stroke(pen->cr);
}

static void box_swatch(const Pen *pen, MapsPoint p, const Row *row)
{
    const MapsPalette *palette = maps_style_palette(pen->view->style);
    double s = pen->view->scale;
    cairo_rectangle(pen->cr, p.x - 8 * s, p.y - 5.5 * s, 16 * s, 11 * s);
    if (row->swatch == SWATCH_COVER) {
        MapsColor ground =
            maps_style_mix(palette->land, palette->cover[row->arg], palette->cover_alpha[row->arg]);
        maps_style_set(pen->cr, ground, 1);
        cairo_fill_preserve(pen->cr);
        maps_style_set(pen->cr, palette->field, 0.8);
    } else {
        maps_style_set(pen->cr, palette->gap, 0.3);
        cairo_fill_preserve(pen->cr);
        cairo_path_t *path = cairo_copy_path(pen->cr);
        maps_gaps_hatch(pen->cr, pen->view, 4.5, 1.5, 0.95);
        cairo_new_path(pen->cr);
        cairo_append_path(pen->cr, path);
        cairo_path_destroy(path);
        maps_style_set(pen->cr, palette->gap, 1);
    }
    cairo_set_line_width(pen->cr, s);
    cairo_stroke(pen->cr);
}

static void swatch(const Pen *pen, MapsPoint p, const Row *row)
{
    static const double tier_px[] = {2, 1.4, 1, 0.7};
    static const double ages[] = {1, 90, 300, 1800};
    const MapsPalette *palette = maps_style_palette(pen->view->style);
    MapsUnit unit = {.kind = GEO_UNIT_FOOT, .status = GEO_STATUS_AVAILABLE, .heading_deg = NAN};
    MapsView near = *pen->view;
    near.zoom = 15;
    switch (row->swatch) {
    case SWATCH_UNIT:
        unit.kind = row->arg;
        maps_paint_unit(pen->cr, &near, p, &unit);
        break;
    case SWATCH_STATUS:
        unit.status = row->arg;
        maps_paint_unit(pen->cr, &near, p, &unit);
        break;
    case SWATCH_AGE:
        unit.age_s = ages[row->arg];
        maps_paint_unit(pen->cr, &near, p, &unit);
        break;
    case SWATCH_TRAIL:
        line_swatch(pen, p, palette->trail, 2.2, 0.8);
        break;
    case SWATCH_INCIDENT:
        near.zoom = 13; /* the small form */
        maps_paint_incident(pen->cr, &near, p, row->arg, GEO_INCIDENT_RECEIVED);
        break;
    case SWATCH_STATE:
        near.zoom = 13;
        maps_paint_incident(pen->cr, &near, p, 2, row->arg);
        break;
    case SWATCH_CAMERA:
        maps_paint_camera(pen->cr, &near, p, row->arg, GEO_CAMERA_WORKING);
        break;
    case SWATCH_CAMERA_STATE:
        maps_paint_camera(pen->cr, &near, p, GEO_OWNER_GOVERNMENT, row->arg);
        break;
    case SWATCH_COVER:
    case SWATCH_GAP:
        box_swatch(pen, p, row);
        break;
    case SWATCH_TIER:
        line_swatch(pen, p, row->arg ? palette->grid : palette->district, tier_px[row->arg], 0.9);
        break;
    case SWATCH_CLUSTER:
        cairo_new_path(pen->cr);
        cairo_arc(pen->cr, p.x, p.y, 6 * pen->view->scale, 0, 2 * M_PI);
        maps_style_set(pen->cr, palette->available, 1);
        cairo_set_line_width(pen->cr, 2.4 * pen->view->scale);
        cairo_stroke(pen->cr);
        break;
    default:
        break;
    }
}

static void end_line(Pen *pen)
{
    if (pen->column > 0)
        pen->y += ROW_PX * pen->view->scale;
    pen->column = 0;
    pen->columns = 0;
}

/* Fitted to the room by an ellipsis: a word is never cut in half. */
static void fitted_text(const Pen *pen, const char *text, double size_px, MapsTextLook look,
                        MapsColor color, double x, double y, double room)
{
    g_autoptr(PangoLayout) layout = maps_text_layout(pen->context, pen->view, text, size_px, look);
    double width, height;
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_width(layout, (int)(fmax(room, 1) * PANGO_SCALE));
    maps_text_size(layout, &width, &height);
    maps_text_show(pen->cr, layout, x, y - height / 2, color, color, 0);
}

static void do_item(Pen *pen, const Row *row)
{
    const MapsPalette *palette = maps_style_palette(pen->view->style);
    double s = pen->view->scale;
    if (pen->column >= row->columns || (pen->columns && pen->columns != row->columns))
        end_line(pen);
    pen->columns = row->columns;
    double room = pen->width / row->columns, x = pen->x + room * pen->column;
    double y = pen->y + ROW_PX * s / 2;
    if (pen->cr) {
        swatch(pen, (MapsPoint){x + 9 * s, y}, row);
        fitted_text(pen, row->text, 11.5, MAPS_TEXT_PLAIN, palette->text, x + 23 * s, y,
                    room - 23 * s);
    }
    pen->column++;
}

static void do_head(Pen *pen, const Row *row)
{
    const MapsPalette *palette = maps_style_palette(pen->view->style);
    double s = pen->view->scale, y = pen->y + HEAD_PX * s * 0.56;
    if (pen->cr) {
        double used = maps_text_line(pen->cr, pen->context, pen->view, row->text, 12,
                                     MAPS_TEXT_BOLD, palette->text_strong, 0, pen->x, y);
        double room = pen->width - used - 10 * s;
        g_autoptr(PangoLayout) right = maps_text_layout(
            pen->context, pen->view, row->right ? row->right : "", 10.5, MAPS_TEXT_PLAIN);
        double width, height;
        maps_text_size(right, &width, &height);
        if (width > room) {
            pango_layout_set_ellipsize(right, PANGO_ELLIPSIZE_END);
            pango_layout_set_width(right, (int)(fmax(room, 1) * PANGO_SCALE));
            maps_text_size(right, &width, &height);
        }
        maps_text_show(pen->cr, right, pen->x + pen->width - width, y - height / 2,
                       palette->text_quiet, palette->halo, 0);
    }
    pen->y += HEAD_PX * s;
}

static void bar_ticks(const Pen *pen, double y, const char *const *texts, const double *at,
                      size_t n)
{
    const MapsPalette *palette = maps_style_palette(pen->view->style);
    for (size_t i = 0; i < n; i++)
        maps_text_line(pen->cr, pen->context, pen->view, texts[i], 10.5, MAPS_TEXT_PLAIN,
                       palette->text, at[i], pen->x + pen->width * at[i], y);
}

static void do_heat(Pen *pen)
{
    double s = pen->view->scale, peak = pen->scene->heat.peak_per_km2;
    if (pen->cr) {
        g_autofree char *middle = g_strdup_printf("%.*f", peak < 10 ? 1 : 0, peak / 2);
        g_autofree char *high =
            g_strdup_printf("%.*f%s", peak < 10 ? 1 : 0, peak, pen->scene->heat.beyond ? " +" : "");
        const char *texts[] = {"0", middle, high};
        const double at[] = {0, 0.5, 1};
        maps_paint_heat_bar(pen->cr, pen->view, pen->x, pen->y + 2 * s, pen->width, 9 * s);
        bar_ticks(pen, pen->y + 19 * s, texts, at, G_N_ELEMENTS(texts));
    }
    pen->y += 27 * s;
}

static void do_share(Pen *pen)
{
    double s = pen->view->scale;
    if (pen->cr) {
        double end = pen->scene->share_end > 0 ? 100 * pen->scene->share_end : 100;
        g_autofree char *middle = g_strdup_printf("%g %%", end / 2);
        g_autofree char *high = g_strdup_printf(end < 100 ? "%g %% +" : "%g %%", end);
        const char *texts[] = {"0 %", middle, high};
        const double at[] = {0, 0.5, 1};
        for (int i = 0; i < 40; i++) {
            cairo_rectangle(pen->cr, pen->x + pen->width * i / 40, pen->y + 2 * s,
                            pen->width / 40 + 0.5, 9 * s);
            maps_style_set(pen->cr, maps_style_share(pen->view->style, i / 39.0), 1);
            cairo_fill(pen->cr);
        }
        bar_ticks(pen, pen->y + 19 * s, texts, at, G_N_ELEMENTS(texts));
    }
    pen->y += 27 * s;
}

static void do_row(Pen *pen, const Row *row)
{
    const MapsPalette *palette = maps_style_palette(pen->view->style);
    double s = pen->view->scale;
    if (row->type != ROW_ITEM)
        end_line(pen);
    switch (row->type) {
    case ROW_ITEM:
        do_item(pen, row);
        break;
    case ROW_HEAD:
        do_head(pen, row);
        break;
    case ROW_HEAT:
        do_heat(pen);
        break;
    case ROW_SHARE:
        do_share(pen);
        break;
    case ROW_NOTE:
        if (pen->cr)
            fitted_text(pen, row->text, 11, MAPS_TEXT_PLAIN, palette->text_quiet, pen->x,
                        pen->y + ROW_PX * s / 2, pen->width);
        pen->y += ROW_PX * s;
    }
}

/* Runs over all rows up to a level of detail; returns where the pen ends. */
static double run(Pen pen, const GArray *rows, int detail)
{
    for (guint i = 0; i < rows->len; i++)
        if (g_array_index(rows, Row, i).detail <= detail)
            do_row(&pen, &g_array_index(rows, Row, i));
    end_line(&pen);
    return pen.y;
}

MapsRect maps_paint_legend(cairo_t *cr, const MapsView *view, const MapsScene *scene, MapsRect room)
{
    double s = view->scale, pad = PAD_PX * s;
    g_autoptr(GArray) rows = rows_of(view, scene);
    MapsRect empty = {1, 1, 0, 0};
    PangoContext *context = maps_text_context(view);
    Pen pen = {NULL,
               view,
               scene,
               context,
               room.left + pad,
               room.top + pad * 0.5,
               (WIDTH_PX - 2 * PAD_PX) * s};
    int detail = 2;
    double bottom = 0;
    for (; detail >= 0; detail--) {
        bottom = run(pen, rows, detail) + pad * 0.7;
        if (bottom <= room.bottom)
            break;
    }
    MapsRect rect = {room.left, room.top, room.left + WIDTH_PX * s, bottom};
    bool fits = detail >= 0 && rows->len > 0 && rect.right <= room.right;
    if (fits && cr) {
        maps_paint_panel(cr, view, rect);
        pen.cr = cr;
        run(pen, rows, detail);
    }
    g_object_unref(context);
    return fits ? rect : empty;
}
