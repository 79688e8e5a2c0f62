/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/heard.h"

#include <math.h>
#include <string.h>

#include "geo/model/coord.h"

const char *geo_heard_word(GeoHeardResult result)
{
    static const char *const words[] = {
        [GEO_HEARD_FINE] = "fine",         [GEO_HEARD_OTHER] = "other",
        [GEO_HEARD_BROKEN] = "broken",     [GEO_HEARD_NO_KEY] = "no-key",
        [GEO_HEARD_NO_PLACE] = "no-place", [GEO_HEARD_NO_TIME] = "no-time",
    };
    return result < G_N_ELEMENTS(words) ? words[result] : "unknown";
}

void geo_heard_init(GeoHeard *heard)
{
    memset(heard, 0, sizeof *heard);
    heard->fix.lon = heard->fix.lat = NAN;
    heard->fix.speed_mps = heard->fix.heading_deg = heard->fix.accuracy_m = NAN;
    heard->flags = GEO_HEARD_UNTIMED;
}

bool geo_heard_set_key(GeoHeard *heard, const char *key, size_t n)
{
    if (n == 0 || n >= GEO_HEARD_KEY_SIZE || !g_utf8_validate_len(key, n, NULL))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)key[i] < 0x20 || key[i] == 0x7f)
            return false;
    memcpy(heard->key, key, n);
    memset(heard->key + n, 0, GEO_HEARD_KEY_SIZE - n);
    return true;
}

bool geo_heard_set_place(GeoHeard *heard, double lon, double lat)
{
    bool valid = geo_coord_valid((GeoLonLat){lon, lat});
    heard->fix.lon = valid ? lon : NAN;
    heard->fix.lat = valid ? lat : NAN;
    return valid;
}

/* Too large for a float is as unknown as a negative number. */
static float known(double number, double most)
{
    return number >= 0 && number <= most ? (float)number : NAN;
}

void geo_heard_set_motion(GeoHeard *heard, double speed_mps, double heading_deg, double accuracy_m)
{
    heard->fix.speed_mps = known(speed_mps, 1e6);
    float heading = known(heading_deg, 360);
    if (heading >= 360)
        heading = 0;
    heard->fix.heading_deg = heading == 0 && speed_mps == 0 ? NAN : heading;
    heard->fix.accuracy_m = known(accuracy_m, 1e9);
}

void geo_heard_set_time(GeoHeard *heard, int64_t at_ms)
{
    heard->fix.at_ms = at_ms;
    heard->flags =
        at_ms == 0 ? heard->flags | GEO_HEARD_UNTIMED : heard->flags & ~GEO_HEARD_UNTIMED;
}

GeoHeardResult geo_heard_append(GArray *heard, const GeoHeard *one, GeoHeardTally *tally)
{
    bool sos = one->flags & GEO_HEARD_SOS, placed = !isnan(one->fix.lon);
    if (one->key[0] == '\0')
        return GEO_HEARD_NO_KEY;
    if (!sos && !placed)
        return GEO_HEARD_NO_PLACE;
    if (!sos && (one->flags & GEO_HEARD_UNTIMED))
        return GEO_HEARD_NO_TIME;
    g_array_append_vals(heard, one, 1);
    GeoHeard *kept = &g_array_index(heard, GeoHeard, heard->len - 1);
    if (!placed || (one->flags & GEO_HEARD_UNTIMED))
        kept->flags &= ~(uint32_t)GEO_HEARD_VALID;
    tally->heard++;
    tally->invalid += !(kept->flags & GEO_HEARD_VALID);
    return GEO_HEARD_FINE;
}
