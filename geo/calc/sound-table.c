/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Run by the build: writes the readings of Chinese characters as C tables, so that no program loads
 * a transliterator (0.25 s with ICU 72). The main reading is CLDR's Han-Latin, the second CLDR's
 * Han-Latin/Names; a reading that neither of them gives stands in MORE, which is ours: characters
 * of place names that are read in two ways. sound-table OUT.c */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define FIRST 0x4e00
#define END 0xa000
#define N_HAN (END - FIRST)
#define MAX_SYLLABLES 600
#define MAX_MORE 6000
#define LETTERS 8

static const char *const MORE[] = {
    "长 chang", "长 zhang", "重 chong", "重 zhong", "行 hang",   "行 xing",   "乐 le",
    "乐 yue",   "都 du",    "都 dou",   "朝 chao",  "朝 zhao",   "六 lu",     "六 liu",
    "合 he",    "合 ge",    "单 dan",   "单 shan",  "单 chan",   "解 jie",    "解 xie",
    "大 da",    "大 dai",   "厦 xia",   "厦 sha",   "堡 bao",    "堡 pu",     "堡 bu",
    "埔 pu",    "埔 bu",    "圩 wei",   "圩 xu",    "蚌 beng",   "蚌 bang",   "涡 guo",
    "涡 wo",    "歙 she",   "歙 xi",    "朴 pu",    "朴 piao",   "柏 bai",    "柏 bo",
    "宿 su",    "宿 xiu",   "泊 bo",    "泊 po",    "省 sheng",  "省 xing",   "石 shi",
    "石 dan",   "车 che",   "车 ju",    "地 di",    "地 de",     "会 hui",    "会 kuai",
    "盛 sheng", "盛 cheng", "晟 sheng", "晟 cheng", "角 jiao",   "角 jue",    "校 xiao",
    "校 jiao",  "莘 shen",  "莘 xin",   "尉 wei",   "尉 yu",     "蔚 wei",    "蔚 yu",
    "洞 dong",  "洞 tong",  "弹 dan",   "弹 tan",   "调 diao",   "调 tiao",   "传 chuan",
    "传 zhuan", "降 jiang", "降 xiang", "曾 zeng",  "曾 ceng",   "还 huan",   "还 hai",
    "便 bian",  "便 pian",  "模 mo",    "模 mu",    "铺 pu",     "奇 qi",     "奇 ji",
    "任 ren",   "什 shi",   "什 shen",  "提 ti",    "提 di",     "系 xi",     "系 ji",
    "藏 cang",  "藏 zang",  "翟 zhai",  "翟 di",    "乾 qian",   "乾 gan",    "台 tai",
    "万 wan",   "万 mo",    "区 qu",    "区 ou",    "仇 qiu",    "仇 chou",   "查 cha",
    "查 zha",   "覃 qin",   "覃 tan",   "盖 gai",   "盖 ge",     "华 hua",    "尹 yin",
    "牟 mu",    "牟 mou",   "卜 bu",    "卜 bo",    "缪 miao",   "缪 mou",    "参 can",
    "参 shen",  "和 he",    "和 huo",   "红 hong",  "虹 hong",   "虹 jiang",  "强 qiang",
    "强 jiang", "曲 qu",    "散 san",   "数 shu",   "数 shuo",   "似 si",     "似 shi",
    "塔 ta",    "叶 ye",    "叶 xie",   "钥 yao",   "钥 yue",    "阿 a",      "阿 e",
    "薄 bo",    "薄 bao",   "北 bei",   "埠 bu",    "庐 lu",     "巷 xiang",  "巷 hang",
    "绿 lv",    "绿 lu",    "率 lv",    "率 shuai", "落 luo",    "落 lao",    "浍 hui",
    "浍 kuai",  "汤 tang",  "汤 shang", "吴 wu",    "枞 zong",   "枞 cong",   "濉 sui",
    "谷 gu",    "谷 yu",    "见 jian",  "见 xian",  "种 zhong",  "种 chong",  "番 fan",
    "番 pan",   "景 jing",  "景 ying",  "栖 qi",    "栖 xi",     "无 wu",     "亳 bo",
    "黟 yi",    "郯 tan",   "一 yao",   "一 yi",    "给 gei",    "给 ji",     "佛 fo",
    "佛 fu",    "切 qie",   "弄 nong",  "弄 long",  "幢 zhuang", "幢 chuang", "沈 shen",
    "沈 chen",  "称 cheng", "称 chen",
};

typedef struct {
    uint32_t han;
    int syllable;
} More;

static char syllables[MAX_SYLLABLES][LETTERS];
static int n_syllables, first[N_HAN], n_more;
static More more[MAX_MORE];

static void fail(const char *what)
{
    fprintf(stderr, "sound-table: %s\n", what);
    exit(1);
}

static int number_of(const char *letters)
{
    for (int i = 0; i < n_syllables; i++)
        if (strcmp(syllables[i], letters) == 0)
            return i;
    if (n_syllables == MAX_SYLLABLES || strlen(letters) >= LETTERS)
        fail("more syllables than Chinese has");
    strcpy(syllables[n_syllables], letters);
    return n_syllables++;
}

static void add_more(uint32_t han, int syllable)
{
    if (first[han - FIRST] < 0)
        first[han - FIRST] = syllable;
    if (first[han - FIRST] == syllable)
        return;
    for (int i = 0; i < n_more; i++)
        if (more[i].han == han && more[i].syllable == syllable)
            return;
    if (n_more == MAX_MORE)
        fail("more second readings than there is room for");
    more[n_more++] = (More){han, syllable};
}

