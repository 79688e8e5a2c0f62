/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/duty-report.h"

#include <stdio.h>
#include <string.h>

#include "app/ctl/report.h"
#include "app/ctl/when.h"

#define USUAL_TOP 20

/* ---- areas, those that lack most first ---- */

static int by_missing(const void *a, const void *b)
{
    const GeoAttendanceSum *p = *(const GeoAttendanceSum *const *)a;
    const GeoAttendanceSum *q = *(const GeoAttendanceSum *const *)b;
    if (p->missing != q->missing)
        return p->missing < q->missing ? 1 : -1;
    if (p->no_roster != q->no_roster)
        return p->no_roster < q->no_roster ? 1 : -1;
    return p < q ? -1 : 1; /* as they stand: by code */
}

static GPtrArray *rank(const GeoAttendance *attendance)
{
    GPtrArray *sums = g_ptr_array_new();
    for (guint i = 0; i < attendance->areas->len; i++)
        g_ptr_array_add(sums, &g_array_index(attendance->areas, GeoAttendanceSum, i));
    g_ptr_array_sort(sums, by_missing);
    return sums;
}

/* ---- JSON ---- */

static void report_moment(JsonBuilder *json, const char *key, int64_t at_ms, const char *zone)
{
    g_autofree char *text = at_ms > 0 && at_ms != GEO_DUTY_OPEN ? app_when_dup(at_ms, zone) : NULL;
    app_report_text(json, key, text);
}

static void report_sum(JsonBuilder *json, const GeoAttendanceSum *sum)
{
    app_report_integer(json, "units", sum->units);
    app_report_integer(json, "planned", sum->planned);
    app_report_integer(json, "on", sum->on);
    app_report_integer(json, "on_break", sum->on_break);
    app_report_integer(json, "missing", sum->missing);
    app_report_integer(json, "extra", sum->extra);
    app_report_integer(json, "no_roster", sum->no_roster);
    app_report_integer(json, "heard", sum->heard);
}

