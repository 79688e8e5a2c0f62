/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facilities with their gates at streets, and people as points. Gates of schools, stations,
 * hospitals, markets and squares are must-see places. */
#include <math.h>
#include <string.h>

#include "geo/calc/partition.h"
#include "geo/model/kind.h"
#include "geo/work/demo-city.h"

static void add_facility(Demo *demo, int class, const char *name, bool must_see, GeoXY at,
                         const char *street)
{
    GeoBatch *batch = demo->batches[GEO_KIND_FACILITY];
    GeoFacility *facility = geo_batch_add(batch);
    int64_t id = geo_demo_id(batch);
    g_autofree char *code = g_strdup_printf("FA%06d", (int)(id % 1000000));
    facility->row.id = id;
    facility->row.code = geo_batch_text(batch, code);
    facility->row.name = geo_batch_text(batch, name);
    facility->class = class;
    facility->must_see = must_see;
    facility->address = geo_batch_text(batch, street);
    GeoLonLat p = geo_demo_lonlat(demo, at);
    geo_batch_set_point(batch, p.lon, p.lat);
}

/* The skeleton's own places, moved to the nearest pavement. */
static void add_known(Demo *demo, GeoDice *dice)
{
    for (uint32_t i = 0; i < demo->lines->len; i++) {
        const DemoLine *line = demo_line(demo, i);
        bool place = line->kind == DEMO_LINE_PLACE;
        int class = place                          ? line->class
                    : line->kind == DEMO_LINE_PARK ? GEO_FACILITY_PARK
                                                   : GEO_FACILITY_SQUARE;
        if (!place && line->kind != DEMO_LINE_PARK && line->kind != DEMO_LINE_SQUARE)
            continue;
        uint32_t block = geo_demo_block_at(demo, g_array_index(line->xy, GeoXY, 0), 150);
        DemoSpot spot;
        if (block != GEO_PARTITION_NONE && geo_demo_spot(demo, block, dice, &spot))
            add_facility(demo, class, line->name, class != GEO_FACILITY_OTHER, spot.at,
                         geo_demo_line_name(demo, spot.side->line));
    }
}

typedef struct {
    const char *ending;
    int class;
    bool must_see;
    bool by_street; /* one for each street or town, else for each community */
} Kind;

static void add_made(Demo *demo, GeoDice *dice, const Kind *kind, uint32_t community,
                     const char *stem)
{
    DemoSpot spot;
    for (int round = 0; round < 8; round++) {
        uint32_t block = geo_demo_pick_block(demo, community, dice);
        if (block == GEO_PARTITION_NONE || !geo_demo_spot(demo, block, dice, &spot))
            continue;
        g_autofree char *name = g_strconcat(stem, kind->ending, NULL);
        add_facility(demo, kind->class, name, kind->must_see, spot.at,
                     geo_demo_line_name(demo, spot.side->line));
        return;
    }
}

static char *stem_of(const char *name)
{
    static const char *const ends[] = {"社区", "街道", "村", "镇"};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        if (g_str_has_suffix(name, ends[i]))
            return g_strndup(name, strlen(name) - strlen(ends[i]));
    return g_strdup(name);
}

static void add_people(Demo *demo)
{
    GeoBatch *batch = demo->batches[GEO_KIND_POPULATION];
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        const DemoBlock *block = demo_block(demo, i);
        if (!block->keep || block->people < 1)
            continue;
        GeoPopulation *population = geo_batch_add(batch);
        population->row.id = geo_demo_id(batch);
        population->people = round(block->people);
        GeoLonLat p = geo_demo_lonlat(demo, demo_plan_block(demo, i)->inside);
        geo_batch_set_point(batch, p.lon, p.lat);
    }
}

void geo_demo_places(Demo *demo)
{
    static const Kind made[] = {{"小学", GEO_FACILITY_SCHOOL, true, false},
                                {"幼儿园", GEO_FACILITY_SCHOOL, true, false},
                                {"社区居委会", GEO_FACILITY_GOVERNMENT, false, false},
                                {"派出所", GEO_FACILITY_POLICE, false, true},
                                {"农贸市场", GEO_FACILITY_MARKET, true, true},
                                {"中学", GEO_FACILITY_SCHOOL, true, true},
                                {"社区卫生服务中心", GEO_FACILITY_HOSPITAL, true, true}};
    GeoDice dice = geo_dice_new(demo->options.seed, 20);
    add_known(demo, &dice);
    const char *last = NULL;
    for (uint32_t c = 0; c < demo->communities->len; c++) {
        const DemoCommunity *community = g_ptr_array_index(demo->communities, c);
        const GArray *own = g_ptr_array_index(demo->own, c);
        if (own->len == 0)
            continue;
        bool first = g_strcmp0(last, community->street_code) != 0;
        last = community->street_code;
        for (size_t k = 0; k < G_N_ELEMENTS(made); k++) {
            g_autofree char *stem =
                stem_of(made[k].by_street ? community->street : community->name);
            if (first || !made[k].by_street)
                add_made(demo, &dice, &made[k], c, stem);
        }
    }
    add_people(demo);
}
