/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions to a day file. Each is one read transaction, so that a fix is seen in the hot log or in
 * its block, whoever seals meanwhile. */
#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/day-file.h"
#include "geo/store/seal.h"

#define DEGREE_M 111319.49
/* Speed and heading of a sealed fix are told from a neighbour in the track that is no farther. */
#define NEIGHBOUR_MS 60000
#define STANDING_M 2.0

/* Times by their index; then rows by number, in the order they came. */
const char *const geo_day_queries[] = {
    [GEO_DAY_ASKS_HOT] =
        "SELECT fixes FROM hot WHERE seq IN (SELECT seq FROM hot INDEXED BY hot_time WHERE"
        " from_ms < ?2 AND to_ms >= ?1) ORDER BY seq",
    [GEO_DAY_ASKS_SEGMENT] = "SELECT pieces FROM segment WHERE id = ?",
    [GEO_DAY_ASKS_SEAT] = "SELECT segments FROM seat WHERE id = ?",
    [GEO_DAY_ASKS_SEGMENTS] = "SELECT pieces FROM segment WHERE id >= ? AND id < ?",
    [GEO_DAY_ASKS_UNIT] =
        "SELECT id, length(boxes) / 16 FROM block WHERE id IN (SELECT id FROM block INDEXED BY"
        " block_time WHERE from_ms < ? AND to_ms >= ?) ORDER BY id",
    [GEO_DAY_ASKS_BOXES] =
        "SELECT id, boxes FROM block WHERE id IN (SELECT id FROM block INDEXED BY block_time"
        " WHERE from_ms < ? AND to_ms >= ?) ORDER BY id",
    [GEO_DAY_ASKS_NEWEST] =
        "SELECT id FROM block INDEXED BY block_time WHERE from_ms <= ? AND to_ms >= ? ORDER BY"
        " to_ms DESC, id",
    [GEO_N_DAY_ASKS] = NULL,
};

static bool begin(GeoDay *day, GError **error)
{
    /* A writer may have brought the file to our version since we opened it. */
    return geo_db_begin_read(day->db, error) &&
           geo_db_scalar(day->db, "PRAGMA user_version", 0, &day->version, error);
}

static bool fail_damaged(const GeoDay *day, GError **error)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "'%s': a sealed piece is damaged; restore a backup", geo_db_path(day->db));
    return false;
}

static bool boxes_meet(const GeoTrackBox *a, const GeoTrackBox *b)
{
    return a->min_x <= b->max_x && b->min_x <= a->max_x && a->min_y <= b->max_y &&
           b->min_y <= a->max_y;
}

static bool in_box(const GeoTrackBox *box, int32_t x, int32_t y)
{
    return x >= box->min_x && x <= box->max_x && y >= box->min_y && y <= box->max_y;
}

/* ---- the hot log ---- */

typedef void (*HotVisit)(const GeoFix *fix, void *user);

static bool each_hot(GeoDay *day, int64_t from_ms, int64_t to_ms, const int64_t *unit_id,
                     HotVisit visit, void *user, GError **error)
{
    GeoStatement *statement = geo_db_statement(day->db, geo_day_queries[GEO_DAY_ASKS_HOT], error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, from_ms);
    geo_db_bind_int(statement, 2, to_ms);
    GeoDbStep step;
    while ((step = geo_db_step(day->db, statement, error)) == GEO_DB_ROW) {
        size_t n_bytes;
        const guint8 *bytes = geo_db_blob(statement, 0, &n_bytes);
        for (size_t at = 0; at + GEO_DAY_FIX_BYTES <= n_bytes; at += GEO_DAY_FIX_BYTES) {
            if (unit_id && memcmp(bytes + at, unit_id, 8) != 0)
                continue;
            GeoFix fix = geo_day_unpack(day, bytes + at);
            if (fix.at_ms >= from_ms && fix.at_ms < to_ms)
                visit(&fix, user);
        }
    }
    return step == GEO_DB_DONE;
}

/* ---- all that a question asks for ---- */

typedef struct {
    GeoDay *day;
    const GeoDayQuery *query;
    GArray *fixes;
    uint32_t slot; /* of the unit asked for; GEO_ROLL_NONE: all */
    GeoTrackPoint points[GEO_TRACKCODE_MOST];
} Search;

