/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rooms that no camera may look into: wings of halls that are dormitories, of office towers that
 * are hotels, and shops that are baths or have changing rooms. A wing reaches to the outer wall,
 * because that is where its windows are. */
#include "geo/work/demo-city.h"

typedef struct {
    GeoPlotUse use; /* of the house */
    int class;
    double full; /* in the whole city */
    const char *name;
} RoomKind;

static void add_wing(Demo *demo, const GeoPlotBox *box, const RoomKind *kind, uint64_t number)
{
    GeoBatch *batch = demo->batches[GEO_KIND_NOLOOK];
    GeoNolook *room = geo_batch_add(batch);
    GeoXY c[4];
    geo_plot_corners(box, c);
    room->row.id = geo_demo_id(batch);
    g_autofree char *code =
        g_strdup_printf("NL-%s-%04" G_GUINT64_FORMAT, geo_nolook_words[kind->class], number);
    room->row.code = geo_batch_text(batch, code);
    room->row.name = geo_batch_word(batch, kind->name);
    room->class = kind->class;
    /* The half at the first corner. */
    const GeoXY wing[] = {c[0],
                          {(c[0].x + c[1].x) / 2, (c[0].y + c[1].y) / 2},
                          {(c[2].x + c[3].x) / 2, (c[2].y + c[3].y) / 2},
                          c[3]};
    geo_batch_begin(batch, GEO_SHAPE_POLYGON);
    for (int i = 0; i < 5; i++) {
        GeoLonLat p = geo_demo_lonlat(demo, wing[i % 4]);
        geo_batch_point(batch, p.lon, p.lat);
    }
}

void geo_demo_rooms(Demo *demo)
{
    static const RoomKind kinds[] = {
        {GEO_PLOT_HALL, GEO_NOLOOK_DORMITORY, 120, "学生宿舍"},
        {GEO_PLOT_TOWER_OFFICE, GEO_NOLOOK_GUEST_ROOM, 120, "酒店客房"},
        {GEO_PLOT_SHOP, GEO_NOLOOK_BATH, 60, "浴室"},
        {GEO_PLOT_SHOP, GEO_NOLOOK_CHANGING, 60, "更衣室"},
    };
    g_autofree bool *taken = g_new0(bool, MAX(demo->houses->len, 1));
    g_autoptr(GArray) of_use = g_array_new(FALSE, FALSE, sizeof(guint));
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        GeoDice dice = geo_dice_new(demo->options.seed, 9000000 + k);
        g_array_set_size(of_use, 0);
        for (guint i = 0; i < demo->houses->len; i++)
            if (g_array_index(demo->houses, DemoHouse, i).box.use == kinds[k].use && !taken[i])
                g_array_append_val(of_use, i);
        uint64_t n = MIN(geo_demo_count(demo, kinds[k].full), of_use->len);
        for (uint64_t number = 1; number <= n; number++) {
            guint pick = geo_dice_below(&dice, of_use->len);
            guint i = g_array_index(of_use, guint, pick);
            g_array_remove_index_fast(of_use, pick);
            taken[i] = true;
            add_wing(demo, &g_array_index(demo->houses, DemoHouse, i).box, &kinds[k], number);
        }
    }
}
