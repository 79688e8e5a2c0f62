/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/event.h"

#include "geo/model/error.h"
#include "little-city.h"

#define HOUR_MS INT64_C(3600000)
#define FROM (LITTLE_NOON + 24 * HOUR_MS)
#define CAR_MPS (21 / 3.6)

typedef struct {
    GeoStore *store;
    GeoFrame *frame;
    GeoNetwork *network;
    GeoFleet *fleet;
    GeoRecommend *recommend;
    GeoBatch *units, *areas, *rosters, *incidents, *cameras, *facilities;
} Case;

static Case begin(void)
{
    Case it = {.store = little_city(),
               .units = geo_batch_new(GEO_KIND_UNIT),
               .areas = geo_batch_new(GEO_KIND_AREA),
               .rosters = geo_batch_new(GEO_KIND_ROSTER),
               .incidents = geo_batch_new(GEO_KIND_INCIDENT),
               .cameras = geo_batch_new(GEO_KIND_CAMERA),
               .facilities = geo_batch_new(GEO_KIND_FACILITY)};
    little_streets(it.store);
    return it;
}

/* On duty from a day after noon on, for so many hours. */
static void add_unit(Case *it, const char *code, const char *force, double x_m, double y_m,
                     int hours)
{
    little_unit(it->units, code, GEO_UNIT_CAR, GEO_STATUS_HANDLING, x_m, y_m)->force = force;
    GeoRoster *roster = geo_batch_add(it->rosters);
    roster->row.code = code;
    roster->from_ms = FROM - HOUR_MS;
    roster->to_ms = FROM + hours * HOUR_MS;
}

static void add_grid(Case *it, const char *code, double x_m, double y_m, int64_t people)
{
    GeoArea *area = geo_batch_add(it->areas);
    area->row.code = code;
    area->level = "grid";
    area->population = people;
    GeoLonLat ring[] = {little_place(x_m - 50, y_m - 50), little_place(x_m + 50, y_m - 50),
                        little_place(x_m + 50, y_m + 50), little_place(x_m - 50, y_m + 50)};
    geo_batch_part_from(it->areas, GEO_SHAPE_POLYGON, ring, 4);
}

static void add_incident(Case *it, const char *category, int64_t at_ms, double x_m, double y_m)
{
    GeoIncident *incident = geo_batch_add(it->incidents);
    GeoLonLat p = little_place(x_m, y_m);
    incident->at_ms = at_ms;
    incident->category = category;
    incident->priority = 3;
    incident->state = GEO_INCIDENT_CLOSED;
    geo_batch_set_point(it->incidents, p.lon, p.lat);
}

static void add_camera(Case *it, const char *code, int state, double x_m, double y_m)
{
    GeoCamera *camera = geo_batch_add(it->cameras);
    GeoLonLat p = little_place(x_m, y_m);
    camera->row.code = code;
    camera->state = state;
    camera->lens = GEO_LENS_PANORAMA;
    camera->fov_deg = 360;
    camera->heading_deg = 0;
    camera->heading_err_deg = 0;
    camera->range_m = camera->night_range_m = 60;
    camera->height_m = 6;
    camera->width_px = 8000;
    camera->cameras = 1;
    geo_batch_set_point(it->cameras, p.lon, p.lat);
}

static void add_facility(Case *it, const char *name, int class, double x_m, double y_m)
{
    GeoFacility *facility = geo_batch_add(it->facilities);
    GeoLonLat p = little_place(x_m, y_m);
    facility->row.name = name;
    facility->class = class;
    geo_batch_set_point(it->facilities, p.lon, p.lat);
}

static GeoEvent *load(Case *it, const char *type, double radius_m, double within_s)
{
    g_autoptr(GError) error = NULL;
    little_import(it->store, it->units, 1);
    little_import(it->store, it->areas, 100);
    little_import(it->store, it->rosters, 200);
    little_import(it->store, it->incidents, 300);
    little_import(it->store, it->cameras, 400);
    little_import(it->store, it->facilities, 500);
    GeoFleetOptions how = {.at_ms = FROM, .at_posts = true};
    it->frame = geo_frame_new(LITTLE_EPSG, &error);
    it->network = geo_network_load(it->store, it->frame, NULL, &error);
    it->fleet = geo_fleet_load(it->store, it->frame, it->network, &how, NULL, &error);
    g_assert_no_error(error);
    it->recommend = geo_recommend_new(it->store, it->fleet, it->network, it->frame, NULL, &error);
    g_assert_no_error(error);
    GeoEventAsk ask = {.name = "fair",
                       .type = type,
                       .place = little_place(600, 600),
                       .radius_m = radius_m,
                       .from_ms = FROM,
                       .to_ms = FROM + 5 * HOUR_MS,
                       .within_s = within_s};
    GeoEvent *event = geo_event_load(it->store, it->recommend, &ask, NULL, &error);
    g_assert_no_error(error);
    return event;
}

static void end(Case *it)
{
    geo_recommend_free(it->recommend);
    geo_fleet_free(it->fleet);
    geo_network_free(it->network);
    geo_frame_free(it->frame);
    geo_store_close(it->store);
}

static bool risks(const GeoEvent *event, int risk)
{
    return event->risks >> risk & 1;
}

