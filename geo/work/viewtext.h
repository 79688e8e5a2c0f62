/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What cameras look at, as sources write it in words. */
#include <stdbool.h>

/* A field of view in free text: "360도 전방면", "90도 정면", "130", "회전" (turning), "고정"
 * (fixed). fov_deg and lens (GeoLens) are touched when the text says them; false when it says
 * neither. A text that merely holds digits ("방범-2023-390-1") says nothing. */
bool geo_viewtext_field(const char *text, double *fov_deg, int *lens);

/* A direction: degrees ("175.0"), compass letters ("NNE", 16 or 8 winds), or a clockwise range
 * ("90-270": its middle, with the width as fov_deg). err_deg is half of what the form leaves open.
 * fov_deg is touched by a range only. Of several ("90;270") the first counts. */
bool geo_viewtext_direction(const char *text, double *heading_deg, double *err_deg,
                            double *fov_deg);

/* Pixels across: "1920x1080", "1080p", "4K", "720P"; 0 when it says nothing. */
int geo_viewtext_width_px(const char *text);
