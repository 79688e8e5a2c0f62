/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <clipper.hpp>

#include "tests/bench/peers.h"

#include <cmath>

double peer_clipper_union(const double *xy, const uint32_t *first, size_t n)
{
    ClipperLib::Clipper clipper;
    ClipperLib::Path path;
    for (size_t i = 0; i < n; i++) {
        path.clear();
        for (uint32_t k = first[i]; k < first[i + 1]; k++)
            path.push_back(ClipperLib::IntPoint(std::llround(xy[2 * k] * 100),
                                                std::llround(xy[2 * k + 1] * 100)));
        clipper.AddPath(path, ClipperLib::ptSubject, true);
    }
    ClipperLib::Paths whole;
    clipper.Execute(ClipperLib::ctUnion, whole, ClipperLib::pftNonZero, ClipperLib::pftNonZero);
    double cm2 = 0;
    for (size_t i = 0; i < whole.size(); i++)
        cm2 += ClipperLib::Area(whole[i]);
    return cm2 / 1e4;
}

const char *peer_clipper_version(void)
{
    return "Clipper " CLIPPER_VERSION;
}
