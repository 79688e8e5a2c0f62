/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/callsign.h"

#include "geo/model/error.h"

char *geo_callsign_dup_plain(const char *word)
{
    g_autofree char *normal = word ? g_utf8_normalize(word, -1, G_NORMALIZE_ALL_COMPOSE) : NULL;
    return normal ? g_strstrip(g_utf8_strup(normal, -1)) : NULL;
}

static bool is_plainly(const char *text, const char *plain)
{
    g_autofree char *of_text = geo_callsign_dup_plain(text);
    return of_text && !g_strcmp0(of_text, plain);
}

static const char *code_of(const GeoUnit *unit)
{
    return unit->row.code ? unit->row.code : "without a code";
}

const GeoUnit *geo_callsign_find_unit(const GeoBatch *units, const char *word, GError **error)
{
    g_autofree char *plain = geo_callsign_dup_plain(word);
    const GeoUnit *found = NULL;
    gint64 id = 0;
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoUnit *unit = &g_array_index(units->rows, GeoUnit, i);
        if (!g_strcmp0(unit->row.code, word))
            return unit;
    }
    if (plain)
        g_ascii_string_to_signed(plain, 10, 1, G_MAXINT64, &id, NULL);
    for (guint i = 0; plain && *plain && i < units->rows->len; i++) {
        const GeoUnit *unit = &g_array_index(units->rows, GeoUnit, i);
        if (!(id && unit->row.id == id) && !is_plainly(unit->row.code, plain) &&
            !is_plainly(unit->radio, plain))
            continue;
        if (found) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "'%s' may be unit %s or unit %s: give the whole code", word, code_of(found),
                        code_of(unit));
            return NULL;
        }
        found = unit;
    }
    if (!found)
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no unit '%s'", word);
    return found;
}
