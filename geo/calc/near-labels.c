/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first k units at every state: Dijkstra from all units at once, in which a state is passed on
 * k times, each time for another unit. States wait in buckets of time rather than in a heap, and a
 * state passes on all that has come due in one visit: there are k labels for each of some hundred
 * thousand states, and what they cost is memory. A bucket is wider than the shortest arc, so a
 * label may be bettered after it was passed on; then it is passed on again, until none changes
 * (delta stepping: U. Meyer and P. Sanders, J. Algorithms 49, 2003). */
#include "geo/calc/near-labels.h"

#include <math.h>
#include <string.h>

#include "geo/calc/road-graph.h"

/* 16 bytes. */
typedef struct {
    double time_s;
    float metres;
    uint32_t state;
} Way;

typedef struct {
    uint32_t state, next;
} Due;

struct GeoNearLabels {
    uint32_t n;
    uint32_t *out0;
    Way *out;
    size_t k;
    GeoNearLabel *labels; /* k of each state; the top bit of a unit: not passed on yet */
    size_t room;
    double bucket_s;
    GArray *first; /* uint32_t: of each bucket, its first due; GEO_ARCS_NONE */
    GArray *due;   /* Due */
};

#define NEW ((uint32_t)1 << 31)
#define WHO(label) ((label).unit & ~NEW)

#define MOST_BUCKETS 1e6

/* Half of what an arc takes in the mean: wider ones pass on too much twice, narrower ones are
 * empty. On Chicago and the demo a quarter and the whole of it were both slower. */
#define BUCKET_ARCS 0.5

GeoNearLabels *geo_near_labels_new(const GeoRoads *roads, GeoProfile profile)
{
    const GeoArcs *arcs = roads->arcs[profile];
    GeoNearLabels *labels = g_new0(GeoNearLabels, 1);
    g_autofree GeoArc *out = NULL;
    labels->n = arcs->n;
    geo_arcs_forward(arcs, &labels->out0, &out);
    uint32_t n_arcs = arcs->into0[arcs->n];
    labels->out = g_new(Way, MAX(n_arcs, 1));
    double sum_s = 0;
    for (uint32_t i = 0; i < n_arcs; i++) {
        double metres = roads->edges[out[i].arc / 2].length_m;
        labels->out[i] = (Way){out[i].time_s, (float)metres, out[i].state};
        sum_s += out[i].time_s;
    }
    labels->bucket_s = sum_s > 0 ? BUCKET_ARCS * sum_s / n_arcs : 1;
    labels->first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    labels->due = g_array_new(FALSE, FALSE, sizeof(Due));
    return labels;
}

void geo_near_labels_free(GeoNearLabels *labels)
{
    if (!labels)
        return;
    g_free(labels->out0);
    g_free(labels->out);
    g_free(labels->labels);
    g_array_unref(labels->first);
    g_array_unref(labels->due);
    g_free(labels);
}

void geo_near_labels_begin(GeoNearLabels *labels, size_t k)
{
    size_t n = k * labels->n;
    if (n > labels->room) {
        labels->labels = g_renew(GeoNearLabel, labels->labels, n);
        labels->room = n;
    }
    labels->k = k;
    for (size_t i = 0; i < n; i++)
        labels->labels[i] = (GeoNearLabel){INFINITY, 0, GEO_ARCS_NONE};
    g_array_set_size(labels->first, 0);
    g_array_set_size(labels->due, 0);
}

static inline uint32_t bucket_of(const GeoNearLabels *labels, double time_s)
{
    return (uint32_t)MIN(time_s / labels->bucket_s, MOST_BUCKETS); /* the last one takes the rest */
}

static void await(GeoNearLabels *labels, uint32_t state, double time_s)
{
    uint32_t bucket = bucket_of(labels, time_s), none = GEO_ARCS_NONE;
    while (labels->first->len <= bucket)
        g_array_append_val(labels->first, none);
    uint32_t *first = &g_array_index(labels->first, uint32_t, bucket);
    Due due = {state, *first};
    *first = labels->due->len;
    g_array_append_val(labels->due, due);
}

void geo_near_labels_add(GeoNearLabels *labels, uint32_t state, GeoNearLabel unit)
{
    GeoNearLabel *list = &labels->labels[labels->k * state];
    size_t at = labels->k - 1, end;
    if (unit.time_s >= list[at].time_s)
        return;
    /* Where it goes in, unless it is there sooner already; and where it stood. */
    while (at > 0 && list[at - 1].time_s > unit.time_s)
        at--;
    for (size_t i = 0; i < at; i++)
        if (WHO(list[i]) == unit.unit)
            return;
    for (end = at; end + 1 < labels->k && WHO(list[end]) != unit.unit; end++)
        if (list[end].unit == GEO_ARCS_NONE)
            break;
    memmove(&list[at + 1], &list[at], (end - at) * sizeof *list);
    list[at] = unit;
    list[at].unit |= NEW;
    await(labels, state, unit.time_s);
}

/* All of a state that is due by now goes out to where it can drive. */
static void pass_on(GeoNearLabels *labels, uint32_t state, uint32_t bucket)
{
    GeoNearLabel *list = &labels->labels[labels->k * state];
    for (size_t i = 0; i < labels->k && list[i].unit != GEO_ARCS_NONE; i++) {
        if (!(list[i].unit & NEW) || bucket_of(labels, list[i].time_s) > bucket)
            continue;
        list[i].unit &= ~NEW;
        GeoNearLabel label = list[i];
        for (uint32_t w = labels->out0[state]; w < labels->out0[state + 1]; w++) {
            const Way *way = &labels->out[w];
            geo_near_labels_add(
                labels, way->state,
                (GeoNearLabel){label.time_s + way->time_s, label.metres + way->metres, label.unit});
        }
    }
}

void geo_near_labels_spread(GeoNearLabels *labels)
{
    for (uint32_t bucket = 0; bucket < labels->first->len; bucket++) {
        for (;;) {
            uint32_t *first = &g_array_index(labels->first, uint32_t, bucket);
            if (*first == GEO_ARCS_NONE)
                break;
            Due due = g_array_index(labels->due, Due, *first);
            *first = due.next;
            pass_on(labels, due.state, bucket);
        }
    }
}

const GeoNearLabel *geo_near_labels_at(const GeoNearLabels *labels, uint32_t state)
{
    return &labels->labels[labels->k * state];
}
