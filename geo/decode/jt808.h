/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* JT/T 808 of 2011, 2013 and 2019: the frames in a stream of bytes from a terminal, and what stands
 * in their bodies. Answers: jt808-write.h; messages in several frames: jt808-parts.h. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/heard.h"

#define GEO_JT808_MAX_BODY 1023 /* of one frame; its length has ten bits */
#define GEO_JT808_MAX_GAP 2048  /* bytes between two flags, escapes counted */

enum {
    GEO_JT808_ACK = 0x0001, /* up: the terminal's answer to one of ours */
    GEO_JT808_HEARTBEAT = 0x0002,
    GEO_JT808_LOGOUT = 0x0003,
    GEO_JT808_ASK_TIME = 0x0004,
    GEO_JT808_REGISTER = 0x0100,
    GEO_JT808_AUTH = 0x0102,
    GEO_JT808_LOCATION = 0x0200,
    GEO_JT808_LOCATION_REPLY = 0x0201,
    GEO_JT808_EVENT = 0x0301,  /* up: a key on the terminal was pressed; not in 2019 */
    GEO_JT808_ANSWER = 0x0302, /* up: a person's answer to a question; not in 2019 */
    GEO_JT808_BATCH = 0x0704,
    GEO_JT808_PLATFORM_ACK = 0x8001, /* down */
    GEO_JT808_RESEND = 0x8003,
    GEO_JT808_TIME = 0x8004,
    GEO_JT808_REGISTERED = 0x8100,
    GEO_JT808_ASK_LOCATION = 0x8201,
    GEO_JT808_TEXT = 0x8300,
    GEO_JT808_QUESTION = 0x8302,
};

/* Whom a frame is from or for: all that an answer needs. */
typedef struct {
    bool is_2019;     /* a version byte and a phone of ten bytes; else six bytes */
    uint8_t protocol; /* that version byte; 0 before 2019 */
    uint8_t phone[10];
} GeoJt808Peer;

typedef struct {
    GeoJt808Peer peer;
    uint16_t id, serial;
    uint16_t part, n_parts; /* from 1; 0 of 0: the message is in this frame whole */
    char key[21];           /* the phone's digits without leading zeros: one SIM, one unit */
    const uint8_t *body;    /* n_body bytes, borrowed, never NULL */
    size_t n_body;
} GeoJt808Frame;

typedef enum {
    GEO_JT808_MORE,    /* all bytes are taken, no frame is complete */
    GEO_JT808_FRAME,   /* one frame; ask again */
    GEO_JT808_DROPPED, /* bytes that are no frame, see fault; ask again */
    GEO_JT808_CLOSE,   /* no flag for 2 KiB: not this protocol, close; every later call says so */
} GeoJt808Event;

typedef enum {
    GEO_JT808_SOUND,
    GEO_JT808_NO_FLAG,   /* bytes before the first flag */
    GEO_JT808_ESCAPE,    /* 7D before something else than 01 or 02 */
    GEO_JT808_SHORT,     /* no room for a header */
    GEO_JT808_CHECKSUM,  /* XOR */
    GEO_JT808_LENGTH,    /* the body is longer or shorter than its header says */
    GEO_JT808_PHONE,     /* no digits, or all zeros */
    GEO_JT808_ENCRYPTED, /* RSA: we have no key */
    GEO_JT808_PART,      /* part 0, or one above their number */
    GEO_JT808_TOO_LONG,  /* with GEO_JT808_CLOSE */
} GeoJt808Fault;

/* A short word for counters and logs, never NULL. */
const char *geo_jt808_fault_word(GeoJt808Fault fault);

/* One connection's bytes. Holds at most 2 KiB, and none before the first byte. */
typedef struct GeoJt808Stream GeoJt808Stream;
GeoJt808Stream *geo_jt808_stream_new(void);
void geo_jt808_stream_free(GeoJt808Stream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoJt808Stream, geo_jt808_stream_free)

