/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that have been read and judged go to the store: staged in slices, then live at once. */
#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/work/import-rows.h"
#include "geo/work/import-rules.h"

#define SLICE_ROWS 2000 /* put at once */
#define NEAR_CITY_M 300e3

/* Where the city lies by what it holds; false while it holds nothing. */
static bool city_middle(GeoStore *store, GeoLonLat *middle, bool *any, GError **error)
{
    static const GeoKind kinds[] = {GEO_KIND_ROAD, GEO_KIND_BUILDING, GEO_KIND_AREA,
                                    GEO_KIND_CAMERA, GEO_KIND_INCIDENT};
    *any = false;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && !*any; i++) {
        GeoBounds bounds;
        if (!geo_store_bounds(store, kinds[i], &bounds, error))
            return false;
        *any = !geo_bounds_empty(&bounds);
        *middle = (GeoLonLat){(bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2};
    }
    return true;
}

/* A layer that would lie in the city if its axes were swapped, and far away as it is, is refused.
 */
static bool check_near_city(GeoImportRead *read, GeoStore *store, GError **error)
{
    GeoLonLat city, p;
    bool any;
    if (!city_middle(store, &city, &any, error))
        return false;
    for (int kind = 0; any && kind < GEO_N_KINDS; kind++) {
        GeoBatch *batch = read->batches[kind];
        if (!batch || batch->rows->len == 0 ||
            !geo_batch_first(batch, geo_batch_row(batch, batch->rows->len / 2), &p))
            continue;
        double as_is_m = geo_coord_distance_m(city, p);
        double swapped_m = geo_coord_distance_m(city, (GeoLonLat){p.lat, p.lon});
        if (as_is_m > NEAR_CITY_M && fabs(p.lon) <= 90 && swapped_m <= NEAR_CITY_M) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "cannot take '%s', line %" G_GINT64_FORMAT
                        ": longitude and latitude are swapped: %.6g, %.6g is %.0f km from the city",
                        read->report->file,
                        g_array_index(read->lines[kind], int64_t, batch->rows->len / 2), p.lon,
                        p.lat, as_is_m / 1000);
            return false;
        }
        if (as_is_m > NEAR_CITY_M)
            geo_import_note(read, 0, "these rows lie more than 300 km from the city", NULL);
    }
    return true;
}

/* ---- writing ---- */

/* One kind's rows in slices, with ids from *id on. */
static bool put_kind(GeoImportRead *read, GeoStore *store, const GeoAct *act, GeoKind kind,
                     int64_t import_id, int64_t *id, int64_t total, GeoProgress *progress,
                     GError **error)
{
    const GeoBatch *all = read->batches[kind];
    for (guint first = 0; first < all->rows->len; first += SLICE_ROWS) {
        g_autoptr(GeoBatch) slice = geo_batch_new(kind);
        guint end = MIN(first + SLICE_ROWS, all->rows->len);
        for (guint i = first; i < end; i++) {
            GeoRow *row = geo_batch_copy_row(slice, all, i);
            row->id = ++*id;
            row->import_id = import_id;
        }
        if (!geo_store_import_put(store, act, import_id, slice, error) ||
            !geo_progress_step(progress, (double)(*id - import_id) / (double)MAX(total, 1), error))
            return false;
    }
    return true;
}

/* ---- the parts ---- */

/* An OpenStreetMap file's turns and barriers are imports of their own, so that importing them alone
 * or with the roads replaces the same rows, and never those that somebody drew. */
typedef struct {
    GeoImport import;
    GeoKind kind; /* of a part that is one kind alone */
    bool alone, begun;
    int64_t rows;
} Part;

#define MOST_PARTS 3
static const GeoKind rule_kinds[] = {GEO_KIND_TURN, GEO_KIND_BARRIER};
static const char *const rule_words[] = {"turns-osm", "barriers-osm"};

static bool is_osm(const GeoImportRead *read)
{
    return !strcmp(read->report->format, "OSM");
}

static bool brings_rules(const GeoImportRead *read)
{
    const char *kind = read->report->kind;
    return is_osm(read) && !read->report->profile &&
           (!strcmp(kind, "osm") || !strcmp(kind, "roads"));
}

