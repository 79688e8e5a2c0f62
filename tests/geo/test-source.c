/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "geo/model/error.h"
#include "geo/store/archive.h"
#include "geo/store/csv.h"
#include "geo/store/datum.h"
#include "geo/store/encoding.h"
#include "geo/store/jsonscan.h"
#include "geo/store/profile.h"
#include "geo/store/source.h"

static char *folder;

static char *path_of(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static char *write_file(const char *name, const void *bytes, size_t n)
{
    char *path = path_of(name);
    g_assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));
    return path;
}

static char *write_text(const char *name, const char *text)
{
    return write_file(name, text, strlen(text));
}

/* Opening fails, in one line that holds the words. */
static void assert_refused(const char *path, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoSource) source = geo_source_open(path, NULL, &error);
    g_assert_null(source);
    g_assert_nonnull(error);
    g_assert_true(error->domain == GEO_ERROR);
    if (!strstr(error->message, words))
        g_error("'%s' does not say '%s'", error->message, words);
    g_assert_null(strchr(error->message, '\n'));
}

/* ---- what is no file of ours ---- */

static void test_no_regular_file(void)
{
    g_autofree char *missing = path_of("nothing.csv"), *pipe = path_of("pipe.csv");
    g_autofree char *empty = write_text("empty.csv", "");
    assert_refused(missing, "No such file");
    assert_refused(folder, "directory");
    assert_refused(empty, "empty");
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    assert_refused(pipe, "no regular file");
    assert_refused("/dev/zero", "no regular file");
    g_unlink(pipe);
}

static void test_no_names_of_drivers(void)
{
    assert_refused("/vsicurl/http://127.0.0.1/x.csv", "no local file");
    assert_refused("/vsizip/x.zip/x.shp", "no local file");
    assert_refused("https://127.0.0.1/x.geojson", "no local file");
    g_autofree char *vrt = write_text("x.vrt", "<OGRVRTDataSource></OGRVRTDataSource>");
    assert_refused(vrt, "unknown format");
    g_autofree char *masked =
        write_text("masked.geojson", "<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>");
    assert_refused(masked, "line 1");
    g_autofree char *tiles = write_text("x.mbtiles", "SQLite format 3");
    assert_refused(tiles, "map tiles");
}

static void test_symlink_to_a_file_is_read(void)
{
    g_autofree char *file = write_text("linked.csv", "lon,lat\n1,2\n");
    g_autofree char *link = path_of("link.csv");
    g_assert_cmpint(symlink(file, link), ==, 0);
    g_autoptr(GeoSource) source = geo_source_open(link, NULL, NULL);
    g_assert_nonnull(source);
    g_unlink(link);
}

static void test_xml_bomb(void)
{
    g_autofree char *osm = write_text("bomb.osm", "<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY a "
                                                  "'aaaa'>]>\n<osm version='0.6'>&a;</osm>\n");
    assert_refused(osm, "document type");
}

static void test_foreign_database(void)
{
    g_autofree char *cut = write_file("cut.gpkg", "SQLite format 3", 16);
    assert_refused(cut, "cut.gpkg");
}

/* ---- JSON ---- */

static void assert_json(const char *text, const char *words)
{
    GeoJsonScan scan;
    g_autoptr(GError) error = NULL;
    bool ok = geo_jsonscan(text, strlen(text), &scan, &error);
    if (!words) {
        g_assert_no_error(error);
        g_assert_true(ok);
        return;
    }
    g_assert_false(ok);
    if (!strstr(error->message, words))
        g_error("'%s' does not say '%s'", error->message, words);
}

static void test_json_faults_have_lines(void)
{
    assert_json("{\"type\": \"Point\", \"coordinates\": [1, 2.5e-3]}", NULL);
    assert_json("{\n\"a\": 1\n\"b\": 2}", "line 3: ',' or '}' expected");
    assert_json("[1,\n2,\n]", "line 3");
    assert_json("{\"a\": \"x\n\"}", "line 1");
    assert_json("{\"a\": tru}", "a value expected");
    assert_json("{\"a\": 1", "ends too early");
    assert_json("{} x", "follows the end");
    assert_json("", "ends too early");
    assert_json("{\"coordinates\":\n[1, \"2\"]}", "line 2: a coordinate is no number");
    assert_json("{\"a\": \"\\\"", "ends too early");
}

