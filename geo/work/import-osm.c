/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenStreetMap's tags to rows: one feature may be several things (a school's building is a
 * building, a facility and an address). Tags come as columns, or in the text column "other_tags" in
 * hstore form, which shapefiles cut at 254 bytes. Private roads stay "by class": patrols may enter
 * them, the denominators of coverage decide for themselves what is public. */
#include <math.h>
#include <string.h>

#include "geo/work/import-rows.h"

#define WHAT_BYTES 160
#define KMH_PER_MPH 1.609344
#define RIVER_WIDTH_M 20.0
#define CANAL_WIDTH_M 10.0
#define STREAM_WIDTH_M 3.0
#define LOWEST_ADMIN 6
#define HIGHEST_ADMIN 10

/* ---- tags ---- */

/* The text between quotes at *at, unescaped; NULL at the end or where it was cut. */
static char *take_quoted(const char **at)
{
    const char *begin = strchr(*at, '"');
    if (!begin)
        return NULL;
    GString *word = g_string_new(NULL);
    const char *c = begin + 1;
    for (; *c && *c != '"'; c++) {
        if (*c == '\\' && c[1])
            c++;
        g_string_append_c(word, *c);
    }
    *at = *c ? c + 1 : c;
    return g_string_free(word, *c == '\0');
}

static void read_hstore(GeoImportPass *pass, const GeoSourceRow *row)
{
    if (!pass->hstore)
        pass->hstore = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (pass->hstore_row == row->line + 1)
        return;
    pass->hstore_row = row->line + 1;
    g_hash_table_remove_all(pass->hstore);
    const char *text = geo_import_value(pass, row, "other_tags");
    while (text && *text) {
        const char *rest = text;
        g_autofree char *key = take_quoted(&text);
        g_autofree char *value = key ? take_quoted(&text) : NULL;
        if (!value) {
            if (strchr(rest, '"'))
                geo_import_note(pass->read, row->line,
                                "other_tags is cut: tags at its end are lost", NULL);
            break;
        }
        g_hash_table_insert(pass->hstore, g_steal_pointer(&key), g_steal_pointer(&value));
    }
}

static const char *tag(GeoImportPass *pass, const GeoSourceRow *row, const char *key)
{
    const char *value = geo_import_value(pass, row, key);
    if (value)
        return value;
    if (!g_hash_table_contains(g_ptr_array_index(pass->columns, row->layer), "other_tags"))
        return NULL;
    read_hstore(pass, row);
    return g_hash_table_lookup(pass->hstore, key);
}

static bool tag_is(GeoImportPass *pass, const GeoSourceRow *row, const char *key, const char *words)
{
    const char *value = tag(pass, row, key);
    if (!value)
        return false;
    size_t n = strlen(value);
    for (const char *at = words; *at;) {
        size_t length = strcspn(at, " ");
        if (length == n && !memcmp(at, value, n))
            return true;
        at += length + (at[length] == ' ');
    }
    return false;
}

static const char *first_tag(GeoImportPass *pass, const GeoSourceRow *row, const char *const *keys)
{
    for (size_t i = 0; keys[i]; i++) {
        const char *value = tag(pass, row, keys[i]);
        if (value)
            return value;
    }
    return NULL;
}

static bool wanted(const GeoImportPass *pass, GeoKind kind)
{
    return pass->kind < 0 || pass->kind == (int)kind;
}

/* ---- one row of a kind ---- */

static void set_head(GeoImportPass *pass, const GeoSourceRow *row, GeoKind kind, void *target)
{
    static const char *const names[] = {"name", "name:zh", "name:en", NULL};
    GeoBatch *batch = pass->read->batches[kind];
    GeoRow *head = target;
    const char *way = geo_import_value(pass, row, "osm_way_id");
    const char *id = geo_import_value(pass, row, "osm_id");
    const char *own = id ? id : way;
    char code[64];
    if (!own)
        own = geo_import_value(pass, row, "@id");
    if (!own)
        own = geo_import_value(pass, row, "id");
    const char *layer = geo_source_layer_name(pass->source, row->layer);
    const char *sort = way || !strcmp(layer, "lines") ? "w" : !strcmp(layer, "points") ? "n" : "r";
    g_snprintf(code, sizeof code, "%s%s", pass->osm_format ? sort : "", own ? own : "");
    head->code = own ? geo_batch_text(batch, code) : NULL;
    head->name = geo_batch_word(batch, first_tag(pass, row, names));
}

