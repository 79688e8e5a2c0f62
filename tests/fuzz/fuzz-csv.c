/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <string.h>

#include "geo/store/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoCsv) csv = geo_csv_new(g_memdup2(bytes, n), n, &error);
    const char *const *fields;
    size_t n_fields, total = 0;
    gint64 line, last = 0;
    while (csv && geo_csv_next(csv, &fields, &n_fields, &line, &error) > 0) {
        g_assert(line > last);
        last = line;
        for (size_t i = 0; i < n_fields; i++)
            total += strlen(fields[i]);
        g_assert(fields[n_fields] == NULL);
    }
    g_assert(total <= n);
    return 0;
}
