/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/legal.h"

#include "tests/geo/town.h"

static Town *street_town(void)
{
    Town *town = town_new();
    town_add_road(town, "Street", (GeoXY){0, 50}, (GeoXY){300, 50}, GEO_ROAD_RESIDENTIAL);
    town_add_house(town, 100, 60, 140, 80);
    GeoBuilding *home = (GeoBuilding *)(void *)geo_batch_row(town->rows[GEO_KIND_BUILDING], 0);
    home->use = geo_batch_text(town->rows[GEO_KIND_BUILDING], "住宅");
    home->floors = 6;
    home->height_m = 18;
    town_add_house(town, 100, 20, 140, 40); /* of unknown use: no home */
    return town;
}

static GeoNolook *add_room(Town *town, int class, double west, double south, double east,
                           double north)
{
    GeoNolook *room = town_add(town, GEO_KIND_NOLOOK, "room");
    room->class = class;
    town_draw_box(town, GEO_KIND_NOLOOK, west, south, east, north);
    return room;
}

static GeoSight *sight_of(Town *town)
{
    g_autoptr(GError) error = NULL;
    GeoSightOptions options = {.metres_only = true, .with_off = true};
    GeoSight *sight = geo_sight_load(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    return sight;
}

static GeoLegal *check_of(const GeoLegalBook *book, const GeoSight *sight, size_t i)
{
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    geo_view_rings(sight->edges, &sight->eyes[i], points, parts);
    const GeoXY *xy = (const GeoXY *)(const void *)points->data;
    const uint32_t *first = (const uint32_t *)(const void *)parts->data;
    GeoLegal *legal = geo_legal_check(book, sight->eyes[i].at, xy, points->len, first, parts->len);
    g_assert_cmpint(
        legal->rooms->len > 0, ==,
        geo_legal_meets_room(book, sight->eyes[i].at, xy, points->len, first, parts->len));
    return legal;
}

/* A wing behind the facade that ends the field; the same one behind the camera; one that hides
 * behind the house. */
static void windows_count(void)
{
    g_autoptr(Town) town = street_town();
    add_room(town, GEO_NOLOOK_DORMITORY, 100, 60, 120, 80);
    add_room(town, GEO_NOLOOK_BATH, 100, 90, 140, 110);
    town_add_camera(town, 120, 45, 0, GEO_CAMERA_WORKING);
    town_add_camera(town, 120, 45, 180, GEO_CAMERA_WORKING);
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    g_autoptr(GeoLegalBook) book = geo_legal_load(town->store, sight, NULL);
    g_autoptr(GeoLegal) to = check_of(book, sight, 0);
    g_autoptr(GeoLegal) away = check_of(book, sight, 1);
    g_assert_true(to->forbidden);
    g_assert_cmpuint(to->rooms->len, ==, 1);
    const GeoLegalRoom *room = &g_array_index(to->rooms, GeoLegalRoom, 0);
    g_assert_cmpuint(room->room, ==, 0);
    /* 15 m before the wall 90 degrees show 15 m of it to each side. */
    g_assert_cmpfloat_with_epsilon(room->wall_m, 15, 1);
    g_assert_cmpfloat(room->m2, <, 0.2);
    g_assert_cmpfloat_with_epsilon(room->distance_m, 15, 0.2);
    g_assert_cmpuint(to->homes, ==, 1);
    g_assert_cmpfloat_with_epsilon(to->wall_m, 30, 1);
    /* 6 floors of 8 dwellings to 100 m2, a quarter of the outline of 120 m. */
    g_assert_cmpuint(to->dwellings, ==, 12);
    g_assert_false(away->forbidden);
    g_assert_cmpuint(away->rooms->len, ==, 0);
    g_assert_cmpuint(away->homes, ==, 0);
}

static void secrets_ask_for_consent(void)
{
    g_autoptr(Town) town = street_town();
    add_room(town, GEO_NOLOOK_SECRET, 150, 40, 170, 58); /* a yard, in the open */
    town_add_camera(town, 200, 50, 270, GEO_CAMERA_WORKING);
    town_add_camera(town, 160, 50, 90, GEO_CAMERA_PLANNED); /* stands in it */
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    g_autoptr(GeoLegalBook) book = geo_legal_load(town->store, sight, NULL);
    g_autoptr(GeoLegal) legal = check_of(book, sight, 0);
    g_assert_false(legal->forbidden);
    g_assert_cmpuint(legal->rooms->len, ==, 1);
    g_assert_cmpfloat_with_epsilon(g_array_index(legal->rooms, GeoLegalRoom, 0).m2, 360, 0.5);
    g_assert_cmpfloat_with_epsilon(g_array_index(legal->rooms, GeoLegalRoom, 0).distance_m, 30,
                                   0.3);
    g_autoptr(GeoLegal) within = check_of(book, sight, 1);
    g_assert_cmpuint(within->rooms->len, ==, 1);
    g_assert_cmpfloat(g_array_index(within->rooms, GeoLegalRoom, 0).distance_m, ==, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoLegalList) list = geo_legal_list(book, sight->cameras, NULL, false, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(list->checked, ==, 2);
    g_assert_cmpuint(list->consent, ==, 2);
    g_assert_cmpuint(list->forbidden, ==, 0);
}

/* A yard that keeps secrets lies nearer than the wing that is forbidden. */
static void forbidden_rooms_come_first(void)
{
    g_autoptr(Town) town = street_town();
    add_room(town, GEO_NOLOOK_SECRET, 112, 48, 128, 52);
    add_room(town, GEO_NOLOOK_DORMITORY, 100, 60, 140, 80);
    town_add_camera(town, 120, 45, 0, GEO_CAMERA_WORKING);
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    g_autoptr(GeoLegalBook) book = geo_legal_load(town->store, sight, NULL);
    g_autoptr(GeoLegal) legal = check_of(book, sight, 0);
    g_assert_cmpuint(legal->rooms->len, ==, 2);
    const GeoLegalRoom *first = &g_array_index(legal->rooms, GeoLegalRoom, 0);
    const GeoLegalRoom *second = &g_array_index(legal->rooms, GeoLegalRoom, 1);
    g_assert_true(first->forbidden);
    g_assert_cmpuint(first->room, ==, 1);
    g_assert_cmpfloat(first->distance_m, >, second->distance_m);
}

/* ---- the plain twin ---- */

static bool ring_holds(const GeoXY *ring, size_t n, GeoXY p)
{
    bool in = false;
    for (size_t i = 0, j = n - 1; i < n; j = i++)
        if ((ring[i].y > p.y) != (ring[j].y > p.y) &&
            p.x < ring[i].x + (p.y - ring[i].y) / (ring[j].y - ring[i].y) * (ring[j].x - ring[i].x))
            in = !in;
    return in;
}

/* Square by square of 0.2 m. */
static double plain_m2(const GeoXY *xy, size_t n, const GeoBox *room)
{
    double m2 = 0, step = 0.2;
    for (double y = room->min_y + step / 2; y < room->max_y; y += step)
        for (double x = room->min_x + step / 2; x < room->max_x; x += step)
            m2 += ring_holds(xy, n, (GeoXY){x, y}) ? step * step : 0;
    return m2;
}

static void areas_agree_with_squares(void)
{
    for (int round = 0; round < 20; round++) {
        g_autoptr(Town) town = town_new();
        double x = g_test_rand_double_range(20, 60), y = g_test_rand_double_range(20, 60);
        add_room(town, GEO_NOLOOK_BATH, x, y, x + 20, y + 12);
        town_add_camera(town, 0, 0, g_test_rand_double_range(0, 90), GEO_CAMERA_WORKING);
        town_finish(town);
        g_autoptr(GeoSight) sight = sight_of(town);
        g_autoptr(GeoLegalBook) book = geo_legal_load(town->store, sight, NULL);
        g_autoptr(GeoLegal) legal = check_of(book, sight, 0);
        GeoBox box = {town->origin.x + x, town->origin.y + y, town->origin.x + x + 20,
                      town->origin.y + y + 12};
        double plain = plain_m2(sight->xy, sight->first[1], &box);
        double told = legal->rooms->len > 0 ? g_array_index(legal->rooms, GeoLegalRoom, 0).m2 : 0;
        g_assert_cmpfloat_with_epsilon(told, plain, 3);
        if (plain > 3)
            g_assert_true(legal->forbidden);
    }
}

static void nothing_known_nothing_found(void)
{
    g_autoptr(Town) town = town_new();
    town_add_camera(town, 0, 0, 0, GEO_CAMERA_WORKING);
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    g_autoptr(GeoLegalBook) book = geo_legal_load(town->store, sight, NULL);
    g_autoptr(GeoLegal) legal = check_of(book, sight, 0);
    g_assert_cmpuint(legal->rooms->len + legal->homes + legal->dwellings, ==, 0);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    g_autoptr(GError) error = NULL;
    geo_progress_cancel(progress);
    g_assert_null(geo_legal_list(book, sight->cameras, NULL, false, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/legal/windows-count", windows_count);
    g_test_add_func("/legal/secrets-ask-for-consent", secrets_ask_for_consent);
    g_test_add_func("/legal/forbidden-rooms-come-first", forbidden_rooms_come_first);
    g_test_add_func("/legal/areas-agree-with-squares", areas_agree_with_squares);
    g_test_add_func("/legal/nothing-known-nothing-found", nothing_known_nothing_found);
    return g_test_run();
}
