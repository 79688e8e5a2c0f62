/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A counting sort by unit, each unit's fixes by time, cut where they go on for too long, then units
 * along a Morton curve through the middles of their boxes: a page holds neighbours, so a question
 * for a place reads few pages. A segment is its base (seconds, x, y: 4 bytes each), then pieces,
 * each behind the varint of its slot and with the first fix of the one before as its base. */
#include "geo/store/seal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_FIXES 1024
/* A piece ends after half an hour, unless it is of a unit that seldom reports. */
#define PIECE_MS (INT64_C(30) * 60 * 1000)
#define PIECE_FEW 64
enum { BASE_BYTES = 12, SLOT_BYTES = 5 };

typedef struct {
    uint32_t slot;
    uint32_t curve; /* place on the Morton curve */
    size_t begin, n;
    GeoTrackBox box;
} Share; /* one unit's fixes of the block */

typedef struct {
    GeoSealBlock *block;
    const GeoTrackPoint *points;
    const float *accuracies;
    uint8_t *room; /* of one piece */
    GeoTrackPoint base;
    GeoSealSegment segment;
} Writer;

/* ---- fixes by unit and time ---- */

/* Stable, so that of doubles the one that came first stays first. */
static void sort_by_slot(const GeoSealFix *fixes, size_t n, uint32_t n_slots, size_t *begins,
                         GeoSealFix *sorted)
{
    for (size_t i = 0; i < n; i++)
        begins[fixes[i].slot + 1]++;
    for (uint32_t s = 0; s < n_slots; s++)
        begins[s + 1] += begins[s];
    g_autofree size_t *next = g_memdup2(begins, n_slots * sizeof *begins);
    for (size_t i = 0; i < n; i++)
        sorted[next[fixes[i].slot]++] = fixes[i];
}

static int by_time(const void *a, const void *b, void *user)
{
    int64_t x = ((const GeoSealFix *)a)->point.at_ms, y = ((const GeoSealFix *)b)->point.at_ms;
    (void)user;
    return (x > y) - (x < y);
}

/* Sorts one unit's fixes if they are not, and drops doubles; how many are left. */
static size_t tidy(GeoSealFix *fixes, size_t n)
{
    bool rises = true, strictly = true;
    for (size_t i = 1; i < n; i++) {
        rises &= fixes[i].point.at_ms >= fixes[i - 1].point.at_ms;
        strictly &= fixes[i].point.at_ms > fixes[i - 1].point.at_ms;
    }
    if (strictly)
        return n;
    if (!rises)
        g_qsort_with_data(fixes, (gint)n, sizeof *fixes, by_time, NULL);
    size_t kept = 1;
    for (size_t i = 1; i < n; i++)
        if (fixes[i].point.at_ms != fixes[kept - 1].point.at_ms)
            fixes[kept++] = fixes[i];
    return kept;
}

static void add_to_box(GeoTrackBox *box, const GeoTrackBox *more)
{
    box->min_x = MIN(box->min_x, more->min_x);
    box->min_y = MIN(box->min_y, more->min_y);
    box->max_x = MAX(box->max_x, more->max_x);
    box->max_y = MAX(box->max_y, more->max_y);
}

static GeoTrackBox box_of(const GeoSealFix *fixes, size_t n)
{
    GeoTrackBox box = {fixes->point.x, fixes->point.y, fixes->point.x, fixes->point.y};
    for (size_t i = 1; i < n; i++) {
        const GeoTrackPoint *p = &fixes[i].point;
        add_to_box(&box, &(GeoTrackBox){p->x, p->y, p->x, p->y});
    }
    return box;
}

/* ---- units by place ---- */

/* The low 16 bits with a zero before each. */
static uint32_t spread(uint32_t v)
{
    v = (v | v << 8) & 0x00ff00ff;
    v = (v | v << 4) & 0x0f0f0f0f;
    v = (v | v << 2) & 0x33333333;
    return (v | v << 1) & 0x55555555;
}

