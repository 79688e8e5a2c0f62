/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/json.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define MAX_DEPTH 64
#define MAX_NUMBER 127 /* characters; longer ones are unknown */

/* Most messages are ASCII alone: eight bytes at a look. */
static bool is_ascii(const char *text, size_t n)
{
    uint64_t eight, high = 0;
    size_t at = 0;
    for (; n - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, text + at, sizeof eight);
        high |= eight;
    }
    for (; at < n; at++)
        high |= (unsigned char)text[at];
    return !(high & UINT64_C(0x8080808080808080));
}

void geo_json_init(GeoJson *json, const char *text, size_t n)
{
    memset(json, 0, sizeof *json);
    json->text = text;
    json->n = n;
    json->bad = !is_ascii(text, n) && !g_utf8_validate_len(text, n, NULL);
}

static bool fail(GeoJson *json)
{
    json->bad = true;
    return false;
}

/* The next character that is no blank; NUL at the end. */
static char peek(GeoJson *json)
{
    while (json->at < json->n) {
        char c = json->text[json->at];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            return c;
        json->at++;
    }
    return '\0';
}

static bool in_object(const GeoJson *json)
{
    return json->depth > 0 && (json->is_object >> (json->depth - 1) & 1);
}

static bool open_bracket(GeoJson *json)
{
    if (json->depth == MAX_DEPTH)
        return fail(json);
    uint64_t bit = UINT64_C(1) << json->depth++;
    json->is_object =
        json->text[json->at++] == '{' ? json->is_object | bit : json->is_object & ~bit;
    json->fresh = true;
    return true;
}

static int hex_unit(const GeoJson *json, size_t at)
{
    int unit = 0;
    for (size_t i = at; i < at + 4; i++) {
        int digit = i < json->n ? g_ascii_xdigit_value(json->text[i]) : -1;
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* After a backslash: the character it stands for, 0 when the escape is wrong. Half a pair of
 * surrogates stands for U+FFFD. */
static gunichar take_escape(GeoJson *json, bool *is_nul)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char c = json->at < json->n ? json->text[json->at++] : '\0';
    const char *letter = c ? strchr(letters, c) : NULL;
    if (letter)
        return (gunichar)meant[letter - letters];
    int unit = c == 'u' ? hex_unit(json, json->at) : -1;
    if (unit < 0)
        return 0;
    json->at += 4;
    *is_nul |= unit == 0;
    if (unit >= 0xd800 && unit < 0xdc00 && json->n - json->at >= 6 &&
        json->text[json->at] == '\\' && json->text[json->at + 1] == 'u') {
        int low = hex_unit(json, json->at + 2);
        if (low >= 0xdc00 && low < 0xe000) {
            json->at += 6;
            return (gunichar)(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        }
    }
    return unit == 0 || (unit >= 0xd800 && unit < 0xe000) ? 0xfffd : (gunichar)unit;
}

/* The characters of a string that stand for themselves, from at on. */
static size_t plain_run(const GeoJson *json)
{
    size_t at = json->at;
    while (at < json->n && json->text[at] != '"' && json->text[at] != '\\' &&
           (unsigned char)json->text[at] >= 0x20)
        at++;
    return at - json->at;
}

/* From the opening quote. word gets what fits of the text, "" when that is not all of it; NULL for
 * none. */
static bool take_string(GeoJson *json, char *word, size_t size, size_t *n_word)
{
    size_t n = 0;
    bool whole = word;
    json->at++;
    for (;;) {
        char utf8[6];
        const char *part = json->text + json->at;
        size_t n_part = plain_run(json);
        json->at += n_part;
        if (n_part == 0) {
            if (json->at >= json->n || (unsigned char)json->text[json->at] < 0x20)
                return fail(json);
            if (json->text[json->at++] == '"')
                break;
            bool is_nul = false;
            gunichar meant = take_escape(json, &is_nul);
            if (meant == 0)
                return fail(json);
            whole &= !is_nul;
            n_part = (size_t)g_unichar_to_utf8(meant, utf8);
            part = utf8;
        }
        whole = whole && n + n_part < size;
        if (whole) {
            memcpy(word + n, part, n_part);
            n += n_part;
        }
    }
    if (word)
        word[whole ? n : 0] = '\0';
    *n_word = whole ? n : 0;
    return true;
}

static size_t take_digits(GeoJson *json)
{
    size_t begin = json->at;
    while (json->at < json->n && g_ascii_isdigit(json->text[json->at]))
        json->at++;
    return json->at - begin;
}

/* By RFC 8259: no plus, no leading zeros, digits on both sides of a point. */
static bool take_number(GeoJson *json)
{
    json->at += json->text[json->at] == '-';
    bool zero = json->at < json->n && json->text[json->at] == '0';
    size_t n_digits = take_digits(json);
    if (n_digits == 0 || (zero && n_digits > 1))
        return fail(json);
    if (json->at < json->n && json->text[json->at] == '.') {
        json->at++;
        if (take_digits(json) == 0)
            return fail(json);
    }
    if (json->at < json->n && (json->text[json->at] | 0x20) == 'e') {
        json->at++;
        if (json->at < json->n && (json->text[json->at] == '+' || json->text[json->at] == '-'))
            json->at++;
        if (take_digits(json) == 0)
            return fail(json);
    }
    return true;
}

static bool take_literal(GeoJson *json, const char *literal)
{
    size_t n = strlen(literal);
    if (json->n - json->at < n || memcmp(json->text + json->at, literal, n))
        return fail(json);
    json->at += n;
    return true;
}

/* Any value that is no bracket; of a bracket, the opening. */
static void take_any(GeoJson *json)
{
    size_t n_word;
    char c = json->bad ? '\0' : peek(json);
    json->fresh = false;
    if (c == '{' || c == '[')
        open_bracket(json);
    else if (c == '"')
        take_string(json, NULL, 0, &n_word);
    else if (c == 't')
        take_literal(json, "true");
    else if (c == 'f')
        take_literal(json, "false");
    else if (c == 'n')
        take_literal(json, "null");
    else if (c == '-' || g_ascii_isdigit(c))
        take_number(json);
    else
        fail(json);
}

static bool enter(GeoJson *json, char bracket)
{
    if (!json->bad && peek(json) == bracket)
        return open_bracket(json);
    geo_json_skip(json);
    return false;
}

bool geo_json_object(GeoJson *json)
{
    return enter(json, '{');
}

bool geo_json_array(GeoJson *json)
{
    return enter(json, '[');
}

/* To the next item of the bracket, past its comma; false at the end or a fault. */
static bool advance(GeoJson *json, bool object)
{
    if (json->bad || json->depth == 0 || in_object(json) != object)
        return fail(json);
    char c = peek(json);
    if (c == (object ? '}' : ']')) {
        json->at++;
        json->depth--;
        json->fresh = false;
        return false;
    }
    if (!json->fresh) {
        if (c != ',')
            return fail(json);
        json->at++;
        peek(json);
    }
    json->fresh = false;
    return true;
}

bool geo_json_member(GeoJson *json)
{
    size_t n_key;
    if (!advance(json, true))
        return false;
    if (peek(json) != '"')
        return fail(json);
    if (!take_string(json, json->key, sizeof json->key, &n_key))
        return false;
    if (peek(json) != ':')
        return fail(json);
    json->at++;
    return true;
}

bool geo_json_element(GeoJson *json)
{
    return advance(json, false);
}

bool geo_json_is(const GeoJson *json, const char *key)
{
    return !strcmp(json->key, key);
}

/* Up to 19 digits and a small power of ten are one exact product or quotient (Clinger 1990); all
 * others go to the C library. */
static double number_of(const char *text, size_t n)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    uint64_t whole = 0;
    int n_digits = 0, n_fraction = 0;
    bool point = false, plain = true;
    for (size_t i = text[0] == '-'; i < n && plain; i++) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        plain = g_ascii_isdigit(text[i]) && n_digits < 19;
        whole = whole * 10 + (uint64_t)(text[i] - '0');
        n_digits++;
        n_fraction += point;
    }
    if (plain && whole <= UINT64_C(1) << 53) {
        double number = (double)whole / tens[n_fraction];
        return text[0] == '-' ? -number : number;
    }
    char copy[MAX_NUMBER + 1];
    if (n > MAX_NUMBER)
        return NAN;
    memcpy(copy, text, n);
    copy[n] = '\0';
    double number = g_ascii_strtod(copy, NULL);
    return isfinite(number) ? number : NAN;
}

