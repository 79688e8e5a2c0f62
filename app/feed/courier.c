/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/courier.h"

#include <string.h>

#include "app/feed/order.h"
#include "geo/decode/receipt.h"
#include "geo/model/error.h"
#include "maps/paint/words.h"

#define TICK_MS 250
#define GRACE_US (1500 * 1000)              /* so long a channel may take to come */
#define AGAIN_US (15 * G_USEC_PER_SEC)      /* sent, and not confirmed by then */
#define LOOK_US (2 * G_USEC_PER_SEC)        /* is the unit connected by now? */
#define MAX_AGAIN_US (120 * G_USEC_PER_SEC) /* between tries */
#define MQTT_US (900 * G_USEC_PER_SEC)      /* a device that was heard so long ago is there */
#define HTTP_US (300 * G_USEC_PER_SEC)
#define STALE_MS (30 * 60000) /* nobody is sent anywhere by an order that old */
#define KEEP_MS (2 * 3600000) /* an answer may come so long after delivery */
#define USE "http"

enum { ANSWER_GO = 1, ANSWER_CANNOT = 2 };

/* One message on its way. */
typedef struct {
    GeoMessage message; /* numbers; its texts are below */
    char *words, *json, *question;
    GeoMessageState state;
    gint64 since_us, next_us; /* first seen; not touched before */
    unsigned tries;
    GeoReceiptState said; /* of its person, last */
    bool in_store;        /* still open there, at the last look */
} Order;

/* By what a unit's device was heard last. */
typedef struct {
    gint64 mqtt_us, http_us;
    char mqtt_key[GEO_HEARD_KEY_SIZE];
} Heard;

struct AppFeedCourier {
    GMainContext *context;
    AppFeedClerk *clerk;
    AppFeedTaking *taking;
    AppFeedJt808 *jt808;
    AppFeedMqtt *mqtt;
    AppFeedHttp *http;
    uint32_t source_of_mqtt, source_of_http;
    GHashTable *orders; /* int64_t *, of its message -> Order, owned */
    GHashTable *heard;  /* int64_t *, owned -> Heard, owned */
    GSource *ticker;
    int64_t seen_change; /* in the store */
    int64_t after_id;    /* messages up to this one are delivered, or too old to be sent */
    bool looking, looked, closed;
};

static void order_free(gpointer data)
{
    Order *order = data;
    g_free(order->words);
    g_free(order->json);
    g_free(order->question);
    g_free(order);
}

static Order *find(AppFeedCourier *courier, int64_t id)
{
    return g_hash_table_lookup(courier->orders, &id);
}

/* ---- what is written down ---- */

/* A step of a message, or a deed of a unit; with who waits for it. */
typedef struct {
    AppFeedCourier *courier;
    int64_t message_id, incident_id, unit_id;
    GeoMessageState state;
    const char *channel; /* static */
    char note[128];
    int deed; /* GeoDeedWhat; -1: the message alone */
    bool failed;
    AppFeedChoice choice; /* terminal 0: none waits */
    uint64_t request;     /* of HTTP; 0: none waits */
} Step;

static void mark_message(GeoStore *store, Step *step)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = app_feed_clerk_act();
    if (!geo_store_mark_message(store, &act, step->message_id, step->state, step->channel,
                                step->note[0] ? step->note : NULL, &error))
        step->failed = !g_error_matches(error, GEO_ERROR, GEO_ERROR_REFUSED);
}

/* The person was told of another place after the order that is answered. */
static bool is_changed(GeoStore *store, const Step *step)
{
    GeoMessageQuery query = {
        .incident_id = step->incident_id, .unit_id = step->unit_id, .after_id = step->message_id};
    g_autoptr(GeoMessages) later = geo_store_messages(store, &query, NULL);
    for (guint i = 0; later && i < later->rows->len; i++)
        if (g_array_index(later->rows, GeoMessage, i).what == GEO_MESSAGE_CHANGE)
            return true;
    return false;
}

static void do_deed(GeoStore *store, Step *step)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = app_feed_clerk_act();
    g_autofree char *actor =
        g_strdup_printf("unit %" G_GINT64_FORMAT " by %s", step->unit_id, step->channel);
    act.actor = actor;
    GeoDeed deed = {.what = (GeoDeedWhat)step->deed,
                    .incident_id = step->incident_id,
                    .detail = {.unit_id = step->unit_id}};
    if (step->deed == GEO_DEED_ACCEPT && is_changed(store, step))
        deed.detail.reason = "answers the order from before it was changed";
    step->failed = !geo_store_do(store, &act, &deed, 1, NULL, &error);
}

