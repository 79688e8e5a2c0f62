/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Speed figures in one language: BENCH|name|task|who|unit|median|min|max|n, and the machine at the
 * end. Inputs have fixed seeds and stated sizes. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline double bench_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int bench_rising(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

/* Sorts the figures; the median. Prints them for people and for machines. */
static inline double bench_say(const char *name, const char *task, const char *who,
                               const char *unit, double *figures, size_t n)
{
    qsort(figures, n, sizeof *figures, bench_rising);
    double median = figures[n / 2];
    printf("%-24s %-14s median %10.3f %s, p99 %.3f, worst %.3f (%zu runs)\n", task, who, median,
           unit, figures[n * 99 / 100], figures[n - 1], n);
    printf("BENCH|%s|%s|%s|%s|%.4g|%.4g|%.4g|%zu\n", name, task, who, unit, median, figures[0],
           figures[n - 1], n);
    return median;
}

static inline void bench_machine(const char *name)
{
    g_autofree char *text = NULL;
    const char *model = "unknown";
    if (g_file_get_contents("/proc/cpuinfo", &text, NULL, NULL)) {
        char *line = strstr(text, "model name");
        char *colon = line ? strchr(line, ':') : NULL;
        if (colon) {
            model = g_strstrip(strsep(&colon, "\n") + 1);
        }
    }
    printf("BENCH|%s|machine|%s, %u processors, gcc %s\n", name, model, g_get_num_processors(),
           __VERSION__);
}
