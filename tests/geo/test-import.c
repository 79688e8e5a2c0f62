/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/work/import.h"
#include "geo/work/timetext.h"
#include "geo/work/viewtext.h"

static char *folder;

static char *write_text(const char *name, const char *text)
{
    char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static GeoImportRead *read_text(const char *kind, const char *name, const char *text,
                                const GeoImportOptions *options)
{
    g_autofree char *path = write_text(name, text);
    g_autoptr(GError) error = NULL;
    GeoImportRead *read = geo_import_read(path, kind, options, NULL, NULL, &error);
    g_assert_no_error(error);
    return read;
}

/* The reason of that text is there with this count; its first line is line (0: not asked). */
static void assert_reason(const GPtrArray *reasons, const char *words, int64_t count, int64_t line)
{
    for (guint i = 0; i < reasons->len; i++) {
        const GeoImportReason *reason = g_ptr_array_index(reasons, i);
        if (!strstr(reason->text, words) && !(reason->first && strstr(reason->first, words)))
            continue;
        g_assert_cmpint(reason->count, ==, count);
        if (line > 0)
            g_assert_cmpint(g_array_index(reason->lines, int64_t, 0), ==, line);
        return;
    }
    g_error("no reason says '%s'", words);
}

static void assert_refused_file(const char *kind, const char *name, const char *text,
                                const GeoImportOptions *options, const char *words)
{
    g_autofree char *path = write_text(name, text);
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_import_read(path, kind, options, NULL, NULL, &error));
    g_assert_true(error->domain == GEO_ERROR);
    if (!strstr(error->message, words))
        g_error("'%s' does not say '%s'", error->message, words);
    g_assert_null(strchr(error->message, '\n'));
    g_assert_nonnull(strstr(error->message, name));
}

/* ---- words ---- */

static int64_t parse(const char *text, const char *pattern, const char *zone, GeoTimetext wanted)
{
    g_autoptr(GTimeZone) of = g_time_zone_new_identifier(zone);
    int64_t at_ms = 0;
    g_assert_cmpint(geo_timetext_parse(text, pattern, of, &at_ms), ==, wanted);
    return at_ms;
}

static void test_times(void)
{
    const char *chicago = "America/Chicago";
    g_assert_cmpint(parse("2018-01-01T00:00:00", NULL, chicago, GEO_TIMETEXT_FINE), ==,
                    INT64_C(1514786400000));
    g_assert_cmpint(parse("2018-07-01 00:00", NULL, chicago, GEO_TIMETEXT_FINE), ==,
                    INT64_C(1530421200000));
    g_assert_cmpint(parse("2018-01-01T00:00:00Z", NULL, chicago, GEO_TIMETEXT_FINE), ==,
                    INT64_C(1514764800000));
    g_assert_cmpint(parse("2018-01-01T08:00:00.250+08:00", NULL, chicago, GEO_TIMETEXT_FINE), ==,
                    INT64_C(1514764800250));
    g_assert_cmpint(parse("20180101080000", NULL, "Asia/Shanghai", GEO_TIMETEXT_FINE), ==,
                    INT64_C(1514764800000));
    g_assert_cmpint(parse("1514764800", NULL, chicago, GEO_TIMETEXT_FINE), ==,
                    INT64_C(1514764800000));
    g_assert_cmpint(
        parse("01/02/2018 11:30:00 PM", "%m/%d/%Y %I:%M:%S %p", "UTC", GEO_TIMETEXT_FINE), ==,
        INT64_C(1514935800000));
    g_assert_cmpint(
        parse("2019/01/01 01:30:00+00", "%Y/%m/%d %H:%M:%S*", chicago, GEO_TIMETEXT_FINE), ==,
        INT64_C(1546327800000));
    parse("2018-03-11T02:30:00", NULL, chicago, GEO_TIMETEXT_SKIPPED);
    parse("2018-02-30", NULL, chicago, GEO_TIMETEXT_IMPOSSIBLE);
    parse("2018-01-01 25:00", NULL, chicago, GEO_TIMETEXT_IMPOSSIBLE);
    parse("yesterday", NULL, chicago, GEO_TIMETEXT_WRONG);
    parse("2018-01-01T00:00:00+", NULL, chicago, GEO_TIMETEXT_WRONG);
}