double geo_json_number(GeoJson *json)
{
    char c = json->bad ? '\0' : peek(json);
    if (c != '-' && !g_ascii_isdigit(c)) {
        geo_json_skip(json);
        return NAN;
    }
    size_t begin = json->at;
    if (!take_number(json))
        return NAN;
    return number_of(json->text + begin, json->at - begin);
}

int geo_json_truth(GeoJson *json)
{
    char c = json->bad ? '\0' : peek(json);
    geo_json_skip(json);
    return json->bad || (c != 't' && c != 'f') ? -1 : c == 't';
}

size_t geo_json_word(GeoJson *json, char *word, size_t size)
{
    char c = json->bad ? '\0' : peek(json);
    size_t n_word = 0, begin = json->at;
    word[0] = '\0';
    if (c == '"') {
        if (!take_string(json, word, size, &n_word))
            word[0] = '\0';
        return json->bad ? 0 : n_word;
    }
    geo_json_skip(json);
    n_word = json->at - begin;
    if (json->bad || (c != '-' && !g_ascii_isdigit(c)) || n_word >= size)
        return 0;
    memcpy(word, json->text + begin, n_word);
    word[n_word] = '\0';
    return n_word;
}

void geo_json_skip(GeoJson *json)
{
    unsigned base = json->depth;
    take_any(json);
    while (!json->bad && json->depth > base)
        if (in_object(json) ? geo_json_member(json) : geo_json_element(json))
            take_any(json);
}

bool geo_json_end(GeoJson *json)
{
    if (!json->bad &&
        (json->depth > 0 || json->at == 0 || peek(json) != '\0' || json->at < json->n))
        json->bad = true;
    return !json->bad;
}
