/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/now.h"

#include "app/session/cast.h"
#include "app/session/trails.h"

AppNow *app_now_ref(AppNow *now)
{
    g_atomic_ref_count_inc(&now->refs);
    return now;
}

void app_now_unref(AppNow *now)
{
    if (!now || !g_atomic_ref_count_dec(&now->refs))
        return;
    g_free(now->units);
    g_free(now->who);
    g_free(now->queue);
    app_trails_unref(now->trails);
    g_string_chunk_free(now->text);
    app_cast_unref(now->cast);
    g_free(now);
}

const AppIncident *app_now_incident(const AppNow *now, int64_t id)
{
    for (size_t i = 0; now && i < now->n_queue; i++)
        if (now->queue[i].id == id)
            return &now->queue[i];
    return NULL;
}
