/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/muster.h"

#include <math.h>
#include <string.h>

#include "geo/decode/jt808-write.h"
#include "geo/work/dutyload.h"

#define HOUR_MS INT64_C(3600000)
#define BEFORE_MS (49 * HOUR_MS) /* fixes are taken for two days */
#define AFTER_MS (24 * HOUR_MS)
#define LAST_MS (2 * HOUR_MS)
#define MARGIN_M 10000.0
#define M_PER_DEGREE 111195.0

/* Numbers of keys in the table; a key of two units is nobody's. */
#define NOBODY 0
#define TWO_UNITS (-1)

struct GeoMuster {
    gatomicrefcount refs;
    GeoBatch *units;    /* owned, as all below */
    GHashTable *by_key; /* char *, owned -> number + 1, or TWO_UNITS */
    GHashTable *by_id;  /* int64_t *, of the batch -> number + 1 */
    GeoDutyClock *duty; /* by number */
    GeoFix *last;       /* by number */
    GeoBounds bounds;
    int64_t loaded_ms, seq; /* of the change log */
};

static const GeoUnit *unit_at(const GeoMuster *muster, uint32_t i)
{
    return &g_array_index(muster->units->rows, GeoUnit, i);
}

/* A number without its leading zeros; any other name as it is. */
static const char *bare(const char *key)
{
    size_t zeros = strspn(key, "0");
    bool number = key[zeros] && key[zeros + strspn(key + zeros, "0123456789")] == '\0';
    return number ? key + zeros : key;
}

/* The name stands for the unit, unless a stronger one has it already: keys are added strongest
 * first, level by level. Within one level a name that two units have is nobody's. */
static void add_key(GHashTable *level, const char *key, guint number)
{
    if (!key || !*key)
        return;
    gpointer known = g_hash_table_lookup(level, bare(key));
    bool doubled = known && known != GINT_TO_POINTER((gint)number);
    g_hash_table_insert(level, g_strdup(bare(key)),
                        GINT_TO_POINTER(doubled ? TWO_UNITS : (gint)number));
}

static GHashTable *new_level(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void merge_level(GHashTable *all, GHashTable *level)
{
    GHashTableIter iter;
    gpointer key, number;
    g_hash_table_iter_init(&iter, level);
    while (g_hash_table_iter_next(&iter, &key, &number))
        if (!g_hash_table_contains(all, key))
            g_hash_table_insert(all, g_strdup(key), number);
}

/* The devices that are bound now. */
static void name_devices(GeoMuster *muster, const GeoDutyBook *book, int64_t now_ms)
{
    for (guint i = 0; i < book->devices->len; i++) {
        const GeoDutyDevice *device = &g_array_index(book->devices, GeoDutyDevice, i);
        int64_t number = geo_muster_number(muster, device->unit_id);
        if (number >= 0 && device->from_ms <= now_ms && now_ms < device->to_ms)
            g_hash_table_insert(muster->by_key, g_strdup(bare(device->key)),
                                GINT_TO_POINTER((gint)number + 1));
    }
}

static void name_units(GeoMuster *muster)
{
    g_autoptr(GHashTable) codes = new_level(), radios = new_level(), phones = new_level();
    for (guint i = 0; i < muster->units->rows->len; i++) {
        const GeoUnit *unit = unit_at(muster, i);
        char phone[13];
        geo_jt808_phone_of(unit->row.id, phone);
        add_key(codes, unit->row.code, i + 1);
        add_key(radios, unit->radio, i + 1);
        add_key(phones, phone, i + 1);
    }
    merge_level(muster->by_key, codes);
    merge_level(muster->by_key, radios);
    merge_level(muster->by_key, phones);
}

static bool load_last(GeoMuster *muster, GeoStore *store, int64_t now_ms, GError **error)
{
    g_autoptr(GArray) fixes = geo_store_last_fixes(store, now_ms, LAST_MS, error);
    if (!fixes)
        return false;
    muster->last = g_new0(GeoFix, muster->units->rows->len + 1);
    for (guint i = 0; i < fixes->len; i++) {
        const GeoFix *fix = &g_array_index(fixes, GeoFix, i);
        int64_t number = geo_muster_number(muster, fix->unit_id);
        if (number >= 0)
            muster->last[number] = *fix;
    }
    return true;
}

static bool load_bounds(GeoMuster *muster, GeoStore *store, GError **error)
{
    static const GeoKind kinds[] = {GEO_KIND_AREA, GEO_KIND_ROAD, GEO_KIND_BUILDING, GEO_KIND_UNIT};
    GeoBounds *all = &muster->bounds;
    *all = GEO_BOUNDS_EMPTY;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        GeoBounds one = GEO_BOUNDS_EMPTY;
        if (!geo_store_bounds(store, kinds[i], &one, error))
            return false;
        if (geo_bounds_empty(&one))
            continue;
        geo_bounds_add(all, (GeoLonLat){one.west, one.south});
        geo_bounds_add(all, (GeoLonLat){one.east, one.north});
    }
    if (geo_bounds_empty(all))
        return true;
    double lat = MARGIN_M / M_PER_DEGREE;
    double lon = lat / fmax(cos((all->south + all->north) * (G_PI / 360)), 0.05);
    *all = (GeoBounds){all->west - lon, all->south - lat, all->east + lon, all->north + lat};
    return true;
}

