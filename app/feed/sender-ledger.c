/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/sender-ledger.h"

#include <math.h>

#define SEC_MS 1000
#define BEFORE_S 3600 /* fixes from a device's memory are older than the first answer */
#define MAX_S (14 * 24 * 3600)
#define SLICE_S 60

/* Times in buckets of 1/64 of their power of two: 1.6 %, from a microsecond to hours. */
#define SUB_BITS 6
#define N_SUB (1 << SUB_BITS)
#define N_BUCKETS ((40 - SUB_BITS) * N_SUB)

struct AppFeedSenderLedger {
    size_t n_devices, n_words; /* of a row */
    GPtrArray *rows;           /* uint64_t *, owned; one for each second, NULL: nothing */
    int64_t first_s;           /* Unix time of row 0; 0: no row yet */
    uint64_t n, n_times;
    uint64_t buckets[N_BUCKETS];
    int64_t longest_us;
};

AppFeedSenderLedger *app_feed_sender_ledger_new(size_t n_devices)
{
    AppFeedSenderLedger *ledger = g_new0(AppFeedSenderLedger, 1);
    ledger->n_devices = n_devices;
    ledger->n_words = n_devices / 64 + 1;
    ledger->rows = g_ptr_array_new_with_free_func(g_free);
    return ledger;
}

void app_feed_sender_ledger_free(AppFeedSenderLedger *ledger)
{
    if (!ledger)
        return;
    g_ptr_array_unref(ledger->rows);
    g_free(ledger);
}

bool app_feed_sender_ledger_add(AppFeedSenderLedger *ledger, uint32_t device, int64_t at_ms)
{
    int64_t at_s = at_ms / SEC_MS;
    if (ledger->first_s == 0)
        ledger->first_s = at_s - BEFORE_S;
    int64_t row = at_s - ledger->first_s;
    if (row < 0 || row > MAX_S || device >= ledger->n_devices)
        return false;
    if (row >= (int64_t)ledger->rows->len)
        g_ptr_array_set_size(ledger->rows, (gint)row + 1);
    uint64_t *words = g_ptr_array_index(ledger->rows, (guint)row);
    if (!words)
        words = g_ptr_array_index(ledger->rows, (guint)row) = g_new0(uint64_t, ledger->n_words);
    uint64_t bit = UINT64_C(1) << device % 64;
    if (words[device / 64] & bit)
        return false;
    words[device / 64] |= bit;
    ledger->n++;
    return true;
}

uint64_t app_feed_sender_ledger_n(const AppFeedSenderLedger *ledger)
{
    return ledger->n;
}

/* ---- times ---- */

static unsigned bucket_of(uint64_t us)
{
    if (us < N_SUB)
        return (unsigned)us;
    unsigned power = (unsigned)(63 - __builtin_clzll(us)) - SUB_BITS;
    return MIN((power + 1) * N_SUB + (unsigned)(us >> power) - N_SUB, N_BUCKETS - 1);
}

/* The largest time that falls into it. */
static uint64_t top_of(unsigned bucket)
{
    if (bucket < N_SUB)
        return bucket;
    unsigned power = bucket / N_SUB - 1;
    return ((uint64_t)(bucket % N_SUB + N_SUB + 1) << power) - 1;
}

void app_feed_sender_ledger_time(AppFeedSenderLedger *ledger, int64_t us)
{
    us = MAX(us, 0);
    ledger->buckets[bucket_of((uint64_t)us)]++;
    ledger->n_times++;
    ledger->longest_us = MAX(ledger->longest_us, us);
}

double app_feed_sender_ledger_quantile(const AppFeedSenderLedger *ledger, double share)
{
    if (ledger->n_times == 0)
        return NAN;
    uint64_t wanted = (uint64_t)ceil(share * (double)ledger->n_times), sum = 0;
    unsigned bucket = 0;
    while (bucket + 1 < N_BUCKETS && (sum += ledger->buckets[bucket]) < wanted)
        bucket++;
    uint64_t us = share >= 1 ? (uint64_t)ledger->longest_us : top_of(bucket);
    return (double)MIN(us, (uint64_t)ledger->longest_us) / G_USEC_PER_SEC;
}

