/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a device says of a message that it got, in JSON: {"id": 17, "state": "delivered"}. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    GEO_RECEIPT_DELIVERED, /* the device has it */
    GEO_RECEIPT_ACCEPTED,  /* its person goes */
    GEO_RECEIPT_DECLINED,  /* its person cannot */
    GEO_RECEIPT_EN_ROUTE,
    GEO_RECEIPT_ON_SCENE,
    GEO_RECEIPT_HANDLING,
    GEO_RECEIPT_CLEARED,
    GEO_N_RECEIPTS
} GeoReceiptState;

extern const char *const geo_receipt_words[];

typedef struct {
    int64_t message_id;
    GeoReceiptState state;
    char note[121]; /* "" when nothing was said */
} GeoReceipt;

/* False when it is no such text: no JSON, no id above 0, or no known state. */
bool geo_receipt_read(const char *text, size_t n, GeoReceipt *receipt);