/* Takes bytes up to the next event and moves bytes and n past them; call until MORE or CLOSE. With
 * FRAME, frame is filled and its body lives until the next call; with DROPPED and CLOSE, fault.
 * Any cutting of the same bytes gives the same frames. O(n). */
GeoJt808Event geo_jt808_stream_next(GeoJt808Stream *stream, const uint8_t **bytes, size_t *n,
                                    GeoJt808Frame *frame, GeoJt808Fault *fault);

/* What stands in a location (0x0200), in our units. */
typedef struct {
    uint32_t alarm, status; /* the standard's bits */
    bool positioned;        /* status bit 1; without it the coordinates are old or nonsense */
    double lon, lat;        /* degrees, south and west negative; not checked */
    double altitude_m, speed_mps, heading_deg; /* NAN: all bits set */
    int64_t at_ms;                             /* 0: no such time */
    double mileage_m, fuel_l;                  /* of the additions; NAN: not said */
    int signal, satellites;                    /* likewise; -1: not said */
    size_t n_additions, n_tail; /* whole additions, and bytes behind them that are none */
} GeoJt808Place;

/* The fixed fields as they are sent, for gateways that pass them on in their own way. */
typedef struct {
    uint32_t alarm, status, lat, lon;  /* 1e-6 degrees, the sign is in status */
    uint16_t altitude, speed, heading; /* metres (signed), 0.1 km/h, degrees */
    int64_t at_ms;
} GeoJt808Raw;

/* Without additions. */
GeoJt808Place geo_jt808_place_of(const GeoJt808Raw *raw);

/* Appends it to heard as that device's, with flags (GEO_HEARD_LATE) added to its own. */
void geo_jt808_place_hear(const GeoJt808Place *place, const char *key, uint32_t flags,
                          GArray *heard, GeoHeardTally *tally);

/* False when the n bytes are too few to be one (28). Additions are read while they fit. */
bool geo_jt808_place(const uint8_t *body, size_t n, GeoJt808Place *place);

/* The fixes of a location, location reply or batch, appended to heard (GeoHeard); OTHER for all
 * other messages. Those of a batch from the blind-area memory are LATE. Memory grows by what is
 * there, not by what the message says is there. tally may be NULL. */
GeoHeardResult geo_jt808_heard(const GeoJt808Frame *frame, GArray *heard, GeoHeardTally *tally);

/* Texts are UTF-8, without padding, cut where they do not fit. */
typedef struct {
    int edition; /* 2011, 2013 or 2019 */
    uint16_t province, city;
    char maker[34], model[92], terminal[92];
    uint8_t plate_colour; /* 0: no plate, it is the frame's number (VIN) */
    char plate[64];
} GeoJt808Register;

/* False when the body is too short. Before 2019 a body below 37 bytes is of 2011. */
bool geo_jt808_register(const GeoJt808Frame *frame, GeoJt808Register *registration);

typedef struct {
    const uint8_t *code; /* in the frame's body, n_code bytes: compared, never shown */
    size_t n_code;
    char imei[16], software[64]; /* of 2019; "" when not there */
} GeoJt808Auth;

/* False when a length stands in it that the body does not have. */
bool geo_jt808_auth(const GeoJt808Frame *frame, GeoJt808Auth *auth);

typedef struct {
    uint16_t serial, id; /* of our message */
    uint8_t result;      /* 0: done */
} GeoJt808Ack;

/* False when the body is too short. */
bool geo_jt808_ack(const GeoJt808Frame *frame, GeoJt808Ack *ack);

/* What a person did on the terminal: the key of an event, or the answer to the question that had
 * serial. The edition of 2019 has neither, and many of its terminals send them all the same. */
typedef struct {
    bool is_answer;
    uint16_t serial; /* of the question; 0 for an event */
    uint8_t choice;  /* the answer's number, or the event's */
} GeoJt808Choice;

/* False when the frame is neither, or its body too short. */
bool geo_jt808_choice(const GeoJt808Frame *frame, GeoJt808Choice *choice);
