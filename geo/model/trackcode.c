/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Differences of place, or where it is smaller the differences of those (a car's speed changes less
 * than its place), as Rice codes (R. F. Rice, JPL 79-22, 1979) with one parameter for each axis and
 * piece; times as one step for all, or a bit for each fix that says whether it kept the step. Bits
 * fill bytes from the lowest. A piece is
 *
 *   flags and version, k of x and y, k of t (irregular ones only), accuracy;
 *   as varints: n, bytes of the body, step, first time and place from the base, the box around the
 *   first place; the body.
 *
 * A decoder refuses a body that does not end where it should, or whose box is another than the
 * head's: an index may trust heads. It does not correct errors: the database's pages are checked
 * elsewhere. */
#include "geo/model/trackcode.h"

#include <glib.h>
#include <math.h>
#include <string.h>

enum {
    VERSION = 1,
    FLAG_SECONDS = 1,  /* times count seconds, not milliseconds */
    FLAG_REGULAR = 2,  /* each fix is one step after the one before */
    FLAG_VELOCITY = 4, /* the differences of differences */
    K_MOST = 15,
    ONES_MOST = 24, /* so many ones announce a plain number of 32 bits */
    HEAD_MOST = 4 + 10 * 9,
    VALUE_BYTES = 7 /* of a plain number: 24 + 32 bits */
};
#define CELL_MOST (INT64_C(180) * GEO_TRACKCODE_CELLS_PER_DEGREE)
#define TIME_MOST (INT64_C(1) << 50)
#define SPAN_MOST (INT64_C(1) << 31)

int32_t geo_trackcode_cell(double degrees)
{
    return (int32_t)lround(degrees * GEO_TRACKCODE_CELLS_PER_DEGREE);
}

double geo_trackcode_degrees(int32_t cell)
{
    return (double)cell / GEO_TRACKCODE_CELLS_PER_DEGREE;
}

static int32_t clamp(double cell)
{
    return (int32_t)CLAMP(cell, (double)-CELL_MOST - 1, (double)CELL_MOST + 1);
}

GeoTrackBox geo_trackcode_box(const GeoBounds *bounds)
{
    const double cells = GEO_TRACKCODE_CELLS_PER_DEGREE;
    return (GeoTrackBox){clamp(ceil(bounds->west * cells)), clamp(ceil(bounds->south * cells)),
                         clamp(floor(bounds->east * cells)), clamp(floor(bounds->north * cells))};
}

size_t geo_trackcode_bound(size_t n)
{
    return HEAD_MOST + 3 * VALUE_BYTES * n + n / 8 + 8;
}

static inline uint64_t zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

static inline int64_t zagzig(uint64_t code)
{
    return (int64_t)(code >> 1) ^ -(int64_t)(code & 1);
}

/* ---- writing ---- */

typedef struct {
    uint8_t *at;
    uint64_t bits;
    unsigned n;
} Writer;

static inline void put_bits(Writer *writer, uint64_t bits, unsigned n)
{
    writer->bits |= bits << writer->n;
    writer->n += n;
    while (writer->n >= 8) {
        *writer->at++ = (uint8_t)writer->bits;
        writer->bits >>= 8;
        writer->n -= 8;
    }
}

static inline void put_rice(Writer *writer, uint64_t code, unsigned k)
{
    uint64_t ones = code >> k;
    if (ones < ONES_MOST) {
        put_bits(writer, (UINT64_C(1) << ones) - 1, (unsigned)ones + 1);
        put_bits(writer, code & ((UINT64_C(1) << k) - 1), k);
    } else {
        put_bits(writer, (UINT64_C(1) << ONES_MOST) - 1, ONES_MOST);
        put_bits(writer, code & UINT32_MAX, 32);
    }
}

static uint8_t *put_varint(uint8_t *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    return at;
}

static uint64_t rice_cost(const uint32_t *codes, size_t n, unsigned k)
{
    uint64_t bits = n * (1 + k);
    for (size_t i = 0; i < n; i++)
        bits += codes[i] >> k < ONES_MOST ? codes[i] >> k : ONES_MOST + 31 - k;
    return bits;
}

