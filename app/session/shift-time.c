/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/shift-time.h"

#include <string.h>

#define MINUS "\u2212"
#define FULL_COLON "\uff1a"
#define MOST_DAYS 31

static GTimeZone *zone_of(const char *zone)
{
    GTimeZone *known = g_time_zone_new_identifier(zone);
    return known ? known : g_time_zone_new_utc();
}

static GDateTime *local_of(int64_t at_ms, GTimeZone *zone)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    return utc ? g_date_time_to_timezone(utc, zone) : NULL;
}

static int64_t julian_of(GDateTime *time)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)g_date_time_get_day_of_month(time),
                   (GDateMonth)g_date_time_get_month(time), (GDateYear)g_date_time_get_year(time));
    return g_date_get_julian(&date);
}

char *app_shift_time_dup(int64_t at_ms, int64_t day_ms, const char *zone)
{
    g_autoptr(GTimeZone) known = zone_of(zone);
    g_autoptr(GDateTime) at = local_of(at_ms, known), day = local_of(day_ms, known);
    if (!at || !day)
        return g_strdup("–");
    int64_t days = julian_of(at) - julian_of(day);
    g_autofree char *clock = g_date_time_format(at, "%H:%M");
    return days == 0 ? g_steal_pointer(&clock)
                     : g_strdup_printf("%s %s%" G_GINT64_FORMAT, clock, days < 0 ? MINUS : "+",
                                       ABS(days));
}

/* "22:00", "2200" or "7:30" in ASCII to minutes of the day; -1: it is none. */
static int read_clock(const char *text)
{
    int hour = 0, minute = 0, n_hour = 0, n_minute = 0;
    while (g_ascii_isdigit(*text) && n_hour < 4)
        hour = hour * 10 + (*text++ - '0'), n_hour++;
    if (*text == ':') {
        text++;
        while (g_ascii_isdigit(*text) && n_minute < 2)
            minute = minute * 10 + (*text++ - '0'), n_minute++;
        if (n_minute != 2 || n_hour > 2)
            return -1;
    } else if (n_hour > 2) {
        minute = hour % 100;
        hour /= 100;
    }
    bool right = *text == '\0' && n_hour > 0 && minute < 60 && hour * 60 + minute <= 24 * 60;
    return right ? hour * 60 + minute : -1;
}

/* Splits "+1" off the end; false when there is something behind the clock that is no day. */
static bool split_day(char *text, int *days, bool *says)
{
    char *sign = strpbrk(text, "+-");
    *days = 0;
    *says = sign != NULL;
    if (!sign)
        return true;
    char *end;
    guint64 n = g_ascii_strtoull(sign + 1, &end, 10);
    if (!g_ascii_isdigit(sign[1]) || *end || n > MOST_DAYS)
        return false;
    *days = *sign == '-' ? -(int)n : (int)n;
    *sign = '\0';
    g_strchomp(text);
    return true;
}

bool app_shift_time_read(const char *text, int64_t day_ms, const char *zone, int64_t *at_ms,
                         bool *says_day)
{
    g_autoptr(GString) plain = g_string_new(text);
    g_string_replace(plain, FULL_COLON, ":", 0);
    g_string_replace(plain, MINUS, "-", 0);
    g_strstrip(plain->str);
    int days;
    if (!split_day(plain->str, &days, says_day))
        return false;
    int minutes = read_clock(plain->str);
    g_autoptr(GTimeZone) known = zone_of(zone);
    g_autoptr(GDateTime) day = local_of(day_ms, known);
    if (minutes < 0 || !day)
        return false;
    g_autoptr(GDateTime) that = g_date_time_add_days(day, days + minutes / (24 * 60));
    int year, month, date;
    g_date_time_get_ymd(that, &year, &month, &date);
    g_autoptr(GDateTime) at =
        g_date_time_new(known, year, month, date, minutes / 60 % 24, minutes % 60, 0);
    if (!at)
        return false;
    *at_ms = g_date_time_to_unix(at) * 1000;
    return true;
}

bool app_shift_time_span(const char *from, const char *to, int64_t day_ms, const char *zone,
                         int64_t *from_ms, int64_t *to_ms)
{
    bool says_day, ends_says_day;
    int64_t begin_ms, end_ms;
    if (!app_shift_time_read(from, day_ms, zone, &begin_ms, &says_day) ||
        !app_shift_time_read(to, day_ms, zone, &end_ms, &ends_says_day))
        return false;
    if (end_ms <= begin_ms && !ends_says_day) {
        g_autofree char *next = g_strconcat(to, "+1", NULL);
        if (!app_shift_time_read(next, says_day ? begin_ms : day_ms, zone, &end_ms, &ends_says_day))
            return false;
    }
    if (end_ms <= begin_ms)
        return false;
    *from_ms = begin_ms;
    *to_ms = end_ms;
    return true;
}
