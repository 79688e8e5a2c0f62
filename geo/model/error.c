/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/error.h"

G_DEFINE_QUARK(geo - error - quark, geo_error)