static void test_json_depth(void)
{
    g_autoptr(GString) deep = g_string_new(NULL);
    for (int i = 0; i < 100000; i++)
        g_string_append_c(deep, '[');
    assert_json(deep->str, "deeper than 64");
    g_autofree char *path = write_text("deep.geojson", deep->str);
    assert_refused(path, "deeper than 64");
    g_string_truncate(deep, 64);
    for (int i = 0; i < 64; i++)
        g_string_append_c(deep, ']');
    assert_json(deep->str, NULL);
}

static void test_json_root(void)
{
    g_autofree char *linked = write_text(
        "linked.geojson", "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"link\","
                          "\"properties\":{\"href\":\"http://127.0.0.1/\"}},\"features\":[]}");
    assert_refused(linked, "link");
    g_autofree char *foreign = write_text("foreign.json", "{\"type\":\"Config\"}");
    assert_refused(foreign, "'Config'");
}

/* ---- encodings ---- */

static void assert_guess(const char *utf8, const char *encoding)
{
    gsize n;
    g_autofree char *bytes = g_convert(utf8, -1, encoding, "UTF-8", NULL, &n, NULL);
    g_assert_nonnull(bytes);
    const char *used;
    size_t n_back;
    g_autoptr(GError) error = NULL;
    g_autofree char *back = geo_encoding_to_utf8(bytes, n, NULL, &used, &n_back, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(used, ==, encoding);
    g_assert_cmpstr(back, ==, utf8);
}

static void test_encodings_are_guessed(void)
{
    const char *chinese =
        "编号,名称,地址\n1,明光路街道社区,合肥市瑶海区长江东路\n2,逍遥津,庐阳区寿春路\n";
    const char *korean =
        "번호,관리기관명,주소\n1,부산광역시 중구청,보수동1가\n2,해운대구청,기장읍 내리\n";
    const char *french = "numéro,rue\n1,rue de l'Église\n2,allée du château\n";
    assert_guess(chinese, "GB18030");
    assert_guess(chinese, "UTF-8");
    assert_guess(chinese, "UTF-16LE");
    assert_guess(korean, "CP949");
    assert_guess(french, "CP1252");
    assert_guess(french, "UTF-16BE");
    assert_guess("plain,ascii\n1,2\n", "UTF-8");
    /* characters beyond GB 2312 that GBK texts of names hold */
    assert_guess("姓名,社区\n王喆,垚山社区居民委员会\n李㙦,合肥市庐阳区逍遥津街道\n", "GB18030");
}

static void test_encoding_faults_have_lines(void)
{
    size_t n;
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_encoding_to_utf8("a\nb\xff\n", 5, "UTF-8", NULL, &n, &error));
    g_assert_true(strstr(error->message, "line 2") != NULL);
    g_clear_error(&error);
    g_assert_null(geo_encoding_to_utf8("a", 1, "no such", NULL, &n, &error));
    g_assert_true(strstr(error->message, "no such") != NULL);
    g_clear_error(&error);
    /* a code point beyond the last of Unicode, after a mark and a zero byte */
    const char beyond[] = "\xef\xbb\xbfy\0\nZ\xf6\xa0\xbb\xbf";
    g_assert_null(geo_encoding_to_utf8(beyond, sizeof beyond - 1, NULL, NULL, &n, &error));
    g_assert_true(strstr(error->message, "line 2: not a text in UTF-8") != NULL);
    g_autofree char *marked = geo_encoding_to_utf8("\xef\xbb\xbfx", 4, NULL, NULL, &n, NULL);
    g_assert_cmpstr(marked, ==, "x");
}

/* ---- CSV ---- */

