/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every kind's rows by its field table: one INSERT and one SELECT a kind, built once when a city is
 * opened. Names come from the table, values are bound. */
#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/blob.h"
#include "geo/store/sqlite.h"

enum { COLUMN_ID, COLUMN_IMPORT, COLUMN_VERSION, N_HEAD_COLUMNS };

bool geo_sqlite_indexed(GeoKind kind, int version)
{
    switch (kind) {
    case GEO_KIND_AREA:
    case GEO_KIND_BUILDING:
    case GEO_KIND_ROAD:
    case GEO_KIND_BASE:
    case GEO_KIND_CAMERA:
    case GEO_KIND_FACILITY:
    case GEO_KIND_ADDRESS:
        return true;
    case GEO_KIND_INCIDENT:
    case GEO_KIND_SITE:
    case GEO_KIND_NOLOOK:
        return version >= 2;
    default:
        return false;
    }
}

/* A column that the file does not have yet reads as nothing. */
static char *build_columns(const GeoKindInfo *info, int version)
{
    GString *columns = g_string_new("id, import_id, version");
    for (size_t f = 0; f < info->n_fields; f++)
        if (info->fields[f].since > version)
            g_string_append(columns, ", NULL");
        else
            g_string_append_printf(columns, ", \"%s\"", info->fields[f].name);
    if (info->shape != GEO_SHAPE_NONE)
        g_string_append(columns, ", geom");
    return g_string_free(columns, FALSE);
}

static char *build_insert(const GeoKindInfo *info)
{
    g_autofree char *columns = build_columns(info, GEO_SQLITE_USER_VERSION);
    GString *sql = g_string_new(NULL);
    size_t n = N_HEAD_COLUMNS + info->n_fields + (info->shape != GEO_SHAPE_NONE);
    g_string_printf(sql, "INSERT INTO \"%s\" (%s) VALUES (?", info->name, columns);
    for (size_t i = 1; i < n; i++)
        g_string_append(sql, ", ?");
    g_string_append_c(sql, ')');
    return g_string_free(sql, FALSE);
}

void geo_sqlite_rows_init(GeoSqlite *self)
{
    for (GeoKind kind = 0; kind < GEO_N_KINDS; kind++) {
        const GeoKindInfo *info = geo_kind_info(kind);
        self->sql_insert[kind] = build_insert(info);
        if (geo_sqlite_indexed(kind, GEO_SQLITE_USER_VERSION))
            self->sql_index[kind] = g_strdup_printf(
                "INSERT INTO \"idx_%s_geom\" (pkid, xmin, xmax, ymin, ymax) VALUES (?, ?, ?, ?, ?)",
                info->name);
    }
}

void geo_sqlite_rows_clear(GeoSqlite *self)
{
    for (GeoKind kind = 0; kind < GEO_N_KINDS; kind++) {
        g_free(self->sql_insert[kind]);
        g_free(self->sql_index[kind]);
    }
}

static void bind_field(GeoStatement *statement, int i, const GeoField *field, const GeoRow *row)
{
    const void *value = (const char *)row + field->offset;
    switch (field->type) {
    case GEO_FIELD_INT:
    case GEO_FIELD_TIME:
        geo_db_bind_int(statement, i, *(const int64_t *)value);
        break;
    case GEO_FIELD_REAL:
        geo_db_bind_real(statement, i, *(const double *)value);
        break;
    case GEO_FIELD_TEXT:
        geo_db_bind_text(statement, i, *(const char *const *)value);
        break;
    case GEO_FIELD_ENUM:
        geo_db_bind_text(statement, i, field->words[*(const int *)value]);
        break;
    }
}

static bool insert_index(GeoSqlite *self, GeoKind kind, int64_t id, const GeoBounds *b,
                         GError **error)
{
    GeoStatement *statement = geo_db_statement(self->db, self->sql_index[kind], error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, id);
    geo_db_bind_real(statement, 2, b->west);
    geo_db_bind_real(statement, 3, b->east);
    geo_db_bind_real(statement, 4, b->south);
    geo_db_bind_real(statement, 5, b->north);
    return geo_db_finish(self->db, statement, error);
}

