/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Questions as people say them, made from a city's own addresses by rules of their own: nothing of
 * the finder is used, and its tables of sounds are not these. Each knows the place it was made
 * from. SPOKEN_KINDS kinds of distortion in turn. Where words alone cannot tell (initials, a
 * mistyped name, a compound of a common name), the question comes with a place up to 1.5 km off, as
 * a caller's cell gives one; all others are asked from the old town. */
#include <math.h>
#include <string.h>

#include "geo/calc/dice.h"
#include "geo/model/frame.h"
#include "geo/work/demo.h"
#include "geo/work/finder.h"

#define SPOKEN_SEED 20261123
#define SPOKEN_BEHIND_M 30.0
#define SPOKEN_FAR_M                                                                               \
    30.0 /* so near to the right place is right, where the place is not in the data */
#define SPOKEN_SAME_M 5.0 /* a shop stands at its door's place */
#define SPOKEN_MAX_PLACES 8

enum {
    SPOKEN_SHORT,
    SPOKEN_ORDER,
    SPOKEN_HOMOPHONE,
    SPOKEN_NEAR_SOUND,
    SPOKEN_DIGITS,
    SPOKEN_NICKNAME,
    SPOKEN_RELATION,
    SPOKEN_BEARING,
    SPOKEN_CROSSING,
    SPOKEN_PINYIN,
    SPOKEN_INITIALS,
    SPOKEN_TYPO,
    SPOKEN_ENGLISH,
    SPOKEN_BETWEEN,
    SPOKEN_KINDS
};

static const char *const spoken_kinds[SPOKEN_KINDS] = {
    "short",         "free order", "homophone",        "near sound",
    "spoken digits", "nickname",   "opposite, behind", "bearing",
    "crossing",      "pinyin",     "initials",         "typo",
    "English",       "between"};

