/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/import.h"

#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/work/import-rows.h"
#include "geo/work/import-rules.h"

#define LINES_KEPT 10
#define STEP_ROWS 512    /* between looks at the progress */
#define SAMPLE_ROWS 2000 /* looked at to guess a zone */
#define WHAT_BYTES 160

const char *const geo_import_kinds[] = {
    "osm",   "roads",   "buildings",  "areas",    "addresses",  "cameras",   "incidents",
    "units", "rosters", "facilities", "mustsee",  "population", "densities", "lenses",
    "sites", "nolooks", "turns",      "barriers", NULL};

/* ---- the report ---- */

static void free_reason(gpointer data)
{
    GeoImportReason *reason = data;
    g_free(reason->text);
    g_free(reason->first);
    g_array_unref(reason->lines);
    g_free(reason);
}

static GeoImportReport *report_new(void)
{
    GeoImportReport *report = g_new0(GeoImportReport, 1);
    report->refusals = g_ptr_array_new_with_free_func(free_reason);
    report->notes = g_ptr_array_new_with_free_func(free_reason);
    return report;
}

void geo_import_report_free(GeoImportReport *report)
{
    if (!report)
        return;
    g_ptr_array_unref(report->refusals);
    g_ptr_array_unref(report->notes);
    g_free(report->file);
    g_free(report->kind);
    g_free(report->format);
    g_free(report->profile);
    g_free(report->encoding);
    g_free(report->crs);
    g_free(report->zone);
    g_free(report);
}

static void add_reason(GeoImportRead *read, bool refused, int64_t line, const char *why,
                       const char *what)
{
    char key[WHAT_BYTES];
    g_snprintf(key, sizeof key, "%s: %s", refused ? "refused" : "note", why);
    GeoImportReason *reason = g_hash_table_lookup(read->reasons, key);
    if (!reason) {
        reason = g_new0(GeoImportReason, 1);
        reason->text = g_strdup(why);
        reason->first = what && *what ? g_strdup(what) : NULL;
        reason->lines = g_array_new(FALSE, FALSE, sizeof(int64_t));
        g_ptr_array_add(refused ? read->report->refusals : read->report->notes, reason);
        g_hash_table_insert(read->reasons, g_strdup(key), reason);
    }
    reason->count++;
    if (reason->lines->len < LINES_KEPT)
        g_array_append_val(reason->lines, line);
}

void geo_import_refuse(GeoImportRead *read, int64_t line, const char *why, const char *what)
{
    read->report->refused++;
    add_reason(read, true, line, why, what);
}

void geo_import_note(GeoImportRead *read, int64_t line, const char *why, const char *what)
{
    add_reason(read, false, line, why, what);
}

void *geo_import_add(GeoImportPass *pass, GeoKind kind, int64_t line)
{
    GeoImportRead *read = pass->read;
    if (!read->batches[kind]) {
        read->batches[kind] = geo_batch_new(kind);
        read->lines[kind] = g_array_new(FALSE, FALSE, sizeof(int64_t));
    }
    g_array_append_val(read->lines[kind], line);
    return geo_batch_add(read->batches[kind]);
}

void geo_import_drop_last(GeoImportPass *pass, GeoKind kind)
{
    GeoBatch *batch = pass->read->batches[kind];
    GeoRow *row = geo_batch_row(batch, batch->rows->len - 1);
    if (row->part0 < batch->parts->len) {
        g_array_set_size(batch->points, g_array_index(batch->parts, uint32_t, row->part0));
        g_array_set_size(batch->parts, row->part0);
    }
    g_array_set_size(batch->rows, batch->rows->len - 1);
    g_array_set_size(pass->read->lines[kind], pass->read->lines[kind]->len - 1);
}

/* ---- what a pass needs ---- */

