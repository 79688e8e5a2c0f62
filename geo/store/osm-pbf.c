/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenStreetMap's PBF: blobs of at most 32 MiB, each a block of strings and groups of things, in
 * protobuf's wire form (wiki.openstreetmap.org/wiki/PBF_Format). The form is small enough to be
 * read here with every length checked; the one C library for it drops plain nodes without a word
 * and does not survive damaged blocks. O(bytes); memory: one block. */
#include <string.h>
#include <zlib.h>

#include "geo/model/error.h"
#include "geo/store/osm.h"

#define MAX_HEADER_BYTES (64u << 10)
#define MAX_BLOB_BYTES (32u << 20)
#define NANO 1e-9

static bool fail(GError **error, const char *why)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "%s", why);
    return false;
}

/* ---- protobuf ---- */

typedef struct {
    const uint8_t *p, *end;
    bool bad;
} Wire;

typedef struct {
    uint32_t number;
    uint64_t value; /* of a varint */
    Wire bytes;     /* of what has a length */
    int type;
} Field;

static uint64_t read_varint(Wire *wire)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && wire->p < wire->end; shift += 7) {
        uint8_t byte = *wire->p++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    wire->bad = true;
    wire->p = wire->end;
    return 0;
}

static int64_t zigzag(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

static Wire take_bytes(Wire *wire, uint64_t n)
{
    Wire part = {wire->p, wire->p, false};
    if (n > (uint64_t)(wire->end - wire->p)) {
        wire->bad = true;
        wire->p = wire->end;
        return part;
    }
    part.end = wire->p += n;
    return part;
}

static bool next_field(Wire *wire, Field *field)
{
    if (wire->bad || wire->p == wire->end)
        return false;
    uint64_t key = read_varint(wire);
    *field = (Field){.number = (uint32_t)MIN(key >> 3, UINT32_MAX), .type = (int)(key & 7)};
    switch (field->type) {
    case 0:
        field->value = read_varint(wire);
        break;
    case 1:
        take_bytes(wire, 8);
        break;
    case 2:
        field->bytes = take_bytes(wire, read_varint(wire));
        break;
    case 5:
        take_bytes(wire, 4);
        break;
    default:
        wire->bad = true;
    }
    return !wire->bad;
}

/* ---- blocks ---- */

typedef struct {
    unsigned sorts;
    GeoOsmTake take;
    void *user;
    GByteArray *block;              /* unpacked; owned */
    GPtrArray *strings;             /* const char *, borrowed from texts; owned */
    GStringChunk *texts;            /* owned */
    GArray *tags, *nodes, *members; /* of the thing at hand; owned */
    int64_t granularity, lat_offset, lon_offset;
} Reader;

static const char *string_at(const Reader *reader, uint64_t i)
{
    return i < reader->strings->len ? g_ptr_array_index(reader->strings, i) : NULL;
}

/* What is no UTF-8 is read as no text. */
static void read_strings(Reader *reader, Wire wire)
{
    Field field;
    while (next_field(&wire, &field)) {
        if (field.number != 1 || field.type != 2)
            continue;
        const char *text = (const char *)field.bytes.p;
        gssize n = field.bytes.end - field.bytes.p;
        bool valid = g_utf8_validate_len(text, (gsize)n, NULL);
        char *own = n > 0 && valid ? g_string_chunk_insert_len(reader->texts, text, n) : (char *)"";
        g_ptr_array_add(reader->strings, own);
    }
}

static bool add_tag(Reader *reader, uint64_t key, uint64_t value)
{
    GeoOsmTag tag = {string_at(reader, key), string_at(reader, value)};
    if (!tag.key || !tag.value)
        return false;
    g_array_append_val(reader->tags, tag);
    return true;
}

static bool read_tags(Reader *reader, Wire keys, Wire values)
{
    g_array_set_size(reader->tags, 0);
    while (keys.p < keys.end && values.p < values.end)
        if (!add_tag(reader, read_varint(&keys), read_varint(&values)))
            return false;
    return keys.p == keys.end && values.p == values.end && !keys.bad && !values.bad;
}

static double degrees(const Reader *reader, int64_t offset, int64_t steps)
{
    double nano = (double)offset + (double)reader->granularity * (double)steps;
    return geo_osm_on_grid(nano * NANO);
}

static bool hand_over(Reader *reader, GeoOsmThing *thing, GError **error)
{
    thing->tags = (const GeoOsmTag *)(void *)reader->tags->data;
    thing->n_tags = reader->tags->len;
    return reader->take(thing, reader->user, error);
}

static Wire whole_block(const Reader *reader)
{
    const uint8_t *bytes = reader->block->len ? reader->block->data : (const uint8_t *)"";
    return (Wire){bytes, bytes + reader->block->len, false};
}

static bool damaged(GError **error)
{
    return fail(error, "a block is damaged");
}

static bool read_node(Reader *reader, Wire wire, GError **error)
{
    GeoOsmThing thing = {.sort = GEO_OSM_NODE};
    Wire keys = {0}, values = {0};
    Field field;
    int64_t lat = 0, lon = 0;
    while (next_field(&wire, &field)) {
        if (field.number == 1)
            thing.id = zigzag(field.value);
        else if (field.number == 2)
            keys = field.bytes;
        else if (field.number == 3)
            values = field.bytes;
        else if (field.number == 8)
            lat = zigzag(field.value);
        else if (field.number == 9)
            lon = zigzag(field.value);
    }
    if (wire.bad || !read_tags(reader, keys, values))
        return damaged(error);
    thing.at = (GeoLonLat){degrees(reader, reader->lon_offset, lon),
                           degrees(reader, reader->lat_offset, lat)};
    return hand_over(reader, &thing, error);
}

/* Keys and values of dense nodes stand in one row, each node's ended by 0. */
static bool read_dense_tags(Reader *reader, Wire *keyed)
{
    g_array_set_size(reader->tags, 0);
    while (keyed->p < keyed->end) {
        uint64_t key = read_varint(keyed);
        if (key == 0)
            return !keyed->bad;
        if (!add_tag(reader, key, read_varint(keyed)))
            return false;
    }
    return !keyed->bad;
}

/* Sums of differences wrap rather than overflow: a damaged file is no undefined behaviour. */
static int64_t add(int64_t sum, Wire *wire)
{
    return (int64_t)((uint64_t)sum + (uint64_t)zigzag(read_varint(wire)));
}

static bool read_dense(Reader *reader, Wire wire, GError **error)
{
    Wire ids = {0}, lats = {0}, lons = {0}, keyed = {0};
    Field field;
    while (next_field(&wire, &field)) {
        if (field.number == 1)
            ids = field.bytes;
        else if (field.number == 8)
            lats = field.bytes;
        else if (field.number == 9)
            lons = field.bytes;
        else if (field.number == 10)
            keyed = field.bytes;
    }
    int64_t id = 0, lat = 0, lon = 0;
    while (!wire.bad && ids.p < ids.end) {
        id = add(id, &ids);
        lat = add(lat, &lats);
        lon = add(lon, &lons);
        GeoOsmThing thing = {.sort = GEO_OSM_NODE, .id = id};
        if (ids.bad || lats.bad || lons.bad || !read_dense_tags(reader, &keyed))
            return damaged(error);
        thing.at = (GeoLonLat){degrees(reader, reader->lon_offset, lon),
                               degrees(reader, reader->lat_offset, lat)};
        if (!hand_over(reader, &thing, error))
            return false;
    }
    return !wire.bad || damaged(error);
}

static bool read_way(Reader *reader, Wire wire, GError **error)
{
    GeoOsmThing thing = {.sort = GEO_OSM_WAY};
    Wire keys = {0}, values = {0}, refs = {0};
    Field field;
    while (next_field(&wire, &field)) {
        if (field.number == 1)
            thing.id = (int64_t)field.value;
        else if (field.number == 2)
            keys = field.bytes;
        else if (field.number == 3)
            values = field.bytes;
        else if (field.number == 8)
            refs = field.bytes;
    }
    g_array_set_size(reader->nodes, 0);
    for (int64_t id = 0; refs.p < refs.end;) {
        id = add(id, &refs);
        g_array_append_val(reader->nodes, id);
    }
    if (wire.bad || refs.bad || !read_tags(reader, keys, values))
        return damaged(error);
    thing.nodes = (const int64_t *)(void *)reader->nodes->data;
    thing.n_nodes = reader->nodes->len;
    return hand_over(reader, &thing, error);
}

static bool read_members(Reader *reader, Wire roles, Wire ids, Wire types)
{
    g_array_set_size(reader->members, 0);
    for (int64_t id = 0; ids.p < ids.end;) {
        uint64_t role = read_varint(&roles), type = read_varint(&types);
        id = add(id, &ids);
        GeoOsmMember member = {(int)MIN(type, GEO_N_OSM_SORTS), id, string_at(reader, role)};
        if (roles.bad || types.bad || ids.bad || !member.role || type >= GEO_N_OSM_SORTS)
            return false;
        g_array_append_val(reader->members, member);
    }
    return true;
}

static bool read_relation(Reader *reader, Wire wire, GError **error)
{
    GeoOsmThing thing = {.sort = GEO_OSM_RELATION};
    Wire keys = {0}, values = {0}, roles = {0}, ids = {0}, types = {0};
    Field field;
    while (next_field(&wire, &field)) {
        if (field.number == 1)
            thing.id = (int64_t)field.value;
        else if (field.number == 2)
            keys = field.bytes;
        else if (field.number == 3)
            values = field.bytes;
        else if (field.number == 8)
            roles = field.bytes;
        else if (field.number == 9)
            ids = field.bytes;
        else if (field.number == 10)
            types = field.bytes;
    }
    if (wire.bad || !read_members(reader, roles, ids, types) || !read_tags(reader, keys, values))
        return damaged(error);
    thing.members = (const GeoOsmMember *)(void *)reader->members->data;
    thing.n_members = reader->members->len;
    return hand_over(reader, &thing, error);
}

static bool read_group(Reader *reader, Wire wire, GError **error)
{
    static bool (*const readers[])(Reader *, Wire, GError **) = {NULL, read_node, read_dense,
                                                                 read_way, read_relation};
    static const int sorts[] = {0, GEO_OSM_NODE, GEO_OSM_NODE, GEO_OSM_WAY, GEO_OSM_RELATION};
    Field field;
    while (next_field(&wire, &field)) {
        if (field.type != 2 || field.number == 0 || field.number >= G_N_ELEMENTS(readers) ||
            !(reader->sorts >> sorts[field.number] & 1))
            continue;
        if (!readers[field.number](reader, field.bytes, error))
            return false;
    }
    return !wire.bad || damaged(error);
}

/* Strings and the scale may stand behind the groups that need them: two looks. */
static bool read_block(Reader *reader, GError **error)
{
    Wire wire = whole_block(reader);
    Wire again = wire;
    Field field;
    reader->granularity = 100;
    reader->lat_offset = reader->lon_offset = 0;
    g_ptr_array_set_size(reader->strings, 0);
    g_string_chunk_clear(reader->texts);
    while (next_field(&wire, &field)) {
        if (field.number == 1 && field.type == 2)
            read_strings(reader, field.bytes);
        else if (field.number == 17)
            reader->granularity = (int64_t)field.value;
        else if (field.number == 19)
            reader->lat_offset = (int64_t)field.value;
        else if (field.number == 20)
            reader->lon_offset = (int64_t)field.value;
    }
    if (wire.bad)
        return damaged(error);
    while (next_field(&again, &field))
        if (field.number == 2 && field.type == 2 && !read_group(reader, field.bytes, error))
            return false;
    return true;
}

/* ---- blobs ---- */

static bool inflate_blob(Reader *reader, Wire packed, uint64_t size, GError **error)
{
    uLongf length = (uLongf)size;
    g_byte_array_set_size(reader->block, (guint)MAX(size, 1));
    int state = uncompress(reader->block->data, &length, packed.p, (uLong)(packed.end - packed.p));
    g_byte_array_set_size(reader->block, (guint)length);
    return (state == Z_OK && length == size) || fail(error, "a packed block is damaged");
}

static bool unpack_blob(Reader *reader, Wire wire, GError **error)
{
    Wire raw = {0}, packed = {0};
    Field field;
    uint64_t size = 0;
    bool unknown = false;
    while (next_field(&wire, &field)) {
        if (field.number == 1 && field.type == 2)
            raw = field.bytes;
        else if (field.number == 2)
            size = field.value;
        else if (field.number == 3 && field.type == 2)
            packed = field.bytes;
        else
            unknown = true;
    }
    if (wire.bad || size > MAX_BLOB_BYTES)
        return fail(error, "a packed block is damaged");
    if (packed.p)
        return inflate_blob(reader, packed, size, error);
    if (!raw.p && unknown)
        return fail(error, "its blocks are packed in a way that is not read; "
                           "'osmium cat -o new.osm.pbf' writes a plain one");
    g_byte_array_set_size(reader->block, 0);
    g_byte_array_append(reader->block, raw.p ? raw.p : (const guint8 *)"",
                        (guint)(raw.end - raw.p));
    return true;
}

/* What the file wants of its readers is what we have. */
static bool check_features(const Reader *reader, GError **error)
{
    static const char *const known[] = {"OsmSchema-V0.6", "DenseNodes"};
    Wire wire = whole_block(reader);
    Field field;
    while (next_field(&wire, &field)) {
        bool fine = field.number != 4 || field.type != 2;
        size_t n = (size_t)(field.bytes.end - field.bytes.p);
        for (size_t i = 0; i < G_N_ELEMENTS(known) && !fine; i++)
            fine = n == strlen(known[i]) && !memcmp(field.bytes.p, known[i], n);
        if (!fine)
            return fail(error, "it is a history or another form of PBF that is not read");
    }
    return !wire.bad || damaged(error);
}

/* One blob with its header; *wire moves behind it. */
static bool read_blob(Reader *reader, Wire *wire, GError **error)
{
    Wire length = take_bytes(wire, 4);
    const uint8_t *p = length.p;
    uint32_t n =
        wire->bad ? 0 : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    if (wire->bad || n == 0 || n > MAX_HEADER_BYTES)
        return fail(error, "it is cut or damaged: no header of a block");
    Wire header = take_bytes(wire, n), type = {0};
    Field field;
    uint64_t size = 0;
    while (next_field(&header, &field)) {
        if (field.number == 1 && field.type == 2)
            type = field.bytes;
        else if (field.number == 3)
            size = field.value;
    }
    Wire blob = take_bytes(wire, size);
    if (wire->bad || header.bad || size > MAX_BLOB_BYTES + MAX_HEADER_BYTES)
        return fail(error, "it is cut or damaged: a block reaches beyond its end");
    size_t n_type = (size_t)(type.end - type.p);
    bool data = n_type == 7 && !memcmp(type.p, "OSMData", 7);
    bool head = n_type == 9 && !memcmp(type.p, "OSMHeader", 9);
    if (!data && !head)
        return true;
    return unpack_blob(reader, blob, error) &&
           (head ? check_features(reader, error) : read_block(reader, error));
}

static bool read_blobs(Reader *reader, Wire wire, GeoProgress *progress, GError **error)
{
    const uint8_t *begin = wire.p;
    while (wire.p < wire.end) {
        if (!read_blob(reader, &wire, error) ||
            !geo_progress_step(progress, (double)(wire.p - begin) / (double)(wire.end - begin),
                               error))
            return false;
    }
    return true;
}

bool geo_osm_read_pbf(const uint8_t *bytes, size_t n, unsigned sorts, GeoOsmTake take, void *user,
                      GeoProgress *progress, GError **error)
{
    Reader reader = {.sorts = sorts, .take = take, .user = user};
    if (n == 0)
        return fail(error, "it is empty");
    reader.block = g_byte_array_new();
    reader.strings = g_ptr_array_new();
    reader.texts = g_string_chunk_new(1 << 16);
    reader.tags = g_array_new(FALSE, FALSE, sizeof(GeoOsmTag));
    reader.nodes = g_array_new(FALSE, FALSE, sizeof(int64_t));
    reader.members = g_array_new(FALSE, FALSE, sizeof(GeoOsmMember));
    bool ok = read_blobs(&reader, (Wire){bytes, bytes + n, false}, progress, error);
    g_byte_array_unref(reader.block);
    g_ptr_array_unref(reader.strings);
    g_string_chunk_free(reader.texts);
    g_array_unref(reader.tags);
    g_array_unref(reader.nodes);
    g_array_unref(reader.members);
    return ok;
}
