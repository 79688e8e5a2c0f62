/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registration, authentication, acknowledgement, and a person's keys: what a terminal says before
 * and beside its places. */
#include <string.h>

#include "geo/decode/jt808.h"

static uint16_t word_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* GBK of a fixed width or to the body's end, without its padding, to UTF-8 that fits. GB18030 is
 * GBK with the characters that terminals since 2005 also send. */
static void put_text(char *text, size_t size, const uint8_t *bytes, size_t n)
{
    const uint8_t *end = memchr(bytes, 0, n);
    n = end ? (size_t)(end - bytes) : n;
    while (n > 0 && bytes[n - 1] == ' ')
        n--;
    g_autofree char *utf8 =
        g_convert((const char *)bytes, (gssize)n, "UTF-8", "GB18030", NULL, NULL, NULL);
    if (!utf8) {
        utf8 = g_strndup((const char *)bytes, n);
        for (char *c = utf8; *c; c++)
            if (*c & 0x80)
                *c = '?';
    }
    size_t fits = strlen(utf8);
    if (fits >= size) {
        fits = size - 1;
        while (fits > 0 && (utf8[fits] & 0xc0) == 0x80)
            fits--;
    }
    memcpy(text, utf8, fits);
    text[fits] = '\0';
}

bool geo_jt808_register(const GeoJt808Frame *frame, GeoJt808Register *registration)
{
    static const struct {
        int edition;
        size_t n_maker, n_model, n_terminal;
    } layouts[] = {{2011, 5, 8, 7}, {2013, 5, 20, 7}, {2019, 11, 30, 30}};
    int layout = frame->peer.is_2019 ? 2 : frame->n_body < 37 ? 0 : 1;
    size_t n_maker = layouts[layout].n_maker, n_model = layouts[layout].n_model;
    size_t n_terminal = layouts[layout].n_terminal, n_fixed = 5 + n_maker + n_model + n_terminal;
    if (frame->n_body < n_fixed)
        return false;
    const uint8_t *body = frame->body, *text = body + 4;
    memset(registration, 0, sizeof *registration);
    registration->edition = layouts[layout].edition;
    registration->province = word_at(body);
    registration->city = word_at(body + 2);
    put_text(registration->maker, sizeof registration->maker, text, n_maker);
    put_text(registration->model, sizeof registration->model, text + n_maker, n_model);
    put_text(registration->terminal, sizeof registration->terminal, text + n_maker + n_model,
             n_terminal);
    registration->plate_colour = body[n_fixed - 1];
    put_text(registration->plate, sizeof registration->plate, body + n_fixed,
             frame->n_body - n_fixed);
    return true;
}

bool geo_jt808_auth(const GeoJt808Frame *frame, GeoJt808Auth *auth)
{
    memset(auth, 0, sizeof *auth);
    const uint8_t *body = frame->body;
    size_t n = frame->n_body;
    if (!frame->peer.is_2019) {
        auth->code = body;
        auth->n_code = n;
        return true;
    }
    if (n < 1 || body[0] > n - 1)
        return false;
    auth->code = body + 1;
    auth->n_code = body[0];
    const uint8_t *rest = body + 1 + auth->n_code;
    size_t n_rest = n - 1 - auth->n_code, n_imei = MIN(n_rest, 15);
    put_text(auth->imei, sizeof auth->imei, rest, n_imei);
    rest += n_imei;
    n_rest -= n_imei;
    /* The standard has 20 bytes here; some terminals put a length before a string of any. */
    bool counted = n_rest > 0 && rest[0] == n_rest - 1;
    put_text(auth->software, sizeof auth->software, rest + counted, n_rest - counted);
    return true;
}

bool geo_jt808_ack(const GeoJt808Frame *frame, GeoJt808Ack *ack)
{
    if (frame->n_body < 5)
        return false;
    *ack = (GeoJt808Ack){word_at(frame->body), word_at(frame->body + 2), frame->body[4]};
    return true;
}

bool geo_jt808_choice(const GeoJt808Frame *frame, GeoJt808Choice *choice)
{
    bool is_answer = frame->id == GEO_JT808_ANSWER;
    if ((!is_answer && frame->id != GEO_JT808_EVENT) || frame->n_body < (is_answer ? 3u : 1u))
        return false;
    *choice = (GeoJt808Choice){is_answer, is_answer ? word_at(frame->body) : 0,
                               frame->body[is_answer ? 2 : 0]};
    return true;
}
