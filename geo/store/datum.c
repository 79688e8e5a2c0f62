/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PROJ shifts Beijing 1954 and Xian 1980 to WGS 84 as a "ballpark": no shift at all, where the
 * truth is tens of metres. Both are refused by name (their parameters are a city's own), any other
 * ballpark by GDAL's switch. CGCS2000 and WGS 84 differ by less than a metre, which PROJ too calls
 * ballpark: they pass unshifted. */
#include "geo/store/datum.h"

#include <cpl_error.h>
#include <cpl_string.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "geo/model/error.h"

typedef enum { DATUM_SAME, DATUM_GCJ02, DATUM_BD09, DATUM_PROJ } DatumKind;

struct GeoDatum {
    DatumKind kind;
    char *name;
    OGRSpatialReferenceH srs, wgs;
    OGRCoordinateTransformationH to, from;
};

static const char *const refused_datums[] = {"Beijing", "Xian", "Xi'an"};

/* The datum is WGS 84, CGCS2000 or one of their realisations. */
static bool same_datum(OGRSpatialReferenceH srs)
{
    static const char *const same[] = {"WGS_1984",   "WGS 84",   "WGS_84",    "China_2000",
                                       "China 2000", "CGCS2000", "D_WGS_1984"};
    const char *datum = OSRGetAttrValue(srs, "DATUM", 0);
    for (size_t i = 0; datum && i < G_N_ELEMENTS(same); i++)
        if (strstr(datum, same[i]))
            return true;
    return datum && !strncmp(datum, "World Geodetic System 1984", 26);
}

static bool check_refused(OGRSpatialReferenceH srs, const char *name, GError **error)
{
    const char *datum = OSRGetAttrValue(srs, "DATUM", 0);
    for (size_t i = 0; datum && i < G_N_ELEMENTS(refused_datums); i++)
        if (strstr(datum, refused_datums[i])) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "coordinates in %s: its shift to WGS 84 is not public and leaving it out "
                        "is tens of metres wrong; convert them first or name another --crs",
                        name);
            return false;
        }
    return true;
}

static bool import_text(OGRSpatialReferenceH srs, const char *crs)
{
    char *end;
    long code = strtol(crs, &end, 10);
    if (*crs && *end == '\0' && code > 0 && code < 1000000)
        return OSRImportFromEPSG(srs, (int)code) == OGRERR_NONE;
    if (!g_ascii_strncasecmp(crs, "EPSG:", 5)) {
        code = strtol(crs + 5, &end, 10);
        return crs[5] && *end == '\0' && OSRImportFromEPSG(srs, (int)code) == OGRERR_NONE;
    }
    if (strchr(crs, '['))
        return OSRSetFromUserInput(srs, crs) == OGRERR_NONE;
    return !strncmp(crs, "+proj", 5) && OSRImportFromProj4(srs, crs) == OGRERR_NONE;
}

static char *name_of(OGRSpatialReferenceH srs, const char *crs)
{
    const char *authority = OSRGetAuthorityName(srs, NULL), *code = OSRGetAuthorityCode(srs, NULL);
    if (authority && code)
        return g_strdup_printf("%s:%s", authority, code);
    const char *name = OSRGetName(srs);
    return g_strdup(name && *name ? name : crs);
}

/* Transformations that never fall back to "no shift"; between equal datums PROJ is asked only to
 * undo the projection, to the CRS's own degrees. */
static bool open_proj(GeoDatum *datum, GError **error)
{
    bool same = same_datum(datum->srs);
    if (same && OSRIsGeographic(datum->srs)) {
        datum->kind = DATUM_SAME;
        return true;
    }
    datum->wgs = same ? OSRCloneGeogCS(datum->srs) : OSRNewSpatialReference(NULL);
    if (!same)
        OSRImportFromEPSG(datum->wgs, 4326);
    OSRSetAxisMappingStrategy(datum->wgs, OAMS_TRADITIONAL_GIS_ORDER);
    OGRCoordinateTransformationOptionsH options = OCTNewCoordinateTransformationOptions();
    OCTCoordinateTransformationOptionsSetBallparkAllowed(options, same);
    datum->to = OCTNewCoordinateTransformationEx(datum->srs, datum->wgs, options);
    datum->from = OCTNewCoordinateTransformationEx(datum->wgs, datum->srs, options);
    OCTDestroyCoordinateTransformationOptions(options);
    if (datum->to && datum->from)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "coordinates in %s: no shift to WGS 84 is known",
                datum->name);
    return false;
}