static void test_csv_lines_are_those_of_the_file(void)
{
    const char *text = "\xef\xbb\xbf\"a\";b\r\n1;\"two\nlines\"\r\n\r\n3;\"say \"\"x\"\"\"\r\n5";
    g_autofree char *path = write_text("lines.csv", text);
    g_autoptr(GeoSource) source = geo_source_open(path, NULL, NULL);
    g_assert_nonnull(source);
    GeoSourceRow row;
    size_t n;
    const char *const *columns = geo_source_columns(source, 0, &n);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(columns[0], ==, "a");
    g_assert_cmpint(geo_source_next(source, &row, NULL), ==, 1);
    g_assert_cmpint(row.line, ==, 2);
    g_assert_cmpstr(row.values[1], ==, "two\nlines");
    g_assert_cmpint(geo_source_next(source, &row, NULL), ==, 1);
    g_assert_cmpint(row.line, ==, 5);
    g_assert_cmpstr(row.values[1], ==, "say \"x\"");
    g_assert_cmpint(geo_source_next(source, &row, NULL), ==, 1);
    g_assert_cmpint(row.line, ==, 6);
    g_assert_cmpuint(row.n_values, ==, 1);
    g_assert_cmpint(geo_source_next(source, &row, NULL), ==, 0);
    geo_source_rewind(source);
    g_assert_cmpint(geo_source_next(source, &row, NULL), ==, 1);
    g_assert_cmpint(row.line, ==, 2);
}

static void test_csv_open_quote(void)
{
    g_autofree char *path = write_text("quote.csv", "a,b\n1,2\n3,\"4\n5,6\n");
    g_autoptr(GeoSource) source = geo_source_open(path, NULL, NULL);
    GeoSourceRow row;
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(geo_source_next(source, &row, &error), ==, 1);
    g_assert_cmpint(geo_source_next(source, &row, &error), ==, -1);
    g_assert_true(strstr(error->message, "line 3: a quote opens") != NULL);
}

/* Random fields written with quotes come back the same, with their line numbers. */
static void test_csv_round_trip(void)
{
    static const char *const pieces[] = {"a", "\"", ",", "\n", "x y", "", "汉", ";", "'"};
    g_autoptr(GString) text = g_string_new("p,q,r\n");
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t line = 2;
    for (int i = 0; i < 300; i++) {
        g_array_append_val(lines, line);
        for (int k = 0; k < 3; k++) {
            g_autoptr(GString) field = g_string_new("f");
            for (int j = g_test_rand_int_range(0, 5); j > 0; j--)
                g_string_append(field, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
            for (const char *c = field->str; *c; c++)
                line += *c == '\n';
            g_auto(GStrv) parts = g_strsplit(field->str, "\"", -1);
            g_autofree char *doubled = g_strjoinv("\"\"", parts);
            g_string_append_printf(text, "%s\"%s\"", k > 0 ? "," : "", doubled);
            g_ptr_array_add(fields, g_strdup(field->str));
        }
        g_string_append_c(text, '\n');
        line++;
    }
    g_autoptr(GeoCsv) csv = geo_csv_new(g_strdup(text->str), text->len, NULL);
    const char *const *found;
    size_t n;
    gint64 at;
    for (guint i = 0; i < 300; i++) {
        g_assert_cmpint(geo_csv_next(csv, &found, &n, &at, NULL), ==, 1);
        g_assert_cmpuint(n, ==, 3);
        g_assert_cmpint(at, ==, g_array_index(lines, int64_t, i));
        for (guint k = 0; k < 3; k++)
            g_assert_cmpstr(found[k], ==, g_ptr_array_index(fields, 3 * i + k));
    }
    g_assert_cmpint(geo_csv_next(csv, &found, &n, &at, NULL), ==, 0);
}

/* ---- archives ---- */

static void put16(GByteArray *out, unsigned value)
{
    guint8 bytes[] = {value & 0xff, value >> 8 & 0xff};
    g_byte_array_append(out, bytes, sizeof bytes);
}

static void put32(GByteArray *out, unsigned value)
{
    put16(out, value & 0xffff);
    put16(out, value >> 16);
}

typedef struct {
    const char *name;
    const void *bytes;
    size_t n;
    unsigned claimed; /* size in the directory; 0: the true one */
    unsigned mode;    /* Unix mode; 0: none */
    bool pack;
} ZipEntry;

static GByteArray *pack(const ZipEntry *entry)
{
    GByteArray *out = g_byte_array_new();
    if (!entry->pack) {
        g_byte_array_append(out, entry->bytes, (guint)entry->n);
        return out;
    }
    z_stream stream = {0};
    g_assert_cmpint(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY), ==,
                    Z_OK);
    g_byte_array_set_size(out, (guint)deflateBound(&stream, entry->n));
    stream.next_in = (Bytef *)entry->bytes;
    stream.avail_in = (uInt)entry->n;
    stream.next_out = out->data;
    stream.avail_out = out->len;
    g_assert_cmpint(deflate(&stream, Z_FINISH), ==, Z_STREAM_END);
    g_byte_array_set_size(out, (guint)stream.total_out);
    deflateEnd(&stream);
    return out;
}

