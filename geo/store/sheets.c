/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/sheets.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <errno.h>
#include <gdal.h>
#include <glib/gstdio.h>
#include <math.h>
#include <ogr_api.h>
#include <unistd.h>

#include "geo/model/error.h"

typedef struct {
    char *name;
    char **columns;
    guint n_columns;
    GPtrArray *texts; /* a cell each; NULL: a number, or nothing */
    GArray *numbers;  /* a cell each; NAN: none */
} Sheet;

struct GeoSheets {
    GPtrArray *all; /* Sheet */
};

static void sheet_free(gpointer data)
{
    Sheet *sheet = data;
    g_free(sheet->name);
    g_strfreev(sheet->columns);
    g_ptr_array_unref(sheet->texts);
    g_array_unref(sheet->numbers);
    g_free(sheet);
}

GeoSheets *geo_sheets_new(void)
{
    GeoSheets *sheets = g_new0(GeoSheets, 1);
    sheets->all = g_ptr_array_new_with_free_func(sheet_free);
    return sheets;
}

void geo_sheets_free(GeoSheets *sheets)
{
    if (!sheets)
        return;
    g_ptr_array_unref(sheets->all);
    g_free(sheets);
}

void geo_sheets_add(GeoSheets *sheets, const char *name, const char *const *columns)
{
    Sheet *sheet = g_new0(Sheet, 1);
    sheet->name = g_strdup(name);
    sheet->columns = g_strdupv((char **)columns);
    sheet->n_columns = g_strv_length(sheet->columns);
    sheet->texts = g_ptr_array_new_with_free_func(g_free);
    sheet->numbers = g_array_new(FALSE, FALSE, sizeof(double));
    g_ptr_array_add(sheets->all, sheet);
}

static void add_cell(GeoSheets *sheets, const char *text, double number)
{
    g_return_if_fail(sheets->all->len > 0);
    Sheet *sheet = g_ptr_array_index(sheets->all, sheets->all->len - 1);
    g_ptr_array_add(sheet->texts, g_strdup(text));
    g_array_append_val(sheet->numbers, number);
}

void geo_sheets_text(GeoSheets *sheets, const char *text)
{
    add_cell(sheets, text, NAN);
}

void geo_sheets_number(GeoSheets *sheets, double number)
{
    add_cell(sheets, NULL, number);
}

/* ---- writing ---- */

static bool write_sheet(GDALDatasetH dataset, const Sheet *sheet)
{
    OGRLayerH layer = GDALDatasetCreateLayer(dataset, sheet->name, NULL, wkbNone, NULL);
    bool good = layer != NULL;
    for (guint i = 0; good && i < sheet->n_columns; i++) {
        bool number = sheet->columns[i][0] == '#';
        OGRFieldDefnH field =
            OGR_Fld_Create(sheet->columns[i] + number, number ? OFTReal : OFTString);
        good = OGR_L_CreateField(layer, field, TRUE) == OGRERR_NONE;
        OGR_Fld_Destroy(field);
    }
    for (guint cell = 0; good && cell + sheet->n_columns <= sheet->texts->len;
         cell += sheet->n_columns) {
        OGRFeatureH row = OGR_F_Create(OGR_L_GetLayerDefn(layer));
        for (guint i = 0; i < sheet->n_columns; i++) {
            const char *text = g_ptr_array_index(sheet->texts, cell + i);
            double number = g_array_index(sheet->numbers, double, cell + i);
            if (text)
                OGR_F_SetFieldString(row, (int)i, text);
            else if (isfinite(number))
                OGR_F_SetFieldDouble(row, (int)i, number);
        }
        good = OGR_L_CreateFeature(layer, row) == OGRERR_NONE;
        OGR_F_Destroy(row);
    }
    return good;
}

bool geo_sheets_write(const GeoSheets *sheets, const char *path, GError **error)
{
    /* GDAL takes the first .xlsx in a name for its end. */
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *part = g_strdup_printf("%s/.part-%d.xlsx", folder, (int)getpid());
    GDALAllRegister();
    GDALDriverH driver = GDALGetDriverByName("XLSX");
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLErrorReset();
    GDALDatasetH dataset = driver ? GDALCreate(driver, part, 0, 0, 0, GDT_Unknown, NULL) : NULL;
    bool good = dataset != NULL;
    for (guint i = 0; good && i < sheets->all->len; i++)
        good = write_sheet(dataset, g_ptr_array_index(sheets->all, i));
    if (dataset)
        GDALClose(dataset); /* writes the file */
    CPLPopErrorHandler();
    errno = 0;
    good = good && g_file_test(part, G_FILE_TEST_IS_REGULAR) && g_rename(part, path) == 0;
    if (!good) {
        const char *why = CPLGetLastErrorMsg();
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot write '%s': %s", path,
                    errno                ? g_strerror(errno)
                    : why && why[0] != 0 ? why
                                         : "the folder is not there or not to be written to");
        g_unlink(part);
    }
    return good;
}
