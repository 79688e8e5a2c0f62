#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The --json keys are a contract: each subcommand's shape on a small demo city equals its golden.
# GOLDEN=write rewrites them; read the difference.
ctl=$1
root=$2
. "$root/tests/app/tap.sh"
city=$tap_dir/city.gridbeat
golden=$root/tests/golden/json

# same NAME WORDS...: the shape of `gridbeatctl WORDS... --json`
same()
{
    name=$1
    shift
    "$ctl" "$@" --json >"$tap_dir/out.json" 2>"$tap_dir/err"
    code=$?
    python3 "$root/tests/app/json-keys.py" area_levels <"$tap_dir/out.json" >"$tap_dir/$name.keys" 2>>"$tap_dir/err"
    if [ "${GOLDEN:-}" = write ]; then
        cp "$tap_dir/$name.keys" "$golden/$name.keys"
    fi
    [ $code -le 1 ] && diff -u "$golden/$name.keys" "$tap_dir/$name.keys" >"$tap_dir/diff" 2>&1
    ok=$?
    [ $ok -eq 0 ] || sed 's/^/# /' "$tap_dir/err" "$tap_dir/diff"
    tap_line $ok "$name --json keeps its keys"
}

same demo demo "$city" --scale 0.02 --seed 7
same info info "$city"
same check check "$city"
same coverage coverage "$city" --class observe --by community
same outage coverage "$city" --without-owner shop --top 3
same exact coverage "$city" --exact --by community
same window coverage "$city" --window 2026-06-01,2026-06-02
same gaps gaps "$city" --top 3
same place place "$city" --count 3 --candidates 2000
# The whole stack, so that what cairo loses of a font's subset is known from what we lose.
export ASAN_OPTIONS=fast_unwind_on_malloc=0
same propose propose "$city" --count 4 --phases 2 --turns 2 --candidates 1500 --pdf "$tap_dir/p.pdf" --xlsx "$tap_dir/p.xlsx" --lang zh
unset ASAN_OPTIONS
[ "$(head -c 5 "$tap_dir/p.pdf")" = "%PDF-" ] && [ "$(wc -c <"$tap_dir/p.pdf")" -gt 20000 ]
tap_line $? "the proposal is a report of pages too"
unzip -p "$tap_dir/p.xlsx" xl/worksheets/sheet3.xml 2>/dev/null | grep -q '<v>117\.'
tap_line $? "and a workbook with numbers as numbers"
same why place "$city" --why 117.283,31.861
same gaps-areas gaps "$city" --by community --top 3 --weigh population
same gaps-streets gaps "$city" --streets --top 3
same gaps-sole gaps "$city" --seen-by 1 --top 3
same legal legal "$city" --top 3
same duplicates duplicates "$city" --overlap 0.3 --top 3
same plans plans "$city"
same event event "$city" --place 117.283,31.861 --from 2026-11-22T18:00 --to 2026-11-22T23:30 --within 1 --name fair
same recommend recommend "$city" --place 117.283,31.861 --type 人群聚集 --priority 1 --why-not T-0001
same recommend-unaccepted recommend "$city" --unaccepted
same services services "$city" --department fire
same services-one services "$city" --suggest '路灯不亮' --at 117.283,31.861
same nearest nearest "$city" 117.283 31.861 -k 3
"$ctl" export "$city" cameras "$tap_dir/all.geojson" >/dev/null 2>&1
# 6 m in front of the first camera that works
place=$(python3 - "$tap_dir/all.geojson" <<'END'
import json, math, sys
camera = next(c for c in json.load(open(sys.argv[1]))["features"] if c["properties"]["state"] == "working")
(lon, lat), heading = camera["geometry"]["coordinates"], math.radians(camera["properties"]["heading_deg"] or 0)
print(lon + 6 / 94500 * math.sin(heading), lat + 6 / 111000 * math.cos(heading))
END
)
# shellcheck disable=SC2086 # two words
same here here "$city" $place --day
# shellcheck disable=SC2086 # two words
same who who "$city" $place
same find find "$city" 社区 --top 3
same alike alike "$city" --place 117.2868,31.8618 --type 求助 --words 老人 --least 1
# shellcheck disable=SC2086 # two words
same contain contain "$city" $place --minutes 2
same closure-add closure "$city" add 117.1,31.1 117.2,31.1 --reason golden
same closure-list closure "$city"
same circles circles "$city" --minutes 1,3,5 --from 2026-11-21T22:45 --to 2026-11-21T23:14
same heat heat "$city" --from 2026-11-01T00:00:00+08:00 --to 2026-11-21T00:00:00+08:00
same export export "$city" cameras "$tap_dir/cameras.geojson"
same simulate simulate "$city" --place-only
# The gate drops what nobody has on a roster, which the check finds; the keys are there all the same.
"$ctl" feed "$city" --jt808 0 --minutes 5 >/dev/null 2>"$tap_dir/feed" &
feed=$!
while kill -0 $feed 2>/dev/null && ! grep -q port "$tap_dir/feed"; do sleep 0.1; done
same simulate-send simulate "$city" --everybody --units 20 --jt808 "127.0.0.1:$(sed -n 's/.*port //p' "$tap_dir/feed")" \
    --interval 1 --minutes 0.03 --check "$city"
