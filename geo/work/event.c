/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The place is a disc, judged by points on two rings and its middle. Cover is that of the areas
 * around, once with everybody on duty and once without those whom the plan sends. */
#include "geo/work/event.h"

#include <math.h>
#include <string.h>

#include "geo/calc/sun.h"
#include "geo/work/here.h"
#include "geo/work/recommend-parts.h"
#include "geo/work/who.h"

#define AROUND_M 3000.0
#define FAR_S 900.0
#define NEAR_S 300.0
#define REACH_M 400.0 /* cameras farther off tell nobody */
#define DEG_M 111000.0
#define YEAR_MS (INT64_C(365) * 86400000)
#define OFTEN 52
#define N_INNER 6
#define N_OUTER 12
#define N_POINTS (1 + N_INNER + N_OUTER)
#define MOST_SEERS 64

const char *const geo_event_risk_words[] = {"unseen",  "camera_off", "missing",  "uncovered",
                                            "relief",  "history",    "hospital", "night",
                                            "no_road", NULL};

#define RISK(what) (UINT32_C(1) << GEO_EVENT_##what)

static const char *keep(GeoEvent *event, const char *text)
{
    return text ? g_string_chunk_insert_const(event->text, text) : NULL;
}

static GeoBounds box_around(GeoLonLat p, double metres)
{
    double lat = metres / DEG_M, lon = lat / fmax(cos(p.lat * G_PI / 180), 0.05);
    return (GeoBounds){p.lon - lon, p.lat - lat, p.lon + lon, p.lat + lat};
}

/* ---- what is there ---- */

static void lay_points(const GeoEventAsk *ask, GeoFrame *frame, GeoXY *points)
{
    GeoXY middle = geo_frame_xy(frame, ask->place);
    points[0] = middle;
    for (int i = 0; i < N_INNER + N_OUTER; i++) {
        bool inner = i < N_INNER;
        double turn = 2 * G_PI * (inner ? i : i - N_INNER) / (inner ? N_INNER : N_OUTER);
        double r_m = inner ? ask->radius_m / 2 : ask->radius_m;
        points[1 + i] = (GeoXY){middle.x + r_m * sin(turn), middle.y + r_m * cos(turn)};
    }
}

static int by_points(const void *a, const void *b)
{
    const GeoEventCamera *p = a, *q = b;
    if (p->points != q->points)
        return p->points > q->points ? -1 : 1;
    return (p->px_per_m < q->px_per_m) - (p->px_per_m > q->px_per_m);
}

static void add_seer(GeoEvent *event, GArray *of, const GeoSight *sight, const GeoWhoSeer *seer)
{
    GeoEventCamera *camera = &g_array_index(of, GeoEventCamera, seer->camera);
    const GeoCamera *row =
        (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, seer->camera);
    if (camera->points++ == 0)
        *camera = (GeoEventCamera){keep(event, row->row.code), keep(event, row->row.name),
                                   row->owner, 1, seer->px_per_m};
    camera->px_per_m = fmax(camera->px_per_m, seer->px_per_m);
}

/* Even-odd over the rings of all buildings, which do not overlap. */
static bool is_indoors(const GeoSight *sight, GeoXY p)
{
    const GeoBatch *batch = sight->buildings;
    bool in = false;
    for (guint part = 0; part < batch->parts->len; part++) {
        uint32_t first = g_array_index(batch->parts, uint32_t, part);
        uint32_t end = part + 1 < batch->parts->len
                           ? g_array_index(batch->parts, uint32_t, part + 1)
                           : batch->points->len;
        for (uint32_t i = first; i + 1 < end; i++) {
            GeoXY a = sight->building_xy[i], b = sight->building_xy[i + 1];
            if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y))
                in = !in;
        }
    }
    return in;
}

