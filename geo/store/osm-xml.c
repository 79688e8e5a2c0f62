/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenStreetMap's XML through GLib's parser, in slices: no entities of its own, no document type.
 * What an editor marked as deleted is not there. */
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/osm.h"

#define SLICE_BYTES (64 << 10)
#define MOST_PARTS 1000000 /* tags, nodes or members of one thing */

typedef struct {
    unsigned sorts;
    GeoOsmTake take;
    void *user;
    int sort; /* of the thing that is open; -1: none */
    bool root, deleted;
    GeoOsmThing thing;
    GArray *tags, *nodes, *members; /* GeoOsmTag, int64_t, GeoOsmMember; owned */
    GStringChunk *texts;            /* of the thing that is open; owned */
} Reader;

static bool fail(GError **error, const char *why, const char *what)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "%s '%.60s'", why, what);
    return false;
}

static const char *attribute(const char **names, const char **values, const char *name)
{
    for (size_t i = 0; names[i]; i++)
        if (!strcmp(names[i], name))
            return values[i];
    return NULL;
}

static bool read_id(const char *text, int64_t *id, GError **error)
{
    char *end = NULL;
    *id = text ? g_ascii_strtoll(text, &end, 10) : 0;
    return (text && end != text && *end == '\0') || fail(error, "no number in", text ? text : "");
}

static bool read_degrees(const char *text, double *degrees, GError **error)
{
    char *end = NULL;
    double value = text ? g_ascii_strtod(text, &end) : 0;
    if (!text || end == text || *end != '\0' || !(value >= -180 && value <= 180))
        return fail(error, "no degrees in", text ? text : "");
    *degrees = geo_osm_on_grid(value);
    return true;
}

static int sort_of(const char *word)
{
    static const char *const words[GEO_N_OSM_SORTS] = {"node", "way", "relation"};
    for (int sort = 0; sort < GEO_N_OSM_SORTS; sort++)
        if (!strcmp(words[sort], word))
            return sort;
    return -1;
}

static bool begin_thing(Reader *reader, int sort, const char **names, const char **values,
                        GError **error)
{
    if (reader->sort >= 0)
        return fail(error, "a thing within a thing:", attribute(names, values, "id") ?: "");
    const char *visible = attribute(names, values, "visible");
    const char *action = attribute(names, values, "action");
    reader->sort = sort;
    reader->deleted =
        (visible && !strcmp(visible, "false")) || (action && !strcmp(action, "delete"));
    reader->thing = (GeoOsmThing){.sort = (GeoOsmSort)sort};
    g_array_set_size(reader->tags, 0);
    g_array_set_size(reader->nodes, 0);
    g_array_set_size(reader->members, 0);
    g_string_chunk_clear(reader->texts);
    if (!read_id(attribute(names, values, "id"), &reader->thing.id, error))
        return false;
    return sort != GEO_OSM_NODE || reader->deleted ||
           (read_degrees(attribute(names, values, "lon"), &reader->thing.at.lon, error) &&
            read_degrees(attribute(names, values, "lat"), &reader->thing.at.lat, error));
}

static bool add_part(Reader *reader, const char *name, const char **names, const char **values,
                     GError **error)
{
    if (MAX(MAX(reader->tags->len, reader->nodes->len), reader->members->len) >= MOST_PARTS)
        return fail(error, "more than a million of one thing's", name);
    if (!strcmp(name, "tag")) {
        const char *key = attribute(names, values, "k"), *value = attribute(names, values, "v");
        if (!key || !value)
            return fail(error, "no key and value in", name);
        GeoOsmTag tag = {g_string_chunk_insert_const(reader->texts, key),
                         g_string_chunk_insert_const(reader->texts, value)};
        g_array_append_val(reader->tags, tag);
    } else if (!strcmp(name, "nd") && reader->sort == GEO_OSM_WAY) {
        int64_t id;
        if (!read_id(attribute(names, values, "ref"), &id, error))
            return false;
        g_array_append_val(reader->nodes, id);
    } else if (!strcmp(name, "member") && reader->sort == GEO_OSM_RELATION) {
        const char *type = attribute(names, values, "type");
        const char *role = attribute(names, values, "role");
        GeoOsmMember member = {.sort = type ? sort_of(type) : -1};
        if (member.sort < 0)
            return fail(error, "no type of member in", type ? type : "");
        if (!read_id(attribute(names, values, "ref"), &member.id, error))
            return false;
        member.role = g_string_chunk_insert_const(reader->texts, role ? role : "");
        g_array_append_val(reader->members, member);
    }
    return true;
}