/* ---- the check ---- */

typedef struct {
    const AppFeedSenderLedger *ledger;
    const int64_t *unit_ids;
    GHashTable *numbers; /* int64_t * -> device + 1 */
    uint64_t *stored;    /* SLICE_S rows */
    AppFeedSenderCheck *check;
} Checking;

static void mark_stored(Checking *checking, const GArray *fixes, int64_t from_s)
{
    size_t n_words = checking->ledger->n_words;
    for (guint i = 0; i < fixes->len; i++) {
        const GeoFix *fix = &g_array_index(fixes, GeoFix, i);
        guint number = GPOINTER_TO_UINT(g_hash_table_lookup(checking->numbers, &fix->unit_id));
        if (number == 0)
            continue;
        uint64_t *row = checking->stored + (size_t)(fix->at_ms / SEC_MS - from_s) * n_words;
        row[(number - 1) / 64] |= UINT64_C(1) << (number - 1) % 64;
    }
}

static void compare_row(Checking *checking, const uint64_t *acknowledged, const uint64_t *stored,
                        int64_t at_s)
{
    AppFeedSenderCheck *check = checking->check;
    for (size_t word = 0; word < checking->ledger->n_words; word++) {
        uint64_t said = acknowledged ? acknowledged[word] : 0, kept = stored[word];
        check->acknowledged += (unsigned)__builtin_popcountll(said);
        check->stored += (unsigned)__builtin_popcountll(kept);
        check->unanswered_stored += (unsigned)__builtin_popcountll(kept & ~said);
        uint64_t missing = said & ~kept;
        check->missing += (unsigned)__builtin_popcountll(missing);
        if (missing && check->missing_ms == 0) {
            size_t device = word * 64 + (unsigned)__builtin_ctzll(missing);
            check->missing_unit = checking->unit_ids[device];
            check->missing_ms = at_s * SEC_MS;
        }
    }
}

static bool check_slice(Checking *checking, GeoStore *store, guint first_row, guint n_rows,
                        GError **error)
{
    const AppFeedSenderLedger *ledger = checking->ledger;
    int64_t from_s = ledger->first_s + first_row;
    g_autoptr(GArray) fixes =
        geo_store_load_fixes(store, from_s * SEC_MS, (from_s + n_rows) * SEC_MS, error);
    if (!fixes)
        return false;
    memset(checking->stored, 0, SLICE_S * ledger->n_words * sizeof(uint64_t));
    mark_stored(checking, fixes, from_s);
    for (guint row = 0; row < n_rows; row++)
        compare_row(checking, g_ptr_array_index(ledger->rows, first_row + row),
                    checking->stored + row * ledger->n_words, from_s + row);
    return true;
}

bool app_feed_sender_ledger_check(const AppFeedSenderLedger *ledger, GeoStore *store,
                                  const int64_t *unit_ids, AppFeedSenderCheck *check,
                                  GError **error)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autofree uint64_t *stored = g_new(uint64_t, SLICE_S * ledger->n_words);
    AppFeedSenderCheck found = {0};
    Checking checking = {ledger, unit_ids, numbers, stored, &found};
    for (size_t i = 0; i < ledger->n_devices; i++)
        g_hash_table_insert(numbers, (gpointer)&unit_ids[i], GUINT_TO_POINTER((guint)i + 1));
    guint row = 0;
    while (row < ledger->rows->len && !g_ptr_array_index(ledger->rows, row))
        row++;
    for (; row < ledger->rows->len; row += SLICE_S)
        if (!check_slice(&checking, store, row, MIN(ledger->rows->len - row, SLICE_S), error))
            return false;
    *check = found;
    return true;
}
