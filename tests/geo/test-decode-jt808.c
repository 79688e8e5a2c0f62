/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/jt808.h"
#include "tests/geo/jt808-twin.h"

/* Frames that others published: Traccar's HuabaoProtocolDecoderTest (commit 014cf82), SmallChi's
 * JT808.Protocol.Test, xtream-codec's mock data, EMQX's parser suite. */
#define HEARTBEAT "7e0002000004304832546500b7ca7e"
#define AUTH "7E0102000E013511221122000661757468656E7469636174696F6E3F7E"
#define REGISTER_2011                                                                              \
    "7E01000021013345678906000F002C012F373031313142534A2D4D3742203030303030303001D4C14238383838"   \
    "38B47E"
#define REGISTER_2013                                                                              \
    "7e0100002d0141305678720024002c012f373031313142534a2d41362d42440000000000000000000000303536"   \
    "3738373201d4c14238383838386d7e"
#define REGISTER_2019                                                                              \
    "7e010040540100000000000123456789000a0028003230303030303030313233343030303030303030303030"     \
    "3030303030303030736d616c6c63686931323330303030303030303030303030303030303030303030303043"     \
    "484931323301d4c1413132333435b27e"
#define ESCAPES                                                                                    \
    "7E02000026123456789012007D02000000010000000200BA7F0E07E4F11C0028003C000018101510101001040000" \
    "00640202007D01137E"
#define LOW_BATTERY                                                                                \
    "7E020000480123456789010013000000800000000301597BC506CBFF6600EB000001552107262035310104000000" \
    "00EB24000C00B28986047701207027150200060089FFFFEFFF0004002D0E10000600C5FFFFFFEF697E"
#define SOUTH                                                                                      \
    "7e0200002e202000129707001c0000000000001c0601a2f0a8091f0bf00000000000ed2011030317330000000000" \
    "00000000780000000018000000267e"
#define SOUTH_2019                                                                                 \
    "7e02004026010000000001391234432900000000006f0000001601dc9a0707456246007b00420003250129223344" \
    "0202006401040000000c417e"
#define BATCH_2019                                                                                 \
    "7e0704403f01000000000139123443290000000200001c000000010000000101d907f2073d336c029a0021005924" \
    "1029213903001c000000010000000101d907f3073d336d03090043005a241029213903f87e"
#define BATCH_2013                                                                                 \
    "7E0704005311223344556622B80002000026000000010000000200BA7F0E07E4F11C0028003C0000180715101010" \
    "010400000064020200370026000000020000000100CB735507E6A323002900360078180715101030010400000060" \
    "0"                                                                                            \
    "2020042D47E"
#define UNPOSITIONED                                                                               \
    "7e0200003c01887663897200e5000000000004000001317a6706936851000e00000027171019193538010400003f" \
    "b203020000250400000000 2a0200002b040000000030011f310100ab7e"
#define NEGATIVE                                                                                   \
    "7E02000032013511221122000700000000000C000301578CC006CA3A5C0047000000001407231720150104000000" \
    "0030011631010BD07E"

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

static int64_t moment(int year, int month, int day, int hour, int minute, int second)
{
    g_autoptr(GDateTime) utc = g_date_time_new_utc(year, month, day, hour, minute, second);
    return (g_date_time_to_unix(utc) - 8 * 3600) * 1000;
}

static void test_small_messages(void)
{
    g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
    GeoJt808Frame frame = one_frame(stream, HEARTBEAT);
    g_assert_cmpint(frame.id, ==, GEO_JT808_HEARTBEAT);
    g_assert_cmpstr(frame.key, ==, "43048325465");
    g_assert_cmpint(frame.serial, ==, 183);
    g_assert_cmpuint(frame.n_body, ==, 0);
    g_assert_false(frame.peer.is_2019);
    frame = one_frame(stream, AUTH);
    GeoJt808Auth auth;
    g_assert_true(geo_jt808_auth(&frame, &auth));
    g_assert_cmpmem(auth.code, auth.n_code, "authentication", 14);
    g_assert_cmpstr(frame.key, ==, "13511221122");
    g_assert_cmpint(frame.serial, ==, 6);
}

