/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each unit's spans of one sort lie together, by time and joined where they touch, so a moment is
 * found by halving. Only what was signed may overlap: there the last act stands, and there are few
 * of them. */
#include "geo/model/dutyclock.h"

#include <stdlib.h>

const char *const geo_duty_words[] = {"shift", "incident", "welfare", "sos",
                                      "break", "on",       "off",     0};
const char *const geo_duty_state_words[] = {"off", "no-roster", "break", "on", 0};
const char *const geo_duty_by_words[] = {"nothing", "shift",     "sign",    "incident", "welfare",
                                         "sos",     "admission", "default", 0};

/* Lists of spans, each list by time and without overlap. */
typedef struct {
    int64_t (*spans)[2]; /* from, to; owned */
    uint32_t *first;     /* of list i: first[i] .. first[i + 1]; owned */
} Lists;

typedef struct {
    int64_t from_ms, to_ms, order;
    uint32_t list;
    bool on;
} Item;

/* ON and OFF are one list of acts; the five others are joined. */
#define N_JOINED GEO_DUTY_ON

struct GeoDutyClock {
    size_t n_units, n_areas;
    bool always;
    uint32_t *area_of; /* owned; at most n_areas */
    Lists joined;      /* list unit * N_JOINED + what */
    Lists rosters;     /* of areas, widened by GEO_DUTY_ROSTER_NEAR_MS */
    Lists admissions;  /* of areas */
    Item *acts;        /* by unit (list), then order; owned */
    uint32_t *first_act;
};

static int by_list(const void *a, const void *b)
{
    const Item *p = a, *q = b;
    if (p->list != q->list)
        return p->list < q->list ? -1 : 1;
    return (p->from_ms > q->from_ms) - (p->from_ms < q->from_ms);
}

static int by_order(const void *a, const void *b)
{
    const Item *p = a, *q = b;
    if (p->list != q->list)
        return p->list < q->list ? -1 : 1;
    return (p->order > q->order) - (p->order < q->order);
}

/* Sorts items and joins those of a list that touch. */
static Lists join(GArray *items, size_t n_lists)
{
    Lists lists = {g_malloc(sizeof *lists.spans * (items->len + 1)), g_new0(uint32_t, n_lists + 1)};
    g_array_sort(items, by_list);
    uint32_t n = 0, list = 0;
    for (guint i = 0; i < items->len; i++) {
        const Item *item = &g_array_index(items, Item, i);
        while (list < item->list)
            lists.first[++list] = n;
        if (n > lists.first[list] && item->from_ms <= lists.spans[n - 1][1]) {
            lists.spans[n - 1][1] = MAX(lists.spans[n - 1][1], item->to_ms);
            continue;
        }
        lists.spans[n][0] = item->from_ms;
        lists.spans[n++][1] = item->to_ms;
    }
    while (list < n_lists)
        lists.first[++list] = n;
    return lists;
}

static void clear_lists(Lists *lists)
{
    g_free(lists->spans);
    g_free(lists->first);
}

