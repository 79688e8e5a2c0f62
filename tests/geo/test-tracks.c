/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Positions in the store: every claim about answers holds for every back end, before and after what
 * is hot is sealed; then what the day files alone promise. */
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "geo/model/trackcode.h"
#include "geo/store/day-file.h"
#include "geo/store/sqlite.h"
#include "tests/geo/fresh-city.h"

static const char *const backends[] = {"memory", "sqlite", NULL};

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
/* A midnight (UTC) of the test's days. */
#define MIDNIGHT (FRESH_NOW - FRESH_NOW % DAY_MS)
#define N_UNITS 40

static FreshCity *patrolled_city(const char *backend)
{
    FreshCity *city = fresh_city_new(backend);
    fresh_import(city->store, 100, fresh_points(GEO_KIND_INCIDENT, 1, 3));
    fresh_import(city->store, 101, fresh_points(GEO_KIND_UNIT, 11, N_UNITS));
    return city;
}

static void ingest_at(GeoStore *store, const GeoFix *fixes, size_t n, int64_t now_ms)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, now_ms);
    size_t refused = 99;
    g_assert_true(geo_store_ingest_fixes(store, &act, fixes, n, &refused, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(refused, ==, 0);
}

/* ---- the plain twin: one list, looked through ---- */

static double kept(double degrees)
{
    return geo_trackcode_degrees(geo_trackcode_cell(degrees));
}

static void remember(GArray *all, const GeoFix *fix)
{
    for (guint i = 0; i < all->len; i++) {
        const GeoFix *other = &g_array_index(all, GeoFix, i);
        if (other->unit_id == fix->unit_id && other->at_ms == fix->at_ms)
            return;
    }
    GeoFix own = *fix;
    own.lon = kept(fix->lon);
    own.lat = kept(fix->lat);
    g_array_append_val(all, own);
}

static int by_unit_and_time(const void *a, const void *b)
{
    const GeoFix *x = a, *y = b;
    if (x->unit_id != y->unit_id)
        return x->unit_id < y->unit_id ? -1 : 1;
    return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

static GArray *plain_answer(const GArray *all, const GeoTrackQuery *query)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    for (guint i = 0; i < all->len; i++) {
        const GeoFix *fix = &g_array_index(all, GeoFix, i);
        const GeoBounds *box = query->bounds;
        bool inside = !box || (fix->lon >= box->west && fix->lon <= box->east &&
                               fix->lat >= box->south && fix->lat <= box->north);
        if (fix->at_ms >= query->from_ms && fix->at_ms < query->to_ms && inside &&
            (query->unit_id == 0 || query->unit_id == fix->unit_id))
            g_array_append_val(found, *fix);
    }
    g_array_sort(found, by_unit_and_time);
    return found;
}

static GArray *plain_last(const GArray *all, int64_t at_ms, int64_t max_age_ms)
{
    GeoTrackQuery query = {.from_ms = at_ms - max_age_ms, .to_ms = at_ms + 1};
    GArray *found = plain_answer(all, &query);
    guint n = 0;
    for (guint i = 0; i < found->len; i++)
        if (i + 1 == found->len ||
            g_array_index(found, GeoFix, i + 1).unit_id != g_array_index(found, GeoFix, i).unit_id)
            g_array_index(found, GeoFix, n++) = g_array_index(found, GeoFix, i);
    g_array_set_size(found, n);
    return found;
}

static void assert_same(const GArray *a, const GArray *b)
{
    g_assert_cmpuint(a->len, ==, b->len);
    for (guint i = 0; i < a->len; i++) {
        const GeoFix *p = &g_array_index(a, GeoFix, i), *q = &g_array_index(b, GeoFix, i);
        g_assert_cmpint(p->unit_id, ==, q->unit_id);
        g_assert_cmpint(p->at_ms, ==, q->at_ms);
        g_assert_cmpfloat(p->lon, ==, q->lon);
        g_assert_cmpfloat(p->lat, ==, q->lat);
    }
}

/* ---- answers ---- */

static void ask_at_random(GeoStore *store, const GArray *all)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    act.purpose = "case:2023-117";
    int64_t from_ms = MIDNIGHT + g_test_rand_int_range(-1500, 1500) * MINUTE_MS;
    double west = g_test_rand_double_range(116.99, 117.02), south = 31;
    GeoBounds box = {west, south, west + 0.01, south + g_test_rand_double_range(0, 0.02)};
    GeoTrackQuery query = {.from_ms = from_ms,
                           .to_ms = from_ms + g_test_rand_int_range(0, 600) * MINUTE_MS,
                           .unit_id = g_test_rand_bit() ? g_test_rand_int_range(11, 55) : 0,
                           .bounds = g_test_rand_bit() ? &box : NULL};
    g_autoptr(GArray) tracks = geo_store_read_tracks(store, &act, &query, &error);
    g_assert_no_error(error);
    g_autoptr(GArray) plain = plain_answer(all, &query);
    assert_same(tracks, plain);
    int64_t age_ms = g_test_rand_int_range(1, 400) * MINUTE_MS;
    g_autoptr(GArray) last = geo_store_last_fixes(store, query.to_ms, age_ms, &error);
    g_assert_no_error(error);
    g_autoptr(GArray) plain_newest = plain_last(all, query.to_ms, age_ms);
    assert_same(last, plain_newest);
}