static void test_registrations(void)
{
    static const struct {
        const char *hex, *key;
        GeoJt808Register wanted;
    } vectors[] = {
        {REGISTER_2011,
         "13345678906",
         {2011, 44, 303, "70111", "BSJ-M7B", "0000000", 1, "粤B88888"}},
        {REGISTER_2013,
         "14130567872",
         {2013, 44, 303, "70111", "BSJ-A6-BD", "0567872", 1, "粤B88888"}},
        {REGISTER_2019,
         "123456789",
         {2019, 40, 50, "00000001234", "0000000000000000000smallchi123",
          "000000000000000000000000CHI123", 1, "粤A12345"}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
        GeoJt808Frame frame = one_frame(stream, vectors[i].hex);
        const GeoJt808Register *wanted = &vectors[i].wanted;
        GeoJt808Register found;
        g_assert_cmpstr(frame.key, ==, vectors[i].key);
        g_assert_true(geo_jt808_register(&frame, &found));
        g_assert_cmpint(found.edition, ==, wanted->edition);
        g_assert_cmpint(found.province, ==, wanted->province);
        g_assert_cmpint(found.city, ==, wanted->city);
        g_assert_cmpstr(found.maker, ==, wanted->maker);
        g_assert_cmpstr(found.model, ==, wanted->model);
        g_assert_cmpstr(found.terminal, ==, wanted->terminal);
        g_assert_cmpint(found.plate_colour, ==, wanted->plate_colour);
        g_assert_cmpstr(found.plate, ==, wanted->plate);
        /* One byte less than the fixed part is no registration. */
        frame.n_body = wanted->edition == 2019 ? 75 : 24;
        g_assert_false(geo_jt808_register(&frame, &found));
    }
}

typedef struct {
    const char *hex, *key;
    unsigned serial, alarm;
    double lon, lat, altitude_m, speed_kmh, heading_deg;
    int year, month, day, hour, minute, second; /* GMT+8 */
    double mileage_km, fuel_l;
    int signal, satellites;
    size_t n_additions, n_tail;
    unsigned flags;
} Located;

static const Located located[] = {
    {ESCAPES,    "123456789012",
     126,        1,
     132.444444, 12.222222,
     40,         6,
     0,          2018,
     10,         15,
     10,         10,
     10,         10,
     12.5,       -1,
     -1,         2,
     0,          GEO_HEARD_VALID | GEO_HEARD_SOS},
    {LOW_BATTERY, "12345678901",
     19,          0x80,
     114.032486,  22.641605,
     235,         0,
     341,         2021,
     7,           26,
     20,          35,
     31,          0,
     NAN,         -1,
     -1,          2,
     0,           GEO_HEARD_VALID},
    {SOUTH,      "202000129707",
     28,         0,
     153.029616, -27.455656,
     0,          0,
     237,        2020,
     11,         3,
     3,          17,
     33,         NAN,
     NAN,        -1,
     -1,         0,
     18,         GEO_HEARD_VALID},
    {SOUTH_2019, "13912344329",
     0,          0x6f,
     121.987654, -31.234567,
     123,        6.6,
     3,          2025,
     1,          29,
     22,         33,
     44,         1.2,
     10,         -1,
     -1,         2,
     0,          GEO_HEARD_VALID | GEO_HEARD_SOS},
    {UNPOSITIONED, "18876638972", 229, 0,  110.323793, 20.019815, 14, 0, 39, 2017, 10, 19, 19, 35,
     38,           1630.6,        NAN, 31, 0,          7,         0,  0},
};

static void assert_or_unknown(double found, double wanted)
{
    if (isnan(wanted))
        g_assert_true(isnan(found));
    else
        g_assert_cmpfloat_with_epsilon(found, wanted, 1e-9);
}

static void test_locations(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(located); i++) {
        const Located *wanted = &located[i];
        g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
        g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
        GeoJt808Frame frame = one_frame(stream, wanted->hex);
        GeoJt808Place place;
        GeoHeardTally tally = {0};
        g_assert_cmpint(frame.serial, ==, wanted->serial);
        g_assert_true(geo_jt808_place(frame.body, frame.n_body, &place));
        g_assert_cmpuint(place.alarm, ==, wanted->alarm);
        g_assert_cmpfloat(place.altitude_m, ==, wanted->altitude_m);
        assert_or_unknown(place.mileage_m / 1000, wanted->mileage_km);
        assert_or_unknown(place.fuel_l, wanted->fuel_l);
        g_assert_cmpint(place.signal, ==, wanted->signal);
        g_assert_cmpint(place.satellites, ==, wanted->satellites);
        g_assert_cmpuint(place.n_additions, ==, wanted->n_additions);
        g_assert_cmpuint(place.n_tail, ==, wanted->n_tail);
        g_assert_cmpint(geo_jt808_heard(&frame, heard, &tally), ==, GEO_HEARD_FINE);
        g_assert_cmpuint(heard->len, ==, 1);
        const GeoHeard *one = &g_array_index(heard, GeoHeard, 0);
        g_assert_cmpstr(one->key, ==, wanted->key);
        g_assert_cmpuint(one->flags, ==, wanted->flags);
        g_assert_cmpint(one->fix.at_ms, ==,
                        moment(wanted->year, wanted->month, wanted->day, wanted->hour,
                               wanted->minute, wanted->second));
        g_assert_cmpfloat_with_epsilon(one->fix.lon, wanted->lon, 1e-9);
        g_assert_cmpfloat_with_epsilon(one->fix.lat, wanted->lat, 1e-9);
        g_assert_cmpfloat_with_epsilon(one->fix.speed_mps, wanted->speed_kmh / 3.6, 1e-5);
        g_assert_cmpfloat(one->fix.heading_deg, ==, wanted->heading_deg);
        g_assert_true(isnan(one->fix.accuracy_m));
        g_assert_cmpuint(tally.heard, ==, 1);
        g_assert_cmpuint(tally.invalid, ==, !(wanted->flags & GEO_HEARD_VALID));
        g_assert_cmpuint(tally.tails, ==, wanted->n_tail > 0);
    }
}

