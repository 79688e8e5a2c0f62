/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In place of peer-pgrouting.c where libpq-dev is missing: there is no such peer. */
#include "tests/bench/dispatch-roads.h"

PeerPgrouting *peer_pgrouting_start(const DispatchGraph *graph, char **why)
{
    (void)graph;
    *why = g_strdup("libpq-dev was not installed when this was built");
    return NULL;
}

void peer_pgrouting_stop(PeerPgrouting *peer)
{
    (void)peer;
}

const char *peer_pgrouting_version(const PeerPgrouting *peer)
{
    (void)peer;
    return "none";
}

bool peer_pgrouting_place(PeerPgrouting *peer, uint32_t n_units)
{
    (void)peer;
    (void)n_units;
    return false;
}

size_t peer_pgrouting_nearest(PeerPgrouting *peer, uint32_t node, size_t k, PeerPgroutingWay way,
                              double within_s, DispatchHit *hits)
{
    (void)peer;
    (void)node;
    (void)k;
    (void)way;
    (void)within_s;
    (void)hits;
    return 0;
}