/* Character, pinyin, others of the same sound, others of nearly the same. */
static const char *const spoken_sounds[][4] = {
    {"路", "lu", "陆鹿录", ""},    {"巷", "xiang", "向项", ""},   {"街", "jie", "阶接", ""},
    {"支", "zhi", "之枝", "资"},   {"里", "li", "李理", "你"},    {"西", "xi", "希夕", ""},
    {"东", "dong", "冬", ""},      {"南", "nan", "男楠", "兰"},   {"北", "bei", "贝", ""},
    {"和", "he", "何禾", ""},      {"德", "de", "得", ""},        {"瑞", "rui", "锐", ""},
    {"源", "yuan", "元圆", ""},    {"安", "an", "按", "昂"},      {"桂", "gui", "贵", ""},
    {"春", "chun", "椿", "村"},    {"明", "ming", "名铭", "民"},  {"望", "wang", "旺忘", "万"},
    {"景", "jing", "警静", "锦"},  {"嘉", "jia", "佳加", ""},     {"梅", "mei", "美煤", ""},
    {"临", "lin", "邻", "凌"},     {"清", "qing", "青轻", "亲"},  {"永", "yong", "勇咏", ""},
    {"云", "yun", "运芸", ""},     {"兴", "xing", "星", "欣"},    {"松", "song", "送宋", ""},
    {"玉", "yu", "育裕", ""},      {"新", "xin", "心欣", "星"},   {"柏", "bai", "百摆", ""},
    {"文", "wen", "闻纹", ""},     {"枫", "feng", "风峰", "芬"},  {"湖", "hu", "胡糊", ""},
    {"平", "ping", "苹萍", "频"},  {"门", "men", "们", "蒙"},     {"丰", "feng", "风锋", "芬"},
    {"山", "shan", "衫", "三"},    {"阳", "yang", "杨洋", "颜"},  {"宁", "ning", "凝", "您"},
    {"泉", "quan", "全权", ""},    {"泰", "tai", "太", ""},       {"溪", "xi", "希夕", ""},
    {"洲", "zhou", "周舟", "邹"},  {"华", "hua", "滑", ""},       {"园", "yuan", "元圆", ""},
    {"岭", "ling", "领", "吝"},    {"林", "lin", "邻琳", "玲"},   {"塘", "tang", "糖唐", "谈"},
    {"庆", "qing", "晴", "琴"},    {"康", "kang", "抗", "刊"},    {"昌", "chang", "畅", "仓"},
    {"荣", "rong", "容融", ""},    {"苑", "yuan", "院愿", ""},    {"顺", "shun", "瞬", ""},
    {"桥", "qiao", "乔侨", ""},    {"亭", "ting", "庭廷", ""},    {"福", "fu", "富扶", ""},
    {"城", "cheng", "成程", "岑"}, {"江", "jiang", "姜将", "间"}, {"河", "he", "何", ""},
    {"州", "zhou", "周", "邹"},    {"大", "da", "", ""},          {"道", "dao", "到", ""},
    {"环", "huan", "还", "黄"},    {"紫", "zi", "子", "纸"},      {"银", "yin", "", "英"},
    {"翠", "cui", "脆", ""},       {"荷", "he", "何禾", ""},      {"水", "shui", "", ""},
    {"长", "chang", "常场", "藏"}, {"淝", "fei", "肥", ""},       {"宿", "su", "素", ""},
    {"幸", "xing", "性", "信"},    {"小", "xiao", "晓", ""},      {"区", "qu", "曲", ""},
    {"花", "hua", "滑", ""},       {"村", "cun", "", "春"},       {"金", "jin", "巾", "京"},
    {"世", "shi", "市式", "四"},   {"纪", "ji", "季计", ""},      {"锦", "jin", "紧", "景"},
    {"绣", "xiu", "秀", ""},       {"琥", "hu", "虎", ""},        {"珀", "po", "破", ""},
    {"丽", "li", "莉", ""},        {"香", "xiang", "湘", ""},     {"樟", "zhang", "章", "脏"},
    {"梧", "wu", "吴", ""},        {"桐", "tong", "同", ""},      {"芙", "fu", "扶", ""},
    {"蓉", "rong", "容", ""},      {"海", "hai", "", ""},         {"棠", "tang", "糖", ""},
    {"青", "qing", "轻", "亲"},    {"年", "nian", "", "连"},      {"书", "shu", "叔", "苏"},
    {"雅", "ya", "", ""},          {"居", "ju", "", ""},          {"家", "jia", "佳", ""},
    {"公", "gong", "工", ""},      {"寓", "yu", "遇", ""},        {"庐", "lu", "炉", ""},
    {"庭", "ting", "停", ""},      {"名", "ming", "铭", "民"}};

typedef struct {
    char *text;
    int kind;
    int64_t id; /* of the address; 0: only the place counts */
    GeoXY right[SPOKEN_MAX_PLACES];
    int n_right;
    double within_m;
    GeoLonLat near;
} Spoken;

typedef struct {
    GeoBatch *batches[GEO_N_KINDS];
    GeoFrame *frame;
    GeoDice dice;
    GArray *named;        /* uint32_t: rows of roads that have a name */
    GHashTable *doors;    /* "road|number" of doors -> row + 1 */
    GHashTable *withheld; /* "road|number" */
    GArray *spoken;       /* Spoken */
} SpokenTown;

static inline const GeoAddress *spoken_address(const SpokenTown *town, guint i)
{
    return (const GeoAddress *)(const void *)geo_batch_row(town->batches[GEO_KIND_ADDRESS], i);
}

static inline guint spoken_below(SpokenTown *town, guint n)
{
    return geo_dice_below(&town->dice, n);
}

static inline GeoXY spoken_xy(const SpokenTown *town, GeoKind kind, guint i)
{
    GeoLonLat p = {0, 0};
    const GeoBatch *batch = town->batches[kind];
    geo_batch_first(batch, geo_batch_row(batch, i), &p);
    return geo_frame_xy(town->frame, p);
}

static inline char *spoken_key(const char *road, int number)
{
    return g_strdup_printf("%s|%d", road, number);
}

/* ---- the city ---- */

static inline void spoken_list_roads(SpokenTown *town)
{
    const GeoBatch *roads = town->batches[GEO_KIND_ROAD];
    town->named = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < roads->rows->len; i++)
        if (geo_batch_row(roads, i)->name)
            g_array_append_val(town->named, i);
}

