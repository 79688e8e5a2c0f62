/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/grid.h"

#include <glib.h>
#include <math.h>

static MapsView any_view(void)
{
    return (MapsView){
        .middle = {g_test_rand_double_range(-170, 170), g_test_rand_double_range(-80, 80)},
        .zoom = g_test_rand_double_range(6, 19.4),
        .width = g_test_rand_int_range(1, 4000),
        .height = g_test_rand_int_range(1, 2400),
        .scale = 1 + g_test_rand_bit()};
}

/* Neighbours share an edge to the pixel, and together they cover the view. */
static void tiles_leave_no_seam(void)
{
    for (int i = 0; i < 500; i++) {
        MapsView view = any_view();
        MapsTileRange range = maps_tile_range(&view);
        g_assert_cmpint(range.x0, <=, range.x1);
        MapsRect first = maps_tile_rect(&view, (MapsTile){range.z, range.x0, range.y0});
        MapsRect last = maps_tile_rect(&view, (MapsTile){range.z, range.x1, range.y1});
        g_assert_true(first.left <= 0.5 || range.x0 == 0);
        g_assert_true(first.top <= 0.5 || range.y0 == 0);
        g_assert_true(last.right >= view.width - 0.5 || range.x1 == (1 << (range.z - 1)) - 1);
        g_assert_true(last.bottom >= view.height - 0.5 || range.y1 == (1 << (range.z - 1)) - 1);
        for (int x = range.x0; x < range.x1; x++) {
            MapsRect a = maps_tile_rect(&view, (MapsTile){range.z, x, range.y0});
            MapsRect b = maps_tile_rect(&view, (MapsTile){range.z, x + 1, range.y0});
            g_assert_cmpfloat(a.right, ==, b.left);
            g_assert_cmpfloat(a.right, ==, round(a.right));
        }
    }
}

/* A full-HD view needs few tiles, none of them out of sight. */
static void asks_for_no_tile_out_of_sight(void)
{
    for (int i = 0; i < 500; i++) {
        MapsView view = any_view();
        MapsTileRange range = maps_tile_range(&view);
        for (int y = range.y0; y <= range.y1; y++)
            for (int x = range.x0; x <= range.x1; x++) {
                MapsRect rect = maps_tile_rect(&view, (MapsTile){range.z, x, y});
                g_assert_true(rect.right >= 0 && rect.left <= view.width);
                g_assert_true(rect.bottom >= 0 && rect.top <= view.height);
            }
        double across = ceil(view.width / (MAPS_TILE_PX * view.scale * M_SQRT1_2 - 1)) + 1;
        g_assert_cmpfloat(range.x1 - range.x0 + 1, <=, across);
    }
}

/* The tile's own picture and its place in the view agree on where a point of the earth lies. */
static void picture_lies_where_the_tile_is(void)
{
    for (int i = 0; i < 500; i++) {
        MapsView view = any_view();
        MapsTileRange range = maps_tile_range(&view);
        MapsTile tile = {range.z, range.x0, range.y1};
        MapsView picture = maps_tile_view(tile, view.scale, MAPS_STYLE_DAY);
        MapsRect rect = maps_tile_rect(&view, tile);
        MapsPoint in_picture = {g_test_rand_double_range(0, picture.width),
                                g_test_rand_double_range(0, picture.height)};
        MapsPoint seen = maps_view_point(&view, maps_view_unproject(&picture, in_picture));
        double x = rect.left + in_picture.x / picture.width * (rect.right - rect.left);
        double y = rect.top + in_picture.y / picture.height * (rect.bottom - rect.top);
        g_assert_cmpfloat_with_epsilon(seen.x, x, 1);
        g_assert_cmpfloat_with_epsilon(seen.y, y, 1);
    }
}

static void ancestor_holds_the_tile(void)
{
    for (int i = 0; i < 500; i++) {
        MapsView view = any_view();
        MapsTileRange range = maps_tile_range(&view);
        MapsTile tile = {range.z, range.x1, range.y0};
        int up = g_test_rand_int_range(1, tile.z);
        MapsRect inner = maps_tile_rect(&view, tile);
        MapsRect outer = maps_tile_rect(&view, maps_tile_ancestor(tile, up));
        g_assert_true(outer.left <= inner.left && outer.right >= inner.right);
        g_assert_true(outer.top <= inner.top && outer.bottom >= inner.bottom);
    }
}

static void takes_the_nearest_zoom(void)
{
    g_assert_cmpint(maps_tile_zoom(15.4), ==, 15);
    g_assert_cmpint(maps_tile_zoom(15.6), ==, 16);
    g_assert_cmpint(maps_tile_zoom(-3), ==, MAPS_TILE_MIN_Z);
    g_assert_cmpint(maps_tile_zoom(40), ==, MAPS_TILE_MAX_Z);
}

static void nothing_to_show_asks_for_nothing(void)
{
    MapsView view = {.middle = {117.28, 31.86}, .zoom = 15, .scale = 1};
    MapsTileRange range = maps_tile_range(&view);
    g_assert_cmpint(range.x0, >, range.x1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/grid/tiles-leave-no-seam", tiles_leave_no_seam);
    g_test_add_func("/grid/asks-for-no-tile-out-of-sight", asks_for_no_tile_out_of_sight);
    g_test_add_func("/grid/picture-lies-where-the-tile-is", picture_lies_where_the_tile_is);
    g_test_add_func("/grid/ancestor-holds-the-tile", ancestor_holds_the_tile);
    g_test_add_func("/grid/takes-the-nearest-zoom", takes_the_nearest_zoom);
    g_test_add_func("/grid/nothing-to-show-asks-for-nothing", nothing_to_show_asks_for_nothing);
    return g_test_run();
}