static bool takes_back(GeoMessageWhat what)
{
    return what == GEO_MESSAGE_CANCEL || what == GEO_MESSAGE_PREEMPT || what == GEO_MESSAGE_UNDO;
}

/* The person answers an order that was taken back since, though the unit may have been sent there
 * again: it is that order that is to be answered. */
static bool is_taken_back(GeoStore *store, const Step *step)
{
    GeoMessageQuery query = {
        .incident_id = step->incident_id, .unit_id = step->unit_id, .after_id = step->message_id};
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoMessages) later = geo_store_messages(store, &query, &error);
    for (guint i = 0; later && i < later->rows->len; i++)
        if (takes_back(g_array_index(later->rows, GeoMessage, i).what))
            return true;
    return false;
}

static void write_step(GeoStore *store, gpointer data)
{
    Step *step = data;
    if (step->deed >= 0 && is_taken_back(store, step)) {
        step->state = GEO_MESSAGE_DELIVERED;
        g_strlcpy(step->note, "answered after it was taken back", sizeof step->note);
        mark_message(store, step);
        step->failed = true;
        return;
    }
    if (step->deed < 0 || step->state == GEO_MESSAGE_DELIVERED)
        mark_message(store, step);
    if (step->deed >= 0)
        do_deed(store, step);
}

static void answer_step(gpointer data)
{
    g_autofree Step *step = data;
    AppFeedCourier *courier = step->courier;
    Order *order = find(courier, step->message_id);
    if (step->choice.terminal && courier->jt808)
        app_feed_jt808_reply(courier->jt808, &step->choice, !step->failed);
    if (step->request && courier->http)
        app_feed_http_answer_later(courier->http, step->request, step->failed ? 409 : 200,
                                   step->failed ? "the incident does not allow it any more\n"
                                                : "kept\n");
    if (step->failed && step->deed >= 0 && order)
        order->said = GEO_RECEIPT_DELIVERED;
    /* A step that the disk did not take is taken again with the next one: sent twice, not lost. */
    if (step->failed && step->deed < 0 && order && order->state != GEO_MESSAGE_DELIVERED)
        order->next_us = 0;
}

static Step *step_of(AppFeedCourier *courier, const Order *order, GeoMessageState state,
                     const char *channel)
{
    Step *step = g_new0(Step, 1);
    step->courier = courier;
    step->message_id = order->message.id;
    step->incident_id = order->message.incident_id;
    step->unit_id = order->message.unit_id;
    step->state = state;
    step->channel = channel;
    step->deed = -1;
    return step;
}

static void give(AppFeedCourier *courier, Step *step)
{
    app_feed_clerk_give(courier->clerk, write_step, answer_step, step);
}

static void set_state(AppFeedCourier *courier, Order *order, GeoMessageState state,
                      const char *channel, const char *note)
{
    Step *step = step_of(courier, order, state, channel);
    if (note)
        g_strlcpy(step->note, note, sizeof step->note);
    order->state = state;
    give(courier, step);
}

/* ---- sending ---- */

static gint64 pause_of(const Order *order)
{
    return MIN(AGAIN_US << MIN(order->tries, 3), MAX_AGAIN_US);
}

typedef struct {
    AppFeedCourier *courier;
    int64_t id;
} Sent;

static void ask_to_go(AppFeedCourier *courier, Order *order)
{
    const char *const answers[] = {_("I go"), _("I cannot")};
    if (order->message.what == GEO_MESSAGE_DISPATCH)
        app_feed_jt808_ask(courier->jt808, order->message.unit_id, order->question, answers,
                           G_N_ELEMENTS(answers), (uint64_t)order->message.id);
}

static void on_terminal(bool delivered, gpointer user)
{
    g_autofree Sent *sent = user;
    AppFeedCourier *courier = sent->courier;
    Order *order = courier->closed ? NULL : find(courier, sent->id);
    if (!order || order->state != GEO_MESSAGE_SENT)
        return;
    if (delivered) {
        set_state(courier, order, GEO_MESSAGE_DELIVERED, "jt808", NULL);
        ask_to_go(courier, order);
    } else {
        order->next_us = g_get_monotonic_time() + LOOK_US * order->tries;
    }
}

