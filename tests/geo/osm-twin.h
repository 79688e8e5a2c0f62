/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A plain writer of OpenStreetMap's files for tests: seeded things as text, XML and PBF. */
#include <glib.h>
#include <string.h>
#include <zlib.h>

#include "geo/store/osm.h"

typedef struct {
    GArray *things;    /* GeoOsmThing; what they point to lies in the arrays below */
    GPtrArray *arrays; /* GArray, owned */
} OsmTwin;

static inline void osm_twin_free(OsmTwin *twin)
{
    g_array_unref(twin->things);
    g_ptr_array_unref(twin->arrays);
    g_free(twin);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OsmTwin, osm_twin_free)

static inline void osm_twin_describe(GString *text, const GeoOsmThing *thing)
{
    g_string_append_printf(text, "%c%" G_GINT64_FORMAT, "nwr"[thing->sort], thing -> id);
    if (thing->sort == GEO_OSM_NODE)
        g_string_append_printf(text, " %.7f %.7f", thing->at.lon, thing->at.lat);
    for (size_t i = 0; i < thing->n_nodes; i++)
        g_string_append_printf(text, " %" G_GINT64_FORMAT, thing->nodes[i]);
    for (size_t i = 0; i < thing->n_members; i++)
        g_string_append_printf(text, " %c%" G_GINT64_FORMAT "@%s", "nwr"[thing->members[i].sort],
                               thing -> members[i].id, thing->members[i].role);
    for (size_t i = 0; i < thing->n_tags; i++)
        g_string_append_printf(text, " %s=%s", thing->tags[i].key, thing->tags[i].value);
    g_string_append_c(text, '\n');
}

static inline char *osm_twin_text(const OsmTwin *twin, unsigned sorts)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < twin->things->len; i++) {
        const GeoOsmThing *thing = &g_array_index(twin->things, GeoOsmThing, i);
        if (sorts >> thing->sort & 1)
            osm_twin_describe(text, thing);
    }
    return g_string_free(text, FALSE);
}

static const char *const osm_twin_words[] = {"highway",  "barrier",      "name", "gate",
                                             "a<b&\"c'", "\xe9\x97\xa8", "x y"};

static inline GArray *osm_twin_array(OsmTwin *twin, size_t size)
{
    GArray *array = g_array_new(FALSE, FALSE, (guint)size);
    g_ptr_array_add(twin->arrays, array);
    return array;
}

static inline int64_t osm_twin_id(void)
{
    return (int64_t)g_test_rand_int() * (g_test_rand_int_range(0, 3) ? 1 : 1000000);
}

static inline void osm_twin_fill(OsmTwin *twin, GeoOsmThing *thing)
{
    GArray *tags = osm_twin_array(twin, sizeof(GeoOsmTag));
    GArray *nodes = osm_twin_array(twin, sizeof(int64_t));
    GArray *members = osm_twin_array(twin, sizeof(GeoOsmMember));
    for (int n = g_test_rand_int_range(0, 4); n > 0; n--) {
        GeoOsmTag tag = {osm_twin_words[g_test_rand_int_range(0, 7)],
                         osm_twin_words[g_test_rand_int_range(0, 7)]};
        g_array_append_val(tags, tag);
    }
    for (int n = g_test_rand_int_range(0, 6); n > 0; n--) {
        int64_t id = osm_twin_id();
        GeoOsmMember member = {g_test_rand_int_range(0, 3), id,
                               osm_twin_words[g_test_rand_int_range(0, 7)]};
        if (thing->sort == GEO_OSM_WAY)
            g_array_append_val(nodes, id);
        else if (thing->sort == GEO_OSM_RELATION)
            g_array_append_val(members, member);
    }
    thing->tags = (const GeoOsmTag *)(void *)tags->data;
    thing->n_tags = tags->len;
    thing->nodes = (const int64_t *)(void *)nodes->data;
    thing->n_nodes = nodes->len;
    thing->members = (const GeoOsmMember *)(void *)members->data;
    thing->n_members = members->len;
}

/* n of each sort, nodes first. */
static inline OsmTwin *osm_twin_new_random(int n)
{
    OsmTwin *twin = g_new0(OsmTwin, 1);
    twin->things = g_array_new(FALSE, FALSE, sizeof(GeoOsmThing));
    twin->arrays = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (int i = 0; i < 3 * n; i++) {
        GeoOsmThing thing = {.sort = (GeoOsmSort)(i / n), .id = osm_twin_id()};
        if (thing.sort == GEO_OSM_NODE)
            thing.at = (GeoLonLat){g_test_rand_int_range(-1800000000, 1800000000) / 1e7,
                                   g_test_rand_int_range(-900000000, 900000000) / 1e7};
        osm_twin_fill(twin, &thing);
        g_array_append_val(twin->things, thing);
    }
    return twin;
}

/* ---- XML ---- */