static void put_head(GByteArray *out, const ZipEntry *entry, unsigned packed)
{
    put16(out, 20);
    put16(out, 0);
    put16(out, entry->pack ? 8 : 0);
    put32(out, 0);
    put32(out, (unsigned)crc32(crc32(0, NULL, 0), entry->bytes, (uInt)entry->n));
    put32(out, packed);
    put32(out, entry->claimed ? entry->claimed : (unsigned)entry->n);
    put16(out, (unsigned)strlen(entry->name));
    put16(out, 0);
}

static GByteArray *make_zip(const ZipEntry *entries, size_t n)
{
    GByteArray *out = g_byte_array_new();
    g_autoptr(GByteArray) directory = g_byte_array_new();
    for (size_t i = 0; i < n; i++) {
        g_autoptr(GByteArray) packed = pack(&entries[i]);
        unsigned offset = out->len;
        put32(out, 0x04034b50);
        put_head(out, &entries[i], packed->len);
        g_byte_array_append(out, (const guint8 *)entries[i].name, (guint)strlen(entries[i].name));
        g_byte_array_append(out, packed->data, packed->len);
        put32(directory, 0x02014b50);
        put16(directory, 3 << 8 | 20);
        put_head(directory, &entries[i], packed->len);
        put16(directory, 0);
        put16(directory, 0);
        put16(directory, 0);
        put32(directory, entries[i].mode << 16);
        put32(directory, offset);
        g_byte_array_append(directory, (const guint8 *)entries[i].name,
                            (guint)strlen(entries[i].name));
    }
    unsigned begin = out->len;
    g_byte_array_append(out, directory->data, directory->len);
    put32(out, 0x06054b50);
    put32(out, 0);
    put16(out, (unsigned)n);
    put16(out, (unsigned)n);
    put32(out, directory->len);
    put32(out, begin);
    put16(out, 0);
    return out;
}

