#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One report from the call to the call-back by scripts alone, and what is refused on the way.
ctl=$1
. "$2/tests/app/tap.sh"
city=$tap_dir/town.gridbeat
out=$tap_dir/out
err=$tap_dir/err
printf 'code,lon,lat,area,status\nA1,117.27,31.86,a,available\nA2,117.28,31.86,a,available\n' >"$tap_dir/units.csv"
"$ctl" import "$city" units "$tap_dir/units.csv" >"$out" 2>&1

# incident WORDS...
incident()
{
    "$ctl" incident "$city" "$@" >"$out" 2>"$err"
}

incident
check "an empty queue says how to fill it" grep -q 'take LON LAT' "$out"
incident take 117.28 31.86 --words '楼上深夜噪音扰民' --source 12345 --number W-7 --name Wang --phone 13912345678
check_code "a report is taken" 0 $?
check "its item is suggested by its words" grep -q 'item noise' "$out"
check "and it goes to who handles that" grep -q 'with .* of ' "$out"
check "its targets are said" grep -q 'targets .*accepted in 10 min, there in 30 min, reported in 240 min' "$out"
check "none is missed yet" sh -c '! grep -q LATE "$1"' sh "$out"
check "who called is masked" grep -q 'caller \*, phone \*\*\*78' "$out"
number=$(sed -n 's/^taken: //p' "$out")
incident take 117.28 31.86 --words again --source 12345 --number W-7
check "the same report comes once" grep -q "it was here already: $number" "$out"
incident take --words 'somebody cries for help'
check_code "a report without a place is taken" 0 $?
lost=$(sed -n 's/^taken: //p' "$out")
incident take 200 31 --words x
check_code "no place on earth" 2 $?
incident take --words x --item nonesuch
check "an unknown item says where they are listed" grep -q 'services lists them' "$err"
incident show "$number" --caller
check_code "a caller is told for a purpose only" 2 $?
incident show "$number" --caller --purpose incident:"$number"
check "and then in full" grep -q 'caller Wang, phone 13912345678' "$out"

incident step "$number" dispatch
check_code "a dispatch that names nobody is a slip" 2 $?
check "that says who can be named" grep -q 'recommend CITY INCIDENT' "$err"
incident step "$lost" dispatch --department police
check_code "a department may be told to send somebody" 0 $?
check "which is said, as no unit goes" grep -q 'unit  *none: the department' "$out"
incident step "$lost" undo
incident log "$lost"
check "the log says what was taken back" grep -q 'undo .* of deed [0-9]' "$out"
incident step "$number" dispatch --unit A1
check_code "a unit goes" 0 $?
check "and is told" grep -q 'told A1 .*dispatch .*queued' "$out"
incident step "$number" arrive --unit A1
incident step "$number" dispatch --unit A2
check "a second one resets nothing" grep -q "^$number: on_scene" "$out"
incident step "$number" close
check_code "nothing is closed under a unit's feet" 4 $?
check "what is allowed is said" grep -q 'clear' "$err"
incident step "$lost" dispatch --unit A1
check_code "a unit is on one incident" 4 $?
incident step "$lost" classify --priority 1
incident step "$lost" dispatch --unit A1 --preempt
check "the more urgent one takes it" grep -q "^$lost: dispatched" "$out"
incident step "$lost" undo
incident show "$number"
check "and gives it back when that was a mistake" grep -q 'unit A1 .*on_scene' "$out"
incident step "$number" undo
check "then the deed before that" grep -q 'told A2 .*undo' "$out"
incident step "$number" dispatch --unit A2
incident step "$number" correct --unit A1 --time on_scene --happened 2020-01-01 --reason 'pressed late'
check_code "no correction puts an arrival before its dispatch" 4 $?
sent=$("$ctl" incident "$city" show "$number" | sed -n 's/.*unit A1 .* sent \([^,]*\).*/\1/p' | tail -n 1)
incident step "$number" correct --unit A1 --time on_scene --happened "$sent" --reason 'pressed late'
check_code "a time is corrected" 0 $?
for again in 1 2 3; do
    incident step "$number" correct --unit A1 --time on_scene --happened now --reason "pressed early $again"
    check_code "now is no time to come" 0 $?
done
check "and shown beside what was recorded" grep -q 'corrected .*A1 on_scene at .*, recorded as ' "$out"
incident step "$number" clear --unit A1
incident step "$number" clear --unit A2
check "the last one clears it" grep -q "^$number: cleared" "$out"
incident step "$number" report
check "a report has a result" grep -q 'say the result' "$err"
incident step "$number" report --reason done
incident step "$number" rework --reason 'who was it?'
incident step "$number" clear
incident step "$number" report --reason 'the neighbour, asked to be quiet'
incident step "$number" review
incident step "$number" close
incident step "$number" reopen --reason 'again'
incident step "$number" close --reason 'the same call'
incident step "$number" call_back --satisfied no
check "it is closed and called back" grep -q "^$number: called_back" "$out"
check "with what was answered" grep -q 'satisfied  *no' "$out"
incident log "$number"
check "every step is in the log" [ "$(wc -l <"$out")" -ge 20 ]
check "with why" grep -q 'who was it?' "$out"
check "and what was taken back is still there" grep -q 'taken back' "$out"