/* The parameter that costs least: near the logarithm of the mean. */
static uint64_t choose_k(const uint32_t *codes, size_t n, uint8_t *k)
{
    uint64_t sum = 0, least = UINT64_MAX;
    for (size_t i = 0; i < n; i++)
        sum += codes[i];
    unsigned near = 0;
    while (near < K_MOST && (UINT64_C(1) << near) * n < sum)
        near++;
    *k = 0;
    for (unsigned try = near > 2 ? near - 2 : 0; try <= MIN(near + 1, K_MOST); try++) {
        uint64_t bits = rice_cost(codes, n, try);
        if (bits < least) {
            least = bits;
            *k = (uint8_t)try;
        }
    }
    return least;
}

typedef struct {
    int64_t unit_ms, step;
    uint32_t codes[4][GEO_TRACKCODE_MOST]; /* dx, dy, and the differences of these */
    uint32_t late[GEO_TRACKCODE_MOST];     /* of fixes that did not keep the step */
    uint8_t kept[GEO_TRACKCODE_MOST];
    size_t n_late;
} Plan;

static void plan_times(Plan *plan, const GeoTrackPoint *points, size_t n)
{
    plan->unit_ms = 1000;
    for (size_t i = 0; i < n && plan->unit_ms > 1; i++)
        if (points[i].at_ms % 1000 != 0)
            plan->unit_ms = 1;
    /* The step that the majority of the fixes keeps, where there is one (Boyer and Moore). */
    int64_t step = 0;
    size_t votes = 0;
    for (size_t i = 1; i < n; i++) {
        int64_t dt = points[i].at_ms - points[i - 1].at_ms;
        if (votes == 0)
            step = dt;
        votes += dt == step ? 1 : (size_t)-1;
    }
    plan->step = step / plan->unit_ms;
    plan->n_late = 0;
    for (size_t i = 1; i < n; i++) {
        int64_t dt = (points[i].at_ms - points[i - 1].at_ms) / plan->unit_ms;
        plan->kept[i] = dt == plan->step;
        if (!plan->kept[i])
            plan->late[plan->n_late++] = (uint32_t)zigzag(dt - plan->step);
    }
}

static void plan_places(Plan *plan, const GeoTrackPoint *points, size_t n)
{
    int64_t old_dx = 0, old_dy = 0;
    for (size_t i = 1; i < n; i++) {
        int64_t dx = (int64_t)points[i].x - points[i - 1].x;
        int64_t dy = (int64_t)points[i].y - points[i - 1].y;
        plan->codes[0][i - 1] = (uint32_t)zigzag(dx);
        plan->codes[1][i - 1] = (uint32_t)zigzag(dy);
        plan->codes[2][i - 1] = (uint32_t)zigzag(dx - old_dx);
        plan->codes[3][i - 1] = (uint32_t)zigzag(dy - old_dy);
        old_dx = dx;
        old_dy = dy;
    }
}

static GeoTrackBox box_of(const GeoTrackPoint *points, size_t n)
{
    GeoTrackBox box = {points->x, points->y, points->x, points->y};
    for (size_t i = 1; i < n; i++) {
        box.min_x = MIN(box.min_x, points[i].x);
        box.min_y = MIN(box.min_y, points[i].y);
        box.max_x = MAX(box.max_x, points[i].x);
        box.max_y = MAX(box.max_y, points[i].y);
    }
    return box;
}