/* A new row with code, name and shape; NULL when the shape does not serve, with the reason in why.
 */
static void *begin(GeoImportPass *pass, const GeoSourceRow *row, GeoKind kind, GeoShape shape,
                   const char **why)
{
    void *target = geo_import_add(pass, kind, row->line);
    set_head(pass, row, kind, target);
    const char *bad = geo_import_shape(pass, kind, row, shape);
    if (!bad)
        return target;
    geo_import_drop_last(pass, kind);
    *why = bad;
    return NULL;
}

/* ---- roads ---- */

typedef struct {
    const char *word;
    GeoRoadClass class;
} RoadWord;

static const RoadWord road_words[] = {
    {"motorway", GEO_ROAD_MOTORWAY},
    {"trunk", GEO_ROAD_TRUNK},
    {"primary", GEO_ROAD_PRIMARY},
    {"secondary", GEO_ROAD_SECONDARY},
    {"tertiary", GEO_ROAD_TERTIARY},
    {"residential", GEO_ROAD_RESIDENTIAL},
    {"unclassified", GEO_ROAD_RESIDENTIAL},
    {"living_street", GEO_ROAD_RESIDENTIAL},
    {"road", GEO_ROAD_RESIDENTIAL},
    {"busway", GEO_ROAD_SERVICE},
    {"service", GEO_ROAD_SERVICE},
    {"track", GEO_ROAD_TRACK},
    {"pedestrian", GEO_ROAD_PEDESTRIAN},
    {"cycleway", GEO_ROAD_CYCLEWAY},
    {"footway", GEO_ROAD_PATH},
    {"path", GEO_ROAD_PATH},
    {"bridleway", GEO_ROAD_PATH},
    {"corridor", GEO_ROAD_PATH},
    {"steps", GEO_ROAD_STEPS},
};

static const char not_open[] = "proposed construction abandoned planned razed disused demolished";

int geo_import_road_class(const char *highway)
{
    size_t n = strlen(highway);
    if (g_str_has_suffix(highway, "_link"))
        n -= strlen("_link");
    for (size_t i = 0; i < G_N_ELEMENTS(road_words); i++)
        if (strlen(road_words[i].word) == n && !strncmp(road_words[i].word, highway, n))
            return road_words[i].class;
    return -1;
}

static int64_t access_of(GeoImportPass *pass, const GeoSourceRow *row, const char *const *keys)
{
    const char *value = first_tag(pass, row, keys);
    if (!value)
        return 2;
    if (!strcmp(value, "no"))
        return 0;
    return !strcmp(value, "yes") || !strcmp(value, "designated") || !strcmp(value, "permissive") ||
                   !strcmp(value, "official")
               ? 1
               : 2;
}

static int64_t oneway_of(GeoImportPass *pass, const GeoSourceRow *row, int class)
{
    const char *value = tag(pass, row, "oneway");
    if (!value)
        return class == GEO_ROAD_MOTORWAY || tag_is(pass, row, "junction", "roundabout circular");
    if (!g_ascii_strcasecmp(value, "yes") || !strcmp(value, "1") || !strcmp(value, "true"))
        return 1;
    return !strcmp(value, "-1") || !strcmp(value, "reverse") ? -1 : 0;
}

static double speed_of(const char *value)
{
    char *end;
    double number = value ? g_ascii_strtod(value, &end) : NAN;
    if (!value || end == value || !(number > 0 && number < 300))
        return NAN;
    while (*end == ' ')
        end++;
    if (!strncmp(end, "mp", 2))
        return number * KMH_PER_MPH;
    return *end == '\0' || *end == ';' || !strncmp(end, "km", 2) ? number : NAN;
}

