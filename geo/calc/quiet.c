/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/quiet.h"

#include <math.h>

double geo_quiet_tail(uint32_t n, uint32_t k, double p)
{
    if (k == 0 || p >= 1)
        return 1;
    if (k > n || p <= 0)
        return 0;
    double sum = 0, log_p = log(p), log_q = log1p(-p);
    for (uint32_t i = n; i + 1 > k; i--) { /* the smallest terms first */
        double log_term =
            lgamma(n + 1.0) - lgamma(i + 1.0) - lgamma(n - i + 1.0) + i * log_p + (n - i) * log_q;
        sum += exp(log_term);
        if (i == 0)
            break;
    }
    return fmin(sum, 1);
}

void geo_quiet_judge(GeoQuietArea *areas, size_t n, double usual_share)
{
    double p = fmin(fmax(isnan(usual_share) ? 0 : usual_share, GEO_QUIET_LEAST_SHARE), 0.5);
    for (size_t i = 0; i < n; i++) {
        GeoQuietArea *area = &areas[i];
        bool enough = area->on_duty >= GEO_QUIET_LEAST;
        area->chance = geo_quiet_tail(area->on_duty, area->silent, p);
        bool begins = enough && area->chance < GEO_QUIET_CHANCE &&
                      area->silent > GEO_QUIET_END_SHARE * area->on_duty;
        bool goes_on = area->alarm && enough && area->silent > GEO_QUIET_END_SHARE * area->on_duty;
        area->alarm = begins || goes_on;
    }
}