static inline void spoken_list_doors(SpokenTown *town)
{
    town->doors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < town->batches[GEO_KIND_ADDRESS]->rows->len; i++) {
        const GeoAddress *a = spoken_address(town, i);
        if (a->class == GEO_ADDRESS_DOOR)
            g_hash_table_insert(town->doors, spoken_key(a->road, atoi(a->number)),
                                GUINT_TO_POINTER(i + 1));
    }
}

static inline GeoXY spoken_foot(GeoXY a, GeoXY b, GeoXY p)
{
    double dx = b.x - a.x, dy = b.y - a.y, l2 = dx * dx + dy * dy;
    double t = l2 > 0 ? fmax(0, fmin(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / l2)) : 0;
    return (GeoXY){a.x + t * dx, a.y + t * dy};
}

/* The nearest place on any street of the name (NULL: of any name); the row of the street. */
static inline uint32_t spoken_nearest(const SpokenTown *town, const char *name, GeoXY p,
                                      GeoXY *foot)
{
    const GeoBatch *roads = town->batches[GEO_KIND_ROAD];
    GeoLonLat at = geo_frame_lonlat(town->frame, p);
    double best = INFINITY;
    uint32_t row = UINT32_MAX;
    for (guint i = 0; i < town->named->len; i++) {
        uint32_t r = g_array_index(town->named, uint32_t, i);
        const GeoRow *road = geo_batch_row(roads, r);
        GeoBounds box = geo_batch_row_bounds(roads, road);
        if ((name && strcmp(name, road->name) != 0) || at.lon < box.west - 0.01 ||
            at.lon > box.east + 0.01 || at.lat < box.south - 0.01 || at.lat > box.north + 0.01)
            continue;
        for (uint32_t k = 0; k < road->n_parts; k++) {
            size_t n;
            const GeoLonLat *line = geo_batch_part(roads, road, k, &n);
            for (size_t v = 0; v + 1 < n; v++) {
                GeoXY on = spoken_foot(geo_frame_xy(town->frame, line[v]),
                                       geo_frame_xy(town->frame, line[v + 1]), p);
                double off = hypot(on.x - p.x, on.y - p.y);
                if (off < best) {
                    best = off;
                    *foot = on;
                    row = r;
                }
            }
        }
    }
    return row;
}

/* ---- words ---- */

static inline const char *const *spoken_sound(gunichar c)
{
    for (size_t i = 0; i < G_N_ELEMENTS(spoken_sounds); i++)
        if (g_utf8_get_char(spoken_sounds[i][0]) == c)
            return spoken_sounds[i];
    return NULL;
}

/* One character of the name by another of column 2 (the same sound) or 3 (nearly). NULL: none has
 * one. Endings are left alone. */
static inline char *spoken_other_sound(SpokenTown *town, const char *name, int column)
{
    glong n = g_utf8_strlen(name, -1), begin = (glong)spoken_below(town, (guint)MAX(n - 1, 1));
    for (glong k = 0; k + 1 < n; k++) {
        const char *at = g_utf8_offset_to_pointer(name, (begin + k) % (n - 1));
        const char *const *sound = spoken_sound(g_utf8_get_char(at));
        glong m = sound ? g_utf8_strlen(sound[column], -1) : 0;
        if (m == 0)
            continue;
        const char *other =
            g_utf8_offset_to_pointer(sound[column], (glong)spoken_below(town, (guint)m));
        return g_strdup_printf("%.*s%.*s%s", (int)(at - name), name,
                               (int)(g_utf8_next_char(other) - other), other, g_utf8_next_char(at));
    }
    return NULL;
}

/* The name in letters, or their firsts; NULL where the table lacks a character. */
static inline char *spoken_letters(const char *name, bool firsts)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (const char *p = name; *p; p = g_utf8_next_char(p)) {
        const char *const *sound = spoken_sound(g_utf8_get_char(p));
        if (!sound)
            return NULL;
        g_string_append_len(text, sound[1], firsts ? 1 : -1);
    }
    return g_strdup(text->str);
}