static int64_t layer_of(GeoImportPass *pass, const GeoSourceRow *row)
{
    const char *layer = tag(pass, row, "layer"), *bridge = tag(pass, row, "bridge");
    const char *tunnel = tag(pass, row, "tunnel");
    if (layer)
        return CLAMP(g_ascii_strtoll(layer, NULL, 10), -20, 20);
    return bridge && strcmp(bridge, "no") ? 1 : tunnel && strcmp(tunnel, "no") ? -1 : 0;
}

static bool take_road(GeoImportPass *pass, const GeoSourceRow *row, const char **why)
{
    static const char *const foot[] = {"foot", "access", NULL};
    static const char *const bike[] = {"bicycle", "vehicle", "access", NULL};
    static const char *const car[] = {"motorcar", "motor_vehicle", "vehicle", "access", NULL};
    const char *highway = tag(pass, row, "highway");
    bool bare = !highway && !pass->osm_format && pass->kind == GEO_KIND_ROAD &&
                !tag(pass, row, "railway") && !tag(pass, row, "waterway") &&
                !tag(pass, row, "barrier") && !tag(pass, row, "man_made");
    bool closed = highway && tag_is(pass, row, "highway", not_open);
    int class = highway ? geo_import_road_class(highway) : bare ? GEO_ROAD_SERVICE : -1;
    if (class < 0 && highway && pass->kind == GEO_KIND_ROAD && !pass->osm_format) {
        class = closed ? GEO_ROAD_PATH : GEO_ROAD_SERVICE;
        geo_import_note(pass->read, row->line,
                        closed ? "road not open (proposed, construction ...): kept, shut to all"
                               : "highway word not known: taken as service",
                        highway);
    }
    if (class < 0)
        return false;
    if (bare)
        geo_import_note(pass->read, row->line, "no highway tag: taken as service", NULL);
    GeoRoad *road = begin(pass, row, GEO_KIND_ROAD, GEO_SHAPE_LINE, why);
    if (!road)
        return false;
    road->class = class;
    road->oneway = oneway_of(pass, row, class);
    road->speed_kmh = speed_of(tag(pass, row, "maxspeed"));
    road->layer = layer_of(pass, row);
    road->foot = closed ? 0 : access_of(pass, row, foot);
    road->ebike = closed ? 0 : access_of(pass, row, bike);
    road->car = closed ? 0 : access_of(pass, row, car);
    return true;
}

/* ---- areas of the map ---- */

