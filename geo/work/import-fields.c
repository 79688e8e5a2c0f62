/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows by a profile's columns: each field of the kind takes the first column that is not empty, its
 * value goes through the profile's map, then through the field's type. */
#include <math.h>
#include <string.h>

#include "geo/work/import-rules.h"
#include "geo/work/timetext.h"

#define WHAT_BYTES 160
#define DAY_MS INT64_C(86400000)

const char *geo_import_value(GeoImportPass *pass, const GeoSourceRow *row, const char *column)
{
    GHashTable *columns = g_ptr_array_index(pass->columns, row->layer);
    size_t index = GPOINTER_TO_SIZE(g_hash_table_lookup(columns, column));
    if (index == 0 || index > row->n_values)
        return NULL;
    const char *value = row->values[index - 1];
    return value && *value ? value : NULL;
}

/* The source's text for one of our fields, blanks at its ends cut off, before any map. */
static char *dup_text(GeoImportPass *pass, const GeoSourceRow *row, const char *field)
{
    const char *const *columns = geo_profile_columns(pass->profile, field);
    for (size_t i = 0; columns && columns[i]; i++) {
        const char *value = geo_import_value(pass, row, columns[i]);
        if (!value)
            continue;
        char *text = g_strstrip(g_strdup(value));
        if (*text)
            return text;
        g_free(text);
    }
    return NULL;
}

static char *dup_mapped(GeoImportPass *pass, const GeoSourceRow *row, const char *field)
{
    g_autofree char *text = dup_text(pass, row, field);
    const char *word = text ? geo_profile_value(pass->profile, field, text) : NULL;
    if (!word)
        word = geo_profile_fill(pass->profile, field);
    return g_strdup(word);
}

/* A spreadsheet that took a 20-digit code for a number has lost its last digits. */
static bool lost_digits(const char *text)
{
    size_t digits = strspn(text, "0123456789.");
    return digits > 0 && (text[digits] == 'E' || text[digits] == 'e') && text[digits + 1] == '+' &&
           strspn(text + digits + 2, "0123456789") == strlen(text + digits + 2);
}

static void say(GeoImportPass *pass, const GeoSourceRow *row, const char *field, const char *why,
                const char *text)
{
    char note[96], what[WHAT_BYTES];
    g_snprintf(note, sizeof note, "%s %s", field, why);
    g_snprintf(what, sizeof what, "'%.120s'", text);
    geo_import_note(pass->read, row->line, note, what);
}

static void set_number(GeoImportPass *pass, const GeoSourceRow *row, const GeoField *field,
                       const char *text, void *to)
{
    char *end;
    double number = g_ascii_strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(number)) {
        say(pass, row, field->name, "is not a number: left out", text);
        return;
    }
    if (field->type == GEO_FIELD_REAL)
        *(double *)to = number;
    else if (fabs(number) < 9e15)
        *(int64_t *)to = (int64_t)number;
}

static const char *set_time(GeoImportPass *pass, const GeoSourceRow *row, const GeoField *field,
                            const char *text, void *to, char *what)
{
    int64_t at_ms = 0;
    GeoTimetext how = geo_timetext_parse(text, pass->time_pattern, pass->zone, &at_ms);
    g_snprintf(what, WHAT_BYTES, "%s '%.120s'", field->name, text);
    if (how == GEO_TIMETEXT_WRONG)
        return "time is not understood";
    if (how == GEO_TIMETEXT_IMPOSSIBLE)
        return "time is impossible";
    if (how == GEO_TIMETEXT_SKIPPED)
        geo_import_note(pass->read, row->line,
                        "local time that the clocks skipped: taken as an hour later", text);
    if (pass->kind == GEO_KIND_INCIDENT && pass->now_ms > 0 && at_ms > pass->now_ms + DAY_MS)
        return "time lies in the future";
    *(int64_t *)to = at_ms;
    return NULL;
}

static void set_enum(GeoImportPass *pass, const GeoSourceRow *row, const GeoField *field,
                     const char *text, void *to)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);
    int word = geo_kind_word(field->words, lower);
    if (word >= 0)
        *(int *)to = word;
    else
        say(pass, row, field->name, "has a word that is not known: left out", text);
}

static const char *set_text(GeoImportPass *pass, const GeoSourceRow *row, const GeoField *field,
                            GeoBatch *batch, const char *text, void *to)
{
    bool code = !strcmp(field->name, "code");
    if (code && lost_digits(text)) {
        say(pass, row, field->name, "lost its digits in a spreadsheet: left out", text);
        return NULL;
    }
    bool own = code || !strcmp(field->name, "name") || !strcmp(field->name, "place");
    *(const char **)to = own ? geo_batch_text(batch, text) : geo_batch_word(batch, text);
    return NULL;
}