static bool send_jt808(AppFeedCourier *courier, Order *order)
{
    if (!courier->jt808)
        return false;
    Sent *sent = g_new0(Sent, 1);
    *sent = (Sent){courier, order->message.id};
    if (!app_feed_jt808_order(courier->jt808, order->message.unit_id, order->words, true,
                              on_terminal, sent)) {
        g_free(sent);
        return false;
    }
    order->next_us = G_MAXINT64; /* until the terminal, or its time, is heard */
    set_state(courier, order, GEO_MESSAGE_SENT, "jt808", NULL);
    return true;
}

static bool send_mqtt(AppFeedCourier *courier, Order *order, const Heard *heard, gint64 now_us)
{
    if (!courier->mqtt || !heard || heard->mqtt_us == 0 || now_us - heard->mqtt_us > MQTT_US ||
        !app_feed_mqtt_order(courier->mqtt, heard->mqtt_key, order->json,
                             (uint64_t)order->message.id))
        return false;
    order->next_us = now_us + pause_of(order);
    return true;
}

/* The broker has it: sent. */
static void on_broker(uint64_t tag, gpointer user)
{
    AppFeedCourier *courier = user;
    Order *order = find(courier, (int64_t)tag);
    if (!courier->closed && order && order->state <= GEO_MESSAGE_SENT)
        set_state(courier, order, GEO_MESSAGE_SENT, "mqtt", NULL);
}

static void tell_nobody(AppFeedCourier *courier, Order *order, const char *note, gint64 next_us)
{
    order->next_us = next_us;
    if (order->state == GEO_MESSAGE_QUEUED)
        set_state(courier, order, GEO_MESSAGE_NO_CHANNEL, NULL, note);
}

static void send_order(AppFeedCourier *courier, Order *order, gint64 now_us)
{
    const Heard *heard = g_hash_table_lookup(courier->heard, &order->message.unit_id);
    int64_t age_ms = g_get_real_time() / 1000 - order->message.queued_ms;
    if (age_ms > STALE_MS) {
        tell_nobody(courier, order, "too old to be sent", G_MAXINT64);
        return;
    }
    order->tries++;
    if (send_jt808(courier, order) || send_mqtt(courier, order, heard, now_us))
        return;
    order->tries--;
    bool polls = heard && heard->http_us && now_us - heard->http_us < HTTP_US;
    if (polls)
        order->next_us = now_us + LOOK_US; /* it comes for it */
    else if (now_us - order->since_us > GRACE_US)
        tell_nobody(courier, order, "radio", now_us + LOOK_US);
}

/* An order that its unit never got, and that was taken back meanwhile, is told no more: nor is the
 * taking back. */
static bool is_over(AppFeedCourier *courier, const Order *order)
{
    bool back = takes_back(order->message.what);
    GHashTableIter iter;
    gpointer value;
    if (order->state > GEO_MESSAGE_NO_CHANNEL || order->message.what == GEO_MESSAGE_SEEN)
        return false;
    g_hash_table_iter_init(&iter, courier->orders);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Order *other = value;
        if (other->message.unit_id != order->message.unit_id ||
            other->message.incident_id != order->message.incident_id)
            continue;
        bool later = other->message.id > order->message.id;
        if (!back && later && takes_back(other->message.what))
            return true;
        if (back && !later && other->message.what == GEO_MESSAGE_DISPATCH &&
            other->state <= GEO_MESSAGE_NO_CHANNEL)
            return true;
    }
    return false;
}

static int by_id(const void *a, const void *b)
{
    int64_t p = (*(Order *const *)a)->message.id, q = (*(Order *const *)b)->message.id;
    return (p > q) - (p < q);
}

static void send_all(AppFeedCourier *courier)
{
    gint64 now_us = g_get_monotonic_time();
    g_autoptr(GPtrArray) due = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, courier->orders);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Order *order = value;
        if (order->state < GEO_MESSAGE_DELIVERED && order->next_us <= now_us)
            g_ptr_array_add(due, order);
    }
    g_ptr_array_sort(due, by_id);
    for (guint i = 0; i < due->len; i++) {
        Order *order = g_ptr_array_index(due, i);
        if (is_over(courier, order))
            tell_nobody(courier, order, "taken back before it was sent", G_MAXINT64);
        else
            send_order(courier, order, now_us);
    }
}

/* ---- looking at the store ---- */