/* 1, 0, or -1 with an error: an import of that kind is live. */
static int is_live(GeoStore *store, const char *kind, GError **error)
{
    GArray *imports = geo_store_imports(store, error);
    bool live = false;
    for (guint i = 0; imports && i < imports->len; i++) {
        const GeoImport *import = &g_array_index(imports, GeoImport, i);
        live |= !strcmp(import->state, "live") && !strcmp(import->kind, kind);
    }
    if (!imports)
        return -1;
    geo_imports_free(imports);
    return live;
}

/* "osm" and "roads" do not replace each other: what both bring is there twice, which is told. */
static bool tell_twice(GeoImportRead *read, GeoStore *store, GError **error)
{
    GArray *imports = geo_store_imports(store, error);
    const char *kind = read->report->kind;
    bool whole = !strcmp(kind, "osm");
    bool rules = !strcmp(kind, "turns") || !strcmp(kind, "barriers");
    if (!imports)
        return false;
    for (guint i = 0; i < imports->len && is_osm(read) && !rules; i++) {
        const GeoImport *it = &g_array_index(imports, GeoImport, i);
        bool other = strcmp(it->kind, kind) && strcmp(it->kind, rule_words[0]) &&
                     strcmp(it->kind, rule_words[1]);
        if (strcmp(it->state, "live") || !other || g_strcmp0(it->note, read->note) ||
            (!whole && strcmp(it->kind, "osm")))
            continue;
        g_autofree char *what = g_strdup_printf("'%s' of '%s': undo CITY %" G_GINT64_FORMAT,
                                                it->kind, it->source, it->id);
        geo_import_note(read, 0,
                        "an earlier import of OSM brought such rows, which are there twice", what);
    }
    geo_imports_free(imports);
    return true;
}

static GeoImport import_of(const GeoImportRead *read, const GeoAct *act)
{
    const GeoImportReport *report = read->report;
    GeoImport import = {.id = geo_act_new_id(act->now_ms),
                        .kind = report->kind,
                        .source = report->file,
                        .source_hash = read->hash,
                        .at_ms = act->now_ms,
                        .replaces = read->replace || is_osm(read) ? report->kind : NULL,
                        .note = read->note};
    static const char *const both[] = {"turns,turns-osm", "barriers,barriers-osm"};
    for (size_t i = 0; i < G_N_ELEMENTS(rule_kinds); i++) {
        if (strcmp(report->kind, geo_kind_info(rule_kinds[i])->plural))
            continue;
        import.kind = is_osm(read) ? rule_words[i] : import.kind;
        import.replaces = read->replace ? both[i] : is_osm(read) ? rule_words[i] : NULL;
    }
    return import;
}

/* How many parts there are; 0 with an error. An empty part is made only to replace an older one. */
static size_t plan_parts(GeoImportRead *read, GeoStore *store, const GeoAct *act,
                         Part parts[MOST_PARTS], GError **error)
{
    size_t n = 1;
    parts[0] = (Part){.import = import_of(read, act)};
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        parts[0].rows += read->report->rows[kind];
    for (size_t i = 0; i < G_N_ELEMENTS(rule_kinds) && brings_rules(read); i++) {
        int64_t rows = read->report->rows[rule_kinds[i]];
        int live = rows ? 1 : is_live(store, rule_words[i], error);
        if (live < 0)
            return 0;
        parts[0].rows -= rows;
        if (!live)
            continue;
        parts[n] = (Part){.import = parts[0].import, .kind = rule_kinds[i], .alone = true};
        parts[n].import.kind = parts[n].import.replaces = rule_words[i];
        parts[n++].rows = rows;
    }
    /* ids of imports and rows are one row of numbers */
    for (size_t i = 1; i < n; i++)
        parts[i].import.id = parts[i - 1].import.id + parts[i - 1].rows + 1;
    return n;
}

static bool has_kind(const GeoImportRead *read, const Part *part, GeoKind kind)
{
    bool rule = kind == GEO_KIND_TURN || kind == GEO_KIND_BARRIER;
    if (!read->batches[kind])
        return false;
    return part->alone ? part->kind == kind : !rule || !brings_rules(read);
}

static bool put_part(GeoImportRead *read, GeoStore *store, const GeoAct *act, Part *part,
                     GeoProgress *progress, GError **error)
{
    int64_t id = part->import.id;
    if (!geo_store_import_begin(store, act, &part->import, error))
        return false;
    part->begun = true;
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        if (has_kind(read, part, (GeoKind)kind) &&
            !put_kind(read, store, act, (GeoKind)kind, part->import.id, &id, part->rows, progress,
                      error))
            return false;
    return true;
}