static bool look(GeoEvent *event, GeoStore *store, GeoRecommend *recommend, GError **error)
{
    GeoBounds box = box_around(event->ask.place, event->ask.radius_m + REACH_M);
    GeoSightOptions how = {.bounds = &box,
                           .class = GEO_SIGHT_OBSERVE,
                           .night = event->night,
                           .with_off = true,
                           .metres_only = true,
                           .frame = recommend->frame};
    g_autoptr(GeoSight) sight = geo_sight_load(store, &how, NULL, error);
    if (!sight)
        return false;
    g_autoptr(GeoWho) who = geo_who_new(sight);
    g_autoptr(GArray) of = g_array_new(FALSE, TRUE, sizeof(GeoEventCamera));
    g_array_set_size(of, (guint)sight->n);
    g_autofree uint8_t *off = g_new0(uint8_t, sight->n + 1);
    GeoXY points[N_POINTS];
    lay_points(&event->ask, recommend->frame, points);
    for (int i = 0; i < N_POINTS; i++) {
        if (is_indoors(sight, points[i]))
            continue;
        event->points++;
        GeoWhoSeer seers[MOST_SEERS];
        size_t n = MIN(geo_who_find(who, points[i], seers, MOST_SEERS), MOST_SEERS);
        bool seen = false;
        for (size_t k = 0; k < n; k++) {
            const GeoCamera *row =
                (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, seers[k].camera);
            bool works = row->state == GEO_CAMERA_WORKING;
            event->n_off += row->state == GEO_CAMERA_FAULTY && !off[seers[k].camera]++;
            seen |= works;
            if (works)
                add_seer(event, of, sight, &seers[k]);
        }
        event->seen += seen;
    }
    for (guint i = 0; i < of->len; i++)
        if (g_array_index(of, GeoEventCamera, i).points > 0)
            g_array_append_val(event->cameras, g_array_index(of, GeoEventCamera, i));
    g_array_sort(event->cameras, by_points);
    return true;
}

static int by_distance(const void *a, const void *b)
{
    double p = ((const GeoEventFacility *)a)->distance_m;
    double q = ((const GeoEventFacility *)b)->distance_m;
    return (p > q) - (p < q);
}

static bool find_facilities(GeoEvent *event, GeoStore *store, GeoFrame *frame, GError **error)
{
    GeoBounds box = box_around(event->ask.place, AROUND_M);
    GeoQuery query = {.bounds = &box};
    g_autoptr(GeoBatch) batch = geo_store_load(store, GEO_KIND_FACILITY, &query, error);
    if (!batch)
        return false;
    GeoXY at = geo_frame_xy(frame, event->ask.place);
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoFacility *row = (const GeoFacility *)(const void *)geo_batch_row(batch, i);
        GeoLonLat p;
        if (row->class == GEO_FACILITY_OTHER || !geo_batch_first(batch, &row->row, &p))
            continue;
        GeoXY xy = geo_frame_xy(frame, p);
        GeoEventFacility one = {keep(event, row->row.name), row->class,
                                hypot(xy.x - at.x, xy.y - at.y)};
        if (one.distance_m <= AROUND_M)
            g_array_append_val(event->facilities, one);
    }
    g_array_sort(event->facilities, by_distance);
    return true;
}

/* ---- what has happened there ---- */

static int by_number(const void *a, const void *b)
{
    const GeoEventPast *p = a, *q = b;
    return p->n != q->n ? (p->n < q->n) - (p->n > q->n) : strcmp(p->category, q->category);
}

/* In the event's hours of the day, of a day of the same length. */
static bool in_hours(const GeoEventAsk *ask, int64_t at_ms)
{
    const int64_t day_ms = 86400000;
    int64_t since_ms = ((at_ms - ask->from_ms) % day_ms + day_ms) % day_ms;
    return ask->to_ms - ask->from_ms >= day_ms || since_ms < ask->to_ms - ask->from_ms;
}

