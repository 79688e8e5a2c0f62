/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What bench-coverage is measured against, in C++ where its library is; which of them were built is
 * in HAVE_CGAL and HAVE_CLIPPER. */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* CGAL's Triangular_expansion_visibility_2 with the exact kernel over an arrangement of these edges
 * (four numbers each) and of the square of range_m around the eye; corners of what it sees. */
size_t peer_cgal_view(const double *edges, size_t n, double eye_x, double eye_y, double range_m);
const char *peer_cgal_version(void);

/* Clipper's non-zero union of polygons in centimetres: polygon i has points first[i] ..
 * first[i + 1] - 1 of xy. Square metres. */
double peer_clipper_union(const double *xy, const uint32_t *first, size_t n);
const char *peer_clipper_version(void);

#ifdef __cplusplus
}
#endif
