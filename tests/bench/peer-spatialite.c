/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/db.h"
#include "tests/bench/tracks-peers.h"

struct PeerSpatialite {
    GeoDb *db;
};

PeerSpatialite *peer_spatialite_new(const char *path)
{
    static const char SQL_TABLE[] =
        "SELECT InitSpatialMetaDataFull(1);"
        "CREATE TABLE fix (id INTEGER PRIMARY KEY, unit_id INTEGER NOT NULL, at_ms INTEGER NOT"
        " NULL, speed REAL, heading REAL, accuracy REAL);"
        "SELECT AddGeometryColumn('fix', 'geom', 4326, 'POINT', 'XY', 1);"
        "SELECT CreateSpatialIndex('fix', 'geom'); CREATE INDEX fix_unit ON fix (unit_id, at_ms);";
    PeerSpatialite *peer = g_new0(PeerSpatialite, 1);
    peer->db = geo_db_open(path, GEO_DB_CREATE, true, NULL);
    if (peer->db)
        geo_db_set_migrating(peer->db, true);
    if (peer->db && geo_db_run(peer->db, SQL_TABLE, NULL))
        return peer;
    peer_spatialite_free(peer);
    return NULL;
}

bool peer_spatialite_ingest(PeerSpatialite *peer, const GeoFix *fixes, size_t n)
{
    static const char SQL_FIX[] = "INSERT INTO fix (unit_id, at_ms, speed, heading, accuracy, geom)"
                                  " VALUES (?, ?, ?, ?, ?, MakePoint(?, ?, 4326))";
    bool ok = geo_db_begin(peer->db, NULL);
    for (size_t i = 0; ok && i < n; i++) {
        GeoStatement *statement = geo_db_statement(peer->db, SQL_FIX, NULL);
        geo_db_bind_int(statement, 1, fixes[i].unit_id);
        geo_db_bind_int(statement, 2, fixes[i].at_ms);
        geo_db_bind_real(statement, 3, (double)fixes[i].speed_mps);
        geo_db_bind_real(statement, 4, (double)fixes[i].heading_deg);
        geo_db_bind_real(statement, 5, (double)fixes[i].accuracy_m);
        geo_db_bind_real(statement, 6, fixes[i].lon);
        geo_db_bind_real(statement, 7, fixes[i].lat);
        ok = geo_db_finish(peer->db, statement, NULL);
    }
    return ok && geo_db_commit(peer->db, NULL);
}

void peer_spatialite_free(PeerSpatialite *peer)
{
    geo_db_close(peer->db);
    g_free(peer);
}
