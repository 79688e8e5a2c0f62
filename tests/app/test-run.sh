#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The entry's own words and refusals; nothing is installed, built or opened.
. "$2/tests/app/tap.sh"
run=$2/run
GRIDBEAT_NO_INSTALL=1 GRIDBEAT_CITIES=$tap_dir
export GRIDBEAT_NO_INSTALL GRIDBEAT_CITIES

check "it is good shell" sh -n "$run"
if command -v shellcheck >/dev/null 2>&1; then
    check "shellcheck finds nothing" shellcheck "$run"
fi
"$run" help >"$tap_dir/help" 2>/dev/null
check_code "help is given" 0 $?
for word in $(sed -n '/^case \${1:-} in/,$s/^\([a-z]*\))\( .*\)\{0,1\}$/\1/p' "$run"); do
    check "help tells of $word" grep -q "run $word" "$tap_dir/help"
done
"$run" nowhere.gridbeat >/dev/null 2>"$tap_dir/err"
check_code "a city that is not there is refused" 2 $?
check "by name" grep -q "nowhere.gridbeat" "$tap_dir/err"
"$run" --once >/dev/null 2>&1
check_code "a picture needs a file" 2 $?
check "and nothing was left" [ -z "$(find "$tap_dir" -name '*.gridbeat')" ]
done_testing
