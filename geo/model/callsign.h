/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What people call units and incidents by: codes, radio numbers and ids, in the letters that their
 * keyboard writes. */
#include "geo/model/batch.h"

/* The word in capitals, without blanks around it, digits and dashes of full width as plain ones:
 * "ｃ－００２０" is C-0020. NULL where it is not UTF-8. The caller's. */
char *geo_callsign_dup_plain(const char *word);

/* The unit of that code; else the one unit of that id, radio number, or code in other letters.
 * GEO_ERROR_MISSING, or GEO_ERROR_DATA where several are called so. Borrowed. O(n). */
const GeoUnit *geo_callsign_find_unit(const GeoBatch *units, const char *word, GError **error);
