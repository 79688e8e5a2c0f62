/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/jt808-parts.h"
#include "geo/decode/jt808-write.h"
#include "tests/geo/jt808-twin.h"

/* Published frames: SmallChi's README, and xtream-codec's mock data with its answers. */
#define ESCAPES                                                                                    \
    "7E02000026123456789012007D02000000010000000200BA7F0E07E4F11C0028003C000018101510101001040000" \
    "00640202007D01137E"
#define SOUTH_2019                                                                                 \
    "7e02004026010000000001391234432900000000006f0000001601dc9a0707456246007b00420003250129223344" \
    "0202006401040000000c417e"
#define ACK_2019 "7e8001400501000000000139123443290000006f020000dc7e"
#define REGISTERED_2019 "7e8100400d01000000000139123443290000006f006f6b2e2e6f6b2e2e6f6bd27e"

/* The one frame in a vector; its body lives as long as stream. */
static GeoJt808Frame one_frame(GeoJt808Stream *stream, const char *hex)
{
    g_autoptr(GByteArray) bytes = twin_bytes(hex);
    const uint8_t *at = bytes->data;
    size_t n = bytes->len;
    GeoJt808Frame frame, none;
    GeoJt808Fault fault;
    g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &frame, &fault), ==, GEO_JT808_FRAME);
    g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &none, &fault), ==, GEO_JT808_MORE);
    return frame;
}

static void assert_bytes(GByteArray *out, const char *hex)
{
    g_autoptr(GByteArray) wanted = twin_bytes(hex);
    g_assert_cmpmem(out->data, out->len, wanted->data, wanted->len);
}

static void test_replies(void)
{
    g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
    g_autoptr(GByteArray) out = g_byte_array_new();
    GeoJt808Frame to = one_frame(stream, SOUTH_2019);
    to.serial = 111;
    g_assert_cmpuint(geo_jt808_write_ack(out, &to, 0, GEO_JT808_DONE), ==, 1);
    assert_bytes(out, ACK_2019);
    g_byte_array_set_size(out, 0);
    geo_jt808_write_registered(out, &to, 0, GEO_JT808_WELCOME, "ok..ok..ok");
    assert_bytes(out, REGISTERED_2019);
    g_byte_array_set_size(out, 0);
    geo_jt808_write_registered(out, &to, 0, GEO_JT808_NO_VEHICLE, NULL);
    GeoJt808Frame back;
    const uint8_t *at = out->data;
    size_t n = out->len;
    GeoJt808Fault fault;
    g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &back, &fault), ==, GEO_JT808_FRAME);
    g_assert_cmpmem(back.body, back.n_body, "\0\x6f\2", 3);
}

