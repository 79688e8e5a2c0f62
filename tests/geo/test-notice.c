/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports of other systems, in JSON and in tables: what is read, and what a bad one is told. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "geo/decode/receipt.h"
#include "geo/decode/report-json.h"
#include "geo/model/error.h"
#include "geo/work/noticefile.h"
#include "geo/work/notices.h"

#define NOW_MS INT64_C(1763906700000) /* 2025-11-23 22:05:00 in Hefei */

static GTimeZone *hefei(void)
{
    return g_time_zone_new_identifier("Asia/Shanghai");
}

static GeoReportJsonResult read_json(const char *text, GArray *notices)
{
    size_t n = strlen(text);
    g_autofree char *bare = g_memdup2(text, n); /* reading on is seen by the sanitizer */
    return geo_report_json_read(bare, n, notices);
}

static void test_one(void)
{
    g_autoptr(GArray) notices = g_array_new(FALSE, FALSE, sizeof(GeoNotice));
    g_autoptr(GTimeZone) zone = hefei();
    GeoNoticeSense sense;
    g_assert_cmpint(
        read_json(" {\"number\":\" A-17 \",\"time\":\"2025-11-23 22:00:30\",\"lon\":117.288563,"
                  "\"lat\":\"31.859195\",\"datum\":\"gcj02\",\"place\":\"长江中路\\n369号\","
                  "\"words\":\"路灯不亮\",\"priority\":3,\"caller\":\"李\",\"phone\":\"138\","
                  "\"unknown\":{\"a\":[1,2]},\"category\":null} ",
                  notices),
        ==, GEO_REPORT_JSON_FINE);
    g_assert_cmpuint(notices->len, ==, 1);
    GeoNotice *notice = &g_array_index(notices, GeoNotice, 0);
    g_assert_cmpint(notice->flaw, ==, GEO_NOTICE_FINE);
    g_assert_cmpstr(notice->number, ==, "A-17");
    g_assert_cmpstr(notice->place, ==, "长江中路 369号");
    g_assert_cmpstr(notice->words, ==, "路灯不亮");
    g_assert_cmpstr(notice->caller, ==, "李");
    g_assert_cmpstr(notice->phone, ==, "138");
    g_assert_cmpstr(notice->category, ==, "");
    g_assert_true(geo_notices_judge(notice, zone, NOW_MS, &sense));
    g_assert_cmpint(sense.at_ms, ==, INT64_C(1763906430000));
    g_assert_cmpint(sense.priority, ==, 3);
    g_assert_cmpfloat_with_epsilon(sense.at.lon, 117.283042, 2e-6);
    g_assert_cmpfloat_with_epsilon(sense.at.lat, 31.861191, 2e-6);
}

static void test_lists(void)
{
    g_autoptr(GArray) notices = g_array_new(FALSE, FALSE, sizeof(GeoNotice));
    g_assert_cmpint(read_json("[{\"number\":\"1\"},7,{\"number\":12345678901234567890}]", notices),
                    ==, GEO_REPORT_JSON_FINE);
    g_assert_cmpuint(notices->len, ==, 3);
    g_assert_cmpint(g_array_index(notices, GeoNotice, 1).flaw, ==, GEO_NOTICE_NO_REPORT);
    g_assert_cmpstr(g_array_index(notices, GeoNotice, 2).number, ==, "12345678901234567890");
    g_assert_cmpint(read_json("[]", notices), ==, GEO_REPORT_JSON_NONE);
    g_assert_cmpint(read_json("[{\"number\":\"4\"}", notices), ==, GEO_REPORT_JSON_BROKEN);
    g_assert_cmpint(read_json("\"text\"", notices), ==, GEO_REPORT_JSON_BROKEN);
    g_assert_cmpint(read_json("", notices), ==, GEO_REPORT_JSON_BROKEN);
    g_assert_cmpint(read_json("{\"number\":\"4\"} x", notices), ==, GEO_REPORT_JSON_BROKEN);
    g_autoptr(GString) many = g_string_new("[{}");
    for (int i = 1; i < GEO_REPORT_JSON_MAX; i++)
        g_string_append(many, ",{}");
    g_autofree char *just = g_strconcat(many->str, "]", NULL);
    g_autofree char *more = g_strconcat(many->str, ",{}]", NULL);
    g_assert_cmpint(read_json(more, notices), ==, GEO_REPORT_JSON_MANY);
    g_assert_cmpuint(notices->len, ==, 3); /* a text with a fault adds nothing */
    g_assert_cmpint(read_json(just, notices), ==, GEO_REPORT_JSON_FINE);
    g_assert_cmpuint(notices->len, ==, 3 + GEO_REPORT_JSON_MAX);
}

