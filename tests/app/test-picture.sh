#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A picture of a tiny city: right size, not one colour, the same twice, and clear refusals.
ctl=$1
. "$2/tests/app/tap.sh"
city=$tap_dir/tiny.gridbeat
cat >"$tap_dir/roads.geojson" <<'EOF'
{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"name": "长江路", "highway": "primary"},
  "geometry": {"type": "LineString", "coordinates": [[117.27, 31.86], [117.29, 31.861]]}},
 {"type": "Feature", "properties": {"name": "Ring Road", "highway": "residential"},
  "geometry": {"type": "LineString", "coordinates": [[117.28, 31.85], [117.281, 31.87]]}}]}
EOF
"$ctl" import "$city" roads "$tap_dir/roads.geojson" >"$tap_dir/out" 2>&1 || cat "$tap_dir/out"

# Big-endian number of 4 bytes at an offset of a file.
number_at()
{
    od -An -tu1 -j "$2" -N 4 "$1" | awk '{print (($1 * 256 + $2) * 256 + $3) * 256 + $4}'
}

"$ctl" picture "$city" "$tap_dir/a.png" --size 640x400 --json >"$tap_dir/a.json" 2>"$tap_dir/err"
check_code "a city of two roads is painted" 0 $?
[ "$(number_at "$tap_dir/a.png" 16) $(number_at "$tap_dir/a.png" 20)" = "640 400" ]
check_code "the picture has the size asked for" 0 $?
check "it tells what it drew" grep -q '"width" : 640' "$tap_dir/a.json"
[ "$(wc -c <"$tap_dir/a.png")" -gt 6000 ]
check_code "it is not one colour" 0 $?
"$ctl" picture "$city" "$tap_dir/b.png" --size 640x400 --at 2026-01-01 >/dev/null
"$ctl" picture "$city" "$tap_dir/c.png" --size 640x400 --at 2026-01-01 >/dev/null
check "same moment, same picture" cmp "$tap_dir/b.png" "$tap_dir/c.png"
"$ctl" picture "$city" "$tap_dir/d.png" --size 640x400 --at 2026-01-01 --style day >/dev/null
cmp -s "$tap_dir/b.png" "$tap_dir/d.png"
check_code "day differs from night" 1 $?
"$ctl" picture "$city" "$tap_dir/e.png" --size 640x400 --at 2026-01-01 --lang zh >/dev/null
cmp -s "$tap_dir/b.png" "$tap_dir/e.png"
check_code "Chinese words differ from English ones" 1 $?
env -u LC_ALL -u LC_MESSAGES -u LANGUAGE LANG=zh_CN.UTF-8 "$ctl" picture "$city" "$tap_dir/l.png" --size 640x400 --at 2026-01-01 >/dev/null
check "a Chinese locale asks for them, installed or not" cmp "$tap_dir/e.png" "$tap_dir/l.png"
# cairo's own PDF writer keeps a table of each embedded font: no leak of ours to look for
ASAN_OPTIONS=detect_leaks=0 "$ctl" picture "$city" "$tap_dir/f.pdf" --size 640x400 >/dev/null
check "a name ending in .pdf makes a PDF" grep -q '^%PDF' "$tap_dir/f.pdf"

for words in "--size 10x10" "--size 640x400x2" "--size 99999x99999" "--style dusk" "--layers moon" \
    "--lon 117.28" "--lon 200 --lat 99" "--zoom 99" "--scale 0" "--class see" "--lang fr"; do
    # shellcheck disable=SC2086 # each is several words
    "$ctl" picture "$city" "$tap_dir/bad.png" $words >/dev/null 2>"$tap_dir/err"
    check_code "refused: $words" 2 $?
done
"$ctl" picture "$city" "$tap_dir/picture.gif" >/dev/null 2>&1
check_code "refused: a file of another kind" 2 $?
"$ctl" picture "$city" "$tap_dir/nowhere/a.png" >/dev/null 2>"$tap_dir/err"
check_code "an unwritable file is an error of data" 3 $?
check "it names the file" grep -q "cannot write '.*nowhere/a.png'" "$tap_dir/err"
"$ctl" picture "$tap_dir/none.gridbeat" "$tap_dir/bad.png" >/dev/null 2>&1
check_code "a missing city is an error of data" 3 $?
[ ! -e "$tap_dir/bad.png" ] && [ ! -e "$tap_dir/a.png.part" ]
check_code "a refused picture leaves no file" 0 $?
done_testing