/* What we write is what our own reader gives back, in either edition; and what the twin would. */
static void test_write(void)
{
    for (int edition = 0; edition < 2; edition++) {
        g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
        GeoJt808Frame to = one_frame(stream, edition ? SOUTH_2019 : ESCAPES), back;
        const char *phone = edition ? "13912344329" : "123456789012";
        g_autoptr(GByteArray) out = g_byte_array_new();
        g_autoptr(GByteArray) wanted = g_byte_array_new();
        g_autoptr(GByteArray) body = g_byte_array_new();
        TwinHead head = {.is_2019 = edition, .phone = phone, .serial = 0x7d7e};
        /* 0x8004 */
        int64_t at_ms = 1738161224000;
        head.id = 0x8004;
        twin_put_time(body, at_ms - 8 * 3600 * 1000);
        twin_put_frame(wanted, &head, body->data, body->len);
        geo_jt808_write_time(out, &to, 0x7d7e, at_ms);
        g_assert_cmpmem(out->data, out->len, wanted->data, wanted->len);
        /* 0x8003 */
        static const uint16_t missing[] = {2, 5, 0x7e7d};
        head.id = 0x8003;
        g_byte_array_set_size(body, 0);
        g_byte_array_set_size(out, 0);
        g_byte_array_set_size(wanted, 0);
        twin_put(body, 77, 2);
        twin_put(body, 3, edition ? 2 : 1);
        twin_put(body, UINT64_C(0x000200057e7d), 6);
        twin_put_frame(wanted, &head, body->data, body->len);
        geo_jt808_write_resend(out, &to.peer, 0x7d7e, 77, missing, 3);
        g_assert_cmpmem(out->data, out->len, wanted->data, wanted->len);
        /* 0x8201 */
        head.id = 0x8201;
        g_byte_array_set_size(out, 0);
        g_byte_array_set_size(wanted, 0);
        twin_put_frame(wanted, &head, NULL, 0);
        geo_jt808_write_ask_location(out, &to.peer, 0x7d7e);
        g_assert_cmpmem(out->data, out->len, wanted->data, wanted->len);
        /* 0x8300, with a character that GBK has not */
        g_byte_array_set_size(out, 0);
        g_assert_cmpuint(geo_jt808_write_text(out, &to.peer, 9,
                                              GEO_JT808_TEXT_URGENT | GEO_JT808_TEXT_SPOKEN, 1,
                                              "速到黄山路\xf0\x9f\x9a\x93"),
                         ==, 1);
        const uint8_t *at = out->data;
        size_t n = out->len;
        GeoJt808Fault fault;
        g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &back, &fault), ==, GEO_JT808_FRAME);
        static const char gbk[] = "\xcb\xd9\xb5\xbd\xbb\xc6\xc9\xbd\xc2\xb7?";
        g_assert_cmpint(back.id, ==, GEO_JT808_TEXT);
        g_assert_cmpstr(back.key, ==, phone);
        g_assert_cmpint(back.body[0], ==, 9);
        g_assert_cmpmem(back.body + 1 + edition, back.n_body - 1 - (size_t)edition, gbk,
                        sizeof gbk - 1);
        /* Nothing to say, no text, too much of it. */
        g_autofree char *much = g_strnfill(1025, 'x');
        g_byte_array_set_size(out, 0);
        g_assert_cmpuint(geo_jt808_write_text(out, &to.peer, 9, 0, 1, ""), ==, 0);
        g_assert_cmpuint(geo_jt808_write_text(out, &to.peer, 9, 0, 1, "\xff"), ==, 0);
        g_assert_cmpuint(geo_jt808_write_text(out, &to.peer, 9, 0, 1, much), ==, 0);
        g_assert_cmpuint(out->len, ==, 0);
        /* The longest text needs two frames. */
        much[1024] = '\0';
        g_assert_cmpuint(geo_jt808_write_text(out, &to.peer, 9, 0, 1, much), ==, 2);
    }
}

