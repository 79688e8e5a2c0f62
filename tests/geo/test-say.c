/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulated devices say is what our readers, written from the protocols' own words, hear. */
#include "geo/decode/say.h"

#include <math.h>
#include <string.h>

#include "geo/decode/emqx.h"
#include "geo/decode/jt808-terminal.h"
#include "geo/decode/osmand.h"
#include "geo/decode/owntracks.h"
#include "geo/decode/traccar.h"

static double draw(double from, double to)
{
    return g_test_rand_double_range(from, to);
}

static GeoHeard draw_heard(const char *key)
{
    GeoHeard heard;
    geo_heard_init(&heard);
    geo_heard_set_key(&heard, key, strlen(key));
    geo_heard_set_place(&heard, draw(-180, 180), draw(-90, 90));
    geo_heard_set_time(&heard, (INT64_C(1000000000) + g_test_rand_int_range(0, 2000000000)) * 1000);
    bool moves = g_test_rand_bit();
    geo_heard_set_motion(&heard, moves ? draw(0.1, 60) : NAN, moves ? draw(1, 359) : NAN,
                         g_test_rand_bit() ? draw(1, 900) : NAN);
    heard.flags |= g_test_rand_bit() ? GEO_HEARD_VALID : 0;
    return heard;
}

static void assert_near(double a, double b, double apart)
{
    if (isnan(b))
        g_assert_true(isnan(a));
    else
        g_assert_cmpfloat_with_epsilon(a, b, apart);
}

/* How much each protocol rounds. */
typedef struct {
    double place, speed, heading, accuracy;
} Step;

static void assert_same(const GeoHeard *got, const GeoHeard *said, const Step *step)
{
    g_assert_cmpstr(got->key, ==, said->key);
    g_assert_cmpint(got->fix.at_ms, ==, said->fix.at_ms);
    assert_near(got->fix.lon, said->fix.lon, step->place);
    assert_near(got->fix.lat, said->fix.lat, step->place);
    assert_near(got->fix.speed_mps, said->fix.speed_mps, step->speed);
    assert_near(got->fix.heading_deg, said->fix.heading_deg, step->heading);
    assert_near(got->fix.accuracy_m, said->fix.accuracy_m, step->accuracy);
    g_assert_cmpuint(got->flags, ==, said->flags);
}

static const GeoHeard *only(const GArray *heard)
{
    g_assert_cmpuint(heard->len, ==, 1);
    return &g_array_index(heard, GeoHeard, 0);
}

static GArray *new_heard(void)
{
    return g_array_new(FALSE, FALSE, sizeof(GeoHeard));
}

static const char *const keys[] = {"HF-0042", "9001", "巡逻 7", "a&b=c%2B+\"\\", "owntracks/x/y"};

static void test_osmand(void)
{
    static const Step step = {1e-7, 1e-3, 0.06, 0.06};
    for (int round = 0; round < 2000; round++) {
        GeoHeard said = draw_heard(keys[round % 5]);
        said.fix.at_ms += g_test_rand_int_range(0, 1000);
        said.flags |= g_test_rand_bit() ? GEO_HEARD_SOS : 0;
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(GArray) heard = new_heard();
        geo_say_osmand(out, &said);
        g_assert_cmpint(geo_osmand_heard(out->str, out->len, GEO_OSMAND_KNOTS, 0, heard, NULL), ==,
                        GEO_HEARD_FINE);
        assert_same(only(heard), &said, &step);
    }
}

static void test_traccar_client(void)
{
    static const Step step = {1e-7, 1e-3, 0.06, 0.06};
    for (int round = 0; round < 2000; round++) {
        GeoHeard said[5];
        size_t n = (size_t)g_test_rand_int_range(1, 6);
        for (size_t i = 0; i < n; i++) {
            said[i] = draw_heard(keys[round % 5]);
            said[i].fix.at_ms += g_test_rand_int_range(0, 1000);
            said[i].flags |= g_test_rand_bit() ? GEO_HEARD_SOS : 0;
        }
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(GArray) heard = new_heard();
        geo_say_traccar_client(out, said, n);
        g_assert_cmpint(geo_traccar_client_heard(out->str, out->len, heard, NULL), ==,
                        GEO_HEARD_FINE);
        g_assert_cmpuint(heard->len, ==, n);
        for (size_t i = 0; i < n; i++)
            assert_same(&g_array_index(heard, GeoHeard, i), &said[i], &step);
    }
}