static void take_hot(const GeoFix *fix, void *user)
{
    Search *search = user;
    const GeoTrackBox *box = search->query->box;
    if (!box || in_box(box, geo_trackcode_cell(fix->lon), geo_trackcode_cell(fix->lat)))
        g_array_append_vals(search->fixes, fix, 1);
}

static bool take_piece(Search *search, const GeoSealReader *reader, GError **error)
{
    const GeoDayQuery *query = search->query;
    if (!geo_trackcode_decode(reader->piece, &reader->head, search->points) ||
        reader->slot >= geo_roll_n(search->day->roll))
        return fail_damaged(search->day, error);
    GeoFix fix = {.unit_id = geo_roll_id(search->day->roll, reader->slot),
                  .speed_mps = NAN,
                  .heading_deg = NAN,
                  .accuracy_m = reader->head.accuracy_m};
    for (uint32_t i = 0; i < reader->head.n; i++) {
        const GeoTrackPoint *point = &search->points[i];
        if (point->at_ms < query->from_ms || point->at_ms >= query->to_ms ||
            (query->box && !in_box(query->box, point->x, point->y)))
            continue;
        fix.at_ms = point->at_ms;
        fix.lon = geo_trackcode_degrees(point->x);
        fix.lat = geo_trackcode_degrees(point->y);
        g_array_append_val(search->fixes, fix);
    }
    return true;
}

static bool is_wanted(const Search *search, const GeoSealReader *reader)
{
    const GeoDayQuery *query = search->query;
    return (search->slot == GEO_ROLL_NONE || reader->slot == search->slot) &&
           reader->head.t0_ms < query->to_ms && reader->head.t1_ms >= query->from_ms &&
           (!query->box || boxes_meet(&reader->head.box, query->box));
}

/* *more: the unit asked for goes on in the next segment, for all that this one says. */
static bool take_segment(Search *search, int64_t id, bool *more, GError **error)
{
    GeoStatement *statement =
        geo_db_statement(search->day->db, geo_day_queries[GEO_DAY_ASKS_SEGMENT], error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, id);
    GeoDbStep step = geo_db_step(search->day->db, statement, error);
    if (step != GEO_DB_ROW)
        return step == GEO_DB_DONE && fail_damaged(search->day, error);
    size_t n_bytes;
    const guint8 *bytes = geo_db_blob(statement, 0, &n_bytes);
    GeoSealReader reader;
    geo_seal_reader_init(&reader, bytes, n_bytes);
    bool ok = true;
    *more = false;
    while (ok && geo_seal_reader_next(&reader)) {
        bool own = reader.slot == search->slot;
        if (*more && !own) {
            *more = false; /* a unit's pieces lie together: that was the last */
            break;
        }
        *more = own;
        if (is_wanted(search, &reader))
            ok = take_piece(search, &reader, error);
    }
    if (ok && reader.damaged)
        ok = fail_damaged(search->day, error);
    geo_db_reset(statement);
    return ok;
}

/* The segment of the unit's first piece in the block; *seat is GEO_SEAL_NOWHERE if it has none. */
static bool find_seat(Search *search, int64_t block, uint16_t *seat, GError **error)
{
    GeoStatement *statement =
        geo_db_statement(search->day->db, geo_day_queries[GEO_DAY_ASKS_SEAT], error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, block << 16 | search->slot / GEO_SEAL_SEATS_PER_PART);
    GeoDbStep step = geo_db_step(search->day->db, statement, error);
    *seat = GEO_SEAL_NOWHERE;
    if (step != GEO_DB_ROW)
        return step == GEO_DB_DONE;
    size_t n_bytes, at = 2 * (search->slot % GEO_SEAL_SEATS_PER_PART);
    const guint8 *bytes = geo_db_blob(statement, 0, &n_bytes);
    if (at + 2 <= n_bytes)
        *seat = (uint16_t)(bytes[at] | bytes[at + 1] << 8);
    geo_db_reset(statement);
    return true;
}

static bool take_unit(Search *search, int64_t block, int64_t n_segments, GError **error)
{
    bool few = n_segments <= GEO_SEAL_FEW_SEGMENTS, more = true, ok = true;
    uint16_t seat = 0;
    if (!few && !find_seat(search, block, &seat, error))
        return false;
    for (int64_t i = seat; ok && i < n_segments && (few || more); i++)
        ok = take_segment(search, block << 16 | i, &more, error);
    return ok;
}

