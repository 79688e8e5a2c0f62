/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The one error domain of the core. Messages: lower case, what failed first, subject in quotes,
 * file and line where there is one, remedy where there is one. */
#include <glib.h>

#define GEO_ERROR (geo_error_quark())

typedef enum {
    GEO_ERROR_DATA,      /* a file or a row is not what it should be */
    GEO_ERROR_MISSING,   /* a file, a city or an entity does not exist */
    GEO_ERROR_IO,        /* disk or database failed */
    GEO_ERROR_REFUSED,   /* right, purpose or life cycle says no */
    GEO_ERROR_STALE,     /* the entity has changed since the caller read it */
    GEO_ERROR_BUSY,      /* another process holds what is needed */
    GEO_ERROR_CANCELLED, /* the caller asked to stop */
} GeoErrorCode;

GQuark geo_error_quark(void);