/* It has no word for a place that the phone does not stand by. */
static void test_owntracks(void)
{
    static const Step step = {1e-7, 0.15, 0.51, 0.51};
    for (int round = 0; round < 2000; round++) {
        GeoHeard said = draw_heard("fleet/42");
        said.flags |= GEO_HEARD_VALID;
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(GArray) heard = new_heard();
        geo_say_owntracks(out, &said);
        g_assert_cmpint(geo_owntracks_heard("owntracks/fleet/42", out->str, out->len, heard, NULL),
                        ==, GEO_HEARD_FINE);
        assert_same(only(heard), &said, &step);
    }
}

/* JT/T 808 has no accuracy, and no unknown: what does not move stands. */
static GeoHeard as_jt808(const GeoHeard *said)
{
    GeoHeard heard = *said;
    heard.fix.accuracy_m = NAN;
    if (isnan(heard.fix.speed_mps))
        heard.fix.speed_mps = 0;
    return heard;
}

static const Step jt808_step = {6e-7, 0.015, 0.51, 0};

static void test_emqx(void)
{
    for (int round = 0; round < 2000; round++) {
        GeoHeard said[5];
        size_t n = (size_t)g_test_rand_int_range(1, 6);
        bool late = g_test_rand_bit();
        for (size_t i = 0; i < n; i++) {
            said[i] = draw_heard("13912344329");
            said[i].flags |= (g_test_rand_bit() ? GEO_HEARD_SOS : 0) | (late ? GEO_HEARD_LATE : 0);
        }
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(GArray) heard = new_heard();
        geo_say_emqx(out, said, n, late);
        g_assert_cmpint(geo_emqx_heard(out->str, out->len, heard, NULL), ==, GEO_HEARD_FINE);
        g_assert_cmpuint(heard->len, ==, n);
        for (size_t i = 0; i < n; i++) {
            GeoHeard wanted = as_jt808(&said[i]);
            assert_same(&g_array_index(heard, GeoHeard, i), &wanted, &jt808_step);
        }
    }
}

/* The one frame in out; its body lives as long as stream. */
static GeoJt808Frame frame_of(GeoJt808Stream *stream, const GByteArray *out)
{
    const uint8_t *at = out->data;
    size_t n = out->len;
    GeoJt808Frame frame, none;
    GeoJt808Fault fault;
    g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &frame, &fault), ==, GEO_JT808_FRAME);
    g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &none, &fault), ==, GEO_JT808_MORE);
    return frame;
}

static void test_batch(void)
{
    for (int round = 0; round < 2000; round++) {
        GeoHeard said[GEO_JT808_BATCH_PLACES];
        size_t n = (size_t)g_test_rand_int_range(1, GEO_JT808_BATCH_PLACES + 1);
        bool blind = g_test_rand_bit(), is_2019 = g_test_rand_bit();
        for (size_t i = 0; i < n; i++) {
            said[i] = draw_heard("13912344329");
            said[i].flags |= blind ? GEO_HEARD_LATE : 0;
        }
        g_autoptr(GByteArray) out = g_byte_array_new();
        g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
        g_autoptr(GArray) heard = new_heard();
        GeoJt808Peer peer;
        g_assert_true(geo_jt808_peer("13912344329", is_2019, &peer));
        g_assert_cmpuint(geo_jt808_terminal_batch(out, &peer, 7, blind, said, n), ==, 1);
        GeoJt808Frame frame = frame_of(stream, out);
        g_assert_cmpint(frame.serial, ==, 7);
        g_assert_cmpint(geo_jt808_heard(&frame, heard, NULL), ==, GEO_HEARD_FINE);
        g_assert_cmpuint(heard->len, ==, n);
        for (size_t i = 0; i < n; i++) {
            GeoHeard wanted = as_jt808(&said[i]);
            assert_same(&g_array_index(heard, GeoHeard, i), &wanted, &jt808_step);
        }
    }
}

