/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/admit.h"

#include <math.h>
#include <string.h>

/* Emergencies of devices that nobody knows: so many names are remembered, so that a made-up name a
 * message cannot fill the memory; the newest push out the oldest. */
#define MAX_STRANGERS 1024

typedef uint64_t Counts[GEO_N_INTAKES];

struct GeoAdmit {
    GeoMuster *muster; /* a reference */
    GeoIntake *intake; /* owned, as all below */
    size_t n_sources;
    Counts *before;        /* by source: of intakes that are gone */
    uint8_t *in_sos;       /* by unit */
    uint64_t *no_roster;   /* by unit: refused for want of a roster */
    GHashTable *lost;      /* area code -> uint64_t *: the same of units that are gone */
    GHashTable *strangers; /* char *: in an emergency */
    GQueue stranger_order; /* their names, borrowed from the table, oldest first */
};

static GeoIntake *new_intake(GeoMuster *muster, size_t n_sources)
{
    GeoIntakeOptions options = {.bounds = geo_muster_bounds(muster)};
    return geo_intake_new(&options, geo_muster_duty(muster), geo_muster_n(muster), n_sources);
}

GeoAdmit *geo_admit_new(GeoMuster *muster, size_t n_sources)
{
    GeoAdmit *admit = g_new0(GeoAdmit, 1);
    size_t n = geo_muster_n(muster);
    admit->muster = geo_muster_ref(muster);
    admit->n_sources = n_sources;
    admit->intake = new_intake(muster, n_sources);
    admit->before = g_new0(Counts, n_sources + 1);
    admit->in_sos = g_new0(uint8_t, n + 1);
    admit->no_roster = g_new0(uint64_t, n + 1);
    admit->lost = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    admit->strangers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (uint32_t i = 0; i < n; i++) {
        GeoFix last = geo_muster_last(muster, i);
        if (last.at_ms > 0)
            geo_intake_prime(admit->intake, i, &last);
    }
    return admit;
}

void geo_admit_free(GeoAdmit *admit)
{
    if (!admit)
        return;
    geo_intake_free(admit->intake);
    geo_muster_unref(admit->muster);
    g_free(admit->before);
    g_free(admit->in_sos);
    g_free(admit->no_roster);
    g_hash_table_unref(admit->lost);
    g_queue_clear(&admit->stranger_order);
    g_hash_table_unref(admit->strangers);
    g_free(admit);
}

static bool same_units(const GeoMuster *a, const GeoMuster *b)
{
    size_t n = geo_muster_n(a);
    bool same = n == geo_muster_n(b);
    for (uint32_t i = 0; same && i < n; i++)
        same = geo_muster_id(a, i) == geo_muster_id(b, i) &&
               g_strcmp0(geo_muster_area(a, i), geo_muster_area(b, i)) == 0;
    return same;
}

static void add_lost(GHashTable *lost, const char *area, uint64_t n)
{
    uint64_t *known = g_hash_table_lookup(lost, area ? area : "");
    if (known)
        *known += n;
    else
        g_hash_table_insert(lost, g_strdup(area ? area : ""), g_memdup2(&n, sizeof n));
}

/* Other units: what is known of those that stay goes over by their ids. */
static void change_units(GeoAdmit *admit, GeoMuster *muster)
{
    size_t n = geo_muster_n(muster);
    GeoIntake *intake = new_intake(muster, admit->n_sources);
    uint8_t *in_sos = g_new0(uint8_t, n + 1);
    for (uint32_t s = 0; s < admit->n_sources; s++) {
        GeoIntakeHealth health = geo_intake_health(admit->intake, s, 0);
        for (size_t i = 0; i < GEO_N_INTAKES; i++)
            admit->before[s][i] += health.n[i];
    }
    for (uint32_t i = 0; i < geo_muster_n(admit->muster); i++) {
        int64_t now = geo_muster_number(muster, geo_muster_id(admit->muster, i));
        GeoFix marker = geo_intake_marker(admit->intake, i);
        if (admit->no_roster[i] > 0)
            add_lost(admit->lost, geo_muster_area(admit->muster, i), admit->no_roster[i]);
        if (now < 0)
            continue;
        in_sos[now] = admit->in_sos[i];
        if (marker.at_ms > 0)
            geo_intake_prime(intake, (uint32_t)now, &marker);
    }
    geo_intake_free(admit->intake);
    g_free(admit->in_sos);
    g_free(admit->no_roster);
    admit->intake = intake;
    admit->in_sos = in_sos;
    admit->no_roster = g_new0(uint64_t, n + 1);
}

