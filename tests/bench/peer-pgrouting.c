/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "tests/bench/dispatch-roads.h"
#include "tests/bench/pg-server.h"

/* All edges are turned round: what is asked is who comes, and pgRouting searches ahead. */
#define EDGES "SELECT id, source, target, cost, reverse_cost FROM edge"

struct PeerPgrouting {
    PgServer *server;
    char *version;
    const DispatchGraph *graph;
};

static void add_edge(GString *rows, const DispatchGraph *graph, uint32_t e)
{
    GeoXY a = graph->node[graph->from[e]], b = graph->node[graph->to[e]];
    double cost = graph->cost_s[e];
    g_string_append_printf(rows, "%u\t%u\t%u\t%.17g\t%.17g\tLINESTRING(%.3f %.3f,%.3f %.3f)\n", e,
                           graph->to[e], graph->from[e], graph->ahead[e] ? cost : -1,
                           graph->back[e] ? cost : -1, a.x, a.y, b.x, b.y);
}

static bool fill_edges(PeerPgrouting *peer)
{
    g_autoptr(GString) rows = g_string_new(NULL);
    for (uint32_t e = 0; e < peer->graph->n_edges; e++)
        add_edge(rows, peer->graph, e);
    return pg_server_command(peer->server, "CREATE EXTENSION postgis") &&
           pg_server_command(peer->server, "CREATE TABLE edge (id int8 PRIMARY KEY, source int8,"
                                           " target int8, cost float8, reverse_cost float8,"
                                           " geom geometry(LineString))") &&
           pg_server_copy(peer->server, "COPY edge FROM STDIN", rows->str, rows->len) &&
           pg_server_command(peer->server, "CREATE INDEX ON edge USING gist (geom)") &&
           pg_server_command(peer->server, "VACUUM ANALYZE edge");
}

bool peer_pgrouting_place(PeerPgrouting *peer, uint32_t n_units)
{
    const DispatchGraph *graph = peer->graph;
    g_autoptr(GString) rows = g_string_new(NULL);
    for (uint32_t u = 0; u < n_units; u++) {
        GeoXY p = graph->node[graph->unit_node[u]];
        g_string_append_printf(rows, "%u\t%u\tPOINT(%.3f %.3f)\n", u, graph->unit_node[u], p.x,
                               p.y);
    }
    return pg_server_command(peer->server, "DROP TABLE IF EXISTS unit") &&
           pg_server_command(peer->server,
                             "CREATE TABLE unit (id int8, node int8, geom geometry(Point))") &&
           pg_server_copy(peer->server, "COPY unit FROM STDIN", rows->str, rows->len) &&
           pg_server_command(peer->server, "CREATE INDEX ON unit (node)") &&
           pg_server_command(peer->server, "CREATE INDEX ON unit USING gist (geom)") &&
           pg_server_command(peer->server, "VACUUM ANALYZE unit");
}

static bool prepare(PeerPgrouting *peer)
{
    static const char SQL_REACH[] =
        "SELECT u.id, d.agg_cost FROM pgr_drivingDistance($1::text, $2::int8, $3::float8, true) d"
        " JOIN unit u ON u.node = d.node ORDER BY d.agg_cost LIMIT $4::int4";
    static const char SQL_CANDIDATES[] =
        "WITH near AS MATERIALIZED (SELECT id, node FROM unit ORDER BY geom <->"
        " ST_MakePoint($3::float8, $4::float8) LIMIT 50) SELECT n.id, coalesce(c.agg_cost, 0)"
        " FROM near n LEFT JOIN pgr_dijkstraCost($1::text, $2::int8,"
        " (SELECT array_agg(DISTINCT node) FROM near WHERE node <> $2::int8), true) c"
        " ON c.end_vid = n.node WHERE c.agg_cost IS NOT NULL OR n.node = $2::int8"
        " ORDER BY 2 LIMIT $5::int4";
    return pg_server_prepare(peer->server, "reach", SQL_REACH) &&
           pg_server_prepare(peer->server, "candidates", SQL_CANDIDATES);
}

