/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days are counted in eras of 400 years that begin in March, so that a leap day is the last of its
 * year (Hinnant, "chrono-compatible low-level date algorithms"): exact, and some 5 ns, where
 * GDateTime takes an allocation. */
#include "geo/decode/clock.h"

#include <math.h>

#define SECOND_MS INT64_C(1000)
#define DAY_S INT64_C(86400)
#define LAST_MS INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

static int64_t days_since_1970(int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400, year_of_era = year % 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int64_t)era * 146097 + day_of_era - 719468;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

bool geo_clock_civil(int year, int month, int day, int hour, int minute, int second, int64_t *at_ms)
{
    if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > days_of_month(year, month))
        return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return false;
    int64_t second_of_day = (hour * 60 + minute) * 60 + second;
    *at_ms = (days_since_1970(year, month, day) * DAY_S + second_of_day) * SECOND_MS;
    return true;
}

bool geo_clock_bcd(const uint8_t bcd[6], int zone_h, int64_t *at_ms)
{
    int two[6];
    for (int i = 0; i < 6; i++) {
        int tens = bcd[i] >> 4, ones = bcd[i] & 15;
        if (tens > 9 || ones > 9)
            return false;
        two[i] = tens * 10 + ones;
    }
    int64_t local_ms;
    if (!geo_clock_civil(2000 + two[0], two[1], two[2], two[3], two[4], two[5], &local_ms))
        return false;
    *at_ms = local_ms - zone_h * 3600 * SECOND_MS;
    return true;
}

void geo_clock_to_bcd(int64_t at_ms, int zone_h, uint8_t bcd[6])
{
    int64_t at_s = at_ms / SECOND_MS - (at_ms % SECOND_MS < 0) + zone_h * INT64_C(3600);
    int64_t days = at_s / DAY_S - (at_s % DAY_S < 0), rest = at_s - days * DAY_S;
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = (int)(z - era * 146097);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153, month = shifted + (shifted < 10 ? 3 : -9);
    int day = day_of_year - (153 * shifted + 2) / 5 + 1;
    int two[6] = {(year_of_era + (month <= 2)) % 100,
                  month,
                  day,
                  (int)(rest / 3600),
                  (int)(rest / 60 % 60),
                  (int)(rest % 60)};
    for (int i = 0; i < 6; i++)
        bcd[i] = (uint8_t)(two[i] / 10 << 4 | two[i] % 10);
}

/* width digits at text; -1 when one of them is none. */
static int digits(const char *text, int width)
{
    int number = 0;
    for (int i = 0; i < width; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

/* Z, or sign and hh, hhmm or hh:mm; nothing at all is UTC. */
static bool take_offset(const char *text, size_t n, int64_t *offset_ms)
{
    *offset_ms = 0;
    if (n == 0 || (n == 1 && (text[0] == 'Z' || text[0] == 'z')))
        return true;
    if (text[0] != '+' && text[0] != '-')
        return false;
    bool colon = n == 6 && text[3] == ':';
    if (n != 3 && n != 5 && !colon)
        return false;
    int hours = digits(text + 1, 2), minutes = n == 3 ? 0 : digits(text + (colon ? 4 : 3), 2);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59)
        return false;
    *offset_ms = (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes) * 60 * SECOND_MS;
    return true;
}

bool geo_clock_iso(const char *text, size_t n, int64_t *at_ms)
{
    if (n < 19 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':')
        return false;
    if (text[10] != 'T' && text[10] != 't' && text[10] != ' ')
        return false;
    int64_t whole_ms, offset_ms;
    if (!geo_clock_civil(digits(text, 4), digits(text + 5, 2), digits(text + 8, 2),
                         digits(text + 11, 2), digits(text + 14, 2), digits(text + 17, 2),
                         &whole_ms))
        return false;
    size_t at = 19;
    int64_t part_ms = 0;
    if (at < n && text[at] == '.') {
        int64_t weight = 100;
        size_t begin = ++at;
        for (; at < n && text[at] >= '0' && text[at] <= '9'; at++, weight /= 10)
            part_ms += (text[at] - '0') * weight;
        if (at == begin)
            return false;
    }
    if (!take_offset(text + at, n - at, &offset_ms))
        return false;
    *at_ms = whole_ms + part_ms - offset_ms;
    return true;
}

bool geo_clock_epoch(double number, int64_t *at_ms)
{
    double ms = number < 1e11 ? number * 1000 : number;
    if (!(ms >= 1 && ms <= (double)LAST_MS))
        return false;
    *at_ms = (int64_t)floor(ms + 0.5);
    return true;
}