static GeoFix draw_fix(int64_t now_ms)
{
    /* mostly of now; some from a blind area, hours or a day late; a moment that comes twice is the
     * same fix */
    int64_t late_ms = g_test_rand_int_range(0, 8) ? 0 : g_test_rand_int_range(0, 1500) * MINUTE_MS;
    bool whole = g_test_rand_int_range(0, 4) > 0;
    int64_t at_ms = now_ms - late_ms - g_test_rand_int_range(0, 30) * (whole ? 10000 : 337);
    int64_t unit_id = g_test_rand_int_range(11, 11 + N_UNITS);
    uint64_t draw = (uint64_t)(at_ms * 64 + unit_id) * UINT64_C(0x9e3779b97f4a7c15);
    return (GeoFix){.unit_id = unit_id,
                    .at_ms = at_ms,
                    .lon = 117 + 0.03 * (double)(draw >> 48) / 65536,
                    .lat = 31 + 0.02 * (double)(draw >> 32 & 65535) / 65536,
                    .speed_mps = 1,
                    .heading_deg = 90,
                    .accuracy_m = (float)g_test_rand_int_range(3, 20)};
}

static void answers_are_those_of_one_plain_list(gconstpointer backend)
{
    g_autoptr(FreshCity) city = patrolled_city(backend);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    int64_t now_ms = MIDNIGHT - 500 * MINUTE_MS;
    for (int round = 0; round < 120; round++) {
        GeoFix fixes[60];
        size_t n = (size_t)g_test_rand_int_range(1, 60);
        now_ms += g_test_rand_int_range(1, 15) * MINUTE_MS; /* over midnight, often a seal */
        for (size_t i = 0; i < n; i++) {
            fixes[i] = draw_fix(now_ms);
            remember(all, &fixes[i]);
        }
        ingest_at(city->store, fixes, n, now_ms);
        if (round % 4 == 0)
            ask_at_random(city->store, all);
        if (city->path && round % 30 == 29) { /* opening seals what is over */
            geo_store_close(city->store);
            city->store = geo_store_open(city->path, NULL, NULL);
            g_assert_nonnull(city->store);
        }
    }
    for (int i = 0; i < 40; i++)
        ask_at_random(city->store, all);
    g_autoptr(GPtrArray) findings = geo_store_check(city->store, NULL);
    g_assert_cmpuint(findings->len, ==, 0);
}

