/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/notice.h"

#include <glib.h>
#include <string.h>

const char *const geo_notice_fields[] = {"number",   "time",  "datum",    "place",  "item",
                                         "category", "words", "priority", "caller", "phone",
                                         "lon",      "lat",   NULL};

#define FIELD(name)                                                                                \
    {                                                                                              \
        offsetof(GeoNotice, name), sizeof(((GeoNotice *)NULL)->name)                               \
    }

static const struct {
    size_t offset, size;
} places[GEO_N_NOTICE_FIELDS] = {
    [GEO_NOTICE_NUMBER] = FIELD(number), [GEO_NOTICE_TIME] = FIELD(time),
    [GEO_NOTICE_DATUM] = FIELD(datum),   [GEO_NOTICE_PLACE] = FIELD(place),
    [GEO_NOTICE_ITEM] = FIELD(item),     [GEO_NOTICE_CATEGORY] = FIELD(category),
    [GEO_NOTICE_WORDS] = FIELD(words),   [GEO_NOTICE_PRIORITY] = FIELD(priority),
    [GEO_NOTICE_CALLER] = FIELD(caller), [GEO_NOTICE_PHONE] = FIELD(phone),
    [GEO_NOTICE_LON] = FIELD(lon),       [GEO_NOTICE_LAT] = FIELD(lat),
};

void geo_notice_init(GeoNotice *notice)
{
    memset(notice, 0, sizeof *notice);
}

static void set_flaw(GeoNotice *notice, GeoNoticeFlaw flaw, GeoNoticeField field)
{
    if (notice->flaw != GEO_NOTICE_FINE)
        return;
    notice->flaw = flaw;
    notice->flawed = field;
}

/* Nothing that a terminal or a log would act upon. */
static bool is_clean(const char *text)
{
    for (const char *c = text; *c; c = g_utf8_next_char(c))
        if (g_unichar_iscntrl(g_utf8_get_char(c)))
            return false;
    return true;
}

void geo_notice_set(GeoNotice *notice, GeoNoticeField field, const char *text, size_t n)
{
    char *to = (char *)notice + places[field].offset;
    while (n > 0 && g_ascii_isspace(text[0]))
        text++, n--;
    while (n > 0 && g_ascii_isspace(text[n - 1]))
        n--;
    to[0] = '\0';
    if (n >= places[field].size) {
        set_flaw(notice, GEO_NOTICE_TOO_LONG, field);
        return;
    }
    if (!g_utf8_validate(text, (gssize)n, NULL)) {
        set_flaw(notice, GEO_NOTICE_BAD_TEXT, field);
        return;
    }
    memcpy(to, text, n);
    to[n] = '\0';
    if (field == GEO_NOTICE_WORDS || field == GEO_NOTICE_PLACE)
        g_strdelimit(to, "\r\n\t", ' ');
    if (is_clean(to))
        return;
    to[0] = '\0';
    set_flaw(notice, GEO_NOTICE_BAD_TEXT, field);
}

const char *geo_notice_get(const GeoNotice *notice, GeoNoticeField field)
{
    return (const char *)notice + places[field].offset;
}

const char *geo_notice_flaw_words(GeoNoticeFlaw flaw)
{
    static const char *const words[GEO_N_NOTICE_FLAWS] = {
        [GEO_NOTICE_FINE] = "nothing is wrong",
        [GEO_NOTICE_NO_NUMBER] = "it has no number of its source: give 'number', so that a retry "
                                 "is not taken twice",
        [GEO_NOTICE_TOO_LONG] = "it is too long: shorten it",
        [GEO_NOTICE_BAD_TEXT] = "it is no plain text: send UTF-8 without control characters",
        [GEO_NOTICE_BAD_TIME] = "its time cannot be read: write 2026-11-23T14:05:00+08:00, or "
                                "seconds since 1970",
        [GEO_NOTICE_FUTURE] = "its time is more than ten minutes ahead: set the sender's clock",
        [GEO_NOTICE_BAD_DATUM] = "its datum is not known: write wgs84, gcj02 or bd09",
        [GEO_NOTICE_BAD_POINT] = "lon and lat are no place on the earth: give both in degrees, or "
                                 "neither",
        [GEO_NOTICE_BAD_PRIORITY] = "its priority is not 1, 2, 3 or 4",
        [GEO_NOTICE_EMPTY] = "it says neither what happened nor where: give words, item, category "
                             "or place",
        [GEO_NOTICE_TORN] = "its row has not as many values as there are columns: quote texts "
                            "that hold the separator",
        [GEO_NOTICE_NO_REPORT] = "it is no report: send an object with 'number' and 'words'",
    };
    return flaw < GEO_N_NOTICE_FLAWS ? words[flaw] : words[GEO_NOTICE_NO_REPORT];
}

bool geo_notice_is_source(const char *name)
{
    size_t n = name ? strlen(name) : 0;
    for (size_t i = 0; i < n; i++)
        if (!g_ascii_islower(name[i]) && !g_ascii_isdigit(name[i]) && !strchr("-._", name[i]))
            return false;
    return n > 0 && n < GEO_NOTICE_SOURCE_SIZE;
}
