/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strict reader against SQLite's json_valid(), which is strict too, on texts of every kind. */
#include "geo/decode/json.h"

#include <glib.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

static bool valid(const char *text, size_t n)
{
    GeoJson json;
    geo_json_init(&json, text, n);
    geo_json_skip(&json);
    return geo_json_end(&json);
}

/* Reads everything by asking, as decoders do. */
static void walk(GeoJson *json, int depth)
{
    GeoJson ahead = *json;
    char word[12];
    if (geo_json_object(&ahead)) {
        *json = ahead;
        while (geo_json_member(json))
            walk(json, depth + 1);
    } else if (ahead = *json, geo_json_array(&ahead)) {
        *json = ahead;
        while (geo_json_element(json))
            walk(json, depth + 1);
    } else if (g_test_rand_bit()) {
        geo_json_word(json, word, sizeof word);
    } else if (g_test_rand_bit()) {
        geo_json_number(json);
    } else {
        geo_json_truth(json);
    }
}

static bool valid_by_walk(const char *text, size_t n)
{
    GeoJson json;
    geo_json_init(&json, text, n);
    walk(&json, 0);
    return geo_json_end(&json);
}

static sqlite3_stmt *sqlite_judge(sqlite3 **db)
{
    sqlite3_stmt *judge = NULL;
    g_assert_cmpint(sqlite3_open(":memory:", db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(*db, "SELECT json_valid(?)", -1, &judge, NULL), ==,
                    SQLITE_OK);
    return judge;
}

static bool valid_by_sqlite(sqlite3_stmt *judge, const char *text, size_t n)
{
    sqlite3_bind_text(judge, 1, text, (int)n, SQLITE_STATIC);
    g_assert_cmpint(sqlite3_step(judge), ==, SQLITE_ROW);
    bool answer = sqlite3_column_int(judge, 0);
    sqlite3_reset(judge);
    return answer;
}

static void test_table(void)
{
    static const struct {
        const char *text;
        bool valid;
    } texts[] = {
        {"{}", true},
        {" [ ] ", true},
        {"0", true},
        {"-0.5e+10", true},
        {"\"\\u00e9\\ud83d\\ude93\\n\"", true},
        {"{\"a\":[1,2,{\"b\":null}],\"c\":true}", true},
        {"", false},
        {" ", false},
        {"{", false},
        {"[1,]", false},
        {"[,1]", false},
        {"{\"a\":1,}", false},
        {"{\"a\" 1}", false},
        {"{a:1}", false},
        {"{\"a\":1 \"b\":2}", false},
        {"[1 2]", false},
        {"[1}", false},
        {"{\"a\":1]", false},
        {"01", false},
        {"-01", false},
        {"+1", false},
        {"1.", false},
        {".5", false},
        {"1e", false},
        {"1e+", false},
        {"-", false},
        {"0x10", false},
        {"NaN", false},
        {"Infinity", false},
        {"nul", false},
        {"nulll", false},
        {"True", false},
        {"\"a", false},
        {"\"\\x\"", false},
        {"\"\\u12g4\"", false},
        {"\"\\u123\"", false},
        {"\"a\nb\"", false},
        {"'a'", false},
        {"{} {}", false},
        {"1 /* c */", false},
        {"\xef\xbb\xbf{}", false},
        {"\"\xff\"", false},
        {"\"\xc0\x80\"", false},
    };
    sqlite3 *db;
    sqlite3_stmt *judge = sqlite_judge(&db);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        size_t n = strlen(texts[i].text);
        g_assert_true(valid(texts[i].text, n) == texts[i].valid);
        g_assert_true(valid_by_walk(texts[i].text, n) == texts[i].valid);
        if (g_utf8_validate(texts[i].text, -1, NULL)) /* SQLite does not look at that */
            g_assert_true(valid_by_sqlite(judge, texts[i].text, n) == texts[i].valid);
    }
    sqlite3_finalize(judge);
    sqlite3_close(db);
}

static void test_depth(void)
{
    for (int depth = 60; depth < 70; depth++) {
        g_autofree char *open = g_strnfill((gsize)depth, '['),
                        *close = g_strnfill((gsize)depth, ']');
        g_autofree char *text = g_strconcat(open, close, NULL);
        g_assert_true(valid(text, strlen(text)) == (depth <= 64));
    }
    /* A megabyte of brackets is refused without a look at the rest, and without a stack. */
    g_autofree char *many = g_strnfill(1 << 20, '[');
    g_assert_false(valid(many, 1 << 20));
}

static void put_value(GString *out, int depth)
{
    static const char *const scalars[] = {"0",    "-1.5",  "1e5", "true", "false",        "null",
                                          "\"\"", "\"x\"", "123", "0.1",  "\"\\u4e2d,]\""};
    int kind = g_test_rand_int_range(0, depth > 4 ? 1 : 3);
    if (g_test_rand_int_range(0, 5) == 0)
        g_string_append(out, "\n ");
    if (kind == 0) {
        g_string_append(out, scalars[g_test_rand_int_range(0, G_N_ELEMENTS(scalars))]);
        return;
    }
    g_string_append_c(out, kind == 1 ? '[' : '{');
    for (int n = g_test_rand_int_range(0, 4), i = 0; i < n; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        if (kind == 2)
            g_string_append_printf(out, "\"k%d\" :", i);
        put_value(out, depth + 1);
    }
    g_string_append_c(out, kind == 1 ? ']' : '}');
}

