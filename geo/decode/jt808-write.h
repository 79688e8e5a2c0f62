/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a platform says to a JT/T 808 terminal, in the edition the terminal speaks, and what a
 * simulated terminal says of its place. Each function appends whole frames to out and returns the
 * number of serials used: the caller counts its own serials upwards for each connection. */
#include "geo/decode/jt808.h"

/* Any message, up or down, in as many frames as its body needs (1023 bytes each, at most 65535). */
unsigned geo_jt808_write(GByteArray *out, const GeoJt808Peer *peer, uint16_t id, uint16_t serial,
                         const uint8_t *body, size_t n_body);

typedef enum {
    GEO_JT808_DONE,
    GEO_JT808_FAILED,
    GEO_JT808_WRONG,
    GEO_JT808_UNSUPPORTED,
    GEO_JT808_ALARM_SEEN,
} GeoJt808Result;

/* 0x8001: the answer to every frame but registration, after what it said is kept. */
unsigned geo_jt808_write_ack(GByteArray *out, const GeoJt808Frame *to, uint16_t serial,
                             GeoJt808Result result);

typedef enum {
    GEO_JT808_WELCOME,
    GEO_JT808_VEHICLE_TAKEN,
    GEO_JT808_NO_VEHICLE,
    GEO_JT808_TERMINAL_TAKEN,
    GEO_JT808_NO_TERMINAL,
} GeoJt808Registration;

/* 0x8100: code goes with GEO_JT808_WELCOME alone, ASCII, at most 255 bytes. */
unsigned geo_jt808_write_registered(GByteArray *out, const GeoJt808Frame *to, uint16_t serial,
                                    GeoJt808Registration result, const char *code);

/* 0x8003: the parts that are missing of the message whose first frame had first_serial; at most 255
 * before 2019. */
unsigned geo_jt808_write_resend(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                uint16_t first_serial, const uint16_t *parts, size_t n_parts);

/* 0x8004: the answer to GEO_JT808_ASK_TIME, UTC. */
unsigned geo_jt808_write_time(GByteArray *out, const GeoJt808Frame *to, uint16_t serial,
                              int64_t at_ms);

/* 0x8201: tell your place now. */
unsigned geo_jt808_write_ask_location(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial);

enum {
    GEO_JT808_TEXT_URGENT = 1 << 0,
    GEO_JT808_TEXT_SCREEN = 1 << 2,
    GEO_JT808_TEXT_SPOKEN = 1 << 3,
};

/* 0x8300: an order in UTF-8, sent in GBK; what GBK has not is shown as '?'. flags is
 * GEO_JT808_TEXT_*; type is of 2019 alone (1: notice, 2: service). Returns 0, and writes nothing,
 * when the text is empty, no UTF-8, or above 1024 bytes of GBK, the standard's limit. */
unsigned geo_jt808_write_text(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                              unsigned flags, uint8_t type, const char *text);

/* 0x8302: a question with n answers to choose from, numbered from 1, each UTF-8; the terminal's
 * person answers by GEO_JT808_ANSWER. Returns 0, and writes nothing, when a text is empty or no
 * UTF-8, or the question is above 255 bytes of GBK or all above 1023. */
unsigned geo_jt808_write_question(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                  unsigned flags, const char *question, const char *const *answers,
                                  size_t n);

/* The peer whose phone has these digits: at most 12, in 2019 at most 20. False when they are not.
 */
bool geo_jt808_peer(const char *digits, bool is_2019, GeoJt808Peer *peer);

/* The number that a terminal of ours says where nobody has given it one: twelve digits made of the
 * unit's id, the first no zero, the same for ever. Two of 18,397 units share one with a chance of
 * 2 in 10,000: who looks units up by it must see that. */
void geo_jt808_phone_of(int64_t unit_id, char phone[13]);

/* The fix without its accuracy, positioned when VALID, with the emergency bit when SOS. What is NAN
 * goes as 0. The place to 1e-6 degrees, the speed to 0.1 km/h, the heading to a degree, the time to
 * the second. */
#define GEO_JT808_PLACE_BYTES 28
void geo_jt808_write_place(uint8_t body[GEO_JT808_PLACE_BYTES], const GeoHeard *heard);

/* 0x0200, up: that place and nothing more. */
unsigned geo_jt808_write_location(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                  const GeoHeard *heard);
