#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Recommend and plans as a person calls them: on a lattice of streets with a few units and two grids.
ctl=$1
root=$2
. "$root/tests/app/tap.sh"
city=$tap_dir/town.gridbeat
out=$tap_dir/out
err=$tap_dir/err

python3 - "$tap_dir" <<'END'
import json, sys
folder, n, lon, lat, step = sys.argv[1], 8, 117.28, 31.86, 0.002
lines = [[(lon + i * step, lat + k * step) for i in range(n)] for k in range(n)]
lines += [[(lon + k * step, lat + i * step) for i in range(n)] for k in range(n)]
def collection(features):
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": p, "geometry": {"type": t, "coordinates": c}} for p, t, c in features]}
json.dump(collection([({"highway": "residential", "osm_id": str(i)}, "LineString", l) for i, l in enumerate(lines)]),
    open(folder + "/roads.geojson", "w"))
def box(x, y, s):
    return [[(x, y), (x + s, y), (x + s, y + s), (x, y + s), (x, y)]]
json.dump(collection([({"code": "G-WEST", "name": "西街网格", "level": "grid", "population": 900}, "Polygon", box(lon - step / 2, lat - step / 2, step)),
    ({"code": "G-EAST", "name": "East", "level": "grid", "population": 50}, "Polygon", box(lon + 6.5 * step, lat - step / 2, step))]),
    open(folder + "/grids.geojson", "w"))
with open(folder + "/units.csv", "w") as o:
    o.write("code,类型,status,所属单位,力量,能力,lon,lat\n")
    o.write(f"C-1,car,available,某派出所,,急救,{lon},{lat}\n")
    o.write(f"C-2,car,available,某派出所,,,{lon + 2 * step},{lat}\n")
    o.write(f"C-3,car,available,某派出所,,,{lon + 7 * step},{lat}\n")
    o.write(f"G-3012,car,available,Shop security,保安,,{lon + step},{lat}\n")
    o.write(f"X-1,car,off,,,,{lon + step},{lat}\n")
with open(folder + "/incidents.csv", "w") as o:
    o.write("code,date,category,lon,lat\n")
    o.write(f"I-1,2025-02-01 12:00:00,入室抢劫,{lon + step},{lat + step}\nI-2,2025-02-01 12:00:00,盗窃,,\n")
END

# says PROGRAM: the JSON of the last call makes it true
says()
{
    python3 -c "import json, sys; o = json.load(sys.stdin); sys.exit(0 if ($1) else 1)" <"$out"
}

"$ctl" import "$city" incidents "$tap_dir/incidents.csv" >"$out" 2>&1
"$ctl" recommend "$city" I-1 >"$out" 2>"$err"
check_code "without roads it is a data error" 3 $?
check "that says what to import" grep -q 'import roads' "$err"
"$ctl" import "$city" roads "$tap_dir/roads.geojson" >"$out" 2>&1
"$ctl" recommend "$city" I-1 >"$out" 2>"$err"
check_code "without units there is an answer" 0 $?
check "that says how to get some" grep -q 'import units' "$out"
"$ctl" import "$city" units "$tap_dir/units.csv" >"$out" 2>&1
check_code "units come with force and skills" 0 $?
"$ctl" import "$city" areas "$tap_dir/grids.geojson" --level grid >"$out" 2>&1