static void assert_zip(const char *name, const ZipEntry *entries, size_t n, const char *words)
{
    g_autoptr(GByteArray) zip = make_zip(entries, n);
    g_autofree char *path = write_file(name, zip->data, zip->len);
    if (words) {
        assert_refused(path, words);
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoSource) source = geo_source_open(path, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(geo_source_format(source), ==, "CSV");
}

static void test_zips(void)
{
    const char *rows = "lon,lat\n1,2\n";
    size_t n = strlen(rows);
    assert_zip("stored.zip", &(ZipEntry){"a.csv", rows, n, 0, 0, false}, 1, NULL);
    assert_zip("packed.zip", &(ZipEntry){"d/a.csv", rows, n, 0, 0100644, true}, 1, NULL);
    assert_zip("up.zip", &(ZipEntry){"../a.csv", rows, n, 0, 0, false}, 1, "leaves the archive");
    assert_zip("root.zip", &(ZipEntry){"/etc/a.csv", rows, n, 0, 0, false}, 1,
               "leaves the archive");
    assert_zip("back.zip", &(ZipEntry){"a\\..\\b.csv", rows, n, 0, 0, false}, 1,
               "leaves the archive");
    assert_zip("link.zip", &(ZipEntry){"a.csv", rows, n, 0, 0120777, false}, 1, "symbolic link");
    assert_zip("lies.zip", &(ZipEntry){"a.csv", rows, n, 5, 0, true}, 1, "longer than");
    assert_zip("none.zip", &(ZipEntry){"a.exe", rows, n, 0, 0, false}, 1, "no file of a format");
    ZipEntry two[] = {{"a.csv", rows, n, 0, 0, false}, {"b.csv", rows, n, 0, 0, false}};
    assert_zip("two.zip", two, 2, "several layers");
    ZipEntry nested = {"inner.zip", "PK\3\4", 4, 0, 0, false};
    assert_zip("nested.zip", &nested, 1, "no file of a format");
}

static void test_zip_bomb(void)
{
    size_t n = (size_t)96 << 20;
    g_autofree char *zeros = g_malloc0(n);
    memcpy(zeros, "a\n", 2);
    ZipEntry bomb = {"a.csv", zeros, n, 0, 0, true};
    assert_zip("bomb.zip", &bomb, 1, "500 times");
    g_autoptr(GByteArray) packed = pack(&bomb);
    g_autofree char *path = path_of("out");
    g_autoptr(GError) error = NULL;
    GByteArray *gz = g_byte_array_new();
    static const guint8 head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    g_byte_array_append(gz, head, sizeof head);
    g_byte_array_append(gz, packed->data, packed->len);
    g_assert_false(geo_archive_gunzip(gz->data, gz->len, path, UINT64_C(1) << 32, &error));
    g_assert_true(strstr(error->message, "500 times") != NULL);
    g_byte_array_unref(gz);
    g_unlink(path);
    g_clear_error(&error);
    g_autofree char *frame = g_malloc(ZSTD_compressBound(n));
    size_t n_frame = ZSTD_compress(frame, ZSTD_compressBound(n), zeros, n, 1);
    g_assert_false(ZSTD_isError(n_frame));
    g_assert_false(
        geo_archive_unzstd((const uint8_t *)frame, n_frame, path, UINT64_C(1) << 32, &error));
    g_assert_true(strstr(error->message, "500 times") != NULL);
    g_unlink(path);
}

/* A zip cut anywhere, or with a byte changed anywhere, is refused or read; nothing else. */
static void test_zip_damage(void)
{
    const char *rows = "lon,lat\n1,2\n3,4\n";
    ZipEntry entry = {"a.csv", rows, strlen(rows), 0, 0, true};
    g_autoptr(GByteArray) zip = make_zip(&entry, 1);
    for (guint cut = 0; cut < zip->len; cut++) {
        g_autoptr(GError) error = NULL;
        GArray *entries = geo_archive_list(zip->data, cut, &error);
        g_assert_null(entries);
        g_assert_nonnull(error);
    }
    for (guint i = 0; i < zip->len; i++) {
        g_autofree guint8 *bytes = g_memdup2(zip->data, zip->len);
        bytes[i] ^= (guint8)g_test_rand_int_range(1, 256);
        g_autofree char *path = write_file("damaged.zip", bytes, zip->len);
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoSource) source = geo_source_open(path, NULL, &error);
        g_assert_true((source == NULL) == (error != NULL));
    }
}

static void test_gz_and_zst(void)
{
    const char *rows = "lon,lat\n1,2\n";
    g_autofree char *gz = path_of("rows.csv.gz");
    gzFile out = gzopen(gz, "wb");
    gzwrite(out, rows, (unsigned)strlen(rows));
    gzclose(out);
    char frame[256];
    size_t n = ZSTD_compress(frame, sizeof frame, rows, strlen(rows), 3);
    g_autofree char *zst = write_file("rows.csv.zst", frame, n);
    const char *paths[] = {gz, zst};
    for (size_t i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoSource) source = geo_source_open(paths[i], NULL, &error);
        g_assert_no_error(error);
        GeoSourceRow row;
        g_assert_cmpint(geo_source_next(source, &row, NULL), ==, 1);
        g_assert_cmpstr(row.values[1], ==, "2");
    }
    g_autofree char *cut = write_file("cut.csv.zst", frame, n - 3);
    assert_refused(cut, "cut short");
    g_autofree char *text = write_text("text.csv.gz", rows);
    assert_refused(text, "damaged");
}

/* ---- shapes ---- */

