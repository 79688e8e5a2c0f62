/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/words.h"

#include <math.h>

#include "app/ctl/moment.h"
#include "maps/paint/words.h"

char *app_words_dup_span(double seconds)
{
    if (!isfinite(seconds))
        return g_strdup("–");
    int s = (int)fmax(0, round(seconds));
    return s < 3600 ? g_strdup_printf("%d:%02d", s / 60, s % 60)
                    : g_strdup_printf("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

char *app_words_dup_age(double seconds)
{
    if (!isfinite(seconds))
        return g_strdup(_("never"));
    if (seconds < 120)
        return g_strdup_printf(_("%.0f s"), fmax(0, seconds));
    return seconds < 7200 ? g_strdup_printf(_("%.0f min"), seconds / 60)
                          : g_strdup_printf(_("%.0f h"), seconds / 3600);
}

char *app_words_dup_metres(double metres)
{
    if (!isfinite(metres))
        return g_strdup("–");
    return metres < 1000 ? g_strdup_printf("%.0f m", metres)
                         : g_strdup_printf("%.1f km", metres / 1000);
}

char *app_words_dup_count(int64_t n)
{
    return app_moment_dup_count(n);
}

char *app_words_dup_area(double m2)
{
    g_autofree char *count = app_moment_dup_count(isfinite(m2) ? llround(m2) : 0);
    return isfinite(m2) ? g_strdup_printf(_("%s m²"), count) : g_strdup("–");
}

static GDateTime *local(int64_t at_ms, const char *zone)
{
    g_autoptr(GTimeZone) here = g_time_zone_new_identifier(zone);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    return here ? g_date_time_to_timezone(utc, here) : g_steal_pointer(&utc);
}

char *app_words_dup_time(int64_t at_ms, const char *zone)
{
    g_autoptr(GDateTime) time = local(at_ms, zone);
    return time ? g_date_time_format(time, "%H:%M:%S") : g_strdup("–");
}

char *app_words_dup_day(int64_t at_ms, const char *zone)
{
    g_autoptr(GDateTime) time = local(at_ms, zone);
    return time ? g_date_time_format(time, "%Y-%m-%d %H:%M") : g_strdup("–");
}

char *app_words_dup_share(double share)
{
    return isfinite(share) ? g_strdup_printf("%.1f %%", 100 * share) : g_strdup("–");
}

#define PICK(words, i) ((i) >= 0 && (gsize)(i) < G_N_ELEMENTS(words) ? _((words)[i]) : "?")

const char *app_words_unit_kind(int kind)
{
    static const char *const words[] = {N_("foot"), N_("e-bike"), N_("car"), N_("team")};
    return PICK(words, kind);
}

const char *app_words_status(int status)
{
    static const char *const words[] = {
        [GEO_STATUS_OFF] = N_("off duty"),
        [GEO_STATUS_AVAILABLE] = N_("available"),
        [GEO_STATUS_FIXED_POST] = N_("at a post"),
        [GEO_STATUS_RESERVED] = N_("reserved"),
        [GEO_STATUS_DISPATCHED] = N_("sent"),
        [GEO_STATUS_ACCEPTED] = N_("accepted"),
        [GEO_STATUS_EN_ROUTE] = N_("en route"),
        [GEO_STATUS_ON_SCENE] = N_("on scene"),
        [GEO_STATUS_HANDLING] = N_("handling"),
        [GEO_STATUS_ESCORT] = N_("escort"),
        [GEO_STATUS_CLEARED] = N_("cleared"),
        [GEO_STATUS_BREAK] = N_("break"),
        [GEO_STATUS_BUSY] = N_("busy"),
        [GEO_STATUS_OUT] = N_("out of service"),
        [GEO_STATUS_SOS] = N_("SOS"),
    };
    return PICK(words, status);
}

const char *app_words_age_class(int kind, double age_s)
{
    static const char *const words[MAPS_N_AGES] = {N_("live"), N_("late"), N_("stale"),
                                                   N_("silent")};
    return PICK(words, (int)maps_units_age(kind, age_s));
}

const char *app_words_incident_state(int state)
{
    static const char *const words[GEO_N_INCIDENT_STATES] = {
        [GEO_INCIDENT_RECEIVED] = N_("new"),        [GEO_INCIDENT_CLASSIFIED] = N_("waiting"),
        [GEO_INCIDENT_DISPATCHED] = N_("sent"),     [GEO_INCIDENT_ACCEPTED] = N_("accepted"),
        [GEO_INCIDENT_EN_ROUTE] = N_("en route"),   [GEO_INCIDENT_ON_SCENE] = N_("on scene"),
        [GEO_INCIDENT_HANDLING] = N_("handling"),   [GEO_INCIDENT_CLEARED] = N_("cleared"),
        [GEO_INCIDENT_REPORTED] = N_("reported"),   [GEO_INCIDENT_REVIEWED] = N_("reviewed"),
        [GEO_INCIDENT_CLOSED] = N_("closed"),       [GEO_INCIDENT_CALLED_BACK] = N_("called back"),
        [GEO_INCIDENT_HELD] = N_("held"),           [GEO_INCIDENT_TRANSFERRED] = N_("transferred"),
        [GEO_INCIDENT_DUPLICATE] = N_("duplicate"), [GEO_INCIDENT_VOID] = N_("void"),
        [GEO_INCIDENT_REOPENED] = N_("reopened"),   [GEO_INCIDENT_SCHEDULED] = N_("scheduled"),
        [GEO_INCIDENT_RAISED] = N_("raised"),
    };
    return PICK(words, state);
}

const char *app_words_owner(int owner)
{
    static const char *const words[GEO_N_OWNERS] = {N_("public area"), N_("unit interior"),
                                                    N_("shop front"), N_("compound"),
                                                    N_("owner unknown")};
    return PICK(words, owner);
}

const char *app_words_camera_state(int state)
{
    static const char *const words[GEO_N_CAMERA_STATES] = {N_("working"), N_("faulty"),
                                                           N_("planned")};
    return PICK(words, state);
}

const char *app_words_lens(int lens)
{
    static const char *const words[GEO_N_LENSES] = {N_("fixed"), N_("PTZ"), N_("dome"),
                                                    N_("panorama")};
    return PICK(words, lens);
}

const char *app_words_class(int class)
{
    static const char *const words[GEO_N_SIGHT_CLASSES] = {N_("detect"), N_("observe"),
                                                           N_("recognise"), N_("identify")};
    return PICK(words, class);
}

const char *app_words_nolook(int class)
{
    static const char *const words[GEO_N_NOLOOKS] = {
        N_("dormitory"),    N_("guest room"),      N_("bath"), N_("toilet"), N_("changing room"),
        N_("nursing room"), N_("place of secrets")};
    return PICK(words, class);
}

const char *app_words_level(const char *level)
{
    static const char *const known[] = {N_("district"), N_("county"),   N_("street"),
                                        N_("town"),     N_("precinct"), N_("community"),
                                        N_("village"),  N_("beat"),     N_("municipality"),
                                        N_("grid"),     N_("area")};
    for (gsize i = 0; level && i < G_N_ELEMENTS(known); i++)
        if (g_str_equal(level, known[i]))
            return _(known[i]);
    return level ? level : _("area");
}

const char *app_words_left(GeoLeft left)
{
    static const char *const words[GEO_N_LEFT] = {
        [GEO_LEFT_NOT] = N_("free"),
        [GEO_LEFT_OFF_DUTY] = N_("off duty"),
        [GEO_LEFT_BUSY] = N_("busy"),
        [GEO_LEFT_STALE] = N_("position too old"),
        [GEO_LEFT_NO_PLACE] = N_("no position"),
        [GEO_LEFT_OFF_ROAD] = N_("off every road"),
        [GEO_LEFT_NOT_LINKED] = N_("no way by road"),
        [GEO_LEFT_SLOWER] = N_("slower by road"),
    };
    return PICK(words, (int)left);
}

const char *app_words_duty(int state)
{
    static const char *const words[GEO_N_DUTY_STATES] = {N_("off duty"), N_("no roster"),
                                                         N_("on a break"), N_("on duty")};
    return PICK(words, state);
}

const char *app_words_duty_by(int by)
{
    static const char *const words[GEO_N_DUTY_BYS] = {
        [GEO_DUTY_BY_SHIFT] = N_("by roster"),
        [GEO_DUTY_BY_SIGN] = N_("signed"),
        [GEO_DUTY_BY_INCIDENT] = N_("held by an incident"),
        [GEO_DUTY_BY_WELFARE] = N_("held by a welfare timer"),
        [GEO_DUTY_BY_SOS] = N_("SOS"),
        [GEO_DUTY_BY_ADMISSION] = N_("its area is let in"),
        [GEO_DUTY_BY_DEFAULT] = N_("no roster in the city"),
    };
    return by >= 0 && by < GEO_N_DUTY_BYS && words[by] ? _(words[by]) : "";
}