static bool open_crs(GeoDatum *datum, const char *crs, GError **error)
{
    datum->kind = DATUM_PROJ;
    datum->srs = OSRNewSpatialReference(NULL);
    if (!import_text(datum->srs, crs)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%.60s' is no coordinate system we know: EPSG:4490, gcj02, bd09, wgs84 ...",
                    crs);
        return false;
    }
    /* heights alone and metres from the earth's centre are no places on a map */
    if (!OSRIsGeographic(datum->srs) && !OSRIsProjected(datum->srs)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%.60s' has no longitude and latitude or east and north", crs);
        return false;
    }
    OSRSetAxisMappingStrategy(datum->srs, OAMS_TRADITIONAL_GIS_ORDER);
    datum->name = name_of(datum->srs, crs);
    return check_refused(datum->srs, datum->name, error) && open_proj(datum, error);
}

GeoDatum *geo_datum_new(const char *crs, GError **error)
{
    g_autoptr(GeoDatum) datum = g_new0(GeoDatum, 1);
    if (!crs || !g_ascii_strcasecmp(crs, "wgs84") || !g_ascii_strcasecmp(crs, "EPSG:4326")) {
        datum->name = g_strdup("EPSG:4326");
        return g_steal_pointer(&datum);
    }
    if (!g_ascii_strcasecmp(crs, "gcj02") || !g_ascii_strcasecmp(crs, "gcj-02")) {
        datum->kind = DATUM_GCJ02;
        datum->name = g_strdup("gcj02");
        return g_steal_pointer(&datum);
    }
    if (!g_ascii_strcasecmp(crs, "bd09") || !g_ascii_strcasecmp(crs, "bd-09")) {
        datum->kind = DATUM_BD09;
        datum->name = g_strdup("bd09");
        return g_steal_pointer(&datum);
    }
    CPLPushErrorHandler(CPLQuietErrorHandler);
    bool ok = open_crs(datum, crs, error);
    CPLPopErrorHandler();
    return ok ? g_steal_pointer(&datum) : NULL;
}

void geo_datum_free(GeoDatum *datum)
{
    if (!datum)
        return;
    OCTDestroyCoordinateTransformation(datum->to);
    OCTDestroyCoordinateTransformation(datum->from);
    OSRDestroySpatialReference(datum->srs);
    OSRDestroySpatialReference(datum->wgs);
    g_free(datum->name);
    g_free(datum);
}

const char *geo_datum_name(const GeoDatum *datum)
{
    return datum->name;
}

static void transform(OGRCoordinateTransformationH with, GeoLonLat *points, size_t n)
{
    CPLPushErrorHandler(CPLQuietErrorHandler);
    for (size_t i = 0; i < n; i++) {
        int fine = FALSE;
        OCTTransformEx(with, 1, &points[i].lon, &points[i].lat, NULL, &fine);
        if (!fine)
            points[i] = (GeoLonLat){NAN, NAN};
    }
    CPLPopErrorHandler();
}

void geo_datum_to_wgs(GeoDatum *datum, GeoLonLat *points, size_t n)
{
    if (datum->kind == DATUM_PROJ)
        transform(datum->to, points, n);
    for (size_t i = 0; datum->kind == DATUM_GCJ02 && i < n; i++)
        points[i] = geo_coord_from_gcj02(points[i]);
    for (size_t i = 0; datum->kind == DATUM_BD09 && i < n; i++)
        points[i] = geo_coord_from_bd09(points[i]);
}

void geo_datum_from_wgs(GeoDatum *datum, GeoLonLat *points, size_t n)
{
    if (datum->kind == DATUM_PROJ)
        transform(datum->from, points, n);
    for (size_t i = 0; datum->kind == DATUM_GCJ02 && i < n; i++)
        points[i] = geo_coord_to_gcj02(points[i]);
    for (size_t i = 0; datum->kind == DATUM_BD09 && i < n; i++)
        points[i] = geo_coord_to_bd09(points[i]);
}
