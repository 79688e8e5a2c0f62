/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tests stand in the order of what they cost and of what they give away: that a position is off
 * duty is found before anything of its place is looked at. A unit that would have to fly is
 * refused, but one wrong place that was once taken must not lock it out for ever: three refused
 * places in a row that agree with each other are where it is. Replays are known by the last eight
 * times a unit; what is older than those is late, and the store keeps one fix of a unit and moment.
 */
#include "geo/calc/intake.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RECENT 8     /* times remembered a unit */
#define SAMPLES 256  /* delays remembered a source */
#define AGREE 3      /* refused places in a row that agree, to be believed */
#define BIN_MS 10000 /* of the rate */
#define USUAL_BINS 60.0
#define SLACK_M 50.0 /* what a standing device wanders */
#define M_PER_DEGREE 111195.0

const char *const geo_intake_words[] = {
    "live",      "late",    "sos",       "presence",  "unknown",  "off-duty",
    "no-roster", "invalid", "future",    "too-old",   "too-fast", "outside",
    "vague",     "replay",  "not-newer", "too-often", 0};

typedef struct {
    uint64_t n[GEO_N_INTAKES];
    int64_t last_heard_ms, bin; /* bin: number of the rate's present one */
    uint64_t in_bin, in_last_bin;
    double usual_per_bin; /* a mean that forgets; NAN before the first whole bin */
    uint64_t n_samples;   /* all; the newest are in the ring */
    float delay_s[SAMPLES];
} Source;

struct GeoIntake {
    GeoIntakeOptions options;
    const GeoDutyClock *duty; /* borrowed */
    size_t n_units, n_sources;
    GeoFix *marker;                /* by unit; owned, as all below */
    GeoFix *jump;                  /* the last place refused as too far */
    uint8_t *n_jumps;              /* in a row that agree */
    int64_t *heard_ms;             /* by unit */
    int64_t (*recent_ms)[RECENT];  /* by unit: times taken */
    uint32_t (*recent_at)[RECENT]; /* their places, mixed */
    uint8_t *next;                 /* of recent to be overwritten */
    Source *sources;
};

static GeoIntakeOptions with_defaults(const GeoIntakeOptions *given)
{
    GeoIntakeOptions options = *given;
    if (options.max_ahead_ms == 0)
        options.max_ahead_ms = 60000;
    if (options.max_age_ms == 0)
        options.max_age_ms = INT64_C(48) * 3600 * 1000;
    if (options.min_gap_ms == 0)
        options.min_gap_ms = 200;
    if (options.max_accuracy_m == 0)
        options.max_accuracy_m = 1000;
    if (options.max_speed_mps == 0)
        options.max_speed_mps = 70;
    return options;
}

GeoIntake *geo_intake_new(const GeoIntakeOptions *options, const GeoDutyClock *duty, size_t n_units,
                          size_t n_sources)
{
    GeoIntake *intake = g_new0(GeoIntake, 1);
    intake->options = with_defaults(options);
    intake->duty = duty;
    intake->n_units = n_units;
    intake->n_sources = n_sources;
    intake->marker = g_new0(GeoFix, n_units + 1);
    intake->jump = g_new0(GeoFix, n_units + 1);
    intake->n_jumps = g_new0(uint8_t, n_units + 1);
    intake->heard_ms = g_new0(int64_t, n_units + 1);
    intake->recent_ms = g_malloc0_n(n_units + 1, sizeof *intake->recent_ms);
    intake->recent_at = g_malloc0_n(n_units + 1, sizeof *intake->recent_at);
    intake->next = g_new0(uint8_t, n_units + 1);
    intake->sources = g_new0(Source, n_sources + 1);
    for (size_t i = 0; i < n_sources; i++)
        intake->sources[i].usual_per_bin = NAN;
    return intake;
}

void geo_intake_free(GeoIntake *intake)
{
    if (!intake)
        return;
    g_free(intake->marker);
    g_free(intake->jump);
    g_free(intake->n_jumps);
    g_free(intake->heard_ms);
    g_free(intake->recent_ms);
    g_free(intake->recent_at);
    g_free(intake->next);
    g_free(intake->sources);
    g_free(intake);
}

void geo_intake_set_duty(GeoIntake *intake, const GeoDutyClock *duty)
{
    intake->duty = duty;
}

