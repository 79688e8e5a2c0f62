/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sun cuts the window into phases of day and night; a camera's field of a phase is open through
 * it, but for its outages. All openings and shuttings are sorted by time and told to the spells. */
#include "geo/work/watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/work/fields.h"

#define STEP_EVENTS 2048 /* between questions for a cancel */
#define DAY_MS INT64_C(86400000)

static const int32_t step_s[] = {0,         15 * 60,   3600,      4 * 3600,     8 * 3600,
                                 12 * 3600, 24 * 3600, 48 * 3600, 7 * 24 * 3600};

typedef struct {
    int64_t at_ms;
    uint32_t field; /* of the spells */
    bool shuts;
} Event;

typedef struct {
    int64_t from_ms, to_ms;
} Span;

typedef struct {
    uint32_t camera;
    Span span;
} Outage;

static int compare_events(const void *pa, const void *pb)
{
    const Event *a = pa, *b = pb;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    if (a->shuts != b->shuts) /* what follows opens before what was shuts */
        return a->shuts ? 1 : -1;
    return a->field < b->field ? -1 : a->field > b->field;
}

static int compare_outages(const void *pa, const void *pb)
{
    const Outage *a = pa, *b = pb;
    if (a->camera != b->camera)
        return a->camera < b->camera ? -1 : 1;
    return a->span.from_ms < b->span.from_ms ? -1 : a->span.from_ms > b->span.from_ms;
}

/* Outage array by camera and time; NULL with error for an unknown code. */
static GArray *find_outages(const GeoSight *sight, const GeoWatchOptions *options, GError **error)
{
    g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) outages = g_array_new(FALSE, FALSE, sizeof(Outage));
    for (uint32_t i = 0; i < sight->n; i++) {
        const char *code = geo_batch_row(sight->cameras, i)->code;
        if (code)
            g_hash_table_insert(rows, (char *)code, GUINT_TO_POINTER(i));
    }
    for (size_t k = 0; k < options->n_outages; k++) {
        const GeoWatchOutage *of = &options->outages[k];
        gpointer row;
        if (!g_hash_table_lookup_extended(rows, of->code, NULL, &row)) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                        "no camera of the city has the code '%s'", of->code);
            return NULL;
        }
        Outage outage = {GPOINTER_TO_UINT(row), {of->from_ms, of->to_ms}};
        g_array_append_val(outages, outage);
    }
    g_array_sort(outages, compare_outages);
    return g_steal_pointer(&outages);
}

typedef struct {
    const GeoWatchOptions *options;
    GeoWatch *watch;
    GArray *outages;       /* Outage, sorted */
    GeoFields *by_hour[2]; /* of day, of night; owned */
    uint32_t *number[2];   /* of each camera's field among the spells; owned */
    GArray *events;        /* Event */
} Timeline;