static inline char *spoken_number(int number, bool digit_by_digit)
{
    static const char *const digits[] = {"零", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    GString *text = g_string_new(NULL);
    if (digit_by_digit) {
        g_autofree char *plain = g_strdup_printf("%d", number);
        for (const char *p = plain; *p; p++)
            g_string_append(text, *p == '1' ? "幺" : digits[*p - '0']);
        return g_string_free(text, FALSE);
    }
    int hundreds = number / 100 % 10, tens = number / 10 % 10, ones = number % 10;
    if (number >= 1000)
        g_string_append_printf(text, "%s千%s", digits[number / 1000],
                               hundreds == 0 && number % 1000 ? "零" : "");
    if (hundreds)
        g_string_append_printf(text, "%s百", digits[hundreds]);
    if (tens)
        g_string_append_printf(text, "%s十", number < 20 ? "" : digits[tens]);
    else if (hundreds && ones)
        g_string_append(text, "零");
    if (ones)
        g_string_append(text, digits[ones]);
    return g_string_free(text, FALSE);
}

/* A character dropped, doubled, changed about with the next, or another in its place. */
static inline char *spoken_typo(SpokenTown *town, const char *name)
{
    glong n = g_utf8_strlen(name, -1), at = (glong)spoken_below(town, (guint)(n - 1));
    const char *p = g_utf8_offset_to_pointer(name, at), *q = g_utf8_next_char(p);
    const char *r = g_utf8_next_char(q);
    int before = (int)(p - name), one = (int)(q - p), two = (int)(r - q);
    switch (spoken_below(town, 4)) {
    case 0:
        return g_strdup_printf("%.*s%s", before, name, q);
    case 1:
        return g_strdup_printf("%.*s%.*s%s", before, name, one, p, p);
    case 2:
        return g_strdup_printf("%.*s%.*s%.*s%s", before, name, two, q, one, p, r);
    default: {
        static const char *const wrong[] = {"土", "木", "口", "田", "几", "专", "目", "手"};
        return g_strdup_printf("%.*s%s%s", before, name,
                               wrong[spoken_below(town, G_N_ELEMENTS(wrong))], q);
    }
    }
}

/* ---- questions ---- */

static inline void spoken_add(SpokenTown *town, int kind, char *text, int64_t id, GeoXY right,
                              double within_m, bool near)
{
    Spoken one = {.text = text, .kind = kind, .id = id, .right = {right}, .n_right = 1};
    one.within_m = within_m;
    one.near = (GeoLonLat){117.2868, 31.8618};
    if (near) {
        double angle = geo_dice_between(&town->dice, 0, 2 * G_PI);
        double off = geo_dice_between(&town->dice, 0, 1500);
        one.near = geo_frame_lonlat(
            town->frame, (GeoXY){right.x + off * sin(angle), right.y + off * cos(angle)});
    }
    g_array_append_val(town->spoken, one);
}

/* Any row of the class. */
static inline guint spoken_pick(SpokenTown *town, int class)
{
    for (;;) {
        guint i = spoken_below(town, town->batches[GEO_KIND_ADDRESS]->rows->len);
        const GeoAddress *a = spoken_address(town, i);
        if (a->class != class)
            continue;
        g_autofree char *key = a->number ? spoken_key(a->road, atoi(a->number)) : NULL;
        if (!key || !g_hash_table_contains(town->withheld, key))
            return i;
    }
}

static inline const char *spoken_district(const SpokenTown *town, const GeoAddress *address)
{
    const GeoBatch *areas = town->batches[GEO_KIND_AREA];
    for (guint i = 0; i < areas->rows->len; i++) {
        const GeoArea *area = &g_array_index(areas->rows, GeoArea, i);
        if (g_strcmp0(area->level, "district") == 0 &&
            g_str_has_prefix(address->area, area->row.code))
            return area->row.name;
    }
    return "";
}

/* What is said of a door: by kind. NULL: this one cannot be said so. */
static inline char *spoken_door(SpokenTown *town, int kind, const GeoAddress *a)
{
    int number = atoi(a->number);
    bool coin = spoken_below(town, 2);
    if (kind == SPOKEN_SHORT)
        return coin ? g_strdup_printf("%s%d", a->road, number)
                    : g_strdup_printf("我在%s%d那边", a->road, number);
    if (kind == SPOKEN_ORDER)
        return g_strdup_printf("%d号 %s %s", number, spoken_district(town, a), a->road);
    if (kind == SPOKEN_ENGLISH)
        return coin ? g_strdup_printf("%d %s", number, a->road)
                    : g_strdup_printf("no. %d on %s", number, a->road);
    if (kind == SPOKEN_DIGITS) {
        g_autofree char *digits = spoken_number(number, coin);
        return g_strconcat(a->road, digits, "号", NULL);
    }
    g_autofree char *name =
        kind == SPOKEN_HOMOPHONE || kind == SPOKEN_NEAR_SOUND
            ? spoken_other_sound(town, a->road, kind == SPOKEN_HOMOPHONE ? 2 : 3)
        : kind == SPOKEN_TYPO ? spoken_typo(town, a->road)
                              : spoken_letters(a->road, kind == SPOKEN_INITIALS);
    return name
               ? g_strdup_printf("%s%s%d号", name, kind >= SPOKEN_PINYIN && coin ? " " : "", number)
               : NULL;
}

static inline void spoken_ask_door(SpokenTown *town, int kind)
{
    bool near = kind == SPOKEN_INITIALS || kind == SPOKEN_TYPO;
    for (;;) {
        guint i = spoken_pick(town, GEO_ADDRESS_DOOR);
        const GeoAddress *a = spoken_address(town, i);
        char *text = spoken_door(town, kind, a);
        if (!text)
            continue;
        spoken_add(town, kind, text, a->row.id, spoken_xy(town, GEO_KIND_ADDRESS, i), SPOKEN_SAME_M,
                   near);
        return;
    }
}

/* Compound, building and the street it stands at, in any order; or a part of the compound left out.
 */
static inline void spoken_ask_building(SpokenTown *town, int kind)
{
    static const char *const counters[] = {"号楼", "栋", "幢", "座", "#楼"};
    static const char *const parts[] = {"一期", "二期", "三期", "东区", "西区"};
    for (;;) {
        guint i = spoken_pick(town, GEO_ADDRESS_BUILDING);
        const GeoAddress *a = spoken_address(town, i);
        GeoXY p = spoken_xy(town, GEO_KIND_ADDRESS, i), foot;
        uint32_t road = spoken_nearest(town, NULL, p, &foot);
        if (road == UINT32_MAX || hypot(foot.x - p.x, foot.y - p.y) > 200)
            continue;
        const char *street = geo_batch_row(town->batches[GEO_KIND_ROAD], road)->name;
        g_autofree char *compound = g_strdup(a->compound);
        for (size_t k = 0; k < G_N_ELEMENTS(parts) && kind == SPOKEN_NICKNAME; k++)
            if (g_str_has_suffix(compound, parts[k]))
                compound[strlen(compound) - strlen(parts[k])] = '\0';
        const char *counter = counters[spoken_below(town, G_N_ELEMENTS(counters))];
        g_autofree char *building = g_strdup_printf("%d%s", atoi(a->building), counter);
        const char *words[3] = {building, compound, street};
        guint first = spoken_below(town, 3), second = (first + 1 + spoken_below(town, 2)) % 3;
        spoken_add(
            town, kind,
            g_strdup_printf("%s %s %s", words[first], words[second], words[3 - first - second]),
            a->row.id, p, SPOKEN_SAME_M, true);
        return;
    }
}

static inline void spoken_ask_nickname(SpokenTown *town)
{
    static const char *const others[][2] = {{"社区卫生服务中心", "卫生服务中心"},
                                            {"社区居委会", "居委会"},
                                            {"农贸市场", "菜市场"},
                                            {"安徽省", "省"},
                                            {"合肥市第", "市"},
                                            {"派出所", "派出所那里"},
                                            {"地铁站", "地铁"},
                                            {"幼儿园", "幼儿"}};
    const GeoBatch *facilities = town->batches[GEO_KIND_FACILITY];
    for (;;) {
        guint i = spoken_below(town, facilities->rows->len);
        const GeoRow *row = geo_batch_row(facilities, i);
        for (size_t k = 0; k < G_N_ELEMENTS(others); k++) {
            const char *hit = strstr(row->name, others[k][0]);
            if (!hit)
                continue;
            spoken_add(town, SPOKEN_NICKNAME,
                       g_strdup_printf("%.*s%s%s", (int)(hit - row->name), row->name, others[k][1],
                                       hit + strlen(others[k][0])),
                       row->id, spoken_xy(town, GEO_KIND_FACILITY, i), SPOKEN_SAME_M, true);
            return;
        }
    }
}

/* Across its street, away from it, or by it; of a door, said in Chinese or in English. */
static inline void spoken_ask_relation(SpokenTown *town, bool english)
{
    static const char *const words[3][2] = {
        {"对面", "opposite"}, {"后面", "behind"}, {"旁边", "next to"}};
    for (;;) {
        guint i = spoken_pick(town, GEO_ADDRESS_DOOR), what = spoken_below(town, 3);
        const GeoAddress *a = spoken_address(town, i);
        GeoXY p = spoken_xy(town, GEO_KIND_ADDRESS, i), foot;
        if (spoken_nearest(town, a->road, p, &foot) == UINT32_MAX)
            continue;
        double off = hypot(foot.x - p.x, foot.y - p.y);
        if (off < 3 || off > 100)
            continue;
        double by = what == 0 ? 2 * off : what == 1 ? -SPOKEN_BEHIND_M : 0;
        GeoXY right = {p.x + (foot.x - p.x) / off * by, p.y + (foot.y - p.y) / off * by};
        spoken_add(town, english ? SPOKEN_ENGLISH : SPOKEN_RELATION,
                   english ? g_strdup_printf("%s %s", words[what][1], a->row.name)
                           : g_strdup_printf("%s%s", a->row.name, words[what][0]),
                   0, right, SPOKEN_FAR_M, false);
        return;
    }
}

static inline void spoken_ask_bearing(SpokenTown *town, bool english)
{
    static const char *const ways[8][2] = {
        {"北", "north"}, {"东北", "north-east"}, {"东", "east"}, {"东南", "south-east"},
        {"南", "south"}, {"西南", "south-west"}, {"西", "west"}, {"西北", "north-west"}};
    guint i = spoken_pick(town, GEO_ADDRESS_DOOR), way = spoken_below(town, 8);
    int metres = 10 * (2 + (int)spoken_below(town, 19));
    const GeoAddress *a = spoken_address(town, i);
    GeoXY p = spoken_xy(town, GEO_KIND_ADDRESS, i);
    GeoXY right = {p.x + metres * sin(way * G_PI / 4), p.y + metres * cos(way * G_PI / 4)};
    char *text = english ? g_strdup_printf("%d m %s of %s", metres, ways[way][1], a->row.name)
                 : spoken_below(town, 2)
                     ? g_strdup_printf("%s%s侧%d米", a->row.name, ways[way][0], metres)
                     : g_strdup_printf("%s往%s%d米", a->row.name, ways[way][0], metres);
    spoken_add(town, english ? SPOKEN_ENGLISH : SPOKEN_BEARING, text, 0, right, SPOKEN_FAR_M,
               false);
}

/* All places where streets of the two names have a vertex in common. */
static inline int spoken_corners(const SpokenTown *town, const char *a, const char *b,
                                 GeoXY right[SPOKEN_MAX_PLACES])
{
    const GeoBatch *roads = town->batches[GEO_KIND_ROAD];
    g_autoptr(GHashTable) of_a = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (guint i = 0; i < town->named->len; i++) {
            const GeoRow *road = geo_batch_row(roads, g_array_index(town->named, uint32_t, i));
            if (strcmp(road->name, pass ? b : a) != 0)
                continue;
            for (uint32_t k = 0; k < road->n_parts; k++) {
                size_t m;
                const GeoLonLat *line = geo_batch_part(roads, road, k, &m);
                for (size_t v = 0; v < m; v++) {
                    char *key = g_strdup_printf("%.8f %.8f", line[v].lon, line[v].lat);
                    if (pass && g_hash_table_contains(of_a, key) && n < SPOKEN_MAX_PLACES)
                        right[n++] = geo_frame_xy(town->frame, line[v]);
                    if (pass)
                        g_free(key);
                    else
                        g_hash_table_add(of_a, key);
                }
            }
        }
    return n;
}

static inline void spoken_ask_crossing(SpokenTown *town, bool english)
{
    const GeoBatch *roads = town->batches[GEO_KIND_ROAD];
    for (;;) {
        uint32_t r = g_array_index(town->named, uint32_t, spoken_below(town, town->named->len));
        const GeoRow *road = geo_batch_row(roads, r);
        size_t n;
        const GeoLonLat *line = geo_batch_part(roads, road, 0, &n);
        GeoLonLat at = line[spoken_below(town, (guint)n)];
        for (guint i = 0; i < town->named->len; i++) {
            const GeoRow *other = geo_batch_row(roads, g_array_index(town->named, uint32_t, i));
            const GeoLonLat *points = geo_batch_part(roads, other, 0, &n);
            bool meets = false;
            for (size_t v = 0; v < n && strcmp(other->name, road->name) != 0; v++)
                meets |= points[v].lon == at.lon && points[v].lat == at.lat;
            if (!meets)
                continue;
            guint form = spoken_below(town, 4);
            char *text = english ? g_strdup_printf("corner of %s and %s", road->name, other->name)
                         : form == 0 ? g_strdup_printf("%s与%s交口", road->name, other->name)
                         : form == 1 ? g_strdup_printf("%s%s路口", road->name, other->name)
                         : form == 2 ? g_strdup_printf("%s和%s十字路口", road->name, other->name)
                                     : g_strdup_printf("%s%s交叉口", road->name, other->name);
            spoken_add(town, english ? SPOKEN_ENGLISH : SPOKEN_CROSSING, text, 0,
                       geo_frame_xy(town->frame, at), SPOKEN_FAR_M, false);
            Spoken *one = &g_array_index(town->spoken, Spoken, town->spoken->len - 1);
            one->n_right = spoken_corners(town, road->name, other->name, one->right);
            return;
        }
    }
}

/* A door that was taken out of the city, between two that stand. */
static inline void spoken_withhold(SpokenTown *town)
{
    for (;;) {
        guint i = spoken_pick(town, GEO_ADDRESS_DOOR);
        const GeoAddress *a = spoken_address(town, i);
        int number = atoi(a->number);
        bool whole = true;
        for (int by = -2; by <= 2; by += 4) {
            g_autofree char *key = spoken_key(a->road, number + by);
            whole &= g_hash_table_contains(town->doors, key) &&
                     !g_hash_table_contains(town->withheld, key);
        }
        if (!whole)
            continue;
        g_hash_table_add(town->withheld, spoken_key(a->road, number));
        spoken_add(town, SPOKEN_BETWEEN, g_strdup(a->row.name), 0,
                   spoken_xy(town, GEO_KIND_ADDRESS, i), SPOKEN_FAR_M, false);
        return;
    }
}

static inline void spoken_ask(SpokenTown *town, int kind, guint round)
{
    if (kind == SPOKEN_BETWEEN)
        spoken_withhold(town);
    else if (kind == SPOKEN_RELATION)
        spoken_ask_relation(town, false);
    else if (kind == SPOKEN_BEARING)
        spoken_ask_bearing(town, false);
    else if (kind == SPOKEN_CROSSING)
        spoken_ask_crossing(town, false);
    else if (kind == SPOKEN_NICKNAME && round % 2)
        spoken_ask_nickname(town);
    else if (kind == SPOKEN_NICKNAME || (kind == SPOKEN_ORDER && round % 3))
        spoken_ask_building(town, kind);
    else if (kind == SPOKEN_ENGLISH && round % 4 == 1)
        spoken_ask_relation(town, true);
    else if (kind == SPOKEN_ENGLISH && round % 4 == 2)
        spoken_ask_bearing(town, true);
    else if (kind == SPOKEN_ENGLISH && round % 4 == 3)
        spoken_ask_crossing(town, true);
    else
        spoken_ask_door(town, kind);
}

/* ---- the run ---- */

static inline void spoken_begin(SpokenTown *town, double scale, uint64_t seed, guint n)
{
    g_autoptr(GError) error = NULL;
    GeoDemoOptions options = {.scale = scale, .no_tracks = true};
    if (!geo_demo_rows(&options, town->batches, NULL, &error))
        g_error("%s", error->message);
    town->frame = geo_frame_new(geo_demo_city().epsg, NULL);
    town->dice = geo_dice_new(seed, 1);
    town->withheld = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    town->spoken = g_array_new(FALSE, FALSE, sizeof(Spoken));
    spoken_list_roads(town);
    spoken_list_doors(town);
    for (guint i = 0; i < n; i++) /* the withheld first: no other question is to be about these */
        if (i % SPOKEN_KINDS == SPOKEN_BETWEEN)
            spoken_ask(town, SPOKEN_BETWEEN, i / SPOKEN_KINDS);
    for (guint i = 0; i < n; i++)
        if (i % SPOKEN_KINDS != SPOKEN_BETWEEN)
            spoken_ask(town, (int)(i % SPOKEN_KINDS), i / SPOKEN_KINDS);
}

/* The city's rows in a store of memory, without what was withheld. */
static inline GeoStore *spoken_store(SpokenTown *town)
{
    static const GeoKind kinds[] = {GEO_KIND_AREA,     GEO_KIND_ROAD,   GEO_KIND_BASE,
                                    GEO_KIND_FACILITY, GEO_KIND_CAMERA, GEO_KIND_ADDRESS};
    g_autoptr(GError) error = NULL;
    GeoCity city = geo_demo_city();
    GeoStore *store = geo_store_new_memory(&city);
    GeoAct act = geo_act_local(NULL, GEO_DEMO_NOW_MS);
    GeoImport import = {.id = 1, .kind = "spoken", .source = "test", .at_ms = act.now_ms};
    GeoBatch *kept = geo_batch_new(GEO_KIND_ADDRESS);
    for (guint i = 0; i < town->batches[GEO_KIND_ADDRESS]->rows->len; i++) {
        const GeoAddress *a = spoken_address(town, i);
        g_autofree char *key = a->number ? spoken_key(a->road, atoi(a->number)) : NULL;
        if (!key || !g_hash_table_contains(town->withheld, key))
            geo_batch_copy_row(kept, town->batches[GEO_KIND_ADDRESS], i);
    }
    bool good = geo_store_import_begin(store, &act, &import, &error);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && good; i++)
        good = geo_store_import_put(store, &act, import.id,
                                    kinds[i] == GEO_KIND_ADDRESS ? kept : town->batches[kinds[i]],
                                    &error);
    if (!good || !geo_store_import_finish(store, &act, import.id, 0, &error))
        g_error("%s", error->message);
    geo_batch_free(kept);
    return store;
}

static inline void spoken_end(SpokenTown *town)
{
    for (guint i = 0; i < town->spoken->len; i++)
        g_free(g_array_index(town->spoken, Spoken, i).text);
    g_array_unref(town->spoken);
    g_array_unref(town->named);
    g_hash_table_unref(town->doors);
    g_hash_table_unref(town->withheld);
    geo_demo_free_rows(town->batches);
    geo_frame_free(town->frame);
}

/* Its place among the first n found, from 1; 0: not there. */
static inline int spoken_place(const SpokenTown *town, const Spoken *one, const GArray *found,
                               int n)
{
    for (int i = 0; i < (int)found->len && i < n; i++) {
        const GeoFound *hit = &g_array_index(found, GeoFound, i);
        GeoXY p = geo_frame_xy(town->frame, hit->at);
        if (one->id && hit->id == one->id)
            return i + 1;
        for (int k = 0; k < one->n_right; k++)
            if (hypot(p.x - one->right[k].x, p.y - one->right[k].y) <= one->within_m)
                return i + 1;
    }
    return 0;
}