static bool take_boxes(Search *search, int64_t block, const guint8 *boxes, size_t n_segments,
                       GError **error)
{
    bool ok = true, more;
    for (size_t i = 0; ok && i < n_segments; i++) {
        guint32 words[4];
        memcpy(words, boxes + 16 * i, sizeof words);
        GeoTrackBox box = {(int32_t)GUINT32_FROM_LE(words[0]), (int32_t)GUINT32_FROM_LE(words[1]),
                           (int32_t)GUINT32_FROM_LE(words[2]), (int32_t)GUINT32_FROM_LE(words[3])};
        if (!search->query->box || boxes_meet(&box, search->query->box))
            ok = take_segment(search, block << 16 | (int64_t)i, &more, error);
    }
    return ok;
}

static bool take_blocks(Search *search, GError **error)
{
    GeoDb *db = search->day->db;
    bool one = search->slot != GEO_ROLL_NONE, ok = true;
    GeoStatement *statement =
        geo_db_statement(db, geo_day_queries[one ? GEO_DAY_ASKS_UNIT : GEO_DAY_ASKS_BOXES], error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, search->query->to_ms);
    geo_db_bind_int(statement, 2, search->query->from_ms);
    GeoDbStep step = GEO_DB_DONE;
    while (ok && (step = geo_db_step(db, statement, error)) == GEO_DB_ROW) {
        int64_t block = geo_db_int(statement, 0);
        if (one) {
            ok = take_unit(search, block, geo_db_int(statement, 1), error);
            continue;
        }
        size_t n_bytes;
        const guint8 *boxes = geo_db_blob(statement, 1, &n_bytes);
        ok = take_boxes(search, block, boxes, n_bytes / 16, error);
    }
    geo_db_reset(statement);
    return ok && step == GEO_DB_DONE;
}

static bool search_day(Search *search, GError **error)
{
    GeoDay *day = search->day;
    const GeoDayQuery *query = search->query;
    if (!begin(day, error))
        return false;
    if (day->version >= GEO_DAY_VERSION) {
        if (!geo_day_roll(day, error))
            return false;
        if (query->unit_id)
            search->slot = geo_roll_find(day->roll, *query->unit_id);
        bool sealed = !query->unit_id || search->slot != GEO_ROLL_NONE;
        if (sealed && !take_blocks(search, error))
            return false;
    }
    return each_hot(day, query->from_ms, query->to_ms, query->unit_id, take_hot, search, error);
}

bool geo_day_read(GeoDay *day, const GeoDayQuery *query, GArray *fixes, GError **error)
{
    g_autofree Search *search = g_new(Search, 1);
    search->day = day;
    search->query = query;
    search->fixes = fixes;
    search->slot = GEO_ROLL_NONE;
    bool ok = search_day(search, error);
    geo_db_rollback(day->db);
    return ok;
}

/* ---- the newest of each unit ---- */

/* The newest fix known of a unit. Of doubles the one that came first counts: blocks are numbered as
 * they came, and what is hot came after them. */
typedef struct {
    int64_t at_ms, block;
} Seen;

typedef struct {
    GeoDay *day;
    int64_t from_ms, at_ms;
    GHashTable *newest;
    GArray *fixes;
    GArray *seen;  /* Seen, for each slot */
    int64_t block; /* that is being looked at */
    GeoTrackPoint points[GEO_TRACKCODE_MOST];
} Newest;

static void take_newer(const GeoFix *fix, void *user)
{
    Newest *newest = user;
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(newest->newest, &fix->unit_id));
    if (place == 0) {
        g_array_append_vals(newest->fixes, fix, 1);
        g_hash_table_insert(newest->newest, g_memdup2(&fix->unit_id, sizeof fix->unit_id),
                            GUINT_TO_POINTER(newest->fixes->len));
    } else if (fix->at_ms > g_array_index(newest->fixes, GeoFix, place - 1).at_ms) {
        g_array_index(newest->fixes, GeoFix, place - 1) = *fix;
    }
}

static bool is_news(const Newest *newest, uint32_t slot, int64_t at_ms)
{
    const Seen *seen = &g_array_index(newest->seen, Seen, slot);
    return at_ms > seen->at_ms || (at_ms == seen->at_ms && newest->block < seen->block);
}

