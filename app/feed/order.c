/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/order.h"

#include <json-glib/json-glib.h>

#include "maps/paint/words.h"

#define MAX_PLACE 120 /* letters: the text stays within the terminal's limit */

static bool has_place(const GeoMessage *message)
{
    return message->at.lon != 0 || message->at.lat != 0;
}

static const char *head_of(GeoMessageWhat what)
{
    switch (what) {
    case GEO_MESSAGE_DISPATCH:
        return _("Go to");
    case GEO_MESSAGE_CHANGE:
        return _("Changed, it is now");
    case GEO_MESSAGE_CANCEL:
        return _("Cancelled, you are free");
    case GEO_MESSAGE_PREEMPT:
        return _("Leave it, a more urgent one follows");
    case GEO_MESSAGE_UNDO:
        return _("Taken back, do not go");
    default:
        return _("Your SOS is seen, help is on the way");
    }
}

static bool tells_where(GeoMessageWhat what)
{
    return what == GEO_MESSAGE_DISPATCH || what == GEO_MESSAGE_CHANGE;
}

static void append(GString *words, const char *text)
{
    if (!text || !*text)
        return;
    g_autofree char *part = g_utf8_substring(text, 0, MIN(MAX_PLACE, g_utf8_strlen(text, -1)));
    g_string_append_printf(words, "%s%s", words->len ? " " : "", part);
}

char *app_feed_order_words(const GeoMessage *message)
{
    g_autoptr(GString) words = g_string_new(head_of(message->what));
    append(words, message->code);
    if (!tells_where(message->what))
        return g_string_free(g_steal_pointer(&words), FALSE);
    append(words, message->category);
    append(words, message->place);
    if (has_place(message))
        g_string_append_printf(words, " %.5f,%.5f", message->at.lon, message->at.lat);
    if (message->priority > 0)
        g_string_append_printf(words, _(", priority %d"), (int)message->priority);
    return g_string_free(g_steal_pointer(&words), FALSE);
}

char *app_feed_order_question(const GeoMessage *message)
{
    return g_strdup_printf(_("Do you go to %s?"), message->code ? message->code : "?");
}

static void add_text(JsonBuilder *builder, const char *key, const char *text)
{
    json_builder_set_member_name(builder, key);
    if (text)
        json_builder_add_string_value(builder, text);
    else
        json_builder_add_null_value(builder);
}

static void add_number(JsonBuilder *builder, const char *key, double number, bool known)
{
    json_builder_set_member_name(builder, key);
    if (known)
        json_builder_add_double_value(builder, number);
    else
        json_builder_add_null_value(builder);
}

char *app_feed_order_json(const GeoMessage *message)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree char *words = app_feed_order_words(message);
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "id");
    json_builder_add_int_value(builder, message->id);
    add_text(builder, "what", geo_message_words[message->what]);
    add_text(builder, "number", message->code);
    add_text(builder, "type", message->category);
    add_text(builder, "place", message->place);
    add_number(builder, "lon", message->at.lon, has_place(message));
    add_number(builder, "lat", message->at.lat, has_place(message));
    json_builder_set_member_name(builder, "priority");
    json_builder_add_int_value(builder, message->priority);
    add_text(builder, "text", words);
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
}