"$ctl" recommend "$city" I-1 --within 1 --json >"$out" 2>"$err"
check_code "an incident is asked by its code" 0 $?
says 'o["plan"]["code"] == "robbery" and [u["id"] for u in o["units"] if u["chosen"]] == ["G-3012", "C-1", "C-2"]'
check "its plan's two police and one guard go" [ $? -eq 0 ]
says 'all(u["arrival"]["earliest_s"] <= u["travel_s"] <= u["arrival"]["latest_s"] for u in o["units"])'
check "each with a span of arrival" [ $? -eq 0 ]
says '[a["area"] for a in o["set"]["leaves_uncovered"]] == ["G-WEST"] and o["set"]["uncovered_people"] == 900 and o["set"]["away_s"] > 3600'
check "what they leave uncovered together is named, with its people and time" [ $? -eq 0 ]
says 'o["set"]["leaves_uncovered"][0]["next"] == "C-3"'
check "and who comes there next" [ $? -eq 0 ]
says 'o["units"][0]["force"] == "guard" and o["units"][1]["force"] == "police" and o["units"][1]["skills"] == "first_aid"'
check "a force is read from its column or its agency, a skill from either tongue" [ $? -eq 0 ]
"$ctl" recommend "$city" --place 117.28,31.86 --type 盗窃 --priority 2 --why-not 3012 >"$out" 2>"$err"
check "a guard is near a theft and observes" grep -q 'nearby, observe only' "$out"
check "why not is answered by the end of a code" grep -q 'why not G-3012: the plan does not ask for guard' "$out"
"$ctl" recommend "$city" --place 117.28,31.86 --type 盗窃 --why-not X-1 >"$out" 2>"$err"
check "who is off is said to be" grep -q 'why not X-1: off duty' "$out"
"$ctl" recommend "$city" --place 117.28,31.86 --type 盗窃 --why-not ｘ－１ >"$out" 2>"$err"
check "in whatever letters" grep -q 'why not X-1: off duty' "$out"
"$ctl" tracks "$city" --unit ｘ－１ --from 2025-02-01 --to 2025-02-02 --purpose case:x >"$out" 2>"$err"
check "a track is of a unit in whatever letters" sh -c '! grep -q "no unit" "$1"' sh "$err"
"$ctl" recommend "$city" I-2 >"$out" 2>"$err"
check_code "an incident without a place is a data error" 3 $?
check "that says what to do" grep -q 'no place yet: give it one' "$err"
"$ctl" recommend "$city" I-9 >"$out" 2>"$err"
check_code "an unknown incident is a data error" 3 $?
"$ctl" recommend "$city" I-1 --why-not nobody >"$out" 2>"$err"
check_code "so is an unknown unit" 3 $?
"$ctl" recommend "$city" >"$out" 2>"$err"
check_code "nothing asked is a usage error" 2 $?
"$ctl" recommend "$city" --place 31.86,117.28 >"$out" 2>"$err"
check_code "latitude first is a usage error" 2 $?
"$ctl" recommend "$city" I-1 --type 盗窃 >"$out" 2>"$err"
check_code "an incident's type is its own" 2 $?
for minutes in 0.2 0.4 0.6 0.8 1; do
    for place in "117.282 31.862" "117.286 31.866" "117.290 31.862"; do
        "$ctl" contain "$city" $place --minutes "$minutes" --margin 0 >>"$tap_dir/open" 2>"$err"
    done
done
check "a way stays open for want of a unit" grep -q 'OPEN.*nobody left for it' "$tap_dir/open"
check "and none for one that is there before" sh -c '! grep -q "(-" "$1"' sh "$tap_dir/open"
"$ctl" contain "$city" 117.28 31.86 --since 2025-02-01T12:00 >"$out" 2>"$err"
check_code "since when without a moment asked about is a usage error, not now" 2 $?
check "what is missing is named alone" grep -q 'contain: --since needs --at' "$err"
"$ctl" contain "$city" 117.28 31.86 --minutes 0 >"$out" 2>"$err"
check "as is what is out of range" grep -q 'contain: --minutes is out of range' "$err"
"$ctl" contain "$city" 117.28 31.86 --elapsed 60 --since 2025-02-01T12:00 --at 2025-02-01T12:10 >"$out" 2>"$err"
check_code "two answers to how long ago are none" 2 $?
"$ctl" recommend "$city" --unaccepted --json >"$out" 2>"$err"
says 'o["unaccepted"] == []'
check "nobody was sent, nobody is silent" [ $? -eq 0 ]