typedef struct {
    AppFeedCourier *courier;
    int64_t since, after_id;
    bool first; /* whatever has changed, and what waits for an answer */
    GeoMessages *messages;
} Look;

static void look(GeoStore *store, gpointer data)
{
    Look *job = data;
    g_autoptr(GArray) changes = geo_store_changes_since(store, job->since, NULL);
    if (!changes || (changes->len == 0 && !job->first))
        return;
    GeoMessageQuery query = {.open = !job->first, .after_id = job->after_id};
    job->messages = geo_store_messages(store, &query, NULL);
    if (job->messages && changes->len > 0)
        job->since = g_array_index(changes, GeoChange, changes->len - 1).seq;
}

/* Not yet delivered, or an order to go that its person may still answer. */
static bool is_open(const GeoMessage *message)
{
    if (message->state < GEO_MESSAGE_DELIVERED)
        return true;
    return message->state == GEO_MESSAGE_DELIVERED && message->what == GEO_MESSAGE_DISPATCH &&
           g_get_real_time() / 1000 - message->queued_ms < KEEP_MS;
}

static void add_order(AppFeedCourier *courier, const GeoMessage *message)
{
    Order *order = g_new0(Order, 1);
    order->message = *message;
    order->words = app_feed_order_words(message);
    order->json = app_feed_order_json(message);
    order->question = app_feed_order_question(message);
    order->message.code = order->message.category = order->message.place = NULL;
    order->message.channel = order->message.note = order->message.unit_code = NULL;
    order->state = message->state;
    order->since_us = g_get_monotonic_time();
    order->in_store = true;
    g_hash_table_insert(courier->orders, &order->message.id, order);
}

static gboolean is_gone(gpointer key, gpointer value, gpointer now_us)
{
    const Order *order = value;
    if (order->state < GEO_MESSAGE_DELIVERED)
        return !order->in_store; /* somebody else has seen to it */
    return *(gint64 *)now_us - order->since_us > KEEP_MS * INT64_C(1000);
}

/* Where the next look begins: a city has many messages, and few that are still to be sent. */
static int64_t after_of(const GeoMessages *messages, int64_t before)
{
    int64_t now_ms = g_get_real_time() / 1000, after = before;
    for (guint i = 0; i < messages->rows->len; i++) {
        const GeoMessage *message = &g_array_index(messages->rows, GeoMessage, i);
        if (message->state < GEO_MESSAGE_DELIVERED && now_ms - message->queued_ms < STALE_MS)
            return message->id - 1;
        after = message->id;
    }
    return after;
}

static void take_look(gpointer data)
{
    g_autofree Look *job = data;
    AppFeedCourier *courier = job->courier;
    g_autoptr(GeoMessages) messages = job->messages;
    GHashTableIter iter;
    gpointer value;
    gint64 now_us = g_get_monotonic_time();
    courier->looking = false;
    if (!messages || courier->closed)
        return;
    courier->looked = true;
    courier->seen_change = job->since;
    courier->after_id = after_of(messages, courier->after_id);
    g_hash_table_iter_init(&iter, courier->orders);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        ((Order *)value)->in_store = false;
    for (guint i = 0; i < messages->rows->len; i++) {
        const GeoMessage *message = &g_array_index(messages->rows, GeoMessage, i);
        Order *order = find(courier, message->id);
        if (order)
            order->in_store = true;
        else if (is_open(message))
            add_order(courier, message);
    }
    g_hash_table_foreach_remove(courier->orders, is_gone, &now_us);
    send_all(courier);
}

static gboolean tick(gpointer data)
{
    AppFeedCourier *courier = data;
    send_all(courier);
    if (courier->looking)
        return G_SOURCE_CONTINUE;
    Look *job = g_new0(Look, 1);
    *job = (Look){.courier = courier,
                  .since = courier->seen_change,
                  .after_id = courier->after_id,
                  .first = !courier->looked};
    courier->looking = true;
    app_feed_clerk_give(courier->clerk, look, take_look, job);
    return G_SOURCE_CONTINUE;
}

/* ---- what devices and their people say ---- */

