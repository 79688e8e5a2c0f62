/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presence by area and hour. Along a link between two fixes the area of a second is that of the
 * place at its beginning; a locator says how far the place's answer holds, and so many seconds are
 * taken at once: far from borders a link is one look, near one it is a look every few seconds.
 * Whole seconds make all sums exact: the same as stepping second by second and asking every
 * polygon. Bits of the hours that are open tell where at least one unit was; everything else is
 * counted on the way. O(fixes + crossings), memory: areas x 456 bytes for an open hour, and a pair
 * of numbers for each unit and area that it came to. It draws nothing and knows no roads: a link
 * cuts the corner. */
#include "geo/calc/patrol.h"

#include <math.h>
#include <string.h>

#include "geo/calc/parcel.h"

#define MAX_GAP_MS 60000
#define MAX_SPEED_MPS 50.0
#define AWAY_S 600
#define SILENCE_S 3600
#define WORDS ((GEO_PATROL_HOUR_S + 63) / 64)
#define M_PER_DEGREE 111319.49079327358
#define NEVER INT32_MIN

typedef struct {
    int32_t area, last; /* second of the time asked */
} Seen;

typedef struct {
    int64_t id;
    int64_t at_ms; /* of its last fix */
    GeoXY at;
    int32_t next;                 /* second that nothing tells of yet */
    int32_t last_told;            /* NEVER: none */
    int32_t last_area;            /* in the last told second */
    uint32_t duty0, n_duty, duty; /* of the duty; the one that the last run was in */
    Seen *seen;                   /* owned */
    uint32_t n_seen, room;
} Unit;

struct GeoPatrol {
    GeoPatrolOptions options;
    double m_per_lon, m_per_lat;
    GeoLonLat origin;
    GeoXY *points; /* owned, borrowed by parcel, as the next two */
    uint32_t *ring_point0, *ring0;
    size_t n_areas;
    GeoParcel *parcel;
    int64_t base_s;   /* where hour 0 begins: second 0 of all below */
    int32_t from, to; /* the time asked */
    size_t n_hours, settled;
    GeoPatrolCell *cells; /* n_areas * n_hours */
    GeoPatrolPost *posts; /* (n_homes + 1) * n_hours */
    size_t n_homes;
    uint32_t *home_first, *home_areas;
    GeoPatrolArea *areas;
    uint32_t *open_gap; /* seconds without anybody up to what is settled, by area */
    uint64_t **bits;    /* by hour; n_areas * WORDS; NULL: nobody anywhere, or settled */
    GHashTable *by_id;  /* unit id -> number + 1 */
    GArray *units;
    GArray *duty;
    int32_t *last; /* by area, of the unit that is being taken */
    Unit *unit;    /* that one */
    GeoPatrolCounts counts;
    GeoPatrolRunFunc watcher;
    void *watcher_user;
};

/* ---- making ---- */