static void test_terminal(void)
{
    for (int edition = 0; edition < 2; edition++) {
        g_autoptr(GByteArray) out = g_byte_array_new();
        g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
        GeoJt808Register said = {.province = 34,
                                 .city = 100,
                                 .maker = "GRIDB",
                                 .model = "巡格巡格巡格巡格巡格巡格",
                                 .terminal = "0000042",
                                 .plate_colour = 1,
                                 .plate = "皖A12345"},
                         got;
        GeoJt808Peer peer;
        GeoJt808Auth auth;
        g_assert_true(geo_jt808_peer("42", edition, &peer));
        geo_jt808_terminal_register(out, &peer, 3, &said);
        GeoJt808Frame frame = frame_of(stream, out);
        g_assert_true(geo_jt808_register(&frame, &got));
        g_assert_cmpstr(frame.key, ==, "42");
        g_assert_cmpint(got.edition, ==, edition ? 2019 : 2013);
        g_assert_cmpint(got.province, ==, 34);
        g_assert_cmpint(got.city, ==, 100);
        g_assert_cmpstr(got.maker, ==, said.maker);
        /* 24 bytes of GBK: ten characters are all that 20 bytes hold. */
        g_assert_cmpstr(got.model, ==, edition ? said.model : "巡格巡格巡格巡格巡格");
        g_assert_cmpstr(got.terminal, ==, said.terminal);
        g_assert_cmpint(got.plate_colour, ==, 1);
        g_assert_cmpstr(got.plate, ==, said.plate);
        g_byte_array_set_size(out, 0);
        geo_jt808_terminal_auth(out, &peer, 4, "0123456789abcdef01234567", "860000000000042",
                                "1.0");
        frame = frame_of(stream, out);
        g_assert_true(geo_jt808_auth(&frame, &auth));
        g_assert_cmpmem(auth.code, auth.n_code, "0123456789abcdef01234567", 24);
        g_assert_cmpstr(auth.imei, ==, edition ? "860000000000042" : "");
        g_assert_cmpstr(auth.software, ==, edition ? "1.0" : "");
        g_byte_array_set_size(out, 0);
        geo_jt808_terminal_heartbeat(out, &peer, 5);
        frame = frame_of(stream, out);
        g_assert_cmpint(frame.id, ==, GEO_JT808_HEARTBEAT);
        g_assert_cmpuint(frame.n_body, ==, 0);
        GeoJt808Frame to = {.id = GEO_JT808_TEXT, .serial = 0x7e7d};
        GeoJt808Ack ack;
        g_byte_array_set_size(out, 0);
        geo_jt808_terminal_ack(out, &peer, 6, &to, GEO_JT808_UNSUPPORTED);
        frame = frame_of(stream, out);
        g_assert_cmpint(frame.id, ==, GEO_JT808_ACK);
        g_assert_true(geo_jt808_ack(&frame, &ack));
        g_assert_cmpint(ack.serial, ==, 0x7e7d);
        g_assert_cmpint(ack.id, ==, GEO_JT808_TEXT);
        g_assert_cmpint(ack.result, ==, GEO_JT808_UNSUPPORTED);
    }
}

static void test_registered(void)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
    GeoJt808Frame to = {.serial = 0x7e7d};
    uint16_t serial;
    uint8_t result;
    char code[8];
    g_assert_true(geo_jt808_peer("42", true, &to.peer));
    geo_jt808_write_registered(out, &to, 0, GEO_JT808_WELCOME, "abcdefghi");
    GeoJt808Frame frame = frame_of(stream, out);
    g_assert_true(geo_jt808_terminal_registered(&frame, &serial, &result, code, sizeof code));
    g_assert_cmpint(serial, ==, 0x7e7d);
    g_assert_cmpint(result, ==, 0);
    g_assert_cmpstr(code, ==, "abcdefg");
    frame.n_body = 2;
    g_assert_false(geo_jt808_terminal_registered(&frame, &serial, &result, code, sizeof code));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/say/osmand-is-heard", test_osmand);
    g_test_add_func("/say/traccar-client-is-heard", test_traccar_client);
    g_test_add_func("/say/owntracks-is-heard", test_owntracks);
    g_test_add_func("/say/emqx-is-heard", test_emqx);
    g_test_add_func("/say/batches-are-heard", test_batch);
    g_test_add_func("/say/terminals-introduce-themselves", test_terminal);
    g_test_add_func("/say/registration-is-read", test_registered);
    return g_test_run();
}