static inline void osm_twin_xml_thing(GString *text, const GeoOsmThing *thing)
{
    static const char *const words[] = {"node", "way", "relation"};
    g_string_append_printf(text, "<%s id='%" G_GINT64_FORMAT "'", words[thing->sort], thing->id);
    if (thing->sort == GEO_OSM_NODE)
        g_string_append_printf(text, " lat='%.7f' lon='%.7f'", thing->at.lat, thing->at.lon);
    g_string_append(text, ">\n");
    for (size_t i = 0; i < thing->n_nodes; i++)
        g_string_append_printf(text, "<nd ref='%" G_GINT64_FORMAT "'/>", thing->nodes[i]);
    for (size_t i = 0; i < thing->n_members; i++) {
        g_autofree char *role = g_markup_escape_text(thing->members[i].role, -1);
        g_string_append_printf(text, "<member type='%s' ref='%" G_GINT64_FORMAT "' role=\"%s\"/>",
                               words[thing->members[i].sort], thing->members[i].id, role);
    }
    for (size_t i = 0; i < thing->n_tags; i++) {
        g_autofree char *tag = g_markup_printf_escaped("<tag k=\"%s\" v=\"%s\"/>",
                                                       thing->tags[i].key, thing->tags[i].value);
        g_string_append(text, tag);
    }
    g_string_append_printf(text, "</%s>\n", words[thing->sort]);
}

static inline GByteArray *osm_twin_xml(const OsmTwin *twin)
{
    GString *text = g_string_new("<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6'>\n");
    for (guint i = 0; i < twin->things->len; i++)
        osm_twin_xml_thing(text, &g_array_index(twin->things, GeoOsmThing, i));
    g_string_append(text, "</osm>\n");
    gsize n = text->len;
    return g_byte_array_new_take((guint8 *)g_string_free(text, FALSE), n);
}

/* ---- PBF ---- */

static inline void osm_twin_put(GByteArray *to, uint64_t value)
{
    do {
        guint8 byte = (guint8)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        g_byte_array_append(to, &byte, 1);
        value >>= 7;
    } while (value);
}

static inline void osm_twin_put_signed(GByteArray *to, int64_t value)
{
    osm_twin_put(to, ((uint64_t)value << 1) ^ (uint64_t)(value >> 63));
}

static inline void osm_twin_put_number(GByteArray *to, int field, uint64_t value)
{
    osm_twin_put(to, (uint64_t)field << 3);
    osm_twin_put(to, value);
}

/* Takes part. */
static inline void osm_twin_put_part(GByteArray *to, int field, GByteArray *part)
{
    osm_twin_put(to, (uint64_t)field << 3 | 2);
    osm_twin_put(to, part->len);
    g_byte_array_append(to, part->data, part->len);
    g_byte_array_unref(part);
}

static inline int osm_twin_string(const char *word)
{
    for (int i = 0; i < 7; i++)
        if (!strcmp(osm_twin_words[i], word))
            return i + 1;
    return 0;
}

/* Keys to fields 2 and 3, or both in one row (dense nodes). */
static inline void osm_twin_put_tags(GByteArray *to, const GeoOsmThing *thing, GByteArray *dense)
{
    GByteArray *keys = g_byte_array_new(), *values = g_byte_array_new();
    for (size_t i = 0; i < thing->n_tags; i++) {
        osm_twin_put(dense ? dense : keys, (uint64_t)osm_twin_string(thing->tags[i].key));
        osm_twin_put(dense ? dense : values, (uint64_t)osm_twin_string(thing->tags[i].value));
    }
    if (dense) {
        osm_twin_put(dense, 0);
        g_byte_array_unref(keys);
        g_byte_array_unref(values);
        return;
    }
    osm_twin_put_part(to, 2, keys);
    osm_twin_put_part(to, 3, values);
}

static inline int64_t osm_twin_steps(double degrees)
{
    return (int64_t)(degrees * 1e7 + (degrees < 0 ? -0.5 : 0.5));
}

static inline GByteArray *osm_twin_pbf_thing(const GeoOsmThing *thing)
{
    GByteArray *to = g_byte_array_new(), *refs = g_byte_array_new(), *roles = g_byte_array_new();
    GByteArray *types = g_byte_array_new();
    bool node = thing->sort == GEO_OSM_NODE;
    int64_t before = 0;
    osm_twin_put(to, 1 << 3);
    node ? osm_twin_put_signed(to, thing->id) : osm_twin_put(to, (uint64_t)thing->id);
    osm_twin_put_tags(to, thing, NULL);
    for (size_t i = 0; i < thing->n_nodes; before = thing->nodes[i++])
        osm_twin_put_signed(refs, thing->nodes[i] - before);
    for (size_t i = 0; i < thing->n_members; before = thing->members[i++].id) {
        osm_twin_put(roles, (uint64_t)osm_twin_string(thing->members[i].role));
        osm_twin_put_signed(refs, thing->members[i].id - before);
        osm_twin_put(types, (uint64_t)thing->members[i].sort);
    }
    if (node) {
        osm_twin_put(to, 8 << 3);
        osm_twin_put_signed(to, osm_twin_steps(thing->at.lat));
        osm_twin_put(to, 9 << 3);
        osm_twin_put_signed(to, osm_twin_steps(thing->at.lon));
    }
    bool relation = thing->sort == GEO_OSM_RELATION;
    if (relation)
        osm_twin_put_part(to, 8, roles);
    else
        g_byte_array_unref(roles);
    if (node)
        g_byte_array_unref(refs);
    else
        osm_twin_put_part(to, relation ? 9 : 8, refs);
    if (relation)
        osm_twin_put_part(to, 10, types);
    else
        g_byte_array_unref(types);
    return to;
}

