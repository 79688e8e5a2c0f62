/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks as plots, the ways into them, and the names of made streets. */
#include <math.h>

#include "geo/model/kind.h"
#include "geo/work/demo-city.h"

#define LANE_LEAST_M2 9000.0
#define STRAIGHT_ON_COS 0.85

DemoPlot geo_demo_plot(const Demo *demo, uint32_t block)
{
    DemoPlot plot = {.ids = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                     .xy = g_array_new(FALSE, FALSE, sizeof(GeoXY)),
                     .clear = g_array_new(FALSE, FALSE, sizeof(double)),
                     .class = g_array_new(FALSE, FALSE, sizeof(int))};
    geo_plan_ring(demo->plan, demo_plan_block(demo, block), plot.ids);
    const uint32_t *v = (const uint32_t *)(void *)plot.ids->data;
    guint n = plot.ids->len;
    for (guint i = 0; i < n; i++) {
        const GeoPlanEdge *edge = geo_plan_edge(demo->plan, v[i], v[(i + 1) % n]);
        const GeoPlanLine *line = &g_array_index(demo->plan->lines, GeoPlanLine, edge->line);
        GeoXY p = geo_plan_point(demo->plan, v[i]);
        g_array_append_val(plot.xy, p);
        g_array_append_val(plot.clear, line->clear_m);
        g_array_append_val(plot.class, line->class);
    }
    plot.plot = (GeoPlot){(const GeoXY *)(void *)plot.xy->data,
                          (const double *)(void *)plot.clear->data,
                          (const int *)(void *)plot.class->data,
                          n,
                          GEO_PLOT_CITY,
                          1};
    return plot;
}

void geo_demo_plot_clear(DemoPlot *plot)
{
    g_array_unref(plot->ids);
    g_array_unref(plot->xy);
    g_array_unref(plot->clear);
    g_array_unref(plot->class);
}

static bool wants_lane(const Demo *demo, uint32_t i)
{
    const GeoPlanBlock *block = demo_plan_block(demo, i);
    return demo_block(demo, i)->keep && block->zone > DEMO_TOWN && block->area_m2 > LANE_LEAST_M2;
}

void geo_demo_lanes(Demo *demo)
{
    GeoDice dice = geo_dice_new(demo->options.seed, 10);
    uint32_t street = UINT32_MAX;
    demo->first_lane = demo->plan->lines->len;
    demo->lanes = g_array_new(FALSE, TRUE, sizeof(GeoPlotLane));
    g_array_set_size(demo->lanes, demo->blocks->len);
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        GeoPlotLane *lane = &g_array_index(demo->lanes, GeoPlotLane, i);
        lane->side = UINT32_MAX;
        if (!wants_lane(demo, i))
            continue;
        DemoPlot plot = geo_demo_plot(demo, i);
        GeoPlotLane found;
        if (geo_plot_lane(&plot.plot, &dice, &found)) {
            const uint32_t *v = (const uint32_t *)(void *)plot.ids->data;
            *lane = found;
            geo_plan_add_lane(demo->plan, v[found.side], v[(found.side + 1) % plot.ids->len],
                              found.gate, found.end, GEO_ROAD_SERVICE, street);
        }
        geo_demo_plot_clear(&plot);
    }
}

/* ---- names ---- */

static const char *const firsts[] = {
    "宣城", "池州", "铜陵", "祁门", "黟县", "歙县", "绩溪", "旌德", "泾县", "郎溪", "广德", "南陵",
    "繁昌", "无为", "和县", "含山", "巢湖", "庐江", "枞阳", "桐城", "潜山", "太湖", "宿松", "望江",
    "岳西", "霍山", "金寨", "霍邱", "寿县", "长丰", "定远", "凤阳", "明光", "天长", "来安", "全椒",
    "怀远", "五河", "固镇", "灵璧", "泗县", "萧县", "砀山", "濉溪", "涡阳", "利辛", "临泉", "界首",
    "太和", "颍上", "阜南", "凤台", "舒城", "肥西", "当涂", "东至", "石台", "青阳", "休宁", "屯溪",
    "丰乐", "杭埠", "白湖", "柘皋", "三河", "长临", "撮镇", "店埠", "梁园", "双墩", "水家", "下塘"};
static const char *const heads[] = {"永", "长", "安", "新", "福", "和", "德", "文", "景", "清",
                                    "望", "云", "锦", "瑞", "兴", "春", "玉", "紫", "临", "翠",
                                    "桂", "松", "柏", "梅", "荷", "枫", "金", "银", "明", "嘉"};
static const char *const tails[] = {"康", "泰", "宁", "和", "昌", "园", "溪", "泉", "林", "湖",
                                    "山", "桥", "井", "塘", "巷", "门", "亭", "苑", "台", "源",
                                    "华", "丰", "荣", "顺", "平", "阳", "庆", "源", "岭", "洲"};

