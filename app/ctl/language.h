/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The language of the words that people read, of the whole process. */

/* "en" or "zh"; NULL: as the locale says. Returns the tag for glyph forms, "en" or "zh-cn". Works
 * without a Chinese locale installed. Call before any word is fetched. */
const char *app_language_set(const char *lang);