static void test_batches(void)
{
    static const struct {
        const char *hex, *key;
        double lon[2], lat[2], speed_kmh[2], heading_deg[2];
        unsigned flags[2];
    } batches[] = {
        {BATCH_2019,
         "13912344329",
         {121.451372, 121.451373},
         {31.000562, 31.000563},
         {3.3, 6.7},
         {89, 90},
         {GEO_HEARD_SOS, GEO_HEARD_SOS}},
        {BATCH_2013,
         "112233445566",
         {132.444444, 132.555555},
         {12.222222, 13.333333},
         {6, 5.4},
         {0, 120},
         {GEO_HEARD_SOS | GEO_HEARD_VALID, 0}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(batches); i++) {
        g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
        g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
        GeoJt808Frame frame = one_frame(stream, batches[i].hex);
        g_assert_cmpint(geo_jt808_heard(&frame, heard, NULL), ==, GEO_HEARD_FINE);
        g_assert_cmpuint(heard->len, ==, 2);
        for (guint k = 0; k < 2; k++) {
            const GeoHeard *one = &g_array_index(heard, GeoHeard, k);
            g_assert_cmpstr(one->key, ==, batches[i].key);
            g_assert_cmpuint(one->flags, ==, batches[i].flags[k]);
            g_assert_cmpfloat_with_epsilon(one->fix.lon, batches[i].lon[k], 1e-9);
            g_assert_cmpfloat_with_epsilon(one->fix.lat, batches[i].lat[k], 1e-9);
            g_assert_cmpfloat_with_epsilon(one->fix.speed_mps, batches[i].speed_kmh[k] / 3.6, 1e-5);
            g_assert_cmpfloat(one->fix.heading_deg, ==, batches[i].heading_deg[k]);
        }
    }
}

/* What a decoder must not believe: the first is a published vector that is wrong. */
static void test_refused(void)
{
    static const struct {
        const char *hex;
        GeoJt808Fault fault;
    } wrong[] = {
        {NEGATIVE, GEO_JT808_CHECKSUM},
        {"7e0002000004304832546500b7cb7e", GEO_JT808_CHECKSUM},
        {"7e0002000104304832546500b7cb7e", GEO_JT808_LENGTH},
        {"7e0002040004304832546500b7ce7e", GEO_JT808_ENCRYPTED},
        {"7e00020000000000000000 00b7b57e", GEO_JT808_PHONE},
        {"7e0002000004304832546a00b7c57e", GEO_JT808_PHONE},
        {"7e000200000430483254657e", GEO_JT808_SHORT},
        {"7e7d0302000004304832546500b7ca7e", GEO_JT808_ESCAPE},
        {"7e0002000004304832546500b77d7e", GEO_JT808_ESCAPE},
        {"7e0002200004304832546500b700010002e97e", GEO_JT808_PART},
        {"000102037e", GEO_JT808_NO_FLAG},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
        g_autoptr(GByteArray) bytes = twin_bytes(wrong[i].hex);
        const uint8_t *at = bytes->data;
        size_t n = bytes->len;
        GeoJt808Frame frame;
        GeoJt808Fault fault = GEO_JT808_SOUND;
        g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &frame, &fault), ==,
                        GEO_JT808_DROPPED);
        g_assert_cmpstr(geo_jt808_fault_word(fault), ==, geo_jt808_fault_word(wrong[i].fault));
        /* And the next frame is none the worse for it. */
        g_assert_cmpint(one_frame(stream, HEARTBEAT).serial, ==, 183);
    }
    /* The attribute length of the published one is wrong too, whatever its sum. */
    g_autoptr(GByteArray) mended = twin_bytes(NEGATIVE);
    g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
    uint8_t sum = 0;
    for (guint i = 1; i < mended->len - 2; i++)
        sum ^= mended->data[i];
    mended->data[mended->len - 2] = sum;
    const uint8_t *at = mended->data;
    size_t n = mended->len;
    GeoJt808Frame frame;
    GeoJt808Fault fault = GEO_JT808_SOUND;
    g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &frame, &fault), ==, GEO_JT808_DROPPED);
    g_assert_cmpstr(geo_jt808_fault_word(fault), ==, "length");
}

