/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked of a city's fields once they are drawn: who sees a place, what each camera alone
 * sees, what an outage costs, how long each metre goes unseen. A synthetic city of 25,200 houses on
 * 12 x 12 km with 168 + 150 streets and 12,000 cameras of 30 to 150 m, in memory, from one seed,
 * one thread; each against the plain way in the same run. */
#include <math.h>

#include "geo/calc/sole.h"
#include "geo/work/fields.h"
#include "geo/work/outage.h"
#include "geo/work/watch.h"
#include "geo/work/who.h"
#include "tests/bench/bench.h"

#define NAME "shares"
#define COLUMNS 168
#define ROWS 150
#define CAMERAS 12000
#define SIDE_M 12000.0
#define QUESTIONS 20000
#define DAY_MS INT64_C(86400000)

typedef struct {
    GeoStore *store;
    GeoFrame *frame;
    GeoXY origin;
    GRand *dice;
} City;

static double real(City *city, double from, double to)
{
    return g_rand_double_range(city->dice, from, to);
}

static void draw(const City *city, GeoBatch *batch, GeoShape shape, const GeoXY *points, size_t n)
{
    GeoLonLat lonlat[4];
    for (size_t i = 0; i < n; i++)
        lonlat[i] = geo_frame_lonlat(
            city->frame, (GeoXY){city->origin.x + points[i].x, city->origin.y + points[i].y});
    geo_batch_part_from(batch, shape, lonlat, n);
}

static void put(const City *city, GeoBatch *batch, int64_t import_id)
{
    GeoAct act = geo_act_local(NULL, 1767225600000);
    GeoImport import = {.id = import_id, .kind = "bench", .source = "bench", .at_ms = act.now_ms};
    for (guint i = 0; i < batch->rows->len; i++)
        geo_batch_row(batch, i)->id = import_id * 1000000 + i;
    g_autoptr(GError) error = NULL;
    if (!geo_store_import_begin(city->store, &act, &import, &error) ||
        !geo_store_import_put(city->store, &act, import_id, batch, &error) ||
        !geo_store_import_finish(city->store, &act, import_id, 0, &error))
        g_error("%s", error->message);
    geo_batch_free(batch);
}

static void add_houses(City *city)
{
    GeoBatch *houses = geo_batch_new(GEO_KIND_BUILDING);
    double pitch_x = SIDE_M / COLUMNS, pitch_y = SIDE_M / ROWS;
    for (int i = 0; i < COLUMNS * ROWS; i++) {
        int column = i % COLUMNS, row = i / COLUMNS;
        double x = (column + 0.2) * pitch_x, y = (row + 0.2) * pitch_y;
        double w = real(city, 15, 40), h = real(city, 12, 45);
        GeoXY ring[4] = {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}};
        geo_batch_add(houses);
        draw(city, houses, GEO_SHAPE_POLYGON, ring, 4);
    }
    put(city, houses, 1);
}

static void add_streets(City *city)
{
    GeoBatch *roads = geo_batch_new(GEO_KIND_ROAD);
    for (int i = 0; i < COLUMNS + ROWS; i++) {
        double at = i < COLUMNS ? i * SIDE_M / COLUMNS : (i - COLUMNS) * SIDE_M / ROWS;
        GeoXY along[2] = {{at, 0}, {at, SIDE_M}}, across[2] = {{0, at}, {SIDE_M, at}};
        GeoRoad *road = geo_batch_add(roads);
        road->class = GEO_ROAD_RESIDENTIAL;
        road->foot = road->ebike = road->car = 2;
        draw(city, roads, GEO_SHAPE_LINE, i < COLUMNS ? along : across, 2);
    }
    put(city, roads, 2);
}

static void add_cameras(City *city)
{
    static const double fields[5] = {50, 70, 90, 110, 360};
    GeoBatch *cameras = geo_batch_new(GEO_KIND_CAMERA);
    for (int i = 0; i < CAMERAS; i++) {
        double at = g_rand_int_range(city->dice, 0, COLUMNS) * SIDE_M / COLUMNS;
        GeoXY p = {at + real(city, -3, 3), real(city, 0, SIDE_M)};
        GeoCamera *camera = geo_batch_add(cameras);
        camera->fov_deg = fields[g_rand_int_range(city->dice, 0, 5)];
        camera->lens = camera->fov_deg == 360 ? GEO_LENS_PANORAMA : GEO_LENS_FIXED;
        camera->owner = i % 4;
        camera->heading_deg = real(city, 0, 360);
        camera->range_m = real(city, 30, 150);
        camera->night_range_m = camera->range_m / 2;
        camera->width_px = 8000;
        draw(city, cameras, GEO_SHAPE_POINT, &p, 1);
    }
    put(city, cameras, 3);
}

static City city_new(void)
{
    GeoCity facts = {.name = "bench", .zone = "Asia/Shanghai", .epsg = 4548};
    City city = {.store = geo_store_new_memory(&facts), .dice = g_rand_new_with_seed(20260101)};
    city.frame = geo_frame_new(facts.epsg, NULL);
    city.origin = geo_frame_xy(city.frame, (GeoLonLat){117.25, 31.85});
    add_houses(&city);
    add_streets(&city);
    add_cameras(&city);
    return city;
}