"$ctl" incident "$city" take 117.282 31.862 --words 有人持刀抢劫 --item robbery --code R-1 --priority 1 >"$out" 2>"$err"
"$ctl" incident "$city" step R-1 dispatch --unit C-3 --happened 2025-02-01T12:00 >"$out" 2>"$err"
check_code "a unit is sent to a new report" 0 $?
"$ctl" recommend "$city" R-1 --at now --max-age 100000 --json >"$out" 2>"$err"
says 'o["plan"]["code"] == "robbery" and o["set"]["there"] == 1 and o["set"]["chosen"] == 2'
check "who is on it counts, the plan comes from its service item" [ $? -eq 0 ]
"$ctl" recommend "$city" --unaccepted --json >"$out" 2>"$err"
says '[u["id"] for u in o["unaccepted"]] == ["C-3"]'
check "who was sent long ago is silent by the clock, though no position came in since" [ $? -eq 0 ]
later=$(python3 -c 'import time; print(time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 120)))')
"$ctl" recommend "$city" --unaccepted --at "$later" --json >"$out" 2>"$err"
says '[(u["id"], u["next"] in ("C-1", "C-2"), u["waiting_s"] >= 60) for u in o["unaccepted"]] == [("C-3", True, True)]'
check "who has not accepted comes back with the next of its kind" [ $? -eq 0 ]

"$ctl" plans "$city" text >"$tap_dir/plans.csv"
check "the book is printed as it can be edited" grep -q '^plan,robbery,' "$tap_dir/plans.csv"
sed 's/^need,burglary,,police|auxiliary,,1/need,burglary,,guard,,1/' "$tap_dir/plans.csv" >"$tap_dir/own.csv"
"$ctl" plans "$city" put "$tap_dir/own.csv" >"$out" 2>"$err"
check_code "an edited one becomes the city's" 0 $?
"$ctl" recommend "$city" --place 117.28,31.86 --type 盗窃 --json >"$out" 2>"$err"
says '[u["id"] for u in o["units"]] == ["G-3012"]'
check "and is what is asked from then on" [ $? -eq 0 ]
sed 's/^need,fight,,police/need,fight,,polise/' "$tap_dir/plans.csv" >"$tap_dir/bad.csv"
"$ctl" plans "$city" put "$tap_dir/bad.csv" >"$out" 2>"$err"
check_code "a wrong row is a data error" 3 $?
check "that names line, word and remedy" grep -q "line [0-9]*: force 'polise' is not known: write police" "$err"
"$ctl" plans "$city" >"$out" 2>"$err"
check "and nothing has changed" grep -q "the city's own" "$out"
"$ctl" plans "$city" reset >"$out" 2>"$err"
check "reset brings the shipped book back" grep -q 'as shipped' "$out"
"$ctl" plans "$city" show nonsense >"$out" 2>"$err"
check_code "an unknown plan is a data error" 3 $?
"$ctl" plans "$city" nonsense >"$out" 2>"$err"
check_code "an unknown verb is a usage error" 2 $?

"$ctl" event "$city" --place 117.282,31.862 --from 2027-01-01T18:00 --to 2027-01-01T23:00 --name fair >"$out" 2>"$err"
check_code "a coming matter has its sheet" 0 $?
check "with who is missing" grep -q 'units that the plan asks for are not on duty' "$out"
check "and a list of what to think of" grep -q '^\[ \] Ways in and out' "$out"
arrivals() {
    "$ctl" event "$city" --place 117.282,31.862 --from "$1" --to "$2" --json >"$out" 2>"$err"
    python3 -c 'import json, sys; print([u["travel_s"] for u in json.load(sys.stdin)["units"]])' <"$out"
}
cp -r "$city" "$tap_dir/closed.gridbeat"
city=$tap_dir/closed.gridbeat
before=$(arrivals 2027-01-01T18:00 2027-01-01T23:00)
day=$(arrivals 2027-01-02T12:00 2027-01-02T13:00)
"$ctl" closure "$city" add 117.281,31.863 117.281,31.859 --from 2027-01-01T17:00 --to 2027-01-01T23:30 --reason fair >"$out" 2>"$err"
check "closing roads for the evening changes who comes then" [ "$(arrivals 2027-01-01T18:00 2027-01-01T23:00)" != "$before" ]
check "and nothing on the next day" [ "$(arrivals 2027-01-02T12:00 2027-01-02T13:00)" = "$day" ]
city=$tap_dir/town.gridbeat
"$ctl" event "$city" --place 117.282,31.862 --from 2027-01-01T18:00 --to 2027-01-01T17:00 >"$out" 2>"$err"
check_code "one that ends before it begins is a usage error" 2 $?
"$ctl" event "$city" --from 2027-01-01T18:00 --to 2027-01-01T23:00 >"$out" 2>"$err"
check_code "and so is one without a place" 2 $?