static bool remember(GeoEvent *event, GeoStore *store, GeoFrame *frame, GError **error)
{
    GeoBounds box = box_around(event->ask.place, event->ask.radius_m);
    GeoQuery query = {
        .bounds = &box, .from_ms = event->ask.from_ms - YEAR_MS, .to_ms = event->ask.from_ms};
    g_autoptr(GeoBatch) batch = geo_store_load(store, GEO_KIND_INCIDENT, &query, error);
    if (!batch)
        return false;
    GeoXY at = geo_frame_xy(frame, event->ask.place);
    g_autoptr(GHashTable) number = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoIncident *row = (const GeoIncident *)(const void *)geo_batch_row(batch, i);
        GeoLonLat p;
        if (!geo_batch_first(batch, &row->row, &p) || row->state == GEO_INCIDENT_VOID ||
            row->state == GEO_INCIDENT_DUPLICATE)
            continue;
        GeoXY xy = geo_frame_xy(frame, p);
        if (hypot(xy.x - at.x, xy.y - at.y) > event->ask.radius_m)
            continue;
        const char *category = keep(event, row->category ? row->category : "");
        guint k = GPOINTER_TO_UINT(g_hash_table_lookup(number, category));
        if (k == 0) {
            GeoEventPast one = {category, 0, 0};
            g_array_append_val(event->past, one);
            k = event->past->len;
            g_hash_table_insert(number, (gpointer)category, GUINT_TO_POINTER(k));
        }
        GeoEventPast *past = &g_array_index(event->past, GeoEventPast, k - 1);
        bool hours = in_hours(&event->ask, row->at_ms);
        past->n++;
        past->same_hours += hours;
        event->n_past++;
        event->n_past_hours += hours;
    }
    g_array_sort(event->past, by_number);
    return true;
}

/* ---- who is there, and what is left ---- */

static GArray *chosen(const GeoRecommendation *send)
{
    GArray *units = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < send->rows->len; i++) {
        const GeoRecommendRow *row = &g_array_index(send->rows, GeoRecommendRow, i);
        if (row->need < 0)
            continue;
        g_array_append_val(units, row->unit);
        if (row->crew->len > 0)
            g_array_append_vals(units, row->crew->data, row->crew->len);
    }
    return units;
}

static bool goes(const GArray *units, uint32_t unit)
{
    for (guint i = 0; i < units->len; i++)
        if (g_array_index(units, uint32_t, i) == unit)
            return true;
    return false;
}

typedef struct {
    double seconds, people;
} Reached;

static int by_seconds(const void *a, const void *b)
{
    double p = ((const Reached *)a)->seconds, q = ((const Reached *)b)->seconds;
    return (p > q) - (p < q);
}

/* The time within which so large a share of the people is reached. */
static double quantile(const GArray *sorted, double people, double share)
{
    double sum = 0;
    for (guint i = 0; i < sorted->len; i++) {
        const Reached *one = &g_array_index(sorted, Reached, i);
        sum += one->people;
        if (sum >= share * people)
            return isfinite(one->seconds) ? one->seconds : NAN;
    }
    return NAN;
}

static GeoEventCover cover_of(GArray *reached, double within_s)
{
    GeoEventCover cover = {0};
    double people = 0, near = 0;
    for (guint i = 0; i < reached->len; i++) {
        const Reached *one = &g_array_index(reached, Reached, i);
        people += one->people;
        near += one->seconds <= within_s ? one->people : 0;
        cover.covered += one->seconds <= within_s;
    }
    g_array_sort(reached, by_seconds);
    cover.share = people > 0 ? near / people : 0;
    cover.median_s = quantile(reached, people, 0.5);
    cover.p90_s = quantile(reached, people, 0.9);
    return cover;
}

static int by_people(const void *a, const void *b)
{
    double p = ((const GeoEventHole *)a)->people, q = ((const GeoEventHole *)b)->people;
    return (p < q) - (p > q);
}

