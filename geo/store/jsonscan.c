/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/jsonscan.h"

#include <stdint.h>
#include <string.h>

#include "geo/model/error.h"

#define MAX_DEPTH 64

typedef enum { WANT_VALUE, WANT_VALUE_OR_END, WANT_KEY_OR_END, WANT_KEY, WANT_COMMA_OR_END } Want;

typedef struct {
    const char *text;
    size_t n, at;
    unsigned depth;
    uint64_t is_object; /* bit d - 1: the bracket at depth d is an object */
    const char *key;    /* of the member being read, without quotes */
    size_t n_key;
    unsigned crs_depth;         /* of the object under a "crs" key; 0: not in one */
    unsigned coordinates_depth; /* of the array under a "coordinates" key; 0: not in one */
    GeoJsonScan *scan;
} Scanner;

static bool fault(const Scanner *s, const char *what, GError **error)
{
    size_t line = 1;
    for (size_t i = 0; i < s->at && i < s->n; i++)
        line += s->text[i] == '\n';
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "line %zu: %s", line,
                s->at >= s->n ? "the text ends too early" : what);
    return false;
}

static bool key_is(const Scanner *s, const char *key)
{
    return s->key && s->n_key == strlen(key) && !memcmp(s->key, key, s->n_key);
}

static bool in_object(const Scanner *s)
{
    return s->depth > 0 && (s->is_object >> (s->depth - 1) & 1);
}

/* From the opening quote; word gets what is between the quotes, escapes as they are. */
static bool take_string(Scanner *s, const char **word, size_t *n_word, GError **error)
{
    size_t begin = ++s->at;
    while (s->at < s->n && s->text[s->at] != '"') {
        if ((unsigned char)s->text[s->at] < 0x20)
            return fault(s, "a line ends or a control byte stands within a string", error);
        s->at += s->text[s->at] == '\\' ? 2 : 1;
    }
    if (s->at >= s->n)
        return fault(s, "a string never ends", error);
    *word = s->text + begin;
    *n_word = s->at - begin;
    s->at++;
    return true;
}

static bool take_number(Scanner *s, GError **error)
{
    size_t begin = s->at, digits = 0;
    while (s->at < s->n && s->text[s->at] != '\0' && strchr("+-.eE0123456789", s->text[s->at]))
        digits += g_ascii_isdigit(s->text[s->at++]);
    if (digits > 0 && s->text[begin] != '+' && s->text[begin] != '.')
        return true;
    s->at = begin;
    return fault(s, "a value expected", error);
}

static bool take_literal(Scanner *s, GError **error)
{
    static const char *const literals[] = {"true", "false", "null"};
    for (size_t i = 0; i < G_N_ELEMENTS(literals); i++) {
        size_t n = strlen(literals[i]);
        if (s->n - s->at >= n && !memcmp(s->text + s->at, literals[i], n)) {
            s->at += n;
            return true;
        }
    }
    return take_number(s, error);
}

/* A text value of the member whose key was read last. */
static void note_text(Scanner *s, const char *word, size_t n_word)
{
    if (!in_object(s) || !key_is(s, "type"))
        return;
    if (s->depth == 1 && n_word < sizeof s->scan->type) {
        memcpy(s->scan->type, word, n_word);
        s->scan->type[n_word] = '\0';
    }
    if (s->crs_depth == s->depth && n_word == 4 && !memcmp(word, "link", 4))
        s->scan->linked_crs = true;
}

static bool open_bracket(Scanner *s, Want *want, GError **error)
{
    if (s->depth >= MAX_DEPTH)
        return fault(s, "brackets nest deeper than 64", error);
    bool object = s->text[s->at] == '{';
    bool crs = object && in_object(s) && key_is(s, "crs") && s->crs_depth == 0;
    bool coordinates =
        !object && in_object(s) && key_is(s, "coordinates") && s->coordinates_depth == 0;
    s->at++;
    s->depth++;
    if (coordinates)
        s->coordinates_depth = s->depth;
    if (crs)
        s->crs_depth = s->depth;
    uint64_t bit = UINT64_C(1) << (s->depth - 1);
    s->is_object = object ? s->is_object | bit : s->is_object & ~bit;
    s->key = NULL;
    *want = object ? WANT_KEY_OR_END : WANT_VALUE_OR_END;
    return true;
}

static void close_bracket(Scanner *s, Want *want)
{
    if (s->crs_depth == s->depth)
        s->crs_depth = 0;
    if (s->coordinates_depth == s->depth)
        s->coordinates_depth = 0;
    s->at++;
    s->depth--;
    s->key = NULL;
    *want = WANT_COMMA_OR_END;
}

static void pass_space(Scanner *s)
{
    while (s->at < s->n && s->text[s->at] != '\0' && strchr(" \t\r\n", s->text[s->at]))
        s->at++;
}

static bool take_key(Scanner *s, Want *want, GError **error)
{
    if (s->at >= s->n || s->text[s->at] != '"')
        return fault(s, "a member's name in quotes expected", error);
    if (!take_string(s, &s->key, &s->n_key, error))
        return false;
    pass_space(s);
    if (s->at >= s->n || s->text[s->at] != ':')
        return fault(s, "':' expected after a member's name", error);
    s->at++;
    *want = WANT_VALUE;
    return true;
}

static bool take_value(Scanner *s, Want *want, GError **error)
{
    char c = s->text[s->at];
    if (s->coordinates_depth > 0 && c != '[' && c != '-' && !g_ascii_isdigit(c))
        return fault(s, "a coordinate is no number", error);
    if (c == '{' || c == '[')
        return open_bracket(s, want, error);
    *want = WANT_COMMA_OR_END;
    if (c != '"')
        return take_literal(s, error);
    const char *word;
    size_t n_word;
    if (!take_string(s, &word, &n_word, error))
        return false;
    note_text(s, word, n_word);
    return true;
}

/* The next token, by what the grammar wants here. */
static bool take_token(Scanner *s, Want *want, GError **error)
{
    char c = s->text[s->at], end = in_object(s) ? '}' : ']';
    bool may_end =
        *want == WANT_VALUE_OR_END || *want == WANT_KEY_OR_END || *want == WANT_COMMA_OR_END;
    if (may_end && c == end) {
        close_bracket(s, want);
        return true;
    }
    if (*want == WANT_COMMA_OR_END) {
        if (c != ',')
            return fault(s, in_object(s) ? "',' or '}' expected" : "',' or ']' expected", error);
        s->at++;
        *want = in_object(s) ? WANT_KEY : WANT_VALUE;
        return true;
    }
    if (*want == WANT_KEY || *want == WANT_KEY_OR_END)
        return take_key(s, want, error);
    return take_value(s, want, error);
}

bool geo_jsonscan(const char *text, size_t n, GeoJsonScan *scan, GError **error)
{
    memset(scan, 0, sizeof *scan);
    Scanner s = {.text = text, .n = n, .scan = scan};
    Want want = WANT_VALUE;
    do {
        pass_space(&s);
        if (s.at >= s.n)
            return fault(&s, "the text ends too early", error);
        if (!take_token(&s, &want, error))
            return false;
    } while (s.depth > 0);
    pass_space(&s);
    return s.at >= s.n || fault(&s, "something follows the end of the JSON text", error);
}