/* Against GLib's calendar, at random. */
static void test_times_agree_with_the_calendar(void)
{
    for (int i = 0; i < 2000; i++) {
        gint64 s = g_test_rand_int_range(-2000000000, 2000000000);
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(s);
        if (g_date_time_get_year(time) < 1900)
            continue;
        g_autofree char *text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
        g_assert_cmpint(parse(text, NULL, "UTC", GEO_TIMETEXT_FINE), ==, s * 1000);
    }
}

static void assert_view(const char *text, double fov_deg, int lens)
{
    double found_deg = NAN;
    int found = -1;
    bool said = geo_viewtext_field(text, &found_deg, &found);
    g_assert_true(said == (lens >= 0));
    g_assert_cmpint(found, ==, lens);
    g_assert_true(isnan(fov_deg) ? isnan(found_deg) : found_deg == fov_deg);
}

static void test_views(void)
{
    assert_view("360도 전방면", 360, GEO_LENS_DOME);
    assert_view("90도 정면", 90, GEO_LENS_FIXED);
    assert_view("60도단방향", 60, GEO_LENS_FIXED);
    assert_view("130", 130, GEO_LENS_FIXED);
    assert_view("360도 전방면/용두산길 방면", 360, GEO_LENS_DOME);
    assert_view("회전(열화상)", 360, GEO_LENS_PTZ);
    assert_view("학교주변고정", NAN, GEO_LENS_FIXED);
    assert_view("방범-2023-용호-387-2", NAN, -1);
    assert_view("공영주차장 방면", NAN, -1);
    assert_view("0", NAN, -1);
    assert_view("9999999999999도", NAN, -1);
}

static void assert_direction(const char *text, double heading_deg, double err_deg, double fov_deg)
{
    double heading = NAN, err = NAN, fov = NAN;
    bool said = geo_viewtext_direction(text, &heading, &err, &fov);
    g_assert_true(said == isfinite(heading_deg));
    if (!said)
        return;
    g_assert_cmpfloat(heading, ==, heading_deg);
    g_assert_cmpfloat(err, ==, err_deg);
    g_assert_true(isnan(fov_deg) ? isnan(fov) : fov == fov_deg);
}

static void test_directions(void)
{
    assert_direction("175.0", 175, 0, NAN);
    assert_direction("360", 0, 0, NAN);
    assert_direction("-90", 270, 0, NAN);
    assert_direction("NW", 315, 22.5, NAN);
    assert_direction("nne", 22.5, 11.25, NAN);
    assert_direction("90-270", 180, 0, 180);
    assert_direction("270-90", 0, 0, 180);
    assert_direction("90;270", 90, 0, NAN);
    assert_direction("forward", NAN, 0, NAN);
    assert_direction("1000", NAN, 0, NAN);
    g_assert_cmpint(geo_viewtext_width_px("1920x1080"), ==, 1920);
    g_assert_cmpint(geo_viewtext_width_px("1080p"), ==, 1920);
    g_assert_cmpint(geo_viewtext_width_px("unknown"), ==, 0);
}

/* ---- rows ---- */

