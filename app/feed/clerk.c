/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/clerk.h"

typedef struct {
    AppFeedWork work; /* NULL: the thread ends */
    AppFeedDone done;
    gpointer job;
} Task;

struct AppFeedClerk {
    GMainContext *context;
    char *path;
    GThread *thread;
    GAsyncQueue *to_thread, *from_thread; /* Task, owned */
    GAsyncQueue *ready;                   /* GError *, or the clerk itself: it works */
    GSource *waker;                       /* set ready by the thread */
    guint n;
};

GeoAct app_feed_clerk_act(void)
{
    GeoAct act = geo_act_local(NULL, g_get_real_time() / 1000);
    act.actor = "feed";
    act.role = GEO_ROLE_FEED;
    return act;
}

static gpointer run(gpointer data)
{
    AppFeedClerk *clerk = data;
    GError *error = NULL;
    g_autoptr(GeoStore) store = geo_store_open(clerk->path, NULL, &error);
    g_async_queue_push(clerk->ready, error ? (gpointer)error : (gpointer)clerk);
    bool more = store != NULL;
    while (more) {
        Task *task = g_async_queue_pop(clerk->to_thread);
        more = task->work != NULL;
        if (!more) {
            g_free(task);
            break;
        }
        task->work(store, task->job);
        g_async_queue_push(clerk->from_thread, task);
        g_source_set_ready_time(clerk->waker, 0);
    }
    return NULL;
}

static void answer(AppFeedClerk *clerk, Task *task)
{
    clerk->n--;
    task->done(task->job);
    g_free(task);
}

static gboolean on_wake(gpointer data)
{
    AppFeedClerk *clerk = data;
    Task *task;
    g_source_set_ready_time(clerk->waker, -1);
    while ((task = g_async_queue_try_pop(clerk->from_thread)))
        answer(clerk, task);
    return G_SOURCE_CONTINUE;
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    return callback(data);
}

static GSourceFuncs waker_funcs = {.dispatch = dispatch};

AppFeedClerk *app_feed_clerk_new(const char *path, GMainContext *context, GError **error)
{
    AppFeedClerk *clerk = g_new0(AppFeedClerk, 1);
    clerk->context = g_main_context_ref(context);
    clerk->path = g_strdup(path);
    clerk->to_thread = g_async_queue_new();
    clerk->from_thread = g_async_queue_new();
    clerk->ready = g_async_queue_new();
    clerk->waker = g_source_new(&waker_funcs, sizeof(GSource));
    g_source_set_callback(clerk->waker, on_wake, clerk, NULL);
    g_source_attach(clerk->waker, context);
    clerk->thread = g_thread_new("feed clerk", run, clerk);
    gpointer problem = g_async_queue_pop(clerk->ready);
    if (problem == clerk)
        return clerk;
    g_propagate_error(error, problem);
    g_thread_join(g_steal_pointer(&clerk->thread));
    app_feed_clerk_free(clerk);
    return NULL;
}

void app_feed_clerk_free(AppFeedClerk *clerk)
{
    if (!clerk)
        return;
    while (clerk->thread && clerk->n > 0) /* an answer may give another job */
        answer(clerk, g_async_queue_pop(clerk->from_thread));
    if (clerk->thread) {
        g_async_queue_push(clerk->to_thread, g_new0(Task, 1));
        g_thread_join(clerk->thread);
    }
    g_source_destroy(clerk->waker);
    g_source_unref(clerk->waker);
    g_async_queue_unref(clerk->to_thread);
    g_async_queue_unref(clerk->from_thread);
    g_async_queue_unref(clerk->ready);
    g_main_context_unref(clerk->context);
    g_free(clerk->path);
    g_free(clerk);
}

void app_feed_clerk_give(AppFeedClerk *clerk, AppFeedWork work, AppFeedDone done, gpointer job)
{
    Task task = {work, done, job};
    clerk->n++;
    g_async_queue_push(clerk->to_thread, g_memdup2(&task, sizeof task));
}

guint app_feed_clerk_n(const AppFeedClerk *clerk)
{
    return clerk->n;
}
