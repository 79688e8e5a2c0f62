/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes through the reader of OpenStreetMap's files, as XML, as PBF, and as the inside of one
 * block (which behind zlib no fuzzer would meet): each thing given can be read to its last letter.
 */
#include <stdint.h>
#include <string.h>

#include "geo/model/hours.h"
#include "geo/work/import-rules.h"

static void judge(const GeoOsmThing *thing)
{
    g_autoptr(GStringChunk) texts = g_string_chunk_new(256);
    GeoTurnDraft turn;
    GeoBarrierDraft barrier;
    GeoHours hours;
    GeoRuleFate fate = geo_import_turn(thing, texts, &turn);
    g_assert(fate != GEO_RULE_FINE || ((turn.no | turn.only) && turn.n_from && turn.n_to));
    g_assert(turn.n_from <= GEO_TURN_ENDS && turn.n_to <= GEO_TURN_ENDS);
    g_assert(fate != GEO_RULE_FINE || !turn.hours || geo_hours_read(turn.hours, &hours));
    geo_import_barrier(thing, texts, &barrier);
    for (int profile = 0; profile < GEO_N_RULED; profile++)
        g_assert(barrier.pass[profile] >= 0 && barrier.pass[profile] <= 2);
    g_assert(!barrier.hours || geo_hours_read(barrier.hours, &hours));
    for (size_t i = 0; i < thing->n_tags; i++)
        if (geo_hours_read(thing->tags[i].value, &hours)) {
            int held = 0;
            for (int minute = 0; minute < 7 * 1440; minute += 30)
                held += geo_hours_hold(&hours, minute);
            g_assert(!geo_hours_always(&hours) || held == 7 * 48);
        }
}

static bool take(const GeoOsmThing *thing, void *user, GError **error)
{
    size_t *sum = user;
    g_assert(thing->sort < GEO_N_OSM_SORTS);
    for (size_t i = 0; i < thing->n_tags; i++) {
        g_assert(g_utf8_validate(thing->tags[i].key, -1, NULL));
        g_assert(g_utf8_validate(thing->tags[i].value, -1, NULL));
        *sum += strlen(thing->tags[i].key) + strlen(thing->tags[i].value);
    }
    for (size_t i = 0; i < thing->n_nodes; i++)
        *sum += (size_t)thing->nodes[i];
    for (size_t i = 0; i < thing->n_members; i++) {
        g_assert(thing->members[i].sort >= 0 && thing->members[i].sort < GEO_N_OSM_SORTS);
        *sum += strlen(thing->members[i].role);
    }
    judge(thing);
    return true;
}

static void put_varint(GByteArray *to, uint64_t value)
{
    do {
        uint8_t byte = (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        g_byte_array_append(to, &byte, 1);
        value >>= 7;
    } while (value);
}

static GByteArray *wrap(const uint8_t *bytes, size_t n)
{
    static const uint8_t type[] = {0x0a, 7, 'O', 'S', 'M', 'D', 'a', 't', 'a', 0x18};
    GByteArray *blob = g_byte_array_new(), *header = g_byte_array_new(), *file = g_byte_array_new();
    g_byte_array_append(blob, (const guint8 *)"\x0a", 1);
    put_varint(blob, n);
    g_byte_array_append(blob, bytes, (guint)n);
    g_byte_array_append(header, type, sizeof type);
    put_varint(header, blob->len);
    const uint8_t length[] = {0, 0, 0, (uint8_t)header->len};
    g_byte_array_append(file, length, sizeof length);
    g_byte_array_append(file, header->data, header->len);
    g_byte_array_append(file, blob->data, blob->len);
    g_byte_array_unref(blob);
    g_byte_array_unref(header);
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    size_t sum = 0;
    for (int pbf = 0; pbf < 2; pbf++) {
        g_autoptr(GError) error = NULL;
        bool ok = geo_osm_read_bytes(bytes, n, pbf, 7, take, &sum, NULL, &error);
        g_assert(ok == (error == NULL));
    }
    g_autoptr(GByteArray) file = wrap(bytes, n);
    g_autoptr(GError) error = NULL;
    bool ok = geo_osm_read_bytes(file->data, file->len, true, 7, take, &sum, NULL, &error);
    g_assert(ok == (error == NULL));
    return 0;
}