static void judge_area(GeoEvent *event, GeoRecommend *recommend, const GArray *away, uint32_t area,
                       Reached *before, Reached *during)
{
    size_t k = away->len + 1;
    g_autofree GeoNearHit *hits = g_new(GeoNearHit, k);
    size_t n = geo_fleet_within(recommend->fleet, recommend->middles[area].snap, FAR_S, k, hits);
    before->seconds = n > 0 ? hits[0].travel_s : INFINITY;
    during->seconds = INFINITY;
    for (size_t i = n; i > 0; i--)
        if (!goes(away, hits[i - 1].unit))
            during->seconds = hits[i - 1].travel_s;
    if (before->seconds > event->ask.within_s || during->seconds <= event->ask.within_s)
        return;
    const GeoArea *row = geo_areas_row(recommend->areas, area);
    GeoEventHole hole = {keep(event, row->row.code), keep(event, row->row.name),
                         (double)row->population, before->seconds, during->seconds};
    g_array_append_val(event->holes, hole);
}

static void judge_cover(GeoEvent *event, GeoRecommend *recommend)
{
    size_t n = recommend->areas ? geo_areas_n(recommend->areas) : 0;
    GeoXY at = geo_frame_xy(recommend->frame, event->ask.place);
    g_autoptr(GArray) away = chosen(event->send),
                      before = g_array_new(FALSE, FALSE, sizeof(Reached)),
                      during = g_array_new(FALSE, FALSE, sizeof(Reached));
    for (uint32_t i = 0; i < n; i++) {
        const GeoRecommendMiddle *middle = &recommend->middles[i];
        double people = (double)geo_areas_row(recommend->areas, i)->population;
        if (!middle->linked || hypot(middle->at.x - at.x, middle->at.y - at.y) > AROUND_M)
            continue;
        /* Areas of which no number is known weigh as if one person lived there. */
        Reached was = {0, fmax(people, 1)}, is = was;
        judge_area(event, recommend, away, i, &was, &is);
        g_array_append_val(before, was);
        g_array_append_val(during, is);
        event->people_around += people;
        event->n_around++;
    }
    event->before = cover_of(before, event->ask.within_s);
    event->during = cover_of(during, event->ask.within_s);
    g_array_sort(event->holes, by_people);
}

static void count_forces(GeoEvent *event, GeoRecommend *recommend)
{
    size_t n = geo_fleet_n(recommend->fleet);
    for (uint32_t i = 0; i < n; i++)
        event->on_duty[recommend->units[i].force] +=
            geo_fleet_unit(recommend->fleet, i)->left != GEO_LEFT_OFF_DUTY;
    g_autofree GeoNearHit *hits = g_new(GeoNearHit, n + 1);
    size_t near = geo_fleet_within(recommend->fleet, event->send->place, NEAR_S, n, hits);
    for (size_t i = 0; i < near; i++)
        event->near[recommend->units[hits[i].unit].force]++;
}

static void count_relief(GeoEvent *event, GeoRecommend *recommend)
{
    g_autoptr(GArray) away = chosen(event->send);
    for (guint i = 0; i < away->len; i++) {
        int64_t until_ms = geo_fleet_duty_until(recommend->fleet, g_array_index(away, uint32_t, i));
        if (until_ms >= event->ask.to_ms)
            continue;
        event->n_relieved++;
        if (event->first_relief_ms == 0 || until_ms < event->first_relief_ms)
            event->first_relief_ms = until_ms;
    }
}

static void find_risks(GeoEvent *event)
{
    bool hospital = false;
    for (guint i = 0; i < event->facilities->len; i++)
        hospital |=
            g_array_index(event->facilities, GeoEventFacility, i).class == GEO_FACILITY_HOSPITAL;
    event->risks = (event->seen < event->points ? RISK(UNSEEN) : 0) |
                   (event->n_off > 0 ? RISK(CAMERA_OFF) : 0) |
                   (event->send->missing->len > 0 ? RISK(MISSING) : 0) |
                   (event->holes->len > 0 ? RISK(UNCOVERED) : 0) |
                   (event->n_relieved > 0 ? RISK(RELIEF) : 0) |
                   (event->n_past > OFTEN ? RISK(HISTORY) : 0) | (hospital ? 0 : RISK(HOSPITAL)) |
                   (event->night ? RISK(NIGHT) : 0) |
                   (event->send->place[GEO_PROFILE_CAR].edge < 0 ? RISK(NO_ROAD) : 0);
}