static const char *set_field(GeoImportPass *pass, const GeoSourceRow *row, const GeoField *field,
                             GeoBatch *batch, void *target, char *what)
{
    g_autofree char *text = dup_mapped(pass, row, field->name);
    void *to = (char *)target + field->offset;
    if (!text) {
        if (field->type != GEO_FIELD_TIME)
            return NULL;
        g_snprintf(what, WHAT_BYTES, "%s is empty", field->name);
        return "time is missing";
    }
    switch (field->type) {
    case GEO_FIELD_TIME:
        return set_time(pass, row, field, text, to, what);
    case GEO_FIELD_ENUM:
        set_enum(pass, row, field, text, to);
        return NULL;
    case GEO_FIELD_TEXT:
        return set_text(pass, row, field, batch, text, to);
    default:
        set_number(pass, row, field, text, to);
        return NULL;
    }
}

/* A coordinate; minutes and seconds are not read. */
static bool read_degrees(const char *text, double *value)
{
    char *end;
    *value = g_ascii_strtod(text, &end);
    return end != text && *end == '\0';
}

/* The point of the lon and lat columns into row. NULL, or why not; *missing when both are empty. */
static const char *take_columns_point(GeoImportPass *pass, GeoSourceRow *row, GeoLonLat *point,
                                      GeoSourcePart *part, bool *missing, char *what)
{
    g_autofree char *lon = dup_text(pass, row, "lon"), *lat = dup_text(pass, row, "lat");
    *missing = !lon && !lat;
    if (*missing)
        return NULL;
    if (!lon || !lat || !read_degrees(lon, &point->lon) || !read_degrees(lat, &point->lat)) {
        g_snprintf(what, WHAT_BYTES, "longitude '%.40s', latitude '%.40s'", lon ? lon : "",
                   lat ? lat : "");
        return "position is no number";
    }
    *part = (GeoSourcePart){GEO_SHAPE_POINT, false, 0, 1};
    row->parts = part;
    row->n_parts = 1;
    row->points = point;
    row->n_points = 1;
    return NULL;
}

/* The row's parts in WGS 84, from its shape or its columns. */
static const char *take_position(GeoImportPass *pass, GeoSourceRow *row, GeoLonLat *point,
                                 GeoSourcePart *part, bool *missing, char *what)
{
    const char *why = row->flaw ? "shape cannot be read" : NULL;
    *missing = false;
    if (why)
        g_strlcpy(what, row->flaw, WHAT_BYTES);
    if (!why && row->n_parts == 0)
        why = take_columns_point(pass, row, point, part, missing, what);
    if (why || *missing)
        return why;
    geo_datum_to_wgs(g_ptr_array_index(pass->datums, row->layer), row->points, row->n_points);
    return geo_import_check_points(row->points, row->n_points, what);
}

static const char *take_shape(GeoImportPass *pass, const GeoSourceRow *row, bool missing,
                              char *what)
{
    bool may_lack = pass->kind == GEO_KIND_INCIDENT || pass->kind == GEO_KIND_UNIT ||
                    (pass->kind == GEO_KIND_AREA && !pass->has_shapes);
    GeoShape shape = geo_kind_info((GeoKind)pass->kind)->shape;
    if (shape == GEO_SHAPE_NONE)
        return NULL;
    const char *why =
        missing ? "position is missing" : geo_import_shape(pass, (GeoKind)pass->kind, row, shape);
    if (why && missing && may_lack) {
        geo_import_note(pass->read, row->line, "taken without a place", NULL);
        return NULL;
    }
    if (why)
        g_strlcpy(what, why, WHAT_BYTES);
    return why;
}

static void complete_camera(GeoImportPass *pass, const GeoSourceRow *row, GeoCamera *camera)
{
    static const char *const names[] = {"view", "direction",  "direction_type",
                                        "ptz",  "resolution", "megapixels"};
    g_autofree char *owner = dup_mapped(pass, row, "owner"), *lens = dup_mapped(pass, row, "lens");
    char *texts[G_N_ELEMENTS(names)];
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        texts[i] = dup_text(pass, row, names[i]);
    GeoImportCameraTexts said = {texts[0], texts[1], texts[2],      texts[3],
                                 texts[4], texts[5], owner != NULL, lens != NULL};
    geo_import_camera(pass, camera, &said, row->line);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        g_free(texts[i]);
}

static bool is_said(GeoImportPass *pass, const GeoSourceRow *row, const char *field)
{
    g_autofree char *text = dup_mapped(pass, row, field);
    return text != NULL;
}

