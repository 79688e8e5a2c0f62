/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What bench-tracks is measured against: rows of points in PostgreSQL with PostGIS, of a throw-away
 * server on a socket in a temporary folder, and in SpatiaLite. */
#include <glib.h>
#include <stdbool.h>

#include "geo/model/coord.h"
#include "geo/model/fix.h"

typedef struct PeerPostgis PeerPostgis;

/* NULL and in why (owned) the reason, where there is no server or no PostGIS. */
PeerPostgis *peer_postgis_start(char **why);
void peer_postgis_stop(PeerPostgis *peer);
const char *peer_postgis_version(const PeerPostgis *peer);

/* One COPY and commit; the table has its indexes: unit with time, place (GiST), time (BRIN). */
bool peer_postgis_ingest(PeerPostgis *peer, const GeoFix *fixes, size_t n);
/* Without indexes from now on, and with them again. */
bool peer_postgis_drop_indexes(PeerPostgis *peer);
bool peer_postgis_make_indexes(PeerPostgis *peer);

double peer_postgis_bytes(PeerPostgis *peer); /* table and indexes, after VACUUM */

/* Rows of unit, time, longitude, latitude are fetched and counted. */
int peer_postgis_window(PeerPostgis *peer, const GeoBounds *box, int64_t from_ms, int64_t to_ms);
int peer_postgis_unit(PeerPostgis *peer, int64_t unit_id, int64_t from_ms, int64_t to_ms);

/* Point rows with an R*Tree and an index of unit with time, in path; each call a transaction. */
typedef struct PeerSpatialite PeerSpatialite;
PeerSpatialite *peer_spatialite_new(const char *path);
bool peer_spatialite_ingest(PeerSpatialite *peer, const GeoFix *fixes, size_t n);
void peer_spatialite_free(PeerSpatialite *peer);