static void those_on_duty_then_go_from_their_posts(void)
{
    Case it = begin();
    add_unit(&it, "A", "police", 400, 600, 3);
    add_unit(&it, "B", "police", 1800, 600, 12);
    add_unit(&it, "C", "guard", 600, 400, 12);
    little_unit(it.units, "OFF", GEO_UNIT_CAR, GEO_STATUS_AVAILABLE, 600, 600)->force = "police";
    GeoRoster *other = geo_batch_add(it.rosters);
    other->row.code = "OFF";
    other->from_ms = FROM - 10 * HOUR_MS;
    other->to_ms = FROM - 8 * HOUR_MS;
    g_autoptr(GeoEvent) event = load(&it, "盗窃", 100, 0);
    /* One of police or auxiliary: the nearest, though its register says that it is busy now. */
    g_assert_cmpuint(event->send->n_set, ==, 1);
    const GeoRecommendRow *row = &g_array_index(event->send->rows, GeoRecommendRow, 0);
    g_assert_cmpstr(geo_fleet_unit(it.fleet, row->unit)->code, ==, "A");
    g_assert_cmpfloat_with_epsilon(row->latest_s, 200 / CAR_MPS, 0.5); /* no span: a plan */
    g_assert_cmpuint(event->on_duty[GEO_FORCE_POLICE], ==, 2);
    g_assert_cmpuint(event->near[GEO_FORCE_POLICE], ==, 2);
    g_assert_cmpuint(event->on_duty[GEO_FORCE_GUARD], ==, 1);
    g_assert_cmpuint(event->n_relieved, ==, 1);
    g_assert_cmpint(event->first_relief_ms, ==, FROM + 3 * HOUR_MS);
    g_assert_true(risks(event, GEO_EVENT_RELIEF) && !risks(event, GEO_EVENT_MISSING));
    end(&it);
}

static void cover_before_and_during(void)
{
    Case it = begin();
    add_unit(&it, "A", "police", 400, 600, 12);
    add_unit(&it, "B", "guard", 1800, 600, 12);
    add_grid(&it, "WEST", 400, 400, 300);
    add_grid(&it, "EAST", 1800, 400, 700);
    g_autoptr(GeoEvent) event = load(&it, "盗窃", 100, 250 / CAR_MPS);
    g_assert_cmpuint(event->n_around, ==, 2);
    g_assert_cmpfloat(event->people_around, ==, 1000);
    g_assert_cmpfloat(event->before.share, ==, 1);
    g_assert_cmpuint(event->before.covered, ==, 2);
    g_assert_cmpfloat_with_epsilon(event->during.share, 0.7, 1e-9);
    g_assert_cmpfloat_with_epsilon(event->before.p90_s, 200 / CAR_MPS, 0.5);
    g_assert_cmpfloat_with_epsilon(event->during.median_s, 200 / CAR_MPS, 0.5);
    g_assert_cmpfloat_with_epsilon(event->during.p90_s, 1600 / CAR_MPS, 0.5);
    g_assert_cmpuint(event->holes->len, ==, 1);
    const GeoEventHole *hole = &g_array_index(event->holes, GeoEventHole, 0);
    g_assert_cmpstr(hole->code, ==, "WEST");
    g_assert_cmpfloat_with_epsilon(hole->during_s, 1600 / CAR_MPS, 0.5);
    g_assert_true(risks(event, GEO_EVENT_UNCOVERED));
    end(&it);
}

static void cameras_history_and_surroundings(void)
{
    Case it = begin();
    add_unit(&it, "A", "police", 400, 600, 12);
    add_camera(&it, "SEES", GEO_CAMERA_WORKING, 600, 605);
    add_camera(&it, "BROKEN", GEO_CAMERA_FAULTY, 600, 595);
    add_camera(&it, "FAR", GEO_CAMERA_WORKING, 1500, 600);
    add_facility(&it, "Clinic", GEO_FACILITY_HOSPITAL, 900, 600);
    add_facility(&it, "School", GEO_FACILITY_SCHOOL, 700, 600);
    for (int i = 0; i < 60; i++) /* every second one in the hours of the event */
        add_incident(&it, i % 3 ? "盗窃" : "纠纷",
                     FROM - (i + 1) * 24 * HOUR_MS + (i % 2 ? 1 : 9) * HOUR_MS, 610, 600);
    add_incident(&it, "火灾", FROM - 48 * HOUR_MS, 1500, 600);
    g_autoptr(GeoEvent) event = load(&it, "人群聚集", 40, 0);
    g_assert_cmpuint(event->cameras->len, ==, 1);
    g_assert_cmpstr(g_array_index(event->cameras, GeoEventCamera, 0).code, ==, "SEES");
    g_assert_cmpuint(event->points, ==, 19);
    g_assert_cmpuint(event->seen, >, 0);
    g_assert_cmpuint(event->n_off, ==, 1);
    g_assert_true(risks(event, GEO_EVENT_CAMERA_OFF));
    g_assert_cmpuint(event->facilities->len, ==, 2);
    g_assert_cmpstr(g_array_index(event->facilities, GeoEventFacility, 0).name, ==, "School");
    g_assert_false(risks(event, GEO_EVENT_HOSPITAL));
    g_assert_cmpuint(event->n_past, ==, 60);
    g_assert_cmpuint(event->n_past_hours, ==, 30);
    const GeoEventPast *past = &g_array_index(event->past, GeoEventPast, 0);
    g_assert_cmpstr(past->category, ==, "盗窃");
    g_assert_cmpuint(past->n, ==, 40);
    g_assert_true(risks(event, GEO_EVENT_HISTORY));
    g_assert_true(risks(event, GEO_EVENT_MISSING)); /* three police, four teams ... */
    end(&it);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/event/those-on-duty-then-go-from-their-posts",
                    those_on_duty_then_go_from_their_posts);
    g_test_add_func("/event/cover-before-and-during", cover_before_and_during);
    g_test_add_func("/event/cameras-history-and-surroundings", cameras_history_and_surroundings);
    return little_run();
}
