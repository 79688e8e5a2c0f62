/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses: door plates that count along each street, odd and even by its sides, compounds with
 * their numbered buildings, shops, landmarks with aliases, bus stops and lamp poles. */
#include <math.h>
#include <string.h>

#include "geo/model/kind.h"
#include "geo/work/demo-city.h"

#define FULL 200000.0
#define POLE_STEP_M 46.0
#define STOP_STEP_M 560.0

typedef struct {
    const char *road;
    double along; /* grows in the direction of numbering */
    bool even;
    uint32_t house;
} Door;

typedef struct {
    Demo *demo;
    GeoDice dice;
    uint64_t left; /* rows that may still come */
} Writer;

static GeoAddress *add(Writer *writer, int class, GeoXY at, uint32_t block, const char *name)
{
    GeoBatch *batch = writer->demo->batches[GEO_KIND_ADDRESS];
    GeoAddress *address = geo_batch_add(batch);
    address->row.id = geo_demo_id(batch);
    g_autofree char *code = g_strdup_printf("AD%07u", batch->rows->len);
    address->row.code = geo_batch_text(batch, code);
    address->row.name = geo_batch_text(batch, name);
    address->class = class;
    uint32_t grid = demo_block(writer->demo, block)->grid;
    address->area = geo_batch_word(batch, g_array_index(writer->demo->grids, DemoGrid, grid).code);
    GeoLonLat p = geo_demo_lonlat(writer->demo, at);
    geo_batch_set_point(batch, p.lon, p.lat);
    writer->left -= writer->left > 0;
    return address;
}

/* ---- landmarks and their other names ---- */

static void add_landmarks(Writer *writer)
{
    Demo *demo = writer->demo;
    static const char *const others[][2] = {{"合肥站", "合肥火车站"},
                                            {"合肥南站", "高铁南站"},
                                            {"安徽省立医院", "中科大附一院"},
                                            {"安徽医科大学第一附属医院", "安医一附院"},
                                            {"中国科学技术大学", "科大"},
                                            {"合肥工业大学", "工大"},
                                            {"百货大楼", "合百"},
                                            {"市府广场", "市政府广场"}};
    const GeoBatch *facilities = demo->batches[GEO_KIND_FACILITY];
    for (guint i = 0; i < facilities->rows->len && writer->left > 0; i++) {
        const GeoFacility *facility = (const GeoFacility *)geo_batch_row(facilities, i);
        GeoLonLat p;
        geo_batch_first(facilities, &facility->row, &p);
        GeoXY at = geo_frame_xy(demo->frame, p);
        uint32_t block = geo_demo_block_at(demo, at, 60);
        if (block == UINT32_MAX)
            continue;
        GeoAddress *address = add(writer, GEO_ADDRESS_LANDMARK, at, block, facility->row.name);
        GeoBatch *batch = demo->batches[GEO_KIND_ADDRESS];
        address->road = geo_batch_word(batch, facility->address);
        const char *code = address->row.code;
        for (size_t k = 0; k < G_N_ELEMENTS(others); k++)
            if (g_str_equal(others[k][0], facility->row.name)) {
                GeoAddress *alias = add(writer, GEO_ADDRESS_ALIAS, at, block, others[k][1]);
                alias->alias_of = geo_batch_text(batch, code);
            }
    }
}

/* ---- compounds ---- */

static char *compound_name(GeoDice *dice)
{
    static const char *const heads[] = {"金色", "阳光", "翠湖", "锦绣", "紫荆", "梧桐", "香樟",
                                        "丽景", "世纪", "和平", "幸福", "东方", "南苑", "绿城",
                                        "杏林", "琥珀", "望湖", "天鹅", "柏景", "芙蓉", "海棠",
                                        "青年", "银河", "书香", "明珠", "江淮", "徽园", "庐阳"};
    static const char *const tails[] = {"花园", "家园", "新村", "小区", "苑",
                                        "名城", "华庭", "公寓", "雅居", "里"};
    static const char *const parts[] = {"", "", "", "一期", "二期", "三期", "东区", "西区"};
    return g_strconcat(heads[geo_dice_below(dice, G_N_ELEMENTS(heads))],
                       tails[geo_dice_below(dice, G_N_ELEMENTS(tails))],
                       parts[geo_dice_below(dice, G_N_ELEMENTS(parts))], NULL);
}

static guint add_buildings(Writer *writer, uint32_t block, guint house, const char *compound,
                           uint64_t reserve)
{
    Demo *demo = writer->demo;
    int number = 0;
    for (; house < demo->houses->len; house++) {
        const DemoHouse *of = &g_array_index(demo->houses, DemoHouse, house);
        if (of->block != block)
            break;
        if (of->box.side != UINT32_MAX || writer->left <= reserve)
            continue;
        g_autofree char *text = g_strdup_printf("%d栋", ++number);
        g_autofree char *name = g_strconcat(compound, text, NULL);
        GeoAddress *address = add(writer, GEO_ADDRESS_BUILDING, of->box.at, block, name);
        GeoBatch *batch = demo->batches[GEO_KIND_ADDRESS];
        address->compound = geo_batch_word(batch, compound);
        address->building = geo_batch_word(batch, text);
    }
    return house;
}

static void add_compounds(Writer *writer, uint64_t reserve)
{
    Demo *demo = writer->demo;
    guint house = 0;
    for (uint32_t i = 0; i < demo->blocks->len && writer->left > reserve; i++) {
        while (house < demo->houses->len && g_array_index(demo->houses, DemoHouse, house).block < i)
            house++;
        const GeoPlotLane *lane = &g_array_index(demo->lanes, GeoPlotLane, i);
        if (lane->side == UINT32_MAX)
            continue;
        g_autofree char *name = compound_name(&writer->dice);
        GeoAddress *gate = add(writer, GEO_ADDRESS_COMPOUND, lane->gate, i, name);
        gate->compound = geo_batch_word(demo->batches[GEO_KIND_ADDRESS], name);
        house = add_buildings(writer, i, house, name, reserve);
    }
}