/* Feeds bytes in pieces and writes down what came of them. */
static char *story(const uint8_t *bytes, size_t n, bool whole)
{
    g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
    GString *told = g_string_new(NULL);
    for (size_t at = 0; at < n;) {
        size_t n_piece = whole ? n : (size_t)g_test_rand_int_range(1, 40);
        const uint8_t *piece = bytes + at;
        size_t left = MIN(n_piece, n - at);
        at += left;
        GeoJt808Frame frame;
        GeoJt808Fault fault = GEO_JT808_SOUND;
        GeoJt808Event event;
        while ((event = geo_jt808_stream_next(stream, &piece, &left, &frame, &fault)) !=
               GEO_JT808_MORE) {
            g_string_append_printf(told, "%d", event);
            if (event == GEO_JT808_CLOSE)
                return g_string_free(told, FALSE);
            if (event == GEO_JT808_DROPPED)
                g_string_append_printf(told, "%s;", geo_jt808_fault_word(fault));
            if (event != GEO_JT808_FRAME)
                continue;
            g_string_append_printf(told, "%x %d %s %d/%d ", frame.id, frame.serial, frame.key,
                                   frame.part, frame.n_parts);
            for (size_t i = 0; i < frame.n_body; i++)
                g_string_append_printf(told, "%02x", frame.body[i]);
            g_string_append_c(told, ';');
        }
        g_assert_cmpuint(left, ==, 0);
    }
    return g_string_free(told, FALSE);
}

static void put_random_frame(GByteArray *out, TwinHead *head, GByteArray *body)
{
    static const char *const phones[] = {"13912344329", "7", "999999999999", "43048325465"};
    head->is_2019 = g_test_rand_bit();
    head->phone = phones[g_test_rand_int_range(0, G_N_ELEMENTS(phones))];
    head->id = (unsigned)g_test_rand_int_range(0, 65536);
    head->serial = (unsigned)g_test_rand_int_range(0, 65536);
    head->n_parts = g_test_rand_bit() ? (unsigned)g_test_rand_int_range(1, 65536) : 0;
    head->part = head->n_parts ? (unsigned)g_test_rand_int_range(1, (int)head->n_parts + 1) : 0;
    g_byte_array_set_size(body, (guint)g_test_rand_int_range(0, g_test_rand_bit() ? 40 : 500));
    for (guint i = 0; i < body->len; i++) /* many that must be escaped */
        body->data[i] = (uint8_t)(g_test_rand_bit() ? g_test_rand_int_range(0x7c, 0x80)
                                                    : g_test_rand_int_range(0, 256));
    twin_put_frame(out, head, body->data, body->len);
}

