/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/error.h"

GQuark geo_error_quark(void)
{
    return g_quark_from_static_string("geo-error-quark");
}
