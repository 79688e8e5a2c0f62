#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A night of the roster by scripts alone: on, off, swapped, at rest, in need, and told why.
ctl=$1
. "$2/tests/app/tap.sh"
city=$tap_dir/town.gridbeat
out=$tap_dir/out
printf 'code,lon,lat,area\nA1,117.27,31.86,a\nA2,117.28,31.86,a\nB1,117.29,31.86,b\n' >"$tap_dir/units.csv"
printf 'unit,from,to\nA1,2026-03-01T22:00:00+08:00,2026-03-02T06:00:00+08:00\n' >"$tap_dir/rosters.csv"
"$ctl" import "$city" units "$tap_dir/units.csv" >"$out" 2>&1

# duty WORDS...: at half past one in the night of the shift
duty()
{
    "$ctl" duty "$city" "$@" --at 2026-03-02T01:30 >"$out" 2>"$tap_dir/err"
}

duty
check "without a roster everybody is on duty" grep -q '3 of 3 units on duty' "$out"
"$ctl" import "$city" rosters "$tap_dir/rosters.csv" >"$out" 2>&1
duty
check "with one, those of the shift" grep -q '1 of 3 units on duty' "$out"
check "and an area without any is told" grep -q '1 units are of areas without a roster' "$out"
duty list --unit A1
check "a shift goes on past midnight" grep -q 'A1 .*on .*by shift .*until 2026-03-02T06:00:00+08:00' "$out"
duty swap A1 A2 --person 0412 --vehicle E-7 --reason ill
check_code "one takes another's place" 0 $?
check "who left is off" grep -q 'A1 .*off .*by sign .*because: ill' "$out"
check "who came is on as long" grep -q 'A2 .*on .*by sign .*until 2026-03-02T06:00:00+08:00 .*person 0412  vehicle E-7' "$out"
duty swap A1 A2
check_code "nobody leaves twice" 4 $?
duty swap A2 A2
check_code "nor takes its own place" 4 $?
duty
check "planned and present are told apart" grep -q '1 planned by rosters: 1 of them are off, 1 not planned are on' "$out"
duty break A2
check "a break ends with the duty" grep -q 'A2 .*break .*until 2026-03-02T06:00:00+08:00' "$out"
duty off A2
check "who leaves in a break has left" grep -q 'A2 .*off ' "$out"
duty on A2
check "and comes back to work" grep -q 'A2 .*on .*by sign .*until further notice' "$out"
duty resume A2
check_code "no break goes on then" 4 $?
duty sos B1
check "need opens duty" grep -q 'B1 .*on .*by sos' "$out"
duty off B1
check "and nobody signs it away" grep -q 'in an SOS' "$tap_dir/err"
"$ctl" duty "$city" sos-end B1 --at 2026-03-02T02:00 >"$out" 2>&1
check "until it is ended" grep -q 'B1 .*no-roster' "$out"
"$ctl" duty "$city" admit b --at 2026-03-02T02:00 --until 2026-03-02T03:00 >/dev/null 2>&1 &&
    "$ctl" duty "$city" --area b --at 2026-03-02T02:30 >"$out" 2>&1
check "an area is let in for a time" grep -q 'B1 .*on .*by admission .*until 2026-03-02T03:00:00+08:00' "$out"
"$ctl" duty "$city" admit a --at 2026-03-02T02:00 --until 2026-03-02T03:00 >"$out" 2>"$tap_dir/err"
check "one with a roster is said to gain nothing by it" grep -q 'admit does not' "$tap_dir/err"
duty shift A2 --from 2026-03-03T22:00 --until 2026-03-04T06:00 --name night --post gate &&
    "$ctl" duty "$city" --unit A2 --at 2026-03-04T01:00 >"$out" 2>&1
check "a shift is told" grep -q 'A2 .*on .* planned' "$out"
"$ctl" export "$city" rosters "$tap_dir/shifts.csv" >/dev/null 2>&1
check "and is in the roster" grep -q 'A2,.*night.*gate' "$tap_dir/shifts.csv"
"$ctl" duty "$city" unshift A2 --at 2026-03-04T01:00 >"$out" 2>&1
check_code "and taken out" 0 $?
"$ctl" duty "$city" unshift A2 --at 2026-03-04T01:00 >"$out" 2>&1
check_code "once" 3 $?
for words in "shift A1 --until 2026-03-03" "hop A1" "on" "welfare A1" "admit b" "swap A1"; do
    # shellcheck disable=SC2086 # several words
    duty $words
    check_code "refuses: $words" 2 $?
done
duty on C9
check_code "an unknown unit is an error of data" 3 $?
duty admit c --until 2026-03-02T03:00
check_code "so is an area of nobody" 3 $?
duty on A1 --until 2026-03-02T01:00
check_code "and an end before the beginning" 3 $?
done_testing
