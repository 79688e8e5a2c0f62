#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Two plans from scripts alone: changed, undone, joined, merged, and refused where they clash.
ctl=$1
. "$2/tests/app/tap.sh"
city=$tap_dir/city.gridbeat
out=$tap_dir/out
"$ctl" demo "$city" --scale 0.02 --seed 7 >/dev/null 2>&1
"$ctl" export "$city" cameras "$tap_dir/all.csv" >/dev/null
code=$(sed -n 2p "$tap_dir/all.csv" | cut -d, -f1)
printf 'code,name,lon,lat,heading_deg\nA1,gate,117.283,31.861,90\nA2,yard,117.284,31.861,45\n' >"$tap_dir/new.csv"
printf 'code,lon,lat,heading_deg\n%s,117.285,31.86,10\n' "$code" >"$tap_dir/turned.csv"
printf 'code,lon,lat,heading_deg\n%s,117.285,31.86,20\n' "$code" >"$tap_dir/other.csv"

# plan WORDS...: gridbeatctl scenario on the city
plan()
{
    verb=$1
    shift
    "$ctl" scenario "$city" "$verb" "$@" >"$out" 2>"$tap_dir/err"
}

plan new spring --budget 90000 && plan change spring "$tap_dir/new.csv" --cost 8000 --phase 2 &&
    plan change spring "$tap_dir/turned.csv"
check_code "cameras are added and turned" 0 $?
check "the cost is that of the cameras" grep -q '3 cameras changed by 2 steps, cost 16000 yuan of 90000' "$out"
sed 's/^A1,gate/A3,gate again/; /^A2/d' "$tap_dir/new.csv" >"$tap_dir/twice.csv"
plan new twice && plan change twice "$tap_dir/new.csv" && plan change twice "$tap_dir/twice.csv"
"$ctl" duplicates "$city" --scenario twice >"$out" 2>"$tap_dir/err"
check_code "a camera planned twice is found" 1 $?
check "and named" grep -q 'A1 .*A3 .*entered twice' "$out"
"$ctl" duplicates "$city" --scenario twice --overlap 2 >"$out" 2>"$tap_dir/err"
check_code "more than all in common is refused" 2 $?
plan remove spring A2 && plan undo spring
check "what was taken out is back" grep -q 'add    phase 2  A2' "$out"
plan redo spring
check "and out again" [ "$(grep -c 'add ' "$out")" -eq 1 ]
plan new other && plan join other spring && plan change other "$tap_dir/other.csv"
check_code "another plan takes it over" 0 $?
plan join spring other
check_code "two headings of one camera are refused" 4 $?
plan join spring other --choose mine
check_code "until somebody chooses" 0 $?
plan merge spring --phase 1
check "one phase is merged" grep -q 'merged up to phase 1' "$out"
"$ctl" export "$city" cameras "$tap_dir/now.csv" >/dev/null
check "the register has the camera's new heading" grep -q "^$code,.*,10," "$tap_dir/now.csv"
check "and not yet the second phase's" sh -c "! grep -q '^A1,' '$tap_dir/now.csv'"
plan merge other
check_code "a camera that changed meanwhile is refused" 4 $?
check "and told" grep -q 'have changed in the register' "$tap_dir/err"
plan merge other --choose theirs && "$ctl" export "$city" cameras "$tap_dir/now.csv" >/dev/null
check "left alone, it stays" grep -q "^$code,.*,10," "$tap_dir/now.csv"
check "the others come" grep -q '^A1,' "$tap_dir/now.csv"
plan undo other
check_code "a merged plan is closed" 4 $?
plan drop spring
check "a plan is dropped" grep -q '^spring: dropped' "$out"
plan show none
check_code "one that is not there is said" 3 $?
done_testing