static void test_question(void)
{
    static const char *const answers[] = {"接受", "不能去"};
    static const char *const bad[] = {"ok", ""};
    g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
    g_autoptr(GByteArray) out = g_byte_array_new();
    GeoJt808Peer peer;
    g_assert_true(geo_jt808_peer("13912344329", false, &peer));
    g_assert_cmpuint(
        geo_jt808_write_question(out, &peer, 7, GEO_JT808_TEXT_SCREEN, "出警", answers, 2), ==, 1);
    GeoJt808Frame back;
    const uint8_t *at = out->data;
    size_t n = out->len;
    GeoJt808Fault fault;
    g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &back, &fault), ==, GEO_JT808_FRAME);
    g_assert_cmpint(back.id, ==, GEO_JT808_QUESTION);
    g_assert_cmpmem(back.body, back.n_body,
                    "\x04\x04\xb3\xf6\xbe\xaf\x01\0\x04\xbd\xd3\xca\xdc\x02\0\x06\xb2\xbb\xc4\xdc"
                    "\xc8\xa5",
                    22);
    g_autofree char *long_question = g_strnfill(256, 'x');
    g_byte_array_set_size(out, 0);
    g_assert_cmpuint(geo_jt808_write_question(out, &peer, 7, 0, "", answers, 2), ==, 0);
    g_assert_cmpuint(geo_jt808_write_question(out, &peer, 7, 0, long_question, answers, 2), ==, 0);
    g_assert_cmpuint(geo_jt808_write_question(out, &peer, 7, 0, "x", bad, 2), ==, 0);
    g_assert_cmpuint(geo_jt808_write_question(out, &peer, 7, 0, "x", answers, 0), ==, 0);
    g_assert_cmpuint(out->len, ==, 0);
    GeoJt808Choice choice;
    GeoJt808Frame said = {
        .id = GEO_JT808_ANSWER, .body = (const uint8_t *)"\x12\x34\x02", .n_body = 3};
    g_assert_true(geo_jt808_choice(&said, &choice));
    g_assert_true(choice.is_answer && choice.serial == 0x1234 && choice.choice == 2);
    said.n_body = 2;
    g_assert_false(geo_jt808_choice(&said, &choice));
    said.id = GEO_JT808_EVENT;
    g_assert_true(geo_jt808_choice(&said, &choice));
    g_assert_true(!choice.is_answer && choice.serial == 0 && choice.choice == 0x12);
    said.id = GEO_JT808_HEARTBEAT;
    g_assert_false(geo_jt808_choice(&said, &choice));
}

static GeoJt808Part add(GeoJt808Parts *parts, const GByteArray *bytes, size_t at, unsigned part,
                        unsigned n_parts, unsigned serial, int64_t now_ms, GeoJt808Frame *whole)
{
    static GeoJt808Frame frame;
    size_t n = MIN(bytes->len - at, GEO_JT808_MAX_BODY);
    frame = (GeoJt808Frame){
        .id = GEO_JT808_BATCH,
        .serial = (uint16_t)serial,
        .part = (uint16_t)part,
        .n_parts = (uint16_t)n_parts,
        .key = "13800138000",
        .body = bytes->data + at,
        .n_body = n,
    };
    return geo_jt808_parts_add(parts, &frame, now_ms, whole);
}

/* Any message, cut by the writer, arrives in any order and with repetitions as it was. */
static void test_parts(void)
{
    for (int round = 0; round < 100; round++) {
        g_autoptr(GeoJt808Parts) parts = geo_jt808_parts_new();
        g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
        g_autoptr(GByteArray) body = g_byte_array_new(), out = g_byte_array_new();
        guint most = GEO_JT808_MAX_PARTS * GEO_JT808_MAX_BODY;
        g_byte_array_set_size(body, (guint)g_test_rand_int_range(1024, (int)most + 1));
        for (guint i = 0; i < body->len; i++)
            body->data[i] = (uint8_t)g_test_rand_int_range(0, 256);
        GeoJt808Peer peer = {.phone = {0x01, 0x38, 0, 0x13, 0x80, 0}};
        unsigned serial = (unsigned)g_test_rand_int_range(0, 65536);
        unsigned n_parts =
            geo_jt808_write(out, &peer, GEO_JT808_BATCH, (uint16_t)serial, body->data, body->len);
        g_assert_cmpuint(n_parts, ==, (body->len + 1022) / 1023);
        unsigned order[GEO_JT808_MAX_PARTS], given = 0;
        for (unsigned i = 0; i < n_parts; i++) {
            unsigned other = (unsigned)g_test_rand_int_range(0, (int)i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        GeoJt808Frame frame, whole;
        GeoJt808Fault fault;
        for (unsigned i = 0; i < n_parts; i++) {
            /* Each frame through the stream, so that header and body are the writer's. */
            const uint8_t *at = out->data;
            size_t n = out->len;
            for (unsigned k = 0; k <= order[i]; k++)
                g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &frame, &fault), ==,
                                GEO_JT808_FRAME);
            g_assert_cmpint(frame.part, ==, order[i] + 1);
            for (int twice = 0; twice < (i + 1 < n_parts ? 2 : 1); twice++)
                given += geo_jt808_parts_add(parts, &frame, 0, &whole) == GEO_JT808_WHOLE;
        }
        g_assert_cmpuint(given, ==, 1);
        g_assert_cmpmem(whole.body, whole.n_body, body->data, body->len);
        g_assert_cmpuint(whole.serial, ==, serial);
        g_assert_cmpuint(whole.n_parts, ==, 0);
        g_assert_cmpstr(whole.key, ==, "13800138000");
    }
}

