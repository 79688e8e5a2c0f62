/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acts of duty as a person means them, in the spans that the store keeps. */
#include "geo/model/error.h"
#include "geo/work/attendance.h"

/* Beyond its shift a unit leaves nothing but what it was signed on for, and that the store ends; a
 * span has a length all the same. */
#define NOTHING_MS 1

static bool refuse(GError **error, const GeoAttendant *attendant, const char *why)
{
    const char *code = attendant->unit->row.code;
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, attendant->unit->row.id);
    g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "unit '%s' %s", code ? code : number, why);
    return false;
}

static bool may_leave(const GeoAttendant *attendant, GError **error)
{
    if (attendant->state != GEO_DUTY_STATE_ON && attendant->state != GEO_DUTY_STATE_BREAK)
        return refuse(error, attendant, "is not on duty");
    switch (attendant->by) {
    case GEO_DUTY_BY_INCIDENT:
        return refuse(error, attendant, "is off, but held by an incident: release it");
    case GEO_DUTY_BY_WELFARE:
        return refuse(error, attendant, "is off, but held by a welfare timer: end that");
    case GEO_DUTY_BY_SOS:
        return refuse(error, attendant, "is off, but in an SOS: end that");
    default:
        return true;
    }
}

/* The end of what the unit is on duty for: of its shift, and of what it was signed on for. */
static int64_t end_of_duty(const GeoAttendance *attendance, const GeoAttendant *attendant)
{
    int64_t shift_ms = attendant->planned && !attendance->always ? attendant->planned_until_ms : 0;
    if (attendant->sign && attendant->sign->what == GEO_DUTY_ON)
        return MAX(attendant->sign->to_ms, shift_ms);
    if (shift_ms > 0)
        return shift_ms;
    return attendant->by == GEO_DUTY_BY_ADMISSION ? attendant->until_ms : GEO_DUTY_OPEN;
}

bool geo_attendance_off(const GeoAttendance *attendance, const GeoAttendant *attendant,
                        int64_t to_ms, GeoDutyEntry *off, GError **error)
{
    if (!may_leave(attendant, error))
        return false;
    int64_t at_ms = attendance->at_ms;
    bool beyond = attendant->by == GEO_DUTY_BY_SIGN && !attendant->planned;
    if (to_ms == 0 && attendant->planned && !attendance->always)
        to_ms = attendant->planned_until_ms;
    else if (to_ms == 0)
        to_ms = beyond ? at_ms + NOTHING_MS : end_of_duty(attendance, attendant);
    *off = (GeoDutyEntry){
        .unit_id = attendant->unit->row.id, .what = GEO_DUTY_OFF, .from_ms = at_ms, .to_ms = to_ms};
    return true;
}

bool geo_attendance_swap(const GeoAttendance *attendance, const GeoAttendant *attendant,
                         const GeoAttendant *other, int64_t to_ms, GeoDutyEntry swap[2],
                         GError **error)
{
    if (attendant == other)
        return refuse(error, attendant, "cannot take its own place");
    if (other->state == GEO_DUTY_STATE_ON || other->state == GEO_DUTY_STATE_BREAK)
        return refuse(error, other, "is on duty already");
    if (!geo_attendance_off(attendance, attendant, to_ms, &swap[0], error))
        return false;
    swap[1] = (GeoDutyEntry){.unit_id = other->unit->row.id,
                             .what = GEO_DUTY_ON,
                             .from_ms = attendance->at_ms,
                             .to_ms = to_ms ? to_ms : end_of_duty(attendance, attendant)};
    return true;
}

bool geo_attendance_break(const GeoAttendance *attendance, const GeoAttendant *attendant,
                          int64_t to_ms, GeoDutyEntry *rest, GError **error)
{
    if (attendant->state == GEO_DUTY_STATE_BREAK)
        return refuse(error, attendant, "is on a break already");
    if (attendant->state != GEO_DUTY_STATE_ON)
        return refuse(error, attendant, "is not on duty");
    *rest = (GeoDutyEntry){.unit_id = attendant->unit->row.id,
                           .what = GEO_DUTY_BREAK,
                           .from_ms = attendance->at_ms,
                           .to_ms = to_ms ? to_ms : end_of_duty(attendance, attendant)};
    return true;
}
