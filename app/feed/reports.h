/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Reports of other systems by HTTP. POST /reports?source=NAME takes one (a JSON object) or up to
 * 200 (an array) into the city's queue, and is answered when they are on disk: each row says
 * whether it was taken, known already, or refused and why. GET
 * /reports/outbox?source=NAME[&after=SEQ][&max=N] tells what became of them, POST
 * /reports/outbox?source=NAME&seq=SEQ that all up to there is known. Off loopback every request
 * carries the source's code (use "reports"), or a gateway's. */
#include "app/feed/clerk.h"
#include "app/feed/http.h"

#define APP_FEED_REPORTS_USE "reports" /* of a source's code */

typedef struct AppFeedReports AppFeedReports;

/* All is borrowed. */
AppFeedReports *app_feed_reports_new(AppFeedHttp *http, AppFeedClerk *clerk);
void app_feed_reports_free(AppFeedReports *reports); /* after both */