/* ---- all of it ---- */

static GeoEvent *begin(const GeoEventAsk *ask)
{
    GeoEvent *event = g_new0(GeoEvent, 1);
    event->text = g_string_chunk_new(1024);
    event->ask = *ask;
    event->ask.name = keep(event, ask->name);
    event->ask.type = keep(event, ask->type ? ask->type : "crowd");
    event->ask.radius_m = ask->radius_m > 0 ? ask->radius_m : 200;
    event->ask.priority = ask->priority > 0 ? ask->priority : 2;
    event->ask.within_s = ask->within_s > 0 ? ask->within_s : 180;
    event->areas = g_array_new(FALSE, FALSE, sizeof(const char *));
    event->cameras = g_array_new(FALSE, FALSE, sizeof(GeoEventCamera));
    event->facilities = g_array_new(FALSE, FALSE, sizeof(GeoEventFacility));
    event->past = g_array_new(FALSE, FALSE, sizeof(GeoEventPast));
    event->holes = g_array_new(FALSE, FALSE, sizeof(GeoEventHole));
    g_autoptr(GArray) sun = geo_sun_changes(ask->place, ask->from_ms, ask->to_ms);
    event->night = sun->len > 0 || !geo_sun_is_up(ask->place, ask->from_ms);
    return event;
}

static bool name_place(GeoEvent *event, GeoStore *store, GeoFrame *frame, GError **error)
{
    GeoHereOptions how = {.at_ms = event->ask.from_ms, .radius_m = event->ask.radius_m};
    g_autoptr(GeoHere) here = geo_here_load(store, frame, event->ask.place, &how, NULL, error);
    if (!here)
        return false;
    for (guint i = 0; i < here->areas->len; i++) {
        const GeoHereArea *area = &g_array_index(here->areas, GeoHereArea, i);
        const char *name = keep(event, area->name ? area->name : area->code);
        if (name)
            g_array_append_val(event->areas, name);
    }
    event->street = keep(event, here->street);
    return true;
}

GeoEvent *geo_event_load(GeoStore *store, GeoRecommend *recommend, const GeoEventAsk *ask,
                         GeoProgress *progress, GError **error)
{
    g_autoptr(GeoEvent) event = begin(ask);
    geo_progress_begin(progress, "the coming matter");
    GeoRecommendAsk send = {.place = ask->place,
                            .category = event->ask.type,
                            .priority = event->ask.priority,
                            .within_s = event->ask.within_s,
                            .k = 1};
    event->send = geo_recommend_ask(recommend, &send);
    if (!geo_progress_step(progress, 0.2, error) ||
        !name_place(event, store, recommend->frame, error) ||
        !look(event, store, recommend, error) || !geo_progress_step(progress, 0.6, error) ||
        !find_facilities(event, store, recommend->frame, error) ||
        !remember(event, store, recommend->frame, error))
        return NULL;
    count_forces(event, recommend);
    judge_cover(event, recommend);
    count_relief(event, recommend);
    find_risks(event);
    return geo_progress_step(progress, 1, error) ? g_steal_pointer(&event) : NULL;
}

void geo_event_free(GeoEvent *event)
{
    if (!event)
        return;
    geo_recommendation_free(event->send);
    g_array_unref(event->areas);
    g_array_unref(event->cameras);
    g_array_unref(event->facilities);
    g_array_unref(event->past);
    g_array_unref(event->holes);
    g_string_chunk_free(event->text);
    g_free(event);
}