static void test_shapes_come_bit_by_bit(void)
{
    g_autofree char *path =
        write_text("shapes.geojson",
                   "{\"type\":\"FeatureCollection\",\"features\":["
                   "{\"type\":\"Feature\",\"properties\":{\"id\":\"34010200001320000001\",\"n\":7},"
                   "\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[117.1234567890123,31.1]"
                   ",[118,32]]}},"
                   "{\"type\":\"Feature\",\"properties\":{\"id\":null},\"geometry\":null},"
                   "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\","
                   "\"coordinates\":"
                   "[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[1,1]]]}}]}");
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoSource) source = geo_source_open(path, NULL, &error);
    g_assert_no_error(error);
    GeoSourceRow row;
    g_assert_cmpint(geo_source_next(source, &row, NULL), ==, 1);
    g_assert_cmpuint(row.n_parts, ==, 1);
    g_assert_true(row.points[0].lon == 117.1234567890123);
    g_assert_cmpstr(row.values[0], ==, "34010200001320000001");
    g_assert_cmpint(geo_source_next(source, &row, NULL), ==, 1);
    g_assert_cmpuint(row.n_parts, ==, 0);
    g_assert_null(row.values[0]);
    g_assert_cmpint(geo_source_next(source, &row, NULL), ==, 1);
    g_assert_cmpuint(row.n_parts, ==, 2);
    g_assert_false(row.parts[0].hole);
    g_assert_true(row.parts[1].hole);
    g_assert_cmpint(row.line, ==, 3);
}

/* ---- datums ---- */

static void test_datums(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoDatum) gauss = geo_datum_new("EPSG:4548", &error);
    g_assert_no_error(error);
    GeoLonLat p = {526785, 3526495};
    geo_datum_to_wgs(gauss, &p, 1);
    g_assert_cmpfloat_with_epsilon(p.lon, 117.283042, 2e-5);
    g_assert_cmpfloat_with_epsilon(p.lat, 31.861191, 2e-5);
    geo_datum_from_wgs(gauss, &p, 1);
    g_assert_cmpfloat_with_epsilon(p.lon, 526785, 1e-3);
    g_autoptr(GeoDatum) mars = geo_datum_new("gcj02", NULL);
    p = (GeoLonLat){117.288563, 31.859195};
    geo_datum_to_wgs(mars, &p, 1);
    g_assert_cmpfloat_with_epsilon(p.lon, 117.283042, 2e-6);
    g_autoptr(GeoDatum) same = geo_datum_new("EPSG:4490", NULL);
    p = (GeoLonLat){117.1234567890123, 31.9876543210987};
    geo_datum_to_wgs(same, &p, 1);
    g_assert_true(p.lon == 117.1234567890123 && p.lat == 31.9876543210987);
}

static void assert_no_datum(const char *crs, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_datum_new(crs, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    g_assert_true(strstr(error->message, words) != NULL);
}

static void test_ballpark_is_refused(void)
{
    assert_no_datum("EPSG:2384", "not public"); /* Xian 1980 */
    assert_no_datum("EPSG:4610", "not public");
    assert_no_datum("EPSG:4214", "not public"); /* Beijing 1954 */
    assert_no_datum("EPSG:999999", "no coordinate system");
    assert_no_datum("EPSG:", "no coordinate system");
    assert_no_datum("mars", "no coordinate system");
    assert_no_datum("http://127.0.0.1/crs", "no coordinate system");
}

/* ---- profiles ---- */

static void test_profiles_all_parse(void)
{
    g_autofree char *profiles =
        g_build_filename(g_getenv("G_TEST_SRCDIR"), "..", "..", "data", "profiles", NULL);
    GDir *dir = g_dir_open(profiles, 0, NULL);
    g_assert_nonnull(dir);
    int n = 0;
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!g_str_has_suffix(name, ".profile"))
            continue;
        g_autofree char *path = g_build_filename(profiles, name, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoProfile) profile = geo_profile_load(path, &error);
        g_assert_no_error(error);
        g_assert_nonnull(geo_profile_text(profile, "about"));
        n++;
    }
    g_dir_close(dir);
    g_assert_cmpint(n, >=, 30);
}