static void lay_plane(GeoPatrol *patrol, const GeoLonLat *points, size_t n)
{
    GeoBounds bounds = GEO_BOUNDS_EMPTY;
    for (size_t i = 0; i < n; i++)
        geo_bounds_add(&bounds, points[i]);
    if (n == 0)
        bounds = (GeoBounds){0, 0, 0, 0};
    patrol->origin =
        (GeoLonLat){(bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2};
    patrol->m_per_lat = M_PER_DEGREE;
    patrol->m_per_lon = M_PER_DEGREE * cos(patrol->origin.lat * G_PI / 180);
    patrol->points = g_new(GeoXY, MAX(n, 1));
    for (size_t i = 0; i < n; i++)
        patrol->points[i] = geo_patrol_xy(patrol, points[i]);
}

static void fill_options(GeoPatrol *patrol, const GeoPatrolOptions *options)
{
    GeoPatrolOptions *own = &patrol->options;
    *own = *options;
    own->max_gap_ms = own->max_gap_ms > 0 ? own->max_gap_ms : MAX_GAP_MS;
    own->max_speed_mps = own->max_speed_mps > 0 ? own->max_speed_mps : MAX_SPEED_MPS;
    own->away_s = own->away_s > 0 ? own->away_s : AWAY_S;
    own->silence_s = own->silence_s > 0 ? own->silence_s : SILENCE_S;
    int64_t into = (own->from_s - own->hour0_s) % GEO_PATROL_HOUR_S;
    patrol->base_s = own->from_s - (into < 0 ? into + GEO_PATROL_HOUR_S : into);
    patrol->from = (int32_t)(own->from_s - patrol->base_s);
    patrol->to = (int32_t)(own->to_s - patrol->base_s);
    patrol->n_hours = ((size_t)patrol->to + GEO_PATROL_HOUR_S - 1) / GEO_PATROL_HOUR_S;
}

static GeoPatrolCell *cell_of(GeoPatrol *patrol, size_t area, size_t hour)
{
    return &patrol->cells[area * patrol->n_hours + hour];
}

/* home below 0: the one behind the last. */
static GeoPatrolPost *post_of(GeoPatrol *patrol, int32_t home, size_t hour)
{
    size_t row = home >= 0 && (size_t)home < patrol->n_homes ? (size_t)home : patrol->n_homes;
    return &patrol->posts[row * patrol->n_hours + hour];
}

static bool is_home(const GeoPatrol *patrol, int32_t home, int32_t area)
{
    if (home < 0 || (size_t)home >= patrol->n_homes)
        return true;
    uint32_t low = patrol->home_first[home], high = patrol->home_first[home + 1], end = high;
    while (area >= 0 && low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (patrol->home_areas[middle] < (uint32_t)area)
            low = middle + 1;
        else
            high = middle;
    }
    return area >= 0 && low < end && patrol->home_areas[low] == (uint32_t)area;
}

static void roster_duty(GeoPatrol *patrol, const GeoPatrolDuty *duty)
{
    int64_t from = MAX(duty->from_s - patrol->base_s, patrol->from);
    int64_t to = MIN(duty->to_s - patrol->base_s, patrol->to);
    for (int64_t at = from; at < to;) {
        size_t hour = (size_t)(at / GEO_PATROL_HOUR_S);
        int64_t end = MIN(to, (int64_t)(hour + 1) * GEO_PATROL_HOUR_S);
        GeoPatrolPost *post = post_of(patrol, duty->home, hour);
        post->rostered_s += (uint32_t)(end - at);
        if (duty->what == GEO_PATROL_INCIDENT)
            post->incident_s += (uint32_t)(end - at);
        else if (duty->what == GEO_PATROL_BREAK)
            post->break_s += (uint32_t)(end - at);
        at = end;
    }
}

/* The pointer is good until the next call. */
static Unit *unit_of(GeoPatrol *patrol, int64_t id)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(patrol->by_id, &id));
    if (number > 0)
        return &g_array_index(patrol->units, Unit, number - 1);
    Unit unit = {.id = id, .at_ms = INT64_MIN, .next = NEVER, .last_told = NEVER, .last_area = -1};
    g_array_append_val(patrol->units, unit);
    g_hash_table_insert(patrol->by_id, g_memdup2(&id, sizeof id),
                        GUINT_TO_POINTER(patrol->units->len));
    return &g_array_index(patrol->units, Unit, patrol->units->len - 1);
}

static void take_homes(GeoPatrol *patrol, const GeoPatrolHomes *homes)
{
    patrol->n_homes = homes ? homes->n : 0;
    patrol->posts = g_new0(GeoPatrolPost, (patrol->n_homes + 1) * patrol->n_hours);
    if (patrol->n_homes == 0)
        return;
    uint32_t n = homes->first[homes->n];
    patrol->home_first = g_memdup2(homes->first, (homes->n + 1) * sizeof *homes->first);
    patrol->home_areas = g_memdup2(homes->areas, n * sizeof *homes->areas);
}

