/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One picture of a window, for README, tests and terminals. */
#include "app/console/window.h"

/* The window as it is now, at its size in device px. */
bool app_once_save(AppWindow *window, const char *file, GError **error);