static void assert_flaw(const char *json, GeoNoticeFlaw flaw, const char *field)
{
    g_autoptr(GArray) notices = g_array_new(FALSE, FALSE, sizeof(GeoNotice));
    g_autoptr(GTimeZone) zone = hefei();
    GeoNoticeSense sense;
    g_test_message("%.60s", json);
    g_assert_cmpint(read_json(json, notices), ==, GEO_REPORT_JSON_FINE);
    GeoNotice *notice = &g_array_index(notices, GeoNotice, 0);
    g_assert_cmpint(geo_notices_judge(notice, zone, NOW_MS, &sense), ==, flaw == GEO_NOTICE_FINE);
    g_assert_cmpint(notice->flaw, ==, flaw);
    g_assert_cmpuint(strlen(geo_notice_flaw_words(flaw)), >, 10);
    if (field)
        g_assert_cmpstr(geo_notice_fields[notice->flawed], ==, field);
}

static void test_flaws(void)
{
    assert_flaw("{\"number\":\"1\",\"words\":\"x\"}", GEO_NOTICE_FINE, NULL);
    assert_flaw("{\"number\":\"1\",\"item\":\"noise\"}", GEO_NOTICE_FINE, NULL);
    assert_flaw("{\"words\":\"x\"}", GEO_NOTICE_NO_NUMBER, "number");
    assert_flaw("{\"number\":\"  \",\"words\":\"x\"}", GEO_NOTICE_NO_NUMBER, "number");
    assert_flaw("{\"number\":\"1\"}", GEO_NOTICE_EMPTY, "words");
    assert_flaw("{\"number\":\"1\\u0007\",\"words\":\"x\"}", GEO_NOTICE_BAD_TEXT, "number");
    assert_flaw("{\"number\":\"1\",\"words\":\"x\\u001b[2J\"}", GEO_NOTICE_BAD_TEXT, "words");
    assert_flaw("{\"number\":\"1\",\"words\":\"x\",\"time\":\"yesterday\"}", GEO_NOTICE_BAD_TIME,
                "time");
    assert_flaw("{\"number\":\"1\",\"words\":\"x\",\"time\":\"1970-01-02\"}", GEO_NOTICE_BAD_TIME,
                "time");
    assert_flaw("{\"number\":\"1\",\"words\":\"x\",\"time\":1763906700}", GEO_NOTICE_FINE, NULL);
    assert_flaw("{\"number\":\"1\",\"words\":\"x\",\"time\":1763907301}", GEO_NOTICE_FUTURE,
                "time");
    assert_flaw("{\"number\":\"1\",\"words\":\"x\",\"lon\":117.2}", GEO_NOTICE_BAD_POINT, "lon");
    assert_flaw("{\"number\":\"1\",\"words\":\"x\",\"lon\":0,\"lat\":0}", GEO_NOTICE_BAD_POINT,
                "lon");
    assert_flaw("{\"number\":\"1\",\"words\":\"x\",\"lon\":31.8,\"lat\":117.2}",
                GEO_NOTICE_BAD_POINT, "lon");
    assert_flaw("{\"number\":\"1\",\"words\":\"x\",\"datum\":\"nad27\"}", GEO_NOTICE_BAD_DATUM,
                "datum");
    assert_flaw("{\"number\":\"1\",\"words\":\"x\",\"priority\":0}", GEO_NOTICE_BAD_PRIORITY,
                "priority");
    g_autofree char *long_number = g_strnfill(65, '1'), *long_words = g_strnfill(30000, 'w');
    g_autofree char *first = g_strdup_printf("{\"number\":\"%s\",\"words\":\"x\"}", long_number);
    g_autofree char *second = g_strdup_printf("{\"number\":\"1\",\"words\":\"%s\"}", long_words);
    assert_flaw(first, GEO_NOTICE_TOO_LONG, "number");
    assert_flaw(second, GEO_NOTICE_TOO_LONG, "words");
}

/* Any texts in any fields come back as they were, but for blanks around them. */
static void test_round_trip(void)
{
    static const char *const pieces[] = {"a", "\\\"", "\\u8def", "路", "7", " ", "\\/", "é"};
    static const char *const meant[] = {"a", "\"", "路", "路", "7", " ", "/", "é"};
    for (int round = 0; round < 300; round++) {
        g_autoptr(GString) json = g_string_new("[{");
        GeoNotice want;
        geo_notice_init(&want);
        for (int field = 0; field < GEO_N_NOTICE_FIELDS; field++) {
            g_autoptr(GString) value = g_string_new(NULL);
            g_string_append_printf(json, "%s\"%s\":\"", field ? "," : "", geo_notice_fields[field]);
            for (int k = g_test_rand_int_range(0, 9); k > 0; k--) {
                int i = g_test_rand_int_range(0, G_N_ELEMENTS(pieces));
                g_string_append(json, pieces[i]);
                g_string_append(value, meant[i]);
            }
            g_string_append_c(json, '"');
            geo_notice_set(&want, (GeoNoticeField)field, value->str, value->len);
        }
        g_string_append(json, "}]");
        g_autoptr(GArray) notices = g_array_new(FALSE, FALSE, sizeof(GeoNotice));
        g_assert_cmpint(read_json(json->str, notices), ==, GEO_REPORT_JSON_FINE);
        const GeoNotice *got = &g_array_index(notices, GeoNotice, 0);
        g_assert_cmpint(got->flaw, ==, want.flaw);
        for (int field = 0; field < GEO_N_NOTICE_FIELDS; field++)
            g_assert_cmpstr(geo_notice_get(got, (GeoNoticeField)field), ==,
                            geo_notice_get(&want, (GeoNoticeField)field));
    }
}

