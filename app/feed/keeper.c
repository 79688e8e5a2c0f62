/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/keeper.h"

#include <math.h>
#include <stdlib.h>

#include "geo/model/error.h"

#define GATHER_MS 100     /* a group gathers for so long, and for as long as the last is written */
#define RETRY_MS 1000     /* after a failure */
#define FOLLOW_US 1000000 /* between looks at the store */
#define LAST_TRY_S 5      /* for what is left at the end */
#define MAX_WAITING 1000000 /* fixes: 48 MB */
#define SAMPLES 65536
#define COMMITS 256
#define LATE_S 3600.0 /* what was kept back so long by its device says nothing of us */

typedef struct {
    AppFeedPromise done;
    gpointer owner;
    uint64_t id;
    uint32_t tag;
} Promise;

typedef struct {
    GArray *fixes, *sos, *promises; /* owned */
    size_t refused;
    double commit_ms;
    GError *error; /* why it could not be written; owned */
} Group;

/* To the thread: a group, or nothing, which ends it. From the thread: a group, or a muster. */
typedef struct {
    Group *group;
    GeoMuster *muster;
    bool quit;
} Parcel;

struct AppFeedKeeper {
    GMainContext *context;
    AppFeedKeeperManners manners;
    GThread *thread;
    GAsyncQueue *to_thread, *from_thread; /* Parcel, owned */
    char *path;
    Group *open;    /* owned, as all below; never NULL */
    Group *writing; /* borrowed by the thread until it comes back */
    GSource *due;   /* when the open group is handed over */
    AppFeedKept report;
    char *trouble;
    float kept_s[SAMPLES], commit_ms[COMMITS];
    uint64_t n_kept, n_commits;
};

/* ---- groups ---- */

static Group *group_new(void)
{
    Group *group = g_new0(Group, 1);
    group->fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    group->sos = g_array_new(FALSE, FALSE, sizeof(GeoAdmitSos));
    group->promises = g_array_new(FALSE, FALSE, sizeof(Promise));
    return group;
}

static void group_free(Group *group)
{
    if (!group)
        return;
    g_array_unref(group->fixes);
    g_array_unref(group->sos);
    g_array_unref(group->promises);
    g_clear_error(&group->error);
    g_free(group);
}

static bool group_is_empty(const Group *group)
{
    return group->fixes->len == 0 && group->sos->len == 0;
}

/* ---- the thread ---- */

typedef struct {
    AppFeedKeeper *keeper;
    GeoStore *store;   /* owned */
    GeoMuster *muster; /* a reference */
    gint64 next_look_us;
} Writer;

static gboolean take_back(gpointer data);

/* Not g_main_context_invoke(): that may run here when nobody iterates the context just then. */
static void wake(AppFeedKeeper *keeper)
{
    GSource *source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, take_back, keeper, NULL);
    g_source_attach(source, keeper->context);
    g_source_unref(source);
}

static void send_back(AppFeedKeeper *keeper, Parcel what)
{
    g_async_queue_push(keeper->from_thread, g_memdup2(&what, sizeof what));
    wake(keeper);
}

static GeoAct feed_act(int64_t now_ms)
{
    GeoAct act = geo_act_local(NULL, now_ms);
    act.actor = "feed";
    act.role = GEO_ROLE_FEED;
    return act;
}

/* An emergency opens its unit's duty, so that the place which came with it can be kept whoever was
 * off. One id for one alarm: a group that is tried again raises it once. */
