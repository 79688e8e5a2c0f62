/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What failing cameras cost, read from the words of `coverage` and said to people and programs. */
#include <json-glib/json-glib.h>

#include "app/ctl/args.h"
#include "app/ctl/sightline.h"
#include "geo/work/outage.h"

typedef struct {
    bool asked; /* one of --without, --without-owner and --top is there */
    char **codes;
    GeoOutageOptions options; /* borrows codes */
} AppOutageWords;

/* --without, --without-owner and --top. */
bool app_outage_read(const AppArgs *args, AppOutageWords *words, GError **error);
void app_outage_clear(AppOutageWords *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AppOutageWords, app_outage_clear)

void app_outage_print(const GeoOutage *outage, const AppSightline *line);

/* The member "outage" of an open object. */
void app_outage_report(JsonBuilder *report, const GeoOutage *outage);