bool geo_sqlite_insert_row(GeoSqlite *self, const GeoBatch *batch, size_t i, int64_t import_id,
                           GByteArray *blob, GError **error)
{
    const GeoKindInfo *info = geo_kind_info(batch->kind);
    const GeoRow *row = geo_batch_row(batch, i);
    GeoStatement *statement = geo_db_statement(self->db, self->sql_insert[batch->kind], error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1 + COLUMN_ID, row->id);
    geo_db_bind_int(statement, 1 + COLUMN_IMPORT, import_id);
    geo_db_bind_int(statement, 1 + COLUMN_VERSION, row->version);
    int column = 1 + N_HEAD_COLUMNS;
    for (size_t f = 0; f < info->n_fields; f++)
        bind_field(statement, column++, &info->fields[f], row);
    if (info->shape != GEO_SHAPE_NONE) {
        geo_blob_write(blob, batch, row);
        geo_db_bind_blob(statement, column, blob->len ? blob->data : NULL, blob->len);
    }
    if (!geo_db_finish(self->db, statement, error))
        return false;
    if (!self->sql_index[batch->kind] || row->n_parts == 0)
        return true;
    GeoBounds bounds = geo_batch_row_bounds(batch, row);
    return insert_index(self, batch->kind, row->id, &bounds, error);
}

bool geo_sqlite_delete_row(GeoSqlite *self, GeoKind kind, int64_t id, GError **error)
{
    const char *name = geo_kind_info(kind)->name;
    g_autofree char *sql = g_strdup_printf("DELETE FROM \"%s\" WHERE id = ?", name);
    g_autofree char *sql_index =
        g_strdup_printf("DELETE FROM \"idx_%s_geom\" WHERE pkid = ?", name);
    GeoStatement *statement = geo_db_statement(self->db, sql, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, id);
    if (!geo_db_finish(self->db, statement, error))
        return false;
    if (!geo_sqlite_indexed(kind, self->version))
        return true;
    statement = geo_db_statement(self->db, sql_index, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, id);
    return geo_db_finish(self->db, statement, error);
}

/* ---- reading ---- */

/* Ids of live imports; 0 stands for rows made one by one. A handful of ids against every row read:
 * a small hash in memory is cheaper than a join. */
static GHashTable *load_live(GeoSqlite *self, GError **error)
{
    static const char SQL_LIVE[] = "SELECT id FROM import WHERE state = 'live'";
    GeoStatement *statement = geo_db_statement(self->db, SQL_LIVE, error);
    if (!statement)
        return NULL;
    g_autoptr(GHashTable) live = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    int64_t none = 0;
    g_hash_table_add(live, g_memdup2(&none, sizeof none));
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        int64_t id = geo_db_int(statement, 0);
        g_hash_table_add(live, g_memdup2(&id, sizeof id));
    }
    return step == GEO_DB_DONE ? g_steal_pointer(&live) : NULL;
}

static bool has_time(GeoKind kind)
{
    return kind == GEO_KIND_INCIDENT || kind == GEO_KIND_ROSTER;
}

static char *build_where(GeoKind kind, int version, const GeoQuery *query)
{
    GString *where = g_string_new(" WHERE 1");
    if (query->bounds && geo_sqlite_indexed(kind, version))
        g_string_append_printf(
            where,
            " AND id IN (SELECT pkid FROM \"idx_%s_geom\" WHERE xmax >= ? AND xmin <= ?"
            " AND ymax >= ? AND ymin <= ?)",
            geo_kind_info(kind)->name);
    if (has_time(kind) && (query->from_ms || query->to_ms))
        g_string_append(where, kind == GEO_KIND_INCIDENT ? " AND at_ms >= ? AND at_ms < ?"
                                                         : " AND to_ms > ? AND from_ms < ?");
    if (kind == GEO_KIND_AREA && query->level)
        g_string_append(where, " AND level = ?");
    if (query->code)
        g_string_append(where, " AND code = ?");
    if (query->id)
        g_string_append(where, " AND id = ?");
    if (kind == GEO_KIND_INCIDENT && query->open) /* as the index incident_open has it */
        g_string_append(where, " AND state NOT IN ('closed', 'called_back', 'duplicate', 'void', "
                               "'transferred')");
    if (kind == GEO_KIND_INCIDENT && query->logged)
        g_string_append(where, " AND id IN (SELECT incident_id FROM incident_event)");
    return g_string_free(where, FALSE);
}

