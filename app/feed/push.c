/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/push.h"

#include <libsoup/soup.h>

#include "app/feed/outbox-json.h"
#include "geo/work/pushlist.h"

#define TICK_MS 1000
#define ROWS 200
#define TIMEOUT_S 10
#define MAX_PAUSE_S 60
#define USE "outbox"

/* What a source has not been told, and how telling it goes. */
typedef struct {
    gint64 next_us;
    guint pause_s;
    bool posting;
} Source;

struct AppFeedPush {
    AppFeedClerk *clerk;
    const AppFeedSecret *secret;
    SoupSession *session; /* owned, as all below */
    GCancellable *cancellable;
    GHashTable *sources; /* char * -> Source */
    GPtrArray *posts;    /* Post, not owned: under way */
    GSource *ticker;
    int64_t seen; /* the change of the city that the last look was at */
    bool quiet;   /* and it found nothing to tell, or to wait for */
    bool looking, closed;
};

typedef struct {
    char *source, *url, *body;
    int64_t last;
} Parcel;

typedef struct {
    AppFeedPush *push; /* NULL: it is gone */
    SoupMessage *message;
    Parcel *parcel;
} Post;

static void parcel_free(gpointer data)
{
    Parcel *parcel = data;
    g_free(parcel->source);
    g_free(parcel->url);
    g_free(parcel->body);
    g_free(parcel);
}

static Source *source_of(AppFeedPush *push, const char *name)
{
    Source *source = g_hash_table_lookup(push->sources, name);
    if (!source) {
        source = g_new0(Source, 1);
        g_hash_table_insert(push->sources, g_strdup(name), source);
    }
    return source;
}

/* ---- told ---- */

typedef struct {
    AppFeedPush *push;
    char *source;
    int64_t seq;
} Told;

static void write_told(GeoStore *store, gpointer data)
{
    const Told *told = data;
    GeoAct act = app_feed_clerk_act();
    /* What cannot be written down now is told once more. */
    geo_store_confirm_outbox(store, &act, told->source, told->seq, NULL);
}

static void after_told(gpointer data)
{
    Told *told = data;
    Source *source = source_of(told->push, told->source);
    source->posting = false;
    g_free(told->source);
    g_free(told);
}

static void on_answer(GObject *session, GAsyncResult *result, gpointer data)
{
    Post *post = data;
    AppFeedPush *push = post->push;
    g_autoptr(GBytes) answer =
        soup_session_send_and_read_finish(SOUP_SESSION(session), result, NULL);
    guint status = answer ? soup_message_get_status(post->message) : 0;
    if (push) {
        Source *source = source_of(push, post->parcel->source);
        g_ptr_array_remove_fast(push->posts, post);
        if (status >= 200 && status < 300 && !push->closed) {
            Told told = {push, g_strdup(post->parcel->source), post->parcel->last};
            source->pause_s = 0;
            app_feed_clerk_give(push->clerk, write_told, after_told, g_memdup2(&told, sizeof told));
        } else {
            source->pause_s = CLAMP(source->pause_s * 2, 1, MAX_PAUSE_S);
            source->next_us = g_get_monotonic_time() + (gint64)source->pause_s * G_USEC_PER_SEC;
            source->posting = false;
        }
    }
    g_object_unref(post->message);
    parcel_free(post->parcel);
    g_free(post);
}

static void post(AppFeedPush *push, Parcel *parcel)
{
    SoupMessage *message = soup_message_new("POST", parcel->url);
    if (!message) {
        parcel_free(parcel);
        return;
    }
    char code[APP_FEED_CODE_SIZE];
    app_feed_secret_code(push->secret, USE, parcel->source, code);
    g_autofree char *bearer = g_strconcat("Bearer ", code, NULL);
    g_autofree char *key = g_strdup_printf("%s-%" G_GINT64_FORMAT, parcel->source, parcel->last);
    g_autoptr(GBytes) body = g_bytes_new(parcel->body, strlen(parcel->body));
    SoupMessageHeaders *headers = soup_message_get_request_headers(message);
    soup_message_headers_append(headers, "Authorization", bearer);
    soup_message_headers_append(headers, "Idempotency-Key", key);
    soup_message_set_request_body_from_bytes(message, "application/json", body);
    soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
    Post one = {push, message, parcel};
    Post *posted = g_memdup2(&one, sizeof one);
    g_ptr_array_add(push->posts, posted);
    source_of(push, parcel->source)->posting = true;
    soup_session_send_and_read_async(push->session, message, G_PRIORITY_DEFAULT, push->cancellable,
                                     on_answer, posted);
}