/* Letters of a reading without its tone; u with two dots is v, as keyboards have it. False for what
 * is no reading. */
static int plain(const UChar *text, int n, char *letters)
{
    int out = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] == 0x308 && out > 0 && letters[out - 1] == 'u')
            letters[out - 1] = 'v';
        else if (text[i] >= 'a' && text[i] <= 'z' && out < LETTERS - 1)
            letters[out++] = (char)text[i];
        else if (text[i] < 0x300 || text[i] > 0x36f)
            return 0;
    }
    letters[out] = '\0';
    return out > 0;
}

/* All characters at once, a line each. */
static void transliterate(const char *with)
{
    static UChar text[N_HAN * 16], apart[N_HAN * 16];
    UErrorCode error = U_ZERO_ERROR;
    UChar id[64];
    u_uastrcpy(id, with);
    UTransliterator *way = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &error);
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&error);
    int n = 0;
    for (uint32_t han = FIRST; han < END; han++) {
        text[n++] = (UChar)han;
        text[n++] = '\n';
    }
    int limit = n;
    if (U_SUCCESS(error))
        utrans_transUChars(way, text, &n, N_HAN * 16, 0, &limit, &error);
    int n_apart = U_SUCCESS(error) ? unorm2_normalize(nfd, text, n, apart, N_HAN * 16, &error) : 0;
    if (U_FAILURE(error))
        fail(u_errorName(error));
    utrans_close(way);
    uint32_t han = FIRST;
    for (int at = 0, end; at < n_apart && han < END; at = end + 1, han++) {
        char letters[LETTERS];
        for (end = at; end < n_apart && apart[end] != '\n';)
            end++;
        if (plain(apart + at, end - at, letters))
            add_more(han, number_of(letters));
    }
    if (han != END)
        fail("lines got lost in transliteration");
}

/* What many say alike: zh and z, ch and c, sh and s, n and l, ng and n, v and u. */
static int near_of(const char *letters)
{
    char near[LETTERS] = "";
    size_t at = 0, n = 0, len = strlen(letters);
    if (len > 2 && strchr("zcs", letters[0]) && letters[1] == 'h') {
        near[n++] = letters[0];
        at = 2;
    }
    for (; at < len; at++) {
        char c = letters[at];
        if (c == 'n' && at == 0 && len > 1)
            c = 'l';
        if (c == 'v')
            c = 'u';
        if (c == 'g' && at + 1 == len && at > 1 && letters[at - 1] == 'n' && letters[at - 2] != 'o')
            continue;
        near[n++] = c;
    }
    return number_of(near);
}

static int by_han(const void *a, const void *b)
{
    const More *p = a, *q = b;
    return p->han != q->han ? (p->han > q->han) - (p->han < q->han)
                            : (p->syllable > q->syllable) - (p->syllable < q->syllable);
}

static void write_tables(FILE *out)
{
    int near[MAX_SYLLABLES], n = n_syllables;
    for (int i = 0; i < n; i++)
        near[i] = near_of(syllables[i]); /* may add one that no character has: "lang" of none */
    fprintf(out,
            "/* SPDX-License-Identifier: GPL-3.0-or-later */\n#include \"geo/calc/sound-table.h\"\n"
            "const uint16_t geo_sound_n = %d;\nconst char geo_sound_letters[][8] = {\n",
            n_syllables);
    for (int i = 0; i < n_syllables; i++)
        fprintf(out, "\"%s\",\n", syllables[i]);
    fprintf(out, "};\nconst uint16_t geo_sound_nears[] = {\n");
    for (int i = 0; i < n_syllables; i++)
        fprintf(out, "%d,\n", i < n ? near[i] : i);
    fprintf(out, "};\nconst uint16_t geo_sound_first[] = {\n");
    for (int i = 0; i < N_HAN; i++)
        fprintf(out, "%d,%s", first[i] < 0 ? 0xffff : first[i], i % 16 == 15 ? "\n" : "");
    fprintf(out,
            "};\nconst uint32_t geo_sound_n_more = %d;\nconst GeoSoundMore geo_sound_more[] = {\n",
            n_more);
    for (int i = 0; i < n_more; i++)
        fprintf(out, "{0x%x, %d},\n", more[i].han, more[i].syllable);
    fprintf(out, "};\n");
}

int main(int argc, char **argv)
{
    if (argc != 2)
        fail("usage: sound-table OUT.c");
    for (int i = 0; i < N_HAN; i++)
        first[i] = -1;
    transliterate("Han-Latin");
    transliterate("Han-Latin/Names");
    for (size_t i = 0; i < sizeof MORE / sizeof *MORE; i++) {
        const unsigned char *c = (const unsigned char *)MORE[i]; /* three bytes of UTF-8 */
        uint32_t han = (uint32_t)(c[0] & 0xf) << 12 | (uint32_t)(c[1] & 0x3f) << 6 | (c[2] & 0x3f);
        add_more(han, number_of(MORE[i] + 4));
    }
    qsort(more, (size_t)n_more, sizeof *more, by_han);
    FILE *out = fopen(argv[1], "w");
    if (!out)
        fail("cannot write");
    write_tables(out);
    return fclose(out) ? 1 : 0;
}