static void report_areas(JsonBuilder *json, const GPtrArray *sums, gint64 top)
{
    json_builder_set_member_name(json, "areas");
    json_builder_begin_array(json);
    for (guint i = 0; i < sums->len && (top == 0 || i < top); i++) {
        const GeoAttendanceSum *sum = g_ptr_array_index(sums, i);
        json_builder_begin_object(json);
        app_report_text(json, "area", sum->code);
        app_report_text(json, "name", sum->name);
        report_sum(json, sum);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void report_unit(JsonBuilder *json, const GeoAttendant *row, const char *zone)
{
    const GeoDutyEntry *sign = row->sign;
    json_builder_begin_object(json);
    app_report_integer(json, "id", row->unit->row.id);
    app_report_text(json, "unit", row->unit->row.code);
    app_report_text(json, "name", row->unit->row.name);
    app_report_text(json, "area", row->unit->area);
    app_report_text(json, "state", geo_duty_state_words[row->state]);
    app_report_text(json, "why", geo_duty_by_words[row->by]);
    report_moment(json, "until", row->until_ms, zone);
    app_report_switch(json, "planned", row->planned);
    report_moment(json, "heard", row->heard_ms, zone);
    app_report_text(json, "person", sign ? sign->person : NULL);
    app_report_text(json, "device", sign ? sign->device : NULL);
    app_report_text(json, "vehicle", sign ? sign->vehicle : NULL);
    app_report_text(json, "crew", sign ? sign->crew : NULL);
    app_report_text(json, "reason", sign ? sign->reason : NULL);
    app_report_text(json, "signed_by", sign ? sign->actor : NULL);
    json_builder_end_object(json);
}

static void print_json(const GeoAttendance *attendance, const AppDutyReport *report)
{
    JsonBuilder *json = app_report_new("duty");
    g_autoptr(GPtrArray) sums = rank(attendance);
    app_report_text(json, "act", report->act);
    report_moment(json, "at", attendance->at_ms, report->zone);
    app_report_switch(json, "always", attendance->always);
    report_sum(json, &attendance->all);
    if (!report->listed)
        report_areas(json, sums, report->top);
    if (report->listed) {
        json_builder_set_member_name(json, "list");
        json_builder_begin_array(json);
        for (guint i = 0; i < report->listed->len; i++)
            report_unit(json, g_ptr_array_index(report->listed, i), report->zone);
        json_builder_end_array(json);
    }
    app_report_print(json);
}

/* ---- people ---- */

static void print_sum(const GeoAttendance *attendance, const char *zone)
{
    const GeoAttendanceSum *all = &attendance->all;
    g_autofree char *at = app_when_dup(attendance->at_ms, zone);
    printf("%s: %u of %u units on duty, %u more on a break\n", at, all->on, all->units,
           all->on_break);
    if (attendance->always)
        printf("This city has no roster: everybody is on duty unless signed off.\n");
    else if (all->planned == 0)
        printf("No shift covers this time: --at TIME asks for another\n");
    else
        printf("%u planned by rosters: %u of them are off, %u not planned are on\n", all->planned,
               all->missing, all->extra);
    if (all->no_roster > 0)
        printf("%u units are of areas without a roster for this time: what they send is refused "
               "(admit AREA)\n",
               all->no_roster);
    printf("%u of those on duty were heard within ten minutes; the others are not known to be "
           "absent\n",
           all->heard);
}

static void print_areas(const GPtrArray *sums, gint64 top)
{
    printf("%-14s %7s %5s %5s %7s %5s %9s %6s\n", "area", "planned", "on", "break", "missing",
           "extra", "no roster", "heard");
    for (guint i = 0; i < sums->len && i < top; i++) {
        const GeoAttendanceSum *sum = g_ptr_array_index(sums, i);
        printf("%-14s %7u %5u %5u %7u %5u %9u %6u  %s\n", sum->code ? sum->code : "-", sum->planned,
               sum->on, sum->on_break, sum->missing, sum->extra, sum->no_roster, sum->heard,
               sum->name ? sum->name : "");
    }
    if (sums->len > top)
        printf("and %u areas more (--top)\n", (unsigned)(sums->len - top));
}

static void print_said(const char *what, const char *text)
{
    if (text)
        printf("  %s %s", what, text);
}

static void print_unit(const GeoAttendant *row, const char *zone)
{
    g_autofree char *until =
        row->until_ms != GEO_DUTY_OPEN ? app_when_dup(row->until_ms, zone) : NULL;
    g_autofree char *heard = row->heard_ms > 0 ? app_when_dup(row->heard_ms, zone) : NULL;
    const GeoDutyEntry *sign = row->sign;
    g_autofree char *by = row->by == GEO_DUTY_BY_NOTHING
                              ? g_strdup("no shift")
                              : g_strdup_printf("by %s", geo_duty_by_words[row->by]);
    printf("%-12s %-9s %-12s until %-25s  %s  heard %s",
           row->unit->row.code ? row->unit->row.code : "-", geo_duty_state_words[row->state], by,
           until ? until : "further notice", row->planned ? "planned" : "not planned",
           heard ? heard : "not within two hours");
    if (sign) {
        print_said("person", sign->person);
        print_said("device", sign->device);
        print_said("vehicle", sign->vehicle);
        print_said("crew", sign->crew);
        print_said("because:", sign->reason);
    }
    printf("\n");
}

void app_duty_report(const AppArgs *args, const GeoAttendance *attendance,
                     const AppDutyReport *report)
{
    if (app_args_has(args, "json")) {
        print_json(attendance, report);
        return;
    }
    if (report->act)
        printf("done: %s\n", report->act);
    if (!report->listed) {
        g_autoptr(GPtrArray) sums = rank(attendance);
        print_sum(attendance, report->zone);
        print_areas(sums, report->top ? report->top : USUAL_TOP);
    }
    for (guint i = 0; report->listed && i < report->listed->len; i++)
        print_unit(g_ptr_array_index(report->listed, i), report->zone);
}
