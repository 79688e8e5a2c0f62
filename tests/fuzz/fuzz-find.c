/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions to the place finder, on a city of a few names of every kind, in both writings. */
#include <string.h>

#include "geo/calc/alike.h"
#include "geo/model/error.h"
#include "geo/work/finder.h"

static void *add(GeoBatch *batch, const char *name, double lon, double lat)
{
    GeoRow *row = geo_batch_add(batch);
    row->id = 100 * (int64_t)batch->kind + batch->rows->len;
    row->name = geo_batch_text(batch, name);
    row->code = geo_batch_text(batch, "34010400001310000017");
    if (batch->kind == GEO_KIND_ROAD) {
        GeoLonLat line[2] = {{lon, lat}, {lon + (name[0] & 1 ? 0.01 : 0), lat + 0.01}};
        geo_batch_part_from(batch, GEO_SHAPE_LINE, line, 2);
    } else
        geo_batch_set_point(batch, lon, lat);
    return geo_batch_row(batch, batch->rows->len - 1);
}

static GeoFinder *make_finder(void)
{
    static const char *const streets[] = {"长江中路", "徽州大道", "North Clark Street", "一环路"};
    static const char *const places[] = {"合肥火车站", "幸福小区", "Old Town Hall", "三里庵12"};
    GeoCity city = {.name = "合肥 Hefei", .zone = "Asia/Shanghai", .epsg = 4548};
    GeoStore *store = geo_store_new_memory(&city);
    GeoAct act = geo_act_local(NULL, 1767225600000);
    GeoImport import = {.id = 9, .kind = "fuzz", .source = "fuzz", .at_ms = act.now_ms};
    g_autoptr(GeoBatch) roads = geo_batch_new(GEO_KIND_ROAD);
    g_autoptr(GeoBatch) facilities = geo_batch_new(GEO_KIND_FACILITY);
    g_autoptr(GeoBatch) addresses = geo_batch_new(GEO_KIND_ADDRESS);
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < 4; i++) {
        add(roads, streets[i], 117.28, 31.86);
        add(facilities, places[i], 117.28 + 0.001 * i, 31.861);
        for (int number = 2; number < 20; number += 4) {
            GeoAddress *address = add(addresses, NULL, 117.281, 31.86 + 0.0001 * number);
            g_autofree char *text = g_strdup_printf("%d号", number);
            address->class = GEO_ADDRESS_DOOR;
            address->road = geo_batch_text(addresses, streets[i]);
            address->number = geo_batch_text(addresses, text);
        }
    }
    geo_store_import_begin(store, &act, &import, &error);
    geo_store_import_put(store, &act, import.id, roads, &error);
    geo_store_import_put(store, &act, import.id, facilities, &error);
    geo_store_import_put(store, &act, import.id, addresses, &error);
    geo_store_import_finish(store, &act, import.id, 0, &error);
    g_assert_no_error(error);
    GeoFinder *finder = geo_finder_load(store, NULL, &error);
    g_assert_no_error(error);
    geo_store_close(store);
    return finder;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static GeoFinder *finder;
    if (!finder)
        finder = make_finder();
    g_autofree char *text = g_strndup((const char *)bytes, n);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GeoFound));
    geo_finder_search(finder, text, (GeoLonLat){117.28, 31.86}, 6, found);
    g_assert(found->len <= 6);
    for (guint i = 0; i < found->len; i++) {
        const GeoFound *hit = &g_array_index(found, GeoFound, i);
        g_autofree char *reason = geo_found_dup_reason(hit);
        g_assert(geo_coord_valid(hit->at) && hit->score >= 0 && hit->score <= 1);
        g_assert(g_utf8_validate(hit->title, -1, NULL) && g_utf8_validate(reason, -1, NULL));
    }
    uint32_t words[64];
    size_t n_words = geo_alike_words_of(text, words, G_N_ELEMENTS(words));
    g_assert(n_words <= G_N_ELEMENTS(words));
    return 0;
}