static void clear_pass(GeoImportPass *pass)
{
    geo_source_free(pass->source);
    geo_profile_free(pass->profile);
    g_clear_pointer(&pass->datums, g_ptr_array_unref);
    g_clear_pointer(&pass->columns, g_ptr_array_unref);
    g_clear_pointer(&pass->zone, g_time_zone_unref);
    g_clear_pointer(&pass->hstore, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GeoImportPass, clear_pass)

const char *geo_import_find_kind(const char *word)
{
    int kind = geo_kind_find(word);
    const char *meant = kind >= 0 ? geo_kind_info((GeoKind)kind)->plural : word;
    for (size_t i = 0; geo_import_kinds[i]; i++)
        if (!strcmp(geo_import_kinds[i], meant))
            return geo_import_kinds[i];
    return NULL;
}

static bool set_kind(GeoImportPass *pass, const char *word, GError **error)
{
    const char *kind = geo_import_find_kind(word);
    if (!kind) {
        g_autofree char *known = g_strjoinv(" ", (GStrv)geo_import_kinds);
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "there is no kind '%s'; known are: %s", word,
                    known);
        return false;
    }
    pass->kind_word = kind;
    pass->must_see = !strcmp(kind, "mustsee");
    pass->kind = !strcmp(kind, "osm") ? -1
                 : pass->must_see     ? GEO_KIND_FACILITY
                                      : geo_kind_find(kind);
    return true;
}

static bool find_profile(GeoImportPass *pass, const char *asked, GError **error)
{
    pass->osm_format = !strcmp(geo_source_format(pass->source), "OSM");
    if (asked) {
        pass->profile = geo_profile_load(asked, error);
        if (!pass->profile)
            return false;
    }
    for (size_t layer = 0; !pass->profile && layer < geo_source_n_layers(pass->source); layer++) {
        size_t n;
        const char *const *columns = geo_source_columns(pass->source, layer, &n);
        if (!pass->osm_format)
            pass->profile =
                geo_profile_find(pass->kind_word, geo_source_base(pass->source), columns, n);
    }
    const char *rules = pass->profile ? geo_profile_text(pass->profile, "rules") : NULL;
    pass->osm_rules = pass->osm_format ? !asked : rules && !strcmp(rules, "osm");
    if (pass->profile || pass->osm_format)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "cannot read '%s': no profile of %s has its columns; write one (data/profiles/"
                "README) and name it with --profile",
                geo_source_base(pass->source), pass->kind_word);
    return false;
}

static void index_columns(GeoImportPass *pass)
{
    pass->columns = g_ptr_array_new_with_free_func((GDestroyNotify)g_hash_table_unref);
    for (size_t layer = 0; layer < geo_source_n_layers(pass->source); layer++) {
        GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);
        size_t n;
        const char *const *columns = geo_source_columns(pass->source, layer, &n);
        for (size_t i = n; i-- > 0;) /* of two columns of one name the first counts */
            g_hash_table_insert(index, (gpointer)columns[i], GSIZE_TO_POINTER(i + 1));
        g_ptr_array_add(pass->columns, index);
    }
}

/* A column of the profile for the field is in some layer. */
static bool has_field(const GeoImportPass *pass, const char *field)
{
    const char *const *names = pass->profile ? geo_profile_columns(pass->profile, field) : NULL;
    for (guint layer = 0; names && layer < pass->columns->len; layer++)
        for (size_t i = 0; names[i]; i++)
            if (g_hash_table_contains(g_ptr_array_index(pass->columns, layer), names[i]))
                return true;
    return false;
}