static void test_positions_are_judged(void)
{
    g_autoptr(GeoImportRead) read = read_text("facilities", "places.csv",
                                              "name,lon,lat\n"
                                              "good,117.28,31.86\n"
                                              "swapped,31.86,117.28\n"
                                              "nan,nan,31.8\n"
                                              "words,east,north\n"
                                              "empty,,\n"
                                              "half,117.2,\n"
                                              "far,500,10\n"
                                              "torn,1\n",
                                              NULL);
    const GeoImportReport *report = geo_import_read_report(read);
    g_assert_cmpint(report->read, ==, 8);
    g_assert_cmpint(report->taken, ==, 1);
    g_assert_cmpint(report->refused, ==, 7);
    assert_reason(report->refusals,
                  "latitude 117.28 is out of range; longitude and latitude may be swapped", 1, 3);
    assert_reason(report->refusals, "position is no number", 3, 4);
    assert_reason(report->refusals, "position is missing", 1, 6);
    assert_reason(report->refusals, "position is out of range", 1, 8);
    assert_reason(report->refusals, "the header has 3", 1, 9);
}

static void test_outliers_are_listed(void)
{
    g_autoptr(GString) text = g_string_new("code,lon,lat\n");
    for (int i = 0; i < 20; i++)
        g_string_append_printf(text, "c%d,129.0%d,35.1%d\n", i, i, i);
    g_string_append(text, "zero,0.0,0.0\nsea,129.07,30.07\n");
    g_autoptr(GeoImportRead) read = read_text("cameras", "outside.csv", text->str, NULL);
    const GeoImportReport *report = geo_import_read_report(read);
    g_assert_cmpint(report->taken, ==, 20);
    assert_reason(report->refusals, "outside", 2, 22);
    g_assert_cmpuint(geo_import_read_rows(read, GEO_KIND_CAMERA)->rows->len, ==, 20);
}

static void test_lenses_tell_the_field(void)
{
    g_autoptr(GeoImportRead) read = read_text("cameras", "lens.csv",
                                              "code,lon,lat,焦距,sensor_mm,vfov_deg,fov_deg\n"
                                              "a,117.2,31.8,6,6,30,\n"
                                              "b,117.2001,31.8,6,6,,70\n"
                                              "c,117.2002,31.8,6,,,\n",
                                              NULL);
    const GeoBatch *rows = geo_import_read_rows(read, GEO_KIND_CAMERA);
    const GeoCamera *camera = (const GeoCamera *)(const void *)geo_batch_row(rows, 0);
    g_assert_cmpfloat(camera[0].focal_mm, ==, 6);
    g_assert_cmpfloat(camera[0].vfov_deg, ==, 30);
    g_assert_cmpfloat_with_epsilon(camera[0].fov_deg, 53.1301, 1e-4); /* 2 atan 1/2 */
    g_assert_false(camera[0].assumed & GEO_ASSUMED_FOV);
    g_assert_cmpfloat(camera[1].fov_deg, ==, 70);
    g_assert_true(isnan(camera[1].vfov_deg));
    g_assert_true(camera[2].assumed & GEO_ASSUMED_FOV);
}

static void test_plan_kinds(void)
{
    g_autoptr(GeoImportRead) lenses =
        read_text("lenses", "l.csv",
                  "code,类型,fov_deg,width_px,price,upkeep\nB4,球机,60,2560,4200,300\n", NULL);
    const GeoLensType *lens = (const GeoLensType *)(const void *)geo_batch_row(
        geo_import_read_rows(lenses, GEO_KIND_LENS), 0);
    g_assert_cmpint(lens->lens, ==, GEO_LENS_PTZ);
    g_assert_cmpfloat(lens->price, ==, 4200);
    g_assert_true(isnan(lens->vfov_deg));
    g_autoptr(GeoImportRead) rooms = read_text(
        "nolook", "n.geojson",
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
        "{\"code\":\"n\",\"class\":\"宿舍\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
        "[[[117.2,31.8],[117.201,31.8],[117.201,31.801],[117.2,31.8]]]}}]}",
        NULL);
    const GeoBatch *room = geo_import_read_rows(rooms, GEO_KIND_NOLOOK);
    g_assert_cmpint(((const GeoNolook *)(const void *)geo_batch_row(room, 0))->class, ==,
                    GEO_NOLOOK_DORMITORY);
    g_assert_cmpuint(room->points->len, ==, 4);
}

