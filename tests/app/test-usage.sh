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
done_testing
