/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a JT/T 808 terminal says beside its places (those: jt808-write.h): registration,
 * authentication, heartbeat, and the batch of what it could not send before. Appends whole frames
 * to out and returns the number of serials used, as jt808-write.h does. */
#include "geo/decode/jt808-write.h"

/* Places that one batch takes, so that it is one frame. */
#define GEO_JT808_BATCH_PLACES 34

/* 0x0100, in the layout of 2013 or 2019 as the peer is. Texts go in GBK, cut where the standard's
 * field ends; registration->edition is not asked. */
unsigned geo_jt808_terminal_register(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                     const GeoJt808Register *registration);

/* 0x0102: the code that registration was answered with, at most 255 bytes. In 2019 IMEI (at most 15
 * bytes) and software version (20) go with it. */
unsigned geo_jt808_terminal_auth(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                 const char *code, const char *imei, const char *software);

/* 0x0002 */
unsigned geo_jt808_terminal_heartbeat(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial);

/* 0x0001: the answer to what the platform said. */
unsigned geo_jt808_terminal_ack(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                const GeoJt808Frame *to, GeoJt808Result result);

/* 0x0704 of n places, 1 to GEO_JT808_BATCH_PLACES, each as geo_jt808_write_location() says it;
 * blind: out of the memory of a terminal that had no signal. */
unsigned geo_jt808_terminal_batch(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                  bool blind, const GeoHeard *heard, size_t n);

/* 0x8100, as the terminal reads it. code is cut to size and NUL-terminated. False when the body is
 * too short. */
bool geo_jt808_terminal_registered(const GeoJt808Frame *frame, uint16_t *serial, uint8_t *result,
                                   char *code, size_t size);
