/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <CGAL/Arr_naive_point_location.h>
#include <CGAL/Arr_segment_traits_2.h>
#include <CGAL/Arrangement_2.h>
#include <CGAL/Exact_predicates_exact_constructions_kernel.h>
#include <CGAL/Triangular_expansion_visibility_2.h>
#include <CGAL/version.h>

#include <vector>

#include "tests/bench/peers.h"

typedef CGAL::Exact_predicates_exact_constructions_kernel Kernel;
typedef CGAL::Arr_segment_traits_2<Kernel> Traits;
typedef CGAL::Arrangement_2<Traits> Arrangement;
typedef CGAL::Triangular_expansion_visibility_2<Arrangement> Visibility;

size_t peer_cgal_view(const double *edges, size_t n, double eye_x, double eye_y, double range_m)
{
    typedef Kernel::Point_2 Point;
    std::vector<Kernel::Segment_2> segments;
    for (size_t i = 0; i < n; i++, edges += 4)
        segments.push_back(Kernel::Segment_2(Point(edges[0], edges[1]), Point(edges[2], edges[3])));
    double west = eye_x - range_m, east = eye_x + range_m;
    double south = eye_y - range_m, north = eye_y + range_m;
    Point corner[4] = {Point(west, south), Point(east, south), Point(east, north),
                       Point(west, north)};
    for (int i = 0; i < 4; i++)
        segments.push_back(Kernel::Segment_2(corner[i], corner[(i + 1) % 4]));
    Arrangement walls, seen;
    CGAL::insert(walls, segments.begin(), segments.end());
    Visibility visibility(walls);
    CGAL::Arr_naive_point_location<Arrangement> places(walls);
    Point eye(eye_x, eye_y);
    auto place = places.locate(eye);
    const Arrangement::Face_const_handle *face = boost::get<Arrangement::Face_const_handle>(&place);
    if (!face)
        return 0;
    visibility.compute_visibility(eye, *face, seen);
    return seen.number_of_vertices();
}

const char *peer_cgal_version(void)
{
    return "CGAL " CGAL_VERSION_STR;
}