/* The span of the list that is the last to begin at or before at_ms; -1: none. */
static int64_t last_begun(const Lists *lists, size_t list, int64_t at_ms)
{
    uint32_t low = lists->first[list], high = lists->first[list + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (lists->spans[middle][0] <= at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low > lists->first[list] ? (int64_t)low - 1 : -1;
}

static bool covers(const Lists *lists, size_t list, int64_t at_ms)
{
    if (lists->first[list] == lists->first[list + 1])
        return false;
    int64_t i = last_begun(lists, list, at_ms);
    return i >= 0 && at_ms < lists->spans[i][1];
}

/* When the answer of covers() changes next. */
static int64_t next_change(const Lists *lists, size_t list, int64_t at_ms)
{
    int64_t i = last_begun(lists, list, at_ms);
    if (i >= 0 && at_ms < lists->spans[i][1])
        return lists->spans[i][1];
    int64_t next = i >= 0 ? i + 1 : (int64_t)lists->first[list];
    return next < (int64_t)lists->first[list + 1] ? lists->spans[next][0] : GEO_DUTY_OPEN;
}

static int64_t widened(int64_t at_ms, int64_t by_ms)
{
    return at_ms == GEO_DUTY_OPEN || (by_ms < 0 && at_ms < INT64_MIN - by_ms) ? at_ms
                                                                              : at_ms + by_ms;
}

static void take_acts(GeoDutyClock *clock, GArray *acts)
{
    g_array_sort(acts, by_order);
    clock->first_act = g_new0(uint32_t, clock->n_units + 1);
    for (guint i = 0; i < acts->len; i++)
        clock->first_act[g_array_index(acts, Item, i).list + 1] = i + 1;
    for (size_t i = 1; i <= clock->n_units; i++)
        clock->first_act[i] = MAX(clock->first_act[i], clock->first_act[i - 1]);
    clock->acts = g_memdup2(acts->data, acts->len * sizeof(Item));
}

static void take_spans(GeoDutyClock *clock, const GeoDutySpan *spans, size_t n)
{
    g_autoptr(GArray) joined = g_array_new(FALSE, FALSE, sizeof(Item));
    g_autoptr(GArray) rosters = g_array_new(FALSE, FALSE, sizeof(Item));
    g_autoptr(GArray) acts = g_array_new(FALSE, FALSE, sizeof(Item));
    clock->always = true;
    for (size_t i = 0; i < n; i++) {
        const GeoDutySpan *span = &spans[i];
        clock->always &= span->what != GEO_DUTY_SHIFT;
        if (span->unit >= clock->n_units || span->what >= GEO_N_DUTY_SPANS ||
            span->from_ms >= span->to_ms)
            continue;
        Item item = {span->from_ms, span->to_ms, span->order, span->unit,
                     span->what == GEO_DUTY_ON};
        if (span->what >= N_JOINED) {
            g_array_append_val(acts, item);
            continue;
        }
        item.list = span->unit * N_JOINED + span->what;
        g_array_append_val(joined, item);
        if (span->what == GEO_DUTY_SHIFT) {
            item.list = clock->area_of[span->unit];
            item.from_ms = widened(item.from_ms, -GEO_DUTY_ROSTER_NEAR_MS);
            item.to_ms = widened(item.to_ms, GEO_DUTY_ROSTER_NEAR_MS);
            g_array_append_val(rosters, item);
        }
    }
    clock->joined = join(joined, clock->n_units * N_JOINED);
    clock->rosters = join(rosters, clock->n_areas + 1);
    take_acts(clock, acts);
}

GeoDutyClock *geo_dutyclock_new(const uint32_t *area_of, size_t n_units, size_t n_areas,
                                const GeoDutySpan *spans, size_t n_spans,
                                const GeoDutyAdmission *admissions, size_t n_admissions)
{
    g_return_val_if_fail(n_units < UINT32_MAX / N_JOINED && n_areas < UINT32_MAX, NULL);
    GeoDutyClock *clock = g_new0(GeoDutyClock, 1);
    clock->n_units = n_units;
    clock->n_areas = n_areas;
    clock->area_of = g_new(uint32_t, n_units + 1);
    for (size_t i = 0; i < n_units; i++)
        clock->area_of[i] = (uint32_t)MIN(area_of[i], n_areas);
    take_spans(clock, spans, n_spans);
    g_autoptr(GArray) admitted = g_array_new(FALSE, FALSE, sizeof(Item));
    for (size_t i = 0; i < n_admissions; i++) {
        Item item = {.from_ms = admissions[i].from_ms,
                     .to_ms = admissions[i].to_ms,
                     .list = admissions[i].area};
        if (item.list <= n_areas && item.from_ms < item.to_ms)
            g_array_append_val(admitted, item);
    }
    clock->admissions = join(admitted, n_areas + 1);
    return clock;
}

void geo_dutyclock_free(GeoDutyClock *clock)
{
    if (!clock)
        return;
    clear_lists(&clock->joined);
    clear_lists(&clock->rosters);
    clear_lists(&clock->admissions);
    g_free(clock->area_of);
    g_free(clock->acts);
    g_free(clock->first_act);
    g_free(clock);
}

bool geo_dutyclock_is_always(const GeoDutyClock *clock)
{
    return clock->always;
}

static bool has(const GeoDutyClock *clock, uint32_t unit, GeoDutyWhat what, int64_t at_ms)
{
    return covers(&clock->joined, (size_t)unit * N_JOINED + what, at_ms);
}

bool geo_dutyclock_planned(const GeoDutyClock *clock, uint32_t unit, int64_t at_ms)
{
    g_return_val_if_fail(unit < clock->n_units, false);
    return clock->always || has(clock, unit, GEO_DUTY_SHIFT, at_ms);
}

int64_t geo_dutyclock_planned_until(const GeoDutyClock *clock, uint32_t unit, int64_t at_ms)
{
    g_return_val_if_fail(unit < clock->n_units, GEO_DUTY_OPEN);
    return next_change(&clock->joined, (size_t)unit * N_JOINED + GEO_DUTY_SHIFT, at_ms);
}

/* The act that stands; NULL when none covers the moment. */
static const Item *standing_act(const GeoDutyClock *clock, uint32_t unit, int64_t at_ms)
{
    for (uint32_t i = clock->first_act[unit + 1]; i-- > clock->first_act[unit];) {
        const Item *act = &clock->acts[i];
        if (act->from_ms <= at_ms && at_ms < act->to_ms)
            return act;
    }
    return NULL;
}

/* Without what holds a unit beyond its time. */
static GeoDutyState plain_state(const GeoDutyClock *clock, uint32_t unit, int64_t at_ms,
                                GeoDutyBy *by)
{
    uint32_t area = clock->area_of[unit];
    const Item *act = standing_act(clock, unit, at_ms);
    if (act) {
        *by = GEO_DUTY_BY_SIGN;
        return act->on ? GEO_DUTY_STATE_ON : GEO_DUTY_STATE_OFF;
    }
    if (clock->always) {
        *by = GEO_DUTY_BY_DEFAULT;
        return GEO_DUTY_STATE_ON;
    }
    if (has(clock, unit, GEO_DUTY_SHIFT, at_ms)) {
        *by = GEO_DUTY_BY_SHIFT;
        return GEO_DUTY_STATE_ON;
    }
    *by = GEO_DUTY_BY_NOTHING;
    if (covers(&clock->rosters, area, at_ms))
        return GEO_DUTY_STATE_OFF;
    if (!covers(&clock->admissions, area, at_ms))
        return GEO_DUTY_STATE_NO_ROSTER;
    *by = GEO_DUTY_BY_ADMISSION;
    return GEO_DUTY_STATE_ON;
}

GeoDutyState geo_dutyclock_at(const GeoDutyClock *clock, uint32_t unit, int64_t at_ms,
                              GeoDutyBy *by)
{
    g_return_val_if_fail(unit < clock->n_units, GEO_DUTY_STATE_OFF);
    static const struct {
        GeoDutyWhat what;
        GeoDutyBy by;
    } holds[] = {{GEO_DUTY_SOS, GEO_DUTY_BY_SOS},
                 {GEO_DUTY_INCIDENT, GEO_DUTY_BY_INCIDENT},
                 {GEO_DUTY_WELFARE, GEO_DUTY_BY_WELFARE}};
    GeoDutyBy reason;
    GeoDutyState state = plain_state(clock, unit, at_ms, &reason);
    bool on = state == GEO_DUTY_STATE_ON;
    if (on && has(clock, unit, GEO_DUTY_BREAK, at_ms))
        state = GEO_DUTY_STATE_BREAK;
    for (size_t i = 0; i < G_N_ELEMENTS(holds) && state != GEO_DUTY_STATE_ON; i++)
        if (has(clock, unit, holds[i].what, at_ms)) {
            state = GEO_DUTY_STATE_ON;
            reason = holds[i].by;
        }
    if (by)
        *by = reason;
    return state;
}

/* Any boundary of what the state is made of. */
static int64_t next_boundary(const GeoDutyClock *clock, uint32_t unit, int64_t at_ms)
{
    int64_t next = MIN(next_change(&clock->rosters, clock->area_of[unit], at_ms),
                       next_change(&clock->admissions, clock->area_of[unit], at_ms));
    for (size_t what = 0; what < N_JOINED; what++) {
        int64_t change = next_change(&clock->joined, (size_t)unit * N_JOINED + what, at_ms);
        next = MIN(next, change);
    }
    for (uint32_t i = clock->first_act[unit]; i < clock->first_act[unit + 1]; i++) {
        const Item *act = &clock->acts[i];
        if (act->from_ms > at_ms)
            next = MIN(next, act->from_ms);
        else if (act->to_ms > at_ms)
            next = MIN(next, act->to_ms);
    }
    return next;
}

int64_t geo_dutyclock_until(const GeoDutyClock *clock, uint32_t unit, int64_t at_ms)
{
    g_return_val_if_fail(unit < clock->n_units, GEO_DUTY_OPEN);
    GeoDutyState now = geo_dutyclock_at(clock, unit, at_ms, NULL);
    do
        at_ms = next_boundary(clock, unit, at_ms);
    while (at_ms != GEO_DUTY_OPEN && geo_dutyclock_at(clock, unit, at_ms, NULL) == now);
    return at_ms;
}
