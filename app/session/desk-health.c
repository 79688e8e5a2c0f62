/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the fleet is heard: the feed beside this window, and districts that have gone quiet. */
#include "app/console/words.h"
#include "app/session/desk.h"
#include "maps/paint/words.h"

#define LOOK_MS 30000
#define LEVEL "district"

void app_desk_listen(AppDesk *desk)
{
    int64_t at_ms = app_desk_clock(desk);
    app_feed_words_free(desk->feed);
    desk->feed = app_feed_words_read(desk->path, g_get_real_time() / 1000);
    /* Where nothing is heard at all, silence is no news. */
    bool heard = desk->fix_ms > 0 && !desk->paused;
    if (!heard || (desk->health && at_ms - desk->health_ms < LOOK_MS))
        return;
    GeoHealth *health = geo_health_load(desk->store, LEVEL, at_ms, desk->health, NULL);
    desk->health_ms = at_ms;
    if (!health)
        return; /* a fault of the disk is told by what needs it */
    geo_health_free(desk->health);
    desk->health = health;
}

static const char *quiet_words(const AppDesk *desk, AppNow *now)
{
    g_autoptr(GString) words = g_string_new(NULL);
    for (guint i = 0; desk->health && i < desk->health->areas->len; i++) {
        const GeoHealthArea *area = &g_array_index(desk->health->areas, GeoHealthArea, i);
        if (!area->quiet.alarm)
            continue;
        g_autofree char *since = app_words_dup_time(area->since_ms, now->zone);
        g_string_append_printf(words, "%s", words->len ? "; " : "");
        g_string_append_printf(words, _("%s quiet since %.5s: %u of %u silent"),
                               area->name ? area->name : area->code, since, area->quiet.silent,
                               area->quiet.on_duty);
    }
    return words->len ? g_string_chunk_insert(now->text, words->str) : NULL;
}

void app_desk_fill_health(AppDesk *desk, AppNow *now)
{
    now->quiet = quiet_words(desk, now);
    if (!desk->feed)
        return;
    now->feed = g_string_chunk_insert(now->text, desk->feed->line);
    now->feed_detail = g_string_chunk_insert(now->text, desk->feed->detail);
    now->feed_fails = desk->feed->fails;
}