/* A file without any column that the profile knows is the wrong file. */
static bool check_columns(GeoImportPass *pass, GError **error)
{
    if (pass->osm_rules)
        return true;
    const GeoKindInfo *info = geo_kind_info((GeoKind)pass->kind);
    bool any = has_field(pass, "lon");
    const char *missing = NULL;
    for (size_t i = 0; i < info->n_fields; i++) {
        bool there = has_field(pass, info->fields[i].name);
        any |= there;
        if (!there && info->fields[i].type == GEO_FIELD_TIME &&
            !geo_profile_fill(pass->profile, info->fields[i].name))
            missing = info->fields[i].name;
    }
    bool table = !strcmp(geo_source_format(pass->source), "CSV") ||
                 !strcmp(geo_source_format(pass->source), "XLSX");
    if (table && !has_field(pass, "lon") && info->shape != GEO_SHAPE_NONE &&
        pass->kind != GEO_KIND_AREA && pass->kind != GEO_KIND_UNIT)
        missing = "lon";
    if ((any || !table) && !missing)
        return true;
    size_t n;
    const char *const *columns = geo_source_columns(pass->source, 0, &n);
    g_autofree char *have = g_strjoinv(", ", (GStrv)columns);
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "cannot read '%s', line 1: no column for '%s' by profile '%s'; it has: %.200s",
                geo_source_base(pass->source), missing ? missing : "any field",
                geo_profile_name(pass->profile), have);
    return false;
}

static bool open_datums(GeoImportPass *pass, const char *asked, GError **error)
{
    pass->datums = g_ptr_array_new_with_free_func((GDestroyNotify)geo_datum_free);
    const char *crs =
        asked ? asked : (pass->profile ? geo_profile_text(pass->profile, "crs") : NULL);
    for (size_t layer = 0; layer < geo_source_n_layers(pass->source); layer++) {
        GeoDatum *datum = geo_datum_new(crs ? crs : geo_source_crs(pass->source, layer), error);
        if (!datum) {
            g_prefix_error(error, "cannot read '%s': ", geo_source_base(pass->source));
            return false;
        }
        g_ptr_array_add(pass->datums, datum);
    }
    return true;
}

static bool kind_has_times(const GeoImportPass *pass)
{
    return pass->kind == GEO_KIND_INCIDENT || pass->kind == GEO_KIND_ROSTER;
}

/* The place of a row by shape or columns, without judging it. */
static bool sample_place(GeoImportPass *pass, GeoSourceRow *row, GeoLonLat *place)
{
    if (!geo_import_middle(row, place)) {
        const char *const *lon = geo_profile_columns(pass->profile, "lon");
        const char *const *lat = geo_profile_columns(pass->profile, "lat");
        const char *x = NULL, *y = NULL;
        for (size_t i = 0; lon && lon[i] && !x; i++)
            x = geo_import_value(pass, row, lon[i]);
        for (size_t i = 0; lat && lat[i] && !y; i++)
            y = geo_import_value(pass, row, lat[i]);
        if (!x || !y)
            return false;
        *place = (GeoLonLat){g_ascii_strtod(x, NULL), g_ascii_strtod(y, NULL)};
    }
    geo_datum_to_wgs(g_ptr_array_index(pass->datums, row->layer), place, 1);
    return geo_coord_valid(*place);
}

/* The zone of the first rows' middle, for files of times that nobody told the zone of. */
static bool guess_zone(GeoImportPass *pass, char zone[GEO_CITY_TEXT], GError **error)
{
    GeoBounds bounds = GEO_BOUNDS_EMPTY;
    GeoSourceRow row;
    int more = 1;
    for (int i = 0; i < SAMPLE_ROWS && (more = geo_source_next(pass->source, &row, error)) > 0;
         i++) {
        GeoLonLat place;
        if (sample_place(pass, &row, &place))
            geo_bounds_add(&bounds, place);
    }
    if (more < 0)
        return false;
    geo_source_rewind(pass->source);
    if (geo_bounds_empty(&bounds))
        g_strlcpy(zone, "UTC", GEO_CITY_TEXT);
    else
        geo_city_choose_zone(&bounds, zone);
    return true;
}