static uint32_t mix_place(const GeoFix *fix)
{
    uint64_t lon, lat;
    memcpy(&lon, &fix->lon, sizeof lon);
    memcpy(&lat, &fix->lat, sizeof lat);
    uint64_t mixed = (lon * UINT64_C(0x9e3779b97f4a7c15)) ^ (lat * UINT64_C(0xc2b2ae3d27d4eb4f));
    return (uint32_t)(mixed >> 32);
}

static void remember(GeoIntake *intake, uint32_t unit, const GeoFix *fix)
{
    uint8_t i = intake->next[unit];
    intake->recent_ms[unit][i] = fix->at_ms;
    intake->recent_at[unit][i] = mix_place(fix);
    intake->next[unit] = (uint8_t)((i + 1) % RECENT);
}

static void move_marker(GeoIntake *intake, uint32_t unit, const GeoFix *fix)
{
    if (fix->at_ms > intake->marker[unit].at_ms)
        intake->marker[unit] = *fix;
}

void geo_intake_prime(GeoIntake *intake, uint32_t unit, const GeoFix *fix)
{
    g_return_if_fail(unit < intake->n_units);
    move_marker(intake, unit, fix);
    remember(intake, unit, fix);
}

/* Good to a thousandth over a city's width, at a third of the cost of the great circle. */
static double apart_m(const GeoFix *a, const GeoFix *b)
{
    double dy = b->lat - a->lat, dx = b->lon - a->lon;
    dx -= dx > 180 ? 360 : dx < -180 ? -360 : 0;
    dx *= cos((a->lat + b->lat) * (G_PI / 360));
    return sqrt(dx * dx + dy * dy) * M_PER_DEGREE;
}

static double known_m(float accuracy_m)
{
    return isnan(accuracy_m) ? 0 : (double)accuracy_m;
}

/* Could have come from a to b in the time between. */
static bool can_reach(const GeoIntake *intake, const GeoFix *a, const GeoFix *b)
{
    double s = (double)llabs(b->at_ms - a->at_ms) / 1000;
    return apart_m(a, b) <= intake->options.max_speed_mps * s + SLACK_M + known_m(a->accuracy_m) +
                                known_m(b->accuracy_m);
}

/* From where the marker is; or several such places in a row say where it really is. */
static bool is_too_far(GeoIntake *intake, uint32_t unit, const GeoFix *fix)
{
    if (intake->marker[unit].at_ms == 0 || can_reach(intake, &intake->marker[unit], fix)) {
        intake->n_jumps[unit] = 0;
        return false;
    }
    GeoFix *jump = &intake->jump[unit];
    bool agrees =
        intake->n_jumps[unit] > 0 && fix->at_ms > jump->at_ms && can_reach(intake, jump, fix);
    intake->n_jumps[unit] = agrees ? (uint8_t)(intake->n_jumps[unit] + 1) : 1;
    *jump = *fix;
    if (intake->n_jumps[unit] < AGREE)
        return true;
    intake->n_jumps[unit] = 0;
    return false;
}

static bool is_place(const GeoFix *fix)
{
    return geo_coord_valid((GeoLonLat){fix->lon, fix->lat}) && !(fix->lon == 0 && fix->lat == 0);
}

static bool is_outside(const GeoIntake *intake, const GeoFix *fix)
{
    const GeoBounds *bounds = &intake->options.bounds;
    return !geo_bounds_empty(bounds) && (fix->lon < bounds->west || fix->lon > bounds->east ||
                                         fix->lat < bounds->south || fix->lat > bounds->north);
}

static GeoIntakeVerdict judge_time(const GeoIntake *intake, const GeoHeard *heard)
{
    int64_t at_ms = heard->fix.at_ms;
    if (heard->flags & GEO_HEARD_UNTIMED || at_ms <= 0)
        return GEO_INTAKE_INVALID;
    if (at_ms > heard->heard_ms + intake->options.max_ahead_ms)
        return GEO_INTAKE_FUTURE;
    return at_ms < heard->heard_ms - intake->options.max_age_ms ? GEO_INTAKE_TOO_OLD
                                                                : GEO_INTAKE_LIVE;
}

