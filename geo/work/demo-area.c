/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Districts, streets, communities and grids: each is a set of blocks, so their borders run along
 * streets and rivers, are shared exactly and tile what is above them. A district is the blocks that
 * lie in its real outline. */
#include <math.h>
#include <string.h>

#include "geo/calc/partition.h"
#include "geo/work/demo-city.h"

#define PEOPLE 4600000.0 /* of the four districts; synthetic, of the right order */
#define MIDDLE ((GeoLonLat){117.2838, 31.8619})

static const char *const district_names[] = {"瑶海区", "庐阳区", "蜀山区", "包河区"};
static const char *const district_codes[] = {"340102", "340103", "340104", "340111"};

/* People per square kilometre. */
static const double density[DEMO_N_ZONES] = {
    [DEMO_FARM] = 450,  [DEMO_TOWN] = 7000,   [DEMO_INDUSTRY] = 1800, [DEMO_URBAN] = 15000,
    [DEMO_NEW] = 13000, [DEMO_CAMPUS] = 9000, [DEMO_CORE] = 25000,    [DEMO_OLD] = 27000};

typedef struct {
    uint32_t a, b, block;
} Side;

static GArray *list_sides(const Demo *demo, const uint32_t *blocks, uint32_t n)
{
    GArray *sides = g_array_new(FALSE, FALSE, sizeof(Side));
    g_autoptr(GArray) ring = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < n; i++) {
        uint32_t block = blocks ? blocks[i] : i;
        g_array_set_size(ring, 0);
        geo_plan_ring(demo->plan, demo_plan_block(demo, block), ring);
        const uint32_t *v = (const uint32_t *)(void *)ring->data;
        for (guint k = 0; k < ring->len; k++) {
            Side side = {v[k], v[(k + 1) % ring->len], block};
            g_array_append_val(sides, side);
        }
    }
    return sides;
}

static int by_ends(gconstpointer a, gconstpointer b)
{
    const Side *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static const Side *find_side(const GArray *sides, uint32_t a, uint32_t b)
{
    Side key = {a, b, 0};
    return bsearch(&key, sides->data, sides->len, sizeof(Side), by_ends);
}

static void list_neighbours(Demo *demo)
{
    uint32_t n = demo->plan->blocks->len;
    g_autoptr(GArray) sides = list_sides(demo, NULL, n);
    g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(Side));
    g_array_append_vals(sorted, sides->data, sides->len);
    g_array_sort(sorted, by_ends);
    GArray *next = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    demo->next0 = g_new0(uint32_t, n + 1);
    guint k = 0;
    for (uint32_t i = 0; i < n; i++) {
        demo->next0[i] = next->len;
        for (; k < sides->len && g_array_index(sides, Side, k).block == i; k++) {
            const Side *side = &g_array_index(sides, Side, k);
            const Side *twin = find_side(sorted, side->b, side->a);
            if (twin && twin->block != i)
                g_array_append_val(next, twin->block);
        }
    }
    demo->next0[n] = next->len;
    demo->next = (uint32_t *)(void *)g_array_free(next, FALSE);
}

/* ---- outlines ---- */

/* Cuts a walk at vertices that it meets twice into simple rings. */
static void split_walk(const GArray *walk, GPtrArray *rings)
{
    g_autoptr(GHashTable) at = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < walk->len; i++) {
        uint32_t v = g_array_index(walk, uint32_t, i);
        guint seen = GPOINTER_TO_UINT(g_hash_table_lookup(at, GUINT_TO_POINTER(v)));
        if (seen > 0) {
            GArray *ring = g_array_new(FALSE, FALSE, sizeof(uint32_t));
            for (guint k = seen - 1; k < stack->len; k++) {
                uint32_t w = g_array_index(stack, uint32_t, k);
                g_array_append_val(ring, w);
                if (k >= seen)
                    g_hash_table_remove(at, GUINT_TO_POINTER(w));
            }
            g_ptr_array_add(rings, ring);
            g_array_set_size(stack, seen);
        } else {
            g_array_append_val(stack, v);
            g_hash_table_insert(at, GUINT_TO_POINTER(v), GUINT_TO_POINTER(stack->len));
        }
    }
    if (stack->len > 2)
        g_ptr_array_add(rings, g_array_ref(stack));
}

