/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/category.h"

#include <glib.h>

#include "maps/paint/words.h"

static const struct {
    const char *category, *words;
} known[] = {
    {"入室盗窃", N_("Burglary")},        {"入室抢劫", N_("Home robbery")},
    {"撬盗机动车", N_("Vehicle theft")}, {"盗窃电动车", N_("E-bike theft")},
    {"扒窃", N_("Pickpocketing")},       {"纠纷", N_("Dispute")},
    {"打架斗殴", N_("Fight")},           {"噪音扰民", N_("Noise")},
    {"求助", N_("Call for help")},       {"交通事故", N_("Traffic accident")},
    {"走失", N_("Missing person")},      {"可疑情况", N_("Suspicious matter")},
    {"占道堵塞", N_("Road blocked")},
};

const char *app_category_words(const char *category)
{
    for (gsize i = 0; category && i < G_N_ELEMENTS(known); i++)
        if (g_str_equal(category, known[i].category))
            return _(known[i].words);
    return category;
}
