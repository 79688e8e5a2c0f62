/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A playback: a clock of its own over a city's past, and what the city looked like at its moments.
 * Reads nothing itself: it asks the session for windows of tracks as they are needed. Belongs to
 * the main thread. */
#include "app/session/session.h"

#define APP_REPLAY_SPAN_MS (INT64_C(24) * 3600 * 1000) /* of incidents, and of the time bar */

typedef struct AppReplay AppReplay;

/* changed(user): something has come in, or failed with words (then said is not NULL). */
AppReplay *app_replay_new(AppSession *session, int64_t from_ms, int64_t to_ms,
                          void (*changed)(const char *said, gpointer user), gpointer user);
void app_replay_free(AppReplay *replay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppReplay, app_replay_free)

int64_t app_replay_at_ms(const AppReplay *replay);
void app_replay_seek(AppReplay *replay, int64_t at_ms); /* kept within the span */

/* Times the clock, negative: backwards; kept when it stops. */
double app_replay_speed(const AppReplay *replay);
void app_replay_set_speed(AppReplay *replay, double speed);
bool app_replay_plays(const AppReplay *replay);
void app_replay_play(AppReplay *replay, bool play);

/* The next slower or faster of 1, 2, 5, 10, 30, 60, 120, 300, 600. */
double app_replay_step_speed(double speed, int by);

/* Moves on by so much of the wall's time and asks for what comes; false while the tracks of the
 * moment are not there: then time stands. */
bool app_replay_advance(AppReplay *replay, int64_t elapsed_ms);

/* What there was at its moment; NULL while that is not known. The caller's. */
AppNow *app_replay_now(AppReplay *replay);
