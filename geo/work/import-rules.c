/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restrictions and barriers of an OpenStreetMap file, in three readings with bounded memory: what
 * forbids (relations and nodes), the ways that it names, the nodes where those meet. O(file) each;
 * a file without restrictions is read twice, one without either once. */
#include "geo/work/import-rules.h"

#include <string.h>

typedef struct {
    GeoTurnDraft draft;
    GeoRuleFate fate;
    int64_t near, far; /* nodes: where from meets to or the way between; where that ends */
} Turn;

typedef struct {
    int64_t id;
    GeoLonLat at;
    GeoBarrierDraft draft;
    bool on_road;
} Barrier;

/* A way that a restriction names: its ends, and whether it is a road. */
typedef struct {
    int64_t first, last;
    int64_t *nodes; /* owned */
    size_t n;
    bool road;
} Way;

typedef struct {
    GeoImportPass *pass;
    bool turns, barriers;   /* asked for */
    GArray *turn, *barrier; /* Turn, Barrier */
    GHashTable *ways;       /* id -> Way, owned; the ways that are named */
    GHashTable *posts;      /* id -> index of barrier + 1 */
    GHashTable *places;     /* id -> GeoLonLat, owned; the nodes that are wanted */
    GStringChunk *texts;
} Rules;

static void free_way(gpointer data)
{
    Way *way = data;
    g_free(way->nodes);
    g_free(way);
}