static bool raise_sos(Writer *writer, const GeoAct *act, const GeoAdmitSos *sos, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *id =
        g_strdup_printf("sos-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, sos->unit_id, sos->at_ms);
    GeoAct once = *act;
    GeoDutyEntry entry = {.unit_id = sos->unit_id,
                          .what = GEO_DUTY_SOS,
                          .from_ms = MIN(sos->at_ms, act->now_ms),
                          .to_ms = GEO_DUTY_OPEN,
                          .device = sos->key};
    once.command_id = id;
    if (sos->unit_id == 0 || geo_store_sign(writer->store, &once, &entry, 1, &problem))
        return true;
    /* Its unit has gone meanwhile: it was told all the same, and holds nobody else up. */
    if (g_error_matches(problem, GEO_ERROR, GEO_ERROR_MISSING))
        return true;
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
}

static void write_group(Writer *writer, Group *group)
{
    gint64 begun = g_get_monotonic_time();
    GeoAct act = feed_act(g_get_real_time() / 1000);
    bool ok = true;
    group->refused = 0;
    for (guint i = 0; i < group->sos->len && ok; i++)
        ok = raise_sos(writer, &act, &g_array_index(group->sos, GeoAdmitSos, i), &group->error);
    if (ok && group->fixes->len > 0)
        geo_store_ingest_fixes(writer->store, &act, (const GeoFix *)(void *)group->fixes->data,
                               group->fixes->len, &group->refused, &group->error);
    group->commit_ms = (double)(g_get_monotonic_time() - begun) / 1000;
}

/* That the store cannot be read now is told by the next write. */
static void follow_store(Writer *writer)
{
    int64_t now_ms = g_get_real_time() / 1000;
    bool stale = false;
    if (!geo_muster_is_stale(writer->muster, writer->store, now_ms, &stale, NULL) || !stale)
        return;
    GeoMuster *muster = geo_muster_load(writer->store, now_ms, NULL);
    if (!muster)
        return;
    geo_muster_unref(writer->muster);
    writer->muster = muster;
    send_back(writer->keeper, (Parcel){.muster = geo_muster_ref(muster)});
}

static void serve(Writer *writer)
{
    AppFeedKeeper *keeper = writer->keeper;
    for (bool quit = false; !quit;) {
        gint64 wait = writer->next_look_us - g_get_monotonic_time();
        g_autofree Parcel *parcel =
            g_async_queue_timeout_pop(keeper->to_thread, (guint64)MAX(wait, 1));
        quit = parcel && parcel->quit;
        if (parcel && parcel->group) {
            write_group(writer, parcel->group);
            send_back(keeper, (Parcel){.group = parcel->group});
        }
        if (!quit && g_get_monotonic_time() >= writer->next_look_us) {
            follow_store(writer);
            writer->next_look_us = g_get_monotonic_time() + FOLLOW_US;
        }
    }
}

typedef struct {
    AppFeedKeeper *keeper;
    GAsyncQueue *ready; /* Opened */
} Start;

typedef struct {
    GeoMuster *muster;
    GError *error;
} Opened;

static gpointer run(gpointer data)
{
    Start *start = data;
    Opened *opened = g_new0(Opened, 1);
    Writer writer = {.keeper = start->keeper};
    writer.store = geo_store_open(start->keeper->path, NULL, &opened->error);
    if (writer.store && geo_store_is_read_only(writer.store)) {
        g_set_error(&opened->error, GEO_ERROR, GEO_ERROR_REFUSED, "'%s' cannot be written: %s",
                    start->keeper->path, geo_store_warning(writer.store));
        g_clear_pointer(&writer.store, geo_store_close);
    }
    if (writer.store)
        writer.muster = geo_muster_load(writer.store, g_get_real_time() / 1000, &opened->error);
    opened->muster = writer.muster ? geo_muster_ref(writer.muster) : NULL;
    bool works = writer.muster != NULL;
    g_async_queue_push(start->ready, opened); /* start is gone after this */
    if (works)
        serve(&writer);
    geo_muster_unref(writer.muster);
    geo_store_close(writer.store);
    return NULL;
}

/* ---- the main loop ---- */

static gboolean hand_over(gpointer data);

static void drop_source(GSource **source)
{
    if (*source) {
        g_source_destroy(*source);
        g_source_unref(*source);
        *source = NULL;
    }
}

static void hand_over_in(AppFeedKeeper *keeper, guint ms)
{
    if (keeper->due || keeper->writing)
        return;
    keeper->due = g_timeout_source_new(ms);
    g_source_set_callback(keeper->due, hand_over, keeper, NULL);
    g_source_attach(keeper->due, keeper->context);
}

static void keep_promises(Group *group)
{
    for (guint i = 0; i < group->promises->len; i++) {
        const Promise *promise = &g_array_index(group->promises, Promise, i);
        promise->done(promise->owner, promise->id, promise->tag);
    }
    g_array_set_size(group->promises, 0);
}

static gboolean hand_over(gpointer data)
{
    AppFeedKeeper *keeper = data;
    drop_source(&keeper->due);
    if (keeper->writing)
        return G_SOURCE_REMOVE;
    Group *group = keeper->open;
    keeper->open = group_new();
    if (group_is_empty(group)) {
        keep_promises(group);
        group_free(group);
        return G_SOURCE_REMOVE;
    }
    keeper->writing = group;
    Parcel parcel = {.group = group};
    g_async_queue_push(keeper->to_thread, g_memdup2(&parcel, sizeof parcel));
    return G_SOURCE_REMOVE;
}

static void note_kept(AppFeedKeeper *keeper, const Group *group)
{
    double now_s = (double)g_get_real_time() / 1e6;
    for (guint i = 0; i < group->fixes->len; i++) {
        double kept_s = now_s - (double)g_array_index(group->fixes, GeoFix, i).at_ms / 1000;
        if (kept_s < LATE_S)
            keeper->kept_s[keeper->n_kept++ % SAMPLES] = (float)kept_s;
    }
    keeper->commit_ms[keeper->n_commits++ % COMMITS] = (float)group->commit_ms;
    keeper->report.groups++;
    keeper->report.fixes += group->fixes->len - group->refused;
    keeper->report.refused += group->refused;
    g_clear_pointer(&keeper->trouble, g_free);
}

/* What could not be written goes before what has gathered since. */
static void gather_again(AppFeedKeeper *keeper, Group *group)
{
    Group *open = keeper->open;
    g_array_append_vals(group->fixes, open->fixes->data, open->fixes->len);
    g_array_append_vals(group->sos, open->sos->data, open->sos->len);
    g_array_append_vals(group->promises, open->promises->data, open->promises->len);
    group_free(open);
    keeper->open = group;
    keeper->report.failures++;
    g_free(keeper->trouble);
    keeper->trouble = g_strdup(group->error->message);
    g_clear_error(&group->error);
}

static void take_group(AppFeedKeeper *keeper, Group *group)
{
    keeper->writing = NULL;
    if (group->error) {
        gather_again(keeper, group);
        hand_over_in(keeper, RETRY_MS);
        return;
    }
    note_kept(keeper, group);
    keep_promises(group);
    group_free(group);
    if (!group_is_empty(keeper->open) || keeper->open->promises->len > 0)
        hand_over_in(keeper, GATHER_MS);
}

static gboolean take_back(gpointer data)
{
    AppFeedKeeper *keeper = data;
    Parcel *parcel;
    while ((parcel = g_async_queue_try_pop(keeper->from_thread))) {
        if (parcel->group)
            take_group(keeper, parcel->group);
        if (parcel->muster)
            keeper->manners.mustered(parcel->muster, keeper->manners.user);
        g_free(parcel);
    }
    return G_SOURCE_REMOVE;
}

AppFeedKeeper *app_feed_keeper_new(const char *path, GMainContext *context,
                                   const AppFeedKeeperManners *manners, GeoMuster **muster,
                                   GError **error)
{
    AppFeedKeeper *keeper = g_new0(AppFeedKeeper, 1);
    keeper->context = g_main_context_ref(context);
    keeper->manners = *manners;
    keeper->path = g_strdup(path);
    keeper->to_thread = g_async_queue_new();
    keeper->from_thread = g_async_queue_new();
    keeper->open = group_new();
    Start start = {keeper, g_async_queue_new()};
    keeper->thread = g_thread_new("feed writer", run, &start);
    g_autofree Opened *opened = g_async_queue_pop(start.ready);
    g_async_queue_unref(start.ready);
    if (opened->error) {
        g_propagate_error(error, opened->error);
        g_thread_join(g_steal_pointer(&keeper->thread));
        app_feed_keeper_free(keeper);
        return NULL;
    }
    *muster = opened->muster;
    return keeper;
}

/* The last group, in turns of the context, as long as there is hope. */
static void write_last(AppFeedKeeper *keeper)
{
    gint64 end = g_get_monotonic_time() + LAST_TRY_S * G_USEC_PER_SEC;
    while ((keeper->writing || !group_is_empty(keeper->open) || keeper->open->promises->len > 0) &&
           g_get_monotonic_time() < end) {
        if (!keeper->writing && !keeper->due)
            hand_over(keeper);
        take_back(keeper);
        while (g_main_context_iteration(keeper->context, FALSE))
            ;
        g_usleep(1000);
    }
}

void app_feed_keeper_free(AppFeedKeeper *keeper)
{
    if (!keeper)
        return;
    if (keeper->thread) {
        Parcel quit = {.quit = true};
        write_last(keeper);
        g_async_queue_push(keeper->to_thread, g_memdup2(&quit, sizeof quit));
        g_thread_join(keeper->thread);
    }
    Parcel *parcel;
    while ((parcel = g_async_queue_try_pop(keeper->from_thread))) {
        if (parcel->group != keeper->writing)
            group_free(parcel->group);
        geo_muster_unref(parcel->muster);
        g_free(parcel);
    }
    drop_source(&keeper->due);
    group_free(keeper->writing);
    group_free(keeper->open);
    g_async_queue_unref(keeper->to_thread);
    g_async_queue_unref(keeper->from_thread);
    g_main_context_unref(keeper->context);
    g_free(keeper->trouble);
    g_free(keeper->path);
    g_free(keeper);
}

GArray *app_feed_keeper_fixes(AppFeedKeeper *keeper)
{
    hand_over_in(keeper, GATHER_MS);
    return keeper->open->fixes;
}

GArray *app_feed_keeper_sos(AppFeedKeeper *keeper)
{
    return keeper->open->sos;
}

bool app_feed_keeper_is_full(const AppFeedKeeper *keeper)
{
    return keeper->open->fixes->len > MAX_WAITING;
}

void app_feed_keeper_promise(AppFeedKeeper *keeper, AppFeedPromise done, gpointer owner,
                             uint64_t id, uint32_t tag)
{
    Promise promise = {done, owner, id, tag};
    g_array_append_val(keeper->open->promises, promise);
    hand_over_in(keeper, group_is_empty(keeper->open) ? 0 : GATHER_MS);
}

static int by_float(const void *a, const void *b)
{
    float p = *(const float *)a, q = *(const float *)b;
    return (p > q) - (p < q);
}

AppFeedKept app_feed_keeper_report(AppFeedKeeper *keeper)
{
    AppFeedKept report = keeper->report;
    size_t n = (size_t)MIN(keeper->n_kept, SAMPLES), m = (size_t)MIN(keeper->n_commits, COMMITS);
    g_autofree float *kept = g_memdup2(keeper->kept_s, n * sizeof(float) + 1);
    g_autofree float *commits = g_memdup2(keeper->commit_ms, m * sizeof(float) + 1);
    qsort(kept, n, sizeof(float), by_float);
    qsort(commits, m, sizeof(float), by_float);
    report.kept_p50_s = n ? kept[n / 2] : NAN;
    report.kept_p99_s = n ? kept[n * 99 / 100] : NAN;
    report.kept_max_s = n ? kept[n - 1] : NAN;
    report.commit_p50_ms = m ? commits[m / 2] : NAN;
    report.commit_max_ms = m ? commits[m - 1] : NAN;
    report.waiting = keeper->open->fixes->len + (keeper->writing ? keeper->writing->fixes->len : 0);
    report.trouble = keeper->trouble;
    return report;
}
