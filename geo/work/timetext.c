/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/timetext.h"

#include <string.h>

#define SECOND_MS 1000
#define DAY_S 86400

typedef struct {
    int year, month, day, hour, minute, second, ms;
    int offset_s;
    bool has_offset, afternoon, twelve; /* twelve: %I or %p was read */
} Stamp;

/* Days since 1970-01-01 of the Gregorian calendar: the years of an era of 400 are counted from
 * March, so that the leap day is the last (Hinnant's well-known arrangement of it). */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool take_digits(const char **text, int min, int max, int *value)
{
    int n = 0, number = 0;
    for (; n < max && g_ascii_isdigit((*text)[n]); n++)
        number = number * 10 + ((*text)[n] - '0');
    if (n < min)
        return false;
    *text += n;
    *value = number;
    return true;
}

/* "Z", "+08", "+0800", "+08:00"; nothing is fine too. */
static bool take_offset(const char **text, Stamp *stamp)
{
    const char *at = *text;
    if (*at == 'Z' || *at == 'z') {
        stamp->has_offset = true;
        *text = at + 1;
        return true;
    }
    if (*at != '+' && *at != '-')
        return true;
    int sign = *at++ == '-' ? -1 : 1, hours, minutes = 0;
    if (!take_digits(&at, 2, 2, &hours))
        return false;
    if (*at == ':')
        at++;
    if (g_ascii_isdigit(*at) && !take_digits(&at, 2, 2, &minutes))
        return false;
    stamp->offset_s = sign * (hours * 3600 + minutes * 60);
    stamp->has_offset = true;
    *text = at;
    return true;
}

static bool take_fraction(const char **text, Stamp *stamp)
{
    if (**text != '.' && **text != ',')
        return true;
    (*text)++;
    int scale = 100;
    const char *first = *text;
    for (; g_ascii_isdigit(**text); (*text)++, scale /= 10)
        stamp->ms += (**text - '0') * scale;
    return *text > first;
}

static bool take_iso(const char *text, Stamp *stamp)
{
    if (!take_digits(&text, 4, 4, &stamp->year))
        return false;
    char mark = *text++;
    if (mark == '\0' || !strchr("-/.", mark) || !take_digits(&text, 1, 2, &stamp->month) ||
        *text++ != mark || !take_digits(&text, 1, 2, &stamp->day))
        return false;
    if (*text == '\0')
        return true;
    if (*text != 'T' && *text != ' ')
        return false;
    text += 1;
    if (!take_digits(&text, 1, 2, &stamp->hour) || *text++ != ':' ||
        !take_digits(&text, 2, 2, &stamp->minute))
        return false;
    if (*text == ':') {
        text++;
        if (!take_digits(&text, 2, 2, &stamp->second) || !take_fraction(&text, stamp))
            return false;
    }
    if (*text == ' ')
        text++;
    return take_offset(&text, stamp) && *text == '\0';
}

static bool take_compact(const char *text, Stamp *stamp)
{
    return take_digits(&text, 4, 4, &stamp->year) && take_digits(&text, 2, 2, &stamp->month) &&
           take_digits(&text, 2, 2, &stamp->day) && take_digits(&text, 2, 2, &stamp->hour) &&
           take_digits(&text, 2, 2, &stamp->minute) && take_digits(&text, 2, 2, &stamp->second);
}

static bool take_half_of_day(const char **text, Stamp *stamp)
{
    bool afternoon = !g_ascii_strncasecmp(*text, "PM", 2);
    if (!afternoon && g_ascii_strncasecmp(*text, "AM", 2))
        return false;
    stamp->afternoon = afternoon;
    stamp->twelve = true;
    *text += 2;
    return true;
}

static bool take_directive(char directive, const char **text, Stamp *stamp)
{
    switch (directive) {
    case 'Y':
        return take_digits(text, 4, 4, &stamp->year);
    case 'm':
        return take_digits(text, 1, 2, &stamp->month);
    case 'd':
        return take_digits(text, 1, 2, &stamp->day);
    case 'I':
        stamp->twelve = true;
        return take_digits(text, 1, 2, &stamp->hour);
    case 'H':
        return take_digits(text, 1, 2, &stamp->hour);
    case 'M':
        return take_digits(text, 2, 2, &stamp->minute);
    case 'S':
        return take_digits(text, 2, 2, &stamp->second) && take_fraction(text, stamp);
    case 'p':
        return take_half_of_day(text, stamp);
    default:
        return false;
    }
}

static bool take_pattern(const char *text, const char *pattern, Stamp *stamp)
{
    for (; *pattern; pattern++) {
        if (pattern[0] == '*' && pattern[1] == '\0')
            return true;
        if (*pattern == '%' && pattern[1]) {
            if (!take_directive(*++pattern, &text, stamp))
                return false;
        } else if (*text++ != *pattern) {
            return false;
        }
    }
    return *text == '\0';
}

static bool possible(const Stamp *stamp)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (stamp->year < 1900 || stamp->year > 2200 || stamp->month < 1 || stamp->month > 12)
        return false;
    bool leap = stamp->year % 4 == 0 && (stamp->year % 100 != 0 || stamp->year % 400 == 0);
    int last = days[stamp->month - 1] + (leap && stamp->month == 2);
    return stamp->day >= 1 && stamp->day <= last && stamp->hour <= 23 && stamp->minute <= 59 &&
           stamp->second <= 60;
}

/* 10 digits are seconds, 13 milliseconds, since 1970. */
static bool take_unix(const char *text, int64_t *at_ms)
{
    size_t n = strspn(text, "0123456789");
    if (text[n] != '\0' || (n != 10 && n != 13))
        return false;
    *at_ms = g_ascii_strtoll(text, NULL, 10) * (n == 10 ? SECOND_MS : 1);
    return true;
}

GeoTimetext geo_timetext_parse(const char *text, const char *pattern, GTimeZone *zone,
                               int64_t *at_ms)
{
    Stamp stamp = {0};
    if (!pattern && take_unix(text, at_ms))
        return GEO_TIMETEXT_FINE;
    bool compact = !pattern && strspn(text, "0123456789") == 14 && text[14] == '\0';
    bool read = pattern   ? take_pattern(text, pattern, &stamp)
                : compact ? take_compact(text, &stamp)
                          : take_iso(text, &stamp);
    if (!read)
        return GEO_TIMETEXT_WRONG;
    if (stamp.twelve) {
        if (stamp.hour < 1 || stamp.hour > 12)
            return GEO_TIMETEXT_IMPOSSIBLE;
        stamp.hour = stamp.hour % 12 + (stamp.afternoon ? 12 : 0);
    }
    if (!possible(&stamp))
        return GEO_TIMETEXT_IMPOSSIBLE;
    gint64 local_s = days_of(stamp.year, stamp.month, stamp.day) * DAY_S + stamp.hour * 3600 +
                     stamp.minute * 60 + stamp.second;
    gint64 moved_s = local_s;
    int offset_s = stamp.offset_s;
    if (!stamp.has_offset) {
        int interval = g_time_zone_adjust_time(zone, G_TIME_TYPE_STANDARD, &moved_s);
        offset_s = g_time_zone_get_offset(zone, interval);
    }
    *at_ms = (moved_s - offset_s) * SECOND_MS + stamp.ms;
    return moved_s != local_s ? GEO_TIMETEXT_SKIPPED : GEO_TIMETEXT_FINE;
}