static void test_incidents_and_times(void)
{
    GeoImportOptions options = {.zone = "Asia/Shanghai", .now_ms = INT64_C(1600000000000)};
    g_autoptr(GeoImportRead) read = read_text("incidents", "calls.csv",
                                              "time,type,lon,lat\n"
                                              "2018-01-01 08:00:00,theft,117.2,31.8\n"
                                              "2018-13-01 08:00:00,theft,117.2,31.8\n"
                                              "soon,theft,117.2,31.8\n"
                                              ",theft,117.2,31.8\n"
                                              "2030-01-01 00:00:00,theft,117.2,31.8\n"
                                              "2018-01-02 08:00:00,lost,,\n",
                                              &options);
    const GeoImportReport *report = geo_import_read_report(read);
    g_assert_cmpint(report->taken, ==, 2);
    assert_reason(report->refusals, "time is impossible", 1, 3);
    assert_reason(report->refusals, "time is not understood", 1, 4);
    assert_reason(report->refusals, "time is missing", 1, 5);
    assert_reason(report->refusals, "future", 1, 6);
    assert_reason(report->notes, "without a place", 1, 7);
    const GeoBatch *rows = geo_import_read_rows(read, GEO_KIND_INCIDENT);
    const GeoIncident *incident = (const GeoIncident *)geo_batch_row(rows, 0);
    g_assert_cmpint(incident->at_ms, ==, INT64_C(1514764800000));
    g_assert_cmpstr(incident->category, ==, "theft");
    g_assert_cmpuint(geo_batch_row(rows, 1)->n_parts, ==, 0);
}

static void test_codes_keep_their_digits(void)
{
    g_autoptr(GeoImportRead) read = read_text("cameras", "codes.csv",
                                              "设备编码,名称,经度,纬度,DirectionType,安装方式\n"
                                              "34010200451320000007,一,117.2,31.8,1,立杆\n"
                                              "3.40102E+19,二,117.3,31.9,6,\n"
                                              "34010200451320000007,三,117.2,31.8,,\n",
                                              NULL);
    const GeoImportReport *report = geo_import_read_report(read);
    const GeoBatch *rows = geo_import_read_rows(read, GEO_KIND_CAMERA);
    const GeoCamera *camera = (const GeoCamera *)geo_batch_row(rows, 0);
    g_assert_cmpstr(camera->row.code, ==, "34010200451320000007");
    g_assert_cmpint(camera->owner, ==, GEO_OWNER_SHOP);
    g_assert_cmpint(camera->mount, ==, GEO_MOUNT_POLE);
    g_assert_cmpfloat(camera->heading_deg, ==, 90);
    g_assert_cmpfloat(camera->heading_err_deg, ==, 22.5);
    g_assert_cmpint(camera->assumed, ==,
                    GEO_ASSUMED_OWNER | GEO_ASSUMED_FOV | GEO_ASSUMED_RANGE | GEO_ASSUMED_HEIGHT |
                        GEO_ASSUMED_PIXELS | GEO_ASSUMED_TILT);
    const GeoCamera *second = (const GeoCamera *)geo_batch_row(rows, 1);
    g_assert_null(second->row.code);
    g_assert_cmpfloat(second->heading_deg, ==, 45);
    g_assert_cmpfloat(((const GeoCamera *)geo_batch_row(rows, 2))->heading_err_deg, ==, 180);
    assert_reason(report->notes, "lost its digits", 1, 3);
    assert_reason(report->notes, "code has come before", 1, 4);
    assert_reason(report->notes, "position is the same", 1, 4);
    assert_reason(report->notes, "camera owner not given", 3, 2);
}