/* The border sides joined head to tail. */
static GPtrArray *trace(const Demo *demo, const uint32_t *blocks, uint32_t n)
{
    GPtrArray *rings = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    g_autoptr(GArray) sides = list_sides(demo, blocks, n);
    g_autoptr(GArray) border = g_array_new(FALSE, FALSE, sizeof(Side));
    g_array_sort(sides, by_ends);
    for (guint i = 0; i < sides->len; i++) {
        Side side = g_array_index(sides, Side, i);
        if (!find_side(sides, side.b, side.a)) {
            side.block = 0; /* not yet walked */
            g_array_append_val(border, side);
        }
    }
    Side *s = (Side *)(void *)border->data;
    for (guint i = 0; i < border->len; i++) {
        if (s[i].block)
            continue;
        g_autoptr(GArray) walk = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        for (guint k = i; k < border->len;) {
            s[k].block = 1;
            g_array_append_val(walk, s[k].a);
            uint32_t at = s[k].b;
            guint low = 0, high = border->len;
            while (low < high) {
                guint half = (low + high) / 2;
                if (s[half].a < at)
                    low = half + 1;
                else
                    high = half;
            }
            while (low < border->len && s[low].a == at && s[low].block)
                low++;
            k = low < border->len && s[low].a == at ? low : border->len;
        }
        split_walk(walk, rings);
    }
    return rings;
}

static GArray *ring_xy(const Demo *demo, const GArray *ring)
{
    GArray *xy = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    for (guint i = 0; i < ring->len; i++) {
        GeoXY p = geo_plan_point(demo->plan, g_array_index(ring, uint32_t, i));
        g_array_append_val(xy, p);
    }
    return xy;
}

static void add_part(Demo *demo, GeoBatch *batch, const GArray *xy)
{
    geo_batch_begin(batch, GEO_SHAPE_POLYGON);
    for (guint i = 0; i <= xy->len; i++) {
        GeoLonLat p = geo_demo_lonlat(demo, g_array_index(xy, GeoXY, i % xy->len));
        geo_batch_point(batch, p.lon, p.lat);
    }
}

void geo_demo_outline(Demo *demo, GeoBatch *batch, const uint32_t *blocks, uint32_t n)
{
    g_autoptr(GPtrArray) rings = trace(demo, blocks, n);
    g_autoptr(GPtrArray) xy = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    g_autofree double *area = g_new(double, rings->len + 1);
    for (guint i = 0; i < rings->len; i++) {
        GArray *points = ring_xy(demo, g_ptr_array_index(rings, i));
        g_ptr_array_add(xy, points);
        area[i] = geo_ring_area_m2((const GeoXY *)(void *)points->data, points->len);
    }
    for (guint i = 0; i < rings->len; i++) {
        const GArray *outer = g_ptr_array_index(xy, i);
        if (area[i] <= 0)
            continue;
        add_part(demo, batch, outer);
        for (guint k = 0; k < rings->len; k++) {
            const GArray *hole = g_ptr_array_index(xy, k);
            GeoXY a = g_array_index(hole, GeoXY, 0), b = g_array_index(hole, GeoXY, 1);
            GeoXY middle = {(a.x + b.x) / 2, (a.y + b.y) / 2};
            if (area[k] < 0 && -area[k] < area[i] &&
                geo_ring_holds((const GeoXY *)(void *)outer->data, outer->len, middle))
                add_part(demo, batch, hole);
        }
    }
}

/* ---- who owns which block ---- */

static void own_blocks(Demo *demo)
{
    double total = 0;
    demo->blocks = g_array_new(FALSE, TRUE, sizeof(DemoBlock));
    g_array_set_size(demo->blocks, demo->plan->blocks->len);
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        const GeoPlanBlock *of = demo_plan_block(demo, i);
        DemoBlock *block = demo_block(demo, i);
        *block = (DemoBlock){geo_demo_district_at(demo, of->inside),
                             GEO_PARTITION_NONE,
                             GEO_PARTITION_NONE,
                             GEO_PARTITION_NONE,
                             false,
                             0};
        if (block->district >= 0)
            total += block->people = density[of->zone] * of->area_m2 * 1e-6;
    }
    for (uint32_t i = 0; i < demo->blocks->len; i++)
        demo_block(demo, i)->people *= PEOPLE / total;
}