static bool open_zone(GeoImportPass *pass, const GeoImportOptions *options, const GeoCity *city,
                      GError **error)
{
    if (!kind_has_times(pass) || !pass->profile)
        return true;
    char guess[GEO_CITY_TEXT];
    const char *zone = options->zone ? options->zone : geo_profile_text(pass->profile, "zone");
    if (!zone && city)
        zone = city->zone;
    if (!zone && !guess_zone(pass, guess, error))
        return false;
    if (!zone)
        zone = guess;
    pass->zone = g_time_zone_new_identifier(zone);
    if (!pass->zone) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "cannot read '%s': there is no time zone '%s'", geo_source_base(pass->source),
                    zone);
        return false;
    }
    pass->read->report->zone = g_strdup(zone);
    return true;
}

static bool open_pass(GeoImportPass *pass, const char *path, const char *kind,
                      const GeoImportOptions *options, const GeoCity *city, GError **error)
{
    if (!set_kind(pass, kind, error))
        return false;
    pass->source = geo_source_open(path, options->encoding, error);
    if (!pass->source || !find_profile(pass, options->profile, error))
        return false;
    index_columns(pass);
    pass->level = options->level;
    pass->now_ms = options->now_ms;
    pass->time_pattern = pass->profile ? geo_profile_text(pass->profile, "time") : NULL;
    bool table = !strcmp(geo_source_format(pass->source), "CSV") ||
                 !strcmp(geo_source_format(pass->source), "XLSX");
    pass->has_shapes = !table || has_field(pass, "lon");
    return check_columns(pass, error) && open_datums(pass, options->crs, error) &&
           open_zone(pass, options, city, error);
}

/* ---- reading ---- */

static void read_row(GeoImportPass *pass, GeoSourceRow *row)
{
    size_t n;
    geo_source_columns(pass->source, row->layer, &n);
    pass->read->report->read++;
    if (row->n_values != n) {
        char what[WHAT_BYTES];
        g_snprintf(what, sizeof what, "it has %zu fields, the header has %zu", row->n_values, n);
        geo_import_refuse(pass->read, row->line, "row is torn", what);
    } else if (pass->osm_rules) {
        geo_import_tags_row(pass, row);
    } else {
        geo_import_fields_row(pass, row);
    }
}

/* Of an OpenStreetMap file only what forbids: GDAL has no rows of it, and there may be none. */
static bool is_rules_alone(const GeoImportPass *pass)
{
    return pass->osm_rules && pass->osm_format &&
           (pass->kind == GEO_KIND_TURN || pass->kind == GEO_KIND_BARRIER);
}

static bool read_rows(GeoImportPass *pass, GeoProgress *progress, GError **error)
{
    GeoSourceRow row;
    int more;
    if (is_rules_alone(pass))
        return true;
    geo_progress_begin(progress, "reading");
    for (size_t i = 0; (more = geo_source_next(pass->source, &row, error)) > 0; i++) {
        read_row(pass, &row);
        if (i % STEP_ROWS == 0 &&
            !geo_progress_step(progress, geo_source_share(pass->source), error))
            return false;
    }
    return more == 0;
}

/* What an OpenStreetMap file forbids comes with its roads, or alone. */
static bool read_rules(GeoImportPass *pass, GeoProgress *progress, GError **error)
{
    static const GeoKind kinds[] = {GEO_KIND_TURN, GEO_KIND_BARRIER};
    GeoImportRead *read = pass->read;
    if (!pass->osm_format || !pass->osm_rules)
        return true;
    if (!geo_import_rules(pass, progress, error))
        return false;
    if (pass->kind < 0 || pass->kind == GEO_KIND_ROAD)
        geo_import_fit(read, read->batches[GEO_KIND_ROAD]);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (read->batches[kinds[i]])
            read->report->rows[kinds[i]] = read->batches[kinds[i]]->rows->len;
    geo_import_sort(read->report);
    return true;
}

