/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In place of peer-postgis.c where libpq-dev is missing: there is no such peer. */
#include <math.h>

#include "tests/bench/tracks-peers.h"

PeerPostgis *peer_postgis_start(char **why)
{
    *why = g_strdup("libpq-dev was not installed when this was built");
    return NULL;
}

void peer_postgis_stop(PeerPostgis *peer)
{
    (void)peer;
}

const char *peer_postgis_version(const PeerPostgis *peer)
{
    (void)peer;
    return "none";
}

bool peer_postgis_ingest(PeerPostgis *peer, const GeoFix *fixes, size_t n)
{
    (void)peer;
    (void)fixes;
    (void)n;
    return false;
}

bool peer_postgis_drop_indexes(PeerPostgis *peer)
{
    (void)peer;
    return false;
}

bool peer_postgis_make_indexes(PeerPostgis *peer)
{
    (void)peer;
    return false;
}

double peer_postgis_bytes(PeerPostgis *peer)
{
    (void)peer;
    return NAN;
}

int peer_postgis_window(PeerPostgis *peer, const GeoBounds *box, int64_t from_ms, int64_t to_ms)
{
    (void)peer;
    return -1;
}

int peer_postgis_unit(PeerPostgis *peer, int64_t unit_id, int64_t from_ms, int64_t to_ms)
{
    (void)peer;
    return -1;
}
