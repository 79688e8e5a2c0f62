/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* When a gate is open: "06:00-23:00", the one plain form of OpenStreetMap's opening_hours. */
#include <stdbool.h>
#include <stdint.h>

/* Minutes of the day; over midnight when close is less than open, all day when they are equal.
 * "24/7" and a leading "Mo-Su " are read too. false for any other text: days, seasons, several
 * spans. */
bool geo_hours_read(const char *text, uint16_t *open_min, uint16_t *close_min);