static inline GByteArray *osm_twin_pbf_dense(const OsmTwin *twin)
{
    GByteArray *to = g_byte_array_new(), *ids = g_byte_array_new(), *lats = g_byte_array_new();
    GByteArray *lons = g_byte_array_new(), *keyed = g_byte_array_new();
    int64_t id = 0, lat = 0, lon = 0;
    for (guint i = 0; i < twin->things->len; i++) {
        const GeoOsmThing *thing = &g_array_index(twin->things, GeoOsmThing, i);
        if (thing->sort != GEO_OSM_NODE)
            continue;
        osm_twin_put_signed(ids, thing->id - id);
        osm_twin_put_signed(lats, osm_twin_steps(thing->at.lat) - lat);
        osm_twin_put_signed(lons, osm_twin_steps(thing->at.lon) - lon);
        osm_twin_put_tags(NULL, thing, keyed);
        id = thing->id;
        lat = osm_twin_steps(thing->at.lat);
        lon = osm_twin_steps(thing->at.lon);
    }
    osm_twin_put_part(to, 1, ids);
    osm_twin_put_part(to, 8, lats);
    osm_twin_put_part(to, 9, lons);
    osm_twin_put_part(to, 10, keyed);
    return to;
}

static inline void osm_twin_put_blob(GByteArray *file, const char *type, GByteArray *block,
                                     bool packed)
{
    GByteArray *blob = g_byte_array_new(), *header = g_byte_array_new();
    GByteArray *name = g_byte_array_new();
    guint size = block->len;
    if (packed) {
        uLongf n = compressBound(size);
        GByteArray *small = g_byte_array_new();
        g_byte_array_set_size(small, (guint)n);
        g_assert_cmpint(compress(small->data, &n, block->data, size), ==, Z_OK);
        g_byte_array_set_size(small, (guint)n);
        osm_twin_put_number(blob, 2, size);
        osm_twin_put_part(blob, 3, small);
        g_byte_array_unref(block);
    } else {
        osm_twin_put_part(blob, 1, block);
    }
    g_byte_array_append(name, (const guint8 *)type, (guint)strlen(type));
    osm_twin_put_part(header, 1, name);
    osm_twin_put_number(header, 3, blob->len);
    const guint8 length[] = {0, 0, (guint8)(header->len >> 8), (guint8)header->len};
    g_byte_array_append(file, length, sizeof length);
    g_byte_array_append(file, header->data, header->len);
    g_byte_array_append(file, blob->data, blob->len);
    g_byte_array_unref(header);
    g_byte_array_unref(blob);
}

static inline GByteArray *osm_twin_bytes(const char *text)
{
    GByteArray *bytes = g_byte_array_new();
    return g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
}

/* The things of one sort as a block. */
static inline GByteArray *osm_twin_pbf_block(const OsmTwin *twin, int sort, bool dense)
{
    GByteArray *block = g_byte_array_new(), *group = g_byte_array_new();
    GByteArray *strings = g_byte_array_new();
    osm_twin_put_part(strings, 1, osm_twin_bytes(""));
    for (int i = 0; i < 7; i++)
        osm_twin_put_part(strings, 1, osm_twin_bytes(osm_twin_words[i]));
    for (guint i = 0; i < twin->things->len && !(dense && sort == GEO_OSM_NODE); i++) {
        const GeoOsmThing *thing = &g_array_index(twin->things, GeoOsmThing, i);
        if ((int)thing->sort == sort)
            osm_twin_put_part(group, sort == GEO_OSM_NODE ? 1 : sort + 2,
                              osm_twin_pbf_thing(thing));
    }
    if (dense && sort == GEO_OSM_NODE)
        osm_twin_put_part(group, 2, osm_twin_pbf_dense(twin));
    if (dense) /* the strings may stand behind what uses them */
        osm_twin_put_part(block, 2, group);
    osm_twin_put_part(block, 1, strings);
    if (!dense)
        osm_twin_put_part(block, 2, group);
    return block;
}

static inline GByteArray *osm_twin_pbf(const OsmTwin *twin, bool dense, bool packed)
{
    GByteArray *file = g_byte_array_new(), *header = g_byte_array_new();
    osm_twin_put_part(header, 4, osm_twin_bytes("OsmSchema-V0.6"));
    osm_twin_put_part(header, 4, osm_twin_bytes("DenseNodes"));
    osm_twin_put_blob(file, "OSMHeader", header, packed);
    for (int sort = 0; sort < GEO_N_OSM_SORTS; sort++)
        osm_twin_put_blob(file, "OSMData", osm_twin_pbf_block(twin, sort, dense), packed);
    return file;
}