static void take_duty(GeoPatrol *patrol, const GeoPatrolDuty *duty, size_t n)
{
    patrol->duty = g_array_sized_new(FALSE, FALSE, sizeof *duty, (guint)n);
    if (n > 0)
        g_array_append_vals(patrol->duty, duty, (guint)n);
    for (size_t i = 0; i < n; i++) {
        roster_duty(patrol, &duty[i]);
        Unit *unit = unit_of(patrol, duty[i].unit_id);
        if (unit->n_duty++ == 0)
            unit->duty0 = (uint32_t)i;
    }
}

GeoPatrol *geo_patrol_new(const GeoPatrolOptions *options, const GeoLonLat *points,
                          const uint32_t *ring_point0, const uint32_t *ring0, size_t n_areas,
                          const GeoPatrolHomes *homes, const GeoPatrolDuty *duty, size_t n_duty)
{
    g_return_val_if_fail(options->to_s > options->from_s, NULL);
    g_return_val_if_fail(options->to_s - options->from_s < INT32_MAX / 2, NULL);
    GeoPatrol *patrol = g_new0(GeoPatrol, 1);
    fill_options(patrol, options);
    uint32_t n_rings = ring0[n_areas];
    lay_plane(patrol, points, ring_point0[n_rings]);
    patrol->ring_point0 = g_memdup2(ring_point0, ((size_t)n_rings + 1) * sizeof *ring_point0);
    patrol->ring0 = g_memdup2(ring0, (n_areas + 1) * sizeof *ring0);
    patrol->n_areas = n_areas;
    patrol->parcel = geo_parcel_new(patrol->points, patrol->ring_point0, patrol->ring0, n_areas, 0);
    take_homes(patrol, homes);
    patrol->cells = g_new0(GeoPatrolCell, MAX(n_areas, 1) * patrol->n_hours);
    patrol->areas = g_new0(GeoPatrolArea, MAX(n_areas, 1));
    patrol->open_gap = g_new0(uint32_t, MAX(n_areas, 1));
    patrol->bits = g_new0(uint64_t *, patrol->n_hours);
    patrol->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    patrol->units = g_array_new(FALSE, FALSE, sizeof(Unit));
    patrol->last = g_new(int32_t, MAX(n_areas, 1));
    for (size_t a = 0; a < n_areas; a++) {
        patrol->last[a] = NEVER;
        patrol->areas[a].last_s = INT64_MIN;
    }
    take_duty(patrol, duty, n_duty);
    return patrol;
}

void geo_patrol_free(GeoPatrol *patrol)
{
    if (!patrol)
        return;
    geo_parcel_free(patrol->parcel);
    g_free(patrol->points);
    g_free(patrol->ring_point0);
    g_free(patrol->ring0);
    g_free(patrol->cells);
    g_free(patrol->posts);
    g_free(patrol->home_first);
    g_free(patrol->home_areas);
    g_free(patrol->areas);
    g_free(patrol->open_gap);
    for (size_t h = 0; h < patrol->n_hours; h++)
        g_free(patrol->bits[h]);
    g_free(patrol->bits);
    g_hash_table_unref(patrol->by_id);
    for (guint i = 0; i < patrol->units->len; i++)
        g_free(g_array_index(patrol->units, Unit, i).seen);
    g_array_unref(patrol->units);
    g_array_unref(patrol->duty);
    g_free(patrol->last);
    g_free(patrol);
}

void geo_patrol_set_watcher(GeoPatrol *patrol, GeoPatrolRunFunc func, void *user)
{
    patrol->watcher = func;
    patrol->watcher_user = user;
}

GeoXY geo_patrol_xy(const GeoPatrol *patrol, GeoLonLat p)
{
    return (GeoXY){(p.lon - patrol->origin.lon) * patrol->m_per_lon,
                   (p.lat - patrol->origin.lat) * patrol->m_per_lat};
}

int32_t geo_patrol_find(const GeoPatrol *patrol, GeoLonLat p)
{
    double room;
    return geo_parcel_find(patrol->parcel, geo_patrol_xy(patrol, p), &room);
}

/* ---- taking ---- */

