/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text is cut into numbers, marks and letters of a direction; the numbers are gathered into
 * groups, one a coordinate, and there must be two. */
#include "geo/model/coordtext.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define MAX_TOKENS 16

typedef enum { A_NUMBER, A_MARK, AN_AXIS, A_CUT } What;
typedef enum { NO_AXIS, LONGITUDE, LATITUDE } Axis;

typedef struct {
    What what;
    double
        value; /* of a number; of an axis -1 for west and south; of a mark its share of a degree */
    Axis axis;
    bool names;   /* "lon", "纬度": it stands before, and says no side */
    bool decimal; /* the number has a point */
} Token;

typedef struct {
    double parts[3];
    unsigned n, marked; /* numbers, and how many of them had their mark */
    Axis axis;
    double sign;
    bool before, side, decimal; /* the axis stood before; it said north, south, east or west */
} Group;

typedef struct {
    Token tokens[MAX_TOKENS];
    unsigned n;
    Group groups[2];
    unsigned n_groups;
} Reading;

typedef struct {
    const char *text;
    Token token;
} Word;

/* Longer ones before those they begin with. The text is folded: ″ has become two ′. */
static const Word words[] = {
    {"东经", {AN_AXIS, 1, LONGITUDE, false, false}},
    {"西经", {AN_AXIS, -1, LONGITUDE, false, false}},
    {"北纬", {AN_AXIS, 1, LATITUDE, false, false}},
    {"南纬", {AN_AXIS, -1, LATITUDE, false, false}},
    {"東經", {AN_AXIS, 1, LONGITUDE, false, false}},
    {"北緯", {AN_AXIS, 1, LATITUDE, false, false}},
    {"东經", {AN_AXIS, 1, LONGITUDE, false, false}},
    {"longitude", {AN_AXIS, 1, LONGITUDE, true, false}},
    {"latitude", {AN_AXIS, 1, LATITUDE, true, false}},
    {"经度", {AN_AXIS, 1, LONGITUDE, true, false}},
    {"纬度", {AN_AXIS, 1, LATITUDE, true, false}},
    {"long", {AN_AXIS, 1, LONGITUDE, true, false}},
    {"lng", {AN_AXIS, 1, LONGITUDE, true, false}},
    {"lon", {AN_AXIS, 1, LONGITUDE, true, false}},
    {"lat", {AN_AXIS, 1, LATITUDE, true, false}},
    {"e", {AN_AXIS, 1, LONGITUDE, false, false}},
    {"w", {AN_AXIS, -1, LONGITUDE, false, false}},
    {"n", {AN_AXIS, 1, LATITUDE, false, false}},
    {"s", {AN_AXIS, -1, LATITUDE, false, false}},
    {"°", {A_MARK, 1, NO_AXIS, false, false}},
    {"度", {A_MARK, 1, NO_AXIS, false, false}},
    {"′′", {A_MARK, 3600, NO_AXIS, false, false}},
    {"''", {A_MARK, 3600, NO_AXIS, false, false}},
    {"’’", {A_MARK, 3600, NO_AXIS, false, false}},
    {"\"", {A_MARK, 3600, NO_AXIS, false, false}},
    {"”", {A_MARK, 3600, NO_AXIS, false, false}},
    {"秒", {A_MARK, 3600, NO_AXIS, false, false}},
    {"′", {A_MARK, 60, NO_AXIS, false, false}},
    {"'", {A_MARK, 60, NO_AXIS, false, false}},
    {"’", {A_MARK, 60, NO_AXIS, false, false}},
    {"分", {A_MARK, 60, NO_AXIS, false, false}},
    {",", {A_CUT, 0, NO_AXIS, false, false}},
    {";", {A_CUT, 0, NO_AXIS, false, false}},
    {"/", {A_CUT, 0, NO_AXIS, false, false}},
    {"、", {A_CUT, 0, NO_AXIS, false, false}},
};

/* Digits with a point at most; a sign only where nothing stands right before it. */
static const char *cut_number(const char *text, const char *begin, Token *token)
{
    const char *at = text;
    if ((*at == '-' || *at == '+') && (at == begin || !g_ascii_isdigit(at[-1])))
        at++;
    size_t whole = strspn(at, "0123456789");
    if (whole == 0)
        return NULL;
    at += whole;
    bool decimal = *at == '.';
    if (decimal)
        at += 1 + strspn(at + 1, "0123456789");
    g_autofree char *digits = g_strndup(text, (gsize)(at - text)); /* "33.5e18" is no power of 10 */
    *token = (Token){A_NUMBER, g_ascii_strtod(digits, NULL), NO_AXIS, false, decimal};
    return at;
}

static const char *cut_word(const char *text, Token *token)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(text, words[i].text)) {
            *token = words[i].token;
            return text + strlen(words[i].text);
        }
    return NULL;
}