static void test_gb18030_and_gcj02(void)
{
    gsize n;
    g_autofree char *gbk = g_convert("名称,经度,纬度\n逍遥津公园广场,117.288563,31.859195\n", -1,
                                     "GB18030", "UTF-8", NULL, &n, NULL);
    g_autofree char *path = g_build_filename(folder, "gbk.csv", NULL);
    g_assert_true(g_file_set_contents(path, gbk, (gssize)n, NULL));
    GeoImportOptions options = {.crs = "gcj02"};
    g_autoptr(GeoImportRead) read = geo_import_read(path, "mustsee", &options, NULL, NULL, NULL);
    g_assert_nonnull(read);
    const GeoBatch *rows = geo_import_read_rows(read, GEO_KIND_FACILITY);
    const GeoFacility *place = (const GeoFacility *)geo_batch_row(rows, 0);
    GeoLonLat p;
    g_assert_cmpstr(place->row.name, ==, "逍遥津公园广场");
    g_assert_cmpint(place->must_see, ==, 1);
    g_assert_true(geo_batch_first(rows, &place->row, &p));
    g_assert_cmpfloat_with_epsilon(p.lon, 117.283042, 2e-6);
    g_assert_cmpfloat_with_epsilon(p.lat, 31.861191, 2e-6);
    g_assert_cmpstr(geo_import_read_report(read)->encoding, ==, "GB18030");
    GeoCity city;
    g_assert_true(geo_import_read_city(read, &city, NULL));
    g_assert_cmpint(city.epsg, ==, 4548);
}

static void test_wrong_files(void)
{
    assert_refused_file("incidents", "no-time.csv", "lon,lat\n1,2\n", NULL,
                        "no column for 'at_ms'");
    assert_refused_file("cameras", "no-place.csv", "code,name\n1,2\n", NULL, "no column for 'lon'");
    assert_refused_file("cameras", "header.csv", "code,lon,lat\n", NULL, "no rows");
    GeoImportOptions xian = {.crs = "EPSG:4610"};
    assert_refused_file("cameras", "xian.csv", "code,lon,lat\n1,117,31\n", &xian, "not public");
    GeoImportOptions zone = {.zone = "Mars/Olympus"};
    assert_refused_file("incidents", "zone.csv", "time,lon,lat\n2018-01-01,117,31\n", &zone,
                        "time zone");
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_import_read("x.csv", "tracks", NULL, NULL, NULL, &error));
    g_assert_nonnull(strstr(error->message, "no kind 'tracks'"));
}

static void test_strict(void)
{
    GeoImportOptions options = {.strict = true};
    g_autoptr(GeoImportRead) read =
        read_text("facilities", "strict.csv", "name,lon,lat\na,117,31\nb,x,y\n", &options);
    g_assert_true(geo_import_read_report(read)->strict_failed);
}

static void cancel_at_once(const char *what, double share, void *user)
{
    geo_progress_cancel(*(GeoProgress **)user);
}

