/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pool of one thread. The running job's words and share lie under a lock; the main thread hears
 * of them at most ten times a second. */
#include "app/session/jobs.h"

#include "geo/model/error.h"

#define TELL_US (G_USEC_PER_SEC / 10)

typedef struct {
    AppJobs *jobs; /* a reference */
    const char *what;
    AppJobFunc func;
    gpointer data, user, result; /* result: owned until handed over */
    GDestroyNotify release;
    AppJobDone done;
    GeoProgress *progress;
    GError *error;
} Job;

struct _AppJobs {
    GObject parent;
    char *city;
    GThreadPool *pool;
    GMutex lock;
    Job *running; /* under the lock */
    double share; /* under the lock */
    gint64 told_us;
    guint n;
    bool closed; /* under the lock */
};

G_DEFINE_TYPE(AppJobs, app_jobs, G_TYPE_OBJECT)

static guint changed_signal;

static gboolean tell_changed(gpointer data)
{
    AppJobs *self = data;
    if (!self->closed)
        g_signal_emit(self, changed_signal, 0);
    return G_SOURCE_REMOVE;
}

static void wake(AppJobs *self)
{
    g_idle_add_full(G_PRIORITY_DEFAULT, tell_changed, g_object_ref(self), g_object_unref);
}

/* In the job's thread. */
static void on_progress(const char *what, double share, void *user)
{
    AppJobs *self = user;
    gint64 now = g_get_monotonic_time();
    g_mutex_lock(&self->lock);
    self->share = share;
    bool tell = now - self->told_us > TELL_US;
    if (tell)
        self->told_us = now;
    g_mutex_unlock(&self->lock);
    if (tell)
        wake(self);
}

static void job_free(gpointer data)
{
    Job *job = data;
    if (job->result && job->release)
        job->release(job->result);
    geo_progress_free(job->progress);
    g_clear_error(&job->error);
    g_object_unref(job->jobs);
    g_free(job);
}

static gboolean hand_over(gpointer data)
{
    Job *job = data;
    AppJobs *self = job->jobs;
    self->n--;
    if (self->closed)
        return G_SOURCE_REMOVE;
    job->done(g_steal_pointer(&job->result), job->error, job->user);
    g_signal_emit(self, changed_signal, 0);
    return G_SOURCE_REMOVE;
}

static bool begin(AppJobs *self, Job *job)
{
    g_mutex_lock(&self->lock);
    bool closed = self->closed;
    self->running = closed ? NULL : job;
    self->share = -1;
    g_mutex_unlock(&self->lock);
    return !closed;
}

static void run(gpointer data, gpointer user)
{
    Job *job = data;
    AppJobs *self = job->jobs;
    GeoStoreOptions reading = {.read_only = true};
    if (begin(self, job)) {
        wake(self);
        g_autoptr(GeoStore) store = geo_store_open(self->city, &reading, &job->error);
        if (store)
            job->result = job->func(store, job->data, job->progress, &job->error);
    }
    g_mutex_lock(&self->lock);
    self->running = NULL;
    g_mutex_unlock(&self->lock);
    g_idle_add_full(G_PRIORITY_DEFAULT, hand_over, job, job_free);
}

AppJobs *app_jobs_new(const char *city)
{
    AppJobs *self = g_object_new(APP_TYPE_JOBS, NULL);
    self->city = g_strdup(city);
    self->pool = g_thread_pool_new(run, NULL, 1, FALSE, NULL);
    return self;
}

void app_jobs_add(AppJobs *self, const char *what, AppJobFunc func, gpointer data,
                  GDestroyNotify release, AppJobDone done, gpointer user)
{
    g_return_if_fail(!self->closed);
    Job *job = g_new0(Job, 1);
    *job = (Job){.jobs = g_object_ref(self),
                 .what = what,
                 .func = func,
                 .data = data,
                 .user = user,
                 .release = release,
                 .done = done};
    job->progress = geo_progress_new(on_progress, self);
    self->n++;
    g_thread_pool_push(self->pool, job, NULL);
}

const char *app_jobs_running(AppJobs *self, double *share)
{
    g_mutex_lock(&self->lock);
    const char *what = self->running ? self->running->what : NULL;
    *share = self->share;
    g_mutex_unlock(&self->lock);
    return what;
}

guint app_jobs_n(AppJobs *self)
{
    return self->n;
}

void app_jobs_cancel(AppJobs *self)
{
    g_mutex_lock(&self->lock);
    if (self->running)
        geo_progress_cancel(self->running->progress);
    g_mutex_unlock(&self->lock);
}

void app_jobs_close(AppJobs *self)
{
    if (self->closed)
        return;
    g_mutex_lock(&self->lock);
    self->closed = true;
    if (self->running)
        geo_progress_cancel(self->running->progress);
    g_mutex_unlock(&self->lock);
    g_thread_pool_free(g_steal_pointer(&self->pool), FALSE, TRUE);
}

static void finalize(GObject *object)
{
    AppJobs *self = APP_JOBS(object);
    g_mutex_clear(&self->lock);
    g_free(self->city);
    G_OBJECT_CLASS(app_jobs_parent_class)->finalize(object);
}

static void app_jobs_class_init(AppJobsClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    changed_signal = g_signal_new("changed", APP_TYPE_JOBS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void app_jobs_init(AppJobs *self)
{
    g_mutex_init(&self->lock);
}
