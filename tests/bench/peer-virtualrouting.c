/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "geo/store/db.h"
#include "tests/bench/dispatch-roads.h"

/* Numbers of nodes begin with 1. All edges are turned round: what is asked is who comes. */
struct PeerVirtual {
    GeoDb *db;
    char *folder, *path, *version;
    const DispatchGraph *graph;
    uint32_t *unit0, *unit; /* by node */
};

static bool fill_edges(PeerVirtual *peer)
{
    static const char SQL_TABLE[] =
        "SELECT InitSpatialMetaDataFull(1, 'NONE');"
        "CREATE TABLE edge (id INTEGER PRIMARY KEY, node_from INTEGER NOT NULL, node_to INTEGER NOT"
        " NULL, cost REAL NOT NULL, ahead INTEGER NOT NULL, back INTEGER NOT NULL);"
        "SELECT AddGeometryColumn('edge', 'geom', -1, 'LINESTRING', 'XY', 1);";
    static const char SQL_EDGE[] =
        "INSERT INTO edge (node_from, node_to, cost, ahead, back, geom) VALUES (?, ?, ?, ?, ?,"
        " MakeLine(MakePoint(?, ?, -1), MakePoint(?, ?, -1)))";
    const DispatchGraph *graph = peer->graph;
    bool ok = geo_db_run(peer->db, SQL_TABLE, NULL) && geo_db_begin(peer->db, NULL);
    for (uint32_t e = 0; ok && e < graph->n_edges; e++) {
        if (!graph->ahead[e] && !graph->back[e])
            continue;
        GeoXY a = graph->node[graph->to[e]], b = graph->node[graph->from[e]];
        GeoStatement *statement = geo_db_statement(peer->db, SQL_EDGE, NULL);
        geo_db_bind_int(statement, 1, (int64_t)graph->to[e] + 1);
        geo_db_bind_int(statement, 2, (int64_t)graph->from[e] + 1);
        geo_db_bind_real(statement, 3, graph->cost_s[e]);
        geo_db_bind_int(statement, 4, graph->ahead[e]);
        geo_db_bind_int(statement, 5, graph->back[e]);
        geo_db_bind_real(statement, 6, a.x);
        geo_db_bind_real(statement, 7, a.y);
        geo_db_bind_real(statement, 8, b.x);
        geo_db_bind_real(statement, 9, b.y);
        ok = geo_db_finish(peer->db, statement, NULL);
    }
    return ok && geo_db_commit(peer->db, NULL);
}

static char *dup_version(PeerVirtual *peer)
{
    static const char SQL_VERSION[] = "SELECT spatialite_version()";
    GeoStatement *statement = geo_db_statement(peer->db, SQL_VERSION, NULL);
    char *version = geo_db_step(peer->db, statement, NULL) == GEO_DB_ROW
                        ? g_strdup_printf("VirtualRouting %s", geo_db_text(statement, 0))
                        : NULL;
    geo_db_reset(statement);
    return version;
}

PeerVirtual *peer_virtual_start(const DispatchGraph *graph, char **why)
{
    static const char SQL_NET[] = "SELECT CreateRouting('net_data', 'net', 'edge', 'node_from',"
                                  " 'node_to', 'geom', 'cost', NULL, 0, 1, 'ahead', 'back', 1)";
    PeerVirtual *peer = g_new0(PeerVirtual, 1);
    g_autoptr(GError) error = NULL;
    int64_t made = 0;
    peer->graph = graph;
    peer->folder = g_dir_make_tmp("gridbeat-routing-XXXXXX", NULL);
    peer->path = g_build_filename(peer->folder, "net.sqlite", NULL);
    peer->db = geo_db_open(peer->path, GEO_DB_CREATE, true, &error);
    *why = NULL;
    if (peer->db)
        geo_db_set_migrating(peer->db, true);
    if (!peer->db || !fill_edges(peer) || !geo_db_scalar(peer->db, SQL_NET, 0, &made, &error) ||
        made != 1) {
        *why = g_strdup(error ? error->message : "CreateRouting makes no network");
        peer_virtual_stop(peer);
        return NULL;
    }
    peer->version = dup_version(peer);
    return peer;
}

void peer_virtual_stop(PeerVirtual *peer)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    geo_db_close(peer->db);
    for (size_t i = 0; i < G_N_ELEMENTS(tails); i++) {
        g_autofree char *path = g_strconcat(peer->path, tails[i], NULL);
        g_unlink(path);
    }
    g_rmdir(peer->folder);
    g_free(peer->folder);
    g_free(peer->path);
    g_free(peer->version);
    g_free(peer->unit0);
    g_free(peer->unit);
    g_free(peer);
}

const char *peer_virtual_version(const PeerVirtual *peer)
{
    return peer->version;
}

void peer_virtual_place(PeerVirtual *peer, uint32_t n_units)
{
    const DispatchGraph *graph = peer->graph;
    g_free(peer->unit0);
    g_free(peer->unit);
    peer->unit0 = g_new0(uint32_t, graph->n_nodes + 2);
    peer->unit = g_new(uint32_t, n_units + 1);
    for (uint32_t u = 0; u < n_units; u++)
        peer->unit0[graph->unit_node[u] + 2]++;
    for (uint32_t v = 0; v < graph->n_nodes; v++)
        peer->unit0[v + 2] += peer->unit0[v + 1];
    for (uint32_t u = 0; u < n_units; u++)
        peer->unit[peer->unit0[graph->unit_node[u] + 1]++] = u;
}

/* Keeps the k soonest, in order. */
static void offer(const PeerVirtual *peer, uint32_t node, double travel_s, size_t k, size_t *n,
                  DispatchHit *hits)
{
    for (uint32_t i = peer->unit0[node]; i < peer->unit0[node + 1]; i++) {
        size_t at = *n;
        if (at == k && travel_s >= hits[k - 1].travel_s)
            return;
        at = at == k ? k - 1 : (*n)++;
        for (; at > 0 && hits[at - 1].travel_s > travel_s; at--)
            hits[at] = hits[at - 1];
        hits[at] = (DispatchHit){peer->unit[i], travel_s};
    }
}

size_t peer_virtual_nearest(PeerVirtual *peer, uint32_t node, size_t k, double within_s,
                            DispatchHit *hits)
{
    /* With a join or an ORDER BY it gives no rows in 5.0.1: both are done here. */
    static const char SQL_REACH[] = "SELECT NodeTo, Cost FROM net WHERE NodeFrom = ? AND Cost <= ?";
    size_t n = 0;
    for (int round = 0; n < k && round < 12; round++, within_s *= 2) {
        GeoStatement *statement = geo_db_statement(peer->db, SQL_REACH, NULL);
        n = 0;
        geo_db_bind_int(statement, 1, (int64_t)node + 1);
        geo_db_bind_real(statement, 2, within_s);
        offer(peer, node, 0, k, &n, hits); /* it is not in its own reach */
        while (geo_db_step(peer->db, statement, NULL) == GEO_DB_ROW)
            if (geo_db_int(statement, 0) > 0) /* an empty reach is a row of NULL */
                offer(peer, (uint32_t)(geo_db_int(statement, 0) - 1), geo_db_real(statement, 1), k,
                      &n, hits);
        geo_db_reset(statement);
    }
    return n;
}
