/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/args.h"

#include <math.h>
#include <string.h>

#include "app/ctl/command.h"

struct AppArgs {
    GPtrArray *places;   /* char *, owned */
    GHashTable *options; /* char * -> char *, owned; "" for a switch */
};

const AppOption app_common_options[] = {
    {"json", NULL, "print one JSON object"},
    {"any-filesystem", NULL, "write on a network file system all the same"},
    {"help", NULL, "say this and stop"},
    {NULL, NULL, NULL},
};

static const AppOption *find_option(const AppOption *options, const char *name)
{
    for (const AppOption *option = app_common_options; option->name; option++)
        if (!strcmp(option->name, name))
            return option;
    for (const AppOption *option = options; option && option->name; option++)
        if (!strcmp(option->name, name))
            return option;
    return NULL;
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0' && !g_ascii_isdigit(word[1]) && word[1] != '.';
}

/* Takes the option at argv[*i], and its value from behind "=" or from the next word. */
static bool take_option(AppArgs *args, const AppOption *options, int argc, char **argv, int *i,
                        GError **error)
{
    const char *word = argv[*i] + strspn(argv[*i], "-");
    const char *equals = strchr(word, '=');
    g_autofree char *name = equals ? g_strndup(word, (gsize)(equals - word)) : g_strdup(word);
    const AppOption *option = find_option(options, name);
    if (!option) {
        g_set_error(error, APP_USAGE, 0, "unknown option '%s'; see --help", argv[*i]);
        return false;
    }
    const char *value = equals ? equals + 1 : "";
    if (option->value && !equals) {
        if (*i + 1 >= argc) {
            g_set_error(error, APP_USAGE, 0, "option '%s' needs a value (%s)", argv[*i],
                        option->value);
            return false;
        }
        value = argv[++*i];
    } else if (!option->value && equals) {
        g_set_error(error, APP_USAGE, 0, "option '--%s' takes no value", name);
        return false;
    }
    g_hash_table_replace(args->options, g_steal_pointer(&name), g_strdup(value));
    return true;
}

AppArgs *app_args_parse(const AppOption *options, int argc, char **argv, GError **error)
{
    g_autoptr(AppArgs) args = g_new0(AppArgs, 1);
    args->places = g_ptr_array_new_with_free_func(g_free);
    args->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    bool only_places = false;
    for (int i = 0; i < argc; i++) {
        if (!only_places && !strcmp(argv[i], "--"))
            only_places = true;
        else if (only_places || !is_option(argv[i]))
            g_ptr_array_add(args->places, g_strdup(argv[i]));
        else if (!take_option(args, options, argc, argv, &i, error))
            return NULL;
    }
    return g_steal_pointer(&args);
}

void app_args_free(AppArgs *args)
{
    if (!args)
        return;
    g_ptr_array_unref(args->places);
    g_hash_table_unref(args->options);
    g_free(args);
}

unsigned app_args_n(const AppArgs *args)
{
    return args->places->len;
}

const char *app_args_place(const AppArgs *args, unsigned i)
{
    return i < args->places->len ? g_ptr_array_index(args->places, i) : NULL;
}

bool app_args_has(const AppArgs *args, const char *option)
{
    return g_hash_table_contains(args->options, option);
}

const char *app_args_value(const AppArgs *args, const char *option, const char *otherwise)
{
    const char *value = g_hash_table_lookup(args->options, option);
    return value ? value : otherwise;
}

/* A Chinese keyboard writes digits, points and signs of full width. The caller's. */
static char *dup_plain(const char *word)
{
    char *plain = g_utf8_normalize(word, -1, G_NORMALIZE_ALL_COMPOSE);
    return plain ? plain : g_strdup(word);
}

static bool parse_number(const char *word, const char *what, double *value, GError **error)
{
    char *end;
    g_autofree char *plain = dup_plain(word);
    double number = g_ascii_strtod(plain, &end);
    if (end == plain || *end != '\0' || !isfinite(number)) {
        g_set_error(error, APP_USAGE, 0, "%s '%s' is not a number", what, word);
        return false;
    }
    *value = number;
    return true;
}

bool app_args_place_number(const AppArgs *args, unsigned i, const char *what, double *value,
                           GError **error)
{
    const char *word = app_args_place(args, i);
    if (!word) {
        g_set_error(error, APP_USAGE, 0, "%s is missing", what);
        return false;
    }
    return parse_number(word, what, value, error);
}

/* As it is typed: "-k", "--minutes". */
static const char *dashes(const char *option)
{
    return option[1] ? "--" : "-";
}

bool app_args_number(const AppArgs *args, const char *option, double *value, GError **error)
{
    const char *word = app_args_value(args, option, NULL);
    g_autofree char *what = g_strconcat(dashes(option), option, NULL);
    return !word || parse_number(word, what, value, error);
}

bool app_args_integer(const AppArgs *args, const char *option, gint64 min, gint64 max,
                      gint64 *value, GError **error)
{
    const char *word = app_args_value(args, option, NULL);
    gint64 number;
    if (!word)
        return true;
    g_autofree char *plain = dup_plain(word);
    if (!g_ascii_string_to_signed(plain, 10, min, max, &number, NULL)) {
        g_set_error(error, APP_USAGE, 0,
                    "%s%s '%s' is not a whole number from %" G_GINT64_FORMAT
                    " to %" G_GINT64_FORMAT,
                    dashes(option), option, word, min, max);
        return false;
    }
    *value = number;
    return true;
}