/* Speed and heading between a fix and its neighbour in the track. */
static void tell_motion(const GeoTrackPoint *a, const GeoTrackPoint *b, GeoFix *fix)
{
    double metres = DEGREE_M / GEO_TRACKCODE_CELLS_PER_DEGREE;
    double dx = ((double)b->x - a->x) * metres * cos(fix->lat * G_PI / 180);
    double dy = ((double)b->y - a->y) * metres, length_m = hypot(dx, dy);
    int64_t dt_ms = b->at_ms - a->at_ms;
    if (dt_ms > NEIGHBOUR_MS)
        return;
    fix->speed_mps = (float)(length_m * 1000 / (double)dt_ms);
    if (length_m >= STANDING_M)
        fix->heading_deg = (float)fmod(atan2(dx, dy) * 180 / G_PI + 360, 360);
}

static bool take_newest_of(Newest *newest, const GeoSealReader *reader, GError **error)
{
    if (!geo_trackcode_decode(reader->piece, &reader->head, newest->points))
        return fail_damaged(newest->day, error);
    uint32_t n = reader->head.n;
    const GeoTrackPoint *points = newest->points;
    while (n > 0 && points[n - 1].at_ms > newest->at_ms)
        n--;
    if (n == 0 || points[n - 1].at_ms < newest->from_ms ||
        !is_news(newest, reader->slot, points[n - 1].at_ms))
        return true;
    const GeoTrackPoint *last = &points[n - 1];
    g_array_index(newest->seen, Seen, reader->slot) = (Seen){last->at_ms, newest->block};
    GeoFix fix = {.unit_id = geo_roll_id(newest->day->roll, reader->slot),
                  .at_ms = last->at_ms,
                  .lon = geo_trackcode_degrees(last->x),
                  .lat = geo_trackcode_degrees(last->y),
                  .speed_mps = NAN,
                  .heading_deg = NAN,
                  .accuracy_m = reader->head.accuracy_m};
    if (n > 1)
        tell_motion(last - 1, last, &fix);
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(newest->newest, &fix.unit_id));
    if (place > 0)
        g_array_index(newest->fixes, GeoFix, place - 1) = fix;
    else
        take_newer(&fix, newest);
    return true;
}

static bool take_newest_in(Newest *newest, int64_t block, GError **error)
{
    GeoDb *db = newest->day->db;
    GeoStatement *statement = geo_db_statement(db, geo_day_queries[GEO_DAY_ASKS_SEGMENTS], error);
    if (!statement)
        return false;
    newest->block = block;
    geo_db_bind_int(statement, 1, block << 16);
    geo_db_bind_int(statement, 2, (block + 1) << 16);
    GeoDbStep step = GEO_DB_DONE;
    bool ok = true;
    while (ok && (step = geo_db_step(db, statement, error)) == GEO_DB_ROW) {
        size_t n_bytes;
        const guint8 *bytes = geo_db_blob(statement, 0, &n_bytes);
        GeoSealReader reader;
        geo_seal_reader_init(&reader, bytes, n_bytes);
        while (ok && geo_seal_reader_next(&reader)) {
            const GeoTrackHead *head = &reader.head;
            if (reader.slot >= newest->seen->len)
                ok = fail_damaged(newest->day, error);
            else if (head->t0_ms <= newest->at_ms && head->t1_ms >= newest->from_ms &&
                     is_news(newest, reader.slot, MIN(head->t1_ms, newest->at_ms)))
                ok = take_newest_of(newest, &reader, error);
        }
        ok = ok && (!reader.damaged || fail_damaged(newest->day, error));
    }
    geo_db_reset(statement);
    return ok && step == GEO_DB_DONE;
}

/* What is known of each unit by now. */
static bool fill_seen(Newest *newest, GError **error)
{
    if (!geo_day_roll(newest->day, error))
        return false;
    for (uint32_t slot = 0; slot < geo_roll_n(newest->day->roll); slot++) {
        int64_t id = geo_roll_id(newest->day->roll, slot);
        Seen seen = {INT64_MIN, INT64_MAX};
        guint place = GPOINTER_TO_UINT(g_hash_table_lookup(newest->newest, &id));
        if (place > 0)
            seen.at_ms = g_array_index(newest->fixes, GeoFix, place - 1).at_ms;
        g_array_append_val(newest->seen, seen);
    }
    return true;
}

