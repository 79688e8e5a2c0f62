/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/csv.h"

#include <string.h>

#include "geo/model/error.h"

#define MAX_COLUMNS 2000
#define MAX_FIELD_BYTES (1 << 20)

struct GeoCsv {
    char *text;   /* owned */
    size_t n, at; /* at: where the next record begins */
    size_t body;  /* where the first record after the header begins */
    gint64 line;  /* of at */
    gint64 body_line;
    char separator;
    GString *record;    /* the fields of the current record, NUL after each */
    GArray *offsets;    /* size_t into record */
    GPtrArray *fields;  /* const char *, into record; NULL-terminated */
    GPtrArray *columns; /* char *, owned; NULL-terminated */
};

/* The separator that parts the first line most, outside quotes. */
static char find_separator(const char *text, size_t n)
{
    static const char candidates[] = ",;\t|";
    size_t counts[sizeof candidates - 1] = {0};
    bool quoted = false;
    for (size_t i = 0; i < n && (quoted || text[i] != '\n'); i++) {
        if (text[i] == '"')
            quoted = !quoted;
        const char *found = quoted || text[i] == '\0' ? NULL : strchr(candidates, text[i]);
        if (found)
            counts[found - candidates]++;
    }
    size_t best = 0;
    for (size_t i = 1; i < G_N_ELEMENTS(counts); i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

static void end_field(GeoCsv *csv, size_t *begin)
{
    g_string_append_c(csv->record, '\0');
    g_array_append_val(csv->offsets, *begin);
    *begin = csv->record->len;
}

/* Takes a quoted field from behind its opening quote; false when it never closes. */
static bool take_quoted(GeoCsv *csv, size_t *i)
{
    while (*i < csv->n) {
        char c = csv->text[(*i)++];
        if (c == '\n')
            csv->line++;
        if (c != '"') {
            g_string_append_c(csv->record, c);
        } else if (*i < csv->n && csv->text[*i] == '"') {
            g_string_append_c(csv->record, '"');
            (*i)++;
        } else {
            return true;
        }
    }
    return false;
}

/* One record into record and offsets. */
static bool take_record(GeoCsv *csv, GError **error)
{
    gint64 first_line = csv->line;
    size_t i = csv->at, begin = 0;
    g_string_truncate(csv->record, 0);
    g_array_set_size(csv->offsets, 0);
    bool fresh = true; /* at the beginning of a field */
    while (i < csv->n && csv->text[i] != '\n') {
        char c = csv->text[i++];
        if (c == '"' && fresh) {
            if (!take_quoted(csv, &i)) {
                g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                            "line %" G_GINT64_FORMAT ": a quote opens here and never closes",
                            first_line);
                return false;
            }
            fresh = false;
        } else if (c == csv->separator) {
            end_field(csv, &begin);
            fresh = true;
        } else if (c != '\r' || (i < csv->n && csv->text[i] != '\n')) {
            g_string_append_c(csv->record, c);
            fresh = false;
        }
        if (csv->record->len - begin > MAX_FIELD_BYTES || csv->offsets->len > MAX_COLUMNS) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "line %" G_GINT64_FORMAT ": a field over 1 MB or over %d columns",
                        first_line, MAX_COLUMNS);
            return false;
        }
    }
    end_field(csv, &begin);
    csv->at = i < csv->n ? i + 1 : csv->n;
    csv->line++;
    return true;
}

static void set_fields(GeoCsv *csv)
{
    g_ptr_array_set_size(csv->fields, 0);
    for (guint k = 0; k < csv->offsets->len; k++)
        g_ptr_array_add(csv->fields, csv->record->str + g_array_index(csv->offsets, size_t, k));
    g_ptr_array_add(csv->fields, NULL);
}

static bool is_blank(const GeoCsv *csv)
{
    return csv->offsets->len == 1 && csv->record->len == 1;
}

GeoCsv *geo_csv_new(char *text, size_t n, GError **error)
{
    g_autoptr(GeoCsv) csv = g_new0(GeoCsv, 1);
    csv->text = text;
    csv->n = n;
    csv->line = 1;
    csv->record = g_string_new(NULL);
    csv->offsets = g_array_new(FALSE, FALSE, sizeof(size_t));
    csv->fields = g_ptr_array_new();
    csv->columns = g_ptr_array_new_with_free_func(g_free);
    csv->separator = find_separator(text, n);
    if (n > 0 && memchr(text, '\0', n)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "holds zero bytes, which no text does");
        return NULL;
    }
    do {
        if (csv->at >= csv->n) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "is empty: no header line");
            return NULL;
        }
        if (!take_record(csv, error))
            return NULL;
    } while (is_blank(csv));
    set_fields(csv);
    for (guint k = 0; k + 1 < csv->fields->len; k++)
        g_ptr_array_add(csv->columns, g_strstrip(g_strdup(g_ptr_array_index(csv->fields, k))));
    g_ptr_array_add(csv->columns, NULL);
    csv->body = csv->at;
    csv->body_line = csv->line;
    return g_steal_pointer(&csv);
}

void geo_csv_free(GeoCsv *csv)
{
    if (!csv)
        return;
    g_free(csv->text);
    g_string_free(csv->record, TRUE);
    g_array_unref(csv->offsets);
    g_ptr_array_unref(csv->fields);
    g_ptr_array_unref(csv->columns);
    g_free(csv);
}

const char *const *geo_csv_columns(const GeoCsv *csv, size_t *n)
{
    *n = csv->columns->len - 1;
    return (const char *const *)csv->columns->pdata;
}

int geo_csv_next(GeoCsv *csv, const char *const **fields, size_t *n, gint64 *line, GError **error)
{
    do {
        if (csv->at >= csv->n)
            return 0;
        *line = csv->line;
        if (!take_record(csv, error))
            return -1;
    } while (is_blank(csv));
    set_fields(csv);
    *fields = (const char *const *)csv->fields->pdata;
    *n = csv->fields->len - 1;
    return 1;
}

void geo_csv_rewind(GeoCsv *csv)
{
    csv->at = csv->body;
    csv->line = csv->body_line;
}

double geo_csv_share(const GeoCsv *csv)
{
    return csv->n > 0 ? (double)csv->at / (double)csv->n : 1;
}