static GeoIntakeVerdict judge_place(const GeoIntake *intake, const GeoHeard *heard)
{
    const GeoFix *fix = &heard->fix;
    if (!(heard->flags & GEO_HEARD_VALID) || !is_place(fix))
        return GEO_INTAKE_INVALID;
    if (is_outside(intake, fix))
        return GEO_INTAKE_OUTSIDE;
    if ((double)fix->accuracy_m > intake->options.max_accuracy_m)
        return GEO_INTAKE_VAGUE;
    return (double)fix->speed_mps > intake->options.max_speed_mps ? GEO_INTAKE_TOO_FAST
                                                                  : GEO_INTAKE_LIVE;
}

/* Against what is known of the unit. */
static GeoIntakeVerdict judge_order(GeoIntake *intake, uint32_t unit, const GeoHeard *heard)
{
    const GeoFix *fix = &heard->fix;
    const int64_t marker_ms = intake->marker[unit].at_ms;
    for (size_t i = 0; i < RECENT; i++)
        if (intake->recent_ms[unit][i] == fix->at_ms)
            return intake->recent_at[unit][i] == mix_place(fix) ? GEO_INTAKE_REPLAY
                                                                : GEO_INTAKE_NOT_NEWER;
    if (heard->flags & GEO_HEARD_LATE || fix->at_ms < marker_ms)
        return GEO_INTAKE_LATE;
    if (marker_ms > 0 && fix->at_ms - marker_ms < intake->options.min_gap_ms)
        return GEO_INTAKE_TOO_OFTEN;
    return is_too_far(intake, unit, fix) ? GEO_INTAKE_TOO_FAST : GEO_INTAKE_LIVE;
}

static GeoIntakeVerdict judge(GeoIntake *intake, uint32_t unit, const GeoHeard *heard)
{
    GeoIntakeVerdict verdict = judge_time(intake, heard);
    if (verdict != GEO_INTAKE_LIVE)
        return verdict;
    switch (geo_dutyclock_at(intake->duty, unit, heard->fix.at_ms, NULL)) {
    case GEO_DUTY_STATE_OFF:
        return GEO_INTAKE_OFF_DUTY;
    case GEO_DUTY_STATE_NO_ROSTER:
        return GEO_INTAKE_NO_ROSTER;
    case GEO_DUTY_STATE_BREAK:
        intake->heard_ms[unit] = MAX(intake->heard_ms[unit], heard->heard_ms);
        return GEO_INTAKE_PRESENCE;
    default:
        intake->heard_ms[unit] = MAX(intake->heard_ms[unit], heard->heard_ms);
    }
    verdict = judge_place(intake, heard);
    return verdict == GEO_INTAKE_LIVE ? judge_order(intake, unit, heard) : verdict;
}

static void mend(const GeoIntake *intake, GeoHeard *heard)
{
    GeoFix *fix = &heard->fix;
    if (judge_time(intake, heard) != GEO_INTAKE_LIVE) {
        fix->at_ms = heard->heard_ms;
        heard->flags &= ~(uint32_t)GEO_HEARD_UNTIMED;
    }
    if (!is_place(fix))
        fix->lon = fix->lat = NAN;
    if ((double)fix->speed_mps > intake->options.max_speed_mps)
        fix->speed_mps = NAN;
}

static void take_sos(GeoIntake *intake, int64_t unit, GeoHeard *heard)
{
    mend(intake, heard);
    if (unit < 0)
        return;
    intake->heard_ms[unit] = MAX(intake->heard_ms[unit], heard->heard_ms);
    if (isnan(heard->fix.lon))
        return;
    move_marker(intake, (uint32_t)unit, &heard->fix);
    remember(intake, (uint32_t)unit, &heard->fix);
}

static void close_bins(Source *source, int64_t bin)
{
    if (source->last_heard_ms == 0 || bin <= source->bin)
        return;
    double in_bin = (double)source->in_bin;
    source->usual_per_bin =
        isnan(source->usual_per_bin)
            ? in_bin
            : source->usual_per_bin + (in_bin - source->usual_per_bin) / USUAL_BINS;
    /* Bins in which nothing came count, too. */
    double empty = (double)(bin - source->bin - 1);
    source->usual_per_bin *= pow(1 - 1 / USUAL_BINS, empty);
    source->in_last_bin = bin == source->bin + 1 ? source->in_bin : 0;
    source->in_bin = 0;
    source->bin = bin;
}