static size_t write_body(const Plan *plan, size_t n, const GeoTrackHead *head, uint8_t *bytes)
{
    Writer writer = {.at = bytes};
    bool regular = (head->flags & FLAG_REGULAR) != 0;
    const uint32_t *x = plan->codes[head->flags & FLAG_VELOCITY ? 2 : 0];
    const uint32_t *y = plan->codes[head->flags & FLAG_VELOCITY ? 3 : 1];
    size_t late = 0;
    for (size_t i = 1; i < n; i++) {
        if (!regular) {
            put_bits(&writer, !plan->kept[i], 1);
            if (!plan->kept[i])
                put_rice(&writer, plan->late[late++], head->k_t);
        }
        put_rice(&writer, x[i - 1], head->k_x);
        put_rice(&writer, y[i - 1], head->k_y);
    }
    if (writer.n > 0)
        put_bits(&writer, 0, 8 - writer.n);
    return (size_t)(writer.at - bytes);
}

static uint8_t accuracy_byte(float accuracy_m)
{
    return isnan(accuracy_m) || accuracy_m < 0 ? 0 : (uint8_t)CLAMP(ceilf(accuracy_m), 1, 255);
}

static size_t write_head(const GeoTrackHead *head, GeoTrackPoint base, size_t body, uint8_t *bytes)
{
    uint8_t *at = bytes;
    int64_t unit_ms = head->flags & FLAG_SECONDS ? 1000 : 1;
    *at++ = (uint8_t)(VERSION << 4 | head->flags);
    *at++ = (uint8_t)(head->k_x << 4 | head->k_y);
    if (!(head->flags & FLAG_REGULAR))
        *at++ = head->k_t;
    *at++ = accuracy_byte(head->accuracy_m);
    at = put_varint(at, head->n);
    at = put_varint(at, body);
    at = put_varint(at, (uint64_t)head->step);
    at = put_varint(at, zigzag((head->t0_ms - base.at_ms) / unit_ms));
    at = put_varint(at, zigzag((int64_t)head->first.x - base.x));
    at = put_varint(at, zigzag((int64_t)head->first.y - base.y));
    at = put_varint(at, (uint64_t)((int64_t)head->first.x - head->box.min_x));
    at = put_varint(at, (uint64_t)((int64_t)head->first.y - head->box.min_y));
    at = put_varint(at, (uint64_t)((int64_t)head->box.max_x - head->first.x));
    at = put_varint(at, (uint64_t)((int64_t)head->box.max_y - head->first.y));
    if (!(head->flags & FLAG_REGULAR))
        at = put_varint(at, (uint64_t)((head->t1_ms - head->t0_ms) / unit_ms));
    return (size_t)(at - bytes);
}

size_t geo_trackcode_encode(const GeoTrackPoint *points, size_t n, GeoTrackPoint base,
                            float accuracy_m, uint8_t *bytes)
{
    g_assert(n > 0 && n <= GEO_TRACKCODE_MOST && base.at_ms % 1000 == 0);
    g_assert(points[n - 1].at_ms - points[0].at_ms < SPAN_MOST);
    Plan plan; /* 86 KB */
    plan_times(&plan, points, n);
    plan_places(&plan, points, n);
    GeoTrackHead head = {.n = (uint32_t)n,
                         .t0_ms = points[0].at_ms,
                         .t1_ms = points[n - 1].at_ms,
                         .box = box_of(points, n),
                         .accuracy_m = accuracy_m,
                         .first = points[0],
                         .step = plan.step,
                         .flags = (uint8_t)((plan.unit_ms == 1000 ? FLAG_SECONDS : 0) |
                                            (plan.n_late == 0 ? FLAG_REGULAR : 0))};
    uint8_t k[4];
    uint64_t cost[4];
    for (int c = 0; c < 4; c++)
        cost[c] = choose_k(plan.codes[c], n - 1, &k[c]);
    bool velocity = cost[2] + cost[3] < cost[0] + cost[1];
    head.flags |= velocity ? FLAG_VELOCITY : 0;
    head.k_x = k[velocity ? 2 : 0];
    head.k_y = k[velocity ? 3 : 1];
    choose_k(plan.late, plan.n_late, &head.k_t);
    /* The body's length stands before it: it is written behind the longest head, then moved. */
    size_t body = write_body(&plan, n, &head, bytes + HEAD_MOST);
    size_t used = write_head(&head, base, body, bytes);
    memmove(bytes + used, bytes + HEAD_MOST, body);
    return used + body;
}