/* ---- tables ---- */

static GeoNoticeFile *open_table(const char *bytes, gssize n, char **path, GError **error)
{
    int file = g_file_open_tmp("gridbeat-reports-XXXXXX.csv", path, NULL);
    g_assert_cmpint(file, >=, 0);
    g_close(file, NULL);
    g_assert_true(g_file_set_contents(*path, bytes, n, NULL));
    return geo_noticefile_open(*path, NULL, error);
}

static void test_table(void)
{
    static const char table[] = "编号,受理时间,地址,诉求内容,来电人,联系电话,经度,纬度,办理科室\n"
                                "10,2025-11-23 21:00:00,长江路1号,\"路灯\n不亮\",王,139,,,x\n"
                                "11,,,噪音,,,117.28,31.86,x\n"
                                "12,,,乱,张\n";
    gsize n;
    g_autofree char *gb = g_convert(table, -1, "GB18030", "UTF-8", NULL, &n, NULL);
    for (int as_gb = 0; as_gb < 2; as_gb++) {
        g_autofree char *path = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoNoticeFile) file =
            open_table(as_gb ? gb : table, as_gb ? (gssize)n : -1, &path, &error);
        g_assert_no_error(error);
        GeoNotice notice;
        g_assert_cmpint(geo_noticefile_next(file, &notice, &error), ==, 1);
        g_assert_cmpstr(notice.number, ==, "10");
        g_assert_cmpstr(notice.words, ==, "路灯 不亮");
        g_assert_cmpstr(notice.place, ==, "长江路1号");
        g_assert_cmpstr(notice.phone, ==, "139");
        g_assert_cmpint(notice.line, ==, 2);
        g_assert_cmpint(geo_noticefile_next(file, &notice, &error), ==, 1);
        g_assert_cmpstr(notice.lon, ==, "117.28");
        g_assert_cmpint(notice.line, ==, 4);
        g_assert_cmpint(notice.flaw, ==, GEO_NOTICE_FINE);
        g_assert_cmpint(geo_noticefile_next(file, &notice, &error), ==, 1);
        g_assert_cmpint(notice.flaw, ==, GEO_NOTICE_TORN);
        g_assert_cmpint(geo_noticefile_next(file, &notice, &error), ==, 0);
        g_remove(path);
    }
}

static void test_table_without_numbers(void)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_null(open_table("words,place\nx,y\n", -1, &path, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    g_assert_nonnull(strstr(error->message, "call it number"));
    g_remove(path);
}

static void test_sources(void)
{
    static const char *const good[] = {"12345", "city-app", "a.b_c"};
    static const char *const bad[] = {"",    "A",  "a b",
                                      "a/b", "路", "123456789012345678901234567890123"};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(geo_notice_is_source(good[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(geo_notice_is_source(bad[i]));
    g_assert_false(geo_notice_is_source(NULL));
}

static void test_receipts(void)
{
    static const char *const bad[] = {"",
                                      "{}",
                                      "{\"id\":17}",
                                      "{\"id\":0,\"state\":\"accepted\"}",
                                      "{\"id\":1.5,\"state\":\"accepted\"}",
                                      "{\"id\":\"17\",\"state\":\"accepted\"}",
                                      "{\"id\":17,\"state\":\"gone\"}",
                                      "{\"id\":17,\"state\":\"accepted\"",
                                      "[17]"};
    GeoReceipt receipt = {.message_id = -1};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(geo_receipt_read(bad[i], strlen(bad[i]), &receipt));
    g_assert_cmpint(receipt.message_id, ==, -1);
    for (int state = 0; state < GEO_N_RECEIPTS; state++) {
        g_autofree char *text = g_strdup_printf(
            "{\"state\":\"%s\",\"note\":\"路上\",\"id\":17,\"x\":null}", geo_receipt_words[state]);
        g_assert_true(geo_receipt_read(text, strlen(text), &receipt));
        g_assert_cmpint(receipt.message_id, ==, 17);
        g_assert_cmpint(receipt.state, ==, state);
        g_assert_cmpstr(receipt.note, ==, "路上");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notice/one-report", test_one);
    g_test_add_func("/notice/lists", test_lists);
    g_test_add_func("/notice/flaws-are-named", test_flaws);
    g_test_add_func("/notice/texts-come-back", test_round_trip);
    g_test_add_func("/notice/table-in-both-encodings", test_table);
    g_test_add_func("/notice/table-without-numbers", test_table_without_numbers);
    g_test_add_func("/notice/names-of-sources", test_sources);
    g_test_add_func("/notice/receipts-of-devices", test_receipts);
    return g_test_run();
}
