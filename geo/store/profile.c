/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/profile.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "geo/model/error.h"
#include "geo/store/datadir.h"

#define MAX_PROFILE_BYTES (1 << 20)

struct GeoProfile {
    char *name;
    GKeyFile *keys;
    GHashTable *columns; /* our field -> GStrv, owned */
    GHashTable *values;  /* our field -> GHashTable of their value -> our word, owned */
    GHashTable *texts;   /* "key" of [profile] and "fill:field" -> text, owned */
};

static void read_group(GeoProfile *profile, const char *group, const char *prefix)
{
    g_auto(GStrv) keys = g_key_file_get_keys(profile->keys, group, NULL, NULL);
    for (size_t i = 0; keys && keys[i]; i++)
        g_hash_table_insert(profile->texts, g_strconcat(prefix, keys[i], NULL),
                            g_key_file_get_string(profile->keys, group, keys[i], NULL));
}

static void read_columns(GeoProfile *profile)
{
    g_auto(GStrv) fields = g_key_file_get_keys(profile->keys, "columns", NULL, NULL);
    for (size_t i = 0; fields && fields[i]; i++) {
        GStrv columns = g_key_file_get_string_list(profile->keys, "columns", fields[i], NULL, NULL);
        if (columns)
            g_hash_table_insert(profile->columns, g_strdup(fields[i]), columns);
    }
}

/* "[value owner]" lists pairs "their words=our word"; GKeyFile keys may hold neither '=' nor
 * brackets, which no value list here needs. */
static void read_values(GeoProfile *profile)
{
    g_auto(GStrv) groups = g_key_file_get_groups(profile->keys, NULL);
    for (size_t i = 0; groups[i]; i++) {
        if (!g_str_has_prefix(groups[i], "value "))
            continue;
        GHashTable *map = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_auto(GStrv) keys = g_key_file_get_keys(profile->keys, groups[i], NULL, NULL);
        for (size_t k = 0; keys && keys[k]; k++)
            g_hash_table_insert(map, g_strdup(keys[k]),
                                g_key_file_get_string(profile->keys, groups[i], keys[k], NULL));
        g_hash_table_insert(profile->values, g_strdup(groups[i] + strlen("value ")), map);
    }
}

GeoProfile *geo_profile_parse(const char *name, const char *text, size_t n, GError **error)
{
    g_autoptr(GeoProfile) profile = g_new0(GeoProfile, 1);
    profile->name = g_strdup(name);
    profile->keys = g_key_file_new();
    profile->columns =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
    profile->values =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
    profile->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GError) bad = NULL;
    if (n > MAX_PROFILE_BYTES || !g_utf8_validate(text, (gssize)n, NULL) ||
        !g_key_file_load_from_data(profile->keys, text, n, G_KEY_FILE_NONE, &bad)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "profile '%s' cannot be read: %s", name,
                    bad ? bad->message : "not a small UTF-8 text");
        return NULL;
    }
    read_group(profile, "profile", "");
    read_group(profile, "fill", "fill:");
    read_columns(profile);
    read_values(profile);
    if (!geo_profile_text(profile, "kind")) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "profile '%s' does not say its kind", name);
        return NULL;
    }
    return g_steal_pointer(&profile);
}

static GeoProfile *load_path(const char *name, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize n;
    g_autoptr(GError) bad = NULL;
    GStatBuf about;
    /* a device has no end: it would be read until memory is full */
    if (!g_stat(path, &about) && (!S_ISREG(about.st_mode) || about.st_size > MAX_PROFILE_BYTES)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "cannot read profile '%s': it is %s", path,
                    S_ISREG(about.st_mode) ? "larger than 1 MB" : "no regular file");
        return NULL;
    }
    if (!g_file_get_contents(path, &text, &n, &bad)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "cannot read profile: %s", bad->message);
        return NULL;
    }
    return geo_profile_parse(name, text, n, error);
}

GeoProfile *geo_profile_load(const char *name, GError **error)
{
    if (strchr(name, '/') || g_str_has_suffix(name, ".profile"))
        return load_path(name, name, error);
    g_autofree char *file = g_strdup_printf("profiles/%s.profile", name);
    g_autofree char *path = geo_datadir_find(file);
    if (path)
        return load_path(name, path, error);
    g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                "there is no profile '%s' in the data folder; a path must hold a slash", name);
    return NULL;
}

void geo_profile_free(GeoProfile *profile)
{
    if (!profile)
        return;
    g_free(profile->name);
    g_key_file_unref(profile->keys);
    g_hash_table_unref(profile->columns);
    g_hash_table_unref(profile->values);
    g_hash_table_unref(profile->texts);
    g_free(profile);
}

/* How many of the columns that the profile asks for are there; -1 when one is missing. */
static int match(const GeoProfile *profile, const char *kind, const char *base,
                 const char *const *columns, size_t n)
{
    g_auto(GStrv) kinds = g_key_file_get_string_list(profile->keys, "profile", "kind", NULL, NULL);
    g_auto(GStrv) asked = g_key_file_get_string_list(profile->keys, "profile", "match", NULL, NULL);
    const char *file = geo_profile_text(profile, "file");
    if (!kinds || !g_strv_contains((const char *const *)kinds, kind) || (!asked && !file))
        return -1;
    if (file && !g_pattern_match_simple(file, base))
        return -1;
    int found = file && strcmp(file, "*") ? 1 : 0;
    for (size_t i = 0; asked && asked[i]; i++) {
        bool there = false;
        for (size_t k = 0; k < n && !there; k++)
            there = !strcmp(columns[k], asked[i]);
        if (!there)
            return -1;
        found++;
    }
    return found;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GeoProfile *geo_profile_find(const char *kind, const char *base, const char *const *columns,
                             size_t n)
{
    g_autofree char *folder = geo_datadir_find("profiles");
    GDir *dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
    if (!dir)
        return NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));)
        if (g_str_has_suffix(name, ".profile"))
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(".profile")));
    g_dir_close(dir);
    g_ptr_array_sort(names, compare_names);
    g_autoptr(GeoProfile) best = NULL;
    int best_found = -1;
    for (guint i = 0; i < names->len; i++) {
        g_autoptr(GeoProfile) profile = geo_profile_load(g_ptr_array_index(names, i), NULL);
        int found = profile ? match(profile, kind, base, columns, n) : -1;
        if (found <= best_found)
            continue;
        g_clear_pointer(&best, geo_profile_free);
        best = g_steal_pointer(&profile);
        best_found = found;
    }
    return g_steal_pointer(&best);
}

const char *geo_profile_name(const GeoProfile *profile)
{
    return profile->name;
}

const char *geo_profile_text(const GeoProfile *profile, const char *key)
{
    return g_hash_table_lookup(profile->texts, key);
}

const char *const *geo_profile_columns(const GeoProfile *profile, const char *field)
{
    return g_hash_table_lookup(profile->columns, field);
}

const char *geo_profile_value(const GeoProfile *profile, const char *field, const char *value)
{
    GHashTable *map = g_hash_table_lookup(profile->values, field);
    if (!map)
        return value;
    const char *word = g_hash_table_lookup(map, value);
    return word ? word : g_hash_table_lookup(map, "*");
}

const char *geo_profile_fill(const GeoProfile *profile, const char *field)
{
    char key[64];
    g_snprintf(key, sizeof key, "fill:%s", field);
    return g_hash_table_lookup(profile->texts, key);
}
