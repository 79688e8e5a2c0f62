#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Nearest, heat and simulate as a person calls them: on a city of a few streets, with and without what they need.
ctl=$1
root=$2
. "$root/tests/app/tap.sh"
city=$tap_dir/town.gridbeat

# A lattice of 8 x 8 streets round the old town of Hefei, and an incident a day on one corner.
python3 - "$tap_dir" <<'END'
import json, sys
folder, n, lon, lat, step = sys.argv[1], 8, 117.28, 31.86, 0.002
lines = [[(lon + i * step, lat + k * step) for i in range(n)] for k in range(n)]
lines += [[(lon + k * step, lat + i * step) for i in range(n)] for k in range(n)]
json.dump({"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"highway": "residential", "osm_id": str(i)},
     "geometry": {"type": "LineString", "coordinates": line}} for i, line in enumerate(lines)]},
    open(folder + "/roads.geojson", "w"))
with open(folder + "/incidents.csv", "w") as out:
    out.write("code,date,category,lon,lat\n")
    for day in range(1, 29):
        out.write(f"I{day},2025-02-{day:02} 12:00:00,theft,{lon + step},{lat + step}\n")
END

# says PROGRAM: standard input, JSON, makes it true
says()
{
    python3 -c "import json, sys; o = json.load(sys.stdin); sys.exit(0 if ($1) else 1)"
}

"$ctl" import "$city" incidents "$tap_dir/incidents.csv" >"$tap_dir/out" 2>&1
check "incidents make the city" [ -d "$city" ]
"$ctl" simulate "$city" --units 5 --place-only >"$tap_dir/out" 2>&1
check "without roads simulate ends with 3" [ $? -eq 3 ]
check "and says what is missing" grep -q roads "$tap_dir/out"
"$ctl" nearest "$city" 117.285 31.865 >"$tap_dir/out" 2>&1
check "without roads and units nearest ends with 0" [ $? -eq 0 ]
check "and says how to get units" grep -q "no units" "$tap_dir/out"

"$ctl" import "$city" roads "$tap_dir/roads.geojson" >"$tap_dir/out" 2>&1
check "roads come in" [ $? -eq 0 ]
"$ctl" nearest "$city" 117.285 31.865 --json >"$tap_dir/out" 2>&1
says 'o["units"] == [] and o["note"]' <"$tap_dir/out"
check "without units the list is empty and has a note" [ $? -eq 0 ]
"$ctl" simulate "$city" --units 40 --place-only --seed 5 --json >"$tap_dir/out" 2>&1
says 'o["made"] == 40 and o["fixes"] == 40 and o["refused"] == 0 and o["ticks"] == 1' <"$tap_dir/out"
check "simulate makes and places 40 units" [ $? -eq 0 ]
"$ctl" nearest "$city" 117.285 31.865 -k 5 --json >"$tap_dir/out" 2>&1
says '[u["travel_s"] for u in o["units"]] == sorted(u["travel_s"] for u in o["units"]) and len(o["units"]) == 5' <"$tap_dir/out"
check "nearest gives five, soonest first" [ $? -eq 0 ]
says 'o["work_ms"] < 50 and all(u["id"].startswith("SIM-") and u["age_s"] is not None for u in o["units"])' <"$tap_dir/out"
check "with ages, in under 50 ms" [ $? -eq 0 ]
says 'all(u["reason"] == "slower" and u["travel_s"] >= o["units"][-1]["travel_s"] for u in o["left_out"])' <"$tap_dir/out"
check "who is left out comes later" [ $? -eq 0 ]
"$ctl" nearest "$city" 100 10 >"$tap_dir/out" 2>&1
check "a place off every road is said to be" grep -q "no road within" "$tap_dir/out"
"$ctl" nearest "$city" 31.865 117.285 >"$tap_dir/out" 2>&1
check "latitude first ends with 2" [ $? -eq 2 ]

"$ctl" simulate "$city" --units 40 --minutes 10 --speed 0 --json >"$tap_dir/out" 2>&1
says 'o["ticks"] == 21 and o["refused"] == 0 and o["fixes"] > 700' <"$tap_dir/out"
check "ten minutes at once, none in the future" [ $? -eq 0 ]
timeout -s INT -k 20 3 "$ctl" simulate "$city" --units 40 >"$tap_dir/out" 2>&1
check "Ctrl+C ends a live run with its counts" grep -q "positions written" "$tap_dir/out"