/* Blocks of a district that its main body does not touch go to the neighbour that does. */
static void join_districts(Demo *demo)
{
    uint32_t n = demo->blocks->len;
    for (int round = 0; round < 4; round++) {
        g_autofree uint32_t *group = g_new(uint32_t, n);
        g_autofree uint32_t *stack = g_new(uint32_t, n);
        uint32_t biggest[4] = {0}, main_group[4], n_groups = 0;
        memset(group, 0xff, n * sizeof *group);
        for (uint32_t i = 0; i < n; i++) {
            int district = demo_block(demo, i)->district;
            uint32_t size = 0, top = 0;
            if (district < 0 || group[i] != GEO_PARTITION_NONE)
                continue;
            group[stack[top++] = i] = n_groups;
            while (top > 0) {
                uint32_t at = stack[--top];
                size++;
                for (uint32_t e = demo->next0[at]; e < demo->next0[at + 1]; e++)
                    if (group[demo->next[e]] == GEO_PARTITION_NONE &&
                        demo_block(demo, demo->next[e])->district == district)
                        group[stack[top++] = demo->next[e]] = n_groups;
            }
            if (size > biggest[district])
                biggest[district] = size, main_group[district] = n_groups;
            n_groups++;
        }
        for (uint32_t i = 0; i < n; i++) {
            DemoBlock *block = demo_block(demo, i);
            if (block->district < 0 || group[i] == main_group[block->district])
                continue;
            int other = -1;
            for (uint32_t e = demo->next0[i]; e < demo->next0[i + 1]; e++)
                if (demo_block(demo, demo->next[e])->district != block->district)
                    other = demo_block(demo, demo->next[e])->district;
            block->district = other;
        }
    }
}

static uint32_t nearest_block(const Demo *demo, GeoXY p, int district, const GHashTable *taken)
{
    uint32_t best = GEO_PARTITION_NONE;
    double best_m = INFINITY;
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        GeoXY q = demo_plan_block(demo, i)->inside;
        double off = hypot(p.x - q.x, p.y - q.y);
        if (demo_block(demo, i)->district == district && off < best_m &&
            !g_hash_table_contains((GHashTable *)taken, GUINT_TO_POINTER(i))) {
            best_m = off;
            best = i;
        }
    }
    return best;
}

static GeoXY street_seat(const Demo *demo, const DemoStreet *street)
{
    for (uint32_t i = 0; i < demo->lines->len; i++) {
        const DemoLine *line = demo_line(demo, i);
        if (line->kind == DEMO_LINE_STREET && g_str_equal(line->name, street->code))
            return g_array_index(line->xy, GeoXY, 0);
    }
    return geo_frame_xy(demo->frame, MIDDLE);
}

typedef struct {
    GeoPartitionMap map;
    GeoXY *at;
    double *weight;
    uint32_t *group, *part;
} Growth;

static Growth growth_new(const Demo *demo)
{
    uint32_t n = demo->blocks->len;
    Growth growth = {.at = g_new(GeoXY, n),
                     .weight = g_new(double, n),
                     .group = g_new(uint32_t, n),
                     .part = g_new(uint32_t, n)};
    for (uint32_t i = 0; i < n; i++) {
        growth.at[i] = demo_plan_block(demo, i)->inside;
        bool water = demo_plan_block(demo, i)->zone == DEMO_WATER; /* nobody lives there */
        growth.weight[i] =
            demo_block(demo, i)->people + (water ? 0 : 2e-6 * demo_plan_block(demo, i)->area_m2);
        int district = demo_block(demo, i)->district;
        growth.group[i] = district < 0 ? GEO_PARTITION_NONE : (uint32_t)district;
    }
    growth.map =
        (GeoPartitionMap){n, growth.at, growth.weight, demo->next0, demo->next, growth.group};
    return growth;
}

static void growth_clear(Growth *growth)
{
    g_free(growth->at);
    g_free(growth->weight);
    g_free(growth->group);
    g_free(growth->part);
}

static void grow_streets(Demo *demo, Growth *growth)
{
    g_autoptr(GArray) seats = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GHashTable) taken = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (uint32_t i = 0; i < demo->streets->len; i++) {
        const DemoStreet *street = g_ptr_array_index(demo->streets, i);
        uint32_t seat = nearest_block(demo, street_seat(demo, street), street->district, taken);
        g_hash_table_add(taken, GUINT_TO_POINTER(seat));
        g_array_append_val(seats, seat);
    }
    geo_partition_grow(&growth->map, (uint32_t *)(void *)seats->data, seats->len, 0, growth->part);
    for (uint32_t i = 0; i < demo->blocks->len; i++)
        demo_block(demo, i)->street = growth->group[i] = growth->part[i];
}

static GArray *blocks_in(const uint32_t *group, uint32_t n, uint32_t which)
{
    GArray *blocks = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < n; i++)
        if (group[i] == which)
            g_array_append_val(blocks, i);
    return blocks;
}