static void test_parts_limits(void)
{
    g_autoptr(GeoJt808Parts) parts = geo_jt808_parts_new();
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_set_size(bytes, 4 * GEO_JT808_MAX_BODY);
    memset(bytes->data, 1, bytes->len);
    GeoJt808Frame whole;
    GeoJt808Gap gap;
    /* Too many frames: refused before anything is kept. */
    g_assert_cmpint(add(parts, bytes, 0, 1, 33, 5, 0, &whole), ==, GEO_JT808_REFUSED);
    g_assert_cmpint(add(parts, bytes, 0, 65535, 65535, 5, 0, &whole), ==, GEO_JT808_REFUSED);
    g_assert_cmpuint(geo_jt808_parts_bytes(parts), ==, 0);
    /* The missing ones are asked for three times, then all is forgotten. */
    g_assert_cmpint(add(parts, bytes, 0, 1, 4, 5, 1000, &whole), ==, GEO_JT808_KEPT);
    g_assert_cmpint(add(parts, bytes, 0, 3, 4, 7, 2000, &whole), ==, GEO_JT808_KEPT);
    g_assert_false(geo_jt808_parts_stalled(parts, 11999, 10000, &gap));
    for (int ask = 0; ask < 3; ask++) {
        g_assert_true(geo_jt808_parts_stalled(parts, 12000 + ask * 10000, 10000, &gap));
        g_assert_cmpuint(gap.n_missing, ==, 2);
        g_assert_cmpint(gap.missing[0], ==, 2);
        g_assert_cmpint(gap.missing[1], ==, 4);
        g_assert_cmpint(gap.first_serial, ==, 5);
        g_assert_false(geo_jt808_parts_stalled(parts, 12000 + ask * 10000, 10000, &gap));
    }
    g_assert_cmpuint(geo_jt808_parts_bytes(parts), >, 0);
    g_assert_false(geo_jt808_parts_stalled(parts, 42000, 10000, &gap));
    g_assert_cmpuint(geo_jt808_parts_bytes(parts), ==, 0);
    /* A new message under the same id takes the place of one that never ended. */
    g_assert_cmpint(add(parts, bytes, 0, 1, 2, 5, 0, &whole), ==, GEO_JT808_KEPT);
    g_assert_cmpint(add(parts, bytes, 0, 1, 2, 9, 0, &whole), ==, GEO_JT808_KEPT);
    g_assert_cmpint(add(parts, bytes, 0, 2, 2, 10, 0, &whole), ==, GEO_JT808_WHOLE);
    g_assert_cmpuint(whole.n_body, ==, 2 * GEO_JT808_MAX_BODY);
    /* Frames without bodies make a message without one, and not one nowhere. */
    GeoJt808Frame empty = {.id = 7, .key = "7", .n_parts = 2, .part = 1, .body = bytes->data};
    g_assert_cmpint(geo_jt808_parts_add(parts, &empty, 0, &whole), ==, GEO_JT808_KEPT);
    empty.part = 2;
    empty.serial = 1;
    g_assert_cmpint(geo_jt808_parts_add(parts, &empty, 0, &whole), ==, GEO_JT808_WHOLE);
    g_assert_cmpuint(whole.n_body, ==, 0);
    g_assert_nonnull(whole.body);
    /* A third message at the same time is one too many. */
    GeoJt808Frame frame = {.key = "7", .n_parts = 2, .part = 1, .body = bytes->data, .n_body = 9};
    for (uint16_t id = 0; id < 3; id++) {
        frame.id = id;
        g_assert_cmpint(geo_jt808_parts_add(parts, &frame, 0, &whole), ==,
                        id < GEO_JT808_OPEN_PARTS ? GEO_JT808_KEPT : GEO_JT808_REFUSED);
    }
}