static void timeline_clear(Timeline *timeline)
{
    g_clear_pointer(&timeline->outages, g_array_unref);
    g_clear_pointer(&timeline->events, g_array_unref);
    for (int night = 0; night < 2; night++) {
        geo_fields_free(timeline->by_hour[night]);
        g_free(timeline->number[night]);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Timeline, timeline_clear)

static void add_events(Timeline *timeline, uint32_t field, int64_t from_ms, int64_t to_ms)
{
    if (from_ms >= to_ms)
        return;
    Event opens = {from_ms, field, false}, shuts = {to_ms, field, true};
    g_array_append_val(timeline->events, opens);
    g_array_append_val(timeline->events, shuts);
}

/* A camera is open through a phase but for its outages, which begin at `first` of the list and may
 * overlap. */
static void add_phase(Timeline *timeline, uint32_t camera, guint first, bool night, Span phase)
{
    if (geo_fields_empty(timeline->by_hour[night], camera))
        return;
    uint32_t field = timeline->number[night][camera];
    int64_t at_ms = phase.from_ms;
    for (guint k = first; k < timeline->outages->len; k++) {
        const Outage *outage = &g_array_index(timeline->outages, Outage, k);
        if (outage->camera != camera || outage->span.from_ms >= phase.to_ms)
            break;
        if (outage->span.to_ms <= at_ms)
            continue;
        add_events(timeline, field, at_ms, outage->span.from_ms);
        at_ms = MAX(at_ms, outage->span.to_ms);
    }
    add_events(timeline, field, at_ms, phase.to_ms);
}

static void add_cameras(Timeline *timeline)
{
    const GeoWatch *watch = timeline->watch;
    guint first = 0;
    for (uint32_t camera = 0; camera < watch->survey->sight->n; camera++) {
        while (first < timeline->outages->len &&
               g_array_index(timeline->outages, Outage, first).camera < camera)
            first++;
        int64_t from_ms = watch->from_ms;
        bool night = !watch->begins_by_day;
        for (guint k = 0; k <= watch->sun->len; k++) {
            bool last = k == watch->sun->len;
            int64_t to_ms = last ? watch->to_ms : g_array_index(watch->sun, GeoSunChange, k).at_ms;
            add_phase(timeline, camera, first, night, (Span){from_ms, to_ms});
            if (!last)
                night = !g_array_index(watch->sun, GeoSunChange, k).rises;
            from_ms = to_ms;
        }
    }
    g_array_sort(timeline->events, compare_events);
}

static bool draw_fields(Timeline *timeline, GeoProgress *progress, GError **error)
{
    GeoWatch *watch = timeline->watch;
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (int night = 0; night < 2; night++) {
        GeoSightOptions sight = {.class = timeline->options->class,
                                 .px_per_m = timeline->options->px_per_m,
                                 .night = night};
        GeoFields *fields =
            geo_fields_draw(watch->survey->sight, &sight, GEO_FIELDS_STATED, NULL, progress, error);
        if (!fields)
            return false;
        timeline->by_hour[night] = fields;
        timeline->number[night] = g_new0(uint32_t, MAX(fields->n, 1));
        for (size_t i = 0; i < fields->n; i++) {
            size_t n;
            const GeoXY *xy = geo_fields_rings(fields, i, first, &n);
            if (xy)
                timeline->number[night][i] = geo_spell_add(
                    watch->spell, xy, (const uint32_t *)(const void *)first->data, first->len, n);
            if (i % STEP_EVENTS == 0 &&
                !geo_progress_step(progress, (double)i / (double)fields->n, error))
                return false;
        }
    }
    return true;
}

static bool play(Timeline *timeline, GeoProgress *progress, GError **error)
{
    GeoWatch *watch = timeline->watch;
    const GArray *events = timeline->events;
    geo_progress_begin(progress, "hours");
    for (guint i = 0; i < events->len; i++) {
        const Event *event = &g_array_index(events, Event, i);
        if (i % STEP_EVENTS == 0 && !geo_progress_step(progress, (double)i / events->len, error))
            return false;
        (event->shuts ? geo_spell_shut : geo_spell_open)(watch->spell, event->field, event->at_ms);
    }
    watch->events = events->len;
    geo_spell_finish(watch->spell, watch->to_ms);
    return true;
}

static void count_steps(GeoWatch *watch)
{
    int32_t window_s = (int32_t)((watch->to_ms - watch->from_ms) / 1000);
    int32_t limit_s[G_N_ELEMENTS(step_s) + 2];
    double street_m[G_N_ELEMENTS(limit_s)], ground_m2[G_N_ELEMENTS(limit_s)];
    size_t n = 0;
    for (size_t k = 0; k < G_N_ELEMENTS(step_s) && step_s[k] < window_s - 1; k++)
        limit_s[n++] = step_s[k];
    limit_s[n++] = window_s - 1;
    limit_s[n++] = window_s;
    geo_spell_shares(watch->spell, limit_s, n, street_m, ground_m2);
    for (size_t k = 0; k < n; k++) {
        GeoWatchStep step = {limit_s[k], street_m[k], ground_m2[k]};
        if (k + 2 != n) /* the last but one is only to know what was never seen */
            g_array_append_val(watch->steps, step);
    }
    watch->street_m = street_m[n - 1];
    watch->ground_m2 = ground_m2[n - 1];
    watch->never_street_m = street_m[n - 1] - street_m[n - 2];
    watch->never_ground_m2 = ground_m2[n - 1] - ground_m2[n - 2];
}

static bool measure(GeoWatch *watch, const GeoWatchOptions *options, GeoProgress *progress,
                    GError **error)
{
    const GeoSight *sight = watch->survey->sight;
    const GeoBox *box = &watch->survey->box;
    watch->without_cameras = sight->n == 0;
    if (box->min_x <= box->max_x) {
        GeoXY middle = {(box->min_x + box->max_x) / 2, (box->min_y + box->max_y) / 2};
        GeoLonLat at = geo_frame_lonlat(sight->frame, middle);
        watch->sun = geo_sun_changes(at, watch->from_ms, watch->to_ms - 1);
        watch->begins_by_day = geo_sun_is_up(at, watch->from_ms);
        /* At the very edge the height may say otherwise than what comes next. */
        if (watch->sun->len > 0)
            watch->begins_by_day = !g_array_index(watch->sun, GeoSunChange, 0).rises;
    } else {
        watch->sun = g_array_new(FALSE, FALSE, sizeof(GeoSunChange));
    }
    g_auto(Timeline) timeline = {.options = options, .watch = watch};
    timeline.events = g_array_new(FALSE, FALSE, sizeof(Event));
    timeline.outages = find_outages(sight, options, error);
    if (!timeline.outages)
        return false;
    watch->spell = geo_spell_new(watch->survey->ground, box, watch->from_ms);
    geo_progress_begin(progress, "fields by hour");
    if (!draw_fields(&timeline, progress, error))
        return false;
    add_cameras(&timeline);
    if (!play(&timeline, progress, error))
        return false;
    count_steps(watch);
    return true;
}

GeoWatch *geo_watch_measure(GeoStore *store, const GeoWatchOptions *options, GeoProgress *progress,
                            GError **error)
{
    int64_t length_ms = options->to_ms - options->from_ms;
    g_return_val_if_fail(length_ms >= 60000 && length_ms <= GEO_WATCH_MAX_DAYS * DAY_MS, NULL);
    g_autoptr(GeoWatch) watch = g_new0(GeoWatch, 1);
    watch->class = options->class;
    watch->px_per_m = options->px_per_m;
    watch->from_ms = options->from_ms;
    watch->to_ms = options->to_ms;
    watch->steps = g_array_new(FALSE, FALSE, sizeof(GeoWatchStep));
    GeoCoverageOptions coverage = {.class = options->class, .px_per_m = options->px_per_m};
    watch->survey = geo_survey_load(store, &coverage, progress, error);
    gint64 begin = g_get_monotonic_time();
    if (!watch->survey || !measure(watch, options, progress, error))
        return NULL;
    watch->load_ms = watch->survey->load_ms;
    watch->work_ms = watch->survey->work_ms + (double)(g_get_monotonic_time() - begin) / 1000;
    return g_steal_pointer(&watch);
}

void geo_watch_free(GeoWatch *watch)
{
    if (!watch)
        return;
    g_clear_pointer(&watch->sun, g_array_unref);
    g_array_unref(watch->steps);
    geo_spell_free(watch->spell);
    geo_survey_free(watch->survey);
    g_free(watch);
}