static void set_bits(uint64_t *words, uint32_t from, uint32_t to)
{
    uint32_t first = from / 64, last = (to - 1) / 64;
    uint64_t low = UINT64_MAX << (from % 64), high = UINT64_MAX >> (63 - (to - 1) % 64);
    if (first == last) {
        words[first] |= low & high;
        return;
    }
    words[first] |= low;
    for (uint32_t w = first + 1; w < last; w++)
        words[w] = UINT64_MAX;
    words[last] |= high;
}

/* Duty that the seconds fall in; runs come in order of time, so the cursor goes forward only. */
static void tell_duty(GeoPatrol *patrol, int32_t area, size_t hour, int32_t from, int32_t to)
{
    Unit *unit = patrol->unit;
    for (; unit->duty < unit->n_duty; unit->duty++) {
        const GeoPatrolDuty *duty =
            &g_array_index(patrol->duty, GeoPatrolDuty, unit->duty0 + unit->duty);
        int64_t begin = duty->from_s - patrol->base_s, end = duty->to_s - patrol->base_s;
        if (begin >= to)
            return;
        int64_t low = MAX(begin, from), high = MIN(end, to);
        if (low < high && duty->what == GEO_PATROL_POST) {
            GeoPatrolPost *post = post_of(patrol, duty->home, hour);
            post->told_s += (uint32_t)(high - low);
            post->present_s += is_home(patrol, duty->home, area) ? (uint32_t)(high - low) : 0;
        }
        if (end >= to)
            return; /* the next run may lie in it too */
    }
}

/* The unit comes into the area, or is still there. */
static bool is_visit(const GeoPatrol *patrol, int32_t area, int32_t from)
{
    const Unit *unit = patrol->unit;
    int32_t last = patrol->last[area];
    if (last == NEVER)
        return true;
    if (unit->last_area == area) /* and silent since: it need not have left */
        return (int64_t)from - unit->last_told > patrol->options.silence_s;
    return (int64_t)from - last > patrol->options.away_s;
}

static void remember(GeoPatrol *patrol, int32_t area)
{
    Unit *unit = patrol->unit;
    if (unit->n_seen == unit->room) {
        unit->room = MAX(unit->room * 2, 8);
        unit->seen = g_renew(Seen, unit->seen, unit->room);
    }
    unit->seen[unit->n_seen++] = (Seen){area, NEVER};
    patrol->areas[area].units++;
}

/* Seconds of one hour in an area. */
static void count_in(GeoPatrol *patrol, int32_t area, size_t hour, int32_t from, int32_t to)
{
    int32_t hour0 = (int32_t)hour * GEO_PATROL_HOUR_S;
    GeoPatrolCell *cell = cell_of(patrol, (size_t)area, hour);
    int32_t last = patrol->last[area];
    cell->visits += is_visit(patrol, area, from);
    cell->units += last < hour0;
    cell->unit_s += (uint32_t)(to - from);
    if (last == NEVER)
        remember(patrol, area);
    patrol->last[area] = to - 1;
    if (!patrol->bits[hour])
        patrol->bits[hour] = g_new0(uint64_t, patrol->n_areas * WORDS);
    set_bits(patrol->bits[hour] + (size_t)area * WORDS, (uint32_t)(from - hour0),
             (uint32_t)(to - hour0));
}

/* The unit is in area (-1: none) in these seconds, which nothing told of before. */
static void claim(GeoPatrol *patrol, int32_t area, int32_t from, int32_t to)
{
    Unit *unit = patrol->unit;
    while (from < to) {
        size_t hour = (size_t)(from / GEO_PATROL_HOUR_S);
        int32_t end = MIN(to, (int32_t)(hour + 1) * GEO_PATROL_HOUR_S);
        if (unit->duty < unit->n_duty)
            tell_duty(patrol, area, hour, from, end);
        if (area >= 0)
            count_in(patrol, area, hour, from, end);
        unit->last_told = end - 1;
        unit->last_area = area;
        from = end;
    }
}

