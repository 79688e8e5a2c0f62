/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/notices.h"

#include <math.h>
#include <string.h>

#include "geo/work/timetext.h"

#define AHEAD_MS INT64_C(600000)        /* clocks of other systems go wrong by minutes */
#define OLDEST_MS INT64_C(946684800000) /* the year 2000 */

/* ---- judging ---- */

static bool fail(GeoNotice *notice, GeoNoticeFlaw flaw, GeoNoticeField field)
{
    notice->flaw = flaw;
    notice->flawed = field;
    return false;
}

static bool judge_time(GeoNotice *notice, GTimeZone *zone, int64_t now_ms, int64_t *at_ms)
{
    if (!notice->time[0])
        return true;
    GeoTimetext how = geo_timetext_parse(notice->time, NULL, zone, at_ms);
    if ((how != GEO_TIMETEXT_FINE && how != GEO_TIMETEXT_SKIPPED) || *at_ms < OLDEST_MS)
        return fail(notice, GEO_NOTICE_BAD_TIME, GEO_NOTICE_TIME);
    return *at_ms <= now_ms + AHEAD_MS || fail(notice, GEO_NOTICE_FUTURE, GEO_NOTICE_TIME);
}

static bool read_degrees(const char *text, double *degrees)
{
    char *end = NULL;
    *degrees = g_ascii_strtod(text, &end);
    return *text && end && !*end && isfinite(*degrees);
}

static bool judge_place(GeoNotice *notice, GeoLonLat *at)
{
    static const struct {
        const char *word;
        GeoLonLat (*to_wgs)(GeoLonLat);
    } datums[] = {{"", NULL},
                  {"wgs84", NULL},
                  {"gcj02", geo_coord_from_gcj02},
                  {"bd09", geo_coord_from_bd09}};
    size_t datum = 0;
    while (datum < G_N_ELEMENTS(datums) && g_ascii_strcasecmp(notice->datum, datums[datum].word))
        datum++;
    if (datum == G_N_ELEMENTS(datums))
        return fail(notice, GEO_NOTICE_BAD_DATUM, GEO_NOTICE_DATUM);
    if (!notice->lon[0] && !notice->lat[0])
        return true;
    GeoLonLat said;
    if (!read_degrees(notice->lon, &said.lon) || !read_degrees(notice->lat, &said.lat) ||
        !geo_coord_valid(said) || (said.lon == 0 && said.lat == 0)) /* what is sent for nothing */
        return fail(notice, GEO_NOTICE_BAD_POINT, GEO_NOTICE_LON);
    *at = datums[datum].to_wgs ? datums[datum].to_wgs(said) : said;
    return true;
}

static bool judge_priority(GeoNotice *notice, int *priority)
{
    gint64 value = 0;
    if (!notice->priority[0])
        return true;
    if (!g_ascii_string_to_signed(notice->priority, 10, 1, 4, &value, NULL))
        return fail(notice, GEO_NOTICE_BAD_PRIORITY, GEO_NOTICE_PRIORITY);
    *priority = (int)value;
    return true;
}

bool geo_notices_judge(GeoNotice *notice, GTimeZone *zone, int64_t now_ms, GeoNoticeSense *sense)
{
    *sense = (GeoNoticeSense){.at = {NAN, NAN}};
    if (notice->flaw != GEO_NOTICE_FINE)
        return false;
    if (!notice->number[0])
        return fail(notice, GEO_NOTICE_NO_NUMBER, GEO_NOTICE_NUMBER);
    if (!notice->words[0] && !notice->item[0] && !notice->category[0] && !notice->place[0])
        return fail(notice, GEO_NOTICE_EMPTY, GEO_NOTICE_WORDS);
    return judge_time(notice, zone, now_ms, &sense->at_ms) && judge_place(notice, &sense->at) &&
           judge_priority(notice, &sense->priority);
}
