/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The writer behind the sockets: gathers what is to be kept into groups, puts each on disk in a
 * thread of its own, and only then keeps the promises that were made for it: acknowledged means on
 * disk. While one group is written the next one gathers. A group that cannot be written is tried
 * again until it can, and nobody is told that it was kept. The same thread follows the store and
 * reads the muster anew when units, rosters or duty change. */
#include <gio/gio.h>
#include <stdbool.h>

#include "geo/work/admit.h"

typedef struct AppFeedKeeper AppFeedKeeper;

typedef struct {
    /* Units, rosters or duty have changed; the muster is the callee's. */
    void (*mustered)(GeoMuster *muster, gpointer user);
    gpointer user;
} AppFeedKeeperManners;

/* Opens the city in the thread and reads the muster, which is waited for. */
AppFeedKeeper *app_feed_keeper_new(const char *path, GMainContext *context,
                                   const AppFeedKeeperManners *manners, GeoMuster **muster,
                                   GError **error);
/* Writes what is gathered, if it can be written within some seconds; promises that could not be
 * kept are not. */
void app_feed_keeper_free(AppFeedKeeper *keeper);

/* The group that is gathering: append to these (GeoFix, GeoAdmitSos). Good until control goes back
 * to the main loop. */
GArray *app_feed_keeper_fixes(AppFeedKeeper *keeper);
GArray *app_feed_keeper_sos(AppFeedKeeper *keeper);

/* So much waits for a disk that does not take it that nothing more is to be gathered. */
bool app_feed_keeper_is_full(const AppFeedKeeper *keeper);

/* done(owner, id, tag) once all that has been gathered so far is on disk; at once, from the main
 * loop, when there is nothing to be written. */
typedef void (*AppFeedPromise)(gpointer owner, uint64_t id, uint32_t tag);
void app_feed_keeper_promise(AppFeedKeeper *keeper, AppFeedPromise done, gpointer owner,
                             uint64_t id, uint32_t tag);

typedef struct {
    uint64_t groups, fixes, refused;           /* on disk; refused by the store after all */
    uint64_t failures;                         /* tries that failed */
    size_t waiting;                            /* fixes that are not on disk yet */
    double kept_p50_s, kept_p99_s, kept_max_s; /* from a live fix to disk, of the newest 65,536;
                                                  NAN: none */
    double commit_p50_ms, commit_max_ms;       /* of the newest 256 groups; NAN: none */
    const char *trouble; /* why the last try failed, borrowed; NULL: it did not */
} AppFeedKept;

AppFeedKept app_feed_keeper_report(AppFeedKeeper *keeper);