static void test_cancel(void)
{
    g_autoptr(GString) text = g_string_new("name,lon,lat\n");
    for (int i = 0; i < 5000; i++)
        g_string_append(text, "a,117,31\n");
    g_autofree char *path = write_text("many.csv", text->str);
    GeoProgress *progress = NULL;
    progress = geo_progress_new(cancel_at_once, &progress);
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_import_read(path, "facilities", NULL, NULL, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
    geo_progress_free(progress);
}

/* ---- tags ---- */

static const char osm_text[] =
    "<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6'>\n"
    "<node id='9' lat='31.80' lon='117.20'><tag k='man_made' v='surveillance'/>"
    "<tag k='camera:type' v='dome'/><tag k='camera:mount' v='pole'/></node>\n"
    "<node id='2' lat='31.81' lon='117.21'><tag k='highway' v='bus_stop'/><tag k='name' v='站'/>"
    "</node>\n"
    "<node id='3' lat='31.81' lon='117.22'/><node id='4' lat='31.82' lon='117.22'/>\n"
    "<node id='5' lat='31.82' lon='117.21'/>\n"
    "<way id='1'><nd ref='2'/><nd ref='3'/><nd ref='4'/><tag k='highway' v='primary'/>"
    "<tag k='oneway' v='-1'/><tag k='maxspeed' v='30 mph'/><tag k='bridge' v='yes'/>"
    "<tag k='bicycle' v='no'/></way>\n"
    "<way id='2'><nd ref='2'/><nd ref='3'/><nd ref='4'/><nd ref='5'/><nd ref='2'/>"
    "<tag k='building' v='school'/><tag k='amenity' v='school'/><tag k='height' v='12 m'/>"
    "<tag k='building:levels' v='4'/></way>\n"
    "<way id='3'><nd ref='4'/><nd ref='5'/><tag k='highway' v='proposed'/></way>\n"
    "<way id='4'><nd ref='4'/><nd ref='5'/><tag k='waterway' v='river'/></way>\n"
    "</osm>\n";

static void test_osm(void)
{
    g_autoptr(GeoImportRead) read = read_text("osm", "small.osm", osm_text, NULL);
    const GeoBatch *roads = geo_import_read_rows(read, GEO_KIND_ROAD);
    g_assert_cmpuint(roads->rows->len, ==, 1);
    const GeoRoad *road = (const GeoRoad *)geo_batch_row(roads, 0);
    g_assert_cmpint(road->class, ==, GEO_ROAD_PRIMARY);
    g_assert_cmpint(road->oneway, ==, -1);
    g_assert_cmpfloat_with_epsilon(road->speed_kmh, 48.28, 0.01);
    g_assert_cmpint(road->layer, ==, 1);
    g_assert_cmpint(road->ebike, ==, 0);
    g_assert_cmpint(road->car, ==, 2);
    g_assert_cmpstr(road->row.code, ==, "w1");
    const GeoBatch *buildings = geo_import_read_rows(read, GEO_KIND_BUILDING);
    const GeoBuilding *building = (const GeoBuilding *)geo_batch_row(buildings, 0);
    g_assert_cmpfloat(building->height_m, ==, 12);
    g_assert_cmpint(building->floors, ==, 4);
    g_assert_cmpuint(geo_import_read_rows(read, GEO_KIND_FACILITY)->rows->len, ==, 1);
    g_assert_cmpuint(geo_import_read_rows(read, GEO_KIND_ADDRESS)->rows->len, ==, 1);
    g_assert_cmpuint(geo_import_read_rows(read, GEO_KIND_BASE)->rows->len, ==, 1);
    const GeoBatch *cameras = geo_import_read_rows(read, GEO_KIND_CAMERA);
    const GeoCamera *camera = (const GeoCamera *)geo_batch_row(cameras, 0);
    g_assert_cmpint(camera->lens, ==, GEO_LENS_DOME);
    g_assert_cmpfloat(camera->fov_deg, ==, 360);
    g_assert_false(camera->assumed & GEO_ASSUMED_HEADING);
    /* the ids of the nodes fall: a reader that drops such nodes loses the camera */
    g_assert_cmpstr(camera->row.code, ==, "n9");
}

static void test_cut_hstore_is_told(void)
{
    g_autoptr(GeoImportRead) read =
        read_text("roads", "hstore.geojson",
                  "{\"type\":\"FeatureCollection\",\"features\":["
                  "{\"type\":\"Feature\",\"properties\":{\"osm_id\":\"7\",\"highway\":\"service\","
                  "\"other_tags\":\"\\\"oneway\\\"=>\\\"yes\\\",\\\"name_1\\\"=>\\\"a\\\\\\\"b\\\","
                  "\\\"lay\"},"
                  "\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[1,1],[2,2]]}}]}",
                  NULL);
    const GeoBatch *roads = geo_import_read_rows(read, GEO_KIND_ROAD);
    g_assert_cmpint(((const GeoRoad *)geo_batch_row(roads, 0))->oneway, ==, 1);
    assert_reason(geo_import_read_report(read)->notes, "other_tags is cut", 1, 1);
}

static void test_rings_are_turned(void)
{
    g_autoptr(GeoImportRead) read = read_text(
        "areas", "rings.geojson",
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
        "{\"code\":\"1\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":["
        "[[0,0],[0,4],[4,4],[4,0],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]}},"
        "{\"type\":\"Feature\",\"properties\":{\"code\":\"2\"},\"geometry\":"
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1],[0,0]]]}}]}",
        NULL);
    const GeoBatch *areas = geo_import_read_rows(read, GEO_KIND_AREA);
    g_assert_cmpuint(areas->rows->len, ==, 1);
    const GeoRow *row = geo_batch_row(areas, 0);
    g_assert_cmpuint(row->n_parts, ==, 2);
    for (uint32_t k = 0; k < 2; k++) {
        size_t n;
        const GeoLonLat *ring = geo_batch_part(areas, row, k, &n);
        double area2 = 0;
        for (size_t i = 0; i + 1 < n; i++)
            area2 += ring[i].lon * ring[i + 1].lat - ring[i + 1].lon * ring[i].lat;
        g_assert_true(k == 0 ? area2 > 0 : area2 < 0);
    }
    assert_reason(geo_import_read_report(read)->refusals, "no ring", 1, 2);
}