static void fill_report(GeoImportPass *pass, const char *kind)
{
    GeoImportReport *report = pass->read->report;
    report->kind = g_strdup(kind);
    report->file = g_strdup(geo_source_base(pass->source));
    report->format = g_strdup(geo_source_format(pass->source));
    report->encoding = g_strdup(geo_source_encoding(pass->source));
    report->crs = g_strdup(geo_datum_name(g_ptr_array_index(pass->datums, 0)));
    report->profile = g_strdup(pass->profile ? geo_profile_name(pass->profile) : NULL);
}

GeoImportRead *geo_import_read(const char *path, const char *kind, const GeoImportOptions *options,
                               const GeoCity *city, GeoProgress *progress, GError **error)
{
    static const GeoImportOptions none;
    const GeoImportOptions *asked = options ? options : &none;
    g_autoptr(GeoImportRead) read = g_new0(GeoImportRead, 1);
    read->report = report_new();
    read->reasons = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    read->replace = asked->replace;
    read->strict = asked->strict;
    read->name = g_strdup(asked->name ? asked->name : "city");
    g_auto(GeoImportPass) pass = {.read = read};
    if (!open_pass(&pass, path, kind, asked, city, error) || !read_rows(&pass, progress, error))
        return NULL;
    read->hash = geo_source_dup_hash(pass.source, error);
    if (!read->hash)
        return NULL;
    const char *note =
        pass.osm_format ? "(c) OpenStreetMap contributors" : geo_profile_text(pass.profile, "note");
    read->note = g_strdup(note);
    const char *zone = pass.profile ? geo_profile_text(pass.profile, "zone") : NULL;
    read->zone = g_strdup(asked->zone ? asked->zone : zone);
    fill_report(&pass, kind);
    geo_import_judge(read, pass.kind < 0);
    if (!read_rules(&pass, progress, error))
        return NULL;
    read->report->strict_failed = read->strict && read->report->refused > 0;
    if (read->report->read > 0 || is_rules_alone(&pass))
        return g_steal_pointer(&read);
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "cannot read '%s': it holds no rows",
                read->report->file);
    return NULL;
}

void geo_import_read_free(GeoImportRead *read)
{
    if (!read)
        return;
    for (int kind = 0; kind < GEO_N_KINDS; kind++) {
        geo_batch_free(read->batches[kind]);
        g_clear_pointer(&read->lines[kind], g_array_unref);
    }
    g_hash_table_unref(read->reasons);
    geo_import_report_free(read->report);
    g_free(read->name);
    g_free(read->zone);
    g_free(read->note);
    g_free(read->hash);
    g_free(read);
}

const GeoImportReport *geo_import_read_report(const GeoImportRead *read)
{
    return read->report;
}

const GeoBatch *geo_import_read_rows(const GeoImportRead *read, GeoKind kind)
{
    return read->batches[kind];
}

/* ---- the city ---- */

bool geo_import_read_city(const GeoImportRead *read, GeoCity *city, GError **error)
{
    GeoBounds bounds = GEO_BOUNDS_EMPTY;
    for (int kind = 0; kind < GEO_N_KINDS; kind++) {
        if (!read->batches[kind])
            continue;
        GeoBounds own = geo_batch_bounds(read->batches[kind]);
        if (geo_bounds_empty(&own))
            continue;
        geo_bounds_add(&bounds, (GeoLonLat){own.west, own.south});
        geo_bounds_add(&bounds, (GeoLonLat){own.east, own.north});
    }
    if (geo_bounds_empty(&bounds)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "no row of '%s' has a place, so no city can be made of it", read->report->file);
        return false;
    }
    memset(city, 0, sizeof *city);
    g_strlcpy(city->name, read->name, sizeof city->name);
    city->epsg = geo_city_choose_epsg(&bounds);
    if (read->zone || read->report->zone)
        g_strlcpy(city->zone, read->zone ? read->zone : read->report->zone, sizeof city->zone);
    else
        geo_city_choose_zone(&bounds, city->zone);
    if (read->note)
        g_strlcpy(city->note, read->note, sizeof city->note);
    return true;
}
