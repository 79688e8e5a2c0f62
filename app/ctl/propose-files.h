/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A proposal as files: a report in PDF and a workbook. */
#include "geo/work/proposal.h"

typedef struct {
    const char *city, *class_code, *note; /* note on the city's data; may be NULL */
    double px_per_m;
    int epsg; /* metres of the proposal */
    bool night;
    const char *lang; /* of the words: "en" or "zh-cn" */
    char made[24];    /* day and time, told on the first page */
} ProposeFacts;

/* Words are those of the process's language. A file is whole or not there. */
bool app_propose_write_pdf(const GeoProposal *proposal, const ProposeFacts *facts, const char *path,
                           GError **error);
bool app_propose_write_xlsx(const GeoProposal *proposal, const ProposeFacts *facts,
                            const char *path, GError **error);