static void count(Source *source, GeoIntakeVerdict verdict, const GeoHeard *heard, int64_t at_ms)
{
    source->n[verdict]++;
    int64_t bin = heard->heard_ms / BIN_MS;
    close_bins(source, bin);
    if (source->last_heard_ms == 0)
        source->bin = bin;
    source->in_bin++;
    source->last_heard_ms = MAX(source->last_heard_ms, heard->heard_ms);
    /* What a device kept back says nothing about the line; what has no time nothing at all. */
    if (at_ms > 0 && !(heard->flags & GEO_HEARD_LATE))
        source->delay_s[source->n_samples++ % SAMPLES] =
            (float)((double)(heard->heard_ms - at_ms) / 1000);
}

GeoIntakeVerdict geo_intake_take(GeoIntake *intake, int64_t unit, GeoHeard *heard)
{
    g_return_val_if_fail(unit < (int64_t)intake->n_units, GEO_INTAKE_UNKNOWN);
    g_return_val_if_fail(heard->source < intake->n_sources, GEO_INTAKE_UNKNOWN);
    int64_t at_ms = heard->flags & GEO_HEARD_UNTIMED ? 0 : heard->fix.at_ms;
    GeoIntakeVerdict verdict = GEO_INTAKE_UNKNOWN;
    if (heard->flags & GEO_HEARD_SOS) {
        verdict = GEO_INTAKE_SOS;
        take_sos(intake, unit, heard);
    } else if (unit >= 0) {
        verdict = judge(intake, (uint32_t)unit, heard);
        if (verdict == GEO_INTAKE_LIVE)
            move_marker(intake, (uint32_t)unit, &heard->fix);
        if (verdict == GEO_INTAKE_LIVE || verdict == GEO_INTAKE_LATE)
            remember(intake, (uint32_t)unit, &heard->fix);
    }
    count(&intake->sources[heard->source], verdict, heard, at_ms);
    return verdict;
}

bool geo_intake_keeps(GeoIntakeVerdict verdict, int64_t unit, const GeoHeard *heard)
{
    return verdict == GEO_INTAKE_LIVE || verdict == GEO_INTAKE_LATE ||
           (verdict == GEO_INTAKE_SOS && unit >= 0 && !isnan(heard->fix.lon));
}

GeoFix geo_intake_marker(const GeoIntake *intake, uint32_t unit)
{
    g_return_val_if_fail(unit < intake->n_units, (GeoFix){0});
    return intake->marker[unit];
}

int64_t geo_intake_heard_ms(const GeoIntake *intake, uint32_t unit)
{
    g_return_val_if_fail(unit < intake->n_units, 0);
    return intake->heard_ms[unit];
}

static int by_float(const void *a, const void *b)
{
    float p = *(const float *)a, q = *(const float *)b;
    return (p > q) - (p < q);
}

GeoIntakeHealth geo_intake_health(const GeoIntake *intake, uint32_t source, int64_t now_ms)
{
    g_return_val_if_fail(source < intake->n_sources, (GeoIntakeHealth){0});
    Source now = intake->sources[source];
    close_bins(&now, now_ms / BIN_MS);
    GeoIntakeHealth health = {.last_heard_ms = now.last_heard_ms,
                              .per_s = (double)now.in_last_bin * 1000 / BIN_MS,
                              .usual_per_s = now.usual_per_bin * 1000 / BIN_MS,
                              .delay_p50_s = NAN,
                              .delay_p95_s = NAN,
                              .skew_s = NAN};
    memcpy(health.n, now.n, sizeof health.n);
    size_t n = (size_t)MIN(now.n_samples, SAMPLES);
    if (n == 0)
        return health;
    qsort(now.delay_s, n, sizeof *now.delay_s, by_float);
    health.skew_s = -(double)now.delay_s[n / 2];
    /* A fix from ahead of us took no less than no time. */
    health.delay_p50_s = MAX(0, (double)now.delay_s[n / 2]);
    health.delay_p95_s = MAX(0, (double)now.delay_s[n * 95 / 100]);
    return health;
}

void geo_intake_counts(const GeoIntake *intake, uint64_t n[GEO_N_INTAKES])
{
    memset(n, 0, sizeof *n * GEO_N_INTAKES);
    for (size_t s = 0; s < intake->n_sources; s++)
        for (size_t i = 0; i < GEO_N_INTAKES; i++)
            n[i] += intake->sources[s].n[i];
}
