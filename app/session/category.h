/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The demo city's categories of incidents in the reader's language. */

/* A category that is not ours is returned as it is. NULL gives NULL. */
const char *app_category_words(const char *category);