"$ctl" heat "$city" --from 2025-02-01 --to 2025-02-15 --radius 200 --json >"$tap_dir/out" 2>&1
says 'o["incidents"] == 14 and abs(o["cells"][0]["lon"] - 117.282) < 0.001 and abs(o["peak"] - 14 * 3 / (3.14159 * 0.04)) < 20' <"$tap_dir/out"
check "heat finds the corner and its density" [ $? -eq 0 ]
"$ctl" heat "$city" --from 2026-01-01 --to 2026-01-02 --json >"$tap_dir/out" 2>&1
says 'o["incidents"] == 0 and o["peak"] == 0 and o["note"]' <"$tap_dir/out"
check "an empty period says so" [ $? -eq 0 ]
"$ctl" heat "$city" --from yesterday >"$tap_dir/out" 2>&1
check "a time that is none ends with 2" [ $? -eq 2 ]

demo=$tap_dir/demo.gridbeat
"$ctl" demo "$demo" --scale 0.01 >"$tap_dir/out" 2>&1
place=$("$ctl" picture "$demo" "$tap_dir/p.png" --size 320x240 --json 2>/dev/null |
    python3 -c 'import json, sys; o = json.load(sys.stdin); print("%.4f,%.4f" % (o["lon"], o["lat"]))')
both="${place%,*} ${place#*,}"
for asks in "nearest $both" "contain $both" "recommend --place $place" circles assign; do
    # shellcheck disable=SC2086 # several words
    set -- $asks
    verb=$1
    shift
    "$ctl" "$verb" "$demo" "$@" >"$tap_dir/out" 2>"$tap_dir/err"
    check "$verb says that its positions are old" grep -q 'no position came in for [0-9]* days' "$tap_dir/err"
    "$ctl" "$verb" "$demo" "$@" --at 2026-11-21T23:14 >"$tap_dir/out" 2>"$tap_dir/err"
    check "but not to who asks for that hour" sh -c '! grep -q "no position came" "$1"' sh "$tap_dir/err"
done
# shellcheck disable=SC2086 # two numbers
"$ctl" incident "$demo" take $both --words 楼上深夜噪音扰民 --code T-1 >"$tap_dir/out" 2>&1
"$ctl" alike "$demo" --place "$place" --type 噪音扰民 >"$tap_dir/out" 2>&1
check "what was reported after the last position is compared with" grep -q 'T-1 ' "$tap_dir/out"
"$ctl" services "$demo" noise >"$tap_dir/out" 2>&1
check "where an item goes is said to be without a place" grep -q -- '--at LON,LAT says' "$tap_dir/out"
"$ctl" assign "$demo" >"$tap_dir/out" 2>/dev/null
check "assign calls incidents by their numbers" grep -q '^T-1 ' "$tap_dir/out"
unit=$("$ctl" recommend "$demo" T-1 -k 1 --json 2>/dev/null |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["units"][0]["id"])')
"$ctl" duty "$demo" off "$unit" >"$tap_dir/out" 2>&1
"$ctl" incident "$demo" step T-1 dispatch --unit "$unit" >"$tap_dir/out" 2>"$tap_dir/err"
check "who is sent and is not on duty is told of" grep -q "$unit was sent and was not on duty" "$tap_dir/err"
"$ctl" closure "$demo" add "$place" --radius 50 >"$tap_dir/out" 2>"$tap_dir/err"
check_code "a closure without a reason is a usage error" 2 $?
"$ctl" nearest "$demo" "${place%,*}" "${place#*,}" -k 0 >"$tap_dir/out" 2>"$tap_dir/err"
check "an option is named as it is typed" grep -q " -k '0'" "$tap_dir/err"
"$ctl" recommend "$demo" --place "$place" --type nonesuch >"$tap_dir/out" 2>"$tap_dir/err"
check "a type that no plan knows is said" grep -q "no plan of its own for 'nonesuch'" "$tap_dir/out"
done_testing