static void a_late_batch_goes_to_its_own_day(gconstpointer backend)
{
    g_autoptr(FreshCity) city = patrolled_city(backend);
    GeoFix fixes[] = {{.unit_id = 11, .at_ms = MIDNIGHT + 1000, .lon = 117, .lat = 31},
                      {.unit_id = 11, .at_ms = MIDNIGHT - 1, .lon = 117.1, .lat = 31},
                      {.unit_id = 12, .at_ms = MIDNIGHT - 2 * DAY_MS, .lon = 117.2, .lat = 31}};
    ingest_at(city->store, fixes, 3, MIDNIGHT + 2000);
    g_autoptr(GArray) before = geo_store_load_fixes(city->store, 0, MIDNIGHT, NULL);
    g_assert_cmpuint(before->len, ==, 2);
    if (city->path) {
        const char *const days[] = {"2023-11-12", "2023-11-13", "2023-11-14"};
        for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
            g_autofree char *file = g_strdup_printf("%s/tracks/%s.sqlite", city->path, days[i]);
            g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
        }
    }
}

/* ---- purpose ---- */

static void expect_refusal(GeoStore *store, const char *purpose, int64_t unit_id, int64_t from_ms,
                           const char *word)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    act.purpose = purpose;
    GeoTrackQuery query = {.from_ms = from_ms, .to_ms = from_ms + MINUTE_MS, .unit_id = unit_id};
    g_assert_null(geo_store_read_tracks(store, &act, &query, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_assert_nonnull(strstr(error->message, word));
}

static void take_incident(GeoStore *store, int64_t id, const char *code)
{
    g_autoptr(GeoBatch) call = geo_batch_new(GEO_KIND_INCIDENT);
    GeoIncident *incident = fresh_row(call, id, code);
    incident->at_ms = FRESH_NOW;
    geo_batch_set_point(call, 117, 31);
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    g_assert_true(geo_store_take_incident(store, &act, call, NULL));
}

static void a_track_is_read_for_a_purpose(gconstpointer backend)
{
    g_autoptr(FreshCity) city = patrolled_city(backend);
    g_autoptr(GError) error = NULL;
    take_incident(city->store, 77, "N-77");
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    g_assert_true(geo_store_assign_unit(city->store, &act, 77, 11, &error));
    g_assert_true(geo_store_release_unit(city->store, &act, 11, &error));
    static const char *const none[] = {NULL, "", "curious", "incident:", "case:7", "boss:1234"};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        expect_refusal(city->store, none[i], 11, FRESH_NOW, "purpose");
    expect_refusal(city->store, "incident:N-99", 11, FRESH_NOW, "N-99");
    expect_refusal(city->store, "incident:N-77", 12, FRESH_NOW, "never");
    expect_refusal(city->store, "incident:N-77", 11, FRESH_NOW - 180 * MINUTE_MS, "time");
    expect_refusal(city->store, "incident:N-77", 0, FRESH_NOW + 1440 * MINUTE_MS, "time");
    static const char *const good[] = {"incident:N-77", "case:2023-117", "task:7.1"};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        act.purpose = good[i];
        GeoTrackQuery query = {FRESH_NOW, FRESH_NOW + MINUTE_MS, 11, NULL};
        g_autoptr(GArray) track = geo_store_read_tracks(city->store, &act, &query, &error);
        g_assert_no_error(error);
        g_assert_nonnull(track);
    }
    g_autoptr(GArray) audit = geo_store_audit_since(city->store, 0, NULL);
    guint reads = 0;
    for (guint i = 0; i < audit->len; i++) {
        const GeoAuditRow *row = &g_array_index(audit, GeoAuditRow, i);
        reads +=
            !strcmp(row->op, "read track") && !strcmp(row->entity, "unit") && row->entity_id == 11;
    }
    g_assert_cmpuint(reads, ==, 3); /* each read, no refusal */
}