/* Seconds from .. to - 1 of the way from a to b. */
static void follow(GeoPatrol *patrol, int64_t a_ms, GeoXY a, int64_t b_ms, GeoXY b, int64_t from,
                   int64_t to)
{
    from = MAX(from, patrol->from);
    to = MIN(to, patrol->to);
    if (from >= to)
        return;
    int64_t base_ms = patrol->base_s * 1000;
    double span = (double)(b_ms - a_ms), dx = b.x - a.x, dy = b.y - a.y;
    GeoXY step = {dx / span * 1000, dy / span * 1000};
    for (int64_t k = from; k < to;) {
        double share = (double)(base_ms + k * 1000 - a_ms) / span, more;
        int32_t area = geo_parcel_follow(patrol->parcel,
                                         (GeoXY){a.x + share * dx, a.y + share * dy}, step, &more);
        int64_t n = more + 1 >= (double)(to - k) ? to - k : (int64_t)more + 1;
        claim(patrol, area, (int32_t)k, (int32_t)(k + n));
        k += n;
    }
    if (patrol->watcher) {
        double share = (double)(base_ms + from * 1000 - a_ms) / span;
        patrol->watcher(patrol->unit->id, patrol->base_s + from,
                        (GeoXY){a.x + share * dx, a.y + share * dy}, step, (uint32_t)(to - from),
                        patrol->watcher_user);
    }
}

/* The second of the fix itself, where nothing tells of it yet. */
static void stand(GeoPatrol *patrol, int32_t second, GeoXY at)
{
    if (second < patrol->from || second >= patrol->to)
        return;
    double room;
    claim(patrol, geo_parcel_find(patrol->parcel, at, &room), second, second + 1);
    if (patrol->watcher)
        patrol->watcher(patrol->unit->id, patrol->base_s + second, at, (GeoXY){0, 0}, 1,
                        patrol->watcher_user);
}

static int64_t floor_s(int64_t ms)
{
    return ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
}

static void take_fix(GeoPatrol *patrol, const GeoFix *fix)
{
    Unit *unit = patrol->unit;
    GeoXY at = geo_patrol_xy(patrol, (GeoLonLat){fix->lon, fix->lat});
    int64_t since_ms = unit->at_ms == INT64_MIN ? 0 : fix->at_ms - unit->at_ms;
    if (unit->at_ms != INT64_MIN && since_ms <= 0)
        return; /* of one moment the fix that came first stands */
    if (since_ms > 0 && since_ms < patrol->options.max_gap_ms) {
        double dx = at.x - unit->at.x, dy = at.y - unit->at.y;
        double most = patrol->options.max_speed_mps * (double)since_ms / 1000;
        if (dx * dx + dy * dy <= most * most) {
            int64_t end = floor_s(fix->at_ms + 999) - patrol->base_s;
            follow(patrol, unit->at_ms, unit->at, fix->at_ms, at, unit->next, end);
            unit->next = (int32_t)MAX(end, unit->next);
            patrol->counts.links++;
        } else {
            patrol->counts.leaps++;
        }
    } else if (since_ms > 0) {
        patrol->counts.gaps++;
    }
    int64_t second = floor_s(fix->at_ms) - patrol->base_s;
    if (second >= unit->next) {
        stand(patrol, (int32_t)second, at);
        unit->next = (int32_t)second + 1;
    }
    unit->at_ms = fix->at_ms;
    unit->at = at;
}

static void begin_unit(GeoPatrol *patrol, int64_t id)
{
    patrol->unit = unit_of(patrol, id);
    for (uint32_t i = 0; i < patrol->unit->n_seen; i++)
        patrol->last[patrol->unit->seen[i].area] = patrol->unit->seen[i].last;
}

static void end_unit(GeoPatrol *patrol)
{
    for (uint32_t i = 0; i < patrol->unit->n_seen; i++) {
        Seen *seen = &patrol->unit->seen[i];
        seen->last = patrol->last[seen->area];
        patrol->last[seen->area] = NEVER;
    }
}

