/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/status.h"

/* A unit on its fixed post may be sent: the desk sees the post and decides. A cleared unit is free
 * before it has typed its result; an escort or a unit on a break is not. */
static const GeoStatusFlags flags[GEO_N_STATUSES] = {
    [GEO_STATUS_OFF] = {false, false, false},       [GEO_STATUS_AVAILABLE] = {true, false, true},
    [GEO_STATUS_FIXED_POST] = {true, false, true},  [GEO_STATUS_RESERVED] = {false, false, true},
    [GEO_STATUS_DISPATCHED] = {false, false, true}, [GEO_STATUS_ACCEPTED] = {false, false, true},
    [GEO_STATUS_EN_ROUTE] = {false, false, true},   [GEO_STATUS_ON_SCENE] = {false, true, true},
    [GEO_STATUS_HANDLING] = {false, true, true},    [GEO_STATUS_ESCORT] = {false, true, true},
    [GEO_STATUS_CLEARED] = {true, false, true},     [GEO_STATUS_BREAK] = {false, false, true},
    [GEO_STATUS_BUSY] = {false, false, true},       [GEO_STATUS_OUT] = {false, false, false},
    [GEO_STATUS_SOS] = {false, false, true},
};

GeoStatusFlags geo_status_flags(GeoUnitStatus status)
{
    /* A status of a newer city counts as busy: never send whom we do not understand. */
    if ((int)status < 0 || status >= GEO_N_STATUSES)
        return (GeoStatusFlags){false, false, true};
    return flags[status];
}
