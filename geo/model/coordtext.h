/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A place in figures as people write it: "117.28, 31.86", "N31.86 E117.28", "31°51'36\"N
 * 117°16'48\"E", "31 51 36 N, 117 16 48 E", "东经117度16分48秒 北纬31.86". The forms of ISO 6709's
 * annex D and of Chinese surveying; no datum is read here. */
#include <stdbool.h>

typedef struct {
    double first, second; /* degrees; where axes is true the longitude is first */
    bool axes;            /* letters said which is which */
    bool plain;           /* two whole numbers without a mark: hardly a place by themselves */
} GeoCoordText;

/* Case and full-width forms do not matter. False where the text holds anything else, or minutes
 * and seconds that are none; latitudes beyond 90 are not looked at. read is then not touched. */
bool geo_coordtext_read(const char *text, GeoCoordText *read);