/* ---- reading ---- */

typedef struct {
    const uint8_t *at, *end;
    bool ok;
} Bytes;

static uint64_t take_varint(Bytes *bytes)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && bytes->at < bytes->end; shift += 7) {
        uint8_t byte = *bytes->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
    }
    bytes->ok = false;
    return 0;
}

static uint8_t take_byte(Bytes *bytes)
{
    if (bytes->at < bytes->end)
        return *bytes->at++;
    bytes->ok = false;
    return 0;
}

/* A number of cells or time units; far beyond any there may be is as bad as no number. */
static int64_t take_number(Bytes *bytes, int64_t most)
{
    uint64_t value = take_varint(bytes);
    bytes->ok = bytes->ok && value <= (uint64_t)most;
    return bytes->ok ? (int64_t)value : 0;
}

static int64_t take_signed(Bytes *bytes, int64_t most)
{
    return zagzig((uint64_t)take_number(bytes, 2 * most));
}

static bool in_range(int64_t x, int64_t y)
{
    return x >= -CELL_MOST && x <= CELL_MOST && y >= -CELL_MOST && y <= CELL_MOST;
}

static void take_box(Bytes *bytes, GeoTrackHead *head, int64_t x, int64_t y)
{
    int64_t min_x = x - take_number(bytes, 2 * CELL_MOST);
    int64_t min_y = y - take_number(bytes, 2 * CELL_MOST);
    int64_t max_x = x + take_number(bytes, 2 * CELL_MOST);
    int64_t max_y = y + take_number(bytes, 2 * CELL_MOST);
    bytes->ok = bytes->ok && in_range(min_x, min_y) && in_range(max_x, max_y);
    if (bytes->ok)
        head->box = (GeoTrackBox){(int32_t)min_x, (int32_t)min_y, (int32_t)max_x, (int32_t)max_y};
}

bool geo_trackcode_head(const uint8_t *bytes, size_t n_bytes, GeoTrackPoint base,
                        GeoTrackHead *head)
{
    Bytes in = {.at = bytes, .end = bytes + n_bytes, .ok = true};
    GeoTrackHead read = {0};
    uint8_t flags = take_byte(&in), k = take_byte(&in);
    read.flags = flags & (FLAG_SECONDS | FLAG_REGULAR | FLAG_VELOCITY);
    if (flags != (VERSION << 4 | read.flags))
        return false;
    read.k_x = k >> 4;
    read.k_y = k & 15;
    bool regular = (flags & FLAG_REGULAR) != 0;
    if (!regular)
        read.k_t = take_byte(&in);
    uint8_t accuracy = take_byte(&in);
    read.accuracy_m = accuracy ? (float)accuracy : NAN;
    read.n = (uint32_t)take_number(&in, GEO_TRACKCODE_MOST);
    size_t body = (size_t)take_number(&in, (int64_t)geo_trackcode_bound(GEO_TRACKCODE_MOST));
    int64_t unit_ms = flags & FLAG_SECONDS ? 1000 : 1;
    read.step = take_number(&in, SPAN_MOST);
    read.t0_ms = base.at_ms + take_signed(&in, TIME_MOST) * unit_ms;
    int64_t x = base.x + take_signed(&in, 2 * CELL_MOST);
    int64_t y = base.y + take_signed(&in, 2 * CELL_MOST);
    take_box(&in, &read, x, y);
    int64_t steps = MAX((int64_t)read.n - 1, 0);
    int64_t span = regular ? steps * read.step : take_number(&in, SPAN_MOST);
    read.t1_ms = read.t0_ms + span * unit_ms;
    if (!in.ok || read.n == 0 || read.k_t > K_MOST || !in_range(x, y) ||
        (size_t)(in.end - in.at) < body || ABS(read.t0_ms) > TIME_MOST)
        return false;
    read.first = (GeoTrackPoint){read.t0_ms, (int32_t)x, (int32_t)y};
    read.head_bytes = (size_t)(in.at - bytes);
    read.bytes = read.head_bytes + body;
    *head = read;
    return true;
}

