/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making the tables of a city, and bringing those of an older program up to date. */
#include "geo/model/error.h"
#include "geo/store/schema.h"
#include "geo/store/sqlite.h"

static const char *geometry_type(GeoKind kind)
{
    switch (kind) {
    case GEO_KIND_AREA:
    case GEO_KIND_BUILDING:
    case GEO_KIND_NOLOOK:
        return "MULTIPOLYGON";
    case GEO_KIND_ROAD:
        return "MULTILINESTRING";
    case GEO_KIND_BASE:
    case GEO_KIND_CLOSURE:
        return "GEOMETRY";
    default:
        return "POINT";
    }
}

/* SpatiaLite's admin functions answer 0 and print instead of failing. */
static bool call_admin(GeoDb *db, const char *sql, GError **error)
{
    int64_t ok;
    if (!geo_db_scalar(db, sql, 0, &ok, error))
        return false;
    if (ok != 1)
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "SpatiaLite refused: %s", sql);
    return ok == 1;
}

/* SpatiaLite's triggers would align every index row by SQL functions at a cost above the insert's
 * own; the store writes index rows itself, in the same transaction, and geo_store_check() asks
 * SpatiaLite whether they agree. */
static bool drop_triggers(GeoDb *db, const char *name, GError **error)
{
    static const char *const stems[] = {"ggi", "ggu", "gii", "giu", "gid", "tmi", "tmu", "tmd"};
    GString *script = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(stems); i++)
        g_string_append_printf(script, "DROP TRIGGER IF EXISTS \"%s_%s_geom\";", stems[i], name);
    bool ok = geo_db_run(db, script->str, error);
    g_string_free(script, TRUE);
    return ok;
}

static bool make_index(GeoDb *db, GeoKind kind, GError **error)
{
    const char *name = geo_kind_info(kind)->name;
    g_autofree char *index = g_strdup_printf("SELECT CreateSpatialIndex('%s', 'geom')", name);
    return call_admin(db, index, error) && drop_triggers(db, name, error);
}

static bool register_kind(GeoDb *db, GeoKind kind, GError **error)
{
    const char *name = geo_kind_info(kind)->name;
    g_autofree char *recover = g_strdup_printf(
        "SELECT RecoverGeometryColumn('%s', 'geom', 4326, '%s', 'XY')", name, geometry_type(kind));
    return call_admin(db, recover, error) && drop_triggers(db, name, error) &&
           (!geo_sqlite_indexed(kind, GEO_SQLITE_USER_VERSION) || make_index(db, kind, error));
}

static bool put_city(GeoDb *db, const GeoCity *city, GError **error)
{
    static const char SQL_CITY[] =
        "INSERT INTO city (id, name, zone, epsg, synthetic, note) VALUES (1, ?, ?, ?, ?, ?)";
    GeoStatement *statement = geo_db_statement(db, SQL_CITY, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, city->name);
    geo_db_bind_text(statement, 2, city->zone);
    geo_db_bind_int(statement, 3, city->epsg);
    geo_db_bind_int(statement, 4, city->synthetic);
    geo_db_bind_text(statement, 5, city->note);
    return geo_db_finish(db, statement, error);
}

/* Registers the spatial kinds that came with the schema. */
static bool register_kinds(GeoDb *db, int since, GError **error)
{
    for (GeoKind kind = 0; kind < GEO_N_KINDS; kind++)
        if (geo_kind_info(kind)->shape != GEO_SHAPE_NONE && geo_kind_info(kind)->since == since &&
            !register_kind(db, kind, error))
            return false;
    return true;
}

static bool set_version(GeoDb *db, GError **error)
{
    g_autofree char *sql = g_strdup_printf("PRAGMA user_version = %d", GEO_SQLITE_USER_VERSION);
    return geo_db_run(db, sql, error);
}

/* Everything or nothing. */
static bool finish(GeoDb *db, bool ok, GError **error)
{
    geo_db_set_migrating(db, false);
    if (!ok) {
        geo_db_rollback(db);
        return false;
    }
    return geo_db_commit(db, error);
}

