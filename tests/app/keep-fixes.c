/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keep-fixes CITY: puts fixes into a city's store for tests, lines "unit-code unix-ms lon lat" on
 * standard input in their order; prints how many were kept and refused. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "geo/store/store.h"

#define AT_ONCE 20000

static void must(bool fine, GError *error)
{
    if (fine)
        return;
    fprintf(stderr, "keep-fixes: %s\n", error ? error->message : "failed");
    exit(1);
}

static GHashTable *load_ids(GeoStore *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) units = geo_store_load(store, GEO_KIND_UNIT, NULL, &error);
    must(units != NULL, error);
    GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoRow *row = geo_batch_row(units, i);
        g_hash_table_insert(ids, g_strdup(row->code), g_memdup2(&row->id, sizeof row->id));
    }
    return ids;
}

static size_t keep(GeoStore *store, GArray *fixes)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, g_get_real_time() / 1000);
    size_t refused = 0;
    must(geo_store_ingest_fixes(store, &act, (const GeoFix *)(void *)fixes->data, fixes->len,
                                &refused, &error),
         error);
    g_array_set_size(fixes, 0);
    return refused;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc != 2)
        return 2;
    g_autoptr(GeoStore) store = geo_store_open(argv[1], NULL, &error);
    must(store != NULL, error);
    g_autoptr(GHashTable) ids = load_ids(store);
    g_autoptr(GArray) fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    size_t n = 0, refused = 0;
    char code[64];
    GeoFix fix = {.speed_mps = NAN, .heading_deg = NAN, .accuracy_m = NAN};
    while (scanf("%63s %" G_GINT64_FORMAT " %lf %lf", code, &fix.at_ms, &fix.lon, &fix.lat) == 4) {
        const int64_t *id = g_hash_table_lookup(ids, code);
        must(id != NULL, NULL);
        fix.unit_id = *id;
        g_array_append_val(fixes, fix);
        n++;
        if (fixes->len >= AT_ONCE)
            refused += keep(store, fixes);
    }
    refused += keep(store, fixes);
    printf("%zu %zu\n", n - refused, refused);
    return 0;
}