static int by_curve(const void *a, const void *b)
{
    const Share *x = a, *y = b;
    if (x->curve != y->curve)
        return x->curve < y->curve ? -1 : 1;
    return (x->slot > y->slot) - (x->slot < y->slot);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The middle half of the shares spans the curve's squares, with as much around it: a few lost
 * fixes far off must not make one square of the whole city. */
static void find_span(int64_t *middles, size_t n, int64_t *low, double *cell)
{
    qsort(middles, n, sizeof *middles, by_number);
    int64_t q1 = middles[n / 4], q3 = middles[n - 1 - n / 4], half = MAX(q3 - q1, 256);
    *low = q1 - half;
    *cell = (double)(3 * half) / 65536;
}

static uint32_t on_curve(int64_t middle, int64_t low, double cell)
{
    return (uint32_t)CLAMP((double)(middle - low) / cell, 0, 65535);
}

static int64_t middle_x(const Share *share)
{
    return ((int64_t)share->box.min_x + share->box.max_x) / 2;
}

static int64_t middle_y(const Share *share)
{
    return ((int64_t)share->box.min_y + share->box.max_y) / 2;
}

static void sort_by_place(Share *shares, size_t n)
{
    g_autofree int64_t *middles = g_new(int64_t, n);
    int64_t low_x, low_y;
    double cell_x, cell_y;
    for (size_t i = 0; i < n; i++)
        middles[i] = middle_x(&shares[i]);
    find_span(middles, n, &low_x, &cell_x);
    for (size_t i = 0; i < n; i++)
        middles[i] = middle_y(&shares[i]);
    find_span(middles, n, &low_y, &cell_y);
    for (size_t i = 0; i < n; i++)
        shares[i].curve = spread(on_curve(middle_x(&shares[i]), low_x, cell_x)) |
                          spread(on_curve(middle_y(&shares[i]), low_y, cell_y)) << 1;
    qsort(shares, n, sizeof *shares, by_curve);
}

/* ---- writing ---- */

static GeoTrackPoint base_of(const GeoTrackPoint *first)
{
    GeoTrackPoint base = *first;
    base.at_ms -= base.at_ms % 1000;
    return base;
}

static size_t length(const Writer *writer)
{
    return writer->block->bytes->len - writer->segment.begin;
}

static void end_segment(Writer *writer)
{
    writer->segment.end = writer->block->bytes->len;
    if (writer->segment.end > writer->segment.begin)
        g_array_append_val(writer->block->segments, writer->segment);
    writer->segment.begin = writer->segment.end;
}

static void begin_segment(Writer *writer, const GeoTrackPoint *first)
{
    end_segment(writer);
    writer->base = base_of(first);
    guint32 words[3] = {GUINT32_TO_LE((guint32)(writer->base.at_ms / 1000)),
                        GUINT32_TO_LE((guint32)writer->base.x),
                        GUINT32_TO_LE((guint32)writer->base.y)};
    g_byte_array_append(writer->block->bytes, (const guint8 *)words, BASE_BYTES);
}

static size_t code(Writer *writer, uint32_t slot, size_t begin, size_t n)
{
    float worst_m = NAN;
    for (size_t i = begin; i < begin + n; i++)
        worst_m = fmaxf(worst_m, writer->accuracies[i]);
    uint8_t *at = writer->room;
    for (; slot >= 0x80; slot >>= 7)
        *at++ = (uint8_t)(slot | 0x80);
    *at++ = (uint8_t)slot;
    at += geo_trackcode_encode(writer->points + begin, n, writer->base, worst_m, at);
    return (size_t)(at - writer->room);
}

static void put_piece(Writer *writer, uint32_t slot, size_t begin, size_t n)
{
    const GeoTrackPoint *first = &writer->points[begin];
    size_t used = length(writer) > 0 ? code(writer, slot, begin, n) : 0;
    if (used == 0 || length(writer) + used > GEO_SEAL_SEGMENT_BYTES) {
        begin_segment(writer, first);
        used = code(writer, slot, begin, n);
    }
    GeoTrackBox box = {first->x, first->y, first->x, first->y};
    for (size_t i = begin; i < begin + n; i++) {
        const GeoTrackPoint *p = &writer->points[i];
        add_to_box(&box, &(GeoTrackBox){p->x, p->y, p->x, p->y});
    }
    if (length(writer) == BASE_BYTES)
        writer->segment.box = box;
    add_to_box(&writer->segment.box, &box);
    g_byte_array_append(writer->block->bytes, writer->room, (guint)used);
    writer->base = base_of(first);
    uint16_t *seat = &g_array_index(writer->block->seats, uint16_t, slot);
    if (*seat == GEO_SEAL_NOWHERE)
        *seat = (uint16_t)writer->block->segments->len;
}

static void put_share(Writer *writer, const Share *share)
{
    size_t begin = share->begin, end = share->begin + share->n;
    while (begin < end) {
        size_t stop = begin + 1;
        while (stop < end && stop - begin < PIECE_FIXES &&
               (stop - begin < PIECE_FEW ||
                writer->points[stop].at_ms - writer->points[begin].at_ms < PIECE_MS))
            stop++;
        put_piece(writer, share->slot, begin, stop - begin);
        begin = stop;
    }
}

/* Tidies each unit's run of sorted and makes a share of it. */
static GArray *make_shares(GeoSealFix *sorted, const size_t *begins, uint32_t n_slots,
                           GeoSealBlock *block)
{
    GArray *shares = g_array_new(FALSE, FALSE, sizeof(Share));
    for (uint32_t slot = 0; slot < n_slots; slot++) {
        GeoSealFix *own = sorted + begins[slot];
        Share share = {.slot = slot, .begin = begins[slot], .n = begins[slot + 1] - begins[slot]};
        if (share.n == 0)
            continue;
        share.n = tidy(own, share.n);
        share.box = box_of(own, share.n);
        block->n += share.n;
        block->from_ms = MIN(block->from_ms, own[0].point.at_ms);
        block->to_ms = MAX(block->to_ms, own[share.n - 1].point.at_ms);
        g_array_append_val(shares, share);
    }
    return shares;
}

static void write_shares(GeoSealBlock *block, const GArray *shares, const GeoSealFix *sorted,
                         size_t n)
{
    g_autofree GeoTrackPoint *points = g_new(GeoTrackPoint, n);
    g_autofree float *accuracies = g_new(float, n);
    g_autofree uint8_t *room = g_malloc(SLOT_BYTES + geo_trackcode_bound(PIECE_FIXES));
    for (size_t i = 0; i < n; i++) {
        points[i] = sorted[i].point;
        accuracies[i] = sorted[i].accuracy_m;
    }
    Writer writer = {.block = block, .points = points, .accuracies = accuracies, .room = room};
    for (guint i = 0; i < shares->len; i++)
        put_share(&writer, &g_array_index(shares, Share, i));
    end_segment(&writer);
}

GeoSealBlock *geo_seal_block_new(GeoSealFix *fixes, size_t n, uint32_t n_slots)
{
    GeoSealBlock *block = g_new0(GeoSealBlock, 1);
    block->bytes = g_byte_array_new();
    block->segments = g_array_new(FALSE, FALSE, sizeof(GeoSealSegment));
    block->seats = g_array_sized_new(FALSE, FALSE, sizeof(uint16_t), n_slots);
    g_array_set_size(block->seats, n_slots);
    memset(block->seats->data, 0xff, n_slots * sizeof(uint16_t));
    block->from_ms = INT64_MAX;
    block->to_ms = INT64_MIN;
    g_autofree size_t *begins = g_new0(size_t, (size_t)n_slots + 1);
    g_autofree GeoSealFix *sorted = g_new(GeoSealFix, n);
    sort_by_slot(fixes, n, n_slots, begins, sorted);
    g_autoptr(GArray) shares = make_shares(sorted, begins, n_slots, block);
    sort_by_place((Share *)(void *)shares->data, shares->len);
    write_shares(block, shares, sorted, n);
    return block;
}

void geo_seal_block_free(GeoSealBlock *block)
{
    if (!block)
        return;
    g_byte_array_unref(block->bytes);
    g_array_unref(block->segments);
    g_array_unref(block->seats);
    g_free(block);
}

/* ---- reading ---- */

void geo_seal_reader_init(GeoSealReader *reader, const uint8_t *bytes, size_t n)
{
    guint32 words[3];
    *reader = (GeoSealReader){.at = bytes, .end = bytes + n, .damaged = n < BASE_BYTES};
    if (reader->damaged)
        return;
    memcpy(words, bytes, BASE_BYTES);
    reader->base =
        (GeoTrackPoint){(int64_t)GUINT32_FROM_LE(words[0]) * 1000,
                        (int32_t)GUINT32_FROM_LE(words[1]), (int32_t)GUINT32_FROM_LE(words[2])};
    reader->at += BASE_BYTES;
}

bool geo_seal_reader_next(GeoSealReader *reader)
{
    uint64_t slot = 0;
    unsigned shift = 0;
    if (reader->damaged || reader->at == reader->end)
        return false;
    reader->damaged = true;
    do {
        if (reader->at == reader->end || shift > 28)
            return false;
        slot |= (uint64_t)(*reader->at & 0x7f) << shift;
        shift += 7;
    } while (*reader->at++ & 0x80);
    if (slot > UINT32_MAX || !geo_trackcode_head(reader->at, (size_t)(reader->end - reader->at),
                                                 reader->base, &reader->head))
        return false;
    reader->slot = (uint32_t)slot;
    reader->piece = reader->at;
    reader->at += reader->head.bytes;
    reader->base = base_of(&reader->head.first);
    reader->damaged = false;
    return true;
}