/* Without a word of whom it binds it binds who drives, as in OpenStreetMap. */
static const char *complete_turn(GeoImportPass *pass, const GeoSourceRow *row, GeoTurn *turn)
{
    g_autofree char *word = dup_mapped(pass, row, "what");
    g_autofree char *lower = word ? g_ascii_strdown(word, -1) : NULL;
    if (!lower || geo_kind_word(geo_turn_words, lower) < 0)
        return "what is neither no nor only";
    if (is_said(pass, row, "foot") || is_said(pass, row, "ebike") || is_said(pass, row, "car"))
        return NULL;
    turn->ebike = turn->car = 1;
    geo_import_note(pass->read, row->line, "whom it binds not given: e-bikes and cars", NULL);
    return NULL;
}

/* What is not said of who passes is as usual for the thing: a gate that lets nobody through because
 * a column is missing would cut off the streets behind it. */
static const char *complete_barrier(GeoImportPass *pass, const GeoSourceRow *row,
                                    GeoObstacle *barrier)
{
    static const char *const names[GEO_N_RULED] = {"foot", "ebike", "car"};
    int64_t *passes[GEO_N_RULED] = {&barrier->foot, &barrier->ebike, &barrier->car};
    int64_t usual[GEO_N_RULED];
    bool known = geo_import_barrier_usual(barrier->class, barrier->hours != NULL, usual);
    for (int profile = 0; profile < GEO_N_RULED; profile++) {
        if (is_said(pass, row, names[profile]))
            continue;
        if (!known)
            return "neither its class nor foot, ebike and car say who passes";
        *passes[profile] = usual[profile];
    }
    return NULL;
}

/* What a kind needs beyond its fields. NULL, or why the row cannot be taken. */
static const char *complete(GeoImportPass *pass, const GeoSourceRow *row, void *target)
{
    switch (pass->kind) {
    case GEO_KIND_TURN:
        return complete_turn(pass, row, target);
    case GEO_KIND_BARRIER:
        return complete_barrier(pass, row, target);
    case GEO_KIND_CAMERA:
        complete_camera(pass, row, target);
        break;
    case GEO_KIND_AREA: {
        GeoArea *area = target;
        GeoBatch *batch = pass->read->batches[GEO_KIND_AREA];
        const char *level = geo_profile_text(pass->profile, "level");
        if (pass->level || !area->level)
            area->level = geo_batch_word(batch, pass->level ? pass->level : level ? level : "area");
        break;
    }
    case GEO_KIND_INCIDENT: {
        GeoIncident *incident = target;
        incident->priority =
            incident->priority < 1 || incident->priority > 4 ? 3 : incident->priority;
        break;
    }
    case GEO_KIND_FACILITY:
        ((GeoFacility *)target)->must_see |= pass->must_see;
        break;
    case GEO_KIND_ROAD: {
        GeoRoad *road = target;
        g_autofree char *class = dup_mapped(pass, row, "class");
        if (!class) {
            road->class = GEO_ROAD_SERVICE;
            geo_import_note(pass->read, row->line, "road class not given: taken as service", NULL);
        }
        break;
    }
    default:
        break;
    }
    return NULL;
}

/* Access of roads is "by class" unless the source says otherwise. */
static void begin(GeoImportPass *pass, void *target)
{
    if (pass->kind != GEO_KIND_ROAD)
        return;
    GeoRoad *road = target;
    road->foot = road->ebike = road->car = 2;
}

void geo_import_fields_row(GeoImportPass *pass, GeoSourceRow *row)
{
    char what[WHAT_BYTES] = "";
    GeoLonLat point;
    GeoSourcePart part;
    bool missing;
    const GeoKindInfo *info = geo_kind_info((GeoKind)pass->kind);
    const char *why = take_position(pass, row, &point, &part, &missing, what);
    if (why) {
        geo_import_refuse(pass->read, row->line, why, what);
        return;
    }
    void *target = geo_import_add(pass, (GeoKind)pass->kind, row->line);
    GeoBatch *batch = pass->read->batches[pass->kind];
    begin(pass, target);
    for (size_t i = 0; i < info->n_fields && !why; i++)
        why = set_field(pass, row, &info->fields[i], batch, target, what);
    if (!why)
        why = take_shape(pass, row, missing, what);
    if (!why)
        why = complete(pass, row, target);
    if (why) {
        geo_import_drop_last(pass, (GeoKind)pass->kind);
        geo_import_refuse(pass->read, row->line, why, what);
        return;
    }
    pass->read->report->taken++;
}