static void test_pieces(void)
{
    for (int round = 0; round < 200; round++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        g_autoptr(GByteArray) body = g_byte_array_new();
        g_autoptr(GString) wanted = g_string_new(NULL);
        for (int i = 0; i < 20; i++) {
            TwinHead head;
            if (g_test_rand_int_range(0, 4) == 0)
                twin_put(bytes, 0x7e, 1); /* doubled flags */
            put_random_frame(bytes, &head, body);
            g_string_append_printf(wanted, "%d%x %d %s %d/%d ", GEO_JT808_FRAME, head.id,
                                   head.serial, head.phone, head.part, head.n_parts);
            for (guint k = 0; k < body->len; k++)
                g_string_append_printf(wanted, "%02x", body->data[k]);
            g_string_append_c(wanted, ';');
            if (g_test_rand_bit()) /* the end flag is also the next frame's first */
                g_byte_array_set_size(bytes, bytes->len - (i < 19));
        }
        g_autofree char *whole = story(bytes->data, bytes->len, true);
        g_autofree char *pieces = story(bytes->data, bytes->len, false);
        g_assert_cmpstr(whole, ==, wanted->str);
        g_assert_cmpstr(pieces, ==, wanted->str);
        /* Damaged bytes tell the same story in any pieces, too. */
        for (int i = 0; i < 10; i++)
            bytes->data[g_test_rand_int_range(0, (int)bytes->len)] ^=
                (uint8_t)g_test_rand_int_range(1, 256);
        g_autofree char *hurt = story(bytes->data, bytes->len, true);
        g_autofree char *hurt_pieces = story(bytes->data, bytes->len, false);
        g_assert_cmpstr(hurt, ==, hurt_pieces);
    }
}

/* One byte of a frame changed: never another message in its place. */
static void test_damage(void)
{
    for (int round = 0; round < 2000; round++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        g_autoptr(GByteArray) body = g_byte_array_new();
        TwinHead head;
        put_random_frame(bytes, &head, body);
        int at = g_test_rand_int_range(1, (int)bytes->len - 1);
        bytes->data[at] ^= (uint8_t)(1 << g_test_rand_int_range(0, 8));
        g_autofree char *told = story(bytes->data, bytes->len, true);
        g_assert_null(strchr(told, '/'));
    }
}

static void test_too_long(void)
{
    g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
    g_autofree uint8_t *bytes = g_malloc(4000);
    memset(bytes, 0x55, 4000);
    bytes[0] = 0x7e;
    const uint8_t *at = bytes;
    size_t n = 1 + GEO_JT808_MAX_GAP;
    GeoJt808Frame frame;
    GeoJt808Fault fault = GEO_JT808_SOUND;
    g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &frame, &fault), ==, GEO_JT808_MORE);
    n = 1;
    g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &frame, &fault), ==, GEO_JT808_CLOSE);
    g_assert_cmpint(fault, ==, GEO_JT808_TOO_LONG);
    /* A closed stream stays closed. */
    g_autoptr(GByteArray) good = twin_bytes(HEARTBEAT);
    at = good->data;
    n = good->len;
    g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &frame, &fault), ==, GEO_JT808_CLOSE);
    /* As long without any flag at all. */
    g_autoptr(GeoJt808Stream) other = geo_jt808_stream_new();
    at = bytes + 1;
    n = 1 + GEO_JT808_MAX_GAP;
    g_assert_cmpint(geo_jt808_stream_next(other, &at, &n, &frame, &fault), ==, GEO_JT808_CLOSE);
    /* The longest frame of all fits, escaped as badly as can be that is within the limit. */
    g_autoptr(GByteArray) out = g_byte_array_new();
    TwinHead head = {.is_2019 = true, .phone = "1", .id = 0x0200, .serial = 1};
    memset(bytes, 0x7e, 1000);
    memset(bytes + 1000, 0x11, 23);
    twin_put_frame(out, &head, bytes, 1023);
    g_autofree char *told = story(out->data, out->len, false);
    g_assert_true(g_str_has_prefix(told, "1200 1 1 "));
}