incident step "$lost" raise --reason 'too big'
check "what nobody holds cannot be raised" grep -q 'route it first' "$err"
incident step "$lost" route --level community --department police --area 340102001001
incident step "$lost" route --level community --department nobody
check_code "to a department that there is not" 3 $?
incident take 117.28 31.86 --words fire --happened 2099-01-01
check_code "no report comes from the future" 3 $?
incident take 117.28 31.86 --words fire --happened 1949-01-01
check_code "nor from before there was a city" 3 $?
incident take 117.28 31.86 --words fire --code "$number"
check_code "a number is of one incident" 4 $?

incident step "$lost" raise --reason 'too big'
check "one level up" grep -q 'of district' "$out"
incident step "$lost" return --reason 'no, yours'
check "and back" grep -q 'of community' "$out"
incident step "$lost" hold --reason 'nobody free' --until 2020-01-01
check_code "until a time that is over" 3 $?
incident step "$lost" fly
check "an unknown deed names the known ones" grep -q 'call_back' "$err"
check "but none that nobody can do" sh -c '! grep -qE "take,|step" "$1"' sh "$err"
incident step "$lost" merge --other "$number"
check "a duplicate names its first" grep -q "^$lost: duplicate of $number" "$out"
incident log "$lost"
check "in the log, too" grep -q "merge .* of $number" "$out"
incident step "$lost" undo
incident --help
check "the help names what each deed wants" grep -q 'merge  *--other' "$out"
check "and how a time is written" grep -q 'TIME is 20' "$out"
incident list --all
check "without words a place is told in degrees" grep -q '117.280000,31.860000' "$out"
check "and no clock leaves its hours out" grep -q ' 0:00:[0-9][0-9] ' "$out"
incident show N-999
check_code "an unknown incident" 3 $?
incident list --all --by level
check "counted by level" grep -q '^all *2 *1 ' "$out"
incident list --state called_back --all
check "listed by state" grep -q "^$number " "$out"
printf 'code,lon,lat,area,status\nA3,117.27,31.86,a,off\n' >"$tap_dir/off.csv"
"$ctl" import "$city" units "$tap_dir/off.csv" >"$out" 2>&1
incident take 117.28 31.86 --words fire --code F-1
incident step F-1 dispatch --unit A3
check_code "who is off is not sent" 4 $?
"$ctl" duty "$city" on A3 >"$out" 2>&1
incident step F-1 dispatch --unit A3
check_code "who has signed on is, whatever the register says" 0 $?
incident take 117.2801 31.8601 --words fire --code F-2
check "a second call about the same is told of" grep -q 'F-2 may be the same as F-1 ' "$err"
check_code "and taken" 0 $?
incident take 117.2801 31.8601 --words fire --code F-5 --json
check "and as JSON" sh -c 'tr -d " \n" <"$1" | grep -q "\"alike\":\[{\"code\":\"F-[12]\""' sh "$out"
incident take 117.9 31.2 --words 楼上深夜噪音扰民 --happened 2025-01-01 --code F-4
check "what has waited too long is late" grep -q 'there in 30 min (LATE)' "$out"
incident show F-4 --json
check "as JSON, too" sh -c 'tr -d " \n" <"$1" | grep -q "\"what\":\"there\",\"minutes\":30,.*\"late\":true"' sh "$out"
incident take 117.9 31.2 --words fire --code F-3
check "one far off is not" sh -c '! grep -q "may be the same" "$1"' sh "$err"
printf '%s' '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"340103"},"geometry":
{"type":"Polygon","coordinates":[[[117.2,31.8],[117.3,31.8],[117.3,31.9],[117.2,31.9],[117.2,31.8]]]}},
{"type":"Feature","properties":{"code":"340104"},"geometry":
{"type":"Polygon","coordinates":[[[117.8,31.1],[118,31.1],[118,31.3],[117.8,31.3],[117.8,31.1]]]}}]}' >"$tap_dir/areas.geojson"
"$ctl" import "$city" areas "$tap_dir/areas.geojson" --level district >"$out" 2>&1
incident step F-3 route --level district --department police --area 340103
check_code "a case goes to an area" 0 $?
incident step F-3 move --lon 117.25 --lat 31.85
check "nothing is said of one that is moved within it" sh -c '! grep -q warning "$1"' sh "$err"
incident step F-3 move --lon 117.91 --lat 31.21
check "moved out of it, it is said who still has it" grep -q 'F-3 now lies in 340104 and is still with 340103' "$err"
incident step F-3 route --level district
check "and can be handed over" grep -q 'with .* of district 340104' "$out"
incident step F-3 route --level district --department police --area 34O103
check_code "but to none that there is not" 3 $?
check "which is named" grep -q "no area '34O103'" "$err"
incident take --words fire --area 34O103 --code F-5
check "nor is anything taken there" grep -q "no area '34O103'" "$err"
small=$(printf %s "$number" | tr N n)
incident show "$small"
check_code "a number in small letters" 0 $?
incident show "Ｎ－${number#N-}"
check "or of full width is the same" grep -q "^$number: " "$out"
incident step F-2 dispatch --unit ａ２
check "and so is a unit's code" grep -q 'unit A2 .*dispatched' "$out"
printf 'code,lon,lat,area,status,radio\nA4,117.27,31.86,a,off,7001\nA5,117.27,31.86,a,available,7002\nA6,117.27,31.86,a,available,7002\n' >"$tap_dir/radio.csv"
"$ctl" import "$city" units "$tap_dir/radio.csv" >"$out" 2>&1
"$ctl" duty "$city" on 7001 >"$out" 2>&1
check_code "who is called by radio signs on" 0 $?
incident step F-2 dispatch --unit 7001
check_code "and is sent as if by code" 0 $?
incident step F-2 dispatch --unit 7002
check_code "a radio number of two units is of neither" 3 $?
check "both are named" grep -q "A5 or unit A6" "$err"
for words in "list --priority 1" "list --unit A1" "log $number --caller" "take --until now" "show $number --words x" \
    "step F-2 close --satisfied yes" "step F-2 note --reason x --until now" "step F-2 hold --preempt"; do
    # shellcheck disable=SC2086 # several words each
    incident $words
    check_code "what would not be heard is refused: $words" 2 $?