/* Communities come in the order of their codes, and so do streets. */
static bool grow_communities(Demo *demo, Growth *growth, uint32_t *seats, GError **error)
{
    uint32_t n_seats = 0;
    for (uint32_t s = 0; s < demo->streets->len; s++) {
        const DemoStreet *street = g_ptr_array_index(demo->streets, s);
        g_autoptr(GArray) blocks = blocks_in(growth->group, demo->blocks->len, s);
        uint32_t k = 0;
        for (uint32_t c = 0; c < demo->communities->len; c++) {
            const DemoCommunity *community = g_ptr_array_index(demo->communities, c);
            k += g_str_equal(community->street_code, street->code);
        }
        uint32_t got = geo_partition_seats(&growth->map, (const uint32_t *)(void *)blocks->data,
                                           blocks->len, k, demo->options.seed + s, seats + n_seats);
        if (got != k) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "cannot place %u communities of '%s': it has %u blocks", k, street->name,
                        blocks->len);
            return false;
        }
        n_seats += k;
    }
    geo_partition_grow(&growth->map, seats, n_seats, 6, growth->part);
    for (uint32_t i = 0; i < demo->blocks->len; i++)
        demo_block(demo, i)->community = growth->group[i] = growth->part[i];
    return true;
}

/* North to south in bands, west to east within each. */
static int by_place(gconstpointer a, gconstpointer b)
{
    const DemoGrid *x = a, *y = b;
    if (x->community != y->community)
        return x->community < y->community ? -1 : 1;
    if (fabs(x->seat.y - y->seat.y) > 1e-9)
        return x->seat.y > y->seat.y ? -1 : 1;
    return x->seat.x < y->seat.x ? -1 : x->seat.x > y->seat.x;
}

static void grow_grids(Demo *demo, Growth *growth)
{
    g_autoptr(GArray) seats = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GArray) grids = g_array_new(FALSE, TRUE, sizeof(DemoGrid));
    for (uint32_t c = 0; c < demo->communities->len; c++) {
        g_autoptr(GArray) blocks = blocks_in(growth->group, demo->blocks->len, c);
        double people = 0;
        for (guint i = 0; i < blocks->len; i++)
            people += demo_block(demo, g_array_index(blocks, uint32_t, i))->people;
        uint32_t k = (uint32_t)CLAMP(lround(people / 3000), 3, 6), got[6];
        k = geo_partition_seats(&growth->map, (const uint32_t *)(void *)blocks->data, blocks->len,
                                k, demo->options.seed + 1000 + c, got);
        g_array_append_vals(seats, got, k);
        for (uint32_t i = 0; i < k; i++) {
            DemoGrid grid = {.community = c};
            g_array_append_val(grids, grid);
        }
    }
    geo_partition_grow(&growth->map, (uint32_t *)(void *)seats->data, seats->len, 4, growth->part);
    for (guint g = 0; g < grids->len; g++)
        g_array_index(grids, DemoGrid, g).seat = growth->at[g_array_index(seats, uint32_t, g)];
    for (uint32_t i = 0; i < demo->blocks->len; i++)
        demo_block(demo, i)->grid = growth->part[i];
    /* The old number rides along in people while the grids are sorted. */
    for (guint g = 0; g < grids->len; g++)
        g_array_index(grids, DemoGrid, g).people = g;
    g_array_sort(grids, by_place);
    g_autofree uint32_t *now = g_new(uint32_t, grids->len);
    for (guint g = 0, number = 0; g < grids->len; g++) {
        DemoGrid *grid = &g_array_index(grids, DemoGrid, g);
        bool first = g == 0 || g_array_index(grids, DemoGrid, g - 1).community != grid->community;
        number = first ? 1 : number + 1;
        now[(guint)grid->people] = g;
        grid->people = 0;
        const DemoCommunity *community = g_ptr_array_index(demo->communities, grid->community);
        g_snprintf(grid->code, sizeof grid->code, "%s%02u", community->code, number % 100);
    }
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        DemoBlock *block = demo_block(demo, i);
        if (block->grid == GEO_PARTITION_NONE)
            continue;
        block->grid = now[block->grid];
        g_array_index(grids, DemoGrid, block->grid).people += block->people;
    }
    demo->grids = g_steal_pointer(&grids);
}

typedef struct {
    double off_m;
    uint32_t community;
} Rank;

