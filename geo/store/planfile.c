/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/planfile.h"

#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/csv.h"
#include "geo/store/datadir.h"
#include "geo/store/encoding.h"
#include "geo/store/servicefile.h"

#define SHIPPED "plans/plans.csv"
#define MOST_SAID 5

typedef enum {
    COLUMN_WHAT,
    COLUMN_PLAN,
    COLUMN_WORDS,
    COLUMN_FORCE,
    COLUMN_SKILLS,
    COLUMN_NUMBER,
    COLUMN_FROM,
    COLUMN_RADIUS,
    COLUMN_PRIORITY,
    COLUMN_MINUTES,
    COLUMN_NAME,
    COLUMN_NAME_ZH,
    N_COLUMNS
} Column;

static const char *const column_words[] = {"what",     "plan",    "words", "force",
                                           "skills",   "number",  "from",  "radius_m",
                                           "priority", "minutes", "name",  "name_zh"};

typedef struct {
    GeoPlanbook *book;
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

/* An empty field is what it is otherwise. */
static bool read_number(const Reader *reader, Column column, double otherwise, double *number,
                        GError **error)
{
    const char *text = field(reader, column);
    char *end;
    *number = *text ? g_ascii_strtod(text, &end) : otherwise;
    if (!*text || (end != text && !*end && isfinite(*number)))
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "%s '%s' is not a number: write digits alone",
                column_words[column], text);
    return false;
}

static bool read_whole(const Reader *reader, Column column, int otherwise, int *number,
                       GError **error)
{
    double value;
    if (!read_number(reader, column, otherwise, &value, error))
        return false;
    if (value != floor(value) || fabs(value) > 1e6) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "%s '%s' is not a whole number: write digits alone", column_words[column],
                    field(reader, column));
        return false;
    }
    *number = (int)value;
    return true;
}

static bool read_need(const Reader *reader, GError **error)
{
    GeoPlanbookNeed need = {0};
    const char *from = field(reader, COLUMN_FROM);
    if (!read_whole(reader, COLUMN_NUMBER, 1, &need.number, error) ||
        !read_number(reader, COLUMN_RADIUS, INFINITY, &need.radius_m, error) ||
        !read_whole(reader, COLUMN_PRIORITY, 4, &need.priority, error))
        return false;
    need.township = !strcmp(from, "township");
    if (*from && !need.township) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "from '%s' is not known: write township, or nothing for anywhere", from);
        return false;
    }
    return geo_planbook_add_need(reader->book, field(reader, COLUMN_PLAN),
                                 field(reader, COLUMN_FORCE), field(reader, COLUMN_SKILLS), &need,
                                 error);
}

static bool read_plan(const Reader *reader, const GeoPlanbookName *name, GError **error)
{
    double minutes;
    return read_number(reader, COLUMN_MINUTES, 0, &minutes, error) &&
           geo_planbook_add_plan(reader->book, name, field(reader, COLUMN_WORDS), minutes, error);
}

static bool read_row(const Reader *reader, GError **error)
{
    const char *what = field(reader, COLUMN_WHAT), *words = field(reader, COLUMN_WORDS);
    GeoPlanbookName name = {field(reader, COLUMN_PLAN), field(reader, COLUMN_NAME),
                            field(reader, COLUMN_NAME_ZH)};
    if (!strcmp(what, "force"))
        return geo_planbook_add_force(reader->book, field(reader, COLUMN_FORCE), words, error);
    if (!strcmp(what, "skill")) {
        name.code = field(reader, COLUMN_SKILLS);
        return geo_planbook_add_skill(reader->book, &name, words, error);
    }
    if (!strcmp(what, "plan"))
        return read_plan(reader, &name, error);
    if (!strcmp(what, "need"))
        return read_need(reader, error);
    if (!strcmp(what, "step"))
        return geo_planbook_add_step(reader->book, name.code, &name, error);
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "what '%s' is not known: write force, skill, plan, need or step", what);
    return false;
}

/* What is wrong with the rows, as one text; NULL: nothing. */
static char *read_rows(Reader *reader, GeoCsv *csv)
{
    g_autoptr(GString) wrong = g_string_new(NULL);
    g_autoptr(GError) bad = NULL;
    gint64 line = 1;
    guint n = 0;
    int more;
    if (!find_columns(reader, csv, &bad))
        return g_strdup_printf("line 1: %s", bad->message);
    while ((more = geo_csv_next(csv, &reader->fields, &reader->n_fields, &line, &bad)) > 0) {
        if (read_row(reader, &bad))
            continue;
        if (n++ < MOST_SAID)
            g_string_append_printf(wrong, "%sline %" G_GINT64_FORMAT ": %s", n > 1 ? "; " : "",
                                   line, bad->message);
        g_clear_error(&bad);
    }
    if (more < 0)
        return g_strdup(bad->message);
    if (n > MOST_SAID)
        g_string_append_printf(wrong, "; and %u more", n - MOST_SAID);
    if (n == 0 && !geo_planbook_check(reader->book, &bad))
        return g_strdup(bad->message);
    return n > 0 ? g_strdup(wrong->str) : NULL;
}

GeoPlanbook *geo_planfile_parse(const char *name, const char *text, size_t n, GError **error)
{
    size_t n_utf8 = 0;
    char *utf8 = geo_encoding_to_utf8(text, n, NULL, NULL, &n_utf8, error);
    g_autoptr(GeoCsv) csv = utf8 ? geo_csv_new(utf8, n_utf8, error) : NULL;
    if (!csv) {
        g_prefix_error(error, "cannot read '%s': ", name);
        return NULL;
    }
    g_autoptr(GeoPlanbook) book = geo_planbook_new();
    Reader reader = {.book = book};
    g_autofree char *wrong = read_rows(&reader, csv);
    if (!wrong)
        return g_steal_pointer(&book);
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "cannot read '%s', %s", name, wrong);
    return NULL;
}

char *geo_planfile_dup_text(const char *path, GError **error)
{
    return geo_servicefile_dup_text(path, error);
}

char *geo_planfile_dup_shipped(GError **error)
{
    g_autofree char *path = geo_datadir_find(SHIPPED);
    if (path)
        return geo_planfile_dup_text(path, error);
    g_set_error_literal(error, GEO_ERROR, GEO_ERROR_MISSING,
                        "the program's book of plans, " SHIPPED
                        ", is missing: install its data again");
    return NULL;
}