static void clear_rules(Rules *rules)
{
    g_array_unref(rules->turn);
    g_array_unref(rules->barrier);
    g_hash_table_unref(rules->ways);
    g_hash_table_unref(rules->posts);
    g_hash_table_unref(rules->places);
    g_string_chunk_free(rules->texts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rules, clear_rules)

/* ---- fates ---- */

static void tell(GeoImportPass *pass, bool turn, int64_t id, GeoRuleFate fate)
{
    static const char *const texts[GEO_N_RULE_FATES] = {
        [GEO_RULE_NO_ROAD] = "rule of no road in the file: not taken",
        [GEO_RULE_LONG] = "restriction over more than one way: not taken",
        [GEO_RULE_CONDITION] = "restriction under a condition that is not read: not taken",
        [GEO_RULE_WORD] = "restriction's word is not known",
        [GEO_RULE_MEMBERS] = "restriction without one from, via and to",
        [GEO_RULE_GOES_ON] = "restriction's way goes on beyond the turn: which half is not said",
        [GEO_RULE_APART] = "restriction's ways do not meet",
    };
    GeoImportReport *report = pass->read->report;
    char what[64];
    g_snprintf(what, sizeof what, "%s %" G_GINT64_FORMAT, turn ? "relation" : "node", id);
    report->read++;
    if (fate >= GEO_RULE_WORD) {
        geo_import_refuse(pass->read, id, texts[fate], what);
        return;
    }
    *(fate == GEO_RULE_FINE ? &report->taken : &report->passed) += 1;
    if (texts[fate])
        geo_import_note(pass->read, id, texts[fate], what);
}

static void tell_unread(GeoImportPass *pass, const Barrier *barrier)
{
    geo_import_note(pass->read, barrier->id,
                    "barrier's hours or condition not read: as if it had none",
                    barrier->draft.class);
}

/* ---- first: what forbids ---- */

static void want_way(Rules *rules, int64_t id)
{
    if (!g_hash_table_contains(rules->ways, &id))
        g_hash_table_insert(rules->ways, g_memdup2(&id, sizeof id), g_new0(Way, 1));
}

static void take_relation(Rules *rules, const GeoOsmThing *thing)
{
    const char *type = geo_osm_tag(thing, "type");
    bool plain = type && !strcmp(type, "restriction");
    if (!plain && !(type && g_str_has_prefix(type, "restriction:")))
        return;
    Turn turn = {0};
    turn.fate = geo_import_turn(thing, rules->texts, &turn.draft);
    g_array_append_val(rules->turn, turn);
    if (turn.fate != GEO_RULE_FINE)
        return;
    for (size_t i = 0; i < turn.draft.n_from; i++)
        want_way(rules, turn.draft.from[i]);
    for (size_t i = 0; i < turn.draft.n_to; i++)
        want_way(rules, turn.draft.to[i]);
    if (turn.draft.via_way)
        want_way(rules, turn.draft.via_way);
}

static void take_post(Rules *rules, const GeoOsmThing *thing)
{
    Barrier barrier = {.id = thing->id, .at = thing->at};
    if (!geo_osm_tag(thing, "barrier"))
        return;
    if (geo_import_barrier(thing, rules->texts, &barrier.draft) != GEO_RULE_FINE) {
        tell(rules->pass, false, thing->id, GEO_RULE_NOBODY);
        if (barrier.draft.unread)
            tell_unread(rules->pass, &barrier);
        return;
    }
    g_array_append_val(rules->barrier, barrier);
    g_hash_table_insert(rules->posts, g_memdup2(&thing->id, sizeof thing->id),
                        GUINT_TO_POINTER(rules->barrier->len));
}

static bool take_forbidding(const GeoOsmThing *thing, void *user, GError **error)
{
    (void)error;
    if (thing->sort == GEO_OSM_RELATION)
        take_relation(user, thing);
    else
        take_post(user, thing);
    return true;
}

/* ---- second: ways ---- */

static bool take_way(const GeoOsmThing *thing, void *user, GError **error)
{
    Rules *rules = user;
    const char *highway = geo_osm_tag(thing, "highway");
    bool road = highway && thing->n_nodes > 1 && geo_import_road_class(highway) >= 0;
    (void)error;
    for (size_t i = 0; road && i < thing->n_nodes && g_hash_table_size(rules->posts); i++) {
        guint at = GPOINTER_TO_UINT(g_hash_table_lookup(rules->posts, &thing->nodes[i]));
        if (at)
            g_array_index(rules->barrier, Barrier, at - 1).on_road = true;
    }
    Way *way = g_hash_table_lookup(rules->ways, &thing->id);
    if (!way || thing->n_nodes == 0)
        return true;
    g_free(way->nodes);
    *way =
        (Way){thing->nodes[0], thing->nodes[thing->n_nodes - 1],
              g_memdup2(thing->nodes, thing->n_nodes * sizeof *thing->nodes), thing->n_nodes, road};
    return true;
}

/* ---- where the ways of a restriction meet ---- */

static bool ends_at(const Way *way, int64_t node)
{
    return way->first == node || way->last == node;
}

static bool passes(const Way *way, int64_t node)
{
    for (size_t i = 0; i < way->n; i++)
        if (way->nodes[i] == node)
            return true;
    return false;
}

static GeoRuleFate check_end(const Rules *rules, int64_t id, int64_t node)
{
    const Way *way = g_hash_table_lookup(rules->ways, &id);
    if (!way->road)
        return GEO_RULE_NO_ROAD;
    return ends_at(way, node)  ? GEO_RULE_FINE
           : passes(way, node) ? GEO_RULE_GOES_ON
                               : GEO_RULE_APART;
}

/* The node of the way between where all the from ways end, and its other end. */
static GeoRuleFate find_ends(const Rules *rules, Turn *turn)
{
    const Way *via = g_hash_table_lookup(rules->ways, &turn->draft.via_way);
    const Way *from = g_hash_table_lookup(rules->ways, &turn->draft.from[0]);
    if (!via->road || !from->road)
        return GEO_RULE_NO_ROAD;
    bool first = passes(from, via->first);
    turn->near = first ? via->first : via->last;
    turn->far = first ? via->last : via->first;
    return GEO_RULE_FINE;
}

static GeoRuleFate find_place(const Rules *rules, Turn *turn)
{
    GeoRuleFate fate = GEO_RULE_FINE;
    turn->near = turn->far = turn->draft.via_node;
    if (turn->draft.via_way)
        fate = find_ends(rules, turn);
    for (size_t i = 0; i < turn->draft.n_from && fate == GEO_RULE_FINE; i++)
        fate = check_end(rules, turn->draft.from[i], turn->near);
    for (size_t i = 0; i < turn->draft.n_to && fate == GEO_RULE_FINE; i++)
        fate = check_end(rules, turn->draft.to[i], turn->far);
    return fate;
}

static void find_places(Rules *rules)
{
    for (guint i = 0; i < rules->turn->len; i++) {
        Turn *turn = &g_array_index(rules->turn, Turn, i);
        if (turn->fate == GEO_RULE_FINE)
            turn->fate = find_place(rules, turn);
        if (turn->fate == GEO_RULE_FINE)
            g_hash_table_insert(rules->places, g_memdup2(&turn->near, sizeof turn->near), NULL);
    }
}

static bool take_place(const GeoOsmThing *thing, void *user, GError **error)
{
    Rules *rules = user;
    (void)error;
    if (g_hash_table_contains(rules->places, &thing->id))
        g_hash_table_replace(rules->places, g_memdup2(&thing->id, sizeof thing->id),
                             g_memdup2(&thing->at, sizeof thing->at));
    return true;
}

/* ---- rows ---- */

static const char *code(GeoBatch *batch, char sort, int64_t id, unsigned nth)
{
    char text[48];
    g_snprintf(text, sizeof text, nth ? "%c%" G_GINT64_FORMAT ".%u" : "%c%" G_GINT64_FORMAT, sort,
               id, nth);
    return geo_batch_text(batch, text);
}

static void add_turn(Rules *rules, const Turn *turn, size_t pair, int what, GeoLonLat at,
                     unsigned nth)
{
    GeoImportPass *pass = rules->pass;
    uint8_t binds = what == GEO_TURN_SORT_ONLY ? turn->draft.only : turn->draft.no;
    GeoTurn *row = geo_import_add(pass, GEO_KIND_TURN, turn->draft.id);
    GeoBatch *batch = pass->read->batches[GEO_KIND_TURN];
    row->row.code = code(batch, 'r', turn->draft.id, nth);
    row->what = what;
    row->from_way = code(batch, 'w', turn->draft.from[pair / turn->draft.n_to], 0);
    row->to_way = code(batch, 'w', turn->draft.to[pair % turn->draft.n_to], 0);
    if (turn->draft.via_way)
        row->via_way = code(batch, 'w', turn->draft.via_way, 0);
    row->foot = binds >> GEO_RULE_FOOT & 1;
    row->ebike = binds >> GEO_RULE_EBIKE & 1;
    row->car = binds >> GEO_RULE_CAR & 1;
    row->hours = geo_batch_word(batch, turn->draft.hours);
    geo_batch_set_point(batch, at.lon, at.lat);
}

static void add_turns(Rules *rules)
{
    for (guint i = 0; i < rules->turn->len; i++) {
        Turn *turn = &g_array_index(rules->turn, Turn, i);
        const GeoLonLat *at =
            turn->fate == GEO_RULE_FINE ? g_hash_table_lookup(rules->places, &turn->near) : NULL;
        if (turn->fate == GEO_RULE_FINE && (!at || !geo_coord_valid(*at)))
            turn->fate = GEO_RULE_NO_ROAD;
        tell(rules->pass, true, turn->draft.id, turn->fate);
        unsigned nth = 0;
        for (size_t pair = 0;
             turn->fate == GEO_RULE_FINE && pair < turn->draft.n_from * turn->draft.n_to; pair++) {
            if (turn->draft.no)
                add_turn(rules, turn, pair, GEO_TURN_SORT_NO, *at, nth++);
            if (turn->draft.only)
                add_turn(rules, turn, pair, GEO_TURN_SORT_ONLY, *at, nth++);
        }
    }
}

static void add_barriers(Rules *rules)
{
    GeoImportPass *pass = rules->pass;
    for (guint i = 0; i < rules->barrier->len; i++) {
        const Barrier *barrier = &g_array_index(rules->barrier, Barrier, i);
        bool fits = barrier->on_road && geo_coord_valid(barrier->at);
        tell(pass, false, barrier->id, fits ? GEO_RULE_FINE : GEO_RULE_NO_ROAD);
        if (!fits)
            continue;
        GeoObstacle *row = geo_import_add(pass, GEO_KIND_BARRIER, barrier->id);
        GeoBatch *batch = pass->read->batches[GEO_KIND_BARRIER];
        row->row.code = code(batch, 'n', barrier->id, 0);
        row->class = geo_batch_word(batch, barrier->draft.class);
        row->hours = barrier->draft.hours ? geo_batch_word(batch, barrier->draft.hours) : NULL;
        row->foot = barrier->draft.pass[GEO_RULE_FOOT];
        row->ebike = barrier->draft.pass[GEO_RULE_EBIKE];
        row->car = barrier->draft.pass[GEO_RULE_CAR];
        geo_batch_set_point(batch, barrier->at.lon, barrier->at.lat);
        if (barrier->draft.unknown)
            geo_import_note(pass->read, barrier->id, "barrier's word not known: shut to cars alone",
                            barrier->draft.class);
        if (barrier->draft.unread)
            tell_unread(pass, barrier);
    }
}

static bool read_all(Rules *rules, GeoProgress *progress, GError **error)
{
    GeoSource *source = rules->pass->source;
    unsigned sorts =
        (rules->turns ? 1u << GEO_OSM_RELATION : 0) | (rules->barriers ? 1u << GEO_OSM_NODE : 0);
    geo_progress_begin(progress, "turns and barriers");
    if (!geo_source_read_osm(source, sorts, take_forbidding, rules, progress, error))
        return false;
    bool any = g_hash_table_size(rules->ways) || g_hash_table_size(rules->posts);
    if (any && !geo_source_read_osm(source, 1u << GEO_OSM_WAY, take_way, rules, progress, error))
        return false;
    find_places(rules);
    return !g_hash_table_size(rules->places) ||
           geo_source_read_osm(source, 1u << GEO_OSM_NODE, take_place, rules, progress, error);
}

bool geo_import_rules(GeoImportPass *pass, GeoProgress *progress, GError **error)
{
    bool both = pass->kind < 0 || pass->kind == GEO_KIND_ROAD;
    g_auto(Rules) rules = {
        .pass = pass,
        .turns = both || pass->kind == GEO_KIND_TURN,
        .barriers = both || pass->kind == GEO_KIND_BARRIER,
        .turn = g_array_new(FALSE, FALSE, sizeof(Turn)),
        .barrier = g_array_new(FALSE, FALSE, sizeof(Barrier)),
        .ways = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_way),
        .posts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
        .places = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free),
        .texts = g_string_chunk_new(1 << 12),
    };
    if (!rules.turns && !rules.barriers)
        return true;
    if (!read_all(&rules, progress, error))
        return false;
    add_turns(&rules);
    add_barriers(&rules);
    return true;
}
