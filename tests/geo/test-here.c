/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/here.h"

#include <string.h>

#include "town.h"

#define SIDE_M 900.0
#define NOON INT64_C(1700000000000)
#define DAY_MS (INT64_C(24) * 3600 * 1000)

static double draw(double from, double to)
{
    return g_test_rand_double_range(from, to);
}

static void add_area(Town *town, const char *level, double west, double south, double side)
{
    g_autofree char *code = g_strdup_printf("%s %.0f %.0f", level, west, south);
    GeoArea *area = town_add(town, GEO_KIND_AREA, code);
    area->level = geo_batch_word(town->rows[GEO_KIND_AREA], level);
    town_draw_box(town, GEO_KIND_AREA, west, south, west + side, south + side);
}

static void add_incident(Town *town, double x, double y, int64_t at_ms)
{
    GeoIncident *incident = town_add(town, GEO_KIND_INCIDENT, NULL);
    incident->at_ms = at_ms;
    incident->category = geo_batch_word(town->rows[GEO_KIND_INCIDENT], "theft");
    incident->priority = 3;
    town_draw(town, GEO_KIND_INCIDENT, GEO_SHAPE_POINT, &(GeoXY){x, y}, 1);
}

/* A district, nine communities and 36 grids, streets between, houses and cameras anywhere. */
static Town *crowded_town(void)
{
    Town *town = town_new();
    add_area(town, "district", 0, 0, SIDE_M);
    for (int i = 0; i < 9; i++)
        add_area(town, "community", i % 3 * 300, i / 3 * 300, 300);
    for (int i = 0; i < 36; i++)
        add_area(town, "grid", i % 6 * 150, i / 6 * 150, 150);
    for (int i = 0; i < 8; i++) {
        g_autofree char *name = g_strdup_printf("Street %d", i);
        double a = draw(0, SIDE_M), b = draw(0, SIDE_M);
        town_add_road(town, name, (GeoXY){a, 0}, (GeoXY){b, SIDE_M}, GEO_ROAD_RESIDENTIAL);
    }
    for (int i = 0; i < 60; i++) {
        double x = draw(0, SIDE_M), y = draw(0, SIDE_M);
        town_add_house(town, x, y, x + draw(5, 30), y + draw(5, 30));
    }
    for (int i = 0; i < 600; i++) {
        int state = i % 9 == 0   ? GEO_CAMERA_FAULTY
                    : i % 9 == 1 ? GEO_CAMERA_PLANNED
                                 : GEO_CAMERA_WORKING;
        town_add_camera(town, draw(0, SIDE_M), draw(0, SIDE_M), draw(0, 360), state);
    }
    for (int i = 0; i < 400; i++)
        add_incident(town, draw(0, SIDE_M), draw(0, SIDE_M),
                     NOON + (int64_t)draw(-500, 20) * DAY_MS);
    town_finish(town);
    return town;
}

/* ---- the slow plain twin ---- */

/* By turns of the sight line, not by crossings: another algorithm than the one tested. */
static bool winds_around(const GeoXY *ring, size_t n, GeoXY p)
{
    double turned = 0;
    for (size_t i = 0; i < n; i++) {
        GeoXY a = {ring[i].x - p.x, ring[i].y - p.y};
        GeoXY b = {ring[(i + 1) % n].x - p.x, ring[(i + 1) % n].y - p.y};
        turned += atan2(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y);
    }
    return fabs(turned) > G_PI;
}

static const GeoHereCamera *camera_told(const GeoHere *here, int64_t id)
{
    for (guint i = 0; i < here->cameras->len; i++)
        if (g_array_index(here->cameras, GeoHereCamera, i).id == id)
            return &g_array_index(here->cameras, GeoHereCamera, i);
    return NULL;
}