static int by_rank(gconstpointer a, gconstpointer b)
{
    const Rank *x = a, *y = b;
    return x->off_m < y->off_m ? -1 : x->off_m > y->off_m;
}

/* The asked share of the communities: those around the middle of the old town. */
static void keep_some(Demo *demo, const Growth *growth, const uint32_t *seats)
{
    uint32_t n = demo->communities->len;
    uint32_t n_keep = (uint32_t)MAX(2, lround(n * demo->options.scale));
    g_autofree Rank *rank = g_new(Rank, n);
    g_autofree bool *keep = g_new0(bool, n);
    GeoXY middle = geo_frame_xy(demo->frame, MIDDLE);
    for (uint32_t c = 0; c < n; c++) {
        GeoXY p = growth->at[seats[c]];
        rank[c] = (Rank){hypot(p.x - middle.x, p.y - middle.y), c};
    }
    qsort(rank, n, sizeof *rank, by_rank);
    for (uint32_t i = 0; i < MIN(n_keep, n); i++)
        keep[rank[i].community] = true;
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        DemoBlock *block = demo_block(demo, i);
        block->keep = block->community != GEO_PARTITION_NONE && keep[block->community];
    }
}

/* ---- rows ---- */

static void add_area(Demo *demo, const char *level, const char *code, const char *name,
                     const char *parent, const GArray *blocks)
{
    GeoBatch *batch = demo->batches[GEO_KIND_AREA];
    double people = 0;
    if (blocks->len == 0)
        return;
    GeoArea *area = geo_batch_add(batch);
    for (guint i = 0; i < blocks->len; i++)
        people += demo_block(demo, g_array_index(blocks, uint32_t, i))->people;
    area->row.id = geo_demo_id(batch);
    area->row.code = geo_batch_text(batch, code);
    area->row.name = geo_batch_text(batch, name);
    area->level = geo_batch_word(batch, level);
    area->parent = geo_batch_word(batch, parent);
    area->population = llround(people);
    geo_demo_outline(demo, batch, (const uint32_t *)(void *)blocks->data, blocks->len);
}

enum { DISTRICT, STREET, COMMUNITY, GRID, N_LEVELS };

static GArray **kept_by(const Demo *demo, int level, uint32_t n)
{
    GArray **lists = g_new(GArray *, n);
    for (uint32_t i = 0; i < n; i++)
        lists[i] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        const DemoBlock *block = demo_block(demo, i);
        uint32_t part[N_LEVELS] = {(uint32_t)block->district, block->street, block->community,
                                   block->grid};
        if (block->keep)
            g_array_append_val(lists[part[level]], i);
    }
    return lists;
}

static void add_level(Demo *demo, int level, uint32_t n)
{
    g_autofree GArray **lists = kept_by(demo, level, n);
    for (uint32_t i = 0; i < n; i++) {
        if (level == DISTRICT)
            add_area(demo, "district", district_codes[i], district_names[i], "3401", lists[i]);
        else if (level == STREET) {
            const DemoStreet *street = g_ptr_array_index(demo->streets, i);
            add_area(demo, "street", street->code, street->name, district_codes[street->district],
                     lists[i]);
        } else if (level == COMMUNITY) {
            const DemoCommunity *community = g_ptr_array_index(demo->communities, i);
            add_area(demo, "community", community->code, community->name, community->street_code,
                     lists[i]);
        } else {
            const DemoGrid *grid = &g_array_index(demo->grids, DemoGrid, i);
            const DemoCommunity *of = g_ptr_array_index(demo->communities, grid->community);
            g_autofree char *name = g_strdup_printf("%s%s网格", of->name, grid->code + 12);
            add_area(demo, "grid", grid->code, name, of->code, lists[i]);
        }
        g_array_unref(lists[i]);
    }
}

bool geo_demo_areas(Demo *demo, GError **error)
{
    list_neighbours(demo);
    own_blocks(demo);
    join_districts(demo);
    Growth growth = growth_new(demo);
    g_autofree uint32_t *seats = g_new(uint32_t, demo->communities->len);
    grow_streets(demo, &growth);
    bool grown = grow_communities(demo, &growth, seats, error);
    if (grown) {
        keep_some(demo, &growth, seats);
        grow_grids(demo, &growth);
        add_level(demo, DISTRICT, 4);
        add_level(demo, STREET, demo->streets->len);
        add_level(demo, COMMUNITY, demo->communities->len);
        add_level(demo, GRID, demo->grids->len);
    }
    growth_clear(&growth);
    return grown;
}
