/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/receipt.h"

#include <math.h>
#include <string.h>

#include "geo/decode/json.h"

const char *const geo_receipt_words[] = {"delivered", "accepted", "declined", "en_route",
                                         "on_scene",  "handling", "cleared",  NULL};

#define MAX_ID 9007199254740992.0 /* a double holds every whole number up to here */

bool geo_receipt_read(const char *text, size_t n, GeoReceipt *receipt)
{
    GeoReceipt read = {.message_id = 0};
    double id = NAN;
    char state[16] = "";
    GeoJson json;
    geo_json_init(&json, text, n);
    if (geo_json_object(&json))
        while (geo_json_member(&json)) {
            if (geo_json_is(&json, "id"))
                id = geo_json_number(&json);
            else if (geo_json_is(&json, "state"))
                geo_json_word(&json, state, sizeof state);
            else if (geo_json_is(&json, "note"))
                geo_json_word(&json, read.note, sizeof read.note);
            else
                geo_json_skip(&json);
        }
    int at = 0;
    while (at < GEO_N_RECEIPTS && strcmp(state, geo_receipt_words[at]) != 0)
        at++;
    if (!geo_json_end(&json) || at == GEO_N_RECEIPTS || !(id >= 1 && id <= MAX_ID) ||
        floor(id) != id)
        return false;
    read.message_id = (int64_t)id;
    read.state = (GeoReceiptState)at;
    *receipt = read;
    return true;
}
