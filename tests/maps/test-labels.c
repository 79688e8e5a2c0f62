/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/labels.h"

#include <math.h>

#include "maps/paint/names.h"
#include "maps/paint/text.h"

static const MapsView view = {{117.28, 31.86}, 15, 900, 600, 1, MAPS_STYLE_NIGHT, "zh-cn"};

static void assert_apart(const MapsLabels *labels)
{
    size_t n;
    const MapsLabelBox *boxes = maps_labels_boxes(labels, &n);
    for (size_t i = 0; i < n; i++) {
        const MapsRect *a = &boxes[i].rect;
        g_assert_true(a->left >= 0 && a->top >= 0 && a->right <= view.width &&
                      a->bottom <= view.height);
        for (size_t k = 0; k < i; k++)
            if (boxes[i].label != boxes[k].label)
                g_assert_false(maps_rect_meet(a, &boxes[k].rect));
    }
}

static void crowd(MapsLabels *labels)
{
    static const char *const names[] = {"淮河路", "Changjiang Road", "三孝口", "0417",
                                        "Xiaoyaojin Park"};
    for (int i = 0; i < 400; i++) {
        MapsPoint p = {g_test_rand_double_range(-50, 950), g_test_rand_double_range(-50, 650)};
        MapsPoint line[3] = {p,
                             {p.x + g_test_rand_double_range(-300, 300), p.y + 90},
                             {p.x + g_test_rand_double_range(-300, 300), p.y + 300}};
        const char *name = names[g_test_rand_int_range(0, 5)];
        MapsLabelLook look = (MapsLabelLook)g_test_rand_int_range(0, MAPS_N_LABELS);
        switch (g_test_rand_int_range(0, 3)) {
        case 0:
            maps_labels_add_point(labels, look, name, p);
            break;
        case 1:
            maps_labels_add_line(labels, look, name, line, 3);
            break;
        default:
            maps_labels_add_beside(labels, look, name, p, 7);
        }
    }
}

static void labels_never_touch(void)
{
    g_autoptr(MapsLabels) labels = maps_labels_new(&view);
    crowd(labels);
    g_assert_cmpuint(maps_labels_size(labels), >, 30);
    assert_apart(labels);
}

static void blocked_places_stay_free(void)
{
    g_autoptr(MapsLabels) labels = maps_labels_new(&view);
    MapsRect panel = {100, 100, 500, 400};
    maps_labels_block(labels, panel);
    crowd(labels);
    size_t n;
    const MapsLabelBox *boxes = maps_labels_boxes(labels, &n);
    g_assert_cmpuint(n, >, 0);
    for (size_t i = 0; i < n; i++)
        g_assert_false(maps_rect_meet(&boxes[i].rect, &panel));
}

static void first_come_first_served(void)
{
    g_autoptr(MapsLabels) labels = maps_labels_new(&view);
    MapsPoint p = {300, 300}, near = {310, 304};
    g_assert_true(maps_labels_add_point(labels, MAPS_LABEL_COMMUNITY, "三孝口", p));
    g_assert_false(maps_labels_add_point(labels, MAPS_LABEL_COMMUNITY, "杏花村", near));
    g_assert_true(maps_labels_add_beside(labels, MAPS_LABEL_UNIT, "3 min", near, 40));
    g_assert_cmpuint(maps_labels_size(labels), ==, 2);
}

static void long_roads_are_named_again(void)
{
    g_autoptr(MapsLabels) labels = maps_labels_new(&view);
    MapsView wide = view;
    wide.width = 3000;
    g_autoptr(MapsLabels) wide_labels = maps_labels_new(&wide);
    MapsPoint road[2] = {{10, 300}, {2990, 310}}, lane[2] = {{10, 100}, {40, 100}};
    g_assert_cmpuint(
        maps_labels_add_line(wide_labels, MAPS_LABEL_ROAD_MAJOR, "Changjiang Road", road, 2), >=,
        4);
    g_assert_cmpuint(
        maps_labels_add_line(labels, MAPS_LABEL_ROAD_MAJOR, "Changjiang Road", lane, 2), ==, 0);
}

static void ways_of_one_name_are_joined(void)
{
    g_autoptr(GeoBatch) roads = geo_batch_new(GEO_KIND_ROAD);
    for (int i = 0; i < 40; i++) { /* pieces far shorter than the name */
        GeoRoad *road = geo_batch_add(roads);
        road->class = GEO_ROAD_PRIMARY;
        road->row.name = geo_batch_word(roads, "Changjiang Road");
        bool turned = i % 3 == 0;
        double a = 117.272 + i * 0.0004, b = a + 0.0004;
        geo_batch_begin(roads, GEO_SHAPE_LINE);
        geo_batch_point(roads, turned ? b : a, 31.86);
        geo_batch_point(roads, turned ? a : b, 31.86);
    }
    g_autoptr(MapsLabels) labels = maps_labels_new(&view);
    maps_names_roads(labels, &view, roads);
    g_assert_cmpuint(maps_labels_size(labels), >=, 1);
    assert_apart(labels);
}

static void middle_lies_inside(void)
{
    g_autoptr(GeoBatch) areas = geo_batch_new(GEO_KIND_AREA);
    geo_batch_add(areas);
    /* A horseshoe: its centroid lies outside. */
    static const double ring[][2] = {{-4, -3}, {4, -3}, {4, 3},  {3, 3},  {3, -2},
                                     {-3, -2}, {-3, 3}, {-4, 3}, {-4, -3}};
    geo_batch_begin(areas, GEO_SHAPE_POLYGON);
    for (size_t i = 0; i < G_N_ELEMENTS(ring); i++)
        geo_batch_point(areas, 117.28 + ring[i][0] * 1e-3, 31.86 + ring[i][1] * 1e-3);
    MapsPoint middle;
    double span_px;
    g_assert_true(maps_names_middle(&view, areas, geo_batch_row(areas, 0), &middle, &span_px));
    GeoLonLat p = maps_view_unproject(&view, middle);
    double x = (p.lon - 117.28) * 1e3, y = (p.lat - 31.86) * 1e3;
    g_assert_true(fabs(x) < 4 && fabs(y) < 3 && (fabs(x) > 3 || y < -2));
    MapsView away = view;
    away.middle.lon += 1;
    g_assert_false(maps_names_middle(&away, areas, geo_batch_row(areas, 0), &middle, &span_px));
}

static void codes_are_short(void)
{
    g_autofree char *grid = maps_names_dup_code("34010301401401");
    g_autofree char *beijing = maps_names_dup_code("340103014014012");
    g_autofree char *beat = maps_names_dup_code("0523");
    g_assert_cmpstr(grid, ==, "014-01");
    g_assert_cmpstr(beijing, ==, "014-012");
    g_assert_cmpstr(beat, ==, "0523");
    g_assert_null(maps_names_dup_code(NULL));
    g_assert_true(maps_text_is_cjk("G206 长江路"));
    g_assert_false(maps_text_is_cjk("Äulestrasse"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/labels/never-touch", labels_never_touch);
    g_test_add_func("/labels/blocked-places-stay-free", blocked_places_stay_free);
    g_test_add_func("/labels/first-come-first-served", first_come_first_served);
    g_test_add_func("/labels/long-roads-are-named-again", long_roads_are_named_again);
    g_test_add_func("/names/ways-of-one-name-are-joined", ways_of_one_name_are_joined);
    g_test_add_func("/names/middle-lies-inside", middle_lies_inside);
    g_test_add_func("/names/codes-are-short", codes_are_short);
    return g_test_run();
}