/* Bits from the lowest; beyond the end there are zeros, which the caller finds out by left. */
typedef struct {
    const uint8_t *at, *end;
    uint64_t bits;
    unsigned n;    /* in bits; at least 56 after a refill */
    size_t beyond; /* bytes of zeros that were taken in */
} Reader;

static inline void refill(Reader *reader)
{
    if (reader->end - reader->at >= 8) {
        uint64_t more;
        memcpy(&more, reader->at, 8);
        reader->bits |= GUINT64_FROM_LE(more) << reader->n;
        reader->at += (63 - reader->n) >> 3;
        reader->n |= 56;
        return;
    }
    while (reader->n <= 56) {
        if (reader->at < reader->end)
            reader->bits |= (uint64_t)*reader->at++ << reader->n;
        else
            reader->beyond++;
        reader->n += 8;
    }
}

static inline void drop(Reader *reader, unsigned n)
{
    reader->bits >>= n;
    reader->n -= n;
}

static inline uint64_t take_rice(Reader *reader, unsigned k)
{
    refill(reader);
    unsigned ones = (unsigned)__builtin_ctzll(~reader->bits | UINT64_C(1) << ONES_MOST);
    if (ones == ONES_MOST) {
        uint64_t plain = reader->bits >> ONES_MOST & UINT32_MAX;
        drop(reader, ONES_MOST + 32);
        return plain;
    }
    uint64_t low = reader->bits >> (ones + 1) & ((UINT64_C(1) << k) - 1);
    drop(reader, ones + 1 + k);
    return (uint64_t)ones << k | low;
}

static inline bool take_flag(Reader *reader)
{
    refill(reader);
    bool flag = reader->bits & 1;
    drop(reader, 1);
    return flag;
}

/* All bits were there, and less than a byte of them, zeros, is left. */
static bool at_end(const Reader *reader)
{
    size_t unread = reader->n - 8 * reader->beyond;
    return reader->beyond * 8 <= reader->n && unread < 8 && reader->at == reader->end &&
           reader->bits == 0;
}

static bool same_box(const GeoTrackBox *a, const GeoTrackBox *b)
{
    return a->min_x == b->min_x && a->min_y == b->min_y && a->max_x == b->max_x &&
           a->max_y == b->max_y;
}

bool geo_trackcode_decode(const uint8_t *bytes, const GeoTrackHead *head, GeoTrackPoint *points)
{
    Reader reader = {.at = bytes + head->head_bytes, .end = bytes + head->bytes};
    bool regular = (head->flags & FLAG_REGULAR) != 0, velocity = head->flags & FLAG_VELOCITY;
    int64_t unit_ms = head->flags & FLAG_SECONDS ? 1000 : 1;
    int64_t x = head->first.x, y = head->first.y, dx = 0, dy = 0, at_ms = head->t0_ms;
    points[0] = head->first;
    for (size_t i = 1; i < head->n; i++) {
        int64_t dt = head->step;
        if (!regular && take_flag(&reader))
            dt += zagzig(take_rice(&reader, head->k_t));
        int64_t zx = zagzig(take_rice(&reader, head->k_x));
        int64_t zy = zagzig(take_rice(&reader, head->k_y));
        dx = velocity ? dx + zx : zx;
        dy = velocity ? dy + zy : zy;
        x += dx;
        y += dy;
        at_ms += dt * unit_ms;
        if (dt <= 0 || !in_range(x, y))
            return false;
        points[i] = (GeoTrackPoint){at_ms, (int32_t)x, (int32_t)y};
    }
    /* Bits that nobody reads are not ours; the reader looks one refill ahead. */
    refill(&reader);
    GeoTrackBox box = box_of(points, head->n);
    return at_end(&reader) && at_ms == head->t1_ms && same_box(&box, &head->box);
}