/* ---- real files ---- */

typedef struct {
    const char *kind, *file;
    int64_t read, taken, refused;
    const char *note; /* words of a note, or NULL */
    int64_t noted;
} Real;

static void assert_real(const Real *real)
{
    g_autofree char *path = g_build_filename(g_getenv("GRIDBEAT_SHARED"), "data", real->file, NULL);
    g_autoptr(GError) error = NULL;
    gint64 begin_us = g_get_monotonic_time();
    g_autoptr(GeoImportRead) read = geo_import_read(path, real->kind, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    const GeoImportReport *report = geo_import_read_report(read);
    g_test_message("%s: %" G_GINT64_FORMAT " rows in %.2f s", real->file, report->read,
                   (double)(g_get_monotonic_time() - begin_us) / 1e6);
    g_assert_cmpint(report->read, ==, real->read);
    g_assert_cmpint(report->taken, ==, real->taken);
    g_assert_cmpint(report->refused, ==, real->refused);
    g_assert_cmpint(report->read, ==, report->taken + report->passed + report->refused);
    if (real->note)
        assert_reason(report->notes, real->note, real->noted, 0);
}

static void test_real_files(void)
{
    static const Real reals[] = {
        {"roads", "chicago/chicago_osm2014_roads.shp.zip", 54513, 54513, 0, NULL, 0},
        {"areas", "chicago/chicago_police_beats.geojson", 277, 277, 0, "code has come before", 2},
        {"areas", "chicago/chicago_police_districts.geojson", 25, 25, 0, NULL, 0},
        {"areas", "chicago/chicago-community-areas.geojson", 77, 77, 0, NULL, 0},
        {"areas", "chicago/chicago_neighbourhoods_98.shp.zip", 98, 98, 0, NULL, 0},
        {"incidents", "chicago/chicago_2018_incidents.csv.gz", 156385, 156385, 0, "clocks skipped",
         8},
        {"incidents", "chicago/chicago_2017_incidents_time_xy.csv.gz", 165567, 165567, 0, NULL, 0},
        {"cameras", "chicago/chicago_directional_cameras_osm.csv", 876, 876, 0,
         "camera heading not given", 119},
        {"cameras", "busan/busan_cctv.csv", 15737, 15735, 2, "position is the same", 4243},
        {"cameras", "busan/busan_cctv.xlsx", 15737, 15735, 2, "position is the same", 4243},
        {"areas", "busan/korea_submunicipalities_2018_topo_simple.json", 3504, 3504, 0, NULL, 0},
        {"population", "memphis/memphis_population.gpkg", 10393, 10393, 0, NULL, 0},
        {"incidents", "memphis/memphis_robberies.gpkg", 2245, 2245, 0, NULL, 0},
        {"areas", "hefei/hefei_communities_villages.csv", 1773, 1773, 0, "without a place", 1773},
        {"areas", "hefei/hefei_counties_simplified_gcj02.geojson", 9, 9, 0, NULL, 0},
        {"roads", "hefei/hfut_roads.geojson", 232, 231, 1, NULL, 0},
        {"buildings", "hefei/hfut_buildings.geojson", 101, 101, 0, NULL, 0},
        {"buildings", "osm/snezhinsk_buildings.geojson", 6471, 6471, 0, NULL, 0},
    };
    g_autofree char *data = g_build_filename(g_getenv("GRIDBEAT_SHARED"), "data", NULL);
    if (!g_file_test(data, G_FILE_TEST_IS_DIR)) {
        g_test_skip("../shared/data is not there");
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(reals); i++)
        assert_real(&reals[i]);
}

static void test_real_extracts(void)
{
    static const struct {
        const char *file;
        GeoKind kind;
        guint rows;
    } reals[] = {
        /* 8,994 polygons say building=*, one of them building=no */
        {"osm/liechtenstein.osm.pbf", GEO_KIND_BUILDING, 8993},
        {"osm/liechtenstein.osm.pbf", GEO_KIND_ROAD, 4658},
        {"osm/helsinki-centre.osm.pbf", GEO_KIND_CAMERA, 221},
        {"osm/columbus-ohio.osm.pbf", GEO_KIND_ROAD, 11966},
    };
    g_autofree char *data = g_build_filename(g_getenv("GRIDBEAT_SHARED"), "data", NULL);
    if (!g_file_test(data, G_FILE_TEST_IS_DIR)) {
        g_test_skip("../shared/data is not there");
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(reals); i++) {
        g_autofree char *path = g_build_filename(data, reals[i].file, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoImportRead) read = geo_import_read(path, "osm", NULL, NULL, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(geo_import_read_rows(read, reals[i].kind)->rows->len, ==, reals[i].rows);
    }
}

int main(int argc, char **argv)
{
    const char *source = g_getenv("G_TEST_SRCDIR");
    g_autofree char *data = g_build_filename(source ? source : ".", "..", "..", "data", NULL);
    g_setenv("GRIDBEAT_DATA_DIR", data, TRUE);
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("gridbeat-test-XXXXXX", NULL);
    g_test_add_func("/timetext/forms", test_times);
    g_test_add_func("/timetext/agrees-with-the-calendar", test_times_agree_with_the_calendar);
    g_test_add_func("/viewtext/fields", test_views);
    g_test_add_func("/viewtext/directions", test_directions);
    g_test_add_func("/import/positions-are-judged", test_positions_are_judged);
    g_test_add_func("/import/outliers-are-listed", test_outliers_are_listed);
    g_test_add_func("/import/lenses-tell-the-field", test_lenses_tell_the_field);
    g_test_add_func("/import/plan-kinds", test_plan_kinds);
    g_test_add_func("/import/incidents-and-times", test_incidents_and_times);
    g_test_add_func("/import/codes-keep-their-digits", test_codes_keep_their_digits);
    g_test_add_func("/import/gb18030-and-gcj02", test_gb18030_and_gcj02);
    g_test_add_func("/import/wrong-files-say-why", test_wrong_files);
    g_test_add_func("/import/strict-says-so", test_strict);
    g_test_add_func("/import/can-be-cancelled", test_cancel);
    g_test_add_func("/import/osm-tags", test_osm);
    g_test_add_func("/import/cut-hstore-is-told", test_cut_hstore_is_told);
    g_test_add_func("/import/rings-are-turned", test_rings_are_turned);
    g_test_add_func("/import/real-files", test_real_files);
    g_test_add_func("/import/real-extracts", test_real_extracts);
    int result = g_test_run();
    g_autofree char *sweep = g_strdup_printf("rm -rf '%s'", folder);
    g_spawn_command_line_sync(sweep, NULL, NULL, NULL, NULL);
    g_free(folder);
    return result;
}