bool geo_sqlite_make(GeoDb *db, const GeoCity *city, GError **error)
{
    /* 'NONE' leaves EPSG's 6 MB table of systems out; the few that matter are put in by code. */
    static const char SQL_SRID[] = "SELECT InsertEpsgSrid(4326)";
    static const char SQL_META[] = "SELECT InitSpatialMetaDataFull(0, 'NONE')";
    static const char SQL_STYLES[] =
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_catalog TEXT, f_table_schema "
        "TEXT,"
        " f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT,"
        " useAsDefault INTEGER, description TEXT, owner TEXT, ui TEXT, update_time TEXT)";
    if (!geo_db_begin(db, error))
        return false;
    geo_db_set_migrating(db, true);
    bool ok = call_admin(db, SQL_META, error) && call_admin(db, SQL_SRID, error) &&
              geo_db_run(db, geo_schema_001, error) && geo_db_run(db, SQL_STYLES, error) &&
              geo_db_run(db, geo_schema_002, error) && geo_db_run(db, geo_schema_003, error) &&
              geo_db_run(db, geo_schema_004, error) && geo_db_run(db, geo_schema_005, error) &&
              geo_db_run(db, geo_schema_006, error) && geo_db_run(db, geo_schema_007, error) &&
              geo_db_run(db, geo_schema_008, error) && register_kinds(db, 0, error) &&
              register_kinds(db, 2, error) && register_kinds(db, 6, error) &&
              geo_db_run(db, geo_schema_views, error) && put_city(db, city, error) &&
              set_version(db, error);
    return finish(db, ok, error);
}

/* ---- an older file ---- */

/* Views are made of the newest columns, so they are made anew. */
static bool make_views(GeoDb *db, GError **error)
{
    static const char SQL_LIVE[] =
        "SELECT group_concat('DROP VIEW \"' || name || '\";', '') FROM sqlite_schema"
        " WHERE type = 'view' AND name LIKE 'live\\_%' ESCAPE '\\'";
    static const char SQL_FORGET[] =
        "DELETE FROM views_geometry_columns WHERE view_name LIKE 'live\\_%' ESCAPE '\\'";
    GeoStatement *statement = geo_db_statement(db, SQL_LIVE, error);
    if (!statement || geo_db_step(db, statement, error) != GEO_DB_ROW)
        return false;
    g_autofree char *drop = g_strdup(geo_db_text(statement, 0));
    geo_db_reset(statement);
    return (!drop || geo_db_run(db, drop, error)) && geo_db_run(db, SQL_FORGET, error) &&
           geo_db_run(db, geo_schema_views, error);
}

/* From the first schema to the second: incidents get their index, too. */
static bool to_second(GeoDb *db, GError **error)
{
    return geo_db_run(db, geo_schema_002, error) && register_kinds(db, 2, error) &&
           make_index(db, GEO_KIND_INCIDENT, error);
}

static bool to_sixth(GeoDb *db, GError **error)
{
    return geo_db_run(db, geo_schema_006, error) && register_kinds(db, 6, error);
}

/* Another may have done it while we waited for our turn; then *version says so. */
static bool begin_alone(GeoDb *db, int64_t *version, GError **error)
{
    if (!geo_db_begin(db, error))
        return false;
    if (geo_db_scalar(db, "PRAGMA user_version", 0, version, error))
        return true;
    geo_db_rollback(db);
    return false;
}

bool geo_sqlite_migrate(GeoDb *db, char **copy, GError **error)
{
    int64_t from;
    if (!begin_alone(db, &from, error))
        return false;
    if (from >= GEO_SQLITE_USER_VERSION) {
        geo_db_rollback(db);
        return true;
    }
    /* We hold the write lock, so nothing comes between the copy and the change; the copy is read
     * over a connection of its own, as ours is within its transaction. */
    g_autofree char *file = g_strdup_printf("%s.schema-%" G_GINT64_FORMAT, geo_db_path(db), from);
    g_autoptr(GeoDb) reader = geo_db_open(geo_db_path(db), GEO_DB_READ, true, error);
    bool ok = reader && geo_sqlite_copy(reader, file, error);
    geo_db_set_migrating(db, true);
    ok = ok && (from >= 2 || to_second(db, error)) &&
         (from >= 3 || geo_db_run(db, geo_schema_003, error)) &&
         (from >= 4 || geo_db_run(db, geo_schema_004, error)) &&
         (from >= 5 || geo_db_run(db, geo_schema_005, error)) &&
         (from >= 6 || to_sixth(db, error)) &&
         (from >= 7 || geo_db_run(db, geo_schema_007, error)) &&
         (from >= 8 || geo_db_run(db, geo_schema_008, error)) && make_views(db, error) &&
         set_version(db, error);
    if (!finish(db, ok, error)) {
        g_prefix_error(error, "cannot bring the city to schema %d, it stays as it was: ",
                       GEO_SQLITE_USER_VERSION);
        return false;
    }
    *copy = g_steal_pointer(&file);
    return true;
}
