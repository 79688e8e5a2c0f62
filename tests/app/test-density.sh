#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A city's own density rows are words of --class wherever a question is about what cameras tell.
ctl=$1
. "$2/tests/app/tap.sh"

# one street, one camera that looks along it
city=$tap_dir/town.gridbeat
cat >"$tap_dir/roads.geojson" <<'EOF'
{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"name": "长江路", "class": "primary"},
  "geometry": {"type": "LineString", "coordinates": [[117.27, 31.86], [117.29, 31.86]]}}]}
EOF
cat >"$tap_dir/cameras.csv" <<'EOF'
code,lon,lat,owner,lens,heading_deg,heading_err_deg,fov_deg,range_m,height_m,tilt_deg,width_px,state
A1,117.275,31.86,government,fixed,90,0,60,500,4,0,3840,working
EOF
cat >"$tap_dir/densities.csv" <<'EOF'
code,name,px_per_m,norm
plate,number plates,180,city
recognise,stricter than the norm,150,city
observe,as the norm has it,62.5,IEC 62676-4:2014
EOF
cat >"$tap_dir/facilities.csv" <<'EOF'
code,lon,lat,class,must_see
S1,117.27521,31.86,school,1
EOF
for layer in roads.geojson cameras.csv facilities.csv densities.csv; do
    "$ctl" import "$city" "${layer%.*}" "$tap_dir/$layer" >/dev/null 2>"$tap_dir/err" || sed 's/^/# /' "$tap_dir/err"
done

# asked WORD JSON-EXPRESSION: what coverage answers of a class
asked()
{
    "$ctl" coverage "$city" --class "$1" --json 2>/dev/null |
        python3 -c "import json, sys; d = json.load(sys.stdin); print($2)"
}

for pair in "detect 25" "observe 62.5" "recognise 150" "plate 180" "identify 250"; do
    word=${pair% *}
    check "$word is ${pair#* } px/m" [ "$(asked "$word" "d['class'], d['px_per_m']")" = "$pair" ]
done

# 3840 px over 60 degrees: W / (2 tan 30) = 3325.5 px, so that 180 px/m end at 18.475 m. Level and
# 4 m high, 16:9: the picture meets the ground at 4 / (tan 30 * 9 / 16) = 12.317 m. Between the two
# lie (18.475^2 - 12.317^2) tan 30 = 109.5 m2.
exact=$("$ctl" coverage "$city" --class plate --exact --json | python3 -c "import json, sys; print(json.load(sys.stdin)['fields_m2'])")
check "the field of a row is that of its density" python3 -c "import sys; sys.exit(abs($exact - 109.48) > 0.2)"
check "denser classes see less" python3 -c "import sys
sys.exit(not $(asked identify "d['ground_seen_m2']") < $(asked plate "d['ground_seen_m2']") < $(asked recognise "d['ground_seen_m2']") < $(asked observe "d['ground_seen_m2']"))"
# most of the ground within 10 m of it, 20 m ahead, lies before 26.6 m, where 125 px/m end, little
# before the 18.5 m of the row: its class is recognise of the norm
for word in detect plate identify; do
    check "a place is of the class that it is seen at, whatever is asked: $word" [ "$(asked "$word" "d['mustsee']['by_kind'][0]['recognise']")" = 1 ]
done

# 17 m and 20 m ahead: within and beyond 18.475 m
seen_by()
{
    "$ctl" who "$city" "$1" 31.86 --class plate --json | python3 -c "import json, sys; print(json.load(sys.stdin)['seen_by'])"
}
check "a place before the row's reach only is not seen" [ "$(asked plate "d['mustsee']['seen']")" = 0 ]
check "who asks by it" [ "$(seen_by 117.27518)$(seen_by 117.27521)" = 10 ]

for words in "gaps $city" "gaps $city --streets" "gaps $city --seen-by 1" "place $city --count 1 --candidates 50" \
    "who $city 117.2751 31.86" "coverage $city --window 2026-06-01,2026-06-02" "coverage $city --without A1"; do
    # shellcheck disable=SC2086 # each is several words
    "$ctl" $words --class plate --json >"$tap_dir/out" 2>"$tap_dir/err"
    check "--json names code and density: ${words%% *}" \
        python3 -c "import json, sys; d = json.load(open('$tap_dir/out')); sys.exit(not (d['class'] == 'plate' and d['px_per_m'] == 180))"
    # shellcheck disable=SC2086
    "$ctl" $words --class plate >"$tap_dir/out" 2>"$tap_dir/err"
    check "people read them too: ${words%% *}" grep -q 'plate (180 px/m)' "$tap_dir/out"
done
"$ctl" export "$city" covered "$tap_dir/c.geojson" --class plate >/dev/null 2>&1
check "exported rows name it" grep -q '"seen_as":"plate, day"' "$tap_dir/c.geojson"
"$ctl" picture "$city" "$tap_dir/p.png" --class plate --size 300x300 >/dev/null 2>&1
check_code "a picture takes it" 0 $?

for words in "coverage $city" "gaps $city" "place $city" "who $city 117.2751 31.86" "export $city gaps $tap_dir/g.csv" \
    "coverage $city --exact" "coverage $city --window 2026-06-01,2026-06-02" "picture $city $tap_dir/q.png"; do
    # shellcheck disable=SC2086
    "$ctl" $words --class nose >/dev/null 2>"$tap_dir/err"
    check_code "an unknown class is a usage error: ${words%% *}" 2 $?
    check "all that are known are named, each once" \
        grep -q "'nose' is none of detect, observe, recognise, identify, plate\$" "$tap_dir/err"
done
done_testing