/* ---- doors and shops ---- */

static const DemoSide *side_of(const Demo *demo, const DemoHouse *house)
{
    uint32_t first = demo->side0[house->block];
    return &g_array_index(demo->sides, DemoSide, first + house->box.side);
}

static int by_road(gconstpointer a, gconstpointer b)
{
    const Door *x = a, *y = b;
    int roads = strcmp(x->road, y->road);
    if (roads)
        return roads;
    if (x->along != y->along)
        return x->along < y->along ? -1 : 1;
    return x->house < y->house ? -1 : x->house > y->house;
}

/* Numbers run from west to east and from south to north; even on the north and the west side. */
static GArray *list_doors(const Demo *demo)
{
    GArray *doors = g_array_new(FALSE, FALSE, sizeof(Door));
    for (guint i = 0; i < demo->houses->len; i++) {
        const DemoHouse *house = &g_array_index(demo->houses, DemoHouse, i);
        if (house->box.side == UINT32_MAX)
            continue;
        const DemoSide *side = side_of(demo, house);
        const char *road = geo_demo_line_name(demo, side->line);
        double dx = side->b.x - side->a.x, dy = side->b.y - side->a.y;
        bool level = fabs(dx) >= fabs(dy);
        if (!road)
            continue;
        Door door = {road, level ? house->box.at.x : house->box.at.y, level ? dx > 0 : dy > 0, i};
        g_array_append_val(doors, door);
    }
    g_array_sort(doors, by_road);
    return doors;
}

static void add_doors(Writer *writer)
{
    static const char *const shops[] = {"超市",   "药店", "面馆",   "便利店", "理发店", "五金店",
                                        "水果店", "茶庄", "烟酒店", "小吃",   "快餐",   "眼镜店"};
    Demo *demo = writer->demo;
    GeoBatch *batch = demo->batches[GEO_KIND_ADDRESS];
    g_autoptr(GArray) doors = list_doors(demo);
    const char *last = "";
    int number[2] = {0, 0};
    for (guint i = 0; i < doors->len && writer->left > 0; i++) {
        const Door *door = &g_array_index(doors, Door, i);
        const DemoHouse *house = &g_array_index(demo->houses, DemoHouse, door->house);
        if (strcmp(last, door->road) != 0)
            number[0] = -1, number[1] = 0;
        last = door->road;
        number[door->even] += 2;
        g_autofree char *text = g_strdup_printf("%d号", number[door->even]);
        g_autofree char *name = g_strconcat(door->road, text, NULL);
        GeoAddress *address = add(writer, GEO_ADDRESS_DOOR, house->box.at, house->block, name);
        address->road = geo_batch_word(batch, door->road);
        address->number = geo_batch_word(batch, text);
        if (geo_dice_share(&writer->dice) > 0.12 || writer->left == 0)
            continue;
        const char *kind = shops[geo_dice_below(&writer->dice, G_N_ELEMENTS(shops))];
        g_autofree char *shop = g_strconcat(door->road, text, kind, NULL);
        address = add(writer, GEO_ADDRESS_SHOP, house->box.at, house->block, shop);
        address->road = geo_batch_word(batch, door->road);
        address->number = geo_batch_word(batch, text);
    }
}

/* ---- along the streets ---- */

static void add_along(Writer *writer, int class, uint64_t reserve)
{
    Demo *demo = writer->demo;
    double step = class == GEO_ADDRESS_POLE ? POLE_STEP_M : STOP_STEP_M, at = step / 2;
    int least = class == GEO_ADDRESS_POLE ? GEO_ROAD_TERTIARY : GEO_ROAD_SECONDARY;
    uint32_t number = 0;
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        if (!demo_block(demo, i)->keep)
            continue;
        for (uint32_t k = demo->side0[i]; k < demo->side0[i + 1]; k++) {
            const DemoSide *side = &g_array_index(demo->sides, DemoSide, k);
            const char *road = geo_demo_line_name(demo, side->line);
            double length = hypot(side->b.x - side->a.x, side->b.y - side->a.y);
            if (side->class < GEO_ROAD_TRUNK || side->class > least || !road)
                continue;
            for (; at < length && writer->left > reserve; at += step) {
                DemoSpot spot = geo_demo_spot_at(side, at / length, side->clear_m * 0.45);
                g_autofree char *name = class == GEO_ADDRESS_POLE
                                            ? g_strdup_printf("%s灯杆%05u", road, ++number)
                                            : g_strdup_printf("%s公交站%u", road, ++number);
                GeoAddress *address = add(writer, class, spot.at, i, name);
                address->road = geo_batch_word(demo->batches[GEO_KIND_ADDRESS], road);
            }
            at -= length;
            at = fmax(at, 0);
        }
    }
}

void geo_demo_addresses(Demo *demo)
{
    uint64_t all = geo_demo_count(demo, FULL);
    Writer writer = {demo, geo_dice_new(demo->options.seed, 40), all};
    add_landmarks(&writer);
    add_along(&writer, GEO_ADDRESS_STOP, (uint64_t)(0.95 * (double)all));
    add_along(&writer, GEO_ADDRESS_POLE, (uint64_t)(0.83 * (double)all));
    add_compounds(&writer, (uint64_t)(0.5 * (double)all));
    add_doors(&writer);
}
