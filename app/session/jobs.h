/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Long work beside the session, one at a time, each with a read-only store of its own: says how far
 * it is, can be cancelled, ends at once when the city is closed. */
#include <gio/gio.h>

#include "geo/model/progress.h"
#include "geo/store/store.h"

#define APP_TYPE_JOBS app_jobs_get_type()
G_DECLARE_FINAL_TYPE(AppJobs, app_jobs, APP, JOBS, GObject)

/* Runs in a thread; returns the result or NULL with error. data as given. */
typedef gpointer (*AppJobFunc)(GeoStore *store, gpointer data, GeoProgress *progress,
                               GError **error);

/* Called in the main thread with the result, which is the callee's from then on (freed by release
 * when nobody waits any more), or with an error. */
typedef void (*AppJobDone)(gpointer result, const GError *error, gpointer user);

/* Signal "changed": what runs, or how far it is, has changed. */
AppJobs *app_jobs_new(const char *city);

/* what: for people, lives for ever. data is borrowed by the job until done. */
void app_jobs_add(AppJobs *jobs, const char *what, AppJobFunc func, gpointer data,
                  GDestroyNotify release, AppJobDone done, gpointer user);

/* What runs now, NULL: nothing; share 0..1, negative while unknown. */
const char *app_jobs_running(AppJobs *jobs, double *share);
guint app_jobs_n(AppJobs *jobs); /* running and waiting */

/* The one that runs; its done is called with a cancelled error. */
void app_jobs_cancel(AppJobs *jobs);

/* Cancels all and waits for the thread; done is called for none of them. */
void app_jobs_close(AppJobs *jobs);