static void who_was_where_is_for_supervisors(gconstpointer backend)
{
    g_autoptr(FreshCity) city = patrolled_city(backend);
    for (GeoRole role = 0; role < GEO_N_ROLES; role++) {
        g_autoptr(GError) error = NULL;
        GeoAct act = {"li", role, NULL, "case:117", NULL, FRESH_NOW};
        GeoTrackQuery query = {FRESH_NOW, FRESH_NOW + 1, 0, NULL};
        g_autoptr(GArray) tracks = geo_store_read_tracks(city->store, &act, &query, &error);
        bool may = role == GEO_ROLE_LOCAL || role == GEO_ROLE_SUPERVISOR;
        g_assert_true((tracks != NULL) == may);
        bool purges = role == GEO_ROLE_LOCAL || role == GEO_ROLE_ADMINISTRATOR;
        g_clear_error(&error);
        g_assert_true(geo_store_purge_tracks(city->store, &act, 0, NULL, &error) == purges);
    }
}

/* ---- purge ---- */

static void a_purge_takes_whole_days_and_says_so(gconstpointer backend)
{
    g_autoptr(FreshCity) city = patrolled_city(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, MIDNIGHT + DAY_MS / 2);
    GeoFix fixes[5];
    for (int i = 0; i < 5; i++)
        fixes[i] = (GeoFix){
            .unit_id = 11, .at_ms = MIDNIGHT - i * DAY_MS + MINUTE_MS, .lon = 117, .lat = 31};
    ingest_at(city->store, fixes, 5, act.now_ms);
    size_t n_days = 99;
    g_assert_false(geo_store_purge_tracks(city->store, &act, act.now_ms + 1, &n_days, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    g_assert_cmpuint(n_days, ==, 99);
    /* in the middle of a day: that day stays */
    g_assert_true(
        geo_store_purge_tracks(city->store, &act, MIDNIGHT - DAY_MS - 1, &n_days, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(n_days, ==, 2);
    g_autoptr(GArray) left = geo_store_load_fixes(city->store, 0, FRESH_NOW * 2, NULL);
    g_assert_cmpuint(left->len, ==, 3);
    g_autoptr(GArray) audit = geo_store_audit_since(city->store, 0, NULL);
    g_assert_cmpstr(g_array_index(audit, GeoAuditRow, audit->len - 1).op, ==, "purge tracks");
    ingest_at(city->store, fixes + 4, 1, act.now_ms); /* a day may come again */
    g_autoptr(GArray) again = geo_store_load_fixes(city->store, 0, FRESH_NOW * 2, NULL);
    g_assert_cmpuint(again->len, ==, 4);
}

/* ---- day files ---- */

static void fill_day(GeoStore *store, int64_t begin_ms, int minutes)
{
    GeoFix fixes[N_UNITS];
    for (int tick = 0; tick < minutes * 6; tick++) {
        int64_t at_ms = begin_ms + tick * 10000;
        for (int i = 0; i < N_UNITS; i++)
            fixes[i] = (GeoFix){.unit_id = 11 + i,
                                .at_ms = at_ms,
                                .lon = 117 + 0.001 * i + 1e-4 * (tick % 50),
                                .lat = 31 + 0.0005 * i,
                                .speed_mps = 1,
                                .heading_deg = 90,
                                .accuracy_m = 5};
        ingest_at(store, fixes, N_UNITS, at_ms);
    }
}

static GeoDb *open_day(const FreshCity *city, GeoDbMode mode)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = geo_day_dup_name(MIDNIGHT);
    g_autofree char *path = g_build_filename(city->path, GEO_SQLITE_TRACKS, name, NULL);
    GeoDb *db = geo_db_open(path, mode, false, &error);
    g_assert_no_error(error);
    return db;
}

static int64_t ask(GeoDb *db, const char *sql)
{
    int64_t value = -1;
    g_assert_true(geo_db_scalar(db, sql, -1, &value, NULL));
    return value;
}

static void what_is_hot_is_sealed_in_time(void)
{
    g_autoptr(FreshCity) city = patrolled_city("sqlite");
    fill_day(city->store, MIDNIGHT, 40);
    GeoDb *day = open_day(city, GEO_DB_READ);
    g_assert_cmpint(ask(day, "SELECT count(*) FROM block"), ==, 2);
    g_assert_cmpint(ask(day, "SELECT sum(n) FROM block"), >=, N_UNITS * 180);
    g_assert_cmpint(ask(day, "SELECT sum(n) FROM hot"), <=, N_UNITS * 60);
    g_assert_cmpint(ask(day, "SELECT (SELECT sum(n) FROM block) + (SELECT sum(n) FROM hot)"), ==,
                    N_UNITS * 240);
    geo_db_close(day);
    /* The day is long over: opening seals the rest and gives the room back. */
    geo_store_close(city->store);
    city->store = geo_store_open(city->path, NULL, NULL);
    day = open_day(city, GEO_DB_READ);
    g_assert_cmpint(ask(day, "SELECT count(*) FROM hot"), ==, 0);
    g_assert_cmpint(ask(day, "SELECT sum(n) FROM block"), ==, N_UNITS * 240);
    g_assert_cmpint(ask(day, "PRAGMA page_count"), <, 20);
    geo_db_close(day);
    g_autoptr(GArray) all = geo_store_load_fixes(city->store, MIDNIGHT, MIDNIGHT + DAY_MS, NULL);
    g_assert_cmpuint(all->len, ==, N_UNITS * 240);
    g_assert_cmpfloat(g_array_index(all, GeoFix, 0).accuracy_m, ==, 5);
    g_autoptr(GArray) last = geo_store_last_fixes(city->store, MIDNIGHT + 65000, MINUTE_MS, NULL);
    g_assert_cmpuint(last->len, ==, N_UNITS);
    g_assert_cmpfloat_with_epsilon(g_array_index(last, GeoFix, 3).heading_deg, 90, 0.5);
    g_assert_cmpfloat_with_epsilon(g_array_index(last, GeoFix, 3).speed_mps, 0.954, 0.06);
}

static void every_question_goes_by_an_index(void)
{
    g_autoptr(FreshCity) city = patrolled_city("sqlite");
    fill_day(city->store, MIDNIGHT, 20);
    GeoDb *day = open_day(city, GEO_DB_READ);
    for (int i = 0; i < GEO_N_DAY_ASKS; i++) {
        g_autofree char *sql = g_strconcat("EXPLAIN QUERY PLAN ", geo_day_queries[i], NULL);
        GeoStatement *plan = geo_db_statement(day, sql, NULL);
        guint steps = 0;
        for (; geo_db_step(day, plan, NULL) == GEO_DB_ROW; steps++)
            g_assert_false(g_str_has_prefix(geo_db_text(plan, 3), "SCAN"));
        g_assert_cmpuint(steps, >, 0);
    }
    geo_db_close(day);
}

static void spoil(const FreshCity *city)
{
    static const char SQL_SPOIL[] =
        "UPDATE segment SET pieces = CAST(substr(pieces, 1, 30) || x'ff' || substr(pieces, 32)"
        " AS BLOB) WHERE id = (SELECT min(id) FROM segment)";
    GeoDb *day = open_day(city, GEO_DB_WRITE);
    GeoStatement *statement = geo_db_statement(day, SQL_SPOIL, NULL);
    g_assert_true(geo_db_finish(day, statement, NULL));
    geo_db_close(day);
}

static void a_damaged_piece_is_found_and_refused(void)
{
    g_autoptr(FreshCity) city = patrolled_city("sqlite");
    g_autoptr(GError) error = NULL;
    fill_day(city->store, MIDNIGHT, 20);
    spoil(city);
    g_autoptr(GPtrArray) findings = geo_store_check(city->store, NULL);
    g_assert_cmpuint(findings->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(findings, 0), "damaged"));
    g_assert_null(geo_store_load_fixes(city->store, MIDNIGHT, MIDNIGHT + DAY_MS, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    g_assert_nonnull(strstr(error->message, "backup"));
}

/* A file as version 1 wrote it. */
static void make_old_day(const FreshCity *city)
{
    static const char SQL_OLD[] =
        "PRAGMA application_id = 1196573012; PRAGMA user_version = 1;"
        "CREATE TABLE hot (seq INTEGER PRIMARY KEY, from_ms INTEGER NOT NULL, to_ms INTEGER NOT"
        " NULL, n INTEGER NOT NULL, fixes BLOB NOT NULL) STRICT;"
        "CREATE INDEX hot_time ON hot (from_ms, to_ms);"
        "CREATE TABLE last (unit_id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, fix BLOB NOT NULL)"
        " STRICT;";
    static const char SQL_HOT[] = "INSERT INTO hot (from_ms, to_ms, n, fixes) VALUES (?, ?, 2, ?)";
    GeoDb *db = open_day(city, GEO_DB_CREATE);
    geo_db_set_migrating(db, true);
    g_assert_true(geo_db_run(db, SQL_OLD, NULL));
    geo_db_set_migrating(db, false);
    for (int group = 0; group < 3; group++) {
        guint8 bytes[2 * GEO_DAY_FIX_BYTES] = {0};
        for (int i = 0; i < 2; i++) {
            int64_t unit_id = 11 + i, at_ms = MIDNIGHT + group * 10000;
            int32_t lon = 1171234567 + group * 1000, lat = 312345678;
            guint8 *at = bytes + i * GEO_DAY_FIX_BYTES;
            memcpy(at, &unit_id, 8);
            memcpy(at + 8, &at_ms, 8);
            memcpy(at + 16, &lon, 4);
            memcpy(at + 20, &lat, 4);
        }
        GeoStatement *statement = geo_db_statement(db, SQL_HOT, NULL);
        geo_db_bind_int(statement, 1, MIDNIGHT + group * 10000);
        geo_db_bind_int(statement, 2, MIDNIGHT + group * 10000);
        geo_db_bind_blob(statement, 3, bytes, sizeof bytes);
        g_assert_true(geo_db_finish(db, statement, NULL));
    }
    geo_db_close(db);
}

static void expect_old_fixes(GeoStore *store, guint n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) all = geo_store_load_fixes(store, MIDNIGHT, MIDNIGHT + DAY_MS, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(all->len, ==, n);
    for (guint i = 0; i < 3; i++) {
        const GeoFix *fix = &g_array_index(all, GeoFix, i);
        g_assert_cmpint(fix->unit_id, ==, 11);
        g_assert_cmpfloat(fix->lon, ==, kept(117.1234567 + i * 1e-4));
        g_assert_cmpfloat(fix->lat, ==, kept(31.2345678));
    }
    g_autoptr(GArray) last = geo_store_last_fixes(store, MIDNIGHT + 15000, MINUTE_MS, &error);
    g_assert_cmpuint(last->len, ==, 2);
    g_assert_cmpint(g_array_index(last, GeoFix, 1).at_ms, ==, MIDNIGHT + 10000);
}

static void a_day_of_the_old_version_is_read_and_converted(void)
{
    g_autoptr(FreshCity) city = patrolled_city("sqlite");
    make_old_day(city);
    GeoStore *reader = geo_store_open(city->path, &(GeoStoreOptions){.read_only = true}, NULL);
    expect_old_fixes(reader, 6);
    GeoDb *day = open_day(city, GEO_DB_READ);
    g_assert_cmpint(ask(day, "PRAGMA user_version"), ==, 1);
    GeoFix fix = {.unit_id = 12, .at_ms = MIDNIGHT + 60000, .lon = 117, .lat = 31};
    ingest_at(city->store, &fix, 1, MIDNIGHT + 61000);
    g_assert_cmpint(ask(day, "PRAGMA user_version"), ==, GEO_DAY_VERSION);
    geo_db_close(day);
    expect_old_fixes(city->store, 7);
    expect_old_fixes(reader, 7); /* which had the old file open */
    geo_store_close(reader);
    g_autoptr(GPtrArray) findings = geo_store_check(city->store, NULL);
    g_assert_cmpuint(findings->len, ==, 0);
}

/* ---- a city that may not be written ---- */

/* As another user where it is the superuser, whom no rights hold; the fixes that are read, or -1.
 */
static int count_as_reader(const char *path)
{
    if (geteuid() == 0 && setuid(65534) != 0)
        return -1;
    g_autoptr(GError) error = NULL;
    GeoStore *store = geo_store_open(path, &(GeoStoreOptions){.read_only = true}, &error);
    g_autoptr(GArray) all =
        store ? geo_store_load_fixes(store, MIDNIGHT, MIDNIGHT + DAY_MS, &error) : NULL;
    if (!all)
        fprintf(stderr, "# %s\n", error->message);
    int n = all ? (int)all->len : -1;
    geo_store_close(store);
    return n;
}

static void positions_are_read_where_nothing_may_be_written(void)
{
    g_autoptr(FreshCity) city = patrolled_city("sqlite");
    GeoFix fix = {.unit_id = 12, .at_ms = MIDNIGHT + 60000, .lon = 117, .lat = 31};
    ingest_at(city->store, &fix, 1, MIDNIGHT + 61000);
    geo_store_close(g_steal_pointer(&city->store));
    g_autofree char *file = g_build_filename(city->path, GEO_SQLITE_CITY, NULL);
    g_autofree char *tracks = g_build_filename(city->path, GEO_SQLITE_TRACKS, NULL);
    g_autofree char *name = geo_day_dup_name(MIDNIGHT);
    g_autofree char *day = g_build_filename(tracks, name, NULL);
    const char *const folders[] = {city->folder, city->path, tracks};
    g_chmod(file, 0444);
    g_chmod(day, 0444);
    for (int i = G_N_ELEMENTS(folders); i-- > 0;)
        g_chmod(folders[i], 0555);
    pid_t child = fork();
    if (child == 0)
        _exit(count_as_reader(city->path) == 1 ? 0 : 1);
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
        g_chmod(folders[i], 0700);
    g_chmod(file, 0600);
    g_assert_cmpint(status, ==, 0);
    city->store = geo_store_open(city->path, NULL, NULL);
}

/* ---- a crash ---- */

static GeoFix fix_of_batch(int batch, int i)
{
    return (GeoFix){.unit_id = 11 + i,
                    .at_ms = MIDNIGHT + batch * 60000 + i,
                    .lon = 117 + 1e-4 * batch,
                    .lat = 31 + 1e-3 * i};
}

/* Tells each batch that was acknowledged; a minute of the store's clock each, so that many are
 * sealed. */
static void feed_until_killed(const char *path, int batch, int tell_fd)
{
    GeoStore *store = geo_store_open(path, NULL, NULL);
    for (;; batch++) {
        GeoFix fixes[N_UNITS];
        GeoAct act = geo_act_local(NULL, MIDNIGHT + (batch + 1) * 60000);
        for (int i = 0; i < N_UNITS; i++)
            fixes[i] = fix_of_batch(batch, i);
        if (!geo_store_ingest_fixes(store, &act, fixes, N_UNITS, NULL, NULL) ||
            write(tell_fd, &batch, sizeof batch) != sizeof batch)
            _exit(1);
    }
}

static int feed_and_kill(const char *path, int batch)
{
    int ends[2], told, last = batch - 1;
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t child = fork();
    if (child == 0)
        feed_until_killed(path, batch, ends[1]);
    close(ends[1]);
    int until = batch + g_test_rand_int_range(1, 40);
    while (last < until && read(ends[0], &told, sizeof told) == sizeof told)
        last = told;
    g_usleep((gulong)g_test_rand_int_range(0, 3000)); /* into the next one, or a seal */
    kill(child, SIGKILL);
    while (read(ends[0], &told, sizeof told) == sizeof told)
        last = told; /* acknowledged before the signal came */
    close(ends[0]);
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
    return last;
}

static void what_was_acknowledged_outlives_a_kill(void)
{
    g_autoptr(FreshCity) city = patrolled_city("sqlite");
    g_autofree char *path = g_strdup(city->path);
    geo_store_close(g_steal_pointer(&city->store));
    int acknowledged = -1;
    for (int round = 0; round < 12; round++) {
        acknowledged = feed_and_kill(path, acknowledged + 1);
        g_autoptr(GeoStore) store = geo_store_open(path, NULL, NULL);
        g_autoptr(GPtrArray) findings = geo_store_check(store, NULL);
        g_assert_cmpuint(findings->len, ==, 0);
        g_autoptr(GArray) all = geo_store_load_fixes(store, MIDNIGHT, MIDNIGHT + DAY_MS, NULL);
        g_autoptr(GArray) plain = g_array_new(FALSE, FALSE, sizeof(GeoFix));
        /* the batch that was under way may be there, whole, or not */
        int whole = (int)all->len / N_UNITS;
        g_assert_cmpint(all->len % N_UNITS, ==, 0);
        g_assert_cmpint(whole, >=, acknowledged + 1);
        g_assert_cmpint(whole, <=, acknowledged + 2);
        for (int i = 0; i < N_UNITS; i++)
            for (int batch = 0; batch < whole; batch++) {
                GeoFix fix = fix_of_batch(batch, i);
                fix.lon = kept(fix.lon);
                fix.lat = kept(fix.lat);
                g_array_append_val(plain, fix);
            }
        assert_same(all, plain);
    }
    g_assert_cmpint(acknowledged, >, 60);
    city->store = geo_store_open(path, NULL, NULL);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        GTestDataFunc run;
    } claims[] = {
        {"answers-are-those-of-one-plain-list", answers_are_those_of_one_plain_list},
        {"a-late-batch-goes-to-its-own-day", a_late_batch_goes_to_its_own_day},
        {"a-track-is-read-for-a-purpose", a_track_is_read_for_a_purpose},
        {"who-was-where-is-for-supervisors", who_was_where_is_for_supervisors},
        {"a-purge-takes-whole-days-and-says-so", a_purge_takes_whole_days_and_says_so},
    };
    g_test_init(&argc, &argv, NULL);
    for (const char *const *backend = backends; *backend; backend++)
        for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
            g_autofree char *path = g_strdup_printf("/tracks/%s/%s", *backend, claims[i].path);
            g_test_add_data_func(path, *backend, claims[i].run);
        }
    g_test_add_func("/tracks/sqlite/what-is-hot-is-sealed-in-time", what_is_hot_is_sealed_in_time);
    g_test_add_func("/tracks/sqlite/every-question-goes-by-an-index",
                    every_question_goes_by_an_index);
    g_test_add_func("/tracks/sqlite/a-damaged-piece-is-found-and-refused",
                    a_damaged_piece_is_found_and_refused);
    g_test_add_func("/tracks/sqlite/a-day-of-the-old-version-is-read-and-converted",
                    a_day_of_the_old_version_is_read_and_converted);
    g_test_add_func("/tracks/sqlite/positions-are-read-where-nothing-may-be-written",
                    positions_are_read_where_nothing_may_be_written);
    g_test_add_func("/tracks/sqlite/what-was-acknowledged-outlives-a-kill",
                    what_was_acknowledged_outlives_a_kill);
    return g_test_run();
}