void geo_admit_renew(GeoAdmit *admit, GeoMuster *muster)
{
    if (same_units(admit->muster, muster))
        geo_intake_set_duty(admit->intake, geo_muster_duty(muster));
    else
        change_units(admit, muster);
    geo_muster_ref(muster);
    geo_muster_unref(admit->muster);
    admit->muster = muster;
}

GeoMuster *geo_admit_muster(const GeoAdmit *admit)
{
    return admit->muster;
}

/* Whether this is the first word of a stranger's emergency. */
static bool is_new_stranger(GeoAdmit *admit, const char *key)
{
    if (g_hash_table_contains(admit->strangers, key))
        return false;
    if (admit->stranger_order.length >= MAX_STRANGERS)
        g_hash_table_remove(admit->strangers, g_queue_pop_head(&admit->stranger_order));
    char *name = g_strdup(key);
    g_hash_table_add(admit->strangers, name);
    g_queue_push_tail(&admit->stranger_order, name);
    return true;
}

static void note_sos(GeoAdmit *admit, int64_t unit, const GeoHeard *heard, GArray *sos)
{
    bool is_new = unit < 0 ? is_new_stranger(admit, heard->key) : !admit->in_sos[unit];
    if (unit >= 0)
        admit->in_sos[unit] = 1;
    if (!is_new)
        return;
    GeoAdmitSos one = {.unit_id = heard->fix.unit_id,
                       .at_ms = heard->fix.at_ms,
                       .lon = heard->fix.lon,
                       .lat = heard->fix.lat};
    g_strlcpy(one.key, heard->key, sizeof one.key);
    g_array_append_val(sos, one);
}

GeoIntakeVerdict geo_admit_take(GeoAdmit *admit, GeoHeard *heard, GArray *kept, GArray *sos)
{
    int64_t unit = geo_muster_find(admit->muster, heard->key);
    heard->fix.unit_id = unit < 0 ? 0 : geo_muster_id(admit->muster, (uint32_t)unit);
    GeoIntakeVerdict verdict = geo_intake_take(admit->intake, unit, heard);
    if (verdict == GEO_INTAKE_SOS)
        note_sos(admit, unit, heard, sos);
    else if (verdict == GEO_INTAKE_LIVE)
        admit->in_sos[unit] = 0;
    else if (verdict == GEO_INTAKE_NO_ROSTER)
        admit->no_roster[unit]++;
    if (geo_intake_keeps(verdict, unit, heard))
        g_array_append_val(kept, heard->fix);
    return verdict;
}

GeoFix geo_admit_marker(const GeoAdmit *admit, uint32_t unit)
{
    return geo_intake_marker(admit->intake, unit);
}

GeoIntakeHealth geo_admit_health(const GeoAdmit *admit, uint32_t source, int64_t now_ms)
{
    GeoIntakeHealth health = geo_intake_health(admit->intake, source, now_ms);
    for (size_t i = 0; i < GEO_N_INTAKES; i++)
        health.n[i] += admit->before[source][i];
    return health;
}

static int by_refused(const void *a, const void *b)
{
    const GeoAdmitNoRoster *p = a, *q = b;
    int order = (p->refused < q->refused) - (p->refused > q->refused);
    return order ? order : g_strcmp0(p->area, q->area);
}

GArray *geo_admit_no_roster(const GeoAdmit *admit)
{
    g_autoptr(GHashTable) sums = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GHashTableIter iter;
    gpointer area, n;
    g_hash_table_iter_init(&iter, admit->lost);
    while (g_hash_table_iter_next(&iter, &area, &n))
        add_lost(sums, area, *(uint64_t *)n);
    for (uint32_t i = 0; i < geo_muster_n(admit->muster); i++)
        if (admit->no_roster[i] > 0)
            add_lost(sums, geo_muster_area(admit->muster, i), admit->no_roster[i]);
    GArray *areas = g_array_new(FALSE, FALSE, sizeof(GeoAdmitNoRoster));
    g_hash_table_iter_init(&iter, sums);
    while (g_hash_table_iter_next(&iter, &area, &n)) {
        const char *kept = g_intern_string(area); /* areas are few and stay */
        GeoAdmitNoRoster one = {*kept ? kept : NULL, *(uint64_t *)n};
        g_array_append_val(areas, one);
    }
    g_array_sort(areas, by_refused);
    return areas;
}
