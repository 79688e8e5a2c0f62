#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The command line's manners: help, unknown words, exit codes.
ctl=$1
. "$2/tests/app/tap.sh"

out=$("$ctl" --help)
check "help names the exit codes" [ $? -eq 0 ]
"$ctl" nonsense >/dev/null 2>"$tap_dir/err"
check_code "an unknown subcommand is a usage error" 2 $?
check "it says what exists" grep -q 'subcommands' "$tap_dir/err"
"$ctl" >/dev/null 2>&1
check_code "no subcommand is a usage error" 2 $?

# a city of two named streets is enough for questions about places
city=$tap_dir/town.gridbeat
cat >"$tap_dir/roads.geojson" <<'EOF'
{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"name": "长江路", "highway": "primary"},
  "geometry": {"type": "LineString", "coordinates": [[117.27, 31.86], [117.29, 31.861]]}},
 {"type": "Feature", "properties": {"name": "Ring Road", "highway": "residential"},
  "geometry": {"type": "LineString", "coordinates": [[117.28, 31.85], [117.281, 31.87]]}}]}
EOF
"$ctl" import "$city" roads "$tap_dir/roads.geojson" >/dev/null 2>&1
"$ctl" find "$city" 长江 >"$tap_dir/out" 2>&1
check_code "two characters find a street" 0 $?
check "by its whole name" grep -q 长江路 "$tap_dir/out"
"$ctl" find "$city" nothing >"$tap_dir/out" 2>&1
check_code "finding nothing is no error" 0 $?
check "it says so" grep -q "nothing of that name" "$tap_dir/out"
"$ctl" find "$city" >/dev/null 2>&1
check_code "find without a text is a usage error" 2 $?
"$ctl" find "$city" "  " >/dev/null 2>&1
check_code "find with an empty text is a usage error" 2 $?
"$ctl" find "$city" 长江 --top 0 >/dev/null 2>&1
check_code "so is a top of none" 2 $?
"$ctl" find "$city" "changjianglu and ring road corner" --near 117.28,31.86 >"$tap_dir/out" 2>&1
check "a corner is found by pinyin and its reason told" grep -q "where the two meet" "$tap_dir/out"
"$ctl" find "$city" 长江 --near 31.86 >"$tap_dir/out" 2>&1
check_code "half a place is a usage error" 2 $?
check "it names the option" grep -q -- "--near is LON,LAT" "$tap_dir/out"
"$ctl" alike "$city" >"$tap_dir/out" 2>&1
check_code "a report of nothing is a usage error" 2 $?
"$ctl" alike "$city" --place 117.28,31.86 --words 撞车 >"$tap_dir/out" 2>&1
check_code "a city without incidents has none alike" 0 $?
check "and says so" grep -q "no incident is like it" "$tap_dir/out"
"$ctl" here "$city" 117.2701 31.86 >"$tap_dir/out" 2>&1
check_code "here tells of a place" 0 $?
check "its street" grep -q 长江路 "$tap_dir/out"
for words in "31.86 117.27" "117.27" "117.27 north" "117.27 31.86 --day --night" "117.27 31.86 --radius 0" \
    "117.27 31.86 --at yesterday"; do
    # shellcheck disable=SC2086 # each is several words
    "$ctl" here "$city" $words >/dev/null 2>&1
    check_code "here refuses: $words" 2 $?
done
for words in "gaps --by grid --streets" "gaps --seen-by 2" "gaps --weigh rain" "coverage --window 2026-06-01" \
    "coverage --window 2026-06-02,2026-06-01" "coverage --window 2026-01-01,2027-01-01" "coverage --outages x" \
    "coverage --window 2026-06-01,2026-06-02 --by grid" "coverage --without-owner me" "coverage --class see"; do
    # shellcheck disable=SC2086 # the first is the subcommand, the rest its options
    set -- $words
    command=$1
    shift
    "$ctl" "$command" "$city" "$@" >/dev/null 2>&1
    check_code "refuses: $words" 2 $?
done
"$ctl" coverage "$city" --without X >/dev/null 2>"$tap_dir/err"
check_code "a camera that is not there is an error of data" 3 $?
check "it is named" grep -q "'X'" "$tap_dir/err"
"$ctl" gaps "$city" --weigh population >/dev/null 2>"$tap_dir/err"
check_code "so is a population that is not there" 3 $?
check "what to do is said" grep -q "import population" "$tap_dir/err"
"$ctl" gaps "$city" >"$tap_dir/out" 2>&1
check "gaps says that there are no cameras" grep -q "no cameras" "$tap_dir/out"
"$ctl" coverage "$city" --window 2026-06-01,2026-06-02 >"$tap_dir/out" 2>&1
check_code "a window needs no cameras and no streets" 0 $?
check "but says so" grep -q "no public streets" "$tap_dir/out"
printf 'camera,from,to\nX,2026-06-01,tomorrow\n' >"$tap_dir/outages.csv"
"$ctl" coverage "$city" --window 2026-06-01,2026-06-02 --outages "$tap_dir/outages.csv" >/dev/null 2>"$tap_dir/err"
check_code "an outage without a time is a usage error" 2 $?
check "its line is named" grep -q "line 2" "$tap_dir/err"
"$ctl" who "$city" 31.86 117.27 >/dev/null 2>&1
check_code "who refuses latitude first" 2 $?
"$ctl" here "$tap_dir/none.gridbeat" 117.27 31.86 >/dev/null 2>&1
check_code "a missing city is an error of data" 3 $?
done_testing