void geo_patrol_take(GeoPatrol *patrol, const GeoFix *fixes, size_t n)
{
    int64_t low_ms = (patrol->base_s + patrol->from) * 1000 - patrol->options.max_gap_ms;
    int64_t high_ms = (patrol->base_s + patrol->to) * 1000 + patrol->options.max_gap_ms;
    for (size_t i = 0; i < n;) {
        begin_unit(patrol, fixes[i].unit_id);
        for (; i < n && fixes[i].unit_id == patrol->unit->id; i++)
            if (fixes[i].at_ms > low_ms && fixes[i].at_ms < high_ms)
                take_fix(patrol, &fixes[i]);
        end_unit(patrol);
    }
    patrol->counts.fixes += n;
}

/* ---- settling ---- */

/* The first second in [at, end) whose bit is (not) set; end: none. */
static uint32_t next_bit(const uint64_t *words, uint32_t at, uint32_t end, bool set)
{
    while (at < end) {
        uint64_t word = (set ? words[at / 64] : ~words[at / 64]) >> (at % 64);
        if (word)
            return MIN(at + (uint32_t)__builtin_ctzll(word), end);
        at = (at / 64 + 1) * 64;
    }
    return end;
}

static void settle_area(GeoPatrol *patrol, size_t area, size_t hour, const uint64_t *words)
{
    static const uint64_t nobody[WORDS];
    words = words ? words + area * WORDS : nobody;
    int32_t hour0 = (int32_t)hour * GEO_PATROL_HOUR_S;
    uint32_t at = (uint32_t)(MAX(hour0, patrol->from) - hour0);
    uint32_t end = (uint32_t)(MIN(hour0 + GEO_PATROL_HOUR_S, patrol->to) - hour0);
    GeoPatrolCell *cell = cell_of(patrol, area, hour);
    GeoPatrolArea *whole = &patrol->areas[area];
    while (at < end) {
        uint32_t come = next_bit(words, at, end, true);
        cell->gap_s = MAX(cell->gap_s, come - at);
        patrol->open_gap[area] += come - at;
        whole->gap_s = MAX(whole->gap_s, patrol->open_gap[area]);
        uint32_t gone = next_bit(words, come, end, false);
        if (gone > come) {
            cell->seen_s += gone - come;
            patrol->open_gap[area] = 0;
            whole->last_s = patrol->base_s + hour0 + gone - 1;
        }
        at = gone;
    }
}

void geo_patrol_settle(GeoPatrol *patrol, int64_t until_s)
{
    int64_t slack_s = patrol->options.max_gap_ms / 1000 + 1;
    while (patrol->settled < patrol->n_hours) {
        size_t hour = patrol->settled;
        int64_t end_s = patrol->base_s + (int64_t)(hour + 1) * GEO_PATROL_HOUR_S;
        if (until_s != INT64_MAX && end_s + slack_s > until_s)
            return;
        for (size_t area = 0; area < patrol->n_areas; area++)
            settle_area(patrol, area, hour, patrol->bits[hour]);
        g_clear_pointer(&patrol->bits[hour], g_free);
        patrol->settled++;
    }
}

/* ---- asking ---- */

size_t geo_patrol_hours(const GeoPatrol *patrol)
{
    return patrol->n_hours;
}

int64_t geo_patrol_hour_s(const GeoPatrol *patrol, size_t hour)
{
    return patrol->base_s + (int64_t)hour * GEO_PATROL_HOUR_S;
}

uint32_t geo_patrol_hour_length(const GeoPatrol *patrol, size_t hour)
{
    int32_t hour0 = (int32_t)hour * GEO_PATROL_HOUR_S;
    return (uint32_t)(MIN(hour0 + GEO_PATROL_HOUR_S, patrol->to) - MAX(hour0, patrol->from));
}

const GeoPatrolCell *geo_patrol_cells(const GeoPatrol *patrol, size_t area)
{
    return &patrol->cells[area * patrol->n_hours];
}

const GeoPatrolPost *geo_patrol_posts(const GeoPatrol *patrol, size_t home)
{
    return &patrol->posts[home * patrol->n_hours];
}

GeoPatrolArea geo_patrol_area(const GeoPatrol *patrol, size_t area)
{
    return patrol->areas[area];
}

GeoPatrolCounts geo_patrol_counts(const GeoPatrol *patrol)
{
    return patrol->counts;
}
