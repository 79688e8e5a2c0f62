/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A report on A4 pages: headings, words, tables that run over pages, and maps of streets beside
 * each other. Page numbers and a header stand on each page. */
#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"

typedef struct MapsReport MapsReport;

/* A PDF at path; header stands on every page but the first; lang as in MapsView. */
MapsReport *maps_report_new(const char *path, const char *header, const char *lang);

void maps_report_title(MapsReport *report, const char *title, const char *under);
void maps_report_heading(MapsReport *report, const char *text);
void maps_report_words(MapsReport *report, const char *text);

typedef struct {
    const char *head;
    double share; /* of the page's width */
    bool right;   /* numbers stand to the right */
} MapsReportColumn;

/* cells: n_rows times n_columns texts, row by row; NULL is empty. Too long a text is cut by dots.
 */
void maps_report_table(MapsReport *report, const MapsReportColumn *columns, size_t n_columns,
                       const char *const *cells, size_t n_rows);

typedef enum { MAPS_REPORT_UNSEEN, MAPS_REPORT_SEEN, MAPS_REPORT_OPENED } MapsReportInk;

typedef struct {
    GeoXY a, b; /* metres, y to the north */
    uint8_t ink;
} MapsReportLine;

typedef struct {
    const char *caption;
    const MapsReportLine *lines;
    size_t n_lines;
    const GeoXY *marks; /* numbered from 1 */
    size_t n_marks;
} MapsReportMap;

/* Side by side, each of the box, with one scale bar and a legend of the inks' words. */
void maps_report_maps(MapsReport *report, const MapsReportMap *maps, size_t n, const GeoBox *box,
                      const char *const inks[3]);

/* Ends the file and frees the report. CAIRO_STATUS_SUCCESS, or what went wrong. */
cairo_status_t maps_report_end(MapsReport *report);