static bool cut_text(const char *text, Reading *reading)
{
    const char *at = text;
    while (*at) {
        if (g_ascii_isspace(*at) || *at == ':' || *at == '=') {
            at++;
            continue;
        }
        Token token;
        const char *end = cut_number(at, text, &token);
        if (!end)
            end = cut_word(at, &token);
        if (!end || reading->n == MAX_TOKENS)
            return false;
        reading->tokens[reading->n++] = token;
        at = end;
    }
    return true;
}

/* ---- groups ---- */

static Group *new_group(Reading *reading)
{
    if (reading->n_groups == G_N_ELEMENTS(reading->groups))
        return NULL;
    Group *group = &reading->groups[reading->n_groups++];
    *group = (Group){.sign = 1};
    return group;
}

static bool put_axis(Group *group, const Token *token)
{
    if (group->side || (group->axis != NO_AXIS && group->axis != token->axis))
        return false;
    group->before |= group->n == 0;
    group->axis = token->axis;
    group->sign = token->value;
    group->side = !token->names;
    return true;
}

/* A mark says what the number before it was: degrees, then minutes, then seconds. */
static bool put_mark(Group *group, const Token *token)
{
    static const double shares[] = {1, 60, 3600};
    if (group->n == 0 || group->marked == group->n || shares[group->n - 1] != token->value)
        return false;
    group->marked = group->n;
    return true;
}

/* A number after this group is of the next: by what has been said, by how many numbers are left. */
static bool is_full(const Group *group, unsigned each)
{
    return group->n == each || group->n == 3;
}

/* Numbers of one coordinate where neither mark nor letter tells: half of them. */
static unsigned bare_each(const Reading *reading)
{
    unsigned n = 0;
    for (unsigned i = 0; i < reading->n; i++) {
        if (reading->tokens[i].what != A_NUMBER)
            return 3;
        n++;
    }
    return n % 2 == 0 ? n / 2 : 3;
}

static bool begins_next(const Group *group, const Token *token, unsigned each)
{
    switch (token->what) {
    case A_NUMBER:
        return is_full(group, each) || (group->side && !group->before);
    case AN_AXIS:
        return group->n > 0 && (group->before || group->side);
    case A_MARK: /* "117 31°": the number before it begins another; not read */
    case A_CUT:
        break;
    }
    return token->what == A_CUT && group->n > 0;
}

/* "31°51' 117°16'": degrees again. The number is of the next group. */
static bool is_degrees_again(const Reading *reading, unsigned i, const Group *group)
{
    const Token *next = i + 1 < reading->n ? &reading->tokens[i + 1] : NULL;
    return reading->tokens[i].what == A_NUMBER && next && next->what == A_MARK &&
           next->value == 1 && group->n > 0;
}

static bool gather(Reading *reading)
{
    unsigned each = bare_each(reading);
    Group *group = new_group(reading);
    for (unsigned i = 0; i < reading->n; i++) {
        const Token *token = &reading->tokens[i];
        if (begins_next(group, token, each) || is_degrees_again(reading, i, group)) {
            group = new_group(reading);
            if (!group)
                return false;
        }
        bool fits = true;
        if (token->what == AN_AXIS)
            fits = put_axis(group, token);
        else if (token->what == A_MARK)
            fits = put_mark(group, token);
        else if (token->what == A_NUMBER) {
            fits = group->n < 3 && !(group->n > 0 && group->decimal);
            if (fits)
                group->parts[group->n++] = token->value;
            group->decimal |= token->decimal;
        }
        if (!fits)
            return false;
    }
    return reading->n_groups == 2 && reading->groups[1].n > 0;
}

/* ---- degrees ---- */

static bool degrees_of(const Group *group, double *degrees)
{
    bool below = signbit(group->parts[0]);
    for (unsigned i = 1; i < group->n; i++)
        if (!(group->parts[i] >= 0 && group->parts[i] < 60))
            return false;
    if (group->n == 0 || (below && group->side))
        return false;
    double size = fabs(group->parts[0]) + group->parts[1] / 60 + group->parts[2] / 3600;
    *degrees = (below ? -size : size) * group->sign;
    return true;
}

static bool settle(const Reading *reading, GeoCoordText *read)
{
    const Group *a = &reading->groups[0], *b = &reading->groups[1];
    double first, second;
    if (!degrees_of(a, &first) || !degrees_of(b, &second) ||
        (a->axis != NO_AXIS && a->axis == b->axis))
        return false;
    bool turned = a->axis == LATITUDE || b->axis == LONGITUDE;
    *read = (GeoCoordText){.first = turned ? second : first,
                           .second = turned ? first : second,
                           .axes = a->axis != NO_AXIS || b->axis != NO_AXIS,
                           .plain = a->n == 1 && b->n == 1 && !a->decimal && !b->decimal &&
                                    a->marked + b->marked == 0};
    return true;
}

bool geo_coordtext_read(const char *text, GeoCoordText *read)
{
    g_autofree char *normal = text ? g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE) : NULL;
    g_autofree char *folded = normal ? g_utf8_casefold(normal, -1) : NULL;
    Reading reading = {.n = 0};
    return folded && cut_text(folded, &reading) && reading.n > 1 && gather(&reading) &&
           settle(&reading, read);
}
