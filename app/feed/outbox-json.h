/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Rows of the outbox as other systems get them, asked for or pushed. */
#include "geo/store/cases.h"

/* {"source", "last", "rows": [{"seq", "number", "incident", "act", "from", "to", "at", "level",
 * "department", "reason", "into", "into_state"}]} of the rows from first on, at most max and the
 * rest of the last one's seq, which is last, 0 when there is none. The caller frees. */
char *app_feed_outbox_json(const GeoOutbox *outbox, const char *source, guint first, guint max,
                           int64_t *last);