static void on_heard(const GeoHeard *one, gpointer user)
{
    AppFeedCourier *courier = user;
    if (one->source != courier->source_of_mqtt && one->source != courier->source_of_http)
        return;
    Heard *heard = g_hash_table_lookup(courier->heard, &one->fix.unit_id);
    if (!heard) {
        heard = g_new0(Heard, 1);
        g_hash_table_insert(courier->heard, g_memdup2(&one->fix.unit_id, sizeof(int64_t)), heard);
    }
    if (one->source == courier->source_of_mqtt) {
        heard->mqtt_us = g_get_monotonic_time();
        g_strlcpy(heard->mqtt_key, one->key, sizeof heard->mqtt_key);
    } else {
        heard->http_us = g_get_monotonic_time();
    }
}

static int deed_of(GeoReceiptState state)
{
    static const int deeds[GEO_N_RECEIPTS] = {
        -1, GEO_DEED_ACCEPT, -1, GEO_DEED_GO, GEO_DEED_ARRIVE, GEO_DEED_HANDLE, GEO_DEED_CLEAR};
    return deeds[state];
}

/* A person's act says that the device has it, too. NULL: nothing is to be written. */
static Step *hear_receipt(AppFeedCourier *courier, Order *order, GeoReceiptState state,
                          const char *channel, const char *note)
{
    bool is_new = order->state < GEO_MESSAGE_DELIVERED;
    bool declined = state == GEO_RECEIPT_DECLINED;
    if (deed_of(state) < 0 ? !is_new && !declined : state <= order->said)
        return NULL; /* it is known: a device says things twice */
    Step *step = step_of(
        courier, order, is_new || declined ? GEO_MESSAGE_DELIVERED : GEO_MESSAGE_ACCEPTED, channel);
    step->deed = deed_of(state);
    if (declined)
        g_snprintf(step->note, sizeof step->note, "declined%s%s", *note ? ": " : "", note);
    order->state = MAX(order->state, GEO_MESSAGE_DELIVERED);
    if (step->deed >= 0)
        order->said = state;
    return step;
}

/* The newest order to go that the unit has. */
static Order *newest_of(AppFeedCourier *courier, int64_t unit_id)
{
    Order *newest = NULL;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, courier->orders);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Order *order = value;
        if (order->message.unit_id == unit_id && order->message.what == GEO_MESSAGE_DISPATCH &&
            (!newest || order->message.id > newest->message.id))
            newest = order;
    }
    return newest;
}

static void on_chose(const AppFeedChoice *choice, gpointer user)
{
    AppFeedCourier *courier = user;
    Order *order =
        choice->tag ? find(courier, (int64_t)choice->tag) : newest_of(courier, choice->unit_id);
    bool known = choice->choice == ANSWER_GO || choice->choice == ANSWER_CANNOT;
    if (courier->closed || !order || order->message.unit_id != choice->unit_id || !known) {
        app_feed_jt808_reply(courier->jt808, choice, false);
        return;
    }
    Step *step = hear_receipt(
        courier, order, choice->choice == ANSWER_GO ? GEO_RECEIPT_ACCEPTED : GEO_RECEIPT_DECLINED,
        "jt808", "");
    if (!step) {
        app_feed_jt808_reply(courier->jt808, choice, true);
        return;
    }
    step->choice = *choice;
    give(courier, step);
}

static int64_t unit_of(AppFeedCourier *courier, const char *key)
{
    const GeoMuster *muster = geo_admit_muster(courier->taking->admit);
    int64_t number = geo_muster_find(muster, key);
    return number < 0 ? 0 : geo_muster_id(muster, (uint32_t)number);
}

static void on_mqtt_receipt(const char *key, const char *text, size_t n, gpointer user)
{
    AppFeedCourier *courier = user;
    GeoReceipt receipt;
    if (courier->closed || !geo_receipt_read(text, n, &receipt))
        return;
    Order *order = find(courier, receipt.message_id);
    if (!order || order->message.unit_id != unit_of(courier, key)) /* each for itself alone */
        return;
    Step *step = hear_receipt(courier, order, receipt.state, "mqtt", receipt.note);
    if (step)
        give(courier, step);
}

/* ---- by HTTP ---- */