/* ---- what is to be told ---- */

typedef struct {
    AppFeedPush *push;
    GPtrArray *busy;    /* char *, owned: not now */
    GPtrArray *parcels; /* Parcel */
    int64_t seen;
    bool quiet;
} Look;

static void look(GeoStore *store, gpointer data)
{
    Look *job = data;
    g_autoptr(GArray) changes = geo_store_changes_since(store, job->seen, NULL);
    if (job->quiet && changes && changes->len == 0)
        return;
    g_autoptr(GArray) list = geo_pushlist_load(store, NULL);
    job->quiet = changes && list && job->busy->len == 0;
    if (changes && changes->len > 0)
        job->seen = g_array_index(changes, GeoChange, changes->len - 1).seq;
    for (guint i = 0; list && i < list->len; i++) {
        const GeoPush *to = &g_array_index(list, GeoPush, i);
        if (g_ptr_array_find_with_equal_func(job->busy, to->source, g_str_equal, NULL))
            continue;
        g_autoptr(GeoOutbox) outbox = geo_store_outbox(store, to->source, ROWS, NULL);
        job->quiet &= outbox && outbox->rows->len == 0;
        if (!outbox || outbox->rows->len == 0)
            continue;
        Parcel *parcel = g_new0(Parcel, 1);
        parcel->source = g_strdup(to->source);
        parcel->url = g_strdup(to->url);
        parcel->body =
            app_feed_outbox_json(outbox, to->source, 0, outbox->rows->len, &parcel->last);
        g_ptr_array_add(job->parcels, parcel);
    }
}

static void take_look(gpointer data)
{
    Look *job = data;
    AppFeedPush *push = job->push;
    push->looking = false;
    push->seen = job->seen;
    push->quiet = job->quiet;
    for (guint i = 0; i < job->parcels->len; i++) {
        Parcel *parcel = g_ptr_array_index(job->parcels, i);
        if (push->closed)
            parcel_free(parcel);
        else
            post(push, parcel);
    }
    g_ptr_array_unref(job->busy);
    g_ptr_array_unref(job->parcels);
    g_free(job);
}

static gboolean tick(gpointer data)
{
    AppFeedPush *push = data;
    GHashTableIter iter;
    gpointer name, value;
    if (push->looking)
        return G_SOURCE_CONTINUE;
    Look *job = g_new0(Look, 1);
    job->push = push;
    job->seen = push->seen;
    job->quiet = push->quiet;
    job->busy = g_ptr_array_new_with_free_func(g_free);
    job->parcels = g_ptr_array_new();
    g_hash_table_iter_init(&iter, push->sources);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        const Source *source = value;
        if (source->posting || source->next_us > g_get_monotonic_time())
            g_ptr_array_add(job->busy, g_strdup(name));
    }
    push->looking = true;
    app_feed_clerk_give(push->clerk, look, take_look, job);
    return G_SOURCE_CONTINUE;
}

AppFeedPush *app_feed_push_new(GMainContext *context, AppFeedClerk *clerk,
                               const AppFeedSecret *secret)
{
    AppFeedPush *push = g_new0(AppFeedPush, 1);
    push->clerk = clerk;
    push->secret = secret;
    push->session = soup_session_new_with_options("timeout", TIMEOUT_S, NULL);
    push->cancellable = g_cancellable_new();
    push->sources = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    push->posts = g_ptr_array_new();
    push->ticker = g_timeout_source_new(TICK_MS);
    g_source_set_callback(push->ticker, tick, push, NULL);
    g_source_attach(push->ticker, context);
    return push;
}

void app_feed_push_close(AppFeedPush *push)
{
    if (!push || push->closed)
        return;
    push->closed = true;
    g_source_destroy(push->ticker);
    g_source_unref(push->ticker);
    for (guint i = 0; i < push->posts->len; i++)
        ((Post *)g_ptr_array_index(push->posts, i))->push = NULL;
    g_cancellable_cancel(push->cancellable);
}

void app_feed_push_free(AppFeedPush *push)
{
    if (!push)
        return;
    app_feed_push_close(push);
    g_object_unref(push->session);
    g_object_unref(push->cancellable);
    g_hash_table_unref(push->sources);
    g_ptr_array_unref(push->posts);
    g_free(push);
}
