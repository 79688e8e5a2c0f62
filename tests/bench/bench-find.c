/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 200 questions as people say them against the demo city's 200,000 addresses: how many have the
 * right place among the first three, by kind of distortion, and how long each takes. bench-find
 * [SCALE [SEED]]; exit 1 below 95 % or above 50 ms. Nobody else's program is in it: none of
 * Debian's geocoders reads a city's own register offline. */
#include <math.h>

#include "bench.h"
#include "tests/geo/spoken.h"

#define NAME "find"
#define QUESTIONS 200
#define FIRST 3
#define LEAST_SHARE 0.95
#define MOST_MS 50.0
#define PASTED_BYTES 10000

static bool say_kinds(const SpokenTown *town, const int *places)
{
    int right[SPOKEN_KINDS] = {0}, first[SPOKEN_KINDS] = {0}, n[SPOKEN_KINDS] = {0}, all = 0;
    for (guint i = 0; i < town->spoken->len; i++) {
        int kind = g_array_index(town->spoken, Spoken, i).kind;
        n[kind]++;
        right[kind] += places[i] > 0;
        first[kind] += places[i] == 1;
        all += places[i] > 0;
    }
    for (int kind = 0; kind < SPOKEN_KINDS; kind++)
        printf("  %-18s %3d of %3d in the first three, %3d the first\n", spoken_kinds[kind],
               right[kind], n[kind], first[kind]);
    printf("right in the first three: %d of %u, %.1f %%\n", all, town->spoken->len,
           100.0 * all / town->spoken->len);
    printf("BENCH|%s|right in three|gridbeat|share|%.4g|%.4g|%.4g|%u\n", NAME,
           (double)all / town->spoken->len, (double)all / town->spoken->len,
           (double)all / town->spoken->len, town->spoken->len);
    return all >= LEAST_SHARE * town->spoken->len;
}

/* A text of 10 kB that is nowhere: pasted by mistake. In milliseconds, the slowest of its kinds. */
static double pasted_ms(const GeoFinder *finder, GArray *found)
{
    static const char *const parts[] = {"a", "1", "(", "路", "长江路12号 ", "changjianglu "};
    double worst_ms = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < PASTED_BYTES)
            g_string_append(text, parts[i]);
        double begin = bench_now_us();
        geo_finder_search(finder, text->str, (GeoLonLat){117.28, 31.86}, 10, found);
        worst_ms = fmax(worst_ms, (bench_now_us() - begin) / 1000);
    }
    return worst_ms;
}

int main(int argc, char **argv)
{
    double scale = argc > 1 ? g_ascii_strtod(argv[1], NULL) : 1;
    uint64_t seed = argc > 2 ? g_ascii_strtoull(argv[2], NULL, 10) : SPOKEN_SEED;
    bool tell = g_getenv("GRIDBEAT_BENCH_MISSES") != NULL;
    SpokenTown town = {0};
    double ms[QUESTIONS];
    int places[QUESTIONS];
    g_autoptr(GError) error = NULL;
    spoken_begin(&town, scale, seed, QUESTIONS);
    g_autoptr(GeoStore) store = spoken_store(&town);
    double begin = bench_now_us();
    g_autoptr(GeoFinder) finder = geo_finder_load(store, NULL, &error);
    if (!finder)
        g_error("%s", error->message);
    double load_ms = (bench_now_us() - begin) / 1000;
    printf("%zu names and codes, %.1f MB of tables\n", geo_finder_size(finder),
           (double)geo_finder_bytes(finder) / 1e6);
    bench_say(NAME, "load", "gridbeat", "ms", &load_ms, 1);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GeoFound));
    for (guint i = 0; i < town.spoken->len; i++) {
        const Spoken *one = &g_array_index(town.spoken, Spoken, i);
        begin = bench_now_us();
        geo_finder_search(finder, one->text, one->near, 10, found);
        ms[i] = (bench_now_us() - begin) / 1000;
        places[i] = spoken_place(&town, one, found, FIRST);
        if (tell && places[i] == 0) {
            printf("missed, %s: %s\n", spoken_kinds[one->kind], one->text);
            for (guint k = 0; k < found->len && k < 4; k++) {
                const GeoFound *hit = &g_array_index(found, GeoFound, k);
                g_autofree char *reason = geo_found_dup_reason(hit);
                printf("    %-24s %.3f %s\n", hit->title, hit->score, reason);
            }
            printf("    %d in all ten, made from id %" G_GINT64_FORMAT "\n",
                   spoken_place(&town, one, found, 10), one->id);
        }
    }
    bool good = say_kinds(&town, places);
    bench_say(NAME, "one question", "gridbeat", "ms", ms, town.spoken->len);
    good &= ms[town.spoken->len - 1] < MOST_MS; /* sorted by now */
    double pasted = pasted_ms(finder, found);
    bench_say(NAME, "10 kB pasted", "gridbeat", "ms", &pasted, 1);
    good &= pasted < MOST_MS;
    bench_machine(NAME);
    spoken_end(&town);
    return good ? 0 : 1;
}