kill $feed
wait $feed
hours='--from 2026-11-21T22:00 --to 2026-11-21T23:30 --purpose case:golden'
# shellcheck disable=SC2086 # several words
same tracks-visits tracks "$city" --box 117.27,31.85,117.29,31.87 $hours
# shellcheck disable=SC2086
same tracks-passers tracks "$city" --near 117.283,31.861 --radius 500 $hours
# shellcheck disable=SC2086
same tracks tracks "$city" --unit "$("$ctl" tracks "$city" --near 117.283,31.861 --radius 500 $hours | sed -n '1s/ .*//p')" $hours
same patrol patrol "$city" --from 2026-11-21T22:00 --to 2026-11-21T23:14 --by community --hours --windows 22:50-23:10 --cameras --next 3
moment='--at 2026-11-21T23:14'
# shellcheck disable=SC2086
same duty duty "$city" $moment --top 3
# shellcheck disable=SC2086
same duty-unit duty "$city" on T-0001 $moment --until 2026-11-22T06:00 --person 0412 --device D1 --reason ill
same incident-take incident "$city" take 117.28 31.86 --words 噪音扰民 --code G-1 --number 1 --name A --phone 13912345678
same assign assign "$city" --do --at 2026-11-21T23:14
same incident-step incident "$city" step G-1 dispatch --unit T-0001 --override --reason golden
same incident-log incident "$city" log G-1
same incident-list incident "$city" list --max 2
same incident-tally incident "$city" list --by level
printf 'number,words,lon,lat\nA1,路灯不亮,117.283,31.861\nA1,路灯不亮,117.283,31.861\nA2,x,0,0\n' >"$tap_dir/reports.csv"
same intake intake "$city" "$tap_dir/reports.csv" --source city-app
same outbox outbox "$city" --source city-app
same purge purge "$city" --before 2026-11-21
same picture picture "$city" "$tap_dir/p.png" --size 320x240
same backup backup "$city" "$tap_dir/b.gridbeatbackup"
same restore restore "$tap_dir/b.gridbeatbackup" "$tap_dir/again.gridbeat"
printf 'unit,time,lon,lat\nQ1,2026-11-21T22:00:00+08:00,117.28,31.86\n' >"$tap_dir/tracks.csv"
same import-tracks import "$city" tracks "$tap_dir/tracks.csv" --make-units
same replay replay "$city" "$tap_dir/tracks.csv" --speed 0 --keep-times
same health health "$city"
same feed feed "$city" --jt808 0 --http 0 --minutes 0.02
same feed-code feed "$city" --code 13900000001
printf 'code,name,lon,lat,owner\nA1,gate,117.283,31.861,shop\n' >"$tap_dir/cameras.csv"
same import import "$city" cameras "$tap_dir/cameras.csv"
"$ctl" scenario "$city" new spring --budget 90000 --note 'more of the gate' >/dev/null 2>&1
printf 'code,name,lon,lat,heading_deg\nA1,gate,117.283,31.861,90\nA2,yard,117.284,31.861,45\n' >"$tap_dir/plan.csv"
same scenario-change scenario "$city" change spring "$tap_dir/plan.csv" --cost 8000 --phase 2
same scenario-list scenario "$city"
same scenario scenario "$city" merge spring --phase 2
"$ctl" info "$city" --json >"$tap_dir/info.json"
id=$(python3 -c "import json, sys; print(json.load(sys.stdin)['imports'][0]['id'])" <"$tap_dir/info.json")
same undo undo "$city" "$id"
done_testing
