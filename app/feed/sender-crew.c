/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/sender-crew.h"

#include <string.h>

#include "geo/decode/jt808-write.h"

/* A code can be the name that the device says: digits where the protocol knows only these, else
 * what goes into a topic and a line of text as it is. */
static bool is_usable(const char *code, bool digits)
{
    size_t n = code ? strlen(code) : 0;
    if (n == 0 || n >= GEO_HEARD_KEY_SIZE)
        return false;
    if (digits)
        return n <= 12 && strspn(code, "0123456789") == n && strspn(code, "0") < n;
    for (const char *c = code; *c; c++)
        if ((unsigned char)*c < 0x20 || strchr("+#/\x7f", *c))
            return false;
    return true;
}

AppFeedSenderCrew *app_feed_sender_crew_new(const AppFeedSenderUnit *units, size_t n, bool digits)
{
    AppFeedSenderCrew *crew = g_new0(AppFeedSenderCrew, 1);
    crew->devices = g_new0(AppFeedSenderDevice, n);
    crew->n = n;
    crew->ledger = app_feed_sender_ledger_new(n);
    for (size_t i = 0; i < n; i++) {
        char phone[13];
        geo_jt808_phone_of(units[i].id, phone);
        g_strlcpy(crew->devices[i].key, is_usable(units[i].code, digits) ? units[i].code : phone,
                  sizeof crew->devices[i].key);
    }
    return crew;
}

void app_feed_sender_crew_free(AppFeedSenderCrew *crew)
{
    if (!crew)
        return;
    for (size_t i = 0; i < crew->n; i++)
        g_free(crew->devices[i].said);
    app_feed_sender_ledger_free(crew->ledger);
    g_free(crew->devices);
    g_free(crew);
}

static void forget(AppFeedSenderDevice *device, uint32_t i)
{
    device->n--;
    memmove(device->said + i, device->said + i + 1, (device->n - i) * sizeof *device->said);
}

void app_feed_sender_crew_add(AppFeedSenderCrew *crew, uint32_t device, const GeoFix *fix,
                              int64_t due_us, bool late)
{
    AppFeedSenderDevice *one = &crew->devices[device];
    crew->counts.given++;
    if (one->n == APP_FEED_SENDER_MEMORY) {
        forget(one, 0);
        crew->counts.forgotten++;
    }
    if (one->n == one->room) {
        one->room = one->room ? 2 * one->room : 2;
        one->said = g_renew(AppFeedSenderSaid, one->said, one->room);
    }
    one->said[one->n] = (AppFeedSenderSaid){.fix = *fix, .due_us = due_us, .late = late};
    one->said[one->n].fix.at_ms -= fix->at_ms % 1000;
    one->n++;
}

static void fill_heard(const AppFeedSenderDevice *device, const AppFeedSenderSaid *said,
                       GeoHeard *heard)
{
    geo_heard_init(heard);
    memcpy(heard->key, device->key, sizeof heard->key);
    heard->fix = said->fix;
    heard->flags = GEO_HEARD_VALID;
}

size_t app_feed_sender_crew_take(AppFeedSenderCrew *crew, uint32_t device, bool late,
                                 uint32_t token, int64_t now_us, GeoHeard *heard, size_t most)
{
    AppFeedSenderDevice *one = &crew->devices[device];
    size_t n = 0;
    for (uint32_t i = 0; i < one->n && n < most; i++) {
        AppFeedSenderSaid *said = &one->said[i];
        if (said->token != 0 || said->late != late)
            continue;
        crew->counts.said += said->said_us == 0;
        crew->counts.again += said->said_us != 0;
        said->token = token;
        said->said_us = now_us;
        fill_heard(one, said, &heard[n++]);
    }
    return n;
}

static void count_answer(AppFeedSenderCrew *crew, uint32_t device, const AppFeedSenderSaid *said,
                         AppFeedSenderAnswer answer, int64_t now_us)
{
    switch (answer) {
    case APP_FEED_SENDER_KEPT:
        crew->counts.acknowledged++;
        crew->counts.late += said->late;
        app_feed_sender_ledger_add(crew->ledger, device, said->fix.at_ms);
        if (!said->late)
            app_feed_sender_ledger_time(crew->ledger, now_us - said->due_us);
        break;
    case APP_FEED_SENDER_REFUSED:
        crew->counts.refused++;
        break;
    case APP_FEED_SENDER_SILENT:
        crew->counts.unanswerable++;
        break;
    }
}

void app_feed_sender_crew_answer(AppFeedSenderCrew *crew, uint32_t device, uint32_t token,
                                 AppFeedSenderAnswer answer, int64_t now_us)
{
    AppFeedSenderDevice *one = &crew->devices[device];
    uint32_t kept = 0;
    for (uint32_t i = 0; i < one->n; i++)
        if (one->said[i].token == token)
            count_answer(crew, device, &one->said[i], answer, now_us);
        else
            one->said[kept++] = one->said[i];
    one->n = kept;
}

void app_feed_sender_crew_unsay(AppFeedSenderCrew *crew, uint32_t device, uint32_t token)
{
    AppFeedSenderDevice *one = &crew->devices[device];
    for (uint32_t i = 0; i < one->n; i++) {
        AppFeedSenderSaid *said = &one->said[i];
        if (said->token == 0 || (token != 0 && said->token != token))
            continue;
        said->token = 0;
        said->late = true;
    }
}

int64_t app_feed_sender_crew_waiting_us(const AppFeedSenderCrew *crew, uint32_t device)
{
    const AppFeedSenderDevice *one = &crew->devices[device];
    int64_t oldest_us = 0;
    for (uint32_t i = 0; i < one->n; i++)
        if (one->said[i].token != 0 && (oldest_us == 0 || one->said[i].said_us < oldest_us))
            oldest_us = one->said[i].said_us;
    return oldest_us;
}

bool app_feed_sender_crew_has(const AppFeedSenderCrew *crew, uint32_t device, bool late)
{
    const AppFeedSenderDevice *one = &crew->devices[device];
    for (uint32_t i = 0; i < one->n; i++)
        if (one->said[i].token == 0 && one->said[i].late == late)
            return true;
    return false;
}