static void send_list(AppFeedCourier *courier, AppFeedHttpCall *call, int64_t unit_id)
{
    g_autoptr(GPtrArray) mine = g_ptr_array_new();
    g_autoptr(GString) text = g_string_new("{\"orders\":[");
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, courier->orders);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Order *order = value;
        if (order->message.unit_id == unit_id && order->state < GEO_MESSAGE_DELIVERED &&
            order->next_us != G_MAXINT64)
            g_ptr_array_add(mine, order);
    }
    g_ptr_array_sort(mine, by_id);
    for (guint i = 0; i < mine->len; i++) {
        Order *order = g_ptr_array_index(mine, i);
        g_string_append_printf(text, "%s%s", i ? "," : "", order->json);
        order->tries++;
        order->next_us = g_get_monotonic_time() + pause_of(order);
        set_state(courier, order, GEO_MESSAGE_SENT, "http", NULL);
    }
    g_string_append(text, "]}\n");
    app_feed_http_answer(call, 200, text->str);
}

static void hear_http(AppFeedCourier *courier, AppFeedHttpCall *call, int64_t unit_id)
{
    g_autoptr(GBytes) body = app_feed_http_body(call);
    gsize n;
    const char *text = g_bytes_get_data(body, &n);
    GeoReceipt receipt;
    if (!geo_receipt_read(text, n, &receipt)) {
        app_feed_http_answer(call, 400,
                             "POST {\"id\": 17, \"state\": \"delivered\"}: or accepted, "
                             "declined, en_route, on_scene, handling, cleared\n");
        return;
    }
    Order *order = find(courier, receipt.message_id);
    if (!order || order->message.unit_id != unit_id) {
        app_feed_http_answer(call, 404, "this device has no order of that id\n");
        return;
    }
    Step *step = hear_receipt(courier, order, receipt.state, "http", receipt.note);
    if (!step) {
        app_feed_http_answer(call, 200, "kept\n");
        return;
    }
    step->request = app_feed_http_wait(call);
    give(courier, step);
}

static void serve_orders(AppFeedHttpCall *call, gpointer user)
{
    AppFeedCourier *courier = user;
    const char *key = app_feed_http_query(call, "id");
    bool get = app_feed_http_is(call, "GET");
    if (!key || (!get && !app_feed_http_is(call, "POST"))) {
        app_feed_http_answer(call, key ? 405 : 400, "GET or POST /orders?id=DEVICE\n");
        return;
    }
    if (!app_feed_http_may(call, USE, key))
        return;
    GeoHeard asks = {.source = courier->source_of_http};
    asks.fix.unit_id = unit_of(courier, key);
    if (asks.fix.unit_id == 0) {
        app_feed_http_answer(call, 404, "no unit of this city has that name\n");
        return;
    }
    on_heard(&asks, courier);
    if (get)
        send_list(courier, call, asks.fix.unit_id);
    else
        hear_http(courier, call, asks.fix.unit_id);
}

/* ---- its life ---- */

AppFeedCourier *app_feed_courier_new(GMainContext *context, AppFeedClerk *clerk,
                                     AppFeedTaking *taking, AppFeedJt808 *jt808, AppFeedMqtt *mqtt,
                                     AppFeedHttp *http, uint32_t source_of_mqtt,
                                     uint32_t source_of_http)
{
    AppFeedCourier *courier = g_new0(AppFeedCourier, 1);
    AppFeedMqttManners manners = {on_broker, on_mqtt_receipt, courier};
    courier->context = context;
    courier->clerk = clerk;
    courier->taking = taking;
    courier->jt808 = jt808;
    courier->mqtt = mqtt;
    courier->http = http;
    courier->source_of_mqtt = source_of_mqtt;
    courier->source_of_http = source_of_http;
    courier->orders = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, order_free);
    courier->heard = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    taking->heard = on_heard;
    taking->heard_user = courier;
    if (jt808)
        app_feed_jt808_set_chose(jt808, on_chose, courier);
    if (mqtt)
        app_feed_mqtt_set_manners(mqtt, &manners);
    if (http)
        app_feed_http_serve(http, "/orders", serve_orders, courier);
    courier->ticker = g_timeout_source_new(TICK_MS);
    g_source_set_callback(courier->ticker, tick, courier, NULL);
    g_source_attach(courier->ticker, context);
    return courier;
}

void app_feed_courier_close(AppFeedCourier *courier)
{
    if (!courier || courier->closed)
        return;
    courier->closed = true;
    g_source_destroy(courier->ticker);
    g_source_unref(courier->ticker);
    courier->taking->heard = NULL;
}

void app_feed_courier_free(AppFeedCourier *courier)
{
    if (!courier)
        return;
    app_feed_courier_close(courier);
    g_hash_table_unref(courier->orders);
    g_hash_table_unref(courier->heard);
    g_free(courier);
}