static void assert_cameras(Town *town, const GeoHere *here, GeoXY p)
{
    g_autoptr(GError) error = NULL;
    GeoSightOptions options = {.night = here->night, .with_off = true};
    g_autoptr(GeoSight) sight = geo_sight_load(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    size_t seeing = 0, off = 0;
    for (size_t i = 0; i < sight->n; i++) {
        const GeoCamera *row = &g_array_index(sight->cameras->rows, GeoCamera, i);
        uint32_t n = sight->first[i + 1] - sight->first[i];
        if (n == 0 || !winds_around(sight->xy + sight->first[i], n, p))
            continue;
        off += row->state == GEO_CAMERA_FAULTY;
        if (row->state != GEO_CAMERA_WORKING)
            continue;
        seeing++;
        const GeoHereCamera *told = camera_told(here, row->row.id);
        g_assert_nonnull(told);
        double distance_m = hypot(sight->eyes[i].at.x - p.x, sight->eyes[i].at.y - p.y);
        g_assert_cmpfloat_with_epsilon(told->distance_m, distance_m, 1e-6);
        double heading = row->heading_deg * G_PI / 180; /* 8000 pixels over 90 degrees, level */
        double depth_m =
            (p.x - sight->eyes[i].at.x) * sin(heading) + (p.y - sight->eyes[i].at.y) * cos(heading);
        g_assert_cmpfloat_with_epsilon(told->px_per_m, 8000 / (2 * depth_m), 1e-3);
        g_assert_cmpfloat(told->px_per_m, >=, geo_sight_px_per_m((GeoSightClass)told->class));
        if (told->class < GEO_SIGHT_IDENTIFY)
            g_assert_cmpfloat(told->px_per_m, <,
                              geo_sight_px_per_m((GeoSightClass)(told->class + 1)));
        g_assert_cmpuint(told->n, ==, n); /* the same field as on the map of coverage */
        g_assert_cmpmem(&g_array_index(here->points, GeoLonLat, told->first), n * sizeof(GeoLonLat),
                        sight->lonlat + sight->first[i], n * sizeof(GeoLonLat));
    }
    g_assert_cmpuint(here->cameras->len, ==, seeing);
    g_assert_cmpuint(here->n_off, ==, off);
}

static void assert_areas(const GeoHere *here, GeoXY p)
{
    g_autofree char *grid =
        g_strdup_printf("grid %.0f %.0f", floor(p.x / 150) * 150, floor(p.y / 150) * 150);
    g_autofree char *community =
        g_strdup_printf("community %.0f %.0f", floor(p.x / 300) * 300, floor(p.y / 300) * 300);
    const char *wanted[] = {"district 0 0", community, grid};
    g_assert_cmpuint(here->areas->len, ==, 3);
    for (guint i = 0; i < 3; i++)
        g_assert_cmpstr(g_array_index(here->areas, GeoHereArea, i).code, ==, wanted[i]);
    g_assert_cmpstr(g_array_index(here->areas, GeoHereArea, 2).level, ==, "grid");
}

static void assert_incidents(Town *town, const GeoHere *here, GeoXY p)
{
    const GeoBatch *all = town->rows[GEO_KIND_INCIDENT];
    size_t year = 0, month = 0, near = 0;
    int64_t newest_ms = 0;
    for (guint i = 0; i < all->rows->len; i++) {
        const GeoIncident *row = &g_array_index(all->rows, GeoIncident, i);
        GeoLonLat at;
        g_assert_true(geo_batch_first(all, &row->row, &at));
        GeoXY q = geo_frame_xy(town->frame, at);
        if (row->at_ms > NOON ||
            hypot(q.x - town->origin.x - p.x, q.y - town->origin.y - p.y) > 150)
            continue;
        near++;
        month += NOON - row->at_ms < 28 * DAY_MS;
        year += NOON - row->at_ms < 365 * DAY_MS;
        newest_ms = MAX(newest_ms, row->at_ms);
    }
    g_assert_cmpuint(here->n_incidents_28d, ==, month);
    g_assert_cmpuint(here->n_incidents_year, ==, year);
    g_assert_cmpuint(here->incidents->len, ==, MIN(near, 12));
    for (guint i = 0; i < here->incidents->len; i++) {
        const GeoHereIncident *one = &g_array_index(here->incidents, GeoHereIncident, i);
        g_assert_cmpstr(one->name, ==, "theft");
        g_assert_cmpint(one->at_ms, <=, newest_ms);
        newest_ms = one->at_ms;
    }
}

/* All streets go from the south edge to the north edge, so the place is beside one, not past its
 * end. */
static void assert_street(Town *town, const GeoHere *here, GeoXY p)
{
    const GeoBatch *roads = town->rows[GEO_KIND_ROAD];
    double best_m = 60;
    const char *name = NULL;
    for (guint i = 0; i < roads->rows->len; i++) {
        size_t n;
        const GeoRow *row = geo_batch_row(roads, i);
        const GeoLonLat *line = geo_batch_part(roads, row, 0, &n);
        for (int k = 0; k <= 20000; k++) { /* every 5 cm */
            double t = k / 20000.0;
            GeoXY a = geo_frame_xy(town->frame, line[0]), b = geo_frame_xy(town->frame, line[1]);
            double off_m = hypot(a.x + t * (b.x - a.x) - town->origin.x - p.x,
                                 a.y + t * (b.y - a.y) - town->origin.y - p.y);
            if (off_m < best_m) {
                best_m = off_m;
                name = row->name;
            }
        }
    }
    g_assert_cmpstr(here->street, ==, name);
}

static void a_place_is_told_as_by_looking_at_everything(void)
{
    g_autoptr(Town) town = crowded_town();
    size_t seen = 0;
    for (int i = 0; i < 24; i++) {
        g_autoptr(GError) error = NULL;
        GeoXY p = {draw(150, SIDE_M - 150), draw(150, SIDE_M - 150)};
        GeoHereOptions options = {.at_ms = NOON, .night = i % 2};
        g_autoptr(GeoHere) here = geo_here_load(
            town->store, town->frame, town_lonlat(town, p.x, p.y), &options, NULL, &error);
        g_assert_no_error(error);
        assert_areas(here, p);
        assert_cameras(town, here, (GeoXY){town->origin.x + p.x, town->origin.y + p.y});
        assert_incidents(town, here, p);
        if (i % 6 == 0)
            assert_street(town, here, p);
        seen += here->cameras->len;
        for (guint k = 1; k < here->cameras->len; k++)
            g_assert_cmpfloat(g_array_index(here->cameras, GeoHereCamera, k - 1).px_per_m, >=,
                              g_array_index(here->cameras, GeoHereCamera, k).px_per_m);
    }
    g_assert_cmpuint(seen, >, 10);
}

static void the_night_sees_less_far(void)
{
    g_autoptr(Town) town = town_new();
    town_add_camera(town, 0, 0, 90, GEO_CAMERA_WORKING);
    town_finish(town);
    for (int night = 0; night < 2; night++) {
        g_autoptr(GError) error = NULL;
        GeoHereOptions options = {.at_ms = NOON, .night = night};
        g_autoptr(GeoHere) here = geo_here_load(town->store, town->frame, town_lonlat(town, 80, 0),
                                                &options, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(here->cameras->len, ==, night ? 0 : 1);
    }
}

static void an_empty_city_tells_nothing(void)
{
    g_autoptr(Town) town = town_new();
    g_autoptr(GError) error = NULL;
    GeoHereOptions options = {.at_ms = NOON};
    g_autoptr(GeoHere) here =
        geo_here_load(town->store, town->frame, town_lonlat(town, 0, 0), &options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(here->areas->len + here->cameras->len + here->incidents->len, ==, 0);
    g_assert_null(here->street);
    g_assert_cmpuint(here->n_off + here->n_incidents_year, ==, 0);
}

static void an_incident_is_not_its_own_history(void)
{
    g_autoptr(Town) town = town_new();
    g_autoptr(GError) error = NULL;
    add_incident(town, 10, 0, NOON - 1000);
    add_incident(town, 20, 0, NOON - 2000);
    town_finish(town);
    GeoHereOptions options = {.at_ms = NOON};
    GeoLonLat at = town_lonlat(town, 0, 0);
    g_autoptr(GeoHere) all = geo_here_load(town->store, town->frame, at, &options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(all->incidents->len, ==, 2);
    options.incident_id = g_array_index(all->incidents, GeoHereIncident, 0).id;
    g_autoptr(GeoHere) rest = geo_here_load(town->store, town->frame, at, &options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(rest->n_incidents_28d, ==, 1);
    g_assert_cmpuint(rest->n_incidents_year, ==, 1);
    g_assert_cmpuint(rest->incidents->len, ==, 1);
    g_assert_cmpint(g_array_index(rest->incidents, GeoHereIncident, 0).id, !=, options.incident_id);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/here/a-place-is-told-as-by-looking-at-everything",
                    a_place_is_told_as_by_looking_at_everything);
    g_test_add_func("/here/the-night-sees-less-far", the_night_sees_less_far);
    g_test_add_func("/here/an-empty-city-tells-nothing", an_empty_city_tells_nothing);
    g_test_add_func("/here/an-incident-is-not-its-own-history", an_incident_is_not_its_own_history);
    return g_test_run();
}
