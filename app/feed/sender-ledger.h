/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What was acknowledged to simulated devices, by device and second, and how long that took: kept so
 * that it can be held against the store afterwards. A bit for each device and second. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/store/store.h"

typedef struct AppFeedSenderLedger AppFeedSenderLedger;

AppFeedSenderLedger *app_feed_sender_ledger_new(size_t n_devices);
void app_feed_sender_ledger_free(AppFeedSenderLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppFeedSenderLedger, app_feed_sender_ledger_free)

/* The fix of that device and second was acknowledged. False when it was before, or lies before the
 * first one by more than an hour or behind it by more than 14 days. */
bool app_feed_sender_ledger_add(AppFeedSenderLedger *ledger, uint32_t device, int64_t at_ms);
uint64_t app_feed_sender_ledger_n(const AppFeedSenderLedger *ledger);

/* How long an answer took. */
void app_feed_sender_ledger_time(AppFeedSenderLedger *ledger, int64_t us);
/* Seconds, to 1.6 %: that share of the answers took no longer; 1: the longest one, exactly. NAN
 * when there was none. O(1). */
double app_feed_sender_ledger_quantile(const AppFeedSenderLedger *ledger, double share);

typedef struct {
    uint64_t acknowledged, stored; /* pairs of unit and second; stored: of all, acknowledged or not
                                    */
    uint64_t missing; /* acknowledged and not in the store: lost, unless the feed's gate dropped it
                         (what it refuses it acknowledges too) */
    uint64_t unanswered_stored;       /* in the store without an answer */
    int64_t missing_unit, missing_ms; /* the first such; 0: none */
} AppFeedSenderCheck;

/* Holds what was acknowledged against the store, minute by minute. unit_ids: one for each device.
 * O(fixes log fixes). */
bool app_feed_sender_ledger_check(const AppFeedSenderLedger *ledger, GeoStore *store,
                                  const int64_t *unit_ids, AppFeedSenderCheck *check,
                                  GError **error);