static int base_class(GeoImportPass *pass, const GeoSourceRow *row)
{
    static const struct {
        const char *key, *words;
        GeoBaseClass class;
    } rules[] = {
        {"natural", "water bay", GEO_BASE_WATER},
        {"landuse", "reservoir basin", GEO_BASE_WATER},
        {"waterway", "riverbank dock", GEO_BASE_WATER},
        {"leisure", "water", GEO_BASE_WATER},
        {"place", "square", GEO_BASE_SQUARE},
        {"highway", "pedestrian", GEO_BASE_SQUARE},
        {"amenity", "marketplace", GEO_BASE_SQUARE},
        {"landuse", "military", GEO_BASE_PRIVATE},
        {"amenity", "prison", GEO_BASE_PRIVATE},
        {"leisure", "park garden pitch playground golf_course nature_reserve dog_park common track",
         GEO_BASE_GREEN},
        {"landuse", "grass forest meadow recreation_ground village_green cemetery greenfield",
         GEO_BASE_GREEN},
        {"natural", "wood scrub grassland heath", GEO_BASE_GREEN},
        {"landuse",
         "farmland farm farmyard orchard vineyard allotments greenhouse_horticulture "
         "plant_nursery",
         GEO_BASE_FARMLAND},
        {"landuse", "industrial railway quarry landfill port", GEO_BASE_INDUSTRIAL},
        {"landuse", "residential commercial retail", GEO_BASE_RESIDENTIAL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
        if (tag_is(pass, row, rules[i].key, rules[i].words))
            return rules[i].class;
    return -1;
}

static bool take_base_area(GeoImportPass *pass, const GeoSourceRow *row, const char **why)
{
    int class = base_class(pass, row);
    GeoBase *base = class >= 0 ? begin(pass, row, GEO_KIND_BASE, GEO_SHAPE_POLYGON, why) : NULL;
    if (base)
        base->class = class;
    return base != NULL;
}

static bool take_base_line(GeoImportPass *pass, const GeoSourceRow *row, const char **why)
{
    bool rail = tag_is(pass, row, "railway", "rail light_rail tram narrow_gauge") ||
                (tag_is(pass, row, "railway", "subway") && !tag(pass, row, "tunnel"));
    double width_m = tag_is(pass, row, "waterway", "river")                ? RIVER_WIDTH_M
                     : tag_is(pass, row, "waterway", "canal")              ? CANAL_WIDTH_M
                     : tag_is(pass, row, "waterway", "stream drain ditch") ? STREAM_WIDTH_M
                                                                           : 0;
    if (!rail && width_m <= 0)
        return false;
    const char *stated = tag(pass, row, "width");
    double number = stated ? g_ascii_strtod(stated, NULL) : 0;
    GeoBase *base = begin(pass, row, GEO_KIND_BASE, GEO_SHAPE_LINE, why);
    if (!base)
        return false;
    base->class = rail ? GEO_BASE_RAIL : GEO_BASE_RIVER;
    base->width_m = rail ? NAN : number > 0 && number < 5000 ? number : width_m;
    return true;
}

static double metres_of(const char *value)
{
    char *end;
    double number = value ? g_ascii_strtod(value, &end) : NAN;
    return value && end != value && number > 0 && number < 2000 && *end != '\'' ? number : NAN;
}

static bool take_building(GeoImportPass *pass, const GeoSourceRow *row, const char **why)
{
    const char *building = tag(pass, row, "building");
    const char *levels = tag(pass, row, "building:levels");
    if (!levels)
        levels = tag(pass, row, "levels");
    bool bare = !building && !pass->osm_format && pass->kind == GEO_KIND_BUILDING;
    if ((!building && !bare) || (building && !strcmp(building, "no")))
        return false;
    if (bare)
        geo_import_note(pass->read, row->line, "no building tag: taken as a building", NULL);
    GeoBuilding *target = begin(pass, row, GEO_KIND_BUILDING, GEO_SHAPE_POLYGON, why);
    if (!target)
        return false;
    target->height_m = metres_of(tag(pass, row, "height"));
    target->floors = levels ? CLAMP(g_ascii_strtoll(levels, NULL, 10), 0, 300) : 0;
    if (building && strcmp(building, "yes"))
        target->use = geo_batch_word(pass->read->batches[GEO_KIND_BUILDING], building);
    return true;
}

static bool take_admin(GeoImportPass *pass, const GeoSourceRow *row, const char **why)
{
    const char *number = tag(pass, row, "admin_level");
    int level = number ? atoi(number) : 0;
    if (level < LOWEST_ADMIN || level > HIGHEST_ADMIN ||
        !tag_is(pass, row, "boundary", "administrative"))
        return false;
    GeoArea *area = begin(pass, row, GEO_KIND_AREA, GEO_SHAPE_POLYGON, why);
    if (!area)
        return false;
    char word[16];
    g_snprintf(word, sizeof word, "admin%d", level);
    area->level =
        geo_batch_word(pass->read->batches[GEO_KIND_AREA], pass->level ? pass->level : word);
    const char *people = tag(pass, row, "population");
    area->population = people ? MAX(g_ascii_strtoll(people, NULL, 10), 0) : 0;
    return true;
}

/* ---- points ---- */

static int facility_class(GeoImportPass *pass, const GeoSourceRow *row)
{
    static const struct {
        const char *key, *words;
        GeoFacilityClass class;
    } rules[] = {
        {"amenity", "school kindergarten university college", GEO_FACILITY_SCHOOL},
        {"amenity", "hospital clinic", GEO_FACILITY_HOSPITAL},
        {"amenity", "police", GEO_FACILITY_POLICE},
        {"amenity", "townhall courthouse", GEO_FACILITY_GOVERNMENT},
        {"office", "government", GEO_FACILITY_GOVERNMENT},
        {"amenity", "bus_station ferry_terminal", GEO_FACILITY_STATION},
        {"railway", "station halt", GEO_FACILITY_STATION},
        {"public_transport", "station", GEO_FACILITY_STATION},
        {"amenity", "marketplace", GEO_FACILITY_MARKET},
        {"shop", "mall supermarket department_store", GEO_FACILITY_MARKET},
        {"place", "square", GEO_FACILITY_SQUARE},
        {"leisure", "park stadium", GEO_FACILITY_PARK},
        {"amenity", "fire_station library place_of_worship theatre", GEO_FACILITY_OTHER},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
        if (tag_is(pass, row, rules[i].key, rules[i].words))
            return rules[i].class;
    return -1;
}

static bool take_facility(GeoImportPass *pass, const GeoSourceRow *row, const char **why)
{
    int class = facility_class(pass, row);
    bool nameless_park = class == GEO_FACILITY_PARK && !tag(pass, row, "name");
    GeoFacility *facility = class >= 0 && !nameless_park
                                ? begin(pass, row, GEO_KIND_FACILITY, GEO_SHAPE_POINT, why)
                                : NULL;
    if (!facility)
        return false;
    facility->class = class;
    facility->must_see = pass->must_see;
    facility->address =
        geo_batch_word(pass->read->batches[GEO_KIND_FACILITY], tag(pass, row, "addr:full"));
    return true;
}

static int address_class(GeoImportPass *pass, const GeoSourceRow *row)
{
    bool named = tag(pass, row, "name") != NULL;
    if (tag_is(pass, row, "highway", "bus_stop") ||
        tag_is(pass, row, "public_transport", "platform stop_position"))
        return GEO_ADDRESS_STOP;
    if (tag_is(pass, row, "highway", "street_lamp") || tag_is(pass, row, "power", "pole"))
        return GEO_ADDRESS_POLE;
    if (named && tag_is(pass, row, "place",
                        "suburb neighbourhood quarter village hamlet town city locality "
                        "isolated_dwelling city_block"))
        return GEO_ADDRESS_PLACE;
    if (named && tag(pass, row, "shop"))
        return GEO_ADDRESS_SHOP;
    if (named && (tag_is(pass, row, "tourism", "attraction museum artwork viewpoint hotel") ||
                  tag(pass, row, "historic")))
        return GEO_ADDRESS_LANDMARK;
    if (tag(pass, row, "addr:housenumber") || tag(pass, row, "housenumber"))
        return GEO_ADDRESS_DOOR;
    return -1;
}

static bool take_address(GeoImportPass *pass, const GeoSourceRow *row, const char **why)
{
    static const char *const roads[] = {"addr:street", "addr:place", "street", NULL};
    static const char *const numbers[] = {"addr:housenumber", "housenumber", NULL};
    int class = address_class(pass, row);
    GeoAddress *address =
        class >= 0 ? begin(pass, row, GEO_KIND_ADDRESS, GEO_SHAPE_POINT, why) : NULL;
    if (!address)
        return false;
    GeoBatch *batch = pass->read->batches[GEO_KIND_ADDRESS];
    address->class = class;
    address->road = geo_batch_word(batch, first_tag(pass, row, roads));
    address->number = geo_batch_word(batch, first_tag(pass, row, numbers));
    address->compound = geo_batch_word(batch, tag(pass, row, "addr:housename"));
    return true;
}

static bool take_camera(GeoImportPass *pass, const GeoSourceRow *row, const char **why)
{
    if (!tag_is(pass, row, "man_made", "surveillance") ||
        (tag(pass, row, "surveillance:type") &&
         !tag_is(pass, row, "surveillance:type", "camera ALPR")))
        return false;
    GeoCamera *camera = begin(pass, row, GEO_KIND_CAMERA, GEO_SHAPE_POINT, why);
    if (!camera)
        return false;
    const char *type = tag(pass, row, "camera:type"), *mount = tag(pass, row, "camera:mount");
    const char *tilt = tag(pass, row, "camera:angle"), *zone = tag(pass, row, "surveillance:zone");
    GeoImportCameraTexts texts = {.direction = tag(pass, row, "camera:direction"),
                                  .has_lens = type != NULL};
    if (!texts.direction)
        texts.direction = tag(pass, row, "direction");
    if (type)
        camera->lens = !strcmp(type, "dome")                ? GEO_LENS_DOME
                       : !strcmp(type, "panning")           ? GEO_LENS_PTZ
                       : g_str_has_prefix(type, "panorama") ? GEO_LENS_PANORAMA
                                                            : GEO_LENS_FIXED;
    camera->mount = !mount                       ? GEO_MOUNT_UNKNOWN
                    : !strcmp(mount, "pole")     ? GEO_MOUNT_POLE
                    : !strncmp(mount, "wall", 4) ? GEO_MOUNT_WALL
                                                 : GEO_MOUNT_OTHER;
    camera->height_m = metres_of(tag(pass, row, "height"));
    camera->tilt_deg = tilt ? g_ascii_strtod(tilt, NULL) : NAN;
    camera->place = geo_batch_word(pass->read->batches[GEO_KIND_CAMERA], zone);
    geo_import_camera(pass, camera, &texts, row->line);
    return true;
}

/* ---- the row ---- */

static unsigned take_points(GeoImportPass *pass, const GeoSourceRow *row, const char **why)
{
    unsigned taken = 0;
    if (wanted(pass, GEO_KIND_FACILITY))
        taken += take_facility(pass, row, why);
    if (wanted(pass, GEO_KIND_ADDRESS))
        taken += take_address(pass, row, why);
    return taken;
}

static unsigned take_polygons(GeoImportPass *pass, const GeoSourceRow *row, const char **why)
{
    unsigned taken = 0;
    if (wanted(pass, GEO_KIND_BUILDING))
        taken += take_building(pass, row, why);
    if (wanted(pass, GEO_KIND_BASE))
        taken += take_base_area(pass, row, why);
    if (wanted(pass, GEO_KIND_AREA))
        taken += take_admin(pass, row, why);
    return taken + take_points(pass, row, why);
}

static unsigned take_any(GeoImportPass *pass, const GeoSourceRow *row, const char **why)
{
    unsigned taken = 0;
    switch (row->parts[0].shape) {
    case GEO_SHAPE_POINT:
        if (wanted(pass, GEO_KIND_CAMERA))
            taken += take_camera(pass, row, why);
        return taken + take_points(pass, row, why);
    case GEO_SHAPE_LINE:
        if (wanted(pass, GEO_KIND_ROAD))
            taken += take_road(pass, row, why);
        if (wanted(pass, GEO_KIND_BASE) && taken == 0)
            taken += take_base_line(pass, row, why);
        return taken;
    default:
        return take_polygons(pass, row, why);
    }
}

void geo_import_tags_row(GeoImportPass *pass, GeoSourceRow *row)
{
    char what[WHAT_BYTES] = "";
    GeoImportReport *report = pass->read->report;
    const char *why = row->flaw ? "shape cannot be read" : NULL;
    if (why)
        g_strlcpy(what, row->flaw, sizeof what);
    if (!why && row->n_parts == 0)
        why = "position is missing";
    if (!why) {
        geo_datum_to_wgs(g_ptr_array_index(pass->datums, row->layer), row->points, row->n_points);
        why = geo_import_check_points(row->points, row->n_points, what);
    }
    if (why && pass->osm_format && row->n_parts == 0) {
        report->passed++; /* relations without a shape of their own */
        return;
    }
    unsigned taken = why ? 0 : take_any(pass, row, &why);
    if (taken > 0)
        report->taken++;
    else if (why)
        geo_import_refuse(pass->read, row->line, why, what);
    else
        report->passed++;
}