/* A terminal of ours says what the twin's does, byte for byte. */
static void test_location(void)
{
    static const char *const phones[] = {"13912344329", "7", "123456789012"};
    for (int round = 0; round < 2000; round++) {
        bool is_2019 = g_test_rand_bit(), positioned = g_test_rand_bit(), sos = g_test_rand_bit();
        unsigned speed = (unsigned)g_test_rand_int_range(0, 3000);
        unsigned heading = (unsigned)g_test_rand_int_range(0, 360);
        int64_t at_ms = (INT64_C(946684800) + g_test_rand_int_range(0, G_MAXINT)) * 1000;
        TwinHead head = {.is_2019 = is_2019, .phone = phones[round % 3], .id = 0x0200, .serial = 9};
        GeoHeard heard;
        geo_heard_init(&heard);
        geo_heard_set_time(&heard, at_ms + 999);
        geo_heard_set_place(&heard, g_test_rand_int_range(-180000000, 180000001) / 1e6,
                            g_test_rand_int_range(-90000000, 90000001) / 1e6);
        geo_heard_set_motion(&heard, speed / 36.0, heading, NAN);
        heard.flags |= (positioned ? GEO_HEARD_VALID : 0) | (sos ? GEO_HEARD_SOS : 0);
        g_autoptr(GByteArray) out = g_byte_array_new(), wanted = g_byte_array_new();
        g_autoptr(GByteArray) body = g_byte_array_new();
        twin_put_place(body, sos, heard.fix.lon, heard.fix.lat, 0, speed, heading, at_ms,
                       positioned);
        twin_put_frame(wanted, &head, body->data, body->len);
        GeoJt808Peer peer;
        g_assert_true(geo_jt808_peer(head.phone, is_2019, &peer));
        g_assert_cmpuint(geo_jt808_write_location(out, &peer, 9, &heard), ==, 1);
        g_assert_cmpmem(out->data, out->len, wanted->data, wanted->len);
    }
    GeoJt808Peer peer;
    g_assert_false(geo_jt808_peer("", false, &peer));
    g_assert_false(geo_jt808_peer("12a", false, &peer));
    g_assert_false(geo_jt808_peer("1234567890123", false, &peer));
    g_assert_true(geo_jt808_peer("1234567890123", true, &peer));
}

static void test_phone(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    char phone[13], again[13];
    guint n = 0;
    for (int64_t id = 1; id <= 18397; id++) {
        GeoJt808Peer peer;
        geo_jt808_phone_of(id, phone);
        geo_jt808_phone_of(id, again);
        g_assert_cmpstr(phone, ==, again);
        g_assert_cmpuint(strspn(phone, "0123456789"), ==, 12);
        g_assert_true(phone[0] != '0' && geo_jt808_peer(phone, false, &peer));
        n += g_hash_table_add(seen, g_strdup(phone));
    }
    g_assert_cmpuint(n, ==, 18397);
    geo_jt808_phone_of(-1, phone);
    geo_jt808_phone_of(INT64_MAX, again);
    g_assert_cmpstr(phone, !=, again);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jt808-write/published-replies", test_replies);
    g_test_add_func("/jt808-write/replies-are-the-twins", test_write);
    g_test_add_func("/jt808-write/question-and-what-a-person-chose", test_question);
    g_test_add_func("/jt808-write/parts-in-any-order", test_parts);
    g_test_add_func("/jt808-write/parts-have-limits", test_parts_limits);
    g_test_add_func("/jt808-write/locations-are-the-twins", test_location);
    g_test_add_func("/jt808-write/every-unit-has-a-phone", test_phone);
    return g_test_run();
}