static void on_begin(GMarkupParseContext *context, const char *name, const char **names,
                     const char **values, gpointer user, GError **error)
{
    Reader *reader = user;
    int sort = sort_of(name);
    (void)context;
    if (!reader->root && strcmp(name, "osm"))
        fail(error, "the root is no osm but", name);
    reader->root = true;
    if (*error)
        return;
    if (sort >= 0)
        begin_thing(reader, sort, names, values, error);
    else if (reader->sort >= 0)
        add_part(reader, name, names, values, error);
}

static void on_end(GMarkupParseContext *context, const char *name, gpointer user, GError **error)
{
    Reader *reader = user;
    (void)context;
    if (reader->sort < 0 || sort_of(name) != reader->sort)
        return;
    bool wanted = (reader->sorts >> reader->sort & 1) && !reader->deleted;
    reader->sort = -1;
    GeoOsmThing *thing = &reader->thing;
    thing->tags = (const GeoOsmTag *)(void *)reader->tags->data;
    thing->n_tags = reader->tags->len;
    thing->nodes = (const int64_t *)(void *)reader->nodes->data;
    thing->n_nodes = reader->nodes->len;
    thing->members = (const GeoOsmMember *)(void *)reader->members->data;
    thing->n_members = reader->members->len;
    if (wanted)
        reader->take(thing, reader->user, error);
}

static bool parse(GMarkupParseContext *context, const uint8_t *bytes, size_t n,
                  GeoProgress *progress, GError **error)
{
    for (size_t at = 0; at < n; at += SLICE_BYTES) {
        size_t length = MIN(SLICE_BYTES, n - at);
        if (!g_markup_parse_context_parse(context, (const char *)bytes + at, (gssize)length,
                                          error) ||
            !geo_progress_step(progress, (double)at / (double)n, error))
            return false;
    }
    return g_markup_parse_context_end_parse(context, error);
}

bool geo_osm_read_xml(const uint8_t *bytes, size_t n, unsigned sorts, GeoOsmTake take, void *user,
                      GeoProgress *progress, GError **error)
{
    static const GMarkupParser parser = {.start_element = on_begin, .end_element = on_end};
    Reader reader = {.sorts = sorts, .take = take, .user = user, .sort = -1};
    reader.tags = g_array_new(FALSE, FALSE, sizeof(GeoOsmTag));
    reader.nodes = g_array_new(FALSE, FALSE, sizeof(int64_t));
    reader.members = g_array_new(FALSE, FALSE, sizeof(GeoOsmMember));
    reader.texts = g_string_chunk_new(1 << 12);
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &reader, NULL);
    GError *bad = NULL;
    bool ok = parse(context, bytes, n, progress, &bad);
    if (ok && !reader.root)
        ok = fail(&bad, "there is no element", "osm");
    g_markup_parse_context_free(context);
    g_array_unref(reader.tags);
    g_array_unref(reader.nodes);
    g_array_unref(reader.members);
    g_string_chunk_free(reader.texts);
    if (bad && bad->domain == G_MARKUP_ERROR) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "its XML is damaged: %.200s", bad->message);
        g_clear_error(&bad);
    } else if (bad) {
        g_propagate_error(error, bad);
    }
    return ok;
}