static void test_profile_maps(void)
{
    const char *text =
        "[profile]\nkind=cameras\n[columns]\nname=A;B\n[value owner]\n政府=government\n"
        "*=unknown\n[value lens]\nx=fixed\n[fill]\nmount=pole\n";
    g_autoptr(GeoProfile) profile = geo_profile_parse("t", text, strlen(text), NULL);
    g_assert_cmpstr(geo_profile_columns(profile, "name")[1], ==, "B");
    g_assert_null(geo_profile_columns(profile, "code"));
    g_assert_cmpstr(geo_profile_value(profile, "owner", "政府"), ==, "government");
    g_assert_cmpstr(geo_profile_value(profile, "owner", "?"), ==, "unknown");
    g_assert_null(geo_profile_value(profile, "lens", "y"));
    g_assert_cmpstr(geo_profile_value(profile, "mount", "y"), ==, "y");
    g_assert_cmpstr(geo_profile_fill(profile, "mount"), ==, "pole");
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_profile_parse("t", "[columns]\n", 10, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
}

/* ---- real files ---- */

static void test_shared_bad_files(void)
{
    g_autofree char *bad =
        g_build_filename(g_getenv("GRIDBEAT_SHARED"), "data", "formats", "geojson", "bad", NULL);
    GDir *dir = g_dir_open(bad, 0, NULL);
    if (!dir) {
        g_test_skip("../shared/data is not there");
        return;
    }
    int refused = 0, read = 0;
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!g_str_has_suffix(name, ".geojson"))
            continue;
        g_autofree char *path = g_build_filename(bad, name, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoSource) source = geo_source_open(path, NULL, &error);
        GeoSourceRow row;
        int more = source ? 1 : -1;
        while (source && (more = geo_source_next(source, &row, &error)) > 0)
            ;
        g_assert_true((more < 0) == (error != NULL));
        if (error) {
            g_assert_nonnull(strstr(error->message, name));
            g_assert_null(strchr(error->message, '\n'));
        }
        refused += more < 0;
        read += more == 0;
    }
    g_dir_close(dir);
    g_assert_cmpint(refused, >=, 15);
    g_test_message("%d refused, %d read as far as they can be", refused, read);
}

int main(int argc, char **argv)
{
    g_autofree char *data = g_build_filename(
        g_getenv("G_TEST_SRCDIR") ? g_getenv("G_TEST_SRCDIR") : ".", "..", "..", "data", NULL);
    g_setenv("GRIDBEAT_DATA_DIR", data, TRUE);
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("gridbeat-test-XXXXXX", NULL);
    g_test_add_func("/source/only-regular-files", test_no_regular_file);
    g_test_add_func("/source/no-names-of-drivers", test_no_names_of_drivers);
    g_test_add_func("/source/a-link-to-a-file-is-read", test_symlink_to_a_file_is_read);
    g_test_add_func("/source/no-document-types", test_xml_bomb);
    g_test_add_func("/source/no-foreign-database", test_foreign_database);
    g_test_add_func("/source/shapes-come-bit-by-bit", test_shapes_come_bit_by_bit);
    g_test_add_func("/source/bad-files-say-why", test_shared_bad_files);
    g_test_add_func("/source/gz-and-zst", test_gz_and_zst);
    g_test_add_func("/jsonscan/faults-have-lines", test_json_faults_have_lines);
    g_test_add_func("/jsonscan/depth-ends-at-64", test_json_depth);
    g_test_add_func("/jsonscan/roots-we-know", test_json_root);
    g_test_add_func("/encoding/is-guessed", test_encodings_are_guessed);
    g_test_add_func("/encoding/faults-have-lines", test_encoding_faults_have_lines);
    g_test_add_func("/csv/lines-are-those-of-the-file", test_csv_lines_are_those_of_the_file);
    g_test_add_func("/csv/open-quote-is-told", test_csv_open_quote);
    g_test_add_func("/csv/round-trip", test_csv_round_trip);
    g_test_add_func("/archive/zips", test_zips);
    g_test_add_func("/archive/bombs-are-refused", test_zip_bomb);
    g_test_add_func("/archive/damage-is-told", test_zip_damage);
    g_test_add_func("/datum/known-points", test_datums);
    g_test_add_func("/datum/ballpark-is-refused", test_ballpark_is_refused);
    g_test_add_func("/profile/all-shipped-parse", test_profiles_all_parse);
    g_test_add_func("/profile/maps", test_profile_maps);
    int result = g_test_run();
    g_autofree char *sweep = g_strdup_printf("rm -rf '%s'", folder);
    g_spawn_command_line_sync(sweep, NULL, NULL, NULL, NULL);
    g_free(folder);
    return result;
}
