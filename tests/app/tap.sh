# SPDX-License-Identifier: GPL-3.0-or-later
# Test Anything Protocol for shell tests: source it, check, done_testing.
# shellcheck shell=sh
tap_n=0
tap_bad=0
tap_dir=$(mktemp -d)
trap 'rm -rf "$tap_dir"' EXIT

tap_line()
{
    tap_n=$((tap_n + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $tap_n - $2"
    else
        tap_bad=1
        echo "not ok $tap_n - $2"
    fi
}

# check NAME COMMAND...: the command succeeds
check()
{
    tap_name=$1
    shift
    "$@" >/dev/null 2>&1
    tap_line $? "$tap_name"
}

# check_code NAME WANTED GOT
check_code()
{
    [ "$2" -eq "$3" ]
    tap_ok=$?
    [ $tap_ok -eq 0 ] || echo "# wanted exit code $2, got $3"
    tap_line $tap_ok "$1"
}

# skip_all WHY: nothing of this script is run
skip_all()
{
    echo "1..0 # SKIP $1"
    exit 0
}

done_testing()
{
    echo "1..$tap_n"
    exit $tap_bad
}