static char *draw_name(GeoDice *dice, int class)
{
    static const char *const ends[] = {"路", "路", "街", "巷", "支路", "里"};
    g_autofree char *stem = NULL;
    if (class <= GEO_ROAD_TERTIARY && geo_dice_share(dice) < 0.6)
        stem = g_strdup(firsts[geo_dice_below(dice, G_N_ELEMENTS(firsts))]);
    else
        stem = g_strconcat(heads[geo_dice_below(dice, G_N_ELEMENTS(heads))],
                           tails[geo_dice_below(dice, G_N_ELEMENTS(tails))], NULL);
    const char *end = ends[geo_dice_below(dice, class <= GEO_ROAD_TERTIARY ? 2 : 6)];
    static const char *const sides[] = {"东", "西", "南", "北"};
    const char *side = geo_dice_share(dice) < 0.2 ? sides[geo_dice_below(dice, 4)] : "";
    return g_strconcat(stem, side, end, NULL);
}

/* A name that no street has yet, the real ones included; after some tries any will do. */
static const char *make_name(Demo *demo, GHashTable *taken, GeoDice *dice, int class)
{
    g_autofree char *name = NULL;
    for (int tries = 0; tries < 40; tries++) {
        g_free(name);
        name = draw_name(dice, tries < 12 ? class : GEO_ROAD_RESIDENTIAL);
        if (!g_hash_table_contains(taken, name))
            break;
    }
    const char *kept = g_string_chunk_insert_const(demo->text, name);
    g_hash_table_add(taken, (gpointer)kept);
    return kept;
}

typedef struct {
    uint32_t vertex, line;
    double x, y; /* from the vertex into the street */
} Mouth;

static int by_vertex(gconstpointer a, gconstpointer b)
{
    const Mouth *x = a, *y = b;
    if (x->vertex != y->vertex)
        return x->vertex < y->vertex ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static uint32_t root_of(uint32_t *up, uint32_t i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

static bool has_name(int class)
{
    return class >= 0 && class <= GEO_ROAD_RESIDENTIAL;
}

static GArray *list_mouths(const Demo *demo)
{
    GArray *mouths = g_array_new(FALSE, FALSE, sizeof(Mouth));
    const GeoPlan *plan = demo->plan;
    const uint32_t *walk = (const uint32_t *)(void *)plan->walks->data;
    for (uint32_t i = 0; i < plan->walks->len; i++) {
        uint32_t line = walk[i++], first = i;
        while (walk[i] != GEO_PLAN_END)
            i++;
        const GeoPlanLine *of = &g_array_index(plan->lines, GeoPlanLine, line);
        if (!of->made || !has_name(of->class) || i < first + 2)
            continue;
        const uint32_t ends[2][2] = {{walk[first], walk[first + 1]}, {walk[i - 1], walk[i - 2]}};
        for (int k = 0; k < 2; k++) {
            GeoXY a = geo_plan_point(plan, ends[k][0]), b = geo_plan_point(plan, ends[k][1]);
            double length = hypot(b.x - a.x, b.y - a.y);
            Mouth mouth = {ends[k][0], line, (b.x - a.x) / length, (b.y - a.y) / length};
            g_array_append_val(mouths, mouth);
        }
    }
    g_array_sort(mouths, by_vertex);
    return mouths;
}

/* Streets that go straight on beyond a crossing keep their name. */
void geo_demo_name_streets(Demo *demo)
{
    g_autoptr(GArray) mouths = list_mouths(demo);
    uint32_t n = demo->plan->lines->len;
    g_autofree uint32_t *up = g_new(uint32_t, n);
    const Mouth *m = (const Mouth *)(void *)mouths->data;
    for (uint32_t i = 0; i < n; i++)
        up[i] = i;
    for (guint i = 0; i < mouths->len; i++)
        for (guint k = i + 1; k < mouths->len && m[k].vertex == m[i].vertex; k++)
            if (m[i].x * m[k].x + m[i].y * m[k].y < -STRAIGHT_ON_COS)
                up[root_of(up, m[i].line)] = root_of(up, m[k].line);
    demo->names = g_hash_table_new(g_direct_hash, g_direct_equal);
    GeoDice dice = geo_dice_new(demo->options.seed, 11);
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < demo->lines->len; i++)
        g_hash_table_add(taken, demo_line(demo, i)->name);
    for (uint32_t i = 0; i < n; i++) {
        const GeoPlanLine *line = &g_array_index(demo->plan->lines, GeoPlanLine, i);
        if (!line->made || !has_name(line->class))
            continue;
        gpointer root = GUINT_TO_POINTER(root_of(up, i) + 1);
        const char *name = g_hash_table_lookup(demo->names, root);
        if (!name)
            g_hash_table_insert(demo->names, root,
                                (gpointer)(name = make_name(demo, taken, &dice, line->class)));
        g_hash_table_insert(demo->names, GUINT_TO_POINTER(i + 1), (gpointer)name);
    }
}

const char *geo_demo_line_name(const Demo *demo, uint32_t number)
{
    const GeoPlanLine *line = &g_array_index(demo->plan->lines, GeoPlanLine, number);
    if (line->made)
        return g_hash_table_lookup(demo->names, GUINT_TO_POINTER(number + 1));
    const DemoLine *of = demo_line(demo, line->street);
    if (of->kind == DEMO_LINE_RIVER && line->class <= GEO_ROAD_RESIDENTIAL) {
        g_autofree char *name = g_strconcat(of->name, "路", NULL);
        return g_string_chunk_insert_const(demo->text, name);
    }
    return of->kind == DEMO_LINE_ROAD ? of->name : NULL;
}
