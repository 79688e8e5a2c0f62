/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text through the reader of reports: what it gives is clean text that fits, or says its flaw;
 * a text that is broken somewhere gives nothing. */
#include <stdint.h>
#include <string.h>

#include "geo/decode/receipt.h"
#include "geo/decode/report-json.h"
#include "geo/work/notices.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    g_autoptr(GArray) notices = g_array_new(FALSE, FALSE, sizeof(GeoNotice));
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    GeoReportJsonResult result = geo_report_json_read((const char *)bytes, n, notices);
    g_assert((result == GEO_REPORT_JSON_FINE) == (notices->len > 0));
    g_assert(notices->len <= GEO_REPORT_JSON_MAX);
    for (guint i = 0; i < notices->len; i++) {
        GeoNotice *notice = &g_array_index(notices, GeoNotice, i);
        GeoNoticeSense sense;
        for (int field = 0; field < GEO_N_NOTICE_FIELDS; field++) {
            const char *text = geo_notice_get(notice, (GeoNoticeField)field);
            g_assert(g_utf8_validate(text, -1, NULL) && !strpbrk(text, "\r\n\t\x1b\x7f"));
        }
        bool fine = geo_notices_judge(notice, zone, INT64_C(1700000000000), &sense);
        g_assert(fine == (notice->flaw == GEO_NOTICE_FINE));
        g_assert(!fine || (notice->number[0] && sense.priority >= 0 && sense.priority <= 4));
        g_assert(!fine || sense.at.lon != sense.at.lon || geo_coord_valid(sense.at));
    }
    GeoReceipt receipt;
    if (geo_receipt_read((const char *)bytes, n, &receipt))
        g_assert(receipt.message_id > 0 && receipt.state < GEO_N_RECEIPTS);
    return 0;
}
