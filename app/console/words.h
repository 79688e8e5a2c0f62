/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Numbers and states of the model as the window says them. dup: the caller frees. */
#include "app/session/here.h"
#include "app/session/now.h"

char *app_words_dup_span(double seconds);  /* "1:24", "1:02:03"; "–" when it is not known */
char *app_words_dup_age(double seconds);   /* "3 s", "4 min", "2 h"; "never" */
char *app_words_dup_metres(double metres); /* "395 m", "1.2 km" */
char *app_words_dup_count(int64_t n);      /* "18,397" */
char *app_words_dup_area(double m2);       /* "4,543 m²" */
char *app_words_dup_time(int64_t at_ms, const char *zone); /* "23:14:05" */
char *app_words_dup_day(int64_t at_ms, const char *zone);  /* "21 Nov 23:14" */
char *app_words_dup_share(double share);                   /* "37.9 %"; "–" */

const char *app_words_unit_kind(int kind);
const char *app_words_status(int status);
const char *app_words_age_class(int kind, double age_s);
const char *app_words_incident_state(int state);
const char *app_words_owner(int owner);
const char *app_words_camera_state(int state);
const char *app_words_lens(int lens);
const char *app_words_class(int class);
const char *app_words_nolook(int class);
const char *app_words_level(const char *level); /* one that is not ours is returned as it is */
const char *app_words_left(GeoLeft left);
const char *app_words_duty(int state); /* GeoDutyState */
const char *app_words_duty_by(int by); /* "by roster"; "" where there is nothing to say */
