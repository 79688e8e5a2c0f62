/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes to fixes: a stream of JT/T 808 in network pieces, and messages in each JSON shape; beside
 * them, the same fields taken by SQLite's json_extract(). */
#include <sqlite3.h>

#include "bench.h"
#include "geo/decode/emqx.h"
#include "geo/decode/jt808.h"
#include "geo/decode/osmand.h"
#include "geo/decode/owntracks.h"
#include "geo/decode/traccar.h"
#include "tests/geo/jt808-twin.h"

#define NAME "decode"
#define N_FIXES 18397 /* a fleet's second */
#define PIECE 1460    /* bytes that arrive together */
#define RUNS 15

static GByteArray *make_stream(unsigned n_batch)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(21);
    g_autoptr(GByteArray) body = g_byte_array_new();
    GByteArray *out = g_byte_array_new();
    for (unsigned i = 0; i < N_FIXES; i += n_batch) {
        g_autofree char *phone = g_strdup_printf("139%08u", i);
        TwinHead head = {.is_2019 = i % 2, .phone = phone, .id = n_batch > 1 ? 0x0704 : 0x0200};
        g_byte_array_set_size(body, 0);
        if (n_batch > 1)
            twin_put(body, (uint64_t)n_batch << 8, 3);
        for (unsigned k = 0; k < n_batch; k++) {
            if (n_batch > 1)
                twin_put(body, 38, 2);
            twin_put_place(body, 0, g_rand_double_range(random, 117, 118),
                           g_rand_double_range(random, 31, 32), 20, 300, 90, 1738161224000, true);
            twin_put(body, UINT64_C(0x010400000064), 6);
            twin_put(body, UINT64_C(0x02020007), 4);
        }
        twin_put_frame(out, &head, body->data, body->len);
    }
    return out;
}

static void run_jt808(const char *task, unsigned n_batch)
{
    g_autoptr(GByteArray) bytes = make_stream(n_batch);
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    double figures[RUNS];
    for (int run = 0; run < RUNS; run++) {
        g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
        GeoJt808Frame frame;
        GeoJt808Fault fault;
        g_array_set_size(heard, 0);
        double begun = bench_now_us();
        for (size_t at = 0; at < bytes->len; at += PIECE) {
            const uint8_t *piece = bytes->data + at;
            size_t n = MIN(PIECE, bytes->len - at);
            while (geo_jt808_stream_next(stream, &piece, &n, &frame, &fault) == GEO_JT808_FRAME)
                geo_jt808_heard(&frame, heard, NULL);
        }
        figures[run] = heard->len / (bench_now_us() - begun) * 1e6;
        g_assert_cmpuint(heard->len, >=, N_FIXES);
    }
    bench_say(NAME, task, "gridbeat", "fixes/s", figures, RUNS);
}

#define AT "\"2025-01-29T14:33:44.000+00:00\""

static const struct {
    const char *task, *format; /* of a number and two coordinates */
    const char *lon, *lat, *at, *speed, *heading, *accuracy;
} shapes[] = {
    {"owntracks",
     "{\"_type\":\"location\",\"tid\":\"%d\",\"lat\":%.6f,\"lon\":%.6f,\"tst\":1738161224,"
     "\"vel\":36,\"cog\":123,\"acc\":8,\"alt\":20,\"batt\":80,\"t\":\"u\",\"m\":1,\"conn\":\"m\"}",
     "$.lon", "$.lat", "$.tst", "$.vel", "$.cog", "$.acc"},
    {"traccar forward",
     "{\"device\":{\"id\":7,\"attributes\":{},\"groupId\":0,\"name\":\"car\",\"uniqueId\":\"%d\","
     "\"status\":\"online\"},\"position\":{\"id\":1,\"attributes\":{\"batteryLevel\":80,"
     "\"distance\":12.5,\"totalDistance\":123456.7,\"motion\":true},\"deviceId\":7,"
     "\"protocol\":\"huabao\",\"serverTime\":" AT ",\"deviceTime\":" AT ",\"fixTime\":" AT ","
     "\"outdated\":false,\"valid\":true,\"latitude\":%.6f,\"longitude\":%.6f,\"altitude\":20.0,"
     "\"speed\":19.438444924406,\"course\":123.0,\"address\":null,\"accuracy\":8.0,"
     "\"network\":null,\"geofenceIds\":null}}",
     "$.position.longitude", "$.position.latitude", "$.position.fixTime", "$.position.speed",
     "$.position.course", "$.position.accuracy"},
    {"traccar client",
     "{\"device_id\":\"%d\",\"location\":{\"timestamp\":\"2025-01-29T14:33:44.000Z\",\"coords\":"
     "{\"latitude\":%.6f,\"longitude\":%.6f,\"accuracy\":8,\"speed\":10,\"heading\":123,"
     "\"altitude\":20},\"is_moving\":true,\"odometer\":0,\"event\":\"motionchange\",\"battery\":"
     "{\"level\":1,\"is_charging\":false},\"activity\":{\"type\":\"still\"},\"extras\":{}}}",
     "$.location.coords.longitude", "$.location.coords.latitude", "$.location.timestamp",
     "$.location.coords.speed", "$.location.coords.heading", "$.location.coords.accuracy"},
};