static void test_round_trip(void)
{
    for (int round = 0; round < 3000; round++) {
        double lon = g_test_rand_int_range(-180000000, 180000001) / 1e6;
        double lat = g_test_rand_int_range(-90000000, 90000001) / 1e6;
        unsigned speed = (unsigned)g_test_rand_int_range(0, 3000);
        unsigned heading = (unsigned)g_test_rand_int_range(0, 360);
        int64_t at_ms =
            (INT64_C(946684800) + g_test_rand_int_range(0, G_MAXINT) + (round % 2) * 800000000) *
            1000;
        bool positioned = g_test_rand_bit(), sos = g_test_rand_bit();
        int n_fixes = g_test_rand_int_range(1, 20), type = g_test_rand_int_range(0, 2);
        g_autoptr(GByteArray) body = g_byte_array_new();
        TwinHead head = {.is_2019 = g_test_rand_bit(), .phone = "13800138000", .serial = 7};
        bool batch = g_test_rand_bit();
        head.id = batch ? GEO_JT808_BATCH : GEO_JT808_LOCATION;
        if (batch) {
            twin_put(body, (uint64_t)n_fixes, 2);
            twin_put(body, (uint64_t)type, 1);
        }
        for (int i = 0; i < (batch ? n_fixes : 1); i++) {
            if (batch)
                twin_put(body, 28 + 6, 2);
            twin_put_place(body, sos, lon, lat, -5, speed, heading, at_ms + i * 1000, positioned);
            twin_put(body, UINT64_C(0x010400000007), 6);
        }
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
        twin_put_frame(bytes, &head, body->data, body->len);
        g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
        const uint8_t *at = bytes->data;
        size_t n = bytes->len;
        GeoJt808Frame frame;
        GeoJt808Fault fault;
        GeoHeardTally tally = {0};
        g_assert_cmpint(geo_jt808_stream_next(stream, &at, &n, &frame, &fault), ==,
                        GEO_JT808_FRAME);
        g_assert_cmpint(geo_jt808_heard(&frame, heard, &tally), ==, GEO_HEARD_FINE);
        g_assert_cmpuint(heard->len, ==, batch ? (guint)n_fixes : 1);
        g_assert_cmpuint(tally.tails + tally.items, ==, 0);
        unsigned flags = (positioned ? GEO_HEARD_VALID : 0) | (sos ? GEO_HEARD_SOS : 0) |
                         (batch && type == 1 ? GEO_HEARD_LATE : 0);
        for (guint i = 0; i < heard->len; i++) {
            const GeoHeard *one = &g_array_index(heard, GeoHeard, i);
            g_assert_cmpstr(one->key, ==, head.phone);
            g_assert_cmpuint(one->flags, ==, flags);
            g_assert_cmpint(one->fix.at_ms, ==, at_ms + i * 1000);
            g_assert_cmpfloat_with_epsilon(one->fix.lon, lon, 1e-9);
            g_assert_cmpfloat_with_epsilon(one->fix.lat, lat, 1e-9);
            g_assert_cmpfloat_with_epsilon(one->fix.speed_mps, speed / 36.0, 1e-4);
            if (speed > 0 || heading > 0)
                g_assert_cmpfloat(one->fix.heading_deg, ==, heading);
            else
                g_assert_true(isnan(one->fix.heading_deg));
        }
    }
}

/* An emergency stands though place and time are nonsense; nothing else of such a fix does. */
static void test_nonsense(void)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    twin_put(body, 1, 4);
    for (int i = 0; i < 6; i++)
        twin_put(body, 0xffffffff, 4);
    GeoJt808Frame frame = {
        .id = GEO_JT808_LOCATION, .key = "7", .body = body->data, .n_body = body->len};
    GeoHeardTally tally = {0};
    g_assert_cmpint(geo_jt808_heard(&frame, heard, &tally), ==, GEO_HEARD_FINE);
    const GeoHeard *one = &g_array_index(heard, GeoHeard, 0);
    g_assert_cmpuint(one->flags, ==, GEO_HEARD_SOS | GEO_HEARD_UNTIMED);
    g_assert_true(isnan(one->fix.lon) && isnan(one->fix.lat));
    g_assert_true(isnan(one->fix.speed_mps) && isnan(one->fix.heading_deg));
    g_assert_cmpint(one->fix.at_ms, ==, 0);
    g_assert_cmpuint(tally.invalid, ==, 1);
    frame.n_body = 27;
    g_assert_cmpint(geo_jt808_heard(&frame, heard, &tally), ==, GEO_HEARD_BROKEN);
    frame.id = GEO_JT808_HEARTBEAT;
    g_assert_cmpint(geo_jt808_heard(&frame, heard, &tally), ==, GEO_HEARD_OTHER);
    g_assert_cmpuint(heard->len, ==, 1);
}