static void bind_where(GeoStatement *statement, GeoKind kind, int version, const GeoQuery *query)
{
    int i = 1;
    if (query->bounds && geo_sqlite_indexed(kind, version)) {
        geo_db_bind_real(statement, i++, query->bounds->west);
        geo_db_bind_real(statement, i++, query->bounds->east);
        geo_db_bind_real(statement, i++, query->bounds->south);
        geo_db_bind_real(statement, i++, query->bounds->north);
    }
    if (has_time(kind) && (query->from_ms || query->to_ms)) {
        geo_db_bind_int(statement, i++, query->from_ms);
        geo_db_bind_int(statement, i++, query->to_ms);
    }
    if (kind == GEO_KIND_AREA && query->level)
        geo_db_bind_text(statement, i++, query->level);
    if (query->code)
        geo_db_bind_text(statement, i++, query->code);
    if (query->id)
        geo_db_bind_int(statement, i++, query->id);
}

static bool read_field(GeoStatement *statement, int column, const GeoField *field, GeoBatch *batch,
                       GeoRow *row)
{
    void *value = (char *)row + field->offset;
    switch (field->type) {
    case GEO_FIELD_INT:
    case GEO_FIELD_TIME:
        *(int64_t *)value = geo_db_int(statement, column);
        return true;
    case GEO_FIELD_REAL:
        *(double *)value = geo_db_real(statement, column);
        return true;
    case GEO_FIELD_TEXT:
        *(const char **)value = geo_batch_word(batch, geo_db_text(statement, column));
        return true;
    case GEO_FIELD_ENUM: {
        const char *word = geo_db_text(statement, column);
        *(int *)value = word ? geo_kind_word(field->words, word) : -1;
        return *(int *)value >= 0;
    }
    }
    return false;
}

static bool read_row(GeoSqlite *self, GeoStatement *statement, GeoBatch *batch, bool shapes,
                     GError **error)
{
    const GeoKindInfo *info = geo_kind_info(batch->kind);
    GeoRow *row = geo_batch_add(batch);
    row->id = geo_db_int(statement, COLUMN_ID);
    row->import_id = geo_db_int(statement, COLUMN_IMPORT);
    row->version = geo_db_int(statement, COLUMN_VERSION);
    int column = N_HEAD_COLUMNS;
    bool ok = true;
    for (size_t f = 0; f < info->n_fields; f++)
        ok &= read_field(statement, column++, &info->fields[f], batch, row);
    int64_t id = row->id;
    if (shapes) {
        size_t n;
        const void *blob = geo_db_blob(statement, column, &n);
        ok &= n == 0 || geo_blob_read(blob, n, batch);
    }
    if (!ok)
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s': %s %" G_GINT64_FORMAT " is damaged; run check", geo_db_path(self->db),
                    info->name, id);
    return ok;
}

/* Kinds without R*Tree are filtered here alone; of the others the tree's 32-bit floats let a few
 * neighbours through. */
static bool is_outside(GeoStatement *statement, const GeoKindInfo *info, const GeoQuery *query)
{
    if (!query->bounds)
        return false;
    if (info->shape == GEO_SHAPE_NONE)
        return true;
    size_t n;
    GeoBounds bounds;
    const void *blob = geo_db_blob(statement, (int)(N_HEAD_COLUMNS + info->n_fields), &n);
    return !geo_blob_bounds(blob, n, &bounds) || !geo_bounds_meet(&bounds, query->bounds);
}

char *geo_sqlite_dup_load_sql(GeoKind kind, int version, const GeoQuery *query)
{
    g_autofree char *columns = build_columns(geo_kind_info(kind), version);
    g_autofree char *where = build_where(kind, version, query);
    return g_strdup_printf("SELECT %s FROM \"%s\"%s ORDER BY id", columns,
                           geo_kind_info(kind)->name, where);
}

/* The file has a table of the kind; an older one, open for reading only, may not. */
static bool knows(const GeoSqlite *self, GeoKind kind)
{
    return geo_kind_info(kind)->since <= self->version;
}