static GeoHeardResult hear(size_t shape, const char *text, GArray *heard)
{
    size_t n = strlen(text);
    return shape == 0   ? geo_owntracks_heard("owntracks/li/phone", text, n, heard, NULL)
           : shape == 1 ? geo_traccar_heard(text, n, heard, NULL)
                        : geo_traccar_client_heard(text, n, heard, NULL);
}

static double time_sqlite(size_t shape, char **texts)
{
    sqlite3 *db;
    sqlite3_stmt *take;
    g_assert_cmpint(sqlite3_open(":memory:", &db), ==, SQLITE_OK);
    g_autofree char *sql =
        g_strdup_printf("SELECT json_extract(?1,'%s'),json_extract(?1,'%s'),json_extract(?1,'%s'),"
                        "json_extract(?1,'%s'),json_extract(?1,'%s'),json_extract(?1,'%s')",
                        shapes[shape].lon, shapes[shape].lat, shapes[shape].at, shapes[shape].speed,
                        shapes[shape].heading, shapes[shape].accuracy);
    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &take, NULL), ==, SQLITE_OK);
    double begun = bench_now_us(), sum = 0;
    for (size_t i = 0; i < N_FIXES; i++) {
        sqlite3_bind_text(take, 1, texts[i], -1, SQLITE_STATIC);
        g_assert_cmpint(sqlite3_step(take), ==, SQLITE_ROW);
        sum += sqlite3_column_double(take, 0) + sqlite3_column_double(take, 1);
        sqlite3_reset(take);
    }
    double rate = N_FIXES / (bench_now_us() - begun) * 1e6;
    g_assert_cmpfloat(sum, >, 148.0 * N_FIXES);
    sqlite3_finalize(take);
    sqlite3_close(db);
    return rate;
}

static void run_shape(size_t shape)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(21);
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    g_auto(GStrv) texts = g_new0(char *, N_FIXES + 1);
    g_autofree char *task = NULL;
    double ours[RUNS], theirs[RUNS];
    for (int i = 0; i < N_FIXES; i++) {
        double lat = g_rand_double_range(random, 31, 32),
               lon = g_rand_double_range(random, 117, 118);
        texts[i] = g_strdup_printf(shapes[shape].format, i, lat, lon);
    }
    for (int run = 0; run < RUNS; run++) {
        g_array_set_size(heard, 0);
        double begun = bench_now_us();
        for (size_t i = 0; i < N_FIXES; i++)
            hear(shape, texts[i], heard);
        ours[run] = heard->len / (bench_now_us() - begun) * 1e6;
        g_assert_cmpuint(heard->len, ==, N_FIXES);
        theirs[run] = time_sqlite(shape, texts);
    }
    printf("%s: %zu bytes a message\n", shapes[shape].task, strlen(texts[0]));
    double median = bench_say(NAME, shapes[shape].task, "gridbeat", "fixes/s", ours, RUNS);
    double peer = bench_say(NAME, shapes[shape].task, "sqlite json_extract " SQLITE_VERSION,
                            "fixes/s", theirs, RUNS);
    printf("  ratio %.2f\n", median / peer);
}

/* The two without a peer. */
static void run_other(const char *task, const char *text, bool emqx)
{
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    size_t n = strlen(text);
    double figures[RUNS];
    for (int run = 0; run < RUNS; run++) {
        g_array_set_size(heard, 0);
        double begun = bench_now_us();
        for (size_t i = 0; i < N_FIXES; i++)
            if (emqx)
                geo_emqx_heard(text, n, heard, NULL);
            else
                geo_osmand_heard(text, n, GEO_OSMAND_KNOTS, 0, heard, NULL);
        figures[run] = heard->len / (bench_now_us() - begun) * 1e6;
        g_assert_cmpuint(heard->len, ==, N_FIXES);
    }
    bench_say(NAME, task, "gridbeat", "fixes/s", figures, RUNS);
}

int main(void)
{
    printf("%d fixes, one thread, seed 21; JT/T 808 in pieces of %d bytes\n", N_FIXES, PIECE);
    run_jt808("jt808", 1);
    run_jt808("jt808 batch", 20);
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
        run_shape(i);
    run_other("emqx",
              "{\"body\":{\"alarm\":0,\"altitude\":20,\"direction\":123,\"extra\":{\"mileage\":12},"
              "\"latitude\":31861191,\"longitude\":117283042,\"speed\":360,\"status\":3,"
              "\"time\":\"250129223344\"},\"header\":{\"encrypt\":0,\"len\":28,\"msg_id\":512,"
              "\"msg_sn\":1,\"phone\":\"00000000013912344329\",\"proto_ver\":1}}",
              true);
    run_other("osmand",
              "id=car-7&lat=31.861191&lon=117.283042&timestamp=1738161224&speed=19.438&bearing=123"
              "&accuracy=8&altitude=20&batt=80",
              false);
    bench_machine(NAME);
    return 0;
}
