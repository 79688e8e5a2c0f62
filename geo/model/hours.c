/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules stand apart by ";", where a later one takes its days from the earlier ones, or by ","
 * before a weekday, where it adds to them (the opening_hours specification, points 1 and 2). */
#include "geo/model/hours.h"

#include <stddef.h>
#include <string.h>

#define DAY_MIN 1440
#define ALL_DAYS 0x7f

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_spaces(const char **at)
{
    while (**at == ' ')
        ++*at;
}

static bool take_word(const char **at, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(*at, word, n) != 0)
        return false;
    *at += n;
    skip_spaces(at);
    return true;
}

/* "H:MM" or "HH:MM" at *at, up to 48:00: what is beyond midnight is written so too. */
static bool read_clock(const char **at, int *minute)
{
    const char *c = *at;
    int hour = 0, n = 0;
    for (; is_digit(*c) && n < 2; n++)
        hour = hour * 10 + (*c++ - '0');
    if (n == 0 || *c++ != ':' || !is_digit(c[0]) || !is_digit(c[1]) || is_digit(c[2]))
        return false;
    *minute = hour * 60 + (c[0] - '0') * 10 + (c[1] - '0');
    if (c[0] > '5' || *minute > 2 * DAY_MIN)
        return false;
    *at = c + 2;
    return true;
}

static int read_day(const char **at)
{
    static const char *const days[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
    for (int day = 0; day < 7; day++)
        if (!strncmp(*at, days[day], 2)) {
            *at += 2;
            return day;
        }
    return -1;
}

/* One weekday or several, "Mo" or "Fr-Mo", into days; false where none stands at *at. */
static bool read_weekdays(const char **at, uint8_t *days, bool *damaged)
{
    int first = read_day(at), last = first;
    if (first >= 0 && **at == '-') {
        ++*at;
        last = read_day(at);
        *damaged |= last < 0;
    }
    if (first < 0 || last < 0)
        return false;
    for (int day = first;; day = (day + 1) % 7) {
        *days |= (uint8_t)(1 << day);
        if (day == last)
            return true;
    }
}

/* "Mo-Fr,Su,PH" into days; false where it is damaged. No days at all are read too. */
static bool read_days(const char **at, uint8_t *days, bool *holiday)
{
    bool damaged = false;
    *days = 0;
    *holiday = false;
    for (bool more = false; !damaged; more = true) {
        const char *next = *at;
        if (more && *next != ',')
            break;
        next += more;
        skip_spaces(&next);
        if (!strncmp(next, "PH", 2) || !strncmp(next, "SH", 2)) {
            next += 2;
            *holiday = true;
        } else if (!read_weekdays(&next, days, &damaged)) {
            break;
        }
        *at = next;
    }
    skip_spaces(at);
    return !damaged;
}

static bool add_span(GeoHours *hours, uint8_t days, int from, int to)
{
    if (hours->n == GEO_HOURS_MOST || from >= DAY_MIN || (to < from && to > DAY_MIN))
        return false;
    if (to > DAY_MIN && to - DAY_MIN > from)
        return false; /* longer than a day */
    hours->span[hours->n].days = days;
    hours->span[hours->n].from_min = (uint16_t)from;
    hours->span[hours->n++].to_min = (uint16_t)(to > DAY_MIN ? to - DAY_MIN : to);
    return true;
}

static void clear_days(GeoHours *hours, uint8_t days)
{
    for (uint8_t i = 0; i < hours->n; i++)
        hours->span[i].days &= (uint8_t)~days;
}

/* "07:00-09:00,16:00-18:00"; adds: behind a comma the next rule begins. */
static bool read_spans(const char **at, uint8_t days, GeoHours *hours, bool *adds)
{
    for (bool more = false;; more = true) {
        int from, to;
        if (more && !is_digit(**at)) {
            *adds = true;
            return true;
        }
        if (!read_clock(at, &from) || **at != '-')
            return false;
        ++*at;
        if (!read_clock(at, &to) || !add_span(hours, days, from, to))
            return false;
        skip_spaces(at);
        if (**at != ',')
            return true;
        ++*at;
        skip_spaces(at);
    }
}

/* One rule from *at to ";", to the end, or to the rule that it adds to itself. */
static bool read_rule(const char **at, GeoHours *hours, bool *adds)
{
    uint8_t days;
    bool holiday, added = *adds;
    *adds = false;
    if (!read_days(at, &days, &holiday))
        return false;
    if (days == 0 && !holiday)
        days = ALL_DAYS;
    if (!added)
        clear_days(hours, days);
    if (take_word(at, "off") || take_word(at, "closed")) {
        if (hours->n == 0 && !add_span(hours, 0, 0, DAY_MIN)) /* a void one: not "always" */
            return false;
    } else if (take_word(at, "24/7")) {
        if (!add_span(hours, days, 0, DAY_MIN))
            return false;
    } else if (!read_spans(at, days, hours, adds)) {
        return false;
    }
    if (!*adds)
        take_word(at, "open");
    return *adds || **at == ';' || **at == '\0';
}

bool geo_hours_read(const char *text, GeoHours *hours)
{
    GeoHours found = {0};
    const char *at = text;
    bool adds = false, more = true;
    while (more) {
        skip_spaces(&at);
        if (!read_rule(&at, &found, &adds))
            return false;
        more = adds || (*at == ';' && at[1] != '\0');
        at += *at == ';' && !adds;
    }
    *hours = found;
    return true;
}

bool geo_hours_always(const GeoHours *hours)
{
    return hours->n == 0 || (hours->n == 1 && hours->span[0].days == ALL_DAYS &&
                             hours->span[0].from_min == hours->span[0].to_min % DAY_MIN);
}

bool geo_hours_hold(const GeoHours *hours, int minute)
{
    int day = minute / DAY_MIN, now = minute % DAY_MIN, before = (day + 6) % 7;
    for (uint8_t i = 0; i < hours->n; i++) {
        int from = hours->span[i].from_min, to = hours->span[i].to_min;
        bool over = to <= from;
        if ((hours->span[i].days >> day & 1) && now >= from && (over || now < to))
            return true;
        if (over && (hours->span[i].days >> before & 1) && now < to)
            return true;
    }
    return hours->n == 0;
}