static bool take_newest(Newest *newest, GError **error)
{
    GeoDb *db = newest->day->db;
    if (!begin(newest->day, error) ||
        !each_hot(newest->day, newest->from_ms, newest->at_ms + 1, NULL, take_newer, newest, error))
        return false;
    if (newest->day->version < GEO_DAY_VERSION)
        return true;
    GeoStatement *statement =
        fill_seen(newest, error) ? geo_db_statement(db, geo_day_queries[GEO_DAY_ASKS_NEWEST], error)
                                 : NULL;
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, newest->at_ms);
    geo_db_bind_int(statement, 2, newest->from_ms);
    GeoDbStep step = GEO_DB_DONE;
    bool ok = true;
    while (ok && (step = geo_db_step(db, statement, error)) == GEO_DB_ROW)
        ok = take_newest_in(newest, geo_db_int(statement, 0), error);
    geo_db_reset(statement);
    return ok && step == GEO_DB_DONE;
}

bool geo_day_last(GeoDay *day, int64_t from_ms, int64_t at_ms, GHashTable *newest, GArray *fixes,
                  GError **error)
{
    g_autofree Newest *search = g_new(Newest, 1);
    search->day = day;
    search->from_ms = from_ms;
    search->at_ms = at_ms;
    search->newest = newest;
    search->fixes = fixes;
    search->seen = g_array_new(FALSE, FALSE, sizeof(Seen));
    bool ok = take_newest(search, error);
    geo_db_rollback(day->db);
    g_array_unref(search->seen);
    return ok;
}

bool geo_day_newest(GeoDay *day, int64_t *at_ms, GError **error)
{
    static const char SQL_HOT[] = "SELECT coalesce(max(to_ms), 0) FROM hot";
    static const char SQL_BLOCK[] = "SELECT coalesce(max(to_ms), 0) FROM block";
    int64_t hot = 0, sealed = 0;
    bool ok =
        begin(day, error) && geo_db_scalar(day->db, SQL_HOT, 0, &hot, error) &&
        (day->version < GEO_DAY_VERSION || geo_db_scalar(day->db, SQL_BLOCK, 0, &sealed, error));
    geo_db_rollback(day->db);
    if (ok)
        *at_ms = MAX(hot, sealed);
    return ok;
}

/* ---- check ---- */

typedef struct {
    GeoTrackPoint points[GEO_TRACKCODE_MOST];
} Room;

static bool check_block(GeoDay *day, int64_t block, int64_t n, Room *room, GPtrArray *findings,
                        GError **error)
{
    GeoStatement *statement =
        geo_db_statement(day->db, geo_day_queries[GEO_DAY_ASKS_SEGMENTS], error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, block << 16);
    geo_db_bind_int(statement, 2, (block + 1) << 16);
    GeoDbStep step;
    bool whole = true;
    while ((step = geo_db_step(day->db, statement, error)) == GEO_DB_ROW) {
        size_t n_bytes;
        const guint8 *bytes = geo_db_blob(statement, 0, &n_bytes);
        GeoSealReader reader;
        geo_seal_reader_init(&reader, bytes, n_bytes);
        while (geo_seal_reader_next(&reader)) {
            whole &= geo_trackcode_decode(reader.piece, &reader.head, room->points) &&
                     reader.slot < geo_roll_n(day->roll);
            n -= reader.head.n;
        }
        whole &= !reader.damaged;
    }
    if (step == GEO_DB_DONE && (!whole || n != 0))
        g_ptr_array_add(findings, g_strdup_printf("'%s': block %" G_GINT64_FORMAT
                                                  " is damaged; restore a backup",
                                                  geo_db_path(day->db), block));
    return step == GEO_DB_DONE;
}

static bool check_blocks(GeoDay *day, GPtrArray *findings, GError **error)
{
    static const char SQL_BLOCKS[] = "SELECT id, n FROM block ORDER BY id";
    if (day->version < GEO_DAY_VERSION)
        return true;
    GeoStatement *statement =
        geo_day_roll(day, error) ? geo_db_statement(day->db, SQL_BLOCKS, error) : NULL;
    if (!statement)
        return false;
    g_autofree Room *room = g_new(Room, 1);
    GeoDbStep step = GEO_DB_DONE;
    bool ok = true;
    while (ok && (step = geo_db_step(day->db, statement, error)) == GEO_DB_ROW)
        ok = check_block(day, geo_db_int(statement, 0), geo_db_int(statement, 1), room, findings,
                         error);
    geo_db_reset(statement);
    return ok && step == GEO_DB_DONE;
}

bool geo_day_check(GeoDay *day, GPtrArray *findings, GError **error)
{
    bool ok = begin(day, error) && check_blocks(day, findings, error);
    geo_db_rollback(day->db);
    return ok;
}
