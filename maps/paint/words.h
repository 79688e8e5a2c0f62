/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Words that people read, in the language of the process. */
#include <libintl.h>

#define MAPS_WORDS_DOMAIN "gridbeat"
#define _(text) dgettext(MAPS_WORDS_DOMAIN, text)
#define N_(text) text