/* A batch that says 65535 and holds two, one of them too short: what is there is taken. */
static void test_batch_lies(void)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    twin_put(body, 65535, 2);
    twin_put(body, 0, 1);
    twin_put(body, 5, 2);
    twin_put(body, 0, 5);
    twin_put(body, 28, 2);
    twin_put_place(body, 0, 117.2, 31.8, 20, 100, 90, 1700000000000, true);
    twin_put(body, 60000, 2);
    twin_put(body, 0, 7);
    GeoJt808Frame frame = {
        .id = GEO_JT808_BATCH, .key = "7", .body = body->data, .n_body = body->len};
    GeoHeardTally tally = {0};
    g_assert_cmpint(geo_jt808_heard(&frame, heard, &tally), ==, GEO_HEARD_FINE);
    g_assert_cmpuint(heard->len, ==, 1);
    g_assert_cmpuint(tally.items, ==, 1);
    g_assert_cmpuint(tally.tails, ==, 1);
    frame.n_body = 3;
    g_assert_cmpint(geo_jt808_heard(&frame, heard, &tally), ==, GEO_HEARD_BROKEN);
    frame.n_body = 2;
    g_assert_cmpint(geo_jt808_heard(&frame, heard, &tally), ==, GEO_HEARD_BROKEN);
}

static void test_auth_2019(void)
{
    GeoJt808Frame frame = {.peer.is_2019 = true, .id = GEO_JT808_AUTH};
    GeoJt808Auth auth;
    static const uint8_t padded[] = "\4code123456789012345V1.2.3\0\0\0\0\0\0\0\0\0\0\0\0\0";
    frame.body = padded;
    frame.n_body = 1 + 4 + 15 + 20 - 1;
    g_assert_true(geo_jt808_auth(&frame, &auth));
    g_assert_cmpmem(auth.code, auth.n_code, "code", 4);
    g_assert_cmpstr(auth.imei, ==, "123456789012345");
    g_assert_cmpstr(auth.software, ==, "V1.2.3");
    static const uint8_t counted[] = "\4code123456789012345\6V1.2.3";
    frame.body = counted;
    frame.n_body = sizeof counted - 1;
    g_assert_true(geo_jt808_auth(&frame, &auth));
    g_assert_cmpstr(auth.software, ==, "V1.2.3");
    static const uint8_t lying[] = "\x40short";
    frame.body = lying;
    frame.n_body = sizeof lying - 1;
    g_assert_false(geo_jt808_auth(&frame, &auth));
    frame.n_body = 0;
    g_assert_false(geo_jt808_auth(&frame, &auth));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/decode-jt808/heartbeat-and-auth", test_small_messages);
    g_test_add_func("/decode-jt808/registrations-of-three-editions", test_registrations);
    g_test_add_func("/decode-jt808/published-locations", test_locations);
    g_test_add_func("/decode-jt808/published-batches", test_batches);
    g_test_add_func("/decode-jt808/faults-are-dropped-by-name", test_refused);
    g_test_add_func("/decode-jt808/any-pieces-give-the-same-frames", test_pieces);
    g_test_add_func("/decode-jt808/one-wrong-bit-is-never-a-frame", test_damage);
    g_test_add_func("/decode-jt808/two-kilobytes-without-flag-close", test_too_long);
    g_test_add_func("/decode-jt808/fixes-round-trip", test_round_trip);
    g_test_add_func("/decode-jt808/sos-stands-without-place", test_nonsense);
    g_test_add_func("/decode-jt808/batch-count-is-not-believed", test_batch_lies);
    g_test_add_func("/decode-jt808/auth-of-2019-is-not-indexed-blindly", test_auth_2019);
    return g_test_run();
}