/* The newest change, by steps: the log is read from where it was read to. */
static bool read_changes(GeoStore *store, int64_t *seq, bool *matters, GError **error)
{
    static const char *const indifferent[] = {"fixes",   "incident", "camera", "scenario",
                                              "setting", "backup",   "tracks", NULL};
    g_autoptr(GArray) changes = geo_store_changes_since(store, *seq, error);
    if (!changes)
        return false;
    for (guint i = 0; i < changes->len; i++) {
        const GeoChange *change = &g_array_index(changes, GeoChange, i);
        *matters = *matters || !g_strv_contains(indifferent, change->entity);
        *seq = MAX(*seq, change->seq);
    }
    return true;
}

GeoMuster *geo_muster_load(GeoStore *store, int64_t now_ms, GError **error)
{
    g_autoptr(GeoMuster) muster = g_new0(GeoMuster, 1);
    bool matters = false;
    g_atomic_ref_count_init(&muster->refs);
    muster->loaded_ms = now_ms;
    muster->by_key = new_level();
    muster->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
    /* The log first: what changes while the rest is read is seen as a change again. */
    if (!read_changes(store, &muster->seq, &matters, error))
        return NULL;
    muster->units = geo_store_load(store, GEO_KIND_UNIT, NULL, error);
    if (!muster->units)
        return NULL;
    for (guint i = 0; i < muster->units->rows->len; i++)
        g_hash_table_insert(muster->by_id, (gpointer)&unit_at(muster, i)->row.id,
                            GUINT_TO_POINTER(i + 1));
    g_autoptr(GeoDutyBook) book = NULL;
    muster->duty = geo_dutyload_clock(store, muster->units, now_ms - BEFORE_MS, now_ms + AFTER_MS,
                                      &book, error);
    if (!muster->duty)
        return NULL;
    name_devices(muster, book, now_ms);
    name_units(muster);
    if (!load_last(muster, store, now_ms, error) || !load_bounds(muster, store, error))
        return NULL;
    return g_steal_pointer(&muster);
}

GeoMuster *geo_muster_ref(GeoMuster *muster)
{
    g_atomic_ref_count_inc(&muster->refs);
    return muster;
}

void geo_muster_unref(GeoMuster *muster)
{
    if (!muster || !g_atomic_ref_count_dec(&muster->refs))
        return;
    geo_batch_free(muster->units);
    g_hash_table_unref(muster->by_key);
    g_hash_table_unref(muster->by_id);
    geo_dutyclock_free(muster->duty);
    g_free(muster->last);
    g_free(muster);
}

bool geo_muster_is_stale(GeoMuster *muster, GeoStore *store, int64_t now_ms, bool *stale,
                         GError **error)
{
    bool matters =
        now_ms - muster->loaded_ms > AFTER_MS / 2 || now_ms < muster->loaded_ms - HOUR_MS;
    if (!read_changes(store, &muster->seq, &matters, error))
        return false;
    *stale = matters;
    return true;
}

size_t geo_muster_n(const GeoMuster *muster)
{
    return muster->units->rows->len;
}

int64_t geo_muster_find(const GeoMuster *muster, const char *key)
{
    gint number = GPOINTER_TO_INT(g_hash_table_lookup(muster->by_key, bare(key)));
    return number == NOBODY || number == TWO_UNITS ? -1 : number - 1;
}

int64_t geo_muster_number(const GeoMuster *muster, int64_t unit_id)
{
    return (int64_t)GPOINTER_TO_UINT(g_hash_table_lookup(muster->by_id, &unit_id)) - 1;
}

int64_t geo_muster_id(const GeoMuster *muster, uint32_t unit)
{
    return unit_at(muster, unit)->row.id;
}

const char *geo_muster_code(const GeoMuster *muster, uint32_t unit)
{
    return unit_at(muster, unit)->row.code;
}

const char *geo_muster_area(const GeoMuster *muster, uint32_t unit)
{
    return unit_at(muster, unit)->area;
}

const GeoDutyClock *geo_muster_duty(const GeoMuster *muster)
{
    return muster->duty;
}

GeoFix geo_muster_last(const GeoMuster *muster, uint32_t unit)
{
    return muster->last[unit];
}

GeoBounds geo_muster_bounds(const GeoMuster *muster)
{
    return muster->bounds;
}
