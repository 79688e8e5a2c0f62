/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/porch.h"

struct AppFeedGuest {
    GList in_all, in_address; /* links of the two queues */
    GQueue *address;          /* owned by the table */
    char *name;               /* of the address, borrowed from the table */
    void (*send_away)(gpointer owner);
    gpointer owner;
};

struct AppFeedPorch {
    guint room, room_per_address;
    GQueue all;            /* AppFeedGuest, owned, oldest first */
    GHashTable *addresses; /* char * -> GQueue *, both owned */
    uint64_t sent_away;
};

static void free_queue(gpointer queue)
{
    g_free(queue); /* its links lie in the guests */
}

AppFeedPorch *app_feed_porch_new(guint room, guint room_per_address)
{
    AppFeedPorch *porch = g_new0(AppFeedPorch, 1);
    porch->room = room;
    porch->room_per_address = room_per_address;
    porch->addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_queue);
    return porch;
}

void app_feed_porch_free(AppFeedPorch *porch)
{
    if (!porch)
        return;
    while (porch->all.head)
        app_feed_porch_leave(porch, porch->all.head->data);
    g_hash_table_unref(porch->addresses);
    g_free(porch);
}

/* The address without its port. */
static char *dup_name(GSocketAddress *from)
{
    if (!G_IS_INET_SOCKET_ADDRESS(from))
        return g_strdup("local");
    return g_inet_address_to_string(g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(from)));
}

void app_feed_porch_leave(AppFeedPorch *porch, AppFeedGuest *guest)
{
    if (!guest)
        return;
    g_queue_unlink(&porch->all, &guest->in_all);
    g_queue_unlink(guest->address, &guest->in_address);
    if (guest->address->length == 0)
        g_hash_table_remove(porch->addresses, guest->name);
    g_free(guest);
}

static void send_away(AppFeedPorch *porch, AppFeedGuest *guest)
{
    void (*tell)(gpointer) = guest->send_away;
    gpointer owner = guest->owner;
    porch->sent_away++;
    app_feed_porch_leave(porch, guest);
    tell(owner);
}

AppFeedGuest *app_feed_porch_enter(AppFeedPorch *porch, GSocketAddress *from,
                                   void (*tell)(gpointer owner), gpointer owner)
{
    g_autofree char *name = dup_name(from);
    GQueue *address = g_hash_table_lookup(porch->addresses, name);
    if (address && address->length >= porch->room_per_address)
        send_away(porch, address->head->data);
    else if (porch->all.length >= porch->room)
        send_away(porch, porch->all.head->data);
    AppFeedGuest *guest = g_new0(AppFeedGuest, 1);
    gpointer known_name, known;
    if (!g_hash_table_lookup_extended(porch->addresses, name, &known_name, &known)) {
        known_name = g_steal_pointer(&name);
        known = g_new0(GQueue, 1);
        g_hash_table_insert(porch->addresses, known_name, known);
    }
    guest->address = known;
    guest->name = known_name;
    guest->send_away = tell;
    guest->owner = owner;
    guest->in_all.data = guest->in_address.data = guest;
    g_queue_push_tail_link(&porch->all, &guest->in_all);
    g_queue_push_tail_link(guest->address, &guest->in_address);
    return guest;
}

guint app_feed_porch_n(const AppFeedPorch *porch)
{
    return porch->all.length;
}

uint64_t app_feed_porch_sent_away(const AppFeedPorch *porch)
{
    return porch->sent_away;
}