GeoBatch *geo_sqlite_load_rows(GeoSqlite *self, GeoKind kind, const GeoQuery *query, GError **error)
{
    const GeoKindInfo *info = geo_kind_info(kind);
    g_autoptr(GHashTable) live = load_live(self, error);
    if (!live)
        return NULL;
    g_autofree char *sql = geo_sqlite_dup_load_sql(kind, self->version, query);
    GeoStatement *statement = geo_db_statement(self->db, sql, error);
    if (!statement)
        return NULL;
    bind_where(statement, kind, self->version, query);
    g_autoptr(GeoBatch) batch = geo_batch_new(kind);
    bool drop =
        query->no_shapes && (info->shape == GEO_SHAPE_LINE || info->shape == GEO_SHAPE_POLYGON);
    bool shapes = info->shape != GEO_SHAPE_NONE && !drop;
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        int64_t import_id = geo_db_int(statement, COLUMN_IMPORT);
        if (!g_hash_table_contains(live, &import_id) || is_outside(statement, info, query))
            continue;
        if (!read_row(self, statement, batch, shapes, error)) {
            geo_db_reset(statement);
            return NULL;
        }
    }
    return step == GEO_DB_DONE ? g_steal_pointer(&batch) : NULL;
}

GeoBatch *geo_sqlite_load(GeoBackend *backend, GeoKind kind, const GeoQuery *query, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    GeoQuery all = {0};
    if (!knows(self, kind))
        return geo_batch_new(kind);
    if (!geo_db_begin_read(self->db, error))
        return NULL;
    GeoBatch *batch = geo_sqlite_load_rows(self, kind, query ? query : &all, error);
    geo_db_rollback(self->db);
    return batch;
}

static bool count_kind(GeoSqlite *self, GHashTable *live, GeoKind kind, int64_t *count,
                       GError **error)
{
    *count = 0;
    if (!knows(self, kind))
        return true;
    g_autofree char *sql = g_strdup_printf(
        "SELECT import_id, count(*) FROM \"%s\" GROUP BY import_id", geo_kind_info(kind)->name);
    GeoStatement *statement = geo_db_statement(self->db, sql, error);
    if (!statement)
        return false;
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        int64_t import_id = geo_db_int(statement, 0);
        if (g_hash_table_contains(live, &import_id))
            *count += geo_db_int(statement, 1);
    }
    return step == GEO_DB_DONE;
}

static bool count_levels(GeoSqlite *self, GHashTable *levels, GError **error)
{
    static const char SQL_LEVELS[] =
        "SELECT level, count(*) FROM area WHERE level IS NOT NULL AND (import_id = 0 OR import_id "
        "IN"
        " (SELECT id FROM import WHERE state = 'live')) GROUP BY level";
    GeoStatement *statement = geo_db_statement(self->db, SQL_LEVELS, error);
    if (!statement)
        return false;
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW)
        g_hash_table_insert(levels, g_strdup(geo_db_text(statement, 0)),
                            GINT_TO_POINTER((gint)geo_db_int(statement, 1)));
    return step == GEO_DB_DONE;
}

bool geo_sqlite_count(GeoBackend *backend, int64_t counts[GEO_N_KINDS], GHashTable *levels,
                      GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    int64_t found[GEO_N_KINDS];
    if (!geo_db_begin_read(self->db, error))
        return false;
    g_autoptr(GHashTable) live = load_live(self, error);
    bool ok = live != NULL;
    for (GeoKind kind = 0; ok && kind < GEO_N_KINDS; kind++)
        ok = count_kind(self, live, kind, &found[kind], error);
    ok = ok && (!levels || count_levels(self, levels, error));
    geo_db_rollback(self->db);
    if (ok)
        memcpy(counts, found, sizeof found);
    return ok;
}

bool geo_sqlite_bounds(GeoBackend *backend, GeoKind kind, GeoBounds *bounds, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    GeoBounds found = GEO_BOUNDS_EMPTY;
    if (geo_kind_info(kind)->shape == GEO_SHAPE_NONE || !knows(self, kind)) {
        *bounds = found;
        return true;
    }
    g_autofree char *sql = g_strdup_printf(
        "SELECT substr(geom, 1, 44) FROM \"%s\" WHERE geom IS NOT NULL AND"
        " (+import_id = 0 OR +import_id IN (SELECT id FROM import WHERE state = 'live'))",
        geo_kind_info(kind)->name);
    GeoStatement *statement = geo_db_statement(self->db, sql, error);
    if (!statement)
        return false;
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        size_t n;
        const guint8 *head = geo_db_blob(statement, 0, &n);
        GeoBounds row;
        if (!head || n < 38)
            continue;
        memcpy(&row, head + 6, sizeof row);
        geo_bounds_add(&found, (GeoLonLat){row.west, row.south});
        geo_bounds_add(&found, (GeoLonLat){row.east, row.north});
    }
    if (step == GEO_DB_DONE)
        *bounds = found;
    return step == GEO_DB_DONE;
}
