/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Text in the column of a table: a Chinese character takes two places on a terminal and three
 * bytes, of which printf knows only the bytes. */

/* The width that printf has to be told so that text fills so many places; for printf's "%-*s":
 * printf("%-*s", APP_COLUMN(name, 16)). text is named twice and must not be NULL. */
#define APP_COLUMN(text, places) app_column_width(text, places), (text)
int app_column_width(const char *text, int places);

/* The text as one line without a terminal's commands, which callers and other systems may send:
 * blanks in their place. NULL of NULL. The caller's. */
char *app_column_dup_line(const char *text);
