/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a lens shows, and where on flat ground: fields, pixels on a metre, the blind zone under a
 * camera. Degrees and metres; height is the camera's over what is to be seen, tilt below the
 * horizon. After the pinhole model; wider fields than GEO_OPTICS_RECTILINEAR_DEG are taken for
 * equidistant fisheyes. All are O(1), and NAN in gives NAN out. */

/* No lens draws straight lines over a field as wide as this. */
#define GEO_OPTICS_RECTILINEAR_DEG 150.0

/* The field across a sensor of that width behind that focal length, and back. */
double geo_optics_field_deg(double focal_mm, double sensor_mm);
double geo_optics_focal_mm(double field_deg, double sensor_mm);

/* The field from top to bottom of a picture that is so much wider than high. */
double geo_optics_vertical_deg(double field_deg, double aspect);

/* Metres across the picture, one metre in front: along the axis, of a fisheye along the ray. */
double geo_optics_picture_m(double field_deg);

/* Pixels on a metre that stands across the view at that depth along the axis, and the depth at
 * which they are that few. */
double geo_optics_px_per_m(double width_px, double field_deg, double depth_m);
double geo_optics_depth_m(double width_px, double field_deg, double px_per_m);

/* Depth along the axis of a place on the ground so far ahead, and the place of that depth: a
 * straight line across the heading, wherever to the side. Unknown height or tilt: as if level. */
double geo_optics_depth_of_ground_m(double ahead_m, double height_m, double tilt_deg);
double geo_optics_ground_of_depth_m(double depth_m, double height_m, double tilt_deg);

/* How far ahead the ground enters the picture at its lower edge, and leaves it at its upper one:
 * INFINITY when that looks over the horizon. */
double geo_optics_near_m(double height_m, double tilt_deg, double vertical_deg);
double geo_optics_far_m(double height_m, double tilt_deg, double vertical_deg);
