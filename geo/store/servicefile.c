/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/servicefile.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "geo/model/error.h"
#include "geo/model/kind.h"
#include "geo/store/csv.h"
#include "geo/store/datadir.h"
#include "geo/store/encoding.h"

#define MAX_BYTES (4u << 20)
#define SHIPPED "services/services.csv"

typedef enum {
    COLUMN_WHAT,
    COLUMN_CODE,
    COLUMN_NAME,
    COLUMN_NAME_ZH,
    COLUMN_GROUP,
    COLUMN_DEPARTMENT,
    COLUMN_TIER,
    COLUMN_PRIORITY,
    COLUMN_ACCEPT,
    COLUMN_ARRIVE,
    COLUMN_REPORT,
    COLUMN_MEDIATION,
    COLUMN_WORDS,
    N_COLUMNS
} Column;

static const char *const column_words[] = {
    "what",     "code",       "name",       "name_zh",    "group",     "department", "tier",
    "priority", "accept_min", "arrive_min", "report_min", "mediation", "words",      NULL};

typedef struct {
    GeoServiceBook *book;
    const char *const *fields;
    size_t n_fields;
    size_t at[N_COLUMNS]; /* of the file's columns */
} Reader;

static const char *field(const Reader *reader, Column column)
{
    size_t at = reader->at[column];
    return at < reader->n_fields ? reader->fields[at] : "";
}

static bool find_columns(Reader *reader, const GeoCsv *csv, GError **error)
{
    size_t n;
    const char *const *names = geo_csv_columns(csv, &n);
    for (int column = 0; column < N_COLUMNS; column++) {
        size_t i = 0;
        while (i < n && strcmp(names[i], column_words[column]) != 0)
            i++;
        reader->at[column] = i;
        if (i == n) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "there is no column '%s': the first line must name it",
                        column_words[column]);
            return false;
        }
    }
    return true;
}

static bool read_number(const Reader *reader, Column column, int *number, GError **error)
{
    const char *text = field(reader, column);
    gint64 value = 0;
    if (!g_ascii_string_to_signed(text, 10, 0, INT32_MAX, &value, NULL)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "%s '%s' is not a whole number",
                    column_words[column], text);
        return false;
    }
    *number = (int)value;
    return true;
}

static bool unknown(const Reader *reader, Column column, const char *remedy, GError **error)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "%s '%s' is not known: %s", column_words[column],
                field(reader, column), remedy);
    return false;
}

static bool read_item(Reader *reader, GError **error)
{
    GeoServiceItem item = {.code = field(reader, COLUMN_CODE),
                           .name = field(reader, COLUMN_NAME),
                           .name_zh = field(reader, COLUMN_NAME_ZH)};
    const char *mediation = field(reader, COLUMN_MEDIATION);
    int department = geo_servicebook_department(reader->book, field(reader, COLUMN_DEPARTMENT));
    int group = geo_servicebook_group(reader->book, field(reader, COLUMN_GROUP));
    int tier = geo_kind_word(geo_level_words, field(reader, COLUMN_TIER));
    if (department < 0)
        return unknown(reader, COLUMN_DEPARTMENT, "list it above as a row of its own", error);
    if (group < 0)
        return unknown(reader, COLUMN_GROUP, "list it above as a row of its own", error);
    if (tier <= GEO_LEVEL_NONE)
        return unknown(reader, COLUMN_TIER, "write grid, community, street, district or city",
                       error);
    if (strcmp(mediation, "yes") != 0 && strcmp(mediation, "no") != 0)
        return unknown(reader, COLUMN_MEDIATION, "write yes or no", error);
    item.department = (uint32_t)department;
    item.group = (uint32_t)group;
    item.tier = (GeoLevel)tier;
    item.mediation = mediation[0] == 'y';
    return read_number(reader, COLUMN_PRIORITY, &item.priority, error) &&
           read_number(reader, COLUMN_ACCEPT, &item.accept_min, error) &&
           read_number(reader, COLUMN_ARRIVE, &item.arrive_min, error) &&
           read_number(reader, COLUMN_REPORT, &item.report_min, error) &&
           geo_servicebook_add_item(reader->book, &item, field(reader, COLUMN_WORDS), error);
}

static bool read_row(Reader *reader, GError **error)
{
    GeoServiceName name = {field(reader, COLUMN_CODE), field(reader, COLUMN_NAME),
                           field(reader, COLUMN_NAME_ZH)};
    const char *what = field(reader, COLUMN_WHAT);
    if (!strcmp(what, "department"))
        return geo_servicebook_add_department(reader->book, &name, error);
    if (!strcmp(what, "group"))
        return geo_servicebook_add_group(reader->book, &name, error);
    if (!strcmp(what, "item"))
        return read_item(reader, error);
    return unknown(reader, COLUMN_WHAT, "write department, group or item", error);
}

static bool read_rows(Reader *reader, GeoCsv *csv, const char *name, GError **error)
{
    gint64 line = 1;
    int more;
    if (!find_columns(reader, csv, error)) {
        g_prefix_error(error, "cannot read '%s', line 1: ", name);
        return false;
    }
    while ((more = geo_csv_next(csv, &reader->fields, &reader->n_fields, &line, error)) > 0) {
        if (read_row(reader, error))
            continue;
        g_prefix_error(error, "cannot read '%s', line %" G_GINT64_FORMAT ": ", name, line);
        return false;
    }
    if (more < 0) {
        g_prefix_error(error, "cannot read '%s': ", name);
        return false;
    }
    if (reader->book->items->len > 0)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "'%s' lists no item: give rows that begin with 'item'", name);
    return false;
}

GeoServiceBook *geo_servicefile_parse(const char *name, const char *text, size_t n, GError **error)
{
    size_t n_utf8 = 0;
    char *utf8 = geo_encoding_to_utf8(text, n, NULL, NULL, &n_utf8, error);
    g_autoptr(GeoCsv) csv = utf8 ? geo_csv_new(utf8, n_utf8, error) : NULL;
    if (!csv) {
        g_prefix_error(error, "cannot read '%s': ", name);
        return NULL;
    }
    g_autoptr(GeoServiceBook) book = geo_servicebook_new();
    Reader reader = {.book = book};
    return read_rows(&reader, csv, name, error) ? g_steal_pointer(&book) : NULL;
}

char *geo_servicefile_dup_text(const char *path, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize n;
    g_autoptr(GError) bad = NULL;
    GStatBuf about;
    /* a device has no end: it would be read until memory is full */
    if (!g_stat(path, &about) && (!S_ISREG(about.st_mode) || about.st_size > MAX_BYTES)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "cannot read '%s': it is %s", path,
                    S_ISREG(about.st_mode) ? "larger than 4 MB" : "no regular file");
        return NULL;
    }
    if (!g_file_get_contents(path, &bytes, &n, &bad)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "cannot read the list: %s", bad->message);
        return NULL;
    }
    size_t n_utf8;
    char *text = geo_encoding_to_utf8(bytes, n, NULL, NULL, &n_utf8, error);
    if (!text)
        g_prefix_error(error, "cannot read '%s': ", path);
    return text;
}

GeoServiceBook *geo_servicefile_shipped(GError **error)
{
    g_autofree char *path = geo_datadir_find(SHIPPED);
    g_autofree char *text = path ? geo_servicefile_dup_text(path, error) : NULL;
    if (text)
        return geo_servicefile_parse(SHIPPED, text, strlen(text), error);
    if (!path)
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_MISSING,
                            "the program's list of service items, " SHIPPED
                            ", is missing: install its data again");
    return NULL;
}
