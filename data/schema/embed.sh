#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes the schema files as C strings: embed.sh OUT.c NAME=FILE...
out=$1
shift
{
    echo '/* SPDX-License-Identifier: GPL-3.0-or-later */'
    echo '#include "geo/store/schema.h"'
    for pair in "$@"; do
        printf 'const char geo_schema_%s[] =\n' "${pair%%=*}"
        sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/    "/' -e 's/$/\\n"/' "${pair#*=}"
        echo '    ;'
    done
} >"$out"
