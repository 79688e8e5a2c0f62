/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/outage.h"

#include <stdio.h>

#include "app/ctl/command.h"
#include "app/ctl/report.h"

#define DEFAULT_TOP 10

bool app_outage_read(const AppArgs *args, AppOutageWords *words, GError **error)
{
    gint64 top = DEFAULT_TOP;
    const char *codes = app_args_value(args, "without", NULL);
    const char *owner = app_args_value(args, "without-owner", NULL);
    words->options.owner = owner ? geo_kind_word(geo_owner_words, owner) : -1;
    if (owner && words->options.owner < 0) {
        g_set_error(error, APP_USAGE, 0,
                    "--without-owner '%s' is none of government, unit, shop, compound, unknown",
                    owner);
        return false;
    }
    if (!app_args_integer(args, "top", 1, 1000000, &top, error))
        return false;
    words->asked = codes || owner || app_args_has(args, "top");
    words->codes = codes ? g_strsplit(codes, ",", -1) : NULL;
    words->options.codes = (const char *const *)words->codes;
    words->options.top = (size_t)top;
    return true;
}

void app_outage_clear(AppOutageWords *words)
{
    g_strfreev(words->codes);
}

static double percent(double part, double whole)
{
    return whole > 0 ? 100 * part / whole : 0;
}

static void print_loss(const GeoOutage *outage)
{
    const GeoCoverShare *before = &outage->before, *after = &outage->after;
    printf("\nWithout %zu cameras that work now", outage->out);
    if (outage->off > 0)
        printf(" (%zu named ones do not work anyway)", outage->off);
    printf(":\n  street metres seen %5.1f %% -> %5.1f %%   (%.1f km lost)\n",
           percent(before->street_seen_m, before->street_m),
           percent(after->street_seen_m, after->street_m),
           (before->street_seen_m - after->street_seen_m) / 1000);
    printf("  ground seen        %5.1f %% -> %5.1f %%   (%.0f m2 lost, %zu gaps open)\n",
           percent(before->ground_seen_m2, before->ground_m2),
           percent(after->ground_seen_m2, after->ground_m2), outage->opened_m2, outage->found);
    printf("  must-see places    %" G_GINT64_FORMAT " -> %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
           "\n",
           outage->mustsee_before, outage->mustsee_after, outage->mustsee);
    for (guint i = 0; i < outage->gaps->len; i++) {
        const GeoOutageGap *gap = &g_array_index(outage->gaps, GeoOutageGap, i);
        printf("%5u %9.4f %9.0f m2 %12.6f %11.6f  %s%s%s\n", i + 1, gap->weight, gap->area_m2,
               gap->at.lon, gap->at.lat, gap->street ? gap->street : "",
               gap->street && gap->code ? ", " : "", gap->code ? gap->code : "");
    }
}

void app_outage_print(const GeoOutage *outage, const AppSightline *line)
{
    g_autofree char *hour = app_sightline_words(line);
    if (outage->out + outage->off > 0)
        print_loss(outage);
    printf("\nCameras most missed if they fail: what each alone sees (%s)\n", hour);
    if (outage->missed->len == 0)
        printf("  none: no camera sees public ground alone\n");
    for (guint i = 0; i < outage->missed->len; i++) {
        const GeoOutageCamera *one = &g_array_index(outage->missed, GeoOutageCamera, i);
        printf("%5u %8.0f m of street %8.0f m2  %-22s %-10s %12.6f %11.6f  %s\n", i + 1,
               one->street_m, one->ground_m2, one->code ? one->code : "-",
               geo_owner_words[one->owner], one->at.lon, one->at.lat, one->name ? one->name : "");
    }
}

static void report_gaps(JsonBuilder *report, const GeoOutage *outage)
{
    json_builder_set_member_name(report, "gaps");
    json_builder_begin_array(report);
    for (guint i = 0; i < outage->gaps->len; i++) {
        const GeoOutageGap *gap = &g_array_index(outage->gaps, GeoOutageGap, i);
        json_builder_begin_object(report);
        app_report_integer(report, "rank", i + 1);
        app_report_number(report, "area_m2", gap->area_m2, 1);
        app_report_number(report, "weight", gap->weight, 6);
        app_report_number(report, "lon", gap->at.lon, 7);
        app_report_number(report, "lat", gap->at.lat, 7);
        app_report_text(report, "code", gap->code);
        app_report_text(report, "street", gap->street);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_missed(JsonBuilder *report, const GeoOutage *outage)
{
    json_builder_set_member_name(report, "missed");
    json_builder_begin_array(report);
    for (guint i = 0; i < outage->missed->len; i++) {
        const GeoOutageCamera *one = &g_array_index(outage->missed, GeoOutageCamera, i);
        json_builder_begin_object(report);
        app_report_integer(report, "rank", i + 1);
        app_report_text(report, "code", one->code);
        app_report_text(report, "name", one->name);
        app_report_text(report, "owner", geo_owner_words[one->owner]);
        app_report_number(report, "lon", one->at.lon, 7);
        app_report_number(report, "lat", one->at.lat, 7);
        app_report_number(report, "street_m", one->street_m, 1);
        app_report_number(report, "ground_m2", one->ground_m2, 1);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

void app_outage_report(JsonBuilder *report, const GeoOutage *outage)
{
    const GeoCoverShare *before = &outage->before, *after = &outage->after;
    json_builder_set_member_name(report, "outage");
    json_builder_begin_object(report);
    app_report_integer(report, "out", (gint64)outage->out);
    app_report_integer(report, "off_before", (gint64)outage->off);
    app_report_number(report, "street_seen_m_before", before->street_seen_m, 1);
    app_report_number(report, "street_seen_m_after", after->street_seen_m, 1);
    app_report_number(report, "share_before", before->street_seen_m / before->street_m, 6);
    app_report_number(report, "share_after", after->street_seen_m / after->street_m, 6);
    app_report_number(report, "ground_seen_m2_before", before->ground_seen_m2, 1);
    app_report_number(report, "ground_seen_m2_after", after->ground_seen_m2, 1);
    app_report_integer(report, "mustsee_before", outage->mustsee_before);
    app_report_integer(report, "mustsee_after", outage->mustsee_after);
    app_report_integer(report, "found", (gint64)outage->found);
    app_report_number(report, "opened_m2", outage->opened_m2, 1);
    report_gaps(report, outage);
    report_missed(report, outage);
    app_report_number(report, "work_ms", outage->work_ms, 1);
    json_builder_end_object(report);
}
