/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real city's figures, from the data beside the project; skipped where that is absent. */
#include "geo/calc/inside.h"
#include "geo/work/import.h"
#include "geo/work/network.h"

#define UTM_16N 32616

static GeoImportRead *read_shared(const char *kind, const char *file)
{
    const char *folder = g_getenv("GRIDBEAT_SHARED");
    g_autofree char *path = g_build_filename(folder ? folder : "", "data", "chicago", file, NULL);
    if (!folder || !g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_test_skip("no Chicago beside the project");
        return NULL;
    }
    g_autoptr(GError) error = NULL;
    GeoImportRead *read = geo_import_read(path, kind, &(GeoImportOptions){0}, NULL, NULL, &error);
    g_assert_no_error(error);
    return read;
}

static void the_graph_has_its_known_size(void)
{
    GeoImportRead *read = read_shared("roads", "chicago_osm2014_roads.shp.zip");
    if (!read)
        return;
    const GeoBatch *rows = geo_import_read_rows(read, GEO_KIND_ROAD);
    GeoBatch *ways = geo_batch_new(GEO_KIND_ROAD);
    for (guint i = 0; i < rows->rows->len; i++)
        geo_batch_copy_row(ways, rows, i);
    geo_import_read_free(read);
    g_autoptr(GeoFrame) frame = geo_frame_new(UTM_16N, NULL);
    g_autoptr(GeoNetwork) network = geo_network_new(ways, frame);
    g_assert_cmpuint(network->ways->rows->len, ==, 54513);
    g_assert_cmpuint(network->facts.nodes, ==, 123572);
    g_assert_cmpuint(network->facts.components, ==, 404);
    g_assert_cmpuint(network->facts.largest, ==, 122210);
    /* 192,165 where a vertex repeated in a row makes an edge of no length: there are two. */
    g_assert_cmpuint(network->facts.edges, ==, 192163);
}

/* Rings of all areas as flat arrays in degrees: where a point lies hangs on no metre. */
static size_t count_in_one(const GeoBatch *beats, const GeoBatch *incidents, size_t *none,
                           size_t *several)
{
    size_t n_areas = beats->rows->len, one = 0;
    g_autofree uint32_t *ring0 = g_new(uint32_t, n_areas + 1);
    g_autoptr(GArray) point0 = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (size_t i = 0; i < n_areas; i++) {
        ring0[i] = geo_batch_row(beats, i)->part0;
    }
    ring0[n_areas] = beats->parts->len;
    g_array_append_vals(point0, beats->parts->data, beats->parts->len);
    g_array_append_val(point0, beats->points->len);
    g_autofree GeoXY *points = g_new(GeoXY, beats->points->len);
    for (guint i = 0; i < beats->points->len; i++) {
        GeoLonLat p = g_array_index(beats->points, GeoLonLat, i);
        points[i] = (GeoXY){p.lon, p.lat};
    }
    g_autoptr(GeoInside) inside =
        geo_inside_new(points, (const uint32_t *)(const void *)point0->data, ring0, n_areas);
    for (guint i = 0; i < incidents->rows->len; i++) {
        GeoLonLat p;
        if (!geo_batch_first(incidents, geo_batch_row(incidents, i), &p)) {
            (*none)++;
            continue;
        }
        size_t n = geo_inside_find(inside, (GeoXY){p.lon, p.lat}, NULL, 0);
        one += n == 1;
        *none += n == 0;
        *several += n > 1;
    }
    return one;
}

static void incidents_lie_in_their_known_beats(void)
{
    GeoImportRead *beats = read_shared("areas", "chicago_police_beats.geojson");
    if (!beats)
        return;
    GeoImportRead *incidents = read_shared("incidents", "chicago_2018_incidents.csv.gz");
    size_t none = 0, several = 0;
    size_t one = count_in_one(geo_import_read_rows(beats, GEO_KIND_AREA),
                              geo_import_read_rows(incidents, GEO_KIND_INCIDENT), &none, &several);
    g_assert_cmpuint(one, ==, 155969);
    g_assert_cmpuint(several, ==, 0);
    g_assert_cmpuint(none, ==, 416);
    geo_import_read_free(beats);
    geo_import_read_free(incidents);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chicago/the-graph-has-its-known-size", the_graph_has_its_known_size);
    g_test_add_func("/chicago/incidents-lie-in-their-known-beats",
                    incidents_lie_in_their_known_beats);
    return g_test_run();
}