/* Random texts, whole and hurt in up to three places: both judges agree, however it is read. */
static void test_agree(void)
{
    static const char marks[] = "[]{},:\"\\0123456789.-+eEtfnu abcx";
    sqlite3 *db;
    sqlite3_stmt *judge = sqlite_judge(&db);
    int n_valid = 0;
    for (int round = 0; round < 20000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        put_value(text, 0);
        g_assert_true(valid(text->str, text->len));
        for (int hurts = g_test_rand_int_range(0, 4); hurts > 0 && text->len > 0; hurts--) {
            gsize at = (gsize)g_test_rand_int_range(0, (int)text->len);
            char mark = marks[g_test_rand_int_range(0, sizeof marks - 1)];
            if (g_test_rand_bit())
                text->str[at] = mark;
            else if (g_test_rand_bit())
                g_string_insert_c(text, (gssize)at, mark);
            else
                g_string_erase(text, (gssize)at, 1);
        }
        if (!g_utf8_validate(text->str, (gssize)text->len, NULL))
            continue;
        bool wanted = valid_by_sqlite(judge, text->str, text->len);
        n_valid += wanted;
        if (valid(text->str, text->len) != wanted)
            g_error("SQLite says %d of: %s", wanted, text->str);
        g_assert_true(valid_by_walk(text->str, text->len) == wanted);
    }
    g_assert_cmpint(n_valid, >, 4000);
    g_assert_cmpint(n_valid, <, 16000);
    sqlite3_finalize(judge);
    sqlite3_close(db);
}

/* To the last bit what the C library reads. */
static void test_numbers(void)
{
    for (int round = 0; round < 50000; round++) {
        char text[64];
        union {
            uint64_t bits;
            double number;
        } any = {(uint64_t)g_test_rand_int() << 32 | (uint32_t)g_test_rand_int()};
        if (round % 2)
            any.number = g_test_rand_double_range(-180, 180);
        if (!isfinite(any.number))
            continue;
        static const char *const formats[] = {"%.17g", "%.7f", "%.0f", "%.3e", "%.12f"};
        const char *format = formats[g_test_rand_int_range(0, round % 2 ? 5 : 1)];
        g_ascii_formatd(text, sizeof text, format, any.number);
        GeoJson json;
        geo_json_init(&json, text, strlen(text));
        double found = geo_json_number(&json);
        g_assert_true(geo_json_end(&json));
        g_assert_cmpfloat(found, ==, g_ascii_strtod(text, NULL));
    }
    GeoJson json;
    geo_json_init(&json, "1e999", 5);
    g_assert_true(isnan(geo_json_number(&json)) && geo_json_end(&json));
    geo_json_init(&json, "\"5\"", 3);
    g_assert_true(isnan(geo_json_number(&json)) && geo_json_end(&json));
}

static void test_words(void)
{
    static const struct {
        const char *text, *word;
    } words[] = {
        {"\"abc\"", "abc"},
        {"12345678901", "12345678901"},
        {"\"\\u4e2d\\/\\t\"", "中/\t"},
        {"\"\\ud83d\\ude93\"", "🚓"},
        {"\"\\ud83d\"", "\xef\xbf\xbd"},
        {"\"a\\u0000b\"", ""},
        {"\"elevenbytes\"", "elevenbytes"},
        {"\"twelve bytes\"", ""},
        {"true", ""},
        {"[1]", ""},
        {"123456789012", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        GeoJson json;
        char word[12];
        geo_json_init(&json, words[i].text, strlen(words[i].text));
        g_assert_cmpuint(geo_json_word(&json, word, sizeof word), ==, strlen(words[i].word));
        g_assert_cmpstr(word, ==, words[i].word);
        g_assert_true(geo_json_end(&json));
    }
    /* A name written with escapes is that name; one that is too long is none. */
    GeoJson json;
    static const char text[] = "{\"l\\u0061t\":1,\"a-name-of-more-than-23-letters\":2,\"\":3}";
    geo_json_init(&json, text, sizeof text - 1);
    g_assert_true(geo_json_object(&json) && geo_json_member(&json));
    g_assert_true(geo_json_is(&json, "lat"));
    g_assert_cmpfloat(geo_json_number(&json), ==, 1);
    g_assert_true(geo_json_member(&json) && geo_json_is(&json, ""));
    geo_json_skip(&json);
    g_assert_true(geo_json_member(&json));
    g_assert_cmpint(geo_json_truth(&json), ==, -1);
    g_assert_false(geo_json_member(&json));
    g_assert_true(geo_json_end(&json));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json/grammar-is-strict", test_table);
    g_test_add_func("/json/depth-ends-at-64", test_depth);
    g_test_add_func("/json/agrees-with-sqlite", test_agree);
    g_test_add_func("/json/numbers-are-exact", test_numbers);
    g_test_add_func("/json/words-fit-or-are-none", test_words);
    return g_test_run();
}