static bool in_rings(const GeoXY *xy, size_t n, const GArray *first, GeoXY p)
{
    bool in = false;
    for (guint k = 0; k < first->len; k++) {
        size_t begin = g_array_index(first, uint32_t, k);
        size_t end = k + 1 < first->len ? g_array_index(first, uint32_t, k + 1) : n;
        for (size_t i = begin, j = end - 1; i < end; j = i++)
            in ^= (xy[i].y > p.y) != (xy[j].y > p.y) &&
                  p.x < (xy[j].x - xy[i].x) * (p.y - xy[i].y) / (xy[j].y - xy[i].y) + xy[i].x;
    }
    return in;
}

static void bench_who(City *city, const GeoSurvey *survey)
{
    g_autofree double *index_us = g_new(double, QUESTIONS), *plain_us = g_new(double, QUESTIONS);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GeoFields) fields = geo_fields_of(survey->sight);
    double build_ms[5];
    GeoWho *who = NULL;
    for (int run = 0; run < 5; run++) {
        geo_who_free(who);
        double begun = bench_now_us();
        who = geo_who_new(survey->sight);
        build_ms[run] = (bench_now_us() - begun) / 1000;
    }
    size_t seen = 0, plainly = 0, plain_runs = QUESTIONS / 200;
    GeoWhoSeer seers[64];
    for (size_t i = 0; i < QUESTIONS; i++) {
        GeoXY p = {city->origin.x + real(city, 0, SIDE_M), city->origin.y + real(city, 0, SIDE_M)};
        double begun = bench_now_us();
        size_t n = geo_who_find(who, p, seers, 64);
        index_us[i] = bench_now_us() - begun;
        seen += i < plain_runs ? n : 0;
        if (i >= plain_runs)
            continue;
        begun = bench_now_us();
        for (size_t c = 0; c < fields->n; c++) {
            size_t n_points;
            const GeoXY *xy = geo_fields_rings(fields, c, first, &n_points);
            plainly += xy && in_rings(xy, n_points, first, p);
        }
        plain_us[i] = bench_now_us() - begun;
    }
    geo_who_free(who);
    if (seen != plainly)
        g_error("the index says %zu, all cameras %zu", seen, plainly);
    bench_say(NAME, "who index", "gridbeat", "ms", build_ms, 5);
    bench_say(NAME, "who", "gridbeat", "us", index_us, QUESTIONS);
    bench_say(NAME, "who", "ask all", "us", plain_us, plain_runs);
}

/* Street metres that each camera alone sees; the plain way counts the city without it. */
static void bench_missed(const GeoSurvey *survey)
{
    g_autoptr(GeoFields) fields = geo_fields_of(survey->sight);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    double all_ms[5], plain_ms[5], street_m = 0, ground_m2, plain_m = 0;
    size_t n = 0;
    for (int run = 0; run < 5; run++) {
        double begun = bench_now_us();
        g_autoptr(GeoSole) sole = geo_sole_new(survey->ground, survey->cover);
        for (size_t i = 0; i < fields->n; i++) {
            double metres;
            const GeoXY *xy = geo_fields_rings(fields, i, first, &n);
            if (!xy)
                continue;
            geo_sole_measure(sole, xy, (const uint32_t *)(const void *)first->data, first->len, n,
                             &metres, &ground_m2);
            street_m += i < 5 && run == 0 ? metres : 0;
        }
        all_ms[run] = (bench_now_us() - begun) / 1000;
    }
    double before = geo_ground_share(survey->ground, survey->cover).street_seen_m;
    for (size_t i = 0; i < 5; i++) {
        double begun = bench_now_us();
        geo_fields_change(fields, i, survey->cover, false);
        plain_m += before - geo_ground_share(survey->ground, survey->cover).street_seen_m;
        geo_fields_change(fields, i, survey->cover, true);
        plain_ms[i] = (bench_now_us() - begun) / 1000 * CAMERAS;
    }
    if (fabs(street_m - plain_m) > 0.1)
        g_error("alone %.1f m, by counting without %.1f m", street_m, plain_m);
    bench_say(NAME, "missed", "gridbeat", "ms", all_ms, 5);
    bench_say(NAME, "missed", "count without", "ms", plain_ms, 5);
}

static void bench_outage(const City *city, GeoSurvey *survey)
{
    double ms[5];
    const GeoCoverageOptions plain = {0};
    GeoOutageOptions options = {.owner = GEO_OWNER_SHOP, .top = 20};
    for (int run = 0; run < 5; run++) {
        g_autoptr(GeoOutage) outage =
            geo_outage_measure(city->store, survey, &plain, &options, NULL, NULL);
        ms[run] = outage->work_ms;
    }
    bench_say(NAME, "outage 3000", "gridbeat", "ms", ms, 5);
}

static void bench_week(const City *city)
{
    double ms[3];
    GeoWatchOptions options = {.from_ms = 1780243200000, .to_ms = 1780243200000 + 7 * DAY_MS};
    for (int run = 0; run < 3; run++) {
        g_autoptr(GeoWatch) watch = geo_watch_measure(city->store, &options, NULL, NULL);
        ms[run] = watch->work_ms;
    }
    bench_say(NAME, "week", "gridbeat", "ms", ms, 3);
}

int main(void)
{
    City city = city_new();
    const GeoCoverageOptions plain = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoSurvey) survey = geo_survey_load(city.store, &plain, NULL, &error);
    if (!survey)
        g_error("%s", error->message);
    bench_who(&city, survey);
    bench_missed(survey);
    bench_outage(&city, survey);
    bench_week(&city);
    bench_machine(NAME);
    g_rand_free(city.dice);
    geo_frame_free(city.frame);
    geo_store_close(city.store);
    return 0;
}
