/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/language.h"

#include <glib.h>
#include <locale.h>
#include <stdbool.h>

#include "maps/paint/words.h"

/* Catalogues lie beside the build until they are installed. */
static const char *catalogue_dir(void)
{
    return g_file_test(GRIDBEAT_BUILD_LOCALE, G_FILE_TEST_IS_DIR) ? GRIDBEAT_BUILD_LOCALE
                                                                  : GRIDBEAT_LOCALE;
}

const char *app_language_set(const char *lang)
{
    /* Catalogues are looked up only in a locale other than "C"; which one hardly matters, as
     * LANGUAGE names the catalogue. C.UTF-8 is on every Debian. */
    static const char *const locales[] = {"zh_CN.UTF-8", "C.UTF-8", "en_US.UTF-8"};
    /* Not setlocale()'s answer: that is "C" where the locale that was asked for is not installed.
     */
    bool chinese = g_str_has_prefix(lang ? lang : g_get_language_names()[0], "zh");
    bindtextdomain(MAPS_WORDS_DOMAIN, catalogue_dir());
    bind_textdomain_codeset(MAPS_WORDS_DOMAIN, "UTF-8");
    if (lang || chinese)
        g_setenv("LANGUAGE", chinese ? "zh_CN" : "en", TRUE);
    for (gsize i = 0; chinese && i < G_N_ELEMENTS(locales); i++)
        if (setlocale(LC_MESSAGES, locales[i]))
            break;
    return chinese ? "zh-cn" : "en";
}