done
check "and whose it is, is said" grep -q -- '--preempt goes with dispatch, not with hold' "$err"
incident step F-4 classify --item nonesuch
check_code "no case is of an item that there is not" 3 $?
incident step F-4 classify --item 建筑火灾
check "an item by its name is kept by its code" grep -q 'what  *建筑火灾, item fire' "$out"
check "who else it is for is told" grep -q 'is for fire: step F-4 route --level' "$err"
check "and that it is no more urgent yet" grep -q 'F-4 stays at priority [2-4], and fire has 1' "$err"
for time in 2035-01-01T09:00+08:00 '2035-01-01 01:00Z' 2035/01/01T09:00 ２０３５－０１－０１Ｔ０９：００ 20350101090000; do
    incident step F-3 hold --reason later --until "$time"
    check "a time may be written $time" grep -q 'until  *2035-01-01T09:00:00+08:00' "$out"
    incident step F-3 wake
done
incident step F-3 hold --reason later --until 2035-02-30
check_code "but must be one" 2 $?
incident take 117.281,31.861 --words test
check "a place in one word" grep -q 'where  *117.281000,31.861000' "$out"
incident take １１７．２８２ ３１．８６２ --words test
check "or in digits of full width" grep -q 'where  *117.282000,31.862000' "$out"
incident take --place 117.283，31.863 --words test --code P-1
check "or as other subcommands are told it" grep -q 'where  *117.283000,31.863000' "$out"
incident step P-1 move --place 117.284,31.864
check "when it is moved, too" grep -q 'where  *117.284000,31.864000' "$out"
incident step P-1 move --place '长江路 12'
check "while words are words" grep -q 'where  *长江路 12 (117.284000,31.864000)' "$out"
incident take 117.28,91 --words test
check_code "no place on earth, in one word" 2 $?
bad=$(printf 'a\033[31mb\nc\302\233d')
incident take 117.281 31.861 --words "$bad" --place "$bad" --category "$bad" --name "$bad" --number "$bad" --code B-1
incident step B-1 close --reason "$bad"
for verb in "show B-1" "log B-1" "list --all"; do
    # shellcheck disable=SC2086 # two words
    incident $verb
    check "no caller's words command the terminal: $verb" sh -c '! LC_ALL=C tr -d "\n" <"$1" | LC_ALL=C grep -q "[[:cntrl:]]" &&
        ! LC_ALL=C grep -q "$(printf "\302\233")" "$1" && ! grep -q "^c" "$1"' sh "$out"
done
incident take 117.281 31.861 --category "$bad" --place "$bad" --code B-2
"$ctl" alike "$city" --place 117.281,31.861 --type "$bad" >"$out" 2>&1
check "nor does a report that is like it" sh -c '! grep -q "$(printf "\033")" "$1" && grep -q "31mb c" "$1"' sh "$out"
incident show B-1
check "nor break its lines" grep -q 'a \[31mb c d' "$out"
incident list --state dispatched --max 1
check "the newest that was sent to is listed, though a newer one waits" grep -q "^F-2 " "$out"
"$ctl" check "$city" >"$out" 2>&1
check_code "the log and the city agree" 0 $?
done_testing