PeerPgrouting *peer_pgrouting_start(const DispatchGraph *graph, char **why)
{
    PgServer *server = pg_server_start("-c max_wal_size=4GB -c client_min_messages=warning", why);
    if (!server)
        return NULL;
    PeerPgrouting *peer = g_new0(PeerPgrouting, 1);
    peer->server = server;
    peer->graph = graph;
    if (!fill_edges(peer) || !peer_pgrouting_place(peer, graph->n_units))
        *why = g_strdup("postgresql-15-postgis-3 is not installed");
    else if (!pg_server_command(server, "CREATE EXTENSION pgrouting") || !prepare(peer))
        *why = g_strdup("postgresql-15-pgrouting is not installed");
    if (*why) {
        peer_pgrouting_stop(peer);
        return NULL;
    }
    g_autofree char *version = pg_server_dup(server, "SELECT pgr_version()");
    peer->version = g_strdup_printf("pgrouting %s", version);
    return peer;
}

void peer_pgrouting_stop(PeerPgrouting *peer)
{
    pg_server_stop(peer->server);
    g_free(peer->version);
    g_free(peer);
}

const char *peer_pgrouting_version(const PeerPgrouting *peer)
{
    return peer->version;
}

static size_t ask(PeerPgrouting *peer, const char *name, int n, const char *const *values, size_t k,
                  DispatchHit *hits)
{
    PGconn *connection = peer->server->connection;
    PGresult *result = PQexecPrepared(connection, name, n, values, NULL, NULL, 0);
    size_t found = 0;
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        g_printerr("%s", PQerrorMessage(connection));
    for (int i = 0; i < PQntuples(result) && found < k; i++)
        hits[found++] =
            (DispatchHit){.unit = (uint32_t)g_ascii_strtoull(PQgetvalue(result, i, 0), NULL, 10),
                          .travel_s = g_ascii_strtod(PQgetvalue(result, i, 1), NULL)};
    PQclear(result);
    return found;
}

/* Nothing that is driven in within_s lies farther away than the fastest edge goes in it. */
static char *cut_edges(const DispatchGraph *graph, GeoXY p, double within_s)
{
    double reach_m = within_s * graph->fastest_mps + 1;
    return g_strdup_printf(EDGES " WHERE geom && ST_MakeEnvelope(%.3f,%.3f,%.3f,%.3f)",
                           p.x - reach_m, p.y - reach_m, p.x + reach_m, p.y + reach_m);
}

size_t peer_pgrouting_nearest(PeerPgrouting *peer, uint32_t node, size_t k, PeerPgroutingWay way,
                              double within_s, DispatchHit *hits)
{
    GeoXY p = peer->graph->node[node];
    char from[32], limit[32], most[32], x[32], y[32];
    g_snprintf(from, sizeof from, "%u", node);
    g_snprintf(limit, sizeof limit, "%zu", k);
    if (way == PEER_PGROUTING_CANDIDATES) {
        g_autofree char *edges = cut_edges(peer->graph, p, within_s);
        g_snprintf(x, sizeof x, "%.3f", p.x);
        g_snprintf(y, sizeof y, "%.3f", p.y);
        return ask(peer, "candidates", 5, (const char *const[]){edges, from, x, y, limit}, k, hits);
    }
    size_t n = 0;
    for (int round = 0; n < k && round < 12; round++, within_s *= 2) {
        g_autofree char *edges =
            way == PEER_PGROUTING_CUT ? cut_edges(peer->graph, p, within_s) : g_strdup(EDGES);
        g_snprintf(most, sizeof most, "%.6f", within_s);
        n = ask(peer, "reach", 4, (const char *const[]){edges, from, most, limit}, k, hits);
    }
    return n;
}
