/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/notices.h"

#include <math.h>
#include <string.h>

#include "geo/model/error.h"
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

/* ---- taking ---- */

const char *const geo_notice_fate_words[] = {"taken", "known", "refused", NULL};

void geo_notice_outcome_init(GeoNoticeOutcome *outcome)
{
    *outcome = (GeoNoticeOutcome){.matched = g_string_new(NULL)};
}

void geo_notice_outcome_clear(GeoNoticeOutcome *outcome)
{
    if (outcome->matched)
        g_string_free(outcome->matched, TRUE);
    outcome->matched = NULL;
}

static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

static GeoCall call_of(const GeoNotice *notice, const GeoNoticeSense *sense, const char *source,
                       bool unknown_item)
{
    const char *category = or_null(notice->category);
    return (GeoCall){.report = {.source = source,
                                .source_no = notice->number,
                                .words = or_null(notice->words),
                                .caller = or_null(notice->caller),
                                .phone = or_null(notice->phone),
                                .call_ms = sense->at_ms},
                     .at = sense->at,
                     .place = or_null(notice->place),
                     .item = unknown_item ? NULL : or_null(notice->item),
                     .category = unknown_item && !category ? notice->item : category,
                     .priority = sense->priority,
                     .at_ms = sense->at_ms};
}

static void refuse(GeoNoticeOutcome *outcome, const char *field, const char *words)
{
    outcome->fate = GEO_NOTICE_REFUSED;
    g_snprintf(outcome->reason, sizeof outcome->reason, "%s%s%s", field ? field : "",
               field ? ": " : "", words);
}

bool geo_notices_take(GeoStore *store, const GeoRouting *routing, const GeoAct *act,
                      const char *source, GTimeZone *zone, GeoNotice *notice,
                      GeoNoticeOutcome *outcome, GError **error)
{
    const GeoServiceBook *book = geo_routing_book(routing);
    g_autoptr(GError) problem = NULL;
    GeoNoticeSense sense;
    if (!geo_notices_judge(notice, zone, act->now_ms, &sense)) {
        bool of_field = notice->flaw != GEO_NOTICE_NO_REPORT && notice->flaw != GEO_NOTICE_TORN;
        refuse(outcome, of_field ? geo_notice_fields[notice->flawed] : NULL,
               geo_notice_flaw_words(notice->flaw));
        return true;
    }
    outcome->unknown_item = notice->item[0] && !geo_servicebook_find(book, notice->item);
    GeoCall call = call_of(notice, &sense, source, outcome->unknown_item);
    if (!geo_caseload_take(store, routing, act, &call, &outcome->call, &problem)) {
        if (!g_error_matches(problem, GEO_ERROR, GEO_ERROR_DATA)) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return false;
        }
        refuse(outcome, NULL, problem->message);
        return true;
    }
    outcome->fate = outcome->call.taken.already ? GEO_NOTICE_KNOWN : GEO_NOTICE_TAKEN;
    if (outcome->call.suggested)
        geo_servicebook_suggest(book, notice->words, outcome->matched);
    return true;
}