static bool put_all(GeoImportRead *read, GeoStore *store, const GeoAct *act, Part *parts, size_t n,
                    GeoProgress *progress, GError **error)
{
    geo_progress_begin(progress, "writing");
    for (size_t i = 0; i < n; i++)
        if (!put_part(read, store, act, &parts[i], progress, error))
            return false;
    for (size_t i = 0; i < n; i++)
        if (!geo_store_import_finish(store, act, parts[i].import.id,
                                     i == 0 ? read->report->refused : 0, error))
            return false;
    return true;
}

bool geo_import_fit_city(GeoImportRead *read, GeoStore *store, GError **error)
{
    bool rules = !strcmp(read->report->kind, "turns") || !strcmp(read->report->kind, "barriers");
    if (!rules || !is_osm(read))
        return true;
    g_autoptr(GeoBatch) roads = store ? geo_store_load(store, GEO_KIND_ROAD, NULL, error) : NULL;
    if (store && !roads)
        return false;
    if (!roads || roads->rows->len == 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "cannot take '%s': the city has no roads; import them first, they bring their "
                    "turns and barriers along: import CITY roads %s",
                    read->report->file, read->report->file);
        return false;
    }
    GeoKind kind = rule_kinds[strcmp(read->report->kind, "turns") != 0];
    int64_t before = read->report->rows[kind];
    geo_import_fit(read, roads);
    geo_import_sort(read->report);
    if (before == 0 || read->report->rows[kind] > 0)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "cannot take '%s': none of its %" G_GINT64_FORMAT
                " %s fits a road of the city; is it "
                "the file that the roads came from?",
                read->report->file, before, read->report->kind);
    return false;
}

bool geo_import_write(GeoImportRead *read, GeoStore *store, const GeoAct *act,
                      GeoProgress *progress, GError **error)
{
    GeoImportReport *report = read->report;
    Part parts[MOST_PARTS];
    if (report->strict_failed)
        return true;
    if (!check_near_city(read, store, error) || !geo_import_fit_city(read, store, error) ||
        !tell_twice(read, store, error))
        return false;
    GeoAct own = *act;
    own.command_id = NULL; /* of many operations; the import's own id makes it one */
    size_t n = plan_parts(read, store, act, parts, error);
    if (n == 0)
        return false;
    if (put_all(read, store, &own, parts, n, progress, error)) {
        report->import_id = parts[0].import.id;
        return true;
    }
    for (size_t i = 0; i < n; i++)
        if (parts[i].begun)
            geo_store_import_undo(store, &own, parts[i].import.id, NULL);
    return false;
}

/* The turns and barriers that came in with those roads, and are still there. */
static bool came_with(const GeoImport *part, const GeoImport *roads)
{
    bool rules = !strcmp(part->kind, rule_words[0]) || !strcmp(part->kind, rule_words[1]);
    return rules && part->id != roads->id && part->at_ms == roads->at_ms &&
           !strcmp(part->state, "live") && !strcmp(part->source, roads->source) &&
           (!strcmp(roads->kind, "roads") || !strcmp(roads->kind, "osm"));
}

bool geo_import_undo(GeoStore *store, const GeoAct *act, int64_t import_id, GError **error)
{
    GArray *imports = geo_store_imports(store, error);
    const GeoImport *roads = NULL;
    if (!imports)
        return false;
    for (guint i = 0; i < imports->len && !roads; i++)
        if (g_array_index(imports, GeoImport, i).id == import_id)
            roads = &g_array_index(imports, GeoImport, i);
    bool ok = geo_store_import_undo(store, act, import_id, error);
    for (guint i = 0; ok && roads && i < imports->len; i++) {
        const GeoImport *part = &g_array_index(imports, GeoImport, i);
        if (came_with(part, roads))
            ok = geo_store_import_undo(store, act, part->id, error);
    }
    geo_imports_free(imports);
    return ok;
}

bool geo_import_file(GeoStore *store, const GeoAct *act, const char *kind, const char *path,
                     const GeoImportOptions *options, GeoImportReport **report,
                     GeoProgress *progress, GError **error)
{
    g_autoptr(GeoImportRead) read =
        geo_import_read(path, kind, options, geo_store_city(store), progress, error);
    if (!read || !geo_import_write(read, store, act, progress, error))
        return false;
    if (report)
        *report = g_steal_pointer(&read->report);
    return true;
}
