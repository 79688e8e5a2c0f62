/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/hours.h"

#include <string.h>

#define DAY_MIN 1440

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "H:MM" or "HH:MM" at *at, up to 24:00. */
static bool read_clock(const char **at, uint16_t *minute)
{
    const char *c = *at;
    int hour = 0, n = 0;
    for (; is_digit(*c) && n < 2; n++)
        hour = hour * 10 + (*c++ - '0');
    if (n == 0 || *c++ != ':' || !is_digit(c[0]) || !is_digit(c[1]) || is_digit(c[2]))
        return false;
    int all = hour * 60 + (c[0] - '0') * 10 + (c[1] - '0');
    if (c[0] > '5' || all > DAY_MIN)
        return false;
    *minute = (uint16_t)(all % DAY_MIN);
    *at = c + 2;
    return true;
}

bool geo_hours_read(const char *text, uint16_t *open_min, uint16_t *close_min)
{
    static const char every_day[] = "Mo-Su ";
    uint16_t open = 0, close = 0;
    const char *at = text;
    if (!strncmp(at, every_day, strlen(every_day)))
        at += strlen(every_day);
    if (!strcmp(text, "24/7"))
        at += strlen(text);
    else if (!read_clock(&at, &open) || *at++ != '-' || !read_clock(&at, &close))
        return false;
    if (*at != '\0')
        return false;
    *open_min = open;
    *close_min = close;
    return true;
}