"$ctl" incident "$city" take 117.281 31.860 --words 入室盗窃 --item burglary --code R-2 --priority 2 >"$out" 2>"$err"
"$ctl" assign "$city" --at "$later" --json >"$out" 2>"$err"
says '{i["code"]: [u["id"] for u in i["units"]] for i in o["incidents"]}["R-2"] in (["C-1"], ["C-2"]) and o["done"] == []'
check "who waits gets a suggestion" [ $? -eq 0 ]
"$ctl" assign "$city" --do --at "$later" --json >"$out" 2>"$err"
says 'any(d["sent"] > 0 and d["refused"] is None for d in o["done"])'
check "that is done when asked for" [ $? -eq 0 ]
"$ctl" incident "$city" show R-2 >"$out" 2>"$err"
check "and the incident knows" grep -q dispatched "$out"
"$ctl" recommend "$city" --place 116.4,39.9 --type robbery >"$out" 2>"$err"
check "a place outside is told, and how far" grep -q 'warning: 116.400000,39.900000 lies 89[0-9] km outside the city' "$err"
"$ctl" recommend "$city" --place 31.86,117.28 --type robbery >"$out" 2>"$err"
check_code "latitude first is a usage error" 2 $?
check "that says so" grep -q 'the other way round' "$err"
"$ctl" recommend "$city" --place N31.86E117.28 --type robbery >"$out" 2>"$err"
check_code "unless letters say which is which" 0 $?
"$ctl" circles "$city" --by grid >"$out" 2>"$err"
python3 - "$out" <<'END'
import re, sys, unicodedata
rows = re.findall(r"^  G-\S+ +\S+ +(?:\d+ s|nobody|no road)", open(sys.argv[1]).read(), re.M)
ends = {sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in row) for row in rows}
sys.exit(0 if len(rows) == 2 and len(ends) == 1 else 1)
END
check "columns stand below each other, in Chinese, too" [ $? -eq 0 ]
"$ctl" assign "$city" --within 0 >"$out" 2>"$err"
check_code "no time at all is a usage error" 2 $?

# What a caller's report is called may hold a terminal's commands.
bad=$(printf 'a\033[31mb')
"$ctl" incident "$city" take 117.281 31.861 --category "$bad" --code R-7 >"$out" 2>"$err"
"$ctl" assign "$city" >"$out" 2>"$err"
check "no report commands the terminal of who assigns" sh -c '! grep -q "$(printf "\033")" "$1" && grep -q "a \[31mb" "$1"' sh "$out"
"$ctl" recommend "$city" --place 117.28,31.86 --type "$bad" >"$out" 2>"$err"
check "nor of who asks for a unit" sh -c '! grep -q "$(printf "\033")" "$1" && grep -q "a \[31mb" "$1"' sh "$out"

# A crew of three: one is sent somewhere, the others are a kilometre apart.
crew=$tap_dir/crew.gridbeat
"$ctl" import "$crew" roads "$tap_dir/roads.geojson" >"$out" 2>&1
"$ctl" import "$crew" units "$tap_dir/units.csv" >"$out" 2>&1
for unit in C-1 C-2 C-3; do
    "$ctl" duty "$crew" on $unit --vehicle V7 >"$out" 2>"$err"
done
"$ctl" incident "$crew" take 117.294 31.862 --words fight --code R-9 >"$out" 2>"$err"
"$ctl" incident "$crew" step R-9 dispatch --unit C-2 >"$out" 2>"$err"
now=$(date -u -d '+1 minute' +%Y-%m-%dT%H:%M:%SZ)
"$ctl" recommend "$crew" --place 117.281,31.86 --type 盗窃 --at "$now" >"$out" 2>"$err"
check "a split crew says who of it is where" grep -q 'crew split: C-2 is on R-9' "$out"
check "and how far the others are apart" grep -q 'with C-3 (13[0-9][0-9] m away from it)' "$out"
done_testing
